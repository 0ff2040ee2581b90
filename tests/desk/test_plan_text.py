"""The plan's text: a right one is never doubted, a slip in it is found once, whatever follows from it."""

from __future__ import annotations

from copy import deepcopy
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enforce.desk.plan_text import plan_text
from enforce.inputs.parameters.entries import checked
from enforce.inputs.parameters.plan import Printed
from enforce.planning.account import line_days, workload_account
from enforce.words.terms import ALL_TEAMS, Tier
from tests.planning import small
from tests.work import trials

pytestmark = pytest.mark.slow

ITEMS = {"other_enforcement_days": ("complaints", "ordered"), "non_enforcement_days": ("leave", "duty")}
NO_PERIODS = pd.DataFrame(columns=["period", "team", "month", "days"])


few = trials(30)


# --- a plan and its text ------------------------------------------------------------------------------------------


def tasks_of(plan: dict) -> pd.DataFrame:
    return small.tasks(
        *(
            {"task_id": f"P{n}", "name": f"事项{n}", "group": group, "tier": Tier(tier), "planned_visits": visits}
            for n, (group, tier, visits) in enumerate(plan["lines"])
        )
    )


def account_of(plan: dict) -> pd.DataFrame:
    statutory = [(team, 1, given["officers"] * plan["workdays"]) for team, given in plan["teams"].items()]
    estimates = [
        (team, line, item, days)
        for team, given in plan["teams"].items()
        for line in ITEMS
        for item, days in given[line].items()
    ]
    return workload_account(
        pd.DataFrame(statutory, columns=["team", "month", "statutory_days"]),
        pd.DataFrame(estimates, columns=["team", "line", "item", "days"]),
        0.0,
        NO_PERIODS,
    )


def share(count: float, base: float, places: int) -> float:
    exact = Decimal(str(count)) * 100 / Decimal(str(base))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return float(rounded) if places else int(rounded)


def text_of(plan: dict) -> dict:
    """Everything that a plan can print, worked out of its lines and teams."""
    return visits_text(plan) | days_text(plan)


def visits_text(plan: dict) -> dict:
    lines, places = plan["lines"], plan["places"]
    tiers = {tier: sum(n for _, own, n in lines if own == tier) for tier in ("key", "general")}
    groups = {group: sum(n for own, _, n in lines if own == group) for group, _, _ in lines}
    total = sum(tiers.values())
    by_group = [[n for own, _, n in lines if own == group] for group in groups]
    return {
        "total_visits": total,
        "key_visits": tiers["key"],
        "general_visits": tiers["general"],
        "key_share_percent": share(tiers["key"], total, places),
        "general_share_percent": share(tiers["general"], total, places),
        "groups": [{"group": group, "visits": n} for group, n in groups.items()],
        "items": [{"item": f"P{n}", "visits": visits} for n, (_, _, visits) in enumerate(lines)],
        "sums": [{"where": "全年", "parts": list(tiers.values()), "total": total}]
        + [{"parts": parts, "total": sum(parts)} for parts in by_group],
    }


def days_text(plan: dict) -> dict:
    account = account_of(plan)
    lines = {line: line_days(account, line).to_dict() for line in account["line"].unique()}
    other, non, left = ("other_enforcement_days", "non_enforcement_days", "inspection_days")
    officers = {team: given["officers"] for team, given in plan["teams"].items()}
    officers[ALL_TEAMS] = sum(officers.values())
    whole = lines["total_statutory_days"]
    named = account[account["line"].isin(["total_statutory_days", other, non, left])]
    return {
        "workdays": plan["workdays"],
        "account": [
            {"team": row.team, "line": row.item or row.line, "days": row.days} for row in named.itertuples() if row.days
        ],
        "products": [
            {"team": team, "factors": [plan["workdays"], count], "product": count * plan["workdays"]}
            for team, count in officers.items()
        ],
        "differences": [
            {"where": team, "total": whole[team], "parts": [lines[other][team], lines[non][team]], "remainder": days}
            for team, days in lines[left].items()
        ],
        "shares": [
            {
                "base": whole[ALL_TEAMS],
                "parts": [
                    {
                        "name": line,
                        "count": lines[line][ALL_TEAMS],
                        "percent": share(lines[line][ALL_TEAMS], whole[ALL_TEAMS], plan["places"]),
                    }
                    for line in (other, non, left)
                ],
            }
        ],
    }


def told(text: dict, plan: dict) -> pd.DataFrame:
    """What is told of a text beside a plan: one row per finding."""
    printed, problems = checked(Printed, text, "plan.yaml")
    assert problems == []
    table = plan_text(printed, tasks_of(plan), account_of(plan), plan["workdays"])
    return table[table["message"] != ""]


