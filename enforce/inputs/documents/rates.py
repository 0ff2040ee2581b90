"""Rates (频次与平均): what each has times how many there are, and what that comes to, in any unit of count.

每家 2 次, 每组 3 人, 平均每件 5 万元, 人均 24 家次, 按 5% 抽取: one reading of 'each' for all. Of several readings the
one that holds is taken; where none does, the nearest, and only where the words leave no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from math import prod

from enforce.inputs.documents.numerals import DATES, FIRMS, MONEY, THINGS, UNITS, Plain, known_count
from enforce.inputs.documents.prose import SUMMED, counts, is_part, label_before, mixed_units, same_kind
from enforce.words.claims import PERCENT, Claim, ClaimRule, Numeral, Term, added, close, mean_claim

_PERIODS = {"两年": Decimal("0.5"), "年": 1, "半年": 2, "季": 4, "月": 12, "周": 52}
_EACH = re.compile(
    r"(?:每(?:个|一)?|^[，：]?一(?=[年季月]))(两年|半年|年|季|月|周|(?:(?!每)[\u4e00-\u9fff]){0,4})|各(?!类|级|项)()"
)
#: Rates without 每 before them: unit, what stands before and after, whose each is. The workdays of a year are those of
#: each officer.
_PLAIN_RATES = (
    (
        "天",
        re.compile(r"(?<!总)(?<!总的)(?:法定工作日|年工作日|国家工作日)(?:数|天数)?(?:为|共计|共|是|有|：|按|计)*$"),
        re.compile(""),
        "人",
    ),
    ("", re.compile("每$"), re.compile("[为编]?(?:一|1)个?[组队班]"), "组"),
    ("次", re.compile(""), re.compile("/(?:年|家|户)"), "家"),
)
_FIRM = re.compile(r"[户企处座所矿]|家(?!次)|单位|机构|生产经营|被检查|$")
_LEAD = re.compile(r"(?:合计|共计|总计|共|计|即|需|总|=|可安排|可检查|全年|为)[^，。；\d]{0,10}$")
_RATIO = re.compile(r"(?:比例|覆盖率|抽查率|抽取率|抽取|抽查|检查|按)(?:为|是|按|不低于|不少于|：|照|约|的)*$")
_DRAWN = re.compile(r"(?:抽取|抽查|抽检|抽|选取|检查|确定|覆盖|计|共)[^。；，\d每]{0,6}$")
#: A base in brackets after its ratio.
_BASE_BESIDE = re.compile(r"%\([^()，。；\d]{0,6}(?:基数|总数|共|库|对象|企业|单位)[^()，。；\d]{0,4}$")
_UP_OR_DOWN = Decimal("0.9999")  # a base times a ratio is rounded up or down


#: What 个 counts that is inspected by nobody.
_NO_FIRM = re.compile("县|市|区|乡|镇|街道|月|行业|领域|专项|[小中大]?[组队]")
_KIND_END = re.compile(r"(?:检查)?(?:生产|经营)?(?:企业|单位|对象)?$")


@dataclass(frozen=True)
class Rate:
    """What each has: the figures and the number that make it, whose each it is ('' for a period alone)."""

    factors: tuple[Numeral, ...]
    times: Decimal
    noun: str
    start: int
    bound: int = 0


def rate_claims(text: Plain, earlier: Sequence[Plain], title: Sequence[Numeral]) -> Iterator[Claim]:
    """Yield what a paragraph claims by rates; `earlier` are those before, `title` the counts of its heading."""
    rates: list[Rate] = []
    for n, one in enumerate(text.figures):
        begin, last = text.bounds(one.start)[0], text.figures[n - 1].end if n else 0
        if rates and rates[-1].start < begin:
            yield from _total_before(text, rates)
            rates = []
        if rate := _read_rate(text, one, max(begin, last), rates[-1] if rates else None):
            rates = [*(one for one in rates if one.factors[0] not in rate.factors), rate]
        elif rates and _may_total(text, one, rates[-1]):
            if _stands_apart(text, one, rates[-1].factors):
                continue
            can = text.figures[n + 1 : n + 2]
            if can and re.fullmatch(r"[^，。；\d]{0,4}可[^，。；\d]{0,6}", text.text[one.end : can[0].start]):
                yield Claim(ClaimRule.RATIO, can[0], added([one]), slack=_UP_OR_DOWN, by=rates[-1].factors[0])
            else:
                yield from _rate_product(text, one, rates, earlier)
            rates = []
        elif rates and one.unit == "家次" and re.search(r"可[^，。；\d]{0,8}$", text.text[: one.start]):
            yield from _within_reach(one, rates[-1].factors[-1], earlier)
    if rates and len(title) == 1 and _comes_in(title[0], rates[-1].factors):
        yield from _rate_product(text, title[0], rates, earlier)
    elif rates:
        yield from _total_before(text, rates)


def _may_total(text: Plain, one: Numeral, rate: Rate) -> bool:
    """Whether a count may be what a rate comes to."""
    exact = one.exact or _least_total(text, one, rate)
    return exact and is_part(text, one) and _comes_in(one, rate.factors)


def _stands_apart(text: Plain, one: Numeral, factors: Sequence[Numeral]) -> bool:
    """Whether a count is no total of a rate: a factor, a base, a part of another count, behind the rate's bracket."""
    between = _between(text, factors[0], one)
    parted = "；" in between and text.depth(factors[0].start) > text.depth(one.start)
    drawn = factors[-1].unit == PERCENT and "其中" in between
    factor = text.text[one.end : one.end + 1] in ("×", "*") or _BASE_BESIDE.search(text.text[: one.start])
    return bool(parted or drawn or factor)


