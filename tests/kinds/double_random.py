"""Small files of double random 双随机一公开, loaded, published and asked over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from indexer.lake import Lake, Snapshot
from indexer.load import load
from indexer.publish import publish
from indexer.report import LoadReport, PublishReport
from xincha.engine.open import open_engine
from xincha.settings import Settings
from xincha.text import uscc

STEM = "91350203YYY880001"
CODE = STEM + uscc.check_character(STEM)
NAME = "厦门示例双随机食品有限公司"
OFFICE = "厦门市示例市场监督管理局"
PLAN_NO, TASK_NO = "35020020261001", "350200202603021001"
REGISTER = f"企业名称,统一社会信用代码,登记状态,成立日期,住所\n{NAME},{CODE},存续,2010-01-05,厦门市思明区示例路1号\n"
PLAN = (
    "抽查计划编号,年度计划名称,检查主体,检查内容,计划开展时间,股室,抽查比例,抽查频次,抽查数量,发布日期\n"
    f"{PLAN_NO},{OFFICE}2026年度双随机抽查计划,{OFFICE},食品经营监督检查,1月—12月,示例科,5%,>=1,100户,2026-01-10\n"
    f"{PLAN_NO},{OFFICE}2026年度双随机抽查计划,{OFFICE},广告行为检查,3月—6月,示例二科,,=1,1户(实际以联合双随机牵头单位抽查数为准。),2026-01-10\n"
)
TASKS = (
    "任务编号,任务名称,计划编号,组织部门,实施部门,任务期限,库总户数,抽取户数,抽取比例,是否跨部门,名单是否公示,任务状态\n"
    f"{TASK_NO},示例食品经营单位抽查,{PLAN_NO},{OFFICE},厦门市示例生态环境局、厦门市示例应急管理局,2026-03-02至2026-06-30,"
    '"96,613",2899,3%,是,公示,已完成\n'
)
CHECKS = (
    "企业名称,统一社会信用代码,抽查计划编号,抽查任务编号,抽查事项,抽查检查结果,抽查日期,检查实施机关\n"
    f"{NAME},{CODE},{PLAN_NO},{TASK_NO},登记事项,未发现问题,2026-04-01,{OFFICE}\n"
    f"{NAME},{CODE},{PLAN_NO},{TASK_NO},公示信息,未发现问题,2026-04-01,厦门市示例生态环境局\n"
)


@dataclass
class Data:
    """A folder with a lake, what loads and publishes of it, and what asks."""

    folder: Path
    settings: Settings

    def load(self, **files: str | bytes) -> LoadReport:
        """Load files of these contents; `plan` is plan.csv."""
        paths = []
        for name, content in files.items():
            paths.append(self.folder / f"{name}.csv")
            paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
        return load(paths, self.settings)

    def snapshot(self) -> Snapshot:
        """The lake's present state."""
        return Lake(self.settings.lake).snapshot()

    def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        return self.snapshot().scan(table).collect().to_dicts()

    def publish(self) -> PublishReport:
        """Publish what the lake holds."""
        with closing(open_engine(self.settings)) as engine:
            return publish(self.settings, engine)

    @contextmanager
    def asked(self) -> Iterator[Callable[..., Any]]:
        """Get an address of the API, as JSON."""
        with closing(open_engine(self.settings)) as engine, TestClient(create_app(self.settings, engine)) as client:

            def get(address: str, **query: Any) -> Any:
                answer = client.get(f"/api/v1/{address}", params=query)
                assert answer.status_code == 200, answer.text
                is_json = answer.headers["content-type"].startswith("application/json")
                return answer.json() if is_json else answer.text

            yield get


def data_in(folder: Path) -> Data:
    """An empty place for data."""
    folder.mkdir(exist_ok=True)
    return Data(folder, Settings(data=folder / "data", page=folder / "none", workers=1))


def by_kind(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record is related to, by kind."""
    return {each["kind"]: each for each in record["related"]}
