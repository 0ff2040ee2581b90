"""The conclusion (结论) of a book in a sentence, with what must be put right: is it enough, what moves, what was done.

The figures of a year are those that the explorer shows; a command ends with three lines (够不够、最忙的月、须改正).
"""

from __future__ import annotations

from collections import Counter
from math import isinf

import pandas as pd

from enforce.desk.standing import Standing
from enforce.desk.summary import Summary
from enforce.desk.sweep import Sweep
from enforce.desk.year import Year
from enforce.papers.screen.cells import cell_text
from enforce.papers.screen.display import Shown, show
from enforce.papers.screen.heading import Conclusion
from enforce.papers.screen.panels import number
from enforce.planning.months.allocate import Allocation
from enforce.planning.visits import busiest, highest_load
from enforce.planning.why.shortage import overload_text
from enforce.words.numbers import percent
from enforce.words.terms import Pace, Severity


def conclusion(book: Year | Standing | Summary | Sweep) -> Conclusion:
    """Return what a book begins with: of a year, its plan on a day or planned anew, its summary, many what-ifs.

    >>> from enforce.desk.year import open_year
    >>> conclusion(open_year("params/putuo-2024.yaml")).sentence
    '够，以后各月都不超过可安排人日。'
    """
    figures = _headline(book) if isinstance(book, Year) else None
    return Conclusion(_sentence(book), figures, _to_correct(book.findings))


def _sentence(book: Year | Standing | Summary | Sweep) -> str:
    match book:
        case Summary():
            return _done(book)
        case Sweep():
            return book.sentence
        case Standing(proposal=True):
            return f"{_moves_text(book)}；{enough(book.allocation, book.closed)}。{book.approver}。"
        case Standing():
            return _arranged(book)
    return "　".join(filter(None, (f"{enough(book.annex, book.moment.closed)}。", book.other_plan)))


def _headline(year: Year) -> Shown:
    """The headline of the plan (总体数字), each figure with what it is of."""
    figures = year.figures
    texts = [number(row.kind, row.value) for row in figures.itertuples()]
    return show(pd.DataFrame({"item": figures["item"], "count": texts, "note": figures["note"]}), "总体数字")


def _arranged(plan: Standing) -> str:
    """What the next month holds, whether it fits, and what is left of the year."""
    loads = plan.loads
    visits, need, room = (
        plan.lines["visits"].sum(),
        loads["needed_days"].sum(),
        loads["capacity_days"].sum(),
    )
    over = "、".join(
        f"{row.team} {_day_text(row.overload_days)} 人日" for row in loads.itertuples() if row.overload_days
    )
    fits = f"{over}超出" if over else "各科队都安排得下"
    left = int(plan.by_task["left_visits"].sum())
    return (
        f"{_so_far(plan)}{plan.next_month} 月安排 {visits} 家次，需要 {_day_text(need)} 人日，"
        f"可安排 {_day_text(room)} 人日：{fits}。全年还剩 {left} 家次。{_unplaced(plan)}"
    )


def _so_far(plan: Standing) -> str:
    """Where the year stands at the end of the month before; nothing before the year."""
    whole = plan.to_date.iloc[-1]
    due = f"应完成 {whole['expected_visits']} 家次：{Pace(whole['pace']).label}"
    return f"到上月底完成 {whole['done_visits']} 家次，{due}。" if plan.closed else ""


def _unplaced(plan: Standing) -> str:
    unplaced = int(plan.unplaced["unplaced_visits"].sum())
    return f"{unplaced} 家次没有月份可排。" if unplaced else ""


def _done(summary: Summary) -> str:
    """How much of the plan was done to the day, and how many key units were visited."""
    whole, units = summary.by_tier.iloc[-1], summary.coverage.iloc[0]
    return (
        f"截至 {summary.as_of}，计划 {whole['planned_visits']} 家次，完成 {whole['numerator']} 家次"
        f"（{percent(whole['completion'])}），应完成 {whole['expected_visits']} 家次：{Pace(whole['pace']).label}。"
        f"{_why_not(summary)}重点单位 {units['denominator']} 家，到过 {units['numerator']} 家。"
    )


def _why_not(summary: Summary) -> str:
    """Why what was done is not what was approved, kind by kind; nothing where it is."""
    rows = summary.bridge.iloc[1:-1]
    parts = [f"{row.step} {abs(row.visits) or row.moved_visits} 家次" for row in rows.itertuples()]
    return f"与批准的计划比：{'、'.join(parts)}。" if parts else ""


