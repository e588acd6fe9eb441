"""Full texts from files to answers: joined with their penalties, masked, and shown no day longer than those."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from indexer.quality import measure
from indexer.report import LoadReport
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.engine.query import Ids, Request
from xincha.errors import NotFound, UnreadableFile
from xincha.holds import Holds
from xincha.rules.window import written
from xincha.search.questions import RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.text import uscc

pytestmark = pytest.mark.slow

TODAY = today()
DECIDED, PUBLISHED = TODAY - timedelta(days=40), TODAY - timedelta(days=30)
OFFICE = "厦门市示例市场监督管理局"
STEM = "91350203YYY990001"
CODE = STEM + uscc.check_character(STEM)
NAME = "厦门示例全文食品有限公司"
PHONE = "13905921234"
REGISTER = f"企业名称,统一社会信用代码,登记状态,成立日期,住所\n{NAME},{CODE},存续,2010-01-05,厦门市思明区示例路1号\n"
PENALTIES = (
    "行政相对人名称,统一社会信用代码,行政处罚决定书文号,违法行为类型,处罚内容,罚款金额(万元),处罚决定日期,"
    "公示日期,处罚机关\n"
)


def decision(
    number: str,
    *,
    name: str = NAME,
    code: str = CODE,
    content: str = "罚款人民币6万元。",
    day: str = written(DECIDED),
    office: str = OFFICE,
    party: str = "",
) -> str:
    person = party or f"统一社会信用代码：{code}\n法定代表人：示全文"
    return (
        f"{office}\n行政处罚决定书\n{number}\n当事人：{name}\n{person}\n案由：涉嫌经营超过保质期的食品\n"
        f"{TODAY.year - 1}年5月6日，本局检查发现货架上有过期饼干，店员电话{PHONE}。\n"
        "依据《中华人民共和国食品安全法》第一百二十四条第一款第（五）项的规定，决定对当事人作出如下行政处罚：\n"
        f"{content}\n当事人应当自收到本决定书之日起十五日内缴纳罚款。\n{office}\n{day}\n"
    )


def penalty(number: str, *, name: str = NAME, code: str = CODE, fine: str = "6", office: str = OFFICE) -> str:
    return f"{name},{code},{number},过期食品,罚款,{fine},{DECIDED},{PUBLISHED},{office}\n"


def pdf(text: str) -> bytes:
    """A page of text in a Chinese font that is not in the file, as office programs write it."""
    lines = text.split("\n")
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    content = f"BT /F1 10 Tf 14 TL 40 800 Td {shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
        b"<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return b"%sxref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        made, size, table, size, len(made),
    )  # fmt: skip


def word(path: Path, text: str) -> None:
    book = docx.Document()
    for line in text.split("\n"):
        book.add_paragraph(line)
    book.save(str(path))


class Running:
    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder / "data", page=folder / "none", workers=1)
        self.files = folder / "files"
        self.files.mkdir()
        self.loads = 0
        self.load("register.csv", REGISTER)

    def load(self, *named: str | bytes) -> LoadReport:
        """Load files, given as name and content in turn."""
        self.loads += 1
        folder = self.files / str(self.loads)
        folder.mkdir()
        for name, content in zip(named[::2], named[1::2], strict=True):
            path = folder / str(name)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load([folder], self.settings)

    @contextmanager
    def asked(self) -> Iterator[TestClient]:
        """A client of what is published of the day."""
        with closing(open_engine(self.settings)) as engine:
            publish(self.settings, engine)
            with TestClient(create_app(self.settings, engine)) as client:
                yield client

    def records(self, **filters: str) -> list[Mapping[str, Any]]:
        with self.asked() as client:
            hits: list[Mapping[str, Any]] = client.get("/api/v1/records", params=filters).json()["hits"]
            return hits

    def one(self, record_id: str) -> Mapping[str, Any]:
        with self.asked() as client:
            answer: Mapping[str, Any] = client.get(f"/api/v1/records/{record_id}").json()
            return answer

    def documents(self) -> list[Mapping[str, Any]]:
        return self.records(kind="document")

    def penalties(self) -> list[Mapping[str, Any]]:
        return self.records(kind="penalty")


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return Running(tmp_path)


def test_a_text_and_its_summary_are_one_penalty_with_a_document(running: Running) -> None:
    report = running.load(
        "a.csv", PENALTIES + penalty("厦示市监罚〔2026〕1号"), "b.txt", decision("厦示市监罚[2026]第001号")
    )
    assert [(file.kind, file.kept, file.rejected) for file in report.files] == [("penalty", 1, 0), ("document", 1, 0)]
    (found,), (listed,) = running.documents(), running.penalties()
    assert (found["of_ids"], found["entity_id"]) == ([listed["record_id"]], CODE)
    assert (found["public_until"], found["rule"]) == (listed["public_until"], listed["rule"])
    assert (found["text"], found["sections"]) == (None, [])  # of lists
    whole = running.one(found["record_id"])
    assert PHONE not in str(whole)
    assert "［电话已隐去］" in whole["text"]
    assert whole["masks"] == ["电话 1 处"]
    assert [part["anchor"] for part in whole["sections"]][:3] == ["heading", "party", "case"]
    assert "\n".join(part["text"] for part in whole["sections"]) == whole["text"]
    assert running.one(listed["record_id"])["document_ids"] == [found["record_id"]]
    with running.asked() as client:
        assert (
            client.get(f"/api/v1/entities/{CODE}").json()["counts"] | {"penalty": 1, "document": 1}
            == (client.get(f"/api/v1/entities/{CODE}").json()["counts"])
        )
        assert client.get("/api/v1/records", params={"q": "过期饼干"}).json()["total"] == 1


@pytest.mark.parametrize("suffix", ["txt", "docx", "pdf", "html", "zip"])
def test_every_format_gives_the_same_text(running: Running, tmp_path: Path, suffix: str) -> None:
    text = decision("厦示市监罚〔2026〕2号")
    path = tmp_path / f"made.{suffix}"
    match suffix:
        case "docx":
            word(path, text)
        case "pdf":
            path.write_bytes(pdf(text))
        case "html":
            menu = "".join(f"<li>栏目{number}</li>" for number in range(40))
            lines = "".join(f"<p>{line}</p>" for line in text.split("\n"))
            path.write_text(
                f"<html><head><title>x</title><style>p{{}}</style></head><body>{menu}{lines}</body></html>", "utf-8"
            )
        case "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("决定/2.txt", text)
        case _:
            path.write_text(text, "gb18030")
    report = running.load(f"made.{suffix}", path.read_bytes())
    assert [(file.kind, file.kept) for file in report.files] == [("document", 1)]
    (found,) = running.documents()
    assert (found["doc_no"], found["authority"], found["decided_on"]) == (
        "厦示市监罚〔2026〕2号",
        OFFICE,
        DECIDED.isoformat(),
    )
    assert (found["entity_id"], found["legal_rep"]) == (CODE, "示全文")
    assert running.one(found["record_id"])["text"].replace("\n", "").startswith(f"{OFFICE}行政处罚决定书厦示市监罚")


def test_a_penalty_is_made_of_a_text_until_a_list_has_it(running: Running) -> None:
    running.load("b.txt", decision("厦示市监罚〔2026〕3号"))
    (made,) = running.penalties()
    assert (made["fine_cny"], made["penalty_types"], made["entity_id"]) == (60_000, ["罚款"], CODE)
    assert made["origin"]["file"] == "b.txt"
    assert running.documents()[0]["of_ids"] == [made["record_id"]]
    by_name = PENALTIES + penalty("厦示市监罚〔2026〕3号", code="", fine="7")
    report = running.load("a.csv", by_name)
    (listed,) = running.penalties()
    assert (listed["fine_cny"], listed["origin"]["file"]) == (70_000, "a.csv")
    assert running.documents()[0]["of_ids"] == [listed["record_id"]]
    assert [each.code for each in report.issues] == ["text_conflict"]
    (row,) = measure(Lake(running.settings.lake).snapshot().scan)
    assert (row.records, row.amount_conflicts) == (1, 1)
    running.load("again.csv", by_name.replace("罚款,7", "罚款,7.0"))
    assert len(running.penalties()) == 1


@pytest.mark.parametrize(
    "text",
    [
        decision("厦示市监罚〔2026〕4号", day=""),
        decision(""),
        decision("厦示市监罚〔2026〕4号").replace("作出如下行政处罚：\n罚款人民币6万元。\n", "依法处理。\n"),
        decision("厦示市监罚〔2026〕4号").replace(f"当事人：{NAME}\n统一社会信用代码：{CODE}\n", ""),
    ],
    ids=["no day", "no number", "no content", "no party"],
)
def test_no_penalty_is_made_where_something_is_missing(running: Running, text: str) -> None:
    report = running.load("b.txt", text)
    assert [(file.kind, file.kept, file.rejected) for file in report.files] == [("document", 1, 0)]
    assert running.penalties() == []


def test_the_same_number_of_another_office_is_another_decision(running: Running) -> None:
    other = "泉州市示例市场监督管理局"
    running.load("a.csv", PENALTIES + penalty("示罚〔2026〕5号", office=other), "b.txt", decision("示罚〔2026〕5号"))
    assert len(running.penalties()) == 2
    (found,) = running.documents()
    (own,) = (each for each in running.penalties() if each["authority"] == OFFICE)
    assert found["of_ids"] == [own["record_id"]]


def test_a_text_of_another_party_is_not_the_text_of_a_penalty(running: Running) -> None:
    another = "91350203YYY990002" + uscc.check_character("91350203YYY990002")
    row = penalty("厦示市监罚〔2026〕6号", name="厦门示例别家有限公司", code=another)
    running.load("a.csv", PENALTIES + row, "b.txt", decision("厦示市监罚〔2026〕6号"))
    found = {each["party_uscc"]: each["record_id"] for each in running.penalties()}
    assert running.documents()[0]["of_ids"] == [found[CODE]]


def shown(engine: Engine, day: date, record_id: str) -> bool:
    """Whether a document is shown on a day, by its own address and where its words are searched."""
    searcher = Searcher(engine, today=lambda: day)
    found = searcher.records.page(RecordSearch(q="过期饼干")).total > 0
    try:
        return bool(searcher.records.one(record_id)["text"]) and found
    except NotFound:
        assert not found
        return False


def test_a_text_is_shown_no_day_longer_than_its_penalty(running: Running) -> None:
    row = f"{NAME},{CODE},厦示市监罚〔2026〕7号,过期食品,罚款,6,{DECIDED},{PUBLISHED},{OFFICE},{TODAY}\n"
    running.load("a.csv", PENALTIES.replace("\n", ",公示截止期\n") + row, "b.txt", decision("厦示市监罚〔2026〕7号"))
    (found,) = running.documents()
    assert found["public_until"] == TODAY.isoformat()
    tomorrow = TODAY + timedelta(days=1)
    with closing(open_engine(running.settings)) as engine:
        assert shown(engine, TODAY, found["record_id"])
        assert not shown(engine, tomorrow, found["record_id"])  # the index is that of before
        publish(running.settings, engine, day=tomorrow)
        assert not shown(engine, TODAY, found["record_id"])


@pytest.mark.parametrize(
    ("title", "why"),
    [("列入经营异常名录决定书", "alone"), ("责令改正通知书", "alone"), ("不予行政处罚决定书", "no_penalty")],
)
def test_what_belongs_to_no_record_is_not_shown(running: Running, title: str, why: str) -> None:
    content = "本局决定对当事人不予行政处罚。" if "不予" in title else "列入"
    text = decision("厦示市监异列〔2026〕8号", content=content).replace("行政处罚决定书", title)
    assert running.load("b.txt", text).files[0].kept == 1, why
    assert running.documents() == []


def test_a_decision_on_a_list_is_shown_with_its_listing(running: Running) -> None:
    text = decision("厦示市监异列〔2026〕9号").replace("行政处罚决定书", "列入经营异常名录决定书")
    head = "企业名称,统一社会信用代码,列入原因,列入日期,作出列入决定机关,列入决定文号\n"
    listing = f"{head}{NAME},{CODE},未公示年报,{DECIDED},{OFFICE},厦示市监异列〔2026〕9号\n"
    running.load("a.csv", listing, "b.txt", text)
    (found,), (listed,) = running.documents(), running.records(kind="abnormal")
    assert (found["of_ids"], found["public_until"]) == ([listed["record_id"]], "9999-12-31")


def test_the_text_about_a_person_is_nowhere(running: Running) -> None:
    person = "性别：男，民族：汉族，住址：厦门市示例区示例路9号"
    running.load("b.txt", decision("厦示市监罚〔2026〕10号", name="示大明", party=person))
    (found,) = running.documents()
    assert found["party_name"] == "自然人（姓名不予显示）"
    assert running.one(found["record_id"])["text"] is None
    assert running.records(q="厦示市监罚〔2026〕10号") != []
    with running.asked() as client:
        for address in ("records", "export/records.ndjson", "export/records.csv"):
            answer = client.get(f"/api/v1/{address}").text
            assert "示大明" not in answer
            assert "示例路9号" not in answer
    stored = b"".join(path.read_bytes() for path in (running.settings.data / "index").rglob("*") if path.is_file())
    assert "示大明".encode() not in stored


def test_a_text_without_a_party_tells_of_nobody(running: Running) -> None:
    text = decision("厦示市监罚〔2026〕11号").replace(f"当事人：{NAME}\n统一社会信用代码：{CODE}\n", "示小明在场。\n")
    running.load("b.txt", text)
    (found,) = running.documents()
    whole = running.one(found["record_id"])
    assert (whole["text"], whole["content"], whole["sections"]) == (None, None, [])
    assert whole["doc_no"] == "厦示市监罚〔2026〕11号"


def test_a_document_of_a_held_record_is_held_too(running: Running) -> None:
    running.load("a.csv", PENALTIES + penalty("厦示市监罚〔2026〕12号"), "b.txt", decision("厦示市监罚〔2026〕12号"))
    (found,), (listed,) = running.documents(), running.penalties()
    with running.asked() as client:
        Holds(running.settings.holds_file).hold(listed["record_id"], "示例", None, TODAY)
        assert client.get(f"/api/v1/records/{found['record_id']}").status_code == 404
        assert client.get(f"/api/v1/entities/{CODE}").json()["counts"]["document"] == 0


def test_files_that_are_no_document_say_what_they_are(running: Running, tmp_path: Path) -> None:
    word(tmp_path / "contract.docx", "采购合同\n甲方：示例有限公司")
    contract = (tmp_path / "contract.docx").read_bytes()
    report = running.load(
        "a.csv", PENALTIES + penalty("厦示市监罚〔2026〕16号"), "contract.docx", contract, "x.pdf", b"%PDF-1.4 broken"
    )
    assert [file.kind for file in report.files] == ["penalty"]
    assert [each["file"] for each in report.skipped] == ["contract.docx", "x.pdf"]
    assert "没有文书标题" in report.skipped[0]["reason"]
    with pytest.raises(UnreadableFile, match="没有文书标题"):
        load([tmp_path / "contract.docx"], running.settings)
    report = running.load("b.csv", "决定书全文\n采购合同\n")
    assert [each.code for each in report.rejects] == ["no_title"]


def test_a_scan_keeps_what_is_known_of_the_file(running: Running) -> None:
    report = running.load("scan.pdf", pdf(""))
    assert [(file.kept, file.rejected) for file in report.files] == [(1, 0)]
    assert [each.code for each in report.issues] == ["no_text"]
    rows = Lake(running.settings.lake).snapshot().scan("documents").collect()
    assert rows.select("format", "pages", "text").rows() == [("PDF", 1, None)]
    assert running.documents() == []


@pytest.mark.parametrize("name", ["text.txt", "texts.csv"])
def test_a_number_that_a_line_end_broke_is_masked(running: Running, name: str) -> None:
    text = decision("厦示市监罚〔2026〕15号").replace("有过期饼干", "有过期饼干，身份证号码：3502991975\n03040004")
    if name.endswith("csv"):
        text = f'决定书全文\n"{text}"\n'
    running.load(name, text)
    (found,) = running.documents()
    whole = running.one(found["record_id"])
    assert "1975" not in whole["text"]
    assert whole["masks"] == ["身份证号 1 处", "电话 1 处"]


def test_a_text_file_that_is_a_table_stays_one(running: Running) -> None:
    rows = PENALTIES.replace(",", "\t") + penalty("厦示市监罚〔2026〕13号").replace(",", "\t")
    assert [file.kind for file in running.load("a.txt", rows).files] == ["penalty"]


def test_a_table_with_a_column_of_texts_is_read_too(running: Running, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["决定书文号", "决定书全文", "原文网址"])
        rows.writerow(["厦示市监罚〔2026〕14号", decision("厦示市监罚〔2026〕14号"), "https://example.gov.cn/14"])
    report = running.load("texts.csv", path.read_bytes())
    assert [(file.kind, file.kept) for file in report.files] == [("document", 1)]
    (found,) = running.documents()
    assert (found["source_url"], found["entity_id"]) == ("https://example.gov.cn/14", CODE)
    assert len(running.one(found["record_id"])["text"].split("\n")) > 8


def test_a_text_leaves_with_its_penalty_where_only_changes_are_published(running: Running) -> None:
    stems = [f"91350203YYY98{number:04d}" for number in range(60)]
    codes = [stem + uscc.check_character(stem) for stem in stems]
    running.load(
        "more.csv",
        REGISTER + "".join(f"厦门示例众{n}号有限公司,{each},存续,2010-01-05,\n" for n, each in enumerate(codes)),
    )
    others = "".join(penalty(f"厦示市监罚〔2026〕{100 + n}号", name="", code=each) for n, each in enumerate(codes))
    row = penalty("厦示市监罚〔2026〕17号")
    running.load("a.csv", PENALTIES + row + others, "b.txt", decision("厦示市监罚〔2026〕17号"))
    with closing(open_engine(running.settings)) as engine:
        publish(running.settings, engine)
        (found,) = Searcher(engine, today=lambda: TODAY).records.page(RecordSearch(kind=("document",))).hits
        running.load("repaired.csv", PENALTIES.replace("\n", ",是否修复\n") + row.replace("\n", ",是\n"))
        assert publish(running.settings, engine).mode == "changes"
        stored = engine.search("records", Request(Ids([found["record_id"]]), size=1)).hits
        assert stored == []
