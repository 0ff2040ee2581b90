"""The schedule from the command line: made, kept, its papers as the schedule has them, and planned anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from docx import Document
from icalendar import Calendar

from enforce.desk.commands import schedule as scheduling
from enforce.desk.commands.documents import verify
from enforce.desk.commands.schedule import arrange_month as schedule
from enforce.desk.month_schedule import MonthSchedule, month_schedule
from enforce.desk.paperwork.visit_papers import visit_facts
from enforce.desk.standing import month as month_of
from enforce.desk.year import open_year
from enforce.inputs.arrangements import read_arrangements
from enforce.papers.screen.cells import cell_text
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

MONTH, MARK = 12, "2024-12"


def project(root: Path, folder: Path) -> Path:
    """The demo's plan with its files, free to be changed."""
    for part in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    return folder / "params/putuo-2024.yaml"


@pytest.fixture(scope="module")
def plan(root, tmp_path_factory) -> Path:
    return project(root, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def given_out(plan) -> tuple[list[str], Path]:
    """December given out: what was told, and the folder of its papers."""
    target = plan.parents[1] / "out"
    return schedule(plan, month=MONTH, each=True, out=target), target


@pytest.fixture(scope="module")
def made(plan, given_out) -> MonthSchedule:
    return month_schedule(month_of(open_year(plan), MONTH))


def table_of(path: Path, sheet: str) -> pd.DataFrame:
    """A sheet of a book as its readers see it: texts and days by heading."""
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path)[sheet].iter_rows(min_row=4)]
    return pd.DataFrame(rows[1:], columns=rows[0])


def shown(table: pd.DataFrame, column: str) -> list[str]:
    return [cell_text(column, value) for value in table[column]]


# --- the papers are the schedule ------------------------------------------------------------------------------------


def test_every_visit_of_the_month_is_on_the_sheets_by_day_by_pair_and_by_officer(given_out, made):
    book = given_out[1] / f"月度执法安排日程-{MARK}.xlsx"
    for sheet, table in (("按日", made.by_day), ("按组", made.by_pair), ("按人", made.by_officer)):
        printed = table_of(book, sheet)
        assert printed["检查日期"].dt.strftime("%Y-%m-%d").tolist() == table["date"].tolist()
        for heading, column in {
            "安排编号": "visit_id", "检查事项": "task", "名称": "name", "上下午": "half_day", "检查人员": "officers",
        }.items():  # fmt: skip
            assert printed[heading].tolist() == shown(table, column), (sheet, heading)
    assert set(made.by_pair["visit_id"]) == set(made.dated["visit_id"])
    assert len(made.by_officer) == made.dated["officers"].map(len).sum()


def test_each_entry_has_one_scheme_and_it_says_what_the_schedule_says(given_out, made):
    book = Document(str(given_out[1] / f"现场检查方案-{MARK}.docx"))
    facts = visit_facts(made)
    entries = [part for _, part in facts.groupby("entry", sort=False)]
    assert len(book.tables) == len(entries)
    for table, part in zip(book.tables, entries, strict=True):
        cells = {row.cells[0].text: row.cells[1].text for row in table.rows}
        first = part.iloc[0]
        assert cells["被检查单位"] == first["name"]
        assert f"{int(first.date[5:7])}月{int(first.date[8:])}日" in cells["检查时间"]
        assert cells["检查人员"].split("、") == [first.officer_1, first.officer_2]
        assert all(row.task in cells["检查事项、内容"] for row in part.itertuples())
        assert all(row.task_id in cells["任务来源"] for row in part.itertuples())
        if first.unit_id:
            assert f"本年已入企 {first.entries_so_far} 次，本次为第 {first.entry_number} 次" in cells["检查频次"]
    codes = "".join(paragraph.text for paragraph in book.paragraphs)
    assert all(code in codes for code in made.dated["visit_id"])
    assert len(list((given_out[1] / "现场检查方案").glob("*.docx"))) == len(entries)


def test_fields_of_forms_and_the_request_for_codes_are_those_of_the_visits(given_out, made):
    forms = given_out[1] / f"审批表和通知书字段-{MARK}.xlsx"
    for sheet in ("审批表字段", "通知书字段"):
        printed = table_of(forms, sheet)
        codes = [code for cell in printed["安排编号"] for code in cell.split("、")]
        assert codes == visit_facts(made).groupby("entry", sort=False)["visit_id"].agg(list).explode().tolist()
        assert "没有见过" in openpyxl.load_workbook(forms)[sheet]["A3"].value
    request = table_of(given_out[1] / f"检查码申请-{MARK}.xlsx", "检查码申请")
    assert request["安排编号"].tolist() == made.dated["visit_id"].tolist()
    assert request["检查日期"].tolist() == made.dated["date"].tolist()
    assert request["执法人员"].tolist() == shown(made.dated, "officers")
    assert request["计划编码"].isna().all()


