"""The container image, really built and started: `make image-check`, or `python -m loadtests.image`.

Builds the Dockerfile with podman or docker from a copy of the tracked files that only their owner may read (as a clone
under umask 077 has them), and walks as docs/operations.md tells it: refused without a volume and with one of another
owner, load a mounted folder, serve on a read-only file system without capabilities and with 2 GiB, search, match a
workbook, export, stop, start again. Prints the image's size and what each step took; exit code 1 where one fails. Where
there is no engine of containers, says so and ends with 0.

    IMAGE_BUILD_OPTIONS    more for `build`: --build-arg PYTHON_IMAGE=… for a mirror, --network host
    IMAGE_RUN_OPTIONS      more for `run`
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote

import fixtures
from xincha.settings import ROOT

LARGEST_MB = 900
PATIENCE = 90
CONFINED = shlex.split("--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --memory 2g")


def main() -> None:
    """Build, walk, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", help="walk with an image that is there already, and build none")
    options = parser.parse_args()
    engine, reason = find_engine()
    if not engine:
        print(f"skipped: {reason}")
        return
    with tempfile.TemporaryDirectory(prefix="xincha-image-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # so that the container's user finds his way to the files
        image = options.image or f"xincha:check-{os.getpid()}"
        try:
            if not options.image:
                tell("build", lambda: build(engine, image, folder / "source"))
            size = float(called(engine, "image", "inspect", "--format", "{{.Size}}", image)) / 1e6
            print(f"size          {size:.0f} MB (at most {LARGEST_MB})")
            assert size < LARGEST_MB
            fixtures.make(folder / "files")
            with kept(engine, image) as walk:
                walk.all(folder)
        finally:
            if not options.image:
                subprocess.run([engine, "rmi", "--force", image], check=False, capture_output=True)  # noqa: S603
    print("the image does what docs/operations.md says")


def find_engine() -> tuple[str, str]:
    """The program that builds and runs, or an empty text and why there is none."""
    reasons = []
    for name in ("podman", "docker"):
        if not shutil.which(name):
            reasons.append(f"no {name}")
        elif subprocess.run([name, "info"], check=False, capture_output=True).returncode:  # noqa: S603
            reasons.append(f"{name} is here, but `{name} info` fails: its service does not run, or not for this user")
        else:
            return name, ""
    return "", "; ".join(reasons)


def called(*command: str) -> str:
    """What the command prints; raises with what it said where it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{shlex.join(command)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(engine: str, image: str, source: Path) -> None:
    """The image, from files as a careful umask leaves them."""
    listed = called("git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    called("chmod", "-R", "go-rwx", str(source))
    more = shlex.split(os.environ.get("IMAGE_BUILD_OPTIONS", ""))
    called(engine, "build", *more, "-t", image, str(source))


def tell(step: str, do: Callable[[], Any]) -> Any:
    """Do it, and print how long it took."""
    began = time.monotonic()
    done = do()
    print(f"{step:<13} {time.monotonic() - began:.1f} s", flush=True)
    return done


@contextmanager
def kept(engine: str, image: str) -> Iterator[Walk]:
    """A volume and a container of their own, removed in the end."""
    name = f"xincha-check-{os.getpid()}"
    called(engine, "volume", "create", name)
    try:
        yield Walk(engine, image, name)
    finally:
        for end in (("rm", "--force", name), ("volume", "rm", "--force", name)):
            subprocess.run([engine, *end], check=False, capture_output=True)  # noqa: S603


@dataclass
class Walk:
    """The steps; `name` is that of the container and of its volume."""

    engine: str
    image: str
    name: str
    address: str = ""

    def all(self, folder: Path) -> None:
        """Every step, in the order in which an operator takes them."""
        tell("refusals", lambda: self.refusals(folder))
        tell("certificates", self.certificates)
        for delivery in ("base", "later"):
            report = tell("load", partial(self.load, folder / "files" / delivery))
            assert report["publish"], report
        tell("serve", self.serve)
        before = tell("search", self.search)
        tell("match", lambda: self.match(next((folder / "files").rglob("*.xlsx"))))
        tell("export", self.export)
        tell("stop", lambda: called(self.engine, "stop", "--time", "20", self.name))
        assert called(self.engine, "inspect", "--format", "{{.State.ExitCode}}", self.name).strip() == "0"
        tell("restart", self.restart)
        assert self.search() == before

    def once(self, *options: str, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """A container for one command, confined as the service is."""
        more = shlex.split(os.environ.get("IMAGE_RUN_OPTIONS", ""))
        run = [self.engine, "run", "--rm", *CONFINED, *more, *options, self.image, *command]
        return subprocess.run(run, check=False, capture_output=True, text=True)  # noqa: S603

    def refusals(self, folder: Path) -> None:
        """Without a volume, and with a folder of another owner: exit code 2 and one sentence."""
        closed = folder / "closed"
        closed.mkdir(mode=0o700)
        for mount, said in (
            ((), "nothing is mounted at /data"),
            (("-v", f"{closed}:/data"), "/data: permission is denied"),
        ):
            done = self.once(*mount, command=["publish"])
            assert done.returncode == 2, (done.returncode, done.stderr)
            assert said in done.stderr, done.stderr
            assert len([line for line in done.stderr.splitlines() if line.startswith("xincha: ")]) == 1, done.stderr

    def certificates(self) -> None:
        """What the service `certificates` of compose.yaml does first."""
        options = ("--tmpfs", "/scripts", "--tmpfs", "/certificates", "--network", "none", "--entrypoint", "bash")
        done = self.once(*options, command=["/xincha/prepare.sh", "/scripts", "/certificates", "node1"])
        assert done.stdout.count("made ") == 5, done.stderr

    def load(self, files: Path) -> Any:
        """A mounted folder of files."""
        mounts = ("-v", f"{self.name}:/data", "-v", f"{files}:/files:ro")
        done = self.once(*mounts, command=["load", "--json", "/files"])
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def serve(self) -> None:
        """In the background, until it is ready."""
        more = shlex.split(os.environ.get("IMAGE_RUN_OPTIONS", ""))
        options = ["--name", self.name, *CONFINED, *more, "-v", f"{self.name}:/data", "-p", "127.0.0.1::8000"]
        called(self.engine, "run", "-d", *options, self.image)
        self.wait()

    def restart(self) -> None:
        """The same container again, with what it had."""
        called(self.engine, "start", self.name)
        self.wait()

    def wait(self) -> None:
        """Until searches are answered."""
        self.address = "http://" + called(self.engine, "port", self.name, "8000/tcp").splitlines()[0].strip()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(URLError, ConnectionError, TimeoutError):
                if self.ask("/readyz"):
                    return
            time.sleep(0.2)
        raise SystemExit(f"not ready after {PATIENCE} s:\n{called(self.engine, 'logs', self.name)}")

    def ask(self, target: str, body: bytes | None = None) -> bytes:
        """The body of an answer; raises `HTTPError` for any but 2xx."""
        request = urllib.request.Request(self.address + target, body)  # noqa: S310 - http: only
        if body is not None:
            request.add_header("content-type", "application/octet-stream")
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return bytes(answer.read())

    def search(self) -> int:
        """How many entities have the word of the fixtures in their names; the page is there too."""
        assert b"<html" in self.ask("/")
        found = int(json.loads(self.ask(f"/api/v1/entities?q={quote('示例')}"))["total"])
        assert found > 100
        return found

    def match(self, workbook: Path) -> None:
        """A list is uploaded, matched by a process of its own, and answered as a workbook."""
        job = json.loads(self.ask(f"/api/v1/match/files?filename={quote(workbook.name)}", workbook.read_bytes()))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            state = json.loads(self.ask(f"/api/v1/match/files/{job['id']}"))
            if state["state"] == "done":
                assert self.ask(f"/api/v1/match/files/{job['id']}/result")[:2] == b"PK"
                return
            assert state["state"] in {"queued", "running"}, state
            time.sleep(0.2)
        raise SystemExit(f"the list is not matched after {PATIENCE} s")

    def export(self) -> None:
        """Every kind of file; Parquet is written by the command."""
        for kind, begins in (("csv", b"\xef\xbb\xbf"), ("ndjson", b"{"), ("xlsx", b"PK")):
            assert self.ask(f"/api/v1/export/records.{kind}?kind=penalty").startswith(begins), kind
        export = ("xincha", "export", "records", "--kind", "penalty", "--json", "--out", "/data/penalties.parquet")
        assert json.loads(called(self.engine, "exec", self.name, *export))["rows"] > 0


if __name__ == "__main__":
    try:
        main()
    except HTTPError as error:
        sys.exit(f"failed: {error.url}: {error.code} {error.read().decode()}")
    except AssertionError as error:
        sys.exit(f"failed: {error!r}")
