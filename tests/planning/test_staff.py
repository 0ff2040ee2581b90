"""People who leave or join: what goes with them, and what stays with the team."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.account import officers_in_service, statutory_days
from enforce.planning.staff import (
    days_won,
    estimates_after,
    item_changes,
    staff_effects,
    staff_moves,
    staff_sentence,
)
from enforce.words.numbers import rounded
from enforce.words.terms import ITEM_NAMES, NON_ENFORCEMENT, OTHER_ENFORCEMENT
from tests.planning import small
from tests.work import trials

#: 2025: 248 workdays, 120 of them before July
WORKDAYS_2025 = [18, 19, 21, 22, 19, 21, 23, 21, 23, 18, 20, 23]
DEFAULT = ("duty", "training", "party", "sick", "leave")
#: a county's brigade of five: 1240 officer-days = 660 for other enforcement, 400 not for enforcement, 180 to inspect
BRIGADE = {
    "supervision": 80,
    "accidents": 110,
    "complaints": 170,
    "joint": 60,
    "outreach": 60,
    "review": 40,
    "ordered": 140,
    "duty": 70,
    "training": 120,
    "guidance": 20,
    "party": 60,
    "sick": 20,
    "leave": 110,
}
LINE_OF = {
    **dict.fromkeys(OTHER_ENFORCEMENT, "other_enforcement_days"),
    **dict.fromkeys(NON_ENFORCEMENT, "non_enforcement_days"),
}


def served(**teams: list[float]) -> pd.DataFrame:
    """Statutory days of 2025 by the officers of each month."""
    rows = [(team, month, count) for team, counts in teams.items() for month, count in enumerate(counts, 1)]
    workdays = pd.DataFrame({"month": range(1, 13), "workdays": WORKDAYS_2025})
    return statutory_days(workdays, pd.DataFrame(rows, columns=["team", "month", "officer_count"]))


def estimates(**teams: dict[str, float]) -> pd.DataFrame:
    rows = [(team, LINE_OF[item], item, float(days)) for team, items in teams.items() for item, days in items.items()]
    return pd.DataFrame(rows, columns=["team", "line", "item", "days"])


FIVE, FOUR = [5] * 12, [5] * 6 + [4] * 6


def left_to_the_brigade(follows) -> pd.Series:
    effects = staff_effects(estimates(执法大队=BRIGADE), served(执法大队=FIVE), served(执法大队=FOUR), follows)
    return effects.iloc[0]


# --- the county -----------------------------------------------------------------------------------------------------


def test_the_county_has_the_days_of_the_example():
    assert (sum(WORKDAYS_2025), sum(WORKDAYS_2025[6:])) == (248, 128)
    assert served(基础科=[3] * 12, 执法大队=FIVE).groupby("team")["statutory_days"].sum().to_dict() == {
        "基础科": 744,
        "执法大队": 1240,
    }
    assert sum(BRIGADE.values()) == 660 + 400


@pytest.mark.parametrize(("follows", "left"), [(DEFAULT, "4.1"), ((), "-35.1"), (tuple(ITEM_NAMES), "74.3")])
def test_when_the_fifth_officer_leaves_in_june_the_brigade_keeps_this_for_july_to_december(follows, left):
    effect = left_to_the_brigade(follows)
    assert effect["months"] == (7, 8, 9, 10, 11, 12)
    assert str(rounded(effect["left_days"], 1)) == left


def test_the_figures_behind_it_are_the_statutory_days_and_the_items_of_either_kind():
    effect = left_to_the_brigade(DEFAULT)
    names = ("statutory_days", "person_days", "team_days", "none_follow_days", "all_follow_days")
    assert [str(rounded(effect[name], 1)) for name in names] == ["512.0", "156.9", "351.0", "-35.1", "74.3"]


def test_the_sentence_has_these_figures_and_the_switches_that_give_most_days_back():
    sentence = staff_sentence(left_to_the_brigade(DEFAULT), DEFAULT)
    assert sentence.startswith(
        "执法大队 7-12 月人员有变动，扣余地以前剩 4.1 人日（法定 512.0 − 跟人走 156.9 − 留在科队 351.0）；"
        "各项都留在科队为 −35.1，都跟人走为 74.3。请重新估算各项人日，可改的开关（人员变动）："
        "「核实投诉举报」改为跟人走 多 17.5，「本级政府或上级安排的执法任务」改为跟人走 多 14.5，"
    )
    assert "年休假" not in sentence


def test_the_items_that_follow_lose_their_part_and_the_others_nothing():
    before, now = served(执法大队=FIVE), served(执法大队=FOUR)
    changes = item_changes(estimates(执法大队=BRIGADE), before, staff_moves(before, now), DEFAULT)
    after = estimates_after(estimates(执法大队=BRIGADE), changes).set_index("item")["days"]
    assert after["training"] == 107.5  # 120 × 1112 ÷ 1240 = 107.6
    assert after["complaints"] == 170
    assert set(changes["month"]) <= {7, 8, 9, 10, 11, 12}


def test_who_joins_brings_the_items_that_follow():
    effect = staff_effects(estimates(执法大队=BRIGADE), served(执法大队=FOUR), served(执法大队=FIVE), DEFAULT).iloc[0]
    assert effect["left_days"] < effect["none_follow_days"]
    assert [item for item, _ in effect["switches"]] == ["training", "leave", "duty", "party", "sick"]


def test_a_team_whose_officers_did_not_change_has_no_sentence():
    both = estimates(甲=BRIGADE, 乙=BRIGADE)
    effects = staff_effects(both, served(甲=FIVE, 乙=FIVE), served(甲=FIVE, 乙=FOUR), DEFAULT)
    assert effects["team"].tolist() == ["乙"]
    assert staff_effects(both, served(甲=FIVE, 乙=FIVE), served(甲=FIVE, 乙=FIVE), DEFAULT).empty


def test_a_team_that_was_not_there_before_has_the_estimates_of_its_own_officers():
    both = estimates(甲=BRIGADE, 新=BRIGADE)
    before, now = served(甲=FIVE), served(甲=FOUR, 新=[1] * 12)
    moves = staff_moves(before, now)
    assert set(moves["team_to"]) == {""}
    assert set(item_changes(both, before, moves, DEFAULT)["team"]) == {"甲"}


# --- between teams --------------------------------------------------------------------------------------------------

counts = st.lists(st.integers(0, 6), min_size=12, max_size=12)
half_days = st.integers(0, 300).map(lambda n: n / 2)


@st.composite
def changed_districts(draw):
    """Teams as approved and now, their estimates, and what follows."""
    teams = ["甲", "乙", "丙"][: draw(st.integers(1, 3))]
    items = draw(st.lists(st.sampled_from(sorted(ITEM_NAMES)), min_size=1, max_size=4, unique=True))
    follows = draw(st.sets(st.sampled_from(items)))
    before, now = ({team: draw(counts) for team in teams} for _ in range(2))
    needs = {team: {item: draw(half_days) for item in items} for team in teams}
    return estimates(**needs), before, now, follows


@trials(80)
@given(changed_districts())
def test_what_leaves_one_team_comes_to_another_or_leaves_the_bureau(case):
    needs, before, now, follows = case
    was, moves = served(**before), staff_moves(served(**before), served(**now))
    net = served(**now)["statutory_days"].sum() - was["statutory_days"].sum()
    signs = moves.assign(sign=(moves["team_from"] == "").astype(int) - (moves["team_to"] == "").astype(int))
    assert (signs["sign"] * signs["days"]).sum() == net
    inside = moves[(moves["team_from"] != "") & (moves["team_to"] != "")]
    changes = item_changes(needs, was, inside, follows)
    assert changes["days"].sum() == 0
    assert all(days * 2 == int(days * 2) for days in changes["days"])


@trials(80)
@given(changed_districts())
def test_no_item_falls_below_zero_and_what_stays_is_unchanged(case):
    needs, before, now, follows = case
    moves = staff_moves(served(**before), served(**now))
    changes = item_changes(needs, served(**before), moves, follows)
    after = estimates_after(needs, changes).set_index(["team", "item"])["days"]
    assert (after >= 0).all()
    assert set(changes["item"]) <= follows
    assert after.index.tolist() == needs.set_index(["team", "item"]).index.tolist()


@trials(80)
@given(changed_districts(), st.integers(1, 12), st.integers(0, 6))
def test_no_month_feels_a_later_change(case, month, count):
    needs, before, now, follows = case
    was = served(**before)
    again = {team: [*counts[: month - 1], count, *counts[month:]] for team, counts in now.items()}
    one, other = (
        days_won(was, served(**staff), item_changes(needs, was, staff_moves(was, served(**staff)), follows))
        for staff in (now, again)
    )
    assert {place: days for place, days in one.items() if place[1] < month} == {
        place: days for place, days in other.items() if place[1] < month
    }


def test_an_officer_who_moves_takes_the_days_of_the_old_team_along():
    roster = small.roster(
        {"team": "甲"},
        {"officer_id": "B", "team": "甲", "to_month": 6},
        {"officer_id": "B", "team": "乙", "from_month": 7},
        {"team": "乙"},
    )
    workdays = pd.DataFrame({"month": range(1, 13), "workdays": WORKDAYS_2025})
    now = statutory_days(workdays, officers_in_service(roster))
    needs = estimates(甲={"leave": 20, "accidents": 30}, 乙={"leave": 4, "accidents": 5})
    before = served(甲=[2] * 12, 乙=[1] * 12)
    changes = item_changes(needs, before, staff_moves(before, now), DEFAULT)
    after = estimates_after(needs, changes).set_index(["team", "item"])["days"].to_dict()
    assert after == {("甲", "leave"): 15, ("甲", "accidents"): 30, ("乙", "leave"): 9, ("乙", "accidents"): 5}
