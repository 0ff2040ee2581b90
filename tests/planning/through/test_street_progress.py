"""The streets' progress: what was handed in alone is counted, and near visits are those a plain comparison gives."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.through.street_progress import TOTAL, progress_by_street, rates_of_streets, street_overlaps

COLUMNS = ["subdistrict", "unit_id", "street_task", "month", "date", "hazards_found", "hazards_fixed"]


def handed_in(*rows):
    table = pd.DataFrame([(street, unit, "", month, day, *more, *[0] * (2 - len(more)))
                          for street, unit, month, day, *more in rows], columns=COLUMNS)  # fmt: skip
    return table.astype({"month": "Int64", "hazards_found": "int64", "hazards_fixed": "int64"})


def of_ours(*rows):
    return pd.DataFrame(rows, columns=["unit_id", "task_id", "month", "date"]).astype({"month": "Int64"})


def test_three_streets_of_ten_are_counted_and_the_others_are_not_known():
    streets = [f"{n}街" for n in range(10)]
    rows = handed_in(*[(streets[n], "U1", n + 1, "2024-01-09") for n in range(3)])
    table = progress_by_street(rows, streets, "2024-06-30").set_index("subdistrict")
    assert table["reported"].tolist() == [True] * 3 + [False] * 7 + [True]
    assert table.loc[streets[3:], "planned_visits"].isna().all()
    assert table.loc[TOTAL, ["planned_visits", "done_visits"]].tolist() == [3, 3]


def test_what_was_due_to_the_day_is_planned_in_months_that_are_over():
    rows = handed_in(("甲镇", "U1", 1, "2024-01-09"), ("甲镇", "U2", 2, ""), ("甲镇", "U3", None, "2024-02-05"))
    columns = ["planned_visits", "expected_visits", "done_visits", "unplanned_visits"]
    for day, counts in (("2024-01-30", [2, 0, 1, 0]), ("2024-01-31", [2, 1, 1, 0]), ("2024-02-29", [2, 2, 1, 1])):
        assert progress_by_street(rows, ["甲镇"], day)[columns].iloc[0].tolist() == counts


def test_pooled_and_mean_rates_stand_side_by_side():
    rows = handed_in(
        *[("甲镇", f"U{n}", 1, "2024-01-09", 2, 2) for n in range(9)],
        ("乙镇", "U9", 1, "", 0, 0),
    )
    rates = rates_of_streets(progress_by_street(rows, ["甲镇", "乙镇", "丙镇"], "2024-12-31"))
    assert rates[["numerator", "denominator"]].values.tolist() == [[9, 10], [1.0, 2], [18, 18], [1.0, 1]]


def test_no_street_at_all_has_no_figure():
    table = progress_by_street(handed_in(), ["甲镇"], "2024-12-31")
    assert table["planned_visits"].isna().all()
    assert not table["reported"].any()


def test_a_month_stands_for_all_of_its_days():
    streets = handed_in(("甲镇", "U1", 5, ""), ("甲镇", "U2", 5, "2024-05-20"), ("甲镇", "", 5, ""))
    ours = of_ours(("U1", "P1", 6, ""), ("U2", "P1", None, "2024-05-24"), ("", "P1", 5, ""))
    pairs = street_overlaps(streets, ours, 5, 2024)
    assert pairs[["unit_id", "gap_days", "certain"]].values.tolist() == [["U2", 4, True], ["U1", 1, False]]


visits = st.tuples(st.sampled_from(["U1", "U2", ""]), st.integers(1, 12), st.one_of(st.none(), st.integers(1, 28)))


@given(st.lists(visits, max_size=6), st.lists(visits, max_size=6), st.integers(1, 60))
def test_near_visits_are_those_a_plain_comparison_gives(streets, ours, days):
    def day(month, number):
        return f"2024-{month:02}-{number:02}" if number else ""

    def ends(month, number):
        return date(2024, month, number or 1), date(2024, month, number or monthrange(2024, month)[1])

    left = handed_in(*[("甲镇", unit, month, day(month, number)) for unit, month, number in streets])
    right = of_ours(*[(unit, "P1", month, day(month, number)) for unit, month, number in ours])
    plain = []
    for unit, *one in streets:
        for other, *two in ours:
            (a, b), (c, d) = ends(*one), ends(*two)
            gap = max((c - b).days, (a - d).days, 0)
            if unit and unit == other and gap < days:
                plain.append((unit, gap, max((d - a).days, (b - c).days) < days))
    pairs = street_overlaps(left, right, days, 2024)
    assert sorted(pairs[["unit_id", "gap_days", "certain"]].itertuples(index=False, name=None)) == sorted(plain)
