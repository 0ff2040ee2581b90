"""What visits are for (重点): themes looked at, sections that came along, key periods; each against the line's words.

A column that no record fills is not in use: what it would count has no denominator and no rate, rather than nought.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from enforce.words.measures import rate, rates
from enforce.words.terms import Kind


def filled(records: pd.DataFrame, column: str) -> bool:
    """Whether any record has something in a column of lists or words.

    >>> filled(pd.DataFrame({"themes": [(), ("粉尘防爆",)]}), "themes")
    True
    """
    return any(map(bool, records[column].unique()))


def _words_by_line(records: pd.DataFrame, column: str) -> Counter[tuple[str, str]]:
    """How many visits of each line name each word of a column of lists: by task and word, '' for unplanned ones."""
    some = records.loc[records[column].map(bool), ["task_id", column]]
    counts: Counter[tuple[str, str]] = Counter()
    for (task, words), visits in Counter(zip(*(some[name].tolist() for name in some), strict=True)).items():
        counts.update(dict.fromkeys(((task, word) for word in words), visits))
    return counts


def theme_counts(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return how often each theme was looked at (专题): one row per line and theme, `done_visits` in 家次.

    First those the line names, in its order; then others that its records name (`listed` False). A visit that looks at
    several themes stands in the row of each: the rows of a line are not to be added.

    >>> tasks = pd.DataFrame({"task_id": ["P07"], "name": ["工贸"], "themes": [("粉尘防爆", "高温熔融金属")]})
    >>> records = pd.DataFrame({"task_id": ["P07", "P07"], "themes": [("粉尘防爆",), ("粉尘防爆", "涂装")]})
    >>> theme_counts(tasks, records)[["theme", "listed", "done_visits"]].values.tolist()
    [['粉尘防爆', True, 2], ['高温熔融金属', True, 0], ['涂装', False, 1]]
    """
    counts, rows = _words_by_line(records, "themes"), []
    for task in tasks.itertuples():
        others = sorted({theme for code, theme in counts if code == task.task_id} - set(task.themes))
        for theme in (*task.themes, *others):
            rows.append((task.task_id, task.name, theme, theme in task.themes, counts[task.task_id, theme]))
    table = pd.DataFrame(rows, columns=["task_id", "task", "theme", "listed", "done_visits"])
    return table.astype({"listed": bool})


def theme_rates(table: pd.DataFrame, in_use: bool) -> pd.DataFrame:
    """Return how many of its themes each line has looked at (专题覆盖): one row per line that names themes.

    `table` is as of `theme_counts`; a column of themes that is not `in_use` gives no rate.
    """
    return rates(
        rate("themes", f"{code} {task}", int((part["done_visits"] > 0).sum()), len(part) if in_use else 0)
        for (code, task), part in table[table["listed"]].groupby(["task_id", "task"], sort=False)
    )


def invited_rates(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return how often invited sections came along (邀请科室参加): one row per line and section it invites."""
    came, done = _words_by_line(records, "attended"), records["task_id"].value_counts()
    whole = filled(records, "attended")
    return rates(
        rate(
            "invited",
            f"{task.task_id} {task.name}：{section}",
            came[task.task_id, section],
            int(done.get(task.task_id, 0)) if whole else 0,
        )
        for task in tasks.itertuples()
        for section, _ in task.invited
    )


def inside_periods(dates: pd.Series, periods: pd.DataFrame) -> pd.Series:
    """Return which dates lie in a key period (重点时段以内), its first and last day with it: one flag per row."""
    flags = pd.Series(False, index=dates.index)
    for first, last in periods[["from_date", "to_date"]].drop_duplicates().itertuples(index=False):
        flags |= (dates >= first) & (dates <= last)
    return flags


def key_period_rates(tasks: pd.DataFrame, records: pd.DataFrame, periods: pd.DataFrame) -> pd.DataFrame:
    """Return how many visits of key-period lines lie inside the periods: one row per line, and 合计."""
    lines = tasks[tasks["kind"] == Kind.KEY_PERIOD]
    visits = records[records["task_id"].isin(lines["task_id"])]
    inside = inside_periods(visits["date"], periods)
    counts = inside.groupby(visits["task_id"]).agg(["sum", "size"]).reindex(lines["task_id"], fill_value=0)
    rows = [
        rate(
            "key_period",
            f"{task.task_id} {task.name}",
            int(counts["sum"][task.task_id]),
            int(counts["size"][task.task_id]),
        )
        for task in lines.itertuples()
    ]
    total = [rate("key_period", "合计", int(inside.sum()), len(visits))] if len(lines) else []
    return rates([*rows, *total])
