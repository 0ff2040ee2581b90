"""The exchange (交换): units, tasks, roster and month plan as files for other systems, which this one reads back.

Read again, each file is the table it was made of, column by column. The month plan is annex 1 in the form of the limits
(家次限制): put among the tables of the plan it fixes every month as it stands there.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from enforce.desk.run.handover import book_meta
from enforce.desk.year import Year, open_year
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.mapping import forms_of, plan_under, read_mapping
from enforce.inputs.tables.writing import exchange_table
from enforce.papers.books.book import Sheet
from enforce.papers.books.csv_file import write_csv
from enforce.papers.books.writer import write_book
from enforce.papers.report.folder import discard, publish, stage
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Status
from enforce.words.texts import shown_path

FORMATS = ("xlsx", "csv")
#: File -> the kind of form it is written in.
FILES = {"企业台账": "register", "检查事项": "tasks", "执法人员": "roster", "月度计划": "limits"}


def write_exchange(plan_file: Path, out: Path, *, mapping: str = "", ending: str = "xlsx") -> list[str]:
    """Write the files of a plan into a new folder, all or none; return what was written, in Chinese.

    Under the headings of `mapping` where it is given, else of the plan's own. InputError when the plan cannot be
    opened, the folder holds something already, or a mapping cannot be used.
    """
    out = Path(out).resolve()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        expected = "还没有的文件夹（已有的不覆盖，请换一个名字）"
        refuse([Problem("命令行", Place("--out"), shown_path(out), expected, Flaw.REPEATED)])
    year = open_year(plan_file)
    plan = plan_under(year.plan, mapping)
    tables = exchange_tables(year, plan)
    notes = _sureness(plan)
    staged = stage(out)
    try:
        for name, table in tables.items():
            _write(staged / f"{name}.{ending}", name, table, year, notes)
        publish(staged, out)
    finally:
        discard(staged)
    return [f"已导出到 {shown_path(out)}：", *(f"  {name}.{ending}，{len(tables[name])} 行" for name in tables), *notes]


def exchange_tables(year: Year, plan: Plan) -> dict[str, pd.DataFrame]:
    """Return the tables by file, each under the headings of its form in this plan's words and mapping."""
    tables, forms = year.tables, forms_of(plan)
    parts = {"register": tables.units, "tasks": tables.tasks, "roster": tables.roster, "limits": month_plan(year)}
    return {file: exchange_table(parts[kind], forms[kind]) for file, kind in FILES.items()}


def month_plan(year: Year) -> pd.DataFrame:
    """Return annex 1 as limits (家次限制): one row per task and month with visits, at least and at most so many."""
    rows = year.annex.visits.query("visits > 0")
    months = [(month,) for month in rows["month"]]
    basis = "，".join(filter(None, (f"{year.plan.year}年度计划附件1", year.version_text or year.state_mark)))
    return rows.assign(months=months, minimum=rows["visits"], maximum=rows["visits"], basis=basis)


def _write(path: Path, name: str, table: pd.DataFrame, year: Year, notes: list[str]) -> Path:
    if path.suffix == ".csv":
        return write_csv(path, table)
    meta = replace(book_meta(year, f"{year.plan.year}年度{name}"), version=year.version_text, notes=tuple(notes))
    return write_book(path, [Sheet(name, table, title=name, fixed=1, headed=True)], meta)


def _sureness(plan: Plan) -> list[str]:
    """Return how sure the headings of another system are."""
    if not plan.mapping:
        return []
    assumed = int(read_mapping(plan)["status"].eq(Status.ASSUMED).sum())
    doubt = f"，其中 {assumed} 列是假定的：没有人见过对方的表" if assumed else ""
    return [f"列名按对照「{plan.mapping}」{doubt}。"]
