"""The caps of a plan (频次上限): the table it names, the visits of units by name, and what caps leave of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from enforce.inputs.parameters.cap_tables import CapTable, CapTables
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import Tables
from enforce.planning.names.burden import (
    DONE,
    ELSEWHERE,
    Burden,
    Caps,
    Limit,
    cap_rooms,
    cause_of,
    counted,
    unit_bounds,
    unit_entries,
    unit_visits,
)  # fmt: skip
from enforce.planning.names.cap_flow import CapShortfall, PoolDemand, cap_shortfalls
from enforce.planning.names.gate_entries import entries_of
from enforce.planning.names.pool import pool
from enforce.planning.through import progress
from enforce.planning.visits import counted_units
from enforce.words.problems import Flaw, Problem
from enforce.words.terms import CapState, CountedOver, Counting, Status, Unnamed
from enforce.words.texts import shown_path

_ACTING = (CapState.ACTS, CapState.UNDATED)
_CHOICES = (("cap_table", "年度检查频次上限表", "次/家·年"), ("min_gap_days", "两次检查的最短间隔", "天"))


@dataclass(frozen=True, eq=False)
class Asked:
    """What a plan asks of firms and by which rules: plan, tables, named visits, caps, the day whose rules hold."""

    plan: Plan
    tables: Tables
    named: pd.DataFrame
    cap_tables: CapTables
    ruled_on: str

    @property
    def table(self) -> CapTable | None:
        """The table of caps the plan names; None where it names none."""
        return self.cap_tables.entries.get(self.plan.cap_table or "")

    @property
    def state(self) -> CapState:
        """Whether that table acts where and when the plan is approved."""
        return self.table.state(self.plan.division, self.ruled_on) if self.table else CapState.NOT_CHOSEN

    @property
    def causes(self) -> list[dict]:
        """The rows that say what a visit's cause is."""
        return [row.model_dump() for row in self.cap_tables.causes]

    def pool(self, task: object) -> pd.Series:
        """Return the codes of the units a line may choose; what was used up elsewhere is the caps' to say."""
        table = pool(task, self.tables.units, self.plan.vocabulary.our_level, as_of=self.plan.approval_day)
        return table.loc[table["reason"] == "", "unit_id"]


def unjudged(plan: Plan, columns: Sequence[str]) -> pd.DataFrame:
    """Return what a plan has not chosen of caps and gaps (没有选上限表、最短间隔): rows of the assumptions."""
    texts = {"applies": "本局", "status": Status.ASSUMED.value}
    rows = [
        {
            **texts,
            "rule": name,
            "label": label,
            "unit": unit,
            "value": None,
            "note": f"计划没有写{label}：不判，不当作零",
        }
        for name, label, unit in _CHOICES
        if getattr(plan, name) is None
    ]
    return pd.DataFrame(rows, columns=columns, dtype=object).fillna({name: "" for name in columns if name != "value"})


def caps_of(table: CapTable) -> Caps:
    """Return a table of caps as the arithmetic takes it."""
    limits = tuple(Limit(getattr(row, "class"), row.grade, row.cap, row.over or table.over) for row in table.limits)
    apart = table.separate
    return Caps(
        limits, table.counts, table.class_column, table.grade_columns, table.grade_words,
        Limit(apart.name, "any", apart.cap, table.over) if apart else None, apart.causes if apart else (),
    )  # fmt: skip


