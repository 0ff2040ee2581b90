"""A panel (板面): a piece of a live page, drawn as text in milliseconds: tiles, bars, the month table, the band.

Every text from a table is escaped: no markup in a name can become live. A month with more or less than the plan
has a sign besides its colour, one over capacity a hatch (Okabe-Ito colours, as in the charts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import inf
from pathlib import Path
from string import Template

import pandas as pd

from enforce.papers.screen.canvas import GREY, INK, NEEDED, OVER, PALE, RULE
from enforce.papers.screen.cells import MONTHS, cell_text, is_missing
from enforce.words.numbers import percent
from enforce.words.terms import ALL_TEAMS

ROW = 70  # height of a team's bars
POINTS = " 个百分点"
NOBODY = "无人日"  # a load where there is need and no capacity
LEGEND = "绿柱是需要，黑线是可安排，柱旁灰线是原计划，斜纹是超出。"
_MONTH_WIDTH = 100  # width of a month, in the units of a drawing

_COLOURS = {"INK": INK, "GREY": GREY, "RULE": RULE, "PALE": PALE, "OVER": OVER}
_SHEET = Path(__file__).with_name("panels.css").read_text(encoding="utf-8")
STYLE = f"<style>\n{Template(_SHEET).substitute(_COLOURS)}</style>"


def plain(text: str, kind: str = "") -> str:
    """Return a text as a paragraph of a class (alert, good, wrong, own), with nothing in it live.

    >>> plain("<b>甲</b>", "own")
    '<div class="ex"><div class="own">&lt;b&gt;甲&lt;/b&gt;</div></div>'
    """
    lines = "<br>".join(escape(line) for line in text.splitlines())
    return f'<div class="ex"><div class="{kind}">{lines}</div></div>' if text else ""


def number(kind: str, value: float | None) -> str:
    """Return a figure as a planner reads it.

    >>> number("share", 0.8723), number("days", 46.0), number("visits", 261.0), number("share", None)
    ('87.2%', '46', '261', '—')
    >>> number("share", float("inf"))
    '无人日'
    """
    if value == inf:
        return NOBODY
    return cell_text({"share": "share", "days": "days"}.get(kind, "visits"), value)


def difference(kind: str, before: float, after: float) -> str:
    """Return a change with its sign; shares in points of a percent; '' where nothing is to be seen of it.

    >>> difference("share", 0.872, 0.9), difference("days", 432.0, 430.5), difference("visits", 1, 1)
    ('+2.8 个百分点', '−1.5', '')
    """
    if is_missing(before) or is_missing(after) or number(kind, before) == number(kind, after):
        return ""
    step, unit = ((after - before) * 100, POINTS) if kind == "share" else (after - before, "")
    return f"{'+' if step > 0 else '−'}{cell_text('days', abs(round(step, 1)))}{unit}"


def tiles(figures: pd.DataFrame) -> str:
    """Return the headline: a tile a figure (item, kind, before, after, limit), with the plan's own below."""
    return f'<div class="ex"><div class="tiles">{"".join(map(_tile, figures.itertuples()))}</div></div>'


def _tile(row: tuple) -> str:
    step = difference(row.kind, row.before, row.after)
    kind = "tile bad" if row.after > row.limit else "tile off" if step else "tile"
    mark = f" <small>{escape(step.removesuffix(POINTS))}</small>" if step else ""
    whole = escape(f"{row.item} {number(row.kind, row.after)}，计划 {number(row.kind, row.before)} {step}", quote=True)
    return (
        f'<div class="{kind}" title="{whole}">{escape(row.item)}<b>{number(row.kind, row.after)}</b>'
        f'<span class="was">原 {number(row.kind, row.before)}{mark}</span></div>'
    )


# --- bars ---


def load_bars(loads: pd.DataFrame, before: pd.DataFrame, picked: int = 0) -> str:
    """Return need against capacity (人日), a row of bars a team; the plan's own need is a grey line beside each bar."""
    was = before.set_index(["team", "month"])["needed_days"].to_dict()
    teams = list(loads["team"].unique())
    drawn = [_team_bars(team, n, loads[loads["team"] == team], was, picked) for n, team in enumerate(teams)]
    over = "；".join(f"{row.team}{row.month}月 {percent(row.load)}" for row in loads.itertuples() if row.overload_days)
    label = f"各科队各月需要与可安排人日。{f'超出的月份：{over}' if over else '没有月份超出。'}"
    return _svg(12 * _MONTH_WIDTH, len(teams) * 2 * ROW + 4, "".join(drawn), label)


def _svg(width: int, height: int, inside: str, label: str) -> str:
    hatch = (
        '<defs><pattern id="ex-hatch" width="9" height="9" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)">'
        f'<rect width="9" height="9" fill="{OVER}"/><rect width="3" height="9" fill="#fff"/></pattern></defs>'
    )
    return (
        f'<div class="ex"><svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label, quote=True)}">'
        f"{hatch}{inside}</svg></div>"
    )


