"""The measures (承诺的量): a visible list of functions, facts and what is asked -> readings, one per row of the ledger.

A function is named in a plan's promises and looks at the visits, units, acts or papers they say. Its denominators are
those of the approved plan and of the frozen key list. Where the tables do not hold what it needs it gives no reading:
nothing that is not known counts as 0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pandas as pd

from enforce.planning.through import focus, progress
from enforce.planning.through.actuals import FIGURES, Actuals
from enforce.planning.through.other_work import work_by_kind
from enforce.planning.through.same_period import WHOLE_YEAR
from enforce.words.months import MONTHS, QUARTERS
from enforce.words.terms import Measure, OtherKind, PlanState, label, names_of

Asked = Mapping[str, Any]
_OF_LINES = ("lines", "tier", "kind", "selection")
_SIDES = {None: "", True: "（辖区内）", False: "（辖区外）"}
_OF_WORK = (*_OF_LINES, "planned", "in_district")
#: Columns of records that every table of them has: an empty cell is an answer.
_ALWAYS = frozenset({"record_id", "inspection_code", "full_record", "task_id", "unit_id"})


@dataclass(frozen=True, eq=False)
class Facts(Actuals):
    """What the measures look at on a day: the actuals of the plan's `year`, and the papers and draws beside them.

    `key_list` (code -> line) and `key_periods` are as approved; `has_work` says whether there is a table of other work;
    `drawn` the units of each line's draws; `steps` state, date and number of each step of approval; `annexes` which of
    the four are frozen; `planned_on` the day of the first version with a line; `streets` those there are, and those
    that reported.
    """

    year: int = 0
    approved_on: str = ""
    has_work: bool = True
    clues: pd.DataFrame = field(default_factory=pd.DataFrame)
    publications: pd.DataFrame = field(default_factory=pd.DataFrame)
    drawn: Mapping[str, Collection[str]] = field(default_factory=dict)
    steps: Sequence[tuple[str, str, str]] = ()
    annexes: Sequence[bool] = ()
    planned_on: Mapping[str, str] = field(default_factory=dict)
    min_gap_days: int | None = None
    streets: Collection[str] = ()
    streets_reported: Collection[str] | None = None
    street_overlaps: int | None = None


@dataclass(frozen=True)
class MeasureReading:
    """One row of a measure: numerator and denominator (None: none), and the part of the measure it is of.

    `current` is the denominator by the plan in force, `extra` what was done beyond the plan and counts for nothing,
    `expected` what was due to the day, `benchmark` what the share is held against.
    """

    numerator: float
    denominator: int | None = None
    part: str = ""
    current: int | None = None
    extra: int = 0
    expected: int | None = None
    benchmark: Fraction | None = None


class Lacking(Exception):
    """The tables do not hold what a measure needs."""


def _require(there: object) -> None:
    """Give no reading where the tables do not hold what a measure needs."""
    if not there:
        raise Lacking


Readings = list[MeasureReading]
Filter = Callable[[Facts, pd.DataFrame, Any], pd.Series]


def readings(facts: Facts, asked: Asked) -> Readings:
    """Return what a measure comes to on the day; [] where the tables do not hold what it needs.

    >>> steps = [("approved", "2024-03-13", "1 号"), ("filed", "2024-04-02", "")]
    >>> facts = Facts("2024-06-30", *[pd.DataFrame()] * 8, {}, *[pd.DataFrame()] * 2, steps=steps)
    >>> readings(facts, {"measure": "approval_steps"})
    [MeasureReading(numerator=1, denominator=2, part='', current=None, extra=0, expected=None, benchmark=None)]
    """
    try:
        return MEASURES[Measure(asked["measure"])](facts, asked)
    except Lacking:
        return []


def lines_of(facts: Facts, visits: Asked) -> pd.DataFrame:
    """Return the lines that visits are chosen from: rows of `Facts.lines`; all where no line is said."""
    lines = facts.lines
    if visits.get("lines"):
        lines = lines[lines.index.isin(list(visits["lines"]))]
    for name in _OF_LINES[1:]:
        if visits.get(name):
            lines = lines[lines[name] == visits[name]]
    return lines


def records_of(facts: Facts, chosen: Sequence[Asked]) -> pd.DataFrame:
    """Return the records that fit one of the choices, each once."""
    parts = [_fitting_records(facts, visits) for visits in chosen]
    return facts.records[facts.records.index.isin([index for part in parts for index in part])]


def _fitting_records(facts: Facts, visits: Asked) -> pd.Index:
    records = facts.records
    if any(visits.get(name) for name in _OF_LINES):
        records = records[records["task_id"].isin(lines_of(facts, visits).index)]
    for name, fits in _FILTERS.items():
        value = visits.get(name)
        if value is not None and value not in ((), {}):
            records = records[fits(facts, records, value).astype(bool)]
    return records.index


def _given(facts: Facts, column: str) -> None:
    """Refuse a column that may be left out and in which nothing is written."""
    _require(column in _ALWAYS or facts.records[column].astype(bool).any())


def _has_columns(facts: Facts, records: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    for column in columns:
        _given(facts, column)
    return records[list(columns)].astype(bool).all(axis=1)


def _attended(facts: Facts, records: pd.DataFrame, sections: Sequence[str]) -> pd.Series:
    _given(facts, "attended")
    return records["attended"].map(lambda names: bool({*names} & {*sections}))


def _in_clues(facts: Facts, records: pd.DataFrame, inside: bool) -> pd.Series:
    _require(len(facts.clues))
    return records["unit_id"].isin({*facts.clues["unit_id"]} - {""}) == inside


def _in_draws(facts: Facts, records: pd.DataFrame, drawn: bool) -> pd.Series:
    _require({*records["task_id"]} <= {*facts.drawn})
    pairs = zip(records["task_id"], records["unit_id"], strict=True)
    return pd.Series([(unit in facts.drawn[task]) == drawn for task, unit in pairs], records.index, dtype=bool)


def _in_key_periods(facts: Facts, records: pd.DataFrame, inside: bool) -> pd.Series:
    _require(len(facts.key_periods))
    return focus.inside_periods(records["date"], facts.key_periods) == inside


def _scheme_in_time(facts: Facts, records: pd.DataFrame, timely: bool) -> pd.Series:
    _given(facts, "scheme_approved_on")
    approved = records["scheme_approved_on"]
    return ((approved != "") & (approved <= records["date"])) == timely


def _units_that(facts: Facts, words: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The units of the register whose cell in one of the columns is, or holds, one of the words."""
    _require(facts.units[list(words)].astype(bool).any(axis=None))
    fits = [
        facts.units[column].map(lambda cell, some=some: bool({cell, *_items(cell)} & {*some}))
        for column, some in words.items()
    ]
    return facts.units[pd.concat(fits, axis=1).any(axis=1)]


