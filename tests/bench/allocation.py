"""The allocation (月度安排): our `allocate` beside textbook models of the same plan, and how many plans each finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from types import MappingProxyType

import pandas as pd

from enforce.planning.months.allocate import allocate
from enforce.planning.months.exact import Limits, build, closest, minimise
from enforce.planning.months.level import level_bound
from enforce.planning.months.loads import COMFORTABLE, demands
from enforce.words.terms import Stage
from tests.bench import cases, peers
from tests.bench.cases import TEAM, YEAR, Case, Score, case, districts, named, plan_of, putuo, score, shuffled, tied
from tests.bench.timing import Run, Runs, figures, interleaved, markdown, ratio, seconds, shown, spread, tell

ROOT = Path(__file__).resolve().parents[2]
OURS = "allocate (ours)"
SHEET = "largest remainder"
HIGHS, CBC = "PuLP + HiGHS", "PuLP + CBC"
CP_SAT = {1_000: "CP-SAT, load in 1/1,000", 1_000_000: "CP-SAT, load in 1/1,000,000"}
SHORT = 1.03  # need over capacity, in plans short of days
BEST_CP_SAT = "CP-SAT, better scale"
RIVALS = (HIGHS, BEST_CP_SAT, CBC)
SQUARE = 10**6  # millionths of a squared visit
DISTRICTS = "random districts"
PERMUTATIONS, SEEDS, WORKERS, PLAIN_RUNS = 12, (0, 1, 2), (1, 2), 10


@dataclass(frozen=True)
class Measured:
    """One case: the runs of each way, and what the plan of each is worth (None: no plan within the cap)."""

    case: Case
    runs: Runs
    scores: Mapping[str, Score | None]

    def proved(self, way: str) -> tuple[bool, ...]:
        """Return whether every run of a way proved each of its stages."""
        return tuple(all(stage) for stage in zip(*(run.result.proved for run in self.runs[way]), strict=False))

    def best(self, way: str) -> str:
        """Return the way itself, or of CP-SAT the quicker scale that is worth as much as the other or more."""
        if way != BEST_CP_SAT:
            return way
        return min(CP_SAT.values(), key=lambda name: (_worth(self.scores[name]), seconds(self.runs[name]).median))


def _worth(found: Score | None) -> tuple:
    return (1,) if found is None else (0, found.overload, found.highest, found.others, found.distance)


# --- measuring ---


def ways(found: Case, cap: float) -> dict:
    """Return what is run in turn on a case: ours first, then its peers, then a spreadsheet."""
    return {
        OURS: partial(cases.ours, found),
        HIGHS: partial(peers.pulp_highs, found, cap),
        **{name: partial(peers.cp_sat, found, scale, cap) for scale, name in CP_SAT.items()},
        CBC: partial(peers.pulp_cbc, found, cap),
        SHEET: partial(peers.spreadsheet, found),
    }


def measure(found: Case, repeat: int, cap: float, budget: float) -> Measured:
    """Run all ways on a case and judge every plan by the same exact rule."""
    tell(f"{found.name}: {len(found.lines)} lines, {sum(line.visits for line in found.lines)} visits")
    runs = interleaved(ways(found, cap), repeat, budget)
    ours = [
        Run(run.turn, run.seconds, peers.Found(plan_of(found, run.result), tuple(run.result.proof["proved"])))
        for run in runs[OURS]
    ]
    runs = {**runs, OURS: ours}
    return Measured(found, runs, {way: _worst(found, runs[way]) for way in runs})


def _worst(found: Case, runs: Iterable[Run]) -> Score | None:
    scores = [None if run.result.plan is None else score(found, run.result.plan) for run in runs]
    return max(scores, key=_worth)


def warm_up() -> None:
    """Load every solver once, on a case of two lines, so that no import is timed."""
    small = case("warm-up", (5, 5), (2, 4), (((1, 2, 3),), ((2, 3, 4),)), [20] * 12)
    for way in ways(small, 5).values():
        way()


# --- the tables ---


def verdict(found: Measured, way: str) -> str:
    """Return how the plan of a way stands to ours: the same worth, or in what it differs; and what is not proved."""
    ours, theirs = found.scores[OURS], found.scores[way]
    unproved = [str(n) for n, proved in enumerate(found.proved(way), 1) if not proved]
    noted = f", stage {' and '.join(unproved)} stopped at its cap" if unproved else ""
    if theirs is None:
        return f"no plan{noted}"
    if theirs == ours:
        return f"same{noted}"
    if _worth(theirs) < _worth(ours):
        return f"BETTER THAN OURS: {theirs}{noted}"
    if (theirs.overload, theirs.highest, theirs.others) != (ours.overload, ours.highest, ours.others):
        loads = [" ".join(f"{float(load):.4f}" for load in (one.highest, *one.others)) for one in (theirs, ours)]
        return f"load {loads[0]}, not {loads[1]}{noted}"
    return f"{(theirs.distance - ours.distance) / SQUARE:.3f} squares farther{noted}"


def times(found: Measured, way: str) -> str:
    """Return the ratio of a way to ours; at least that where a stage was stopped at its cap."""
    floor = "" if all(found.proved(way)) else "≥ "
    return floor + shown(ratio(found.runs[way], found.runs[OURS]))


def case_table(found: Measured) -> str:
    """Return the table of one case: one row per way."""
    rows = []
    for way, runs in found.runs.items():
        worth = found.scores[way]
        loads = (
            ("–",) * 3 if worth is None else (f"{float(worth.highest):.4f}", worth.overload, worth.distance / SQUARE)
        )
        rows.append((way, shown(seconds(runs), 1000), len(runs), times(found, way), *loads, verdict(found, way)))
    header = ("way", "ms", "runs", "× ours", "highest load", "half-days over", "distance, squares", "plan")
    return markdown(f"Allocation: {found.case.name}", header, rows)


def districts_table(all_found: Sequence[Measured], title: str = DISTRICTS) -> str:
    """Return the times of the random districts: one row per district."""
    rows = []
    for found in all_found:
        best = [found.best(way) for way in RIVALS]
        cells = [cell for way in best for cell in (shown(seconds(found.runs[way]), 1000), times(found, way))]
        visits = sum(line.visits for line in found.case.lines)
        rows.append((found.case.name, len(found.case.lines), visits, shown(seconds(found.runs[OURS]), 1000), *cells))
    header = ["district", "lines", "visits", "ours ms", *(text for way in RIVALS for text in (f"{way} ms", "×"))]
    return markdown(f"Allocation: {title}, time", header, rows)


def plans_table(all_found: Sequence[Measured], title: str = DISTRICTS) -> str:
    """Return the plans of the random districts: one row per district."""
    rows = []
    for found in all_found:
        ours, sheet = found.scores[OURS], found.scores[SHEET]
        rivals = [verdict(found, found.best(way)) for way in RIVALS]
        proved = "yes" if all(found.proved(OURS)) else "NO"
        spreadsheet = f"load {float(sheet.highest):.2f}, {sheet.overload} half-days over"
        worth = (str(ours.highest), f"{ours.distance / SQUARE:.3f}")
        rows.append((found.case.name, *worth, proved, *rivals, spreadsheet))
    header = ("district", "highest load", "distance, squares", "ours proved", *RIVALS, SHEET)
    return markdown(f"Allocation: {title}, plans", header, rows)


def medians_table(all_found: Sequence[Measured], title: str = DISTRICTS) -> str:
    """Return the medians over districts: one row per way."""
    rows = []
    for way in (OURS, *RIVALS, SHEET):
        best = [(found, found.best(way)) for found in all_found]
        took = spread(seconds(found.runs[name]).median for found, name in best)
        over = spread(ratio(found.runs[name], found.runs[OURS]).median for found, name in best)
        capped = sum(not all(found.proved(name)) for found, name in best)
        same = sum(found.scores[name] == found.scores[OURS] for found, name in best)
        floor = "≥ " if capped else ""
        rows.append((way, shown(took, 1000), floor + shown(over), f"{same} of {len(best)}", f"{capped} of {len(best)}"))
    header = ("way", "ms", "× ours", "same optimum", "stopped at a cap")
    heading = f"Allocation: median over {len(all_found)} {title} [least..greatest]"
    return markdown(
        heading, header, rows, ["≥: some of these ratios are floors, because the way was stopped at its cap"]
    )


def demo_table(repeat: int) -> str:
    """Return the time of the demo plan with its three teams, ours alone: peers have no rule for several teams."""
    from enforce.desk.year import open_year

    year = open_year(ROOT / "params" / "putuo-2024.yaml")
    tasks, capacity = year.tasks, year.capacity
    runs = interleaved({OURS: lambda: allocate(tasks, capacity)}, repeat)[OURS]
    proved = "yes" if runs[0].result.proof["proved"].all() else "NO"
    row = (len(tasks), capacity["team"].nunique(), int(tasks["planned_visits"].sum()), shown(seconds(runs), 1000))
    header = ("lines", "teams", "visits", "ours ms", "runs", "proved")
    return markdown("Allocation: the demo plan, ours only", header, [(*row, len(runs), proved)])


def large_table(sizes: Mapping[int, int] = MappingProxyType({50: 10, 100: 2})) -> str:
    """Return how far plans of many tied lines come that are short of days: one row per plan.

    `loads bounded` is how long the bounds of every load take that need no search, `seconds` the whole plan with all it
    could prove within the limit of computing, which is the same on every machine.
    """
    rows = []
    for lines, count in sizes.items():
        for one in tied(count, lines, max(3, lines // 8), SHORT):
            tell(f"{lines} lines, {one.name}")
            begun = perf_counter()
            for team, room in one.rooms.items():
                level_bound(demands(one.lines, team), room)
            bounded, plan = perf_counter() - begun, cases.ours(one)
            seconds, proof = perf_counter() - begun - bounded, plan.proof.set_index("stage")
            proved = [_yes(bool(proof.loc[[stage], "proved"].all())) for stage in Stage if stage in proof.index]
            rows.append((one.name, lines, len(one.rooms), figures(bounded), figures(seconds), *proved))
    header = ("plan", "lines", "teams", "loads bounded, s", "seconds", "overload", "loads", "closeness", "only")
    return markdown("Allocation: many tied lines short of days, what is proved", header, rows)


def untied_table(repeat: int, teams: int = 100, lines: int = 300, visits: int = 20_000) -> str:
    """Return the time of a plan of many teams that share nothing: one row."""
    shape = {"periods": (YEAR,), "visit_days": 1.0, "officers_per_visit": 2, "invited": ()}
    rows = [
        {
            **shape,
            "task_id": f"P{n:03}",
            "planned_visits": visits // lines + (n < visits % lines),
            "team": f"{n % teams}",
        }
        for n in range(lines)
    ]
    days = [(f"{n}", month, visits * 2.4 // teams // 12) for n in range(teams) for month in YEAR]
    capacity = pd.DataFrame(days, columns=["team", "month", "capacity_days"])
    runs = interleaved({OURS: partial(allocate, pd.DataFrame(rows), capacity)}, repeat)[OURS]
    row = (lines, teams, visits, shown(seconds(runs)), _yes(bool(runs[0].result.proof["proved"].all())))
    header = ("lines", "teams", "visits", "ours s", "proved")
    return markdown("Allocation: many teams that share nothing", header, [row])


def _yes(proved: bool) -> str:
    return "yes" if proved else "NO"


# --- uniqueness ---


def distinct(repeat: int = PERMUTATIONS, plain: int = PLAIN_RUNS, cap: float = peers.CAP) -> str:
    """Return how many different plans of the best worth each way returns on the Putuo case."""
    found = putuo()
    best = score(found, plan_of(found, cases.ours(found)))
    level = Limits({TEAM: best.highest})
    orders = [shuffled(found, Random(seed)) for seed in range(max(repeat, plain))]
    drawn = {
        "allocate, rows shuffled": [(one, plan_of(one, cases.ours(one))) for one in orders[:repeat]],
        f"our model, lines shuffled × seeds {SEEDS} × workers {WORKERS}": [
            (one, closest(one.lines, {TEAM: one.room}, level, random_seed=seed, num_workers=workers).visits)
            for one in orders[:repeat]
            for seed in SEEDS
            for workers in WORKERS
        ],
        "our model without tie-break, lines shuffled": [(one, _untied(one, level)) for one in orders[:plain]],
        f"{HIGHS}, lines shuffled": [(one, peers.pulp_highs(one, cap).plan) for one in orders[:plain]],
        f"{CP_SAT[1000]}, lines shuffled, other seeds": [
            (one, peers.cp_sat(one, 1000, cap, seed).plan) for seed, one in enumerate(orders[:plain])
        ],
    }
    rows = [_counted(way, plans, best) for way, plans in drawn.items()]
    return markdown("Uniqueness: Putuo 2024", ("way", "runs", "of the best worth", "distinct plans among these"), rows)


def _untied(one: Case, level: Limits) -> dict:
    model = build(one.lines, {TEAM: one.room}, level)
    return minimise(model, model.deviation).visits


def _counted(way: str, plans: Sequence[tuple[Case, dict | None]], best: Score) -> tuple:
    as_good = [named(one, plan) for one, plan in plans if plan is not None and score(one, plan) == best]
    return way, len(plans), len(as_good), len(set(as_good))


# --- all of it ---


def record(found: Measured) -> dict:
    """Return a case as plain data for the JSON file."""
    return {
        "case": found.case.name,
        "ways": {
            way: {
                "seconds": [run.seconds for run in runs],
                "ratios": [run.seconds / ours.seconds for run, ours in zip(runs, found.runs[OURS], strict=False)],
                "proved": found.proved(way),
                "score": found.scores[way] and {**vars(found.scores[way]), "highest": str(found.scores[way].highest)},
            }
            for way, runs in found.runs.items()
        },
    }


def report(repeat: int, count: int, cap: float, budget: float) -> tuple[list[str], list[dict]]:
    """Measure everything about the allocation; return its tables and its data."""
    warm_up()
    first = measure(putuo(), repeat, cap, 3 * budget)
    kinds = {"random districts": districts(count), "plans of tied teams": tied(count)}
    measured, tables = [first], [case_table(first)]
    for comfortable in (COMFORTABLE, Fraction(0)):
        for kind, found in kinds.items():
            each = [measure(replace(one, comfortable=comfortable), repeat, cap, budget) for one in found]
            title = f"{kind}, comfortable load {float(comfortable):g}"
            tables += [table(each, title) for table in (medians_table, districts_table, plans_table) if each]
            measured += each
    tell("the demo plan, then uniqueness, then large plans")
    tables += [_rules(cap, budget), demo_table(repeat), distinct(cap=cap), large_table(), untied_table(repeat)]
    return tables, [record(found) for found in measured]


def _rules(cap: float, budget: float) -> str:
    notes = (
        f"a stage may take {figures(cap)} s; a ratio with ≥ has a stage that was stopped there, so it is a floor",
        f"a way sits out the turns left once it has had {figures(budget)} s on a district, "
        f"{figures(3 * budget)} s on Putuo; `runs` and the lack of a range tell",
        "every plan is judged by one rule in whole numbers: `same` is equality of load and distance, without tolerance",
        "ours is timed from table to table, with its proof and the proof that no other plan is as good; "
        "a peer from ready numbers to visits, with no proof of uniqueness",
    )
    return "\n".join([*(f"- {note}" for note in notes), ""])
