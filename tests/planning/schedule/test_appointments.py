"""Every rule of the schedule by itself: when an entry may be, who goes, who comes along."""

from __future__ import annotations

import pandas as pd
import pytest

from enforce.planning.schedule.appointments import appointments
from enforce.planning.schedule.timetable import visit_schedule
from tests.planning.schedule.checker import broken
from tests.planning.schedule.district import district, roster, working_days


def schedule(lines, units, months, **facts):
    """The visits of a schedule that breaks nothing, by number."""
    case = district(lines, units, months, **facts)
    plan = visit_schedule(case)
    assert broken(case, plan.visits) == []
    return plan.visits.set_index("visit_id")


# --- when -----------------------------------------------------------------------------------------------------------


def test_a_visit_of_a_key_period_line_is_inside_the_key_period_and_takes_its_merged_entry_along():
    visits = schedule(
        ["P01", "P02"], ["91", "91"], [4, 4],
        of_lines={"P01": {"kind": "key_period"}}, key_periods=[("2024-04-22", "2024-04-30")],
    )  # fmt: skip
    assert visits["date"].between("2024-04-22", "2024-04-30").all()
    assert visits["date"].nunique() == visits["entry"].nunique() == 1


def test_a_visit_of_two_days_lies_wholly_in_the_key_period():
    facts = {"P01": {"kind": "key_period", "visit_days": 2}}
    visits = schedule(["P01"], ["91"], [4], of_lines=facts, key_periods=[("2024-04-04", "2024-04-08")])
    assert visits["date"].tolist() == [
        "2024-04-04"
    ]  # the 5th is the second day; from the 5th on a weekend would lie between


def test_days_that_are_no_working_days_are_never_taken():
    days = ["2024-05-06", "2024-05-11"]  # a Saturday that is worked
    visits = schedule(["P01"] * 4, ["91", "92", "93", "94"], [5] * 4, days=days, people=roster("A", "B"))
    assert sorted(visits["date"]) == sorted(days * 2)


@pytest.mark.parametrize(
    ("visits_a_day", "visit_days", "a_day"),
    [(1, 0.5, 1), (2, 0.25, 2), (2, 0.5, 2), (3, 0.25, 3), (3, 0.5, 2), (4, 0.25, 4), (4, 1, 1)],
)  # fmt: skip
def test_a_pair_makes_at_most_so_many_visits_a_day_as_fit_in_it(visits_a_day, visit_days, a_day):
    units = [f"9{n}" for n in range(8)]
    case = district(
        ["P01"] * 8, units, [3] * 8,
        days=["2024-03-04"], people=roster("A", "B"), visits_a_day=visits_a_day,
        of_lines={"P01": {"visit_days": visit_days}},
    )  # fmt: skip
    plan = visit_schedule(case)
    assert (plan.visits["date"] != "").sum() == a_day
    assert set(plan.obstacles["obstacle"]) <= {"busy"}


def test_what_officers_spend_is_what_visits_take_and_not_the_room_they_are_given():
    case = district(["P01"], ["91"], [3], visits_a_day=1, of_lines={"P01": {"visit_days": 0.5}})
    assert visit_schedule(case).loads["inspection_days"].tolist() == [0.5, 0.5]


def test_a_unit_is_visited_again_after_the_least_gap_only_from_its_last_visit_on():
    visits = schedule(["P01", "P02"], ["91", "91"], [3, 4], last={"91": "2024-02-20"}, gap_days=30)
    first, second = sorted(visits["date"])
    assert first >= "2024-03-21"
    assert (pd.Timestamp(second) - pd.Timestamp(first)).days >= 30


@pytest.mark.parametrize(("gap_days", "dated"), [(0, 2), (2, 1)])
@pytest.mark.parametrize("work", [0, 0.05])
def test_a_unit_is_not_entered_again_before_an_entry_of_two_days_is_over(gap_days, dated, work):
    days = working_days("2024-03-04", "2024-03-06")
    case = district(
        ["P01", "P02", "P02"], ["91", "91", "91"], [3] * 3, days=days, gap_days=gap_days,
        of_lines={"P01": {"visit_days": 1.5}},
    )  # fmt: skip
    plan = visit_schedule(case, work=work)
    assert broken(case, plan.visits) == []
    assert plan.visits.loc[plan.visits["date"] != "", "entry"].nunique() == dated


