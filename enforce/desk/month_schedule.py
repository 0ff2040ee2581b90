"""The month's schedule (月度日程): the visits of the next month of a standing plan on days, by pair and by officer.

What its papers print, the sheet that comes back asks for and the notebook shows are tables of this one schedule, for
inside use: nothing of it is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from enforce.desk import caps
from enforce.desk.standing import Standing, standing
from enforce.desk.standing import month as month_of
from enforce.desk.year import Year
from enforce.planning.through.visit_calendar import day_calendar, monday, visit_officers, week_loads, weekday
from enforce.words.terms import Unnamed

#: What stands for the name of a unit that is not named yet.
UNNAMED = "（还没有点名）"
#: The columns by which officers read a visit.
READ = [
    *("date", "weekday", "half_day", "visit_id", "task", "name", "unit_id", "subdistrict", "visit_days", "officers"),
    "with_sections",
]


def month_schedule(plan: Standing) -> MonthSchedule:
    """Return the schedule of the next month of a standing plan (月度日程).

    >>> from enforce.desk.standing import month
    >>> from enforce.desk.year import open_year
    >>> may = month_schedule(month(open_year("params/putuo-2024.yaml"), 5))
    >>> len(may.visits), bool((may.visits["date"].str[:7] == "2024-05").all())
    (20, True)
    """
    return MonthSchedule(plan)


def schedule_of_month(year: Year, month: int) -> MonthSchedule:
    """Return the schedule of a month from its first day, or from the day after the approval (批准) if that is in it."""
    approval = year.plan.approval_day
    within = approval[:7] == f"{year.plan.year}-{month:02}"
    return MonthSchedule(standing(year, approval) if within else month_of(year, month))


def schedule_given_out(year: Year, month: int) -> MonthSchedule:
    """Return the schedule of a month as it was last given out, else as it is from its first day."""
    editions = [one for one in year.arrangements if one.month == month]
    return MonthSchedule(standing(year, editions[-1].as_of)) if editions else schedule_of_month(year, month)


@dataclass(frozen=True)
class MonthSchedule:
    """The next month of a standing plan on days."""

    plan: Standing

    @property
    def month(self) -> int:
        """The month."""
        return self.plan.next_month

    @property
    def mark(self) -> str:
        """The month as the names of its files have it."""
        return f"{self.plan.year.plan.year}-{self.month:02}"

    @cached_property
    def visits(self) -> pd.DataFrame:
        """The visits of the month not done yet, with names: one row per visit, those on no day last."""
        units = self.plan.year.units.set_index("unit_id")
        table = self.plan.arrangement.visits
        table = self._with_names(table[table["month"] == self.month])
        table = table.assign(
            nowhere=table["date"] == "",
            weekday=[weekday(day) if day else "" for day in table["date"]],
            subdistrict=table["unit_id"].map(units["subdistrict"]).fillna(""),
            visit_days=table["visit_parts"] / self.plan.circumstances.parts,
            officers=visit_officers(table),
        )
        order = ["nowhere", "date", "part", "entry", "visit_id"]
        return table.sort_values(order, ignore_index=True).drop(columns="nowhere")

    def _with_names(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table of visits with the names of lines and units, or with what is known of a unit that has none."""
        names = self.plan.year.units.set_index("unit_id")["name"]
        tasks = {**self.plan.before.names, **self.plan.names}
        abroad = f"（{self.plan.year.plan.vocabulary.area}外企业）"
        unnamed = [abroad if code in self.outside else UNNAMED for code in table["visit_id"]]
        named = table["unit_id"].map(names).fillna(pd.Series(unnamed, table.index, dtype=object))
        return table.assign(task=table["task_id"].map(tasks), name=named)

    @cached_property
    def outside(self) -> frozenset[str]:
        """The visits (安排编号) outside the area (辖区外家次), which have no unit of its register."""
        visits = self.plan.numbered
        return frozenset(visits.loc[visits["reason"] == Unnamed.OUTSIDE, "visit_id"])

    @cached_property
    def dated(self) -> pd.DataFrame:
        """The visits of the month that are on a day."""
        return self.visits[self.visits["date"] != ""].reset_index(drop=True)

    @cached_property
    def by_day(self) -> pd.DataFrame:
        """By day (按日): one row per visit."""
        return self.dated[READ]

    @cached_property
    def by_pair(self) -> pd.DataFrame:
        """By pair (按组): one row per visit, the visits of one pair of officers together."""
        pairs = zip(self.dated["officer_1"], self.dated["officer_2"], strict=True)
        table = self.dated.assign(pair=["、".join(sorted(pair)) for pair in pairs])
        return table.sort_values(["pair", "date", "part"], ignore_index=True)[["pair", *READ]].drop(columns="unit_id")

    @cached_property
    def by_officer(self) -> pd.DataFrame:
        """By officer (按人): one row per officer and visit, those who come along too."""
        table = self.dated.assign(officer_id=self.dated["officers"]).explode("officer_id")
        table = table.sort_values(["officer_id", "date", "part"], ignore_index=True)
        return table[["officer_id", *READ]].drop(columns="unit_id")

    @cached_property
    def days(self) -> list[str]:
        """The working days of the month that are still open."""
        days = self.plan.year.calendar.days
        chosen = days["workday"] & (days["month"] == self.month) & (days["date"] > self.plan.as_of)
        return days.loc[chosen, "date"].tolist()

    @cached_property
    def calendar(self) -> pd.DataFrame:
        """The month day by day (日历): one row per working day still open."""
        units = self.plan.year.units
        return day_calendar(self.dated, self.days, dict(zip(units["unit_id"], units["subdistrict"], strict=True)))

    @cached_property
    def loads(self) -> pd.DataFrame:
        """The loads of the weeks of the month (人员负荷): one row per officer and week, 入企次数 and 人日."""
        loads = self.plan.schedule.loads
        return loads[loads["week_from"].isin({monday(day) for day in self.days})].reset_index(drop=True)

    @cached_property
    def tight(self) -> pd.DataFrame:
        """How full the teams' weeks are (吃紧的科队和周): one row per team and week, the fullest first."""
        days, tables = self.plan.year.calendar.days, self.plan.year.tables
        open_days = days.loc[days["workday"] & (days["date"] > self.plan.as_of), "date"].tolist()
        return week_loads(self.loads, tables.roster, open_days, tables.leave)

    @cached_property
    def obstacles(self) -> pd.DataFrame:
        """What cannot be put on a day (排不上的): one row per visit, with the rule and what would have to give."""
        table = self.plan.schedule.obstacles
        table = self._with_names(table[table["month"] == self.month])
        columns = ["visit_id", "task", "name", "unit_id", "obstacle", "possible_date", "gives"]
        return table[columns].reset_index(drop=True)

    @cached_property
    def unmet(self) -> pd.DataFrame:
        """Which wishes the month does not meet (没有做到的): one row per visit, or per officer with too few of them."""
        table = self.plan.schedule.unmet
        table = self._with_names(table[table["month"] == self.month]).fillna({"task": ""})
        table = table.assign(name=table["name"].where(table["visit_id"] != "", ""))
        return table[["aim", "visit_id", "task", "name", "unit_id", "officers"]].reset_index(drop=True)

    @cached_property
    def rebooked(self) -> pd.DataFrame:
        """What changes of what was given out before, and who must be told (改期、换人): one row per visit."""
        table = self._with_names(self.plan.rebooked)
        return table[["visit_id", "task", "name", *(one for one in table if one not in _IDS)]]

    @cached_property
    def proof(self) -> pd.DataFrame:
        """How good the month is (次序和证明): one row per aim with value, bound and whether it is proved."""
        proof = self.plan.arrangement.proof
        return proof[proof["month"] == self.month].drop(columns="month").reset_index(drop=True)

    @cached_property
    def entries_so_far(self) -> pd.DataFrame:
        """How often each unit was entered this year by the day, and its caps: one row per unit."""
        return caps.entries_so_far(self.plan.year.asked, self.plan.as_of)


_IDS = ("visit_id", "task_id", "unit_id", "task", "name")
