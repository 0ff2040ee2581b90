"""Checks of the account and its people (核算与人员)."""

from __future__ import annotations

from enforce.planning.account import days_per_officer, line_days
from enforce.planning.checks.case import Case, Findings, days, doubt, error, note
from enforce.planning.checks.figures import check_workday_constant
from enforce.words.months import month_runs
from enforce.words.numbers import percent
from enforce.words.terms import ALL_TEAMS


def check_calendar(case: Case) -> Findings:
    """Workdays must come from a published calendar: an estimate is said to be one (工作日历)."""
    if case.estimated:
        total = int(case.days["workday"].sum())
        yield doubt("工作日历", "国务院节假日安排尚未发布，工作日为预估；发布后放入日历文件再运行", f"{total} 天")


def check_account_balances(case: Case) -> Findings:
    """Inspection days are what is left: neither they nor a month can be below zero; months add up to the account."""
    inspection, year = (line_days(case.account, line) for line in ("inspection_days", "capacity_days"))
    for team, left in inspection.drop(ALL_TEAMS).items():
        months = case.capacity[case.capacity["team"] == team]
        short, total = months[months["capacity_days"] < 0], months["capacity_days"].sum()
        if left < 0:
            yield error(team, "其他执法与非执法工作日之和超过总法定工作日", days(left), "0 以上")
        elif len(short):
            message = "人日不够其他执法、非执法和重点时段之用，其余各月也抵不了，这几个月可安排按 0 计；请重新估算"
            where, lacking = f"{team} {month_runs(short['month'])} 月", short["capacity_days"].sum()
            yield error(where, message, days(lacking), "0 以上")
        if total != year[team]:
            yield error(team, "各月可安排工作日之和与核算表不一致", days(total), days(year[team]))


def check_staff_changed(case: Case) -> Findings:
    """Officers left or joined since the estimates were made: these must be looked at again (人员变动)."""
    for row in case.staff.itertuples():
        yield doubt(row.team, row.message)


def check_team_balance(case: Case) -> Findings:
    """A team with far less inspection time per officer than another is worth a look (科队均衡)."""
    table = days_per_officer(case.account, case.statutory, int(case.days["workday"].sum()))
    most = table["inspection_days_per_officer"].max()
    ratio = case.rules["team_balance_ratio"]
    for team, each in zip(table["team"], table["inspection_days_per_officer"], strict=True):
        if ratio is not None and each < ratio * most:
            message = f"人均监督检查工作日不到最高科队（{most:.1f} 人日/人）的 {percent(ratio)}，请核实估算"
            yield note(team, message, f"{each:.1f} 人日/人", f"{ratio * most:.1f} 人日/人")


def check_officer_share(case: Case) -> Findings:
    """Officers in service against staff on establishment, by the floor of the bureau's level (执法人员比例)."""
    served = case.statutory["statutory_days"].sum() / int(case.days["workday"].sum())
    share = served / case.headcount.sum()
    names = ("officer_share_min_municipal_district", "officer_share_min_district")
    floor = next((case.rules[name] for name in names if case.rules[name] is not None), None)
    if floor is not None and share < floor:
        message = "参加执法人员占在册人数的比例低于本级的下限；下限为转引，请核对原文"
        figure = f"{served:.1f}/{case.headcount.sum()} = {percent(share)}"
        yield doubt("执法人员", message, figure, percent(floor))


def check_headcount(case: Case) -> Findings:
    """No team has more officers on the roster in a month than its headcount says (在册人数)."""
    most = case.statutory.groupby("team")["officer_count"].max()
    for team, count in case.headcount.items():
        if most.get(team, 0) > count:
            message = "名册里同一个月在岗的人多于计划写的在册人数，请改正其一"
            yield doubt(team, message, f"名册 {most[team]:.12g} 人", f"在册 {count} 人")


def check_reserve(case: Case) -> Findings:
    """The reserve is a principle (留有余地): its share is the district's choice, above a rule's where there is one."""
    least = case.rules["reserve_share_rule"]
    if case.reserve_share == 0:
        yield doubt("留有余地", "没有留余地，临时交办将直接挤占计划家次", "0%")
    elif least is not None and case.reserve_share < least:
        yield doubt("留有余地", "余地低于规定的比例", percent(case.reserve_share), f"不少于 {percent(least)}")


ACCOUNT_CHECKS = (
    check_calendar,
    check_workday_constant,
    check_account_balances,
    check_staff_changed,
    check_team_balance,
    check_officer_share,
    check_headcount,
    check_reserve,
)
