"""Packs received: each checked by itself, who is missing or late named, and those that agree rolled up as a city is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup

from enforce import __main__ as command
from enforce.desk.district import district_table, plan_figures
from enforce.desk.run.intake import ANNEXES, AUDITED, FILED, receive_folder
from enforce.desk.run.roll_up import BOOK
from enforce.inputs.pack import FIGURES, filed_table, json_bytes, part_of_table, read_pack
from enforce.papers.books.csv_file import csv_bytes
from enforce.papers.report.folder import listing
from enforce.words.files import OutputError
from enforce.words.problems import InputError
from tests.bureaus import bare_project, write_banner
from tests.packs import paper, small_parts, small_tables, write_small

YI = {"plan": "yi-2025", "bureau": "乙区应急管理局"}


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with the packs of two bureaus, one of them in a folder below."""
    (tmp_path / "收/乙").mkdir(parents=True)
    write_small(tmp_path / "收/甲.zip")
    write_small(tmp_path / "收/乙/乙.zip", **YI)
    return tmp_path / "收"


def received(folder: Path, **options: object) -> dict[str, tuple[str, str]]:
    """File or bureau -> what came of it, and why."""
    _, table = receive_folder(folder, "汇总", out=folder.parent / "出", **options)
    return {row.file or row.bureau: (row.filing_state.value, row.message) for row in table.itertuples()}


def sheets(folder: Path) -> dict[str, list[list]]:
    book = openpyxl.load_workbook(folder.parent / "出/汇总" / BOOK)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def test_packs_that_agree_are_rolled_up_as_a_city_is(folder):
    assert received(folder) == {"乙/乙.zip": ("received", ""), "甲.zip": ("received", "")}
    tables = [small_tables(**YI), small_tables()]
    expected = district_table(map(plan_figures, tables))
    written = sheets(folder)
    assert [row[0] for row in written["各份计划"][4:6]] == expected["bureau"].tolist()
    assert [row[6] for row in written["各份计划"][4:6]] == [0.75, 0.75]
    assert [row[:3] for row in written["合并与平均"][4:5]] == [["重点检查占比", 8, 12]]
    assert [row[2] for row in written["几份都有的单位"][4:6]] == ["乙区应急管理局", "甲区应急管理局"]
    page = BeautifulSoup((folder.parent / "出/汇总/index.html").read_text(encoding="utf-8"), "html.parser")
    assert [row.td.string for row in page.select("#plans tbody tr")] == ["yi-2025", "jia-2025"]
    assert page.select("#plans a") == []


def test_the_same_packs_give_the_same_bytes(folder):
    received(folder)
    first = {name: (folder.parent / "出/汇总" / name).read_bytes() for name in listing(folder.parent / "出/汇总")}
    received(folder)
    assert {name: (folder.parent / "出/汇总" / name).read_bytes() for name in first} == first


def test_one_byte_changed_is_named_and_stops_nobody_else(folder):
    raw = (folder / "甲.zip").read_bytes()
    place = raw.index("粉尘涉爆".encode())
    (folder / "甲.zip").write_bytes(raw[:place] + b"\xe6" + raw[place + 1 :])
    came = received(folder)
    assert came["甲.zip"][0] == "refused"
    assert came["乙/乙.zip"] == ("received", "")


def altered(folder: Path, change, *, figures: bool = False) -> str:
    """Change a table of a pack, list its digests anew, perhaps its figures too; return what is said of it."""
    tables = small_tables()
    parts = small_parts(tables)
    change(tables)
    parts |= {part_of_table(name): csv_bytes(name, filed_table(name, rows)) for name, rows in tables.items()}
    if figures:
        again = {name: value for name, value in plan_figures(tables).items() if name != "units"}
        parts[FIGURES] = json_bytes(again)
    write_small(folder / "甲.zip", parts)
    return received(folder)["甲.zip"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda tables: tables["lines"].__setitem__("planned_visits", [9, 2]), "重点检查(家次)"),
        (lambda tables: tables["months"].__setitem__("visits", [1, 3, 2]), "的各月家次是"),
        (lambda tables: tables["capacity"].__setitem__("capacity_days", [11.0, 8.0]), "可安排(人日)"),
        (lambda tables: tables["effort"].__setitem__("days_per_visit", [2.0, 2.0]), "最高负荷"),
        (lambda tables: tables["plan"].__setitem__("faults", 3), "须改正"),
        (lambda tables: tables["plan"].__setitem__("year", 2024), "2024 年"),
        (lambda tables: tables["months"].__setitem__("task_id", ["A1", "A1", "A9"]), "A9"),
    ],
)
def test_a_table_changed_with_its_digest_disagrees_with_the_figures(folder, change, named):
    state, message = altered(folder, change)
    assert state == "refused"
    assert named in message


