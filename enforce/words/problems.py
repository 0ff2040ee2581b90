"""Problems with what was put in (输入问题): rows that say where, what is there and what is expected.

Bad input raises once, with every problem; a doubtful plan never raises, it yields findings (planning/checks.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of the input: file, place, value found, form expected.

    >>> print(Problem("params/a.yaml", "teams[0].headcount", "0", "1 以上的整数（人）"))
    teams[0].headcount = 0：应为 1 以上的整数（人）
    """

    file: str
    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        found = f" = {self.found}" if self.found else ""
        return f"{self.where}{found}：应为 {self.expected}"


@dataclass(frozen=True, order=True)
class Others(Problem):
    """So many problems of one kind that are not told one by one."""

    count: int = 1

    @classmethod
    def of(cls, file: str, where: str, count: int) -> Others:
        """Return them as one row.

        >>> print(Others.of("a.csv", "「月」", 5))
        「月」 = 另有 5 处同类问题：应为 逐处改正
        """
        return cls(file, where, f"另有 {count} 处同类问题", "逐处改正", count)


class InputError(ValueError):
    """The input cannot be used; `problems` holds every reason, the text tells them all in Chinese.

    >>> print(InputError([Problem("a.csv", "第 3 行「计划家次」", "-8", "0 以上的整数")]))
    输入有 1 处需要改正，没有写出任何文件。
    a.csv
      1. 第 3 行「计划家次」 = -8：应为 0 以上的整数
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = sum(problem.count if isinstance(problem, Others) else 1 for problem in self.problems)
        lines = [f"输入有 {count} 处需要改正，没有写出任何文件。"]
        for file, found in groupby(self.problems, key=lambda problem: problem.file):
            lines += [file, *(f"  {n}. {problem}" for n, problem in enumerate(found, 1))]
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """In a notebook show the message alone: a planner can act on it, not on a traceback."""
        return str(self).splitlines()


class Unsolved(RuntimeError):
    """The search ended before it had any plan (求解未完成); the text says what is proved all the same."""

    def _render_traceback_(self) -> list[str]:
        """In a notebook show the message alone."""
        return [str(self)]


class Impossible(Unsolved):
    """No plan at all keeps to what was asked: proved, not a matter of time (没有任何安排)."""

    def __init__(self, message: str = "没有任何安排满足给定条件"):
        super().__init__(message)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise InputError with all the problems, in order of file; do nothing when there are none."""
    found = tuple(problems)
    if found:
        raise InputError(sorted(found, key=lambda problem: problem.file))
