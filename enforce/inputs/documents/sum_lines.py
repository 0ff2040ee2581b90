"""Totals (合计): what 合计, 以上, 剩余 and lists without 其中 have to do with the counts around them.

For each total there are several readings of what it is the sum of; the one that holds is taken. Where none does, the
nearest is, if the total closes a plain list, else one that a slip of one digit would mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from enforce.inputs.documents.headings import Node
from enforce.inputs.documents.numerals import DATES, FIRMS, Plain, known_count
from enforce.inputs.documents.prose import GROUP, SUMMED, counts, is_part, nearly, needed, same_kind, sum_claim
from enforce.words.claims import Claim, ClaimRule, Numeral, added, close

_NEAR = 60  # paragraphs of a section that a total below them may be of
_TOTALLED = re.compile(r"以上|上述|全年|合计|总计|共计|总共|累计|共|[两三四五六]类|[两三四五六]项")
_NO_LIST = re.compile(r"其中|包括|每|上年|去年|同期|增|减|比例|不少于|剩余|实际|剩|余")
_LEFT = re.compile(r"(?:剩余|尚有|还有|余下|其余|未整改(?:到位)?|未到(?:整改)?期限|正在整改|缺编|空编|缺员|尚缺)的?$")
_SPARE = re.compile(r"(?:剩余|余下|其余|结余|富余|留有余地|机动|预留|(?:^|[，；])余)的?$")
_FREE = re.compile("监督检查|可用|可安排|可投入|可承担")
_YEARLY = re.compile("^全年(?:计划|安排|检查)*$")
_COMES_TO = re.compile(r"(?:[共计][^，。；\d]{0,3}|=)$")
_LESS = re.compile(r"扣除|减去|除去|剔除|扣减")
_GIVEN = re.compile(r"(?:为|剩余|实有|监督检查工作日|每人|共|计|余|法定工作日|净)[^，。；\d]{0,6}$")
_DATE = re.compile(rf"\d+(?:{'|'.join(sorted(DATES, key=len, reverse=True))})(?:度|份)?|\d+[-至]")


def total_claims(text: Plain, node: Node, before: Sequence[Plain], whole: Numeral | None) -> Iterator[Claim]:
    """Yield what the totals and lists of one paragraph claim; `before` are the paragraphs of its section above it."""
    for total in counts(text):
        begin = text.bounds(total.start)[0]
        lead = re.split("[，；]", text.text[begin : total.start])[-1]
        yield from _listed_names(text, total)
        if _LEFT.search(lead):
            yield from _leftover(text, begin, total)
        if _SPARE.search(lead) and "、" not in lead:
            yield from _spare(text, begin, total, before)
        if SUMMED.search(lead[-24:]) or _YEARLY.search(lead):
            yield from _closed_by(text, total)
        if _TOTALLED.search(lead) and not _NO_LIST.search(lead):
            yield from _lone_total(text, total, node, before)
    for sentence in re.finditer("[^。]+", text.text):
        yield from _deduction(text, *sentence.span())
        yield from _cut_list(text, *sentence.span(), before, whole)
    yield from _listed_after(text)
    yield from _period_sums(text)
    yield from _lines_below(text, node)


def section(node: Node, before: Sequence[Plain]) -> list[Plain]:
    """Return the paragraphs a total may be of: those of the headings before its own beside it, then its own."""
    parts = node.above.parts if node.above else []
    elder = [one for part in parts[: parts.index(node)] for one in part.walk()] if node in parts else []
    return [*(text for part in elder for text in part.body), *before][-_NEAR:]


def _listed_names(text: Plain, one: Numeral) -> Iterator[Claim]:
    """Yield that so many firms are named as （4家）： says."""
    names = re.match(r"\)?：([^。；()\d，：]*、[^。；()\d，：]*)(?:[。；]|$)", text.text[one.end :])
    if names and one.unit in FIRMS and not re.search("等|和|及|[类种业]、", names[1]):
        yield Claim(ClaimRule.LISTED, one, added([known_count(names[1].count("、") + 1, one.unit, text.passage)]))


def _family(text: Plain, begin: int, end: int, total: Numeral) -> list[Numeral]:
    ones = [one for one in counts(text, begin, end) if same_kind(one, total) and one is not total]
    return [one for one in ones if is_part(text, one)]


def _in_brackets(text: Plain, one: Numeral) -> bool:
    return text.text[one.start - 1 : one.start] + text.text[one.end : one.end + 1] == "()"


def _summed(text: Plain, one: Numeral) -> bool:
    return bool(SUMMED.search(text.text[max(text.bounds(one.start)[0], one.start - 24) : one.start]))


def _closed_by(text: Plain, total: Numeral) -> Iterator[Claim]:
    """Yield the reading of a total of the counts before it in its sentence that holds, else what its words ask for."""
    begin, depth = text.bounds(total.start)[0], text.depth(total.start)
    ones = [one for one in _family(text, begin, total.start, total) if text.depth(one.start) == depth]
    ends = [n for n, one in enumerate(ones) if _summed(text, one)]
    run = ones[ends[-1] + 1 :] if ends else ones
    group = GROUP.search(text.text, begin, total.start)
    inner = not group or text.depth(group.start()) > depth
    run = run if inner or not run or run[0].start >= group.start() else []
    clause = [one for one in run if one.start > text.text.rfind("；", begin, total.start)]
    part = [one for one in run if one.start > text.text.rfind("，", begin, run[-1].start)]
    heads = [one for a, one in zip([None, *run], run, strict=False) if not a or "；" in text.text[a.end : one.start]]
    readings = [one for one in (clause, run, [one for one in ones if _summed(text, one)], part, heads) if len(one) > 1]
    claims = [sum_claim(ClaimRule.GROUP, total, one) for one in readings]
    if good := [one for one in claims if one.holds({})][:1]:
        yield from good
    elif claims and _summed(text, total) and _plainly(text, readings[0], total, closed=True):
        yield claims[0]
    elif claims and _plainly(text, readings[0], total, closed=False) and nearly(total, readings[0]):
        yield replace(claims[0], sure=False)


def _opens(text: Plain, begin: int, total: Numeral) -> bool:
    """Whether a clause opens with a total: nothing counted before it, no list."""
    lead = text.text[begin : total.start]
    lead = re.sub(r"\d+家[、，]$", "", lead)
    ahead = [one for one in counts(text, begin, begin + len(lead)) if one.unit not in ("类", "项", "个")]
    return bool(_TOTALLED.search(lead)) and not (ahead or _NO_LIST.search(lead) or re.search("[，、]", lead))


def _lone_total(text: Plain, total: Numeral, node: Node, before: Sequence[Plain]) -> Iterator[Claim]:
    """Yield that a total in a clause of its own is that of the clauses before it, in its paragraph or above."""
    begin, end = max(text.text.rfind(mark, 0, total.start) for mark in "。；") + 1, text.bounds(total.start)[1]
    ends = re.search("以上|上述|总计|合计|全年", text.text[begin : total.start])
    again = total.unit in node.counts and not re.search("以上|上述|总计|全年", text.text[begin : total.start])
    if again or total.unit == "个" or text.depth(total.start) or not _opens(text, begin, total):
        return
    here = _closings(text, begin, total)
    runs = [here]
    for above in before[::-1]:
        runs.append([*_closings(above, len(above.text), total), *runs[-1]])
    lasts = [one for above in (*before, text) for one in _lasts(above, total)]
    heads = list(_heading_counts(node, total))
    readings = [here, lasts, *runs[1:], *heads]
    claims = [sum_claim(ClaimRule.GROUP, total, one) for one in readings if len(one) > 1]
    asked = [*([here] if len(here) > 1 else []), runs[-1], lasts, *heads]
    slight = [one for one in asked if len(one) > 1 and nearly(total, one, bool(ends))]
    of_list = total.unit == "家次" or re.search("以上|上述|合计|总计|共", text.text[begin : total.start])
    slight = slight if of_list and not GROUP.search(text.text, total.end, end) else []
    yield from [one for one in claims if one.holds({})][:1] or [
        sum_claim(ClaimRule.GROUP, total, one, sure=False) for one in slight[:1]
    ]


def _plainly(text: Plain, parts: Sequence[Numeral], total: Numeral, *, closed: bool) -> bool:
    """Whether counts stand as one list, that a total closes."""
    between = [_DATE.sub("", text.text[a.end : b.start]) for a, b in pairwise(parts)]
    between = [re.sub(r"\([^()]*\)|，占[\d.]+%", "", one) for one in between]
    if len({mark for one in between for mark in one if mark in "，；"}) > 1:
        return False
    closing = re.fullmatch(
        r"(?:\([^()]*\)|，占[\d.]+%)?[，、；]?(?:[两三四][个项类][\u4e00-\u9fff]{0,4})?(?:合计|共计|总计|小计|共|计|全年)[^，。；]{0,8}",
        text.text[parts[-1].end : total.start],
    )
    return bool(closing or not closed) and all(
        re.fullmatch(r"[^，。；、\d]{0,12}[、，；和及与]?[^，。；、\d]{0,24}", one) for one in between
    )


def _closings(text: Plain, end: int, total: Numeral) -> list[Numeral]:
    """Return what each clause comes to, in the unit of a total: its own total, its only count, or each of a list."""
    parts: list[Numeral] = []
    for clause in re.finditer("[^。；]+", text.text[:end]):
        ones = [
            one for one in _family(text, *clause.span(), total) if not text.depth(one.start) or _in_brackets(text, one)
        ]
        ends = [one for one in ones if _COMES_TO.search(text.text[clause.start() : one.start])]
        lone = len(ones) == 1 and _opens(text, clause.start(), ones[0])
        parts = (
            ones
            if lone
            else parts + (ends[-1:] or [one for one in ones if text.text[one.end : one.end + 1] not in "×÷"])
        )
    return parts


def _lasts(text: Plain, total: Numeral) -> list[Numeral]:
    """Return the last count of each clause in the unit of a total, those before it."""
    clauses = [
        [one for one in _family(text, *clause.span(), total) if not text.depth(one.start)][-1:]
        for clause in re.finditer("[^。；]+", text.text)
    ]
    return [one for ones in clauses for one in ones if one.passage is not total.passage or one.end <= total.start]


def _heading_counts(node: Node, total: Numeral) -> Iterator[list[Numeral]]:
    """Yield the counts of the headings beside a node and beside each above it."""
    while node.above:
        node = node.above
        ones = [one for part in node.parts if (one := part.counts.get(total.unit))]
        if len(ones) > 1:
            yield ones


def _leftover(text: Plain, begin: int, left: Numeral) -> Iterator[Claim]:
    """Yield 查出756项，整改完成741项，剩余15项: what is left is the difference."""
    ones = [one for one in counts(text, begin, left.start) if one.unit == left.unit and is_part(text, one)]
    pairs = [(a, b) for n, a in enumerate(ones) for b in ones[n + 1 :]]
    good = [pair for pair in pairs if pair[0].value - pair[1].value == left.value] or pairs[-1:]
    yield from [sum_claim(ClaimRule.GROUP, a, [b, left]) for a, b in good[:1] if a.value > b.value]


def _spare(text: Plain, begin: int, left: Numeral, before: Sequence[Plain]) -> Iterator[Claim]:
    """Yield 需2400人日，结余111人日: what is left of a count printed further above, by its name."""
    used = [one for one in counts(text, begin, left.start) if same_kind(one, left) and is_part(text, one)]
    above = [(part, one) for part in (text, *before[::-1]) for one in counts(part)[::-1] if same_kind(one, left)]
    above = [
        (part, one)
        for part, one in above
        if used and one not in used[-1:] and one.value > max(used[-1].value, left.value)
    ]
    above = [(part, one) for part, one in above if part is not text or one.end <= left.start]
    claims = [(part, sum_claim(ClaimRule.GROUP, one, [used[-1], left])) for part, one in above]
    goes_on = any(same_kind(one, left) for one in counts(text, left.end, text.bounds(left.start)[1]))
    named = [one for part, one in claims if _FREE.search(part.text[: one.result.start]) and not goes_on]
    slight = [one for one in named if any(a and b and close(a, b) for a, b in needed(one.result, one.figures[1:]))]
    yield from [one for _, one in claims if one.holds({})][:1] or slight[:1]


def _deduction(text: Plain, begin: int, end: int) -> Iterator[Claim]:
    """Yield 365天，扣除双休日104天、节假日13天，工作日为248天."""
    for match in _LESS.finditer(text.text, begin, end):
        ahead, after = counts(text, begin, match.start())[-1:], counts(text, match.end(), end)
        ones = [one for one in after if ahead and same_kind(one, ahead[0])][:6]
        for n in range(2, len(ones) + 1):
            terms = ((Decimal(1), (ahead[0],)), *((Decimal(-1), (one,)) for one in ones[: n - 1]))
            claim = Claim(ClaimRule.BALANCE, ones[n - 1], terms)
            lead = re.split("[，；]", text.text[begin : ones[n - 1].start])[-1]
            if claim.holds({}) or _GIVEN.search(lead):
                yield claim
                break


#: Periods that make up another.
_WITHIN = {
    "上半年": ("一季度", "二季度"), "下半年": ("三季度", "四季度"), "全年": ("一季度", "二季度", "三季度", "四季度"),
    "": ("上半年", "下半年"),
}  # fmt: skip
_PERIOD = re.compile("[一二三四]季度|[上下]半年|全年")


def _period_sums(text: Plain) -> Iterator[Claim]:
    """Yield 上半年531项（一季度244项，二季度287项）: a period is the sum of those in it, each named once."""
    spans = [*_PERIOD.finditer(text.text)]
    ends = [one.start() for one in spans[1:]] + [len(text.text)]
    counted: dict[str, list[list[Numeral]]] = {}
    for match, end in zip(spans, ends, strict=False):
        counted.setdefault(match[0], []).append([one for one in counts(text, match.end(), end) if is_part(text, one)])
    for whole, parts in _WITHIN.items():
        every = [counted.get(one, []) for one in (whole or "全年", *parts)]
        if all(len(ones) == 1 for ones in every):
            for total in {one.unit: one for one in every[0][0][::-1]}.values():
                ones = [one for (inside,) in every[1:] for one in [one for one in inside if same_kind(one, total)][:1]]
                if len(ones) == len(parts) and (
                    sum_claim(ClaimRule.GROUP, total, ones).holds({}) or nearly(total, ones)
                ):
                    yield sum_claim(ClaimRule.GROUP, total, ones)


def _listed_after(text: Plain) -> Iterator[Claim]:
    """Yield 收到意见17条，采纳15条、部分采纳1条、未采纳1条: a list of three or more right behind what it is of."""
    ones = [one for one in counts(text) if not text.depth(one.start) and one.unit != "个"]
    for n, total in enumerate(ones):
        parts = ones[n + 1 : n + 2]
        for one in ones[n + 2 :]:
            if not re.fullmatch(r"(?:\([^()]*\))?、[^，。；、\d]{1,16}", text.text[parts[-1].end : one.start]):
                break
            parts.append(one)
        lead = text.text[total.end : parts[0].start] if len(parts) > 2 else ""
        alike = {one.unit for one in parts} == {total.unit}
        alike = (
            alike
            and not re.search(r"\d[^，。；：]*$", text.text[: total.start])
            and text.text[parts[-1].end :][:1] in "。；"
        )
        if (
            alike
            and re.fullmatch(r"，(?:分[^，。；、\d]{1,6}，)?[^，。；、\d]{1,12}", lead)
            and not _NO_LIST.search(lead)
        ):
            claim = sum_claim(ClaimRule.GROUP, total, parts)
            yield from [claim] if claim.holds({}) or nearly(total, parts) else ()


def _own_totals(ones: Sequence[Numeral]) -> Iterator[tuple[Numeral, Sequence[Numeral]]]:
    """Yield the first and the last of some counts with the others: a list with its total."""
    yield ones[0], ones[1:]
    yield ones[-1], ones[:-1]


def _exchanged(total: Numeral, parts: Sequence[Numeral]) -> bool:
    """Whether two digits of one figure, exchanged, give the sum."""
    return any(sorted(f"{a}") == sorted(f"{b}") for a, b in needed(total, parts))


def _cut_list(text: Plain, begin: int, end: int, before: Sequence[Plain], whole: Numeral | None) -> Iterator[Claim]:
    """Yield that a sentence with one count to a clause cuts the count before it, or the year's total."""
    ones = [one for one in counts(text, begin, end) if not text.depth(one.start) and is_part(text, one)]
    words = text.text[begin:end]
    halves = len(ones) == 2 and re.search("上半年.*下半年|^按|简易.*(?:普通|一般)|重点.*一般|单位.*个人", words)
    alike = len({one.unit for one in ones}) == 1 and len(counts(text, begin, end)) == len(ones)
    if not alike or (len(ones) < 3 and not halves) or _NO_LIST.search(words) or any(_summed(text, one) for one in ones):
        return
    if any(not re.search("[，、；]", text.text[a.end : b.start]) for a, b in pairwise(ones)) or ones[0].unit == "个":
        return
    if "全年" in text.text[ones[-2].end : ones[-1].start]:
        return
    if any(nearly(a, b, closed=True) or sum_claim(ClaimRule.GROUP, a, b).holds({}) for a, b in _own_totals(ones)):
        return
    above = [one for one in _family(text, 0, begin, ones[0])[::-1] if not text.depth(one.start)]
    above += [one for part in before[::-1][:4] for one in _family(part, 0, len(part.text), ones[0])]
    totals = [one for one in (*above, whole) if one and one not in ones and same_kind(one, ones[0])]
    good = [one for one in totals if sum_claim(ClaimRule.GROUP, one, ones).holds({})]
    slight = sorted((one for one in totals if nearly(one, ones)), key=lambda one: not _exchanged(one, ones))
    whole_year = re.search("上半年.*下半年|一季度.*二季度.*三季度.*四季度", words)
    named = [one for one in totals if re.search("全年|年度|总|计划", one.sentence)]
    parted = whole_year or ones[0].unit == "家次" or re.search("分|按|各", words[:12])
    near = [one for one in slight if parted or one.passage is text.passage]
    asked = good or near or (named[:1] if whole_year else [])
    yield from [sum_claim(ClaimRule.GROUP, one, ones, sure=one not in slight or one in good) for one in asked[:1]]


