"""What does not fit: a smallest locked set that proves it, and ways out that work."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enforce.planning.months.allocate import allocate
from enforce.planning.months.exact import Line, Span
from enforce.planning.why import ways
from enforce.planning.why.shortage import Shortage, sentence, shortage_table, shortages
from enforce.planning.why.ways import conflict, ways_note, ways_out
from enforce.words.months import months_text
from enforce.words.problems import Impossible
from tests.planning import small
from tests.work import trials

OUTSIDE = 13


@st.composite
def too_much(draw: st.DrawFn, most: int = 100) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A small plan that no month's capacity holds: tasks, capacity."""
    tasks, capacity, _ = draw(small.cases(most, replanned=False))
    scarce = capacity.assign(capacity_days=capacity["capacity_days"] // draw(st.integers(2, 4)) / 2)
    lines, rooms = small.problem(tasks, scarce)
    assume(least_overload(lines, rooms) > 0)
    return tasks, scarce


def least_overload(lines: Sequence[Line], rooms: Mapping) -> int:
    return sum(
        min(small.overload_of(members, rooms, plan) for plan in small.all_plans(members))
        for members in small.apart(lines)
    )


def need_and_room(lines: Sequence[Line], room: Mapping[int, int], team: str) -> tuple[int, int]:
    months = {month for line in lines for month in line.months}
    return sum(line.visits * dict(line.efforts)[team] for line in lines), sum(room[month] for month in months)


def violated(lines: Sequence[Line], room: Mapping[int, int], team: str) -> bool:
    """Whether some of the lines need more half-days than all their months have, by trying every set of lines."""
    sets = (chosen for size in range(1, len(lines) + 1) for chosen in combinations(lines, size))
    return any(need > held for need, held in (need_and_room(chosen, room, team) for chosen in sets))


# --- the locked set -------------------------------------------------------------------------------------------------


@trials(200)
@given(small.cases(replanned=False))
def test_the_locked_set_is_short_and_without_any_line_of_it_the_rest_fits(case):
    lines, rooms = small.problem(*case[:2])
    found = {shortage.team: shortage for shortage in shortages(lines, rooms)}
    for team in rooms:
        mine = [line for line in lines if team in dict(line.efforts)]
        assert (team in found) == violated(mine, rooms[team], team)
    for team, shortage in found.items():
        assert (shortage.need, shortage.room) == need_and_room(shortage.lines, rooms[team], team)
        assert shortage.need > shortage.room
        assert set(shortage.months) == {month for line in shortage.lines for month in line.months}
        for line in shortage.lines:
            assert not violated([other for other in shortage.lines if other is not line], rooms[team], team)


def smallest(lines: Sequence[Line], room: Mapping[int, int], team: str) -> tuple[int, int, int] | None:
    """Fewest lines, fewest months, half-days short, by trying every set of lines."""
    found = []
    for size in range(1, len(lines) + 1):
        for chosen in combinations(lines, size):
            need, held = need_and_room(chosen, room, team)
            if need > held:
                found.append((size, len({month for line in chosen for month in line.months}), held - need))
    return min(found, default=None)


@st.composite
def crowded(draw: st.DrawFn) -> tuple[list[Line], dict[str, dict[int, int]]]:
    """Up to eight lines of one team in five months."""
    lines = [
        Line(f"P{n}", 1, tuple(sorted(draw(st.sets(st.integers(1, 5), min_size=1)))), v, "甲", (("甲", e),))
        for n, (v, e) in enumerate(draw(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=8)))
    ]
    return lines, {"甲": {month: draw(st.integers(0, 12)) for month in range(1, 6)}}


@trials(300)
@given(crowded(), st.randoms(use_true_random=False))
def test_no_fewer_lines_and_no_fewer_months_prove_it_and_none_more_clearly(case, random):
    lines, rooms = case
    best = smallest([line for line in lines if line.visits], rooms["甲"], "甲")
    found = shortages(lines, rooms)
    assert (len(found) == 0) == (best is None)
    for shortage in found:
        assert (len(shortage.lines), len(shortage.months), shortage.room - shortage.need) == best
        assert (shortage.need, shortage.room) == need_and_room(shortage.lines, rooms["甲"], "甲")
        assert set(shortage.months) == {month for line in shortage.lines for month in line.months}
    assert shortages(random.sample(lines, len(lines)), rooms) == found


