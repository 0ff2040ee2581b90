"""The import (读入): a file of a bureau as one of our tables, with a report of all that was done to it.

The kind of table and the sheet are recognised by their headings, or asked for; two that fit equally well are refused by
name, for which of them is meant is for the planner to say. Refused or reported, never guessed: a value is as it stood
in the file, or changed and reported, or a problem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd
from pandas.api.extensions import ExtensionArray

from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.parameters.plan_book import is_book, is_plan_book
from enforce.inputs.tables.forms import FORMS, OPTIONAL, Tables
from enforce.inputs.tables.mapping import forms_of
from enforce.inputs.tables.month_matrix import MATRIX, matrix_notes, matrix_problems, part_of
from enforce.inputs.tables.references import (
    doubts_of,
    line_notes,
    other_names,
    overlaps,
    part_problems,
    parts_of,
    plan_doubts,
    record_notes,
)
from enforce.sheets.codes import SITE
from enforce.sheets.extract import Change, Extract, read_rows
from enforce.sheets.form import Form
from enforce.sheets.grids import read_grids
from enforce.sheets.grids.grid import Grid, GridRow
from enforce.sheets.header import DEPTH, Header, header_problems, plain, sheet_header
from enforce.sheets.normal import is_blank, key
from enforce.sheets.part import Part, unnamed
from enforce.sheets.rows import Skipped, sort_rows
from enforce.sheets.values import Setting
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.terms import Trigger
from enforce.words.texts import shown, shown_path

#: Two sheets of one kind are equally good when they differ by no more headings than this.
_CLOSE = 2
_YEAR = re.compile("(20[0-9]{2})年")
_MONTH = re.compile(r"(?:1[0-2]|[1-9])月份?")
_COUNT = re.compile("数量|数|频次|比例|上限")
#: Headings of the plans that are made public (计划公示), which have no column of visits.
_PUBLISHED = re.compile("(?:检查|抽查)对象.*(?:数量|比例|范围)|频次和上限|年度检查频次|抽查(?:比例|频次)")
_PUBLIC_FORM = "这像向社会公示的检查计划表，里面没有家次一列；"
_NO_LIMIT = "没有给出截止日期（--as-of 或 --plan），没有核对是否有将来的日期"


@dataclass(frozen=True)
class ImportReport:
    """What was done to a file: rows of data, rows passed over and why, values changed, headings, what to know.

    `columns` gives our column for every heading read; `absent` are columns of ours that the file lacks, `empty` the
    rows of a heading whose cells hold nothing; `sums` the sum of every count, `spans` first and last of dates.
    """

    rows_read: int = 0
    skipped: tuple[Skipped, ...] = ()
    changes: tuple[Change, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    empty: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Reading:
    """A file read: `table` holds the rows without a problem in the columns of our own table, one row each.

    Columns the file lacks, and cells it leaves empty, are missing there (None, NA). `extra` holds the columns
    beside, for the same rows; `bad_rows` the rows that problems concern as they stand: row, reason, then the cells.
    `problems` are all there are; those of `broken` concern no row, and no quarantine mends them. `reasons` are the
    problems of the bad rows, those of twins included.
    """

    kind: str
    file: str
    sheet: str
    encoding: str
    header_row: int
    table: pd.DataFrame
    extra: pd.DataFrame
    report: ImportReport
    problems: tuple[Problem, ...] = ()
    bad_rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    reasons: tuple[Problem, ...] = ()

    @property
    def broken(self) -> tuple[Problem, ...]:
        """Problems of the whole file: headings, sums, sheets."""
        bad = set(self.bad_rows["row"]) if len(self.bad_rows) else set()
        return tuple(problem for problem in self.problems if problem.place.row not in bad)

    @property
    def aside(self) -> int:
        """The number of rows that problems concern."""
        return len(self.bad_rows)


def read_table(
    path: str | Path,
    kind: str | None = None,
    sheet: str | None = None,
    *,
    plan: Plan | None = None,
    tables: Tables | None = None,
    as_of: str = "",
) -> Reading:
    """Read a register, a roster, a task table, records or a plan; `kind` and `sheet` are recognised when not given.

    With a plan, 3月1日 is of its year; with its tables, lines, units and officers are looked up. `as_of` (ISO) is the
    day after which no date may be. InputError when the file is none of these; else every problem is in the reading.
    """
    if kind == "plan" or (kind is None and is_plan(path)):
        return _plan_reading(Path(path))
    asked, others = read_grids(path, sheet), read_grids(path) if sheet is not None else ()
    if kind is None and sheet is None and is_plan_book(asked):
        return _plan_reading(Path(path))
    reading = read_sheets(asked, kind, asked=sheet is not None, plan=plan, tables=tables, as_of=as_of)
    passed = _passed_over(others, {reading.sheet}, len(reading.report.columns))
    notes = (*reading.report.notes, *passed)
    return replace(reading, report=replace(reading.report, notes=notes))


def read_sheets(
    grids: Iterable[Grid],
    kind: str | None = None,
    *,
    asked: bool = False,
    plan: Plan | None = None,
    tables: Tables | None = None,
    as_of: str = "",
) -> Reading:
    """Read the one table among the sheets of a file; `asked` where the planner has chosen the sheet."""
    forms = forms_of(plan)
    header = table_header(grids, [forms[kind]] if kind else list(forms.values()), asked=asked)
    extract = read_rows(header, setting_of(header, plan, tables.tasks if tables else None), strict=False)
    set_sites(extract)
    _fill_triggers(extract)
    others = parts_of(tables, header.form.table) if tables else {}
    extract.problems += matrix_problems(extract)
    extract.notes += [*matrix_notes(extract), *sheet_doubts(extract, plan, others), *_row_notes(extract)]
    if not extract.rows and header.form.table not in ("records", *OPTIONAL):
        extract.problems.append(Problem(header.grid.file, Place("全文"), "只有表头", "至少一行数据", Flaw.MISSING))
    problems = [*extract.problems, *part_problems(part_of(extract), header.form, others, plan, as_of)]
    return _reading(extract, problems, others, bool(as_of or plan))


def set_sites(extract: Extract) -> None:
    """Put the number of a site (场所编号) behind the code of its unit, where a table has a column of such numbers."""
    frame = extract.part.frame
    if "site" in extract.header.places:
        sited = frame["unit_id"].fillna("").ne("") & frame["site"].notna()
        frame.loc[sited, "unit_id"] += [f"{SITE}{number}" for number in frame.loc[sited, "site"]]


def _fill_triggers(extract: Extract) -> None:
    """Where records have no column for the cause, take it from another that says it in our words."""
    part, places = extract.part, extract.header.places
    column = next((name for name in ("visit_type", "inspection_class", "mode") if name in places), "")
    if column and extract.header.form.table == "records" and "trigger" not in places:
        words = {trigger.label: trigger.value for trigger in Trigger}
        causes = [words.get(str(kind).strip()) for kind in part.typed[column]]
        part.frame["trigger"] = pd.Series(causes, part.frame.index, dtype=object)
        part.typed["trigger"] = part.typed[column]
        part.headings["trigger"] = part.headings[column]
        if any(causes):
            extract.notes.append(f"{sum(map(bool, causes))} 行的触发原因取自「{part.headings[column]}」")


def is_plan(path: str | Path) -> bool:
    """Whether a file is a plan's parameters: YAML by its name, or by lines that begin with keys of a plan.

    >>> is_plan("params/putuo-2024.yaml"), is_plan("data/putuo-2024/units.csv")
    (True, False)
    """
    try:
        if not Path(path).is_file():
            return False
        with open(path, "rb") as file:
            start = file.read(64 * 1024)
        if Path(path).suffix.lower() in (".yaml", ".yml"):
            return True
        text = start.decode("utf-8-sig")
    except (OSError, ValueError):
        return False
    starts = {line.partition(":")[0] for line in text.splitlines() if ":" in line}
    return len(starts & (set(Plan.model_fields) - {"name"})) >= 2


def _plan_reading(path: Path) -> Reading:
    """Return a plan as a reading without rows."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    try:
        plan = read_plan(path)
        content = f"{plan.year} 年度，{plan.bureau}，{len(plan.teams)} 个科队，{len(plan.key_periods)} 个重点时段"
        notes = (content, *plan_doubts(plan))
    except InputError as error:
        problems = error.problems
    empty = pd.DataFrame()
    encoding = "" if is_book(path) or any(one.kind is Flaw.FILE for one in problems) else "UTF-8"
    return Reading("plan", shown_path(path), "", encoding, 0, empty, empty, ImportReport(notes=notes), problems)


