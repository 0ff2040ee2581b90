"""What is mutated, which tests look on, and how long."""

from __future__ import annotations

GROUPS = {
    "ledger": ("ledger", "ledger_entry", "ledger_file", "recorded"),
    "meaning": (
        "dates", "quantities", "codes", "totals", "rows", "values", "headers", "normal", "comparing", "texts",
        "references", "extract", "importing", "choice", "forms", "synonyms",
    ),
    "grids": (
        "sniff", "grid", "grids", "grids_csv", "grids_draft", "grids_html", "grids_sax", "grids_sheet",
        "grids_values", "grids_xls", "grids_xlsx", "grids_xml",
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
OWN = {name: (name,) for name in MODULES} | {
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
    "grids_sheet": ("grids_xlsx", "grids"),
    "grids_sax": ("grids_xlsx", "grids_xml"),
}
#: Seconds of tests a mutant has to live through: of its own module first, one case of each test first.
SECONDS = 15.0
