"""Many districts at once: the same plans as one by one, and a province that keeps to what it shares."""

from __future__ import annotations

from math import prod

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enforce.planning.months.allocate import allocate
from enforce.planning.months.loads import COMFORTABLE
from enforce.words.problems import Impossible, Unsolved
from tests.bench import districts as many_districts
from tests.bench.districts import allocate_many, allocate_province
from tests.planning import small
from tests.work import trials

pytestmark = pytest.mark.slow


def district(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A district of three lines, other for each seed."""
    rows = (
        {"planned_visits": 3 + seed % 4, "periods": ((1, 2, 3),)},
        {"planned_visits": 2 + seed % 3, "periods": ((2, 3, 4),), "visit_days": 0.5 + seed % 2 / 2},
        {"planned_visits": 2, "periods": ((1, 2), (3, 4))},
    )
    return small.tasks(*rows), small.capacity(大队=[9.0, 8.5, 10.0 + seed % 3, 9.0])


def experts(*most: int, tasks: tuple = ("P02",), pool: str = "危化专家") -> pd.DataFrame:
    rows = [(pool, tasks, month, count) for month, count in enumerate(most, 1)]
    return pd.DataFrame(rows, columns=["pool", "tasks", "month", "maximum"])


FIVE = {f"区{n}": district(n) for n in range(5)}


def same(one, other) -> bool:
    for name in ("visits", "loads", "unplaced", "proof"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    return True


# --- one by one or at once ------------------------------------------------------------------------------------------


def test_districts_come_in_the_order_of_their_names_each_as_it_is_alone():
    turned = dict(reversed(FIVE.items()))
    found = list(allocate_many(turned))
    assert [name for name, _ in found] == sorted(FIVE)
    assert all(same(plan, allocate(*FIVE[name])) for name, plan in found)


def test_two_processes_give_the_same_as_one():
    many = {f"区{n:02}": district(n) for n in range(23)}
    serial, parallel = list(allocate_many(many)), list(allocate_many(many, workers=2))
    assert [name for name, _ in serial] == [name for name, _ in parallel]
    assert all(same(one, other) for (_, one), (_, other) in zip(serial, parallel, strict=True))


def test_districts_come_one_after_the_other_and_not_all_at_the_end(monkeypatch):
    solved = []
    monkeypatch.setattr(many_districts, "allocate", lambda *args, **more: solved.append(1) or allocate(*args, **more))
    first = next(iter(allocate_many(FIVE)))
    assert (first[0], len(solved)) == ("区0", 1)


def test_no_district_is_an_empty_result():
    assert list(allocate_many({})) == []


@pytest.mark.parametrize("workers", [0, -1])
def test_nobody_to_do_the_work_is_refused(workers):
    with pytest.raises(ValueError, match="workers"):
        list(allocate_many(FIVE, workers))


def test_a_district_that_cannot_be_solved_is_named(monkeypatch):
    def fail(*_, **__):
        raise Unsolved("没有得到方案")

    monkeypatch.setattr(many_districts, "allocate", fail)
    with pytest.raises(Unsolved, match="区0：没有得到方案"):
        list(allocate_many(FIVE))


# --- a province -----------------------------------------------------------------------------------------------------


def used(plans, tasks) -> dict[int, int]:
    rows = pd.concat([plan.visits for plan in plans.values()])
    rows = rows[rows["task_id"].isin(tasks)]
    return rows.groupby("month")["visits"].sum().to_dict()


def certificate(found, word: str) -> pd.Series:
    return found.certificate[found.certificate["stage"].str.startswith(word)].iloc[0]


def test_the_pool_is_kept_and_every_district_is_whole_and_proved():
    alone = used(dict(allocate_many(FIVE)), {"P02"})
    most = (0, 6, 6, 2)
    assert any(alone[month] > count for month, count in enumerate(most, 1))
    found = allocate_province(FIVE, experts(*most))
    assert all(used(found.districts, {"P02"})[month] <= count for month, count in enumerate(most, 1))
    for name, plan in found.districts.items():
        assert plan.proof["proved"].all()
        assert plan.visits.groupby("task_id")["visits"].sum().tolist() == FIVE[name][0]["planned_visits"].tolist()
    quotas = found.quotas.groupby("month")["maximum"].sum()
    assert all(quotas[month] <= most[month - 1] for month in quotas.index)


def test_experts_for_everybody_change_nothing_and_leave_no_gap():
    found = allocate_province(FIVE, experts(*[99] * 12))
    assert found.quotas.empty
    assert all(same(plan, found.districts[name]) for name, plan in allocate_many(FIVE))
    row = certificate(found, "离可安排比例最近")
    assert row["gap"] == pytest.approx(0)
    assert row["bound"] == pytest.approx(row["value"])


def test_without_a_pool_a_province_is_its_districts():
    found = allocate_province(FIVE, experts())
    assert all(same(plan, found.districts[name]) for name, plan in allocate_many(FIVE))


def test_a_province_is_the_same_with_two_processes_and_in_any_order():
    many = {f"区{n:02}": district(n) for n in range(12)}
    serial = allocate_province(many, experts(0, 14, 12, 12))
    parallel = allocate_province(dict(reversed(many.items())), experts(0, 14, 12, 12)[::-1], workers=2)
    assert all(same(plan, parallel.districts[name]) for name, plan in serial.districts.items())
    pd.testing.assert_frame_equal(serial.certificate, parallel.certificate)
    pd.testing.assert_frame_equal(serial.quotas, parallel.quotas)


def test_a_pool_that_cannot_hold_its_visits_is_named_with_its_months():
    need = sum(tasks["planned_visits"].iloc[1] for tasks, _ in FIVE.values())
    with pytest.raises(Impossible, match=f"危化专家：2、3、4 月需 {need} 家次，各区合计最多 6 家次"):
        allocate_province(FIVE, experts(9, 2, 2, 2))


def test_a_task_of_two_pools_is_refused():
    both = pd.concat([experts(9, 9), experts(9, 9, pool="其他专家")])
    with pytest.raises(ValueError, match="P02"):
        allocate_province(FIVE, both)


def test_a_district_forced_above_its_own_lowest_load_is_counted():
    row = {"planned_visits": 4, "periods": ((1, 2),)}
    two = {name: (small.tasks(row), small.capacity(大队=[7.0, 7.0])) for name in ("甲", "乙")}
    free = allocate_province(two, experts(4, 4, tasks=("P01",)))
    assert certificate(free, "比单独安排负荷更高")["value"] == 0
    forced = allocate_province(two, experts(3, 8, tasks=("P01",)))
    assert certificate(forced, "比单独安排负荷更高")["value"] == 1
    assert used(forced.districts, {"P01"})[1] == 3


@st.composite
def provinces(draw: st.DrawFn):
    """Two or three small districts of one team, and experts who suffice for a plan."""
    districts = {}
    for name in ("甲", "乙", "丙")[: draw(st.integers(2, 3))]:
        rows = [
            {
                "planned_visits": draw(st.integers(1, 3)),
                "periods": (tuple(sorted(draw(st.sets(st.integers(1, 3), min_size=1)))),),
                "officers_per_visit": draw(st.integers(1, 2)),
            }
            for _ in range(2)
        ]
        districts[name] = (
            small.tasks(*rows),
            small.capacity(大队=draw(st.lists(st.integers(3, 8), min_size=3, max_size=3))),
        )
    assume(prod(small.ways(small.problem(*tables)[0]) for tables in districts.values()) <= 4000)
    return districts, experts(*draw(st.lists(st.integers(0, 5), min_size=3, max_size=3)), tasks=("P01",))


@trials(40)
@given(provinces())
def test_no_plan_within_the_pool_and_the_loads_is_below_the_bound(case):
    districts, shared = case
    most = shared["maximum"].tolist()
    try:
        found = allocate_province(districts, shared)
    except Impossible:
        kept = [()]
        for tables in districts.values():
            mine = {tuple(small.named(lines, plan).get(("P01", m), 0) for m in (1, 2, 3))
                    for lines in [small.problem(*tables)[0]] for plan in small.all_plans(lines)}  # fmt: skip
            kept = [
                tuple(a + b for a, b in zip(old or (0, 0, 0), new, strict=True)) for old in set(kept) for new in mine
            ]
        assert not any(all(a <= b for a, b in zip(uses, most, strict=True)) for uses in kept)
        return
    best = {(0, 0, 0): 0}
    for name, tables in districts.items():
        lines, rooms = small.problem(*tables)
        highest = max(COMFORTABLE, *small.levels_of(lines, rooms, held(lines, found.districts[name])).values())
        mine: dict[tuple, int] = {}
        for plan in small.all_plans(lines):
            if max(small.levels_of(lines, rooms, plan).values()) <= highest:
                uses = tuple(small.named(lines, plan).get(("P01", m), 0) for m in (1, 2, 3))
                mine[uses] = min(mine.get(uses, 10**12), small.distance_of(lines, rooms, plan))
        both: dict[tuple, int] = {}
        for old, cost in best.items():
            for uses, more in mine.items():
                total = tuple(a + b for a, b in zip(old, uses, strict=True))
                both[total] = min(both.get(total, 10**12), cost + more)
        best = both
    least = min(cost for uses, cost in best.items() if all(a <= b for a, b in zip(uses, most, strict=True))) / 1e6
    row = certificate(found, "离可安排比例最近")
    assert row["bound"] <= least + 1e-9
    assert least <= row["value"] + 1e-9
    assert row["gap"] == pytest.approx(row["value"] - row["bound"])
    assert all(n <= most[m - 1] for m, n in used(found.districts, {"P01"}).items() if m <= 3)


def held(lines, plan) -> dict:
    """A plan by line and month; each task has one period."""
    visits = small.plan_of(plan)
    return {(n, month): visits.get((line.task_id, month), 0) for n, line in enumerate(lines) for month in line.months}
