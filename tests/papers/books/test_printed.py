"""The workbooks as LibreOffice prints them: pages, heads, nothing cut off, nothing dropped, nothing empty."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from ctypes import c_float
from pathlib import Path

import pylopdf_fonts_zh_cn
import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdfium2 import raw

from enforce.desk.month_schedule import month_schedule
from enforce.desk.paperwork.visit_papers import schedule_files
from enforce.desk.run import handover
from enforce.desk.standing import month, replan
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from tests.bureaus import bare_project, write_county
from tests.conftest import HANG

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here"),
]
#: The fonts that the project brings stand for those of an office computer: the same everywhere.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir>{stand_ins}</fontconfig>"""
STAND_IN = """<match target="pattern"><test name="family"><string>{name}</string></test>
<edit name="family" mode="assign" binding="strong"><string>{font}</string></edit></match>"""
#: Book -> the most pages it may take, of both plans.
MOST = {
    "计划执行对比": 3, "执行明细": 34, "附件1": 3, "附件3": 3, "季度计划": 6, "调整单": 8, "台账体检": 6, "点名": 36,
    "月度执法安排日程": 18,
}  # fmt: skip
LEGIBLE = 9  # points


def books(year, until: str) -> dict:
    plan, schedule = replan(year, until), month_schedule(month(year, int(until[5:7]) + 1))
    made = {name: write for name, write in schedule_files(schedule).items() if name.endswith((".xlsx", ".docx"))}
    made |= handover.annual_books(year) | handover.monthly_books(month(year, 4)) | handover.summary_books(summary(year))
    return made | handover.replan_books(plan)


@pytest.fixture(scope="module", params=["demo", "county"])
def folder(request, year, tmp_path_factory):
    """The workbooks of a plan beside their pages."""
    place, until = tmp_path_factory.mktemp("books"), "2024-06-30"
    if request.param == "county":
        year, until = open_year(write_county(bare_project(tmp_path_factory.mktemp("county")))), "2025-06-30"
    for name, write in books(year, until).items():
        target = place / ("fill" if name.startswith(("月度执法安排回填", "现场检查方案")) else "") / name
        target.parent.mkdir(exist_ok=True)
        write(target)
    fonts = {"宋体": "Noto Serif SC", "黑体": "Noto Sans SC"}
    stand_ins = "".join(STAND_IN.format(name=name, font=font) for name, font in fonts.items())
    home = Path(pylopdf_fonts_zh_cn.sans_path()).parent
    (place / "fonts.conf").write_text(FONTS.format(folder=home, stand_ins=stand_ins), encoding="utf-8")
    words = ["soffice", "--headless", f"-env:UserInstallation={(place / 'profile').as_uri()}", "--convert-to", "pdf"]
    subprocess.run(
        [*words, "--outdir", str(place), *map(str, [*place.glob("*.*x"), *place.glob("fill/*.*x")])],
        env={**os.environ, "FONTCONFIG_FILE": str(place / "fonts.conf")},
        capture_output=True,
        timeout=HANG,
        check=False,
    )
    for path in place.glob("fill/*.*x"):
        if (place / f"{path.stem}.pdf").exists():
            (place / f"{path.stem}.pdf").rename(path.with_suffix(".pdf"))
    if not list(place.glob("*.pdf")):
        pytest.skip("LibreOffice has no Calc here")
    return place


@pytest.fixture(scope="module")
def pages(folder):
    """The pages of every book, by its name."""
    return {path.stem: list(pypdfium2.PdfDocument(path)) for path in sorted(folder.glob("*.pdf"))}


def squeezed(text: str) -> str:
    """A text without blanks, and without hyphens: one where a line ends is read as none."""
    return re.sub(r"[\s\-\ufffe]", "", text)


def page_text(page) -> str:
    return squeezed(page.get_textpage().get_text_range())


def sheets(folder: Path, name: str) -> list:
    return load_workbook(folder / f"{name}.xlsx", data_only=True).worksheets


def test_every_book_is_printed_and_has_as_many_pages_as_it_needs(folder, pages):
    assert set(pages) == {path.stem for path in folder.glob("*.xlsx")}
    counts = {name: len(one) for name, one in pages.items()}
    assert {name: count for name, count in counts.items() if count > MOST.get(name.split("-")[0], count)} == {}


def test_the_notes_of_a_book_are_its_last_page_and_one(pages):
    for name, printed in pages.items():
        texts = [page_text(page) for page in printed]
        assert [n for n, text in enumerate(texts) if "口径之间" in text] == [len(texts) - 1], name


def test_every_text_of_every_sheet_is_printed_whole(folder, pages):
    missing = []
    for name, printed in pages.items():
        whole = "".join(map(page_text, printed))
        for sheet in sheets(folder, name):
            shown = (row for row in sheet.iter_rows() if not sheet.row_dimensions[row[0].row].hidden)
            texts = {cell.value for row in shown for cell in row if isinstance(cell.value, str)}
            missing += [(name, sheet.title, text) for text in texts if squeezed(text) not in whole]
    assert missing == []


def test_no_title_heading_or_text_is_cut_off(pages):
    """LibreOffice prints a text that its cell has no room for whole and cuts it by a path: both stand in the page."""
    assert {name: count for name, one in pages.items() if (count := sum(map(cut_texts, one)))} == {}


def cut_texts(page) -> int:
    """How many texts of a page are larger than what cuts them."""
    texts = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])
    return sum(any(exceeds(text.get_bounds(), path) for path in cutting_paths(text)) for text in texts)


