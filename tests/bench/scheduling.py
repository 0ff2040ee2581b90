"""The schedule (日程): ours beside a plain CP-SAT model with one variable for each visit, day and pair.

Both have the same entries, days and officers, and the aims that concern travel: visits on no day, weeks and days in
each street. The plain model has them as one objective, one worker, the solver's own settings, and a cap of seconds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import combinations
from random import Random
from time import perf_counter

from ortools.sat.python import cp_model

from enforce.planning.schedule.appointments import Appointment, Circumstances, appointments
from enforce.planning.schedule.timetable import Schedule, visit_schedule
from tests.bench.timing import figures, interleaved, markdown, seconds, shown
from tests.planning.schedule.district import district, roster

#: Visits, officers, streets of each case.
CASES = ((30, 4, 4), (130, 6, 8), (261, 8, 10), (3000, 92, 115))
CAP = 60.0  # seconds of the plain model
MOST = 3_000_000  # variables that are built; beyond, the plain model is only counted
FIRST, OURS, PLAIN = "ours, first plan", "ours", "one variable a visit, day and pair"
Value = tuple[int, int, int]  # visits on no day, weeks and days in streets


@dataclass(frozen=True)
class Plan:
    """What a way came to: its value, the bound it proved, seconds until its plans with the value of each."""

    value: Value | None
    bound: Value | None
    met: tuple[tuple[float, Value], ...] = ()
    note: str = ""


def case(size: int, officers: int, streets: int, seed: int = 1, months: int = 12) -> Circumstances:
    """Return a year of visits: six lines of half a day to two days, streets of unlike size, officers on leave."""
    chance = Random(seed)
    lines = [f"P{chance.randrange(6):02}" for _ in range(size)]
    units = [f"9{n:05}" for n in range(size)]
    people = [f"A{n:03}" for n in range(officers)]
    homes = {unit: f"S{min(int(chance.expovariate(5 / streets)), streets - 1):03}" for unit in units}
    spans = {f"P{n:02}": {"visit_days": days} for n, days in enumerate((0.5, 0.5, 0.5, 1, 1, 2))}
    leave = [(each, f"2024-{n % months + 1:02}-05", f"2024-{n % months + 1:02}-16") for n, each in enumerate(people)]
    return district(
        lines, units, [chance.randint(1, months) for _ in range(size)],
        of_lines=spans, people=roster(*people), streets=homes, leave=leave,
    )  # fmt: skip


def ours(one: Circumstances, work: float | None = None) -> Plan:
    """Return what our schedule comes to; with `work` 0 what its first plan does."""
    plan = visit_schedule(one) if work is None else visit_schedule(one, work=work)
    bounds = plan.proof.groupby("aim")["bound"].sum()
    return Plan(travel(one, plan), tuple(int(bounds[aim]) for aim in ("unbooked", "street_weeks", "street_days")))


def travel(one: Circumstances, plan: Schedule) -> Value:
    """Return visits on no day, weeks and days in streets, counted from the dates alone."""
    dated = plan.visits[plan.visits["date"] != ""]
    places = [(one.streets[row.unit_id], date.fromisoformat(row.date)) for row in dated.itertuples()]
    weeks, days = {(street, day.isocalendar()[:2]) for street, day in places}, set(places)
    return len(plan.visits) - len(dated), len(weeks), len(days)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Writes down when each plan was met, from the start of the building on."""

    def __init__(self, start: float, parts: tuple) -> None:
        super().__init__()
        self.start, self.parts, self.met = start, parts, []

    def on_solution_callback(self) -> None:
        values = tuple(int(self.value(part)) for part in self.parts)
        self.met.append((perf_counter() - self.start, values))


