"""Published plans and reports: every figure reproduced, every slip found, and nothing found where nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from enforce.desk.plan_text import plan_text
from enforce.desk.year import open_year
from enforce.inputs.calendar import read_calendar
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.plan import Printed
from enforce.inputs.parameters.yaml_file import read_yaml
from enforce.planning import visits
from enforce.planning.account import days_per_officer, line_days, workload_account
from enforce.planning.checks import Case, lines, spread
from enforce.planning.checks.balance import check_team_balance
from enforce.planning.checks.case import Finding
from enforce.planning.checks.figures import check_printed_figures, check_workday_constant
from enforce.planning.through import progress
from enforce.planning.through.hazards import hazard_rates
from enforce.planning.through.indicators import above_whole, rates_of
from enforce.words.numbers import rounded
from enforce.words.terms import Basis, Kind, Selection, Tier, Trigger
from tests.planning import small

ROOT = Path(__file__).parents[1]
CASES = {path.stem: read_yaml(path) for path in sorted((ROOT / "tests/published").glob("*.yaml"))}
NO_PERIODS = pd.DataFrame(columns=["period", "team", "month", "days"])


@pytest.fixture(params=CASES)
def published(request) -> Mapping:
    """One published case."""
    return CASES[request.param]


# --- figures --------------------------------------------------------------------------------------------------------


def calendar_of(case: Mapping) -> pd.DataFrame:
    return read_calendar(case["year"], ROOT / "data/calendar").workdays() if "year" in case else pd.DataFrame()


def tasks_of(case: Mapping) -> pd.DataFrame:
    """The lines of the plan."""
    return small.tasks(
        *(
            {
                "group": row["group"],
                "name": row["name"],
                "tier": Tier(row["tier"]),
                "kind": Kind(row["kind"]),
                "planned_visits": row["visits"],
                "planned_units": row.get("units", row["visits"]),
                "counted_items": row.get("items", 0),
                "counted_unit": row.get("item", ""),
                "periods": (tuple(row.get("months", range(1, 13))),),
                "selection": Selection.DRAW if row.get("drawn") else Selection.ALL,
                "out_of_district_visits": row.get("outside", 0),
            }
            for row in case.get("tasks", ())
        )
    )


def statutory_of(case: Mapping) -> pd.DataFrame:
    """Statutory days by team and month; in January only where the days of the year are printed without a calendar."""
    table = calendar_of(case)
    rows = []
    for team, given in case["teams"].items():
        workdays = [given["workdays"]] if "workdays" in given else table["workdays"].tolist()
        rows += [(team, month, given["officers"] * days) for month, days in enumerate(workdays, 1)]
    return pd.DataFrame(rows, columns=["team", "month", "statutory_days"])


def account_of(case: Mapping) -> pd.DataFrame:
    rows = []
    for team, given in case["teams"].items():
        for line in ("other_enforcement_days", "non_enforcement_days"):
            items = given[line] if isinstance(given[line], dict) else {"": given[line]}
            rows += [(team, line, item, float(days)) for item, days in items.items()]
    estimates = pd.DataFrame(rows, columns=["team", "line", "item", "days"])
    return workload_account(statutory_of(case), estimates, 0.0, NO_PERIODS)


def plan_figures(case: Mapping) -> Iterator[tuple[str, object]]:
    """Figures of the lines of a plan."""
    tasks = tasks_of(case)
    tiers = visits.visits_by(tasks, "tier").set_index("tier")
    groups = visits.visits_by(tasks, "group").set_index("group")["planned_visits"]
    yield "total_visits", tiers["planned_visits"].sum()
    for tier in Tier:
        yield f"{tier}_visits", tiers["planned_visits"][tier]
        yield f"{tier}_share", round(tiers["rate"][tier], 3)
    yield "group_visits", groups.to_dict()
    yield "joint_shares", visits.joint_shares(tasks)["rate"].round(4).tolist()


def account_figures(case: Mapping) -> Iterator[tuple[str, object]]:
    """Figures of a workload account."""
    table, statutory = account_of(case), statutory_of(case)
    for line in ("total_statutory_days", "other_enforcement_days", "non_enforcement_days", "inspection_days"):
        yield line, line_days(table, line).to_dict()
    total = table[(table["team"] == "合计") & (table["item"] == "")].set_index("line")["share"]
    yield (
        "account_shares",
        total[["other_enforcement_days", "non_enforcement_days", "inspection_days"]].round(3).to_dict(),
    )
    if "year" in case:
        per_head = days_per_officer(table, statutory, int(calendar_of(case)["workdays"].sum()))
        yield "inspection_days_per_officer", per_head.set_index("team")["inspection_days_per_officer"].to_dict()


def report_figures(case: Mapping) -> Iterator[tuple[str, object]]:
    """Figures of a year's report."""
    tasks = small.tasks(*({"tier": Tier(tier), "planned_visits": n} for tier, n in case["planned"].items()))
    records = records_of(case, tasks)
    yield from rate_figures(case, tasks, records)
    table = progress.completion_by(progress.completion_by_task(tasks, records), "tier").set_index("tier")
    for column in ("planned_visits", "done_visits"):
        yield column, table[column].to_dict()
    yield "completion", table["completion"].round(3).to_dict()
    listed = small.units(*({"is_key": True} for _ in range(case["key_units"]["listed"])))
    yield "key_units_covered", progress.key_unit_coverage(listed, records, "重点单位")["rate"][0]
    yield "hazards_fixed", hazard_rates(records, "9999")["rate"][0]
    fines = progress.penalties(records).set_index("penalty_basis")
    yield "cases", {basis: n for basis, n in fines["cases"].items() if n}
    yield "fines_wan_yuan", {basis: n for basis, n in fines["fine_wan_yuan"].items() if n}


