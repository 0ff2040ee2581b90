"""The command: `python -m tests.mutation` puts faults into a copy of the code and counts those the tests notice."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mutation.modules import LEFT_OUT, MODULES, NEAREST, SECONDS, TESTS, module_of

_CHINESE = re.compile(r'f?"[^"]*[\u4e00-\u9fff][^"]*"')
ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".mutation"
FOUND = {1: "killed", 3: "killed", 0: "survived", 33: "untested", 5: "untested", 34: "not drawn", None: "not drawn"}
#: Killed by a test, or not drawn; a timeout may come from a busy machine.
SETTLED = (1, 3, 34)


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
        "only_mutate": [f"enforce/{name}.py" for name in modules],
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
    """Leave all but a share of each module's mutants out, drawn by lot among those that are no mere wording."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    for path in sorted((WORK / "mutants").rglob("*.meta")):
        meta = json.loads(path.read_text(encoding="utf-8"))
        source = path.relative_to(WORK / "mutants").with_suffix("")
        mutants = sorted(meta["exit_code_by_key"])
        names = [name for name in mutants if not is_wording(get_diff_for_mutant(name, path=source))]
        chosen = random.Random(f"{seed} {path.stem}").sample(names, round(share * len(names)))
        meta["exit_code_by_key"] = {name: None if name in set(chosen) else 34 for name in mutants}
        path.write_text(json.dumps(meta, indent=1), encoding="utf-8")


def is_wording(diff: str) -> bool:
    """Whether a mutant changes no more than Chinese text: one message of each kind of problem is compared whole.

    >>> is_wording('-    text = "空文件"\\n+    text = "XX空文件XX"')
    True
    >>> is_wording('-    of("a", "空")\\n+    of("XXaXX", "空")')
    False
    """
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    plain = [_CHINESE.sub('""', line[1:]) for line in lines]
    return len(lines) == 2 and plain[0] == plain[1]


def reopened() -> None:
    """Take the tests as they are now, and open the verdict on every mutant that no test failed on again."""
    for folder in (WORK / "tests", WORK / "mutants/tests"):
        shutil.rmtree(folder)
        shutil.copytree(ROOT / "tests", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted((WORK / "mutants").rglob("*.meta")):
        meta = json.loads(path.read_text(encoding="utf-8"))
        codes = meta["exit_code_by_key"]
        meta["exit_code_by_key"] = {name: code if code in SETTLED else None for name, code in codes.items()}
        path.write_text(json.dumps(meta, indent=1), encoding="utf-8")


def shortened() -> None:
    """Keep for each function some seconds of its tests: those of its module first, one case of each test first."""
    from mutmut.state import state

    took = state().duration_by_test
    for function, tests in state().tests_by_mangled_function_name.items():
        near, cases = NEAREST.get(module_of(function), ()), Counter()
        order = []
        for test in sorted(tests, key=lambda name: (took[name], name)):
            file, _, name = test.partition("::")
            of, case = Path(file).stem.removeprefix("test_"), (file, name.partition("[")[0])
            cases[case] += 1
            order.append((of not in near, cases[case], took[test], test))
        nearest, seconds = set(), 0.0
        for *_, time, test in sorted(order):
            seconds += time + 0.003
            if nearest and seconds > SECONDS:
                break
            nearest.add(test)
        state().tests_by_mangled_function_name[function] = nearest


def run(draw: Callable[[], None]) -> None:
    """Make the mutants that are not there yet, draw, and run the tests against each that has no verdict."""
    os.chdir(WORK)
    from mutmut import __main__ as tool
    from mutmut.state import state

    collect = tool.collect_or_load_stats

    def collected(*arguments: object, **options: object) -> None:
        collect(*arguments, **options)
        shortened()
        draw()

    tool.collect_or_load_stats = collected
    # the tests have just run without a fault: once more takes as long again and tells nothing
    tool.tests_for_mutant_names = lambda _: {min(state().duration_by_test, key=state().duration_by_test.get)}
    with quiet():
        tool._run((), os.cpu_count())


@contextmanager
def quiet() -> Iterator[None]:
    """Send what the tool says of its progress to a file, unless someone is looking."""
    if sys.stdout.isatty():
        yield
        return
    sys.stdout.flush()
    terminal = os.dup(1)
    with (WORK / "log.txt").open("w", encoding="utf-8") as log:
        os.dup2(log.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(terminal, 1)
            os.close(terminal)


def show_figures(show: bool) -> int:
    """Print one row per module and, if asked, every survivor."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    total, living = Counter(), []
    print(f"{'module':28}{'mutants':>9}{'drawn':>8}{'killed':>8}{'timeout':>9}{'survived':>10}{'score':>8}")
    for name in MODULES:
        path = WORK / f"mutants/enforce/{name}.py.meta"
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
        print(f"\n# {key}\n{get_diff_for_mutant(key, path=Path(f'enforce/{name}.py'))}")
    return len(living)


def _line(name: str, counts: Counter) -> str:
    drawn_ = counts["all"] - counts["not drawn"]
    lived = counts["survived"] + counts["untested"]
    score = f"{100 * (drawn_ - lived) / drawn_:.1f}%" if drawn_ else "-"
    return f"{name:28}{counts['all']:9}{drawn_:8}{counts['killed']:8}{counts['timeout']:9}{lived:10}{score:>8}"


def main() -> int:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="modules, as paths under enforce/ (default: all)")
    parser.add_argument(
        "--share", type=float, default=0.15, help="share of the mutants drawn (default 0.15; 1 for all)"
    )
    parser.add_argument("--seed", type=int, default=2024, help="of the draw (default 2024)")
    parser.add_argument("--show", action="store_true", help="print every survivor")
    parser.add_argument("--again", action="store_true", help="run what no test killed again, with the tests of now")
    parser.add_argument("--last", action="store_true", help="print the figures of the last run again")
    chosen = parser.parse_args()
    if chosen.again:
        reopened()
        run(lambda: None)
    elif not chosen.last:
        copied()
        configured(chosen.modules or list(MODULES))
        run(lambda: drawn(chosen.share, chosen.seed))
    os.chdir(WORK)
    show_figures(chosen.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
