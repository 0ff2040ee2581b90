"""Other work: its kinds, its days, what was closed in time; what was done off the spot is among it and no visit."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.planning.through.other_work import closure_rates, days_against_account, off_site, work_by_kind
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_county
from tests.planning import small

HEAD = "编号,类别,日期,到期日,办结日期,对象代码,人员,人日,结果\n"


def work(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["work_kind", "date", "due_on", "closed_on", "days"])


def test_what_is_due_later_is_neither_late_nor_closed_by_the_day():
    table = work(
        ("complaint", "2024-03-01", "2024-03-31", "2024-03-31", 1.0),
        ("complaint", "2024-03-01", "2024-03-31", "2024-04-01", 0.5),
        ("complaint", "2024-06-01", "2024-07-31", "2024-07-02", None),
        ("guidance", "2024-07-01", "", "", 2.0),
    )
    by_kind = work_by_kind(table, "2024-06-30")
    assert by_kind.values.tolist() == [["complaint", 3, 1.5, 2, 2, 2, 1]]
    assert closure_rates(by_kind)[["numerator", "denominator"]].values.tolist() == [[1, 2]]
    assert closure_rates(work_by_kind(table.tail(1), "2024-12-31")).empty


def test_a_record_that_says_nothing_of_the_way_is_a_visit():
    assert not off_site(small.records({}, {"mode": "on_site"})).any()


@pytest.fixture
def county(tmp_path) -> Path:
    return write_county(bare_project(tmp_path), approved=True)


def edit_records(plan: Path, column: str, values: dict[int, str]) -> None:
    path = plan.parent.parent / "data" / "yunxi-2025" / "records.csv"
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    lines = [[*head, column], *([*row, values.get(n, "")] for n, row in enumerate(rows))]
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")


def test_a_record_made_off_the_spot_is_told_counted_as_other_work_and_in_no_visit(county):
    before = summary(open_year(county))
    edit_records(county, "检查方式", {0: "非现场", 1: "现场", 2: "书面检查"})
    end = summary(open_year(county))
    assert end.by_task["done_visits"].sum() == before.by_task["done_visits"].sum() - 2
    assert end.other_work[["work_kind", "acts"]].values.tolist() == [["off_site", 2]]
    assert "off_site" in set(end.findings["check"])
    assert "off_site" not in set(before.findings["check"])


def test_other_work_is_read_by_its_table_and_wrong_rows_are_named(county):
    path = county.parent.parent / "data" / "yunxi-2025" / "其他工作.csv"
    path.write_text(HEAD + "J1,举报投诉,2025-03-01,2025-03-31,2025-03-20,,YX-04;YX-05,1.25,属实\n", encoding="utf-8")
    end = summary(open_year(county))
    assert end.other_work.iloc[0].tolist() == ["complaint", 1, 1.25, 1, 1, 1, 0]
    wrong = ["J1,明察暗访,2024-03-01,,,,,,", "J1,打牌,2025-03-01,,,,,,", "J2,督导,2025-03-01,2025-02-01,,,,0.3,"]
    path.write_text(HEAD + "\n".join(wrong) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_year(county)
    assert len(error.value.problems) == 5  # number twice, year, kind, order of dates, quarters


def write_work(plan: Path, *rows: str) -> None:
    path = plan.parent.parent / "data" / "yunxi-2025" / "other_work.csv"
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def told_of(end, *checks: str) -> list[list[str]]:
    rows = end.findings[end.findings["check"].isin(checks)]
    return rows[["where", "figure"]].values.tolist()


def test_days_are_set_against_the_item_of_the_account_they_come_from():
    account = pd.DataFrame(
        {"line": ["other_enforcement_days", "other_enforcement_days", "key_period_days"], "days": [9.0, 2.0, 4.0]}
    ).assign(item=["complaints", "ordered", ""], team="大队")
    account = pd.concat([account, account.assign(team="合计")])
    kinds = ("undercover", "complaint", "case_review", "patrol", "off_site")
    rows = [(kind, "2024-03-01", "", "", 3.0) for kind in kinds]
    table = days_against_account(work_by_kind(work(*rows, rows[1]), "2024-12-31"), account).set_index("account_item")
    assert table["used_days"].to_dict() == {
        "重点时段预留": 3, "核实投诉举报": 6, "没有单独一项": 3, "本级政府或上级安排的执法任务": 6,
    }  # fmt: skip
    assert table.loc["核实投诉举报", "left_days"] == 3
    assert table.loc["本级政府或上级安排的执法任务", "left_days"] == -4
    assert pd.isna(table.loc["没有单独一项", "account_days"])


def test_complaints_are_all_registered_and_closed_in_time_or_told(county):
    assert told_of(summary(open_year(county)), "complaints_registered", "acts_closed") == []  # no table of them
    year = open_year(county)
    visit = year.tables.records[year.tables.records["trigger"] == "complaint"].iloc[0]
    write_work(county, "T1,投诉举报,2025-05-30,2025-06-10,2025-06-20,,,1,", "T2,投诉举报,2025-06-01,,,,,,")
    end = summary(open_year(county))
    told = told_of(end, "complaints_registered", "acts_closed")
    assert told == [[f"检查 {visit['record_id']}", visit["date"]], ["投诉举报", "1 件"], ["投诉举报", "1 件"]]
    write_work(county, f"T1,投诉举报,2025-05-19,2025-06-10,2025-06-09,{visit['unit_id']},,1,")
    assert told_of(summary(open_year(county)), "complaints_registered", "acts_closed") == []


def test_days_beyond_the_account_are_told_and_other_work_is_no_visit(county):
    before = summary(open_year(county))
    write_work(county, "T1,投诉举报,2025-05-19,,,,,999,", "T2,联合检查,2025-05-20,,,,,2,")
    end = summary(open_year(county))
    assert told_of(end, "other_days") == [["核实投诉举报", "999 人日"]]
    assert end.by_task["done_visits"].sum() == before.by_task["done_visits"].sum()
    assert len(end.records) == len(before.records)
