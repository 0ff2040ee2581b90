"""The filing (报送): one plan as a pack, its papers, tables and figures, for the superior."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from enforce.desk.district import filing_tables, plan_figures
from enforce.desk.paperwork import dossier
from enforce.desk.run import batch
from enforce.desk.year import Year
from enforce.inputs.pack import FIGURES, filed_table, json_bytes, pack_bytes, part_of_paper, part_of_table, read_pack
from enforce.papers.books.csv_file import csv_bytes
from enforce.papers.documents.package import unseen_parts
from enforce.words.files import output_errors, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse


def write_pack(plan: Path, out: Path | None = None) -> list[str]:
    """Write the pack of a plan, whole or not at all, and read it back; return what is to be told.

    InputError where the plan cannot be opened, or a text of it may not leave the bureau.
    """
    year = batch.solved_year(plan.resolve())
    target = out or batch.report_place(plan, "报送").with_suffix(".zip")
    content = pack_bytes(year.plan.name, year.plan.year, metadata.version("enforce"), filed_parts(year))
    with output_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    pack = read_pack(write_atomic(target, content))
    notes = ["计划还没有批准，包里的公文标明草案或送审稿。"] if year.state_mark else []
    return [f"报送包已写入：{os.path.relpath(target)}（{len(pack.papers)} 份公文，{len(pack.tables)} 张表）", *notes,
            f"摘要：{pack.digest}", "请把摘要写在报送的公文里或另外告知上级，用来核对。"]  # fmt: skip


def filed_parts(year: Year) -> dict[str, bytes]:
    """Return what goes into a pack, by name: tables and papers of the list in params/rules/filing.csv, and figures."""
    tables = {name: filed_table(name, rows) for name, rows in filing_tables(year).items()}
    figures = plan_figures(filing_tables(year))
    made = dossier.made(replace(year, contact=None), dossier.filed_papers(year)).documents
    papers = {part: filled.content for name, filled in made.items() if (part := part_of_paper(name))}
    refuse(
        Problem(part, Place(unseen), "读的人看不见，会随包报出", "没有：请在公文模板里删去", Flaw.PERSONAL)
        for part, content in papers.items()
        for unseen in unseen_parts(content)
    )
    named = {part_of_table(name): csv_bytes(part_of_table(name), table) for name, table in tables.items()}
    return named | papers | {FIGURES: json_bytes({name: one for name, one in figures.items() if name != "units"})}
