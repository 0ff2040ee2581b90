"""The staffing (执法人员) of the visits done: how many officers came, and who of them had no licence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import pandas as pd

COLUMNS = ["record_id", "officer_count", "least", "unlicensed"]
#: Rules that judge a visit by its own day: the least number of officers, and whether each needs a licence.
BY_DAY = LEAST, LICENCE = "officers_per_visit_min", "officers_need_licence"
#: The months of an officer on the roster, by whether with a licence.
Service = Mapping[str, Collection[tuple[range, bool]]]


def short_staffed(records: pd.DataFrame, roster: pd.DataFrame, rule_on: Callable[[str, str], object]) -> pd.DataFrame:
    """Return the visits without the officers that the rules of their day ask for: one row per record with a fault.

    Columns record_id, officer_count, least (officers; 0 where no rule says), unlicensed (officers without a licence).
    `rule_on` gives the value of a rule on an ISO date, None where there is none. An officer may stand on the roster in
    several rows, each with months of service; one who is not on it is not judged.

    >>> records = pd.DataFrame({"record_id": ["R1"], "date": ["2024-06-03"], "officers": [("A",)]})
    >>> roster = pd.DataFrame({"officer_id": ["A"], "licensed": [False], "from_month": [1], "to_month": [12]})
    >>> short_staffed(records, roster, lambda rule, day: {LEAST: 2, LICENCE: True}[rule]).values.tolist()
    [['R1', 1, 2, 1]]
    """
    return pd.DataFrame(_short_visits(records, _service(roster), rule_on), columns=COLUMNS)


def _service(roster: pd.DataFrame) -> Service:
    service: dict[str, list[tuple[range, bool]]] = {}
    columns = ("officer_id", "from_month", "to_month", "licensed")
    for officer, first, last, licensed in zip(*(roster[name] for name in columns), strict=True):
        service.setdefault(officer, []).append((range(int(first), int(last) + 1), bool(licensed)))
    return service


def _short_visits(
    records: pd.DataFrame, service: Service, rule_on: Callable[[str, str], object]
) -> Iterator[tuple[str, int, int, int]]:
    for record, day, officers in zip(records["record_id"], records["date"], records["officers"], strict=True):
        present, least = set(officers), int(rule_on(LEAST, day) or 0)
        unlicensed = sum(_is_unlicensed(service.get(officer, ()), int(day[5:7])) for officer in present)
        unlicensed = unlicensed if rule_on(LICENCE, day) else 0
        if len(present) < least or unlicensed:
            yield record, len(present), least, unlicensed


def _is_unlicensed(rows: Collection[tuple[range, bool]], month: int) -> bool:
    """Whether an officer on the roster has a licence in no row of the month, or in none at all where none is of it."""
    there = [licensed for months, licensed in rows if month in months] or [licensed for _, licensed in rows]
    return bool(there) and not any(there)
