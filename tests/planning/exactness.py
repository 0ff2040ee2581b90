"""Random plans solved by two solvers: `python -m tests.planning.exactness [--fit 500] [--short 500] [--seed 0]`.

Every stage of the plan must come to the same value in OR-Tools CP-SAT (ours) and in the textbook model in HiGHS.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random

import pandas as pd

from enforce.planning.months.exact import Line, Span
from enforce.planning.months.loads import COMFORTABLE
from enforce.planning.months.stages import groups, solve
from enforce.words.problems import Impossible
from enforce.words.terms import Stage
from tests.planning import milp

COSTS = (1, 10, 100)
TOLERANCE = 1e-4


def drawn(random: Random) -> tuple[list[Line], dict[str, dict[int, int]], list[Span], Fraction]:
    """Draw a plan: lines of up to three teams, some shared, some published, some months without room, some limits."""
    teams, months = ["甲", "乙", "丙"][: random.randint(1, 3)], range(1, random.randint(3, 6) + 1)
    published = random.random() < 0.4
    lines = [_line(random, f"P{n}", teams, list(months), published) for n in range(random.randint(2, 6))]
    need = {team: sum(x.visits * dict(x.efforts).get(team, 0) for x in lines) for team in teams}
    load = random.choice((0.6, 0.8, 0.95, 1.05, 1.3))
    rooms = {
        team: {m: round(need[team] / load / len(months) * random.choice((0, 0.5, 1, 1, 1.2, 1.5))) for m in months}
        for team in teams
    }
    spans = _spans(random, lines, list(months)) if random.random() < 0.3 else []
    return lines, rooms, spans, random.choice((COMFORTABLE, Fraction(0)))


def _line(random: Random, code: str, teams: Sequence[str], months: Sequence[int], published: bool) -> Line:
    allowed = tuple(sorted(random.sample(months, random.randint(1, len(months)))))
    visits, lead = random.randint(1, 9), random.choice(teams)
    others = [team for team in teams if team != lead and random.random() < 0.3]
    efforts = tuple((team, random.randint(1, 6)) for team in (lead, *others))
    before = costs = None
    if published:
        where = [random.choice(allowed) for _ in range(visits)]
        before = tuple(where.count(month) for month in allowed)
        costs = tuple(random.choice(COSTS) for _ in allowed) if random.random() < 0.7 else None
    return Line(code, 1, allowed, visits, lead, efforts, before, costs)


def _spans(random: Random, lines: Sequence[Line], months: Sequence[int]) -> list[Span]:
    spans = []
    for _ in range(random.randint(1, 2)):
        tasks = {random.choice(lines).task_id} if random.random() < 0.7 else {line.task_id for line in lines}
        least = random.randint(0, 3)
        most = random.choice((None, least + random.randint(0, 3)))
        chosen = frozenset(random.sample(months, random.randint(1, 2)))
        spans.append(Span(frozenset(tasks), chosen, least, most))
    return spans


def plans(count: int, fit: bool, seed: int = 0) -> Iterator[tuple]:
    """Yield so many random plans that fit, or that do not: each with our proof, None where none keeps to the limits."""
    random = Random(seed)
    while count:
        case = drawn(random)
        try:
            proof = solve(*case)[1]
        except Impossible:
            proof = None
        fits = proof is not None and not proof.loc[proof["stage"] == Stage.OVERLOAD, "value"].any()
        if fits == fit:
            count -= 1
            yield *case, proof


def differences(lines: list, rooms: dict, spans: list, comfortable: Fraction, proof: pd.DataFrame | None) -> list[str]:
    """Return the stages at which the two solvers differ, or that are not proved; nothing where they agree."""
    if proof is None:
        teams = {team: rooms[team] for team in rooms}
        theirs = milp.optimum(lines, teams, spans, float(comfortable))
        return [] if theirs is None else ["HiGHS has a plan and we have none"]
    told = [] if proof["proved"].all() else ["not proved"]
    for teams, places in groups(lines, spans):
        members = [lines[place] for place in places]
        own = [span for span in spans if span.tasks & {line.task_id for line in members}]
        best = milp.optimum(members, {team: rooms[team] for team in teams}, own, float(comfortable))
        missing = ["we have a plan and HiGHS has none"]
        told += missing if best is None else _stages(proof, teams, best, float(comfortable))
    return told


def _stages(proof: pd.DataFrame, teams: Sequence[str], best: milp.Optimum, comfortable: float) -> Iterator[str]:
    ours = {(row.stage, row.team): row.value for row in proof.itertuples()}
    scope = "、".join(teams)
    theirs = {(Stage.OVERLOAD, scope): best.overload / 2, (Stage.DISTANCE, scope): best.distance}
    if (Stage.MOVES, scope) in ours:
        theirs[Stage.MOVES, scope] = best.moves
    for stage, value in theirs.items():
        if abs(ours[stage] - value) > TOLERANCE:
            yield f"{stage}: {ours[stage]} and {value}"
    loads = sorted((max(ours[Stage.LOAD, team], comfortable) for team in teams), reverse=True)
    if any(abs(one - other) > TOLERANCE for one, other in zip(loads, best.loads, strict=True)):
        yield f"loads: {loads} and {best.loads}"
    if list(bounds_not_met(proof, teams)):
        yield f"bounds of loads: {list(bounds_not_met(proof, teams))}"


def bounds_not_met(proof: pd.DataFrame, teams: Sequence[str]) -> Iterator[str]:
    """Yield the teams whose load is not its bound, though it was lowered."""
    rows = proof[(proof["stage"] == Stage.LOAD) & proof["team"].isin(teams) & proof["comfortable_load"].isna()]
    yield from rows.loc[(rows["value"] - rows["bound"]).abs() > TOLERANCE, "team"]


def main(arguments: list[str] | None = None) -> int:
    """Compare, and print how many agree; the exit status is how many do not."""
    parser = argparse.ArgumentParser(prog="python -m tests.planning.exactness", description=__doc__)
    for name, default in (("fit", 500), ("short", 500), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args(arguments)
    wrong = 0
    for name, fit in (("fit", True), ("short", False)):
        seen = Counter()
        for n, case in enumerate(plans(getattr(chosen, name), fit, chosen.seed)):
            found = differences(*case)
            wrong += bool(found)
            seen["limits" if case[2] else "plain"] += 1
            seen["published"] += any(line.published for line in case[0])
            seen["no plan at all"] += case[4] is None
            seen["loads lowered to the bottom"] += not case[3]
            if found:
                print(f"{name} {n}: {'; '.join(found)}")
        print(f"{name}: {getattr(chosen, name)} plans, {dict(seen)}")
    print(f"{wrong} differ")
    return min(wrong, 100)


if __name__ == "__main__":
    raise SystemExit(main())
