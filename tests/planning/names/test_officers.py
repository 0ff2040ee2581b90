"""Officers of drawn units: even, varied, never recused, and the same from the same seed."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.names.officers import crew, pair_units, possible_pairs
from tests.work import trials

OFFICERS = [f"PT-{n:02}" for n in range(1, 13)]


def staff(count: int, ours: int | None = None, able: int | None = None) -> pd.DataFrame:
    flags = [[n < (count if part is None else part) for n in range(count)] for part in (ours, able)]
    return pd.DataFrame({"officer_id": OFFICERS[:count], "ours": flags[0], "able": flags[1]})


def units(count: int) -> list[str]:
    return [f"U{n:02}" for n in range(count)]


def squares(pairs) -> tuple[int, int]:
    visits = Counter(officer for pair in pairs for officer in pair)
    return sum(n * n for n in visits.values()), sum(n * n for n in Counter(pairs).values())


@given(st.integers(3, 12), st.integers(1, 40), st.integers(100, 999))
def test_without_recusals_loads_differ_by_one_at_most_and_pairs_as_well(count, places, seed):
    chosen = pair_units(possible_pairs(units(places), staff(count), ()), (), str(seed), "P10")
    assert chosen.proved
    for counts, whole in (
        (Counter(officer for pair in chosen.by_unit.values() for officer in pair), count),
        (Counter(chosen.by_unit.values()), count * (count - 1) // 2),
    ):
        numbers = [*counts.values(), *[0] * (whole - len(counts))]
        assert max(numbers) - min(numbers) <= 1


@trials(40)
@given(st.data())
def test_no_other_choice_is_more_even_as_trying_all_of_them_tells(data):
    count, places = data.draw(st.integers(3, 4)), data.draw(st.integers(1, 5))
    cells = st.sampled_from([*product(OFFICERS[:count], units(places))])
    recused = data.draw(st.sets(cells, max_size=6))
    people = staff(count, data.draw(st.integers(1, count)), data.draw(st.integers(1, count)))
    possible = {unit: pairs for unit, pairs in possible_pairs(units(places), people, recused).items() if pairs}
    before = data.draw(st.lists(st.sampled_from([*combinations(OFFICERS[:count], 2)]), max_size=3))
    chosen = pair_units(possible, before, "493018", "P10")
    assert chosen.proved
    best = min(squares([*before, *pairs]) for pairs in product(*possible.values()))
    assert squares([*before, *chosen.by_unit.values()]) == best
    assert not any((officer, unit) in recused for unit, pair in chosen.by_unit.items() for officer in pair)


def test_the_same_seed_gives_the_same_pairs_and_another_seed_others():
    possible = possible_pairs(units(28), staff(8), {("PT-01", "U00"), ("PT-02", "U03")})
    first, again, other = (pair_units(possible, (), seed, "P10").by_unit for seed in ("1234", "1234", "1235"))
    assert first == again != other


def test_one_of_a_pair_is_ours_and_one_of_a_field_the_line_asks_for():
    pairs = possible_pairs(["U"], staff(4, ours=2, able=3), ())["U"]
    assert ("PT-03", "PT-04") not in pairs
    assert len(pairs) == 5
    assert possible_pairs(["U"], staff(4, ours=2, able=1), ())["U"] == [("PT-01", each) for each in OFFICERS[1:4]]


def test_a_unit_nobody_may_go_to_has_no_pair():
    assert possible_pairs(["U", "V"], staff(3), {("PT-01", "U"), ("PT-02", "U")})["U"] == []


def test_the_crew_is_licensed_in_service_of_the_team_or_of_a_partner():
    rows = [
        ("A", "大队", True, 1, 12, ""),
        ("B", "大队", False, 1, 12, ""),
        ("C", "大队", True, 1, 6, ""),
        ("C", "大队", True, 7, 12, ""),
        ("D", "大队", True, 7, 12, ""),
        ("E", "科室", True, 1, 12, ""),
        ("F", "某科", True, 1, 12, "市场监管"),
        ("G", "某科", True, 1, 12, "税务"),
    ]
    columns = ["officer_id", "team", "licensed", "from_month", "to_month", "department"]
    roster = pd.DataFrame(rows, columns=columns).assign(fields=[()] * len(rows))
    assert crew(roster, "大队", ("市场监管",), (), range(4, 13))[["officer_id", "ours"]].values.tolist() == [
        ["A", True], ["C", True], ["F", False]
    ]  # fmt: skip