def test_each_officer_has_a_calendar_of_his_entries_in_the_half_days_they_take(given_out, made):
    files = {path.stem.removesuffix(f"-{MARK}"): path for path in (given_out[1] / "日历").glob("*.ics")}
    assert set(files) == set(made.by_officer["officer_id"])
    begins, ends = {"morning": "09:00", "afternoon": "13:00"}, {"morning": "12:00", "afternoon": "17:00"}
    for officer, path in files.items():
        events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        rows = made.by_officer[made.by_officer["officer_id"] == officer].merge(made.dated[["visit_id", "entry"]])
        spans = []
        for row in rows.drop_duplicates("entry").itertuples():
            assert row.visit_days in (0.5, 1)
            whole = row.visit_days == 1
            assert not (whole and row.half_day == "afternoon")
            end = ends["afternoon" if whole else row.half_day]
            spans.append((f"{row.date} {begins[row.half_day]}", f"{row.date} {end}"))
        printed = [
            tuple(event[name].dt.strftime("%Y-%m-%d %H:%M") for name in ("dtstart", "dtend")) for event in events
        ]
        assert sorted(printed) == sorted(spans)
        assert len({event["uid"] for event in events}) == len(events)


def test_the_sheet_that_comes_back_has_every_visit_filled_in(given_out, made):
    sheet = openpyxl.load_workbook(given_out[1] / f"月度执法安排回填-{MARK}.xlsx")["回填"]
    headings = [str(cell.value).rstrip("*") for cell in sheet[2]]
    rows = [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=3)]
    assert [row["安排编号"] for row in rows] == made.dated["visit_id"].tolist()
    assert [row["检查日期"].date().isoformat() for row in rows] == made.dated["date"].tolist()
    assert [row["检查人员"] for row in rows] == [";".join(codes) for codes in made.dated["officers"]]
    assert {row["是否完成"] for row in rows} == {None}


def test_no_paper_names_a_person_or_leaves_the_inside_unmarked(given_out):
    for sheet in openpyxl.load_workbook(given_out[1] / f"月度执法安排日程-{MARK}.xlsx").worksheets[:-1]:
        assert "局内掌握，不公布" in sheet["A3"].value


def test_papers_gone_on_with_are_proof_read_against_the_arrangement(plan, given_out, tmp_path):
    folder = tmp_path / "papers"
    shutil.copytree(given_out[1], folder)
    assert verify(plan, folder) == (["数字与计划逐处一致。"], True)
    book = Document(str(folder / f"现场检查方案-{MARK}.docx"))
    cells = (row.cells[1] for table in book.tables for row in table.rows if row.cells[0].text == "检查频次")
    cell = next(cell for cell in cells if "第 1 次" in cell.text)
    cell.paragraphs[0].runs[0].text = cell.text.replace("第 1 次", "第 3 次")
    book.save(str(folder / f"现场检查方案-{MARK}.docx"))
    back = openpyxl.load_workbook(folder / f"月度执法安排回填-{MARK}.xlsx")
    back["回填"]["D3"] = "2024-12-31"
    back["回填"]["L4"] = "是"
    back.save(folder / f"月度执法安排回填-{MARK}.xlsx")
    calendar = next((folder / "日历").iterdir())
    calendar.write_bytes(calendar.read_bytes().replace(b"T090000", b"T100000", 1))
    lines, good = verify(plan, folder)
    assert not good
    assert any("第 3 次" in line or "印 3" in line for line in lines)
    assert any("「回填」D3" in line for line in lines)
    assert not any("「回填」L4" in line for line in lines)
    assert any(calendar.name in line and "10:00" in line for line in lines)


def test_a_calendar_alone_says_of_which_month_it_is(plan, given_out, tmp_path):
    shutil.copy(next((given_out[1] / "日历").iterdir()), tmp_path)
    assert verify(plan, tmp_path) == (["数字与计划逐处一致。"], True)


def test_a_bound_that_the_search_did_not_find_is_seen(plan, given_out, tmp_path):
    path = tmp_path / f"月度执法安排日程-{MARK}.xlsx"
    book = openpyxl.load_workbook(given_out[1] / path.name)
    cell = next(row for row in book["次序和证明"].iter_rows() if row[0].value == "超过各周平均的时段")[2]
    cell.value += 1
    book.save(path)
    lines, good = verify(plan, tmp_path)
    assert not good
    assert any(f"次序和证明」{cell.coordinate}" in line for line in lines)


