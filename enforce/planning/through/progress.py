"""Progress (执行进度): what was done against what was planned, every rate with its numerator and denominator.

家次 (one unit for one task), 入企次数 (one walk through the gate) and the statistics' own count of records stand side
by side and are never added. What was done is judged by what was expected to the day. There is no target and no ranking
on visits or fines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from enforce.planning.visits import joint_shares
from enforce.words.measures import rate, rates
from enforce.words.months import MONTHS
from enforce.words.numbers import in_order, largest_remainder
from enforce.words.terms import Basis, ListChange, Pace, PenaltyOutcome, Tier, Trigger, is_penalty, names_of

#: Causes that nobody outside gave: an unplanned visit for one of them is not triggered (触发式).
UNTRIGGERED = (Trigger.FOLLOW_UP, Trigger.LICENCE, Trigger.ON_REQUEST)
#: Where visits to units that nobody named, or without a code, are counted.
NO_STREET = "（点名以外的、辖区外的）"
_GONE = "（已不在台账里）"
WAN = 10_000  # 元 in 万元
_COUNTS = ["approved_visits", "planned_visits", "removed_visits", "closed_visits", "done_visits", "expected_visits"]


@dataclass(frozen=True)
class Statistics:
    """What the statistics count (统计年报): a full record, none that ended in a penalty, none short of officers.

    The first two are rules (None where there is none), `short_staffed` the ids of records without the officers of the
    rules of their day.
    """

    full_record: bool | None = None
    excludes_penalised: bool | None = None
    short_staffed: frozenset[str] = frozenset()

    @property
    def silent(self) -> bool:
        """Whether no rule says what they count."""
        return self.full_record is None and self.excludes_penalised is None


def until(records: pd.DataFrame, as_of: str, date: str = "date") -> pd.DataFrame:
    """Return the rows dated up to and including `as_of` (ISO date), by the column that has their date."""
    return records[records[date] <= as_of].reset_index(drop=True)


def month_numbers(dates: pd.Series) -> pd.Series:
    """Return the month of each ISO date, worked out once for each day.

    >>> month_numbers(pd.Series(["2024-03-05", "2024-11-30"])).tolist()
    [3, 11]
    """
    places, days = pd.factorize(dates)
    months = pd.array([int(day[5:7]) for day in days], dtype="int64").to_numpy()
    return pd.Series(months[places] if len(days) else months, dates.index, name=dates.name, dtype="int64")


def done_by_month(records: pd.DataFrame) -> pd.DataFrame:
    """Return planned work done (计划内完成): one row per task and month that has any, `visits` in 家次.

    >>> records = pd.DataFrame({"task_id": ["P01", "P01", ""], "date": ["2024-03-05", "2024-03-06", "2024-03-07"]})
    >>> done_by_month(records).values.tolist()
    [['P01', 3, 2]]
    """
    months = month_numbers(records["date"])
    cells = pd.DataFrame({"task_id": records["task_id"].astype("str").astype("category"), "month": months})
    table = cells.groupby(["task_id", "month"], observed=True).size().rename("visits").reset_index()
    return table[table["task_id"] != ""].astype({"task_id": "str"}).reset_index(drop=True)


# --- what was expected to the day -----------------------------------------------------------------------------------


def expected_by_month(plan: pd.DataFrame, days: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return what was expected to the end of a day (应完成): one row per task and month, `visits` in 家次.

    Months gone in full; of the running month visits × workdays gone ÷ its workdays, half up, the day itself gone.
    `plan` has task_id, month, visits; `days` one row per date of the year: date, month, workday.

    >>> days = pd.DataFrame({"date": [f"2024-06-{n:02}" for n in (3, 4, 5, 6)], "month": 6, "workday": True})
    >>> plan = pd.DataFrame({"task_id": ["P01", "P01"], "month": [6, 7], "visits": [6, 9]})
    >>> expected_by_month(plan, days, "2024-06-03")["visits"].tolist()
    [2, 0]
    """
    gone, whole = (table.groupby("month")["workday"].sum() for table in (days[days["date"] <= as_of], days))
    ended = set(days.groupby("month")["date"].max().loc[lambda last: last <= as_of].index)
    visits = [
        count if month in ended else _part(count, int(gone.get(month, 0)), int(whole.get(month, 0)))
        for month, count in zip(plan["month"], plan["visits"], strict=True)
    ]
    return plan[["task_id", "month"]].assign(visits=pd.Series(visits, plan.index, dtype="int64"))


