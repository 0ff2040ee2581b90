"""The tables of the papers (表): annexes, public notices, plans of a quarter and a month, ruled as they are printed.

The columns of a public form are a small file: headings, what stands under each, and how wide it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path

import pandas as pd

from enforce.desk.paperwork.wording import excluded_text, objects_of, planned_tasks, references, visit_months
from enforce.desk.standing import Standing
from enforce.desk.year import Year
from enforce.papers import official
from enforce.papers.documents.ruled_table import Ruled
from enforce.papers.formulas import Formula, number_of
from enforce.papers.screen.cells import MONTHS_AND_QUARTERS, ZERO, cell_text, width
from enforce.planning.visits import need_by_team
from enforce.words.files import csv_rows
from enforce.words.months import QUARTERS
from enforce.words.numbers import percent
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.terms import ALL_TEAMS, Follows, InspectionClass, ItemType, Kind, Selection, Tier, label
from enforce.words.texts import shown_path

#: An upright page and the margins of a cell, in letters of a table; a character takes two.
_PAGE_WIDTH, _CELL_MARGIN = 98, 2.4
#: What a visit is about and how it is made, where a line does not say.
USUAL_CONTENT, ON_SITE, NOT_GIVEN = "执行安全生产法律法规的情况", "现场检查", "未填写"


def ruled(table: pd.DataFrame, weights: Sequence[float] = (), strong: Sequence[int] = (), empty: str = "") -> Ruled:
    """Return a table as a paper prints it: headings in Chinese, cells as on the screen; `empty` stands for a zero.

    Without weights a column is as wide as its longest cell asks for.
    """
    texts = pd.DataFrame(
        {label(str(name)): [_printed_cell(str(name), cell, empty) for cell in table[name]] for name in table.columns},
        dtype=object,
    )
    return Ruled(texts, tuple(weights) or tuple(map(_weight, texts.columns, texts.items())), frozenset(strong))


def _printed_cell(column: str, cell: object, empty: str) -> str:
    share = isinstance(cell, Formula) and cell.kind == "share"
    text = cell_text("share" if share else column, number_of(cell))
    return empty if text in (ZERO, "—", "nan") else text


def _weight(heading: str, column: tuple[object, pd.Series]) -> float:
    longest = max([len(heading) / 2, *map(len, column[1])])
    return min(max(longest, 2.0), 14.0)


def row_lines(table: Ruled) -> pd.Series:
    """Return how many lines each row of a table takes on an upright page: one number per row, its tallest cell's."""
    wide = [_PAGE_WIDTH * weight / sum(table.weights) - _CELL_MARGIN for weight in table.weights]
    cells = zip(wide, table.table.columns, strict=True)
    return pd.DataFrame({name: table.table[name].map(width) / most for most, name in cells}).max(axis=1).map(ceil)


# --- annexes --------------------------------------------------------------------------------------------------------


def annex_tables(tables: Mapping[str, pd.DataFrame]) -> tuple[tuple[Ruled, ...], ...]:
    """Return the tables that annexes 1, 2 and 3 print, in order, from those of `district.annex_sources`."""
    return (
        (_schedule(tables["months"], tables["lines"]),),
        (_listed_units(tables["key_list"], tables["lines"]),),
        (_account(tables["account"]), _need(tables)),
    )


def _schedule(visits: pd.DataFrame, tasks: pd.DataFrame) -> Ruled:
    """Return annex 1 (安排表): one row per line, then tiers and all, 家次 by month and quarter."""
    table = official.schedule_table(visits, tasks)
    lines = len(tasks)
    weights = [1.1, 3.8, 6.8, 2.6, *[1.5 if name in QUARTERS else 1.25 for name in MONTHS_AND_QUARTERS], 1.7]
    weights += [2.0] * (len(table.columns) - len(weights))
    return ruled(table, weights, range(lines, len(table)))


def _listed_units(units: pd.DataFrame, tasks: pd.DataFrame) -> Ruled:
    """Return annex 2 (重点单位名单): one row per unit with the line that covers it."""
    names = dict(zip(tasks["task_id"], tasks["name"], strict=True))
    rows = [
        (n, unit.name, unit.unit_id, unit.subdistrict, unit.hazards, unit.level,
         names.get(unit.covered_by, "未安排"), unit.last_visit)
        for n, unit in enumerate(units.itertuples(), 1)
    ]  # fmt: skip
    columns = ["序号", "单位名称", "unit_id", "subdistrict", "重点类别", "level", "覆盖事项", "last_visit"]
    return ruled(pd.DataFrame(rows, columns=columns), (1.2, 5.2, 6.9, 2.8, 3.6, 1.5, 3.4, 3.5))


