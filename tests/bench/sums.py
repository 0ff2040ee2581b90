"""The sums (汇总): visits of the ledger by line and month, beside a bare SELECT on its file and pandas in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd

from enforce.inputs.ledger.ledger import append, sums_by_month
from tests.bench.timing import Runs, figures, interleaved, markdown, ratio, seconds, shown, tell
from tests.kills.writer import visits

RECORDS = 1_000_000
ACT = 100_000
LINES = 12
OURS, BARE, FRAME = "ours: sums_by_month", "bare SELECT … GROUP BY", "pandas groupby, rows in memory"
_BARE = """SELECT task_id, substr(date, 1, 4), substr(date, 6, 2), count(*) FROM entries WHERE kind = 'record'
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""

Sums = dict[tuple[str, int, int], int]


def some(first: int, last: int) -> pd.DataFrame:
    """Return records by number: lines and days in turn, a twelfth of them unplanned."""
    table = visits([f"R-{n:07d}" for n in range(first, last)])
    numbers = range(first, last)
    lines = [f"P{n % LINES:02}" if n % LINES else "" for n in numbers]
    days = [f"2024-{n // 31 % 12 + 1:02}-{n % 28 + 1:02}" for n in numbers]
    return table.assign(task_id=lines, date=days, trigger=["" if line else "complaint" for line in lines])


def write_ledger(path: Path, count: int, act: int = ACT) -> float:
    """Record so many visits, some at a time; return the seconds it took."""
    start = perf_counter()
    for first in range(0, count, act):
        append(path, some(first, min(first + act, count)), at="2024-05-06T07:08:09+08:00")
        tell(f"  recorded {min(first + act, count):,}")
    return perf_counter() - start


def ours(path: Path) -> Sums:
    """Return the sums as the library gives them: the schema checked, corrections taken off."""
    rows = sums_by_month(path).itertuples(index=False)
    return {(row.task_id, row.year, row.month): row.visits for row in rows}


def bare(path: Path) -> Sums:
    """Return the sums by one statement on the same file: the floor. It would count a corrected record twice."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        return {(task, int(year), int(month)): count for task, year, month, count in db.execute(_BARE)}


def in_memory(count: int) -> Callable[[], Sums]:
    """Return the sum by pandas of rows that are there already."""
    table = some(0, count)

    def summed() -> Sums:
        by = [table["task_id"], table["date"].str[:4].astype(int), table["date"].str[5:7].astype(int)]
        return {key: int(size) for key, size in table.groupby(by).size().items()}

    return summed


def measure(count: int, repeat: int) -> tuple[Runs, float, float]:
    """Run the ways in turn; return the runs, how long recording took and the size of the ledger in MiB."""
    with TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / "ledger.sqlite"
        written, summed = write_ledger(path, count), in_memory(count)
        ways = {OURS: lambda: ours(path), BARE: lambda: bare(path), FRAME: summed}
        return interleaved(ways, repeat), written, path.stat().st_size / 2**20


def report(repeat: int, count: int = RECORDS) -> tuple[list[str], dict]:
    """Measure the sums; return their table and their data."""
    runs, written, size = measure(count, repeat)
    rows = [(way, shown(seconds(found)), len(found), shown(ratio(runs[OURS], found))) for way, found in runs.items()]
    same = len({tuple(sorted(run.result.items())) for found in runs.values() for run in found}) == 1
    notes = (
        f"the ways {'agree' if same else 'DO NOT AGREE'} on all sums; recording took {figures(written)} s "
        f"({figures(count / written)} records a second), the ledger has {figures(size)} MiB",
        "ours opens the file, checks its schema and takes corrected records off; the rows of pandas are there already",
    )
    header = ("way", "s", "runs", "ours ÷ this")
    data = {way: [run.seconds for run in found] for way, found in runs.items()}
    title = f"Ledger: {count:,} records summed by line and month"
    return [markdown(title, header, rows, notes)], {**data, "recording": written, "mebibytes": size, "agree": same}
