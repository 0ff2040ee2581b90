"""Checks of a text's sense (文本事理): units, quotas, windows, coverage, bases, annexes, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from enforce.planning.audit.view import Remark, View, remark, with_unit
from enforce.words.claims import ClaimRule, Mention, Numeral
from enforce.words.numbers import in_percent, number_text
from enforce.words.terms import Severity, Status, Sureness
from enforce.words.texts import bare_title, book_title

_LATE = 0.5  # of a window's workdays gone when the plan is signed: as with plans of our own
_SCALES = Decimal(8)  # against last year
ERROR, DOUBT, NOTE = Severity


def check_text_units(view: View) -> Iterator[Remark]:
    """Things and firms are never added up to visits (单位混加)."""
    for one in view.mentions("mixed"):
        *parts, total = one.figures
        if not all(figure.value == view.value(figure) for figure in one.figures):
            continue
        working = " + ".join(figure.printed for figure in parts)
        yield remark("text_units", ERROR, one, (f"{working} = {total.printed}", "同一单位的数才能相加，须写明怎样折算"))


def check_text_joint(view: View) -> Iterator[Remark]:
    """A quota of joint visits is reached in every reading of its base (联合执法占比)."""
    for one in view.mentions("joint"):
        percent, joint, group, *others = one.figures
        drawn, in_part = others[: one.numbers[0]], others[one.numbers[0] :]
        whole = view.value(group) + sum(map(view.value, drawn))
        bases = [view.value(group)]
        if not one.numbers[1]:
            bases += [whole, whole + sum(map(view.value, in_part[::2])), whole + sum(map(view.value, in_part[1::2]))]
        bases = [base for base in dict.fromkeys(bases) if base]
        visits = view.value(joint)
        reached = [visits * 100 >= percent.value * base for base in bases]
        if not all(reached):
            words = {True: "达到", False: "达不到"}
            texts = [
                f"{number_text(visits)}/{number_text(base)} = {in_percent(float(visits / base))}% {words[good]}"
                for base, good in zip(bases, reached, strict=True)
            ]
            severity = DOUBT if any(reached) else ERROR
            yield remark("text_joint", severity, one, (one.printed, "须写明分母：" + "；".join(texts)), Sureness.LIKELY)


def check_text_windows(view: View) -> Iterator[Remark]:
    """Most of a line's months are still to come when the plan is signed (先干后批); told once for all lines."""
    late = []
    for one in view.mentions("window") if view.case.dated else ():
        months = {f"{view.case.year}-{month:02}" for month in one.numbers}
        days = [day for day in view.case.workdays if day[:7] in months]
        gone = sum(day <= view.case.dated for day in days)
        if days and gone > _LATE * len(days):
            late.append((one, gone, len(days)))
    if late:
        one, gone, whole = late[0]
        more = f"；另有 {len(late) - 1} 项也是这样" if len(late) > 1 else ""
        text = f"{view.case.dated} 印发时已过 {whole} 个工作日中的 {gone} 个，批准前完成的须写明怎样计{more}"
        yield remark("text_windows", DOUBT, one, (one.printed, text))


def check_text_past(view: View) -> Iterator[Remark]:
    """What a plan will do ends after the day it is signed (时间在前)."""
    for one in view.mentions("planned_time") if view.case.dated else ():
        if one.words[0] < view.case.dated:
            yield remark("text_windows", DOUBT, one, (one.printed, f"{view.case.dated} 印发时这段时间已经过完"))


def check_text_coverage(view: View) -> Iterator[Remark]:
    """Full coverage can be verified by a number or a list; a rate of coverage is no more than 100 % (覆盖)."""
    absent = {number for one in view.mentions("annexes") for number in one.numbers}
    for one in view.mentions("coverage"):
        annex = one.words[0]
        if not annex.isdecimal() or int(annex) in absent:
            where = f"附件{annex}" if annex else "名单"
            yield remark("text_coverage", DOUBT, one, (one.printed, f"没有写应查的家数，也没有{where}，无法核对"))
    for one in view.mentions("coverage_rate"):
        yield remark("text_coverage", ERROR, one, (one.printed, f"{one.words[0]}不大于 100%"))


def check_text_overlap(view: View) -> Iterator[Remark]:
    """Lines that may meet the key units are visits that may be double: an upper bound (重复检查)."""
    for one in view.mentions("overlap"):
        key, *lines = one.figures
        parts = [view.value(figure) for figure in lines]
        most = sum(parts, start=Decimal(0))
        working = " + ".join(map(number_text, parts))
        text = f"最多 {number_text(most)} 家次（{working}）可能与{one.words[0]}重复，须写明避免重复或合并检查"
        yield remark("text_overlap", NOTE, one, (with_unit(view.value(key), key), text), Sureness.POSSIBLE)


def check_text_names(view: View) -> Iterator[Remark]:
    """So many names as the number says (列名与个数)."""
    for one in view.mentions("names"):
        low, high = one.numbers
        if not low <= one.figures[0].value <= high:
            text = f"列出 {low} 个" if low == high else f"列出 {low} 至 {high} 个"
            yield remark("text_names", ERROR, one, (one.printed, text), Sureness.LIKELY)


def check_text_dates(view: View) -> Iterator[Remark]:
    """A date is a day there is, and what begins ends later (日期)."""
    for one in view.mentions("date"):
        text = f"该月只到 {one.numbers[0]} 日" if one.numbers else "止日在起日之前"
        yield remark("text_dates", ERROR, one, (one.printed, text))


