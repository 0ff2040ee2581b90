"""Tickets (号): who is drawn from a list, in a way that anyone can repeat.

The ticket of a unit is the SHA-256 of the UTF-8 text `seed`, line feed, `draw_id`, line feed, `unit_id`. Places are
shared among the strata by largest remainder of their numbers of units, ties to the stratum met first in the list. In a
stratum the lowest score is drawn first, ties by the lowest ticket; the next ones are its substitutes. The score is that
of Pareto πps: u / (1 − u) × ((1 − p) / p) with u = (the first 13 hexadecimal digits of the ticket + 1/2) / 2^52 and
p = places × weight / sum of weights, in double precision in that order. A unit whose p is 1 or more is drawn for
certain (score 0); it is taken out, with its place and its weight, and the others are worked out again. Of equal weights
the lowest ticket wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest

import numpy as np
import pandas as pd

from enforce.words.numbers import largest_remainder

#: From here on Pareto's probabilities are true to 0.003 as they are shown: places, and units to draw from.
SURE_PLACES, SURE_UNITS = 10, 40
COLUMNS = (
    "draw_id", "order", "unit_id", "ticket", "stratum", "weight", "probability", "approximate", "substitute",
)  # fmt: skip


def tickets(seed: str, draw_id: str, codes: Iterable[str]) -> list[bytes]:
    """Return the ticket of each code, 32 bytes each.

    >>> tickets("493018", "P10", ["91"])[0].hex()[:13] == sha256(b"493018\\nP10\\n91").hexdigest()[:13]
    True
    """
    start = f"{seed}\n{draw_id}\n".encode()
    return [sha256(start + code.encode()).digest() for code in codes]


@dataclass(frozen=True)
class Chances:
    """The chances of one stratum: probabilities in the order of its weights, and whether they are approximate."""

    probabilities: list[float]
    approximate: bool


def inclusion(weights: Sequence[int], places: int) -> Chances:
    """Return the chance of each unit to be drawn, by its weight; there are at most as many places as units.

    >>> inclusion([1, 1, 2], 2).probabilities, inclusion([1, 1, 1, 9], 2).probabilities[3]
    ([0.5, 0.5, 1.0], 1.0)
    """
    if not places or len(set(weights)) == 1:
        return Chances([places / len(weights)] * len(weights), approximate=False)
    total, left, open_units = sum(weights), places, list(range(len(weights)))
    while certain := {n for n in open_units if left * weights[n] >= total}:
        total, left = total - sum(weights[n] for n in certain), left - len(certain)
        open_units = [n for n in open_units if n not in certain]
    probabilities = [1.0] * len(weights)
    for n in open_units:
        probabilities[n] = left * weights[n] / total
    equal = len({weights[n] for n in open_units}) <= 1
    sure = left >= SURE_PLACES and len(open_units) >= max(SURE_UNITS, left + SURE_PLACES)
    return Chances(probabilities, not (equal or sure))


def scores(hashes: Sequence[bytes], probabilities: Sequence[float]) -> list[float]:
    """Return the score of each ticket by its probability: the lowest are drawn.

    >>> scores([bytes([128, *[0] * 31])], [0.5])[0].__round__(9), scores([bytes(32)], [1.0])
    (1.0, [0.0])
    """
    parts = (((int.from_bytes(each[:7]) >> 4) + 0.5) / 2**52 for each in hashes)
    return [u / (1 - u) * ((1 - p) / p) for u, p in zip(parts, probabilities, strict=True)]


def draw_units(listed: pd.DataFrame, places: int, seed: str, draw_id: str) -> pd.DataFrame:
    """Draw units from a list (unit_id, stratum, weight, one row per unit): one row per unit drawn or its substitute.

    In each stratum there are as many substitutes as places, as far as there are units. `order` counts from 1 within
    the stratum, substitutes behind the drawn; columns are those of COLUMNS.
    """
    numbers, names = pd.factorize(listed["stratum"])
    members = [np.flatnonzero(numbers == n) for n in range(len(names))]
    rows = []
    for stratum, units, part in zip(names, members, largest_remainder(places, [*map(len, members)]), strict=True):
        codes, weights = (listed[name].iloc[units].tolist() for name in ("unit_id", "weight"))
        hashes, chance = tickets(seed, draw_id, codes), inclusion(weights, part)
        ranks = (hashes,) if len(set(weights)) == 1 or not part else (scores(hashes, chance.probabilities), hashes)
        for order, (*_, n) in enumerate(nsmallest(2 * part, zip(*ranks, range(len(codes)), strict=True)), 1):
            facts = (stratum, weights[n], chance.probabilities[n], chance.approximate, order > part)
            rows.append((draw_id, order, codes[n], hashes[n].hex(), *facts))
    return pd.DataFrame(rows, columns=list(COLUMNS))
