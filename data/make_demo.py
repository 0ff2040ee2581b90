"""The demo data: the five tables of Putuo 2024, made again byte for byte.

`python -m data.make_demo` writes data/putuo-2024/*.csv and freezes version 1 of the plan anew from them, as `approve`
would on the day of approval; with `--check` it compares and exits 1 on a change.
The plan's lines and the officers stand in demo_plan.py, the units in demo_units.py; demo_visits.py gives the
visits counted here their units, dates and officers, demo_work.py has the work that is no visit.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from io import StringIO
from pathlib import Path

from data.demo_plan import INVENTED, ROSTER_COLUMNS, TASK_COLUMNS, TASKS, roster
from data.demo_units import UNIT_COLUMNS, percent, pick, shuffled, units
from data.demo_visits import Visit, year_of_visits
from data.demo_work import WORK_COLUMNS, WORK_HEADINGS, other_work
from enforce.desk.standing import first_version
from enforce.desk.year import open_year
from enforce.inputs.versions import version_bytes, version_name
from enforce.words.terms import LABELS, Basis, Exclusion, Term, Trigger
from enforce.words.vocabulary import vocabulary

FOLDER = Path(__file__).parent / "putuo-2024"
VERSION = FOLDER / "versions" / version_name(1)
PLAN = FOLDER.parents[1] / "params" / "putuo-2024.yaml"

# --- What the demo tells ---

#: Visits done (家次) by line and month, January to December: 254 of the 261 planned. Not done are one visit
#: of P01, one of P04, one of P10 and four of P11; so 69 of 70 key units are covered. Five are late, a month
#: after the line's last: two of P05 (April), one of P06 (October), P07 (November), P09 (September).
DONE = {
    "P01": (3, 2, 5, 6, 6, 6, 6, 5, 6, 4, 5, 5),
    "P02": (2, 2, 1, 2, 0, 0, 0, 0, 2, 0, 1, 0),
    "P03": (4, 4, 0, 4, 0, 0, 0, 0, 5, 0, 3, 0),
    "P04": (0, 0, 2, 2, 0, 0, 0, 0, 2, 0, 1, 0),
    "P05": (3, 5, 10, 2, 0, 0, 0, 0, 0, 0, 0, 0),
    "P06": (0, 0, 0, 0, 2, 2, 2, 2, 1, 1, 0, 0),
    "P07": (0, 0, 0, 0, 0, 2, 1, 2, 1, 1, 1, 0),
    "P08": (0, 0, 0, 0, 2, 2, 0, 0, 0, 2, 2, 0),  # each month one in the district and one outside it
    "P09": (0, 0, 0, 0, 0, 0, 3, 2, 1, 0, 0, 0),
    "P10": (0, 0, 0, 3, 4, 4, 3, 4, 3, 2, 3, 1),
    "P11": (4, 3, 6, 6, 6, 6, 7, 6, 5, 4, 6, 5),
    "P12": (0, 0, 0, 0, 2, 2, 3, 2, 2, 1, 2, 1),
}
#: Visits on no line of the plan, by what caused them: 22.
UNPLANNED = {
    Trigger.COMPLAINT: (1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0),
    Trigger.REFERRAL: (0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0),
    Trigger.ORDER: (0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0),
    Trigger.ACCIDENT: (0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1),
    Trigger.FOLLOW_UP: (0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0),
    Trigger.PATROL: (0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0),
}
#: Visits of a line made on the same entry (入企) as one of another, and in which months: nine.
SHARED = (
    ("P05", "P01", (2, 3, 3, 3)),
    ("P06", "P01", (5, 7, 8)),
    ("P07", "P01", (6, 8)),
)
#: Penalties (起) for inspections: fines and warnings. Every accident visit ends in a fine of its own kind.
FINED, WARNED = 30, 2
FINES = (5_000, 8_000, 10_000, 15_000, 20_000, 30_000, 45_000)
ACCIDENT_FINES = (300_000, 350_000, 400_000)
#: Records that are no full account of the visit, by cause; how many records before July only lack the code.
INCOMPLETE = {"P11": 2, Trigger.PATROL: 1, Trigger.ORDER: 1}
WITHOUT_CODE = 7
#: Hazards a visit may find, each as often as it stands here; % of visits with a major one, one not fixed.
FOUND = (0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 6)
MAJOR_PERCENT, NOT_FIXED_PERCENT = 6, 5

RECORD_COLUMNS = (
    *("record_id", "date", "unit_id", "task_id", "trigger", "officers", "inspection_code", "full_record"),
    *("hazards_found", "major_hazards", "hazards_fixed", "penalty", "penalty_basis", "fine_yuan"),
    *("in_district", "source"),
)

# --- Records (检查记录) ---


@cache
def records() -> tuple[dict, ...]:
    """Return one row per record of a visit done, by date."""
    visits = year_of_visits(DONE, SHARED, UNPLANNED)
    incomplete = {v.name for cause, count in INCOMPLETE.items() for v in _some(visits, cause, count)}
    early = [visit for visit in visits if visit.month < 7 and visit.name not in incomplete]
    without_code = incomplete | {visit.name for visit in shuffled(early, "无检查码", _name)[:WITHOUT_CODE]}
    penalties = _penalties([visit for visit in visits if visit.name not in incomplete])
    return tuple(
        _visited(n, visit)
        | _code(n, visit.name in without_code)
        | _hazards(visit, full=visit.name not in incomplete)
        | penalties.get(visit.name, {"penalty": "", "penalty_basis": "", "fine_yuan": 0})
        for n, visit in enumerate(visits, 1)
    )


def _some(visits: list[Visit], cause: str, count: int) -> list[Visit]:
    return shuffled((visit for visit in visits if visit.cause == cause), "记录不完整", _name)[:count]


def _name(visit: Visit) -> str:
    return visit.name


def _visited(n: int, visit: Visit) -> dict:
    """Return who was visited, when, why and by whom."""
    return {
        "record_id": f"DEMO-2024-{n:04d}",
        "date": visit.date,
        "unit_id": visit.unit,
        "task_id": visit.task,
        "trigger": visit.trigger,
        "officers": visit.officers,
        "in_district": bool(visit.unit),
        "source": INVENTED,
    }


def _code(n: int, missing: bool) -> dict:
    return {"inspection_code": "" if missing else f"DEMOCODE{n:04d}"}


def _hazards(visit: Visit, full: bool) -> dict:
    """Return the hazards found, the major ones among them, those fixed; a record not full tells of none."""
    found = _found(visit) if full else 0
    return {
        "full_record": full,
        "hazards_found": found,
        "major_hazards": int(found > 1 and percent("重大", visit.name) < MAJOR_PERCENT),
        "hazards_fixed": found - int(found > 0 and percent("未改", visit.name) < NOT_FIXED_PERCENT),
    }


def _found(visit: Visit) -> int:
    return pick(FOUND, "隐患", visit.name)


def _penalties(visits: list[Visit]) -> dict[str, dict]:
    """Return the penalty by name of visit: for two hazards or more in the district, for every accident."""
    cases = [v for v in visits if v.unit and v.trigger != Trigger.ACCIDENT and _found(v) > 1]
    cases = shuffled(cases, "处罚", _name)
    accidents = [visit for visit in visits if visit.trigger == Trigger.ACCIDENT]
    fined = {v.name: _fine(Basis.INSPECTION, pick(FINES, "罚款", v.name)) for v in cases[:FINED]}
    warned = {v.name: _fine(Basis.INSPECTION, 0) for v in cases[FINED : FINED + WARNED]}
    return fined | warned | {v.name: _fine(Basis.ACCIDENT, f) for v, f in zip(accidents, ACCIDENT_FINES, strict=True)}


def _fine(basis: Basis, yuan: int) -> dict:
    return {"penalty": "罚款" if yuan else "警告", "penalty_basis": basis, "fine_yuan": yuan}


# --- Files ---

WORDS = vocabulary()
#: What the district calls the kinds of task and its key list, and the headings that hold its words.
CALLED = {kind: word for word, kind in WORDS.kinds} | {Exclusion.KEY_LIST: WORDS.key_units}
HEADINGS = LABELS | {
    "subdistrict": WORDS.street,
    "is_key": f"是否{WORDS.key_units}",
    "in_district": f"是否{WORDS.area}内",
    "out_of_district_visits": f"{WORDS.area}外家次",
}


def cell(value: object) -> str:
    """Return a value as it stands in the files: 是 or 否, labels of terms, several joined by a semicolon.

    >>> cell(True), cell((Trigger.PATROL, "P01")), cell(0.5)
    ('是', '督查巡查;P01', '0.5')
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return ";".join(map(cell, value))
    return CALLED.get(value, value.label) if isinstance(value, Term) else str(value)


