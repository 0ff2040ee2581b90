"""The wording (文字): the values that stand in the text of a plan's papers, by the Chinese names that templates use.

Every value is computed from the year. What is of one letter alone is its `公文`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pandas as pd

from enforce.desk.year import Year
from enforce.inputs.parameters.plan import ChosenBasis, Letter
from enforce.papers.documents.leaves import Blank, Rows
from enforce.papers.screen.cells import YEAR as WHOLE_YEAR
from enforce.papers.screen.cells import is_number, percent_shares
from enforce.words.months import QUARTERS, month_runs, months_text
from enforce.words.numbers import number_text, percent, rounded
from enforce.words.terms import ALL_TEAMS, BasisKind, Exclusion, Kind, Paper, PlanState, Selection, Tier
from enforce.words.texts import book_title

#: What numbers the sections of a text.
NUMERALS = "一二三四五六七八九十"
#: What stands where a letter's own date is not given: room to write it by hand.
NO_DATE = "　　　　年　　月　　日"


def date_text(iso: str) -> str:
    """Return a day as an official paper writes it.

    >>> date_text("2024-03-13"), date_text("") == NO_DATE
    ('2024年3月13日', True)
    """
    year, month, day = map(int, iso.split("-")) if iso else (0, 0, 0)
    return f"{year}年{month}月{day}日" if iso else NO_DATE


def days_text(days: float) -> str:
    """Return officer-days as they are printed: as many digits as they have."""
    return number_text(rounded(days, 6))


def plan_values(year: Year) -> dict[str, object]:
    """Return the values every paper of a plan may use, by name."""
    plan, tasks = year.plan, planned_tasks(year)
    approved = plan.step(PlanState.APPROVED) if year.version or not year.state_mark else None
    return {
        "年度": plan.year,
        "区域": plan.district,
        "机关": plan.bureau,
        "计划名称": f"{plan.bureau}{year.title}",
        "总家次": int(tasks["planned_visits"].sum()),
        "其中": _by_tier(tasks),
        "联合家次": int(tasks.loc[tasks["kind"] == Kind.JOINT, "planned_visits"].sum()),
        "层次": list(_tier_texts(year, tasks)),
        "依据": references(year, plan.bases),
        "工作量": _workload(year),
        "重点时段": _key_periods(year),
        "重点单位称呼": plan.vocabulary.key_units,
        "重点单位家数": len(key_list(year)),
        "名单句": _list_sentence(year),
        "覆盖": _coverage(year),
        "对象范围": _listing(flag for flags in tasks.loc[tasks["tier"] == Tier.KEY, "hazards"] for flag in flags),
        "科队": "、".join(team.team for team in plan.teams),
        "邀请科室": _listing(team for invited in tasks["invited"] for team, _ in invited),
        "报送": Rows(({"单位": entry.to} for entry in plan.filing), ("单位",)),
        "批准": {
            "机关": (approved.body if approved else "") or government(year),
            "文号": approved.number if approved else "",
            "日期": date_text(approved.date) if approved else "",
        },
        "上年": len(year.last_year) > 0,
    }  # fmt: skip


def government(year: Year) -> str:
    """Return the government that approves the plan, where the plan does not name it: that of its district."""
    return f"{year.plan.district}人民政府"


def planned_tasks(year: Year) -> pd.DataFrame:
    """Return the lines of annex 1 with all that today's table says of each: one row per task with visits.

    A line that is gone from today's table keeps what the version froze of it.
    """
    frozen = year.annex_tasks.set_index("task_id")
    today = year.tasks.set_index("task_id").reindex(frozen.index)
    gone = ~today.index.isin(year.tasks["task_id"])
    for column in today.columns[today.columns.isin(frozen.columns)]:
        today[column] = frozen[column]
    for column in today.columns.difference(frozen.columns) if gone.any() else ():
        empty = _nothing(year.tasks[column])
        today[column] = [empty if out else value for value, out in zip(today[column], gone, strict=True)]
    tasks = today.reset_index()
    return tasks[tasks["planned_visits"] > 0].reset_index(drop=True)


def _nothing(column: pd.Series) -> object:
    """Return what stands in a column of the tasks where a line says nothing."""
    if column.dtype == "Int64":
        return pd.NA
    sample = column.iloc[0]
    return () if isinstance(sample, tuple) else 0 if is_number(sample) else ""


def _listing(words: object) -> str:
    return "、".join(dict.fromkeys(words))


# --- visits ---------------------------------------------------------------------------------------------------------


def _by_tier(tasks: pd.DataFrame) -> str:
    """Return how the visits part into the tiers, with shares that add up to 100; '' where there are none."""
    sums = [(tier, int(tasks.loc[tasks["tier"] == tier, "planned_visits"].sum())) for tier in Tier]
    sums = [(tier, count) for tier, count in sums if count]
    if len(sums) == 1:
        return f"均为{sums[0][0].label}"
    whole = sum(count for _, count in sums)
    shares = percent_shares([count / whole for _, count in sums]) if whole else ()
    parts = [
        f"{tier.label}{count}家次（占比{percent(share)}）" for (tier, count), share in zip(sums, shares, strict=True)
    ]
    return f"其中：{'，'.join(parts)}" if parts else "没有安排检查"


def _tier_texts(year: Year, tasks: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Yield each tier with visits: its groups, and their lines."""
    with_visits = [(tier, tasks[tasks["tier"] == tier]) for tier in Tier]
    for n, (tier, lines) in enumerate([(tier, lines) for tier, lines in with_visits if len(lines)]):
        listed = (lines["kind"] == Kind.KEY_LIST).any() and len(key_list(year))
        yield {
            "序": NUMERALS[n],
            "名称": tier.label,
            "家次": int(lines["planned_visits"].sum()),
            "类别": list(_groups(year, lines)),
            "名单": year.plan.vocabulary.key_units if listed else "",
        }