# --- the sheet and its kind ---


def table_header(grids: Iterable[Grid], forms: list[Form], asked: bool = False) -> Header:
    """Return the header of the one sheet that holds a table of one of the forms; InputError where there is not one."""
    grids = list(grids)
    looked_at = [grid for grid in grids if grid.visible or asked]
    seen = [header for grid in looked_at for form in forms if (header := sheet_header(grid, form))]
    like_limits = any(form.table == MATRIX.table for form in forms)
    matrices = [header for grid in looked_at if like_limits and (header := sheet_header(grid, MATRIX))]
    fit = sorted((header for header in (*seen, *matrices) if not header.missing), key=_goodness, reverse=True)
    if not fit:
        raise InputError(_no_table(grids, seen, forms, asked))
    best, most = fit[0], {header.grid.sheet: _goodness(header) for header in reversed(fit)}
    rivals = [one for one in fit[1:] if _goodness(one) == most[one.grid.sheet] and _is_rival(best, one)]
    if any(other.grid.sheet == best.grid.sheet for other in rivals):
        kinds = "、".join(f"{header.form.title}（--kind {header.form.kind}）" for header in (best, *rivals))
        raise InputError(
            [Problem(best.grid.file, Place("表头"), f"既像{kinds}", "用 --kind 写明是哪一种表", Flaw.UNCLEAR)]
        )
    order = [grid.sheet for grid in grids]
    pages = sorted([best, *rivals], key=lambda header: order.index(header.grid.sheet))
    if rivals and not _is_one_table(pages):
        like = _alike([best, *rivals])
        expected = (
            "一张表：各表合成一张（列名相同、没有重复的行，就会合着读）；只读一张的，把其余的隐藏，"
            f"或用 --sheet 写明，如 {_asked_for(best)}（check 和 record 有这个选项）"
        )
        raise InputError([Problem(best.grid.file, Place("工作表"), like, expected, Flaw.UNCLEAR)])
    sheets = {page.grid.sheet for page in pages}
    passed = tuple(_passed_over(grids, sheets, len(best.places))) if not asked else ()
    first, *more = (replace(page, grid=replace(page.grid, notes=(*page.grid.notes, *passed))) for page in pages)
    return replace(first, more=tuple(more))


