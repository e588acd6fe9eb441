"""A register of some fictional companies and penalties, loaded and published several times, with all that proves it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from indexer.load import load
from indexer.publish import publish
from indexer.verify.report import VerifyReport
from indexer.verify.whole import verify
from xincha.cli_release import written
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.proof.log import Log
from xincha.proof.notes import SigningKey, VerifyKey
from xincha.settings import Settings

ORIGIN = "register.example.org"
COMPANIES = "企业名称,注册号,登记状态,成立日期,住所,曾用名"
PENALTIES = (
    "行政处罚决定书文号,行政相对人名称,行政相对人类别,违法行为类型,违法事实,处罚类别,处罚内容,罚款金额（元）,处罚决定日期,"
    "公示截止期,处罚机关"
)
PERSON = "欧阳示例甲"
"""Whose penalty ended long ago."""


def company(number: int, name: str = "") -> str:
    name = name or f"鹭岛示例{number}号商贸有限公司"
    return f"{name},3502000000{number:05d},存续,2015-05-06,厦门市思明区示例路{number}号,"


def penalty(number: int, fine: int = 10_000, *, name: str = "", until: date | None = None) -> str:
    kind = "自然人" if name else "法人及非法人组织"
    name = name or f"鹭岛示例{number}号商贸有限公司"
    until = until or today() + timedelta(days=900)
    return (
        f"示市监罚字〔2025〕{number}号,{name},{kind},无照经营,在示例路口经营水果,罚款,罚款{fine}元,{fine},"
        f"{until - timedelta(days=1000)},{until},示例市市场监督管理局"
    )


def file(path: Path, head: str, rows: Sequence[str]) -> Path:
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


@dataclass(frozen=True)
class Site:
    """An installation in a folder. `key`: in whose name its log is signed."""

    folder: Path
    key: VerifyKey

    @property
    def settings(self) -> Settings:
        return Settings(
            data=self.folder / "data",
            page=self.folder / "page",
            releases=self.folder / "releases",
            keep_sources=self.folder / "sources",
            signing_key=self.folder / "key",
            workers=1,
            index_threads=1,
            index_memory_mb=32,
        )

    @property
    def log(self) -> Log:
        return Log(self.settings.proofs)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        with closing(open_engine(self.settings)) as engine:
            yield engine

    def load(self, name: str, head: str, *rows: str) -> None:
        load([file(self.folder / name, head, rows)], self.settings)

    def publish(self, day: date | None = None, *, full: bool = False) -> None:
        with self.engine() as engine:
            publish(self.settings, engine, day=day, full=full)

    def release(self) -> None:
        with self.engine() as engine:
            written(self.settings, self.folder / "releases", engine, None)

    def verify(self, saved: str | None = None) -> VerifyReport:
        with self.engine() as engine:
            return verify(self.settings, engine, self.key, saved=saved)

    def copy(self, folder: Path) -> Site:
        """The same in another folder, made of links: who changes a file there has to replace it."""
        shutil.copytree(self.folder, folder, copy_function=os.link)
        return replace(self, folder=folder)


def made(folder: Path) -> Site:
    """An empty installation with a key and a page."""
    (folder / "page" / "assets").mkdir(parents=True)
    (folder / "page" / "index.html").write_text("<!doctype html><title>信查</title>", "utf-8")
    (folder / "page" / "assets" / "index.js").write_text("console.log(1)\n", "utf-8")
    key = SigningKey.make(ORIGIN)
    key.write(folder / "key")
    return Site(folder, key.verify_key)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Loaded four times, published twice, released once. Not to be changed: see `Site.copy`."""
    site = made(tmp_path_factory.mktemp("proof"))
    site.load("companies.csv", COMPANIES, *map(company, range(1, 9)))
    site.load("penalties.csv", PENALTIES, *map(penalty, range(1, 5)))
    site.publish()
    site.load("more.csv", PENALTIES, penalty(2, 20_000), *map(penalty, range(5, 7)))
    ended = today() - timedelta(days=100)
    site.load("persons.csv", PENALTIES, penalty(9, name=PERSON, until=ended), penalty(10))
    site.publish()
    site.release()
    return site


Tamper = Callable[[Site], None]
Cases = Mapping[str, Tamper]
