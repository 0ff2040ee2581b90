"""A plan begins: one workbook that is a plan once it is filled in, YAML and workbook of one plan the same."""

from __future__ import annotations

import contextlib
import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from enforce.__main__ import main
from enforce.desk.commands.begin import ascii_name, write_new_plan, write_other_form
from enforce.desk.commands.check import check
from enforce.desk.commands.record import record
from enforce.desk.plan_pages import ORDER, plan_pages
from enforce.desk.run import handover
from enforce.desk.run.batch import report_place
from enforce.desk.year import open_year
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.parameters.plan_sheets import FOLDERS, sections
from enforce.inputs.tables.of_plan import TABLES, read_tables
from enforce.papers.books.entry_book import entry_book_bytes
from enforce.words.problems import Flaw, InputError
from tests.bureaus import bare_project, write_county
from tests.work import trials

BUREAU, TEAMS = "云溪县应急管理局", ("安全生产基础科", "执法大队")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with rules and calendars and no plan, as the working folder."""
    monkeypatch.chdir(bare_project(tmp_path))
    return tmp_path


def county_book(project: Path) -> tuple[Path, Path]:
    """The county's plan twice: as YAML with CSV tables, and as one workbook in a project of its own."""
    plan = read_plan(write_county(bare_project(project / "yaml"), approved=True))
    other = bare_project(project / "book")
    path = other / "data" / plan.name / "年度计划.xlsx"
    path.parent.mkdir()
    raw = {name: value for name, value in plan.model_dump(exclude_unset=True).items() if name not in FOLDERS}
    tables = {name: getattr(read_tables(plan), name) for name in TABLES}
    path.write_bytes(entry_book_bytes(plan_pages(raw, plan.year, tables), "计划", plan.year))
    return plan.path, path


def choices(path: Path) -> dict:
    return read_plan(path).model_dump(exclude=set(FOLDERS))


def wheres(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        open_year(path)
    return [problem.where for problem in caught.value.problems]


# --- a new plan ---


def test_a_new_plan_is_one_workbook_and_nothing_else(project):
    before = {path for path in project.rglob("*") if path.is_file()}
    lines = write_new_plan(BUREAU, 2026, teams=TEAMS)
    (book,) = {path for path in project.rglob("*") if path.is_file()} - before
    assert book == project / "data/yunxi-2026/年度计划.xlsx"
    assert lines == [
        "计划简称：yunxi-2026",
        "已写出：data/yunxi-2026/年度计划.xlsx",
        "填好以后：enforce run data/yunxi-2026/年度计划.xlsx",
    ]
    assert openpyxl.load_workbook(book).sheetnames == list(ORDER)


def test_a_new_plan_as_yaml_has_a_workbook_for_its_tables(project):
    write_new_plan(BUREAU, 2026, teams=TEAMS, yaml=True)
    assert {path.relative_to(project).as_posix() for path in project.rglob("*yunxi-2026*/*")} == {
        "data/yunxi-2026/各表.xlsx"
    }
    assert wheres(project / "params/yunxi-2026.yaml")[0].startswith("第 ")
    sheet = openpyxl.load_workbook(project / "data/yunxi-2026/各表.xlsx")["检查事项"]
    assert not [one for one in sheet.data_validations.dataValidation if "科队人日" in one.formula1]


def test_closed_lists_are_chosen_from_and_teams_are_those_of_their_sheet(project):
    write_new_plan(BUREAU, 2026, teams=TEAMS)
    sheet = openpyxl.load_workbook(project / "data/yunxi-2026/年度计划.xlsx")["检查事项"]
    lists = {str(one.sqref).split("4:")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    headings = {cell.value.strip("*"): cell.column_letter for cell in sheet[2] if cell.value}
    assert lists[headings["检查类型"]] == '"重点检查,一般检查"'
    assert lists[headings["事项性质"]].startswith('"县重点单位,')
    assert lists[headings["科队"]] == "'科队人日'!$B$4:$B$17"


@pytest.mark.parametrize("as_yaml", [False, True])
def test_a_headcount_given_with_its_team_is_written_down(project, as_yaml):
    write_new_plan(BUREAU, 2026, teams=("基础科=3", "执法大队＝5"), yaml=as_yaml)
    if as_yaml:
        teams = yaml.safe_load((project / "params/yunxi-2026.yaml").read_text(encoding="utf-8"))["teams"]
        assert [(team["team"], team["headcount"]) for team in teams] == [("基础科", 3), ("执法大队", 5)]
    else:
        sheet = openpyxl.load_workbook(project / "data/yunxi-2026/年度计划.xlsx")["科队人日"]
        assert [(row[1].value, row[2].value) for row in sheet["A4:C5"]] == [("基础科", 3), ("执法大队", 5)]


def test_nothing_is_written_over(project):
    write_new_plan(BUREAU, 2026)
    for as_yaml in (False, True):
        with pytest.raises(InputError, match="已有的不覆盖"):
            write_new_plan(BUREAU, 2026, yaml=as_yaml)
    assert not (project / "params/yunxi-2026.yaml").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"year": 1999}, "2004 以上的数"),
        ({"name": "云溪"}, "字母、数字、连字符"),
        ({"teams": ("甲", "甲")}, "不重复的科队名称"),
        ({"teams": ("合计",)}, "以外的科队名称"),
        ({"teams": ("甲=三",)}, "在册人数"),
        ({"bureau": " "}, "不为空"),
        ({"district": "湖南省\n"}, "不含换行"),
    ],
)
def test_what_no_plan_can_have_is_refused_before_a_file_is_written(project, options, expected):
    with pytest.raises(InputError, match=expected):
        write_new_plan(**{"bureau": BUREAU, "year": 2026, **options})
    assert not list(project.rglob("*.xlsx"))


