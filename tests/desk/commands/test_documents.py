"""`enforce documents`: the papers are written whole or not at all, and a flipped digit in any of them is named."""

from __future__ import annotations

import re
import shutil
import zipfile

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from enforce.__main__ import cli
from enforce.desk.commands.documents import verify, write_papers
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_county
from tests.papers.documents.paper import changed
from tools.paper_templates import template_bytes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return bare_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def plan(project):
    return write_county(project)


@pytest.fixture(scope="module")
def lines(plan, project):
    """What writing every paper of the plan tells."""
    return write_papers(plan, out=project / "papers")


@pytest.fixture(scope="module")
def papers(lines, project):
    return project / "papers"


def test_every_paper_is_written_and_agrees_with_the_plan(plan, papers):
    assert len(list(papers.glob("*.docx"))) == 20
    lines, good = verify(plan, papers)
    assert (good, lines) == (True, ["数字与计划逐处一致。"])


def digits(path):
    """Every place of a digit in the text of a document: its run and the place in it."""
    with zipfile.ZipFile(path) as parts:
        body = parts.read("word/document.xml").decode("utf-8")
    return body, [match.start(1) + place.start() for match in re.finditer(r"<w:t[^>]*>([^<]*)</w:t>", body)
                  for place in re.finditer(r"[0-9]", match[1])]  # fmt: skip


def test_one_digit_flipped_in_any_paper_is_named_with_its_sentence(plan, papers, tmp_path):
    flipped = sorted(papers.glob("*.docx"))
    for n, path in enumerate(flipped):
        body, places = digits(path)
        at = places[(7 * n) % len(places)]
        other = body[:at] + ("3" if body[at] != "3" else "8") + body[at + 1 :]
        (tmp_path / path.name).write_bytes(changed(path.read_bytes(), body, other))
    lines, good = verify(plan, tmp_path)
    assert not good
    named = {path.name for path in flipped for line in lines[1:] if path.name in line and "应为" in line}
    assert named == {path.name for path in flipped}, lines


def test_one_digit_flipped_in_a_workbook_is_named_with_its_cell(plan, tmp_path):
    from enforce.desk.run.handover import annual_books
    from enforce.desk.year import open_year

    for name, write in annual_books(open_year(plan)).items():
        write(tmp_path / name)
    assert verify(plan, tmp_path)[1]
    cells = []
    for path in sorted(tmp_path.glob("*.xlsx")):
        book = load_workbook(path)
        sheet = book.worksheets[0]
        cell = next(cell for row in sheet.iter_rows(min_row=5) for cell in row if type(cell.value) in (int, float))
        cell.value += 1
        book.save(path)
        cells.append((path.name, f"「{sheet.title}」{cell.coordinate}"))
    lines, good = verify(plan, tmp_path)
    assert not good
    assert [cell for cell in cells if not any(all(part in line for part in cell) for line in lines)] == []


def test_a_changed_plan_makes_old_papers_wrong(papers, tmp_path):
    project, old = bare_project(tmp_path / "project"), tmp_path / "old"
    plan = write_county(project)
    old.mkdir()
    tasks = project / "data/yunxi-2025/tasks.csv"
    tasks.write_text(tasks.read_text(encoding="utf-8").replace("20,20,1-12,0.5", "21,21,1-12,0.5"), encoding="utf-8")
    shutil.copy(papers / "年度计划.docx", old)
    lines, good = verify(plan, old)
    assert not good
    assert any("年度计划.docx" in line and "应为 151" in line for line in lines)


def test_only_names_papers_or_their_beginning(plan, tmp_path):
    write_papers(plan, only=["附件2", "季度计划"], out=tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == [
        *("季度计划-一季度", "季度计划-三季度", "季度计划-二季度", "季度计划-四季度"),
        "附件2-重点单位名单",
    ]


def test_a_paper_that_the_plan_does_not_have_is_refused(plan, tmp_path):
    with pytest.raises(InputError, match="备案报告"):
        write_papers(plan, only=["备案报告"], out=tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(InputError, match=r"1\. 没有的：应为 请示"):
        write_papers(plan, only=["没有的"], out=tmp_path / "new")


def test_what_is_left_out_is_told(lines):
    assert any("没有出备案报告" in line for line in lines)


def test_a_plan_without_records_has_its_papers_and_none_that_look_back(tmp_path):
    plan = write_county(bare_project(tmp_path))
    records = tmp_path / "data" / "yunxi-2025" / "records.csv"
    records.write_text(records.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    write_papers(plan, out=tmp_path / "公文")
    names = {path.stem for path in (tmp_path / "公文").iterdir()}
    assert {"请示", "年度计划", "附件1-执法计划安排表"} <= names
    assert not [name for name in names if name.startswith(("年度执法工作总结", "季度通报"))]


def test_a_broken_template_writes_no_paper_at_all(tmp_path):
    project = bare_project(tmp_path)
    plan = write_county(project)
    (project / "params/templates").mkdir()
    (project / "params/templates/自检报告.docx").write_bytes(template_bytes("页面 竖\n{{自检.结论}\n"))
    with pytest.raises(InputError, match=r"自检报告\.docx"):
        write_papers(plan, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_exits_with_1_where_a_figure_is_wrong(plan, papers, tmp_path):
    shutil.copy(papers / "请示.docx", tmp_path / "请示.docx")
    run = CliRunner().invoke(cli, ["documents", str(plan), "--verify", str(tmp_path)])
    assert (run.exit_code, run.output.strip()) == (0, "数字与计划逐处一致。")
    content = (papers / "请示.docx").read_bytes()
    (tmp_path / "请示.docx").write_bytes(changed(content, "150", "105"))
    run = CliRunner().invoke(cli, ["documents", str(plan), "--verify", str(tmp_path)])
    assert run.exit_code == 1
    assert "印 105，应为 150" in run.output


def test_a_file_that_cannot_be_opened_is_told(plan, tmp_path):
    (tmp_path / "请示.docx").write_bytes(b"nothing")
    lines, good = verify(plan, tmp_path)
    assert not good
    assert "请示.docx" in lines[1]
