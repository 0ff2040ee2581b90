"""Officers (执法人员) of drawn units: a pair for each, as even and as varied as can be, repeatable from the seed.

Two licensed officers go to a unit, at least one of them of the bureau itself and one of a field the line asks for;
nobody goes to a unit he is recused from. First the numbers of visits are as even as can be (least sum of squares), then
those of the pairs, then the tickets of pairs decide: the SHA-256 of the UTF-8 text seed, number of the draw, unit and
the two officers in order, a line feed between. Units are taken in turn with the best pair left; where that is not
proved to be the most even by counting alone, CP-SAT finds what is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, CpSolver, IntVar

Pair = tuple[str, str]
#: What a search may take, in the solver's deterministic time: it ends at the same step on every machine.
WORK = 20.0
SETTINGS = {"num_workers": 1, "random_seed": 0, "symmetry_level": 0}


@dataclass(frozen=True)
class Pairs:
    """The pair of each unit, and whether no other choice is proved to be more even."""

    by_unit: Mapping[str, Pair]
    proved: bool


def crew(
    roster: pd.DataFrame, team: str, partners: Collection[str], fields: Collection[str], months: Collection[int]
) -> pd.DataFrame:
    """Return who can be sent (可派人员): one row per officer, by number — officer_id, ours, able.

    Those with a licence and in service in all of the months: of the line's team, and of its partner departments.
    `able` are those of one of the fields, all where the line asks for none.

    >>> roster = pd.DataFrame({"officer_id": ["B", "A", "C"], "team": "大队", "licensed": [True, True, False],
    ...     "fields": [("危化",), (), ("危化",)], "from_month": 1, "to_month": [12, 6, 12], "department": ""})
    >>> crew(roster, "大队", (), ("危化",), range(1, 7)).values.tolist()
    [['A', True, False], ['B', True, True]]
    """
    rows = sendable(roster.itertuples(), team, partners, fields, months)
    return pd.DataFrame(rows, columns=["officer_id", "ours", "able"])


def sendable(
    roster: Iterable, team: str, partners: Collection[str], fields: Collection[str], months: Collection[int]
) -> list[tuple[str, bool, bool]]:
    """Return who can be sent as `crew` does, from the rows of a roster: officer, whether ours, whether able."""
    served: dict[str, set[int]] = {}
    ours: dict[str, bool] = {}
    able: dict[str, bool] = {}
    for row in roster:
        if row.licensed and (row.department in partners if row.department else row.team == team):
            served.setdefault(row.officer_id, set()).update(range(int(row.from_month), int(row.to_month) + 1))
            ours[row.officer_id] = not row.department
            able[row.officer_id] = not fields or not set(fields).isdisjoint(row.fields)
    return [(each, ours[each], able[each]) for each in sorted(served) if served[each].issuperset(months)]


def possible_pairs(
    units: Iterable[str], staff: pd.DataFrame, recused: Collection[tuple[str, str]]
) -> dict[str, list[Pair]]:
    """Return the pairs that may go to each unit, none where too few officers are left for it.

    `staff` is as of `crew`; `recused` are officer and unit.
    """
    rows = list(staff.itertuples(index=False))
    pairs = [
        (one.officer_id, other.officer_id)
        for one, other in combinations(rows, 2)
        if (one.ours or other.ours) and (one.able or other.able)
    ]
    return {unit: [pair for pair in pairs if not any((officer, unit) in recused for officer in pair)] for unit in units}


def pair_units(possible: Mapping[str, Sequence[Pair]], before: Iterable[Pair], seed: str, draw_id: str) -> Pairs:
    """Return a pair for each unit, of those possible for it; each unit has one at least.

    `before` are the pairs of visits that stand already: they count towards what is even.

    >>> pairs = [("A", "B"), ("A", "C"), ("B", "C")]
    >>> chosen = pair_units({"U1": pairs, "U2": pairs, "U3": pairs}, (), "493018", "P10")
    >>> sorted(chosen.by_unit.values()), chosen.proved
    ([('A', 'B'), ('A', 'C'), ('B', 'C')], True)
    """
    before = [(min(pair), max(pair)) for pair in before]
    tickets = {
        (unit, pair): sha256("\n".join((seed, draw_id, unit, *pair)).encode()).hexdigest()
        for unit, pairs in possible.items()
        for pair in pairs
    }
    choice = _Choice(possible, tickets, Counter(officer for pair in before for officer in pair), Counter(before))
    choice.settle()
    if len(possible) <= 1 or _is_even(possible, before, choice.chosen):
        return Pairs(choice.chosen, proved=True)
    return _solved(possible, before, tickets, choice.chosen)


@dataclass
class _Choice:
    """A choice that is made unit by unit, and made again until it gets no more even."""

    possible: Mapping[str, Sequence[Pair]]
    tickets: Mapping[tuple[str, Pair], str]
    visits: Counter
    repeats: Counter
    chosen: dict[str, Pair] = field(default_factory=dict)

    @cached_property
    def allowed(self) -> dict[str, set[Pair]]:
        """The possible pairs of each unit, to look one up."""
        return {unit: set(pairs) for unit, pairs in self.possible.items()}

    def settle(self) -> None:
        """Give each unit in turn its best pair, then change what makes the whole more even."""
        for unit in self.possible:
            self._take(unit, self._best(unit))
        while sum(map(self._improved, self.possible)):
            pass

    def _take(self, unit: str, pair: Pair) -> None:
        self._count(unit, -1)
        self.chosen[unit] = pair
        self._count(unit, 1)

    def _count(self, unit: str, times: int) -> None:
        pair = self.chosen.get(unit)
        if pair is not None:
            self.repeats[pair] += times
            for officer in pair:
                self.visits[officer] += times

    def _cost(self, pair: Pair) -> tuple[int, int]:
        return self.visits[pair[0]] + self.visits[pair[1]], self.repeats[pair]

    def _best(self, unit: str) -> Pair:
        return min(self.possible[unit], key=lambda pair: (self._cost(pair), self.tickets[unit, pair]))

    def _improved(self, unit: str) -> bool:
        """Whether a unit has a better pair now, of its own or by an exchange with another unit."""
        old = self.chosen[unit]
        self._count(unit, -1)
        best = self._best(unit)
        better = self._cost(best) < self._cost(old)
        self._count(unit, 1)
        if better:
            self._take(unit, best)
        return better or (self.repeats[old] > 1 and any(self._exchanged(unit, other) for other in self.possible))

    def _exchanged(self, unit: str, other: str) -> bool:
        """Whether two units part their four officers in another way with fewer repeats; visits stay as they are."""
        old = self.chosen[unit], self.chosen[other]
        if len({*old[0], *old[1]}) < 4:
            return False
        for each in (unit, other):
            self._count(each, -1)
        allowed = [
            pairs for pairs in _partings(*old) if pairs[0] in self.allowed[unit] and pairs[1] in self.allowed[other]
        ]
        best = min([old, *allowed], key=lambda pairs: sum(self.repeats[pair] for pair in pairs))
        self.chosen |= {unit: best[0], other: best[1]}
        for each in (unit, other):
            self._count(each, 1)
        return best != old


def _partings(one: Pair, other: Pair) -> Iterator[tuple[Pair, Pair]]:
    """Yield the other ways to part the officers of two pairs into two."""
    (a, b), (c, d) = one, other
    for pairs in (((a, c), (b, d)), ((a, d), (b, c))):
        first, second = (tuple(sorted(pair)) for pair in pairs)
        yield first, second
        yield second, first


def _is_even(possible: Mapping[str, Sequence[Pair]], before: Sequence[Pair], chosen: Mapping[str, Pair]) -> bool:
    """Whether visits and pairs are as even as if any officer and any pair could go anywhere: then nothing is more."""
    pairs = {pair for each in possible.values() for pair in each}
    officers = {officer for pair in pairs for officer in pair}
    counts = Counter(before), Counter(chosen.values())
    visits = [Counter(officer for pair in part.elements() for officer in pair) for part in counts]
    return _as_level(officers, *visits) and _as_level(pairs, *counts)


def _as_level(places: Collection[Hashable], before: Counter, added: Counter) -> bool:
    """Whether nothing was added to a place while another had two fewer: then the sum of squares is the least."""
    after = before + added
    return not added or max(after[place] for place in added) - min(after[place] for place in places) <= 1


def _solved(
    possible: Mapping[str, Sequence[Pair]],
    before: Sequence[Pair],
    tickets: Mapping[tuple[str, Pair], str],
    chosen: Mapping[str, Pair],
) -> Pairs:
    """Settle visits, pairs and tickets one after the other; without a proof the best that was met."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    goes = {key: model.new_bool_var("") for key in tickets}
    by_pair: dict[Hashable, list[IntVar]] = {}
    by_officer: dict[Hashable, list[IntVar]] = {}
    for unit, pairs in possible.items():
        model.add_exactly_one(goes[unit, pair] for pair in pairs)
        for pair in pairs:
            by_pair.setdefault(pair, []).append(goes[unit, pair])
            for officer in pair:
                by_officer.setdefault(officer, []).append(goes[unit, pair])
    visits = Counter(officer for pair in before for officer in pair)
    cost = sum(int(ticket[:7], 16) * goes[key] for key, ticket in tickets.items())
    stages = (_unevenness(model, by_officer, visits), _unevenness(model, by_pair, Counter(before)), cost)
    proved = True
    for stage in stages:
        model.clear_hints()
        for (unit, pair), variable in goes.items():
            model.add_hint(variable, chosen[unit] == pair)
        model.minimize(stage)
        solver = _searcher(model)
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Pairs(chosen, proved=False)
        proved = proved and status == cp_model.OPTIMAL
        chosen = {unit: next(pair for pair in possible[unit] if solver.value(goes[unit, pair])) for unit in possible}
        model.add(stage <= solver.value(stage))
    return Pairs(chosen, proved)


def _unevenness(model: CpModel, groups: Mapping[Hashable, Sequence[IntVar]], before: Counter) -> object:
    """Return the sum of squares of the counts, less that of what stood before: each visit costs more than the last."""
    costs = []
    for key, variables in groups.items():
        steps = [model.new_bool_var("") for _ in variables]
        model.add(sum(variables) == sum(steps))
        costs += [(2 * (before[key] + n) + 1) * step for n, step in enumerate(steps)]
    return sum(costs)


def _searcher(model: CpModel) -> CpSolver:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    for name, value in {**SETTINGS, "max_deterministic_time": WORK}.items():
        setattr(solver.parameters, name, value)
    return solver
