"""The health of a register that was read (台账体检): what its table shows, and what only the reading knows."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from enforce.inputs.tables.reading import Reading
from enforce.planning.through.register_health import Unread, register_health
from enforce.words.problems import Flaw, Problem
from enforce.words.terms import State

#: Kind of finding, and the column and flaw that make it.
_FLAWS = (
    ("duplicate_codes", "unit_id", Flaw.REPEATED),
    ("invalid_codes", "unit_id", Flaw.VALUE),
    ("invalid_codes", "unit_id", Flaw.PERSONAL),
    ("bad_levels", "level", Flaw.VALUE),
)


def health(reading: Reading, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the health of a register that was read, with what only the reading knows: one row per kind of finding."""
    closed = reading.table["name"][shut(reading.table)]
    return register_health(reading.table, tasks, unread(reading.reasons)._replace(closed=tuple(closed)))


def shut(units: pd.DataFrame) -> pd.Series:
    """Return which units of a register are not open (不在营业): one flag per row; unknown is not shut."""
    return ~units["state"].fillna("").isin(["", State.OPEN])


def unread(reasons: Iterable[Problem]) -> Unread:
    """Sort rows of a register that were set aside, by the kind of the first of their problems that is listed.

    >>> from enforce.words.problems import Place
    >>> unread([Problem("a.csv", Place(row=5, name="unit_id"), "91", "不重复的编号", Flaw.REPEATED)]).duplicate_codes
    ('第 5 行',)
    """
    flaws: dict[int, set[tuple[str, Flaw]]] = {}
    for problem in reasons:
        flaws.setdefault(problem.place.row, set()).add((problem.place.name, problem.kind))
    kinds: dict[str, list[str]] = {}
    for row in sorted(flaws):
        kind = next((kind for kind, *flaw in _FLAWS if tuple(flaw) in flaws[row]), "other")
        kinds.setdefault(kind, []).append(f"第 {row} 行")
    return Unread(**{kind: tuple(places) for kind, places in kinds.items()})
