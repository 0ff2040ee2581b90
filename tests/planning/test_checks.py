"""The checks: each by a plan that has the doubt and by one that has not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from enforce.planning.checks import (
    PLAN_CHECKS,
    YEAR_CHECKS,
    Case,
    actual_year,
    approval,
    balance,
    bases,
    ending,
    figures,
    findings,
    lines,
    other_acts,
    sources,
    spread,
    unit_burden,
)
from enforce.planning.checks import records as by_record
from enforce.planning.checks.case import COLUMNS, Approval, Finding, days
from enforce.planning.names.burden import VISITS, Burden, Caps, Limit
from enforce.planning.names.cap_flow import CapShortfall
from enforce.planning.names.gate_entries import entries_of
from enforce.words.numbers import percent
from enforce.words.terms import CHECK_NAMES, Basis, Exclusion, Kind, Selection, Severity, Tier
from enforce.words.vocabulary import vocabulary
from tests.planning import small

Change = Callable[[Case], Case]


@pytest.fixture(scope="module")
def case(year) -> Case:
    """The demo plan as the checks see it before the year has begun."""
    return replace(year.case(small.records(), year.draft), approval=Approval())


def rules(**values: object) -> Change:
    return lambda case: replace(case, rules={**case.rules, **values})


def tasks(*rows: dict) -> Change:
    return lambda case: replace(case, tasks=small.tasks(*rows))


def cites(code: str) -> Change:
    """The plan lists one of two bases; the second is in force no more."""
    law = {
        "title": "某办法",
        "kind": "rule",
        "status": "read",
        "dates": "read",
        "here": True,
        "in_force_from": "2020-01-01",
    }
    known = {"B01": law, "B02": law | {"in_force_to": "2023-01-01"}}
    rows = pd.DataFrame([(bases.BASIS_LIST, code, "", "", "")], columns=bases.COLUMNS[:5])
    table = bases.cited_bases(rows, known, "2024-03-13")
    return lambda case: replace(case, bases=table, ruled_on="2024-03-13")


def units(*rows: dict, tasks: tuple[dict, ...] = ()) -> Change:
    return lambda case: replace(case, units=small.units(*rows), tasks=small.tasks(*tasks))


def named(rows: list[tuple[str, str]], **task: object) -> Change:
    """Named visits of one line by what they lack: task and reason."""
    table = pd.DataFrame(rows, columns=["task_id", "reason"])
    return lambda case: replace(case, tasks=small.tasks(task), named=table)


def records(*rows: dict, **values: object) -> Change:
    return lambda case: rules(**values)(replace(case, records=small.records(*rows)))


def burdened(*days: str, planned: tuple[tuple[int, str], ...] = (), **facts: object) -> Change:
    """A plan of one firm with entries on some days and visits planned in some months, two a year and ten days apart."""
    rows = [("U01", "P01", "done", day, int(day[5:7]), "routine", "") for day in days]
    rows += [("U01", task, "planned", "", month, "routine", "") for month, task in planned]
    caps = Caps((Limit("各家", "any", 2, "ours"),), {"routine": "counts"})
    choices = {"caps": caps, "state": "acts", "table": "C09 某表", "min_gap_days": 10, **facts}
    names = pd.DataFrame([("U01", task, month, False) for month, task in planned],
                         columns=["unit_id", "task_id", "month", "done"])  # fmt: skip
    choices["entered"] = entries_of(names)
    burden = Burden(pd.DataFrame(rows, columns=VISITS), small.units({}), small.tasks({}, {}), **choices)
    return lambda case: replace(case, burden=burden)


def actual(*rows: dict, task: dict = {}, **facts: object) -> Change:  # noqa: B006
    """A year of one line, with these records and what else was given of it."""
    tables = small.records(*rows), small.tasks(task), small.units({"is_key": True})

    def change(case: Case) -> Case:
        whole = small.actuals(*tables, **facts)
        return replace(case, actuals=whole, tasks=tables[1], records=tables[0], as_of="2024-12-31", **asked)

    asked = {"key_periods": facts["key_periods"]} if "key_periods" in facts else {}
    return change


def completed(done: int, due: int) -> Change:
    """A year of which a table says that so many of so many visits were done in May."""
    table = pd.DataFrame({"month": ["5月"], "done_visits": [done], "expected_visits": [due]})
    columns = ("month", "done_visits", "expected_visits")
    return lambda case: replace(actual({})(case), completions={"按月": (table, *columns)})


def last_year(*figures: tuple[str, str]) -> Change:
    """Last year's figures by indicator and period."""
    table = pd.DataFrame([(*one, 5) for one in figures], columns=["indicator", "period", "figure"])
    return actual({}, last_year=table)


SPRING = pd.DataFrame([("春", "2024-06-01", "2024-06-05")], columns=["name", "from_date", "to_date"])
FOCUS = {"themes": ("粉尘", "涂装"), "invited": (("危化科", 0.5),), "kind": Kind.KEY_PERIOD}


def refused(day: str) -> Change:
    """The first unit of the first line refused entry on a day."""
    columns = ["task_id", "unit_id", "removed_on", "removal"]
    return lambda case: replace(case, removed=pd.DataFrame([("P01", "U01", day, "拒绝检查")], columns=columns))


def headcount(total: int) -> Change:
    return lambda case: replace(case, headcount=pd.Series({"执法大队": total}))


def registered(date: str, unit_id: str = "", **act) -> Change:
    """A complaint in the register of other work, and a visit after a complaint."""
    plain = {"work_kind": "complaint", "date": date, "due_on": "", "closed_on": "", "unit_id": unit_id, "days": None}
    work = pd.DataFrame([{**plain, **act}])
    visit = records({"task_id": "", "trigger": "complaint"})
    return lambda case: replace(visit(case), work=work, as_of="2024-12-31")


def one_day_less(case: Case) -> Case:
    capacity = case.capacity.copy()
    capacity.loc[capacity["team"] == "执法大队", "capacity_days"] -= 0.5 / 12
    return replace(case, capacity=capacity)


def short_months(case: Case) -> Case:
    """Two months of a team are short, and the others have nothing to carry; the account says so too."""
    capacity, account = case.capacity.copy(), case.account.copy()
    team = capacity["team"] == "危化科"
    short = capacity["month"].map({11: -2.0, 12: -1.0}).fillna(0.0)
    line = (account["team"] == "危化科") & (account["line"] == "capacity_days")
    capacity["capacity_days"] = capacity["capacity_days"].where(~team, short)
    return replace(case, capacity=capacity, account=account.assign(days=account["days"].where(~line, -3.0)))


