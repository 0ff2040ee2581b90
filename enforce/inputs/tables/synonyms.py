"""The synonym (别名): the headings planners write for our columns, words parted by a space, brackets of half width."""

from __future__ import annotations

import csv
from pathlib import Path

with (Path(__file__).parent / "synonyms.csv").open(encoding="utf-8", newline="") as _file:
    _ROWS = list(csv.DictReader(_file))


def synonyms(kind: str) -> dict[str, str]:
    """Return the headings planners write in the tables of a kind, by our column.

    >>> synonyms("limits")["task_id"].split()[:2]
    ['任务', '任务编号']
    """
    return {row["column"]: row["words"] for row in _ROWS if row["kind"] == kind}
