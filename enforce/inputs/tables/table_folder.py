"""The folder (文件夹) of a plan's tables: which file, or which sheet of one, holds which table.

A file or a sheet named as its table is that table; any other is recognised by its headings. Two of a kind that are as
good are refused by name, and where a table is missing everything that lies there is told with how it was read.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import FORMS, KINDS, OPTIONAL, TABLES, forms
from enforce.sheets.grids import read_grids
from enforce.sheets.grids.grid import Grid
from enforce.sheets.header import Header, sheet_header
from enforce.sheets.rows import sort_rows
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.texts import shown_path
from enforce.words.vocabulary import Vocabulary

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".et")
#: How surely a file or a sheet is a table: by its name, by its headings, by its headings and without a row.
NAMED, HEADED, EMPTY = range(3)
#: With fewer headings in common a sheet is like no table.
_FEW = 3


class TableFile(NamedTuple):
    """Where a table stands: its file and, where that holds others too, its sheet, and `more` that go on with it."""

    path: Path
    sheet: str = ""
    more: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{shown_path(self.path)}!{self._sheets}" if self.sheet else shown_path(self.path)

    @property
    def name(self) -> str:
        """What it is called in its folder."""
        return f"{self.path.name}!{self._sheets}" if self.sheet else self.path.name

    @property
    def _sheets(self) -> str:
        return "、".join((self.sheet, *self.more))

    def grids(self) -> tuple[Grid, ...]:
        """Read it; sheets that are meant alone are called by file and sheet, so that no two tables share a name."""
        if self.more:
            return tuple(self._called(grid) for grid in read_grids(self.path) if grid.sheet in (self.sheet, *self.more))
        return tuple(map(self._called, read_grids(self.path, self.sheet))) if self.sheet else read_grids(self.path)

    def _called(self, grid: Grid) -> Grid:
        sheet = grid.sheet if self.more else ""
        problems = (replace(one, file=self.label, place=replace(one.place, sheet=sheet)) for one in grid.problems)
        return replace(grid, file=self.label, sheet=sheet, problems=tuple(problems))


class Seen(NamedTuple):
    """One sheet as it was recognised: its name, the table it is ('' none) and how surely, and what is told of it."""

    sheet: str
    table: str
    sure: int
    note: str


def table_files(plan: Plan) -> tuple[dict[str, TableFile], list[Problem]]:
    """Return where every table of a plan stands; two that are as good are a problem. A missing one has a name that
    no file has.
    """
    files, problems = {}, []
    fits = _fits(plan)
    for name in TABLES:
        best = min((sure for sure, _ in fits[name]), default=NAMED)
        fit = [file for sure, file in fits[name] if sure == best]
        fit += [file for sure, file in fits[name] if best < sure < EMPTY and file.path in {one.path for one in fit}]
        if best == EMPTY and name in OPTIONAL:
            fit = []
        if len({file.path for file in fit}) == 1:  # sheets of one table, or refused by their names when they are read
            fit = [fit[0]._replace(more=tuple(file.sheet for file in fit[1:]))]
        if fit or name not in OPTIONAL:
            files[name] = fit[0] if fit else TableFile(plan.tables_folder / f"{name}.csv")
        if len(fit) > 1:
            names, folder = "、".join(file.name for file in fit), shown_path(plan.tables_folder)
            expected = "只留一个文件（其余移到别的文件夹）"
            problems.append(Problem(folder, Place(FORMS[KINDS[name]].title), names, expected, Flaw.REPEATED))
    return files, problems


def missing_table(plan: Plan, name: str) -> Problem:
    """Return the problem of a table that is not there, with all that lies in the folder and how it was read."""
    form, words = FORMS[KINDS[name]], plan.vocabulary
    there = "；".join(f"{path.name} {_note(path, words)}" for path in _table_candidates(plan)) or "没有表格"
    expected = f"{form.title}，文件名不限，按列名认，如 {form.sheet}.xlsx（文件夹里现有：{there}）"
    return Problem(shown_path(plan.tables_folder), Place(form.title), "（没有）", expected, Flaw.MISSING)


def _table_candidates(plan: Plan) -> list[Path]:
    """Return the files of the folder that may hold a table; what Excel and WPS lay beside an open file is none."""
    there = sorted(plan.tables_folder.iterdir()) if plan.tables_folder.is_dir() else []
    return [path for path in there if path.suffix.lower() in ENDINGS and not path.name.startswith(("~$", "."))]


def _fits(plan: Plan) -> dict[str, list[tuple[int, TableFile]]]:
    """Return by table every file and sheet that may be it, with how surely.

    Sheets of a file that has the name of a table are looked at where a table that is needed is not there yet.
    """
    fits: dict[str, list[tuple[int, TableFile]]] = {name: [] for name in TABLES}
    stems = {stem: name for name in TABLES for stem in FORMS[KINDS[name]].stems}
    called = {path: stems[path.stem.lower()] for path in _table_candidates(plan) if path.stem.lower() in stems}
    for path, name in called.items():
        fits[name].append((NAMED, TableFile(path)))
    others = [path for path in _table_candidates(plan) if path not in called]
    for paths in (others, called):
        if paths is others or any(not fits[name] for name in TABLES if name not in OPTIONAL):
            for path in paths:
                for seen in _seen(path, plan.vocabulary):
                    if seen.table and seen.table != called.get(path):
                        stray = seen.table in called.values() and path != plan.path  # a file has the table's name
                        sure = max(seen.sure, HEADED) if stray else seen.sure
                        fits[seen.table].append((sure, TableFile(path, seen.sheet)))
    return fits


def _seen(path: Path, words: Vocabulary) -> tuple[Seen, ...]:
    """Return the sheets of a file as they are recognised; none of one that cannot be read."""
    try:
        state = path.stat()
        return _recognised_file(path, (state.st_size, state.st_mtime_ns), words)
    except (InputError, OSError):
        return ()


@lru_cache(maxsize=64)
def _recognised_file(path: Path, state: tuple[int, int], words: Vocabulary) -> tuple[Seen, ...]:
    return tuple(_seen_sheet(grid, words) for grid in read_grids(path) if grid.visible)


def _seen_sheet(grid: Grid, words: Vocabulary) -> Seen:
    """Recognise one sheet: the form whose columns it has most of, and more than half of its headings."""
    headers = [header for form in forms(words).values() if form.stems and (header := sheet_header(grid, form))]
    fit = [header for header in headers if not header.missing and 2 * len(header.places) > len(header.unknown)]
    most = max((len(header.places) for header in fit), default=0)
    best = [header for header in fit if len(header.places) == most]
    named = [header for header in best if grid.sheet.lower() in (header.form.sheet, *header.form.stems)]
    if len(named or best) != 1:
        return Seen(grid.sheet, "", EMPTY, _why_no_table(best, headers))
    (header,) = named or best
    sure = EMPTY if not sort_rows(grid, header).data else NAMED if named else HEADED
    return Seen(grid.sheet, header.form.table, sure, f"读作{header.form.title}{'（没有一行）' * (sure == EMPTY)}")


def _why_no_table(best: list[Header], headers: list[Header]) -> str:
    """Return why a sheet is no table, in words."""
    if best:
        return f"既像{'又像'.join(header.form.title for header in best)}"
    nearest = max(headers, key=lambda header: len(header.places), default=None)
    if nearest is None or len(nearest.places) < _FEW:
        return "没有认出表头"
    lacking = "".join(f"「{nearest.form.columns[name].chinese}」" for name in nearest.missing)
    return f"像{nearest.form.title}，缺{lacking}" if lacking else "没有认出表头"


def _note(path: Path, words: Vocabulary) -> str:
    """Return how a file was read, sheet by sheet."""
    seen = _seen(path, words)
    return "、".join(f"{f'「{one.sheet}」' if one.sheet else ''}{one.note}" for one in seen) or "读不出"