def overbooked(case: Case) -> Case:
    table = case.account.copy()
    mine = (table["team"] == "危化科") & (table["line"] == "inspection_days")
    return replace(case, account=table.assign(days=table["days"].where(~mine, -4.0)))


def loads(case: Case, needed: float) -> Case:
    table = pd.DataFrame(
        [("大队", 3, needed, 8.0, max(needed - 8, 0), needed / 8)], columns=list(case.allocation.loads)
    )
    return replace(case, allocation=replace(case.allocation, loads=table))


def unplaced(case: Case) -> Case:
    table = pd.DataFrame({"task_id": ["P05"], "unplaced_visits": [3]})
    return replace(case, allocation=replace(case.allocation, unplaced=table))


def expected(**visits: int) -> Change:
    """So many visits were expected to the day."""
    return lambda case: replace(case, expected=visits)


def licences(*flags: bool) -> Change:
    """Officers A, B, ... with a licence or without."""
    rows = [{"officer_id": letter, "licensed": flag} for letter, flag in zip("ABC", flags, strict=False)]
    return lambda case: replace(case, roster=small.roster(*rows))


def register(*rows: dict) -> Change:
    """A register of these units, and one line of key units."""
    return lambda case: replace(
        case, units=small.units(*rows), tasks=small.tasks({"kind": Kind.KEY_LIST, "exclude": Exclusion.OTHERS})
    )


def decided(*rows: dict) -> Change:
    """These decisions of penalty, all on the first record where nothing else is said."""
    return lambda case: replace(case, decisions=small.decisions(*rows))


def unproved(case: Case) -> Case:
    proof = case.allocation.proof.copy()
    proof.loc[proof.index[-2], ["bound", "proved"]] = [20.0, False]
    return replace(case, allocation=replace(case.allocation, proof=proof))


def table_of(item: str, figure: float, computed: float) -> pd.DataFrame:
    return figures.printed_table([figures.Figure(item, Decimal(str(figure)), Decimal(computed))])


def printed_as(figure: float) -> Change:
    return lambda case: replace(case, printed=table_of("全年家次", figure, 261))


def constant_of(days: int) -> Change:
    return lambda case: replace(case, printed=table_of(figures.WORKDAYS, days, 251))


def alerts(**values: float) -> Change:
    return lambda case: replace(case, alerts={**case.alerts, **values})


def unplanned(*quarters: tuple[int, int]) -> Change:
    """Records quarter by quarter: so many of the plan, so many beside it."""
    rows = [
        {"date": f"2024-{3 * n - 1:02}-06", "task_id": code, "trigger": "" if code else "follow_up"}
        for n, (inside, beside) in enumerate(quarters, 1)
        for code in ["P01"] * inside + [""] * beside
    ]
    return lambda case: replace(case, records=small.records(*rows))


def beside(trigger: str, count: int, over: float = 0.0, complaints: float = 0.0) -> Change:
    """Unplanned visits of two officers of a team whose reserve is 10 officer-days."""
    rows = [{"task_id": "", "trigger": trigger}] * count
    lines = {("reserve_days", ""): 10.0, ("other_enforcement_days", "complaints"): complaints}
    account = [(team, *line, n) for team in ("大队", "合计") for line, n in lines.items()]

    def change(case: Case) -> Case:
        table = pd.DataFrame(account, columns=["team", "line", "item", "days"])
        changed = replace(case, account=table, records=small.records(*rows), roster=small.roster({}, {}))
        loaded = loads(changed, 8.0 + over)
        return replace(loaded, roster=loaded.roster.assign(officer_id=["A", "B"]))

    return change


def without_duty(change: Change) -> Change:
    """A plan whose rules do not say how often a key unit is visited."""
    return lambda case: rules(key_unit_visits_per_year=None)(change(case))


def as_city(change: Change) -> Change:
    """A plan of a city bureau."""
    words = vocabulary(area="市", levels=["省级", "市级", "区县级"])
    return lambda case: replace(change(case), words=words)


FINED = {"penalty": "罚款", "penalty_basis": Basis.INSPECTION, "fine_yuan": 8000}
KEY = {"is_key": True, "covered_by": "P01"}
FULL = {"kind": Kind.KEY_LIST}
DUST = {"hazards": ("粉尘涉爆",)}

#: check, what is changed in the demo, (figure, limit) of every finding


def approved(**fields) -> Change:
    """A case with something on record."""
    return lambda case: replace(case, approval=Approval(**fields))


def frozen(key_list: dict, row: dict, *changes: tuple[str, str]) -> Change:
    """A case with a frozen key list, one key unit in the register, and changes of the list since."""
    noted = pd.DataFrame([(*change, "2024-05-01") for change in changes], columns=["unit_id", "change", "date"])
    return approved(key_list=key_list, units=small.units(row), changes=noted)


LISTED = {"unit_id": "U01", "is_key": True, "covered_by": "P01"}
TRIAL = pd.DataFrame(
    [("P01", "甲", 4, 3, 4), ("P01", "甲", 5, 2, 1), ("P02", "乙", 9, 0, 1)],
    columns=["task_id", "task", "month", "approved_visits", "visits"],
)

