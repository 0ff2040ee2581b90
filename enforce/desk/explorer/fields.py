"""The fields (可调的项): what a planner can change, each with its plan's own value, its bounds and how it is typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from unicodedata import normalize

from enforce.desk.year import Year
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.scenario import PeriodChange
from enforce.inputs.parameters.under_scenario import LAST
from enforce.sheets.columns import periods
from enforce.words.months import typed_months
from enforce.words.texts import real_date

MOST_VISITS, MOST_DAYS = 2000, 60
_TYPED_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
#: The first, second and third change of a team's officers, with the month each has at first.
CHANGES = {"": 1, "2": 10, "3": 12}
#: Key periods that the plan does not have: they are there once they have a name.
NEW = ("+1", "+2")
FieldValue = int | float | str


@dataclass(frozen=True)
class Field:
    """One thing that can be changed: `key` names it, `plan` is its value in the plan, `kind` the control it has.

    A slider and a stepper have numbers from `low` to `high` in `step`s, a choice a month, a text what `form` reads.
    """

    key: str
    label: str
    kind: str
    plan: FieldValue
    low: float = 0
    high: float = 0
    step: float = 1
    unit: str = ""
    form: Callable[[str], str] = field(default=str)

    def read(self, text: str) -> FieldValue:
        """Return the value of a text as it was typed; ValueError with the form expected.

        >>> visits = Field("visits/P06", "家次", "stepper", 10, 0, 2000)
        >>> visits.read("16")
        16
        >>> visits.read("16.5")
        Traceback (most recent call last):
        ValueError: 0 到 2000 的整数
        """
        if self.kind == "text":
            return self.form(text.strip())
        return self.number(text)

    def number(self, text: str) -> int | float:
        """Return a number within the bounds and on a step."""
        typed = normalize("NFKC", text).strip().replace("−", "-")  # the minus sign of the page itself
        number = Decimal(typed) if len(typed) < 20 and _TYPED_NUMBER.fullmatch(typed) else None
        low, high, step = (Decimal(str(bound)) for bound in (self.low, self.high, self.step))
        if number is None or not low <= number <= high or number % step:
            steps = "的整数" if self.step == 1 else f"、{self.step:.12g} 的倍数"
            raise ValueError(f"{self.low:.12g} 到 {self.high:.12g} {steps}".replace(" 、", "、"))
        return int(number) if self.step == 1 else float(number)

    def text(self, value: FieldValue) -> str:
        """Return a value as it is typed."""
        return value if isinstance(value, str) else f"{value:.12g}"

    def with_unit(self, value: FieldValue) -> str:
        """Return a value as a planner reads it, with its unit.

        >>> Field("officers/危化科", "增减", "slider", 0, unit="人").with_unit(2)
        '2 人'
        >>> Field("reserve", "留有余地", "slider", 10, unit="%").with_unit(10)
        '10%'
        """
        return f"{self.text(value)}{self.unit if self.unit in ('', '%') else f' {self.unit}'}"


def months_form(text: str) -> str:
    """Return allowed months in the one way they are written; ValueError with the form expected.

    >>> months_form("1，2，3"), months_form("５－９")
    ('1-3', '5-9')
    """
    return typed_months(periods(normalize("NFKC", text)))


def date_form(text: str) -> str:
    """Return a date, its digits of whatever width.

    >>> date_form("２０２４－０３－１３")
    '2024-03-13'
    """
    return real_date(normalize("NFKC", text))


def fields(year: Year) -> dict[str, Field]:
    """Return every field of a plan by its key, in the order of the page."""
    return {
        entry.key: entry
        for part in (_choice_fields, _team_fields, _line_fields, _period_fields)
        for entry in part(year)
    }


def _choice_fields(year: Year) -> Iterator[Field]:
    reserve = float(Decimal(str(year.plan.reserve_share)) * 100)
    yield Field("reserve", "留有余地", "slider", reserve, 0, max(40, reserve), 0.5, "%")
    yield Field("unplanned", "非计划工作", "slider", 0, -50, 100, 5, "%")
    yield Field("approved", "批准日期", "text", year.plan.approved_on, form=date_form)


def _team_fields(year: Year) -> Iterator[Field]:
    served = year.statutory.groupby("team", sort=False)["officer_count"].min()
    for team in (entry.team for entry in year.plan.teams):
        for nth, month in CHANGES.items():
            label = f"第 {nth} 次增减" if nth else f"{team}增减"
            yield Field(f"officers{nth}/{team}", label, "slider", 0, -int(served[team]), 10, 1, "人")
            yield Field(f"from{nth}/{team}", "从几月起", "choice", month, 1, LAST)


def _line_fields(year: Year) -> Iterator[Field]:
    for task in year.tasks.itertuples():
        least = int(task.out_of_district_visits)
        yield Field(f"visits/{task.task_id}", "家次", "stepper", int(task.planned_visits), least, MOST_VISITS)
        yield Field(f"days/{task.task_id}", "每次天数", "stepper", float(task.visit_days), 0.5, MOST_DAYS, 0.5)
        yield Field(f"months/{task.task_id}", "月份", "text", typed_months(task.periods), form=months_form)


def _period_fields(year: Year) -> Iterator[Field]:
    for n, period in enumerate(year.plan.key_periods):
        reserved = {entry.team: float(entry.days) for entry in period.reserved_days}
        yield from _one_period(year, str(n), period.from_date, period.to_date, reserved)
    for n in NEW:
        yield Field(f"name/{n}", "名称", "text", "", form=_fresh({period.name for period in year.plan.key_periods}))
        yield from _one_period(year, n, f"{year.plan.year}-10-01", f"{year.plan.year}-10-07", {})


def _one_period(year: Year, n: str, start: str, end: str, reserved: Mapping[str, float]) -> Iterator[Field]:
    yield Field(f"start/{n}", "起", "text", start, form=date_form)
    yield Field(f"end/{n}", "止", "text", end, form=date_form)
    for team in (entry.team for entry in year.plan.teams):
        yield Field(f"kept/{n}/{team}", team, "stepper", reserved.get(team, 0.0), 0, 500, 0.5, "人日")


def _fresh(known: Collection[str]) -> Callable[[str], str]:
    """Return the form of a new period's name: empty for none, and no name the plan has already."""

    def name(text: str) -> str:
        if len(text) > 30 or text in known:
            raise ValueError("30 个字以内、计划里没有的名称")
        problems = checked(PeriodChange, {"name": text}, "")[1] if text else ()
        if problems:
            raise ValueError(problems[0].expected)
        return text

    return name
