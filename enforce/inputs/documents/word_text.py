"""A Word file (docx): its paragraphs and cells, text boxes, footnotes and comments; what is not read is named."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from enforce.sheets.grids.sniff import MAX_PARTS, MAX_UNPACKED, MEGABYTE, encrypted, refusal
from enforce.words.claims import Block
from enforce.words.problems import InputError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WHOLE = "完整的 docx：请重新复制或下载，或在 Word/WPS 里另存为 docx"
_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BODY, _MAX_BODY, _MAX_RATIO = "word/document.xml", 20 * MEGABYTE, 200
MOST_CHARACTERS = 1_000_000
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=False)
#: Parts beside the body: file, what its passages are called, element that holds one.
_BESIDE = (("word/footnotes.xml", "脚注", "footnote"), ("word/endnotes.xml", "尾注", "endnote"))
_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})


def word_blocks(raw: bytes, file: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the passages of a Word file and what of it was not read; InputError where it cannot be read.

    Tracked changes are read as if accepted, text boxes, footnotes and endnotes as passages of their own.
    """
    parts = _read_parts(raw, file)
    try:
        body = etree.fromstring(parts[_BODY], _PARSER)
        levels = _levels(parts.get("word/styles.xml"))
    except (KeyError, etree.XMLSyntaxError):
        raise refusal(file, "不完整或已损坏", _WHOLE) from None
    refuse_long(sum(len(one.text or "") for one in body.iter(f"{_W}t")), file)
    passages = [*_passages(body, file, levels), *_boxes(body, file), *_footnotes(parts, file)]
    if not any(one.text.strip() for one in passages):
        raise refusal(file, "Word 文档里没有文字，像是扫描的图片", "有文字的 Word 文档")
    return tuple(passages), tuple(_unread(body, parts))


def refuse_long(characters: int, file: str) -> None:
    """Raise InputError where a text is longer than any plan."""
    if characters > MOST_CHARACTERS:
        raise refusal(file, f"{characters // 10_000} 万字，不像一份计划", f"{MOST_CHARACTERS // 10_000} 万字以内的文字")


def _read_parts(raw: bytes, file: str) -> dict[str, bytes]:
    """Return the parts that are read; a bomb is refused by the zip's directory."""
    if (parts := raw.count(b"PK\x01\x02")) > MAX_PARTS:
        raise refusal(file, f"压缩包里的文件有 {parts} 个，像压缩炸弹", "大小正常的 docx：请另存为新文件")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = package.infolist()
            if any(entry.flag_bits & 1 for entry in entries):
                raise encrypted(file)
            total = sum(entry.file_size for entry in entries)
            ours = {entry.filename: entry for entry in entries if entry.filename.startswith("word/")}
            bomb = any(
                one.file_size > MEGABYTE and one.file_size > _MAX_RATIO * max(one.compress_size, 1) for one in entries
            )
            body = ours.get(_BODY)
            if total > MAX_UNPACKED or bomb or (body and body.file_size > _MAX_BODY):
                raise refusal(file, f"解压后 {total // MEGABYTE} MB，像压缩炸弹", "大小正常的 docx：请另存为新文件")
            names = [_BODY, "word/styles.xml", "word/comments.xml", *(name for name, _, _ in _BESIDE)]
            return {name: package.read(ours[name]) for name in names if name in ours} | {
                name: b"" for name in ours if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name)
            }
    except InputError:
        raise
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise refusal(file, "不完整或已损坏", _WHOLE) from None


def _levels(styles: bytes | None) -> dict[str, int]:
    """Return the levels of headings by the id of their style."""
    if not styles:
        return {}
    levels = {}
    for style in etree.fromstring(styles, _PARSER).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        match = (
            re.fullmatch(r"(?:heading|标题)\s*(\d)", (name.get(f"{_W}val") or "").lower()) if name is not None else None
        )
        if match:
            levels[style.get(f"{_W}styleId")] = int(match[1])
    return levels


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph as it reads with its changes accepted, without that of boxes in it."""
    texts = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        if element.tag in _DELETED or element.tag in (f"{_W}txbxContent", _ALTERNATE):
            continue
        if element.tag == f"{_W}t":
            texts.append(element.text or "")
        elif element.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr") and element.getparent().tag == f"{_W}r":
            texts.append("\t" if element.tag == f"{_W}tab" else "\n")
        stack += reversed(element)
    return "".join(texts)


def _style_level(paragraph: etree._Element, levels: dict[str, int]) -> int:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return levels.get(style.get(f"{_W}val"), 0) if style is not None else 0


def _passages(body: etree._Element, file: str, levels: dict[str, int]) -> Iterator[Block]:
    """Yield the paragraphs and the cells of the body in their order."""
    paragraphs = tables = 0
    for element in body.iter(f"{_W}p", f"{_W}tbl"):
        holder = next(element.iterancestors(f"{_W}tbl", f"{_W}txbxContent"), None)
        if holder is not None:
            continue
        if element.tag == f"{_W}p":
            paragraphs += 1
            for part in text_of(element).split("\n"):
                if part.strip():
                    yield Block(file, f"第 {paragraphs} 段", part, _style_level(element, levels), number=paragraphs)
        else:
            tables += 1
            yield from _table_blocks(element, file, tables)


def _table_blocks(table: etree._Element, file: str, number: int) -> Iterator[Block]:
    for row, element in enumerate(table.iterfind(f"{_W}tr")):
        column = 0
        for cell in element.iterfind(f"{_W}tc"):
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            text = "\n".join(filter(None, map(text_of, cell.iter(f"{_W}p")))).strip()
            if text and not goes_on:
                place = f"表 {number} 第 {row + 1} 行第 {column + 1} 格"
                yield Block(file, place, text, 0, number, row, column)
            column += int(span.get(f"{_W}val")) if span is not None else 1


def _boxes(body: etree._Element, file: str) -> Iterator[Block]:
    for n, box in enumerate(
        (one for one in body.iter(f"{_W}txbxContent") if not any(one.iterancestors(_ALTERNATE))), 1
    ):
        for paragraph in box.iter(f"{_W}p"):
            if text := text_of(paragraph).strip():
                yield Block(file, f"文本框 {n}", text)


def _footnotes(parts: dict[str, bytes], file: str) -> Iterator[Block]:
    for name, called, tag in _BESIDE:
        if name in parts:
            for n, note in enumerate(etree.fromstring(parts[name], _PARSER).iter(f"{_W}{tag}"), -1):
                if text := "".join(map(text_of, note.iter(f"{_W}p"))).strip():
                    yield Block(file, f"{called} {max(n, 1)}", text)


def _unread(body: etree._Element, parts: dict[str, bytes]) -> Iterator[str]:
    """Yield what of the file was not read, or read in a way its reader should know."""
    if changes := sum(1 for _ in body.iter(f"{_W}ins", f"{_W}del", f"{_W}moveTo", f"{_W}moveFrom")):
        yield f"有 {changes} 处修订标记，按接受修订以后的文字读"
    if parts.get("word/comments.xml"):
        count = sum(1 for _ in etree.fromstring(parts["word/comments.xml"], _PARSER).iter(f"{_W}comment"))
        if count:
            yield f"有 {count} 条批注，没有读"
    if any(re.fullmatch(r"word/(?:header|footer)\d*\.xml", name) for name in parts):
        yield "页眉、页脚没有读"
    if any(True for _ in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}pic")):
        yield "图片里的文字没有读"