def _items(cell: object) -> tuple:
    return cell if isinstance(cell, tuple) else ()


_FILTERS: dict[str, Filter] = {
    "planned": lambda facts, records, value: (records["task_id"] != "") == value,
    "in_district": lambda facts, records, value: records["in_district"] == value,
    "last_day": lambda facts, records, value: records["date"] <= value,
    "on_key_list": lambda facts, records, value: records["unit_id"].isin(_key_list(facts)) == value,
    "in_clues": _in_clues,
    "drawn": _in_draws,
    "in_key_periods": _in_key_periods,
    "scheme_in_time": _scheme_in_time,
    "columns": _has_columns,
    "attended": _attended,
    "units_with": lambda facts, records, words: records["unit_id"].isin(_units_that(facts, words)["unit_id"]),
}


def _all_of(asked: Asked) -> Sequence[Asked]:
    """What a share is of: what is written, else all visits of the same lines."""
    return asked.get("of") or [{name: visits.get(name) for name in _OF_WORK} for visits in asked["visits"]]


def _codes(records: pd.DataFrame) -> set[str]:
    return {*records["unit_id"]} - {""}


def _key_list(facts: Facts) -> Mapping[str, str]:
    _require(facts.key_list is not None)
    return facts.key_list


# --- visits, units, entries ------------------------------------------------------------------------------------------


