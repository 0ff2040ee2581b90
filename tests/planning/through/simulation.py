"""A year played many times: the check of the exact chance of finishing."""

from __future__ import annotations

import numpy as np

from enforce.planning.through.chance import Queue, _poisson


def simulated(queue: Queue, trials: int = 20_000, seed: int = 2024) -> tuple[float, float]:
    """Return the share of trials that finish the year, and its standard error: the same queue played, as a check.

    Visits are brought forward, as for finish_share.
    """
    backlog = np.zeros(trials, dtype=np.int64)
    for n, work in enumerate(queue.opened):
        lost = np.zeros(trials, dtype=np.int64)
        for kind, (size, expected) in enumerate(queue.events):
            chance = np.cumsum(_poisson(expected[n], int(expected[n] + 12 * expected[n] ** 0.5 + 12)))
            lost += size * np.searchsorted(chance, _uniform(trials, seed, n * 8 + kind))
        backlog = np.maximum(backlog + work - np.maximum(queue.room[n] - lost, 0), 0)
    share = float((backlog == 0).mean())
    return share, (share * (1 - share) / trials) ** 0.5


def _uniform(count: int, seed: int, stream: int) -> np.ndarray:
    """Return numbers in [0, 1) that are the same on every machine: SplitMix64 of a counter."""
    start = np.uint64((seed * 1_000_003 + stream) << 32 & (2**64 - 1))
    state = (start + np.arange(1, count + 1, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((state ^ (state >> np.uint64(31))) >> np.uint64(11)).astype(float) / 2**53
