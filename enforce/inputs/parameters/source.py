"""The source (来源): the raw entries of a parameter file, with the place of each for the faults in it."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from enforce.inputs.parameters.entries import Entry, entry_term
from enforce.words.problems import Place, Problem


class EntrySource(dict):
    """The entries of a file as plain data; `places` gives the line or the cell of an entry by its path."""

    def __init__(self, entries: dict, places: dict[str, Place]) -> None:
        super().__init__(entries)
        self.places = places

    def __deepcopy__(self, memo: dict) -> EntrySource:
        return EntrySource(deepcopy(dict(self), memo), self.places)

    def place(self, entry: str, model: type[Entry] | None = None) -> Place:
        """Return the place of an entry, or of the nearest that holds it, with its term.

        >>> print(EntrySource({}, {"teams[0]": Place(line=7)}).place("teams[0].headcount"))
        第 7 行 teams[0].headcount
        """
        nearest = entry
        while nearest and nearest not in self.places:
            nearest = nearest[: max(nearest.rfind("."), nearest.rfind("["), 0)]
        place = self.places.get(nearest, Place())
        return replace(place, entry=entry, term=entry_term(model, self, entry) if model else "")


def located(problems: Iterable[Problem], source: dict, model: type[Entry] | None = None) -> list[Problem]:
    """Return problems of entries with the line or cell of each, and what planners call it."""
    if not isinstance(source, EntrySource):
        return list(problems)
    return [replace(one, place=_located(one.place, source, model)) for one in problems]


def _located(place: Place, source: EntrySource, model: type[Entry] | None) -> Place:
    """Return the place of an entry; one that has its line or cell already is only called by its term."""
    if not place.entry or place.line or place.term:
        return place
    known = source.place(place.entry, model)
    return replace(place, term=known.term) if place.row else known
