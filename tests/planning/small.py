"""Small plans written by hand, and the slow ways that the fast ones are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, prod

import pandas as pd
from hypothesis import assume
from hypothesis import strategies as st

from enforce.inputs.ledger.chain import LATER, blank
from enforce.planning.changes.causes import task_facts
from enforce.planning.months import exact
from enforce.planning.months.allocate import Allocation
from enforce.planning.months.exact import MILLI, Line, targets
from enforce.planning.months.level import Demand
from enforce.planning.months.position import Position, open_lines
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.removals import removed_visits
from enforce.words.numbers import COMFORTABLE_LOAD
from enforce.words.terms import Kind, Selection, Tier

YEAR = tuple(range(1, 13))
TASK = {
    "task_id": "P01",
    "group": "专项",
    "name": "某事项",
    "tier": Tier.KEY,
    "kind": Kind.CAMPAIGN,
    "planned_visits": 1,
    "planned_units": 1,
    "counted_items": 0,
    "counted_unit": "",
    "periods": (YEAR,),
    "visit_days": 1.0,
    "officers_per_visit": 2,
    "team": "大队",
    "invited": (),
    "selection": Selection.ALL,
    "hazards": (),
    "exclude": "",
    "out_of_district_visits": 0,
    "lead": "",
    "partners": (),
    "themes": (),
    "legal_basis": (),
    "content": (),
    "mode": (),
    "cap_per_unit": None,
    "office": (),
    "inspection_class": "",
    "order_document": "",
    "order_date": "",
    "visit_on": "",
    "visit_by": "",
    "item_type": "",
    "joint_with": (),
    "unpublished": "",
    "basis": "",
    "source": "",
}
UNIT = {
    "unit_id": "U01",
    "name": "某单位",
    "subdistrict": "某街道",
    "sector": "",
    "hazards": (),
    "is_key": False,
    "covered_by": "",
    "credit_grade": "",
    "risk_grade": "",
    "level": "区级",
    "in_district": True,
    "last_visit": "",
    "state": "",
    "class": "",
    "standard_grade": "",
    "standard_graded_on": "",
    "supervision_grade": "",
    "mine_class": "",
    "source": "",
    "warned": (),
    "no_contact": "",
    "major_risk": "",
}
RECORD = {
    "record_id": "R01",
    "date": "2024-06-03",
    "unit_id": "U01",
    "task_id": "P01",
    "trigger": "",
    "officers": ("A", "B"),
    "inspection_code": "C01",
    "full_record": True,
    "hazards_found": 0,
    "major_hazards": 0,
    "hazards_fixed": 0,
    "penalty": "",
    "penalty_basis": "",
    "fine_yuan": 0,
    "in_district": True,
    "source": "",
    **{name: blank(name) for name in LATER},
}
DECISION = {
    "penalty_id": "C01",
    "record_id": "R01",
    "party": "unit",
    "unit_id": "",
    "procedure": "ordinary",
    "penalty": ("fine",),
    "fine_yuan": 8000,
    "confiscated_yuan": 0,
    "filed_on": "",
    "decided_on": "2024-06-20",
    "closed_on": "",
    "penalty_basis": "inspection",
    "outcome": "penalty",
    "legal_review": "",
    "review": "",
    "transferred": "",
    "by_street": "",
    "source": "",
}
WORK = {
    "work_id": "W01",
    "work_kind": "complaint",
    "date": "2024-06-03",
    "due_on": "",
    "closed_on": "",
    "unit_id": "",
    "officers": (),
    "days": 1.0,
    "result": "",
}
OFFICER = {
    "officer_id": "A",
    "team": "大队",
    "licensed": True,
    "fields": (),
    "from_month": 1,
    "to_month": 12,
    "share": 1.0,
    "source": "",
}


def _table(plain: Mapping, letter: str, rows: Sequence[Mapping]) -> pd.DataFrame:
    code = next(iter(plain))
    full = [{**plain, code: f"{letter}{n:02}", **row} for n, row in enumerate(rows, 1)]
    types = {name: type(value) for name, value in plain.items() if type(value) in (bool, int, float)}
    return pd.DataFrame(full, columns=list(plain)).astype(types)


def tasks(*rows: Mapping) -> pd.DataFrame:
    """One row per line of a plan: what is not said is as in TASK, the codes are P01, P02, ..."""
    return _table(TASK, "P", rows)


def units(*rows: Mapping) -> pd.DataFrame:
    """One row per unit."""
    return _table(UNIT, "U", rows)


def records(*rows: Mapping) -> pd.DataFrame:
    """One row per record."""
    return _table(RECORD, "R", rows)


def decisions(*rows: Mapping) -> pd.DataFrame:
    """One row per decision of penalty."""
    return _table(DECISION, "C", rows)


def roster(*rows: Mapping) -> pd.DataFrame:
    """One row per officer."""
    return _table(OFFICER, "A", rows)


def actuals(records: pd.DataFrame, tasks: pd.DataFrame, units: pd.DataFrame, **facts: object) -> Actuals:
    """A year at its end: what is not said is planned in its first month, expected whole, and nothing else happened."""
    first = [(task.task_id, task.periods[0][0], task.planned_visits) for task in tasks.itertuples()]
    plan = by_month(*first)
    known: dict = {
        "as_of": "2024-12-31",
        "approved": plan,
        "in_force": plan,
        "expected": plan,
        "removed": removed_visits([], "2024-12-31"),
        "closed": pd.DataFrame({"task_id": [], "lost_visits": []}),
        "approved_lines": task_facts(tasks),
        "key_periods": pd.DataFrame(columns=["name", "from_date", "to_date"]),
        "other_work": other_work(),
    }
    return Actuals(records=records, tasks=tasks, units=units, **{**known, **facts})


def other_work(*rows: Mapping) -> pd.DataFrame:
    """One row per act of other work."""
    return _table(WORK, "W", rows)


def capacity(**teams: Sequence[float]) -> pd.DataFrame:
    """One row per team and month; months not given have no capacity."""
    rows = [(team, month, float((*days, *[0] * 12)[month - 1])) for team, days in teams.items() for month in YEAR]
    return pd.DataFrame(rows, columns=["team", "month", "capacity_days"])


def by_month(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """One row per task and month: task_id, month, visits."""
    return pd.DataFrame(rows, columns=["task_id", "month", "visits"])


def plan_of(allocation: Allocation) -> dict[tuple[str, int], int]:
    """The visits of a plan that are not nought, by task and month."""
    rows = allocation.visits[allocation.visits["visits"] > 0]
    return {(row.task_id, row.month): row.visits for row in rows.itertuples()}


# --- the slow ways --------------------------------------------------------------------------------------------------


def spreads(visits: int, months: int) -> Iterator[tuple[int, ...]]:
    """Every way to spread so many visits over so many months."""
    for bars in combinations(range(visits + months - 1), months - 1):
        edges = (-1, *bars, visits + months - 1)
        yield tuple(right - left - 1 for left, right in pairwise(edges))


def problem(
    tasks: pd.DataFrame,
    capacity: pd.DataFrame,
    **options: object,
) -> tuple[list[Line], dict[str, dict[int, int]]]:
    """What `allocate` gives to the solver: the open lines and the half-days of the open months."""
    position = Position(**options)
    lines = open_lines(tasks, position)
    rooms: dict[str, dict[int, int]] = {}
    for table in (capacity, *([] if position.left is None else [position.left])):
        for row in table[table["month"] > position.closed].itertuples():
            rooms.setdefault(row.team, {})[row.month] = int(row.capacity_days * 2)
    return lines, rooms


def past_of(done: pd.DataFrame | None, begun: int) -> dict[tuple[str, int], int]:
    """What was done by task and month, up to the month begun."""
    rows = [] if done is None else [row for row in done.itertuples() if row.month <= begun and row.visits]
    return {(row.task_id, row.month): row.visits for row in rows}


def bounds(*rows: tuple) -> pd.DataFrame:
    """One row per limit: task_id ('' for all together), months, minimum, maximum (None for none)."""
    table = pd.DataFrame(rows, columns=["task_id", "months", "minimum", "maximum"])
    return table.assign(maximum=[float("nan") if most is None else most for most in table["maximum"]])


def kept(plan: Mapping[tuple[str, int], int], limits: pd.DataFrame | None, closed: int = 0, past: Mapping = {}) -> bool:
    """Whether a whole plan, with what is done, keeps to the limits; those on months that are over ask nothing more.

    More done than a maximum allows leaves room for none.
    """
    for row in () if limits is None else limits.itertuples():
        cells = [cell for cell in plan.keys() | past.keys() if row.task_id in ("", cell[0]) and cell[1] in row.months]
        made, before = sum(plan.get(cell, 0) for cell in cells), sum(past.get(cell, 0) for cell in cells)
        most = float("inf") if pd.isna(row.maximum) else max(row.maximum, before)
        if max(row.months) > closed and not row.minimum <= made <= most:
            return False
    return True


def demands(lines: Sequence[Line], team: str) -> list[Demand]:
    """What the lines ask of one team."""
    return [
        Demand(line.months, line.visits, effort) for line in lines for member, effort in line.efforts if member == team
    ]


def teams_of(lines: Sequence[Line]) -> list[str]:
    """The teams that lead a line or go along."""
    return sorted({line.lead for line in lines} | {team for line in lines for team, _ in line.efforts})


def apart(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in groups that share no team."""
    groups: list[list[Line]] = []
    for line in lines:
        near = [group for group in groups if set(teams_of(group)) & set(teams_of([line]))]
        groups = [group for group in groups if group not in near] + [[x for group in near for x in group] + [line]]
    return groups


