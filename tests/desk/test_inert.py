"""Hostile names through everything that writes: each comes out as the text it is, or is refused; nothing is live.

In the tables of the report stand the markers of `test_privacy` too: none of them comes out.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from stdnum.cn import uscc

from enforce import __main__ as command
from enforce.papers.documents.reread import read_paragraphs
from enforce.papers.formulas import formula_value
from enforce.papers.report.markup import outside_references
from tests.desk.test_privacy import found_in, plant, seen

pytestmark = pytest.mark.slow

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "＝2+2",
    "{=1+1}",
    '=HYPERLINK("http://evil.example","甲")',
    "=cmd|' /C calc'!A0",
    "http://evil.example/x",
    "mailto:a",
    "internal:Sheet2!A1",
    r"\\evil.example\s\x.xlsx",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">甲</a>',
    "<b>甲&乙</b>",
    "[甲](javascript:alert(1))",
    "![甲](http://evil.example/x.png)",
    r"$\frac{1}{0}$ 厂",
    "_x000D_厂",
    "'甲 %厂",
]
REFUSED = {"甲\x0b厂": "U+000B", "甲\u202e厂": "U+202E", "甲\ufffe厂": "U+FFFE"}
LIVE = frozenset({"script", "img", "iframe", "object", "embed", "form", "svg", "link", "base"})


class Tags(HTMLParser):
    """The tags and addresses of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src") or name.startswith("on")}


def code(number: int) -> str:
    body = f"91310107MA1H{number:05d}"
    return body + uscc.calc_check_digit(body)


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def with_hostile_names(folder: Path) -> None:
    """Units, lines, leads, partners, penalties and sources of those names; columns of them beside."""
    units = rows_of(folder / "units.csv")
    key = next(row for row in units if row[5] == "是")
    names = [*HOSTILE, *REFUSED]
    units += [[code(n), name, *key[2:12], name] for n, name in enumerate(names)]
    beside = ["=1+1", *(HOSTILE[n % len(HOSTILE)] for n in range(len(units) - 1))]
    write(folder / "units.csv", [[*row, more] for row, more in zip(units, beside, strict=True)])
    tasks = rows_of(folder / "tasks.csv")
    for n, row in enumerate(tasks[1:]):
        row[2] = HOSTILE[n + 10]
        row[18], row[19] = HOSTILE[n], ";".join(HOSTILE[12:14])
    write(folder / "tasks.csv", tasks)
    records = rows_of(folder / "records.csv")
    for n, row in enumerate(records[1:]):
        row[15] = HOSTILE[n % len(HOSTILE)]
        row[11] = HOSTILE[n % len(HOSTILE)] if row[11] else ""
    write(folder / "records.csv", records)


def call(*arguments: object) -> int:
    return command._run([str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def everything(root, tmp_path_factory):
    """What is written and what is printed of tables full of hostile names: the report, the rows set aside, the ledger's
    export. The tables of the report hold markers too, those of the rest only names that are not refused."""
    place, printed = tmp_path_factory.mktemp("inert"), io.StringIO()
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, place / folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    tables = place / "data/putuo-2024"
    with_hostile_names(tables)
    shutil.copytree(tables, place / "hostile")
    plant(tables)
    plan, out = place / "params/putuo-2024.yaml", place / "out"
    out.mkdir()
    again = ("replan", plan, "--as-of", "2024-06-30", "--out", out / "调整")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(printed):
        patch.setenv("PYTHONPATH", str(root))
        assert call("run", plan, "--out", out / "报告") == 1  # rows with problems
        assert call("run", plan, "--out", out / "报告", "--quarantine", out / "放到一边.xlsx") == 0
        assert call(*again) == 1
        shutil.copytree(place / "hostile", tables, dirs_exist_ok=True)
        write(tables / "units.csv", [row for row in rows_of(tables / "units.csv") if row[1] not in REFUSED])
        assert call(*again) == 0
        assert call("record", tables / "records.csv", "--plan", plan) == 0
        assert call("export-ledger", "--plan", plan, "--out", out / "台账.xlsx") == 0
    return SimpleNamespace(out=out, printed=printed.getvalue())


@pytest.fixture(scope="module")
def made(everything):
    """Everything written."""
    return everything.out


def test_there_are_22_hostile_names():
    assert len(set(HOSTILE)) == 22


def test_h1_no_workbook_holds_a_formula_of_the_data_or_a_link(made):
    books = sorted(made.rglob("*.xlsx"))
    assert len(books) >= 7
    texts = set()
    for path in books:
        book = load_workbook(path)
        values = load_workbook(path, data_only=True)
        for sheet in book:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    read = values[sheet.title]
                    formula_value(cell.value, lambda name, read=read: read[name].value or 0)  # ours, or ValueError
                elif isinstance(cell.value, str):
                    texts.add(cell.value)
        with zipfile.ZipFile(path) as parts:
            names = parts.namelist()
            assert not any(re.search("external|vba|hyperlink|activex|embed", name, re.I) for name in names)
            relations = [parts.read(name) for name in names if name.endswith(".rels")]
            assert relations
            assert not any(b"External" in content or b"evil" in content for content in relations)
            assert not any(b"<hyperlink" in parts.read(name) for name in names)
    assert set(HOSTILE) - {text for name in HOSTILE for text in texts if name == text} == set()


def test_h3_no_page_holds_a_live_tag_or_an_address(made):
    pages = sorted(made.rglob("*.html"))
    assert len(pages) == 6
    for path in pages:
        html = path.read_text(encoding="utf-8")
        beside = [file.relative_to(path.parent).as_posix() for file in path.parent.rglob("*") if file.is_file()]
        assert outside_references(html, beside) == []
        found = Tags(html)
        assert found.tags & (LIVE - {"img"}) == set()
        assert all(link.startswith(("#", "data:image/png;base64,")) or unquote(link) in beside for link in found.links)
        assert "evil.example" not in " ".join(found.links)
    text = "".join(path.read_text(encoding="utf-8") for path in pages)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_h3_no_output_of_a_notebook_holds_a_live_tag(made):
    notebooks = sorted(made.rglob("*.ipynb"))
    assert len(notebooks) == 4
    shown = ""
    for path in notebooks:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                assert set(data) <= {"text/plain", "text/html", "image/png"}
                html = "".join(data.get("text/html", ""))
                found = Tags(html)
                assert found.tags & LIVE == set()
                assert found.links == set()
                shown += html
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


@pytest.mark.parametrize(("name", "point"), REFUSED.items())
def test_h7_what_must_not_reach_a_reader_is_refused_and_set_aside_by_its_code_point(made, name, point):
    sheets = load_workbook(made / "放到一边.xlsx").worksheets
    everyone = [row for sheet in sheets for row in sheet.iter_rows(min_row=5, values_only=True)]
    rows = [row for row in everyone if point in str(row[1])]
    assert len(rows) >= 1
    assert f"甲<{point}>厂" in {cell for row in rows for cell in row}
    for path in made.rglob("*"):
        if path.suffix == ".docx":
            assert name not in "\n".join(read_paragraphs(path.read_bytes()))
        elif path.is_file() and path.suffix != ".xlsx":
            assert name not in path.read_text(encoding="utf-8")


def test_h5_no_marker_stands_in_a_report_of_the_year_nor_in_its_messages(everything):
    assert "报告已生成" in everything.printed
    assert seen(everything.printed) == set()
    assert {".ipynb", ".html", ".xlsx", ".json"} <= {path.suffix for path in (everything.out / "报告").iterdir()}
    assert found_in(everything.out) == {}
