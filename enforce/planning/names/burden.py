"""The burden (企业负担): how often each firm is entered, planned and done, by us and others, against its yearly cap.

家次 (one unit for one line) and 入企次数 (all visits of one unit on one day are one entry; one whose day is not known
is an entry by itself) stand side by side and are never added. A cap is held against entries. What a table of caps does
not say is unknown: entries have a low count without such visits and a high count with them, and a firm whose class or
grade is not known has the caps that may be its own as bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise

import pandas as pd

from enforce.planning.names.cap_flow import CapShortfall
from enforce.words.terms import CapVerdict, Cause, CountedOver, Counting

PLANNED, DONE, ELSEWHERE = "planned", "done", "elsewhere"
ANY = "any"
#: 观摩、督导、走访: told beside, never in a cap unless a table says that it counts them.
BESIDE = (Cause.LEADERS, Cause.SERVICE)
#: So many units are named in a message; the others are counted.
MOST_NAMED = 10
FACTS = ("trigger", "kind", "inspection_class", "ordered")
VISITS = ["unit_id", "task_id", "state", "date", "month", "cause", "counts"]
JUDGED = [
    "unit_id", "task_id", "cap_name", "cap_least", "cap_most", "lacks",
    "entries_low", "entries_high", "visits_low", "visits_high", "verdict",
]  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """One row of a table of caps: class, grade (`any` for every one), the most entries (None: not written), whose."""

    name: str
    grade: str
    cap: int | None
    over: str


@dataclass(frozen=True, eq=False)
class Caps:
    """A table of caps: its limits, the columns that say which is a unit's, whether each cause counts.

    `class_column` is `class` (of units), `item` (each line of a unit by itself) or '' (all units alike). What is of a
    cause of `separate_causes` is held against `separate` alone.
    """

    limits: tuple[Limit, ...]
    counts: Mapping[str, str]
    class_column: str = ""
    grade_columns: tuple[str, ...] = ()
    grade_words: Mapping[str, str] = field(default_factory=dict)
    separate: Limit | None = None
    separate_causes: tuple[str, ...] = ()

    @property
    def overs(self) -> list[str]:
        """Whose visits its limits count, each once."""
        return list(dict.fromkeys(limit.over for limit in self.limits))

    def bounds(self, over: str, words: Iterable[str], grades: Iterable[str]) -> list[tuple[str, int, int, str]]:
        """Return name, least and most cap (-1: none) and what is lacking, of each limit for a unit of some words.

        `words` may each be the class, the first that is one is; `grades` likewise.

        >>> caps = Caps((Limit("高危", "一级", 2, "all"), Limit("高危", "二级", 4, "all")), {}, "class")
        >>> caps.bounds("all", ["高危"], ["一级"]), caps.bounds("all", ["高危"], [""]), caps.bounds("all", [""], [""])
        ([('高危', 2, 2, '')], [('高危', 2, 4, 'grade')], [('', 2, -1, 'class')])
        """
        limits = [limit for limit in self.limits if limit.over == over]
        names = list(dict.fromkeys(limit.name for limit in limits))
        if self.class_column:
            names = [word for word in words if word in names][:1]
        if not names:
            return [("", min((limit.cap for limit in limits if limit.cap), default=-1), -1, "class")]
        return [(name, *self._graded([limit for limit in limits if limit.name == name], grades)) for name in names]

    def _graded(self, limits: list[Limit], grades: Iterable[str]) -> tuple[int, int, str]:
        written = {limit.grade for limit in limits}
        grade = next((word for word in (self.grade_words.get(one, one) for one in grades) if word in written), "")
        fit = [limit.cap for limit in limits if limit.grade in (ANY, grade)] or [limit.cap for limit in limits]
        known = [cap for cap in fit if cap is not None]
        lacks = "grade" if len(fit) > 1 else "" if known else "cap"
        return min(known, default=-1), max(known) if len(known) == len(fit) else -1, lacks


# --- the visits -----------------------------------------------------------------------------------------------------


def cause_of(facts: Mapping[str, object], rows: Iterable[Mapping[str, object]]) -> str:
    """Return the cause of a visit: that of the first row whose facts are all its own; '' where none is.

    >>> rows = [{"cause": "random_joint", "kind": "joint"}, {"cause": "order", "trigger": "order"}]
    >>> cause_of({"trigger": "", "kind": "joint"}, rows), cause_of({"trigger": "", "kind": "exchange"}, rows)
    ('random_joint', '')
    """
    fit = (row for row in rows if all(row.get(name) in (None, facts.get(name)) for name in FACTS))
    return str(next(fit, {"cause": ""})["cause"])


def unit_visits(
    named: pd.DataFrame, records: pd.DataFrame, elsewhere: pd.DataFrame, tasks: pd.DataFrame, causes: Iterable[Mapping]
) -> pd.DataFrame:
    """Return every visit of a unit (家次): one row each, with its state, day or month, and cause.

    `named` are the planned visits with a unit (task_id, unit_id, month; 0: not known); those done are rows of records
    instead. `counts` is what a table of other authorities' visits says of one, '' else; a month alone leaves no date.
    """
    lines = tasks.set_index("task_id")[["kind", "inspection_class"]].to_dict("index")
    ordered = dict(zip(tasks["task_id"], tasks["order_document"] != "", strict=True))
    rows, known = list(causes), {}

    def cause(task_id: str, trigger: str, of_record: str) -> str:
        key = task_id, trigger, of_record
        if key not in known:
            line = lines.get(task_id, {"kind": "", "inspection_class": ""})
            facts = {**line, "trigger": trigger, "ordered": ordered.get(task_id, False)}
            known[key] = cause_of(facts | ({"inspection_class": of_record} if of_record else {}), rows)
        return known[key]

    done = records[records["unit_id"] != ""]
    waiting = _without_done(named[named["unit_id"] != ""], done)
    visits = [
        *((unit, task, PLANNED, "", month, cause(task, "", ""), "") for task, unit, month in waiting),
        *(
            (row.unit_id, row.task_id, DONE, row.date, int(row.date[5:7]), cause(row.task_id, row.trigger, each), "")
            for row, each in zip(done.itertuples(), done["inspection_class"], strict=True)
        ),
        *((row.unit_id, "", ELSEWHERE, *_moment(row), "", row.counts) for row in elsewhere.itertuples()),
    ]
    return pd.DataFrame(visits, columns=VISITS)


def _moment(row: object) -> tuple[str, int]:
    """The day of a visit elsewhere, '' where only its month is known, and the month."""
    return row.date if len(row.date) > len("2024-03") else "", int(row.date[5:7] if row.date else row.month)


def _without_done(named: pd.DataFrame, done: pd.DataFrame) -> list[tuple[str, str, int]]:
    """The planned visits that no record stands for yet: of a line and unit, the earliest are those done."""
    left = done.groupby(["task_id", "unit_id"]).size().to_dict()
    waiting = []
    for task, unit, month in named[["task_id", "unit_id", "month"]].sort_values("month", kind="stable").to_numpy():
        if left.get((task, unit), 0):
            left[task, unit] -= 1
        else:
            waiting.append((task, unit, int(month)))
    return waiting


def counted(visits: pd.DataFrame, caps: Caps | None) -> pd.DataFrame:
    """Return the visits with `counting` (计入、不计、没有写明): without a table of caps nothing is known."""
    words = {"是": Counting.COUNTS, "否": Counting.EXEMPT}
    by_cause = dict(caps.counts) if caps else {}
    unsaid = {cause: Counting.EXEMPT for cause in BESIDE if by_cause.get(cause, Counting.UNKNOWN) == Counting.UNKNOWN}
    by_cause |= unsaid
    counting = [
        words.get(counts) or by_cause.get(cause, Counting.UNKNOWN)
        for counts, cause in zip(visits["counts"], visits["cause"], strict=True)
    ]
    return visits.assign(counting=pd.Series([str(word) for word in counting], visits.index, dtype="str"))


def unit_entries(visits: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the entries (入企次数) of counted visits: one row per entry, `counting` the strongest of its visits."""
    key = visits["date"].where(visits["date"] != "", visits.index.astype(str))
    rank = visits["counting"].map({Counting.COUNTS: 2, Counting.UNKNOWN: 1, Counting.EXEMPT: 0})
    table = visits.assign(entry=key, rank=rank)
    grouped = table.groupby([*by, "entry"], sort=False)
    strongest = grouped["rank"].max().map({2: Counting.COUNTS, 1: Counting.UNKNOWN, 0: Counting.EXEMPT})
    return strongest.rename("counting").reset_index()


