"""Every stage has the value that a second solver finds: some plans here, 500 of each kind by the command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enforce.planning.months.stages import solve
from enforce.words.problems import Impossible
from tests.planning import exactness, milp

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("fit", [True, False])
def test_plans_that_fit_and_plans_that_do_not_have_the_same_optimum_by_both_solvers(fit):
    seen = list(exactness.plans(12, fit, seed=1))
    assert [exactness.differences(*case) for case in seen] == [[]] * 12


def test_a_stage_that_differs_by_half_a_day_or_a_thousandth_of_a_visit_is_told(monkeypatch):
    case = next(exactness.plans(1, fit=False, seed=5))
    plain = milp.optimum
    for field, step in (("overload", 1), ("distance", 0.001)):
        monkeypatch.setattr(
            milp, "optimum", lambda *a, f=field, s=step: replace(b := plain(*a), **{f: getattr(b, f) + s})
        )
        assert exactness.differences(*case)


def test_where_no_plan_keeps_to_the_limits_both_solvers_say_so(monkeypatch):
    found = next(case for case in exactness.plans(40, fit=False, seed=2) if case[4] is None)
    with pytest.raises(Impossible):
        solve(*found[:4])
    assert exactness.differences(*found) == []
    monkeypatch.setattr(milp, "optimum", lambda *given: object())
    assert exactness.differences(*found) == ["HiGHS has a plan and we have none"]


def test_the_same_seed_draws_the_same_plans():
    first, again = ([case[:4] for case in exactness.plans(3, fit=True, seed=7)] for _ in range(2))
    assert first == again
