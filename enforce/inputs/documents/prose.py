"""Prose (句子里的算式): what a paragraph works out before the reader's eyes, by explicit patterns.

其中 and 合计 with their parts, N 家每家 M 次合计 K 家次, printed workings, shares, rates, 同比, base × ratio. Where a
sentence may be read in several ways, the one that holds is taken; where none does, the commonest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from enforce.inputs.documents.numerals import DATES, FIRMS, MONEY, THINGS, Plain, value_of
from enforce.words.claims import PERCENT, Claim, ClaimRule, Numeral, Term, added, close, last_place, mean_claim

GROUP = re.compile(
    r"其中|(?<=[次家项件起人天名])(?:企业|单位|人员)?中，|包括|包含|分别为|分别是|分为|具体为|，由(?=[^。；]{4,200}(?:组成|构成))"
)
SUMMED = re.compile(
    r"(?:合计|共计|总计|累计|总共|小计|共|(?<![统预估设审会])计)(?:参与|开展|组织|实施|完成|计划|安排|检查|执法|抽查|监督|交互|各类|企业|单位|生产经营|行政|现场|为|：)*$"
)
_CHANGE = re.compile(
    r"(?:增加|减少|增长|下降|上升|降低|提高|多|少|增|减|高于|低于|超出|超|差|缩减|压减)(?:了|到|为)?(?:检查)?$"
)
_APART = re.compile(
    r"(?<!即)(?:每[家户个所处年月周天人次组队班件起项车期]|每季度?|每半年|平均|[人户家件场案月日]均|上限|下限|不足|另|同期|去年|上年|比(?!例|重)|较(?!高|大|多|低)|较上年|上一年)[^，。；、\d]{0,12}$"
)
_OPEN_LIST = re.compile(r"主要|重点包括|例如|如：|等")
_PAIRS = (
    ("重点", "一般"), ("单位", "个人"), ("一般程序", "简易程序"), ("普通程序", "简易程序"), ("检查", "事故"),
    ("事前", "事故"), ("上半年", "下半年"), ("一季度", "四季度"), ("计划内", "计划外"), ("有计划", "触发"),
    ("区内", "区外"), ("企业", "个人"), ("甲", "乙"), ("A", "B"), ("大队", "科"),
    ("现场", "限期"), ("内部", "跨部门"), ("", "其余"), ("", "其他"), ("", "其它"), ("", "剩余"),
)  # fmt: skip
_EQUALS = re.compile(r"=|(?<=[天人家次日个项元\d])，?(?:合计|共计|共|计|总计)(?:为)?(?=\d)")


_UNCOUNTED = DATES | {"", PERCENT, "‰", "个百分点"}


def counts(text: Plain, start: int = 0, end: int | None = None) -> list[Numeral]:
    """Return the exact figures that count something between two places."""
    stop = len(text.text) if end is None else end
    return [one for one in text.figures if start <= one.start < stop and one.exact and one.unit not in _UNCOUNTED]


def same_kind(one: Numeral, other: Numeral) -> bool:
    """Whether two figures count in one unit; money in any."""
    return one.unit == other.unit or (one.unit in MONEY and other.unit in MONEY)


_YEAR = re.compile(r"\d+年度?")


def is_part(text: Plain, one: Numeral) -> bool:
    """Whether a figure stands for a part: no change, no frequency, nothing chosen from."""
    before, after = _YEAR.sub("", text.text[max(0, one.start - 16) : one.start]), text.text[one.end : one.end + 8]
    before = before.removesuffix("每年") if one.unit == "家次" else before
    return not (_CHANGE.search(before) or _APART.search(before) or re.match(r"(?:中|里|内)(?!部)|的[\d.]+%", after))


def sum_claim(rule: ClaimRule, total: Numeral, parts: Sequence[Numeral], sure: bool = True) -> Claim:
    """Return that a figure is the sum of others, money brought to its unit."""
    scale = Decimal(MONEY.get(total.unit, 1))
    terms: tuple[Term, ...] = tuple((Decimal(MONEY.get(one.unit, 1)) / scale, (one,)) for one in parts)
    places = int(total.value.as_tuple().exponent)
    rounded_off = places < 0 and any(int(one.value.as_tuple().exponent) < places for one in parts)
    slack = Decimal(1).scaleb(places) / 2 if rounded_off else Decimal(0)
    return Claim(rule, total, terms, slack=slack, sure=sure)


def prose_claims(text: Plain, before: Sequence[Plain] = ()) -> Iterator[Claim]:
    """Yield what one paragraph claims; `before` are the paragraphs above it, the nearest last."""
    if len(text.figures) < 2 and not (text.figures and before):
        return
    yield from _workings(text)
    yield from _group_claims(text, before)


# --- groups ---------------------------------------------------------------------------------------------------------


def _group_claims(text: Plain, before: Sequence[Plain]) -> Iterator[Claim]:
    starts = [match.span() for pattern in (GROUP, _CUT_BY) for match in pattern.finditer(text.text)]
    colons = [(one.end, one.end + 1) for one in text.figures if text.text[one.end : one.end + 1] == "："]
    brackets = [(one.end, one.end + 1) for one in text.figures if text.text[one.end : one.end + 1] == "("]
    yield from _named_inside(text, before)
    for start, end in sorted({*starts, *colons, *brackets}):
        depth = text.depth(end)
        if (start, end) in brackets and any(end <= other <= end + 1 for other, _ in starts):
            continue
        later = [other for other, _ in starts if other > start and text.depth(other) <= depth]
        stop = min([*later, _closed(text, end, depth)])
        parts = [one for one in counts(text, end, stop) if text.depth(one.start) == depth and is_part(text, one)]
        families = _families(text, parts, end)
        totals = [_total_of(text, before, start, family, depth) for family in families]
        families = [_closed_list(text, total, family) for total, family in zip(totals, families, strict=True)]
        named, opening = (start, end) in starts, text.text[start : end + 1]
        pairs = [(total, family) for total, family in zip(totals, families, strict=True) if total]
        whole = {
            len(family)
            for total, family in pairs
            if _adds_up(total, family) or _names_whole(text, family, opening, total)
        }
        for total, family in pairs:
            yield from _prose_group(text, total, family, named=named, opening=opening, whole=len(family) in whole)


_DONE = "完成|实际|实查|已"


def _families(text: Plain, parts: Sequence[Numeral], start: int) -> list[list[Numeral]]:
    """Return the parts of a list by their unit, amounts together, totals left out."""
    families: dict[tuple[str, bool], list[Numeral]] = {}
    both = any(_led_by(text, one, "计划") for one in parts)
    for one in parts:
        if not SUMMED.search(text.text[start : one.start]):
            key = "元" if one.unit in MONEY else one.unit, both and _led_by(text, one, _DONE)
            families.setdefault(key, []).append(one)
    return [*families.values()]


def _led_by(text: Plain, one: Numeral, words: str) -> bool:
    """Whether one of some words stands right before a figure: 计划152家次、完成152家次."""
    return bool(re.search(rf"(?:{words})[^，。；、\d]{{0,4}}$", text.text[max(0, one.start - 8) : one.start]))


def _adds_up(total: Numeral, parts: Sequence[Numeral]) -> bool:
    return len(parts) > 1 and sum(map(value_of, parts)) == value_of(total)


def _closed_list(text: Plain, total: Numeral | None, family: list[Numeral]) -> list[Numeral]:
    """Return the parts of a list, those before its first ； where all together make no whole."""
    ends = [n for n in range(2, len(family)) if "；" in text.text[family[n - 1].end : family[n].start]]
    whole = not total or _adds_up(total, family) or nearly(total, family)
    return family if whole or not ends else family[: ends[0]]


_IN = re.compile(r"(?:^|[。；])(?:在|其)?([^，。；：、\d]{2,16}?)(?:中|按[^，。；\d]{1,12}分(?:类|布|解)?)[，：]")


def _named_inside(text: Plain, before: Sequence[Plain]) -> Iterator[Claim]:
    """Yield 重点检查中，甲 80 家次、乙 70 家次: parts of the last count of that name."""
    for match in _IN.finditer(text.text):
        end = text.bounds(match.end())[1]
        parts = [one for one in counts(text, match.end(), end) if is_part(text, one)]
        first = [one for one in parts if "；" not in text.text[match.end() : one.start]]
        parts = first if len(first) > 1 else parts
        parts = [one for one in parts if same_kind(one, parts[0]) and text.depth(one.start) == 0]
        totals = [
            one
            for paragraph in (*before, text)
            for one in counts(paragraph)
            if parts and (same_kind(one, parts[0]) or (one.unit, parts[0].unit) == ("天", "个"))
            if label_before(paragraph, one) in (match[1], re.sub("企业$|单位$", "", match[1])) and one not in parts
            if paragraph is not text or one.end <= match.start()
        ]
        if len(parts) >= 2 and totals:
            yield from _prose_group(text, totals[-1], parts, named=True, opening="其中：", whole=True)


#: Another cut of the same whole: 按检查方式分，双随机70家、专项30家.
_CUT_BY = re.compile(r"按[^，。；\d]{1,12}分(?:类|布|解)?[，：]")


def _closed(text: Plain, place: int, depth: int) -> int:
    """Return where the list that begins at a place ends: its bracket, or its sentence."""
    for n in range(place, len(text.text)):
        if text.text[n] == ")" and text.depth(n) <= depth and depth > 0:
            return n
    return text.bounds(place)[1]


def _total_of(
    text: Plain, before: Sequence[Plain], start: int, family: Sequence[Numeral], depth: int
) -> Numeral | None:
    """Return what a list after 其中 is parts of: the nearest count of its unit before it."""
    begin = text.bounds(start)[0]
    near = [
        one
        for one in counts(text, begin, start)
        if same_kind(one, family[0]) and text.depth(one.start) <= depth and (is_part(text, one) or one.end == start)
    ]
    if near:
        alike = [one for one in near if _led_by(text, one, _DONE) == _led_by(text, family[0], _DONE)]
        near = alike if alike and any(_led_by(text, one, "计划") for one in (*near, *family)) else near
        good = [one for one in near if _adds_up(one, family)]
        return (good or near)[0 if _CUT_BY.match(text.text[start:]) else -1]
    lead = re.fullmatch(r"[，：]?", text.text[begin:start])
    if begin and lead:
        previous = text.bounds(begin - 2)[0]
        near = [one for one in counts(text, previous, begin) if same_kind(one, family[0]) and is_part(text, one)]
        planned = [one for one in near if _led_by(text, one, _DONE) == _led_by(text, family[0], _DONE)]
        near = planned if len(planned) == 1 else near
        near = [one for one in near if not text.depth(one.start)] or near
    elif before and (lead or len(before) == 1) and not _CUT_BY.match(text.text[start:]):
        near = [one for one in counts(before[-1]) if same_kind(one, family[0]) and is_part(before[-1], one)]
    return near[-1] if len(near) == 1 else None


def _prose_group(
    text: Plain, total: Numeral, parts: Sequence[Numeral], *, named: bool, opening: str, whole: bool
) -> Iterator[Claim]:  # fmt: skip
    if len(parts) == 1:
        if named and not opening.startswith("分") and parts[0].unit != "个":
            yield sum_part(total, parts[0])
        return
    span = text.text[max(parts[0].start - 20, 0) : parts[-1].end + 6]
    slight = any(close(a, b) for a, b in needed(total, parts))
    if _adds_up(total, parts) or (whole and (named or (opening[:1] in "：(" and slight))):
        yield sum_claim(ClaimRule.GROUP, total, parts)
    elif not _OPEN_LIST.search(span) and named and (nearly(total, parts) or _more_than_whole(text, total, parts)):
        yield sum_claim(ClaimRule.GROUP, total, parts, sure=False)
    else:
        first = text.text[: parts[0].start].count("；")
        yield from (sum_part(total, one) for one in parts if named and text.text[: one.start].count("；") == first)


def sum_part(total: Numeral, part: Numeral) -> Claim:
    """Return that a part is no more than its whole."""
    scale = Decimal(MONEY.get(part.unit, 1)) / Decimal(MONEY.get(total.unit, 1))
    return Claim(ClaimRule.PART, total, ((scale, (part,)),), bound=1)


#: Classes that may have members in common.
_CROSSED = re.compile("交叉|重复|涉|兼|同时")


def _more_than_whole(text: Plain, total: Numeral, parts: Sequence[Numeral]) -> bool:
    """Whether parts are more than their whole by one slip of a digit, or by one of them, that was left out."""
    gap = sum(map(value_of, parts)) - value_of(total)
    short = len(parts) > 3 and gap in [value_of(one) for one in parts] and not _CROSSED.search(text.text)
    return 0 < gap < value_of(total) and (short or any(close(a, b) for a, b in needed(total, parts)))


def nearly(total: Numeral, parts: Sequence[Numeral], closed: bool = False) -> bool:
    """Whether one slip of a digit mends a sum: two exchanged, or one wrong where little is left over."""
    share = sum(map(value_of, parts)) / max(value_of(total), Decimal(1))
    pairs = [(a, b) for a, b in needed(total, parts) if a and b and close(a, b)]
    swapped = any(sorted(f"{a.normalize():f}") == sorted(f"{b.normalize():f}") for a, b in pairs)
    slight = any(a.adjusted() == b.adjusted() for a, b in pairs)
    return (slight and Decimal("0.85") <= share <= Decimal("1.15")) or (swapped and (closed or share >= Decimal("0.5")))


def needed(total: Numeral, parts: Sequence[Numeral]) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield each figure of a sum with what it would have to be."""
    gap = value_of(total) - sum(map(value_of, parts))
    yield value_of(total), value_of(total) - gap
    yield from ((value_of(one), value_of(one) + gap) for one in parts if value_of(one) + gap >= 0)


