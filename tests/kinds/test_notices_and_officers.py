"""Items that may be checked, officers, notices and changes: what is read of their tables, and what never is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from indexer.clean import clean
from indexer.recognise import recognise
from tests.kinds import double_random as of
from tests.kinds.double_random import Data, by_kind, data_in
from xincha.days import today
from xincha.kinds import KINDS
from xincha.rules.window import CAREFUL
from xincha.text import notices

Get = Callable[..., Any]
TODAY = today()
ITEM = "CheckType|CheckTypeName|CheckCode|CheckName|IsCheck|Problem"
AGENT = (
    "UnitName|DeptName|AgentName|AgentPosition|DeptCatg|AgentRangeName|LawNO|LawEndDate|GovLawNO|GovLawEndDate"
    "|CertificateDept|ExpertFlag|AgentState|LocCity|LocCounty|AgentNO|Mobile|BirthDay|AgentAge|AgentSex|StudyLevel"
    "|LocAddress|EmployeeNO"
)
SECRETS = (
    "35020319800203001X", "13905920001", "1980-02-03", "46岁", "女不读", "大学本科不读", "示例路九号不读", "GH不读0007",
    "科员不读",
)  # fmt: skip
NEXT_YEAR = TODAY + timedelta(days=400)


def agent(number: str, *, name: str = "示安", until: date = NEXT_YEAR, state: str = "在岗") -> str:
    identity, mobile, birth, age, sex, study, home, staff, post = SECRETS
    return (
        f"{of.OFFICE},示例科,{name},{post},执法岗,食品经营监督检查,{number},{until},,,示例发证局,0,{state},厦门,思明,"
        f"{identity},{mobile},{birth},{age},{sex},{study},{home},{staff}\n"
    )


NOTICES = (
    "公告标题,公告文号,发布日期,发布机关,公告内容,附件\n"
    f"关于{of.OFFICE}2026年度双随机抽查计划的公告,示告〔2026〕1号,2026-01-11,{of.OFFICE},抽查计划编号：{of.PLAN_NO}，现予公告。,抽查计划表.xlsx；事项清单.pdf\n"
    f"关于示例食品经营单位双随机抽查结果的公告,示告〔2026〕9号,2026-07-01,{of.OFFICE},抽查任务编号：{of.TASK_NO}。联系电话13905920002。,\n"
)
CHANGES = (
    "企业名称,统一社会信用代码,变更事项,变更前内容,变更后内容,变更日期\n"
    f"{of.NAME},{of.CODE},名称变更,厦门示例旧名食品有限公司,{of.NAME},2020-05-06\n"
    f"{of.NAME},{of.CODE},法定代表人变更,示旧人,示新人,2021-05-06\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    data = data_in(tmp_path_factory.mktemp("notices"))
    agents = f"{AGENT.replace('|', ',')}\n" + agent("示350201") + agent("示350202", name="示离", state="离岗")
    agents += agent("示350203", name="示过", until=TODAY - timedelta(days=1)) + f"{of.OFFICE}{',' * 22}\n"
    items = (
        "序号,抽查类别,抽查事项,检查对象,事项类别,检查方式,检查主体,检查依据,配合部门\n"
        f"1,登记事项检查,营业执照使用情况的检查,企业、个体工商户,一般,现场检查、网络监测,{of.OFFICE},《市场主体登记管理条例》,示例税务局\n"
        f"2,登记事项检查,住所（经营场所）的检查,企业,重点,现场检查,{of.OFFICE},《市场主体登记管理条例》,\n"
    )
    gsxt = f"entName,noticeFrom,noticeTo,regOrg\n{of.NAME},{TODAY - timedelta(days=3)},{TODAY},{of.OFFICE}\n"
    data.load(
        register=of.REGISTER, plan=of.PLAN, tasks=of.TASKS, checks=of.CHECKS, agents=agents, items=items,
        notices=NOTICES, gsxt=gsxt, changes=CHANGES,
    )  # fmt: skip
    data.publish()
    return data


@pytest.fixture(scope="module")
def get(data: Data) -> Iterator[Get]:
    with data.asked() as get:
        yield get


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (ITEM, "check_item"),
        ("序号|抽查项目|抽查事项|检查对象|事项类别|检查方式|检查主体|检查依据", "check_item"),
        (AGENT, "officer"),
        (
            "姓名|工作单位|科室|执法证号|执法类别|证件有效期至|状态|身份证号|手机|性别|年龄|出生日期|学历|住址|工号",
            "officer",
        ),
        ("序号|姓名|性别|单位|执法证件号|执法领域", "officer"),
        ("entName|noticeFrom|noticeTo|regOrg", "notice"),
        ("公告标题|公告文号|发布日期|发布机关|公告内容|附件", "notice"),
        ("entName|uniscid|altItem_CN|altBe|altAf|altDate", "change"),
        ("企业名称|统一社会信用代码|登记状态|成立日期|noticeFrom|noticeTo", "registration"),
        ("决定书文号|标题|正文|作出机关", "document"),
        ("被剔除名称商事主体|姓名|职务|限制开始日期|限制截止日期|作出任职限制决定机关", "post_restriction"),
    ],
)
def test_real_headers_are_recognised(header: str, kind: str) -> None:
    assert recognise(header.split("|"), source_file="a.csv").kind == kind


def test_nothing_of_officers_but_what_is_declared_gets_into_lake_or_index(data: Data) -> None:
    """The vendor's table has identity number, mobile, sex, age, birth, education, address and staff number."""
    [rejected] = [row for row in data.rows("rejects") if row["source_file"] == "agents.csv"]
    assert rejected["code"] == "no_key_fact"
    found = [path for path in data.settings.data.rglob("*") if path.is_file() and _holds(path, SECRETS)]
    assert found == []
    told = str([data.rows(table) for table in ("officers", "rejects", "issues", "changes")])
    assert not [secret for secret in SECRETS if secret in told]


