"""The cells of the annexes (附件逐格核对): what the papers of a pack print, beside what its tables give.

Annexes 1, 2 and 3 are made anew from the pack's tables as the bureau makes them, so that no cell is judged by rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import NamedTuple

from enforce.desk.paperwork.paper_tables import annex_tables
from enforce.inputs.documents.word_text import word_blocks
from enforce.inputs.pack import Pack, part_of_paper
from enforce.papers.documents.ruled_table import Ruled

Rows = Sequence[Sequence[str]]


class CellRemark(NamedTuple):
    """A cell of a paper that is not as the tables give it: file, place, the row it stands in, printed, expected."""

    file: str
    place: str
    row: str
    printed: str
    expected: str


def check_annexes(pack: Pack) -> Iterator[CellRemark]:
    """Yield every cell and row of annexes 1, 2 and 3 that differs from the pack's tables.

    Months of a line that is not among the lines are no row of annex 1; they are a contradiction of the tables.
    """
    months, lines = pack.tables["months"], pack.tables["lines"]
    filed = {**pack.tables, "months": months[months["task_id"].isin(lines["task_id"])]}
    for n, tables in enumerate(annex_tables(filed), 1):
        for name, content in pack.papers.items():
            if name.startswith(part_of_paper(f"附件{n}")):
                file = name.partition("/")[2]
                printed = _printed_tables(content, file)
                for table in tables:
                    yield from _cell_remarks(file, printed, _printed_rows(table))


def _printed_rows(ruled: Ruled) -> Rows:
    """Return a table with its heading, as it reads when it is printed."""
    rows = [ruled.table.columns, *ruled.table.itertuples(index=False, name=None)]
    return [tuple(str(cell).strip() for cell in row) for row in rows]


def _printed_tables(content: bytes, file: str) -> dict[int, Rows]:
    """Return the tables of a Word file by their number, each as rows of texts."""
    cells: dict[int, dict[tuple[int, int], str]] = defaultdict(dict)
    for block in word_blocks(content, file)[0]:
        if block.table:
            cells[block.table][block.row, block.column] = block.text
    return {table: _filled_rows(texts) for table, texts in cells.items()}


def _filled_rows(texts: dict[tuple[int, int], str]) -> Rows:
    height, width = (1 + max(place[axis] for place in texts) for axis in (0, 1))
    return [tuple(texts.get((row, column), "") for column in range(width)) for row in range(height)]


def _cell_remarks(file: str, printed: dict[int, Rows], expected: Rows) -> Iterator[CellRemark]:
    """Yield what differs between a table and the one of the file that is most like it."""
    alike = {number: len(set(rows) & set(expected)) for number, rows in printed.items()}
    if not alike:
        if len(expected) > 1:
            yield CellRemark(file, "全文", _row_text(expected[0]), "（没有这张表）", f"{len(expected) - 1} 行的表")
        return
    number = max(alike, key=lambda one: (alike[one], -one))
    blocks = SequenceMatcher(None, printed[number], expected, autojunk=False).get_opcodes()
    for kind, a, b, c, d in blocks:
        if kind != "equal":
            pairs = zip_longest(printed[number][a:b], expected[c:d])
            for n, (row, right) in enumerate(pairs, a + 1):
                yield from _row_differences(file, f"表 {number} 第 {n} 行", row, right, expected[0])


def _row_differences(
    file: str, place: str, row: Sequence[str] | None, right: Sequence[str] | None, heads: Sequence[str]
) -> Iterator[CellRemark]:
    """Yield the cells of a row that differ; a row too many or too few is one."""
    if row is None or right is None:
        texts = (_row_text(one) if one else "（没有这一行）" for one in (row, right))
        yield CellRemark(file, place, _row_text(row or right or ()), *texts)
        return
    for column, (cell, text) in enumerate(zip_longest(row, right, fillvalue="")):
        if cell != text:
            head = heads[column] if column < len(heads) else column + 1
            yield CellRemark(file, f"{place}「{head}」", _row_text(row), cell or "（空）", text or "（空）")


def _row_text(row: Sequence[str]) -> str:
    return " ".join(filter(None, row))