def _names_whole(text: Plain, parts: Sequence[Numeral], opening: str, total: Numeral) -> bool:
    """Whether a list names all parts: 分别, a colon, shares beside each, names that divide a whole."""
    span = text.text[total.end if total.passage is text.passage and total.end < parts[0].start else 0 : parts[-1].end]
    if opening[:1] == "(" and len(parts) > 2 and not re.match(r"\((?:不?含|如)", span):
        return True
    if _OPEN_LIST.search(re.sub(r"[(（][^()（）]*[)）]", "", span)):
        return False
    if opening.startswith(("分别", "分为", "具体", "，由", "按")) or "：" in opening:
        return True
    if span.count("占") >= len(parts) > 1:
        return True
    labels = [label_before(text, one) for one in parts]
    return any(
        any(a in one for one in labels) and any(b in one for one in labels if not a or a not in one) for a, b in _PAIRS
    )


_LABEL_END = re.compile(r"(?:共计|合计|总计|累计|共|计划|为|是|达到|达|约|各|：|分别|安排|有|的)+$")
_LABEL_START = re.compile(
    r"^(?:其中|分别|在|对|以及|及|和|与|另外|另|开展|组织|实施|进行|完成|计划|安排|拟|全年|年度|本年度|今年|共|我局|区?应急局|\d{4}年度?|：|是|一是|二是|三是|包括)+"
)


