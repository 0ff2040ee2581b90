"""The audit (审核): a Word file of 40 pages, 1,000 texts of a province on all processors, beside reading them alone."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import docx

from tests.bench.timing import Run, Runs, interleaved, markdown, ratio, seconds, shown, spread, tell
from tests.planning.audit import plans

ROOT = Path(__file__).resolve().parents[2]
PAGES, PAGE = 40, 650  # characters of a page of a plan
TEXTS = 1000
WORDS = "各科室要压实责任，突出重点行业领域，严格规范公正文明执法，做到检查有计划、过程有记录、问题有整改、结果可回溯。"
READ, AUDITED = "read alone", "ours: audited"


def plan(seed: int) -> plans.Plan:
    """Return a random correct plan."""
    draw = Random(seed)
    key = tuple((draw.randint(11, 90), draw.randint(1, 4)) for _ in range(5))
    general = (draw.randint(11, 180), draw.randint(11, 180))
    return plans.Plan(key, general, draw.randint(6, 30), draw.randint(201, 650), draw.randint(201, 650))


def items(count: int, seed: int = 3) -> list[str]:
    """Return the lines of a plan of so many items, each with its firms and visits, below their sum."""
    draw = Random(seed)
    names = [f"{first}{second}加工" for first, second in product("铜铁铝锡木竹纸棉麻丝茶", "器具材料件品坯管线板箔")]
    lines, total = [], 0
    for n, name in enumerate(names[:count], 1):
        firms, times = draw.randint(11, 90), draw.randint(1, 4)
        total += firms * times
        lines.append(f"{n}. {name}企业执法检查（{firms * times}家次）")
        lines.append(f"对{firms}家{name}企业，每家检查{times}次，合计{firms * times}家次。{WORDS}")
    return ["某区应急管理局2025年度执法计划", "一、执法检查安排", f"（一）专项检查（共{total}家次）", *lines]


def write_word(path: Path) -> Path:
    """Write a plan of 40 pages: its items, an annex by month, what is asked of everybody."""
    document = docx.Document()
    lines = items(99)
    rest = PAGES * PAGE - sum(map(len, lines))
    for line in [*lines, "二、工作要求", *[WORDS] * (rest // len(WORDS))]:
        document.add_paragraph(line)
    rows = [line.strip("|").split("|") for line in plans.quarters(plan(2)).splitlines() if line.startswith("|")]
    table = document.add_table(0, len(rows[0]))
    for row in (row for row in rows if "---" not in row):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(path))
    return path


def write_texts(folder: Path, count: int) -> list[Path]:
    """Write the plans of a province, in every layout in turn."""
    paths = [folder / f"{n}.txt" for n in range(count)]
    for n, path in enumerate(paths):
        path.write_text(plans.LAYOUTS[n % len(plans.LAYOUTS)](plan(n)), encoding="utf-8")
    return paths


def read(path: Path) -> int:
    """Read a file into paragraphs and cells; return how many findings there are: none."""
    from enforce.inputs.documents.passages import read_document

    return 0 * len(read_document(path).passages)


def audited(path: Path) -> int:
    """Audit a file alone; return how many findings there are."""
    from enforce.desk.commands.audit import audit_files

    return len(audit_files([path]).findings)


WAYS: dict[str, Callable[[Path], int]] = {READ: read, AUDITED: audited}


def child(way: str, *names: str) -> None:
    """Do one way once and print what it took: this is what runs in a process of its own."""
    paths = [Path(name) for name in names]
    every = [one for path in paths for one in (sorted(path.iterdir()) if path.is_dir() else [path])]
    WAYS[way](every[0])  # libraries are loaded before the clock
    start = perf_counter()
    if len(every) > 1:
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            count = sum(pool.map(WAYS[way], every, chunksize=20))
    else:
        count = WAYS[way](every[0])
    took = perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(json.dumps({"seconds": took, "peak": peak, "findings": count}))


def in_process(way: str, path: Path) -> dict:
    """Run one way in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.auditing", way, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, encoding="utf-8")
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def measure(repeat: int, texts: int = TEXTS) -> Iterator[tuple[str, Runs]]:
    """Yield what was measured with its runs: the ways in turn, seconds those the process tells."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "texts").mkdir()
        write_texts(folder / "texts", texts)
        cases = {f"a docx of {PAGES} pages": write_word(folder / "plan.docx"), f"{texts:,} texts": folder / "texts"}
        for title, path in cases.items():
            tell(f"audit: {title}")
            runs = interleaved({way: partial(in_process, way, path) for way in WAYS}, repeat)
            yield (
                title,
                {way: [Run(run.turn, run.result["seconds"], run.result) for run in ones] for way, ones in runs.items()},
            )


def report(repeat: int) -> tuple[list[str], dict]:
    """Measure the audit; return its table and its data."""
    rows, data = [], {}
    for title, runs in measure(repeat):
        data[title] = {way: [run.result for run in ones] for way, ones in runs.items()}
        for way, ones in runs.items():
            times = shown(ratio(ones, runs[READ])) if way != READ else "1"
            peaks = shown(spread(run.result["peak"] for run in ones))
            rows.append((title, way, shown(seconds(ones)), times, peaks, ones[-1].result["findings"]))
    header = ("files", "way", "s", "÷ reading", "peak, MiB", "findings")
    notes = (
        "all texts are correct: no finding is wanted",
        "a process each; texts on all processors, peak of one process",
    )
    return [markdown("The audit", header, rows, notes)], data


if __name__ == "__main__":
    child(*sys.argv[1:])
