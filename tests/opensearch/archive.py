"""What makes a node start in half the time: a compiled `Launcher`, and an archive of the classes that a start reads.

The first node of a kind makes both, in about ten seconds; they lie beside its jars. Java itself refuses an archive that
does not fit its version or class path, says so in the node's log, and starts without.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from tests.opensearch.java import HERE, find_jars, find_java

SOURCE = HERE / "Launcher.java"
QUIET = ("--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector")


def launcher(kind: str, plugins: Sequence[str]) -> list[str]:
    """The end of a command that starts a node of this kind, but for `HOME OWNER PLUGIN…`.

    The archive is made by a node with these plugins that ends as soon as it has started.
    """
    java, jars = find_java(), find_jars(kind)
    made_of = hashlib.sha256(SOURCE.read_bytes() + str(java).encode()).hexdigest()[:12]
    made = jars / f".launcher-{made_of}"
    path = f"{made}/launcher.jar:{jars}/*"
    command = [*QUIET, f"-XX:SharedArchiveFile={made / 'classes.jsa'}", "-cp", path, "Launcher"]
    with FileLock(jars / ".launcher.lock"):
        if not (made / "classes.jsa").exists():
            _compile(java, jars, made)
            _train(java, command, plugins)
    return command


def _compile(java: Path, jars: Path, made: Path) -> None:
    # From a jar, since no class of a folder enters an archive.
    with TemporaryDirectory() as folder:
        _run(java.with_name("javac"), "-cp", f"{jars}/*", "-d", folder, SOURCE)
        made.mkdir(exist_ok=True)
        _run(java.with_name("jar"), "cf", made / "launcher.jar", "-C", folder, ".")


def _train(java: Path, command: Sequence[str], plugins: Sequence[str]) -> None:
    options = [option.replace("-XX:SharedArchiveFile", "-XX:ArchiveClassesAtExit") for option in command]
    settings = {"discovery.type": "single-node", "network.host": "127.0.0.1", "http.port": 0, "transport.port": 0}
    with TemporaryDirectory() as home:
        (Path(home) / "config").mkdir()
        (Path(home) / "config" / "opensearch.yml").write_text(json.dumps(settings))
        nobody = 0
        _run(java, "-Xmx512m", *options, home, nobody, *plugins)


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)  # noqa: S603