def _visits_done(facts: Facts, asked: Asked) -> Readings:
    rows = []
    for visits in asked["visits"]:
        done = records_of(facts, [visits]).groupby("task_id").size()
        whole = not any(visits.get(name) not in (None, (), {}) for name in _FILTERS)
        for line in lines_of(facts, visits).itertuples():
            count = int(done.get(line.Index, 0))
            plan, now = (_part_of_plan(number, line, visits) for number in (line.approved_visits, line.planned_visits))
            due = min(int(line.expected_visits), plan) if whole else None
            part = line.name + _SIDES[visits.get("in_district")]
            rows.append(MeasureReading(min(count, plan), plan, part, now, max(count - plan, 0), due))
    return rows if asked["each"] else [_sum(rows)]


def _part_of_plan(number: int, line: Any, visits: Asked) -> int:
    """The planned visits of a line, or those inside or outside the district alone."""
    outside = min(int(line.out_of_district_visits), int(number))
    return {None: int(number), False: outside, True: int(number) - outside}[visits.get("in_district")]


def _sum(rows: Readings) -> MeasureReading:
    done, plan, now, extra = (
        sum(numbers) for numbers in zip(*((r.numerator, r.denominator, r.current, r.extra) for r in rows), strict=True)
    )
    due = None if any(row.expected is None for row in rows) else sum(row.expected for row in rows)
    return MeasureReading(done, plan, current=now, extra=extra, expected=due)


def _share_measure(count: Callable[[pd.DataFrame], int]) -> Callable[[Facts, Asked], Readings]:
    """Make the measure of a share: what `count` makes of the chosen records, and of those it is a share of."""

    def share(facts: Facts, asked: Asked) -> Readings:
        of = _all_of(asked)
        if asked.get("by_plan"):
            plan, done = (
                [chosen(facts, one) for one in (asked["visits"], of)] for chosen in (_planned_count, records_of)
            )
            return [MeasureReading(*plan, part="按计划"), MeasureReading(*map(count, done), part="按完成")]
        if not asked.get("each"):
            return [MeasureReading(count(records_of(facts, asked["visits"])), count(records_of(facts, of)))]
        parts = [records_of(facts, chosen) for chosen in (asked["visits"], of)]
        lines = pd.concat([lines_of(facts, visits) for visits in asked["visits"]])
        return [
            MeasureReading(*(count(part[part["task_id"] == line.Index]) for part in parts), part=line.name)
            for line in lines.itertuples()
        ]

    return share


def _planned_count(facts: Facts, chosen: Sequence[Asked]) -> int:
    """The planned visits of lines, or of their part inside or outside the district."""
    lines = ((line, visits) for visits in chosen for line in lines_of(facts, visits).itertuples())
    return sum({(n.Index, v.get("in_district")): _part_of_plan(n.approved_visits, n, v) for n, v in lines}.values())


def _units_done(facts: Facts, asked: Asked) -> Readings:
    planned = sum(int(lines_of(facts, visits)["planned_units"].sum()) for visits in asked["visits"])
    return [_up_to(len(_codes(records_of(facts, asked["visits"]))), planned)]


def _up_to(count: int, planned: int) -> MeasureReading:
    """A count against what was planned; what is beyond it stands apart and makes up for nothing else."""
    return MeasureReading(min(count, planned), planned, extra=max(count - planned, 0))


def _units_repeated(facts: Facts, asked: Asked) -> Readings:
    records = records_of(facts, asked["visits"])
    named = records[(records["unit_id"] != "") & (records["task_id"] != "")]
    return [MeasureReading(int((named.groupby(["task_id", "unit_id"]).size() > 1).sum()))]


