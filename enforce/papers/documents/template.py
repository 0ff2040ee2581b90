"""A template (模板): a Word file with fields in Chinese, read and checked before anything is filled in.

Fields are `{{名称}}`, loops `{%p for 项 in 事项 %}` … `{%p endfor %}`; what the template types itself must hold no
figure that the plan could give.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes
from lxml import etree

from enforce.papers.documents.leaves import Rows
from enforce.words.files import disk_reason, file_bytes
from enforce.words.problems import Flaw, InputError, Place, Problem, refuse
from enforce.words.texts import excerpt, nearest, shown_path

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EMBED = re.compile(r'r:(?:embed|link|id)="([^"]+)"')
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_WORD = re.compile(r"\{%-?\s*(?:p|tr|tc|r)?\s*(\w+)")
_ENDS = {"endfor": "for", "endif": "if"}
_DOCX = "Word 文档（.docx），在 Word 或 WPS 里另存为 docx"
#: What may hold figures of its own: titles, document and article numbers, numbering, names of annexes.
_ALLOWED = re.compile(
    r"《[^》]*》|〔\d{4}〕\s*\d+\s*号|第[\d零〇一二三四五六七八九十百]+条|附件\s*\d*"
    r"|^\s*[（(]?[\d一二三四五六七八九十]+[）)、.．]"
)
_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)*\s*[%％万亿]?|[零〇一二三四五六七八九十百千万两]+(?=家|家次|次|人日|人|张|项|个|天|万元|元|％|%)"
)


@dataclass(frozen=True)
class Template:
    """A template that was read: its file, its bytes, and the figures it types itself, one sentence each."""

    path: Path
    content: bytes
    typed: tuple[str, ...]

    def opened(self) -> DocxTemplate:
        """Return the template, ready to be filled once."""
        return DocxTemplate(BytesIO(self.content))


def environment() -> Environment:
    """Return the language of fields and loops: a field that is not there stops the paper."""
    return Environment(autoescape=True, undefined=StrictUndefined)


def read_template(path: Path, values: Mapping[str, object]) -> Template:
    """Read a template; InputError with every broken field, open loop, missing image and unknown field.

    `values` are the fields there are, by name; a field unknown is told with the nearest of them.
    """
    file = shown_path(path)
    try:
        content = file_bytes(path)
    except OSError as error:
        raise InputError([Problem(file, Place(), disk_reason(error), _DOCX, Flaw.FILE)]) from error
    texts = list(paragraphs(_document_part(file, content)))
    refuse([*_images(file, content), *_tags(file, texts)])
    refuse(_unknown_fields(file, content, values))
    typed = (f"{path.name} 第 {n} 段“{excerpt(text)}”里直接写了 {figure}，应改用字段" for n, text in texts
             for figure in typed_figures(_TAG.sub("\0", text)))  # fmt: skip
    return Template(path, content, tuple(typed))


def _document_part(file: str, content: bytes, name: str = "word/document.xml") -> etree._Element:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            return etree.fromstring(parts.read(name))
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise InputError([Problem(file, Place(), "", _DOCX, Flaw.FILE)]) from error


def paragraphs(document: etree._Element) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs of a document's body that hold text, tables too: number from 1 and text."""
    for n, paragraph in enumerate(document.iter(f"{W}p"), 1):
        text = "".join(node.text or "" if node.tag == f"{W}t" else "\n" for node in paragraph.iter(f"{W}t", f"{W}br"))
        if text.strip():
            yield n, text