def _account(account: pd.DataFrame) -> Ruled:
    """Return annex 3 (工作量核算): one row per line and item, a column per team, 人日."""
    items = account[account["follows"] != ""]
    follows = {item: Follows.of(word) for item, word in zip(items["item"], items["follows"], strict=True)}
    table = official.account_table(account, follows)
    strong = [n for n, item in enumerate(table["细目"]) if not official.is_account_item(item)]
    teams = len(table.columns) - 5
    return ruled(table, (4.4, 6.6, *[2.2] * (teams + 1), 2.2, 2.6), strong)


def _need(tables: Mapping[str, pd.DataFrame]) -> Ruled:
    """Return need against capacity: one row per team, 人日."""
    account = tables["account"]
    capacity = account[(account["line"] == "capacity_days") & (account["team"] != ALL_TEAMS)]
    capacity = capacity.rename(columns={"days": "capacity_days"})
    need = need_by_team(tables["lines"], capacity, tables["effort"])
    return ruled(need.rename(columns={"spare_days": "富余"}))


def last_year(year: Year) -> Ruled:
    """Return last year's figures (上年数): one row per figure and period."""
    return ruled(year.last_year)


def beside_last_year(year: Year) -> Ruled:
    """Return this year's plan beside last year's figures (与上年对照): one row per figure that both have, or either."""
    tasks = planned_tasks(year)
    now = {
        "计划检查": int(tasks["planned_visits"].sum()),
        **{tier.label: int(tasks.loc[tasks["tier"] == tier, "planned_visits"].sum()) for tier in Tier},
    }
    now |= {
        row.group: int(row.planned_visits)
        for row in tasks.groupby("group", sort=False, as_index=False)["planned_visits"].sum().itertuples()
    }
    figures = year.last_year[year.last_year["period"].isin(["", "全年"])] if len(year.last_year) else year.last_year
    before = dict(zip(figures["indicator"], figures["figure"], strict=True))
    rows = [
        (name, before.get(name), now.get(name), _difference(before.get(name), now.get(name)))
        for name in {**now, **before}
    ]
    return ruled(
        pd.DataFrame(rows, columns=["指标", "上年", "本年计划", "增减"], dtype=object), (6.0, 3.0, 3.0, 3.0), empty="—"
    )


def _difference(before: object, now: object) -> str:
    """Return what is more or less than last year; '' where either is not known."""
    return "" if before is None or now is None else _change(now - before) or "持平"


# --- public notices ---------------------------------------------------------------------------------------------------


#: What a public form may print of a line.
PUBLIC_COLUMNS = (
    *("number", "name", "legal_basis", "content", "mode", "time", "office", "note", "item_type", "inspection_class"),
    *("area", "level", "subject", "joint_with", "enterprise", "objects", "base", "share"),
    *("frequency", "frequency_and_cap", "cap", "is_joint", "joint"),
)


def public_lines(year: Year) -> pd.DataFrame:
    """Return every column that a public form may print (公示各列): one row per line that may be published."""
    tasks = planned_tasks(year)
    open_tasks = tasks[tasks["unpublished"] == ""].itertuples()
    rows = [
        {"number": n, **line_facts(year, task), **_objects(year, task), **_how_often(task), **_together(task)}
        for n, task in enumerate(open_tasks, 1)
    ]
    return pd.DataFrame(rows, columns=list(PUBLIC_COLUMNS))


def content_of(task: object) -> str:
    """Return what a line inspects at a unit: its content, else its themes, else the usual."""
    return "、".join(task.content or task.themes) or USUAL_CONTENT


def line_facts(year: Year, task: object) -> dict[str, object]:
    """Return what a line is, who makes it, on what basis and when, in words by column."""
    usual = InspectionClass.SPECIAL if task.kind in (Kind.CAMPAIGN, Kind.KEY_PERIOD) else InspectionClass.ROUTINE
    chosen = Selection(task.selection).label if task.selection else ""
    return {
        "name": task.name,
        "legal_basis": "、".join(line["引用"] for line in references(year, task.legal_basis)) or NOT_GIVEN,
        "content": content_of(task),
        "mode": "、".join(task.mode) or ON_SITE,
        "time": visit_months(year, task.task_id),
        "office": "、".join(task.office) or task.team,
        "note": "；".join(filter(None, (Tier(task.tier).label, chosen))),
        "item_type": ItemType(task.item_type).label if task.item_type else NOT_GIVEN,
        "inspection_class": InspectionClass(task.inspection_class or usual).label,
        "area": year.plan.district,
        "level": year.plan.vocabulary.our_level,
        "subject": year.plan.bureau,
        "joint_with": "、".join(task.joint_with),
        "enterprise": "是",
    }


