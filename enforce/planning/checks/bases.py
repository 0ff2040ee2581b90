"""Checks of what a plan rests on and what it keeps from the public (编制依据、不公布的事项).

A basis is judged by the day whose rules hold for the plan. Without a day that was read or quoted none is called wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from enforce.planning.checks.case import Case, Findings, doubt, error, note
from enforce.words.terms import BasisKind, BasisState, Status
from enforce.words.texts import book_title

#: Where the plan's own list of bases stands, as findings name it.
BASIS_LIST = "编制依据"
COLUMNS = ["where", "basis_id", "article", "title", "number", "status"]
COLUMNS += ["in_force_from", "in_force_to", "successor", "state", "note", "dates", "covers_to"]
_OWN, _UNREAD = "本单位自选：依据清单里没有", "本单位自选：没有核过原文"
#: State -> what a finding says of it.
_DOUBTS = {
    BasisState.EXPIRED: "在计划的日期已经失效，请改引现行的文件",
    BasisState.NOT_YET: "在计划的日期还没有施行，不能作依据",
    BasisState.PERIOD_OVER: "标题写明的年份已经过去，请核实还要不要引",
    BasisState.REPLACED: "已有后继文件，请核实是否改引",
    BasisState.NOT_HERE: "是别处的文件，不适用于本地",
    BasisState.NO_BASIS: "只是表式的来源，不是编制依据",
}


def cited_bases(cites: pd.DataFrame, known: Mapping[str, Mapping[str, Any]], day: str) -> pd.DataFrame:
    """Return every basis cited, judged on an ISO day: one row per place that cites it and basis, in their order.

    `cites` has where, basis_id ('' for one the bureau names itself), article, title, number; `known` the bases by id,
    `here` with each: whether it is for the bureau's place. `state` is in Chinese, `successor` a title with its number.

    >>> law = {"title": "某办法", "number": "1号", "kind": "rule", "status": "read", "dates": "read", "here": True}
    >>> cites = pd.DataFrame([("请示", "B01", "第一条", "", "")], columns=COLUMNS[:5])
    >>> cited_bases(cites, {"B01": law | {"in_force_from": "2025-01-01"}}, "2024-03-13")["state"].tolist()
    ['尚未施行']
    """
    rows = [_judged(cite, known, day) for cite in cites.to_dict("records")]
    return pd.DataFrame(rows, columns=COLUMNS)


def _judged(cite: dict, known: Mapping[str, Mapping[str, Any]], day: str) -> dict:
    basis = known.get(cite["basis_id"])
    if basis is None:
        return {**dict.fromkeys(COLUMNS, ""), **cite, "state": BasisState.CHOSEN.label, "note": _OWN}
    after = known.get(basis.get("successor") or "")
    followed = after is not None and (after.get("in_force_from") or "") <= day
    unread = basis["status"] in (Status.QUOTED, Status.ASSUMED)
    return {
        **{name: basis.get(name) or "" for name in COLUMNS},
        **{name: cite[name] for name in COLUMNS[:3]},
        "successor": _titled(after["title"], after.get("number", "")) if followed else "",
        "state": _state(basis, followed, day).label,
        "note": "；".join(filter(None, (_UNREAD if unread else "", basis.get("note", "")))),
    }


def _state(basis: Mapping[str, Any], followed: bool, day: str) -> BasisState:
    """Return how a basis stands to a day; the gravest of what is to be said of it."""
    since, until, covers = (basis.get(name) or "" for name in ("in_force_from", "in_force_to", "covers_to"))
    states = {
        BasisState.NO_BASIS: basis["kind"] == BasisKind.FORM,
        BasisState.EXPIRED: until and until <= day,
        BasisState.NOT_YET: since > day,
        BasisState.NOT_HERE: not basis["here"],
        BasisState.PERIOD_OVER: covers and covers[:4] < day[:4],
        BasisState.REPLACED: followed,
        BasisState.UNJUDGED: basis["kind"] in (BasisKind.OPEN, BasisKind.MANUAL),
        BasisState.UNDATED: not since,
    }
    return next((state for state, holds in states.items() if holds), BasisState.IN_FORCE)


def _titled(title: str, number: str) -> str:
    return book_title(title) + (f"（{number}）" if number else "")


def _places(rows: pd.DataFrame) -> str:
    """Return where bases are cited, the first three places by name."""
    places = [*dict.fromkeys(rows["where"])]
    return "、".join(places[:3]) + (f" 等 {len(places)} 处" if len(places) > 3 else "")


def check_bases(case: Case) -> Findings:
    """What a plan, its lines and letters rest on is in force on its day, read by somebody, and not replaced (依据)."""
    if case.bases is None:
        return
    if not case.bases["where"].eq(BASIS_LIST).any():
        yield note(BASIS_LIST, "依据待选：计划没有写编制依据", "0 份")
    listed = case.bases[case.bases["basis_id"] != ""]
    for code, rows in listed.groupby("basis_id", sort=False):
        basis, where = rows.iloc[0], _places(rows)
        state = BasisState.of(basis["state"])
        unread = basis["status"] in (Status.QUOTED, Status.ASSUMED)
        text = f"{code} {_titled(basis['title'], basis['number'])}"
        if state in _DOUBTS:
            wrong = state in (BasisState.EXPIRED, BasisState.NOT_YET) and basis["dates"] != Status.ASSUMED
            figure = {
                BasisState.EXPIRED: f"{basis['in_force_to']} 失效",
                BasisState.NOT_YET: f"{basis['in_force_from']} 施行",
                BasisState.PERIOD_OVER: f"写到 {basis['covers_to']}",
            }.get(state, state.label)
            after = f"：{basis['successor']}" if basis["successor"] else ""
            yield (error if wrong else doubt)(where, f"{text}{_DOUBTS[state]}{after}", figure, f"计划 {case.ruled_on}")
        elif unread or state == BasisState.UNDATED:
            yield note(where, f"{text}没有核过原文，只作本单位自选引用，印出前核对", Status(basis["status"]).label)
    chosen = case.bases[case.bases["basis_id"] == ""]
    if len(chosen):
        message = f"依据清单里没有、由本单位自选的文件，施行期没有核对：{'、'.join(dict.fromkeys(chosen['title']))}"
        yield note(_places(chosen), message, f"{chosen['title'].nunique()} 份")


def check_unpublished(case: Case) -> Findings:
    """Lines that are not announced stand in no public paper, and so do their visits (不公布)."""
    hidden = case.tasks[case.tasks["unpublished"] != ""]
    if len(hidden):
        visits, every = int(hidden["planned_visits"].sum()), int(case.tasks["planned_visits"].sum())
        message = "写明不公布的事项不进任何公示件，公示件另写明有几项、多少家次不公布"
        yield note("、".join(hidden["task_id"]), message, f"{len(hidden)} 项 {visits} 家次", f"共 {every} 家次")


BASIS_CHECKS = (check_bases, check_unpublished)