def _is_one_table(headers: list[Header]) -> bool:
    """Whether sheets are certainly parts of one table.

    They have the same headings and unit of money, speak of no different years, and no row of one stands in another.
    """
    headings = {" ".join(header.headings).rstrip() for header in headers}
    years = {year for header in headers for year in [_years(header)] if year}
    forms, units = ({getattr(header, name) for header in headers} for name in ("form", "per_unit"))
    if MATRIX in forms or max(map(len, (forms, units, headings, years))) > 1:
        return False
    keys = [key for header in headers for key in _row_keys(header)]
    return len(keys) == len(set(keys))


def _row_keys(header: Header) -> set[tuple[str, ...]]:
    """Return what tells the rows of a sheet from others: their codes, else their names, else all that is read."""
    form, places = header.form, header.places
    names = [name for name in (form.key,) if name in places] or [name for name in form.names if name in places]
    spots = [places[name] for name in names or places]
    keys = {tuple(plain(row.cells[spot]) for spot in spots) for row in sort_rows(header.grid, header).data}
    return {key for key in keys if any(key)}


def _years(header: Header) -> tuple[str, ...]:
    """Return the years that the title of a sheet, or its name, speaks of."""
    above = [cell for row in header.grid.rows[: header.rows[0]] for cell in row.cells]
    return tuple(sorted(set(_YEAR.findall("".join(str(text) for text in (header.grid.sheet, *above) if text)))))


def _alike(rivals: list[Header]) -> str:
    """Return in words which sheets are equally good."""
    if len({header.form.kind for header in rivals}) > 1:
        return "，".join(f"「{header.grid.sheet}」像{header.form.title}" for header in rivals)
    return "、".join(f"「{header.grid.sheet}」" for header in rivals) + f"都像{rivals[0].form.title}"


def _asked_for(header: Header) -> str:
    sheet = header.grid.sheet
    return f'--sheet "{sheet}"' if " " in sheet else f"--sheet {sheet}"


