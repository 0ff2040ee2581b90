"""The failing call: the n-th call of SQLite to the system fails, once or from then on, at every n (needs strace).

One traced process forks a writer for every n. Which call fails is fixed for the trace, so the writer of place n makes
so many harmless calls first that its own n-th one is hit.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from enforce.inputs.ledger.ledger import check_ledger, write_records
from enforce.words.problems import InputError
from tests.kills.writer import AT, visits

ROOT = Path(__file__).resolve().parents[2]
OLD, NEW = 30, 60
#: A call of the system, and how it is made harmlessly on an open file.
CALLS: dict[str, Callable[[int], object]] = {
    "pwrite64": lambda handle: os.pwrite(handle, b"x", 0),
    "pread64": lambda handle: os.pread(handle, 1, 0),
    "fdatasync": os.fdatasync,
    "fsync": os.fsync,
    "ftruncate": lambda handle: os.ftruncate(handle, 1),
    "unlink": lambda handle: _unlinked(),
}
#: Processes stop at the calls that are traced, and at no other.
TRACE = ("strace", "--seccomp-bpf", "-f", "-qq", "-o", os.devnull)
ACKNOWLEDGED, TOLD, UNTOLD = 0, 3, 4


def _unlinked() -> None:
    with suppress(FileNotFoundError):
        os.unlink("/nowhere/nothing")


@dataclass
class Faults:
    """What came of many failing calls: attempts, failures told; ledgers torn and failures not told, by place."""

    attempts: int = 0
    told: int = 0
    torn: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


def available() -> bool:
    """Whether calls can be made to fail here."""
    command = [*TRACE, "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO", "true"]
    return bool(shutil.which("strace")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


def fail_all(folder: Path, places: int, calls: tuple[str, ...] = tuple(CALLS)) -> Faults:
    """Let every call of every kind fail, once and from then on, in an append and in the making of a ledger."""
    found = Faults()
    write_records(folder / "sound.sqlite", visits([f"old-{n}" for n in range(OLD)]), at=AT)
    for call in calls:
        for mode in ("once", "on"):
            for kind in ("append", "create"):
                _check(_traced(folder / f"{call}-{mode}-{kind}", call, mode, kind, places), found)
    return found


def _traced(folder: Path, call: str, mode: str, kind: str, places: int) -> dict[str, int]:
    """Run the writers of one trace; return how each ended, by the folder of its ledger."""
    folder.mkdir()
    for n in range(1, places + 1):
        (folder / str(n)).mkdir()
        if kind == "append":
            shutil.copy(folder.parent / "sound.sqlite", folder / str(n) / "ledger.sqlite")
    when = f"{places}{'+' if mode == 'on' else ''}"
    trace = [*TRACE, "-e", f"trace={call}", "-e", f"inject={call}:error=EIO:when={when}"]
    command = [*trace, sys.executable, "-m", "tests.kills.faults", str(folder), call, str(places)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3600)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return {str(folder / n): code for n, code in json.loads(done.stdout).items()}


def _check(ends: dict[str, int], found: Faults) -> None:
    for place, code in ends.items():
        ledger = Path(place) / "ledger.sqlite"
        found.attempts, found.told = found.attempts + 1, found.told + (code == TOLD)
        name = "/".join(Path(place).parts[-2:])
        try:
            held = check_ledger(ledger).records if ledger.exists() else 0
        except ValueError as error:
            found.torn.append(f"{name}: {error}")
            continue
        found.torn += [f"{name}: {held} records"] if held not in _whole(place) else []
        found.silent += [name] if code not in (ACKNOWLEDGED, TOLD) else []
        found.silent += (
            [f"{name}: acknowledged and lost"] if code == ACKNOWLEDGED and held != max(_whole(place)) else []
        )


def _whole(place: str) -> tuple[int, int]:
    return (OLD, NEW) if "-append" in place else (0, OLD)


# --- the traced process ---------------------------------------------------------------------------------------------


def _write(folder: Path, call: str, before: int) -> int:
    """Make some harmless calls, then record; return how that ended."""
    handle = os.open(folder / "scratch", os.O_RDWR | os.O_CREAT)
    for _ in range(before):
        CALLS[call](handle)
    try:
        write_records(folder / "ledger.sqlite", visits([f"new-{n}" for n in range(OLD)]), at=AT)
    except InputError:
        return TOLD
    except BaseException:
        return UNTOLD
    return ACKNOWLEDGED


def main(folder: Path, call: str, places: int) -> None:
    """Fork a writer for every place and print how each ended."""
    ends = {}
    for n in range(1, places + 1):
        writer = os.fork()
        if not writer:
            os._exit(_write(folder / str(n), call, places - n))
        ends[str(n)] = os.waitstatus_to_exitcode(os.waitpid(writer, 0)[1])
    print(json.dumps(ends))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
