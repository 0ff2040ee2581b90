"""The printed plan (印出来的计划): documents of one plan -> everything it claims and mentions, ready to be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from enforce.inputs.documents.cell_sums import Table, table_claims, tables
from enforce.inputs.documents.headings import Node, tree
from enforce.inputs.documents.links import (
    Named,
    account_figures,
    balance_claims,
    document_scope,
    heading_claims,
    name_of,
    named_figures,
    once_named,
    same_claims,
    table_figures,
)
from enforce.inputs.documents.mentions import (
    annex_number,
    listed_annexes,
    paragraph_mentions,
    plan_mentions,
    plan_year,
    signed_day,
)
from enforce.inputs.documents.numerals import Plain, known_count, plain_form
from enforce.inputs.documents.passages import PrintedFile, joined
from enforce.inputs.documents.prose import counts, prose_claims, sum_claim
from enforce.inputs.documents.rates import mean_claims, rate_claims
from enforce.inputs.documents.shares import change_claims, percent_claims
from enforce.inputs.documents.sum_lines import section, total_claims
from enforce.words.claims import Block, Claim, ClaimRule, Mention, Numeral, ShareClaim, TextCase, added

_WORKDAYS = re.compile(
    r"(?:法定工作日|全年工作日|年工作日|国家工作日|工作日)(?:数|天数|总数)?(?:为|共计|共|是|有|：|按|计)*$"
)
_OF_YEAR = re.compile(r"(?:全年|年度|法定|国家|20\d\d年)[^，。；\d]{0,12}$")
_NAMED_DAYS = re.compile(
    r"(?:全年|年度|国家|每人|20\d\d年)[^，。；总\d]{0,4}法定工作日(?:数|天数)?(?:为|共|是|有|：)*$"
)
_NAMED = re.compile(r"(?:单位|企业)名称|企业名|被检查单位")


@dataclass(frozen=True, eq=False)
class PlanPart:
    """One document of a plan: its passages, tree and tables."""

    passages: Sequence[Block]
    root: Node
    tables: Sequence[Table]

    def texts(self) -> Iterator[tuple[Plain, Sequence[Plain], Node]]:
        """Yield each paragraph with those before it and its heading, then each cell that holds a sentence."""
        for node in self.root.walk():
            for n, text in enumerate(node.body):
                yield text, node.body[:n], node
        for table in self.tables:
            for (row, column), text in table.cells.items():
                if table.figure(row, column) is None and len(text.text) > 3:
                    yield text, (), Node(0)


def printed_plan(
    documents: Sequence[PrintedFile], beside: Sequence[str] = (), lines: Mapping[str, int] | None = None
) -> TextCase:
    """Return what the documents of one plan claim; `beside` are names of files that lie beside them, `lines` the visits
    of the plan itself by name.

    The year is that of most titles, the day that of the first signature.
    """
    every = [joined(document.passages) for document in documents]
    parts = [PlanPart(passages, tree(passages), tables(passages)) for passages in every]
    year = plan_year([one for passages in every for one in passages])
    claims: list[Claim | ShareClaim] = []
    named, mentions = [], []
    for part in parts:
        scope = document_scope([one.text for one in part.passages if not one.table], year)
        ours = list(named_figures(part.root, scope, year))
        ours += [one for table in part.tables for one in table_figures(table, scope, year)]
        whole = next((one.figure for one in ours if not one.name and not one.scope), None)
        account = list(account_figures(part.root, scope, year))
        claims += [*_part_claims(part, whole), *balance_claims(account)]
        named += [*ours, *account]
        mentions += [one for text, _, _ in part.texts() for one in paragraph_mentions(text)]
    claims += [*same_claims(named), *_list_claims(parts), *_plan_claims(named, lines or {})]
    passages = [one for part in parts for one in part.passages]
    mentions += [*plan_mentions([part.root for part in parts], passages), *_absent_annexes(parts, beside)]
    days = [day for part in parts if (day := signed_day(part.passages))]
    return TextCase(
        claims=_distinct([one for one in claims if isinstance(one, Claim)]),
        shares=_by_base([one for one in claims if isinstance(one, ShareClaim)]),
        mentions=[*mentions, *_workday_mentions(parts)],
        year=year,
        dated=days[0] if days else "",
    )


def _plan_claims(named: Sequence[Named], lines: Mapping[str, int]) -> Iterator[Claim]:
    """Yield that the visits printed under a name are those of the plan, once for each name."""
    known = {name_of(name): value for name, value in lines.items()}
    for first, *_ in once_named(named):
        if first.name in known and not first.scope:
            fixed = known_count(known[first.name], "家次", first.figure.passage)
            yield Claim(ClaimRule.SAME, first.figure, added([fixed]))


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Return claims without those that say the same of the same figures."""
    seen: dict[tuple, Claim] = {}
    for claim in claims:
        key = (claim.bound, frozenset(claim.figures), frozenset(map(str, (sign for sign, _ in claim.terms))))
        seen.setdefault(key, claim)
    return [*seen.values()]


