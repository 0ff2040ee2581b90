"""The command: `python -m tests.kills --times 1000` kills writers of the ledger and tells what was lost: nothing.

`python -m tests.kills --faults 40` lets calls of SQLite to the system fail one by one instead.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.kills import faults
from tests.kills.run import kill_many


def main() -> int:
    """Kill as often as asked and print the tally."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=1000, help="kills (default 1000)")
    parser.add_argument("--seed", type=int, default=2024, help="moments of the kills (default 2024)")
    parser.add_argument("--faults", type=int, metavar="N", help="instead: let the first N calls of each kind fail")
    chosen = parser.parse_args()
    if chosen.faults:
        return _fail(chosen.faults)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_many(Path(folder), chosen.times, chosen.seed)
    print(
        f"{tally.kills} kills in {time.monotonic() - begun:.0f} s: {tally.acknowledged} records acknowledged, "
        f"{len(tally.lost)} lost, {len(tally.torn)} torn; {tally.in_transaction} kills within a transaction, "
        f"{tally.without_ledger} before the first act"
    )
    print("\n".join([*tally.lost[:10], *tally.torn[:10]]))
    return int(bool(tally.lost or tally.torn))


def _fail(places: int) -> int:
    """Let calls fail and print what came of it; 2 where strace cannot do it."""
    if not faults.available():
        print("strace is needed, and may be forbidden here", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        found = faults.fail_all(Path(folder), places)
    print(
        f"{found.attempts} attempts: {found.told} failures told, {len(found.silent)} not told, {len(found.torn)} torn"
    )
    print("\n".join([*found.silent[:10], *found.torn[:10]]))
    return int(bool(found.silent or found.torn))


if __name__ == "__main__":
    sys.exit(main())
