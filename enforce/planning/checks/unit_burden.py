"""Checks of the burden on firms (企业负担): yearly caps, the days between two entries, what merging would save."""

from __future__ import annotations

from enforce.planning.checks.case import Case, Findings, doubt, error, note
from enforce.words.terms import CapState, CapVerdict

_ACTING = (CapState.ACTS, CapState.UNDATED)


def check_cap_table(case: Case) -> Findings:
    """The table of caps the plan names acts in its place and on its day, and what it does not know is told (上限表)."""
    burden = case.burden
    if burden is None or burden.state == CapState.NOT_CHOSEN:
        return
    if burden.state not in _ACTING:
        message = f"选的上限表不能用：{CapState(burden.state).label}；没有按它判断，也不当作零"
        yield error("上限表", message, burden.table, "适用于本地、在用的上限表，或不选")
        return
    doubts = ["起用日期未见"] * (burden.state == CapState.UNDATED) + ["没有核过原文"] * burden.quoted
    doubts += ["各主体合计，没有别处的检查，只含本局"] * (burden.counts_all and not burden.elsewhere_known)
    if doubts:
        yield note("上限表", f"按这张表判断：{'；'.join(doubts)}", burden.table)


def check_unit_caps(case: Case) -> Findings:
    """Entries planned, done and known elsewhere do not go beyond the yearly cap of the firm (年度频次上限)."""
    if case.burden is None:
        return
    judged = case.burden.judged
    over = judged[judged["verdict"] == CapVerdict.OVER]
    first = over.head(3).itertuples()
    limits = [f"入企 {row.entries_low} 次（{row.visits_low} 家次），上限 {row.cap_most} 次" for row in first]
    if len(over):
        message = f"计划、已做和别处的入企次数合计超过年度上限：{case.burden.units_text(over['unit_id'])}"
        yield error("频次上限", message, f"{over['unit_id'].nunique()} 家", "；".join(dict.fromkeys(limits)))
    maybe = judged[judged["verdict"] == CapVerdict.MAYBE]
    if len(maybe):
        message = f"没有写明计不计入的若计入，就超过年度上限：{case.burden.units_text(maybe['unit_id'])}"
        yield note("频次上限", message, f"{maybe['unit_id'].nunique()} 家")
    unknown = judged[judged["verdict"] == CapVerdict.UNKNOWN]
    for lacks, words in (("class", "监管类别"), ("grade", "等级"), ("cap", "上限的数")):
        units = unknown.loc[unknown["lacks"] == lacks, "unit_id"]
        if len(units):
            message = f"不知道{words}，不能判断有没有超过上限：{case.burden.units_text(units)}"
            yield note("频次上限", message, f"{units.nunique()} 家")


def check_entry_gap(case: Case) -> Findings:
    """Two entries of one firm are at least the plan's days apart, where their days are known (最短间隔)."""
    if case.burden is None or case.burden.min_gap_days is None:
        return
    close, limit = case.burden.close, f"至少相隔 {case.burden.min_gap_days} 天"
    for sure, finding, message in (
        (True, doubt, "两次检查相隔太近"),
        (False, note, "没有写明计不计入的若计入，两次检查就相隔太近"),
    ):
        pairs = close[close["sure"] == sure]
        if len(pairs):
            first = "；".join(f"{row.first_date} 和 {row.second_date}" for row in pairs.head(3).itertuples())
            text = f"{message}：{case.burden.units_text(pairs['unit_id'])}（如 {first}）"
            yield finding("最短间隔", text, f"{pairs['unit_id'].nunique()} 家", limit)


def check_merge_savings(case: Case) -> Findings:
    """Visits of several lines to one firm in one month could be one entry (合并入企)."""
    if case.burden is None or case.burden.merges.empty:
        return
    merges = case.burden.merges
    visits, saved = int(merges["visits"].sum()), int(merges["saved_entries"].sum())
    message = f"同一月到同一家的几个事项合为一次入企，可以少 {saved} 次入企；家次不变"
    yield note("合并入企", message, f"{visits} 家次", f"{merges['unit_id'].nunique()} 家")


def check_caps_leave_room(case: Case) -> Findings:
    """The caps leave room for the visits planned, whichever units are chosen (上限排不下)."""
    for shortfall in case.burden.shortfalls if case.burden is not None else ():
        lines = "、".join(shortfall.task_ids)
        merged = f"合并入企也还差 {shortfall.merged_missing} 家次" if shortfall.merged_missing else "合并入企可以排下"
        named = case.burden.units_text(shortfall.unit_ids)
        message = f"无论选哪些单位，上限都排不下这些家次（{merged}）；余地不够的单位：{named}"
        figure = f"差 {shortfall.missing_visits} 家次"
        yield error(f"{lines} 频次上限", message, figure, f"{len(shortfall.unit_ids)} 家已到或将到上限")


BURDEN_CHECKS = (
    check_cap_table,
    check_unit_caps,
    check_entry_gap,
    check_merge_savings,
    check_caps_leave_room,
)
