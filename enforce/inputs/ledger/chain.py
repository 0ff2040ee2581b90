"""The entry (一笔): one line of the ledger, its place in the hash chain, and the walk along that chain.

The head (链头) after an entry is the SHA-256, in hexadecimal, of the head before it, a line feed and the canonical JSON
of the entry: every column that is not empty except the head itself, keys sorted, no spaces, UTF-8. Anyone can recompute
it with a SQLite reader and ten lines of code.

Kinds: `import` opens an act of recording and says how many entries it has; `record` is one record of a visit done;
`void` withdraws one (撤回). An entry that `replaces` another is a correction (更正): both stay, the newest counts.
`draw` is one act of a draw (抽取): `record_id` is its number, `reason` the act, `file_sha256` that of its record's file
after the act; it replaces the act before, and numbers of draws and of visits are apart.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pandas as pd

#: The columns of the records table, in order, and how each is stored: lists joined with ';', 是 and 否 as 1 and 0.
FIELDS = {
    "record_id": "TEXT",
    "date": "TEXT",
    "unit_id": "TEXT",
    "task_id": "TEXT",
    "trigger": "TEXT",
    "officers": "TEXT",
    "inspection_code": "TEXT",
    "full_record": "INTEGER",
    "hazards_found": "INTEGER",
    "major_hazards": "INTEGER",
    "hazards_fixed": "INTEGER",
    "penalty": "TEXT",
    "penalty_basis": "TEXT",
    "fine_yuan": "INTEGER",
    "in_district": "INTEGER",
    "source": "TEXT",
    "inspection_class": "TEXT",
    **dict.fromkeys(
        ("mode", "partners", "joint_mode", "attended", "themes", "start", "end", "days", "rectify_due", "fixed_on",
         "rating", "code_late", "scheme_id", "scheme_approved_on", "major_kind", "visit_id"),
        "TEXT",
    ),
}  # fmt: skip
#: Columns that ledgers did not have from the first: nothing in them is no value, so that heads stay as they were.
LATER = tuple(name for n, name in enumerate(FIELDS) if n >= [*FIELDS].index("inspection_class"))
YES_NO = ("full_record", "in_district")
LISTS = ("officers", "partners", "attended", "themes", "major_kind")
DAYS = "days"
#: The columns of an act: time, SHA-256 of the file (whose name may name a person), number of entries, reason.
ACT = {"at": "TEXT", "file_sha256": "TEXT", "entries": "INTEGER", "reason": "TEXT"}
COLUMNS = ("seq", "kind", "replaces", *FIELDS, *ACT, "head")
GENESIS = "0" * 64
#: Column -> its type in a table; officers are tuples.
DTYPES = {name: "str" if kind == "TEXT" else "int64" for name, kind in FIELDS.items()}
DTYPES |= {**dict.fromkeys(LISTS, "object"), **dict.fromkeys(YES_NO, "bool"), DAYS: "Float64"}

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

Row = tuple


def quoted(name: str) -> str:
    """Return the name of a column as SQL takes it: `end` is a word of its own there."""
    return f'"{name}"' if name == "end" else name


def packed(records: pd.DataFrame) -> list[Row]:
    """Return records as they are stored: one tuple per record, in the order of FIELDS."""
    return list(zip(*(_packed(name, records[name].tolist()) for name in FIELDS), strict=True))


def _packed(name: str, values: list) -> list:
    if name in LISTS:
        values = [";".join(parts) for parts in values]
    if name == DAYS:
        values = ["" if pd.isna(days) else f"{days:g}" for days in values]
    if name in LATER:
        return [value or None for value in values]
    return [int(value) for value in values] if FIELDS[name] == "INTEGER" else values


def unpacked(rows: Iterable[Row]) -> pd.DataFrame:
    """Return stored records as the records table: the columns and types that tables/of_plan.py gives."""
    table = pd.DataFrame(list(rows), columns=list(FIELDS), dtype=object)
    for name in FIELDS:
        table[name] = pd.Series([spoken(name, value) for value in table[name]], dtype=object)
    return table.astype(DTYPES)


def spoken(name: str, value: object) -> object:
    """Return one stored value as the records table holds it.

    >>> spoken("in_district", 1), spoken("officers", "PT-01;PT-02"), spoken("hazards_found", 1)
    (True, ('PT-01', 'PT-02'), 1)
    """
    if name in LISTS:
        return tuple(str(value).split(";")) if value else ()
    if name == DAYS:
        return float(str(value)) if value else float("nan")
    return bool(value) if name in YES_NO else value or "" if name in LATER else value


def blank(name: str) -> object:
    """Return what a record has where nothing is known of a later column: '', no parts, no number."""
    return spoken(name, None)


def canonical(row: Row) -> str:
    """Return the canonical JSON of an entry, given in the order of COLUMNS with or without its head.

    >>> canonical((1, "import", None, *[None] * len(FIELDS), "2024-05-06", "", 2, ""))
    '{"at":"2024-05-06","entries":2,"file_sha256":"","kind":"import","reason":"","seq":1}'
    """
    return _encode({name: value for name, value in zip(COLUMNS[:-1], row, strict=False) if value is not None})


def next_head(head: str, row: Row) -> str:
    """Return the head after an entry that follows `head`."""
    return hashlib.sha256(f"{head}\n{canonical(row)}".encode()).hexdigest()


def linked(head: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield entries with their heads, the first of them following `head`."""
    for row in rows:
        head = next_head(head, row)
        yield (*row, head)