def label_before(text: Plain, figure: Numeral) -> str:
    """Return the name a figure is printed with: the words before it, or before its bracket.

    >>> from enforce.inputs.documents.numerals import plain_form
    >>> from enforce.words.claims import Block
    >>> text = plain_form(Block("", "", "其中：重点检查178家次，一般检查（共83家次）"))
    >>> [label_before(text, one) for one in text.figures]
    ['重点检查', '一般检查']
    """
    if text.text[figure.end : figure.end + 1] in tuple("×÷+"):
        return ""
    before = text.text[: figure.start]
    before = re.sub(r"\((?:共计|合计|总计|共|计划|计|约|\d+[^\d()]{1,3}[、，/])*$", "", before)
    before = re.sub(r"\([^()]*\)", "", before)
    name = re.split(r"[，。；、()！]", re.sub(r"[：]$", "", before))[-1]
    if worked := re.match(r"([^\d=：]{2,})(?:[=：][^，。；]*|[\d.天个人名×+÷-]+)=$", name):
        name = worked[1]
    name = re.split(r"：", name)[-1] if "：" in name else name
    name = re.sub(r"^.*\d(?:家次|家|次|项|起|个|人|天|%|万元|元)", "", name)
    return _LABEL_START.sub("", _LABEL_END.sub("", re.sub(r"[“”\"'《》]", "", name)))


