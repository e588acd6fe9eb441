"""The facts of an entity: columns of `entities`, keys of the API, columns of exports, lines of the registration."""

from __future__ import annotations

from xincha.kinds.kind import Fact
from xincha.text.codes import FLAGS

FLAG_KEYS = dict(zip(FLAGS, ("separate", "annotated", "suspended", "closing"), strict=True))
"""By flag, what the names of its columns and index fields begin with."""


def _flag_facts(flag: str, key: str) -> tuple[Fact, ...]:
    """A flag, since when, until when, and why. It goes with the text of the state that it stood beside, and may be
    stated alone."""
    return (
        Fact(key, flag, "flag", "lake", follows="status_text", alone=True),
        Fact(f"{key}_since_on", f"{flag}起始日期", "date", "lake", follows="status_text", alone=True),
        Fact(f"{key}_until_on", f"{flag}截止日期", "date", "lake", follows="status_text", alone=True),
        Fact(f"{key}_basis", f"{flag}依据", "text", "lake", prose=True, follows="status_text", alone=True),
    )


FLAG_FACTS = {flag: _flag_facts(flag, key) for flag, key in FLAG_KEYS.items()}
"""The facts of each flag: whether it stands, its first and last day, and its basis. Of them `flags` is made."""


def _earlier(name: str, title: str, what: str, its_title: str) -> Fact:
    """What an entity was called, or where it was, by the published changes that say so."""
    return Fact(
        name,
        title,
        "lines",
        "data",
        derived=True,
        detail=True,
        doc="by published changes, newest first, at most 50",
        lines=(
            Fact(what, its_title),
            Fact("until_on", "变更日期", "date", doc="since then it is another"),
            Fact("record_id", "变更记录编号", "code"),
        ),
    )


STAYING_FLAGS = ("歇业中", "拟注销")
"""Flags that say, behind their last day, that they have ended, until the register says more; others are gone then."""

ENTITY = (
    Fact(
        "entity_id",
        "主体编号",
        "code",
        "data",
        required=True,
        doc="USCC; else R- and number; else N- and hash",
    ),
    Fact("name", "名称", required=True),
    Fact("name_key", "", "key", "lake", follows="name"),
    Fact(
        "name_note",
        "名称说明",
        derived=True,
        doc="of a name that by law is the code, in place of one that must not be used (企业名称登记管理规定 23)",
    ),
    Fact("uscc", "统一社会信用代码", "code", doc="GB 32100-2015"),
    Fact("reg_no", "注册号", "code"),
    Fact("org_code", "组织机构代码", "code", doc="GB 11714", detail=True),
    Fact("former_names", "曾用名", "list", doc="stated by the registration or by a published change"),
    _earlier("renamed", "曾用名称及日期", "name", "名称"),
    Fact("kind", "市场主体类型", label="主体类型"),
    Fact("enterprise_type", "企业类型", doc="as published"),
    Fact("status", "登记状态"),
    Fact("status_text", "登记状态（原文）", shown="data", follows="status"),
    Fact("status_on", "状态日期", "date", event=True, follows="status", doc="first day of that state"),
    *(fact for facts in FLAG_FACTS.values() for fact in facts),
    Fact(
        "flags",
        "特别状态",
        "lines",
        derived=True,
        doc="what stands beside the state of the register for a time",
        lines=(
            Fact("flag", "标记", doc=", ".join(FLAGS)),
            Fact("since_on", "起始日期", "date", doc="null: not known"),
            Fact("until_on", "截止日期", "date"),
            Fact("basis", "依据"),
            Fact("text", "说明", doc="what it says on the day of the answer"),
        ),
    ),
    Fact("legal_rep", "法定代表人", label="法定代表人或负责人", doc="or who is in charge, or the operator"),
    Fact("capital_cny", "注册资本（元）", "money", "data", follows="capital_text", doc="null in another currency"),
    Fact("capital_amount", "注册资本数额", "money", "data", follows="capital_text", doc="in capital_currency"),
    Fact("capital_currency", "注册资本币种", "text", "data", follows="capital_text", doc="ISO 4217"),
    Fact("capital_text", "注册资本（原文）"),
    Fact("established_on", "成立日期", "date", event=True),
    Fact("approved_on", "核准日期", "date", event=True),
    Fact("term_from_on", "营业期限自", "date", detail=True),
    Fact("term_to_on", "营业期限至", "date", end=True, detail=True, doc="9999-12-31: without end 长期"),
    Fact("region_code", "行政区划代码", "code", "data", follows="address", doc="GB/T 2260, the finest that is known"),
    Fact("region", "行政区划", derived=True, doc="names of province, city and district"),
    Fact("address", "住所", prose=True),
    _earlier("moved", "曾用住所及日期", "address", "住所"),
    Fact("industry_code", "行业代码", "code", "data", follows="industry_text", doc="GB/T 4754"),
    Fact("industry_text", "行业", shown="lake"),
    Fact("industry", "行业", derived=True),
    Fact("authority", "登记机关"),
    Fact("scope", "经营范围", prose=True, detail=True),
)
