"""Proof-reading (校对): papers and workbooks in a folder beside the same plan worked out anew, figure by figure.

Nothing is taken from a manifest: what is true comes out of the plan, its tables and its rules as they are now.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from enforce.papers.documents.calendar_file import calendar_texts
from enforce.papers.documents.fill import Document
from enforce.papers.documents.reread import FIGURE, Difference, differences, read_paragraphs
from enforce.words.files import file_bytes

#: What a file holds, by the name of the place: its formula, what it shows.
Places = dict[str, tuple[str, str]]
_OURS = re.compile(r"(.+?)(-手工改动-[0-9a-f]{6})?(\.docx|\.xlsx|\.ics)$")


def proofread(
    folder: Path, documents: Mapping[str, Document], books: Mapping[str, Path], *, filled_in: str = ""
) -> Iterator[Difference]:
    """Yield where the files of a folder, its own folders too, differ from the papers and workbooks of the plan.

    `documents` are the papers by name, `books` the workbooks and calendars as they would be written now; of a book
    whose name begins with `filled_in` what was written into empty cells is no difference. Files of a name that the plan
    does not make are told; a paper that is not there is not.
    """
    for path in sorted(folder.rglob("*")):
        if not (name := name_of_ours(path)):
            continue
        shown = path.relative_to(folder).as_posix()
        try:
            if name in documents:
                yield from differences(shown, read_paragraphs(file_bytes(path)), documents[name])
            elif name in books:
                blank = bool(filled_in) and name.startswith(filled_in)
                yield from _place_differences(shown, _contents(path), _contents(books[name]), blank=blank)
            else:
                yield Difference(shown, "整个文件", "", "这个计划现在不出这份文件，没有核对", figure=False)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError):
            yield Difference(shown, "整个文件", "打不开", "能打开的文件")


def name_of_ours(path: Path) -> str:
    """Return the name under which the plan writes a file; '' where it is none that could be ours.

    >>> name_of_ours(Path("请示-手工改动-1a2b3c.docx")), name_of_ours(Path("~$请示.docx"))
    ('请示.docx', '')
    """
    match = _OURS.match(path.name)
    return f"{match[1]}{match[3]}" if match and not path.name.startswith("~$") else ""


def _place_differences(shown: str, printed: Places, true: Places, *, blank: bool) -> Iterator[Difference]:
    """Yield the places of a file that differ from those of the same file written anew, in formula or in value."""
    for place in [*true, *(place for place in printed if place not in true and not blank)]:
        one, other = printed.get(place, ("", "")), true.get(place, ("", ""))
        if one != other:
            shows = 1 if one[1] != other[1] else 0  # what it works out, else its formula
            figure = FIGURE.findall(one[shows]) != FIGURE.findall(other[shows])
            yield Difference(shown, place, one[shows], other[shows], figure=figure)


def _contents(path: Path) -> Places:
    """Return what a workbook or a calendar holds: the name of the place -> its formula, what it shows."""
    content = file_bytes(path)
    if path.suffix == ".ics":
        return {name: (text, text) for name, text in calendar_texts(content).items()}
    formulas, values = (load_workbook(BytesIO(content), data_only=data_only) for data_only in (False, True))
    return {
        f"工作表「{sheet.title}」{cell.coordinate}": (f"{cell.value}", f"{values[sheet.title][cell.coordinate].value}")
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
