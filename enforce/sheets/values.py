"""The value (取值): a cell as a planner or Excel left it, turned into the one text its column reads.

The nature of a column says in which ways its cells may be written. What is not certain raises
ValueError(form expected); a change stands beside the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from enforce.sheets import dates, quantities
from enforce.sheets.codes import STORED_AS_NUMBER, compact, ruined_advice
from enforce.sheets.columns import Column
from enforce.sheets.grids.grid import Ruined
from enforce.sheets.normal import BLANKS, half, is_blank, key, named, refuse_marks
from enforce.sheets.windows import window_months
from enforce.words.problems import Flaw, flaw_of


@dataclass(frozen=True)
class Setting:
    """What is known of every cell: the year of a day without one, the unit of money in yuan (0: unknown), whether
    numbers may be Excel's days since 1900, and ids by the names that may stand for them.
    """

    year: int | None = None
    per_unit: int = 1
    serials: bool = True
    ids: Mapping[str, str] = field(default_factory=dict)


class Read(NamedTuple):
    """One cell as read: its text, the value, whether the text was changed.

    One that cannot be read has the form `expected` and the kind of flaw.
    """

    text: str
    value: object
    changed: bool = False
    expected: str = ""
    flaw: Flaw = Flaw.VALUE


def read_cell(cell: object, column: Column, setting: Setting, empty: object = ...) -> Read:
    """Read a cell of a column; an empty one is `empty` where that is given, else what the column says.

    >>> from enforce.sheets.columns import integer
    >>> visits = Column("planned_visits", integer(0), nature="count", units=("家次", "次"))
    >>> read_cell("８３家次", visits, Setting())
    Read(text='83', value=83, changed=True, expected='', flaw=<Flaw.VALUE: 'value'>)
    """
    try:
        text = written(cell, column, setting)
        value = column.value(text) if text or empty is ... else empty
    except ValueError as error:
        return Read("" if cell is None else str(cell), None, False, str(error), flaw_of(error))
    return Read(text, value, _is_changed(cell, text, column))


def sound(texts: Iterable[str], column: Column) -> Container[str]:
    """Return the texts of a column that are values as they stand, many at once; each is what read_cell would read."""
    many = getattr(column.parse, "sound", None) if column.nature in ("text", "name", "code") else None
    return many(texts) - _EMPTY.get(column.nature, BLANKS) if many else ()


def written(cell: object, column: Column, setting: Setting) -> str:
    """Return the text of a cell in the one writing of its column; '' for an empty one."""
    if is_blank(cell):
        return ""
    if isinstance(cell, str) and cell.strip() in _EMPTY.get(column.nature, BLANKS):
        return ""
    if isinstance(cell, str):
        for part in _SEPARATOR.split(cell) if column.nature in _LISTS else (cell,):
            refuse_marks(part)
    return _NATURES[column.nature](cell, column, setting)


_UNKNOWN = frozenset({"不详", "未知", "不明", "待定", "待查", "待核实", "待补", "待补充", "待填", "未填"})
_NEVER = frozenset({"从未检查", "未检查", "未检查过", "从未", "没有检查过"})
_UNGRADED = frozenset({"未评", "未评定", "未评级", "未定级", "未分级", "待评", "待评定", "尚未评定"})
#: The texts that mean an empty cell, where they are others: 无 may be a word of a sentence, and is 否 to a question.
_EMPTY = {
    "text": BLANKS - {"NA", "null", "NULL", "nan", "NaN", "None"} | _UNKNOWN | {"否", "没有"},
    "name": BLANKS - {"NA"},
    "date": BLANKS | _NEVER,
    "day_or_month": BLANKS | _NEVER,
    "grade": BLANKS | _UNGRADED,
    "yes_no": BLANKS - {"无"},
}


def _is_changed(cell: object, text: str, column: Column) -> bool:
    """Whether the value is not what stands in the cell, so that the planner is shown."""
    if cell is None:
        return False
    if isinstance(cell, str):
        return cell != text and not (column.nature in _LISTS and _SEPARATOR.split(cell) == _SEPARATOR.split(text))
    if column.nature == "date":
        return not isinstance(cell, date) or (isinstance(cell, datetime) and cell.time() != time())
    return text != str(cell)


# --- natures --------------------------------------------------------------------------------------------------------

#: Days in figures or words; 一个半天 may be half a day, and one and a half.
_IN_DAYS = re.compile(
    r"(半|[0-9]+(?:\.[0-9]*)?|[一二三四五六七八九十两]+)个?(半(?=工作))?(?:天|日|人日|人天|工作日|工作天)?(半)?"
)
_SEPARATOR = re.compile(r"\s*[;；、,，/|\n\r]\s*")
#: A line break beside a sign that parts or joins already.
_BROKEN = re.compile(r"(?<=[、,，;；|｜至到~～-])\n|\n(?=[、,，;；|｜至到~～])")
_LISTS = ("words", "list")
_YES = frozenset(["是", "√", "✓", "✔", "☑", "TRUE", "YES", "Y", "1", "有", "对"])
_NO = frozenset(["否", "×", "✗", "✘", "☒", "FALSE", "NO", "N", "0", "无", "没有", "不是"])
_GRADE = re.compile(r"(.+?)(?:级|类|色|风险|等级|级风险|色风险|色预警|色等级)")
_MONTH = re.compile(r"(?:([0-9]{4})[-/.年])?(0?[1-9]|1[0-2])(?:月份?)?")
_PERCENT = re.compile(r"(100|[1-9]?[0-9](?:\.[0-9]{1,2})?)\s*%")
_TWO_GRADES = re.compile(r"([^()]+)\(([^()]+)\)")
_RUINED = "以文本存放的编号（已被 Excel 存成数字，15 位以后的数字可能已丢失；请设为“文本”格式后从原系统重新导出）"
_EXCEL_DATE = "文字（Excel 把它变成了日期，请把该列设为“文本”格式后重填，如 1-3）"


def _unmarked(text: str) -> str:
    """Return a text without the apostrophe that makes Excel take a number as text."""
    return re.sub(r"^\s*['’＇](?=[0-9０-９])", "", text)


def _spaced(text: str) -> str:
    """Return a text with line breaks as spaces: what they part is never joined to one number or day."""
    return re.sub(r"\s*[\r\n\t]+\s*", " ", text.strip())


def _plain(cell: object) -> str:
    """Return a number as text; a date or a yes is none, and one that Excel has cut is lost."""
    if isinstance(cell, Ruined):
        raise ValueError(_RUINED)
    if isinstance(cell, bool):
        raise ValueError("文字或数字（这里是逻辑值 TRUE 或 FALSE）")
    if isinstance(cell, date):
        raise ValueError(_EXCEL_DATE)
    return str(cell)


def _text(cell: object, column: Column, setting: Setting) -> str:
    return named(_plain(cell))


def _word(cell: object, column: Column, setting: Setting) -> str:
    text = half(_plain(cell))
    return column.aliases.get(text, text)


def _id(cell: object, column: Column, setting: Setting) -> str:
    text = half(_unmarked(_plain(cell)))
    if ruined_advice(text):
        raise ValueError(_RUINED)
    return text


def _code(cell: object, column: Column, setting: Setting) -> str:
    if isinstance(cell, int | float):
        raise ValueError(STORED_AS_NUMBER)
    return compact(_plain(cell))


def _reference(cell: object, column: Column, setting: Setting) -> str:
    text = named(_plain(cell))
    return setting.ids.get(key(text), text)


def _count(cell: object, column: Column, setting: Setting) -> str:
    return quantities.count(_spaced(_unmarked(_plain(cell))), column.units)


def _money(cell: object, column: Column, setting: Setting) -> str:
    text = (
        format(Decimal(str(cell)), "f")
        if isinstance(cell, int | float) and not isinstance(cell, bool)
        else _plain(cell)
    )
    return quantities.yuan(_spaced(_unmarked(text)), setting.per_unit)


def _days(cell: object, column: Column, setting: Setting) -> str:
    if isinstance(cell, float):
        return f"{cell:.12g}"
    text = half(_spaced(_plain(cell)))
    if re.search("小时|分钟", text):
        raise ValueError("以天计的数，0.25 的倍数，如 0.25、0.5、1（这里写的是小时，请折成天）")
    days = _IN_DAYS.fullmatch(re.sub(r" (?![0-9.半一二三四五六七八九十两])", "", text))
    if not days or (days[1] == "半" and (days[2] or days[3])):
        return text
    number = "0.5" if days[1] == "半" else str(quantities.in_words(days[1]) or days[1])
    number = re.sub(r"(\.[0-9]*?)0+$", r"\1", number).removesuffix(".")
    return f"{number}.5" if days[2] or days[3] else number


def _share(cell: object, column: Column, setting: Setting) -> str:
    """Read 50 % as 0.5."""
    text = f"{cell:.12g}" if isinstance(cell, float) else half(_spaced(_plain(cell)))
    percent = _PERCENT.fullmatch(text)
    return format((Decimal(percent[1]) / 100).normalize(), "f") if percent else text


def _date(cell: object, column: Column, setting: Setting) -> str:
    if isinstance(cell, bool):
        raise ValueError(dates.FORM)
    return dates.iso(_spaced(_unmarked(cell)) if isinstance(cell, str) else cell, setting.year, setting.serials)


def _day_or_month(cell: object, column: Column, setting: Setting) -> str:
    """Read a date, or a month of the plan's year where no more is known."""
    text = "" if isinstance(cell, bool | date) else re.sub(r"\s", "", half(str(cell)))
    month = _MONTH.fullmatch(text)
    if not month or not (month[1] or setting.year):
        return _date(cell, column, setting)
    return f"{month[1] or setting.year}-{int(month[2]):02}"


