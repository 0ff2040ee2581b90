"""The ledger of promises: states through the year and at its end; what is not known is never fulfilled nor broken."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.through.actuals import FIGURES, Actuals
from enforce.planning.through.promise_ledger import measure_rows, promise_rows, promise_state
from enforce.planning.through.promise_measures import MEASURES, Facts, readings
from enforce.words.terms import Measure, PromiseState
from tests.planning import small

YEAR_END = "2024-12-31"
VISITS = dict.fromkeys(
    [
        *("tier", "kind", "selection", "planned", "in_district", "on_key_list", "in_clues", "drawn", "in_key_periods"),
        *("scheme_in_time", "last_day"),
    ]
)
VISITS |= {"lines": (), "columns": (), "attended": (), "units_with": {}}
OF_ACTUALS = {part.name for part in fields(Actuals)}
NO_PERIODS = pd.DataFrame(columns=["name", "from_date", "to_date"])


def visits(**chosen):
    return {**VISITS, **chosen}


def facts(tasks=({"planned_visits": 4},), records=(), *, as_of=YEAR_END, expected=None, units=None, **more):
    lines, rows = small.tasks(*tasks), small.records(*records)
    due = [(task, 1, count) for task, count in zip(lines["task_id"], expected or lines["planned_visits"], strict=True)]
    units = small.units({}) if units is None else units
    known = {"as_of": as_of, "expected": small.by_month(*due), "key_periods": NO_PERIODS, **more}
    actuals = small.actuals(rows[rows["date"] <= as_of], lines, units, **{k: known[k] for k in {*known} & OF_ACTUALS})
    parts = {name: getattr(actuals, name) for name in OF_ACTUALS}
    return Facts(**parts, year=2024, approved_on="2024-03-13", **{k: known[k] for k in {*known} - OF_ACTUALS})


def measure(name="visits_done", target=(">=", "1"), **asked):
    plain = {"name": "量", "unit": "", "scope": "", "each": False, "by_plan": False, "to_verify": False, "given": None}
    plain |= dict.fromkeys(["visits", "of", "kinds", "periods"], ())
    plain |= {"units_with": {}, "column": None, "document": ""}
    aim = target and {"op": target[0], "value": target[1] and Decimal(target[1]), "of": "share"}
    return {**plain, "measure": name, "target": aim, **asked}


def promise(*measures, **more):
    named = [{**one, "name": f"量{n}"} for n, one in enumerate(measures)]
    plain = {"id": "A1", "clause": "承诺", "where": "", "note": "", "kind": "count", "judged": "both", "due": YEAR_END}
    plain |= {"tasks": (), "confirm": "", "measurable": "data", "alternatives": False, "reading": ""}
    return {**plain, "evidence": {"have": (), "need": ("某表",)}, "measures": named, **more}


def states(known, *promises):
    rows = measure_rows(known, promises)
    return promise_rows(known, promises, rows)["promise_state"].tolist()


def done(*months, **more):
    return [{"date": f"2024-{month:02}-05", **more} for month in months]


LINE = measure(visits=[visits(lines=("P01",))])


def test_every_measure_has_its_function():
    assert {*MEASURES} == {*Measure}


@pytest.mark.parametrize(
    ("records", "as_of", "expected", "state"),
    [
        ([], "2024-02-28", 0, "not_begun"),
        (done(1), "2024-02-28", 1, "under_way"),
        (done(1), "2024-06-30", 2, "at_risk"),
        (done(1, 2, 3, 4), "2024-06-30", 2, "fulfilled"),
        (done(1, 2, 3), YEAR_END, 4, "broken"),
        (done(1, 2, 3, 4), YEAR_END, 4, "fulfilled"),
    ],
)
def test_visits_are_judged_by_what_was_due_to_the_day_and_at_the_end_by_the_plan(records, as_of, expected, state):
    assert states(facts(records=records, as_of=as_of, expected=[expected]), promise(LINE)) == [state]


def test_what_one_line_did_beyond_its_plan_makes_up_for_no_other():
    known = facts(({"planned_visits": 2}, {"planned_visits": 2}), done(1, 2, 3, 4))
    (row,) = measure_rows(known, [promise(measure(visits=[visits()]))]).to_dict("records")
    assert (row["numerator"], row["denominator"], row["extra_count"]) == (2, 4, 2)
    assert row["promise_state"] == "broken"


def test_a_line_that_has_left_the_plan_is_still_promised():
    gone = {"planned_visits": 3, "task": "原有", "group": "专项", "tier": "general"}
    known = facts(records=done(1), approved_lines={"P01": {"planned_visits": 4}, "P09": gone})
    (one,) = readings(known, measure(visits=[visits(tier="general")], each=True))
    assert (one.part, one.numerator, one.denominator, one.current) == ("原有", 0, 3, 0)


def test_a_share_that_can_still_fall_is_not_fulfilled_before_the_day_it_is_judged():
    ask = measure("visits_share", ("=", "1"), visits=[visits(columns=("inspection_code",))])
    assert states(facts(records=done(1), as_of="2024-06-30"), promise(ask)) == ["under_way"]
    assert states(facts(records=done(1)), promise(ask)) == ["fulfilled"]
    gone = [*done(1), *done(2, inspection_code="")]
    assert states(facts(records=gone, as_of="2024-06-30"), promise(ask)) == ["at_risk"]
    assert states(facts(records=gone, as_of="2024-06-30"), promise(ask, judged="end")) == ["under_way"]


def test_data_that_are_not_given_are_missing_and_name_what_is_needed():
    rated = measure("entries_share", ("=", "1"), visits=[visits(columns=("rating",))], of=[visits()])
    acts = measure("acts_closed", ("=", "1"), kinds=("complaint",))
    listed = measure("key_units_visited", ("=", "1"), visits=[visits()])
    for ask in (rated, acts, listed):
        (row,) = measure_rows(facts(records=done(1), has_work=False), [promise(ask)]).to_dict("records")
        assert (row["promise_state"], row["lacking"], pd.isna(row["numerator"])) == ("no_data", "某表", True)


def test_nothing_in_the_denominator_is_missing_data_or_not_begun_never_nought():
    ask = measure("visits_share", ("=", "1"), visits=[visits(lines=("P01",), planned=True)])
    assert states(facts(as_of="2024-02-01", expected=[0]), promise(ask)) == ["not_begun"]
    assert states(facts(), promise(ask)) == ["no_data"]


def test_what_a_person_must_confirm_is_never_fulfilled():
    known = facts(records=done(1, 2, 3, 4))
    for measurable in ("partly", "person"):
        assert states(known, promise(LINE, measurable=measurable, confirm="某人确认")) == ["to_confirm"]
    assert states(known, promise(LINE, {**LINE, "measure": None})) == ["to_confirm"]


def test_readings_that_do_not_agree_are_for_a_person_to_choose_and_the_chosen_one_counts():
    other = measure(visits=[visits(lines=("P02",))])
    known = facts(({"planned_visits": 1}, {"planned_visits": 9}), done(1))
    assert states(known, promise(LINE, other, alternatives=True)) == ["to_confirm"]
    assert states(known, promise(LINE, other, alternatives=True, reading="量0")) == ["fulfilled"]
    assert states(known, promise(LINE, other, alternatives=True, reading="量1")) == ["broken"]
    assert states(known, promise(LINE, other)) == ["broken"]


def test_a_target_that_is_one_way_to_read_the_plan_is_to_be_verified():
    assert states(facts(records=done(1)), promise({**LINE, "to_verify": True})) == ["to_confirm"]


def test_a_measure_without_a_target_is_only_counted():
    rows = measure_rows(facts(records=done(1)), [promise({**LINE, "target": None})])
    assert rows["promise_state"].tolist() == ["counted"]


def test_a_share_is_held_against_last_years_and_missing_without_it():
    ask = measure("unplanned_share", ("<", None))
    rows = [*done(1, 2, 3), *done(4, task_id="", trigger="complaint")]
    assert states(facts(records=rows), promise(ask)) == ["no_data"]
    for unplanned, state in ((30, "fulfilled"), (20, "broken")):
        rows_of_last = [("非计划检查家次", "全年", Decimal(unplanned)), ("检查家次", "全年", Decimal(100))]
        last = pd.DataFrame(rows_of_last, columns=FIGURES)
        assert states(facts(records=rows, last_year=last), promise(ask)) == [state]


def test_key_units_are_counted_of_the_frozen_list_by_inspections_of_the_tier():
    known = facts(({"tier": "key"}, {"tier": "general"}), [*done(1), *done(2, unit_id="U02", task_id="P02")],
                  key_list={"U01": "P01", "U02": "P01"})  # fmt: skip
    assert readings(known, measure("key_units_visited", visits=[visits(tier="key")]))[0].numerator == 1
    assert readings(known, measure("key_units_visited", visits=[visits()]))[0].numerator == 2


def test_other_work_stands_in_acts_and_days_and_is_late_by_its_due_date():
    work = pd.DataFrame(
        {"work_kind": "complaint", "date": ["2024-03-01", "2024-04-01"], "due_on": "2024-05-01", "days": [1.5, None],
         "closed_on": ["2024-04-20", ""]}
    )  # fmt: skip
    known = facts(other_work=work)
    acts = readings(known, measure("acts", kinds=("complaint", "guidance")))
    assert [one.part for one in acts] == ["投诉举报", "投诉举报用去(人日)", "督导帮扶"]
    assert [one.numerator for one in acts] == [2, 1.5, 0]
    assert readings(known, measure("acts_closed", kinds=("complaint",)))[0].numerator == 1
    assert readings(known, measure("acts_registered", kinds=("complaint",), given=3))[0].denominator == 3
    assert readings(known, measure("acts_registered", kinds=("complaint",), given=1)) == []


def test_a_month_is_published_by_a_row_of_the_month_before():
    rows = pd.DataFrame({"document": "月公示", "date": ["2024-03-29", "2024-04-30", "2024-06-03"]})
    known = facts(as_of="2024-06-30", publications=rows)
    (one,) = readings(known, measure("months_published", document="月公示"))
    assert (one.numerator, one.denominator) == (2, 3)


lines = st.lists(st.integers(0, 6), min_size=1, max_size=4)


@given(lines, st.lists(st.tuples(st.integers(1, 4), st.integers(1, 12)), max_size=30), st.integers(1, 12))
def test_visits_done_are_what_a_plain_count_gives_and_never_above_the_plan(planned, visited, month):
    tasks = [{"planned_visits": count} for count in planned]
    rows = [{"task_id": f"P{line:02}", "date": f"2024-{m:02}-05"} for line, m in visited if line <= len(planned)]
    known = facts(tasks, rows, as_of=f"2024-{month:02}-28", approved=small.by_month(("P01", 1, 1)))
    (one,) = readings(known, measure(visits=[visits(planned=True)]))
    counts = [sum(line == n and m <= month for line, m in visited) for n in range(1, len(planned) + 1)]
    assert one.numerator == sum(map(min, counts, planned)) <= one.denominator == sum(planned)
    assert one.extra == sum(counts) - one.numerator


parts_of_measures = st.lists(st.lists(st.sampled_from([*PromiseState]), min_size=1, max_size=3), min_size=1, max_size=4)


@given(parts_of_measures, st.booleans(), st.sampled_from(["data", "partly", "person"]), st.booleans())
def test_a_promise_is_fulfilled_only_where_data_alone_judge_it_and_every_measure_is(parts, over, measurable, either):
    ask = {"alternatives": either, "reading": "", "measurable": measurable}
    state = promise_state(ask, {str(n): part for n, part in enumerate(parts)}, over=over)
    judged = {one for part in parts for one in part} - {PromiseState.COUNTED}
    if state == "fulfilled":
        assert (measurable, judged) == ("data", {PromiseState.FULFILLED})
    if PromiseState.BROKEN in judged and not either:
        assert state == "broken"


WORK = pd.DataFrame({"name": ["两会"], "from_date": ["2024-03-04"], "to_date": ["2024-03-11"]})
STEPS = [("approved", "2024-03-13", "1号"), ("filed", "2024-04-01", "")]
CLUES = pd.DataFrame({"task_id": "P01", "unit_id": ["U01", ""], "date": ["2024-02-01", "2024-02-02"]})


@pytest.mark.parametrize(
    ("asked", "known", "counts"),
    [
        (measure("visits_share", visits=[visits(in_key_periods=True)]), {"key_periods": WORK}, [(1, 3)]),
        (measure("visits_share", visits=[visits(last_day="2024-02-28")]), {}, [(1, 3)]),
        (measure("visits_share", visits=[visits(attended=("法宣科",))]), {}, [(1, 3)]),
        (measure("visits_share", visits=[visits(columns=("partners",))]), {}, [(1, 3)]),
        (measure("visits_share", visits=[visits(scheme_in_time=True)]), {}, [(1, 3)]),
        (measure("visits_share", visits=[visits(in_district=False)], of=[visits()]), {}, [(1, 3)]),
        (measure("visits_share", visits=[visits(drawn=True)]), {"drawn": {"P01": {"U02"}}}, [(1, 3)]),
        (measure("visits_share", visits=[visits(in_clues=True)]), {"clues": CLUES}, [(2, 3)]),
        (measure("units_share", visits=[visits(units_with={"risk_grade": ("红",)})]), {}, [(1, 2)]),
        (measure("units_share", visits=[visits(units_with={"hazards": ("粉尘",)})]), {}, [(1, 2)]),
        (measure("units_share", visits=[visits(on_key_list=False)]), {"key_list": {"U01": "P01"}}, [(1, 2)]),
        (measure("units_done", visits=[visits()]), {}, [(1, 1)]),
        (measure("units_repeated", visits=[visits()]), {}, [(1, None)]),
        (measure("entries_share", visits=[visits(columns=("inspection_code",))], of=[visits()]), {}, [(3, 3)]),
        (measure("entry_visits", visits=[visits()]), {}, [(3, None), (3, None)]),
        (measure("close_entries", visits=[visits()]), {"min_gap_days": 60}, [(1, None)]),
        (measure("partner_visits", visits=[visits()]), {}, [(1, None), (0, None)]),
        (measure("periods_visited", visits=[visits()]), {}, [(1, 2)]),
        (measure("themes_named", visits=[visits()]), {}, [(2, None)]),
        (measure("themes_visited", visits=[visits()]), {}, [(1, 2)]),
        (measure("clues_settled", visits=[visits()]), {"clues": CLUES}, [(2, 3)]),
        (measure("clue_visits", visits=[visits()]), {"clues": CLUES}, [(2, 1)]),
        (measure("key_units_marked", column="risk_grade"), {"key_list": {"U01": "P01", "U02": ""}}, [(1, 2)]),
        (measure("key_units_covered"), {"key_list": {"U01": "P01", "U02": ""}}, [(1, 2)]),
        (measure("listed_units_visited", units_with={"risk_grade": ("红",)}), {}, [(1, 1)]),
        (measure("approval_steps"), {"steps": STEPS}, [(1, 2)]),
        (measure("annexes"), {"annexes": (True, True, False, True)}, [(3, 4)]),
        (measure("lines_adding_up"), {"approved": small.by_month(("P01", 1, 2), ("P01", 5, 2))}, [(1, 1)]),
        (measure("orders_planned"), {"planned_on": {"P01": "2024-01-05"}}, [(1, 1)]),
        (measure("orders_planned"), {"planned_on": {"P01": "2024-05-05"}}, [(0, 1)]),
        (measure("streets_reported"), {"streets": ["甲", "乙"], "streets_reported": {"甲"}}, [(1, 2)]),
        (measure("street_overlaps"), {"street_overlaps": 3}, [(3, None)]),
    ],
    ids=lambda value: value["measure"] if isinstance(value, dict) and "measure" in value else "",
)  # fmt: skip
def test_a_measure_counts_what_it_says_and_gives_nothing_where_nothing_is_given(asked, known, counts):
    line = {"planned_visits": 4, "themes": ("甲题", "乙题"), "partners": ("市场监管", "交通"), "counted_items": 3,
            "periods": ((1, 2, 3), (9,)), "order_document": "某号"}  # fmt: skip
    rows = [
        {"date": "2024-01-09", "themes": ("甲题",), "attended": ("法宣科",), "scheme_approved_on": "2024-01-08"},
        {"date": "2024-03-05", "partners": ("市场监管",), "scheme_approved_on": "2024-03-06"},
        {"date": "2024-06-05", "unit_id": "U02", "in_district": False},
    ]
    units = small.units({"risk_grade": "红", "hazards": ("粉尘",)}, {})
    full = facts((line,), rows, units=units, **known)
    assert [(one.numerator, one.denominator) for one in readings(full, asked)] == counts
    bare = facts(({},), [], units=small.units({}))
    if known and not {"approved", "steps", "planned_on", "drawn"} & {*known}:
        assert readings(bare, asked) == []
