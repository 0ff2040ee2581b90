"""The comparison (比较版本): how one version of a plan differs from a later one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from enforce.inputs.versions import read_version, related
from enforce.papers.screen.display import Shown, show
from enforce.planning.changes import order
from enforce.words.problems import refuse


def compare(older: str | Path, newer: str | Path) -> Shown:
    """Return how two versions differ (版本比较): one row per task and month; InputError if they are not related."""
    before, after = read_version(older), read_version(newer)
    refuse(related(before, after))
    tasks = pd.DataFrame({"task_id": list(after.names), "name": list(after.names.values())})
    table = order.changes(before.visits, after.visits, tasks, dropped=before.names)
    caption = f"第 {before.number} 版（{before.as_of}）与第 {after.number} 版（{after.as_of}）"
    return show(table.drop(columns=["reason", "forced", "total_changed"]), caption, unit="家次", rows=500)
