"""The first lines of every book: whose plan, which year, which version, in which state, and how to make it anew."""

from __future__ import annotations

import pytest

from enforce.desk.commands.approve import approve
from enforce.desk.explorer.page import Page
from enforce.desk.run.batch import ROOT, relative
from enforce.desk.standing import month, replan
from enforce.desk.summary import summary
from enforce.desk.titles import command, heading
from enforce.desk.year import open_year, under
from enforce.inputs.parameters.scenario import Scenario
from tests.bureaus import APPROVAL, bare_project, write_banner, write_county

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path):
    return bare_project(tmp_path)


def test_a_draft_says_so_with_bureau_year_and_version(project):
    head = heading(open_year(write_county(project)))
    assert head.title == "云溪县应急管理局 2025年度执法计划（草案：尚未批准）"
    assert head.state == "草案：尚未批准　版本：尚未定版"
    assert head.disclaimer == ""


def test_a_plan_handed_in_or_approved_but_not_on_record_says_that(project):
    plan = write_county(project, approved=True)
    assert heading(open_year(plan)).title.endswith("（已批准，尚未定版）")
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace("state: 批准", "state: 送审"), encoding="utf-8")
    assert heading(open_year(plan)).title.endswith("（送审稿：尚未批准）")


def test_an_approved_plan_names_version_day_number_and_digest(project):
    plan = write_county(project, approved=True)
    approve(plan)
    year = open_year(plan)
    head = heading(year)
    assert head.title == "云溪县应急管理局 2025年度执法计划（第 1 版）"
    assert head.state == f"批准 2024-12-20 云应急〔2024〕30号　版本：{year.versions[0].text}"
    filed = '  - {state: 备案, date: "2025-01-10"}\n'
    plan.write_text(plan.read_text(encoding="utf-8").replace(APPROVAL, APPROVAL + filed), encoding="utf-8")
    assert heading(open_year(plan)).state.startswith("备案 2025-01-10 云应急〔2024〕30号　")


def test_a_month_a_replan_and_a_summary_have_titles_and_commands_of_their_own(project):
    plan = write_county(project, approved=True)
    approve(plan)
    year = open_year(plan)
    heads = [heading(book) for book in (month(year, 5), replan(year, "2025-06-30"), summary(year, "2025-09-30"))]
    assert [head.title for head in heads] == [
        "云溪县应急管理局 2025年5月执法安排（第 1 版）",
        "云溪县应急管理局 2025年度执法计划调整单（2025-06-30）（调整稿：尚未批准）",
        "云溪县应急管理局 2025年度计划执行对比（截至2025-09-30）（第 1 版）",
    ]
    books = (month(year, 5), replan(year, "2025-06-30"), summary(year, "2025-09-30"))
    assert [command(book).command.replace(f" {relative(plan, ROOT)}", "") for book in books] == [
        "enforce run --month 5", "enforce replan --as-of 2025-06-30", "enforce run",
    ]  # fmt: skip
    assert f"调整前：{year.versions[0].text}" in heads[1].state


def test_a_month_before_the_approval_is_a_draft_though_the_plan_is_approved_now(year):
    assert heading(month(year, 2)).title.endswith("2024年2月执法安排（草案：尚未批准）")
    assert heading(month(year, 2)).state.endswith("版本：尚未定版")
    assert heading(month(year, 4)).title.endswith("2024年4月执法安排（第 1 版）")


def test_a_year_not_announced_says_that_its_days_are_estimated_and_shows_its_own_disclaimer(project):
    head = heading(open_year(write_banner(project)))
    assert head.title == "达拉特旗应急管理局 2027年度执法计划（草案：尚未批准）"
    assert head.state == "草案：尚未批准；预估：国务院节假日安排尚未发布　版本：尚未定版"
    assert head.disclaimer == "全部数据为编写者试用，不是达拉特旗的计划"


def test_a_scenario_is_named_and_has_no_version(root, year):
    head = heading(open_year(root / "params/putuo-2024.yaml", scenario="七月调出一人"))
    assert head.title.endswith("年度执法计划（情景测算「七月调出一人」，未经批准）")
    assert head.state.endswith("版本：尚未定版")
    again = command(open_year(root / "params/putuo-2024.yaml", scenario="七月调出一人"))
    assert again.command == "enforce run params/putuo-2024.yaml --scenario 七月调出一人"
    assert "reports/putuo-2024-七月调出一人/" in again.source
    assert command(under(year, Scenario(reserve_share=0.2))).command == command(year).command


def test_the_plan_that_runs_is_named_with_its_path_its_tables_and_its_report(year):
    head = command(year)
    assert head.command == "enforce run params/putuo-2024.yaml"
    assert head.source.startswith("由 params/putuo-2024.yaml 和 data/putuo-2024/ 里的表算出")
    assert head.source.endswith("写入 reports/putuo-2024/：")


def test_the_page_of_what_ifs_opens_with_the_same_words(project):
    page = Page(open_year(write_banner(project)))
    text = page.box.children[1].value
    for words in ("情景推演：达拉特旗应急管理局 2027年度执法计划（草案：尚未批准）", "预估", "不是达拉特旗的计划"):
        assert words in text
