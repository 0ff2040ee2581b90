"""The view (审核所见): a plan as printed with its slips found, and the shape of what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from enforce.planning.audit.slips import Slip, slips
from enforce.words.claims import Block, Mention, Numeral, TextCase
from enforce.words.numbers import number_text
from enforce.words.terms import Severity, Sureness


@dataclass(frozen=True)
class Remark:
    """One finding of the audit: where, the sentence, what is printed, what it should be, by which check, how sure.

    `spot` is where it stands in a Word file: paragraph from 1, table from 1, row and column from 0, as of Block.
    """

    file: str
    place: str
    sentence: str
    printed: str
    expected: str
    check: str
    severity: Severity
    sure: Sureness
    spot: tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class View:
    """A case with its slips; `values` are the wrong figures as they should be."""

    case: TextCase
    slips: Sequence[Slip]
    values: Mapping[Numeral, Decimal]

    @classmethod
    def of(cls, case: TextCase) -> View:
        """Return the view of a case."""
        wrong = slips(case.claims, case.shares)
        return cls(case, wrong, {slip.figure: slip.value for slip in wrong})

    def value(self, figure: Numeral) -> Decimal:
        """Return a figure as it should be."""
        return self.values.get(figure, figure.value)

    def mentions(self, kind: str) -> Iterator[Mention]:
        """Yield the mentions of one kind."""
        return (one for one in self.case.mentions if one.kind == kind)


def remark(
    check: str, severity: Severity, place: Numeral | Mention, texts: tuple[str, str], sure: Sureness = Sureness.CERTAIN
) -> Remark:  # fmt: skip
    """Return a finding at the place of a figure or a mention; `texts` are what is printed and what it should be."""
    where: Block = place.passage
    spot = (where.number, where.table, where.row, where.column)
    return Remark(where.file, where.place, place.sentence or where.text, *texts, check, severity, sure, spot)


def with_unit(value: Decimal, figure: Numeral) -> str:
    """Return a number with the unit a figure is printed with."""
    digits = "0123456789.,，０１２３４５６７８９零〇一二两三四五六七八九十百千万"
    unit = figure.unit if figure.unit == "万元" else figure.printed.lstrip(digits)
    return f"{number_text(value)}{unit}"
