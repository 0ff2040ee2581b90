"""The draw (抽取): tickets of all units and the lowest of them, beside hashing each id once and other ways.

The floor is one SHA-256 a unit of its ticket's text; numpy's choice hashes nothing, and nobody can repeat it by hand.
consistent_sampler is measured where it is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from operator import itemgetter

import numpy as np
import pandas as pd

from enforce.planning.names.tickets import draw_units
from tests.bench.timing import interleaved, markdown, ratio, seconds, shown

SIZES = (650, 20_000, 1_000_000)
PLACES = 28
OURS, FLOOR, SORTED, NUMPY = "ours", "each id hashed once", "plain sorted hash", "numpy Generator.choice"
CONSISTENT = "consistent_sampler"


def report(repeat: int, sizes: tuple[int, ...] = SIZES) -> tuple[list[str], dict]:
    """Measure draws from lists of some sizes; return a table in Markdown and its figures."""
    rows, data = [], {}
    for size in sizes:
        runs = interleaved(ways([f"91{n:015}X" for n in range(size)]), repeat)
        assert runs[OURS][0].result == runs[SORTED][0].result
        data[size] = {way: [run.seconds for run in runs[way]] for way in runs}
        rows += [
            (f"{size:,}", way, shown(seconds(runs[way]), 1000), shown(ratio(runs[way], runs[FLOOR]))) for way in runs
        ]
    notes = [f"{PLACES} drawn; ours gives a row for each drawn and substitute, from a table of the list"]
    return [markdown("Draws", ("units", "way", "ms", "÷ floor"), rows, notes)], data


def ways(codes: list[str]) -> dict[str, Callable]:
    """Return what is compared, each of the same list."""
    listed = pd.DataFrame({"unit_id": codes, "stratum": "", "weight": 1})
    return {
        OURS: partial(_ours, listed),
        FLOOR: partial(_hashes, codes),
        SORTED: partial(_sorted, codes),
        NUMPY: partial(_numpy, codes),
        **({CONSISTENT: partial(_consistent, codes)} if find_spec("consistent_sampler") else {}),
    }


def _ours(listed: pd.DataFrame) -> list[str]:
    table = draw_units(listed, PLACES, "493018", "P10")
    return table.loc[~table["substitute"], "unit_id"].tolist()


def _hashes(codes: list[str]) -> list[bytes]:
    start = b"493018\nP10\n"
    return [sha256(start + code.encode()).digest() for code in codes]


def _sorted(codes: list[str]) -> list[str]:
    return [code for _, code in sorted(zip(_hashes(codes), codes, strict=True), key=itemgetter(0))[:PLACES]]


def _consistent(codes: list[str]) -> list[str]:
    from consistent_sampler import sampler

    return list(sampler(codes, seed="493018", take=PLACES, output="id"))


def _numpy(codes: list[str]) -> list[str]:
    return [codes[n] for n in np.random.default_rng(493018).choice(len(codes), PLACES, replace=False)]