def places_of(value: object, path: tuple = ()) -> list[tuple]:
    """Every number of a text, by its path."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in places_of(inner, (*path, key))]
    if isinstance(value, list):
        return [place for n, inner in enumerate(value) for place in places_of(inner, (*path, n))]
    return [] if isinstance(value, str) else [path]


def at(text: dict, path: tuple) -> float:
    for step in path:
        text = text[step]
    return text


def put(text: dict, path: tuple, number: float) -> dict:
    text = deepcopy(text)
    at(text, path[:-1])[path[-1]] = number
    return text


halves = st.integers(4, 400).map(lambda n: n / 2)


@st.composite
def plans(draw) -> dict:
    """A plan of both tiers whose teams give their days by item or as one number."""
    tiers = {"甲类": "key", "乙类": "key", "丙类": "general"}
    groups = ["甲类", "丙类", *draw(st.lists(st.sampled_from(sorted(tiers)), max_size=5))]
    teams = {}
    for team in ("大队", "危化科")[: draw(st.integers(1, 2))]:
        whole = draw(st.booleans())
        items = {line: [""] if whole else names for line, names in ITEMS.items()}
        teams[team] = {line: {item: draw(halves) for item in names} for line, names in items.items()}
        teams[team]["officers"] = draw(st.integers(4, 30))
    return {
        "lines": [(group, tiers[group], draw(st.integers(2, 90))) for group in groups],
        "teams": teams,
        "workdays": draw(st.integers(240, 255)),
        "places": draw(st.integers(0, 2)),
    }


# --- what holds of every plan -------------------------------------------------------------------------------------


@few
@given(plans())
def test_nothing_is_told_of_a_right_text(plan):
    assert told(text_of(plan), plan).empty


@few
@given(plans(), st.data())
def test_any_part_of_a_right_text_may_be_printed_alone(plan, data):
    text = text_of(plan)
    parts = data.draw(st.sets(st.sampled_from(sorted(text)), max_size=6))
    assert told({key: value for key, value in text.items() if key in parts}, plan).empty


@few
@given(plans(), st.data())
def test_one_changed_figure_is_found_once(plan, data):
    text = text_of(plan)
    path = data.draw(st.sampled_from(places_of(text)))
    number = at(text, path)
    if path[0] == "shares" and path[-1] in ("base", "count"):
        new = number * 3 + 40  # a little more may give the same percent, and is nobody's to find
    elif "percent" in str(path[-1]):
        new = round(number + 3 if number < 90 else number - 3, 2)  # as printed: floats add up to more places
    else:
        new = data.draw(st.sampled_from([number + 1, number + 9, number * 10]))
    assume(path[0] != "workdays" or new <= 366)
    assert len(told(put(text, path, new), plan)) == 1


@few
@given(plans(), st.data())
def test_a_slip_carried_through_the_whole_text_is_found_once_where_it_began(plan, data):
    wrong = deepcopy(plan)
    kind = data.draw(st.sampled_from(["line", "workdays", "officers", "days"]))
    team = data.draw(st.sampled_from(sorted(plan["teams"])))
    if kind == "line":
        n = data.draw(st.integers(0, len(plan["lines"]) - 1))
        group, tier, visits = plan["lines"][n]
        wrong["lines"][n] = (group, tier, visits + data.draw(st.integers(1, 50)))
    elif kind == "workdays":
        wrong["workdays"] += data.draw(st.integers(1, 9))
    elif kind == "officers":
        wrong["teams"][team]["officers"] += data.draw(st.integers(1, 5))
    else:
        line = data.draw(st.sampled_from(sorted(ITEMS)))
        item = data.draw(st.sampled_from(sorted(plan["teams"][team][line])))
        wrong["teams"][team][line][item] += data.draw(st.integers(1, 50))
    found = told(text_of(wrong), plan)
    assert len(found) == 1
    assert {"line": "事项", "workdays": "法定工作日", "officers": "总法定", "days": team}[kind] in found["where"].item()


@few
@given(plans(), st.integers(20, 300), st.sampled_from([0, 1]))
def test_a_number_copied_wrongly_into_every_place_is_found_once(plan, more, term):
    text = text_of(plan)
    line = sorted(ITEMS, reverse=True)[term]
    for row in text["account"]:
        if (row["team"], row["line"]) == (ALL_TEAMS, line):
            row["days"] += more
    (whole,) = [row for row in text["differences"] if row["where"] == ALL_TEAMS]
    whole["parts"][term] += more
    text["shares"][0]["parts"][term]["count"] += more
    found = told(text, plan)
    assert len(found) == 1
    del text["account"]
    assert len(told(text, plan)) == 1


# --- cases --------------------------------------------------------------------------------------------------------

PLAN = {
    "lines": [("甲类", "key", 178), ("丙类", "general", 68), ("丙类", "general", 15)],
    "teams": {
        "大队": {"officers": 8, "other_enforcement_days": {"": 1035.0}, "non_enforcement_days": {"": 535.0}},
    },
    "workdays": 248,
    "places": 1,
}


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ({}, []),
        ({"workdays": 248}, []),
        ({"workdays": 365 - 104 - 11}, [("日历 248 天", "印作 250 天")]),
        ({"products": [{"factors": [24, 8], "product": 1984}]}, [("24 × 8 = 192", "印作 1984")]),
        ({"workdays": 24, "products": [{"factors": [24, 8], "product": 1984}]}, [("日历 248 天", "印作 24 天")]),
        ({"products": [{"team": "大队", "factors": [247, 8], "product": 1976}]}, [("1976", "1984")]),
        ({"differences": [{"total": 5434, "parts": [2469, 1994], "remainder": 971}]}, []),
        (
            {"differences": [{"total": 5434, "parts": [2649, 1994], "remainder": 971}]},
            [("5434 − 2649 − 1994 = 791", "印作 971")],
        ),
        ({"sums": [{"parts": [6.1, 53.2], "total": 59.3}]}, []),
        ({"sums": [{"parts": [1234567, 0.5], "total": 1234567}]}, [("1234567 + 0.5 = 1234567.5", "印作 1234567")]),
        ({"total_visits": 1234567}, [("1234567", "261")]),
        ({"key_share_percent": 68, "general_share_percent": 31.8}, []),
        ({"key_visits": 187, "key_share_percent": 68.2, "total_visits": 261}, [("187", "178")]),
        ({"key_visits": 187, "key_share_percent": 71.6, "total_visits": 261}, [("187", "178")]),
        ({"key_visits": 178, "key_share_percent": 62.8, "total_visits": 261}, [("62.8", "68.2")]),
        ({"total_visits": 216, "sums": [{"parts": [178, 83], "total": 216}]}, [("216", "261")]),
        ({"general_visits": 38, "total_visits": 216, "key_visits": 178}, [("38", "83")]),
        ({"groups": [{"group": "丁类", "visits": 3}]}, [("3", "")]),
        ({"account": [{"line": "监督检查工作日", "days": 414}]}, []),
        ({"account": [{"line": "监督检查工作日", "days": 441}]}, [("441", "414")]),
        (
            {"shares": [{"base": 83, "parts": [{"name": "联合", "count": 15, "percent": 18.1}]}]},
            [],
        ),
        (
            {"shares": [{"base": 111, "parts": [{"name": "联合", "count": 15, "percent": 18.1}]}]},
            [("联合 13.5%", "印作 联合 18.1%")],
        ),
    ],
)
def test_a_text_is_told_where_it_is_wrong(text, findings):
    assert told(text, PLAN)[["figure", "limit"]].apply(tuple, axis=1).tolist() == findings


def test_wrong_shares_are_told_together_and_that_they_add_to_a_hundred():
    parts = [("其他执法", 1035, 21), ("非执法", 535, 71), ("监督检查", 414, 8)]
    rows = [dict(zip(("name", "count", "percent"), part, strict=True)) for part in parts]
    table = told({"shares": [{"where": "占总工作日", "parts": rows}]}, PLAN)
    assert table["figure"].tolist() == ["其他执法 52.2%、非执法 27.0%、监督检查 20.9%"]
    assert "相加仍为 100%" in table["message"].item()
    rows[0]["percent"] = 22
    table = told({"shares": [{"parts": rows}]}, PLAN)
    assert "100%" not in table["message"].item()


def test_shares_put_up_or_down_so_that_they_add_to_a_hundred_are_right():
    def shares(*percents: float) -> dict:
        counts = (1035, 535, 414)  # 52.2, 27.0 and 20.9: 100.1
        parts = zip(("甲", "乙", "丙"), counts, percents, strict=True)
        rows = [dict(zip(("name", "count", "percent"), part, strict=True)) for part in parts]
        return {"shares": [{"parts": rows}]}

    assert told(shares(52.2, 27.0, 20.9), PLAN).empty
    assert told(shares(52.2, 27.0, 20.8), PLAN).empty
    assert told(shares(52.1, 27.0, 20.9), PLAN).empty
    assert len(told(shares(52.3, 27.0, 20.7), PLAN)) == 1
    assert len(told(shares(52.1, 27.0, 20.8), PLAN)) == 1


def test_two_slips_are_two_findings():
    text = text_of(PLAN) | {"total_visits": 216, "workdays": 250}
    assert sorted(told(text, PLAN)["figure"]) == ["216", "日历 248 天"]


def test_an_account_row_may_be_named_by_key_or_by_its_chinese_word():
    for line in ("inspection_days", "监督检查工作日"):
        assert told({"account": [{"team": "大队", "line": line, "days": 1}]}, PLAN)["limit"].tolist() == ["414"]


@few
@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(0, 30))
def test_any_numbers_at_all_are_judged_and_nothing_raises(numbers, total):
    text = {
        "products": [{"factors": numbers, "product": total}],
        "sums": [{"parts": numbers, "total": total}],
        "differences": [{"total": total, "parts": numbers, "remainder": 0}],
        "shares": [{"parts": [{"name": "甲", "count": n, "percent": n} for n in numbers]}],
    }
    told(text, PLAN)
