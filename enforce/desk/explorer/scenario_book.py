"""The page's panel of saved scenarios (情景册): save, take up, compare up to six, and write the change sheet.

What a scenario may say is enforce/inputs/parameters/scenario.py; where it is saved and loaded, enforce/desk/scenarios.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ipywidgets as w
import pandas as pd

from enforce.desk import scenarios
from enforce.desk.explorer import sentences
from enforce.desk.explorer.answers import Answers
from enforce.desk.explorer.state import ExplorerState
from enforce.desk.imprint import book_meta
from enforce.desk.run import batch
from enforce.desk.year import under
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.scenario import Scenario, entries, scenario_names
from enforce.papers.books import scenario_sheet
from enforce.papers.screen.display import show
from enforce.papers.screen.panels import plain
from enforce.words.files import NameTaken, output_errors, safe_name
from enforce.words.problems import InputError, Place, refuse

NOW = "当前设定"
UNSAVED = "（改动未保存）"


def write_sheets(state: ExplorerState, answers: Answers) -> list[Path]:
    """Write the change sheet of the present changes beside the plan's report, as xlsx and docx; return both files."""
    name = shown_name(state)
    year = under(state.year, state.scenario.called(name))  # answers may be older than the name
    folder = batch.report_place(year.plan.path, "情景")
    name = name or NOW
    meta = book_meta(year, f"{year.plan.year}年度执法计划情景改动单：{name}")
    lines = [sentences.headline(answers), sentences.ESTIMATES_STAY]
    if state.more.note:
        lines.insert(0, f"说明：{state.more.note}")
    if answers.overload:
        lines += sentences.ways(answers).splitlines()
    changes, effects = sentences.changes_from_plan(state), sentences.scenario_effects(answers)
    sheet = scenario_sheet.ChangeSheet(changes, effects, scenario_sheet.cut_lines(lines))
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    stem = f"情景改动单-{name}"
    return [
        scenario_sheet.change_book(folder / safe_name(stem, ".xlsx"), sheet, meta),
        scenario_sheet.change_document(folder / safe_name(stem, ".docx"), sheet, meta),
    ]


def shown_name(state: ExplorerState) -> str:
    """Return the name of the present changes: that of their file, marked where the file says something else."""
    if not state.name:
        return ""
    saved = ExplorerState(state.year)
    try:
        saved.take(scenarios.load(state.year, state.name))
    except InputError:
        return f"{state.name}{UNSAVED}"
    same = entries(saved.scenario) == entries(state.scenario)
    return state.name if same else f"{state.name}{UNSAVED}"


def scenario_comparison(state: ExplorerState, answers: Answers, names: list[str]) -> pd.DataFrame:
    """Return scenarios side by side: the plan, the present changes if there are any, and those named, at most six."""
    now = {NOW: answers} if state.values and NOW not in names else {}
    chosen = {name: Answers(state.year, scenario) for name, scenario in scenarios.load_all(state.year, names).items()}
    return sentences.side_by_side(now | chosen or {NOW: answers})