def needs(lines: Sequence[Line], plan: Mapping[tuple[int, int], int]) -> dict[tuple[str, int], int]:
    """Half-days by team and month."""
    need: dict[tuple[str, int], int] = {}
    for (place, month), visits in plan.items():
        for team, effort in lines[place].efforts:
            need[team, month] = need.get((team, month), 0) + effort * visits
    return need


def overload_of(lines: Sequence[Line], rooms: Mapping, plan: Mapping) -> int:
    """Half-days beyond capacity."""
    return sum(max(need - rooms[team][month], 0) for (team, month), need in needs(lines, plan).items())


def moves_of(lines: Sequence[Line], plan: Mapping) -> int:
    """Visits that left their published month, each at its cost."""
    return sum(
        cost * max(before - plan[place, month], 0)
        for place, line in enumerate(lines)
        if line.published is not None
        for month, before, cost in zip(
            line.months, line.published, line.move_costs or (1,) * len(line.months), strict=True
        )
    )


def levels_of(lines: Sequence[Line], rooms: Mapping, plan: Mapping) -> dict[str, Fraction]:
    """The highest load of each team; a month without capacity is weighed as half a day."""
    levels = dict.fromkeys(teams_of(lines), Fraction(0))
    for (team, month), need in needs(lines, plan).items():
        levels[team] = max(levels[team], Fraction(need, max(rooms[team][month], 1)))
    return levels


