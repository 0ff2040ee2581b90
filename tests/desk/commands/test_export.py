"""The exchange: what is exported reads back as the same tables, under our headings and under another system's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from enforce import __main__ as command
from enforce.desk.commands import export as exporting
from enforce.desk.commands.check import check
from enforce.desk.commands.export import FILES, exchange_tables, month_plan, write_exchange
from enforce.desk.year import Year, open_year
from enforce.inputs.tables.forms import FORMS
from enforce.inputs.tables.mapping import forms_of, plan_under
from enforce.inputs.tables.of_plan import read_part
from enforce.inputs.tables.reading import typed_table
from enforce.inputs.tables.writing import exchange_table
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.csv_file import write_csv
from enforce.papers.books.writer import write_book
from enforce.words.files import OutputError
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_banner, write_county
from tests.work import trials

pytestmark = pytest.mark.slow

HEAD = "table,column,heading,status,source\n"
MAPPING = "示例平台"
ENDINGS = ("xlsx", "csv")


@pytest.fixture(scope="module", params=["demo", "county", "approved county", "banner"])
def plan(request, root: Path, tmp_path_factory) -> Path:
    """A plan of each bureau with its tables, beside the mapping that the project ships."""
    place = tmp_path_factory.mktemp("project")
    if request.param == "demo":
        for folder in ("params", "data/calendar", "data/putuo-2024"):
            shutil.copytree(root / folder, place / folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
        return place / "params/putuo-2024.yaml"
    project = bare_project(place)
    shutil.copytree(root / "params/exchange", project / "params/exchange")
    return (
        write_banner(project) if request.param == "banner" else write_county(project, approved="appr" in request.param)
    )


@pytest.fixture(scope="module")
def year(plan: Path) -> Year:
    return open_year(plan)


@pytest.fixture(scope="module")
def exported(plan: Path, tmp_path_factory) -> Callable[[str, str], Path]:
    """The plan's exchange by the ending of its files and the mapping, each written once and left as it is."""

    @cache
    def folder(ending: str, mapping: str) -> Path:
        out = tmp_path_factory.mktemp("exchange") / "out"
        write_exchange(plan, out, ending=ending, mapping=mapping)
        return out

    return folder


def parts(year: Year) -> dict[str, tuple[str, pd.DataFrame]]:
    """Every exported file with the name of its table and the table itself."""
    tables = year.tables
    limits = typed_table(month_plan(year), FORMS["limits"])
    rows = [("units", tables.units), ("tasks", tables.tasks), ("roster", tables.roster), ("limits", limits)]
    return dict(zip(FILES, rows, strict=True))


def read_back(folder: Path, year: Year, name: str, ending: str, mapping: str = "") -> pd.DataFrame:
    """One exported file as the plan reads its own tables."""
    table = parts(year)[name][0]
    part, problems, _ = read_part(table, folder / f"{name}.{ending}", plan_under(year.plan, mapping))
    assert problems == []
    return typed_table(part.frame, FORMS[FILES[name]])


# --- the round trip ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mapping", ["", MAPPING])
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_file_reads_back_as_the_table_it_was_made_of_with_no_cell_changed(plan, year, exported, ending, mapping):
    out = exported(ending, mapping)
    assert sorted(path.name for path in out.iterdir()) == sorted(f"{name}.{ending}" for name in FILES)
    for name, (_, table) in parts(year).items():
        assert_frame_equal(read_back(out, year, name, ending, mapping), table)
    result = check(sorted(out.iterdir()), plan=plan, mapping=mapping)
    assert result.good, str(result)
    assert {Path(one.file).stem: one.reading.kind for one in result.files} == FILES
    assert [change for one in result.files for change in one.reading.report.changes] == []


@pytest.mark.parametrize(("ending", "mapping"), [("xlsx", ""), ("csv", ""), ("xlsx", MAPPING)])
def test_tables_put_in_the_place_of_the_old_give_the_same_plan_and_the_same_bytes_again(
    plan, year, exported, ending, mapping, tmp_path
):
    first, place = exported(ending, mapping), tmp_path / "again"
    shutil.copytree(plan.parents[1], place)
    again = place / "params" / plan.name
    folder = place / "data" / plan.stem
    for name in ("units", "tasks", "roster"):
        (folder / f"{name}.csv").unlink()
    for path in first.iterdir():
        shutil.copy(path, folder / path.name.replace("月度计划", "limits"))
    if mapping:
        again.write_text(again.read_text(encoding="utf-8") + f"\nmapping: {mapping}\n", encoding="utf-8")
    anew = open_year(again)
    assert_frame_equal(anew.annex.visits, year.annex.visits)
    assert_frame_equal(anew.allocation.visits, year.allocation.visits)
    second = place / "second"
    write_exchange(again, second, ending=ending)
    if not mapping:
        assert {path.name: path.read_bytes() for path in first.iterdir()} == {
            path.name: path.read_bytes() for path in second.iterdir()
        }


