"""The hand-over (交付): what a notebook leaves in a folder, each file read back, and a receipt that says so.

Without a folder nothing is written: a notebook opened in JupyterLab changes no file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from enforce.desk.conclusion import annual_outcome, replan_outcome
from enforce.desk.imprint import book_meta, standing_meta
from enforce.desk.paperwork import dossier
from enforce.desk.standing import Standing
from enforce.desk.summary import Summary
from enforce.desk.sweep import Sweep
from enforce.desk.year import Year
from enforce.inputs.versions import version_bytes
from enforce.papers.books import annexes, periods
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.comparison import comparison_book, with_tiers
from enforce.papers.books.writer import write_book
from enforce.papers.official import month_matrix
from enforce.papers.report.folder import write_receipt
from enforce.papers.screen.cells import is_missing
from enforce.planning.why.shortage import overload_text
from enforce.words.files import write_atomic

#: Where the papers stand in a report.
FOLDER = "公文"
Write = Callable[[Path], Path]
INSIDE = "局内掌握，检查以前不公布"
#: Columns of the lines that stand with the denominators; columns of rates that stand with all rates (指标).
_NOT_BY_LINE = ["group", "team", "left_visits", "approved_visits", "approved_completion"]
_NOT_BESIDE = ["measure", "unit", "definition"]
#: Of a ranked line so many times the units to be visited are printed.
_AS_MANY = 2
_UNCHANGED = "调整前：原计划一家次不动，按现在的人员和每家次人日计算"


def annual_files(year: Year, out: str) -> pd.DataFrame:
    """Write the workbooks of the year's plan and its papers; one row per file."""
    books = annual_books(year) | paper_files(year, dossier.annual_papers(year))
    return hand_over("annual_plan", year, out, books, lambda: annual_outcome(year))


def annual_books(year: Year) -> dict[str, Write]:
    """Return annexes 1 (执法计划安排表) and 3 (执法工作量核算), quarters, health and burden, to write."""
    meta = book_meta(year, year.title)
    health = Sheet("台账体检", year.health, title="企业台账体检", unit="家", numbers="count")
    burden = [
        Sheet("企业负担", _without_empty(year.burden.ledger), title="企业负担台账", note=year.burden.scope),
        Sheet("到过几次", year.burden.numbers, title="各家入企次数分布", unit="家", note=year.burden.scope),
    ]
    annex, tasks, of_version = year.annex, year.annex_tasks, replace(meta, version=year.version_text)
    by_months = replace(of_version, overloaded=overload_text(annex.loads))
    books: dict[str, Write] = {
        "附件1-执法计划安排表.xlsx": lambda path: annexes.annex_1(path, annex.visits, tasks, of_version, annex.loads),
        "附件3-执法工作量核算.xlsx": lambda path: annexes.annex_3(
            path, year.account, year.months, meta, follows=year.follows, statutory=year.statutory
        ),
        "季度计划.xlsx": lambda path: periods.quarter_book(path, annex.visits, tasks, by_months),
        "台账体检.xlsx": lambda path: write_book(path, [health, *burden], replace(meta, title="企业台账体检")),
        "点名-局内.xlsx": lambda path: _names_book(path, year, of_version),
    }
    if len(year.trial_differences):
        books["试算-与附件1不同之处.xlsx"] = lambda path: _trial_book(path, year, meta)
    return books


def _names_book(path: Path, year: Year, meta: Meta) -> Path:
    """Write annex 1 by name (点名): each visit with unit and month, the order of ranked lines, the wishes."""
    title = f"{meta.title}点名"
    sheets = [
        Sheet("名单", year.name_list, title, note=INSIDE),
        _ranking_sheet(year, f"{title}：预警、信用、风险的次序"),
        Sheet("入企合并", year.entries, f"{title}：进一次门，查多项事", note=INSIDE),
        Sheet("合并核对", year.merge_proof, f"{title}：合并没有漏项、没有错过时段", unit="家次"),
        Sheet(
            "合并节省",
            year.merge_savings,
            f"{title}：合并节省",
            note=year.merge_note,
        ),
        Sheet("没有合并的", year.unmerged, f"{title}：同一单位几次入企的原因", note=INSIDE),
        Sheet("点名到月", year.named.wishes.drop(columns="wish"), f"{title}：依次满足的要求"),
    ]
    return write_book(path, sheets, replace(meta, title=title))


def _ranking_sheet(year: Year, title: str) -> Sheet:
    """The order of the ranked lines: of each those named, and as many again as are to be named; the others folded."""
    rankings, wanted = year.rankings, year.tasks.set_index("task_id")["planned_units"]
    names = year.name_list.set_index(["task_id", "unit_id"]).index
    far = rankings["order"] > _AS_MANY * rankings["task_id"].map(wanted)
    away = far & ~pd.MultiIndex.from_frame(rankings[["task_id", "unit_id"]]).isin(names)
    table = rankings.assign(ticket=rankings["ticket"].str[:16]).drop(columns="task")
    note = f"{INSIDE}　并列按号（印前 16 位），种子 {year.seed}"
    if away.any():
        note += f"　没有点到、次序在应查家数 {_AS_MANY} 倍以后的 {away.sum()} 行收起不印，点左边的 + 展开"
    return Sheet("排序", table, title, note=note, folded=frozenset(n for n, folded in enumerate(away) if folded))


