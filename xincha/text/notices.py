"""Kinds of notices 公告, by their titles; the numbers of plans and tasks that they name."""

from __future__ import annotations

import re

KINDS = (
    "计划公告", "结果公告", "列入公告", "移出公告", "拟强制注销公告", "强制注销公告", "终止歇业公告", "歇业公告",
    "简易注销公告", "减资公告", "清算公告", "合并分立公告", "其他公告",
)  # fmt: skip
LISTED = "列入公告"
_KINDS = (
    ("移出公告", r"移出|恢复(?:正常)?记载"),
    (LISTED, r"列入|载入|标记为经营异常"),
    ("拟强制注销公告", r"(?:拟|将|催告).{0,12}强制注销|强制注销.{0,6}(?:前|预)"),
    ("强制注销公告", r"强制注销"),
    ("简易注销公告", r"简易注销"),
    ("终止歇业公告", r"终止歇业|恢复(?:营业|经营)"),
    ("歇业公告", r"歇业"),
    ("减资公告", r"减资|减少注册资本|注册资本减少"),
    ("清算公告", r"清算|债权人公告|债权申报|注销备案"),
    ("合并分立公告", r"合并|分立"),
    ("结果公告", r"(?:抽查|检查|双随机).{0,40}(?:结果|情况)|(?:结果|情况)公[告示]"),
    ("计划公告", r"(?:抽查|检查|双随机).{0,40}(?:计划|安排|方案)|计划公[告示]"),
)
_LONGEST = 500
_STATED = r"\s{0,3}(?:编号|号码|号)?\s{0,3}[:：为]?\s{0,3}[“\"（(]?\s{0,3}([0-9A-Za-z][0-9A-Za-z-]{5,39})"
_NAMED = {
    "plan": re.compile(rf"(?:抽查|检查)?计划{_STATED}"),
    "task": re.compile(rf"(?:抽查|检查)?任务{_STATED}"),
}


def kind_of(text: str) -> str | None:
    """Which of `KINDS` a title, or the words for a kind, tell; None where they tell none."""
    said = text[:_LONGEST]
    if said.strip() in KINDS:
        return said.strip()
    return next((kind for kind, pattern in _KINDS if re.search(pattern, said)), None)


def plan_in(text: str) -> str | None:
    """The number of a plan that a text names: 抽查计划编号：35020020261001."""
    return _named(text, "plan")


def task_in(text: str) -> str | None:
    """The number of a task that a text names."""
    return _named(text, "task")


def _named(text: str, what: str) -> str | None:
    """The number that a text names, if it names one of the kind and no other."""
    found = {each for each in _NAMED[what].findall(text[:50_000]) if any(map(str.isdigit, each))}
    return found.pop() if len(found) == 1 else None
