"""The standing plan (某日的计划): the visits done by the end of a day, and the rest of the year planned anew from it.

The month's arrangement, its public notice, the change order, its effects and the next version are tables of this one
plan, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pandas as pd

from enforce.desk.caps import entry_rooms
from enforce.desk.moment import Moment
from enforce.desk.naming import days_drawn, draw_table, drawn_officers
from enforce.desk.questions import Explainable, allocate_within
from enforce.desk.summary import Summary
from enforce.desk.visit_deviations import deviations
from enforce.desk.year import Year
from enforce.inputs.arrangements import Edition, issued_visits, next_arrangement
from enforce.inputs.tables.of_plan import table_files
from enforce.inputs.versions import STATE_MARKS, Version, of_plan, read_version, related, successor
from enforce.planning import checks, visits
from enforce.planning.account import monthly_reserve
from enforce.planning.changes import causes, order
from enforce.planning.months.allocate import Allocation, loads, quarters
from enforce.planning.months.exact import Capacity
from enforce.planning.months.position import Position
from enforce.planning.names import lists
from enforce.planning.names.monthly import NamedMonths, name_moves
from enforce.planning.names.visit_numbers import in_months_given_out, with_lasting_numbers
from enforce.planning.schedule.appointments import Circumstances, days_ordered, visit_ids
from enforce.planning.schedule.rebooking import MOVED, rebooked_visits
from enforce.planning.schedule.timetable import Schedule, visit_schedule
from enforce.planning.through import progress
from enforce.planning.why.cell import Setting
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.terms import PlanState, Selection

#: The columns of the month's public notice.
NOTICE = [
    *("group", "task", "tier", "visits", "selection", "content", "objects", "commitments", "lead", "partners"),
]


def standing(year: Year, as_of: str) -> Standing:
    """Return the plan as it stands at the end of a day: visits done stay, as few others move as can be.

    It departs from the version in force on that day; before approval from the draft (`Standing.draft`). The day is one
    of the plan's year or the last day before it. InputError otherwise, and where a total was lowered below the visits
    done; its limits are kept or refused when the plan by months is worked out.

    >>> from enforce.desk.year import open_year
    >>> plan = standing(open_year("params/putuo-2024.yaml"), "2024-06-30")
    >>> plan.draft, plan.next_month, int(plan.lines["visits"].sum()), int(plan.allocation.visits["visits"].sum())
    (False, 7, 27, 261)
    """
    refuse(day_problems(year, as_of))
    return _checked(Standing(year, as_of, version_in_force(year, as_of)))


def month(year: Year, month: int) -> Standing:
    """Return the plan as it stands at the end of the month before (月度); InputError when the month is none."""
    if month not in range(1, 13):
        raise InputError([Problem("笔记本参数", Place("month"), str(month), "1 到 12 的整数")])
    return standing(year, _day_before(year, month))


def replan(year: Year, as_of: str, base: str = "") -> Standing:
    """Return the plan as it stands at the end of a day (重排), departing from the version file `base` if one is named.

    InputError as for `standing`, and when that version is of another plan, younger than the day, or none that follows
    the newest approved one.
    """
    if not base:
        return replace(standing(year, as_of), proposal=True)
    before = read_version(Path(base))
    refuse([*(day_problems(year, as_of) or _younger(base, before, as_of)), *_base_problems(year, base, before)])
    return _checked(Standing(year, as_of, before, proposal=True))


def change_of_day(year: Year, as_of: str) -> Standing:
    """Return the re-plan of a day as it was, or would be, proposed: it does not depart from what was approved of that
    day since.
    """
    approved = next((n for n, one in enumerate(year.versions) if n and one.as_of == as_of), 0)
    if not approved:
        return replan(year, as_of)
    return _checked(Standing(year, as_of, year.versions[approved - 1], proposal=True))


def version_in_force(year: Year, as_of: str) -> Version:
    """Return the newest approved version dated on or before a day, else what today's tables make.

    That is the plan of the day of approval, and before that day the draft of the whole year.
    """
    approved = [version for version in year.versions if version.as_of <= as_of]
    if approved:
        return approved[-1]
    return first_version(year) if as_of >= year.plan.approval_day else _frozen(year, year.draft.visits)


def first_version(year: Year) -> Version:
    """Return the plan standing on the day of its approval, as today's tables make it: its first version (第 1 版).

    Months gone hold what the records say was done, the day itself counts as gone, the rest of the year is planned.
    """
    return _frozen(year, year.allocation.visits)


def _frozen(year: Year, visits_by_month: pd.DataFrame) -> Version:
    """A plan by months as a first version, with all that today's tables say of it."""
    plan, days = year.plan, year.open_capacity.sort_values("month")
    listed = year.units[year.units["is_key"]].sort_values("unit_id")
    return Version(
        plan.name,
        plan.year,
        1,
        plan.approval_day,
        visits_by_month,
        year.names,
        tasks=causes.task_facts(year.tasks),
        officers=causes.officers_by_month(year.statutory),
        key_list=dict(zip(listed["unit_id"], listed["covered_by"], strict=True)),
        limits=causes.limit_facts(year.tables.limits),
        capacity={team: months["capacity_days"].tolist() for team, months in days.groupby("team", sort=True)},
    )


