"""Why a month has as many visits as it has: another plan, solved, and compared stage by stage."""

import pytest

from enforce.planning.allocate import allocate
from enforce.planning.explain import Setting, one_more, one_more_by_month, why, why_line
from tests.planning import small


def setting(tasks, capacity, **options):
    return Setting(tasks, capacity, allocate(tasks, capacity, **options), options)


@pytest.fixture
def level():
    """Two months of the same size, four visits of half a day: two each, and no other way is as level."""
    tasks = small.tasks(
        {"planned_visits": 4, "visit_days": 0.5, "officers_per_visit": 1, "periods": ((1, 2),), "team": "甲"}
    )
    return setting(tasks, small.capacity(甲=[2, 2]))


def test_a_month_outside_the_window_says_so(level):
    row = why(level, "P01", 5)
    assert (row["visits"], row["reason"]) == (0, "月份")
    assert "1、2 月" in row["message"]


def test_one_visit_more_would_raise_the_highest_load(level):
    row = why(level, "P01", 1)
    assert (row["visits"], row["reason"]) == (2, "均衡")
    assert "甲最高负荷由 50.0% 升到 75.0%" in row["message"]


def test_where_a_month_is_full_the_reason_is_capacity():
    tasks = small.tasks(
        {"planned_visits": 8, "visit_days": 0.5, "officers_per_visit": 1, "periods": ((1, 2),), "team": "甲"}
    )
    row = why(setting(tasks, small.capacity(甲=[2, 2])), "P01", 2)
    assert row["reason"] == "产能"
    assert "超负荷由 0 人日增到 0.5 人日" in row["message"]


def test_all_visits_of_a_line_in_a_month_leave_none_to_add():
    tasks = small.tasks({"planned_visits": 3, "periods": ((4,),), "team": "甲"})
    row = why(setting(tasks, small.capacity(甲=[9] * 12)), "P01", 4)
    assert row["reason"] == "范围"


def test_a_closed_month_is_a_fact():
    tasks = small.tasks({"planned_visits": 4, "periods": ((1, 2, 3),), "team": "甲"})
    given = setting(tasks, small.capacity(甲=[9] * 12), done=small.by_month(("P01", 1, 3)), closed=1)
    assert why(given, "P01", 1)["reason"] == "已完成"
    assert one_more(given, 1)["reason"] == "已完成"


def test_a_published_month_is_the_reason_when_only_memory_holds_the_visit():
    tasks = small.tasks(
        {"planned_visits": 4, "visit_days": 0.5, "officers_per_visit": 1, "periods": ((1, 2),), "team": "甲"}
    )
    published = small.by_month(("P01", 1, 3), ("P01", 2, 1))
    row = why(setting(tasks, small.capacity(甲=[2, 2]), published=published), "P01", 2)
    assert row["reason"] == "已公布"


def test_every_month_of_a_line_has_its_reason(level):
    table = why_line(level, "P01")
    assert table["month"].tolist() == list(range(1, 13))
    assert set(table["reason"]) == {"均衡", "月份"}


def test_one_more_visit_in_a_month_names_what_would_give(level):
    table = one_more_by_month(level)
    assert table["reason"].tolist()[:3] == ["均衡", "均衡", "范围"]
    assert "1 月 +1" in table["message"][0]
    assert "2 月 -1" in table["message"][0]
