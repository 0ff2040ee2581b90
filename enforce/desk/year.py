"""The year (年度): one plan read, checked and worked out; the tables every notebook begins with.

Everything is computed once, on first use, from the plan, its rules, its calendar and its four tables. Nothing is read
again and nothing is changed. `Year` is the plan, `Month` the plan as it stands before one month, `Summary` its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from enforce.desk import sources
from enforce.desk.choices import estimates, reserved_days
from enforce.desk.explained import Explained
from enforce.desk.limits import within
from enforce.desk.month import Month
from enforce.desk.printed import printed_figures
from enforce.desk.reading import input_files, read_parts
from enforce.desk.summary import Summary
from enforce.inputs.calendar import Calendar
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.inputs.parameters.rules import Rules
from enforce.inputs.parameters.scenario import Scenario
from enforce.inputs.parameters.under_scenario import mark
from enforce.inputs.tables.forms import Tables
from enforce.inputs.tables.of_plan import table_files
from enforce.inputs.versions import Version
from enforce.planning import checks, visits
from enforce.planning.account import (
    key_period_days,
    monthly_capacity,
    monthly_reserve,
    officers_in_service,
    statutory_days,
    workload_account,
)
from enforce.planning.months.allocate import Allocation, open_room, quarters
from enforce.planning.months.stages import Capacity
from enforce.planning.why.cell import Setting
from enforce.words.problems import InputError, Place, Problem
from enforce.words.texts import real_date, shown_path


def open_year(
    path: str | Path, *, require_official: bool = False, quarantine: bool = False, scenario: str = ""
) -> Year:
    """Read a plan with all it names; InputError tells every problem of every file at once.

    With `quarantine`, rows of the tables with a problem are set aside (`Year.aside`) and the rest is read. With the
    name of a `scenario` of the plan the year is as that has it.

    >>> year = open_year("params/putuo-2024.yaml")
    >>> int(year.tasks["planned_visits"].sum()), int(year.workdays["workdays"].sum())
    (261, 251)
    """
    from enforce.desk.scenarios import under

    plan = read_plan(path)
    parts = read_parts(plan, require_official=require_official, quarantine=quarantine, scenario=scenario)
    otherwise = parts.pop("scenario")
    year = Year(plan, **parts)
    return under(year, otherwise) if otherwise else year


@dataclass(frozen=True)
class Year(Explained):
    """A plan with its rules, calendar and tables, and what follows from them."""

    plan: Plan
    rules: Rules
    calendar: Calendar
    tables: Tables
    ledger_head: str = ""
    versions: tuple[Version, ...] = ()
    scenario: Scenario | None = None
    roster_before: pd.DataFrame | None = None  # of the plan, where the scenario has other officers

    # --- what was read -------------------------------------------------------------------------------------------

    @property
    def tasks(self) -> pd.DataFrame:
        """The lines of the plan (计划事项): one row per task."""
        return self.tables.tasks

    @property
    def units(self) -> pd.DataFrame:
        """The register (企业台账): one row per unit."""
        return self.tables.units

    @property
    def aside(self) -> pd.DataFrame:
        """The rows of the tables set aside (放到一边), not in any number: one row each, with file, row and message."""
        return self.tables.aside

    @cached_property
    def sources(self) -> pd.DataFrame:
        """What the plan was read from (读入的数据): one row per table."""
        return sources.sources_table(self.plan, self.tables, self.ledger_head)

    @cached_property
    def health(self) -> pd.DataFrame:
        """The health of the register (台账体检): what is missing or odd in it, one row per kind of finding."""
        return sources.register_found(self.tables)

    @property
    def mark(self) -> str:
        """What every table and chart says: that it is a scenario (情景), that the calendar is an estimate (预估)."""
        return "；".join(filter(None, (mark(self.scenario) if self.scenario else "", self.calendar.mark)))

    @property
    def names(self) -> dict[str, str]:
        """Task ids with what a planner calls them, in the order of the plan."""
        return dict(zip(self.tasks["task_id"], self.tasks["name"], strict=True))

    @cached_property
    def inputs(self) -> tuple[Path, ...]:
        """Every file that was read, for the manifest."""
        return input_files(self.plan, self.scenario)

    @property
    def ruled_on(self) -> str:
        """The day whose rules hold for the plan: that of approval, within the plan's year."""
        return min(self.plan.approved_on, f"{self.plan.year}-12-31")

    @cached_property
    def rules_in_force(self) -> pd.DataFrame:
        """The rules in force for the plan, assumed ones among them: one row per rule."""
        return self.rules.in_force(self.ruled_on)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """What nobody has read in the original (假定): one row per rule."""
        return self.rules.assumptions(self.ruled_on)

    # --- days ----------------------------------------------------------------------------------------------------

    @cached_property
    def workdays(self) -> pd.DataFrame:
        """Statutory workdays (法定工作日): one row per month."""
        return self.calendar.workdays()

    @cached_property
    def statutory(self) -> pd.DataFrame:
        """Officers in service and their statutory days: one row per team and month."""
        teams = [team.team for team in self.plan.teams]
        return statutory_days(self.workdays, officers_in_service(self.tables.roster, teams))

    @cached_property
    def statutory_approved(self) -> pd.DataFrame | None:
        """The same with the officers of the approved plan, else of that a scenario departs from; None for neither."""
        if self.versions:
            rows = [(t, m, n) for t, counts in self.versions[0].officers.items() for m, n in enumerate(counts, 1)]
            officers = pd.DataFrame(rows, columns=["team", "month", "officer_count"])
        elif self.roster_before is not None:
            officers = officers_in_service(self.roster_before, [team.team for team in self.plan.teams])
        else:
            return None
        return statutory_days(self.workdays, officers)

    @cached_property
    def reserved(self) -> pd.DataFrame:
        """What key periods set aside, as the plan says it: one row per period and team."""
        return reserved_days(self.plan)

    @cached_property
    def key_period_days(self) -> pd.DataFrame:
        """The same by month: one row per period, team and month."""
        return key_period_days(self.reserved, self.calendar.days)

    @cached_property
    def account(self) -> pd.DataFrame:
        """The workload account (执法工作量核算): one row per team and line or item."""
        share = self.plan.reserve_share
        return workload_account(self.statutory, estimates(self.plan), share, self.key_period_days)

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """What can be planned (可安排工作日): one row per team and month."""
        share, approved = self.plan.reserve_share, self.statutory_approved
        return monthly_capacity(self.account, self.statutory, self.key_period_days, approved, share)

    # --- visits --------------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The lines with their officer-days: one row per task."""
        return visits.plan_lines(self.tasks)

    @cached_property
    def need(self) -> pd.DataFrame:
        """Need against capacity over the year: one row per team."""
        return visits.need_by_team(self.tasks, self.capacity)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """How many units each line may choose from: one row per task."""
        return visits.eligible_units(self.tasks, self.counted(self.tables.records.iloc[:0]))

    @cached_property
    def key_coverage(self) -> pd.DataFrame:
        """Which line covers how many key units: one row per covering task."""
        return visits.key_coverage(self.tasks, self.counted(self.tables.records.iloc[:0]))

    def counted(self, records: pd.DataFrame) -> pd.DataFrame:
        """Return the units that count: those not closed, and those among the records."""
        return visits.counted_units(self.units, records)

    def lost(self, records: pd.DataFrame) -> pd.DataFrame:
        """Return what closed units take from the plan (停业落空), these records done: one row per task with any."""
        return visits.lost_visits(self.tasks, self.units, records)

    @cached_property
    def joint_shares(self) -> pd.DataFrame:
        """The joint share by each denominator: one row per reading."""
        return visits.joint_shares(self.tasks)

    def visits_by(self, column: str) -> pd.DataFrame:
        """Return visits and their share by `tier` or `group`."""
        return visits.visits_by(self.tasks, column)

    @cached_property
    def tiers(self) -> pd.DataFrame:
        """The shares of key and general visits (重点、一般检查占比): one row per tier."""
        return self.visits_by("tier").set_index("tier")

    @cached_property
    def printed(self) -> pd.DataFrame:
        """The figures the plan's text prints, computed again: one row per figure."""
        tiers, groups = self.tiers["planned_visits"], self.visits_by("group").set_index("group")["planned_visits"]
        return printed_figures(self.plan.printed, tiers, groups, int(self.workdays["workdays"].sum()))

    # --- months --------------------------------------------------------------------------------------------------

    @cached_property
    def allocation(self) -> Allocation:
        """The plan by month: exact, unique, proved."""
        return within(self.tasks, self.capacity, limits=self.tables.limits, file=self.limits_file)

    @property
    def limits_file(self) -> str:
        """The file of the limits, as messages name it."""
        return shown_path(table_files(self.plan)[0].get("limits", self.plan.tables_folder / "limits.csv"))

    @property
    def setting(self) -> Setting:
        """What the plan was solved from: what a question about it needs."""
        return Setting(self.tasks, self.capacity, self.allocation, {"limits": self.tables.limits})

    @cached_property
    def approved(self) -> pd.DataFrame:
        """The plan as it was approved, by task and month: of the first version, else as worked out today."""
        return self.versions[0].visits if self.versions else self.allocation.visits

    @cached_property
    def published(self) -> pd.DataFrame:
        """The plan in force: of the newest version, else as worked out today; one row per task of today and month."""
        if not self.versions:
            return self.allocation.visits
        grid = self.allocation.visits[["task_id", "month"]]
        table = grid.merge(self.versions[-1].visits, on=["task_id", "month"], how="left", validate="1:1")
        return table.fillna({"visits": 0}).astype({"visits": "int64"})

    @property
    def reserve(self) -> Capacity:
        """What is held back (留有余地): half-days by team and month."""
        return open_room(monthly_reserve(self.account, self.statutory))

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """The plan by quarter: one row per task and quarter."""
        return quarters(self.allocation.visits)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt in the plan: one row per finding."""
        return checks.findings(self.case(self.tables.records.iloc[:0], self.allocation), checks.PLAN_CHECKS)

    def case(self, records: pd.DataFrame, allocation: Allocation, closed: int = 0) -> checks.Case:
        """Return what the checks look at, with the records and the allocation given."""
        plan = self.plan
        return checks.Case(
            approved_on=plan.approved_on,
            estimated=self.calendar.estimated,
            reserve_share=plan.reserve_share,
            days=self.calendar.days,
            key_periods=self.reserved,
            headcount=pd.Series({team.team: team.headcount for team in plan.teams}),
            tasks=self.tasks,
            roster=self.tables.roster,
            units=self.counted(records),
            records=records,
            statutory=self.statutory,
            account=self.account,
            capacity=self.capacity,
            allocation=allocation,
            closed=closed,
            rows_aside=len(self.aside),
            printed=self.printed,
            alerts=plan.alerts.model_dump(),
            rules={name: self.rules.value(name, self.ruled_on) for name in self.rules_in_force["rule"]},
        )

    def before(self, month: int) -> Month:
        """Return the year as it stands on the first day of a month (月度); InputError when it is none."""
        if month not in range(1, 13):
            raise InputError([Problem("笔记本参数", Place("month"), str(month), "1 到 12 的整数")])
        return Month(self, month)

    def until(self, as_of: str = "") -> Summary:
        """Return the year as it stood at the end of a day; without a day, at the year's end (年终).

        InputError when it is no date: "2024-6-30" would count what was done after it.
        """
        try:
            return Summary(self, real_date(as_of or f"{self.plan.year}-12-31"))
        except ValueError as error:
            raise InputError([Problem("笔记本参数", Place("as_of"), as_of, str(error))]) from None
