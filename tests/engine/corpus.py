"""A small invented corpus with few values, so that clauses meet, tie and miss; and Hypothesis strategies over it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, Literal

import orjson
from hypothesis import strategies as st

from xincha.engine import query as q
from xincha.engine.contract import Document
from xincha.engine.fields import ENTITIES, tie

CHARACTERS = "示例信查甲乙丙丁"
WORDS = ["示例", "信查", "批发", "零售", "food", "a.b", "示例信查"]
DAYS = [
    date(1900, 1, 1),
    date(1999, 12, 31),
    date(2000, 1, 1),
    date(2018, 3, 5),
    date(2018, 3, 31),
    date(2018, 4, 1),
    date(9999, 12, 31),
]
NUMBERS = [-2.5, -0.0, 0.0, 0.1, 100.0, 100.5, 1e12]
KEYS: dict[str, list[str]] = {
    "status": ["存续", "注销", "吊销未注销"],
    "kind": ["企业", "个体工商户"],
    "region": ["350000", "350200", "350203", "350206", "110000"],
    "industry": ["F", "51", "511", "5111", "A"],
    "authority": ["示例区市场监督管理局", "示例市市场监督管理局", "示例", "Z", "z"],
    "core": ["示例信查", "示例", "示", "信查*", "信查.", "信查\\", "甲乙", "ab", "a"],
    "legal_rep": ["甲某", "乙某 某", "\N{IDEOGRAPHIC SPACE}"],
}
TEXTS = {"name_1": list(CHARACTERS), "scope_word": WORDS, "pinyin": ["shi", "li", "xin", "cha"]}
POSITIONED = [name for name in TEXTS if ENTITIES[name].positions]


def document(number: int, seed: int = 0) -> dict[str, Any]:
    """The document of a number; another seed gives another content under the same identifier."""
    dice = random.Random(number * 1009 + seed)  # noqa: S311 - invented data, the same in every run
    identifier = f"示例-{number:04d}"
    made: dict[str, Any] = {"id": identifier, "tie": tie(identifier)}
    made["source"] = orjson.dumps({"entity_id": identifier, "seed": seed})
    for name, pool in KEYS.items():
        if dice.random() < 0.8:
            chosen = dice.sample(pool, dice.randint(1, min(3, len(pool))))
            made[name] = chosen if ENTITIES[name].many else chosen[0]
    for name, pool in TEXTS.items():
        if dice.random() < 0.85:
            made[name] = " ".join(dice.choices(pool, k=dice.randint(1, 7)))
    for name in ("established_on", "approved_on", "penalty_until"):
        if dice.random() < 0.75:
            made[name] = dice.choice(DAYS) if dice.random() < 0.7 else date(2015, 1, 1) + timedelta(dice.randrange(900))
    if dice.random() < 0.75:
        made["capital_cny"] = dice.choice(NUMBERS) if dice.random() < 0.6 else float(dice.randrange(50))
    return made


def documents(count: int, seed: int = 0) -> list[Document]:
    """The first documents of the corpus."""
    return [document(number, seed) for number in range(count)]


def _key_values(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*KEYS[name], "nowhere"])


_days = st.sampled_from(DAYS) | st.dates(date(2014, 1, 1), date(2018, 12, 31))
_numbers = st.sampled_from(NUMBERS) | st.integers(-3, 60) | st.floats(allow_nan=False, allow_infinity=False, width=32)
_whole = st.integers(-(2**64), 2**64) | st.integers(0, 2**63 - 1)
_date_fields = st.sampled_from(["established_on", "approved_on", "penalty_until"])
_identifiers = st.integers(0, 400).map(lambda number: f"示例-{number:04d}")


def _tokens(name: str, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*TEXTS[name], "缺"]), max_size=most).map(" ".join)


def _range(name: str, bounds: st.SearchStrategy[Any]) -> st.SearchStrategy[q.Range]:
    side = st.none() | bounds
    return st.builds(q.Range, st.just(name), gte=side, lte=side, gt=side, lt=side)


ranges = (
    _date_fields.flatmap(lambda name: _range(name, _days))
    | _range("capital_cny", _numbers)
    | _range("tie", _whole | st.floats(-1e19, 1e19))
)

leaves: st.SearchStrategy[q.Query] = st.one_of(
    st.just(q.MatchAll()),
    st.just(q.MatchNone()),
    st.sampled_from(list(KEYS)).flatmap(lambda name: st.builds(q.Term, st.just(name), _key_values(name))),
    st.sampled_from(list(TEXTS)).flatmap(
        lambda name: st.builds(q.Term, st.just(name), st.sampled_from([*TEXTS[name], "缺"]))
    ),
    st.builds(q.Term, st.just("established_on"), _days),
    st.builds(q.Term, st.just("capital_cny"), st.sampled_from(NUMBERS)),
    st.sampled_from(list(KEYS)).flatmap(
        lambda name: st.builds(q.Terms, st.just(name), st.lists(_key_values(name), max_size=4))
    ),
    st.builds(q.Ids, st.lists(_identifiers, max_size=300)),
    ranges,
    st.builds(q.Exists, st.sampled_from([*KEYS, *TEXTS, "established_on", "capital_cny", "uscc"])),
    st.sampled_from(["core", "region", "legal_rep", "id"]).flatmap(
        lambda name: st.builds(
            q.Prefix, st.just(name), st.sampled_from(["", "示", "示例", "信查", "信查.", "35", "3502", "a", "示例-01"])
        )
    ),
    st.sampled_from(list(TEXTS)).flatmap(
        lambda name: st.builds(
            q.Match,
            st.just(name),
            _tokens(name, 5),
            st.sampled_from(["or", "and"]),
            st.integers(1, 6),
        )
    ),
    st.sampled_from(POSITIONED).flatmap(
        lambda name: st.builds(q.MatchPhrase, st.just(name), _tokens(name, 4), st.sampled_from([0, 0, 1, 2, 5]))
    ),
)

_boosts = st.sampled_from([0.0, 0.5, 1.0, 3.0])


def _combined(inner: st.SearchStrategy[q.Query]) -> st.SearchStrategy[q.Query]:
    few = st.lists(inner, max_size=3)
    return st.one_of(
        st.builds(q.Bool, few, few, few, few, st.none() | st.integers(0, 4)),
        st.builds(q.Bool, must_not=few),
        st.builds(q.DisMax, few, st.sampled_from([0.0, 0.3, 1.0])),
        st.builds(q.ConstantScore, inner, _boosts),
        st.builds(q.Boost, inner, _boosts),
    )


queries: st.SearchStrategy[q.Query] = st.recursive(leaves, _combined, max_leaves=8)
filters = st.recursive(leaves, _combined, max_leaves=3)

SORTABLE = ["established_on", "approved_on", "capital_cny", "status", "kind", "authority", "tie"]
_both: list[Literal["asc", "desc"]] = ["asc", "desc"]
orders = st.sampled_from(_both)
sorts: st.SearchStrategy[list[q.Sort]] = st.lists(
    st.builds(q.Sort, st.sampled_from(SORTABLE), orders), max_size=3
).flatmap(lambda keys: orders.map(lambda order: [*keys, q.Sort("tie", order)]))

_span = st.tuples(st.none() | st.sampled_from(NUMBERS), st.none() | st.sampled_from(NUMBERS))
_period = st.tuples(st.none() | _days, st.none() | _days)
aggregations: st.SearchStrategy[q.Aggregation] = st.one_of(
    st.builds(q.TermsAgg, st.sampled_from(["status", "kind", "region", "industry", "authority"]), st.integers(1, 8)),
    st.builds(q.RangeAgg, st.just("capital_cny"), st.lists(_span, min_size=1, max_size=4)),
    st.builds(q.RangeAgg, st.just("approved_on"), st.lists(_period, min_size=1, max_size=4)),
    st.builds(q.DateHistogramAgg, _date_fields, st.sampled_from(["year", "month"])),
    st.builds(q.MetricAgg, st.just("capital_cny"), st.sampled_from(["sum", "min", "max", "avg", "cardinality"])),
    st.builds(q.MetricAgg, st.sampled_from(["status", "region", "established_on", "tie"]), st.just("cardinality")),
)
