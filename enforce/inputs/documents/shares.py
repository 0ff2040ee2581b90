"""Shares and rates (占比、率、同比): every printed percentage with the counts it is of, by explicit patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from enforce.inputs.documents.numerals import Plain
from enforce.inputs.documents.prose import counts, is_part, label_before, same_kind
from enforce.words.claims import PERCENT, Claim, ClaimRule, Numeral, ShareClaim, close, last_place

_OF = re.compile(
    r"(?:约?占(?:比|总数|总量|全部)?|(?<!抽查)(?<!抽取)比例|比重|占比)(?P<base>[^，。；：()\d]{0,24}?)\(?(?P<number>\d[\d.]*(?:家次|家|人日|天|项|起|件|万元|次|人)?)?\)?的?(?:比例|比重)?(?:为|是|达到|达|约|：)*$"
)
#: A count and its percentage.
Part = tuple[Numeral, Numeral]
_BRACKET = re.compile(r"(?<=[次家项件起人天日元条户处名座])\((?P<base>)(?P<number>)$")
_RATE = re.compile(
    r"(?P<name>[\u4e00-\u9fff“”、，]{0,12}?(?:[\u4e00-\u9fff](?<!频)(?<!效)(?<!税)(?<!利)率|负荷))(?:均?为|均?达到|均?达|：|是|约|\()*$"
)
_FILLED = re.compile(
    r"(?:完成|为|相当于|达到)[^，。；：\d]{0,4}(?:计划|任务|目标)?[^，。；：\d]{0,10}(?P<base>)(?P<number>\d[\d.]*)(?:家次|家|项|起|件|次|万元)的$"
)
_COMPLETED = re.compile(r"(?:完成|占|为)(?:调整后|年度|全年|年初)?(?:计划|任务|目标)(?:数|总数|任务|量|家次|检查)?的?$")
_GROWTH = re.compile(
    r"(?P<way>增幅|降幅|增长|增加|上升|提高|下降|减少|降低|上涨|压减|缩减|增|降|减)(?:了|幅度?为|约|率为)*$"
)
_CHANGED = re.compile(rf"(?:{_GROWTH.pattern})(?<!到)(?<!至)")
_CHANGED_BY = re.compile(rf"(?:{_GROWTH.pattern[:-1]})[\d.]+[\u4e00-\u9fff]{{1,2}}[、，]$")
_THAN = re.compile(r"[比较][^，。；\d]{0,8}$")
_UP = re.compile(rf"{_GROWTH.pattern}|[多少高低]$")
_DOWN = re.compile(r"降幅|下降|减少|降低|压减|缩减|降|减|少|低")
_COMPARED = re.compile(r"同比|(?:比|较|同)(?:去年|上年|同期|20\d\d年)|上年同期相比")
_LAST = re.compile(r"上年|去年|同期|上一年|年初|\d{4}年")
_TO_DO = re.compile(
    r"计划|应|提出|隐患|问题|发现|查出|查处|责令|限期|排查|共有|名单|目标|下达|受理|接报|立案|检查|抽查|重点单位|企业|抽取|办结"
)
_PARTED = re.compile("其中|包括|分为|：|(?<=[次家项件起人天])中，")
_DONE = re.compile(
    r"实[际缴收]|落实|查出|发现|受理|完成|整改|办结|合格|收缴|已|执行|结案|核查|[核查属]实|闭环|覆盖|检查|立案|处罚"
)


def percent_claims(
    text: Plain, before: Sequence[Plain] = (), whole: Numeral | None = None
) -> Iterator[ShareClaim | Claim]:
    """Yield the shares, rates and changes a paragraph prints, as far as its counts give them; `whole` the year's."""
    shares: dict[Numeral | None, list[Part]] = {}
    in_turn = dict(_shares_in_turn(text))
    completed = {one for percents, _ in _percents_in_turn(text, _FULFIL) for one in percents}
    parts = [(count, percent) for percent, count in in_turn.items()]
    bases = [(_likely_base(text, *part, [whole], before), part) for part in parts]
    if base := next((base for base, (count, percent) in bases if base and _gives((count, base), percent)), None):
        shares[base] = parts
    for percent in (one for one in text.figures if one not in {*in_turn, *completed}):
        begin = text.bounds(percent.start)[0]
        ahead, after = text.text[begin : percent.start], text.text[percent.end :]
        if percent.unit != PERCENT or not percent.exact:
            yield from _least_share(text, percent, begin, before) if percent.unit == PERCENT else ()
            continue
        share = _FILLED.search(ahead) or _OF.search(ahead) or (after[:1] == ")" and _BRACKET.search(ahead))
        if working := re.match(r"\((\d[\d.]*)[\u4e00-\u9fff]{0,2}[/÷](\d[\d.]*)", after):
            done, base = (text.figure_at(percent.end + working.start(n)) for n in (1, 2))
            yield from [ShareClaim(ClaimRule.RATE, base, ((done, percent),))] if done and base else ()
        elif share:
            pair = _share_pair(text, percent, share, begin, (before, [*shares]))
            if not pair and (count := _count_after(text, percent)):
                pair = count, _list_total(text, count, [one for one in counts(text, 0, begin) if same_kind(one, count)])
            if pair := pair or _named_share(text, share, begin, before, whole):
                shares.setdefault(pair[1], []).append((pair[0], percent))
        elif (match := _RATE.search(ahead)) or _COMPLETED.search(ahead):
            yield from _rate(text, percent, begin, match["name"] if match else "完成率", before)
        elif match := _GROWTH.search(ahead) or _CHANGED_BY.search(ahead):
            yield from _growth(text, percent, begin, bool(_DOWN.search(match["way"])))
    yield from _share_claims(text, shares, before, whole)
    yield from _completed_in_turn(text, before)


