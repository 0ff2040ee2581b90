"""Records of draws: the same bytes, and files that are refused with the entry named."""

from __future__ import annotations

import json
import random

import pytest

from enforce.inputs.draws import commitment, draw_bytes, read_draws
from enforce.words.problems import Flaw, InputError
from tests.draws import EVENT, record

LISTED = [{"unit_id": code, "stratum": "", "weight": 1} for code in ("A1", "B2", "C3")]
FIRST = record(
    random.Random(1), draw_id="demo-P10", listed=LISTED, left_out=[{"unit_id": "D4", "reason": "level"}], places=2
)


class Plan:
    """The folder of tables of a plan: all that records of draws are read by."""

    def __init__(self, folder):
        self.tables_folder = folder
        (folder / "draws").mkdir()


@pytest.fixture
def plan(tmp_path):
    return Plan(tmp_path)


def put(plan, content: bytes | dict, name: str = "demo-P10") -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (plan.tables_folder / "draws" / f"{name}.json").write_bytes(data)


def problems(plan) -> list:
    with pytest.raises(InputError) as error:
        read_draws(plan)
    return [(problem.where, problem.kind) for problem in error.value.problems]


def test_a_record_is_read_as_it_was_written_a_line_for_each_unit(plan):
    put(plan, draw_bytes(FIRST))
    assert read_draws(plan) == (FIRST,)
    assert b'\n  {"unit_id": "A1", "stratum": "", "weight": 1},\n' in draw_bytes(FIRST)
    assert draw_bytes(read_draws(plan)[0]) == draw_bytes(FIRST)


def test_a_plan_without_draws_has_none(tmp_path):
    plan = Plan(tmp_path)
    assert read_draws(plan) == ()


@pytest.mark.parametrize(
    ("changes", "where", "kind"),
    [
        ({"places": 3}, "list_sha256", Flaw.CHANGED),
        ({"places": 9}, "places", Flaw.CONFLICT),
        ({"places": 0}, "places", Flaw.VALUE),
        ({"event": {**EVENT, "date": "2024-04-01"}}, "event.date", Flaw.CONFLICT),
        ({"event": {**EVENT, "place": ""}}, "event.place", Flaw.VALUE),
        ({"committed_on": "2024-02-30"}, "committed_on", Flaw.VALUE),
        ({"listed": [{**LISTED[0], "weight": 0}]}, "listed[0].weight", Flaw.VALUE),
        ({"listed": [{**LISTED[0], "weight": -3}]}, "listed[0].weight", Flaw.VALUE),
        ({"listed": [*LISTED, LISTED[2]]}, "C3", Flaw.REPEATED),
        ({"left_out": [{"unit_id": "A1", "reason": "level"}]}, "A1", Flaw.REPEATED),
        ({"left_out": [{"unit_id": "D4", "reason": "as we like"}]}, "left_out[0].reason", Flaw.VALUE),
        ({"listed": LISTED[::-1]}, "listed", Flaw.CHANGED),
        ({"listed": []}, "listed", Flaw.VALUE),
        ({"seed": "1 2"}, "seed", Flaw.VALUE),
        ({"seed": None}, "seed", Flaw.MISSING),
        ({"draw_id": "demo-P11"}, "draw_id", Flaw.CONFLICT),
        ({"witness": "张三"}, "witness", Flaw.UNKNOWN),
    ],
)
def test_a_record_that_contradicts_itself_is_refused_with_the_entry(plan, changes, where, kind):
    put(plan, {**FIRST.model_dump(mode="json"), **changes})
    assert (where, kind) in problems(plan)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_record_is_refused_as_a_file(plan, content):
    put(plan, content)
    assert problems(plan) == [("抽取记录", Flaw.FILE)]


def test_one_event_serves_one_draw_while_a_number_may_recur(plan):
    put(plan, draw_bytes(FIRST))
    same = {"listed": LISTED, "left_out": [], "places": 1, "seed": FIRST.seed}
    other = record(random.Random(2), draw_id="demo-P12", event={**EVENT, "date": "2024-05-08"}, **same)
    put(plan, draw_bytes(other), "demo-P12")
    assert len(read_draws(plan)) == 2
    put(plan, draw_bytes(record(random.Random(2), draw_id="demo-P12", **same)), "demo-P12")
    assert problems(plan) == [("event", Flaw.REPEATED)]


def test_every_part_of_a_list_changes_its_digest():
    changes = ({"places": 1}, {"month": 5 if FIRST.month != 5 else 6}, {"committed_on": "2024-04-02"})
    more = ({"listed": FIRST.listed[:2]}, {"left_out": []}, {"task_id": "P11"}, {"draw_id": "demo-P11"})
    digests = {commitment(FIRST.model_copy(update=change)) for change in (*changes, *more)}
    assert len(digests | {commitment(FIRST)}) == 8
