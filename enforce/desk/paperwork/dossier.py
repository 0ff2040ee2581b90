"""The dossier (成套公文): every paper of a plan, in the order in which they are handed up, filled and traced.

A paper is a template with values of its own beside those of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from enforce.desk.commands.audit import audit_contents
from enforce.desk.district import annex_sources
from enforce.desk.imprint import book_meta, standing_meta
from enforce.desk.moment import Moment
from enforce.desk.opening import last_year_plan
from enforce.desk.paperwork import paper_tables
from enforce.desk.paperwork.reports import bulletin_values, month_values, statistics_values, summary_values
from enforce.desk.paperwork.wording import (
    NO_DATE,
    date_text,
    days_text,
    government,
    letter_of,
    letter_values,
    plan_values,
    planned_tasks,
    references,
)
from enforce.desk.standing import Standing
from enforce.desk.summary import Summary, summary
from enforce.desk.year import Year, open_year
from enforce.papers.books.book import Meta
from enforce.papers.documents.fill import Document, document, unsafe_problems
from enforce.papers.documents.reread import check_document
from enforce.papers.documents.template import read_template
from enforce.planning.checks.case import COLUMNS
from enforce.words.files import safe_name
from enforce.words.months import QUARTERS
from enforce.words.problems import refuse
from enforce.words.terms import Severity
from enforce.words.texts import excerpt

#: The annexes of a plan (附件), in order: what the text calls them, and the files too.
ANNEXES = ("执法计划安排表", "重点单位名单", "执法工作量核算", "上年度执法工作总结")
_PAGE_LINES = 20  #: What one page takes of the findings.
_UPWARD = ("发文字号", "签发人", "成文日期", "联系人", "电话")
_DOWNWARD = ("发文字号", "成文日期")
_BLANKS = {"请示": _UPWARD, "备案报告": _UPWARD, "印发通知": _DOWNWARD}


@dataclass(frozen=True)
class PaperText:
    """One paper: the name of its file, its template, and the values of it alone.

    One `of_visits` goes along to the firms: how full the teams' months are stands on it nowhere.
    """

    name: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    of_visits: bool = False


def annual_papers(year: Year) -> list[PaperText]:
    """Return the papers of the year's plan: letters, the plan with its annexes, notices, quarters, the self-check."""
    report = self_check(year)
    return [
        PaperText("请示", "请示", {"公文": _request(year)}),
        PaperText("印发通知", "印发通知", {"公文": letter_values(year, "印发通知", 主送=_below(year))}),
        *filed_papers(year),
        PaperText("与上年对照", "与上年对照", {"附件表": paper_tables.beside_last_year(year)}),
        *_filings(year),
        _notice(year),
        *_quarters(year),
        PaperText("自检报告", "自检报告", {"自检": report}),
    ]


def filed_papers(year: Year) -> list[PaperText]:
    """Return the plan with its annexes, which go to the superior too."""
    return [_plan_paper(year), *_annexes(year, _last_summary(year))]


def month_papers(plan: Standing) -> list[PaperText]:
    """Return the papers of a month: its plan and its public notice."""
    year, lines = plan.year, plan.lines
    hidden = lines.merge(year.tasks[["task_id", "unpublished"]], on="task_id").query("unpublished != '' and visits > 0")
    shown = int(lines["visits"].sum() - hidden["visits"].sum())
    common = {"月份": plan.next_month, "公文": letter_values(year, "月度计划")}
    current = {
        "家次": int(lines["visits"].sum()),
        "人日": days_text(plan.loads["needed_days"].sum()),
        "可安排": days_text(plan.loads["capacity_days"].sum()),
        "变动": int((lines["changed_visits"] != 0).sum()),
        "重点时段": _periods_of(year, [plan.next_month]),
        "表": paper_tables.month_lines(plan),
    }
    notice = {"家次": shown, "不公布": len(hidden), "不公布家次": int(hidden["visits"].sum())}
    public = {
        **common,
        "公文": letter_values(year, "月公示"),
        "公示": notice,
        "公示表": paper_tables.notice_of_month(plan),
        "名单": {"家次": len(plan.announced), "抽取": len(plan.public_draws), "已查": len(plan.disclosed)},
        "名单表": paper_tables.announced_units(plan, plan.announced),
        "抽取表": paper_tables.commitments(plan),
        "已查表": paper_tables.announced_units(plan, plan.disclosed),
        "上月": plan.closed,
    }
    mark = f"{year.plan.year}-{plan.next_month:02}"
    return [
        PaperText(f"月度计划-{mark}", "月度计划", common | {"本期": current}),
        PaperText(f"月公示-{mark}", "月公示", public),
        *_report_of_month(year, plan.closed),
    ]


