"""The run: writers started, killed, and their ledger checked."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path

from enforce.inputs.ledger.ledger import check_ledger, read_ledger
from tests.kills import writer

PER_LEDGER = 5
MOST_RECORDS = 40  # that a writer has said before the wait for its kill begins
LONGEST = 0.05  # seconds of that wait


def context() -> BaseContext:
    """How writers are started: forked from a process that has loaded everything, where there is such a thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["tests.kills.writer"])
    return found


@dataclass
class Tally:
    """What many kills came to."""

    kills: int = 0
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    in_transaction: int = 0
    without_ledger: int = 0


def kill_many(folder: Path, times: int, seed: int = 2024) -> Tally:
    """Kill writers at random moments; after each kill check the ledger they leave.

    It goes on, to twenty times as many, until one has fallen within a transaction: which one does, the machine decides.
    """
    chance, tally, processes = random.Random(seed), Tally(), context()
    acknowledged: set[tuple[str, int]] = set()
    while tally.kills < (times if tally.in_transaction else 20 * times):
        n = tally.kills
        ledger = folder / str(n // PER_LEDGER) / "ledger.sqlite"
        if n % PER_LEDGER == 0:
            ledger.parent.mkdir()
            acknowledged = set()
        records, wait = chance.randint(0, MOST_RECORDS), chance.uniform(0, LONGEST)
        named = killed(processes, ledger, seed * 100_000 + n, records, wait)
        acknowledged |= named
        tally.kills, tally.acknowledged = tally.kills + 1, tally.acknowledged + len(named)
        tally.in_transaction += any(path.name.endswith("-journal") for path in ledger.parent.iterdir())
        check(ledger, acknowledged, tally)
    return tally


def killed(processes: BaseContext, ledger: Path, number: int, records: int, wait: float) -> set:
    """Start a writer, kill it some seconds after it has named so many records; the names with versions it gave."""
    ear, mouth = processes.Pipe(duplex=False)
    process = processes.Process(target=writer.write, args=(os.fspath(ledger), number, mouth), daemon=True)
    process.start()
    mouth.close()
    ear.recv()
    names = {ear.recv() for _ in range(records)}
    time.sleep(wait)
    process.kill()
    process.join()
    return names | set(heard(ear))


def heard(ear: Connection) -> list:
    """Everything that was said until the other end fell silent; a word broken off does not count."""
    words = []
    try:
        while True:
            words.append(ear.recv())
    except (EOFError, OSError):
        return words


def check(ledger: Path, acknowledged: set[tuple[str, int]], tally: Tally) -> None:
    """Add to the tally what is lost or torn in a ledger."""
    if not ledger.exists():
        tally.without_ledger += 1
        tally.lost += [name for name, _ in acknowledged]
        return
    try:
        check_ledger(ledger)
        read_ledger(ledger)
    except ValueError as error:
        tally.torn.append(f"{ledger.parent.name}: {error}")
        return
    found = entries(ledger)
    tally.lost += [name for name, version in acknowledged if (name, version) not in found]
    acts = Counter(name.rsplit("-", 2)[0] for name, version in found if version == 0)
    sizes = {name.rsplit("-", 2)[0]: int(name.rsplit("-", 1)[1]) for name, _ in found}
    tally.torn += [f"act {act}: {acts[act]} of {size}" for act, size in sizes.items() if acts[act] != size]


def entries(ledger: Path) -> set[tuple[str, int]]:
    """What stands in a ledger, read without the library: names with their versions, -1 for a withdrawal."""
    with closing(sqlite3.connect(ledger)) as db:
        return set(db.execute("SELECT record_id, coalesce(hazards_found, -1) FROM entries WHERE kind <> 'import'"))
