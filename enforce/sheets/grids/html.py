"""Web pages (网页表格), as older systems export them under an .xls name -> one grid per table."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from enforce.sheets.grids.draft import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    PARTLY,
    SHIFTED,
    Draft,
    chosen,
    crowded,
    finished,
)
from enforce.sheets.grids.grid import Grid, Span
from enforce.sheets.grids.sniff import Source
from enforce.words.problems import Flaw

_SPACE = re.compile(r"[ \t\r\n\f]+")
_BREAK = "\v"
_STRIKES = frozenset({"s", "strike", "del"})
_UNSEEN = frozenset({"script", "style", "title"})
#: What begins a line of its own, as a browser shows it.
_BLOCKS = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dd", "dt"})
_DEEPEST = 50
_FARTHEST = 4 * MAX_COLUMNS


def grids(source: Source, sheet: str | None = None) -> tuple[Grid, ...]:
    """Return the tables of a page, named by their place where there are several.

    Spaces and line ends of the source count as one space, as a browser shows them; <br> is a line break.
    """
    page = _Page(source)
    page.feed(source.text)
    page.close()
    for table in page.open if "</html" not in source.text.lower() else ():
        table.draft.doubt(table.row, -1, "网页在这里中断", "完整的网页：请重新导出或下载", Flaw.FILE)
    drafts = [table.over() for table in page.tables]
    if len(drafts) > 1:
        for place, draft in enumerate(drafts, 1):
            draft.sheet = f"第 {place} 个表格"
    return tuple(finished(drafts[place]) for place in chosen([draft.sheet for draft in drafts], sheet, source.file))


class _Table:
    """One table while it is read. What is left open is closed by what follows, as in a browser."""

    def __init__(self, draft: Draft):
        self.draft = draft
        self.row, self.column, self.count, self.columns = 0, -1, 0, 0
        #: column -> last row of a cell that reaches down
        self.taken: dict[int, int] = {}
        #: the open cell: its texts, whether each is struck through, its open tags and whether they strike
        self.texts: list[str] | None = None
        self.strikes: set[bool] = set()
        self.tags: list[tuple[str, bool]] = []

    def open_row(self, hidden: bool) -> None:
        """Begin a row."""
        self.close_cell()
        self.row, self.column = self.row + 1, -1
        if hidden and self.row <= MAX_ROWS:
            self.draft.hidden.add(self.row)

    def describe_columns(self, count: int, hidden: bool) -> None:
        """Take note of whether the next columns are shown."""
        first, self.columns = self.columns, min(self.columns + count, MAX_COLUMNS)
        if hidden:
            self.draft.hidden_columns |= set(range(first, self.columns))

    def open_cell(self, across: int, down: int, struck: bool) -> None:
        """Begin a cell at the next place that no cell of an earlier row reaches into."""
        self.close_cell()
        self.row = self.row or 1
        self.column += 1
        while self.taken.get(self.column, 0) >= self.row:
            self.column += 1
        if self.column > _FARTHEST:
            raise crowded(self.draft.file)
        span = Span(self.row, self.column, self.row + down - 1, self.column + across - 1)
        self.count += across
        if self.count > MAX_CELLS:
            raise crowded(self.draft.file)
        if across > 1 or down > 1:
            self.draft.merge(span)
            self.taken |= dict.fromkeys(range(span.left, span.right + 1), span.bottom)
        self.spot, self.column = span.left, span.right
        self.texts, self.strikes, self.tags = [], set(), [("td", struck)]

    def open_tag(self, tag: str, struck: bool) -> None:
        """Go into a tag within the open cell."""
        self._break(tag)
        if tag != "br" and len(self.tags) < _DEEPEST:
            self.tags.append((tag, struck))

    def close_tag(self, tag: str) -> None:
        """Leave a tag, and those left open inside it."""
        if tag != "br":
            self._break(tag)
        for place in range(len(self.tags) - 1, 0, -1):
            if self.tags[place][0] == tag:
                del self.tags[place:]
                return

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS and self.texts is not None:
            self.texts.append(_BREAK)

    def say(self, text: str) -> None:
        """Add text to the open cell; text between cells is not in the table."""
        if self.texts is not None:
            shift = next((SHIFTED[tag] for tag, _ in self.tags if tag in SHIFTED), {})
            self.texts.append(text.translate(shift))
            if text.strip():
                self.strikes.add(any(struck for _, struck in self.tags))

    def close_cell(self) -> None:
        """Put what the open cell holds into the draft."""
        if self.texts is None:
            return
        lines = "".join(self.texts).split(_BREAK)
        text = "\n".join(_SPACE.sub(" ", line).strip(" ") for line in lines).strip("\n")
        self.draft.put_text(self.row, self.spot, text)
        if True in self.strikes:
            self.draft.struck.setdefault(self.row, set()).add(self.spot)
        if len(self.strikes) > 1:
            self.draft.doubt(self.row, self.spot, *PARTLY)
        self.texts = None

    def over(self) -> Draft:
        """Return the draft of the whole table."""
        self.close_cell()
        return self.draft


class _Page(HTMLParser):
    """Gathers the tables of a page; a table inside a cell is a table of its own."""

    def __init__(self, source: Source):
        super().__init__(convert_charrefs=True)
        self.source = source
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.unseen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell, or something inside a cell."""
        given = {name: value or "" for name, value in attrs}
        style = given.get("style", "").lower().replace(" ", "")
        struck = tag in _STRIKES or "line-through" in style
        self.unseen = tag in _UNSEEN
        if tag == "table":
            self.open.append(_Table(Draft(self.source.file, "", self.source.encoding)))
            self.tables.append(self.open[-1])
        elif not self.open:
            return
        elif tag == "tr":
            self.open[-1].open_row("display:none" in style or "hidden" in given)
        elif tag == "col":
            self.open[-1].describe_columns(_times(given.get("span"), MAX_COLUMNS), "display:none" in style)
        elif tag in ("td", "th"):
            down = _times(given.get("rowspan"), MAX_ROWS)
            self.open[-1].open_cell(_times(given.get("colspan"), MAX_COLUMNS), down, struck)
        else:
            self.open[-1].open_tag(tag, struck)

    def handle_endtag(self, tag: str) -> None:
        """End a table or what was begun inside a cell."""
        self.unseen = False
        if not self.open:
            return
        if tag == "table":
            self.open.pop().close_cell()
        elif tag in ("td", "th", "tr"):
            self.open[-1].close_cell()
        else:
            self.open[-1].close_tag(tag)

    def parse_html_declaration(self, i: int) -> int:
        """Pass over <![…: as in a browser it is a remark to its end."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def handle_data(self, data: str) -> None:
        """Add text to the cell it stands in."""
        if self.open and not self.unseen:
            self.open[-1].say(data)


def _times(text: str | None, most: int) -> int:
    """Return how many rows or columns a cell takes; what is no count is one."""
    return min(max(int(text), 1), most) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1