def _report_of_month(year: Year, month: int) -> list[PaperText]:
    """Return the report of a month that is over; none of month 0, or where nothing is recorded."""
    days = year.calendar.days
    if not month or year.tables.records.empty:
        return []
    return [month_report(Summary(year, days.loc[days["month"] == month, "date"].max()))]


def change_papers(plan: Standing) -> list[PaperText]:
    """Return the change order of a re-plan."""
    totals = [table["visits"].sum() for table in (plan.before.visits, plan.allocation.visits)]
    values = {
        "日期": date_text(plan.as_of),
        "原版": plan.before.text,
        "项数": len(plan.order),
        "批准": plan.approver,
        "原家次": int(totals[0]),
        "现家次": int(totals[1]),
        "排不下": int(plan.unplaced["unplaced_visits"].sum()),
        "表": paper_tables.change_order(plan),
        "执行": len(plan.deviations),
        "执行表": paper_tables.visit_deviations(plan.deviations),
    }
    letter = letter_values(plan.year, "调整单", 成文日期=date_text(plan.as_of))
    return [PaperText(f"调整单-{plan.as_of}", "调整单", {"调整": values, "公文": letter})]


def summary_papers(past: Summary) -> list[PaperText]:
    """Return the papers that look back on a year to a day: its summary and the statistics, and quarters gone by."""
    year = past.year
    mark = "" if past.over else f"-截至{past.as_of}"
    letters = {paper: {"公文": letter_values(year, paper)} for paper in ("年度总结", "统计年报")}
    return [
        PaperText(f"年度执法工作总结{mark}", "年度执法工作总结", {"总结": summary_values(past), **letters["年度总结"]}),
        PaperText(
            f"行政执法统计年报{mark}", "行政执法统计年报", {"年报": statistics_values(past), **letters["统计年报"]}
        ),
        *_bulletins(past),
        *_report_of_month(year, Moment(year.calendar, past.as_of).closed),
    ]


def _bulletins(past: Summary) -> Iterator[PaperText]:
    """Yield the bulletin (季度通报) of each quarter with visits that is over by the day, as of its last day."""
    year = past.year
    letter = letter_values(year, "季度通报", 主送=_below(year))
    days, done = year.calendar.days, set(past.records["date"].str[5:7].astype(int))
    for n, name in enumerate(QUARTERS, 1):
        last = days.loc[days["month"] == 3 * n, "date"].max()
        if last <= past.as_of and done.intersection(range(3 * n - 2, 3 * n + 1)):
            values = bulletin_values(replace(past, as_of=last), n)
            yield PaperText(f"季度通报-{name}", "季度通报", {"通报": values, "公文": letter})


def month_report(past: Summary) -> PaperText:
    """Return the report of the month (执法月报) at whose end the summary stands."""
    return PaperText(f"执法月报-{past.as_of[:7]}", "执法月报", {"月报": month_values(past)})


# --- parts of the annual papers -------------------------------------------------------------------------------------


def _request(year: Year) -> dict[str, object]:
    given = letter_of(year, "请示")
    cited = given.bases if given else ()
    letter = letter_values(year, "请示", 主送=government(year))
    return letter | {"依据": references(year, cited)}


def _below(year: Year) -> str:
    return f"各科队、各{year.plan.vocabulary.street}"


