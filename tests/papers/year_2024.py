"""The year 2024 of the papers' tests: lines as published in 普应急〔2024〕1号, everything else made up."""

from __future__ import annotations

import pandas as pd

from enforce.papers.books.book import Meta
from enforce.words.terms import ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT

MARK = "预估：国务院节假日安排尚未发布"
WORKDAYS = (22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22)

LINES = (  # task_id, group, name, tier, kind, visits, months, days, invited
    ("P01", "区重点单位", "区重点单位执法检查", "key", "key_list", 60, range(1, 13), 1.0, ()),
    (
        "P02",
        "重点时段专项",
        "使用危化品或危险化学品经营企业",
        "key",
        "key_period",
        10,
        (1, 2, 3, 4, 9, 11),
        0.5,
        (("危化科", 0.5),),
    ),
    (
        "P03",
        "重点时段专项",
        "各类城市综合体",
        "key",
        "key_period",
        20,
        (1, 2, 4, 9, 11),
        1.0,
        (("基础科", 0.5),),
    ),
    (
        "P04",
        "重点时段专项",
        "园中园、厂中厂、创业园区型企业",
        "key",
        "key_period",
        8,
        (3, 4, 9, 11),
        1.5,
        (("基础科", 0.5),),
    ),
    ("P05", "专项", "清剿特种作业操作证假证专项", "key", "campaign", 20, (1, 2, 3), 0.5, ()),
    ("P06", "专项", "危险化学品综合性专项", "key", "campaign", 10, range(5, 10), 1.5, (("危化科", 1.0),)),
    ("P07", "专项", "工贸综合性专项", "key", "campaign", 8, range(6, 11), 1.5, (("基础科", 1.0),)),
    (
        "P08",
        "专项",
        "重点单位跨区域交互检查",
        "key",
        "exchange",
        8,
        (5, 6, 10, 11),
        2.0,
        (("危化科", 0.5),),
    ),
    ("P09", "专项", "安全生产培训机构专项", "key", "campaign", 6, (7, 8), 0.5, ()),
    (
        "P10",
        "专项",
        "危险化学品使用企业执法抽查",
        "key",
        "spot_check",
        28,
        range(4, 12),
        0.5,
        (("危化科", 0.5),),
    ),
    (
        "P11",
        "一般检查",
        "预警、信用较低、风险较高企业执法抽查",
        "general",
        "spot_check",
        68,
        range(1, 13),
        0.5,
        (),
    ),
    (
        "P12",
        "一般检查",
        "“双随机、一公开”跨部门联合执法",
        "general",
        "joint",
        15,
        range(5, 12),
        1.0,
        (("危化科", 0.5),),
    ),
)


def tasks() -> pd.DataFrame:
    """One row per line of the plan."""
    columns = ["task_id", "group", "name", "tier", "kind", "planned_visits", "visit_days", "invited"]
    return pd.DataFrame([(*line[:6], *line[7:]) for line in LINES], columns=columns)


def names() -> dict[str, str]:
    """Name of every line by its code."""
    return {line[0]: line[2] for line in LINES}


def visits() -> pd.DataFrame:
    """One row per task x month: the visits spread evenly over the months allowed."""
    rows = []
    for task_id, *_, planned, months, days, invited in LINES:
        each, remainder = divmod(planned, len(months))
        given = {month: each + (n < remainder) for n, month in enumerate(months)}
        per_visit = 2 * days + sum(days for _, days in invited)
        rows += [(task_id, m, given.get(m, 0), given.get(m, 0) * per_visit) for m in range(1, 13)]
    return pd.DataFrame(rows, columns=["task_id", "month", "visits", "days_needed"])


def capacity() -> pd.DataFrame:
    """One row per team x month."""
    yearly = {"执法大队": 1.5, "危化科": 0.5, "基础科": 0.25}
    rows = [(team, m, days * WORKDAYS[m - 1]) for team, days in yearly.items() for m in range(1, 13)]
    table = pd.DataFrame(rows, columns=["team", "month", "capacity_days"])
    return table.assign(capacity_days=(table["capacity_days"] * 2 // 1) / 2)


def loads() -> pd.DataFrame:
    """One row per team x month; 执法大队 is over its capacity in some months."""
    need = dict.fromkeys([("执法大队", m) for m in range(1, 13)], 0.0)
    for row in visits().itertuples():
        line = next(line for line in LINES if line[0] == row.task_id)
        for team, days in (("执法大队", 2 * line[7]), *line[8]):
            need[team, row.month] = need.get((team, row.month), 0.0) + days * row.visits
    table = capacity()
    table.insert(2, "needed_days", [need.get(key, 0.0) for key in zip(table.team, table.month, strict=True)])
    over = (table.needed_days - table.capacity_days).clip(lower=0)
    return table.assign(overload_days=over, load=table.needed_days / table.capacity_days)


def account() -> pd.DataFrame:
    """One row per team x line, item of the workload account; 合计 last."""
    rows = [row for n, team in enumerate(("执法大队", "危化科", "基础科")) for row in _team_account(team, 10 - 3 * n)]
    table = pd.DataFrame(rows, columns=["team", "line", "item", "days"])
    whole = table.groupby(["line", "item"], sort=False, as_index=False)["days"].sum()
    table = pd.concat([table, whole.assign(team=ALL_TEAMS)], ignore_index=True)[list(table)]
    total = table[table.line == "total_statutory_days"].set_index("team")["days"]
    return table.assign(share=table.days / table.team.map(total))


def _team_account(team: str, officers: int) -> list[tuple]:
    other = [("other_enforcement_days", item, 9.5 * officers) for item in OTHER_ENFORCEMENT]
    duties = [("non_enforcement_days", item, 6.0 * officers) for item in NON_ENFORCEMENT]
    total, others, rests = 251.0 * officers, 95.0 * officers, 42.0 * officers
    inspection, reserve, period = total - others - rests, 11.5 * officers, 4.0
    return [
        (team, *row)
        for row in (
            ("total_statutory_days", "", total),
            ("other_enforcement_days", "", others), *other,
            ("non_enforcement_days", "", rests), *duties,
            ("inspection_days", "", inspection),
            ("reserve_days", "", reserve),
            ("key_period_days", "", period),
            ("capacity_days", "", inspection - reserve - period),
        )
    ]  # fmt: skip


def progress() -> pd.DataFrame:
    """One row per line: planned and done; one line is over its plan, one has not begun."""
    done = (58, 10, 17, 8, 20, 10, 5, 4, 0, 28, 74, 12)
    table = tasks()[["name", "planned_visits"]].assign(done_visits=done)
    table = table.assign(numerator=table.done_visits, denominator=table.planned_visits)
    return table.assign(completion=table.numerator / table.denominator)


def meta(**changes: object) -> Meta:
    """What the books of the tests say of themselves."""
    imprint = {
        "title": "上海市普陀区应急管理局2024年度应急管理综合行政执法计划",
        "bureau": "上海市普陀区应急管理局",
        "document": "普应急〔2024〕1号",
        "approved_on": "2024-03-13",
        "year": 2024,
        "disclaimer": "人员、人日为演示虚构",
        "mark": MARK,
        "notes": ("监督检查工作日按总法定工作日减其他执法工作日、非执法工作日计算（转引）",),
    }
    return Meta(**(imprint | changes))
