"""The sentences (说法): changes and answers as the tables and sentences of the page and of the change sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isnan

import pandas as pd

from enforce.desk.annex import annex_differences
from enforce.desk.explorer.answers import Answers, finishing_share, team_loads
from enforce.desk.explorer.fields import NEW
from enforce.desk.explorer.state import ExplorerState
from enforce.desk.year import Year
from enforce.inputs.parameters.scenario import PeriodChange, Scenario
from enforce.papers.books.scenario_sheet import CHANGE_COLUMNS
from enforce.papers.screen.panels import difference, number
from enforce.planning.account import line_days
from enforce.planning.visits import highest_load
from enforce.words.months import months_text
from enforce.words.numbers import percent
from enforce.words.terms import ACCOUNT_LINES

#: Stands wherever officers are changed.
ESTIMATES_STAY = "其他执法、非执法人日按计划估算，不随人数变化。"

#: How far the mean of the chances may lie from the share of months met and still be called fair.
FAIR = 0.1

FINISHED = "按期完成的可能"
#: Fields that share a row with others.
_TOGETHER = ("officers", "from", "name/", *(f"{part}/{n}" for part in ("start", "end", "kept") for n in NEW))


def changes_from_plan(state: ExplorerState) -> pd.DataFrame:
    """Return what differs from the plan: one row per change (项目, 计划, 情景), as text."""
    scenario = state.scenario
    rows = list(_officer_changes(state.year, scenario))
    rows += [
        (_label(state, key), _value_text(state, key, entry.plan), _value_text(state, key, state.value(key)))
        for key, entry in state.fields.items()
        if state.changed(key) and not key.startswith(_TOGETHER)
    ]
    known = {period.name for period in state.year.plan.key_periods}
    rows += [
        (f"新增重点时段「{period.name}」", "无", _period_text(period))
        for period in scenario.key_periods
        if period.name not in known
    ]
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS[:3])


def _officer_changes(year: Year, scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield how many officers a team has from each month of a change on, in the plan and in the scenario."""
    before = year.statutory.set_index(["team", "month"])["officer_count"]
    teams = [team.team for team in year.plan.teams]
    totals: Counter[str] = Counter()
    for entry in sorted(scenario.officers, key=lambda entry: (teams.index(entry.team), entry.from_month)):
        totals[entry.team] += entry.change
        count = int(before[entry.team, entry.from_month])
        title = f"{entry.team}持证执法人员（{entry.from_month} 月起）"
        now = f"{count + totals[entry.team]} 人（{entry.change:+d}）".replace("-", "−")
        yield title, f"{count} 人", now


def _period_text(period: PeriodChange) -> str:
    days = "，".join(f"{entry.team} {entry.days:.12g} 人日" for entry in period.reserved_days if entry.days)
    return f"{period.from_date} 至 {period.to_date}{f'，预留 {days}' if days else ''}"


def _label(state: ExplorerState, key: str) -> str:
    """Return what a planner calls a field where its line or period does not stand beside it."""
    part, _, place = key.partition("/")
    label = state.fields[key].label
    if part in ("visits", "days", "months"):
        return f"{state.year.names[place]}：{label}"
    if part in ("start", "end", "kept"):
        return f"{state.period_name(place.split('/')[0])}：{label}{'预留' if part == 'kept' else ''}"
    return label


def _value_text(state: ExplorerState, key: str, value: object) -> str:
    sign = "+" if key == "unplanned" and value > 0 else ""
    return f"{sign}{state.fields[key].with_unit(value)}"


def headline(answers: Answers) -> str:
    """Return whether it fits, and what is short, without a month or over already where it does not."""
    gone, text = answers.overload_gone, "全年安排得下：没有一个科队、一个月超出可安排人日。"
    if answers.overload:
        text = f"排不下，至少超出 {answers.overload:.12g} 人日。{'。'.join(answers.shortage)}。"
    elif gone or answers.unplaced:
        text = "以后各月没有超出可安排人日。"
    if answers.unplaced:
        text += f"{answers.unplaced} 家次没有月份可排：允许的月份到批准日已过。"
    text += f"已过月份按检查记录超出 {gone:.12g} 人日，不再变动。" if gone else ""
    return text + "".join(no_days(answers.year))


def no_days(year: Year, teams: Collection[str] = ()) -> list[str]:
    """Return why a team, or one of some, has nothing to allocate in months that have visits: a sentence per team."""
    loads = year.allocation.loads
    loads = loads[loads["team"].isin(teams)] if teams else loads
    without = loads[(loads["needed_days"] > 0) & (loads["capacity_days"] <= 0)]
    lines = {line: line_days(year.account, line) for line in ACCOUNT_LINES}
    sentences = []
    for team, months in without.groupby("team", sort=False)["month"]:
        total, other, non, inspection, reserve, key, _ = (days[team] for days in lines.values())
        left = f"还差 {-inspection:.12g}" if inspection < 0 else f"余 {inspection:.12g}"
        less = "".join(f"，再减{name} {days:.12g}" for name, days in (("余地", reserve), ("重点时段", key)) if days)
        sentences.append(
            f"{team} {months_text(list(months))}没有可安排人日：全年总法定 {total:.12g}，"
            f"减去其他执法 {other:.12g}、非执法 {non:.12g}，{left}{less}。"
        )
    return sentences


