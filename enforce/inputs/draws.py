"""The record of a draw (抽取记录): one JSON file in the folder `draws` beside the tables, kept as input.

It is written in three acts. The commitment freezes the list and names a public event to come; the seed is what that
event gave; the result is what follows from both. The digest of the commitment is the SHA-256 of its UTF-8 text, lines
ended by a line feed, their parts by a tab:

    enforce-draw 1
    draw, draw_id, task_id, month (0 for the year), places
    commit, committed_on, kind, place and date of the event
    in, unit_id, stratum, weight        one line per unit of the list, sorted by unit_id
    out, unit_id, reason                one line per unit left out, sorted by unit_id

Officers of the drawn units stand with the result; what happens afterwards (a unit closed, moved, refused entry) is
added as events, and changes neither commitment nor result. A commitment may be withdrawn until it has a seed.

Each act enters the digest of the file it leaves into the ledger's chain. The new file waits beside the old one under a
name that holds its digest, and takes its place once the entry is on the disk: after a kill the next act finds out by
the chain whether what waits is to be put in place or thrown away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field

from enforce.inputs.ledger.database import act
from enforce.inputs.ledger.ledger import ledger_file, read_ledger, write_step
from enforce.inputs.parameters.entries import Anonymous, Entry, IsoDate, checked_file, filled_in, form, word_of
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.versions import Digest
from enforce.sheets.columns import identifier
from enforce.words.files import digest, json_rows, output_errors, sync_folder, write_atomic
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import LeftOut, Removal, Stratum
from enforce.words.texts import shown, shown_path

_SEED = Field(pattern="^[0-9A-Za-z]{3,64}$")
Code = Annotated[str, Field(pattern="^[0-9A-Za-z]{1,40}$")]
Weight = Annotated[int, Field(ge=1, le=1_000_000)]
Named = Annotated[Anonymous, form(filled_in)]


def _stratum(text: str) -> str:
    if text not in ("", *Stratum):
        raise ValueError(f'{"、".join(Stratum)} 或 ""')
    return text


class PublicEvent(Entry):
    """A public event whose outcome nobody knows beforehand (公开事件)."""

    kind: Named
    place: Named
    date: IsoDate


class ListedUnit(Entry):
    """A unit that may be drawn."""

    unit_id: Code
    stratum: Anonymous
    weight: Weight


class LeftUnit(Entry):
    """A unit left out, with the reason."""

    unit_id: Code
    reason: Annotated[str, word_of(LeftOut)]


OfficerId = Annotated[str, form(identifier)]


class StaffMember(Entry):
    """An officer who could be sent: whether of the bureau itself, whether of a field that the line asks for."""

    officer_id: OfficerId
    ours: bool
    able: bool


class RecusedOfficer(Entry):
    """An officer who may not be sent to a unit."""

    officer_id: OfficerId
    unit_id: Code


class DrawEvent(Entry):
    """A drawn unit that is not visited any more, and the substitute in its place ('' where none is left)."""

    unit_id: Code
    date: IsoDate
    why: Annotated[str, word_of(Removal)]
    evidence: Named
    substitute: Annotated[str, Field(pattern="^[0-9A-Za-z]{0,40}$")]
    officers: list[OfficerId] | None = None


class ChosenUnit(Entry):
    """A unit drawn, or a substitute."""

    unit_id: Code
    stratum: Anonymous
    order: Annotated[int, Field(ge=1)]
    ticket: Digest
    probability: Annotated[float, Field(ge=0, le=1)]
    approximate: bool
    substitute: bool
    officers: list[OfficerId] | None = None


class DrawRecord(Entry):
    """The record of one draw, as it stands in JSON; `month` is 0 for a draw of the whole year."""

    draw_id: Annotated[str, form(identifier)]
    task_id: str
    month: Annotated[int, Field(ge=0, le=12)]
    places: Annotated[int, Field(ge=1)]
    strata: Annotated[str, form(_stratum)]
    weighted: bool
    committed_on: IsoDate
    event: PublicEvent
    listed: list[ListedUnit] = Field(min_length=1)
    left_out: list[LeftUnit]
    list_sha256: Digest
    seed: Annotated[str, _SEED] | None = None
    result: list[ChosenUnit] | None = None
    staff: list[StaffMember] | None = None
    recused: list[RecusedOfficer] | None = None
    events: list[DrawEvent] | None = None
    withdrawn: Named | None = None


def commitment(record: DrawRecord) -> str:
    """Return the digest of what a draw commits to: its text is described above."""
    event = record.event
    lines = [
        ("enforce-draw 1",),
        ("draw", record.draw_id, record.task_id, record.month, record.places),
        ("commit", record.committed_on, event.kind, event.place, event.date),
        *(("in", unit.unit_id, unit.stratum, unit.weight) for unit in record.listed),
        *(("out", unit.unit_id, unit.reason) for unit in record.left_out),
    ]
    text = "".join("\t".join(map(str, parts)) + "\n" for parts in lines)
    return sha256(text.encode()).hexdigest()


def draw_bytes(record: DrawRecord) -> bytes:
    """Return the file of a record: JSON, a line for each unit; the same record gives the same bytes."""
    content = record.model_dump(mode="json", exclude_none=True)
    return json_rows(content, [name for name, value in content.items() if isinstance(value, list)]).encode()


def next_substitute(record: DrawRecord, unit_id: str) -> str:
    """Return the substitute who takes the place of a unit: the next ticket of its stratum, '' where none is left."""
    strata = {unit.unit_id: unit.stratum for unit in record.result or ()}
    placed = {event.substitute for event in record.events or ()}
    return next(
        (
            unit.unit_id
            for unit in record.result or ()
            if unit.substitute and unit.stratum == strata.get(unit_id) and unit.unit_id not in placed
        ),
        "",
    )


def units_to_visit(record: DrawRecord) -> dict[str, list[str]]:
    """Return the units a draw is done at today, with officers: the drawn, substitutes in place of those removed."""
    events = record.events or []
    units = {unit.unit_id: unit.officers or [] for unit in record.result or () if not unit.substitute}
    units |= {event.substitute: event.officers or [] for event in events if event.substitute}
    return {code: officers for code, officers in units.items() if code not in {event.unit_id for event in events}}


def draw_file(plan: Plan, draw_id: str) -> Path:
    """Return where the record of a draw stands."""
    return plan.tables_folder / "draws" / f"{draw_id}.json"


def draw_files(plan: Plan) -> list[Path]:
    """Return the files of the records of a plan's draws, by name."""
    return sorted(draw_file(plan, "").parent.glob("*.json"))


