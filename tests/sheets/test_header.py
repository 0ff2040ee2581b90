"""Headers: found below titles, in any order and wording, over two rows, for the right kind of table."""

from __future__ import annotations

import random

import pytest

from enforce.inputs.tables.forms import FORMS, TABLES
from enforce.inputs.tables.reading import table_header
from enforce.sheets.grids.grid import Span
from enforce.sheets.header import plain, sheet_header
from enforce.words.problems import InputError
from tests.sheets.one_grid import code, grid, read, told

REGISTER = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "行业类别",
    "风险等级",
    "信用等级",
    "街镇",
    "是否重点单位",
    "计划家次",
    "上次检查日期",
]
RECORDS = [
    "检查编号",
    "统一社会信用代码",
    "企业名称",
    "检查日期",
    "检查类型",
    "任务",
    "检查人员",
    "隐患数",
    "重大隐患数",
    "整改数",
    "检查结果",
    "处罚",
    "罚款(元)",
    "检查码",
]
FIELDS = {
    "register": [
        "serial",
        "name",
        "unit_id",
        "sector",
        "risk_grade",
        "credit_grade",
        "subdistrict",
        "is_key",
        "planned_visits",
        "last_visit",
    ],
    "records": [
        "record_id",
        "unit_id",
        "name",
        "date",
        "visit_type",
        "task_id",
        "officers",
        "hazards_found",
        "major_hazards",
        "hazards_fixed",
        "result",
        "penalty",
        "fine_yuan",
        "inspection_code",
    ],
}
ROW = [1, "甲厂", code(1), "工贸", "红", "A", "桃浦镇", "是", 2, "2024-03-01"]


def found(*rows, kind="register", **rest):
    return sheet_header(grid(*rows, **rest), FORMS[kind])


def columns(header) -> dict[str, str]:
    return {header.headings[place]: name for name, place in header.places.items()}


@pytest.mark.parametrize(("kind", "headings"), [("register", REGISTER), ("records", RECORDS)])
def test_the_headings_planners_write_are_our_columns_in_any_order(kind, headings):
    pairs = list(zip(headings, FIELDS[kind], strict=True))
    for seed in range(20):
        random.Random(seed).shuffle(pairs)
        header = table_header([grid([text for text, _ in pairs], ["x"])], list(FORMS.values()))
        assert header.form.kind == kind
        assert columns(header) == dict(pairs)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("language", ["name", "chinese"])
def test_our_own_tables_are_known_by_either_language(table, language):
    headings = [getattr(column, language) for column in TABLES[table]]
    header = table_header([grid(headings, ["x"])], list(FORMS.values()))
    assert header.form.table == table
    assert list(header.places) == [column.name for column in TABLES[table]]


@pytest.mark.parametrize("kind", FORMS)
def test_every_synonym_leads_to_its_column_and_to_no_other(kind):
    form = FORMS[kind]
    for name, words in form.words.items():
        assert name in form.columns
        for word in words.split():
            header = found([word], kind=kind)
            assert list(header.places) == [next((one for one, other in form.stand_ins if other == name), name)], word


@pytest.mark.parametrize(
    "heading",
    [
        "统一社会\n信用代码",
        " 统一社会信用代码 ",
        "统一社会信用代码（18位）",
        "＊统一社会信用代码",
        "统一社会信用代码：",
        "统一 社会 信用　代码",
        "统一社会信用代码\u200b",
        "社会信用代码(必填)",
        "UNIT_ID",
        "ｕｎｉｔ＿ｉｄ",
    ],
)
def test_spaces_line_breaks_brackets_and_width_make_no_other_heading(heading):
    assert list(found([heading]).places) == ["unit_id"]


@pytest.mark.parametrize("heading", ["隐患数（重大）", "企业名称（曾用名）", "检查日期（复查）", "罚款（千）"])
def test_words_in_brackets_that_mean_something_else_make_another_heading(heading):
    header = sheet_header(grid([*RECORDS[:2], heading]), FORMS["records"])
    assert header.unknown == {2: heading}


@pytest.mark.parametrize(
    "heading",
    ["*企业名称", "企业名称(*)", "企业名称（必填项）", "信用等级（A/B/C/D）", "计划家次（家次/年）", "计划家次（次）"],
)
def test_remarks_in_brackets_make_no_other_heading(heading):
    assert not sheet_header(grid([REGISTER[2], heading]), FORMS["register"]).unknown


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("register", "计划家次（家）"),
        ("register", "计划家次（单位：户）"),
        ("tasks", "计划家数(家次)"),
        ("records", "隐患数(家)"),
    ],
)
def test_a_heading_with_another_unit_is_another_count(kind, heading):
    first = FORMS[kind].columns["name"].chinese
    assert sheet_header(grid([first, heading]), FORMS[kind]).unknown == {1: heading}


