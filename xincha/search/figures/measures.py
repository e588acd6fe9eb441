"""What may be counted of entities and of each kind of record.

count             how many
in_business       entities that are in business (存续): another number than how many were ever registered
<state>           records in a state: `found`, `listed`, `valid`, …; `<state>_rate`: their share of all, 0 to 1
<number>_sum      sum of a number that records state: `drawn_sum` of 抽查任务
<amount>_count    records that state the amount (`fine`, `confiscated`); `_sum`, `_median`, `_p90` of it in yuan
decided           penalties that were loaded, also those that may not be shown any more; not the withdrawn ones
timely, late      of these: published within the limit of the law, or later; `timely_rate`: the share of the first
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xincha.kinds import KINDS

ENTITY = "entity"
How = Literal["count", "business", "state", "rate", "stated", "sum", "total", "median", "p90", "decided", "in_time"]
_OF_AMOUNTS: tuple[tuple[How, str], ...] = (
    ("stated", "载明{}的条数"),
    ("sum", "{}合计（元）"),
    ("median", "{}中位数（元）"),
    ("p90", "{}九成位（元）"),
)
_SUFFIXES = {"stated": "count"}


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a cell. `of`: the state or the field that it is about."""

    name: str
    title: str
    how: How
    of: str = ""

    @property
    def is_of_amounts(self) -> bool:
        """Whether it tells of amounts or numbers that records state."""
        return self.how in {"stated", "sum", "total", "median", "p90"}

    @property
    def is_percentile(self) -> bool:
        """Whether the different amounts have to be known."""
        return self.how in {"median", "p90"}


def _of_kind(name: str) -> dict[str, Measure]:
    kind = KINDS[name]
    measures = [Measure("count", "条数", "count")]
    for state, declared in kind.states.items():
        measures.append(Measure(state, f"{declared.title}（条）", "state", state))
        measures.append(Measure(f"{state}_rate", f"{declared.title}（占比）", "rate", state))
    for fact in kind.own:
        if fact.type == "money":
            amount, title = fact.name.removesuffix("_cny"), fact.title.partition("（")[0]
            measures += [
                Measure(f"{amount}_{_SUFFIXES.get(how, how)}", words.format(title), how, fact.name)
                for how, words in _OF_AMOUNTS
            ]
        elif fact.adds:
            measures.append(Measure(f"{fact.name}_sum", f"{fact.title}合计", "total", fact.name))
    return {measure.name: measure for measure in measures}


_OF_DECISIONS = (
    Measure("decided", "装载的处罚（含公示期满等不再公示的，不含撤销的）", "decided", "decided"),
    Measure("timely", "按期公示（条）", "decided", "timely"),
    Measure("late", "逾期公示（条）", "decided", "late"),
    Measure("timely_rate", "按期公示率（占能判断的）", "in_time", "timely"),
)

MEASURES: dict[str, dict[str, Measure]] = {
    ENTITY: {
        "count": Measure("count", "家数（登记过的全部）", "count"),
        "in_business": Measure("in_business", "存续（在营、开业、在册）家数", "business"),
    },
    **{name: _of_kind(name) for name in KINDS},
}
MEASURES["penalty"] |= {measure.name: measure for measure in _OF_DECISIONS}
"""What is counted → its measures by name."""


def every_measure() -> dict[str, str]:
    """All names, each with its title."""
    return {name: each.title for measures in MEASURES.values() for name, each in measures.items()}
