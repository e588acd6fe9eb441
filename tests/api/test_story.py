"""One story of the fictional city over HTTP: from the notice of a plan to the repair, each step by what the one before
answers, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fixtures.layouts import LAW
from fixtures.trap_story import NAMES, OWNER

Get = Callable[..., Any]
Record = Mapping[str, Any]


def related(record: Record, kind: str) -> list[Record]:
    """The records of a kind that one belongs together with."""
    return [each for group in record["related"] if group["kind"] == kind for each in group["records"]]


def test_from_the_notice_of_a_plan_to_the_repair_and_back(get: Get) -> None:
    def one(record_id: str) -> Record:
        return get(f"records/{record_id}")  # type: ignore[no-any-return]

    (hit,) = get("records", kind="notice", q="示例餐饮单位双随机抽查计划")["hits"]
    notice = one(hit["record_id"])
    (plan_line,) = related(notice, "check_plan")
    plan = one(plan_line["record_id"])
    (task_line,) = related(plan, "check_task")
    task = one(task_line["record_id"])
    assert (task["drawn"], {each["name"] for each in related(task, "check_draw")}) == (3, set(NAMES))
    assert {each["name"] for each in related(task, "spot_check")} == set(NAMES)
    assert next(each["headline"] for each in related(task, "notice")).endswith("结果的公告")
    (drawn,) = [one(each["record_id"]) for each in related(task, "check_draw") if each["name"] == OWNER]
    (check,) = [one(each["record_id"]) for each in related(task, "spot_check") if each["name"] == OWNER]
    assert check["entity_id"] == drawn["entity_id"] == get("entities", q=OWNER)["hits"][0]["entity_id"]

    listing, penalty = (one(each["record_id"]) for each in check["possibly_led_to"])
    assert [(each["kind"], each["days"]) for each in check["possibly_led_to"]] == [("abnormal", 5), ("penalty", 40)]
    (power,) = [one(each["record_id"]) for each in penalty["powers"]]
    assert power["power_name"] == "对经营超过保质期示例食品的处罚"
    (article,) = [one(each["record_id"]) for each in penalty["articles"] if each["citation"] == f"{LAW}|54"]
    assert "五万元以上十万元以下罚款" in article["article_text"]
    (decision,) = [one(each["record_id"]) for each in penalty["texts"]]
    assert decision["text"].startswith(penalty["authority"])
    texts = [one(each["record_id"]) for each in listing["texts"]]
    assert [each.get("document_kind") or each["notice_kind"] for each in texts] == ["列入决定", "列入公告", "移出决定"]
    assert "信用修复" in texts[-1]["text"]
    assert listing["state"] == "listed"
    assert listing["document_ids"] == [texts[0]["record_id"], texts[2]["record_id"]]

    for text, of in ((decision, penalty), *((each, listing) for each in texts)):
        assert [each["record_id"] for each in text["text_of"]] == [of["record_id"]]
    assert penalty["record_id"] in {each["record_id"] for each in get("records", article=f"{LAW}|54")["hits"]}
    assert power["record_id"] in {each["record_id"] for each in get("records", article=f"{LAW}|54")["hits"]}
    for sequel in (listing, penalty):
        assert [each["record_id"] for each in sequel["possibly_after"]] == [check["record_id"]]
    for step in (check, drawn):
        assert [each["record_id"] for each in related(step, "check_task")] == [task["record_id"]]
    assert [each["record_id"] for each in related(task, "check_plan")] == [plan["record_id"]]
    assert [each["record_id"] for each in related(plan, "notice")] == [notice["record_id"]]


def test_a_listing_for_something_else_did_not_come_of_a_check(get: Get) -> None:
    entity = get("entities", q=NAMES[1])["hits"][0]
    assert (entity["counts"]["abnormal_now"], entity["counts"]["spot_check_found"]) == (1, 1)
    for record in get(f"entities/{entity['entity_id']}/records")["hits"]:
        whole = get(f"records/{record['record_id']}")
        assert not whole.get("possibly_led_to")
        assert not whole.get("possibly_after")