def as_csv(rows: Iterable[dict], columns: tuple[str, ...], renamed: dict[str, str] | None = None) -> bytes:
    """Return the rows as the bytes of a file: UTF-8 with BOM, commas, LF, Chinese headers."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([(renamed or {}).get(column, HEADINGS[column]) for column in columns])
    writer.writerows([cell(row[column]) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def files() -> dict[str, bytes]:
    """Return the files by name."""
    return {
        "tasks.csv": as_csv(TASKS, TASK_COLUMNS),
        "roster.csv": as_csv(roster(), ROSTER_COLUMNS),
        "units.csv": as_csv(units(), UNIT_COLUMNS, {"name": "企业名称"}),
        "records.csv": as_csv(records(), RECORD_COLUMNS),
        "other_work.csv": as_csv(other_work(records()), WORK_COLUMNS, WORK_HEADINGS),
    }


def version() -> bytes:
    """Return version 1 of the plan (定版) as the tables on disk make it, whatever is on record."""
    return version_bytes(first_version(replace(open_year(PLAN), versions=())))


def main(arguments: list[str] | None = None) -> int:
    """Write the files and the version, or compare them with `--check`; return 1 if one differs."""
    parser = argparse.ArgumentParser(description="生成演示数据 data/putuo-2024/")
    parser.add_argument("--check", action="store_true", help="只比较，不写文件")
    if parser.parse_args(arguments).check:
        return _compare()
    FOLDER.mkdir(exist_ok=True)
    for name, content in files().items():
        (FOLDER / name).write_bytes(content)
    VERSION.parent.mkdir(exist_ok=True)
    VERSION.unlink(missing_ok=True)
    VERSION.write_bytes(version())
    return 0


def _compare() -> int:
    differ = [n for n, b in files().items() if not (FOLDER / n).exists() or (FOLDER / n).read_bytes() != b]
    differ += [VERSION.name] * (not VERSION.exists() or VERSION.read_bytes() != version())
    for name in differ:
        print(f"{name} 与生成结果不同：请运行 python -m data.make_demo", file=sys.stderr)
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
