"""The explorer (情景推演): a planner changes a number and sees the year change; `explore` opens its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipywidgets import Widget


def explore(plan: str, scenario: str = "") -> Widget:
    """Return the page of a plan, opened on one of its scenarios if it is named, with a list of the other plans."""
    from enforce.desk.explorer.chooser import Chooser

    return Chooser(plan, scenario).box
