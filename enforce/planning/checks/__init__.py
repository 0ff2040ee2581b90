"""The checks (检查项): a visible tuple of functions, case -> findings. A doubtful plan never raises."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from enforce.planning.checks.approval import APPROVAL_CHECKS
from enforce.planning.checks.balance import ACCOUNT_CHECKS, check_account_balances, check_staff_changed
from enforce.planning.checks.bases import BASIS_CHECKS
from enforce.planning.checks.case import COLUMNS, Approval, Case, Findings
from enforce.planning.checks.ending import YEAR_CHECKS
from enforce.planning.checks.lines import LINE_CHECKS
from enforce.planning.checks.records import RECORD_CHECKS
from enforce.planning.checks.sources import check_sources
from enforce.planning.checks.spread import MONTH_CHECKS
from enforce.planning.checks.unit_burden import BURDEN_CHECKS
from enforce.words.terms import Severity

__all__ = ["PLAN_CHECKS", "RECORD_CHECKS", "STANDING_CHECKS", "YEAR_CHECKS", "Approval", "Case", "findings"]

PLAN_CHECKS = (
    *(APPROVAL_CHECKS + ACCOUNT_CHECKS + LINE_CHECKS + MONTH_CHECKS + BASIS_CHECKS + BURDEN_CHECKS),
    check_sources,
)
#: of the plan on a day, when months are over that could carry no more
STANDING_CHECKS = (check_account_balances, check_staff_changed, *MONTH_CHECKS, *RECORD_CHECKS)


def findings(case: Case, checks: Sequence[Callable[[Case], Findings]]) -> pd.DataFrame:
    """Return what the checks doubt (存疑清单): one row per finding, what must be put right first.

    Columns check, severity, where, message, figure, limit; within a severity in the order of the checks.
    """
    rows = [(check.__name__.removeprefix("check_"), finding) for check in checks for finding in check(case)]
    place = {severity: n for n, severity in enumerate(Severity)}
    rows.sort(key=lambda row: place[row[1].severity])
    return pd.DataFrame(
        [(name, f.severity.value, f.where, f.message, f.figure, f.limit) for name, f in rows], columns=COLUMNS
    )
