"""xlsx (工作簿) -> its grids: the book's parts, then one pass over the XML of each sheet (sheet.py).

Why not a library: openpyxl tells values or formulas in one reading, knows hidden, merged and struck-through cells in
its full mode only (20,000 rows: 2.5 times the time of the pass below and 2.5 times its memory) and not the date
formats of the Chinese edition; calamine is fast, but sees none of this, and a far cell aborts the whole process.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass, field

from enforce.sheets.grids.draft import MAX_CELLS, Draft, chosen, crowded, finished
from enforce.sheets.grids.grid import Grid
from enforce.sheets.grids.number import shows_date
from enforce.sheets.grids.number_format import format_code
from enforce.sheets.grids.sax import is_on, read_xml, workbook_errors
from enforce.sheets.grids.sniff import Source, part_name
from enforce.sheets.grids.xlsx_sheet import Style, Text, TextReader, corner, read_sheet

#: Characters of all shared strings together.
_MAX_CHARACTERS = 50_000_000
_MOST_STYLES = 100_000
_WORKSHEET = "/worksheet"


@dataclass
class Book:
    """What the sheets of a workbook share."""

    file: str
    #: name, id of the relationship, visible
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    from_1904: bool = False
    #: formulas are to be computed when the book is opened: their stored values may never have been
    uncomputed: bool = False
    styles: dict[str, Style] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)


class Parts:
    """The parts of the zip, looked up whatever capitals and slashes their names are written with."""

    def __init__(self, raw: bytes):
        self.zip = zipfile.ZipFile(io.BytesIO(raw))
        self.names = {part_name(name): name for name in self.zip.namelist()}

    def read(self, part: str, starts: dict, ends: dict) -> None:
        """Read one part by events."""
        with self.zip.open(self.names[part_name(part)]) as stream:
            read_xml(stream, starts, ends)

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the relationships of a part: id -> kind, part."""
        folder = posixpath.dirname(part)
        relations: dict[str, tuple[str, str]] = {}

        def relationship(attributes: dict[str, str]) -> None:
            if attributes.get("TargetMode") == "External":
                return
            target = posixpath.normpath(posixpath.join(folder, attributes["Target"].replace("\\", "/")))
            relations[attributes["Id"]] = attributes["Type"], target.lstrip("/")

        self.read(self.relations(part), {"Relationship": relationship}, {})
        return relations

    def relations(self, part: str) -> str:
        """Return the part that holds the relationships of a part."""
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def __contains__(self, part: str) -> bool:
        return part_name(part) in self.names


def grids(source: Source, sheet: str | None = None) -> tuple[Grid, ...]:
    """Return the grids of a workbook, in its order; InputError when it is damaged or not what it says."""
    with workbook_errors(source.file):
        parts = Parts(source.raw)
        main, *_ = (part for kind, part in parts.targets("").values() if kind.endswith("/officeDocument"))
        book = _book(parts, main, source.file)
        targets = parts.targets(main)
        _shared(parts, book, targets)
        sheets = [entry for entry in book.sheets if targets.get(entry[1], ("",))[0].endswith(_WORKSHEET)]
        wanted = chosen([name for name, _, _ in sheets], sheet, source.file)
        return tuple(_grid(parts, book, sheets[place], targets) for place in wanted)


def _grid(parts: Parts, book: Book, entry: tuple[str, str, bool], targets: dict[str, tuple[str, str]]) -> Grid:
    name, relation, visible = entry
    draft = Draft(book.file, name, visible=visible, from_1904=book.from_1904)
    part = targets[relation][1]
    with parts.zip.open(parts.names[part_name(part)]) as stream:
        read_sheet(stream, draft, book)
    if parts.relations(part) in parts:
        for kind, notes in parts.targets(part).values():
            if kind.endswith("/comments") and notes in parts:
                parts.read(notes, {"comment": lambda given: draft.comments.add(corner(given["ref"]))}, {})
    return finished(draft)


def _book(parts: Parts, main: str, file: str) -> Book:
    """Read the names of the sheets and how days are counted."""
    book = Book(file)

    def properties(attributes: dict[str, str]) -> None:
        book.from_1904 = is_on(attributes.get("date1904"))

    def sheet(attributes: dict[str, str]) -> None:
        # of two vocabularies, for there is a strict form of the format
        relation, *_ = (value for name, value in attributes.items() if name.endswith(" id"))
        book.sheets.append((attributes["name"], relation, attributes.get("state", "visible") == "visible"))

    def computing(attributes: dict[str, str]) -> None:
        book.uncomputed = is_on(attributes.get("fullCalcOnLoad"))

    parts.read(main, {"workbookPr": properties, "sheet": sheet, "calcPr": computing}, {})
    return book


def _shared(parts: Parts, book: Book, targets: dict[str, tuple[str, str]]) -> None:
    """Read the styles and the texts that sheets refer to; a book may have none."""
    for kind, part in targets.values():
        if kind.endswith("/styles") and part in parts:
            book.styles = _styles(parts, part, book.file)
        elif kind.endswith("/sharedStrings") and part in parts:
            book.texts = _shared_texts(parts, part, book.file)


def _styles(parts: Parts, part: str, file: str) -> dict[str, Style]:
    """Return the cell styles by the number cells give: whether they show a date, whether they strike through."""
    codes: dict[str, str] = {}
    fonts: list[bool] = []
    styles: dict[str, Style] = {}
    within = {"numFmts": False, "fonts": False, "cellXfs": False}

    def code(attributes: dict[str, str]) -> None:
        if within["numFmts"]:
            codes[attributes["numFmtId"]] = attributes.get("formatCode", "")

    def font(_: dict[str, str]) -> None:
        fonts.append(False)

    def strike(attributes: dict[str, str]) -> None:
        if within["fonts"]:
            fonts[-1] = is_on(attributes.get("val", "1"))

    def style(attributes: dict[str, str]) -> None:
        if within["cellXfs"]:
            number, place = attributes.get("numFmtId", "0"), int(attributes.get("fontId", 0))
            written = codes.get(number, "")
            dated, drawn = shows_date(int(number), written), format_code(int(number), written)
            styles[str(len(styles))] = Style(dated, place < len(fonts) and fonts[place], drawn)
        if len(styles) > _MOST_STYLES:
            raise crowded(file)

    sections_open = {name: lambda _, name=name: within.update({name: True}) for name in within}
    sections_close = {name: lambda _, name=name: within.update({name: False}) for name in within}
    parts.read(part, {"numFmt": code, "font": font, "strike": strike, "xf": style} | sections_open, sections_close)
    return styles


def _shared_texts(parts: Parts, part: str, file: str) -> list[Text]:
    """Return the shared strings."""
    texts: list[Text] = []
    reader = TextReader()
    room = _MAX_CHARACTERS

    def done(_: str) -> None:
        nonlocal room
        texts.append(reader.taken())
        room -= len(texts[-1][0])
        if room < 0 or len(texts) > MAX_CELLS:
            raise crowded(file)

    parts.read(part, reader.starts, {**reader.ends, "si": done})
    return texts
