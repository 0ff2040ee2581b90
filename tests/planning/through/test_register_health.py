"""The health of the register: what is missing is counted, never filled in."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.planning.through.register_health import Unread, register_health
from enforce.words.terms import Hazard

UNIT = {
    "unit_id": "C1",
    "name": "甲",
    "hazards": (),
    "is_key": False,
    "credit_grade": "A",
    "risk_grade": "红",
    "level": "district",
    "state": "open",
    "last_visit": "2023-01-01",
}
TASKS = pd.DataFrame({"task_id": ["P01", "P02", "P03"], "hazards": [("dust",), ("dust", "park"), ()]})


def counted(*units: dict, unread: Unread | None = None) -> dict[str, int]:
    table = register_health(pd.DataFrame([UNIT | unit for unit in units]), TASKS, unread)
    return dict(zip(table["finding"], table["units"], strict=True))


def test_a_register_without_fault_counts_none():
    found = counted({"hazards": ("dust",)})
    assert found.pop("台账企业") == found.pop("标签：粉尘涉爆") == 1
    assert set(found.values()) == {0}


@pytest.mark.parametrize("empty", ["", None, pd.NA])
def test_what_is_missing_is_counted_and_overlaps_are_told(empty):
    found = counted(
        {"credit_grade": empty}, {"credit_grade": empty, "risk_grade": empty}, {"level": empty, "last_visit": empty}
    )
    assert (found["没有信用等级"], found["没有风险等级"], found["信用、风险等级都没有"]) == (2, 1, 1)
    assert (found["没有执法层级"], found["从未检查"]) == (1, 1)


def test_key_units_without_a_flag_are_counted_and_unknown_ones_are_not_key():
    found = counted({"is_key": True}, {"is_key": True, "hazards": ("dust",)}, {"is_key": pd.NA})
    assert (found["重点单位没有对象标签"], found["没有对象标签"]) == (1, 2)


def test_a_unit_with_two_flags_counts_under_both_and_the_overlap_is_told():
    table = register_health(pd.DataFrame([UNIT | {"hazards": ("dust", "park")}, UNIT | {"hazards": ("park",)}]), TASKS)
    told = table.set_index("finding")
    assert told.loc["标签：粉尘涉爆", ["units", "note"]].tolist() == [1, "P01、P02 按此选取"]
    assert told.loc["标签：园中园厂中厂", ["units", "note"]].tolist() == [2, "P02 按此选取"]
    assert told.loc["标签：城市综合体", ["units", "note"]].tolist() == [0, "没有事项按此选取"]
    assert told.loc["同时有：粉尘涉爆＋园中园厂中厂", "units"] == 1
    assert [name for name in told.index if name.startswith("同时有")] == ["同时有：粉尘涉爆＋园中园厂中厂"]


def test_what_only_the_reading_knows_is_counted_too():
    unread = Unread(
        invalid_codes=("第 3 行",),
        duplicate_codes=("第 4 行", "第 5 行"),
        other=("第 9 行",),
    )
    table = register_health(pd.DataFrame([UNIT]), TASKS, unread).set_index("finding")
    assert table.loc[["代码不正确", "代码重复", "执法层级有两个或认不出", "其他原因放到一边"], "units"].tolist() == [
        1,
        2,
        0,
        1,
    ]


def test_units_that_have_closed_are_counted_and_three_of_them_named():
    units = [UNIT | {"unit_id": f"C{n}", "name": name, "state": "shut"} for n, name in enumerate("甲乙丙丁")]
    units += [UNIT, UNIT | {"state": None}]
    table = register_health(pd.DataFrame(units), TASKS).set_index("finding")
    assert table.loc["已注销、停产或关闭", ["units", "examples"]].tolist() == [4, "甲、乙、丙等"]


def test_examples_stand_in_the_order_of_codes():
    table = register_health(
        pd.DataFrame([UNIT | {"unit_id": "C2", "name": "乙", "level": ""}, UNIT | {"level": ""}]), TASKS
    )
    assert table.set_index("finding").loc["没有执法层级", "examples"] == "甲、乙"


@given(st.lists(st.sets(st.sampled_from([flag.value for flag in Hazard])), min_size=1, max_size=20))
def test_flags_and_overlaps_count_what_a_loop_counts(flags):
    found = counted(*({"hazards": tuple(sorted(chosen))} for chosen in flags))
    for one in Hazard:
        assert found[f"标签：{one.label}"] == sum(one in chosen for chosen in flags)
        for other in list(Hazard)[list(Hazard).index(one) + 1 :]:
            assert found.get(f"同时有：{one.label}＋{other.label}", 0) == sum(
                {one, other} <= chosen for chosen in flags
            )


def test_inputs_are_not_changed():
    units = pd.DataFrame([UNIT])
    before = units.copy(deep=True)
    register_health(units, TASKS)
    pd.testing.assert_frame_equal(units, before)
