"""What a year's tables may have wrong: each slip has its rule and its finding, and no number changes without a word."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from enforce.__main__ import main
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_county

pytestmark = pytest.mark.slow


@pytest.fixture
def county(tmp_path: Path) -> Path:
    return write_county(bare_project(tmp_path), approved=True)


def table(plan: Path, name: str) -> Path:
    return plan.parent.parent / "data" / plan.stem / f"{name}.csv"


def rows_of(plan: Path, name: str) -> list[dict]:
    return list(csv.DictReader(table(plan, name).open(encoding="utf-8-sig", newline="")))


def write(plan: Path, name: str, rows: list[dict]) -> None:
    with table(plan, name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def with_record(plan: Path, **changed: str) -> None:
    """Add a record like the first one, but for what is changed."""
    rows = rows_of(plan, "records")
    more = {column: "" for name in changed for column in [name] if column not in rows[0]}
    write(plan, "records", [*({**row, **more} for row in rows), {**rows[0], "检查编号": "YX-099", **more, **changed}])


def done(plan: Path) -> int:
    return int(summary(open_year(plan)).by_tier["done_visits"].iloc[-1])


def messages(end, check: str) -> list[str]:
    return end.findings.loc[end.findings["check"] == check, "message"].tolist()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"检查日期": "2026-01-05"}, "计划年度 2025 年内的日期"), ({"事项编号": "A9"}, "A9")],
)
def test_a_record_outside_the_year_or_of_an_unknown_line_is_refused_or_set_aside_and_told(county, changed, expected):
    before = done(county)
    with_record(county, **changed)
    with pytest.raises(InputError, match=expected):
        open_year(county)
    end = summary(open_year(county, quarantine=True))
    assert int(end.by_tier["done_visits"].iloc[-1]) == before
    assert len(end.year.aside) == 1
    assert messages(end, "rows_aside")


def test_a_visit_before_approval_counts_and_is_told(county):
    before = done(county)
    county.write_text(county.read_text(encoding="utf-8").replace("2024-12-20", "2025-02-01"), encoding="utf-8")
    end = summary(open_year(county))
    assert int(end.by_tier["done_visits"].iloc[-1]) == before
    (row,) = end.findings[end.findings["check"] == "done_before_approval"].itertuples()
    assert row.figure == f"{(end.records['date'] < '2025-02-01').sum()} 家次"


def test_two_records_of_one_visit_both_count_and_are_told_with_their_numbers(county):
    before = done(county)
    with_record(county)
    end = summary(open_year(county))
    assert int(end.by_tier["done_visits"].iloc[-1]) == before + 1
    (where,) = end.findings.loc[end.findings["check"] == "record_twins", "where"]
    assert re.findall("YX-[0-9]+", where) == ["YX-001", "YX-099"]


def test_two_records_of_one_arrangement_are_told(county):
    with_record(county, 安排编号="S1", 检查日期="2025-06-18")
    rows = rows_of(county, "records")
    write(county, "records", [{**rows[0], "安排编号": "S1"}, *rows[1:]])
    (where,) = summary(open_year(county)).findings.query("check == 'arrangements'")["where"]
    assert re.findall("YX-[0-9]+", where) == ["YX-001", "YX-099"]


def test_a_key_list_changed_in_the_year_leaves_the_frozen_denominator_and_is_told(county):
    with pytest.raises(SystemExit, match="0"):
        main(["approve", str(county)])
    frozen = summary(open_year(county)).coverage.iloc[0]
    units = rows_of(county, "units")
    write(county, "units", [{**units[0], "是否重点单位": "否", "重点覆盖事项": ""}, *units[1:]])
    end = summary(open_year(county))
    assert end.coverage.iloc[0]["denominator"] == frozen["denominator"] == 40
    assert end.coverage.iloc[2]["denominator"] == 39
    assert messages(end, "key_list_kept")


def test_last_years_records_with_other_lines_are_compared_in_sums_alone_and_told(county):
    folder = county.parent.parent / "data/before"
    folder.mkdir()
    text = table(county, "records").read_text(encoding="utf-8-sig").replace("2025-", "2024-").replace(",A1,", ",Z7,")
    (folder / "records.csv").write_text(text, encoding="utf-8")
    county.write_text(county.read_text(encoding="utf-8") + "last_year: ../data/before\n", encoding="utf-8")
    end = summary(open_year(county))
    growth = end.growth[end.growth["period"] == "累计"].set_index("indicator")
    assert growth.loc["检查家次", ["this_year", "last_year"]].tolist() == [13, 13]
    assert any("Z7" in message for message in messages(end, "last_year"))


def test_last_years_figures_that_nothing_stands_beside_are_told(county):
    (county.parent / "上年.csv").write_text("指标,期间,数\n检查家次,全年,20\n专题,全年,5\n", encoding="utf-8")
    county.write_text(county.read_text(encoding="utf-8") + "last_year: 上年.csv\n", encoding="utf-8")
    end = summary(open_year(county))
    assert end.findings.loc[end.findings["check"] == "last_year", "where"].tolist() == ["专题：全年"]
    assert end.growth["indicator"].tolist() == ["检查家次"]