def _plan_paper(year: Year) -> PaperText:
    return PaperText("年度计划", "年度计划", {"公文": letter_values(year, "年度计划")})


def _annexes(year: Year, last: Summary | None = None) -> Iterator[PaperText]:
    """Yield annexes 1 to 4; the last is the summary of last year's plan where there is one."""
    plan = year.plan
    origin = plan.disclaimer and f"说明：{plan.disclaimer}。"
    (schedule,), (units,), (account, need) = paper_tables.annex_tables(annex_sources(year))
    tables = (
        {"附件表": schedule, "附件说明": year.annex_mark and f"说明：{year.annex_mark}。"},
        {"附件表": units, "附件说明": origin},
        {"附件表": account, "需要表": need, "附件说明": origin},
        {"附件表": paper_tables.last_year(year)},
    )
    for n, (name, values) in enumerate(zip(ANNEXES, tables, strict=True), 1):
        title = (
            f"{plan.bureau}{plan.year - 1}年度执法工作总结"
            if n == len(ANNEXES)
            else f"{plan.year}年{plan.bureau}{name}"
        )
        if n == len(ANNEXES) and last:
            past = {"总结": summary_values(last, f"附件{n}"), "公文": letter_values(last.year, "年度总结")}
            yield PaperText(f"附件{n}-{name}", "年度执法工作总结", past)
            continue
        yield PaperText(f"附件{n}-{name}", f"附件{n}", values | {"附件名称": title})


def _last_summary(year: Year) -> Summary | None:
    """Return the summary of last year's plan; None where the plan names none, or nothing is recorded of it."""
    before = last_year_plan(year.plan)
    last = open_year(before.path) if before else None
    return summary(last) if last and len(last.tables.records) else None


def _filings(year: Year) -> Iterator[PaperText]:
    """Yield the report on filing for each authority the plan names."""
    entries = year.plan.filing
    for entry in entries:
        letter = letter_values(year, "备案报告") | {
            "主送": entry.to,
            "方式": f"以{entry.how}方式" if entry.how else "",
            "期限": date_text(entry.by) if entry.by else "",
        }
        name = "备案报告" if len(entries) == 1 else safe_name(f"备案报告-{entry.to}", "")
        yield PaperText(name, "备案报告", {"公文": letter})


def _notice(year: Year) -> PaperText:
    plan, tasks = year.plan, planned_tasks(year)
    form = _template_path(year, f"公示表式/{plan.public_form}.csv")
    hidden = tasks[tasks["unpublished"] != ""]
    shown = tasks[tasks["unpublished"] == ""]
    totals = {
        "家次": int(shown["planned_visits"].sum()),
        "家数": int(shown["planned_units"].sum()),
        "不公布": len(hidden),
        "不公布家次": int(hidden["planned_visits"].sum()),
        "表式": plan.public_form,
    }
    values = {
        "公文": letter_values(year, "计划公示"),
        "公示": totals,
        "公示表": paper_tables.notice_of_plan(year, form),
    }
    return PaperText("计划公示", "计划公示", values)


def _quarters(year: Year) -> Iterator[PaperText]:
    loads = year.annex.loads
    for n, name in enumerate(QUARTERS):
        months = range(3 * n + 1, 3 * n + 4)
        rows, cells = loads[loads["month"].isin(months)], year.annex.visits
        current = {
            "家次": int(cells.loc[cells["month"].isin(months), "visits"].sum()),
            "人日": days_text(rows["needed_days"].sum()),
            "可安排": days_text(rows["capacity_days"].sum()),
            "重点时段": _periods_of(year, months),
            "表": paper_tables.quarter_lines(year, months),
        }
        letter = letter_values(year, "季度计划")
        yield PaperText(f"季度计划-{name}", "季度计划", {"季度": name, "本期": current, "公文": letter})


def _periods_of(year: Year, months: range | list[int]) -> str:
    """Return the key periods that have a day in these months, in words."""
    names = (
        period.name
        for period in year.plan.key_periods
        if any(period.from_date[:7] <= f"{year.plan.year}-{month:02}" <= period.to_date[:7] for month in months)
    )
    return "、".join(names)


