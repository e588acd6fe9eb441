"""Receipts 查询回执: what they say, that they can be checked by themselves, and when two of them are the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Get
from xincha.days import today
from xincha.errors import ReceiptUnreadable
from xincha.proof.notes import VerifyKey
from xincha.receipts import check
from xincha.receipts.form import code_of, digest_of, same_code
from xincha.receipts.make import rules_version

EXAMPLE = Path(__file__).parents[1] / "receipts" / "example.json"
"""The page's tests check the same one."""


def states(receipt: Mapping[str, Any], file: Path | None = None) -> dict[str, str]:
    return {each.name: each.state for each in check.findings(check.read(receipt), file)}


@pytest.fixture(scope="module")
def punished(get: Get) -> str:
    found: str = get("entities", has="penalty", kind="企业", page_size=1)["hits"][0]["entity_id"]
    return found


def test_of_a_company_it_holds_what_is_published_of_it_and_says_from_what(get: Get, punished: str) -> None:
    receipt = get(f"receipts/entities/{punished}")
    assert states(receipt) == {"answer": "holds", "code": "holds", "signature": "unknown"}
    assert receipt["question"] == {"of": "entity", "entity_id": punished}
    assert receipt["day"] == today().isoformat()
    company, timeline = get(f"entities/{punished}"), get(f"entities/{punished}/records", page_size=100)
    for name in ("name", "uscc", "status", "address"):
        assert receipt["answer"]["entity"].get(name) == company[name]
    answered = [(record["record_id"], record.get("state")) for record in receipt["answer"]["records"]]
    assert answered == [(record["record_id"], record.get("state")) for record in timeline["hits"]]
    assert receipt["answer"]["total"] == timeline["total"]
    about = get("about")
    assert receipt["data"]["content_until"] == about["as_of"]
    assert receipt["data"]["published_at"] == about["published_at"]
    assert receipt["rules"] == {"version": rules_version(), "publicity": "careful", "repaired": "hide"}
    assert receipt["log"] is None, "nothing is signed here"


def test_without_its_answer_it_is_short_and_has_the_same_code(get: Get, punished: str) -> None:
    whole, short = get(f"receipts/entities/{punished}"), get(f"receipts/entities/{punished}", answer="false")
    assert {**whole, "answer": None} == short
    assert states(short) == {"answer": "unknown", "code": "holds", "signature": "unknown"}


def test_of_a_past_day_it_is_about_that_day(get: Get, punished: str) -> None:
    company = get(f"entities/{punished}")
    receipt = get(f"receipts/entities/{punished}", as_of=company["established_on"])
    assert receipt["question"]["as_of"] == receipt["day"] == company["established_on"]
    assert "records" not in receipt["answer"]
    assert states(receipt)["answer"] == "holds"


def test_of_a_record_a_search_and_a_row(get: Get, client: TestClient) -> None:
    record = get("records", kind="penalty", page_size=1)["hits"][0]
    receipt = get(f"receipts/records/{record['record_id']}")
    assert receipt["answer"]["doc_no"] == record["doc_no"]
    search = get("receipts/entities", q="示例澜汀", status="存续", page_size=3)
    assert search["question"] == {"of": "entities", "q": "示例澜汀", "status": ["存续"], "page_size": 3}
    assert search["answer"]["total"] == get("entities", q="示例澜汀", status="存续")["total"]
    records = get("receipts/records", kind="penalty", page_size=2)
    assert len(records["answer"]["records"]) == 2
    rows = [{"name": search["answer"]["entities"][0]["name"], "note": "not asked"}, {"name": "查无此名公司"}, 7]
    answered = client.post("/api/v1/receipts/match", json={"rows": rows})
    assert answered.status_code == 200, answered.text
    matched, nobody, unusable = answered.json()["receipts"]
    assert matched["answer"]["state"] == "matched"
    assert matched["question"] == {"of": "match", "row": {"name": rows[0]["name"]}}  # type: ignore[index]
    assert nobody["answer"] == {"state": "none", "candidates": []}
    assert unusable["answer"]["error"]
    for each in (receipt, search, records, matched, nobody, unusable):
        assert states(each)["answer"] == states(each)["code"] == "holds"


@pytest.mark.parametrize("address", ["receipts/entities/N-nobody", "receipts/records/P-nothing"])
def test_of_what_is_not_there_it_is_404(client: TestClient, address: str) -> None:
    assert client.get(f"/api/v1/{address}").status_code == 404


def test_every_change_of_it_is_seen() -> None:
    example = json.loads(EXAMPLE.read_text("utf-8"))
    assert states(example) == {"answer": "holds", "code": "holds", "signature": "unknown"}
    fined = json.loads(EXAMPLE.read_text("utf-8"))
    fined["answer"]["records"][0]["fine_cny"] = 0
    assert states(fined)["answer"] == "fails"
    for changed in ({"day": "2026-11-26"}, {"sha256": "0" * 64}, {"question": {"of": "record"}}, {"code": "0000"}):
        assert states({**example, **changed})["code"] == "fails", changed


def test_the_signed_log_of_an_example_holds_and_no_other() -> None:
    """The page's tests check the same one."""
    signed = json.loads(EXAMPLE.with_name("signed.json").read_text("utf-8"))
    key = VerifyKey.parse("register.example.org+b5658812+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
    for changed, state in (({}, "holds"), ({"data": {**signed["data"], "records": "r-2"}}, "fails")):
        *_, found = check.findings(check.read({**signed, **changed}), key=key)
        assert found.state == state


def test_numbers_and_order_that_other_programs_write_otherwise_change_nothing() -> None:
    example = json.loads(EXAMPLE.read_text("utf-8"))
    answer = dict(reversed(example["answer"].items()))
    answer["entity"] |= {"capital_cny": 5_000_000}
    assert digest_of(answer) == example["sha256"]
    assert digest_of({"huge": 10**19}) == digest_of({"huge": 1e19})


def test_a_code_is_read_as_people_misread_it() -> None:
    code = code_of({"of": "entity"}, "0" * 64, "2026-11-27")
    assert same_code(code, code.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    assert not same_code(code, code[1:])


@pytest.mark.parametrize("given", [None, [], {}, {"receipt": "xincha-receipt/2"}, "text"])
def test_what_is_none_is_said_to_be_none(given: object) -> None:
    with pytest.raises(ReceiptUnreadable, match="no receipt"):
        check.read(given)


def test_a_file_is_the_one_that_was_written_or_not(tmp_path: Path) -> None:
    example = json.loads(EXAMPLE.read_text("utf-8"))
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of abc (FIPS 180-2)
    receipt = {**example, "form": "bytes", "sha256": sha256, "answer": None}
    (tmp_path / "abc").write_bytes(b"abc")
    (tmp_path / "abd").write_bytes(b"abd")
    assert states(receipt, tmp_path / "abc")["file"] == "holds"
    assert states(receipt, tmp_path / "abd")["file"] == "fails"
    assert states(receipt)["file"] == "unknown"
