"""Official lists and the many wordings that mean their members: states, kinds, reasons, results, types of penalty.

Each function takes a text as published and gives the member of one list, or `None` where no member is meant for
certain; the text as published is kept beside it by the callers. Members are short Chinese words, so that a facet can be
read as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xincha.text.fold import fold


def _read(text: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str | None:
    return next((member for pattern, member in table if pattern.search(text)), None)


def _compiled(*rows: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), member) for pattern, member in rows)


STATUSES = (
    "存续", "吊销未注销", "吊销已注销", "责令关闭", "注销", "强制注销", "撤销", "撤销设立登记", "迁出", "歇业",
    "名称剔除", "除名", "其他",
)  # fmt: skip
"""Registration states 登记状态. 名称剔除 (Xiamen: the name is gone) and 除名 (Shenzhen: the entity goes on, and must
liquidate) are two regimes; 强制注销 is done by the office, and may be undone within three years (公司法 241)."""

IN_BUSINESS = "存续"
ENDED = ("吊销已注销", "吊销未注销", "责令关闭", "注销", "强制注销", "撤销", "撤销设立登记", "名称剔除")
"""States in which an entity does no business any more, and will not here again. Who has moved away 迁出 goes on."""

_STATUS_CODES = {
    "1": "存续", "2": "吊销未注销", "3": "吊销已注销", "4": "注销", "5": "撤销", "6": "迁出", "9": "其他",
    "k": "存续", "a": "存续", "b": "存续", "x": "存续", "q": "存续", "z": "歇业", "d": "吊销未注销", "da": "吊销未注销",
    "c": "撤销", "xx": "注销", "dx": "吊销已注销", "qx": "迁出",
}  # fmt: skip
"""National codes (one digit) and those of provincial systems (letters)."""

_STATUS_WORDS = _compiled(
    (r"剔除", "名称剔除"),
    (r"除名", "除名"),
    (r"责令关闭.{0,4}[已后]注销", "注销"),
    (r"责令关闭", "责令关闭"),
    (r"强制注销", "强制注销"),
    (r"撤[销消]设立|设立登记.{0,4}撤[销消]", "撤销设立登记"),
    (r"撤[销消].{0,4}未注销", "撤销"),
    (r"吊销.{0,4}(?:未注销|尚未注销)|未注销", "吊销未注销"),
    (r"吊销.{0,4}(?:已|后|并)?.{0,2}注销", "吊销已注销"),
    (r"吊销", "吊销未注销"),
    (r"(?:注销|迁出|迁移|变更|备案|撤[销消])(?:登记)?中|(?:拟|申请|正在|办理|简易)注销|注销(?:备案|公告|公示)", "存续"),
    (r"撤[销消]", "撤销"),
    (r"注销", "注销"),
    (r"迁出|迁往|移出本", "迁出"),
    (r"终止歇业|歇业.{0,2}(?:终止|期满|届满|结束)|恢复(?:经营|营业)", "存续"),
    (r"歇业", "歇业"),
    (r"存续|在营|开业|在册|在业|正常|续存|营业|登记成立|已成立|迁入|确立", "存续"),
    (r"其他|其它|清算|停业|筹建|筹备|解散|破产|终止|关闭", "其他"),
)


FLAGS = ("另册管理", "特别标注", "歇业中", "拟注销")
"""What stands beside the state of an entity for a time (注册资本登记管理制度的规定 articles 6 and 7,
市场主体登记管理条例 article 30, 公司法 article 241); none of it is a state."""

_FORCED = r"拟(?:被|依法|依职权)?强制注销(?:登记)?(?:公告|公示)?[中期]?|强制注销(?:登记)?(?:公告|公示)[中期]?"
_FLAG_WORDS = _compiled(
    (r"另册", "另册管理"),
    (r"特别标注", "特别标注"),
    (r"(?<!终止)歇业(?!.{0,2}(?:终止|期满|届满|结束))", "歇业中"),
    (rf"{_FORCED}|拟注销|简易注销(?:登记)?(?:公告|公示)", "拟注销"),
)
_BESIDE = re.compile(rf"(?:已|被)?(?:列入|移入|纳入)?另册(?:管理)?|特别标注|{_FORCED}")
"""Flags that may stand in the text of a state, beside it."""


def status(text: str) -> str | None:
    """The registration state that a wording or code means: `存续（在营、开业、在册）`, `吊销，未注销`, `XX`, …

    What is under way is not done: 注销中 and 迁出中 are 存续. 吊销 by itself is 吊销未注销. Of who is about to be
    deregistered by force (拟强制注销) that alone does not say the state.
    """
    folded = fold(text)
    stated = _BESIDE.sub("", folded)
    found = _STATUS_CODES.get(folded) or _read(stated, _STATUS_WORDS)
    return found or ("其他" if stated != folded else None)


def status_flags(text: str) -> list[str]:
    """The flags that the text of a state names: 存续（另册管理）."""
    folded = fold(text)
    return [flag for pattern, flag in _FLAG_WORDS if pattern.search(folded)]


KINDS = ("企业", "个体工商户", "农民专业合作社", "分支机构", "外国企业常驻代表机构", "其他")
"""Kinds of entity 市场主体类型."""

_BRANCH = (
    r"分公司|支公司|分支机构|办事机构|办事处|分行|支行|分理处|分店|支店|分厂|分社|分院|分所|分部|分校|储蓄所|营业所"
)
_TYPE_CODES = _compiled(
    (r"^95\d\d$", "个体工商户"),
    (r"^91\d\d$", "农民专业合作社"),
    (r"^72\d\d$", "外国企业常驻代表机构"),
    (r"^(?:0[23]|2\d|4[1-4]|58|68|69|71|74|75|92)\d\d$|^45[5-8]\d$", "分支机构"),
    (r"^(?:01|05|1\d|3\d|4[5-8]|5[0-4]|6[0-4]|80)\d\d$", "企业"),
    (r"^(?:73|90)\d\d$", "其他"),
)
_TYPE_WORDS = _compiled(
    (r"代表机构|代表处", "外国企业常驻代表机构"),
    (rf"{_BRANCH}|营业单位|经营单位|(?:事业单位|社团法人)营业|分支", "分支机构"),
    (r"个体|个人经营|家庭经营", "个体工商户"),
    (r"^外国.{0,6}企业(?:$|在)", "其他"),
    (r"农民专业合作|专业合作社|农民合作社", "农民专业合作社"),
    (
        r"公司|企业|合伙|独资|所有制|股份|联营|合资|合作|全民|集体|国有|私营|内资|外资|外商|港.?澳|法人|集团|互助社|来料加工",
        "企业",
    ),
    (r"其他|其它|从事经营活动|从事生产经营|承包", "其他"),
)
_NAME_ENDS = _compiled(
    (r"代表处$|代表机构$", "外国企业常驻代表机构"),
    (rf"(?:{_BRANCH})$", "分支机构"),
    (r"农民专业合作社(?:联合社)?$|专业合作社$", "农民专业合作社"),
    (r"公司$|企业$|厂$|集团$|[(]有限合伙[)]$|[(]普通合伙[)]$|事务所$", "企业"),
)
_CATEGORIES = {"92": "个体工商户", "93": "农民专业合作社"}
_ASIDE = re.compile(r"(?<!合伙)\([^()]*(?<!合伙)\)$")


def kind(enterprise_type: str | None, uscc: str | None, name: str | None) -> str:
    """The kind of an entity by its type (wording or code of CA16), else by its code, else by how its name ends."""
    stated = fold(enterprise_type)
    if stated and (found := _read(stated, _TYPE_CODES if stated.isdigit() else _TYPE_WORDS)):
        return found
    category = (uscc or "")[:2]
    by_name = _read(_ASIDE.sub("", fold(name)), _NAME_ENDS)
    if category in _CATEGORIES:
        return "分支机构" if category == "93" and by_name == "分支机构" else _CATEGORIES[category]
    if category and category not in ("91", "99"):
        return "其他"
    return by_name or ("企业" if category == "91" else "其他")


ABNORMAL_REASONS: Mapping[str, str] = {
    "未报年报": "未按照规定的期限报送、公示年度报告",
    "未公示信息": "未在责令的期限内公示有关企业信息",
    "信息虚假": "公示信息隐瞒真实情况、弄虚作假",
    "无法联系": "通过登记的住所或者经营场所无法取得联系",
    "名称未改": "未按照规定变更应当停止使用的名称",
}
"""Why an entity is listed (企业信息公示暂行条例 article 17; 企业名称登记管理规定 article 23) or an individual business
marked."""

_REASON_WORDS = _compiled(
    (
        r"(?:未|拒不|逾期).{0,24}(?:变更|更改|改正|停止使用).{0,12}(?:名称|字号)|(?:名称|字号).{0,30}(?:未|拒不|逾期).{0,16}(?:变更|更改|改正|停止使用)"
        r"|(?:未|拒不|逾期).{0,16}(?:名称|字号).{0,4}(?:变更|更改)|名称登记管理规定",
        "名称未改",
    ),
    (r"无法.{0,30}联系|联系不上|失联|查无", "无法联系"),
    (r"隐瞒|弄虚作假|虚假|不实", "信息虚假"),
    (r"责令的期限|责令.{0,12}公示|第十条", "未公示信息"),
    (r"年度?报告?|年检|第八条", "未报年报"),
    (r"未.{0,20}公示.{0,10}信息", "未公示信息"),
)


def abnormal_reason(text: str) -> str | None:
    """The reason for which an entity was listed or marked, of `ABNORMAL_REASONS`; for all kinds of entity."""
    return _read(fold(text), _REASON_WORDS)


SPOT_CHECK_RESULTS: Mapping[str, tuple[str, bool | None]] = {
    "未发现问题": ("未发现问题", False),
    "未开展经营": ("未发现开展本次抽查涉及的经营活动", False),
    "未报年报": ("未按规定公示年度报告", True),
    "未公示信息": ("未按规定公示应当公示的信息", True),
    "信息虚假": ("公示信息隐瞒真实情况、弄虚作假", True),
    "无法联系": ("通过登记的住所（经营场所）无法联系", True),
    "不予配合": ("不予配合检查情节严重", True),
    "责令改正": ("发现问题已责令改正", True),
    "待后续处理": ("发现问题待后续处理", True),
    "违反市场监管规定": ("违反其他工商行政管理规定行为", True),
    "违反食品药品规定": ("违反食品药品管理相关规定", True),
    "违反质量技术规定": ("违反质量技术监督相关规定", True),
    "违反公安规定": ("违反公安部门相关规定", True),
    "违反其他规定": ("违反其他部门相关规定", True),
    "不合格": ("抽检不合格", True),
    "停业清算": ("已关闭停业或正在组织清算", None),
    "注销": ("注销", None),
    "吊销": ("被吊销营业执照", None),
    "撤销": ("被撤销登记", None),
    "迁出": ("迁出", None),
}
"""Results of spot checks 抽查结果, both generations of the list: code → text, and whether something was found.