def test_a_gap_that_leaves_no_day_of_the_month_is_told_as_the_rule_that_would_have_to_give():
    plan = visit_schedule(district(["P01"], ["91"], [3], last={"91": "2024-03-15"}, gap_days=30))
    assert plan.obstacles[["obstacle", "possible_date"]].values.tolist() == [["gap", "2024-03-01"]]


def test_two_entries_of_a_unit_in_a_month_too_short_for_the_gap_are_told_as_gap_not_as_busy_officers():
    plan = visit_schedule(district(["P01", "P01"], ["91", "91"], [3, 3], gap_days=40))
    assert plan.obstacles["obstacle"].tolist() == ["gap"]


def test_an_entry_beyond_the_cap_of_its_unit_is_put_on_no_day():
    caps = [(frozenset(["P01", "P02"]), {"91": 1})]
    case = district(["P01", "P02", "P02", "P03"], ["91", "91", "92", "91"], [3, 4, 4, 5], caps=caps)
    plan = visit_schedule(case)
    assert broken(case, plan.visits) == []
    assert plan.obstacles[["visit_id", "obstacle"]].values.tolist() == [["P02-001", "cap"]]


def test_lines_merged_at_a_gate_use_one_entry_of_the_cap():
    caps = [(frozenset(["P01", "P02"]), {"91": 1})]
    assert visit_schedule(district(["P01", "P02"], ["91", "91"], [3, 3], caps=caps)).obstacles.empty


def test_near_units_of_a_street_are_visited_on_one_day():
    units = ["91", "92", "93", "94"]
    visits = schedule(
        ["P01"] * 4, units, [3] * 4, streets=dict.fromkeys(units[:2], "东") | dict.fromkeys(units[2:], "西")
    )
    assert [visits.loc[visits["unit_id"].isin(pair), "date"].nunique() for pair in (units[:2], units[2:])] == [1, 1]


# --- who ------------------------------------------------------------------------------------------------------------


def test_one_of_the_pair_has_the_field_that_the_line_asks_for():
    people = roster("A", "B", "C", C={"fields": ("危化",)})
    visits = schedule(["P01"], ["91"], [3], people=people, of_lines={"P01": {"officer_fields": ("危化",)}})
    assert "C" in visits.loc["P01-001", ["officer_1", "officer_2"]].tolist()


def test_a_field_that_only_a_partner_has_brings_the_partner_into_the_pair():
    people = roster("A", "B", "C", "M", M={"department": "市场监管", "team": "", "fields": ("特种",)})
    facts = {"P01": {"officer_fields": ("特种",), "partners": ("市场监管",)}}
    row = schedule(["P01"], ["91"], [3], people=people, of_lines=facts).loc["P01-001"]
    assert (row["officer_1"] in {"A", "B", "C"}, row["officer_2"], row["with_officers"]) == (True, "M", ())


def test_a_bureau_with_one_officer_goes_with_its_partner_and_needs_no_second_one_of_it():
    people = roster("A", "M", M={"department": "市场监管", "team": ""})
    row = schedule(["P01"], ["91"], [3], people=people, of_lines={"P01": {"partners": ("市场监管",)}}).loc["P01-001"]
    assert (row["officer_1"], row["officer_2"], row["with_officers"]) == ("A", "M", ())


def test_a_partner_drawn_with_an_officer_of_ours_needs_no_second_one():
    people = roster("A", "B", "M", M={"department": "市场监管", "team": ""})
    facts = {"of_lines": {"P01": {"partners": ("市场监管",)}}, "drawn": {("P01", "91"): ("B", "M")}}
    row = schedule(["P01"], ["91"], [3], people=people, **facts).loc["P01-001"]
    assert (row["officer_1"], row["officer_2"], row["with_officers"]) == ("B", "M", ())


