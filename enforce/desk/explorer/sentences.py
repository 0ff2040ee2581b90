"""What is told (说法): state and answers as the tables and sentences of the page and of the change sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from enforce.desk.explorer.answers import Answers, finish, highest
from enforce.desk.explorer.fields import NEW
from enforce.desk.explorer.state import State
from enforce.desk.year import Year
from enforce.inputs.parameters.scenario import PeriodChange, Scenario
from enforce.papers.books.scenario_sheet import COLUMNS
from enforce.papers.screen.panels import difference, number
from enforce.words.numbers import percent

#: Said wherever officers are changed.
ESTIMATES_STAY = "其他执法、非执法人日按计划估算，不随人数变化。"


#: How far the chances told may lie from the share of months met and still be called fair.
FAIR = 0.1

#: Fields that are told together with others, not each by itself.
_TOGETHER = ("officers", "from", "name/", *(f"{part}/{n}" for part in ("start", "end", "kept") for n in NEW))


def changes(state: State) -> pd.DataFrame:
    """Return what differs from the plan: one row per change (项目, 计划, 情景), as text."""
    scenario = state.scenario
    rows = list(_officer_rows(state.year, scenario))
    rows += [
        (_called(state, key), _shown(state, key, entry.plan), _shown(state, key, state.value(key)))
        for key, entry in state.fields.items()
        if state.changed(key) and not key.startswith(_TOGETHER)
    ]
    known = {period.name for period in state.year.plan.key_periods}
    rows += [
        (f"新增重点时段「{one.name}」", "无", _period(one)) for one in scenario.key_periods if one.name not in known
    ]
    return pd.DataFrame(rows, columns=COLUMNS[:3])


def _officer_rows(year: Year, scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    """Yield how many officers a team has from each month of a change on, in the plan and in the scenario."""
    before = year.statutory.set_index(["team", "month"])["officer_count"]
    teams = [team.team for team in year.plan.teams]
    for one in sorted(scenario.officers, key=lambda one: (teams.index(one.team), one.from_month)):
        mine = (
            more.change for more in scenario.officers if more.team == one.team and more.from_month <= one.from_month
        )
        was = int(before[one.team, one.from_month])
        title = f"{one.team}持证执法人员（{one.from_month} 月起）"
        yield title, f"{was} 人", f"{was + sum(mine)} 人（{one.change:+d}）".replace("-", "−")


def _period(one: PeriodChange) -> str:
    kept = "，".join(f"{entry.team} {entry.days:g} 人日" for entry in one.reserved_days if entry.days)
    return f"{one.from_date} 至 {one.to_date}{f'，预留 {kept}' if kept else ''}"


def _called(state: State, key: str) -> str:
    """Return what a planner calls a field, out of its place."""
    part, _, rest = key.partition("/")
    label = state.fields[key].label
    if part in ("visits", "days", "months"):
        return f"{state.year.names[rest]}：{label}"
    if part in ("start", "end", "kept"):
        return f"{state.period_name(rest.split('/')[0])}：{label}{'预留' if part == 'kept' else ''}"
    return label


def _shown(state: State, key: str, value: object) -> str:
    entry = state.fields[key]
    sign = "+" if key == "unplanned" and value > 0 else ""
    return f"{sign}{entry.told(value)}"


def headline(answers: Answers) -> str:
    """Return in one sentence whether it fits, and what is short where it does not."""
    if not answers.overload:
        return "全年安排得下：没有一个科队、一个月超出可安排人日。"
    told = "。".join(_named(message, answers) for message in answers.shortage["message"])
    return f"排不下，至少超出 {answers.overload:g} 人日。{told}。"


def _named(message: str, answers: Answers, most: int = 3) -> str:
    """Return a sentence with the lines it tells of by name, the first of them where they are many."""
    names = answers.year.names
    codes = [code for code in names if code in message]
    if len(codes) > most:
        first = "、".join(f"「{names[code]}」" for code in codes[:most])
        return message.replace("、".join(sorted(codes)), f"{first}等")
    for code in codes:
        message = message.replace(code, f"「{names[code]}」")
    return message


def bound(answers: Answers) -> str:
    """Return what is known before the plan is solved: the load no plan can be below, what certainly does not fit."""
    told = [f"{row.team}最高负荷不低于 {percent(row.bound)}" for row in answers.bounds.itertuples()]
    short = "。".join(_named(message, answers) for message in answers.short["message"])
    return f"正在求解逐月安排……已知：{'，'.join(told)}。{short}"


def calibrated(table: pd.DataFrame) -> str:
    """Return in a sentence how good the chances told were, month by month; '' while nothing is recorded."""
    if table.empty:
        return ""
    met, chance = int(table["met"].sum()), float(table["finish_share"].mean())
    gap = chance - met / len(table)
    verdict = "大体相符" if abs(gap) < FAIR else "测算偏乐观，宜多留余地" if gap > 0 else "测算偏保守"
    return f"与检查记录对照：已过 {len(table)} 个月中 {met} 个月按期，测算的可能平均 {percent(chance)}，{verdict}。"


def ways(answers: Answers) -> str:
    """Return the cheapest ways out, one to a line."""
    table = answers.ways_out
    if table.empty:
        return "没有找到单独一种办法能排下，请调整多项。"
    rows = enumerate(table.itertuples(), 1)
    return "办法（已逐个重新求解验证，代价小的在前）：\n" + "\n".join(
        f"{n}. {row.way}（{row.days:g} 人日）：{_cut(row.message)}" for n, row in rows
    )


def _cut(text: str, most: int = 120) -> str:
    """Return a long list up to its last whole entry that fits."""
    if len(text) <= most:
        return text
    whole = re.match(r".*(?:人日|家次|天)(?=、)", text[:most])
    return f"{whole.group()}等" if whole else f"{text[:most]}……"


def officer_table(rows: list[Mapping], answers: Answers) -> pd.DataFrame:
    """Return what one officer more or fewer buys: one row per team and step."""
    now = answers.year.allocation.loads.groupby("team")[["capacity_days", "overload_days"]].sum()
    told = []
    for row in rows:
        team, sign = row["team"], "多一人" if row["change"] > 0 else "少一人"
        start = f"{sign}（{row['month']} 月起）"
        if row["message"]:
            told.append((team, start, row["message"], "—", "—"))
            continue
        room = difference("days", now.at[team, "capacity_days"], row["capacity_days"])
        told.append(
            (
                team,
                start,
                f"{row['capacity_days']:g}（{room or '不变'}）",
                f"{number('share', highest(answers.year, team))} → {number('share', row['highest_load'])}",
                f"{now.at[team, 'overload_days']:g} → {row['overload_days']:g}",
            )
        )
    return pd.DataFrame(told, columns=["team", "人数", "可安排人日", "最高负荷", "超出人日"])


def effects(answers: Answers) -> pd.DataFrame:
    """Return what the scenario comes to: one row per figure (项目, 计划, 情景, 影响), as text."""
    rows = [
        (
            row.item,
            number(row.kind, row.before),
            number(row.kind, row.after),
            difference(row.kind, row.before, row.after),
        )
        for row in answers.figures.itertuples()
    ]
    before, after = (finish(one.outlook) for one in (Answers(answers.base, Scenario()), answers))
    rows.append(("按期完成的可能", percent(before), percent(after), difference("share", before, after)))
    return pd.DataFrame(rows, columns=COLUMNS)


def side_by_side(found: Mapping[str, Answers]) -> pd.DataFrame:
    """Return the figures of several scenarios: one row per figure, a column per scenario, the plan first."""
    first = next(iter(found.values())).figures
    table = pd.DataFrame({"项目": first["item"], "计划": map(number, first["kind"], first["before"])})
    for name, answers in found.items():
        table[name] = list(map(number, answers.figures["kind"], answers.figures["after"]))
    plan = Answers(next(iter(found.values())).base, Scenario())
    last = pd.DataFrame([["按期完成的可能", *(percent(finish(one.outlook)) for one in (plan, *found.values()))]])
    return pd.concat([table, last.set_axis(table.columns, axis=1)], ignore_index=True)
