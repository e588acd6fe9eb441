"""What a penalty rests on: the articles of its basis, and the powers of offices that it may have been imposed by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fixtures.layouts import LAW

Get = Callable[..., Any]


def test_a_penalty_leads_to_the_powers_of_the_article_that_was_imposed(get: Get) -> None:
    (penalty,) = get("records", kind="penalty", article=f"{LAW}|52")["hits"]
    whole = get(f"records/{penalty['record_id']}")
    assert [(each["name"], each["strength"], each["article"]) for each in whole["powers"]] == [
        ("对虚假示例宣传的处罚", "paragraph", f"{LAW}|52|1")
    ]
    assert [each["citation"] for each in whole["articles"]] == [f"{LAW}|30", f"{LAW}|52"]
    assert whole["articles"][1]["text"].startswith("违反本条例第三十条规定的")
    power = get(f"records/{whole['powers'][0]['record_id']}")
    assert (power["power_kind"], power["state"]) == ("行政处罚", "in_force")
    assert {each["citation"] for each in power["articles"]} == {f"{LAW}|30", f"{LAW}|52"}
    assert penalty["powers"] == []  # of lists
