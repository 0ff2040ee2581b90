"""The synonym (别名): what planners write for our columns and words, parted by a space, brackets of half width."""

from __future__ import annotations

from pathlib import Path

from enforce.words.files import csv_rows

_ROWS = csv_rows(Path(__file__).with_name("synonyms.csv"))
_ALIASES = csv_rows(Path(__file__).with_name("aliases.csv"))


def synonyms(kind: str) -> dict[str, str]:
    """Return the headings planners write in the tables of a kind, by our column.

    >>> synonyms("limits")["task_id"].split()[:2]
    ['任务', '任务编号']
    """
    return {row["column"]: row["words"] for row in _ROWS if row["kind"] == kind}


def aliases(column: str) -> dict[str, str]:
    """Return the words planners write in the cells of a column, with ours.

    >>> aliases("state")["歇业"]
    '停业'
    """
    return {text: row["word"] for row in _ALIASES if row["column"] == column for text in row["written"].split()}
