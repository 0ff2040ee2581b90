"""The chance of finishing (按期完成的可能): absences, investigations and ordered tasks against the plan by month.

One queue a team: what a month cannot do is left to the next. A month's room is its days before the three kinds of
work nobody can plan, less what they take; each kind comes in events (Poisson) of so many half-days. All of it is
whole half-days, so every chance is exact: convolutions, no sampling.

Two readings bound the truth. Held to its month, a visit is made in the month it is planned for or later; brought
forward, spare time goes to visits of later months, from the first month their line allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import exp, lgamma, log, prod

import numpy as np
import pandas as pd

from enforce.planning.account import carried, line_days, spread_days, team_of
from enforce.planning.visits import by_task_and_month, efforts, needed_halves, team_efforts
from enforce.words.months import MONTHS
from enforce.words.numbers import HALVES, halves
from enforce.words.terms import ALL_TEAMS, Trigger

HIGH = 0.9  # the quantile shown beside the median
#: Kind of work nobody can plan -> item of the account that estimates it, trigger of its records ('' = not recorded).
KINDS = {
    "absence": ("sick", ""),
    "investigation": ("accidents", Trigger.ACCIDENT.value),
    "ordered": ("ordered", Trigger.ORDER.value),
}


@dataclass(frozen=True)
class Queue:
    """A team through the year, in half-days by month: load planned, what may be begun, room, and events.

    `opened` is the work whose first allowed month it is; `room` is before the unplannable; `events` holds for each
    kind the half-days of one event and the expected number by month.
    """

    load: tuple[int, ...]
    opened: tuple[int, ...]
    room: tuple[int, ...]
    events: tuple[tuple[int, tuple[float, ...]], ...]


# --- inputs ---


def shocks(account: pd.DataFrame, seen: pd.DataFrame, sizes: Mapping[str, float | None]) -> pd.DataFrame:
    """Return what may come (不可预计的工作): one row per team and kind, with its days, events a year, days of one.

    The days of the year are the account's own estimate. One event takes the `sizes` assumed (officer-days); where the
    records have more events (`seen`: team, kind, events a year), the estimate divided by their number. A kind without a
    size is left out.
    """
    known = {(team, kind): events for team, kind, events in seen.itertuples(index=False)}
    rows = []
    for team in line_days(account, "total_statutory_days").index.drop(ALL_TEAMS):
        items = account[account["team"] == team].set_index("item")["days"]
        for kind, size in ((kind, size) for kind in KINDS if (size := sizes.get(kind))):
            item, _ = KINDS[kind]
            days, events = float(items.get(item, 0.0)), known.get((team, kind), 0.0)
            each = min(size, days / events if events else size)
            status = "unknown" if item not in items else "records" if each < size else "assumed"
            each = max(round(each * HALVES), 1) / HALVES
            rows.append((team, kind, days, days / each, each, status))
    return pd.DataFrame(rows, columns=["team", "kind", "days", "events", "event_days", "status"])


def events_seen(records: pd.DataFrame, roster: pd.DataFrame, workdays: pd.DataFrame) -> pd.DataFrame:
    """Return how many investigations and ordered tasks the records have, for a whole year: team, kind, events.

    Records reach to the last month that has any; their number grows in proportion to the workdays left. A record is
    the team's of its first officer.
    """
    if records.empty:
        return pd.DataFrame(columns=["team", "kind", "events"])
    last = int(records["date"].str[5:7].max())
    days = workdays.set_index("month")["workdays"]
    part = float(days[days.index <= last].sum()) / float(days.sum())
    kinds = {trigger: kind for kind, (_, trigger) in KINDS.items() if trigger}
    rows = [
        (team_of(roster, officers[0], int(date[5:7])) if officers else "", kinds[trigger])
        for trigger, officers, date in zip(records["trigger"], records["officers"], records["date"], strict=True)
        if trigger in kinds
    ]
    table = pd.DataFrame(rows, columns=["team", "kind"])
    counts = table[table["team"] != ""].groupby(["team", "kind"]).size()
    return (counts / part).rename("events").reset_index()


def queues(
    tasks: pd.DataFrame,
    visits: pd.DataFrame,
    account: pd.DataFrame,
    statutory: pd.DataFrame,
    *,
    key_periods: pd.DataFrame,
    events: pd.DataFrame,
) -> dict[str, Queue]:
    """Return every team's queue; tables as in account.py and allocate.py, `events` as of `shocks`.

    The reserve is not taken off: it is there for this work.
    """
    inspection, work = line_days(account, "inspection_days"), _work(tasks, visits)
    by_team = {}
    for team, months in statutory.groupby("team", sort=False):
        weights = [halves(days) for days in months.sort_values("month")["statutory_days"]]
        expected = events[events["team"] == team]
        taken = key_periods[key_periods["team"] == team].groupby("month")["days"].sum()
        free = max(halves(inspection[team] + float(expected["days"].sum())), 0)
        parts = spread_days(free, weights)
        open_days = [part - halves(taken.get(month, 0.0)) for part, month in zip(parts, MONTHS, strict=True)]
        room = [max(days, 0) for days in carried(open_days, 0)]
        share = [weight / max(sum(weights), 1) for weight in weights]
        by_team[str(team)] = Queue(
            *(tuple(need.get((team, month), 0) for month in MONTHS) for need in work),
            tuple(room),
            tuple(
                (halves(each), tuple(count * part for part in share))
                for count, each in zip(expected["events"], expected["event_days"], strict=True)
            ),
        )
    return by_team


def _work(tasks: pd.DataFrame, visits: pd.DataFrame) -> tuple[dict[tuple[str, int], int], dict[tuple[str, int], int]]:
    """Return half-days planned, and half-days that may be begun, each by team and month."""
    first = {
        (task_id, month): min(months)
        for task_id, periods in zip(tasks["task_id"], tasks["periods"], strict=True)
        for months in periods
        for month in months
    }
    planned = by_task_and_month(visits)
    begun: dict[tuple[str, int], int] = {}
    for (task_id, month), count in planned.items():
        cell = task_id, first.get((task_id, month), month)
        begun[cell] = begun.get(cell, 0) + count
    shares = team_efforts(efforts(tasks))
    return needed_halves(planned, shares), needed_halves(begun, shares)


# --- exactly ---


def taken(room: int, events: Sequence[tuple[int, float]]) -> np.ndarray:
    """Return the distribution of half-days taken from a month's room: place n is the chance of n, the last of all.

    `events` holds the half-days of one event and the expected number, by kind.

    >>> taken(2, [(1, 0.0)]).tolist()
    [1.0, 0.0, 0.0]
    """
    chances = np.zeros(room + 1)
    chances[0] = 1.0
    for size, expected in events:
        counts = _poisson(expected, room // size)
        steps = np.zeros(room + 1)
        steps[: (len(counts) - 1) * size + 1 : size] = counts
        full = np.convolve(chances, steps)
        chances = full[: room + 1]
        chances[room] += full[room + 1 :].sum() + max(1.0 - counts.sum(), 0.0)
    return chances


def _poisson(expected: float, most: int) -> np.ndarray:
    """Return the chances of 0 to `most` events."""
    if expected <= 0:
        return np.array([1.0] + [0.0] * most)
    return np.array([exp(n * log(expected) - expected - lgamma(n + 1)) for n in range(most + 1)])


def left(queue: Queue, forward: bool = True) -> list[np.ndarray]:
    """Return for each month's end the distribution of half-days planned and left undone: place 0, nothing is left.

    `forward`: visits may be brought forward.
    """
    lacking = [_lacking(queue, n) for n in range(len(queue.room))]
    if not forward:
        return _through(queue.load, lacking)
    ahead = np.cumsum(queue.opened) - np.cumsum(queue.load)
    return [_behind(pmf, int(early)) for pmf, early in zip(_through(queue.opened, lacking), ahead, strict=True)]


def _behind(pmf: np.ndarray, early: int) -> np.ndarray:
    """Return the distribution of what is left of the plan, where so many half-days of what is open are not due yet."""
    return np.concatenate([[pmf[: early + 1].sum()], pmf[early + 1 :]])


def _lacking(queue: Queue, n: int) -> np.ndarray:
    """Return the distribution of what is lacking of a month's room."""
    return taken(queue.room[n], [(size, expected[n]) for size, expected in queue.events])


