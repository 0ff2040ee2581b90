"""The plan of a scenario (情景下的计划): plan and tables as a scenario has them, as if they had been written that way.

Nothing is estimated here: officers are rows of the roster, visits cells of the task list, days items of the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from enforce.inputs.parameters.entries import Entry, Fault, conflicts, repeated_names
from enforce.inputs.parameters.plan import KeyPeriod, Plan, ReservedDays, Team
from enforce.inputs.parameters.scenario import UNPLANNED, LineChange, OfficerChange, PeriodChange, Scenario
from enforce.inputs.tables.forms import Tables
from enforce.sheets.columns import periods
from enforce.words.numbers import rounded
from enforce.words.problems import Problem, refuse
from enforce.words.texts import nearest, shown, shown_path

LAST = 12
MARK = "情景测算"


def scenario_problems(scenario: Scenario, plan: Plan, tables: Tables) -> list[Problem]:
    """Return a problem for each entry of a scenario that does not fit its plan or tables."""
    file = shown_path(scenario.path) if scenario.path else "情景"
    checks = (_teams, _officers, _lines, _periods, _approval, _unplanned)
    faults = (fault for check in checks for fault in check(scenario, plan, tables))
    return conflicts(file, faults)


def applied(plan: Plan, tables: Tables, scenario: Scenario) -> tuple[Plan, Tables]:
    """Return the plan and the tables of a scenario; InputError tells every problem at once.

    What it does not change is the same object as before. The plan has no document number: nobody has approved it.
    """
    refuse(scenario_problems(scenario, plan, tables))
    roster, tasks = tables.roster, tables.tasks
    for change in scenario.officers:
        roster = _with_officers(roster, change)
    for line in scenario.lines:
        tasks = _with_line(tasks, line)
    if roster is not tables.roster or tasks is not tables.tasks:
        tables = replace(tables, roster=roster, tasks=tasks)
    return plan.model_copy(update=_choices(scenario, plan, roster)), tables


def mark(scenario: Scenario) -> str:
    """Return the mark that everything made from a scenario carries."""
    return f"{MARK}「{scenario.name}」，未经批准" if scenario.name else f"{MARK}，未经批准"


# --- the plan's choices ---


def _choices(scenario: Scenario, plan: Plan, roster: pd.DataFrame) -> dict:
    disclaimer = "；".join(filter(None, (mark(scenario), plan.disclaimer)))
    changed: dict = {"document": "", "approval": (), "disclaimer": disclaimer}
    changed["approved_on"] = scenario.approved_on or plan.approval_day
    if scenario.reserve_share is not None:
        changed["reserve_share"] = scenario.reserve_share
    if scenario.key_periods:
        changed["key_periods"] = _with_periods(plan.key_periods, scenario.key_periods)
    if scenario.unplanned_change or scenario.officers:
        changed["teams"] = tuple(_team(team, scenario, roster) for team in plan.teams)
    return changed


def _team(team: Team, scenario: Scenario, roster: pd.DataFrame) -> Team:
    """Return a team with its unplanned work, and no more officers than persons on the establishment."""
    items = team.other_enforcement_days
    if scenario.unplanned_change:
        items = items.model_copy(
            update={name: scaled(getattr(items, name), scenario.unplanned_change) for name in UNPLANNED}
        )
    most = max(_served(roster, team.team).values())
    return team.model_copy(update={"other_enforcement_days": items, "headcount": max(team.headcount, most)})


def scaled(days: float, change: float) -> float:
    """Return days that are more or fewer by a share, to the half-day, halves up.

    >>> scaled(180.0, 0.2), scaled(45.0, 0.07), scaled(10.0, -1.0)
    (216.0, 48.0, 0.0)
    """
    exact = Decimal(str(days)) * (1 + Decimal(str(change))) * 2
    return float(rounded(exact) / 2)


def _with_periods(before: tuple[KeyPeriod, ...], changes: Iterable[PeriodChange]) -> tuple[KeyPeriod, ...]:
    periods_by_name = {period.name: period for period in before}
    for change in changes:
        old = periods_by_name.get(change.name)
        days = {entry.team: entry.days for entry in (*(old.reserved_days if old else ()), *change.reserved_days)}
        periods_by_name[change.name] = KeyPeriod(
            name=change.name,
            from_date=change.from_date or old.from_date,
            to_date=change.to_date or old.to_date,
            reserved_days=tuple(ReservedDays(team=team, days=float(count)) for team, count in days.items()),
        )
    return tuple(periods_by_name.values())


# --- the tables ---


def _with_line(tasks: pd.DataFrame, change: LineChange) -> pd.DataFrame:
    """Return the lines with one changed; units follow the visits where each unit was to be visited once."""
    tasks = tasks.copy()
    place = tasks.index[tasks["task_id"] == change.task_id][0]
    if change.planned_visits is not None:
        once = tasks.at[place, "planned_units"] == tasks.at[place, "planned_visits"]
        units = change.planned_visits if once else min(tasks.at[place, "planned_units"], change.planned_visits)
        tasks.at[place, "planned_units"], tasks.at[place, "planned_visits"] = int(units), change.planned_visits
    if change.visit_days is not None:
        tasks.at[place, "visit_days"] = change.visit_days
    if change.months is not None:
        tasks.at[place, "periods"] = periods(change.months)
    return tasks


def _with_officers(roster: pd.DataFrame, change: OfficerChange) -> pd.DataFrame:
    """Return the roster with officers more or fewer in a team from a month on."""
    if change.change > 0:
        return pd.concat([roster, _newcomers(roster, change)], ignore_index=True)
    for _ in range(-change.change):
        roster = _without_one(roster, change.team, change.from_month)
    return roster


def _newcomers(roster: pd.DataFrame, change: OfficerChange) -> pd.DataFrame:
    known = set(roster["officer_id"])
    codes = (f"NEW-{n:02}" for n in range(1, 2 * LAST * len(roster) + 10**4) if f"NEW-{n:02}" not in known)
    newcomer = {"team": change.team, "licensed": True, "fields": (), "share": 1.0, "department": "", "source": MARK}
    newcomer |= {"from_month": change.from_month, "to_month": LAST}
    rows = [{**newcomer, "officer_id": code} for code, _ in zip(codes, range(change.change), strict=False)]
    return pd.DataFrame(rows, columns=roster.columns).astype(roster.dtypes.to_dict())


def _without_one(roster: pd.DataFrame, team: str, month: int) -> pd.DataFrame:
    """Return the roster with one licensed officer fewer in every month from `month` on.

    A full-time officer goes before a part-time one, who stays longest before others, the last on the list of those;
    where he would leave himself, another goes on.
    """
    while month <= LAST:
        serving = roster[
            (roster["team"] == team)
            & roster["licensed"]
            & (roster["from_month"] <= month)
            & (roster["to_month"] >= month)
        ]
        place = serving[::-1].sort_values(["share", "to_month"], ascending=False, kind="stable").index[0]
        following = int(roster.at[place, "to_month"]) + 1
        if roster.at[place, "from_month"] == month:
            roster = roster.drop(index=place)
        else:
            roster = roster.assign(to_month=roster["to_month"].where(roster.index != place, month - 1))
        month = following
    return roster.reset_index(drop=True)


def _served(roster: pd.DataFrame, team: str) -> dict[int, int]:
    """Return the licensed officers of a team by month."""
    crew = roster[(roster["team"] == team) & roster["licensed"].astype(bool)]
    spans = list(zip(crew["from_month"], crew["to_month"], strict=True))
    return {month: sum(first <= month <= last for first, last in spans) for month in range(1, LAST + 1)}


# --- what does not go together ---


def _again(part: str, names: Iterable[tuple], what: str) -> Iterator[Fault]:
    named = ((f"{part}[{n}]", "、".join(map(str, name))) for n, name in enumerate(names))
    return repeated_names(named, what)


def _teams(scenario: Scenario, plan: Plan, tables: Tables) -> Iterator[Fault]:
    """Teams are those of the plan."""
    teams = [team.team for team in plan.teams]
    named = [(f"officers[{n}].team", change.team) for n, change in enumerate(scenario.officers)]
    for n, period in enumerate(scenario.key_periods):
        days = enumerate(period.reserved_days)
        named += [(f"key_periods[{n}].reserved_days[{k}].team", entry.team) for k, entry in days]
    for where, team in named:
        if team not in teams:
            yield where, shown(team), f"计划的科队清单里有的科队（{'、'.join(teams)}）{nearest(team, teams)}"


def _officers(scenario: Scenario, plan: Plan, tables: Tables) -> Iterator[Fault]:
    """Nobody leaves who is not there."""
    changes = scenario.officers
    yield from _again("officers", ((change.team, change.from_month) for change in changes), "每个科队每个月只写一次")
    for team in dict.fromkeys(change.team for change in changes):
        left = _served(tables.roster, team)
        for n, change in enumerate(changes):
            if change.team == team:
                left = {m: count + change.change * (m >= change.from_month) for m, count in left.items()}
                least = min(left.values())
                if least < 0:
                    month = next(m for m, count in left.items() if count < 0)
                    expected = f"调出人数不超过在岗人数（{team} {month} 月差 {-least} 人）"
                    yield f"officers[{n}].change", str(change.change), expected
                    break


def _lines(scenario: Scenario, plan: Plan, tables: Tables) -> Iterator[Fault]:
    """Lines are those of the plan, and hold the visits that are made elsewhere."""
    outside = dict(zip(tables.tasks["task_id"], tables.tasks["out_of_district_visits"], strict=True))
    yield from _again("lines", ((line.task_id,) for line in scenario.lines), "每个事项只写一次")
    for n, line in enumerate(scenario.lines):
        if line.task_id not in outside:
            expected = f"检查事项表里有的事项编号{nearest(line.task_id, outside)}"
            yield f"lines[{n}].task_id", shown(line.task_id), expected
        elif line.planned_visits is not None and line.planned_visits < outside[line.task_id]:
            expected = f"不少于辖区外家次 {outside[line.task_id]} 的整数"
            yield f"lines[{n}].planned_visits", str(line.planned_visits), expected


def _periods(scenario: Scenario, plan: Plan, tables: Tables) -> Iterator[Fault]:
    """Key periods lie in the year and end after they begin; a new one has both dates."""
    known = {period.name: period for period in plan.key_periods}
    yield from _again("key_periods", ((period.name,) for period in scenario.key_periods), "每个时段只写一次")
    for n, change in enumerate(scenario.key_periods):
        old, at = known.get(change.name), f"key_periods[{n}]"
        dates = {end: getattr(change, end) or (getattr(old, end) if old else None) for end in ("from_date", "to_date")}
        for end, day in dates.items():
            if day is None:
                expected = f"日期（「{shown(change.name)}」不在计划里，是新时段）{nearest(change.name, known)}"
                yield f"{at}.{end}", "（没有写）", expected
            elif day[:4] != str(plan.year):
                yield f"{at}.{end}", day, f"计划年度 {plan.year} 年内的日期"
        if None not in dates.values() and dates["to_date"] < dates["from_date"]:
            yield f"{at}.to_date", dates["to_date"], f"不早于起始日期 {dates['from_date']} 的日期"
        yield from _again(f"{at}.reserved_days", ((entry.team,) for entry in change.reserved_days), "每个科队只写一次")


def _unplanned(scenario: Scenario, plan: Plan, tables: Tables) -> Iterator[Fault]:
    """Unplanned work changes by item: a team that gives its days as one number has none."""
    whole = [team.team for team in plan.teams if not isinstance(team.other_enforcement_days, Entry)]
    if scenario.unplanned_change and whole:
        expected = f"其他执法工作日逐项写明的计划（{'、'.join(whole)}只写了合计，分不出非计划工作）"
        yield "unplanned_change", str(scenario.unplanned_change), expected


def _approval(scenario: Scenario, plan: Plan, tables: Tables) -> Iterator[Fault]:
    """A plan is approved in its year or the one before or after."""
    day = scenario.approved_on
    if day is not None and abs(int(day[:4]) - plan.year) > 1:
        yield "approved_on", day, f"{plan.year} 年或其前后一年的日期"