def _shares_in_turn(text: Plain) -> Iterator[tuple[Numeral, Numeral]]:
    """Yield each percentage of 重点288家次、一般192家次，分别占60%和40% with its count."""
    for percents, ones in _percents_in_turn(text, "占"):
        yield from zip(percents, ones, strict=True)


_FULFIL = "(?:完成|为|达到)(?:年度|全年)?(?:计划|任务|目标)"


def _percents_in_turn(text: Plain, verb: str) -> Iterator[tuple[list[Numeral], list[Numeral]]]:
    """Yield the percentages of each 分别占…, with as many counts before them, in its sentence or the one before."""
    for match in re.finditer(rf"(?:分别|各){verb}[^，。；\d]{{0,12}}(?:[\d.]+%[、和及与，]*){{2,}}", text.text):
        percents = [one for one in text.figures if match.start() < one.start < match.end()]
        begin = text.bounds(match.start())[0]
        for start in (begin, text.bounds(max(begin - 2, 0))[0]):
            ones = [one for one in text.figures if start <= one.start < match.start() and one.exact]
            ones = [one for one in ones if one.unit in ("", ones[-1].unit) and is_part(text, one)][-len(percents) :]
            if len(ones) == len(percents):
                yield percents, ones
                break


def _completed_in_turn(text: Plain, before: Sequence[Plain]) -> Iterator[ShareClaim]:
    """Yield 重点检查186家次、一般检查261家次，分别完成计划的103.3%和108.8%: each of what was planned under its name."""
    for percents, ones in _percents_in_turn(text, _FULFIL):
        for percent, done in zip(percents, ones, strict=True):
            above = [(part, one) for part in (*before[-4:], text) for one in counts(part) if same_kind(one, done)]
            name = label_before(text, done)
            bases = [one for part, one in above if one is not done and label_before(part, one) == name]
            good = [one for one in bases if _gives((done, one), percent)] or bases[-1:]
            yield from [ShareClaim(ClaimRule.RATE, one, ((done, percent),), name="完成率") for one in good[:1]]


def _share_claims(
    text: Plain, shares: dict[Numeral | None, list[Part]], before: Sequence[Plain], whole: Numeral | None
) -> Iterator[ShareClaim]:
    """Yield the shares of a paragraph by their base; those without one have the nearest count that gives them."""
    for count, percent in shares.pop(None, []):
        bases = [base for base, parts in shares.items() if any(one.value + percent.value == 100 for _, one in parts)]
        if base := bases[0] if bases else _likely_base(text, count, percent, [*shares, whole], before):
            shares.setdefault(base, []).append((count, percent))
    for base, parts in shares.items():
        others = tuple(one for one in counts(text) if base and same_kind(one, base) and one is not base)
        yield from [ShareClaim(ClaimRule.SHARE, base, tuple(parts), others=others)] if base else ()


