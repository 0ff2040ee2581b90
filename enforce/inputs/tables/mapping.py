"""The mapping (列名对照): what another system calls our columns, from params/exchange/<name>.csv beside the plan.

One row per column of ours: table, column, heading, status, source. What nobody has seen on the other's form is
`assumed`. Under a mapping, tables may be headed by the other's words and by ours; without one nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial

import pandas as pd

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import FORMS, KINDS, TABLES, forms
from enforce.sheets.columns import Column, identifier, impersonal, one_of, term
from enforce.sheets.extract import read_rows
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.sheets.header import plain, sheet_header
from enforce.sheets.part import Part
from enforce.sheets.values import Setting
from enforce.words.files import safe_name
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Status
from enforce.words.texts import nearest, one_line, shown
from enforce.words.vocabulary import Vocabulary

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
    if plan is None or not plan.mapping:
        return forms(plan.vocabulary) if plan else FORMS
    rows = read_mapping(plan)
    return _forms_under(plan.vocabulary, tuple(rows[["table", "column", "heading"]].itertuples(index=False, name=None)))


def plan_under(plan: Plan, mapping: str) -> Plan:
    """Return a plan whose tables are headed as a mapping has it; as before where none is named."""
    return plan.model_copy(update={"mapping": mapping}) if mapping else plan


def read_mapping(plan: Plan) -> pd.DataFrame:
    """Read the mapping a plan names: one row per column of ours; InputError names every row that cannot be used."""
    folder = plan.folder / FOLDER
    file = folder / f"{plan.mapping}{ENDING}"
    if safe_name(plan.mapping) != plan.mapping or not file.is_file():
        names = [path.stem for path in sorted(folder.glob(f"*{ENDING}"))]
        expected = f"{FOLDER} 文件夹里有的列名对照{nearest(plan.mapping, names)}"
        refuse([Problem(plan.path.name, Place("列名对照"), shown(plan.mapping), expected, Flaw.UNKNOWN)])
    header = sheet_header(read_grids(file)[0], _FORM)
    if header is None:
        refuse([Problem(file.name, Place("表头"), "", "、".join(one.chinese for one in _COLUMNS), Flaw.MISSING)])
    extract = read_rows(header, Setting(), strict=True)
    refuse(extract.problems)
    refuse(_faults(extract.part, forms(plan.vocabulary)))
    return extract.part.frame.reset_index(drop=True)


def _faults(part: Part, ours: dict[str, Form]) -> Iterator[Problem]:
    """Yield rows that name no column, one named before, or a heading that would name two columns of one table."""
    for table, rows in part.frame.groupby("table", sort=False):
        form, headings = ours[KINDS[table]], dict(zip(rows["column"], rows["heading"], strict=True))
        taken = {name: {plain(name), plain(headings.get(name, form.columns[name].chinese))} for name in form.columns}
        for row, name, heading in zip(rows.index, rows["column"], rows["heading"], strict=True):
            rivals = [other for other in taken if other != name and plain(heading) in taken[other]]
            if name not in [column.name for column in form.ours]:
                yield _problem(part, row, "column", f"{table} 的栏目{nearest(name, [*form.columns])}", Flaw.UNKNOWN)
            elif rows["column"].eq(name).sum() > 1:
                yield _problem(part, row, "column", "每个栏目只写一行", Flaw.REPEATED)
            elif rivals or not plain(heading):
                clash = f"与「{form.columns[rivals[0]].chinese}」不同的列名" if rivals else "有文字的列名"
                yield _problem(part, row, "heading", clash, Flaw.CONFLICT)


def _problem(part: Part, row: int, name: str, expected: str, flaw: Flaw) -> Problem:
    return Problem(part.file, part.place(row, name), shown(part.frame.loc[row, name]), expected, flaw)


@lru_cache(maxsize=16)
def _forms_under(words: Vocabulary, rows: tuple[tuple[str, str, str], ...]) -> dict[str, Form]:
    """Return the forms with the other's headings, under which our own are read as well."""
    return {kind: _under(form, {name: text for table, name, text in rows if table == form.table})
            for kind, form in forms(words).items()}  # fmt: skip


def _under(form: Form, headings: dict[str, str]) -> Form:
    older = {name: f"{form.words.get(name, '')} {form.columns[name].chinese}" for name in headings}
    ours = tuple(replace(column, header=headings.get(column.name, column.header)) for column in form.ours)
    return replace(form, ours=ours, words=form.words | older)