CASES: list[tuple[Callable, Change, list[tuple[str, str]]]] = [
    (balance.check_calendar, lambda case: case, []),
    (balance.check_calendar, lambda case: replace(case, estimated=True), [("251 天", "")]),
    (balance.check_workday_constant, lambda case: case, []),
    (balance.check_workday_constant, constant_of(251), []),
    (balance.check_workday_constant, constant_of(365 - 104 - 11), [("日历 251 天", "印作 250 天")]),
    (balance.check_account_balances, lambda case: case, []),
    (balance.check_account_balances, one_day_less, [("500.5 人日", "501 人日")]),
    (balance.check_account_balances, overbooked, [("-4 人日", "0 以上")]),
    (balance.check_account_balances, short_months, [("-3 人日", "0 以上")]),
    (balance.check_staff_changed, lambda case: case, []),
    (
        balance.check_staff_changed,
        lambda case: replace(case, staff=pd.DataFrame({"team": ["危化科"], "message": ["请重新估算"]})),
        [("", "")],
    ),
    (balance.check_team_balance, rules(team_balance_ratio=0.3), []),
    (balance.check_team_balance, rules(team_balance_ratio=None), []),
    (
        balance.check_team_balance,
        rules(team_balance_ratio=0.5),
        [("22.2 人日/人", "34.4 人日/人"), ("22.7 人日/人", "34.4 人日/人")],
    ),
    (balance.check_headcount, lambda case: case, []),
    (balance.check_headcount, headcount(1), [("名册 9 人", "在册 1 人")]),
    (sources.check_sources, lambda case: case, []),
    (sources.check_sources, lambda case: replace(case, doubts=(("tasks.csv", "批注没有读"),)), [("", "")]),
    (balance.check_officer_share, lambda case: case, []),
    (balance.check_officer_share, headcount(20), [("15.5/20 = 77.5%", "80.0%")]),
    (balance.check_officer_share, headcount(25), [("15.5/25 = 62.0%", "80.0%")]),
    (
        balance.check_officer_share,
        lambda case: rules(officer_share_min_district=0.7, officer_share_min_municipal_district=None)(
            headcount(20)(case)
        ),
        [],
    ),
    (
        balance.check_officer_share,
        lambda case: rules(officer_share_min_district=0.7, officer_share_min_municipal_district=None)(
            headcount(25)(case)
        ),
        [("15.5/25 = 62.0%", "70.0%")],
    ),
    (
        balance.check_officer_share,
        lambda case: rules(officer_share_min_district=None, officer_share_min_municipal_district=None)(
            headcount(25)(case)
        ),
        [],
    ),
    (balance.check_reserve, rules(reserve_share_rule=0.1), []),
    (balance.check_reserve, rules(reserve_share_rule=None), []),
    (balance.check_reserve, rules(reserve_share_rule=0.2), [("10.0%", "不少于 20.0%")]),
    (balance.check_reserve, lambda case: replace(case, reserve_share=0), [("0%", "")]),
    (lines.check_printed_figures, printed_as(261), []),
    (lines.check_printed_figures, printed_as(216), [("216", "261")]),
    (lines.check_printed_figures, constant_of(250), []),
    (lines.check_units_not_mixed, tasks({"counted_items": 0}), []),
    (
        lines.check_units_not_mixed,
        tasks({"counted_items": 12, "counted_unit": "张", "planned_units": 8, "planned_visits": 20}),
        [("12 张 + 8 家", "20 家次")],
    ),
    (lines.check_joint_share, rules(joint_share_min=None), []),
    (lines.check_joint_share, rules(joint_share_min=0.126), []),
    (
        lines.check_joint_share,
        lambda case: case,
        [("15/83 = 18.1%；15/111 = 13.5%；15/115 = 13.0%；15/119 = 12.6%；15/43 = 34.9%", "不少于 15.0%")],
    ),
    (lines.check_joint_share, tasks({"tier": Tier.KEY, "selection": Selection.ALL}), []),
    (
        lines.check_joint_share,
        tasks(
            {"tier": Tier.GENERAL, "kind": Kind.JOINT, "planned_visits": 1},
            {"tier": Tier.GENERAL, "planned_visits": 9},
        ),
        [("1/10 = 10.0%；1/10 = 10.0%；1/10 = 10.0%；1/10 = 10.0%；1/1 = 100.0%", "不少于 15.0%")],
    ),
    (lines.check_key_share, rules(key_share_min=0.68), []),
    (lines.check_key_share, rules(key_share_min=None), []),
    (lines.check_key_share, rules(key_share_min=0.7), [("68.2%", "70.0%")]),
    (lines.check_visit_cap, records({}, {"date": "2024-07-01"}, visit_cap_per_year=None), []),
    (lines.check_visit_cap, records({}, {"date": "2024-07-01"}, visit_cap_per_year=2), []),
    (lines.check_visit_cap, records({}, {"task_id": "P02"}, visit_cap_per_year=1), []),
    (lines.check_visit_cap, records({}, {"date": "2024-07-01", "task_id": ""}, visit_cap_per_year=1), []),
    (lines.check_visit_cap, records({}, {"date": "2024-07-01"}, visit_cap_per_year=1), [("2 次", "1 次")]),
    (lines.check_officers_per_visit, tasks({"officers_per_visit": 2}), []),
    (lines.check_officers_per_visit, tasks({"officers_per_visit": 1}), [("1 人", "2 人")]),
    (
        lines.check_officers_per_visit,
        lambda case: rules(officers_per_visit_min=None)(tasks({"officers_per_visit": 1})(case)),
        [],
    ),
    (lines.check_outside_district, tasks({"out_of_district_visits": 0}), []),
    (
        lines.check_outside_district,
        tasks({"planned_visits": 8, "out_of_district_visits": 4}),
        [("4 家次", "共 8 家次")],
    ),
    (lines.check_key_list_covered, lambda case: case, []),
    (lines.check_key_list_covered, units(KEY, tasks=({**FULL, "planned_visits": 1},)), []),
    (lines.check_key_list_covered, units(KEY, KEY, tasks=({"planned_visits": 5},)), []),
    (
        lines.check_key_list_covered,
        units(KEY, {"is_key": True}, tasks=({**FULL, "planned_visits": 1},)),
        [("1 家", "每家 1 次")],
    ),
    (lines.check_key_list_covered, units(KEY, tasks=({**FULL, "planned_visits": 2},)), [("1 家次", "2 家次")]),
    (lines.check_key_list_covered, units(KEY, KEY, tasks=({"planned_visits": 1},)), [("2 家次", "1 家次")]),
    (
        lines.check_key_list_covered,
        units(KEY, KEY, tasks=({"planned_visits": 2, "out_of_district_visits": 1},)),
        [("2 家次", "1 家次")],
    ),
    (lines.check_key_list_covered, without_duty(units(KEY, tasks=({**FULL, "planned_visits": 2},))), []),
    (
        lines.check_key_list_covered,
        without_duty(units(KEY, KEY, tasks=({**FULL, "planned_visits": 1},))),
        [("2 家次", "1 家次")],
    ),
    (lines.check_key_list_covered, without_duty(units({"is_key": True})), [("1 家", "")]),
    (lines.check_clues, lambda case: case, []),
    (lines.check_clues, named([("P01", "")], selection=Selection.CLUE), []),
    (lines.check_clues, named([("P01", "clue"), ("P01", "person")], selection=Selection.CLUE), [("2 家次", "1 家次")]),
    (lines.check_line_caps, named([("P01", ""), ("P01", "pool")], cap_per_unit=1), []),
    (lines.check_line_caps, named([("P01", "cap"), ("P01", "")], cap_per_unit=1), [("1 家次", "每家 1 次")]),
    (lines.check_units_not_mixed, named([("P01", "")], counted_items=3, counted_unit="张"), []),
    (
        lines.check_pools,
        units({**DUST, "no_contact": "0001-01-01"}, tasks=({**DUST, "planned_units": 1},)),
        [("0 家", "1 家")],
    ),
    (lines.check_pools, lambda case: case, []),
    (lines.check_pools, units({"is_key": True}, tasks=({**FULL, "planned_units": 1},)), []),
    (lines.check_pools, units({"is_key": True}, tasks=({**FULL, "planned_units": 2},)), [("0 家", "2 家")]),
    (lines.check_pools, as_city(units({**DUST, "level": "市级"}, tasks=({**DUST, "planned_units": 1},))), []),
    (lines.check_pools, as_city(units(DUST, tasks=({**DUST, "planned_units": 1},))), [("0 家", "1 家")]),
    (lines.check_pools, units(DUST, {}, tasks=({**DUST, "planned_units": 1},)), []),
    (lines.check_pools, units(DUST, tasks=({**DUST, "planned_units": 2, "out_of_district_visits": 1},)), []),
    (lines.check_pools, units(DUST, {}, tasks=({**DUST, "planned_units": 2},)), [("1 家", "2 家")]),
    (
        lines.check_overlap,
        units({**KEY, **DUST}, tasks=(FULL, {**DUST, "exclude": Exclusion.KEY_LIST})),
        [],
    ),
    (lines.check_overlap, units({**KEY, **DUST}, tasks=(FULL, {**DUST, "tier": Tier.GENERAL})), []),
    (lines.check_overlap, units({**KEY, **DUST, "covered_by": "P02"}, tasks=(FULL, {**DUST, "planned_visits": 5})), []),
    (lines.check_overlap, units({**KEY, **DUST}, tasks=(FULL, {**DUST, "out_of_district_visits": 1})), []),
    (
        lines.check_overlap,
        units({**KEY, **DUST}, {**KEY, **DUST}, tasks=(FULL, {**DUST, "planned_visits": 1}, {"planned_visits": 8})),
        [("3 家次", "占 10 家次的 30.0%")],
    ),
    (lines.check_invited_sections, tasks({"invited": (("危化科", 0.5),)}), []),
    (
        lines.check_invited_sections,
        tasks({"invited": (("法宣科", 0.0),), "planned_visits": 6}),
        [("0 人日", "6 家次")],
    ),
    (spread.check_month_capacity, lambda case: loads(case, 8.0), []),
    (spread.check_month_capacity, lambda case: loads(case, 9.5), [("需 9.5 人日", "可安排 8 人日")]),
    (spread.check_everything_placed, lambda case: case, []),
    (spread.check_everything_placed, unplaced, [("3 家次", "")]),
    (spread.check_proof, lambda case: case, []),
    (spread.check_proof, unproved, [("26.500848", "下限 20")]),
    (spread.check_approved_in_time, lambda case: replace(case, approved_on="2023-12-29"), []),
    (spread.check_approved_in_time, lambda case: replace(case, approved_on="2024-02-07"), []),
    (spread.check_approved_in_time, lambda case: case, [("49 个工作日", "共 61 个，提示线 50.0%")]),
    (spread.check_approved_in_time, alerts(window_gone_share=0.81), []),
    (spread.check_approved_in_time, alerts(window_gone_share=0.8), [("49 个工作日", "共 61 个，提示线 80.0%")]),
    (spread.check_window_in_year, lambda case: case, []),
    (spread.check_window_in_year, tasks({"team": "执法大队", "periods": ((12, 13),)}), [("13 月", "1 至 12 月")]),
    (
        spread.check_window_in_year,
        lambda case: replace(tasks({"periods": ((2, 3, 4),)})(case), capacity=small.capacity(大队=[1, 1, 0, 0])),
        [("3、4 月", "共 3 个月")],
    ),
    (spread.check_window_in_year, tasks({"team": "", "planned_visits": 0, "periods": ((13,),)}), []),
    (spread.check_reserve_used, lambda case: case, []),
    (spread.check_reserve_used, beside("follow_up", 7), []),
    (spread.check_reserve_used, beside("follow_up", 8), [("用去 8 人日", "余地 10 人日，提示线 80.0%")]),
    (spread.check_reserve_used, beside("follow_up", 7, over=1.0), [("用去 8 人日", "余地 10 人日，提示线 80.0%")]),
    (spread.check_reserve_used, beside("", 0, over=12.0), [("用去 12 人日", "余地 10 人日，提示线 80.0%")]),
    (spread.check_reserve_used, beside("complaint", 14, complaints=6.5), []),
    (
        spread.check_reserve_used,
        beside("complaint", 14, complaints=6.0),
        [("用去 8 人日", "余地 10 人日，提示线 80.0%")],
    ),
    (
        spread.check_reserve_used,
        lambda case: alerts(unplanned_visit_days=1.0)(beside("follow_up", 4)(case)),
        [("用去 8 人日", "余地 10 人日，提示线 80.0%")],
    ),
    (spread.check_reserve_used, lambda case: alerts(reserve_used_share=0.9)(beside("follow_up", 8)(case)), []),
    (spread.check_unplanned_rising, unplanned((9, 1)), []),
    (spread.check_unplanned_rising, unplanned((8, 2), (3, 1)), []),
    (spread.check_unplanned_rising, unplanned((8, 2), (2, 8), (9, 1)), []),
    (
        spread.check_unplanned_rising,
        unplanned((9, 1), (9, 1), (7, 3)),
        [("3/10 = 30.0%", "以前 2/20 = 10.0%，提示线 15.0%")],
    ),
    (spread.check_unplanned_rising, lambda case: alerts(unplanned_rise=0.2)(unplanned((9, 1), (7, 3))(case)), []),
    (spread.check_key_period_windows, lambda case: case, []),
    (spread.check_key_period_windows, tasks({"periods": ((5, 6),)}), []),
    (spread.check_key_period_windows, tasks({"kind": Kind.KEY_PERIOD, "periods": ((4, 5, 6),)}), [("5、6 月", "")]),
    (ending.check_off_site, lambda case: case, []),
    (ending.check_off_site, lambda case: replace(case, off_site=3), [("3 件", "")]),
    (ending.check_promises, lambda case: case, []),
    (ending.check_promises, lambda case: replace(case, unknown_names=(("K01", "P99"),)), [("", "")]),
    (other_acts.check_complaints_registered, records({"task_id": "", "trigger": "complaint"}), []),
    (other_acts.check_complaints_registered, registered("2024-06-03", "U01"), []),
    (other_acts.check_complaints_registered, registered("2024-06-04", "U01"), [("2024-06-03", "")]),
    (other_acts.check_acts_closed, lambda case: case, []),
    (other_acts.check_acts_closed, registered("2024-06-03", due_on="2024-06-30", closed_on="2024-06-30"), []),
    (other_acts.check_acts_closed, registered("2024-06-03", due_on="2024-06-30"), [("1 件", "到期 1 件")]),
    (other_acts.check_acts_closed, registered("2024-06-03"), [("1 件", "")]),
    (other_acts.check_other_days, registered("2024-06-03", days=1.0), []),
    (other_acts.check_other_days, lambda case: case, []),
    (other_acts.check_other_days, registered("2024-06-03", days=9999.0), [("9999 人日", "350 人日")]),
    (ending.check_lines_completed, lambda case: tasks({"planned_visits": 1})(records({})(case)), []),
    (
        ending.check_lines_completed,
        lambda case: tasks({"planned_visits": 3})(records({})(case)),
        [("完成 1 家次", "计划 3 家次")],
    ),
    (
        ending.check_lines_completed,
        lambda case: tasks({"planned_visits": 1})(records({}, {})(case)),
        [("完成 2 家次", "计划 1 家次")],
    ),
    (
        ending.check_lines_completed,
        lambda case: expected(P01=2)(tasks({"planned_visits": 5})(records({})(case))),
        [("完成 1 家次", "到当日应完成 2 家次，全年计划 5 家次")],
    ),
    (
        ending.check_lines_completed,
        lambda case: expected(P01=1)(tasks({"planned_visits": 5})(records({})(case))),
        [],
    ),
    (by_record.check_record_officers, records({}), []),
    (by_record.check_record_officers, records({"officers": ("A",)}), [("1 人", "不少于 2 人")]),
    (by_record.check_record_officers, records({"officers": ("A",)}, officers_per_visit_min=None), []),
    (
        by_record.check_record_officers,
        lambda case: licences(True, False)(records({})(case)),
        [("2 人，1 人无证", "每人持证")],
    ),
    (
        by_record.check_record_officers,
        lambda case: licences(True, False)(records({}, officers_need_licence=None)(case)),
        [],
    ),
    (by_record.check_record_units, lambda case: register(KEY)(records({})(case)), []),
    (
        by_record.check_record_units,
        lambda case: register({"level": "街镇级"})(records({})(case)),
        [("某单位（街镇级）", "P01 某事项")],
    ),
    (
        by_record.check_record_units,
        lambda case: register({**KEY, "covered_by": "P02"})(records({})(case)),
        [("某单位（区级）", "P01 某事项")],
    ),
    (
        by_record.check_record_units,
        lambda case: register(KEY)(records({"unit_id": "", "in_district": False})(case)),
        [("辖区外单位", "P01 某事项")],
    ),
    (by_record.check_record_months, lambda case: tasks({"periods": ((5, 6), (10, 11))})(records({})(case)), []),
    (
        by_record.check_record_months,
        lambda case: tasks({"periods": ((5, 6), (10, 11))})(records({"date": "2024-08-01"}, {})(case)),
        [("2024-08-01", "5-6、10-11 月")],
    ),
    (by_record.check_record_removals, records({}), []),
    (by_record.check_record_removals, lambda case: refused("2024-05-07")(records({"date": "2024-05-06"})(case)), []),
    (
        by_record.check_record_removals,
        lambda case: refused("2024-05-06")(records({"date": "2024-05-06"})(case)),
        [("2024-05-06", "2024-05-06 起不再检查")],
    ),
    (by_record.check_record_days, records({}), []),
    (
        by_record.check_record_days,
        records({"date": "2024-06-08"}, {"date": "2024-06-10"}),
        [
            ("2024-06-08（周末）", "工作日"),
            ("2024-06-10（放假）", "工作日"),
        ],
    ),
    (by_record.check_record_times, records({}, {"start": "09:00", "end": "11:30"}, {"start": "09:00"}), []),
    (
        by_record.check_record_times,
        records({"start": "14:00", "end": "11:30"}),
        [("14:00 至 11:30", "结束晚于开始")],
    ),
    (by_record.check_record_twins, records({}, {"task_id": "P02"}, {"date": "2024-06-04"}), []),
    (by_record.check_record_twins, records({}, {}, {"unit_id": ""}, {"unit_id": ""}), [("2 条记录", "1 条记录")]),
    (by_record.check_record_districts, lambda case: register(KEY)(records({})(case)), []),
    (
        by_record.check_record_districts,
        lambda case: register({"in_district": False})(records({})(case)),
        [("记录：辖区内", "台账：辖区外")],
    ),
    (by_record.check_penalties, records(FINED), []),
    (by_record.check_penalties, lambda case: decided({})(records(FINED)(case)), []),
    (by_record.check_penalties, lambda case: decided({})(records({})(case)), []),
    (by_record.check_penalties, lambda case: decided()(records(FINED)(case)), [("记录：罚款", "决定：没有处罚")]),
    (
        by_record.check_penalties,
        lambda case: decided({"outcome": "none", "penalty": (), "fine_yuan": 0})(records(FINED)(case)),
        [("记录：罚款", "决定：没有处罚")],
    ),
    (
        by_record.check_penalties,
        lambda case: decided({})(records({"penalty": "不予处罚"})(case)),
        [("记录：不予处罚", "决定：1 件处罚")],
    ),
    (
        by_record.check_penalties,
        lambda case: decided({"fine_yuan": 5000}, {"fine_yuan": 1000})(records(FINED)(case)),
        [("记录：罚款 8000 元", "决定：罚款 6000 元")],
    ),
    (
        by_record.check_penalties,
        lambda case: decided({"record_id": "R09"}, {"record_id": ""})(records({})(case)),
        [("R09", "有的检查编号或留空")],
    ),
    (
        by_record.check_penalties,
        lambda case: decided({"decided_on": "2024-06-01"})(records({})(case)),
        [("决定 2024-06-01", "检查 2024-06-03")],
    ),
    (ending.check_key_units_visited, lambda case: units(KEY, {})(records({"unit_id": "U01"})(case)), []),
    (
        ending.check_key_units_visited,
        lambda case: units(KEY, KEY, {})(records({"unit_id": "U01"})(case)),
        [("1 家", "名单 2 家")],
    ),
    (sources.check_rows_aside, lambda case: case, []),
    (sources.check_rows_aside, lambda case: replace(case, rows_aside=3), [("3 行", "0 行")]),
    (ending.check_unplanned_share, records(), []),
    (ending.check_unplanned_share, records({}, {"task_id": ""}, unplanned_share_reference=0.5), []),
    (
        ending.check_unplanned_share,
        records({}, {"task_id": ""}, unplanned_share_reference=None),
        [],
    ),
    (
        ending.check_unplanned_share,
        records({}, {"task_id": ""}, unplanned_share_reference=0.078),
        [("1/2 = 50.0%", "7.8%")],
    ),
    (approval.check_approval, lambda case: case, []),
    (approval.check_approval, approved(noted_on="2024-03-13", first_day="2024-03-13", version=1), []),
    (approval.check_approval, approved(noted_on="2024-03-13"), [("2024-03-13 批准", "批准以后定版（approve）")]),
    (
        approval.check_approval,
        approved(noted_on="2024-03-14", first_day="2024-03-13", version=1),
        [("2024-03-14", "第 1 版 2024-03-13")],
    ),
    (approval.check_approval, approved(version=1, lacks=("检查类型",)), [("", "")]),
    (bases.check_bases, lambda case: case, []),
    (bases.check_bases, cites("B01"), []),
    (bases.check_bases, cites("B02"), [("2023-01-01 失效", "计划 2024-03-13")]),
    (bases.check_unpublished, tasks({}), []),
    (bases.check_unpublished, tasks({}, {"unpublished": "安保"}), [("1 项 1 家次", "共 2 家次")]),
    (approval.check_trial, approved(differences=TRIAL.iloc[:0]), []),
    (
        approval.check_trial,
        approved(differences=TRIAL, version=2),
        [("4 月 3→4、5 月 2→1", "第 2 版"), ("9 月 0→1", "第 2 版")],
    ),
    (approval.check_gone_recorded, lambda case: case, []),
    (approval.check_gone_recorded, lambda case: replace(case, approved_on="2023-12-29"), []),
    (approval.check_gone_recorded, approved(recorded=frozenset({1, 3})), [("0 条记录", "已过 49 个工作日")]),
    (approval.check_key_list_kept, units(LISTED), []),
    (approval.check_key_list_kept, frozen({"U01": "P01"}, LISTED), []),
    (approval.check_key_list_kept, frozen({"U01": "P01", "U02": "P01"}, LISTED), [("1 家", "定版名单 2 家")]),
    (approval.check_key_list_kept, frozen({"U01": "P01", "U02": "P01"}, LISTED, ("U02", "removed")), []),
    (approval.check_key_list_kept, frozen({}, LISTED), [("1 家", "定版名单 0 家")]),
    (approval.check_key_list_kept, frozen({}, LISTED, ("U01", "added")), []),
    (approval.check_key_list_kept, frozen({"U01": "P02"}, LISTED), [("1 家", "定版名单 1 家")]),
    (unit_burden.check_cap_table, burdened(), []),
    (
        unit_burden.check_cap_table,
        burdened(state="not_here", caps=None),
        [("C09 某表", "适用于本地、在用的上限表，或不选")],
    ),
    (unit_burden.check_cap_table, burdened(quoted=True), [("C09 某表", "")]),
    (unit_burden.check_unit_caps, burdened("2024-03-05", "2024-07-05"), []),
    (unit_burden.check_unit_caps, burdened("2024-03-05", "2024-07-05", "2024-07-05"), []),
    (
        unit_burden.check_unit_caps,
        burdened("2024-03-05", "2024-07-05", "2024-09-05"),
        [("1 家", "入企 3 次（3 家次），上限 2 次")],
    ),
    (unit_burden.check_entry_gap, burdened("2024-03-05", "2024-03-15"), []),
    (unit_burden.check_entry_gap, burdened("2024-03-05", "2024-03-14"), [("1 家", "至少相隔 10 天")]),
    (unit_burden.check_merge_savings, burdened(planned=((1, "P01"), (2, "P02"))), []),
    (unit_burden.check_merge_savings, burdened(planned=((1, "P01"), (1, "P02"))), [("2 家次", "1 家")]),
    (unit_burden.check_caps_leave_room, burdened(), []),
    (
        unit_burden.check_caps_leave_room,
        burdened(shortfalls=(CapShortfall(("P01", "P02"), ("U01",), 3, 0),)),
        [("差 3 家次", "1 家已到或将到上限")],
    ),
    (ending.check_evidence, records({}), []),
    (ending.check_evidence, records({}, {"inspection_code": ""}), [("1 条记录", "共 2 条记录")]),
    (ending.check_evidence, records({}, {"full_record": False}), [("1 条记录", "共 2 条记录")]),
    (actual_year.check_plan_in_force, lambda case: case, []),
    (actual_year.check_plan_in_force, actual({}), []),
    (
        actual_year.check_plan_in_force,
        lambda case: replace(actual({})(case), tasks=small.tasks({"planned_visits": 3})),
        [("事项表 3 家次", "现行版本 1 家次")],
    ),
    (actual_year.check_above_whole, lambda case: case, []),
    (actual_year.check_above_whole, actual({}), []),
    (actual_year.check_above_whole, completed(5, 4), [("5月 5/4 = 125.0%", "100%")]),
    (actual_year.check_above_whole, completed(4, 4), []),
    (actual_year.check_above_whole, completed(4, 0), []),
    (
        actual_year.check_above_whole,
        actual({}, {}),
        [("重点检查 2/1 = 200.0%；合计 2/1 = 200.0%", "100%")] * 3,
    ),
    (actual_year.check_done_before_approval, actual({}), []),
    (actual_year.check_done_before_approval, actual({"date": "2024-03-13"}, {"date": "2024-03-01", "task_id": ""}), []),
    (
        actual_year.check_done_before_approval,
        actual({"date": "2024-03-12"}, {"date": "2024-03-13"}),
        [("1 家次", "2024-03-13 批准")],
    ),
    (actual_year.check_key_period_visits, actual({}, key_periods=SPRING), []),
    (actual_year.check_key_period_visits, actual({"date": "2024-06-05"}, task=FOCUS, key_periods=SPRING), []),
    (
        actual_year.check_key_period_visits,
        actual({"date": "2024-06-01"}, {"date": "2024-06-06"}, task=FOCUS, key_periods=SPRING),
        [("时段以内 1 家次", "完成 2 家次")],
    ),
    (actual_year.check_overdue, records({"hazards_found": 2, "rectify_due": "2024-07-01"}), []),
    (
        actual_year.check_overdue,
        actual({"hazards_found": 2, "hazards_fixed": 1, "rectify_due": "2024-07-01"}),
        [("隐患 2 项，整改 1 项", "2024-07-01 到期")],
    ),
    (actual_year.check_overdue, actual({"hazards_found": 2, "hazards_fixed": 2, "rectify_due": "2024-07-01"}), []),
    (actual_year.check_themes, actual({}, task=FOCUS), []),
    (actual_year.check_themes, actual({"themes": ("粉尘", "涂装")}, task=FOCUS), []),
    (
        actual_year.check_themes,
        actual({"themes": ("粉尘", "别的")}, task=FOCUS),
        [("1 个", "列出 2 个"), ("1 个", "列出 2 个")],
    ),
    (actual_year.check_sections_came, actual({}, task=FOCUS), []),
    (actual_year.check_sections_came, actual({"attended": ("危化科",)}, task=FOCUS), []),
    (
        actual_year.check_sections_came,
        actual({"attended": ("危化科",)}, {}, task=FOCUS),
        [("参加 1 家次", "完成 2 家次")],
    ),
    (actual_year.check_record_schemes, records({"scheme_approved_on": "2024-06-03"}), []),
    (
        actual_year.check_record_schemes,
        records({"scheme_approved_on": "2024-06-04"}),
        [("审批 2024-06-04", "检查 2024-06-03")],
    ),
    (actual_year.check_arrangements, records({"visit_id": "V1"}, {"visit_id": "V2"}, {}, {}), []),
    (actual_year.check_arrangements, records({"visit_id": "V1"}, {"visit_id": "V1"}), [("2 条记录", "1 条记录")]),
    (actual_year.check_last_year, lambda case: case, []),
    (actual_year.check_last_year, last_year(("检查家次", "全年"), ("检查家次", "一季度"), ("罚款(元)", "")), []),
    (
        actual_year.check_last_year,
        last_year(("整改率", "全年"), ("检查家次", "汛期")),
        [("上年 5", ""), ("上年 5", "")],
    ),
    (actual_year.check_last_year, actual({}, last_records=small.records({}, {"task_id": ""})), []),
    (
        actual_year.check_last_year,
        actual({}, last_records=small.records({}, {"task_id": "P09"}), last_decisions=small.decisions({})),
        [("1 家次", "上年共 2 家次"), ("", "")],
    ),
]


