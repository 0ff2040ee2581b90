"""The page of a draw (抽取公示): one file that works without network, where any unit looks up its ticket and its rank.

Before the visits it has the commitment alone: no unit, no seed. Afterwards it holds the record, and computes it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from enforce.words.terms import LeftOut, Removal

_TEMPLATES = Path(__file__).parent / "templates" / "draw"
_ASK = """<h2>查一家单位</h2>
<p><label>统一社会信用代码 <input id="code" size="24"></label> <button id="ask">查询</button></p>
<p id="answer" role="status"></p>
<p id="verdict">（浏览器停用了脚本，没有重新计算。）</p>"""
_WAITING = "<p>名单已经固定，检查以前不公布；检查以后公布名单、种子、抽中的单位，任何单位都可以查自己的号和次序。</p>"

_WITHDRAWN = "<p>这份名单已经撤回，没有抽取，编号不再使用；重新固定的名单另有一页。</p>"


def draw_page(
    heading: str, record: Mapping, names: Mapping[str, str] | None, withdrawn: Sequence[Mapping] = ()
) -> bytes:
    """Return the page of a draw; `record` is what its JSON file holds, `names` of units by code.

    Where `names` is None the page has the commitment alone. `withdrawn` are those of the line withdrawn before;
    a record that is itself one says so.
    """
    facts = [*_facts(record, names), *_withdrawals(withdrawn)]
    rows = "\n".join(f"<tr><th>{label}</th><td>{escape(text)}</td></tr>" for label, text in facts)
    body, data = _WITHDRAWN if record.get("withdrawn") else _WAITING, ""
    if names is not None:
        body = "\n".join([_drawn(record, names), *_events(record, names), _ASK])
        parts = ((record, "record"), ({reason.value: reason.label for reason in LeftOut}, "reasons"))
        data = "".join(map(_json_part, *zip(*parts, strict=True)))
        data += f"<script>\n{(_TEMPLATES / 'draw.js').read_text(encoding='utf-8')}</script>"
    page = (_TEMPLATES / "draw.html").read_text(encoding="utf-8")
    marks = {"title": escape(f"{heading} 随机抽取公示"), "facts": rows, "body": body, "data": data}
    before, *pieces = page.split("{{")
    filled = (marks[name] + text for name, _, text in (piece.partition("}}") for piece in pieces))
    return (before + "".join(filled)).encode()


def _facts(record: Mapping, names: Mapping[str, str] | None) -> Iterator[tuple[str, str]]:
    """Yield what stands at the head: label and text."""
    event = record["event"]
    yield "抽取编号", record["draw_id"]
    yield "抽取家数", f"{len(record['listed'])} 家中抽 {record['places']} 家（不参加 {len(record['left_out'])} 家）"
    yield "名单固定日期", record["committed_on"]
    yield "名单摘要（SHA-256）", record["list_sha256"]
    yield "约定的公开事件", f"{event['date']}，{event['place']}，{event['kind']}"
    if record.get("withdrawn"):
        yield "已经撤回", record["withdrawn"]
    if names is not None:
        yield "种子", record["seed"]


def _withdrawals(withdrawn: Sequence[Mapping]) -> Iterator[tuple[str, str]]:
    """Yield the commitments that were withdrawn before they had a seed: nobody may try until a draw pleases him."""
    for record in withdrawn:
        event = f"{record['event']['date']}，{record['event']['place']}，{record['event']['kind']}"
        frozen = f"{record['draw_id']}，{record['committed_on']} 固定，摘要 {record['list_sha256']}"
        yield "撤回的名单", f"{frozen}，约定 {event}；原因：{record['withdrawn']}"


def _events(record: Mapping, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the table of the units that were not visited, with their substitutes; nothing where there is none."""
    if not record.get("events"):
        return
    rows = ["<tr><th>日期</th><th>单位</th><th>原因</th><th>凭证</th><th>递补的候补</th></tr>"]
    for entry in record["events"]:
        gone, other = (f"{code} {names.get(code, '')}".strip() for code in (entry["unit_id"], entry["substitute"]))
        cells = (entry["date"], gone, Removal(entry["why"]).label, entry["evidence"], other or "没有候补")
        rows.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
    yield "<h2>抽取以后不再检查的单位</h2>\n<table>\n" + "\n".join(rows) + "\n</table>"


def _drawn(record: Mapping, names: Mapping[str, str]) -> str:
    """Return the table of the drawn units."""
    rows = [
        "<tr><th>层</th><th>次序</th><th>统一社会信用代码</th><th>单位</th><th>入选概率</th><th>号</th></tr>",
        *(_drawn_row(unit, names) for unit in record["result"] if not unit["substitute"]),
    ]
    return "<h2>抽中的单位</h2>\n<table>\n" + "\n".join(rows) + "\n</table>"


def _drawn_row(unit: Mapping, names: Mapping[str, str]) -> str:
    chance = f"{'近似 ' if unit['approximate'] else ''}{unit['probability']:.3f}"
    code = unit["unit_id"]
    cells = (unit["stratum"] or "—", str(unit["order"]), code, names.get(code, ""), chance, unit["ticket"])
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _json_part(content: object, name: str) -> str:
    """Return a part of the page that holds data: nothing in it can end the part."""
    text = json.dumps(content, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>\n'
