"""The control sum (合计): total rows are never data; each is compared with the rows it sums.

小计 sums the rows since the last sum, or those of its group; 合计 and 总计 sum whole tables, also over 小计 rows, which
are not counted again. A sum that agrees with none of the rows it may mean is a mismatch, told with both numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from enforce.inputs.grid import CellProblem, GridRow
from enforce.inputs.headers import Header
from enforce.inputs.normal import is_blank, key
from enforce.inputs.references import place
from enforce.inputs.rows import ALL, GRAND, SUB, Sorted, Total
from enforce.inputs.texts import shown
from enforce.inputs.values import Setting, read

Scope = Sequence[int]
_TEXTS = frozenset({"text", "word", "grade", "name"})


@dataclass
class Outcome:
    """What came of the total rows: for each why it is no data, and the sums that do not agree."""

    skipped: list[tuple[int, str]] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


class _Sums:
    """The rows of one sheet with the numbers of one column: None where a number could not be read."""

    def __init__(self, header: Header, rows: Sorted, name: str, setting: Setting) -> None:
        self.header, self.rows, self.setting = header, rows, setting
        self.spot, self.column, self.heading = header.places[name], header.form.columns[name], header.heading(name)
        self.numbers = [self.number(row) for row in rows.data]

    def number(self, row: GridRow) -> int | None:
        """Return the number of a row; 0 for an empty cell, None for one that cannot be read."""
        cell = row.cells[self.spot] if self.spot < len(row.cells) else None
        found = read(cell, self.column, self.setting, empty=0)
        return None if found.expected else found.value

    def told(self, total: Total) -> tuple[object, int | None]:
        """Return what a total row says in this column, as written and as read; None where it says nothing."""
        if total.figure and total.unit in self.column.units:
            return total.figure + total.unit, self._read(total.figure + total.unit)
        cell = total.row.cells[self.spot] if self.spot < len(total.row.cells) else None
        return (None, None) if is_blank(cell) else (cell, self._read(cell))

    def _read(self, cell: object) -> int | None:
        found = read(cell, self.column, self.setting)
        return None if found.expected else found.value

    def sum(self, scope: Scope) -> int | None:
        """Return the sum of some rows; None where one of them could not be read."""
        numbers = [self.numbers[n] for n in scope]
        return None if None in numbers else sum(numbers)


def check_totals(header: Header, rows: Sorted, setting: Setting) -> Outcome:
    """Compare every total row with its rows, in every additive column."""
    outcome = Outcome()
    if not rows.totals:
        return outcome
    columns = header.form.columns
    sums = [_Sums(header, rows, name, setting) for name in header.places if columns[name].additive]
    texts = sorted(spot for name, spot in header.places.items() if columns[name].nature in _TEXTS)
    groups = {spot: _grouped(rows, spot) for spot in texts}
    for n, total in enumerate(rows.totals):
        scopes = list(_scopes(rows, n, groups))
        found = [_compared(one, total, scopes) for one in sums]
        if total.unit in ("家", "户", "条", "项") and not any(
            one.told(total)[0] == total.figure + total.unit for one in sums
        ):
            found.append(_counted(header, total, scopes))
        outcome.problems += [one for one in found if isinstance(one, CellProblem)]
        agreed = "、".join(one for one in found if isinstance(one, str)) or "没有可核对的数"
        wrong = any(isinstance(one, CellProblem) for one in found)
        what = "其下各行的合计" if total.below else "合计行"
        outcome.skipped.append((total.row.number, f"{what}，只用来核对：{'与明细不符' if wrong else agreed}"))
    return outcome


def _scopes(rows: Sorted, n: int, groups: dict[int, dict[str, Scope]]) -> Iterator[Scope]:
    """Yield the rows a total may sum, the likeliest first."""
    total, count = rows.totals[n], len(rows.data)
    if total.below:
        yield range(total.above, total.above + total.below)
        return
    earlier = [other for other in rows.totals[:n] if not other.below]
    before = [other.above for other in earlier if other.level >= total.level]
    after = [other.above for other in rows.totals[n + 1 :] if other.level >= total.level and not other.below]
    natural = range(max(before, default=0) if total.level < ALL else 0, total.above)
    if natural:
        yield natural
    if next(other.above for other in rows.totals if not other.below) == 0:  # sums stand above their rows
        yield range(total.above, min(after, default=count))
    for spot, scopes in groups.items():
        yield from (scopes[name] for name in sorted(_names(total, spot)) if name in scopes)
    nearest = max((other.above for other in earlier), default=0)
    if total.level == SUB and nearest < total.above:
        yield range(nearest, total.above)
    if total.level >= GRAND:
        yield range(total.above or count)


def _names(total: Total, spot: int) -> set[str]:
    """Return the groups a total may name: in its own words (专项小计), or in the cell of a group column."""
    cell = total.row.cells[spot] if spot < len(total.row.cells) else None
    own = {key(cell)} if isinstance(cell, str) and not is_blank(cell) and total.level < ALL else set()
    return own | ({total.what} if total.what else set())


def _grouped(rows: Sorted, spot: int) -> dict[str, Scope]:
    """Return the rows of every text of a column."""
    found: dict[str, list[int]] = {}
    for n, row in enumerate(rows.data):
        cell = row.cells[spot] if spot < len(row.cells) else None
        if isinstance(cell, str):
            found.setdefault(key(cell), []).append(n)
    return found


def _compared(sums: _Sums, total: Total, scopes: list[Scope]) -> str | CellProblem | None:
    """Return what agrees, the mismatch, or None where a total says nothing in a column."""
    written, told = sums.told(total)
    if written is None or not scopes:
        return None
    found = [sums.sum(scope) for scope in scopes]
    if told is None or None in found:
        return f"{sums.heading}读不出，未核对"
    if told in found:
        return f"{sums.heading} {told}，与明细相符"
    gap = f"相差 {abs(told - found[0])}；{_hint(sums, scopes[0], told)}"
    expected = f"以上明细之和 {found[0]}（合计行写的是 {told}，{gap}）"
    if total.below:
        expected = f"其下 {total.below} 行之和 {found[0]}（按序号，这一行是它们的合计，写的是 {told}，{gap}）"
    return _problem(sums.header, total.row, (sums.spot, sums.heading), written, expected)


def _hint(sums: _Sums, scope: Scope, told: int) -> str:
    """Tell where a difference may come from: rows struck through or hidden."""
    gap = told - (sums.sum(scope) or 0)
    struck = [row for row, above in sums.rows.struck if scope[0] <= above <= scope[-1] + 1]
    hidden = [sums.rows.data[n] for n in scope if sums.rows.data[n].hidden]
    if struck and gap == sum(sums.number(row) or 0 for row in struck):
        return f"算上带删除线的第 {_numbers(struck)} 行才相符，请核对这些行是否作废"
    if hidden and -gap == sum(sums.number(row) or 0 for row in hidden):
        return f"不算隐藏的第 {_numbers(hidden)} 行才相符，请核对隐藏的行"
    return "请核对是否漏行、重行或改过数"


def _numbers(rows: list[GridRow]) -> str:
    return "、".join(str(row.number) for row in rows)


def _counted(header: Header, total: Total, scopes: list[Scope]) -> str | CellProblem:
    """Compare 合计 60 家 with the number of rows."""
    told, counts = int(total.figure.replace(",", "")), [len(scope) for scope in scopes]
    if told in counts:
        return f"{told} 行，与明细相符"
    spot = next(n for n, cell in enumerate(total.row.cells) if not is_blank(cell))
    expected = f"以上明细 {counts[0] if counts else 0} 行（请核对是否漏行或重行）"
    return _problem(header, total.row, (spot, "合计"), f"{told}{total.unit}", expected)


def _problem(header: Header, row: GridRow, column: tuple[int, str], found: object, expected: str) -> CellProblem:
    where = place(row.number, column[1], header.grid.sheet)
    return CellProblem(header.grid.file, where, shown(found), expected, row.number, column[0])
