"""Leave of officers (leave.csv): who is away when, and what is refused by row."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.tables.of_plan import read_tables
from enforce.words.problems import Flaw, InputError
from tests.bureaus import bare_project, write_county


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """The county's plan, of 2025."""
    return read_plan(write_county(bare_project(tmp_path_factory.mktemp("county"))))


@pytest.fixture(scope="module")
def officers(plan) -> list[str]:
    """The officers of its roster."""
    return read_tables(plan).roster["officer_id"].tolist()


def leave(plan, *rows: tuple, head: str = "执法人员编号,起,止"):
    """The leave that a file with these rows says."""
    lines = [head, *(",".join(row) for row in rows)]
    path = plan.tables_folder / "leave.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        return read_tables(plan).leave
    finally:
        path.unlink()


def refused(plan, *rows: tuple) -> list[tuple]:
    """Where and why leave is refused: row, column, flaw."""
    with pytest.raises(InputError) as caught:
        leave(plan, *rows)
    return [(problem.place.row, problem.place.column, problem.kind) for problem in caught.value.problems]


def test_both_days_of_an_absence_are_read_as_planners_write_them(plan, officers):
    table = leave(plan, (officers[0], "2025年5月6日", "2025/5/10"))
    assert table[["officer_id", "from_date", "to_date"]].values.tolist() == [[officers[0], "2025-05-06", "2025-05-10"]]


def test_headings_that_bureaus_use_are_known(plan, officers):
    table = leave(plan, ("1", officers[0], "2025-05-06", "2025-05-06"), head="序号,工号,请假开始,请假结束")
    assert table["from_date"].tolist() == ["2025-05-06"]


def test_without_the_file_nobody_is_on_leave(plan):
    assert read_tables(plan).leave.empty


def test_absences_that_follow_each_other_and_those_of_two_officers_stand_side_by_side(plan, officers):
    one, other = officers[:2]
    rows = [(one, "2025-05-06", "2025-05-10"), (one, "2025-05-11", "2025-05-11"), (other, "2025-05-08", "2025-05-09")]
    assert len(leave(plan, *rows)) == 3


def test_an_absence_over_the_turn_of_the_year_counts_with_its_days_in_it(plan, officers):
    table = leave(plan, (officers[0], "2024-12-30", "2025-01-03"), (officers[0], "2025-12-29", "2026-01-02"))
    assert len(table) == 2


def test_an_absence_of_another_year_is_refused(plan, officers):
    rows = [(officers[0], "2024-05-06", "2024-05-10"), (officers[0], "2026-01-02", "2026-01-03")]
    assert refused(plan, *rows) == [(2, "起", Flaw.CONFLICT), (3, "起", Flaw.CONFLICT)]


def test_an_end_before_the_start_is_refused(plan, officers):
    assert refused(plan, (officers[0], "2025-05-10", "2025-05-06")) == [(2, "起", Flaw.CONFLICT)]


def test_an_officer_who_is_not_on_the_roster_is_refused(plan):
    assert refused(plan, ("ZZ-99", "2025-05-06", "2025-05-10")) == [(2, "执法人员编号", Flaw.UNKNOWN)]


def test_absences_of_an_officer_that_overlap_are_refused_at_the_later_one(plan, officers):
    rows = [
        (officers[0], "2025-05-08", "2025-05-09"), (officers[0], "2025-05-01", "2025-05-31"),
        (officers[0], "2025-05-31", "2025-06-02"),
    ]  # fmt: skip
    assert refused(plan, *rows) == [(2, "起", Flaw.CONFLICT), (4, "起", Flaw.CONFLICT)]


@pytest.mark.parametrize("cell", ["", "五月", "2025-02-30", "2025-05"])
def test_a_day_that_is_none_is_refused(plan, officers, cell):
    assert (2, "止") in {place[:2] for place in refused(plan, (officers[0], "2025-05-06", cell))}


def test_all_that_is_wrong_is_told_at_once(plan, officers):
    rows = [("ZZ-99", "2025-05-06", "2025-05-10"), (officers[0], "2025-05-10", "2025-05-06")]
    assert {row for row, *_ in refused(plan, *rows)} == {2, 3}