@pytest.mark.parametrize(
    ("bureau", "name"),
    [
        ("云溪县应急管理局", "yunxi-2026"),
        ("内蒙古自治区鄂尔多斯市达拉特旗应急管理局", "dalate-2026"),
        ("重庆市应急局", "chongqing-2026"),
        ("吕梁市离石区应急管理局", "lishi-2026"),
        ("A", "a-2026"),
    ],
)
def test_a_name_is_made_of_the_place_in_pinyin(bureau, name):
    assert ascii_name(bureau, 2026) == name


def test_a_new_book_says_which_cells_must_be_filled_in_and_they_are_few(project):
    write_new_plan(BUREAU, 2026, teams=TEAMS)
    told = wheres(project / "data/yunxi-2026/年度计划.xlsx")
    assert told[:2] == ["基本信息!B5 行政区", "科队人日!C4 科队「安全生产基础科」在册人数"]
    assert len(told) <= 25


def filled(path: Path, sheet: str, rows: dict[int, dict[str, object]]) -> Path:
    """Type into the cells below the headings of a sheet, by row, as Excel would."""
    book = openpyxl.load_workbook(path)
    headings = {cell.value.strip("*").partition("（")[0]: cell.column for cell in book[sheet][2] if cell.value}
    for row, cells in rows.items():
        for heading, value in cells.items():
            book[sheet].cell(row, headings[heading]).value = value
    book.save(path)
    return path


def typed(path: Path, sheet: str, cell: str, value: object) -> Path:
    """Type into one cell."""
    return edited(path, lambda book: book[sheet].__setitem__(cell, value))


