"""`xincha match --since`: of a list that was answered before, the rows that differ, and no others."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Environment, result, xincha
from xincha.errors import BadParameter
from xincha.lists.since import answers, differences

pytestmark = pytest.mark.slow


def test_only_what_differs_is_printed(loaded: Environment, tmp_path: Path) -> None:
    hits = result(loaded, "lookup", "有限公司", "--limit", "100")["hits"]
    names = [hit["name"] for hit in hits]
    first, second, third = [name for name in names if names.count(name) == 1][:3]
    listed = tmp_path / "list.csv"
    listed.write_text("\n".join(["供应商", first, second, second, "西宁无此示例铸造厂", ""]), "utf-8")
    old = tmp_path / "old.csv"
    result(loaded, "match", listed, "--out", old)
    assert result(loaded, "match", listed, "--since", old)["differences"] == []

    heads, *rows = list(csv.reader(old.read_text("utf-8-sig").splitlines()))
    status = heads.index("登记状态")
    rows[2][status] = "示例旧状态"
    rows[1][heads.index("得分")] = "0.5"
    with old.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    listed.write_text("\n".join(["供应商", third, first, second, second, ""]), "utf-8")
    told = result(loaded, "match", listed, "--since", old)["differences"]
    assert [(each["row"], each["change"], each["input"]) for each in told] == [
        (1, "new", {"供应商": third}),
        (4, "changed", {"供应商": second}),
        (4, "gone", {"供应商": "西宁无此示例铸造厂"}),
    ]
    assert list(told[1]["fields"]) == ["登记状态"]
    assert told[1]["fields"]["登记状态"][0] == "示例旧状态"
    said = xincha(loaded, "match", listed, "--since", old).stdout.splitlines()
    assert [line.partition(":")[0] for line in said] == ["1", "4", "4"]
    assert "登记状态 示例旧状态 → " in said[1]


def test_what_is_no_earlier_answer_is_said(tmp_path: Path) -> None:
    for content in (b"", b"name\n", b"\xff\xfe\x00", b"state,a\n1,2\n"):
        path = tmp_path / "old.csv"
        path.write_bytes(content)
        with pytest.raises(BadParameter, match=r"old\.csv"):
            answers(path)
    with pytest.raises(BadParameter, match="none"):
        answers(tmp_path / "none.csv")


def test_columns_that_one_of_two_programs_did_not_know_are_no_difference(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("名称,state,核对结果,登记状态,理由,候选主体,装载\n示例,matched,已匹配,存续,甲,,x\n", "utf-8")
    new.write_text("名称,state,核对结果,登记状态,新列,理由,候选主体,装载\n示例,matched,已匹配,注销,1,乙,,y\n", "utf-8")
    (told,) = differences(answers(old), answers(new))
    assert told.fields == {"登记状态": ("存续", "注销")}
