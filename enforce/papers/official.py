"""The forms (表式): a tidy table turned the way the official paper prints it, on the screen and in the annexes.

A `*_table` is what a workbook writes, its sums, differences and ratios as `Formula` cells; a `*_form` is what a
notebook shows: values of those same cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

import pandas as pd

from enforce.papers.formulas import Formula, difference_of, number_of, product_of, ratio_of, sum_of
from enforce.papers.screen.cells import MONTHS, MONTHS_AND_QUARTERS, YEAR, ZERO, cell_text
from enforce.words.months import QUARTERS, month_runs
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT, REMAINDERS, Follows, Tier

Numbers = Sequence[float]

WHOLE_YEAR = [*MONTHS_AND_QUARTERS, YEAR]

_TASK = ["序号", "group", "task", "tier"]
ITEMS = {"other_enforcement_days": OTHER_ENFORCEMENT, "non_enforcement_days": NON_ENFORCEMENT}
OFFICERS_AND_DAYS = ("在岗执法人员(人)", "法定工作日(天)")
_SUBTOTAL = "小计"
#: The days of teams that give a line as one number, where other teams give its items: title, and key of its row.
_UNDIVIDED = "没有分细目"
_NEED, _CAPACITY, _LOAD, _OVERLOAD = "需要", "可安排", "负荷", "超负荷"
_QUARTER_ENDS = range(3, 16, 4)  # places of the quarters in WHOLE_YEAR


# --- months side by side ----------------------------------------------------------------------------------------


def month_matrix(
    visits: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    quarters: bool = True,
    by: str = "task_id",
    value: str = "visits",
) -> pd.DataFrame:
    """Return the months side by side: one row per task (or another `by`) and a last row 合计, all of them numbers.

    Columns: task (or `by`), 1月 2月 3月 一季度 ... 全年; without quarters the twelve months and 全年. Rows in
    the order of `names` (code -> name), then in that of the table; a row 合计 of the table is left out and
    added anew. Unit: that of `value`.

    >>> from enforce.papers.screen.display import show
    >>> visits = pd.DataFrame({"task_id": ["P01", "P01"], "month": [1, 4], "visits": [3, 2]})
    >>> show(month_matrix(visits, {"P01": "区重点单位"}, quarters=False).iloc[:, :6])
    检查事项    1月  2月  3月  4月  5月
    区重点单位    3    ·    ·    2    ·
    合计          3    ·    ·    2    ·
    """
    names = names or {}
    rows = visits[visits[by] != ALL_TEAMS]
    wide = rows.pivot_table(index=by, columns="month", values=value, aggfunc="sum", fill_value=0)
    codes = [*names, *(code for code in rows[by].unique() if code not in names)]
    wide = wide.reindex(index=codes, columns=range(1, 13), fill_value=0).set_axis(list(MONTHS), axis=1)
    wide = _with_sums(wide)[WHOLE_YEAR if quarters else [*MONTHS, YEAR]]
    wide.insert(0, "task" if by == "task_id" else by, [*(names.get(code, code) for code in codes), ALL_TEAMS])
    return wide.reset_index(drop=True).rename_axis(columns=None)


def _with_sums(months: pd.DataFrame) -> pd.DataFrame:
    wide = pd.concat([months, months.sum().to_frame(ALL_TEAMS).T])
    for n, quarter in enumerate(QUARTERS):
        wide[quarter] = wide[list(MONTHS[3 * n : 3 * n + 3])].sum(axis=1)
    return wide.assign(**{YEAR: wide[list(QUARTERS)].sum(axis=1)})


# --- annex 1: the year by months --------------------------------------------------------------------------------


def schedule_table(visits: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return annex 1 (执法计划安排表): one row per task, then the tiers and all tasks; months, quarters, 全年, 家次.

    `visits`: task_id, month, visits; `tasks`: task_id, group, name, tier, planned_visits, in the order to print.
    Where the months hold less than the plan, two more columns: planned_visits and unplaced_visits.
    """
    grid = _all_but_total(month_matrix(visits, dict(zip(tasks["task_id"], tasks["name"], strict=True))))
    if len(grid) != len(tasks):
        raise ValueError("visits of a task that is not among the tasks")
    rows = [_month_cells(n, len(_TASK), numbers) for n, numbers in enumerate(grid)]
    planned = tasks["planned_visits"].tolist()
    if planned == [numbers[-1] for numbers in grid]:
        return _tasks_table(tasks, rows, WHOLE_YEAR)
    year = len(_TASK) + len(WHOLE_YEAR) - 1
    for n, plan in enumerate(planned):
        rows[n] += [plan, difference_of((n, year + 1), [(n, year)], plan - grid[n][-1])]
    return _tasks_table(tasks, rows, [*WHOLE_YEAR, "planned_visits", "unplaced_visits"])


