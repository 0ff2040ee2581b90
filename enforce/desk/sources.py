"""The sources (读入的数据): which files a plan was read from, how many rows of each count, and how good they are."""

from __future__ import annotations

import pandas as pd

from enforce.desk.health import shut, unread
from enforce.inputs.ledger.ledger import NAME as LEDGER
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import FORMS, KINDS, Tables
from enforce.inputs.tables.of_plan import table_files
from enforce.planning.through.register_health import register_health
from enforce.words.texts import shown_path


def sources_table(plan: Plan, tables: Tables, head: str) -> pd.DataFrame:
    """Return what a plan was read from: one row per table.

    Columns table, file, rows_read (those that count), rows_aside (set aside, in no number), note: the ledger's head
    where the records are those of the ledger; `head` is '' where there is none.

    >>> from enforce.inputs.parameters.plan import read_plan
    >>> from enforce.inputs.tables.of_plan import read_tables
    >>> plan = read_plan("params/putuo-2024.yaml")
    >>> sources_table(plan, read_tables(plan), "")[["file", "rows_read"]].to_numpy().tolist()
    [['tasks.csv', 12], ['roster.csv', 16], ['units.csv', 650], ['records.csv', 276]]
    """
    files = table_files(plan)[0]
    if head:
        files["records"] = plan.tables_folder / LEDGER
    rows = [
        (
            FORMS[KINDS[name]].title,
            files[name].name,
            len(getattr(tables, name)),
            len(tables.bad.get(shown_path(files[name]), ())),
            f"检查台账，链头 {head}" if files[name].name == LEDGER else "",
        )
        for name in files
    ]
    return pd.DataFrame(rows, columns=["table", "file", "rows_read", "rows_aside", "note"])


def said(tables: Tables, head: str) -> tuple[str, ...]:
    """Return what every report says of its sources: how many rows are set aside, and the head of the ledger.

    >>> from enforce.inputs.parameters.plan import read_plan
    >>> from enforce.inputs.tables.of_plan import read_tables
    >>> said(read_tables(read_plan("params/putuo-2024.yaml")), "1f0c")
    ('检查台账链头：1f0c',)
    """
    counts = {file: len(rows) for file, rows in tables.bad.items()}
    aside = "、".join(f"{file} {rows} 行" for file, rows in counts.items())
    told = [f"放到一边、没有计入任何数：{aside}"] * bool(counts)
    return (*told, *[f"检查台账链头：{head}"] * bool(head))


def register_found(tables: Tables) -> pd.DataFrame:
    """Return the health of a plan's register, rows set aside among it: one row per kind of finding."""
    reasons = [problem for problem in tables.reasons if problem.file == tables.files["units"]]
    closed = tuple(tables.units["name"][shut(tables.units)])
    return register_health(tables.units, tables.tasks, unread(reasons)._replace(closed=closed))