def _images(file: str, content: bytes) -> Iterator[Problem]:
    """Yield pictures that the document names and does not hold."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = set(parts.namelist())
        rels = etree.fromstring(parts.read("word/_rels/document.xml.rels"))
        used = set(_EMBED.findall(parts.read("word/document.xml").decode("utf-8")))
    targets = {rel.get("Id"): rel for rel in rels}
    for one in sorted(used):
        rel = targets.get(one)
        target = "" if rel is None else rel.get("Target", "").lstrip("/")
        inside = rel is not None and rel.get("TargetMode") != "External"
        if rel is None or (inside and not {target, f"word/{target}"} & names):
            yield Problem(file, Place("图片"), target or one, "文档里有的图片：请删去后重新插入", Flaw.MISSING)


# --- tags -----------------------------------------------------------------------------------------------------------


def _tags(file: str, texts: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    """Yield broken fields, and loops and conditions that do not close, with their paragraph."""
    opened: list[tuple[int, str, str]] = []
    for n, text in texts:
        place = Place(f"第 {n} 段")
        straight = text.replace("“", '"').replace("”", '"').replace("‘", "'").replace("’", "'")
        if re.search(r"\{\{|\}\}|\{%|%\}|\{#|#\}", _TAG.sub("", straight)):
            yield Problem(file, place, excerpt(text), "成对的 {{ }} 或 {% %}")
            continue
        for tag in _TAG.findall(straight):
            word = _WORD.match(tag)
            if word and word[1] in ("for", "if"):
                opened.append((n, word[1], tag))
            elif word and word[1] in _ENDS and (not opened or opened.pop()[1] != _ENDS[word[1]]):
                yield Problem(file, place, tag, f"前面有没有结束的 {_ENDS[word[1]]}")
                opened.clear()
            if fault := _fault(tag, word[1] if word else ""):
                yield Problem(file, place, tag, fault)
    for n, word, tag in opened:
        yield Problem(file, Place(f"第 {n} 段"), tag, f"后面有 {{%p end{word} %}}", Flaw.MISSING)


def _fault(tag: str, word: str) -> str:
    """Return what is wrong with a tag by itself; '' where nothing is."""
    plain = re.sub(r"^(\{\{|\{%)(?:p|tr|tc|r) ", r"\1 ", tag)
    closing = f"{{% end{word} %}}" if word in ("for", "if") else ""
    if word in ("else", "elif", *_ENDS):
        return ""
    try:
        environment().parse(plain + closing)
    except TemplateSyntaxError:
        return "能读懂的字段，如 {{总家次}}、{%p for 项 in 事项 %}"
    return ""


def _unknown_fields(file: str, content: bytes, values: Mapping[str, object]) -> Iterator[Problem]:
    template = DocxTemplate(BytesIO(content))
    names = template.get_undeclared_template_variables(environment())
    for name in sorted(names - set(values)):
        yield Problem(file, Place(f"字段 {name}"), "", f"已有的字段{nearest(name, values)}", Flaw.UNKNOWN)
    template.init_docx()
    tree = environment().parse(template.patch_xml(template.get_xml()))
    for name, known in dict(_unknown_parts(tree, values)).items():
        yield Problem(file, Place(f"字段 {name}"), "", f"已有的字段{nearest(name, known)}", Flaw.UNKNOWN)


def _unknown_parts(node: nodes.Node, scope: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield parts of fields that are not there, with those that are: in loops without rows and unmet conditions too."""
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        scope = {**scope, node.target.name: _any_row(_known_value(node.iter, scope))}
    if isinstance(node, nodes.Getattr):
        whole = _known_value(node.node, scope)
        if isinstance(whole, Mapping) and node.attr not in whole:
            yield node.attr, tuple(whole)
    for child in node.iter_child_nodes():
        yield from _unknown_parts(child, scope)


def _known_value(node: nodes.Node, scope: Mapping[str, object]) -> object:
    """Return the value that a name, or a part of one, means; None where that is not known."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    whole = _known_value(node.node, scope) if isinstance(node, nodes.Getattr) else None
    return whole.get(node.attr) if isinstance(whole, Mapping) else None


def _any_row(rows: object) -> object:
    """Return what a row of a list may have, with all that any has; None where it is no list of rows."""
    if isinstance(rows, Rows) and not rows:
        return dict.fromkeys(rows.fields)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) for row in rows):
        return None
    return {name: value for row in reversed(rows) for name, value in row.items()}


# --- figures typed by hand -------------------------------------------------------------------------------------------


def typed_figures(text: str) -> list[str]:
    """Return the figures that a text types itself, but for numbering, titles, document and article numbers.

    >>> typed_figures("1. 全年计划检查261家次，依据《三年行动方案（2024—2026年）》第六条，详见附件1。")
    ['261']
    >>> typed_figures("每家检查一次，共二十家次")
    ['一', '二十']
    """
    return [figure.strip() for figure in _FIGURE.findall(_ALLOWED.sub("", unicodedata.normalize("NFKC", text)
                                                       .replace("(", "（").replace(")", "）")))]  # fmt: skip
