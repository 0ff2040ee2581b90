"""The month's sheet comes back: visits done enter the ledger, reasons stand beside the arrangement."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import openpyxl
import pytest

from enforce.desk.commands import record as recording
from enforce.desk.commands.record import record
from enforce.desk.commands.schedule import arrange_month as schedule
from enforce.desk.standing import replan
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.inputs.arrangements import read_arrangements, read_returns
from enforce.inputs.ledger.ledger import ledger_file, read_ledger
from enforce.words.problems import InputError
from tests.desk.commands.test_schedule import MARK, MONTH, project

pytestmark = pytest.mark.slow

DONE = {"是否完成": "是", "隐患数": 1, "重大隐患数": 0, "整改数": 0}
EXPORT = (
    "检查编号,检查日期,统一社会信用代码,事项编号,触发原因,检查人员,检查码,记录完整,隐患数,重大隐患数,整改数,处罚,处罚来源,罚款(元),是否区内,数据来源\n"
    "{id},{day},{unit},{visit.task_id},,{visit.officer_1};{visit.officer_2},C1,是,0,0,0,,,0,是,系统\n"
)
UNDONE = {"是否完成": "否", "与安排不同的原因": "天气或灾害", "说明": "暴雨停工"}


@pytest.fixture(scope="module")
def before(root, tmp_path_factory) -> Path:
    """The demo with its records to November in the ledger and December given out."""
    plan = project(root, tmp_path_factory.mktemp("returned"))
    records = plan.parents[1] / "data/putuo-2024/records.csv"
    header, *rows = records.read_text(encoding="utf-8-sig").splitlines()
    early = [row for row in rows if f",{MARK}-" not in row]
    records.write_text("\n".join([header, *early]) + "\n", encoding="utf-8")
    record(plan, records)
    schedule(plan, month=MONTH, out=plan.parents[1] / "out")
    return plan


@pytest.fixture
def plan(before, tmp_path) -> Path:
    for part in ("params", "data", "out"):
        shutil.copytree(before.parents[1] / part, tmp_path / part)
    return tmp_path / "params/putuo-2024.yaml"


def sheet_of(plan: Path, changes: dict[int, dict], name: str = "back.xlsx") -> Path:
    """The sheet filled in: what is written for which of the visits arranged, from 0."""
    book = openpyxl.load_workbook(plan.parents[1] / f"out/月度执法安排回填-{MARK}.xlsx")
    sheet = book["回填"]
    columns = {str(cell.value).rstrip("*").partition("（")[0]: cell.column for cell in sheet[2]}
    lines = {sheet.cell(n, columns["安排编号"]).value: n for n in range(3, sheet.max_row + 1)}
    codes = arranged(plan)["visit_id"]
    for n, cells in changes.items():
        for heading, value in cells.items():
            sheet.cell(lines[codes[n]], columns[heading]).value = value
    path = plan.parents[1] / name
    book.save(path)
    return path


def arranged(plan: Path):
    """The visits of the sheet, those of units known first: of the others the sheet asks for the unit."""
    visits = read_arrangements(open_year(plan).plan)[-1].visits
    visits = visits[(visits["month"] == MONTH) & (visits["date"] != "")]
    unknown = visits["unit_id"] == ""
    return visits.assign(unknown=unknown).sort_values(
        ["unknown", "date", "part", "entry", "visit_id"], ignore_index=True
    )


def recorded(plan: Path):
    records = read_ledger(ledger_file(open_year(plan).plan)).records
    return records[records["visit_id"] != ""].set_index("visit_id")


def test_a_visit_done_is_recorded_with_its_number_day_and_officers(plan):
    first = arranged(plan).iloc[0]
    lines = record(plan, sheet_of(plan, {0: DONE | {"检查码": "C9"}}), month=MONTH)
    row = recorded(plan).loc[first.visit_id]
    assert (row.record_id, row.date, row.unit_id, row.task_id) == (
        first.visit_id, first.date, first.unit_id, first.task_id,
    )  # fmt: skip
    assert row.officers[:2] == (first.officer_1, first.officer_2)
    assert (row.inspection_code, row.hazards_found) == ("C9", 1)
    assert f"{MONTH} 月的安排：做了 1 家次，没有做 0 家次，还没有填的 {len(arranged(plan)) - 1} 家次。" in lines


def test_a_visit_not_done_is_no_record_and_its_reason_stands_in_progress_and_in_the_change_order(plan):
    first, second = arranged(plan).iloc[0], arranged(plan).iloc[1]
    record(plan, sheet_of(plan, {0: UNDONE, 1: DONE | {"检查日期": "2024-12-20", "与安排不同的原因": "上级临时任务"}}))
    assert first.visit_id not in recorded(plan).index
    year = open_year(plan)
    for table in (summary(year).deviations, replan(year, "2024-12-25").deviations):
        rows = table.set_index("visit_id")
        assert rows.loc[first.visit_id, ["visit_outcome", "deviation", "note"]].tolist() == [
            "undone", "weather", "暴雨停工",
        ]  # fmt: skip
        assert rows.loc[second.visit_id, ["visit_outcome", "done_on", "deviation"]].tolist() == [
            "late", "2024-12-20", "ordered",
        ]  # fmt: skip


def test_a_sheet_handed_in_twice_changes_nothing_and_a_later_one_adds_to_it(plan):
    record(plan, sheet_of(plan, {0: UNDONE, 1: DONE}))
    again = record(plan, sheet_of(plan, {0: UNDONE, 1: DONE}))
    assert again[0] == "新增 0 条，已有 1 条，更正 0 条。"
    record(plan, sheet_of(plan, {2: UNDONE}))
    assert read_returns(open_year(plan).plan)["visit_id"].tolist() == sorted(
        arranged(plan)["visit_id"].iloc[[0, 2]].tolist()
    )
    record(plan, sheet_of(plan, {0: DONE}))
    assert read_returns(open_year(plan).plan)["visit_id"].tolist() == [arranged(plan)["visit_id"].iloc[2]]


def at_once(plan: Path) -> tuple[int, int]:
    """Two visits of one half-day at different units."""
    visits = arranged(plan)
    known = visits[visits["unit_id"] != ""]
    return next(
        (one.Index, other.Index) for one in known.itertuples() for other in known.itertuples()
        if one.unit_id != other.unit_id and (one.date, one.half_day) == (other.date, other.half_day)
    )  # fmt: skip


def test_an_officer_whose_times_overlap_is_refused_by_name_in_a_sheet_and_in_a_file_and_nothing_is_written(plan):
    one, other = at_once(plan)
    first, second = (arranged(plan).iloc[n] for n in (one, other))
    before = ledger_file(open_year(plan).plan).read_bytes()
    crew = f"{first.officer_1};{first.officer_2}"
    times = {"检查人员": crew, "与安排不同的原因": "上级临时任务", "开始时间": "09:00", "结束时间": "10:30"}
    sheet = sheet_of(plan, {one: DONE | times, other: DONE | times | {"开始时间": "10:00", "结束时间": "11:00"}})
    header, row = EXPORT.splitlines()
    rows = [
        f"{row.format(id=code, day=first.date, unit=visit.unit_id, visit=first)},{start},{end}"
        for code, visit, start, end in (("J1", first, "09:00", "10:30"), ("J2", second, "10:00", "11:00"))
    ]
    file = plan.parents[1] / "export.csv"
    file.write_text("\n".join([f"{header},开始时间,结束时间", *rows]), encoding="utf-8-sig")
    for path in (sheet, file):
        with pytest.raises(InputError) as caught:
            record(plan, path)
        assert {problem.found.split()[0] for problem in caught.value.problems} == {first.officer_1, first.officer_2}
        assert all("同时在" in problem.found for problem in caught.value.problems)
        assert ledger_file(open_year(plan).plan).read_bytes() == before
        assert read_returns(open_year(plan).plan).empty
    file.write_text(file.read_text(encoding="utf-8-sig").replace("10:00,11:00", "10:30,11:00"), encoding="utf-8-sig")
    assert record(plan, file)[0].startswith("新增 2 条")


def test_others_who_went_are_told_and_an_officer_in_two_places_at_once_too(plan):
    visits, pair = arranged(plan), at_once(plan)
    crew = visits.loc[pair[0], ["officer_1", "officer_2"]].tolist()
    lines = record(plan, sheet_of(plan, {pair[0]: DONE, pair[1]: DONE | {"检查人员": ";".join(crew)}}))
    assert any(line.startswith("同一人同一时间在两处") and crew[0] in line for line in lines)
    assert any(line.startswith("与安排不同、没有写原因") and visits.loc[pair[1], "visit_id"] in line for line in lines)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({0: {"是否完成": "否"}}, "没有做的写原因"),
        ({0: DONE | {"检查日期": "2024-11-29"}}, "2024 年 12 月内的日期"),
        ({0: DONE | {"检查日期": "2099-12-02"}}, "不晚于"),
        ({0: DONE | {"检查日期": None}}, "检查日期"),
        ({0: {"月份": 11}}, "12 月的安排表"),
        ({0: {"安排编号": "P99-001"}}, "已下发的安排编号"),
        ({0: {"安排编号": None, "事项编号": "P99"}}, "这一行认不出"),
        ({0: DONE | {"统一社会信用代码": None}}, "实际检查的单位"),
        ({0: DONE | {"检查日期": "12月"}}, "真实存在的日期"),
        ({0: {"事项编号": "P99"}}, "安排的事项"),
        ({0: DONE | {"检查人员": "张三;李四"}}, "执法人员编号"),
        ({0: {"是否完成": "是"}}, "数目没有的写 0"),
        ({0: DONE | {"隐患数": "若干"}}, "整数"),
        ({0: DONE | {"重大隐患数": 3}}, "不大于隐患数"),
        ({n: {"月份": 11} for n in range(60)}, "12 月的表"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_by_name_and_nothing_is_recorded(plan, changes, word):
    rows = len(arranged(plan))
    sheet = sheet_of(plan, {n: cells for n, cells in changes.items() if n < rows} | {1: DONE} if len(changes) < 2 else
                     {n: cells for n, cells in changes.items() if n < rows})  # fmt: skip
    ledger = ledger_file(open_year(plan).plan)
    content = ledger.read_bytes()
    with pytest.raises(InputError, match=word) as refusal:
        record(plan, sheet)
    places = [(one.place.row, one.place.column) for one in refusal.value.problems]
    assert len(set(places)) == len(places)
    assert ledger.read_bytes() == content
    assert read_returns(open_year(plan).plan).empty


def test_a_sheet_of_another_month_than_the_one_asked_for_is_refused_in_one_sentence(plan):
    with pytest.raises(InputError, match="11 月的安排表") as refusal:
        record(plan, sheet_of(plan, {0: DONE}), month=11)
    assert len(refusal.value.problems) == 1


def test_a_month_asked_for_a_file_that_is_no_sheet_is_refused(plan):
    records = plan.parents[1] / "data/putuo-2024/records.csv"
    with pytest.raises(InputError, match="回填表"):
        record(plan, records, month=MONTH)


def test_a_sheet_before_anything_was_given_out_is_refused(plan):
    sheet = sheet_of(plan, {0: DONE})
    shutil.rmtree(plan.parents[1] / "data/putuo-2024/arrangements")
    with pytest.raises(InputError, match="先下发安排"):
        record(plan, sheet)


def test_an_export_without_numbers_is_matched_by_line_unit_and_nearest_day_and_told(plan):
    visits = arranged(plan)
    visit = visits[(visits["unit_id"] != "") & ~visits[["task_id", "unit_id"]].duplicated(keep=False)].iloc[0]
    export = plan.parents[1] / "export.csv"
    export.write_text(EXPORT.format(id="SYS-1", day="2024-12-28", unit=visit.unit_id, visit=visit), encoding="utf-8")
    lines = record(plan, export)
    assert any(line.startswith("没有写安排编号") and f"SYS-1 作 {visit.visit_id}" in line for line in lines)
    assert recorded(plan).loc[visit.visit_id, "record_id"] == "SYS-1"
    place = visits.index[visits["visit_id"] == visit.visit_id][0]
    again = record(plan, sheet_of(plan, {place: DONE | {"检查日期": "2024-12-28", "与安排不同的原因": "其他"}}))
    assert again[0] == "新增 0 条，已有 0 条，更正 1 条。"


def test_a_row_without_its_number_is_known_by_line_unit_and_nearest_day_and_told(plan):
    first, second = arranged(plan)["visit_id"].iloc[:2]
    changes = {0: DONE | {"检查日期": "2024-12-30", "与安排不同的原因": "其他"} | {"安排编号": None}}
    lines = record(plan, sheet_of(plan, changes | {1: UNDONE | {"安排编号": None}}))
    assert any(line.startswith("没有写安排编号，按事项、单位") and first in line and second in line for line in lines)
    assert first in recorded(plan).index
    assert read_returns(open_year(plan).plan)["visit_id"].tolist() == sorted([first, second])


def test_a_unit_nobody_had_named_is_of_the_nearest_visit_of_its_line_without_one_and_that_is_told(plan):
    visits = arranged(plan)
    visit = visits[visits["unit_id"] == ""].iloc[0]
    of_line = visits[(visits["task_id"] == visit.task_id) & (visits["unit_id"] == "")]
    units = open_year(plan).units
    unit = units.loc[~units["unit_id"].isin(visits["unit_id"]), "unit_id"].iloc[0]
    export = plan.parents[1] / "export.csv"
    export.write_text(EXPORT.format(id="SYS-2", day=of_line["date"].max(), unit=unit, visit=visit), encoding="utf-8")
    lines = record(plan, export)
    nearest = of_line.loc[of_line["date"] == of_line["date"].max(), "visit_id"].min()
    assert any("单位也没有排过" in line and f"SYS-2 作 {nearest}（相差 0 天）" in line for line in lines)
    assert recorded(plan).loc[nearest, "unit_id"] == unit


def test_a_visit_outside_the_area_is_recorded_without_a_unit_once_the_sheet_says_that_it_was_outside(plan):
    table = arranged(plan)
    place = int(table.index[table["unit_id"] == ""][0])
    with pytest.raises(InputError, match="没有代码的，「是否区内」填 否"):
        record(plan, sheet_of(plan, {place: DONE}))
    record(plan, sheet_of(plan, {place: DONE | {"是否区内": "否"}}))
    row = recorded(plan).loc[table["visit_id"][place]]
    assert (row.unit_id, bool(row.in_district)) == ("", False)


def test_visits_whose_rows_were_deleted_are_told_unless_they_are_recorded(plan):
    first = arranged(plan)["visit_id"].iloc[0]
    sheet = sheet_of(plan, {1: DONE})
    book = openpyxl.load_workbook(sheet)
    lines = [n for n in range(3, book["回填"].max_row + 1) if book["回填"].cell(n, 2).value == first]
    book["回填"].delete_rows(lines[0])
    book.save(sheet)
    assert any("删了行" in line and first in line for line in record(plan, sheet))
    record(plan, sheet_of(plan, {0: DONE}))
    assert not any("删了行" in line for line in record(plan, sheet))


def test_a_sheet_saved_as_csv_is_read_like_the_workbook(plan):
    rows = openpyxl.load_workbook(sheet_of(plan, {0: DONE, 1: UNDONE}))["回填"].iter_rows(values_only=True)
    path = plan.parents[1] / "back.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([[one if not hasattr(one, "date") else one.date() for one in row] for row in rows])
    lines = record(plan, path, month=MONTH)
    assert lines[0] == "新增 1 条，已有 0 条，更正 0 条。"
    assert len(read_returns(open_year(plan).plan)) == 1


def test_a_ledger_that_cannot_be_written_leaves_the_reasons_as_they_were(plan, monkeypatch):
    record(plan, sheet_of(plan, {0: UNDONE}))
    before = read_returns(open_year(plan).plan)

    def broken(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording, "write_records", broken)
    with pytest.raises(OSError, match="No space"):
        record(plan, sheet_of(plan, {0: DONE, 1: UNDONE}))
    assert read_returns(open_year(plan).plan).equals(before)


def test_a_visit_arranged_anew_for_this_month_and_done_as_arranged_asks_for_no_reason(plan, monkeypatch):
    first = arranged(plan).iloc[0]
    given_out = recording.given_out_visits

    def in_november_at_first(editions):
        visits = given_out(editions)
        return visits.assign(first_day=visits["first_day"].mask(visits["visit_id"] == first.visit_id, "2024-11-04"))

    monkeypatch.setattr(recording, "given_out_visits", in_november_at_first)
    told = "\n".join(record(plan, sheet_of(plan, {0: DONE | {"检查码": "C9"}}), month=MONTH))
    assert first.visit_id not in told


def test_a_unit_that_was_closed_is_told_to_be_arranged_again_until_the_register_says_so(plan):
    changes = {0: UNDONE | {"与安排不同的原因": "停业关闭或注销"}, 1: UNDONE}
    lines = record(plan, sheet_of(plan, changes))
    (line,) = [line for line in lines if "经营状态" in line]
    assert line.endswith(f"的 1 家次：{arranged(plan).iloc[0].visit_id}。")
