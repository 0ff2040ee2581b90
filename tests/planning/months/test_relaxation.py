"""The relaxation: each line has its visits, rooms are kept to, and without rooms it is the nearest plan there is."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.months.relaxation import relaxed
from tests.work import trials

MONTHS = 12


@st.composite
def problems(draw):
    """Targets (some months closed), visits and half-days of one to five lines of one or two teams."""
    lines, teams = draw(st.integers(1, 5)), draw(st.integers(1, 2))
    closed = st.lists(st.booleans(), min_size=MONTHS, max_size=MONTHS).filter(lambda row: not all(row))
    shut = np.array([draw(closed) for _ in range(lines)])
    targets = np.array([[draw(st.integers(0, 9000)) / 1000 for _ in range(MONTHS)] for _ in range(lines)])
    efforts = np.array([[draw(st.sampled_from([1.0, 2.0, 3.0])) for _ in range(teams)] for _ in range(lines)])
    visits = np.array([float(draw(st.integers(0, 40))) for _ in range(lines)])
    return np.where(shut, -np.inf, targets), visits, efforts


@trials(60)
@given(problems())
def test_each_line_has_its_visits_and_none_where_it_is_closed(problem):
    targets, visits, efforts = problem
    plan = relaxed(targets, visits, efforts, np.full((efforts.shape[1], MONTHS), 20.0))
    assert np.allclose(plan.sum(axis=1), visits)
    assert (plan >= 0).all()
    assert (plan[np.isinf(targets)] == 0).all()


@trials(60)
@given(problems())
def test_without_rooms_every_open_month_with_visits_is_as_far_from_its_target(problem):
    targets, visits, efforts = problem
    plan = relaxed(targets, visits, efforts, np.full((efforts.shape[1], MONTHS), np.inf))
    for row, wanted in zip(plan, targets, strict=True):
        used = row > 1e-9
        if used.any():
            shift = (row - wanted)[used]
            assert np.allclose(shift, shift[0])
            assert (wanted[~used] + shift[0] <= 1e-9).all()


def test_a_month_with_little_room_gives_its_visits_to_the_others():
    targets, visits, efforts = np.array([[3.0, 3.0, 3.0]]), np.array([9.0]), np.array([[2.0]])
    plan = relaxed(targets, visits, efforts, np.array([[2.0, np.inf, np.inf]]))
    assert np.allclose(plan, [[1.0, 4.0, 4.0]], atol=1e-3)
