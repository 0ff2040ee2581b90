"""The quarantine in a run: bad rows stand beside the report, and every part of the report says how many there are."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from enforce import __main__ as command
from enforce.desk.commands.record import record
from enforce.desk.run import batch
from enforce.desk.year import open_year
from enforce.papers.report import folder as report_folder
from enforce.words.files import OutputError
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

CODE = "91310107TEXT00017P"
RECORDED = "91310107TEXT0494XY"


def copied(root: Path, folder: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for name in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    return folder / "params/putuo-2024.yaml"


def changed(plan: Path, table: str, old: str, new: str) -> None:
    path = plan.parents[1] / f"data/putuo-2024/{table}.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")


@pytest.fixture(scope="module")
def made(root, tmp_path_factory):
    """A run over a ledger and two bad rows of the register, one of a unit that the ledger names."""
    folder = tmp_path_factory.mktemp("隔离")
    plan = copied(root, folder)
    record(plan, plan.parents[1] / "data/putuo-2024/records.csv")
    changed(plan, "units", CODE, CODE[:-1] + "Q")
    changed(plan, "units", RECORDED, RECORDED[:-1] + "Z")
    with pytest.raises(InputError):
        open_year(plan)
    aside = folder / "放到一边.xlsx"
    report = batch.run(plan, out=folder / "报告", quarantine=aside)
    return SimpleNamespace(
        plan=plan, aside=aside, report=report, year=open_year(plan, quarantine=True), head=open_year_head(plan)
    )


def open_year_head(plan: Path) -> str:
    return open_year(plan, quarantine=True).ledger_head


def books(report: Path) -> dict[str, str]:
    """Return every workbook of a report as one text."""
    return {
        path.name: "\n".join(
            str(cell)
            for sheet in openpyxl.load_workbook(path)
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        )
        for path in sorted(report.glob("*.xlsx"))
    }


def test_the_rows_stand_in_a_workbook_beside_the_report_with_their_reasons(made):
    book = openpyxl.load_workbook(made.aside)
    assert len(book.sheetnames) == 3
    units, records = (list(book[name].iter_rows(values_only=True)) for name in book.sheetnames[:2])
    assert [row[0] for row in units[4:]] == [2, *[row for row in made.year.aside["row"] if isinstance(row, int)][1:]]
    assert "校验码不对" in units[4][1]
    assert all("企业台账里有的" in row[1] or "里有的代码" in row[1] for row in records[4:])
    assert {row[0] for row in records[4:]} == set(made.year.aside["row"][2:])
    assert not any(row[0].startswith("PT") for row in records[4:])


def test_every_part_of_the_report_says_how_many_rows_are_aside(made):
    count = len(made.year.aside)
    assert count > 2
    manifest = json.loads((made.report / "manifest.json").read_text(encoding="utf-8"))
    assert sum(row["rows_aside"] for row in manifest["sources"]) == count
    assert manifest["parameters"]["aside"] is True
    told = books(made.report)
    assert len(told) >= 5
    assert all("放到一边、没有计入任何数" in text for text in told.values())
    pages = {path.name: path.read_text(encoding="utf-8") for path in made.report.glob("*_*.html")}
    assert len(pages) == 3
    assert all("放到一边（行）" in text and f"{count} 行" in text for text in pages.values())


def test_every_part_of_the_report_prints_the_head_of_the_ledger(made):
    manifest = json.loads((made.report / "manifest.json").read_text(encoding="utf-8"))
    assert made.head in json.dumps(manifest["sources"], ensure_ascii=False)
    assert all(made.head in text for text in books(made.report).values())
    assert all(made.head in path.read_text(encoding="utf-8") for path in made.report.glob("*_*.html"))


def test_the_rest_is_counted_and_the_health_of_the_register_counts_what_is_not(made):
    table = made.year.health.set_index("finding")["units"]
    assert (table["台账企业"], table["代码不正确"]) == (648, 2)
    assert len(made.year.tables.records) + made.year.sources.set_index("table")["rows_aside"]["检查记录"] == 276


def test_a_workbook_that_is_there_is_not_written_over(made):
    before = made.aside.read_bytes()
    with pytest.raises(InputError, match="已有的不覆盖"):
        batch.run(made.plan, out=made.report, quarantine=made.aside)
    assert made.aside.read_bytes() == before


def test_no_workbook_stands_beside_a_report_that_was_not_published(root, tmp_path, monkeypatch):
    plan = copied(root, tmp_path)
    changed(plan, "units", CODE, CODE[:-1] + "Q")

    def full(*_):
        raise OutputError("磁盘满")

    monkeypatch.setattr(batch, "_make", lambda *_: None)
    monkeypatch.setattr(report_folder, "publish", full)
    with pytest.raises(OutputError, match="磁盘满"):
        batch.run(plan, out=tmp_path / "报告", quarantine=tmp_path / "q.xlsx")
    assert not (tmp_path / "q.xlsx").exists()


def test_without_bad_rows_there_is_no_workbook_and_nothing_is_said(root, tmp_path, monkeypatch, capsys):
    plan = copied(root, tmp_path)
    monkeypatch.setattr(
        batch,
        "_make",
        lambda order, year, staged, timeout: report_folder.write_json(
            staged / "manifest.json", {"outputs": [], "carried": []}
        ),
    )
    with pytest.raises(SystemExit) as stopped:
        command.main(["run", str(plan), "--out", str(tmp_path / "报告"), "--quarantine", str(tmp_path / "q.xlsx")])
    assert stopped.value.code == 0
    assert not (tmp_path / "q.xlsx").exists()
    assert "没有计入" not in capsys.readouterr().out