def _tasks_table(tasks: pd.DataFrame, rows: Sequence[list], columns: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the tasks with their heads, and below them the sums of each tier and of all tasks."""
    heads = zip(range(1, len(tasks) + 1), tasks["group"], tasks["name"], tasks["tier"], strict=True)
    table = [[*head, *row] for head, row in zip(heads, rows, strict=True)]
    for title, members in _tiers(tasks):
        table.append([None, title, None, None, *_sums_down(len(_TASK), members, rows)])
    return table_of(table, [*_TASK, *columns])


def _tiers(tasks: pd.DataFrame) -> Iterator[tuple[str, list[int]]]:
    """Yield the totals at the foot of the tasks, each with the places of its rows: by tier, then of all."""
    for tier in Tier:
        members = [n for n, code in enumerate(tasks["tier"]) if code == tier]
        if members:
            yield f"{tier.label}{_SUBTOTAL}", members
    yield ALL_TEAMS, list(range(len(tasks)))


def load_table(loads: pd.DataFrame) -> pd.DataFrame:
    """Return need, capacity and load (月度负荷): three rows per team and for all teams; months, quarters, 全年, 人日.

    `loads`: team, month, needed_days, capacity_days. At the foot one row for each team that is overloaded: by how much.
    """
    need, capacity = (month_matrix(loads, by="team", value=value) for value in ("needed_days", "capacity_days"))
    rows: list[list] = []
    pairs = zip(*(wide[WHOLE_YEAR].to_numpy().tolist() for wide in (need, capacity)), strict=True)
    for team, pair in zip(need["team"], pairs, strict=True):
        rows += _team_rows(team, len(rows), pair, range(len(need) - 1))
    return table_of([*rows, *_overload_rows(rows)], ["team", "line", *WHOLE_YEAR])


def _team_rows(team: str, first: int, pair: Sequence[Numbers], teams: Sequence[int]) -> list[list]:
    rows = []
    for n, (title, numbers) in enumerate(zip((_NEED, _CAPACITY), pair, strict=True)):
        if team == ALL_TEAMS:
            columns = range(2, 2 + len(WHOLE_YEAR))
            cells = [sum_of([(3 * place + n, c) for place in teams], numbers[c - 2], "days") for c in columns]
        else:
            cells = _month_cells(first + n, 2, numbers, "days")
        rows.append([team, title, *cells])
    loads = [ratio_of((first, n + 2), (first + 1, n + 2), both) for n, both in enumerate(zip(*pair, strict=True))]
    return [*rows, [team, _LOAD, *loads]]


def _overload_rows(rows: Sequence[Sequence]) -> Iterator[list]:
    """Yield a row for each team that is overloaded in some month: need less capacity there, and its sums."""
    foot = len(rows)
    for first in range(0, len(rows) - 3, 3):
        need, capacity = (list(map(number_of, rows[first + n][2:])) for n in (0, 1))
        excess = [max(a - b, 0) for a, b in zip(need, capacity, strict=True)]
        for end in _QUARTER_ENDS:
            excess[end] = sum(excess[end - 3 : end])
        excess[-1] = sum(excess[end] for end in _QUARTER_ENDS)
        if excess[-1]:
            cells = _month_cells(foot, 2, excess, "days")
            for n in range(len(cells) - 1):
                if n not in _QUARTER_ENDS and excess[n]:
                    cells[n] = difference_of((first, n + 2), [(first + 1, n + 2)], excess[n], "days")
            yield [rows[first][0], _OVERLOAD, *cells]
            foot += 1


def load_form(loads: pd.DataFrame) -> pd.DataFrame:
    """Return need against capacity by month (负荷表): three rows per team, a column per month and the year, texts.

    A team that is overloaded has a fourth row: by how much, in the months where it is (超负荷).
    """
    table = load_table(loads)[["team", "line", *MONTHS, YEAR]]
    teams = table[table["team"] != ALL_TEAMS].groupby("team", sort=False)
    rows = [
        [team, line if line == _LOAD else f"{line}(人日)", *(_load_text(line, cell) for cell in cells)]
        for _, block in teams
        for team, line, *cells in block.itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["team", "item", *MONTHS, YEAR])


def _load_text(line: str, cell: object) -> str:
    number = number_of(cell)
    if line == _OVERLOAD and not number:
        return ZERO
    return cell_text("load" if line == _LOAD else "days", number)


# --- the plan by quarter ----------------------------------------------------------------------------------------


def part_table(
    visits: pd.DataFrame, tasks: pd.DataFrame, column: str, parts: Mapping[int, str], whole: str
) -> pd.DataFrame:
    """Return the tasks by some parts of the year, then the tiers and all tasks; a column per part and their sum, 家次.

    `visits`: task_id, `column` (month or quarter), visits; `tasks`: task_id, group, name, tier; `parts`: number of
    the month or quarter -> its title; `whole`: title of the sum.
    """
    wide = visits.pivot_table(index="task_id", columns=column, values="visits", aggfunc="sum", fill_value=0)
    grid = wide.reindex(index=tasks["task_id"], columns=list(parts), fill_value=0).to_numpy().tolist()
    places = range(len(_TASK), len(_TASK) + len(parts))
    rows = [[*row, sum_of([(n, place) for place in places], sum(row))] for n, row in enumerate(grid)]
    return _tasks_table(tasks, rows, [*parts.values(), whole])


def quarter_table(quarters: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Return the plan by quarter (季度安排) with the tiers at its foot; `quarters`: task_id, quarter, visits."""
    return part_table(quarters, tasks, "quarter", dict(enumerate(QUARTERS, 1)), YEAR)


def quarter_form(quarters: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the plan by quarter (季度安排): one row per task and a last row 合计; the quarters add up to the year.

    `quarters`: task_id, quarter, visits.

    >>> quarters = pd.DataFrame({"task_id": ["P1"] * 2, "quarter": [1, 3], "visits": [2, 5]})
    >>> quarter_form(quarters, {"P1": "甲"}).values.tolist()
    [['甲', 2, 0, 5, 0, 7], ['合计', 2, 0, 5, 0, 7]]
    """
    tasks = pd.DataFrame({"task_id": list(names), "group": None, "name": list(names.values()), "tier": ""})
    table = quarter_table(quarters, tasks).map(number_of)
    return table.assign(task=table["task"].fillna(table["group"]))[["task", *QUARTERS, YEAR]]


# --- annex 3: the workload account ------------------------------------------------------------------------------


def account_table(
    account: pd.DataFrame, follows: Mapping[str, Follows] | None = None, statutory: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return annex 3 (执法工作量核算): one row per line and item of the account, then two shares; 人日.

    `account`: team (with 合计), line, item, days. Columns: line, 细目, a column per team, 合计, 占总法定 (share of the
    statutory days of all teams), with `follows` (by item) also what becomes of the item when an officer leaves or
    joins. Items, where the account has any, stand above their line. With `statutory` (team, month, officer_count,
    workdays) two rows come first, officers and workdays: their product is the first line where no officer came or left.
    """
    teams = [team for team in account["team"].unique() if team != ALL_TEAMS]
    days = {(row.line, row.item, row.team): float(row.days) for row in account.itertuples()}
    for line in ITEMS:
        divided = {team for name, item, team in days if name == line and item}
        others = [team for team in teams if team not in divided] if divided else []
        days |= {(line, _UNDIVIDED, team): days[line, "", team] for team in others}
    head = [] if statutory is None else _officers_and_days(statutory, teams)
    lines = _account_lines({(line, item) for line, item, _ in days})
    places = {line: n for n, line in enumerate(lines, len(head))}
    rows = [*head, *(_account_row(places, days, teams, line) for line in places)]
    for column in range(2, 2 + len(teams)) if head else ():
        officers, workdays = (row[column] for row in head)
        if _all_numbers([officers]):
            rows[2][column] = product_of((0, column), (1, column), officers * workdays, "days")
    rows += [
        _share_row(title, places[line, ""], len(head), rows)
        for title, line in (("监督检查占总法定", "inspection_days"), ("可安排占总法定", "capacity_days"))
    ]
    table = table_of(rows, ["line", "细目", *teams, ALL_TEAMS, "占总法定"])
    if follows is None:
        return table
    words = [None] * len(head) + [follows[item].label if item in follows else None for _, item in places]
    return table.assign(follows=[*words, *[None] * (len(table) - len(words))])


def _officers_and_days(statutory: pd.DataFrame, teams: Sequence[str]) -> list[list]:
    """Return the rows of officers (人) and workdays (天): a number per team, or each number with its months."""
    periods = [
        [
            (count if count % 1 else int(count), int(months["workdays"].sum()), month_runs(months["month"]))
            for count, months in statutory[statutory["team"] == team].groupby("officer_count", sort=False)
        ]
        for team in teams
    ]
    rows = []
    for n, title in enumerate(OFFICERS_AND_DAYS):
        cells = [
            parts[0][n] if len(parts) == 1 else "、".join(f"{part[n]:g}（{part[2]}月）" for part in parts)
            for parts in periods
        ]
        whole = sum_of([(n, 2 + place) for place in range(len(cells))], sum(cells)) if _all_numbers(cells) else None
        rows.append([title, None, *cells, None if n else whole, None])
    return rows


def _all_numbers(cells: Sequence[object]) -> bool:
    return not any(isinstance(cell, str) for cell in cells)


def _account_lines(known: Set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the lines, each below its items; no items where every team gives the line as one number."""
    for line in ACCOUNT_LINES:
        yield from ((line, item) for item in (*ITEMS.get(line, ()), _UNDIVIDED) if (line, item) in known)
        yield line, ""


def _account_row(places: Mapping, days: Mapping, teams: list[str], line: tuple[str, str]) -> list:
    numbers = [days.get((*line, team)) for team in teams]
    whole = days.get((*line, ALL_TEAMS), sum(number for number in numbers if number is not None))
    row, last = places[line], 2 + len(teams)
    parts = [(line[0], item) for item in (*ITEMS.get(line[0], ()), _UNDIVIDED)]
    items = [[places[part] for part in parts if (*part, team) in days] for team in teams]
    cells = [_account_cell(places, line, 2 + n, number, items[n]) for n, number in enumerate(numbers)]
    total = sum_of([(row, 2 + n) for n in range(len(teams))], whole, "days")
    all_days = sum(days["total_statutory_days", "", team] for team in teams)
    item = ITEMS[line[0]].get(line[1], line[1] or _SUBTOTAL) if line[0] in ITEMS else None
    first = places["total_statutory_days", ""]
    return [line[0], item, *cells, total, ratio_of((row, last), (first, last), (whole, all_days))]


def _account_cell(
    places: Mapping, line: tuple[str, str], column: int, number: float | None, items: Sequence[int]
) -> float | Formula | None:
    """Return a cell of a team: a line as the sum of its items (rows of the table) where the team gives any."""
    name, item = line
    if items and not item:
        return sum_of([(row, column) for row in items], number, "days")
    if name in REMAINDERS:
        first, *others = REMAINDERS[name]
        return difference_of((places[first, ""], column), [(places[o, ""], column) for o in others], number, "days")
    return number


def _share_row(title: str, row: int, first: int, rows: list[list]) -> list:
    """Return the share of a line in all statutory days (row `first`), for every team and all teams."""
    pairs = [(number_of(rows[row][n]), number_of(rows[first][n])) for n in range(2, len(rows[0]) - 1)]
    return [title, None, *(ratio_of((row, n), (first, n), pair) for n, pair in enumerate(pairs, 2)), None]


def is_account_item(item: str | None) -> bool:
    """Whether a row of annex 3 is an item of a line, by its 细目.

    >>> is_account_item("机关值班"), is_account_item("小计"), is_account_item(None)
    (True, False, False)
    """
    return item not in (None, _SUBTOTAL)


def account_form(account: pd.DataFrame, follows: Mapping[str, Follows] | None = None) -> pd.DataFrame:
    """Return the account as a notebook shows it (核算表): one row per line or item, a column per team, 合计, its share.

    Items stand under their line, with an indent; officer-days, and the share of total statutory days of all teams;
    with `follows` (by item) also what becomes of an item when an officer leaves or joins (跟人走、留在科队).
    """
    table = account_table(account, follows)
    lines = table[table["line"].isin(ACCOUNT_LINES)].groupby("line", sort=False)
    form = pd.concat([part for _, block in lines for part in (block.tail(1), block.iloc[:-1])], ignore_index=True)
    titles = zip(form["line"], form.pop("细目"), strict=True)
    form["line"] = [f"　{item}" if is_account_item(item) else ACCOUNT_LINES[line] for line, item in titles]
    return form.map(number_of).rename(columns={"占总法定": "share"})


def capacity_table(capacity: pd.DataFrame) -> pd.DataFrame:
    """Return the capacity (月度可安排): one row per team and a last row 合计; months, quarters, 全年, 人日."""
    wide = month_matrix(capacity, by="team", value="capacity_days")
    rows = [_month_cells(n, 1, numbers, "days") for n, numbers in enumerate(_all_but_total(wide))]
    table = [[team, *row] for team, row in zip(wide["team"], rows, strict=False)]
    return table_of([*table, [ALL_TEAMS, *_sums_down(1, range(len(rows)), rows, "days")]], ["team", *WHOLE_YEAR])


def shortage_note(months: pd.DataFrame) -> str:
    """Return the sentence on months that the account is short of and no other could help; '' where there are none.

    >>> shortage_note(pd.DataFrame({"team": "科", "month": [7, 8, 9], "capacity_days": [-2.5, -2.0, 3.0]}))
    '科 7-8 月不够 4.5 人日，其余各月抵不了，这几个月可安排按 0 计'
    """
    short = months[months["capacity_days"] < 0].groupby("team", sort=False)
    return "；".join(
        f"{team} {month_runs(rows['month'])} 月不够 {-rows['capacity_days'].sum():.12g} 人日，"
        "其余各月抵不了，这几个月可安排按 0 计"
        for team, rows in short
    )


# --- cells ------------------------------------------------------------------------------------------------------


def table_of(rows: Sequence[Sequence], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows of numbers, texts and formulas as a table."""
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _all_but_total(wide: pd.DataFrame) -> list[list]:
    """Return the months, quarters and year of every row of a month matrix but the last, 合计."""
    return wide[WHOLE_YEAR].iloc[:-1].to_numpy().tolist()


def _month_cells(row: int, first: int, numbers: Numbers, kind: str = "") -> list:
    """Return the months as numbers, quarters and year as sums along the row; `first` is the column of 1月."""
    cells: list = list(numbers)
    for end in _QUARTER_ENDS:
        cells[end] = sum_of([(row, first + end - n) for n in (3, 2, 1)], numbers[end], kind)
    cells[-1] = sum_of([(row, first + end) for end in _QUARTER_ENDS], numbers[-1], kind)
    return cells


def _sums_down(first: int, members: Sequence[int], rows: Sequence[Sequence], kind: str = "") -> list[Formula]:
    """Return the sums of some rows, a cell for every column of them; `first` is the column of the first."""
    return [
        sum_of([(n, first + column) for n in members], sum(number_of(rows[n][column]) for n in members), kind)
        for column in range(len(rows[0]))
    ]
