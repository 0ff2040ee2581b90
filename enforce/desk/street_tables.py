"""The streets beside a plan (街镇): their progress, and the units of both plans, from what they handed in."""

from __future__ import annotations

import pandas as pd

from enforce.desk.year import Year
from enforce.inputs.tables.street_sheets import no_street_visits
from enforce.planning.through.street_progress import progress_by_street, street_overlaps

#: What is shown of a pair of visits.
OVERLAP = ["name", "subdistrict", "street_task", "street_when", "task", "our_when", "gap_days", "certain"]


def street_names(year: Year) -> list[str]:
    """Return the streets of the register's units in the district, in order."""
    return sorted(set(year.units.loc[year.units["in_district"], "subdistrict"]))


def progress_of(year: Year, as_of: str) -> pd.DataFrame:
    """Return the streets' progress to a day: one row per street and 合计; none where there is no folder of theirs."""
    if year.streets is None:
        return progress_by_street(no_street_visits(), [], as_of).iloc[:0]
    return progress_by_street(year.streets, street_names(year), as_of)


def overlaps_of(year: Year, records: pd.DataFrame, days: int | None) -> pd.DataFrame:
    """Return the units visited by a street and the bureau within less than `days`: one row per pair of visits.

    Ours are the records, and the visits by name that are not made yet. None without a number of days.
    """
    streets = no_street_visits() if year.streets is None or not days else year.streets
    named = year.named.visits
    ahead = named[(named["month"] > 0) & ~named["done"].astype(bool) & (named["unit_id"] != "")].assign(date="")
    made = records.assign(month=pd.NA)
    ours = pd.concat([table[["unit_id", "task_id", "month", "date"]] for table in (made, ahead)], ignore_index=True)
    pairs = street_overlaps(streets, ours, days or 0, year.plan.year)
    names = dict(zip(year.units["unit_id"], year.units["name"], strict=True))
    tasks = pairs["task_id"].map(year.names).fillna("非计划")
    return pairs.assign(name=pairs["unit_id"].map(names).fillna(pairs["unit_id"]), task=tasks)[OVERLAP]
