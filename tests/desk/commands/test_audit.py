"""`enforce audit`: the slips of published plans and nothing else, exit codes, keys, the files handed back."""

from __future__ import annotations

import json
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from enforce.__main__ import cli
from enforce.desk.commands.audit import audit_files, write_audit
from enforce.desk.commands.documents import write_papers
from enforce.desk.run.handover import annual_books, monthly_books, replan_books, summary_books
from enforce.desk.standing import month, replan
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from tests.bureaus import bare_project, write_any, write_banner, write_busy, write_county

KEYS = ["file", "place", "sentence", "printed", "expected", "rule", "severity", "sure"]

#: A plan of a district, short, with the slips of one that was published.
DISTRICT = """某区应急管理局

关于印发2024年度执法计划的请示

根据《安全生产监管监察职责和行政执法责任追究的暂行规定》，编制了2024年度执法计划。

附件：某区应急管理局2024年度执法计划

某区应急管理局

2024年3月13日

附件

# 某区应急管理局2024年度执法计划

## 一、任务

1. 组织以危险化学品单位为主的跨部门联合执法，确保跨部门联合执法不少于“双随机、一公开”执法总量的15%。

## 二、方式和范围

对重点企业开展每年1次的“全覆盖”重点检查。执法检查以危险化学品经营企业、粉尘涉爆企业、存在高温熔融金属作业的企业为重点。

## 三、执法检查安排

全年计划检查261家次，其中：重点检查178家次（占比68.2%），一般检查83家次（占比31.8%）。月份安排详见附件1。

### （一）重点检查（共178家次）

1. 区重点单位执法检查（60家次）

对区重点单位执法检查全覆盖，按照标准化要求，计划检查60家次。名单详见附件2。

2. 重点时段专项执法检查（38家次）

（1）对10家危险化学品经营企业，每家检查1次，合计10家次；

（2）对20家城市综合体，每家检查1次，合计20家次；

（3）对8家园区型企业，每家检查1次，合计8家次。

3. 专项执法检查（80家次）

（1）假证专项执法检查（20家次）。一季度，集中清剿12张假冒的操作证；对8家用证较多的企业重点检查，每家检查1次，合计20家次。

（2）危险化学品综合性专项执法检查（10家次）。聚焦仓储、装置、生产、登记、检维修、重大危险源等6个专项，对其中10家企业开展检查10家次。

（3）工贸综合性专项执法检查（8家次）。聚焦粉尘防爆、高温熔融金属作业等2个专项，开展工贸综合性专项执法检查8家次。

（4）跨区域交互检查（8家次）。在重点监管单位中随机抽取4家单位，另外在另2区各抽查2家，共参与交互检查8家次。

（5）培训机构专项执法检查（6家次）。对6个培训机构，每家检查1次，合计6家次。

（6）使用企业执法抽查（28家次）。随机抽取其中28家（避免与区重点监管单位重复），每家检查1次，合计28家次。

### （二）一般检查（共83家次）

对信用等级较低的企业开展执法抽查68家次。

组织开展“双随机、一公开”跨部门联合执法15家次。

## 四、其他

依托区安委会（办）工作平台，对厂中厂等开展安全生产督导检查 and 帮扶指导。

附件：
1. 执法计划安排表
2. 重点单位名单
"""
NINE = {
    ("单位混加", "error"), ("联合执法的分母", "doubt"), ("印发前的工作", "doubt"), ("全覆盖", "doubt"),
    ("引用的依据", "doubt"), ("附件", "doubt"), ("可能的重复", "note"), ("外文", "note"), ("议事协调机构", "note"),
}  # fmt: skip


def audited(text: str):
    return audit_files(["-"], pasted=text.encode("utf-8"))


def rules(text: str) -> list[tuple[str, str, str]]:
    return [(row["rule"], row["printed"], row["expected"].partition("（")[0]) for row in audited(text).rows]


def test_nine_things_are_said_of_the_districts_plan_and_no_other():
    rows = audited(DISTRICT).rows
    assert len(rows) == 9
    assert {(row["rule"], row["severity"]) for row in rows} == NINE


def test_the_doubts_say_their_figures():
    expected = {row["rule"]: row["expected"] for row in audited(DISTRICT).rows}
    assert "15/83 = 18.1% 达到；15/111 = 13.5% 达不到" in expected["联合执法的分母"]
    assert "61 个工作日中的 49 个" in expected["印发前的工作"]
    assert "最多 32 家次（10 + 10 + 8 + 4）" in expected["可能的重复"]