# --- against the caps -----------------------------------------------------------------------------------------------


def cap_verdict(low: int, high: int, least: int, most: int, lacks: str) -> CapVerdict:
    """Return how entries between a low and a high count stand to a cap between two bounds (-1: no bound).

    >>> cases = ((3, 3, 2, 2, ""), (2, 3, 2, 2, ""), (1, 2, 2, 4, "grade"), (1, 3, 2, 4, "grade"))
    >>> [cap_verdict(*case).value for case in cases]
    ['over', 'maybe', 'within', 'unknown']
    """
    if 0 <= most < low:
        return CapVerdict.OVER
    if least >= 0 and high <= least:
        return CapVerdict.WITHIN
    return CapVerdict.UNKNOWN if lacks else CapVerdict.MAYBE


def judge_caps(visits: pd.DataFrame, units: pd.DataFrame, tasks: pd.DataFrame, caps: Caps | None) -> pd.DataFrame:
    """Return how each unit stands to each of its caps (频次判断): one row per unit and cap, of units with visits.

    Of a table by items, and of a line's own 每家上限, one row per unit, line and cap. `lacks` says what keeps a cap
    from being known: class, grade or cap (its number is not written). Columns as in JUDGED.
    """
    known = visits[visits["unit_id"].isin(units["unit_id"])]
    rows = list(_by_line(known[known["task_id"] != ""], tasks))
    if caps:
        facts = units.set_index("unit_id").to_dict("index")
        texts = {task.task_id: (task.name, task.group, *task.content) for task in tasks.itertuples()}
        alone = known["cause"].isin(caps.separate_causes)
        for over in caps.overs:
            for key, tally in _tallies(_scope(known[~alone], over), caps.class_column == "item"):
                for bound in unit_bounds(caps, over, facts[key[0]], texts.get(key[1], ())):
                    rows.append((*key, *bound, *tally))
        if caps.separate:
            name, cap = caps.separate.name, caps.separate.cap
            rows += [(*key, name, cap, cap, "", *tally) for key, tally in _tallies(known[alone], by_line=False)]
    rows = [(*row, cap_verdict(row[6], row[7], row[3], row[4], row[5]).value) for row in rows]
    return pd.DataFrame(rows, columns=JUDGED)


