"""The schedule from the command line: made, kept, its papers as the schedule has them, and planned anew."""

from __future__ import annotations

import json
import shutil
from datetime import date
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
from enforce.desk.paperwork.paper_tables import line_facts
from enforce.desk.paperwork.visit_papers import schedule_files, visit_facts
from enforce.desk.standing import month as month_of
from enforce.desk.year import open_year
from enforce.inputs.arrangements import read_arrangements
from enforce.papers.screen.cells import cell_text
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_county

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


@pytest.fixture(scope="module", params=["demo", "county"])
def schemes(request, tmp_path_factory):
    """A month's schedule and its schemes, in a book and one by one: of the demo, and of a county that merges visits."""
    if request.param == "demo":
        return request.getfixturevalue("made"), request.getfixturevalue("given_out")[1]
    county = month_schedule(month_of(open_year(write_county(bare_project(tmp_path_factory.mktemp("county")))), 7))
    target = tmp_path_factory.mktemp("schemes")
    (target / "现场检查方案").mkdir()
    for name, write in schedule_files(county, each=True).items():
        if name.endswith(".docx"):
            write(target / name)
    return county, target


def scheme_cells(paper) -> list[dict[str, str]]:
    return [{row.cells[0].text: row.cells[1].text for row in table.rows} for table in paper.tables]


def expected_cells(schedule: MonthSchedule, part: pd.DataFrame) -> dict[str, str]:
    """What the plan's own tables say of one entry, cell for cell."""
    year, first = schedule.plan.year, part.iloc[0]
    lines = [next(year.tasks[year.tasks["task_id"] == code].itertuples()) for code in part["task_id"]]
    facts = [line_facts(year, line) for line in lines]
    unit = year.units[year.units["unit_id"] == first.unit_id]
    day = date.fromisoformat(first.date)
    half = {"morning": "上午", "afternoon": "下午"}[first.half_day]
    leads = list(dict.fromkeys(code for row in part.itertuples() for code in (row.officer_1, row.officer_2)))
    along = list(dict.fromkeys(code for codes in part["with_officers"] for code in codes if code not in leads))
    person = "{}　姓名：　　　　　　　执法证号："
    sources = [line.order_document or f"{year.plan.bureau}{year.title}" for line in lines]
    cells = {
        "被检查单位": unit["name"].iloc[0] if len(unit) else "（还没有点名）",
        "统一社会信用代码": first.unit_id or "—",
        "所属行业": (unit["sector"].iloc[0] if len(unit) else "") or "—",
        "检查时间": f"{day.year}年{day.month}月{day.day}日（星期{'一二三四五六日'[day.weekday()]}）{half}，"
        f"共 {max(line.visit_days for line in lines):g} 天",
        "检查人员": "\n".join(map(person.format, leads)),
        "同去人员": "\n".join(map(person.format, along)) or "没有",
        "检查事项、内容": "\n".join(f"{line.name}：{one['content']}" for line, one in zip(lines, facts, strict=True)),
    }
    for heading, name in (("检查类别", "inspection_class"), ("检查方式", "mode"), ("检查依据", "legal_basis")):
        cells[heading] = "、".join(dict.fromkeys(one[name] for one in facts))
    return cells | {"_任务来源": sources, "_合并": [f"{row.visit_id} {row.task}" for row in part.itertuples()]}


