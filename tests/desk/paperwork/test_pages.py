"""The papers as LibreOffice lays them out: pages, edges, headings, and no mark of a field left."""

from __future__ import annotations

import re
import shutil
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from enforce.desk.paperwork import dossier
from enforce.desk.standing import month
from enforce.desk.year import open_year
from enforce.papers.documents.pdf import proofs
from tests.bureaus import bare_project, write_county

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here"),
]
#: Paper -> the most pages it may take, of both plans.
MOST = {
    "请示": 2, "自检报告": 1, "附件1": 1, "附件4": 1, "与上年对照": 1, "印发通知": 2, "备案报告": 2, "年度计划": 8,
    "附件2": 5, "附件3": 3, "计划公示": 4, "季度计划": 3, "月度计划": 2, "月公示": 3, "执法月报": 2,
    "年度执法工作总结": 4, "季度通报": 2, "行政执法统计年报": 3,
}  # fmt: skip


@pytest.fixture(scope="module", params=["demo", "county"])
def papers(request, year, tmp_path_factory):
    if request.param == "county":
        year = open_year(write_county(bare_project(tmp_path_factory.mktemp("county"))))
    plan = month(year, 4)
    sets = dossier.made(year, dossier.annual_papers(year)), dossier.made(plan, dossier.month_papers(plan))
    return {name: filled.content for made in sets for name, filled in made.documents.items()}


@pytest.fixture(scope="module")
def pages(papers):
    import pypdfium2

    return {name: pypdfium2.PdfDocument(content) for name, content in proofs(papers).items()}


def test_every_paper_has_as_many_pages_as_it_needs(pages):
    counts = {name: len(document) for name, document in pages.items()}
    limits = {name: next(most for word, most in MOST.items() if name.startswith(word)) for name in counts}
    assert {name: count for name, count in counts.items() if count > limits[name]} == {}


def test_no_text_stands_outside_the_page(pages):
    outside = []
    for name, document in pages.items():
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            text = page.get_textpage()
            for n in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(n)
                if left < 20 or bottom < 15 or right > width - 20 or top > height - 15:
                    outside.append((name, number, text.get_text_bounded(left, bottom, right, top)))
    assert outside == []


def test_no_mark_of_a_field_is_left(pages):
    for name, document in pages.items():
        for page in document:
            assert not re.search(r"[{}\ufdd0-\ufdef]|nan|None", page.get_textpage().get_text_range()), name


def test_chinese_is_printed_as_characters_where_no_chinese_font_is_installed(pages):
    """LibreOffice puts a box of DejaVu where no font has the character."""
    for name, document in pages.items():
        page = document[0]
        runs = [(run.extract(), run.get_font()) for run in page.get_objects(filter=[1], textpage=page.get_textpage())]
        chinese = {font.get_base_name() for words, font in runs if re.search(r"[\u4e00-\u9fff]", words)}
        assert not [font for font in chinese if "DejaVu" in font], name


def test_headings_are_in_the_fonts_of_the_standard(papers):
    document = Document(BytesIO(papers["年度计划.docx"]))
    fonts = {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    for style, font in fonts.items():
        used = [paragraph for paragraph in document.paragraphs if paragraph.style.name == style]
        names = document.styles[style].element.rPr.rFonts
        assert used, style
        assert names.get(qn("w:eastAsia")) == font
        assert not [key for key in names.attrib if "Theme" in key]


def test_wide_tables_stand_on_landscape_pages(papers):
    for name, content in papers.items():
        page = Document(BytesIO(content)).sections[0]
        wide = name.startswith(("附件1", "计划公示", "月公示"))
        assert (page.page_width > page.page_height) == wide, name
