"""Every command of the README is run, and what it shows is true."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook

from enforce import __main__ as command
from enforce.desk.sweep import sweep
from enforce.desk.year import open_year
from enforce.papers.official import month_matrix
from enforce.papers.screen.display import show

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def commands(language):
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def said(*words):
    """The one command of the README that holds these words."""
    (line,) = [line for line in commands("bash") if all(word in shlex.split(line) for word in words)]
    return line


def on_this_system(line):
    """The same command as Windows is told, in the words of this system."""
    return line.replace(".venv\\Scripts\\python", "PYTHON").replace("py -3", "PYTHON").replace("\\", "/")


def recipes():
    """The Makefile's commands, with the variables that name the environment's Python put in."""
    text = MAKEFILE.replace("$(PIP)", "$(BIN)/python -m pip").replace("$(PLAN)", "params/putuo-2024.yaml")
    text = text.replace("$(PYTEST)", "$(BIN)/python -m pytest").replace(" --quiet", "").replace("$(VENV)", ".venv")
    text = re.sub(r" \$\((LAB|EXPLORE|BUNDLE)_ARGS\)", "", text)
    text = text.replace("@test -x $(BIN)/python || $(PYTHON)", "PYTHON")
    return [line.strip().replace("$(BIN)/python", "PYTHON") for line in text.splitlines() if line.startswith("\t")]


def run_in(folder, arguments, **environment):
    return subprocess.run(
        arguments,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=3600,
        check=False,
    )


@pytest.fixture
def here(clone, monkeypatch, capsys):
    """Commands that start no notebook, run in this process as `python -m enforce` would; what each prints."""
    monkeypatch.chdir(clone)

    def printed(*lines):
        texts = []
        for line in lines:
            program, *words = shlex.split(line)
            assert program == "enforce"
            assert command._run(words) == 0, capsys.readouterr()
            texts.append(capsys.readouterr().out)
        return texts

    return printed


def test_every_command_of_the_readme_is_known_here():
    assert commands("bash") == [
        "make report",
        "make test",
        "enforce run params/putuo-2024.yaml --month 5",
        "enforce why params/putuo-2024.yaml --task P01 --month 5",
        "enforce why params/putuo-2024.yaml --one-more --month 5",
        "enforce approve params/putuo-2024.yaml",
        "enforce replan params/putuo-2024.yaml --as-of 2024-06-30",
        "enforce compare reports/putuo-2024/plan-v1.json reports/putuo-2024/plan-v2.json",
        "enforce check data/putuo-2024/units.csv --plan params/putuo-2024.yaml",
        "enforce run params/putuo-2024.yaml --quarantine reports/bad-rows.xlsx",
        "enforce documents params/putuo-2024.yaml",
        "enforce documents params/putuo-2024.yaml --verify reports/putuo-2024/公文",
        "enforce record data/putuo-2024/records.csv --plan params/putuo-2024.yaml",
        "enforce verify-ledger --plan params/putuo-2024.yaml",
        "enforce export-ledger --plan params/putuo-2024.yaml --out reports/ledger.xlsx",
        "enforce schedule params/putuo-2024.yaml --month 12",
        "enforce schedule params/putuo-2024.yaml --as-of 2024-12-10 --trial",
        "enforce draw params/putuo-2024.yaml --task P10 commit --date 2024-04-01 "
        "--kind 掷骰子 --place 一楼大厅 --event-date 2024-04-08",
        "enforce draw params/putuo-2024.yaml --task P10 seed --number 493018 "
        "--kind 掷骰子 --place 一楼大厅 --event-date 2024-04-08",
        "enforce draw params/putuo-2024.yaml --task P10 draw",
        "enforce draw params/putuo-2024.yaml --task P10 page",
        "enforce draw params/putuo-2024.yaml --task P10 event 91310107TEXT00017P "
        "--date 2024-05-06 --why closed --evidence 现场笔录",
        "enforce export params/putuo-2024.yaml --out reports/exchange",
        "enforce run params/putuo-2024.yaml --scenario 七月调出一人",
        "enforce sweep params/putuo-2024.yaml --officers 执法大队=-1..1 --reserve 0.05,0.10",
        "enforce city params/*.yaml --name 全市",
        "enforce pack params/putuo-2024.yaml",
        "enforce receive 报送 --name 报送汇总 --expected 名单.csv --due 2024-03-31",
        ".venv/bin/python -m tests.bench run",
        ".venv/bin/python -m tests.bench reading",
        ".venv/bin/python -m tests.bench explorer",
        ".venv/bin/python -m tests.bench allocation",
    ]


def test_windows_is_told_the_commands_of_the_makefile():
    told = re.sub(r"set (\S+)\n", r"\1 ", "\n".join(map(on_this_system, commands("bat")))).splitlines()
    assert len(told) == 7
    for line in told:
        assert line in recipes(), line


def test_make_report_leaves_what_the_readme_says(report):
    names = {path.name for path in report.iterdir()}
    assert names == {
        *("index.html", "annual_plan.html", "annual_plan.ipynb", "year_end_summary.html", "year_end_summary.ipynb"),
        *("monthly_allocation-04.html", "monthly_allocation-04.ipynb", "manifest.json"),
        *("附件1-执法计划安排表.xlsx", "附件3-执法工作量核算.xlsx", "计划执行对比.xlsx", "执行明细.xlsx"),
        *("台账体检.xlsx", "点名-局内.xlsx"),
        *("月度执法安排-2024-04.xlsx", "季度计划.xlsx", "公文"),
    }


def test_every_notebook_of_a_report_runs_again_where_it_stands_and_changes_no_file(clone, report):
    before = {path: path.read_bytes() for path in report.rglob("*") if path.is_file()}
    books = sorted(path.relative_to(clone).as_posix() for path in report.glob("*.ipynb"))
    assert "reports/putuo-2024/annual_plan.ipynb" in books
    done = run_in(clone, [sys.executable, "-m", "jupyter", "execute", *books])
    assert done.returncode == 0, done.stderr
    assert before == {path: path.read_bytes() for path in report.rglob("*") if path.is_file()}


def test_the_papers_of_a_report_agree_with_the_plan(here, clone, report):
    assert here(said("documents", "--verify")) == ["数字与计划逐处一致。\n"]
    papers = report / "公文"
    (papers / "请示.docx").unlink()
    (line,) = [line for line in commands("bash") if line.endswith("documents params/putuo-2024.yaml")]
    done = run_in(clone, [sys.executable, "-m", *shlex.split(line)])
    assert "请示.docx" in done.stdout, done.stderr
    assert (papers / "请示.docx").exists()


def test_a_month_more_stands_beside_the_first_and_a_run_without_bad_rows_leaves_no_workbook_of_them(clone, report):
    line, other = (shlex.split(said("run", option)) for option in ("--month", "--quarantine"))
    assert line[:3] == other[:3]  # one command, with two options that leave each other alone
    done = run_in(clone, [sys.executable, "-m", *line, *other[3:]])
    assert done.returncode == 0, done.stderr
    names = {path.name for path in report.iterdir()}
    assert {"monthly_allocation-04.html", "monthly_allocation-05.html", "月度执法安排-2024-05.xlsx"} <= names
    assert not (clone / "reports" / "bad-rows.xlsx").exists()


def test_a_question_is_answered_in_a_sentence(here):
    told = here(said("why", "--task"), said("why", "--one-more"))
    assert told[0].startswith("P01 区重点单位执法检查 5 月：安排 5 家次；再多 1 家次，")
    assert told[1].startswith("5 月再加 1 家次，要改 ")


def test_the_rest_of_the_year_is_planned_anew_and_the_versions_compared(clone, here, report):
    before = {path.name for path in report.iterdir()}
    done = run_in(clone, [sys.executable, "-m", *shlex.split(said("replan"))])
    assert done.returncode == 0, done.stderr
    assert "第 1 版（2024-03-13）与第 2 版（2024-06-30）" in here(said("compare"))[0]
    made = {f"replan-2024-06-30.{kind}" for kind in ("html", "ipynb")} | {
        "调整单-2024-06-30.xlsx",
        "季度计划-2024-06-30.xlsx",
    }
    made |= {"plan-v1.json", "plan-v2.json"}
    assert {path.name for path in report.iterdir()} == before | made


def test_a_table_is_checked(here):
    (checked,) = here(said("check"))
    assert "读到 650 行数据" in checked
    assert "没有问题" in checked


def test_visits_are_recorded_once_verified_and_taken_out(clone, here):
    lines = [said(word) for word in ("record", "verify-ledger", "export-ledger")]
    try:
        done = here(lines[0], *lines)
    finally:
        (clone / "data" / "putuo-2024" / "ledger.sqlite").unlink()
    assert "新增 276 条" in done[0]
    assert "没有新的内容" in done[1]
    assert "台账完好：276 条记录有效" in done[2]
    assert len({line for text in done for line in text.splitlines() if line.startswith("链头")}) == 1
    assert (clone / "reports" / "ledger.xlsx").is_file()


def test_a_month_is_given_out_on_days_and_a_trial_keeps_nothing(clone):
    folder, told = clone / "data/putuo-2024/arrangements", []
    try:
        for line in (said("schedule", "--month"), said("schedule", "--trial")):
            done = run_in(clone, [sys.executable, "-m", *shlex.split(line)])
            assert done.returncode == 0, done.stderr
            told.append(done.stdout)
        assert [path.name for path in folder.iterdir()] == ["arrangement-1.json"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(clone / "reports/putuo-2024/日程-2024-12", ignore_errors=True)
    assert told[0].startswith("已下发并存为第 1 次安排")
    assert told[1].startswith("试排")


def test_approving_the_demo_again_changes_nothing(clone, here):
    kept = (clone / "data/putuo-2024/versions/plan-v1.json").read_bytes()
    assert "没有改动" in here(said("approve"))[0]
    assert (clone / "data/putuo-2024/versions/plan-v1.json").read_bytes() == kept


def test_the_scenario_of_the_readme_gives_the_numbers_of_the_library_and_says_that_nobody_approved_them(clone):
    line = shlex.split(said("run", "--scenario"))
    year = open_year(clone / "params/putuo-2024.yaml", scenario=line[-1])
    report = clone / "reports" / f"putuo-2024-{line[-1]}"
    done = run_in(clone, [sys.executable, "-m", *line])
    try:
        assert done.returncode == 0, done.stderr
        rows = list(load_workbook(report / "附件1-执法计划安排表.xlsx").worksheets[0].iter_rows(values_only=True))
        head = next(row for row in rows if "1月" in row)
        plan = [[row[head.index(f"{m}月")] or 0 for m in range(1, 13)] for row in rows if row[0] in range(1, 13)]
        assert plan == [list(part) for _, part in year.allocation.visits.groupby("task_id")["visits"]]
        assert f"情景测算「{line[-1]}」，未经批准" in (report / "annual_plan.html").read_text(encoding="utf-8")
        inputs = json.loads((report / "manifest.json").read_text(encoding="utf-8"))["inputs"]
        assert f"params/scenarios/putuo-2024/{line[-1]}.yaml" in {one["file"] for one in inputs}
    finally:
        shutil.rmtree(report, ignore_errors=True)


def test_the_sweep_of_the_readme_is_the_committed_notebook_and_its_points_are_saved(clone, here):
    line = said("sweep")
    done = run_in(clone, [sys.executable, "-m", *shlex.split(line)])
    report = clone / "reports/putuo-2024-情景网格"
    try:
        assert done.returncode == 0, done.stderr
        made = load_workbook(report / "情景网格.xlsx")
        grid = sweep(open_year(clone / "params/putuo-2024.yaml"), "执法大队=-1..1", "0.05,0.10")
        texts = {cell.value for row in made["各点"].iter_rows() for cell in row}
        assert set(grid.points["scenario"]) <= texts
        assert grid.options in (clone / "notebooks/scenario_sweep.ipynb").read_text(encoding="utf-8")
        name = grid.scenarios[5].name
        assert f"--scenario {name}" in here(f"{line} --save 6")[0]
        (clone / f"params/scenarios/putuo-2024/{name}.yaml").unlink()
    finally:
        shutil.rmtree(report, ignore_errors=True)


def test_what_a_bureau_puts_beside_the_demo_is_no_part_of_the_project():
    beside = ["params/woqu-2026.yaml", "params/rules-woqu/visits.yaml", "params/scenarios/woqu-2026/a.yaml"]
    beside += ["params/scenarios/putuo-2024/a.yaml", "data/woqu-2026/units.csv", "data/woqu-2026/versions/plan-v1.json"]
    ignored = subprocess.run(
        ["git", "check-ignore", *beside], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert ignored.stdout.split() == beside
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    assert listed.stdout == b""


@pytest.mark.parametrize(("target", "whole"), [("test", True), ("quick", False)])
def test_make_test_finds_tests_and_notebooks_and_make_quick_leaves_out_what_is_slow(make, target, whole):
    folders = (path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "browser")
    others = " ".join(f"--ignore=tests/{name}" for name in folders)
    done = make(target, PYTEST_ADDOPTS=f"--collect-only --ignore=enforce {others}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_structure.py" in done.stdout
    assert ("test_explorer.py" in done.stdout, "annual_plan.ipynb" in done.stdout) == (whole, whole)


def test_notebooks_are_tested_where_that_is_asked_for_and_only_there(clone):
    plain, asked = (
        run_in(clone, [sys.executable, "-m", "pytest", "--collect-only", *words])
        for words in (["notebooks"], ["--nbval", "notebooks/annual_plan.ipynb"])
    )
    assert plain.returncode == pytest.ExitCode.NO_TESTS_COLLECTED, plain.stdout
    assert asked.returncode == pytest.ExitCode.OK, asked.stdout


def test_make_help_tells_every_target(make):
    done = make("help")
    targets = re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE)
    assert done.returncode == 0
    assert {"report", "test", "lab", "explore", "accept", "help"} <= set(targets)
    for target in targets:
        assert f"make {target} " in done.stdout


def test_make_demo_changes_nothing(clone, make):
    folder = clone / "data" / "putuo-2024"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert make("demo").returncode == 0
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_make_accept_finds_the_committed_notebooks_as_they_are(clone, make):
    before = {path.name: path.read_bytes() for path in (clone / "notebooks").glob("*.ipynb")}
    done = make("accept")
    assert done.returncode == 0, done.stderr
    assert before == {path.name: path.read_bytes() for path in (clone / "notebooks").glob("*.ipynb")}


def test_a_second_run_installs_nothing():
    done = subprocess.run(["make", "-n", "report"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    if not (ROOT / ".venv" / ".ready").is_file():
        pytest.skip("the tests run in an environment that make did not set up")
    assert "pip install" not in done.stdout


def test_make_lab_opens_jupyterlab_in_chinese_and_asks_nobody_else(serving, tmp_path):
    options = "--no-browser --allow-root --port={port} --ServerApp.port_retries=0 --IdentityProvider.token=t"
    with serving("lab", tmp_path, LAB_ARGS=options) as address:
        page, settings = (
            urlopen(f"{address}lab/{place}?token=t").read().decode("utf-8")
            for place in ("tree/notebooks/annual_plan.ipynb", "api/settings/@jupyterlab/translation-extension:plugin")
        )
    assert "JupyterLab" in page
    assert "zh_CN" in settings


def test_the_table_on_the_first_screen_is_the_result():
    year = open_year(ROOT / "params" / "putuo-2024.yaml")
    wide = show(month_matrix(year.annex.visits, year.annex_names, quarters=False))
    shown = re.search(r"<!-- result:.*?-->\n(.*?)<!-- /result -->", README, re.DOTALL)[1]
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in shown.splitlines()]
    assert rows[0][1:] == list(wide.header)[1:]
    assert rows[2:] == [list(row) for row in wide.rows]


def test_what_the_readme_writes_in_python_runs_and_prints_what_stands_below(monkeypatch, capsys):
    monkeypatch.chdir(ROOT / "notebooks")
    sources = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", README, re.DOTALL)
    assert len(sources) == 2
    for source, printed in sources:
        exec(compile(source, "README.md", "exec"), {})
        assert capsys.readouterr().out == printed


def test_the_model_stands_in_six_lines():
    lines = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1].splitlines()
    assert len(list(filter(None, lines))) == 6
