"""The vocabulary (本局用语): what a bureau calls its area, its levels, its key units, its flags and its kinds of task.

These words are data of the plan. What a kind of task is for (terms.Kind) is a closed list; what a bureau calls it is
not, and nothing compares with one of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from enforce.words.terms import Kind, names_of

#: Flags of units (对象标签) of a plan that lists none of its own, by the identifiers that old tables may hold.
FLAGS = names_of("flag")
#: What the kinds but the key list are called in a plan that lists none of its own.
_KINDS = (
    ("重点时段专项", Kind.KEY_PERIOD),
    ("专项检查", Kind.CAMPAIGN),
    ("跨区域交互检查", Kind.EXCHANGE),
    ("执法抽查", Kind.SPOT_CHECK),
    ("部门联合抽查", Kind.JOINT),
)


@dataclass(frozen=True)
class Vocabulary:
    """The words of one bureau.

    `area` is what its area is (区, 县, 市), `street` the level below it; `levels` are those of authority, `our_level`
    the one whose units this bureau inspects; `hazards` are the flags of units, `kinds` words with what each is for.
    """

    area: str
    street: str
    key_units: str
    levels: tuple[str, ...]
    our_level: str
    hazards: tuple[str, ...]
    kinds: tuple[tuple[str, Kind], ...]


def vocabulary(
    *,
    area: str = "区",
    street: str = "街镇",
    key_units: str = "",
    levels: Sequence[str] = (),
    our_level: str = "",
    hazards: Sequence[str] = (),
    kinds: Sequence[tuple[str, Kind]] = (),
) -> Vocabulary:
    """Return the words of a bureau; what it does not say follows from its area and street, the others are the usual.

    >>> county = vocabulary(area="县", street="乡镇")
    >>> county.key_units, county.levels, county.our_level, county.kinds[0]
    ('县重点单位', ('市级', '县级', '乡镇级'), '县级', ('县重点单位', <Kind.KEY_LIST: 'key_list'>))
    """
    key_units = key_units or f"{area}重点单位"
    return Vocabulary(
        area,
        street,
        key_units,
        tuple(levels or dict.fromkeys(("市级", f"{area}级", f"{street}级"))),
        our_level or f"{area}级",
        tuple(hazards or FLAGS.values()),
        tuple(kinds or ((key_units, Kind.KEY_LIST), *_KINDS)),
    )
