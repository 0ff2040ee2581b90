"""From the tables of a plan to its months: what a row says is what the plan keeps to."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from enforce.desk.commands.check import check
from enforce.desk.run import batch
from enforce.desk.standing import month as month_of
from enforce.desk.standing import replan
from enforce.desk.year import Year, open_year
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

LIMITS = "任务,月份或季度,最少,最多,依据"
TASKS = (
    "事项编号,类别,检查事项,检查类型,事项性质,计划家次,计划家数,其他计数,其他计数单位,月份,每次天数,每次人数,科队,邀请科室,"
    "选取方式,对象标签,排除对象,区外家次,牵头,配合部门,专题,计划原文,数据来源"
)
TASK = (
    "{code},专项,{code},重点检查,专项检查,{visits},{visits},0,,{months},{days},2,{team},{invited},随机抽取,,,0,,,,,虚构"
)


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed, nothing done and approval expected before the year."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / "data/putuo-2024/versions")
    plan = tmp_path / "params/putuo-2024.yaml"
    keep(table(plan, "records"), lambda row: False)
    plan.write_text(plan.read_text(encoding="utf-8").replace('"2024-03-13"', '"2023-12-29"'), encoding="utf-8")
    return plan


def table(plan: Path, name: str) -> Path:
    return plan.parents[1] / f"data/putuo-2024/{name}.csv"


def keep(path: Path, wanted: Callable[[str], bool], *more: str) -> None:
    """Keep the header and some rows of a table, and add others."""
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([head, *filter(wanted, rows), *more]) + "\n", encoding="utf-8-sig")


def tasks(plan: Path, **lines: dict) -> None:
    """Write the lines of the plan: visits, months, days, team, invited."""
    plain = {"visits": 4, "months": "1-12", "days": 1, "team": "执法大队", "invited": ""}
    rows = [TASK.format(**{**plain, **line}, code=code) for code, line in lines.items()]
    table(plan, "tasks").write_text("\n".join([TASKS, *rows]) + "\n", encoding="utf-8-sig")
    units = table(plan, "units")
    head, *own = units.read_text(encoding="utf-8-sig").splitlines()
    freed = [row.replace(",是,P01,", ",否,,").replace(",是,P02,", ",否,,") for row in own]
    units.write_text("\n".join([head, *freed]) + "\n", encoding="utf-8-sig")


def officers(plan: Path, **teams: list[tuple[int, int]]) -> None:
    rows = [
        f"{team}-{n},{team},是,,{first},{last},虚构"
        for team, spans in teams.items()
        for n, (first, last) in enumerate(spans)
    ]
    names = {"执法大队": "PT", "危化科": "WH", "基础科": "JC"}
    for team, code in names.items():
        rows = [row.replace(f"{team}-", f"{code}-", 1) for row in rows]
    keep(table(plan, "roster"), lambda row: False, *rows)


def limits(plan: Path, *rows: str, head: str = LIMITS) -> None:
    table(plan, "limits").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8-sig")


def months(year: Year, code: str) -> dict[int, int]:
    rows = year.allocation.visits
    return {row.month: row.visits for row in rows[rows["task_id"] == code].itertuples() if row.visits}


def total(year: Year, code: str, *inside: int) -> int:
    return sum(visits for month, visits in months(year, code).items() if month in inside)


def worked_out(plan: Path) -> Year:
    year = open_year(plan)
    assert year.allocation
    return year


def refusal(plan: Path) -> dict[str, tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        worked_out(plan)
    return {problem.where: (problem.found, problem.expected) for problem in caught.value.problems}


# --- limits ---------------------------------------------------------------------------------------------------------


def test_a_plan_without_limits_is_the_plan_it_was(plan, root):
    assert open_year(plan).tables.limits.empty
    limits(plan)
    assert open_year(plan).allocation.visits["visits"].sum() == 261


def test_a_month_holds_its_least_and_its_most(plan):
    free = open_year(plan)
    limits(plan, "P11,8,9,,高温期集中检查", "P01,1,,2,元旦值班")
    held = open_year(plan)
    assert (months(free, "P11")[8], months(free, "P01")[1]) == (7, 6)
    assert (months(held, "P11")[8], months(held, "P01")[1]) == (9, 2)
    assert held.allocation.visits["visits"].sum() == 261
    assert held.allocation.proof["proved"].all()


def test_a_quarter_holds_its_least_and_its_most(plan):
    limits(plan, "P11,一季度,20,,上级要求", "P01,第三季度,,12,学习培训")
    held = open_year(plan)
    assert total(held, "P11", 1, 2, 3) == 20
    assert total(held, "P01", 7, 8, 9) == 12


def test_a_task_is_pinned_to_a_month_and_may_be_named_as_planners_do(plan):
    limits(plan, "安全生产培训机构专项,8,6,6,与培训季错开")
    assert months(open_year(plan), "P09") == {8: 6}


def test_no_task_named_means_all_of_them_together(plan):
    limits(plan, ",12,,20,年底考核")
    rows = open_year(plan).allocation.visits
    assert rows.loc[rows["month"] == 12, "visits"].sum() == 20


def test_limits_hold_before_a_month_and_on_a_day_as_well(plan):
    limits(plan, "P11,10,9,,专项月", "P12,四季度,,4,留给年底")
    year = open_year(plan)
    for allocation in (month_of(year, 3).allocation, replan(year, "2024-01-31").allocation):
        rows = allocation.visits.set_index(["task_id", "month"])["visits"]
        assert rows["P11", 10] >= 9
        assert rows["P12"].loc[10:12].sum() <= 4


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        ("P99,8,1,,无此事项", "任务", "P99", "事项编号或名称"),
        ("P11,13,1,,月份", "月份或季度", "13", "月份"),
        ("P11,五季度,1,,月份", "月份或季度", "五季度", "月份"),
        ("P11,1-2|5,1,,两段", "月份或季度", "1-2|5", "一个窗口"),
        ("P11,,1,,没有月份", "月份或季度", "（空）", "有内容"),
        ("P11,8,-1,,负数", "最少", "-1", "0 以上的整数"),
        ("P11,8,1.5,,小数", "最少", "1.5", "0 以上的整数"),
        ("P11,8,1,若干,汉字", "最多", "若干", "0 以上的整数"),
        ("P11,8,5,3,颠倒", "最少", "5", "不大于最多"),
        ("P11,8,,,什么也没有说", "最少", "（空）", "至少写一个"),
        ("P11,8,1,,", "依据", "（空）", "有内容"),
        ("P09,1,1,,窗口以外", "月份或季度", "1", "允许的月份（7、8）"),
        ("P09,7,9,,超过计划", "最少", "9", "不大于计划家次（6）"),
    ],
)
def test_a_bad_limit_is_refused_with_its_row_and_column(plan, row, column, found, expected):
    limits(plan, "P11,8,1,,好的一行", row)
    told = refusal(plan)
    assert set(told) == {f"第 3 行「{column}」"}
    assert told[f"第 3 行「{column}」"][0] == found
    assert expected in told[f"第 3 行「{column}」"][1]


def test_a_column_missing_from_the_limits_is_told(plan):
    limits(plan, "P11,8,1,2", head="任务,月份,最少,最多")
    assert "「依据」" in str(refusal(plan))


def test_limits_that_cannot_be_kept_together_are_named_and_no_others(plan):
    limits(plan, "P01,5,1,,可以", "P09,7,,2,甲", "P09,8,,2,乙")
    told = refusal(plan)
    assert set(told) == {"P09 7 月", "P09 8 月"}
    assert told["P09 7 月"][1] == "与 P09 8 月 最多 2 能同时满足的家次"


def test_a_run_refuses_limits_that_cannot_be_kept_before_any_notebook_starts(plan, tmp_path, monkeypatch):
    limits(plan, "P09,7,,2,甲", "P09,8,,2,乙")
    monkeypatch.setattr(batch, "_make", lambda *_: pytest.fail("a notebook was started"))
    with pytest.raises(InputError) as caught:
        batch.run(plan, out=tmp_path / "report")
    assert {problem.where for problem in caught.value.problems} == {"P09 7 月", "P09 8 月"}
    assert all(problem.file.endswith(f"{plan.stem}/limits.csv") for problem in caught.value.problems)


def test_a_least_that_nothing_left_can_fill_is_named_when_the_rest_is_planned_anew(plan, root):
    shutil.copy(root / "data/putuo-2024/records.csv", table(plan, "records"))
    limits(plan, "P12,9-11,15,,集中在秋季")
    year = open_year(plan)
    assert total(year, "P12", 9, 10, 11) == 15
    found = replan(year, "2024-06-30")
    with pytest.raises(InputError) as caught:
        _ = found.allocation
    assert [problem.where for problem in caught.value.problems] == ["P12 9-11 月"]
    assert caught.value.problems[0].found.endswith("（已完成的除外）")


def test_the_limits_can_be_checked_by_themselves(plan):
    limits(plan, "P11,8,1,,好的一行")
    found = check([table(plan, "limits")], plan=plan)
    assert found.good
    assert "家次限制表" in str(found)
    limits(plan, "P11,8,5,3,颠倒")
    assert "不大于最多" in str(check([table(plan, "limits")], plan=plan))


# --- what else a table may say --------------------------------------------------------------------------------------


def test_teams_that_share_a_task_are_planned_together(plan):
    tasks(plan, P01={"visits": 12, "invited": "危化科=1"}, P02={"visits": 6, "team": "危化科"})
    officers(plan, 执法大队=[(1, 12)] * 9, 危化科=[(1, 12)] * 4)
    year = open_year(plan)
    loads = year.allocation.loads.set_index(["team", "month"])["needed_days"]
    for month in range(1, 13):
        shared, own = (months(year, code).get(month, 0) for code in ("P01", "P02"))
        assert loads["执法大队", month] == shared * 2
        assert loads["危化科", month] == shared * 1 + own * 2
    scopes = year.allocation.proof["team"]
    assert any(set(scope.split("、")) == {"执法大队", "危化科"} for scope in scopes)


def test_a_task_with_several_periods_has_its_share_in_each(plan):
    tasks(plan, P01={"visits": 9, "months": "2-3|6-7|10-11"})
    year = open_year(plan)
    assert [total(year, "P01", *pair) for pair in ((2, 3), (6, 7), (10, 11))] == [3, 3, 3]


def test_days_reserved_in_a_key_period_are_not_planned(plan):
    tasks(plan, P01={"visits": 60})
    text = plan.read_text(encoding="utf-8")
    start, end = text.index("\nkey_periods:"), text.index("\nprinted:")
    period = (
        '  - {name: 两会, from_date: "2024-05-06", to_date: "2024-05-10", reserved_days: [{team: 执法大队, days: 30}]}'
    )
    plan.write_text(f"{text[:start]}\nkey_periods: []\n{text[end:]}", encoding="utf-8")
    free = open_year(plan)
    plan.write_text(f"{text[:start]}\nkey_periods:\n{period}\n{text[end:]}", encoding="utf-8")
    held = open_year(plan)
    was, now = (y.capacity.set_index(["team", "month"])["capacity_days"] for y in (free, held))
    assert {cell: was[cell] - now[cell] for cell in was.index if was[cell] != now[cell]} == {("执法大队", 5): 30}
    assert months(held, "P01")[5] < months(free, "P01")[5]


def test_a_month_without_officers_gets_no_visits(plan):
    tasks(plan, P01={"visits": 10})
    officers(plan, 执法大队=[(1, 4)] * 12 + [(9, 12)] * 12, 危化科=[(1, 12)])
    year = open_year(plan)
    assert total(year, "P01", 5, 6, 7, 8) == 0
    assert total(year, "P01", 1, 2, 3, 4, 9, 10, 11, 12) == 10


def test_fewer_officers_in_summer_mean_fewer_visits_in_summer(plan):
    tasks(plan, P01={"visits": 60})
    officers(plan, 执法大队=[(1, 12)] * 7 + [(1, 6)] * 4 + [(9, 12)] * 4, 危化科=[(1, 12)])
    year = open_year(plan)
    assert max(months(year, "P01")[m] for m in (7, 8)) < min(months(year, "P01")[m] for m in (1, 4, 10, 12))


def test_visits_of_half_a_day_use_whole_half_days(plan):
    tasks(plan, P01={"visits": 7, "days": 0.5})
    loads = open_year(plan).allocation.loads
    assert loads["needed_days"].sum() == 7
    assert set(loads["needed_days"] * 2 % 1) == {0}


def test_a_month_overloaded_by_a_limit_has_its_ways_out(plan):
    tasks(plan, T1={"visits": 40, "months": "1-12", "days": 2})
    assert open_year(plan).ways_out.empty
    limits(plan, "T1,5,30,,上级要求集中检查")
    held = open_year(plan)
    assert months(held, "T1")[5] == 30
    assert len(held.shortage) == 1
    assert 1 <= len(held.ways_out) <= 3
