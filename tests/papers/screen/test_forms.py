"""The forms: the account and the load as the official papers print them."""

import pandas as pd

from enforce.papers.screen.display import show
from enforce.papers.screen.forms import account_form, load_form
from enforce.words.terms import ACCOUNT_LINES, NON_ENFORCEMENT, OTHER_ENFORCEMENT
from tests.papers import year_2024 as year


def test_the_account_has_a_row_for_every_line_and_item_in_the_order_of_the_form():
    form = account_form(year.account())
    titles = [name.removeprefix("　") for name in form["line"]]
    expected = []
    for line, title in ACCOUNT_LINES.items():
        items = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}.get(line, {})
        expected += [title, *items.values()]
    assert titles == expected


def test_the_teams_of_the_account_add_up_to_its_total():
    form = account_form(year.account())
    teams = [name for name in form.columns if name not in ("line", "合计", "share")]
    assert (form[teams].sum(axis=1) == form["合计"]).all()


def test_the_load_is_need_over_capacity_and_stands_to_the_right():
    loads = pd.DataFrame(
        {
            "team": ["大队"] * 12,
            "month": range(1, 13),
            "needed_days": [10.0] * 12,
            "capacity_days": [20.0] * 11 + [0.0],
        }
    )
    form = load_form(loads).iloc[:3]
    assert form["item"].tolist() == ["需要(人日)", "可安排(人日)", "负荷"]
    assert form.iloc[2][["1月", "12月", "全年"]].tolist() == ["50.0%", "—", "54.5%"]
    assert show(form).numeric[2:] == (True,) * 13


def test_a_team_that_is_overloaded_has_a_row_that_says_so_and_no_other_has():
    months = {"month": [*range(1, 13)] * 2, "team": ["甲"] * 12 + ["乙"] * 12}
    loads = pd.DataFrame({**months, "needed_days": [3.0] * 24, "capacity_days": [3.0, 2.5, 1.0, *[9.0] * 21]})
    form = load_form(loads).set_index(["team", "item"])
    over = form.loc[("甲", "超负荷(人日)")]
    assert over[["1月", "2月", "3月", "4月", "全年"]].tolist() == ["·", "0.5", "2", "·", "2.5"]
    assert [item for team, item in form.index if team == "乙"] == ["需要(人日)", "可安排(人日)", "负荷"]
