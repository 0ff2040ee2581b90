"""The actuals: a whole year counted again by plain Python, and by lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import isnan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.through import focus, progress
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.hazards import hazard_counts
from enforce.planning.through.indicators import INDICATORS, rates_of
from enforce.planning.through.progress import NO_STREET, UNTRIGGERED, Statistics
from enforce.planning.through.used_days import WEIGHT, days_by_team, hours_on_site, used_days
from enforce.words.terms import Basis, Kind, Party, Procedure, Selection, Tier, Trigger
from tests.planning import small
from tests.work import trials

LAST = 9
AS_OF = "2024-09-30"
DAYS = [f"2024-{month:02}-{day:02}" for month in range(1, 13) for day in (3, 17, 28)]
STREETS = ("甲街", "乙街", "丙镇")
PERIODS = [("春", "2024-02-01", "2024-03-10"), ("夏", "2024-03-01", "2024-06-20")]

Row = Mapping[str, object]


# --- random years -----------------------------------------------------------------------------------------------------


@st.composite
def lines(draw: st.DrawFn) -> list[dict]:
    return [
        {
            "task_id": f"P{n:02}",
            "name": f"事项{n}",
            "group": draw(st.sampled_from(["专项", "一般"])),
            "tier": draw(st.sampled_from(list(Tier))),
            "kind": draw(st.sampled_from(list(Kind))),
            "selection": draw(st.sampled_from(list(Selection))),
            "team": draw(st.sampled_from(["大队", "一科"])),
            "planned_visits": draw(st.integers(0, 6)),
            "periods": (tuple(range(draw(st.integers(1, 4)), draw(st.integers(5, 12)))),),
            "visit_days": draw(st.sampled_from([0.5, 1.0, 1.5])),
            "invited": draw(st.sampled_from([(), (("二科", 0.5),), (("二科", 0.5), ("三科", 0.0))])),
            "themes": draw(st.sampled_from([(), ("粉尘",), ("粉尘", "涂装")])),
        }
        for n in range(1, draw(st.integers(1, 4)) + 1)
    ]


@st.composite
def visits(draw: st.DrawFn, codes: Sequence[str], units: int) -> list[dict]:
    rows = []
    for n in range(draw(st.integers(0, 25))):
        task = draw(st.sampled_from(["", *codes]))
        unit = draw(st.integers(0, units))
        hazards = draw(st.integers(0, 3))
        penalty = draw(st.sampled_from(["", "", "罚款"]))
        day = draw(st.sampled_from([day for day in DAYS if day <= AS_OF]))
        rows.append(
            {
                "record_id": f"R{n:02}",
                "date": day,
                "task_id": task,
                "unit_id": f"U{unit:02}" if unit else "",
                "in_district": bool(unit),
                "trigger": "" if task else draw(st.sampled_from(list(Trigger))),
                "inspection_code": draw(st.sampled_from(["", "C1"])),
                "code_late": draw(st.sampled_from(["", "是"])),
                "rating": draw(st.sampled_from(["", "满意"])),
                "full_record": draw(st.booleans()),
                "hazards_found": hazards,
                "major_hazards": draw(st.integers(0, hazards)),
                "hazards_fixed": draw(st.integers(0, hazards)),
                "major_kind": draw(st.sampled_from([(), ("动火",)])),
                "rectify_due": draw(st.sampled_from(["", "2024-05-01", "2024-11-01"])),
                "fixed_on": draw(st.sampled_from(["", "2024-04-20", "2024-06-01", "2024-12-01"])),
                "penalty": penalty,
                "penalty_basis": draw(st.sampled_from(list(Basis))) if penalty else "",
                "fine_yuan": draw(st.integers(0, 9)) * 1000 if penalty else 0,
                "inspection_class": draw(st.sampled_from(["", "routine", "special"])),
                "joint_mode": draw(st.sampled_from(["", "线下联动"])),
                "start": draw(st.sampled_from(["", "09:30"])),
                "end": draw(st.sampled_from(["", "09:00", "11:00"])),
                "partners": draw(st.sampled_from([(), ("市场监管",)])),
                "attended": draw(st.sampled_from([(), ("二科",), ("二科", "三科")])),
                "themes": draw(st.sampled_from([(), ("粉尘",), ("粉尘", "别的")])),
                "days": draw(st.sampled_from([None, 1.0, 2.5])),
            }
        )
    return rows


@st.composite
def years(draw: st.DrawFn) -> dict:
    """A random year as plain rows."""
    tasks = draw(lines())
    codes = [task["task_id"] for task in tasks]
    units = [
        {"unit_id": f"U{n:02}", "subdistrict": draw(st.sampled_from(STREETS)), "is_key": draw(st.booleans())}
        for n in range(1, draw(st.integers(1, 6)) + 1)
    ]
    records = draw(visits(codes, len(units)))
    cells = st.lists(
        st.tuples(st.sampled_from(codes), st.integers(1, 12), st.integers(0, 3)),
        max_size=8,
        unique_by=lambda cell: cell[:2],
    )
    names = st.tuples(
        st.sampled_from(codes), st.sampled_from(["", *(unit["unit_id"] for unit in units)]), st.integers(0, 12)
    )
    decisions = [
        {
            "record_id": draw(st.sampled_from([row["record_id"] for row in records])),
            "party": draw(st.sampled_from(list(Party))),
            "procedure": draw(st.sampled_from(list(Procedure))),
            "penalty_basis": draw(st.sampled_from(list(Basis))),
            "outcome": draw(st.sampled_from(["penalty", "none"])),
            "fine_yuan": draw(st.integers(0, 9)) * 1000,
        }
        for _ in range(draw(st.integers(0, 3)) if records else 0)
    ]
    return {
        "tasks": tasks,
        "units": units,
        "records": records,
        "approved": draw(cells),
        "in_force": draw(cells),
        "named": draw(st.lists(names, max_size=8)),
        "decisions": draw(st.sampled_from([None, decisions])),
        "removed": [
            (draw(st.sampled_from(codes)), draw(st.sampled_from(["", "U01"]))) for _ in range(draw(st.integers(0, 2)))
        ],
        "closed": {code: draw(st.integers(0, 2)) for code in codes if draw(st.booleans())},
        "frozen": draw(st.none() | st.sets(st.sampled_from(["U01", "U02", "U99"])).map(sorted)),
        "short": draw(st.sets(st.sampled_from([row["record_id"] for row in records]))) if records else set(),
        "rules": (draw(st.sampled_from([True, False])), draw(st.sampled_from([True, False]))),
    }


def actuals_of(year: dict) -> Actuals:
    """The same year as tables."""
    removed = [(code, "U01", "2024-05-01", "停业", "", other, int(not other)) for code, other in year["removed"]]
    approved = small.by_month(*year["approved"])
    totals = Counter()
    for code, _, count in year["approved"]:
        totals[code] += count
    decisions = year["decisions"]
    return small.actuals(
        small.records(*year["records"]).astype({"days": "Float64"}),
        small.tasks(*year["tasks"]),
        small.units(*year["units"]),
        as_of=AS_OF,
        approved=approved,
        in_force=small.by_month(*year["in_force"]),
        expected=approved.assign(visits=approved["visits"].where(approved["month"] <= LAST, 0)),
        removed=pd.DataFrame(removed, columns=small.removed_visits([], AS_OF).columns),
        closed=pd.DataFrame({"task_id": [*year["closed"]], "lost_visits": [*year["closed"].values()]}),
        approved_lines={code: {"planned_visits": count} for code, count in totals.items()},
        key_periods=pd.DataFrame(PERIODS, columns=["name", "from_date", "to_date"]),
        decisions=None if decisions is None else small.decisions(*decisions),
        key_list=None if year["frozen"] is None else dict.fromkeys(year["frozen"], "P01"),
        statistics=Statistics(*year["rules"], frozenset(year["short"])),
    )


# --- the same by plain Python -----------------------------------------------------------------------------------------


def month_of(row: Row) -> int:
    return int(str(row["date"])[5:7])


def planned(year: dict) -> list[dict]:
    return [row for row in year["records"] if row["task_id"]]


def by_line(year: dict) -> Iterator[tuple]:
    """What each line comes to: the counts that `by_task` has."""
    for task in year["tasks"]:
        code = task["task_id"]
        rows = [row for row in year["records"] if row["task_id"] == code]
        gone = sum(1 for line, other in year["removed"] if line == code and not other)
        shut = max(year["closed"].get(code, 0) - gone, 0)
        asked = task["planned_visits"] - gone - shut
        approved = sum(count for line, _, count in year["approved"] if line == code)
        due = min(sum(n for line, month, n in year["approved"] if line == code and month <= LAST), asked)
        late = sum(1 for row in rows if month_of(row) > task["periods"][0][-1])
        yield code, len(rows), late, asked, max(asked - len(rows), 0), approved, due, len(rows) - due


def reading(year: dict, chosen) -> int:
    """Visits done of the lines that are chosen."""
    tasks = {task["task_id"]: task for task in year["tasks"]}
    return sum(1 for row in planned(year) if chosen(tasks[row["task_id"]], row))


def joint_readings(year: dict) -> list[tuple[int, int]]:
    joint = reading(year, lambda task, row: task["kind"] == Kind.JOINT)
    general = reading(year, lambda task, row: task["tier"] == Tier.GENERAL)
    drawn = {
        (cross, here): reading(
            year,
            lambda task, row, cross=cross, here=here: (
                task["tier"] == Tier.KEY
                and task["selection"] == Selection.DRAW
                and (task["kind"] == Kind.EXCHANGE) == cross
                and row["in_district"] == here
            ),
        )
        for cross in (True, False)
        for here in (True, False)
    }
    local = drawn[False, True] + drawn[False, False]
    literal = reading(
        year,
        lambda task, row: (
            task["kind"] == Kind.JOINT or (task["selection"] == Selection.DRAW and task["kind"] != Kind.EXCHANGE)
        ),
    )
    steps = [general, general + local, general + local + drawn[True, True]]
    return [(joint, whole) for whole in (*steps, steps[-1] + drawn[True, False], literal)]


def counted(year: dict) -> Counter:
    """Why the statistics leave a visit out, the first reason alone; '' for those they count."""
    full, excludes = year["rules"]
    ended = {row["record_id"] for row in year["records"] if row["penalty"]}
    if year["decisions"] is not None:
        ended = {row["record_id"] for row in year["decisions"] if row["outcome"] == "penalty"}
    reasons: Counter = Counter()
    for row in year["records"]:
        if not row["in_district"]:
            reasons["辖区外"] += 1
        elif row["record_id"] in year["short"]:
            reasons["执法人员不合规定"] += 1
        elif full and not row["full_record"]:
            reasons["记录不完整"] += 1
        elif excludes and row["record_id"] in ended:
            reasons["以处罚等其他行为结案"] += 1
        else:
            reasons[""] += 1
    return reasons


def streets_of(year: dict) -> dict[str, str]:
    return {unit["unit_id"]: unit["subdistrict"] for unit in year["units"]}


def pairs(table: pd.DataFrame) -> list[tuple]:
    return list(zip(table["numerator"], table["denominator"], strict=True))


# --- they agree -------------------------------------------------------------------------------------------------------


def check_completion(year: dict, actuals: Actuals) -> None:
    columns = ["task_id", "done_visits", "late_visits", "denominator", "left_visits", "approved_visits"]
    table = actuals.by_task[[*columns, "expected_visits", "pace_visits"]]
    expected = list(by_line(year))
    assert list(table.itertuples(index=False, name=None)) == expected
    for column in ("tier", "group", "team"):
        totals = progress.completion_by(actuals.by_task, column).set_index(column)
        for name, row in totals.iterrows():
            part = [
                counts for task, counts in zip(year["tasks"], expected, strict=True) if name in ("合计", task[column])
            ]
            sums = [sum(counts[place] for counts in part) for place in (1, 3, 5, 6)]
            assert row[["done_visits", "denominator", "approved_visits", "expected_visits"]].tolist() == sums
            assert row["completion"] == sums[0] / sums[1] if sums[1] > 0 else isnan(row["completion"])


def check_months(year: dict, actuals: Actuals) -> None:
    table = progress.completion_by_month(actuals.in_force, actuals.records, actuals.expected, LAST, actuals.approved)
    done = Counter((row["task_id"], month_of(row)) for row in year["records"])
    due = {(code, month): n for code, month, n in year["approved"] if month <= LAST}
    codes = [task["task_id"] for task in year["tasks"]]
    for row in table.itertuples():
        month = row.month
        assert row.done_visits == sum(done[code, month] for code in codes)
        assert row.unplanned_visits == done["", month]
        assert row.planned_visits == sum(n for _, m, n in year["in_force"] if m == month)
        assert row.approved_visits == sum(n for _, m, n in year["approved"] if m == month)
        assert row.done_to_date == sum(done[code, m] for code in codes for m in range(1, month + 1))
        behind = [
            sum(due.get((code, m), 0) - done[code, m] for m in range(1, month + 1))
            for code in {code for code, _, _ in year["approved"]}
        ]
        if month <= LAST:
            assert row.carried_visits == sum(max(n, 0) for n in behind)
    shares = progress.shares_by_month(actuals.records, LAST)
    for row in shares.itertuples():
        until = [one for one in year["records"] if month_of(one) <= row.month]
        here = [one for one in until if month_of(one) == row.month]
        for part, name in ((here, ""), (until, "_to_date")):
            free = [one for one in part if not one["task_id"]]
            caused = [one for one in free if one["trigger"] not in UNTRIGGERED]
            for rows, word in ((free, "unplanned"), (caused, "triggered")):
                share = getattr(row, f"{word}{name}_share")
                assert share == len(rows) / len(part) if part else isnan(share)


def check_streets(year: dict, actuals: Actuals) -> None:
    streets = streets_of(year)
    names = pd.DataFrame(year["named"], columns=["task_id", "unit_id", "month"])
    table = progress.completion_by_street(names, actuals.expected, actuals.records, actuals.units)
    asked = Counter((code, unit) for code, unit, month in year["named"] if month and unit)
    done: Counter = Counter()
    for row in planned(year):
        pair = row["task_id"], row["unit_id"]
        done[streets[row["unit_id"]] if asked[pair] > 0 else NO_STREET] += 1
        asked[pair] -= 1
    plan = Counter(streets.get(unit, NO_STREET) for _, unit, month in year["named"] if month)
    for row in table.iloc[:-1].itertuples():
        assert (row.planned_visits, row.done_visits) == (plan[row.street], done[row.street])
    whole = table.iloc[-1]
    assert whole["expected_visits"] == sum(n for _, month, n in year["approved"] if month <= LAST)
    assert whole["done_visits"] == whole["street_visits"] == len(planned(year))
    assert whole["unplanned_visits"] == len(year["records"]) - len(planned(year))


def check_coverage(year: dict, actuals: Actuals) -> None:
    today = [unit["unit_id"] for unit in year["units"] if unit["is_key"]]
    lists = [today] if year["frozen"] is None else [year["frozen"], today]
    seen = {row["unit_id"] for row in year["records"]}, {row["unit_id"] for row in planned(year)}
    wanted = [(len(set(codes) & units), len(codes)) for codes in lists for units in seen]
    assert pairs(INDICATORS["coverage"](actuals)) == wanted
    missing = progress.units_not_covered(actuals.units, actuals.records, actuals.key_list)
    assert missing["unit_id"].tolist() == sorted(set(lists[0]) - seen[0])
    streets = streets_of(year)
    by_street = {street: [code for code in lists[0] if streets.get(code) == street] for street in STREETS}
    shares = [len(set(codes) & seen[0]) / len(codes) for codes in by_street.values() if codes]
    table = INDICATORS["streets"](actuals).set_index("scope")
    assert table.loc["各街镇的均值", "numerator"] == pytest.approx(sum(shares))
    assert table.loc["各街镇的均值", "denominator"] == len(shares)
    assert table.loc["合计（一起算）", "numerator"] == len(set(lists[0]) & seen[0])


def check_sources(year: dict, actuals: Actuals) -> None:
    records, of_plan = year["records"], planned(year)
    free = [row for row in records if not row["task_id"]]
    causes = Counter(row["trigger"] for row in free)
    rows = [(len(of_plan), len(records)), (len(free), len(records))]
    rows += [(causes[word], len(free)) for word in Trigger if causes[word]]
    rows.append((sum(row["trigger"] not in UNTRIGGERED for row in free), len(records)))
    assert pairs(INDICATORS["sources"](actuals)) == rows
    joint = [
        row for row in of_plan if row["task_id"] in {t["task_id"] for t in year["tasks"] if t["kind"] == Kind.JOINT}
    ]
    named = any(row["partners"] for row in records)
    partners = sum(bool(row["partners"]) for row in joint)
    assert pairs(INDICATORS["joint"](actuals)) == [*joint_readings(year), (partners, len(joint) if named else 0)]
    outside = sum(not row["in_district"] for row in records)
    assert pairs(INDICATORS["out_of_district"](actuals)) == [(outside, len(records))]


def check_focus(year: dict, actuals: Actuals) -> None:
    records = year["records"]
    whole, attended = any(row["themes"] for row in records), any(row["attended"] for row in records)
    themes, invited, inside = [], [], []
    for task in year["tasks"]:
        rows = [row for row in records if row["task_id"] == task["task_id"]]
        seen = {theme for row in rows for theme in row["themes"]}
        if task["themes"]:
            themes.append((len(seen & set(task["themes"])), len(task["themes"]) if whole else 0))
        for section, _ in task["invited"]:
            came = sum(section in row["attended"] for row in rows)
            invited.append((came, len(rows) if attended else 0))
        if task["kind"] == Kind.KEY_PERIOD:
            dates = [row["date"] for row in rows]
            inside.append((sum(any(a <= day <= b for _, a, b in PERIODS) for day in dates), len(dates)))
    assert pairs(INDICATORS["themes"](actuals)) == themes
    assert pairs(INDICATORS["invited_sections"](actuals)) == invited
    total = [tuple(map(sum, zip(*inside, strict=True)))] if inside else []
    assert pairs(INDICATORS["key_periods"](actuals)) == [*inside, *total]
    counts = focus.theme_counts(actuals.tasks, actuals.records)
    for row in counts.itertuples():
        assert row.done_visits == sum(r["task_id"] == row.task_id and row.theme in r["themes"] for r in records)


def entries(rows: Sequence[Row]) -> int:
    return len({(row["unit_id"] or row["record_id"], row["date"]) for row in rows})


def check_evidence(year: dict, actuals: Actuals) -> None:
    records, of_plan = year["records"], planned(year)
    coded = [row for row in records if row["inspection_code"]]
    codes = sum(bool(row["task_id"]) for row in coded)
    rated = [row for row in coded if row["rating"]]
    wanted = [
        (sum(row["full_record"] for row in records), len(records)),
        (codes, len(of_plan)),
        (len(coded) - codes, len(records) - len(of_plan)),
        (sum(row["code_late"] == "是" for row in records), len(records)),
        (entries(rated), entries(coded) if any(row["rating"] for row in records) else 0),
    ]
    assert pairs(INDICATORS["evidence"](actuals)) == wanted
    without = progress.without_code(actuals.records)["record_id"]
    assert set(without) == {row["record_id"] for row in records} - {row["record_id"] for row in coded}


def check_manners(year: dict, actuals: Actuals) -> None:
    records, wanted = year["records"], []
    for column in ("inspection_class", "joint_mode"):
        counts = Counter(row[column] for row in records if row[column])
        wanted += [(counts[word], counts.total()) for word in sorted(counts)]
    assert pairs(INDICATORS["manners"](actuals)) == [*wanted, (len(records), entries(records))]
    hours = hours_on_site(actuals.tasks, actuals.records).set_index("task_id")
    for task in year["tasks"]:
        rows = [row for row in records if row["task_id"] == task["task_id"]]
        timed = [row for row in rows if row["start"] and row["end"] > row["start"]]
        assert (task["task_id"] in hours.index) == bool(timed)
        if timed:
            assert hours.loc[task["task_id"], ["timed_records", "hours_per_visit"]].tolist() == [len(timed), 1.5]


def check_statistics(year: dict, actuals: Actuals) -> None:
    reasons = counted(year)
    table = progress.statistics_bridge(actuals.records, actuals.statistics, actuals.decisions)
    steps = dict(zip(table["item"], table["count"], strict=True))
    assert steps.pop("统计年报行政检查次数") == reasons[""] == sum(steps.values())
    assert {name.removeprefix("减："): -n for name, n in steps.items() if n < 0} == {
        reason: n for reason, n in reasons.items() if reason
    }
    assert pairs(INDICATORS["statistics"](actuals)) == [(reasons[""], len(year["records"]))]


def check_hazards(year: dict, actuals: Actuals) -> None:
    records = year["records"]
    found, fixed, major = (
        sum(row[name] for row in records) for name in ("hazards_found", "hazards_fixed", "major_hazards")
    )
    due = [row for row in records if row["rectify_due"] and row["rectify_due"] <= AS_OF]
    whole = [row for row in due if row["hazards_fixed"] == row["hazards_found"] and row["fixed_on"] <= AS_OF]
    late = [row for row in whole if row["fixed_on"] > row["rectify_due"]]
    hits = sum(row["hazards_found"] > 0 for row in records)
    wanted = [(fixed, found), (major, found), (hits, len(records))]
    wanted += [(len(due) - len(whole), len(due)), (len(late), len(due))]
    assert pairs(INDICATORS["hazards"](actuals)) == wanted
    assert pairs(INDICATORS["frequencies"](actuals)) == [(found, len(records)), (major, len(records))]
    counts = hazard_counts(actuals.records, AS_OF)["count"].tolist()
    assert counts[:6] == [found, major, fixed, found - fixed, len(due), len(due) - len(whole)]


def check_penalties(year: dict, actuals: Actuals) -> None:
    if year["decisions"] is None:
        cases = [row for row in year["records"] if row["penalty"]]
    else:
        cases = [row for row in year["decisions"] if row["outcome"] == "penalty"]
        parts = progress.penalty_parts(actuals.decisions)
        wanted = Counter((row["penalty_basis"], row["party"], row["procedure"]) for row in cases)
        assert {tuple(row[:3]): row[3] for row in parts.itertuples(index=False)} == wanted
        assert parts["fine_wan_yuan"].sum() == pytest.approx(sum(row["fine_yuan"] for row in cases) / 10_000)
    table = progress.penalties(actuals.records, actuals.decisions).set_index("penalty_basis")
    for basis in Basis:
        rows = [row for row in cases if row["penalty_basis"] == basis]
        assert table.loc[basis, "cases"] == len(rows)
        assert table.loc[basis, "fine_wan_yuan"] == sum(row["fine_yuan"] for row in rows) / 10_000


def check_days(year: dict, actuals: Actuals) -> None:
    table = used_days(actuals.tasks, actuals.records)
    for task, row in zip(year["tasks"], table.itertuples(), strict=False):
        days = [one["days"] for one in year["records"] if one["task_id"] == task["task_id"]]
        stated = [one for one in days if one is not None]
        standard = task["visit_days"] * 2 + sum(extra for _, extra in task["invited"])
        assert (row.counted_records, row.used_days) == (len(stated), sum(stated))
        assert row.assumed_days == (len(days) - len(stated)) * standard
        assert row.planned_days == task["planned_visits"] * standard
        weighed = (sum(stated) + WEIGHT * standard) / (len(stated) + WEIGHT)
        assert row.weighed_days_per_visit == pytest.approx(weighed)
    teams = days_by_team(actuals.tasks, table)
    lines = table[table["task_id"] != ""]
    for column in ("planned_days", "used_days", "assumed_days"):
        assert teams[column].iloc[-1] == pytest.approx(lines[column].sum())
        assert teams[column].iloc[:-1].sum() == pytest.approx(lines[column].sum())


def test_a_plan_without_names_has_its_visits_in_no_street():
    names = pd.DataFrame([("P01", "U01", 0)], columns=["task_id", "unit_id", "month"])
    plan = small.by_month(("P01", 6, 2))
    table = progress.completion_by_street(names, plan, small.records({}), small.units({}))
    assert table[["planned_visits", "expected_visits", "done_visits"]].values.tolist() == [
        [0, 0, 0],
        [0, 2, 1],
        [0, 2, 1],
    ]


@pytest.mark.slow
@trials(200)
@given(years())
def test_a_year_counted_again_by_plain_python_is_the_same(year):
    actuals = actuals_of(year)
    for check in (
        *(check_completion, check_months, check_streets, check_coverage, check_sources, check_focus),
        *(check_evidence, check_manners, check_statistics, check_hazards, check_penalties, check_days),
    ):
        check(year, actuals)


@trials(50)
@given(years())
def test_every_rate_is_its_numerator_by_its_denominator_and_of_some_lines_it_is_that_of_a_plan_of_them(year):
    table = rates_of(actuals_of(year))
    for row in table.itertuples():
        assert row.rate == row.numerator / row.denominator if row.denominator else isnan(row.rate)
        assert row.definition
    codes = [task["task_id"] for task in year["tasks"]]
    part = {**year, "tasks": year["tasks"][:1], "frozen": None}
    part["records"] = [row for row in year["records"] if row["task_id"] == codes[0]]
    for name in ("approved", "in_force"):
        part[name] = [cell for cell in year[name] if cell[0] == codes[0]]
    part["removed"] = [pair for pair in year["removed"] if pair[0] == codes[0]]
    part["closed"] = {code: n for code, n in year["closed"].items() if code == codes[0]}
    names = ("completion", "sources", "themes", "hazards", "evidence")
    alone, of_line = (rates_of(actuals_of(one), names, lines) for one, lines in ((part, ()), (year, codes[:1])))
    pd.testing.assert_frame_equal(alone, of_line, check_dtype=False)
