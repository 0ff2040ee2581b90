"""Planned visits."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning import visits
from enforce.planning.names.choice import pool_counts
from enforce.words.terms import Exclusion, Kind, Selection, Tier
from tests.planning import small
from tests.work import trials

# --- windows and efforts --------------------------------------------------------------------------------------------


def test_one_window_holds_all_the_visits():
    tasks = small.tasks({"planned_visits": 20, "periods": ((1, 2, 3),)})
    assert visits.windows(tasks) == [("P01", 1, (1, 2, 3), 20)]


def test_two_periods_share_the_visits_and_the_odd_one_goes_to_the_first():
    tasks = small.tasks({"planned_visits": 9, "periods": ((5, 6), (10, 11))})
    assert [count for *_, count in visits.windows(tasks)] == [5, 4]


@trials(100)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)), min_size=1, max_size=6))
def test_periods_add_up_to_the_line_and_differ_by_one_at_most(lines):
    tasks = small.tasks(*({"planned_visits": n, "periods": tuple((m,) for m in range(1, k + 1))} for n, k in lines))
    rows = visits.windows(tasks)
    for task_id, (planned, periods) in zip(tasks["task_id"], lines, strict=True):
        parts = [count for code, *_, count in rows if code == task_id]
        assert (sum(parts), len(parts)) == (planned, periods)
        assert max(parts) - min(parts) <= 1


def test_the_lead_team_gives_days_times_officers():
    tasks = small.tasks({"visit_days": 1.5, "officers_per_visit": 3, "team": "大队"})
    assert visits.efforts(tasks).values.tolist() == [["P01", "大队", 4.5]]


def test_an_invited_section_gives_what_the_plan_says_also_nothing():
    tasks = small.tasks({"visit_days": 0.5, "invited": (("危化科", 0.5), ("法宣科", 0.0))})
    assert visits.efforts(tasks).values.tolist() == [
        ["P01", "大队", 1.0],
        ["P01", "危化科", 0.5],
        ["P01", "法宣科", 0.0],
    ]


def test_an_officer_the_lead_team_invites_of_its_own_is_added_to_it():
    tasks = small.tasks({"visit_days": 1.0, "team": "大队", "invited": (("大队", 0.5),)})
    assert visits.efforts(tasks).values.tolist() == [["P01", "大队", 2.5]]


def test_days_needed_are_visits_times_effort_for_each_team():
    tasks = small.tasks({"planned_visits": 10, "visit_days": 0.5, "invited": (("危化科", 0.5),)})
    assert visits.needed_days(tasks)[["team", "needed_days"]].values.tolist() == [["大队", 10.0], ["危化科", 5.0]]


def test_need_stands_beside_capacity_and_a_team_without_any_has_no_load():
    tasks = small.tasks({"planned_visits": 3, "visit_days": 1.0})
    table = visits.need_by_team(tasks, small.capacity(大队=[4, 4], 空=[0]))
    assert table.iloc[0].tolist() == ["大队", 6.0, 8.0, 2.0, 0.75]
    assert table.iloc[1][["needed_days", "capacity_days", "spare_days"]].tolist() == [0, 0, 0]
    assert pd.isna(table.iloc[1]["load"])


# --- the published figures ------------------------------------------------------------------------------------------


def test_the_plan_has_261_visits_178_key_and_83_general(demo):
    table = demo.visits_by("tier")
    assert table["tier"].tolist() == [Tier.KEY, Tier.GENERAL]
    assert table["planned_visits"].tolist() == [178, 83]
    assert table["denominator"].tolist() == [261, 261]
    assert table["rate"].round(3).tolist() == [0.682, 0.318]


def test_the_groups_have_60_38_80_and_83(demo):
    table = demo.visits_by("group")
    assert dict(zip(table["group"], table["planned_visits"], strict=True)) == {
        "区重点单位": 60,
        "重点时段专项": 38,
        "专项": 80,
        "一般检查": 83,
    }


def test_key_comes_before_general_whatever_the_order_of_the_lines(demo):
    table = visits.visits_by(demo.tasks.iloc[::-1], "tier")
    assert table["tier"].tolist() == [Tier.KEY, Tier.GENERAL]


def test_the_joint_share_has_five_readings(demo):
    table = demo.joint_shares
    assert table[["numerator", "denominator"]].values.tolist() == [[15, 83], [15, 111], [15, 115], [15, 119], [15, 43]]
    assert table["rate"].round(4).tolist() == [0.1807, 0.1351, 0.1304, 0.1261, 0.3488]


def test_a_plan_without_general_visits_has_no_joint_share_instead_of_an_error():
    assert visits.joint_shares(small.tasks({"tier": Tier.KEY}))["rate"].isna().all()


def test_each_line_shows_what_is_inside_the_district_and_its_days(demo):
    table = demo.lines.set_index("task_id")
    assert table.loc["P08", ["planned_visits", "in_district_visits", "needed_days"]].tolist() == [8, 4, 8 * 4.5]
    assert table.loc["P01", "needed_days"] == 120
    assert table["planned_visits"].sum() == 261
    assert table["needed_days"].sum() == visits.needed_days(demo.tasks)["needed_days"].sum()


# --- pools and coverage ---------------------------------------------------------------------------------------------


def pool(task: dict, *units: dict) -> int:
    return pool_counts(small.tasks(task), small.units(*units), "区级")["eligible_units"].item()


def test_a_unit_with_any_of_the_flags_may_be_chosen():
    units = [{"hazards": ("粉尘涉爆",)}, {"hazards": ("高温熔融金属", "粉尘涉爆")}, {"hazards": ()}]
    assert pool({"hazards": ("粉尘涉爆", "高温熔融金属")}, *units) == 2
    assert pool({"hazards": ("高温熔融金属",)}, *units) == 1
    assert pool({"hazards": (), "selection": Selection.DRAW}, *units) == 3


def test_units_outside_the_district_are_never_in_the_pool():
    assert pool({"selection": Selection.DRAW}, {"in_district": False}, {}) == 1


def test_the_key_list_is_left_out_where_the_plan_says_so():
    units = [{"is_key": True}, {"is_key": False}, {"is_key": False}]
    assert pool({"exclude": Exclusion.KEY_LIST}, *units) == 2
    assert pool({"exclude": Exclusion.OTHERS}, *units) == 1
    assert pool({"exclude": ""}, *units) == 3


def test_every_pool_of_the_demo_holds_the_units_its_line_needs(demo):
    outside = demo.tasks.set_index("task_id")["out_of_district_visits"]
    table = demo.pools.set_index("task_id")
    assert (table["eligible_units"] >= table["planned_units"] - outside).all()
    assert table.loc["P01", "eligible_units"] == 60  # of the 70 on the key list 10 are covered by P02


def test_the_key_list_of_70_is_covered_by_two_lines(demo):
    assert demo.key_coverage[["task_id", "units"]].values.tolist() == [["P01", 60], ["P02", 10]]


def test_key_units_without_a_line_come_last_and_are_called_so():
    table = visits.key_coverage(
        small.tasks({"name": "全覆盖", "kind": Kind.KEY_LIST}),
        small.units({"is_key": True, "covered_by": ""}, {"is_key": True, "covered_by": "P01"}, {"is_key": False}),
    )
    assert table.values.tolist() == [["P01", "全覆盖", 1], ["", "未安排", 1]]


def test_a_unit_of_another_level_is_not_in_the_pool_of_the_district():
    assert pool({}, {}, {"level": "街镇级"}, {"level": "市级"}) == 1


# --- the headline ---------------------------------------------------------------------------------------------------


def loads(*rows):
    table = pd.DataFrame(rows, columns=["team", "month", "needed_days", "capacity_days", "overload_days"])
    return table.assign(load=table["needed_days"] / table["capacity_days"].where(table["capacity_days"] > 0))


def test_a_line_reaches_no_more_key_units_than_it_has_visits():
    tasks = small.tasks({"planned_visits": 2}, {"planned_visits": 9})
    units = pd.DataFrame({"is_key": [True] * 6 + [False], "covered_by": ["P01"] * 3 + ["P02"] * 2 + ["", "P02"]})
    reached = visits.key_list_share(tasks, units)
    assert (reached["numerator"], reached["denominator"], reached["rate"]) == (4, 6, 4 / 6)


def test_without_a_key_list_there_is_no_share_of_it():
    reached = visits.key_list_share(small.tasks({}), pd.DataFrame({"is_key": [False], "covered_by": [""]}))
    assert reached["denominator"] == 0
    assert pd.isna(reached["rate"])


def test_the_headline_of_a_small_plan_adds_up_by_hand():
    tasks = small.tasks(
        {"planned_visits": 3, "tier": Tier.KEY},
        {"planned_visits": 4, "tier": Tier.GENERAL, "kind": Kind.JOINT},
        {"planned_visits": 1, "tier": Tier.GENERAL},
    )
    units = pd.DataFrame({"is_key": [True, True], "covered_by": ["P01", ""]})
    table = visits.headline_figures(tasks, units, loads(("大队", 1, 6.0, 5.0, 1.0), ("大队", 2, 2.0, 10.0, 0.0)))
    figures = table.set_index("item")["value"]
    assert figures.to_dict() == {
        "计划家次": 8.0,
        "需要人日": 8.0,
        "可安排人日": 15.0,
        "最高负荷": 1.2,
        "超出人日": 1.0,
        "重点检查占比": 3 / 8,
        "一般检查占比": 5 / 8,
        "联合执法占比": 4 / 5,
        "名单覆盖": 0.5,
    }
    assert table.loc[table["value"] > table["limit"], "item"].tolist() == ["最高负荷", "超出人日"]


def test_a_plan_without_general_inspections_has_none_of_them_in_its_headline():
    table = visits.headline_figures(
        small.tasks({"tier": Tier.KEY}),
        pd.DataFrame({"is_key": [True], "covered_by": ["P01"]}),
        loads(("大队", 1, 2.0, 0.0, 2.0)),
    )
    figures = table.set_index("item")["value"]
    assert figures["一般检查占比"] == 0
    assert figures["最高负荷"] == float("inf")
