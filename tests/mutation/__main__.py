"""The command: `python -m tests.mutation` puts faults into a copy of the code and counts those the tests notice."""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutation.modules import LEFT_OUT, MODULES, SECONDS, TESTS

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".mutation"
FOUND = {1: "killed", 3: "killed", 0: "survived", 33: "untested", 5: "untested", 34: "not drawn", None: "not drawn"}


def copied() -> None:
    """Copy what git tracks or would track into the working folder, so that nothing here is touched."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    shutil.rmtree(WORK, ignore_errors=True)
    for name in filter(None, listed.stdout.decode("utf-8").split("\0")):
        if (ROOT / name).is_file():
            (WORK / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, WORK / name)


def configured(modules: list[str]) -> None:
    """Write the tool's settings into the working folder."""
    lists = {
        "source_paths": ["enforce"],
        "only_mutate": [f"enforce/inputs/{name}.py" for name in modules],
        "also_copy": ["params", "data", "notebooks", "README.md"],
        "pytest_add_cli_args_test_selection": [*TESTS],
        "pytest_add_cli_args": [
            "-oaddopts=", "--import-mode=importlib", "-pno:cacheprovider", "-pno:nbval", "-pno:anyio", "-pno:doctest",
            "-ptests.mutation.plugin", "-k", " and ".join(f"not {name}" for name in LEFT_OUT),
        ],
    }  # fmt: skip
    text = "".join(f"{name}=\n    " + "\n    ".join(lines) + "\n" for name, lines in lists.items())
    numbers = "timeout_multiplier=2.0\ntimeout_constant=4.0\ntrack_dependencies=false\nuse_git_change_detection=false\n"
    (WORK / "setup.cfg").write_text(f"[mutmut]\n{text}{numbers}", encoding="utf-8")


def drawn(share: float, seed: int) -> None:
    """Leave all but a share of each module's mutants out, drawn by lot."""
    for path in sorted((WORK / "mutants").rglob("*.meta")):
        meta = json.loads(path.read_text(encoding="utf-8"))
        names = sorted(meta["exit_code_by_key"])
        chosen = random.Random(f"{seed} {path.stem}").sample(names, round(share * len(names)))
        meta["exit_code_by_key"] = {name: None if name in set(chosen) else 34 for name in names}
        path.write_text(json.dumps(meta, indent=1), encoding="utf-8")


def shortened() -> None:
    """Keep for each function the tests of its own module that reach it, then the quickest others."""
    from mutmut.state import state

    took = state().duration_by_test
    for function, tests in state().tests_by_mangled_function_name.items():
        own = (f"test_{function.split('.')[2]}.py", "test_told.py")
        kept, seconds = set(), 0.0
        for test in sorted(tests, key=lambda name: (Path(name.partition("::")[0]).name not in own, took[name], name)):
            seconds += took[test] + 0.003
            if kept and seconds > SECONDS:
                break
            kept.add(test)
        state().tests_by_mangled_function_name[function] = kept


def run(modules: list[str], share: float, seed: int) -> None:
    """Make the mutants, draw, and run the tests against each."""
    os.chdir(WORK)
    from mutmut import __main__ as tool

    collect = tool.collect_or_load_stats

    def collected(*arguments: object, **options: object) -> None:
        collect(*arguments, **options)
        shortened()
        drawn(share, seed)

    tool.collect_or_load_stats = collected
    with quiet():
        tool._run((), os.cpu_count())


@contextmanager
def quiet() -> Iterator[None]:
    """Send what the tool says of its progress to a file, unless someone is looking."""
    if sys.stdout.isatty():
        yield
        return
    sys.stdout.flush()
    kept = os.dup(1)
    with (WORK / "log.txt").open("w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(kept, 1)
            os.close(kept)


def told(show: bool) -> int:
    """Print one row per module and, if asked, every survivor."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    total, living = Counter(), []
    print(f"{'module':16}{'mutants':>9}{'drawn':>8}{'killed':>8}{'timeout':>9}{'survived':>10}{'score':>8}")
    for name in MODULES:
        path = WORK / f"mutants/enforce/inputs/{name}.py.meta"
        if not path.exists():
            continue
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        counts = Counter(FOUND.get(code, "timeout") for code in codes.values())
        counts["all"] = len(codes)
        print(_line(name, counts))
        total += counts
        living += [(name, key) for key, code in codes.items() if FOUND.get(code) in ("survived", "untested")]
    print(_line("all", total))
    for name, key in living if show else ():
        print(f"\n# {key}\n{get_diff_for_mutant(key, path=Path(f'enforce/inputs/{name}.py'))}")
    return len(living)


def _line(name: str, counts: Counter) -> str:
    drawn_ = counts["all"] - counts["not drawn"]
    lived = counts["survived"] + counts["untested"]
    score = f"{100 * (drawn_ - lived) / drawn_:.1f}%" if drawn_ else "-"
    return f"{name:16}{counts['all']:9}{drawn_:8}{counts['killed']:8}{counts['timeout']:9}{lived:10}{score:>8}"


def main() -> int:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="modules of enforce/inputs (default: all)")
    parser.add_argument(
        "--share", type=float, default=0.15, help="share of the mutants drawn (default 0.15; 1 for all)"
    )
    parser.add_argument("--seed", type=int, default=2024, help="of the draw (default 2024)")
    parser.add_argument("--show", action="store_true", help="print every survivor")
    parser.add_argument("--last", action="store_true", help="print the figures of the last run again")
    chosen = parser.parse_args()
    if not chosen.last:
        copied()
        configured(chosen.modules or list(MODULES))
        run(chosen.modules, chosen.share, chosen.seed)
    os.chdir(WORK)
    told(chosen.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
