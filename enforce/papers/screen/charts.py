"""A chart (图): a picture of one table, in Chinese with no font installed, the same to the byte on every run.

A bar is as high as the number in its table: nothing is computed here but sums. What a picture shows its title says in
words (执法大队全年 86.2%，最忙 3 月 93.3%), out of the same numbers. Colours are told apart by
readers who do not see red and green (Okabe-Ito), and what is over the limit is hatched, for a printed page.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from enforce.papers.official import month_matrix
from enforce.papers.screen import canvas
from enforce.papers.screen.canvas import (
    CLEAR,
    DONE,
    GREY,
    INK,
    KNOWN,
    NEEDED,
    OURS,
    OVER,
    PLANNED,
    RULE,
    Chart,
    short_name,
    style,
)
from enforce.papers.screen.cells import MONTHS, YEAR, cell_text, is_missing, is_share
from enforce.words.months import month_runs
from enforce.words.numbers import percent
from enforce.words.terms import ALL_TEAMS, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes


def need_against_capacity(loads: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw the officer-days needed each month against the capacity, one panel per team.

    `loads`: one row per team x month (team, month, needed_days, capacity_days, load), 人日. A month over the
    capacity is orange and hatched; the load stands above. A team 合计 is left out.
    """
    teams = [team for team in loads["team"].unique() if team != ALL_TEAMS]
    height = 0.5 + 1.6 * max(1, len(teams))
    title = f"{title}：{_load_message(loads[loads['team'].isin(teams)])}"
    with style():
        figure, top = canvas.empty_figure(height, title, mark)
        edges = {"left": 0.05, "right": 0.985, "top": top - 0.3 / height, "bottom": 0.3 / height}
        grid = figure.add_gridspec(max(1, len(teams)), hspace=0.5, **edges)
        for n, team in enumerate(teams):
            _team_panel(figure.add_subplot(grid[n]), team, loads[loads["team"] == team])
        canvas.write_legend(figure, _load_handles(), top)
    return Chart(title, figure)


def task_month_heatmap(visits: pd.DataFrame, names: Mapping[str, str], title: str, mark: str = "") -> Chart:
    """Draw the visits (家次) of every task and month as a grid of numbers, the fuller the darker.

    `visits`: one row per task x month (task_id, month, visits); `names`: task_id -> name, in the order of the
    rows. Totals stand on the right and at the bottom.
    """
    wide = month_matrix(visits, names, quarters=False)
    height = 1.2 + (0.33 if any("\n" in name for name in map(canvas.two_lines, names.values())) else 0.27) * len(wide)
    title = f"{title}：{_visits_message(wide)}"
    return _grid_chart(title, mark, height, "单位：家次", lambda axes: _heat(axes, wide))


def difference_heatmap(months: pd.DataFrame, names: Mapping[str, str], title: str, mark: str = "") -> Chart:
    """Draw what was done more or less than due (家次) in every task and month: more is blue, less is orange.

    `months`: one row per task x month (task_id, month, expected_visits, done_visits); `names`: task_id -> name, in the
    order of the rows. Totals stand on the right and at the bottom: months that make up for each other add to nothing.
    """
    wide = month_matrix(months.assign(visits=months["done_visits"] - months["expected_visits"]), names, quarters=False)
    height = 1.2 + (0.33 if any("\n" in name for name in map(canvas.two_lines, names.values())) else 0.27) * len(wide)
    more, less = (int((sign * wide[list(MONTHS)].iloc[:-1].to_numpy()).clip(min=0).sum()) for sign in (1, -1))
    title = f"{title}：多做 {more}、少做 {less} 家次"
    return _grid_chart(title, mark, height, "单位：家次", lambda axes: _heat(axes, wide, signed=True))


