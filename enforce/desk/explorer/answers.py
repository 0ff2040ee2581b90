"""The answers (结果): one scenario held against the plan, computed on first use, in the order a page shows them.

`quick` needs no solver: need, capacity and a proven bound. Everything else rests on the exact allocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf

import pandas as pd

from enforce.desk.outlook import Outlook
from enforce.desk.scenarios import under
from enforce.desk.year import Year
from enforce.inputs.parameters.scenario import OfficerChange, Scenario
from enforce.planning.months.exact import Capacity, Line
from enforce.planning.months.level import level_bound
from enforce.planning.months.position import open_lines, open_room
from enforce.planning.months.stages import demands
from enforce.planning.why import shortage
from enforce.words.numbers import rate
from enforce.words.terms import ALL_TEAMS, Tier


@dataclass(frozen=True)
class Answers:
    """What a scenario comes to, beside the plan."""

    base: Year
    scenario: Scenario

    @cached_property
    def year(self) -> Year:
        """The year under the scenario; what the scenario does not touch is taken from the plan's."""
        return carried(self.base, under(self.base, self.scenario))

    @cached_property
    def outlook(self) -> Outlook:
        """The chance of finishing."""
        return Outlook(self.year, self.base)

    # --- without a solver ---

    @property
    def solved(self) -> bool:
        """Whether the plan by months is there already: taken over from the plan, or worked out before."""
        return "allocation" in self.year.__dict__

    @cached_property
    def _asked(self) -> tuple[list[Line], Capacity]:
        """What is to be placed, and the half-days by team and month."""
        return open_lines(self.year.tasks), open_room(self.year.capacity)

    @cached_property
    def bounds(self) -> pd.DataFrame:
        """Need, capacity and the load below which no plan can be: one row per team."""
        lines, room = self._asked
        least = {team: float(level_bound(demands(lines, team), room[team])) for team in room}
        return self.year.need.assign(bound=self.year.need["team"].map(least))

    @cached_property
    def short(self) -> pd.DataFrame:
        """What certainly does not fit, by a minimum cut: one row per team that is short, with a sentence."""
        found = shortage.shortages(*self._asked)
        rows = [(one.team, shortage.sentence(one), (one.need - one.room) / 2) for one in found]
        return pd.DataFrame(rows, columns=["team", "message", "overload_days"])

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
        """Officer-days beyond capacity, of all teams and months."""
        return float(self.year.allocation.loads["overload_days"].sum())

    @cached_property
    def shortage(self) -> pd.DataFrame:
        """What does not fit, in a sentence a team; none where everything fits."""
        return self.year.shortage if self.overload else self.short.iloc[:0]

    @cached_property
    def ways_out(self) -> pd.DataFrame:
        """The cheapest ways out, each solved and verified."""
        return self.year.ways_out

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The headline: one row per figure, for the plan and for the scenario (item, before, after, limit)."""
        told = zip(FIGURES, figures_of(self.base), figures_of(self.year), strict=True)
        rows = [(name, kind, before, after, limit) for (name, kind, _, limit), before, after in told]
        return pd.DataFrame(rows, columns=["item", "kind", "before", "after", "limit"])

    def month(self, month: int) -> pd.DataFrame:
        """Return the lines of a month: one row per task with visits in it, here or in the plan."""
        rows = self.matrix[(self.matrix["month"] == month) & (self.matrix["visits"] + self.matrix["visits_before"] > 0)]
        table = rows.assign(task=rows["task_id"].map(self.year.names), 计划=rows["visits_before"])
        return table[["task", "计划", "visits", "changed_visits", "days_needed"]].reset_index(drop=True)

    def one_officer(self, team: str, month: int, step: int) -> dict:
        """Return what one officer more or fewer comes to, the plan solved again; '' in `message` where it can be."""
        row = {"team": team, "month": month, "change": step}
        try:
            changed = Answers(self.base, with_officer(self.scenario, team, month, step)).year
        except ValueError:
            return {**row, "message": "没有人可减"}
        room, over = (_of_team(changed, team, name) for name in ("capacity_days", "overload_days"))
        load = highest(changed, team)
        return {**row, "capacity_days": room, "highest_load": load, "overload_days": over, "message": ""}


def with_officer(scenario: Scenario, team: str, month: int, step: int) -> Scenario:
    """Return the scenario with one officer more or fewer in a team from a month on."""
    same = [change for change in scenario.officers if (change.team, change.from_month) == (team, month)]
    others = tuple(change for change in scenario.officers if change not in same)
    change = step + sum(change.change for change in same)
    added = OfficerChange(team=team, from_month=month, change=change)
    return scenario.model_copy(update={"officers": (*others, added)})


def carried(base: Year, year: Year) -> Year:
    """Return the year with what it shares with another already worked out: nothing is computed twice.

    The calendar is always the same; days rest on roster, teams, reserve and key periods.
    """
    shared = ["workdays", "rules_in_force"] if base.ruled_on == year.ruled_on else ["workdays"]
    if year.tables.roster is base.tables.roster:
        shared.append("statutory")
    if year.plan.key_periods == base.plan.key_periods:
        shared += ["reserved", "key_period_days"]
        same_days = (year.plan.teams, year.plan.reserve_share) == (base.plan.teams, base.plan.reserve_share)
        if "statutory" in shared and same_days:
            shared += ["account", "capacity"]
    if "capacity" in shared and year.tables is base.tables:
        shared += ["need", "allocation", "shortage", "ways_out", "lines"]
    year.__dict__.update({name: getattr(base, name) for name in shared})
    return year


def covered_share(year: Year) -> dict:
    """Return how much of the key list the lines can reach (名单覆盖): units with a visit of their line ÷ key units."""
    listed = year.units.loc[year.units["is_key"], "covered_by"].value_counts()
    planned = dict(zip(year.tasks["task_id"], year.tasks["planned_visits"], strict=True))
    reached = sum(min(int(count), int(planned.get(task_id, 0))) for task_id, count in listed.items())
    return rate("名单覆盖", reached, int(listed.sum()))


def _of_team(year: Year, team: str, column: str) -> float:
    rows = year.allocation.loads[year.allocation.loads["team"] == team]
    return float(rows[column].sum())


def highest(year: Year, team: str = "") -> float:
    """Return the highest load of any month, of one team or all; without end where there is need and no capacity."""
    loads = year.allocation.loads
    loads = loads[loads["team"] == team] if team else loads
    return inf if ((loads["capacity_days"] <= 0) & (loads["needed_days"] > 0)).any() else float(loads["load"].max())


def finish(outlook: Outlook) -> float:
    """Return the chance that all of it is done by the year's end."""
    ends = outlook.chances.set_index(["team", "month"])
    return float(ends.loc[(ALL_TEAMS, 12), "finish_share"])


