"""A leaf (字段): one value of a paper with its name, so that whatever is printed can be traced to it.

While a paper is filled each value carries invisible marks; `pieces` parts a printed text at them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup, escape

# Noncharacters: no text that a reader could mean holds them, and XML takes them.
_OPEN, _NAMED, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS = re.compile(f"{_OPEN}\\d+{_NAMED}|{_CLOSE}")
_PIECES = re.compile(f"{_OPEN}(\\d+){_NAMED}([^{_OPEN}{_CLOSE}]*){_CLOSE}|([^{_OPEN}]+)")


class Ledger:
    """The names of the values printed in one paper (登记), each by its number."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def marked(self, name: str, text: str) -> str:
        """Return a text between marks that name its value; '' stays ''."""
        if not text:
            return text
        self.names.append(name)
        return f"{_OPEN}{len(self.names) - 1}{_NAMED}{text}{_CLOSE}"


@dataclass(frozen=True)
class Piece:
    """A part of a printed text: `name` of the value it is of, '' where the template's own words are."""

    text: str
    name: str = ""


def unmarked(text: str) -> str:
    """Return a text as it is printed, without marks."""
    return _MARKS.sub("", text)


def pieces(text: str, names: Sequence[str]) -> list[Piece]:
    """Return the parts of a marked text in order.

    >>> ledger = Ledger()
    >>> pieces(f"共{ledger.marked('总家次', '261')}家次", ledger.names)
    [Piece(text='共', name=''), Piece(text='261', name='总家次'), Piece(text='家次', name='')]
    """
    return [
        Piece(other) if other else Piece(inside, names[int(number)])
        for number, inside, other in _PIECES.findall(text)
        if other or inside
    ]


@dataclass(frozen=True, eq=False)
class Leaf:
    """One value of a paper: its name from the root (层次[1].家次), and the value, which conditions compare."""

    name: str
    value: object

    @property
    def text(self) -> str:
        """The value as it is printed: nothing where there is none."""
        return "" if self.value is None else f"{self.value}"

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Leaf) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __gt__(self, other: object) -> bool:
        return self.value > (other.value if isinstance(other, Leaf) else other)

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True)
class Blank:
    """A value the plan does not give (待填): `where` says where it is set; printing it stops the paper."""

    where: str


@dataclass(frozen=True)
class Ruled:
    """A ruled table (表格): headings are the columns; `weights` their widths, `strong` the rows of totals."""

    table: pd.DataFrame
    weights: tuple[float, ...]
    strong: frozenset[int] = frozenset()


def leaves(value: object, name: str = "") -> object:
    """Return nested values with every single one a leaf named from the root.

    >>> leaves({"层次": [{"家次": 178}]})["层次"][0]["家次"]
    Leaf(name='层次[1].家次', value=178)
    """
    if isinstance(value, Mapping):
        return {key: leaves(item, f"{name}.{key}" if name else str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [leaves(item, f"{name}[{n}]") for n, item in enumerate(value, 1)]
    return value if isinstance(value, Blank) else Leaf(name, value)


def printed(value: object, ledger: Ledger, width: int) -> object:
    """Return a value as it stands in a document, marked with its name; a Blank raises what is to be set where."""
    if isinstance(value, Blank):
        raise LookupError(value.where)
    if isinstance(value, Leaf) and isinstance(value.value, Ruled):
        return Markup(table_xml(value.value, value.name, ledger, width))
    if isinstance(value, Leaf):
        return ledger.marked(value.name, value.text)
    return ledger.marked("序号", str(value)) if type(value) is int else value


# --- a ruled table as it stands in a document ------------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_EDGE = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
                for side in ("top", "left", "bottom", "right", "insideH", "insideV"))  # fmt: skip


def table_xml(ruled: Ruled, name: str, ledger: Ledger, width: int) -> str:
    """Return a ruled table as Word has it, `width` twips wide, its heading repeated on every page."""
    total = sum(ruled.weights)
    widths = [round(width * weight / total) for weight in ruled.weights]
    head = _row_xml([ledger.marked(f"{name}.表头", str(column)) for column in ruled.table.columns], widths, "表头", heading=True)
    rows = (
        _row_xml(
            [ledger.marked(f"{name}[{n}].{column}", cell) for column, cell in zip(ruled.table.columns, row, strict=True)],
            widths,
            "表头" if n - 1 in ruled.strong else "表文",
        )
        for n, row in enumerate(ruled.table.itertuples(index=False, name=None), 1)
    )
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    layout = '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
    look = f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{_EDGE}</w:tblBorders>{layout}</w:tblPr>'
    return f"<w:tbl {_W}>{look}<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"


def _row_xml(cells: Sequence[str], widths: Sequence[int], style: str, heading: bool = False) -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' * heading}</w:trPr>{''.join(_cells_xml(cells, widths, style))}</w:tr>"


def _cells_xml(cells: Sequence[str], widths: Sequence[int], style: str) -> Iterator[str]:
    for cell, width in zip(cells, widths, strict=True):
        side = "left" if len(unmarked(cell)) > 12 else "center"
        text = str(escape(cell)).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{_STYLE_IDS[style]}"/><w:jc w:val="{side}"/></w:pPr>'
            f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:tc>'
        )


#: Styles of a template that tables use: name -> id.
_STYLE_IDS = {"表头": "TableHead", "表文": "TableText"}
