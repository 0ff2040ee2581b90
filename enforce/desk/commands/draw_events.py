"""What happens to a draw besides its three acts: a commitment withdrawn, a drawn unit that is not visited any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from enforce.desk.commands.draw import by_option, officer_pairs, opened, record_of, recusals_of, staff_for, task_of
from enforce.desk.commands.record import head_line, now
from enforce.desk.year import Year
from enforce.inputs.draws import DrawEvent, DrawRecord, draw_problems, next_substitute, units_to_visit, write_draw
from enforce.inputs.parameters.entries import checked
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import Removal, Selection
from enforce.words.texts import shown

Lines = list[str]
_LINE = "命令行"


def withdraw_list(plan: Path, task_id: str, month: int = 0, *, reason: str) -> Lines:
    """Withdraw a commitment that has no seed yet; return what to tell. It stays on file, its number is not used again.

    InputError where there is a seed already, or the reason is empty or holds a personal number.
    """
    year = opened(plan)
    record, file = record_of(year, task_id, month)
    if record.seed is not None:
        refuse([Problem(file, Place("种子"), "已经登记", "还没有种子的抽取（登记以后不能撤回）", Flaw.CONFLICT)])
    made, problems = checked(DrawRecord, {**record.model_dump(exclude_none=True), "withdrawn": reason}, _LINE)
    refuse(by_option(problems))
    head = write_draw(year.plan, record, made, "withdraw", now())
    return [
        f"已撤回 {record.draw_id}（{file} 留存，编号不再使用），可以重新固定名单。",
        "公示过的用 page 再写一次，页面写明撤回。",
        head_line(head),
    ]


def event(plan: Path, task_id: str, month: int = 0, *, unit: str, date: str, why: str, evidence: str) -> Lines:
    """Record that a drawn unit is not visited any more, and who takes its place; return what to tell.

    The substitute is the next ticket of the same stratum, with officers of its own where the line has them. InputError
    where the unit is not to be visited, was visited, or the date is before the draw or out of the year.
    """
    year = opened(plan)
    record, file = record_of(year, task_id, month)
    refuse(_unchangeable(year, record, file, unit, date))
    facts = {"unit_id": unit, "date": date, "why": why, "evidence": evidence}
    facts["substitute"] = next_substitute(record, unit)
    entry, problems = checked(DrawEvent, facts, _LINE)
    refuse(by_option(problems))
    after = record.model_copy(update={"events": [*(record.events or []), entry]})
    after = _substitute_officers(year, record, after)
    refuse(draw_problems(after, file, record.draw_id))
    head = write_draw(year.plan, record, after, "event", now())
    return [_outcome(year, after.events[-1]), head_line(head)]


def _unchangeable(year: Year, record: DrawRecord, file: str, unit: str, date: str) -> Iterator[Problem]:
    if record.result is None:
        yield Problem(file, Place("抽取结果"), "（没有写）", "先抽取", Flaw.MISSING)
        return
    if unit not in units_to_visit(record):
        expected = f"{record.draw_id} 抽中、还要检查的单位（或递补的候补）"
        yield Problem(_LINE, Place("单位"), shown(unit), expected, Flaw.UNKNOWN)
    if not record.event.date <= date <= f"{year.plan.year}-12-31":
        expected = f"{record.event.date}（抽取的公开事件）以后、{year.plan.year} 年内的日期"
        yield Problem(_LINE, Place("--date"), shown(date), expected)
    visits = year.tables.records
    there = (visits["task_id"] == record.task_id) & (visits["unit_id"] == unit) & (visits["date"] >= record.event.date)
    if there.any():
        value = f"{unit} {visits.loc[there, 'date'].iloc[0]} 已检查"
        yield Problem(_LINE, Place("单位"), value, "还没有检查记录的单位（记错的先撤回记录）", Flaw.CONFLICT)


def _substitute_officers(year: Year, before: DrawRecord, after: DrawRecord) -> DrawRecord:
    """Return the record with officers for the substitute of its last event, where the line's are drawn."""
    *earlier, entry = after.events
    task = task_of(year, after.task_id)
    if not entry.substitute or task.selection != Selection.DRAW or before.staff is None:
        return after
    recused = [row.model_dump() for row in before.recused or () if row.unit_id == entry.substitute]
    recused += [row for row in recusals_of(year, [entry.substitute]) if row not in recused]
    gone = before.model_copy(update={"events": [*earlier, entry.model_copy(update={"substitute": ""})]})
    pairs = officer_pairs(year, gone, [entry.substitute], staff_for(year, task, before), recused)
    entry = entry.model_copy(update={"officers": list(pairs.by_unit[entry.substitute])})
    return after.model_copy(update={"events": [*earlier, entry]})


def _outcome(year: Year, entry: DrawEvent) -> str:
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    gone = f"{entry.unit_id} {names.get(entry.unit_id, '')}不再检查（{Removal(entry.why).label}）"
    if not entry.substitute:
        return f"{gone}；同层没有候补了，这一家次不再检查。"
    officers = f"，检查人员 {'、'.join(entry.officers)}" if entry.officers else ""
    return f"{gone}；由候补 {entry.substitute} {names.get(entry.substitute, '')}递补{officers}；检查以前不公布。"
