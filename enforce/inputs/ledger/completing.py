"""The completion of records (补全): the values a record needs to enter the ledger, and its later agreement.

A file may lack columns of our records table. A value that follows from the record itself or from the register is filled
in and noted; any other empty cell is a problem.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from enforce.inputs.ledger.chain import DTYPES, FIELDS, LATER, blank
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import Tables
from enforce.inputs.tables.reading import Reading
from enforce.inputs.tables.references import disagreements, parts_of
from enforce.sheets.part import Part
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Basis, Trigger, is_penalty, label
from enforce.words.texts import cut, shown

SOURCE = "检查记录导出"
_HEADINGS = {name: label(name) for name in FIELDS}


def recordable(reading: Reading, tables: Tables, plan: Plan, known: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the records of a file, complete, and what was filled in; InputError tells all that is missing or wrong.

    What a file does not give of a record that stands in the ledger is as it stands there: `known`, one row per record.
    """
    refuse(cut(list(reading.problems)))
    table = _as_known(_settled(reading.table.astype(object)), known.astype(object).set_index("record_id"))
    notes = []
    for name, (values, how) in _fillers(table, tables).items():
        filled = int((table[name].isna() & values.notna()).sum())
        table[name] = table[name].where(table[name].notna(), values)
        notes += [f"「{_HEADINGS[name]}」没有填写的 {filled} 条，{how}。"] if filled else []
    for name in LATER:
        there = table[name].notna()
        table[name] = table[name].where(there, pd.Series([blank(name)] * len(table), table.index, dtype=object))
    refuse(cut(list(_lacking_columns(table, reading.file))))
    refuse(recorded_problems(table, tables, plan, reading.file))
    return table.astype(DTYPES), notes


def _settled(table: pd.DataFrame) -> pd.DataFrame:
    """Return records with what they say themselves: a planned visit has no other cause, no penalty no basis."""
    planned = table["task_id"].notna() & table["task_id"].ne("")
    return table.assign(
        trigger=table["trigger"].mask(table["trigger"].isna() & planned, ""),
        penalty_basis=table["penalty_basis"].mask(table["penalty_basis"].isna() & ~_penalised(table["penalty"]), ""),
    )


def _penalised(words: pd.Series) -> pd.Series:
    """Which cells hold a penalty, or nothing at all, of which the ledger may know one."""
    return words.map(lambda word: not isinstance(word, str) or is_penalty(word)).astype(bool)


def _as_known(table: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return records with the values the ledger has where the file has none."""
    there = {name: table["record_id"].map(known[name]) for name in known.columns if table[name].isna().any()}
    return table.assign(**{name: table[name].where(table[name].notna(), values) for name, values in there.items()})


def _fillers(table: pd.DataFrame, tables: Tables) -> dict[str, tuple[pd.Series, str]]:
    """Return by column the values for cells that a file leaves empty, and the note about them.

    A penalty follows the visit it is recorded with: an accident's investigation or an inspection.
    """
    within = dict(zip(tables.units["unit_id"], tables.units["in_district"], strict=True))
    accident = table["trigger"].eq(Trigger.ACCIDENT.value)
    return {
        "penalty_basis": (
            _constant(table, Basis.INSPECTION.value).mask(accident, Basis.ACCIDENT.value),
            "按检查的起因登记",
        ),
        "in_district": (table["unit_id"].map(within).astype(object), "按企业台账登记"),
        "full_record": (_constant(table, False), "按 否 登记，补上后再登记一次即可更正"),
        "source": (_constant(table, SOURCE), f"按「{SOURCE}」登记"),
    }


def _constant(table: pd.DataFrame, value: object) -> pd.Series:
    return pd.Series([value] * len(table), table.index, dtype=object)


def _lacking_columns(table: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Tell the columns that are not there at all once, and single empty cells by their record."""
    for name in (name for name in FIELDS if name not in LATER):
        empty = table["record_id"][table[name].isna()]
        if len(table) and len(empty) == len(table):
            text, expected = "（缺一列，或整列没有填写）", f"有「{_HEADINGS[name]}」列，逐行填写"
            yield Problem(file, Place("表头"), text, expected, Flaw.MISSING)
        else:
            expected = "有内容的单元格（数目没有的写 0）"
            yield from (Problem(file, _entry(n, name), "（空）", expected, Flaw.MISSING) for n in empty)


def _entry(record_id: str, column: str) -> Place:
    """Return the place of a value of the ledger, whose records have ids and no rows."""
    return Place(f"检查编号 {shown(record_id)}", column=_HEADINGS[column], name=column)


def recorded_problems(records: pd.DataFrame, tables: Tables, plan: Plan, file: str) -> list[Problem]:
    """Return what records of the ledger say of lines, units and officers that the tables of today do not hold.

    They agreed when they were recorded; what was taken out of a table since would make them count for nothing.
    """
    return cut(problem for _, problem in _record_disagreements(records, tables, plan, file))


def set_aside(records: pd.DataFrame, tables: Tables, plan: Plan, file: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records of the ledger that agree with the tables, and the others as rows set aside.

    Those are one row each: the record's id in place of a row number, the reasons, then its columns.
    """
    reasons: dict[str, list[str]] = {}
    for record_id, problem in _record_disagreements(records, tables, plan, file):
        reasons.setdefault(record_id, []).append(str(problem))
    aside = records["record_id"].isin(list(reasons))
    rows = records[aside].assign(officers=records["officers"].map(";".join)).rename(columns=_HEADINGS)
    rows.insert(0, "row", records["record_id"][aside])
    rows.insert(1, "reason", ["；".join(reasons[each]) for each in rows["row"]])
    return records[~aside].reset_index(drop=True), rows.astype(object).reset_index(drop=True)


def _record_disagreements(records: pd.DataFrame, tables: Tables, plan: Plan, file: str) -> list[tuple[str, Problem]]:
    """Return the id of every record that the tables disagree with, with the problem at its entry."""
    frame = records.astype(object).set_axis(range(1, len(records) + 1))
    parts = {**parts_of(tables, "records"), "records": Part(file, _HEADINGS, frame, frame)}
    problems = [problem for problem in disagreements(parts, plan) if problem.file == file]
    ids = [frame.loc[problem.place.row, "record_id"] for problem in problems]
    return [
        (i, replace(problem, place=_entry(i, problem.place.name))) for i, problem in zip(ids, problems, strict=True)
    ]