def test_the_locked_set_leaves_out_what_only_shares_its_months():
    tasks = small.tasks(
        {"planned_visits": 8, "periods": ((1, 2, 3),)},
        {"planned_visits": 1, "periods": ((1,),)},
        {"planned_visits": 2, "periods": (tuple(range(1, 13)),)},
    )
    found = shortages(*small.problem(tasks, small.capacity(大队=[5, 5, 5, *[40] * 9])))
    assert [[line.task_id for line in shortage.lines] for shortage in found] == [["P01"]]


def test_tasks_are_named_where_names_are_given_whatever_their_ids_have_in_common():
    names = {"P1": "甲检查", "P10": "乙检查", "P11": "丙检查", "P2": "丁检查"}
    tasks = small.tasks(*({"task_id": code, "planned_visits": 6, "periods": ((1,),)} for code in names))
    lines, rooms = small.problem(tasks, small.capacity(大队=[40]))
    for some, text in (
        (lines[1:2], "1 项任务（「乙检查」）需"),
        (lines[:2], "2 项任务（「甲检查」、「乙检查」）需"),
        (lines, "4 项任务（「甲检查」、「乙检查」、「丙检查」等）需"),
    ):
        assert text in sentence(Shortage("大队", tuple(some), (1,), 24, 20), names)
    assert "（「甲检查」、「乙检查」、「丙检查」等）" in shortage_table(lines, rooms, (), names)["message"].item()
    assert "（P1、P10、P11、P2）" in shortage_table(lines, rooms)["message"].item()


def test_the_sentence_says_months_tasks_need_room_and_what_is_missing():
    tasks = small.tasks({"planned_visits": 8, "periods": ((1, 2, 3),)})
    table = shortage_table(*small.problem(tasks, small.capacity(大队=[5, 5, 4.5, *[40] * 9])))
    assert table["message"].tolist() == ["一季度 1 项任务（P01）需 16 人日，大队可用 14.5 人日，差 1.5 人日"]
    assert table.iloc[0, 2:].tolist() == [16.0, 14.5, 1.5]


@trials(60)
@given(too_much())
def test_the_figures_of_the_sentence_are_those_of_the_table_and_add_up(case):
    table = shortage_table(*small.problem(*case))
    for row in table[table["message"].str.contains("需")].itertuples():
        told = re.search(r"需 (\S+) 人日，\w+可用 (\S+) 人日，差 (\S+) 人日", row.message).groups()
        need, room, short = map(float, told)
        assert (need, room, short) == (row.needed_days, row.capacity_days, row.overload_days)
        assert need - room == short > 0


def test_two_periods_of_a_task_are_one_task_in_the_sentence():
    line = Line("P08", 1, (5, 6), 4, "大队", (("大队", 8),))
    both = (line, replace(line, period=2, months=(10, 11)))
    assert "2" not in sentence(Shortage("大队", both, (5, 6, 10, 11), 64, 40)).split("（")[0].split("月")[1]
    assert "1 项任务（P08）" in sentence(Shortage("大队", both, (5, 6, 10, 11), 64, 40))


# --- never blank ----------------------------------------------------------------------------------------------------


@st.composite
def packed(draw: st.DrawFn) -> tuple[list[Line], dict[str, dict[int, int]]]:
    """Lines and half-days of months that no plan fits, without tables, so that five hundred take seconds."""
    teams = draw(st.sampled_from([("甲",), ("甲", "乙")]))
    lines = []
    for n in range(draw(st.integers(1, 3))):
        months = tuple(sorted(draw(st.sets(st.integers(1, 3), min_size=1))))
        efforts = tuple((team, draw(st.integers(1, 3))) for team in teams[: draw(st.integers(1, 2))])
        lines.append(Line(f"P{n}", 1, months, draw(st.integers(1, 3)), "甲", efforts))
    rooms = {team: {month: draw(st.integers(0, 5)) for month in (1, 2, 3)} for team in teams}
    assume(least_overload(lines, rooms) > 0)
    return lines, rooms


