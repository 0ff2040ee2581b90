"""A leaf (字段): one value of a paper with its name, so that whatever is printed can be traced to it.

While a paper is filled each value carries invisible marks; `pieces` parts a printed text at them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Noncharacters: no text that a reader could mean holds them, and XML takes them.
_OPEN, _NAMED, _CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS = re.compile(f"{_OPEN}\\d+{_NAMED}|{_CLOSE}")
_PIECES = re.compile(f"{_OPEN}(\\d+){_NAMED}([^{_OPEN}{_CLOSE}]*){_CLOSE}|([^{_OPEN}]+)")


class FieldNames:
    """The names of the values printed in one paper (登记), each by its number."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def marked(self, name: str, text: str) -> str:
        """Return a text between marks that name its value; '' stays ''."""
        if not text:
            return text
        self.names.append(name)
        return f"{_OPEN}{len(self.names) - 1}{_NAMED}{text}{_CLOSE}"


@dataclass(frozen=True)
class Piece:
    """A part of a printed text: `name` of the value it is of, '' where the template's own words are."""

    text: str
    name: str = ""


def unmarked(text: str) -> str:
    """Return a text as it is printed, without marks."""
    return _MARKS.sub("", text)


def pieces(text: str, names: Sequence[str]) -> list[Piece]:
    """Return the parts of a marked text in order.

    >>> fields = FieldNames()
    >>> pieces(f"共{fields.marked('总家次', '261')}家次", fields.names)
    [Piece(text='共', name=''), Piece(text='261', name='总家次'), Piece(text='家次', name='')]
    """
    return [
        Piece(other) if other else Piece(inside, names[int(number)])
        for number, inside, other in _PIECES.findall(text)
        if other or inside
    ]


@dataclass(frozen=True, eq=False)
class Leaf:
    """One value of a paper: its name from the root (层次[1].家次), and the value, which conditions compare."""

    name: str
    value: object

    @property
    def text(self) -> str:
        """The value as it is printed: nothing where there is none."""
        return "" if self.value is None else f"{self.value}"

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Leaf) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __gt__(self, other: object) -> bool:
        return self.value > (other.value if isinstance(other, Leaf) else other)

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True)
class Blank:
    """A value the plan does not give (待填): `where` says where it is set; printing it stops the paper."""

    where: str

    def __bool__(self) -> bool:
        return False


class Rows(list):
    """Rows of a paper (行) that may be none: `fields` are what each has, so that a loop over none is checked too."""

    def __init__(self, rows: Iterable[Mapping[str, object]], fields: Sequence[str]) -> None:
        super().__init__(rows)
        self.fields = tuple(fields)


def leaves(value: object, name: str = "") -> object:
    """Return nested values with every single one a leaf named from the root.

    >>> leaves({"层次": [{"家次": 178}]})["层次"][0]["家次"]
    Leaf(name='层次[1].家次', value=178)
    """
    if isinstance(value, Mapping):
        return {key: leaves(item, f"{name}.{key}" if name else str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [leaves(item, f"{name}[{n}]") for n, item in enumerate(value, 1)]
    return value if isinstance(value, Blank) else Leaf(name, value)
