"""The ledger (检查台账): the visits done, kept so that nothing is lost, changed or counted twice.

One file beside the plan's tables. Importing an export again adds nothing; a record with other content is a correction
that keeps the old one; a record is withdrawn by an entry more. Every entry is chained to all before it, so that the
head printed in a report proves later that nothing up to there was touched.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
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
    linked,
    next_head,
    packed,
    record_row,
    spoken,
    unpacked,
    void_row,
    walk,
)
from enforce.inputs.ledger.database import DAMAGED, WELL_FORMED, creating, reading, refused, writing
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import shortened, shown, shown_path

NAME = "ledger.sqlite"
_CHUNK = 500
_HEAD = re.compile(r"[0-9a-f]{64}")
# The texts put into statements below are our own names of columns and question marks, never data.
_ENTRIES = f"SELECT {', '.join(COLUMNS)} FROM entries ORDER BY seq"  # noqa: S608
_MALFORMED = f"SELECT seq FROM entries WHERE NOT coalesce({WELL_FORMED}, 1) ORDER BY seq"  # noqa: S608
_INSERT = f"INSERT INTO entries VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_VERSIONS = f"SELECT seq, kind, {', '.join(FIELDS)} FROM entries WHERE record_id IN (?) ORDER BY seq"  # noqa: S608
_CURRENT = f"""SELECT {", ".join(FIELDS)} FROM entries WHERE kind = 'record'
  AND seq NOT IN (SELECT replaces FROM entries WHERE replaces IS NOT NULL) ORDER BY date, record_id"""  # noqa: S608
# All records from the index alone, then the few that were replaced taken off again.
_SUMS = """SELECT task_id, substr(date, 1, 4) AS year, substr(date, 6, 2) AS month, sum(n) AS visits FROM (
  SELECT task_id, date, count(*) AS n FROM entries WHERE date IS NOT NULL GROUP BY task_id, date
  UNION ALL SELECT old.task_id, old.date, -1 FROM entries AS new CROSS JOIN entries AS old ON old.seq = new.replaces
  WHERE new.replaces IS NOT NULL AND old.date IS NOT NULL)
  GROUP BY task_id, year, month HAVING sum(n) > 0 ORDER BY task_id, year, month"""


@dataclass(frozen=True, eq=False)
class Ledger:
    """A ledger as it stood at one moment: the records that count, the head, the number of entries."""

    records: pd.DataFrame
    head: str
    entries: int


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an act of recording did: records new, known already, corrected; the head after it.

    `stale` are records that were withdrawn, or given as they were before a correction: not taken. `changes` has one
    row per field corrected: record_id, column, before, after.
    """

    added: int
    known: int
    corrected: int
    stale: tuple[str, ...]
    changes: pd.DataFrame
    head: str


class Verified(NamedTuple):
    """A ledger found whole: head, entries, records that count, acts, corrections, withdrawals.

    `later` is the number of entries after the published head.
    """

    head: str
    entries: int
    records: int
    acts: int
    corrections: int
    withdrawn: int
    later: int


class Version(NamedTuple):
    """One entry of a record: its number and its content; None where it was withdrawn."""

    seq: int
    content: Row | None


@dataclass
class _Draft:
    """An act while it is put together."""

    first: int
    versions: dict[str, list[Version]]
    rows: list[Row] = field(default_factory=list)
    known: int = 0
    corrected: int = 0
    stale: list[str] = field(default_factory=list)
    changes: list[tuple] = field(default_factory=list)


# --- writing ---


def append(path: Path, records: pd.DataFrame, *, at: str, digest: str = "", restore: bool = False) -> Outcome:
    """Record the visits done, in one act: all of them are on the disk when this returns, or none is.

    `records` is a checked records table, `at` the time of recording, `digest` the SHA-256 of the file they come from.
    What the ledger holds already is not written again; nor is a record that was withdrawn, or the content a record
    had before a correction, unless `restore` says that it shall count again. InputError if it cannot be written.
    """
    rows = packed(records)
    if not path.exists():
        if not rows:
            return Outcome(0, 0, 0, (), _changes([]), "")
        with suppress(FileExistsError), creating(path) as db:
            return _recorded(db, path, rows, at=at, digest=digest, restore=restore)
    with writing(path) as db:
        return _recorded(db, path, rows, at=at, digest=digest, restore=restore)


def withdraw(path: Path, record_ids: Sequence[str], *, at: str, reason: str) -> str:
    """Withdraw records (撤回) in one act and return the new head; they stay in the ledger and no longer count.

    InputError names every record that does not stand in the ledger.
    """
    ids = list(dict.fromkeys(record_ids))
    with writing(path) as db:
        seq, head = _tail(db, path)
        versions = _versions(db, ids)
        unknown = [name for name in ids if name not in versions or versions[name][-1].content is None]
        refuse(
            Problem(shown_path(path), Place("检查编号"), shown(name), "台账里有、没有撤回的记录", Flaw.UNKNOWN)
            for name in unknown
        )
        rows = [void_row(n, versions[name][-1].seq, name) for n, name in enumerate(ids, seq + 2)]
        return _written(db, head, [act_row(seq + 1, at, "", len(rows), reason), *rows])


def _recorded(db: sqlite3.Connection, path: Path, rows: list[Row], *, at: str, digest: str, restore: bool) -> Outcome:
    seq, head = _tail(db, path)
    draft = _Draft(seq + 2, _versions(db, list(dict.fromkeys(row[0] for row in rows))))
    for row in rows:
        _consider(draft, row, restore)
    if draft.rows:
        head = _written(db, head, [act_row(seq + 1, at, digest, len(draft.rows)), *draft.rows])
    added = len(draft.rows) - draft.corrected
    return Outcome(added, draft.known, draft.corrected, tuple(draft.stale), _changes(draft.changes), head)


