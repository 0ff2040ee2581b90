"""The chance of finishing: exact where a hand can count, and close to a game played many times everywhere else."""

from __future__ import annotations

from itertools import product
from math import comb, exp, factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.account import key_period_days, statutory_days, workload_account
from enforce.planning.through.chance import (
    Queue,
    calibration,
    chances,
    events_seen,
    left,
    queues,
    reserve_needed,
    shocks,
    taken,
)
from enforce.words.terms import ALL_TEAMS
from tests.planning.through.simulation import simulated
from tests.work import trials

NOTHING = ((1, (0.0,) * 12),)


def queue(load, room, events=NOTHING, opened=None):
    pad = (0,) * (12 - len(load))
    load, room = (*load, *pad), (*room, *pad)
    return Queue(load, (*opened, *pad) if opened else load, room, events)


def poisson(expected, n):
    return exp(-expected) * expected**n / factorial(n)


def test_without_events_a_plan_that_fits_is_finished_for_certain_and_one_that_does_not_never():
    fits, fails = left(queue((3, 4), (4, 4))), left(queue((0, 5), (4, 4)))
    assert [pmf[0] for pmf in fits] == [1.0] * 12
    assert [pmf[0] for pmf in fails][:2] == [1.0, 0.0]
    assert fails[-1][1] == 1.0


def test_what_a_month_leaves_is_done_in_the_next_and_spare_time_is_lost_when_held_to_the_month():
    late = left(queue((6, 2, 5), (4, 4, 4)), forward=False)
    assert [int(pmf.argmax()) for pmf in late][:3] == [2, 0, 1]


def test_spare_time_goes_to_visits_that_may_be_brought_forward():
    plan = queue((2, 6), (4, 4), opened=(8, 0))
    assert left(plan, forward=False)[1][2] == 1.0
    assert [pmf[0] for pmf in left(plan)][:2] == [1.0, 1.0]


def test_one_event_that_takes_all_is_a_poisson_chance_a_hand_can_compute():
    events = ((4, (0.3, *[0.0] * 11)),)
    assert left(queue((4,), (4,), events))[0][0] == pytest.approx(exp(-0.3))


def test_what_is_taken_is_no_more_than_there_is_and_all_its_chances_add_up():
    found = taken(5, [(2, 1.5), (3, 0.7)])
    by_hand = np.zeros(6)
    for one, two in product(range(40), repeat=2):
        by_hand[min(2 * one + 3 * two, 5)] += poisson(1.5, one) * poisson(0.7, two)
    assert found == pytest.approx(by_hand)
    assert found.sum() == pytest.approx(1)


@trials(40)
@given(
    st.lists(st.integers(0, 6), min_size=12, max_size=12),
    st.lists(st.integers(0, 8), min_size=12, max_size=12),
    st.integers(1, 4),
    st.floats(0, 2),
)
def test_convolution_and_brute_force_agree(load, room, size, expected):
    plan = Queue(tuple(load), tuple(load), tuple(room), ((size, (expected,) * 12),))
    states = {0: 1.0}
    for work, days in zip(load, room, strict=True):
        after: dict[int, float] = {}
        for backlog, chance in states.items():
            for n in range(60):
                rest = max(backlog + work - max(days - n * size, 0), 0)
                after[rest] = after.get(rest, 0.0) + chance * poisson(expected, n)
        states = after
    assert left(plan)[-1][0] == pytest.approx(states.get(0, 0.0), abs=1e-9)


@trials(30)
@given(st.lists(st.integers(0, 6), min_size=12, max_size=12), st.integers(4, 8), st.floats(0, 1.5))
def test_bringing_visits_forward_never_makes_finishing_less_likely(load, room, expected):
    early = np.zeros(12, dtype=int)
    for n, work in enumerate(load):
        early[max(n - 3, 0)] += work
    plan = Queue(tuple(load), tuple(early.tolist()), (room,) * 12, ((3, (expected,) * 12),))
    for held, moved in zip(left(plan, forward=False), left(plan), strict=True):
        assert moved[0] >= held[0] - 1e-12
        assert moved.sum() == pytest.approx(1)


