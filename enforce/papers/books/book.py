"""A book (册): what a workbook is to hold, before anything is written: its sheets and its imprint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile

import pandas as pd

from enforce.papers.formulas import Formula
from enforce.papers.screen.cells import cell_text, is_missing, is_number, word
from enforce.words.terms import label

_DATES = frozenset({"date", "last_visit", "since", "checked_on"})


@dataclass(frozen=True)
class Meta:
    """The imprint of a book: the plan, its bureau, the document and ISO date that approved it ('' = draft).

    `mark` stands on every sheet (预估：...), so do `overloaded` (超负荷：...) and `disclaimer`; `notes` are the rules
    the numbers rest on. The `state` of a plan stands on every sheet until it is approved, then the `version` it is
    of; `plan` names it with the digest of its file, `edition` the version that the foot of a page names. A `plain` book
    is a list that no plan decides: it is neither a draft nor approved.
    """

    title: str
    bureau: str
    document: str
    approved_on: str
    year: int
    disclaimer: str = ""
    mark: str = ""
    overloaded: str = ""
    notes: tuple[str, ...] = ()
    plain: bool = False
    state: str = "草案：尚未批准"
    version: str = ""
    edition: str = ""
    plan: str = ""

    @property
    def marks(self) -> str:
        """The warnings that stand before every number: draft, estimate, overloaded teams."""
        draft = "" if self.approved_on or self.plain else self.state
        return "　".join(filter(None, [draft, self.mark, self.overloaded]))

    @property
    def foot(self) -> tuple[str, str]:
        """What stands left and right at the foot of every page: whose plan it is; its version and state."""
        approved = f"批准 {self.approved_on} {self.document}" if self.approved_on else self.state
        return f"{self.bureau}\n{self.title}", "" if self.plain else f"{self.edition}\n{approved}".strip()


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table, in columns named as everywhere, whose cells may be formulas, and its headings.

    `strong` rows are totals; those at the foot stay outside the filter. `label` stands top left (附件1), `unit`
    and `note` below the title; `numbers` is the kind of numbers (days, count) in columns whose name does not give it;
    the first `fixed` columns stay in view; `one_page` prints the sheet on one page, filled, where it is legible then (a
    `forced` one at any rate), an `upright` one with its long side up; `below` are tables printed under it where there
    is room, on sheets of their own where there is none. `teams` are the columns named after teams. The columns of a
    `headed` sheet are named as they are printed, its texts and days written as they stand. `folded` rows are put away
    until a reader opens them, and not printed.
    """

    name: str
    table: pd.DataFrame
    title: str = ""
    unit: str = ""
    note: str = ""
    label: str = ""
    numbers: str = ""
    strong: tuple[int, ...] = ()
    fixed: int = 0
    one_page: bool = False
    teams: tuple[str, ...] = ()
    headed: bool = False
    upright: bool = False
    forced: bool = False
    folded: frozenset[int] = frozenset()
    below: tuple[Sheet, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [str(name) for name in self.table.columns]

    @property
    def headings(self) -> list[str]:
        """What is printed above the columns."""
        return self.columns if self.headed else [label(name) for name in self.columns]

    @cached_property
    def rows(self) -> list[list]:
        """The rows as they are written: text, number, date, formula, None."""
        words = ["" if self.headed else name for name in self.columns]
        columns = [[_cell_content(name, cell) for cell in self.table.iloc[:, n]] for n, name in enumerate(words)]
        return [list(row) for row in zip(*columns, strict=True)]

    @property
    def foot(self) -> int:
        """The number of totals at the foot."""
        return sum(1 for _ in takewhile(self.strong.__contains__, reversed(range(len(self.table)))))


def _cell_content(column: str, cell: object) -> object:
    if isinstance(cell, Formula) or type(cell) is date:
        return cell
    if is_missing(cell):
        return None
    if is_number(cell):
        return int(cell) if float(cell).is_integer() else float(cell)
    if isinstance(cell, str):
        text = word(column, cell).replace("\r\n", "\n").replace("\r", "\n")
        return date.fromisoformat(text) if column in _DATES and text else text
    return cell_text(column, cell)
