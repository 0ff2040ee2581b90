"""The choice (选定): which sheet of a file holds a table, which table it is, and how its cells are to be taken.

Two that are equally good are refused by name: which of them is meant is for the planner to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import FORMS
from enforce.sheets.form import Form
from enforce.sheets.grids.grid import Grid
from enforce.sheets.header import DEPTH, Header, headers, problems
from enforce.sheets.normal import key
from enforce.sheets.values import Setting
from enforce.words.problems import Flaw, InputError, Place, Problem

#: Two sheets of one kind are equally good when they differ by no more headings than this.
_CLOSE = 2


def choose(grids: Iterable[Grid], forms: list[Form], asked: bool = False) -> Header:
    """Return the header of the one sheet that holds a table of one of the forms; InputError where there is not one."""
    grids = list(grids)
    seen = [header for grid in grids if grid.visible or asked for form in forms if (header := headers(grid, form))]
    fit = sorted((header for header in seen if not header.missing), key=_goodness, reverse=True)
    if not fit:
        raise InputError(_nothing_found(grids, seen, forms, asked))
    best, rivals = fit[0], [other for other in fit[1:] if _is_rival(fit[0], other)]
    if any(other.grid is best.grid for other in rivals):
        kinds = "、".join(f"{header.form.title}（--kind {header.form.kind}）" for header in (best, *rivals))
        raise InputError(
            [Problem(best.grid.file, Place("表头"), f"既像{kinds}", "用 --kind 写明是哪一种表", Flaw.UNCLEAR)]
        )
    if rivals:
        like = _alike([best, *rivals])
        expected = f"一张表：用 --sheet 写明，如 {_asked_for(best)}"
        raise InputError([Problem(best.grid.file, Place("工作表"), like, expected, Flaw.UNCLEAR)])
    passed = tuple(_passed_over(grids, best)) if not asked else ()
    return replace(best, grid=replace(best.grid, notes=(*best.grid.notes, *passed)))


def _alike(rivals: list[Header]) -> str:
    """Tell which sheets are equally good."""
    if len({header.form.kind for header in rivals}) > 1:
        return "，".join(f"「{header.grid.sheet}」像{header.form.title}" for header in rivals)
    return "、".join(f"「{header.grid.sheet}」" for header in rivals) + f"都像{rivals[0].form.title}"


def _asked_for(header: Header) -> str:
    sheet = header.grid.sheet
    return f'--sheet "{sheet}"' if " " in sheet else f"--sheet {sheet}"


def _passed_over(grids: list[Grid], best: Header) -> Iterator[str]:
    """Tell the other sheets that hold a table too, so that nothing is left out unnoticed."""
    for grid in grids:
        if grid is not best.grid:
            found = [header for form in FORMS.values() if (header := headers(grid, form)) and not header.missing]
            found = sorted(filter(_has_rows, found), key=_goodness, reverse=True)
            for header in found[:1]:
                hidden = "" if grid.visible else "隐藏的"
                like = f"{hidden}工作表「{grid.sheet}」像{header.form.title}"
                yield f"{like}，这次没有读；要读它请写 {_asked_for(header)}"


def _goodness(header: Header) -> tuple[bool, int]:
    return _has_rows(header), len(header.places)


def _has_rows(header: Header) -> bool:
    """Whether anything stands below a header."""
    return header.rows[-1] + 1 < len(header.grid.rows)


def _is_rival(best: Header, other: Header) -> bool:
    """Whether another header is as good as the best: of another sheet, or of another kind in the same."""
    if other.grid is best.grid:
        return len(other.places) == len(best.places)
    return _has_rows(other) == _has_rows(best) and len(best.places) - len(other.places) <= _CLOSE


def _nothing_found(grids: list[Grid], seen: list[Header], forms: list[Form], asked: bool) -> list[Problem]:
    """Tell why no sheet is a table: what is missing where most was found, or that there is no header."""
    file = grids[0].file if grids else ""
    hidden = [grid.sheet for grid in grids if not grid.visible]
    best = max(seen, key=lambda header: (len(header.places), -len(header.missing)), default=None)
    found = problems(best, best.missing) if best else []
    if best and (len(forms) == 1 or len(best.places) > 1 or len(found) > len(best.missing)):
        expected = "补上缺的列；如果不是这种表，请用 --kind 写明是哪一种"
        like = Problem(file, Place("表头"), f"像{best.form.title}，但缺列", expected, Flaw.MISSING)
        return [*found, like] if len(forms) > 1 else found
    coded = next(
        (f"（文件按 {grid.encoding} 读，若成了乱码，请另存为 CSV UTF-8）" for grid in grids if grid.encoding), ""
    )
    wanted = "；".join(f"{form.title}要有{_least(form)}" for form in forms)
    note = f"（隐藏的工作表 {'、'.join(hidden)} 没有看，请取消隐藏或用 --sheet 指定）" if hidden and not asked else ""
    expected = f"写明各列名称的一行：{wanted}{note}{coded}"
    return [Problem(file, Place("表头"), f"前 {DEPTH} 行里没有表头", expected, Flaw.MISSING)]


def _least(form: Form) -> str:
    return "".join(f"「{form.columns[name].chinese}」" for name in form.columns if name in form.minimum)


def setting_of(header: Header, plan: Plan | None, tasks: pd.DataFrame | None) -> Setting:
    """Return what a file, its plan and the plan's lines say about every cell."""
    named = (
        {}
        if tasks is None
        else {key(name): task_id for task_id, name in zip(tasks["task_id"], tasks["name"], strict=True)}
    )
    unique = {} if tasks is None else {name: task_id for name, task_id in named.items() if len(named) == len(tasks)}
    return Setting(plan.year if plan else None, header.per_unit, not header.grid.from_1904, unique)
