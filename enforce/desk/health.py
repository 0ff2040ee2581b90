"""The health of a register that was read (台账体检): what its table shows, and what only the reading knows."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from enforce.inputs.tables.reading import Reading
from enforce.planning.through.register_health import Unread, register_health
from enforce.sheets.codes import FORM
from enforce.words.terms import Level, State

_LEVELS = f"{'、'.join(level.label for level in Level)} 之一"
#: Kind of finding, and what a reason of that kind says.
_REASONS = (
    ("duplicate_codes", "不重复的编号"),
    ("duplicate_codes", "编号重复"),
    ("invalid_codes", FORM),
    ("bad_levels", _LEVELS),
)


def health(reading: Reading, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the health of a register that was read, with what only the reading knows: one row per kind of finding."""
    closed = reading.table["name"][shut(reading.table)]
    return register_health(reading.table, tasks, unread(reasons(reading.bad_rows))._replace(closed=tuple(closed)))


def shut(units: pd.DataFrame) -> pd.Series:
    """Return which units of a register are not open (不在营业): one flag per row; unknown is not shut."""
    return ~units["state"].fillna("").isin(["", State.OPEN])


def reasons(bad: pd.DataFrame) -> list[tuple[int, str]]:
    """Return row and reason of rows that were set aside."""
    return [] if bad.empty else list(zip(bad["row"], bad["reason"], strict=True))


def unread(rows: Iterable[tuple[int, str]]) -> Unread:
    """Sort rows of a register that were set aside, each with its reasons, by the kind of the first that fits.

    >>> unread([(3, "第 3 行「代码」 = 甲：应为 18 位统一社会信用代码"), (5, "与后面的行编号重复")]).duplicate_codes
    ('第 5 行',)
    """
    found: dict[str, list[str]] = {}
    for row, reason in rows:
        kind = next((kind for kind, mark in _REASONS if mark in reason), "other")
        found.setdefault(kind, []).append(f"第 {row} 行")
    return Unread(**{kind: tuple(places) for kind, places in found.items()})