def check_text_meanings(view: View) -> Iterator[Remark]:
    """Rates of one name and one numerator have one denominator (同名的率)."""
    rates: dict[tuple[str, Decimal], tuple[str, Numeral]] = {}
    for one in (one for one in view.case.shares if one.rule is ClaimRule.RATE and one.name):
        for count, percent in one.parts:
            base, first = rates.setdefault((one.name, count.value), (one.base.printed, percent))
            if first.value != percent.value:
                text = f"同是{one.name}，一处以{base}为分母，这里以{one.base.printed}为分母，须写明各是什么率"
                yield remark("text_rates", NOTE, percent, (f"{first.printed}、{percent.printed}", text))


def check_text_proportion(view: View) -> Iterator[Remark]:
    """A count many times that of last year, or a fraction of it, is looked at again (与上年相比)."""
    for one in view.mentions("proportion"):
        this, last = map(view.value, one.figures)
        if this >= _SCALES * last or last >= _SCALES * this:
            times = number_text(round(max(this / last, last / this), 1))
            text = f"上年 {one.figures[1].printed}，相差 {times} 倍，请核实"
            yield remark("text_proportion", DOUBT, one, (one.figures[0].printed, text), Sureness.POSSIBLE)


def check_text_officers(view: View) -> Iterator[Remark]:
    """Two officers to a visit; so many of the staff are officers as the local rule wants (执法人数)."""
    least = view.case.floors.get("officers_per_visit_min")
    for one in view.mentions("one_officer") if least else ():
        if one.figures[0].value < Decimal(str(least)):
            yield remark("text_officers", DOUBT, one, (one.printed, f"不少于 {least:g} 人"), Sureness.LIKELY)
    floor = view.case.floors.get("officer_share_min")
    for one in view.mentions("officers") if floor else ():
        officers, staff = one.figures
        if staff.value and officers.value < Decimal(str(floor)) * staff.value:
            share = f"{officers.printed}/{staff.printed} = {in_percent(float(officers.value / staff.value))}%"
            yield remark("text_officers", DOUBT, one, (share, f"不少于 {floor:.0%}"), Sureness.LIKELY)


def check_text_bases(view: View) -> Iterator[Remark]:
    """A basis is in force on the day of the plan and not replaced; one finding for each (依据的施行)."""
    judged: set[str] = set()
    year = view.case.year or int(view.case.dated[:4] or 0)
    for one in view.mentions("basis") if year else ():
        basis = view.case.bases.get(bare_title(one.words[0]))
        if basis is None or basis["title"] in judged:
            continue
        doubt = _doubt(basis, one, view.case.dated or f"{year}-01-01", view.case.dated or f"{year}-12-31")
        if doubt:
            judged.add(basis["title"])
            severity, text = doubt
            yield remark("text_bases", severity, one, (one.printed, text), Sureness.LIKELY)


def _doubt(basis: dict[str, str], one: Mention, first: str, last: str) -> tuple[Severity, str] | None:
    """Return what is doubtful of a basis cited between two days; the gravest."""
    proved = basis["dates"] != Status.ASSUMED
    if basis["until"] and basis["until"] <= first:
        return ERROR if proved else DOUBT, f"{basis['until']} 起失效"
    if basis["since"] and basis["since"] > last:
        return ERROR if proved else DOUBT, f"{basis['since']} 起施行，计划的日期还没有施行"
    if basis["covers"] and basis["covers"][:4] < first[:4]:
        return DOUBT, f"标题写明到 {basis['covers'][:4]} 年，请核实还要不要引"
    return _newer(basis, one, first)


def _newer(basis: dict[str, str], one: Mention, first: str) -> tuple[Severity, str] | None:
    """Return what of a basis is newer than what is cited: its text, its successor."""
    if one.words[1] and one.words[1] < basis["amended"][:4]:
        return DOUBT, f"{basis['amended']} 又修改过，请核实引的是哪一版"
    if not basis["after"] or basis["after_since"] > first:
        return None
    former = bare_title(one.words[0]) != bare_title(basis["title"])
    if bare_title(basis["after"]) in bare_title(one.sentence):
        return None
    name = f"现名{book_title(basis['title'])}，" if former else ""
    return DOUBT, f"{name}已有后继文件{book_title(basis['after'])}（{basis['after_since']} 施行），请核实是否改引"


def check_text_annexes(view: View) -> Iterator[Remark]:
    """Every annex that is listed is there (附件); told once for all that are not."""
    for one in view.mentions("annexes"):
        yield remark("text_annexes", DOUBT, one, (one.printed, f"列出的 {len(one.words)} 份附件没有随文件提供"))


def check_text_words(view: View) -> Iterator[Remark]:
    """No word of another language stands in a Chinese sentence (外文)."""
    for one in view.mentions("foreign"):
        yield remark("text_words", NOTE, one, (one.printed, "中文词语"))


def check_text_coordinating(view: View) -> Iterator[Remark]:
    """A coordinating body carries out no inspections, for plans after 国办发〔2024〕54号 (议事协调机构)."""
    for one in list(view.mentions("coordinating"))[:1]:
        text = "由有执法权的机关检查：国办发〔2024〕54号以后的计划，议事协调机构不得实施检查"
        yield remark("text_coordinating", NOTE, one, (one.printed, text), Sureness.POSSIBLE)


SENSE_CHECKS: tuple[Callable[[View], Iterator[Remark]], ...] = (
    check_text_units,
    check_text_joint,
    check_text_windows,
    check_text_past,
    check_text_coverage,
    check_text_overlap,
    check_text_names,
    check_text_dates,
    check_text_meanings,
    check_text_proportion,
    check_text_officers,
    check_text_bases,
    check_text_annexes,
    check_text_words,
    check_text_coordinating,
)
