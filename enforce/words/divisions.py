"""The division (行政区划): where a bureau is and where a rule holds; a rule holds in every place inside its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from enforce.words.terms import Rank
from enforce.words.texts import nearest

NATION = "全国"
MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
PROVINCES = (
    *MUNICIPALITIES,
    *("河北省", "山西省", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省"),
    *("河南省", "湖北省", "湖南省", "广东省", "海南省", "四川省", "贵州省", "云南省", "陕西省", "甘肃省", "青海省"),
    *("台湾省", "内蒙古自治区", "广西壮族自治区", "西藏自治区", "宁夏回族自治区", "新疆维吾尔自治区"),
    *("新疆生产建设兵团", "香港特别行政区", "澳门特别行政区"),
)
#: A city before its districts: 津市市 and 沙市区 are no city 津市 or 沙市 with one character behind.
_CITY = re.compile(r"(.+?(?:市|自治州|地区|盟))(..+|)")


@dataclass(frozen=True)
class Division:
    """A place by its province, its city and its district or county; '' for what is not known or not there.

    >>> division("上海市普陀区").rank.label, division("上海市普陀区").inside(division("上海市"))
    ('直辖市的区县', True)
    """

    province: str = ""
    city: str = ""
    district: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The place from the province down; () is the nation."""
        return tuple(filter(None, (self.province, self.city, self.district)))

    @property
    def rank(self) -> Rank:
        """The level of authority of a bureau of this place."""
        if self.district:
            return Rank.MUNICIPAL_DISTRICT if self.province in MUNICIPALITIES else Rank.COUNTY
        return Rank.CITY if self.city else Rank.PROVINCE

    def inside(self, other: Division) -> bool:
        """Whether this place is the other one or lies in it."""
        return self.path[: len(other.path)] == other.path

    def __str__(self) -> str:
        return "".join(self.path) or NATION


def division(text: str, province: str | None = None, city: str | None = None) -> Division:
    """Return the place that a text names from its province down; what is given beside it is not looked for in it.

    A province or city of '' says that there is none: the districts of a province have no city.

    >>> division("辽宁省本溪市溪湖区"), division("云溪县")
    (Division(province='辽宁省', city='本溪市', district='溪湖区'), Division(province='', city='', district='云溪县'))
    >>> division("海南省文昌市", city="").rank.label
    '直辖市以外的区县'
    """
    if province is None:
        province = next((name for name in PROVINCES if text.startswith(name)), "")
    text = text.removeprefix(province)
    if city is None:
        parts = _CITY.fullmatch(text) if province not in MUNICIPALITIES else None
        city = parts[1] if parts else ""
    return Division(province, city, text.removeprefix(city))


def province_name(text: str) -> str:
    """Return the full name of a province; ValueError tells the form expected."""
    if text not in PROVINCES:
        raise ValueError(f"省、自治区或直辖市的全称，如 辽宁省、上海市{nearest(text, PROVINCES)}")
    return text


def place_name(text: str) -> str:
    """Return where a rule holds, the nation or a place named from its province down; ValueError tells the form."""
    if text != NATION and not division(text).province:
        raise ValueError(f"{NATION}，或从省级写起的地名，如 上海市、辽宁省本溪市、辽宁省本溪市溪湖区")
    return text
