"""What is mutated, which tests look on, and how long."""

from __future__ import annotations

GROUPS = {
    "ledger": ("inputs/ledger/ledger", "inputs/ledger/chain", "inputs/ledger/database", "inputs/ledger/completing"),
    "meaning": (
        "sheets/dates", "sheets/quantities", "sheets/codes", "sheets/totals", "sheets/rows", "sheets/values",
        "sheets/header", "sheets/normal", "sheets/outline", "sheets/part", "words/texts", "words/personal",
        "words/problems", "inputs/tables/references", "sheets/extract", "inputs/tables/reading",
        "inputs/tables/of_plan", "inputs/tables/forms", "inputs/tables/synonyms",
    ),
    "grids": (
        "sheets/grids/__init__", "sheets/grids/sniff", "sheets/grids/grid", "sheets/grids/csv", "sheets/grids/draft",
        "sheets/grids/html", "sheets/grids/sax", "sheets/grids/xlsx_sheet", "sheets/grids/number", "sheets/grids/xls",
        "sheets/grids/xlsx", "sheets/grids/xml",
    ),
}  # fmt: skip
MODULES = tuple(name for names in GROUPS.values() for name in names)

TESTS = ("tests/sheets", "tests/inputs", "tests/words", "tests/desk/commands/test_record.py")
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
NEAREST = {name: (name.rpartition("/")[2],) for name in MODULES} | {
    "sheets/grids/__init__": ("grids",),
    "inputs/ledger/chain": ("ledger", "record"),
    "inputs/ledger/database": ("ledger", "record"),
    "inputs/ledger/completing": ("record",),
    "sheets/rows": ("header", "reading", "totals"),
    "sheets/totals": ("totals", "reading"),
    "sheets/values": ("values", "reading"),
    "sheets/extract": ("reading", "header", "of_plan", "messages"),
    "sheets/part": ("of_plan", "reading"),
    "words/problems": ("texts", "messages"),
    "inputs/tables/reading": ("reading", "header", "messages"),
    "inputs/tables/references": ("of_plan", "reading"),
    "sheets/grids/xlsx_sheet": ("xlsx", "grids"),
    "sheets/grids/sax": ("xlsx", "xml"),
}
#: Seconds of tests a mutant has to live through: of its own module first, one case of each test first.
SECONDS = 15.0


def module_of(function: str) -> str:
    """Return the module, as a path under enforce/, that a function is in, by the name the tool has for it.

    >>> module_of("enforce.sheets.dates.x_day"), module_of("enforce.sheets.grids.csv.x_rows")
    ('sheets/dates', 'sheets/grids/csv')
    >>> module_of("enforce.sheets.grids.x_read_grids")
    'sheets/grids/__init__'
    """
    path = "/".join(function.split(".")[1:-1])
    return path if path in MODULES else f"{path}/__init__"
