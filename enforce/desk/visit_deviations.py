"""The deviations (与安排不同): visits given out that were late, moved, not made, or made by others or elsewhere."""

from __future__ import annotations

import pandas as pd

from enforce.desk.year import Year
from enforce.inputs.arrangements import given_out_visits
from enforce.planning.through.visit_outcomes import not_as_arranged, visit_outcomes

COLUMNS = [
    *("visit_id", "task", "name", "first_day", "arranged_date", "done_on", "visit_outcome", "officers", "instead"),
    *("instead_unit", "deviation", "note"),
]


def deviations(year: Year, records: pd.DataFrame, as_of: str) -> pd.DataFrame:
    """Return the visits given out before a day that were not made by it as arranged, with the reasons that came back.

    One row per visit; `records` are those up to the day. None where nothing was given out, and under a scenario.
    """
    editions = () if year.scenario else tuple(one for one in year.arrangements if one.as_of < as_of)
    outcomes = not_as_arranged(visit_outcomes(given_out_visits(editions), records, year.visit_returns, as_of))
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    table = outcomes.assign(task=outcomes["task_id"].map(year.names), name=outcomes["unit_id"].map(names).fillna(""))
    elsewhere = table["instead_unit"].map(lambda code: names.get(code, code))
    return table.assign(instead_unit=elsewhere)[COLUMNS].reset_index(drop=True)
