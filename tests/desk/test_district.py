"""Districts side by side: the figures of each plan as it stands, pooled rates beside their mean, nothing ranked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.desk.district import RATES, district_figures, district_table, pooled_rates, shared_units
from enforce.desk.year import open_year
from enforce.planning.visits import highest_load
from tests.bureaus import bare_project, write_banner, write_county


@pytest.fixture(scope="module")
def figures(year):
    return district_figures(year)


def test_the_figures_are_those_of_the_plan(figures, year):
    loads = year.annex.loads
    assert (figures["needed_days"], figures["highest_load"]) == (loads["needed_days"].sum(), highest_load(loads))
    assert figures["key_visits"] + figures["general_visits"] == year.tasks["planned_visits"].sum()
    assert sum(count for _, count in figures["units"].values()) == (year.named.visits["unit_id"] != "").sum()


@pytest.mark.slow
def test_any_bureau_has_figures_one_without_records_too(tmp_path):
    project = bare_project(tmp_path)
    banner = district_figures(open_year(write_banner(project)))
    assert (banner["plan_state"], banner["rates"]["unplanned"], banner["general_visits"]) == ("草案", [0, 0], 24)
    table = district_table([banner, district_figures(open_year(write_county(project)))])
    assert table["bureau"].tolist()[1] == "云溪县应急管理局"
    assert table["unplanned_rate"].isna().tolist() == [True, False]
    assert table["unplanned_of"].tolist() == ["0 ÷ 0", "1 ÷ 13"]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_a_pooled_rate_lies_among_those_of_the_plans(pairs):
    pairs = [(min(pair), max(pair)) for pair in pairs]
    row = pooled_rates([{"rates": dict.fromkeys(RATES, pair)} for pair in pairs]).iloc[0]
    rates = [above / below for above, below in pairs if below]
    assert row["plans"] == len(rates)
    for column in ("pooled_rate", "mean_rate") if rates else ():
        assert min(rates) - 1e-9 <= row[column] <= max(rates) + 1e-9


def test_a_unit_in_two_plans_is_named_with_both_and_one_in_one_is_not():
    plans = [
        {"bureau": bureau, "level": level, "units": units}
        for bureau, level, units in (
            ("甲区局", "区级", {"u1": ["甲厂", 1], "u2": ["乙厂", 1]}),
            ("市局", "市级", {"u2": ["乙厂", 2]}),
        )
    ]
    assert shared_units(plans).to_numpy().tolist() == [
        ["u2", "乙厂", "甲区局", "区级", 1],
        ["u2", "乙厂", "市局", "市级", 2],
    ]
