"""Months by name (点名到月): ours beside a plain CP-SAT model with one variable for each visit and month.

Both have the same wishes in the same order, as one objective; the plain one is solved with the solver's own settings,
one worker, and stops at a cap of seconds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from random import Random

from ortools.sat.python import cp_model

from enforce.planning.names.wishes import VisitKind, settle_months, street_turns
from tests.bench.timing import interleaved, markdown, ratio, seconds, shown

#: Visits, lines, units, streets of each case.
CASES = ((261, 12, 650, 10), (3000, 30, 20_000, 15))
GAP = 3  # months
CAP = 60.0  # seconds of the plain model
OURS, PLAIN = "ours", "one variable a visit and month"


@dataclass(frozen=True)
class Visits:
    """Visits of a year: one kind each, and how many visits each line has in each month."""

    visits: list[VisitKind]
    plan: dict[tuple[str, int], int]


def case(size: int, lines: int, units: int, streets: int, seed: int = 1) -> Visits:
    """Return a year of named visits: lines of some months, units drawn from a register with streets of unlike size."""
    chance, chosen, plan = Random(seed), [], Counter()
    register = [(f"U{n}", f"S{min(int(chance.expovariate(0.2)), streets - 1):02}") for n in range(units)]
    recent = {unit: chance.choice((0, 0, 0, 2, 3, 4)) for unit, _ in register}
    for n in range(lines):
        visits = size // lines + (n < size % lines)
        months = sorted(chance.sample(range(1, 13), chance.choice((3, 6, 9, 12))))
        plan.update((f"P{n:02}", chance.choice(months)) for _ in range(visits))
        chosen += [(f"P{n:02}", *unit) for unit in chance.sample(register, visits)]
    often = Counter(unit for _, unit, _ in chosen)
    kinds = [
        VisitKind(task_id, street, unit if often[unit] > 1 else "", first=recent[unit])
        for task_id, unit, street in chosen
    ]
    return Visits(kinds, dict(plan))


def ours(one: Visits) -> tuple[tuple[int, ...], bool]:
    """Return the value of each wish, and whether all are proved."""
    _, settled = settle_months(Counter(one.visits), one.plan, GAP)
    return tuple(wish.value for wish in settled), all(wish.value == wish.bound for wish in settled)


def plain(one: Visits, cap: float = CAP) -> tuple[tuple[int, ...], bool]:
    """Return the same of the plain model; nothing where it met no answer."""
    model = cp_model.CpModel()
    months: dict[str, list[int]] = defaultdict(list)
    for task_id, month in sorted(one.plan):
        months[task_id].append(month)
    goes = [{month: model.new_bool_var("") for month in months[kind.task_id]} for kind in one.visits]
    for chosen in goes:
        model.add_exactly_one(chosen.values())
    for (task_id, month), count in one.plan.items():
        model.add(sum(goes[n][month] for n, kind in enumerate(one.visits) if kind.task_id == task_id) == count)
    turns = street_turns(Counter(one.visits), one.plan)
    early, far, entries = [], [], defaultdict(lambda: defaultdict(list))
    for kind, chosen in zip(one.visits, goes, strict=True):
        first, last = turns[kind.street]
        early += [goes_there for month, goes_there in chosen.items() if month < kind.first]
        far += [max(first - month, month - last, 0) * goes_there for month, goes_there in chosen.items()]
        for month, goes_there in chosen.items() if kind.unit_id else ():
            entries[kind.unit_id][month].append(goes_there)
    entered = []
    for parts in entries.values():
        here = {month: model.new_bool_var("") for month in parts}
        entered += here.values()
        for month, visits in parts.items():
            model.add_max_equality(here[month], visits)
        for one_month, other in ((a, b) for a in here for b in here if 0 < b - a < GAP):
            near = model.new_bool_var("")
            model.add_bool_or([here[one_month].negated(), here[other].negated(), near])
            early.append(near)
    wishes = [sum(early), sum(entered), sum(far)]
    above, room = len(entered) + 1, 12 * len(one.visits) + 1
    model.minimize((wishes[0] * above + wishes[1]) * room + wishes[2])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_time_in_seconds = 1, cap
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return (), False
    return tuple(solver.value(wish) for wish in wishes), status == cp_model.OPTIMAL


def report(repeat: int, sizes: tuple[tuple[int, ...], ...] = CASES) -> tuple[list[str], dict]:
    """Measure months by name of some sizes; return a table in Markdown and its figures."""
    rows, data = [], {}
    for size, *shape in sizes:
        one = case(size, *shape)
        runs = interleaved({OURS: partial(ours, one), PLAIN: partial(plain, one)}, repeat, CAP)
        data[size] = {way: [run.seconds for run in runs[way]] for way in runs}
        for way, each in runs.items():
            values, proved = each[-1].result
            rows.append((
                size, way, shown(seconds(each), 1000), shown(ratio(each, runs[OURS])),
                " · ".join(map(str, values)) or "none", "yes" if proved else "no",
            ))  # fmt: skip
    notes = [f"value: gaps not kept · entries at units visited more than once · months from turns; cap {CAP:g} s"]
    return [markdown("Months by name", ("visits", "way", "ms", "÷ ours", "value", "proved"), rows, notes)], data
