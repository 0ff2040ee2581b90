"""The ledger (检查台账): the visits done, kept so that nothing is lost, changed or counted twice.

One file beside the plan's tables. Importing an export again adds nothing; a record with other content is a correction
that keeps the old one; a record is withdrawn by an entry more. Every entry is chained to all before it, so that the
head printed in a report proves later that nothing up to there was touched.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from enforce.inputs.ledger.chain import (
    COLUMNS,
    FIELDS,
    GENESIS,
    Row,
    Walk,
    act_row,
    draw_row,
    linked,
    next_head,
    packed,
    quoted,
    record_row,
    spoken,
    unpacked,
    void_row,
    walk,
)
from enforce.inputs.ledger.database import DAMAGED, WELL_FORMED, act, first_act, refused, snapshot
from enforce.inputs.parameters.plan import Plan
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import shortened, shown, shown_path

LEDGER = "ledger.sqlite"
_BATCH = 500
_PUBLISHED = re.compile(r"[0-9a-f]{64}")
# The texts put into statements below are our own names of columns and question marks, never data.
_ENTRIES = f"SELECT {', '.join(map(quoted, COLUMNS))} FROM entries ORDER BY seq"  # noqa: S608
_MALFORMED = f"SELECT seq FROM entries WHERE NOT coalesce({WELL_FORMED}, 1) ORDER BY seq"  # noqa: S608
_INSERT = f"INSERT INTO entries ({', '.join(map(quoted, COLUMNS))}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_STORED = ", ".join(map(quoted, FIELDS))
_REVISIONS = f"SELECT seq, kind, {_STORED} FROM entries WHERE record_id IN (?) AND kind <> 'draw' ORDER BY seq"  # noqa: S608
_STEPS = "SELECT seq, file_sha256 FROM entries WHERE kind = 'draw' AND record_id = ? ORDER BY seq DESC LIMIT 1"
_CURRENT = f"""SELECT {_STORED} FROM entries WHERE kind = 'record'
  AND seq NOT IN (SELECT replaces FROM entries WHERE replaces IS NOT NULL) ORDER BY date, record_id"""  # noqa: S608


@dataclass(frozen=True, eq=False)
class Ledger:
    """A ledger as it stood at one moment: the records that count, the head, how many entries and acts of recording.

    `draws` are the digests of the records of draws, as each was left by its last act, by the number of the draw.
    """

    records: pd.DataFrame
    head: str
    entries: int
    acts: int
    draws: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Recording:
    """One act of recording (一次登记): how many records were new, known already and corrected; the head after it.

    `stale` names the records not taken: withdrawn before, or with the content they had before a correction. `changes`
    has one row per field corrected: record_id, column, before, after.
    """

    added: int
    known: int
    corrected: int
    stale: tuple[str, ...]
    changes: pd.DataFrame
    head: str


class Soundness(NamedTuple):
    """A ledger that was checked and is whole: head, entries, records that count, acts, corrections, withdrawals.

    `later` is the number of entries after the published head, `steps` that of the acts of draws; `draws` as in Ledger.
    """

    head: str
    entries: int
    records: int
    acts: int
    corrections: int
    withdrawn: int
    later: int
    steps: int
    draws: Mapping[str, str]


class Revision(NamedTuple):
    """One entry of a record: its number and its content, None where the entry withdraws it."""

    seq: int
    content: Row | None


@dataclass
class _Draft:
    """An act while it is put together."""

    first: int
    revisions: dict[str, list[Revision]]
    rows: list[Row] = field(default_factory=list)
    known: int = 0
    corrected: int = 0
    stale: list[str] = field(default_factory=list)
    changes: list[tuple] = field(default_factory=list)


def ledger_file(plan: Plan) -> Path:
    """Return where the ledger of a plan stands: in the folder of its tables."""
    return plan.tables_folder / LEDGER


# --- writing ---


def write_records(path: Path, records: pd.DataFrame, *, at: str, digest: str = "", restore: bool = False) -> Recording:
    """Record the visits done, in one act: all of them are on the disk when this returns, or none is.

    `records` is a checked records table, `at` the time of recording, `digest` the SHA-256 of the file they come from.
    What the ledger holds already is not written again; nor is a record that was withdrawn, or the content a record
    had before a correction, unless `restore` says that it shall count again. InputError if it cannot be written.
    """
    rows = packed(records)
    if not path.exists():
        if not rows:
            return Recording(0, 0, 0, (), _change_table([]), "")
        with suppress(FileExistsError), first_act(path) as db:
            return _record(db, path, rows, at=at, digest=digest, restore=restore)
    with act(path) as db:
        return _record(db, path, rows, at=at, digest=digest, restore=restore)


def write_withdrawal(path: Path, record_ids: Sequence[str], *, at: str, reason: str) -> str:
    """Withdraw records (撤回) in one act and return the new head; they stay in the ledger and no longer count.

    InputError names every record that does not stand in the ledger.
    """
    ids = list(dict.fromkeys(record_ids))
    with act(path) as db:
        seq, head = _tail(db, path)
        revisions = _revisions(db, ids)
        unknown = [name for name in ids if name not in revisions or revisions[name][-1].content is None]
        refuse(
            Problem(shown_path(path), Place("检查编号"), shown(name), "台账里有、没有撤回的记录", Flaw.UNKNOWN)
            for name in unknown
        )
        rows = [void_row(n, revisions[name][-1].seq, name) for n, name in enumerate(ids, seq + 2)]
        return _append(db, head, [act_row(seq + 1, at, "", len(rows), reason), *rows])


def write_step(path: Path, draw_id: str, step: str, digest: str, *, at: str, before: Callable[[str], None]) -> str:
    """Enter one act of a draw and return the new head; `digest` is that of its record's file after the act.

    `before` is called within the act with the digest of the last one, '' where there is none; what it raises undoes
    all.
    """
    if not path.exists():
        with suppress(FileExistsError), first_act(path) as db:
            return _enter_step(db, path, (draw_id, at, digest, step), before)
    with act(path) as db:
        return _enter_step(db, path, (draw_id, at, digest, step), before)


def _enter_step(db: sqlite3.Connection, path: Path, content: Row, before: Callable[[str], None]) -> str:
    seq, head = _tail(db, path)
    number, digest = db.execute(_STEPS, content[:1]).fetchone() or (None, "")
    before(digest)
    return _append(db, head, [draw_row(seq + 1, number, *content)])


def _record(db: sqlite3.Connection, path: Path, rows: list[Row], *, at: str, digest: str, restore: bool) -> Recording:
    seq, head = _tail(db, path)
    draft = _Draft(seq + 2, _revisions(db, list(dict.fromkeys(row[0] for row in rows))))
    for row in rows:
        _consider(draft, row, restore)
    if draft.rows:
        head = _append(db, head, [act_row(seq + 1, at, digest, len(draft.rows)), *draft.rows])
    added = len(draft.rows) - draft.corrected
    return Recording(added, draft.known, draft.corrected, tuple(draft.stale), _change_table(draft.changes), head)


def _consider(draft: _Draft, row: Row, restore: bool) -> None:
    """Decide what one record is: new, known, stale or a correction."""
    revisions = draft.revisions.setdefault(row[0], [])
    newest = revisions[-1] if revisions else Revision(0, None)
    if newest.content == row:
        draft.known += 1
    elif revisions and not restore and (newest.content is None or any(each.content == row for each in revisions)):
        draft.stale.append(row[0])
    else:
        draft.corrected += bool(revisions)
        draft.changes += _differences(newest.content, row) if revisions else []
        seq = draft.first + len(draft.rows)
        draft.rows.append(record_row(seq, newest.seq or None, row))
        revisions.append(Revision(seq, row))


def _differences(before: Row | None, after: Row) -> Iterator[tuple]:
    """Yield the fields a correction changes; a record that was withdrawn changes in that alone."""
    if before is None:
        yield after[0], "withdrawn", True, False
        return
    for name, old, new in zip(FIELDS, before, after, strict=True):
        if old != new:
            yield after[0], name, spoken(name, old), spoken(name, new)


def _change_table(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["record_id", "column", "before", "after"], dtype=object)


def _append(db: sqlite3.Connection, head: str, rows: list[Row]) -> str:
    """Write entries that follow `head`; return the head after them."""
    chained = list(linked(head, rows))
    db.executemany(_INSERT, chained)
    return chained[-1][-1]


def _tail(db: sqlite3.Connection, path: Path) -> tuple[int, str]:
    """Return number and head of the last entry; InputError when its head does not follow from the one before."""
    last = db.execute(f"{_ENTRIES} DESC LIMIT 2").fetchall()
    before = last[1][-1] if len(last) > 1 else GENESIS
    if last and next_head(before, last[0]) != last[0][-1]:
        raise refused(path, f"第 {last[0][0]} 笔", "内容与链不符", "登记时写下的内容（请用备份恢复）")
    return (last[0][0], last[0][-1]) if last else (0, GENESIS)


def _revisions(db: sqlite3.Connection, record_ids: list[str]) -> dict[str, list[Revision]]:
    """Return every entry of some records, each asked for once, oldest first."""
    revisions: dict[str, list[Revision]] = {}
    for start in range(0, len(record_ids), _BATCH):
        batch = record_ids[start : start + _BATCH]
        query = _REVISIONS.replace("?", ", ".join("?" * len(batch)))
        for seq, kind, *content in db.execute(query, batch):
            revision = Revision(seq, tuple(content) if kind == "record" else None)
            revisions.setdefault(content[0], []).append(revision)
    return revisions


# --- reading ---


def read_ledger(path: Path) -> Ledger:
    """Read the whole ledger, its chain checked; InputError if an entry is not as it was written."""
    with snapshot(path) as db:
        chain = _sound_walk(db, path)
        records = unpacked(db.execute(_CURRENT))
    return Ledger(records, chain.head, chain.entries, chain.counts["import"], _digests(chain))


def check_ledger(path: Path, published: str = "") -> Soundness:
    """Check every entry, index and trigger, and that a published head is on the chain; InputError tells all faults.

    Only a published head shows that the end was cut off or the whole chain written anew.
    """
    published = published.strip().lower()
    if published and not _PUBLISHED.fullmatch(published):
        raise InputError([Problem("命令行", Place("链头"), shown(published), "报告上印的 64 位十六进制数字")])
    with snapshot(path) as db:
        chain = _sound_walk(db, path, published)
    if published and chain.seen < 0:
        raise refused(path, "公布的链头", "不在链上", "台账里有的链头（尾部被删，或整条链被改写）")
    counts, later = chain.counts, chain.entries - chain.seen if published else 0
    acts = (counts["import"], counts["correction"], counts["void"], later, counts["draw"])
    return Soundness(chain.head, chain.entries, chain.current, *acts, _digests(chain))


def _digests(chain: Walk) -> dict[str, str]:
    return {draw_id: digest for draw_id, (_, digest) in chain.draws.items()}


def _sound_walk(db: sqlite3.Connection, path: Path, published: str = "") -> Walk:
    """Walk along the chain of a sound file; refuse with every fault."""
    if any(row[0] != "ok" for row in db.execute("PRAGMA integrity_check(1)")):
        raise refused(path, "台账", *DAMAGED)
    malformed = [(row[0], "不成形", "登记时写下的内容") for row in db.execute(_MALFORMED)]
    chain, file = walk([] if malformed else db.execute(_ENTRIES), published), shown_path(path)
    faults = malformed or chain.faults
    refuse(
        shortened(
            [Problem(file, Place(f"第 {seq} 笔"), what, expected, Flaw.CHANGED) for seq, what, expected in faults],
            Place("各笔"),
        )
    )
    return chain
