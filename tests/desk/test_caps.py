"""The caps of a plan: a county whose own table leaves room or none, told before the plan is sent, refused by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from enforce.desk.commands import approve, draw
from enforce.desk.run.handover import annual_books
from enforce.desk.year import Year, open_year
from enforce.words.problems import InputError
from enforce.words.terms import Cause
from tests.bureaus import bare_project, write_county

pytestmark = pytest.mark.slow

CHECKS = ["cap_table", "unit_caps", "entry_gap", "merge_savings", "caps_leave_room"]
CAPS = """D01:
  title: 云溪县上限
  scope: {place: 湖南省岳阳市云溪县}
  sector: safety
  effective_from: "2024-01-01"
  status: local
  class_column: ""
  over: all
  limits: [{class: 各家, grade: any, cap: %s}]
  counts: {%s}
  source: {title: 某公告}
  checked_on: "2026-11-29"
"""
COUNTS = ", ".join(f"{cause}: {'exempt' if cause == Cause.COMPLAINT else 'counts'}" for cause in Cause)


@pytest.fixture
def county(tmp_path: Path):
    """Return an opener of the county with a cap for each firm and lines more in its plan."""
    plan = write_county(bare_project(tmp_path))

    def opened(cap: object = 2, *lines: str, caps: str = CAPS, **files: str) -> Year:
        (tmp_path / "params/rules/caps-云溪.yaml").write_text(caps % (cap, COUNTS), encoding="utf-8")
        text = plan.read_text(encoding="utf-8").partition("cap_table")[0]
        plan.write_text("\n".join([text, "cap_table: D01", *lines, ""]), encoding="utf-8")
        for name, content in files.items():
            (tmp_path / f"data/yunxi-2025/{name}.csv").write_text(content, encoding="utf-8")
        return open_year(plan)

    return opened


def told(year: Year) -> pd.DataFrame:
    table = year.findings
    return table[table["check"].isin(CHECKS)].reset_index(drop=True)


def file_of(year: Year) -> Path:
    return year.plan.path


def test_what_is_not_chosen_is_an_assumption_and_judged_as_nothing(year):
    rows = year.assumptions.set_index("rule").loc[["cap_table", "min_gap_days"]]
    assert rows["value"].isna().all()
    assert rows["note"].str.contains("不当作零").all()
    assert set(told(year)["check"]) <= {"merge_savings"}
    assert year.burden.judged.empty


def test_units_over_their_cap_are_told_once_with_the_first_ten_named(county):
    year = county(1, elsewhere=elsewhere_of(county(1), range(12)))
    visits = year.burden.visits["unit_id"].value_counts()
    over = int((visits > 1).sum())
    (finding,) = told(year).query("check == 'unit_caps'").to_dict("records")
    assert over > 10
    assert (finding["severity"], finding["figure"]) == ("error", f"{over} 家")
    assert finding["message"].endswith(f"等 {over} 家")
    assert finding["message"].count("试用企业") == 10
    assert "入企 2 次（2 家次），上限 1 次" in finding["limit"]


def elsewhere_of(year: Year, places, counts: str = "是", day: str = "2025-05-12") -> str:
    rows = [f"{year.units['unit_id'][n]},市局,{day},{counts}" for n in places]
    return "\n".join(["代码,哪个单位,日期或月份,计不计入", *rows, ""])


def test_visits_elsewhere_that_say_nothing_make_a_note_and_no_error(county):
    year = county(1, elsewhere=elsewhere_of(county(1), (1, 2), counts="", day="5月"))
    (finding,) = told(year).query("check == 'unit_caps' and severity == 'note'").to_dict("records")
    assert finding["figure"] == "2 家"


def test_caps_that_leave_no_room_are_an_error_with_lines_missing_visits_and_units(county):
    year = county(1)
    table = told(year).query("check == 'caps_leave_room'")
    missing = sum(shortfall.missing_visits for shortfall in year.burden.shortfalls)
    assert missing == 150 - 120  # each of the 120 units once
    assert table["severity"].unique().tolist() == ["error"]
    assert f"差 {missing} 家次" in "；".join(table["figure"])
    assert table["message"].str.contains("试用企业").all()
    assert told(county(2)).query("check == 'caps_leave_room'").empty


def test_a_cap_already_used_up_elsewhere_leaves_no_room(county):
    year = county(
        2,
        elsewhere=elsewhere_of(county(2), range(40))
        + elsewhere_of(county(2), range(40), day="2025-06-12").partition("\n")[2],
    )
    (shortfall,) = year.burden.shortfalls
    assert "A1" in shortfall.task_ids
    assert shortfall.missing_visits >= 40
    assert shortfall.merged_missing >= 40


def test_a_draw_and_an_approval_are_refused_with_the_units_and_nothing_is_written(county):
    plan = file_of(county(1))
    before = sorted(plan.parents[1].rglob("*"))
    event = {"date": "2025-04-01", "kind": "掷骰子", "place": "大厅", "event_date": "2025-04-08"}
    for act in (lambda: draw.commit(plan, "A3", **event), lambda: approve.approve(plan)):
        with pytest.raises(InputError, match=r"还差 \d+ 家次") as caught:
            act()
        assert "试用企业" in str(caught.value)
    assert sorted(plan.parents[1].rglob("*")) == before


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("湖南省岳阳市云溪县}", "湖南省岳阳市}", ""),
        ("湖南省岳阳市云溪县", "山西省", "不适用于本地"),
        ('"2024-01-01"', '"2025-06-01"', "还没有起用"),
        ('"2024-01-01"', '"2023-01-01"\n  effective_to: "2024-06-01"', "已经失效"),
        ("sector: safety", "sector: other", "别的领域"),
    ],
)
def test_a_table_that_does_not_act_is_told_and_judges_nothing(county, old, new, word):
    assert old in CAPS
    year = county(1, caps=CAPS.replace(old, new))
    errors = told(year).query("check == 'cap_table' and severity == 'error'")
    assert [word in message for message in errors["message"]] == [True] * bool(word)
    assert year.burden.judged.empty == bool(word)
    assert bool(year.burden.shortfalls) != bool(word)


def test_entries_too_near_each_other_are_told(county):
    year = county(9, "min_gap_days: 30", elsewhere=elsewhere_of(county(9), [0], day="2025-01-20"))
    year = replace(year, plan=year.plan.model_copy(update={"approved_on": "2025-06-30"}))
    (finding,) = told(year).query("check == 'entry_gap'").to_dict("records")
    assert (finding["severity"], finding["figure"], finding["limit"]) == ("doubt", "1 家", "至少相隔 30 天")
    assert "2025-01-07 和 2025-01-20" in finding["message"]


def test_visits_to_one_firm_in_lines_of_common_months_could_be_one_entry(county):
    year = county(9)
    table = year.tables.tasks.assign(selection=["all", "draw", "draw", "all", "draw", "draw"])
    assert told(replace(year, tables=replace(year.tables, tasks=table))).query("check == 'merge_savings'").shape[0] == 1


def test_the_units_of_lines_for_all_are_named_and_the_others_are_told_as_not_named(county):
    burden = county(9).burden
    assert burden.visits["task_id"].value_counts()["A1"] == 40
    assert f"还没有点名的 {burden.unnamed_visits} 家次" in burden.scope
    assert burden.numbers["our_units"].sum() == 120


def test_the_ledger_and_the_numbers_are_sheets_of_the_book_of_the_register(county, tmp_path):
    from openpyxl import load_workbook

    year = county(1, elsewhere=elsewhere_of(county(1), range(12)))
    annual_books(year)["台账体检.xlsx"](tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames[:3] == ["台账体检", "企业负担", "到过几次"]
    assert "超过" in {cell.value for row in book["企业负担"].iter_rows() for cell in row}
