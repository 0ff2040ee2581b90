"""The file of the ledger (台账文件): SQLite that can only be appended to, opened whole or refused in Chinese.

Nothing is ever changed in a file that is not a sound ledger. What is acknowledged is on the disk: one transaction an
act, synchronous=EXTRA (that is FULL, and the folder as well).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from enforce.inputs.ledger.chain import ACT, FIELDS, LATER, quoted
from enforce.words.files import clean_drafts, disk_reason, draft_prefix, file_bytes, name_new, sync_folder
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.texts import shown_path

APPLICATION = 0x5A464A48
VERSION = 3
BUSY_SECONDS = 60

_FIRST = {name: kind for name, kind in FIELDS.items() if name not in LATER}
_RECORD = " AND ".join(f"typeof({name}) = '{kind.lower()}'" for name, kind in _FIRST.items())
_SAYS = " AND ".join(f"typeof({name}) = '{kind.lower()}'" for name, kind in ACT.items())
_BLANK = " AND ".join(f"{name} IS NULL" for name in _FIRST if name != "record_id")
_NO_ACT = " AND ".join(f"{name} IS NULL" for name in ACT)
_DRAW = " AND ".join(
    [
        "typeof(record_id) = 'text'",
        "record_id <> ''",
        "typeof(at) = 'text'",
        "typeof(reason) = 'text'",
        "length(file_sha256) = 64",
    ]
)


def _entry_form(draws: str = "") -> str:
    return f"""length(head) = 64 AND typeof(replaces) IN ('integer', 'null')
  AND officers NOT GLOB '*[^A-Za-z0-9_;-]*' AND CASE kind
  WHEN 'import' THEN {_SAYS} AND entries > 0 AND replaces IS NULL AND record_id IS NULL AND {_BLANK}
  WHEN 'record' THEN {_RECORD} AND record_id <> '' AND {_NO_ACT}
  WHEN 'void' THEN typeof(record_id) = 'text' AND replaces > 0 AND {_BLANK} AND {_NO_ACT} {draws}ELSE 0 END"""


def _well_formed(later: tuple[str, ...]) -> str:
    """Return what every entry must be of a ledger with draws and some later columns; NULL passes, as in any CHECK."""
    later = tuple(map(quoted, later))
    draw = " AND ".join([*(f"{name} IS NULL" for name in (*_FIRST, *later, "entries") if name != "record_id"), _DRAW])
    texts = (f"({name} IS NULL OR kind = 'record' AND typeof({name}) = 'text' AND {name} <> '')" for name in later)
    return " AND ".join([f"({_entry_form(f'WHEN {chr(39)}draw{chr(39)} THEN {draw} ')})", *texts])


#: Who only reads asks for it too: SQLite forgets CHECKs then.
WELL_FORMED = _well_formed(LATER)


def _schema(later: tuple[str, ...], well_formed: str, alike: str) -> tuple[str, ...]:
    """Return the statements that make the table; `alike` is which entries of one number follow each other."""
    texts = dict.fromkeys(map(quoted, later), "TEXT")
    columns = ", ".join(f"{name} {kind}" for name, kind in (_FIRST | texts | ACT).items())
    # No constraint but the primary key may be UNIQUE: INSERT OR REPLACE would silently delete the row it collides with.
    return (
        f"""CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, replaces INTEGER, {columns}, head TEXT NOT NULL,
  CHECK ({well_formed}))""",
        "CREATE INDEX by_record ON entries (record_id)",
        "CREATE INDEX by_replaced ON entries (replaces) WHERE replaces IS NOT NULL",
        "CREATE TRIGGER no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, '台账只能追加，不能修改'); END",
        "CREATE TRIGGER no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, '台账只能追加，不能删除'); END",
        f"""CREATE TRIGGER next_only BEFORE INSERT ON entries BEGIN
  SELECT RAISE(ABORT, '台账只能接着最后一笔追加') WHERE NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entries);
  SELECT RAISE(ABORT, '更正或撤回须接着这条记录的上一笔') WHERE NEW.kind <> 'import'
    AND coalesce(NEW.replaces, 0) <> coalesce((SELECT max(seq) FROM entries WHERE record_id = NEW.record_id{alike}), 0);
END""",  # noqa: S608
    )


_ALIKE = " AND (kind = 'draw') = (NEW.kind = 'draw')"
#: Format -> the later columns it has and its statements; the first has no draws. Formers are read as if nothing stood
#: in what they lack, and renewed by the next act.
COLUMNS_OF = {1: (), 2: LATER[:1], VERSION: LATER}
SCHEMAS = {
    version: _schema(later, *((_well_formed(later), _ALIKE) if version > 1 else (_entry_form(), "")))
    for version, later in COLUMNS_OF.items()
}
SCHEMA = SCHEMAS[VERSION]


def _as_later(version: int) -> str:
    """Return the statement that shows a ledger of a former format with the columns it lacks, empty."""
    nothing = ", ".join(f"NULL AS {quoted(name)}" for name in LATER if name not in COLUMNS_OF[version])
    return f"CREATE TEMP VIEW entries AS SELECT *, {nothing} FROM main.entries"  # noqa: S608


def _renewal(version: int) -> tuple[str, ...]:
    """Return the statements that make a ledger of a former format one of today's, every entry and head as it was."""
    columns = ", ".join(["seq", "kind", "replaces", *_FIRST, *map(quoted, COLUMNS_OF[version]), *ACT, "head"])
    return (
        "ALTER TABLE entries RENAME TO former_entries",
        SCHEMA[0],
        f"INSERT INTO entries ({columns}) SELECT {columns} FROM former_entries ORDER BY seq",  # noqa: S608
        "DROP TABLE former_entries",
        *SCHEMA[1:],
        f"PRAGMA user_version={VERSION}",
    )


