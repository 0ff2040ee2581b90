"""The outlook (展望): the chance that a year's plan is finished, the reserve it takes, and how well chances held."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from enforce.desk.year import Year
from enforce.planning.through import chance, progress

#: Kind of event -> the rule that assumes its officer-days, and what a planner calls it.
SIZES = {"absence": "absence_days", "investigation": "investigation_days", "ordered": "ordered_task_days"}
EVENTS = {"absence": "病假、事假", "investigation": "事故调查", "ordered": "上级临时任务"}
STATUS = {"assumed": "假定", "records": "按检查记录", "unknown": "核算只写合计，分不出，按 0 计"}


@dataclass(frozen=True)
class Outlook:
    """The chance of finishing a year's plan; `year` may be that of a scenario, `base` the year the records are of."""

    year: Year
    base: Year

    @cached_property
    def events(self) -> pd.DataFrame:
        """What may come (突发任务): one row per team and kind of event."""
        seen = chance.events_seen(self.base.tables.records, self.base.tables.roster, self.base.workdays)
        sizes = {kind: self.year.rules.value(rule, self.year.ruled_on) for kind, rule in SIZES.items()}
        return chance.shocks(self.year.account, seen, sizes)

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """The same as a planner reads it, assumptions marked."""
        table = self.events.assign(event=self.events["kind"].map(EVENTS), note=self.events["status"].map(STATUS))
        return table[["team", "event", "days", "events", "event_days", "note"]].round({"events": 1})

    @cached_property
    def queues(self) -> dict[str, chance.Queue]:
        """Every team's year."""
        year, visits, periods = self.year, self.year.allocation.visits, self.year.key_period_days
        return chance.queues(year.tasks, visits, year.account, year.statutory, key_periods=periods, events=self.events)

    @cached_property
    def chances(self) -> pd.DataFrame:
        """The chance of finishing by each month's end: one row per team and month, and 合计."""
        return chance.chances(self.queues)

    @cached_property
    def wanted(self) -> float | None:
        """The chance of finishing that the reserve is to give; None where no rule says it."""
        return self.year.rules.value("finish_share_wanted", self.year.ruled_on)

    @cached_property
    def reserve(self) -> pd.DataFrame:
        """The reserve that this chance takes: one row per team."""
        return chance.reserve_needed(self.queues, self.year.account, self.year.key_period_days, self.wanted)

    @cached_property
    def calibration(self) -> pd.DataFrame:
        """The chances of the months over since approval beside what happened; empty while nothing is recorded.

        Always of the plan itself: what happened did not happen under a scenario. Months gone by the day of approval
        hold what was done in them, so that they would be judged by themselves.
        """
        if self.year is not self.base:
            return Outlook(self.base, self.base).calibration
        records = self.base.tables.records
        last = int(records["date"].str[5:7].max()) if len(records) else 0
        plan = self.year.allocation.visits
        done = progress.completion_by_month(plan, records, plan, last)
        return chance.calibration(self.chances, done[done["month"] > self.year.moment.closed], last)
