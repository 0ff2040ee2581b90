"""Checks of the lines of the plan (计划事项): units of count, shares, coverage, overlap."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from enforce.planning.checks.case import Case, Findings, doubt, error, note
from enforce.planning.checks.figures import check_printed_figures
from enforce.planning.names.choice import pool_counts
from enforce.planning.visits import joint_shares, visits_by
from enforce.words.numbers import percent
from enforce.words.terms import Exclusion, Kind, LeftOut, Selection, Tier, Unnamed

_NO_CLUE = (Unnamed.CLUE, Unnamed.PERSON, Unnamed.SAME, Unnamed.LEFT_OUT)
#: What can be done about a pool that is too small.
_WAYS = "可以放宽对象标签或排除对象、补齐台账，或调减计划家数"


def check_units_not_mixed(case: Case) -> Findings:
    """Visits are counted in enterprises: certificates or persons added to them are another unit (计数单位)."""
    for task in case.tasks[case.tasks["counted_items"] > 0].itertuples():
        if case.named is not None and not _untraced(case.named, task.task_id):
            continue
        count, unit, visits = task.counted_items, task.counted_unit, f"{task.planned_visits} 家次"
        message = (
            f"{count}{unit}与 {task.planned_units} 家相加计为 {visits}，"
            f"单位不同；须把这 {count} {unit}落实到被查单位后再计家次"
        )
        figure = f"{count} {unit} + {task.planned_units} 家"
        yield doubt(f"{task.task_id} {task.name}", message, figure, visits)


def _untraced(named: pd.DataFrame, task_id: str) -> int:
    """Return how many visits by clue of a line have no unit."""
    return int((named["reason"].isin(_NO_CLUE) & (named["task_id"] == task_id)).sum())


def check_clues(case: Case) -> Findings:
    """Visits of a line by clue have no unit until what was looked into led to one (查证)."""
    tasks = case.tasks if case.named is not None else case.tasks.iloc[:0]
    for task in tasks[(tasks["selection"] == Selection.CLUE) & (tasks["counted_items"] == 0)].itertuples():
        if visits := _untraced(case.named, task.task_id):
            message = "按线索检查，还没有查证到单位的家次不点名"
            yield note(f"{task.task_id} {task.name}", message, f"{visits} 家次", f"{task.planned_visits} 家次")


def check_line_caps(case: Case) -> Findings:
    """Where each unit has had as many visits as its line allows, others of the line have no unit (每家上限)."""
    named = case.named if case.named is not None else pd.DataFrame(columns=["task_id", "reason"])
    capped = named.loc[named["reason"] == Unnamed.CAP, "task_id"].value_counts()
    shortfalls = case.burden.shortfalls if case.burden else ()  # these say it of all caps together
    capped = capped.drop([task_id for one in shortfalls for task_id in one.task_ids], errors="ignore")
    for task in case.tasks[case.tasks["task_id"].isin(capped.index)].itertuples():
        message = "各单位都已到每家上限，多出的家次没有单位可查；可以提高上限、增加家数或调减家次"
        figure, limit = f"{capped[task.task_id]} 家次", f"每家 {task.cap_per_unit} 次"
        yield error(f"{task.task_id} {task.name}", message, figure, limit)


def check_joint_share(case: Case) -> Findings:
    """The joint share passes or fails with its denominator, and no rule defines it (联合执法占比)."""
    least = case.rules["joint_share_min"]
    shares = joint_shares(case.tasks).dropna(ignore_index=True)
    below = shares[shares["rate"] < least] if least is not None else shares.iloc[:0]
    if below.empty:
        return
    figures = "；".join(f"{row.numerator}/{row.denominator} = {percent(row.rate)}" for row in shares.itertuples())
    if len(below) == len(shares):
        yield error("联合执法占比", "按任何分母都低于要求", figures, f"不少于 {percent(least)}")
    else:
        counts = f"有 {len(shares) - len(below)} 种口径达到、{len(below)} 种低于要求"
        message = f"规定没有写明“执法总量”的分母：{counts}"
        yield doubt("联合执法占比", message, figures, f"不少于 {percent(least)}")


def check_key_share(case: Case) -> Findings:
    """Where a rule gives a least share of key inspections it is held against the plan (重点检查占比)."""
    least = case.rules["key_share_min"]
    tiers = visits_by(case.tasks, "tier").set_index("tier")
    share = tiers["rate"].get(Tier.KEY, 0.0)
    if least is not None and share < least:
        yield doubt("重点检查占比", "低于规定", percent(share), percent(least))


def check_visit_cap(case: Case) -> Findings:
    """The yearly cap of visits to one unit, causes apart (频次上限)."""
    most = case.rules["visit_cap_per_year"]
    if most is None:
        return
    named = case.records[(case.records["task_id"] != "") & (case.records["unit_id"] != "")]
    entries = named.drop_duplicates(["unit_id", "date"])["unit_id"].value_counts()
    for unit_id, count in sorted(entries[entries > most].items()):
        yield error(unit_id, "计划内入企次数超过年度上限", f"{count} 次", f"{most} 次")


def check_officers_per_visit(case: Case) -> Findings:
    """Each visit is made by at least so many officers (执法人数)."""
    least = case.rules["officers_per_visit_min"]
    if least is None:
        return
    for task in case.tasks[case.tasks["officers_per_visit"] < least].itertuples():
        yield error(f"{task.task_id} {task.name}", "每次执法人数不足", f"{task.officers_per_visit} 人", f"{least} 人")


def check_outside_district(case: Case) -> Findings:
    """Visits outside the area take officer-days and cover nothing here (辖区外家次)."""
    area = case.words.area
    for task in case.tasks[case.tasks["out_of_district_visits"] > 0].itertuples():
        message, figure = f"{area}外家次计入工作量，不计入本{area}覆盖", f"{task.out_of_district_visits} 家次"
        yield note(f"{task.task_id} {task.name}", message, figure, f"共 {task.planned_visits} 家次")


def check_key_list_covered(case: Case) -> Findings:
    """Each key unit is covered by a named line, and a line covers no more units than it has visits (名单覆盖).

    A rule may ask for several visits to each; where none does, to cover a unit is to visit it. A line of key units
    that lacks units for its visits while some name no line is the same slip, and not told again.
    """
    listed, times = case.units[case.units["is_key"]], case.rules["key_unit_visits_per_year"]
    missing = int((listed["covered_by"] == "").sum())
    wrong = bool(times) or any(_short_of_named(row) for row in _pool_counts(case))
    if missing and (wrong or times is None):
        limit = f"每家 {times} 次" if times else ""
        message = "有重点单位没有写由哪个事项覆盖，没有安排检查；在企业台账的“重点覆盖事项”写事项编号"
        yield (error if wrong else doubt)(f"{case.words.key_units}名单", message, f"{missing} 家", limit)
    covered = listed[listed["covered_by"] != ""]["covered_by"].value_counts()
    for task in case.tasks.itertuples():
        wanted = int(covered.get(task.task_id, 0)) * (1 if times is None else times)
        room = task.planned_visits - task.out_of_district_visits
        if wanted > room or (task.kind == Kind.KEY_LIST and times is not None and wanted != room):
            where, message = f"{task.task_id} {task.name}", "名单上由本事项覆盖的家数与计划家次不符"
            yield doubt(where, message, f"{wanted} 家次", f"{room} 家次")


def check_pools(case: Case) -> Findings:
    """A line cannot choose more units than the register has for it: who is left out and why (对象库)."""
    for row in _pool_counts(case):
        if _short_of_named(row):
            continue
        if row.eligible_units < row.needed_units:
            left = "、".join(f"{reason.label} {count} 家" for reason, count in row.left_out.items())
            message = f"对象库家数少于计划家数{f'；不参加选取的：{left}' if left else ''}；{_WAYS}"
            figure, limit = f"{row.eligible_units} 家", f"{row.needed_units} 家"
            yield error(f"{row.task_id} {row.task}", message, figure, limit)
        elif row.selection == Selection.ALL and row.eligible_units > row.needed_units > 0:
            message = "选取方式为全部，对象库家数多于计划家数，多出的单位没有安排；可以增加家数，或改选取方式、对象标签"
            yield doubt(f"{row.task_id} {row.task}", message, f"{row.eligible_units} 家", f"{row.needed_units} 家")


def _pool_counts(case: Case) -> Iterator:
    """Yield what each line needs and has to choose from, of the frozen register once there is one."""
    units = case.units if case.approval.units.empty else case.approval.units
    day = case.as_of or case.approved_on
    return pool_counts(case.tasks, units, case.words.our_level, elsewhere=case.elsewhere, as_of=day).itertuples()


def _short_of_named(row: object) -> bool:
    """Return whether a line lacks units only because key units name no line that covers them."""
    return 0 <= row.needed_units - row.eligible_units - 1 < row.left_out.get(LeftOut.UNASSIGNED, 0)


def check_overlap(case: Case) -> Findings:
    """Key units may also stand in the pool of another key line that does not exclude them (重复检查的上限).

    Visits that a line owes to the key units it covers itself are that coverage, not a second visit.
    """
    key = case.units[case.units["is_key"]]
    total, names = 0, []
    for task in case.tasks.itertuples():
        if task.tier != Tier.KEY or task.kind == Kind.KEY_LIST or task.exclude == Exclusion.KEY_LIST:
            continue
        covered = key["covered_by"] == task.task_id
        fits = key["hazards"].map(set(task.hazards).intersection).astype(bool) if task.hazards else key["is_key"]
        spare = task.planned_visits - task.out_of_district_visits - int(covered.sum())
        visits = min(int((fits & ~covered).sum()), spare)
        if visits > 0:
            total += visits
            names.append(f"{task.task_id} {visits}")
    if total:
        every = int(case.tasks["planned_visits"].sum())
        message = f"这些事项没有排除{case.words.key_units}，最多有这些家次可能与全覆盖检查重复或可合并进行"
        yield note("、".join(names), message, f"{total} 家次", f"占 {every} 家次的 {percent(total / every)}")


def check_invited_sections(case: Case) -> Findings:
    """An invited section whose days are not counted is said to be so (邀请科室)."""
    for task in case.tasks.itertuples():
        for team, effort in task.invited:
            if not effort:
                where, message = f"{task.task_id} {task.name}", f"{team}受邀参加，人日按 0 计"
                yield note(where, message, "0 人日", f"{task.planned_visits} 家次")


LINE_CHECKS = (
    check_printed_figures,
    check_units_not_mixed,
    check_clues,
    check_joint_share,
    check_key_share,
    check_visit_cap,
    check_officers_per_visit,
    check_outside_district,
    check_key_list_covered,
    check_pools,
    check_line_caps,
    check_overlap,
    check_invited_sections,
)
