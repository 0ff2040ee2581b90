"""Markers planted in every file that comes in: none of them is in anything that goes out.

Telephones, identity cards and names of officers, plain, spaced and full-width, go through check, run, record and
export; messages, notebooks with their metadata, pages, every part of every workbook and the manifest are searched.
The report of the year is searched in `test_inert`, which makes one of these and of hostile names.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from stdnum.cn import ric, uscc

from enforce import __main__ as command
from enforce.inputs.ledger.ledger import read_ledger
from enforce.inputs.parameters.plan import Plan

pytestmark = pytest.mark.slow

FULL = {48 + n: 0xFF10 + n for n in range(10)} | {ord("X"): ord("Ｘ")}
# fmt: off
NAMES = [
    "张建国", "李卫东", "王秀兰", "赵志强", "欧阳明华", "司马文静", "陈丽娟", "刘德胜", "黄晓燕", "周国平", "吴桂英",
    "徐海波", "孙玉梅", "胡永康",
]
# fmt: on
LATIN = ["Zhao Zhiqiang", "WangXiulan"]
_SEPARATORS = re.compile(r"[\s\-\u200b·.()（）－_/*]+")


def numbers() -> list[str]:
    """Personal numbers, no two alike: 18 mobile telephones, 9 landlines, 18 identity cards, each in six writings."""
    draw = random.Random(2024)
    found = []
    for n in range(18):
        phone = f"1{draw.randint(3, 9)}{draw.randint(10**8, 10**9 - 1)}"
        writings = (
            phone,
            f"{phone[:3]} {phone[3:7]} {phone[7:]}",
            phone.translate(FULL),
            f"+86-{phone[:3]}-{phone[3:7]}-{phone[7:]}",
            " ".join(phone),
            f"{phone[:3]}　{phone[3:]}".translate(FULL),
        )
        found.append(writings[n % 6])
    for n in range(9):
        local = f"{draw.randint(2, 9)}{draw.randint(10**6, 10**7 - 1)}"
        found.append((f"021-{local}", f"（０２１）{local}", f"0571 {local[:4]} {local[4:]}")[n % 3])
    for n in range(18):
        born = f"{draw.randint(1950, 2000)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        body = f"310107{born}{draw.randint(100, 999)}"
        card = body + ric.calc_check_digit(f"{body}0")
        writings = (
            card,
            f"{card[:6]} {card[6:14]} {card[14:]}",
            card.translate(FULL),
            f"{card[:6]}-{card[6:10]}-{card[10:14]}-{card[14:]}",
            card.lower(),
            " ".join(card),
        )
        found.append(writings[n % 6])
    return found


NUMBERS = numbers()
MARKERS = [*NUMBERS, *NAMES, *LATIN]


def compact(text: str) -> str:
    """A text as it is searched: half width, small letters, no separators."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).casefold()


SOUGHT = {compact(marker).removeprefix("+86"): marker for marker in MARKERS}


def seen(text: str) -> set[str]:
    """The markers that stand in a text."""
    plain = compact(text)
    return {marker for key, marker in SOUGHT.items() if key in plain}


