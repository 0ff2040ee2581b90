"""The whole run (整册运行): our command beside papermill on the same three notebooks, and the floor under both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from enforce.desk.run.batch import NOTEBOOKS, month_after, relative
from enforce.desk.run.templates import passed, read_templates
from enforce.inputs.parameters.plan import read_plan
from tests.bench.timing import Run, Runs, interleaved, markdown, ratio, seconds, shown, tell

ROOT = Path(__file__).resolve().parents[2]
PLAN = ROOT / "params" / "putuo-2024.yaml"
OURS = "(a) python -m enforce run"
COMMAND_LINE = "(b) papermill, three commands in a row"
API = "(c) papermill's API, one process, in a row"
FLOOR_ROW = "(d1) three kernels that only import, in a row"
FLOOR_AT_ONCE = "(d2) three kernels that only import, at once"

Command = Sequence[str]


# --- what is run ---


def jobs(folder: Path) -> list[dict]:
    """Return the three notebooks as papermill takes them, with the parameters our run gives them.

    Makes the folder they write into, as the notebooks expect and our run does.
    """
    (folder / "made").mkdir(exist_ok=True)
    templates = read_templates(NOTEBOOKS)
    plan, home = read_plan(PLAN), NOTEBOOKS[0].template.parent
    values = {
        "plan": relative(PLAN, home),
        "month": month_after(plan.approval_day, plan.year),
        "out": relative(folder / "made", home),
    }
    return [
        {
            "input": str(job.template),
            "output": str(folder / job.template.name),
            "parameters": passed(notebook, values),
            "cwd": str(home),
        }
        for job, notebook in templates.items()
    ]


def our_commands(folder: Path) -> list[Command]:
    """Return the one command of ours."""
    return [[sys.executable, "-m", "enforce", "run", str(PLAN), "--out", str(folder / "made")]]


def papermill_commands(folder: Path) -> list[Command]:
    """Return the three commands a user of papermill would type."""
    return [_papermill(job) for job in jobs(folder)]


def _papermill(job: Mapping) -> Command:
    script = shutil.which("papermill", path=str(Path(sys.executable).parent))
    start = [script] if script else [sys.executable, "-m", "papermill"]
    given = [text for name, value in job["parameters"].items() for text in ("-p", name, str(value))]
    return [*start, job["input"], job["output"], "--cwd", job["cwd"], *given]


def api_commands(folder: Path) -> list[Command]:
    """Return the command that uses papermill's API on all three."""
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs(folder)), encoding="utf-8")
    return [[sys.executable, "-m", "tests.bench.children", "papermill", str(listed)]]


def floor_commands(_: Path, *options: str) -> list[Command]:
    """Return the command that starts three kernels."""
    return [[sys.executable, "-m", "tests.bench.children", "kernels", "3", *options]]


WAYS: dict[str, Callable[[Path], list[Command]]] = {
    OURS: our_commands,
    COMMAND_LINE: papermill_commands,
    API: api_commands,
    FLOOR_ROW: floor_commands,
    FLOOR_AT_ONCE: lambda folder: floor_commands(folder, "--at-once"),
}


# --- how it is run ---


def run_commands(commands: Sequence[Command]) -> int:
    """Run commands in a row and return the memory of the largest process among them and theirs, in KiB (0: unknown).

    RuntimeError with the end of stderr when one fails.
    """
    return max(_run_command(command) for command in commands)


def _run_command(command: Command) -> int:
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        said = process.stderr.read()
        largest = _wait(process)
    if process.returncode:
        raise RuntimeError(f"{command[1:4]} failed:\n{said.decode(errors='replace')[-2000:]}")
    return largest


def _wait(process: subprocess.Popen) -> int:
    """Wait for a process and return the memory of the largest of it and of all it waited for, in KiB.

    A child counts what its parent held when it started, so the whole run goes before any solver is loaded.
    """
    if not hasattr(os, "wait4"):
        process.wait()
        return 0
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)


def in_turn(ways: Mapping[str, Callable[[Path], list[Command]]], repeat: int, home: Path) -> Runs:
    """Run the ways in turn, each run in a new folder; the commands are written out before the clock starts."""
    numbers = count()
    folders = [{way: home / str(next(numbers)) for way in ways} for _ in range(repeat)]
    for turn in folders:
        for folder in turn.values():
            folder.mkdir()
    ready = {way: iter([make(turn[way]) for turn in folders]) for way, make in ways.items()}
    runs = interleaved({way: partial(_next, ready[way]) for way in ways}, repeat)
    made = {way: {run.turn: _written(folders[run.turn][way] / "made") for run in runs[way]} for way in ways}
    return {way: [Run(run.turn, run.seconds, (run.result, made[way][run.turn])) for run in runs[way]] for way in ways}


def _next(commands: object) -> int:
    return run_commands(next(commands))


def _written(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0


# --- the tables ---


def table(runs: Runs) -> str:
    """Return the table of the whole run: one row per way."""
    rows = []
    for way, found in runs.items():
        largest = max(run.result[0] for run in found) / 1024
        memory, ours = (f"{largest:.0f}" if largest else "–"), ratio(runs[OURS], found)
        rows.append((way, shown(seconds(found)), len(found), shown(ours), memory, found[-1].result[1]))
    header = ("way", "s", "runs", "ours ÷ this", "largest process, MiB", "files written")
    notes = (
        "(a) also checks every input first, judges each notebook, makes pages, lists and reads back the report; "
        "(b) and (c) do not",
        "(a) runs its three kernels at once, so it may hold three processes of the size shown; the others hold one",
        "one turn before the first is not counted",
    )
    return markdown("Whole run: three notebooks of the demo plan", header, rows, notes)


def record(runs: Runs) -> dict:
    """Return the runs as plain data for the JSON file."""
    return {
        way: {"seconds": [run.seconds for run in found], "largest_kib": [run.result[0] for run in found]}
        for way, found in runs.items()
    }


def report(repeat: int) -> tuple[list[str], dict]:
    """Measure the whole run; return its table and its data."""
    with TemporaryDirectory(prefix="bench-") as folder:
        tell("whole run: one turn to warm up")
        for home, turns in ((Path(folder) / "warm", 1), (Path(folder) / "timed", repeat)):
            home.mkdir()
            runs = in_turn(WAYS, turns, home)
    return [table(runs)], record(runs)
