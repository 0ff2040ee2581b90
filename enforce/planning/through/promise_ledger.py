"""The ledger of promises (承诺—兑现): how each promise of the plan stands on a day, with numerator and denominator.

There is no mark and no ranking. What the tables do not hold is missing data, neither 0 nor broken; what only a person
can confirm is never counted as fulfilled.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from enforce.planning.through.promise_measures import Facts, MeasureReading, lines_of, readings
from enforce.words.numbers import number_text, percent
from enforce.words.terms import PROMISE_MEASURES, AimedAt, JudgedOn, Measurable, Measure, PromiseState

Asked = Mapping[str, Any]
_COMPARE = {">=": operator.ge, ">": operator.gt, "=": operator.eq, "<": operator.lt, "<=": operator.le}
_SIGNS = {">=": "≥ ", ">": "> ", "=": "= ", "<": "< ", "<=": "≤ "}
#: Counts that only grow: once they have reached what was promised, no later day takes it back.
_GROWING = frozenset(row["measure"] for row in PROMISE_MEASURES if row["grows"])
#: What a promise is when one of its measures is, the first that any of them is.
_FIRST = (PromiseState.BROKEN, PromiseState.AT_RISK, PromiseState.NO_DATA)
ROWS = [
    *("promise", "clause", "promise_measure", "part", "numerator", "denominator", "rate", "current_denominator"),
    *("extra_count", "count_unit", "target", "promise_state", "lacking", "count_scope"),
]
PROMISES = [
    *("promise", "promise_kind", "clause", "where", "due_on", "judged_on", "promise_state", "to_confirm"),
    *("evidence_list", "note"),
]


def measure_rows(facts: Facts, promises: Iterable[Asked]) -> pd.DataFrame:
    """Return how every measure stands on the day (各量的兑现): one row per measure, or per part of one.

    `denominator` is of the approved plan, `current_denominator` of the one in force; `extra_count` was done beyond the
    plan and counts for nothing; `lacking` is what the tables would need where data are missing.
    """
    rows = [
        row
        for promise in promises
        for measure in promise["measures"]
        for row in _measure_lines(facts, promise, measure)
    ]
    types = dict.fromkeys(["denominator", "current_denominator", "extra_count"], "Int64")
    return pd.DataFrame(rows, columns=ROWS).astype({**types, "numerator": "Float64", "rate": "Float64"})


def unknown_names(facts: Facts, promises: Iterable[Asked]) -> list[tuple[str, str]]:
    """Return what promises name and the plan does not have: the promise, and the line, key period or day of it."""
    return [
        (promise["id"], name)
        for promise in promises
        for name in dict.fromkeys(
            name for measure in promise["measures"] for name in _strangers(facts, promise, measure)
        )
    ]


def _strangers(facts: Facts, promise: Asked, measure: Asked) -> list[str]:
    """The lines, key periods and days that a measure of a promise names and the plan does not have."""
    lines = [line for option in ("visits", "of") for visits in measure[option] for line in visits["lines"]]
    periods = set(facts.key_periods["name"])
    days = [promise["due"], *(visits["last_day"] for visits in measure["visits"] if visits["last_day"])]
    return [
        *(line for line in lines if line not in facts.lines.index),
        *(name for name in measure["periods"] if name not in periods),
        *(day for day in days if day[:4] != f"{facts.year}"),
    ]


def promise_rows(facts: Facts, promises: Sequence[Asked], measures: pd.DataFrame) -> pd.DataFrame:
    """Return how every promise stands on the day (承诺—兑现台账): one row per promise; `measures` as `measure_rows`."""
    states = measures.groupby(["promise", "promise_measure"], sort=False)["promise_state"].agg(list).to_dict()
    rows = []
    for promise in promises:
        parts = {one["name"]: states[promise["id"], one["name"]] for one in promise["measures"]}
        row = {
            **{name: promise[name] for name in ("clause", "where", "note")},
            "promise": promise["id"],
            "promise_kind": promise["kind"],
            "due_on": promise["due"],
            "judged_on": promise["judged"],
            "promise_state": promise_state(promise, parts, over=promise["due"] <= facts.as_of),
            "to_confirm": promise["confirm"],
            "evidence_list": tuple(promise["evidence"]["have"]),
        }
        rows.append(row)
    return pd.DataFrame(rows, columns=PROMISES)


def promise_state(promise: Asked, measures: Mapping[str, Collection[str]], *, over: bool) -> str:
    """Return how a promise stands by the states of its measures, each a list of one state per part.

    Of several readings of one promise the one a person chose counts; where none is chosen and they do not agree, a
    person must say which is meant.

    >>> ask = {"alternatives": False, "measurable": "partly"}
    >>> promise_state(ask, {"甲": ["fulfilled"], "乙": ["counted"]}, over=True)
    'to_confirm'
    """
    if promise["alternatives"] and promise["reading"]:
        measures = {promise["reading"]: measures[promise["reading"]]}
    states = {state for parts in measures.values() for state in parts} - {PromiseState.COUNTED}
    if promise["alternatives"] and len(states) > 1:
        return PromiseState.TO_CONFIRM.value
    for state in _FIRST:
        if state in states:
            return state.value
    if states & {PromiseState.UNDER_WAY, PromiseState.NOT_BEGUN}:
        begun = states - {PromiseState.NOT_BEGUN, PromiseState.TO_CONFIRM}
        return (PromiseState.UNDER_WAY if begun else PromiseState.NOT_BEGUN).value
    if promise["measurable"] != Measurable.DATA or PromiseState.TO_CONFIRM in states:
        return PromiseState.TO_CONFIRM.value
    if states:
        return PromiseState.FULFILLED.value
    return (PromiseState.COUNTED if over else PromiseState.UNDER_WAY).value


def _measure_lines(facts: Facts, promise: Asked, measure: Asked) -> list[dict]:
    """The rows of one measure: one where it has no parts, or nothing can be read."""
    head = {
        **{
            "promise": promise["id"],
            "clause": promise["clause"],
            "promise_measure": measure["name"],
            "target": _target_text(measure),
        },
        **{"count_unit": measure["unit"], "count_scope": measure["scope"], "part": "", "lacking": ""},
    }
    if measure["measure"] is None:
        return [{**head, "promise_state": PromiseState.TO_CONFIRM.value, "lacking": promise["confirm"]}]
    rows = []
    for reading in [] if _strangers(facts, promise, measure) else readings(facts, measure):
        state = reading_state(facts, promise, measure, reading)
        rows.append({**head, **_counts_of(measure, reading), "promise_state": state.value})
    rows = rows or [{**head, "promise_state": PromiseState.NO_DATA.value}]
    need = "；".join(promise["evidence"]["need"]) or "所需的列或表没有给，或分母为零"
    return [{**row, "lacking": need if row["promise_state"] == PromiseState.NO_DATA else ""} for row in rows]


def _counts_of(measure: Asked, reading: MeasureReading) -> dict:
    shares = reading.denominator and measure["measure"] != Measure.CLUE_VISITS
    rate = reading.numerator / reading.denominator if shares else None
    target = f"（{percent(float(reading.benchmark))}）" if reading.benchmark is not None else ""
    return {
        **{"numerator": reading.numerator, "denominator": reading.denominator, "rate": rate, "part": reading.part},
        **{"current_denominator": reading.current, "extra_count": reading.extra or None},
        "target": _target_text(measure) + target,
    }


def _target_text(measure: Asked) -> str:
    target = measure["target"]
    if target is None:
        return ""
    if target["value"] is None:
        return f"{_SIGNS[target['op']]}所比的数"
    value = target["value"]
    share = target["of"] == AimedAt.SHARE
    return _SIGNS[target["op"]] + (percent(float(value)) if share else number_text(value))


def reading_state(facts: Facts, promise: Asked, measure: Asked, reading: MeasureReading) -> PromiseState:
    """Return how one reading of a measure stands on the day against its target.

    A target that is one way to read the promise alone is for a person to verify where it is missed.
    """
    state = _against_target(facts, promise, measure, reading)
    missed = state in (PromiseState.BROKEN, PromiseState.AT_RISK)
    return PromiseState.TO_CONFIRM if missed and measure["to_verify"] else state


def _against_target(facts: Facts, promise: Asked, measure: Asked, reading: MeasureReading) -> PromiseState:
    aim = _measure_aim(measure, reading)
    if aim is None:
        return PromiseState.COUNTED
    target, share, over = measure["target"], measure["target"]["of"] == AimedAt.SHARE, promise["due"] <= facts.as_of
    if share and not reading.denominator:
        return PromiseState.NOT_BEGUN if not over and not _begun(facts, promise, measure) else PromiseState.NO_DATA
    number = Fraction(reading.numerator) / reading.denominator if share else Fraction(reading.numerator)
    met = _COMPARE[target["op"]](number, aim)
    if over:
        return PromiseState.FULFILLED if met else PromiseState.BROKEN
    growing = measure["measure"] in _GROWING and target["op"] in (">=", ">", "=") and aim > 0
    if growing:
        return PromiseState.FULFILLED if met else _on_the_way(facts, promise, measure, reading, number / aim)
    if not met and promise["judged"] != JudgedOn.END:
        return PromiseState.AT_RISK
    return PromiseState.UNDER_WAY


def _measure_aim(measure: Asked, reading: MeasureReading) -> Fraction | None:
    """What a reading is held against; None where it is only counted."""
    if measure["target"] is None:
        return None
    value = measure["target"]["value"]
    return reading.benchmark if value is None else Fraction(value)


def _on_the_way(facts: Facts, promise: Asked, measure: Asked, reading: MeasureReading, part: Fraction) -> PromiseState:
    """How a count that still grows stands: behind what was due to the day, or less than half past half its time."""
    if not reading.numerator and not _begun(facts, promise, measure):
        return PromiseState.NOT_BEGUN
    if promise["judged"] == JudgedOn.END:
        return PromiseState.UNDER_WAY
    if reading.expected is not None:
        return PromiseState.AT_RISK if reading.numerator < reading.expected else PromiseState.UNDER_WAY
    first, today, last = (
        date.fromisoformat(day).toordinal() for day in (f"{promise['due'][:4]}-01-01", facts.as_of, promise["due"])
    )
    late = 2 * (today - first) > last - first and 2 * part < 1
    return PromiseState.AT_RISK if late else PromiseState.UNDER_WAY


def _begun(facts: Facts, promise: Asked, measure: Asked) -> bool:
    """Whether the plan had asked for a visit of the measure's lines by the day; without lines, the year has begun."""
    chosen = [visits for visits in measure["visits"] if any(visits.get(name) for name in ("lines", "tier", "kind"))]
    lines = [*promise["tasks"], *(line for visits in chosen for line in lines_of(facts, visits).index)]
    if not lines:
        return True
    due = facts.lines["expected_visits"].reindex(lines).fillna(0)
    return bool(due.sum()) or bool(facts.records["task_id"].isin(lines).any())
