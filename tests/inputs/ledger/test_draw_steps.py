"""Acts of draws in the ledger: one chain with the visits, and ledgers from before there were any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from enforce.inputs.ledger import database
from enforce.inputs.ledger.ledger import check_ledger, read_ledger, write_records, write_step
from enforce.words.problems import InputError
from tests.inputs.ledger.format_1 import former_ledger
from tests.kills.writer import AT, visits

DIGESTS = ["a" * 64, "b" * 64, "c" * 64]


def step(path: Path, n: int, draw_id: str = "demo-P10") -> str:
    return write_step(path, draw_id, "commit", DIGESTS[n], at=AT, before=lambda last: None)


@pytest.fixture
def old(tmp_path) -> Path:
    """A ledger as it was made before draws stood in it."""
    path = tmp_path / "later.sqlite"
    write_records(path, visits(["R1", "R2"]), at=AT)
    return former_ledger(tmp_path / "ledger.sqlite", path.read_bytes())


def test_acts_of_draws_and_of_recording_follow_each_other_in_one_chain(tmp_path):
    path = tmp_path / "ledger.sqlite"
    heads = [step(path, 0), write_records(path, visits(["R1"]), at=AT).head, step(path, 1), step(path, 2, "demo-P12")]
    ledger = read_ledger(path)
    assert (ledger.head, ledger.entries, ledger.acts) == (heads[-1], 5, 1)
    assert ledger.draws == {"demo-P10": DIGESTS[1], "demo-P12": DIGESTS[2]}
    assert [check_ledger(path, head).later for head in heads] == [4, 2, 1, 0]


def test_an_old_ledger_is_read_as_it_is_and_takes_draws_from_its_next_act_on_with_all_its_heads(old):
    head = read_ledger(old).head
    assert old.read_bytes()[60:64] == (1).to_bytes(4, "big")
    write_records(old, visits(["R3"]), at=AT)
    step(old, 0)
    assert old.read_bytes()[60:64] == database.VERSION.to_bytes(4, "big")
    soundness = check_ledger(old, head)
    assert (soundness.records, soundness.steps, soundness.later) == (3, 1, 3)
    write_records(old, visits(["R1"], version=1), at=AT)
    assert check_ledger(old).corrections == 1


def test_an_act_that_is_refused_leaves_an_old_ledger_as_it_was(old):
    before = old.read_bytes()

    def refuse(last: str) -> None:
        raise InputError([])

    with pytest.raises(InputError):
        write_step(old, "demo-P10", "commit", DIGESTS[0], at=AT, before=refuse)
    assert old.read_bytes() == before
    assert check_ledger(old).records == 2


def test_a_visit_may_have_the_number_of_a_draw(tmp_path):
    path = tmp_path / "ledger.sqlite"
    step(path, 0, "demo-P10")
    assert write_records(path, visits(["demo-P10"]), at=AT).added == 1
    step(path, 1, "demo-P10")
    assert write_records(path, visits(["demo-P10"], version=1), at=AT).corrected == 1
    assert check_ledger(path).steps == 2


@pytest.mark.parametrize("change", ["file_sha256 = 'd'", "reason = 'draw'", "record_id = 'demo-P11'", "at = ''"])
def test_an_act_that_was_changed_is_told(tmp_path, change):
    path = tmp_path / "ledger.sqlite"
    step(path, 0)
    step(path, 1)
    trigger = next(statement for statement in database.SCHEMA if "no_update" in statement)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DROP TRIGGER no_update")
        db.execute("PRAGMA ignore_check_constraints=ON")
        db.execute(f"UPDATE entries SET {change} WHERE seq = 2")
        db.execute(trigger)
    with pytest.raises(InputError, match="第 2 笔"):
        check_ledger(path)
