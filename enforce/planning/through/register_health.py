"""The health of the register (台账体检): what is missing or odd in the list of units, counted, never filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from enforce.planning.visits import closed
from enforce.words.vocabulary import Vocabulary

_MOST = 3
_COLUMNS = ("finding", "units", "examples", "note")


class Unread(NamedTuple):
    """What the reader knows of the register beside its table: one text per row, such as 第 12 行."""

    invalid_codes: tuple[str, ...] = ()
    duplicate_codes: tuple[str, ...] = ()
    bad_levels: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def register_health(
    units: pd.DataFrame, tasks: pd.DataFrame, words: Vocabulary, unread: Unread | None = None
) -> pd.DataFrame:
    """Count what is missing or odd in the register (家): one row per kind of finding.

    Columns finding, units, examples, note. A grade or level that is missing stays missing: nothing is assumed for it.
    `words` are the bureau's levels and flags; `unread` is what only the reading knows: the rows set aside.
    """
    unread = unread or Unread()
    rows = [
        ("台账企业", len(units), "", "读入的企业"),
        *_unread_rows(unread),
        *_missing_rows(units, words.levels),
        _row("已注销、停产或关闭", _names(units, closed(units)), "按经营状态一栏"),
        _row(
            "重点单位没有对象标签",
            _names(units, units["is_key"].fillna(False).astype(bool) & ~_flagged(units)),
            "不进入按标签选取的事项",
        ),
        *_flag_rows(units, tasks, words.hazards),
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(finding: str, names: Iterable[str], note: str = "") -> tuple[str, int, str, str]:
    names = list(names)
    return finding, len(names), "、".join(names[:_MOST]) + ("等" if len(names) > _MOST else ""), note


def _unread_rows(unread: Unread) -> Iterator[tuple]:
    """Rows of the file that are not in the table."""
    aside = "已放到一边，不在上面的企业数里"
    yield _row("代码不正确", unread.invalid_codes, aside)
    yield _row("代码重复", unread.duplicate_codes, aside)
    yield _row("执法层级有两个或认不出", unread.bad_levels, aside)
    yield _row("其他原因放到一边", unread.other, aside)


def _missing_rows(units: pd.DataFrame, levels: Iterable[str]) -> Iterator[tuple]:
    """What is left empty."""
    credit, risk = (_empty(units, column) for column in ("credit_grade", "risk_grade"))
    yield _row("没有信用等级", _names(units, credit), "不代填，不参加按信用排序")
    yield _row("没有风险等级", _names(units, risk), "不代填，不参加按风险排序")
    yield _row("信用、风险等级都没有", _names(units, credit & risk), "同时计入上面两行")
    yield _row("没有执法层级", _names(units, _empty(units, "level")), f"应为 {'、'.join(levels)} 之一")
    yield _row("从未检查", _names(units, _empty(units, "last_visit")), "没有上次检查日期")


def _empty(units: pd.DataFrame, column: str) -> pd.Series:
    return units[column].isna() | units[column].eq("").fillna(True).astype(bool)


def _flagged(units: pd.DataFrame) -> pd.Series:
    return units["hazards"].map(bool)


def _names(units: pd.DataFrame, chosen: pd.Series) -> list[str]:
    return units.loc[chosen].sort_values("unit_id")["name"].tolist()


def _flag_rows(units: pd.DataFrame, tasks: pd.DataFrame, hazards: Iterable[str]) -> Iterator[tuple]:
    """Units by flag, and by pairs of flags: a unit with two flags counts under both."""
    yield _row("没有对象标签", _names(units, ~_flagged(units)))
    chosen = _chosen_by(tasks)
    with_flag = {flag: units["hazards"].map(lambda flags, flag=flag: flag in flags) for flag in hazards}
    for flag, rows in with_flag.items():
        lines = f"{'、'.join(chosen[flag])} 按此选取" if flag in chosen else "没有事项按此选取"
        yield f"标签：{flag}", int(rows.sum()), "", lines
    for one, other in combinations(with_flag, 2):
        both = int((with_flag[one] & with_flag[other]).sum())
        if both:
            yield f"同时有：{one}＋{other}", both, "", "在上面两个标签里各计一次"


def _chosen_by(tasks: pd.DataFrame) -> Mapping[str, list[str]]:
    """Return which lines of the plan choose units by each flag."""
    task_ids: dict[str, list[str]] = {}
    for task_id, flags in zip(tasks["task_id"], tasks["hazards"], strict=True):
        for flag in flags:
            task_ids.setdefault(flag, []).append(task_id)
    return task_ids
