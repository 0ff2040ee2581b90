"""The progress tables (进度各表): 100,000 records to every table of a summary, beside the same sums in DuckDB.

Both begin with the same columns in memory. Ours makes all the tables; DuckDB makes their counts: by line, by line and
month, by cause, by street, of the key list, of hazards, codes, penalties and days. Memory is what Python and pandas
held at most in one run (tracemalloc), which DuckDB's own is no part of.
"""

from __future__ import annotations

import random
import sqlite3
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import pandas as pd

from enforce.inputs.ledger.ledger import read_ledger, write_records
from enforce.planning.through import progress
from enforce.planning.through.actuals import Actuals
from enforce.planning.through.hazards import hazard_counts
from enforce.planning.through.indicators import rates_of
from enforce.planning.through.used_days import days_by_team
from enforce.words.terms import Kind, Selection, Tier, Trigger
from tests.bench.timing import Runs, interleaved, markdown, ratio, seconds, shown, spread
from tests.planning import small

RECORDS, UNITS, LINES, STREETS = 100_000, 20_000, 40, 12
LEDGER, SELECT = "ours: every entry checked", "sqlite3: a bare SELECT"
OURS, DUCKDB = "ours: every table", "duckdb: the same sums"


# --- the year ---------------------------------------------------------------------------------------------------------


