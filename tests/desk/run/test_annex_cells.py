"""The annexes of a pack beside its tables: of no plan do they differ as they were made; one altered cell is named."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest

from enforce.desk.commands.filing import filed_parts
from enforce.desk.district import annex_sources
from enforce.desk.paperwork.paper_tables import annex_tables, ruled
from enforce.desk.run.annex_cells import check_annexes
from enforce.desk.run.intake import AUDITED, receive_folder
from enforce.desk.year import open_year
from enforce.inputs.pack import Pack, read_pack
from tests.bureaus import bare_project, write_any, write_county
from tests.desk.run.test_intake import sheets
from tests.packs import paper, small_parts, small_tables, write_small

SEEDS = (1, 2, 3, 4, 5, 6)


def packed(path: Path, parts: dict[str, bytes]) -> Pack:
    return read_pack(write_small(path, parts))


def with_paper(pack: Pack, name: str, content: bytes) -> Pack:
    return replace(pack, papers={**pack.papers, f"公文/{name}": content})


def retold(content: bytes, table: int, row: int, column: int, text: str) -> tuple[bytes, str]:
    """A Word file with another text in one cell, and what stood there."""
    document, written = docx.Document(io.BytesIO(content)), io.BytesIO()
    cell = document.tables[table].rows[row].cells[column]
    before, cell.text = cell.text, text
    document.save(written)
    return written.getvalue(), before


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Pack:
    return packed(tmp_path_factory.mktemp("pack") / "甲.zip", small_parts(small_tables()))


def test_papers_made_from_the_tables_differ_nowhere(pack):
    assert list(check_annexes(pack)) == []


@pytest.mark.parametrize(("annex", "table"), [(1, 0), (2, 0), (3, 0), (3, 1)])
def test_each_cell_altered_is_named_by_file_row_and_column_with_what_is_printed_and_expected(pack, annex, table):
    name = f"附件{annex}.docx"
    content = pack.papers[f"公文/{name}"]
    grid = docx.Document(io.BytesIO(content)).tables[table]
    for row in range(len(grid.rows)):
        for column in range(len(grid.columns)):
            altered, before = retold(content, table, row, column, "77")
            (remark,) = check_annexes(with_paper(pack, name, altered))
            head = grid.rows[0].cells[column].text
            assert remark[:2] == (name, f"表 {table + 1} 第 {row + 1} 行「{head}」")
            assert remark[3:] == ("77", before or "（空）")


def test_a_row_too_few_and_one_too_many_are_one_remark_each(pack):
    content = pack.papers["公文/附件1.docx"]
    rows = [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[0].rows]
    (gone,) = check_annexes(with_paper(pack, "附件1.docx", paper("表", [*rows[:1], *rows[2:]])))
    assert (gone.place, gone.printed) == ("表 1 第 2 行", "（没有这一行）")
    (more,) = check_annexes(with_paper(pack, "附件1.docx", paper("表", [*rows[:2], [*rows[1][:-1], "5"], *rows[2:]])))
    assert (more.place, more.expected) == ("表 1 第 3 行", "（没有这一行）")


def test_a_paper_without_its_table_is_named_and_an_empty_key_list_needs_none(pack, tmp_path):
    (remark,) = check_annexes(with_paper(pack, "附件2.docx", paper("没有表。")))
    assert (remark.file, remark.printed, remark.expected) == ("附件2.docx", "（没有这张表）", "1 行的表")
    tables = small_tables()
    tables["key_list"] = tables["key_list"].iloc[:0]
    parts = small_parts(tables) | {"公文/附件2.docx": paper("本附件没有名单。")}
    assert list(check_annexes(packed(tmp_path / "乙.zip", parts))) == []


def test_tables_before_that_of_the_annex_do_not_matter(pack):
    content = pack.papers["公文/附件1.docx"]
    rows = [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[0].rows]
    (remark,) = check_annexes(
        with_paper(pack, "附件1.docx", paper("表", [["会签", ""]], [*rows[:-1], [*rows[-1][:-1], "9"]]))
    )
    assert remark.place == f"表 2 第 {len(rows)} 行「全年」"


def test_the_superior_reads_the_altered_cell_in_his_book(pack, tmp_path):
    (tmp_path / "收").mkdir()
    parts = small_parts(small_tables())
    parts["公文/附件3.docx"], before = retold(parts["公文/附件3.docx"], 1, 1, 2, "19")
    write_small(tmp_path / "收/甲.zip", parts)
    _, table = receive_folder(tmp_path / "收", "汇总", out=tmp_path / "出")
    assert table["message"].item().startswith("公文须改正 ")
    rows = [
        row for row in sheets(tmp_path / "收")[AUDITED] if row[1:3] == ["附件3.docx", "表 2 第 2 行「可安排(人日)」"]
    ]
    assert [row[-2:] for row in rows] == [["19", before]]


# --- of any plan ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    return bare_project(tmp_path_factory.mktemp("any"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_papers_of_any_plan_are_its_tables_and_what_is_altered_in_them_is_named(project, tmp_path, seed):
    year = open_year(write_county(project) if seed == 1 else write_any(project, seed))
    ours = packed(tmp_path / "包.zip", filed_parts(year))
    assert list(check_annexes(ours)) == []
    filed = annex_sources(year)
    for read, made in zip(annex_tables(ours.tables), annex_tables(filed), strict=True):
        for one, other in zip(read, made, strict=True):
            pd.testing.assert_frame_equal(one.table, other.table)
    need = ruled(year.annex_need.rename(columns={"spare_days": "富余"})).table
    pd.testing.assert_frame_equal(annex_tables(filed)[2][1].table, need)
    for name, content in ours.papers.items():
        if not name.startswith(("公文/附件1", "公文/附件3")):
            continue
        file = name.partition("/")[2]
        altered, before = retold(content, 0, 1 + seed, 4, "0.77")
        (remark,) = check_annexes(with_paper(ours, file, altered))
        assert (remark.printed, remark.expected) == ("0.77", before or "（空）")
        assert remark.place.startswith(f"表 1 第 {2 + seed} 行「")
