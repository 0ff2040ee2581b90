"""The list of faults in tests/README.md: every test it names exists."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent


def test_every_fault_has_its_test():
    table = (TESTS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([PRH]\d+) \|.*\| (.*) \|$", table, re.MULTILINE)
    written = {
        name
        for path in TESTS.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
    }
    wanted = [*(f"P{n}" for n in range(1, 18)), *(f"R{n}" for n in (*range(1, 19), 20, 21))]
    wanted += [f"H{n}" for n in range(1, 16)]
    assert [fault for fault, _ in rows] == wanted
    for fault, held in rows:
        named = re.findall(r"`(\w+)`", held)
        assert named, fault
        assert set(named) <= written, (fault, set(named) - written)
