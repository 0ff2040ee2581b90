"""The registers (名录与台账): tasks, roster, units and records of one plan, read from their four tables.

All problems of all four files are raised at once, those between the files included (references.py). They are read as
any file of a bureau is (reading.py), but columns a plan needs must be there and filled in.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from enforce.inputs.ledger.chain import unpacked
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.parameters.samples import EXPECTED, is_sample
from enforce.inputs.tables.forms import FORMS, KINDS, OPTIONAL, TABLES, Tables
from enforce.inputs.tables.mapping import forms_of
from enforce.inputs.tables.month_matrix import matrix_problems, part_of
from enforce.inputs.tables.reading import (
    bad_rows,
    bad_table,
    set_sites,
    setting_of,
    sheet_doubts,
    table_header,
    typed_table,
)
from enforce.inputs.tables.references import disagreements, plan_doubts
from enforce.inputs.tables.table_folder import TableFile, missing_table, table_files
from enforce.sheets.extract import Extract, read_rows
from enforce.sheets.part import Part
from enforce.sheets.rows import Reason
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.terms import SAMPLE
from enforce.words.texts import cut, shown_path

__all__ = ["TABLES", "read_part", "read_tables", "table_files"]


def read_tables(plan: Plan, *, quarantine: bool = False, records: bool = True) -> Tables:
    """Read tasks, roster, units and records from the plan's folder of tables.

    InputError holds every problem of the four files at once. Only the records may have no row. With `quarantine`,
    rows with a problem are set aside in `bad`; problems of a whole file are still refused. Without
    `records` their file is not read and the table is empty: they come from the ledger.
    """
    forms_of(plan)  # a mapping that cannot be used is refused once, before any table
    files, problems = table_files(plan)
    extracts: dict[str, Extract] = {}
    for name in [name for name in files if records or name != "records"]:
        if not os.path.lexists(files[name].path):
            problems.append(missing_table(plan, name))
            continue
        extract, more = _extract(name, files[name], plan, extracts)
        extracts |= {name: extract} if extract else {}
        problems += more
    aside = _set_aside(extracts, plan) if quarantine and not problems else {}
    bad = {extracts[name].part.file: bad_table(extracts[name], rows) for name, rows in aside.items()}
    parts = {name: part_of(extract) for name, extract in extracts.items()}
    cells = [problem for extract in extracts.values() for problem in _remaining(extract, bad)]
    refuse(cut([*problems, *cells, *_emptied(parts, bad), *disagreements(parts, plan)]))
    frames = {name: typed_table(part.frame, FORMS[KINDS[name]]) for name, part in parts.items()}
    files = {name: part.file for name, part in parts.items()}
    reasons = tuple(problem for rows in aside.values() for problems in rows.values() for problem in problems)
    doubts = [(one.part.file, text) for one in extracts.values() for text in sheet_doubts(one, plan, parts)]
    doubts += [(shown_path(plan.path), text) for text in plan_doubts(plan)]
    frames |= {} if "records" in frames else {"records": unpacked([])}
    return Tables(**frames, files=files, bad=bad, reasons=reasons, doubts=tuple(doubts))


def read_part(
    name: str, file: TableFile | Path, plan: Plan | None = None
) -> tuple[Part | None, list[Problem], list[str]]:
    """Read one table of a plan with what may be wrong in it; None when its columns cannot be recognised."""
    extract, problems = _extract(name, file if isinstance(file, TableFile) else TableFile(file), plan, {})
    if not extract:
        return None, problems, []
    return part_of(extract), cut([*problems, *extract.problems]), sheet_doubts(extract, plan, {})


def _extract(
    name: str, file: TableFile, plan: Plan | None, before: dict[str, Extract]
) -> tuple[Extract | None, list[Problem]]:
    """Read one table; lines of the plan read before may be called by their names."""
    try:
        header = table_header(file.grids(), [forms_of(plan)[KINDS[name]]])
    except InputError as error:
        return None, list(error.problems)
    tasks = before["tasks"].part.rows("task_id", "name") if "tasks" in before else None
    extract = read_rows(header, setting_of(header, plan, tasks), strict=True)
    set_sites(extract)
    extract.problems += [*(_typed_over(extract) if file.sheet else ()), *matrix_problems(extract)]
    empty = not extract.rows and name not in ("records", *OPTIONAL)
    return extract, [Problem(header.grid.file, Place("全文"), "只有表头", "至少一行", Flaw.MISSING)] if empty else []


def _typed_over(extract: Extract) -> Iterator[Problem]:
    """Yield the example rows of a plan's workbook that hold something else now, or no longer say what they are."""
    header, samples = extract.header, {skipped.row for skipped in extract.skipped if skipped.reason is Reason.SAMPLE}
    read = samples | {row.number for row in extract.rows}
    for row in (row for row in header.grid.rows if row.number in read):
        cells = {name: row.cells[spot] for name, spot in header.places.items() if name != "serial"}
        if is_sample(header.form.kind, cells) != (row.number in samples):
            yield Problem(header.grid.file, Place(row=row.number), SAMPLE, EXPECTED, Flaw.UNCLEAR)


def _emptied(parts: Mapping[str, Part], bad: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Yield the tables of which nothing is left: a plan needs lines, officers and units."""
    for name, part in parts.items():
        if name not in ("records", *OPTIONAL) and part.file in bad and part.frame.empty:
            yield Problem(
                part.file, Place("全文"), f"{len(bad[part.file])} 行都有问题", "至少一行没有问题", Flaw.MISSING
            )


def _remaining(extract: Extract, bad: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Yield the problems of one file but those of rows set aside."""
    rows = set(bad[extract.part.file]["row"]) if extract.part.file in bad else set()
    yield from (problem for problem in extract.problems if problem.place.row not in rows)


def _set_aside(extracts: dict[str, Extract], plan: Plan) -> dict[str, dict[int, list[Problem]]]:
    """Take the rows with a problem out of every table, and then those that named them.

    Return their problems by table and row, of the tables that have such rows.
    """
    bad: dict[str, dict[int, list[Problem]]] = {name: {} for name in extracts}
    while True:
        problems = disagreements({name: part_of(extract) for name, extract in extracts.items()}, plan)
        taken = 0
        for name, extract in extracts.items():
            here = [problem for problem in problems if problem.file == extract.part.file]
            rows = bad_rows(extract, [*extract.problems, *here])
            rows = {row: reasons for row, reasons in rows.items() if row in extract.part.frame.index}
            bad[name] |= rows
            extract.part = extract.part.without(rows)
            taken += len(rows)
        if not taken:
            return {name: rows for name, rows in bad.items() if rows}
