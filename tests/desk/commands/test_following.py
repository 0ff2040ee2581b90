"""Next year's plan out of this year's: it opens at once, and its annex 4 is this year's summary."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from enforce.__main__ import main
from enforce.desk.commands.begin import write_other_form
from enforce.desk.commands.following import write_next_year
from enforce.desk.conclusion import conclusion
from enforce.desk.paperwork import dossier
from enforce.desk.run import handover
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.inputs.parameters.plan import read_plan
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_banner, write_county

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(root, tmp_path_factory) -> Path:
    """The demo with next year's plan beside it."""
    folder = tmp_path_factory.mktemp("next")
    for part in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / part, folder / part, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    write_next_year(folder / "params/putuo-2024.yaml")
    return folder


@pytest.fixture(scope="module")
def following(project):
    return open_year(project / "params/putuo-2025.yaml")


def cells(file: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(file)[sheet].iter_rows(values_only=True)]


def text_of(content: bytes) -> str:
    document = Document(BytesIO(content))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *tables])


def test_lines_people_and_days_are_those_of_this_year(following, year):
    same = ["task_id", "name", "planned_visits", "periods", "visit_days", "team"]
    assert following.tasks[same].values.tolist() == year.tasks[same].values.tolist()
    assert following.tables.roster["officer_id"].tolist() == [
        officer
        for officer, last in year.tables.roster[["officer_id", "to_month"]].itertuples(index=False)
        if last == 12
    ]
    assert following.plan.teams == year.plan.teams


def test_it_opens_in_the_annual_plan_at_once_as_a_draft_with_a_calendar_of_its_own(following, tmp_path):
    assert conclusion(following).sentence
    assert following.workdays["workdays"].sum() > 200
    assert following.state_mark.startswith("草案")
    assert following.tables.records.empty
    assert len(handover.annual_books(following)) > 3


def test_what_was_said_of_this_year_alone_is_not_said_of_the_next(following):
    plan = following.plan
    assert (plan.approval, plan.printed, plan.approved_on) == ((), None, None)
    assert {letter.number for letter in plan.letters} == {""}
    assert all(period.from_date.startswith("2025") for period in plan.key_periods)


def test_annex_4_is_the_summary_of_this_year(following, year):
    made = dossier.made(following, dossier.annual_papers(following))
    text = text_of(made.documents["附件4-上年度执法工作总结.docx"].content)
    end = summary(year)
    assert made.typed == ()
    assert "2024年度执法工作总结" in text
    assert f"按计划完成检查{end.by_tier['done_visits'].iloc[-1]}家次" in text
    assert all(task in text for task in year.tasks["name"])


def test_units_nobody_visited_come_first_and_every_last_visit_is_known(following, year):
    end = summary(year)
    first = dict(zip(following.units["unit_id"], following.units["warned"], strict=True))
    assert all(first[code] == ("2024-12-31", "上年没有查到的重点单位") for code in end.not_covered["unit_id"])
    seen = end.records[end.records["unit_id"] != ""].groupby("unit_id")["date"].max()
    last = following.units.set_index("unit_id")["last_visit"]
    assert last[seen.index.intersection(last.index)].tolist() == seen[seen.index.intersection(last.index)].tolist()


def test_measured_days_stand_beside_the_standard_ones(project, year):
    rows = cells(project / "data/putuo-2025/结转/上年结转.xlsx", "每次天数")
    assert len([row for row in rows if row[0] in set(year.tasks["task_id"])]) == len(year.tasks)


def test_nothing_is_written_over(project):
    before = (project / "params/putuo-2025.yaml").read_bytes()
    with pytest.raises(InputError, match="还没有的文件"):
        write_next_year(project / "params/putuo-2024.yaml")
    assert (project / "params/putuo-2025.yaml").read_bytes() == before