def unit_bounds(caps: Caps, over: str, unit: Mapping, line: Iterable[str] = ()) -> list[tuple[str, int, int, str]]:
    """Return the bounds of the caps of a unit (a row of the register), for a table by items also of a line's words."""
    words = [*line, unit["class"]] if caps.class_column == "item" else [unit["class"]]
    return caps.bounds(over, words, [unit[column] for column in caps.grade_columns])


def cap_rooms(
    visits: pd.DataFrame, units: pd.DataFrame, tasks: pd.DataFrame, caps: Caps
) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Return the entries that visits leave of the caps (余地): by unit, or by line and unit of a table by items.

    What surely counts is taken off the most the cap may be; a unit whose cap may be none has no number.
    """
    rooms: dict[str, int] = {}
    of_lines: dict[tuple[str, str], int] = {}
    by_item, used = caps.class_column == "item", visits[~visits["cause"].isin(caps.separate_causes)]
    lines = [(task.task_id, (task.name, task.group, *task.content)) for task in tasks.itertuples()]
    facts = units.set_index("unit_id").to_dict("index")
    for over in caps.overs:
        low = {key: tally[0] for key, tally in _tallies(_scope(used, over), by_item)}
        for unit, row in facts.items():
            for task, words in lines if by_item else [("", ())]:
                most = [most for _, _, most, _ in unit_bounds(caps, over, row, words) if most >= 0]
                for left in (max(cap - low.get((unit, task), 0), 0) for cap in most):
                    table, key = (of_lines, (task, unit)) if by_item else (rooms, unit)
                    table[key] = min(left, table.get(key, left))
    return rooms, of_lines


def _scope(visits: pd.DataFrame, over: str) -> pd.DataFrame:
    """The visits a cap counts together; others' count to ours only where their table says so."""
    outside = visits["state"] == ELSEWHERE
    if over == CountedOver.ALL:
        return visits
    return visits[~outside | ((visits["counts"] == "是") & (over == CountedOver.OURS))]


