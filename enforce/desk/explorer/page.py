"""The page (页面): controls on the left, answers on the right: a quick picture first, the slower answers after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

import ipywidgets as w
import pandas as pd

from enforce.desk.explorer import sentences
from enforce.desk.explorer.answers import Answers
from enforce.desk.explorer.background import Later, Step
from enforce.desk.explorer.controls import Controls
from enforce.desk.explorer.scenario_book import ScenarioBook
from enforce.desk.explorer.state import ExplorerState
from enforce.desk.scenarios import load
from enforce.desk.sweep import one_point
from enforce.desk.titles import heading
from enforce.desk.year import Year
from enforce.inputs.parameters.scenario import Scenario
from enforce.papers.screen import panels
from enforce.papers.screen.cells import MONTHS
from enforce.papers.screen.display import Shown, show
from enforce.words.problems import InputError

LAYOUT = f"<style>\n{Path(__file__).with_name('page.css').read_text(encoding='utf-8')}</style>"
TABS = ("各月负荷", "逐月安排表", "多一人、少一人", "完成的可能", "情景册")
GROUPS = ("人员与余地", "事项", "重点时段")


class Page:
    """A plan that can be played with; `box` is its widget. Files are read and written through the book alone."""

    def __init__(self, year: Year):
        self.year, self.state, self.month = year, ExplorerState(year), 0
        self.answers = Answers(year, Scenario())
        self.drawn: Answers | None = None  # whose picture is on the screen
        self.later = Later(self.failed)
        self.alert, self.status, self.tiles = w.HTML(), w.HTML(), w.HTML()
        self.bars, self.month_lines, self.grid, self.chance, self.officers = (w.HTML() for _ in range(5))
        self.controls = Controls(self.state, self.changed, self.guarded)
        self.book = ScenarioBook(self.state, self.taken, lambda: self.answers)
        self.months = w.ToggleButtons(options=[(name, n) for n, name in enumerate(MONTHS, 1)], value=None)
        self.reset = w.Button(description="回到计划", tooltip="放弃全部改动", layout=w.Layout(width="100px"))
        self.groups = w.Tab([w.VBox() for _ in GROUPS], titles=GROUPS)
        self.tabs = w.Tab(self._panels(), titles=TABS)
        self.box = self._laid_out()
        self._connect()
        self._open_group(0)
        self.changed()

    def opened(self, name: str = "") -> w.Widget:
        """Return what is shown, on a saved scenario if one is named, or on a point that options write."""
        if name:
            scenario = one_point(self.year, name) if name.startswith("--") else load(self.year, name)
            self.state.take(scenario)
            self.book.name.value, self.book.note.value = scenario.name, self.state.more.note
            self.taken()
        return self.box

    # --- layout ---

    def _panels(self) -> list[w.Widget]:
        self.months.add_class("ex-months")
        for name in ("alert", "status", "tiles", "bars", "grid", "chance", "officers", "month_lines", "reset"):
            getattr(self, name).add_class(f"ex-{name.replace('_', '-')}")
        return [w.VBox([self._year(), self.month_lines]), self.grid, self.officers, self.chance, self.book.box]

    def _year(self) -> w.Widget:
        """Return the bars with a button over each month, so that a month is clicked on the picture itself."""
        year = w.VBox([self.bars, self.months])
        year.add_class("ex-year")
        return year

    def _laid_out(self) -> w.Widget:
        head = heading(self.year)
        name, note = escape(f"情景推演：{head.title}"), escape("　".join(filter(None, (head.state, head.disclaimer))))
        tab = escape(f"{self.year.plan.name} 情景推演", quote=True)  # what the tab of the browser is called
        big = f'<b class="ex-title" title="{tab}" style="font-size:16px">{name}</b>'
        title = w.HTML(f'<div class="ex">{big} <span class="own">{note}</span></div>')
        tall = w.Layout(width="400px", min_width="372px", height="660px", overflow="hidden auto", flex="0 0 auto")
        left = w.VBox([w.HBox([self.reset]), self.groups], layout=tall)
        right = w.VBox(
            [self.tiles, self.status, self.tabs], layout=w.Layout(flex="1 1 0", min_width="0", padding="0 0 0 6px")
        )
        left.add_class("ex-left")
        page = w.VBox([w.HTML(panels.STYLE + LAYOUT), title, self.alert, w.HBox([left, right])])
        page.add_class("ex-page")
        return page

    def _connect(self) -> None:
        self.reset.on_click(self.guarded(lambda _: self._go_back()))
        self.months.observe(self.guarded(lambda change: self._pick(change["new"] or 0)), "value")
        self.groups.observe(self.guarded(lambda change: self._open_group(change["new"])), "selected_index")
        self.tabs.observe(self.guarded(lambda _: self._turn()), "selected_index")
        for key, button in self.book.buttons.items():
            button.on_click(self.guarded(partial(self._act, self.book.actions[key])))

    def _open_group(self, n: int | None) -> None:
        """Build a group of controls when it is first looked at."""
        group = self.groups.children[n or 0]
        if not group.children:
            build = (self.controls.people, self.controls.lines, self.controls.periods)[n or 0]
            group.children = (build(),)

    # --- changes ---

    def guarded(self, action: Callable) -> Callable:
        """Return the action with every fault of it shown in the page."""

        def run(*arguments: object) -> None:
            try:
                action(*arguments)
            except Exception as error:  # a fault that is not shown is lost
                self.failed(error)

        return run

    def failed(self, error: BaseException) -> None:
        """Show a fault at the top of the page."""
        text = str(error)
        if not isinstance(error, InputError) and text.isascii():
            text = f"程序出错（{type(error).__name__}）：{text}。设定没有丢失，可以回到计划或重新打开页面。"
        self.alert.value = panels.plain(text, "alert")
        self.status.value = ""

    def changed(self) -> None:
        """Answer a change, or the page just opened: nothing is worked out before the control is let go."""
        self.alert.value = ""
        self.answers = Answers(self.year, self.state.scenario)
        self.book.changed()
        self.later.run(self._steps())

    def taken(self) -> None:
        """Show a scenario that was taken up."""
        self.controls.refresh()
        self.changed()

    def _go_back(self) -> None:
        self.state.reset()
        self.book.name.value = self.book.note.value = ""
        self.taken()

    def _turn(self) -> None:
        """Show a tab as things are now: another page may have saved scenarios meanwhile."""
        if self.tabs.selected_index == TABS.index("情景册"):
            self.book.refresh()
        self.later.run(self._steps())

    def _act(self, action: Callable[[], None], _button: w.Button) -> None:
        """Do what a button of the book is for, with no older message left to read."""
        self.alert.value = self.book.message.value = ""
        action()

    def _pick(self, month: int) -> None:
        self.month = month
        self._draw(self.answers)

    # --- answers ---

    def _steps(self) -> list[Step]:
        """Return what is to be computed and shown, in this order; only what can be seen."""
        answers = self.answers
        steps: list[Step] = []
        if self.drawn is not answers:
            if self.drawn is None or answers.year is not self.year:  # not solved yet
                steps.append((lambda: panels.plain(sentences.bound(answers), "own"), self._show_status))
            steps.append((lambda: (answers.figures, answers.matrix), lambda _: self._draw(answers)))
        if self.tabs.selected_index == 3:
            steps.append((lambda: _chance(answers), lambda html: setattr(self.chance, "value", html)))
        steps += [(partial(verdict, answers), self._show_status) for verdict in (_first_verdict, _verdict)]
        if self.tabs.selected_index == 2:
            steps += self._officer_steps(answers)
        return steps

    def _show_status(self, html: str) -> None:
        self.status.value = html

    def _draw(self, answers: Answers) -> None:
        allocation = answers.year.allocation
        self.tiles.value = panels.tiles(answers.figures) + panels.plain(sentences.basis(self.year), "own")
        self.bars.value = panels.load_bars(allocation.loads, self.year.allocation.loads, self.month)
        self.grid.value = panels.change_grid(answers.matrix, answers.year.names, self.month)
        lines = show(answers.month(self.month), f"{self.month} 月的事项", unit="家次、人日") if self.month else None
        hint = panels.plain(f"{panels.LEGEND}点一个月份，看这个月有哪些事项。", "own")
        self.month_lines.value = f'<div class="ex">{lines._repr_html_()}</div>' if lines else hint
        self.drawn = answers

    def _officer_steps(self, answers: Answers) -> list[Step]:
        rows: list[dict] = []

        def show_row(row: dict) -> None:
            rows.append(row)
            table = sentences.officer_table(rows, answers)
            note = f"每一行都重新求解。{sentences.ESTIMATES_STAY}"
            self.officers.value = f'<div class="ex">{show(table, "多一人、少一人", note=note)._repr_html_()}</div>'

        months = {team.team: int(self.state.value(f"from/{team.team}")) for team in self.year.plan.teams}
        return [
            (partial(answers.one_officer, team, month, step), show_row)
            for team, month in months.items()
            for step in (1, -1)
        ]


def _first_verdict(answers: Answers) -> str:
    """Return whether it fits, before ways out are looked for."""
    if answers.overload:
        return panels.plain(f"{sentences.headline(answers)}\n正在寻找办法……", "alert")
    return _verdict(answers)


def _verdict(answers: Answers) -> str:
    """Return whether it fits, and the ways out where it does not."""
    if not answers.overload:
        good = not (answers.unplaced or answers.overload_gone)
        return panels.plain(sentences.headline(answers), "good" if good else "alert")
    return panels.plain(f"{sentences.headline(answers)}\n{sentences.ways(answers)}", "alert")


def _calibration(table: pd.DataFrame) -> Shown | None:
    if table.empty:
        return None
    note = (
        "按期：累计完成不少于累计计划（家次）。偏差平方：测算与实际（按期为 1，否则为 0）之差的平方，0 最好，"
        f"总说一半为 0.25，这里平均 {table['brier_score'].mean():.2f}。按计划测算，不随情景变"
    )
    return show(table, "与已过月份的实际对照", note=note)


def _chance(answers: Answers) -> str:
    """Return the panel of the chance of finishing."""
    outlook = answers.outlook
    tables = (
        outlook.wanted is not None
        and show(
            outlook.reserve.rename(columns={"finish_share": "full_share"}),
            f"按期完成的可能达到 {outlook.wanted:.0%} 需要的余地",
            note="按排满其余人日计算；占比以监督检查工作日为分母",
        ),
        show(outlook.inputs, "依据", note="次数按泊松分布；全年人日按计划估算，每次人日为假定时只作测算"),
        _calibration(outlook.calibration),
    )
    band = panels.chance_band(outlook.chances, outlook.wanted)
    legend = panels.plain(
        "蓝线：可以提前做以后月份的家次；色带下沿：不提前。各科队视为互不影响。\n"
        + sentences.calibrated(outlook.calibration),
        "own",
    )
    return f'{band}{legend}<div class="ex">{"".join(table._repr_html_() for table in tables if table)}</div>'
