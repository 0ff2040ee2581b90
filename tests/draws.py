"""Random records of draws, finished and of their right digest, for what must read, print or repeat them."""

from __future__ import annotations

import random

from enforce.desk.commands.draw import result
from enforce.inputs.draws import DrawRecord, commitment

EVENT = {"kind": "掷骰子", "place": "一楼大厅", "date": "2024-04-08"}


def record(chance: random.Random, **changes: object) -> DrawRecord:
    """One record: from 1 to 60 units, with strata and weights or without."""
    count, left = chance.randint(1, 60), chance.randint(0, 5)
    codes = sorted(chance.sample([f"91{n:06}X" for n in range(500)], count + left))
    strata, grades = chance.choice(([""], ["甲", "乙", "丙𠮷"])), chance.choice(([1], [1, 2, 4, 8], [1, 500]))
    listed = [
        {"unit_id": code, "stratum": chance.choice(strata), "weight": chance.choice(grades)} for code in codes[:count]
    ]
    facts = {
        "draw_id": f"demo-P{chance.randint(1, 99)}", "task_id": "P10", "month": chance.randint(0, 12),
        "places": chance.randint(1, count), "strata": "", "weighted": len(grades) > 1, "committed_on": "2024-04-01",
        "event": EVENT, "listed": listed, "left_out": [{"unit_id": c, "reason": "level"} for c in codes[count:]],
        "seed": f"{chance.randrange(10**6):06}", "list_sha256": "0" * 64,
    }  # fmt: skip
    made = DrawRecord.model_validate({**facts, **changes})
    made = made.model_copy(update={"list_sha256": commitment(made)})
    return made.model_copy(update={"result": result(made)}) if made.seed else made