def distance_of(lines: Sequence[Line], rooms: Mapping, plan: Mapping) -> int:
    """How far from the shares of capacity: the squares of thousandths of a visit."""
    return sum(
        (plan[place, month] * MILLI - target) ** 2
        for place, line in enumerate(lines)
        for month, target in zip(line.months, targets(line, rooms[line.lead]), strict=True)
    )


def comfort_of(options: Mapping) -> Fraction:
    """The load below which none is lowered."""
    return Fraction(str(options.get("comfortable_load", COMFORTABLE_LOAD)))


def highest_of(loads: Mapping[str, Fraction], comfortable: Fraction) -> tuple[Fraction, ...]:
    """The highest load of any team, the next, and so on; what is comfortable is all the same."""
    return tuple(sorted((max(load, comfortable) for load in loads.values()), reverse=True))


def judge(lines: Sequence[Line], rooms: Mapping, comfortable: Fraction) -> Callable[[Mapping], tuple]:
    """What `allocate` promises to make least, in order, for lines that share teams."""
    weights = exact.lateness_weights(lines)
    cells = [(n, month) for n, line in enumerate(lines) for month in line.months]
    cells.sort(key=lambda cell: (lines[cell[0]].task_id, lines[cell[0]].period, cell[1]))

    def worth(plan: Mapping) -> tuple:
        return (
            overload_of(lines, rooms, plan),
            moves_of(lines, plan),
            highest_of(levels_of(lines, rooms, plan), comfortable),
            distance_of(lines, rooms, plan),
            sum(weights[cell] * visits for cell, visits in plan.items()),
            tuple(-plan[cell] for cell in cells),
        )

    return worth


def all_plans(lines: Sequence[Line]) -> Iterator[dict[tuple[int, int], int]]:
    """Every integer plan of the lines."""
    for choice in product(*(list(spreads(line.visits, len(line.months))) for line in lines)):
        yield {
            (place, month): visits
            for place, (line, row) in enumerate(zip(lines, choice, strict=True))
            for month, visits in zip(line.months, row, strict=True)
        }


def how_many(lines: Sequence[Line]) -> int:
    """How many plans there are, of the largest group of lines."""
    return max(
        (prod(comb(x.visits + len(x.months) - 1, len(x.months) - 1) for x in group) for group in apart(lines)),
        default=0,
    )


def best_plan(
    lines: Sequence[Line], rooms: Mapping, comfortable: Fraction
) -> tuple[dict[tuple[str, int], int], list[tuple]]:
    """The best plan by trying them all: visits by task and month, and its worth for each group of lines."""
    best: dict[tuple[str, int], int] = {}
    worths = []
    for members in apart(lines):
        worth = judge(members, rooms, comfortable)
        plan = min(all_plans(members), key=worth)
        worths.append(worth(plan))
        for (place, month), visits in plan.items():
            key = members[place].task_id, month
            best[key] = best.get(key, 0) + visits
    return {cell: visits for cell, visits in best.items() if visits}, worths


