"""The cell (格) of one choice: what a planner left in it as YAML would have it, and a value as it is typed.

A list stands in one cell, parted by semicolons, or by line breaks where an item has one; entries of a list are 名称=数.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from enforce.inputs.parameters.plan_sheets import ChoiceLeaf
from enforce.sheets.columns import Column
from enforce.sheets.values import Setting, written

#: What stands for a text that is there and empty, where leaving it out means something else.
NOTHING = "无"
_SPLIT, _LINES = re.compile(r"[;；、]"), re.compile(r"\n")
_UNIT = re.compile(r"（(.+)）")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
_NATURES = {"date": "date", "whole": "count", "number": "days", "share": "share"}


def leaf_value(cell: object, leaf: ChoiceLeaf) -> object:
    """Return what a cell stands for, as YAML would have it; None for one that says nothing.

    >>> leaf_value("6、7.5", ChoiceLeaf(("parts",), "加数", "number", many=True))
    [6, 7.5]
    >>> leaf_value("15%", ChoiceLeaf(("reserve_share",), "留有余地", "share"))
    0.15
    """
    if leaf.many or leaf.parts:
        parts = [part.strip() for part in (_LINES if "\n" in str(cell) else _SPLIT).split(str(cell)) if part.strip()]
        if not leaf.parts:
            return [_one(part if isinstance(cell, str) else cell, leaf) for part in parts]
        pairs = [_pair(part, leaf) for part in parts]
        return dict(map(dict.values, pairs)) if leaf.keyed else pairs
    return _one(cell, leaf)


def _pair(text: str, leaf: ChoiceLeaf) -> dict[str, object]:
    """Return one entry of a list in one cell, 执法大队=6."""
    names = [part.path[0] for part in leaf.parts]
    values = [value.strip() for value in text.replace("＝", "=").rsplit("=", len(names) - 1)]
    if len(values) < 2:
        raise ValueError(f"{'='.join(part.heading for part in leaf.parts)}，用分号隔开")
    read = {name: _one(value, part) for name, value, part in zip(names, values, leaf.parts, strict=False) if value}
    return {name: value for name, value in read.items() if value is not None}


def _one(cell: object, leaf: ChoiceLeaf) -> object:
    """Return one text, date or number."""
    if leaf.kind == "text":
        if isinstance(cell, bool | date):
            raise ValueError("文字（这里是日期或 TRUE、FALSE，请把单元格设为“文本”格式后重填）")
        text = str(cell).strip()
        return "" if text == NOTHING and leaf.optional and leaf.default is None else text
    if leaf.kind != "date" and isinstance(cell, int | float) and not isinstance(cell, bool):
        return int(cell) if float(cell).is_integer() else cell
    unit = _UNIT.search(leaf.heading)
    text = written(cell, Column("", str, nature=_NATURES[leaf.kind], units=(unit[1],) if unit else ()), Setting())
    if leaf.kind == "date" or not _NUMBER.fullmatch(text):
        return text or None
    return float(text) if "." in text else int(text)


def leaf_cell(value: object, leaf: ChoiceLeaf) -> str | int | float | date | None:
    """Return a value as it is typed into its cell, so that `leaf_value` gives the same again.

    >>> pair = (ChoiceLeaf(("team",), "科队", "text"), ChoiceLeaf(("days",), "人日", "number"))
    >>> leaf_cell([{"team": "执法大队", "days": 6.0}], ChoiceLeaf(("reserved_days",), "预留人日", "text", parts=pair))
    '执法大队=6'
    """
    if leaf.parts:
        names = [part.path[0] for part in leaf.parts]
        pairs = value.items() if isinstance(value, Mapping) else ([one.get(name) for name in names] for one in value)
        return _list_cell(["=".join(map(_typed_text, pair)) for pair in pairs])
    if leaf.many:
        return _list_cell([_typed_text(part) for part in value])
    if value == "":
        return NOTHING if leaf.optional and leaf.default is None else None
    if leaf.kind == "date" and value:
        return date.fromisoformat(value)
    if isinstance(value, str):
        return next((word for word, meaning in leaf.words.items() if meaning == value), value)
    return _whole_or_not(value)


def _whole_or_not(value: object) -> object:
    return (int(value) if value == int(value) else float(value)) if isinstance(value, float | Decimal) else value


def _typed_text(value: object) -> str:
    return "" if value is None else str(_whole_or_not(value))


def _list_cell(parts: list[str]) -> str | None:
    """Return the items of a list as one cell: by line, with a break behind a single one, where an item has a mark."""
    if any(_SPLIT.search(part) for part in parts):
        return "\n".join(parts) + "\n" * (len(parts) == 1)
    return ";".join(parts) or None