def variables(made: list[Appointment], parts: int) -> int:
    """Return how many variables a visit, day and pair the plain model has."""
    pairs = [len(one.seats[0].candidates) * (len(one.seats[0].candidates) - 1) // 2 for one in made]
    return sum(len({start // parts for start in one.starts}) * count for one, count in zip(made, pairs, strict=True))


def plain(one: Circumstances, cap: float = CAP) -> Plan:
    """Return what the plain model comes to in its seconds, building included."""
    start, made = perf_counter(), appointments(one)
    count = variables(made, one.parts)
    if count > MOST:
        return Plan(None, None, note=f"not built: {count:,} variables")
    model, going = cp_model.CpModel(), defaultdict(list)
    load: dict[tuple[str, int], list] = defaultdict(list)
    missing: list = []
    for each in made:
        visits = []
        for day in sorted({place // one.parts for place in each.starts}):
            for pair in combinations(each.seats[0].candidates, 2):
                goes = model.new_bool_var("")
                visits.append(goes)
                going[each.street, day].append(goes)
                for officer in pair:
                    for n in range(-(-each.length // one.parts)):
                        load[officer, day + n].append(min(each.length - n * one.parts, one.parts) * goes)
        model.add_at_most_one(visits)
        missing.append(1 - sum(visits))
    for (officer, day), hours in load.items():
        away = one.away.get(officer, set())
        model.add(sum(hours) <= sum(day * one.parts + part not in away for part in range(one.parts)))
    days = {key: model.new_bool_var("") for key in going}
    weeks = {(street, _week(one, day)): model.new_bool_var("") for street, day in going}
    for (street, day), visits in going.items():
        model.add_max_equality(days[street, day], visits)
        model.add_implication(days[street, day], weeks[street, _week(one, day)])
    parts = sum(missing), sum(weeks.values()), sum(days.values())
    model.minimize((parts[0] * (len(weeks) + 1) + parts[1]) * (len(days) + 1) + parts[2])
    return _searched(model, parts, (len(weeks) + 1, len(days) + 1), start, cap)


def _week(one: Circumstances, day: int) -> int:
    return (one.ordinals[day] - 1) // 7


def _searched(model: cp_model.CpModel, parts: tuple, scale: tuple[int, int], start: float, cap: float) -> Plan:
    solver, watch = cp_model.CpSolver(), _Watch(start, parts)
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = max(cap - (perf_counter() - start), 1)
    solver.solve(model, watch)
    left, least_days = divmod(int(solver.best_objective_bound), scale[1])
    bound = (*divmod(left, scale[0]), least_days)
    return Plan(watch.met[-1][1] if watch.met else None, bound, tuple(watch.met))


def until(plan: Plan, wanted: Value) -> float | None:
    """Return the seconds after which a way had a plan at least as good; None if it never had."""
    return next((moment for moment, value in plan.met if value <= wanted), None)


def at(plan: Plan, moment: float) -> Value | None:
    """Return the value a way had come to after some seconds."""
    return next((value for when, value in reversed(plan.met) if when <= moment), None)


def report(repeat: int, sizes: tuple[tuple[int, int, int], ...] = CASES, cap: float = CAP) -> tuple[list[str], dict]:
    """Measure schedules of some sizes; return a table in Markdown and its figures."""
    rows, data = [], {}
    visit_schedule(case(10, 4, 2))  # the solver is loaded before the clock starts
    for size, officers, streets in sizes:
        one = case(size, officers, streets)
        ways = {FIRST: partial(ours, one, 0), OURS: partial(ours, one), PLAIN: partial(plain, one, cap)}
        runs = interleaved(ways, repeat, cap)
        data[size] = {way: [(run.seconds, vars(run.result)) for run in runs[way]] for way in runs}
        best, theirs = runs[OURS][-1].result, runs[PLAIN][-1].result
        equal = until(theirs, best.value)
        when, over = f"≥ {cap:g}", f"≥ {figures(cap / seconds(runs[OURS]).median)}"
        if equal is not None:
            when, over = figures(equal), figures(equal / seconds(runs[OURS]).median)
        for way, *equality in (
            (FIRST, "", ""),
            (OURS, "", ""),
            (PLAIN, theirs.note or when, "" if theirs.note else over),
        ):
            value = runs[way][-1].result.value
            rows.append((size, way, shown(seconds(runs[way])), _shown(value), _gap(value, best.bound), *equality))
        if theirs.met:
            first = f"{figures(theirs.met[0][0])} s: {_shown(theirs.met[0][1])}"
            rows.append((size, "its first plan; after 10 s", first, _shown(at(theirs, 10)), "", "", ""))
    header = ("visits", "way", "s", "value", "weeks over bound", "s until as good as ours", "÷ ours")
    notes = [
        "value: visits on no day · weeks in streets · days in streets",
        f"bound: what ours proved, month by month in turn; cap of the plain model {cap:g} s, building included",
    ]
    return [markdown("Schedule of a year", header, rows, notes)], data


def _shown(value: Value | None) -> str:
    return " · ".join(map(str, value)) if value else "none"


def _gap(value: Value | None, bound: Value) -> str:
    return f"{value[1] / bound[1] - 1:.1%}" if value and bound[1] else "–"