def _holds(path: Path, secrets: tuple[str, ...]) -> bool:
    content = path.read_bytes()
    return any(secret.encode() in content for secret in secrets)


def test_no_other_column_is_read_where_a_row_is_rejected(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    data.load(
        agents="单位,执法证件号,执法领域,微信,籍贯\n示例局,,食品,wx不读,泉州不读\n示例局,示350209,食品,wx不读,泉州不读\n"
    )
    assert [row["certificate_no"] for row in data.rows("officers")] == ["示350209"]
    [rejected] = data.rows("rejects")
    assert rejected["raw"] == "示例局,,食品"


def test_an_identity_number_is_no_certificate(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    rows = "".join(
        f"{name},示例局,一科,{number},食品\n" for name, number in (("示甲", SECRETS[0]), ("示乙", "35020319810203002X"))
    )
    data.load(agents=f"姓名,单位,科室,执法证号,执法领域\n{rows}")
    found = data.rows("officers")
    assert [(row["name"], row["certificate_no"]) for row in sorted(found, key=lambda row: str(row["name"]))] == [
        ("示乙", None),
        ("示甲", None),
    ]
    assert {row["code"] for row in data.rows("issues")} == {"identity_as_code"}


def test_officers_are_shown_while_in_office_and_by_no_search_for_their_name(get: Get) -> None:
    page = get("records", kind="officer")
    assert [(hit["name"], hit["certificate_no"], hit["authority"]) for hit in page["hits"]] == [
        ("示安", "示350201", of.OFFICE)
    ]
    assert get("records", q="示350201")["total"] == 1
    assert get("records", q="食品经营监督检查", kind="officer")["total"] == 1
    assert get("records", q="示安")["total"] == 0
    assert get("records", q='"示安"')["total"] == 0
    assert "示离" not in get("export/records.csv", kind="officer")


def test_who_has_left_is_blanked_when_that_is_over(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    gone = TODAY - timedelta(days=100)
    data.load(agents=f"{AGENT.replace('|', ',')}\n" + agent("示350201") + agent("示350203", name="示过", until=gone))
    assert clean(data.settings).blanked == {"officer": 1}
    names = {row["certificate_no"]: row["name"] for row in data.rows("officers")}
    assert names == {"示350201": "示安", "示350203": None}


@pytest.mark.parametrize(
    ("post", "until", "withheld", "last"),
    [
        ("在岗", date(2026, 1, 2), "", date(2026, 1, 2)),
        ("1", None, "", date(9999, 12, 31)),
        ("离岗", date(2026, 1, 2), "withdrawn", None),
        ("2", None, "withdrawn", None),
        ("已调离", None, "withdrawn", None),
        (None, date(9999, 12, 31), "", date(9999, 12, 31)),
    ],
)
def test_who_has_left_is_not_shown(post: str | None, until: date | None, withheld: str, last: date | None) -> None:
    window = KINDS["officer"].window({"post": post, "valid_until_on": until}, CAREFUL)
    assert window.withheld == withheld
    if last:
        assert window.public_until == last


def test_items_say_what_may_be_checked_how_and_by_whom(data: Data, get: Get) -> None:
    first, second = sorted(data.rows("check_items"), key=lambda row: str(row["item_kind"]))
    assert (first["item_kind"], first["method"], first["partners"]) == (
        "一般检查事项", ["现场检查", "网络监测"], ["示例税务局"],
    )  # fmt: skip
    assert (second["item_kind"], second["objects"], second["lead"]) == ("重点检查事项", "企业", of.OFFICE)
    found = get("records", q="营业执照使用情况")["hits"]
    assert [hit["headline"] for hit in found] == ["登记事项检查：营业执照使用情况的检查（一般检查事项）"]
    assert {bucket["value"] for bucket in get("records", kind="check_item")["facets"]["category"]} == {
        "一般检查事项",
        "重点检查事项",
    }


def test_notices_lead_to_plan_task_and_results_and_back(get: Get) -> None:
    announced = {hit["notice_kind"]: hit for hit in get("records", kind="notice")["hits"]}
    assert set(announced) == {"计划公告", "结果公告", "简易注销公告"}
    plan_notice = get(f"records/{announced['计划公告']['record_id']}")
    assert plan_notice["attachments"] == ["抽查计划表.xlsx", "事项清单.pdf"]
    assert plan_notice["text"].startswith("抽查计划编号")
    assert announced["计划公告"]["text"] is None
    related = by_kind(plan_notice)
    plan = get(f"records/{related['check_plan']['records'][0]['record_id']}")
    task = get(f"records/{by_kind(plan)['check_task']['records'][0]['record_id']}")
    result = by_kind(task)["spot_check"]["records"][0]
    assert result["name"] == of.NAME
    check = get(f"records/{result['record_id']}")
    assert check["entity_id"] == of.CODE
    back = {kind: each["records"][0]["record_id"] for kind, each in by_kind(check).items()}
    assert back["check_plan"] == plan["record_id"]
    assert back["check_task"] == task["record_id"]
    assert back["notice"] == announced["结果公告"]["record_id"]
    assert "13905920002" not in str(get(f"records/{back['notice']}"))


def test_a_notice_of_a_company_stands_on_its_page_while_it_runs(get: Get) -> None:
    entity = get(f"entities/{of.CODE}")
    assert (entity["counts"]["notice"], entity["counts"]["notice_running"]) == (1, 1)
    assert "公告中 1 项" in entity["summary"]
    [notice] = get(f"entities/{of.CODE}/records", kind="notice")["hits"]
    assert (notice["state"], notice["notice_kind"]) == ("notice_running", "简易注销公告")
    window = KINDS["notice"].window({"from_on": date(2026, 9, 1), "to_on": date(2026, 11, 30)}, CAREFUL)
    assert (window.turns_on, window.next_state) == (date(2026, 12, 1), "notice_over")


def test_a_notice_of_a_listing_is_shown_as_long_as_the_listing(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    listed = TODAY - timedelta(days=100)
    listing = (
        "企业名称,统一社会信用代码,列入原因,列入日期,作出列入决定机关,列入决定书文号,移出日期\n"
        f"{of.NAME},{of.CODE},通过登记的住所或者经营场所无法联系的,{listed},{of.OFFICE},示列〔2026〕5号,{{}}\n"
    )
    notice = (
        "公告标题,公告文号,发布日期,发布机关,公告内容,企业名称,统一社会信用代码\n"
        f"列入经营异常名录公告,示列〔2026〕5号,{listed},{of.OFFICE},现予公告。,{of.NAME},{of.CODE}\n"
        f"列入经营异常名录公告,示列〔2026〕6号,{listed},{of.OFFICE},现予公告。,{of.NAME},{of.CODE}\n"
    )
    data.load(register=of.REGISTER, listing=listing.format(""), notice=notice)
    data.publish()
    with data.asked() as get:
        [shown] = get("records", kind="notice")["hits"]
        assert shown["doc_no"] == "示列〔2026〕5号"
        assert shown["of_ids"] == [get("records", kind="abnormal")["hits"][0]["record_id"]]
    data.load(listing2=listing.format(TODAY - timedelta(days=1)))
    data.publish()
    with data.asked() as get:
        assert get("records", kind="notice")["total"] == 0


def test_changes_stand_in_the_life_of_the_company_and_people_on_its_page_alone(data: Data, get: Get) -> None:
    timeline = get(f"entities/{of.CODE}/records", kind="change")["hits"]
    assert [hit["headline"] for hit in timeline] == [
        "法定代表人变更",
        f"名称变更：厦门示例旧名食品有限公司 → {of.NAME}",
    ]
    assert (timeline[0]["before_people"], timeline[0]["after_people"]) == ("示旧人", "示新人")
    assert (timeline[0]["before"], timeline[0]["changed_on"]) == (None, "2021-05-06")
    assert get("records", q="厦门示例旧名食品有限公司", kind="change")["total"] == 1
    assert get("records", q="示旧人")["total"] == 0
    assert "示旧人" not in str(get("records", kind="change")) + get("export/records.csv", kind="change")
    assert "示旧人" not in str(get(f"records/{timeline[0]['record_id']}"))


def test_figures_hold_back_few_people_and_not_few_companies(get: Get) -> None:
    shown = {row["year"]: row["suppressed"] for row in get("stats", of="change", by="year")["rows"]}
    assert shown == {2020: False, 2021: True}
    assert {row["suppressed"] for row in get("stats", of="officer", by="year")["rows"]} == {True}
    assert {row["suppressed"] for row in get("stats", of="check_task", by="year")["rows"]} == {False}


def test_days_of_the_national_system_are_milliseconds(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    data.load(
        changes=f"entName,uniscid,altItem_CN,altBe,altAf,altDate\n{of.NAME},{of.CODE},住所变更,甲路,乙路,1588694400000\n"
    )
    [change] = data.rows("alterations")
    assert (change["changed_on"], change["before"], change["after"]) == (date(2020, 5, 6), "甲路", "乙路")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于2026年度双随机抽查计划的公告", "计划公告"),
        ("2026年第一批双随机抽查结果公告", "结果公告"),
        ("关于将甲公司列入经营异常名录的公告", "列入公告"),
        ("关于将甲公司移出经营异常名录的公告", "移出公告"),
        ("拟强制注销公告", "拟强制注销公告"),
        ("关于拟对甲公司等实施强制注销的公告", "拟强制注销公告"),
        ("强制注销公告", "强制注销公告"),
        ("甲公司简易注销公告", "简易注销公告"),
        ("歇业公告", "歇业公告"),
        ("终止歇业公告", "终止歇业公告"),
        ("关于减少注册资本的公告", "减资公告"),
        ("清算组备案及债权人公告", "清算公告"),
        ("春节放假通知", None),
    ],
)
def test_a_title_tells_the_kind_of_a_notice(title: str, kind: str | None) -> None:
    assert notices.kind_of(title) == kind


@pytest.mark.parametrize(
    ("text", "plan", "task"),
    [
        ("抽查计划编号：34000020171000，任务编号 340000201709041000", "34000020171000", "340000201709041000"),
        ("计划（34000020171000）与计划（34000020171001）", None, None),
        ("计划2026年开展", None, None),
    ],
)
def test_the_numbers_in_a_text(text: str, plan: str | None, task: str | None) -> None:
    assert (notices.plan_in(text), notices.task_in(text)) == (plan, task)
