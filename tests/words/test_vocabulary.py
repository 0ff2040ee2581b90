"""The words of a bureau: what it lists, and what follows from what it does not."""

from __future__ import annotations

from enforce.words.terms import Kind
from enforce.words.vocabulary import FLAGS, vocabulary


def test_a_plan_without_words_has_the_usual_ones():
    words = vocabulary()
    assert (words.area, words.street, words.key_units, words.our_level) == ("区", "街镇", "区重点单位", "区级")
    assert words.levels == ("市级", "区级", "街镇级")
    assert words.hazards == tuple(FLAGS.values())
    assert [kind for _, kind in words.kinds] == list(Kind)


def test_levels_and_key_units_follow_from_the_area():
    county = vocabulary(area="县", street="乡镇")
    assert (county.levels, county.our_level) == (("市级", "县级", "乡镇级"), "县级")
    assert dict(county.kinds)["县重点单位"] is Kind.KEY_LIST
    city = vocabulary(area="市")
    assert (city.levels, city.our_level, city.key_units) == (("市级", "街镇级"), "市级", "市重点单位")


def test_what_a_bureau_lists_takes_the_place_of_the_usual():
    words = vocabulary(
        hazards=["有限空间"], kinds=[("重点企业", Kind.KEY_LIST)], key_units="重点企业", our_level="市级"
    )
    assert (words.hazards, words.kinds) == (("有限空间",), (("重点企业", Kind.KEY_LIST),))
    assert (words.key_units, words.our_level) == ("重点企业", "市级")