@pytest.mark.parametrize(
    ("check", "change", "expected"), CASES, ids=[f"{check.__name__}-{len(found)}" for check, _, found in CASES]
)
def test_a_check_finds_what_is_doubtful_and_nothing_else(case, check, change, expected):
    found = list(check(change(case)))
    assert [(finding.figure, finding.limit) for finding in found] == expected
    assert all(finding.where and finding.message and finding.severity in Severity for finding in found)


@pytest.mark.parametrize("check", dict.fromkeys(PLAN_CHECKS + YEAR_CHECKS))
def test_every_check_is_tried_with_the_doubt_and_without_it(check):
    found = [bool(expected) for tried, _, expected in CASES if tried is check]
    assert {True, False} <= set(found)


@pytest.mark.parametrize("check", dict.fromkeys(PLAN_CHECKS + YEAR_CHECKS))
def test_every_check_has_a_chinese_name_and_says_what_it_looks_at(check):
    assert not CHECK_NAMES[check.__name__.removeprefix("check_")].isascii()
    assert check.__doc__


def test_every_chinese_name_belongs_to_a_check():
    assert set(CHECK_NAMES) == {check.__name__.removeprefix("check_") for check in PLAN_CHECKS + YEAR_CHECKS}


# --- the messages ---------------------------------------------------------------------------------------------------