def _tallies(visits: pd.DataFrame, by_line: bool) -> Iterable[tuple[tuple[str, str], tuple[int, int, int, int]]]:
    """Yield unit and line ('' for all) with entries low and high, visits low and high."""
    table = visits if by_line else visits.assign(task_id="")
    by = ["unit_id", "task_id"]
    numbers: dict[tuple[str, str], list[int]] = {}
    for place, rows in ((0, unit_entries(table, by)), (2, table)):
        for (unit, task, counting), count in rows.groupby([*by, "counting"], sort=False).size().items():
            tally = numbers.setdefault((unit, task), [0, 0, 0, 0])
            tally[place] += count if counting == Counting.COUNTS else 0
            tally[place + 1] += count if counting != Counting.EXEMPT else 0
    yield from ((key, tuple(numbers[key])) for key in sorted(numbers))


def _by_line(visits: pd.DataFrame, tasks: pd.DataFrame) -> Iterable[tuple]:
    """Yield the visits of a unit for a line against the line's own cap (每家上限), whatever their cause."""
    most = tasks.set_index("task_id")["cap_per_unit"].dropna()
    limited = visits[visits["task_id"].isin(most.index)].assign(counting=Counting.COUNTS.value)
    for (unit, task), tally in _tallies(limited, by_line=True):
        cap = int(most[task])
        yield unit, task, task, cap, cap, "", *tally


# --- two visits within some days ------------------------------------------------------------------------------------


def close_entries(visits: pd.DataFrame, days: int, judged: bool) -> pd.DataFrame:
    """Return entries of one unit less than `days` apart (间隔): one row per pair, by days that are known alone.

    `judged` says that a table of caps tells what counts: exempt entries are left out. Without one, visits of a line
    count and others are unknown. `sure` where both count; the others would be a pair if what is unknown counts.
    """
    dated = visits[visits["date"] != ""]
    if not judged:
        planned = (dated["task_id"] != "").map({True: Counting.COUNTS.value, False: Counting.UNKNOWN.value})
        dated = dated.assign(counting=planned.where(dated["counts"] == "", dated["counting"]))
    table = unit_entries(dated, ["unit_id"])
    rows = []
    for unit, group in table[table["counting"] != Counting.EXEMPT].groupby("unit_id"):
        every = dict(sorted(zip(group["entry"], group["counting"], strict=True)))
        sure = [day for day, counting in every.items() if counting == Counting.COUNTS]
        near = [(*pair, True) for pair in pairwise(sure) if _days_between(*pair) < days]
        spans = {day for first, second, _ in near for day in every if first <= day <= second}
        near += [(*pair, False) for pair in pairwise(every) if _days_between(*pair) < days and not {*pair} <= spans]
        rows += [(unit, first, second, _days_between(first, second), certain) for first, second, certain in near]
    return pd.DataFrame(rows, columns=["unit_id", "first_date", "second_date", "gap_days", "sure"])


def _days_between(first: str, second: str) -> int:
    return (date.fromisoformat(second) - date.fromisoformat(first)).days


# --- the ledger -----------------------------------------------------------------------------------------------------