def cutting_paths(text) -> Iterator[tuple[float, float, float, float]]:
    clip = raw.FPDFPageObj_GetClipPath(text.raw)
    for n in range(raw.FPDFClipPath_CountPaths(clip)):
        points = []
        for segment in range(raw.FPDFClipPath_CountPathSegments(clip, n)):
            x, y = c_float(), c_float()
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, n, segment), x, y)
            points.append((x.value, y.value))
        across, down = zip(*points, strict=True)
        yield min(across), min(down), max(across), max(down)


def exceeds(text: tuple, path: tuple) -> bool:
    left, bottom, right, top = (a - b for a, b in zip(text, path, strict=True))
    return min(left, bottom) < -1 or max(right, top) > 1


def test_no_page_holds_headings_and_nothing_else(folder, pages):
    for name in pages:
        assert [sheet.title for sheet in sheets(folder, name) if sheet.max_row < 5] == [], name


def test_headings_stand_on_every_page_of_a_long_table(folder, pages):
    (sheet, following, *_), texts = sheets(folder, "点名-局内"), [page_text(page) for page in pages["点名-局内"]]
    heads = [squeezed(cell.value) for cell in sheet[4]]
    of_list = texts[: next(n for n, text in enumerate(texts) if squeezed(following["A2"].value) in text)]
    assert len(of_list) > 1
    assert all(head in text for text in of_list for head in heads)


def test_the_foot_of_every_page_names_plan_version_and_state(folder, pages):
    for name, printed in pages.items():
        title = load_workbook(folder / f"{name}.xlsx").properties.title
        for number, page in enumerate(printed, 1):
            text = page_text(page)
            assert squeezed(title) in text, name
            assert f"第{number}页，共{len(printed)}页" in text, name
            assert re.search("第1版|尚未定版", text), name
            assert re.search("批准20240313|尚未批准", text), name


def common_size(page) -> float:
    text = page.get_textpage()
    sizes = Counter(round(raw.FPDFText_GetFontSize(text.raw, n), 1) for n in range(text.count_chars()))
    return max((size for size in sizes if size > 1), key=sizes.get)


def test_annex_1_fills_its_page_in_a_legible_size(pages):
    page = next(one[0] for name, one in pages.items() if name.startswith("附件1"))
    assert common_size(page) >= LEGIBLE
    width, height = page.get_size()
    assert width > height
    left, bottom, right, top = zip(*(text_boxes(page)), strict=True)
    assert max(right) - min(left) > 0.85 * width
    assert max(top) - min(bottom) > 0.7 * height


def text_boxes(page) -> list:
    text = page.get_textpage()
    return [text.get_rect(n) for n in range(text.count_rects())]


def test_what_is_read_on_paper_is_legible_too(pages):
    least = {"附件3": 8.5, "计划执行对比": LEGIBLE, "台账体检": LEGIBLE, "点名": LEGIBLE, "月度执法安排日程": LEGIBLE}
    for name, printed in pages.items():
        size = next((size for head, size in least.items() if name.startswith(head)), 0)
        assert min(map(common_size, printed)) >= size, name


def test_ranks_that_nobody_is_to_be_named_from_are_folded_and_said_to_be(folder):
    sheet = next((one for one in sheets(folder, "点名-局内") if one.title == "排序"), None)
    if sheet is None:
        return
    folded = [n for n in range(5, sheet.max_row + 1) if sheet.row_dimensions[n].hidden]
    assert (f"的 {len(folded)} 行收起不印" in sheet["A3"].value) == bool(folded)
    rows = {n: [cell.value for cell in sheet[n]] for n in range(5, sheet.max_row + 1)}
    names = {(row[1], row[3]) for row in sheets(folder, "点名-局内")[0].iter_rows(min_row=5, values_only=True)}
    assert not [n for n in folded if (rows[n][0], rows[n][2]) in names]


def test_the_sheet_to_fill_in_is_legible_on_two_pages_across_and_numbers_stand_on_both(folder):
    (path,) = (folder / "fill").glob("月度*.pdf")
    sheet = load_workbook(path.with_suffix(".xlsx"))["回填"]
    codes = [sheet.cell(n, 2).value for n in range(3, sheet.max_row + 1)]
    first, *printed = list(pypdfium2.PdfDocument(path))
    assert "怎么填" in page_text(first)
    assert min(map(common_size, printed)) >= LEGIBLE
    texts = [page_text(page) for page in printed]
    assert all(sum(squeezed(code) in text for text in texts) >= 2 for code in codes)
    assert all(width > height for width, height in (page.get_size() for page in printed))
    halves = len(printed) // 2
    assert len(printed) == 2 * halves
    assert all("是否完" in text for text in texts[:halves])
    assert all("隐患数" in text for text in texts[halves:])
    assert sum(map(cut_texts, printed)) == 0


def test_officers_times_workdays_are_the_statutory_days(folder):
    sheet = next(sheet for sheet in sheets(folder, "附件3-执法工作量核算") if sheet.title == "执法工作量核算")
    rows = {row[0]: row for row in sheet.iter_rows(min_row=5, values_only=True) if not row[1]}
    columns = range(2, [cell.value for cell in sheet[4]].index("合计"))
    for column in columns:
        officers, days, total = (rows[name][column] for name in ("在岗执法人员(人)", "法定工作日(天)", "总法定工作日"))
        parts = [[int(number) for number in re.findall(r"(\d+)(?:（|$)", str(cell))] for cell in (officers, days)]
        assert sum(a * b for a, b in zip(*parts, strict=True)) == total


def test_every_scheme_is_one_page(folder):
    (path,) = (folder / "fill").glob("现场*.pdf")
    texts = [page_text(page) for page in pypdfium2.PdfDocument(path)]
    assert len(texts) == len(Document(str(path.with_suffix(".docx"))).tables)
    assert all("安排编号：" in text and "审批人" in text for text in texts)
