"""The sample (计时): ways to do one thing, run in turn within one process, and the ratios between them.

A loaded machine slows all ways alike only when they run side by side, so ways take turns (A B C A B C ...), ratios are
formed within a turn, and what is reported is their median with the least and the greatest beside it.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Run:
    """One run of one way: its turn, its seconds, what it returned."""

    turn: int
    seconds: float
    result: Any


@dataclass(frozen=True)
class Spread:
    """A median with the least and the greatest of so many values."""

    median: float
    low: float
    high: float
    n: int


Runs = dict[str, list[Run]]  # the runs of each way, in turn


def interleaved(ways: Mapping[str, Callable[[], Any]], repeat: int, budget: float = inf) -> Runs:
    """Run the ways in turn, `repeat` turns; a way that has had `budget` seconds sits out the turns that are left.

    >>> runs = interleaved({"a": lambda: 1, "b": lambda: 2}, 2)
    >>> [(way, run.turn, run.result) for way in runs for run in runs[way]]
    [('a', 0, 1), ('a', 1, 1), ('b', 0, 2), ('b', 1, 2)]
    """
    runs: Runs = {name: [] for name in ways}
    for turn in range(repeat):
        for name, way in ways.items():
            if not turn or sum(run.seconds for run in runs[name]) < budget:
                runs[name].append(_timed(turn, way))
                tell(f"  turn {turn + 1}/{repeat}  {name}: {runs[name][-1].seconds:.3f} s")
    return runs


def _timed(turn: int, way: Callable[[], Any]) -> Run:
    gc.collect()
    start = perf_counter()
    result = way()
    return Run(turn, perf_counter() - start, result)


def tell(text: str) -> None:
    """Say on stderr how far the benchmark is; tables go to stdout."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Send to stderr what libraries print from C (HiGHS has a banner), so that stdout holds tables only."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def spread(values: Iterable[float]) -> Spread:
    """Return the median and its range.

    >>> spread([3, 1, 2])
    Spread(median=2, low=1, high=3, n=3)
    """
    found = list(values)
    return Spread(median(found), min(found), max(found), len(found))


def seconds(runs: Sequence[Run]) -> Spread:
    """Return how long the runs of one way took."""
    return spread(run.seconds for run in runs)


def ratio(over: Sequence[Run], under: Sequence[Run]) -> Spread:
    """Return how many times as long `over` took, turn by turn, for the turns that both ran.

    >>> ratio([Run(0, 6.0, None)], [Run(0, 2.0, None), Run(1, 3.0, None)]).median
    3.0
    """
    base = {run.turn: run.seconds for run in under}
    return spread(run.seconds / base[run.turn] for run in over if run.turn in base)


def figures(value: float) -> str:
    """Return a number with three digits that count.

    >>> [figures(value) for value in (0.04567, 1.2345, 56.78, 1276.4)]
    ['0.0457', '1.23', '56.8', '1,276']
    """
    if value >= 100:
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2 if value >= 1 else 3 if value >= 0.1 else 4
    return f"{value:.{digits}f}"


def shown(found: Spread | None, scale: float = 1) -> str:
    """Return a spread as `median [least..greatest]`; one value alone where there was one run.

    >>> shown(spread([0.018, 0.017, 0.019]), 1000), shown(spread([2.0])), shown(None)
    ('18.0 [17.0..19.0]', '2.00', '–')
    """
    if found is None:
        return "–"
    middle = figures(found.median * scale)
    return middle if found.n == 1 else f"{middle} [{figures(found.low * scale)}..{figures(found.high * scale)}]"


def markdown(title: str, header: Sequence[str], rows: Iterable[Sequence[object]], notes: Iterable[str] = ()) -> str:
    """Return a table in Markdown under its title, with notes below."""
    lines = [f"### {title}", "", _line(header), _line("---" for _ in header), *(_line(row) for row in rows)]
    below = [f"- {note}" for note in notes]
    return "\n".join([*lines, "", *below, *([""] if below else [])])


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"
