"""The tables (表) of one plan, read and checked, and the rows of them that were set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from enforce.inputs.tables.forms import TABLES
from enforce.words.problems import Problem


@dataclass(frozen=True, eq=False)
class Tables:
    """The four tables of one plan: one row per task, officer, unit and record of a visit done.

    `limits` are what a plan may add: one row per bound on the visits of a task, or of all, in some months; `penalties`
    too: one row per decision of penalty.
    `files` are their files as they are called on disk. `bad` holds the rows set aside, for every file that has some:
    row as Excel shows it, reason, then the cells; `reasons` are the problems of those rows.
    """

    tasks: pd.DataFrame
    roster: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame
    limits: pd.DataFrame = field(default_factory=lambda: no_rows("limits"))
    penalties: pd.DataFrame = field(default_factory=lambda: no_rows("penalties"))
    files: Mapping[str, str] = field(default_factory=dict)
    bad: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    reasons: tuple[Problem, ...] = ()

    @property
    def decisions(self) -> pd.DataFrame | None:
        """The decisions of penalty (处罚决定); None where a plan has no table of them."""
        return self.penalties if "penalties" in self.files else None

    @property
    def aside(self) -> pd.DataFrame:
        """The rows set aside (放到一边): one row each, with file, row as Excel shows it and message."""
        rows = [(file, row.row, row.reason) for file, table in self.bad.items() for row in table.itertuples()]
        return pd.DataFrame(rows, columns=["file", "row", "message"])


def no_rows(name: str) -> pd.DataFrame:
    """Return a table of ours that has no row, each column of its type.

    >>> no_rows("limits").columns.tolist()
    ['task_id', 'months', 'minimum', 'maximum', 'basis']
    """
    return pd.DataFrame({column.name: pd.Series([], dtype=column.dtype) for column in TABLES[name]})