def _within_reach(can: Numeral, each: Numeral, earlier: Sequence[Plain]) -> Iterator[Claim]:
    """Yield 每家次5人日，可完成502家次: the inspection days printed above by the days of a visit, rounded down."""
    days = [
        one
        for above in earlier[::-1]
        for one in counts(above)[::-1]
        if one.unit == each.unit == "天" and re.search("(?:监督检查|执法检查|可用)(?!.*其中)", above.text[: one.start])
    ]
    claims = [Claim(ClaimRule.RATIO, can, added([one]), slack=_UP_OR_DOWN, by=each) for one in days]
    yield from [one for one in claims if one.holds({})][:1] or [one for one in claims if _digit_off(can, one)][:1]


def _least_total(text: Plain, one: Numeral, rate: Rate) -> bool:
    """Whether a total is as near as its rate: 每个不少于6家次，全年不少于792家次; 抽查40%，约157家次."""
    sign = re.search("(不[少低]于)$|约$", text.text[: one.start])
    return bool(sign and (rate.bound if sign[1] else rate.factors[0].unit == PERCENT))


def _total_before(text: Plain, rates: Sequence[Rate]) -> Iterator[Claim]:
    """Yield 24人分为6个组，每组4人: what a rate comes to stands before it in its sentence."""
    used = {one for rate in rates for one in rate.factors}
    ones = [one for one in counts(text, *text.bounds(rates[-1].factors[0].start)) if one not in used]
    for rate in (one for one in rates if one.noun):
        bases = [one for one in ones if _counts_nouns(text, one, rate.noun)]
        totals = [one for one in ones if one not in bases and _comes_in(one, rate.factors) and is_part(text, one)]
        claims = [_claim(one, (_term(rate, base, Decimal(1)),), rate.bound) for one in totals for base in bases]
        can = [one for one in bases if re.search(r"可[^，。；\d]{0,6}$", text.text[: one.start])]
        slack = prod(each.value for each in rate.factors) * _UP_OR_DOWN if can else Decimal(0)
        claims = [replace(one, slack=max(slack, one.slack)) for one in claims]
        good = [one for one in claims if one.holds({})][:1]
        if len(bases) == 1:
            claims = [one for one in claims if not _in_list(text, one.result)] or claims
        inside = [
            one for one in claims if re.fullmatch(r"[^，。；、：()\d]{0,12}\(", _between(text, one.result, bases[0]))
        ]
        yield from good or inside[:1] or (claims if len(claims) == 1 and not _FIRM.match(rate.noun) else [])