def unit_burdens(visits: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the burden of each unit of the register (企业负担): one row per unit, 家次 and 入企次数 apart.

    planned, done and exempt visits and entries, visits beside (督导、观摩、走访), entries of others, ours and all.
    """
    ours, state = visits["state"] != ELSEWHERE, visits["state"]
    exempt = ours & (visits["counting"] == Counting.EXEMPT)
    beside = exempt & visits["cause"].isin(list(BESIDE))
    parts = {
        "planned_unit_visits": visits[state == PLANNED], "done_unit_visits": visits[state == DONE],
        "exempt_visits": visits[exempt & ~beside], "beside_visits": visits[beside],
    }  # fmt: skip
    walks = {
        "planned_entries": state == PLANNED, "done_entries": state == DONE, "exempt_entries": exempt,
        "elsewhere_entries": state == ELSEWHERE, "our_entries": ours, "all_entries": ours | ~ours,
    }  # fmt: skip
    parts |= {name: unit_entries(visits[part], ["unit_id"]) for name, part in walks.items()}
    table = units[["unit_id", "name"]].reset_index(drop=True)
    return table.assign(
        **{
            name: table["unit_id"].map(rows["unit_id"].value_counts()).fillna(0).astype("int64")
            for name, rows in parts.items()
        }
    )


def entry_counts(by_unit: pd.DataFrame) -> pd.DataFrame:
    """Return how many units are entered so often (入企次数分布): one row per number, ours and all, in 家.

    >>> entry_counts(pd.DataFrame({"our_entries": [0, 1, 5], "all_entries": [1, 1, 6]})).values.tolist()
    [['0 次', 1, 0], ['1 次', 1, 2], ['2 次', 0, 0], ['3 次以上', 1, 1]]
    """
    numbers = {"0 次": (0, 0), "1 次": (1, 1), "2 次": (2, 2), "3 次以上": (3, float("inf"))}
    rows = [
        (name, *(int(by_unit[column].between(*span).sum()) for column in ("our_entries", "all_entries")))
        for name, span in numbers.items()
    ]
    return pd.DataFrame(rows, columns=["entry_number", "our_units", "all_units"])


@dataclass(frozen=True, eq=False)
class Burden:
    """The burden of a plan: its visits of units by name, held against a table of caps (None: none acts) and a gap.

    `state` says whether the table that the plan names acts (terms.CapState), `entered` are the entries of named visits
    to come, `table` what it is called, `quoted` that
    nobody has read it in the original, `counts_all` that it counts the visits of all authorities; `unnamed_visits` are
    planned visits that have no unit yet, `shortfalls` what the caps make impossible.
    """

    visits: pd.DataFrame
    units: pd.DataFrame
    tasks: pd.DataFrame
    caps: Caps | None
    state: str
    entered: pd.DataFrame
    table: str = ""
    quoted: bool = False
    counts_all: bool = False
    elsewhere_known: bool = False
    min_gap_days: int | None = None
    unnamed_visits: int = 0
    shortfalls: tuple[CapShortfall, ...] = ()

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The visits with whether each counts: one row per visit."""
        return counted(self.visits, self.caps)

    @cached_property
    def by_unit(self) -> pd.DataFrame:
        """One row per unit of the register (企业负担)."""
        return unit_burdens(self.counted, self.units)

    @cached_property
    def judged(self) -> pd.DataFrame:
        """One row per unit and cap (频次判断)."""
        return judge_caps(self.counted, self.units, self.tasks, self.caps)

    @cached_property
    def close(self) -> pd.DataFrame:
        """One row per pair of entries less than the plan's days apart (间隔)."""
        days = self.min_gap_days or 0
        known = self.counted[self.counted["unit_id"].isin(self.units["unit_id"])]
        return close_entries(known, days, self.caps is not None)

    @cached_property
    def merges(self) -> pd.DataFrame:
        """One row per entry that serves several lines (可合并), with the entries that merging saves."""
        table = self.entered[self.entered["visits"] > 1]
        return table.assign(saved_entries=table["visits"] - 1)

    @property
    def scope(self) -> str:
        """What is in these numbers and what is not, in one sentence, as it stands beside them."""
        parts = [f"还没有点名的 {self.unnamed_visits} 家次不在内"] * bool(self.unnamed_visits)
        parts += ["没有别处的检查，只含本局"] * (not self.elsewhere_known)
        parts += [f"上限按 {self.table}" if self.caps else "没有上限表，不判上限"]
        return "；".join(parts)

    def units_text(self, codes: Iterable[str]) -> str:
        """Return units by name, the first ten and how many there are."""
        names, units = dict(zip(self.units["unit_id"], self.units["name"], strict=True)), list(dict.fromkeys(codes))
        more = f" 等 {len(units)} 家" if len(units) > MOST_NAMED else ""
        return "、".join(names.get(code, code) for code in units[:MOST_NAMED]) + more

    @property
    def numbers(self) -> pd.DataFrame:
        """How many units are entered 0, 1, 2, 3 times (入企次数分布): one row per number, in 家."""
        return entry_counts(self.by_unit)

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """The burden ledger (企业负担台账): one row per unit entered more than once or over a cap, and cap."""
        judged = self.judged[[name for name in JUDGED if name != "unit_id"]].assign(unit_id=self.judged["unit_id"])
        table = self.by_unit.merge(judged, on="unit_id", how="left")
        table = table[(table["all_entries"] > 1) | (table["verdict"] == CapVerdict.OVER)]
        columns = {name: table[name].astype("Int64").replace(-1, pd.NA) for name in _CAP_NUMBERS}
        texts = {name: table[name].fillna("") for name in ("task_id", "cap_name", "verdict")}
        order = ["all_entries", "unit_id"]
        table = table.assign(**columns, **texts).drop(columns="lacks")
        return table.sort_values(order, ascending=[False, True], kind="stable", ignore_index=True)


_CAP_NUMBERS = ("cap_least", "cap_most", "entries_low", "entries_high", "visits_low", "visits_high")