def _by_base(shares: Sequence[ShareClaim]) -> list[ShareClaim]:
    """Return shares of one base as one claim: what is wrong with them is one slip."""
    of_base: dict[tuple, ShareClaim] = {}
    for one in shares:
        before = of_base.get(key := (one.rule, one.base, one.name, one.rule is ClaimRule.SHARE or id(one)))
        parts = dict((*(before.parts if before else ()), *one.parts))
        of_base[key] = ShareClaim(one.rule, one.base, tuple(parts.items()), one.name, one.down, one.others)
    return [*of_base.values()]


def _part_claims(part: PlanPart, whole: Numeral | None) -> Iterator[Claim | ShareClaim]:
    yield from heading_claims(part.root)
    above: list[Plain] = []
    for text, before, node in part.texts():
        yield from prose_claims(text, before)
        yield from rate_claims(text, above[-60:], [one for one in node.counts.values() if one.unit == "家次"])
        yield from mean_claims(text, above)
        yield from total_claims(text, node, section(node, before), whole)
        yield from percent_claims(text, above[-20:], whole)
        yield from change_claims(text, whole)
        above.append(text)
    for table in part.tables:
        yield from table_claims(table)
        yield from _line_below(part, table)


def _line_below(part: PlanPart, table: Table) -> Iterator[Claim]:
    """Yield that 合计 in the line below a table is the sum of its column of visits."""
    last = max((n for n, one in enumerate(part.passages) if one.table == table.number), default=-1)
    if table.totals() or last + 1 >= len(part.passages) or part.passages[last + 1].table:
        return
    text = plain_form(part.passages[last + 1])
    columns = [column for column in table.columns if "家次" in table.heads[column]]
    if re.match(r"(?:合计|共计|总计)[^，。\d]{0,6}\d", text.text) and len(columns) == 1 and counts(text):
        total, numbers = counts(text)[0], table.numbers(columns[0], table.rows)
        if len(numbers) >= 2 and total.unit == "家次":
            yield sum_claim(ClaimRule.TABLE, total, numbers)


def _list_claims(parts: Sequence[PlanPart]) -> Iterator[Claim]:
    """Yield that the number of listed units is the number of rows of the list."""
    lists = [
        (table, rows)
        for part in parts
        for table in part.tables
        if "名单" in table.title[-60:] and any(_NAMED.search(head) for head in table.heads.values())
        if (rows := [row for row in table.rows if row not in table.totals()])
    ]
    if len(lists) != 1:
        return
    table, rows = lists[0]
    cell = next(iter(table.cells.values())).passage
    for part in parts:
        for text, _, _ in part.texts():
            for one in counts(text):
                clause = re.split(r"[，。；：]", text.text[: one.start])[-1] + text.text[one.start : one.end + 1]
                if one.unit == "家" and re.search(
                    r"名单(?:的|\(|共|上|内|中|：)*(?:重点)?(?:单位|企业)?(?:共|\(|：)*\d+家", clause
                ):
                    yield Claim(ClaimRule.LISTED, one, added([known_count(len(rows), "家", cell)]))


