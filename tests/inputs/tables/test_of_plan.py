"""Registers: four tables read, typed and checked against one another and the plan."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from stdnum.cn import uscc

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.forms import invited
from enforce.inputs.tables.of_plan import TABLES, read_part, read_tables, table_files
from enforce.inputs.tables.reading import read_table
from enforce.sheets.codes import credit_code
from enforce.sheets.columns import integer, many, periods, short_text
from enforce.sheets.part import Part
from enforce.words.problems import InputError
from tests.work import calls

pytestmark = pytest.mark.slow

DEMO = Path("params/putuo-2024.yaml").read_text(encoding="utf-8")


def code(number):
    body = f"91310107TEXT{number:05d}"
    return body + uscc.calc_check_digit(body)


ROWS = {
    "tasks": [
        "P01,区重点单位,区重点检查,重点检查,区重点单位,6,6,0,,1-12,1,2,执法大队,,全部,,,0,,,,原文,虚构",
        "P02,专项,粉尘专项,重点检查,专项检查,8,8,0,,5-6|10-11,1.5,2,执法大队,基础科=0.5;法宣科=0,随机抽取,"
        "粉尘涉爆;高温熔融金属,区重点单位,4,市总队,市场监管;交通运输,甲;乙,原文,虚构",
    ],
    "roster": ["PT-01,执法大队,是,危化;工贸,1,12,,虚构", "PT-02,危化科,否,,1,6,,虚构"],
    "units": [
        f"{code(1)},甲公司,桃浦镇,工贸,粉尘涉爆,是,P02,A,红,区级,是,2023-05-06,,虚构",
        f"{code(2)},乙公司,桃浦镇,工贸,,否,,,,街镇级,是,,,虚构",
    ],
    "records": [
        f"R1,2024-02-29,{code(1)},P01,,PT-01;PT-02,M1,是,3,1,2,罚款,监督检查,8000,是,虚构",
        f"R2,2024-03-01,{code(2)},,投诉举报,PT-01,,否,0,0,0,,,,是,虚构",
        "R3,2024-05-06,,P02,,PT-01,,是,0,0,0,,,0,否,虚构",
    ],
}


#: Columns that came later: the rows above are those of an older file, which has none of them.
LATER = ("legal_basis", "content", "mode", "cap_per_unit", "office", "inspection_class", "item_type", "joint_with")
LATER += ("unpublished", "order_document", "order_date", "visit_on", "visit_by", "officer_fields", "department")
LATER_OF_UNITS = ("class", "standard_grade", "standard_graded_on", "supervision_grade", "mine_class")
LATER_OF_UNITS += ("warned", "no_contact", "major_risk")


def header(table):
    later = (*LATER, *LATER_OF_UNITS, *(c.name for c in TABLES["records"] if table == "records" and not c.required))
    return ",".join(column.chinese for column in TABLES[table] if column.name not in later)


@pytest.fixture
def tables(tmp_path):
    """Return a reader of the small tables above, some of their text replaced: {table: [(old, new), ...]}."""
    for folder in ("rules", "t", "c"):
        (tmp_path / folder).mkdir()
    plan = DEMO.replace("../data/putuo-2024", "t").replace("../data/calendar", "c")
    (tmp_path / "putuo-2024.yaml").write_text(plan, encoding="utf-8")
    shutil.copy("params/rules/bases.yaml", tmp_path / "rules")

    def read(**changes):
        for table, rows in ROWS.items():
            text = "\n".join([header(table), *rows]) + "\n"
            for old, new in changes.get(table, []):
                assert old in text
                text = text.replace(old, new, 1)
            (tmp_path / "t" / f"{table}.csv").write_text(text, encoding="utf-8-sig")
        return read_tables(read_plan(tmp_path / "putuo-2024.yaml"))

    return read


@pytest.fixture
def problems(tables, tmp_path):
    """Return a reader that gives the problems as (file, place)."""

    def read(**changes):
        with pytest.raises(InputError) as caught:
            tables(**changes)
        assert all(p.file.startswith("t/") and p.where and p.expected for p in caught.value.problems)
        assert str(tmp_path) not in str(caught.value)
        return {(p.file.removeprefix("t/").removesuffix(".csv"), p.where): p for p in caught.value.problems}

    return read


def test_the_four_tables_read_in_the_columns_of_the_contract(tables):
    read = tables()
    for name, rows in ROWS.items():
        table = getattr(read, name)
        assert table.columns.tolist() == [column.name for column in TABLES[name]]
        assert table.index.tolist() == list(range(len(rows)))
        assert table.drop(columns=["cap_per_unit", "days"], errors="ignore").notna().all(axis=None)


def test_values_have_the_types_of_the_contract(tables):
    read = tables()
    task = read.tasks.loc[1]
    assert (task["tier"], task["kind"], task["selection"]) == ("key", "campaign", "draw")
    assert task["periods"] == ((5, 6), (10, 11))
    assert task["invited"] == (("基础科", 0.5), ("法宣科", 0.0))
    assert task["hazards"] == ("粉尘涉爆", "高温熔融金属")
    assert (task["partners"], task["exclude"]) == (("市场监管", "交通运输"), "key_list")
    assert str(read.tasks["planned_visits"].dtype) == "int64"
    assert str(read.tasks["visit_days"].dtype) == "float64"
    assert read.roster["licensed"].tolist() == [True, False]
    assert read.units["last_visit"].tolist() == ["2023-05-06", ""]
    assert read.records["officers"].tolist() == [("PT-01", "PT-02"), ("PT-01",), ("PT-01",)]
    assert read.records["fine_yuan"].tolist() == [8000, 0, 0]
    assert read.records["penalty_basis"].tolist() == ["inspection", "", ""]


def test_a_table_without_records_keeps_its_types(tables):
    rows = "\n".join(ROWS["records"]) + "\n"
    read = tables(records=[(rows, "")])
    assert len(read.records) == 0
    assert str(read.records["fine_yuan"].dtype) == "int64"
    assert str(read.records["full_record"].dtype) == "bool"


def test_english_headers_are_accepted(tables):
    english = ",".join(column.name for column in TABLES["roster"] if column.name not in LATER)
    assert len(tables(roster=[(header("roster"), english)]).roster) == 2


def test_optional_columns_may_be_missing(tables):
    head = header("roster").replace("业务领域,", "")
    assert tables(roster=[(header("roster"), head), ("是,危化;工贸,", "是,"), ("否,,", "否,")]).roster[
        "fields"
    ].tolist() == [(), ()]


def test_counts_and_dates_of_other_writings_are_read_as_what_they_mean(tables):
    read = tables(tasks=[("区重点单位,6,6", "区重点单位,８３家次,八十三家")], units=[("2023-05-06", "2023年5月6日")])
    assert read.tasks.loc[0, ["planned_visits", "planned_units"]].tolist() == [83, 83]
    assert read.units["last_visit"].tolist() == ["2023-05-06", ""]


def test_the_demo_tables_read():
    read = read_tables(read_plan("params/putuo-2024.yaml"))
    assert read.tasks["planned_visits"].sum() == 261
    assert len(read.units) > 600


@pytest.mark.parametrize(
    ("table", "old", "new", "where", "found", "expected"),
    [
        ("tasks", "区重点单位,6,6", "区重点单位,178.5,6", "第 2 行「计划家次」", "178.5", "0 以上的整数"),
        ("tasks", "区重点单位,6,6", "区重点单位,83家,6", "第 2 行「计划家次」", "83家", "以「家次」计的数"),
        ("tasks", "区重点单位,6,6", "区重点单位,-8,6", "第 2 行「计划家次」", "-8", "0 以上的整数"),
        ("tasks", "区重点单位,6,6", "区重点单位,0405,6", "第 2 行「计划家次」", "0405", "前导零"),
        ("tasks", "区重点单位,6,6", "区重点单位,,6", "第 2 行「计划家次」", "（空）", "有内容"),
        ("tasks", "区重点单位,6,6", "区重点单位,①,6", "第 2 行「计划家次」", "①", "不认 U+2460"),
        ("tasks", ",1-12,", ",0-12,", "第 2 行「月份」", "0-12", "5-6|10-11"),
        ("tasks", ",1.5,2", ",1.3,2", "第 3 行「每次天数」", "1.3", "0.25 的倍数"),
        ("tasks", ",1.5,2", ",0,2", "第 3 行「每次天数」", "0", "0.25 以上"),
        ("tasks", "重点检查,专项检查", "重点,专项检查", "第 3 行「检查类型」", "重点", "重点检查、一般检查 之一"),
        ("tasks", "粉尘涉爆;", "粉尘;", "第 3 行「对象标签」", "粉尘;高温熔融金属", "每项是危化品经营仓储"),
        ("tasks", "区重点单位,4", "全部,4", "第 3 行「排除对象」", "全部", "区重点单位"),
        ("tasks", "P02,专项", "P 02,专项", "第 3 行「事项编号」", "P 02", "英文字母、数字"),
        ("tasks", "P02,专项", "P01,专项", "第 3 行「事项编号」", "P01", "不重复的编号（第 2 行已有）"),
        ("tasks", "2,执法大队,,", "2,大队,,", "第 2 行「科队」", "大队", "计划的科队清单里的科队"),
        ("tasks", "2,执法大队,,", "2,法宣科,,", "第 2 行「科队」", "法宣科", "计划的科队清单里的科队"),
        ("tasks", "法宣科=0", "法宣科=0.5", "第 3 行「邀请科室」", "法宣科=0.5", "法宣科=0"),
        ("tasks", "法宣科=0", "办公室=0", "第 3 行「邀请科室」", "办公室", "科队清单或受邀科室"),
        ("tasks", "基础科=0.5;", "基础科;", "第 3 行「邀请科室」", "基础科;法宣科=0", "危化科=0.5"),
        ("tasks", "区重点单位,4", "区重点单位,9", "第 3 行「区外家次」", "9", "不大于计划家次"),
        ("tasks", "8,8,0,,", "8,8,12,,", "第 3 行「其他计数单位」", "（空）", "其他计数的单位"),
        ("roster", "PT-02", "PT-01", "第 3 行「执法人员编号」", "PT-01", "与第 2 行不重叠的月份"),
        ("roster", "危化科,否", "危化,否", "第 3 行「科队」", "危化", "计划的科队清单"),
        ("roster", "危化科,否", "危化科,V", "第 3 行「是否持证」", "V", "是 或 否"),
        ("roster", ",1,6,", ",7,6,", "第 3 行「起始月」", "7", "不晚于截止月"),
        ("roster", ",1,6,", ",1,13,", "第 3 行「截止月」", "13", "1 到 12 的整数"),
        ("units", code(2), code(1), "第 3 行「统一社会信用代码」", code(1), "不重复"),
        ("units", code(2), code(2)[:17], "第 3 行「统一社会信用代码」", code(2)[:17], "现有 17 位"),
        ("units", code(2), "1" * 18, "第 3 行「统一社会信用代码」", "111111********1111", "18 位"),
        ("units", code(2), "11010519491231002X", "第 3 行「统一社会信用代码」", "110105*******1002X", "身份证"),
        ("units", ",是,P02,", ",是,P09,", "第 2 行「重点覆盖事项」", "P09", "tasks.csv"),
        ("units", ",A,红,", ",E,红,", "第 2 行「信用等级」", "E", "A、B、C、D 之一"),
        ("units", "2023-05-06", "2023-02-29", "第 2 行「上次检查日期」", "2023-02-29", "真实存在的日期"),
        ("units", "2023-05-06", "2025-01-01", "第 2 行「上次检查日期」", "2025-01-01", "不晚于 2024 年"),
        ("units", "2023-05-06", "5/6/2023", "第 2 行「上次检查日期」", "5/6/2023", "分不清哪个是月"),
        ("records", "2024-02-29", "2024-02-30", "第 2 行「检查日期」", "2024-02-30", "真实存在的日期"),
        ("records", "2024-02-29", "2023-12-31", "第 2 行「检查日期」", "2023-12-31", "2024 年内"),
        ("records", "R2", "R1", "第 3 行「检查编号」", "R1", "不重复"),
        ("records", code(1), code(9), "第 2 行「统一社会信用代码」", code(9), "units.csv"),
        ("records", f"{code(1)},P01", ",P01", "第 2 行「统一社会信用代码」", "（空）", "区内企业的代码"),
        ("records", ",P01,", ",P09,", "第 2 行「事项编号」", "P09", "tasks.csv"),
        ("records", ",,投诉举报", ",,", "第 3 行「触发原因」", "（空）", "非计划检查"),
        (
            "records",
            ",P01,,",
            ",P01,投诉举报,",
            "第 2 行「触发原因」",
            "投诉举报",
            "不写触发原因（有事项编号的是计划检查）",
        ),
        ("records", "3,1,2", "3,4,2", "第 2 行「重大隐患数」", "4", "不大于隐患数"),
        ("records", "3,1,2", "3,1,4", "第 2 行「整改数」", "4", "不大于隐患数"),
        ("records", "罚款,监督检查", ",监督检查", "第 2 行「处罚」", "（空）", "写明"),
        ("records", "罚款,监督检查", "罚款,", "第 2 行「处罚来源」", "（空）", "事故调查"),
        ("records", "PT-01;PT-02", "PT-01;PT-09", "第 2 行「检查人员」", "PT-09", "roster.csv"),
        ("records", "PT-01;PT-02", "PT-01;PT-01", "第 2 行「检查人员」", "PT-01;PT-01", "不重复"),
        ("records", "PT-01;PT-02", "", "第 2 行「检查人员」", "（空）", "有内容"),
        ("records", "2024-05-06,,P02,,PT-01", "2024-07-01,,P02,,PT-02", "第 4 行「检查人员」", "PT-02", "7 月在岗"),
    ],
)
def test_a_fault_is_told_with_row_column_value_and_form(problems, table, old, new, where, found, expected):
    told = problems(**{table: [(old, new)]})
    assert (table, where) in told, told
    assert told[table, where].found == found
    assert expected in told[table, where].expected


def test_the_problems_of_all_four_files_are_told_at_once(problems):
    told = problems(
        tasks=[("区重点单位,6,6", "区重点单位,-8,6")],
        roster=[("PT-02", "PT-01")],
        units=[(",是,P02,", ",是,P09,")],
        records=[("3,1,2", "3,4,2"), ("PT-01;PT-02", "PT-01;PT-09")],
    )
    assert {table for table, _ in told} == {"tasks", "roster", "units", "records"}
    assert len(told) == 5


def test_one_bad_cell_hides_no_other_fault_of_its_row_and_makes_none(problems):
    told = problems(roster=[("PT-02,危化科,否", "PT-02,危化,甲")], records=[("3,1,2", "多,4,2")])
    assert list(told) == [
        ("records", "第 2 行「隐患数」"),
        ("roster", "第 3 行「是否持证」"),
        ("roster", "第 3 行「科队」"),
    ]


def test_a_missing_file_is_told_and_the_others_are_still_checked(problems, tmp_path, tables):
    tables()
    (tmp_path / "t" / "units.csv").unlink()
    (tmp_path / "t" / "roster.csv").write_text("科队\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_tables(read_plan(tmp_path / "putuo-2024.yaml"))
    missing, *others = sorted(caught.value.problems, key=lambda p: p.place.entry != "企业台账")
    assert {p.file for p in others} == {"t/roster.csv"}
    assert (missing.file, missing.where) == (f"{tmp_path.name}/t", "企业台账")
    assert "records.csv 读作检查记录；roster.csv 没有认出表头；tasks.csv 读作检查事项表" in missing.expected
    assert "有「执法人员编号」列" in {p.expected for p in caught.value.problems}


def test_an_unknown_column_is_refused_with_a_suggestion(problems):
    told = problems(tasks=[("计划家次", "计划家次数")])
    assert told["tasks", "表头第 6 列"].expected == "已知的列名；是否想写「计划家次」？"
    assert told["tasks", "表头"].expected == "有「计划家次」列"


def test_the_same_column_in_two_languages_is_refused(problems):
    told = problems(roster=[("业务领域", "team")])
    assert told["roster", "表头第 4 列"].expected.startswith("每列只有一次：第 2 列「科队」与第 4 列「team」")


def test_a_register_without_rows_is_refused(problems):
    rows = "\n".join(ROWS["roster"]) + "\n"
    assert problems(roster=[(rows, "")])["roster", "全文"].found == "只有表头"


def test_many_bad_cells_are_told_twenty_at_a_time(tables, tmp_path):
    tables()
    rows = [f"R{n},2024-03-0x,,P02,,PT-01,,是,0,0,0,,,0,否,虚构" for n in range(100)]
    (tmp_path / "t" / "records.csv").write_text("\n".join([header("records"), *rows]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_tables(read_plan(tmp_path / "putuo-2024.yaml"))
    assert [p.found for p in caught.value.problems][20:] == ["另有 80 处同类问题"]


@pytest.mark.parametrize("name", ["任务.csv", "检查事项表.tsv", "TASKS.csv"])
def test_a_table_is_found_by_what_planners_call_its_file(tables, tmp_path, name):
    tables()
    old = tmp_path / "t" / "tasks.csv"
    text = old.read_text(encoding="utf-8-sig")
    old.unlink()
    (tmp_path / "t" / name).write_text(text, encoding="utf-8")
    plan = read_plan(tmp_path / "putuo-2024.yaml")
    assert table_files(plan)[0]["tasks"].name == name
    assert len(read_tables(plan).tasks) == 2


def test_two_files_for_one_table_are_refused(tables, tmp_path):
    tables()
    (tmp_path / "t" / "任务.csv").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=r"tasks.csv、任务.csv：应为 只留一个文件"):
        read_tables(read_plan(tmp_path / "putuo-2024.yaml"))


def test_a_line_may_be_called_by_its_name_in_the_other_tables(tables):
    read = tables(records=[(",P01,,", ",区重点检查,,")], units=[(",是,P02,", ",是,粉尘专项,")])
    assert read.records.loc[0, "task_id"] == "P01"
    assert read.units.loc[0, "covered_by"] == "P02"


def test_bad_rows_are_set_aside_with_their_reasons_and_so_are_the_rows_that_name_them(tables, tmp_path):
    with pytest.raises(InputError):
        tables(units=[(code(1), "91110000600037341M")], records=[("R3,2024-05-06", "R3,2024-02-30")])
    read = read_tables(read_plan(tmp_path / "putuo-2024.yaml"), quarantine=True)
    assert read.units["name"].tolist() == ["乙公司"]
    assert read.records["record_id"].tolist() == ["R2"]
    assert [(Path(file).stem, row) for file, row in read.aside[["file", "row"]].to_numpy().tolist()] == [
        ("units", 2),
        ("records", 2),
        ("records", 4),
    ]
    units = read.bad[read.aside.loc[0, "file"]]
    assert units.loc[0, ["row", "企业名称", "统一社会信用代码"]].tolist() == [2, "甲公司", "91110000600037341M"]
    assert "校验码不对" in read.aside.loc[0, "message"]
    assert "units.csv 里有的代码" in read.aside.loc[1, "message"]


def test_a_message_names_another_table_as_its_file_is_called(tables, tmp_path):
    lines = [line.split(",") for line in [header("units"), *ROWS["units"]]]
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    with pytest.raises(InputError):
        tables(records=[(code(1), code(7))])
    (tmp_path / "t" / "units.csv").unlink()
    book.save(tmp_path / "t" / "units.xlsx")
    with pytest.raises(InputError, match=r"应为 units\.xlsx 里有的代码"):
        read_tables(read_plan(tmp_path / "putuo-2024.yaml"))


def test_a_record_checked_by_itself_names_the_plans_tables_as_their_files_are_called(tables, tmp_path):
    tables()
    (tmp_path / "t" / "units.csv").rename(tmp_path / "t" / "台账.csv")
    plan = read_plan(tmp_path / "putuo-2024.yaml")
    (tmp_path / "new.csv").write_text("\n".join([header("records"), ROWS["records"][0].replace(code(1), code(7))]))
    reading = read_table(tmp_path / "new.csv", plan=plan, tables=read_tables(plan))
    assert [problem.expected for problem in reading.problems] == ["台账.csv 里有的代码（区外企业「是否区内」填 否）"]


def test_twins_are_both_set_aside(tables, tmp_path):
    with pytest.raises(InputError):
        tables(units=[(code(2), code(1)), ("\n", f"\n{code(3)},丙公司,桃浦镇,工贸,,否,,,,街镇级,是,,,虚构\n")])
    read = read_tables(read_plan(tmp_path / "putuo-2024.yaml"), quarantine=True)
    assert read.units["name"].tolist() == ["丙公司"]
    assert read.aside["row"].tolist()[:2] == [3, 4]


def test_a_table_of_which_nothing_is_left_is_refused(tables, tmp_path):
    with pytest.raises(InputError):
        tables(units=[(code(2), code(1))])
    with pytest.raises(InputError, match="2 行都有问题"):
        read_tables(read_plan(tmp_path / "putuo-2024.yaml"), quarantine=True)


def test_a_problem_of_the_whole_file_cannot_be_set_aside(tables, tmp_path):
    with pytest.raises(InputError):
        tables(tasks=[("计划家次", "计划")])
    with pytest.raises(InputError, match="有「计划家次」列"):
        read_tables(read_plan(tmp_path / "putuo-2024.yaml"), quarantine=True)


def test_nothing_is_aside_where_nothing_is_wrong(tables, tmp_path):
    assert len(tables().aside) == 0
    assert len(read_tables(read_plan(tmp_path / "putuo-2024.yaml"), quarantine=True).aside) == 0


def test_one_table_can_be_read_by_itself(tables, tmp_path):
    tables()
    part, problems, _ = read_part("roster", tmp_path / "t" / "roster.csv")
    assert (len(part.frame), problems) == (2, [])
    assert read_part("roster", tmp_path / "t" / "none.csv")[0] is None


def test_the_work_of_reading_units_grows_no_faster_than_their_number(tables, tmp_path):
    tables()
    plan = read_plan(tmp_path / "putuo-2024.yaml")

    def work(number):
        rows = [f"{code(n)},公司{n},桃浦镇,工贸,粉尘涉爆,否,P01,A,红,区级,是,2023-05-06,,虚构" for n in range(number)]
        (tmp_path / "t" / "units.csv").write_text("\n".join([header("units"), *rows]), encoding="utf-8")
        assert len(read_tables(plan).units) == number
        return calls(lambda: read_tables(plan))

    assert work(2000) < 2.1 * work(1000)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1-3,9-11", ((1, 2, 3, 9, 10, 11),)),
        ("5-6|10-11", ((5, 6), (10, 11))),
        ("1-2，4，9，11", ((1, 2, 4, 9, 11),)),
        ("12", ((12,),)),
        ("1-12", (tuple(range(1, 13)),)),
    ],
)
def test_months_are_windows_and_periods(text, value):
    assert periods(text) == value


@pytest.mark.parametrize(
    "text",
    ["0", "13", "3-1", "1-3,3-4", "9,1", "1-", "-3", "1--3", "|", "1|", "10-11|5-6", "1-3|2", "一月", "1.5", "01"],
)
def test_months_of_another_form_are_refused(text):
    with pytest.raises(ValueError, match="由小到大"):
        periods(text)


@pytest.mark.parametrize("text", ["178.0", "８３", "83家次", "-8", "0405", "²", "1e3", "1_000", "+5", "1,000", " 5"])
def test_counts_of_another_form_are_refused(text):
    with pytest.raises(ValueError, match="0 以上的整数"):
        integer(0)(text)


@pytest.mark.parametrize("text", ["危化科", "危化科=", "=1", "危化科=0.25", "危化科=1;危化科=0", ";", "危化科=-1"])
def test_invitations_of_another_form_are_refused(text):
    with pytest.raises(ValueError, match=r"危化科=0\.5"):
        invited(text)


def test_lists_take_both_semicolons_and_refuse_a_value_twice():
    assert many(short_text)("甲； 乙;丙") == ("甲", "乙", "丙")
    with pytest.raises(ValueError, match="不重复"):
        many(short_text)("甲;甲")


@pytest.mark.parametrize(
    "text",
    [
        "91110000600037341L",
        "91310107MA1TX0013D",
        "91310107MA1TX00218",
        "92310107MA1TEXT14E",
        "11310107MB0TEXT24N",
        "52310107MJ0TEXT31M",
        "81310107MC0TEXT609",
        "N2310107MF0TEXT45B",
        "Y1310107MC0TEXT52P",
        "A1310107MC0TEXT794",
    ],
)
def test_valid_credit_codes_are_accepted(text):
    assert credit_code(text) == text


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("91110000600037341M", "校验码不对"),
        ("9111OOOO600037341L", "是否应为 91110000600037341L"),
        ("9I110000600037341L", "是否应为 91110000600037341L"),
        ("91110000600037341l", "是否应为 91110000600037341L"),
        ("9111000060003734L", "现有 17 位"),
        ("91110000600037341LL", "现有 19 位"),
        ("000000000000000000", "校验码不对"),
        ("123456789012345678", "校验码不对"),
        ("11010519491231002X", "身份证号"),
        ("９1110000600037341L", "不是英文字母或数字"),
    ],
)
def test_codes_that_are_no_credit_codes_are_refused_with_the_reason(text, advice):
    with pytest.raises(ValueError, match=advice):
        credit_code(text)


def test_a_part_without_some_rows_lacks_them_as_read_and_as_typed():
    frame = pd.DataFrame({"name": ["甲", "乙", "丙"]}, index=[2, 3, 4])
    part = Part("a.csv", {"name": "企业名称"}, frame, frame).without(iter([3]))
    assert part.frame.index.tolist() == part.typed.index.tolist() == [2, 4]


def test_a_column_a_plan_needs_may_not_be_missing(problems):
    found = problems(roster=[(",截止月,", ",备忘,")], records=[(",检查码,", ",编码,")])
    missing = {(problem.file, problem.found, problem.expected) for problem in found.values()}
    assert ("t/roster.csv", "（缺一列）", "有「截止月」列") in missing
    assert ("t/records.csv", "（缺一列）", "有「检查码」列") in missing


# --- decisions of penalty -------------------------------------------------------------------------------------------

DECISION = {
    "处罚编号": "C1",
    "检查编号": "R1",
    "种类": "罚款;没收违法所得",
    "罚款(元)": "8000",
    "没收(元)": "100",
    "立案日期": "2024-03-04",
    "决定日期": "2024-03-20",
    "来源": "监督检查",
    "结果": "处罚",
    "数据来源": "虚构",
}


@pytest.fixture
def decisions(tables, tmp_path):
    """Return a reader of the small tables with a table of decisions, each row with some cells changed."""

    def read(*rows, drop=()):
        tables()
        heads = [name for name in DECISION if name not in drop]
        lines = [",".join(heads), *(",".join({**DECISION, **row}[name] for name in heads) for row in rows)]
        (tmp_path / "t/penalties.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return read_tables(read_plan(tmp_path / "putuo-2024.yaml"))

    return read


def test_a_plan_without_the_table_has_no_decisions(tables):
    assert tables().decisions is None


def test_decisions_are_read_with_the_visit_left_empty_or_named(decisions):
    table = decisions(
        {}, {"处罚编号": "C2", "检查编号": "", "结果": "免予处罚", "种类": "", "罚款(元)": "", "没收(元)": ""}
    )
    read = table.decisions
    assert read[["record_id", "outcome", "fine_yuan"]].values.tolist() == [["R1", "penalty", 8000], ["", "none", 0]]
    assert read["penalty"].tolist() == [("fine", "gains"), ()]
    assert read["procedure"].tolist() == ["", ""]
    assert decisions().decisions.empty


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({"种类": "批评教育"}, "种类", "通报批评"),
        ({"种类": ""}, "种类", "处罚种类"),
        ({"结果": "不予处罚"}, "种类", "不写种类"),
        ({"罚款(元)": "0"}, "罚款(元)", "罚款的金额"),
        ({"种类": "警告;没收违法所得"}, "罚款(元)", "没有罚款"),
        ({"种类": "罚款"}, "没收(元)", "没有没收"),
        ({"决定日期": "2023-12-20"}, "决定日期", "2024 年内"),
        ({"立案日期": "2024-04-01"}, "立案日期", "不晚于决定日期"),
        ({"决定日期": ""}, "决定日期", "有内容"),
        ({"来源": "举报"}, "来源", "事故调查"),
    ],
)
def test_a_decision_that_does_not_go_together_is_refused_by_its_cell(decisions, cells, column, expected):
    with pytest.raises(InputError) as caught:
        decisions(cells)
    problems = [problem for problem in caught.value.problems if problem.place.column == column]
    assert any(expected in problem.expected for problem in problems)


def test_a_word_for_no_penalty_needs_no_basis_and_bears_no_fine(tables):
    read = tables(records=[("罚款,监督检查,8000", "不予处罚,,0")])
    assert read.records["penalty"].tolist()[0] == "不予处罚"
    with pytest.raises(InputError, match="「处罚」"):
        tables(records=[("罚款,监督检查,8000", "否,,8000")])


def test_an_officer_in_two_spells_or_two_teams_is_several_rows_whose_months_do_not_overlap(tables):
    records = [("PT-01;PT-02", "PT-01")]
    read = tables(roster=[("PT-02,危化科,否,,1,6", "PT-01,危化科,是,,7,12"), (",1,12,", ",1,6,")], records=records)
    assert read.roster["officer_id"].tolist() == ["PT-01", "PT-01"]


def test_two_rows_of_one_officer_in_one_month_are_refused(problems):
    rows = [("PT-02,危化科,否,,1,6", "PT-01,危化科,是,,6,12"), (",1,12,", ",1,6,")]
    overlap = problems(roster=rows, records=[("PT-01;PT-02", "PT-01")])
    assert list(overlap) == [("roster", "第 3 行「执法人员编号」")]


@pytest.mark.parametrize(("cell", "share"), [("", 1.0), ("0.5", 0.5), ("50%", 0.5), ("0", 0.0), ("1", 1.0)])
def test_part_of_the_time_is_a_share_and_empty_is_all_of_it(tables, cell, share):
    assert tables(roster=[("1,12,,虚构", f"1,12,{cell},虚构")]).roster["share"].tolist() == [share, 1.0]


@pytest.mark.parametrize("cell", ["1.5", "-0.5", "半", "150%"])
def test_a_share_that_is_none_is_refused_with_its_row(problems, cell):
    refused = problems(roster=[("1,12,,虚构", f"1,12,{cell},虚构")])
    assert refused["roster", "第 2 行「在岗比例」"].expected.startswith("0 到 1 的数")


def test_a_roster_without_the_share_reads_as_before(tables):
    rows = [(header("roster"), header("roster").replace("在岗比例,", "")), (",12,,", ",12,"), (",6,,", ",6,")]
    assert tables(roster=rows).roster["share"].tolist() == [1.0, 1.0]


# --- columns that came later, and what was published ----------------------------------------------------------------


@pytest.fixture
def lines(tables, tmp_path):
    """Return a reader of the small tables whose first line has some of the later columns, the second none of them."""

    def read(**cells):
        labels = [column.chinese for column in TABLES["tasks"] if column.name in cells]
        order = [column.name for column in TABLES["tasks"] if column.name in cells]
        first = ",".join(f'"{cells[name]}"' for name in order)
        head, end = header("tasks"), "," * len(order)
        rows = [(ROWS["tasks"][0], f"{ROWS['tasks'][0]},{first}"), (ROWS["tasks"][1], f"{ROWS['tasks'][1]}{end}")]
        return tables(tasks=[(head, ",".join([head, *labels])), *rows]).tasks

    return read


def test_a_file_without_the_later_columns_reads_with_their_defaults(tables):
    task = tables().tasks.loc[0]
    later = [task[name] for name in LATER if name in task and name != "cap_per_unit"]
    assert later == [(), (), (), (), "", "", (), "", "", "", "", "", ()]
    assert pd.isna(task["cap_per_unit"])


def test_the_later_columns_are_read_in_their_writing(lines):
    read = lines(
        legal_basis="B01：第六十二条;B05；《某县办法》第三条",
        content="1.甲；\n2.乙",
        mode="现场检查;书面检查",
        cap_per_unit="2次/年",
        office="执法大队;危化科",
        inspection_class="专项检查",
        item_type="重点事项",
        joint_with="消防;市场监管",
        unpublished="涉及重大活动安保",
    ).loc[0]
    assert read["legal_basis"] == (("B01", "第六十二条"), ("B05", ""), ("", "《某县办法》第三条"))
    assert (read["content"], read["mode"]) == (("1.甲", "2.乙"), ("现场检查", "书面检查"))
    assert (read["cap_per_unit"], read["office"]) == (2, ("执法大队", "危化科"))
    assert (read["inspection_class"], read["item_type"]) == ("special", "key")
    assert (read["joint_with"], read["unpublished"]) == (("消防", "市场监管"), "涉及重大活动安保")


@pytest.mark.parametrize("cell", ["否", "无", "—", ""])
def test_a_line_that_is_published_has_no_reason_not_to_be(lines, cell):
    assert lines(unpublished=cell)["unpublished"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("legal_basis", "B1:第六十二条", "是否想写「B01」"),
        ("legal_basis", "B01;B01", "不重复的清单"),
        ("inspection_class", "综合", "日常、专项、个案 之一"),
        ("item_type", "普通", "重点事项、一般事项 之一"),
        ("cap_per_unit", "0", "1 以上的整数"),
        ("cap_per_unit", "2家", "以「次」计的数"),
        ("unpublished", "是", "不公布的原因"),
        ("unpublished", "线索来自 13800138000", "不含手机号"),
        ("content", "电话 021-52564588", "不含固定电话"),
        ("office", "王某 11010519491231002X", "不含身份证号"),
        ("joint_with", "消防 13800138000", "不含手机号"),
        ("mode", "联系 13800138000", "不含手机号"),
        ("legal_basis", "见 13800138000", "不含手机号"),
    ],
)
def test_a_later_column_that_cannot_be_read_is_told_by_its_cell(lines, column, cell, expected):
    with pytest.raises(InputError) as caught:
        lines(**{column: cell})
    (problem,) = caught.value.problems
    assert problem.place.name == column
    assert expected in problem.expected


def test_what_was_published_is_read_where_there_is_a_table(tables, tmp_path):
    assert tables().publications.empty
    text = "文件,期间,日期,网址或文号\n计划公示,2024年,2024-04-09,https://example.org/t20250409_2210484.htm\n月公示,5月,2024/4/28,\n"
    (tmp_path / "t/公示登记.csv").write_text(text, encoding="utf-8-sig")
    read = read_tables(read_plan(tmp_path / "putuo-2024.yaml")).publications
    assert read.columns.tolist() == ["document", "period", "date", "where"]
    assert read["date"].tolist() == ["2024-04-09", "2024-04-28"]


# --- what caps ask of the tables ------------------------------------------------------------------------------------


def with_columns(table, **cells):
    """The changes that put columns into a small table, filled in its first row."""
    labels = [column.chinese for column in TABLES[table] if column.name in cells]
    first = ",".join(cells[column.name] for column in TABLES[table] if column.name in cells)
    rows, end = ROWS[table], "," * len(cells)
    changes = [(header(table), ",".join([header(table), *labels]))]
    return {table: [*changes, (rows[0], f"{rows[0]},{first}"), *((row, f"{row}{end}") for row in rows[1:])]}


CAP_COLUMNS = {
    "class": "高危",
    "standard_grade": "二级企业",
    "standard_graded_on": "2023/5/6",
    "supervision_grade": "重点监管（2024年）",
    "mine_class": "A类",
}


def test_class_and_grades_of_a_unit_are_read_and_an_ungraded_unit_is_not_an_empty_cell(tables):
    unit = tables(**with_columns("units", **CAP_COLUMNS)).units.loc[0]
    expected = ["高危", "二级", "2023-05-06", "重点监管（2024年）", "A"]
    assert [unit[name] for name in CAP_COLUMNS] == expected
    graded = tables(**with_columns("units", standard_grade="未定级")).units["standard_grade"]
    assert graded.tolist() == ["未定级", ""]


@pytest.mark.parametrize(
    ("table", "cells", "column", "expected"),
    [
        ("units", {"standard_grade": "四级"}, "standard_grade", "一级、二级、三级、未定级 之一"),
        ("units", {"mine_class": "E"}, "mine_class", "A、B、C、D 之一"),
        ("units", {"standard_grade": "", "standard_graded_on": "2023-05-06"}, "standard_grade", "有定级日期时"),
        ("units", {"standard_grade": "一级", "standard_graded_on": "2025-05-06"}, "standard_graded_on", "不晚于 2024"),
        ("units", {"class": "高危 13800138000"}, "class", "不含手机号"),
        ("tasks", {"order_document": "", "order_date": "2024-01-05"}, "order_document", "有交办日期时"),
        ("tasks", {"order_document": "某安办〔2024〕3号", "order_date": "2025-01-05"}, "order_date", "不晚于 2024"),
        ("tasks", {"order_document": "某安办 13800138000"}, "order_document", "不含手机号"),
        ("tasks", {"visit_on": "2024-02-30"}, "visit_on", "日期"),
        ("tasks", {"visit_by": "2025-01-05"}, "visit_by", "计划年度 2024 年内的日期"),
        ("tasks", {"visit_on": "2024-12-05"}, "periods", "只有指定日期所在的月份"),
        ("tasks", {"visit_by": "2024-11-05"}, "periods", "不晚于截止日期所在月份的月份"),
    ],
)
def test_a_column_of_caps_that_cannot_be_read_is_told_by_its_cell(tables, table, cells, column, expected):
    with pytest.raises(InputError) as caught:
        tables(**with_columns(table, **cells))
    (problem,) = caught.value.problems
    assert problem.place.name == column
    assert expected in problem.expected


def test_an_order_is_read_with_its_date(tables):
    task = tables(**with_columns("tasks", order_document="某安办〔2024〕3号", order_date="2024年1月5日")).tasks.loc[0]
    assert (task["order_document"], task["order_date"]) == ("某安办〔2024〕3号", "2024-01-05")


def test_the_days_on_which_a_line_must_be_visited_are_read(tables):
    task = tables(**with_columns("tasks", visit_by="2024/12/5")).tasks.loc[0]
    assert (task["visit_on"], task["visit_by"]) == ("", "2024-12-05")
    with pytest.raises(InputError, match="不晚于截止日期的日期"):
        tables(**with_columns("tasks", visit_on="2024-12-06", visit_by="2024-12-05"))


@pytest.mark.parametrize(
    ("word", "trigger"),
    [("数据监测", "data_alert"), ("非现场线索", "data_alert"), ("媒体曝光", "media"), ("许可现场核查", "licence"),
     ("企业申请", "on_request")],
)  # fmt: skip
def test_the_four_later_causes_are_read(tables, word, trigger):
    assert tables(records=[("投诉举报", word)]).records["trigger"][1] == trigger


HEAD = "代码,哪个单位,日期,月份,计不计入"


@pytest.fixture
def known_elsewhere(tables, tmp_path):
    """Return a reader of a table of visits elsewhere, its rows after the head."""

    def read(*rows, head=HEAD, name="elsewhere"):
        tables()
        (tmp_path / f"t/{name}.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8-sig")
        return read_tables(read_plan(tmp_path / "putuo-2024.yaml")).elsewhere

    return read


def test_visits_known_from_elsewhere_are_read_by_day_or_by_month(known_elsewhere, tables):
    assert tables().elsewhere.empty
    read = known_elsewhere(
        f"{code(1)},市局,2024-05-12,,是", f"{code(1)},消防,,9,", f"{code(2)},消防,2024年6月,,否", name="别处的检查"
    )
    assert read["date"].tolist() == ["2024-05-12", "", "2024-06"]
    assert read["month"].fillna(0).tolist() == [0, 9, 0]
    assert read["counts"].tolist() == ["是", "", "否"]
    one = known_elsewhere(
        f"{code(1)},市局,3月", f"{code(1)},市局,2024-03-05", head="代码,哪个单位,日期或月份", name="别处的检查"
    )
    assert one["date"].tolist() == ["2024-03", "2024-03-05"]


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([f"{code(3)},市局,2024-05-12,,是"], "unit_id", "units.csv 里有的代码"),
        ([f"{code(1)},市局,,,是"], "date", "日期或月份，写一个"),
        ([f"{code(1)},市局,2024-05-12,5,是"], "month", "日期、月份只写一个"),
        ([f"{code(1)},市局,2023-05-12,,是"], "date", "计划年度 2024"),
        ([f"{code(1)},市局,,13,"], "month", "1 到 12"),
        ([f"{code(1)},市局,2024-05-12,,也许"], "counts", "是、否 之一"),
        ([f"{code(1)},,2024-05-12,,是"], "who", "有内容"),
        ([f"{code(1)},市局,2024-05-12,,是"] * 2, "unit_id", "一次检查一行"),
        ([f"{code(1)},市局,,5,是", f"{code(1)},市局,,5,"], "unit_id", "一次检查一行"),
    ],
)
def test_a_visit_elsewhere_that_cannot_be_taken_is_told(known_elsewhere, rows, column, expected):
    with pytest.raises(InputError) as caught:
        known_elsewhere(*rows)
    (problem,) = caught.value.problems
    assert problem.place.name == column
    assert expected in problem.expected