def self_check(year: Year) -> dict[str, object]:
    """Return the findings on one page, with the answer to whether the plan may be handed up."""
    table = year.findings
    counts = {severity: int((table["severity"] == severity).sum()) for severity in Severity}
    order = table["severity"].map({severity.value: n for n, severity in enumerate(Severity)})
    table = table.iloc[order.argsort(kind="stable")]
    first = table[(paper_tables.row_lines(paper_tables.finding_table(table)).cumsum() <= _PAGE_LINES).tolist()]
    errors = counts[Severity.ERROR]
    audited = [f"{one.where}印{one.figure}，应为{one.limit}" for one in text_audit(year).itertuples()]
    return {
        "结论": "有须改正的问题，改正以前不宜报送。" if errors else "没有须改正的问题，可以报送；请核实的要有说法。",
        **{severity.label: counts[severity] for severity in Severity},
        "条数": len(table),
        "另有": len(table) - len(first),
        "表": paper_tables.finding_table(first),
        "待填": "、".join(_blank_elements(year)),
        "审核": "；".join(audited) or "年度计划和附件前后一致，没有发现问题",
    }


@lru_cache(maxsize=2)  # the self-check and the notebook's end show one and the same
def text_audit(year: Year) -> pd.DataFrame:
    """Return the audit (文本审核) of the year's plan and its annexes as they would be written: as findings have it."""
    papers = [_plan_paper(year), *_annexes(year)]
    contents = {name: filled.content for name, filled in made(year, papers).documents.items()}
    rows = [
        (one.check, one.severity.value, f"{one.file} {one.place}", excerpt(one.sentence), one.printed, one.expected)
        for one in audit_contents(contents, year.tables.tasks, year).findings
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _blank_elements(year: Year) -> Iterator[str]:
    """Yield what is still to be written on the letters by hand, paper by paper."""
    for paper, elements in _BLANKS.items():
        values = letter_values(year, paper)
        empty = [name for name in elements if values[name] in ("", NO_DATE)]
        if empty and (paper != "备案报告" or year.plan.filing):
            yield f"{paper}的{'、'.join(empty)}"


# --- filling --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Made:
    """The papers of a plan, filled: by name of file, with the figures that templates type themselves."""

    documents: Mapping[str, Document]
    typed: tuple[str, ...]


def made(book: Year | Standing, papers: list[PaperText]) -> Made:
    """Fill papers; InputError with the problems of every template, before any of them is written."""
    year = book if isinstance(book, Year) else book.year
    common = plan_values(year) | {"附件": [{"序": n, "名称": name} for n, name in enumerate(ANNEXES, 1)]}
    documents, typed = {}, []
    for paper in papers:
        values = common | paper.values
        template = read_template(_template_path(year, f"{paper.template}.docx"), values)
        filled = document(template, values, _properties(book, paper))
        refuse(unsafe_problems(f"{paper.name}.docx", filled))
        check_document(f"{paper.name}.docx", filled)
        documents[f"{paper.name}.docx"] = filled
        typed += template.typed
    return Made(documents, tuple(dict.fromkeys(typed)))


def _template_path(year: Year, name: str) -> Path:
    """Return a template of the plan's own folder where it has one, else that of the project."""
    chosen = year.plan.templates_folder / name
    return chosen if chosen.is_file() else _SHARED / name


_SHARED = Path(__file__).resolve().parents[3] / "params" / "templates"


def _properties(book: Year | Standing, paper: PaperText) -> Meta:
    """Return what the properties of a paper say."""
    if isinstance(book, Standing):
        meta = standing_meta(book, f"{book.year.plan.bureau}{paper.name}")
        return replace(meta, notes=(), overloaded="" if paper.of_visits else meta.overloaded)
    title = f"{book.plan.bureau}{book.plan.year}年度{paper.name}"
    return replace(book_meta(book, title), version=book.version_text, notes=())
