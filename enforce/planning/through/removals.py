"""Removals (不再检查): the visits of drawn units that were closed, moved, refused entry or cancelled."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from enforce.words.terms import Removal

COLUMNS = ["task_id", "unit_id", "removed_on", "removal", "evidence", "substitute", "removed_visits"]


def removed_visits(draws: Iterable[object], as_of: str) -> pd.DataFrame:
    """Return the visits removed up to a day (不再检查的家次): one row per visit, in order of date.

    `draws` have task_id and events (None for none), each with unit_id, date, why, evidence, substitute. A visit whose
    substitute took its place is made there (`removed_visits` 0, 家次), one without is out of the denominator (1).

    >>> from types import SimpleNamespace as Row
    >>> event = Row(unit_id="A", date="2024-05-06", why="closed", evidence="笔录", substitute="")
    >>> table = removed_visits([Row(task_id="P10", events=[event])], "2024-12-31")
    >>> table[["unit_id", "removed_visits"]].values.tolist()
    [['A', 1]]
    """
    rows = [
        (draw.task_id, event.unit_id, event.date, Removal(event.why).label, event.evidence, event.substitute)
        for draw in draws
        for event in draw.events or ()
        if event.date <= as_of
    ]
    table = pd.DataFrame([(*row, int(not row[-1])) for row in rows], columns=COLUMNS)
    return table.sort_values(["removed_on", "task_id", "unit_id"], ignore_index=True)