def texts(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Everything a file says: its name, its text, each part of a container; XML also without its tags."""
    yield name, name
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield f"{name} (comment)", parts.comment.decode("utf-8", "replace")
            for part in parts.namelist():
                yield from texts(f"{name}/{part}", parts.read(part))
        return
    text = content.decode("utf-8", "replace")
    yield name, text
    yield name, content.decode("utf-16-le", "replace")
    if name.endswith((".ipynb", ".json")):
        yield name, json.dumps(json.loads(text), ensure_ascii=False)
    if name.endswith((".xml", ".rels", ".html")):
        yield name, re.sub(r"<[^>]*>", "", text)


def found_in(folder: Path, but: frozenset[Path] = frozenset()) -> dict[str, set[str]]:
    """Place -> markers, over every file of a folder, hidden ones too."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path not in but:
            for place, text in texts(path.relative_to(folder).as_posix(), path.read_bytes()):
                if markers := seen(text):
                    found.setdefault(place, set()).update(markers)
    return found


# --- planting -------------------------------------------------------------------------------------------------------


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def code(number: int) -> str:
    body = f"91310107MA1P{number:05d}"
    return body + uscc.calc_check_digit(body)


def with_column(rows: list[list[str]], heading: str, markers: list[str]) -> list[list[str]]:
    """The rows with a column more, that holds the markers in turn."""
    head, *data = rows
    return [[*head, heading], *([*row, markers[n % len(markers)]] for n, row in enumerate(data))]


def changed(row: list[str], **cells: str) -> list[str]:
    return [cells.get(f"c{n}", cell) for n, cell in enumerate(row)]


def plant_units(path: Path) -> None:
    """In names, addresses and sources of rows added; in columns of contacts beside every row."""
    rows = rows_of(path)
    places = ("c1", "c2", "c3", "c12")
    for n, marker in enumerate(NUMBERS):
        text = f"某某加工店（{marker}）" if n % 2 else marker
        own = {"c0": code(n), "c1": f"某某加工店{n}"}
        rows.append(changed(rows[1 + n], **(own | {places[n % 4]: text})))
    rows += [changed(rows[1], c0=marker, c1=f"甲{n}店") for n, marker in enumerate(NUMBERS[-6:])]
    beside = {"联系人": NAMES, "联系电话": NUMBERS[:27], "身份证": NUMBERS[27:], "备注": NUMBERS}
    for heading, markers in beside.items():
        rows = with_column(rows, heading, markers)
    write(path, rows)


def plant_roster(path: Path) -> None:
    """Names and numbers where an id should stand; names beside every officer."""
    rows = rows_of(path)
    rows += [changed(rows[1], c0=marker) for marker in [*NAMES, *NUMBERS]]
    write(path, with_column(rows, "姓名", NAMES))


def plant_records(path: Path) -> None:
    """Names and numbers among the officers, as numbers of visits, in penalties and sources; remarks beside."""
    rows = rows_of(path)
    head, *data = rows
    for n, marker in enumerate(MARKERS):
        names = f"PT-01;{marker}" if n % 2 else f"{marker}、{MARKERS[n - 1]}"
        data.append(changed(data[n], c0=f"PLANT-{n}", c5=names))
        cell = f"c{(11, 15)[n % 2]}"
        if marker in NUMBERS:
            data.append(changed(data[n], c0=f"TEXT-{n}", **{cell: f"罚款 {marker}", "c12": "监督检查"}))
    data += [changed(data[n], c6=marker, c0=f"CARD-{n}") for n, marker in enumerate(NUMBERS[27:])]
    write(path, with_column(with_column([head, *data], "检查结果", NUMBERS), "被检查单位联系人", NAMES))


def plant(folder: Path) -> None:
    """Put markers into all four tables."""
    plant_units(folder / "units.csv")
    plant_roster(folder / "roster.csv")
    plant_records(folder / "records.csv")
    write(folder / "tasks.csv", with_column(rows_of(folder / "tasks.csv"), "联系人电话", [*NAMES, *NUMBERS]))


def call(*arguments: object) -> int:
    return command._run([str(argument) for argument in arguments])


@pytest.fixture
def place(root, tmp_path, monkeypatch) -> Path:
    """The demo plan with markers in its tables."""
    monkeypatch.setenv("PYTHONPATH", str(root))
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    plant(tmp_path / "data/putuo-2024")
    (tmp_path / "out").mkdir()
    return tmp_path


# --- what goes out --------------------------------------------------------------------------------------------------


def test_there_are_fifty_markers_and_more_and_no_two_alike():
    assert len(SOUGHT) == len(MARKERS) >= 50


def test_the_search_would_see_every_marker_in_every_kind_of_file(tmp_path):
    for marker in MARKERS:
        (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [marker]}), encoding="utf-8")
        with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as parts:
            parts.writestr("docProps/core.xml", f"<a>{marker[:2]}<b/>{marker[2:]}</a>")
        (tmp_path / "c.txt").write_text(marker, encoding="utf-16-le")
        assert [marker in markers for markers in found_in(tmp_path).values()] == [True] * 3


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_h5_no_marker_stands_in_what_a_check_tells_or_sets_aside(place, options, capsys):
    tables = sorted((place / "data/putuo-2024").glob("*.csv"))
    assert call("check", *tables, *options) == 1
    plan = ["--plan", place / "params/putuo-2024.yaml"]
    assert call("check", *tables, *plan, "--quarantine", place / "out/q.xlsx", *options) == 1
    told = capsys.readouterr()
    assert len(told.out) > 5000
    assert seen(told.out + told.err) == set()
    assert (place / "out/q.xlsx").stat().st_size > 20_000
    assert found_in(place / "out") == {}