def _through(load: Sequence[int], lacking: Sequence[np.ndarray]) -> list[np.ndarray]:
    backlog, ends = np.array([1.0]), []
    for work, lack in zip(load, lacking, strict=True):
        room = len(lack) - 1
        after = np.convolve(backlog, lack)  # place n: backlog + work - room + n half-days, those below none are none
        done = max(room - work, 0)
        first = np.concatenate([np.zeros(max(work - room, 0)), after])
        backlog = np.concatenate([[first[: done + 1].sum()], first[done + 1 :]])
        ends.append(backlog)
    return ends


def chances(by_team: Mapping[str, Queue]) -> pd.DataFrame:
    """Return the chance that all that was planned is done, by each month's end: one row per team and month, then 合计.

    Exact. held_share: with every visit made in its month; finish_share: with visits brought forward, and for that
    left_median_days and left_high_days, the officer-days left undone at most with a chance of 50 % and 90 %. 合计 takes
    teams as independent of each other.
    """
    in_month, forward = ({team: left(queue, early) for team, queue in by_team.items()} for early in (False, True))
    rows = []
    for team in [*by_team, ALL_TEAMS] if by_team else ():
        for n, month in enumerate(MONTHS):
            teams = by_team if team == ALL_TEAMS else (team,)
            least, best = ([ends[name][n] for name in teams] for ends in (in_month, forward))
            undone = reduce(np.convolve, best)
            shares = (min(float(prod(pmf[0] for pmf in ends)), 1.0) for ends in (least, best))
            rows.append((team, month, *shares, _quantile(undone, 0.5), _quantile(undone, HIGH)))
    names = ["team", "month", "held_share", "finish_share", "left_median_days", "left_high_days"]
    return pd.DataFrame(rows, columns=names)


