"""What a check, a listing or a penalty is about, in the few words in which two of them may agree.

公示信息检查 is about annual reports, publicity and truth; 通过登记的住所无法联系 about where somebody is found. A text
that names nothing of this says nothing: it agrees with none, and contradicts none.
"""

from __future__ import annotations

import re

from xincha.text.codes import ABNORMAL_REASONS
from xincha.text.fold import fold

REPORT, PUBLICITY, TRUTH, PLACE, NAME = tuple(ABNORMAL_REASONS)
"""Subjects of listings are their reasons, by their codes."""

_LONGEST = 2000
_SUBJECTS = {
    REPORT: r"年报|年度报告|公示信息|信息公示",
    PUBLICITY: r"公示信息|信息公示|未.{0,20}公示|即时信息|责令.{0,20}公示",
    TRUTH: r"隐瞒.{0,6}真实|弄虚作假|公示信息|信息公示",
    PLACE: r"住所|经营场所|登记事项|无法.{0,20}联系|联系不上|失联|查无",
    NAME: r"(?:企业|主体)名称|名称(?:登记|使用|规范)",
    "登记": r"登记事项|营业执照|无照|未经登记|登记注册",
    "食品": r"食品|餐饮|食用农产品|食堂|食盐|乳粉",
    "药械": r"药品|药店|疫苗|医疗器械|化妆品",
    "设备": r"特种设备|电梯|锅炉|压力容器|气瓶|压力管道|起重",
    "质量": r"产品质量|工业产品|质量技术|生产许可|强制性产品|认证|检验检测|缺陷",
    "计量": r"计量|衡器|加油机|定量包装|标准",
    "价格": r"价格|标价|收费",
    "广告": r"广告|宣传",
    "交易": r"不正当竞争|网络交易|电子商务|直销|传销|合同|格式条款|消费者|拍卖|预付",
    "知识产权": r"商标|专利|地理标志|知识产权",
    "安全": r"安全生产|消防|危险化学品|烟花|燃气|矿山",
    "环境": r"环境|环保|排污|污染|危险废物|大气|噪声",
    "劳动": r"用工|劳动|社会保险|工资",
    "税务": r"发票|纳税|税收",
    "卫生": r"公共场所卫生|传染病|医疗机构|诊所|消毒",
    "建设": r"施工|工程质量|建筑市场|房地产|城镇排水",
    "交通": r"道路运输|客运|货运|驾培",
    "文化": r"出版|文化市场|娱乐场所|旅行社|演出",
    "公安": r"公安|治安|保安|旅馆业|印章",
    "配合": r"不予?配合|拒不配合|拒绝.{0,8}检查|阻碍|阻挠",
}  # fmt: skip
_PATTERNS = {subject: re.compile(pattern) for subject, pattern in _SUBJECTS.items()}
_OF_RESULTS = {
    "未报年报": (REPORT, PUBLICITY),
    "未公示信息": (PUBLICITY, REPORT),
    "信息虚假": (TRUTH,),
    "无法联系": (PLACE,),
    "不予配合": ("配合",),
    "违反食品药品规定": ("食品", "药械"),
    "违反质量技术规定": ("质量", "计量", "设备"),
    "违反公安规定": ("公安",),
}


def subjects(*texts: str | None) -> frozenset[str]:
    """What these texts are about; empty where they name nothing that is known."""
    said = " ".join(fold(text[:_LONGEST]) for text in texts if text)
    return frozenset(subject for subject, pattern in _PATTERNS.items() if pattern.search(said))


def subjects_of_result(code: str | None) -> frozenset[str]:
    """What a result of a check (of `codes.SPOT_CHECK_RESULTS`) is about by itself; empty where it does not say, as
    发现问题待后续处理."""
    return frozenset(_OF_RESULTS.get(code or "", ()))