def _objects(year: Year, task: object) -> dict[str, object]:
    """At which units, of how many, and in what proportion."""
    pools = dict(zip(year.pools["task_id"], year.pools["eligible_units"], strict=True))
    pool, units = int(pools.get(task.task_id, 0)), int(task.planned_units)
    drawn = task.selection == Selection.DRAW and pool >= units > 0
    share = percent(units / pool) if drawn else "全部" if task.selection == Selection.ALL else "按风险确定"
    count = f"{pool}家，随机抽取{units}家（{share}）" if drawn else f"{units}家"
    excluded = excluded_text(year, task)
    text = f"{objects_of(year, task)}{count}{f'（{excluded}）' if excluded else ''}"
    return {"objects": text, "base": pool or units, "share": share}


def _how_often(task: object) -> dict[str, object]:
    """How often a unit is visited, and how often at most where that is published."""
    units, visits = int(task.planned_units), int(task.planned_visits)
    often = f"{visits // units}次/年/单位" if units and visits % units == 0 else f"全年{visits}家次"
    cap = f"上限{int(task.cap_per_unit)}次/年/单位" if pd.notna(task.cap_per_unit) else "上限未公布"
    return {"frequency": often, "frequency_and_cap": f"{often}，{cap}", "cap": cap}


def _together(task: object) -> dict[str, object]:
    """Whether it is a joint inspection, and who leads and takes part."""
    yes = "是" if task.kind == Kind.JOINT or task.partners else "否"
    lead = f"牵头：{task.lead}" if task.lead and yes == "是" else ""
    partners = f"配合：{'、'.join(task.partners)}" if task.partners else ""
    return {"is_joint": yes, "joint": "；".join(filter(None, (yes, lead, partners)))}


def form_columns(path: Path) -> list[dict[str, str]]:
    """Return the columns of a public form, in order; InputError names a column that is none, with those there are."""
    if not path.is_file():
        others = "、".join(sorted(one.stem for one in path.parent.glob("*.csv")))
        raise InputError([Problem("计划文件", Place("public_form"), path.stem, f"已有的表式：{others}", Flaw.UNKNOWN)])
    columns = list(csv_rows(path))
    wrong = [row["column"] for row in columns if row["column"] not in PUBLIC_COLUMNS]
    if wrong:
        known = "、".join(PUBLIC_COLUMNS)
        raise InputError(
            [Problem(shown_path(path), Place(row=n), word, f"{known} 之一") for n, word in enumerate(wrong, 2)]
        )
    return columns


def notice_of_plan(year: Year, form: Path) -> Ruled:
    """Return the plan's public notice (计划公示) in the columns of a form."""
    columns = form_columns(form)
    lines = public_lines(year)
    table = pd.DataFrame({row["heading"]: lines[row["column"]] for row in columns})
    return ruled(table, [float(row["width"]) for row in columns])


def notice_of_month(plan: Standing) -> Ruled:
    """Return the month's public notice (月公示): one row per line that may be published, no unit and no officer."""
    tasks = {task.task_id: task for task in plan.year.tasks.itertuples()}
    lines = [line for line in plan.lines.itertuples() if line.visits and not tasks[line.task_id].unpublished]
    rows = [_month_notice_row(plan.year, n, line, tasks[line.task_id]) for n, line in enumerate(lines, 1)]
    columns = [
        "序号",
        "检查事项",
        "检查类型",
        "检查对象",
        "检查内容",
        "检查方式",
        "家次",
        "选取方式",
        "牵头、配合部门",
        "承办机构",
    ]
    return ruled(pd.DataFrame(rows, columns=columns), (1.0, 4.5, 2.2, 4.5, 5.0, 2.2, 1.2, 2.8, 3.2, 2.4))


def announced_units(plan: Standing, listed: pd.DataFrame) -> Ruled:
    """Return units that may be announced (检查对象名单): one row per visit, with what is inspected there."""
    tasks = {task.task_id: task for task in plan.year.tasks.itertuples()}
    rows = [
        (n, row.task, row.name, row.subdistrict, content_of(tasks[row.task_id]))
        for n, row in enumerate(listed.itertuples(), 1)
    ]
    columns = ["序号", "检查事项", "单位名称", "subdistrict", "检查内容"]
    return ruled(pd.DataFrame(rows, columns=columns), (1.0, 5.0, 7.0, 3.0, 6.0))