def _dated(cell: object, column: Column, setting: Setting) -> str:
    """Read a day and the text beside it: a cell that is a day alone as one, else as it stands."""
    try:
        return _date(cell, column, setting)
    except ValueError:
        return named(_plain(cell))


def _yes_no(cell: object, column: Column, setting: Setting) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    text = half(_plain(cell))
    return "是" if text.upper() in _YES else "否" if text.upper() in _NO else text


def _grade(cell: object, column: Column, setting: Setting) -> str:
    """Read A级, 红色 and 重大风险 as A, 红 and 红; 红（重大）, which says it twice, as 红."""
    text = half(_plain(cell)).replace(" ", "")
    both = _TWO_GRADES.fullmatch(text)
    grades = {_short(part, column) for part in both.groups()} if both else set()
    return grades.pop() if len(grades) == 1 else _short(text, column)


def _short(text: str, column: Column) -> str:
    """Return a grade without 级, 色 and the like, in a capital where it is a letter; the colour of a risk."""
    grade = _GRADE.fullmatch(text)
    short = grade[1] if grade and text not in column.aliases else text
    return column.aliases.get(short, short.upper() if len(short) == 1 else short)


def _state(cell: object, column: Column, setting: Setting) -> str:
    """Read 存续 and 已停产 as 在营 and 停业; a word that is not known stays, and is refused."""
    text = half(_plain(cell))
    short = text.removeprefix("已")
    return column.aliases.get(text, column.aliases.get(short, short))


def _list(cell: object, column: Column, setting: Setting) -> str:
    return named(re.sub(r"\s*[;；]?\s*[\r\n]+\s*", ";", _plain(cell).strip()))


def _word_list(cell: object, column: Column, setting: Setting) -> str:
    words = _SEPARATOR.split(half(re.sub(r"[\r\n]+", ";", _plain(cell).strip())))
    return ";".join(column.aliases.get(word, word) for word in words)


def _periods(cell: object, column: Column, setting: Setting) -> str:
    lines = re.sub(r"\s*[\r\n]+\s*", "\n", _plain(cell).strip())
    return window_months(half(_BROKEN.sub("", lines).replace("\n", ",")), setting.year)


_NATURES: dict[str, Callable[[object, Column, Setting], str]] = {
    "text": _text,
    "name": _text,
    "word": _word,
    "id": _id,
    "code": _code,
    "reference": _reference,
    "count": _count,
    "money": _money,
    "days": _days,
    "share": _share,
    "date": _date,
    "day_or_month": _day_or_month,
    "dated": _dated,
    "yes_no": _yes_no,
    "grade": _grade,
    "state": _state,
    "list": _list,
    "words": _word_list,
    "periods": _periods,
}
