"""The legal basis (法律依据): laws and documents a plan may cite, from params/rules/bases*.yaml, one entry by its id.

What nobody has read in the original is `quoted` or `assumed`, and cited only as the planner's own choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from enforce.inputs.parameters.entries import Entry, Fault, IsoDate, Line, Text, checked_entries, form, word_of
from enforce.inputs.parameters.rules import BASIS_FILES, Source, ids_of
from enforce.inputs.parameters.source import located
from enforce.inputs.parameters.yaml_file import parse_yaml, yaml_text
from enforce.words.divisions import NATION, Division, division, place_name
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.terms import BasisKind, Status
from enforce.words.texts import nearest, shown_path

#: Kinds of basis that need no day from which they are in force.
DAYLESS = (BasisKind.MANUAL, BasisKind.OPEN, BasisKind.FORM)
_CODE = re.compile(r"[A-Z]{1,3}-?[0-9]{1,4}")
_ZEROS = re.compile(r"(?<![0-9])-?0*(?=[0-9])")


def basis_code(text: str) -> str:
    """Return the id of a basis; ValueError tells the form expected."""
    if not _CODE.fullmatch(text):
        raise ValueError("依据编号：一至三个大写字母加数字，如 B01")
    return text


BasisCode = Annotated[str, form(basis_code)]


class LegalBasis(Entry):
    """One law or document: what it is called, where and from when to when it is in force, how sure that is."""

    title: Text
    former_title: Line = ""
    number: Line = ""
    issuer: Line = ""
    kind: Annotated[str, word_of(BasisKind, labels=True)]
    scope: Annotated[str, form(place_name)] = NATION
    in_force_from: IsoDate | None = None
    in_force_to: IsoDate | None = None
    covers_to: IsoDate | None = None
    amended: IsoDate | None = None
    successor: BasisCode | None = None
    status: Annotated[str, word_of(Status)]
    dates: Annotated[str, word_of(Status)]
    read_part: Line = ""
    source: Source
    governs: Line = ""
    note: Line = ""

    @property
    def division(self) -> Division:
        """The place it is for."""
        return Division() if self.scope == NATION else division(self.scope)


@dataclass(frozen=True, eq=False)
class Bases:
    """Every basis that may be cited, by its id in the order of the files."""

    entries: dict[str, LegalBasis]


def read_bases(folder: str | Path) -> Bases:
    """Read every file of bases in a folder of rules, none where there is none; InputError tells all problems at once.

    >>> read_bases("params/rules").entries["B03"].covers_to
    '2025-12-31'
    """
    entries: dict[str, LegalBasis] = {}
    problems: list[Problem] = []
    files: dict[str, str] = {}
    for path in sorted(Path(folder).glob(BASIS_FILES)):
        file = shown_path(path)
        try:
            more, faults = _file_entries(yaml_text(path), file)
        except InputError as error:
            more, faults = {}, error.problems
        twice = [
            Problem(file, Place(code), "另一文件已有", "不重复的编号", Flaw.REPEATED) for code in more if code in files
        ]
        problems += [*faults, *twice]
        entries |= more
        files |= dict.fromkeys(more, file)
    for code, basis in entries.items() if not problems else ():
        if basis.successor and basis.successor not in entries:
            expected = listed_basis(basis.successor, [*entries])
            problems.append(Problem(files[code], Place(f"{code}.successor"), basis.successor, expected, Flaw.UNKNOWN))
    refuse(problems)
    return Bases(entries)


def basis_ids(folder: str | Path) -> tuple[str, ...] | None:
    """Return the ids that may be cited, in order; None where they cannot be read, as is told elsewhere."""
    return ids_of(read_bases, folder)


def listed_basis(code: str, known: Sequence[str]) -> str:
    """Return what should stand in place of an id that is not known; the same number with other zeros goes first.

    >>> listed_basis("B1", ["B31", "B01"])
    '依据清单里有的编号；是否想写「B01」？'
    """
    if not known:
        return "规则文件夹里有依据清单 bases.yaml（现在没有）"
    plain = _ZEROS.sub("", code.upper())
    return "依据清单里有的编号" + nearest(code, [one for one in known if _ZEROS.sub("", one) == plain] or known)


@lru_cache(maxsize=8)
def _file_entries(text: str, file: str) -> tuple[dict[str, LegalBasis], tuple[Problem, ...]]:
    """Return the sound entries of one file, and the problems of the others; a text is read once."""
    source = parse_yaml(text, file)
    entries, problems = checked_entries(LegalBasis, source, file, basis_code, _contradicted)
    return entries, tuple(located(problems, source))


def _contradicted(code: str, basis: LegalBasis) -> Iterator[Fault]:
    """Yield what does not go together in one basis: its days, how sure they are, its successor."""
    if not basis.in_force_from and basis.dates != Status.ASSUMED and basis.kind not in DAYLESS:
        yield "in_force_from", "（没有写）", '施行日期，如 "2024-03-13"；没有见到日期的，dates 写 assumed'
    if basis.in_force_from and basis.in_force_to and basis.in_force_to <= basis.in_force_from:
        yield "in_force_to", basis.in_force_to, f"晚于施行日期 {basis.in_force_from} 的日期"
    if basis.successor == code:
        yield "successor", code, "另一份文件的编号"