def edited(path: Path, change) -> Path:
    """Open a workbook, let a planner do something to it, and save it."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


LINE = {"事项编号": "A1", "类别": "重点", "检查事项": "全覆盖", "检查类型": "重点检查", "事项性质": "县重点单位"}
LINE |= {"计划家次": 3, "计划家数": "3", "月份": "1-12", "每次天数": 1, "每次人数": 2, "科队": "执法大队"}
LINE |= {"选取方式": "全部", "数据来源": "试用"}
UNIT = {"乡镇": "云溪乡", "行业类别": "其他", "是否县重点单位": "是", "重点覆盖事项": "A1"}
UNIT |= {"执法层级": "县级", "是否县内": "是", "数据来源": "试用"}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A workbook of a small plan, filled in by hand: what a planner types outside the tables is 7 values."""
    with contextlib.chdir(bare_project(tmp_path_factory.mktemp("small"))):
        write_new_plan(BUREAU, 2025, teams=TEAMS, name="a")
        path = typed(Path("data/a/年度计划.xlsx").absolute(), "基本信息", "B5", "湖南省岳阳市云溪县")
    one = {"在册人数": 3, "其他执法工作日": 375, "非执法工作日": 135}
    filled(path, "科队人日", {4: one, 5: {"在册人数": "5", "其他执法工作日": 660, "非执法工作日": "４００人日"}})
    filled(path, "检查事项", {4: LINE})
    officer = {"是否持证": "是", "起始月": 1, "截止月": 12, "数据来源": "试用"}
    officers = {row: {"执法人员编号": f"YX-0{row}", "科队": team, **officer} for row, team in enumerate(TEAMS, 4)}
    filled(path, "执法人员", officers)
    codes = [f"91430623MA{n:07}" for n in range(3)]
    units = [{"统一社会信用代码": code + uscc.calc_check_digit(code), "企业名称": code, **UNIT} for code in codes]
    return filled(path, "企业台账", dict(enumerate(units, 4)))


@pytest.fixture
def book(project, small):
    """A copy of it in a project of its own."""
    (project / "data/a").mkdir()
    return Path(shutil.copy(small, project / "data/a/年度计划.xlsx"))


def test_a_book_filled_in_by_hand_is_a_plan(book):
    year = open_year(book)
    assert (year.plan.teams[1].headcount, year.plan.teams[1].non_enforcement_days) == (5, 400)
    assert year.approved["visits"].sum() == 3
    assert year.tables.decisions is None


def test_the_commands_need_no_terminal(project, capsys):
    def call(*words: str) -> int:
        with pytest.raises(SystemExit) as stopped:
            main(list(words))
        return stopped.value.code

    teams = ["--teams", "安全生产基础科，执法大队"]
    assert call("new", BUREAU, "--year", "2026", *teams, "--district", "湖南省岳阳市云溪县") == 0
    assert "enforce run data/yunxi-2026/年度计划.xlsx" in capsys.readouterr().out
    assert len(wheres(project / "data/yunxi-2026/年度计划.xlsx")) == 6
    assert (call("new", BUREAU, "--year", "今年"), call("new", BUREAU)) == (2, 2)
    assert call("params", str(write_county(project))) == 0
    assert call("params", "data/yunxi-2025/年度计划.xlsx") == 1
    assert "已有的不覆盖" in capsys.readouterr().err


# --- one plan in two forms ---


@pytest.mark.slow
def test_yaml_and_workbook_of_one_plan_give_the_same_bytes(tmp_path):
    books = {}
    for path in county_book(tmp_path):
        year, out = open_year(path), tmp_path / path.suffix
        out.mkdir()
        written = [
            write(out / name) for name, write in handover.annual_books(year).items() if (out / name).parent == out
        ]
        books[path.suffix] = {file.name: file.read_bytes() for file in written}
    assert books[".yaml"] == books[".xlsx"]
    assert len(books[".yaml"]) > 4


@pytest.mark.slow
def test_a_workbook_is_the_same_plan_and_the_same_tables(tmp_path):
    file, book = county_book(tmp_path)
    assert choices(file) == choices(book)
    one, other = (read_tables(read_plan(path)) for path in (file, book))
    for name in TABLES:
        assert getattr(one, name).equals(getattr(other, name)), name
    assert read_plan(file).digest == read_plan(book).digest
    assert other.files["units"].endswith("年度计划.xlsx!企业台账")


