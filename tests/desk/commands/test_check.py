"""The check: what a planner is told about a file, what a program is told, and the workbook of rows set aside."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from stdnum.cn import uscc

from enforce import __main__ as command
from enforce.desk.commands.check import check
from enforce.desk.opening import unread_rows
from enforce.desk.year import open_year
from enforce.inputs.tables.reading import read_table
from enforce.planning.through.register_health import Unread, register_health
from enforce.words.problems import InputError
from enforce.words.vocabulary import vocabulary

pytestmark = pytest.mark.slow

PLAN = Path("params/putuo-2024.yaml")
HEAD = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "风险等级",
    "信用等级",
    "执法层级",
    "计划家次",
    "上次检查日期",
    "经营状态",
    "联系电话",
]
PHONE, CARD = "13800138000", "11010519491231002X"


def code(number: int) -> str:
    body = f"91310107MA1T{number:05d}"
    return body + uscc.calc_check_digit(body)


def firm(n, **cells):
    return list(
        (
            dict(zip(HEAD, [n, f"企业{n}", code(n), "红", "A", "区级", 2, "2024-03-01", "在营", PHONE], strict=True))
            | cells
        ).values()
    )


@pytest.fixture
def book(tmp_path):
    """Return a maker of workbooks: rows of its first sheet."""

    def make(*rows, name="台账.xlsx", title="台账"):
        made = openpyxl.Workbook()
        made.active.title = title
        for row in rows:
            made.active.append(row)
        for cell in (cell for row in made.active for cell in row if cell.data_type == "f"):
            cell.data_type = "s"
        made.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def good(book):
    return book(
        ["企业台账"],
        HEAD,
        firm(1, 计划家次="12家次"),
        firm(2),
        ["合计", None, None, None, None, None, 14],
        ["填表人：张三"],
        name="好.xlsx",
    )


@pytest.fixture
def bad(book):
    rows = [firm(1), firm(2, 计划家次=-3), firm(3, 统一社会信用代码=CARD), firm(4, 上次检查日期="01/02/2024"), firm(5)]
    return book(HEAD, *rows, name="坏.xlsx")


def call(*arguments: object) -> int:
    return command._run([str(argument) for argument in arguments])


def test_a_good_file_is_told_in_full(good):
    found = check([good])
    assert found.good
    text = str(found)
    for line in (
        "好.xlsx：企业台账",
        "工作表「台账」，表头在第 2 行",
        "读到 2 行数据",
        "「计划家次」合计 14",
        "「上次检查日期」2024-03-01 至 2024-03-01",
        "跳过 3 行：",
        "第 1 行：表头以上的标题或说明",
        "第 5 行：合计行，只用来核对：计划家次 14，与明细相符",
        "第 6 行：说明或落款",
        "改写 1 处",
        "第 3 行「计划家次」12家次 → 12",
        "不认识的列，照原样保留，不参加计算：联系电话",
        "没有问题",
    ):
        assert line in text, line
    assert "张三" not in text
    assert PHONE not in text


def test_every_problem_is_told_with_file_sheet_row_column_value_and_form(bad):
    found = check([bad])
    assert not found.good
    text = str(found)
    assert "问题 3 处：" in text
    assert "1. 工作表「台账」第 3 行「计划家次」 = -3：应为 0 以上的整数" in text
    assert re.search(r"2\. 工作表「台账」第 4 行「统一社会信用代码」 = 110105\*+1002X：应为 .*身份证号", text)
    assert re.search(r"3\. 工作表「台账」第 5 行「上次检查日期」 = 01/02/2024：应为 .*分不清", text)
    assert CARD not in text


def test_a_sum_over_rows_with_problems_says_so(bad, good):
    assert "「计划家次」合计 8（含有问题的行）" in str(check([bad]))
    assert "（含有问题的行）" not in str(check([good]))


def test_machines_are_told_row_and_column_apart(bad):
    (file,) = json.loads(check([bad]).as_json())["files"]
    assert [(problem["row"], problem["column"]) for problem in file["problems"]] == [
        (3, "计划家次"),
        (4, "统一社会信用代码"),
        (5, "上次检查日期"),
    ]


def test_many_columns_that_are_not_there_are_counted(book):
    text = str(check([book(["检查事项", "计划家次"], ["双随机", 3])]))
    assert re.search(r"没有这些列，留空，不代填：(\w+、){11}\w+ 等 35 列", text)


def test_machines_are_told_the_same_without_cuts(book):
    rows = [firm(n, 计划家次=f"{n}家次") for n in range(1, 40)] + [firm(n, 计划家次="约3") for n in range(40, 80)]
    found = check([book(HEAD, *rows)])
    content = json.loads(found.as_json())
    (file,) = content["files"]
    assert (content["ok"], file["ok"], file["kind"], file["rows_read"], file["rows_good"]) == (
        False,
        False,
        "register",
        79,
        39,
    )
    assert len(file["changes"]) == 39
    assert file["changes"][0] == {"row": 2, "column": "计划家次", "before": "1家次", "after": "1"}
    assert len(file["problems"]) == 40
    assert file["problems"][0]["row"] == 41
    assert file["columns"]["企业名称"] == "name"
    assert file["dates"] == {"上次检查日期": ["2024-03-01", "2024-03-01"]}
    text = str(found)
    assert "另有 19 处，--json 列全" in text
    assert "另有 20 处同类问题" in text
    assert "问题 40 处" in text


def test_many_rows_passed_over_are_cut(book):
    rows = [row for n in range(1, 26) for row in (firm(n), ["备注"], [f"{'一二三四五六七八九'[n % 9]}、街镇"])]
    text = str(check([book(HEAD, *rows)]))
    assert "跳过 50 行：" in text
    assert "另有 30 处" in text


def test_several_files_of_any_kind_are_checked_at_once(good):
    files = [good, Path("data/putuo-2024/tasks.csv"), PLAN, Path("none.xlsx")]
    found = check(files)
    assert [file.reading.kind if file.reading else None for file in found.files] == ["register", "tasks", "plan", None]
    assert not found.good
    assert "none.xlsx：读不出" in str(found)
    assert json.loads(found.as_json())["files"][3]["ok"] is False


def test_the_tables_of_the_demo_agree_with_their_plan():
    files = [Path(f"data/putuo-2024/{name}.csv") for name in ("tasks", "roster", "units", "records")]
    assert check(files, plan=PLAN, as_of="2024-12-31").good


def test_unknown_units_officers_and_lines_are_told_with_a_plan(book):
    head = ["检查编号", "统一社会信用代码", "检查日期", "任务", "检查人员"]
    path = book(head, ["R1", code(1), "3月1日", "P99", "张三"], name="记录.xlsx")
    assert not check([path]).good
    found = check([path], plan=PLAN, quarantine=path.with_name("q.xlsx"))
    assert "张三" not in str(cells(path.with_name("q.xlsx")))
    columns = {problem.where.partition("行")[2] for problem in found.files[0].problems}
    assert columns == {"「任务」", "「统一社会信用代码」", "「检查人员」"}
    assert "张三" not in str(found)


def test_a_plan_whose_tables_cannot_be_read_is_told_and_the_file_still_checked(good, tmp_path):
    shutil.copytree("params", tmp_path / "params")
    shutil.copytree("data", tmp_path / "data", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "data" / "putuo-2024" / "roster.csv").unlink()
    found = check([good], plan=tmp_path / "params" / "putuo-2024.yaml")
    assert not found.good
    assert "没有核对事项、企业和人员" in str(found)
    assert len(found.problems) == 1  # one slip, one problem: the table that is missing
    assert not json.loads(found.as_json())["compared"]
    assert found.files[0].problems == ()
    assert json.loads(found.as_json())["plan_problems"]


@pytest.mark.parametrize("day", ["2024/1/1", "今天", "2024-02-30"])
def test_a_day_of_another_form_is_refused(good, day):
    with pytest.raises(InputError, match="--as-of"):
        check([good], as_of=day)


def test_dates_after_the_day_given_are_refused(good):
    assert not check([good], as_of="2024-02-29").good
    assert check([good], as_of="2024-03-01").good


# --- rows set aside -------------------------------------------------------------------------------------------------


def cells(path) -> dict[str, list[tuple]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}


def test_bad_rows_are_set_aside_with_the_reason_beside_each_and_the_rest_is_read(bad, tmp_path):
    found = check([bad], quarantine=tmp_path / "放到一边.xlsx")
    assert found.good
    assert found.files[0].reading.table["name"].tolist() == ["企业1", "企业5"]
    assert re.search(r"已把 3 行放到一边（.*放到一边.xlsx，附原因），其余 2 行读入", str(found))
    assert "问题 3 处（都在放到一边的行里）" in str(found)
    assert json.loads(found.as_json())["files"][0]["aside"] == 3
    book = cells(tmp_path / "放到一边.xlsx")
    assert list(book) == ["1-坏", "说明"]
    rows = book["1-坏"]
    assert rows[3] == ("行号", "问题", *HEAD)
    assert [row[0] for row in rows[4:]] == [3, 4, 5]
    assert "身份证号" in rows[5][1]
    text = str(book)
    assert CARD not in text
    assert PHONE not in text
    assert code(2) in text


def test_a_problem_of_the_whole_file_stays_one(book, tmp_path):
    path = book(
        HEAD,
        firm(1),
        firm(2, 计划家次=-3),
        ["合计", None, None, None, None, None, 99],
        firm(3),
        ["合计", None, None, None, None, None, 4.5],
    )
    found = check([path], quarantine=tmp_path / "q.xlsx")
    assert [checked.aside for checked in found.files] == [1]
    path = book(HEAD, firm(1), firm(2, 信用等级="E"), ["合计", None, None, None, None, None, 99])
    found = check([path], quarantine=tmp_path / "r.xlsx")
    assert not found.good
    assert len(found.files[0].left) == 1


def test_nothing_is_written_where_nothing_is_bad(good, tmp_path):
    assert check([good], quarantine=tmp_path / "q.xlsx").quarantine == ""
    assert not (tmp_path / "q.xlsx").exists()


def test_a_workbook_that_is_there_is_not_written_over(bad, tmp_path):
    (tmp_path / "q.xlsx").write_text("改了一半", encoding="utf-8")
    for path, why in (
        (tmp_path / "q.xlsx", "不覆盖"),
        (tmp_path / "q.csv", "以 .xlsx 结尾"),
        (tmp_path / "x" / "q.xlsx", "已有文件夹"),
    ):
        with pytest.raises(InputError, match=why):
            check([bad], quarantine=path)
    assert (tmp_path / "q.xlsx").read_text(encoding="utf-8") == "改了一半"


def test_what_stands_in_a_bad_row_is_inert_in_the_workbook(book, tmp_path):
    rows = [
        firm(1, 计划家次=-1, 企业名称="=1+1"),
        firm(2, 计划家次=-1, 企业名称="甲" * 1500),
        firm(3, 计划家次="-1", 联系电话=datetime(2024, 3, 1, 9)),  # noqa: DTZ001
        firm(4, 计划家次=-1, 联系电话=True, 企业名称="http://x.cn"),
        firm(5, 计划家次=-1, 联系电话=None),
        firm(6, 计划家次=-1, 联系电话=int(PHONE)),
    ]
    check([book(HEAD, *rows, title="重点、一般")], quarantine=tmp_path / "q.xlsx")
    book_ = openpyxl.load_workbook(tmp_path / "q.xlsx")
    assert {cell.data_type for row in book_.worksheets[0] for cell in row} <= {"s", "n"}
    text = str(cells(tmp_path / "q.xlsx"))
    assert "=1+1" in text
    assert "（共 1500 字）" in text
    assert "2024-03-01 09:00:00" in text
    assert PHONE not in text


def test_hidden_characters_are_written_by_code_point(tmp_path):
    path = tmp_path / "台账.csv"
    path.write_text(f"企业名称,统一社会信用代码\n甲\u202e厂,{code(1)}\n", encoding="utf-8")
    check([path], quarantine=tmp_path / "q.xlsx")
    assert "甲<U+202E>厂" in str(cells(tmp_path / "q.xlsx"))


def test_english_headings_are_written_in_chinese(tmp_path):
    path = tmp_path / "units.csv"
    path.write_text(f"unit_id,name,last_visit\n{code(1)},甲,2024/2/30\n", encoding="utf-8")
    check([path], quarantine=tmp_path / "q.xlsx")
    assert cells(tmp_path / "q.xlsx")["1-units"][3] == ("行号", "问题", "统一社会信用代码", "名称", "上次检查日期")


def test_a_year_can_be_opened_with_its_bad_rows_aside(tmp_path):
    shutil.copytree("params", tmp_path / "params")
    shutil.copytree("data", tmp_path / "data", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = tmp_path / "data" / "putuo-2024" / "units.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(",D,蓝,街镇级", ",E,蓝,街镇级", 1), encoding="utf-8-sig")
    with pytest.raises(InputError):
        open_year(tmp_path / "params" / "putuo-2024.yaml")
    year = open_year(tmp_path / "params" / "putuo-2024.yaml", quarantine=True)
    assert year.aside["row"].tolist() == [2]
    assert len(year.units) == 649
    assert len(open_year(PLAN).aside) == 0


# --- health ---------------------------------------------------------------------------------------------------------


def test_the_health_of_a_register_counts_what_the_reading_knows(book, tmp_path):
    rows = [
        firm(1),
        firm(2, 统一社会信用代码="91110000600037341M"),
        firm(3, 统一社会信用代码=code(1)),
        firm(4, 执法层级="区级、街镇级"),
        firm(5, 经营状态="已注销"),
        firm(6, 计划家次="若干"),
        firm(7, 信用等级=None, 经营状态=None),
    ]
    tasks = pd.DataFrame({"task_id": ["P01"], "hazards": [("dust",)]})
    reading = read_table(book(["企业台账"], [*HEAD, "对象标签", "是否重点单位"], *rows))
    reading.table["hazards"] = [()] * len(reading.table)
    table = register_health(reading.table, tasks, vocabulary(), unread_rows(reading.reasons)).set_index("finding")[
        "units"
    ]
    names = [
        "台账企业",
        "代码不正确",
        "代码重复",
        "执法层级有两个或认不出",
        "其他原因放到一边",
        "没有信用等级",
        "已注销、停产或关闭",
    ]
    assert table[names].tolist() == [2, 1, 2, 1, 1, 1, 1]


def test_a_register_without_bad_rows_has_none_to_sort(good):
    reading = read_table(good)
    assert unread_rows(reading.reasons) == Unread()


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_tells_and_its_exit_status_is_true(good, bad, capsys):
    assert call("check", good) == 0
    assert "没有问题" in capsys.readouterr().out
    assert call("check", good, bad) == 1
    assert "问题 3 处" in capsys.readouterr().out
    assert call("check", bad, "--json") == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_the_command_sets_rows_aside(bad, tmp_path, capsys):
    assert call("check", bad, "--quarantine", tmp_path / "q.xlsx") == 0
    assert call("check", bad, "--quarantine", tmp_path / "q.xlsx") == 1
    assert "不覆盖" in capsys.readouterr().err


def test_the_command_takes_a_kind_and_a_sheet(good, capsys):
    assert call("check", good, "--kind", "register", "--sheet", "台账") == 0
    assert call("check", good, "--kind", "records") == 1
    assert "有「检查编号」列" in capsys.readouterr().out
    assert call("check", good, "--sheet", "没有") == 1
    assert "文件里有的工作表：台账" in capsys.readouterr().out
    assert call("check", good, "--kind", "x") == 2
    assert "没有 x 这种表" in capsys.readouterr().err
    assert call("check") == 2


def test_the_command_compares_with_a_plan_and_a_day(capsys):
    assert call("check", "data/putuo-2024/records.csv", "--plan", PLAN, "--as-of", "2024-12-31") == 0
    assert call("check", "data/putuo-2024/records.csv", "--as-of", date(2024, 6, 30)) == 1
    assert "不晚于 2024-06-30" in capsys.readouterr().out


# --- what a run of the plan would say -----------------------------------------------------------------------------


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / "copy" / folder)
    return tmp_path / "copy/params/putuo-2024.yaml"


def write_over(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_limits_that_contradict_each_other_are_told_as_a_run_tells_them(copy):
    folder = copy.parents[1] / "data/putuo-2024"
    (folder / "limits.csv").write_text("任务,月份或季度,最少,最多,依据\nP11,8,9,,甲\n,8,,5,乙\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_year(copy).solved()
    for result in (check([folder / "units.csv"], plan=copy), check([copy])):
        assert not result.good
        assert [str(problem) for problem in result.problems] == [str(problem) for problem in caught.value.problems]


def test_printed_figures_that_do_not_add_up_are_told_as_a_run_tells_them(copy):
    write_over(copy, "total_visits: 261", "total_visits: 216\n  sums: [{parts: [178, 38], total: 261}]")
    files = ([copy.parents[1] / "data/putuo-2024/units.csv"], copy), ([copy], None), ([copy], copy)
    for paths, plan in files:
        result = check(paths, plan=plan)
        assert result.good
        pd.testing.assert_frame_equal(result.findings, open_year(copy).findings)
        text = str(result)
        assert "[须改正] 公布数复算 全年计划检查（家次）：公布数与复算数不一致（216，261）" in text
        assert "（178 + 38 = 216，印作 261）" in text
        told = json.loads(result.as_json())["findings"]
        assert [row["figure"] for row in told if row["check"] == "printed_figures"] == ["216", "178 + 38 = 216"]


def test_a_year_whose_holidays_are_not_announced_is_told_as_a_run_tells_it(copy):
    folder = copy.parents[1] / "data/putuo-2024"
    shutil.rmtree(folder / "versions")
    (folder / "other_work.csv").unlink()
    records = folder / "records.csv"
    records.write_text(records.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8-sig")
    text = copy.read_text(encoding="utf-8").replace("2024-", "2035-").replace("year: 2024", "year: 2035")
    copy.write_text(text.replace("../data/putuo-2035", "../data/putuo-2024"), encoding="utf-8")
    assert "[请核实] 工作日历 工作日历：国务院节假日安排尚未发布，工作日为预估" in str(check([copy]))


def test_a_plan_without_a_doubt_is_told_without_a_heading_of_doubts(good):
    assert "存疑" not in str(check([good]))


# --- a file beside the plan's tables ------------------------------------------------------------------------------

RECORDS = (
    "检查编号,检查日期,统一社会信用代码,企业名称,事项编号,触发原因,检查人员,检查码,记录完整,"
    "隐患数,重大隐患数,整改数,处罚,处罚来源,罚款(元),是否区内,数据来源\n"
)


def record_line(**cells):
    base = {"编号": "N-1", "日期": "2024-05-08", "代码": "91310107TEXT00025J", "名称": "某单位", "事项": "P11"}
    base |= {
        "原因": "",
        "人员": "PT-01;PT-02",
        "码": "C",
        "完整": "是",
        "隐患": 1,
        "重大": 0,
        "整改": 1,
        "处罚": "",
        "处罚来源": "",
        "罚款": 0,
    }
    return ",".join(map(str, (base | {"区内": "是", "来源": "测试"} | cells).values())) + "\n"


@pytest.mark.parametrize(
    ("rows", "name", "named"),
    [
        ([{"区内": "否"}], "record_districts", "N-1"),
        ([{}, {"编号": "n-1"}], "record_twins", "N-1、n-1"),
        ([{"人员": "PT-01"}], "record_officers", "N-1"),
        ([{"事项": "P02", "日期": "2024-07-02"}], "record_months", "N-1"),
        ([{"日期": "2024-10-01"}], "record_days", "N-1"),
    ],
)
def test_records_of_a_file_are_doubted_against_the_plans_tables_by_their_number(tmp_path, rows, name, named):
    file = tmp_path / "记录.csv"
    file.write_text(RECORDS + "".join(record_line(**row) for row in rows), encoding="utf-8")
    doubts = check([file], plan=PLAN).findings
    assert doubts.loc[doubts["check"] == name, "where"].tolist() == [f"检查记录 {named}"]


def test_limits_of_a_file_that_contradict_each_other_are_told_before_they_are_the_plans(tmp_path):
    file = tmp_path / "限制.csv"
    file.write_text("任务,月份或季度,最少,最多,依据\nP10,5,4,4,甲\nP10,5,7,,乙\n", encoding="utf-8")
    result = check([file], plan=PLAN)
    assert [Path(problem.file).name for problem in result.problems] == ["限制.csv"] * 2
    assert not result.good


def test_limits_of_one_line_ask_together_for_no_more_than_its_visits(tmp_path):
    file = tmp_path / "限制.csv"
    file.write_text("任务,月份或季度,最少,最多,依据\nP11,1,50,,甲\nP11,2,50,,乙\n", encoding="utf-8")
    (problem,) = check([file], plan=PLAN).files[0].problems
    assert (problem.place.row, problem.expected) == (3, "不大于计划家次（68）的整数（同一事项各月合计 100）")


def test_what_may_be_wrong_in_a_table_stands_in_the_report_and_is_told_once(copy):
    tasks = copy.parents[1] / "data/putuo-2024/tasks.csv"
    tasks.write_text("2023年检查事项表\n" + tasks.read_text(encoding="utf-8-sig"), encoding="utf-8-sig")
    units = copy.parents[1] / "data/putuo-2024/units.csv"
    name = pd.read_csv(units)["企业名称"][0]
    write_over(units, f",{name},", f",{name}（已注销）,")
    doubts = open_year(copy).findings
    told = doubts.loc[doubts["check"] == "sources", ["where", "message"]].to_numpy().tolist()
    assert [(Path(where).name, message[:4]) for where, message in told] == [
        ("tasks.csv", "标题写的"),
        ("units.csv", "名称里写"),
    ]
    result = str(check([tasks, units], plan=copy))
    assert all(result.count(message) == 1 for _, message in told)
