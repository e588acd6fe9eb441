"""`xincha serve` as a process: few descriptors, clients that only hold connections, an end that nobody holds up."""

from __future__ import annotations

import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.live import Client, until
from xincha.errors import SettingsError
from xincha.settings import ROOT, Settings

pytestmark = pytest.mark.slow

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


@dataclass
class Served:
    """A server that answers; `log` is what it has written so far."""

    process: subprocess.Popen[str]
    address: str
    errors: Path

    @property
    def log(self) -> str:
        return self.errors.read_text("utf-8")

    @property
    def at(self) -> tuple[str, int]:
        host, _, port = self.address.removeprefix("http://").partition(":")
        return host, int(port)


@contextmanager
def serving(folder: Path, command: str, **settings: object) -> Iterator[Served]:
    """A shell that becomes a server with these settings; ends with the block."""
    told = {f"XINCHA_{name.upper()}": str(value) for name, value in settings.items()}
    errors = folder / "log"
    with errors.open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            ["/bin/bash", "-c", command],
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | told,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout
        yield Served(process, process.stdout.readline().split()[-1], errors)
    finally:
        process.kill()
        process.communicate()


SERVE = f"exec {shlex.quote(sys.executable)} -m xincha.cli serve --port 0"
Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers over an empty folder."""
    with ExitStack() as stack:
        yield lambda before="", **settings: stack.enter_context(
            serving(tmp_path, f"{before}{SERVE}", **{"data": tmp_path / "data", "page": tmp_path, **settings})
        )


@pytest.mark.parametrize(("hard", "sources"), [(400, "127.0.0.{}"), (80, "127.0.0.1")])
def test_more_connections_than_descriptors_keep_nobody_out(serve: Serve, hard: int, sources: str) -> None:
    served = serve(f"ulimit -S -n 60; ulimit -H -n {hard}; ")
    assert psutil.Process(served.process.pid).rlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    with ExitStack() as stack:
        for number in range(hard + 50):
            client = stack.enter_context(Client(served.at, sources.format(number % 200 + 2)))
            client.send([b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\nX:"][number % 3])
            if number % 50 == 0:
                with Client(served.at, "127.1.0.1") as person:
                    assert person.send(GET).answer().status == 200
        with Client(served.at, "127.1.0.1") as person:
            assert person.send(GET).answer().status == 200
    until(lambda: psutil.Process(served.process.pid).num_fds() < 60)
    assert "LimitNOFILE" in served.log
    assert len(served.log.splitlines()) < 60


STUCK = """
import threading
from fastapi import FastAPI
from api.metrics import Metrics
from api.server import bind, leave, serve
from xincha.settings import Settings

app = FastAPI()
app.state.metrics = Metrics()

@app.get("/")
def stuck():
    print("asked", flush=True)
    threading.Event().wait()

serve(app, bind("127.0.0.1", 0), Settings(), lambda address: print(address, flush=True))
leave()
"""


def test_a_thread_that_never_ends_holds_up_no_end(tmp_path: Path) -> None:
    with serving(tmp_path, f"exec {shlex.quote(sys.executable)} -c {shlex.quote(STUCK)}") as served:
        with Client(served.at) as client:
            client.send(GET.replace(b"healthz", b""))
            assert served.process.stdout
            assert served.process.stdout.readline() == "asked\n"
            client.close()
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(timeout=30) == 0
        assert "1 threads were still at work" in served.log


def test_metrics_are_answered_at_an_address_of_their_own(serve: Serve) -> None:
    served = serve(metrics_address="127.0.0.1:0", connections=8, connections_per_address=8)
    metrics = re.findall(r"metrics are at (\S+)", served.log)[0]
    with ExitStack() as stack:
        for _ in range(30):
            stack.enter_context(Client(served.at))
        families = {each.name: each for each in text_string_to_metric_families(httpx2.get(metrics).text)}
    assert families["xincha_ready"].samples[0].value == 0
    assert families["xincha_connections"].samples[0].value == 8
    lost = {each.labels["reason"]: each.value for each in families["xincha_connections_lost"].samples}
    assert lost["address"] >= 22
    assert httpx2.get(f"{served.address}/metrics").status_code == 404
    assert httpx2.get(metrics.replace("/metrics", "/healthz")).status_code == 404
    served.process.terminate()
    assert served.process.wait(timeout=30) == 0


def test_an_address_of_metrics_that_cannot_be_had_is_said_with_its_setting(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = serve()
    told = os.environ | {"PYTHONPATH": str(ROOT), "XINCHA_METRICS_ADDRESS": served.address.removeprefix("http://")}
    command = ["/bin/bash", "-c", SERVE]
    done = subprocess.run(command, env=told, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert "XINCHA_METRICS_ADDRESS" in done.stderr
    for wrong in (
        "9464",
        "host",
        "host:port",
        "127.0.0.1:99999",
        "http://127.0.0.1:9464",
        "a@b:1",
        "127.0.0.1:1/metrics",
    ):
        monkeypatch.setenv("XINCHA_METRICS_ADDRESS", wrong)
        with pytest.raises(SettingsError, match="XINCHA_METRICS_ADDRESS"):
            Settings.read()
    monkeypatch.setenv("XINCHA_METRICS_ADDRESS", "[::1]:9464")
    assert Settings.read().metrics_at == ("::1", 9464)


def lines_of_readme() -> list[str]:
    """The commands of the README that ask a server."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    lines = "".join(blocks).replace("\\\n", "").splitlines()
    return [line for line in lines if line.startswith("curl ")]


@pytest.fixture(scope="module")
def demo(fictional_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the fictional companies."""
    with serving(tmp_path_factory.mktemp("demo"), SERVE, data=fictional_folder / "data") as served:
        yield served


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
@pytest.mark.parametrize("line", lines_of_readme())
@pytest.mark.parametrize("language", ["C", "C.UTF-8"])
def test_the_lines_of_the_readme_work_as_they_stand(demo: Served, tmp_path: Path, line: str, language: str) -> None:
    (tmp_path / ".curlrc").write_text("fail\nsilent\nshow-error\n")  # a status of 400 and above is an error
    told = os.environ | {"CURL_HOME": str(tmp_path), "LC_ALL": language, "no_proxy": "*"}
    command = line.replace("http://127.0.0.1:8000", demo.address)
    assert demo.address in command
    done = subprocess.run(["/bin/bash", "-c", command], env=told, cwd=tmp_path, capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    (answered,) = [done.stdout, *(path.read_bytes() for path in tmp_path.glob("*.csv"))][-1:]
    assert "示例".encode() in answered


def test_the_readme_asks_a_server() -> None:
    assert len(lines_of_readme()) >= 4
