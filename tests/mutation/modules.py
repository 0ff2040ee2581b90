"""What is mutated, which tests look on, and how long."""

from __future__ import annotations

GROUPS = {
    "ledger": ("ledger", "ledger_entry", "ledger_file", "recorded"),
    "meaning": (
        "dates", "quantities", "codes", "totals", "rows", "values", "headers", "normal", "comparing", "texts",
        "references", "extract", "importing", "choice", "forms", "synonyms",
    ),
    "grids": (
        "grids/__init__", "grids/sniff", "grids/grid", "grids/csv", "grids/draft", "grids/html", "grids/sax",
        "grids/sheet", "grids/values", "grids/xls", "grids/xlsx", "grids/xml",
    ),
}  # fmt: skip
MODULES = tuple(name for names in GROUPS.values() for name in names)

TESTS = ("tests/inputs", "tests/desk/test_recording.py")
#: Tests that measure time or memory, kill processes or repeat others a hundred times: not run for each mutant.
LEFT_OUT = (
    "thirty_kills",
    "two_writers_at_once",
    "twenty_thousand",
    "200_megabytes",
    "twice_the_time",
    "a_few_seconds",
    "damage_to_a_plan",
    "noise_in_an_old_workbook",
    "yaml",
    "test_plan",
    "calendar",
    "versions",
    "nth_failing_call",
    "whatever_was_recorded",
)
#: The tests of a module, where they are not those of its name alone.
OWN = {name: (name.rpartition("/")[2],) for name in MODULES} | {
    "grids/__init__": ("grids",),
    "ledger_entry": ("ledger", "recording"),
    "ledger_file": ("ledger", "recording"),
    "recorded": ("recording",),
    "rows": ("headers", "importing", "totals"),
    "totals": ("totals", "importing"),
    "values": ("importing",),
    "extract": ("importing", "headers", "registers"),
    "choice": ("importing", "headers"),
    "comparing": ("importing",),
    "references": ("registers", "importing"),
    "grids/sheet": ("xlsx", "grids"),
    "grids/sax": ("xlsx", "xml"),
}
#: Seconds of tests a mutant has to live through: of its own module first, one case of each test first.
SECONDS = 15.0


def module_of(function: str) -> str:
    """Return the module of enforce/inputs that a function is in, by the name the tool has for it.

    >>> module_of("enforce.inputs.dates.x_day"), module_of("enforce.inputs.grids.csv.x_rows")
    ('dates', 'grids/csv')
    >>> module_of("enforce.inputs.grids.x_read_grids")
    'grids/__init__'
    """
    parts = function.split(".")[2:]
    if parts[0] != "grids":
        return parts[0]
    return "/".join(parts[:2]) if "/".join(parts[:2]) in MODULES else "grids/__init__"
