"""The explained plan (可以追问的计划): why each month has what it has, and what one visit more would take."""

from __future__ import annotations

from functools import cached_property
from typing import Self

import pandas as pd

from enforce.planning.explain import Setting, one_more_by_month
from enforce.planning.reasons import reason_months, reason_note, reasons


class Explained:
    """A plan that was solved, approved or planned anew: it says from what (`setting`), and answers the same questions.

    >>> from enforce.desk.year import open_year
    >>> isinstance(open_year("params/putuo-2024.yaml"), Explained)
    True
    """

    @property
    def setting(self) -> Setting:
        """What the plan was solved from: what a question about it needs."""
        raise NotImplementedError

    def solved(self) -> Self:
        """Return the same, its plan worked out: InputError now where its limits cannot be kept together."""
        _ = self.setting
        return self

    @cached_property
    def reasons(self) -> pd.DataFrame:
        """Why each month has as many visits as it has: one row per task, the months of each reason side by side."""
        return reason_months(self._reasons)

    @property
    def reason_note(self) -> str:
        """What the reasons mean."""
        return reason_note(self._reasons)

    @cached_property
    def one_more(self) -> pd.DataFrame:
        """What one visit more would cost in each month: one row per month."""
        return one_more_by_month(self.setting)

    @cached_property
    def _reasons(self) -> pd.DataFrame:
        return reasons(self.setting)
