"""People who leave or join (人员变动): what goes with them of the account's items, and what stays with the team.

Estimates are made for the officers of the plan as it was approved (or departed from). An item that goes with a person
is worth its days for each officer-day served; whoever moves from one team to another takes the days of the old team
along, so that both together have what they had. How each item is taken is `params/rules/account_items.yaml`, assumed,
or the plan's own word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import floor

import pandas as pd

from enforce.words.months import MONTHS, month_runs
from enforce.words.numbers import HALVES, halves, rounded
from enforce.words.terms import ITEM_NAMES, Follows

MOST_SWITCHES = 5
FIGURES = ("statutory_days", "person_days", "team_days", "left_days", "none_follow_days", "all_follow_days")


def staff_moves(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return who moved, in officer-days (人员变动): one row per month and pair of teams; '' is outside the bureau.

    Both tables have one row per team and month (statutory_days). Days lost by one team and won by another in one month
    have moved between them. A team that `before` does not know has no change: its estimates are for its officers.

    >>> before = pd.DataFrame({"team": ["甲", "乙"], "month": [7, 7], "statutory_days": [69, 23]})
    >>> staff_moves(before, before.assign(statutory_days=[46, 46])).values.tolist()
    [[7, '甲', '乙', 23.0]]
    """
    both = now.merge(before, on=["team", "month"], suffixes=("", "_before"))
    both["change"] = both["statutory_days"] - both["statutory_days_before"]
    rows = []
    for month, teams in both.groupby("month"):
        changes = dict(zip(teams["team"], teams["change"].astype(float), strict=True))
        rows += [(int(month), *move) for move in _matched(changes)]
    return pd.DataFrame(rows, columns=["month", "team_from", "team_to", "days"])


def _matched(changes: dict[str, float]) -> Iterator[tuple[str, str, float]]:
    """Yield from where to where the days of one month moved: between teams as far as can be, then out or in."""
    leaving = {team: -days for team, days in changes.items() if days < 0}
    joining = {team: days for team, days in changes.items() if days > 0}
    for old, new in product(leaving, joining):
        days = min(leaving[old], joining[new])
        leaving[old] -= days
        joining[new] -= days
        if days:
            yield old, new, days
    yield from ((team, "", days) for team, days in leaving.items() if days)
    yield from (("", team, days) for team, days in joining.items() if days)


def item_changes(
    estimates: pd.DataFrame, before: pd.DataFrame, moves: pd.DataFrame, follows: Collection[str], *, exact: bool = False
) -> pd.DataFrame:
    """Return what the items that follow a person lose or gain: one row per team, month and item, in officer-days.

    `estimates` has one row per team, line and item, `before` one per team and month, `follows` the keys of the items.
    In half-days, rounded as running sums from January, so that no month feels a later change; Fractions where `exact`.

    >>> estimates = pd.DataFrame({"team": ["科"], "line": ["non_enforcement_days"], "item": ["leave"], "days": [50.0]})
    >>> before = pd.DataFrame({"team": ["科"] * 2, "month": [1, 2], "statutory_days": [100, 100]})
    >>> moves = pd.DataFrame({"month": [2], "team_from": ["科"], "team_to": [""], "days": [20.0]})
    >>> item_changes(estimates, before, moves, ["leave"]).values.tolist()
    [['科', 2, 'non_enforcement_days', 'leave', -5.0]]
    """
    served = before.groupby("team")["statutory_days"].sum()
    followed = estimates[estimates["item"].isin(list(follows)) & estimates["team"].map(served).gt(0)]
    rows = []
    for item in followed.itertuples(index=False) if len(moves) else ():
        per_day = Fraction(item.days) / Fraction(float(served[item.team]))
        out = moves[moves["team_from"] == item.team]
        new = moves[(moves["team_from"] == "") & (moves["team_to"] == item.team)]
        for moved, sign in ((out, -1), (new, 1)):
            parts = [Fraction(days) * per_day for days in moved["days"]]
            for move, days in zip(moved.itertuples(), parts if exact else _in_halves(parts), strict=True):
                rows.append((item.team, move.month, item.line, item.item, sign * days))
                if sign < 0 and move.team_to:
                    rows.append((move.team_to, move.month, item.line, item.item, days))
    return pd.DataFrame(rows, columns=["team", "month", "line", "item", "days"])


def _in_halves(parts: Sequence[Fraction]) -> list[float]:
    """Return days in halves whose running sums are those of the parts, rounded half up."""
    total, sums = Fraction(0), [0]
    for part in parts:
        total += part
        sums.append(floor(total * HALVES + Fraction(1, 2)))
    return [(after - before) / HALVES for before, after in pairwise(sums)]