def _likely_base(
    text: Plain, count: Numeral, percent: Numeral, known: Sequence[Numeral | None], before: Sequence[Plain]
) -> Numeral | None:
    """Return the base a share without one has: the nearest count that gives it, else that all but gives it."""
    above = [one for part in (*before[-8:], text) for one in counts(part) if part is not text or one.end <= count.start]
    bases = [one for one in (*above, *known) if one and same_kind(one, count) and one.value > count.value]
    end = text.bounds(count.start)[1]
    behind = [one for one in counts(text, percent.end, end) if same_kind(one, count) and one.value > count.value]
    good = [one for one in (*bases[::-1], *behind) if _gives((count, one), percent)]
    return next(iter(good or [one for one in bases[::-1] if _slight(count, percent, one)]), None)


def _share_pair(
    text: Plain, percent: Numeral, match: re.Match[str], begin: int, above: tuple[Sequence[Plain], Sequence]
) -> tuple[Numeral, Numeral | None] | None:
    """Return the count a share is of and its base: one named in between, else the total of the list, None for none.

    `above` are the paragraphs before and the bases that are known already.
    """
    before, known = above
    place, depth = begin + match.start(), text.depth(percent.start)
    ahead = [one for one in counts(text, begin, place) if not re.match(r"[中里]", text.text[one.end : one.end + 1])]
    ahead = [one for one in ahead if text.depth(one.start) in (depth, depth - 1)]
    ahead = [one for one in ahead if "；" not in text.text[one.end : place]]
    if match["number"]:
        base = text.figure_at(begin + match.start("number"))
        done = [one for one in ahead if base and same_kind(one, base) and is_part(text, one)]
        good = [one for one in done if _gives((one, base), percent)] or done
        return (good[-1], base) if good else None
    if not ahead or len(re.sub(r"\([^()]*\)", "", text.text[ahead[-1].end : place])) > 12:
        return None
    count = ahead[-1]
    if _of_several(text, percent, ahead, begin + match.start()):
        return None
    name = re.sub(r"^(?:全部|全区|全县|全市|本级|总)?|的$", "", match["base"])
    earlier = [one for one in counts(text, 0, count.start) if same_kind(one, count)]
    base = _list_total(text, count, earlier)
    if base and not _gives((count, base), percent):
        better = [one for one in earlier if _gives((count, one), percent) or one in known]
        base = better[-1] if better and better[-1].end <= base.end else base
    if name:
        everywhere = [(paragraph, one) for paragraph in before for one in counts(paragraph) if same_kind(one, count)]
        everywhere += [(text, one) for one in earlier]
        named = [one for paragraph, one in everywhere if _named_alike(match["base"], label_before(paragraph, one))]
        base = named[-1] if named else base if _means_whole(name) else None
    return count, base


def _count_after(text: Plain, percent: Numeral) -> Numeral | None:
    """Return the count of 占35%，计2430天."""
    match = re.match(r"，?(?:共计|合计|计|即|共)(?:为)?(?=\d)", text.text[percent.end :])
    return text.figure_at(percent.end + match.end()) if match else None


def _least_share(text: Plain, percent: Numeral, begin: int, before: Sequence[Plain]) -> Iterator[ShareClaim]:
    """Yield that a count printed before 占抽查总数的50%以上 is no less of the count of that name."""
    match = _OF.search(text.text[begin : percent.start])
    if match and match["base"] and text.text[percent.end : percent.end + 2] == "以上":
        pair = _share_pair(text, percent, match, begin, (before, []))
        if pair and pair[1]:
            yield ShareClaim(ClaimRule.SHARE, pair[1], ((pair[0], percent),), bound=1)


def _of_several(text: Plain, percent: Numeral, ahead: Sequence[Numeral], place: int) -> bool:
    """Whether a share is of counts together that its clause names: 联合抽查12家、联合抽查6家，联合抽查占36%."""
    clause = re.split("[，；：]", text.text[ahead[-1].end : place])[-1]
    named = [one for one in ahead if clause[:2] in label_before(text, one)] if len(clause) > 1 else []
    whole = sum(one.value for one in named)
    return len(named) > 1 and any(_slight(replace(named[0], value=whole), percent, one) for one in counts(text))


def _slight(count: Numeral, percent: Numeral, base: Numeral) -> bool:
    """Whether a percentage is the share of a count in a base, or that with one digit wrong."""
    right = (count.value * 100 / base.value).quantize(last_place(percent.value)) if base.value else Decimal(-1)
    moved = right and f"{percent.value}".strip("0.") == f"{right}".strip("0.")
    near = close(percent.value, right) and percent.value.adjusted() == right.adjusted()
    return right == percent.value or bool(moved) or near