def act_row(seq: int, at: str, digest: str, entries: int, reason: str = "") -> Row:
    """Return the entry that opens an act of recording."""
    return (seq, "import", None, *[None] * len(FIELDS), at, digest, entries, reason)


def record_row(seq: int, replaces: int | None, content: Row) -> Row:
    """Return the entry of a record; `replaces` is the number of the entry it corrects."""
    return (seq, "record", replaces, *content, *[None] * len(ACT))


def void_row(seq: int, replaces: int, record_id: str) -> Row:
    """Return the entry that withdraws a record."""
    return (seq, "void", replaces, record_id, *[None] * (len(FIELDS) - 1), *[None] * len(ACT))


def draw_row(seq: int, replaces: int | None, draw_id: str, *act: str) -> Row:
    """Return the entry of one act of a draw: its time, digest and name; `replaces` is the entry of the act before."""
    at, digest, step = act
    return (seq, "draw", replaces, draw_id, *[None] * (len(FIELDS) - 1), at, digest, None, step)


# --- the walk ---


@dataclass
class Walk:
    """The walk along the whole chain: head and counts so far, and every entry that is not as it was written.

    `newest` has number and kind of the newest entry of each record, `draws` number and file digest of each draw's.
    `seen` is the number of the entry after which the head was the `published` one; -1 where it never was.
    """

    published: str = ""
    head: str = GENESIS
    last: int = 0
    entries: int = 0
    due: int = 0
    seen: int = -1
    counts: Counter[str] = field(default_factory=Counter)
    newest: dict[str, tuple[int, str]] = field(default_factory=dict)
    draws: dict[str, tuple[int, str]] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def current(self) -> int:
        """The number of records that stand."""
        return sum(kind == "record" for _, kind in self.newest.values())


def walk(rows: Iterable[Row], published: str = "") -> Walk:
    """Walk along entries in the order of their numbers; faults are (entry, found, expected)."""
    chain = Walk(published, seen=0 if published == GENESIS else -1)
    for row in rows:
        _step(chain, row)
    if chain.due and not chain.faults:
        chain.faults.append((chain.last, f"登记缺 {chain.due} 笔", "一次登记的全部内容"))
    return chain


def _step(chain: Walk, row: Row) -> None:
    seq, kind, head = row[0], row[1], row[-1]
    if seq != chain.last + 1:
        chain.faults.append((seq, f"前一笔是第 {chain.last} 笔", "连续的序号"))
    if next_head(chain.head, row) != head:
        chain.faults.append((seq, "内容与链不符", "登记时写下的内容"))
    elif not chain.faults:  # what a broken chain says of its acts means nothing
        _follow_act(chain, row)
    chain.head, chain.last, chain.entries = head, seq, chain.entries + 1
    chain.counts[kind] += 1
    if head == chain.published:
        chain.seen = chain.entries


def _follow_act(chain: Walk, row: Row) -> None:
    """Follow acts and corrections: whole acts only, and each entry replaces the newest of its record."""
    seq, kind, replaces, record_id = row[:4]
    if kind == "draw":
        _follow_draw(chain, row)
        return
    opens = kind == "import"
    if opens == bool(chain.due):
        chain.faults.append((seq, "与所属的登记对不上", "一次登记的全部内容"))
    chain.due = row[COLUMNS.index("entries")] if opens else chain.due - 1
    if opens:
        return
    before = chain.newest.get(record_id, (None, "void"))
    if before[0] != replaces or (kind == "void" and before[1] == "void"):
        chain.faults.append((seq, "没有接着这条记录的上一笔", "对最近一笔的更正或撤回"))
    chain.counts["correction"] += kind == "record" and replaces is not None
    chain.newest[record_id] = (seq, kind)


def _follow_draw(chain: Walk, row: Row) -> None:
    """Follow the acts of a draw: each replaces the one before, and none stands within an act of recording."""
    seq, _, replaces, draw_id = row[:4]
    if chain.due:
        chain.faults.append((seq, "与所属的登记对不上", "一次登记的全部内容"))
    if chain.draws.get(draw_id, (None,))[0] != replaces:
        chain.faults.append((seq, "没有接着这次抽取的上一笔", "对最近一步的接续"))
    chain.draws[draw_id] = (seq, row[COLUMNS.index("file_sha256")])
