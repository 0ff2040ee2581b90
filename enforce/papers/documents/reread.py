"""Reading a document again (回读): its paragraphs beside those it was filled with, figure by figure.

A document as it was written must be the same throughout. One that a person has gone on writing in is compared by
figures: a figure that the plan does not give is named with its sentence.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO

from lxml import etree

from enforce.papers.documents.fill import Document, Passage
from enforce.papers.documents.leaves import Piece
from enforce.papers.documents.template import paragraphs, typed_figures
from enforce.words.texts import excerpt

FIGURE = re.compile(r"\d+(?:[.,:]\d+)*\s*[%％‰]?")


@dataclass(frozen=True)
class Difference:
    """A place where a paper is not as the plan has it: the sentence, what is printed, what is true, of which field.

    `figure` is False where only words differ.
    """

    file: str
    sentence: str
    printed: str
    true: str
    field: str = ""
    figure: bool = True

    def __str__(self) -> str:
        verb, field = "应为" if self.figure else "文字原为", f"（字段 {self.field}）" if self.field else ""
        printed, true = (text or "（没有）" for text in (self.printed, self.true))
        return f"{self.file}：“{excerpt(self.sentence)}”印 {printed}，{verb} {true}{field}"


def read_paragraphs(content: bytes) -> list[str]:
    """Return the paragraphs of a document that hold text, in order."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return [text for _, text in paragraphs(etree.fromstring(parts.read("word/document.xml")))]


def own_figures(filled: Document) -> list[str]:
    """Return the figures of a document that no field gave, each with its sentence; none in a clean one."""
    return [
        f"“{excerpt(passage.text)}”里的 {figure}"
        for passage in filled.passages
        for figure in typed_figures("".join("\0" if piece.name else piece.text for piece in passage.pieces))
    ]


def differences(file: str, texts: Sequence[str], filled: Document) -> Iterator[Difference]:
    """Yield where a document's paragraphs differ from those it was filled with; words after figures."""
    wanted = filled.passages
    blocks = SequenceMatcher(None, [_skeleton(one.text) for one in wanted], list(map(_skeleton, texts)), False)
    for kind, a, b, c, d in blocks.get_opcodes():
        if kind == "equal":
            for passage, text in zip(wanted[a:b], texts[c:d], strict=True):
                yield from _figure_differences(file, passage, text)
        else:
            yield from _block_differences(file, wanted[a:b], texts[c:d])


def _skeleton(text: str) -> str:
    return FIGURE.sub("0", unicodedata.normalize("NFKC", text)).strip()


def _figure_differences(file: str, passage: Passage, text: str) -> Iterator[Difference]:
    """Yield the figures that differ between a paragraph and one of the same words."""
    names = [name for piece in passage.pieces for _ in FIGURE.findall(piece.text) for name in (piece.name,)]
    pairs = zip(FIGURE.findall(passage.text), FIGURE.findall(unicodedata.normalize("NFKC", text)), strict=False)
    for n, (true, printed) in enumerate(pairs):
        if true != printed:
            yield Difference(file, text, printed, true, names[n] if n < len(names) else "")


def _block_differences(file: str, wanted: Sequence[Passage], texts: Sequence[str]) -> Iterator[Difference]:
    """Yield what differs where the words differ too: paragraph by paragraph as far as they go together."""
    for n in range(max(len(wanted), len(texts))):
        passage, text = wanted[n] if n < len(wanted) else None, texts[n] if n < len(texts) else ""
        true = FIGURE.findall(passage.text) if passage else []
        printed = FIGURE.findall(unicodedata.normalize("NFKC", text))
        odd = [figure for figure in printed if figure not in true]
        gone = [figure for figure in true if figure not in printed]
        if odd or gone:
            yield Difference(file, text or passage.text, "、".join(odd), "、".join(gone), _field(passage, gone))
        else:
            yield Difference(file, text or passage.text, text, passage.text if passage else "", figure=False)


def _field(passage: Passage | None, figures: Sequence[str]) -> str:
    """Return the names of the fields that give these figures."""
    parts: Sequence[Piece] = passage.pieces if passage else ()
    return "、".join(piece.name for piece in parts if piece.name and set(FIGURE.findall(piece.text)) & set(figures))