def test_a_share_below_every_denominator_is_an_error_and_below_some_a_warning(case):
    assert next(lines.check_joint_share(case)).severity is Severity.DOUBT
    assert "有 2 种口径达到、3 种低于要求" in next(lines.check_joint_share(case)).message
    assert next(lines.check_joint_share(rules(joint_share_min=0.4)(case))).severity is Severity.ERROR


@pytest.mark.parametrize(("planned", "severity"), [(1, Severity.ERROR), (0, Severity.DOUBT)])
def test_key_units_that_name_no_line_are_an_error_once_a_line_of_key_units_waits_for_them(case, planned, severity):
    change = units({"is_key": True}, tasks=({**FULL, "planned_units": planned},))
    case = without_duty(change)(case)
    (finding,) = [*lines.check_key_list_covered(case), *lines.check_pools(case)]
    assert (finding.severity, finding.figure) == (severity, "1 家")


def test_a_share_of_exactly_the_limit_is_enough(case):
    joint = {"tier": Tier.GENERAL, "kind": Kind.JOINT, "planned_visits": 3}
    change = tasks(joint, {"tier": Tier.GENERAL, "planned_visits": 17})
    assert list(lines.check_joint_share(change(case))) == []


def test_the_messages_use_the_words_of_the_bureau(case):
    county = replace(case, words=vocabulary(area="县", street="乡镇"))
    outside = tasks({"planned_visits": 8, "out_of_district_visits": 4})(county)
    assert next(lines.check_outside_district(outside)).message == "县外家次计入工作量，不计入本县覆盖"
    unlisted = units({"is_key": True})(county)
    assert next(lines.check_key_list_covered(unlisted)).where == "县重点单位名单"
    overlap = units({**KEY, **DUST}, tasks=(FULL, {**DUST, "planned_visits": 5}))(county)
    assert "没有排除县重点单位" in next(lines.check_overlap(overlap)).message
    assert next(ending.check_key_units_visited(unlisted)).where == "县重点单位名单"


