"""People who leave or join (人员变动): what goes with them of the account's items, and what stays with the team.

Estimates are made for the officers of the plan as it was approved (or departed from). An item that goes with a person
is worth its days for each officer-day served; whoever moves from one team to another takes the days of the old team
along, so that both together have what they had. How each item is taken is `params/rules/account_items.yaml`, assumed,
or the plan's own word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from math import floor

import pandas as pd

from enforce.words.months import MONTHS, month_runs
from enforce.words.numbers import HALVES, halves, rounded
from enforce.words.terms import ITEM_NAMES

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
    for old in leaving:
        for new in joining:
            days = min(leaving[old], joining[new])
            leaving[old], joining[new] = leaving[old] - days, joining[new] - days
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
    for item in followed.itertuples(index=False):
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
    return [(after - before) / HALVES for before, after in zip(sums, sums[1:], strict=False)]


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
    teams = dict.fromkeys(now["team"])
    changed = [team for team in teams if team in {*moves["team_from"], *moves["team_to"]}]
    rows = [_effect(team, estimates, before, now, changes, moves, follows) for team in changed]
    return pd.DataFrame(rows, columns=["team", "months", *FIGURES, "switches"])


def _effect(
    team: str,
    estimates: pd.DataFrame,
    before: pd.DataFrame,
    now: pd.DataFrame,
    changes: pd.DataFrame,
    moves: pd.DataFrame,
    follows: Collection[str],
) -> tuple:
    months = sorted(set(moves["month"][(moves["team_from"] == team) | (moves["team_to"] == team)]))
    inside = [_days_in(table[table["team"] == team], months) for table in (before, now)]
    year = _days_in(before[before["team"] == team], MONTHS)
    part = inside[0] / year if year else Fraction(1)
    items = {row.item: Fraction(row.days) * part for row in estimates[estimates["team"] == team].itertuples()}
    followed = changes[changes["team"] == team].groupby("item")["days"].sum().to_dict()
    person = sum(items.get(item, 0) + followed.get(item, 0) for item in {*items, *followed} if item in follows)
    stay = sum(days for item, days in items.items() if item not in follows)
    staying = inside[1] - sum(items.values())
    figures = (inside[1], person, stay, inside[1] - person - stay, staying, staying - sum(followed.values()))
    gains = {item: days if item in follows else -days for item, days in followed.items()}
    switches = sorted(((item, days) for item, days in gains.items() if days > 0), key=lambda pair: -pair[1])
    return team, tuple(months), *map(float, figures), tuple((item, float(days)) for item, days in switches)


def _days_in(rows: pd.DataFrame, months: Collection[int]) -> Fraction:
    return Fraction(float(rows["statutory_days"][rows["month"].isin(months)].sum()))


def staff_sentence(effect: pd.Series) -> str:
    """Return one row of `staff_effects` as the sentence a planner reads: what is left, and what to look at again."""
    total, person, team, left, none, every = (f"{rounded(effect[name], 1)}" for name in FIGURES)
    switches = [f"{ITEM_NAMES[item]} {rounded(days, 1)}" for item, days in effect["switches"][:MOST_SWITCHES]]
    more = f"；改开关（items_follow）可多出人日的项目：{'、'.join(switches)}" if switches else ""
    return (
        f"{effect['team']} {month_runs(effect['months'])} 月人员有变动，扣余地以前剩 {left} 人日"
        f"（法定 {total} − 跟人走 {person} − 留在科队 {team}）；各项都留在科队为 {none}，都跟人走为 {every}。"
        f"请重新估算各项人日{more}"
    )