def _groups(year: Year, lines: pd.DataFrame) -> Iterator[dict[str, object]]:
    for n, (name, group) in enumerate(lines.groupby("group", sort=False), 1):
        yield {
            "序": n,
            "名称": name,
            "家次": int(group["planned_visits"].sum()),
            "多项": len(group) > 1,
            "事项": [_line(year, m, task) for m, task in enumerate(group.itertuples(), 1)],
        }


def _line(year: Year, number: int, task: object) -> dict[str, object]:
    pool = dict(zip(year.pools["task_id"], year.pools["eligible_units"], strict=True)).get(task.task_id, 0)
    units, visits = int(task.planned_units), int(task.planned_visits)
    return {
        "序": number,
        "名称": task.name,
        "家次": visits,
        "家数": units,
        "每家": visits // units if units and visits % units == 0 else 0,
        "选取": Selection(task.selection).label if task.selection else Selection.ALL.label,
        "对象": objects_of(year, task),
        "可选家数": int(pool) if pool >= units else 0,
        "排除": excluded_text(year, task),
        "区外家次": int(task.out_of_district_visits),
        "专题": "、".join(task.themes),
        "专题数": len(task.themes),
        "其他计数": int(task.counted_items),
        "其他单位": task.counted_unit,
        "牵头": task.lead,
        "配合": "、".join(task.partners),
        "邀请": _listing(team for team, _ in task.invited),
        "月份": visit_months(year, task.task_id),
    }


def objects_of(year: Year, task: object) -> str:
    """Return what a line inspects, in words: key units, the flags of its units, else units of our level."""
    if task.kind == Kind.KEY_LIST:
        return year.plan.vocabulary.key_units
    return f"{'、'.join(task.hazards)}类单位" if task.hazards else "本局监管的单位"


def excluded_text(year: Year, task: object) -> str:
    """Return which units a line leaves out, in words; '' where none."""
    return f"避免与{year.plan.vocabulary.key_units}重复" if task.exclude == Exclusion.KEY_LIST else ""


def visit_months(year: Year, task_id: str) -> str:
    """Return the months of annex 1 in which a line has visits, in words."""
    rows = year.annex.visits
    months = rows.loc[(rows["task_id"] == task_id) & (rows["visits"] > 0), "month"]
    return months_of(months.tolist()) if len(months) else "排不下，待定"


def months_of(months: list[int]) -> str:
    """Return months as an official paper writes them.

    >>> months_of([1, 2, 3, 4, 9, 11]), months_of([1, 2, 3]), months_of(list(range(1, 13)))
    ('1至4月、9月、11月', '一季度', '全年')
    """
    text = months_text(sorted(months))
    runs = month_runs(sorted(months), ",").replace("-", "至").split(",")
    return text if text in (WHOLE_YEAR, *QUARTERS) else "、".join(f"{run}月" for run in runs)


# --- days -----------------------------------------------------------------------------------------------------------


def _workload(year: Year) -> dict[str, object]:
    account = year.account
    total = {row.line: row.days for row in account.itertuples() if row.team == ALL_TEAMS and not row.item}
    return {
        "工作日": int(year.workdays["workdays"].sum()),
        "总法定": days_text(total["total_statutory_days"]),
        "其他执法": days_text(total["other_enforcement_days"]),
        "非执法": days_text(total["non_enforcement_days"]),
        "监督检查": days_text(total["inspection_days"]),
        "余地": days_text(total["reserve_days"]),
        "重点时段": days_text(total["key_period_days"]),
        "可安排": days_text(total["capacity_days"]),
        "需要": days_text(year.annex_need["needed_days"].sum()),
        "科队": [_team_days(name, rows) for name, rows in year.statutory.groupby("team", sort=False)],
    }


