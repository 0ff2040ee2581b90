"""The processors (处理器): many small jobs shared out among processes, with the same answers however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from math import ceil
from multiprocessing import get_context

#: In how many parts each process takes its jobs: fewer share more with the job before, more are told sooner.
PARTS = 5


def part_size(jobs: int, workers: int) -> int:
    """Return how many jobs a process is given at once.

    >>> part_size(1000, 2), part_size(3, 2)
    (100, 1)
    """
    return max(1, ceil(jobs / (PARTS * workers)))


@contextmanager
def processors(
    workers: int, jobs: int, prepare: Callable[..., None] | None = None, *given: object
) -> Iterator[Callable]:
    """Give a map over so many jobs, in their order: in this process for one worker, else in processes started afresh.

    `prepare(*given)` is called in each process first. With several workers the caller's main module must be importable
    (`if __name__ == "__main__"`); what is not begun when the caller leaves is not done.
    """
    if workers < 2:
        if prepare:
            prepare(*given)
        yield map
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), prepare, given)
    try:
        yield partial(pool.map, chunksize=part_size(jobs, workers))
    finally:
        pool.shutdown(cancel_futures=True)