def _passed_over(grids: Iterable[Grid], sheets: set[str], width: int) -> Iterator[str]:
    """Yield the other sheets that hold a table too, or rows as wide as the table that was read, so that nothing is left
    out unnoticed; a plan reads its own.
    """
    grids = [grid for grid in grids if grid.sheet not in sheets]
    for grid in [] if is_plan_book(grids) else grids:
        tables = [header for form in FORMS.values() if (header := sheet_header(grid, form)) and not header.missing]
        header = max(filter(_has_rows, tables), key=_goodness, default=None)
        if header:
            like = f"{'' if grid.visible else '隐藏的'}工作表「{grid.sheet}」像{header.form.title}"
            yield f"{like}，这次没有读；要读它请写 {_asked_for(header)}"
        elif not tables and grid.visible and any(_filled(row) >= max(2, width) for row in grid.rows):
            yield f"工作表「{grid.sheet}」没有认出表头，没有读；是这张表接着的一页，请在它上面写上同样的列名"


def _filled(row: GridRow) -> int:
    return sum(not is_blank(cell) for cell in row.cells)


def _goodness(header: Header) -> tuple[bool, int]:
    return _has_rows(header), len(header.places)


def _has_rows(header: Header) -> bool:
    """Whether anything stands below a header."""
    return header.rows[-1] + 1 < len(header.grid.rows)


def _is_rival(best: Header, other: Header) -> bool:
    """Whether another header is as good as the best: of another sheet, or of another kind in the same."""
    if other.grid.sheet == best.grid.sheet:
        return len(other.places) == len(best.places)
    return _has_rows(other) == _has_rows(best) and len(best.places) - len(other.places) <= _CLOSE


def _no_table(grids: list[Grid], seen: list[Header], forms: list[Form], asked: bool) -> list[Problem]:
    """Return why no sheet is a table: what is missing of the header that names most, or that there is no header."""
    file = grids[0].file if grids else ""
    hidden = [grid.sheet for grid in grids if not grid.visible]
    best = max(seen, key=lambda header: (len(header.places), -len(header.missing)), default=None)
    problems = header_problems(best, best.missing) if best else []
    hinted = len(problems) > len(best.missing) if best else False
    if best and (len(forms) == 1 or len(best.places) > 1 or hinted or best.places.keys() & best.form.minimum):
        advice = _column_advice(best)
        expected = f"补上缺的列{advice}；如果不是这种表，请用 --kind 写明是哪一种"
        like = Problem(file, Place("表头"), f"像{best.form.title}，但缺列：{_recognised(best)}", expected, Flaw.MISSING)
        return [*problems, like] if len(forms) > 1 or (advice and not hinted) else problems
    coded = next(
        (f"（文件按 {grid.encoding} 读，若成了乱码，请另存为 CSV UTF-8）" for grid in grids if grid.encoding), ""
    )
    wanted = "；".join(f"{form.title}要有{_least_columns(form)}" for form in forms)
    note = f"（隐藏的工作表 {'、'.join(hidden)} 没有看，请取消隐藏或用 --sheet 指定）" if hidden and not asked else ""
    expected = f"写明各列名称的一行：{wanted}{note}{coded}"
    return [Problem(file, Place("表头"), f"前 {DEPTH} 行里没有表头", expected, Flaw.MISSING)]


def _recognised(header: Header) -> str:
    """Return in words which headings were recognised as what, and which were not."""
    known = {header.headings[spot]: header.form.columns[name].chinese for name, spot in header.places.items()}
    words = [f"「{shown(text)}」" if text == word else f"「{shown(text)}」（{word}）" for text, word in known.items()]
    others = [f"「{shown(text)}」" for text in header.unknown.values()]
    return f"认出 {'、'.join(words)}" + (f"；没有认出 {'、'.join(others)}" if others else "")


