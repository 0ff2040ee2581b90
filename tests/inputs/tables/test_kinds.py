"""Kinds of fault that bureaus' files have: each kind as a table of writings, with what becomes of every one of them."""

from __future__ import annotations

import openpyxl
import pytest

from enforce.inputs.tables.reading import read_table
from enforce.words.problems import InputError
from enforce.words.terms import is_penalty
from tests.sheets.one_grid import code, read, told, why

UNITS = ["企业名称", "统一社会信用代码", "计划家次", "街镇"]
TASKS = ["检查事项", "计划家次", "月份"]
VISITS = ["检查编号", "检查日期", "统一社会信用代码", "隐患数", "罚款(元)", "处罚"]


def firm(n: int, visits: object = 2, street: object = "甲镇") -> list:
    return [f"企业{n}", code(n), visits, street]


def book(path, rows, **formats):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cell, form in formats.items():
        made.active[cell].number_format = form
    made.save(path)
    return path


SHOWN = {
    "0,": None,
    '0.0,"千"': None,
    "0%": None,
    '0"家"': None,
    '"约"0': None,
    '"共"0"次"': None,
    ";;;": None,
    '0"家次"': 12,
    '0" 次/年"': 12,
    "#,##0": 12,
    "0.00": 12,
    "0_ ": 12,
    '[=0]"无";0': 12,
    "[Red]0": 12,
    "000": 12,
}


@pytest.mark.parametrize("form", SHOWN)
def test_a_count_is_what_its_cell_shows_or_refused_with_both(tmp_path, form):
    reading = read_table(book(tmp_path / "a.xlsx", [UNITS, firm(1, 12)], C2=form))
    assert reading.report.sums == {"计划家次": SHOWN[form] or 0}
    assert ["存的是 12，显示为" in one.expected for one in reading.problems] == [True] * (SHOWN[form] is None)


@pytest.mark.parametrize(
    ("form", "yuan"), [('0!.0,"万"', 15000), ('#,##0"元"', 15000), ("¥#,##0.00", 15000), ('0.00,,"百万"', 0)]
)
def test_money_is_read_as_shown_where_that_is_certain(tmp_path, form, yuan):
    rows = [VISITS, ["R1", "2024-03-01", code(1), 1, 15000, "罚款"]]
    reading = read_table(book(tmp_path / "a.xlsx", rows, E2=form))
    assert (reading.report.sums["罚款(元)"], len(reading.problems)) == (yuan, not yuan)


@pytest.mark.parametrize("months", ["1\n3", "1、3", "1月\r\n3月", "1 3", "1\t3", "1月，3月"])
def test_what_parts_two_months_parts_them(months):
    assert read(TASKS, ["甲", 4, months]).table["periods"].tolist() == [((1, 3),)]


@pytest.mark.parametrize("count", ["5\n6", "1 2", "１\n０", "2，3", "1/2", "3；4", "3、4"])
def test_two_numbers_in_a_cell_are_never_one(count):
    assert list(told(read(TASKS, ["甲", count, "1-12"]))) == ["第 2 行「计划家次」"]


NEVER = (
    "同上 同左 同前 同上行 同上格 同第2行 见上 如上 (同上) 々 〃 〃〃 -”- ″ ↑ → ... …… same ibid ditto "
    "#空! #VALUE =#REF! #错误 #FIELD! #名称? Err:508 错误:502 NaN INF 1.#QNAN Loading... 正在加载… ######"
)


@pytest.mark.parametrize("mark", [*NEVER.split(), "[object Object]", "同 上", "〃 〃", '"  "'])
def test_a_mark_or_the_word_of_an_error_is_never_content(mark):
    (expected,) = told(read(UNITS, firm(1), firm(2, 2, mark))).values()
    assert "写出来的值" in expected or "没有错误值" in expected


@pytest.mark.parametrize(
    "street",
    ["同心街道", "上海路街道", "如意镇", "见山镇", "正阳街道", "Sun镇", "李家镇", "1.5街", "（东）镇", "N区", "错镇"],
)
def test_a_word_that_begins_like_a_mark_is_content(street):
    assert read(UNITS, firm(1, 2, street)).table["subdistrict"].tolist() == [street]


@pytest.mark.parametrize(
    "word",
    [
        "否",
        "无",
        "没有",
        "×",
        "N",
        "0",
        "未处罚",
        "不予处罚",
        "免于处罚",
        "未立案",
        "不罚",
        "免罚",
        "未予行政处罚",
        "不予行政处罚决定",
        "拟不予处罚",
        "无需处罚",
        "首违不罚",
        "轻微免罚",
        "未作出处罚",
        "没处罚",
        "未给予处罚",
        "不予处罚（首违）",
        "免予行政处罚",
        "未罚款",
    ],
)
def test_a_word_that_says_no_is_no_penalty(word):
    assert not is_penalty(word)


@pytest.mark.parametrize(
    "word", ["罚款", "警告", "责令停产", "无证经营罚款", "不服处罚", "罚款未缴", "立案", "没收违法所得"]
)
def test_a_word_with_a_no_in_it_may_be_a_penalty(word):
    assert is_penalty(word)


