"""Headings (标题): the paragraphs of a text as a tree, each heading or item with the counts in its brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from enforce.inputs.documents.numerals import DATES, Plain, plain_form
from enforce.words.claims import PERCENT, Block, Numeral

#: The marks of a numbered paragraph, the widest level first.
_MARKS = (
    (1, re.compile(r"附件[\d一二三四五六七八九十]*[：:]?$|附表[\d一二三四五六七八九十]*[：:]?$")),
    (2, re.compile(r"第[一二三四五六七八九十\d]+[章部]分?")),
    (3, re.compile(r"[一二三四五六七八九十]{1,3}[、.．]|第[一二三四五六七八九十\d]+节")),
    (4, re.compile(r"\([一二三四五六七八九十]{1,3}\)[、，.]?")),
    (5, re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))")),
    (6, re.compile(r"\(\d{1,2}\)[、，.]?|\d{1,2}\)")),
    (7, re.compile(r"[①-⑳]")),
)
_COUNTED = re.compile(r"\((?:计划|全年|总计|合计|共计|共|计|约|检查|安排|拟|抽查|执法)*$")
_TITLE_END = re.compile(r"[。；]|：(?!\d)")
_LONGEST = 4000


@dataclass(eq=False)
class Node:
    """A heading or item: its level, title without mark, the counts printed with it, its own paragraphs, its parts."""

    level: float
    title: str = ""
    counts: dict[str, Numeral] = field(default_factory=dict)
    body: list[Plain] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)
    above: Node | None = None

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def path(self) -> tuple[str, ...]:
        """The titles from the top down to this one."""
        return (*(self.above.path if self.above else ()), self.title)


def tree(passages: Sequence[Block]) -> Node:
    """Return the paragraphs of one file as a tree; cells of tables are left out.

    >>> root = tree([Block("", "", text) for text in ("一、安排", "（一）重点检查（共178家次）", "甲。")])
    >>> [(node.title, [str(one.value) for one in node.counts.values()]) for node in root.walk()][1:]
    [('安排', []), ('重点检查', ['178'])]
    """
    root = node = Node(0)
    for passage in passages:
        if passage.table:
            continue
        for part in _item_pieces(passage):
            text = plain_form(part)
            if not text.text:
                continue
            level, mark = _heading_level(text.text, part.level)
            if level:
                while node.level >= level:
                    node = node.above or root
                node = _new_node(node, level, mark, text)
            node.body.append(text)
    return root


def _item_pieces(passage: Block) -> Iterator[Block]:
    """Yield a paragraph cut before every numbered item within it, where there are two or more."""
    if len(passage.text) > _LONGEST:  # no paragraph of a plan is so long: what looks back in it stays quick
        yield from (replace(passage, text=one) for one in re.findall(rf"(?s).{{1,{_LONGEST}}}", passage.text))
        return
    pieces = re.split(r"(?<=[。；：;:，,])\s*(?=[（(]\d{1,2}[)）]|[①-⑳])", passage.text)
    if len(pieces) == 2 and not re.match(r"\s*[（(]\d{1,2}[)）]|[①-⑳]", pieces[0]):
        pieces = [passage.text]
    yield from (replace(passage, text=piece) for piece in pieces if piece.strip())


def _heading_level(text: str, style: int) -> tuple[float, int]:
    """Return the level of a paragraph and the length of its mark; 0 where it opens nothing."""
    for level, mark in _MARKS:
        if match := mark.match(text):
            return level, 0 if level == 1 else match.end()
    return (2 + 0.9 * style, 0) if style else (0, 0)


def _new_node(above: Node, level: float, mark: int, text: Plain) -> Node:
    end = _TITLE_END.search(text.text, mark)
    stop = end.start() if end else len(text.text)
    node = Node(level, re.sub(r"\([^()]*\)", "", text.text[mark:stop]), above=above)
    above.parts.append(node)
    for figure in text.figures:
        if (
            mark <= figure.start < stop
            and figure.exact
            and figure.unit not in DATES
            and figure.unit not in (PERCENT, "")
        ):
            bracket = _COUNTED.search(text.text[mark : figure.start])
            last = figure.end == stop and "，" not in text.text[mark:stop] and stop - mark < 40
            if bracket or last or (node.counts and text.depth(figure.start) and text.text[figure.start - 1] in "、，/"):
                node.counts.setdefault(figure.unit, figure)
    if node.counts:
        node.title = re.sub(r"[共计约：]+$", "", node.title.replace(next(iter(node.counts.values())).printed, ""))
    return node
