"""The log: only added to, signed here or elsewhere, and what it holds can be proven to a stranger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from xincha.errors import ProofError
from xincha.proof import merkle
from xincha.proof.checkpoints import Checkpoint, SigningRequest
from xincha.proof.evidence import Evidence
from xincha.proof.log import Entry, Log, Logged, named
from xincha.proof.notes import SigningKey, read

KEY = SigningKey.make("register.example.org")
ENTRIES: list[Entry] = [{"kind": "load", "load": f"{number:06d}"} for number in range(1, 8)]


def always(entries: Sequence[Entry]) -> Callable[[Logged], Sequence[Entry]]:
    """What adds these, whatever the log says."""
    return lambda _: entries


def test_each_entry_is_signed_with_all_before_it(tmp_path: Path) -> None:
    log = Log(tmp_path)
    for number, entry in enumerate(ENTRIES, 1):
        log.append(always([entry]), KEY)
        told = log.read()
        assert told.note
        checkpoint = Checkpoint.parse(read(told.note, [KEY.verify_key]).text)
        assert checkpoint == told.checkpoint("register.example.org")
        assert checkpoint.size == number == len(told.lines)
    last = log.read().last("load")
    assert last
    assert (last[0], last[1]["load"], last[1]["signer"]) == (6, "000007", named(KEY.verify_key))
    third = log.read().last("load", load="000003")
    assert third
    assert third[0] == 2
    assert log.read().last("publish") is None


def test_what_the_log_holds_is_proven_to_a_stranger(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.append(always(ENTRIES), KEY)
    told = log.read()
    for place, line in enumerate(told.lines):
        evidence = told.evidence(place)
        assert evidence
        given = Evidence.parse(evidence.text)
        assert given == evidence
        assert given.check(line, [KEY.verify_key]).size == len(ENTRIES)
        with pytest.raises(ProofError, match="altered"):
            given.check(line.replace(b"load", b"loaf"), [KEY.verify_key])
        with pytest.raises(ProofError, match="not signed by"):
            given.check(line, [SigningKey.make("register.example.org").verify_key])
    assert told.evidence(len(ENTRIES)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v1\nindex x\n\n",
        "c2sp.org/tlog-proof@v1\nindex 1\nAA==\n\n",
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        Evidence.parse(text)


def test_a_key_on_another_machine_signs_what_continues_and_nothing_else(tmp_path: Path) -> None:
    log = Log(tmp_path / "a")
    log.append(always(ENTRIES[:3]), None)
    assert log.read().note is None
    assert log.read().evidence(0) is None
    request = SigningRequest.parse(log.request(KEY.name).text)
    request.check(None)
    note = KEY.sign(request.checkpoint.text)
    log.append(always(ENTRIES[3:5]), None)  # somebody loads meanwhile
    assert log.take(note, KEY.verify_key).size == 3
    assert log.read().note == note
    evidence = log.read().evidence(2)
    assert evidence
    assert evidence.check(log.read().lines[2], [KEY.verify_key])
    assert log.read().evidence(3) is None
    again = SigningRequest.parse(log.request(KEY.name).text)
    again.check(request.checkpoint)
    with pytest.raises(ProofError, match="were signed last"):
        again.check(None)
    other = Log(tmp_path / "b")
    other.append(always([{"kind": "load", "load": "another"}, *ENTRIES[1:5]]), None)
    forged = SigningRequest(3, again.proof, other.read().checkpoint(KEY.name))
    with pytest.raises(ProofError, match="does not continue"):
        forged.check(request.checkpoint)
    with pytest.raises(ProofError, match="not one of this log"):
        other.take(note, KEY.verify_key)
    with pytest.raises(ProofError, match="not signed by"):
        log.take(note, SigningKey.make(KEY.name).verify_key)


def test_nothing_is_signed_behind_what_was_altered(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.append(always(ENTRIES[:3]), KEY)
    text = log.path.read_text("utf-8")
    log.path.write_text(text.replace("000002", "000009"), "utf-8")
    with pytest.raises(ProofError, match="xincha verify"):
        log.append(always([ENTRIES[3]]), KEY)
    with pytest.raises(ProofError, match="the key is called"):
        Log(tmp_path).append(always([ENTRIES[3]]), SigningKey.make("other.example.org"))


@pytest.mark.parametrize("text", ["{", '"x', "\n\0"])
def test_a_log_that_cannot_be_read_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "log").write_text(text)
    with pytest.raises(ProofError):
        list(Log(tmp_path).read().entries())


def test_an_empty_log_has_nothing_to_show(tmp_path: Path) -> None:
    told = Log(tmp_path).read()
    assert (told.lines, told.note, told.signed) == ((), None, None)
    assert told.checkpoint("x").root == merkle.EMPTY
