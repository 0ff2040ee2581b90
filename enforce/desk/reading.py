"""The reading (读入): all that a plan names, read together, so that every problem of every file is told at once."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from enforce.desk.opening import unworkable
from enforce.inputs.approved import read_versions, version_files
from enforce.inputs.calendar import read_calendar
from enforce.inputs.ledger.completing import recorded_problems, set_aside
from enforce.inputs.ledger.ledger import NAME as LEDGER
from enforce.inputs.ledger.ledger import Ledger, read_ledger
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.parameters.rules import read_rules
from enforce.inputs.parameters.scenario import Scenario, read_scenario
from enforce.inputs.tables.forms import Tables
from enforce.inputs.tables.of_plan import read_tables, table_files
from enforce.words.problems import InputError, Problem, refuse
from enforce.words.texts import shown_path


def read_parts(plan: Plan, *, require_official: bool, quarantine: bool, scenario: str = "") -> dict[str, object]:
    """Read rules, calendar, tables, ledger, versions and scenario of a plan; InputError tells all problems at once.

    Where there is a ledger (检查台账), its records stand for those of records.csv. With `quarantine`, rows with a
    problem are set aside.
    """
    records = not os.path.lexists(_ledger_file(plan))
    local = plan.local_calendar or None
    read = {
        "rules": lambda: read_rules(plan.rules_folder),
        "calendar": lambda: read_calendar(plan.year, plan.calendar_folder, local, require_official=require_official),
        "tables": lambda: read_tables(plan, quarantine=quarantine, records=records),
        "ledger": lambda: None if records else read_ledger(_ledger_file(plan)),
        "versions": lambda: read_versions(plan),
        "scenario": lambda: read_scenario(plan, scenario) if scenario else None,
    }
    parts: dict = {}
    problems: list[Problem] = []
    for name, reader in read.items():
        try:
            parts[name] = reader()
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    refuse(unworkable(plan, parts["calendar"], parts["tables"]))
    ledger = parts.pop("ledger")
    if ledger:
        parts |= {"tables": _recorded(parts["tables"], ledger, plan, quarantine), "ledger_head": ledger.head}
    return parts


def _ledger_file(plan: Plan) -> Path:
    return plan.tables_folder / LEDGER


def _recorded(tables: Tables, ledger: Ledger, plan: Plan, quarantine: bool) -> Tables:
    """Return the tables with the records of the ledger; those that name what is not in the tables set aside or told."""
    file, records, bad = shown_path(_ledger_file(plan)), ledger.records, dict(tables.bad)
    if quarantine:
        records, aside = set_aside(records, tables, plan, file)
        bad |= {file: aside} if len(aside) else {}
    refuse(recorded_problems(records, tables, plan, file))
    return replace(tables, records=records, bad=bad)


def input_files(plan: Plan, scenario: Scenario | None = None) -> tuple[Path, ...]:
    """Return every file that is read for a plan and its scenario, for the manifest."""
    own = (plan.path, *filter(None, [scenario and scenario.path]))
    local = [plan.calendar_folder / plan.local_calendar] if plan.local_calendar else []
    calendar = [plan.calendar_folder / f"{plan.year}.csv"]
    rules = sorted(plan.rules_folder.glob("*.yaml"))
    ledger = {"records": _ledger_file(plan)} if os.path.lexists(_ledger_file(plan)) else {}
    tables = (table_files(plan)[0] | ledger).values()
    files = (*own, *rules, *calendar, *local, *tables, *version_files(plan))
    return tuple(path for path in files if path.exists())
