"""A template is read and checked before anything is filled in."""

import zipfile
from io import BytesIO

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from enforce.papers.documents.leaves import Rows
from enforce.papers.documents.template import read_template, typed_figures
from enforce.words.problems import Flaw, InputError
from tests.papers.documents.paper import VALUES, changed, write_template


def problems(path):
    with pytest.raises(InputError) as refusal:
        read_template(path, VALUES)
    return [(problem.kind, str(problem)) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("line", "place", "expected"),
    [
        ("共{{总家次}家次", "第 1 段", "成对的"),
        ("共{总家次}}家次", "第 1 段", "成对的"),
        ("共{{总家次 家次}}", "第 1 段", "能读懂的字段"),
        ("共{{}}家次", "第 1 段", "能读懂的字段"),
        ("! {%p for 项 事项 %}", "第 1 段", "能读懂的字段"),
        ("! {%p for 项 in 事项 %}", "第 1 段", "{%p endfor %}"),
        ("! {%p if 总家次 %}", "第 1 段", "{%p endif %}"),
        ("! {%p endfor %}", "第 1 段", "for"),
    ],
)
def test_a_broken_field_or_an_open_loop_is_named_with_its_paragraph(tmp_path, line, place, expected):
    found = problems(write_template(tmp_path, f"页面 竖\n{line}\n"))
    assert any(place in text and expected in text for _, text in found), found


def test_an_unknown_field_gets_the_nearest_name(tmp_path):
    [(kind, text)] = problems(write_template(tmp_path, "页面 竖\n共{{总家数次}}家次\n"))
    assert kind == Flaw.UNKNOWN
    assert "总家数次" in text
    assert "「总家次」" in text


@pytest.mark.parametrize(
    "lines",
    [
        "! {%p for 报 in 报送 %}\n{{报.单为名称}}\n! {%p endfor %}",
        "! {%p for 层 in 层次 %}\n{{层.单为名称}}\n! {%p endfor %}",
        "! {%p for 层 in 层次 %}\n! {%p for 类 in 层.类别 %}\n{{类.单为名称}}\n! {%p endfor %}\n! {%p endfor %}",
        "! {%p if not 总家次 %}\n{{批准.单为名称}}\n! {%p endif %}",
    ],
)
def test_an_unknown_part_of_a_field_is_told_in_a_loop_without_rows_and_where_a_condition_is_not_met(tmp_path, lines):
    part = {"单位名称": "某局"}
    values = {
        **VALUES,
        "报送": Rows([], ["单位名称"]),
        "层次": [{**part, "类别": Rows([], ["单位名称"])}],
        "批准": part,
    }
    with pytest.raises(InputError) as refusal:
        read_template(write_template(tmp_path, f"页面 竖\n{lines}\n"), values)
    ((kind, text),) = [(problem.kind, str(problem)) for problem in refusal.value.problems]
    assert kind == Flaw.UNKNOWN
    assert "单为名称" in text
    assert "单位名称" in text
    good = write_template(tmp_path, f"页面 竖\n{lines.replace('单为名称', '单位名称')}\n")
    assert read_template(good, values).typed == ()


def test_all_faults_of_a_template_are_told_at_once(tmp_path):
    assert len(problems(write_template(tmp_path, "页面 竖\n{{总家次}\n{% endif %}\n{{ 1 + }}\n"))) == 3


def test_a_file_that_is_no_document_is_refused(tmp_path):
    path = tmp_path / "计划.docx"
    path.write_bytes(b"PK not a document")
    assert "Word 文档" in problems(path)[0][1]
    assert "Word 文档" in problems(tmp_path / "没有.docx")[0][1]


def test_a_picture_that_is_not_in_the_document_is_named(tmp_path):
    document = Document()
    document.add_picture(_picture())
    made = BytesIO()
    document.save(made)
    path = tmp_path / "计划.docx"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if "media/" not in name:
                new.writestr(name, old.read(name))
    [(kind, text)] = problems(path)
    assert kind == Flaw.MISSING
    assert "media/image1" in text
    path.write_bytes(changed(made.getvalue(), 'r:embed="', 'r:embed="x'))
    assert problems(path)[0][0] == Flaw.MISSING


def _picture() -> BytesIO:
    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (2, 2)).save(made, "PNG")
    made.seek(0)
    return made


def test_a_field_that_a_program_parted_into_runs_is_still_one(tmp_path):
    document = Document()
    paragraph = document.add_paragraph()
    for part in ("共{", "{总", "家次}", "}家次"):
        paragraph.add_run(part).bold = part == "{总"
    document.save(tmp_path / "计划.docx")
    assert read_template(tmp_path / "计划.docx", VALUES).typed == ()


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("全年261家次", ["261"]),
        ("全年２６１家次", ["261"]),
        ("占比68.2%", ["68.2%"]),
        ("共二百六十一家次", ["二百六十一"]),
        ("每家检查一次", ["一"]),
        ("1. 方式", []),
        ("（1）对重点单位", []),
        ("（一）方式", []),
        ("一、编制依据", []),
        ("详见附件1", []),
        ("普应急〔2024〕1号", []),
        ("《三年行动方案（2024—2026年）》", []),
        ("《安全生产法》第六十二条、第62条", []),
        ("一般检查和重点检查", []),
        ("1. 全年261家次，第62条", ["261"]),
    ],
)
def test_figures_typed_into_a_text_are_seen_but_for_numbering_titles_and_articles(text, figures):
    assert typed_figures(text) == figures


@given(st.integers(2, 10**6), st.sampled_from(["家次", "家", "人日", "万元", ""]))
def test_any_number_typed_before_a_unit_is_seen(number, unit):
    [figure] = typed_figures(f"全年检查{number}{unit}，比上年多")
    assert figure.rstrip("万") == str(number)


def test_what_a_template_types_itself_is_told_with_its_sentence(tmp_path):
    template = read_template(write_template(tmp_path, "页面 竖\n共{{总家次}}家次，其中重点178家次\n"), VALUES)
    [note] = template.typed
    assert [word in note for word in ("178", "第 1 段", "计划.docx")] == [True] * 3
