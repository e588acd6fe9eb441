"""`xincha notify`: what a load changed comes to receivers, of everything or of a watch list; what lacks is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.webhooks.test_deliver import SECRET, receiving
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.watches import Watches

from .conftest import Environment, result, xincha

HEAD = "企业名称,登记状态,成立日期"
A, B = "厦门示例甲有限公司", "厦门示例乙有限公司"


def loaded(environment: Environment, folder: Path, *states: str) -> None:
    """Load both companies in these states, and publish."""
    path = folder / "登记.csv"
    rows = [f"{name},{state},2001-02-03" for name, state in zip((A, B), states, strict=True)]
    path.write_text("\n".join([HEAD, *rows]), "utf-8")
    assert xincha(environment, "load", path).returncode == 0


@pytest.mark.slow
def test_what_a_load_changed_comes_to_receivers(environment: Environment, tmp_path: Path) -> None:
    loaded(environment, tmp_path, "存续", "存续")
    data = Path(environment["XINCHA_DATA"])
    settings, file = Settings(data=data), tmp_path / "webhooks.json"
    engine = open_engine(settings)
    searcher = Searcher(engine, today=today)
    entities = {hit["name"]: hit["entity_id"] for hit in searcher.entities.page(EntitySearch(facet=())).hits}
    watch = Watches(settings.watches_file, 1 << 20).make([entities[A]], searcher.changes("now", 1).cursor)[1]
    engine.close()
    with receiving() as all_of_it, receiving() as listed:
        hooks = [
            {"name": "all", "url": f"http://127.0.0.1:{all_of_it.port}/", "secret": SECRET},
            {"name": "listed", "url": f"http://127.0.0.1:{listed.port}/", "secret": SECRET, "watch": watch.sha256},
        ]
        file.write_text(json.dumps({"webhooks": hooks}))
        file.chmod(0o600)
        told = {**environment, "XINCHA_WEBHOOKS": str(file), "XINCHA_WEBHOOK_NETWORKS": "127.0.0.0/8"}
        assert [each["delivered"] for each in result(told, "notify")] == [0, 0]
        loaded(environment, tmp_path, "注销", "注销")
        assert [each["delivered"] for each in result(told, "notify")] == [1, 1]
        assert [each["delivered"] for each in result(told, "notify")] == [0, 0]
        (everything,), (own,) = all_of_it.verified, listed.verified
    ids = [entities[name] for name in (A, B)]
    changes = [{"type": "entity", "id": each, "change": "shown", "entity_id": each} for each in ids]
    assert sorted(everything["data"]["changes"], key=str) == sorted(changes, key=str)
    assert own["data"]["changes"] == changes[:1]
    assert own["data"]["complete"] is True


def test_what_is_missing_is_said(environment: Environment, tmp_path: Path) -> None:
    done = xincha(environment, "notify")
    assert (done.returncode, "XINCHA_WEBHOOKS" in done.stderr) == (2, True)
    done = xincha({**environment, "XINCHA_WEBHOOKS": str(tmp_path / "none.json")}, "notify")
    assert (done.returncode, "none.json cannot be read" in done.stderr) == (2, True)