def test_a_slip_in_that_plan_is_one_finding_more_at_its_root():
    for right, wrong in (("一般检查83家次", "一般检查38家次"), ("占比68.2%", "占比62.8%"), ("等6个专项", "等9个专项")):
        assert len(audited(DISTRICT.replace(right, wrong)).findings) == 10, wrong


PUBLISHED = [
    (
        "一、测算\n（一）2025年国家法定工作日248天，总法定工作日：24天×8人=1984人日。\n"
        "（二）其他执法工作日1035人日（甲科375人日，大队660人日），占总工作日的21%。\n"
        "（三）非执法工作日535人日，占总工作日的71%。\n（四）监督检查工作日=1984-1035-535=414人日，占总工作日的8%。",
        [("印出的算式", "24天", "248天"), ("占比", "21%、71%、8%", "52%")],
    ),
    (
        "每人法定工作日为365-104-14=247天。总法定工作日=247×22=5434天。\n"
        "其他执法工作日：综合监管170天、许可482天、事故390天、举报310天、交办1117天，合计2469天。\n"
        "监督检查工作日=总法定工作日-其他执法工作日-非执法工作日=5434-2649-1994=971天。",
        [("印出的算式", "2649", "2469")],
    ),
    (
        "2023年工作报告\n重点单位123家，每家检查2次，计划246家次。重点检查计划246家次，实际253家次，完成率103%；"
        "一般检查计划186家次，实际204家次，完成率110%。立案38起，罚款39.156万元，其中：监督检查35起、罚款30.9万元，"
        "事故3起、罚款8.256万元。",
        [],
    ),
    (
        "一季度共开展检查1732家次，同比减少16.2%。发现违法行为492项次；已完成整改483项次，平均整改率98.2%，其中：查处重大"
        "隐患86项。处罚222次，其中：监督监察处罚124次，同比减少42.3%。“有计划检查”占92.2%，“触发式检查”占7.8%。",
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "slips"), PUBLISHED)
def test_each_published_case_gives_its_known_slips(text, slips):
    assert rules(text) == slips


SLIPS = [
    ("全年检查100家次，其中：重点检查60家次，一般检查30家次。", "其中与合计"),
    ("对60家重点企业每家检查2次，合计140家次。", "家数乘次数"),
    ("对3家企业每季度检查一次，共计9家次。", "家数乘次数"),
    ("2024年国家法定工作日250天。", "法定工作日"),
    ("检查120家次，同比增长10%（上年同期100家次）。", "同比"),
    ("从企业库240家中按10%的比例随机抽取42家。", "基数乘比例"),
    ("查处隐患75项，其中重大隐患375项。", "部分与整体"),
    ("重点单位检查覆盖率105%。", "全覆盖"),
    ("分为动员、检查、总结4个阶段。", "列名与个数"),
    ("2025年2月30日前完成。", "日期"),
    ("罚款合计120.5万元，其中：企业100万元、个人205000万元。", "其中与合计"),
    ("上年检查260家次，今年计划检查2610家次。", "与上年相比"),
    ("每次检查由1名执法人员实施。", "执法人员数"),
    ("核查证件15本，检查企业5家，共计20家次。", "单位混加"),
]


@pytest.mark.parametrize(("text", "rule"), SLIPS)
def test_a_slip_of_each_kind_is_one_finding(text, rule):
    assert [row["rule"] for row in audited(f"2024年度执法计划\n{text}").rows] == [rule]


TRAPS = [
    "落实“三管三必须”和“四不两直”，第一时间处置，做到一次性告知，文号某应急〔2025〕3号，电话021-12345678。",
    "全年检查300家次，其中危化企业60家次、粉尘企业20家次等。",
    "对A类企业每2年检查1次，B类每年检查1次，C类每年检查2次。每家至少检查1次。",
    "完成计划检查不少于200家次，其中危化50家次、工贸100家次，其余由街道安排。",
    "2024年检查企业186家次，发现隐患512条，其中重大隐患2条，立案12起，罚款28.5万元，平均每起2.38万元。",
    "会同公安、消防、住建等部门开展检查，突出动火作业、受限空间作业等8类特殊作业，对全市5个县、3个区督查。",
    "检查300家次，其中危化100家次（33.3%）、工贸100家次（33.3%）、矿山100家次（33.4%）。",
    "在编人员28人，执法人员22人。全年366天，共53周，法定假日11天，双休日104天。",
]


@pytest.mark.parametrize("text", TRAPS)
def test_what_is_right_or_may_be_right_is_left_alone(text):
    assert audited(f"2025年度执法计划\n{text}").rows == []