def street_month_heatmap(visits: pd.DataFrame, coverage: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw the visits (家次) of every street and month as a grid of numbers, each street with how far it is covered.

    `visits`: one row per street x month (subdistrict, month, visits); `coverage`: one row per street (subdistrict,
    numerator, denominator, rate), 家, in the order of the rows. Totals stand on the right and at the bottom.
    """
    names = {
        row.subdistrict: f"{row.subdistrict}\n{row.numerator}/{row.denominator}家 {cell_text('rate', row.rate)}"
        for row in coverage.itertuples()
    }
    return task_month_heatmap(visits.rename(columns={"subdistrict": "task_id"}), names, title, mark)


def officer_week_heatmap(loads: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw the inspection days (人日) of every officer and week as a grid of numbers, the fuller the darker.

    `loads`: one row per officer x week (officer_id, week_from, inspection_days), officers by their number alone. Sums
    stand on the right and at the foot.
    """
    wide = loads.pivot_table(index="officer_id", columns="week_from", values="inspection_days", aggfunc="sum")
    wide = wide.fillna(0.0)
    height = 1.3 + 0.27 * (len(wide) + 1)
    least, most = (cell_text("days", number) for number in wide.sum(axis=1).agg(["min", "max"]))
    title = f"{title}：{f'{len(wide)} 人，每人 {least} 至 {most} 人日' if len(wide) else '没有检查'}"
    return _grid_chart(title, mark, height, "单位：人日", lambda axes: _week_grid(axes, wide), left=0.115)


def _week_grid(axes: Axes, wide: pd.DataFrame) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("days", ["#ffffff", PLANNED])
    rows, weeks = wide.shape
    table = np.vstack([wide.to_numpy(), wide.to_numpy().sum(axis=0)]) if rows else np.zeros((1, weeks))
    table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    if rows and weeks:
        grid = wide.to_numpy()
        axes.pcolormesh(grid, cmap=shades, vmin=0, vmax=max(1.0, float(grid.max())), edgecolor="white", lw=1.5)
    for row, column in np.argwhere(table > 0):
        text = cell_text("days", float(table[row, column]))
        axes.text(column + 0.5, row + 0.52, text, ha="center", va="center", size=8.8, color=INK)
    axes.hlines(rows, 0, weeks + 1, color=RULE, lw=1)
    axes.vlines(weeks, 0, rows + 1, color=RULE, lw=1)
    axes.set(xlim=(0, weeks + 1), ylim=(rows + 1.1, 0))
    spans = [f"{int(week[5:7])}月{int(week[8:])}日起" for week in wide.columns]
    axes.set_xticks([n + 0.5 for n in range(weeks + 1)], [*spans, ALL_TEAMS])
    axes.set_yticks([n + 0.5 for n in range(rows + 1)], [*wide.index, ALL_TEAMS], color=INK)
    _head_grid(axes)


def plan_against_actual(
    planned: pd.DataFrame, done: pd.DataFrame, title: str, mark: str = "", replans: Mapping[str, float] | None = None
) -> Chart:
    """Draw planned and done visits (家次): bars month by month above, the year to date below.

    `planned`: month, planned_visits (or visits); `done`: month, done_visits (or visits); rows of one month
    are added. The line of what is done ends with the last month of its table. `replans`: what each re-plan is called,
    with the month it was made at (6.5 is mid-June).
    """
    plan = _monthly(planned, "planned_visits")
    actual = _monthly(done, "done_visits")[: int(done["month"].max()) if len(done) else 0]
    title = f"{title}：{_done_message(sum(plan), sum(actual), len(actual))}"
    with style():
        figure, top = canvas.empty_figure(5, title, mark)
        edges = {"left": 0.05, "right": 0.985, "top": top - 0.06, "bottom": 0.06, "hspace": 0.32}
        upper, lower = figure.subplots(2, height_ratios=(2, 3), gridspec_kw=edges)
        _monthly_bars(upper, plan, actual)
        _running_lines(lower, list(accumulate(plan)), list(accumulate(actual)))
        _mark_replans(lower, replans or {})
        canvas.write_legend(figure, upper.get_legend_handles_labels()[0], top)
    return Chart(title, figure)


def completion_bars(progress: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw what is done of what is planned (家次), one bar per row, with the numbers and the rate.

    `progress`: task (else the first column names the row), planned_visits, done_visits, completion.
    """
    column = "task" if "task" in progress.columns else str(progress.columns[0])
    texts = [canvas.two_lines(cell_text(column, name)) for name in progress[column]]
    height = 0.9 + 0.32 * len(texts)
    title = f"{title}：{_completion_message(progress, column)}"
    return _bar_chart(title, mark, height, lambda axes: _draw_completion(axes, progress, texts))


def coverage_bars(coverage: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw how far key units are covered (家), one bar per row, with the numbers and the rate; in the order given.

    `coverage`: scope, numerator, denominator, rate; rows of which nothing is listed are left out.
    """
    known = coverage[coverage["denominator"] > 0].reset_index(drop=True)
    height = 0.9 + 0.32 * max(1, len(known))
    none = int((known["numerator"] == 0).sum())
    title = f"{title}：{len(known)} 个里有 {none} 个还没有到过" if none else f"{title}：{len(known)} 个都到过"
    names = {"planned_visits": "名单(家)", "done_visits": "到过(家)"}
    columns = {"denominator": "planned_visits", "numerator": "done_visits", "rate": "completion"}
    known, texts = known.rename(columns=columns), [canvas.two_lines(text) for text in known["scope"]]
    return _bar_chart(title, mark, height, lambda axes: _draw_completion(axes, known, texts, names))


def unplanned_shares(shares: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw the share of unplanned visits month by month, this year's beside last year's where it is known.

    `shares`: month, unplanned_share and, where last year's visits are known, last_year_unplanned_share; months without
    a visit have none.
    """
    now = shares["unplanned_share"]
    last = now.last_valid_index()
    title = f"{title}：{shares['month'][last]} 月 {percent(now[last])}" if last is not None else f"{title}：没有检查"
    with style():
        figure, top = canvas.empty_figure(2.6, title, mark)
        axes = figure.add_axes((0.05, 0.1, 0.935, top - 0.22))
        for column, colour, name in (("last_year_unplanned_share", PLANNED, "上年"), ("unplanned_share", DONE, "今年")):
            if column in shares and shares[column].notna().any():
                axes.plot(shares["month"], 100 * shares[column], color=colour, lw=2.2, marker="o", ms=4, label=name)
        for month, share in zip(shares["month"], now, strict=True):
            if not is_missing(share):
                _write_value(axes, month, 100 * share, percent(share), above=True, size=8, color=GREY)
        axes.set(xlim=(0.4, 12.6), ylim=(0, 1.25 * max(1.0, 100 * float(now.max(skipna=True) or 0))))
        canvas.write_heading(axes, "非计划检查占比", "%")
        canvas.draw_month_axis(axes)
        canvas.write_legend(figure, axes.get_legend_handles_labels()[0], top)
    return Chart(title, figure)


def entry_number_bars(numbers: pd.DataFrame, title: str, mark: str = "") -> Chart:
    """Draw how many firms (家) are entered 0, 1, 2, 3 times: ours beside all that is known.

    `numbers`: one row per number of entries (entry_number, our_units, all_units).
    """
    often = int(numbers["all_units"].iloc[2:].sum())
    title = f"{title}：{often} 家一年不止一次" if often else f"{title}：没有一家一年不止一次"
    with style():
        figure, top = canvas.empty_figure(2.4, title, mark)
        axes = figure.add_axes((0.05, 0.1, 0.935, top - 0.22))
        for shift, column, colour in ((-0.19, "our_units", OURS), (0.19, "all_units", KNOWN)):
            places = [n + shift for n in range(len(numbers))]
            axes.bar(places, numbers[column], 0.36, color=colour, label=label(column))
            for place, count in zip(places, numbers[column].tolist(), strict=True):
                _write_value(axes, place, count, cell_text("units", count), above=True, size=8, color=GREY)
        axes.set(ylim=(0, 1.18 * max(1, *numbers["all_units"], *numbers["our_units"])))
        axes.set_xticks(range(len(numbers)), numbers["entry_number"].tolist())
        canvas.write_heading(axes, label("entry_number"), "家")
        canvas.write_legend(figure, axes.get_legend_handles_labels()[0], top)
    return Chart(title, figure)


def scenario_heatmap(grid: pd.DataFrame, column: str, title: str, mark: str = "") -> Chart:
    """Draw a figure of many what-ifs as a grid of numbers: what fits in one colour, what does not in another.

    `grid`: rows and columns headed in words; its numbers are of `column`, highest loads (1 is the limit) or 人日 over
    (0 is the limit). The farther from nothing, the darker.
    """
    values = grid.to_numpy(dtype=float)
    limit = 1.0 if is_share(column) else 0.0
    over = int((values > limit).sum())
    height, size = 1.0 + 0.27 * len(grid), min(8.8, 80 / max(1, grid.shape[1]))
    title = f"{title}：{values.size - over} 个点不超，{over} 个超出"

    def draw(axes: Axes) -> None:
        axes.imshow(_shades(values, limit), aspect="auto", extent=(0, grid.shape[1], len(grid), 0))
        for (row, place), value in np.ndenumerate(values):
            axes.text(place + 0.5, row + 0.52, cell_text(column, value), ha="center", va="center", size=size, color=INK)
        axes.set_xticks([n + 0.5 for n in range(grid.shape[1])], grid.columns, size=size)
        axes.set_yticks([n + 0.5 for n in range(len(grid))], map(canvas.two_lines, grid.index), color=INK)
        _head_grid(axes)

    return _grid_chart(title, mark, height, label(column), draw)


def _grid_chart(
    title: str, mark: str, height: float, unit: str, draw: Callable[[Axes], None], *, left: float = 0.315
) -> Chart:
    """Make a chart of one grid of numbers in a unit, with room for the names of its rows at the left."""
    with style():
        figure, top = canvas.empty_figure(height, title, mark)
        draw(figure.add_axes((left, 0.08 / height, 0.99 - left, top - 0.33 / height)))
        canvas.write_unit(figure, unit, top)
    return Chart(title, figure)


def _bar_chart(title: str, mark: str, height: float, draw: Callable[[Axes], None]) -> Chart:
    """Make a chart of a bar for each row, with room for names at the left and numbers at the right."""
    with style():
        figure, top = canvas.empty_figure(height, title, mark)
        axes = figure.add_axes((0.315, 0.12 / height, 0.52, top - 0.12 / height))
        draw(axes)
        canvas.write_legend(figure, axes.get_legend_handles_labels()[0], top)
    return Chart(title, figure)


def _head_grid(axes: Axes) -> None:
    """Name the columns of a grid above it, without a frame."""
    axes.tick_params(top=False, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)


def _shades(values: np.ndarray, limit: float) -> np.ndarray:
    """The colour of each number: of what fits, of what does not, white where there is none; pale where it is small."""
    from matplotlib.colors import to_rgb

    finite = values[np.isfinite(values)]
    depth = np.clip(np.nan_to_num(values / max(finite.max(initial=1.0), 1e-9), nan=0.0, posinf=1.0), 0, 1) * 0.75
    colours = np.where((values > limit)[..., None], to_rgb(OVER), to_rgb(NEEDED))
    return 1 - depth[..., None] * (1 - colours)


def _load_message(loads: pd.DataFrame) -> str:
    """What the loads come to: the months over the limit, else the busiest team with its year and its fullest month."""
    over = loads[loads["needed_days"] > loads["capacity_days"]]
    if len(over):
        months = ((team, rows["month"].tolist()) for team, rows in over.groupby("team", sort=False))
        return "；".join(f"{team} {month_runs(those)} 月超出" for team, those in months)
    if not loads["load"].notna().any():
        return "没有需要的人日"
    row = loads.loc[loads["load"].idxmax()]
    whole = loads.loc[loads["team"] == row["team"], ["needed_days", "capacity_days"]].sum()
    year = percent(whole["needed_days"] / whole["capacity_days"])
    return f"{row['team']}全年 {year}，最忙 {row['month']} 月 {percent(row['load'])}"


def _visits_message(wide: pd.DataFrame) -> str:
    """What a grid of visits comes to: the fullest row, the fewest and the most visits of a month."""
    rows, foot = wide.iloc[:-1], wide.iloc[-1]
    if not foot[YEAR]:
        return "没有家次"
    most = rows.loc[rows[YEAR].astype(float).idxmax()]
    months = foot[list(MONTHS)]
    ends = f"{cell_text('visits', months.min())}–{cell_text('visits', months.max())}"
    name = short_name(most["task"].partition("\n")[0])
    return f"每月 {ends} 家次，最多的是{name}（{cell_text('visits', most[YEAR])}）"


def _done_message(planned: float, done: float, months: int) -> str:
    """What was done to the end of the last month, of the plan of the year."""
    until = f"到 {months} 月完成 {cell_text('visits', done)} 家次" if months else "还没有完成的家次"
    return f"{until}，全年计划 {cell_text('visits', planned)}"


def _completion_message(progress: pd.DataFrame, column: str) -> str:
    """How many rows are complete, and the one that is the farthest behind."""
    whole = int((progress["completion"] >= 1).sum())
    text = f"{len(progress)} 项中 {whole} 项完成"
    if whole == len(progress) or not progress["completion"].notna().any():
        return text
    row = progress.loc[progress["completion"].idxmin()]
    return f"{text}，最低的是{short_name(cell_text(column, row[column]))}（{percent(row['completion'])}）"


def _load_handles() -> list:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    return [
        Patch(facecolor=NEEDED, label="需要"),
        Patch(facecolor=OVER, hatch="////", edgecolor="white", lw=0, label="需要（超出可安排）"),
        Line2D([], [], color=INK, lw=1.4, label="可安排"),
    ]


def _team_panel(axes: Axes, team: str, rows: pd.DataFrame) -> None:
    over = rows["needed_days"] > rows["capacity_days"]
    ceiling = max(1.0, float(rows[["needed_days", "capacity_days"]].to_numpy().max()))
    for chosen, colour, hatch in ((~over, NEEDED, ""), (over, OVER, "////")):
        part = rows[chosen]
        axes.bar(part["month"], part["needed_days"], 0.62, color=colour, hatch=hatch, edgecolor="white", lw=0)
    axes.hlines(rows["capacity_days"], rows["month"] - 0.44, rows["month"] + 0.44, color=INK, lw=1.4)
    for row in rows.itertuples():
        _write_load(axes, row, ceiling)
    axes.set(xlim=(0.4, 12.6), ylim=(0, 1.13 * ceiling))
    canvas.write_heading(axes, team, "人日")
    canvas.draw_month_axis(axes)


def _write_load(axes: Axes, row: tuple, ceiling: float) -> None:
    """Write the load above the bar, or above the line of the capacity where the text would cross it."""
    if not row.needed_days or is_missing(row.load):
        return
    crosses = row.needed_days <= row.capacity_days < row.needed_days + 0.2 * ceiling
    height = (row.capacity_days if crosses else row.needed_days) + 0.04 * ceiling
    colour = OVER if row.needed_days > row.capacity_days else GREY
    axes.text(row.month, height, percent(row.load), ha="center", size=7.5, color=colour, bbox=CLEAR)


def _heat(axes: Axes, wide: pd.DataFrame, *, signed: bool = False) -> None:
    """Draw a grid of numbers with its totals, the fuller the darker; `signed` numbers are differences."""
    from matplotlib.colors import LinearSegmentedColormap

    shades = LinearSegmentedColormap.from_list("visits", [OVER, "#ffffff", PLANNED] if signed else ["#ffffff", PLANNED])
    numbers = wide[list(MONTHS)].to_numpy()[:-1].astype(int)
    most = max(1, int(abs(numbers).max(initial=0)))
    axes.pcolormesh(numbers, cmap=shades, vmin=-most if signed else 0, vmax=most, edgecolor="white", lw=1.5)
    for row, column, number in _filled_cells(numbers):
        _write_visits(axes, row, column + 0.5, number, signed=signed)
    _heat_totals(axes, wide, signed=signed)
    axes.set(xlim=(0, 13.2), ylim=(len(wide) + 0.1, 0))
    axes.set_xticks([*(n + 0.5 for n in range(12)), 12.65], [*MONTHS, YEAR])
    axes.set_yticks([n + 0.5 for n in range(len(wide))], map(canvas.two_lines, wide["task"]), color=INK)
    _head_grid(axes)


def _heat_totals(axes: Axes, wide: pd.DataFrame, *, signed: bool) -> None:
    last = len(wide) - 1
    for row, number in enumerate(wide[YEAR]):
        _write_visits(axes, row, 12.65, number, signed=signed)
    for column, number in enumerate(wide[list(MONTHS)].iloc[last]):
        _write_visits(axes, last, column + 0.5, number, signed=signed)
    axes.hlines(last, 0, 13.2, color=RULE, lw=1)
    axes.vlines(12.1, 0, last + 1, color=RULE, lw=1)
    axes.vlines((3, 6, 9), 0, last, color=RULE, lw=0.6)


def _write_visits(axes: Axes, row: int, x: float, number: float, *, signed: bool = False) -> None:
    text = f"{'+' * (signed and number > 0)}{cell_text('visits', number)}"
    axes.text(x, row + 0.52, text, ha="center", va="center", size=8.8, color=INK)


def _filled_cells(numbers: np.ndarray) -> Iterator[tuple[int, int, int]]:
    for row, line in enumerate(numbers.tolist()):
        yield from ((row, column, number) for column, number in enumerate(line) if number)


def _monthly(table: pd.DataFrame, column: str) -> list:
    column = column if column in table else "visits"
    return table.groupby("month")[column].sum().reindex(range(1, 13), fill_value=0).tolist()


def _monthly_bars(axes: Axes, plan: list, actual: list) -> None:
    axes.bar([n + 0.8 for n in range(12)], plan, 0.36, color=PLANNED, label="计划")
    axes.bar([n + 1.2 for n in range(len(actual))], actual, 0.36, color=DONE, label="完成")
    for first, numbers in ((0.8, plan), (1.2, actual)):
        for n, number in enumerate(numbers):
            _write_value(axes, n + first, number, cell_text("visits", number), above=True, size=7.5, color=GREY)
    axes.set(xlim=(0.4, 12.6), ylim=(0, 1.18 * max(1, *plan, *actual)))
    canvas.write_heading(axes, "各月", "家次")
    canvas.draw_month_axis(axes)


def _running_lines(axes: Axes, plan: list, actual: list) -> None:
    axes.plot(range(1, 13), plan, color=PLANNED, lw=2.2, marker="o", ms=4)
    axes.plot(range(1, len(actual) + 1), actual, color=DONE, lw=2.2, marker="o", ms=4)
    ahead = bool(actual) and actual[-1] > plan[len(actual) - 1]
    _write_value(axes, 12, plan[-1], f"计划 {cell_text('visits', plan[-1])}", above=not (ahead and len(actual) > 10))
    if actual:
        _write_value(axes, len(actual), actual[-1], f"完成 {cell_text('visits', actual[-1])}", above=ahead)
    axes.set(xlim=(0.4, 12.6), ylim=(0, 1.15 * max(1, *plan, *actual)))
    canvas.write_heading(axes, "累计", "家次")
    canvas.draw_month_axis(axes)


def _mark_replans(axes: Axes, replans: Mapping[str, float]) -> None:
    """Draw a line where the plan was made anew, with what the new one is called."""
    for n, (name, month) in enumerate(replans.items()):
        axes.axvline(month, color=GREY, lw=1, ls=":")
        height = (0.97 - 0.1 * (n % 3)) * axes.get_ylim()[1]
        axes.text(month + 0.06, height, name, va="top", size=8, color=GREY, bbox=CLEAR)


def _write_value(axes: Axes, x: float, y: float, text: str, *, above: bool, size: float = 9, color: str = INK) -> None:
    place = {"xytext": (0, 2 if size < 9 else 7 if above else -8), "textcoords": "offset points"}
    align = {"ha": "center", "va": "bottom" if above else "top"}
    axes.annotate(text, (x, y), size=size, color=color, bbox=CLEAR, **place, **align)


def _draw_completion(
    axes: Axes, progress: pd.DataFrame, texts: list[str], names: Mapping[str, str] | None = None
) -> None:
    places, names = range(len(texts)), names or {name: label(name) for name in ("planned_visits", "done_visits")}
    planned, done = progress["planned_visits"], progress["done_visits"]
    axes.barh(places, planned, 0.62, color=PLANNED, label=names["planned_visits"])
    axes.barh(places, done, 0.34, color=DONE, label=names["done_visits"])
    most = max(1, planned.max(), done.max())
    for place, row in zip(places, progress.itertuples(), strict=True):
        counts = f"{cell_text('visits', row.done_visits)} / {cell_text('visits', row.planned_visits)}"
        axes.text(1.13 * most, place, counts, ha="right", va="center", color=INK)
        axes.text(1.30 * most, place, cell_text("completion", row.completion), ha="right", va="center", color=GREY)
    axes.set(xlim=(0, most), ylim=(len(texts) - 0.4, -0.6), xticks=[])
    axes.set_yticks(places, texts, color=INK)
    axes.spines["bottom"].set_visible(False)
