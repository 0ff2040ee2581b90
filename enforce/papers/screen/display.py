"""A shown table (表): what a notebook prints, in Chinese, the same to the byte on every run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import pandas as pd

from enforce.papers.screen.cells import MISSING, cell_text, is_missing, is_number, is_total, width
from enforce.words.terms import label

# Styles stand in the tags: JupyterLab drops every <style> of a notebook it does not trust yet, and a notebook
# just cloned is one. A page with a style sheet of its own goes by the classes. Half transparent greys suit a
# dark screen too.
_TABLE_STYLE = "border-collapse:collapse;margin:4px 0 2px 0;border-bottom:1px solid rgba(127,127,127,.7)"
_CAPTION_STYLE = "caption-side:top;text-align:left;font-weight:600;padding:4px 8px 6px 8px;white-space:nowrap"
_LINE_STYLE = "border-top:1px solid rgba(127,127,127,{});background-color:transparent"
_HEAD_STYLE = f"{_LINE_STYLE.format('.7')};border-bottom:1px solid rgba(127,127,127,.7)"
_ROW_MARK = f'style="{_LINE_STYLE.format(".18")}"'
_TOTAL_MARK = f'class="total" style="{_LINE_STYLE.format(".5")};font-weight:600"'
_NOTE_STYLE = "color:#7a7f87;font-size:90%;margin:0 0 10px 0;padding:0 8px;max-width:60em"
_NUMBER_MARK = 'class="num" style="text-align:right;padding:4px 8px"'
_TEXT_MARK = 'style="text-align:left;padding:4px 8px;max-width:26em"'
_SHORT_TEXT_MARK = 'style="text-align:left;padding:4px 8px;white-space:nowrap"'
_LONG_TEXT = 24
# A number that a form holds as text: it stands to the right as well.
_NUMBER_TEXT = re.compile(rf"-?\d{{1,9}}(\.\d+)?%?|{MISSING}")


@dataclass(frozen=True, repr=False)
class Shown:
    """A table as text: `header`, `rows`, for every column whether it holds numbers, a caption and notes.

    Where it has no row it is the sentence of its caption.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str = ""
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        caption = f'<caption style="{_CAPTION_STYLE}">{escape(self.caption)}</caption>\n' if self.caption else ""
        notes = "".join(f'\n<p class="note" style="{_NOTE_STYLE}">{escape(note)}</p>' for note in self.notes)
        if not self.rows:
            return f'<div class="shown">\n<p>{escape(self.caption)}</p>{notes}\n</div>'
        return (
            f'<div class="shown">\n<table style="{_TABLE_STYLE}">\n{caption}'
            f'<thead>\n<tr style="{_HEAD_STYLE}">{self._html_cells(self.header, "th")}</tr>\n</thead>\n'
            f"<tbody>\n{self._html_body()}\n</tbody>\n</table>{notes}\n</div>"
        )

    def __repr__(self) -> str:
        if not self.rows:
            return "\n".join([self.caption, *self.notes])
        lines = [self.header, *self.rows]
        widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
        table = ["  ".join(map(_aligned, line, widths, self.numeric)).rstrip() for line in lines]
        return "\n".join([*filter(None, [self.caption]), *table, *self.notes])

    def _html_body(self) -> str:
        totals = [self._is_total(row) for row in self.rows]
        marks = (_TOTAL_MARK if total and not all(totals) else _ROW_MARK for total in totals)
        return "\n".join(
            f"<tr {mark}>{self._html_cells(row, 'td')}</tr>" for mark, row in zip(marks, self.rows, strict=True)
        )

    def _html_cells(self, cells: tuple[str, ...], tag: str) -> str:
        marks = map(self._mark, range(len(cells)))
        return "".join(f"<{tag} {mark}>{escape(cell)}</{tag}>" for mark, cell in zip(marks, cells, strict=True))

    def _mark(self, column: int) -> str:
        if self.numeric[column]:
            return _NUMBER_MARK
        return _TEXT_MARK if any(width(row[column]) > _LONG_TEXT for row in self.rows) else _SHORT_TEXT_MARK

    def _is_total(self, row: tuple[str, ...]) -> bool:
        return is_total(text for text, numeric in zip(row, self.numeric, strict=True) if not numeric)


def show(table: pd.DataFrame, caption: str = "", note: str = "", unit: str = "", rows: int = 60) -> Shown:
    """Show a table in Chinese: headers and words by their labels, shares in percent, at most `rows` rows.

    A table without rows is one sentence.

    >>> show(pd.DataFrame({"tier": ["key", "general"], "planned_visits": [178, 83], "share": [0.682, 0.318]}),
    ...      caption="重点与一般", unit="家次", note="出自计划第四部分")
    重点与一般（单位：家次）
    检查类型  计划家次   占比
    重点检查       178  68.2%
    一般检查        83  31.8%
    注：出自计划第四部分
    >>> show(pd.DataFrame({"task": []}), "排不下的家次", unit="家次")
    没有排不下的家次。
    """
    plain = table.reset_index() if table.index.name else table
    head = plain.head(rows)
    columns = [(str(name), list(head.iloc[:, n])) for n, name in enumerate(head.columns)]
    texts = [[cell_text(name, value) for value in values] for name, values in columns]
    return Shown(
        header=tuple(label(name) for name, _ in columns),
        rows=tuple(zip(*texts, strict=True)),
        numeric=tuple(_is_numeric(values) for _, values in columns),
        caption=f"没有{caption}。" if head.empty else f"{caption}（单位：{unit}）" if unit else caption,
        notes=_note_lines(note, len(plain), rows),
    )


def _is_numeric(values: list) -> bool:
    present = [value for value in values if not is_missing(value)]
    return bool(present) and all(is_number(value) or _NUMBER_TEXT.fullmatch(str(value)) for value in present)


def _note_lines(note: str, length: int, rows: int) -> tuple[str, ...]:
    cut = f"共 {length} 行，此处为前 {rows} 行。" if length > rows else ""
    return tuple(f"注：{text}" for text in (note, cut) if text)


def _aligned(text: str, columns: int, right: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if right else text + space
