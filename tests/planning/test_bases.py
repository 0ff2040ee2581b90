"""Legal bases: each is judged by the day of the plan, one slip is one finding; what is not published is counted."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.checks.bases import COLUMNS, check_bases, check_unpublished, cited_bases
from enforce.words.terms import BasisState
from tests.planning import small

DAY = "2024-03-13"
LAW = {"title": "某办法", "number": "1号", "kind": "rule", "status": "read", "dates": "read", "here": True}
LAW |= {"in_force_from": "2020-01-01", "note": "", "successor": None, "in_force_to": None, "covers_to": None}


def cited(*cites: tuple, day: str = DAY, **known: dict) -> pd.DataFrame:
    return cited_bases(
        pd.DataFrame(cites, columns=COLUMNS[:5]), {code: LAW | fields for code, fields in known.items()}, day
    )


def found(table: pd.DataFrame | None, day: str = DAY) -> list[tuple[str, str]]:
    case = SimpleNamespace(bases=table, ruled_on=day)
    return [(finding.severity.value, finding.where) for finding in check_bases(case)]


LIST = ("编制依据", "B01", "", "", "")


@pytest.mark.parametrize(
    ("fields", "state", "severity"),
    [
        ({}, "施行中", ""),
        ({"in_force_to": "2024-03-14"}, "施行中", ""),
        ({"in_force_to": DAY}, "已失效", "error"),
        ({"in_force_to": DAY, "dates": "assumed"}, "已失效", "doubt"),
        ({"in_force_from": DAY}, "施行中", ""),
        ({"in_force_from": "2024-03-14"}, "尚未施行", "error"),
        ({"in_force_from": "2024-03-14", "dates": "quoted"}, "尚未施行", "error"),
        ({"in_force_from": "2024-03-14", "dates": "assumed"}, "尚未施行", "doubt"),
        ({"covers_to": "2024-12-31"}, "施行中", ""),
        ({"covers_to": "2023-12-31"}, "标题写的年份已过", "doubt"),
        ({"successor": "B02"}, "有后继文件", "doubt"),
        ({"here": False}, "不适用于本地", "doubt"),
        ({"kind": "form"}, "不是编制依据", "doubt"),
        ({"kind": "open", "in_force_from": None}, "不查施行期", ""),
        ({"status": "quoted"}, "施行中", "note"),
        ({"status": "assumed", "in_force_from": None, "dates": "assumed"}, "施行日期未见", "note"),
    ],
)
def test_a_basis_is_judged_by_the_day_of_the_plan(fields, state, severity):
    table = cited(LIST, B01=fields, B02={})
    assert table["state"].tolist() == [state]
    assert [finding for finding, _ in found(table)] == ([severity] if severity else [])


def test_a_basis_is_replaced_only_once_its_successor_is_in_force():
    table = cited(LIST, B01={"successor": "B02"}, B02={"in_force_from": "2025-01-01"})
    assert table[["state", "successor"]].values.tolist() == [["施行中", ""]]
    later = cited(
        LIST, B01={"successor": "B02"}, B02={"title": "新办法", "in_force_from": "2025-01-01"}, day="2025-01-01"
    )
    assert later[["state", "successor"]].values.tolist() == [["有后继文件", "《新办法》（1号）"]]


def test_one_basis_cited_in_many_places_is_one_finding():
    places = [LIST, *((f"P{n:02}", "B01", "第一条", "", "") for n in range(1, 6))]
    assert found(cited(*places, B01={"in_force_to": "2023-01-01"})) == [("error", "编制依据、P01、P02 等 6 处")]


def test_what_nobody_read_and_what_the_list_does_not_have_is_marked_as_the_planners_own():
    table = cited(LIST, ("编制依据", "", "", "某县办法", "3号"), B01={"status": "quoted", "note": "印出前核对"})
    assert table["note"].tolist() == ["本单位自选：没有核过原文；印出前核对", "本单位自选：依据清单里没有"]
    assert table["state"].tolist() == ["施行中", "本单位自选"]
    assert found(table) == [("note", "编制依据"), ("note", "编制依据")]


def test_a_plan_without_a_list_is_told_to_choose_and_a_check_without_the_table_says_nothing():
    assert found(cited(("P01", "B01", "", "", ""), B01={})) == [("note", "编制依据")]
    assert found(None) == []


@given(st.dates().map(str), st.lists(st.none() | st.dates().map(str), min_size=3, max_size=3))
def test_every_basis_has_one_state_and_at_most_one_finding_on_any_day(day, days):
    names = ("in_force_from", "in_force_to", "covers_to")
    table = cited(LIST, day=day, B01=dict(zip(names, days, strict=True)))
    assert BasisState.of(table["state"][0])
    assert len(found(table, day)) <= 1


def test_the_visits_that_stay_out_of_public_papers_are_counted():
    tasks = small.tasks(
        {"planned_visits": 5},
        {"planned_visits": 8, "unpublished": "安保"},
        {"planned_visits": 2, "unpublished": "线索"},
    )
    (finding,) = check_unpublished(SimpleNamespace(tasks=tasks))
    assert (finding.where, finding.figure, finding.limit) == ("P02、P03", "2 项 10 家次", "共 15 家次")
    assert [*check_unpublished(SimpleNamespace(tasks=small.tasks({})))] == []
