"""The reading (读入): a register of a bureau read, checked and joined with records, beside bare pandas.read_excel.

Each way runs in a process of its own, in turn; the libraries are loaded before its clock starts, and its memory is the
most the process ever held.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd
from stdnum.cn import uscc

from tests.bench.timing import Run, Runs, interleaved, markdown, ratio, seconds, shown, spread, tell

ROOT = Path(__file__).resolve().parents[2]
UNITS = 20_000
HEAD = (
    "序号",
    "企业名称",
    "统一社会信用代码",
    "行业类别",
    "风险等级",
    "信用等级",
    "街镇",
    "是否重点单位",
    "计划家次",
    "上次检查日期",
    "联系电话",
)
BARE, READ, JOINED = "pandas.read_excel, bare", "ours: read and checked", "ours: and joined with records"


# --- the file -------------------------------------------------------------------------------------------------------


def code(number: int) -> str:
    """Return a credit code that checks."""
    body = f"91310107MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def firm(number: int, draw: random.Random) -> list:
    """Return one row as a bureau writes it: every tenth with units in words, a date in Chinese, marks for yes."""
    odd = number % 10 == 0
    month, day, visits = draw.randint(1, 12), draw.randint(1, 28), draw.randint(0, 4)
    return [
        number,
        f" 虚构第{number}机械有限公司 " if odd else f"虚构第{number}机械有限公司",
        code(number),
        draw.choice(["机械加工", "食品加工", "仓储", "商贸"]),
        draw.choice(["红", "橙", "黄", "蓝", None]),
        f"{draw.choice('ABCD')}级" if odd else draw.choice("ABCD"),
        draw.choice(["甲街道", "乙镇", "丙镇"]),
        ("√" if odd else "是") if number % 30 == 0 else "否",
        f"{visits}家次" if odd else visits,
        f"2023年{month}月{day}日" if odd else f"2023-{month:02}-{day:02}",
        f"138{number:08d}",
    ]


def write_register(path: Path, units: int) -> Path:
    """Write a register with a title, a total row and a footer."""
    import xlsxwriter

    draw = random.Random(2024)
    rows = [firm(n, draw) for n in range(1, units + 1)]
    total = sum(int(str(row[8]).removesuffix("家次")) for row in rows)
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("企业台账")
    sheet.merge_range(0, 0, 0, len(HEAD) - 1, "某区安全生产监管企业台账")
    foot = [[None, "合计", *[None] * 6, total], ["填表人：某某"]]
    for n, row in enumerate([list(HEAD), *rows, *foot], 1):
        sheet.write_row(n, 0, row)
    book.close()
    return path


def records(units: int) -> pd.DataFrame:
    """Return one record a unit, of every third unit none."""
    numbers = [n for n in range(1, units + 1) if n % 3]
    dates = [f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}" for n in numbers]
    return pd.DataFrame({"unit_id": [code(n) for n in numbers], "date": dates})


# --- the ways -------------------------------------------------------------------------------------------------------


def bare(path: Path, units: int) -> Callable[[], int]:
    """Return what an analyst types: no check, no title left out."""
    return lambda: len(pd.read_excel(path))


def read(path: Path, units: int) -> Callable[[], int]:
    """Return our reading with all its checks."""
    from enforce.inputs.tables.reading import read_table

    def reading() -> int:
        found = read_table(path, as_of="2024-12-31")
        if found.problems:
            raise ValueError(str(found.problems[0]))
        return len(found.table)

    return reading


def joined(path: Path, units: int) -> Callable[[], int]:
    """Return our reading and its join with records held in memory: last visit of each unit, key units not visited."""
    from enforce.inputs.tables.reading import read_table
    from enforce.planning.through.progress import units_not_covered

    done = records(units)

    def join() -> int:
        table = read_table(path, as_of="2024-12-31").table
        last = done.groupby("unit_id", as_index=False)["date"].max()
        both = table.merge(last, on="unit_id", how="left", validate="1:1")
        known = table.assign(in_district=True)
        return int(both["date"].isna().sum()) + len(units_not_covered(known, done.assign(in_district=True)))

    return join


WAYS = {BARE: bare, READ: read, JOINED: joined}


# --- measuring ------------------------------------------------------------------------------------------------------


def peak_mib() -> float:
    """Return the most this process ever held, in MiB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    return int(re.search(r"VmHWM:\s+([0-9]+)", status.read_text())[1]) / 1024 if status.exists() else 0.0


def child(way: str, path: str, units: str) -> None:
    """Do one way once and print what it took: this is what runs in a process of its own."""
    import openpyxl  # noqa: F401  loaded before the clock, as every other library here

    work = WAYS[way](Path(path), int(units))
    before, start = peak_mib(), perf_counter()
    rows = work()
    print(json.dumps({"seconds": perf_counter() - start, "peak": peak_mib(), "before": before, "rows": rows}))


def in_process(way: str, path: Path, units: int) -> dict:
    """Run one way in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.reading", way, str(path), str(units)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def measure(units: int, repeat: int) -> Runs:
    """Run the ways in turn; seconds are those the process told, without its start."""
    with TemporaryDirectory(prefix="bench-") as folder:
        path = write_register(Path(folder) / "台账.xlsx", units)
        tell(f"reading: {units} units, {path.stat().st_size / 2**20:.1f} MiB")
        runs = interleaved({way: partial(in_process, way, path, units) for way in WAYS}, repeat)
    return {way: [Run(run.turn, run.result["seconds"], run.result) for run in found] for way, found in runs.items()}


def table(runs: Runs, units: int) -> str:
    """Return the table: one row per way, times and memory with their ratios to bare pandas."""
    memory = {way: {run.turn: run.result["peak"] for run in found} for way, found in runs.items()}
    rows = []
    for way, found in runs.items():
        times = shown(ratio(found, runs[BARE])) if way != BARE else "1"
        peaks = spread(memory[way].values())
        more = shown(spread(memory[way][turn] / (memory[BARE][turn] or 1) for turn in memory[way]))
        told = found[-1].result["rows"]
        rows.append((way, shown(seconds(found)), times, shown(peaks), more if way != BARE else "1", told))
    header = ("way", "s", "÷ bare", "peak, MiB", "÷ bare", "rows, or units found")
    notes = (
        "bare pandas takes the title for the header, 合计 for a firm and every cell as it stands; ours checks them all",
        "a process each, libraries loaded before the clock; the peak is of the whole process",
    )
    return markdown(f"Reading: a register of {units:,} units in an xlsx", header, rows, notes)


def report(repeat: int, units: int = UNITS) -> tuple[list[str], dict]:
    """Measure the reading; return its table and its data."""
    runs = measure(units, repeat)
    return [table(runs, units)], {way: [run.result for run in found] for way, found in runs.items()}


if __name__ == "__main__":
    child(*sys.argv[1:])
