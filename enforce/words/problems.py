"""Problems with what was put in (输入问题): rows that say where, what is there and what is expected.

Bad input raises once, with every problem; a doubtful plan never raises, it yields findings (planning/checks).
A problem is fields; its sentence is made once, where it is shown, and nothing reads it to decide anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from enforce.words.personal import masked

#: Rows of the second sheet of one table are numbered from here on, those of the third from twice as much, and so on.
PAGE = 10_000_000


def row_words(row: int) -> str:
    """Return the number of a row in words, of a table over several sheets with the sheet.

    >>> row_words(5), row_words(PAGE + 5)
    ('5', '5（第 2 张）')
    """
    page, number = divmod(row, PAGE)
    return f"{number}（第 {page + 1} 张）" if page else f"{number}"


def row_entry(row: int | str) -> int | str:
    """Return the number of a row for a table or a machine: in words where it is of a further sheet."""
    return row_words(row) if isinstance(row, int) and row > PAGE else row


class Flaw(StrEnum):
    """The kinds of problem, a closed list."""

    VALUE = "value"  # not of the form or size expected
    MISSING = "missing"  # nothing there where something is needed
    REPEATED = "repeated"  # there more than once
    UNKNOWN = "unknown"  # names something that is not there
    CONFLICT = "conflict"  # disagrees with another value
    SUM = "sum"  # a sum that is not the sum of its rows
    UNCLEAR = "unclear"  # can be taken in more than one way
    PERSONAL = "personal"  # holds a number of a person
    SIZE = "size"  # more than can be taken
    FILE = "file"  # cannot be opened or read
    CHANGED = "changed"  # is not as it was written


@dataclass(frozen=True)
class Place:
    """Where in a file: an entry or an option by name, a line of text, or a cell of a sheet.

    `row` (beyond PAGE on a further sheet) and `line` count from 1 (0: none); `column` is the heading, `spot` the place
    of the column from 0 (-1: none), `name` our name for it, '' where it is none of ours. `term` is what planners call
    an entry.

    >>> print(Place("teams[0].headcount")), print(Place(sheet="台账", row=3, column="月")), print(Place(row=3, spot=1))
    teams[0].headcount
    工作表「台账」第 3 行「月」
    第 3 行 B 列
    (None, None, None)
    >>> print(Place("year", line=4, term="计划年度")), print(Place("year", "基本信息", 7, spot=1, term="计划年度"))
    第 4 行 计划年度
    基本信息!B7 计划年度
    (None, None)
    """

    entry: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    spot: int = -1
    name: str = ""
    line: int = 0
    term: str = ""

    def __str__(self) -> str:
        from xlsxwriter.utility import xl_col_to_name

        if self.entry and (self.line or self.row):
            cell = f"{self.sheet}!{xl_col_to_name(self.spot)}{self.row}" if self.row else f"第 {self.line} 行"
            return f"{cell} {self.term or self.entry}"
        number = self.row % PAGE or self.line
        column = f"「{self.column}」" if self.column else f" {xl_col_to_name(self.spot)} 列" if self.spot >= 0 else ""
        return f"{self.within}{self.term or self.entry}{f'第 {number} 行' if number else ''}{column}".strip()

    @property
    def within(self) -> str:
        """The sheet in words, '' where a file has none."""
        return f"工作表「{self.sheet}」" if self.sheet else ""

    @property
    def series(self) -> Place:
        """The place without its row: what the problems of one column share."""
        return (
            Place("", self.sheet, column=self.column) if self.column else Place(self.entry, self.sheet, spot=self.spot)
        )


@dataclass(frozen=True)
class Problem:
    """One fault of the input, or `count` of one kind: file, place, value found, form expected, kind.

    >>> print(Problem("params/a.yaml", Place("teams[0].headcount"), "0", "1 以上的整数（人）"))
    teams[0].headcount = 0：应为 1 以上的整数（人）
    """

    file: str
    place: Place
    found: str
    expected: str
    kind: Flaw = Flaw.VALUE
    count: int = 1

    def __post_init__(self) -> None:
        """Mask what is expected as what was found is masked: a hint may repeat it."""
        object.__setattr__(self, "expected", masked(self.expected))

    def __str__(self) -> str:
        return f"{' = '.join(filter(None, (self.where, self.found)))}：应为 {self.expected}"

    @property
    def where(self) -> str:
        """The place in words."""
        return str(self.place)


class Unfit(ValueError):
    """A value that cannot be taken: the text is the form expected, `kind` the kind of fault."""

    def __init__(self, expected: str, kind: Flaw) -> None:
        super().__init__(expected)
        self.kind = kind


def flaw_of(error: ValueError) -> Flaw:
    """Return the kind of flaw of a value that was refused."""
    return error.kind if isinstance(error, Unfit) else Flaw.VALUE


class PlannersError(Exception):
    """An error whose text tells a planner what to do: a notebook shows that alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


class InputError(PlannersError, ValueError):
    """The input cannot be used; `problems` holds every reason, the text tells them all in Chinese.

    >>> print(InputError([Problem("a.csv", Place(row=3, column="计划家次"), "-8", "0 以上的整数")]))
    输入有 1 处需要改正，没有写出任何文件。
    a.csv
      1. 第 3 行「计划家次」 = -8：应为 0 以上的整数
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = sum(problem.count for problem in self.problems)
        lines = [f"输入有 {count} 处需要改正，没有写出任何文件。"]
        for file, problems in groupby(self.problems, key=lambda problem: problem.file):
            lines += [file, *(f"  {n}. {problem}" for n, problem in enumerate(problems, 1))]
        return "\n".join(lines)


class NoRecords(PlannersError, RuntimeError):
    """Nothing was recorded, so there is nothing to sum up (没有检查记录); the text is one line."""

    WHY = "还没有检查记录，不写年终总结；登记检查记录后再运行"


class Unsolved(PlannersError, RuntimeError):
    """The search ended before it had any plan (求解未完成); the text says what is proved all the same."""


class Impossible(Unsolved):
    """No plan at all keeps to what was asked: proved, not a matter of time (没有任何安排)."""

    def __init__(self, message: str = "没有任何安排满足给定条件"):
        super().__init__(message)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise InputError with all the problems, in order of file; do nothing when there are none."""
    if problems := sorted(problems, key=lambda problem: problem.file):
        raise InputError(problems)
