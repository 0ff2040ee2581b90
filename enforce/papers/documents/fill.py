"""Filling (填写): a template and values make a document, the same bytes for the same values, every figure traced.

The document is filled once with invisible marks around each value; what is written is that text without them, and
what stands between them is what the read-back expects.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from jinja2 import UndefinedError
from lxml import etree
from markupsafe import Markup, escape

from enforce.papers.books.book import Meta
from enforce.papers.documents.leaves import Blank, FieldNames, Leaf, Piece, leaves, pieces, unmarked
from enforce.papers.documents.package import bare_properties, repeatable
from enforce.papers.documents.ruled_table import SPACE, Ruled, table_xml
from enforce.papers.documents.template import Template, environment, paragraphs
from enforce.papers.screen.cells import unsafe_characters
from enforce.words.problems import Flaw, InputError, Place, Problem
from enforce.words.texts import nearest, shown_path

_LACKING = re.compile(r"no attribute '([^']+)'|'([^']+)' is undefined")


@dataclass(frozen=True)
class Passage:
    """A paragraph of a document, in tables too: its number from 1 and its text in pieces, each of its value."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraph as it is printed."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Document:
    """A document: its bytes, and every paragraph with what it was filled from."""

    content: bytes
    passages: tuple[Passage, ...]


def document(template: Template, values: Mapping[str, object], meta: Meta) -> Document:
    """Fill a template; `meta` gives its properties and, until the plan is approved, the state on its first page.

    InputError where a value is not set (with where to set it), and where a loop asks what its rows do not have.
    """
    names = FieldNames()
    document = template.opened()
    fields = leaves(values)
    language = environment()
    language.finalize = lambda value: _printed(value, names, _text_width(document))
    try:
        document.render(fields, language, autoescape=True)
    except (UndefinedError, LookupError) as error:
        raise InputError([_missing_field(template, error, fields)]) from error
    _set_properties(document.docx.core_properties, meta)
    _mark_state(document.docx.element.body, meta, names)
    made = BytesIO()
    document.save(made)
    return _unmarked_document(made, names)


def _printed(value: object, names: FieldNames, width: int) -> object:
    """Return a value as it stands in a document, marked with its name; a Blank raises what is to be set where."""
    if isinstance(value, Blank):
        raise LookupError(value.where)
    if isinstance(value, Leaf) and isinstance(value.value, Ruled):
        return Markup(table_xml(value.value, value.name, names, width))  # noqa: S704 - its cells are escaped
    if isinstance(value, Leaf):
        return names.marked(value.name, value.text)
    return names.marked("序号", str(value)) if type(value) is int else value


def _text_width(document: object) -> int:
    """Return the width of the text on the page of a document's last section, in twips."""
    page = document.docx.sections[-1]
    return round((page.page_width - page.left_margin - page.right_margin) / 635)


def _missing_field(template: Template, error: Exception, fields: object) -> Problem:
    file = shown_path(template.path)
    if isinstance(error, UndefinedError):
        match = _LACKING.search(str(error))
        name = next(filter(None, match.groups()), "") if match else str(error)
        return Problem(
            file, Place(f"字段 {name}"), "", f"已有的字段{nearest(name, sorted(_field_names(fields)))}", Flaw.UNKNOWN
        )
    return Problem(file, Place("字段"), "没有值", str(error.args[0]), Flaw.MISSING)


def _field_names(fields: object) -> set[str]:
    """Return the names of all values, at any depth."""
    if isinstance(fields, dict):
        return {*fields, *(name for value in fields.values() for name in _field_names(value))}
    return {name for value in fields for name in _field_names(value)} if isinstance(fields, list) else set()


def _set_properties(core: object, meta: Meta) -> None:
    """Say of the document what it is, of which plan and version, and how far that has come."""
    made = datetime.fromisoformat(meta.approved_on or f"{meta.year}-01-01")
    core.title, core.author, core.last_modified_by = meta.title, meta.bureau, meta.bureau
    core.subject, core.keywords = meta.marks or meta.version, meta.plan
    core.comments, core.category = "\n".join(filter(None, (meta.version, *meta.notes)))[:255], meta.document
    core.created = core.modified = made
    core.revision, core.language = 1, "zh-CN"
    core.identifier = core.content_status = core.version = ""


def _mark_state(body: etree._Element, meta: Meta, names: FieldNames) -> None:
    """Put what no reader may miss on the first page: that the plan is a draft, an estimated calendar."""
    if meta.marks:
        text = escape(names.marked("状态", f"【{meta.marks}】"))
        look = '<w:rFonts w:ascii="黑体" w:hAnsi="黑体" w:eastAsia="黑体"/><w:sz w:val="24"/>'
        run = f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"
        body.insert(0, etree.fromstring(f'<w:p xmlns:w="{SPACE}"><w:pPr><w:jc w:val="right"/></w:pPr>{run}</w:p>'))


def _unmarked_document(made: BytesIO, names: FieldNames) -> Document:
    """Return the document without marks, and its passages with them."""
    content = repeatable(
        made, lambda part, body: bare_properties(part, _plain(body)) if part.endswith(".xml") else body
    )
    with zipfile.ZipFile(made) as parts:
        marked = paragraphs(etree.fromstring(parts.read("word/document.xml")))
    return Document(content, tuple(Passage(n, tuple(pieces(text, names.names))) for n, text in marked))


def _plain(body: bytes) -> bytes:
    return unmarked(body.decode("utf-8")).encode("utf-8")


def unsafe_problems(file: str, filled: Document) -> list[Problem]:
    """Return the texts that must not reach a reader: control characters, marks that turn text round."""
    return [
        Problem(file, Place(f"第 {passage.number} 段"), "、".join(codes), "不含控制字符和改变文字方向的字符")
        for passage in filled.passages
        if (codes := unsafe_characters(passage.text.replace("\n", "")))
    ]
