"""An answer (答案): what a book begins with: one sentence, the figures a director asks for, what must be put right."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from enforce.papers.screen.display import Shown


@dataclass(frozen=True, repr=False)
class Answer:
    """The answer of a book: a sentence, its figures (None: it has none), the findings that must be put right.

    >>> Answer("够：全年安排得下。", None, Shown((), (), (), "没有须改正的问题。"))
    够：全年安排得下。
    没有须改正的问题。
    """

    sentence: str
    figures: Shown | None
    faults: Shown

    def __repr__(self) -> str:
        return "\n".join([self.sentence, *(repr(table) for table in (self.figures, self.faults) if table)])

    def _repr_html_(self) -> str:
        figures = f'<div class="figures">{self.figures._repr_html_()}</div>' if self.figures else ""
        faults = f'<div class="faults">{self.faults._repr_html_()}</div>'
        return f'<div class="answer"><p class="sentence">{escape(self.sentence)}</p>{figures}{faults}</div>'
