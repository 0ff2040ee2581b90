"""The answers (结果): one scenario beside the plan, worked out on first use, in the order in which a page shows them.

`bounds` and `certain_shortage` need no solver: need, capacity and proven bounds. The others rest on the exact plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from enforce.desk.outlook import Outlook
from enforce.desk.year import Year, under
from enforce.inputs.parameters.scenario import OfficerChange, Scenario, entries
from enforce.planning.months.level import level_bound
from enforce.planning.months.position import OpenPlan, open_plan
from enforce.planning.months.stages import demands
from enforce.planning.visits import highest_load
from enforce.planning.why import shortage
from enforce.words.terms import ALL_TEAMS


@dataclass(frozen=True)
class Answers:
    """What a scenario comes to, beside the plan."""

    base: Year
    scenario: Scenario

    @cached_property
    def year(self) -> Year:
        """The year under the scenario: the plan's own where nothing changes."""
        changes = entries(self.scenario).keys() - {"note"}
        return under(self.base, self.scenario) if changes else self.base

    @cached_property
    def outlook(self) -> Outlook:
        """The chance of finishing."""
        return Outlook(self.year, self.base)

    @cached_property
    def opened(self) -> OpenPlan:
        """What is to be solved: lines, half-days by team and month, limits."""
        return open_plan(self.year.tasks, self.year.open_capacity, self.year.position)

    # --- without a solver ---

    @cached_property
    def bounds(self) -> pd.DataFrame:
        """Need, capacity and the load below which no plan can be: one row per team with a month still open."""
        lines, room = self.opened.lines, self.opened.room
        least = {team: float(level_bound(demands(lines, team), room[team])) for team in room}
        need = self.year.need[self.year.need["team"].isin(list(least))]
        return need.assign(bound=need["team"].map(least))

    @cached_property
    def certain_shortage(self) -> list[str]:
        """What certainly does not fit, by a minimum cut: a sentence per team that is short, lines by name."""
        teams = shortage.shortages(self.opened.lines, self.opened.room)
        return [shortage.sentence(team, self.year.names) for team in teams]

    # --- from the exact plan ---

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """Visits by task and month, with those of the plan and the change: one row per task and month."""
        both = self.year.allocation.visits.merge(
            self.base.allocation.visits[["task_id", "month", "visits"]],
            on=["task_id", "month"],
            suffixes=("", "_before"),
        )
        return both.assign(changed_visits=both["visits"] - both["visits_before"])

    @cached_property
    def overload(self) -> float:
        """Officer-days beyond capacity, of all teams and the months still open."""
        return self._overload(self.year.allocation.loads["month"] > self.year.moment.closed)

    @property
    def overload_gone(self) -> float:
        """Officer-days beyond capacity in months gone by the day of approval, which nothing changes any more."""
        return self._overload(self.year.allocation.loads["month"] <= self.year.moment.closed)

    def _overload(self, chosen: pd.Series) -> float:
        return float(self.year.allocation.loads.loc[chosen, "overload_days"].sum())

    @property
    def unplaced(self) -> int:
        """Visits whose months are all gone by the day of approval."""
        return int(self.year.allocation.unplaced["unplaced_visits"].sum())

    @cached_property
    def shortage(self) -> list[str]:
        """What does not fit: a sentence per team that is short, lines by name; none where everything fits."""
        if not self.overload:
            return []
        given = self.opened
        return shortage.shortage_table(given.lines, given.room, given.spans, self.year.names)["message"].tolist()

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The headline: one row per figure, for the plan and for the scenario (item, kind, before, after, limit)."""
        table = self.year.figures.rename(columns={"value": "after"})
        return table.assign(before=self.base.figures["value"])

    def month(self, month: int) -> pd.DataFrame:
        """Return the lines of a month: one row per task with visits in it, here or in the plan."""
        rows = self.matrix[(self.matrix["month"] == month) & (self.matrix["visits"] + self.matrix["visits_before"] > 0)]
        table = rows.assign(task=rows["task_id"].map(self.year.names), 计划=rows["visits_before"])
        return table[["task", "计划", "visits", "changed_visits", "days_needed"]].reset_index(drop=True)

    def one_officer(self, team: str, month: int, step: int) -> dict:
        """Return what one officer more or fewer comes to, the plan solved again; '' in `message` where it can be."""
        row = {"team": team, "month": month, "change": step}
        try:
            year = under(self.base, with_officer(self.scenario, team, month, step))
        except ValueError:
            return {**row, "message": "没有人可减"}
        loads = team_loads(year, team)
        days = loads[["capacity_days", "overload_days"]].sum()
        return {**row, **days, "highest_load": highest_load(loads), "year": year, "message": ""}


def team_loads(year: Year, team: str) -> pd.DataFrame:
    """Return the load of one team: one row per month."""
    loads = year.allocation.loads
    return loads[loads["team"] == team]


def with_officer(scenario: Scenario, team: str, month: int, step: int) -> Scenario:
    """Return the scenario with one officer more or fewer in a team from a month on."""
    same = [change for change in scenario.officers if (change.team, change.from_month) == (team, month)]
    others = tuple(change for change in scenario.officers if change not in same)
    change = step + sum(change.change for change in same)
    added = OfficerChange(team=team, from_month=month, change=change)
    return scenario.model_copy(update={"officers": (*others, added)})


def finishing_share(outlook: Outlook) -> float:
    """Return the chance that all of it is done by the year's end."""
    ends = outlook.chances.set_index(["team", "month"])
    return float(ends.loc[(ALL_TEAMS, 12), "finish_share"])
