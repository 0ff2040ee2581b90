"""The rules: dated values, cited or marked as assumed."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.rules import COLUMNS, read_rules
from enforce.words.problems import InputError

NAMES = """
absence_days change_of_total_needs_approval finish_share_wanted investigation_days joint_share_min key_share_min
key_unit_visits_per_year officer_share_min_district officer_share_min_municipal_district officers_per_visit_min
ordered_task_days reserve_share_rule statistics_excludes_penalised statistics_needs_full_record team_balance_ratio
unplanned_share_reference visit_cap_per_year
""".split()  # noqa: SIM905
RULE = """gap_days:
  label: 最小间隔
  unit: 天
  range: [0, 366]
  values: {2024-01-01: 30, 2025-01-01: null}
  status: local
  source: {title: 某文件, article: 三, link: "https://example.org/a"}
  checked_on: "2026-11-24"
"""


@pytest.fixture
def read(tmp_path):
    """Return a reader of the rule above with some of its text replaced."""

    def read_changed(old="", new=""):
        assert old in RULE
        (tmp_path / "a.yaml").write_text(RULE.replace(old, new, 1) if old else RULE, encoding="utf-8")
        return read_rules(tmp_path)

    return read_changed


def test_the_rules_of_the_project_read():
    table = read_rules("params/rules").in_force("2024-03-13")
    assert [rule for rule in table["rule"] if not rule.startswith("follows_")] == NAMES
    assert table.columns.tolist() == list(COLUMNS)


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("officers_per_visit_min", "2024-03-13", 2),
        ("officer_share_min_municipal_district", "2024-03-13", 0.8),
        ("officer_share_min_district", "2024-03-13", 0.7),
        ("officer_share_min_district", "2017-12-26", None),
        ("joint_share_min", "2024-01-01", 0.15),
        ("joint_share_min", "2023-12-31", None),
        ("key_share_min", "2024-03-13", None),
        ("visit_cap_per_year", "2024-03-13", None),
        ("reserve_share_rule", "2024-03-13", None),
        ("key_unit_visits_per_year", "2024-03-13", 1),
        ("unplanned_share_reference", "2024-12-31", None),
        ("unplanned_share_reference", "2025-01-01", 0.078),
        ("statistics_needs_full_record", "2024-03-13", True),
        ("statistics_excludes_penalised", "2024-03-13", True),
    ],
)
def test_a_value_holds_from_its_date_of_effect(name, on, value):
    found = read_rules("params/rules").value(name, on)
    assert found == value
    assert type(found) is type(value)


def test_assumptions_are_apart_and_carry_no_source():
    rules = read_rules("params/rules")
    table = rules.assumptions("2024-03-13")
    assert [rule for rule in table["rule"] if not rule.startswith("follows_")] == [
        *(
            "absence_days",
            "change_of_total_needs_approval",
            "finish_share_wanted",
            "investigation_days",
            "key_share_min",
            "officers_per_visit_min",
            "ordered_task_days",
            "team_balance_ratio",
            "visit_cap_per_year",
        )
    ]
    assert table["source"].eq("").all()
    known = rules.in_force("2024-03-13").query("status != 'assumed'")
    assert known["source"].ne("").all()


def test_every_rule_says_when_it_was_checked_and_why():
    table = read_rules("params/rules").in_force("2024-03-13")
    assert table["checked_on"].between("2026-11-24", "2026-11-29").all()
    assert table["note"].ne("").all()


def test_an_unknown_rule_is_an_error_of_the_program():
    with pytest.raises(KeyError):
        read_rules("params/rules").value("visit_cap", "2024-03-13")


def test_an_impossible_date_is_an_error_of_the_program():
    with pytest.raises(ValueError, match="真实存在的日期"):
        read_rules("params/rules").value("key_share_min", "2023-02-29")


def test_a_rule_ends_with_null(read):
    rules = read()
    assert [rules.value("gap_days", day) for day in ("2023-12-31", "2024-12-31", "2025-01-01")] == [None, 30, None]
    assert rules.in_force("2025-06-01")["since"].tolist() == ["2025-01-01"]


@pytest.mark.parametrize(
    ("old", "new", "where", "found", "expected"),
    [
        ("30", "400", "gap_days.values.2024-01-01", "400", "0 到 366 的整数"),
        ("30", "30.5", "gap_days.values.2024-01-01", "30.5", "整数"),
        ("30", "true", "gap_days.values.2024-01-01", "true", "整数"),
        ("30", "三十", "gap_days.values.2024-01-01", '"三十"', "取值"),
        ("2024-01-01", "2024-13-01", "gap_days.values.2024-13-01", '"2024-13-01"', "真实存在的日期"),
        ("values: {2024-01-01: 30, 2025-01-01: null}", "values: {}", "gap_days.values", "（0 项）", "至少 1 项"),
        ("[0, 366]", "[366, 0]", "gap_days.range", "[366, 0]", "最小"),
        ("[0, 366]", "[false, 366]", "gap_days.range", "[false, 366]", "同类的两个数"),
        ("[0, 366]", "[0]", "gap_days.range[1]", "（没有写）", "取值范围"),
        ("status: local", "status: sure", "gap_days.status", '"sure"', "assumed（假定）"),
        ("status: local", "status: assumed", "gap_days.source", "某文件 三 https://example.org/a", "不写出处"),
        ('"https://example.org/a"', "javascript:x", "gap_days.source.link", '"javascript:x"', "https://"),
        ('"2026-11-24"', '"去年"', "gap_days.checked_on", '"去年"', "真实存在的日期"),
        ("label:", "lable:", "gap_days.lable", '"最小间隔"', "label"),
        ("gap_days:", "Gap-Days:", "Gap-Days", "", "规则名"),
    ],
)
def test_a_fault_is_told_with_rule_value_and_form(read, old, new, where, found, expected):
    with pytest.raises(InputError) as caught:
        read(old, new)
    told = {p.where: p for p in caught.value.problems}
    assert where in told, told
    assert told[where].found == found
    assert expected in told[where].expected
    assert told[where].file.endswith("/a.yaml")


@pytest.mark.parametrize("status", ["read", "quoted", "local"])
def test_what_is_not_assumed_needs_a_source(read, status):
    source = '  status: local\n  source: {title: 某文件, article: 三, link: "https://example.org/a"}\n'
    with pytest.raises(InputError) as caught:
        read(source, f"  status: {status}\n")
    assert [p.where for p in caught.value.problems] == ["gap_days.source"]


def test_a_rule_stands_in_one_file_only(read, tmp_path):
    (tmp_path / "b.yaml").write_text(RULE, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read()
    assert [(p.file[-6:], p.where) for p in caught.value.problems] == [("b.yaml", "gap_days")]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="没有规则文件"):
        read_rules(tmp_path)
