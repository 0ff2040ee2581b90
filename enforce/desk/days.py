"""The days of a year (核算): each result rests on its own fields and nothing else, so that years may share it.

A scenario that changes one visit has the account of its plan: the same object, not a second one worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import product
from typing import TypeVar

import pandas as pd

from enforce.inputs.calendar import Calendar
from enforce.inputs.parameters.entries import Entry
from enforce.inputs.parameters.plan import KeyPeriod, Team
from enforce.inputs.versions import Version
from enforce.planning import account as accounting
from enforce.planning.staff import days_won, estimates_after, item_changes, staff_effects, staff_moves

Result = TypeVar("Result")


def rule_of_item(item: str) -> str:
    """Return the name of the rule whether an item of the account goes with the person (跟人走).

    >>> rule_of_item("leave")
    'follows_leave'
    """
    return f"follows_{item}"


def shared(result: Result, *earlier: Result | None) -> Result:
    """Return an earlier result that rests on the same inputs, else the new one; nothing is worked out here."""
    return next((one for one in earlier if one is not None and _is_alike(result, one)), result)


def _is_alike(result: Result, earlier: Result) -> bool:
    pairs = ((getattr(result, entry.name), getattr(earlier, entry.name)) for entry in fields(result))
    return all(
        one is other
        or (isinstance(one, tuple | float) and one == other)
        or (isinstance(one, pd.DataFrame) and one.equals(other))
        for one, other in pairs
    )


@dataclass(frozen=True, eq=False)
class Service:
    """Officers in service and their statutory days (总法定工作日), now and as the plan was approved."""

    calendar: Calendar
    teams: tuple[str, ...]
    roster: pd.DataFrame
    approved: Version | None
    roster_before: pd.DataFrame | None  # of the plan, where a scenario has other officers

    @cached_property
    def workdays(self) -> pd.DataFrame:
        """Statutory workdays (法定工作日): one row per month."""
        return self.calendar.workdays()

    @cached_property
    def statutory(self) -> pd.DataFrame:
        """Officers and their statutory days: one row per team and month."""
        return accounting.statutory_days(self.workdays, accounting.officers_in_service(self.roster, self.teams))

    @cached_property
    def statutory_approved(self) -> pd.DataFrame | None:
        """The same with the officers of the approved plan, else of that a scenario departs from; None for neither."""
        officers = None
        if self.approved and self.approved.officers:
            counts = self.approved.officers.items()
            rows = [(team, month, n) for team, months in counts for month, n in enumerate(months, 1)]
            officers = pd.DataFrame(rows, columns=["team", "month", "officer_count"])
        elif self.roster_before is not None:
            officers = accounting.officers_in_service(self.roster_before, self.teams)
        return None if officers is None else accounting.statutory_days(self.workdays, officers)


@dataclass(frozen=True, eq=False)
class KeyPeriods:
    """What key periods set aside (重点时段预留), in officer-days."""

    calendar: Calendar
    periods: tuple[KeyPeriod, ...]

    @cached_property
    def reserved(self) -> pd.DataFrame:
        """As the plan says it: one row per period and team."""
        rows = [
            (period.name, period.from_date, period.to_date, reserved.team, float(reserved.days))
            for period in self.periods
            for reserved in period.reserved_days
        ]
        return pd.DataFrame(rows, columns=["name", "from_date", "to_date", "team", "days"])

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """One row per period, team and month."""
        return accounting.key_period_days(self.reserved, self.calendar.days)


@dataclass(frozen=True, eq=False)
class OfficerDays:
    """The workload account and the capacity that is left of it."""

    service: Service
    key_periods: KeyPeriods
    teams: tuple[Team, ...]
    reserve_share: float
    follows: tuple[str, ...] = ()  # the items of the account that go with an officer who leaves or joins

    @cached_property
    def before(self) -> pd.DataFrame:
        """The statutory days that the estimates are for: those of the approved plan, else today's."""
        approved = self.service.statutory_approved
        return self.service.statutory if approved is None else approved

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """What each team needs for other work (其他执法、非执法), as the plan has it: one row per team, line and item.

        The item is '' where a team gives a line as one number.
        """
        rows = []
        for team, line in product(self.teams, ("other_enforcement_days", "non_enforcement_days")):
            days = getattr(team, line)
            by_item = days.model_dump() if isinstance(days, Entry) else {"": days}
            rows += [(team.team, line, item, float(count)) for item, count in by_item.items()]
        return pd.DataFrame(rows, columns=["team", "line", "item", "days"])

    @cached_property
    def item_changes(self) -> pd.DataFrame:
        """What people took along or brought since: one row per team, month and item, in officer-days."""
        moves = staff_moves(self.before, self.service.statutory)
        return item_changes(self.estimates, self.before, moves, self.follows)

    @cached_property
    def won(self) -> dict[tuple[str, int], int]:
        """The half-days of inspection won or lost since, by team and month."""
        return days_won(self.before, self.service.statutory, self.item_changes)

    @cached_property
    def staff(self) -> pd.DataFrame:
        """What is left to each team whose officers changed (人员变动): one row per team."""
        return staff_effects(self.estimates, self.before, self.service.statutory, self.follows)

    @cached_property
    def account(self) -> pd.DataFrame:
        """The workload account (执法工作量核算): one row per team and line or item."""
        needed, taken = estimates_after(self.estimates, self.item_changes), self.key_periods.by_month
        return accounting.workload_account(self.service.statutory, needed, self.reserve_share, taken)

    @cached_property
    def months(self) -> pd.DataFrame:
        """The account by months with all of the year still open: one row per team and month, short ones below zero."""
        return self.months_after(0)

    def months_after(self, closed: int) -> pd.DataFrame:
        """Return the account by months, those up to `closed` over: one row per team and month, short ones below 0."""
        statutory, taken = self.service.statutory, self.key_periods.by_month
        return accounting.monthly_account(
            self.account, statutory, taken, self.before, self.reserve_share, won=self.won, closed=closed
        )

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """What can be planned (可安排工作日): one row per team and month."""
        return accounting.monthly_capacity(self.months)
