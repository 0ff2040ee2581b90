"""A grid made by hand, read as a file would be."""

from __future__ import annotations

from stdnum.cn import uscc

from enforce.inputs.tables.reading import Reading, read_sheets
from enforce.sheets.grids.grid import Grid, GridRow


def code(number: int) -> str:
    """A credit code that checks, of no firm there is."""
    body = f"91310107MA1T{number:05d}"
    return body + uscc.calc_check_digit(body)


def grid(*rows: list | tuple, sheet: str = "台账", encoding: str = "", hidden=(), struck=(), **rest) -> Grid:
    """A sheet of these rows, numbered from 1; rows of nothing are left out, as the readers of files do."""
    width = max((len(row) for row in rows), default=0)
    cells = [(n, tuple(row) + (None,) * (width - len(row))) for n, row in enumerate(rows, 1)]
    made = [
        GridRow(n, row, n in hidden, n in struck) for n, row in cells if any(cell not in (None, "") for cell in row)
    ]
    return Grid("a.xlsx", sheet, encoding, tuple(made), **rest)


def read(*rows, kind=None, plan=None, tables=None, as_of="", **rest) -> Reading:
    """Read one sheet of these rows."""
    return read_sheets([grid(*rows, **rest)], kind, plan=plan, tables=tables, as_of=as_of)


def told(reading: Reading) -> dict[str, str]:
    """The problems of a reading: place without the sheet -> what is expected."""
    return {problem.where.removeprefix("工作表「台账」"): problem.expected for problem in reading.problems}


def why(reading: Reading) -> dict[int, str]:
    """The rows passed over, with the reason."""
    return {skipped.row: skipped.why for skipped in reading.report.skipped}