def test_a_partner_with_officers_comes_along_and_one_without_is_named():
    people = roster("A", "B", "M", M={"department": "市场监管", "team": ""})
    facts = {"P01": {"partners": ("市场监管", "生态环境")}}
    row = schedule(["P01"], ["91"], [3], people=people, of_lines=facts).loc["P01-001"]
    assert (row["with_officers"], row["with_sections"]) == (("M",), ("生态环境",))


def test_an_invited_section_sends_as_many_as_its_days_ask_for_and_nobody_where_it_counts_none():
    people = roster("A", "B", "S", "T", S={"team": "危化科"}, T={"team": "危化科"})
    facts = {"P01": {"visit_days": 1, "invited": (("危化科", 2.0), ("法宣科", 0.0))}}
    row = schedule(["P01"], ["91"], [3], people=people, of_lines=facts).loc["P01-001"]
    assert (row["with_officers"], row["with_sections"]) == (("S", "T"), ("法宣科",))


def test_officers_who_were_drawn_go_although_others_have_less_to_do():
    visits = schedule(
        ["P01"] * 3, ["91", "92", "93"], [3] * 3, drawn={("P01", unit): ("A", "B") for unit in ("91", "92", "93")}
    )
    assert visits[["officer_1", "officer_2"]].drop_duplicates().values.tolist() == [["A", "B"]]


@pytest.mark.parametrize("third", [("C", "D"), ("A", "D"), ("A", "B")])
def test_officers_drawn_for_lines_of_one_entry_go_together_though_one_of_them_was_drawn_for_both(third):
    drawn = {("P01", "91"): ("A", "B"), ("P02", "91"): ("B", "C"), ("P03", "91"): third}
    visits = schedule(["P01", "P02", "P03"], ["91"] * 3, [3] * 3, people=roster("A", "B", "C", "D"), drawn=drawn)
    assert visits["entry"].nunique() == 1
    for (task_id, _), officers in drawn.items():
        row = visits.loc[f"{task_id}-001"]
        assert {*officers} <= {row["officer_1"], row["officer_2"], *row["with_officers"]}


def test_a_recused_officer_who_was_drawn_is_told_and_not_sent():
    plan = visit_schedule(district(["P01"], ["91"], [3], drawn={("P01", "91"): ("A", "B")}, recusals=[("B", "91")]))
    assert plan.visits["date"].tolist() == [""]
    assert plan.obstacles["obstacle"].tolist() == ["field"]


def test_the_pair_of_the_last_visit_is_not_sent_to_the_unit_again():
    visits = schedule(["P01", "P01", "P01"], ["91", "91", "91"], [3, 4, 5], last_officers={"91": ("A", "B", "D")})
    pairs = visits.sort_values("date")[["officer_1", "officer_2"]].agg(set, axis=1).tolist()
    assert not pairs[0] <= {"A", "B", "D"}
    assert pairs[0] != pairs[1] != pairs[2]


def test_two_entries_of_a_unit_in_one_month_have_two_pairs():
    visits = schedule(["P01", "P01"], ["91", "91"], [3, 3])
    assert visits[["officer_1", "officer_2"]].agg(set, axis=1).map(sorted).map(tuple).nunique() == 2


def test_where_only_two_can_go_the_same_pair_is_told_with_its_visit():
    plan = visit_schedule(district(["P01"], ["91"], [3], people=roster("A", "B"), last_officers={"91": ("A", "B")}))
    assert plan.unmet[["aim", "visit_id", "officers"]].values.tolist() == [["same_pair", "P01-001", ("A", "B")]]


def test_work_is_shared_and_pairs_vary():
    units = [f"9{n}" for n in range(6)]
    visits = schedule(["P01"] * 6, units, [3] * 6)
    pairs = visits[["officer_1", "officer_2"]].agg(tuple, axis=1)
    assert pairs.nunique() == 6  # four officers make six pairs
    assert pd.concat([visits["officer_1"], visits["officer_2"]]).value_counts().tolist() == [3, 3, 3, 3]


def test_an_officer_without_a_visit_in_a_month_is_told():
    plan = visit_schedule(district(["P01"], ["91"], [3]))
    assert plan.unmet[["aim", "officers"]].values.tolist() == [["least", ("C",)], ["least", ("D",)]]