@pytest.mark.parametrize("titles", [0, 1, 2, 5])
def test_titles_stand_above_the_header_merged_or_not(titles):
    rows = [["普陀区企业台账（2024年）"] * (10 if n % 2 else 1) for n in range(titles)]
    reading = read(*rows, REGISTER, ROW)
    assert reading.header_row == titles + 1
    assert len(reading.table) == 1
    assert [skipped.row for skipped in reading.report.skipped] == list(range(1, titles + 1))


def test_a_group_may_stand_above_the_headings_merged():
    upper = ["检查编号", "企业信息", "企业信息", "检查日期", "隐患", "隐患", "隐患", "罚款"]
    lower = ["检查编号", "企业名称", "统一社会信用代码", "检查日期", "总数", "重大", "整改", "（元）"]
    header = found(upper, lower, kind="records")
    assert list(header.places) == [
        "record_id",
        "name",
        "unit_id",
        "date",
        "hazards_found",
        "major_hazards",
        "hazards_fixed",
        "fine_yuan",
    ]
    assert (header.number, header.per_unit) == (2, 1)
    blanks = ["", "企业名称", "统一社会信用代码", None, "隐患数", "重大隐患数", "整改数", "罚款(万元)"]
    header = found(upper, blanks, kind="records")
    assert len(header.places) == 8
    assert header.per_unit == 10_000


def test_a_heading_merged_over_two_columns_is_one():
    wide = [*REGISTER[:2], REGISTER[1], *REGISTER[2:]]
    header = sheet_header(grid(wide, merged=(Span(1, 1, 1, 2),)), FORMS["register"])
    assert (dict(header.twice), header.headings[:4]) == ({}, ("序号", "企业名称", "", "统一社会信用代码"))
    two_rows = sheet_header(grid(["台账"], wide, wide, merged=(Span(2, 1, 3, 2),)), FORMS["register"])
    assert not two_rows.twice


def test_rows_below_two_rows_of_headings_are_read():
    reading = read(
        ["检查编号", "统一社会信用代码", "检查日期", "隐患", "隐患"],
        [None, None, None, "总数", "重大"],
        ["R1", code(1), "2024-03-01", 3, 1],
    )
    assert reading.table.loc[0, ["hazards_found", "major_hazards"]].tolist() == [3, 1]
    assert reading.report.skipped == ()


def test_a_row_of_data_is_never_taken_for_half_a_header():
    reading = read(["企业名称", "统一社会信用代码", "备注"], ["企业", code(1), "行业"])
    assert reading.table["name"].tolist() == ["企业"]


@pytest.mark.parametrize(
    ("heading", "above", "per_unit"),
    [
        ("罚款(元)", "", 1),
        ("罚款（万元）", "", 10_000),
        ("罚款", "", 0),
        ("罚款", "单位：万元", 10_000),
        ("罚款金额", "单位：元", 1),
        ("罚款", "单位：元 单位：万元", 0),
        ("罚款（百元）", "单位：元", 0),
        ("fine_yuan", "", 1),
    ],
)
def test_the_unit_of_money_is_told_by_the_heading_or_above_it(heading, above, per_unit):
    assert found([above], ["检查编号", "统一社会信用代码", "检查日期", heading], kind="records").per_unit == per_unit


def test_unknown_headings_are_kept_and_named():
    reading = read([*REGISTER, "联系人", "联系人", "备注"], [*ROW, "甲", "乙", None])
    assert reading.report.unknown_columns == ("联系人", "联系人", "备注")
    assert reading.extra.columns.tolist() == [
        "serial",
        "planned_visits",
        "联系人（第 11 列）",
        "联系人（第 12 列）",
        "备注",
    ]
    assert reading.extra.iloc[0].tolist() == ["1", 2, "甲", "乙", None]


def test_the_surer_of_two_headings_that_say_the_same_is_the_column_and_the_other_is_kept():
    header = found(["单位名称", "企业名称", "统一社会信用代码"], ["甲厂", "甲厂", code(1)])
    assert columns(header)["企业名称"] == "name"
    assert header.unknown == {0: "单位名称"}


def test_two_headings_of_one_column_are_refused():
    expected = told(read([*REGISTER, "企业名称"], [*ROW, "乙厂"]))["表头第 11 列"]
    assert expected.startswith("每列只有一次：第 2 列「企业名称」与第 11 列「企业名称」都可以是「企业名称」而数不同")


@pytest.mark.parametrize(
    ("kind", "heading", "lacking"),
    [
        ("register", "企业名称", "统一社会信用代码"),
        ("tasks", "检查事项", "计划家次"),
        ("roster", "科队", "执法人员编号"),
    ],
)
def test_a_column_the_table_cannot_do_without_is_asked_for(kind, heading, lacking):
    with pytest.raises(InputError, match=f"有「{lacking}」列"):
        read([heading, "备注"], ["甲", "x"], kind=kind)


