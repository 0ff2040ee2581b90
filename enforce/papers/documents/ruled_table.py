"""A ruled table (表格) as it stands in a document: every cell traced, its heading repeated on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import escape

from enforce.papers.documents.leaves import FieldNames

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_EDGE = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_SIDES = "".join(f'<w:{side} w:w="40" w:type="dxa"/>' for side in ("left", "right"))
_LOOK = (
    f'<w:jc w:val="center"/><w:tblBorders>{_EDGE}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    f"<w:tblCellMar>{_SIDES}</w:tblCellMar>"
)
#: The styles of a template for headings and totals, and for what stands below.
_HEAD, _TEXT = "TableHead", "TableText"
_LONG = 12  # characters of a cell from which its column begins at the left


@dataclass(frozen=True)
class Ruled:
    """A table to print: its columns are the headings, all cells texts; `weights` widths, `strong` rows of totals."""

    table: pd.DataFrame
    weights: tuple[float, ...]
    strong: frozenset[int] = frozenset()


def table_xml(ruled: Ruled, name: str, names: FieldNames, width: int) -> str:
    """Return a ruled table as Word has it, `width` twips wide; its cells are marked with the name of the table."""
    columns = [str(column) for column in ruled.table.columns]
    widths = [round(width * weight / sum(ruled.weights)) for weight in ruled.weights]
    heading = [names.marked(f"{name}.表头", column) for column in columns]
    rows = [_row_xml(heading, [(width, "center") for width in widths], _HEAD, "<w:cantSplit/><w:tblHeader/>")]
    sides = ["left" if ruled.table[column].map(len).gt(_LONG).any() else "center" for column in ruled.table]
    placed = list(zip(widths, sides, strict=True))
    for n, cells in enumerate(ruled.table.itertuples(index=False, name=None)):
        texts = [names.marked(f"{name}[{n + 1}].{column}", cell) for column, cell in zip(columns, cells, strict=True)]
        rows.append(_row_xml(texts, placed, _HEAD if n in ruled.strong else _TEXT, "<w:cantSplit/>"))
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    look = f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>{_LOOK}</w:tblPr>'
    return f'<w:tbl xmlns:w="{SPACE}">{look}<w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'


def _row_xml(cells: Sequence[str], look: Sequence[tuple[int, str]], style: str, breaks: str) -> str:
    """Return a row; `look` has the width of each cell, in twips, and the side at which it begins."""
    return f"<w:tr><w:trPr>{breaks}</w:trPr>{''.join(_cells_xml(cells, look, style))}</w:tr>"


def _cells_xml(cells: Sequence[str], look: Sequence[tuple[int, str]], style: str) -> Iterator[str]:
    for cell, (width, side) in zip(cells, look, strict=True):
        text = str(escape(cell)).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:jc w:val="{side}"/></w:pPr>'
            f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:tc>'
        )
