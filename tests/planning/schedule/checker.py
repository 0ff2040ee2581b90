"""An independent reading of the hard rules: what a schedule breaks, worked out from its tables alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import combinations
from math import ceil

import pandas as pd

from enforce.planning.schedule.appointments import Circumstances


def broken(given: Circumstances, visits: pd.DataFrame) -> list[str]:
    """Every hard rule that a table of visits breaks, as one text each."""
    tasks = given.tasks.set_index("task_id")
    dated = visits[visits["date"] != ""]
    return [
        *_all_there(given, visits),
        *(text for row in dated.itertuples() for text in _of_one(given, row, tasks.loc[row.task_id])),
        *_in_two_places(given, dated),
        *_apart(given, dated),
        *_together(dated),
        *_too_many_a_day(given, dated),
        *_company(given, dated, tasks),
        *_beyond_caps(given, dated),
    ]


def _all_there(given: Circumstances, visits: pd.DataFrame) -> Iterator[str]:
    wanted = given.visits[(given.visits["month"] > 0) & ~given.visits["done"]]
    ids = [f"{row.task_id}-{row.number:03}" for row in wanted.itertuples()]
    if sorted(ids) != sorted(visits["visit_id"]):
        yield "visits were lost or added"
    facts = {code: (row.unit_id, row.month) for code, row in zip(ids, wanted.itertuples(), strict=True)}
    yield from (
        f"{row.visit_id} is of another unit or month"
        for row in visits.itertuples()
        if facts.get(row.visit_id) != (row.unit_id, row.month)
    )


def places(given: Circumstances, row, parts: int = 0) -> range:
    """The parts of days a visit takes, counted through the working days."""
    start = list(given.days).index(row.date) * given.parts + row.part - 1
    return range(start, start + (parts or row.visit_parts))


def _of_one(given: Circumstances, row, task) -> Iterator[str]:
    on = {given.days[place // given.parts] for place in places(given, row)}
    crew = [row.officer_1, row.officer_2, *row.with_officers]
    if {int(day[5:7]) for day in on} != {row.month}:
        yield f"{row.visit_id} leaves its month"
    first, last = given.ordered.get(row.visit_id, ("", "9"))
    if row.date != first == last or (first != last and not (first <= min(on) and max(on) <= last)):
        yield f"{row.visit_id} is not on the days ordered"
    keyed = [first <= day <= last for day in sorted(on) for first, last in given.key_periods]
    if task.kind == "key_period" and sum(keyed) < len(on):
        yield f"{row.visit_id} is outside the key periods"
    if row.visit_parts < ceil(task.visit_days * given.parts):
        yield f"{row.visit_id} is too short"
    if row.visit_parts <= given.parts and len(on) > 1:
        yield f"{row.visit_id} goes over night"
    if "" in crew[:2] or len(set(crew)) < len(crew) or len(crew) < task.officers_per_visit:
        yield f"{row.visit_id} has too few officers"
    for code in crew:
        if any((given.recusals["officer_id"] == code) & (given.recusals["unit_id"] == row.unit_id)):
            yield f"{row.visit_id}: {code} is recused"
    yield from _pair(given, row, task)


def _pair(given: Circumstances, row, task) -> Iterator[str]:
    people = given.roster[(given.roster["from_month"] <= row.month) & (given.roster["to_month"] >= row.month)]
    pair = people[people["officer_id"].isin([row.officer_1, row.officer_2])]
    home = (pair["team"] == task.team) & (pair["department"] == "")
    if not pair["licensed"].all() or pair["officer_id"].nunique() != 2:
        yield f"{row.visit_id} has a pair without licence or out of service"
    if not (home | pair["department"].isin(task.partners)).all() or not home.any():
        yield f"{row.visit_id} has a pair of strangers"
    team = people[people["officer_id"].isin([row.officer_1, row.officer_2, *row.with_officers])]
    if task.officer_fields and not any(set(task.officer_fields) & set(fields) for fields in team["fields"]):
        yield f"{row.visit_id} has nobody of the field"
    drawn = given.drawn.get((row.task_id, row.unit_id))
    if drawn and set(drawn) - {row.officer_1, row.officer_2, *row.with_officers}:
        yield f"{row.visit_id} has other officers than drawn"


def _in_two_places(given: Circumstances, dated: pd.DataFrame) -> Iterator[str]:
    taken: dict[tuple[str, int], set[int]] = defaultdict(set)
    absent = {
        (row.officer_id, day) for row in given.leave.itertuples() for day in given.days
        if row.from_date <= day <= row.to_date
    }  # fmt: skip
    for row in dated.itertuples():
        for code in (row.officer_1, row.officer_2):
            for place in places(given, row):
                taken[code, place].add(row.entry)
                if (code, given.days[place // given.parts]) in absent:
                    yield f"{row.visit_id}: {code} is on leave"
        for code in row.with_officers:
            for place in places(given, row, 1):
                taken[code, place].add(row.entry)
                if (code, given.days[place // given.parts]) in absent:
                    yield f"{row.visit_id}: {code} is on leave"
    yield from (f"{code} is at {sorted(entries)} at once" for (code, _), entries in taken.items() if len(entries) > 1)


def _apart(given: Circumstances, dated: pd.DataFrame) -> Iterator[str]:
    for unit, rows in dated[dated["unit_id"] != ""].groupby("unit_id"):
        spans: dict[int, set[date]] = defaultdict(set)
        for row in rows.itertuples():
            spans[row.entry].update(date.fromisoformat(given.days[n // given.parts]) for n in places(given, row))
        for one, other in combinations(sorted(spans.values(), key=min), 2):
            if (min(other) - max(one)).days < max(given.gap_days, 1):
                yield f"{unit} is visited again after {(min(other) - max(one)).days} days"
        last = given.last.get(unit, "")
        if last and (min(map(min, spans.values())) - date.fromisoformat(last)).days < given.gap_days:
            yield f"{unit} is visited too soon after {last}"


def _together(dated: pd.DataFrame) -> Iterator[str]:
    for unit, rows in dated[dated["unit_id"] != ""].groupby(["unit_id", "month", "entry"]):
        if rows[["date", "half_day", "part"]].drop_duplicates().shape[0] > 1:
            yield f"{unit} is torn apart"


def _too_many_a_day(given: Circumstances, dated: pd.DataFrame) -> Iterator[str]:
    entries: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in dated.itertuples():
        for code in {row.officer_1, row.officer_2, *row.with_officers}:
            entries[code, row.date].add(row.entry)
    yield from (f"{key} has too many visits" for key, each in entries.items() if len(each) > given.visits_a_day)


def _company(given: Circumstances, dated: pd.DataFrame, tasks: pd.DataFrame) -> Iterator[str]:
    """Of every partner one officer, of every invited section as many as its share asks for; none of those without."""
    people = given.roster
    homes = people["department"].where(people["department"] != "", people["team"])
    for entry, rows in dated.groupby("entry"):
        here = people[(people["from_month"] <= rows["month"].iloc[0]) & (people["to_month"] >= rows["month"].iloc[0])]
        crew = {code for row in rows.itertuples() for code in (row.officer_1, row.officer_2, *row.with_officers)}
        for row in rows.itertuples():
            task = tasks.loc[row.task_id]
            wanted = [*task.invited, *((name, task.visit_days) for name in task.partners)]
            for name, share in wanted:
                members = set(here.loc[homes == name, "officer_id"])
                if len(members & crew) < ceil(share / task.visit_days) and (members or name not in row.with_sections):
                    yield f"{entry} goes without {name}"
                if not share and name not in row.with_sections:
                    yield f"{entry} does not say that {name} comes along"


def _beyond_caps(given: Circumstances, dated: pd.DataFrame) -> Iterator[str]:
    for lines, rooms in given.caps:
        counts = dated[dated["task_id"].isin(lines)].groupby("unit_id")["entry"].nunique()
        yield from (f"{unit} is entered too often" for unit, room in rooms.items() if counts.get(unit, 0) > room)