@trials(500)
@given(packed())
def test_a_plan_that_does_not_fit_never_has_a_blank_table(case):
    table = shortage_table(*case)
    assert len(table) > 0
    assert table["message"].str.contains(r"\d 人日").all()
    assert (table["overload_days"] > 0).all()


@trials(60)
@given(small.cases(replanned=False))
def test_a_plan_that_fits_has_an_empty_table_and_no_way_out(case):
    lines, rooms = small.problem(*case[:2])
    assume(least_overload(lines, rooms) == 0)
    assert shortage_table(lines, rooms).empty
    assert ways_out(lines, rooms, reserve={}, officers={}, names={}).empty


def test_whole_visits_that_do_not_pack_have_a_row_of_the_second_kind():
    tasks = small.tasks(
        {"planned_visits": 2, "periods": ((1, 2),), "visit_days": 1.5, "officers_per_visit": 1},
        {"planned_visits": 1, "periods": ((1, 2),), "visit_days": 1.0, "officers_per_visit": 1},
    )
    lines, rooms = small.problem(tasks, small.capacity(大队=[2, 2]))
    assert shortages(lines, rooms) == []
    row = shortage_table(lines, rooms).iloc[0]
    assert "按半日合计放得下，按整家次放不下，至少超出 0.5 人日" in row["message"]
    assert row[["needed_days", "capacity_days", "overload_days"]].tolist() == [4.0, 4.0, 0.5]


def test_a_team_that_only_packs_badly_is_told_beside_one_that_is_short():
    odd = {"periods": ((1, 2),), "officers_per_visit": 1, "team": "乙"}
    tasks = small.tasks(
        {"planned_visits": 9, "periods": ((1,),), "team": "甲"},
        {**odd, "planned_visits": 2, "visit_days": 1.5},
        {**odd, "planned_visits": 1, "visit_days": 1.0},
    )
    table = shortage_table(*small.problem(tasks, small.capacity(甲=[4], 乙=[2, 2])))
    assert table["team"].tolist() == ["甲", "乙"]
    assert table["message"].str.contains("按整家次放不下").tolist() == [False, True]


def test_a_pin_that_overloads_a_month_is_told_as_such():
    lines, rooms = small.problem(
        small.tasks({"planned_visits": 4, "periods": ((1, 2),)}), small.capacity(大队=[6.0, 6.0])
    )
    assert shortage_table(lines, rooms).empty
    pin = Span(frozenset({"P01"}), frozenset({1}), 4, 4)
    row = shortage_table(lines, rooms, [pin]).iloc[0]
    assert "在给定的最少、最多家次内放不下，至少超出 2 人日" in row["message"]
    with pytest.raises(Impossible):
        shortage_table(lines, rooms, [replace(pin, least=5, most=None)])


# --- ways out -------------------------------------------------------------------------------------------------------


@st.composite
def troubled(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, dict[int, int]]]:
    """A plan that does not fit, with names of its own, and half-days held back by team and month."""
    tasks, capacity = draw(too_much(60))
    tasks = tasks.assign(name=[f"事项{code}" for code in tasks["task_id"]])
    back = {team: {month: draw(st.integers(0, 6)) for month in range(1, 5)} for team in set(capacity["team"])}
    return tasks, capacity, back


def offered(
    tasks: pd.DataFrame, capacity: pd.DataFrame, reserve: Mapping, most: int = 3, spans: Sequence[Span] = ()
) -> pd.DataFrame:
    lines, rooms = small.problem(tasks, capacity)
    officers = dict(zip(tasks["task_id"], tasks["officers_per_visit"], strict=True))
    names = dict(zip(tasks["task_id"], tasks["name"], strict=True))
    return ways_out(lines, rooms, reserve=reserve, officers=officers, names=names, spans=spans, most=most)


