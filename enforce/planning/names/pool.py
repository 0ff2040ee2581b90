"""The pool (对象库) of a line: the units it may choose from, and those left out, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from enforce.planning.visits import choosable, closed, flagged
from enforce.words.terms import Kind, LeftOut

#: Later than any day: what is known of a unit counts, whenever it began.
LAST_DAY = "9999-12-31"


def pool(
    task: object,
    units: pd.DataFrame,
    our_level: str,
    drawn_before: Collection[str] = (),
    *,
    elsewhere: Collection[str] = (),
    as_of: str = LAST_DAY,
) -> pd.DataFrame:
    """Return the units with one of a line's flags, sorted by code: one row per unit, with the reason it is left out.

    `task` is a row of the tasks, `drawn_before` the codes that other draws of the line have drawn, `elsewhere` those
    whose visit by another authority counts; units without contact (无感监管) are left out from their day on. The reason
    (terms.LeftOut) is the first that holds, '' for a unit that may be chosen; a unit without a flag is in no row.
    """
    reasons = pd.Series("", index=units.index)
    key = units["is_key"] & (task.kind == Kind.KEY_LIST)
    for reason, left in (
        (LeftOut.OUTSIDE, ~units["in_district"]),
        (LeftOut.LEVEL, units["level"] != our_level),
        (LeftOut.CLOSED, closed(units)),
        (LeftOut.NO_CONTACT, (units["no_contact"] != "") & (units["no_contact"] <= as_of)),
        (LeftOut.ELSEWHERE, units["unit_id"].isin(list(elsewhere))),
        (LeftOut.COVERED, key & ~units["covered_by"].isin(["", task.task_id])),
        (LeftOut.UNASSIGNED, key & (units["covered_by"] == "")),
        (LeftOut.LINE, ~choosable(task, units, our_level)),
        (LeftOut.BEFORE, units["unit_id"].isin(list(drawn_before))),
    ):
        reasons = reasons.mask(left & (reasons == ""), reason.value)
    table = units.assign(reason=reasons)[flagged(task, units)]
    return table.sort_values("unit_id", ignore_index=True)


def weights(units: pd.DataFrame, choices: Mapping[str, Mapping[str, int]]) -> list[int]:
    """Return the weight of each unit in a draw: the product of its grades' weights, 1 where none is chosen.

    `choices` are column -> grade -> whole number of 1 or more.

    >>> units = pd.DataFrame({"risk_grade": ["红", ""], "credit_grade": ["D", "A"]})
    >>> weights(units, {"risk_grade": {"红": 4}, "credit_grade": {"D": 3}})
    [12, 1]
    """
    products = [1] * len(units)
    for column, chosen in choices.items():
        products = [weight * chosen.get(grade, 1) for weight, grade in zip(products, units[column], strict=True)]
    return products
