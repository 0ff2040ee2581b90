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
from pathlib import Path

from enforce.inputs.ledger.ledger import check_ledger, read_ledger
from tests.kills import writer

PER_LEDGER = 5
#: A writer is killed up to so many seconds after it has acknowledged so many records: while it makes its ledger, too.
WORDS, LONGEST = (0, 1, 40), 0.12


def context() -> multiprocessing.context.BaseContext:
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
    """Kill writers at random moments; after each kill check the ledger they leave."""
    chance, tally, processes = random.Random(seed), Tally(), context()
    acknowledged: set[tuple[str, int]] = set()
    for n in range(times):
        ledger = folder / str(n // PER_LEDGER) / "ledger.sqlite"
        if n % PER_LEDGER == 0:
            ledger.parent.mkdir()
            acknowledged = set()
        words = killed(processes, ledger, seed * 100_000 + n, chance.choice(WORDS), chance.uniform(0, LONGEST))
        acknowledged |= words
        tally.kills, tally.acknowledged = tally.kills + 1, tally.acknowledged + len(words)
        tally.in_transaction += any(path.name.endswith("-journal") for path in ledger.parent.iterdir())
        check(ledger, acknowledged, tally)
    return tally


def killed(
    processes: multiprocessing.context.BaseContext, ledger: Path, number: int, words: int, seconds: float
) -> set[tuple[str, int]]:
    """Start a writer, kill it some seconds after so many records, and return all it acknowledged: names, versions.

    So however slow the machine is, the writer gets to work before it is killed.
    """
    ear, mouth = processes.Pipe(duplex=False)
    process = processes.Process(target=writer.write, args=(os.fspath(ledger), number, mouth), daemon=True)
    process.start()
    mouth.close()
    ear.recv()
    first = [ear.recv() for _ in range(words)]
    time.sleep(seconds)
    process.kill()
    process.join()
    return {*first, *heard(ear)}


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
