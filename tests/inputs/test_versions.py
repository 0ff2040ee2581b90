"""Versions of a plan: the same bytes, their ancestors, and files that are refused with the entry named."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.inputs.versions import Content, Version, read_version, related, successor, version_bytes
from enforce.words.problems import InputError
from tests.work import trials


def visits(**rows: list[int]) -> pd.DataFrame:
    cells = [(code, month, (*counts, *[0] * 12)[month - 1]) for code, counts in rows.items() for month in range(1, 13)]
    return pd.DataFrame(cells, columns=["task_id", "month", "visits"])


TASKS = {code: {"planned_visits": 3, "months": "1-12", "effort": "大队=2"} for code in ("P01", "P02")}
OFFICERS = {"大队": [8] * 6 + [9] * 6}
FIRST = Version(
    *("某区-2024", 2024, 1, "2024-03-13", visits(P01=[1, 2], P02=[0, 3]), {"P01": "甲", "P02": "乙"}),
    tasks=TASKS,
    officers=OFFICERS,
)


def after(before: Version, as_of: str, plan: pd.DataFrame) -> Version:
    return successor(before, replace(FIRST, as_of=as_of, visits=plan))


SECOND = after(FIRST, "2024-06-30", visits(P01=[1, 1, 1], P02=[0, 3]))
THIRD = after(SECOND, "2024-07-31", visits(P01=[1, 1, 0, 1], P02=[0, 3]))


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "plan-v2.json"
    path.write_bytes(version_bytes(SECOND))
    return path


def edited(path, **changes) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, **changes}, ensure_ascii=False), encoding="utf-8")


def refusal(path) -> dict[str, str]:
    with pytest.raises(InputError) as caught:
        read_version(path)
    assert all(path.name in problem.file for problem in caught.value.problems)
    return {problem.where: problem.expected for problem in caught.value.problems}


def same(one: Version, other: Version) -> bool:
    pd.testing.assert_frame_equal(one.visits, other.visits)
    return replace(one, visits=None) == replace(other, visits=None)


# --- bytes ----------------------------------------------------------------------------------------------------------


def test_a_version_read_back_is_the_same_to_the_byte(path):
    again = read_version(path)
    assert same(again, SECOND)
    assert version_bytes(again) == path.read_bytes()
    assert again.digest == SECOND.digest


@trials(50)
@given(st.permutations(range(24)))
def test_the_order_of_rows_and_names_does_not_change_a_byte(order):
    turned = replace(FIRST, visits=FIRST.visits.iloc[order], names=dict(reversed(FIRST.names.items())))
    assert version_bytes(turned) == version_bytes(FIRST)


@pytest.mark.parametrize(
    "change",
    [
        {"plan": "别区-2024"},
        {"year": 2025},
        {"number": 2},
        {"as_of": "2024-03-14"},
        {"names": {"P01": "丙", "P02": "乙"}},
        {"visits": visits(P01=[2, 1], P02=[0, 3])},
        {"ancestors": ("0" * 64,)},
        {"tasks": {**TASKS, "P01": {**TASKS["P01"], "months": "1-6"}}},
        {"officers": {"大队": [8] * 12}},
    ],
)
def test_whatever_is_different_makes_another_digest(change):
    assert replace(FIRST, **change).digest != FIRST.digest


# --- ancestors ------------------------------------------------------------------------------------------------------


def test_a_successor_names_all_its_ancestors_the_oldest_first():
    assert SECOND.ancestors == (FIRST.digest,)
    assert THIRD.ancestors == (FIRST.digest, SECOND.digest)
    assert (THIRD.number, THIRD.plan, THIRD.year) == (3, FIRST.plan, 2024)


def test_ancestors_are_known_however_far_back():
    assert related(FIRST, SECOND) == related(FIRST, THIRD) == related(SECOND, THIRD) == []


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (THIRD, SECOND),  # the wrong way round
        (SECOND, SECOND),
        (replace(FIRST, visits=visits(P01=[2, 1], P02=[0, 3])), SECOND),  # edited
        (replace(FIRST, plan="别区-2024"), SECOND),
        (after(FIRST, "2024-06-30", visits(P01=[3], P02=[0, 3])), THIRD),  # a branch
    ],
)
def test_a_version_that_is_no_ancestor_is_refused_with_the_entry_named(older, newer):
    (problem,) = related(older, newer)
    assert problem.where == "ancestors"
    assert older.digest[:12] in problem.found
    assert problem.file == f"第 {newer.number} 版"


# --- refused --------------------------------------------------------------------------------------------------------


def test_a_version_that_is_not_there_is_refused(tmp_path):
    assert "plan-v….json" in refusal(tmp_path / "plan-v9.json")["计划版本"]


@pytest.mark.parametrize(
    "content", [b"[]", b"null", b"3", b"", b"{", b"\xff\xfe", "计划".encode("gbk"), b"[" * 100_000, b"\xef\xbb\xbf{}"]
)
def test_what_is_no_json_is_refused(path, content):
    path.write_bytes(content)
    assert "计划版本" in refusal(path)


def test_json_without_the_entries_of_a_version_is_refused_with_each_named(path):
    path.write_text('{"plan": "某区"}', encoding="utf-8")
    assert set(refusal(path)) == set(Content.model_fields) - {"plan"}


def test_a_version_with_an_entry_too_many_is_refused(path):
    edited(path, note="x")
    assert set(refusal(path)) == {"note"}


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("plan", 5),
        ("year", "2024"),
        ("year", True),
        ("number", 0),
        ("number", "2"),
        ("as_of", 20240630),
        ("as_of", "2024-06-31"),
        ("as_of", "2024-6-30"),
        ("ancestors", "none"),
        ("ancestors", [5]),
        ("ancestors", ["abc"]),
        ("ancestors", None),
        ("visits", []),
        ("visits", None),
        ("names", ["甲"]),
        ("names", {"P01": 1, "P02": "乙"}),
        ("tasks", []),
        ("tasks", {"P01": 3}),
        ("tasks", {"P01": {**TASKS["P01"], "planned_visits": -1}}),
        ("tasks", {"P01": {**TASKS["P01"], "planned_visits": 1.5}}),
        ("tasks", {"P01": {"planned_visits": 1}}),
        ("officers", [8] * 12),
        ("officers", {"大队": [8] * 11}),
        ("officers", {"大队": [-8] * 12}),
        ("digest", "abc"),
        ("digest", 1),
    ],
)
def test_an_entry_of_another_form_is_refused_by_name(path, entry, value):
    edited(path, **{entry: value})
    assert {re.split(r"[.\[]", place)[0] for place in refusal(path)} == {entry}


@pytest.mark.parametrize("counts", [[1] * 11, [1] * 13, [-1] * 12, [1.5] * 12, ["1"] * 12, [True] * 12, {}, None])
def test_months_that_are_no_twelve_counts_are_refused_by_task(path, counts):
    edited(path, visits={"P01": counts, "P02": [0] * 12})
    assert set(refusal(path)) == {"visits.P01"}


def test_all_problems_of_a_file_are_told_at_once(path):
    edited(path, visits={"P01": [1], "P02": [-1] * 12}, ancestors=[])
    assert set(refusal(path)) == {"visits.P01", "visits.P02", "ancestors"}


def test_a_number_that_is_not_one_more_than_its_ancestors_is_refused(path):
    edited(path, number=3)
    assert "2 个" in refusal(path)["ancestors"]


def test_names_of_other_tasks_are_refused(path):
    edited(path, names={"P01": "甲"})
    assert set(refusal(path)) == {"names.P02"}


@pytest.mark.parametrize(
    "change",
    [
        {"visits": {"P01": [1, 1, 1, *[0] * 9], "P02": [0, 4, *[0] * 10]}},
        {"as_of": "2024-06-29"},
        {"ancestors": ["0" * 64]},
        {"names": {"P01": "甲", "P02": "别的"}},
    ],
)
def test_an_edited_version_is_refused_by_its_digest(path, change):
    edited(path, **change)
    assert "没有改动过" in refusal(path)["digest"]


def test_officers_of_part_of_the_time_are_read_as_written_and_whole_ones_keep_their_digest(path):
    part = replace(SECOND, officers={"大队": [8.5] * 6 + [9] * 6})
    path.write_bytes(version_bytes(part))
    assert read_version(path).officers == {"大队": [8.5] * 6 + [9] * 6}
    assert "[8.5, 8.5, 8.5, 8.5, 8.5, 8.5, 9, 9, 9, 9, 9, 9]" in path.read_text(encoding="utf-8")
    assert part.digest != SECOND.digest
