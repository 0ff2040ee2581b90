"""Grids (各表): every sheet of a file of any form, as typed cells with their place.

The form is recognised by content (sniff.py). Each form has its reader: xlsx by a lean pass of the standard library's
XML parser (xlsx.py), xls by xlrd (xls.py), web pages and XML of 2003 (html.py, xml.py), CSV
(csv.py). None of them is native code beyond the standard library: there is no crash to guard against.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from enforce.sheets.grids import sniff
from enforce.sheets.grids.grid import Grid, GridRow, Ruined, Span

__all__ = ["Grid", "GridRow", "Ruined", "Span", "read_grids"]

_READERS = {kind: f"enforce.sheets.grids.{kind.value}" for kind in sniff.Kind}


def read_grids(path: str | Path, sheet: str | None = None) -> tuple[Grid, ...]:
    """Read every sheet of a file, or the one named; InputError says why the file cannot be read and what to do.

    Hidden sheets and rows are there and marked; rows without any value are left out, the others keep their number.
    Every row is as wide as the sheet. Empty texts are None.
    """
    source = sniff.sniff(path)
    return import_module(_READERS[source.kind]).grids(source, sheet)
