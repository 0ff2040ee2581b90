"""The papers (公文): all of a plan's documents in one command, beside the floor of a run, three bare kernels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.timing import interleaved, markdown, ratio, seconds, shown
from tests.bench.whole_run import PLAN, ROOT, floor_commands
from tests.bureaus import bare_project, write_county

OURS, LARGE, FLOOR = "every paper of the demo", "every paper of a county with {count:,} key units", "three bare kernels"
KEY_UNITS = 5_000


def documents(plan: Path, out: Path) -> Callable[[], None]:
    """Return the call that writes every paper of a plan into a folder."""
    command = [sys.executable, "-m", "enforce", "documents", str(plan), "--out", str(out)]
    return lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True) and None


def report(repeat: int, count: int = KEY_UNITS) -> tuple[list[str], dict]:
    """Return the table of the seconds, one row per way, and the figures."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        county = write_county(bare_project(folder), count=count, key=count)
        [floor] = floor_commands(folder)
        ways = {
            OURS: documents(PLAN, folder / "demo"),
            LARGE.format(count=count): documents(county, folder / "county"),
            FLOOR: lambda: subprocess.run(floor, cwd=ROOT, check=True, capture_output=True) and None,
        }
        runs = interleaved(ways, repeat)
    rows = [(way, shown(seconds(runs[way])), shown(ratio(runs[way], runs[FLOOR]))) for way in ways]
    table = markdown("Papers: every document of a plan", ("what", "seconds", "× three bare kernels"), rows)
    return [table], {way: [run.seconds for run in runs[way]] for way in ways}