def commitments(plan: Standing) -> Ruled:
    """Return what a draw commits to (名单摘要和公开事件): one row per draw of the month's published lines."""
    table = plan.public_draws[["task", "draw_id", "list_sha256", "public_event", "draw_state"]]
    return ruled(table, (5.0, 3.4, 6.4, 5.0, 3.0))


def _month_notice_row(year: Year, number: int, line: object, task: object) -> tuple:
    return (
        number,
        line.task,
        Tier(line.tier).label,
        objects_of(year, task),
        content_of(task),
        "、".join(task.mode) or ON_SITE,
        line.visits,
        Selection(task.selection).label if task.selection else "",
        "；".join(filter(None, (task.lead, "、".join(task.partners)))),
        "、".join(task.office) or line.team,
    )


# --- quarters, months, changes, findings -----------------------------------------------------------------------------


def quarter_lines(year: Year, months: Sequence[int]) -> Ruled:
    """Return the lines of a quarter (季度执法检查): one row per line with visits in it, and their sum."""
    tasks = {task.task_id: task for task in planned_tasks(year).itertuples()}
    rows = year.annex.visits[year.annex.visits["month"].isin(months) & (year.annex.visits["visits"] > 0)]
    lines = []
    for n, (task_id, part) in enumerate(rows.groupby("task_id", sort=False), 1):
        task, each = tasks[task_id], dict(zip(part["month"], part["visits"], strict=True))
        counts = [each.get(month, 0) for month in months]
        lines.append((n, task.group, task.name, objects_of(year, task), content_of(task), *counts, sum(counts)))
    sums = [sum(line[n] for line in lines) for n in range(5, 6 + len(months))]
    columns = ["序号", "专题", "项目", "范围", "内容", *[f"{month}月" for month in months], "数量（家次）"]
    table = pd.DataFrame([*lines, ("", "合计", "", "", "", *sums)], columns=columns)
    return ruled(table, (1.0, 2.6, 4.6, 3.6, 3.6, *[1.3] * len(months), 1.8), [len(lines)])


def month_lines(plan: Standing) -> Ruled:
    """Return the lines of a month (月度执法检查): one row per line, what was approved and what is planned now."""
    tasks = {task.task_id: task for task in plan.year.tasks.itertuples()}
    lines = plan.lines
    rows: list[tuple] = [
        (n, line.task, objects_of(plan.year, tasks[line.task_id]), content_of(tasks[line.task_id]), line.team,
         line.approved_visits, line.visits, _change(line.changed_visits))
        for n, line in enumerate(lines.itertuples(), 1)
    ]  # fmt: skip
    rows.append(("", "合计", "", "", "", int(lines["approved_visits"].sum()), int(lines["visits"].sum()), ""))
    columns = ["序号", "专题和项目", "单位范围", "内容", "科队", "原计划家次", "家次", "变动"]
    return ruled(pd.DataFrame(rows, columns=columns), (1.0, 4.6, 4.0, 4.0, 2.0, 1.6, 1.4, 1.6), [len(rows) - 1])


def _change(visits: int) -> str:
    return f"增加{visits}" if visits > 0 else f"减少{-visits}" if visits < 0 else ""


def change_order(plan: Standing) -> Ruled:
    """Return the change order (调整单): one row per line and month that differs."""
    order = plan.order
    rows = [
        (n, row.task, f"{row.month}月", row.approved_visits, row.visits, _change(row.changed_visits), row.reason)
        for n, row in enumerate(order.itertuples(), 1)
    ]
    columns = ["序号", "检查事项", "月份", "原家次", "现家次", "变动", "原因"]
    return ruled(pd.DataFrame(rows, columns=columns), (1.0, 6.0, 1.6, 1.5, 1.5, 1.8, 4.5))


def visit_deviations(table: pd.DataFrame) -> Ruled:
    """Return the visits not made as arranged (与日程安排不同), by number, without officers: one row per visit."""
    rows = table[["visit_id", "task", "first_day", "done_on", "visit_outcome", "deviation"]]
    return ruled(rows, (2.6, 5.6, 2.8, 2.8, 2.2, 3.4))


def finding_table(table: pd.DataFrame) -> Ruled:
    """Return the findings (存疑): one row each, with figure and limit."""
    numbered = table[["severity", "where", "message", "figure", "limit"]]
    return ruled(numbered, (1.3, 3.2, 9.5, 3.0, 2.7))