def _day_before(year: Year, month: int) -> str:
    """The last day before a month, as an ISO date."""
    return (date(year.plan.year, month, 1) - timedelta(days=1)).isoformat()


def day_problems(year: Year, as_of: str) -> list[Problem]:
    """Return what is wrong with a day up to which things stand: it is of the plan's year, or the day before."""
    eve, of_year = _day_before(year, 1), f"{year.plan.year}"
    if as_of in {eve, *year.calendar.days["date"]}:
        return []
    expected = f"{of_year} 年里的日期，如 {of_year}-07-01；年初以前写 {eve}"
    return [Problem("运行参数", Place("as_of"), as_of, expected)]


def _younger(base: str, before: Version, as_of: str) -> list[Problem]:
    return [Problem(base, Place("as_of"), before.as_of, f"不晚于 {as_of}")] if before.as_of > as_of else []


def _base_problems(year: Year, base: str, before: Version) -> list[Problem]:
    """Why a version cannot be planned on from: it is of another plan, or not after the newest approved one."""
    problems = of_plan(year.plan, base, before)
    if problems or not year.versions or before.digest == year.versions[-1].digest:
        return problems
    return [replace(problem, file=base) for problem in related(year.versions[-1], before)]


def _checked(plan: Standing) -> Standing:
    refuse(_totals_below_done(plan))
    return plan


def _totals_below_done(plan: Standing) -> Iterator[Problem]:
    """Yield totals lowered below the visits done: to do more than planned is no fault, to plan less is one."""
    file = table_files(plan.year.plan)[0]["tasks"].label
    done = plan.position.done.groupby("task_id")["visits"].sum()
    for task in plan.year.tasks.itertuples():
        made, old = int(done.get(task.task_id, 0)), plan.before.tasks.get(task.task_id)
        if old and task.planned_visits < min(made, int(old["planned_visits"])):
            expected = f"{made} 以上的整数（截至 {plan.as_of} 已完成 {made} 家次）"
            where = Place(task.task_id, column="计划家次")
            yield Problem(file, where, str(task.planned_visits), expected, Flaw.CONFLICT)