def estimates_after(estimates: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the estimates with what people took along or brought: one row per team, line and item, in officer-days."""
    if changes.empty:
        return estimates
    both = pd.concat([estimates, changes.drop(columns="month")], ignore_index=True)
    return both.groupby(["team", "line", "item"], sort=False, as_index=False)["days"].sum()


def days_won(before: pd.DataFrame, now: pd.DataFrame, changes: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Return the half-days of inspection each team won or lost in a month since, before the reserve: only those.

    What its officers serve more, less what their items need more (`changes`).
    """
    both = now.merge(before, on=["team", "month"], suffixes=("", "_before"))
    won = {
        (row.team, int(row.month)): halves(row.statutory_days) - halves(row.statutory_days_before)
        for row in both.itertuples()
    }
    for row in changes.itertuples():
        won[row.team, row.month] = won.get((row.team, row.month), 0) - halves(row.days)
    return {place: count for place, count in won.items() if count}


# --- what it means for a team ---------------------------------------------------------------------------------------


def staff_effects(
    estimates: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame, follows: Collection[str]
) -> pd.DataFrame:
    """Return what is left to each team whose officers changed, in the months that changed: one row per team.

    months (tuple), then officer-days, exact and before the reserve: statutory_days less person_days (items that follow
    a person) less team_days (items that stay) is left_days; none_follow_days and all_follow_days are what would be
    left were no item to follow, or every one. `switches` has the items whose switch gives days back, with the days.
    """
    moves = staff_moves(before, now)
    everything = [item for item in dict.fromkeys(estimates["item"]) if item]
    changes = item_changes(estimates, before, moves, everything, exact=True)
    rows = []
    for team in dict.fromkeys(now["team"]):
        months = sorted(set(moves["month"][(moves["team_from"] == team) | (moves["team_to"] == team)]))
        if months:
            year, was = (_days_in(before, team, span) for span in (MONTHS, months))
            part = was / year if year else Fraction(1)
            items = {row.item: Fraction(row.days) * part for row in estimates[estimates["team"] == team].itertuples()}
            followed = changes[changes["team"] == team].groupby("item")["days"].sum().to_dict()
            rows.append((team, tuple(months), *_left(_days_in(now, team, months), items, followed, follows)))
    return pd.DataFrame(rows, columns=["team", "months", *FIGURES, "switches"])


def _left(
    total: Fraction, items: Mapping[str, Fraction], followed: Mapping[str, Fraction], follows: Collection[str]
) -> tuple:
    """Return the figures of one team: `items` in the months that changed, and what each loses or gains if followed."""
    person = sum((items.get(item, 0) + followed.get(item, 0) for item in {*items, *followed} if item in follows), 0)
    stay = sum((days for item, days in items.items() if item not in follows), 0)
    unchanged = total - sum(items.values())
    figures = (total, person, stay, total - person - stay, unchanged, unchanged - sum(followed.values()))
    gains = {item: float(days if item in follows else -days) for item, days in followed.items()}
    switches = sorted(((item, days) for item, days in gains.items() if days > 0), key=lambda pair: -pair[1])
    return *map(float, figures), tuple(switches)


def _days_in(table: pd.DataFrame, team: str, months: Collection[int]) -> Fraction:
    rows = table[(table["team"] == team) & table["month"].isin(months)]
    return Fraction(float(rows["statutory_days"].sum()))


def staff_sentence(effect: pd.Series, follows: Collection[str]) -> str:
    """Return one row of `staff_effects` as the sentence a planner reads: what is left, and what to look at again."""
    total, person, team, left, none, every = (_figure(effect[name]) for name in FIGURES)
    switches = [
        f"「{ITEM_NAMES[item]}」改为{(Follows.TEAM if item in follows else Follows.PERSON).label} 多 {_figure(days)}"
        for item, days in effect["switches"][:MOST_SWITCHES]
    ]
    more = f"，可改的开关（人员变动）：{'，'.join(switches)}" if switches else ""
    return (
        f"{effect['team']} {month_runs(effect['months'])} 月人员有变动，扣余地以前剩 {left} 人日"
        f"（法定 {total} − 跟人走 {person} − 留在科队 {team}）；各项都留在科队为 {none}，都跟人走为 {every}。"
        f"请重新估算各项人日{more}"
    )


def _figure(days: float) -> str:
    return f"{rounded(days, 1)}".replace("-", "−")
