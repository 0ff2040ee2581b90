"""Draws that anyone can repeat: tickets, order, strata, weights, and chances that are true as shown."""

from __future__ import annotations

import random
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.names.tickets import draw_units, inclusion, tickets


def listed(codes, strata=None, weights=None) -> pd.DataFrame:
    return pd.DataFrame({"unit_id": codes, "stratum": strata or "", "weight": weights or 1})


def drawn(table: pd.DataFrame, places: int, seed: str = "493018") -> set[str]:
    result = draw_units(table, places, seed, "P10")
    return set(result.loc[~result["substitute"], "unit_id"])


CODES = st.sets(st.text("0123456789ABCDEFGH", min_size=1, max_size=6), min_size=3, max_size=40).map(sorted)


def test_the_lowest_tickets_are_drawn_and_the_next_ones_are_the_substitutes():
    codes = [f"U{n:02}" for n in range(20)]
    order = sorted(codes, key=lambda code: sha256(f"7\nP10\n{code}".encode()).digest())
    result = draw_units(listed(codes), 3, "7", "P10")
    assert result["unit_id"].tolist() == order[:6]
    assert result["order"].tolist() == [1, 2, 3, 4, 5, 6]
    assert result["substitute"].tolist() == [False] * 3 + [True] * 3
    assert result["ticket"][0] == tickets("7", "P10", order[:1])[0].hex()
    assert set(result["probability"]) == {3 / 20}


@given(CODES, st.data())
def test_one_unit_more_or_fewer_changes_at_most_one_of_the_drawn(codes, data):
    places = data.draw(st.integers(1, len(codes) - 1))
    gone = data.draw(st.sampled_from(codes))
    before, after = drawn(listed(codes), places), drawn(listed([code for code in codes if code != gone]), places)
    assert len(before - after) <= 1


@pytest.mark.slow
def test_in_a_weighted_draw_one_unit_fewer_changes_two_seldom_and_that_is_printed(capsys):
    chance, changes = random.Random(1), []
    for n in range(300):
        codes = [f"U{n}-{k:03}" for k in range(60)]
        weights = [chance.choice((1, 2, 4, 8)) for _ in codes]
        gone = chance.randrange(60)
        fewer = listed(codes[:gone] + codes[gone + 1 :], weights=weights[:gone] + weights[gone + 1 :])
        changes.append(len(drawn(listed(codes, weights=weights), 15) - drawn(fewer, 15)))
    with capsys.disabled():
        print(f"\nweighted, one unit fewer: {changes.count(2)} of {len(changes)} draws changed two of 15")
    assert max(changes) <= 3


def test_strata_share_the_places_by_largest_remainder_of_their_units():
    codes = [f"U{n:02}" for n in range(17)]
    strata = ["甲"] * 9 + ["乙"] * 5 + ["丙"] * 3
    result = draw_units(listed(codes, strata), 5, "7", "P10")
    assert result[~result["substitute"]].groupby("stratum").size().to_dict() == {"甲": 3, "乙": 1, "丙": 1}
    assert result[result["stratum"] == "甲"]["order"].tolist() == [1, 2, 3, 4, 5, 6]


def test_equal_weights_give_the_draw_without_weights():
    codes = [f"U{n:02}" for n in range(50)]
    assert drawn(listed(codes, weights=[3] * 50), 12) == drawn(listed(codes), 12)


def test_a_unit_too_heavy_for_its_places_is_drawn_for_certain():
    table = listed([f"U{n}" for n in range(6)], weights=[1, 1, 1, 1, 1, 90])
    assert all("U5" in drawn(table, 2, str(seed)) for seed in range(100, 200))


def truth(probabilities: list[float], places: int, grid: int = 4000) -> dict[float, float]:
    """The true chance of being among the lowest scores, by the chance asked for: integrated, not drawn."""
    u = (np.arange(grid) + 0.5) / grid
    kinds, counts = np.unique(probabilities, return_counts=True)
    true = {}
    for kind in kinds[kinds < 1]:
        score = u / (1 - u) * ((1 - kind) / kind)
        before = np.zeros((grid, places + 1))
        before[:, 0] = 1
        for other, count in zip(kinds, counts, strict=True):
            below = score / (score + (1 - other) / other) if other < 1 else np.ones(grid)
            for _ in range(count - (other == kind)):
                after = before * (1 - below)[:, None]
                after[:, 1:] += before[:, :-1] * below[:, None]
                before = after
        true[kind] = before[:, :places].sum(axis=1).mean()
    return true


@pytest.mark.slow
@pytest.mark.parametrize(("units", "places"), [(40, 10), (40, 25), (55, 20), (100, 10)])
@pytest.mark.parametrize("grades", [(1, 2, 4, 8), (1, 16), (1, 1, 1, 1, 1, 8), tuple(range(1, 17)), (1, 100)])
def test_chances_not_called_approximate_are_true_to_0_003(units, places, grades):
    weights = random.Random(units).choices(grades, k=units)
    shown = inclusion(weights, places)
    true = truth(shown.probabilities, places)
    assert shown.approximate or max((abs(asked - is_) for asked, is_ in true.items()), default=0) <= 0.003


def test_ten_of_forty_are_sure_and_fewer_are_approximate_and_without_weights_every_chance_is_exact():
    weights = [1, 2] * 20
    assert not inclusion(weights, 10).approximate
    assert inclusion(weights, 9).approximate
    assert inclusion(weights[:39], 10).approximate
    assert not inclusion([1] * 5, 2).approximate


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=40), st.data())
def test_the_chances_of_a_list_add_up_to_its_places(weights, data):
    places = data.draw(st.integers(0, len(weights)))
    shown = inclusion(weights, places).probabilities
    assert sum(shown) == pytest.approx(places)
    assert all(0 <= p <= 1 for p in shown)
