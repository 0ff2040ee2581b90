"""The n-th call to the system fails, once or from then on, in all that writes: old or new, never torn, always told.

The ledger, which SQLite writes, has its own loops (test_record.py, test_ledger.py).
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from enforce.desk.commands import quarantine
from enforce.desk.run import accept, batch, handover
from enforce.desk.run.notebook import Done
from enforce.desk.standing import month as month_of
from enforce.desk.summary import summary
from enforce.inputs.versions import Version, version_bytes
from enforce.papers.books import writer
from enforce.papers.books.book import Sheet
from enforce.papers.books.writer import write_book
from enforce.papers.report import folder as report_folder
from enforce.papers.report import pages
from enforce.words.files import OutputError, write_atomic
from enforce.words.problems import InputError
from tests.desk.run import test_batch
from tests.papers.year_2024 import meta
from tests.words.failing_calls import FailingCalls

pytestmark = pytest.mark.slow

ENFORCE = Path(__file__).resolve().parents[2] / "enforce"
TABLE = pd.DataFrame({"task": ["甲", "乙"], "visits": [1, 2]})
VISITS = pd.DataFrame({"task_id": ["P01"] * 12, "month": range(1, 13), "visits": [1] * 12})
VERSION = Version("demo", 2024, 1, "2024-06-30", VISITS, {"P01": "甲"})
BAD = {"台账.csv": pd.DataFrame({"row": [3], "reason": ["代码不对"], "企业名称": ["甲"]})}


def is_refused(call: Callable[[], object]) -> bool:
    """Whether a call failed in a way that the command line reports in Chinese, ending with 1."""
    try:
        call()
    except (OutputError, InputError, OSError):
        return True
    return False


def attempts(call: Callable[[], object], before: Callable[[], None], persistent: bool, most: int = 400):
    """Yield n and whether the call reported its failure, with the n-th call to the system failing, until none fails."""
    for n in range(1, most):
        before()
        with pytest.MonkeyPatch.context() as patch:
            calls = FailingCalls(patch, n, persistent)
            refused = is_refused(call)
        yield n, refused
        if calls.count < n:
            return
    raise AssertionError("no end")


# --- single files ---------------------------------------------------------------------------------------------------


def accepted(path: Path) -> object:
    """What `accept` does with a notebook that was run."""
    cell = new_code_cell("1", id="a", execution_count=1)
    before = new_notebook(cells=[new_markdown_cell("# 题", id="b"), cell])
    return accept._replace({path: pages.notebook_bytes(before)})


#: What writes one file: name of the file, how it is written.
WRITERS = {
    "a workbook": ("a.xlsx", lambda path, made: write_book(path, [Sheet("表", TABLE)], meta())),
    "rows set aside": ("q.xlsx", lambda path, made: quarantine.write_quarantine(path, BAD)),
    "a version of the plan": ("v.json", lambda path, made: write_atomic(path, version_bytes(VERSION))),
    "a manifest": ("manifest.json", lambda path, made: report_folder.write_json(path, {"outputs": [], "carried": []})),
    "a notebook in its place": ("n.ipynb", lambda path, made: accepted(path)),
    "the annexes and their receipt": (
        "annual_plan.receipt.json",
        lambda path, made: handover.annual_files(made.year, str(path.parent)),
    ),
    "the month and its receipt": (
        "monthly_allocation.receipt.json",
        lambda path, made: handover.monthly_files(made.month, str(path.parent)),
    ),
    "the summary and its receipt": (
        "year_end_summary.receipt.json",
        lambda path, made: handover.summary_files(made.summary, str(path.parent)),
    ),
}


@pytest.fixture(autouse=True)
def _two_small_files(monkeypatch):
    """What a notebook hands over goes one way, whatever stands in it: small files stand for all, one page for each."""
    two = {f"{name}.xlsx": lambda path: write_book(path, [Sheet("表", TABLE)], meta()) for name in "甲乙"}
    for books in ("annual_books", "monthly_books", "summary_books"):
        monkeypatch.setattr(handover, books, lambda of: two)
    for papers in ("annual_papers", "month_papers", "summary_papers"):
        monkeypatch.setattr(handover.dossier, papers, lambda of: ())
    paper = {"公文/丙.txt": lambda path: write_atomic(path, b"-")}
    monkeypatch.setattr(handover, "paper_files", lambda of, papers: paper)
    known: dict[str, object] = {}

    def once(module, name, key):
        make = getattr(module, name)

        def remembered(*given):
            place = f"{name} {key(*given)}"
            if place not in known:
                known[place] = make(*given)
            return known[place]

        monkeypatch.setattr(module, name, remembered)

    once(writer, "workbook_bytes", lambda made, meta: repr(([(page.sheet.name, page.grid) for page in made], meta)))
    once(writer, "check_book", lambda file, content, meant: repr((file, hash(content))))
    once(batch.pages, "page_html", lambda notebook, name, mark="": repr((notebook, name, mark)))


@pytest.fixture(scope="module")
def made(year):
    """What the notebooks hand over of the demo year, worked out before any call fails."""
    return SimpleNamespace(year=year, month=month_of(year, 5), summary=summary(year))


@pytest.mark.parametrize("persistent", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("name", WRITERS)
def test_r10_whatever_writes_a_file_leaves_the_old_or_the_new_and_tells_a_failure(tmp_path, made, name, persistent):
    file, write = WRITERS[name]
    target = tmp_path / file
    target.write_bytes(b"old")
    write(target, made)
    new = contents(tmp_path)
    assert new[file] != b"old"

    def before() -> None:
        shutil.rmtree(tmp_path)
        for each in new:
            (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / each).write_bytes(b"old")

    torn, silent, last = [], [], 0
    for n, refused in attempts(lambda: write(target, made), before, persistent):
        now = contents(tmp_path)
        torn += [n] if any(now[each] not in (b"old", new[each]) for each in new) else []
        silent += [n] if not refused and now != new else []
        # a receipt never speaks of files that are not there yet
        torn += [n] if file.endswith("receipt.json") and now[file] == new[file] and now != new else []
        last = n
    assert (torn, silent) == ([], [])
    assert last > 6


# --- a whole report -------------------------------------------------------------------------------------------------


def run_in_process(templates, values, timeout=0, place=None, variables=None):
    """Notebooks as they come back from their kernels, the files they made beside their receipts."""
    done = []
    for job, notebook in templates.items():
        out, plan = (Path(job.template.parent, values[name]).resolve() for name in ("out", "plan"))
        book = write_atomic(out / f"{job.stem}.xlsx", b"-")
        report_folder.write_receipt(out, job.stem, [book], plan)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(cells, 1):
            cell.execution_count = count
        done.append(Done(job, notebook))
    return done


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with a report of last month, its notebooks run without kernels."""
    monkeypatch.setattr(batch, "execute", run_in_process)
    monkeypatch.setattr(batch, "check_room", lambda target: None)
    project = test_batch.a_project(tmp_path)
    (project / "reports").mkdir()
    jobs = (test_batch.a_job(project, "一", "month"),)
    report = test_batch.run(project, *jobs, month=3)
    (report / "一-03.html").write_text("上月", encoding="utf-8")
    shutil.copytree(report, project / "last")
    return SimpleNamespace(folder=project, jobs=jobs, report=report, last=project / "last")


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in report_folder.listing(folder)}


