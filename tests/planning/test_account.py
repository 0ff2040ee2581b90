"""The workload account."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import ceil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.account import (
    carried,
    days_per_officer,
    key_period_days,
    line_days,
    monthly_account,
    monthly_capacity,
    officers_in_service,
    statutory_days,
    team_of,
    workload_account,
)
from enforce.planning.staff import days_won, estimates_after, item_changes, staff_moves
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT
from tests.planning import small
from tests.work import trials

WORKDAYS = [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22]  # 2024
NO_PERIODS = pd.DataFrame(columns=["period", "team", "month", "days"])


def months(workdays=WORKDAYS) -> pd.DataFrame:
    return pd.DataFrame({"month": range(1, 13), "workdays": workdays})


def served(**officers: list[tuple[int, int]]) -> pd.DataFrame:
    """Statutory days of officers given by their first and last month."""
    crew = [
        {"team": team, "from_month": first, "to_month": last}
        for team, spans in officers.items()
        for first, last in spans
    ]
    return statutory_days(months(), officers_in_service(small.roster(*crew)))


def estimates(**teams: tuple[float, float]) -> pd.DataFrame:
    """Other-enforcement and non-enforcement days by team, without items."""
    rows = [
        (team, line, "", days)
        for team, pair in teams.items()
        for line, days in zip(("other_enforcement_days", "non_enforcement_days"), pair, strict=True)
    ]
    return pd.DataFrame(rows, columns=["team", "line", "item", "days"])


def periods(*rows: tuple[str, str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "from_date", "to_date", "team", "days"])


def line(account: pd.DataFrame, team: str, name: str) -> float:
    return line_days(account, name)[team]


# --- officers and workdays ------------------------------------------------------------------------------------------


def test_an_officer_who_joins_in_july_serves_from_july():
    table = served(大队=[(1, 12), (7, 12)])
    assert table["officer_count"].tolist() == [1] * 6 + [2] * 6
    assert table["statutory_days"].sum() == sum(WORKDAYS) + sum(WORKDAYS[6:])


def test_an_officer_who_leaves_in_march_serves_march_to_the_end():
    table = served(大队=[(1, 3)])
    assert table["officer_count"].tolist() == [1, 1, 1] + [0] * 9
    assert table["statutory_days"].sum() == 22 + 18 + 21


def test_teams_are_counted_apart():
    table = served(甲=[(1, 12)], 乙=[(1, 12), (2, 2)]).set_index(["team", "month"])["officer_count"]
    assert (table["甲", 2], table["乙", 2], table["乙", 3]) == (1, 2, 1)


def test_a_team_of_the_plan_without_officers_stands_there_with_none():
    table = officers_in_service(small.roster({"team": "甲"}), ["空", "甲"])
    assert table.groupby("team", sort=False)["officer_count"].sum().to_dict() == {"空": 0, "甲": 12}


def test_a_team_without_officers_has_no_shares_and_no_days_per_officer():
    statutory = served(甲=[(1, 12)])
    empty = statutory.assign(team="空", officer_count=0, statutory_days=0)
    both = pd.concat([empty, statutory], ignore_index=True)
    account = workload_account(both, estimates(空=(5.0, 0.0), 甲=(0.0, 0.0)), 0.1, NO_PERIODS)
    assert line(account, "空", "inspection_days") == -5
    assert account[account["team"] == "空"]["share"].isna().all()
    per_head = days_per_officer(account, both, sum(WORKDAYS))["inspection_days_per_officer"]
    assert per_head.isna().tolist() == [True, False]


# --- the account ----------------------------------------------------------------------------------------------------

half_days = st.integers(0, 400).map(lambda n: n / 2)
spans = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)).map(lambda pair: tuple(sorted(pair))), min_size=1)


@st.composite
def accounts(draw):
    """A random district: its statutory days, estimates by item, reserve and key periods."""
    teams = ["甲", "乙", "丙"][: draw(st.integers(1, 3))]
    statutory = served(**{team: draw(spans) for team in teams})
    rows = [
        (team, kind, item, draw(half_days))
        for team in teams
        for kind, items in (("other_enforcement_days", OTHER_ENFORCEMENT), ("non_enforcement_days", NON_ENFORCEMENT))
        for item in draw(st.sets(st.sampled_from(sorted(items)), max_size=3))
    ]
    days = pd.DataFrame(rows, columns=["team", "line", "item", "days"])
    share = draw(st.integers(0, 100)) / 100
    key = [("时段", team, month, draw(half_days)) for team in teams for month in draw(st.sets(st.integers(1, 12)))]
    return statutory, days, share, pd.DataFrame(key, columns=["period", "team", "month", "days"])


@trials(60)
@given(accounts())
def test_the_account_balances_per_team_and_in_total(given_):
    statutory, days, share, key = given_
    account = workload_account(statutory, days, share, key)
    for team in account["team"].unique():
        of = {name: line(account, team, name) for name in ACCOUNT_LINES}
        assert of["inspection_days"] == (
            of["total_statutory_days"] - of["other_enforcement_days"] - of["non_enforcement_days"]
        )
        assert of["capacity_days"] == of["inspection_days"] - of["reserve_days"] - of["key_period_days"]
    for name in ACCOUNT_LINES:
        by_team = line_days(account, name)
        assert by_team[ALL_TEAMS] == by_team.drop(ALL_TEAMS).sum()
    assert line(account, ALL_TEAMS, "total_statutory_days") == statutory["statutory_days"].sum()


@trials(40)
@given(accounts())
def test_items_add_up_to_their_line_and_each_share_is_of_the_teams_own_total(given_):
    statutory, days, share, key = given_
    account = workload_account(statutory, days, share, key)
    for team, rows in account.groupby("team"):
        total = line(account, team, "total_statutory_days")
        assert [row.share for row in rows.itertuples()] == [row.days / total for row in rows.itertuples()]
        for name in ("other_enforcement_days", "non_enforcement_days"):
            items = rows[(rows["line"] == name) & (rows["item"] != "")]
            assert items["days"].sum() == line(account, team, name)


@trials(40)
@given(accounts())
def test_what_is_given_is_not_changed(given_):
    before = [table.copy() for table in given_ if isinstance(table, pd.DataFrame)]
    account = workload_account(*given_)
    monthly_account(account, given_[0], given_[3])
    after = [table for table in given_ if isinstance(table, pd.DataFrame)]
    for old, new in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(old, new)


@trials(100)
@given(st.integers(0, 4000).map(lambda n: n / 2), st.integers(0, 100))
def test_the_reserve_is_rounded_up_to_half_a_day_and_by_no_more(inspection, hundredths):
    statutory = pd.DataFrame({"team": ["科"], "month": [1], "statutory_days": [2000]})
    account = workload_account(statutory, estimates(科=(2000 - inspection, 0.0)), hundredths / 100, NO_PERIODS)
    exact = Fraction(hundredths, 100) * Fraction(inspection)
    assert line(account, "科", "reserve_days") == ceil(exact * 2) / 2


def test_seven_per_cent_of_a_hundred_days_is_seven_days():
    statutory = pd.DataFrame({"team": ["科"], "month": [1], "statutory_days": [100]})
    account = workload_account(statutory, estimates(科=(0.0, 0.0)), 0.07, NO_PERIODS)
    assert line(account, "科", "reserve_days") == 7.0


def test_no_days_left_for_inspection_needs_no_reserve_and_says_how_many_are_short():
    statutory = pd.DataFrame({"team": ["科"], "month": [1], "statutory_days": [100]})
    account = workload_account(statutory, estimates(科=(80.0, 30.0)), 0.1, NO_PERIODS)
    assert line(account, "科", "inspection_days") == -10
    assert line(account, "科", "reserve_days") == 0


def test_the_lines_stand_in_the_order_of_the_form_and_the_total_comes_last():
    account = workload_account(served(乙=[(1, 12)], 甲=[(1, 12)]), estimates(甲=(1, 1)), 0, NO_PERIODS)
    assert list(dict.fromkeys(account["team"])) == ["乙", "甲", ALL_TEAMS]
    assert account[account["team"] == "乙"]["line"].tolist() == list(ACCOUNT_LINES)


# --- key periods ----------------------------------------------------------------------------------------------------


def dates(*months: int, holidays: tuple[str, ...] = ()) -> pd.DataFrame:
    days = pd.date_range("2024-01-01", "2024-12-31")
    table = pd.DataFrame({"date": days.strftime("%Y-%m-%d"), "month": days.month})
    table["workday"] = (days.day_of_week < 5) & ~table["date"].isin(holidays)
    return table[table["month"].isin(months)]


def test_a_period_over_two_months_is_split_by_its_workdays_in_each():
    # 29-31 January has three workdays, 1-9 February seven
    table = key_period_days(periods(("春节前", "2024-01-29", "2024-02-09", "大队", 10.0)), dates(1, 2))
    assert table[["month", "days"]].values.tolist() == [[1, 3.0], [2, 7.0]]


def test_the_parts_of_a_period_are_half_days_and_add_up():
    table = key_period_days(periods(("春节前", "2024-01-29", "2024-02-09", "大队", 6.5)), dates(1, 2))
    assert table["days"].tolist() == [2.0, 4.5]


def test_a_period_without_a_workday_falls_in_its_first_month():
    reserved = periods(("周末", "2024-03-30", "2024-03-31", "大队", 2.0))
    assert key_period_days(reserved, dates(3, 4)).values.tolist() == [["周末", "大队", 3, 2.0]]


@trials(100)
@given(half_days, st.integers(1, 366), st.integers(0, 60))
def test_nothing_of_a_period_is_lost(days, first, length):
    table = dates(*range(1, 13))
    span = table.iloc[first - 1 : first + length]
    reserved = periods(("时段", span["date"].iloc[0], span["date"].iloc[-1], "大队", days))
    parts = key_period_days(reserved, table)
    assert parts["days"].sum() == days
    assert set(parts["month"]) <= set(span["month"])


# --- capacity by month ----------------------------------------------------------------------------------------------


@trials(60)
@given(accounts(), st.integers(0, 12))
def test_the_months_always_add_up_to_the_account(given_, closed):
    statutory, days, share, key = given_
    account = workload_account(statutory, days, share, key)
    table = monthly_account(account, statutory, key, closed=closed)
    assert table.groupby("team")["capacity_days"].sum().to_dict() == (
        line_days(account, "capacity_days").drop(ALL_TEAMS).to_dict()
    )
    assert (table["capacity_days"] * 2 % 1 == 0).all()
    for _, rows in table.groupby("team"):
        short, ahead = rows["capacity_days"] < 0, rows["month"] > closed
        assert not (short.any() and (rows["capacity_days"][ahead] > 0).any())  # every open month has given what it has
    free = monthly_capacity(table)["capacity_days"]
    assert free.tolist() == [max(days, 0) for days in table["capacity_days"]]


@trials(100)
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=12), st.integers(0, 12))
def test_what_a_month_lacks_is_carried_to_open_months_and_nothing_is_lost(parts, closed):
    after = carried(parts, closed)
    assert sum(after) == sum(parts)
    assert all(min(old, 0) <= new <= max(old, 0) for old, new in zip(parts, after, strict=True))
    assert all(new == old for old, new in zip(parts[:closed], after[:closed], strict=True) if old >= 0)
    assert min(after) >= 0 or max([0, *after[closed:]]) == 0


def test_a_month_takes_from_those_behind_it_before_those_ahead_of_it():
    assert carried([5, 5, -7, 3, 0], 0) == [5, 1, 0, 0, 0]
    assert carried([5, 5, -7, 3, 9], 0) == [5, 5, 0, 0, 5]
    assert carried([5, 5, -7, 3, 0], 2) == [5, 5, -4, 0, 0]


def test_a_key_period_that_takes_more_than_its_month_has_is_carried():
    statutory = served(大队=[(1, 12)])
    key = pd.DataFrame([("时段", "大队", 9, 25.0)], columns=list(NO_PERIODS))
    account = workload_account(statutory, estimates(大队=(0.0, 0.0)), 0, key)
    table = monthly_account(account, statutory, key)["capacity_days"].tolist()
    assert table == [*WORKDAYS[:8], 0, WORKDAYS[9] - 4, *WORKDAYS[10:]]


def test_a_month_without_officers_has_no_capacity():
    statutory = served(大队=[(7, 12)])
    account = workload_account(statutory, estimates(大队=(10.0, 10.0)), 0.1, NO_PERIODS)
    table = monthly_account(account, statutory, NO_PERIODS)
    assert table["capacity_days"].tolist()[:6] == [0.0] * 6
    assert table["capacity_days"].sum() == line(account, "大队", "capacity_days")


def test_a_team_that_never_serves_has_no_capacity_and_no_error():
    statutory = pd.DataFrame({"team": "空", "month": range(1, 13), "statutory_days": 0})
    account = workload_account(statutory, estimates(空=(0.0, 0.0)), 0.1, NO_PERIODS)
    assert monthly_account(account, statutory, NO_PERIODS)["capacity_days"].sum() == 0


def test_a_key_period_takes_from_its_own_month_only():
    statutory = served(大队=[(1, 12)])
    key = pd.DataFrame([("时段", "大队", 9, 6.0), ("时段", "别队", 9, 1.0)], columns=list(NO_PERIODS))
    account = workload_account(statutory, estimates(大队=(0.0, 0.0)), 0, key)
    table = monthly_account(account, statutory, key)
    assert table["capacity_days"].tolist() == [days - 6 * (n == 9) for n, days in enumerate(WORKDAYS, 1)]


# --- staff that changes after the approval -------------------------------------------------------------------------


@st.composite
def staff_changes(draw):
    """A team as approved and as it is now: from some month on other officers serve; its other days, its reserve."""
    was = draw(st.lists(st.integers(0, 12), min_size=12, max_size=12))
    first = draw(st.integers(1, 12))
    later = draw(st.lists(st.integers(0, 12), min_size=12, max_size=12))
    now = was[: first - 1] + later[first - 1 :]
    return was, now, first, draw(half_days), draw(st.integers(0, 100)) / 100


@cache
def days_of(*counts: int) -> pd.DataFrame:
    officers = pd.DataFrame({"team": "科", "month": range(1, 13), "officer_count": counts})
    return statutory_days(months(), officers)


#: A part of the other days is an item that goes with who leaves.
FOLLOWS = ("leave",)


def days_by_month(
    now: list[int], was: list[int] | None, other: float, share: float, *, leave: float = 0.0, closed: int = 0
) -> tuple[list[float], float]:
    """The account by months, and its capacity."""
    statutory, before = days_of(*now), days_of(*(now if was is None else was))
    needs = pd.DataFrame(
        [("科", "other_enforcement_days", "", other), ("科", "non_enforcement_days", "leave", leave)],
        columns=["team", "line", "item", "days"],
    )
    changes = item_changes(needs, before, staff_moves(before, statutory), FOLLOWS)
    account = workload_account(statutory, estimates_after(needs, changes), share, NO_PERIODS)
    won = days_won(before, statutory, changes)
    table = monthly_account(account, statutory, NO_PERIODS, before, share, won=won, closed=closed)
    return table["capacity_days"].tolist(), line(account, "科", "capacity_days")


@trials(120)
@given(staff_changes(), half_days)
def test_a_change_of_staff_touches_no_month_before_it_except_to_carry(case, leave):
    was, now, first, other, share = case
    before, whole_before = days_by_month(was, was, other, share, leave=leave, closed=first - 1)
    after, whole = days_by_month(now, was, other, share, leave=leave, closed=first - 1)
    if min(before) >= 0:
        assert after[: first - 1] == before[: first - 1]  # these months are over
    still_open, whole_open = days_by_month(now, was, other, share, leave=leave)
    if min(before) >= 0 and min(after) >= 0:
        assert still_open == after
    for parts, sum_of_year in ((before, whole_before), (after, whole), (still_open, whole_open)):
        assert all(days * 2 == int(days * 2) for days in parts)
        assert sum(parts) == sum_of_year
    assert whole_open == whole


@trials(120)
@given(staff_changes(), st.integers(1, 12), st.integers(0, 12))
def test_nor_does_a_second_change_after_a_first(case, month, count):
    was, now, _, other, share = case
    again = [*now[: month - 1], count, *now[month:]]
    one, other_plan = (days_by_month(staff, was, other, share, closed=12)[0] for staff in (now, again))
    assert one[: month - 1] == other_plan[: month - 1]


@trials(60)  # those of the change above, three to an example, add up too
@given(staff_changes(), half_days, st.integers(0, 12))
def test_the_months_still_add_up_to_the_account(case, leave, closed):
    was, now, _, other, share = case
    parts, whole = days_by_month(now, was, other, share, leave=leave, closed=closed)
    assert all(days * 2 == int(days * 2) for days in parts)
    assert sum(parts) == whole


def test_who_leaves_in_july_takes_the_days_of_july_to_december_less_the_reserve():
    was, now = [9] * 12, [9] * 6 + [8] * 6
    before, _ = days_by_month(was, was, 1500, 0.1)
    after, whole = days_by_month(now, was, 1500, 0.1)
    assert [a - b for a, b in zip(after, before, strict=True)][:6] == [0] * 6
    assert sum(before) - sum(after) == pytest.approx(0.9 * sum(WORKDAYS[6:]), abs=0.5)
    assert sum(after) == whole
    assert sum(days_by_month(now, None, 1500, 0.1)[0][:6]) < sum(after[:6])  # a plan not approved yet is spread anew


def test_a_month_short_of_days_takes_from_later_months_first():
    was, now = [4] * 12, [4] * 6 + [0] + [4] * 5
    before, _ = days_by_month(was, was, 600, 0.0)
    after, whole = days_by_month(now, was, 600, 0.0)
    assert after[:6] == before[:6]
    assert after[6] == 0
    assert sum(after) == whole
    assert after[7] < before[7]


def test_what_no_open_month_can_carry_stays_below_zero_in_the_account():
    was, now = [5] * 12, [5] * 6 + [4] * 6
    other = 5 * sum(WORKDAYS) - 100.0
    open_year, whole = days_by_month(now, was, other, 0.1)
    assert sum(open_year) == whole < 0
    assert max(open_year) <= 0
    half, _ = days_by_month(now, was, other, 0.1, closed=6)
    assert half[:6] == days_by_month(was, was, other, 0.1)[0][:6]
    assert max(half[6:]) <= 0
    assert sum(half) == whole


# --- published and demo figures -------------------------------------------------------------------------------------


def test_the_demo_account_of_2024_is_as_handed_over(demo):
    of = {
        name: line_days(demo.account, name).tolist()
        for name in ("total_statutory_days", "inspection_days", "reserve_days", "key_period_days", "capacity_days")
    }
    assert list(line_days(demo.account, "capacity_days").index) == ["执法大队", "危化科", "基础科", ALL_TEAMS]
    assert of == {
        "total_statutory_days": [251 * 8 + 128, 1004, 753, 3893],  # the ninth officer serves July to December
        "inspection_days": [586, 89, 68, 743],
        "reserve_days": [59, 9, 7, 75],
        "key_period_days": [26, 6, 4, 36],
        "capacity_days": [501, 74, 57, 632],
    }


def test_the_demo_capacity_by_month_adds_up_and_is_in_half_days(demo):
    by_team = demo.capacity.groupby("team")["capacity_days"].sum()
    assert by_team.to_dict() == {"执法大队": 501, "危化科": 74, "基础科": 57}
    assert (demo.capacity["capacity_days"] * 2 % 1 == 0).all()
    brigade = demo.capacity[demo.capacity["team"] == "执法大队"]["capacity_days"].tolist()
    assert brigade == [42, 31, 37.5, 39.5, 41.5, 37.5, 51, 49, 42.5, 42, 40.5, 47]


def test_an_officer_of_half_a_year_counts_by_the_days_served(demo):
    table = days_per_officer(demo.account, demo.statutory, 251).set_index("team")
    assert table.loc["执法大队", "officer_count"] == pytest.approx(8 + 128 / 251)
    assert table.loc["危化科", "inspection_days_per_officer"] == 89 / 4


def test_an_officer_without_a_licence_is_not_counted():
    table = officers_in_service(small.roster({"team": "甲"}, {"team": "甲", "licensed": False}))
    assert set(table["officer_count"]) == {1}


def test_an_officer_of_part_of_the_time_counts_by_the_share():
    roster = small.roster({"team": "甲"}, {"team": "甲", "share": 0.5}, {"team": "乙", "share": 0.3})
    table = statutory_days(months(), officers_in_service(roster))
    first = table[table["team"] == "甲"]
    assert first["officer_count"].tolist() == [1.5] * 12
    assert first["statutory_days"].tolist() == [1.5 * days for days in WORKDAYS]
    second = table[table["team"] == "乙"]["statutory_days"]
    assert all(days * 2 == int(days * 2) for days in second)
    assert second.sum() == 75.5  # 251 × 0.3 = 75.3


def test_two_halves_are_one_officer_in_whole_numbers():
    table = officers_in_service(small.roster(*[{"team": "甲", "share": 0.5}] * 2))
    assert table["officer_count"].tolist() == [1] * 12
    assert table["officer_count"].dtype == "int64"


def test_one_officer_in_two_spells_serves_both_and_not_between_them():
    spells = [{"officer_id": "A", "to_month": 3}, {"officer_id": "A", "from_month": 9}]
    counts = officers_in_service(small.roster(*spells))["officer_count"].tolist()
    assert counts == [1] * 3 + [0] * 5 + [1] * 4


def test_an_officer_who_moved_is_of_the_team_of_the_month():
    spells = [{"officer_id": "A", "team": "甲", "to_month": 6}, {"officer_id": "A", "team": "乙", "from_month": 7}]
    roster = small.roster(*spells)
    assert [team_of(roster, "A", month) for month in (6, 7)] == ["甲", "乙"]


@trials(60)
@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=4))
def test_statutory_days_of_part_time_officers_are_right_to_half_a_day_over_any_span(crew):
    rows = [{"share": n / 100, "from_month": min(a, b), "to_month": max(a, b)} for n, a, b in crew]
    days = statutory_days(months(), officers_in_service(small.roster(*rows)))["statutory_days"].tolist()
    exact = [
        sum(Fraction(n, 100) for n, a, b in crew if min(a, b) <= month <= max(a, b)) * work
        for month, work in zip(range(1, 13), WORKDAYS, strict=True)
    ]
    for last in range(1, 13):
        assert abs(Fraction(sum(days[:last])) - sum(exact[:last])) <= Fraction(1, 4)