# --- the three lines of a command ---


def annual_outcome(year: Year) -> list[str]:
    """Return whether the year's officer-days are enough, the busiest month and team, how much must be corrected."""
    loads = year.annex.loads
    days = f"需要 {_day_text(loads['needed_days'].sum())} 人日，可安排 {_day_text(loads['capacity_days'].sum())} 人日"
    return [
        f"够不够：{enough(year.annex, year.moment.closed)}。全年{days}",
        f"最忙的月：{_busy_text(loads)}",
        f"须改正：{_severities(year.findings)}",
    ]


def replan_outcome(plan: Standing) -> list[str]:
    """Return how many visits change their month, whether the rest of the year fits, and the version to approve."""
    return [
        f"改动：{_moves_text(plan)}",
        f"够不够：{enough(plan.allocation, plan.closed)}",
        f"新版本：plan-v{plan.version.number}.json；{plan.approver}",
    ]


def _moves_text(plan: Standing) -> str:
    """How many visits change their month, and what that does to the months gone, those to come and the year."""
    past, ahead = (int(rows["changed_visits"].sum()) for rows in (plan.past, plan.order))
    moved = int(plan.order["changed_visits"].clip(lower=0).sum()) - max(ahead, 0)
    done = f"，已过的月份{_more(past, '多做', '少做')}" if past else ""
    left = f"，以后{_more(ahead, '多排', '少排')}" if ahead else ""
    whole = f"，全年{_more(past + ahead, '增加', '减少')}" if past + ahead else "，全年总数不变"
    return f"{moved} 家次换了月份{done}{left}{whole}（调整单 {len(plan.order)} 行）"


def _more(visits: int, more: str, less: str) -> str:
    return f"{more if visits > 0 else less} {abs(visits)} 家次"


def enough(plan: Allocation, closed: int) -> str:
    """Whether everything has a month within the days there are; what is over or without a month where it has not.

    What the months gone were over, up to `closed`, is said and decides nothing: nothing changes it any more.
    """
    gone = plan.loads["month"] <= closed
    over, past = (_over(plan.loads[months]) for months in (~gone, gone))
    unplaced = int(plan.unplaced["unplaced_visits"].sum())
    parts = [*over, *([f"{unplaced} 家次排不下（没有月份可排）"] if unplaced else [])]
    text = "不够，" + "，".join(parts) if parts else f"够，{'以后' if closed else ''}各月都不超过可安排人日"
    return text + "".join(f"；已过的月份{each}，不再变动" for each in past)


def _over(loads: pd.DataFrame) -> list[str]:
    days = loads["overload_days"].sum()
    return [f"超出可安排 {_day_text(days)} 人日（{overload_text(loads)}）"] if days else []


def _busy_text(loads: pd.DataFrame) -> str:
    """The month and team of the highest load with its figures; a team with visits and no days at all comes first."""
    if not (loads["needed_days"] > 0).any():
        return "没有要排的家次"
    row, load = busiest(loads), highest_load(loads)
    share = "没有可安排人日" if isinf(load) else percent(load)
    days = f"需要 {_day_text(row['needed_days'])}、可安排 {_day_text(row['capacity_days'])} 人日"
    return f"{row['month']} 月 {row['team']}，{share}（{days}）"


def _severities(findings: pd.DataFrame) -> str:
    counts = Counter(findings["severity"])
    others = "，".join(f"{kind.label} {counts[kind.value]} 条" for kind in (Severity.DOUBT, Severity.NOTE))
    return f"{counts[Severity.ERROR.value]} 条；另有{others}，都在“需要处理的问题”里"


def _day_text(days: float) -> str:
    return cell_text("days", days)


def _to_correct(findings: pd.DataFrame) -> Shown:
    """The findings that must be put right, and how many others there are."""
    counts = findings["severity"].value_counts()
    others = [f"{one.label} {counts[one]} 条" for one in Severity if one != Severity.ERROR and counts.get(one)]
    note = f"另有{'、'.join(others)}，见“需要处理的问题”" if others else ""
    wrong = findings[findings["severity"] == Severity.ERROR].drop(columns="severity")
    return show(wrong.reset_index(drop=True), "须改正的问题", note=note)