def _lines_below(text: Plain, node: Node) -> Iterator[Claim]:
    """Yield that what stands before 其中： is the sum of the lines below: closed with ； but the last, or numbered."""
    few = re.search(r"(?:以下|下列|如下)(?=\d+[个项类条][^，。；：\d]*：$)", text.text)
    opens = few or re.search("(?:其中|分别[为是]|包括|如下|组成|构成为?|具体为)：$", text.text)
    if not opens or text not in node.body:
        return
    lines: list[Plain] = []
    for line in node.body[node.body.index(text) + 1 :]:
        lines.append(line)
        if not line.text.endswith("；"):
            break
    numbered = [] if lines else [part.body[0] for part in node.parts]
    if few and (names := len(lines or numbered)) > 1 and (one := text.figure_at(few.end())):
        yield Claim(ClaimRule.LISTED, one, added([known_count(names, one.unit, text.passage)]))
    for total in {one.unit: one for one in counts(text) if is_part(text, one)}.values():
        parts = [one for line in lines for one in [one for one in counts(line) if one.unit == total.unit][-1:]]
        parts += [one for line in numbered for one in [one for one in counts(line) if one.unit == total.unit][:1]]
        claim = sum_claim(ClaimRule.GROUP, total, parts)
        whole = len(parts) == len(lines or numbered) > 1
        if whole and (numbered or claim.holds({}) or nearly(total, parts)):
            yield claim
