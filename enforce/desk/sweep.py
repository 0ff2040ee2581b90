"""The sweep (情景网格): many what-ifs of one plan at once, what each comes to, and the limit of what fits.

Every point of the grid is a scenario, worked out as `desk.year.under` works out any other; points are shared out among
the processors, and come out the same however many there are.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path

import pandas as pd

from enforce.desk import scenarios
from enforce.desk.days import OfficerDays
from enforce.desk.processors import processors
from enforce.desk.run.logbook import LOG
from enforce.desk.year import Year, under
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.scenario import Scenario, scenario_name, scenario_names
from enforce.inputs.parameters.under_scenario import MARK, scenario_problems
from enforce.papers.screen.cells import cell_text
from enforce.planning.visits import highest_load
from enforce.words.numbers import percent
from enforce.words.problems import Flaw, InputError, Place, Problem, Unsolved, refuse

#: How many points a grid may have, and how many one more processor is worth starting for.
MOST, WORTH = 1000, 6
FORMS = {
    "officers": "「科队=从..到」，如 执法大队=-2..2（增减人数，几个科队用分号隔开）",
    "reserve": "0 到 1 的小数，用逗号隔开，如 0.05,0.10",
    "visits": "「事项编号=从..到」，如 P06=8..16（隔几个取一个写 8..16/4）",
}
_RANGE = re.compile(r"([+-]?\d{1,6})\.\.([+-]?\d{1,6})(?:/([1-9]\d{0,5}))?")
_WHOLE, _SHARE = re.compile(r"[+-]?\d{1,6}"), re.compile(r"\d(?:\.\d{1,6})?|\.\d{1,6}")


@dataclass(frozen=True)
class Axis:
    """One thing that is varied: officers of a team, the reserve, the visits of a line; harder values fit less."""

    kind: str
    name: str
    values: tuple[float, ...]

    @property
    def column(self) -> str:
        """The column of its values in the table of points."""
        return {"officers": f"{self.name}增减(人)", "reserve": "reserve_share"}.get(self.kind, f"{self.name}(家次)")

    @property
    def harder(self) -> int:
        """1 where a higher value fits less, −1 where a lower one does: officers."""
        return -1 if self.kind == "officers" else 1

    def text(self, value: float) -> str:
        """Return a value in the words of the name of a scenario.

        >>> Axis("reserve", "", ()).text(0.075), Axis("officers", "危化科", ()).text(-2)
        ('余地7点5', '危化科减2')
        """
        if self.kind == "reserve":
            return f"余地{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".").replace(".", "点") if value else "余地0"
        if self.kind == "visits":
            return f"{self.name}为{value}"
        return f"{self.name}{'加' if value > 0 else '减'}{abs(value)}" if value else f"{self.name}不变"

    @property
    def option(self) -> str:
        """How the command line writes it.

        >>> Axis("visits", "P06", (8, 9, 10)).option, Axis("reserve", "", (0.05, 0.1)).option
        ('--visits P06=8..10', '--reserve 0.05,0.1')
        """
        first, last = self.values[0], self.values[-1]
        whole = self.kind != "reserve" and list(self.values) == list(range(int(first), int(last) + 1))
        numbers = f"{first}..{last}" if whole else ",".join(f"{value:.12g}" for value in self.values)
        return f"--{self.kind} {self.name}{'=' * bool(self.name)}{numbers}"

    def entry(self, value: float, month: int) -> dict[str, object]:
        """Return the entry of a scenario that gives it a value, officers from a month on."""
        if self.kind == "reserve":
            return {"reserve_share": value}
        if self.kind == "visits":
            return {"lines": [{"task_id": self.name, "planned_visits": value}]}
        return {"officers": [{"team": self.name, "from_month": month, "change": value}]}


def sweep(year: Year, officers: str = "", reserve: str = "", visits: str = "") -> Sweep:
    """Return the grid of what-ifs of a plan; InputError with all that is wrong with its axes.

    Officers change from the first month still open on the day of approval.

    >>> from enforce.desk.year import open_year
    >>> points = sweep(open_year("params/putuo-2024.yaml"), reserve="0.05,0.15", visits="P06=10,16").points
    >>> points[["reserve_share", "P06(家次)", "fits", "frontier"]].values.tolist()
    [[0.05, 10, True, False], [0.05, 16, True, True], [0.15, 10, True, True], [0.15, 16, False, False]]
    """
    asked = {"officers": officers, "reserve": reserve, "visits": visits}
    return Sweep(year, read_axes(year, {kind: unicodedata.normalize("NFKC", text) for kind, text in asked.items()}))


def one_point(year: Year, options: str) -> Scenario:
    """Return the point that options write, one value each, as `explore` has them; InputError where they are more.

    >>> from enforce.desk.year import open_year
    >>> one_point(open_year("params/putuo-2024.yaml"), "--reserve 0.05 --visits P06=12").name
    '余地5_P06为12'
    """
    asked: dict[str, list[str]] = {kind: [] for kind in FORMS}
    for part in options.split("--")[1:]:
        kind, _, text = part.partition(" ")
        asked.setdefault(kind, []).append(text.strip())
    points = sweep(year, **{kind: ";".join(texts) for kind, texts in asked.items() if kind in FORMS}).scenarios
    refuse([Problem("情景网格", Place("点数"), f"{len(points)} 个", "每项只写一个值", Flaw.SIZE)] * (len(points) > 1))
    return points[0]


# --- the axes -------------------------------------------------------------------------------------------------------


def read_axes(year: Year, asked: Mapping[str, str]) -> tuple[Axis, ...]:
    """Return the axes of a grid as they were written, kind -> text; InputError with every problem of every one."""
    written = [(kind, part.strip()) for kind, text in asked.items() for part in text.split(";") if part.strip()]
    pairs = [(kind, part, _read_axis(kind, part)) for kind, part in written]
    wrong = [Problem("情景网格", Place(f"--{kind}"), part, FORMS[kind]) for kind, part, axis in pairs if not axis]
    axes = tuple(axis for _, _, axis in pairs if axis)
    twice = {(axis.kind, axis.name) for n, axis in enumerate(axes) if (axis.kind, axis.name) in _axis_names(axes[:n])}
    wrong += [
        Problem("情景网格", Place(f"--{kind}"), name, "每个科队、每个事项只写一次，余地只写一次", Flaw.REPEATED)
        for kind, name in sorted(twice)
    ]
    if not written:
        wrong.append(
            Problem(
                "情景网格",
                Place("命令行"),
                "（没有写）",
                f"{'、'.join(f'--{kind}' for kind in FORMS)} 至少一项",
                Flaw.MISSING,
            )
        )
    if (count := prod(len(axis.values) for axis in axes)) > MOST:
        wrong.append(Problem("情景网格", Place("点数"), f"{count} 个", f"至多 {MOST} 个", Flaw.SIZE))
        refuse(wrong)
    refuse([*wrong, *(problem for axis in axes for problem in _value_problems(year, axis))])
    return axes


def _axis_names(axes: Sequence[Axis]) -> set[tuple[str, str]]:
    return {(axis.kind, axis.name) for axis in axes}


def _read_axis(kind: str, text: str) -> Axis | None:
    """Return the axis of a text, None where it is none."""
    name, equals, numbers = text.rpartition("=")
    values = [value for part in re.split("[,、]", numbers) for value in _axis_values(kind, part.strip())]
    if not values or None in values or bool(equals) == (kind == "reserve"):
        return None
    return Axis(kind, name.strip(), tuple(sorted(set(values))))


def _axis_values(kind: str, text: str) -> list:
    """Return the values that a part of an axis stands for; None among them where it stands for none."""
    if kind == "reserve":
        return [float(text)] if _SHARE.fullmatch(text) else [None]
    if match := _RANGE.fullmatch(text):
        first, last, step = int(match[1]), int(match[2]), int(match[3] or 1)
        return list(range(first, last + 1, step))[: MOST + 1] or [None]
    return [int(text)] if _WHOLE.fullmatch(text) else [None]


def _value_problems(year: Year, axis: Axis) -> Iterator[Problem]:
    """Yield what the plan has no place for: a team, a line, a lowest or a highest value."""
    problems: dict[str, tuple[float, Problem]] = {}
    for value in (axis.values[0], axis.values[-1]):
        scenario, wrong = checked(Scenario, axis.entry(value, _first_open_month(year)), "情景网格")
        for problem in (wrong or scenario_problems(scenario, year.plan, year.tables))[:1]:
            problems.setdefault(problem.expected, (value, problem))
    for value, problem in problems.values():
        place = f"{axis.name}={value}" if axis.name else f"{value}"
        yield Problem("情景网格", Place(f"--{axis.kind}"), place, problem.expected, problem.kind)


def _first_open_month(year: Year) -> int:
    """The first month still open on the day of approval."""
    return min(year.moment.closed + 1, 12)


# --- the points -----------------------------------------------------------------------------------------------------

_BASE: dict[str, Year] = {}
#: The days of the point before: many points differ in visits alone.
_LAST: dict[str, OfficerDays] = {}


def _take_base(year: Year) -> None:
    """Give a processor the plan that all its points depart from."""
    _BASE["year"] = year
    _LAST.clear()


def _outcome_of(scenario: Scenario) -> tuple[float, float, int, str]:
    """What a point comes to in the months still open: highest load, 人日 over, 家次 without a month, why none."""
    try:
        year = under(_BASE["year"], scenario, _LAST.get("days"))
        _LAST["days"] = year.days
        plan = year.allocation
    except (InputError, Unsolved) as error:
        return float("nan"), float("nan"), 0, str(error)
    loads = plan.loads[plan.loads["month"] > year.moment.closed]
    unplaced = int(plan.unplaced["unplaced_visits"].sum())
    return highest_load(loads), float(loads["overload_days"].sum()), unplaced, ""


def _all_outcomes(year: Year, points: Sequence[Scenario]) -> list[tuple[float, float, int, str]]:
    """Return what the points come to, each worked out once for a year, and told as it ends."""
    known = year.what_ifs
    waiting = [point for point in points if point not in known]
    with closing(_outcomes(year, waiting)) as outcomes:
        for n, (point, outcome) in enumerate(zip(waiting, outcomes, strict=True), 1):
            known[point] = outcome
            LOG.info(f"{n}/{len(waiting)} {point.note}")
    return [known[point] for point in points]


def _outcomes(year: Year, points: Sequence[Scenario]) -> Generator[tuple[float, float, int, str], None, None]:
    """Work out the points in their order, on as many processors as are worth starting, neighbours on the same."""
    workers = min(os.cpu_count() or 1, len(points) // WORTH)
    with processors(workers, len(points), _take_base, year) as each:
        yield from each(_outcome_of, points)


@dataclass(frozen=True, eq=False)
class Sweep:
    """A grid of what-ifs: its axes, and what each point comes to."""

    year: Year
    axes: tuple[Axis, ...]

    @property
    def title(self) -> str:
        """What its book is called."""
        return f"{self.year.plan.year}年度执法计划情景网格"

    @property
    def state_mark(self) -> str:
        """That no point of it is approved."""
        return f"{MARK}，未经批准"

    @property
    def mark(self) -> str:
        """What every table and chart says."""
        return "；".join(filter(None, (self.state_mark, self.year.mark)))

    @property
    def options(self) -> str:
        """The options of the command that makes it anew."""
        return " ".join(axis.option for axis in self.axes)

    @property
    def findings(self) -> pd.DataFrame:
        """What is doubted in the plan that all points depart from: one row per finding."""
        return self.year.findings

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The points as scenarios, each under the name it is saved by."""
        return tuple(self._scenario(values) for values in self._combinations)

    def _scenario(self, values: Sequence[float]) -> Scenario:
        content: dict = {}
        for axis, value in zip(self.axes, values, strict=True):
            for key, entry in axis.entry(value, _first_open_month(self.year)).items():
                content[key] = [*content.get(key, []), *entry] if isinstance(entry, list) else entry
        texts = [axis.text(value) for axis, value in zip(self.axes, values, strict=True)]
        return Scenario(note="，".join(texts), **content).called(_saved_name(texts))

    @cached_property
    def points(self) -> pd.DataFrame:
        """What each point comes to in the months still open: one row per point.

        Highest load (0-1), 人日 over, 家次 without a month, whether all fits, whether it stands at the limit (no harder
        point fits), the scenario it is saved as, and why there is no plan where there is none.
        """
        values = [dict(zip(self._columns, point, strict=True)) for point in self._combinations]
        outcomes = _all_outcomes(self.year, self.scenarios)
        columns = ["highest_load", "overload_days", "unplaced_visits", "message"]
        table = pd.concat([pd.DataFrame(values), pd.DataFrame(outcomes, columns=columns)], axis=1)
        table["fits"] = (table["message"] == "") & (table["overload_days"] == 0) & (table["unplaced_visits"] == 0)
        hardness = table[self._columns].mul([axis.harder for axis in self.axes])
        table["frontier"] = _frontier(hardness, table["fits"])
        table["scenario"] = [scenario.name for scenario in self.scenarios]
        table.insert(0, "point", range(1, len(table) + 1))
        return table[[*(name for name in table if name != "message"), "message"]]

    @property
    def _columns(self) -> list[str]:
        return [axis.column for axis in self.axes]

    @property
    def _combinations(self) -> list[tuple[float, ...]]:
        return list(product(*(axis.values for axis in self.axes)))

    @property
    def frontier(self) -> pd.DataFrame:
        """The limit of what fits (边界): the points that fit while no harder one does, one row each."""
        table = self.points[self.points["frontier"]]
        return table.drop(columns=["frontier", "fits", "overload_days", "unplaced_visits", "message"])

    def grid(self, column: str) -> pd.DataFrame:
        """Return a figure of the points as a grid: the longest axis across, all the others down, headed in words."""
        across = max(self.axes, key=lambda axis: len(axis.values))
        others = [axis for axis in self.axes if axis is not across]
        down = ["，".join(_grid_head(axis, row[axis.column]) for axis in others) for _, row in self.points.iterrows()]
        heads = [_grid_head(across, value) for value in across.values]
        wide = pd.DataFrame({"down": down, "across": self.points[across.column], "value": self.points[column]})
        wide = wide.pivot(index="down", columns="across", values="value").reindex(list(dict.fromkeys(down)))
        return wide.set_axis(heads, axis=1).rename_axis(None).rename_axis(None, axis=1)

    def texts(self, column: str) -> pd.DataFrame:
        """Return the same grid as a planner reads it: texts, the rows named in the first column."""
        wide = self.grid(column).map(lambda value: cell_text(column, value))
        return wide.rename_axis("scenario").reset_index()

    @property
    def sentence(self) -> str:
        """How many points fit, and the points at the limit."""
        fitting, all_points = int(self.points["fits"].sum()), len(self.points)
        if not fitting:
            return f"{all_points} 个点，没有一个各月都排得下。"
        limits = [scenario.note for scenario, at in zip(self.scenarios, self.points["frontier"], strict=True) if at]
        more = f"等 {len(limits)} 个" if len(limits) > 4 else ""
        return f"{all_points} 个点，{fitting} 个各月都排得下；最严的是：{'；'.join(limits[:4])}{more}。"


