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

from tests.opensearch.fixtures import skipping
from tests.opensearch.java import find_java
from xincha.settings import ROOT, Settings

SCRIPTS = sorted((ROOT / "deploy").rglob("*.sh"))
DEPLOY = ROOT / "deploy" / "opensearch"
CERTIFICATES = DEPLOY / "certificates.sh"


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


@pytest.fixture
def volume(tmp_path: Path) -> Path:
    """The volume of certificates and that of scripts, as the service `certificates` leaves them."""
    (tmp_path / "scripts").mkdir()
    run(DEPLOY / "prepare.sh", tmp_path / "scripts", tmp_path / "certificates", "node1")
    return tmp_path


def test_scripts_reach_the_nodes_by_a_volume(volume: Path) -> None:
    placed = {path.name: path for path in (volume / "scripts").iterdir()}
    assert placed.keys() == {path.name for path in DEPLOY.iterdir()}
    for name, path in placed.items():
        assert path.read_bytes() == (DEPLOY / name).read_bytes()
        assert os.access(path, os.X_OK) or path.suffix != ".sh"
    (volume / "scripts" / "roles.yml").write_text("of the version before")
    run(DEPLOY / "prepare.sh", volume / "scripts", volume / "certificates", "node1")
    assert (volume / "scripts" / "roles.yml").read_bytes() == (DEPLOY / "roles.yml").read_bytes()


def started(volume: Path, certificates: Path) -> subprocess.CompletedProcess[str]:
    """start.sh over an image whose `opensearch` tells how it was started."""
    home = volume / "opensearch"
    if not home.exists():
        (home / "config" / "opensearch-security").mkdir(parents=True)
        (home / "config" / "jvm.options").write_text("-Xshare:auto\n")
        (home / "bin").mkdir()
        (home / "bin" / "opensearch").write_text('#!/bin/sh\necho "$OPENSEARCH_PATH_CONF $OPENSEARCH_JAVA_OPTS"\n')
        (home / "bin" / "opensearch").chmod(0o755)
    told = {
        "OPENSEARCH_HOME": str(home),
        "CERTIFICATES": str(certificates),
        "OPENSEARCH_PATH_CONF": str(volume / "conf"),
        "OPENSEARCH_JAVA_OPTS": "-Xmx1g",
    }
    command = [str(volume / "scripts" / "start.sh")]
    return subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=False)  # noqa: S603


def test_a_node_starts_with_a_configuration_of_its_own_and_sees_its_cgroup(volume: Path) -> None:
    for _ in range(2):  # started again in the same container
        done = started(volume, volume / "certificates" / "node1")
        assert done.returncode == 0, done.stderr
        assert done.stdout == f"{volume / 'conf'} -Dopensearch.cgroups.hierarchy.override=/ -Xmx1g\n"
    conf = volume / "conf"
    assert (conf / "jvm.options").is_file()
    for name, at in (("opensearch.yml", ""), ("roles.yml", "opensearch-security"), ("xincha.options", "jvm.options.d")):
        assert (conf / at / name).read_bytes() == (DEPLOY / name).read_bytes()
    assert {path.name for path in (conf / "certificates").iterdir()} == {"ca.pem", "tls.pem", "tls.key"}


def test_a_service_that_sees_the_keys_of_all_others_refuses_to_start(volume: Path) -> None:
    """Compose before 2.26 knows no `subpath`, and mounts the whole volume without a word."""
    whole = volume / "certificates"
    asked = {"CERTIFICATES": str(whole), "NODE": "127.0.0.1", "PORT": "1"}
    command = [str(DEPLOY / "admin.sh"), "GET", "/"]
    admin = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=False)  # noqa: S603
    for done in (started(volume, whole), admin):
        assert done.returncode == 2
        assert "Compose 2.26 and Docker Engine 26 or newer are needed" in done.stderr
    assert not (volume / "conf").exists()


COLLECTING = """
public class Collecting {
    public static void main(String[] arguments) {
        long sum = 0;
        for (int i = 0; i < 100000; i++) sum += new byte[100000].length;
        System.out.println(sum);
    }
}
"""


@pytest.mark.slow
def test_the_log_of_the_collector_stays_small_after_the_options_of_the_image(tmp_path: Path) -> None:
    """With files of 64 KiB for 8 MiB, so that a second fills them all."""
    with skipping():
        java = find_java()
    (tmp_path / "logs").mkdir()
    (tmp_path / "Collecting.java").write_text(COLLECTING)
    before = "-Xlog:gc*,gc+age=trace,safepoint:file=logs/gc.log:utctime,pid,tags:filecount=32,filesize=64m"
    lines = (DEPLOY / "xincha.options").read_text("utf-8").splitlines()
    options = [line.replace("filesize=8m", "filesize=64k") for line in lines if line.startswith("-")]
    command = [str(java), "-Xmx64m", before, *options, "Collecting.java"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, "10000000000\n"), done.stderr
    written = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert 2 <= len(written) <= 5
    assert max(written) < 128 << 10


def test_the_unit_of_systemd_names_what_there_is() -> None:
    unit = (ROOT / "deploy" / "xincha.service").read_text("utf-8")
    settings = {f"XINCHA_{field}".upper() for field in Settings.model_fields}
    assert set(re.findall(r"\b(XINCHA_[A-Z_]+)=", unit)) <= settings
    credential = re.findall("LoadCredential=([a-z_]+):", unit)
    assert {name.upper() for name in credential} <= settings
    assert re.findall("ExecStart=.*/xincha ([a-z]+)", unit) == ["serve"]


def test_the_service_of_systemd_may_write_nothing_that_it_searches() -> None:
    unit = (ROOT / "deploy" / "xincha.service").read_text("utf-8")
    assert re.search("^ProtectSystem=strict$", unit, re.MULTILINE)
    assert re.search("^PrivateTmp=yes$", unit, re.MULTILINE)
    written = re.findall(r"^(?:StateDirectory|CacheDirectory|ReadWritePaths|BindPaths)=(.*)", unit, re.MULTILINE)
    assert written == ["xincha-watches"]  # the lists that people watch, and nothing else
