"""Correct plans in any layout give no finding; one figure changed gives one, at its line or at the sum it spoils."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforce.desk.commands.audit import audit_files
from tests.planning.audit import plans
from tests.work import trials

MANY = settings(max_examples=int(os.environ.get("AUDIT_EXAMPLES", "25")), suppress_health_check=list(HealthCheck))


def audited(text: str):
    return audit_files(["-"], pasted=text.encode("utf-8")).findings


@pytest.mark.parametrize("layout", plans.LAYOUTS)
@trials(MANY.max_examples, *HealthCheck)
@given(plan=plans.plans)
def test_a_correct_plan_gives_no_finding(layout, plan):
    assert audited(layout(plan)) == ()


#: Layout -> the least share of changed figures that must be found; what no other figure depends on is counted apart.
LEAST = {plans.ours: 1.0, plans.county: 0.95, plans.table: 1.0, plans.quarters: 1.0, plans.report: 1.0}


@pytest.mark.parametrize("layout", LEAST)
def test_one_changed_figure_gives_one_finding(layout, record_property):
    rates: Counter[str] = Counter()

    @settings(MANY, database=None)
    @given(plan=plans.plans, pick=st.integers(0, 10_000), step=st.integers(1, 8))
    def run(plan, pick, step):
        text = layout(plan)
        every = list(plans.places(text))
        wrong = plans.flipped(text, every[pick % len(every)], step)
        findings = audited(wrong)
        rates[{0: "none", 1: "one"}.get(len(findings), "many")] += 1
        assert len(findings) <= 1, (wrong, findings)

    run()
    record_property("rates", dict(rates))
    print(f"{layout.__name__}: {dict(rates)}")
    assert rates["one"] >= LEAST[layout] * sum(rates.values())
