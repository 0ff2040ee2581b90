"""The relaxation (松弛解): where the closest plan would be if a visit could be cut in parts.

A convex problem without whole numbers: a few dozen steps up its dual find about where the exact search has to look. It
proves nothing, and nothing hangs on how near it comes.
"""

from __future__ import annotations

import numpy as np

STEPS = 50


def relaxed(targets: np.ndarray, visits: np.ndarray, efforts: np.ndarray, rooms: np.ndarray) -> np.ndarray:
    """Return visits by line and month, in parts, about as close to the targets as the rooms allow.

    `targets` has one row per line and one column per month (-inf where a line is closed), `visits` the visits of each
    line, `efforts` one row per line and one column per team (half-days of a visit), `rooms` one row per team and one
    column per month (half-days; inf where there is no bound).

    >>> plan = relaxed(np.array([[2.0, 4.0]]), np.array([6.0]), np.array([[2.0]]), np.array([[np.inf, 6.0]]))
    >>> plan.round(2).tolist()
    [[3.0, 3.0]]
    """
    bounded, steepest = np.isfinite(rooms), np.maximum((efforts**2).sum(axis=0), 1)[:, None]
    prices = ahead = np.zeros(rooms.shape)
    pace = 1.0
    for _ in range(STEPS):
        excess = np.where(bounded, efforts.T @ _spread(targets - efforts @ ahead, visits) - rooms, -np.inf)
        dearer = np.maximum(ahead + excess / steepest, 0)
        faster = (1 + (1 + 4 * pace**2) ** 0.5) / 2
        ahead = np.maximum(dearer + (pace - 1) / faster * (dearer - prices), 0)
        prices, pace = dearer, faster
    return _spread(targets - efforts @ prices, visits)


def _spread(wanted: np.ndarray, visits: np.ndarray) -> np.ndarray:
    """Return the rows nearest to what is wanted that are not below zero and add up to the visits."""
    most = -np.sort(-wanted, axis=1)
    levels = (np.cumsum(most, axis=1) - visits[:, None]) / np.arange(1, wanted.shape[1] + 1)
    last = (most > levels).sum(axis=1)
    return np.maximum(wanted - levels[np.arange(len(visits)), np.maximum(last, 1) - 1][:, None], 0)