def _between(text: Plain, one: Numeral, other: Numeral) -> str:
    """Return what stands between two figures."""
    return text.text[one.end : other.start]


def _read_rate(text: Plain, one: Numeral, begin: int, before: Rate | None) -> Rate | None:
    """Return the rate a figure is, by what stands between the figure before it and itself."""
    begin = max(begin, text.text.rfind("；", begin, one.start) + 1)
    ahead = re.split("[。；]", re.sub(r"\([^()]*\)", "", text.text[begin : one.start]))[-1]
    bound = 0 if one.exact else 1
    if one.unit == PERCENT and _RATIO.search(ahead) and (one.exact or re.search("不[低少]于", ahead)):
        return Rate((one,), Decimal("0.01"), "家", begin, bound)
    if before and one.unit == "家次" and ahead.endswith("每年"):
        return None
    if one.unit in ("", PERCENT, *DATES) or re.search(r"均(?!为)|其中(?![^，]*每)|比", ahead):
        return None
    each = [match[1] or "" for match in _EACH.finditer(ahead)]
    for unit, lead, follows, noun in _PLAIN_RATES if one.value <= 366 else ():
        if one.unit == (unit or one.unit) and lead.search(ahead) and follows.match(text.text[one.end :]):
            return Rate((one,), Decimal(1), noun, begin)
    if not each:
        pair = {one.unit, before.factors[-1].unit} if before and before.noun != "人" else ()
        joint = pair == {"人", "天"} and len(ahead) < 16
        again = joint and not SUMMED.search(ahead) and not _LEAD.search(ahead)
        return Rate((*before.factors, one), before.times, before.noun, before.start) if again else None
    times, nouns = Decimal(2 if re.search("(?:前后|上下半年|上、下半年)各", ahead) else 1), []
    for word in each:
        period = next((n for name, n in _PERIODS.items() if word.startswith(name)), None)
        times *= period or 1
        nouns += [word] if period is None else []
    drawn = before and before.factors[0].unit == PERCENT
    visit = before and {one.unit, before.factors[0].unit} == {"人", "天"} and nouns[:1] == ["次"] == [before.noun[:1]]
    comes_to = drawn and not nouns and one.unit in FIRMS
    factors = (*before.factors, one) if drawn or visit else (one,)
    start, times = (before.start, times * before.times) if drawn or visit else (begin, times)
    good = not comes_to and (one.exact or "少" in ahead)
    return Rate(factors, times, nouns[0] if nouns else "", start, bound) if good else None


def _comes_in(total: Numeral, factors: Sequence[Numeral]) -> bool:
    """Whether a count may be what a rate comes to: in its unit, in days of people, times as visits."""
    units = {one.unit for one in factors} - {PERCENT}
    if units == {"人", "天"}:
        return total.unit == "天"
    pairs = ({"次", "家次"}, {"家", "家次"}, {"人", "人次"})
    return (
        total.unit in FIRMS | {"家次"}
        if not units
        else any(
            unit == total.unit or {unit, total.unit} <= MONEY.keys() or {unit, total.unit} in pairs for unit in units
        )
    )


