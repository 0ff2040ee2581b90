"""Clauses (分句): what the clauses of a plan have to do with each other where no 其中 or 合计 ties them.

Totals in a sentence of their own, cuts of the year's total elsewhere, frequencies whose firms were counted before,
groups of officers, days of visits. Each yields a claim only where the words leave one reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from enforce.inputs.documents.headings import Node
from enforce.inputs.documents.numerals import Plain
from enforce.inputs.documents.prose import SUMMED, counts, is_part, label_before, nearly, sum_claim
from enforce.words.claims import PERCENT, Claim, ClaimRule, Numeral, close

_NEAR = 60  # paragraphs of a section that a total below them may be of
_TOTALLED = re.compile(r"以上|上述|全年|合计|总计|共计|总共|累计|共")
_NO_LIST = re.compile(r"其中|包括|每|上年|去年|同期|累计|增|减|比例|不少于|剩余|实际")
_YEARLY = {"两年": "0.5", "年": "1", "半年": "2", "季": "4", "季度": "4", "月": "12"}
_EVERY = re.compile(r"每(两年|半年|年|季度?|月)(?:至少)?(?:开展|执法|监督|各)*(?:检查)?$")
_DAYS = re.compile(r"每家次(?:需|约|平均|按|用)*$")
_GROUPS = re.compile(
    r"(?P<number>\d+)个?(?:检查|执法|工作|联合|专项|小)*(?P<noun>组|中队|大队|科室|街道|乡镇|镇街)(?!织|成)"
)
_LEFT = re.compile(r"(?:剩余|尚有|还有|余下|未整改(?:到位)?|正在整改)的?$")


def clause_claims(node: Node, whole: Numeral | None, earlier: Sequence[Plain]) -> Iterator[Claim]:
    """Yield what the clauses of a node's own paragraphs claim; `earlier` are the paragraphs before them."""
    yield from _lines_below(node.body)
    before: list[Plain] = [text for part in _elder(node) for text in part.body][-_NEAR:]
    for n, text in enumerate(node.body):
        yield from _own_sentence(text, before, "家次")
        yield from _own_sentence(text, before, "家")
        yield from _cuts(text, whole)
        yield from _frequencies(text, [*earlier, *node.body[:n]])
        yield from _clause_groups(text)
        yield from _visit_days(text)
        yield from _leftovers(text)
        before.append(text)


def _elder(node: Node) -> Sequence[Node]:
    parts = node.above.parts if node.above else []
    return [one for part in parts[: parts.index(node)] for one in part.walk()] if node in parts else []


def _clause_spans(text: Plain) -> list[tuple[int, int]]:
    """Return where the clauses of a paragraph stand: between 。 and ；."""
    ends = [match.end() for match in re.finditer("[。；]", text.text)]
    return [*zip([0, *ends], [*ends, len(text.text)], strict=True)]


def _totals(text: Plain, begin: int, end: int, unit: str = "家次") -> list[Numeral]:
    ones = [one for one in counts(text, begin, end) if one.unit == unit and not text.depth(one.start)]
    return [one for one in ones if is_part(text, one)]


def _closing(text: Plain, begin: int, end: int, unit: str) -> list[Numeral]:
    """Return the visits a clause comes to: its total, its only count, or each of a list."""
    ones = _totals(text, begin, end, unit)
    totals = [one for one in ones if re.search(r"[共计]$", text.text[begin : one.start])]
    return totals[-1:] or ones


def _own_sentence(text: Plain, before: Sequence[Plain], unit: str) -> Iterator[Claim]:
    """Yield that a total in a sentence of its own is that of the clauses before it, in its paragraph or above."""
    parts: list[Numeral] = []
    for begin, end in _clause_spans(text):
        total = _lone_total(text, begin, end, unit)
        above = before[-_NEAR:] if total and len(parts) < 2 else ()
        run = [one for paragraph in above for one in _comes_to(paragraph, unit)] or parts
        if total and len(run) > 1:
            gap = sum(one.value for one in run) - total.value
            slight = close(total.value, total.value + gap) and re.search(
                "以上|总计|合计", text.text[begin : total.start]
            )
            if not gap or slight or nearly(total, run):
                yield sum_claim(ClaimRule.GROUP, total, run, sure=not gap)
        parts = [total] if total else parts + _closing(text, begin, end, unit)


def _comes_to(text: Plain, unit: str) -> list[Numeral]:
    """Return the visits of the clauses of a paragraph, or the total that closes them."""
    parts: list[Numeral] = []
    for begin, end in _clause_spans(text):
        total = _lone_total(text, begin, end, unit)
        parts = [total] if total else parts + _closing(text, begin, end, unit)
    return parts


def _lone_total(text: Plain, begin: int, end: int, unit: str) -> Numeral | None:
    """Return the visits a clause opens with as a total, where it has no others."""
    ones = _totals(text, begin, end, unit)
    lead = text.text[begin : ones[0].start] if len(ones) == 1 else ""
    opens = len(ones) == 1 and counts(text, begin, end)[0] is ones[0] and "，" not in lead
    return ones[0] if opens and _TOTALLED.search(lead) and not _NO_LIST.search(lead) else None


def _lines_below(body: Sequence[Plain]) -> Iterator[Claim]:
    """Yield that what stands before 其中： is the sum of the lines below it, each closed with ； but the last."""
    for n, text in enumerate(body):
        lines: list[Plain] = []
        for line in body[n + 1 :] if text.text.endswith("其中：") else ():
            lines.append(line)
            if not line.text.endswith("；"):
                break
        for total in {one.unit: one for one in counts(text) if is_part(text, one)}.values():
            ones = [[one for one in counts(line) if one.unit == total.unit][-1:] for line in lines]
            parts = [one for line in ones for one in line]
            each = len(lines) > 1 and len(parts) == len(lines)
            if each and (sum(one.value for one in parts) == total.value or nearly(total, parts)):
                yield sum_claim(ClaimRule.GROUP, total, parts)


