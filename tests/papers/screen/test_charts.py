from __future__ import annotations

import logging
import subprocess
import sys
import warnings

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_hex

from enforce.papers.screen import canvas, charts
from tests.papers import year_2024 as year

pytestmark = pytest.mark.slow

STREET_MONTHS = pd.DataFrame(
    [(street, month, month % 3) for street in ("甲镇", "乙街道") for month in range(1, 13)],
    columns=["subdistrict", "month", "visits"],
)
COVERAGE = pd.DataFrame(
    [("甲镇", 3, 12, 0.25), ("乙街道", 0, 0, float("nan"))],
    columns=["subdistrict", "numerator", "denominator", "rate"],
)
DONE = pd.DataFrame({"month": range(1, 9), "done_visits": [18, 15, 24, 27, 19, 24, 22, 20]})


def planned():
    return year.visits().groupby("month", as_index=False)["visits"].sum()


def need(mark=year.MARK):
    return charts.need_against_capacity(year.loads(), "各月需要与可安排人日", mark)


def heat(mark=year.MARK):
    return charts.task_month_heatmap(year.visits(), year.names(), "各事项各月家次", mark)


def against(mark=year.MARK):
    return charts.plan_against_actual(planned(), DONE, "计划与完成", mark)


def bars(mark=year.MARK):
    return charts.completion_bars(year.progress(), "各事项完成情况", mark)


def burden(mark=year.MARK):
    numbers = {"entry_number": ["0 次", "1 次", "2 次", "3 次以上"], "our_units": [547, 90, 13, 0]}
    return charts.entry_number_bars(pd.DataFrame({**numbers, "all_units": [530, 95, 20, 5]}), "入企次数分布", mark)


def streets(mark=year.MARK):
    return charts.street_month_heatmap(STREET_MONTHS, COVERAGE, "各街镇各月", mark)


def weeks(mark=year.MARK):
    rows = [("A-1", "2024-05-06", 2.5), ("A-1", "2024-05-13", 0.5), ("A-2", "2024-05-06", 1.0)]
    loads = pd.DataFrame(rows, columns=["officer_id", "week_from", "inspection_days"])
    return charts.officer_week_heatmap(loads, "各人各周", mark)


ALL = pytest.mark.parametrize("draw", [need, heat, against, bars, burden, streets, weeks])


def texts(chart):
    return [text.get_text() for text in chart.figure.findobj(mpl.text.Text) if text.get_text()]


@ALL
def test_every_character_has_a_glyph_and_nothing_warns(draw, caplog):
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        draw()._repr_png_()
    assert caplog.text == ""


@ALL
def test_the_picture_has_the_same_bytes_on_every_call(draw):
    chart = draw()
    assert chart._repr_png_() == chart._repr_png_() == draw()._repr_png_()
    assert chart._repr_png_().startswith(b"\x89PNG")


def test_an_officer_stands_by_number_with_his_weeks_and_their_sums():
    written = texts(weeks())
    assert "各人各周：2 人，每人 1 至 3 人日" in written
    assert {"A-1", "A-2", "5月6日起", "5月13日起", "合计", "2.5", "3.5", "4"} <= set(written)


def test_a_month_without_a_visit_has_a_picture_that_says_so():
    nothing = pd.DataFrame(columns=["officer_id", "week_from", "inspection_days"])
    chart = charts.officer_week_heatmap(nothing, "各人各周")
    assert chart.title == "各人各周：没有检查"
    assert chart._repr_png_()


def test_a_street_stands_with_its_units_covered_of_all_and_its_visits():
    written = texts(streets())
    assert "甲镇\n3/12家 25.0%" in written
    assert "乙街道\n0/0家 —" in written
    assert written.count("12") >= 2  # the visits of each street over the year


def test_the_style_sheet_has_no_colour_of_its_own():
    sheet = mpl.rc_params_from_file(canvas.CHART_STYLE, use_default_template=False)
    colours = {to_hex(value) for name, value in sheet.items() if "color" in name}
    assert colours == {canvas.INK, canvas.GREY, canvas.RULE, canvas.PALE}


@ALL
def test_the_picture_does_not_depend_on_the_users_settings(draw):
    plain = draw()._repr_png_()
    with mpl.rc_context({"font.size": 20, "axes.grid": True, "savefig.dpi": 50, "font.family": ["DejaVu Serif"]}):
        assert draw()._repr_png_() == plain
        assert mpl.rcParams["font.size"] == 20


@ALL
def test_the_mark_is_printed_and_only_when_there_is_one(draw):
    assert year.MARK in texts(draw())
    assert year.MARK not in texts(draw(mark=""))


