"""The command: `python -m tests.bench WHAT` prints Markdown tables; progress goes to stderr.

WHAT is run, pages, explorer, papers, reading, progress, audit, draws, naming, schedule, allocation, bound, replan,
shortage, scale, engines, province or all.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from importlib import metadata
from pathlib import Path

from tests.bench import (
    allocation,
    auditing,
    bound,
    draws,
    explorer,
    naming,
    papers,
    progress_tables,
    reading,
    replanning,
    report_pages,
    scale,
    scheduling,
    shortage,
    whole_run,
)
from tests.bench.peers import CAP
from tests.bench.timing import quiet_stdout

LIBRARIES = ("ortools", "joblib", "pulp", "highspy", "pandas", "papermill", "nbclient")


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=(*REPORTS, "all"))
    parser.add_argument("--repeat", type=int, default=5, help="turns (default 5)")
    parser.add_argument("--districts", type=int, default=10, help="random districts (default 10)")
    parser.add_argument("--cap", type=float, default=CAP, help="seconds a stage of a peer may take (default 20)")
    parser.add_argument("--budget", type=float, default=20.0, help="seconds of a way on a district (default 20)")
    parser.add_argument("--workers", type=int, default=scale.processes(), help="processes (default: one a processor)")
    parser.add_argument("--cases", type=int, default=bound.CASES, help="random districts of the bound (default 4,000)")
    parser.add_argument("--sizes", type=_sizes, help="numbers of districts, as 1,16,100 (scale and province)")
    parser.add_argument("--nation", action="store_true", help="3,000 districts as well (scale)")
    parser.add_argument("--picture", type=Path, help="draw the curve of time by districts there (scale)")
    parser.add_argument("--units", type=int, default=reading.UNITS, help="units of the register (default 20000)")
    parser.add_argument("--json", type=Path, help="write all figures to this file as well")
    chosen = parser.parse_args(arguments)
    if min(chosen.repeat, chosen.workers, chosen.units, chosen.cases) < 1 or chosen.districts < 0:
        parser.error("--repeat, --workers, --units and --cases must be at least 1, --districts at least 0")
    return chosen


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) for part in text.split(","))
    if min(sizes) < 1:
        raise argparse.ArgumentTypeError(f"no such number of districts: {min(sizes)}")
    return sizes


def _scale(chosen: argparse.Namespace) -> tuple:
    sizes = chosen.sizes or (*scale.SIZES, *([scale.NATION] if chosen.nation else []))
    return scale.scale_report(sizes, chosen.workers, chosen.picture)


def _engines(chosen: argparse.Namespace) -> tuple:
    return scale.engine_report(chosen.sizes or (100,), chosen.workers, chosen.repeat)


def _province(chosen: argparse.Namespace) -> tuple:
    cap = scale.PROVINCE_CAP if chosen.cap == CAP else chosen.cap
    return scale.province_report(chosen.sizes or scale.COUPLED, chosen.workers, cap)


#: What can be asked for; `all` is everything, in this order.
REPORTS = {
    "run": lambda chosen: whole_run.report(chosen.repeat),
    "pages": lambda chosen: report_pages.report(chosen.repeat),
    "explorer": lambda chosen: explorer.report(chosen.repeat),
    "papers": lambda chosen: papers.report(chosen.repeat),
    "reading": lambda chosen: reading.report(chosen.repeat, chosen.units),
    "progress": lambda chosen: progress_tables.report(chosen.repeat),
    "audit": lambda chosen: auditing.report(chosen.repeat),
    "draws": lambda chosen: draws.report(chosen.repeat),
    "naming": lambda chosen: naming.report(chosen.repeat),
    "schedule": lambda chosen: scheduling.report(chosen.repeat),
    "allocation": lambda chosen: allocation.report(chosen.repeat, chosen.districts, chosen.cap, chosen.budget),
    "bound": lambda chosen: bound.report(chosen.cases),
    "replan": lambda chosen: replanning.report(chosen.repeat, chosen.districts, chosen.cap, chosen.budget),
    "shortage": lambda chosen: shortage.report(chosen.repeat, chosen.districts, chosen.budget),
    "scale": _scale,
    "engines": _engines,
    "province": _province,
}


def circumstances() -> dict:
    """Return what the figures depend on besides the code: Python, libraries, processors, how busy they are."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    versions = {name: metadata.version(name) for name in LIBRARIES}
    return {"python": platform.python_version(), **versions, "processors": os.cpu_count(), "load_average": load}


def main(arguments: list[str] | None = None) -> None:
    """Measure what was asked for and print it."""
    chosen, tables, data = options(arguments), [], {"before": circumstances()}
    with quiet_stdout():
        for what, report in REPORTS.items():
            if chosen.what in (what, "all"):
                made, data[what] = report(chosen)
                tables += made
    data["after"] = circumstances()
    told = ", ".join(f"{name} {value}" for name, value in data["before"].items() if name != "load_average")
    busy = " → ".join(" ".join(f"{load:.1f}" for load in data[at]["load_average"]) for at in ("before", "after"))
    print("\n".join([*tables, f"{told}; load average {busy}"]))
    if chosen.json:
        chosen.json.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
