"""The naming (点名) of a plan: its register, draws and clues as what names are chosen from, and its months by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from enforce.desk.moment import Moment
from enforce.inputs.draws import DrawRecord, units_to_visit
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.tables.forms import Tables
from enforce.inputs.tables.references import clue_lines
from enforce.planning.names.choice import Register, named_visits
from enforce.planning.names.monthly import Gaps, NamedMonths, named_months
from enforce.planning.through import progress
from enforce.planning.visits import by_task_and_month
from enforce.words.months import MONTHS
from enforce.words.terms import Removal, State


def standing_units(units: pd.DataFrame, draws: Sequence[DrawRecord], day: str) -> pd.DataFrame:
    """Return the register as draws leave it on a day: units that an event closed or moved away are closed for all."""
    gone = {
        event.unit_id
        for record in draws
        for event in record.events or ()
        if event.date <= day and event.why in (Removal.CLOSED, Removal.MOVED)
    }
    return units.assign(state=units["state"].mask(units["unit_id"].isin(gone), State.GONE))


DRAWN = ["task_id", "unit_id", "order", "wanted"]


@dataclass(frozen=True, eq=False)
class Naming:
    """What the units of a plan are named from."""

    plan: Plan
    tables: Tables
    draws: tuple[DrawRecord, ...]

    @property
    def elsewhere(self) -> frozenset[str]:
        """The units whose visit by another authority counts (计入): they are not chosen again."""
        rows = self.tables.elsewhere
        return frozenset(rows.loc[rows["counts"] == "是", "unit_id"])

    @property
    def seed(self) -> str:
        """The seed by which ranks that tie are put in order: the plan's word, else its name."""
        return self.plan.tie_seed or self.plan.name

    def register(self, moment: Moment, records: pd.DataFrame, earlier: NamedMonths | None = None) -> Register:
        """Return what names are chosen from at the end of a day, with these records done."""
        rows = [row for record in self.draws for row in _drawn_units(record, self.plan.year)]
        by_clue = self.tables.tasks.loc[clue_lines(self.tables.tasks), "task_id"].tolist()
        clues = progress.until(self.tables.clues, moment.as_of)
        clues = clues.assign(task_id=clues["task_id"].replace("", by_clue[0] if by_clue else ""))
        return Register(
            units=standing_units(self.tables.units, self.draws, moment.as_of),
            records=records,
            drawn=pd.DataFrame(rows, columns=DRAWN),
            clues=clues,
            our_level=self.plan.vocabulary.our_level,
            seed=self.seed,
            plan=self.plan.name,
            as_of=moment.as_of,
            elsewhere=self.elsewhere,
            earlier=earlier.visits if earlier else None,
        )

    def by_month(
        self,
        tasks: pd.DataFrame,
        visits: pd.DataFrame,
        unplaced: pd.DataFrame,
        moment: Moment,
        earlier: NamedMonths | None = None,
    ) -> NamedMonths:
        """Name the visits of a plan by months (`visits`, `unplaced` as of Allocation) as it stands at a moment."""
        records = progress.until(self.tables.records, moment.as_of)
        plan = {cell: count for cell, count in by_task_and_month(visits).items() if count}
        plan |= {(row.task_id, 0): int(row.unplaced_visits) for row in unplaced.itertuples() if row.unplaced_visits}
        named = named_visits(tasks, plan, self.register(moment, records, earlier), moment.closed)
        units = self.tables.units
        streets = dict(zip(units["unit_id"], units["subdistrict"], strict=True))
        return named_months(named, plan, streets, self._gaps(records), earlier=earlier.visits if earlier else None)

    def _gaps(self, records: pd.DataFrame) -> Gaps:
        """Return the plan's least gap, with the day of each unit's last visit: of the register or of the records."""
        if not self.plan.min_gap_days:
            return Gaps(self.plan.year)
        last = pd.concat([self.tables.units.set_index("unit_id")["last_visit"], records.set_index("unit_id")["date"]])
        return Gaps(self.plan.year, self.plan.min_gap_days, last.groupby(level=0).max().to_dict())


def _drawn_units(record: DrawRecord, year: int) -> Iterator[tuple]:
    """Yield the units a draw is done at, each with the months it was drawn for: its own, else from its event on.

    One that is not visited any more and has no substitute is '': its visit has no unit.
    """
    first = int(record.event.date[5:7]) if record.event.date[:4] == f"{year}" else 1
    wanted = (record.month,) if record.month else tuple(month for month in MONTHS if month >= first)
    if record.withdrawn is not None or record.result is None:
        return
    places = {unit.unit_id: (unit.order, unit.stratum) for unit in record.result}
    for order, code in enumerate(sorted(units_to_visit(record), key=places.__getitem__), 1):
        yield record.task_id, code, order, wanted
    yield from ((record.task_id, "", 0, wanted) for event in record.events or () if not event.substitute)


def drawn_officers(draws: Sequence[DrawRecord]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the officers drawn for a line and unit (已抽取的检查人员)."""
    open_draws = [record for record in draws if record.withdrawn is None]
    return {
        (record.task_id, unit_id): tuple(officers)
        for record in open_draws
        for unit_id, officers in units_to_visit(record).items()
        if officers
    }


def days_drawn(draws: Sequence[DrawRecord]) -> dict[tuple[str, str], str]:
    """Return the day on which a line's unit was drawn, or took the place of one (抽取的日期)."""
    days = {}
    for record in (one for one in draws if one.withdrawn is None):
        days |= {(record.task_id, unit): record.event.date for unit in units_to_visit(record)}
        days |= {(record.task_id, event.substitute): event.date for event in record.events or ()}
    return days


def draw_table(lines: pd.DataFrame, draws: Sequence[DrawRecord], month: int) -> pd.DataFrame:
    """Return the draws of a month's lines: one row per draw of the month or the year, or per line without any.

    `commitment` is what is made public before the visits: the digest of the list and the public event.
    """
    rows = []
    for task_id, task in zip(lines["task_id"], lines["task"], strict=True):
        open_draws = [record for record in draws if record.task_id == task_id and record.withdrawn is None]
        records = [record for record in open_draws if record.month in (0, month)]
        rows += [(task_id, task, *_draw_facts(record)) for record in records]
        if not records:
            rows.append((task_id, task, "", 0, "", "", "", NO_DRAW, NO_DRAW))
    facts = ["draw_id", "places", "committed_on", "list_sha256", "public_event", "draw_state", "commitment"]
    columns = ["task_id", "task", *facts]
    return pd.DataFrame(rows, columns=columns)


NO_DRAW = "名单还没有固定"


def _draw_facts(record: DrawRecord) -> tuple:
    event = record.event
    state = "已抽取" if record.result is not None else "名单已固定，种子已登记" if record.seed else "名单已固定"
    public = f"{event.date} {event.place} {event.kind}"
    text = f"名单摘要 {record.list_sha256}；公开事件 {public}"
    return record.draw_id, record.places, record.committed_on, record.list_sha256, public, state, text
