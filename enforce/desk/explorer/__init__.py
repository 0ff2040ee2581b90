"""The explorer (情景推演): a planner changes a number and sees the year change; `explore` opens its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipywidgets import Widget


def explore(plan: str, scenario: str = "") -> Widget:
    """Return the page of a plan, opened on one of its scenarios if it is named."""
    from enforce.desk.explorer.page import Page
    from enforce.desk.year import open_year

    return Page(open_year(plan)).opened(scenario)
