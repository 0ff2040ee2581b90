"""The sources (读入的数据): which files a plan was read from, how many rows of each count, and how good they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from enforce.desk.health import reasons, shut, unread
from enforce.inputs.forms import FORMS, KINDS
from enforce.inputs.ledger import NAME as LEDGER
from enforce.inputs.registers import table_files
from enforce.inputs.texts import shown_path
from enforce.planning.health import register_health

if TYPE_CHECKING:
    from enforce.desk.year import Year


def sources_table(year: Year) -> pd.DataFrame:
    """Return what a plan was read from: one row per table.

    Columns table, file, rows_read (those that count), rows_aside (set aside, in no number), note: the ledger's head
    where the records are those of the ledger.

    >>> from enforce.desk.year import open_year
    >>> sources_table(open_year("params/putuo-2024.yaml"))[["file", "rows_read"]].to_numpy().tolist()
    [['tasks.csv', 12], ['roster.csv', 16], ['units.csv', 650], ['records.csv', 276]]
    """
    files = table_files(year.plan)[0]
    if year.ledger_head:
        files["records"] = year.plan.tables_folder / LEDGER
    rows = [
        (
            FORMS[KINDS[name]].title,
            files[name].name,
            len(getattr(year.tables, name)),
            len(year.tables.bad.get(shown_path(files[name]), ())),
            f"检查台账，链头 {year.ledger_head}" if files[name].name == LEDGER else "",
        )
        for name in files
    ]
    return pd.DataFrame(rows, columns=["table", "file", "rows_read", "rows_aside", "note"])


def said(year: Year) -> tuple[str, ...]:
    """Return what every report says of its sources: how many rows are set aside, and the head of the ledger.

    >>> from enforce.desk.year import open_year
    >>> said(open_year("params/putuo-2024.yaml"))
    ()
    """
    counts = {file: len(rows) for file, rows in year.tables.bad.items()}
    aside = "、".join(f"{file} {rows} 行" for file, rows in counts.items())
    told = [f"放到一边、没有计入任何数：{aside}"] * bool(counts)
    return (*told, *[f"检查台账链头：{year.ledger_head}"] * bool(year.ledger_head))


def register_found(year: Year) -> pd.DataFrame:
    """Return the health of a plan's register, rows set aside among it: one row per kind of finding."""
    bad = year.tables.bad.get(shown_path(table_files(year.plan)[0]["units"]), pd.DataFrame())
    closed = tuple(year.units["name"][shut(year.units)])
    return register_health(year.units, year.tasks, unread(reasons(bad))._replace(closed=closed))