`None`: the result tells of the entity's state and not of what was checked.
"""

_RESULT_CODES = {
    "1": "未发现问题", "a": "待后续处理", "b": "未公示信息", "c": "信息虚假", "e": "责令改正", "f": "未开展经营",
    "d": "违反市场监管规定", "g": "违反公安规定", "11": "撤销", "12": "迁出",
}  # fmt: skip
"""Only codes that mean the same in all vocabularies that have them (`xincha.text.check_codes`)."""

_RESULT_WORDS = _compiled(
    (r"未发现开展|未开展", "未开展经营"),
    (r"(?<!未发现)(?<!未检出)(?<!无)不(?:合格|符合.{0,12}(?:标准|要求))", "不合格"),
    (r"未(?:发现|见)(?:问题|异常|违法|违规)|无问题|^正常|符合.{0,12}规定$|^合格$|^无异常$|^符合$|^通过$", "未发现问题"),
    (r"无法.{0,20}联系|联系不上|查无", "无法联系"),
    (r"隐瞒|弄虚作假", "信息虚假"),
    (r"不予?配合|拒不配合|拒绝", "不予配合"),
    (r"未.{0,10}公示.{0,6}年度?报告?", "未报年报"),
    (r"未.{0,10}公示.{0,12}信息", "未公示信息"),
    (r"责令.{0,4}改正|已改正|限期整改|责令整改|已整改", "责令改正"),
    (r"待后续处理|后续处理|立案|移送|待处理", "待后续处理"),
    (r"食品|药品", "违反食品药品规定"),
    (r"质量技术", "违反质量技术规定"),
    (r"违反.{0,4}公安", "违反公安规定"),
    (r"违反.{0,4}(?:工商|市场)", "违反市场监管规定"),
    (r"违反.{0,10}规定", "违反其他规定"),
    (r"停业|清算|关闭", "停业清算"),
    (r"吊销", "吊销"),
    (r"撤销", "撤销"),
    (r"注销", "注销"),
    (r"迁出|迁移", "迁出"),
)


def spot_check_result(text: str) -> str | None:
    """The result of a check that a wording means, of `SPOT_CHECK_RESULTS`; one result, not several."""
    folded = fold(text)
    return _RESULT_CODES.get(folded) or _read(folded, _RESULT_WORDS)


_PENALTY_WORDS = _compiled(
    (r"警告", "警告"),
    (r"通报批评", "通报批评"),
    (r"罚款|罚金", "罚款"),
    (r"没收.{0,6}(?:违法|非法)所得|没收(?:违法|非法)收入|^没收$|(?<=[,;.])没收$", "没收违法所得"),
    (
        r"没收[^;.,]{0,10}(?:财物|物品|产品|工具|商品|货物|设备|原料)|没收(?:违法|非法)所得.{0,2}非法财物",
        "没收非法财物",
    ),
    (r"暂扣", "暂扣许可证件"),
    (r"降低.{0,4}资[质格]", "降低资质等级"),
    (r"吊销|撤销许可|撤销.{0,4}许可证", "吊销许可证件"),
    (r"限制开展|限制生产经营", "限制开展生产经营活动"),
    (r"停产|停业|停止(?:生产|营业|经营)", "责令停产停业"),
    (r"责令关闭", "责令关闭"),
    (r"限制从业|禁止从业|禁业|行业禁入|市场禁入", "限制从业"),
    (r"行政拘留|拘留", "行政拘留"),
    (r"其他|其它", "其他行政处罚"),
)
PENALTY_TYPES = tuple(member for _, member in _PENALTY_WORDS)
"""Types of penalty 处罚类别: 行政处罚法 (2021) article 9, in its order."""

_NONE_IMPOSED = re.compile(r"(?:不予|免予|免于|不|未)(?:行政)?处罚|(?:不予|免予|免于|免除|减免)(?:罚款|警告)")


def penalty_types(text: str) -> list[str]:
    """The types of penalty that a text names, in the order of the law; empty where it names none.

    责令改正 is no penalty (行政处罚法 article 28). A category of older lists names several
    (没收违法所得、没收非法财物; 暂扣或者吊销许可证): all of them, since the text does not say which.
    """
    folded = _NONE_IMPOSED.sub("", fold(text))
    return [member for pattern, member in _PENALTY_WORDS if pattern.search(folded)]


ON_THE_SPOT, ORDINARY = "简易程序", "普通程序"
"""Procedures of a penalty: 行政处罚法 (2021) chapter 5, sections 2 and 3."""

_PROCEDURE_CODES = {"1": ON_THE_SPOT, "01": ON_THE_SPOT, "2": ORDINARY, "02": ORDINARY}
_PROCEDURE_WORDS = _compiled((r"普通|一般|听证|快速办理|非.{0,2}(?:简易|当场)", ORDINARY), (r"简易|当场", ON_THE_SPOT))


def procedure(text: str) -> str | None:
    """The procedure by which a penalty was decided: `01`, 一般程序, 当场处罚, 简易程序转普通程序, …

    一般程序 is what the law called 普通程序 before 2021; hearings 听证 and quick handling 快速办理 are parts of it.
    """
    folded = fold(text)
    return _PROCEDURE_CODES.get(folded) or _read(folded, _PROCEDURE_WORDS)