def _tier(year: Year, tier: Tier) -> float:
    return float(year.tiers["rate"].get(tier.value, 0.0))


#: What a director asks first: name, kind of number (visits, days, share), how it is told of a year, what is too much.
FIGURES = (
    ("计划家次", "visits", lambda year: float(year.tasks["planned_visits"].sum()), inf),
    ("需要人日", "days", lambda year: float(year.need["needed_days"].sum()), inf),
    ("可安排人日", "days", lambda year: float(year.need["capacity_days"].sum()), inf),
    ("最高负荷", "share", highest, 1.0),
    ("超出人日", "days", lambda year: float(year.allocation.loads["overload_days"].sum()), 0.0),
    ("重点检查占比", "share", lambda year: _tier(year, Tier.KEY), inf),
    ("一般检查占比", "share", lambda year: _tier(year, Tier.GENERAL), inf),
    ("联合执法占比", "share", lambda year: float(year.joint_shares["rate"].iloc[0]), inf),
    ("名单覆盖", "share", lambda year: covered_share(year)["rate"], inf),
)


def figures_of(year: Year) -> list[float]:
    """Return the figures of a year in their order; worked out once, and kept with it as its tables are."""
    if "figures" not in year.__dict__:
        year.__dict__["figures"] = [tell(year) for _, _, tell, _ in FIGURES]
    return year.__dict__["figures"]
