"""Which source a header is recognised as, in every published spelling; and what is said of headers that fit none."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest

from indexer.canonical.batch import Batch, Memory
from indexer.findings import LINE, SOURCE_ROW
from indexer.headers import is_personal
from indexer.kinds import SOURCES
from indexer.recognise import known, recognise
from xincha.errors import MissingColumn, UnknownKind
from xincha.text.units import unit_of

GSXT_KINDS = {
    "经营异常名录": "abnormal",
    "严重违法失信": "serious",
    "抽查检查": "spot_check",
    "行政处罚": "penalty",
    "行政处罚(省级交换)": "penalty",
    "登记": "registration",
}
NO_COLUMN = {"busExcList", "列入记录ID", "pripid", "主体身份代码"}
"""Numbers of the publishing system: they say nothing about the record."""


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_spelling_of_the_national_publicity_system_is_known(shared: Path) -> None:
    for row in table(shared / "data/codes/gsxt_fields.csv"):
        for spelling in (row["field"], row["name_zh"]):
            if row["table"] in GSXT_KINDS and spelling not in NO_COLUMN:
                assert SOURCES[GSXT_KINDS[row["table"]]].column_of(spelling), spelling


@pytest.mark.parametrize("change", [str, str.lower, str.upper])
def test_all_thirty_fields_of_double_publicity_are_columns_or_personal(shared: Path, change: type[str]) -> None:
    rows = table(shared / "data/codes/double_publicity_penalty_fields.csv")
    for spelling in ("pinyin_code", "name_zh"):
        layout = recognise([change(row[spelling]) for row in rows], source_file="a.csv")
        assert (layout.kind, layout.unknown) == ("penalty", ())
        assert len(layout.columns) == 26
        assert len(layout.personal) == 4


def test_chinese_and_pinyin_names_of_a_field_are_one_column(shared: Path) -> None:
    for row in table(shared / "data/codes/double_publicity_penalty_fields.csv"):
        assert SOURCES["penalty"].column_of(row["pinyin_code"]) == SOURCES["penalty"].column_of(row["name_zh"])


def test_header_of_the_registry_is_a_registration(registry: Path) -> None:
    header = (registry / "xiamen.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    layout = recognise(header, source_file="xiamen.csv")
    assert (layout.kind, layout.unknown, layout.personal) == ("registration", (), ())


@pytest.mark.parametrize(
    ("cell", "column", "unit"),
    [
        ("行政相对人代码_1（统一社会信用代码）", "party_uscc", ""),
        ("行政相对人代码_1 (统一社会信用代码)", "party_uscc", ""),
        ("行政相对人代码＿１（统一社会信用代码）", "party_uscc", ""),
        ("行政相对人代码1", "party_uscc", ""),
        ("行政相对人代码_2 (组织机构代码)", "party_org_code", ""),
        ("行政相对人代码_3(工商登记码)", "party_reg_no", ""),
        ("行政相对人代码_4(税务登记号)", "party_tax_no", ""),
        ("*处罚决定日期", "decided_on", ""),
        ("处罚决定日期(必填)", "decided_on", ""),
        ("罚款金额（万元）", "fine", "万元"),
        ("罚款金额(元)", "fine", "元"),
        ("罚款金额（单位：元）", "fine", "元"),
        ("罚 款 金 额", "fine", ""),
        ("cf_nr_fk", "fine", "万元"),
        ("不存在的列", None, None),
    ],
)
def test_spellings_of_penalty_columns(cell: str, column: str | None, unit: str | None) -> None:
    assert SOURCES["penalty"].column_of(cell) == (column and (column, unit_of(unit or "")))


@pytest.mark.parametrize(
    "cell",
    [
        "★统一社会信用代码（18位）", "统一社会信用代码【必填】", "2、统一社会信用代码", "2.统一社会信用代码",
        "（2）统一社会信用代码", "②统一社会信用代码", "二、统一社会信用代码", "第2列：统一社会信用代码",
        "*统一社会信用代码", "※ 统一社会信用代码", "【必填】统一社会信用代码", "必填-统一社会信用代码",
        "统一社会信用代码\n（必填项）", "统一社会信用代码<br>", "\u200b统一社会信用代码\ufeff", "“统一社会信用代码”",
        "统一社会信用代码：", "《统一社会信用代码》", "统一社会信用代码*", "3、★统一社会信用代码（18位）【必填】",
        "B.统一社会信用代码", "统一社会信用代码（非必填）", "统一社会信用代码 选填", "〔统一社会信用代码〕（文本）",
    ],
)  # fmt: skip
def test_what_stands_around_a_head_does_not_count(cell: str) -> None:
    assert SOURCES["registration"].column_of(cell) == ("uscc", None)
    assert SOURCES["penalty"].column_of(cell) == ("party_uscc", None)


@pytest.mark.parametrize("cell", ["企业名称（英文）", "名称（曾用）", "企业名称（简称）", "企业名称（原）"])
def test_a_bracket_that_makes_a_head_another_one_counts(cell: str) -> None:
    assert SOURCES["registration"].column_of(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "法定代表人证件号码", "证件号码（自然人）", "CF_FR_ZJHM", "cf_xdr_zjhm", "CF_FR_ZJLX",
        "行政相对人代码_5(居民身份证号)", "行政相对人代码_5", "法定代表人（身份证号）", "联系电话", "经营者手机",
        "银行账号", "身份证号码", "家庭住址", "★行政相对人代码_5（必填）", "5、行政相对人代码_5", "2、性别",
        "【选填】住址",
    ],
)  # fmt: skip
def test_personal_columns_are_never_read(cell: str) -> None:
    assert is_personal(cell)
    header = ["行政相对人名称", "行政处罚决定书文号", "处罚内容", cell]
    layout = recognise(header, source_file="a.csv")
    assert layout.personal == (cell,)
    assert cell not in {name for names in layout.columns.values() for name in names}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("企业名称,统一社会信用代码,成立日期,经营范围", "registration"),
        ("uniscid,regState,canDate", "registration"),
        ("名称,法定代表人,注册资本(万元),登记机关", "registration"),
        (
            "name,code,registrationDay,character,legalRepresentative,capital,businessScope,province,city,address",
            "registration",
        ),
        ("企业名称,注册号,列入日期,列入经营异常名录原因,作出决定机关(列入)", "abnormal"),
        ("entName,uniscid,remDate,remExcpRes_CN,reDecOrg_CN", "abnormal"),
        ("个体工商户名称,统一社会信用代码,标记日期,标记原因", "abnormal"),
        ("entName,insAuth_CN,insType,insDate,insRes_CN", "spot_check"),
        ("检查对象,抽查任务名称,检查事项,检查结果", "spot_check"),
        ("当事人,决定书文号,处罚内容,处罚日期", "penalty"),
        ("entName,penDecNo,illegActType,penContent,penAuth_CN,penDecIssDate,publicDate", "penalty"),
        ("被处罚当事人名称,法定代表人,地址,违法事实,处罚依据", "penalty"),
    ],
)
def test_kinds_are_told_by_their_columns(header: str, kind: str) -> None:
    assert recognise(header.split(","), source_file="a.csv").kind == kind


def test_the_unit_of_a_header_is_kept() -> None:
    layout = recognise(["名称", "注册资本(万元)", "成立日期"], source_file="a.csv")
    assert layout.units == {"注册资本(万元)": unit_of("万元")}


def test_a_repeated_column_is_coalesced_and_a_repeated_authority_is_that_of_the_removal() -> None:
    layout = recognise(["企业名称", "名称", "成立日期"], source_file="a.csv")
    assert layout.columns["name"] == ("企业名称", "名称")
    header = ["企业名称", "列入原因", "列入日期", "作出决定机关", "移出原因", "移出日期", "作出决定机关#2"]
    layout = recognise(header, source_file="a.csv")
    assert (layout.columns["listed_by"], layout.columns["removed_by"]) == (("作出决定机关",), ("作出决定机关#2",))


def test_an_unknown_kind_lists_what_was_found_and_what_each_kind_needs() -> None:
    with pytest.raises(UnknownKind) as error:
        recognise(["型号", "价格", "企业名称"], source_file="b.csv")
    message = str(error.value)
    assert message.startswith("b.csv: ")
    assert "型号、价格、企业名称" in message
    for source in SOURCES.values():
        assert source.title in message
        assert source.kind in message


SHARED = ("entName", "uniscid", "abntime", "decOrg_CN", "remExcpRes_CN", "remDate", "reDecOrg_CN")
"""What GSXT calls the columns of both lists."""


@pytest.mark.parametrize(
    ("header", "file", "title", "kind"),
    [
        ((*SHARED, "serILLRea_CN"), "b.csv", "", "serious"),
        ((*SHARED, "speCause_CN"), "b.csv", "", "abnormal"),
        (SHARED, "b.csv", "", "abnormal"),
        (SHARED, "严重违法失信名单.csv", "", "serious"),
        (SHARED, "b.xlsx#黑名单", "", "serious"),
        (SHARED, "b.csv", "厦门市示例局严重违法失信企业名单", "serious"),
        (SHARED, "严重违法失信.zip/经营异常名录.csv", "", "abnormal"),
        (("企业名称", "列入原因", "列入日期"), "b.csv", "严重违法失信名单公示", "serious"),
        (("企业名称", "列入黑名单原因", "列入日期"), "b.csv", "", "serious"),
        (("企业名称", "列入原因", "列入日期"), "b.csv", "", "abnormal"),
        (("商事主体名称", "载入日期", "载入原因", "恢复记载日期"), "b.csv", "", "abnormal"),
        (("商事主体名称", "剔除日期", "剔除原因"), "b.csv", "", "name_removal"),
        (("商事主体名称", "除名日期", "除名事由"), "b.csv", "", "name_removal"),
        (("企业名称", "决定日期", "决定书文号"), "b.csv", "商事主体除名公告", "name_removal"),
        (("被剔除名称商事主体", "姓名", "限制起始日期", "限制截止日期"), "b.csv", "", "post_restriction"),
        (("商事主体名称", "负责人", "受限日期", "解除日期", "解除原因"), "b.csv", "", "post_restriction"),
    ],
)
def test_which_list_it_is_the_columns_say_or_the_file(
    header: tuple[str, ...], file: str, title: str, kind: str
) -> None:
    assert recognise(header, source_file=file, title=title).kind == kind


@pytest.mark.parametrize(
    ("header", "file", "title"),
    [
        (("失信被执行人姓名/名称", "列入日期", "执行法院"), "b.csv", ""),
        (("企业名称", "列入原因", "列入日期"), "失信被执行人名单.csv", ""),
        (("纳税人名称", "企业名称", "列入原因", "列入日期"), "b.csv", "税务非正常户公告"),
        (("单位名称", "列入原因", "列入日期"), "b.csv", "社会组织活动异常名录"),
    ],
)
def test_lists_of_courts_and_of_other_offices_are_none_of_these(header: tuple[str, ...], file: str, title: str) -> None:
    with pytest.raises(UnknownKind, match="尚不支持"):
        recognise(header, source_file=file, title=title)


def test_a_missing_key_column_is_named_with_its_spellings() -> None:
    with pytest.raises(MissingColumn) as error:
        recognise(["行政处罚决定书文号", "处罚内容", "处罚决定日期"], source_file="b.csv")
    message = str(error.value)
    assert message.startswith("b.csv: 识别为行政处罚(penalty),但缺少必需的列")
    assert "行政相对人名称" in message
    assert "统一社会信用代码" in message


def test_a_kind_that_is_said_is_not_guessed() -> None:
    assert recognise(["企业名称", "统一社会信用代码"], source_file="a.csv", kind="registration").kind == "registration"
    with pytest.raises(MissingColumn):
        recognise(["企业名称", "统一社会信用代码"], source_file="a.csv", kind="penalty")
    with pytest.raises(UnknownKind, match="registration, penalty, abnormal, check_draw, spot_check"):
        recognise(["企业名称"], source_file="a.csv", kind="unheard-of")


def test_rows_of_data_are_not_taken_for_headers() -> None:
    assert known(["示例甲公司", "91350200MA00000000", "2018-03-05", None]) == 0
    assert known(["企业名称", "企业名称", "成立日期", ""]) == 2


class Watched(Batch):
    """A batch that knows which of its columns were asked for."""

    asked: ClassVar[set[str]] = set()

    def text(self, name: str) -> pl.Series:
        self.asked.add(name)
        return super().text(name)


@pytest.mark.parametrize("kind", SOURCES)
def test_every_column_that_is_declared_is_read(kind: str) -> None:
    source = SOURCES[kind]
    header = [spellings[0] for spellings in source.columns.values()]
    layout = recognise(header, source_file="a.csv", kind=kind)
    assert layout.columns.keys() == source.columns.keys()
    places = {SOURCE_ROW: 1, LINE: 2}
    cells = dict.fromkeys(layout.columns, "1") | places
    frame = pl.DataFrame([cells], schema_overrides=dict.fromkeys(places, pl.Int64))
    Watched.asked.clear()
    source.read(Watched(frame, frame, layout, "a.csv", Memory()))
    assert source.columns.keys() - Watched.asked == set()


def test_declarations_hold_together() -> None:
    for source in SOURCES.values():
        named = {
            *source.marks,
            *source.seconds,
            *(name for group in source.required for name in group),
        }
        assert named <= {*source.columns}
        assert not any(is_personal(alias) for column in source.columns.values() for alias in column)
