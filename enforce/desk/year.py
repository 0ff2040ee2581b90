"""The year (年度): one plan read, checked and worked out; the tables every notebook begins with.

Everything is computed once, on first use, from the plan, its rules, its calendar and its four tables. Nothing is read
again and nothing is changed. `standing` and `summary` have the plan as it stands on a day, and its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from enforce.desk import caps
from enforce.desk.annex import annex_differences, annex_effort, annex_plan, annex_tasks
from enforce.desk.days import KeyPeriods, OfficerDays, Service, rule_of_item, shared
from enforce.desk.moment import Moment
from enforce.desk.naming import Naming
from enforce.desk.opening import input_files, read_parts, register_report, sources_table
from enforce.desk.parcel import read_parcel
from enforce.desk.plan_text import plan_text
from enforce.desk.questions import Explainable, allocate_within
from enforce.inputs.arrangements import RETURNS, Edition
from enforce.inputs.calendar import Calendar
from enforce.inputs.draws import DrawRecord
from enforce.inputs.parameters.cap_tables import CapTables
from enforce.inputs.parameters.contact import Contact
from enforce.inputs.parameters.legal_bases import Bases
from enforce.inputs.parameters.plan import ChosenBasis, Plan, read_plan
from enforce.inputs.parameters.promises import Promise
from enforce.inputs.parameters.rules import Rules
from enforce.inputs.parameters.scenario import Scenario
from enforce.inputs.parameters.under_scenario import applied, mark
from enforce.inputs.tables.forms import Tables
from enforce.inputs.tables.table_folder import TableFile, table_files
from enforce.inputs.versions import Version, plan_state, state_mark, state_number
from enforce.planning import checks, visits
from enforce.planning.account import monthly_capacity, monthly_reserve
from enforce.planning.checks.bases import BASIS_LIST, cited_bases
from enforce.planning.checks.bases import COLUMNS as BASIS_COLUMNS
from enforce.planning.months.allocate import Allocation, quarters
from enforce.planning.months.exact import Capacity
from enforce.planning.months.position import Position
from enforce.planning.names import gate_entries, lists
from enforce.planning.names.burden import Burden
from enforce.planning.names.choice import pool_counts, ranking
from enforce.planning.names.monthly import NamedMonths
from enforce.planning.names.pool import LAST_DAY
from enforce.planning.staff import staff_sentence
from enforce.planning.through import progress
from enforce.planning.through.removals import removed_visits
from enforce.planning.through.staffing import BY_DAY
from enforce.planning.why import shortage
from enforce.planning.why.cell import Setting
from enforce.words.months import MONTHS
from enforce.words.terms import ITEM_NAMES, Follows, Paper, PlanState, Selection

#: The columns of the order in which lines choose their units.
RANKING = [
    *("task_id", "task", "order", "unit_id", "name", "subdistrict", "owed", "warned_on", "credit_grade", "risk_grade"),
    "ticket",
]


def open_year(
    path: str | Path, *, require_official: bool = False, quarantine: bool = False, scenario: str = ""
) -> Year:
    """Read a plan with all it names; InputError with every problem of every file at once.

    With `quarantine`, rows of the tables with a problem are set aside (`Year.aside`) and the rest is read. With the
    name of a `scenario` of the plan the year is as that has it.

    >>> year = open_year("params/putuo-2024.yaml")
    >>> int(year.tasks["planned_visits"].sum()), int(year.workdays["workdays"].sum())
    (261, 251)
    """
    if opened := not require_official and read_parcel(path, quarantine=quarantine, scenario=scenario):
        return opened
    plan = read_plan(path)
    parts = read_parts(plan, require_official=require_official, quarantine=quarantine, scenario=scenario)
    departing = parts.pop("scenario")
    year = Year(plan, **parts)
    return under(year, departing) if departing else year


def under(year: Year, scenario: Scenario, beside: OfficerDays | None = None) -> Year:
    """Return the year as a scenario has it (情景); InputError with all that the plan has no place for.

    Officers who leave in July take no day from the months before. What the days of another scenario, `beside`, have in
    common with this one is not worked out again.
    """
    plan, tables = applied(year.plan, year.tables, scenario)
    return replace(year, plan=plan, tables=tables, scenario=scenario, base=year, days_beside=beside)


@dataclass(frozen=True, eq=False)  # one year is another only if it is the same: what is computed of it is kept by it
class Year(Explainable):
    """A plan with its rules, calendar and tables, and what follows from them."""

    plan: Plan
    rules: Rules
    calendar: Calendar
    tables: Tables
    legal_bases: Bases = field(default_factory=lambda: Bases({}))
    cap_tables: CapTables = field(default_factory=lambda: CapTables({}))
    contact: Contact | None = None
    promises: tuple[Promise, ...] = ()
    streets: pd.DataFrame | None = None
    ledger_head: str = ""
    versions: tuple[Version, ...] = ()
    draws: tuple[DrawRecord, ...] = ()
    arrangements: tuple[Edition, ...] = ()
    visit_returns: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=RETURNS))
    scenario: Scenario | None = None
    base: Year | None = None  # the plan that the scenario departs from
    days_beside: OfficerDays | None = None  # of another scenario of it

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
    def publications(self) -> pd.DataFrame:
        """What was made public when (公示登记): one row per paper and period."""
        return self.tables.publications

    @property
    def last_year(self) -> pd.DataFrame:
        """The figures of the year before (上年数): one row per indicator and period; none where the plan names none."""
        return self.tables.last_year

    @property
    def aside(self) -> pd.DataFrame:
        """The rows of the tables set aside (放到一边), not in any number: one row each, with file, row and message."""
        return self.tables.aside

    @cached_property
    def sources(self) -> pd.DataFrame:
        """What the plan was read from (读入的数据): one row per table."""
        return sources_table(self.plan, self.tables, self.ledger_head)

    @cached_property
    def health(self) -> pd.DataFrame:
        """The health of the register (台账体检): what is missing or odd in it, one row per kind of finding."""
        return register_report(self.tables, self.plan.vocabulary)

    @property
    def under_mark(self) -> str:
        """What every table and chart says whatever the state: a scenario (情景), an estimated calendar (预估)."""
        return "；".join(filter(None, (mark(self.scenario) if self.scenario else "", self.calendar.mark)))

    @property
    def state_mark(self) -> str:
        """That the plan is a draft or handed in (草案、送审稿); '' once it is approved, and under a scenario."""
        return "" if self.scenario else state_mark(self.plan, self.versions)

    @property
    def mark(self) -> str:
        """What every table and chart says: the state until approval, a scenario, an estimated calendar."""
        return "；".join(filter(None, (self.state_mark, self.under_mark)))

    @property
    def title(self) -> str:
        """What the book of the year is called."""
        return f"{self.plan.year}年度执法计划"

    @property
    def names(self) -> dict[str, str]:
        """Task ids with what a planner calls them, in the order of the plan."""
        return dict(zip(self.tasks["task_id"], self.tasks["name"], strict=True))

    @cached_property
    def inputs(self) -> tuple[Path, ...]:
        """Every file that was read, for the manifest."""
        return input_files(self.plan, self.tables, self.scenario)

    @property
    def ruled_on(self) -> str:
        """The day whose rules hold for the plan: that of approval, within the plan's year."""
        return min(max(self.plan.approval_day, f"{self.plan.year}-01-01"), f"{self.plan.year}-12-31")

    @cached_property
    def cited_bases(self) -> pd.DataFrame:
        """Every legal basis that plan, letters and lines cite, judged on that day: one row per place and basis."""
        plan = self.plan
        listed = [(BASIS_LIST, basis, "") for basis in plan.bases]
        letters = [(Paper(letter.paper).label, code, "") for letter in plan.letters for code in letter.bases]
        lines = zip(self.tasks["task_id"], self.tasks["legal_basis"], strict=True)
        clauses = [(task, code, article) for task, cited in lines for code, article in cited]
        cites = [
            (where, "", "", basis.title, basis.number)
            if isinstance(basis, ChosenBasis)
            else (where, basis, article, "", "")
            if basis
            else (where, "", "", article, "")
            for where, basis, article in (*listed, *letters, *clauses)
        ]
        known = {
            code: {**basis.model_dump(exclude={"source"}), "here": plan.division.inside(basis.division)}
            for code, basis in self.legal_bases.entries.items()
        }
        return cited_bases(pd.DataFrame(cites, columns=BASIS_COLUMNS[:5]), known, self.ruled_on)

    @property
    def bases(self) -> pd.DataFrame:
        """The list of legal bases (编制依据) in the order printed, each judged on that day: one row per basis."""
        listed = self.cited_bases[self.cited_bases["where"] == BASIS_LIST]
        return listed.drop(columns=["where", "article", "dates", "covers_to"]).reset_index(drop=True)

    @cached_property
    def rules_in_force(self) -> pd.DataFrame:
        """The rules in force for the plan, where it is and when it was approved: one row per rule, assumed ones too."""
        return self.rules.in_force(self.ruled_on)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """What is assumed and the plan does not say itself, and what no rule says (假定): one row per rule."""
        chosen = [rule_of_item(item) for item in self.plan.items_follow.model_dump(exclude_none=True)]
        table = self.rules.assumptions(self.ruled_on)
        table = table[~table["rule"].isin(chosen)]
        return pd.concat([table, caps.unjudged(self.plan, table.columns)], ignore_index=True)

    @cached_property
    def follows(self) -> dict[str, Follows]:
        """Whether each item of the account goes with an officer who leaves or joins: the plan's word, else the rule.

        An item that no rule in force speaks of stays with the team.
        """
        known = dict(zip(self.rules_in_force["rule"], self.rules_in_force["value"], strict=True))
        by_rule = {item: Follows.PERSON if known.get(rule_of_item(item)) else Follows.TEAM for item in ITEM_NAMES}
        chosen = self.plan.items_follow.model_dump(exclude_none=True)
        return by_rule | {item: Follows.of(word) for item, word in chosen.items()}

    # --- the state -----------------------------------------------------------------------------------------------

    @property
    def state(self) -> PlanState:
        """How far the plan has come (草案、送审、批准、备案); a scenario is a draft."""
        return PlanState.DRAFT if self.scenario else plan_state(self.plan, self.versions)

    @property
    def version(self) -> Version | None:
        """The version in force (有效的版本), which annex 1 is; None until one is approved, and under a scenario."""
        return self.versions[-1] if self.versions and not self.scenario else None

    @property
    def version_text(self) -> str:
        """The version in force as the head of annex 1 names it: number, day and digest; '' where there is none."""
        return self.version.text if self.version else ""

    @property
    def number(self) -> str:
        """The number (文号) of the state the plan is in; '' where it has none."""
        return "" if self.scenario else state_number(self.plan, self.versions)

    @cached_property
    def states(self) -> pd.DataFrame:
        """The states the plan has come to (计划的状态) and its versions: one row each, with day, number and body."""
        plan = self.plan
        steps = [(PlanState(step.state).label, step.date, step.number, step.body) for step in plan.approval]
        if self.versions and not plan.step(PlanState.APPROVED):
            steps.append((PlanState.APPROVED.label, plan.approval_day, plan.document, ""))
        steps = steps or [(PlanState.DRAFT.label, "", "", "")]
        steps += [
            (f"第 {one.number} 版定版", one.as_of, f"摘要 {one.digest[:12]}（内容的指纹，改一个字就不同）", "")
            for one in self.versions
        ]
        return pd.DataFrame(steps, columns=["plan_state", "state_date", "document", "body"])

    @property
    def moment(self) -> Moment:
        """The day of approval, or the one expected: months gone by then hold what was done."""
        return Moment(self.calendar, self.plan.approval_day)

    @property
    def key_list(self) -> dict[str, str] | None:
        """The frozen key list (定版名单): code of each unit and the line that covers it; None where none is frozen."""
        return next((version.key_list for version in self.versions if version.key_list is not None), None)

    # --- days ----------------------------------------------------------------------------------------------------

    @cached_property
    def days(self) -> OfficerDays:
        """Account and capacity; what a scenario does not touch is that of the plan, worked out once."""
        plan, roster, base = self.plan, self.tables.roster, self.base
        before = base.tables.roster if base and base.tables.roster is not roster else None
        approved = self.versions[0] if self.versions else None
        service = Service(self.calendar, tuple(team.team for team in plan.teams), roster, approved, before)
        periods = KeyPeriods(self.calendar, plan.key_periods)
        earlier = [one for one in (base and base.days, self.days_beside) if one]
        return shared(
            OfficerDays(
                shared(service, *(one.service for one in earlier)),
                shared(periods, *(one.key_periods for one in earlier)),
                plan.teams,
                plan.reserve_share,
                tuple(item for item, word in self.follows.items() if word == Follows.PERSON),
            ),
            *earlier,
        )

    @cached_property
    def what_ifs(self) -> dict[Scenario, tuple]:
        """What scenarios of the plan came to, as a sweep worked them out: once for the command and its notebook."""
        return {}

    @property
    def workdays(self) -> pd.DataFrame:
        """Statutory workdays (法定工作日): one row per month."""
        return self.days.service.workdays

    @property
    def statutory(self) -> pd.DataFrame:
        """Officers in service and their statutory days: one row per team and month."""
        return self.days.service.statutory

    @property
    def reserved(self) -> pd.DataFrame:
        """What key periods set aside, as the plan says it: one row per period and team."""
        return self.days.key_periods.reserved

    @property
    def key_periods(self) -> pd.DataFrame:
        """The key periods by their dates, also those that set no days aside: one row per period."""
        periods = [(period.name, period.from_date, period.to_date) for period in self.plan.key_periods]
        return pd.DataFrame(periods, columns=["name", "from_date", "to_date"])

    @property
    def key_period_days(self) -> pd.DataFrame:
        """The same by month: one row per period, team and month."""
        return self.days.key_periods.by_month

    @property
    def account(self) -> pd.DataFrame:
        """The workload account (执法工作量核算): one row per team and line or item."""
        return self.days.account

    @property
    def months(self) -> pd.DataFrame:
        """The account by months (各月核算), which add up to it, short ones below zero: one row per team and month."""
        return self.days.months

    @property
    def capacity(self) -> pd.DataFrame:
        """What can be planned (可安排工作日): one row per team and month; none where the account is short."""
        return self.days.capacity

    @property
    def staff(self) -> pd.DataFrame:
        """Officers who left or joined since the approval (人员变动): one row per team, a sentence each."""
        days = self.days
        sentences = [staff_sentence(row, days.follows) for _, row in days.staff.iterrows()]
        return days.staff[["team"]].assign(message=sentences)

    def capacity_after(self, closed: int) -> pd.DataFrame:
        """Return what can be planned with the months up to `closed` as they are: one row per team and month."""
        return monthly_capacity(self.days.months_after(closed))

    @cached_property
    def open_capacity(self) -> pd.DataFrame:
        """What can be planned on the day of approval, months gone as they are: one row per team and month."""
        return self.capacity_after(self.moment.closed)

    # --- visits --------------------------------------------------------------------------------------------------

    @cached_property
    def lines(self) -> pd.DataFrame:
        """The lines with their officer-days: one row per task."""
        return visits.plan_lines(self.tasks)

    @cached_property
    def need(self) -> pd.DataFrame:
        """Need against capacity over the year: one row per team."""
        return visits.need_by_team(self.tasks, self.months)

    @cached_property
    def pools(self) -> pd.DataFrame:
        """How many units each line may choose from on the day of approval: one row per task, 家."""
        units, day = self.counted(self.tables.records.iloc[:0]), self.plan.approval_day
        known = {"elsewhere": self.naming.elsewhere, "as_of": day}
        counts = pool_counts(self.tasks, units, self.plan.vocabulary.our_level, **known)
        return self.tasks[["task_id", "planned_units"]].merge(counts, on="task_id")[
            ["task_id", "task", "planned_units", "eligible_units"]
        ]

    @cached_property
    def key_coverage(self) -> pd.DataFrame:
        """Which line covers how many key units: one row per covering task."""
        return visits.key_coverage(self.tasks, self.counted(self.tables.records.iloc[:0]))

    def counted(self, records: pd.DataFrame) -> pd.DataFrame:
        """Return the units that count: those not closed, and those among the records."""
        return visits.counted_units(self.units, records)

    def lost(self, records: pd.DataFrame) -> pd.DataFrame:
        """Return what closed units take from the plan (停业落空), these records done: one row per task with any."""
        return visits.lost_visits(self.tasks, self.units, records, self.plan.vocabulary.our_level)

    @cached_property
    def joint_shares(self) -> pd.DataFrame:
        """The joint share by each denominator: one row per reading."""
        return visits.joint_shares(self.tasks)

    def visits_by(self, column: str) -> pd.DataFrame:
        """Return visits and their share by `tier` or `group`."""
        return visits.visits_by(self.tasks, column)

    @cached_property
    def plan_text(self) -> pd.DataFrame:
        """The figures the plan's text prints, computed again, with what is to be told of them: one row per figure."""
        workdays = int(self.workdays["workdays"].sum())
        return plan_text(self.plan.printed, self.tasks, self.account, workdays)

    @property
    def printed(self) -> pd.DataFrame:
        """The figures the plan's text prints beside the computed ones (公布数复算): one row per figure."""
        return self.plan_text[["item", "printed", "computed", "agrees"]]

    # --- months --------------------------------------------------------------------------------------------------

    @cached_property
    def draft(self) -> Allocation:
        """The whole year by month, as if nothing were over yet: what is worked by before the plan is approved."""
        return allocate_within(self.tasks, self.capacity, self.start, self.limits_file)

    @property
    def start(self) -> Position:
        """Where the year stands before it begins: its limits, and the load below which none is lowered."""
        return Position(limits=self.tables.limits, comfortable_load=self.plan.comfortable_load)

    @cached_property
    def position(self) -> Position:
        """Where the year stands on the day of approval: not begun, or months gone with what was done in them."""
        if not self.moment.day_month:
            return self.start
        return self.moment.position(self.start, self.tables.records, self.open_capacity)

    @cached_property
    def allocation(self) -> Allocation:
        """The plan standing on the day of approval, by today's tables: exact, unique, proved.

        Approved before the year, all of it is planned; later, months gone hold what the records say was done.
        """
        return allocate_within(self.tasks, self.open_capacity, self.position, self.limits_file)

    @cached_property
    def annex(self) -> Allocation:
        """Annex 1 (附件1): the version in force; until one is approved, what today's tables give."""
        if not self.version:
            return self.allocation
        return annex_plan(self.version, self.tasks, self.open_capacity)

    @cached_property
    def annex_tasks(self) -> pd.DataFrame:
        """The lines of annex 1: one row per task, as the version in force has them."""
        return annex_tasks(self.version, self.tasks) if self.version else self.tasks

    @cached_property
    def annex_need(self) -> pd.DataFrame:
        """Need of annex 1 against today's capacity: one row per team, 人日."""
        effort = annex_effort(self.version, self.tasks) if self.version else None
        return visits.need_by_team(self.annex_tasks, self.months, effort)

    @property
    def annex_names(self) -> dict[str, str]:
        """Task ids of annex 1 with what it calls them."""
        return dict(zip(self.annex_tasks["task_id"], self.annex_tasks["name"], strict=True))

    @property
    def annex_mark(self) -> str:
        """The mark of annex 1: the version it is or the state, estimates, and which teams are overloaded when."""
        parts = (self.version_text, self.mark, shortage.overload_text(self.annex.loads))
        return "；".join(filter(None, parts))

    @property
    def other_plan(self) -> str:
        """That proof, reasons and ways out are of the plan by today's tables, where annex 1 is another."""
        rows = annex_differences(self.annex.visits, self.allocation.visits, self.names)
        day = f"按现在的表在 {self.plan.approval_day} 算出的计划"
        return f"说的是{day}，与附件1有 {len(rows)} 格不同" if len(rows) else ""

    # --- names ---------------------------------------------------------------------------------------------------

    @property
    def naming(self) -> Naming:
        """What the units of the plan are named from: register, draws, clues."""
        return Naming(self.plan, self.tables, self.draws)

    @cached_property
    def named(self) -> NamedMonths:
        """Annex 1 by name (点名): which unit in which month, one row per planned visit."""
        if not self.version:
            return self.naming.by_month(self.tasks, self.annex.visits, self.annex.unplaced, self.moment)
        return self.named_by(self.version)

    def named_by(self, version: Version) -> NamedMonths:
        """Return an approved version by name: names keep their months from one version to the next where they can."""
        names = None
        for one in (*(before for before in self.versions if before.number < version.number), version):
            plan = annex_plan(one, self.tasks, self.open_capacity)
            names = self.naming.by_month(
                self.tasks, plan.visits, plan.unplaced, Moment(self.calendar, one.as_of), names
            )
        return names

    @cached_property
    def name_list(self) -> pd.DataFrame:
        """Annex 1 by name as a planner reads it, for inside use: one row per planned visit, by month."""
        months = [
            lists.month_list(self.named.visits, self.tasks, self.units, month).assign(month=month)
            for month in (*MONTHS, 0)
        ]
        table = pd.concat(months, ignore_index=True)
        return table[["month", *lists.LIST]]

    @property
    def seed(self) -> str:
        """The seed by which ranks that tie are put in order."""
        return self.naming.seed

    @cached_property
    def entries(self) -> pd.DataFrame:
        """The entries of annex 1 by name (入企次数): one row per entry, of visits done and to come."""
        return gate_entries.entries_of(self.named.visits)

    @property
    def merge_proof(self) -> pd.DataFrame:
        """The proof that merging dropped no duty and missed no window: one row per statement."""
        return gate_entries.proof_of_merging(self.named.visits, self.entries, self.tasks)

    @property
    def merge_savings(self) -> pd.DataFrame:
        """What merging saves in entries and officer-days (合并节省): one row."""
        return gate_entries.savings_of_merging(self.entries, self.tasks, self.plan.merge_share)

    @property
    def merge_note(self) -> str:
        """What the days saved rest on, in one sentence."""
        return f"同一次入企里，同一科队第二项起每家次按 {self.plan.merge_share:g} 计人日，是假定"

    @property
    def unmerged(self) -> pd.DataFrame:
        """The units with several entries, by name, and why they are not one (没有合并的): one row per unit."""
        table = gate_entries.unmerged(self.named.visits, self.entries, self.tasks)
        names = dict(zip(self.units["unit_id"], self.units["name"], strict=True))
        table.insert(1, "name", table["unit_id"].map(names).fillna(""))
        return table

    @cached_property
    def rankings(self) -> pd.DataFrame:
        """The order of the lines that choose by warning, credit and risk (排序): one row per line and unit."""
        register = self.naming.register(self.moment, progress.until(self.tables.records, self.moment.as_of))
        ranked = self.tasks[self.tasks["selection"] == Selection.RANKED]
        tables = [
            ranking(task, register).assign(task_id=task.task_id, task=task.name)
            for task in ranked.itertuples(index=False)
        ]
        table = pd.concat(tables) if tables else pd.DataFrame(columns=RANKING)
        return table[RANKING].reset_index(drop=True)

    @cached_property
    def trial(self) -> Allocation:
        """What today's tables would make of the version in force (试算): standing on its day, with fewest moves."""
        if not self.version:
            return self.allocation
        day, costs = Moment(self.calendar, self.version.as_of), self.plan.move_costs
        records = progress.until(self.tables.records, day.as_of)
        tasks, capacity = visits.without_lost(self.tasks, self.lost(records)), self.capacity_after(day.closed)
        position = day.position(self.start, records, capacity, self.version.visits, day.move_costs(costs))
        return allocate_within(tasks, capacity, position, self.limits_file)

    @cached_property
    def trial_differences(self) -> pd.DataFrame:
        """Where today's tables would give another annex 1 (试算与附件1不同): one row per task and month."""
        return annex_differences(self.annex.visits, self.trial.visits, {**self.annex_names, **self.names})

    @cached_property
    def burden(self) -> Burden:
        """The burden on firms (企业负担) on the day of approval: visits by name, held against caps and gaps."""
        return caps.burden(self.asked)

    @property
    def asked(self) -> caps.Asked:
        """What is asked of firms, and by which rules."""
        return caps.Asked(self.plan, self.tables, self.named.visits, self.cap_tables, self.ruled_on)

    @property
    def limits_file(self) -> str:
        """The file of the limits, as messages name it."""
        return table_files(self.plan)[0].get("limits", TableFile(self.plan.tables_folder / "limits.csv")).label

    @property
    def setting(self) -> Setting:
        """What the plan was solved from: what a question about it needs."""
        return Setting(self.tasks, self.open_capacity, self.allocation, self.position)

    @cached_property
    def approved(self) -> pd.DataFrame:
        """The plan as it was approved, by task and month: of the first version, else as worked out today."""
        return self.versions[0].visits if self.versions else self.allocation.visits

    @property
    def reserve(self) -> Capacity:
        """The reserve (留有余地) of the months open on the day of approval: half-days by team and month."""
        return self.moment.room(monthly_reserve(self.account, self.statutory))

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The headline of the plan (总体数字): one row per figure."""
        return visits.headline_figures(self.tasks, self.units, self.allocation.loads)

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Annex 1 by quarter: one row per task and quarter."""
        return quarters(self.annex.visits)

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What the checks doubt in the plan: one row per finding."""
        day = Moment(self.calendar, self.version.as_of if self.version else self.plan.approval_day)
        case = self.case(self.tables.records.iloc[:0], self.trial, day.closed)
        approval = replace(self._approval, differences=self.trial_differences)
        case = replace(case, approval=approval, ruled_on=self.ruled_on, bases=self.cited_bases, burden=self.burden)
        case = replace(case, named=self.named.visits, elsewhere=self.naming.elsewhere)
        return checks.findings(case, checks.PLAN_CHECKS)

    def case(
        self,
        records: pd.DataFrame,
        allocation: Allocation,
        closed: int = 0,
        as_of: str = "",
        expected: Mapping[str, int] | None = None,
    ) -> checks.Case:
        """Return what the checks look at, with the records up to a day, the allocation and what was expected then."""
        plan = self.plan
        return checks.Case(
            approved_on=plan.approval_day,
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
            capacity=self.days.months_after(closed),
            staff=self.staff,
            allocation=allocation,
            closed=closed,
            rows_aside=len(self.aside),
            doubts=self.tables.doubts,
            printed=self.plan_text,
            alerts=plan.alerts.model_dump(),
            approval=self._approval,
            rules=self.rules.values(self.ruled_on),
            words=plan.vocabulary,
            decisions=self.tables.decisions,
            as_of=as_of,
            expected=expected or {},
            removed=removed_visits(self.draws, as_of or LAST_DAY),
            rules_by_day={(rule, day): self.rules.value(rule, day) for rule in BY_DAY for day in set(records["date"])},
        )

    @cached_property
    def _approval(self) -> checks.Approval:
        """What the checks look at of states, versions, the frozen list and the work before approval."""
        before, noted = progress.until(self.tables.records, self.plan.approval_day), self.plan.step(PlanState.APPROVED)
        return checks.Approval(
            noted_on=noted.date if noted else "",
            first_day=self.versions[0].as_of if self.versions else "",
            version=self.version.number if self.version else 0,
            lacks=self.version.lacks if self.version else (),
            recorded=frozenset(before["date"].str[5:7].astype(int)),
            key_list=None if self.scenario else self.key_list,
            units=self.units,
            changes=self.tables.key_list_changes,
        )
