"""The choice as a table (本区选择): what the plan says of days, in the shape the arithmetic takes."""

from __future__ import annotations

import pandas as pd

from enforce.inputs.parameters.plan import Plan


def estimates(plan: Plan) -> pd.DataFrame:
    """Return what each team needs for other work (其他执法、非执法): one row per team, line and item, 人日."""
    rows = [
        (team.team, line, item, float(days))
        for team in plan.teams
        for line in ("other_enforcement_days", "non_enforcement_days")
        for item, days in getattr(team, line).model_dump().items()
    ]
    return pd.DataFrame(rows, columns=["team", "line", "item", "days"])


def reserved_days(plan: Plan) -> pd.DataFrame:
    """Return what key periods set aside (重点时段预留): one row per period and team, in officer-days."""
    rows = [
        (period.name, period.from_date, period.to_date, reserved.team, float(reserved.days))
        for period in plan.key_periods
        for reserved in period.reserved_days
    ]
    return pd.DataFrame(rows, columns=["name", "from_date", "to_date", "team", "days"])
