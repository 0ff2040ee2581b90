"""The report's pages (网页) in a real browser: the time until a page is whole, its size and its screens."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from enforce.desk.run.batch import run
from tests.bench.explorer import CHROMIUM
from tests.bench.timing import Runs, interleaved, markdown, ratio, seconds, shown, tell
from tests.bench.whole_run import PLAN

EMPTY = "an empty page"
SCREEN = {"width": 1366, "height": 768}


def opened(browser: object, page: Path) -> int:
    """Open a page in a tab of its own until all of it is there; return its height in pixels."""
    tab = browser.new_page(viewport=SCREEN)
    try:
        tab.goto(page.as_uri(), wait_until="load")
        return tab.evaluate("document.documentElement.scrollHeight")
    finally:
        tab.close()


def table(runs: Runs, sizes: dict[str, int]) -> str:
    """Return the table of the pages: one row per page."""
    rows = [
        (name, shown(seconds(found)), shown(ratio(found, runs[EMPTY])), f"{sizes[name] / 1024:.0f}",
         f"{found[-1].result / SCREEN['height']:.1f}")
        for name, found in runs.items()
    ]  # fmt: skip
    header = ("page", "s", "÷ an empty page", "KiB", "screens of 1366 × 768")
    return markdown("Pages of the demo's report: new tab to whole page, in Chromium", header, rows)


def report(repeat: int) -> tuple[list[str], dict]:
    """Make the report of the demo once and open its pages in turn; return the table and the data."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with TemporaryDirectory(prefix="bench-") as folder, sync_playwright() as playwright:
        tell("pages: one report first")
        made = run(PLAN, out=Path(folder) / "report")
        empty = Path(folder) / "empty.html"
        empty.write_text("<!DOCTYPE html><title>x</title>", encoding="utf-8")
        pages = {EMPTY: empty, **{page.name: page for page in sorted(made.glob("*.html"))}}
        sizes = {name: page.stat().st_size for name, page in pages.items()}
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM))
        for page in pages.values():
            opened(browser, page)
        runs = interleaved({name: partial(opened, browser, page) for name, page in pages.items()}, repeat)
        browser.close()
    return [table(runs, sizes)], {name: [one.seconds for one in found] for name, found in runs.items()}
