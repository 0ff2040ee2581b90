"""The panels: escaped, told apart without colour, and as high as their numbers."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from enforce.papers.screen.panels import chance_band, change_grid, difference, load_bars, number, plain, tiles
from enforce.words.terms import ALL_TEAMS

LIVE = "<img src=x onerror=alert(1)>"


def loads(need, room, team="执法大队"):
    rows = [(team, m, need, room, max(need - room, 0.0), need / room if room else float("nan")) for m in range(1, 13)]
    return pd.DataFrame(rows, columns=["team", "month", "needed_days", "capacity_days", "overload_days", "load"])


def figures(after, limit=1.0, item="最高负荷"):
    return pd.DataFrame([(item, "share", 0.8, after, limit)], columns=["item", "kind", "before", "after", "limit"])


@pytest.mark.parametrize(
    "made",
    [
        plain(LIVE, "alert"),
        tiles(figures(0.9, item=LIVE)),
        load_bars(loads(1.0, 2.0, LIVE), loads(1.0, 2.0, LIVE)),
        change_grid(
            pd.DataFrame([("P1", 1, 2, 1)], columns=["task_id", "month", "visits", "changed_visits"]), {"P1": LIVE}
        ),
    ],
)
def test_no_text_of_a_table_becomes_live(made):
    assert "<img" not in made
    assert "&lt;img" in made


def test_a_tile_tells_the_plans_value_the_step_and_what_is_too_much():
    assert 'class="tile bad"' in tiles(figures(1.2))
    assert 'class="tile off"' in tiles(figures(0.9))
    assert 'class="tile"' in tiles(figures(0.8))
    assert "计划 80.0%" in tiles(figures(0.9))
    assert "+10" in tiles(figures(0.9))


def test_a_step_smaller_than_what_is_shown_is_no_step():
    assert difference("share", 0.80001, 0.80002) == ""
    assert difference("days", 10.0, 7.5) == "−2.5"
    assert difference("share", 0.8, float("nan")) == ""
    assert number("share", float("nan")) == "—"


def test_bars_over_capacity_are_hatched_and_named_for_those_who_do_not_see_them():
    over, fits = load_bars(loads(3.0, 2.0), loads(1.0, 2.0)), load_bars(loads(1.0, 2.0), loads(1.0, 2.0))
    assert over.count("url(#ex-hatch)") == 12
    assert "url(#ex-hatch)" not in fits
    assert "执法大队3月 150.0%" in re.search('aria-label="(.*?)"', over)[1]
    assert "没有月份超出" in re.search('aria-label="(.*?)"', fits)[1]


def test_a_bar_is_as_high_as_its_number():
    heights = [
        float(h) for h in re.findall('width="46" height="([0-9.]+)"', load_bars(loads(1.0, 4.0), loads(2.0, 4.0)))
    ]
    double = [
        float(h) for h in re.findall('width="46" height="([0-9.]+)"', load_bars(loads(2.0, 4.0), loads(2.0, 4.0)))
    ]
    assert double == pytest.approx([2 * height for height in heights])


def test_a_month_without_capacity_and_need_is_drawn():
    assert "NaN" not in load_bars(loads(0.0, 0.0), loads(0.0, 0.0))
    assert "nan" not in load_bars(loads(2.0, 0.0), loads(0.0, 0.0))


def test_the_table_marks_each_change_with_its_sign_and_adds_up():
    rows = [("P1", 1, 5, 1), ("P1", 2, 3, -2), ("P2", 1, 4, 0)]
    made = change_grid(
        pd.DataFrame(rows, columns=["task_id", "month", "visits", "changed_visits"]), {"P1": "甲", "P2": "乙"}, 2
    )
    assert '<td class="up">5 <small>+1</small></td>' in made
    assert '<td class="down">3 <small>−2</small></td>' in made
    assert '<td class="up sum">9 <small>+1</small></td>' in made
    assert '<td class="down sum">12 <small>−1</small></td>' in made
    assert '<th scope="col" class="picked">2月</th>' in made


def test_the_band_tells_every_months_chance_and_the_one_wanted():
    rows = [(ALL_TEAMS, m, 0.3, 0.5 + m / 30, 0.0, 0.0) for m in range(1, 13)]
    names = ["team", "month", "held_share", "finish_share", "left_median_days", "left_high_days"]
    made = chance_band(pd.DataFrame(rows, columns=names), 0.9)
    assert made.count("<circle") == 12
    assert "90.0%" in made
    assert "12月底" in made
