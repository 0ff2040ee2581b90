"""Other bureaus: a county of another province and a city, with words and rules of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from enforce.desk.outlook import Outlook
from enforce.desk.summary import summary
from enforce.desk.year import Year, open_year
from enforce.words.problems import InputError

pytestmark = pytest.mark.slow

PLAN, TABLES = "params/putuo-2024.yaml", "data/putuo-2024"
COUNTY = """words:
  area: 县
  street: 乡镇
  hazards: [危化品经营仓储, 危化品使用许可, 使用危化品, 非煤矿山, 涉氨, 烟花爆竹, 有限空间, 重大危险源,
    安全培训机构, 特种作业较多]
"""
CITY = """words:
  area: 市
  levels: [省级, 市级, 区县级, 街镇级]
"""
Changes = dict[str, list[tuple[str, str]]]
#: A bureau elsewhere cites what is for the whole country.
BASES = ("[B01, B02, B03, B04, B05, B06, B07, B08, B09]", "[B01, B03, B06, B11]")

IN_COUNTY: Changes = {
    PLAN: [
        ("district: 上海市普陀区", f"district: 湖南省岳阳市云溪县\n{COUNTY}"),
        ("{group: 区重点", "{group: 县重点"),
        BASES,
    ],
    "tasks.csv": [
        ("区重点", "县重点"),
        ("区外家次", "县外家次"),
        ("粉尘涉爆", "非煤矿山"),
        ("污水处理设施", "涉氨"),
        ("高温熔融金属", "烟花爆竹"),
        (",城市综合体,", ",有限空间,"),
        (",园中园厂中厂,", ",重大危险源,"),
    ],
    "units.csv": [
        ("是否区", "是否县"),
        ("街镇,行业", "乡镇,行业"),
        ("区级", "县级"),
        ("街镇级", "乡镇级"),
        ("粉尘涉爆", "非煤矿山"),
        ("污水处理设施", "涉氨"),
        ("高温熔融金属", "烟花爆竹"),
        (",城市综合体,", ",有限空间,"),
        (",园中园厂中厂,", ",重大危险源,"),
    ],
    "records.csv": [("是否区内", "是否县内")],
}
IN_CITY: Changes = {
    PLAN: [("district: 上海市普陀区", f"district: 辽宁省本溪市\n{CITY}"), BASES],
    "tasks.csv": [("区重点单位", "市重点单位")],
    "units.csv": [("市级", "省级"), ("区级", "市级")],
}


@pytest.fixture
def opened(root: Path, tmp_path: Path) -> Callable[..., Year]:
    """Return an opener of the demo's files with some of their text replaced, without what was approved."""
    for folder in ("params", "data/calendar", TABLES):
        shutil.copytree(root / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / TABLES / "versions")

    def open_changed(*changes: Changes) -> Year:
        for file, pairs in (pair for change in changes for pair in change.items()):
            path = tmp_path / (file if "/" in file else f"{TABLES}/{file}")
            text = path.read_text(encoding="utf-8-sig")
            for old, new in pairs:
                assert old in text, (file, old)
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
        return open_year(tmp_path / PLAN)

    return open_changed


def texts(*tables) -> str:
    return "\n".join(table.to_csv() for table in tables)


def test_a_county_reads_plans_and_closes_its_year_in_its_own_words(opened, year):
    county = opened(IN_COUNTY)
    end = summary(county)
    assert county.pools["eligible_units"].tolist() == year.pools["eligible_units"].tolist()
    assert county.allocation.visits.equals(year.allocation.visits)
    assert end.coverage["numerator"].tolist() == summary(year).coverage["numerator"].tolist()[-2:]  # nothing is frozen
    told = texts(county.findings, end.findings, end.coverage, county.health, end.counts, county.joint_shares)
    assert "县重点单位" in told
    assert "非煤矿山" in told
    for word in ("区重点", "区外交互", "本区", "区级", "粉尘涉爆", "普陀", "上海"):
        assert word not in told.replace("辖区", ""), word


def test_no_rule_of_another_place_speaks_in_a_county(opened):
    county = opened(IN_COUNTY)
    assert {"joint_share", "visit_cap", "key_share", "reserve"}.isdisjoint(county.findings["check"])
    assert "未见" not in texts(county.findings)
    assert not {"local"} & set(county.rules_in_force["status"])
    assert set(county.rules_in_force["applies"]) <= {"全国", "全国（直辖市以外的区县）"}
    assert "visit_cap_per_year" in set(county.assumptions["rule"])
    known = texts(county.rules_in_force[["label", "applies", "note"]], county.assumptions)
    assert not any(name in known for name in ("普陀", "上海", "宽城", "山西", "龙岩", "区重点"))


def test_a_city_bureau_has_a_pool_of_the_units_of_its_own_level(opened, year):
    city = opened(IN_CITY)
    assert city.pools["eligible_units"].tolist() == year.pools["eligible_units"].tolist()
    assert "pools" not in set(city.findings["check"])
    assert not [name for name in city.rules_in_force["rule"] if name.startswith("officer_share_min")]
    assert "市重点单位" in texts(summary(city).coverage)


def test_a_year_before_a_rules_date_has_no_finding_of_it(opened):
    later = [(": {2024-01-01:", ": {2025-01-01:")]
    without = opened({"params/rules/visits.yaml": later, "params/rules/statistics.yaml": later})
    end = summary(without)
    assert {"joint_share"}.isdisjoint(without.findings["check"])
    assert "0 家次" not in set(without.findings["figure"])
    assert {"joint_share_min", "key_unit_visits_per_year"}.isdisjoint(without.rules_in_force["rule"])
    assert {"joint_share_min", "key_unit_visits_per_year"}.isdisjoint(without.assumptions["rule"])
    assert "统计年报" not in texts(end.counts, end.findings)


def test_a_plan_approved_before_its_year_has_the_rules_of_its_year(opened):
    early = opened({PLAN: [('"2024-03-13"', '"2023-12-20"')]})
    assert early.ruled_on == "2024-01-01"
    assert "joint_share_min" in set(early.rules_in_force["rule"])


def test_a_word_that_is_not_listed_is_refused_with_the_nearest(opened):
    wrong = {
        "units.csv": [("县级", "区级"), ("涉氨", "涉安")],
        "tasks.csv": [("县重点单位,60", "区重点单位,60")],
    }
    with pytest.raises(InputError) as caught:
        opened(IN_COUNTY, wrong)
    expected = {problem.place.name: problem.expected for problem in caught.value.problems}
    assert "市级、县级、乡镇级 之一" in expected["level"]
    assert "执法层级" in expected["level"]
    assert "对象标签" in expected["hazards"]
    assert "是否想写「县重点单位」" in expected["kind"]


def test_a_plan_whose_chances_have_no_assumption_leaves_them_out(opened):
    silent = opened({"params/rules/chance.yaml": [(": {2004-01-01:", ": {2025-01-01:")]})
    outlook = Outlook(silent, silent)
    assert (len(outlook.events), outlook.wanted) == (0, None)
    assert len(outlook.chances)
