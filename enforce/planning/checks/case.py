"""The case (案卷): everything a check may look at, and the shape of what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from enforce.planning.months.allocate import Allocation
from enforce.planning.names.burden import Burden
from enforce.planning.through.actuals import Actuals
from enforce.words.terms import Severity
from enforce.words.vocabulary import Vocabulary

COLUMNS = ["check", "severity", "where", "message", "figure", "limit"]


@dataclass(frozen=True, eq=False)
class Approval:
    """What was approved, as the checks see it; the default is a plan nobody has approved.

    `noted_on` is the day the plan notes as that of its approval, `first_day` that of version 1, '' where there is none;
    `version` the number of the version in force and `lacks` what its file does not hold; `recorded` the months with a
    record up to the approval; `differences` one row per task and month (task_id, task, month, approved_visits, visits);
    `key_list` the frozen codes with their covering lines, None where none is frozen, `units` the register and `changes`
    the changes of the list since (unit_id, change, date).
    """

    noted_on: str = ""
    first_day: str = ""
    version: int = 0
    lacks: tuple[str, ...] = ()
    recorded: frozenset[int] = frozenset(range(1, 13))
    differences: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["task_id", "task"]))
    key_list: Mapping[str, str] | None = None
    units: pd.DataFrame = field(default_factory=pd.DataFrame)
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Case:
    """The plan as the checks see it: its choices, its tables, what was computed from them, the rules in force.

    `days` has one row per date, `capacity` is the account by months, short ones below zero, `staff` has one row per
    team whose officers changed (team, message), `headcount` is by team, `printed` one row per figure the plan's text
    prints (as `printed_table` has them), `rules` maps names to values (None = no rule found), `alerts` are the
    district's own lines where no rule draws one, `words` are the bureau's own, `records` may be empty, `closed` is
    the last month that is over, `rows_aside` how many rows of the tables could not be read, `doubts` what may be wrong
    in them (file, sentence), `approval` what of the plan is on record.
    `decisions` has one row per decision of penalty, None where there is no such table. `as_of` is
    the day of the records ('' = all), `expected` what was expected of each task to that day (家次), without which a
    line is judged by its whole total. `rules_by_day` has the rules that judge a record by its own day.
    `ruled_on` is the day whose rules hold for the plan, `bases` the legal bases cited and judged on it (as
    `cited_bases` has them), `burden` what the plan asks of firms, None where nobody asks. `named` are the named visits,
    None where nobody named them, `elsewhere` the units whose visit by another authority counts, `removed` the visits of
    drawn units that are not made (as `removals.removed_visits` has them), `off_site` how many records are no visits,
    `unknown_names` what promises name and the plan does not have: promise and name, `work`
    other work to the day, None where there is no table of it,
    `actuals` what the year was by the day, None where nobody asks, `completions` tables of what was done by
    their titles, each with its columns: words, done, due.
    """

    approved_on: str
    estimated: bool
    reserve_share: float
    days: pd.DataFrame
    key_periods: pd.DataFrame
    headcount: pd.Series
    tasks: pd.DataFrame
    roster: pd.DataFrame
    units: pd.DataFrame
    records: pd.DataFrame
    statutory: pd.DataFrame
    account: pd.DataFrame
    capacity: pd.DataFrame
    staff: pd.DataFrame
    allocation: Allocation
    printed: pd.DataFrame
    rules: Mapping[str, object]
    words: Vocabulary
    alerts: Mapping[str, float]
    closed: int = 0
    rows_aside: int = 0
    doubts: tuple[tuple[str, str], ...] = ()
    approval: Approval = field(default_factory=Approval)
    decisions: pd.DataFrame | None = None
    as_of: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    rules_by_day: Mapping[tuple[str, str], object] = field(default_factory=dict)
    ruled_on: str = ""
    bases: pd.DataFrame | None = None
    burden: Burden | None = None
    named: pd.DataFrame | None = None
    elsewhere: frozenset[str] = frozenset()
    removed: pd.DataFrame | None = None
    off_site: int = 0
    unknown_names: tuple[tuple[str, str], ...] = ()
    work: pd.DataFrame | None = None
    actuals: Actuals | None = None
    completions: Mapping[str, tuple[pd.DataFrame, str, str, str]] = field(default_factory=dict)

    @property
    def under_way(self) -> bool:
        """Whether workdays of the year come after the day of the records."""
        return bool(self.as_of) and bool((self.days["workday"] & (self.days["date"] > self.as_of)).any())

    def rule_on(self, rule: str, day: str) -> object:
        """Return the value of a rule on a day of the records, else that of the plan; None where there is none."""
        return self.rules_by_day.get((rule, day), self.rules.get(rule))


@dataclass(frozen=True)
class Finding:
    """One doubt (存疑): where, a sentence, the figure found and the limit it is held against."""

    severity: Severity
    where: str
    message: str
    figure: str = ""
    limit: str = ""


Findings = Iterator[Finding]
#: A finding of each severity: where, message, figure, limit.
error, doubt, note = (partial(Finding, severity) for severity in Severity)


def days(number: float) -> str:
    """Return officer-days without a needless decimal.

    >>> days(12.0), days(12.5)
    ('12 人日', '12.5 人日')
    """
    return f"{number:.12g} 人日"
