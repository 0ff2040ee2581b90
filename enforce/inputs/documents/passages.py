"""Passages (段落): a file of any form -> its paragraphs and cells with their places, and what of it was not read.

What the sheets' reader knows (workbooks, CSV) comes from there; a text, a page, a Word file and a PDF are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from enforce.inputs.documents.pdf_text import pdf_passages
from enforce.inputs.documents.word_text import refuse_long, word_blocks
from enforce.sheets.grids import Grid, read_grids
from enforce.sheets.grids.sniff import MAX_BYTES, MAX_TEXT_BYTES, MEGABYTE, decoded, refusal
from enforce.words.claims import Block
from enforce.words.files import file_bytes, unreadable
from enforce.words.problems import InputError
from enforce.words.texts import shown_path

STDIN = "标准输入"
_FORMS = "docx、txt、md、xlsx、csv、html 或有文字的 PDF"
_MARK = re.compile(r"^(#{1,6})\s+")
_RULE = re.compile(r"^\s*\|?[\s:|\-]*-{2,}[\s:|\-]*$")
_STRONG = re.compile(r"\*\*|__(?=\S)|`")
_SPANS = ("rowspan", "colspan")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=\S)")


@dataclass(frozen=True)
class PrintedFile:
    """One file as read: its passages in order and, in words, what of it was not read; of a Word file where it lies."""

    file: str
    passages: tuple[Block, ...]
    unread: tuple[str, ...] = ()
    path: Path | None = None


def read_document(path: str | Path) -> PrintedFile:
    """Read a file of any form by its content; InputError says why it cannot be read and what to do."""
    file, path = shown_path(Path(path)), Path(path)
    raw = _raw(path, file)
    if raw.startswith(b"PK"):
        if _is_word(raw):
            return PrintedFile(file, *word_blocks(raw, file), path)
        return _workbook(path, file)
    if raw.startswith(b"%PDF"):
        return PrintedFile(file, tuple(pdf_passages(raw, file)))
    if raw.startswith((b"\xd0\xcf\x11\xe0", b"\x09")) or path.suffix.lower() in (".csv", ".tsv"):
        return _workbook(path, file)
    return read_text(raw, file)


def read_text(raw: bytes, file: str = STDIN) -> PrintedFile:
    """Read bytes of text: plain, Markdown or a web page; InputError where they are none."""
    if len(raw) > MAX_TEXT_BYTES:
        raise refusal(file, "太大", f"{MAX_TEXT_BYTES // MEGABYTE} MB 以内的文字")
    try:
        text, _ = decoded(raw, file)
    except InputError as error:
        raise refusal(file, error.problems[0].found, _FORMS) from None
    if not text.strip():
        raise refusal(file, "空文件，里面没有文字", _FORMS)
    refuse_long(len(text), file)
    if re.search(r"<(?:html|body|table|p|div|h\d)[\s>]", text[:20_000], re.IGNORECASE):
        return PrintedFile(file, tuple(_page(text, file)))
    return PrintedFile(file, tuple(_text_lines(text, file)))


def _raw(path: Path, file: str) -> bytes:
    try:
        raw = file_bytes(path, MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise refusal(file, unreadable(error), f"可读的文件（请核对文件名和权限）：{_FORMS}") from None
    if len(raw) > MAX_BYTES:
        raise refusal(file, "太大", f"{MAX_BYTES // MEGABYTE} MB 以内的文件")
    return raw


def _is_word(raw: bytes) -> bool:
    return b"word/document" in raw or (b"[Content_Types].xml" in raw and b"word/" in raw)


# --- sheets -----------------------------------------------------------------------------------------------------------


def _workbook(path: Path, file: str) -> PrintedFile:
    try:
        grids = read_grids(path)
    except InputError as error:
        raise InputError(replace(one, expected=f"{one.expected}；或 {_FORMS}") for one in error.problems) from None
    passages = [passage for n, grid in enumerate(grids, 1) if grid.visible for passage in _sheet_cells(grid, file, n)]
    hidden = [f"隐藏的工作表「{grid.sheet}」没有读" for grid in grids if not grid.visible]
    if not passages:
        raise refusal(file, "空文件，里面没有文字", _FORMS)
    return PrintedFile(file, tuple(passages), tuple(hidden))


def _sheet_cells(grid: Grid, file: str, table: int) -> Iterator[Block]:
    """Yield the cells of a sheet; a merged one once, where it stands."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    covered = {
        (row, column)
        for span in grid.merged
        for row in range(span.top, min(span.bottom, span.top + 500) + 1)
        for column in range(span.left, span.right + 1)
        if (row, column) != (span.top, span.left)
    }
    sheet = f"工作表「{grid.sheet}」" if grid.sheet else ""
    for row in grid.rows:
        for column, cell in enumerate(row.cells):
            is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
            if cell is None or ((row.number, column) in covered and is_number):
                continue
            shown = grid.displays.get((row.number, column), "")
            text = shown if re.search("[%‰一-鿿]", shown) else f"{cell:.12g}" if is_number else f"{cell}"
            place = f"{sheet}{xl_rowcol_to_cell(row.number - 1, column)}"
            yield Block(file, place, text, 0, table, row.number - 1, column)