def _named_share(
    text: Plain, match: re.Match[str], begin: int, before: Sequence[Plain], whole: Numeral | None
) -> tuple[Numeral, Numeral] | None:
    """Return the count of 重点检查占60%, printed before under that name, and the year's total."""
    clause = re.split(r"[，。；、：]", text.text[begin : begin + match.start()])[-1]
    label = re.sub(r"家次$", "", clause)
    if whole is None or len(label) < 2 or re.search(r"\d", clause) or not _means_whole(match["base"]):
        return None
    every = [one for above in (*before, text) for one in counts(above) if label_before(above, one) == label]
    every = [one for one in every if same_kind(one, whole)]
    return (every[-1], whole) if len({one.value for one in every}) == 1 else None


def _means_whole(name: str) -> bool:
    return not re.sub(r"全年|年度|计划|检查|总数|总量|总|全部|执法|工作日|法定|家次|的|比|监督", "", name)


def _named_alike(name: str, label: str) -> bool:
    """Whether a base is called as a count is: 总工作日 and 总法定工作日, 总额 and 罚款总额."""
    plain, other = (re.sub(r"总数|总量|总|法定|全年|年度|计划|家次|的|比", "", one) for one in (name, label))
    short = re.sub("人员$|的$", "", name)
    return (len(plain) >= 2 and plain == other) or (len(short) >= 2 and label.endswith(short))


def _list_total(text: Plain, count: Numeral, earlier: Sequence[Numeral]) -> Numeral | None:
    """Return the total before 其中 that a count is a part of."""
    opening = max((match.start() for match in _PARTED.finditer(text.text[: count.start])), default=-1)
    totals = [one for one in earlier if one.end == opening or (one.end <= opening + 1 and is_part(text, one))]
    totals = [one for one in totals if text.depth(one.start) <= text.depth(count.start)]
    begin = text.bounds(count.start)[0]
    totals = totals if "其中" in text.text[begin : count.start] else [one for one in totals[-1:] if one.start >= begin]
    return totals[-1] if totals else None


# --- rates ------------------------------------------------------------------------------------------------------------


def _rate(text: Plain, percent: Numeral, begin: int, name: str, before: Sequence[Plain]) -> Iterator[ShareClaim]:
    """Yield a rate with the two counts of one unit before it in its sentence, where there are just two to choose."""
    if percent.value == 0:
        return
    earlier = [
        one
        for one in counts(text, begin, percent.start)
        if not any(one.end < other.start < percent.start for other in text.figures if other.unit == PERCENT)
    ]
    near = [one for one in earlier if one.start > text.text.rfind("；", begin, percent.start)]
    pairs = [(done, base) for done in near for base in near if base is not done and base.unit == done.unit]
    pairs = [pair for pair in pairs if _is_done(text, *pair)][::-1]
    bracket = re.match(r"\(([^()]*)\)", text.text[percent.end :])
    inner = counts(text, percent.end, percent.end + bracket.end()) if bracket and not pairs else []
    if len(inner) == 2 and same_kind(*inner):
        pairs = [(inner[1], inner[0]) if _is_done(text, inner[1], inner[0]) else (inner[0], inner[1])]
    others = [one for one in text.figures if one.unit == PERCENT and one is not percent and one.start > begin]
    only = pairs if len({id(one) for pair in pairs for one in pair}) == 2 else []
    only = [pair for pair in only if not any(_gives(pair, one) for one in others) and _of_stem(text, pair[0], name)]
    every = [*pairs, *_loose_pairs(text, near)]
    good = [pair for pair in every if _gives(pair, percent)]
    slight = [(done, base) for done, base in every if _slight(done, percent, base)]
    if not (good or only or slight) and re.search("完成率|负荷|使用率", name) and near:
        above = [(part, one) for part in (*before[-2:], text) for one in counts(part) if same_kind(one, near[-1])]
        above = [one for part, one in above if part is not text or one.end < begin][::-1]
        good = [(near[-1], one) for one in above if _gives((near[-1], one), percent)]
        slight = [(near[-1], one) for one in above if len(f"{percent.value}") > 3 and _slight(near[-1], percent, one)]
    for done, base in (good or only or slight)[:1]:
        yield ShareClaim(ClaimRule.RATE, base, ((done, percent),), name=re.split("[，、]", name)[-1])


