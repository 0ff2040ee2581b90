"""The ledger: appended to and nothing else, chained, whole or refused, acknowledged means kept."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.ledger import database
from enforce.inputs.ledger.chain import COLUMNS, FIELDS, GENESIS, LISTS, next_head, walk
from enforce.inputs.ledger.database import SCHEMA
from enforce.inputs.ledger.ledger import check_ledger, read_ledger, write_records, write_withdrawal
from enforce.inputs.tables.of_plan import TABLES
from enforce.words.problems import InputError
from tests.inputs.ledger.format_1 import former_ledger
from tests.kills import faults
from tests.kills.run import Tally, check, context, heard, kill_many
from tests.kills.writer import visits, write_some
from tests.work import trials

pytestmark = pytest.mark.slow

AT = "2024-05-06T07:08:09+08:00"
TRIGGERS = [statement for statement in SCHEMA if "TRIGGER" in statement]


def records(count: int = 30) -> pd.DataFrame:
    """Records on three lines over the year, a fifth of them unplanned."""
    table = visits([f"R{n:03}" for n in range(count)])
    table["task_id"] = pd.Series([("P01", "P02", "P03", "P03", "")[n % 5] for n in range(count)], dtype="str")
    table["trigger"] = pd.Series(["" if n % 5 < 4 else "complaint" for n in range(count)], dtype="str")
    table["date"] = pd.Series([f"2024-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(count)], dtype="str")
    return table.astype({"record_id": "str"})


def changed(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    return table.assign(**{name: [value] * len(table) for name, value in values.items()})


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    write_records(path, records(), at=AT)
    write_records(path, changed(records().iloc[4:7], hazards_found=9), at=AT)
    write_withdrawal(path, ["R010"], at=AT, reason="重复登记")
    return path.read_bytes()


@pytest.fixture
def ledger(tmp_path, made) -> Path:
    """30 records, 3 of them corrected, 1 withdrawn: 37 entries."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(made)
    return path


def refusal(call, *arguments, **options) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    text = str(caught.value)
    assert "Traceback" not in text
    assert "sqlite3" not in text
    return text


# --- what goes in comes out -----------------------------------------------------------------------------------------


def test_the_columns_are_those_of_the_records_table():
    assert list(FIELDS) == [column.name for column in TABLES["records"]]


def test_records_come_back_as_the_records_table_by_date_and_id(tmp_path):
    given_ = records().sample(frac=1, random_state=1).reset_index(drop=True)
    outcome = write_records(tmp_path / "l.sqlite", given_, at=AT)
    assert (outcome.added, outcome.known, outcome.corrected, outcome.stale) == (30, 0, 0, ())
    found = read_ledger(tmp_path / "l.sqlite").records
    expected = given_[list(FIELDS)].sort_values(["date", "record_id"]).reset_index(drop=True)
    types = {column.name: column.dtype for column in TABLES["records"]}
    pd.testing.assert_frame_equal(found, expected.astype(types))
    assert found["officers"].tolist() == [("PT-01", "PT-02")] * 30


def test_an_empty_ledger_gives_an_empty_records_table_of_the_same_types(tmp_path):
    write_records(tmp_path / "l.sqlite", records(1), at=AT)
    write_withdrawal(tmp_path / "l.sqlite", ["R000"], at=AT, reason="误登")
    found = read_ledger(tmp_path / "l.sqlite").records
    assert len(found) == 0
    assert found.dtypes.equals(read_types())


def read_types() -> pd.Series:
    with tempfile.TemporaryDirectory() as folder:
        write_records(Path(folder) / "l.sqlite", records(1), at=AT)
        return read_ledger(Path(folder) / "l.sqlite").records.dtypes


def test_no_records_make_no_ledger(tmp_path):
    outcome = write_records(tmp_path / "l.sqlite", records(0), at=AT)
    assert (outcome.added, outcome.head) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_importing_again_adds_nothing_and_leaves_the_file_byte_for_byte(ledger):
    before, had = ledger.read_bytes(), read_ledger(ledger)
    outcome = write_records(ledger, records().iloc[12:20], at="2025-01-01")
    assert (outcome.added, outcome.known, outcome.corrected, outcome.stale) == (0, 8, 0, ())
    assert outcome.head == had.head
    assert ledger.read_bytes() == before
    assert [path.name for path in ledger.parent.iterdir()] == ["ledger.sqlite"]