def _key_units_visited(facts: Facts, asked: Asked) -> Readings:
    listed = _key_list(facts)
    return [MeasureReading(len(_codes(records_of(facts, asked["visits"])).intersection(listed)), len(listed))]


def _key_units_marked(facts: Facts, asked: Asked) -> Readings:
    listed = _key_list(facts)
    units = facts.units[facts.units["unit_id"].isin(listed)]
    return [MeasureReading(int(units[asked["column"]].astype(bool).sum()), len(listed))]


def _key_units_covered(facts: Facts, asked: Asked) -> Readings:
    listed = _key_list(facts)
    return [MeasureReading(sum(line in facts.lines.index for line in listed.values()), len(listed))]


def _listed_units_visited(facts: Facts, asked: Asked) -> Readings:
    units = {*_units_that(facts, asked["units_with"])["unit_id"]}
    return [MeasureReading(len(_codes(records_of(facts, asked.get("visits") or [{}])) & units), len(units))]


def _entry_visits(facts: Facts, asked: Asked) -> Readings:
    records = records_of(facts, asked["visits"])
    named = records[records["unit_id"] != ""]
    return [MeasureReading(len(named), part="家次"), MeasureReading(progress.entry_count(named), part="入企次数")]


def _close_entries(facts: Facts, asked: Asked) -> Readings:
    _require(facts.min_gap_days is not None)
    records = records_of(facts, asked["visits"])
    named = records[records["unit_id"] != ""].drop_duplicates(["unit_id", "date"]).sort_values("date")
    days = named["date"].map(date.fromisoformat).groupby(named["unit_id"]).agg(list)
    gaps = ((later - day).days for dates in days for day, later in pairwise(dates))
    return [MeasureReading(sum(gap < facts.min_gap_days for gap in gaps))]


def _partner_visits(facts: Facts, asked: Asked) -> Readings:
    _given(facts, "partners")
    records = records_of(facts, asked["visits"])
    named = [name for visits in asked["visits"] for names in lines_of(facts, visits)["partners"] for name in names]
    return [
        MeasureReading(sum(name in names for names in records["partners"]), part=name) for name in dict.fromkeys(named)
    ]


def _unplanned_share(facts: Facts, asked: Asked) -> Readings:
    table = pd.DataFrame(columns=FIGURES) if facts.last_year is None else facts.last_year
    whole = table[table["period"].isin(["", WHOLE_YEAR])].set_index("indicator")["figure"]
    unplanned, total = (whole.get(names_of("indicator")[key]) for key in ("unplanned", "visits"))
    _require(unplanned is not None and total)
    return [_unplanned_part(facts.records, benchmark=Fraction(unplanned) / Fraction(total))]