def _part(count: int, gone: int, whole: int) -> int:
    """A part of a count, half up; nothing of a month without workdays that is not over."""
    return (2 * count * gone + whole) // (2 * whole) if whole else 0


def against_expected(by_task: pd.DataFrame, expected: pd.DataFrame, over: bool) -> pd.DataFrame:
    """Return completion by line judged by what was expected to the day: expected_visits, pace, pace_visits (家次).

    `expected` is as of `expected_by_month`. Of a line's total of today no more is expected, and all of it once the year
    is `over`: a plan that was changed since is not judged by what it no longer asks for, nor by what was removed.

    >>> by_task = pd.DataFrame({"task_id": ["P01"], "denominator": [9], "done_visits": [2]})
    >>> expected = pd.DataFrame({"task_id": ["P01", "P01"], "month": [1, 2], "visits": [3, 1]})
    >>> against_expected(by_task, expected, over=False)[["expected_visits", "pace", "pace_visits"]].values.tolist()
    [[4, 'behind', -2]]
    """
    visits = by_task["task_id"].map(expected.groupby("task_id")["visits"].sum()).fillna(0).astype("int64")
    planned = by_task["denominator"]
    return _paced(by_task.assign(expected_visits=planned if over else visits.clip(upper=planned)))


def _paced(table: pd.DataFrame) -> pd.DataFrame:
    """The table with how many visits more or fewer than expected are done, and the word for it."""
    gap = table["done_visits"] - table["expected_visits"]
    words = [str(Pace.AHEAD if n > 0 else Pace.BEHIND if n < 0 else Pace.ON_TRACK) for n in gap]
    return table.assign(pace=words, pace_visits=gap)


# --- completion -----------------------------------------------------------------------------------------------------


