"""The batch run: every way to stop is told apart, and the last report stays until the new one is whole."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from enforce.desk.run import batch, notebook, templates
from enforce.desk.run.accept import accept
from enforce.desk.run.logbook import FILE, steps_shown
from enforce.desk.run.notebook import RunError
from enforce.desk.run.templates import Job, read_templates
from enforce.papers.report import folder as report_folder
from enforce.papers.report import locks
from enforce.papers.report.markup import outside_references
from enforce.words.files import OutputError, digest
from enforce.words.problems import InputError, Place, Problem

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]

PARAMETERS = 'plan: str = "../params/plan.yaml"\nmonth: int = 4\nout: str = ""'
LAST = """
from pathlib import Path
from enforce.papers.report.folder import write_receipt
from enforce.words.files import write_atomic
if out:
    made = write_atomic(Path(out) / f"{NAME}{month}月.txt", f"{plan} {month}".encode())
    write_receipt(out, NAME, [made], plan)
"""


@pytest.fixture(autouse=True)
def _kernels_find_the_library(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def a_job(project: Path, name: str, *cells: str, last: str = LAST, parameters: str = PARAMETERS) -> Job:
    path = project / "notebooks" / f"{name}.ipynb"
    codes = [new_code_cell(textwrap.dedent(cell)) for cell in (*cells, f'NAME = "{name}"{last}')]
    head = [new_markdown_cell(f"# {name}"), new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    content = new_notebook(cells=[*head, new_markdown_cell("## 一、计算"), *codes])
    for n, cell in enumerate(content.cells):
        cell.id = f"c{n}"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(content, path)
    return Job(path, f"书{name}")


@pytest.fixture
def project(tmp_path) -> Path:
    return a_project(tmp_path)


def a_project(folder: Path) -> Path:
    for name in ("params", "data", "notebooks"):
        (folder / name).mkdir(parents=True)
    (folder / "params" / "plan.yaml").write_text("name: plan\n", encoding="utf-8")
    (folder / "data" / "units.csv").write_text("名称\n甲\n", encoding="utf-8")
    return folder


SOURCES = ["table", "file", "rows_read", "rows_aside", "note"]


def fake_year(plan: Path, **options) -> SimpleNamespace:
    read = (plan, plan.parent.parent / "data" / "units.csv")
    plan = SimpleNamespace(path=plan, name="plan", year=2024, approval_day="2024-03-13")
    sources = pd.DataFrame([("企业台账", "units.csv", 1, 0, "")], columns=SOURCES)
    return SimpleNamespace(plan=plan, inputs=read, aside=(), sources=sources, mark="")


def run(project: Path, *jobs: Job, open_plan=fake_year, **options) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "solved_year", open_plan)
        return batch.run(project / "params" / "plan.yaml", notebooks=jobs, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in report_folder.listing(folder)}


def hidden(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".plan.lock", "plan"}


# --- a report that comes to its end ---


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One run of two notebooks over an older report that holds a note and another month."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PYTHONHASHSEED", "1")
        project = a_project(tmp_path_factory.mktemp("普陀 {x}"))
        table = 'from IPython.display import HTML\nHTML("<table><tr><td>261</td></tr></table>")'
        jobs = (a_job(project, "一", "print(sorted({'甲', '乙'}), out)", table), a_job(project, "二", "month"))
        schedule = project / "reports" / "plan" / "日程-2024-04" / "日程.xlsx"  # another command was here first
        schedule.parent.mkdir(parents=True)
        schedule.write_bytes(b"x")
        report = run(project, *jobs, month=3)
        (report / "说明.txt").write_text("规划员自己的说明", encoding="utf-8")
        before = os.getcwd()
        return SimpleNamespace(project=project, jobs=jobs, report=run(project, *jobs), cwd=(before, os.getcwd()))


def test_a_report_holds_notebooks_pages_tables_and_a_manifest(made):
    assert made.report == made.project / "reports" / "plan"
    assert {"一-04.ipynb", "一-04.html", "一4月.txt", "二-04.ipynb", "二-04.html", "二4月.txt", "manifest.json"} <= set(
        contents(made.report)
    )
    assert hidden(made.report.parent) == set()


def test_the_month_after_the_approval_is_the_default(made):
    assert b"4" in contents(made.report)["一4月.txt"]


def test_another_month_and_a_planners_note_are_carried_over(made):
    content = json.loads((made.report / "manifest.json").read_text(encoding="utf-8"))
    assert [found["file"] for found in content["carried"]] == [
        *(
            "一-03.html",
            "一-03.ipynb",
            "一3月.txt",
            "二-03.html",
            "二-03.ipynb",
            "二3月.txt",
            "日程-2024-04/日程.xlsx",
            "说明.txt",
        )
    ]
    assert contents(made.report)["说明.txt"].decode("utf-8") == "规划员自己的说明"


def test_the_manifest_tells_inputs_versions_and_parameters_and_no_machine(made):
    text = (made.report / "manifest.json").read_text(encoding="utf-8")
    content = json.loads(text)
    names = [found["file"] for found in content["inputs"]]
    assert names == ["data/units.csv", "params/plan.yaml", "notebooks/一.ipynb", "notebooks/二.ipynb"]
    assert content["parameters"] == {"plan": "../params/plan.yaml", "month": 4}
    assert set(content["versions"]) == {"python", *batch.LIBRARIES}
    assert str(made.project) not in text
    for found in content["outputs"]:
        assert found["sha256"] == digest(made.report / found["file"])


def test_p15_h5_the_notebook_of_a_run_is_readable_and_names_no_machine(made):
    text = contents(made.report)["一-04.ipynb"].decode("utf-8")
    content = nbformat.reads(text, as_version=4)
    counts = [cell.execution_count for cell in content.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert 'plan = "../../params/plan.yaml"\nmonth = 4\nout = ""' in content.cells[1].source
    assert "['乙', '甲'] ../reports/plan\n" in content.cells[3].outputs[0].text
    for word in (str(made.project), "papermill", ".plan.new", "start_time"):
        assert word not in text


def test_h4_the_page_of_a_run_stands_alone_and_shows_the_table(made):
    html = contents(made.report)["一-04.html"].decode("utf-8")
    assert outside_references(html, ["index.html"]) == []
    assert "<td>261</td>" in html


def test_p16_the_templates_are_as_they_were_and_so_is_the_folder_of_the_process(made):
    for job in made.jobs:
        assert all(not cell.get("outputs") for cell in nbformat.read(job.template, as_version=4).cells)
    assert made.cwd[0] == made.cwd[1]


def test_r21_the_same_inputs_give_the_same_bytes_under_another_hash_seed(made, monkeypatch):
    before = contents(made.report)
    monkeypatch.setenv("PYTHONHASHSEED", "4242")
    run(made.project, *made.jobs)
    assert contents(made.report) == before


def test_h15_what_a_kernel_says_to_its_run_is_encrypted(project):
    told = (
        "import json\nfrom ipykernel.connect import get_connection_file\nprint(*json.load(open(get_connection_file())))"
    )
    job = a_job(project, "一", told, last="")
    (done,) = notebook.execute(templates.read_templates([job]), {})
    printed = done.notebook.cells[-2].outputs[0].text
    assert "curve_publickey" in printed
    assert done.fault == ""


def test_a_notebook_shows_how_far_it_is_on_a_terminal_and_nowhere_else(project, monkeypatch):
    job = a_job(project, "一", "1", "2")
    for terminal in (True, False):
        screen = io.StringIO()
        screen.isatty = lambda terminal=terminal: terminal
        monkeypatch.setattr(sys, "stderr", screen)
        notebook.execute(templates.read_templates([job]), {})
        assert ("书一 " in screen.getvalue(), "/6 格" in screen.getvalue()) == (terminal, terminal)


@pytest.mark.parametrize(("deaths", "starts", "fault"), [(1, 2, ""), (9, 3, "计算进程没有启动成功")])
def test_a_kernel_that_did_not_start_is_started_again_and_in_the_end_told(project, monkeypatch, deaths, starts, fault):
    started, kernel_class = [], notebook._kernel_class

    def dying(kernels):
        class Kernel(kernel_class(kernels)):
            async def start_kernel(self, **options):
                await super().start_kernel(**options)
                started.append(self)
                if len(started) <= deaths:
                    self.provisioner.process.kill()

        return Kernel

    monkeypatch.setattr(notebook, "_kernel_class", dying)
    (done,) = notebook.execute(templates.read_templates([a_job(project, "一", "1")]), {})
    assert len(started) == starts
    assert fault in done.fault
    assert bool(done.fault) == bool(fault)


# --- ways to stop: R1-R5 ---

ENDLESS = "while True: pass"
FAULTS = {
    "sysexit": ("import sys; sys.exit(0)", "提前退出"),
    "osexit": ("import os; os._exit(0)", "计算进程意外结束"),
    "kill": ("import os; os.kill(os.getpid(), 9)", "计算进程意外结束"),
    "loop": (ENDLESS, "超过 1 秒没有算完"),
    "syntax": ("exec('1 +')", "代码写法有误"),
    "input": ("input()", "不能等人输入"),
    "memory": ("raise MemoryError", "内存不足"),
    "thread": ("import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start(); t.join()", "division by zero"),
    "warning": ("import warnings\nwarnings.warn('家次不符')", "有警告或后台出错"),
    "error": ("{}['P99']", "出错：KeyError：'P99'"),
    "data": (
        "from enforce.words.problems import *\nraise InputError([Problem('a.csv', '第 3 行', '-8', '整数')])",
        "a.csv\n  1. 第 3 行 = -8：应为 整数",
    ),
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """One run of all notebooks that fail, over a good report; only the endless cell is waited for with a clock."""

    def timeout(client, cell):
        return client.timeout if cell.source == ENDLESS else None

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setattr(NotebookClient, "_get_timeout", timeout)
        project = a_project(tmp_path_factory.mktemp("失败"))
        report = project / "reports" / "plan"
        report.mkdir(parents=True)
        report_folder.write_json(report / "manifest.json", {"outputs": [], "carried": []})
        (report / "上次.txt").write_text("上次", encoding="utf-8")
        jobs = [a_job(project, name, "1", source) for name, (source, _) in FAULTS.items()]
        with pytest.raises(RunError) as told:
            run(project, *jobs, timeout=1)
        return SimpleNamespace(project=project, report=report, text=str(told.value), before=contents(report))


@pytest.mark.parametrize("name", FAULTS)
def test_r1_to_r5_each_way_to_stop_is_told_with_notebook_cell_and_heading(failures, name):
    told = next(part for part in failures.text.split("《") if part.startswith(f"书{name}》"))
    assert told.startswith(f"书{name}》第 3 个代码格（“一、计算”下）：")
    assert FAULTS[name][1] in told
    assert "Traceback" not in told


def test_r2_r7_a_failed_run_leaves_the_last_report_and_keeps_its_notebooks_apart(failures):
    assert contents(failures.report) == {"manifest.json": failures.before["manifest.json"], "上次.txt": "上次".encode()}
    kept = failures.report.with_name("plan-失败")
    assert {f"{name}-04.ipynb" for name in FAULTS} | {"说明.txt"} == set(report_folder.listing(kept))
    assert hidden(failures.report.parent) == {"plan-失败"}
    assert "plan-失败/" in failures.text
    for name in FAULTS:
        assert str(failures.project) not in (kept / f"{name}-04.ipynb").read_text(encoding="utf-8")


def executed(**changes) -> nbformat.NotebookNode:
    cells = [new_markdown_cell("# 题"), new_code_cell("1", execution_count=1), new_code_cell("2", execution_count=2)]
    for name, value in changes.items():
        setattr(cells[2], name, value)
    return new_notebook(cells=cells, metadata={"papermill": {"exception": None}})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"execution_count": None}, "没有按顺序算到这一格"),
        ({"execution_count": 3}, "没有按顺序算到这一格"),
        ({"outputs": [new_output("stream", name="stderr", text="Warning: x\n")]}, "Warning: x"),
        ({"outputs": [new_output("stream", name="stdout", text="x\n")]}, ""),
        ({"outputs": [new_output("error", ename="E", evalue="x", traceback=[])]}, "出错：E：x"),
        ({"outputs": [new_output("stream", name="stdout", text="长" * 3_000_000)]}, "结果太大"),
    ],
)
def test_r1_r15_completeness_is_read_from_counts_and_outputs_never_from_metadata(changes, told):
    assert told in notebook.fault(executed(**changes))
    assert bool(notebook.fault(executed(**changes))) == bool(told)


def finished(patch, project: Path, write=lambda staged: [], *, receipt: bool = True, answers=()) -> None:
    """Replace the kernels by one that leaves what `write` leaves, with its receipt or without."""

    def execute(read, values, timeout, place, variables):
        staged, (job,) = (project / "notebooks" / values["out"]).resolve(), read
        made = write(staged)
        if receipt:
            report_folder.write_receipt(staged, job.stem, made, project / "params" / "plan.yaml", answers)
        return [notebook.Done(job, executed())]

    patch.setattr(batch, "execute", execute)


def test_r1_a_notebook_without_a_receipt_is_not_finished(project, monkeypatch):
    finished(monkeypatch, project, receipt=False)
    with pytest.raises(OutputError, match="笔记本 甲 没有留下回执"):
        run(project, a_job(project, "甲"))
    assert hidden(project / "reports") == set()
    assert not (project / "reports" / "plan").exists()


def test_a_file_that_no_receipt_names_is_refused(project, monkeypatch):
    finished(monkeypatch, project, lambda staged: (staged / "漏.txt").touch() or [])
    with pytest.raises(OutputError, match=r"与回执不符：漏\.txt"):
        run(project, a_job(project, "甲"))


@pytest.mark.parametrize("name", ["data/units.csv", "notebooks/甲.ipynb"])
def test_p16_an_input_or_a_template_changed_during_the_run_is_refused(project, monkeypatch, name):
    path = project / name
    finished(monkeypatch, project, lambda staged: path.write_bytes(path.read_bytes() + b" ") and [])
    with pytest.raises(OutputError, match=f"运行期间 {path.name} 被改动"):
        run(project, a_job(project, "甲"))


def test_a_run_tells_its_notebooks_and_the_log_asked_for_lies_in_the_report_and_its_manifest(project, capsys):
    job = a_job(project, "甲", "1 + 1")
    with steps_shown(every=True):
        report = run(project, job)
    told = capsys.readouterr().err
    for words in (
        "读入、核对 plan.yaml",
        "运行 1 本笔记本：书甲",
        "《书甲》第 2 个代码格（“一、计算”下）：运行",
        "《书甲》算完",
    ):
        assert words in told
        assert words in (report / FILE).read_text(encoding="utf-8")
    content = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert FILE in {entry["file"] for entry in content["outputs"]}


def test_what_a_notebook_answers_stands_in_the_manifest(project, monkeypatch):
    finished(monkeypatch, project, answers=["够不够：够"])
    content = json.loads((run(project, a_job(project, "甲")) / "manifest.json").read_text(encoding="utf-8"))
    assert content["answers"] == ["够不够：够"]


# --- refused before a kernel starts ---


@pytest.fixture
def no_kernels(monkeypatch):
    monkeypatch.setattr(batch, "execute", lambda *arguments: pytest.fail("a kernel was started"))


@pytest.mark.usefixtures("no_kernels")
def test_bad_input_is_told_before_anything_is_written(project):
    def refuse(plan, **options):
        raise InputError([Problem("params/plan.yaml", Place("year"), "x", "年份")])

    with pytest.raises(InputError, match="year = x"):
        run(project, a_job(project, "甲"), open_plan=refuse)
    assert not (project / "reports").exists()


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ('plan: str = "a"', "没有 out"),
        ('plan: str = "a"\nout: str = ""\nyaer = 1', "参数 yaer：应为 下列名称之一"),
        ('plan: str = "a"\nout: str = ""\nmonth: str = "4"', "参数 month = str '4'：应为 整数"),
        ('plan: str = "a"\nout: str = ""\nmonth: int = True', "参数 month = int True：应为 整数"),
        ('plan: str = "a"\nout: str = ""\nlen = 3', "参数 len：应为"),
        ('plan: str = "a"\nout: str = ""\nimport os', "import os"),
        ('plan: str = open("a")\nout: str = ""', "open('a')"),
        ('plan: str = "a"\nout: str = ""\n!ls', "!ls：应为 能运行的 Python"),
    ],
)
def test_p1_p12_a_cell_of_parameters_holds_known_names_and_plain_values_only(project, parameters, told):
    with pytest.raises(InputError) as refused:
        run(project, a_job(project, "甲", parameters=parameters))
    assert told in str(refused.value)
    assert not (project / "reports").exists()


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize("tags", [[], ["parameters", "parameters"]])
def test_a_notebook_has_exactly_one_cell_of_parameters(project, tags):
    job = a_job(project, "甲")
    content = nbformat.read(job.template, as_version=4)
    content.cells[1].metadata.tags = []
    content.cells += [new_code_cell("", metadata={"tags": [tag]}) for tag in tags]
    nbformat.write(content, job.template)
    with pytest.raises(InputError, match=f"{len(tags)} 个：应为 恰好 1 个"):
        run(project, job)


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize("source", ["!false", "%matplotlib inline", "1 +", "os.system('x'"])
def test_r4_r5_a_cell_that_is_not_python_is_refused_before_the_run(project, source):
    with pytest.raises(InputError, match=r"第 2 个代码格 = .*应为 能运行的 Python 代码"):
        run(project, a_job(project, "甲", source))


@pytest.mark.usefixtures("no_kernels")
def test_a_missing_and_a_broken_notebook_are_told(project):
    with pytest.raises(InputError, match="没有这个文件"):
        run(project, Job(project / "notebooks" / "无.ipynb", "无"))
    (project / "notebooks" / "坏.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"完好的 \.ipynb 文件"):
        run(project, Job(project / "notebooks" / "坏.ipynb", "坏"))


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize("month", ["5", True, 5.0])
def test_p13_a_month_of_another_type_is_refused(project, month):
    with pytest.raises(InputError, match="month"):
        run(project, a_job(project, "甲"), month=month)


@pytest.mark.usefixtures("no_kernels")
@pytest.mark.parametrize(
    ("out", "told"),
    [
        ("file.txt", "是一个文件"),
        ("notebooks/x", "工作簿自己的文件夹"),
        ("data", "工作簿自己的文件夹"),
        (".", "工作簿自己的文件夹"),
        ("..", "工作簿自己的文件夹"),
        ("mine", "已有别的文件"),
        ("site", "已有别的文件"),
        ("elsewhere", "本次要读的 units.csv"),
    ],
)
def test_p14_a_report_cannot_take_the_place_of_something_else(project, out, told):
    (project / "file.txt").write_text("x", encoding="utf-8")
    for name, file in (("mine", "a.txt"), ("site", "manifest.json"), ("elsewhere", "units.csv")):
        (project / name).mkdir(exist_ok=True)
        (project / name / file).write_text("{}", encoding="utf-8")
    report_folder.write_json(project / "elsewhere" / "manifest.json", {"outputs": [], "carried": []})

    def year(plan, **options):
        found = fake_year(plan)
        found.inputs = (project / "elsewhere" / "units.csv",)
        return found

    with pytest.raises(OutputError, match=told):
        run(project, a_job(project, "甲"), out=project / out, open_plan=year)


@pytest.mark.usefixtures("no_kernels")
def test_r9_too_little_room_on_the_disk_is_told_before_the_run(project, monkeypatch):
    monkeypatch.setattr(batch.shutil, "disk_usage", lambda path: SimpleNamespace(free=3 * 2**20))
    with pytest.raises(OutputError, match="磁盘只剩 3 MB，至少要 200 MB"):
        run(project, a_job(project, "甲"))
    assert not (project / "reports").exists()


@pytest.mark.usefixtures("no_kernels")
def test_r11_a_second_run_stops_before_it_reads_anything(project):
    target = project / "reports" / "plan"
    busy = pytest.raises(locks.Busy, match=f"进程号 {os.getpid()}，电脑 .+，开始于 2024-05-06 07:08:09")
    with locks.run_lock(target, "2024-05-06 07:08:09"), busy:
        run(project, a_job(project, "甲"), open_plan=lambda plan: pytest.fail("read"))


def test_an_official_calendar_is_asked_for_only_when_wanted(project):
    asked = []

    def year(plan, **options):
        asked.append(options)
        raise InputError([Problem("a", Place("b"), "c", "d")])

    for wanted in (False, True):
        with pytest.raises(InputError):
            run(project, a_job(project, "甲"), open_plan=year, require_official=wanted)
    assert asked == [{}, {"require_official": True}]


# --- a full disk and broken files at the end: R8, R9 ---


def test_r9_a_disk_that_fills_up_leaves_the_last_report(project, monkeypatch):
    finished(monkeypatch, project)
    report = run(project, a_job(project, "甲"))
    before = contents(report)

    def full(path, data):
        raise OutputError(f"写不出 {path.name}：磁盘已满")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "write_atomic", full)
        with pytest.raises(OutputError, match="磁盘已满"):
            run(project, a_job(project, "甲", "2"))
    assert contents(report) == before
    assert hidden(project / "reports") == set()


def test_two_notebooks_cannot_claim_one_file(project):
    jobs = (a_job(project, "甲"), a_job(project, "乙"))
    plan, templates = project / "params" / "plan.yaml", read_templates(jobs)
    order = batch._run_order(plan, project / "r" / "plan", templates, {"month": 4}, fake_year(plan))
    staged = report_folder.stage(order.target)
    (staged / "表.txt").write_text("x", encoding="utf-8")
    for job in jobs:
        report_folder.write_receipt(staged, job.stem, ["表.txt"], order.plan)
    with pytest.raises(OutputError, match="同名文件"):
        batch._claimed(order, staged)


# --- stopped from outside ---

STOPPED = """
    import sys
    import pandas as pd
    from pathlib import Path
    from types import SimpleNamespace
    sys.path.insert(0, sys.argv[1])
    plan = Path(sys.argv[2])
    year = SimpleNamespace(
        plan=SimpleNamespace(path=plan, year=2024, approval_day="2024-03-13"), mark="", inputs=(), aside=(),
        sources=pd.DataFrame())
    from enforce.__main__ import main
    from enforce.desk.run import batch
    from enforce.desk.run.templates import Job
    batch.solved_year = lambda plan, **options: year
    batch.NOTEBOOKS = (Job(plan.parent.parent / "notebooks" / "甲.ipynb", "甲"),)
    main(["run", str(plan)])
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM")
def test_a_stopped_run_ends_its_kernels_and_leaves_the_last_report(project):
    sleep = "import os, time\n_ = open('../kernel', 'w').write(str(os.getpid()))\ntime.sleep(3600)"
    a_job(project, "甲", sleep)
    report = project / "reports" / "plan"
    report.mkdir(parents=True)
    report_folder.write_json(report / "manifest.json", {"outputs": [], "carried": []})
    command = [sys.executable, "-c", textwrap.dedent(STOPPED), ROOT, project / "params" / "plan.yaml"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    kernel = project / "kernel"
    try:
        until(lambda: process.poll() is not None or (kernel.exists() and kernel.read_text(encoding="utf-8")))
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
    finally:
        process.kill()
    assert (process.returncode, said.decode("utf-8").splitlines()[-1]) == (
        130,
        "已停止。报告没有写到一半：文件夹里仍是完整的一份。",
    )
    until(lambda: not alive(int(kernel.read_text(encoding="utf-8"))))
    assert set(contents(report)) == {"manifest.json"}
    assert hidden(project / "reports") == set()


def until(met) -> None:
    while not met():
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(")")[1].split()[0]


# --- accept ---


def test_accept_runs_in_place_and_tells_which_results_changed(project):
    job = a_job(project, "甲", "1 + 1", "print('家次')")
    first = accept([job])
    assert first == [f"《书甲》第 {n} 个代码格（“一、计算”下）的结果变了" for n in (2, 3)]
    content = nbformat.read(job.template, as_version=4)
    assert [cell.execution_count for cell in content.cells if cell.cell_type == "code"] == [1, 2, 3, 4]
    assert "papermill" not in job.template.read_text(encoding="utf-8")
    before = job.template.read_bytes()
    assert accept([job]) == []
    assert job.template.read_bytes() == before
    assert sorted(path.name for path in project.iterdir()) == ["data", "notebooks", "params"]


def test_accept_replaces_all_notebooks_or_none(project):
    jobs = [a_job(project, "甲", "1 + 1"), a_job(project, "乙", "1 / 0")]
    before = [job.template.read_bytes() for job in jobs]
    with pytest.raises(
        RunError, match=r"《书乙》第 2 个代码格（“一、计算”下）：出错：ZeroDivisionError[\s\S]*没有改动"
    ):
        accept(jobs)
    assert [job.template.read_bytes() for job in jobs] == before


def test_accept_refuses_a_notebook_that_would_write_files(project):
    job = a_job(project, "甲", parameters='plan: str = "a"\nout: str = "x"')
    with pytest.raises(InputError, match="参数 out = 'x'"):
        accept([job])


# --- small parts ---


def test_the_real_notebooks_are_three_and_stand_in_the_project():
    assert [job.template.parent for job in batch.NOTEBOOKS] == [ROOT / "notebooks"] * 3


def test_values_are_passed_only_to_notebooks_that_ask_for_them(project):
    job = a_job(project, "甲", parameters='plan: str = "a"\nout: str = ""')
    (read,) = templates.read_templates([job]).values()
    assert templates.passed(read, {"plan": "b", "month": 4, "out": "c"}) == {"plan": "b", "out": "c"}


def test_a_leftover_failure_folder_goes_with_the_next_good_run(project, monkeypatch):
    finished(monkeypatch, project)
    failed = batch.failed_folder(project / "reports" / "plan")
    failed.mkdir(parents=True)
    (failed / "甲.ipynb").write_text("{}", encoding="utf-8")
    run(project, a_job(project, "甲"))
    assert not failed.exists()
    assert shutil.disk_usage(project).free


# --- the machine ---


def test_kernels_have_caches_of_their_own_where_no_home_can_be_written_and_fonts_are_broken(project, monkeypatch):
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", os.devnull)
    monkeypatch.setenv("FONTCONFIG_FILE", os.devnull)
    drawn = """
    import os
    from enforce.papers.screen import canvas
    with canvas.style():
        figure, _ = canvas.empty_figure(2, "甲乙丙 𠮷", "")
    assert canvas.Chart("图", figure)._repr_png_()
    assert ".plan.new" in os.environ["MPLCONFIGDIR"]
    """
    before = dict(os.environ)
    made = run(project, a_job(project, "a", drawn))
    assert dict(os.environ) == before
    assert not [path for path in made.iterdir() if path.name.startswith(".")]


# --- a summary before the year is over ---


def recorded_year(plan: Path, **options) -> SimpleNamespace:
    """A year with visits in every month and records until August."""
    year = fake_year(plan, **options)
    year.tables = SimpleNamespace(records=pd.DataFrame({"date": ["2024-02-05", "2024-08-30"]}))
    year.approved = pd.DataFrame({"task_id": "P01", "month": range(1, 13), "visits": [2] * 10 + [0, 3]})
    return year


@pytest.mark.parametrize(("as_of", "notes"), [("", ["9、10、12 月的 7 家次都算没有做"]), ("2024-08-31", [])])
def test_a_summary_of_the_year_names_the_months_after_the_last_record_unless_it_is_of_a_day(
    project, monkeypatch, as_of, notes
):
    job = a_job(project, "总结", "1")
    monkeypatch.setattr(batch, "SUMMARY", job)
    monkeypatch.setattr(batch, "_wrong_day", lambda year, day: [])
    finished(monkeypatch, project)
    report = run(project, job, open_plan=recorded_year, as_of=as_of)
    written = json.loads((report / "manifest.json").read_text(encoding="utf-8"))["notes"]
    assert [note for note, part in zip(written, notes, strict=True) if part in note] == written
