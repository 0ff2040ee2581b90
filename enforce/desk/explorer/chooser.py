"""The list of plans (计划文件) above the page: each is opened when it is chosen, or says why it cannot be."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as w

from enforce.desk.explorer.page import Page
from enforce.desk.run import batch
from enforce.desk.year import open_year
from enforce.papers.screen.panels import STYLE, plain
from enforce.words.problems import InputError


def plan_files(project: Path) -> list[Path]:
    """Return the files in params/ and data/ that are plans."""
    texts = (path for path in project.glob("params/*.yaml") if path.is_file() and b"\nteams:" in path.read_bytes())
    return sorted([*texts, *project.glob("data/*/年度计划.xlsx")])


class Chooser:
    """A list of plans and the page of the one that is chosen; `box` is its widget."""

    def __init__(self, plan: str, scenario: str = ""):
        first = Path(plan).resolve()
        files = list(dict.fromkeys([*plan_files(batch.ROOT), first]))
        names = [(batch.relative(file, batch.ROOT), file) for file in files]
        self.plans = w.Dropdown(options=names, value=first, description="计划文件", layout=w.Layout(width="420px"))
        self.plans.add_class("ex-plans")
        self.message, self.place = w.HTML(), w.VBox()
        self.page: Page | None = None
        self.box = w.VBox([self.plans, self.message, self.place])
        self.plans.observe(lambda change: self.open(change["new"]), "value")
        self.open(first, scenario)

    def open(self, plan: Path, scenario: str = "") -> None:
        """Open a plan in place of the one before, which is no longer worked out; show why one cannot be opened."""
        if self.page is not None:
            self.page.later.run(())
        self.message.value = STYLE + plain(f"正在打开 {plan.name}……", "own")
        try:
            self.page = Page(open_year(plan))
            self.place.children = (self.page.opened(scenario),)
            self.message.value = ""
        except InputError as error:
            self.page, self.place.children = None, ()
            self.message.value = STYLE + plain(f"这个计划文件打不开：\n{error}", "alert")
