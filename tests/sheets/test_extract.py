"""What a cell says and what stands beside it: kinds of fault that gave a wrong value nobody saw."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from enforce.inputs.tables.forms import FORMS
from enforce.inputs.tables.reading import read_table
from enforce.sheets.grids.grid import Span
from enforce.sheets.normal import refuse_marks
from enforce.sheets.values import Setting, read_cell
from enforce.words.problems import InputError
from tests.sheets.one_grid import code, read, told

HEAD = ["统一社会信用代码", "企业名称", "街镇", "计划家次"]
TASKS = FORMS["tasks"].columns


def firm(number, name="", street="甲镇", visits=2):
    return [code(number), name or f"企业{number}", street, visits]


@pytest.fixture
def book(tmp_path):
    """Read a workbook of some rows, changed before it is saved."""

    def reading(*rows, change=lambda sheet: None, **options):
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        change(made.active)
        made.save(tmp_path / "a.xlsx")
        return read_table(tmp_path / "a.xlsx", **options)

    return reading


@pytest.fixture
def text(tmp_path):
    """Read a text file."""

    def reading(written, **options):
        (tmp_path / "a.csv").write_text(written, encoding="utf-8")
        return read_table(tmp_path / "a.csv", **options)

    return reading


# --- what a cell shows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shape", "good"),
    [
        (1, "0%", False),
        (20, '0"家"', False),
        (20, '"约"0"家次"', False),
        (2000, "0,", False),
        (7, ";;;", False),
        (20, '0"家次"', True),
        (1234, "#,##0", True),
        (0, "#,##0;-#,##0;", True),
        (7, "000", True),
    ],
)
def test_a_count_that_is_not_what_its_cell_shows_is_refused_with_both(book, value, shape, good):
    def change(sheet):
        sheet["B2"].number_format = shape

    reading = book(["检查事项", "计划家次"], ["甲", value], change=change)
    assert (not reading.problems, reading.table["planned_visits"].tolist()) == (good, [value] * good)
    if not good:
        assert f"存的是 {value}" in told(reading)["工作表「Sheet」第 2 行「计划家次」"]


@pytest.mark.parametrize(
    ("heading", "value", "shape", "fine"),
    [
        ("罚款（万元）", 15000, "0!.0,", None),
        ("罚款（万元）", 1.5, "0.0", 15000),
        ("罚款(元)", 15000, '0.0!,"万元"', None),
        ("罚款", 8000, '#,##0"元"', 8000),
    ],
)
def test_money_is_read_as_shown_or_not_at_all(book, heading, value, shape, fine):
    def change(sheet):
        sheet["D2"].number_format = shape

    rows = ["检查编号", "检查日期", "统一社会信用代码", heading], ["J-1", "2024-03-01", code(1), value]
    assert book(*rows, change=change).table["fine_yuan"].tolist() == [fine] * (fine is not None)


def test_a_number_of_an_officer_is_the_one_shown(book):
    def change(sheet):
        sheet["A2"].number_format = '"P-"000'

    reading = book(["执法人员编号", "科队"], [7, "一队"], change=change)
    assert reading.table["officer_id"].tolist() == ["P-007"]


def test_hidden_columns_and_comments_are_told(book):
    def change(sheet):
        sheet.column_dimensions["D"].hidden = True
        sheet["C2"].comment = Comment("应为乙镇", "x")

    notes = book(HEAD, firm(1), change=change).report.notes
    assert "隐藏的列也读入：「计划家次」" in notes
    assert "批注没有读，请看是否改了数：第 2 行「街镇」" in notes


# --- separators, marks and words that are no content ----------------------------------------------------------------


@given(
    st.sampled_from(["planned_visits", "visit_days", "officers_per_visit"]),
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from([" ", "\n", "\t", "　", "、", "/", "\r\n"]),
)
def test_two_numbers_are_never_joined_to_one(name, one, other, mark):
    assert read_cell(f"{one}{mark}{other}", TASKS[name], Setting()).value != int(f"{one}{other}")


@pytest.mark.parametrize("cell", ["十\n二", "2024-1-1\n2", "2024.1.1 2", "二\n三"])
@pytest.mark.parametrize("column", [TASKS["planned_visits"], FORMS["register"].columns["last_visit"]])
def test_what_a_break_parts_is_no_one_value(cell, column):
    assert read_cell(cell, column, Setting()).expected


@pytest.mark.parametrize("cell", ["甲镇\n乙镇", "甲公司\r\n乙公司"])
def test_lines_that_end_alike_are_several_values(cell):
    assert "几行像几个值" in read_cell(cell, FORMS["register"].columns["subdistrict"], Setting()).expected
    assert read_cell("某某\n有限公司", FORMS["register"].columns["name"], Setting()).value == "某某有限公司"


@pytest.mark.parametrize(
    "mark", ["#SPILL!", "#CALC!", "#GETTING_DATA", "#BUSY!", "#N/A", "#NAME?", "Err:502", "########", "同上", "〃", "″",
             '"', "—〃—", "（同上）", "ditto", "#ÜBERLAUF!"],
)  # fmt: skip
@pytest.mark.parametrize("place", [1, 2])
def test_marks_for_errors_and_for_other_cells_are_content_of_no_column(mark, place):
    row = firm(1)
    row[place] = mark
    assert list(told(read(HEAD, row, firm(2)))) == [f"第 2 行「{HEAD[place]}」"]


@pytest.mark.parametrize("text", ["#1", "A#1 厂房", "甲镇", "同上街道", "###甲", "N"])
def test_what_only_looks_like_a_mark_stays(text):
    assert refuse_marks(text) == text


# --- rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["平均值", "计数", "最大值", "最小值", "乘积", "标准偏差", "Average", "Count", "Max"])
def test_a_subtotal_by_any_function_is_no_row(word):
    rows = [["甲", "一队", 4], ["甲", "二队", 6], [f"甲 {word}", None, 5], [f"总计{word}", None, 5]]
    assert read(["检查事项", "科队", "计划家次"], *rows).report.rows_read == 2


def test_a_line_whose_name_ends_in_such_a_word_is_a_row():
    assert (
        read(["检查事项", "科队", "计划家次"], ["人员计数", "一队", 4], ["隐患最大值", None, 5]).report.rows_read == 2
    )


@pytest.mark.parametrize(
    ("words", "good"),
    [("合计2家4家次", True), ("合计：2家，4家次", True), ("总计：2家，5家次", False), ("共3家", False),
     ("共2条记录", True), ("（共4家次）", True), ("共2户企业", True)],
)  # fmt: skip
def test_sums_in_words_are_compared_with_what_they_speak_of(words, good):
    reading = read(HEAD, firm(1), firm(2), [words, None, None, None])
    assert (not reading.problems, reading.report.rows_read) == (good, 2)


def test_a_count_of_records_is_not_a_count_of_hazards():
    head = ["检查编号", "检查日期", "统一社会信用代码", "隐患数"]
    rows = [[f"J-{n}", "2024-03-01", code(n), 5] for n in (1, 2)]
    for words in ("合计：2条", "共2条记录", "共8人"):
        assert read(head, *rows, [words, None, None, None]).problems == ()


def test_a_sum_above_the_header_is_compared():
    assert read(["合计", None, None, 4], HEAD, firm(1), firm(2)).problems == ()
    assert "以上明细之和 4" in told(read(["合计", None, None, 5], HEAD, firm(1), firm(2)))["第 1 行「计划家次」"]


@pytest.mark.parametrize("footer", ["*加星号的为新增", "以下空白", "——完——", "数据来源：某系统", "（以下无正文）"])
def test_a_footer_is_known_by_its_form(footer):
    reading = read(HEAD, firm(1), firm(2), [footer, None, None, None])
    assert (reading.problems, reading.report.rows_read) == ((), 2)


def test_a_row_with_a_name_alone_is_no_footer():
    assert read(["企业名称", "统一社会信用代码"], ["甲厂", code(1)], ["乙厂", None]).problems


def test_rows_of_equal_numbers_are_rows(text):
    assert text("月份,最少(家次),最多(家次)\n3,3,3\n4,2,5\n").report.rows_read == 2


def test_a_second_header_in_another_order_is_one_problem():
    reading = read(HEAD, firm(1), [HEAD[1], HEAD[0], *HEAD[2:]], ["企业2", code(2), "甲镇", 2])
    assert len(reading.problems) == 1
    assert "这里又有一个" in told(reading)["第 3 行"]


# --- text files that are cut or parted otherwise --------------------------------------------------------------------


def row(number, cells=4):
    return ",".join(map(str, firm(number)[:cells]))


@pytest.mark.parametrize(("short", "end"), [(2, "\n"), (3, ""), (3, "\n")])
def test_a_row_that_is_too_short_is_refused(text, short, end):
    lines = [",".join(HEAD), *(row(n, 4 if n != short else 2) for n in (1, 2, 3))]
    assert list(told(text("\n".join(lines) + end))) == [f"第 {short + 1} 行「企业名称」"]


def test_a_file_that_never_writes_empty_cells_at_the_end_of_a_row_is_read(text):
    reading = text("\n".join([",".join(HEAD), row(1), row(2, 3), row(3, 3), row(4, 3)]) + "\n")
    assert (reading.problems, len(reading.table)) == ((), 4)
    assert "3 行末尾没有写满 4 列" in "".join(reading.report.notes)


@pytest.mark.parametrize("mark", ["，", "|", "、"])
def test_another_separator_is_named(text, mark):
    with pytest.raises(InputError, match=f"用「\\{mark}」分开"):
        text("\n".join(mark.join(map(str, line)) for line in (HEAD, firm(1), firm(2))))


def test_a_nul_and_the_end_mark_of_dos_condemn_no_file(text):
    reading = text("\n".join([",".join(HEAD), row(1), row(2).replace("企业", "企\0业")]) + "\n\x1a")
    assert list(told(reading)) == ["第 3 行「企业名称」"]


def test_spaces_before_quotes_are_no_content(text):
    reading = text(f'统一社会信用代码,企业名称\n{code(1)}, "甲厂"\n')
    assert reading.table["name"].tolist() == ["甲厂"]


# --- columns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"), [("计划家次", "年度计划家次"), ("统一社会信用代码", "社会信用代码"), ("企业名称", "单位名称")]
)
def test_two_columns_for_one_meaning_are_asked_with_both_named_unless_they_say_the_same(first, second):
    head, place = [*HEAD, second], HEAD.index(first)
    same, other = [*firm(1), firm(1)[place]], [*firm(1), firm(2, visits=9)[place]]
    assert read(head, same).problems == ()
    (expected,) = told(read(head, other)).values()
    assert f"「{first}」" in expected
    assert f"「{second}」都可以是" in expected


def test_what_stands_beyond_an_empty_column_is_another_table():
    reading = read([*HEAD, None, "图例"], [*firm(1), None, "红"], [*firm(2), None, None], [None] * 5 + ["橙"])
    assert (reading.problems, len(reading.table)) == ((), 2)
    assert "第 6 列起与前面隔着空列，像是另一张表，没有读" in reading.report.notes
    assert "像是另一张表" in told(read([*HEAD, None, "风险等级"], [*firm(1), None, "红"]))["表头第 6 列"]


def test_a_group_over_a_bare_heading_is_read_with_it():
    upper, lower = [*HEAD[:3], "风险分级", "风险分级"], [None, None, None, "等级", "评定日期"]
    assert read(upper, lower, [*firm(1)[:3], "红", "2024-01-01"]).table["risk_grade"].tolist() == ["红"]


def test_a_count_split_over_columns_is_told():
    upper, lower = [*HEAD, "计划家次"], [*HEAD[:3], "一季度", "二季度"]
    merged = (*(Span(1, n, 2, n) for n in range(3)), Span(1, 3, 1, 4))
    assert "分成 2 列" in told(read(upper, lower, [*firm(1), 3], merged=merged))["表头第 4 列"]


@pytest.mark.parametrize("heading", ["统一社会信用代码，18位", "注册号/统一社会信用代码", "社会信用代码或注册号"])
def test_a_code_is_known_with_a_remark_or_with_another_number(heading):
    assert read([heading, "企业名称（加盖公章）"], [code(1), "甲厂"]).problems == ()


def test_what_cannot_be_read_beside_the_table_stops_nothing(book):
    reading = book([*HEAD, "匹配结果"], [*firm(1), "#N/A"], [*firm(2), "=A1"])
    assert (reading.problems, len(reading.table)) == ((), 2)


def test_a_form_that_lacks_its_count_is_told_what_it_has_and_how_the_count_comes_about():
    with pytest.raises(InputError, match="家数 × 每家频次 = 家次") as caught:
        read(["检查内容", "抽查数量", "抽查频次"], ["甲", "2户", "1"])
    assert "没有认出 「抽查数量」、「抽查频次」" in str(caught.value)


# --- numbers of the trade, doubts -----------------------------------------------------------------------------------


def test_a_certificate_may_look_like_a_telephone_where_the_heading_says_so():
    assert read(["执法证号", "科队"], ["13100000001", "一队"]).problems == ()
    assert read(["执法人员编号", "科队"], ["13100000001", "一队"]).problems


@pytest.mark.parametrize(("days", "officers", "good"), [(0.25, 2, True), ("1.50天", 1, True), (0.25, 1, False),
                                                        (0.3, 2, False), ("半天", 1, True)])  # fmt: skip
def test_quarters_of_a_day_are_read_where_they_make_half_officer_days(days, officers, good):
    reading = read(["检查事项", "计划家次", "每次天数", "每次人数"], ["甲", 4, days, officers])
    assert (not reading.problems) == good


def test_a_state_in_a_name_and_a_figure_far_too_large_are_told():
    notes = "".join(read(HEAD, firm(1, "甲厂（已注销）"), firm(2, visits=100_000)).report.notes)
    assert "名称里写着注销、停业等，仍按在营计入；属实的请填「经营状态」：第 2 行" in notes
    assert "计划家次 100000（第 3 行）" in notes
