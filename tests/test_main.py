"""The command line: Chinese, quick to start, and its exit status tells the truth."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from enforce import __main__ as command
from enforce.desk.run import accept, batch
from enforce.desk.run.notebook import RunError
from enforce.papers.report import locks
from enforce.papers.report.manifest import MANIFEST
from enforce.words.files import OutputError
from enforce.words.problems import InputError, Place, Problem

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"pandas", "numpy", "ortools", "matplotlib", "papermill", "nbformat", "nbconvert", "openpyxl", "filelock"}


ACTS = ("commit", "seed", "draw", "withdraw", "event", "page")
NAMES = {"python", "enforce", "run", "accept", "replan", "compare", "as-of", "from", "json", "yaml", "month", "out"}
NAMES |= {"DIR", "require-official", "help", "reports", "scenario"}
NAMES |= {"check", "kind", "sheet", "plan", "quarantine", "xlsx", "JSON", "register", "roster", "tasks", "records"}
NAMES |= {"why", "task", "one-more", "draw", "draws", "commit", "seed", "page"}
NAMES |= {"event", "unit", "closed", "refused", "moved", "cancelled", "evidence", "date", "number", "place", "places"}
NAMES |= {"strata", "weighted", "event-date", "publish", "subdistrict", "sector", "weights", "py"}
NAMES |= {"approve", "versions", "limits", "penalties", "elsewhere", "clues", "recusals", "accept-overload"}
NAMES |= {"record", "restore", "withdraw", "reason", "verify-ledger", "head", "export-ledger"}
NAMES |= {"new", "year", "teams", "name", "district", "YAML", "data"}
NAMES |= {"documents", "only", "pdf", "verify", "Word", "PDF", "LibreOffice"}
NAMES |= {"audit", "docx", "txt", "md", "csv", "html"}
NAMES |= {"next-year", "before", "measured", "streets", "streets-template", "days"}
NAMES |= {"export", "mapping", "params", "exchange", "csv", "format"}
NAMES |= {"sweep", "officers", "reserve", "visits", "save", "city", "jobs"}
NAMES |= {"schedule", "trial", "each", "ics", "arrangements"}
NAMES |= {"pack", "receive", "expected", "due", "filing", "rules", "zip", "dask", "Dask", "tcp"}
NAMES |= {"explore", "port", "no-browser", "Ctrl", "C", "verbose", "v", "version"}


def call(*arguments: str) -> int:
    return command._run(list(arguments))


def called(*arguments: str) -> tuple[int, set[str], str]:
    """A command in a process of its own: its status, the heavy libraries it loaded, what it said on stderr."""
    code = f"""
import sys
from enforce import __main__ as command
status = command._run({list(arguments)!r})
print([status, *sorted({HEAVY!r} & set(sys.modules))])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    status, *heavy = ast.literal_eval(done.stdout.splitlines()[-1])
    return status, set(heavy), done.stderr


@pytest.fixture
def asked(monkeypatch, tmp_path) -> list:
    """What the batch was asked for; it makes a list of nothing."""
    found = []
    (tmp_path / MANIFEST).write_text('{"outputs": [], "carried": []}', encoding="utf-8")

    def run(plan, *, month, as_of, out, require_official, quarantine, scenario):
        found.append((plan, month, as_of, out, require_official, quarantine, scenario))
        return tmp_path

    monkeypatch.setattr(batch, "run", run)
    return found


def failing(error: BaseException):
    def run(*arguments, **options):
        raise error

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["run", "--help"],
        ["accept", "-h"],
        ["replan", "-h"],
        ["check", "-h"],
        ["compare", "-h"],
        ["why", "-h"],
        ["approve", "-h"],
        ["documents", "-h"],
        ["export", "-h"],
        ["explore", "-h"],
        ["new", "-h"],
        ["next-year", "-h"],
        ["streets", "-h"],
        ["streets-template", "-h"],
        ["schedule", "-h"],
        ["params", "-h"],
        ["draw", "params/a.yaml", "-h"],
        *(["draw", "params/a.yaml", "--task", "P10", act, "-h"] for act in ACTS),
        [],
    ],
)
def test_help_is_chinese_throughout(arguments, capsys):
    call(*arguments)
    text = capsys.readouterr().out
    assert "用法：" in text
    assert "显示本说明" in text
    for word in re.findall(r"[A-Za-z][A-Za-z-]+", text):
        assert word in NAMES


@pytest.mark.parametrize(
    "arguments", [["--help"], ["run", "--help"], ["run"], ["run", "x", "--month", "13"], ["nothing"]]
)
def test_help_and_refusals_import_nothing_heavy(arguments):
    assert called(*arguments)[1] == set()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run"], "缺少 计划文件"),
        (["run", "x", "--monht", "3"], "没有选项 --monht；是否想写「--month」？用 --help 看说明"),
        (["run", "x", "--month"], "选项 --month 后面要写值"),
        (["rnu", "x"], "没有命令 rnu；是否想写「run」？用 --help 看说明"),
        (["复核", "x"], "没有命令 复核。用 --help 看说明"),
        (["explore", "--port", "x"], "x 应为 1 到 65535 的整数"),
        (["run", "x", "y"], "命令写得不对"),
        (["run", "x", "-p", "month", "3"], "没有选项 -p"),
    ],
)
def test_a_command_written_wrongly_is_told_in_chinese_with_status_2(arguments, told, asked, capsys):
    assert call(*arguments) == 2
    assert told in capsys.readouterr().err
    assert asked == []


