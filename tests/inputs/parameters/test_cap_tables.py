"""The tables of yearly caps: the file of the project reads, every fault is told with its file and entry."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from enforce.inputs.parameters.cap_tables import read_cap_tables
from enforce.inputs.parameters.plan import read_plan
from enforce.inputs.parameters.rules import read_rules
from enforce.words.divisions import division
from enforce.words.problems import InputError
from enforce.words.terms import CapState, Cause, Counting

RAW = YAML(typ="safe").load(Path("params/rules/caps.yaml").read_text(encoding="utf-8"))
TABLE = """D01:
  title: 某区上限
  scope: {{place: 上海市某区}}
  sector: safety
  effective_from: "2025-01-01"
  effective_to: "2025-12-31"
  status: local
  class_column: class
  grade_columns: [standard_grade]
  over: ours
  limits:
    - {{class: 高危, grade: 一级, cap: 2}}
    - {{class: 高危, grade: 二级, cap: null}}
  separate: {{name: 督导, cap: 3, causes: [leaders]}}
  counts: {{{}}}
  source: {{title: 某页}}
  checked_on: "2026-11-29"
""".format(", ".join(f"{cause}: counts" for cause in Cause))  # fmt: skip


@pytest.fixture
def read(tmp_path):
    """Return a reader of the table above with some of its text replaced, beside the causes."""

    def read_changed(old="", new="", causes="  - {cause: routine, kind: key_list}\n"):
        assert old in TABLE
        text = TABLE.replace(old, new, 1) if old else TABLE
        (tmp_path / "caps-本区.yaml").write_text(f"causes:\n{causes}{text}", encoding="utf-8")
        return read_cap_tables(tmp_path)

    return read_changed


def test_the_seven_tables_of_the_project_read_and_are_no_rules():
    tables = read_cap_tables("params/rules")
    assert [*tables.entries] == [f"C{n:02}" for n in range(1, 8)]
    assert not {*tables.entries, "causes"} & {*read_rules("params/rules").rules}
    assert {row.cause for row in tables.causes} == {*Cause} - {Cause.SERVICE}


@pytest.mark.parametrize("code", [f"C{n:02}" for n in range(1, 8)])
def test_every_table_says_of_all_sixteen_causes_whether_they_count(code):
    counts = read_cap_tables("params/rules").entries[code].counts
    assert len(counts) == len(Cause) == 16
    assert counts == RAW[code]["counts"]
    assert {*counts.values()} <= {*Counting}


def test_a_table_of_the_bureau_is_read_beside(read):
    table = read().entries["D01"]
    assert [(getattr(row, "class"), row.grade, row.cap) for row in table.limits] == [
        ("高危", "一级", 2),
        ("高危", "二级", None),
    ]


@pytest.mark.parametrize(
    ("place", "day", "state"),
    [
        ("上海市某区", "2025-01-01", CapState.ACTS),
        ("上海市某区", "2025-12-31", CapState.ACTS),
        ("上海市某区", "2026-01-01", CapState.EXPIRED),
        ("上海市某区", "2024-12-31", CapState.NOT_YET),
        ("上海市别区", "2025-06-01", CapState.NOT_HERE),
        ("上海市", "2025-06-01", CapState.NOT_HERE),
    ],
)
def test_a_table_acts_in_its_place_and_between_its_days(read, place, day, state):
    assert read().entries["D01"].state(division(place), day) is state


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ('  effective_from: "2025-01-01"\n', "", CapState.UNDATED),
        ("  scope: {place: 上海市某区}\n", "", CapState.NOT_HERE),
        ("sector: safety", "sector: other", CapState.OTHER_SECTOR),
        ("{place: 上海市某区}", "{place: 上海市, level: city}", CapState.NOT_HERE),
    ],
)
def test_what_a_table_does_not_say_of_itself_does_not_act(read, old, new, state):
    assert read(old, new).entries["D01"].state(division("上海市某区"), "2025-06-01") is state


@pytest.mark.parametrize(
    ("old", "new", "where", "expected"),
    [
        ("D01:", "区上限:", "区上限", "上限表编号"),
        ("routine: counts, ", "", "D01.counts.routine", "counts、exempt 或 unknown"),
        ("routine: counts", "routine: sometimes", "D01.counts.routine", "unknown（没有写明）"),
        ("routine: counts", "rutine: counts", "D01.counts.rutine", "routine（日常检查（计划内））"),
        ("cap: 2", "cap: 0", "D01.limits[0].cap", "1 以上"),
        ("cap: 2", "cap: 两次", "D01.limits[0].cap", "整数"),
        ("{class: 高危, grade: 二级", "{class: 高危, grade: 一级", "D01.limits[1]", "不重复"),
        ("{class: 高危, grade: 二级", "{class: 高危, grade: any", "D01.limits[1].grade", "只写一行 any"),
        ("grade_columns: [standard_grade]", "grade_columns: [name]", "D01.grade_columns[0]", "mine_class"),
        ("  grade_columns: [standard_grade]\n", "", "D01.limits[0].grade", "any"),
        ('"2025-12-31"', '"2024-12-31"', "D01.effective_to", "不早于起用日期"),
        ('"2025-12-31"', '"2025-13-31"', "D01.effective_to", "真实存在的日期"),
        ("scope: {place: 上海市某区}", "scope: {place: 某区}", "D01.scope.place", "从省级写起"),
        ("leaders: counts", "leaders: exempt", "D01.separate.causes[0]", "写 counts 的起因"),
        ("  source: {title: 某页}\n", "", "D01.source", "assumed"),
        ("status: local", "status: assumed", "D01.source", "不写出处"),
        ("over: ours", "over: mine", "D01.over", "level（本级）"),
        ("class_column: class", "class_column: name", "D01.class_column", "item"),
        ("  title:", "  titel:", "D01.titel", "是否想写「title」"),
    ],
)
def test_a_fault_is_told_with_its_entry(read, old, new, where, expected):
    with pytest.raises(InputError) as caught:
        read(old, new)
    problem = next(problem for problem in caught.value.problems if problem.place.entry == where)
    assert problem.file.endswith("caps-本区.yaml")
    assert expected in problem.expected


def test_all_faults_are_told_at_once(read):
    with pytest.raises(InputError) as caught:
        read("cap: 2", "cap: 0", causes="  - {cause: rutine}\n  - {cause: media, trigger: rumour}\n")
    places = {problem.place.entry or problem.where for problem in caught.value.problems}
    assert {"causes[0].cause", "D01.limits[0].cap"} < places
    assert any(place.startswith("causes[1].trigger") for place in places)


def test_an_id_and_the_causes_stand_in_one_file_only(read, tmp_path):
    read()
    (tmp_path / "caps.yaml").write_text((tmp_path / "caps-本区.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_cap_tables(tmp_path)
    assert {problem.place.entry or problem.where for problem in caught.value.problems} == {"D01", "causes"}


@pytest.fixture
def plan(root, tmp_path):
    """Return a reader of the demo plan with lines added."""
    for folder in ("rules", "t", "c"):
        (tmp_path / folder).mkdir()
    for name in ("bases.yaml", "caps.yaml"):
        shutil.copy(root / "params/rules" / name, tmp_path / "rules")
    text = (root / "params/putuo-2024.yaml").read_text(encoding="utf-8")
    text = text.replace("../data/putuo-2024", "t").replace("../data/calendar", "c")

    def read_with(*lines):
        (tmp_path / "putuo-2024.yaml").write_text("\n".join([text, *lines, ""]), encoding="utf-8")
        return read_plan(tmp_path / "putuo-2024.yaml")

    return read_with


def test_a_plan_names_a_table_and_a_gap_or_none(plan):
    assert (plan().cap_table, plan().min_gap_days) == (None, None)
    chosen = plan("cap_table: C01", "min_gap_days: 30")
    assert (chosen.cap_table, chosen.min_gap_days) == ("C01", 30)
    none = plan("cap_table: null", "min_gap_days: null")
    assert (none.cap_table, none.min_gap_days) == (None, None)


@pytest.mark.parametrize(
    ("line", "where", "expected"),
    [
        ("cap_table: C1", "cap_table", "是否想写「C01」"),
        ("cap_table: 一", "cap_table", "上限表编号"),
        ("min_gap_days: 0", "min_gap_days", "1 以上"),
        ("min_gap_days: 30.5", "min_gap_days", "整数"),
        ('min_gap_days: "30"', "min_gap_days", "整数"),
        ("min_gap_days: 400", "min_gap_days", "366"),
    ],
)
def test_a_wrong_choice_is_told(plan, line, where, expected):
    with pytest.raises(InputError) as caught:
        plan(line)
    (problem,) = caught.value.problems
    assert problem.place.entry == where
    assert expected in problem.expected
