"""The promises (承诺) of a plan: what its text promises, each with the measures it is judged by.

They stand in promises.yaml beside the plan's tables; a plan without the file has none. A measure names a function of
the library and what it looks at: its numbers come from the approved plan and the tables. What people read of it
(numerator, denominator, scope, formula) is prose, and nothing works it out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from enforce.inputs.parameters.entries import (
    Count,
    Entry,
    Fault,
    IsoDate,
    Line,
    Number,
    Text,
    checked,
    conflicts,
    form,
    repeated_names,
    several,
    word_of,
)  # fmt: skip
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.inputs.tables.forms import TABLES
from enforce.sheets.columns import one_of
from enforce.words.problems import refuse
from enforce.words.terms import (
    PROMISE_MEASURES,
    AimedAt,
    JudgedOn,
    Kind,
    Measurable,
    Measure,
    OtherKind,
    PromiseKind,
    Selection,
    Tier,
)  # fmt: skip
from enforce.words.texts import nearest, shown, shown_path

FILE = "promises.yaml"
#: Columns of records that are empty where nothing was written.
_RECORD_COLUMNS = tuple(
    c.name for c in TABLES["records"] if c.dtype in ("str", "object", "bool") and c.name != "source"
)
_UNIT_COLUMNS = tuple(c.name for c in TABLES["units"] if c.dtype in ("str", "object") and c.name != "source")
_UnitColumn = Annotated[str, form(one_of(*_UNIT_COLUMNS))]
_UnitWords = dict[_UnitColumn, Annotated[tuple[Text, ...], Field(strict=False, min_length=1)]]
_Lines = several(Text)


class ChosenVisits(Entry):
    """Which visits: those that fit everything that is written."""

    lines: _Lines
    tier: Annotated[str, word_of(Tier, labels=True)] | None = None
    kind: Annotated[str, word_of(Kind)] | None = None
    selection: Annotated[str, word_of(Selection, labels=True)] | None = None
    planned: bool | None = None
    in_district: bool | None = None
    on_key_list: bool | None = None
    in_clues: bool | None = None
    drawn: bool | None = None
    in_key_periods: bool | None = None
    scheme_in_time: bool | None = None
    last_day: IsoDate | None = None
    columns: several(Annotated[str, form(one_of(*_RECORD_COLUMNS))])
    attended: several(Text)
    units_with: _UnitWords = Field({})


class Target(Entry):
    """What a measure is held against; a measure without one is only counted."""

    op: Annotated[str, form(one_of(">=", ">", "=", "<", "<="))]
    value: Number | None = None
    of: Annotated[str, word_of(AimedAt)] = AimedAt.SHARE.value


class PromiseMeasure(Entry):
    """One measure of a promise; without a function only a person can fill it in."""

    name: Text
    measure: Annotated[str, word_of(Measure)] | None = None
    visits: several(ChosenVisits)
    of: several(ChosenVisits)
    each: bool = False
    kinds: several(Annotated[str, word_of(OtherKind, labels=True)])
    periods: several(Text)
    column: _UnitColumn | None = None
    units_with: _UnitWords = Field({})
    document: Line = ""
    by_plan: bool = False
    to_verify: bool = False
    given: Count | None = None
    numerator: Line = ""
    denominator: Line = ""
    scope: Line = ""
    unit: Line = ""
    formula: Line = ""
    target: Target | None = None


class Evidence(Entry):
    """What a promise is proved by: what the tables have, and what they would need."""

    have: several(Line)
    need: several(Line)


class Promise(Entry):
    """One promise of the plan's text."""

    id: Text
    clause: Text
    quoted: several(Text)
    where: Line = ""
    kind: Annotated[str, word_of(PromiseKind)]
    tasks: _Lines
    measures: several(PromiseMeasure, 20, least=1, default=...)
    alternatives: bool = False
    reading: Line = ""
    evidence: Evidence = Evidence()
    judged: Annotated[str, word_of(JudgedOn)]
    due: IsoDate
    measurable: Annotated[str, word_of(Measurable)]
    confirm: Line = ""
    note: Line = ""


class _PromiseFile(Entry):
    promises: several(Promise, 200, least=1, default=...)


#: What a measure needs beside its name, then what it may have; everything else would be passed over in silence.
_TAKES = {row["measure"]: (row["needs"].split(), row["may"].split()) for row in PROMISE_MEASURES}
_OPTIONS = ("visits", "of", "each", "kinds", "periods", "column", "units_with", "document", "given", "by_plan")
#: Measures that bring what they are held against.
_COMPARING = frozenset(row["measure"] for row in PROMISE_MEASURES if row["compares"])


def promises_file(plan: Plan) -> Path:
    """Return where the promises of a plan stand."""
    return plan.tables_folder / FILE


def read_promises(plan: Plan) -> tuple[Promise, ...]:
    """Read the promises of a plan, () where it has no file of them; InputError tells every problem of the file.

    >>> from enforce.inputs.parameters.plan import read_plan
    >>> promises = read_promises(read_plan("params/putuo-2024.yaml"))
    >>> len(promises), sum(len(promise.measures) for promise in promises), promises[10].id
    (29, 61, 'K11')
    """
    path = promises_file(plan)
    if not os.path.lexists(path):
        return ()
    source, file = read_yaml(path), shown_path(path)
    promises, problems = checked(_PromiseFile, source, file)
    if promises:
        problems += conflicts(file, _promise_faults(promises.promises))
    refuse(located(problems, source, _PromiseFile))
    return promises.promises


def _promise_faults(promises: tuple[Promise, ...]) -> Iterator[Fault]:
    """Yield what does not go together: numbers used twice, readings, what a person confirms."""
    yield from repeated_names(((f"promises[{n}].id", one.id) for n, one in enumerate(promises)), "不重复的编号")
    for n, promise in enumerate(promises):
        at, names = f"promises[{n}]", [one.name for one in promise.measures]
        named = ((f"{at}.measures[{m}].name", name) for m, name in enumerate(names))
        yield from repeated_names(named, "同一承诺里不重复的名称")
        if promise.reading and (promise.reading not in names or not promise.alternatives):
            expected = f"本项一个量的名称{nearest(promise.reading, names)}，并写 alternatives: true"
            yield f"{at}.reading", shown(promise.reading), expected
        by_person = promise.measurable != Measurable.DATA
        if by_person and not promise.confirm:
            yield f"{at}.confirm", "（没有写）", "要谁确认什么（不是全由数据判的必写）"
        for m, measure in enumerate(promise.measures):
            if measure.measure is None and not by_person:
                yield f"{at}.measures[{m}].measure", "（没有写）", "函数的名称（没有函数的只能由人确认）"
            yield from _misused(measure, f"{at}.measures[{m}]")


def _misused(measure: PromiseMeasure, at: str) -> Iterator[Fault]:
    """Yield what a measure lacks, and what its function does not look at."""
    needs, may = _TAKES.get(measure.measure, ((), ()))
    for option in _OPTIONS:
        value = getattr(measure, option)
        there = value not in ((), {}, "", None, False)
        if option in needs and not there:
            yield f"{at}.{option}", "（没有写）", f"{measure.measure} 需要 {option}"
        elif there and option not in (*needs, *may):
            expected = f"不写（{measure.measure} 不用这一项）" if measure.measure else "不写（没有写 measure）"
            yield f"{at}.{option}", option, expected
    comparing = measure.measure in _COMPARING
    if measure.target and comparing == (measure.target.value is not None):
        expected = "不写（与上年、上一季度比）" if comparing else "目标值（没有目标就不写 target）"
        yield f"{at}.target.value", shown(str(measure.target.value or "（没有写）")), expected