def read_draws(plan: Plan, digests: Mapping[str, str] | None = None) -> tuple[DrawRecord, ...]:
    """Read the records of a plan's draws; InputError with every problem of every file.

    Each is of the schema, its list sorted and its digest that of the list; no two took their seed from one event. Those
    of the ledger's chain (`digests` by number of the draw) are as their last act left them.
    """
    records, problems = [], []
    for path in draw_files(plan):
        record, more = _read_record(path)
        problems += more
        records += [record] if record else []
    refuse([*problems, *_used_twice(plan, records), *chain_problems(plan, digests or {})])
    return tuple(records)


def _read_record(path: Path) -> tuple[DrawRecord | None, list[Problem]]:
    record, problems = checked_file(DrawRecord, path, "抽取记录", "draw 写出的 JSON 文件")
    return record, problems or list(draw_problems(record, shown_path(path), path.stem))


def draw_problems(record: DrawRecord, file: str, draw_id: str) -> Iterator[Problem]:
    """Yield what contradicts itself in a record: its name, dates, list, digest, the order of its acts."""
    if record.draw_id != draw_id:
        yield Problem(file, Place("draw_id"), record.draw_id, f"{draw_id}，与文件名相同", Flaw.CONFLICT)
    if record.event.date <= record.committed_on:
        expected = f"晚于名单固定的日期 {record.committed_on}"
        yield Problem(file, Place("event.date"), record.event.date, expected, Flaw.CONFLICT)
    codes = sorted(unit.unit_id for unit in (*record.listed, *record.left_out))
    for code in dict.fromkeys(one for one, other in pairwise(codes) if one == other):
        yield Problem(file, Place(shown(code)), "出现两次", "一个单位只出现一次", Flaw.REPEATED)
    for name in ("listed", "left_out"):
        units = [unit.unit_id for unit in getattr(record, name)]
        if units != sorted(units):
            yield Problem(file, Place(name), "", "按代码排好的次序", Flaw.CHANGED)
    if record.places > len(record.listed):
        expected = f"{len(record.listed)} 以下的整数（名单上的家数）"
        yield Problem(file, Place("places"), str(record.places), expected, Flaw.CONFLICT)
    if record.list_sha256 != commitment(record):
        value, expected = f"{record.list_sha256[:12]}…", "与内容相符的摘要（名单固定后没有改动过）"
        yield Problem(file, Place("list_sha256"), value, expected, Flaw.CHANGED)
    if record.result is not None and record.seed is None:
        yield Problem(file, Place("seed"), "（没有写）", "先有种子，后有抽取结果", Flaw.MISSING)
    yield from _later_problems(record, file)


