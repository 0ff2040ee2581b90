"""The demo visits (家次): which unit is visited for what, on which date, by which two officers.

The numbers come from make_demo.py; here they meet units, dates and officers, by ticket.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from data.demo_plan import LEAD_TEAM, TASKS, roster
from data.demo_units import shuffled, ticket, units, visiting_days
from enforce.words.terms import Trigger

Months = tuple[int, ...]
#: What each line looks for in a unit (对象标签).
WANTED = {row["task_id"]: set(row["hazards"]) for row in TASKS}
FLAGS = {row["unit_id"]: set(row["hazards"]) for row in units()}
#: Sorts of units that have a line of their own and are no firms of P11.
ELSEWHERE = {"城市综合体", "园中园厂中厂", "安全培训机构"}


@dataclass(frozen=True)
class Visit:
    """One visit: month, unit ('' outside the district), line ('' unplanned), trigger, date, officers."""

    month: int
    unit: str
    task: str = ""
    trigger: str = ""
    date: str = ""
    officers: tuple[str, ...] = ()

    @property
    def cause(self) -> str:
        """The line or the trigger: why the visit is made."""
        return self.task or self.trigger

    @property
    def name(self) -> str:
        """What tells this visit from any other; tickets are drawn by it."""
        return f"{self.month}|{self.cause}|{self.unit}"

    @property
    def entry(self) -> tuple[int, str]:
        """What visits made on one entry (入企) share: month and unit, or the line outside the district."""
        return self.month, self.unit or self.task


# --- Units and months ---


def pool(task: str) -> list[str]:
    """Return the units a line may visit in the order it takes them: P11 by concern, others by ticket."""
    chosen = [row for row in units() if row["level"] == "区级" and _fits(row, task)]
    if task == "P11":
        return [row["unit_id"] for row in sorted(chosen, key=_concern)]
    return shuffled((row["unit_id"] for row in chosen), task)


def _fits(unit: dict, task: str) -> bool:
    """Tell whether a line visits a unit: P01, P02, P08 the key list, others their hazards beyond it."""
    if task in ("P01", "P02"):
        return unit["covered_by"] == task
    if task == "P08":
        return unit["covered_by"] == "P01"
    flags, wanted = set(unit["hazards"]), WANTED[task]
    return not unit["is_key"] and bool(flags & wanted if wanted else not flags & ELSEWHERE)


def _concern(unit: dict) -> tuple[int, int, int]:
    """Return the place of a unit on the list of P11: risk 红橙黄蓝, then credit D to A, ungraded last."""
    return (
        _place("红橙黄蓝", unit["risk_grade"]),
        _place("DCBA", unit["credit_grade"]),
        ticket("P11", unit["unit_id"]),
    )


def _place(order: str, grade: str) -> int:
    return order.index(grade) if grade else len(order)


def year_of_visits(
    done: Mapping[str, Months], shared: Iterable[tuple[str, str, Months]], unplanned: Mapping[Trigger, Months]
) -> list[Visit]:
    """Return the visits of the year, dated and staffed, by date; each number as make_demo.py gives it."""
    made = _shared(shared)
    for task, months in done.items():
        made += _line(task, months, made)
    for trigger, months in unplanned.items():
        made += _unplanned(trigger, months, made)
    return _staffed(_dated(made))


def _shared(shared: Iterable[tuple[str, str, Months]]) -> list[Visit]:
    """Return both visits of each shared entry: at a key unit that has the hazard of the other line too."""
    made: list[Visit] = []
    for guest, host, months in shared:
        for month in months:
            seen = _units(made)
            unit = next(u for u in pool(host) if FLAGS[u] & WANTED[guest] and u not in seen)
            made += [Visit(month, unit, host), Visit(month, unit, guest)]
    return made


def _line(task: str, months: Months, made: list[Visit]) -> list[Visit]:
    """Return the visits of a line not made on a shared entry, each at a unit not visited yet."""
    before = Counter(visit.month for visit in made if visit.task == task)
    times = [month for month, done in enumerate(months, 1) for _ in range(done - before[month])]
    if task == "P08":
        return _cross_district(task, times[::2], made)
    seen = _units(made)
    free = [unit for unit in pool(task) if unit not in seen]
    return [Visit(month, unit, task) for month, unit in zip(_mixed(times, task), free, strict=False)]


def _cross_district(task: str, times: list[int], made: list[Visit]) -> list[Visit]:
    """Return one visit at a key unit visited in another month and one outside the district, each month."""
    when = {visit.unit: visit.month for visit in made}
    free = iter(unit for unit in pool(task) if unit in when)
    inside = [Visit(month, next(u for u in free if when[u] != month), task) for month in times]
    return inside + [Visit(month, "", task) for month in times]


def _mixed(times: list[int], task: str) -> list[int]:
    """Return the months in the order they meet the units, so that P11 keeps not the safest for December."""
    return [month for _, month in shuffled(enumerate(times), f"{task}月份")]


def _unplanned(trigger: Trigger, months: Months, made: list[Visit]) -> list[Visit]:
    """Return the unplanned visits of one cause: follow-ups two months after a visit, others at new units."""
    times = [month for month, done in enumerate(months, 1) for _ in range(done)]
    if trigger == Trigger.FOLLOW_UP:
        return [Visit(m, next(v.unit for v in made if v.month == m - 2 and v.unit), "", trigger) for m in times]
    seen = _units(made)
    others = shuffled((row["unit_id"] for row in units() if not row["is_key"]), trigger)
    free = [unit for unit in others if unit not in seen]
    return [Visit(month, unit, "", trigger) for month, unit in zip(times, free, strict=False)]


def _units(made: Iterable[Visit]) -> set[str]:
    return {visit.unit for visit in made}


# --- Dates and officers ---


def _dated(made: list[Visit]) -> list[Visit]:
    """Return the visits with their dates, by date: the entries of a month spread evenly over its workdays."""
    dates = {}
    for month in range(1, 13):
        days = visiting_days(2024, month)
        entries = shuffled(sorted({visit.entry for visit in made if visit.month == month}), "日期")
        for n, entry in enumerate(entries):
            dates[entry] = days[(2 * n + 1) * len(days) // (2 * len(entries))]
    dated = [replace(visit, date=dates[visit.entry]) for visit in made]
    return sorted(dated, key=lambda visit: (visit.date, visit.entry, visit.cause))


def _staffed(dated: list[Visit]) -> list[Visit]:
    """Return the visits with two officers in service each; those of one entry have the same two."""
    pairs: dict[tuple[int, str], tuple[str, ...]] = {}
    busy: Counter = Counter()
    for visit in dated:
        if visit.entry not in pairs:
            pairs[visit.entry] = _pair(visit, busy)
            busy.update((officer, time) for officer in pairs[visit.entry] for time in (visit.date, visit.month))
    return [replace(visit, officers=pairs[visit.entry]) for visit in dated]


def _pair(visit: Visit, busy: Counter) -> tuple[str, ...]:
    """Return the two with least to do: of the brigade, or one of it and one of a section if unplanned."""

    def least_busy(lead: bool, count: int) -> list[str]:
        known = [r for r in roster() if (r["team"] == LEAD_TEAM) == lead and r["from_month"] <= visit.month]
        order = sorted((busy[o, visit.date], busy[o, visit.month], ticket(visit.date, o), o) for o in _ids(known))
        return [place[-1] for place in order[:count]]

    chosen = least_busy(True, 2) if visit.task else least_busy(True, 1) + least_busy(False, 1)
    return tuple(sorted(chosen))


def _ids(officers: list[dict]) -> list[str]:
    return [row["officer_id"] for row in officers]
