"""Which months have their share of capacity, which are levelled, and why."""

from __future__ import annotations

from hypothesis import assume, given

from enforce.planning.months.allocate import allocate
from enforce.planning.months.position import Position
from enforce.planning.why.cell import Setting
from enforce.planning.why.evenness import evenness, evenness_months
from enforce.words.problems import Unsolved
from tests.planning import small
from tests.work import trials


def setting(tasks, capacity, **options) -> Setting:
    position = Position(**options)
    return Setting(tasks, capacity, allocate(tasks, capacity, position), position)


@trials(40)
@given(small.limited(300))
def test_a_month_is_even_where_it_is_less_than_a_visit_from_its_share_and_shares_add_up(case):
    try:
        found = setting(case[0], case[1], **case[2])
    except Unsolved:
        assume(False)
    table = evenness(found)
    lines, _ = small.problem(*case[:2], **case[2])
    for row in table.itertuples():
        assert row.even == (abs(row.visits - row.share_visits) < 1)
    for code, rows in table.groupby("task_id"):
        visits = sum(line.visits for line in lines if line.task_id == code)
        assert rows["visits"].sum() == visits
        assert abs(rows["share_visits"].sum() - visits) < 1e-6


def test_a_plan_with_room_is_even_everywhere_and_needs_no_reason():
    tasks = small.tasks({"planned_visits": 6, "periods": ((1, 2, 3),)})
    table = evenness_months(evenness(setting(tasks, small.capacity(大队=[20.0] * 3))))
    assert table[["even_months", "fewer_months", "more_months", "reason"]].values.tolist() == [["1-3", "", "", ""]]


def test_where_another_task_fills_a_month_the_team_and_the_month_are_named():
    tasks = small.tasks({"planned_visits": 9, "periods": ((1, 2, 3),)}, {"planned_visits": 6, "periods": ((1,),)})
    table = evenness_months(evenness(setting(tasks, small.capacity(大队=[12.0] * 3)))).set_index("task_id")
    assert table.loc["P01", "fewer_months"] == "1"
    assert "1 月大队已满" in table.loc["P01", "reason"]
    assert table.loc["P02", "reason"] == ""


def test_below_the_comfortable_load_no_month_is_emptied_to_lower_a_peak():
    """A line of 20 visits over six months beside work that makes one month the fullest."""
    tasks = small.tasks(
        {"planned_visits": 20, "periods": ((1, 2, 3, 4, 5, 6),)}, {"planned_visits": 8, "periods": ((1,),)}
    )
    found = setting(tasks, small.capacity(大队=[28.0] * 6))
    assert {found.visits("P01", month) for month in range(1, 7)} == {3, 4}
    lowest = setting(tasks, small.capacity(大队=[28.0] * 6), comfortable_load=0.0)
    assert lowest.visits("P01", 1) < 3