def rate_figures(case: Mapping, tasks: pd.DataFrame, records: pd.DataFrame) -> Iterator[tuple[str, object]]:
    """Rates of the report by measure and scope, and penalties by source and party."""
    listed = small.units(*({"is_key": True} for _ in range(case["key_units"]["listed"])))
    decisions = None
    if "decisions" in case:
        rows = [
            {"penalty_basis": row["penalty_basis"], "party": row["party"], "fine_yuan": row["fines_yuan"] * (n == 0)}
            for row in case["decisions"]
            for n in range(row["cases"])
        ]
        decisions = small.decisions(*rows)
        parts = progress.penalty_parts(decisions)
        names, counts = parts["penalty_basis"] + " " + parts["party"], (parts["cases"], parts["fine_wan_yuan"])
        yield (
            "parties",
            {name: [*row] for name, *row in zip(names, *counts, strict=True)},
        )
    before = [(name, "一季度", count) for name, count in case.get("last_year", {}).items()]
    last_year = pd.DataFrame(before, columns=["indicator", "period", "figure"])
    facts = {"as_of": f"{case['year']}-12-31", "decisions": decisions, "last_year": last_year}
    year = small.actuals(records, tasks, listed, **facts)
    table = rates_of(year)
    above = above_whole(table[table["measure"] == "completion"])
    yield "above_whole", (above["measure"] + " " + above["scope"]).tolist()
    names, wanted = table["measure"] + " " + table["scope"], case["figures"].get("rates", {})
    places = {name: len(str(value).partition(".")[2]) for name, value in wanted.items()}
    shares = dict(zip(names, table["rate"], strict=True))
    yield "rates", {name: float(rounded(float(shares[name]), max(places[name], 3))) for name in wanted}


def records_of(case: Mapping, tasks: pd.DataFrame) -> pd.DataFrame:
    """As many records as the report tells of, with its hazards and penalties on the first ones."""
    rows = [
        {"task_id": code, "unit_id": ""}
        for code, n in zip(tasks["task_id"], case["done"].values(), strict=True)
        for _ in range(n)
    ]
    rows += [{"task_id": "", "unit_id": "", "trigger": Trigger.COMPLAINT} for _ in range(case.get("unplanned", 0))]
    for n in range(case["key_units"]["visited"]):
        rows[n]["unit_id"] = f"U{n + 1:02}"
    found, major, fixed = (case["hazards"][name] for name in ("found", "major", "fixed"))
    rows[0] |= {"hazards_found": found, "major_hazards": major, "hazards_fixed": fixed}
    rows = [{"date": f"{case['year']}-03-03", **row} for row in rows]
    place = 0
    for basis, given in case["penalties"].items():
        for n in range(given["cases"]):
            fine = given["fines_yuan"] if n == 0 else 0
            rows[place] |= {"penalty": "处罚", "penalty_basis": Basis(basis), "fine_yuan": fine}
            place += 1
    return small.records(*rows)


