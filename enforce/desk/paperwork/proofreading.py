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

from enforce.papers.documents.fill import Document
from enforce.papers.documents.reread import FIGURE, Difference, differences, read_paragraphs
from enforce.words.files import file_bytes

_OURS = re.compile(r"(.+?)(-手工改动-[0-9a-f]{6})?(\.docx|\.xlsx)$")


def proofread(folder: Path, documents: Mapping[str, Document], books: Mapping[str, Path]) -> Iterator[Difference]:
    """Yield where the files of a folder, its own folders too, differ from the papers and workbooks of the plan.

    `documents` are the papers by name, `books` the workbooks as they would be written now. Files of a name that the
    plan does not make are told; a paper that is not there is not.
    """
    for path in sorted(folder.rglob("*")):
        if not (name := name_of_ours(path)):
            continue
        shown = path.relative_to(folder).as_posix()
        try:
            if name in documents:
                yield from differences(shown, read_paragraphs(file_bytes(path)), documents[name])
            elif name in books:
                yield from _cell_differences(shown, path, books[name])
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


def _cell_differences(shown: str, path: Path, book: Path) -> Iterator[Difference]:
    """Yield the cells of a workbook that differ from those of the same book written anew, in formula or in value."""
    printed, true = _contents(path), _contents(book)
    for place in [*true, *(place for place in printed if place not in true)]:
        one, other = printed.get(place, ("", "")), true.get(place, ("", ""))
        if one != other:
            shows = 1 if one[1] != other[1] else 0  # what it works out, else its formula
            figure = FIGURE.findall(one[shows]) != FIGURE.findall(other[shows])
            yield Difference(shown, f"工作表「{place[0]}」{place[1]}", one[shows], other[shows], figure=figure)


def _contents(path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the cells of a workbook that hold something: sheet and name of the cell -> its formula, what it shows."""
    content = file_bytes(path)
    formulas, values = (load_workbook(BytesIO(content), data_only=data_only) for data_only in (False, True))
    return {
        (sheet.title, cell.coordinate): (f"{cell.value}", f"{values[sheet.title][cell.coordinate].value}")
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