def with_days(project: Path, days: str) -> Path:
    """The county's plan, every record of which states its officer-days."""
    plan = write_county(bare_project(project), approved=True)
    file = read_plan(plan).tables_folder / "records.csv"
    head, *rows = file.read_text(encoding="utf-8-sig").splitlines()
    lines = [f"{head},人日", *(f"{row},{days}" for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return plan


def test_measured_days_are_taken_where_they_are_asked_for(tmp_path):
    plan = with_days(tmp_path, "6")
    write_next_year(plan, measured=True)
    before, after = open_year(plan), open_year(plan.with_name("yunxi-2026.yaml"))
    more = after.tasks.set_index("task_id")["visit_days"] - before.tasks.set_index("task_id")["visit_days"]
    measured = set(before.tables.records["task_id"]) - {""}
    assert {code for code, days in more.items() if days > 0} == measured
    assert (more[~more.index.isin(measured)] == 0).all()


@pytest.mark.parametrize("write", [write_county, write_banner])
def test_another_bureau_goes_on_too_whether_anything_was_recorded_or_not(tmp_path, write):
    plan = write(bare_project(tmp_path))
    told = write_next_year(plan)
    (new,) = [one for one in plan.parent.glob("*.yaml") if one != plan]
    opened = open_year(new)
    assert opened.plan.year == read_plan(plan).year + 1
    assert conclusion(opened).sentence
    assert any("calendar" in line or "日历" in line for line in told)
    assert dossier.made(opened, dossier.annual_papers(opened)).typed == ()


def test_a_workbook_goes_on_as_a_workbook(tmp_path):
    plan = write_county(bare_project(tmp_path), approved=True)
    book = tmp_path / "data" / plan.stem / "年度计划.xlsx"
    write_other_form(plan, book)
    plan.unlink()
    write_next_year(book)
    opened = open_year(tmp_path / "data/yunxi-2026/年度计划.xlsx")
    assert opened.plan.last_year == "../yunxi-2025/年度计划.xlsx"
    assert opened.tasks["planned_visits"].tolist() == open_year(book).tasks["planned_visits"].tolist()


def test_three_years_give_the_mean_of_the_account(tmp_path):
    plan = write_county(bare_project(tmp_path), approved=True)
    others = []
    for n, duty in ((1, 28), (2, 34)):
        year = 2025 - n
        text = (
            plan.read_text(encoding="utf-8").replace("yunxi-2025", f"yunxi-{year}").replace("duty: 25", f"duty: {duty}")
        )
        text = text.replace("year: 2025", f"year: {year}").replace('"2024-', f'"{year - 1}-').replace("〔2024〕", "")
        folder = tmp_path / f"data/yunxi-{year}"
        shutil.copytree(tmp_path / "data/yunxi-2025", folder, ignore=shutil.ignore_patterns("versions"))
        (folder / "records.csv").write_text(
            (folder / "records.csv").read_text("utf-8-sig").splitlines()[0] + "\n", "utf-8-sig"
        )
        others.append(plan.with_name(f"yunxi-{year}.yaml"))
        others[-1].write_text(text, encoding="utf-8")
    write_next_year(plan, before=others)
    team = read_plan(plan.with_name("yunxi-2026.yaml")).teams[0]
    assert team.non_enforcement_days.duty == 29.0


def test_a_plan_before_must_be_of_the_year_before(tmp_path):
    plan = write_county(bare_project(tmp_path))
    with pytest.raises(InputError, match="2024 年的计划"):
        write_next_year(plan, before=[plan])


def test_the_command_says_what_it_wrote(tmp_path, capsys):
    plan = write_county(bare_project(tmp_path))
    with pytest.raises(SystemExit, match="0"):
        main(["next-year", str(plan)])
    told = capsys.readouterr().out
    assert "yunxi-2026.yaml" in told
    assert "enforce run" in told


def test_the_notebook_of_the_annual_plan_runs_on_it_whole(root, project, tmp_path):
    import papermill

    place = {"cwd": root / "notebooks", "progress_bar": False, "kernel_name": "python3"}
    chosen = {"plan": str(project / "params/putuo-2025.yaml")}
    done = papermill.execute_notebook(root / "notebooks/annual_plan.ipynb", tmp_path / "a.ipynb", chosen, **place)
    cells = [cell for cell in done.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert "2025年度" in "".join(str(output.get("data", "")) for output in cells[2].outputs)