def test_a_record_is_not_said_to_miss_the_statistics_where_no_rule_counts_them(case):
    partial = records({"full_record": False})(case)
    assert next(ending.check_evidence(partial)).message == "记录不完整，统计年报不计次"
    without = rules(statistics_needs_full_record=None)(partial)
    assert next(ending.check_evidence(without)).message == "记录不完整"


def test_the_demo_overlap_leaves_out_what_is_the_coverage_itself(case):
    finding = next(lines.check_overlap(case))
    assert finding.where == "P05 9、P06 10、P07 8、P08 4"
    assert (finding.figure, finding.limit) == ("31 家次", "占 261 家次的 11.9%")


def test_the_late_plan_names_the_day_and_the_share_gone(case):
    finding = next(spread.check_approved_in_time(case))
    assert finding.where.startswith("P05")
    assert "2024-03-13" in finding.message
    assert "80.3%" in finding.message


def test_no_check_of_the_year_looks_at_how_many_fines_there_were(case):
    plain = tasks({"planned_visits": 1})(records({})(case))
    fined = {"penalty": "罚款", "penalty_basis": Basis.INSPECTION, "fine_yuan": 900_000}
    fines = replace(plain, records=small.records(fined))
    assert findings(plain, YEAR_CHECKS).equals(findings(fines, YEAR_CHECKS))