# --- sums, products, workings ---------------------------------------------------------------------------------------


#: A sentence that says how things become visits, or that they are no one unit.
_CONVERTED = re.compile(r"每[张本份件人名台起项个][^，。；]{0,12}(?:按|计|折)|(?:单位|口径)不同")


def mixed_units(text: Plain, total: Numeral, before: Sequence[Plain] = ()) -> tuple[Numeral, ...]:
    """Return the counts before a total that give it only if things are added to firms: 12张 + 8家 = 20家次.

    They stand in its sentence, or each closes one of the paragraphs `before`.
    """
    begin, end = text.bounds(total.start)
    here = [one for one in counts(text, begin, total.start) if not text.depth(one.start)]
    lists = [
        [one for one in here if one.unit in (*THINGS, *FIRMS)],
        [one for line in before for one in counts(line)[-1:]],
    ]
    for ones in lists if not _CONVERTED.search(text.text[begin:end]) else ():
        for n, last in combinations(range(len(ones) + 1), 2):
            some = tuple(ones[n:last])
            things = [one.unit in THINGS for one in some]
            if any(things) and not all(things) and sum(one.value for one in some) == total.value:
                return some
    return ()


def _workings(text: Plain) -> Iterator[Claim]:
    """Yield printed workings: 8×248=1984, 1984-1035-535=414, 8人×123天+9人×128天=2136人日."""
    by_start = {one.start: one for one in text.figures}
    for one in text.figures:
        behind = re.match(r"\((\d[^()=，、；]*[×*+][^()=，、；]*)\)", text.text[one.end :])
        if behind and one.exact and (terms := _terms(behind[1], one.end + 1, by_start)):
            yield Claim(ClaimRule.WORKING, one, _scaled(one, terms), slack=_rounding(one, terms))
    for sign in _EQUALS.finditer(text.text):
        left = _working_before(text.text[: sign.start()])
        result = next((one for one in text.figures if sign.end() <= one.start <= sign.end() + 1), None)
        if result is None or re.match(r"[+\-×÷*]", text.text[result.end : result.end + 1]):
            continue
        working, offset = left
        terms = _terms(working, offset, by_start)
        if not terms and (quotient := re.fullmatch(r"[^÷]*?(\d[^÷×+\-()]*)÷(\d+)[^\d÷]*", working)):
            whole, by = (by_start.get(offset + quotient.start(n)) for n in (1, 2))
            if whole and by and result.exact:
                yield mean_claim(result, whole, by, rule=ClaimRule.WORKING)
        if terms and (sign[0] == "=" or any(len(factors) > 1 for _, factors in terms)):
            yield Claim(ClaimRule.WORKING, result, _scaled(result, terms), slack=_rounding(result, terms))
            every = [one for _, factors in terms for one in factors if one.value >= 100]
            twins = [(one, two) for one in every for two in text.figures if two.end < one.start]
            yield from (Claim(ClaimRule.SAME, one, added([two])) for one, two in twins if one.value == two.value)
    for one, two in pairwise(text.figures):
        if {one.unit, two.unit} <= MONEY.keys() and _RESTATED.fullmatch(text.text[one.end : two.start]):
            terms = ((Decimal(MONEY[one.unit]) / MONEY[two.unit], (one,)),)
            yield Claim(ClaimRule.SAME, two, terms, slack=last_place(two.value) / 2)