def completion_by_task(
    tasks: pd.DataFrame,
    records: pd.DataFrame,
    removed: pd.DataFrame | None = None,
    closed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return completion by line (按事项完成率): one row per task; late visits were done after the line's last month.

    `removed` (as `removals.removed_visits`) are visits out of the denominator, and so are those lost with `closed`
    units (as `visits.lost_visits`) that no removal counts: where there are any they have a column.
    """
    done = done_by_month(records)
    last = {task.task_id: max(months[-1] for months in task.periods) for task in tasks.itertuples()}
    late = done[done["month"] > done["task_id"].map(last).fillna(12)]
    table = tasks[["task_id", "group", "name", "tier", "team", "planned_visits"]].rename(columns={"name": "task"})
    for name, cells in {"done_visits": done, "late_visits": late}.items():
        table[name] = table["task_id"].map(cells.groupby("task_id")["visits"].sum()).fillna(0).astype(int)
    gone = pd.Series(dtype=int) if removed is None else removed.groupby("task_id")["removed_visits"].sum()
    shut = pd.Series(dtype=int) if closed is None else closed.set_index("task_id")["lost_visits"]
    for name, counts in {"removed_visits": gone, "closed_visits": shut.sub(gone, fill_value=0).clip(lower=0)}.items():
        if counts.any():
            table[name] = table["task_id"].map(counts).fillna(0).astype(int)
    return _completion(table)


def against_approved(by_task: pd.DataFrame, approved: Mapping[str, Mapping]) -> pd.DataFrame:
    """Return completion by line with that against the approved plan: approved_visits, approved_completion.

    `approved` has the facts of each approved line (planned_visits, task, tier, group); its denominator never changes,
    whatever was re-planned, closed or removed since. Lines the plan no longer has come last, with nothing planned.

    >>> by_task = pd.DataFrame({"task_id": ["P01"], "done_visits": [4]})
    >>> table = against_approved(by_task, {"P01": {"planned_visits": 5}, "P02": {"planned_visits": 2}})
    >>> table[["task_id", "done_visits", "approved_visits", "approved_completion"]].values.tolist()
    [['P01', 4, 5, 0.8], ['P02', 0, 2, 0.0]]
    """
    texts = ("task_id", "task", "group", "tier", "team")
    none = dict.fromkeys(by_task, 0) | {"completion": float("nan")}  # nothing asked: no rate
    dropped = [
        {name: {**fact, "task_id": code}.get(name, "") if name in texts else none[name] for name in by_task}
        for code, fact in approved.items()
        if code not in set(by_task["task_id"])
    ]
    if dropped:
        by_task = pd.concat([by_task, pd.DataFrame(dropped)], ignore_index=True)
    visits = by_task["task_id"].map({code: fact["planned_visits"] for code, fact in approved.items()})
    visits = visits.fillna(0).astype("int64")
    return by_task.assign(approved_visits=visits, approved_completion=by_task["done_visits"] / visits.where(visits > 0))


def denominators(by_task: pd.DataFrame, removed: pd.DataFrame) -> pd.DataFrame:
    """Return how the denominator of each line comes about (分母的由来), 家次: one row per line.

    approved_visits + changed_visits (re-planned since) − closed_visits − removed_visits = denominator; visits to a
    substitute (substituted_visits) stay in it. late_visits were done after the line's last month (结转), left_visits
    are still to be done. Both completions stand beside: of the approved plan, and of what can still be asked.
    """
    counts = {name: by_task.get(name, pd.Series(0, by_task.index)) for name in ("closed_visits", "removed_visits")}
    replaced = removed[removed["substitute"] != ""].groupby("task_id").size()
    table = by_task.assign(
        **counts,
        changed_visits=by_task["planned_visits"] - by_task["approved_visits"],
        substituted_visits=by_task["task_id"].map(replaced).fillna(0).astype("int64"),
    )
    parts = ["approved_visits", "changed_visits", *counts, "denominator", "done_visits"]
    asides = ["substituted_visits", "late_visits", "left_visits"]
    return table[["task_id", "task", *parts, "completion", "approved_completion", *asides]]


def _completion(table: pd.DataFrame) -> pd.DataFrame:
    done, gone = table["done_visits"], table.get("removed_visits", 0) + table.get("closed_visits", 0)
    asked = table["planned_visits"] - gone
    left, share = (asked - done).clip(lower=0), done / asked.where(asked > 0)
    return table.assign(left_visits=left, numerator=done, denominator=asked, completion=share)


def completion_by(by_task: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return completion by tier, group or team (按类完成率): one row each, and 合计.

    >>> by_task = pd.DataFrame({"tier": ["key", "general"], "planned_visits": [246, 186], "done_visits": [253, 204]})
    >>> completion_by(by_task, "tier")["completion"].round(3).tolist()
    [1.028, 1.097, 1.058]
    """
    counts = [name for name in _COUNTS if name in by_task]
    table = by_task.groupby(column, sort=False, as_index=False)[counts].sum()
    if column == "tier":
        table = in_order(table, column, Tier)
    total = {column: "合计", **table[counts].sum()}
    whole = _completion(pd.concat([table, pd.DataFrame([total])], ignore_index=True))
    if "approved_visits" in whole:
        approved = whole["approved_visits"]
        whole["approved_completion"] = whole["done_visits"] / approved.where(approved > 0)
    return _paced(whole) if "expected_visits" in whole else whole


def completion_by_month(
    plan: pd.DataFrame,
    records: pd.DataFrame,
    expected: pd.DataFrame,
    last: int,
    approved: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return plan against actual through the year (按月进度): one row per month, with totals to date.

    `plan` has one row per task and month (visits), `expected` the same with what was expected to the day, `last` is the
    day's month, after which no rate is known. `month_completion` is of the month alone, `running_completion` of the
    year to the month's end, or to the day. Unplanned visits stand in a column of their own. With the `approved` plan
    beside that in force it has approved_visits and carried_visits (as `carried_over`).
    """
    cells = done_by_month(records)
    table = pd.DataFrame({"month": list(MONTHS)})
    counts = {
        **{
            f"{name}_visits": part.groupby("month")["visits"].sum()
            for name, part in {"planned": plan, "expected": expected, "done": cells}.items()
        },
        "unplanned_visits": month_numbers(records.loc[records["task_id"] == "", "date"]).value_counts(),
    }
    for name, count in counts.items():
        table[name] = table["month"].map(count).fillna(0).astype(int)
    for name in ("planned", "expected", "done"):
        table[f"{name}_to_date"] = table[f"{name}_visits"].cumsum()
    for name, done, due in (
        ("month_completion", "done_visits", "expected_visits"),
        ("running_completion", "done_to_date", "expected_to_date"),
    ):
        table[name] = table[done] / table[due].where((table[due] > 0) & (table["month"] <= last))
    if approved is not None:
        table["approved_visits"] = table["month"].map(approved.groupby("month")["visits"].sum()).fillna(0).astype(int)
        table["carried_visits"] = carried_over(expected, cells).where(table["month"] <= last)
    return table


def carried_over(expected: pd.DataFrame, done: pd.DataFrame) -> pd.Series:
    """Return what each month leaves to the next (结转), 家次: one number per month, January first.

    Line by line, what was due by the end of the month less what was done by then (as `done_by_month`); what one line
    did beyond its plan makes up for no other.

    >>> expected = pd.DataFrame({"task_id": ["P01", "P01", "P02"], "month": [1, 2, 1], "visits": [2, 1, 1]})
    >>> done = pd.DataFrame({"task_id": ["P01", "P02"], "month": [2, 1], "visits": [1, 2]})
    >>> carried_over(expected, done).tolist()[:3]
    [2, 2, 2]
    """
    due, done = (
        table.groupby(["task_id", "month"])["visits"].sum().unstack(fill_value=0) for table in (expected, done)
    )
    due = due.reindex(columns=MONTHS, fill_value=0).cumsum(axis=1)
    done = done.reindex(index=due.index, columns=MONTHS, fill_value=0).cumsum(axis=1)
    return (due - done).clip(lower=0).sum().astype("Int64").reset_index(drop=True)


def shares_by_month(
    records: pd.DataFrame, last: int, before: pd.DataFrame | None = None, reference: float | None = None
) -> pd.DataFrame:
    """Return planned, unplanned and triggered visits by month (各月计划内外), 家次 and shares: one row to month `last`.

    The shares of the month, and of the year to its end (`..._to_date_share`); beside them last year's, where its
    records are given (`before`), and the share published for bureaus of this kind, the same in every row.
    """
    table = _sources_to_date(records)
    if before is not None:
        names = ["unplanned_share", "unplanned_to_date_share"]
        table[[f"last_year_{name}" for name in names]] = _sources_to_date(before)[names]
    if reference is not None:
        table["reference_share"] = reference
    return table[table["month"] <= last]


def _sources_to_date(records: pd.DataFrame) -> pd.DataFrame:
    month, unplanned = month_numbers(records["date"]), records["task_id"] == ""
    triggered = unplanned & ~records["trigger"].isin(UNTRIGGERED)
    table = pd.DataFrame({"month": list(MONTHS)})
    for name, flags in {"visits": unplanned | ~unplanned, "unplanned": unplanned, "triggered": triggered}.items():
        table[name] = table["month"].map(month[flags].value_counts()).fillna(0).astype(int)
    shares = {}
    for name in ("unplanned", "triggered"):
        for words, part, whole in (
            ("share", table[name], table["visits"]),
            ("to_date_share", table[name].cumsum(), table["visits"].cumsum()),
        ):
            shares[f"{name}_{words}"] = part / whole.where(whole > 0)
    return table.rename(columns={name: f"{name}_visits" for name in ("unplanned", "triggered")}).assign(**shares)


def completion_by_street(
    named: pd.DataFrame, expected: pd.DataFrame, records: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """Return visits by street (各街镇进度), 家次: one row per street, one of those without, and 合计.

    `named` has one row per visit planned by name (task_id, unit_id, month; '' for nobody yet), `expected` one per task
    and month (visits), which is split among the streets as the names of the month are. A visit to a unit that is named
    for its line counts for the street, as often as it is named; the drawn, substitutes, those beyond the names and
    those without a code stand together in one row.
    `street_visits` are all visits for lines that were made in the street, unplanned ones beside.
    """
    streets = units.set_index("unit_id")["subdistrict"]
    plan = named.assign(street=named["unit_id"].map(streets).fillna(NO_STREET))[named["month"] > 0]
    here = records["unit_id"].map(streets).fillna(NO_STREET)
    planned = records["task_id"] != ""
    pair = ["task_id", "unit_id"]
    times = plan[plan["street"] != NO_STREET].groupby(pair).size()
    asked = times.reindex(pd.MultiIndex.from_frame(records[pair]), fill_value=0).to_numpy()
    by_name = records.groupby(pair).cumcount() < asked
    counts = {
        "planned_visits": plan.groupby("street").size(),
        "expected_visits": _expected_by_street(plan, expected),
        "done_visits": here.where(by_name, NO_STREET)[planned].value_counts(),
        "street_visits": here[planned].value_counts(),
        "unplanned_visits": here[~planned].value_counts(),
    }
    table = pd.DataFrame(counts).reindex([*sorted(set(streets)), NO_STREET]).fillna(0).astype("int64")
    asides = table[["street_visits", "unplanned_visits"]]
    whole = completion_by(table.drop(columns=asides.columns).rename_axis("street").reset_index(), "street")
    whole["completion"] = whole["completion"].where(whole["street"] != NO_STREET)  # of no street, and no rate of one
    return whole.assign(**{name: [*asides[name], int(asides[name].sum())] for name in asides})


def _expected_by_street(plan: pd.DataFrame, expected: pd.DataFrame) -> pd.Series:
    """What was expected of each line and month, split among streets as its names of the month are."""
    weights = {cell: rows.value_counts(sort=False) for cell, rows in plan.groupby(["task_id", "month"])["street"]}
    due: Counter[str] = Counter()
    for cell in expected[expected["visits"] > 0].itertuples():
        names = weights.get((cell.task_id, cell.month), pd.Series({NO_STREET: 1})).sort_index()
        due.update(dict(zip(names.index, largest_remainder(cell.visits, names.tolist()), strict=True)))
    return pd.Series(due, dtype="int64")


def sources_of_visits(records: pd.DataFrame) -> pd.DataFrame:
    """Return planned and unplanned shares (计划内外占比): rates over all visits done, then each trigger's share."""
    total = len(records)
    planned = int((records["task_id"] != "").sum())
    rows = [
        rate("source", "计划内检查 ÷ 全部检查", planned, total),
        rate("source", "非计划检查 ÷ 全部检查", total - planned, total),
    ]
    counts = records.loc[records["task_id"] == "", "trigger"].value_counts()
    seen = [word for word in Trigger if counts.get(word, 0)]
    rows += [rate("trigger", f"　其中：{word.label} ÷ 非计划检查", int(counts[word]), total - planned) for word in seen]
    return rates(rows)


def changed_list(frozen: Mapping[str, str], changes: pd.DataFrame) -> dict[str, str]:
    """Return the frozen key list with the changes noted since (名单增减): code -> covering line, '' for those added.

    >>> changes = pd.DataFrame({"unit_id": ["U1", "U3"], "change": ["removed", "added"], "date": ["2024-05-01"] * 2})
    >>> changed_list({"U1": "P01", "U2": "P01"}, changes)
    {'U2': 'P01', 'U3': ''}
    """
    codes = dict(frozen)
    for row in changes.sort_values("date", kind="stable").itertuples() if len(changes) else ():
        if row.change == ListChange.ADDED:
            codes.setdefault(row.unit_id, "")
        else:
            codes.pop(row.unit_id, None)
    return codes


def key_unit_coverage(
    units: pd.DataFrame, records: pd.DataFrame, key_units: str, frozen: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return coverage of the key list (重点单位覆盖率): distinct key units visited ÷ key units listed.

    `key_units` is what the bureau calls them. The list is the `frozen` one (code -> covering line), and beside it
    that of today's register; without a frozen one today's alone.
    """
    today = units.loc[units["is_key"], "unit_id"].tolist()
    lists = {f"{key_units}名单": today} if frozen is None else {"定版的名单": [*frozen], "现在的名单": today}
    seen, planned = (rows.unique() for rows in (records["unit_id"], records.loc[records["task_id"] != "", "unit_id"]))
    return rates(
        [
            rate("coverage", f"{words} ÷ {name}", int(pd.Index(codes, dtype="str").isin(visited).sum()), len(codes))
            for name, codes in lists.items()
            for words, visited in ((f"到过的{key_units}", seen), ("其中按计划到过的", planned))
        ]
    )


def street_rates(units: pd.DataFrame, records: pd.DataFrame, frozen: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the coverage of the key list by street (街镇覆盖率), 家: one row per street, all pooled, and their mean.

    The mean of the streets' rates is what published reports often print; it is another number than the pooled rate.
    A unit of the `frozen` list that has left the register has no street and stands in a row of its own.
    """
    listed = units.loc[units["is_key"], "unit_id"] if frozen is None else pd.Series([*frozen], dtype="str")
    streets = listed.map(units.set_index("unit_id")["subdistrict"]).fillna(_GONE)
    visited = listed.isin(records["unit_id"])
    table = pd.DataFrame({"street": streets, "visited": visited}).groupby("street")["visited"].agg(["sum", "size"])
    rows = [rate("street", street, int(row["sum"]), int(row["size"])) for street, row in table.iterrows()]
    shares = [row["rate"] for row in rows if row["scope"] != _GONE]
    mean = rate("street", "各街镇的均值", float(sum(shares)), len(shares))
    return rates([*rows, rate("street", "合计（一起算）", int(visited.sum()), len(listed)), mean])


def units_not_covered(
    units: pd.DataFrame, records: pd.DataFrame, frozen: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return key units nobody visited (未覆盖的重点单位): one row per unit of the list, by code.

    Of the `frozen` list (code -> covering line) where there is one; its units that have left the register have no name.
    """
    columns = ["unit_id", "name", "subdistrict", "covered_by"]
    if frozen is None:
        listed = units.loc[units["is_key"], columns]
    else:
        table = pd.DataFrame({"unit_id": [*frozen], "covered_by": [*frozen.values()]}, dtype="str")
        listed = table.merge(units[["unit_id", "name", "subdistrict"]], on="unit_id", how="left")
        listed = listed.fillna({"name": _GONE, "subdistrict": ""})[columns]
    missing = listed[~listed["unit_id"].isin(records["unit_id"])]
    return missing.sort_values("unit_id", ignore_index=True)


def joint_done(tasks: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Return the joint share of what was done, by the denominators of `visits.joint_shares` (联合执法完成占比)."""
    done, outside = (
        rows.value_counts()
        for rows in (records["task_id"], records.loc[~records["in_district"].astype(bool), "task_id"])
    )
    counts = {"planned_visits": done, "out_of_district_visits": outside}
    return joint_shares(
        tasks.assign(**{name: tasks["task_id"].map(count).fillna(0).astype(int) for name, count in counts.items()})
    )


def ways_of_counting(records: pd.DataFrame, rule: Statistics, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the same work by each way of counting (计数口径): one row per count, each in its own unit.

    The statistics count an object with a complete record once, and not what ended in a penalty; which of the two
    conditions apply is a rule, not a choice of this function. Without a rule (None for both) they have no count here.
    `decisions` as in `penalties`.
    """
    counted = int((uncounted(records, rule, decisions) == "").sum())
    records = records[["unit_id", "date", "in_district"]]
    local = records[records["in_district"]]
    named = local[local["unit_id"] != ""]
    entries, entries_here = (entry_count(rows) for rows in (records, local))
    rows = [
        ("检查家次（含辖区外）", len(records), "家次", "一家单位的一个事项为 1 家次"),
        ("辖区内检查家次", len(local), "家次", "辖区外的交互检查计工作量，不计覆盖"),
        ("入企次数（含辖区外）", entries, "次", "同日进同一单位的几个事项算进一次门；没有单位代码的，一条记录算一次"),
        ("辖区内入企次数", entries_here, "次", "同上，只计辖区内"),
        ("辖区内被检查单位", named["unit_id"].nunique(), "家", "去重后的单位数"),
    ]
    if not rule.silent:
        rows.append(("统计年报行政检查次数", counted, "次", _counting_rule(rule)))
    return pd.DataFrame(rows, columns=["item", "count", "count_unit", "note"])


def uncounted(records: pd.DataFrame, rule: Statistics, decisions: pd.DataFrame | None = None) -> pd.Series:
    """Return why the statistics do not count a visit (不计的原因), '' where they do: one text per record.

    The first reason that holds: outside the district, short of officers, an incomplete record, ended in a penalty.
    """
    never = pd.Series(False, records.index)
    reasons = {
        "辖区外": ~records["in_district"].astype(bool),
        "执法人员不合规定": records["record_id"].isin(list(rule.short_staffed)),
        "记录不完整": ~records["full_record"].astype(bool) if rule.full_record else never,
        "以处罚等其他行为结案": penalised(records, decisions) if rule.excludes_penalised else never,
    }
    texts = pd.Series("", records.index, dtype="object")
    for reason, flags in reversed(reasons.items()):
        texts[flags] = reason
    return texts.astype(pd.CategoricalDtype(["", *reasons]))


def statistics_bridge(records: pd.DataFrame, rule: Statistics, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how 家次 becomes the statistics' own count (从家次到统计年报次数): one row per step, which add up."""
    reasons = uncounted(records, rule, decisions)
    counts = reasons.value_counts().reindex(reasons.cat.categories[1:])
    steps = [("检查家次（含辖区外）", len(records)), *((f"减：{why}", -int(n)) for why, n in counts.items() if n)]
    rows = [*steps, ("统计年报行政检查次数", int((reasons == "").sum()))]
    return pd.DataFrame(rows, columns=["item", "count"])


def entry_count(records: pd.DataFrame) -> int:
    """Count the entries (入企次数): one per unit and day, and one for each record without a unit's code."""
    units, names = pd.factorize(records["unit_id"])
    days, dates = pd.factorize(records["date"])
    named = units != names.get_indexer([""])[0]
    return len(pd.unique((units * len(dates) + days)[named])) + len(records) - int(named.sum())


def _counting_rule(rule: Statistics) -> str:
    full, penalty, short = map(bool, (rule.full_record, rule.excludes_penalised, rule.short_staffed))
    conditions = ["只计记录完整的"] * full + ["不计以处罚等其他行为结案的"] * penalty
    return "、".join(["辖区内检查", *conditions, *["不计执法人员不合规定的"] * short])


def year_figures(records: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what a year's records add up to (全年各数), each in its own unit: one row per figure.

    Columns indicator (as names.csv calls it), period, figure; cases and fines of inspections alone, in yuan.
    """
    planned, table = int((records["task_id"] != "").sum()), penalties(records, decisions)
    inspection = table[table["penalty_basis"] == Basis.INSPECTION].iloc[0]
    figures = {
        "visits": len(records),
        "planned": planned,
        "unplanned": len(records) - planned,
        "units": records.loc[records["unit_id"] != "", "unit_id"].nunique(),
        "found": records["hazards_found"].sum(),
        "fixed": records["hazards_fixed"].sum(),
        "major": records["major_hazards"].sum(),
        "cases": inspection["cases"],
        "fines": round(inspection["fine_wan_yuan"] * WAN),
    }
    rows = [(name, "全年", Decimal(int(figures[key]))) for key, name in names_of("indicator").items()]
    return pd.DataFrame(rows, columns=["indicator", "period", "figure"]).astype({"figure": object})


def without_code(records: pd.DataFrame) -> pd.DataFrame:
    """Return the visits without an inspection code (没有检查码): one row per record, by date."""
    columns = ["record_id", "date", "task_id", "trigger", "unit_id"]
    return records.loc[records["inspection_code"] == "", columns].sort_values(columns[1::-1], ignore_index=True)


# --- penalties ------------------------------------------------------------------------------------------------------


def imposed(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the decisions that are a penalty: one that ends 不予处罚 is none."""
    return decisions[decisions["outcome"] != PenaltyOutcome.NONE]


def penalised(records: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.Series:
    """Return which records ended in a penalty: one flag per row, by the table of decisions where there is one."""
    if decisions is None:
        return records["penalty"].isin([word for word in records["penalty"].unique() if is_penalty(word)])
    return records["record_id"].isin(imposed(decisions)["record_id"])


def penalties(records: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return penalties by what they follow (处罚): one row for inspection, one for accidents, never one sum of both.

    Where there is a table of `decisions` (one row per decision), it alone is counted: one decision is one case, money
    taken and cases that ended 不予处罚 beside; else the columns of the records, which know neither.
    """
    table = _cases_of(records, decisions)
    return pd.DataFrame([_cases(basis, table) for basis in Basis])


def penalty_parts(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return penalties by what they follow, whom they are for and how they were made: one row per kind that has any.

    Columns penalty_basis, party, procedure (as the decision says them, '' where it does not), cases, fine_wan_yuan.
    Inspection and accident, unit and person, simple and ordinary stand apart and are not to be added up.
    """
    keys = ["penalty_basis", "party", "procedure"]
    parts = imposed(decisions).groupby(keys, sort=True)["fine_yuan"].agg(["size", "sum"]).reset_index()
    return parts.assign(cases=parts["size"], fine_wan_yuan=parts["sum"] / WAN)[[*keys, "cases", "fine_wan_yuan"]]


def penalties_by_month(records: pd.DataFrame, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the same by month (各月处罚): one row per month and basis; the date of the decision says the month.

    Without a table of decisions the date of the visit stands for it.
    """
    table = _cases_of(records, decisions)
    months = month_numbers(table["date" if decisions is None else "decided_on"])
    parts = ((month, table[months == month]) for month in MONTHS)
    return pd.DataFrame([{"month": month, **_cases(basis, part)} for month, part in parts for basis in Basis])


def _cases_of(records: pd.DataFrame, decisions: pd.DataFrame | None) -> pd.DataFrame:
    """The decisions, else the records that ended in a penalty."""
    columns = ["date", "penalty_basis", "fine_yuan"]
    return records.loc[penalised(records), columns] if decisions is None else decisions


def _cases(basis: Basis, table: pd.DataFrame) -> dict:
    part, decided = table[table["penalty_basis"] == basis], "outcome" in table
    cases = imposed(part) if decided else part
    row = {"penalty_basis": basis, "cases": len(cases), "fine_wan_yuan": cases["fine_yuan"].sum() / WAN}
    if not decided:
        return row
    return {
        **row,
        "confiscated_wan_yuan": cases["confiscated_yuan"].sum() / WAN,
        "spared_cases": len(part) - len(cases),
    }