def _later_problems(record: DrawRecord, file: str) -> Iterator[Problem]:
    """Yield what contradicts the result in what was written after it: events, a withdrawal."""
    if record.withdrawn is not None and record.seed is not None:
        yield Problem(file, Place("withdrawn"), "已经登记种子", "种子登记以前的撤回", Flaw.CONFLICT)
    events = record.events or []
    for n, event in enumerate(events):
        before = record.model_copy(update={"events": events[:n]})
        if event.unit_id not in units_to_visit(before):
            expected = "抽中、还要检查的单位（或递补的候补）"
            yield Problem(file, Place(f"events[{n}].unit_id"), event.unit_id, expected, Flaw.CONFLICT)
        elif event.substitute != next_substitute(before, event.unit_id):
            expected = f"同层的下一个候补 {next_substitute(before, event.unit_id) or '（没有了）'}"
            yield Problem(file, Place(f"events[{n}].substitute"), event.substitute, expected, Flaw.CONFLICT)


def _used_twice(plan: Plan, records: Sequence[DrawRecord]) -> Iterator[Problem]:
    for n, record in enumerate(records):
        if record.seed is not None:
            yield from used_event(shown_path(draw_file(plan, record.draw_id)), record, records[:n])


def used_event(file: str, record: DrawRecord, others: Sequence[DrawRecord]) -> Iterator[Problem]:
    """Yield the draw that took its seed from the event of this one: a number may recur, an event serves one draw."""
    for other in others:
        if other.seed is not None and other.event == record.event and other.draw_id != record.draw_id:
            value = f"{record.event.kind}（{record.event.place}，{record.event.date}）"
            expected = f"没有用过的公开事件（{other.draw_id} 的种子出自它，一个事件只用一次）"
            yield Problem(file, Place("event"), shown(value), expected, Flaw.REPEATED)


# --- the chain ------------------------------------------------------------------------------------------------------


def chain_problems(plan: Plan, digests: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every record of a draw that is not as its last act left it; `digests` are those of the ledger's chain."""
    for draw_id, entered in sorted(digests.items()):
        path = draw_file(plan, draw_id)
        value = "没有这个文件" if not path.is_file() else "" if digest(path) == entered else "内容与链上的摘要不符"
        if value:
            expected = "台账链上登记的内容（登记中断的，再做一次 draw 的任何一步就补完；否则请用备份恢复）"
            yield Problem(shown_path(path), Place("抽取记录"), value, expected, Flaw.CHANGED)


def write_draw(plan: Plan, before: DrawRecord | None, after: DrawRecord, step: str, at: str) -> str:
    """Write what one act made of the record of a draw, its digest into the ledger's chain; return the chain's head.

    `before` is the record as it was read, None where there was none, `step` the name of the act, `at` the time.
    InputError where the record on the disk is another by now: an act is done once.
    """
    path, content = draw_file(plan, after.draw_id), draw_bytes(after)
    entered = sha256(content).hexdigest()
    waiting = _waiting(path, entered)

    def prepare(last: str) -> None:
        _put(_waiting(path, last), path)
        if (path.read_bytes() if path.exists() else None) != (draw_bytes(before) if before else None):
            expected = "与读入时相同的记录（一步只登记一次；请看过以后再做下一步）"
            refuse([Problem(shown_path(path), Place("抽取记录"), "已有另一次登记", expected, Flaw.REPEATED)])
        write_atomic(waiting, content)

    with output_errors(path):
        path.parent.mkdir(exist_ok=True)
    head = write_step(ledger_file(plan), after.draw_id, step, entered, at=at, before=prepare)
    _put(waiting, path)
    return head


def settle_draws(plan: Plan) -> None:
    """Finish acts that were broken off: put in place what the chain has, throw away what it has not."""
    ledger, folder = ledger_file(plan), draw_file(plan, "").parent
    if not ledger.exists() or not any(folder.glob(".*.next")):
        return
    with act(ledger):
        digests = read_ledger(ledger).draws
        for waiting in folder.glob(".*.next"):
            draw_id, entered = waiting.name[1:].split(".")[:2]
            if digests.get(draw_id) == entered:
                _put(waiting, folder / f"{draw_id}.json")
            else:
                waiting.unlink(missing_ok=True)


def _waiting(path: Path, entered: str) -> Path:
    """Return where the file that is to take the place of a record waits."""
    return path.with_name(f".{path.stem}.{entered}.next")


def _put(waiting: Path, path: Path) -> None:
    """Put a finished file in its place, unless another process was quicker with the same."""
    with output_errors(path), suppress(FileNotFoundError):
        os.replace(waiting, path)
        sync_folder(path.parent)
