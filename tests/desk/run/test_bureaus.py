"""Whole reports of two other bureaus: nothing a reader sees is of the demo, and the first lines say whose it is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from docx import Document
from openpyxl import load_workbook

from enforce.papers.documents.reread import read_paragraphs
from tests.bureaus import write_banner, write_county

STRANGE = re.compile(r"普陀|普应急|十二行|宽城|putuo|演示|区重点|(?<![\w.])261(?![\w.])", re.IGNORECASE)
BOOKS = ("annual_plan", "monthly_allocation", "year_end_summary", "replan")


#: The one notebook that a year without visits does not have.
SUMMARY = "from enforce.desk.run.batch import SUMMARY, run; run('params/yunxi-2025.yaml', notebooks=[SUMMARY])"


def run(project: Path, *words: str) -> str:
    """What a command of the project prints; it must succeed."""
    return python(project, "-m", "enforce", *words)


def python(project: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=3600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def page_text(path: Path) -> str:
    """The title and the text of a page as it is read, and what stands for its pictures."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    page.style.decompose()
    return "\n".join([*page.stripped_strings, *(image["alt"] for image in page("img"))])


def notebook_text(path: Path) -> str:
    """The sources of a notebook and the text it puts out."""
    cells = nbformat.read(path, 4).cells
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return "\n".join(
        [cell.source for cell in cells] + [text for data in shown for kind, text in data.items() if kind[:4] == "text"]
    )


def book_text(path: Path) -> str:
    """Sheet names, cells, page heads and feet, and properties of a workbook."""
    book = load_workbook(path)
    properties = [book.properties.title, book.properties.subject, book.properties.creator, book.properties.description]
    texts = [str(text or "") for text in properties]
    for sheet in book.worksheets:
        parts = [part for line in (sheet.oddHeader, sheet.oddFooter) for part in (line.left, line.center, line.right)]
        texts += [sheet.title, *(part.text or "" for part in parts)]
        texts += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    return "\n".join(texts)


def paper_text(path: Path) -> str:
    """The paragraphs of a Word file and its properties."""
    core = Document(path).core_properties
    properties = [core.title, core.author, core.subject, core.keywords, core.comments, core.category]
    return "\n".join([*properties, *read_paragraphs(path.read_bytes())])


READERS = {".html": page_text, ".ipynb": notebook_text, ".xlsx": book_text, ".docx": paper_text}


def visible(report: Path) -> Iterator[tuple[str, str]]:
    """Every file of a report: its name with the text a reader sees."""
    for path in filter(Path.is_file, report.rglob("*")):
        read = READERS.get(path.suffix, lambda file: file.read_text(encoding="utf-8"))
        yield path.name, f"{path.name}\n{read(path)}"


def strange(report: Path) -> list[tuple[str, str]]:
    return [(name, text[match.start() - 20 : match.end() + 20]) for name, text in visible(report)
            for match in STRANGE.finditer(text)]  # fmt: skip


def openings(report: Path) -> dict[str, tuple[str, str]]:
    """Of each book the title of its page and the first lines below it."""
    pages = {
        path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in report.glob("*.html")
    }
    cover = pages.pop("index.html")
    assert cover.title.string in {page.title.string for page in pages.values()}
    assert all(name in {link["href"] for link in cover("a")} for name in pages)
    return {
        next(book for book in BOOKS if name.startswith(book)): (
            page.title.string,
            "\n".join(list(page.main.stripped_strings)[:4]),
        )
        for name, page in pages.items()
    }


@pytest.fixture(scope="module")
def project(clone, tmp_path_factory):
    """A clone of the module's own, to which two plans are added."""
    copy = tmp_path_factory.mktemp("bureaus") / "workbook"
    shutil.copytree(clone, copy, ignore=shutil.ignore_patterns("putuo-2024"))
    return copy


def test_a_county_reads_only_of_itself_approved_and_planned_anew(project):
    write_county(project)
    report = project / "reports/yunxi-2025"
    assert not STRANGE.search(python(project, "-c", SUMMARY))
    assert strange(report) == []
    ((title, lines),) = openings(report).values()
    assert title == "云溪县应急管理局 2025年度计划执行对比（截至2025-12-31）（草案：尚未批准）"
    assert title in lines
    assert "版本：尚未定版" in lines
    books = {name: text for name, text in visible(report) if name.endswith(".xlsx")}
    assert "计划执行对比.xlsx" in books
    assert all("云溪县应急管理局" in text and "草案：尚未批准" in text for text in books.values())
    write_county(project, approved=True)
    told = run(project, "approve", "params/yunxi-2025.yaml")
    told += run(project, "run", "params/yunxi-2025.yaml", "--month", "1")
    told += run(project, "replan", "params/yunxi-2025.yaml", "--as-of", "2025-06-30")
    assert not STRANGE.search(told)
    assert strange(report) == []
    version = json.loads((project / "data/yunxi-2025/versions/plan-v1.json").read_text(encoding="utf-8"))
    approved = openings(report)
    assert approved.pop("replan")[0] == ("云溪县应急管理局 2025年度执法计划调整单（2025-06-30）（调整稿：尚未批准）")
    assert approved["annual_plan"][0] == "云溪县应急管理局 2025年度执法计划（第 1 版）"
    for title, lines in approved.values():
        assert title.startswith("云溪县应急管理局 2025年")
        assert "批准 2024-12-20 云应急〔2024〕30号" in lines
        assert f"第 1 版（2024-12-20，摘要 {version['digest'][:12]}）" in lines
    texts = dict(visible(report))
    assert [name for name, text in texts.items() if "草案：尚未批准" in text] == []
    of_version = ("附件1-执法计划安排表.xlsx", "季度计划.xlsx", "月度执法安排-2025-01.xlsx", "计划执行对比.xlsx")
    assert [name for name in of_version if "第 1 版（2024-12-20" not in texts[name]] == []


def test_a_county_has_the_account_of_its_plan(project):
    year = run(project, "check", str(write_county(project)))
    assert "云溪县应急管理局，2 个科队，0 个重点时段" in year
    assert not STRANGE.search(year)


def test_a_draft_of_a_year_not_announced_reads_only_of_itself_with_its_own_disclaimer(project):
    write_banner(project)
    assert not STRANGE.search(run(project, "run", "params/dalate-2027.yaml"))
    report = project / "reports/dalate-2027"
    assert strange(report) == []
    drafts = openings(report)
    assert set(drafts) == {"annual_plan", "monthly_allocation"}
    for title, lines in drafts.values():
        assert title.startswith("达拉特旗应急管理局 2027年")
        assert title.endswith("（草案：尚未批准）")
        assert title in lines
        assert "版本：尚未定版" in lines
        assert "预估：国务院节假日安排尚未发布" in lines
        assert "全部数据为编写者试用，不是达拉特旗的计划" in lines
    books = [text for name, text in visible(report) if name.endswith(".xlsx")]
    assert len(books) == 6
    assert all("达拉特旗应急管理局" in text and "草案：尚未批准" in text for text in books)


def test_one_cell_of_parameters_stands_in_each_notebook_and_runs_again(project):
    from enforce.desk.run.templates import Job, read_templates

    for path in (project / "reports").rglob("*.ipynb"):
        notebook = read_templates([Job(path, path.stem)])
        cells = [cell for cell in next(iter(notebook.values())).cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)), path.name