def test_each_entry_has_one_scheme_and_it_says_what_the_plan_says_cell_for_cell(schemes):
    schedule, folder = schemes
    book = Document(str(folder / f"现场检查方案-{schedule.mark}.docx"))
    entries = [part for _, part in schedule.dated.groupby("entry", sort=False)]
    records = schedule.plan.year.tables.records
    before = records[records["date"] <= schedule.plan.as_of].groupby("unit_id")["date"].nunique()
    seen: dict[str, int] = {}
    for cells, part in zip(scheme_cells(book), entries, strict=True):
        wanted, unit = expected_cells(schedule, part), part["unit_id"].iloc[0]
        assert {name: cells[name] for name in wanted if not name.startswith("_")} == {
            name: text for name, text in wanted.items() if not name.startswith("_")
        }
        assert all(source in cells["任务来源"] for source in wanted["_任务来源"])
        assert all(code in cells["任务来源"] for code in part["task_id"])
        assert all(text in cells["合并入企"] for text in wanted["_合并"] if len(part) > 1)
        assert cells["合并入企"].startswith(f"{len(part)} 家次一次入企" if len(part) > 1 else "没有合并")
        assert {"审核意见", "审批意见"} <= set(cells)
        if unit:
            seen[unit] = seen.get(unit, 0) + 1
            made = int(before.get(unit, 0))
            assert f"本年已入企 {made} 次，本次为第 {made + seen[unit]} 次；上限：" in cells["检查频次"]
        alone = folder / "现场检查方案" / f"现场检查方案-{'、'.join(part['visit_id'])}.docx"
        assert scheme_cells(Document(str(alone))) == [cells]
    codes = "".join(paragraph.text for paragraph in book.paragraphs)
    assert all(code in codes for code in schedule.dated["visit_id"])
    assert len(list((folder / "现场检查方案").glob("*.docx"))) == len(entries)
    assert not any("超负荷" in paragraph.text for paragraph in book.paragraphs)


def test_the_countys_month_merges_visits_into_entries(schemes):
    schedule, _ = schemes
    merged = schedule.dated["entry"].duplicated().sum()
    assert schedule.plan.year.plan.name != "yunxi-2025" or merged > 0


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
    book = openpyxl.load_workbook(given_out[1] / f"月度执法安排回填-{MARK}.xlsx")
    assert "--plan params/putuo-2024.yaml --month 12" in book["说明"]["A6"].value
    sheet = book["回填"]
    headings = [str(cell.value).rstrip("*") for cell in sheet[2]]
    rows = [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=3)]
    assert [row["安排编号"] for row in rows] == made.dated["visit_id"].tolist()
    assert [row["检查日期"].date().isoformat() for row in rows] == made.dated["date"].tolist()
    assert [row["检查人员"] for row in rows] == [";".join(codes) for codes in made.dated["officers"]]
    assert {row["是否完成"] for row in rows} == {None}


def test_visits_outside_the_area_are_known_as_such(plan):
    schedule_of_june = month_schedule(month_of(open_year(plan), 6))
    outside = schedule_of_june.outside
    assert outside
    assert {code.partition("-")[0] for code in outside} == {"P08"}
    named = schedule_of_june._with_names(schedule_of_june.plan.numbered[["visit_id", "task_id", "unit_id"]])
    assert set(named.loc[named["visit_id"].isin(outside), "name"]) == {"（区外企业）"}


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


def test_no_unit_of_another_level_of_authority_is_put_on_a_day(tmp_path):
    plan = write_county(bare_project(tmp_path))
    before = set(month_of(open_year(plan), 7).schedule.visits["unit_id"])
    path = tmp_path / "data/yunxi-2025/units.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = {row.split(",")[0] for row in rows[1::2]}
    path.write_text(
        "".join(row.replace("县级", "乡镇级") if row.split(",")[0] in moved else row for row in rows), encoding="utf-8"
    )
    visits = month_of(open_year(plan), 7).schedule.visits
    assert before & moved
    assert set(visits["unit_id"]) - {""}
    assert not set(visits["unit_id"]) & moved


def approved_on(folder: Path, day: str) -> Path:
    """The county's plan, expected to be approved on a day."""
    plan = write_county(bare_project(folder))
    plan.write_text(plan.read_text(encoding="utf-8").replace("2024-12-20", day), encoding="utf-8")
    return plan


def test_the_month_of_the_approval_is_put_on_days_after_it(tmp_path):
    plan = approved_on(tmp_path, "2025-03-13")
    schedule(plan, month=3, out=tmp_path / "out")
    (edition,) = read_arrangements(open_year(plan).plan)
    days = {day for day in edition.visits.loc[edition.visits["month"] == 3, "date"] if day}
    assert edition.as_of == "2025-03-13"
    assert days
    assert min(days) > "2025-03-13"


def test_a_month_that_ends_with_the_approval_has_nothing_to_put_on_days(tmp_path):
    with pytest.raises(InputError, match="2025-03-31 批准以后还有工作日的月份"):
        schedule(approved_on(tmp_path, "2025-03-31"), month=3, trial=True)