def _rate_product(text: Plain, total: Numeral, rates: Sequence[Rate], earlier: Sequence[Plain]) -> Iterator[Claim]:
    """Yield the reading of rates and a total that holds, else the nearest; nothing where units were mixed."""
    here = total.passage is text.passage and total.start > rates[-1].start
    drawn = all(one.unit == PERCENT for one in rates[-1].factors)
    between = text.text[rates[-1].start : total.start] if here else ""
    if mixed_units(text, total) or (drawn and "；" in between):
        return
    lead = re.split("[。；]", text.text[rates[-1].factors[-1].end : total.start])[-1] if here else "共"
    years = re.search(r"([两三四五])年", lead)
    scale = Decimal("两三四五".index(years[1]) + 2 if years else 1) / MONEY.get(total.unit, 1)
    bases = [_rate_bases(text, rate, earlier, total.start if here else len(text.text)) for rate in rates]
    if len(rates) > 1 and len({id(ones[0]) for ones, _ in bases if ones and ones[0]}) == 1:
        bases = [([base] if (base := _own_base(text, rate, earlier)) else [], True) for rate in rates]
    if len(bases[-1][0]) > 1 and re.search(r"×[^，。；]*=$", between):
        return
    groups = [[_term(rate, base, scale) for base in ones] for rate, (ones, _) in zip(rates, bases, strict=True)]
    last, (ones, near) = groups[-1], bases[-1]
    listed = [n for n in range(2, len(ones) + 1) if _side_by_side(text, ones[:n])]
    readings = [tuple(group[0] for group in groups)] if len(groups) > 1 and all(groups) else []
    alone = [(term,) for term in last if len(groups) == 1 or all(groups)]
    readings += alone + [tuple(last[:n]) for n in listed]
    bound = max(rate.bound for rate in rates) if total.exact else 0
    claims = [_claim(total, terms, bound) for terms in readings]
    before = counts(text, text.bounds(total.start)[0], total.start) if here else ()
    things = _FIRM.match(rates[-1].noun) and any(one.unit in THINGS for one in before)
    bare = rates[-1].noun == "" and ones == [None] and not re.search("全年|年共", lead)
    plain = near and not things and not bare and (_LEAD.search(lead) or _DRAWN.search(lead) or lead in ("", "，"))
    slight = claims and (_LEAD.search(lead) or not total.exact) and _digit_off(total, claims[0])
    plain = plain and not (ones == [None] and total.unit == "家次" and rates[-1].factors[-1].value == 1)
    slight = slight and (ones != [None] or total.value >= 10)
    plain = plain and total.exact and not ("；" in between and ")" in between)
    yield from [one for one in claims if one.holds({})][:1] or (claims[:1] if plain or slight else [])


def _digit_off(total: Numeral, claim: Claim) -> bool:
    """Whether a total is one digit off what a claim gives, rounded down or up."""
    value = claim.value({})
    return any(close(total.value, value.to_integral_value(one)) for one in (ROUND_FLOOR, ROUND_CEILING))


def _side_by_side(text: Plain, ones: Sequence[Numeral | None]) -> bool:
    """Whether counts, the nearest first, stand as one list."""
    return all(a and b and re.fullmatch("、[^，。；、]*", text.text[b.end : a.start]) for a, b in pairwise(ones))


def _term(rate: Rate, base: Numeral | None, scale: Decimal) -> Term:
    money = next((MONEY[one.unit] for one in rate.factors if one.unit in MONEY), 1)
    return rate.times * scale * money, (*([base] if base else []), *rate.factors)


def _claim(total: Numeral, terms: tuple[Term, ...], bound: int) -> Claim:
    """Return that terms give a total; what a ratio draws is rounded up or down before it is visited so often."""
    often = [
        number * 100 * prod(one.value for one in factors if one.unit == "次")
        for number, factors in terms
        if any(one.unit == PERCENT for one in factors)
    ]
    rule, slack = ClaimRule.RATIO if often else ClaimRule.PRODUCT, _UP_OR_DOWN * sum(often)
    return Claim(rule, total, terms, bound=bound, slack=slack, sure=terms[0][0] != Decimal("0.5"))