def test_figures_changed_with_their_digest_disagree_with_the_tables(folder):
    parts = small_parts(small_tables())
    figures = json.loads(parts[FIGURES])
    write_small(folder / "甲.zip", parts | {FIGURES: json_bytes(figures | {"highest_load": 0.5, "more": 1})})
    state, message = received(folder)["甲.zip"]
    assert state == "refused"
    assert "最高负荷是 0.5，由包里的表算出 0.75" in message
    assert "more" in message


def test_tables_and_figures_changed_alike_disagree_with_the_papers(folder):
    def more(tables):
        tables["lines"]["planned_visits"] = [5, 2]
        tables["months"]["visits"] = [3, 2, 2]

    state, message = altered(folder, more, figures=True)
    rows = sheets(folder)[AUDITED][4:]
    assert (state, message) == ("received", f"公文须改正 {len(rows)} 处")
    assert "7家次（另一处印作 7）" in {row[-1] for row in rows if row[4] != ANNEXES}
    cells = {tuple(row[1:3]): tuple(row[-2:]) for row in rows if row[4] == ANNEXES}
    assert cells["附件1.docx", "表 1 第 2 行「3月」"] == ("2", "3")
    assert {file for file, _ in cells} == {"附件1.docx", "附件3.docx"}


def test_changed_everywhere_alike_only_the_digest_that_was_told_shows_it(folder):
    tables = small_tables()
    told = read_pack(folder / "甲.zip").digest
    tables["lines"]["planned_visits"], tables["months"]["visits"] = [5, 2], [3, 2, 2]
    write_small(folder / "甲.zip", small_parts(tables, "全年7家次。"))
    assert received(folder)["甲.zip"] == ("received", "")
    names = write_list(folder, [("甲区应急管理局", "", told), ("乙区应急管理局", "", "")])
    assert received(folder, expected=[names])["甲.zip"] == ("refused", "与另外告知的摘要不符")
    names = write_list(folder, [("甲区应急管理局", "", read_pack(folder / "甲.zip").digest[:12])])
    assert received(folder, expected=[names])["甲.zip"] == ("received", "")