def apply(way: pd.Series, tasks: pd.DataFrame, capacity: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Do in the tables what the sentence says, as a planner would; a task of two periods becomes two lines first."""
    if way.way in ("动用留有余地", "借用人员"):
        more = {
            (team, int(month)): float(days)
            for team, month, days in re.findall(r"(\w+) (\d+) 月 ([\d.]+) 人日", way.message.split("：")[1])
        }
        assert sum(more.values()) == way.days
        extra = [more.get((row.team, row.month), 0.0) for row in capacity.itertuples()]
        return tasks, capacity.assign(capacity_days=capacity["capacity_days"] + extra)
    if way.way == "缩短每次时间":
        shorter = [row["name"] in way.message.removesuffix("每次少半天").split("、") for _, row in tasks.iterrows()]
        return tasks.assign(visit_days=tasks["visit_days"] - [0.5 * hit for hit in shorter]), capacity
    return moved(way.message, split(tasks)), capacity


def split(tasks: pd.DataFrame) -> pd.DataFrame:
    """One line per period, named as the ways out name it."""
    rows = []
    for row in tasks.to_dict("records"):
        several = len(row["periods"]) > 1 and row["planned_visits"] > 1
        for n, months in enumerate(row["periods"]):
            count = (row["planned_visits"] + len(row["periods"]) - 1 - n) // len(row["periods"])
            name = f"{row['name']}（{months_text(months)}）" if several else row["name"]
            if not count and n:
                continue
            rows.append({**row, "name": name, "periods": (months,), "planned_visits": count})
    return small.tasks(*({k: v for k, v in row.items() if k != "task_id"} for row in rows))


def moved(message: str, tasks: pd.DataFrame) -> pd.DataFrame:
    rows = {row["name"]: row for row in tasks.to_dict("records")}
    told = re.findall(r"(事项P\d+(?:（[^）]+）)?) (\d+) 家次(?:移到 (\d+) 月)?", message)
    extra = []
    for name, visits, month in told:
        rows[name]["planned_visits"] -= int(visits)
        assert rows[name]["planned_visits"] >= 0
        if month:
            assert int(month) > rows[name]["periods"][0][-1]
            extra.append({**rows[name], "planned_visits": int(visits), "periods": ((int(month),),)})
    return small.tasks(*({k: v for k, v in row.items() if k != "task_id"} for row in (*rows.values(), *extra)))


@trials(60)
@given(troubled())
def test_every_way_out_makes_the_plan_fit_and_they_are_at_most_three_cheapest_first(case):
    tasks, capacity, reserve = case
    found = offered(tasks, capacity, reserve)
    assert 1 <= len(found) <= 3
    assert found["days"].is_monotonic_increasing
    assert found["way"].is_unique
    for way in found.itertuples():
        assert way.days > 0
        assert allocate(*apply(way, tasks, capacity)).loads["overload_days"].sum() == 0, way


def within(lines: Sequence[Line], plan: Mapping, spans: Sequence[Span]) -> bool:
    """Whether a plan keeps to limits."""
    for span in spans:
        made = sum(n for (place, m), n in plan.items() if m in span.months and lines[place].task_id in span.tasks)
        if made < span.least or (span.most is not None and made > span.most):
            return False
    return True


def prices(
    tasks: pd.DataFrame, capacity: pd.DataFrame, reserve: Mapping, spans: Sequence[Span] = ()
) -> dict[str, float]:
    """The least price of each way by trying every plan, in officer-days; ways that cannot do it are not there."""
    lines, rooms = small.problem(tasks, capacity)
    rooms = {team: {**months, OUTSIDE: 10**6} for team, months in rooms.items()}
    plain = {team: {**months, OUTSIDE: 0} for team, months in rooms.items()}
    found: dict[str, list[float]] = {"移到允许月份之后": [], "调减家次": [], "借用人员": [], "动用留有余地": []}
    later = [replace(x, months=(*x.months, *(m for m in range(1, 5) if m > x.months[-1]))) for x in lines]
    gone = [replace(x, months=(*x.months, OUTSIDE)) for x in lines]
    for way, wider, room in (("移到允许月份之后", later, plain), ("调减家次", gone, rooms)):
        assume(small.ways(wider) <= 1500)
        for plan in small.all_plans(wider):
            if within(wider, plan, spans) and not small.overload_of(wider, room, plan):
                out = [(n, v) for (n, month), v in plan.items() if month not in lines[n].months]
                found[way].append(sum(v * sum(e for _, e in lines[n].efforts) for n, v in out))
    for plan in small.all_plans(lines):
        if not within(lines, plan, spans):
            continue
        over = {c: need - rooms[c[0]][c[1]] for c, need in small.needs(lines, plan).items() if need > rooms[c[0]][c[1]]}
        found["借用人员"].append(sum(over.values()))
        if all(n <= reserve.get(team, {}).get(month, 0) for (team, month), n in over.items()):
            found["动用留有余地"].append(sum(over.values()))
    return {way: min(costs) / 2 for way, costs in found.items() if costs}


@patch.object(ways, "MOST_DROPPED", 1)
@trials(60)
@given(troubled())
def test_the_price_of_each_way_is_the_least_there_is(case):
    tasks, capacity, reserve = case
    assume(small.ways(small.problem(tasks, capacity)[0]) <= 400)
    least = prices(tasks, capacity, reserve)
    told = offered(tasks, capacity, reserve, most=9).set_index("way")["days"].to_dict()
    shorter = told.pop("缩短每次时间", None)
    assert told == least
    cheapest = sorted([*least.values(), *([] if shorter is None else [shorter])])[:3]
    assert offered(tasks, capacity, reserve)["days"].tolist() == cheapest


@st.composite
def bounded(draw: st.DrawFn) -> tuple:
    """A small plan with limits, that does not fit within them."""
    tasks, capacity, _ = draw(small.cases(60, replanned=False))
    tasks = tasks.assign(name=[f"事项{code}" for code in tasks["task_id"]])
    codes = frozenset(tasks["task_id"])
    spans = []
    for _ in range(draw(st.integers(1, 2))):
        chosen = frozenset({draw(st.sampled_from(sorted(codes)))}) if draw(st.booleans()) else codes
        months = frozenset(draw(st.sets(st.integers(1, 4), min_size=1, max_size=2)))
        least = draw(st.integers(0, 3))
        spans.append(Span(chosen, months, least, draw(st.none() | st.integers(least, 4))))
    back = {team: {month: draw(st.integers(0, 6)) for month in range(1, 5)} for team in set(capacity["team"])}
    return tasks, capacity, back, tuple(spans)


@patch.object(ways, "MOST_DROPPED", 1)
@trials(60)
@given(bounded())
def test_within_limits_too_the_price_of_each_way_is_the_least_there_is(case):
    tasks, capacity, reserve, spans = case
    lines, rooms = small.problem(tasks, capacity)
    assume(small.ways(lines) <= 200)
    plans = [plan for plan in small.all_plans(lines) if within(lines, plan, spans)]
    told = offered(tasks, capacity, reserve, most=9, spans=spans)
    if not plans:
        assert told["way"].tolist() == ["没有办法"]
        return
    if not min(small.overload_of(lines, rooms, plan) for plan in plans):
        assert told.empty
        return
    costs = told.set_index("way")["days"].to_dict()
    costs.pop("缩短每次时间", None)
    assert costs == prices(tasks, capacity, reserve, spans)
    assert 1 <= len(offered(tasks, capacity, reserve, spans=spans)) <= 3


@trials(100)
@given(bounded())
def test_limits_that_contradict_each_other_are_named_and_no_more_of_them_than_needed(case):
    tasks, capacity, _, spans = case
    lines, _ = small.problem(tasks, capacity)
    assume(small.ways(lines) <= 500)

    def possible(held):
        return any(within(lines, plan, held) for plan in small.all_plans(lines))

    found = conflict(lines, spans)
    assert bool(found) == (not possible(spans))
    for span in found:
        assert possible([other for other in found if other is not span])
    if found:
        assert not possible(found)


def test_a_contradiction_of_limits_is_told_with_its_figures():
    tasks = small.tasks({"planned_visits": 3, "periods": ((1, 2, 3),), "name": "事项P01"}, {"name": "事项P02"})
    pins = [Span(frozenset({"P01"}), frozenset({4}), 2), Span(frozenset({"P02"}), frozenset({1}), 0, 1)]
    (told,) = offered(tasks, small.capacity(大队=[1.0] * 12), {}, spans=pins)["message"]
    assert told == "没有任何办法：事项P01 4 月最少 2 家次（可排在这里的有 0 家次），不能同时做到；先改其中一条"


def test_a_way_out_keeps_to_a_pin():
    lines = [line("P01", (1,), 5), line("P02", (1, 2), 2)]
    pin = Span(frozenset({"P02"}), frozenset({1}), 2, 2)
    free, held = (out(lines, room(10, 20), spans=spans).set_index("way") for spans in ((), (pin,)))
    assert free.empty  # P02 would go to February
    assert "P02" not in held.loc["移到允许月份之后", "message"]
    assert held.loc["移到允许月份之后", ["visits", "days"]].tolist() == [2, 2.0]
    assert "P02" not in held.loc["调减家次", "message"]


@trials(40)
@given(troubled())
def test_shorter_visits_are_told_where_one_task_half_a_day_shorter_is_enough(case):
    tasks, capacity, reserve = case
    told = offered(tasks, capacity, reserve, most=9).set_index("way")["days"].to_dict()
    alone = []
    for place, row in enumerate(tasks.itertuples()):
        if row.visit_days > 0.5 and row.planned_visits:
            less = tasks.assign(visit_days=tasks["visit_days"] - [0.5 * (n == place) for n in range(len(tasks))])
            if not least_overload(*small.problem(less, capacity)):
                alone.append(row.planned_visits * row.officers_per_visit / 2)
    if alone:
        assert told["缩短每次时间"] <= min(alone)


@trials(15)
@given(troubled(), st.randoms(use_true_random=False))
def test_the_ways_out_are_the_same_in_any_order_of_the_tasks(case, random):
    tasks, capacity, reserve = case
    order = list(tasks.index)
    random.shuffle(order)
    pd.testing.assert_frame_equal(
        offered(tasks.iloc[order], capacity, reserve), offered(tasks, capacity, reserve), check_exact=True
    )


def test_two_places_short_at_once_have_ways_that_mend_both():
    tasks = small.tasks(
        {"planned_visits": 4, "periods": ((1,),), "name": "事项P01"},
        {"planned_visits": 4, "periods": ((3,),), "name": "事项P02"},
    )
    capacity = small.capacity(大队=[6, 0, 6, 6])
    found = offered(tasks, capacity, {}, most=9).set_index("way")
    assert "事项P01 1 家次" in found.loc["调减家次", "message"]
    assert "事项P02 1 家次" in found.loc["调减家次", "message"]
    assert found.loc["移到允许月份之后", "visits"] == 2


def test_nothing_is_told_that_cannot_do_it():
    tasks = small.tasks({"planned_visits": 5, "periods": ((12,),), "visit_days": 0.5, "name": "事项P01"})
    found = offered(tasks, small.capacity(大队=[40] * 11), {"大队": {12: 2}}, most=9)
    # no later month, too small a reserve, and visits of half a day; to drop all of them is no way
    assert found["way"].tolist() == ["借用人员"]
    assert ways_note(found).endswith("（要减去一个科队八成以上家次的，不算办法）")


def test_most_visits_of_a_team_may_be_dropped_and_nearly_all_of_them_may_not():
    tasks = small.tasks(
        {"planned_visits": 10, "periods": ((12,),), "visit_days": 1.0},
        {"planned_visits": 40, "periods": ((11,),), "team": "科", "visit_days": 1.0},
    )
    room = {"科": [0] * 10 + [80, 0]}
    for days, dropped in ((4, [8]), (2, [])):
        found = offered(tasks, small.capacity(大队=[0] * 11 + [days], **room), {}, most=9).set_index("way")
        assert found.loc[found.index == "调减家次", "visits"].tolist() == dropped


def test_the_demo_with_two_officers_fewer_has_ways_out_that_work(demo):
    scarce = demo.capacity.assign(capacity_days=(demo.capacity["capacity_days"] * 1.6).astype(int) / 2)
    tasks = demo.tasks.assign(name=[f"事项{code}" for code in demo.tasks["task_id"]])
    found = offered(tasks, scarce, {})
    assert len(found) == 3
    borrowed = found.set_index("way").loc["借用人员"]
    overload = allocate(tasks, scarce).loads.query("overload_days > 0")
    assert borrowed["days"] == overload["overload_days"].sum()
    for row in overload.itertuples():
        assert f"{row.team} {row.month} 月 {row.overload_days:g} 人日" in borrowed["message"]
    assert len(shortage_table(*small.problem(tasks, scarce))) >= 1
    for way in found.itertuples():
        assert allocate(*apply(way, tasks, scarce)).loads["overload_days"].sum() == 0


# --- by hand --------------------------------------------------------------------------------------------------------

NAMES = {code: code for code in ("P01", "P02", "P03", "P04")}


def line(code, months, visits, effort=2):
    return Line(code, 1, tuple(months), visits, "甲", (("甲", effort),))


def room(*halves):
    return {"甲": dict(enumerate(halves, 1))}


def test_the_kinds_of_ways_that_do_not_help_are_named():
    half_days = [line("P01", [1], 6, 1)]
    found = out(half_days, room(4), officers={"P01": 1}, most=3)
    assert set(found["way"]) == {"借用人员", "调减家次"}
    assert ways_note(found) == "也试过移到允许月份之后、动用留有余地、缩短每次时间，单独用都排不下"
    assert ways_note(found, "预估").startswith("预估　也试过")
    several = pd.DataFrame({"way": ["移到允许月份之后", "借用人员", "调减家次"]})
    assert ways_note(several) == "也试过动用留有余地、缩短每次时间，更费，或单独用排不下"
    assert ways_note(found.iloc[:0], "预估") == "预估"
    assert ways_note(pd.DataFrame({"way": ["没有办法"]})) == ""


def out(lines, capacity, **more):
    given = {"reserve": {"甲": {}}, "officers": dict.fromkeys(NAMES, 1), "names": NAMES, "most": 5, **more}
    return ways_out(lines, capacity, **given)


def test_visits_move_beyond_the_window_where_there_is_room():
    ways = out([line("P01", (1,), 5)], room(6, 20)).set_index("way")
    assert ways.loc["移到允许月份之后", ["visits", "days"]].tolist() == [2, 2.0]
    assert "P01 2 家次移到 2 月" in ways.loc["移到允许月份之后", "message"]


def test_fewer_visits_and_borrowed_days_have_their_least_price():
    ways = out([line("P01", (1,), 5)], room(6)).set_index("way")
    assert ways.loc["调减家次", ["visits", "days"]].tolist() == [2, 2.0]
    assert ways.loc["借用人员", ["visits", "days"]].tolist() == [0, 2.0]
    assert "移到允许月份之后" not in ways.index


def test_the_reserve_is_offered_only_where_it_is_enough():
    lines = [line("P01", (1,), 5)]
    assert "动用留有余地" in set(out(lines, room(6), reserve={"甲": {1: 4}})["way"])
    assert "动用留有余地" not in set(out(lines, room(6), reserve={"甲": {1: 3}})["way"])


def test_shorter_visits_are_offered_where_they_fit():
    ways = out([line("P01", (1,), 5)], room(6)).set_index("way")
    assert ways.loc["缩短每次时间", ["visits", "days"]].tolist() == [5, 2.5]


def test_at_most_three_ways_are_told_the_cheapest_first():
    ways = out([line("P01", (1,), 5)], room(6, 20), reserve={"甲": {1: 4}}, most=3)
    assert len(ways) == 3
    assert ways["days"].is_monotonic_increasing