def _of_stem(text: Plain, done: Numeral, name: str) -> bool:
    """Whether what was done is what a rate is called by: 整改 of 整改率, 办结 of 结案率."""
    return name.endswith("完成率") or bool({*name[-3:-1]} & {*text.text[max(0, done.start - 8) : done.start]})


def _loose_pairs(text: Plain, near: Sequence[Numeral]) -> Iterator[tuple[Numeral, Numeral]]:
    """Yield the last count before a rate with each larger one before it, visits of any unit too."""
    for base in counts(text, 0, near[-1].start)[::-1] if near else ():
        adjusted = text.text[: base.start].endswith("调整后")
        if (
            base is not near[-1]
            and (adjusted or base.value >= near[-1].value)
            and (same_kind(base, near[-1]) or base.unit in ("家次", "家"))
        ):
            yield near[-1], base


def _gives(pair: tuple[Numeral, Numeral], percent: Numeral) -> bool:
    done, base = pair
    return bool(base.value) and abs(done.value * 100 / base.value - percent.value) <= last_place(percent.value) / 2


def _is_done(text: Plain, done: Numeral, base: Numeral) -> bool:
    """Whether the first of two counts reads as what was done and the other as what it is of."""
    near = re.split("，", text.text[max(0, done.start - 12) : done.start])[-1]
    of = text.text[max(0, base.start - 12) : base.start]
    return bool(_DONE.search(near) and _TO_DO.search(of)) and (
        done.start > base.start or bool(re.search("计划|应", of))
    )


def _last_year(text: Plain, begin: int, near: Sequence[Numeral]) -> list[Numeral]:
    """Return the counts of last year: 上年同期 stands right before them, and no change."""
    ahead = {one: text.text[max(begin, one.start - 14) : one.start] for one in near}
    named = re.compile(rf"(?:{_LAST.pattern})[^，。；、\d]*$")
    last = [one for one in near if named.search(ahead[one]) and not _GROWTH.search(ahead[one])]
    return [one for one in last if re.search("[比较同(][^，。；]*$", ahead[one])] or last


def _growth(text: Plain, percent: Numeral, begin: int, down: bool) -> Iterator[ShareClaim]:
    """Yield a change against last year: of two counts in its sentence, or of last year's and the change itself."""
    end = text.bounds(percent.start)[1]
    segment = text.text.rfind("；", begin, percent.start) + 1
    stop = text.text.find("；", percent.start, end)
    near = counts(text, max(begin, segment), stop if stop > 0 else end)
    changes = [one for one in near if _GROWTH.search(text.text[max(begin, one.start - 8) : one.start])]
    last = _last_year(text, begin, near)
    this = [
        one
        for one in near
        if one not in (*last, *changes) and one.start < percent.start and last and one.unit == last[0].unit
    ]
    if len(last) == 1 and not (this or changes) and begin and _COMPARED.search(text.text[begin : percent.start]):
        prior = [one for one in counts(text, 0, begin)[::-1] if same_kind(one, last[0]) and is_part(text, one)]
        claims = [ShareClaim(ClaimRule.GROWTH, last[0], ((one, percent),), down=down) for one in prior]
        unit = last_place(percent.value)
        slight = [one for one in claims if close(percent.value, abs(one.shares({})[0]).quantize(unit))]
        yield from [one for one in claims if one.holds({})][:1] or slight[:1]
    elif len(last) == 1 and len(this) == 1:
        yield ShareClaim(ClaimRule.GROWTH, last[0], ((this[0], percent),), down=down)
    elif len(last) == len(changes) == 1 and same_kind(*last, *changes) and not _this_year(text, *last, *changes):
        yield ShareClaim(ClaimRule.GROWTH, last[0], ((changes[0], percent),), name="增减")
    elif len(changes) == 1 and changes[0].end <= percent.start:
        change = changes[0]
        alike = [one for one in near if one.end <= change.start and same_kind(one, change) and is_part(text, one)]
        lead, follows = (
            (text.text[begin : alike[0].start], text.text[alike[0].end : change.start]) if alike else ("", "")
        )
        pair = len(alike) == 2 and re.search("[由从][^，。；]*$", lead)
        if pair or (len(alike) == 1 and re.search("今年|本年", follows)):
            yield ShareClaim(ClaimRule.GROWTH, alike[0], ((change, percent),), name="增减")
        elif len(alike) == 1 and _COMPARED.search(text.text[alike[0].end : change.start]):
            gap = -change.value if down else change.value
            yield ShareClaim(ClaimRule.GROWTH, alike[0], ((change, percent),), name="增减", change=gap)


