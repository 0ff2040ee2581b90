"""Every paper of a plan: which there are, and that each says what the plan says."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document

from enforce.desk.commands.approve import approve
from enforce.desk.paperwork import dossier
from enforce.desk.standing import month, replan
from enforce.desk.year import open_year
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_banner, write_county
from tests.papers.documents.paper import own_figures
from tools.paper_templates import template_bytes

STRANGE = re.compile(r"普陀|普应急|putuo|演示|区重点|(?<![\w.])261(?![\w.])", re.IGNORECASE)


def texts(made):
    return {name: [passage.text for passage in filled.passages] for name, filled in made.documents.items()}


@pytest.fixture(scope="module")
def demo(year):
    return dossier.made(year, dossier.annual_papers(year))


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return open_year(write_county(bare_project(tmp_path_factory.mktemp("county"))))


@pytest.fixture(scope="module")
def county_papers(county):
    return dossier.made(county, dossier.annual_papers(county))


def test_the_papers_stand_in_the_order_in_which_they_are_handed_up(demo):
    assert [name.removesuffix(".docx") for name in demo.documents] == [
        *("请示", "印发通知", "年度计划"),
        *("附件1-执法计划安排表", "附件2-重点单位名单", "附件3-执法工作量核算", "附件4-上年度执法工作总结"),
        *("与上年对照", "备案报告", "计划公示"),
        *("季度计划-一季度", "季度计划-二季度", "季度计划-三季度", "季度计划-四季度", "自检报告"),
    ]


def test_no_paper_holds_a_figure_that_no_field_gave(demo, county_papers):
    figures = [
        one for made in (demo, county_papers) for filled in made.documents.values() for one in own_figures(filled)
    ]
    assert figures == []
    assert demo.typed == county_papers.typed == ()


def test_the_plan_has_its_five_parts_and_all_its_lines(demo, year):
    plan = texts(demo)["年度计划.docx"]
    heads = ["一、编制依据", "二、指导思想、工作目标和主要任务", "三、执法检查的方式、范围、内容和分工"]
    assert [line for line in plan if line in heads] == heads
    assert {"四、执法检查安排", "五、其他监管执法工作"} <= set(plan)
    whole = "\n".join(plan)
    assert "全年计划检查261家次，其中：重点检查178家次（占比68.2%），一般检查83家次（占比31.8%）" in whole
    for task in year.tasks.itertuples():
        assert f"{task.name}（{task.planned_visits}家次）" in whole


@pytest.mark.parametrize(
    "words",
    [
        "从使用危化品类单位147家中随机抽取28家（避免与区重点单位重复），每家检查1次，合计28家次",
        "合计8家次，其中辖区外4家次",
        "等8个专项",
        "核查12张（每张各计家次）",
        "邀请法宣科参加",
    ],
)
def test_a_line_says_how_it_is_chosen_and_what_it_counts(demo, words):
    assert words in "\n".join(texts(demo)["年度计划.docx"])


def test_groups_add_up_to_tiers_and_tiers_to_the_plan(demo):
    plan = "\n".join(texts(demo)["年度计划.docx"])
    tiers = [int(count) for count in re.findall(r"（.）..检查（共(\d+)家次）", plan)]
    groups = [int(count) for count in re.findall(r"^\d+\. .*（(\d+)家次）$", plan, re.MULTILINE)]
    assert (sum(tiers), sum(groups)) == (261, 261)


def test_the_annexes_in_the_text_are_the_files_in_order_and_name(demo):
    listed = [line for line in texts(demo)["年度计划.docx"] if re.match(r"(附件：|　　　)\d", line)]
    names = [re.sub(r"^(附件：|　　　)(\d)\. ", r"附件\2-", line) + ".docx" for line in listed]
    assert names == [name for name in demo.documents if name.startswith("附件")]


def test_the_key_list_is_whole_and_adds_up_by_the_lines_that_cover_it(demo):
    document = Document(BytesIO(demo.documents["附件2-重点单位名单.docx"].content))
    assert len(document.tables[0].rows) == 1 + 70
    words = "\n".join(texts(demo)["附件2-重点单位名单.docx"])
    assert "共70家" in words
    assert "区重点单位执法检查60家；" in words
    assert "使用危化品或危险化学品经营企业10家。" in words


def test_the_account_prints_heads_times_days_so_that_a_reader_can_check_it(demo):
    words = "\n".join(texts(demo)["附件3-执法工作量核算.docx"])
    products = re.findall(r"：([\d人天×＋]+)＝(\d+)人日", words)
    assert len(products) == 3
    for terms, total in products:
        factors = [re.fullmatch(r"(\d+)人×(\d+)天", term).groups() for term in terms.split("＋")]
        assert sum(int(heads) * int(days) for heads, days in factors) == int(total)


def test_a_county_reads_its_own_words_and_none_of_the_demo(county_papers):
    strange = [(name, line) for name, lines in texts(county_papers).items() for line in lines if STRANGE.search(line)]
    assert strange == []
    plan = "\n".join(texts(county_papers)["年度计划.docx"])
    assert "全年计划检查150家次" in plan
    assert "重点时段" not in plan
    assert "（一）督导检查和帮扶指导" in plan
    assert "县重点单位名单见附件2" in plan


def test_a_draft_says_so_on_the_first_page_of_every_paper_and_in_its_properties(county_papers):
    for name, filled in county_papers.documents.items():
        assert filled.passages[0].text.startswith("【草案"), name
        assert Document(BytesIO(filled.content)).core_properties.subject.startswith("草案"), name


def test_an_approved_paper_names_version_digest_and_plan_in_its_properties(demo, year):
    for filled in demo.documents.values():
        core = Document(BytesIO(filled.content)).core_properties
        assert core.subject == year.version_text
        assert core.keywords.startswith("putuo-2024")


@pytest.mark.slow
def test_a_group_without_visits_leaves_the_text_and_the_numbering(tmp_path):
    plan = write_banner(bare_project(tmp_path))
    tasks = tmp_path / "data/dalate-2027/tasks.csv"
    tasks.write_text(tasks.read_text(encoding="utf-8").replace("30,30,1-12", "0,0,1-12"), encoding="utf-8")
    year = open_year(plan)
    words = "\n".join(texts(dossier.made(year, dossier.annual_papers(year)))["年度计划.docx"])
    assert "直管企业全覆盖" not in words
    assert "均为一般检查" in words
    assert "（一）一般检查（共24家次）" in words
    assert "1. 专项（24家次）" in words


@pytest.mark.slow
def test_the_month_is_the_arrangement_that_stands_at_the_end_of_the_month_before(year):
    plan = month(year, 4)
    words = {name: "\n".join(lines) for name, lines in texts(dossier.made(plan, dossier.month_papers(plan))).items()}
    total = int(plan.lines["visits"].sum())
    assert f"本月计划检查{total}家次" in words["月度计划-2024-04.docx"]
    assert f"合计{total}家次" in words["月公示-2024-04.docx"]
    assert "PT-" not in words["月公示-2024-04.docx"]


@pytest.mark.slow
def test_what_is_unannounced_is_in_no_public_paper_and_is_counted(tmp_path):
    year = with_unpublished(tmp_path)
    made = dossier.made(year, dossier.annual_papers(year))
    notice = "\n".join(texts(made)["计划公示.docx"])
    assert "烟花爆竹经营" not in notice
    assert "合计130家次" in notice
    assert "另有不公布的事项1项20家次" in notice
    assert "烟花爆竹经营" in "\n".join(texts(made)["年度计划.docx"])
    plan = month(year, 1)
    words = "\n".join(texts(dossier.made(plan, dossier.month_papers(plan)))["月公示-2025-01.docx"])
    assert "烟花爆竹经营" not in words
    assert "不公布的事项1项" in words


def with_unpublished(folder):
    plan = write_county(bare_project(folder))
    tasks = folder / "data/yunxi-2025/tasks.csv"
    head, *lines = tasks.read_text(encoding="utf-8").splitlines()
    hidden = [f"{line},{'明察暗访' if line.startswith('A2') else ''}" for line in lines]
    tasks.write_text("\n".join([f"{head},不公布", *hidden]) + "\n", encoding="utf-8")
    return open_year(plan)


def test_a_change_order_says_what_changed_and_who_approves(year):
    plan = replan(year, "2024-08-31")
    [words] = texts(dossier.made(plan, dossier.change_papers(plan))).values()
    assert f"以后各月共有{len(plan.order)}处变动" in "\n".join(words)
    assert len(plan.order) > 0


def test_the_text_is_audited_once_for_the_self_check_and_the_notebooks_end(year, monkeypatch):
    asked = []
    real = dossier.audit_contents
    monkeypatch.setattr(dossier, "audit_contents", lambda *given: asked.append(given) or real(*given))
    dossier.text_audit.cache_clear()
    dossier.self_check(year)
    assert dossier.text_audit(year).empty
    assert len(asked) == 1


def test_the_self_check_answers_whether_the_plan_may_be_handed_up(demo, year):
    words = "\n".join(texts(demo)["自检报告.docx"])
    assert ("不宜报送" in words) == bool((year.findings["severity"] == "error").any())
    assert "报送以前还要填写" in words


@pytest.mark.slow
def test_the_same_plan_gives_the_same_bytes(demo, year):
    again = dossier.made(year, dossier.annual_papers(year))
    assert {name: one.content for name, one in again.documents.items()} == {
        name: one.content for name, one in demo.documents.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(("form", "columns"), [("龙岩2025", 11), ("辰溪2026", 12), ("涪城2026", 17)])
def test_a_public_form_is_a_choice_and_an_order_of_columns(year, form, columns):
    plan = year.plan.model_copy(update={"public_form": form})
    [paper] = [paper for paper in dossier.annual_papers(replace(year, plan=plan)) if paper.name == "计划公示"]
    assert len(paper.values["公示表"].table.columns) == columns
    assert len(paper.values["公示表"].table) == 12


@pytest.mark.slow
def test_a_form_that_is_none_is_refused_with_those_there_are(year):
    plan = year.plan.model_copy(update={"public_form": "长安"})
    with pytest.raises(InputError, match="龙岩2025"):
        dossier.annual_papers(replace(year, plan=plan))


@pytest.mark.slow
def test_a_plan_may_carry_a_template_of_its_own(tmp_path):
    plan = write_county(bare_project(tmp_path))
    place = tmp_path / "params" / "templates"
    place.mkdir()
    (place / "请示.docx").write_bytes(template_bytes("页面 竖\n我局今年查{{总家次}}家次，其中30家次为抽查。\n"))
    year = open_year(plan)
    made = dossier.made(year, dossier.annual_papers(year))
    assert texts(made)["请示.docx"][-1] == "我局今年查150家次，其中30家次为抽查。"
    [note] = made.typed
    assert "请示.docx" in note
    assert "30" in note


@pytest.mark.slow
def test_a_line_gone_from_the_tables_stays_in_the_papers_of_an_approved_plan(tmp_path):
    plan = write_county(bare_project(tmp_path), approved=True)
    approve(plan)
    tasks = tmp_path / "data/yunxi-2025/tasks.csv"
    lines = tasks.read_text(encoding="utf-8").splitlines()
    tasks.write_text("\n".join(line for line in lines if not line.startswith("A5")) + "\n", encoding="utf-8")
    year = open_year(plan)
    papers = texts(dossier.made(year, dossier.annual_papers(year)))
    assert "涉氨场所（20家次）" in "\n".join(papers["年度计划.docx"])
    assert "全年计划检查150家次" in "\n".join(papers["年度计划.docx"])
    assert "涉氨场所" in papers["计划公示.docx"]


@pytest.mark.slow
def test_days_needed_in_the_papers_of_an_approved_plan_are_those_of_its_visits(tmp_path):
    plan = write_county(bare_project(tmp_path), approved=True)
    approve(plan)
    tasks = tmp_path / "data/yunxi-2025/tasks.csv"
    lines = tasks.read_text(encoding="utf-8").splitlines()
    kept = [line.replace(",1-12,1,2,执法大队", ",1-12,2,2,执法大队") for line in lines if not line.startswith("A5")]
    assert kept != [line for line in lines if not line.startswith("A5")]
    tasks.write_text("\n".join(kept) + "\n", encoding="utf-8")
    year = open_year(plan)
    assert year.need["needed_days"].sum() == 250 - 40 + 80
    words = "\n".join(
        line for paper in texts(dossier.made(year, dossier.annual_papers(year))).values() for line in paper
    )
    assert "计划需要250人日" in words
    assert "290人日" not in words
