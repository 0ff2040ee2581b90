"""The control sum (合计): total rows are never data; each is compared with the rows it sums.

小计 sums the rows since the last sum, or those of its group; 合计 and 总计 sum whole tables, also over 小计 rows, which
are not counted again. A sum that agrees with none of the rows it may mean is a mismatch, shown with both numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import NamedTuple

from enforce.sheets.grids.grid import GridRow
from enforce.sheets.header import Header
from enforce.sheets.normal import is_blank, key
from enforce.sheets.rows import ALL, GRAND, ROWS, SUB, Reason, Skipped, Sorted, Total
from enforce.sheets.values import Setting, read_cell
from enforce.words.problems import Flaw, Problem
from enforce.words.texts import shown

Scope = Sequence[int]
_TEXTS = frozenset({"text", "word", "grade", "name"})


@dataclass
class Outcome:
    """What came of the total rows: for each why it is no data, and the sums that do not agree."""

    skipped: list[Skipped] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class _Sums:
    """The rows of one sheet with the numbers of one column: None where a number could not be read."""

    def __init__(self, header: Header, rows: Sorted, name: str, setting: Setting) -> None:
        self.header, self.rows, self.setting = header, rows, setting
        self.spot, self.column, self.heading = header.places[name], header.form.columns[name], header.heading(name)
        self.numbers = [self.number(row) for row in rows.data]
        self.up_to = [0, *accumulate(number or 0 for number in self.numbers)]
        self.unread = [0, *accumulate(number is None for number in self.numbers)]
        self.hidden = [n for n, row in enumerate(rows.data) if row.hidden]

    def number(self, row: GridRow) -> int | None:
        """Return the number of a row; 0 for an empty cell, None for one that cannot be read."""
        read = read_cell(row.cells[self.spot], self.column, self.setting, empty=0)
        return None if read.expected else read.value

    def stated(self, total: Total) -> tuple[object, int | None]:
        """Return what a total row says in this column, as written and as read; None where it says nothing."""
        for figure, unit in total.figures:
            if unit in self.column.units and unit not in self.header.form.row_units:
                return figure + unit, self._read(figure + unit)
        cell = total.row.cells[self.spot]
        return (None, None) if is_blank(cell) else (cell, self._read(cell))

    def _read(self, cell: object) -> int | None:
        read = read_cell(cell, self.column, self.setting)
        return None if read.expected else read.value

    def sum(self, scope: Scope) -> int | None:
        """Return the sum of some rows; None where one of them could not be read."""
        if isinstance(scope, range):
            first, last = scope.start, max(scope.start, scope.stop)
            return None if self.unread[last] > self.unread[first] else self.up_to[last] - self.up_to[first]
        numbers = [self.numbers[n] for n in scope]
        return None if None in numbers else sum(numbers)


def check_totals(header: Header, rows: Sorted, setting: Setting, above: list[GridRow]) -> Outcome:
    """Compare every total row with its rows, in every additive column, the rows `above` it on other sheets included."""
    outcome, start = Outcome(), len(above)
    if not rows.totals:
        return outcome
    totals = [total._replace(above=total.above + start) for total in rows.totals]
    struck = [(row, number + start) for row, number in rows.struck]
    rows = replace(rows, data=[*above, *rows.data], totals=totals, struck=struck)
    columns = header.form.columns
    sums = [_Sums(header, rows, name, setting) for name in header.places if columns[name].additive]
    texts = sorted(spot for name, spot in header.places.items() if columns[name].nature in _TEXTS)
    groups = {spot: _grouped(rows, spot) for spot in texts}
    for total, scopes in _scoped(rows, groups, start):
        outcomes = [_compared(one, total, scopes) for one in sums]
        outcomes += [
            _counted(header, total, int(figure.replace(",", "")), scopes)
            for figure, unit in total.figures
            if unit == ROWS or unit in header.form.row_units
        ]
        outcome.problems += [one for one in outcomes if isinstance(one, Problem)]
        agreed = "、".join(one for one in outcomes if isinstance(one, str)) or "没有可核对的数"
        wrong = any(isinstance(one, Problem) for one in outcomes)
        reason = Reason.OUTLINE if total.below else Reason.SUM
        outcome.skipped.append(Skipped(total.row.number, reason, "与明细不符" if wrong else agreed))
    return outcome


class _Reach(NamedTuple):
    """How many rows there are, and above the sums of each level or a wider one just before and behind a total.

    The rows of the sheet begin at `start`; `on_top` where sums stand above their rows.
    """

    start: int
    count: int
    before: dict[int, int]
    behind: dict[int, int]
    on_top: bool


def _scoped(rows: Sorted, groups: dict[int, dict[str, Scope]], start: int) -> Iterator[tuple[Total, list[Scope]]]:
    """Yield every total with the rows it may sum, the likeliest first."""
    others = [total for total in rows.totals if not total.below]
    around = zip(_passed(others), reversed(_passed(others[::-1])), strict=True)
    for total in rows.totals:
        if total.below:
            yield total, [range(total.above, total.above + total.below)]
        else:
            reach = _Reach(start, len(rows.data), *next(around), others[0].above == start)
            yield total, list(_scopes(total, reach, groups))


def _passed(totals: list[Total]) -> list[dict[int, int]]:
    """Return for every total, by level, how many rows stand above the last one of that level or a wider before it."""
    seen: dict[int, int] = {}
    levels = []
    for total in totals:
        levels.append(dict(seen))
        seen |= dict.fromkeys(range(SUB, total.level + 1), total.above)
    return levels


def _scopes(total: Total, reach: _Reach, groups: dict[int, dict[str, Scope]]) -> Iterator[Scope]:
    """Yield the rows a total may sum, the likeliest first."""
    natural = range(reach.before.get(total.level, reach.start) if total.level < ALL else reach.start, total.above)
    if natural:
        yield natural
    if reach.on_top:
        yield range(total.above, reach.behind.get(total.level, reach.count))
    for spot, scopes in groups.items():
        yield from (scopes[name] for name in sorted(_total_names(total, spot)) if name in scopes)
    nearest = reach.before.get(SUB, reach.start)
    if total.level == SUB and nearest < total.above:
        yield range(nearest, total.above)
    if total.level >= GRAND:
        yield range(total.above or reach.count)


def _total_names(total: Total, spot: int) -> set[str]:
    """Return the groups a total may name: in words (专项小计), or in the cell of a group column."""
    cell = total.row.cells[spot]
    named = {key(cell)} if isinstance(cell, str) and not is_blank(cell) and total.level < ALL else set()
    return named | ({total.what} if total.what else set())


def _grouped(rows: Sorted, spot: int) -> dict[str, Scope]:
    """Return the rows of every text of a column."""
    groups: dict[str, list[int]] = {}
    for n, row in enumerate(rows.data):
        if isinstance(cell := row.cells[spot], str):
            groups.setdefault(key(cell), []).append(n)
    return groups


def _compared(sums: _Sums, total: Total, scopes: list[Scope]) -> str | Problem | None:
    """Return what agrees, the mismatch, or None where a total says nothing in a column."""
    written, stated = sums.stated(total)
    if written is None or not scopes:
        return None
    figures = [sums.sum(scope) for scope in scopes]
    if stated is None or None in figures:
        return f"{sums.heading}读不出，未核对"
    if stated in figures:
        return f"{sums.heading} {stated}，与明细相符"
    gap = f"相差 {abs(stated - figures[0])}；{_sum_hint(sums, scopes[0], stated)}"
    expected = f"以上明细之和 {figures[0]}（合计行写的是 {stated}，{gap}）"
    if total.below:
        expected = f"其下 {total.below} 行之和 {figures[0]}（按序号，这一行是它们的合计，写的是 {stated}，{gap}）"
    place = sums.header.place(total.row.number, sums.spot)
    return Problem(sums.header.grid.file, place, shown(written), expected, Flaw.SUM)


def _sum_hint(sums: _Sums, scope: Scope, stated: int) -> str:
    """Tell where a difference may come from: rows struck through or hidden."""
    gap = stated - (sums.sum(scope) or 0)
    struck = [row for row, above in sums.rows.struck if scope[0] <= above <= scope[-1] + 1]
    hidden = [sums.rows.data[n] for n in sums.hidden if n in scope]
    if struck and gap == sum(sums.number(row) or 0 for row in struck):
        return f"算上带删除线的第 {_numbers(struck)} 行才相符，请核对这些行是否作废"
    if hidden and -gap == sum(sums.number(row) or 0 for row in hidden):
        return f"不算隐藏的第 {_numbers(hidden)} 行才相符，请核对隐藏的行"
    return "请核对是否漏行、重行或改过数"


def _numbers(rows: list[GridRow]) -> str:
    return "、".join(str(row.number) for row in rows)


def _counted(header: Header, total: Total, stated: int, scopes: list[Scope]) -> str | Problem:
    """Compare 合计 60 家 with the number of rows."""
    counts = [len(scope) for scope in scopes]
    if stated in counts:
        return f"{stated} 行，与明细相符"
    spot = next(n for n, cell in enumerate(total.row.cells) if not is_blank(cell))
    expected = f"以上明细 {counts[0] if counts else 0} 行（请核对是否漏行或重行）"
    place = replace(header.place(total.row.number, spot), column="合计")
    return Problem(header.grid.file, place, f"{stated} 行", expected, Flaw.SUM)