def test_the_audit_of_the_readme_says_what_the_readme_shows():
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    text, answer = re.findall(r"<!-- audit: \w+ -->\n```text\n(.*?)```", readme, re.DOTALL)
    assert str(audited(text)) == answer.rstrip("\n")


def test_text_and_annex_are_held_against_each_other(tmp_path):
    plan, annex = tmp_path / "计划.txt", tmp_path / "附件1.csv"
    plan.write_text("2025年度执法计划\n全年计划检查100家次。\n附件：1. 安排表", encoding="utf-8")
    annex.write_text("事项,家次\n甲专项检查,60\n乙专项检查,50\n全年合计,110\n", encoding="utf-8")
    assert [(row["rule"], row["printed"]) for row in audit_files([plan, annex]).rows] == [("前后一致", "100家次")]
    annex.write_text("事项,家次\n甲专项检查,60\n乙专项检查,40\n全年合计,100\n", encoding="utf-8")
    assert audit_files([plan, annex]).rows == []
    assert audit_files([plan]).rows == []  # the annex lies beside it


@pytest.mark.slow
@pytest.mark.parametrize("bureau", ["county", "banner", 0, 1, 2])
def test_nothing_is_wrong_with_the_papers_and_books_that_we_write_for_any_bureau(tmp_path, bureau):
    project, write = bare_project(tmp_path), {"county": write_county, "banner": write_banner}.get(bureau)
    plan = write(project) if write else write_any(project, bureau)
    write_papers(plan, out=tmp_path / "公文")
    for name, write_one in annual_books(open_year(plan)).items():
        write_one(tmp_path / "公文" / name)
    files = [path for path in sorted((tmp_path / "公文").iterdir()) if "局内" not in path.name]
    assert [(row["file"], row["rule"], row["printed"], row["expected"]) for row in audit_files(files).rows] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_wrong_with_the_papers_and_books_of_a_year_that_is_under_way(tmp_path, seed):
    plan, folder = write_busy(bare_project(tmp_path), seed), tmp_path / "公文"
    write_papers(plan, out=folder)
    year = open_year(plan)
    day = f"{year.plan.year}-10-31"
    books = annual_books(year) | monthly_books(month(year, 11)) | summary_books(summary(year, day))
    for name, write_one in (books | replan_books(replan(year, day))).items():
        write_one(folder / name)
    files = [path for path in sorted(folder.iterdir()) if "局内" not in path.name and path.suffix != ".json"]
    assert [(row["file"], row["rule"], row["place"], row["expected"]) for row in audit_files(files).rows] == []


def test_exit_codes_and_keys(tmp_path):
    good, wrong = tmp_path / "good.txt", tmp_path / "wrong.txt"
    good.write_text("全年检查100家次，其中：重点检查60家次，一般检查40家次。", encoding="utf-8")
    wrong.write_text("全年检查100家次，其中：重点检查60家次，一般检查30家次。", encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(cli, ["audit", str(good)]).exit_code == 0
    done = runner.invoke(cli, ["audit", str(wrong), "--json"])
    (row,) = json.loads(done.stdout)
    assert (done.exit_code, list(row)) == (1, KEYS)
    assert (row["printed"], row["severity"], row["place"]) == ("100家次", "error", "第 1 行")
    done = runner.invoke(cli, ["audit", str(tmp_path / "nothing.txt"), str(wrong), "--json"])
    assert (done.exit_code, len(json.loads(done.stdout))) == (2, 1)
    assert "nothing.txt" in done.stderr
    assert runner.invoke(cli, ["audit", "-", "--json"], input=wrong.read_bytes()).exit_code == 1
    assert runner.invoke(cli, ["audit"], standalone_mode=False).exception is not None


def test_findings_are_handed_back_as_a_workbook_and_as_comments(tmp_path):
    paper = docx.Document()
    paper.add_paragraph("全年检查100家次，其中：重点检查60家次，一般检查30家次。")
    table = paper.add_table(3, 2)
    for cell, text in zip(
        (one for row in table.rows for one in row.cells), ["项", "家次", "甲", "7", "合计", "8"], strict=True
    ):
        cell.text = text
    paper.save(tmp_path / "计划.docx")
    result = audit_files([tmp_path / "计划.docx"])
    book, commented = write_audit(result, tmp_path / "审核.xlsx")
    rows = list(load_workbook(book)["审核"].iter_rows(values_only=True))
    assert any("100家次" in map(str, row) for row in rows)
    assert next(iter(docx.Document(str(commented)).comments)).text.startswith("[须改正] 其中与合计：印 100家次")