def test_a_game_played_20_000_times_agrees_within_four_standard_errors():
    events = ((6, (0.8,) * 12), (2, (1.1,) * 12))
    plan = Queue((6,) * 12, (30, *[0] * 5, 42, *[0] * 5), (14,) * 12, events)
    share, error = simulated(plan)
    assert 0.05 < share < 0.95
    assert abs(share - left(plan)[-1][0]) < 4 * error
    assert simulated(plan) == (share, error)
    assert simulated(plan, seed=7) != (share, error)


def test_teams_are_taken_as_independent_and_what_they_leave_is_added():
    one, two = queue((4,), (4,), ((4, (0.5,) + (0.0,) * 11),)), queue((2,), (2,), ((2, (0.2,) + (0.0,) * 11),))
    table = chances({"甲": one, "乙": two}).set_index(["team", "month"])
    first = table.loc[(ALL_TEAMS, 1)]
    assert first["finish_share"] == pytest.approx(exp(-0.5) * exp(-0.2))
    assert first["left_high_days"] == 2.0
    assert table.loc[("乙", 1), "left_high_days"] == 1.0
    assert table.loc[("乙", 1), "left_median_days"] == 0.0


# --- inputs ---------------------------------------------------------------------------------------------------------

DAYS = pd.DataFrame({"month": range(1, 13), "workdays": [20] * 12})


def account(reserve=0.1):
    officers = pd.DataFrame({"team": "科", "month": range(1, 13), "officer_count": 2})
    statutory = statutory_days(DAYS, officers)
    rows = [
        ("科", "other_enforcement_days", "accidents", 60.0),
        ("科", "other_enforcement_days", "ordered", 30.0),
        ("科", "non_enforcement_days", "sick", 12.0),
        ("科", "non_enforcement_days", "duty", 138.0),
    ]
    none = key_period_days(pd.DataFrame(columns=["name", "from_date", "to_date", "team", "days"]), pd.DataFrame())
    estimates = pd.DataFrame(rows, columns=["team", "line", "item", "days"])
    return workload_account(statutory, estimates, reserve, none), statutory, none


SIZES = {"absence": 3.0, "investigation": 10.0, "ordered": 5.0}
NOBODY = pd.DataFrame(columns=["team", "kind", "events"])


def task(visits=12, periods=(tuple(range(1, 13)),)):
    row = {"task_id": "P01", "visit_days": 1.0, "officers_per_visit": 2, "team": "科", "invited": ()}
    return pd.DataFrame([{**row, "periods": periods, "planned_visits": visits}])


def monthly(*months):
    rows = [("P01", month, months.count(month)) for month in range(1, 13)]
    return pd.DataFrame(rows, columns=["task_id", "month", "visits"])


def test_the_days_of_the_year_are_those_of_the_account_and_their_size_is_assumed():
    table = shocks(account()[0], NOBODY, SIZES).set_index("kind")
    assert table["days"].to_dict() == {"absence": 12.0, "investigation": 60.0, "ordered": 30.0}
    assert table["events"].to_dict() == {"absence": 4.0, "investigation": 6.0, "ordered": 6.0}
    assert set(table["status"]) == {"assumed"}


def test_records_of_more_events_make_each_of_them_smaller_and_are_named_as_the_source():
    seen = pd.DataFrame([("科", "ordered", 12.0), ("科", "investigation", 2.0)], columns=["team", "kind", "events"])
    table = shocks(account()[0], seen, SIZES).set_index("kind")
    assert (table.at["ordered", "event_days"], table.at["ordered", "status"]) == (2.5, "records")
    assert (table.at["investigation", "event_days"], table.at["investigation", "status"]) == (10.0, "assumed")
    assert (table["events"] * table["event_days"]).tolist() == table["days"].tolist()


