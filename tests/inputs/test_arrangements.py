"""Arrangements: numbered editions that nobody changes, and what came back of a month beside them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from enforce.inputs.arrangements import (
    Edition,
    arrangement_bytes,
    arrangement_file,
    given_out_visits,
    issued_visits,
    next_arrangement,
    read_arrangements,
    read_returns,
    return_bytes,
    return_file,
)
from enforce.inputs.parameters.plan import Plan, read_plan
from enforce.words.problems import InputError


def visits(*rows: tuple) -> pd.DataFrame:
    """Visits of a schedule: number, unit, month and day of each; '' where it is on no day."""
    usual = {"entry": 1, "visit_parts": 1, "with_officers": (), "with_sections": ()}
    table = []
    for code, unit, month, day in rows:
        when = {"date": day, "half_day": "morning" if day else "", "part": int(bool(day))}
        who = {"officer_1": "A-1" if day else "", "officer_2": "A-2" if day else ""}
        line = code.partition("-")[0]
        table.append({"visit_id": code, "task_id": line, "unit_id": unit, "month": month, **when, **who, **usual})
    return pd.DataFrame(table)


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Plan:
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    return read_plan(tmp_path / "params/putuo-2024.yaml")


FIRST = (("P01-001", "91", 5, "2024-05-06"), ("P01-002", "92", 6, "2024-06-03"), ("P01-003", "", 5, ""))
SECOND = (("P01-001", "91", 6, "2024-06-04"), ("P01-002", "92", 6, "2024-06-03"), ("P01-004", "93", 7, "2024-07-01"))


def editions(plan: Plan) -> list[Edition]:
    first = next_arrangement(plan, None, "2024-04-30", 5, visits(*FIRST))
    return [first, next_arrangement(plan, first, "2024-05-31", 6, visits(*SECOND))]


def write(plan: Plan, *made: Edition) -> None:
    for one in made:
        path = arrangement_file(plan, one.number)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(arrangement_bytes(one))


def test_editions_read_back_are_those_that_were_written(plan):
    made = editions(plan)
    write(plan, *made)
    again = read_arrangements(plan)
    assert [one.digest for one in again] == [one.digest for one in made]
    assert [arrangement_bytes(one) for one in again] == [arrangement_bytes(one) for one in made]
    assert again[1].before == again[0].digest
    assert again[1].announced == ("P01-001", "P01-002")


def test_a_plan_without_arrangements_has_none(plan):
    assert read_arrangements(plan) == ()
    assert read_returns(plan).empty
    assert given_out_visits(()).empty
    assert issued_visits(()).empty


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda text: text.replace("2024-06-04", "2024-06-05"), "没有改动过"),
        (lambda text: text.replace('"putuo-2024"', '"other-2024"'), "复制别的计划"),
        (lambda text: text.replace('"number": 2', '"number": 3'), "与文件名相同"),
        (lambda text: text.replace('"morning"', '"noon"', 1), "morning、afternoon"),
        (lambda text: text[:50], "读不出来"),
    ],
)
def test_an_edition_that_was_edited_is_refused_by_name(plan, change, word):
    write(plan, *editions(plan))
    path = arrangement_file(plan, 2)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_arrangements(plan)
    assert word in str(refusal.value)
    assert "arrangement-2.json" in str(refusal.value)


def test_a_missing_edition_is_named(plan):
    write(plan, *editions(plan))
    arrangement_file(plan, 1).unlink()
    with pytest.raises(InputError, match=r"缺少 arrangement-1\.json"):
        read_arrangements(plan)


def test_the_same_visits_are_the_same_arrangement_whatever_their_entries_are_numbered(plan):
    first = editions(plan)[0]
    again = next_arrangement(plan, None, "2024-05-02", 5, visits(*FIRST).assign(entry=9))
    assert first.same_as(again)
    assert not first.same_as(next_arrangement(plan, None, "2024-05-02", 5, visits(*SECOND)))


def test_given_out_is_what_stood_on_a_sheet_with_its_first_day_and_its_newest(plan):
    table = given_out_visits(editions(plan)).set_index("visit_id")
    assert table.index.tolist() == ["P01-001", "P01-002"]
    assert table.loc["P01-001", ["first_day", "date", "months", "since"]].tolist() == [
        "2024-05-06", "2024-06-04", (5, 6), "2024-04-30",
    ]  # fmt: skip


def test_a_visit_of_the_month_on_no_day_is_not_given_out_when_a_later_month_gets_it(plan):
    first = editions(plan)[0]
    later = next_arrangement(plan, first, "2024-05-31", 6, visits(*SECOND, ("P01-003", "91", 12, "2024-12-02")))
    assert "P01-003" not in later.announced
    assert given_out_visits([first, later])["visit_id"].tolist() == ["P01-001", "P01-002"]


def test_every_number_ever_given_out_is_known(plan):
    assert issued_visits(editions(plan))["visit_id"].tolist() == ["P01-001", "P01-002", "P01-003", "P01-004"]


def test_what_came_back_is_read_by_month_and_a_broken_file_is_refused(plan):
    write(plan, *editions(plan))
    rows = pd.DataFrame([{"visit_id": "P01-001", "done": False, "deviation": "weather", "note": "暴雨"}])
    path = return_file(plan, 5)
    path.write_bytes(return_bytes(plan, 5, rows))
    assert read_returns(plan).values.tolist() == [["P01-001", False, "weather", "暴雨", 5]]
    content = json.loads(path.read_text(encoding="utf-8"))
    content["visits"][0]["deviation"] = "no such reason"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match="停业关闭或注销"):
        read_returns(plan)