def year_of(count: int) -> Actuals:
    """Return a year of so many records, the same each time."""
    draw = random.Random(17)
    kinds, tiers, ways = list(Kind), list(Tier), list(Selection)
    tasks = small.tasks(
        *(
            {
                "tier": tiers[n % 2],
                "kind": kinds[n % len(kinds)],
                "selection": ways[n % len(ways)],
                "group": f"类{n % 4}",
                "team": f"科{n % 3}",
                "planned_visits": count // LINES,
                "themes": ("粉尘", "涂装") if n % 5 == 0 else (),
                "invited": (("危化科", 0.5),) if n % 4 == 0 else (),
            }
            for n in range(LINES)
        )
    )
    units = (
        small.units({})
        .loc[[0] * UNITS]
        .reset_index(drop=True)
        .assign(
            unit_id=[f"U{n:05}" for n in range(UNITS)],
            subdistrict=[f"街{n % STREETS}" for n in range(UNITS)],
            is_key=[n % 3 == 0 for n in range(UNITS)],
        )
    )
    causes = list(Trigger)
    planned = [draw.random() < 0.92 for _ in range(count)]
    records = (
        small.records({})
        .loc[[0] * count]
        .reset_index(drop=True)
        .assign(
            record_id=[f"R{n:06}" for n in range(count)],
            date=[f"2024-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}" for _ in range(count)],
            unit_id=[f"U{draw.randrange(UNITS):05}" for _ in range(count)],
            task_id=[f"P{draw.randint(1, LINES):02}" if one else "" for one in planned],
            trigger=["" if one else draw.choice(causes).value for one in planned],
            hazards_found=[draw.randint(0, 4) for _ in range(count)],
            inspection_code=[draw.choice(["", "C", "C", "C"]) for _ in range(count)],
            penalty=[draw.choice(["", "", "", "罚款"]) for _ in range(count)],
            themes=[draw.choice([(), ("粉尘",)]) for _ in range(count)],
            attended=[draw.choice([(), ("危化科",)]) for _ in range(count)],
            days=pd.array([draw.choice([None, 1.0, 2.5]) for _ in range(count)], dtype="Float64"),
        )
    )
    fined = records["penalty"] != ""
    records = records.assign(penalty_basis=fined.map({True: "inspection", False: ""}), fine_yuan=fined * 5000)
    return small.actuals(records.assign(hazards_fixed=records["hazards_found"] // 2), tasks, units)


# --- the ways ---------------------------------------------------------------------------------------------------------


def all_tables(year: Actuals) -> dict[str, pd.DataFrame]:
    """Return every table of a summary, made anew."""
    year = replace(year)
    records, tasks = year.records, year.tasks
    by_task, days = year.by_task, year.days
    by_month = progress.completion_by_month(year.in_force, records, year.expected, 12, year.approved)
    return {
        "by_task": by_task,
        **{column: progress.completion_by(by_task, column) for column in ("tier", "group", "team")},
        "by_month": by_month,
        "shares_by_month": progress.shares_by_month(records, 12),
        "not_covered": progress.units_not_covered(year.units, records, year.key_list),
        "rates": rates_of(year),
        "themes": year.themes,
        "bridge": progress.statistics_bridge(records, year.statistics),
        "counts": progress.ways_of_counting(records, year.statistics),
        "hazards": hazard_counts(records, year.as_of),
        "penalties": progress.penalties(records),
        "penalties_by_month": progress.penalties_by_month(records),
        "without_code": progress.without_code(records),
        "days": days,
        "days_by_team": days_by_team(tasks, days),
        "denominators": progress.denominators(by_task, year.removed),
    }


QUERIES = {
    "by_task": """select task_id, count(*) n, count("days") stated, sum("days") used, sum(hazards_found) hazards
        from records where task_id <> '' group by 1""",
    "by_cell": "select task_id, substr(date, 6, 2) m, count(*) n from records where task_id <> '' group by all",
    "by_month": """select substr(date, 6, 2) m, count(*) n, count(*) filter (task_id = '') unplanned,
        count(*) filter (penalty <> '') cases, sum(fine_yuan) fines from records group by 1""",
    "causes": "select trigger, count(*) n from records where task_id = '' group by 1",
    "attributes": """select tier, "group", team, kind, selection, in_district, count(*) n
        from records join tasks using (task_id) group by all""",
    "streets": """select subdistrict, count(*) n, count(*) filter (seen) visited from
        (select *, unit_id in (select unit_id from records) seen from units where is_key) group by 1""",
    "covered": "select unit_id from units where is_key and unit_id not in (select unit_id from records) order by 1",
    "by_plan": """select count(*) n from units where is_key
        and unit_id in (select unit_id from records where task_id <> '')""",
    "totals": """select count(*) n, sum(hazards_found) found, sum(hazards_fixed) fixed, sum(major_hazards) major,
        count(*) filter (hazards_found > 0) hits, count(*) filter (inspection_code = '') bare,
        count(*) filter (full_record) whole, count(*) filter (in_district) here, sum(fine_yuan) fines,
        count(*) filter (rectify_due <> '') due, count(*) filter (code_late = '是') late from records""",
    "entries": "select count(*) n from (select distinct unit_id, date from records)",
    "bare": """select record_id, date, task_id, "trigger", unit_id from records where inspection_code = ''
        order by date, record_id""",
    "themes": "select task_id, theme, count(*) n from (select task_id, unnest(themes) theme from lists) group by all",
    "sections": "select task_id, who, count(*) n from (select task_id, unnest(attended) who from lists) group by all",
}


def duckdb_sums(year: Actuals) -> Callable[[], dict[str, Any]]:
    """Return the same sums by DuckDB, from the same columns."""
    import duckdb

    lists = ["officers", "partners", "attended", "themes", "major_kind"]
    plain = ["hazards", "warned", "periods", "invited", "legal_basis", "content", "mode", "office", "joint_with"]
    tables = {
        "records": year.records.drop(columns=lists),
        "lists": year.records[["task_id", "themes", "attended"]].map(
            lambda cell: [*cell] if isinstance(cell, tuple) else cell
        ),
        "units": year.units.drop(columns=plain[:2]),
        "tasks": year.tasks.drop(columns=[*plain[2:], "partners", "themes", "cap_per_unit"]),
    }

    def sums() -> dict[str, Any]:
        with duckdb.connect() as base:
            base.execute("set threads = 1")
            for name, table in tables.items():
                base.register(name, table)
            return {name: base.execute(query).fetchall() for name, query in QUERIES.items()}

    return sums


def agree(ours: dict[str, pd.DataFrame], sums: dict[str, Any]) -> bool:
    """Whether the counts that both have are the same."""
    done = dict(zip(ours["by_task"]["task_id"], ours["by_task"]["done_visits"], strict=True))
    rates = ours["rates"].set_index(["measure", "scope"])["numerator"]
    found, fixed = sums["totals"][0][1:3]
    return (
        done == {code: n for code, n, *_ in sums["by_task"]}
        and rates["fixed", "整改数 ÷ 隐患数"] == fixed
        and int(ours["hazards"]["count"].iloc[0]) == found
        and len(ours["without_code"]) == len(sums["bare"])
        and len(ours["not_covered"]) == len(sums["covered"])
    )


def memory(way: Callable[[], Any]) -> float:
    """Return the most that Python held at once in one run, in MB."""
    tracemalloc.start()
    way()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 1e6


def report(repeat: int, count: int = RECORDS) -> tuple[list[str], dict]:
    """Measure both ways; Markdown and every figure."""
    year = year_of(count)
    ways: dict[str, Callable[[], Any]] = {OURS: lambda: all_tables(year), DUCKDB: duckdb_sums(year)}
    runs: Runs = interleaved(ways, repeat)
    assert agree(runs[OURS][0].result, runs[DUCKDB][0].result)
    peaks = {name: memory(way) for name, way in ways.items()}
    busy = {name: spread(cpu_seconds(way) for _ in range(repeat)) for name, way in ways.items()}
    rows = [
        (name, shown(seconds(found)), shown(ratio(found, runs[DUCKDB])), shown(busy[name]), f"{peaks[name]:.0f}")
        for name, found in runs.items()
    ]
    notes = (
        "the columns are in memory; DuckDB has one thread",
        "memory is what Python held at most, without DuckDB's own",
    )
    header = ("way", "s", "÷ duckdb", "s of CPU", "MB")
    text = markdown(f"{count:,} records to the progress tables", header, rows, notes)
    reading = ledger_runs(year.records, repeat)
    every = {name: [run.seconds for run in found] for name, found in (runs | reading).items()}
    return [text, ledger_table(reading, count)], every


def cpu_seconds(way: Callable[[], Any]) -> float:
    """Return the processor's time of one run."""
    start = process_time()
    way()
    return process_time() - start


# --- the ledger -------------------------------------------------------------------------------------------------------


def ledger_runs(records: pd.DataFrame, repeat: int) -> Runs:
    """Read a ledger of these records: its chain checked, and beside it by a bare SELECT that checks nothing."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        write_records(path, records, at="2025-01-02T09:00:00+08:00")

        def bare() -> list:
            with closing(sqlite3.connect(path)) as base:
                return base.execute("SELECT * FROM entries WHERE kind = 'record'").fetchall()

        runs = interleaved({LEDGER: lambda: read_ledger(path).records, SELECT: bare}, repeat)
    assert len(runs[LEDGER][0].result) == len(runs[SELECT][0].result) == len(records)
    return runs


def ledger_table(runs: Runs, count: int) -> str:
    """Return the reading of the ledger as Markdown."""
    rows = [(name, shown(seconds(found)), shown(ratio(found, runs[SELECT]))) for name, found in runs.items()]
    return markdown(f"{count:,} records out of the ledger", ("way", "s", "÷ SELECT"), rows, ("not in the table above",))