# --- the table ------------------------------------------------------------------------------------------------------


def test_findings_are_rows_what_must_be_put_right_first(case):
    def check_a(_: Case):
        yield Finding(Severity.NOTE, "甲", "一")
        yield Finding(Severity.ERROR, "乙", "二")

    def check_b(_: Case):
        yield Finding(Severity.DOUBT, "丙", "三", "1", "2")

    table = findings(case, (check_a, check_b))
    assert list(table.columns) == COLUMNS
    assert table["where"].tolist() == ["乙", "丙", "甲"]
    assert table["check"].tolist() == ["a", "b", "a"]
    assert table["severity"].tolist() == ["error", "doubt", "note"]


def test_no_finding_is_a_table_without_rows(case):
    assert findings(case, ()).empty
    assert list(findings(case, ()).columns) == COLUMNS


def test_the_checks_never_raise_on_an_empty_plan(case):
    bare = replace(case, tasks=small.tasks(), units=small.units(), records=small.records())
    assert not findings(bare, PLAN_CHECKS + YEAR_CHECKS)["check"].isin(["pools", "key_list_covered"]).any()


def test_the_checks_change_nothing(case):
    before = case.tasks.copy(), case.units.copy(), case.account.copy()
    findings(case, PLAN_CHECKS + YEAR_CHECKS)
    for old, new in zip(before, (case.tasks, case.units, case.account), strict=True):
        pd.testing.assert_frame_equal(old, new)