def named(lines: Sequence[Line], plan: Mapping) -> dict[tuple[str, int], int]:
    """A plan by task and month, its periods together."""
    told: dict[tuple[str, int], int] = {}
    for (place, month), visits in plan.items():
        key = lines[place].task_id, month
        told[key] = told.get(key, 0) + visits
    return told


def together(first: Mapping, second: Mapping) -> dict:
    """Two plans added up."""
    return {cell: first.get(cell, 0) + second.get(cell, 0) for cell in first.keys() | second.keys()}


def best_kept(tasks: pd.DataFrame, capacity: pd.DataFrame, options: Mapping) -> tuple[dict | None, tuple | None]:
    """The best whole plan that keeps to the limits, by trying them all; None where none does. And its worth."""
    closed, limits = options.get("closed", 0), options.get("limits")
    past = past_of(options.get("done"), closed + (options.get("left") is not None))
    lines, rooms = problem(tasks, capacity, **options)
    worth = judge(lines, rooms, comfort_of(options))
    held = [plan for plan in all_plans(lines) if kept(together(named(lines, plan), past), limits, closed, past)]
    if not held:
        return None, None
    best = min(held, key=worth)
    return {cell: n for cell, n in together(named(lines, best), past).items() if n}, worth(best)


def ways(lines: Iterable[Line]) -> int:
    """How many plans there are of all lines together."""
    return prod(comb(line.visits + len(line.months) - 1, len(line.months) - 1) for line in lines)


# --- random plans ---------------------------------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn, most: int = 1000, replanned: bool = True) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """A small random plan: tasks, capacity, and how far the year has gone."""
    months, teams = draw(st.integers(3, 4)), ["甲", "乙", "丙"][: draw(st.integers(1, 3))]
    rows = [draw(_task(months, teams)) for _ in range(draw(st.integers(1, 4)))]
    room = {team: draw(st.lists(st.integers(0, 16).map(lambda n: n / 2), min_size=months)) for team in teams}
    comfortable = draw(st.sampled_from([COMFORTABLE_LOAD, COMFORTABLE_LOAD, 0.0, 0.5]))
    options: dict = {} if comfortable == COMFORTABLE_LOAD else {"comfortable_load": comfortable}
    if replanned and draw(st.booleans()):
        options["published"] = _spread(draw, rows)
    if replanned and draw(st.booleans()):
        options["closed"] = draw(st.integers(1, 2))
        options["done"] = _spread(draw, rows)
    table = tasks(*rows), capacity(**{team: days[:months] for team, days in room.items()})
    assume(how_many(problem(*table, **options)[0]) <= most)
    return *table, options


@st.composite
def _task(draw: st.DrawFn, months: int, teams: list[str]) -> dict:
    allowed = sorted(draw(st.sets(st.integers(1, months), min_size=1)))
    cut = draw(st.integers(0, len(allowed) - 1)) if draw(st.integers(0, 3)) == 0 else 0
    others = [team for team in teams if draw(st.booleans())]
    team = draw(st.sampled_from(teams))
    return {
        "planned_visits": draw(st.integers(0, 3)),
        "periods": tuple(tuple(part) for part in (allowed[:cut], allowed[cut:]) if part),
        "visit_days": draw(st.sampled_from([0.5, 1.0, 1.5])),
        "officers_per_visit": draw(st.integers(1, 2)),
        "team": team,
        "invited": tuple((other, draw(st.sampled_from([0.0, 0.5, 1.0]))) for other in others if other != team),
    }


def _spread(draw: st.DrawFn, rows: Sequence[Mapping]) -> pd.DataFrame:
    """Some visits of each line in some of its months."""
    cells = [
        (f"P{n:02}", month, draw(st.integers(0, 2)))
        for n, row in enumerate(rows, 1)
        for months in row["periods"]
        for month in months
    ]
    return by_month(*cells)


@st.composite
def limited(draw: st.DrawFn, most: int = 1000) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """A small random plan with limits, move costs, or a month already begun."""
    tasks, capacity, options = draw(cases(most))
    codes = st.sampled_from(["", *tasks["task_id"]])
    spans = st.sets(st.integers(1, 4), min_size=1, max_size=3).map(lambda months: tuple(sorted(months)))
    bound = st.tuples(codes, spans, st.integers(0, 2), st.none() | st.integers(0, 3))
    options["limits"] = bounds(*draw(st.lists(bound, min_size=0, max_size=2)))
    if "published" in options and draw(st.booleans()):
        options["move_costs"] = {month: draw(st.sampled_from([1, 2, 5])) for month in range(1, 5)}
    if "closed" in options and draw(st.booleans()):
        begun = capacity[capacity["month"] == options["closed"] + 1]
        options["left"] = begun.assign(capacity_days=begun["capacity_days"] // 1 / 2)
    assume(ways(problem(tasks, capacity, **options)[0]) <= most)
    return tasks, capacity, options
