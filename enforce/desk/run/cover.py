"""The cover (封面): what is opened first of a report: its answer, what must be put right, what each file is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.papers.report import pages
from enforce.papers.report.folder import MANIFEST, listing
from enforce.words.files import csv_rows
from enforce.words.months import QUARTERS

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: How the name of a file begins -> what the file is for; the first that fits.
_ROWS = tuple(csv_rows(Path(__file__).with_name("purposes.csv")))
PURPOSES = {row["file"]: row["purpose"] for row in _ROWS}
_CALLED = {row["file"]: row["called"] for row in _ROWS if row["called"]}
_KINDS = {"": "公文（Word，可以接着改）", ".html": "网页", ".xlsx": "表格", ".ipynb": "笔记本（可以再运行）"}
_OTHERS = "其他"


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the report: its title, its heading and its answer as HTML."""

    name: str
    title: str
    heading: str
    answer: str

    @property
    def short(self) -> str:
        """What the list at the side calls it: what it is, and its month or day."""
        start = next((start for start in _CALLED if self.name.startswith(start)), "")
        return f"{_CALLED[start]}{self.name.removeprefix(start).replace('-', ' ', 1)}" if start else self.title


def cover_html(folder: Path, name: str, stems: Sequence[str], mark: str = "", notes: Sequence[str] = ()) -> str:
    """Return the cover of a report: the answers of its notebooks, the first with its heading, then every file.

    `stems` are the names of the notebooks in the order of their weight; `notes` say what the report does not hold.
    """
    files = sorted({*listing(folder), MANIFEST} - {pages.COVER})
    books = [_read_notebook(folder / file) for file in files if file.endswith(".ipynb")]
    books.sort(key=lambda book: next((n for n, stem in enumerate(stems) if book.name.startswith(stem)), len(stems)))
    first = books[0] if books else _Notebook("", name, "", "")
    shown = {"title": first.title, "mark": mark, "notes": notes, "first": first, "books": books}
    return pages.rendered("cover.html.j2", **shown, kinds=_by_kind(files))


def _read_notebook(path: Path) -> _Notebook:
    import nbformat

    notebook: NotebookNode = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    heading, answer = (pages.shown_html(notebook, tag) for tag in (pages.HEADING, pages.CONCLUSION))
    return _Notebook(path.stem, pages.title(notebook, path.stem), heading, answer)


def _by_kind(files: Sequence[str]) -> Mapping[str, list[tuple[str, str]]]:
    """Return the files by what a planner calls their kind, each with what it is for."""
    kinds: dict[str, list[tuple[str, str]]] = {kind: [] for kind in (*_KINDS.values(), _OTHERS)}
    for file in sorted(files, key=_reading_order):
        suffix = "" if "/" in file else Path(file).suffix
        kinds[_KINDS.get(suffix, _OTHERS)].append((file, purpose(file)))
    return {kind: kinds[kind] for kind in (_KINDS[".html"], _KINDS[".xlsx"], _KINDS[""], _KINDS[".ipynb"], _OTHERS)}


def _reading_order(file: str) -> tuple[int, int, str]:
    """The order of files: what is read first, the quarters of a year as they follow."""
    named = next((n for n, start in enumerate(PURPOSES) if file.startswith(start)), len(PURPOSES))
    return named, next((n for n, quarter in enumerate(QUARTERS) if quarter in file), 0), file


def purpose(file: str) -> str:
    """Return in a line what a file of a report is for; '' where nobody knows.

    >>> purpose("附件3-执法工作量核算.xlsx"), purpose("自己放进来的.txt")
    ('人日怎样算出：法定工作日、其他执法、非执法、可安排', '')
    """
    return next((text for start, text in PURPOSES.items() if file.startswith(start)), "")
