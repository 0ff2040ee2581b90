"""The record of a draw (抽取记录): one JSON file in the folder `draws` beside the tables, kept as input.

It is written in three acts. The commitment freezes the list and names a public event to come; the seed is what that
event gave; the result is what follows from both. The digest of the commitment is the SHA-256 of its UTF-8 text, lines
ended by a line feed, their parts by a tab:

    enforce-draw 1
    draw, draw_id, task_id, month (0 for the year), places
    commit, committed_on, kind, place and date of the event
    in, unit_id, stratum, weight        one line per unit of the list, sorted by unit_id
    out, unit_id, reason                one line per unit left out, sorted by unit_id
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Annotated

from pydantic import Field

from enforce.inputs.parameters.entries import Anonymous, Entry, IsoDate, checked, filled_in, form, word_of
from enforce.inputs.parameters.plan import Plan
from enforce.inputs.versions import Digest
from enforce.sheets.columns import identifier
from enforce.words.problems import Flaw, Place, Problem, refuse
from enforce.words.terms import LeftOut, Stratum
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

    kind: Named = Field(description="是什么事件，如 掷骰子、福利彩票某期开奖号")
    place: Named = Field(description="在哪里，如 某局一楼大厅、某网站")
    date: IsoDate = Field(description='哪一天，晚于名单固定的日期，如 "2024-04-08"')


class ListedUnit(Entry):
    """A unit that may be drawn."""

    unit_id: Code = Field(description="统一社会信用代码")
    stratum: Anonymous = Field(description='所在的层，不分层写 ""')
    weight: Weight = Field(description="权重，1 以上的整数")


class LeftUnit(Entry):
    """A unit left out, with the reason."""

    unit_id: Code = Field(description="统一社会信用代码")
    reason: Annotated[str, word_of(LeftOut)] = Field(description="不参加抽取的原因")


class ChosenUnit(Entry):
    """A unit drawn, or a substitute."""

    unit_id: Code = Field(description="统一社会信用代码")
    stratum: Anonymous = Field(description='所在的层，不分层写 ""')
    order: Annotated[int, Field(ge=1)] = Field(description="层内的次序")
    ticket: Digest = Field(description="号，64 位")
    probability: Annotated[float, Field(ge=0, le=1)] = Field(description="入选概率")
    approximate: bool = Field(description="入选概率是否近似")
    substitute: bool = Field(description="是否候补")


class DrawRecord(Entry):
    """The record of one draw, as it stands in JSON; `month` is 0 for a draw of the whole year."""

    draw_id: Annotated[str, form(identifier)] = Field(description="抽取编号")
    task_id: str = Field(description="事项编号")
    month: Annotated[int, Field(ge=0, le=12)] = Field(description="月份，全年一次抽取写 0")
    places: Annotated[int, Field(ge=1)] = Field(description="抽取家数，1 以上的整数")
    strata: Annotated[str, form(_stratum)] = Field(description='按什么分层：subdistrict、sector，不分层写 ""')
    weighted: bool = Field(description="是否按风险、信用加权")
    committed_on: IsoDate = Field(description="名单固定的日期")
    event: PublicEvent = Field(description="约定的公开事件：kind、place、date")
    listed: list[ListedUnit] = Field(min_length=1, description="参加抽取的名单")
    left_out: list[LeftUnit] = Field(description="不参加抽取的单位和原因")
    list_sha256: Digest = Field(description="名单的摘要，64 位")
    seed: Annotated[str, _SEED] | None = Field(None, description="种子：事件给出的号码，3 到 64 个数字或英文字母")
    result: list[ChosenUnit] | None = Field(None, description="抽中的单位和候补")


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
    entries = []
    for name, value in record.model_dump(mode="json", exclude_none=True).items():
        if isinstance(value, list):
            text = "[\n  " + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n ]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        entries.append(f' "{name}": {text if value != [] else "[]"}')
    return ("{\n" + ",\n".join(entries) + "\n}\n").encode()


def draw_file(plan: Plan, draw_id: str) -> Path:
    """Return where the record of a draw stands."""
    return plan.tables_folder / "draws" / f"{draw_id}.json"


def draw_files(plan: Plan) -> list[Path]:
    """Return the files of the records of a plan's draws, by name."""
    return sorted(draw_file(plan, "").parent.glob("*.json"))


def read_draws(plan: Plan) -> tuple[DrawRecord, ...]:
    """Read the records of a plan's draws; InputError with every problem of every file.

    Each is of the schema, its list sorted and its digest that of the list; no two took their seed from one event.
    """
    records, problems = [], []
    for path in draw_files(plan):
        record, more = _read_record(path)
        problems += more
        records += [record] if record else []
    refuse([*problems, *_used_twice(plan, records)])
    return tuple(records)


def _read_record(path: Path) -> tuple[DrawRecord | None, list[Problem]]:
    file = shown_path(path)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        return None, [Problem(file, Place("抽取记录"), "读不出来", "draw 写出的 JSON 文件，没有改动过", Flaw.FILE)]
    record, problems = checked(DrawRecord, raw, file)
    return record, problems or list(draw_problems(record, file, path.stem))


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