def _workday_mentions(parts: Sequence[PlanPart]) -> Iterator[Mention]:
    """Yield the workdays of a year as the text prints them."""
    for text in (text for part in parts for text, _, _ in part.texts()):
        for one in (one for one in text.figures if one.unit == "天" and one.exact and one.value < 1000):
            before, after = text.text[max(0, one.start - 20) : one.start], text.text[one.end : one.end + 3]
            multiplied = re.match(r"[×*xX]\d+人", after) or re.search(r"\d+(?:人|名)[×*xX]$", before)
            plain = multiplied or _WORKDAYS.search(before) or ("工作日" in one.printed and _OF_YEAR.search(before))
            if (plain and 200 <= one.value <= 300 and not re.search("上年|去年", before)) or _NAMED_DAYS.search(before):
                sentence = text.text[slice(*text.bounds(one.start))]
                yield Mention("workdays", text.passage, sentence, (one,), (), (), one.printed)


def _absent_annexes(parts: Sequence[PlanPart], beside: Sequence[str]) -> Iterator[Mention]:
    """Yield the annexes that are listed and stand nowhere: in no part, in no file beside."""
    lines = [one for part in parts for one in part.passages if not one.table]
    listed = [entry for part in parts for entry in listed_annexes(part.passages)]
    if not listed:
        return
    in_list = {id(one) for one, _, _ in listed}
    opened = {number for one in lines if id(one) not in in_list and (number := annex_number(one.text))}
    files = [*beside, *dict.fromkeys(one.file for part in parts for one in part.passages)]
    opened |= {number for name in files if (number := annex_number(re.sub(r"^.*?(?=附件\s*\d)", "", name)))}
    titles = {_bare_annex(one.text) for one in lines if id(one) not in in_list}
    alone = any(re.fullmatch(r"\s*附\s*件\s*[：:]?\s*", one.text) for one in lines if id(one) not in in_list)
    absent = [
        (one, number, title)
        for one, number, title in listed
        if number not in opened
        and _bare_annex(title) not in titles
        and not (not number and alone)
        and not any(_like(name, title) for name in files if name != one.file)
    ]
    if absent:
        names = tuple(f"附件{number} {title}".strip() for _, number, title in absent)
        numbers = tuple(int(number or 0) for _, number, _ in absent)
        yield Mention("annexes", absent[0][0], absent[0][0].text, (), names, numbers, "、".join(names))


def _bare_annex(title: str) -> str:
    return re.sub(r"[\s《》“”（）()：:]|20\d\d年度?|\*", "", title)


def _like(name: str, title: str) -> bool:
    """Whether the name of a file is that of an annex: its letters stand in the title in their order.

    >>> _like("年度计划.docx", "某区应急管理局2024年度执法计划"), _like("名单.xlsx", "工作量核算")
    (True, False)
    """
    stem = re.sub(r"^.*/|\.\w+$|^附件\d*[-—_、 ]*", "", name)
    letters = iter(title)
    return len(stem) > 1 and all(one in letters for one in stem)


def with_knowledge(
    case: TextCase, workdays: Sequence[str], bases: Mapping[str, Mapping[str, str]], floors: Mapping[str, float]
) -> TextCase:
    """Return the case with what is known from elsewhere; the workdays a text prints become claims."""
    claims, seen = list(case.claims), set()
    for mention in case.mentions if workdays else ():
        if mention.kind == "workdays" and mention.figures[0].value not in seen:
            seen.add(mention.figures[0].value)
            known = known_count(len(workdays), "天", mention.passage)
            claims.append(Claim(ClaimRule.WORKDAYS, mention.figures[0], added([known])))
    return replace(case, claims=claims, workdays=workdays, bases=bases, floors=floors)
