"""The rules: dated values, cited or marked as assumed."""

from __future__ import annotations

import pytest

from enforce.inputs.parameters.rules import COLUMNS, read_rules
from enforce.words.divisions import division
from enforce.words.problems import InputError

NAMES = """
absence_days change_of_total_needs_approval finish_share_wanted investigation_days joint_share_min key_share_min
key_unit_visits_per_year officer_share_min_district officer_share_min_municipal_district officers_need_licence
officers_per_visit_min
ordered_task_days reserve_share_rule statistics_excludes_penalised statistics_needs_full_record team_balance_ratio
unplanned_share_reference visit_cap_per_year
""".split()  # noqa: SIM905
SCOPE = "  scope: {place: 上海市, level: municipal_district}\n"
RULE = f"""gap_days:
  label: 最小间隔
  unit: 天
  range: [0, 366]
  values: {{2024-01-01: 30, 2025-01-01: null}}
  status: local
{SCOPE}  source: {{title: 某文件, article: 三, link: "https://example.org/a"}}
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
    rules = read_rules("params/rules")
    table, silent = rules.in_force("2024-03-13"), rules.assumptions("2024-03-13").query("value.isna()")
    assert sorted([*table["rule"], *silent["rule"]]) == sorted(rules.values("2024-03-13"))
    assert [rule for rule in sorted(rules.rules) if not rule.startswith("follows_")] == NAMES
    assert table.columns.tolist() == silent.columns.tolist() == list(COLUMNS)


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
            "officers_need_licence",
            "officers_per_visit_min",
            "ordered_task_days",
            "reserve_share_rule",
            "team_balance_ratio",
            "unplanned_share_reference",
            "visit_cap_per_year",
        )
    ]
    assert table.loc[table["status"] == "assumed", "source"].eq("").all()
    assert table.loc[table["status"] != "assumed", "value"].isna().all()
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
    assert rules.in_force("2023-12-31").empty
    assert rules.in_force("2024-12-31")["value"].tolist() == [30]
    assert rules.in_force("2025-06-01").empty
    assert rules.assumptions("2025-06-01")["since"].tolist() == ["2025-01-01"]
    assert rules.assumptions("2023-12-31").empty


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
        (SCOPE, "  scope: {place: 上海普陀}\n", "gap_days.scope.place", '"上海普陀"', "从省级写起"),
        (SCOPE, "  scope: {place: 普陀区}\n", "gap_days.scope.place", '"普陀区"', "从省级写起"),
        (SCOPE, "  scope: {level: 区级}\n", "gap_days.scope.level", '"区级"', "county（直辖市以外的区县）"),
        (SCOPE, "  scope: 上海市\n", "gap_days.scope", '"上海市"', "缩进的「键: 值」"),
    ],
)
def test_a_fault_is_told_with_rule_value_and_form(read, old, new, where, found, expected):
    with pytest.raises(InputError) as caught:
        read(old, new)
    told = {p.place.entry: p for p in caught.value.problems}
    assert where in told, told
    assert told[where].found == found
    assert expected in told[where].expected
    assert told[where].file.endswith("/a.yaml")


@pytest.mark.parametrize("status", ["read", "quoted", "local"])
def test_what_is_not_assumed_needs_a_source(read, status):
    source = f'  status: local\n{SCOPE}  source: {{title: 某文件, article: 三, link: "https://example.org/a"}}\n'
    with pytest.raises(InputError) as caught:
        read(source, f"  status: {status}\n")
    assert [p.place.entry for p in caught.value.problems] == ["gap_days.source"]


def test_a_rule_stands_in_one_file_only(read, tmp_path):
    (tmp_path / "b.yaml").write_text(RULE, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read()
    assert [(p.file[-6:], p.place.entry) for p in caught.value.problems] == [("b.yaml", "gap_days")]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="没有规则文件"):
        read_rules(tmp_path)


# --- where a rule acts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "place", "acts"),
    [
        ("{place: 全国}", "云溪县", True),
        ("{place: 上海市}", "上海市普陀区", True),
        ("{place: 上海市}", "上海市", True),
        ("{place: 上海市}", "江苏省南通市海安市", False),
        ("{place: 上海市普陀区}", "上海市普陀区", True),
        ("{place: 上海市普陀区}", "上海市", False),
        ("{place: 上海市普陀区}", "浙江省舟山市普陀区", False),
        ("{place: 上海市普陀区}", "普陀区", False),
        ("{place: 辽宁省}", "辽宁省本溪市溪湖区", True),
        ("{place: 辽宁省本溪市}", "辽宁省本溪市溪湖区", True),
        ("{place: 辽宁省本溪市}", "辽宁省鞍山市海城市", False),
        ("{level: municipal_district}", "上海市普陀区", True),
        ("{level: municipal_district}", "云溪县", False),
        ("{level: county}", "云溪县", True),
        ("{level: county}", "重庆市云阳县", False),
        ("{level: city}", "辽宁省本溪市", True),
        ("{place: 辽宁省, level: city}", "辽宁省本溪市溪湖区", False),
        ("{level: province}", "上海市", True),
    ],
)
def test_a_rule_acts_in_every_place_inside_its_scope_and_at_its_level_alone(read, scope, place, acts):
    rules = read(SCOPE, f"  scope: {scope}\n").at(division(place))
    assert rules.value("gap_days", "2024-06-01") == (30 if acts else None)
    assert len(rules.in_force("2024-06-01")) == acts
    assert len(rules.assumptions("2025-06-01")) == acts
    assert rules.values("2024-06-01").keys() == {"gap_days"}


def test_the_narrowest_rule_that_has_a_value_wins(read, tmp_path):
    for name, scope, value in (("b", "{place: 全国}", 10), ("c", "{place: 上海市普陀区}", "null")):
        text = RULE.replace(SCOPE, f"  scope: {scope}\n").replace("01: 30", f"01: {value}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    rules = read()
    values = [rules.at(division(text)).value("gap_days", "2024-06-01") for text in ("上海市普陀区", "上海市", "云溪县")]
    assert values == [30, 10, 10]
    assert rules.at(division("上海市普陀区")).in_force("2024-06-01")["applies"].tolist() == ["上海市（直辖市的区县）"]


def test_a_local_rule_of_an_older_file_acts_here_and_its_place_is_an_assumption(read):
    rules = read(SCOPE, "").at(division("云溪县"))
    assert rules.value("gap_days", "2024-06-01") == 30
    assert rules.assumptions("2024-06-01")["applies"].tolist() == ["未写明，按本局"]


@pytest.mark.parametrize(
    ("place", "local", "floor"),
    [
        ("上海市普陀区", {"joint_share_min", "key_unit_visits_per_year"}, "officer_share_min_municipal_district"),
        ("上海市浦东新区", set(), "officer_share_min_municipal_district"),
        ("云溪县", set(), "officer_share_min_district"),
        ("湖南省岳阳市云溪区", set(), "officer_share_min_district"),
        ("湖南省岳阳市", set(), None),
    ],
)
def test_the_rules_of_a_place_print_no_other_place_and_one_floor_at_most(place, local, floor):
    rules = read_rules("params/rules").at(division(place))
    table = rules.in_force("2024-03-13")
    assert set(table.loc[table["status"] == "local", "rule"]) == local
    assert [name for name in table["rule"] if name.startswith("officer_share_min")] == ([floor] if floor else [])
    told = [*table["label"], *table["note"], *rules.assumptions("2024-03-13")["note"]]
    assert not [text for text in told if any(name in text for name in ("普陀", "上海", "宽城", "河东", "溪湖"))]


def test_no_local_rule_acts_before_its_date_or_as_nought():
    rules = read_rules("params/rules").at(division("上海市普陀区"))
    before, after = rules.values("2023-06-01"), rules.values("2024-01-01")
    for name in ("joint_share_min", "key_unit_visits_per_year", "statistics_needs_full_record"):
        assert before[name] is None
        assert after[name]
    told = {*rules.in_force("2023-06-01")["rule"], *rules.assumptions("2023-06-01")["rule"]}
    assert "joint_share_min" not in told
