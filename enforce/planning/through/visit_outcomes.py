"""The outcomes (执行情况) of what was arranged: which visit was made when and by whom, which was not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

import pandas as pd

from enforce.words.terms import HalfDay, VisitOutcome

MATCHES = ["record_id", "visit_id", "gap_days", "named"]
OUTCOMES = [
    *("visit_id", "task_id", "unit_id", "first_day", "arranged_date", "done_on", "visit_outcome"),
    *("officers", "instead", "instead_unit", "deviation", "note"),
]
CLASHES = ["officer_id", "date", "record_id", "other_record", "timed"]
_NOON = "12:00"


def visits_of_records(records: pd.DataFrame, arranged: pd.DataFrame) -> pd.DataFrame:
    """Return which visits records without a number (安排编号) are of: one row per record that one is known for.

    Line and unit must be those of the visit, the day after that `since` which it was arranged; of several the nearest
    in days, each for one record, `gap_days` apart. A record that no visit is named for is of the nearest one of its
    line that has no unit yet (`named` says which).

    >>> days = {"date": "2024-05-06", "since": "2024-04-30"}
    >>> arranged = pd.DataFrame({"visit_id": ["P1-001", "P1-002"], "task_id": "P1", "unit_id": ["91", ""], **days})
    >>> record = {"record_id": ["J1", "J2"], "task_id": "P1", "unit_id": ["91", "92"], "date": "2024-05-08"}
    >>> visits_of_records(pd.DataFrame(record).assign(visit_id=""), arranged).values.tolist()
    [['J1', 'P1-001', 2, True], ['J2', 'P1-002', 2, False]]
    """
    bare = records[(records["visit_id"] == "") & (records["task_id"] != "") & (records["unit_id"] != "")]
    bare = bare[["record_id", "task_id", "unit_id", "date"]]
    free = arranged[~arranged["visit_id"].isin(records["visit_id"])]
    free = free[["visit_id", "task_id", "unit_id", "date", "since"]].rename(columns={"date": "arranged_date"})
    named = bare.merge(free, on=["task_id", "unit_id"]).assign(named=True)
    of_line = bare.merge(free[free["unit_id"] == ""].drop(columns="unit_id"), on="task_id").assign(named=False)
    ranked = sorted(
        (not row.named, abs(_ordinal(row.date) - _ordinal(row.arranged_date)), row.arranged_date, row.record_id,
         row.visit_id)
        for row in [*named.itertuples(), *of_line.itertuples()]
        if row.date > row.since
    )  # fmt: skip
    matched: dict[object, tuple[str, int, bool]] = {}
    taken: set[str] = set()
    for unnamed, gap, _, record_id, visit_id in ranked:
        if record_id not in matched and visit_id not in taken:
            matched[record_id] = visit_id, gap, not unnamed
            taken.add(visit_id)
    return pd.DataFrame([(code, *visit) for code, visit in sorted(matched.items())], columns=MATCHES)


def with_numbers(records: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Return records with the numbers of the visits they were matched with, where they have none themselves."""
    numbers = dict(zip(matches["record_id"], matches["visit_id"], strict=True))
    pairs = zip(records["record_id"], records["visit_id"], strict=True)
    visit_ids = [code or numbers.get(record_id, "") for record_id, code in pairs]
    return records.assign(visit_id=pd.Series(visit_ids, records.index, dtype="str"))


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def visit_outcomes(arranged: pd.DataFrame, records: pd.DataFrame, returns: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return what became of the visits given out (执行情况): one row per visit.

    `arranged` has the day a visit was first given out for and the last (first_day, date); `records` are those up to
    the day. `instead` are the officers who went where others were arranged, `instead_unit` the unit visited in place of
    the one arranged, '' where it was that one; `deviation` and `note` are what came back with the sheet (`returns`).
    """
    by_visit = with_numbers(records, visits_of_records(records, arranged))
    by_visit = by_visit[by_visit["visit_id"] != ""].sort_values("date").drop_duplicates("visit_id")
    done = by_visit.set_index("visit_id")[["date", "unit_id", "officers"]].to_dict("index")
    why = returns.set_index("visit_id")[["deviation", "note"]].to_dict("index")
    rows = []
    for row in arranged.itertuples():
        record, back = done.get(row.visit_id), why.get(row.visit_id, {"deviation": "", "note": ""})
        officers = tuple(code for code in (row.officer_1, row.officer_2, *row.with_officers) if code)
        went = tuple(record["officers"]) if record else officers
        elsewhere = record["unit_id"] if record and record["unit_id"] != row.unit_id and row.unit_id else ""
        rows.append(
            (row.visit_id, row.task_id, row.unit_id, row.first_day, row.date, record["date"] if record else "",
             _what_became(row, record, as_of).value, officers, () if set(went) == set(officers) else went, elsewhere,
             back["deviation"], back["note"])
        )  # fmt: skip
    return pd.DataFrame(rows, columns=OUTCOMES)


def _what_became(row: object, record: Mapping | None, as_of: str) -> VisitOutcome:
    if record is None:
        return VisitOutcome.UNDONE if row.date <= as_of else VisitOutcome.NOT_DUE
    if record["date"][:7] != row.first_day[:7]:
        return VisitOutcome.OTHER_MONTH
    if record["date"] != row.date:
        return VisitOutcome.LATE if record["date"] > row.date else VisitOutcome.EARLY
    return VisitOutcome.REBOOKED if row.first_day != row.date else VisitOutcome.AS_ARRANGED


def not_as_arranged(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return the visits late, moved, not made or made by others or elsewhere: one row per visit."""
    usual = outcomes["visit_outcome"].isin([VisitOutcome.AS_ARRANGED, VisitOutcome.NOT_DUE])
    same = (outcomes["instead"].map(len) == 0) & (outcomes["instead_unit"] == "")
    return outcomes[~(usual & same)].reset_index(drop=True)


def officer_clashes(visits: pd.DataFrame) -> pd.DataFrame:
    """Return officers on two visits at once (同一人同时两处): one row per officer and pair of visits to two units.

    `visits` are records with half_day ('' not known). By their times where both have them, else by the half-day; what
    neither says is no clash. `timed` where both have times: an officer may make two visits in half a day.

    >>> both = {"date": "2024-05-06", "half_day": "morning", "start": "", "end": ""}
    >>> crews = [("A", "B"), ("B", "C")]
    >>> visits = pd.DataFrame({"record_id": ["J1", "J2"], "unit_id": ["91", "92"], "officers": crews, **both})
    >>> officer_clashes(visits).values.tolist()
    [['B', '2024-05-06', 'J1', 'J2', False]]
    """
    rows = []
    for day, same_day in visits.sort_values("record_id").groupby("date"):
        for one, other in combinations(same_day.itertuples(), 2):
            both = sorted(set(one.officers) & set(other.officers)) if one.unit_id != other.unit_id else ()
            if both and _spans_meet(_span(one), _span(other)):
                timed = all((one.start, one.end, other.start, other.end))
                rows += [(code, day, one.record_id, other.record_id, timed) for code in both]
    return pd.DataFrame(rows, columns=CLASHES)


def _span(visit: object) -> tuple[str, str] | None:
    """When a visit begins and ends, as hours and minutes; None where that is not known."""
    if visit.start and visit.end:
        return visit.start, visit.end
    halves = {HalfDay.MORNING.value: ("00:00", _NOON), HalfDay.AFTERNOON.value: (_NOON, "24:00")}
    return halves.get(visit.half_day)


def _spans_meet(one: Sequence[str] | None, other: Sequence[str] | None) -> bool:
    return bool(one and other) and one[0] < other[1] and other[0] < one[1]
