"""CSV and TSV (文本表格) -> one grid: the separator is recognised by content, text stays as it is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from contextlib import suppress
from io import StringIO
from itertools import islice

from enforce.sheets.grids.draft import Draft, chosen, crowded, of_lines
from enforce.sheets.grids.grid import Grid
from enforce.sheets.grids.sniff import Source, refusal
from enforce.words.problems import Flaw, InputError, Place, Problem

_SAMPLE_TEXT, _SAMPLE_ROWS = 200_000, 200
_MOST_RECORDS = 1_000_000
#: What separates cells in files that are not read, and the end of a file as DOS marked it.
_FOREIGN, _END = "，|；、：:~^", "\x1a"
_HALF, _NEARLY = 0.5, 0.9
_SHORT = 5
#: Spaces before a cell in quotes.
_SPACED = r'(?:^|{0}) +"[^"\n]*"(?={0}|\r?$)'
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
#: What other programs write so that Excel takes 0123 for a text.
_QUOTED = re.compile(r'="((?:[^"]|"")*)"')


def grids(source: Source, sheet: str | None = None) -> tuple[Grid, ...]:
    """Return the one grid of a text; a quoted line break stays in its cell, as in Excel."""
    chosen([""], sheet, source.file)
    draft = Draft(source.file, "", source.encoding, is_cut=not source.text.endswith(("\n", "\r")))
    text = source.text.rstrip(_END)
    mark = separator(text)
    if mark in _FOREIGN:
        expected = "英文逗号、制表符或分号分开的文字，或 Excel 工作簿"
        raise refusal(source.file, f"各格像是用「{mark}」分开", expected)
    spaced = ' "' in text and bool(re.search(_SPACED.format(re.escape(mark)), text, re.MULTILINE))
    by_line = (line[0] for line in _LINE.finditer(text))  # a StringIO would take four bytes a character
    reader = csv.reader(by_line, delimiter=mark, strict=True, skipinitialspace=spaced)
    number, formulas, excel, lines = 0, 0, '="' in text, {}
    once = {}.setdefault  # short texts recur
    try:
        for number, cells in enumerate(reader, 1):
            if number > _MOST_RECORDS:
                raise crowded(source.file)
            draft.widths[number] = len(cells)
            for n, cell in enumerate(cells) if excel else ():
                if match := _QUOTED.fullmatch(cell):
                    cells[n] = match[1].replace('""', '"')
                    formulas += 1
            lines[number] = [once(cell, cell) or None if len(cell) < _SHORT else cell for cell in cells]
    except csv.Error as error:
        text = "一格太长，像是引号不成对" if "limit" in str(error) else "读不出，引号不成对"
        expected = "成对的英文引号（引号内的引号写两个）"
        raise InputError([Problem(source.file, Place(row=number + 1), text, expected, Flaw.FILE)]) from None
    if formulas:
        draft.notes.append(f'{formulas} 个单元格写作 ="……"，读作引号里的文字，与 Excel 显示的相同')
    return (of_lines(draft, lines),)


def separator(text: str) -> str:
    r"""Return what separates the cells: comma, tab or semicolon, whichever splits most of its rows, then most alike.

    Another mark where none of these splits half of the rows and that one nearly all.

    >>> separator("企业名称;标签\n甲,乙厂;粉尘\n"), separator("a\tb\n1,5\t2\n"), separator("企业名称\n甲厂\n")
    (';', '\t', ',')
    >>> separator("企业名称|标签\n甲厂|粉尘\n")
    '|'
    """
    best, other = (max(marks, key=lambda mark: _fit(text[:_SAMPLE_TEXT], mark)) for marks in (",\t;", _FOREIGN))
    foreign = _fit(text[:_SAMPLE_TEXT], best)[0] < _HALF < _NEARLY <= _fit(text[:_SAMPLE_TEXT], other)[0]
    return other if foreign else best


def _fit(text: str, mark: str) -> tuple[float, int, int]:
    """Return the share of rows that a mark splits, how many into the commonest number of cells, and that number."""
    widths: Counter[int] = Counter()
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    with suppress(csv.Error):  # refused when the whole is read
        widths.update(len(cells) for cells in islice(reader, _SAMPLE_ROWS) if cells)
    split = {width: times for width, times in widths.items() if width > 1}
    width, times = max(split.items(), key=lambda item: item[::-1], default=(1, 0))
    return sum(split.values()) / max(widths.total(), 1), times, width