def test_each_officer_has_a_visit_where_there_are_enough_of_them():
    plan = visit_schedule(district(["P01"] * 2, ["91", "92"], [3] * 2))
    assert plan.unmet.empty


# --- what stands in the way -----------------------------------------------------------------------------------------


def test_leave_that_empties_a_team_is_told_by_name_for_its_visits_alone():
    people = roster("A", "B", "C", "D", C={"team": "科"}, D={"team": "科"})
    leave = [(code, "2024-03-01", "2024-03-31") for code in "CD"]
    case = district(["P01", "P02"], ["91", "92"], [3, 3], people=people, leave=leave, of_lines={"P02": {"team": "科"}})
    plan = visit_schedule(case)
    assert plan.obstacles[["visit_id", "obstacle", "gives"]].values.tolist() == [["P02-001", "leave", ("C", "D")]]


def test_leaves_of_one_officer_that_overlap_are_one_absence():
    week = working_days("2024-03-04", "2024-03-08")
    leave = [("A", "2024-03-04", "2024-03-06"), ("A", "2024-03-05", "2024-03-07"), ("A", "2024-03-05", "2024-03-05")]
    visits = schedule(["P01"], ["91"], [3], people=roster("A", "B"), leave=leave, days=week)
    assert visits["date"].tolist() == ["2024-03-08"]


def test_leave_outside_the_days_still_open_changes_nothing():
    plain, away = (schedule(["P01"], ["91"], [3], leave=leave) for leave in ([], [("A", "2023-01-01", "2023-12-31")]))
    pd.testing.assert_frame_equal(plain, away)


def test_a_visit_that_needs_officers_of_another_says_which_visit_would_have_to_give():
    case = district(["P01", "P01", "P01"], ["91", "92", "93"], [3] * 3, people=roster("A", "B"), days=["2024-03-04"])
    plan = visit_schedule(case)
    [row] = plan.obstacles.to_dict("records")
    assert (row["obstacle"], len(row["gives"])) == ("busy", 1)
    assert row["gives"][0] in set(plan.visits.loc[plan.visits["date"] != "", "visit_id"])


def test_where_several_rules_stand_in_the_way_all_that_would_have_to_give_is_told():
    people, away = roster("A", "B", "C"), [("A", "2024-03-01", "2024-03-31")]
    plan = visit_schedule(district(["P01"], ["91"], [3], people=people, leave=away, recusals=[("B", "91")]))
    [row] = plan.obstacles.to_dict("records")
    assert (row["obstacle"], row["gives"]) == ("leave", ("A",))
    both = [*away, ("C", "2024-03-01", "2024-03-31")]
    plan = visit_schedule(
        district(["P01"], ["91"], [3], people=roster("A", "B"), leave=both[:1], recusals=[("B", "91")])
    )
    [row] = plan.obstacles.to_dict("records")
    assert (row["obstacle"], row["gives"], row["possible_date"]) == ("several", ("A", "B"), "2024-03-01")


def test_a_month_without_a_working_day_left_is_told_as_such():
    plan = visit_schedule(district(["P01"], ["91"], [3], days=["2024-04-01"]))
    assert plan.obstacles["obstacle"].tolist() == ["days"]


def test_a_second_entry_of_a_unit_on_the_only_day_lacks_a_day_and_not_officers():
    plan = visit_schedule(district(["P01", "P01"], ["91", "91"], [3, 3], days=["2024-03-04"]))
    assert plan.obstacles["obstacle"].tolist() == ["days"]


def test_officers_out_of_service_do_not_go():
    people = roster("A", "B", A={"to_month": 2})
    assert visit_schedule(district(["P01"], ["91"], [3], people=people)).obstacles["obstacle"].tolist() == ["crew"]


def test_appointments_are_one_per_entry_and_one_per_visit_without_a_unit():
    made = appointments(district(["P01", "P02", "P03", "P03"], ["91", "91", "", ""], [3] * 4))
    assert [one.lines for one in made] == [("P03",), ("P03",), ("P01", "P02")]