@pytest.mark.parametrize("month", ["0", "13", "-1", "5.0", "1e0", "1_0", "\uff11", "0x5", "五", "nan", ""])
def test_p13_only_a_plain_month_from_1_to_12_is_taken(month, asked, capsys):
    assert call("run", "x", f"--month={month}") == 2
    assert "应为 1 到 12 的整数" in capsys.readouterr().err
    assert asked == []


def test_the_options_reach_the_batch(asked, capsys):
    options = ["--month", "05", "--as-of", "2024-06-30", "--out", "r", "--require-official", "--quarantine", "q.xlsx"]
    assert call("run", "params/a.yaml", *options) == 0
    assert call("run", "params/a.yaml", "--scenario", "七月调出两人") == 0
    assert asked == [
        (Path("params/a.yaml"), 5, "2024-06-30", Path("r"), True, Path("q.xlsx"), ""),
        (Path("params/a.yaml"), None, "", None, False, None, "七月调出两人"),
    ]
    assert "报告已生成：" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (InputError([Problem("a.yaml", Place("year"), "x", "年份")]), 1, "year = x：应为 年份"),
        (OutputError("磁盘已满"), 1, "磁盘已满"),
        (RunError("《年度计划》第 3 个代码格：内存不足"), 1, "内存不足"),
        (PermissionError(13, "denied", "/somewhere/表.xlsx"), 1, "读写 表.xlsx 出错"),
        (KeyboardInterrupt(), 130, "已停止"),
    ],
)
def test_r5_what_stops_a_run_is_told_without_a_traceback(error, status, told, monkeypatch, capsys):
    monkeypatch.setattr(batch, "run", failing(error))
    assert call("run", "x") == status
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert "/somewhere" not in said


def test_the_version_is_told(capsys):
    assert call("--version") == 0
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert capsys.readouterr().out == f"执法计划工作簿 {version}\n"


def test_a_report_ends_with_its_answers_and_the_page_to_open(asked, capsys, tmp_path):
    pages = [{"file": name} for name in ("annual_plan.html", "monthly_allocation-04.html", "附件1.xlsx")]
    content = {"answers": ["够不够：够", "最忙的月：3 月"], "notes": ["没有检查记录"], "outputs": pages, "carried": []}
    (tmp_path / MANIFEST).write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "annual_plan.html").write_text("", encoding="utf-8")
    assert call("run", "params/a.yaml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == ["够不够：够", "最忙的月：3 月", "没有检查记录"]
    assert lines[4].startswith("打开：")
    assert lines[4].endswith("annual_plan.html")
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    assert call("run", "params/a.yaml") == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("index.html")


def test_a_fault_of_the_program_itself_is_not_hidden(monkeypatch):
    monkeypatch.setattr(batch, "run", failing(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        call("run", "x")


def test_accept_lists_what_changed_or_says_that_nothing_did(monkeypatch, capsys):
    monkeypatch.setattr(accept, "accept", lambda: ["《年度计划》第 3 个代码格的结果变了"])
    assert call("accept") == 0
    monkeypatch.setattr(accept, "accept", list)
    assert call("accept") == 0
    assert capsys.readouterr().out == "《年度计划》第 3 个代码格的结果变了\n笔记本已重跑，结果没有变化。\n"


def test_r11_a_second_command_ends_before_it_loads_anything_heavy_and_names_the_first(tmp_path):
    with locks.run_lock(tmp_path / "r", "2024-05-06 07:08:09"):
        status, heavy, errors = called("run", "params/putuo-2024.yaml", "--out", str(tmp_path / "r"))
    assert (status, heavy) == (1, {"filelock"})
    assert re.search(f"进程号 {os.getpid()}，电脑 .+，开始于 2024-05-06 07:08:09", errors)


@pytest.mark.skipif(os.name != "posix", reason="Windows takes names in Unicode alone")
@pytest.mark.parametrize("switch", [{"PYTHONUTF8": "0"}, {}])
def test_a_system_whose_file_names_are_ascii_writes_chinese_ones_all_the_same(switch, tmp_path):
    machine = {name: text for name, text in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHONUTF8"))}
    machine |= {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"} | switch
    table, aside = tmp_path / "企业.csv", tmp_path / "隔离.xlsx"
    table.write_text("统一社会信用代码,企业名称\n91110000600037341L,甲厂\n9111,乙厂\n", encoding="utf-8")
    asked = [sys.executable, "-m", "enforce", "check", str(table), "--quarantine", str(aside)]
    done = subprocess.run(asked, cwd=ROOT, env=machine, capture_output=True, check=False)
    assert (done.returncode, aside.exists()) == (0, True), done.stderr.decode()
