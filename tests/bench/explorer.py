"""The explorer's page in a real browser (情景推演): slider to new picture, and the time until the page can be used.

Against the same change made by running the notebook again with papermill, and against a page of Voila that only imports
the same packages and shows one slider. Every way has the same copy of the project, the same browser, the same template.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any
from urllib.request import urlopen

from tests.bench.timing import Runs, interleaved, markdown, ratio, seconds, shown, spread, tell

ROOT = Path(__file__).resolve().parents[2]
SLIDES = 20
SLIDER = "slider to new picture, in the browser"
AGAIN = "papermill on the same notebook, scenario changed"
OURS, BARE = "the explorer", "a page that imports the same packages and shows a slider"
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
#: Compiled modules may be kept, as on a planner's machine: else every kernel compiles ours anew, and only ours.
AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
FIRST_PICTURE = ".ex-tiles .tile"

#: Lists what a page of ours has loaded that is not ours.
LOADED = """
import json, sys
before = set(sys.modules)
import enforce as e
e.explore("params/putuo-2024.yaml")
home = sys.prefix
names = [n for n in sys.modules if n not in before and n.split(".")[0] != "enforce"
         and "site-packages" in str(getattr(sys.modules[n], "__file__", "") or "")]
print(json.dumps(names))
"""


# --- what is served ---


def copied(folder: Path) -> Path:
    """Return a copy of what a page reads, with twenty saved scenarios."""
    for part in ("params", "data", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    book = folder / "params" / "scenarios" / "putuo-2024"
    book.mkdir(parents=True, exist_ok=True)
    for n in range(SLIDES):
        (book / f"bench-{n}.yaml").write_text(f"reserve_share: {0.105 + n * 0.005:.3f}\n", encoding="utf-8")
    return folder


def bare(folder: Path) -> Path:
    """Write the notebook that only imports; return it."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    loaded = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, check=True, text=True)
    names = json.loads(loaded.stdout.splitlines()[-1])
    source = f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n"
    cells = [new_code_cell(source), new_code_cell("import ipywidgets\nipywidgets.IntSlider()")]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / "notebooks" / "bare.ipynb")
    return folder / "notebooks" / "bare.ipynb"


@contextmanager
def served(notebook: Path) -> Iterator[str]:
    """Serve a notebook by Voila with our template until the block ends; its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}", "--template=explore"]
    environment = {**AS_INSTALLED, "JUPYTER_PATH": str(ROOT / "tools" / "share"), "PYTHONPATH": str(ROOT)}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    process = subprocess.Popen(command, cwd=notebook.parent, env=environment, **silent)
    try:
        _wait(f"http://127.0.0.1:{port}/static/none")
        yield f"http://127.0.0.1:{port}/"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait(address: str) -> None:
    for _ in range(400):
        try:
            urlopen(address, timeout=5).close()
            return
        except OSError as error:
            if getattr(error, "code", 0):
                return
            sleep(0.25)
    raise RuntimeError(f"{address} did not answer")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of this machine."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise RuntimeError("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield browser
        browser.close()


# --- what is timed ---


def ready(browser: Any, address: str, selector: str) -> Any:
    """Open a page until what it is for can be seen; return the page."""
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.set_default_timeout(180_000)
    tab.goto(address)
    tab.wait_for_selector(selector)
    return tab


def _opened_and_closed(browser: Any, address: str, selector: str) -> None:
    ready(browser, address, selector).close()


def slide(tab: Any, count: int = SLIDES) -> list[float]:
    """Return seconds from a key pressed on the slider of the reserve to the new picture, so many times."""
    handle = tab.locator(".ex-reserve .noUi-handle")
    handle.focus()
    times = []
    for _ in range(count):
        before = tab.locator(".ex-bars").inner_html()
        start = perf_counter()
        handle.press("ArrowRight")
        tab.wait_for_function("old => document.querySelector('.ex-bars').innerHTML !== old", arg=before, polling="raf")
        times.append(perf_counter() - start)
        tab.wait_for_function("() => !document.querySelector('.ex-status').innerText.includes('正在')")
    return times


def again(folder: Path, names: Iterator[str]) -> None:
    """Run the notebook once more with papermill, on the next scenario."""
    notebook = folder / "notebooks" / "scenario_explorer.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), str(folder / "out.ipynb"), "--no-progress-bar"]
    given = ["-p", "scenario", next(names), "--cwd", str(notebook.parent)]
    environment = {**AS_INSTALLED, "PYTHONPATH": str(ROOT)}
    subprocess.run([*command, *given], env=environment, cwd=folder, capture_output=True, check=True)


# --- the tables ---


def measured(repeat: int, folder: Path) -> tuple[list[float], Runs]:
    """Return the seconds of every slide, and the runs of the other ways."""
    home, names = copied(folder), cycle(f"bench-{n}" for n in range(SLIDES))
    with (
        served(home / "notebooks" / "scenario_explorer.ipynb") as ours,
        served(bare(home)) as plain,
        chromium() as browser,
    ):
        ways: dict[str, Callable[[], Any]] = {
            OURS: partial(_opened_and_closed, browser, ours, FIRST_PICTURE),
            BARE: partial(_opened_and_closed, browser, plain, ".noUi-handle"),
        }
        tell("one page of each to warm up")
        for way in ways.values():
            way()
        runs = interleaved(ways, repeat)
        tab = ready(browser, ours, FIRST_PICTURE)
        slide(tab, 2)
        tell(f"{SLIDES} slides")
        times = slide(tab)
        tab.close()
        runs |= interleaved({AGAIN: partial(again, home, names)}, max(repeat, 3))
    return times, runs


def tables(times: Sequence[float], runs: Runs) -> list[str]:
    """Return both tables."""
    slides, papermill = spread(times), seconds(runs[AGAIN])
    rows = [
        (SLIDER, shown(slides), len(times), "1"),
        (AGAIN, shown(papermill), papermill.n, f"{papermill.median / slides.median:.0f}"),
    ]
    pages = [
        (way, shown(seconds(runs[way])), len(runs[way]), shown(ratio(runs[way], runs[BARE]))) for way in (OURS, BARE)
    ]
    return [
        markdown("One number changed", ("way", "s", "runs", "× ours"), rows, ("goal: at least 20 times",)),
        markdown(
            "Page ready", ("page", "s", "runs", "÷ bare page"), pages, ("goal: at most 1.3", "kernel started anew")
        ),
    ]


def report(repeat: int) -> tuple[list[str], dict]:
    """Measure the page; return its tables and its data."""
    with TemporaryDirectory(prefix="bench-") as folder:
        times, runs = measured(repeat, Path(folder))
    return tables(times, runs), {
        "slides": list(times),
        **{way: [run.seconds for run in found] for way, found in runs.items()},
    }