@ALL
def test_a_chart_tells_its_title_as_text(draw):
    chart = draw(mark="")
    assert repr(chart) == f"图：{chart.title}"
    assert chart.title in texts(chart)


@ALL
def test_the_unit_is_named(draw):
    assert any(unit in text for unit in ("人日", "家次", "入企次数") for text in texts(draw(mark="")))


def test_the_packaged_font_is_used_and_every_text_is_drawn_with_it():
    families = canvas.font_families()
    assert families[0] == "Noto Sans SC"
    assert font_manager.findfont("Noto Sans SC", fallback_to_default=False).endswith("NotoSansSC-Regular.otf")
    assert all(text.get_fontfamily() == list(families) for text in need().figure.findobj(mpl.text.Text))


def test_without_the_package_installed_fonts_are_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    canvas.font_families.cache_clear()
    try:
        assert canvas.font_families()[0] == "Microsoft YaHei"
    finally:
        monkeypatch.undo()
        canvas.font_families.cache_clear()


def test_the_settings_and_the_log_level_of_the_session_are_left_as_they_were():
    fonts, size = logging.getLogger("matplotlib.font_manager"), mpl.rcParams["font.size"]
    before = fonts.level
    with canvas.style():
        assert fonts.level == logging.ERROR
        mpl.rcParams["font.size"] = size + 1
    assert (fonts.level, mpl.rcParams["font.size"]) == (before, size)


def test_bars_are_as_high_as_the_days_of_the_table():
    loads = year.loads()
    for axes, team in zip(need().figure.axes, loads["team"].unique(), strict=True):
        rows = loads[loads["team"] == team]
        heights = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in axes.patches}
        assert heights == dict(zip(rows["month"], rows["needed_days"], strict=True))
        lines = [segment[0][1] for segment in axes.collections[0].get_segments()]
        assert lines == rows["capacity_days"].tolist()


def test_a_month_over_its_capacity_is_orange_and_hatched_and_no_other():
    loads = year.loads()
    axes = need().figure.axes[0]
    over = loads[(loads["team"] == "执法大队") & (loads["needed_days"] > loads["capacity_days"])]["month"].tolist()
    assert over == [2, 4, 5, 6, 7, 8, 9, 10, 11]  # January is exactly at its capacity
    hatched = sorted(round(bar.get_x() + 0.31) for bar in axes.patches if bar.get_hatch())
    orange = sorted(round(bar.get_x() + 0.31) for bar in axes.patches if to_hex(bar.get_facecolor()) == canvas.OVER)
    assert hatched == orange == over


def test_the_load_of_every_month_is_told():
    axes = need().figure.axes[0]
    assert [text.get_text() for text in axes.texts][:3] == ["100.0%", "122.2%", "95.2%"]
    assert len(axes.texts) == 12


def test_the_team_of_totals_is_left_out():
    total = year.loads().groupby("month", as_index=False)[["needed_days", "capacity_days"]].sum()
    both = pd.concat([year.loads(), total.assign(team="合计", load=0.5)])
    assert len(charts.need_against_capacity(both, "图").figure.axes) == 3


def test_a_team_without_capacity_or_need_is_drawn():
    rows = pd.DataFrame({"team": "甲", "month": range(1, 13), "needed_days": 0.0, "capacity_days": 0.0, "load": None})
    chart = charts.need_against_capacity(rows, "图")
    assert [text.get_text() for text in chart.figure.axes[0].texts] == []
    assert chart._repr_png_()


def test_every_visit_is_in_its_cell_and_in_the_totals():
    axes = heat().figure.axes[0]
    numbers = {(round(t.get_position()[1] - 0.52), t.get_position()[0]): int(t.get_text()) for t in axes.texts}
    rows = year.visits()
    assert numbers[11, 12.65] == 15
    assert numbers[12, 12.65] == 261
    assert sum(number for (row, x), number in numbers.items() if row < 12 and x < 12) == 261
    march = rows[rows["month"] == 3]["visits"].tolist()
    assert [numbers.get((row, 2.5), 0) for row in range(12)] == march
    assert numbers[12, 2.5] == sum(march)


def test_tasks_are_named_on_the_left_and_a_long_name_breaks():
    long = "危险化学品生产经营单位和使用单位为主的工贸企业安全生产跨部门联合执法"
    axes = charts.task_month_heatmap(year.visits(), {**year.names(), "P12": long}, "图").figure.axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[0] == "区重点单位执法检查"
    assert labels[11].replace("\n", "") == long
    assert labels[11].count("\n") == 1
    assert labels[12] == "合计"