# --- keeping and planning anew --------------------------------------------------------------------------------------


def test_the_arrangement_is_kept_and_the_same_again_is_not_kept_twice(plan, given_out):
    assert given_out[0][0].startswith("已下发并存为第 1 次安排")
    lines = schedule(plan, month=MONTH, out=plan.parents[1] / "again")
    assert lines[0].endswith("相同，没有另存。")
    assert len(read_arrangements(open_year(plan).plan)) == 1
    old, new = (folder / f"现场检查方案-{MARK}.docx" for folder in (given_out[1], plan.parents[1] / "again"))
    assert old.read_bytes() == new.read_bytes()


@pytest.fixture
def changed(plan, given_out, tmp_path) -> Path:
    """The plan with December given out, free to be changed."""
    for part in ("params", "data"):
        shutil.copytree(plan.parents[1] / part, tmp_path / part)
    return tmp_path / "params/putuo-2024.yaml"


def test_an_officer_on_leave_changes_few_visits_and_who_must_be_told_is_told(changed, made):
    ill = made.dated.iloc[0]
    text = f"人员编号,起,止\n{ill.officer_1},{ill.date},{ill.date}\n"
    (changed.parents[1] / "data/putuo-2024/leave.csv").write_text(text, encoding="utf-8")
    lines = schedule(changed, month=MONTH, out=changed.parents[1] / "out")
    first, second = read_arrangements(open_year(changed).plan)
    assert second.before == first.digest
    was, now = (one.visits.set_index("visit_id") for one in (first, second))
    assert set(was.index) == set(now.index)
    away = now[(now["date"] == ill.date) & ((now["officer_1"] == ill.officer_1) | (now["officer_2"] == ill.officer_1))]
    assert away.empty
    same = [
        code for code in was.index
        if was.loc[code, ["date", "officer_1", "officer_2"]].equals(now.loc[code, ["date", "officer_1", "officer_2"]])
    ]  # fmt: skip
    assert len(was) > len(same) >= len(was) / 2
    assert any(line.startswith("已下发的改了") and ill.officer_1 in line for line in lines)


def test_a_trial_keeps_nothing(changed):
    lines = schedule(changed, as_of="2024-12-10", trial=True, out=changed.parents[1] / "out")
    assert lines[0] == "试排：没有存安排，不算下发。"
    assert len(read_arrangements(open_year(changed).plan)) == 1


def test_what_fails_while_papers_are_written_leaves_neither_papers_nor_an_arrangement(root, tmp_path, monkeypatch):
    plan, target = project(root, tmp_path), tmp_path / "out"

    def broken(*_, **__):
        raise OSError(28, "No space left on device")

    files = scheduling.schedule_files
    monkeypatch.setattr(scheduling, "schedule_files", lambda made, **more: {**files(made, **more), "最后.xlsx": broken})
    with pytest.raises(OSError, match="No space"):
        schedule(plan, month=MONTH, out=target)
    assert not target.exists()
    assert not (tmp_path / "data/putuo-2024/arrangements").exists()


def test_a_team_that_is_all_on_leave_has_every_visit_told_and_papers_without_one(root, tmp_path):
    plan = project(root, tmp_path)
    people = open_year(plan).tables.roster["officer_id"].unique()
    rows = "".join(f"{code},2024-12-01,2024-12-31\n" for code in people)
    (tmp_path / "data/putuo-2024/leave.csv").write_text(f"人员编号,起,止\n{rows}", encoding="utf-8")
    lines = schedule(plan, month=MONTH, out=tmp_path / "out")
    visits = read_arrangements(open_year(plan).plan)[0].visits
    assert set(visits["date"]) == {""}
    assert sum(line.startswith("排不上：") and "请假" in line for line in lines) == len(visits)
    assert not list((tmp_path / "out").glob("*.docx"))
    assert (tmp_path / f"out/月度执法安排日程-{MARK}.xlsx").is_file()


def test_an_arrangement_edited_by_hand_is_refused_before_anything_is_made(changed):
    path = changed.parents[1] / "data/putuo-2024/arrangements/arrangement-1.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["visits"][0]["officer_1"] = "PT-99"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(InputError, match="没有改动过"):
        schedule(changed, month=MONTH)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"month": 12, "as_of": "2024-12-05"}, "只写一个"),
        ({"as_of": "2024-11-15"}, "不早于 2024-11-30"),
        ({"as_of": "2024-12-31"}, "年内还有工作日的一天"),
        ({"as_of": "2025-01-31"}, "2024 年里的日期"),
    ],
)
def test_a_day_that_cannot_be_planned_from_is_refused(plan, given_out, options, word):
    with pytest.raises(InputError, match=word):
        schedule(plan, **options)
