"""The evidence (凭证): what the measures of a plan's promises look at besides the actuals, gathered from the year."""

from __future__ import annotations

from dataclasses import fields

from enforce.desk.street_tables import overlaps_of, street_names
from enforce.desk.year import Year
from enforce.inputs.draws import units_to_visit
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.progress import until
from enforce.planning.through.promise_measures import Facts
from enforce.words.terms import PlanState


def facts_of(year: Year, actuals: Actuals) -> Facts:
    """Return what the measures look at: the actuals of a day, and the papers, draws and streets beside them."""
    plan, tables = year.plan, year.tables
    steps = [(step.state, step.date, step.number) for step in plan.approval]
    if year.versions and not plan.step(PlanState.APPROVED):
        steps.append((PlanState.APPROVED, plan.approval_day, plan.document))
    return Facts(
        **{part.name: getattr(actuals, part.name) for part in fields(actuals)},
        year=plan.year,
        approved_on=plan.approval_day,
        has_work=len(tables.other_work) > 0 or "other_work" in tables.files,
        clues=tables.clues,
        publications=until(tables.publications, actuals.as_of),
        drawn=_units_of_draws(year),
        steps=steps,
        annexes=_frozen_annexes(year),
        planned_on=_first_days(year),
        min_gap_days=plan.min_gap_days,
        **_street_facts(year, actuals),
    )


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


def _street_facts(year: Year, actuals: Actuals) -> dict:
    """What the streets handed in comes to; nothing where there is no folder of theirs."""
    if year.streets is None:
        return {}
    pairs = overlaps_of(year, actuals.records, year.plan.min_gap_days)
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
