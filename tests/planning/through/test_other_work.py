"""Other work: its kinds, its days, what was closed in time; what was done off the spot is among it and no visit."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.planning.through.other_work import closure_rates, off_site, work_by_kind
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
