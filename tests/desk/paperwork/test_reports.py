"""The papers that look back say what the tables of the summary say, and nothing else."""

from __future__ import annotations

import re

import pytest

from enforce.desk.commands.documents import verify, write_papers
from enforce.desk.paperwork import dossier
from enforce.desk.paperwork.reports import actuals_of, summary_values
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from tests.bureaus import bare_project, write_county
from tests.papers.documents.paper import own_figures

pytestmark = pytest.mark.slow
STRANGE = re.compile(r"普陀|普应急|putuo|演示|(?<![\w.])261(?![\w.])", re.IGNORECASE)


@pytest.fixture(scope="module")
def end(year):
    return summary(year)


@pytest.fixture(scope="module")
def made(end, year):
    papers = [*dossier.summary_papers(end), dossier.month_report(summary(year, "2024-05-31"))]
    return dossier.made(year, papers)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return write_county(bare_project(tmp_path_factory.mktemp("county")), approved=True)


def text_of(made, name):
    return "\n".join(passage.text for passage in made.documents[f"{name}.docx"].passages)


def test_every_paper_that_looks_back_is_made_and_types_no_figure(made):
    assert [name.removesuffix(".docx") for name in made.documents] == [
        *("年度执法工作总结", "行政执法统计年报"),
        *("季度通报-一季度", "季度通报-二季度", "季度通报-三季度", "季度通报-四季度"),
        *("执法月报-2024-12", "执法月报-2024-05"),
    ]
    assert made.typed == ()
    assert [one for filled in made.documents.values() for one in own_figures(filled)] == []


def test_the_summary_says_plan_work_and_the_way_between_them(made, end):
    text = text_of(made, "年度执法工作总结")
    whole = end.by_tier.iloc[-1]
    assert f"批准的计划{whole['approved_visits']}家次，按计划完成{whole['done_visits']}家次" in text
    assert all(step in text for step in end.bridge["step"])


def test_quarters_add_up_to_the_year(end):
    parts = [actuals_of(end, range(3 * n - 2, 3 * n + 1)) for n in range(1, 5)]
    assert sum(len(part.records) for part in parts) == len(end.records)
    assert all(len(part.planned) == (part.records["task_id"] != "").sum() for part in parts)


def test_a_quarter_counts_its_own_visits_and_covers_since_january(made, end):
    june = summary(end.year, "2024-06-30")
    text = text_of(made, "季度通报-二季度")
    assert f"二季度执法检查{len(actuals_of(june, [4, 5, 6]).records)}家次" in text
    assert f"今年以来检查{june.coverage['numerator'].iloc[0]}家" in text


def test_inspection_and_accident_penalties_are_never_one_sum(end):
    values = summary_values(end)
    cases = end.penalties.set_index("penalty_basis")["cases"]
    assert (values["检查处罚"], values["事故处罚"]) == (cases["inspection"], cases["accident"])


def test_no_paper_of_another_bureau_says_a_word_of_the_demo(county):
    year = open_year(county)
    filled = dossier.made(year, dossier.summary_papers(summary(year, "2025-06-30")))
    assert [name for name in filled.documents if STRANGE.search(text_of(filled, name.removesuffix(".docx")))] == []
    assert "年度执法工作总结-截至2025-06-30.docx" in filled.documents


def test_quarters_without_a_visit_or_not_over_have_no_bulletin(county):
    year = open_year(county)
    names = [paper.name for paper in dossier.summary_papers(summary(year, "2025-12-31"))]
    assert [name for name in names if name.startswith("季度通报")] == ["季度通报-一季度", "季度通报-二季度"]


def test_papers_that_look_back_are_read_again_and_a_changed_record_is_named(county, tmp_path):
    write_papers(county, only=["年度执法工作总结", "季度通报", "执法月报"], out=tmp_path)
    assert verify(county, tmp_path) == (["数字与计划逐处一致。"], True)
    file = county.parent.parent / "data" / county.stem / "records.csv"
    text = file.read_text(encoding="utf-8-sig")
    try:
        file.write_text("\n".join(text.splitlines()[:-1]) + "\n", encoding="utf-8-sig")
        lines, good = verify(county, tmp_path)
    finally:
        file.write_text(text, encoding="utf-8-sig")
    assert not good
    assert any("年度执法工作总结-截至2025-06-17.docx" in line for line in lines)