@pytest.mark.parametrize(
    ("share", "shown"),
    [(178 / 261, "68.2%"), (83 / 261, "31.8%"), (1 / 16, "6.3%"), (1.028, "102.8%"), (0, "0.0%"), (float("nan"), "—")],
)
def test_a_share_is_shown_with_one_decimal_rounded_half_up(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(12.0, "12 人日"), (12.5, "12.5 人日"), (0, "0 人日"), (3893.0, "3893 人日")]
)
def test_days_are_shown_without_a_needless_decimal(number, shown):
    assert days(number) == shown


# --- printed figures ------------------------------------------------------------------------------------------------


def told(kind: figures.Arithmetic, terms: list, *results: float, names: tuple[str, ...] = ("甲", "乙")) -> list[tuple]:
    """What is told of one printed relation: message, figure, limit."""
    numbers = [tuple(Decimal(str(number)) for number in row) for row in (terms, results)]
    table = figures.printed_table([], [figures.Relation(kind, "某处", *numbers, names)])
    assert table["agrees"].all() == (table["message"] == "").all()
    return table.loc[table["message"] != "", ["message", "figure", "limit"]].apply(tuple, axis=1).tolist()


def test_a_product_is_that_of_its_factors():
    assert told(figures.Arithmetic.PRODUCT, [248, 8], 1984) == []
    assert told(figures.Arithmetic.PRODUCT, [24, 8], 1984) == [("印出的乘式与结果不符", "24 × 8 = 192", "印作 1984")]


def test_a_difference_is_what_is_left_of_its_terms():
    assert told(figures.Arithmetic.DIFFERENCE, [5434, 2469, 1994], 971) == []
    (row,) = told(figures.Arithmetic.DIFFERENCE, [5434, 2649, 1994], 971)
    assert row[1:] == ("5434 − 2649 − 1994 = 791", "印作 971")


def test_a_total_is_the_sum_of_its_parts_to_the_last_decimal():
    assert told(figures.Arithmetic.SUM, [60, 38, 80], 178) == []
    assert told(figures.Arithmetic.SUM, [6.1, 53.2], 59.3) == []
    assert told(figures.Arithmetic.SUM, [60, 38, 80], 187)[0][1] == "60 + 38 + 80 = 178"


@pytest.mark.parametrize("figure", [6.2, 6.3, 6, 6.25])
def test_a_share_on_the_edge_may_be_printed_either_way(figure):
    assert told(figures.Arithmetic.SHARES, [5, 80], figure) == []


@pytest.mark.parametrize("figure", [68.1, 68.3, 69, 67, 68.19])
def test_a_share_cut_off_where_it_should_be_rounded_is_found(figure):
    assert len(told(figures.Arithmetic.SHARES, [178, 261], figure)) == 1


def test_wrong_shares_that_still_add_to_a_hundred_are_one_finding_that_says_so():
    (row,) = told(figures.Arithmetic.SHARES, [50, 50, 100], 30, 70)
    assert row == ("印出的占比与印出的数不符（各项相加仍为 100%）", "甲 50.0%、乙 50.0%", "印作 甲 30%、乙 70%")
    assert "100%" not in told(figures.Arithmetic.SHARES, [50, 50, 100], 30, 60)[0][0]


def test_a_share_of_nothing_is_no_fault_of_the_arithmetic():
    assert told(figures.Arithmetic.SHARES, [0, 0], 0) == []


@pytest.mark.parametrize(("number", "shown"), [(1234567.5, "1234567.5 人日"), (12.0, "12 人日")])
def test_officer_days_are_printed_in_full(number, shown):
    assert days(number) == shown


def test_an_overload_of_a_month_that_is_over_is_told_and_no_longer_asked_to_be_mended(case):
    over = replace(loads(case, 9.5), closed=12)
    table = findings(over, [spread.check_month_capacity])
    assert table["severity"].tolist() == [Severity.NOTE]
    assert "已过" in table["message"][0]


def test_a_team_with_more_officers_on_the_roster_than_its_headcount_is_named(case):
    few = replace(case, headcount=pd.Series(dict.fromkeys(case.headcount.index, 1)))
    assert [doubt.where for doubt in balance.check_headcount(few)] == list(case.headcount.index)
    assert list(balance.check_headcount(case)) == []