class ScenarioBook:
    """The panel's widgets; `taken` is called after a scenario was taken up, `answers` gives those of the changes."""

    def __init__(self, state: ExplorerState, taken: Callable[[], None], answers: Callable[[], Answers]):
        self.state, self._taken, self._answers = state, taken, answers
        wide = w.Layout(width="230px")
        self.name = w.Text(placeholder="名称，如 七月调出两人", layout=wide, continuous_update=False)
        self.note = w.Text(placeholder="一句话说明（可不写）", layout=w.Layout(width="300px"), continuous_update=False)
        self.instead = w.Checkbox(value=False, description="覆盖同名情景", indent=False, layout=w.Layout(width="130px"))
        self.saved = w.Dropdown(options=[], layout=wide)
        self.chosen = w.VBox(layout=w.Layout(max_height="110px", overflow="auto", flex_flow="row wrap"))
        self.message, self.table = w.HTML(), w.HTML()
        self.name.tooltip, self.note.tooltip, self.saved.tooltip = "情景名称", "情景说明", "已保存的情景"
        texts = {"save": "保存", "take": "载入", "compare": "并排比较", "sheet": "生成改动单（Excel 和 Word）"}
        widths = {"save": "70px", "take": "70px", "compare": "90px", "sheet": "220px"}
        layouts = {key: w.Layout(width=width) for key, width in widths.items()}
        self.buttons = {key: w.Button(description=texts[key], layout=layouts[key]) for key in texts}
        self.actions = {"save": self.save, "take": self.take, "compare": self.compare, "sheet": self.write_sheet}
        boxes = {name: getattr(self, name) for name in ("name", "note", "message", "table", "saved")}
        for name, widget in (boxes | self.buttons).items():
            widget.add_class(f"ex-book-{name}")
        self.refresh()

    @property
    def box(self) -> w.Widget:
        """The panel."""
        saving = w.HBox([self.name, self.note, self.instead, self.buttons["save"]])
        saving.layout.flex_flow = "row wrap"
        taking = w.HBox([self.saved, self.buttons["take"], self.buttons["sheet"]])
        title = w.HTML('<div class="ex"><b>并排比较</b> <span class="own">勾选至多 6 个情景</span></div>')
        return w.VBox([saving, taking, self.message, title, self.chosen, self.buttons["compare"], self.table])

    def refresh(self, name: str = "") -> None:
        """List the scenarios there are, the one of a name chosen."""
        names, ticked, before = scenario_names(self.state.year.plan), self.ticked, self.saved.value
        self.saved.options = names
        self.saved.value = next((name for name in (name, before, self.state.name, *names) if name in names), None)
        boxes = [w.Checkbox(value=name in ticked, description=name, indent=False) for name in names]
        for box in boxes:
            box.layout.width = "200px"
        self.chosen.children = tuple(boxes)

    @property
    def ticked(self) -> list[str]:
        """The scenarios ticked for the comparison."""
        return [box.description for box in self.chosen.children if box.value]

    def save(self) -> None:
        """Save the present changes under the name typed."""
        name, note = self.name.value.strip(), self.note.value.strip()
        try:
            refuse(replace(problem, place=Place("说明")) for problem in checked(Scenario, {"note": note}, "情景")[1])
            self.state.more = self.state.more.model_copy(update={"note": note})
            path = scenarios.save(self.state.year, self.state.scenario, name, instead=self.instead.value)
        except InputError as error:
            self.message.value = plain("没有保存。" + "；".join(str(problem) for problem in error.problems), "alert")
            return
        except NameTaken as error:
            self.refresh(name)
            self.message.value = plain(str(error), "alert")
            return
        self.state.name, self.instead.value = name, False
        self.refresh(name)
        self.message.value = plain(f"已保存：{path.parent.name}/{path.name}。批量运行：--scenario {name}", "good")

    def take(self) -> None:
        """Take up the scenario chosen."""
        if not self.saved.value:
            self.message.value = plain("还没有保存过情景。", "alert")
            return
        try:
            self.state.take(scenarios.load(self.state.year, self.saved.value))
        except InputError as error:
            self.message.value = plain("没有载入：\n" + "\n".join(map(str, error.problems)), "alert")
            return
        self.name.value, self.note.value = self.state.name, self.state.more.note
        others = bool(self.state.more.officers or self.state.more.key_periods)
        more = "（文件里另有页面上没有控件的改动，一并计算并保留）" if others else ""
        self.message.value = plain(f"已载入「{self.state.name}」{more}。", "good")
        self._taken()

    def compare(self) -> None:
        """Put the ticked scenarios side by side."""
        try:
            table = scenario_comparison(self.state, self._answers(), self.ticked)
        except InputError as error:
            problems = "\n".join(f"{problem.file}：{problem}" for problem in error.problems)
            self.message.value = plain(f"没有比较：\n{problems}", "alert")
            return
        self.message.value = ""
        self.table.value = f'<div class="ex">{show(table, "情景并排比较")._repr_html_()}</div>'

    def changed(self) -> None:
        """Take away a comparison that is older than the present changes."""
        if self.table.value:
            self.table.value = plain("设定已改动，请再按「并排比较」。", "own")

    def write_sheet(self) -> None:
        """Write the change sheet."""
        files = write_sheets(self.state, self._answers())
        names = "、".join(path.name for path in files)
        self.message.value = plain(f"已写出 reports/{files[0].parent.name}/：{names}", "good")
