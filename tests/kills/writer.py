"""The writer: records visits without end and says what is recorded, until it is killed."""

from __future__ import annotations

import random
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd

from enforce.inputs.ledger.chain import LATER, blank
from enforce.inputs.ledger.ledger import write_records, write_withdrawal

AT = "2024-05-06T07:08:09+08:00"
SIZES = (1, 1, 1, 5, 40, 400)


def visits(names: list[str], version: int = 0) -> pd.DataFrame:
    """Some records that differ in their names; `version` stands in the number of hazards."""
    texts = {"unit_id": "91310107MA1TX0013D", "task_id": "P01", "trigger": "", "inspection_code": "M", "penalty": ""}
    counts = {"hazards_found": version, "major_hazards": 0, "hazards_fixed": 0, "fine_yuan": 0}
    table = pd.DataFrame({"record_id": names})
    table = table.assign(date="2024-03-05", **texts, penalty_basis="", source="虚构", **counts)
    later = {name: [blank(name)] * len(names) for name in LATER}
    return table.assign(**later, full_record=True, in_district=True, officers=[("PT-01", "PT-02")] * len(names))


def write(ledger: str, writer: int, said: Connection) -> None:
    """Record act after act; say (name, version) of each record once it is recorded, version -1 when withdrawn."""
    chance, path, names = random.Random(writer), Path(ledger), []
    said.send("ready")
    for act in count():
        size = chance.choice(SIZES)
        kind = chance.random() if names else 0
        if kind < 0.7:
            names = [f"{writer}-{act}-{n}-{size}" for n in range(size)]
            write_records(path, visits(names), at=AT)
            version = 0
        elif kind < 0.9:
            write_records(path, visits(names, act), at=AT)
            version = act
        else:
            write_withdrawal(path, names, at=AT, reason="重复")
            version = -1
        for name in names:
            said.send((name, version))
        names = [] if version < 0 else names


def write_some(ledger: str, writer: int, times: int, said: Connection) -> None:
    """Record some visits, each in an act of its own, and say which."""
    for n in range(times):
        write_records(Path(ledger), visits([f"{writer}-{n}"]), at=AT)
        said.send(f"{writer}-{n}")
    said.close()