def _without_empty(table: pd.DataFrame) -> pd.DataFrame:
    """A table without the columns that say nothing in any row."""
    return table.loc[
        :, [table.empty or any(not is_missing(cell) and cell != "" for cell in table[one]) for one in table]
    ]


def _trial_book(path: Path, year: Year, meta: Meta) -> Path:
    """Write what today's tables would make of annex 1 (试算), in a book of its own that says so on every sheet."""
    title, state = f"{meta.title}试算", "试算：按现在的表，未经批准"
    note = f"附件1是{year.version_text}，没有改动"
    sheets = [
        Sheet("不同之处", year.trial_differences, f"{title}：与附件1不同之处", "家次", note),
        Sheet("试算", month_matrix(year.trial.visits, year.names), title, "家次", note),
    ]
    return write_book(path, sheets, replace(meta, title=title, document="", approved_on="", state=state))


def monthly_files(plan: Standing, out: str) -> pd.DataFrame:
    """Write the next month's workbook and papers; one row per file."""
    return hand_over(
        "monthly_allocation", plan.year, out, monthly_books(plan) | paper_files(plan, dossier.month_papers(plan))
    )


def monthly_books(plan: Standing) -> dict[str, Write]:
    """Return the next month's book (月度执法安排) as a file to write: lines, names, load by team, notice, changes."""
    year, month = plan.year.plan.year, plan.next_month
    title = plan.title
    meta = standing_meta(plan, title)
    sheets = [
        periods.month_sheet("本月安排", plan.lines, title),
        periods.load_sheet("科队负荷", plan.loads, f"{title}：科队负荷"),
        Sheet(name="本月名单", table=plan.month_list, title=f"{month}月检查名单", note=INSIDE),
        Sheet(name="抽取", table=plan.draws.drop(columns="commitment"), title=f"{month}月随机抽取", note=INSIDE),
        Sheet(name="月公示", table=plan.notice, title=f"{month}月执法检查公示", unit="家次"),
        Sheet(name="检查以后公布", table=plan.disclosures, title="已经检查的抽取、线索单位"),
        Sheet(name="调整", table=plan.order, title="与批准计划相比的调整", unit="家次"),
        Sheet(name="名单调整", table=plan.moved, title="与批准计划相比换了月份的单位（0 为没有）", note=INSIDE),
    ]
    name = f"月度执法安排-{year}-{month:02}.xlsx"
    return {name: lambda path: write_book(path, sheets, meta)}


def summary_files(summary: Summary, out: str) -> pd.DataFrame:
    """Write plan against actuals; one row per file written."""
    books = summary_books(summary) | paper_files(summary.year, dossier.summary_papers(summary))
    return hand_over("year_end_summary", summary.year, out, books)


def summary_books(summary: Summary) -> dict[str, Write]:
    """Return plan against actuals (计划执行对比), to be printed, and all that lies behind it (执行明细), to write."""
    meta = replace(book_meta(summary.year, summary.title), version=summary.year.version_text)
    tables = {
        "按事项": with_tiers(summary.by_task.drop(columns=_NOT_BY_LINE), summary.by_tier),
        "各月处罚": summary.penalties_by_month,
        "差异": summary.bridge,
        "按月": summary.by_month,
        "计划内外": summary.sources.drop(columns=_NOT_BESIDE),
        "重点单位覆盖": summary.coverage.drop(columns=_NOT_BESIDE),
        "口径说明": summary.counts,
    }
    removed = {"不再检查": summary.removed.drop(columns=["unit_id", "evidence", "substitute"])}
    tables |= removed if len(summary.removed) else {}
    behind = {name: table for name, table in _details(summary).items() if len(table)}
    details = replace(meta, title=summary.title.replace("对比", "明细"))
    return {
        "计划执行对比.xlsx": lambda path: comparison_book(path, tables, meta, summary.span),
        "执行明细.xlsx": lambda path: comparison_book(path, behind, details, summary.span),
    }