def test_a_pack_zipped_again_is_named_and_counted(folder):
    import zipfile

    with zipfile.ZipFile(folder / "甲.zip") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(folder / "甲.zip", "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    state, message = received(folder)["甲.zip"]
    assert state == "received"
    assert "重新打包" in message


def write_list(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    path = folder.parent / "名单.csv"
    path.write_text("报送单位,截止日期,摘要\n" + "".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_who_is_missing_or_late_or_not_asked_for_is_named(folder):
    day = 1_741_000_000  # 2025-03-03
    os.utime(folder / "甲.zip", (day, day))
    os.utime(folder / "乙/乙.zip", (day, day))
    write_small(folder / "丁.zip", plan="ding-2025", bureau="丁区应急管理局")
    rows = [("甲区应急管理局", "2025-02-28", ""), ("乙区应急管理局", "", ""), ("丙区应急管理局", "", "")]
    came = received(folder, expected=[write_list(folder, rows)], due="2025-03-31")
    assert [(name, state) for name, (state, _) in came.items()] == [
        ("甲.zip", "late"),
        ("乙/乙.zip", "received"),
        ("丙区应急管理局", "missing"),
        ("丁.zip", "outside"),
    ]
    written = sheets(folder)
    assert [row[0] for row in written["各份计划"][4:6]] == ["甲区应急管理局", "乙区应急管理局"]
    assert [row[3] for row in written[FILED][4:8]] == ["迟交", "收到", "没有交", "名单以外，没有计入"]
    assert written[FILED][6][5] == "2025-03-31"


def test_the_day_that_the_superior_noted_counts_before_that_of_the_file(folder):
    path = folder.parent / "名单.xlsx"
    book = openpyxl.Workbook()
    for row in (["编制单位", "截止日期", "收到日期"], ["甲区应急管理局", "2025-02-28", "2025-02-27"]):
        book.active.append(row)
    book.save(path)
    assert received(folder, expected=[path])["甲.zip"] == ("received", "")


def test_the_plans_of_a_city_are_a_list_too(folder, tmp_path):
    banner = write_banner(bare_project(tmp_path / "p")) if (tmp_path / "p").mkdir() is None else None
    came = received(folder, expected=[banner])
    assert came["达拉特旗应急管理局"] == ("missing", "")
    assert came["甲.zip"][0] == "outside"


@pytest.mark.parametrize("text", ["电话,地址\n1,2\n", "编制单位\n甲局\n甲局\n", "编制单位,截止日期\n甲局,二月三十\n"])
def test_a_list_that_cannot_be_read_is_refused_by_name(folder, text):
    path = folder.parent / "名单.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="名单"):
        received(folder, expected=[path])
    with pytest.raises(InputError, match="没有这份"):
        received(folder, expected=[folder.parent / "没有这份.yaml"])


@pytest.mark.slow
def test_two_packs_of_one_plan_or_bureau_and_one_of_another_year_are_named_and_stop_nobody(folder):
    write_small(folder / "甲2.zip")
    write_small(folder / "丙.zip", plan="bing-2024", bureau="丙局", year=2024)
    write_small(folder / "丁.zip", plan="ding-2025", bureau="丁局")
    write_small(folder / "丁2.zip", plan="ding-b-2025", bureau="丁局")
    came = received(folder)
    assert {name for name, (state, _) in came.items() if state == "received"} == {"乙/乙.zip"}
    assert "甲.zip" in came["甲2.zip"][1]
    assert "2024 年" in came["丙.zip"][1]
    assert "丁2.zip" in came["丁.zip"][1]
    came = received(folder, year=2024)
    assert [name for name, (state, _) in came.items() if state == "received"] == ["丙.zip"]


def test_files_that_are_no_packs_stop_nobody(folder):
    (folder / "说明.docx").write_bytes(paper("随包说明"))
    (folder / "坏.zip").write_bytes(b"PK\x03\x04")
    (folder / ".隐藏").write_bytes(b"x")
    write_small(folder / "丙.zip", small_parts(small_tables(**YI)) | {"公文/附件1.docx": b"PK no docx"})
    came = received(folder)
    assert {name for name, (state, _) in came.items() if state == "refused"} == {"说明.docx", "坏.zip", "丙.zip"}
    assert came["甲.zip"] == ("received", "")


def test_an_empty_folder_none_at_all_and_a_wrong_day_are_refused(tmp_path):
    (tmp_path / "空").mkdir()
    with pytest.raises(OutputError, match="没有文件"):
        receive_folder(tmp_path / "空", "汇总", out=tmp_path)
    with pytest.raises(InputError) as error:
        receive_folder(tmp_path / "无", "a/b", due="2025-2-30", out=tmp_path)
    assert [problem.where for problem in error.value.problems] == ["文件夹", "--due", "--name"]


def test_the_command_ends_with_1_where_anything_is_to_be_looked_at(folder, capsys):
    out = ["--out", str(folder.parent / "出")]
    assert command._run(["receive", str(folder), *out]) == 0
    assert "2 份：收到 2 份" in capsys.readouterr().out
    (folder / "坏.zip").write_bytes(b"x")
    assert command._run(["receive", str(folder), *out]) == 1
    assert "坏.zip 退回：" in capsys.readouterr().out
