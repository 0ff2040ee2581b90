"""A heading (题头): the first lines of a book: what it is, whose, how far the plan has come; its conclusion (结论)."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from enforce.papers.screen.display import Shown


@dataclass(frozen=True, repr=False)
class Heading:
    """The first lines of a book; a line without text is not shown.

    `disclaimer` is the plan's own; `source` says what the book was made from, `command` makes it anew.

    >>> Heading("甲县应急管理局 2025年度执法计划（草案：尚未批准）", "草案：尚未批准　版本：尚未定版")
    甲县应急管理局 2025年度执法计划（草案：尚未批准）
    草案：尚未批准　版本：尚未定版
    """

    title: str = ""
    state: str = ""
    disclaimer: str = ""
    source: str = ""
    command: str = ""

    def __repr__(self) -> str:
        return "\n".join(text for _, text in self._lines)

    def _repr_html_(self) -> str:
        return "\n".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in self._lines)

    @property
    def _lines(self) -> list[tuple[str, str]]:
        """The lines that have text, each with the tag it has on a page."""
        texts = (self.title, self.state, self.disclaimer, self.source, self.command)
        return [(tag, text) for tag, text in zip(("h1", "p", "blockquote", "p", "pre"), texts, strict=True) if text]


@dataclass(frozen=True, repr=False)
class Conclusion:
    """The answer of a book: a sentence, its figures (None: it has none), the findings that must be put right.

    >>> Conclusion("够：全年安排得下。", None, Shown((), (), (), "没有须改正的问题。"))
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