def _team_days(name: str, rows: pd.DataFrame) -> dict[str, object]:
    """Return the product of officers and workdays of a team, month by month where the officers change."""
    months = zip(rows["officer_count"], rows["workdays"], strict=True)
    runs = [(officers, sum(days for _, days in run)) for officers, run in groupby(months, lambda month: month[0])]
    return {
        "名称": name,
        "算式": "＋".join(f"{days_text(officers)}人×{int(days)}天" for officers, days in runs if officers) or "没有人",
        "总法定": days_text(rows["statutory_days"].sum()),
    }


def _key_periods(year: Year) -> dict[str, object] | None:
    periods = year.plan.key_periods
    if not periods:
        return None
    return {
        "名称": _listing(period.name for period in periods),
        "人日": days_text(sum(share.days for period in periods for share in period.reserved_days)),
    }


# --- key units ------------------------------------------------------------------------------------------------------


def key_list(year: Year) -> pd.DataFrame:
    """Return the key list (重点单位名单): one row per unit, the frozen one once the plan is approved.

    A unit of the frozen list that the register does not hold any more keeps its code.
    """
    frozen = year.key_list
    units = year.units
    if frozen is None:
        listed = year.counted(year.tables.records)
        listed = listed[listed["is_key"]]
        return listed.assign(covered=listed["covered_by"]).sort_values("unit_id").reset_index(drop=True)
    rows = units.set_index("unit_id").reindex(sorted(frozen)).reset_index()
    return rows.assign(covered=rows["unit_id"].map(frozen))


def _coverage(year: Year) -> list[dict[str, object]]:
    names = {**year.names, **year.annex_names, "": "未安排"}
    counts = key_list(year)["covered"].fillna("").value_counts()
    codes = sorted(counts.index, key=lambda code: (code == "", code))
    return Rows(({"事项": names.get(code, code), "家数": int(counts[code])} for code in codes), ("事项", "家数"))


def _list_sentence(year: Year) -> str:
    count = len(key_list(year))
    return f"列入名单的{count}家{year.plan.vocabulary.key_units}按名单安排；" if count else ""


# --- references and letters -----------------------------------------------------------------------------------------


def references(year: Year, cited: Iterable[str | tuple[str, str] | ChosenBasis]) -> list[dict[str, object]]:
    """Return legal bases as a text cites them, in order.

    Each of `cited` is the id of a basis, one with its article, or a document that the plan names itself.
    """
    texts = (_citation(year, one) for one in cited)
    return Rows(({"序": n, "引用": text} for n, text in enumerate(texts, 1)), ("序", "引用"))


def _citation(year: Year, cited: str | tuple[str, str] | ChosenBasis) -> str:
    """Return one legal basis in words: title, article, successor; what the plan names itself as it stands."""
    if isinstance(cited, ChosenBasis):
        return book_title(cited.title)
    code, article = cited if isinstance(cited, tuple) else (cited, "")
    if not code:
        return article
    basis = year.legal_bases.entries[code]
    after = year.legal_bases.entries.get(basis.successor or "")
    followed = (
        f"（后继文件{book_title(after.title)}）" if after and (after.in_force_from or "9") <= year.ruled_on else ""
    )
    return (basis.title if basis.kind == BasisKind.OPEN else book_title(basis.title)) + article + followed


def letter_of(year: Year, paper: str) -> Letter | None:
    """Return what the plan says of a letter; None where it says nothing."""
    return next((letter for letter in year.plan.letters if letter.paper == Paper.of(paper)), None)


def letter_values(year: Year, paper: str, **usual: str) -> dict[str, object]:
    """Return what a letter says of itself: number, signer, addressee, date; what the plan leaves out is room to write.

    `usual` are the values where the plan gives none.
    """
    letter, contact = letter_of(year, paper), year.contact
    given = {
        "发文字号": letter.number if letter else "",
        "签发人": letter.signer if letter else "",
        "主送": "、".join(letter.to) if letter else "",
        "抄送": "、".join(letter.copy_to) if letter else "",
        "成文日期": date_text(letter.date if letter else ""),
        "联系人": contact.name if contact else "",
        "电话": contact.phone if contact else "",
    }
    values = {name: value or usual.get(name, "") for name, value in given.items()}
    return values | {"主送": values["主送"] or Blank(f"在计划文件的 letters 里写 paper: {paper} 和它的 to（主送单位）")}