def visits_a_unit(task: object) -> int:
    """How often a line visits a unit at most: its visits spread evenly over its units."""
    outside = task.out_of_district_visits
    return max(-(-(task.planned_visits - outside) // max(task.planned_units - outside, 1)), 1)


def burden(asked: Asked) -> Burden:
    """Return the burden of a plan on the day of approval: what is planned by name, done by then, known elsewhere."""
    plan, tables, table = asked.plan, asked.tables, asked.table
    caps = caps_of(table) if table and asked.state in _ACTING else None
    records, tasks = progress.until(tables.records, plan.approval_day), tables.tasks
    named = asked.named
    visits = unit_visits(named, records, tables.elsewhere, tasks, asked.causes)
    unnamed = named[(named["unit_id"] == "") & (named["reason"] != Unnamed.OUTSIDE)]
    return Burden(
        visits,
        counted_units(tables.units, records),
        tasks,
        caps,
        asked.state.value,
        table=f"{plan.cap_table} {table.title}" if table else "",
        quoted=bool(table) and table.status in (Status.QUOTED, Status.ASSUMED),
        counts_all=bool(caps) and CountedOver.ALL in caps.overs,
        elsewhere_known="elsewhere" in tables.files,
        min_gap_days=plan.min_gap_days,
        entered=entries_of(named[~named["done"]]),
        unnamed_visits=len(unnamed),
        shortfalls=_shortfalls(asked, visits, records, caps),
    )


def entries_so_far(asked: Asked, as_of: str) -> pd.DataFrame:
    """Return how often each unit was entered by the end of a day and its yearly caps (本年入企次数): one row per unit.

    `entries_so_far` are the entries (入企次数) of all authorities that are known, those left out that a table of caps
    exempts; `cap_text` is what the acting table says of the unit, in words.
    """
    caps = caps_of(asked.table) if asked.table and asked.state in _ACTING else None
    elsewhere = asked.tables.elsewhere
    known = elsewhere[(elsewhere["date"] != "") & (elsewhere["date"] <= as_of)]
    records = progress.until(asked.tables.records, as_of)
    visits = unit_visits(asked.named.iloc[:0], records, known, asked.tables.tasks, asked.causes)
    counting = counted(visits, caps)
    entries = unit_entries(counting[counting["counting"] != Counting.EXEMPT], ["unit_id"])
    table = asked.tables.units[["unit_id"]].reset_index(drop=True)
    texts = [_cap_text(caps, unit) for unit in asked.tables.units.to_dict("records")]
    counts = table["unit_id"].map(entries["unit_id"].value_counts()).fillna(0).astype("int64")
    return table.assign(entries_so_far=counts, cap_text=texts)


def _cap_text(caps: Caps | None, unit: dict) -> str:
    """The caps of a unit in words: what is not known of class or grade is a span."""
    if caps is None:
        return "没有选上限表，不判"
    if caps.class_column == "item":
        return "上限按检查事项分列，见企业负担台账"
    texts = []
    for over in caps.overs:
        for name, least, most, lacks in unit_bounds(caps, over, unit):
            highest = most if most > 0 else "不限"
            span = "没有写次数" if least < 0 else f"{least} 次" if most == least else f"{least} 至 {highest} 次"
            lacking = {"class": "，类别没有登记", "grade": "，等级没有登记"}.get(lacks, "")
            texts.append(f"{CountedOver(over).label} {span}（{name or '按最严'}{lacking}）")
    return "；".join(dict.fromkeys(texts))


def _shortfalls(
    asked: Asked, visits: pd.DataFrame, records: pd.DataFrame, caps: Caps | None
) -> tuple[CapShortfall, ...]:
    """What the caps, and each line's own, make impossible of the visits planned and not done yet."""
    units, tasks = asked.tables.units, asked.tables.tasks
    if caps is None and tasks["cap_per_unit"].isna().all():
        return ()
    used = counted(visits[visits["state"].isin([DONE, ELSEWHERE])], caps)
    rooms, of_lines = cap_rooms(used, units, tasks, caps) if caps else ({}, {})
    done = records[records["unit_id"] != ""].groupby(["task_id", "unit_id"]).size().to_dict()
    inside = records[records["in_district"].astype(bool)].groupby("task_id").size()
    demands = []
    for task in tasks.itertuples(index=False):
        made = {unit: done.get((task.task_id, unit), 0) for unit in asked.pool(task)}
        pool = {unit: max(visits_a_unit(task) - made[unit], 0) for unit in made}
        left = task.planned_visits - task.out_of_district_visits - int(inside.get(task.task_id, 0))
        counts = caps is not None and _is_counted(task, asked, caps)
        line = {unit: of_lines[task.task_id, unit] for unit in made if counts and (task.task_id, unit) in of_lines}
        if pd.notna(task.cap_per_unit):
            most = {unit: max(int(task.cap_per_unit) - made[unit], 0) for unit in made}
            line = {unit: min(most[unit], line.get(unit, most[unit])) for unit in made}
        demands.append(PoolDemand(task.task_id, max(left, 0), pool, line, shared=counts))
    return cap_shortfalls(demands, rooms)


def _planned_cause(task: object, asked: Asked) -> str:
    facts = {"trigger": "", "kind": task.kind, "inspection_class": task.inspection_class}
    return cause_of(facts | {"ordered": bool(task.order_document)}, asked.causes)


def cap_problems(plan: Plan, burden: Burden, task_id: str = "") -> Iterator[Problem]:
    """Yield what the caps make impossible, with the units, as the refusal of a draw or an approval.

    With a `task_id` only where that line is among those that do not fit.
    """
    for shortfall in burden.shortfalls:
        if not task_id or task_id in shortfall.task_ids:
            value = f"{'、'.join(shortfall.task_ids)} 还差 {shortfall.missing_visits} 家次"
            expected = f"上限排得下的家次（余地不够的单位：{burden.units_text(shortfall.unit_ids)}）"
            yield Problem(shown_path(plan.path), plan.place("cap_table"), value, expected, Flaw.CONFLICT)


def entry_rooms(asked: Asked, as_of: str) -> list[tuple[frozenset[str], dict[str, int]]]:
    """Return what caps leave on a day: lines that share a cap, with the entries left by unit; a line's own by itself.

    Lines whose visits a table of caps does not surely count are in none of its caps.
    """
    caps = caps_of(asked.table) if asked.table and asked.state in _ACTING else None
    units, tasks = asked.tables.units, asked.tables.tasks
    records = progress.until(asked.tables.records, as_of)
    rooms: list[tuple[frozenset[str], dict[str, int]]] = []
    if caps:
        visits = unit_visits(asked.named.iloc[:0], records, asked.tables.elsewhere, tasks, asked.causes)
        of_units, of_lines = cap_rooms(counted(visits, caps), units, tasks, caps)
        lines = [task.task_id for task in tasks.itertuples() if _is_counted(task, asked, caps)]
        rooms.append((frozenset(lines), of_units))
        for line in lines if of_lines else ():
            rooms.append((frozenset([line]), {unit: room for (task, unit), room in of_lines.items() if task == line}))
    done = records.groupby(["task_id", "unit_id"]).size().to_dict()
    for line, cap in tasks.set_index("task_id")["cap_per_unit"].dropna().items():
        left = {unit: max(int(cap) - done.get((line, unit), 0), 0) for unit in units["unit_id"]}
        rooms.append((frozenset([line]), left))
    return rooms


def _is_counted(task: object, asked: Asked, caps: Caps) -> bool:
    """Whether a table of caps surely counts what is planned of a line."""
    return caps.counts.get(_planned_cause(task, asked)) == Counting.COUNTS