def test_the_month_plan_is_annex_1(year):
    rows = month_plan(year)
    assert rows["minimum"].tolist() == rows["maximum"].tolist()
    visits = pd.Series(rows["minimum"].to_numpy(), [rows["task_id"], rows["months"].map(lambda months: months[0])])
    annex = year.annex.visits.set_index(["task_id", "month"])["visits"]
    assert visits.reindex(annex.index, fill_value=0).tolist() == annex.tolist()


def test_columns_stand_in_the_order_of_the_form_under_its_headings(year):
    tables = exchange_tables(year, year.plan)
    for file, kind in FILES.items():
        assert tables[file].columns.tolist() == [column.chinese for column in forms_of(year.plan)[kind].ours]


# --- any table of any form --------------------------------------------------------------------------------------------

TEXT = st.text(
    st.sampled_from("甲乙丙公司（虚）检查ab12-_.,、;；:：\"'()=+ /无合计第年季度|%\\\t"), min_size=1, max_size=12
)
NUMBERS = st.sampled_from(["0", "1", "2", "7", "12", "0.5", "1.5", "10", "123", "0.3333", "1.0"])
DAYS = st.dates(pd.Timestamp("2020-01-01").date(), pd.Timestamp("2030-12-31").date()).map(str)
WORDS = [
    *("是", "否", "重点检查", "一般检查", "全部", "随机抽取", "key"),
    *("A", "红", "区级", "在营", "停业", "已注销", "区重点单位"),
    *("专项检查", "key_list", "others", "监督检查", "增", "不予处罚", "粉尘涉爆;污水处理设施"),
    *("危化科=0.5;法宣科=0", "罚款;警告", "5-6|10-11", "1-3,9-11", "全年", "一季度", "8"),
    *("P01", "91310107TEXT00017P", "PT-01", "单位", "简易"),
]
CELLS = st.one_of(st.sampled_from(["", *WORDS]), TEXT, NUMBERS, DAYS)


def readable(column, cell: str) -> bool:
    try:
        column.value(cell)
    except ValueError:
        return False
    return True


@st.composite
def written_tables(draw) -> tuple[str, pd.DataFrame]:
    """A form and cells as a planner may write them: of every column only what it reads."""
    form = FORMS[draw(st.sampled_from(sorted(FORMS)))]
    height = draw(st.integers(1, 4))
    columns = {}
    for column in form.ours:
        fit = st.sampled_from([word for word in ["", *WORDS] if readable(column, word)] or [""])
        cells = [draw(CELLS) for _ in range(height)]
        columns[column.name] = [cell if readable(column, cell) else draw(fit) for cell in cells]
    return form.kind, pd.DataFrame(columns, dtype=object)


@given(written_tables())
@trials(30)
def test_any_table_that_was_read_is_read_again_from_either_file(tmp_path_factory, written):
    kind, cells = written
    folder = tmp_path_factory.mktemp("any")
    form, raw = FORMS[kind], folder / "raw.xlsx"
    book = openpyxl.Workbook()
    for row in [[column.chinese for column in form.ours], *cells.to_numpy().tolist()]:
        book.active.append([None if cell == "" else str(cell) for cell in row])
    for row in book.active.iter_rows():
        for cell in row:
            cell.data_type = "s" if cell.value is not None else "n"
    book.save(raw)
    part, problems, _ = read_part(form.table, raw)
    if problems or part.frame.empty:
        return
    table = typed_table(part.frame, form)
    again = exchange_table(table, form)
    meta = Meta(title="表", bureau="某局", document="", approved_on="", year=2025)
    files = [write_book(folder / "a.xlsx", [Sheet("表", again, headed=True)], meta)]
    if not any(isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) for cell in again.to_numpy().ravel()):
        files.append(write_csv(folder / "a.csv", again))
    for file in files:
        part, problems, _ = read_part(form.table, file)
        assert problems == []
        back = typed_table(part.frame, form)
        assert_frame_equal(back, table)
        assert exchange_table(back, form).equals(again)