def _consider(draft: _Draft, row: Row, restore: bool) -> None:
    """Decide what one record is: new, known, stale or a correction."""
    versions = draft.versions.setdefault(row[0], [])
    newest = versions[-1] if versions else Version(0, None)
    if newest.content == row:
        draft.known += 1
    elif versions and not restore and (newest.content is None or any(each.content == row for each in versions)):
        draft.stale.append(row[0])
    else:
        draft.corrected += bool(versions)
        draft.changes += _differences(newest.content, row) if versions else []
        seq = draft.first + len(draft.rows)
        draft.rows.append(record_row(seq, newest.seq or None, row))
        versions.append(Version(seq, row))


def _differences(before: Row | None, after: Row) -> Iterator[tuple]:
    """Yield the fields a correction changes; a record that was withdrawn changes in that alone."""
    if before is None:
        yield after[0], "withdrawn", True, False
        return
    for name, old, new in zip(FIELDS, before, after, strict=True):
        if old != new:
            yield after[0], name, spoken(name, old), spoken(name, new)


def _changes(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["record_id", "column", "before", "after"], dtype=object)


def _written(db: sqlite3.Connection, head: str, rows: list[Row]) -> str:
    """Write entries that follow `head`; return the head after them."""
    chained = list(linked(head, rows))
    db.executemany(_INSERT, chained)
    return chained[-1][-1]


def _tail(db: sqlite3.Connection, path: Path) -> tuple[int, str]:
    """Return number and head of the last entry; refuse to go on from one that does not follow from the one before."""
    last = db.execute(f"{_ENTRIES} DESC LIMIT 2").fetchall()
    before = last[1][-1] if len(last) > 1 else GENESIS
    if last and next_head(before, last[0]) != last[0][-1]:
        raise refused(path, f"第 {last[0][0]} 笔", "内容与链不符", "登记时写下的内容（请用备份恢复）")
    return (last[0][0], last[0][-1]) if last else (0, GENESIS)


def _versions(db: sqlite3.Connection, record_ids: list[str]) -> dict[str, list[Version]]:
    """Return every entry of some records, each asked for once, oldest first."""
    found: dict[str, list[Version]] = {}
    for start in range(0, len(record_ids), _CHUNK):
        chunk = record_ids[start : start + _CHUNK]
        query = _VERSIONS.replace("?", ", ".join("?" * len(chunk)))
        for seq, kind, *content in db.execute(query, chunk):
            version = Version(seq, tuple(content) if kind == "record" else None)
            found.setdefault(content[0], []).append(version)
    return found


# --- reading ---


def read_ledger(path: Path) -> Ledger:
    """Read the whole ledger, its chain checked; InputError if an entry is not as it was written."""
    with reading(path) as db:
        found = _walked(db, path)
        return Ledger(unpacked(db.execute(_CURRENT)), found.head, found.entries)


def read_records(path: Path) -> pd.DataFrame:
    """Read the records that count: one row per record, by date and id, in the columns of the records table."""
    return read_ledger(path).records


def head(path: Path) -> str:
    """Return the head of the ledger (链头): 64 hexadecimal digits that stand for all its entries."""
    with reading(path) as db:
        return _tail(db, path)[1]


def sums_by_month(path: Path) -> pd.DataFrame:
    """Return the visits done (家次): one row per line ('' = unplanned), year and month that has any."""
    with reading(path) as db:
        rows = [(task, int(year), int(month), visits) for task, year, month, visits in db.execute(_SUMS)]
    table = pd.DataFrame(rows, columns=["task_id", "year", "month", "visits"])
    return table.astype({"task_id": "str", "year": "int64", "month": "int64", "visits": "int64"})


def verify(path: Path, published: str = "") -> Verified:
    """Check every entry, index and trigger, and that a published head is on the chain; InputError tells all faults.

    Only a published head shows that the end was cut off or the whole chain written anew.
    """
    published = published.strip().lower()
    if published and not _HEAD.fullmatch(published):
        raise InputError([Problem("命令行", Place("链头"), shown(published), "报告上印的 64 位十六进制数字")])
    with reading(path) as db:
        found = _walked(db, path, published)
    if published and found.seen < 0:
        raise refused(path, "公布的链头", "不在链上", "台账里有的链头（尾部被删，或整条链被改写）")
    counts, later = found.counts, found.entries - found.seen if published else 0
    return Verified(
        found.head, found.entries, found.current, counts["import"], counts["correction"], counts["void"], later
    )


def _walked(db: sqlite3.Connection, path: Path, published: str = "") -> Walk:
    """Walk along the chain of a sound file; refuse with every fault."""
    if any(row[0] != "ok" for row in db.execute("PRAGMA integrity_check(1)")):
        raise refused(path, "台账", *DAMAGED)
    malformed = [(row[0], "不成形", "登记时写下的内容") for row in db.execute(_MALFORMED)]
    found, file = walk([] if malformed else db.execute(_ENTRIES), published), shown_path(path)
    faults = malformed or found.faults
    refuse(
        shortened(
            [Problem(file, Place(f"第 {seq} 笔"), what, expected, Flaw.CHANGED) for seq, what, expected in faults],
            Place("各笔"),
        )
    )
    return found
