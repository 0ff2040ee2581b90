"""The imprint (版记) of what a plan writes: its bureau, document, state, version, and what its numbers rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from enforce.desk.days import rule_of_item
from enforce.desk.opening import source_notes
from enforce.desk.standing import Standing
from enforce.desk.year import Year
from enforce.papers.books.book import Meta
from enforce.words.terms import ITEM_NAMES, Follows


def book_meta(year: Year, title: str) -> Meta:
    """Return what every book of a plan says of itself."""
    plan = year.plan
    items = {rule_of_item(item): name for item, name in ITEM_NAMES.items()}
    assumed = [row for row in year.assumptions.itertuples() if row.rule not in items]
    leaving = {name: row.value for row in year.assumptions.itertuples() if (name := items.get(row.rule))}
    return Meta(
        title=title,
        bureau=plan.bureau,
        document=year.number,
        approved_on=plan.approval_day if year.version else "",
        state=year.state_mark or "草案：尚未批准",
        year=plan.year,
        plan=f"{plan.name}　计划文件摘要（内容的指纹） {plan.digest[:12]}",
        disclaimer=plan.disclaimer,
        mark=year.calendar.mark,
        edition=f"第 {year.version.number} 版" if year.version else "尚未定版",
        notes=(
            f"工作日历：{year.calendar.source}",
            *source_notes(year.tables, year.ledger_head),
            *(
                f"假定：人员变动时{follow.label}的：{'、'.join(names)}"
                for follow, names in _sorted(leaving).items()
                if names
            ),
            *(f"假定：{row.label} = {_taken(row)}" for row in assumed),
        ),
    )


def standing_meta(plan: Standing, title: str) -> Meta:
    """Return what a book of a standing plan says: also who is overloaded when, and whether it is a draft (草案)."""
    meta = replace(book_meta(plan.year, title), overloaded=plan.overloaded)
    if not plan.state_mark:
        return replace(meta, version=plan.approved_base.text if plan.approved_base else "")
    return replace(meta, approved_on="", document="" if plan.draft else meta.document, state=plan.state_mark)


def _sorted(leaving: Mapping[str, bool]) -> dict[Follows, list[str]]:
    """Return the items of the account by what becomes of them when an officer leaves or joins."""
    words = {Follows.PERSON: True, Follows.TEAM: False}
    return {
        follow: [name for name, goes in leaving.items() if bool(goes) is with_him] for follow, with_him in words.items()
    }


def _taken(rule: object) -> str:
    """Return the value of an assumed rule in words: none that is known, yes or no, or a number with its unit."""
    if rule.value is None:
        return "未见规定"
    return ("否", "是")[rule.value] if isinstance(rule.value, bool) else f"{rule.value:.12g} {rule.unit}"
