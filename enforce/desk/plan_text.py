"""The plan's text (计划文本): the figures it prints, each with what it is held against.

Figures of visits are held against the lines of the plan, those of days against its calendar and account; what the text
works out itself (乘式、合计、减式、占比) against its own printed numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import pandas as pd

from enforce.inputs.parameters.plan import ACCOUNT_ROWS, Printed
from enforce.planning.checks.figures import WORKDAYS, Arithmetic, Figure, Relation, printed_table
from enforce.words.terms import ACCOUNT_LINES, ALL_TEAMS, NON_ENFORCEMENT, OTHER_ENFORCEMENT, REMAINDERS, Tier

#: What the text prints visits of: its words, the lines it stands for, the printed visits.
Group = tuple[str, frozenset[str], int]
#: A row of the account: team, line, item ('' for a line).
Row = tuple[str, str, str]


def plan_text(printed: Printed | None, tasks: pd.DataFrame, account: pd.DataFrame, workdays: int) -> pd.DataFrame:
    """Return the figures the plan's text prints, computed again (公布数复算): one row per figure, then per result.

    Columns as `printed_table`; none where the text prints none. `tasks` has one row per line of the plan, `account` one
    per team and line or item (人日), `workdays` are those of the year (天).
    """
    if printed is None:
        return printed_table([])
    figures = [*_visit_figures(printed, tasks), *_day_figures(printed, account, workdays)]
    return printed_table(figures, list(_relations(printed)))


# --- visits ---------------------------------------------------------------------------------------------------------


def _visit_figures(printed: Printed, tasks: pd.DataFrame) -> Iterator[Figure]:
    """Yield the printed visits and their shares, beside those of the lines."""
    counts = dict(zip(tasks["task_id"], map(int, tasks["planned_visits"]), strict=True))
    items = [(f"事项 {entry.item}（家次）", _lines_of(tasks, entry.item), entry.visits) for entry in printed.items]
    groups = [
        (f"类别 {entry.group}（家次）", _tasks_with(tasks, "group", entry.group), entry.visits)
        for entry in printed.groups
    ]
    pairs = ((Tier.KEY, printed.key_visits), (Tier.GENERAL, printed.general_visits))
    tiers = [(f"{tier.label}（家次）", _tasks_with(tasks, "tier", tier), n) for tier, n in pairs if n is not None]
    total = [("全年计划检查（家次）", frozenset(counts), n) for n in [printed.total_visits] if n is not None]
    yield from _counted_figures(total, [items, groups, tiers], counts)
    yield from _counted_figures(tiers, [items, groups], counts)
    yield from _shares(printed, tasks, counts)
    yield from _counted_figures(groups, [items], counts)
    yield from _counted_figures(items, [], counts)


def _tasks_with(tasks: pd.DataFrame, column: str, word: str) -> frozenset[str]:
    return frozenset(tasks.loc[tasks[column] == word, "task_id"])


def _lines_of(tasks: pd.DataFrame, item: str) -> frozenset[str]:
    """Return the line of this number, else those of this name."""
    return _tasks_with(tasks, "task_id", item) or _tasks_with(tasks, "name", item)


def _counted_figures(
    groups: Iterable[Group], families: list[list[Group]], counts: Mapping[str, int]
) -> Iterator[Figure]:
    """Yield each group beside its visits; its parts are the printed visits of a finer family that makes it up."""
    for item, lines, visits in groups:
        inside = [[(part, n) for _, part, n in family if part and part <= lines] for family in families]
        parts = [sum(n for _, n in family) for family in inside if sum(len(part) for part, _ in family) == len(lines)]
        computed = Decimal(sum(counts[line] for line in lines)) if lines or not counts else None
        yield Figure(item, Decimal(visits), computed, tuple(map(Decimal, parts)), len(families))


def _shares(printed: Printed, tasks: pd.DataFrame, counts: Mapping[str, int]) -> Iterator[Figure]:
    """Yield the shares of the tiers, in percent; their parts are the printed visits."""
    of_tier = {Tier.KEY: printed.key_visits, Tier.GENERAL: printed.general_visits}
    both = None if None in of_tier.values() else sum(of_tier.values())
    whole = sum(counts.values())
    for tier, percent in ((Tier.KEY, printed.key_share_percent), (Tier.GENERAL, printed.general_share_percent)):
        if percent is not None:
            bases = [base for base in (printed.total_visits, both) if base and of_tier[tier] is not None]
            parts = tuple(Decimal(of_tier[tier]) * 100 / base for base in bases)
            visits = sum(counts[line] for line in _tasks_with(tasks, "tier", tier))
            share = Decimal(visits) * 100 / whole if whole else Decimal(0)
            yield Figure(f"{tier.label}占比（%）", percent, share, parts, 4, share=True)


# --- days -----------------------------------------------------------------------------------------------------------


def _day_figures(printed: Printed, account: pd.DataFrame, workdays: int) -> Iterator[Figure]:
    """Yield the printed workdays and the printed days of the account, beside those of the calendar and the account."""
    if printed.workdays is not None:
        yield Figure(WORKDAYS, Decimal(printed.workdays), Decimal(workdays))
    computed = {(row.team, row.line, row.item): Decimal(str(row.days)) for row in account.itertuples()}
    days = {(entry.team, *ACCOUNT_ROWS[entry.line]): entry.days for entry in printed.account}
    for product in printed.products:
        if product.team:
            days.setdefault((product.team, "total_statutory_days", ""), product.product)
    labels = {**ACCOUNT_LINES, **OTHER_ENFORCEMENT, **NON_ENFORCEMENT}
    for row, number in days.items():
        team, line, item = row
        depth = 2 * (team == ALL_TEAMS) + (2 + [*ACCOUNT_LINES].index(line)) * (not item)
        name = f"核算 {team} {ACCOUNT_LINES[line] if not item else labels[item]}（人日）"
        yield Figure(name, number, computed.get(row), tuple(_parts(row, days, computed)), depth)


def _parts(row: Row, days: Mapping[Row, Decimal], computed: Mapping[Row, Decimal]) -> Iterator[Decimal]:
    """Yield what the printed parts of a row of the account give: its teams, its items, the lines it is left of."""
    team, line, item = row
    teams = [(other, line, item) for other, *row_of in computed if tuple(row_of) == (line, item) and other != team]
    items = [other for other in computed if other[:2] == (team, line) and other[2] and computed[other]]
    for parts in [teams] * (team == ALL_TEAMS) + [items] * (not item):
        if parts and set(parts) <= set(days):
            yield sum((days[part] for part in parts), start=Decimal(0))
    if line in REMAINDERS and {(team, part, "") for part in REMAINDERS[line]} <= set(days):
        first, *others = (days[team, part, ""] for part in REMAINDERS[line])
        yield first - sum(others)


# --- what the text works out ----------------------------------------------------------------------------------------


def _relations(printed: Printed) -> Iterator[Relation]:
    """Yield the products, sums, differences and shares as they are printed; one without a name by its number."""
    for n, entry in enumerate(printed.products, 1):
        team = f"{entry.team} {ACCOUNT_LINES['total_statutory_days']}" if entry.team else f"第 {n} 处"
        yield Relation(Arithmetic.PRODUCT, entry.where or team, entry.factors, (entry.product,))
    for n, entry in enumerate(printed.sums, 1):
        yield Relation(Arithmetic.SUM, entry.where or f"第 {n} 处", entry.parts, (entry.total,))
    for n, entry in enumerate(printed.differences, 1):
        terms = (entry.total, *entry.parts)
        yield Relation(Arithmetic.DIFFERENCE, entry.where or f"第 {n} 处", terms, (entry.remainder,))
    for n, entry in enumerate(printed.shares, 1):
        base = entry.base or sum((part.count for part in entry.parts), start=Decimal(0))
        shares = [part for part in entry.parts if part.percent is not None]
        counts = tuple(part.count for part in shares)
        percents, names = tuple(part.percent for part in shares), tuple(part.name for part in shares)
        yield Relation(Arithmetic.SHARES, entry.where or f"第 {n} 处", (*counts, base), percents, names)