@pytest.mark.parametrize("kind", FORMS)
def test_what_a_planner_reads_in_a_cell_is_chinese_wherever_the_value_is_a_term(kind):
    form = FORMS[kind]
    terms = {"tier": "key", "kind": "spot_check", "selection": "ranked", "exclude": "others", "state": "paused",
             "trigger": "order", "penalty_basis": "accident", "change": "added", "party": "unit", "procedure": "simple",
             "outcome": "mitigated"}  # fmt: skip
    row = {column.name: terms.get(column.name, "") for column in form.ours}
    cells = exchange_table(pd.DataFrame([row]), form).iloc[0]
    shown = {column.name: cells[column.chinese] for column in form.ours if column.name in terms}
    assert [name for name, cell in shown.items() if cell.isascii()] == []


def test_no_name_of_an_officer_and_no_column_beside_the_form_is_exported(tmp_path, root):
    project = bare_project(tmp_path)
    plan = write_county(project)
    units = project / "data" / plan.stem / "units.csv"
    head, *rows = units.read_text(encoding="utf-8").splitlines()
    wider = [f"{head},联系人,联系电话", *(f"{row},张三,13800138000" for row in rows)]
    units.write_text("\n".join(wider), encoding="utf-8")
    write_exchange(plan, tmp_path / "out", ending="csv")
    text = "".join(path.read_text(encoding="utf-8-sig") for path in (tmp_path / "out").iterdir())
    assert [word for word in ("张三", "联系", "13800138000") if word in text] == []


# --- mappings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def county(tmp_path) -> Path:
    plan = write_county(bare_project(tmp_path))
    (plan.parent / "exchange").mkdir()
    return plan


def mapped(plan: Path, *rows: str, head: str = HEAD) -> Path:
    path = plan.parent / "exchange/他局.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def flaws(plan: Path, name: str = "他局") -> list[str]:
    with pytest.raises(InputError) as caught:
        write_exchange(plan, plan.parent / "out", mapping=name)
    assert not (plan.parent / "out").exists()
    return [f"{problem.where} = {problem.found}：{problem.expected}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("unit,name,单位,assumed,无人见过", "第 2 行「table」 = unit："),
        ("units,nam,单位,assumed,无人见过", "第 2 行「column」 = nam：企业台账的栏目（英文名）；是否想写「name」？"),
        ("units,name,行业类别,assumed,无人见过", "第 2 行「heading」 = 行业类别：与「行业类别」不同的列名"),
        ("units,name,sector,assumed,无人见过", "第 2 行「heading」 = sector：与「行业类别」不同的列名"),
        ("units,name,：,assumed,无人见过", "第 2 行「heading」"),
        ("units,name,单位,sure,无人见过", "第 2 行「status」 = sure："),
        ("units,name,,assumed,无人见过", "第 2 行「heading」"),
        ("units,name,单位,assumed,", "第 2 行「source」"),
        ("units,name,13800138000,assumed,无人见过", "第 2 行「heading」"),
    ],
)
def test_a_row_of_a_mapping_that_cannot_be_used_is_named(county, row, expected):
    mapped(county, row)
    (flaw,) = flaws(county)
    assert flaw.startswith(expected), flaw


def test_two_columns_under_one_heading_and_one_column_twice_are_refused(county):
    mapped(county, "units,name,单位,assumed,无", "units,sector,单位,assumed,无")
    assert len(flaws(county)) == 2
    mapped(county, "units,name,单位,assumed,见过", "units,name,企业,assumed,见过")
    assert [flaw for flaw in flaws(county) if "每个栏目只写一行" in flaw] == flaws(county)


def test_a_mapping_that_is_not_there_or_leads_out_is_refused_with_the_nearest_name(county):
    mapped(county, "units,name,单位,assumed,见过")
    assert flaws(county, "他") == ["列名对照 = 他：exchange 文件夹里有的列名对照；是否想写「他局」？"] or flaws(
        county, "他"
    )
    for name in ("../exchange/他局", "/etc/passwd", "没有"):
        (flaw,) = flaws(county, name)
        assert "exchange 文件夹里有的列名对照" in flaw
    mapped(county, "a,b", head="x,y\n")
    assert flaws(county)


