"""The mapping (列名对照): what another system calls our columns, from params/exchange/<name>.csv beside the plan.

One row per column of ours: table, column, heading, status, source. What nobody has seen on the other's form is
`assumed`. Under a mapping, tables may be headed by the other's words and by ours; without one nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import FORMS, KINDS, TABLES, forms
from enforce.sheets.columns import Column, identifier, impersonal, one_of, term
from enforce.sheets.extract import read_rows
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.sheets.header import plain, sheet_header
from enforce.sheets.values import Setting
from enforce.words.files import safe_name
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Status
from enforce.words.texts import nearest, one_line, shown

FOLDER, ENDING = "exchange", ".csv"
_COLUMNS = (
    Column("table", one_of(*TABLES), header="表"),
    Column("column", identifier, header="栏目"),
    Column("heading", impersonal(partial(one_line, limit=60)), header="对方列名"),
    Column("status", term(Status), header="状态"),
    Column("source", one_line, header="出处"),
)
_FORM = Form("mapping", "列名对照", "", _COLUMNS, (), frozenset(column.name for column in _COLUMNS), {}, distinct=False)


def forms_of(plan: Plan | None) -> dict[str, Form]:
    """Return the forms of a plan, under its mapping where it names one; the usual ones where there is no plan."""
    usual = forms(plan.vocabulary) if plan else FORMS
    if plan is None or not plan.mapping:
        return usual
    rows = {KINDS[table]: part for table, part in read_mapping(plan).groupby("table")}
    return usual | {kind: _under(usual[kind], part) for kind, part in rows.items()}


def _under(form: Form, rows: pd.DataFrame) -> Form:
    """Return a form with the headings of another system, under which our own are read as well."""
    headings = dict(zip(rows["column"], rows["heading"], strict=True))
    older = {name: f"{form.words.get(name, '')} {form.columns[name].chinese}" for name in headings}
    ours = tuple(replace(column, header=headings.get(column.name, column.header)) for column in form.ours)
    return replace(form, ours=ours, words=form.words | older)


def plan_under(plan: Plan, mapping: str) -> Plan:
    """Return a plan whose tables are headed as a mapping has it; as before where none is named."""
    return plan.model_copy(update={"mapping": mapping}) if mapping else plan


def mapping_file(plan: Plan) -> Path:
    """Return the file of the mapping that a plan names."""
    return plan.folder / FOLDER / f"{plan.mapping}{ENDING}"


def read_mapping(plan: Plan) -> pd.DataFrame:
    """Read the mapping a plan names: one row per column of ours; InputError names every row that cannot be used."""
    file = mapping_file(plan)
    if safe_name(plan.mapping) != plan.mapping or not file.is_file():
        names = [path.stem for path in sorted(file.parent.glob(f"*{ENDING}"))]
        expected = f"{FOLDER} 文件夹里有的列名对照{nearest(plan.mapping, names)}"
        refuse([Problem(plan.path.name, Place("列名对照"), shown(plan.mapping), expected, Flaw.UNKNOWN)])
    header = sheet_header(read_grids(file)[0], _FORM)
    if header is None:
        refuse([Problem(file.name, Place("表头"), "", "、".join(one.chinese for one in _COLUMNS), Flaw.MISSING)])
    extract = read_rows(header, Setting(), strict=True)
    refuse(extract.problems)
    part = extract.part
    refuse(
        Problem(part.file, part.place(row, name), shown(part.frame.loc[row, name]), expected, flaw)
        for table, rows in part.frame.groupby("table", sort=False)
        for row, name, expected, flaw in _misfits(rows, forms(plan.vocabulary)[KINDS[table]])
    )
    return part.frame.reset_index(drop=True)


def _misfits(rows: pd.DataFrame, form: Form) -> Iterator[tuple[int, str, str, Flaw]]:
    """Yield rows that name no column, one named before, or a heading that would name two columns of the table."""
    headings = dict(zip(rows["column"], rows["heading"], strict=True))
    taken = {name: {plain(name), plain(headings.get(name, one.chinese))} for name, one in form.columns.items()}
    names = [column.name for column in form.ours]
    for row, name, heading in rows[["column", "heading"]].itertuples(name=None):
        rivals = [form.columns[other].chinese for other in taken if other != name and plain(heading) in taken[other]]
        if name not in names:
            yield row, "column", f"{form.title}的栏目（英文名）{nearest(name, names)}", Flaw.UNKNOWN
        elif rows["column"].eq(name).sum() > 1:
            yield row, "column", "每个栏目只写一行", Flaw.REPEATED
        elif rivals or not plain(heading):
            clash = f"与「{rivals[0]}」不同的列名" if rivals else "有文字的列名"
            yield row, "heading", clash, Flaw.CONFLICT
