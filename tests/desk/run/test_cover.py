"""The cover: the answers of the notebooks, and every file with a line of what it is for."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from enforce.desk.conclusion import conclusion
from enforce.desk.run.cover import cover_html, purpose
from enforce.desk.titles import heading
from enforce.papers.report.folder import listing
from enforce.papers.report.markup import outside_references

STEMS = ("annual_plan", "monthly_allocation", "year_end_summary", "replan")


def shown(value: object, tag: str):
    data = {"text/html": value._repr_html_(), "text/plain": repr(value)}
    cell = new_code_cell("e.x()", metadata={"tags": [tag]}, execution_count=1)
    cell.outputs = [new_output("execute_result", data=data, execution_count=1)]
    return cell


@pytest.fixture
def folder(tmp_path, year):
    """A report with one notebook, a workbook and a file of somebody."""
    notebook = new_notebook(cells=[shown(heading(year), "heading"), shown(conclusion(year), "conclusion")])
    nbformat.write(notebook, tmp_path / "annual_plan.ipynb")
    for name in ("annual_plan.html", "附件1-执法计划安排表.xlsx", "记事.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    return tmp_path


def test_the_cover_says_whose_plan_it_is_whether_it_is_enough_and_what_each_file_is_for(folder, year):
    html = cover_html(folder, "x", STEMS)
    page = BeautifulSoup(html, "html.parser")
    assert page.title.string == page.h1.string == heading(year).title
    assert heading(year).state in html
    assert page.select_one(".sentence").string == conclusion(year).sentence
    files = {row.a.string: row("td")[1].string for row in page.select(".files tr")}
    assert set(files) == {*listing(folder), "manifest.json"}
    assert files["附件1-执法计划安排表.xlsx"] == purpose("附件1-执法计划安排表.xlsx") != ""
    assert outside_references(html, files) == []


def test_the_figures_of_the_cover_are_those_of_the_explorer(folder, year):
    from enforce.desk.explorer.answers import Answers
    from enforce.inputs.parameters.scenario import Scenario
    from enforce.papers.screen.panels import number

    page = BeautifulSoup(cover_html(folder, "x", STEMS), "html.parser")
    tiles = {row("td")[0].string: row("td")[1].string for row in page.select(".figures tbody tr")}
    figures = Answers(year, Scenario()).figures
    assert tiles == {row.item: number(row.kind, row.after) for row in figures.itertuples()}


def test_a_report_without_answers_has_a_cover_all_the_same(tmp_path):
    nbformat.write(new_notebook(cells=[]), tmp_path / "a.ipynb")
    html = cover_html(tmp_path, "x", STEMS, mark="草案：尚未批准", notes=["没有年终总结。"])
    assert "草案：尚未批准" in html
    assert "没有年终总结。" in html


def test_markup_in_the_name_of_a_file_is_text(tmp_path):
    (tmp_path / "<b>&.txt").write_text("", encoding="utf-8")
    html = cover_html(tmp_path, "x", STEMS)
    assert "&lt;b&gt;&amp;.txt" in html
    assert outside_references(html, ["<b>&.txt", "manifest.json"]) == []


@pytest.mark.slow
def test_every_file_of_a_report_has_its_purpose_and_a_link(report):
    page = BeautifulSoup((report / "index.html").read_text(encoding="utf-8"), "html.parser")
    files = {row.a.string: row("td")[1].string for row in page.select(".files tr")}
    assert set(files) == set(listing(report)) - {"index.html"}
    assert [name for name, text in files.items() if not text] == []


def test_papers_stand_as_they_are_read_and_quarters_as_they_follow(folder):
    (folder / "公文").mkdir()
    for name in ("季度计划-一季度", "季度计划-三季度", "季度计划-二季度", "自检报告", "请示", "别的"):
        (folder / "公文" / f"{name}.docx").write_bytes(b"")
    links = [
        link.get_text() for link in BeautifulSoup(cover_html(folder, "x", STEMS), "html.parser").select("a[href$=docx]")
    ]
    names = ["请示", "季度计划-一季度", "季度计划-二季度", "季度计划-三季度", "自检报告", "别的"]
    assert [Path(link).stem for link in links] == names
