"""The re-plan (重排): the rest of the year planned anew on a day, from what was done, with as few moves as can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from enforce.desk.explained import Explained
from enforce.desk.limits import within
from enforce.desk.year import Year
from enforce.inputs.approved import of_plan, version_name
from enforce.inputs.tables.of_plan import table_files
from enforce.inputs.versions import Version, read_version, related, successor
from enforce.papers.screen.display import Shown, show
from enforce.planning import checks, visits
from enforce.planning.account import monthly_reserve
from enforce.planning.changes import causes, order
from enforce.planning.months.allocate import Allocation, loads, open_room, quarters
from enforce.planning.months.stages import Capacity
from enforce.planning.through import progress
from enforce.planning.why.cell import Setting
from enforce.words.numbers import HALVES, halves
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.texts import shown_path


def replan(year: Year, as_of: str, base: str = "") -> Replan:
    """Return the plan as it can be from the day after `as_of` on; `base` is the version file it is held against.

    Without a file that is the newest approved version, and where none is the plan as the tables of today make it.
    InputError when the day is not in the plan's year, when the version is of another plan, younger than the day, or
    none that follows what was approved, and when a total was lowered below what is done.
    """
    before = read_version(Path(base)) if base else newest(year)
    problems = []
    if not as_of.startswith(f"{year.plan.year}-") or as_of not in set(year.calendar.days["date"]):
        problems.append(
            Problem("运行参数", Place("as_of"), as_of, f"{year.plan.year} 年里的日期，如 {year.plan.year}-07-01")
        )
    elif (base or before.number > 1) and before.as_of > as_of:
        problems.append(
            Problem(base or version_name(before.number), Place("as_of"), before.as_of, f"不晚于 {as_of}", Flaw.CONFLICT)
        )
    refuse([*problems, *(_base_problems(year, base, before) if base else ())])
    found = Replan(year, as_of, before)
    refuse(_below_done(found))
    return found


def newest(year: Year) -> Version:
    """Return the version in force: the newest approved one, else the first as the tables of today make it."""
    return year.versions[-1] if year.versions else first_version(year)


def first_version(year: Year) -> Version:
    """Return the plan as the tables of today make it, as its first version."""
    plan = year.plan
    return Version(
        plan.name,
        plan.year,
        1,
        plan.approved_on,
        year.allocation.visits,
        year.names,
        tasks=causes.task_facts(year.tasks),
        officers=causes.officers_by_month(year.statutory),
    )


def _base_problems(year: Year, base: str, before: Version) -> list[Problem]:
    """Return why a version cannot be planned on from: of another plan, or not after what was approved."""
    problems = of_plan(year.plan, base, before)
    if problems or not year.versions or before.digest == year.versions[-1].digest:
        return problems
    return [replace(problem, file=base) for problem in related(year.versions[-1], before)]


def _below_done(found: Replan) -> Iterator[Problem]:
    """Yield totals that were lowered below what is done: to do more than planned is no fault, to plan less is one."""
    file = shown_path(table_files(found.year.plan)[0]["tasks"])
    done = found.options["done"].groupby("task_id")["visits"].sum()
    for task in found.year.tasks.itertuples():
        made, old = int(done.get(task.task_id, 0)), found.before.tasks.get(task.task_id)
        if old and task.planned_visits < min(made, int(old["planned_visits"])):
            expected = f"{made} 以上的整数（截至 {found.as_of} 已完成 {made} 家次）"
            yield Problem(
                file, Place(task.task_id, column="计划家次"), str(task.planned_visits), expected, Flaw.CONFLICT
            )


def compared(older: str | Path, newer: str | Path) -> Shown:
    """Return how two versions differ (版本比较): one row per task and month; InputError if they are not related."""
    before, after = read_version(older), read_version(newer)
    refuse(related(before, after))
    tasks = pd.DataFrame({"task_id": list(after.names), "name": list(after.names.values())})
    table = order.changes(before.visits, after.visits, tasks, dropped=before.names)
    caption = f"第 {before.number} 版（{before.as_of}）与第 {after.number} 版（{after.as_of}）"
    return show(table.drop(columns=["reason", "forced"]), caption, unit="家次", rows=500)


@dataclass(frozen=True)
class Replan(Explained):
    """A year on a day, held against an older version of its plan."""

    year: Year
    as_of: str
    before: Version

    @property
    def month(self) -> int:
        """The month the day is in: what is left of it can still be planned."""
        return int(self.as_of[5:7])

    @cached_property
    def workdays_ahead(self) -> int:
        """Workdays of the month that come after the day."""
        days = self.year.calendar.days
        return int(((days["month"] == self.month) & days["workday"] & (days["date"] > self.as_of)).sum())

    @property
    def closed(self) -> int:
        """The last month that is over: the day's own when no workday of it is left."""
        return self.month - 1 if self.workdays_ahead else self.month

    @cached_property
    def records(self) -> pd.DataFrame:
        """What was done up to the day."""
        return progress.until(self.year.tables.records, self.as_of)

    @cached_property
    def lost(self) -> pd.DataFrame:
        """What closed units take from the plan (停业落空): one row per task with any."""
        return self.year.lost(self.records)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """The tasks without what closed units take from them."""
        return visits.without_lost(self.year.tasks, self.lost)

    @cached_property
    def left(self) -> pd.DataFrame | None:
        """What remains of the month's capacity, by its workdays after the day: one row per team; None if it is over."""
        return self._ahead(self.year.capacity)

    def _ahead(self, days: pd.DataFrame) -> pd.DataFrame | None:
        """Return the part of the month's days (team, month, capacity_days) that its workdays after the day make up."""
        if not self.workdays_ahead:
            return None
        workdays = int(self.year.workdays.set_index("month")["workdays"][self.month])
        rows = [
            (row.team, self.month, halves(row.capacity_days) * self.workdays_ahead // workdays / HALVES)
            for row in days[days["month"] == self.month].itertuples()
        ]
        return pd.DataFrame(rows, columns=["team", "month", "capacity_days"])

    @property
    def mark(self) -> str:
        """What every table and chart of the year says."""
        return self.year.mark

    @property
    def names(self) -> Mapping[str, str]:
        """Task ids with what a planner calls them."""
        return self.year.names

    @property
    def reserve(self) -> Capacity:
        """What is held back for the months ahead, and for what is left of the month: half-days by team and month."""
        held = monthly_reserve(self.year.account, self.year.statutory)
        return open_room(held, self.closed, self._ahead(held))

    @cached_property
    def move_costs(self) -> dict[int, int]:
        """What it costs to move a visit out of a month: published, announced for the quarter, or internal."""
        costs = self.year.plan.move_costs
        quarter = (self.month - 1) // 3
        return {
            month: costs.published
            if month <= self.month + 1
            else costs.announced
            if (month - 1) // 3 == quarter
            else costs.internal
            for month in range(1, 13)
        }

    @cached_property
    def options(self) -> dict:
        """The other arguments of `allocate`."""
        return {
            "limits": self.year.tables.limits,
            "done": progress.done_by_month(self.records),
            "closed": self.closed,
            "left": self.left,
            "published": self.before.visits,
            "move_costs": self.move_costs,
        }

    @cached_property
    def allocation(self) -> Allocation:
        """The plan from this day on."""
        return within(self.tasks, self.year.capacity, file=self.year.limits_file, **self.options)

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """The plan by quarter: one row per task and quarter."""
        return quarters(self.allocation.visits)

    @cached_property
    def unplaced(self) -> pd.DataFrame:
        """Visits with no month left: one row per task."""
        return self.allocation.unplaced.assign(task=self.allocation.unplaced["task_id"].map(self.year.names))

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Everything that differs from the older version: one row per task and month."""
        gone = {code: name for code, name in self.before.names.items() if code not in self.year.names}
        done = self.options["done"]
        now = done[done["month"] == self.closed + 1] if self.workdays_ahead else done.iloc[:0]
        begun = dict(zip(now["task_id"], now["visits"], strict=True))
        return order.changes(
            self.before.visits,
            self.allocation.visits,
            self.year.tasks,
            self.closed,
            dropped=gone,
            begun=begun,
            fallen=self._fallen,
            moved=self._why_moved,
            drawn=causes.why_limited(self._limited, self.tasks["task_id"].tolist(), 1),
        )

    @property
    def _why_moved(self) -> dict[tuple[str, int], str]:
        """Why visits had to leave a month, by task and month: limits, the tables, ordered work."""
        crowded = zip(self.displaced["task_id"], self.displaced["month"], strict=True)
        return {
            **causes.why_limited(self._limited, self.tasks["task_id"].tolist(), -1),
            **causes.why_moved(*self._facts, self.year.tasks),
            **dict.fromkeys(crowded, "临时任务挤占"),
        }

    @cached_property
    def _limited(self) -> pd.DataFrame:
        """The limits that the older version does not keep."""
        was, now = self.before.visits, self.allocation.visits
        held = pd.concat([now[now["month"] <= self.closed], was[was["month"] > self.closed]])
        return causes.limited(self.year.tables.limits, held, self.closed)

    @cached_property
    def _facts(self) -> tuple[tuple, tuple]:
        """What the tables said when the older version was made, and what they say now; the same if unknown."""
        now = causes.task_facts(self.tasks), causes.officers_by_month(self.year.statutory)
        return (self.before.tasks or now[0], self.before.officers or now[1]), now

    @cached_property
    def _fallen(self) -> dict[str, int]:
        """Visits that fall away with closed units and did not before, by task."""
        (old, _), (now, _) = self._facts
        lost = zip(self.lost["task_id"], self.lost["lost_visits"], strict=True)
        fewer = {
            code: int(old[code]["planned_visits"]) - int(now[code]["planned_visits"]) for code in old if code in now
        }
        return {code: count for code, lost in lost if (count := min(lost, max(fewer.get(code, lost), 0)))}

    @cached_property
    def causes(self) -> pd.DataFrame:
        """What the tables say otherwise than the older version has it (表的变动): one row per difference."""
        told = causes.causes(*self._facts, {**self.before.names, **self.year.names}, self._fallen)
        return pd.concat([told, causes.limit_rows(self._limited)], ignore_index=True)

    @cached_property
    def basis(self) -> pd.DataFrame:
        """What the plan is held against (与哪一版比较): one row."""
        frozen = self.before.digest in {version.digest for version in self.year.versions}
        told = "已定版" if frozen else "尚未定版"
        row = (f"第 {self.before.number} 版", self.before.as_of, told, self.before.digest[:12])
        return pd.DataFrame([row], columns=["version", "since", "frozen", "digest"])

    @cached_property
    def order(self) -> pd.DataFrame:
        """The change order (调整单): one row per task and month still open that differs."""
        return self.differences[self.differences["month"] > self.closed].reset_index(drop=True)

    @cached_property
    def past(self) -> pd.DataFrame:
        """What was done otherwise than planned (已过月份的出入): one row per task and month that is over."""
        return self.differences[self.differences["month"] <= self.closed].reset_index(drop=True)

    @cached_property
    def ordered(self) -> list[str]:
        """Tasks the older version does not know: work ordered since."""
        return sorted(set(self.year.names) - set(self.before.visits["task_id"]))

    @cached_property
    def displaced(self) -> pd.DataFrame:
        """Visits that ordered work displaces: one row per task and month."""
        if not self.ordered:
            return pd.DataFrame(columns=["task_id", "task", "month", "changed_visits"])
        tasks = self.tasks[~self.tasks["task_id"].isin(self.ordered)].reset_index(drop=True)
        without = within(tasks, self.year.capacity, file=self.year.limits_file, **self.options)
        return order.displaced(without.visits, self.allocation.visits, self.year.tasks)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What the change does to shares and loads, against the older version with today's officers; a row a figure."""
        totals = self.before.visits.groupby("task_id")["visits"].sum()
        known = self.year.tasks[self.year.tasks["task_id"].isin(totals.index)]
        old = known.assign(planned_visits=known["task_id"].map(totals).astype(int))
        gone = totals.drop(known["task_id"])
        effort = causes.efforts_of({code: facts for code, facts in self.before.tasks.items() if code in gone.index})
        was = loads(self.before.visits, pd.concat([visits.efforts(old), effort]), self.year.capacity)
        before = {"tasks": pd.concat([old, pd.DataFrame({"tier": "", "planned_visits": gone})]), "loads": was}
        return order.effects(before, {"tasks": self.tasks, "loads": self.allocation.loads}, self.closed)

    @property
    def approver(self) -> str:
        """Who must approve the change."""
        return order.approver(self.order, self.year.rules.value("change_of_total_needs_approval", self.year.ruled_on))

    @property
    def setting(self) -> Setting:
        """What the plan was solved from: what a question about it needs."""
        return Setting(self.tasks, self.year.capacity, self.allocation, self.options)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt in the plan from this day on: one row per finding."""
        return checks.findings(self.year.case(self.records, self.allocation, self.closed), checks.MONTH_CHECKS)

    @cached_property
    def version(self) -> Version:
        """The new version, with the older one as its youngest ancestor."""
        made = first_version(self.year)
        facts = causes.task_facts(self.tasks)
        return successor(self.before, replace(made, as_of=self.as_of, visits=self.allocation.visits, tasks=facts))
