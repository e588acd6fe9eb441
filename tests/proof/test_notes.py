"""Signed notes as other programs write them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from xincha.errors import ProofError
from xincha.proof.notes import SigningKey, VerifyKey, opened, read

# The example of Go's package golang.org/x/mod/sumdb/note, which the format comes from.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT + "\n\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_program_is_read() -> None:
    key = VerifyKey.parse(NEUMANN)
    assert key.text == NEUMANN
    assert read(NOTE, [key]).text == TEXT


def test_what_is_signed_can_be_checked_with_the_public_key_alone() -> None:
    key, other = SigningKey.make("register.example.org"), SigningKey.make("register.example.org")
    note = key.sign("one\n\ntwo\n")
    public = VerifyKey.parse(key.verify_key.text)
    assert read(note, [public, other.verify_key]).signers == [public]
    with pytest.raises(ProofError, match="not signed by"):
        read(note, [other.verify_key])
    with pytest.raises(ProofError, match="altered"):
        read(note.replace("two", "three"), [public])
    both = note + other.sign("one\n\ntwo\n").rpartition("\n\n")[2]
    assert len(read(both, [public, other.verify_key]).signers) == 2
    assert opened(note, []).signers == []


@pytest.mark.parametrize(
    "note", ["", "\n", TEXT, NOTE[:-1], NOTE.replace("\n\n", "\n"), NOTE + "more\n", TEXT + "\n\u2014 a+b eA==\n"]
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(ProofError, match="no signed note"):
        read(note, [VerifyKey.parse(NEUMANN)])


@pytest.mark.parametrize("text", ["", "a", "a+b", NEUMANN[:-4], NEUMANN.replace("c74f", "c74e"), "+00000000+AAAA"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        VerifyKey.parse(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u3000b"])
def test_a_name_that_a_note_cannot_hold_names_no_key(name: str) -> None:
    with pytest.raises(ProofError, match="cannot name"):
        SigningKey.make(name)


def test_the_file_of_a_private_key_is_its_owners_and_is_never_written_over(tmp_path: Path) -> None:
    key, path = SigningKey.make("register.example.org"), tmp_path / "key"
    key.write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.read(path) == key
    with pytest.raises(ProofError, match="new file"):
        SigningKey.make("another").write(path)
    assert key.seed.hex() not in repr(key)
    path.write_text(key.verify_key.text)
    with pytest.raises(ProofError, match="no private key") as told:
        SigningKey.read(path)
    path.write_text(key.text.replace("register", "Register"))
    with pytest.raises(ProofError, match="damaged") as again:
        SigningKey.read(path)
    assert key.text[-20:] not in str(told.value) + str(again.value)
