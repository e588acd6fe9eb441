"""Finding what a node needs: a Java that is new enough, and the jars that `make` has copied.

Nothing is installed here. What is missing is told in one line (`Missing`) that says what to do.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = 21
"""OpenSearch 3 is compiled for this Java."""


class Missing(Exception):
    """No Java or no jars; the message says how to get them."""


def find_java() -> Path:
    """The `java` to run: of JAVA_HOME, of PATH, or the newest below /usr/lib/jvm; one that can compile (a JDK)."""
    for home in _homes():
        if _version(home) >= OLDEST:
            return home / "bin" / "java"
    message = (
        f"OpenSearch needs a JDK {OLDEST} or newer: apt-get install openjdk-{OLDEST}-jdk-headless, or set JAVA_HOME"
    )
    raise Missing(message)


def find_jars(kind: str) -> Path:
    """The folder of jars for `open` or `secured` nodes."""
    folder = HERE / ".jars" / kind
    if not (folder / ".made").exists():
        raise Missing(f"no jars of OpenSearch: make {folder.relative_to(HERE.parents[1])}/.made (needs Maven)")
    return folder


def _homes() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if found := shutil.which("java"):
        yield Path(found).resolve().parent.parent
    yield from sorted(Path("/usr/lib/jvm").glob("*/"), key=_version, reverse=True)


def _version(home: Path) -> int:
    """The major version of the JDK in this folder; 0 where it is none, or has no compiler to run source with."""
    try:
        release = (home / "release").read_text()
    except OSError:
        return 0
    version = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    return int(version[1]) if version and (home / "bin" / "javac").exists() else 0
