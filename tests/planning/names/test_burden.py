"""The burden of firms: visits and entries apart, all seven tables, every cause, unknowns never guessed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from enforce.desk.caps import caps_of
from enforce.inputs.parameters.cap_tables import read_cap_tables
from enforce.planning.names.burden import Burden, Caps, Limit, cause_of, counted, judge_caps, unit_visits
from enforce.planning.names.gate_entries import entries_of
from enforce.words.terms import Cause, Counting, InspectionClass, Kind, Trigger
from tests.planning import small

RAW = YAML(typ="safe").load(Path("params/rules/caps.yaml").read_text(encoding="utf-8"))
TABLES = read_cap_tables("params/rules")
CAUSES = [row.model_dump() for row in TABLES.causes]
CODES = [f"C{n:02}" for n in range(1, 8)]
#: Every cap of every table, as its file has it.
CELLS = [(code, n) for code in CODES for n in range(len(RAW[code]["limits"]))]
#: A plain cap of two for everybody that counts routine visits and leaves out complaints.
TWO = Caps((Limit("各家", "any", 2, "all"),), {"routine": "counts", "complaint": "exempt", "media": "unknown"})
NO_NAMES = pd.DataFrame(columns=["task_id", "unit_id", "month"])
NOWHERE = pd.DataFrame(columns=["unit_id", "who", "date", "month", "counts"])


def named(*rows: tuple[str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["task_id", "unit_id", "month"])


def elsewhere(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame([("U01", "市局", *row) for row in rows], columns=NOWHERE.columns)


def burden(
    *, units=({},), tasks=({"kind": Kind.KEY_LIST},), records=(), names=NO_NAMES, others=NOWHERE, caps=TWO, gap=None
) -> Burden:
    units, tasks = small.units(*units), small.tasks(*tasks)
    visits = unit_visits(names, small.records(*records), others, tasks, CAUSES)
    return Burden(visits, units, tasks, caps, "acts", entries_of(names.assign(done=False)), min_gap_days=gap)


def visits_on(*days: str, **facts: object) -> tuple[dict, ...]:
    return tuple({"date": day, **facts} for day in days)


DAYS = [f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (5, 20)]

# --- the seven tables -----------------------------------------------------------------------------------------------


def unit_of(code: str, row: dict) -> dict:
    """A unit of the class and grade of a row of a table, by the columns that its file names."""
    table, grade = RAW[code], row["grade"]
    unit = {"class": row["class"]}
    words = {word: cell for cell, word in table.get("grade_words", {}).items()}
    if grade != "any":
        mines = grade in ("A", "B", "C", "D")
        column = "mine_class" if mines else table["grade_columns"][-1 if code == "C02" else 0]
        unit[column] = words.get(grade, grade)
    return unit


def judged(code: str, row: dict, count: int) -> pd.DataFrame:
    """How a unit of that class and grade stands with so many routine entries of one line, on as many days."""
    unit = unit_of(code, row)
    item = {"name": row["class"]} if RAW[code]["class_column"] == "item" else {}
    told = burden(
        units=(unit,),
        tasks=({"kind": Kind.KEY_LIST, **item},),
        records=visits_on(*DAYS[:count]),
        caps=caps_of(TABLES.entries[code]),
    )
    table = told.judged
    return table[table["cap_name"] == row["class"]]


@pytest.mark.parametrize(("code", "n"), CELLS)
def test_every_cap_of_every_table_is_kept_to_its_number_and_broken_by_one_more(code, n):
    row = RAW[code]["limits"][n]
    if row["cap"] is None:
        assert judged(code, row, 20)[["verdict", "lacks"]].values.tolist() == [["unknown", "cap"]]
        return
    for count, verdict in ((row["cap"], "within"), (row["cap"] + 1, "over")):
        (result,) = judged(code, row, count).to_dict("records")
        assert (result["cap_least"], result["cap_most"]) == (row["cap"], row["cap"])
        assert (result["entries_low"], result["entries_high"], result["verdict"]) == (count, count, verdict)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("cause", list(Cause))
def test_each_cause_counts_is_exempt_or_is_unknown_as_the_table_says(code, cause):
    visit = pd.DataFrame([("U01", "P01", "done", "2026-03-05", 3, cause.value, "")], columns=[
        "unit_id", "task_id", "state", "date", "month", "cause", "counts",
    ])  # fmt: skip
    expected = RAW[code]["counts"][cause]
    if cause in ("leaders", "service") and expected == "unknown":
        expected = "exempt"  # told beside, never in the cap unless the table says so
    assert counted(visit, caps_of(TABLES.entries[code]))["counting"].tolist() == [expected]


def test_what_is_counted_apart_is_held_against_its_cap_alone():
    table = burden(
        units=({"class": "煤矿", "mine_class": "A"},),
        records=visits_on(*DAYS[:4], task_id="", trigger=Trigger.PATROL) + visits_on(*DAYS[4:6]),
        caps=caps_of(TABLES.entries["C02"]),
    ).judged
    assert table[["cap_name", "entries_low", "verdict"]].values.tolist() == [
        ["煤矿", 2, "within"],
        ["督导检查", 4, "over"],
    ]


def test_each_level_by_itself_and_both_together():
    others = elsewhere(*((day, pd.NA, "是") for day in DAYS[2:5]))
    table = burden(records=visits_on(*DAYS[:2]), others=others, caps=caps_of(TABLES.entries["C07"])).judged
    assert table[["cap_name", "cap_most", "entries_low", "verdict"]].values.tolist() == [
        ["市级或县级每级", 2, 2, "within"],
        ["市县两级累计", 4, 5, "over"],
    ]


def test_a_cap_by_line_is_held_against_each_line_by_itself():
    tasks = ({"name": "非煤矿山", "kind": Kind.KEY_LIST}, {"name": "工贸企业", "kind": Kind.KEY_LIST})
    records = visits_on(*DAYS[:2], task_id="P01") + visits_on(*DAYS[2:5], task_id="P02")
    table = burden(tasks=tasks, records=records, caps=caps_of(TABLES.entries["C04"])).judged
    assert table[["task_id", "cap_name", "entries_low", "verdict"]].values.tolist() == [
        ["P01", "非煤矿山", 2, "within"],
        ["P02", "工贸企业", 3, "over"],
    ]


# --- causes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "cause"),
    [
        *(({"trigger": word}, word.value) for word in Trigger if word not in ("patrol",)),
        ({"trigger": Trigger.PATROL}, "leaders"),
        ({"trigger": Trigger.ORDER, "inspection_class": InspectionClass.SPECIAL}, "ordered_campaign"),
        ({"kind": Kind.CAMPAIGN}, "own_campaign"),
        ({"kind": Kind.CAMPAIGN, "ordered": True}, "ordered_campaign"),
        ({"kind": Kind.SPOT_CHECK, "inspection_class": "special", "ordered": True}, "ordered_campaign"),
        ({"kind": Kind.KEY_PERIOD, "inspection_class": "special"}, "own_campaign"),
        ({"kind": Kind.JOINT, "inspection_class": "routine"}, "random_joint"),
        ({"kind": Kind.EXCHANGE, "inspection_class": "special"}, "cross_district"),
        *(({"kind": kind}, "routine") for kind in (Kind.KEY_LIST, Kind.KEY_PERIOD, Kind.SPOT_CHECK)),
        ({"kind": Kind.CAMPAIGN, "inspection_class": "routine"}, "routine"),
        ({"kind": Kind.CAMPAIGN, "inspection_class": "case"}, ""),
    ],
)
def test_the_cause_of_a_visit_follows_from_its_fields(facts, cause):
    whole = {"trigger": "", "kind": "", "inspection_class": "", "ordered": False, **facts}
    assert cause_of(whole, CAUSES) == cause


def test_the_class_of_a_record_goes_before_that_of_its_line():
    table = burden(
        tasks=({"kind": Kind.KEY_LIST, "inspection_class": "routine"},),
        records=visits_on(*DAYS[:1]) + visits_on(*DAYS[1:2], inspection_class="special"),
    ).visits
    assert table["cause"].tolist() == ["routine", "own_campaign"]


# --- visits and entries ---------------------------------------------------------------------------------------------


def test_two_lines_on_one_day_are_two_visits_and_one_entry():
    tasks = ({"kind": Kind.KEY_LIST}, {"kind": Kind.SPOT_CHECK})
    row = burden(tasks=tasks, records=({}, {"task_id": "P02"})).by_unit.iloc[0]
    assert (row["done_unit_visits"], row["done_entries"], row["our_entries"]) == (2, 1, 1)


def test_a_planned_visit_that_is_done_is_not_counted_twice():
    row = burden(names=named(("P01", "U01", 3), ("P01", "U01", 9)), records=visits_on("2026-03-05")).by_unit.iloc[0]
    assert (row["planned_unit_visits"], row["done_unit_visits"], row["our_entries"]) == (1, 1, 2)


def test_exempt_visits_and_those_beside_are_counted_apart():
    other = {"task_id": "", "date": "2026-07-01", "trigger": Trigger.COMPLAINT}
    told = burden(records=({}, other, {**other, "date": "2026-08-01", "trigger": Trigger.PATROL}))
    row, (cap,) = told.by_unit.iloc[0], told.judged.to_dict("records")
    assert (row["exempt_visits"], row["beside_visits"], row["done_entries"]) == (1, 1, 3)
    assert (cap["entries_low"], cap["entries_high"]) == (1, 1)


def test_an_entry_counts_if_one_of_its_visits_does():
    records = ({}, {"task_id": "", "trigger": Trigger.COMPLAINT})
    assert burden(records=records).judged["entries_low"].tolist() == [1]


def test_unknown_causes_give_a_low_and_a_high_count():
    records = visits_on(*DAYS[:2]) + visits_on(*DAYS[2:4], task_id="", trigger=Trigger.MEDIA)
    (cap,) = burden(records=records).judged.to_dict("records")
    assert (cap["entries_low"], cap["entries_high"], cap["verdict"]) == (2, 4, "maybe")


GRADED = Caps(
    tuple(Limit("高危", grade, cap, "all") for grade, cap in (("一级", 2), ("二级", 4))),
    {"routine": "counts"},
    "class",
    ("standard_grade",),
)


@pytest.mark.parametrize(
    ("unit", "count", "verdict", "lacks"),
    [
        ({"class": "高危"}, 2, "within", "grade"),
        ({"class": "高危"}, 3, "unknown", "grade"),
        ({"class": "高危"}, 5, "over", "grade"),
        ({}, 2, "within", "class"),
        ({}, 5, "unknown", "class"),
        ({"class": "别的词", "standard_grade": "一级"}, 5, "unknown", "class"),
        ({"class": "高危", "standard_grade": "未定级"}, 3, "unknown", "grade"),
    ],
)
def test_a_class_or_grade_that_is_not_known_is_not_guessed(unit, count, verdict, lacks):
    (cap,) = burden(units=(unit,), records=visits_on(*DAYS[:count]), caps=GRADED).judged.to_dict("records")
    assert (cap["verdict"], cap["lacks"]) == (verdict, lacks)


def test_without_a_table_nothing_is_judged():
    told = burden(records=visits_on(*DAYS[:9]), caps=None)
    assert told.judged.empty
    assert told.by_unit["our_entries"].tolist() == [9]


def test_the_cap_of_a_line_holds_without_a_table():
    task = {"kind": Kind.KEY_LIST, "cap_per_unit": 1}
    (cap,) = burden(tasks=(task,), records=visits_on(*DAYS[:2]), caps=None).judged.to_dict("records")
    assert (cap["task_id"], cap["cap_most"], cap["verdict"]) == ("P01", 1, "over")


# --- elsewhere ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "low", "high"), [("是", 2, 2), ("否", 1, 1), ("", 1, 2)])
def test_what_is_known_from_elsewhere_counts_as_it_says_or_is_unknown(word, low, high):
    (cap,) = burden(records=({},), others=elsewhere(("2026-05-06", pd.NA, word))).judged.to_dict("records")
    assert (cap["entries_low"], cap["entries_high"]) == (low, high)


@pytest.mark.parametrize("month", [("", 6, "是"), ("2024-06", pd.NA, "是")])
def test_by_month_alone_the_cap_is_judged_and_the_gap_is_not(month):
    told = burden(records=visits_on("2024-06-03", "2024-01-03"), others=elsewhere(month), gap=30)
    assert told.judged["entries_low"].tolist() == [3]
    assert told.judged["verdict"].tolist() == ["over"]
    assert told.close.empty
    dated = burden(records=visits_on("2024-06-03", "2024-01-03"), others=elsewhere(("2024-06-20", pd.NA, "是")), gap=30)
    assert dated.close[["first_date", "second_date", "sure"]].values.tolist() == [["2024-06-03", "2024-06-20", True]]


def test_visits_elsewhere_on_our_day_are_the_same_entry():
    told = burden(records=visits_on("2024-06-03"), others=elsewhere(("2024-06-03", pd.NA, "是"))).by_unit.iloc[0]
    assert (told["our_entries"], told["elsewhere_entries"], told["all_entries"]) == (1, 1, 1)


def test_a_cap_of_ours_alone_leaves_out_what_others_do():
    ours = Caps((Limit("各家", "any", 2, "ours"),), {"routine": "counts"})
    others = elsewhere(("2026-05-06", pd.NA, ""), ("2026-06-06", pd.NA, "是"))
    assert burden(records=({},), others=others, caps=ours).judged["entries_high"].tolist() == [2]


# --- the gap --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("second", "close"), [("2026-01-31", True), ("2026-02-01", False)])
def test_visits_fewer_days_apart_than_the_gap_are_close(second, close):
    table = burden(records=visits_on("2026-01-02", second), gap=30).close
    assert table["sure"].tolist() == [True] * close
    assert table["gap_days"].tolist() == [29] * close


def test_exempt_visits_are_no_part_of_a_gap_and_unknown_ones_only_perhaps():
    records = visits_on("2026-01-02") + visits_on("2026-01-09", task_id="", trigger=Trigger.COMPLAINT)
    assert burden(records=records, gap=30).close.empty
    records += visits_on("2026-01-12", task_id="", trigger=Trigger.MEDIA)
    assert burden(records=records, gap=30).close[["second_date", "sure"]].values.tolist() == [["2026-01-12", False]]


def test_without_a_table_planned_visits_alone_are_sure():
    records = visits_on("2026-01-02", "2026-01-05") + visits_on("2026-01-12", task_id="", trigger=Trigger.FOLLOW_UP)
    table = burden(records=records, caps=None, gap=30).close
    assert table[["second_date", "sure"]].values.tolist() == [["2026-01-05", True], ["2026-01-12", False]]


# --- merging, the ledger and the numbers ----------------------------------------------------------------------------


def test_what_merging_saves_is_of_the_entries_that_serve_several_lines():
    tasks = ({"kind": Kind.KEY_LIST}, {"kind": Kind.SPOT_CHECK})
    names = named(("P01", "U01", 3), ("P02", "U01", 3), ("P01", "U01", 4))
    table = burden(tasks=tasks, names=names).merges
    assert table[["month", "lines", "visits", "saved_entries"]].values.tolist() == [[3, ("P01", "P02"), 2, 1]]


def test_the_numbers_add_up_to_the_register_and_the_ledger_has_who_is_entered_more_than_once():
    units = ({}, {}, {}, {})
    records = (
        visits_on(*DAYS[:4], unit_id="U01") + visits_on(DAYS[0], unit_id="U02") + visits_on(*DAYS[:2], unit_id="U03")
    )
    told = burden(units=units, records=records)
    assert told.numbers.values.tolist() == [["0 次", 1, 1], ["1 次", 1, 1], ["2 次", 1, 1], ["3 次以上", 1, 1]]
    assert told.ledger[["unit_id", "all_entries", "verdict"]].values.tolist() == [
        ["U01", 4, "over"],
        ["U03", 2, "within"],
    ]


def test_units_outside_the_register_are_in_no_number():
    told = burden(records=visits_on(*DAYS[:5], unit_id="X99"))
    assert told.judged.empty
    assert told.by_unit["our_entries"].tolist() == [0]


def test_what_counts_is_a_word_of_the_list():
    table = counted(burden(records=({},)).visits, TWO)
    assert {*table["counting"]} <= {*Counting}
    assert judge_caps(table, small.units({}), small.tasks({}), TWO)["verdict"].tolist() == ["within"]
