"""The controls (控件): a widget for every field, with the plan's own value and what was typed wrongly beside it.

Thin: what is typed goes to the state, what the state says is shown. Groups of fields are built when first opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from html import escape

import ipywidgets as w

from enforce.desk.explorer.fields import CHANGES, NEW
from enforce.desk.explorer.sentences import ESTIMATES_STAY
from enforce.desk.explorer.state import State

#: Fields whose own value in the plan is told at all times: a slider alone does not show it.
ALWAYS = ("reserve", "unplanned", "approved")


class Controls:
    """The widgets of a state's fields; `changed` is called after each change that was taken.

    `guarded` returns an action with every fault of it shown: what a widget's own event throws is seen by nobody.
    """

    def __init__(self, state: State, changed: Callable[[], None], guarded: Callable[[Callable], Callable]):
        self.state, self._changed, self._guarded = state, changed, guarded
        self._shown: dict[str, Callable[[], None]] = {}
        self._notes: dict[str, Callable[[], None]] = {}
        self._groups: list[Callable[[], None]] = []
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
        whole = entry.step == 1
        kind = w.IntSlider if whole else w.FloatSlider
        slider = kind(
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
        self._bind(key, slider, lambda value: self.state.put(key, int(value) if whole else float(value)))
        moved = self._shown[key]
        box = self.text(key, "54px")
        box.remove_class(css(key)).add_class(f"{css(key)}-typed")
        typed = self._shown[key]
        self._shown[key] = lambda: (moved(), typed())
        return w.HBox([slider, box], layout=self._wide)

    def choice(self, key: str) -> w.Dropdown:
        """Return the choice of a month."""
        entry = self.state.fields[key]
        options = [(f"{month} 月", month) for month in range(int(entry.low), int(entry.high) + 1)]
        found = w.Dropdown(options=options, value=self.state.value(key), description=entry.label, layout=self._wide)
        found.style.description_width = "124px"
        found.add_class(css(key))
        self._bind(key, found, lambda value: self.state.put(key, value))
        return found

    def text(self, key: str, width: str = "118px", called: str = "") -> w.Text:
        """Return a text that is read when Enter is pressed or it is left."""
        entry = self.state.fields[key]
        box = w.Text(value=entry.text(self.state.value(key)), continuous_update=False, layout=self._layouts[width])
        box.tooltip = called or entry.label
        box.add_class(css(key))
        self._bind(key, box, lambda text: self.state.type(key, text), as_text=True)
        return box

    def stepper(self, key: str, width: str = "46px", called: str = "") -> list[w.Widget]:
        """Return a number that is typed, with a button to either side."""
        entry, box = self.state.fields[key], self.text(key, width, called)
        less, more = (w.Button(description=sign, layout=self._layouts["26px"]) for sign in ("−", "＋"))
        for button, step, word in ((less, -1, "减"), (more, 1, "加")):
            button.tooltip = f"{called or entry.label}{word} {entry.step:g}"
            button.add_class(f"{css(key)}-{'less' if step < 0 else 'more'}")
            button.on_click(self._guarded(lambda _, step=step: self._take(key, lambda: self.state.step(key, step))))

        def bounds() -> None:
            value = self.state.value(key)
            less.disabled, more.disabled = value <= entry.low, value >= entry.high

        shown = self._shown[key]
        self._shown[key] = lambda: (shown(), bounds())
        bounds()
        return [less, box, more]

    def note(self, keys: Iterable[str], told: Callable[[], str] = str) -> w.HTML:
        """Return what stands beside fields: what is wrong with what was typed, else the plan's own values."""
        keys, box = list(keys), w.HTML(layout=self._wide)

        def show() -> None:
            box.value = f'<div class="ex">{"".join(self._told(key) for key in keys)}{escape(told())}</div>'

        for key in keys:
            self._notes[key] = show
        show()
        return box

    def _told(self, key: str) -> str:
        entry, problem = self.state.fields[key], self.state.problems.get(key)
        if problem:
            return f'<div class="wrong" role="alert">{escape(entry.label)}：{escape(problem)}</div>'
        if entry.plan == "" or entry.kind == "choice":  # nothing in the plan to hold it against
            return ""
        own, changed = f"{entry.label}：计划 {entry.told(entry.plan)}", self.state.changed(key)
        return f'<span class="own">{"● " if changed else ""}{escape(own)}　</span>' if changed or key in ALWAYS else ""

    # --- events ---

    def _bind(self, key: str, widget: w.Widget, take: Callable[[object], bool], as_text: bool = False) -> None:
        entry = self.state.fields[key]

        def seen(change: dict) -> None:
            if not self._quiet:
                self._take(key, lambda: take(change["new"]), as_text)

        def show() -> None:
            value = self.state.value(key)
            if hasattr(widget, "max"):
                widget.max, widget.min = max(widget.max, value), min(widget.min, value)
            widget.value = entry.text(value) if as_text else value

        widget.observe(self._guarded(seen), "value")
        self._shown[key] = show

    def _take(self, key: str, take: Callable[[], bool], typed: bool = False) -> None:
        before = dict(self.state.values)
        taken = take()
        if taken or not typed or key not in self.state.problems:  # what is typed wrongly stays, to be put right
            self._set(key)
        if key in self._notes:
            self._notes[key]()
        if self.state.values != before:
            self._changed()

    def _set(self, key: str) -> None:
        self._quiet = True
        try:
            self._shown[key]()
        finally:
            self._quiet = False

    def refresh(self) -> None:
        """Show what the state says, after it was reset or a scenario taken up."""
        for key in self._shown:
            self._set(key)
        for show in (*dict.fromkeys(self._notes.values()), *self._groups):
            show()

    # --- groups ---

    def people(self) -> w.Widget:
        """Return the fields of officers, reserve, unplanned work and approval."""
        year = self.state.year
        served = {team: rows["officer_count"] for team, rows in year.statutory.groupby("team", sort=False)}
        parts: list[w.Widget] = []
        for team, counts in served.items():
            now = f"{counts.min()}" if counts.min() == counts.max() else f"{counts.min()}—{counts.max()}"
            parts += self._officers(team, heading(f"{team}：计划在岗持证 {now} 人"))
        parts += [
            w.HTML(f'<div class="ex own">{escape(ESTIMATES_STAY)}</div>'),
            heading("全局"),
            self.slider("reserve"),
            self.slider("unplanned"),
            self.note(["reserve", "unplanned"]),
        ]
        label = w.HTML('<div class="ex" style="width:124px;text-align:right">批准日期&nbsp;</div>')
        parts += [w.HBox([label, self.text("approved")]), self.note(["approved"])]
        return w.VBox(parts)

    def _officers(self, team: str, head: w.Widget) -> list[w.Widget]:
        """Return the first change of a team's officers under its heading, and the others behind a button beside it."""

        def change(nth: str) -> list[w.Widget]:
            keys = [f"officers{nth}/{team}", f"from{nth}/{team}"]
            return [self.slider(keys[0]), self.choice(keys[1]), self.note(keys)]

        first, *others = CHANGES
        more = {f"officers{nth}/{team}": partial(change, nth) for nth in others}
        *boxes, button = self._on_demand(more, "＋变动", f"{team}人员再变动一次", f"change/{team}")
        button.layout.width, button.layout.height = "58px", "24px"
        head.layout.flex = "1 1 0"
        top = w.HBox([head, button], layout=w.Layout(align_items="center"))
        return [top, *change(first), *boxes]

    def _on_demand(
        self, places: Mapping[str, Callable[[], list[w.Widget]]], text: str, hint: str, name: str
    ) -> list[w.Widget]:
        """Return boxes that are built and seen once their field differs from the plan, or is asked for by a button."""
        boxes, asked = {key: w.VBox() for key in places}, set()
        button = w.Button(description=text, tooltip=hint, layout=w.Layout(width="120px"))
        button.add_class(css(name))

        def show() -> None:
            hidden = [key for key in places if key not in asked and not self.state.changed(key)]
            for key, box in boxes.items():
                if key not in hidden and not box.children:
                    box.children = tuple(places[key]())
                box.layout.display = "none" if key in hidden else ""
            button.layout.display = "" if hidden else "none"

        def more(_: object) -> None:
            asked.add(next(key for key in places if key not in asked and not self.state.changed(key)))
            show()

        def again() -> None:
            asked.clear()
            show()

        button.on_click(self._guarded(more))
        self._groups.append(again)
        show()
        return [*boxes.values(), button]

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
            parts += [heading(name, f"计划 {plan}"), w.HBox(row, layout=self._row), self.note(keys)]
        return w.VBox(parts)

    def periods(self) -> w.Widget:
        """Return the fields of every key period: its dates, and the days kept by team; new ones behind a button."""
        parts: list[w.Widget] = []
        for n, period in enumerate(self.state.year.plan.key_periods):
            parts += [heading(period.name, "起止日期，各科队预留人日"), *self._period(str(n), period.name)]
        new = {f"name/{n}": partial(self._new_period, n) for n in NEW}
        return w.VBox([*parts, *self._on_demand(new, "新增重点时段", "加一个计划里没有的重点时段", "period")])

    def _period(self, n: str, name: str) -> list[w.Widget]:
        ends, teams = [f"start/{n}", f"end/{n}"], [team.team for team in self.state.year.plan.teams]
        parts: list[w.Widget] = [
            w.HBox([self.text(key, called=f"{name}{self.state.fields[key].label}") for key in ends])
        ]
        for team in teams:
            label = w.HTML(f'<div class="ex" style="width:90px">{escape(team)}</div>')
            steps = self.stepper(f"kept/{n}/{team}", "54px", f"{name}{team}预留人日")
            parts.append(w.HBox([label, *steps], layout=self._row))
        return [*parts, self.note([*ends, *(f"kept/{n}/{team}" for team in teams)])]

    def _new_period(self, n: str) -> list[w.Widget]:
        """Return the fields of a new period; it counts once it has a name."""
        key = f"name/{n}"
        away = w.Button(description="去掉", tooltip="去掉这个新增的时段", layout=w.Layout(width="60px"))
        away.add_class(css(f"drop/{n}"))
        away.on_click(self._guarded(lambda _: self._dropped(n)))
        box = self.text(key, "160px", "新增时段的名称")
        box.placeholder = "先写名称，如 国庆"
        head = heading("新增重点时段", "名称、起止日期，各科队预留人日；写了名称才算")
        return [head, w.HBox([box, away]), self.note([key]), *self._period(n, "新增时段")]

    def _dropped(self, n: str) -> None:
        """Take a new period away."""
        self.state.drop(n)
        self.refresh()
        self._changed()


def heading(text: str, more: str = "") -> w.HTML:
    """Return a heading inside a group."""
    own = f' <span class="own">{escape(more)}</span>' if more else ""
    return w.HTML(f'<div class="ex"><b>{escape(text)}</b>{own}</div>')


def css(key: str) -> str:
    """Return the class by which a field's widget is found: letters, digits and hyphens.

    >>> css("visits/P06"), css("officers/执法大队")
    ('ex-visits-P06', 'ex-officers-6267-6cd5-5927-961f')
    """
    parts = (c if c.isascii() and c.isalnum() else "-" if c == "/" else f"{ord(c):x}-" for c in key)
    return f"ex-{''.join(parts)}".rstrip("-")