def _quantile(pmf: np.ndarray, share: float) -> float:
    """Return the least officer-days that are not exceeded with this chance."""
    return int(np.searchsorted(np.cumsum(pmf), share - 1e-12)) / HALVES


def reserve_needed(
    by_team: Mapping[str, Queue], account: pd.DataFrame, key_periods: pd.DataFrame, wanted: float
) -> pd.DataFrame:
    """Return the reserve with which a plan that fills all other days is finished with the chance wanted, by team.

    One row per team: reserve_days and reserve_share of the plan, finish_share were it planned to the full, then the
    needed_reserve_days and needed_reserve_share (of inspection days).
    """
    inspection, reserve = line_days(account, "inspection_days"), line_days(account, "reserve_days")
    key = key_periods.groupby("team")["days"].sum()
    rows = []
    for team, queue in by_team.items():
        whole, planned = max(halves(inspection[team]), 0), max(halves(reserve[team]), 0)
        free = max(whole - halves(float(key.get(team, 0.0))), 0)
        full = _to_the_full(queue, free)
        least = _least_reserve(lambda reserve, full=full: full(reserve) >= wanted - 1e-12, free)
        needed = least / HALVES, least / (whole or 1)
        rows.append((team, planned / HALVES, planned / (whole or 1), full(planned), *needed))
    names = ["team", "reserve_days", "reserve_share", "finish_share", "needed_reserve_days", "needed_reserve_share"]
    return pd.DataFrame(rows, columns=names)


def _to_the_full(queue: Queue, free: int) -> Callable[[int], float]:
    """Return the chance of finishing a plan that leaves only so many half-days free, opened in this plan's pattern."""
    lacking = [_lacking(queue, n) for n in range(len(queue.room))]
    pattern = queue.opened if any(queue.opened) else queue.room

    def chance(reserve: int) -> float:
        load = spread_days(max(free - reserve, 0), pattern)
        return min(float(_through(load, lacking)[-1][0]), 1.0)

    return chance


def _least_reserve(enough: Callable[[int], bool], most: int) -> int:
    """Return the least whole number that is enough, by halving, where `most` is."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high


# --- against what happened ---


def calibration(chances: pd.DataFrame, progress: pd.DataFrame, last: int) -> pd.DataFrame:
    """Return the chance given for each month that is over beside what happened: one row per month up to `last`.

    `chances` as of that function, `progress` one row per month with planned_to_date and done_to_date (家次). `met`:
    done is not less than planned; brier_score: the squared distance of the chance from it, 0 best, 0.25 for a coin.
    """
    share = chances[chances["team"] == ALL_TEAMS].set_index("month")["finish_share"]
    rows = progress[progress["month"] <= last]
    table = rows[["month", "planned_to_date", "done_to_date"]].reset_index(drop=True)
    table["finish_share"] = table["month"].map(share)
    table["met"] = table["done_to_date"] >= table["planned_to_date"]
    table["brier_score"] = (table["finish_share"] - table["met"].astype(float)) ** 2
    return table
