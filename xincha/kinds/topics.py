"""Lists of records of some kinds, each a page of its own: what it is called, and which filters belong to it.

A kind says in which list it is (`Kind.topic`); everything else follows from the kinds of a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xincha.kinds import KINDS
from xincha.kinds.kind import Kind


@dataclass(frozen=True, slots=True)
class Topic:
    """A list of records. `name`: as in `/api/v1/records?topic=`, and its address on the page."""

    name: str
    title: str
    about: str

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kinds of record in it, in the order in which people are shown them."""
        return [kind for kind in KINDS.values() if kind.topic == self.name]

    @property
    def filters(self) -> Sequence[str]:
        """The filters of records that its kinds give a meaning to, in the order in which they are offered."""
        kinds = self.kinds
        grouped = {name for kind in kinds for name in kind.names("grouped")}
        meant = {
            "kind": len(kinds) > 1,
            "state": any(len(kind.states) > 1 for kind in kinds),
            "category": any(kind.category for kind in kinds),
            "check_kind": "check_kind" in grouped,
            "law": any(kind.names("cites") or kind.names("cited") for kind in kinds),
            "happened": True,
            "ended": any(kind.span for kind in kinds),
            "region": any(kind.party or kind.names("authority") for kind in kinds),
            "authority": any(kind.names("authority") for kind in kinds),
        }
        return [name for name, is_meant in meant.items() if is_meant]


TOPICS: Mapping[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(
            "notices",
            "公告",
            "机关和企业向社会发布的公告：列入和移出名录、简易注销、歇业、减资、清算、抽查计划和结果。",
        ),
        Topic(
            "inspections",
            "双随机抽查",
            "随机抽取检查对象、随机选派检查人员、结果公开：抽查事项、年度计划、任务、抽中的对象和检查结果。",
        ),
        Topic("powers", "权责事项", "机关可以做什么、依据哪一条：权责事项，和所依据的法律法规条文。"),
        Topic("officers", "执法人员", "机关公布的执法检查人员：单位、证号、领域和证件有效期。离岗的不再显示。"),
    )
}
"""By name, in the order in which people are shown them."""
