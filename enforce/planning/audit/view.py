"""The view (审核所见): a plan as printed with its slips found, and the shape of what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from enforce.planning.audit.slips import Slip, slips
from enforce.words.claims import Figure, Mention, Passage, TextCase
from enforce.words.numbers import number_text
from enforce.words.terms import Severity, Sureness

SEVERITIES = tuple(Severity)


@dataclass(frozen=True)
class Remark:
    """One finding of the audit: where, the sentence, what is printed, what it should be, by which check, how sure."""

    file: str
    place: str
    sentence: str
    printed: str
    expected: str
    check: str
    severity: Severity
    sure: Sureness


@dataclass(frozen=True, eq=False)
class View:
    """A case with its slips; `values` are the wrong figures as they should be."""

    case: TextCase
    slips: Sequence[Slip]
    values: Mapping[Figure, Decimal]

    @classmethod
    def of(cls, case: TextCase) -> View:
        """Return the view of a case."""
        wrong = slips(case.claims, case.shares)
        return cls(case, wrong, {slip.figure: slip.value for slip in wrong})

    def value(self, figure: Figure) -> Decimal:
        """Return a figure as it should be."""
        return self.values.get(figure, figure.value)

    def mentions(self, kind: str) -> Iterator[Mention]:
        """Yield the mentions of one kind."""
        return (one for one in self.case.mentions if one.kind == kind)


def remark(
    check: str, severity: Severity, place: Figure | Mention, printed: str, expected: str, sure: Sureness = Sureness.CERTAIN
) -> Remark:  # fmt: skip
    """Return a finding at the place of a figure or a mention."""
    where: Passage = place.passage
    return Remark(where.file, where.place, place.sentence or where.text, printed, expected, check, severity, sure)


def counted(value: Decimal, figure: Figure) -> str:
    """Return a number with the unit a figure is printed with."""
    unit = figure.printed.lstrip("0123456789.,，０１２３４５６７８９零〇一二两三四五六七八九十百千万")
    unit = f"万{unit}" if figure.unit == "万元" and not unit.startswith("万") else unit
    return f"{number_text(value)}{unit}"