def basis(year: Year) -> str:
    """Return in a sentence what a scenario is compared with: the version in force, a draft, or today's tables."""
    day, version = year.plan.approval_day, year.version
    if version is None:
        return f"“计划”是今天的表在预计批准日（{day}）排出的草案；到那天已过的月份按检查记录。"
    cells = len(annex_differences(version.visits, year.allocation.visits, year.names))
    if not cells:
        return f"“计划”是{year.version_text}；情景与它一样，从批准日（{day}）排起，已过的月份按检查记录。"
    return f"“计划”是今天的表从批准日（{day}）排起的试算，与{year.version_text}有 {cells} 处不同；情景与试算比较。"


def bound(answers: Answers) -> str:
    """Return what is known before the plan is solved: the load no plan can be below, what certainly does not fit."""
    bounds = "，".join(f"{row.team}最高负荷不低于 {percent(row.bound)}" for row in answers.bounds.itertuples())
    known = f"已知：{bounds}。" if bounds else ""
    return f"正在求解逐月安排……{known}{'。'.join(answers.certain_shortage)}"


def calibrated(table: pd.DataFrame) -> str:
    """Return in a sentence how well the chances agree with the months over since approval; '' with no record."""
    if table.empty:
        return ""
    met, chance = int(table["met"].sum()), float(table["finish_share"].mean())
    gap = chance - met / len(table)
    verdict = "大体相符" if abs(gap) < FAIR else "测算偏乐观，宜多留余地" if gap > 0 else "测算偏保守"
    return (
        f"与检查记录对照：批准后已过 {len(table)} 个月中 {met} 个月按期，测算的可能平均 {percent(chance)}，{verdict}。"
    )


def ways(answers: Answers) -> str:
    """Return the cheapest ways out, one to a line."""
    table = answers.year.ways_out
    if table.empty:
        return "没有找到单独一种办法能排下，请调整多项。"
    rows = enumerate(table.itertuples(), 1)
    return "办法（已逐个重新求解验证，代价小的在前）：\n" + "\n".join(
        f"{n}. {row.way}{'' if isnan(row.days) else f'（{row.days:.12g} 人日）'}：{_whole_entries(row.message)}"
        for n, row in rows
    )


def _whole_entries(text: str, most: int = 120) -> str:
    """Return a long list up to its last whole entry that fits."""
    if len(text) <= most:
        return text
    whole = re.match(r".*(?:人日|家次|天)(?=、)", text[:most])
    return f"{whole.group()}等" if whole else f"{text[:most]}……"


def officer_table(rows: Sequence[Mapping], answers: Answers) -> pd.DataFrame:
    """Return what one officer more or fewer comes to: one row per team and step (as `one_officer` gives them)."""
    return pd.DataFrame(
        [(row["team"], *_officer_cells(row, team_loads(answers.year, row["team"]))) for row in rows],
        columns=["team", "人数", "可安排人日", "最高负荷", "超出人日"],
    )


def _officer_cells(row: Mapping, now: pd.DataFrame) -> tuple[str, str, str, str]:
    start = f"{'多一人' if row['change'] > 0 else '少一人'}（{row['month']} 月起）"
    if row["message"]:
        return start, row["message"], "—", "—"
    room = difference("days", now["capacity_days"].sum(), row["capacity_days"])
    highest = "".join(no_days(row["year"], [row["team"]])) or number("share", row["highest_load"])
    return (
        start,
        f"{row['capacity_days']:.12g}（{room or '不变'}）",
        f"{number('share', highest_load(now))} → {highest}",
        f"{now['overload_days'].sum():.12g} → {row['overload_days']:.12g}",
    )


def scenario_effects(answers: Answers) -> pd.DataFrame:
    """Return what the scenario comes to: one row per figure (项目, 计划, 情景, 影响), as text."""
    before, after = (finishing_share(outlook) for outlook in (plan_answers(answers).outlook, answers.outlook))
    figures = [(row.item, row.kind, row.before, row.after) for row in answers.figures.itertuples()]
    rows = [
        (item, number(kind, old), number(kind, new), difference(kind, old, new))
        for item, kind, old, new in (*figures, (FINISHED, "share", before, after))
    ]
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS)


def side_by_side(scenarios: Mapping[str, Answers]) -> pd.DataFrame:
    """Return the figures of several scenarios: one row per figure, a column per scenario, the plan first."""
    columns = {"计划": plan_answers(next(iter(scenarios.values()))), **scenarios}
    items = columns["计划"].figures["item"]
    table = {"项目": [*items, FINISHED]}
    for name, answers in columns.items():
        figures = map(number, answers.figures["kind"], answers.figures["after"])
        table[name] = [*figures, percent(finishing_share(answers.outlook))]
    return pd.DataFrame(table)


def plan_answers(answers: Answers) -> Answers:
    """Return the answers of the plan itself."""
    return Answers(answers.base, Scenario())
