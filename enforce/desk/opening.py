"""The opening (开卷): all that a plan names, read together, and the list of what was read.

Every problem of every file comes in one InputError; so do periods and tasks that nobody could ever work in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from enforce.inputs.arrangements import arrangement_files, read_arrangements, read_returns
from enforce.inputs.calendar import Calendar, read_calendar, year_file
from enforce.inputs.draws import draw_files, read_draws
from enforce.inputs.ledger.completing import recorded_problems, set_aside
from enforce.inputs.ledger.ledger import LEDGER, Ledger, ledger_file, read_ledger
from enforce.inputs.parameters.cap_tables import read_cap_tables
from enforce.inputs.parameters.contact import read_contact
from enforce.inputs.parameters.legal_bases import read_bases
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.parameters.plan_book import NEEDED, is_book, is_plan_book
from enforce.inputs.parameters.promises import promises_file, read_promises
from enforce.inputs.parameters.rules import read_rules
from enforce.inputs.parameters.scenario import Scenario, read_scenario
from enforce.inputs.tables.forms import FORMS, KINDS, Tables, no_rows
from enforce.inputs.tables.mapping import mapping_file
from enforce.inputs.tables.of_plan import read_part, read_tables
from enforce.inputs.tables.reading import typed_table
from enforce.inputs.tables.references import disagreements
from enforce.inputs.tables.street_sheets import read_streets, street_files, streets_folder
from enforce.inputs.tables.table_folder import TableFile, table_files
from enforce.inputs.versions import read_versions, version_files
from enforce.planning.account import our_officers
from enforce.planning.through import progress
from enforce.planning.through.other_work import as_other_work, off_site
from enforce.planning.through.register_health import Unread, register_health
from enforce.sheets.grids import read_grids
from enforce.words.months import month_runs
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import beside, shown, shown_path
from enforce.words.vocabulary import Vocabulary

#: Kind of finding of the register, and the column and flaw of a row set aside that make it.
_FLAWS = (
    ("duplicate_codes", "unit_id", Flaw.REPEATED),
    ("invalid_codes", "unit_id", Flaw.VALUE),
    ("invalid_codes", "unit_id", Flaw.PERSONAL),
    ("bad_levels", "level", Flaw.VALUE),
)


def read_parts(plan: Plan, *, require_official: bool, quarantine: bool, scenario: str = "") -> dict[str, object]:
    """Read rules, calendar, tables, ledger, versions and scenario of a plan; InputError with all problems at once.

    Where there is a ledger (检查台账) with records, they stand for those of records.csv. With `quarantine`, rows with a
    problem are set aside.
    """
    ledger, broken = _plans_ledger(plan)
    records = not broken and not (ledger and ledger.acts)
    local = plan.local_calendar or None
    readers = {
        "rules": lambda: read_rules(plan.rules_folder).at(plan.division),
        "calendar": lambda: read_calendar(plan.year, plan.calendar_folder, local, require_official=require_official),
        "tables": lambda: read_tables(plan, quarantine=quarantine, records=records),
        "versions": lambda: read_versions(plan),
        "legal_bases": lambda: read_bases(plan.rules_folder),
        "cap_tables": lambda: read_cap_tables(plan.rules_folder),
        "contact": lambda: read_contact(plan),
        "draws": lambda: read_draws(plan, ledger.draws if ledger else {}),
        "promises": lambda: read_promises(plan),
        "arrangements": lambda: read_arrangements(plan),
        "visit_returns": lambda: read_returns(plan),
        "before": lambda: last_year_tables(plan),
        "scenario": lambda: read_scenario(plan, scenario) if scenario else None,
    }
    parts: dict = {}
    problems: list[Problem] = broken
    for name, reader in readers.items():
        try:
            parts[name] = reader()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    refuse(_unworkable(plan, parts["calendar"], parts["tables"]))
    parts["streets"] = _streets_of(plan, parts["tables"])
    before, doubts = parts.pop("before")
    doubts = (*parts["tables"].doubts, *doubts)
    parts["tables"] = replace(parts["tables"], last_year=_figures_of(before), before=before, doubts=doubts)
    if ledger:
        parts["ledger_head"] = ledger.head
    if ledger and ledger.acts:
        parts["tables"] = _with_ledger(parts["tables"], ledger, plan, quarantine)
    parts["tables"] = _off_site_apart(parts["tables"])
    return parts


def _streets_of(plan: Plan, tables: Tables) -> pd.DataFrame | None:
    """What the streets of a plan handed in; None where it has no folder of their sheets."""
    folder = streets_folder(plan)
    return read_streets(folder, plan, {*tables.units["subdistrict"]}) if folder.is_dir() else None


def _off_site_apart(tables: Tables) -> Tables:
    """The tables with what was done off the spot among the other work: it uses days and is no visit (家次)."""
    away = off_site(tables.records)
    if not away.any():
        return tables
    work = as_other_work(tables.records[away])[tables.other_work.columns]
    records = tables.records[~away].reset_index(drop=True)
    return replace(tables, records=records, other_work=pd.concat([tables.other_work, work], ignore_index=True))


def _plans_ledger(plan: Plan) -> tuple[Ledger | None, list[Problem]]:
    """Return the ledger of a plan, None where there is none, and what is wrong with it."""
    if not os.path.lexists(ledger_file(plan)):
        return None, []
    try:
        return read_ledger(ledger_file(plan)), []
    except InputError as error:
        return None, list(error.problems)


def _with_ledger(tables: Tables, ledger: Ledger, plan: Plan, quarantine: bool) -> Tables:
    """The tables with the records of the ledger; records that name what no table holds are set aside or refused."""
    file, records, bad = shown_path(ledger_file(plan)), ledger.records, dict(tables.bad)
    if quarantine:
        records, aside = set_aside(records, tables, plan, file)
        bad |= {file: aside} if len(aside) else {}
    refuse(recorded_problems(records, tables, plan, file))
    return replace(tables, records=records, bad=bad)


# --- last year ---


def last_year_tables(plan: Plan) -> tuple[dict[str, pd.DataFrame], list[tuple[str, str]]]:
    """Return the tables of the year before: its figures (last_year), or its visits and decisions, by their names.

    With them what may be wrong in their files: file, sentence.
    """
    files, before = _last_year_files(plan), _year_before(plan)
    if "records" in files and files["records"].path.name == LEDGER:
        tables = {"records": read_ledger(files.pop("records").path).records}
    else:
        tables = {}
    doubts = []
    for name, file in files.items():
        tables[name], sentences = _read_alone(name, file, before)
        doubts += [(file.label, sentence) for sentence in sentences]
    if "records" in tables:
        tables["records"] = tables["records"][~off_site(tables["records"])].reset_index(drop=True)
    return tables, doubts


def _figures_of(before: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    if "records" in before:
        return progress.year_figures(before["records"], before.get("penalties"))
    return before.get("last_year", no_rows("last_year"))


def last_year_plan(plan: Plan) -> Plan | None:
    """Return the plan of the year before that a plan names; None where it names figures, a folder or nothing.

    InputError where the file is a plan of another year.
    """
    path = beside(plan.path, plan.last_year)
    if not plan.last_year or not path.is_file():
        return None
    if not (is_plan_book(read_grids(path, NEEDED[0])) if is_book(path) else path.suffix.lower() in (".yaml", ".yml")):
        return None
    before = read_plan(path)
    if before.year != plan.year - 1:
        expected = f"{plan.year - 1} 年的计划文件"
        refuse(
            [Problem(shown_path(plan.path), plan.place("last_year"), f"{before.year} 年的", expected, Flaw.CONFLICT)]
        )
    return before


def _last_year_files(plan: Plan) -> dict[str, TableFile]:
    """Return the files last year's figures come from: a table of figures, or records and decisions of penalty."""
    path, before = beside(plan.path, plan.last_year), _year_before(plan)
    if not plan.last_year or (path.is_file() and before.path == plan.path):
        return {"last_year": TableFile(path)} if plan.last_year else {}
    files = table_files(before)[0]
    if os.path.lexists(ledger_file(before)) and read_ledger(ledger_file(before)).acts:
        files["records"] = TableFile(ledger_file(before))
    return {name: files[name] for name in ("records", "penalties") if name in files}