@dataclass(frozen=True)
class Standing(Explainable):
    """A year's plan as it stands at the end of a day, departing from an older version of it (`before`)."""

    year: Year
    as_of: str
    before: Version
    proposal: bool = False  # a re-plan: what it changes is to be approved

    @property
    def draft(self) -> bool:
        """Whether the day is before the approval: the plan is a draft (草案), and nothing of it is in force."""
        return self.before.as_of > self.as_of

    @cached_property
    def moment(self) -> Moment:
        """The day, as the plan sees it."""
        return Moment(self.year.calendar, self.as_of)

    @property
    def closed(self) -> int:
        """The last month that is over: the day's own when no workday of it is left."""
        return self.moment.closed

    @property
    def next_month(self) -> int:
        """The first month still open, which `lines`, `loads` and `notice` are of; 13 when the year is over."""
        return self.closed + 1

    # --- the plan ------------------------------------------------------------------------------------------------

    @cached_property
    def records(self) -> pd.DataFrame:
        """The records (检查记录) up to the day."""
        return progress.until(self.year.tables.records, self.as_of)

    @cached_property
    def by_task(self) -> pd.DataFrame:
        """Visits done and left by line (进度): one row per task."""
        return progress.completion_by_task(self.year.tasks, self.records)

    @cached_property
    def to_date(self) -> pd.DataFrame:
        """Where the year stands (到当日的进度), by tier and in all: planned, due by the day and done, in 家次."""
        columns = ["tier", "planned_visits", "expected_visits", "done_visits", "pace", "pace_visits", "left_visits"]
        return Summary(self.year, self.as_of).by_tier[[*columns, "completion"]]

    @cached_property
    def lost(self) -> pd.DataFrame:
        """Visits that closed units take from the plan (停业落空): one row per task with any."""
        return self.year.lost(self.records)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """The tasks without the visits that closed units take from them."""
        return visits.without_lost(self.year.tasks, self.lost)

    @cached_property
    def capacity(self) -> pd.DataFrame:
        """What can be planned with the months that are over as they are: one row per team and month."""
        return self.year.capacity_after(self.closed)

    @cached_property
    def left(self) -> pd.DataFrame | None:
        """What remains of the month's capacity, by its workdays after the day: one row per team; None if it is over."""
        return self.moment.ahead(self.capacity)

    @property
    def state_mark(self) -> str:
        """The state of the plan on the day (草案、送审稿), or of a re-plan not yet approved; '' where approved."""
        if self.draft and not self.year.state_mark:
            submitted = self.year.plan.step(PlanState.SUBMITTED)
            handed_in = submitted is not None and submitted.date <= self.as_of
            return STATE_MARKS[PlanState.SUBMITTED if handed_in else PlanState.DRAFT]
        return self.year.state_mark or ("调整稿：尚未批准" if self.proposal and not self.differences.empty else "")

    @property
    def title(self) -> str:
        """What its book is called: that of the next month, or of a re-plan."""
        year = self.year.plan.year
        return f"{year}年度执法计划调整单（{self.as_of}）" if self.proposal else f"{year}年{self.next_month}月执法安排"

    @property
    def approved_base(self) -> Version | None:
        """The approved version it departs from; None where that is not on record, and under a scenario."""
        known = () if self.year.scenario else self.year.versions
        return next((version for version in known if version.digest == self.before.digest), None)

    @property
    def mark(self) -> str:
        """What every table and chart of the year says, and the state of the plan on the day."""
        return "；".join(filter(None, (self.state_mark, self.year.under_mark)))

    @property
    def names(self) -> dict[str, str]:
        """Task ids with what a planner calls them."""
        return self.year.names

    @property
    def reserve(self) -> Capacity:
        """The reserve (留有余地) of the months ahead and of what is left of the month: half-days by team and month."""
        return self.moment.room(monthly_reserve(self.year.account, self.year.statutory))

    @cached_property
    def move_costs(self) -> dict[int, int]:
        """The cost of moving a visit out of a month, by month: published, announced for the quarter, or internal."""
        return self.moment.move_costs(self.year.plan.move_costs)

    @cached_property
    def position(self) -> Position:
        """Where the year stands on the day."""
        return self.moment.position(self.year.start, self.records, self.capacity, self.before.visits, self.move_costs)

    @cached_property
    def allocation(self) -> Allocation:
        """The plan by months: what was done where it was done, and the months still open planned anew."""
        return allocate_within(self.tasks, self.capacity, self.position, self.year.limits_file)

    @property
    def setting(self) -> Setting:
        """Tasks, capacity and position that the plan was solved from, for questions about it."""
        return Setting(self.tasks, self.capacity, self.allocation, self.position)

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """The plan by quarter: one row per task and quarter."""
        return quarters(self.allocation.visits)

    @cached_property
    def unplaced(self) -> pd.DataFrame:
        """Visits with no month left: one row per task."""
        return self.allocation.unplaced.assign(task=self.allocation.unplaced["task_id"].map(self.names))

    @cached_property
    def findings(self) -> pd.DataFrame:
        """Doubts of the checks about the plan from this day on (存疑): one row per finding."""
        case = self.year.case(self.records, self.allocation, self.closed, self.as_of)
        return checks.findings(case, checks.STANDING_CHECKS)

    # --- the next month ------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The next month by line: visits of the older version and now; one row per task with any."""
        before, now = (
            plan[plan["month"] == self.next_month].set_index("task_id")
            for plan in (self.before.visits, self.allocation.visits)
        )
        table = self.year.tasks[["task_id", "group", "name", "tier", "team"]].rename(columns={"name": "task"})
        table["approved_visits"] = table["task_id"].map(before["visits"]).fillna(0).astype("int64")
        table["visits"] = table["task_id"].map(now["visits"])
        table["changed_visits"] = table["visits"] - table["approved_visits"]
        table["days_needed"] = table["task_id"].map(now["days_needed"])
        return table[(table["approved_visits"] > 0) | (table["visits"] > 0)].reset_index(drop=True)

    @cached_property
    def loads(self) -> pd.DataFrame:
        """The next month by team: one row per team."""
        rows = self.allocation.loads
        return rows[rows["month"] == self.next_month].drop(columns="month").reset_index(drop=True)

    @cached_property
    def notice(self) -> pd.DataFrame:
        """The next month's public notice (月公示), one row per line that is published: objects, items and visits.

        Units stand in it where they may be announced; a drawn line has the commitments of its draws before the visits.
        """
        terms = self.year.tasks[["task_id", "selection", "lead", "partners", "content", "themes", "unpublished"]]
        table = self.lines[self.lines["visits"] > 0].merge(terms, on="task_id", validate="1:1")
        table = table[table["unpublished"] == ""].reset_index(drop=True)
        names = self.announced.groupby("task_id")["name"].agg(tuple).to_dict()
        commitments = self.draws.groupby("task_id")["commitment"].agg(tuple).to_dict()
        table["objects"] = [names.get(task_id, ()) for task_id in table["task_id"]]
        table["commitments"] = [commitments.get(task_id, ()) for task_id in table["task_id"]]
        table["content"] = [
            content or themes for content, themes in zip(table["content"], table["themes"], strict=True)
        ]
        return table[NOTICE]

    # --- the next month by name ----------------------------------------------------------------------------------

    @cached_property
    def named(self) -> NamedMonths:
        """The plan by name (点名): one row per planned visit; names keep the months they had where they can.

        Units of draws count from the month of their public event on.
        """
        last = f"{self.year.plan.year}-{min(self.next_month, 12):02}"
        draws = tuple(record for record in self.year.draws if record.event.date[:7] <= last)
        naming = replace(self.year.naming, draws=draws)
        plan = self.allocation
        before = self.named_before
        if self.editions:
            visits = in_months_given_out(before.visits, self.editions[-1].visits)
            before = replace(before, visits=visits)
        return naming.by_month(self.tasks, plan.visits, plan.unplaced, self.moment, before)

    @cached_property
    def named_before(self) -> NamedMonths:
        """The older version by name."""
        if self.draft:
            nothing, eve = self.year.draft.unplaced, Moment(self.year.calendar, _day_before(self.year, 1))
            return self.year.naming.by_month(self.year.tasks, self.before.visits, nothing, eve)
        in_force = self.year.version
        if in_force and in_force.digest == self.before.digest:
            return self.year.named
        return self.year.named_by(self.before)

    @cached_property
    def month_list(self) -> pd.DataFrame:
        """Whom the next month visits (本月名单), for inside use: one row per planned visit."""
        return lists.month_list(self.named.visits, self.year.tasks, self.year.units, self.next_month)

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The arrangements (日程安排) given out by the day, the oldest first; none under a scenario."""
        return () if self.year.scenario else tuple(one for one in self.year.arrangements if one.as_of <= self.as_of)

    @cached_property
    def numbered(self) -> pd.DataFrame:
        """The plan by name, each visit with the number (安排编号) it was given out under: one row per visit."""
        visits = with_lasting_numbers(self.named.visits, issued_visits(self.editions), self.records)
        return visits.assign(visit_id=visit_ids(visits))

    @cached_property
    def circumstances(self) -> Circumstances:
        """What the schedule is made from."""
        year, tables = self.year, self.year.tables
        days = year.calendar.days
        done = self.records[self.records["unit_id"] != ""].sort_values("date").groupby("unit_id")
        last = pd.concat([year.units.set_index("unit_id")["last_visit"], done["date"].last()])
        return Circumstances(
            self.numbered,
            self.tasks,
            tables.roster,
            days.loc[days["workday"] & (days["date"] > self.as_of), "date"].tolist(),
            dict(zip(year.units["unit_id"], year.units["subdistrict"], strict=True)),
            tables.leave,
            tables.recusals,
            [(period.from_date, period.to_date) for period in year.plan.key_periods],
            year.plan.min_gap_days or 0,
            last.groupby(level=0).max().to_dict(),
            done["officers"].last().to_dict(),
            drawn_officers(year.draws),
            year.plan.visits_a_day,
            ordered=days_ordered(self.numbered, self.tasks, days_drawn(year.draws)),
            caps=entry_rooms(year.asked, self.as_of),
        )

    @cached_property
    def visits_before(self) -> pd.DataFrame | None:
        """The visits of the last arrangement that are not done since (原日程): one row per visit; None without one.

        A visit that had no unit then has the one it has now.
        """
        if not self.editions:
            return None
        before = self.editions[-1].visits
        now = self.numbered.set_index("visit_id")
        before = before[~before["visit_id"].isin(now.index[now["done"].astype(bool)])]
        units = before["visit_id"].map(now["unit_id"]).where(before["unit_id"] == "", before["unit_id"])
        return before.assign(unit_id=units.fillna("")).reset_index(drop=True)

    @cached_property
    def schedule(self) -> Schedule:
        """The visits of the months still open on days, with officers (日程), for inside use.

        What was given out keeps its days and officers where it can.
        """
        given_out = self.editions[-1].announced if self.editions else ()
        return visit_schedule(self.circumstances, self.visits_before, given_out)

    @cached_property
    def arrangement(self) -> Edition:
        """The schedule as the edition to give out for the next month; the last one again where nothing changed."""
        last = self.editions[-1] if self.editions else None
        scheduled = self.schedule
        made = next_arrangement(self.year.plan, last, self.as_of, self.next_month, scheduled.visits)
        made = replace(made, proof=scheduled.proof)
        return last if last and last.same_as(made) else made

    @cached_property
    def deviations(self) -> pd.DataFrame:
        """The visits given out that were late, moved, not made or made by others, and why: one row per visit."""
        return deviations(self.year, self.records, self.as_of)

    @cached_property
    def rebooked(self) -> pd.DataFrame:
        """What changes of the arrangement given out before (改期、换人), and who must be told: one row per visit."""
        if self.visits_before is None:
            return pd.DataFrame(columns=MOVED)
        given_out = frozenset(self.editions[-1].announced)
        moved = rebooked_visits(self.visits_before, self.schedule.visits, given_out)
        return moved[moved["visit_id"].isin(given_out)].reset_index(drop=True)

    @cached_property
    def announced(self) -> pd.DataFrame:
        """The units of the next month that may be announced (可以公示的单位): one row per visit."""
        return lists.announceable(self.month_list, self.year.tasks)

    @cached_property
    def disclosed(self) -> pd.DataFrame:
        """The drawn and those of clues that were visited in the month before (检查以后公布): one row per visit."""
        gone = lists.month_list(self.named.visits, self.year.tasks, self.year.units, self.closed)
        late = ~gone["how"].isin([Selection.ALL, Selection.RANKED])
        return lists.announceable(gone[late], self.year.tasks).reset_index(drop=True)

    @cached_property
    def disclosures(self) -> pd.DataFrame:
        """The same by line: one row per line, with its units and their month."""
        units = self.disclosed.groupby("task", sort=False)["name"].agg(tuple).rename("objects").reset_index()
        return units.assign(month=self.closed)[["task", "month", "objects"]]

    @cached_property
    def draws(self) -> pd.DataFrame:
        """The draws of the next month's lines (抽取): one row per draw, or per line that has none yet."""
        drawn = self.year.tasks.loc[self.year.tasks["selection"] == Selection.DRAW, "task_id"]
        lines = self.lines[self.lines["task_id"].isin(drawn) & (self.lines["visits"] > 0)]
        last = f"{self.year.plan.year}-{self.next_month:02}-31"
        draws = [record for record in self.year.draws if record.committed_on <= last]
        return draw_table(lines, draws, self.next_month)

    @property
    def public_draws(self) -> pd.DataFrame:
        """The draws of lines that are published: one row per draw, or per line that has none yet."""
        lines = self.year.tasks
        public = lines.loc[lines["unpublished"] == "", "task_id"]
        return self.draws[self.draws["task_id"].isin(public)].reset_index(drop=True)

    @property
    def street_months(self) -> pd.DataFrame:
        """The named visits by street (各街镇各月): one row per street and month."""
        return lists.street_months(self.named.visits, self.year.units)

    @property
    def street_coverage(self) -> pd.DataFrame:
        """How far the plan by name covers each street (街镇覆盖): one row per street."""
        return lists.street_coverage(self.named.visits, self.year.units, self.year.plan.vocabulary.our_level)

    @cached_property
    def moved(self) -> pd.DataFrame:
        """Who moved (名单调整): one row per line and unit not yet visited whose month changed; 0: none."""
        moves = name_moves(self.named_before.visits, self.named.visits)
        moves = moves[~moves["done"]]
        units = self.year.units[["unit_id", "name", "subdistrict"]]
        moves = moves.assign(task=moves["task_id"].map({**self.before.names, **self.names}))
        table = moves.merge(units, on="unit_id", how="left").fillna({"name": "", "subdistrict": ""})
        return table[["task_id", "task", "unit_id", "name", "subdistrict", "before_month", "month"]]

    # --- the change order ----------------------------------------------------------------------------------------

    @cached_property
    def basis(self) -> pd.DataFrame:
        """The version the plan departs from (与哪一版比较), and whether it is approved: one row."""
        frozen = self.before.digest in {version.digest for version in self.year.versions}
        state = "草案" if self.draft else "已定版" if frozen else "尚未定版"
        row = (f"第 {self.before.number} 版", self.before.as_of, state, self.before.digest[:12])
        return pd.DataFrame([row], columns=["version", "since", "frozen", "digest"])

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Everything that differs from the older version: one row per task and month."""
        gone = {code: name for code, name in self.before.names.items() if code not in self.names}
        done = self.position.done
        now = done[done["month"] == self.next_month] if self.moment.workdays_ahead else done.iloc[:0]
        return order.changes(
            self.before.visits,
            self.allocation.visits,
            self.year.tasks,
            self.closed,
            dropped=gone,
            begun=dict(zip(now["task_id"], now["visits"], strict=True)),
            fallen=self._fallen,
            moved=self._why_moved,
            drawn=causes.why_limited(self._broken_limits, self.tasks["task_id"].tolist(), 1),
        )

    @cached_property
    def order(self) -> pd.DataFrame:
        """The change order (调整单): one row per task and month still open that differs."""
        return self._differing(self.differences["month"] > self.closed)

    @cached_property
    def past(self) -> pd.DataFrame:
        """What was done otherwise than planned (已过月份的出入): one row per task and month that is over."""
        return self._differing(self.differences["month"] <= self.closed)

    def _differing(self, chosen: pd.Series) -> pd.DataFrame:
        return self.differences.loc[chosen, order.COLUMNS].reset_index(drop=True)

    @property
    def approver(self) -> str:
        """Who must approve the change."""
        ahead = self.differences["month"] > self.closed
        rule = self.year.rules.value("change_of_total_needs_approval", self.year.ruled_on)
        totals = [plan.groupby("task_id")["visits"].sum() for plan in (self.before.visits, self.allocation.visits)]
        other = totals[0].sub(totals[1], fill_value=0).any()
        return order.approver(bool(other or self.differences.loc[ahead, "total_changed"].any()), rule)

    @property
    def _why_moved(self) -> dict[tuple[str, int], str]:
        """Why visits had to leave a month, by task and month: limits, the tables, ordered work."""
        crowded = zip(self.displaced["task_id"], self.displaced["month"], strict=True)
        return {
            **causes.why_limited(self._broken_limits, self.tasks["task_id"].tolist(), -1),
            **causes.why_moved(*self._facts, self.year.tasks),
            **dict.fromkeys(crowded, "临时任务挤占"),
        }

    @cached_property
    def _broken_limits(self) -> pd.DataFrame:
        """The limits that the older version does not keep."""
        before, now = self.before.visits, self.allocation.visits
        plan = pd.concat([now[now["month"] <= self.closed], before[before["month"] > self.closed]])
        return causes.limited(self.year.tables.limits, plan, self.closed)

    @cached_property
    def _facts(self) -> tuple[tuple, tuple]:
        """What the tables said when the older version was made, and what they say now; the same if unknown."""
        now = causes.task_facts(self.tasks), causes.officers_by_month(self.year.statutory)
        return (self.before.tasks or now[0], self.before.officers or now[1]), now

    @cached_property
    def _fallen(self) -> dict[str, int]:
        """Visits that fall away with closed units and did not before, by task."""
        (old, _), (now, _) = self._facts
        before, after = ({code: int(fact["planned_visits"]) for code, fact in facts.items()} for facts in (old, now))
        fewer = {code: before[code] - after[code] for code in before if code in after}
        lost = zip(self.lost["task_id"], self.lost["lost_visits"], strict=True)
        fallen = {code: min(count, max(fewer.get(code, count), 0)) for code, count in lost}
        return {code: count for code, count in fallen.items() if count}

    @cached_property
    def causes(self) -> pd.DataFrame:
        """Where the tables differ from the older version (表的变动): one row per difference."""
        rows = causes.causes(*self._facts, {**self.before.names, **self.names}, self._fallen)
        return pd.concat([rows, causes.limit_rows(self._broken_limits)], ignore_index=True)

    @cached_property
    def ordered(self) -> list[str]:
        """Tasks the older version does not know: work ordered since."""
        return sorted(set(self.names) - set(self.before.visits["task_id"]))

    @cached_property
    def displaced(self) -> pd.DataFrame:
        """Visits that ordered work displaces (临时任务挤占): one row per task and month."""
        if not self.ordered:
            return pd.DataFrame(columns=["task_id", "task", "month", "changed_visits"])
        tasks = self.tasks[~self.tasks["task_id"].isin(self.ordered)].reset_index(drop=True)
        without = allocate_within(tasks, self.capacity, self.position, self.year.limits_file)
        return order.displaced(without.visits, self.allocation.visits, self.year.tasks)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Shares and loads of the older version with today's officers, and of the plan: one row per figure."""
        totals = self.before.visits.groupby("task_id")["visits"].sum()
        known = self.year.tasks[self.year.tasks["task_id"].isin(totals.index)]
        old = known.assign(planned_visits=known["task_id"].map(totals).astype(int))
        gone = totals.drop(known["task_id"])
        effort = causes.efforts_of({code: facts for code, facts in self.before.tasks.items() if code in gone.index})
        was = loads(self.before.visits, pd.concat([visits.efforts(old), effort]), self.capacity)
        before = {"tasks": pd.concat([old, pd.DataFrame({"tier": "", "planned_visits": gone})]), "loads": was}
        now = self.allocation.visits.groupby("task_id")["visits"].sum()
        after = self.tasks.assign(planned_visits=self.tasks["task_id"].map(now).astype(int))
        return order.effects(before, {"tasks": after, "loads": self.allocation.loads}, self.closed)

    @cached_property
    def version(self) -> Version:
        """The plan as the next version, with the older one as its youngest ancestor."""
        made, lost = first_version(self.year), dict(zip(self.lost["task_id"], self.lost["lost_visits"], strict=True))
        facts = causes.task_facts(self.tasks).items()
        facts = {code: {**fact, "lost_visits": int(lost.get(code, 0))} for code, fact in facts}
        return successor(self.before, replace(made, as_of=self.as_of, visits=self.allocation.visits, tasks=facts))
