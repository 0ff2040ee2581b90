"""The controls (控件): a widget for every field, with the plan's own value and what was typed wrongly beside it.

Thin: what is typed goes to the state, what the state holds is shown. Groups of fields are built when first opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from html import escape

import ipywidgets as w

from enforce.desk.explorer.fields import CHANGES, NEW, FieldValue
from enforce.desk.explorer.sentences import ESTIMATES_STAY
from enforce.desk.explorer.state import ExplorerState

#: Fields whose value in the plan stands beside them at all times: a slider alone does not show it.
ALWAYS = ("reserve", "unplanned", "approved")


class OnDemand:
    """Boxes that are built and seen once their field differs from the plan, or is asked for by the button."""

    def __init__(self, state: ExplorerState, builders: Mapping[str, Callable[[], list[w.Widget]]], button: w.Button):
        self._state, self._builders, self._button = state, builders, button
        self._boxes = {key: w.VBox() for key in builders}
        self._asked: set[str] = set()
        self.widgets = [*self._boxes.values(), button]
        self.show()

    def _hidden(self) -> list[str]:
        return [key for key in self._boxes if key not in self._asked and not self._state.changed(key)]

    def show(self) -> None:
        """Build and show what is changed or asked for, and the button while there is more."""
        hidden = self._hidden()
        for key, box in self._boxes.items():
            if key not in hidden and not box.children:
                box.children = tuple(self._builders[key]())
            box.layout.display = "none" if key in hidden else ""
        self._button.layout.display = "" if hidden else "none"

    def more(self) -> None:
        """Show the next box that is hidden."""
        self._asked.add(self._hidden()[0])
        self.show()

    def reset(self) -> None:
        """Show only what is changed."""
        self._asked.clear()
        self.show()


class Controls:
    """The widgets of a state's fields; `changed` is called after each change that was taken.

    `guarded` returns an action with every fault of it shown: what a widget's own event throws is seen by nobody.
    """

    def __init__(self, state: ExplorerState, changed: Callable[[], None], guarded: Callable[[Callable], Callable]):
        self.state, self._changed, self._guarded = state, changed, guarded
        self._widgets: defaultdict[str, list[w.Widget]] = defaultdict(list)  # by field: what shows its value
        self._steps: dict[str, tuple[w.Button, w.Button]] = {}
        self._notes: dict[str, tuple[w.HTML, tuple[str, ...]]] = {}  # by field: its note, and the fields of that note
        self._groups: list[OnDemand] = []
        self._quiet = False
        self._layouts = {
            width: w.Layout(width=width, margin="0 1px") for width in ("26px", "46px", "54px", "118px", "160px")
        }
        self._wide = w.Layout(width="98%")
        self._row = w.Layout(align_items="center", flex_flow="row wrap", width="100%")

    # --- one field ---

    def slider(self, key: str) -> w.Widget:
        """Return a slider and its number to be typed: the slider's own puts a wrong one right unasked."""
        entry = self.state.fields[key]
        slider = (w.IntSlider if entry.step == 1 else w.FloatSlider)(
            value=self.state.value(key),
            min=entry.low,
            max=entry.high,
            step=entry.step,
            description=f"{entry.label}（{entry.unit}）" if entry.unit == "%" else entry.label,
            continuous_update=False,
            readout=False,
            style={"description_width": "124px"},
            layout=w.Layout(flex="1 1 0", min_width="0"),
        )
        slider.add_class(css(key))
        self._listen(key, slider, lambda value: self.state.put(key, value))
        box = self.text(key, "54px")
        box.remove_class(css(key)).add_class(f"{css(key)}-typed")
        return w.HBox([slider, box], layout=self._wide)

    def choice(self, key: str) -> w.Dropdown:
        """Return the choice of a month."""
        entry = self.state.fields[key]
        options = [(f"{month} 月", month) for month in range(int(entry.low), int(entry.high) + 1)]
        months = w.Dropdown(options=options, value=self.state.value(key), description=entry.label, layout=self._wide)
        months.style.description_width = "124px"
        months.add_class(css(key))
        self._listen(key, months, lambda value: self.state.put(key, value))
        return months

    def text(self, key: str, width: str = "118px", label: str = "") -> w.Text:
        """Return a text that is read when Enter is pressed or it is left."""
        entry = self.state.fields[key]
        box = w.Text(value=entry.text(self.state.value(key)), continuous_update=False, layout=self._layouts[width])
        box.tooltip = label or entry.label
        box.add_class(css(key))
        self._listen(key, box, lambda text: self.state.type(key, text))
        return box

    def stepper(self, key: str, width: str = "46px", label: str = "") -> list[w.Widget]:
        """Return a number that is typed, with a button to either side."""
        box = self.text(key, width, label)
        self._steps[key] = less, more = self._step(key, -1, box.tooltip), self._step(key, 1, box.tooltip)
        self._show(key)
        return [less, box, more]

    def _step(self, key: str, steps: int, label: str) -> w.Button:
        sign, word, name = ("−", "减", "less") if steps < 0 else ("＋", "加", "more")
        tooltip = f"{label}{word} {self.state.fields[key].step:.12g}"
        button = w.Button(description=sign, tooltip=tooltip, layout=self._layouts["26px"])
        button.add_class(f"{css(key)}-{name}")
        button.on_click(self._guarded(lambda _: self._take(key, lambda: self.state.step(key, steps))))
        return button

    def note(self, *keys: str) -> w.HTML:
        """Return what stands beside fields: what is wrong with what was typed, else the plan's own values."""
        box = w.HTML(layout=self._wide)
        self._notes |= dict.fromkeys(keys, (box, keys))
        self._show_note(keys[0])
        return box

    def _remark(self, key: str) -> str:
        entry, problem = self.state.fields[key], self.state.problems.get(key)
        if problem:
            return f'<div class="wrong" role="alert">{escape(entry.label)}：{escape(problem)}</div>'
        changed = self.state.changed(key)
        if entry.plan == "" or entry.kind == "choice" or not (changed or key in ALWAYS):
            return ""
        plan = escape(f"{entry.label}：计划 {entry.with_unit(entry.plan)}")
        return f'<span class="own">{"● " if changed else ""}{plan}　</span>'

    # --- events ---

    def _listen(self, key: str, widget: w.ValueWidget, take: Callable[[FieldValue], bool]) -> None:
        def event(change: dict) -> None:
            if not self._quiet:
                self._take(key, partial(take, change["new"]), typed=isinstance(widget, w.Text))

        widget.observe(self._guarded(event), "value")
        self._widgets[key].append(widget)

    def _take(self, key: str, take: Callable[[], bool], typed: bool = False) -> None:
        before = dict(self.state.values)
        taken = take()
        if taken or not typed or key not in self.state.problems:  # what is typed wrongly stays, to be put right
            self._show(key)
        if key in self._notes:
            self._show_note(key)
        if self.state.values != before:
            self._changed()

    def _show(self, key: str) -> None:
        """Show the value of a field in all its widgets, unheard."""
        entry, value = self.state.fields[key], self.state.value(key)
        self._quiet = True
        try:
            for widget in self._widgets[key]:
                if isinstance(widget, w.IntSlider | w.FloatSlider):
                    widget.max, widget.min = max(widget.max, value), min(widget.min, value)
                widget.value = entry.text(value) if isinstance(widget, w.Text) else value
        finally:
            self._quiet = False
        if key in self._steps:
            less, more = self._steps[key]
            less.disabled, more.disabled = value <= entry.low, value >= entry.high

    def _show_note(self, key: str) -> None:
        box, keys = self._notes[key]
        box.value = f'<div class="ex">{"".join(map(self._remark, keys))}</div>'

    def refresh(self) -> None:
        """Show what the state holds, after it was reset or a scenario taken up."""
        for key in list(self._widgets):
            self._show(key)
        for key in self._notes:
            self._show_note(key)
        for group in self._groups:
            group.reset()

    # --- groups ---

    def people(self) -> w.Widget:
        """Return the fields of officers, reserve, unplanned work and approval."""
        year = self.state.year
        served = {team: rows["officer_count"] for team, rows in year.statutory.groupby("team", sort=False)}
        parts: list[w.Widget] = []
        for team, counts in served.items():
            now = f"{counts.min()}" if counts.min() == counts.max() else f"{counts.min()}—{counts.max()}"
            parts += self._officers(team, group_heading(f"{team}：计划在岗持证 {now} 人"))
        parts += [
            w.HTML(f'<div class="ex own">{escape(ESTIMATES_STAY)}</div>'),
            group_heading("全局"),
            self.slider("reserve"),
            self.slider("unplanned"),
            self.note("reserve", "unplanned"),
        ]
        label = w.HTML('<div class="ex" style="width:124px;text-align:right">批准日期&nbsp;</div>')
        parts += [w.HBox([label, self.text("approved")]), self.note("approved")]
        return w.VBox(parts)

    def _officers(self, team: str, head: w.Widget) -> list[w.Widget]:
        """Return the first change of a team's officers below its heading, the others behind a button beside it."""

        def change(nth: str) -> list[w.Widget]:
            keys = [f"officers{nth}/{team}", f"from{nth}/{team}"]
            return [self.slider(keys[0]), self.choice(keys[1]), self.note(*keys)]

        first, *others = CHANGES
        more = {f"officers{nth}/{team}": partial(change, nth) for nth in others}
        *boxes, button = self._on_demand(more, "＋变动", f"{team}人员再变动一次", f"change/{team}")
        button.layout.width, button.layout.height = "58px", "24px"
        head.layout.flex = "1 1 0"
        top = w.HBox([head, button], layout=w.Layout(align_items="center"))
        return [top, *change(first), *boxes]

    def _on_demand(
        self, builders: Mapping[str, Callable[[], list[w.Widget]]], text: str, hint: str, name: str
    ) -> list[w.Widget]:
        """Return boxes that are built and seen once they are needed, and the button that asks for the next."""
        button = w.Button(description=text, tooltip=hint, layout=w.Layout(width="120px"))
        button.add_class(css(name))
        group = OnDemand(self.state, builders, button)
        button.on_click(self._guarded(lambda _: group.more()))
        self._groups.append(group)
        return group.widgets

    def lines(self) -> w.Widget:
        """Return the fields of every line of the plan: visits, days of a visit, months."""
        parts = [
            w.HTML('<div class="ex own">每行：家次、每次天数、允许的月份（如 1-3,9-11；分两个时段 5-6|10-11）</div>')
        ]
        for task_id, name in self.state.year.names.items():
            keys = [f"{part}/{task_id}" for part in ("visits", "days", "months")]
            plan = "，".join(
                f"{self.state.fields[k].text(self.state.fields[k].plan)}{u}"
                for k, u in zip(keys, ("家次", "天", "月"), strict=True)
            )
            row = [
                *self.stepper(keys[0], "54px", f"{name}家次"),
                *self.stepper(keys[1], "46px", f"{name}每次天数"),
                self.text(keys[2], "118px", f"{name}允许的月份"),
            ]
            parts += [group_heading(name, f"计划 {plan}"), w.HBox(row, layout=self._row), self.note(*keys)]
        return w.VBox(parts)

    def periods(self) -> w.Widget:
        """Return the fields of every key period: its dates, and days set aside by team; new ones behind a button."""
        parts: list[w.Widget] = []
        for n, period in enumerate(self.state.year.plan.key_periods):
            parts += [group_heading(period.name, "起止日期，各科队预留人日"), *self._period(str(n), period.name)]
        new = {f"name/{n}": partial(self._new_period, n) for n in NEW}
        return w.VBox([*parts, *self._on_demand(new, "新增重点时段", "加一个计划里没有的重点时段", "period")])

    def _period(self, n: str, name: str) -> list[w.Widget]:
        ends, teams = [f"start/{n}", f"end/{n}"], [team.team for team in self.state.year.plan.teams]
        parts: list[w.Widget] = [
            w.HBox([self.text(key, label=f"{name}{self.state.fields[key].label}") for key in ends])
        ]
        for team in teams:
            label = w.HTML(f'<div class="ex" style="width:90px">{escape(team)}</div>')
            steps = self.stepper(f"kept/{n}/{team}", "54px", f"{name}{team}预留人日")
            parts.append(w.HBox([label, *steps], layout=self._row))
        return [*parts, self.note(*ends, *(f"kept/{n}/{team}" for team in teams))]

    def _new_period(self, n: str) -> list[w.Widget]:
        """Return the fields of a new period; it counts once it has a name."""
        key = f"name/{n}"
        drop = w.Button(description="去掉", tooltip="去掉这个新增的时段", layout=w.Layout(width="60px"))
        drop.add_class(css(f"drop/{n}"))
        drop.on_click(self._guarded(lambda _: self._drop(n)))
        box = self.text(key, "160px", "新增时段的名称")
        box.placeholder = "先写名称，如 国庆"
        head = group_heading("新增重点时段", "名称、起止日期，各科队预留人日；写了名称才算")
        return [head, w.HBox([box, drop]), self.note(key), *self._period(n, "新增时段")]

    def _drop(self, n: str) -> None:
        """Take a new period away."""
        self.state.drop(n)
        self.refresh()
        self._changed()


def group_heading(text: str, more: str = "") -> w.HTML:
    """Return a heading inside a group."""
    aside = f' <span class="own">{escape(more)}</span>' if more else ""
    return w.HTML(f'<div class="ex"><b>{escape(text)}</b>{aside}</div>')


def css(key: str) -> str:
    """Return the class by which a field's widget is found: letters, digits and hyphens.

    >>> css("visits/P06"), css("officers/执法大队")
    ('ex-visits-P06', 'ex-officers-6267-6cd5-5927-961f')
    """
    parts = (c if c.isascii() and c.isalnum() else "-" if c == "/" else f"{ord(c):x}-" for c in key)
    return f"ex-{''.join(parts)}".rstrip("-")