#: One amount in two units: 1276000元（约合127.6万元）.
_RESTATED = re.compile(r"[(，]?(?:即|约合|折合|合|约为|约)")


def _working_before(text: str) -> tuple[str, int]:
    """Return the left side of a working and where it begins: after a mark, or the bracket it stands in."""
    begin = max(text.rfind(mark) for mark in "=：，。；、为") + 1
    for place in range(len(text) - 1, begin - 1, -1):
        if text[place] == "(" and text.count("(", place) > text.count(")", place):
            begin = place + 1
            break
    return text[begin:], begin


def _scaled(result: Numeral, terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return terms with their percentages as shares and their money in the unit of the result."""
    percents = [sum(one.unit == PERCENT for one in factors) for _, factors in terms]
    money = [next((MONEY[one.unit] for one in factors if one.unit in MONEY), None) for _, factors in terms]
    scales = [Decimal(one or 1) / (MONEY.get(result.unit, 1) if one else 1) for one in money]
    return tuple(
        (sign * scale / 100**n, factors) for (sign, factors), n, scale in zip(terms, percents, scales, strict=True)
    )


def _rounding(result: Numeral, terms: Sequence[Term]) -> Decimal:
    exponents = [sum(int(one.value.as_tuple().exponent) for one in factors) for _, factors in terms]
    places = int(result.value.as_tuple().exponent)
    return Decimal(1).scaleb(places) / 2 if min(exponents) < places else Decimal(0)


def _terms(working: str, offset: int, by_start: dict[int, Numeral]) -> tuple[Term, ...]:
    """Return the terms of one side of a working; nothing where it is more than sums of products."""
    if outer := re.fullmatch(r"[^()\d]*(\([^()]+\))[×*](\d+)[^\d]*", working):
        factor = by_start.get(offset + outer.start(2))
        inner = _terms(outer[1][1:-1], offset + outer.start(1) + 1, by_start)
        return tuple((sign, (*ones, factor)) for sign, ones in inner) if factor else ()
    working = re.sub(r"\([^()\d]*\)", lambda match: "的" * len(match[0]), working).replace("/家", "的家")
    terms: list[Term] = []
    factors: list[Numeral] = []
    sign, wanted, place = Decimal(1), True, 0
    operators = 0
    while place < len(working):
        figure = by_start.get(offset + place)
        operator = re.match(r"[+\-×*xX]", working[place:])
        if figure and wanted:
            factors.append(figure)
            place, wanted = figure.end - offset, False
        elif operator and not wanted and (working[place] not in "xX" or re.match(r"[xX]\d", working[place:])):
            operators += 1
            if operator[0] in "+-":
                terms.append((sign, tuple(factors)))
                sign, factors = Decimal(1 if operator[0] == "+" else -1), []
            place, wanted = place + 1, True
        elif working[place] in "÷/":
            return ()
        elif (wanted and not factors and not terms and not working[place].isdigit()) or (
            not wanted and re.match(r"[\u4e00-\u9fff]", working[place]) and not working[place].isdigit()
        ):
            place += 1
        else:
            return ()
    return (*terms, (sign, tuple(factors))) if factors and operators else ()
