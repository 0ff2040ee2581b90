"""The value as typed (填写的值): how it is shown in a message, and what no typed value may hold."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from enforce.words.personal import masked
from enforce.words.problems import Place, Problem

#: Characters nobody sees: controls, zero-width, direction overrides, surrogates, noncharacters.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufdd0-\ufdef\ufff9-\uffff\ud800-\udfff]"
)
#: Problems of one kind listed one by one; a planner mends the cause, not the two-hundredth row.
MOST = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def shown(value: object) -> str:
    """Return a value for a message: hidden characters by code point, long numbers masked, 30 characters.

    >>> shown("83家次"), shown("11010519491231002X"), shown(""), shown(True), shown([1, 2])
    ('83家次', '110105*******1002X', '（空）', 'true', '（2 项）')
    """
    if isinstance(value, dict | list | tuple):
        return f"（{len(value)} 项）"
    text = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    text = HIDDEN.sub(lambda hidden: f"<U+{ord(hidden[0]):04X}>", masked(text))
    return (text if len(text) <= 30 else text[:29] + "…") or "（空）"


def shown_path(path: Path) -> str:
    """Return a path for a message: as the user gave it, never the whole path of a machine.

    >>> shown_path(Path("../params/../data/tasks.csv")), shown_path(Path("/far/away/data/tasks.csv"))
    ('../data/tasks.csv', 'data/tasks.csv')
    """
    if not path.is_absolute():
        return Path(os.path.normpath(path)).as_posix()
    if path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd()).as_posix()
    return "/".join(path.parts[-2:])


def cut(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with the first 20 of each column one by one, and behind them how many others there are.

    >>> many = [Problem("a.csv", Place(row=n, column="月"), "", "1 到 12 的整数") for n in range(1, 26)]
    >>> len(cut(many)), print(cut(many)[-1])
    「月」 = 另有 5 处同类问题：应为 逐处改正
    (21, None)
    """
    columns: dict[tuple[str, Place], list[Problem]] = {}
    listed = []
    for problem in problems:
        column = columns.setdefault((problem.file, problem.place.series), [])
        column.append(problem)
        listed += [problem] if len(column) <= MOST else []
    return [*listed, *(_others(column, column[0].place.series) for column in columns.values() if len(column) > MOST)]


def shortened(problems: list[Problem], place: Place) -> list[Problem]:
    """Return problems of one kind, the first 20 one by one, and behind them how many others there are at `place`."""
    return problems if len(problems) <= MOST else [*problems[:MOST], _others(problems, place)]


def _others(problems: list[Problem], place: Place) -> Problem:
    """Return the problems after the first 20 as one."""
    count = len(problems) - MOST
    place = place if str(place) else Place("各行")
    return replace(problems[0], place=place, found=f"另有 {count} 处同类问题", expected="逐处改正", count=count)


def beside(path: Path, relative: str) -> Path:
    """Return a path written relative to a file's folder.

    >>> beside(Path("params/a.yaml"), "../data/calendar").as_posix()
    'data/calendar'
    """
    return Path(os.path.normpath(path.parent / relative))


def book_title(title: str) -> str:
    """Return the title of a document between the marks of one (书名号), those inside it turned.

    >>> book_title("《某办法》问题解答")
    '《〈某办法〉问题解答》'
    """
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def bare_title(title: str) -> str:
    """Return what two writings of one title share: no marks, no spaces, no name of the country before it.

    >>> bare_title("《中华人民共和国 安全生产法》") == bare_title("安全生产法")
    True
    """
    return re.sub(r"^中华人民共和国", "", re.sub(r"\W", "", title))


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return a hint naming the known word a misspelt one may mean; '' when none is close.

    >>> nearest("headcout", ["team", "headcount"])
    '；是否想写「headcount」？'
    """
    near = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return f"；是否想写「{near[0]}」？" if near else ""


def real_date(text: str) -> str:
    """Return an ISO date that exists; ValueError tells the form expected.

    >>> real_date("2024-02-29")
    '2024-02-29'
    >>> real_date("2023-02-29")
    Traceback (most recent call last):
    ValueError: 真实存在的日期，写作 年-月-日，如 2024-03-13
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError("真实存在的日期，写作 年-月-日，如 2024-03-13")


def one_line(text: str, limit: int = 300) -> str:
    """Return a text of one line with nothing hidden in it; ValueError tells the form expected.

    >>> one_line("a\\u202eb")
    Traceback (most recent call last):
    ValueError: 不含换行、制表符和看不见的字符（这里有 U+202E）的文字
    """
    if hidden := HIDDEN.search(text):
        raise ValueError(f"不含换行、制表符和看不见的字符（这里有 U+{ord(hidden[0]):04X}）的文字")
    if text != text.strip():
        raise ValueError("首尾不带空格的文字")
    if len(text) > limit:
        raise ValueError(f"{limit} 字以内的文字（现有 {len(text)} 字）")
    return text


def excerpt(text: str, most: int = 60) -> str:
    """Return the beginning of a text on one line, as a message quotes it.

    >>> excerpt("全年计划检查\\n261家次", 8)
    '全年计划检查 2…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