def _column_advice(header: Header) -> str:
    """Return what may be done about columns that are missing: headings that end alike, how a count comes about."""
    unknown = [plain(text) for text in header.unknown.values()]
    advice = []
    for name in header.missing:
        word = header.form.columns[name].chinese
        alike = [text for text in unknown if text.endswith(word[-2:])]
        if alike:
            advice.append(f"；「{word}」也许是{'、'.join(f'「{shown(text)}」' for text in alike)}，是的请改名")
    if "planned_visits" in header.missing and sum(bool(_MONTH.fullmatch(text)) for text in unknown) > _CLOSE:
        advice.append(
            "；这像按月的安排表（附件1）：各月的数作家次限制读（--kind limits）；"
            "作检查事项表的，把「合计」改名为「计划家次」"
        )
    elif "planned_visits" in header.missing and (counts := [text for text in unknown if _COUNT.search(text)]):
        there = "、".join(f"「{shown(text)}」" for text in counts)
        advice.append(
            f"；{_PUBLIC_FORM * any(map(_PUBLISHED.search, counts))}数可能在{there}里："
            "家数 × 每家频次 = 家次，请算出后填入「计划家次」一列（家数另填「计划家数」）"
        )
    return "".join(advice)


def _least_columns(form: Form) -> str:
    return "".join(f"「{form.columns[name].chinese}」" for name in form.columns if name in form.minimum)


def setting_of(header: Header, plan: Plan | None, tasks: pd.DataFrame | None) -> Setting:
    """Return what a file, its plan and the plan's lines say about every cell; lines of one name have none."""
    ids = {} if tasks is None else dict(zip(map(key, tasks["name"]), tasks["task_id"], strict=True))
    unique = tasks is not None and len(ids) == len(tasks)
    return Setting(plan.year if plan else None, header.per_unit, not header.grid.from_1904, ids if unique else {})


# --- the reading ---


def _reading(extract: Extract, problems: list[Problem], others: dict[str, Part], limited: bool) -> Reading:
    """Return an extract as a reading: the rows without a problem, typed, and the others with their reasons."""
    header, part = extract.header, extract.part
    problems = sorted(problems, key=lambda problem: problem.place.row)
    bad = bad_rows(extract, problems)
    good = part.frame.loc[~part.frame.index.isin(list(bad))] if bad else part.frame
    sound = part_of(replace(extract, part=part.without(part.frame.index.intersection(list(bad)))))
    table = typed_table(sound.frame, FORMS[header.form.kind])
    extra = good[[column.name for column in header.form.extras if column.name in header.places]]
    extra = pd.concat([extra, _unknown_columns(extract).loc[good.index]], axis=1)
    notes = [*extract.notes, *([] if limited or not _has_dates(extract) else [_NO_LIMIT])]
    report = ImportReport(
        rows_read=len(extract.rows),
        skipped=tuple(extract.skipped),
        changes=tuple(extract.changes),
        columns={header.headings[spot]: name for name, spot in header.places.items()},
        unknown_columns=tuple(header.unknown.values()),
        absent=_absent_columns(extract),
        empty=extract.empty,
        sums=_column_sums(extract),
        spans=_date_spans(extract),
        notes=tuple(notes),
    )
    grid = header.grid
    return Reading(
        header.form.kind,
        grid.file,
        "、".join(one.grid.sheet for one in (header, *header.more)),
        grid.encoding,
        header.number,
        table,
        extra.reset_index(drop=True),
        report,
        tuple(problems),
        bad_table(extract, bad),
        tuple(problem for reasons in bad.values() for problem in reasons),
    )


def sheet_doubts(extract: Extract, plan: Plan | None, others: dict[str, Part]) -> list[str]:
    """Return notes on what may be wrong in a sheet that could be read, its plan and the plan's tables in view."""
    others = others if extract.header.form.table == "records" else {}
    year = _other_year(extract.header, plan)
    return [*extract.doubts, *doubts_of(extract.part), *year, *other_names(extract.part, others)]


def _row_notes(extract: Extract) -> Iterator[str]:
    """Yield notes on rows that a run tells in its own place, or that say what is not counted."""
    notes = {"tasks": line_notes, "records": record_notes}.get(extract.header.form.table)
    yield from notes(extract.part) if notes else ()


def _other_year(header: Header, plan: Plan | None) -> Iterator[str]:
    """Yield that the title of a sheet, or its name, speaks of another year than the plan's."""
    years = _years(header)
    if plan and years and str(plan.year) not in years and header.form.table != "last_year":
        yield f"标题写的是 {'、'.join(years)} 年，计划年度是 {plan.year}，请核对是不是这一年的表"


def _absent_columns(extract: Extract) -> tuple[str, ...]:
    """Return what our columns are called that the file lacks."""
    ours = {column.name: column.chinese for column in extract.header.form.ours}
    return tuple(ours[name] for name in extract.absent if name in ours)


