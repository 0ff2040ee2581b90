"""The evidence (凭证): what the measures of a plan's promises look at on a day, gathered from the year."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from enforce.desk.street_tables import overlaps_of, street_names
from enforce.desk.year import Year
from enforce.inputs.draws import units_to_visit
from enforce.planning.through.progress import until
from enforce.planning.through.promise_measures import Facts
from enforce.words.terms import PlanState, names_of

#: What is not known of a line that has left the tables since it was approved.
_GONE = {
    **dict.fromkeys(["tier", "kind", "selection", "order_document"], ""),
    **dict.fromkeys(["planned_units", "counted_items", "out_of_district_visits"], 0),
    **dict.fromkeys(["themes", "partners", "periods"], ()),
}


def facts_of(year: Year, records: pd.DataFrame, expected: pd.DataFrame, as_of: str) -> Facts:
    """Return what the measures look at: the plan as approved, the records up to the day, what was expected by then."""
    plan, tables = year.plan, year.tables
    periods = [(period.name, period.from_date, period.to_date) for period in plan.key_periods]
    steps = [(step.state, step.date, step.number) for step in plan.approval]
    if year.versions and not plan.step(PlanState.APPROVED):
        steps.append((PlanState.APPROVED, plan.approval_day, plan.document))
    return Facts(
        year=plan.year,
        as_of=as_of,
        approved_on=plan.approval_day,
        lines=_approved_lines(year, expected),
        records=records,
        units=year.counted(records),
        approved=year.approved,
        key_list=year.key_list,
        work=tables.other_work if len(tables.other_work) or "other_work" in tables.files else None,
        clues=tables.clues,
        publications=until(tables.publications, as_of),
        key_periods=pd.DataFrame(periods, columns=["name", "from_date", "to_date"]),
        drawn=_units_of_draws(year),
        steps=steps,
        annexes=_frozen_annexes(year),
        planned_on=_first_days(year),
        last_year=_last_figures(year),
        min_gap_days=plan.min_gap_days,
        **_street_facts(year, records),
    )


def _approved_lines(year: Year, expected: pd.DataFrame) -> pd.DataFrame:
    """The lines by task id, as approved and as in force: what has left the tables since is not passed over."""
    lines = year.tasks.set_index("task_id", drop=False)
    counts = {
        "approved_visits": _version_visits(year, first=True),
        "current_visits": _version_visits(year, first=False),
        "expected_visits": expected.groupby("task_id")["visits"].sum(),
    }
    gone = [code for code in counts["approved_visits"].index if code not in lines.index]
    names = {code: name for version in year.versions for code, name in version.names.items()}
    table = pd.DataFrame([{**_GONE, "task_id": code, "name": names[code]} for code in gone], index=gone)
    lines = pd.concat([lines, table]) if gone else lines
    for name, count in counts.items():
        lines[name] = count.reindex(lines.index).fillna(0).astype(int)
    return lines


def _version_visits(year: Year, *, first: bool) -> pd.Series:
    """Planned visits by line (家次): of the first version or of the one in force, else of today's tables."""
    if not year.versions:
        return year.tasks.set_index("task_id")["planned_visits"]
    version = year.versions[0 if first else -1]
    if version.tasks:
        return pd.Series({line: int(facts["planned_visits"]) for line, facts in version.tasks.items()})
    return version.visits.groupby("task_id")["visits"].sum()


def _units_of_draws(year: Year) -> dict[str, set[str]]:
    """The units of every line that has drawn: those to visit, substitutes in place of those removed."""
    units: dict[str, set[str]] = {}
    for draw in year.draws:
        if draw.result:
            units.setdefault(draw.task_id, set()).update(units_to_visit(draw))
    return units


def _frozen_annexes(year: Year) -> tuple[bool, ...]:
    """Which of the four annexes the approved version holds: months, key list, account; and last year's figures.

    () where nobody can tell: nothing is approved, or there are no figures of last year.
    """
    if not year.versions or year.last_year.empty:
        return ()
    version = year.versions[0]
    return (not version.visits.empty, version.key_list is not None, bool(version.capacity), True)


def _street_facts(year: Year, records: pd.DataFrame) -> dict:
    """What the streets handed in comes to; nothing where there is no folder of theirs."""
    if year.streets is None:
        return {}
    pairs = overlaps_of(year, records, year.plan.min_gap_days)
    overlaps = int(pairs["certain"].sum()) if year.plan.min_gap_days else None
    names = street_names(year)
    reported = {*year.streets["subdistrict"]}.intersection(names)
    return {"streets": names, "streets_reported": reported, "street_overlaps": overlaps}


def _first_days(year: Year) -> dict[str, str]:
    """The day of the first version that has a line, by line."""
    days: dict[str, str] = {}
    for version in year.versions:
        for line in version.visits["task_id"].unique():
            days.setdefault(line, version.as_of)
    return days


def _last_figures(year: Year) -> dict[str, Fraction]:
    """Last year's figures of the whole year, by the key of names.csv."""
    names = {name: key for key, name in names_of("indicator").items()}
    table = year.last_year
    return {
        names[row.indicator]: Fraction(row.figure)
        for row in table.itertuples()
        if row.indicator in names and row.period in ("", "全年")
    }
