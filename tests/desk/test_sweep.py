"""Many what-ifs of one plan: each point is the scenario worked out alone, however many processors share them."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.desk import sweep as module
from enforce.desk.sweep import FORMS, MOST, Axis, _frontier, one_point, save_points, sweep
from enforce.desk.year import open_year, under
from enforce.inputs.parameters.scenario import entries
from enforce.papers.screen.charts import scenario_heatmap
from enforce.planning.visits import highest_load
from enforce.words.problems import InputError, Unsolved


@pytest.fixture(scope="module")
def grid(year):
    return sweep(year, "执法大队=-1,0", "0.05,0.15", "P06=16")


@pytest.mark.slow
def test_a_point_is_the_scenario_worked_out_alone(grid, year):
    for scenario, row in zip(grid.scenarios, grid.points.itertuples(), strict=True):
        alone = under(year, scenario)
        loads = alone.allocation.loads
        ahead = loads[loads["month"] > alone.moment.closed]
        assert (row.highest_load, row.overload_days) == (highest_load(ahead), ahead["overload_days"].sum())
        assert row.fits == (ahead["overload_days"].sum() == 0)


def test_the_demo_has_the_limit_that_its_points_have(grid):
    assert grid.points["fits"].tolist() == [False, False, True, False]
    assert grid.frontier["scenario"].tolist() == ["执法大队不变_余地5_P06为16"]
    assert grid.sentence == "4 个点，1 个各月都排得下；最严的是：执法大队不变，余地5，P06为16。"


def test_officers_change_from_the_first_month_still_open(grid, year):
    assert {change.from_month for point in grid.scenarios for change in point.officers} == {year.moment.closed + 1}


@pytest.mark.slow
def test_processors_share_the_points_and_change_nothing(grid, year, monkeypatch):
    monkeypatch.setattr(module, "WORTH", 2)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    before = grid.points
    year.what_ifs.clear()
    pd.testing.assert_frame_equal(sweep(year, "执法大队=-1,0", "0.05,0.15", "P06=16").points, before)


@pytest.mark.slow
def test_points_that_differ_in_visits_alone_share_their_days_and_come_out_the_same(year, monkeypatch):
    points = sweep(year, "执法大队=-1,0", "0.05,0.15", "P06=15,16").scenarios
    module._take_base(year)
    days = []
    monkeypatch.setattr(module, "under", lambda *given: days.append(under(*given)) or days[-1])
    outcomes = [module._outcome_of(point) for point in points]
    assert len({id(one.days) for one in days}) == 4
    assert len({id(one.days.service) for one in days}) == 2
    for point, outcome in zip(points, outcomes, strict=True):
        loads = under(year, point).allocation.loads
        ahead = loads[loads["month"] > year.moment.closed]
        assert outcome[:2] == (highest_load(ahead), ahead["overload_days"].sum())


def test_a_point_is_worked_out_once_for_a_year_and_told_by_its_number(year, caplog):
    year.what_ifs.clear()
    with caplog.at_level("INFO", "enforce.run"):
        first = sweep(year, reserve="0.05,0.15").points
        again = sweep(year, reserve="0.15,0.05").points
    assert [record.message for record in caplog.records] == ["1/2 余地5", "2/2 余地15"]
    pd.testing.assert_frame_equal(first, again)


def test_a_point_without_a_plan_says_why_and_stops_no_other(year, monkeypatch):
    def failing(base, scenario, *beside):
        if scenario.reserve_share == 0.1:
            raise Unsolved("没有算出来")
        return under(base, scenario, *beside)

    year.what_ifs.clear()
    monkeypatch.setattr(module, "under", failing)
    points = sweep(year, reserve="0.05,0.1").points
    year.what_ifs.clear()
    assert points["fits"].tolist() == [True, False]
    assert points["message"].tolist() == ["", "没有算出来"]


@pytest.mark.parametrize(
    ("asked", "places"),
    [
        ({}, ["命令行"]),
        ({"officers": "执法大对=-1..1"}, ["--officers"]),
        ({"officers": "执法大队=-99..0"}, ["--officers"]),
        ({"officers": "执法大队=2..-2"}, ["--officers"]),
        ({"officers": "执法大队"}, ["--officers"]),
        ({"reserve": "5%"}, ["--reserve"]),
        ({"reserve": "1.5"}, ["--reserve"]),
        ({"reserve": "甲=0.1"}, ["--reserve"]),
        ({"visits": "P99=1..3"}, ["--visits"]),
        ({"visits": "P06=-3"}, ["--visits"]),
        ({"visits": "P06=1;P06=2"}, ["--visits"]),
        ({"visits": f"P06=0..{MOST}"}, ["点数"]),
        ({"visits": "P06=0..999999"}, ["点数"]),
        ({"officers": "甲=1", "reserve": "x", "visits": "y"}, ["--reserve", "--visits", "--officers"]),
    ],
)
def test_every_axis_that_cannot_be_is_refused_at_once(year, asked, places):
    with pytest.raises(InputError) as error:
        sweep(year, **asked)
    assert [problem.where for problem in error.value.problems] == places


def test_full_width_signs_and_steps_are_read(year):
    axes = sweep(year, "执法大队＝－1..1", "0.05，0.10", "P06=8..16/4、20").axes
    assert [axis.values for axis in axes] == [(-1, 0, 1), (0.05, 0.1), (8, 12, 16, 20)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), min_size=1, max_size=12))
def test_a_point_is_at_the_limit_if_it_fits_and_nothing_harder_does(points):
    table = pd.DataFrame(points, columns=["a", "b", "fits"])
    for (a, b, fits), at in zip(points, _frontier(table[["a", "b"]], table["fits"]), strict=True):
        harder = [(c, d) for c, d, other in points if other and c >= a and d >= b and (c, d) != (a, b)]
        assert at == (fits and not harder)


@pytest.mark.parametrize("kind", FORMS)
def test_the_command_that_makes_it_anew_is_read_as_the_same(year, kind):
    values = (0.05, 0.1) if kind == "reserve" else (0, 1, 2)
    axis = Axis(kind, {"officers": "执法大队", "visits": "P06"}.get(kind, ""), values)
    assert sweep(year, **{kind: axis.option.partition(" ")[2]}).axes == (axis,)


def test_a_point_is_saved_under_its_name_and_opened_again(root, tmp_path, grid):
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder)
    year = open_year(tmp_path / "params/putuo-2024.yaml")
    mine = sweep(year, "执法大队=-1,0", "0.05,0.15", "P06=16")
    paths = save_points(mine, [3, 3])
    assert [path.stem for path in paths] == [grid.scenarios[2].name]
    opened = open_year(year.plan.path, scenario=paths[0].stem)
    assert entries(opened.scenario) == entries(grid.scenarios[2])
    with pytest.raises(InputError) as error:
        save_points(mine, [3, 5, 4])
    assert [problem.found for problem in error.value.problems] == ["5", paths[0].stem]
    assert not (paths[0].parent / f"{grid.scenarios[3].name}.yaml").exists()


def test_the_picture_shows_how_many_points_are_over(grid):
    assert scenario_heatmap(grid.grid("highest_load"), "highest_load", "最高负荷").title == (
        "最高负荷：1 个点不超，3 个超出"
    )
    texts = grid.texts("overload_days")
    assert texts.columns.tolist() == ["scenario", "执法大队 -1 人", "执法大队 +0 人"]
    assert texts["scenario"].tolist() == ["余地 5.0%，P06 16", "余地 15.0%，P06 16"]


def test_one_point_is_that_of_the_grid_and_several_are_refused(year, grid):
    point = one_point(year, "--officers 执法大队=-1 --reserve 0.05 --visits P06=16")
    assert (point.name, entries(point)) == (grid.scenarios[0].name, entries(grid.scenarios[0]))
    for options in ("--reserve 0.05,0.1", "--reserve x", "--visits P99=1", ""):
        with pytest.raises(InputError):
            one_point(year, options)
