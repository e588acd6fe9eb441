"""A small invented corpus with few values, so that clauses meet, tie and miss; and Hypothesis strategies over it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
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
        made["loaded_at"] = dice.choice([0, 1_764_000_000, 2**53, -1])
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
_date_fields = st.sampled_from(["established_on", "approved_on", "penalty_until"])
_identifiers = st.integers(0, 400).map(lambda number: f"示例-{number:04d}")


def _tokens(name: str, most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([*TEXTS[name], "缺"]), max_size=most).map(" ".join)


def _range(name: str, bounds: st.SearchStrategy[Any]) -> st.SearchStrategy[q.Range]:
    sides = st.tuples(st.none() | bounds, st.none() | bounds).filter(any_given)
    return sides.map(lambda sides: q.Range(name, *sides))


def any_given(sides: tuple[object, object]) -> bool:
    return sides != (None, None)


ranges = _date_fields.flatmap(lambda name: _range(name, _days)) | _range("capital_cny", _numbers)

leaves: st.SearchStrategy[q.Query] = st.one_of(
    st.just(q.MatchAll()),
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
    st.sampled_from(POSITIONED).flatmap(lambda name: st.builds(q.MatchPhrase, st.just(name), _tokens(name, 4))),
)

_boosts = st.sampled_from([0.0, 0.5, 1.0, 3.0])


def _combined(inner: st.SearchStrategy[q.Query]) -> st.SearchStrategy[q.Query]:
    few = st.lists(inner, max_size=3)
    return st.one_of(
        st.builds(q.Bool, few, few, few, few),
        st.builds(q.Bool, must_not=few),
        st.builds(q.DisMax, few),
        st.builds(q.ConstantScore, inner, _boosts),
    )


queries: st.SearchStrategy[q.Query] = st.recursive(leaves, _combined, max_leaves=8)
filters = st.recursive(leaves, _combined, max_leaves=3)

_both: list[Literal["asc", "desc"]] = ["asc", "desc"]
sorts: st.SearchStrategy[list[q.Sort]] = st.lists(
    st.builds(q.Sort, st.sampled_from(["established_on", "approved_on", "capital_cny"]), st.sampled_from(_both)),
    max_size=1,
).map(lambda keys: [*keys, q.Sort("tie")])


def _spans(bounds: list[Any]) -> st.SearchStrategy[list[tuple[Any, Any]]]:
    """Ranges that do not overlap, in any order, with what lies between some of them left out."""
    edges = st.lists(st.sampled_from(bounds), min_size=1, max_size=5, unique=True).map(sorted)
    spans = edges.map(lambda edges: list(pairwise([None, *edges, None])))
    return spans.flatmap(lambda spans: st.lists(st.sampled_from(spans), min_size=1, unique=True))


aggregations: st.SearchStrategy[q.Aggregation] = st.one_of(
    st.builds(
        q.TermsAgg,
        st.sampled_from(["status", "kind", "region", "industry", "authority"]),
        st.integers(1, 8),
        st.lists(st.sampled_from(["approved_on", "established_on", "loaded_at"]), max_size=2).map(tuple),
    ),
    st.builds(q.RangeAgg, st.just("capital_cny"), _spans(NUMBERS)),
    st.builds(q.RangeAgg, st.just("approved_on"), _spans(DAYS)),
    st.builds(q.DateHistogramAgg, _date_fields),
    st.just(q.SumAgg("capital_cny")),
)

_dimensions: st.SearchStrategy[q.By] = st.one_of(
    st.sampled_from(["status", "kind", "region", "industry", "authority"]).flatmap(
        lambda name: st.builds(q.KeyBy, st.just(name), st.lists(_key_values(name), min_size=1, max_size=4, unique=True))
    ),
    st.builds(q.DateBy, _date_fields, st.sampled_from(["year", "month"])),
)
cells: st.SearchStrategy[q.CellsAgg] = st.builds(
    q.CellsAgg,
    st.lists(_dimensions, max_size=2),
    st.sampled_from([(), ("capital_cny",)]),
    st.sampled_from(["", "capital_cny"]),
)
