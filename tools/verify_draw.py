"""Repeat a draw from its public page: `python verify_draw.py 公示-….html`. Nothing but Python 3 is needed."""

import json
import pathlib
import re
import sys
from hashlib import sha256


def digest(record):
    lines = [["enforce-draw 1"], ["draw", *map(record.get, ("draw_id", "task_id", "month", "places"))]]
    lines += [["commit", record["committed_on"], *map(record["event"].get, ("kind", "place", "date"))]]
    lines += [["in", unit["unit_id"], unit["stratum"], unit["weight"]] for unit in record["listed"]]
    lines += [["out", unit["unit_id"], unit["reason"]] for unit in record["left_out"]]
    return sha256("".join("\t".join(map(str, line)) + "\n" for line in lines).encode()).hexdigest()


def order(weights, places, start):
    chances, left, total, sure, rows = {}, places, sum(weights.values()), [""], []
    while left and sure:
        sure = [code for code in weights if code not in chances and left * weights[code] >= total]
        left, total = left - len(sure), total - sum(weights[code] for code in sure)
        chances.update(dict.fromkeys(sure, 1))
    for code, weight in weights.items():
        ticket = sha256((start + code).encode()).hexdigest()
        u, p = (int(ticket[:13], 16) + 0.5) / 2**52, chances.get(code) or left * weight / total
        rows.append((u / (1 - u) * ((1 - p) / p) if p else 0, ticket, code))
    return [code for _, _, code in sorted(rows)]


def drawn(record):
    strata, places, size = {}, record["places"], len(record["listed"])
    start = f"{record['seed']}\n{record['draw_id']}\n"
    for unit in record["listed"]:
        strata.setdefault(unit["stratum"], {})[unit["unit_id"]] = unit["weight"]
    parts = {name: places * len(units) // size for name, units in strata.items()}
    for name in sorted(strata, key=lambda name: -(places * len(strata[name]) % size))[: places - sum(parts.values())]:
        parts[name] += 1
    return [code for name in strata for code in order(strata[name], parts[name], start)[: parts[name]]]


if __name__ == "__main__":
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    page = re.search(r'<script type="application/json" id="record">(.*?)</script>', text, re.DOTALL)
    record = json.loads(page[1] if page else text) if page or text[0] == "{" else sys.exit("检查以前没有名单，不能复核")
    same_list = digest(record) == record["list_sha256"]
    same_draw = drawn(record) == [unit["unit_id"] for unit in record["result"] if not unit["substitute"]]
    print(f"名单摘要{'' if same_list else '不'}一致；抽中的单位{'' if same_draw else '不'}一致")
    sys.exit(not (same_list and same_draw))
