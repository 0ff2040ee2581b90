"""Checks of what was read (读入的数据)."""

from __future__ import annotations

from enforce.planning.checks.case import Case, Findings, doubt


def check_rows_aside(case: Case) -> Findings:
    """Rows set aside are in no number: whoever reads the numbers must know (放到一边)."""
    if case.rows_aside:
        yield doubt("读入的数据", "有问题的行放到一边，没有计入任何数；改正后再运行", f"{case.rows_aside} 行", "0 行")


def check_sources(case: Case) -> Findings:
    """What was read as it stands and may be wrong: a figure far too large, a comment, another year (输入的疑点)."""
    yield from (doubt(file, sentence) for file, sentence in case.doubts)