def _cuts(text: Plain, whole: Numeral | None) -> Iterator[Claim]:
    """Yield that a sentence of three counts or more, one to a clause, is a cut of the year's total."""
    for sentence in re.finditer(r"[^。]+", text.text) if whole else ():
        ones = _totals(text, *sentence.span())
        parted = [piece for piece in re.split("[，、；]", sentence[0]) if re.search(r"\d[家户企处矿厂点店]次", piece)]
        halves = len(ones) == 2 and "上半年" in sentence[0] and "下半年" in sentence[0]
        if (
            (len(ones) < 3 and not halves)
            or whole in ones
            or len(parted) != len(ones)
            or len(counts(text, *sentence.span())) != len(ones)
        ):
            continue
        listed = not _NO_LIST.search(sentence[0]) and not any(SUMMED.search(text.text[: one.start]) for one in ones)
        if listed and (sum(one.value for one in ones) == whole.value or nearly(whole, ones)):
            yield sum_claim(ClaimRule.GROUP, whole, ones, sure=len(ones) == 12)


def _base(name: str, before: Sequence[tuple[Plain, int]]) -> Numeral | None:
    """Return the one count of firms printed under a name before a place."""
    bare = re.sub(r"^对|(?:生产|经营)?(?:企业|单位)$", "", name)
    every = [
        one
        for text, end in before
        for one in counts(text, 0, end)
        if one.unit == "家" and re.sub(r"(?:企业|单位)$", "", label_before(text, one)) == bare
    ]
    return every[-1] if len({one.value for one in every}) == 1 else None


def _frequencies(text: Plain, before: Sequence[Plain]) -> Iterator[Claim]:
    """Yield 煤矿每月检查1次，共36家次 and 抽查比例为30%，每年1次，共69家次 with the firms counted before."""
    for match in re.finditer(r"[^。；，]+(?:，[^。；，]+){1,3}", text.text):
        for begin, end in _pieces(text, match):
            ones = _totals(text, begin, end)
            others = [one for one in counts(text, begin, end) if one.unit == "家"]
            name = re.match(
                r"(?:\(?[一二三四五六七八九十\d]+[)、.])?(?:[\u4e00-\u9fff]+：)?(?:对)?([\u4e00-\u9fffA-Z]{2,16}?)(?=每|按|抽查比例|检查比例|检查频次)",
                text.text[begin:end],
            )
            if len(ones) != 1 or others or not name:
                continue
            figures = [one for one in text.figures if begin <= one.start < ones[0].start]
            times = next((one for one in figures if one.unit == "次"), None)
            ratio = next((one for one in figures if one.unit == PERCENT), None)
            every = _EVERY.search(text.text[begin : times.start]) if times else None
            base = _base(name[1], [*((one, len(one.text)) for one in before), (text, begin)])
            if base and (every or (ratio and not times)):
                factors = (base, *(one for one in (times, ratio) if one))
                scale = Decimal(_YEARLY[every[1]] if every else 1) / (100 if ratio else 1)
                slack = Decimal("0.9999") if ratio else Decimal(0)
                yield Claim(ClaimRule.RATIO, ones[0], ((scale, factors),), slack=slack, sure=scale != Decimal("0.5"))


def _pieces(text: Plain, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a clause that end with visits."""
    begin = match.start()
    for one in _totals(text, *match.span()):
        yield begin, one.end
        begin = one.end + 1


def _clause_groups(text: Plain) -> Iterator[Claim]:
    """Yield 24人，分为6个组，每组4人 and 每组检查10家，共60家: groups times what each has."""
    number = _GROUPS.search(text.text)
    groups = next((one for one in text.figures if number and one.start == number.start()), None)
    for one in counts(text) if groups else ():
        before = text.text[: one.start]
        if not re.search(rf"每个?[^，。；\d]{{0,4}}{number['noun']}[^，。；\d]{{0,4}}$", before) and not (
            before.endswith("每") and re.match("一?组", text.text[one.end :])
        ):
            continue
        others = [other for other in counts(text) if other.unit == one.unit and other not in (one, groups)]
        others = [other for other in others if not re.search(r"每[^，。；\d]{0,8}$", text.text[: other.start])]
        if len(others) == 1:
            yield Claim(ClaimRule.PRODUCT, others[0], ((Decimal(1), (groups, one)),))


def _visit_days(text: Plain) -> Iterator[Claim]:
    """Yield 108家次，每家次5个工作日，需540个工作日: visits times the days of each."""
    for begin, end in _clause_spans(text):
        ones = counts(text, begin, end)
        for each, days in pairwise(ones):
            visits = [one for one in ones if one.unit == "家次" and one.end <= each.start][-1:]
            people = any(one.unit == "人" for one in ones if one.start < days.start) and not each.printed.endswith(
                "人日"
            )
            if visits and not people and each.unit == days.unit == "天" and _DAYS.search(text.text[: each.start]):
                yield Claim(ClaimRule.PRODUCT, days, ((Decimal(1), (visits[0], each)),))


def _leftovers(text: Plain) -> Iterator[Claim]:
    """Yield 查出756项，整改完成741项，剩余15项: what is left is the difference."""
    for left in counts(text):
        begin = text.bounds(left.start)[0]
        ones = [one for one in counts(text, begin, left.start) if one.unit == left.unit]
        if len(ones) == 2 and _LEFT.search(text.text[begin : left.start]):
            yield sum_claim(ClaimRule.GROUP, ones[0], [ones[1], left])
