"""The scripts of `deploy/`: what they make, and that they say nothing they should not."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from xincha.settings import ROOT, Settings

SCRIPTS = sorted((ROOT / "deploy").rglob("*.sh"))
CERTIFICATES = ROOT / "deploy" / "opensearch" / "certificates.sh"


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def openssl(*arguments: str | Path) -> str:
    return run("openssl", *arguments)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    run(CERTIFICATES, tmp_path, "node1", "node2")
    return tmp_path


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_have_no_known_mistakes(script: Path) -> None:
    shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert shellcheck
    run(shellcheck, script)
    assert os.access(script, os.X_OK)


def test_every_certificate_is_signed_and_names_its_bearer(made: Path) -> None:
    subjects = {
        "node1": "CN=node1,OU=node,O=Xincha",
        "node2": "CN=node2,OU=node,O=Xincha",
        "reader": "CN=xincha-reader,OU=client,O=Xincha",
        "publisher": "CN=xincha-publisher,OU=client,O=Xincha",
        "admin": "CN=admin,OU=admin,O=Xincha",
    }
    for name, subject in subjects.items():
        folder = made / name
        openssl("verify", "-CAfile", folder / "ca.pem", folder / "tls.pem")
        shown = openssl("x509", "-in", folder / "tls.pem", "-noout", "-subject", "-nameopt", "RFC2253")
        assert shown == f"subject={subject}\n"
        assert (folder / "tls.key").read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert {path.name for path in made.iterdir()} == {*subjects, "ca", "dashboards"}


def test_a_client_cannot_pass_for_a_node(made: Path) -> None:
    openssl("verify", "-CAfile", made / "ca" / "tls.pem", "-purpose", "sslserver", made / "node1" / "tls.pem")
    for client in ("reader", "publisher", "admin"):
        purposes = openssl("x509", "-in", made / client / "tls.pem", "-noout", "-purpose")
        assert "SSL server : No" in purposes
        assert "SSL client : Yes" in purposes


def test_keys_are_for_their_owner_only(made: Path) -> None:
    for path in made.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert [path.parent.name for path in made.rglob("*.key") if path.parent.name == "dashboards"] == []


def test_made_again_certificates_that_last_stay(made: Path) -> None:
    before = {path: path.read_bytes() for path in made.rglob("*.*")}
    said = run(CERTIFICATES, made, "node1", "node2", "node3")
    assert said == "made node3/tls.pem: /O=Xincha/OU=node/CN=node3\n"
    assert {path: path.read_bytes() for path in before} == before


def test_a_certificate_that_ends_soon_is_renewed(made: Path) -> None:
    reader = made / "reader" / "tls.pem"
    authority = ("-CA", made / "ca" / "tls.pem", "-CAkey", made / "ca" / "tls.key", "-days", "29")
    openssl("req", "-x509", "-key", made / "reader" / "tls.key", "-subj", "/CN=old", *authority, "-out", reader)
    assert run(CERTIFICATES, made, "node1", "node2") == ("made reader/tls.pem: /O=Xincha/OU=client/CN=xincha-reader\n")
    openssl("verify", "-CAfile", made / "ca" / "tls.pem", reader)


def test_a_new_authority_signs_everything_anew(made: Path) -> None:
    (made / "ca" / "tls.pem").unlink()
    assert run(CERTIFICATES, made, "node1", "node2").count("made ") == 6
    openssl("verify", "-CAfile", made / "reader" / "ca.pem", made / "node2" / "tls.pem")


def test_the_unit_of_systemd_names_what_there_is() -> None:
    unit = (ROOT / "deploy" / "xincha.service").read_text("utf-8")
    settings = {f"XINCHA_{field}".upper() for field in Settings.model_fields}
    assert set(re.findall(r"\b(XINCHA_[A-Z_]+)=", unit)) <= settings
    credential = re.findall("LoadCredential=([a-z_]+):", unit)
    assert {name.upper() for name in credential} <= settings
    assert re.findall("ExecStart=.*/xincha ([a-z]+)", unit) == ["serve"]