def test_the_cumulative_lines_run_through_the_sums_and_end_with_the_last_month_done():
    upper, lower = against().figure.axes
    plan, done = (line.get_ydata().tolist() for line in lower.lines)
    assert plan == planned()["visits"].cumsum().tolist()
    assert done == DONE["done_visits"].cumsum().tolist()
    heights = [bar.get_height() for bar in upper.patches]
    assert heights == planned()["visits"].tolist() + DONE["done_visits"].tolist()
    assert {"计划 261", "完成 169"} <= set(texts(against()))


def test_nothing_done_yet_is_drawn_as_the_plan_alone():
    chart = charts.plan_against_actual(planned(), DONE.head(0), "图")
    assert [len(line.get_ydata()) for line in chart.figure.axes[1].lines] == [12, 0]
    assert chart._repr_png_()


def test_completion_bars_are_as_long_as_the_counts_and_tell_them():
    chart = bars()
    lengths = [bar.get_width() for bar in chart.figure.axes[0].patches]
    progress = year.progress()
    assert lengths == progress["planned_visits"].tolist() + progress["done_visits"].tolist()
    assert {"58 / 60", "96.7%", "74 / 68", "108.8%", "0 / 6", "0.0%"} <= set(texts(chart))


def test_dollar_signs_in_a_name_are_only_dollar_signs():
    progress = year.progress().head(1).assign(name="甲$x^2$厂 $ 乙")
    chart = charts.completion_bars(progress, "图 $a$")
    assert "甲$x^2$厂 $ 乙" in texts(chart)
    assert chart._repr_png_()


def test_no_global_state_of_pyplot_is_touched_and_import_is_light():
    code = (
        "import sys; import enforce.papers.screen.charts, enforce.papers.books.annexes, "
        "enforce.papers.books.comparison;"
        "assert not {'matplotlib', 'openpyxl', 'xlsxwriter'} & set(sys.modules), 'heavy import'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    need()._repr_png_()
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_the_bars_of_the_burden_are_the_numbers_of_firms_ours_beside_all():
    axes = burden().figure.axes[0]
    assert [bar.get_height() for bar in axes.patches] == [547, 90, 13, 0, 530, 95, 20, 5]
    assert {"本局(家)", "各处(家)", "3 次以上"} <= set(texts(burden()))


def test_a_character_that_no_font_has_is_drawn_without_a_warning():
    with warnings.catch_warnings(), canvas.style():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure, _ = canvas.empty_figure(2, "𠮷野家 😀", "")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert canvas.Chart("图", figure)._repr_png_().startswith(b"\x89PNG")


MONTHS = pd.DataFrame(
    [("P1", 3, 4, 6), ("P1", 5, 4, 1), ("P2", 3, 2, 2)], columns=["task_id", "month", "expected_visits", "done_visits"]
)
SHARES = pd.DataFrame({"month": [1, 2, 3], "unplanned_share": [0.1, float("nan"), 0.25]})
STREETS = pd.DataFrame({"scope": ["甲镇", "乙街道"], "numerator": [3, 0], "denominator": [12, 4], "rate": [0.25, 0.0]})


def test_more_and_less_than_due_are_told_apart_and_add_up_on_the_right():
    chart = charts.difference_heatmap(MONTHS, {"P1": "甲", "P2": "乙"}, "比应完成的多或少")
    assert chart.title.endswith("多做 2、少做 3 家次")
    assert {"+2", "-3", "-1"} <= set(texts(chart))


def test_a_replan_is_marked_at_its_day_with_its_name():
    chart = charts.plan_against_actual(planned(), DONE, "计划与完成", "", {"第 2 版": 6.5})
    lower = chart.figure.axes[1]
    assert [line.get_xdata()[0] for line in lower.lines if line.get_linestyle() == ":"] == [6.5]
    assert "第 2 版" in set(texts(chart))


def test_the_unplanned_share_stands_beside_last_years_where_that_is_known():
    alone = charts.unplanned_shares(SHARES, "非计划检查占比")
    both = charts.unplanned_shares(SHARES.assign(last_year_unplanned_share=0.2), "非计划检查占比")
    assert alone.title.endswith("3 月 25.0%")
    assert [len(chart.figure.axes[0].lines) for chart in (alone, both)] == [1, 2]


def test_streets_keep_their_order_and_those_nobody_visited_are_counted():
    chart = charts.coverage_bars(STREETS, "重点单位覆盖")
    assert chart.title.endswith("2 个里有 1 个还没有到过")
    assert {"3 / 12", "0 / 4"} <= set(texts(chart))