def _saved_name(texts: Sequence[str]) -> str:
    """Return the name a point is saved by: its values, or a digest of them where they make no name of a file.

    >>> _saved_name(["危化科减2", "余地5"]), _saved_name(["危化科减2", "P06为12", "P07为12", "P08为12", "P09为12"])
    ('危化科减2_余地5', '网格-0123b5a02706')
    """
    try:
        return scenario_name("_".join(texts))
    except ValueError:
        return f"网格-{hashlib.sha256('，'.join(texts).encode()).hexdigest()[:12]}"


def _grid_head(axis: Axis, value: float) -> str:
    """Return a value as it heads a row or a column of a grid."""
    if axis.kind == "reserve":
        return f"余地 {percent(value)}"
    return f"{axis.name} {int(value):+d} 人" if axis.kind == "officers" else f"{axis.name} {cell_text('visits', value)}"


def _frontier(hardness: pd.DataFrame, fits: pd.Series) -> list[bool]:
    """Whether each point fits and no other that fits is at least as hard in everything, and harder in something."""
    rows = hardness[fits].to_numpy()
    return [
        bool(fit) and not ((rows >= row).all(axis=1) & (rows > row).any(axis=1)).any()
        for row, fit in zip(hardness.to_numpy(), fits, strict=True)
    ]


def save_points(grid: Sweep, points: Sequence[int]) -> list[Path]:
    """Save points by their numbers as scenarios of the plan; InputError, and none saved, for a number there is not."""
    numbers, known = list(dict.fromkeys(points)), scenario_names(grid.year.plan)
    chosen = {number: grid.scenarios[number - 1] for number in numbers if 0 < number <= len(grid.scenarios)}
    wrong = [(str(number), f"1 到 {len(grid.scenarios)}") for number in numbers if number not in chosen]
    wrong += [(one.name, "还没有保存过的情景") for one in chosen.values() if one.name in known]
    refuse(Problem("情景网格", Place("--save"), text, expected) for text, expected in wrong)
    return [scenarios.save(grid.year, scenario, scenario.name) for scenario in chosen.values()]
