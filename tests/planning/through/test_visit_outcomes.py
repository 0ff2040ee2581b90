"""What became of visits given out: on their day, late, moved, not made, made by others; and officers in two places."""

from __future__ import annotations

import pandas as pd
import pytest

from enforce.planning.through.visit_outcomes import not_as_arranged, officer_clashes, visit_outcomes, visits_of_records


def arranged(*rows: tuple) -> pd.DataFrame:
    """Visits given out: number, unit, first day and newest."""
    usual = {"officer_1": "A", "officer_2": "B", "with_officers": (), "since": "2024-04-30"}
    return pd.DataFrame(
        [
            {"visit_id": code, "task_id": code[:2], "unit_id": unit, "first_day": first, "date": day, **usual}
            for code, unit, first, day in rows
        ]
    )


def records(*rows: tuple) -> pd.DataFrame:
    """Records: number, unit, day, number of the visit ('' for none)."""
    usual = {"task_id": "P1", "officers": ("A", "B"), "start": "", "end": ""}
    table = [{"record_id": n, "unit_id": unit, "date": day, "visit_id": code, **usual} for n, unit, day, code in rows]
    return pd.DataFrame(table, columns=["record_id", "unit_id", "date", "visit_id", *usual])


NOTHING = pd.DataFrame(columns=["visit_id", "done", "deviation", "note"])
VISIT = arranged(("P1-001", "91", "2024-05-06", "2024-05-06"))


@pytest.mark.parametrize(
    ("first", "day", "done", "outcome"),
    [
        ("2024-05-06", "2024-05-06", "2024-05-06", "as_arranged"),
        ("2024-05-06", "2024-05-06", "2024-05-08", "late"),
        ("2024-05-08", "2024-05-08", "2024-05-06", "early"),
        ("2024-05-06", "2024-05-08", "2024-05-08", "rebooked"),
        ("2024-05-06", "2024-06-03", "2024-06-03", "other_month"),
        ("2024-05-06", "2024-05-06", "", "undone"),
        ("2024-05-06", "2024-06-28", "", "not_due"),
    ],
)
def test_a_visit_is_judged_by_the_day_it_was_first_given_out_for_and_the_newest(first, day, done, outcome):
    made = records(*[("J1", "91", done, "P1-001")] * bool(done))
    table = visit_outcomes(arranged(("P1-001", "91", first, day)), made, NOTHING, "2024-06-10")
    assert table["visit_outcome"].tolist() == [outcome]
    assert len(not_as_arranged(table)) == (outcome not in ("as_arranged", "not_due"))


def test_others_who_went_and_another_unit_are_told_with_the_reason_that_came_back():
    made = records(("J1", "92", "2024-05-06", "P1-001")).assign(officers=[("A", "C")])
    back = pd.DataFrame([{"visit_id": "P1-001", "done": True, "deviation": "closed", "note": "由候补递补"}])
    row = not_as_arranged(visit_outcomes(VISIT, made, back, "2024-05-31")).iloc[0]
    assert (row.instead, row.instead_unit, row.deviation, row.note) == (("A", "C"), "92", "closed", "由候补递补")


def test_a_record_without_a_number_is_of_the_nearest_visit_of_its_line_and_unit():
    days = [("P1-001", "91", "2024-05-06", "2024-05-06"), ("P1-002", "91", "2024-09-02", "2024-09-02")]
    table = visits_of_records(records(("J1", "91", "2024-08-30", ""), ("J2", "91", "2024-05-07", "")), arranged(*days))
    assert table.values.tolist() == [["J1", "P1-002", 3, True], ["J2", "P1-001", 1, True]]


@pytest.mark.parametrize(
    "record",
    [
        ("J1", "92", "2024-05-06", ""),  # another unit
        ("J1", "91", "2024-04-20", ""),  # before the visit was arranged
        ("J1", "91", "2024-05-06", "P1-009"),  # it says of which visit it is
    ],
)
def test_a_record_that_is_no_visit_given_out_is_left_alone(record):
    assert visits_of_records(records(record), VISIT).empty


def test_one_visit_is_not_claimed_twice():
    table = visits_of_records(records(("J1", "91", "2024-05-08", ""), ("J2", "91", "2024-05-07", "")), VISIT)
    assert table.values.tolist() == [["J2", "P1-001", 1, True]]


TWO = records(("J1", "91", "2024-05-06", ""), ("J2", "92", "2024-05-06", ""))


@pytest.mark.parametrize(
    ("halves", "times", "clashes"),
    [
        (["morning", "morning"], ["", ""], 2),
        (["morning", "afternoon"], ["", ""], 0),
        (["", ""], ["", ""], 0),
        (["morning", "morning"], ["09:00-10:00", "10:00-11:30"], 0),
        (["", ""], ["09:00-10:30", "10:00-11:30"], 2),
        (["afternoon", ""], ["", "13:30-15:00"], 2),
    ],
)
def test_officers_in_two_places_at_once_are_seen_by_times_or_else_by_half_days(halves, times, clashes):
    starts, ends = zip(*(text.partition("-")[::2] for text in times), strict=True)
    table = TWO.assign(half_day=halves, start=list(starts), end=list(ends))
    assert len(officer_clashes(table)) == clashes


def test_two_lines_at_one_unit_are_no_clash():
    assert officer_clashes(TWO.assign(unit_id="91", half_day="morning")).empty