@pytest.mark.parametrize("persistent", [False, True], ids=["once", "from then on"])
def test_r10_a_run_of_notebooks_pages_and_manifest_leaves_the_old_report_or_the_new(project, persistent):
    old = contents(project.last)

    def before() -> None:
        for path in project.report.parent.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(project.last, project.report)

    test_batch.run(project.folder, *project.jobs, month=4)
    new = contents(project.report)
    assert {"一-04.html", "一-04.ipynb", "一.xlsx", "manifest.json"} <= set(new)
    torn, silent, unchanged, last = [], [], 0, 0
    for n, refused in attempts(lambda: test_batch.run(project.folder, *project.jobs, month=4), before, persistent):
        report_folder.recover(project.report)
        now = contents(project.report)
        torn += [n] if now not in (old, new) else []
        silent += [n] if not refused and now != new else []
        unchanged, last = unchanged + (now == old), n
    assert (torn, silent) == ([], [])
    assert last > 40
    assert unchanged > 20


# --- nothing else writes --------------------------------------------------------------------------------------------

#: Calls that write a file by themselves, and the modules that may make them: how many, and why.
WRITING = {"write_text", "write_bytes", "to_csv", "to_excel", "to_json", "dump", "save", "savefig", "ExcelWriter"}
ALONE = {
    "words/files.py": (1, "open for writing, in write_atomic"),
    "papers/screen/canvas.py": (1, "a picture, into memory"),
    "inputs/parameters/yaml_file.py": (1, "the text of a plan or a scenario, into memory"),
    "desk/commands/audit.py": (1, "a document with comments, into memory"),
    "desk/sweep.py": (1, "asks desk/scenarios.py to save"),
    "desk/explorer/scenario_book.py": (1, "asks desk/scenarios.py to save"),
    "papers/books/scenario_sheet.py": (1, "a document, into memory"),
    "papers/documents/fill.py": (1, "a document, into memory"),
}


def writes_by_itself(tree: ast.AST) -> list[int]:
    """Lines on which a module writes a file by itself."""
    lines = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        modes = [arg.value for arg in (*node.args, *(k.value for k in node.keywords)) if isinstance(arg, ast.Constant)]
        opens = name == "open" and any(isinstance(mode, str) and set(mode) & set("wax+") for mode in modes)
        lines += [node.lineno] if opens or name in WRITING else []
    return lines


def test_no_module_writes_a_file_but_through_the_one_writer():
    calls = {
        path.relative_to(ENFORCE).as_posix(): len(lines)
        for path in sorted(ENFORCE.rglob("*.py"))
        if (lines := writes_by_itself(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert calls == {module: count for module, (count, _) in ALONE.items()}


def test_a_module_that_writes_by_itself_would_be_seen():
    for text in ("open(p, 'w')", "p.write_text('x', encoding='utf-8')", "t.to_csv(p)", "p.open(mode='xb')"):
        assert writes_by_itself(ast.parse(text)), text
    assert not writes_by_itself(ast.parse("open(p, 'rb')\nopen(p, encoding='utf-8')"))