def _has_dates(extract: Extract) -> bool:
    return any(extract.header.form.columns[name].nature == "date" for name in extract.header.places)


def bad_rows(extract: Extract, problems: list[Problem]) -> dict[int, list[Problem]]:
    """Return the rows of data that problems concern, with them; of twins all, for which is right is unknown."""
    problems = [*problems, *_twins(extract)]
    numbers = {row.number for row in extract.rows} if problems else set()
    bad: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.place.row in numbers:
            bad.setdefault(problem.place.row, []).append(problem)
    return dict(sorted(bad.items()))


def _twins(extract: Extract) -> list[Problem]:
    """Return the first rows of an id that later rows contradict: of those there is a problem, of these none."""
    part, name = extract.part, extract.header.form.key
    if not name or not extract.header.form.distinct:
        return []
    return [_twin(part, row, name, "不重复的编号（后面还有）", Flaw.REPEATED) for row in _first_rows(part, name)]


def _first_rows(part: Part, name: str) -> Iterator[int]:
    """Yield the first rows of ids that stand again; of officers, the rows whose months a later row overlaps."""
    if name == "officer_id":
        yield from dict.fromkeys(above for _, _, above in overlaps(part))
        return
    values = part.rows(name)[name]
    values = values[values.ne("")]
    yield from values[values.duplicated(keep="last") & ~values.duplicated()].index


def _twin(part: Part, row: int, column: str, expected: str, kind: Flaw) -> Problem:
    return Problem(part.file, part.place(row, column), shown(part.typed.loc[row, column]), expected, kind)


def bad_table(extract: Extract, bad: dict[int, list[Problem]]) -> pd.DataFrame:
    """Return the bad rows as they stand in the file: row, reason, then every cell by its heading; officers masked."""
    header = extract.header
    headings = [text or f"（第 {n + 1} 列）" for n, text in enumerate(header.headings)]
    private = {spot for name, spot in header.places.items() if header.form.columns[name].private}
    rows = []
    for row in extract.rows:
        if row.number in bad:
            cells = (unnamed(cell) if n in private else cell for n, cell in enumerate(row.cells))
            rows.append((row.number, "；".join(map(str, bad[row.number])), *cells))
    return pd.DataFrame(rows, columns=["row", "reason", *headings], dtype=object)


def typed_table(frame: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return our own columns of a frame, numbered from 0, each of its type; types that allow it hold missing values."""
    index, empty = pd.RangeIndex(len(frame)), {}
    return pd.DataFrame({one.name: _array(frame[one.name], one.dtype, empty) for one in form.ours}, index, copy=False)


def _array(values: pd.Series, dtype: str, empty: dict[str, ExtensionArray]) -> ExtensionArray:
    """Return a column in its type, one for missing values where there are such; `empty` columns are one."""
    missing = values.isna()
    if missing.any():
        dtype = {"int64": "Int64", "float64": "Float64", "bool": "boolean"}.get(dtype, dtype)
    if not missing.all():
        return values.astype(dtype).array
    return empty.setdefault(dtype, values.astype(dtype).array)


def _unknown_columns(extract: Extract) -> pd.DataFrame:
    """Return the columns whose headings are none of ours, as they stand."""
    header = extract.header
    twice = {text for text, count in Counter(header.unknown.values()).items() if count > 1}
    cells = {
        f"{text}（第 {spot + 1} 列）" if text in twice else text: [row.cells[spot] for row in extract.rows]
        for spot, text in header.unknown.items()
    }
    return pd.DataFrame(cells, index=extract.part.frame.index, dtype=object)


def _column_sums(extract: Extract) -> dict[str, int]:
    """Return the sum of every count that was read, bad rows included."""
    part, columns = extract.part, extract.header.form.columns
    counted = [name for name in extract.header.places if columns[name].additive]
    return {part.headings[name]: int(part.frame[name].dropna().sum()) for name in counted}


def _date_spans(extract: Extract) -> dict[str, tuple[str, str]]:
    """Return the first and last of every date."""
    part, columns = extract.part, extract.header.form.columns
    dated = [name for name in extract.header.places if columns[name].nature == "date"]
    days = {name: [day for day in part.frame[name] if day] for name in dated}
    return {part.headings[name]: (min(days[name]), max(days[name])) for name in dated if days[name]}