def _year_before(plan: Plan) -> Plan:
    """Return the plan of the year before, else the plan as one of that year with last year's tables."""
    return last_year_plan(plan) or plan.model_copy(update={"year": plan.year - 1, "tables": plan.last_year})


def _read_alone(name: str, file: TableFile, plan: Plan) -> tuple[pd.DataFrame, list[str]]:
    """Read one table of another year by itself, with its doubts; InputError with all that contradicts it."""
    part, problems, doubts = read_part(name, file, plan)
    refuse([*problems, *(disagreements({name: part}, plan) if part else ())])
    return typed_table(part.frame, FORMS[KINDS[name]]), doubts


# --- what no work can be planned from ---


def _unworkable(plan: Plan, calendar: Calendar, tables: Tables) -> Iterator[Problem]:
    """Yield key periods and tasks that have no workday, and tasks whose team has nobody in any of their months."""
    yield from _idle_periods(plan, calendar)
    file = table_files(plan)[0]["tasks"].label
    yield from _idle_tasks(file, tables.tasks, calendar)
    yield from _nobody(file, tables)


def _idle_periods(plan: Plan, calendar: Calendar) -> Iterator[Problem]:
    for n, period in enumerate(plan.key_periods):
        days = sum(reserved.days for reserved in period.reserved_days)
        if days and not calendar.between(period.from_date, period.to_date):
            span = f"{period.name}：{period.from_date} 至 {period.to_date}"
            expected = f"有工作日的时段（这几天都不上班，预留不了 {days:.12g} 人日）"
            yield Problem(shown_path(plan.path), plan.place(f"key_periods[{n}]"), span, expected, Flaw.CONFLICT)