def _this_year(text: Plain, one: Numeral, change: Numeral) -> bool:
    """Whether a count with its year is compared with an earlier one: 2024年罚款146.4万元，比2023年减少12.2万元."""
    return bool(_COMPARED.search(text.text[one.end : change.start]))


_POINTS = re.compile(
    r"(?P<from>\d[\d.]*%)[^，。；\d]{0,6}(?:提高|上升|增[加长]|升|下降|降低?|减少)[到至为]"
    r"[^，。；\d]{0,6}(?P<to>\d[\d.]*%)[，(][^，。；\d]*$"
    r"|(?P<now>\d[\d.]*%)[，(](?:[较比同][^，。；\d]*(?:20\d\d年)?[^，。；\d]*(?P<then>\d[\d.]*%))?[^，。；\d]*$"
)


def point_claims(text: Plain) -> Iterator[Claim]:
    """Yield that a change in 个百分点 is that of the two percentages beside it: 从71%提高到78%，提高7个百分点."""
    for points in (one for one in text.figures if one.unit == "个百分点" and one.exact):
        begin, end = text.bounds(points.start)
        match = _POINTS.search(text.text[begin : points.start])
        if not match:
            continue
        last = re.match(
            r"[(，](?:上年|去年)?(?:同期|同比|20\d\d年)?(?:数|比例)?(?:为|是)?(?=\d[\d.]*%)",
            text.text[points.end : end],
        )
        names = ("from", "to") if match["from"] else ("now", "then") if match["then"] else ("now",)
        pair = [text.figure_at(begin + match.start(name)) for name in names]
        pair += [text.figure_at(points.end + last.end())] if last and not match["from"] else []
        if len(pair) == 2 and all(pair):
            high, low = sorted(pair, key=lambda one: -one.value)
            yield Claim(ClaimRule.GROWTH, points, ((Decimal(1), (high,)), (Decimal(-1), (low,))))


def change_claims(text: Plain, whole: Numeral | None) -> Iterator[Claim]:
    """Yield 比上年 N 家次增加 M 家次: this year's count is last year's and the change; `whole` that of the year."""
    for change in counts(text):
        begin, _ = text.bounds(change.start)
        match = _UP.search(text.text[begin : change.start])
        if not match:
            continue
        near = [one for one in counts(text, begin, change.start) if one.unit == change.unit]
        after = [one for one in counts(text, change.end, change.end + 16) if one.unit == change.unit]
        if near and after and re.fullmatch("，调整[后为](?:共|合计)?", text.text[change.end : after[0].start]):
            sign = Decimal(-1 if _DOWN.search(match[0]) else 1)
            yield Claim(ClaimRule.GROWTH, after[0], ((Decimal(1), (near[-1],)), (sign, (change,))))
            continue
        last = _last_year(text, begin, near)
        this = [one for one in near if one not in last and not _CHANGED.search(text.text[begin : one.start])]
        if len(last) == 1 and not this and whole and whole.unit == change.unit and whole is not last[0]:
            plainly = re.fullmatch(
                r"(?:与|较|比|同)?(?:上年|去年|20\d\d年)(?:度)?(?:计划|检查|总)*的?", text.text[begin : last[0].start]
            )
            this = [whole] if plainly else []
        if len(this) > 1 and len(last) == 1:
            sign = -1 if _DOWN.search(match[0]) else 1
            good = [one for one in this if one.value == last[0].value + sign * change.value]
            this = good[:1] or [one for one in this[-1:] if close(one.value, last[0].value + sign * change.value)]
        if not last and len(compared := [one for one in this if _THAN.search(text.text[begin : one.start])]) == 1:
            last, this = compared, [one for one in this if one not in compared]
        if re.search(r"[由从]$", text.text[begin : this[0].start] if len(this) == 2 and not last else ""):
            last, this = [this[0]], [this[1]]
        if len(last) == 1 and len(this) == 1:
            sign = Decimal(-1 if _DOWN.search(match[0]) else 1)
            yield Claim(ClaimRule.GROWTH, this[0], ((Decimal(1), (last[0],)), (sign, (change,))))
