"""XML parts (XML 部件): read by events, with no tree, no DTD and no token without end.

expat is the standard library's own parser. No tree is built, so memory does not grow with the part.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile

from enforce.sheets.grids.sniff import damaged, refusal
from enforce.words.problems import InputError

_CHUNK = 64 * 1024
_LONGEST_TOKEN = 4 * 1024 * 1024

#: What reading a file whose parts do not fit together ends in.
_BROKEN = (
    expat.ExpatError,
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    ValueError,
    ArithmeticError,
    RuntimeError,
)

Starts = dict[str, Callable[[dict[str, str]], None]]
Ends = dict[str, Callable[[str], None]]


def is_on(value: str | None) -> bool:
    """Return a switch as XML writes it.

    >>> is_on("1"), is_on("false"), is_on(None)
    (True, False, False)
    """
    return value in ("1", "true", "on")


class DtdFoundError(Exception):
    """A part declares a document type: the door to entities that grow or that read other files."""


def read_xml(stream: BinaryIO, starts: Starts, ends: Ends, encoding: str | None = None) -> None:
    """Call `starts` with the attributes and `ends` with the text of each element they name.

    Names are those of the root's vocabulary, or 'vocabulary name'; whatever else stands in the part is passed by.
    Attributes of a vocabulary are named so too. DtdFoundError before anything is expanded; ExpatError and ValueError
    when the part is damaged. `encoding` counts more than what the part says of itself.
    """
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    parser.buffer_text, parser.buffer_size = True, _CHUNK
    texts: list[str] = []
    opening: Starts = {}
    closing: Ends = {}

    def root(name: str, attributes: dict[str, str]) -> None:
        vocabulary = name[: name.find(" ") + 1]
        opening.update({key if " " in key else vocabulary + key: call for key, call in starts.items()})
        closing.update({key if " " in key else vocabulary + key: call for key, call in ends.items()})
        parser.StartElementHandler = start
        start(name, attributes)

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in closing:
            texts.clear()
        if name in opening:
            opening[name](attributes)

    def end(name: str) -> None:
        if name in closing:
            closing[name]("".join(texts))

    parser.StartElementHandler, parser.EndElementHandler = root, end
    parser.CharacterDataHandler = texts.append
    parser.StartDoctypeDeclHandler = _refuse_dtd
    _feed(parser, stream)


def _refuse_dtd(*_: object) -> None:
    raise DtdFoundError


def _feed(parser: expat.XMLParserType, stream: BinaryIO) -> None:
    """Feed a stream in pieces; a token that does not end would be read again with every piece."""
    fed = 0
    while piece := stream.read(_CHUNK):
        parser.Parse(piece)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > _LONGEST_TOKEN:
            raise ValueError("token without end")
    parser.Parse(b"", True)


@contextmanager
def workbook_errors(file: str) -> Iterator[None]:
    """Turn what goes wrong inside a workbook into an InputError in Chinese."""
    try:
        yield
    except InputError:
        raise
    except DtdFoundError:
        expected = "不带实体定义的文件：请在 Excel/WPS 里打开后另存为 xlsx"
        raise refusal(file, "XML 里定义了 DTD 或实体", expected) from None
    except _BROKEN:
        raise damaged(file) from None
