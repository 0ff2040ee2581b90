"""The annexes (附件): annex 1, the year by months, and annex 3, the workload account, as workbooks.

The columns of the annexes are our own: the published plan names its annexes and does not print them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from enforce.papers.books.book import Meta, Sheet
from enforce.papers.books.formulas import Formula, difference, ratio, sum_of
from enforce.papers.books.writer import write_book
from enforce.papers.screen.cells import MONTHS_AND_QUARTERS, YEAR
from enforce.papers.screen.display import month_matrix
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT, Tier

Numbers = Sequence[float]

_LOADS = "月度负荷"
_MONTHS = [*MONTHS_AND_QUARTERS, YEAR]
_ITEMS = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}
_LESS = {  # line -> the line it starts from, and those taken off
    "inspection_days": ("total_statutory_days", ("other_enforcement_days", "non_enforcement_days")),
    "capacity_days": ("inspection_days", ("reserve_days", "key_period_days")),
}
_STRONG_LINES = frozenset({"total_statutory_days", *_ITEMS, *_LESS})


# --- annex 1: the year by months ------------------------------------------------------------------------------


def annex_1(
    path: str | Path, visits: pd.DataFrame, tasks: pd.DataFrame, meta: Meta, loads: pd.DataFrame | None = None
) -> Path:
    """Write annex 1 (附件1 执法计划安排表): one row per line of the plan, 家次 by month; return the path.

    `visits`: task_id, month, visits; `tasks`: task_id, group, name, tier, planned_visits, in the order to print.
    With `loads` (team, month, needed_days, capacity_days) a second sheet tells need, capacity and load, 人日.
    Where the months hold less than the plan, two more columns say how much found no month; where a team is overloaded
    both sheets say so (超负荷).
    """
    sheets = [_schedule_sheet(visits, tasks, meta, _over_months(loads))]
    if loads is not None:
        sheets.append(_load_sheet(loads, meta))
    return write_book(path, sheets, meta)


def _over_months(loads: pd.DataFrame | None) -> str:
    """Return the months in which some team is overloaded, as the first sheet says it; nothing where none is."""
    over = [] if loads is None else sorted(set(loads["month"][loads["needed_days"] > loads["capacity_days"]]))
    return f"；{'、'.join(map(str, over))} 月超负荷，见“{_LOADS}”" if over else ""


def _schedule_sheet(visits: pd.DataFrame, tasks: pd.DataFrame, meta: Meta, over: str) -> Sheet:
    grid, more = _schedule_numbers(visits, tasks)
    heads = zip(range(1, len(tasks) + 1), tasks["group"], tasks["name"], tasks["tier"], strict=True)
    rows = [[*head, *_task_cells(n, grid[n])] for n, head in enumerate(heads)]
    for title, members in tier_rows(tasks):
        rows.append([None, title, None, None, *sums_down(4, members, grid)])
    return Sheet(
        name="执法计划安排表",
        table=table_of(rows, ["序号", "group", "task", "tier", *_MONTHS, *more]),
        title=f"{meta.year}年执法计划安排表",
        unit=f"家次{over}",
        label="附件1",
        strong=tuple(range(len(tasks), len(rows))),
        fixed=3,
        one_page=True,
    )


def _schedule_numbers(visits: pd.DataFrame, tasks: pd.DataFrame) -> tuple[list[list], list[str]]:
    """Return for every task its months, quarters and year, then plan and rest if any; and the names of these."""
    names = dict(zip(tasks["task_id"], tasks["name"], strict=True))
    grid = _months_of(month_matrix(visits, names))
    if len(grid) != len(tasks):
        raise ValueError("visits of a task that is not among the tasks")
    planned = tasks["planned_visits"].tolist()
    if planned == [row[-1] for row in grid]:
        return grid, []
    rests = [[plan, plan - row[-1]] for plan, row in zip(planned, grid, strict=True)]
    return [row + rest for row, rest in zip(grid, rests, strict=True)], ["planned_visits", "unplaced_visits"]


def _task_cells(row: int, numbers: Numbers) -> list:
    cells = _month_cells(row, 4, numbers[: len(_MONTHS)])
    year = 3 + len(_MONTHS)
    if len(numbers) > len(_MONTHS):
        cells += [numbers[-2], difference((row, year + 1), [(row, year)], numbers[-1])]
    return cells


def tier_rows(tasks: pd.DataFrame) -> Iterator[tuple[str, list[int]]]:
    """Yield the totals at the foot of a list of tasks, each with the places of its rows: by tier, then of all."""
    for tier in Tier:
        members = [n for n, own in enumerate(tasks["tier"]) if own == tier]
        if members:
            yield f"{tier.label}小计", members
    yield ALL_TEAMS, list(range(len(tasks)))


def _load_sheet(loads: pd.DataFrame, meta: Meta) -> Sheet:
    """Three rows a team: need, capacity, load; the teams together at the foot, and by how much one is overloaded."""
    need, capacity = (month_matrix(loads, by="team", value=value) for value in ("needed_days", "capacity_days"))
    rows: list[list] = []
    for n, team in enumerate(need["team"]):
        pair = [need[_MONTHS].iloc[n].tolist(), capacity[_MONTHS].iloc[n].tolist()]
        rows += _team_rows(team, len(rows), pair, range(len(need) - 1))
    over = list(_over_rows(rows))
    rows += over
    return Sheet(
        name=_LOADS,
        table=table_of(rows, ["team", "line", *_MONTHS]),
        title=f"{meta.year}年各科队月度负荷",
        unit="人日",
        label="附件1（续）",
        numbers="days",
        strong=tuple(range(len(rows) - 3 - len(over), len(rows))),
        fixed=2,
        one_page=True,
    )


def _team_rows(team: str, first: int, pair: Sequence[Numbers], teams: Sequence[int]) -> list[list]:
    rows = []
    for n, (title, numbers) in enumerate(zip(("需要", "可安排"), pair, strict=True)):
        if team == ALL_TEAMS:
            columns = range(2, 2 + len(_MONTHS))
            cells = [sum_of([(3 * own + n, c) for own in teams], numbers[c - 2], "days") for c in columns]
        else:
            cells = _month_cells(first + n, 2, numbers, "days")
        rows.append([team, title, *cells])
    loads = [ratio((first, n + 2), (first + 1, n + 2), both) for n, both in enumerate(zip(*pair, strict=True))]
    return [*rows, [team, "负荷", *loads]]


def _over_rows(rows: Sequence[Sequence]) -> Iterator[list]:
    """Yield a row for each team that is overloaded in some month: need less capacity there, and its sums."""
    foot = len(rows)
    for first in range(0, len(rows) - 3, 3):
        need, room = ([_number(cell) for cell in rows[first + n][2:]] for n in (0, 1))
        excess = [max(a - b, 0) for a, b in zip(need, room, strict=True)]
        for end in range(3, 16, 4):
            excess[end] = sum(excess[end - 3 : end])
        excess[-1] = sum(excess[3:16:4])
        if excess[-1]:
            cells = _month_cells(foot, 2, excess, "days")
            for n in range(len(cells) - 1):
                if n % 4 != 3 and excess[n]:
                    cells[n] = difference((first, n + 2), [(first + 1, n + 2)], excess[n], "days")
            yield [rows[first][0], "超负荷", *cells]
            foot += 1


# --- annex 3: the workload account ----------------------------------------------------------------------------


def annex_3(path: str | Path, account: pd.DataFrame, capacity: pd.DataFrame, meta: Meta) -> Path:
    """Write annex 3 (附件3 执法工作量核算): one row per line and item of the account, a column per team, 人日.

    `account`: team (with 合计), line, item, days; `capacity`: team, month, capacity_days. Sub-totals, the
    inspection days and the capacity are formulas; a table that does not balance is refused (BookError).
    """
    teams = [team for team in account["team"].unique() if team != ALL_TEAMS]
    days = {(row.line, row.item, row.team): float(row.days) for row in account.itertuples()}
    return write_book(path, [_account_sheet(days, teams, meta), _capacity_sheet(capacity, meta)], meta)


def _account_sheet(days: Mapping[tuple, float], teams: list[str], meta: Meta) -> Sheet:
    lines = list(_account_lines())
    places = {line: n for n, line in enumerate(lines)}
    rows = [_account_row(places, days, teams, line) for line in lines]
    inspected, free = places["inspection_days", ""], places["capacity_days", ""]
    rows += [_share_row("监督检查占总法定", inspected, rows), _share_row("可安排占总法定", free, rows)]
    strong = [n for (line, item), n in places.items() if line in _STRONG_LINES and not item]
    return Sheet(
        name="执法工作量核算",
        table=table_of(rows, ["line", "细目", *teams, ALL_TEAMS, "占总法定"]),
        title=f"{meta.year}年执法工作量核算",
        unit="人日",
        label="附件3",
        numbers="days",
        strong=tuple(strong),
        fixed=2,
        one_page=True,
        teams=tuple(teams),
    )


def _account_lines() -> Iterator[tuple[str, str]]:
    for line in ACCOUNT_LINES:
        yield from ((line, item) for item in _ITEMS.get(line, ()))
        yield line, ""


def _account_row(places: Mapping, days: Mapping, teams: list[str], line: tuple[str, str]) -> list:
    numbers = [days[*line, team] for team in teams]
    whole = days.get((*line, ALL_TEAMS), sum(numbers))
    row, last = places[line], 2 + len(teams)
    cells = [_account_cell(places, line, 2 + n, number) for n, number in enumerate(numbers)]
    total = sum_of([(row, 2 + n) for n in range(len(teams))], whole, "days")
    all_days = sum(days["total_statutory_days", "", team] for team in teams)
    words = _ITEMS[line[0]].get(line[1], "小计") if line[0] in _ITEMS else None
    return [line[0], words, *cells, total, ratio((row, last), (0, last), (whole, all_days))]


def _account_cell(places: Mapping, line: tuple[str, str], column: int, number: float) -> float | Formula:
    name, item = line
    if name in _ITEMS and not item:
        return sum_of([(places[name, own], column) for own in _ITEMS[name]], number, "days")
    if name in _LESS:
        first, others = _LESS[name]
        return difference((places[first, ""], column), [(places[o, ""], column) for o in others], number, "days")
    return number


def _share_row(title: str, row: int, rows: list[list]) -> list:
    """Return what a line is of all statutory days, for every team and the whole."""
    pairs = [(_number(rows[row][n]), _number(rows[0][n])) for n in range(2, len(rows[0]) - 1)]
    return [title, None, *(ratio((row, n), (0, n), pair) for n, pair in enumerate(pairs, 2)), None]


def _number(cell: float | Formula) -> float:
    return cell.value if isinstance(cell, Formula) else cell


def _capacity_sheet(capacity: pd.DataFrame, meta: Meta) -> Sheet:
    wide = month_matrix(capacity, by="team", value="capacity_days")
    grid = _months_of(wide)
    rows = [[team, *_month_cells(n, 1, grid[n], "days")] for n, team in enumerate(wide["team"][:-1])]
    rows.append([ALL_TEAMS, *sums_down(1, range(len(grid)), grid, "days")])
    return Sheet(
        name="月度可安排",
        table=table_of(rows, ["team", *_MONTHS]),
        title=f"{meta.year}年各科队月度可安排工作日",
        unit="人日",
        label="附件3（续）",
        numbers="days",
        strong=(len(rows) - 1,),
        fixed=1,
        one_page=True,
    )


# --- cells ----------------------------------------------------------------------------------------------------


def table_of(rows: list[list], columns: list[str]) -> pd.DataFrame:
    """Return rows of numbers, texts and formulas as the table of a sheet."""
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _months_of(wide: pd.DataFrame) -> list[list]:
    """Return the months, quarters and year of every row of a month matrix but the last, 合计."""
    return [wide[_MONTHS].iloc[n].tolist() for n in range(len(wide) - 1)]


def _month_cells(row: int, first: int, numbers: Numbers, kind: str = "") -> list:
    """Return the months as numbers, quarters and year as sums along the row; `first` is the column of 1月."""
    cells: list = list(numbers)
    ends = range(3, 16, 4)
    for end in ends:
        cells[end] = sum_of([(row, first + end - n) for n in (3, 2, 1)], numbers[end], kind)
    cells[-1] = sum_of([(row, first + end) for end in ends], numbers[-1], kind)
    return cells


def sums_down(first: int, members: Sequence[int], grid: Sequence[Numbers], kind: str = "") -> list[Formula]:
    """Return the sums of some rows, a cell for every number of a row; `first` is the column of the first."""
    return [
        sum_of([(row, first + n) for row in members], sum(grid[row][n] for row in members), kind)
        for n in range(len(grid[0]))
    ]