def test_records_of_half_a_year_tell_of_twice_as_many_a_year():
    roster = pd.DataFrame({"officer_id": ["A", "B"], "team": ["科", "队"], "from_month": 1, "to_month": 12})
    rows = [("2024-02-01", "accident", ("A", "B")), ("2024-06-01", "order", ("B",)), ("2024-03-01", "", ("A",))]
    records = pd.DataFrame(rows, columns=["date", "trigger", "officers"])
    table = events_seen(records, roster, DAYS)
    assert table.values.tolist() == [["科", "investigation", 2.0], ["队", "ordered", 2.0]]
    assert events_seen(records.iloc[:0], roster, DAYS).empty


def test_the_room_of_a_month_holds_the_reserve_and_what_may_be_taken_from_it():
    book, statutory, none = account()
    found = queues(task(), monthly(1, 1, 7), book, statutory, key_periods=none, events=shocks(book, NOBODY, SIZES))[
        "科"
    ]
    assert sum(found.room) == 2 * (480 - 60 - 30 - 12 - 138 + 60 + 30 + 12)
    assert found.load == (8, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0)
    assert found.opened == (12, *[0] * 11)
    assert sum(expected for _, months in found.events for expected in months) == pytest.approx(16)


def test_work_is_opened_with_the_first_month_of_its_own_period():
    book, statutory, none = account()
    periods = ((5, 6), (10, 11))
    found = queues(
        task(2, periods), monthly(6, 11), book, statutory, key_periods=none, events=shocks(book, NOBODY, SIZES)
    )["科"]
    assert [n + 1 for n, days in enumerate(found.opened) if days] == [5, 10]


def test_the_reserve_asked_for_gives_the_chance_wanted_and_half_a_day_less_does_not():
    book, statutory, none = account()
    events = shocks(book, NOBODY, SIZES)
    found = queues(task(), monthly(*range(1, 13)), book, statutory, key_periods=none, events=events)
    row = reserve_needed(found, book, none, 0.9).iloc[0]
    assert (row["reserve_days"], row["reserve_share"]) == (24.0, 0.1)

    def chance_with(reserve):
        free = int(2 * (240 - reserve))
        parts = Queue((free, *[0] * 11), (free, *[0] * 11), found["科"].room, found["科"].events)
        return left(parts)[-1][0]

    assert chance_with(row["needed_reserve_days"]) >= 0.9 > chance_with(row["needed_reserve_days"] - 0.5)
    assert row["finish_share"] == pytest.approx(chance_with(24.0))
    assert 0 < row["needed_reserve_days"] < 240


def test_a_team_that_never_has_a_day_must_keep_all_of_them_free():
    book, statutory, none = account()
    events = shocks(book, NOBODY, SIZES)
    found = queues(task(), monthly(*range(1, 13)), book, statutory, key_periods=none, events=events)
    gone = {"科": Queue(found["科"].load, found["科"].opened, (0,) * 12, found["科"].events)}
    row = reserve_needed(gone, book, none, 0.9).iloc[0]
    assert row["needed_reserve_days"] == 240.0
    assert row["finish_share"] == 0.0


def test_a_chance_told_is_held_against_what_happened():
    told = chances({"科": queue((4,), (4,), ((4, (0.5,) + (0.0,) * 11),))})
    progress = pd.DataFrame({"month": range(1, 13), "planned_to_date": [2] * 12, "done_to_date": [1, *[2] * 11]})
    table = calibration(told, progress, 2)
    assert table["month"].tolist() == [1, 2]
    assert table["met"].tolist() == [False, True]
    assert table["brier_score"][0] == pytest.approx(exp(-0.5) ** 2)
    assert calibration(told, progress, 0).empty


def test_many_small_events_are_as_a_binomial_of_as_many_officers_would_have_it():
    found = taken(40, [(1, 4.0)])
    binomial = [comb(4000, n) * 0.001**n * 0.999 ** (4000 - n) for n in range(12)]
    assert found[:12] == pytest.approx(binomial, abs=2e-4)