def _rate_bases(text: Plain, rate: Rate, earlier: Sequence[Plain], stop: int) -> tuple[list[Numeral | None], bool]:
    """Return the counts a rate may be of, the nearest first, and whether they are near: in its sentence, by name."""
    place = rate.factors[0].start
    begin = text.bounds(place)[0]
    ones = [one for one in counts(text, begin, stop) if one not in rate.factors]
    ones = [one for one in ones if _counts_nouns(text, one, rate.noun, loose=rate.noun[:1] == "次")]
    opening = max(text.text.rfind("其中", begin, place), 0)
    opening = text.text.rfind("；", begin, place) if rate.factors[0].unit == PERCENT else opening
    near: list[Numeral | None] = [one for one in ones[::-1] if opening < one.start < place] or [
        one for one in ones if one.start > place
    ]
    if any(one.unit == PERCENT for one in rate.factors):
        near = [one for one in ones if _BASE_BESIDE.search(text.text[: one.start])] or near[:1]
    if near or (base := _own_base(text, rate, earlier)):
        return near or [base], True
    if not rate.noun:
        return [None], True
    above = [
        one
        for part, last in [(text, begin), *((part, len(part.text)) for part in earlier[:-4:-1])]
        for one in counts(part, 0, last)[::-1]
        if _counts_nouns(part, one, rate.noun, loose=True) and is_part(part, one) and not _in_list(part, one)
        if one.value > 1
    ]
    return [] if _FIRM.match(rate.noun) else [*above], len(above) == 1


def _in_list(text: Plain, one: Numeral) -> bool:
    """Whether a count stands in a list after 其中."""
    return bool(re.compile("其中|包括").search(text.text, text.bounds(one.start)[0], one.start))


def _counts_nouns(text: Plain, one: Numeral, noun: str, loose: bool = False) -> bool:
    """Whether a figure counts what 'each' is said of."""
    before = text.text[max(0, one.start - 8) : one.start]
    if re.search(r"(?:每|各(?!类|级|项))[^，。；]{0,4}$", before):
        return False
    if one.unit == "家次" and (loose or noun[:2] in ("家次", "户次")):
        return bool(re.match("[家户企]?次|家|户|企业", noun))
    if _FIRM.match(noun):
        other = one.unit == "个" and _NO_FIRM.match(text.text[one.end :])
        return one.unit in FIRMS and not other and (one.unit != "处" or noun[:1] == "处")
    unit = next((UNITS[noun[:n]] for n in (2, 1) if noun[:n] in UNITS), "")
    after = text.text[one.end : one.end + 10]
    if noun in ("起", "件") and one.unit == "份" and before.endswith("处罚决定书"):
        return True
    named = one.unit in ("个", "") and any(re.match(rf"[^，。；、\d]{{0,6}}{noun[:n]}", after) for n in (2, 1))
    return named or bool(unit and one.unit == unit)


def _own_base(text: Plain, rate: Rate, earlier: Sequence[Plain]) -> Numeral | None:
    """Return the one count of firms printed before its sentence under the name the clause of a rate begins with."""
    place = rate.factors[0].start
    clauses = re.split("[，。；：]", re.sub("[“”]", "", text.text[:place].rstrip("，")))[::-1]
    names = [name[1] for clause in clauses[:3] if (name := _NAME.match(re.split("、(?!$)", clause)[-1]))]
    return next(
        (one for name in names[:2] if (one := _counted_firms(text, place, _KIND_END.sub("", name), earlier))), None
    )


#: The name a clause begins with.
_NAME = re.compile(
    r"(?:\(?[一二三四五六七八九十\d]+[)、.]|第[一二三四五六七八九十]+条)?(?:其中|对)*((?![每各])[\u4e00-\u9fffA-Z]{2,16}?)(?=每|各|按|抽查|检查(?!单位|企业|对象)|覆盖|$)"
)


def _counted_firms(text: Plain, place: int, bare: str, earlier: Sequence[Plain]) -> Numeral | None:
    """Return the one count of firms printed before a place under a name."""
    every = [
        (_KIND_END.sub("", label_before(above, one)), one)
        for above, end in (*((above, len(above.text)) for above in earlier), (text, place))
        for one in counts(above, 0, end)
        if bare and one.unit in FIRMS
    ]
    ones = [one for label, one in every if label == bare] or [one for label, one in every if label.endswith(bare)]
    ones = ones or [one for label, one in every if len(label) > 2 and bare.startswith(label)]
    return ones[-1] if len({one.value for one in ones}) == 1 else None


