"""Divisions: a place is read from its province down, and a rule of a place holds inside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.words.divisions import MUNICIPALITIES, NATION, PROVINCES, division, place_name, province_name


@pytest.mark.parametrize(
    ("text", "path", "rank"),
    [
        ("上海市普陀区", ("上海市", "普陀区"), "municipal_district"),
        ("重庆市云阳县", ("重庆市", "云阳县"), "municipal_district"),
        ("上海市", ("上海市",), "province"),
        ("辽宁省", ("辽宁省",), "province"),
        ("辽宁省本溪市", ("辽宁省", "本溪市"), "city"),
        ("辽宁省本溪市溪湖区", ("辽宁省", "本溪市", "溪湖区"), "county"),
        ("本溪市溪湖区", ("本溪市", "溪湖区"), "county"),
        ("云溪县", ("云溪县",), "county"),
        ("普陀区", ("普陀区",), "county"),
        ("吉林省吉林市船营区", ("吉林省", "吉林市", "船营区"), "county"),
        ("湖南省常德市津市市", ("湖南省", "常德市", "津市市"), "county"),
        ("山东省济南市市中区", ("山东省", "济南市", "市中区"), "county"),
        ("市中区", ("市中区",), "county"),
        ("湖北省荆州市沙市区", ("湖北省", "荆州市", "沙市区"), "county"),
        ("沙市区", ("沙市区",), "county"),
        ("云南省德宏傣族景颇族自治州芒市", ("云南省", "德宏傣族景颇族自治州", "芒市"), "county"),
        ("新疆维吾尔自治区喀什地区喀什市", ("新疆维吾尔自治区", "喀什地区", "喀什市"), "county"),
        (
            "内蒙古自治区兴安盟科尔沁右翼前旗",
            ("内蒙古自治区", "兴安盟", "科尔沁右翼前旗"),
            "county",
        ),
    ],
)
def test_a_place_is_read_from_its_province_down(text, path, rank):
    place = division(text)
    assert (place.path, place.rank, str(place)) == (path, rank, text)


def test_what_is_given_beside_the_text_is_not_looked_for_in_it():
    assert division("溪湖区", "辽宁省", "本溪市") == division("辽宁省本溪市溪湖区")
    assert division("海城市", "辽宁省", "鞍山市").path == ("辽宁省", "鞍山市", "海城市")
    assert division("海南省文昌市", city="").rank == "county"
    assert division("海南省文昌市", city="").inside(division("海南省文昌市"))


@given(st.sampled_from(PROVINCES), st.sampled_from(["", "甲市", "乙自治州"]), st.sampled_from(["", "丙县", "丁区"]))
def test_a_place_lies_in_itself_in_all_above_it_and_in_no_other(province, city, district):
    city = "" if province in MUNICIPALITIES else city
    place = division(province + city + district)
    assert place.path == tuple(filter(None, (province, city, district)))
    above = [division("".join(place.path[:n])) for n in range(len(place.path) + 1)]
    assert all(place.inside(other) for other in above)
    assert not any(other.inside(place) for other in above[:-1])
    assert not place.inside(division("广东省广州市" if province != "广东省" else "北京市"))


@pytest.mark.parametrize("text", [NATION, "上海市", "辽宁省本溪市溪湖区"])
def test_a_scope_is_the_nation_or_a_place_from_its_province_down(text):
    assert place_name(text) == text


@pytest.mark.parametrize("text", ["普陀区", "上海", "全省", ""])
def test_a_place_that_may_be_several_is_no_scope(text):
    with pytest.raises(ValueError, match="从省级写起"):
        place_name(text)


def test_a_misspelt_province_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="是否想写「广西壮族自治区」"):
        province_name("广西壮族自治县")