def test_every_choice_stands_on_one_sheet():
    leaves = [section.path(leaf).partition(".")[0] for section in sections(Plan) for leaf in section.leaves]
    assert set(leaves) == set(Plan.model_fields)
    whole = [section.path(leaf) for section in sections(Plan) for leaf in section.leaves]
    assert len(whole) == len(set(whole))


@pytest.mark.slow
def test_one_form_turns_into_the_other_and_back(project):
    plan = write_county(project, approved=True)
    write_other_form(plan)
    book = project / "data/yunxi-2025/年度计划.xlsx"
    before = choices(plan)
    assert choices(book) == before
    assert read_tables(read_plan(book)).files["tasks"] == "data/yunxi-2025/tasks.csv"
    plan.unlink()
    write_other_form(book)
    assert choices(plan) == before
    assert open_year(plan).approved.equals(open_year(book).approved)


def test_the_other_form_is_not_written_over_nor_under_another_name(project):
    plan = write_county(project)
    write_other_form(plan)
    with pytest.raises(InputError, match="已有的不覆盖"):
        write_other_form(plan)
    with pytest.raises(InputError, match="文件夹 yunxi-2025/"):
        write_other_form(plan, Path("data/别处/年度计划.xlsx"))
    with pytest.raises(InputError, match="结尾的文件名"):
        write_other_form(plan, Path("data/yunxi-2025/计划.csv"))


TEXTS = (
    st.text("甲乙；;、＝=（）·a1 -无", min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: text not in {"", "无"})
)
#: The name of a section is one: it holds nothing that parts a list.
NAMES = TEXTS.filter(lambda text: not set(text) & set("；;、"))
HALVES = st.integers(0, 4000).map(lambda n: n / 2)


def period(number: int, days: list[float]) -> dict:
    kept = [{"team": f"科{n}", "days": one} for n, one in enumerate(days)]
    return {"name": f"时段{number}", "from_date": "2026-03-02", "to_date": "2026-03-09", "reserved_days": kept}


RESERVED = st.lists(st.lists(HALVES, max_size=2), max_size=3)
COSTS = st.dictionaries(st.sampled_from(["published", "internal"]), st.integers(0, 1000))


