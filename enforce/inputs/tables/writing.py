"""The writing (写法): a table of ours as a planner types it, so that reading it gives the same table again."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pandas as pd

from enforce.sheets.columns import Column
from enforce.sheets.form import Form
from enforce.words.months import typed_months
from enforce.words.terms import Term

#: Identifier -> what the terms that have it are called.
_LABELS: dict[str, list[str]] = {}
for _kind in Term.__subclasses__():
    for _member in _kind:
        _LABELS.setdefault(_member.value, []).append(_member.label)


def exchange_table(table: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return a table under the headings of its form, in its order: texts, numbers and days as they are typed.

    >>> from enforce.inputs.tables.forms import FORMS
    >>> row = {"task_id": "P01", "months": (1, 2, 3), "minimum": 4, "maximum": pd.NA, "basis": "会议纪要"}
    >>> exchange_table(pd.DataFrame([row]), FORMS["limits"]).iloc[0].tolist()
    ['P01', '1-3', 4, '', '会议纪要']
    """
    cells = {one.chinese: [exchange_cell(value, one) for value in table[one.name].tolist()] for one in form.ours}
    return pd.DataFrame(cells, dtype=object)


def exchange_cell(value: object, column: Column) -> str | float | date:
    """Return a value as its column reads it.

    >>> from enforce.inputs.tables.forms import FORMS
    >>> tasks = FORMS["tasks"].columns
    >>> exchange_cell((("危化科", 0.5), ("法宣科", 0.0)), tasks["invited"]), exchange_cell("key", tasks["tier"])
    ('危化科=0.5;法宣科=0', '重点检查')
    >>> exchange_cell(((5, 6), (10, 11)), tasks["periods"]), exchange_cell((), tasks["themes"])
    ('5-6|10-11', '')
    """
    if isinstance(value, tuple) and column.nature == "periods":
        return typed_months(value if isinstance(value[0], tuple) else (value,))
    if isinstance(value, tuple):
        return ";".join(_entry(part, column) for part in value)
    if isinstance(value, str):
        return date.fromisoformat(value) if value and column.nature == "date" else _typed_word(value, column)
    if pd.isna(value):
        return ""
    if column.dtype == "bool":
        return "是" if value else "否"
    return int(value) if float(value).is_integer() else float(value)


def _entry(part: object, column: Column) -> str:
    if not isinstance(part, tuple):
        return _typed_word(str(part), column)
    name, other = part
    return ":".join(filter(None, part)) if isinstance(other, str) else f"{name}={other:.12g}"


def _typed_word(value: str, column: Column) -> str:
    """Return the word a planner writes for a value: one that its column reads as nothing but this value."""
    words = [column.aliases.get(value, value), *_LABELS.get(value, ())]
    return next((word for word in words if word != value and _reads(word, value, column)), value)


def _reads(word: str, value: str, column: Column) -> bool:
    with suppress(ValueError):
        return column.value(word) in (value, (value,))
    return False
