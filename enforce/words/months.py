"""Months (月份): the twelve of a plan's year, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable

MONTHS = range(1, 13)
QUARTERS = ("一季度", "二季度", "三季度", "四季度")
#: Period of a figure, as reports name it -> its months; one without a period is of the year.
PERIODS: dict[str, tuple[int, ...]] = {
    "": (*MONTHS,),
    "全年": (*MONTHS,),
    "上半年": (*MONTHS[:6],),
    "下半年": (*MONTHS[6:],),
    "前三季度": (*MONTHS[:9],),
    **{name: (*MONTHS[3 * n : 3 * n + 3],) for n, name in enumerate(QUARTERS)},
    **{f"{month}月": (month,) for month in MONTHS},
    **{f"1-{month}月": (*MONTHS[:month],) for month in MONTHS[1:]},
}


def month_runs(months: Iterable[int], between: str = "、", shortest: int = 2) -> str:
    """Return months in their order, those in a row as a span, of at least `shortest` months.

    >>> month_runs((1, 2, 3, 5, 6, 9)), month_runs((1, 2, 3, 9), ","), month_runs((5, 7, 8), shortest=3)
    ('1-3、5-6、9', '1-3,9', '5、7、8')
    """
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return between.join(f"{run[0]}-{run[-1]}" if len(run) >= shortest else between.join(map(str, run)) for run in runs)


def typed_months(windows: Iterable[Iterable[int]]) -> str:
    """Return the windows of a task as a planner types them in tasks.csv.

    >>> typed_months(((5, 6), (10, 11))), typed_months(((1, 2, 3, 4, 9, 11),))
    ('5-6|10-11', '1-4,9,11')
    """
    return "|".join(month_runs(months, ",") for months in windows)


def months_text(months: Iterable[int]) -> str:
    """Return months as a sentence names them.

    >>> months_text((1, 2, 3)), months_text((5, 6)), months_text(MONTHS)
    ('一季度', '5、6 月', '全年')
    """
    months = list(months)
    if months == [*MONTHS]:
        return "全年"
    quarter = next((n for n in range(4) if months == [*MONTHS[3 * n : 3 * n + 3]]), None)
    return "、".join(map(str, months)) + " 月" if quarter is None else QUARTERS[quarter]
