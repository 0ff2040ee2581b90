"""The roll-up (汇总): many plans on one page and in one book, as city and receive write it; nothing is ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from enforce.desk.district import COLUMNS, district_table, pooled_rates, shared_units
from enforce.desk.run import batch
from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.writer import write_book
from enforce.papers.report import folder, pages
from enforce.papers.report.folder import MANIFEST
from enforce.papers.report.manifest import check_report
from enforce.papers.screen.cells import cell_text
from enforce.papers.screen.display import show
from enforce.words.files import safe_name
from enforce.words.problems import Place, Problem
from enforce.words.terms import label

BOOK = "全市汇总.xlsx"
NOTES = {
    "各份计划": "按给出的次序排列，不排名次；口径以各份报告为准",
    "合并与平均": "合并：分子之和 ÷ 分母之和；平均：各份占比的平均，没有分母的不计",
    "几份都有的单位": "局内掌握，检查以前不公布",
}


@dataclass(frozen=True)
class RollUp:
    """What a roll-up says besides figures: its folder, the plans' year, their names, each with its page or ''.

    `failed` are those that are not in it, name -> why; `first` are tables that stand before the others.
    """

    target: Path
    year: int
    links: Mapping[str, str]
    failed: Mapping[str, str]
    answer: str
    first: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What page and book are called."""
        return f"{self.target.name} {self.year or ''}年度执法计划汇总".replace(" 年度", " ")


def check_name(name: str) -> Iterator[Problem]:
    """Yield what stands against the name of a roll-up, which is that of its folder."""
    if safe_name(name, "") != name or name.startswith("."):
        yield Problem("汇总", Place("--name"), name, "能作文件夹名的文字")


def write_roll_up(roll: RollUp, figures: Callable[[], Iterable[Mapping]]) -> None:
    """Write page and workbook of a roll-up, whole or not at all; `figures` gives those of its plans, one by one."""
    tables = {
        **roll.first,
        "各份计划": district_table(figures()),
        "合并与平均": pooled_rates(figures()),
        "几份都有的单位": shared_units(figures()),
    }
    notes = {**NOTES, **roll.notes}
    staged = folder.stage(roll.target)
    try:
        sheets = [
            Sheet(name, table, f"{roll.title}：{name}", note=notes.get(name, "")) for name, table in tables.items()
        ]
        write_book(staged / BOOK, sheets, Meta(roll.title, roll.target.name, "", "", roll.year or 2000, plain=True))
        _write_page(staged, roll, tables, notes)
        made = [folder.file_entry(staged, name) for name in sorted((BOOK, pages.COVER))]
        names = [*roll.links, *roll.failed]
        folder.write_json(staged / MANIFEST, {"plans": names, "answers": [roll.answer], "outputs": made, "carried": []})
        check_report(staged)
        folder.publish(staged, roll.target)
    finally:
        folder.discard(staged)


def _write_page(staged: Path, roll: RollUp, tables: Mapping[str, pd.DataFrame], notes: Mapping[str, str]) -> None:
    """Write the page of a roll-up: what failed, the plans with links to their covers, the other tables."""
    table = tables["各份计划"]
    rows = [[cell_text(column, value) for column, value in row.items()] for row in table.to_dict("records")]
    shown = {name: show(one, name, note=notes.get(name, ""))._repr_html_() for name, one in tables.items()}
    html = pages.rendered(
        "city.html.j2",
        title=roll.title,
        answer=roll.answer,
        note=notes["各份计划"],
        heads=[label(column) for column in COLUMNS],
        rows=list(zip(roll.links.items(), rows, strict=True)),
        failed=roll.failed,
        book=BOOK,
        first=[shown[name] for name in roll.first],
        tables=[shown[name] for name in tables if name not in roll.first and name != "各份计划"],
    )
    batch.write_inert_page(staged / pages.COVER, html, roll.title, [*filter(None, roll.links.values()), BOOK])