#: An index that ledgers had until the sums by line that it served were dropped: it does no harm there.
_FORMER = "CREATE INDEX by_line ON entries (task_id, date) WHERE date IS NOT NULL"
_RESTORE = "完好的台账（请用备份恢复，不要自行修改）"
DAMAGED = ("已损坏", _RESTORE)
_FAILURES = {
    "SQLITE_BUSY": ("正由另一次登记占用", "等另一次登记结束后再试"),
    "SQLITE_FULL": ("磁盘已满", "有空余的磁盘"),
    "SQLITE_READONLY": ("没有写入权限", "可以写入的文件和文件夹"),
    "SQLITE_CANTOPEN": ("打不开", "存在且可以读写的文件和文件夹"),
    "SQLITE_IOERR": ("读写出错（磁盘可能已满）", "完好、有空余的磁盘"),
}


def refused(path: Path, where: str, value: str, expected: str) -> InputError:
    """Return the refusal of a ledger for one reason."""
    return InputError([Problem(shown_path(path), Place(where), value, expected, Flaw.FILE)])


@contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn what SQLite and the disk raise into a refusal in Chinese; faults of the program itself pass."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, FileExistsError):
        raise
    except sqlite3.Error as error:
        name = "_".join(getattr(error, "sqlite_errorname", "").split("_")[:2])
        raise refused(path, "台账", *_FAILURES.get(name, DAMAGED)) from error
    except OSError as error:
        raise refused(path, "台账", disk_reason(error), "可以写入、有空余的磁盘") from error


@contextmanager
def snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger for reading only, as it stands at one moment; InputError if it is not a sound one."""
    _check_start(path)
    with telling(path):
        _settle(path)
        with _connected(path, "ro") as db:
            db.execute("BEGIN")
            if (version := _format_of(db, path)) != VERSION:
                db.execute(_as_later(version))
            yield db


@contextmanager
def act(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger for one act: what the block writes is kept, on the disk, once it is left without error."""
    _check_start(path)
    clean_drafts(path.parent)
    with telling(path), _connected(path, "rw") as db:
        db.execute("BEGIN IMMEDIATE")
        for statement in _renewal(version) if (version := _format_of(db, path)) != VERSION else ():
            db.execute(statement)
        yield db
        db.execute("COMMIT")


@contextmanager
def first_act(path: Path) -> Iterator[sqlite3.Connection]:
    """Make a ledger with its first act, beside its place, and move it there; FileExistsError if another was quicker."""
    clean_drafts(path.parent)
    with telling(path), TemporaryDirectory(prefix=draft_prefix(), dir=path.parent) as folder:
        temp = Path(folder) / path.name
        with _connected(temp, "rwc") as db:
            db.execute("BEGIN IMMEDIATE")
            for statement in (f"PRAGMA application_id={APPLICATION}", f"PRAGMA user_version={VERSION}", *SCHEMA):
                db.execute(statement)
            yield db
            db.execute("COMMIT")
        name_new(temp, path)
        sync_folder(path.parent)


def _check_start(path: Path) -> None:
    """Check the first bytes without opening the database; InputError if they are not those of a ledger we know."""
    try:
        start = file_bytes(path, 100)
    except OSError:
        raise refused(path, "台账", "打不开", "存在且可读的检查台账") from None
    if not start.startswith(b"SQLite format 3\0") or len(start) < 100:
        raise refused(path, "台账", "不是检查台账，或已损坏", _RESTORE)
    version, application = (int.from_bytes(start[at : at + 4], "big") for at in (60, 68))
    if application != APPLICATION or version < 1:
        raise refused(path, "台账", "别的程序的数据库，或已损坏", _RESTORE)
    if version > VERSION:
        raise refused(path, "台账", f"由更新版本的程序写成（格式 {version}）", f"格式 {VERSION}（请升级本程序）")


@contextmanager
def _connected(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """Connect; the caller begins and ends transactions itself, and what is not committed is undone at the end."""
    place = path.resolve().as_posix()
    address = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as db:
        for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "synchronous=EXTRA", "fullfsync=ON"):
            db.execute(f"PRAGMA {pragma}")
        yield db


def _settle(path: Path) -> None:
    """Undo what a killed writer left half done, which a reader may not; a folder we cannot write to stays as it is."""
    if path.with_name(f"{path.name}-journal").exists():
        with suppress(sqlite3.Error), _connected(path, "rw") as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _format_of(db: sqlite3.Connection, path: Path) -> int:
    """Return the format of a ledger; one whose table, indexes or triggers are not exactly ours is refused."""
    schema = {row[0] for row in db.execute("SELECT sql FROM sqlite_master WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^'")}
    schema -= {_FORMER}
    version = next((version for version, statements in SCHEMAS.items() if schema == {*statements}), None)
    if version is None:
        raise refused(path, "台账的结构", "被改动过（表、索引或只许追加的触发器）", _RESTORE)
    return version