def test_h5_no_marker_enters_the_ledger_or_its_export(place, root, capsys):
    plan, out = place / "params/putuo-2024.yaml", place / "out"
    planted = place / "记录.csv"
    (place / "data/putuo-2024/records.csv").rename(planted)
    for name in ("units", "roster", "tasks"):
        shutil.copy(root / f"data/putuo-2024/{name}.csv", place / f"data/putuo-2024/{name}.csv")
    assert call("record", planted, "--plan", plan) == 1
    head, *rows = rows_of(planted)
    good = write(place / "好.csv", [head, *(row for row in rows if row[0].startswith("DEMO-"))])
    assert call("record", good, "--plan", plan) == 0
    assert call("withdraw", "DEMO-2024-0001", "--plan", plan, "--reason", f"电话 {NUMBERS[0]} 通知") == 1
    assert call("withdraw", "DEMO-2024-0001", "--plan", plan, "--reason", "重复登记") == 0
    assert call("verify-ledger", "--plan", plan) == 0
    assert call("export-ledger", "--plan", plan, "--out", out / "台账.xlsx") == 0
    told = capsys.readouterr()
    assert seen(told.out + told.err) == set()
    shutil.copy(place / "data/putuo-2024/ledger.sqlite", out)
    assert len(read_ledger(out / "ledger.sqlite").records) > 100
    assert found_in(out) == {}


@pytest.mark.parametrize("entry", ["district", "bureau", "disclaimer"])
def test_h5_a_plan_with_a_personal_number_in_what_every_output_prints_is_refused(root, tmp_path, entry, capsys):
    text = (root / "params/putuo-2024.yaml").read_text(encoding="utf-8")
    for marker in (NUMBERS[0], NUMBERS[1], NUMBERS[2], NUMBERS[27], NUMBERS[28]):
        path = tmp_path / "putuo-2024.yaml"
        path.write_text(re.sub(rf"(?m)^{entry}:.*$", f'{entry}: "某局 {marker}"', text), encoding="utf-8")
        assert call("check", path) == 1
        told = capsys.readouterr().out
        assert f"行 {Plan.model_fields[entry].title} = " in told
        assert seen(told) == set()


def test_of_1000_clean_rows_less_than_one_in_a_hundred_is_set_aside(root, tmp_path):
    """The same writings with other numbers: house numbers, licences, days, amounts, codes of visits."""
    head, *rows = rows_of(root / "data/putuo-2024/units.csv")
    draw = random.Random(7)
    texts = [
        lambda: f"某某{draw.randint(1, 9999)}号加工厂",
        lambda: f"中山北路{draw.randint(1, 4000)}弄{draw.randint(1, 300)}号{draw.randint(100, 3000)}室某某店",
        lambda: f"某某公司（2024年{draw.randint(1, 12)}月1日迁入，原证{draw.randint(10**7, 10**8)}）",
        lambda: f"某某公司第{draw.randint(1, 99)}分店 {draw.randint(100, 999)}-{draw.randint(100, 999)}",
        lambda: f"３１０１０７号{draw.randint(2024, 2030)}仓库　{draw.randint(1, 13)}/{draw.randint(13, 99)}",
    ]
    made = [changed(rows[n % len(rows)], c0=code(n), c1=f"{texts[n % 5]()}甲{n}") for n in range(1000)]
    path = write(tmp_path / "units.csv", [head, *made])
    from enforce.inputs.tables.reading import read_table

    reading = read_table(path)
    assert reading.report.rows_read == 1000
    assert reading.aside < 10, list(reading.problems)[:5]