def _idle_tasks(file: str, tasks: pd.DataFrame, calendar: Calendar) -> Iterator[Problem]:
    workdays = calendar.workdays().set_index("month")["workdays"]
    for task in tasks.itertuples():
        months = [month for period in task.periods for month in period]
        if not workdays[months].any():
            where, typed = Place(task.task_id, column="月份"), month_runs(months, ",")
            yield Problem(file, where, typed, "至少有一个工作日的月份", Flaw.CONFLICT)


def _nobody(file: str, tables: Tables) -> Iterator[Problem]:
    officers = our_officers(tables.roster)
    licensed = officers[officers["licensed"].astype(bool)]
    served = {(row.team, month) for row in licensed.itertuples() for month in range(row.from_month, row.to_month + 1)}
    for task in tables.tasks.itertuples():
        months = [month for period in task.periods for month in period]
        if not any((task.team, month) in served for month in months):
            expected = f"{month_runs(months, ',')} 月里有持证人员在岗的科队（名册里没有）"
            yield Problem(file, Place(task.task_id, column="科队"), shown(task.team), expected, Flaw.CONFLICT)


# --- what was read ---


def input_files(plan: Plan, tables: Tables, scenario: Scenario | None = None) -> tuple[Path, ...]:
    """Return every file that is read for a plan, its tables and its scenario, for the manifest."""
    choices = (plan.path, *filter(None, [scenario and scenario.path]))
    local = [plan.calendar_folder / plan.local_calendar] if plan.local_calendar else []
    calendar = [year_file(plan.calendar_folder, plan.year)]
    rules = sorted(plan.rules_folder.glob("*.yaml"))
    beside_plan = [beside(plan.path, plan.contact)] if plan.contact else []
    beside_plan += [mapping_file(plan)] if plan.mapping else []
    beside_plan += [file.path for file in _last_year_files(plan).values()]
    read = [file.path for name, file in table_files(plan)[0].items() if name != "records" or name in tables.files]
    read += [ledger_file(plan), promises_file(plan), *street_files(streets_folder(plan))]
    files = (*choices, *rules, *calendar, *local, *read, *version_files(plan), *draw_files(plan))
    files = (*files, *arrangement_files(plan), *beside_plan)
    return tuple(path for path in dict.fromkeys(files) if path.exists())