def _team_bars(team: str, n: int, rows: pd.DataFrame, was: Mapping, picked: int) -> str:
    top, height = n * 2 * ROW + 30, 2 * ROW - 32
    most = max(1.0, *rows["needed_days"], *rows["capacity_days"], *(was.get((team, m), 0.0) for m in rows["month"]))
    shapes = [f'<text x="2" y="{top - 8}">{escape(team)}（人日，最高 {cell_text("days", most)}）</text>']
    if picked:
        x = (picked - 1) * _MONTH_WIDTH
        shapes.append(f'<rect x="{x}" y="{top}" width="{_MONTH_WIDTH}" height="{height}" fill="#eef2f6"/>')
    for row in rows.itertuples():
        x = (row.month - 1) * _MONTH_WIDTH
        days = row.needed_days, row.capacity_days, was.get((team, row.month), 0.0)
        need, room, old = (height * each / (1.22 * most) for each in days)
        shapes.append(_bar(x, top + height, need, room, row.needed_days > row.capacity_days))
        shapes.append(_straight_line(x + 14, x + 26, top + height - old, GREY, 5))
        text = number("share", row.load if row.capacity_days > 0 else inf) if row.needed_days else ""
        y = top + height - max(need, room) - 7
        shapes.append(f'<text x="{x + 50}" y="{y:.1f}" text-anchor="middle" class="quiet">{text}</text>')
    return "".join(shapes) + _straight_line(0, 12 * _MONTH_WIDTH, top + height, RULE, 1.5)


def _bar(x: int, foot: float, need: float, room: float, over: bool) -> str:
    inside = min(need, room)
    bar = f'<rect x="{x + 28}" y="{foot - inside}" width="46" height="{inside}" fill="{NEEDED}"/>'
    if over:
        bar += f'<rect x="{x + 28}" y="{foot - need}" width="46" height="{need - room}" fill="url(#ex-hatch)"/>'
    return bar + _straight_line(x + 20, x + 82, foot - room, INK, 3)


def _straight_line(left: float, right: float, y: float, colour: str, width: float) -> str:
    return f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="{width}"/>'


# --- tables ---


def change_grid(matrix: pd.DataFrame, names: Mapping[str, str], picked: int = 0) -> str:
    """Return visits by task and month (家次), each change against the plan marked by sign and colour."""
    titles = [("检查事项（家次）", 0), *((name, month) for month, name in enumerate(MONTHS, 1)), ("全年", 0)]
    head = "".join(f'<th scope="col"{_picked(month, picked)}>{name}</th>' for name, month in titles)
    cells = {(row.task_id, row.month): (int(row.visits), int(row.changed_visits)) for row in matrix.itertuples()}
    by_task = [[cells.get((code, month), (0, 0)) for month in range(1, 13)] for code in names]
    body = "".join(_grid_row(escape(name), months) for name, months in zip(names.values(), by_task, strict=True))
    totals = [tuple(map(sum, zip(*month, strict=True))) for month in zip(*by_task, strict=True)]
    body += _grid_row(ALL_TEAMS, totals, "sum")
    return f'<div class="ex"><table class="grid"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _picked(month: int, picked: int) -> str:
    return ' class="picked"' if month and month == picked else ""


def _grid_row(name: str, months: Sequence[tuple[int, int]], kind: str = "") -> str:
    whole = (sum(count for count, _ in months), sum(step for _, step in months))
    cells = "".join(_grid_cell(*month, kind) for month in (*months, whole))
    return f'<tr><th scope="row" class="{kind}" title="{name}">{name}</th>{cells}</tr>'


def _grid_cell(count: int, step: int, kind: str) -> str:
    marked = f"{'up' if step > 0 else 'down'} {kind}".strip() if step else kind
    change = f" <small>{'+' if step > 0 else '−'}{abs(step)}</small>" if step else ""
    return f'<td class="{marked}">{count or "·"}{change}</td>'


# --- the band ---


def chance_band(chances: pd.DataFrame, wanted: float | None) -> str:
    """Return the chance of finishing by each month's end: the band of both readings, and the chance wanted, if any."""
    rows = chances[chances["team"] == ALL_TEAMS].sort_values("month")
    height, foot = 220, 250
    at = [(month - 0.5) * _MONTH_WIDTH for month in rows["month"]]
    upper = [foot - height * share for share in rows["finish_share"]]
    lower = [foot - height * share for share in rows["held_share"]]
    above, below = ([f"{x:.0f},{y:.1f}" for x, y in zip(at, ends, strict=True)] for ends in (upper, lower))
    line, shape = " ".join(above), " ".join([*above, *reversed(below)])
    inside = [
        f'<polygon points="{shape}" fill="{PALE}"/>',
        f'<polyline points="{line}" fill="none" stroke="{INK}" stroke-width="4"/>',
        _straight_line(0, 12 * _MONTH_WIDTH, foot, RULE, 1.5),
    ]
    if wanted is not None:
        goal = foot - height * wanted
        inside.append(_straight_line(0, 12 * _MONTH_WIDTH, goal, GREY, 2))
        inside.append(f'<text x="4" y="{goal - 6:.1f}" class="quiet">{percent(wanted)}</text>')
    for x, y, row in zip(at, upper, rows.itertuples(), strict=True):
        inside.append(f'<circle cx="{x:.0f}" cy="{y:.1f}" r="6" fill="{INK}"/>')
        inside.append(f'<text x="{x:.0f}" y="{y - 12:.1f}" text-anchor="middle">{percent(row.finish_share)}</text>')
        inside.append(f'<text x="{x:.0f}" y="{foot + 26}" text-anchor="middle" class="quiet">{row.month}月底</text>')
    end = rows.iloc[-1]
    label = f"全年按期完成的可能 {percent(end.finish_share)}，不提前时 {percent(end.held_share)}"
    return _svg(12 * _MONTH_WIDTH, foot + 40, "".join(inside), label)
