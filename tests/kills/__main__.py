"""The command: `python -m tests.kills --times 1000` kills writers of the ledger and tells what was lost: nothing."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.kills.run import kill_many


def main() -> int:
    """Kill as often as asked and print the tally."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=1000, help="kills (default 1000)")
    parser.add_argument("--seed", type=int, default=2024, help="moments of the kills (default 2024)")
    chosen = parser.parse_args()
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


if __name__ == "__main__":
    sys.exit(main())
