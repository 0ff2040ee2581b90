"""The choice (点名): which units each line of the plan visits, by its 选取方式, and why a visit has no unit.

All: the units of the list that no other line covers. Drawn: those of finished draws. Ranked: those that the line owes
a visit to, those named before, then by warning, credit and risk, ties by a ticket and never by row. By clue: the units
that what was looked into (查证) led to. Visits done have the units of their records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from enforce.planning.names.pool import LAST_DAY, pool
from enforce.planning.names.tickets import tickets
from enforce.planning.visits import closed
from enforce.words.terms import LeftOut, Selection, Unnamed

#: The columns of the named visits (点名的家次).
COLUMNS = ("task_id", "number", "unit_id", "how", "order", "reason", "month", "done", "wanted")
#: From the worst to the best; a grade that nobody gave comes last.
CREDIT, RISK = ("D", "C", "B", "A", ""), ("红", "橙", "黄", "蓝", "")


@dataclass(frozen=True, eq=False)
class Register:
    """What names are chosen from, on a day.

    `units` is the register, `records` the visits done up to the day. `drawn` has one row per unit drawn or substituted
    (task_id, unit_id: '' for one removed without a substitute, order, wanted: the months it was drawn for), `clues` one
    per clue (task_id, unit_id or '' for a person, date), `earlier` the visits named before. `elsewhere` are the units
    whose visit by another authority counts.
    `seed` gives the tickets of ties, with the name of the `plan` and the task.
    """

    units: pd.DataFrame
    records: pd.DataFrame
    drawn: pd.DataFrame
    clues: pd.DataFrame
    our_level: str
    seed: str
    plan: str
    as_of: str
    elsewhere: frozenset[str] = frozenset()
    earlier: pd.DataFrame | None = None

    def pool(self, task: object) -> pd.DataFrame:
        """Return the pool of a line: one row per unit with one of its flags, and the reason it is left out."""
        return pool(task, self.units, self.our_level, elsewhere=self.elsewhere, as_of=self.as_of)

    def named_before(self, task_id: str) -> set[str]:
        """Return the units that a line named before."""
        rows = self.earlier
        return set() if rows is None else set(rows.loc[rows["task_id"] == task_id, "unit_id"]) - {""}


def ranking(task: object, register: Register) -> pd.DataFrame:
    """Return the units a line may choose in the order of their rank: one row per unit, with all that ranks it.

    `owed`: the line covers it as a key unit; `named_before`; `warned_on` the day of a warning known by then; grades;
    `ticket` the tie. A line that visits all knows no warning and no grade.
    """
    table = register.pool(task)
    table = table[table["reason"] == ""]
    marks = tickets(register.seed, f"{register.plan}-{task.task_id}", table["unit_id"])
    warned = [warning[0] if warning and warning[0] <= register.as_of else "" for warning in table["warned"]]
    table = table.assign(
        owed=table["is_key"] & (table["covered_by"] == task.task_id),
        named_before=table["unit_id"].isin(register.named_before(task.task_id)),
        warned_on=warned,
        ticket=[mark.hex() for mark in marks],
    )
    keys = pd.DataFrame({"owed": ~table["owed"], "before": ~table["named_before"]})
    if task.selection == Selection.RANKED:
        keys["warned"] = table["warned_on"] == ""
        keys["credit"], keys["risk"] = table["credit_grade"].map(CREDIT.index), table["risk_grade"].map(RISK.index)
    keys["ticket"] = table["ticket"]
    table = table.loc[keys.sort_values([*keys]).index].reset_index(drop=True)
    table["order"] = range(1, len(table) + 1)
    facts = ["owed", "named_before", "warned_on", "credit_grade", "risk_grade", "ticket"]
    return table[["order", "unit_id", "name", "subdistrict", *facts]]


def named_visits(
    tasks: pd.DataFrame, plan: Mapping[tuple[str, int], int], register: Register, closed_month: int = 0
) -> pd.DataFrame:
    """Return the named visits (点名的家次): one row per planned visit, tasks and numbers in order.

    `plan` are the visits by task and month (month 0: no month is left), of which those of months up to `closed_month`
    are over. `month` is that of visits done and of months over, else 0 until months are named; `wanted` the months a
    unit was drawn for. No unit is twice in a task that plans no more visits than units; never above `cap_per_unit`.
    """
    lines = {task.task_id: task for task in tasks.itertuples(index=False)}
    totals: dict[str, dict[int, int]] = {}
    for (task_id, month), visits in plan.items():
        totals.setdefault(task_id, {})[month] = visits
    rows: list[tuple] = []
    for task_id, months in sorted(totals.items()):
        if task_id in lines:
            visits = _Line(lines[task_id], months, register, closed_month).rows()
        else:
            visits = (_visit(reason=Unnamed.GONE, month=month) for month in months for _ in range(months[month]))
        rows += [(task_id, n, *row) for n, row in enumerate(visits, 1)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"number": "int64", "order": "int64", "month": "int64", "done": bool})


def pool_counts(
    tasks: pd.DataFrame, units: pd.DataFrame, our_level: str, *, elsewhere: Collection[str] = (), as_of: str = LAST_DAY
) -> pd.DataFrame:
    """Return what each line needs and has to choose from (对象库): one row per task, 家.

    `needed_units` are those of the area, 0 for a line by clue; `left_out` counts those left out, by reason.
    """
    rows = []
    for task in tasks.itertuples(index=False):
        reasons = Counter(pool(task, units, our_level, elsewhere=elsewhere, as_of=as_of)["reason"])
        needed = 0 if task.selection == Selection.CLUE else max(task.planned_units - task.out_of_district_visits, 0)
        left = {reason: reasons[reason] for reason in LeftOut if reasons[reason]}
        rows.append((task.task_id, task.name, task.selection, needed, reasons[""], left))
    columns = ["task_id", "task", "selection", "needed_units", "eligible_units", "left_out"]
    return pd.DataFrame(rows, columns=columns)


# --- one line -------------------------------------------------------------------------------------------------------

#: unit -> its place in the order, the months it was drawn for (none: any), and how it was chosen.
Candidates = dict[str, tuple[int, tuple[int, ...], Selection]]


class _Line:
    """One line with its visits by month: what is done of it, and who is named for the others."""

    def __init__(self, task: object, months: Mapping[int, int], register: Register, closed_month: int) -> None:
        self.task, self.months, self.register, self.closed_month = task, months, register, closed_month
        outside = int(task.out_of_district_visits)
        self.visits, self.units = int(task.planned_visits) - outside, int(task.planned_units) - outside
        by_clue = task.selection == Selection.CLUE
        other = max(min(int(task.counted_items), self.visits - self.units), 0)
        self.by_clue = self.visits if by_clue else other
        self.by_choice = self.visits - self.by_clue
        self.candidates, self.without_substitute = self._candidates()
        listed = register.clues[register.clues["task_id"] == task.task_id].sort_values(["date", "unit_id"])
        self.clues = listed["unit_id"].tolist() if self.by_clue else []
        self.visited: Counter = Counter()

    def rows(self) -> Iterator[tuple]:
        """Yield a row per visit: those done or over, by clue, by the line's choice, and outside the area."""
        done = list(self._done())
        self.done_months = Counter(month for *_, month, _, _ in done if month > self.closed_month)
        yield from done
        left = sum(self.months.values()) - len(done)
        outside = min(max(int(self.task.out_of_district_visits) - self.visited[""], 0), left)
        ours = sum(1 for unit_id, how, *_ in done if unit_id and how != Selection.CLUE)
        choice = min(max(self.by_choice - ours, 0), left - outside)
        yield from self._from_clues(left - outside - choice)
        yield from self._from_choice(choice)
        yield from (_visit(reason=Unnamed.OUTSIDE) for _ in range(outside))

    def _candidates(self) -> tuple[Candidates, int]:
        """Return who may be named, the drawn before the ranked (of whom they are the hold-out), and draws without any.

        Those are drawn units that are not visited any more and have no substitute.
        """
        rows = self.register.drawn[self.register.drawn["task_id"] == self.task.task_id]
        places = zip(rows["order"], rows["wanted"], [Selection.DRAW] * len(rows), strict=True)
        candidates: Candidates = dict(zip(rows["unit_id"], places, strict=True))
        candidates.pop("", None)
        if self.task.selection != Selection.DRAW and self.by_choice > 0:
            ranks = ranking(self.task, self.register)
            for unit_id, order in zip(ranks["unit_id"], ranks["order"], strict=True):
                candidates.setdefault(unit_id, (int(order), (), self.task.selection))
        return candidates, int((rows["unit_id"] == "").sum())

    def _done(self) -> Iterator[tuple]:
        """Yield the visits of months over and of the month under way that have a record, and those over without one."""
        records = self.register.records
        records = records[records["task_id"] == self.task.task_id].sort_values(["date", "record_id"])
        self.visited.update(records["unit_id"])
        month_of = records["date"].str[5:7].astype(int)
        for month in sorted(month for month in self.months if 0 < month <= self.closed_month + 1):
            units = records.loc[month_of == month, "unit_id"].tolist()[: self.months[month]]
            for unit_id in units:
                how = Selection.CLUE if unit_id and unit_id in self.clues else self._how(unit_id)
                reason = "" if unit_id else Unnamed.OUTSIDE
                order = self.candidates.get(unit_id, (0,))[0]
                yield _visit(unit_id, how, order, reason=reason, month=month, done=True)
            if month <= self.closed_month:
                yield from (
                    _visit(reason=Unnamed.UNRECORDED, month=month) for _ in range(self.months[month] - len(units))
                )

    def _how(self, unit_id: str) -> str:
        return self.candidates[unit_id][2] if unit_id in self.candidates else ""

    def _from_clues(self, places: int) -> Iterator[tuple]:
        """Yield so many visits by clue: each unit once, in the order of the clues."""
        units = self.register.units.set_index("unit_id")
        open_units = units.index[units["in_district"] & (units["level"] == self.register.our_level) & ~closed(units)]
        for order, unit_id in enumerate(self.clues, 1):
            if places < 1:
                return
            reason = Unnamed.PERSON if not unit_id else "" if unit_id in open_units else Unnamed.LEFT_OUT
            if unit_id and self.visited[unit_id]:
                reason = Unnamed.SAME
            if reason == Unnamed.SAME and unit_id not in self.clues[: order - 1]:
                continue  # visited: its record has the visit
            yield _visit(reason=reason) if reason else _visit(unit_id, Selection.CLUE, order)
            self.visited[unit_id] += 1
            places -= 1
        yield from (_visit(reason=Unnamed.CLUE) for _ in range(places))

    def _timely(self) -> set[str]:
        """Return the candidates that have a month left: a unit drawn is not visited before its draw.

        The months of draws lie within each other or apart, so the narrowest first leaves the most to the others.
        """
        left = Counter(
            {month: visits for month, visits in self.months.items() if month == 0 or month > self.closed_month}
        )
        left.subtract(self.done_months)
        # one visited already takes no month that is left: it would push out another that was drawn
        timely = {unit_id for unit_id in self.candidates if self.visited[unit_id]}
        for unit_id, (_, wanted, _) in sorted(self.candidates.items(), key=lambda one: (len(one[1][1]), one[1][0])):
            month = next((month for month in (*wanted, 0) if left[month] > 0), None) if wanted else 0
            if month is not None and unit_id not in timely:
                timely.add(unit_id)
                left[month] -= bool(wanted)
        return timely

    def _from_choice(self, places: int) -> Iterator[tuple]:
        """Yield so many visits by the line's choice: round after round, as often as the plan visits a unit."""
        gone = set(self.register.units.loc[closed(self.register.units), "unit_id"])
        timely = self._timely()
        usable = [unit_id for unit_id in self.candidates if unit_id not in gone and unit_id in timely]
        times = -(-self.by_choice // self.units) if 0 < self.units < self.by_choice else 1
        most = times if pd.isna(self.task.cap_per_unit) else min(times, int(self.task.cap_per_unit))
        if times > 1:
            others = sum(1 for unit_id in self.visited if unit_id and unit_id not in self.candidates)
            usable = sorted(usable, key=lambda unit_id: not self.visited[unit_id])[: max(self.units - others, 0)]
        for times_visited in range(most):
            for unit_id in usable:
                if places and self.visited[unit_id] <= times_visited:
                    order, wanted, how = self.candidates[unit_id]
                    yield _visit(unit_id, how, order, wanted=wanted)
                    self.visited[unit_id] += 1
                    places -= 1
        lost = min(places, len(self.candidates) - len([one for one in self.candidates if one not in gone]))
        reason = Unnamed.POOL if most == times else Unnamed.CAP
        if self.task.selection == Selection.DRAW:
            removed = min(self.without_substitute, places - lost)
            yield from (_visit(reason=Unnamed.SUBSTITUTE) for _ in range(lost))
            yield from (_visit(reason=Unnamed.REMOVED) for _ in range(removed))
            places -= lost + removed
            reason = reason if len(usable) + removed >= self.units > 0 else Unnamed.NOT_DRAWN
        yield from (_visit(reason=reason) for _ in range(places))


def _visit(
    unit_id: str = "", how: str = "", order: int = 0, *, reason: str = "", month: int = 0, done: bool = False,
    wanted: tuple[int, ...] = (),
) -> tuple:  # fmt: skip
    """Return a visit without its task and number."""
    return unit_id, str(how), order, str(reason), month, done, wanted
