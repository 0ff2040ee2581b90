"""The demo units (企业): 650 invented firms of Putuo, and the tickets (号签) behind every invented choice.

A ticket is the SHA-256 of a seed and a name, so the same choice is made on any machine and in any order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from stdnum.cn import uscc

from data.demo_plan import CHEMICALS, INVENTED
from enforce.inputs.calendar import read_calendar
from enforce.words.vocabulary import FLAGS

SEED = "普陀2024演示"
UNIT_COLUMNS = (
    *(
        "unit_id",
        "name",
        "subdistrict",
        "sector",
        "hazards",
        "is_key",
        "covered_by",
        "credit_grade",
        "risk_grade",
    ),
    *("level", "in_district", "last_visit", "source"),
)


class Block(NamedTuple):
    """Units of one sort: count (家), of them key under P01 and under P02, per cent left to the streets."""

    stem: str
    sector: str
    hazards: tuple[...]
    count: int
    key: int = 0
    key_period: int = 0
    street_percent: int = 0


BLOCKS = (
    Block("危化经营单位", "危险化学品经营", (FLAGS["chemical_storage"],), 40, 14, 8),
    Block("危化仓储单位", "危险化学品仓储", (FLAGS["chemical_storage"], FLAGS["special_work"]), 10, 6),
    Block("危化使用许可单位", "化学原料加工", (FLAGS["chemical_licence"], FLAGS["chemical_use"]), 10, 8, 2),
    Block("使用危化品单位", "机械电子制造", (FLAGS["chemical_use"],), 150, street_percent=15),
    Block("喷涂加工单位", "家具制造", (FLAGS["chemical_use"], FLAGS["dust"]), 12, 4),
    Block("粉尘涉爆单位", "木材与金属制品加工", (FLAGS["dust"],), 26, 12),
    Block("食品加工单位", "食品加工", (FLAGS["wastewater"],), 30, 9),
    Block("冷链食品单位", "食品加工", (FLAGS["chemical_use"], FLAGS["wastewater"]), 8, 1),
    Block("熔炼单位", "有色金属加工", (FLAGS["molten_metal"],), 6, 3),
    Block("铸造单位", "金属铸造", (FLAGS["dust"], FLAGS["molten_metal"], FLAGS["special_work"]), 4, 3),
    Block("城市综合体", "商业综合体", (FLAGS["complex"],), 26),
    Block("园区", "产业园区", (FLAGS["park"],), 12),
    Block("安全培训机构", "安全生产培训", (FLAGS["training"],), 6),
    Block("设备安装单位", "设备安装维修", (FLAGS["special_work"],), 30),
    Block("电镀维修单位", "机械电子制造", (FLAGS["chemical_use"], FLAGS["special_work"]), 10),
    Block("工贸单位", "其他工贸", (), 270, street_percent=60),
)
#: Sub-districts of Putuo and their weight: industry sits in the north-west.
WEIGHTS = {
    "曹杨新村街道": 1,
    "长风新村街道": 1,
    "长寿路街道": 1,
    "甘泉路街道": 1,
    "石泉路街道": 1,
    "宜川路街道": 1,
    "真如镇街道": 2,
    "万里街道": 1,
    "长征镇": 3,
    "桃浦镇": 4,
}
SUBDISTRICTS = tuple(name for name, weight in WEIGHTS.items() for _ in range(weight))
CREDIT, RISK = "AAAAAAABBBBBBBBCCCD", "蓝蓝蓝蓝蓝蓝蓝蓝蓝蓝蓝黄黄黄黄黄黄橙红"
NOT_GRADED, NEVER_VISITED, CITY_PERCENT = 5, 4, 2  # per cent of the units


def ticket(purpose: str, key: str) -> int:
    """Return the number that decides one choice: the first 8 bytes of a SHA-256.

    >>> ticket("名次", "甲") == ticket("名次", "甲"), ticket("名次", "甲") == ticket("名次", "乙")
    (True, False)
    """
    return int.from_bytes(hashlib.sha256(f"{SEED}|{purpose}|{key}".encode()).digest()[:8])


def pick(options: str | tuple, purpose: str, key: str):
    """Return one of the options by ticket."""
    return options[ticket(purpose, key) % len(options)]


def percent(purpose: str, key: str) -> int:
    """Return 0-99 by ticket."""
    return ticket(purpose, key) % 100


def shuffled(items: Iterable, purpose: str, key: Callable = str) -> list:
    """Return the items in the order of their tickets."""
    return sorted(items, key=lambda item: ticket(purpose, key(item)))


def credit_code(number: int) -> str:
    """Return a valid credit code (统一社会信用代码) no real unit has: its organisation part is TEXT + number.

    >>> credit_code(12)
    '91310107TEXT00121U'
    """
    body = f"TEXT{number:04d}"
    total = sum(int(c, 36) * weight for c, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    code = "91310107" + body + "0123456789X0"[(11 - total % 11) % 12]
    return code + uscc.calc_check_digit(code)


@cache
def units() -> tuple[dict, ...]:
    """Return one row per unit, by credit code; numbers are dealt over the blocks by ticket."""
    places = [(block, n) for block in BLOCKS for n in range(block.count)]
    dealt = shuffled(places, "编号", lambda place: f"{place[0].stem}{place[1]}")
    rows = [_unit(block, n, number) for number, (block, n) in enumerate(dealt, 1)]
    return tuple(sorted(rows, key=lambda row: row["unit_id"]))


def _unit(block: Block, n: int, number: int) -> dict:
    code = credit_code(number)
    covered = "P01" if n < block.key else "P02" if n < block.key + block.key_period else ""
    return {
        "unit_id": code,
        "name": f"演示{block.stem}{number:04d}号（虚构）",
        "subdistrict": pick(SUBDISTRICTS, "街镇", code),
        "sector": block.sector,
        "hazards": block.hazards,
        "is_key": bool(covered),
        "covered_by": covered,
        "credit_grade": "" if percent("无信用等级", code) < NOT_GRADED else pick(CREDIT, "信用", code),
        "risk_grade": "" if percent("无风险等级", code) < NOT_GRADED else pick(RISK, "风险", code),
        "level": _level(block, code, bool(covered)),
        "in_district": True,
        "last_visit": _last_visit(code, bool(covered)),
        "source": INVENTED,
    }


def _level(block: Block, code: str, is_key: bool) -> str:
    """Return who inspects a unit: key units the district, small ones the street, a few the city."""
    if is_key:
        return "区级"
    if percent("层级", code) < block.street_percent:
        return "街镇级"
    chemical = set(block.hazards) & set(CHEMICALS)
    return "市级" if chemical and percent("市级", code) < CITY_PERCENT else "区级"


def _last_visit(code: str, is_key: bool) -> str:
    """Return the last visit before the year: key units in 2023, others in 2022-2023 or never ('')."""
    days = visiting_days(2023) if is_key else visiting_days(2022) + visiting_days(2023)
    never = not is_key and percent("从未", code) < NEVER_VISITED
    return "" if never else pick(days, "上次", code)


@cache
def visiting_days(year: int, month: int = 0) -> tuple[str, ...]:
    """Return the dates (ISO) one would visit a firm on: workdays from Monday to Friday."""
    days = read_calendar(year).days
    chosen = days[days["workday"] & (days["holiday_kind"] == "工作日")]
    return tuple(chosen["date"][chosen["month"].isin([month] if month else range(1, 13))])
