"""The conclusion (结论) of a book in a sentence, with what must be put right: is it enough, what moves, what was done.

The figures of a year are those that the explorer shows, and its sentence is the one that the explorer begins with.
"""

from __future__ import annotations

import pandas as pd

from enforce.desk.standing import Standing
from enforce.desk.summary import Summary
from enforce.desk.year import Year
from enforce.papers.screen.cells import cell_text
from enforce.papers.screen.display import Shown, show
from enforce.papers.screen.heading import Conclusion
from enforce.papers.screen.panels import number
from enforce.words.numbers import percent
from enforce.words.terms import Pace, Severity


def conclusion(book: Year | Standing | Summary) -> Conclusion:
    """Return what a book begins with: of a year, of its plan as it stands on a day or planned anew, of its summary.

    >>> from enforce.desk.year import open_year
    >>> conclusion(open_year("params/putuo-2024.yaml")).sentence
    '够。全年安排得下：没有一个科队、一个月超出可安排人日。'
    """
    figures = _headline(book) if isinstance(book, Year) else None
    return Conclusion(_sentence(book), figures, _to_correct(book.findings))


def _sentence(book: Year | Standing | Summary) -> str:
    match book:
        case Summary():
            return _done(book)
        case Standing(proposal=True):
            return _replanned(book)
        case Standing():
            return _arranged(book)
    return _enough(book)


def _enough(year: Year) -> str:
    """Whether the officers are enough for the year, as the explorer says it."""
    from enforce.desk.explorer.answers import Answers
    from enforce.desk.explorer.sentences import headline
    from enforce.inputs.parameters.scenario import Scenario

    answers = Answers(year, Scenario())
    enough = "不够" if answers.overload or answers.unplaced else "够"
    return "　".join(filter(None, (f"{enough}。{headline(answers)}", year.other_plan)))


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
        f"{plan.next_month} 月安排 {visits} 家次，需要 {_day_text(need)} 人日，可安排 {_day_text(room)} 人日：{fits}。"
        f"到上月底全年还剩 {left} 家次。{_unplaced(plan)}"
    )


def _replanned(plan: Standing) -> str:
    """How many visits a change moves, whether the months to come have room, and who approves it."""
    changed = plan.order["changed_visits"]
    loads = plan.allocation.loads
    over = loads.loc[loads["month"] > plan.closed, "overload_days"].sum()
    moved = f"调整 {len(changed)} 处，增 {changed.clip(lower=0).sum()} 家次、减 {-changed.clip(upper=0).sum()} 家次"
    fits = f"以后各月超出 {_day_text(over)} 人日" if over else "以后各月都安排得下"
    return f"{moved if len(changed) else '不用调整'}；{fits}。{_unplaced(plan)}{plan.approver}。"


def _unplaced(plan: Standing) -> str:
    unplaced = int(plan.unplaced["unplaced_visits"].sum())
    return f"{unplaced} 家次没有月份可排。" if unplaced else ""


def _done(summary: Summary) -> str:
    """How much of the plan was done to the day, and how many key units were visited."""
    whole, units = summary.by_tier.iloc[-1], summary.coverage.iloc[0]
    return (
        f"截至 {summary.as_of}，计划 {whole['planned_visits']} 家次，完成 {whole['numerator']} 家次"
        f"（{percent(whole['completion'])}），应完成 {whole['expected_visits']} 家次：{Pace(whole['pace']).label}。"
        f"重点单位 {units['denominator']} 家，到过 {units['numerator']} 家。"
    )


def _day_text(days: float) -> str:
    return cell_text("days", days)


def _to_correct(findings: pd.DataFrame) -> Shown:
    """The findings that must be put right, and how many others there are."""
    counts = findings["severity"].value_counts()
    others = [f"{one.label} {counts[one]} 条" for one in Severity if one != Severity.ERROR and counts.get(one)]
    note = f"另有{'、'.join(others)}，见“需要处理的问题”" if others else ""
    wrong = findings[findings["severity"] == Severity.ERROR].drop(columns="severity")
    return show(wrong.reset_index(drop=True), "须改正的问题", note=note)