def test_a_plan_that_names_a_broken_mapping_says_so_once(county):
    mapped(county, "units,nam,单位,assumed,见过")
    county.write_text(county.read_text(encoding="utf-8") + "mapping: 他局\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_year(county)
    assert len(caught.value.problems) == 1


def test_headings_may_be_swapped_among_columns_and_be_our_names_for_others_terms(county, tmp_path):
    swapped = ("units,name,行业类别", "units,sector,企业名称", "roster,officer_id,status", "roster,source,date")
    mapped(county, *(f"{row},read,见过" for row in (*swapped, "tasks,name,检查项目")))
    year = open_year(county)
    for ending in ENDINGS:
        lines = write_exchange(county, tmp_path / ending, mapping="他局", ending=ending)
        assert lines[-1] == "列名按对照「他局」。"
        for name, (_, table) in parts(year).items():
            assert_frame_equal(read_back(tmp_path / ending, year, name, ending, "他局"), table)
    book = openpyxl.load_workbook(tmp_path / "xlsx/执法人员.xlsx")["执法人员"]
    assert [book.cell(4, 1).value, book.cell(4, 9).value] == ["status", "date"]


def test_under_a_mapping_our_own_headings_are_read_as_well(county, tmp_path):
    mapped(county, "units,name,监管对象,assumed,见过", "tasks,name,任务标题,assumed,见过")
    write_exchange(county, tmp_path / "ours")
    result = check(sorted((tmp_path / "ours").iterdir()), plan=county, mapping="他局")
    assert result.good, str(result)


def test_the_shipped_mapping_says_that_nobody_has_seen_the_form(root, plan, tmp_path):
    lines = write_exchange(plan, tmp_path / "out", mapping=MAPPING)
    assert "假定" in lines[-1]
    notes = openpyxl.load_workbook(tmp_path / "out/检查事项.xlsx")["说明"]
    assert any("假定" in str(cell.value) for row in notes.iter_rows() for cell in row)


# --- the folder -------------------------------------------------------------------------------------------------------


def test_what_is_in_the_folder_already_is_not_written_over(county, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    write_exchange(county, out)
    before = {path: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(InputError, match="已有的不覆盖"):
        write_exchange(county, out, ending="csv")
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    with pytest.raises(InputError, match="已有的不覆盖"):
        write_exchange(county, county)


def test_files_appear_all_or_none(county, tmp_path, monkeypatch):
    calls = []

    def failing(path, *arguments):
        calls.append(path)
        if len(calls) == 3:
            raise OutputError("磁盘已满。")
        return write_book(path, *arguments)

    monkeypatch.setattr(exporting, "write_book", failing)
    with pytest.raises(OutputError):
        write_exchange(county, tmp_path / "place/out")
    assert list((tmp_path / "place").iterdir()) == []


def test_a_text_that_excel_takes_for_a_formula_stays_out_of_a_csv(county, tmp_path):
    units = county.parents[1] / "data" / county.stem / "units.csv"
    units.write_text(units.read_text(encoding="utf-8").replace("试用企业1,", "+试用企业1,"), encoding="utf-8")
    with pytest.raises(InputError, match="--format xlsx"):
        write_exchange(county, tmp_path / "csv", ending="csv")
    assert not (tmp_path / "csv").exists()
    write_exchange(county, tmp_path / "xlsx")


def test_the_command_says_what_it_wrote_and_refuses_another_format(county, tmp_path, capsys):
    arguments = ["export", str(county), "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as end:
        command.main([*arguments, "--format", "pdf"])
    assert (end.value.code, "xlsx 或 csv" in capsys.readouterr().err) == (2, True)
    with pytest.raises(SystemExit) as end:
        command.main(arguments)
    assert (end.value.code or 0, "月度计划.xlsx，" in capsys.readouterr().out) == (0, True)
    with pytest.raises(SystemExit) as end:
        command.main(["check", str(tmp_path / "out/检查事项.xlsx"), "--mapping", "他局"])
    assert (end.value.code, "--plan" in capsys.readouterr().err) == (2, True)


def test_a_plan_with_bad_rows_is_refused_with_all_of_them(county, tmp_path):
    tasks = county.parents[1] / "data" / county.stem / "tasks.csv"
    tasks.write_text(tasks.read_text(encoding="utf-8").replace(",40,40,", ",x,40,"), encoding="utf-8")
    with pytest.raises(InputError):
        write_exchange(county, tmp_path / "out")
    assert not (tmp_path / "out").exists()
