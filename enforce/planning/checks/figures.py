"""Printed figures (公布数): what a plan's text says, held against the tables and against itself.

A figure is one number with its computed value beside it; a relation is an arithmetic the text prints (乘式、合计、减式
and 占比). Numbers are exact decimals. One slip is told once: where it began, not in every figure that follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import prod

import pandas as pd

from enforce.planning.checks.case import Case, Findings, error
from enforce.words.numbers import number_text, rounded

WORKDAYS = "法定工作日（天）"  # a printed figure with a check of its own
COLUMNS = ["item", "printed", "computed", "agrees", "where", "message", "figure", "limit"]
Numbers = tuple[Decimal, ...]
Slip = tuple[Decimal, Decimal]  # a number as it is printed, and as it should be


class Arithmetic(StrEnum):
    """What a plan's text works out before the reader's eyes, in the order it is judged in."""

    PRODUCT = "product"
    SUM = "sum"
    DIFFERENCE = "difference"
    SHARES = "shares"


@dataclass(frozen=True)
class Figure:
    """A printed number beside the computed one (None: the plan has nothing of that name).

    `parts` are what its printed parts give, each way the text has them; `depth` says how much it rests on other figures
    (0: on none), `share` that both are in percent, the printed one rounded.
    """

    item: str
    printed: Decimal
    computed: Decimal | None
    parts: Numbers = ()
    depth: int = 0
    share: bool = False

    def agrees(self, value: Decimal | None) -> bool:
        """Whether the printed number is this one, a share to the decimals it is printed with."""
        if self.share and value is not None:
            return abs(value - self.printed) <= _unit(self.printed) / 2
        return value == self.printed


@dataclass(frozen=True)
class Relation:
    """An arithmetic as it is printed: terms and result; of shares the counts and their base, and a percent for each."""

    kind: Arithmetic
    where: str
    terms: Numbers
    results: Numbers
    names: tuple[str, ...] = ()


# --- arithmetic -----------------------------------------------------------------------------------------------------


def _known_values(kind: Arithmetic, terms: Numbers) -> Numbers:
    """Return what the terms give."""
    if kind is Arithmetic.SHARES:
        *counts, base = terms
        return tuple(count * 100 / base if base else Decimal(0) for count in counts)
    if kind is Arithmetic.PRODUCT:
        return (prod(terms, start=Decimal(1)),)
    return (sum(terms, start=Decimal(0)) if kind is Arithmetic.SUM else 2 * terms[0] - sum(terms),)


def _unit(number: Decimal) -> Decimal:
    """Return one in the last place of a number: 0.1 of 68.2."""
    return Decimal(1).scaleb(min(int(number.as_tuple().exponent), 0))


def _agreeing(kind: Arithmetic, terms: Numbers, results: Numbers) -> list[bool]:
    """Return which of the printed results are those of the terms.

    Shares agree where they are rounded to the decimals printed, and where all of a whole are put up or down in the last
    place so that they add up to 100.
    """
    values = _known_values(kind, terms)
    if kind is not Arithmetic.SHARES:
        return [values == results]
    units = [_unit(result) for result in results]
    gaps = [abs(value - result) for value, result in zip(values, results, strict=True)]
    plain = sum(value.quantize(unit) for value, unit in zip(values, units, strict=True))
    adjusted = sum(results) == 100 != plain and sum(terms[:-1]) == terms[-1]
    if adjusted and all(gap < unit for gap, unit in zip(gaps, units, strict=True)):
        return [True] * len(results)
    return [gap <= unit / 2 for gap, unit in zip(gaps, units, strict=True)]


def _holds(relation: Relation) -> bool:
    return all(_agreeing(relation.kind, relation.terms, relation.results))


def _slips(relation: Relation) -> Iterator[Slip]:
    """Yield each single number of a relation with what it should be for the relation to hold; none for shares."""
    if relation.kind is Arithmetic.SHARES:
        return
    (value,), (result,) = _known_values(relation.kind, relation.terms), relation.results
    yield result, value
    for n, term in enumerate(relation.terms):
        if relation.kind is Arithmetic.PRODUCT:
            others = prod((*relation.terms[:n], *relation.terms[n + 1 :]), start=Decimal(1))
            if others and result % others == 0:
                yield term, result / others
        else:
            less = relation.kind is Arithmetic.DIFFERENCE and n
            yield term, term + (value - result if less else result - value)


def _repaired(numbers: Numbers, slips: Sequence[Slip]) -> Iterator[Numbers]:
    """Yield the numbers with a slip put right: in one place, in every place, and all slips together."""
    for wrong, right in slips:
        places = [n for n, number in enumerate(numbers) if number == wrong]
        yield from ((*numbers[:n], right, *numbers[n + 1 :]) for n in places)
        if len(places) > 1:
            yield tuple(right if number == wrong else number for number in numbers)
    together = dict(reversed(slips))
    yield tuple(together.get(number, number) for number in numbers)


# --- which of them are told -----------------------------------------------------------------------------------------


def _follows(figure: Figure, relations: Iterable[Relation], slips: Sequence[Slip]) -> bool:
    """Whether a wrong figure follows from printed parts that are wrong themselves."""
    if figure.computed is None:
        return False
    if any(figure.agrees(part) for part in figure.parts):
        return True
    return any(
        _known_values(relation.kind, terms) == (figure.computed,)
        for relation in relations
        if relation.results == (figure.printed,) and _holds(relation)
        for terms in _repaired(relation.terms, slips)
    )


def _wrong_figures(figures: Iterable[Figure], relations: Sequence[Relation]) -> tuple[list[Figure], list[Slip]]:
    """Return the wrong figures to be told, and the slips of all wrong ones."""
    roots: list[Figure] = []
    slips: list[Slip] = []
    for figure in sorted(figures, key=lambda figure: figure.depth):
        if figure.agrees(figure.computed):
            continue
        if not _follows(figure, relations, slips):
            roots.append(figure)
        if figure.computed is not None:
            slips.append((figure.printed, figure.computed))
    return roots, slips


def _wrong_relations(relations: Iterable[Relation], slips: list[Slip]) -> list[Relation]:
    """Return the relations to be told: those that do not hold, and would not with the other slips put right."""
    pending = sorted((one for one in relations if not _holds(one)), key=lambda one: [*Arithmetic].index(one.kind))
    roots: list[Relation] = []
    while pending:
        waits = [any(set(one.terms) & set(other.results) for other in pending if other is not one) for one in pending]
        one = pending.pop(waits.index(False) if False in waits else 0)
        count = len(one.terms)
        repaired = _repaired((*one.terms, *one.results), slips)
        if not any(all(_agreeing(one.kind, numbers[:count], numbers[count:])) for numbers in repaired):
            roots.append(one)
            slips = [*slips, *_slips(one)]
    return roots


# --- the table ------------------------------------------------------------------------------------------------------


def printed_table(figures: Sequence[Figure], relations: Sequence[Relation] = ()) -> pd.DataFrame:
    """Return printed beside computed: one row per printed figure and per result of a printed relation.

    Columns item, printed, computed (of a relation: by its printed terms), agrees; where, message, figure, limit: what
    is to be told of it, '' where nothing is or where it was told of another figure.

    >>> half = Relation(Arithmetic.SUM, "全年", (Decimal("6.1"), Decimal("53.2")), (Decimal("59.3"),))
    >>> table = printed_table([Figure("全年家次", Decimal(216), Decimal(261))], [half])
    >>> table[["printed", "computed", "agrees", "figure", "limit"]].values.tolist()
    [[216.0, 261.0, False, '216', '261'], [59.3, 59.3, True, '', '']]
    """
    wrong, slips = _wrong_figures(figures, relations)
    roots = _wrong_relations(relations, slips)
    rows = [_figure_row(figure, any(figure is root for root in wrong)) for figure in figures]
    for relation in relations:
        rows += _relation_rows(relation, any(relation is root for root in roots))
    return pd.DataFrame(rows, columns=COLUMNS)


def _figure_row(figure: Figure, root: bool) -> tuple:
    computed, agrees = figure.computed, figure.agrees(figure.computed)
    if computed is not None and figure.share:
        computed = figure.printed if agrees else _rounded_share(computed, figure.printed)
    text = (figure.item, *_figure_texts(figure, computed)) if root else ("",) * 4
    return figure.item, _digits(figure.printed), None if computed is None else _digits(computed), agrees, *text


def _figure_texts(figure: Figure, computed: Decimal | None) -> tuple[str, str, str]:
    """Return message, figure and limit of a wrong figure."""
    if computed is None:
        return "印出的数在计划里没有对应的类别、事项或细目，无法核对", number_text(figure.printed), ""
    if figure.item == WORKDAYS:
        days = number_text(computed), number_text(figure.printed)
        return "印出的法定工作日不是当年日历的工作日", f"日历 {days[0]} 天", f"印作 {days[1]} 天"
    return "公布数与复算数不一致", number_text(figure.printed), number_text(computed)


_SIGNS = {Arithmetic.PRODUCT: " × ", Arithmetic.SUM: " + ", Arithmetic.DIFFERENCE: " − "}
_NAMES = {Arithmetic.PRODUCT: "乘式", Arithmetic.SUM: "合计", Arithmetic.DIFFERENCE: "减式", Arithmetic.SHARES: "占比"}


def _relation_rows(relation: Relation, root: bool) -> Iterator[tuple]:
    """Yield one row per result; the first one that is wrong tells of all."""
    kind, results = relation.kind, relation.results
    good, values = _agreeing(kind, relation.terms, results), _known_values(kind, relation.terms)
    texts = (relation.where, *_relation_texts(relation, good, values)) if root else ("",) * 4
    for n, (value, result) in enumerate(zip(values, results, strict=True)):
        item = " ".join(filter(None, (_NAMES[kind], relation.where, *relation.names[n : n + 1])))
        text = texts if not good[n] and all(good[:n]) else ("",) * 4
        shown = value if kind is not Arithmetic.SHARES else result if good[n] else _rounded_share(value, result)
        yield item, _digits(result), _digits(shown), good[n], *text


def _relation_texts(relation: Relation, good: list[bool], values: Numbers) -> tuple[str, str, str]:
    """Return message, figure and limit of a relation that does not hold."""
    if relation.kind is Arithmetic.SHARES:
        note = "（各项相加仍为 100%）" if sum(relation.results) == 100 else ""
        wrong = [n for n, agrees in enumerate(good) if not agrees]
        shares = [_rounded_share(values[n], relation.results[n]) for n in wrong]
        figure = "、".join(f"{relation.names[n]} {share}%" for n, share in zip(wrong, shares, strict=True))
        limit = "、".join(f"{relation.names[n]} {number_text(relation.results[n])}%" for n in wrong)
        return f"印出的占比与印出的数不符{note}", figure, f"印作 {limit}"
    terms = _SIGNS[relation.kind].join(map(number_text, relation.terms))
    message = f"印出的{_NAMES[relation.kind]}与结果不符"
    return message, f"{terms} = {number_text(values[0])}", f"印作 {number_text(relation.results[0])}"


def _rounded_share(share: Decimal, printed: Decimal) -> Decimal:
    """Return a computed share to the decimals of the printed one, to one at least."""
    return rounded(share, max(-int(printed.as_tuple().exponent), 1))


def _digits(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


# --- checks ---------------------------------------------------------------------------------------------------------


def check_printed_figures(case: Case) -> Findings:
    """Every figure the plan's text prints is computed again (公布数复算); workdays have a check of their own."""
    yield from _findings(case.printed[case.printed["item"] != WORKDAYS])


def check_workday_constant(case: Case) -> Findings:
    """Printed workdays must be those of the year's calendar, not 365 − 104 − 11 or last year's (工作日常数)."""
    yield from _findings(case.printed[case.printed["item"] == WORKDAYS])


def _findings(table: pd.DataFrame) -> Findings:
    for row in table[table["message"] != ""].itertuples():
        yield error(row.where, row.message, row.figure, row.limit)