def figures(case: Mapping) -> dict[str, object]:
    """All figures that can be worked out from what is given."""
    found: dict[str, object] = {}
    if "year" in case:
        table = calendar_of(case)
        found |= {"workdays": table["workdays"].tolist(), "workdays_of_the_year": table["workdays"].sum()}
    for section, work in (("tasks", plan_figures), ("teams", account_figures), ("planned", report_figures)):
        if section in case:
            found |= dict(work(case))
    return found


def test_every_published_figure_is_reproduced_exactly(published):
    found = figures(published)
    assert published["figures"]
    assert {name: found[name] for name in published["figures"]} == published["figures"]


# --- findings -------------------------------------------------------------------------------------------------------


def printed_findings(case: Mapping) -> Iterator[tuple[str, Finding]]:
    """What is doubtful in the figures as they are printed, as a run of the plan has it."""
    text, problems = checked(Printed, case["printed"], case["name"])
    assert problems == []
    account = account_of(case) if "teams" in case else account_of({"teams": {}})
    workdays = int(calendar_of(case)["workdays"].sum()) if "year" in case else 0
    view = SimpleNamespace(printed=plan_text(text, tasks_of(case), account, workdays))
    for check in (check_printed_figures, check_workday_constant):
        yield from named(check.__name__.removeprefix("check_"), check(view))


def plan_findings(case: Mapping) -> Iterator[tuple[str, Finding]]:
    """What is doubtful in the lines of the plan."""
    year = open_year(ROOT / "params/putuo-2024.yaml")
    whole = year.case(small.records(), year.allocation)
    view = replace(
        whole,
        tasks=tasks_of(case),
        approved_on=case["approved_on"],
        days=read_calendar(case["year"], ROOT / "data/calendar").days,
    )
    for check in (
        lines.check_units_not_mixed,
        lines.check_joint_share,
        lines.check_outside_district,
        lines.check_officers_per_visit,
        spread.check_approved_in_time,
    ):
        yield from named(check.__name__.removeprefix("check_"), check(view))


def account_findings(case: Mapping) -> Iterator[tuple[str, Finding]]:
    """What is doubtful in the account."""
    year = open_year(ROOT / "params/putuo-2024.yaml")
    whole: Case = year.case(small.records(), year.allocation)
    view = replace(
        whole,
        account=account_of(case),
        statutory=statutory_of(case),
        days=read_calendar(case["year"], ROOT / "data/calendar").days,
    )
    yield from named("team_balance", check_team_balance(view))


def named(check: str, found: Iterator[Finding]) -> Iterator[tuple[str, Finding]]:
    return ((check, finding) for finding in found)


def all_findings(case: Mapping) -> list[dict[str, str]]:
    found = list(printed_findings(case))
    if "tasks" in case:
        found += plan_findings(case)
    if "teams" in case and "year" in case:
        found += account_findings(case)
    return [{"check": check, "figure": finding.figure, "limit": finding.limit} for check, finding in found]


def by_words(row: Mapping) -> tuple:
    return tuple(row.values())


def test_every_expected_finding_is_found_and_no_other(published):
    assert sorted(all_findings(published), key=by_words) == sorted(published["findings"], key=by_words)


def test_the_figures_put_right_are_no_longer_doubted():
    case = deepcopy(CASES["kuancheng-2025"])
    case["printed"]["products"][0]["factors"] = [248, 8]
    for share, percent in zip(case["printed"]["shares"][0]["parts"], (52.2, 27.0, 20.9), strict=True):
        share["percent"] = percent
    assert list(printed_findings(case)) == []
    city = deepcopy(CASES["city-2019"])
    city["printed"]["differences"][1]["parts"] = [2469, 1994]
    assert list(printed_findings(city)) == []


def test_a_stock_constant_for_the_workdays_is_found():
    case = deepcopy(CASES["kuancheng-2025"])
    case["printed"] = {"workdays": 365 - 104 - 11}
    assert [(check, finding.figure) for check, finding in printed_findings(case)] == [
        ("workday_constant", "日历 248 天")
    ]


def test_nankais_two_kinds_of_fines_are_nowhere_added():
    shown = figures(CASES["nankai-2023"])
    assert shown["fines_wan_yuan"] == {"inspection": 30.9, "accident": 8.256}
    assert "39.156" not in str(shown)


def test_each_case_names_its_source_and_what_it_shows(published):
    assert published["name"]
    assert published["source"]
