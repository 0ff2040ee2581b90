"""The state (当前设定): what a planner has changed so far, as values of fields and as the scenario they make.

Pure: no widget, no file. Changes of a scenario file that the page has no field for stay in the scenario (`more`).
"""

from __future__ import annotations

from decimal import Decimal

from enforce.desk.explorer.fields import CHANGES, NEW, FieldValue, fields
from enforce.desk.year import Year
from enforce.inputs.parameters.scenario import LineChange, OfficerChange, PeriodChange, Scenario
from enforce.inputs.parameters.under_scenario import scenario_problems

_LINE_PARTS = {"planned_visits": "visits", "visit_days": "days", "months": "months"}


class ExplorerState:
    """What differs from the plan: `values` by key, `problems` by key for what was typed wrongly."""

    def __init__(self, year: Year):
        self.year = year
        self.fields = fields(year)
        self.reset()

    def reset(self) -> None:
        """Go back to the plan."""
        self.values: dict[str, FieldValue] = {}
        self.problems: dict[str, str] = {}
        self.more = Scenario()
        self.name = ""

    def value(self, key: str) -> FieldValue:
        """Return what a field holds now."""
        return self.values.get(key, self.fields[key].plan)

    def changed(self, key: str) -> bool:
        """Whether a field differs from the plan."""
        return key in self.values

    def type(self, key: str, text: str) -> bool:
        """Take a text as it was typed; False when it is no value of the field, and `problems` says why."""
        try:
            value = self.fields[key].read(text)
        except ValueError as error:
            self.problems[key] = f"应为 {error}"
            return False
        return self.put(key, value)

    def put(self, key: str, value: FieldValue) -> bool:
        """Take a value; False when it does not go with the others: the field keeps its value."""
        before = dict(self.values)
        self.problems.pop(key, None)
        if value == self.fields[key].plan:
            self.values.pop(key, None)
        else:
            self.values[key] = value
        problems = scenario_problems(self.scenario, self.year.plan, self.year.tables)
        if problems:
            self.values = before
            self.problems[key] = f"应为 {problems[0].expected}"
        return not problems

    def step(self, key: str, steps: int) -> bool:
        """Take one step up or down; a step out of the bounds is not taken."""
        entry = self.fields[key]
        value = self.value(key) + steps * entry.step
        return entry.low <= value <= entry.high and self.put(key, value)

    def take(self, scenario: Scenario) -> None:
        """Take up a scenario: changes and new periods into the fields there are, all others into `more`."""
        self.reset()
        self.name = scenario.name
        values = _choice_values(scenario)
        officers, periods = self._officer_places(scenario), self._period_places(scenario)
        for nth, change in officers:
            values |= {f"officers{nth}/{change.team}": change.change, f"from{nth}/{change.team}": change.from_month}
        for line in scenario.lines:
            changes = {part: getattr(line, name) for name, part in _LINE_PARTS.items()}
            values |= {f"{part}/{line.task_id}": value for part, value in changes.items() if value is not None}
        for n, period in periods:
            values |= _period_values(n, period)
        self.values = {key: value for key, value in values.items() if value != self.fields[key].plan}
        shown = {id(entry) for _, entry in (*officers, *periods)}
        self.more = Scenario(
            note=scenario.note,
            officers=tuple(change for change in scenario.officers if id(change) not in shown),
            key_periods=tuple(period for period in scenario.key_periods if id(period) not in shown),
        )

    def _officer_places(self, scenario: Scenario) -> list[tuple[str, OfficerChange]]:
        """Return the changes that have a field, with which of their team's they are."""
        places = {team.team: iter(CHANGES) for team in self.year.plan.teams}
        pairs = ((next(places[change.team], None), change) for change in scenario.officers)
        return [(nth, change) for nth, change in pairs if nth is not None]

    def _period_places(self, scenario: Scenario) -> list[tuple[str, PeriodChange]]:
        """Return the periods that have fields, with their places: those of the plan's, else the next new one."""
        places = {period.name: str(n) for n, period in enumerate(self.year.plan.key_periods)}
        free = iter(NEW)
        pairs = ((places.get(period.name) or next(free, None), period) for period in scenario.key_periods)
        return [(n, period) for n, period in pairs if n is not None]

    def period_name(self, n: str) -> str:
        """Return the name of a key period by its place; '' for a new one that is not there."""
        return str(self.value(f"name/{n}")) if n in NEW else self.year.plan.key_periods[int(n)].name

    def drop(self, n: str) -> None:
        """Take a new key period away."""
        for keys in (self.values, self.problems):
            for key in [key for key in keys if key.split("/")[1:2] == [n]]:
                del keys[key]

    @property
    def scenario(self) -> Scenario:
        """The scenario of all changes; equal to the one taken up until something is changed again."""
        values = self.values
        shares = {key: float(Decimal(str(values[key])) / 100) for key in ("reserve", "unplanned") if key in values}
        return Scenario(
            note=self.more.note,
            officers=(*self._officers(), *self.more.officers),
            reserve_share=shares.get("reserve"),
            unplanned_change=shares.get("unplanned"),
            approved_on=values.get("approved"),
            lines=tuple(self._lines()),
            key_periods=(*self._periods(), *self.more.key_periods),
        ).called(self.name)

    def _officers(self) -> list[OfficerChange]:
        return [
            OfficerChange(team=team.team, from_month=self.value(f"from{nth}/{team.team}"), change=self.values[key])
            for team in self.year.plan.teams
            for nth in CHANGES
            if (key := f"officers{nth}/{team.team}") in self.values
        ]

    def _lines(self) -> list[LineChange]:
        changes = (
            {"task_id": task_id} | {name: self.values.get(f"{part}/{task_id}") for name, part in _LINE_PARTS.items()}
            for task_id in self.year.tasks["task_id"]
        )
        return [LineChange(**change) for change in changes if any(change[name] is not None for name in _LINE_PARTS)]

    def _periods(self) -> list[PeriodChange]:
        changes = []
        for n in (*map(str, range(len(self.year.plan.key_periods))), *NEW):
            prefix, new = f"kept/{n}/", n in NEW
            days = [
                {"team": key.removeprefix(prefix), "days": float(value)}
                for key, value in self.values.items()
                if key.startswith(prefix)
            ]
            read = self.value if new else self.values.get
            ends = {"from_date": read(f"start/{n}"), "to_date": read(f"end/{n}")}
            if self.period_name(n) and (days or any(ends.values())):
                changes.append(PeriodChange(name=self.period_name(n), reserved_days=days, **ends))
        return changes


def _choice_values(scenario: Scenario) -> dict[str, FieldValue]:
    shares = {"reserve": scenario.reserve_share, "unplanned": scenario.unplanned_change}
    values = {key: float(Decimal(str(share)) * 100) for key, share in shares.items() if share is not None}
    return values | ({"approved": scenario.approved_on} if scenario.approved_on is not None else {})


def _period_values(n: str, period: PeriodChange) -> dict[str, FieldValue]:
    ends = {f"start/{n}": period.from_date, f"end/{n}": period.to_date}
    days = {f"kept/{n}/{entry.team}": float(entry.days) for entry in period.reserved_days}
    name = {f"name/{n}": period.name} if n in NEW else {}
    return {key: value for key, value in (name | ends | days).items() if value is not None}