def sources_table(plan: Plan, tables: Tables, head: str) -> pd.DataFrame:
    """Return the sources (读入的数据): one row per table a plan was read from.

    Columns table, file, rows_read (those that count), rows_aside (set aside, in no number), note: the ledger's head
    where the records are those of the ledger; `head` is '' where there is none.

    >>> from enforce.inputs.parameters.plan import read_plan
    >>> from enforce.inputs.tables.of_plan import read_tables
    >>> plan = read_plan("params/putuo-2024.yaml")
    >>> sources_table(plan, read_tables(plan), "")[["file", "rows_read"]].to_numpy().tolist()
    [['tasks.csv', 12], ['roster.csv', 16], ['units.csv', 650], ['records.csv', 276], ['other_work.csv', 22]]
    """
    files = table_files(plan)[0]
    if head and "records" not in tables.files:
        files["records"] = TableFile(ledger_file(plan))
    rows = []
    for name, file in files.items():
        aside = len(tables.bad.get(file.label, ()))
        note = f"检查台账，链头（最后一笔的指纹）{head}" if file.path.name == LEDGER else ""
        rows.append((FORMS[KINDS[name]].title, file.name, len(getattr(tables, name)), aside, note))
    return pd.DataFrame(rows, columns=["table", "file", "rows_read", "rows_aside", "note"])


def source_notes(tables: Tables, head: str) -> tuple[str, ...]:
    """Return the notes of every book on its sources: how many rows are set aside, and the head of the ledger.

    >>> from enforce.inputs.parameters.plan import read_plan
    >>> from enforce.inputs.tables.of_plan import read_tables
    >>> source_notes(read_tables(read_plan("params/putuo-2024.yaml")), "1f0c")
    ('检查台账链头（最后一笔的指纹，拿它核对台账没有改动）：1f0c',)
    """
    aside = "、".join(f"{file} {len(rows)} 行" for file, rows in tables.bad.items())
    notes = [f"放到一边、没有计入任何数：{aside}"] * bool(tables.bad)
    return (*notes, *[f"检查台账链头（最后一笔的指纹，拿它核对台账没有改动）：{head}"] * bool(head))


def register_report(tables: Tables, words: Vocabulary) -> pd.DataFrame:
    """Return the health of a plan's register (台账体检), rows set aside among it: one row per kind of finding."""
    reasons = [problem for problem in tables.reasons if problem.file == tables.files["units"]]
    return register_health(tables.units, tables.tasks, words, unread_rows(reasons))


def unread_rows(reasons: Iterable[Problem]) -> Unread:
    """Sort rows of a register that were set aside, by the kind of the first of their problems that is listed.

    >>> repeated = Problem("a.csv", Place(row=5, name="unit_id"), "91", "不重复的编号", Flaw.REPEATED)
    >>> unread_rows([repeated]).duplicate_codes
    ('第 5 行',)
    """
    flaws: dict[int, set[tuple[str, Flaw]]] = {}
    for problem in reasons:
        flaws.setdefault(problem.place.row, set()).add((problem.place.name, problem.kind))
    kinds: dict[str, tuple[str, ...]] = {}
    for row in sorted(flaws):
        kind = next((kind for kind, *flaw in _FLAWS if tuple(flaw) in flaws[row]), "other")
        kinds[kind] = (*kinds.get(kind, ()), f"第 {row} 行")
    return Unread(**kinds)