def test_an_overlapping_export_adds_only_what_is_new(ledger):
    outcome = write_records(ledger, records(40).iloc[20:], at=AT)
    assert (outcome.added, outcome.known, outcome.corrected) == (10, 10, 0)
    assert len(read_ledger(ledger).records) == 39


@trials(30)
@given(st.lists(st.lists(st.integers(0, 11), max_size=14), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_any_imports_of_overlapping_parts_give_the_same_records_as_one(parts, chance):
    table = records(12)
    covered = [*parts, [n for n in range(12) if chance.random() < 0.9]]
    every = sorted({n for part in covered for n in part})
    with tempfile.TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.sqlite", Path(folder) / "many.sqlite"
        for part in covered:
            write_records(many, table.iloc[part], at=AT)
        write_records(one, table.iloc[every], at=AT)
        assert one.exists() == many.exists() == bool(every)
        if every:
            pd.testing.assert_frame_equal(read_ledger(many).records, read_ledger(one).records)
            assert check_ledger(many).records == len(every)


# --- corrections ----------------------------------------------------------------------------------------------------


def test_a_correction_keeps_the_old_content_and_tells_every_field_before_and_after(ledger):
    row = changed(records().iloc[[0]], hazards_found=2, in_district=False, officers=("PT-03",), unit_id="")
    outcome = write_records(ledger, row, at=AT)
    assert (outcome.added, outcome.known, outcome.corrected) == (0, 0, 1)
    assert outcome.changes.to_numpy().tolist() == [
        ["R000", "unit_id", "91310107MA1TX0013D", ""],
        ["R000", "officers", ("PT-01", "PT-02"), ("PT-03",)],
        ["R000", "hazards_found", 0, 2],
        ["R000", "in_district", True, False],
    ]
    with closing(sqlite3.connect(ledger)) as db:
        both = db.execute("SELECT hazards_found FROM entries WHERE record_id = 'R000' ORDER BY seq").fetchall()
    assert both == [(0,), (2,)]
    now = read_ledger(ledger).records.set_index("record_id")
    assert (now.loc["R000", "hazards_found"], len(now)) == (2, 29)


@pytest.mark.parametrize("column", [name for name in FIELDS if name != "record_id"])
def test_a_change_of_any_field_is_a_correction(ledger, column):
    kind = {**dict.fromkeys(LISTS, ("PT-09",)), "full_record": False, "in_district": False, "date": "2024-12-31"}
    kind |= {"days": 1.25}
    value = kind.get(column, 7 if FIELDS[column] == "INTEGER" else "X")
    table = records().iloc[[2]]
    table = table.assign(**{column: pd.Series([value], table.index)})
    outcome = write_records(ledger, table, at=AT)
    assert outcome.changes[["column", "after"]].to_numpy().tolist() == [[column, value]]


def test_an_old_content_does_not_come_back_unless_it_is_asked_for(ledger):
    old = records().iloc[3:8]
    outcome = write_records(ledger, old, at=AT)
    assert (outcome.added, outcome.known, outcome.corrected) == (0, 2, 0)
    assert outcome.stale == ("R004", "R005", "R006")
    assert read_ledger(ledger).records["hazards_found"].sum() == 27
    outcome = write_records(ledger, old, at=AT, restore=True)
    assert (outcome.known, outcome.corrected, outcome.stale) == (2, 3, ())
    assert read_ledger(ledger).records["hazards_found"].sum() == 0


def test_a_withdrawn_record_stays_but_does_not_count_and_can_be_restored(ledger):
    assert "R010" not in set(read_ledger(ledger).records["record_id"])
    assert check_ledger(ledger).withdrawn == 1
    assert write_records(ledger, records().iloc[[10]], at=AT).stale == ("R010",)
    assert write_records(ledger, changed(records().iloc[[10]], hazards_found=3), at=AT).stale == ("R010",)
    outcome = write_records(ledger, records().iloc[[10]], at=AT, restore=True)
    assert outcome.changes.to_numpy().tolist() == [["R010", "withdrawn", True, False]]
    assert "R010" in set(read_ledger(ledger).records["record_id"])


def test_only_records_that_stand_can_be_withdrawn_and_all_are_told(ledger):
    before = ledger.read_bytes()
    text = refusal(write_withdrawal, ledger, ["R001", "R010", "R999", "R999"], at=AT, reason="误登")
    assert "R010" in text
    assert "R999" in text
    assert "R001" not in text
    assert ledger.read_bytes() == before


def test_two_contents_of_one_record_in_one_file_are_an_entry_and_its_correction(tmp_path):
    table = pd.concat([records(2), changed(records(1), hazards_found=1), records(2)], ignore_index=True)
    outcome = write_records(tmp_path / "l.sqlite", table, at=AT)
    assert (outcome.added, outcome.known, outcome.corrected, outcome.stale) == (2, 1, 1, ("R000",))
    assert check_ledger(tmp_path / "l.sqlite").corrections == 1
    again = write_records(tmp_path / "l.sqlite", pd.concat([changed(records(1), hazards_found=1)] * 2), at=AT)
    assert again.known == 2


# --- the chain ------------------------------------------------------------------------------------------------------


def test_the_head_can_be_recomputed_by_anyone_without_the_library(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.row_factory = sqlite3.Row
        found = "0" * 64
        for row in db.execute("SELECT * FROM entries ORDER BY seq"):
            entry = {name: row[name] for name in row.keys() if name != "head" and row[name] is not None}  # noqa: SIM118
            text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            found = hashlib.sha256(f"{found}\n{text}".encode()).hexdigest()
    assert found == check_ledger(ledger).head == read_ledger(ledger).head


def test_a_sound_ledger_is_told_with_its_counts(ledger):
    found = check_ledger(ledger)
    assert found == (read_ledger(ledger).head, 37, 29, 3, 3, 1, 0, 0, {})


def test_a_published_head_stays_on_the_chain(ledger):
    published = read_ledger(ledger).head
    write_records(ledger, records(33), at=AT)
    assert check_ledger(ledger, published.upper() + " ").later == 4
    assert check_ledger(ledger, GENESIS).later == 41
    assert check_ledger(ledger, read_ledger(ledger).head).later == 0
    assert "不在链上" in refusal(check_ledger, ledger, "0" * 63 + "1")
    assert "64 位" in refusal(check_ledger, ledger, published[:20])


def test_the_ledger_depends_on_what_is_recorded_and_nothing_else(tmp_path):
    for name in ("a", "b"):
        write_records(tmp_path / name, records(), at=AT, digest="d" * 64)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def edit(db, chance, count):
    name = chance.choice([name for name in FIELDS if name != "record_id"])
    value = {"officers": "PT-99", "date": "2024-07-07"}.get(name, 5 if FIELDS[name] == "INTEGER" else "改")
    seq = chance.choice([row[0] for row in db.execute("SELECT seq FROM entries WHERE kind = 'record'")])
    db.execute(f"UPDATE entries SET {name} = ? WHERE seq = ?", (value, seq))


def delete(db, chance, count):
    db.execute("DELETE FROM entries WHERE seq = ?", (chance.randrange(1, count),))


def delete_and_close_up(db, chance, count):
    seq = chance.randrange(1, count)
    db.execute("DELETE FROM entries WHERE seq = ?", (seq,))
    for later in range(seq + 1, count + 1):
        db.execute("UPDATE entries SET seq = ? WHERE seq = ?", (later - 1, later))


def insert_in_the_middle(db, chance, count):
    at, row = chance.randrange(2, count), list(db.execute("SELECT * FROM entries WHERE seq = 2").fetchone())
    for later in range(count, at - 1, -1):
        db.execute("UPDATE entries SET seq = ? WHERE seq = ?", (later + 1, later))
    before = db.execute("SELECT head FROM entries WHERE seq = ?", (at - 1,)).fetchone()[0]
    row[:4] = [at, "record", None, "NEW"]
    row[-1] = next_head(before, tuple(row))
    db.execute(f"INSERT INTO entries VALUES ({', '.join('?' * len(COLUMNS))})", row)


def swap(db, chance, count):
    one, other = chance.sample(range(1, count + 1), 2)
    for old, new in ((one, -1), (other, one), (-1, other)):
        db.execute("UPDATE entries SET seq = ? WHERE seq = ?", (new, old))


def drop_the_tail(db, chance, count):
    db.execute("DELETE FROM entries WHERE seq > ?", (chance.randrange(1, count),))


def rewrite(db, chance, count):
    edit(db, chance, count)
    found = GENESIS
    for row in db.execute("SELECT * FROM entries ORDER BY seq").fetchall():
        found = next_head(found, row)
        db.execute("UPDATE entries SET head = ? WHERE seq = ?", (found, row[0]))


def edit_with_its_own_head(db, chance, count):
    edit(db, chance, count)
    heads = dict(db.execute("SELECT seq, head FROM entries")) | {0: GENESIS}
    for row in db.execute("SELECT * FROM entries ORDER BY seq").fetchall()[:-1]:
        db.execute("UPDATE entries SET head = ? WHERE seq = ?", (next_head(heads[row[0] - 1], row), row[0]))


TAMPERS = [
    edit, delete, delete_and_close_up, insert_in_the_middle, swap, drop_the_tail, rewrite, edit_with_its_own_head,
]  # fmt: skip


@pytest.mark.parametrize("attempt", range(20))
@pytest.mark.parametrize("restored", [True, False], ids=["triggers put back", "triggers dropped"])
@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_r14_every_tamper_that_changes_content_is_detected(ledger, tamper, restored, attempt):
    published, sound = read_ledger(ledger).head, set(_rows(ledger))
    with closing(sqlite3.connect(ledger)) as db:
        for name in ("no_update", "no_delete", "next_only"):
            db.execute(f"DROP TRIGGER {name}")
        tamper(db, random.Random(f"{tamper.__name__}{attempt}"), 37)
        for statement in TRIGGERS if restored else []:
            db.execute(statement)
        db.commit()
    assert set(_rows(ledger)) != sound
    before = ledger.read_bytes()
    refusal(check_ledger, ledger, published)
    if not restored:
        assert "被改动过" in refusal(read_ledger, ledger)
        assert "被改动过" in refusal(write_records, ledger, records(50), at=AT)
    assert ledger.read_bytes() == before


def _rows(ledger: Path) -> list:
    with closing(sqlite3.connect(ledger)) as db:
        return db.execute("SELECT * FROM entries").fetchall()


def test_r14_without_the_published_head_a_cut_tail_is_an_act_cut_short_or_not_seen(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("DROP TRIGGER no_delete")
        db.execute("DELETE FROM entries WHERE seq > 20")
        db.execute(next(statement for statement in TRIGGERS if "no_delete" in statement))
        db.commit()
    assert "登记缺 11 笔" in refusal(check_ledger, ledger)


def test_every_broken_entry_is_told_and_where(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("DROP TRIGGER no_update")
        db.execute("UPDATE entries SET source = '改' WHERE seq IN (5, 9)")
        db.execute(next(statement for statement in TRIGGERS if "no_update" in statement))
        db.commit()
    text = refusal(check_ledger, ledger)
    assert "第 5 笔 = 内容与链不符" in text
    assert "第 9 笔" in text
    assert "共" not in text


@pytest.mark.parametrize(
    "change",
    ["kind = 'other'", "hazards_found = 'x'", "record_id = x'00'", "officers = '张三'", "head = 'x'", "at = 1"],
)
def test_an_entry_that_is_none_is_told_though_readers_of_sqlite_pass_it(ledger, change):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("DROP TRIGGER no_update")
        db.execute(f"UPDATE entries SET {change} WHERE seq = 5")
        db.execute(next(statement for statement in TRIGGERS if "no_update" in statement))
        db.commit()
    assert "第 5 笔 = 不成形" in refusal(check_ledger, ledger)


def test_an_act_goes_on_from_a_sound_end_only(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("DROP TRIGGER no_update")
        db.execute("UPDATE entries SET head = ? WHERE seq = 37", ("a" * 64,))
        db.execute(next(statement for statement in TRIGGERS if "no_update" in statement))
        db.commit()
    before = ledger.read_bytes()
    assert "第 37 笔 = 内容与链不符" in refusal(write_records, ledger, records(50), at=AT)
    assert "内容与链不符" in refusal(read_ledger, ledger)
    assert ledger.read_bytes() == before


def chained(*rows: dict) -> list[tuple]:
    """Entries with right heads, whatever they say."""
    found, head_ = [], GENESIS
    for n, row in enumerate(rows, 1):
        full = tuple(({"seq": n} | row).get(name) for name in COLUMNS[:-1])
        head_ = next_head(head_, full)
        found.append((*full, head_))
    return found


ACT = {"kind": "import", "at": AT, "file_sha256": "", "entries": 1, "reason": ""}
ONE = {"kind": "record", "record_id": "R1"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([ONE], [(1, "与所属的登记对不上")]),
        ([ACT, ONE, ONE | {"record_id": "R2"}], [(3, "与所属的登记对不上")]),
        ([ACT, ACT, ONE], [(2, "与所属的登记对不上")]),
        ([ACT | {"entries": 2}, ONE], [(2, "登记缺 1 笔")]),
        ([ACT, ONE, ACT, ONE], [(4, "没有接着这条记录的上一笔")]),
        ([ACT, ONE | {"replaces": 1}], [(2, "没有接着这条记录的上一笔")]),
        ([ACT, ONE | {"kind": "void"}], [(2, "没有接着这条记录的上一笔")]),
        ([ACT, ONE, ACT, ONE | {"replaces": 2}], []),
    ],
)
def test_a_chain_with_right_hashes_and_wrong_acts_is_seen(rows, told):
    assert [fault[:2] for fault in walk(chained(*rows)).faults] == told


# --- append only ----------------------------------------------------------------------------------------------------


def copied(columns: str = "*", seq: str = "seq") -> str:
    names = ", ".join(COLUMNS[1:])
    return f"SELECT {seq}, {names} FROM entries WHERE seq = 2"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET source = '改'",
        "UPDATE OR REPLACE entries SET seq = 3 WHERE seq = 2",
        "UPDATE OR IGNORE entries SET source = '改'",
        "DELETE FROM entries",
        "DELETE FROM entries WHERE seq = 37",
        f"INSERT OR REPLACE INTO entries {copied()}",
        f"REPLACE INTO entries {copied(seq='37')}",
        f"INSERT OR REPLACE INTO entries {copied(seq='38')}",
        f"INSERT OR IGNORE INTO entries {copied()}",
        f"INSERT INTO entries {copied(seq='39')}",
        f"INSERT INTO entries {copied(seq='0')}",
        f"INSERT INTO entries {copied(seq='-1')}",
        f"INSERT INTO entries {copied(seq='NULL')}",
        f"INSERT INTO entries {copied()} ON CONFLICT (seq) DO UPDATE SET source = '改'",
        f"INSERT INTO entries {copied(seq='38')}",
    ],
)
def test_r14_nothing_but_the_next_entry_can_be_written(ledger, statement):
    rows = _rows(ledger)
    with closing(sqlite3.connect(ledger)) as db, suppress(sqlite3.IntegrityError):
        db.execute(statement)
        db.commit()
        assert "IGNORE" in statement  # the others must not come here
    assert _rows(ledger) == rows
    assert check_ledger(ledger).entries == 37


@pytest.mark.parametrize("officers", [("张三",), ("PT-01", "李 四"), ("PT/1",)])
def test_a_name_of_an_officer_cannot_enter(ledger, officers):
    before = ledger.read_bytes()
    with pytest.raises(sqlite3.IntegrityError):
        write_records(ledger, changed(records(31).iloc[[30]], officers=officers), at=AT)
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    "values",
    [{"hazards_found": 2.5}, {"task_id": float("nan")}, {"source": None}, {"record_id": ""}, {"fine_yuan": "x"}],
)
def test_a_value_of_another_kind_is_a_fault_of_the_program_and_writes_nothing(tmp_path, ledger, values):
    before, table = ledger.read_bytes(), changed(records(40).iloc[35:], **values)
    if "hazards_found" in values:
        assert write_records(ledger, table, at=AT).added == 5
        return
    with pytest.raises((sqlite3.IntegrityError, ValueError)):
        write_records(ledger, table, at=AT)
    with pytest.raises((sqlite3.IntegrityError, ValueError)):
        write_records(tmp_path / "new.sqlite", table, at=AT)
    assert ledger.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.sqlite"]


# --- files that are no sound ledger ---------------------------------------------------------------------------------

CALLS = {
    "read": read_ledger,
    "verify": check_ledger,
    "append": lambda path: write_records(path, records(), at=AT),
    "withdraw": lambda path: write_withdrawal(path, ["R001"], at=AT, reason="误登"),
}


def foreign(path: Path, **pragmas: int) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE visits (a)")
        for name, value in pragmas.items():
            db.execute(f"PRAGMA {name} = {value}")


FILES = {
    "empty": (lambda path: path.write_bytes(b""), "不是检查台账"),
    "text": (lambda path: path.write_text("检查编号,检查日期\n" * 50, encoding="utf-8"), "不是检查台账"),
    "short": (lambda path: path.write_bytes(path.read_bytes()[:60]), "不是检查台账"),
    "another program's": (foreign, "别的程序的数据库"),
    "no version": (lambda path: foreign(path, application_id=database.APPLICATION), "别的程序的数据库"),
    "newer": (
        lambda path: foreign(path, application_id=database.APPLICATION, user_version=database.VERSION + 1),
        "请升级本程序",
    ),
    "same marks": (lambda path: foreign(path, application_id=database.APPLICATION, user_version=1), "被改动过"),
    "truncated": (lambda path: path.write_bytes(path.read_bytes()[:8192]), "已损坏"),
    "a folder": (Path.mkdir, "打不开"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_foreign_or_newer_file_is_refused_in_chinese_and_not_changed(tmp_path, call, kind):
    path = tmp_path / "ledger.sqlite"
    make, told = FILES[kind]
    if kind in ("short", "truncated"):
        write_records(path, records(), at=AT)
    make(path)
    before = path.read_bytes() if path.is_file() else None
    text = refusal(CALLS[call], path)
    assert told in text
    assert str(tmp_path) not in text
    assert before == (path.read_bytes() if path.is_file() else None)
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]


@pytest.mark.parametrize("call", ["read", "verify", "withdraw"])
def test_a_ledger_that_is_not_there_is_refused_and_not_made(tmp_path, call):
    assert "打不开" in refusal(CALLS[call], tmp_path / "ledger.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_with_the_index_that_ledgers_used_to_have_is_read_and_written(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("CREATE INDEX by_line ON entries (task_id, date) WHERE date IS NOT NULL")
    assert write_records(ledger, records(33), at=AT).added == 3
    assert check_ledger(ledger).records == 32
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("CREATE INDEX another ON entries (date)")
    assert "被改动过" in refusal(read_ledger, ledger)


def test_a_flipped_byte_is_seen_or_changes_nothing(ledger):
    sound, rows, chance, seen = ledger.read_bytes(), _rows(ledger), random.Random(5), 0
    for _ in range(150):
        bytes_ = bytearray(sound)
        bytes_[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        ledger.write_bytes(bytes_)
        try:
            check_ledger(ledger)
            assert _rows(ledger) == rows
        except InputError:
            seen += 1
    assert seen > 30


def test_what_is_no_text_in_a_text_column_is_told_as_damage(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("DROP TRIGGER no_update")
        db.execute("UPDATE entries SET source = CAST(x'ff' AS TEXT) WHERE seq = 3")
        db.execute(next(statement for statement in TRIGGERS if "no_update" in statement))
        db.commit()
    assert "已损坏" in refusal(read_ledger, ledger)


def test_an_index_that_disagrees_with_its_table_is_seen(ledger):
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'record_id)', 'task_id)') WHERE name = 'by_record'")
        db.execute("PRAGMA writable_schema = RESET")
        db.execute("REINDEX")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = replace(sql, 'task_id)', 'record_id)') WHERE name = 'by_record'")
        db.commit()
    assert "已损坏" in refusal(check_ledger, ledger)


# --- durable --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_r13_thirty_kills_lose_no_acknowledged_record_and_tear_no_act(tmp_path):
    tally = kill_many(tmp_path, 30)
    assert (tally.lost, tally.torn) == ([], [])
    assert tally.kills >= 30
    assert tally.acknowledged > 100
    assert tally.in_transaction > 0


def test_r13_the_kill_test_would_see_a_lost_record_and_half_an_act(tmp_path):
    write_records(tmp_path / "ledger.sqlite", visits(["1-0-0-2"]), at=AT)
    tally = Tally()
    check(tmp_path / "ledger.sqlite", {("1-0-0-2", 0), ("1-0-1-2", 0)}, tally)
    assert (tally.lost, tally.torn) == (["1-0-1-2"], ["act 1-0: 1 of 2"])
    check(tmp_path / "none.sqlite", {("2-0-0-1", 0)}, tally)
    assert tally.lost == ["1-0-1-2", "2-0-0-1"]
    (tmp_path / "ledger.sqlite").write_bytes(b"")
    check(tmp_path / "ledger.sqlite", set(), tally)
    assert len(tally.torn) == 2


def test_r12_two_writers_at_once_lose_none_of_300_visits(tmp_path):
    path, processes, ears, started = tmp_path / "ledger.sqlite", context(), [], []
    for writer in (1, 2):
        ear, mouth = processes.Pipe(duplex=False)
        started.append(processes.Process(target=write_some, args=(os.fspath(path), writer, 150, mouth)))
        started[-1].start()
        mouth.close()
        ears.append(ear)
    said = [name for ear in ears for name in heard(ear)]
    for process in started:
        process.join()
    assert len(said) == 300
    assert set(said) == set(read_ledger(path).records["record_id"])
    assert check_ledger(path).acts == 300
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_a_reader_undoes_what_a_killed_writer_left_half_done(tmp_path, ledger):
    sound = _rows(ledger)
    journal = ledger.with_name("ledger.sqlite-journal")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size = 1")
        db.execute("PRAGMA cache_spill = 1")
        db.execute("BEGIN IMMEDIATE")
        db.execute("DROP INDEX by_record")
        for n in range(2000):
            row = (38 + n, *(None,) * (len(COLUMNS) - 2), "a" * 64)
            record = dict(zip(COLUMNS, row, strict=True)) | {**ACT, "seq": 38 + n}
            into = f"entries ({', '.join(COLUMNS)})"
            db.execute(f"INSERT INTO {into} VALUES ({', '.join('?' * len(COLUMNS))})", [record[c] for c in COLUMNS])
        torn, undo = ledger.read_bytes(), journal.read_bytes()
    ledger.write_bytes(torn)
    journal.write_bytes(undo)
    assert check_ledger(ledger).entries == 37
    assert not journal.exists()
    assert _rows(ledger) == sound


def test_two_first_acts_at_once_both_count(tmp_path, monkeypatch):
    path, link = tmp_path / "ledger.sqlite", os.link

    def slower(source, target):
        monkeypatch.undo()
        write_records(path, records().iloc[:10], at=AT)  # the other was quicker
        link(source, target)

    monkeypatch.setattr(os, "link", slower)
    outcome = write_records(path, records().iloc[5:20], at=AT)
    assert (outcome.added, outcome.known) == (10, 5)
    assert check_ledger(path).records == 20
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]


def no_link(source, target):
    raise PermissionError(errno.EPERM, "no hard links here")


def test_a_disk_without_hard_links_will_do(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", no_link)
    write_records(tmp_path / "ledger.sqlite", records(), at=AT)
    assert check_ledger(tmp_path / "ledger.sqlite").records == 30
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", no_link)
    monkeypatch.setattr(os, "replace", full)
    assert f"系统代码 {errno.ENOSPC}" in refusal(write_records, tmp_path / "ledger.sqlite", records(), at=AT)
    assert "系统代码 2" in refusal(write_records, tmp_path / "none" / "ledger.sqlite", records(), at=AT)


def test_a_folder_that_cannot_be_opened_to_be_synced_is_passed_over(tmp_path, monkeypatch):
    opened = os.open

    def held(path, *arguments, **options):
        if path == tmp_path:
            raise PermissionError(errno.EACCES, "no such call")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", held)
    write_records(tmp_path / "ledger.sqlite", records(), at=AT)
    monkeypatch.undo()
    assert check_ledger(tmp_path / "ledger.sqlite").records == 30


def test_a_ledger_held_by_another_is_told_after_a_wait(ledger, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(ledger, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        assert "正由另一次登记占用" in refusal(write_records, ledger, records(50), at=AT)
        assert "正由另一次登记占用" in refusal(read_ledger, ledger)
        db.execute("ROLLBACK")
        db.execute("BEGIN IMMEDIATE")
        assert read_ledger(ledger).entries == 37


def test_a_ledger_that_may_only_be_read_is_read_and_not_written(ledger, monkeypatch):
    connected = database._connected
    monkeypatch.setattr(database, "_connected", lambda path, mode: connected(path, "ro"))
    assert read_ledger(ledger).entries == 37
    assert "没有写入权限" in refusal(write_records, ledger, records(50), at=AT)


def test_r9_r10_a_disk_that_fills_up_at_any_size_leaves_the_old_or_the_new_ledger(tmp_path, ledger):
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    sound, size = ledger.read_bytes(), ledger.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    told = 0
    try:
        for limit in range(512, size + 70_000, 1536):
            for path, start in ((ledger, sound), (tmp_path / f"{limit}" / "ledger.sqlite", None)):
                path.parent.mkdir(exist_ok=True)
                if start:
                    path.write_bytes(start)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
                try:
                    write_records(path, records(90), at=AT)
                    whole = True
                except InputError as error:
                    whole, told = False, told + ("磁盘" in str(error))
                finally:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
                assert whole or start or not path.exists()
                if path.exists():
                    assert check_ledger(path).records == (90 if whole and not start else 89 if whole else 29)
    finally:
        signal.signal(signal.SIGXFSZ, before)
    assert told > 20


@pytest.mark.slow
@pytest.mark.skipif(not faults.available(), reason="strace may not trace here")
def test_r10_the_nth_failing_call_of_sqlite_leaves_the_old_or_the_new_ledger_and_is_told(tmp_path):
    found = faults.fail_all(tmp_path, 24, ("pwrite64", "fdatasync"))
    assert (found.silent, found.torn) == ([], [])
    assert found.attempts == 24 * 2 * 2 * 2
    assert found.told > 40


def test_a_fault_of_the_chain_is_told_whole():
    act, void = ACT | {"entries": 1}, {"kind": "void", "record_id": "R1"}
    wrong = walk(chained(act, ONE, act, void | {"replaces": 2}, act, void | {"replaces": 4}))
    assert wrong.faults == [(6, "没有接着这条记录的上一笔", "对最近一笔的更正或撤回")]
    assert walk(chained(ONE)).faults == [(1, "与所属的登记对不上", "一次登记的全部内容")]
    assert walk(chained(ACT | {"entries": 3}, ONE)).faults == [(2, "登记缺 2 笔", "一次登记的全部内容")]
    assert walk(chained(act, ONE)[1:]).faults[0] == (2, "前一笔是第 0 笔", "连续的序号")


# --- ledgers of format 1 --------------------------------------------------------------------------------------------


@pytest.fixture(params=[1, 2])
def former(tmp_path, made, request) -> Path:
    return former_ledger(tmp_path / "former.sqlite", made, request.param)


def test_a_ledger_of_a_former_format_reads_as_it_did_and_its_head_is_the_same(former, ledger):
    before = former.read_bytes()
    pd.testing.assert_frame_equal(read_ledger(former).records, read_ledger(ledger).records)
    assert check_ledger(former, read_ledger(ledger).head).later == 0
    assert former.read_bytes() == before


def test_a_ledger_of_a_former_format_takes_the_later_columns_with_the_next_act(former):
    head = read_ledger(former).head
    table = changed(visits(["N1", "N2"]), inspection_class="special", mode="off_site", days=1.25, end="11:30")
    table = table.assign(themes=[("动火", "检维修")] * 2)
    write_records(former, table, at=AT)
    assert check_ledger(former, head).later == 3
    records = read_ledger(former).records.set_index("record_id")
    later = ["inspection_class", "mode", "days", "end", "themes"]
    assert records.loc["N1", later].tolist() == ["special", "off_site", 1.25, "11:30", ("动火", "检维修")]
    assert records.loc["R001", ["inspection_class", "end", "themes"]].tolist() == ["", "", ()]
    assert pd.isna(records.loc["R001", "days"])
    assert write_records(former, table, at=AT).known == 2


def test_a_class_that_is_taken_back_is_a_correction(ledger):
    write_records(ledger, changed(visits(["N1"]), inspection_class="special"), at=AT)
    changes = write_records(ledger, visits(["N1"]), at=AT).changes
    assert changes[["column", "before", "after"]].values.tolist() == [["inspection_class", "special", ""]]
