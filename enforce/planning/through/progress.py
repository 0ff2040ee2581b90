"""Progress (执行进度): what was done against what was planned, every rate with its numerator and denominator.

家次 (one unit for one task), 入企次数 (one walk through the gate) and the statistics' own count of records stand side
by side and are never added. There is no target and no ranking on visits or fines.
"""

from __future__ import annotations

import pandas as pd

from enforce.planning.visits import joint_shares
from enforce.words.months import MONTHS
from enforce.words.numbers import in_order, rate, rates
from enforce.words.terms import Basis, Tier, Trigger

WAN = 10_000  # 元 in 万元


def until(records: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the records dated up to and including `as_of` (ISO date)."""
    return records[records["date"] <= as_of].reset_index(drop=True)


def done_by_month(records: pd.DataFrame) -> pd.DataFrame:
    """Return planned work done (计划内完成): one row per task and month that has any, `visits` in 家次.

    >>> records = pd.DataFrame({"task_id": ["P01", "P01", ""], "date": ["2024-03-05", "2024-03-06", "2024-03-07"]})
    >>> done_by_month(records).values.tolist()
    [['P01', 3, 2]]
    """
    planned = records[records["task_id"] != ""]
    month = planned["date"].str[5:7].astype(int).rename("month")
    return planned.groupby(["task_id", month]).size().rename("visits").reset_index()


def completion_by_task(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return completion by line (按事项完成率): one row per task; late visits were done after the line's last month."""
    planned = records[records["task_id"] != ""]
    done = planned.groupby("task_id").size()
    last = {task.task_id: max(months[-1] for months in task.periods) for task in tasks.itertuples()}
    late = planned[planned["date"].str[5:7].astype(int) > planned["task_id"].map(last).fillna(12)]
    table = tasks[["task_id", "group", "name", "tier", "planned_visits"]].rename(columns={"name": "task"})
    table["done_visits"] = table["task_id"].map(done).fillna(0).astype(int)
    table["late_visits"] = table["task_id"].map(late.groupby("task_id").size()).fillna(0).astype(int)
    return _completion(table)


def _completion(table: pd.DataFrame) -> pd.DataFrame:
    left = (table["planned_visits"] - table["done_visits"]).clip(lower=0)
    share = table["done_visits"] / table["planned_visits"].where(table["planned_visits"] > 0)
    return table.assign(
        left_visits=left,
        numerator=table["done_visits"],
        denominator=table["planned_visits"],
        completion=share,
    )


def completion_by(by_task: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return completion by tier or group (按类完成率): one row each, and 合计.

    >>> by_task = pd.DataFrame({"tier": ["key", "general"], "planned_visits": [246, 186], "done_visits": [253, 204]})
    >>> completion_by(by_task, "tier")["completion"].round(3).tolist()
    [1.028, 1.097, 1.058]
    """
    table = by_task.groupby(column, sort=False, as_index=False)[["planned_visits", "done_visits"]].sum()
    if column == "tier":
        table = in_order(table, column, Tier)
    total = {
        column: "合计",
        "planned_visits": table["planned_visits"].sum(),
        "done_visits": table["done_visits"].sum(),
    }
    return _completion(pd.concat([table, pd.DataFrame([total])], ignore_index=True))


def completion_by_month(plan: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return plan against actual through the year (按月进度): one row per month, with totals to date.

    `plan` has one row per task and month (visits); unplanned visits stand in a column of their own.
    """
    month = records["date"].str[5:7].astype(int)
    planned = records["task_id"] != ""
    table = pd.DataFrame({"month": list(MONTHS)})
    table["planned_visits"] = table["month"].map(plan.groupby("month")["visits"].sum()).fillna(0).astype(int)
    table["done_visits"] = table["month"].map(month[planned].value_counts()).fillna(0).astype(int)
    table["unplanned_visits"] = table["month"].map(month[~planned].value_counts()).fillna(0).astype(int)
    table["planned_to_date"] = table["planned_visits"].cumsum()
    table["done_to_date"] = table["done_visits"].cumsum()
    table["completion"] = table["done_to_date"] / table["planned_to_date"].where(table["planned_to_date"] > 0)
    return table


def sources_of_visits(records: pd.DataFrame) -> pd.DataFrame:
    """Return planned and unplanned shares (计划内外占比): rates over all visits done, then each trigger's share."""
    total = len(records)
    planned = int((records["task_id"] != "").sum())
    rows = [
        rate("计划内检查 ÷ 全部检查", planned, total),
        rate("非计划检查 ÷ 全部检查", total - planned, total),
    ]
    counts = records.loc[records["task_id"] == "", "trigger"].value_counts()
    seen = [word for word in Trigger if counts.get(word, 0)]
    rows += [rate(f"　其中：{word.label} ÷ 非计划检查", int(counts[word]), total - planned) for word in seen]
    return rates(rows)


def key_unit_coverage(units: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return coverage of the frozen key list (区重点单位覆盖率): distinct key units visited ÷ key units listed."""
    listed = units.loc[units["is_key"], "unit_id"]
    seen = listed.isin(records["unit_id"])
    planned = listed.isin(records.loc[records["task_id"] != "", "unit_id"])
    return rates(
        [
            rate("到过的区重点单位 ÷ 区重点单位名单", int(seen.sum()), len(listed)),
            rate("其中按计划到过的 ÷ 区重点单位名单", int(planned.sum()), len(listed)),
        ]
    )


def units_not_covered(units: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return key units nobody visited (未覆盖的区重点单位): one row per unit, by code."""
    missing = units[units["is_key"] & ~units["unit_id"].isin(records["unit_id"])]
    columns = ["unit_id", "name", "subdistrict", "covered_by"]
    return missing.sort_values("unit_id", ignore_index=True)[columns]


def joint_done(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return the joint share of what was done, by the denominators of `visits.joint_shares` (联合执法完成占比)."""
    done, outside = (
        rows.groupby("task_id").size() for rows in (records, records[~records["in_district"].astype(bool)])
    )
    counts = {
        "planned_visits": tasks["task_id"].map(done).fillna(0).astype(int),
        "out_of_district_visits": tasks["task_id"].map(outside).fillna(0).astype(int),
    }
    return joint_shares(tasks.assign(**counts))


def ways_of_counting(records: pd.DataFrame, full_record: bool, excludes_penalised: bool) -> pd.DataFrame:
    """Return the same work by each way of counting (计数口径): one row per count, each in its own unit.

    The statistics count an object with a complete record once, and not what ended in a penalty (as 大同 2024 prints the
    rule); which of the two conditions apply is a rule, not a choice of this function.
    """
    local = records[records["in_district"]]
    counted = local
    if full_record:
        counted = counted[counted["full_record"]]
    if excludes_penalised:
        counted = counted[counted["penalty"] == ""]
    named = local[local["unit_id"] != ""]
    entries, entries_here = (_entries(rows) for rows in (records, local))
    rows = [
        ("检查家次（含区外）", len(records), "家次", "一家单位的一个事项为 1 家次"),
        ("区内检查家次", len(local), "家次", "区外交互检查计工作量，不计本区覆盖"),
        ("入企次数（含区外）", entries, "次", "同日进同一单位的几个事项算进一次门；没有单位代码的，一条记录算一次"),
        ("区内入企次数", entries_here, "次", "同上，只计区内"),
        ("区内被检查单位", named["unit_id"].nunique(), "家", "去重后的单位数"),
        ("统计年报行政检查次数", len(counted), "次", _counting_rule(full_record, excludes_penalised)),
    ]
    return pd.DataFrame(rows, columns=["item", "count", "count_unit", "note"])


def _entries(records: pd.DataFrame) -> int:
    """Count the entries (入企次数): one per unit and day, and one for each record without a unit's code."""
    named = records[records["unit_id"] != ""]
    return len(named[["unit_id", "date"]].drop_duplicates()) + len(records) - len(named)


def _counting_rule(full_record: bool, excludes_penalised: bool) -> str:
    conditions = ["只计记录完整的"] * full_record + ["不计以处罚等其他行为结案的"] * excludes_penalised
    return "、".join(["区内检查", *conditions])


def hazards_fixed(records: pd.DataFrame) -> pd.DataFrame:
    """Return rectification rates (整改率): hazards fixed ÷ found, the share of major ones, of visits finding any."""
    hazards, fixed = int(records["hazards_found"].sum()), int(records["hazards_fixed"].sum())
    return rates(
        [
            rate("隐患整改率：整改数 ÷ 隐患数", fixed, hazards),
            rate("重大隐患 ÷ 隐患数", int(records["major_hazards"].sum()), hazards),
            rate("发现隐患的检查 ÷ 全部检查", int((records["hazards_found"] > 0).sum()), len(records)),
        ]
    )


def penalties(records: pd.DataFrame) -> pd.DataFrame:
    """Return penalties by what they follow (处罚): one row for inspection, one for accidents, never one sum of both."""
    rows = []
    for basis in Basis:
        cases = records[(records["penalty_basis"] == basis) & (records["penalty"] != "")]
        rows.append((basis, len(cases), cases["fine_yuan"].sum() / WAN))
    return pd.DataFrame(rows, columns=["penalty_basis", "cases", "fine_wan_yuan"])