def _details(summary: Summary) -> dict[str, pd.DataFrame]:
    """The tables behind the comparison, in the order of the summary: one per sheet."""
    return {
        "按类别": summary.by_group,
        "按季度": summary.by_quarter.drop(columns="left_visits"),
        "按科队": summary.by_team,
        "按街镇": summary.by_street.drop(columns="left_visits"),
        "分母": summary.denominators,
        "各事项的差异": summary.variance.drop(columns="task_id"),
        "指标": summary.rates,
        "同比": summary.growth,
        "各月计划内外": summary.shares_by_month,
        "专题": summary.themes,
        "隐患": summary.hazard_counts,
        "每千家次": summary.frequencies.drop(columns="definition"),
        "处罚细分": summary.penalty_parts,
        "统计年报口径": summary.statistics_bridge,
        "人日": summary.days_by_task,
        "科队人日": summary.days_by_team,
        "现场用时": summary.hours_by_task,
        "其他工作": summary.other_work,
        "其他工作人日": summary.work_days,
        "安排执行": summary.deviations,
        "承诺兑现": summary.promises.drop(columns=["evidence_list", "note"]),
        "各量的兑现": summary.measures.drop(columns=["clause", "count_scope"]),
        "街镇交来的": summary.streets.drop(columns=["numerator", "denominator", "completion"]),
        "街镇比率": summary.street_rates.query("denominator > 0").drop(columns="definition"),
        "没有到过": summary.not_covered,
        "没有检查码": summary.without_code,
    }


def paper_files(book: Year | Standing, papers: Sequence[dossier.PaperText]) -> dict[str, Write]:
    """Return the papers of a plan as files to write; all of them are filled before the first is written."""
    filled = cache(lambda: dossier.made(book, papers).documents)
    names = [f"{paper.name}.docx" for paper in papers]
    return {f"{FOLDER}/{name}": lambda path, name=name: write_atomic(path, filled()[name].content) for name in names}


def hand_over(
    notebook: str, year: Year, out: str, books: dict[str, Write], answers: Callable[[], Sequence[str]] = tuple
) -> pd.DataFrame:
    """Write the books into `out` and leave the notebook's receipt, with what it answers; without a folder nothing."""
    if out:
        for name, write in books.items():
            (Path(out) / name).parent.mkdir(exist_ok=True)
            write(Path(out) / name)
        write_receipt(Path(out), notebook, books, year.plan.path, answers())
    return pd.DataFrame({"file": list(books), "note": "已写出" if out else "本次没有写出"})


def replan_files(replan: Standing, out: str) -> pd.DataFrame:
    """Write the change order as workbook and paper, the new plan by quarter and both versions; one row per file."""
    books: dict[str, Write] = replan_books(replan)
    for version in (replan.before, replan.version):
        content = version_bytes(version)
        books[f"plan-v{version.number}.json"] = lambda path, content=content: write_atomic(path, content)
    books |= paper_files(replan, dossier.change_papers(replan))
    return hand_over("replan", replan.year, out, books, lambda: replan_outcome(replan))


def replan_books(replan: Standing) -> dict[str, Write]:
    """Return the change order (调整单) and the new plan by quarter as files to write."""
    year = replan.year
    title = replan.title
    basis = f"与{replan.before.text}比较"
    digest = f"比较的版本：第 {replan.before.number} 版，摘要 {replan.before.digest}"
    sheets = [
        Sheet(name="调整单", table=replan.order, title=title, unit="家次", note=f"{basis}　{replan.approver}"),
        Sheet(name="已过月份的出入", table=replan.past, title=f"{title}：已过月份的出入", unit="家次"),
        Sheet(name="表的变动", table=replan.causes, title=f"{title}：表的变动"),
        Sheet(name="名单调整", table=replan.moved, title=f"{title}：换了月份的单位（0 为没有）", note=INSIDE),
        Sheet(name="停业落空", table=replan.lost, title=f"{title}：停业、注销的单位"),
        Sheet(name="影响", table=replan.effects, title=f"{title}：影响", note=_UNCHANGED),
        Sheet(name="临时任务挤占", table=replan.displaced, title=f"{title}：临时任务挤占", unit="家次"),
        Sheet(name="排不下", table=replan.unplaced, title=f"{title}：排不下的家次", unit="家次"),
    ]
    if len(replan.deviations):
        sheets.append(Sheet(name="安排执行", table=replan.deviations, title=f"{title}：与日程安排不同", note=INSIDE))
    meta = standing_meta(replan, title)
    meta = replace(meta, notes=(*meta.notes, digest, replan.approver))
    books: dict[str, Write] = {f"调整单-{replan.as_of}.xlsx": lambda path: write_book(path, sheets, meta)}
    visits, mark = replan.allocation.visits, f"（{replan.as_of} 重排）"
    books[f"季度计划-{replan.as_of}.xlsx"] = lambda path: periods.quarter_book(path, visits, year.tasks, meta, mark)
    return books


def sweep_files(grid: Sweep, out: str) -> pd.DataFrame:
    """Write the points of many what-ifs as a workbook; one row per file."""
    meta = replace(book_meta(grid.year, grid.title), document="", approved_on="", state=grid.state_mark)
    sheets = [
        Sheet("各点", grid.points, grid.title),
        Sheet("边界", grid.frontier, f"{grid.title}：排得下的边界"),
    ]
    books: dict[str, Write] = {"情景网格.xlsx": lambda path: write_book(path, sheets, meta)}
    return hand_over("scenario_sweep", grid.year, out, books, lambda: [grid.sentence])