def test_a_misspelt_heading_is_told_with_the_one_it_may_mean():
    with pytest.raises(InputError, match=r"统一社会信用代吗.*是否想写「统一社会信用代码」"):
        read(["企业名称", "统一社会信用代吗"], ["甲厂", code(1)])


@pytest.mark.parametrize("rows", [[], [["随便", "什么"], [1, 2]], [[code(1), "甲厂"], [code(2), "乙厂"]]])
def test_a_sheet_without_a_header_is_refused_with_what_is_needed(rows):
    with pytest.raises(InputError, match="没有表头") as caught:
        read(*rows)
    assert "企业台账要有「统一社会信用代码」「企业名称」" in str(caught.value)


def test_the_sheet_that_holds_a_table_is_found():
    sheets = [
        grid(["填表说明"], ["企业名称须与营业执照一致"], sheet="说明"),
        grid(REGISTER, ROW, sheet="台账"),
        grid(sheet="Sheet3"),
        grid(REGISTER, sheet="空表"),
    ]
    assert table_header(sheets, list(FORMS.values())).grid.sheet == "台账"


def test_two_sheets_as_good_are_refused_by_name():
    sheets = [grid(REGISTER, ROW, sheet="2023年"), grid(REGISTER[:-1], ROW[:-1], sheet="2024年")]
    with pytest.raises(InputError, match="「2023年」、「2024年」都像企业台账") as caught:
        table_header(sheets, list(FORMS.values()))
    assert "--sheet" in str(caught.value)


def test_a_sheet_that_is_clearly_better_is_read():
    sheets = [grid(REGISTER[1:3], ROW[1:3], sheet="名单"), grid(REGISTER, ROW, sheet="台账")]
    assert table_header(sheets, list(FORMS.values())).grid.sheet == "台账"


def test_every_other_sheet_that_holds_a_table_is_told():
    sheets = [
        grid(REGISTER, ROW, sheet="台账"),
        grid(REGISTER[1:3], ROW[1:3], sheet="补充 名单"),
        grid(REGISTER, ROW, sheet="旧", visible=False),
        grid(["事项名称", "计划家次"], ["双随机", 3], sheet="计划"),
        grid(["说明"], sheet="说明"),
        grid(REGISTER, sheet="模板"),
    ]
    assert table_header(sheets, list(FORMS.values())).grid.notes == (
        '工作表「补充 名单」像企业台账，这次没有读；要读它请写 --sheet "补充 名单"',
        "隐藏的工作表「旧」像企业台账，这次没有读；要读它请写 --sheet 旧",
        "工作表「计划」像检查事项表，这次没有读；要读它请写 --sheet 计划",
    )


def test_sheets_of_two_kinds_are_asked_about_by_kind():
    sheets = [
        grid(["企业名称", "信用代码"], ["甲", 1], sheet="甲"),
        grid(["事项名称", "计划家次"], ["乙", 3], sheet="乙"),
    ]
    with pytest.raises(InputError, match="「甲」像企业台账，「乙」像检查事项表"):
        table_header(sheets, list(FORMS.values()))


def test_a_text_without_a_header_is_told_with_its_encoding():
    with pytest.raises(InputError, match="文件按 GB18030 读，若成了乱码"):
        table_header([grid(["浼佷笟"], encoding="GB18030")], list(FORMS.values()))


def test_a_hidden_sheet_is_read_only_when_asked_for():
    sheets = [grid(REGISTER, ROW, sheet="旧", visible=False), grid(["x"], sheet="新")]
    with pytest.raises(InputError, match="隐藏的工作表 旧"):
        table_header(sheets, list(FORMS.values()))
    assert table_header(sheets[:1], list(FORMS.values()), asked=True).grid.sheet == "旧"
    sheets.append(grid(REGISTER, ROW, sheet="台账"))
    assert table_header(sheets, list(FORMS.values())).grid.sheet == "台账"


def test_a_sheet_that_may_be_two_kinds_of_table_is_asked_about():
    rows = grid(["officer_id", "licensed", "team", "name", "planned_visits"], ["P01", "是", "大队", "专项", 3])
    with pytest.raises(InputError, match="既像检查事项表（--kind tasks）、执法人员名册（--kind roster）"):
        table_header([rows], list(FORMS.values()))
    assert table_header([rows], [FORMS["tasks"]]).form.kind == "tasks"


def test_a_header_below_a_hundred_rows_of_text_is_not_searched_for():
    assert found(*[["说明"]] * 99, REGISTER)
    assert found(*[["说明"]] * 100, REGISTER) is None


@pytest.mark.parametrize("cell", [None, True, 3, 2.5])
def test_a_cell_that_is_no_text_has_a_plain_form_too(cell):
    assert plain(cell) == ("" if cell is None or cell is True else str(cell))
