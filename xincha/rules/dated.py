"""The law of publicity as dated rows: the windows in force on a day, and what each province takes for a lower fine.

A row names its source and article, and how its text is known (`Status`). A rule that only secondary sources tell is
applied by the policy `careful` alone, which all such rules make stricter: the law forbids showing longer, and nothing
obliges anybody to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from xincha.days import FOREVER
from xincha.rules.window import Policy

Status = Literal["text", "excerpt", "secondary"]
"""How a text is known: read whole; its operative sentence read, as quoted by others; told by several others."""
STATUSES: Mapping[Status, str] = {"text": "条文", "excerpt": "摘录", "secondary": "据报道，未见条文"}

Family = Literal["market", "other"]
"""Offices by the law that binds them: market regulation 市场监督管理, or other departments."""

Class = Literal["minor", "ordinary", "serious"]
CLASSES: Mapping[Class, str] = {"minor": "轻微", "ordinary": "一般", "serious": "严重"}
"""Classes of penalties. `xincha.rules.penalties` says which penalty is of which, and which are none to be published."""


class Rule(NamedTuple):
    """How long the penalties of a family of offices are public while the rule is in force, from `begins` to `ends`.

    `months`: the longest window of each class, from the day of publication or of the decision (`clock`); 0: not public.
    """

    name: str
    family: Family
    source: str
    article: str
    status: Status
    begins: date
    ends: date
    months: Mapping[Class, int]
    clock: Literal["published", "decided"]


class LowerFine(NamedTuple):
    """Fines *below* these sums (yuan) are 较低数额 in a province: those of natural persons, and of all others.

    `province`: the first two digits of its code.
    """

    province: str
    title: str
    person_cny: Decimal
    other_cny: Decimal
    source: str
    status: Status
    begins: date
    ends: date


ORDER_45 = "《市场监督管理行政处罚信息公示规定》"
REPAIR_2025 = "《市场监督管理信用修复管理办法》"
REPAIR_2026 = "《信用修复管理办法》"

RULES = (
    Rule(
        "R45", "market", f"{ORDER_45}（国家市场监督管理总局令第45号）", "第十三条", "text",
        date(2021, 9, 1), date(2025, 12, 24), {"minor": 3, "ordinary": 36, "serious": 36}, "published",
    ),
    Rule(
        "R25", "market", f"{REPAIR_2025}（2025年）", "", "secondary",
        date(2025, 12, 25), FOREVER, {"minor": 3, "ordinary": 12, "serious": 36}, "published",
    ),
    Rule(
        "R58", "other", "《失信行为纠正后的信用信息修复管理办法（试行）》（国家发展和改革委员会令第58号）", "",
        "secondary", date(2023, 5, 1), date(2026, 3, 31), {"minor": 3, "ordinary": 36, "serious": 36}, "decided",
    ),
    Rule(
        "R36", "other", f"{REPAIR_2026}（国家发展和改革委员会令第36号）", "", "secondary",
        date(2026, 4, 1), FOREVER, {"minor": 0, "ordinary": 12, "serious": 36}, "decided",
    ),
)  # fmt: skip
"""In the order of their beginnings. What began before the first rule of a family is judged by that of order 45."""

LOWER_FINES = (
    LowerFine(
        "52", "贵州省", Decimal(5_000), Decimal(50_000), "贵州省市场监督管理局的规定（2023年12月19日）", "excerpt",
        date(2024, 1, 1), FOREVER,
    ),
    LowerFine(
        "35", "福建省", Decimal(5_000), Decimal(50_000), "闽市监规〔2024〕3号", "excerpt",
        date(2024, 7, 12), date(2029, 7, 11),
    ),
    LowerFine(
        "42", "湖北省", Decimal(10_000), Decimal(100_000), "湖北省市场监督管理部门的答复（2025年7月1日）", "excerpt",
        date(2025, 7, 1), FOREVER,
    ),
)  # fmt: skip
"""A fine of the sum itself is no lower one (不含本数). Of other provinces no text was found: no fine is a lower one."""


def rule_on(day: date, family: Family, policy: Policy) -> Rule:
    """The rule in force on a day for offices of a family: the last that has begun, of those that the policy applies."""
    applied = [rule for rule in RULES if policy.publicity == "careful" or rule.status != "secondary"]
    begun = [rule for rule in applied if rule.family == family and rule.begins <= day]
    return begun[-1] if begun else RULES[0]


def lower_fine_on(day: date, province: str | None) -> LowerFine | None:
    """What a province takes for a lower fine on a day; `None` where that is not known."""
    return next((row for row in LOWER_FINES if row.province == province and row.begins <= day <= row.ends), None)


CHANGES = tuple(
    sorted(
        {row.begins for row in (*RULES, *LOWER_FINES)}
        | {row.ends + timedelta(days=1) for row in (*RULES, *LOWER_FINES) if row.ends < FOREVER}
    )
)
"""The days on which something else comes into force."""
