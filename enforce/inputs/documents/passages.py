"""Passages (段落): a file of any form -> its paragraphs and cells with their places, and what of it was not read.

What the sheets' reader knows (workbooks, CSV) comes from there; a text, a page, a Word file and a PDF are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

from enforce.inputs.documents.pdf_text import pdf_passages
from enforce.inputs.documents.word_text import word_passages
from enforce.sheets.grids import Grid, read_grids
from enforce.sheets.grids.sniff import MAX_BYTES, MAX_TEXT_BYTES, MEGABYTE, decoded, refusal
from enforce.words.claims import Passage
from enforce.words.problems import InputError
from enforce.words.texts import shown_path

STDIN = "标准输入"
MOST_CHARACTERS = 1_000_000
_FORMS = "docx、txt、md、xlsx、csv、html 或有文字的 PDF"
_MARK = re.compile(r"^(#{1,6})\s+")
_RULE = re.compile(r"^\s*\|?[\s:|\-]*-{2,}[\s:|\-]*$")
_STRONG = re.compile(r"\*\*|__(?=\S)|`")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=\S)")


@dataclass(frozen=True)
class Document:
    """One file as read: its passages in order and, in words, what of it was not read; of a Word file where it lies."""

    file: str
    passages: tuple[Passage, ...]
    unread: tuple[str, ...] = ()
    path: Path | None = None


def read_document(path: str | Path) -> Document:
    """Read a file of any form by its content; InputError says why it cannot be read and what to do."""
    file, path = shown_path(Path(path)), Path(path)
    raw = _raw(path, file)
    if raw.startswith(b"PK"):
        if _is_word(raw):
            return Document(file, *word_passages(raw, file), path)
        return _book(path, file)
    if raw.startswith(b"%PDF"):
        return Document(file, tuple(pdf_passages(raw, file)))
    if raw.startswith((b"\xd0\xcf\x11\xe0", b"\x09")) or path.suffix.lower() in (".csv", ".tsv"):
        return _book(path, file)
    return read_text(raw, file)


def read_text(raw: bytes, file: str = STDIN) -> Document:
    """Read bytes of text: plain, Markdown or a web page; InputError where they are none."""
    if len(raw) > MAX_TEXT_BYTES:
        raise refusal(file, "太大", f"{MAX_TEXT_BYTES // MEGABYTE} MB 以内的文字")
    try:
        text, _ = decoded(raw, file)
    except InputError as error:
        raise refusal(file, error.problems[0].found, _FORMS) from None
    if not text.strip():
        raise refusal(file, "空文件，里面没有文字", _FORMS)
    if len(text) > MOST_CHARACTERS:
        raise refusal(file, f"{len(text) // 10_000} 万字，不像一份计划", f"{MOST_CHARACTERS // 10_000} 万字以内的文字")
    if re.search(r"<(?:html|body|table|p|div|h\d)[\s>]", text[:20_000], re.IGNORECASE):
        return Document(file, tuple(_page(text, file)))
    return Document(file, tuple(_lines(text, file)))


def _raw(path: Path, file: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise refusal(file, "太大", f"{MAX_BYTES // MEGABYTE} MB 以内的文件")
        return path.read_bytes()
    except IsADirectoryError:
        raise refusal(file, "打不开，是文件夹", f"文件：{_FORMS}") from None
    except OSError:
        raise refusal(file, "打不开", "可读的文件：请核对文件名和权限") from None


def _is_word(raw: bytes) -> bool:
    return b"word/document" in raw or (b"[Content_Types].xml" in raw and b"word/" in raw)


# --- sheets -----------------------------------------------------------------------------------------------------------


def _book(path: Path, file: str) -> Document:
    try:
        grids = read_grids(path)
    except InputError as error:
        raise InputError(replace(one, expected=f"{one.expected}；或 {_FORMS}") for one in error.problems) from None
    passages = [passage for n, grid in enumerate(grids, 1) if grid.visible for passage in _cells(grid, file, n)]
    hidden = [f"隐藏的工作表「{grid.sheet}」没有读" for grid in grids if not grid.visible]
    if not passages:
        raise refusal(file, "空文件，里面没有文字", _FORMS)
    return Document(file, tuple(passages), tuple(hidden))


def _cells(grid: Grid, file: str, table: int) -> Iterator[Passage]:
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
            text = f"{cell:.12g}" if is_number else f"{cell}"
            place = f"{sheet}{xl_rowcol_to_cell(row.number - 1, column)}"
            yield Passage(file, place, text, 0, table, row.number - 1, column)


# --- text -------------------------------------------------------------------------------------------------------------


def _lines(text: str, file: str) -> Iterator[Passage]:
    """Yield the lines of a text; lines of a Markdown or tabbed table are its cells."""
    table, row, before = 0, -1, False
    for n, line in enumerate(text.splitlines(), 1):
        cells = _row(line)
        if not cells:
            before = False
            if line.strip():
                mark = _MARK.match(line)
                bare = _STRONG.sub("", _BULLET.sub("", _MARK.sub("", line)))
                yield Passage(file, f"第 {n} 行", bare.strip(), len(mark[1]) if mark else 0)
            continue
        table, row = (table, row + 1) if before else (table + 1, 0)
        before = True
        if _RULE.match(line):
            continue
        for column, cell in enumerate(cells):
            if cell:
                yield Passage(file, f"第 {n} 行第 {column + 1} 格", cell, 0, table, row, column)


def _row(line: str) -> list[str]:
    """Return the cells of a line that is a row of a table; nothing for any other."""
    if line.count("|") >= 2 and (line.strip().startswith("|") or line.count("|") >= 3):
        return [_STRONG.sub("", cell).strip() for cell in re.sub(r"^\||\|$", "", line.strip()).split("|")]
    if line.count("\t") >= 2 or ("\t" in line and re.search(r"\t\s*\d", line)):
        return [cell.strip() for cell in line.rstrip("\n").split("\t")]
    return []


class _Reader(HTMLParser):
    """A page as blocks: each a level of heading, a table, a row and a column, and its text."""

    _BLOCKS = frozenset(
        {"p", "div", "li", "br", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "title"}
    )
    _SILENT = frozenset({"script", "style", "head", "nav", "noscript"})

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[tuple[int, int, int, int, str]] = []
        self.text, self.level, self.silent = "", 0, 0
        self.table, self.row, self.column, self.inside = 0, -1, -1, False
        self.down: dict[int, tuple[int, int]] = {}

    def close_block(self) -> None:
        """End the block that is open."""
        if self.text.strip() and not self.silent:
            cell = (self.table, self.row, self.column) if self.inside else (0, -1, -1)
            text = " ".join(self.text.split())
            if self.inside and self.blocks and self.blocks[-1][1:4] == cell:
                text = f"{self.blocks.pop()[4]} {text}"
            self.blocks.append((self.level, *cell, text))
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in self._BLOCKS:
            self.close_block()
        if tag in self._SILENT:
            self.silent += 1
        elif re.fullmatch(r"h[1-6]", tag):
            self.level = int(tag[1])
        elif tag == "table":
            self.table, self.row, self.inside, self.down = self.table + 1, -1, True, {}
        elif tag == "tr":
            self.row, self.column = self.row + 1, -1
        elif tag in ("td", "th"):
            self.open_cell({name: int(text) for name, text in attrs if (text or "").isdecimal()})

    def open_cell(self, spans: dict[str, int]) -> None:
        """Take the next place that no cell of an earlier row reaches into."""
        self.column += 1
        while self.down.get(self.column, (0, 0))[0] >= self.row > -1 and self.column in self.down:
            self.column += 1
        for n in range(min(spans.get("colspan", 1), 100)):
            if spans.get("rowspan", 1) > 1:
                self.down[self.column + n] = (self.row + spans["rowspan"] - 1, 0)
        self.wide = min(spans.get("colspan", 1), 100) - 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self._BLOCKS:
            self.close_block()
        if tag in self._SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("td", "th"):
            self.column += getattr(self, "wide", 0)
        elif tag == "table":
            self.inside = False
        elif re.fullmatch(r"h[1-6]", tag):
            self.level = 0

    def handle_data(self, data: str) -> None:
        self.text += data


def _page(text: str, file: str) -> Iterator[Passage]:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.close_block()
    paragraph = 0
    for level, table, row, column, content in reader.blocks:
        if table:
            place = f"表 {table} 第 {row + 1} 行第 {column + 1} 格"
        else:
            paragraph += 1
            place = f"第 {paragraph} 段"
        yield Passage(file, place, content, level, table, row, column)


def joined(passages: Sequence[Passage]) -> list[Passage]:
    """Return passages with lines that a page's edge broke put together again: no end mark, no number before the next.

    >>> [one.text for one in joined([Passage("", "", "利用数字化平"), Passage("", "", "台，全面开展检查。")])]
    ['利用数字化平台，全面开展检查。']
    """
    lines: list[Passage] = []
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


def _goes_on(last: Passage, one: Passage) -> bool:
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
