"""Staffing: the officers of a visit, by the rules of its day."""

from __future__ import annotations

import pytest

from enforce.planning.through.staffing import LEAST, LICENCE, short_staffed
from tests.planning import small

RULES = {LEAST: 2, LICENCE: True}


def faults(*rows: dict, officers: tuple[dict, ...] = (), **rules: object) -> list[list]:
    known = {**RULES, **rules}
    table = short_staffed(small.records(*rows), small.roster(*officers), lambda rule, day: known[rule])
    return table.values.tolist()


def test_two_officers_with_a_licence_are_enough():
    assert faults({}, officers=({"officer_id": "A"}, {"officer_id": "B"})) == []


def test_one_officer_is_too_few_and_one_without_a_licence_is_told_beside():
    assert faults({"officers": ("A",)}, officers=({"officer_id": "A", "licensed": False},)) == [["R01", 1, 2, 1]]


def test_the_same_officer_twice_is_one():
    assert faults({"officers": ("A", "A")}) == [["R01", 1, 2, 0]]


@pytest.mark.parametrize("month", [3, 9])
def test_the_spell_of_the_month_says_whether_an_officer_has_a_licence(month):
    spells = (
        {"officer_id": "A", "licensed": False, "to_month": 6},
        {"officer_id": "A", "licensed": True, "from_month": 7},
    )
    assert len(faults({"date": f"2024-{month:02}-05"}, officers=spells)) == (month == 3)


def test_a_rule_judges_from_its_own_day_on():
    table = short_staffed(
        small.records({"date": "2024-06-28", "officers": ("A",)}, {"date": "2024-07-01", "officers": ("A",)}),
        small.roster(),
        lambda rule, day: 2 if rule == LEAST and day >= "2024-07-01" else None,
    )
    assert table["record_id"].tolist() == ["R02"]


def test_without_a_rule_nothing_is_judged():
    rules = {LEAST: None, LICENCE: None}
    assert faults({"officers": ("A",)}, officers=({"officer_id": "A", "licensed": False},), **rules) == []