def _unplanned_quarters(facts: Facts, asked: Asked) -> Readings:
    rows, before = [], None
    for n, name in enumerate(QUARTERS):
        part = facts.records[(progress.month_numbers(facts.records["date"]) - 1) // 3 == n]
        if len(part):
            rows.append(_unplanned_part(part, name, before))
            before = Fraction(int(rows[-1].numerator), len(part))
    return rows


def _unplanned_part(records: pd.DataFrame, part: str = "", benchmark: Fraction | None = None) -> MeasureReading:
    share = progress.sources_of_visits(records).iloc[1]
    return MeasureReading(int(share["numerator"]), int(share["denominator"]), part, benchmark=benchmark)


# --- periods, themes, clues -------------------------------------------------------------------------------------------


def _periods_visited(facts: Facts, asked: Asked) -> Readings:
    records = records_of(facts, asked["visits"])
    month = records["date"].str[5:7].astype(int)
    lines = pd.concat([lines_of(facts, visits) for visits in asked["visits"]])
    visited = [
        bool(month[records["task_id"] == line.Index].isin(period).any())
        for line in lines.itertuples()
        for period in line.periods
    ]
    return [MeasureReading(sum(visited), len(visited))]


def _themes_listed(facts: Facts, asked: Asked) -> pd.DataFrame:
    """The themes that the lines name: one row per line and theme, with the visits that looked at it."""
    lines = pd.concat([lines_of(facts, visits) for visits in asked["visits"]])
    table = focus.theme_counts(lines, records_of(facts, asked["visits"]))
    return table[table["listed"]]


def _themes_named(facts: Facts, asked: Asked) -> Readings:
    return [MeasureReading(len(_themes_listed(facts, asked)))]


def _themes_visited(facts: Facts, asked: Asked) -> Readings:
    _given(facts, "themes")
    themes = _themes_listed(facts, asked)
    return [MeasureReading(int((themes["done_visits"] > 0).sum()), len(themes))]


def _clues_of(facts: Facts, asked: Asked) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lines, and the clues that are theirs."""
    _require(len(facts.clues))
    lines = pd.concat([lines_of(facts, visits) for visits in asked["visits"]])
    clues = facts.clues[facts.clues["task_id"].isin(["", *lines.index]) & (facts.clues["date"] <= facts.as_of)]
    return lines, clues


def _clues_settled(facts: Facts, asked: Asked) -> Readings:
    lines, clues = _clues_of(facts, asked)
    return [_up_to(len(clues), int(lines["counted_items"].sum()))]


def _clue_visits(facts: Facts, asked: Asked) -> Readings:
    _, clues = _clues_of(facts, asked)
    units = _codes(clues)
    return [MeasureReading(int(records_of(facts, asked["visits"])["unit_id"].isin(units).sum()), len(units))]


# --- other work -------------------------------------------------------------------------------------------------------


def _acts_asked(facts: Facts, asked: Asked) -> pd.DataFrame:
    """Other work of the kinds asked, up to the day: one row per act."""
    _require(facts.has_work)
    work = facts.other_work
    return work[work["work_kind"].isin([str(kind) for kind in asked["kinds"]]) & (work["date"] <= facts.as_of)]


def _acts(facts: Facts, asked: Asked) -> Readings:
    table = work_by_kind(_acts_asked(facts, asked), facts.as_of).set_index("work_kind")
    rows = []
    for kind in asked["kinds"]:
        acts, used = (table[name].get(kind, 0) for name in ("acts", "used_days"))
        rows.append(MeasureReading(int(acts), part=OtherKind(kind).label))
        if used:
            rows.append(MeasureReading(float(used), part=f"{OtherKind(kind).label}{label('used_days')}"))
    return rows


def _acts_registered(facts: Facts, asked: Asked) -> Readings:
    acts = len(_acts_asked(facts, asked))
    _require(asked["given"] is not None and asked["given"] >= acts)
    return [MeasureReading(acts, asked["given"])]


def _acts_closed(facts: Facts, asked: Asked) -> Readings:
    table = work_by_kind(_acts_asked(facts, asked), facts.as_of)
    due = int(table["due_acts"].sum())
    return [MeasureReading(due - int(table["late_acts"].sum()), due)]


def _periods_with_acts(facts: Facts, asked: Asked) -> Readings:
    dates, periods = _acts_asked(facts, asked)["date"], facts.key_periods
    if asked["periods"]:
        periods = periods[periods["name"].isin(list(asked["periods"]))]
    seen = [dates.between(row.from_date, row.to_date).any() for row in periods.itertuples()]
    return [MeasureReading(sum(map(bool, seen)), len(seen))]


# --- papers, versions, streets ----------------------------------------------------------------------------------------


def _approval_steps(facts: Facts, asked: Asked) -> Readings:
    steps = (PlanState.APPROVED, PlanState.FILED)
    taken = {state for state, day, number in facts.steps if day and number and day <= facts.as_of}
    return [MeasureReading(len(taken.intersection(steps)), len(steps))]


def _annexes_frozen(facts: Facts, asked: Asked) -> Readings:
    _require(facts.annexes)
    return [MeasureReading(sum(facts.annexes), len(facts.annexes))]


def _lines_adding_up(facts: Facts, asked: Asked) -> Readings:
    sums = facts.approved.groupby("task_id")["visits"].sum()
    planned = facts.lines["approved_visits"]
    return [MeasureReading(int((planned.index.map(sums).fillna(0) == planned).sum()), len(planned))]


def _months_published(facts: Facts, asked: Asked) -> Readings:
    """A month is published where a row of its document is dated in the month before it."""
    _require(len(facts.publications))
    year = facts.approved_on[:4] if facts.approved_on[:4] == facts.as_of[:4] else ""
    first = int(facts.approved_on[5:7]) + 1 if year else 1
    begun = [month for month in MONTHS if first <= month <= int(facts.as_of[5:7])]
    dates = facts.publications.loc[facts.publications["document"] == asked["document"], "date"]
    months = {(int(day[:4]), int(day[5:7])) for day in dates if day <= facts.as_of}
    before = [(int(facts.as_of[:4]) - (month == 1), (month - 2) % 12 + 1) for month in begun]
    return [MeasureReading(len(months.intersection(before)), len(begun))]


def _orders_planned(facts: Facts, asked: Asked) -> Readings:
    ordered = facts.lines[facts.lines["order_document"] != ""].index
    first = facts.records.groupby("task_id")["date"].min()
    _require(len(ordered))
    timely = [facts.planned_on.get(line, "9999") <= first.get(line, facts.as_of) for line in ordered]
    return [MeasureReading(sum(timely), len(timely))]


def _streets_reported(facts: Facts, asked: Asked) -> Readings:
    _require(facts.streets_reported is not None)
    return [MeasureReading(len(facts.streets_reported), len(facts.streets))]


def _street_overlaps(facts: Facts, asked: Asked) -> Readings:
    _require(facts.street_overlaps is not None)
    return [MeasureReading(facts.street_overlaps)]


#: Every measure a promise may name.
MEASURES: dict[Measure, Callable[[Facts, Asked], Readings]] = {
    Measure.VISITS_DONE: _visits_done,
    Measure.VISITS_SHARE: _share_measure(len),
    Measure.UNITS_DONE: _units_done,
    Measure.UNITS_SHARE: _share_measure(lambda records: len(_codes(records))),
    Measure.UNITS_REPEATED: _units_repeated,
    Measure.KEY_UNITS_VISITED: _key_units_visited,
    Measure.KEY_UNITS_MARKED: _key_units_marked,
    Measure.KEY_UNITS_COVERED: _key_units_covered,
    Measure.LISTED_UNITS_VISITED: _listed_units_visited,
    Measure.ENTRY_VISITS: _entry_visits,
    Measure.ENTRIES_SHARE: _share_measure(progress.entry_count),
    Measure.CLOSE_ENTRIES: _close_entries,
    Measure.ACTS: _acts,
    Measure.ACTS_REGISTERED: _acts_registered,
    Measure.ACTS_CLOSED: _acts_closed,
    Measure.PERIODS_WITH_ACTS: _periods_with_acts,
    Measure.PERIODS_VISITED: _periods_visited,
    Measure.THEMES_NAMED: _themes_named,
    Measure.THEMES_VISITED: _themes_visited,
    Measure.CLUES_SETTLED: _clues_settled,
    Measure.CLUE_VISITS: _clue_visits,
    Measure.APPROVAL_STEPS: _approval_steps,
    Measure.ANNEXES: _annexes_frozen,
    Measure.LINES_ADDING_UP: _lines_adding_up,
    Measure.MONTHS_PUBLISHED: _months_published,
    Measure.ORDERS_PLANNED: _orders_planned,
    Measure.UNPLANNED_SHARE: _unplanned_share,
    Measure.UNPLANNED_QUARTERS: _unplanned_quarters,
    Measure.PARTNER_VISITS: _partner_visits,
    Measure.STREETS_REPORTED: _streets_reported,
    Measure.STREET_OVERLAPS: _street_overlaps,
}