# --- text -------------------------------------------------------------------------------------------------------------


def _text_lines(text: str, file: str) -> Iterator[Block]:
    """Yield the lines of a text; lines of a Markdown or tabbed table are its cells."""
    table, row, before = 0, -1, False
    for n, line in enumerate(text.splitlines(), 1):
        cells = _table_line(line)
        if not cells:
            before = False
            if line.strip():
                mark = _MARK.match(line)
                bare = _STRONG.sub("", _BULLET.sub("", _MARK.sub("", line)))
                yield Block(file, f"第 {n} 行", bare.strip(), len(mark[1]) if mark else 0)
            continue
        table, row = (table, row + 1) if before else (table + 1, 0)
        before = True
        if _RULE.match(line):
            continue
        for column, cell in enumerate(cells):
            if cell:
                yield Block(file, f"第 {n} 行第 {column + 1} 格", cell, 0, table, row, column)


def _table_line(line: str) -> list[str]:
    """Return the cells of a line that is a row of a table; nothing for any other."""
    if line.count("|") >= 2 and (line.strip().startswith("|") or line.count("|") >= 3):
        return [_STRONG.sub("", cell).strip() for cell in re.sub(r"^\||\|$", "", line.strip()).split("|")]
    if line.count("\t") >= 2 or ("\t" in line and re.search(r"\t\s*\d", line)):
        return [cell.strip() for cell in line.rstrip("\n").split("\t")]
    return []


def _page(text: str, file: str) -> Iterator[Block]:
    """Yield the blocks of a page: its paragraphs, headings and cells; a cell reaches over those it spans."""
    from bs4 import BeautifulSoup

    page = BeautifulSoup(text, "lxml")
    for tag in page(("script", "style", "head", "nav", "noscript")):
        tag.decompose()
    tables = {id(table): n for n, table in enumerate(page("table"), 1)}
    filled: set[tuple[int, int, int]] = set()
    row, paragraph = -1, 0
    for tag in page.find_all(["table", "tr", "td", "th", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6"]):
        table = tables.get(id(tag if tag.name == "table" else tag.find_parent("table")), 0)
        row = -1 if tag.name == "table" else row + (tag.name == "tr")
        content = " ".join(tag.get_text(" " if table else "").split())
        if tag.name in ("td", "th") and table:
            column = next(n for n in count() if (table, row, n) not in filled)
            down, across = (int(tag.get(name, "1")) if tag.get(name, "1").isdecimal() else 1 for name in _SPANS)
            filled |= {(table, row + m, column + n) for m in range(min(down, 500)) for n in range(min(across, 100))}
            if content:
                yield Block(file, f"表 {table} 第 {row + 1} 行第 {column + 1} 格", content, 0, table, row, column)
        elif not table and content and tag.name not in ("table", "tr") and not tag.find(["p", "div", "li", "table"]):
            paragraph += 1
            yield Block(file, f"第 {paragraph} 段", content, int(tag.name[1]) if tag.name[0] == "h" else 0)


def joined(passages: Sequence[Block]) -> list[Block]:
    """Return passages with lines that a page's edge broke put together again: no end mark, no number before the next.

    >>> lines = [Block("", "", "全面排查危险化学品、粉尘涉爆、"), Block("", "", "有限空间等企业，开展检查。")]
    >>> [one.text for one in joined(lines)]
    ['全面排查危险化学品、粉尘涉爆、有限空间等企业，开展检查。']
    """
    lines: list[Block] = []
    for one in passages:
        last = lines[-1] if lines else None
        if last and _goes_on(last, one):
            lines[-1] = replace(last, text=last.text + one.text)
        else:
            lines.append(one)
    return lines


_BEGINS = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|\d+\s*[、.．)）]|[①-⑳]|第[一二三四五六七八九十\d]+[章节条]|附件|附表)"
)
_ENDED = re.compile(r"[。；：:;！？!?）)》”」】]\s*$")


def _goes_on(last: Block, one: Block) -> bool:
    """Whether a line goes on with the one before it: long enough, not ended, and nothing new begins."""
    same = last.file == one.file and not (last.table or one.table or last.level or one.level)
    begun = _BEGINS.match(one.text) or (_BEGINS.match(last.text) and len(last.text) < 16)
    return (
        same
        and not begun
        and not _ENDED.search(last.text)
        and bool(re.search(r"[，。；、]", one.text))
        and (len(last.text) >= 30 or last.text.endswith(("，", "、")))
    )