@trials(20)
@given(
    days=HALVES, texts=st.lists(TEXTS, max_size=3, unique=True),
    names=st.lists(NAMES, max_size=3, unique=True), share=st.integers(0, 100).map(lambda n: n / 100),
    reserved=RESERVED, city=st.sampled_from([None, "", "岳阳市"]), costs=COSTS,
    parts=st.lists(st.decimals(0, 1000, places=2), max_size=3),
    weights=st.dictionaries(st.sampled_from("红橙黄蓝"), st.integers(1, 9)),
)  # fmt: skip
def test_what_a_sheet_says_is_what_yaml_says(
    tmp_path_factory, days, texts, names, share, reserved, city, costs, parts, weights
):
    raw = {
        "name": "a", "year": 2026, "district": "云溪县", "bureau": "某局", "reserve_share": share, "city": city,
        "teams": [
            {"team": f"科{n}", "headcount": 3, "other_enforcement_days": days}
            | {"non_enforcement_days": dict.fromkeys(ITEMS, days)}
            for n in range(2)
        ],
        "sections": names, "key_periods": [period(n, one) for n, one in enumerate(reserved)],
        "move_costs": costs, "draw_weights": {"risk_grade": weights},
        "printed": {"sums": [{"parts": parts, "total": 1}]}, "filing": [{"to": text} for text in texts],
        "bases": ["B01", {"title": "某办法"}],
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("p") / "data" / "a"
    for part in (folder, folder.parent / "calendar", folder.parents[1] / "params/rules"):
        part.mkdir(parents=True)
    shutil.copy("params/rules/bases.yaml", folder.parents[1] / "params/rules")
    (folder / "年度计划.xlsx").write_bytes(entry_book_bytes(plan_pages(raw, 2026), "计划", 2026))
    expected = Plan.model_validate({**raw, "tables": "t", "calendar": "c"}).model_dump(exclude=set(FOLDERS))
    assert choices(folder / "年度计划.xlsx") == expected


ITEMS = ("duty", "training", "guidance", "party", "sick", "leave", "other")


# --- a workbook as Excel and WPS users leave it ---


def problem(path: Path):
    with pytest.raises(InputError) as caught:
        open_year(path)
    (one,) = caught.value.problems
    return one


def test_a_needed_sheet_that_is_gone_is_told_with_those_that_are_there(book):
    edited(book, lambda one: one.remove(one["科队人日"]))
    assert problem(book).where == "【科队】"
    assert "工作表「科队人日」里的【科队】一段（现有工作表：说明、基本信息、" in problem(book).expected


def test_a_sheet_that_is_not_needed_may_go(book):
    edited(book, lambda one: [one.remove(one[name]) for name in ("重点时段", "回避", "公布数", "说明")])
    assert open_year(book).plan.key_periods == ()


def test_a_table_that_is_gone_is_told_with_how_the_others_were_read(book):
    edited(book, lambda one: one.remove(one["企业台账"]))
    assert (problem(book).file, problem(book).where) == ("data/a", "企业台账")
    assert (
        "「检查事项」读作检查事项表、「执法人员」读作执法人员名册、「检查记录」读作检查记录（没有一行）"
        in problem(book).expected
    )


@pytest.mark.slow
def test_sheets_are_known_by_what_they_hold_whatever_they_are_called(book):
    names = {"基本信息": "信息", "科队人日": "人日", "检查事项": "Sheet1", "企业台账": "名单2025"}
    before = open_year(book)

    def rename(one):
        for name, other in names.items():
            one[name].title = other

    after = open_year(edited(book, rename))
    assert after.plan.digest == before.plan.digest
    assert after.units.equals(before.units)


@pytest.mark.parametrize(
    ("sheet", "where", "kind"),
    [("基本信息", "工作表「基本信息 Copy」第 1 行", Flaw.REPEATED), ("检查事项", "工作表", Flaw.UNCLEAR)],
)
def test_a_sheet_that_stands_twice_is_refused(book, sheet, where, kind):
    edited(book, lambda one: one.copy_worksheet(one[sheet]))
    with pytest.raises(InputError) as caught:
        open_year(book)
    assert caught.value.problems[0].where == where
    assert caught.value.problems[0].kind is kind


def test_a_formula_counts_with_its_value_and_without_one_is_told_by_its_cell(book):
    typed(book, "基本信息", "B14", "=0.05+0.1")
    assert problem(book).where == "基本信息!B14 留有余地"
    assert "公式" in problem(book).found


def test_a_cell_merged_over_two_choices_is_refused(book):
    edited(book, lambda one: one["科队人日"].merge_cells("D4:D5"))
    assert problem(book).where == "科队人日!D4 【科队】"
    assert problem(book).found == "合并了 2 格"


def test_a_cell_merged_with_what_stands_beside_it_is_read(book):
    edited(book, lambda one: one["基本信息"].merge_cells("A1:C1"))
    assert open_year(book).plan.name == "a"


@pytest.mark.parametrize(
    "day", [date(2025, 1, 20), pd.Timestamp("2025-01-20").to_pydatetime(), "2025年1月20日", "2025/1/20", "20250120"]
)
def test_a_date_is_read_in_every_form(book, day):
    period = {
        "时段名称": "春节前",
        "起始日期": day,
        "截止日期": "2025-01-27",
        "预留人日": "执法大队=6；安全生产基础科＝1.5",
    }
    (read,) = read_plan(filled(book, "重点时段", {6: period})).key_periods  # rows above are empty
    assert (read.from_date, read.reserved_days[1].days) == ("2025-01-20", 1.5)


@pytest.mark.parametrize(
    ("cell", "value", "where", "expected"),
    [
        ("B4", "2025年", "基本信息!B4 计划年度", ""),
        ("B14", "15%", "", ""),
        ("B14", 15, "基本信息!B14 留有余地", "1 以下的数"),
        ("B14", date(2025, 1, 20), "基本信息!B14 留有余地", ""),
        ("B7", True, "基本信息!B7 市", "文字"),
        ("B8", date(2025, 1, 20), "基本信息!B8 编制单位", "文字"),
        ("B3", "b", "基本信息!B3 计划简称", "与文件夹「a」一致"),
        ("A14", "留有余", "基本信息!B14 【基本信息】", "留有余地"),
        ("A1", "【基本信息表】", "工作表「基本信息」第 1 行", "是否想写「基本信息」"),
        ("A1", None, "工作表「基本信息」第 2 行", "段名"),
    ],
)
def test_a_wrong_choice_is_told_by_sheet_and_cell(book, cell, value, where, expected):
    typed(book, "基本信息", cell, value)
    try:
        read_plan(book)
    except InputError as error:
        told = {one.where: one.expected for one in error.problems}
        assert where in told, told
        assert expected in told[where]
    else:
        assert not expected


def test_a_total_beside_items_of_it_is_refused(book):
    filled(book, "科队人日", {4: {"综合监管": 5}})
    assert problem(book).where == "科队人日!E4 科队「安全生产基础科」其他执法工作日 综合监管"


@pytest.mark.slow
def test_items_without_a_total_are_read_and_one_that_lacks_is_told_by_its_cell(book):
    filled(book, "科队人日", {4: {"其他执法工作日": None, **dict.fromkeys(ENFORCEMENT, 5)}})
    assert open_year(book).plan.teams[0].other_enforcement_days.joint == 5
    filled(book, "科队人日", {4: {"行政许可": None}})
    assert problem(book).where == "科队人日!F4 科队「安全生产基础科」其他执法工作日 行政许可"


@pytest.mark.parametrize(("sheet", "row"), [("科队人日", 3), ("检查事项", 3)])
def test_an_example_row_that_was_typed_over_is_refused(book, sheet, row):
    filled(book, sheet, {row: {"科队": "执法二队"}})
    assert f"第 {row} 行" in problem(book).where or problem(book).where.startswith(f"{sheet}!A{row}")
    assert "示例行" in problem(book).expected


@pytest.mark.slow
@pytest.mark.parametrize("sheet", ["企业台账", "科队人日", "回避"])
def test_an_example_row_that_no_longer_says_so_is_no_data(book, sheet):
    typed(book, sheet, "A3", None)
    with pytest.raises(InputError) as caught:
        open_year(book)
    assert any("示例行" in one.expected for one in caught.value.problems)


@pytest.mark.slow
def test_a_fault_of_a_table_is_told_with_its_sheet(book):
    filled(book, "检查事项", {4: {"计划家次": "很多"}})
    assert (problem(book).file, problem(book).where) == (
        "data/a/年度计划.xlsx!检查事项",
        "第 4 行「计划家次（家次）*」",
    )


def test_a_second_plan_in_the_folder_is_refused(book):
    shutil.copy(book, book.with_name("年度计划 - 副本.xlsx"))
    with pytest.raises(InputError) as caught:
        read_plan(book)
    assert "另一份计划" in str(caught.value)


ENFORCEMENT = ("综合监管", "行政许可", "事故调查和处理", "核实投诉举报", "参加有关部门联合执法", "法定登记、备案")
ENFORCEMENT += ("中介服务机构监督检查", "宣传教育培训", "行政复议、应诉", "本级政府或上级安排的执法任务")


# --- what a person reads ---


def test_the_notes_of_a_new_workbook_say_no_english_key_and_nothing_of_a_value_nobody_typed(project):
    write_new_plan(BUREAU, 2026, teams=TEAMS)
    book = openpyxl.load_workbook(project / "data/yunxi-2026/年度计划.xlsx")
    notes = [cell.comment.text for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    notes += [row[2] for row in book["基本信息"].iter_rows(values_only=True) if row[2]]
    notes += [row[2] for row in book["科队人日"].iter_rows(min_row=17, values_only=True) if isinstance(row[2], str)]
    keys = {leaf.path[-1] for section in sections(Plan) for leaf in section.leaves if leaf.path} - {
        "exchange",
        "rules",
        "calendar",
    }
    assert not [note for note in notes if keys & set(re.findall("[a-z_]+", note)) or "现有 1 位" in note]
    assert not [note for note in notes if re.search(r"\[.*\]|\{.*\}|tasks\.csv|null|person", note)]


def test_every_sheet_of_rows_has_an_example(project):
    write_new_plan(BUREAU, 2026)
    book = openpyxl.load_workbook(project / "data/yunxi-2026/年度计划.xlsx")
    rows = [sheet for sheet in book if sheet["A2"].value == "序号"]
    assert not [sheet.title for sheet in rows if sheet["A3"].value != "示例"]


@pytest.mark.slow
def test_a_second_workbook_of_a_plan_is_not_written_beside_the_first(project):
    _, book = county_book(project)
    params = book.parents[2] / "params" / f"{book.parent.name}.yaml"
    write_other_form(book, params)
    with pytest.raises(InputError, match=r"另一份计划 年度计划\.xlsx 在用；是备份、副本的，移到别的文件夹"):
        write_other_form(params, book.with_name("再一份.xlsx"))
    assert not book.with_name("再一份.xlsx").exists()


@pytest.mark.slow
def test_a_workbook_without_its_first_sheet_is_still_checked_as_a_plan(project):
    _, book = county_book(project)
    loaded = openpyxl.load_workbook(book)
    loaded.remove(loaded["基本信息"])
    loaded.save(book)
    (file,) = check([book]).files
    assert [problem.place.entry for problem in file.problems] == ["【基本信息】"]


@pytest.mark.slow
def test_a_sheet_of_a_table_that_stands_twice_is_to_be_deleted(project):
    _, book = county_book(project)
    loaded = openpyxl.load_workbook(book)
    loaded.copy_worksheet(loaded["检查事项"])
    loaded.save(book)
    with pytest.raises(InputError, match="「检查事项」、「检查事项 Copy」都像检查事项表"):
        open_year(book)


def test_the_report_of_a_workbook_is_called_like_its_plan():
    assert report_place(Path("data/yunxi-2026/年度计划.xlsx")).name == "yunxi-2026"
    assert report_place(Path("params/yunxi-2026.yaml"), "七月").name == "yunxi-2026-七月"


@pytest.mark.slow
def test_records_typed_into_the_workbook_are_recorded_without_a_word_on_its_other_sheets(project):
    _, book = county_book(project)
    loaded = openpyxl.load_workbook(book)
    sheet = loaded["检查记录"]
    at = {str(cell.value).partition("（")[0].strip("*"): cell.column for cell in sheet[2] if cell.value}
    unit, task, officer = (loaded[name].cell(4, 2).value for name in ("企业台账", "检查事项", "执法人员"))
    visit = {"检查编号": "J-1", "检查日期": date(2025, 2, 11), "统一社会信用代码": unit, "事项编号": task}
    visit |= {"检查人员": officer, "记录完整": "是", "隐患数": 1, "重大隐患数": 0, "整改数": 1, "数据来源": "文书"}
    for heading, value in visit.items():
        sheet.cell(sheet.max_row if heading != "检查编号" else sheet.max_row + 1, at[heading], value)
    loaded.save(book)
    lines = record(book, book)
    assert lines[0].startswith("新增 ")
    assert not [line for line in lines if "这次没有读" in line or "批注" in line]
