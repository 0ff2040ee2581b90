"""Packs of small plans, made without opening one: what a bureau would file, and what somebody made of it since."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import docx
import pandas as pd

from enforce.desk.district import plan_figures
from enforce.desk.paperwork.paper_tables import annex_tables
from enforce.inputs.pack import (
    FIGURES,
    filed_columns,
    filed_table,
    json_bytes,
    pack_bytes,
    part_of_table,
)
from enforce.papers.books.csv_file import csv_bytes

BALANCE = {
    "total_statutory_days": 100.0,
    "other_enforcement_days": 60.0,
    "non_enforcement_days": 20.0,
    "inspection_days": 20.0,
    "reserve_days": 2.0,
    "key_period_days": 0.0,
    "capacity_days": 18.0,
}
CODES = ("91310107TEXT00017P", "91110000600037341L")


def small_tables(plan: str = "jia-2025", bureau: str = "甲区应急管理局", year: int = 2025) -> dict[str, pd.DataFrame]:
    """Two lines of one team: 4 key visits, 2 general ones, joint."""
    plain = {"selection": "draw", "out_of_district_visits": 0}
    lines = [
        {"task_id": "A1", "group": "重点", "name": "粉尘涉爆", "tier": "key", "kind": "campaign", "planned_visits": 4},
        {"task_id": "A2", "group": "抽查", "name": "联合抽查", "tier": "general", "kind": "joint", "planned_visits": 2},
    ]
    plan_row = {"plan": plan, "bureau": bureau, "year": year, "level": "区级", "plan_state": "草案", "version": ""}
    account = [(team, line, "", days, "") for team in ("大队", "合计") for line, days in BALANCE.items()]
    listed = [(CODES[0], "某某厂", "甲镇", "粉尘涉爆", "区级", "A1", "2024-05-06")]
    units = [(CODES[0], "某某厂", True, "A1", 1), (CODES[1], "某某店", False, "", 2)]
    return {
        "plan": pd.DataFrame([plan_row | {"faults": 0, "unplanned_visits": 1, "recorded_visits": 5}]),
        "lines": pd.DataFrame([line | plain for line in lines]),
        "effort": pd.DataFrame({"task_id": ["A1", "A2"], "team": "大队", "days_per_visit": [2.0, 1.0]}),
        "months": pd.DataFrame({"task_id": ["A1", "A1", "A2"], "month": [3, 4, 4], "visits": [2, 2, 2]}),
        "capacity": pd.DataFrame({"team": "大队", "month": [3, 4], "capacity_days": [10.0, 8.0]}),
        "account": pd.DataFrame(account, columns=["team", "line", "item", "days", "follows"]),
        "key_list": pd.DataFrame(listed, columns=list(filed_columns()["key_list"])),
        "units": pd.DataFrame(units, columns=["unit_id", "name", "is_key", "covered_by", "visits"]),
    }


def paper(text: str, *tables: list[list[str]]) -> bytes:
    """A Word file of one paragraph and tables."""
    document, content = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    for rows in tables:
        grid = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(grid.rows, rows, strict=True):
            for cell, value in zip(row.cells, cells, strict=True):
                cell.text = value
    document.save(content)
    return content.getvalue()


def small_parts(tables: dict[str, pd.DataFrame], text: str = "全年6家次。") -> dict[str, bytes]:
    """What stands in a pack of these tables, the papers each of one sentence and the tables of its annex."""
    parts = {part_of_table(name): csv_bytes(name, filed_table(name, table)) for name, table in tables.items()}
    figures = plan_figures(tables)
    figures.pop("units")
    printed = {
        f"附件{n}": [[list(one.table.columns), *one.table.to_numpy().tolist()] for one in ruled]
        for n, ruled in enumerate(annex_tables(tables), 1)
    }
    papers = {f"公文/{name}.docx": paper(text, *printed.get(name, ())) for name in filed_columns()["papers"]}
    return parts | papers | {FIGURES: json_bytes(figures)}


@cache
def small_pack(**which: object) -> bytes:
    """The pack of such a plan as it is filed."""
    tables = small_tables(**which)
    return packed(tables, small_parts(tables))


def packed(tables: dict[str, pd.DataFrame], parts: dict[str, bytes]) -> bytes:
    """Parts under the name of a plan."""
    row = tables["plan"].iloc[0]
    return pack_bytes(row["plan"], int(row["year"]), "0.1.0", parts)


def write_small(path: Path, parts: dict[str, bytes] | None = None, **which: object) -> Path:
    """Write a pack of such a plan, or of other parts under its name."""
    path.write_bytes(packed(small_tables(**which), parts) if parts else small_pack(**which))
    return path