# --- averages ---------------------------------------------------------------------------------------------------------

_MEAN = re.compile(
    r"(?:平均每(?:个|一)?([^，。；：\d]{1,4})|每(?:个|一)?([^，。；：\d]{1,2}?)(?:全年|每年|年)?平均|([人户家件次队组车起期场案批月])均)[^，。；：\d]{0,10}$"
)
_SAME = {"车": "辆", "队": "中队", "案": "起"}


def mean_claims(text: Plain, earlier: Sequence[Plain], whole: Numeral | None = None) -> Iterator[Claim]:
    """Yield 平均每件 5 万元, 人均 24 家次: a count by another, in the sentence or the nearest above that have both."""
    for mean in text.figures:
        begin, end = text.bounds(mean.start)
        match = _MEAN.search(text.text[begin : mean.start])
        if (
            not match
            or not mean.unit
            or mean.unit == PERCENT
            or text.text[mean.end : mean.end + 2] in ("以上", "以下", "左右")
        ):
            continue
        noun = next(filter(None, match.groups()))
        noun = _SAME.get(noun, noun)
        if noun == "月" and whole and same_kind(whole, mean):
            yield mean_claim(mean, whole, known_count(12, "个月", text.passage))
        scopes = [(text, begin, mean.start), (text, mean.end, end), *_sentences_above([*earlier[-8:], text], begin)]
        wholes: list[Numeral] = []
        bases: list[Numeral] = []
        spare: list[Numeral] = []
        for above, first, last in scopes:
            every = [one for one in counts(above, first, last) if is_part(above, one) and one is not mean]
            ones = [one for one in every if not _in_list(above, one) or above is text] or every
            ones = [one for one in ones if not above.depth(one.start)] or ones
            ones = [one for one in ones if SUMMED.search(above.text[max(first, one.start - 20) : one.start])] + ones
            for group in (ones, every):
                bases = bases or [one for one in group if one.value and _counts_nouns(above, one, noun)]
            spare = spare or [one for one in ones if one.value and _counts_nouns(above, one, noun, loose=True)]
            wholes = wholes or [one for one in ones if _comes_in(one, (mean,)) and one not in bases]
            if wholes and bases:
                break
        bases = bases or spare
        scales = {one: Decimal(MONEY.get(one.unit, 1)) / MONEY.get(mean.unit, 1) for one in wholes}
        claims = [mean_claim(mean, one, by, scales[one]) for one in wholes for by in bases]
        asked = [claims[0].solved(one, {}) or one.value for one in (mean, wholes[0])] if claims else ()
        sure = asked and (close(mean.value, asked[0]) or close(wholes[0].value, asked[1]))
        far = [] if sure else [mean_claim(mean, one, by) for one in _far(mean, earlier, whole) for by in bases[:1]]
        slight = [one for one in far if close(mean.value, one.solved(mean, {}) or mean.value)]
        yield from [one for one in (*claims, *far) if one.holds({})][:1] or (claims[:1] if sure else slight[:1])


def _far(mean: Numeral, earlier: Sequence[Plain], whole: Numeral | None) -> Iterator[Numeral]:
    """Yield the year's visits and every 共检查356家次 above that a mean of three figures may be of."""
    if len(f"{mean.value}") > 2:
        yield from [whole] if whole and same_kind(whole, mean) else []
        for above in earlier:
            ones = [one for one in counts(above) if one.unit == mean.unit and is_part(above, one)]
            yield from (one for one in ones if re.search(r"共[^，。；\d]{0,14}$", above.text[: one.start]))


def _sentences_above(texts: Sequence[Plain], begin: int) -> Iterator[tuple[Plain, int, int]]:
    """Yield the sentences before a place of the last paragraph, the nearest first, then those of the ones above."""
    for text in texts[::-1]:
        spans = [one.span() for one in re.finditer("[^。！？]+", text.text)]
        yield from ((text, *span) for span in spans[::-1] if text is not texts[-1] or span[0] < begin)