@pytest.mark.parametrize(
    "label", ["平均值", "计数", "最大值", "中位数", "众数", "甲_计数", "总计_平均值", "Count", "方差", "平均"]
)
def test_a_subtotal_by_another_function_is_no_row(label):
    reading = read(TASKS[:2], ["甲", 2], ["乙", 4], [label.replace("_", " "), 3])
    assert reading.report.sums == {"计划家次": 6}
    assert not reading.problems


@pytest.mark.parametrize(
    ("words", "agrees"),
    [
        *(
            (text, True)
            for text in [
                "合计2家4家次",
                "共2家，4家次",
                "共计4家次（2家）",
                "以上共2条",
                "本表共2家企业",
                "共有企业2家",
            ]
        ),
        *((text, True) for text in ["数据共2条", "累计检查4家次", "总数：2家", "（共2家）", "总共2个企业", "共2行"]),
        *(
            (text, False)
            for text in ["合计3家4家次", "共计5家次（2家）", "以上共3条", "本表共1家企业", "累计检查3家次", "总数：3家"]
        ),
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_a_sum_in_words_is_compared_with_what_it_speaks_of(words, agrees, above):
    rows = [UNITS[:3], firm(1)[:3], firm(2)[:3]]
    reading = read(*([[words], *rows] if above else [*rows, [words]]))
    assert (not reading.problems, len(reading.table)) == (agrees, 2)
    assert "核对" in why(reading)[1 if above else 4]


FOOT = [
    "本表一式两份",
    "※数据来源于系统",
    "（以下空白）",
    "2024年3月1日",
    "填表人：张",
    "备注1",
    "说明",
    "————",
    "第1页，共1页",
    "以上情况属实",
]


def test_what_stands_below_in_one_cell_is_no_row():
    reading = read(UNITS, firm(1), *([text] for text in FOOT))
    assert (len(reading.table), list(reading.problems)) == (1, [])
    assert len(why(reading)) == len(FOOT)


@pytest.mark.parametrize(
    "name",
    ["甲厂（已注销）", "甲厂[停业]", "甲厂-已搬迁", "甲厂(已关停)", "甲厂【歇业】", "甲厂（注销）分厂", "甲厂—停产"],
)
def test_a_state_in_a_name_is_doubted(name):
    notes = read(UNITS, [name, code(1), 2, "甲镇"]).report.notes
    assert any("名称里写着注销、停业等" in note for note in notes)


HEAD = ",".join(UNITS)
TEXTS = {
    "short last": (f"{HEAD}\n甲,{code(1)},2,甲镇\n乙,{code(2)}", "第 3 行「统一社会信用代码」 = 2 列"),
    "short inside": (f"{HEAD}\n甲,{code(1)}\n乙,{code(2)},2,甲镇\n", "第 2 行「统一社会信用代码」 = 2 列"),
    "cut in quotes": (f'{HEAD}\n甲,{code(1)},2,甲镇\n乙,{code(2)},1,"乙', "第 3 行 = 读不出，引号不成对"),
    "wide comma": (f"{HEAD}\n甲,{code(1)},2,甲镇\n".replace(",", "，"), "各格像是用「，」分开"),
    "bar": (f"{HEAD}\n甲,{code(1)},2,甲镇\n".replace(",", "|"), "各格像是用「|」分开"),
    "two encodings": (
        f"{HEAD}\n甲,{code(1)},2,甲镇\n".encode() + "乙厂".encode("gbk"),
        "UTF-8 文字，但第 3 行有坏字节",
    ),
    "half a character": (f"{HEAD}\n甲,{code(1)},2,甲镇\n乙厂".encode("gbk")[:-1], "GB18030 文字，但第 3 行有坏字节"),
    "a NUL": (f"{HEAD}\n甲\0,{code(1)},2,甲镇\n", "第 2 行「企业名称」 = 甲<U+0000>"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_that_is_cut_short_or_mixed_is_refused_at_its_place(tmp_path, kind):
    content, problem = TEXTS[kind]
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        problems = read_table(path).problems
    except InputError as error:
        problems = error.problems
    assert any(problem in str(one) for one in problems)


@pytest.mark.parametrize(
    ("form", "windows"),
    [('"第"0"季度"', ((7, 8, 9),)), ('0"月"', ((3,),)), ("0", ((3,),)), (";;;", None), ('"Q"0"期"', None)],
)
def test_months_are_what_their_cell_shows_or_refused_with_both(tmp_path, form, windows):
    reading = read_table(book(tmp_path / "a.xlsx", [TASKS, ["甲", 4, 3], ["乙", 4, 5]], C2=form))
    assert reading.table["periods"].tolist() == [windows, ((5,),)][windows is None :]
    assert ["存的是 3，显示为" in one.expected for one in reading.problems] == [True] * (windows is None)
    changed = [("3", "7-9")] if windows == ((7, 8, 9),) else []
    assert [(one.before, one.after) for one in reading.report.changes] == changed


@pytest.mark.parametrize("word", ["不详", "未知", "待定", "待核实", "N/A", "暂无", "——"])
def test_a_word_for_not_known_is_no_street(word):
    reading = read(UNITS, firm(1, 2, word), firm(2))
    assert reading.table["subdistrict"].tolist()[1:] == ["甲镇"]
    assert [(one.before, one.after) for one in reading.report.changes] == [(word, "（空）")]
    assert reading.report.empty == {"街镇": (2,)}


@pytest.mark.parametrize("officers", ["PT-01、同上", "PT-01；″", "PT-01\n〃", "PT-01,#REF!"])
def test_a_mark_in_a_list_is_no_content(officers):
    reading = read([*VISITS[:3], "检查人员"], ["R1", "2024-03-01", code(1), officers])
    assert list(told(reading)) == ["第 2 行「检查人员」"]


@pytest.mark.parametrize("street", ["=SUM(A1)", "=B2", "=$B$2&C2", "=IF(A1>0,1,2)"])
def test_a_formula_as_text_is_no_content(street):
    assert "公式" in told(read(UNITS, firm(1, 2, street)))["第 2 行「街镇」"]


@pytest.mark.parametrize("words", ["合计：拾家次", "合计(家次):10", "共计十家次", "合计（家次）10"])
@pytest.mark.parametrize(("last", "agrees"), [(6, True), (7, False)])
def test_a_sum_in_words_may_have_its_number_in_words_and_its_unit_before(words, last, agrees):
    reading = read(UNITS[:3], firm(1, 4)[:3], firm(2, last)[:3], [words])
    assert (not reading.problems, "核对" in why(reading)[4]) == (agrees, True)


@pytest.mark.parametrize(("title", "agrees"), [("共2家、4家次", True), ("共2家、5家次", False), ("共3家", False)])
def test_a_sum_behind_a_title_is_compared(title, agrees):
    reading = read([f"2024年企业台账（{title}）"], UNITS, firm(1), firm(2))
    assert (not reading.problems) is agrees


@pytest.mark.parametrize("title", ["2024年台账（2024年3月）", "台账（共同监管）", "台账"])
def test_a_title_without_a_sum_is_a_title(title):
    reading = read([title], UNITS, firm(1))
    assert (list(reading.problems), why(reading)) == ([], {1: "表头以上的标题或说明"})


def test_what_a_page_brings_forward_is_no_row():
    reading = read(["序号", *UNITS], [1, *firm(1)], ["承前页", "", "", 2], [2, *firm(2)], ["过次页", "", "", 4])
    assert (list(reading.problems), reading.report.sums) == ([], {"计划家次": 4})


@pytest.mark.parametrize("label", ["均值", "最大", "最小值", "最高", "最低值"])
def test_a_measure_of_the_column_is_no_row(label):
    reading = read(UNITS, firm(1), firm(2), [label, None, 2])
    assert (list(reading.problems), len(reading.table)) == ([], 2)


def test_the_title_of_the_next_page_is_no_row():
    reading = read(UNITS, firm(1), ["某区企业台账（续）"], UNITS, firm(2))
    assert (list(reading.problems), why(reading)) == ([], {3: "表头以上的标题或说明", 4: "重复的表头"})


def test_a_row_right_above_a_header_with_more_than_a_title_stays_a_row():
    assert len(read(UNITS, firm(1), UNITS, firm(2)).table) == 2
    assert told(read(UNITS, firm(1), ["某区", "甲厂"], UNITS, firm(2)))


def test_the_whole_below_a_group_is_the_figure_the_group_names():
    head = [*VISITS[:3], "隐患数", "隐患数", "隐患数"], [None, None, None, "合计", "其中重大", "已整改"]
    reading = read(*head, ["R1", "2024-03-01", code(1), 3, 1, 2])
    assert reading.report.sums == {"隐患数/合计": 3, "隐患数/其中重大": 1, "隐患数/已整改": 2}
    assert not reading.problems


def test_a_count_changed_later_beside_the_first_is_asked():
    rows = ["甲", 3, 5], ["乙", 4, 4]
    assert read([TASKS[0], "计划家次（调整后）"], *(row[::2] for row in rows)).report.sums == {"计划家次（调整后）": 9}
    assert "留下要用的一列" in told(read([*TASKS[:2], "计划家次（调整后）"], *rows))["表头第 3 列"]


def test_lines_of_one_name_are_doubted():
    notes = read(TASKS[:2], ["甲", 2], ["甲 ", 3], ["乙", 1]).report.notes
    assert [note for note in notes if "同名" in note] == ["检查事项同名，请核对是否重行；不是的请写出区别：第 2、3 行"]


@pytest.mark.parametrize(("column", "figure"), [("每次天数", 20), ("每次人数", 20)])
def test_days_and_persons_out_of_all_proportion_are_doubted(column, figure):
    large, usual = (read([*TASKS[:2], column], ["甲", 2, number]).report.notes for number in (figure, figure - 1))
    assert f"大得少见的数，请核对数和单位：{column} {figure}（第 2 行）" in large
    assert not [note for note in usual if "少见" in note]
