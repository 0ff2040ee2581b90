"""Recording: a file is checked whole, then its visits enter the ledger once, and the year counts from there."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from enforce import __main__ as command
from enforce.desk.commands import record as recording
from enforce.desk.commands.record import (
    export_ledger,
    head_line,
    read_visits,
    record,
    verify_ledger,
    withdraw_records,
)
from enforce.desk.summary import summary
from enforce.desk.year import open_year
from enforce.inputs.ledger.ledger import check_ledger, read_ledger
from enforce.inputs.tables.of_plan import read_tables
from enforce.words.files import OutputError
from enforce.words.files import digest as file_digest
from enforce.words.problems import InputError
from tests.papers.report.test_folder import FailingCalls
from tests.work import trials

pytestmark = pytest.mark.slow

BUREAU = """检查记录汇总表,,,,,,,,,,,,,
序号,检查编号,统一社会信用代码,企业名称,检查日期,检查类型,任务,检查人员,隐患数,重大隐患数,整改数,检查结果,处罚,罚款(元),检查码
1,N-1,91310107TEXT001131,甲公司,2024年3月5日,计划检查,清剿特种作业操作证假证专项,PT-06、PT-07,2,0,1,限期整改,罚款,8000,C1
2,N-2,91310107TEXT0494XY,乙公司,2024.3.6,投诉举报,,PT-05;PT-08,1,0,0,,,,C2
,合计,,,,,,,3,0,1,,,8000,
"""


@pytest.fixture
def plan(root: Path, tmp_path: Path) -> Path:
    """The demo plan with its files, free to be changed."""
    for folder in ("params", "data/calendar", "data/putuo-2024"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("ledger.sqlite*"))
    return tmp_path / "params/putuo-2024.yaml"


@pytest.fixture
def demo(plan) -> Path:
    return plan.parents[1] / "data/putuo-2024/records.csv"


@pytest.fixture
def ledger(demo) -> Path:
    return demo.with_name("ledger.sqlite")


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


def part_of(demo: Path, target: Path, *changes: tuple[str, str], rows: slice = slice(None)) -> Path:
    """Some rows of the demo's records, some of their text replaced."""
    header, *lines = demo.read_text(encoding="utf-8-sig").splitlines()
    text = "\n".join([header, *lines[rows]]) + "\n"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return write(target, text)


def head_of(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith("链头 ")).split()[1]


# --- recording ------------------------------------------------------------------------------------------------------


def test_the_visits_of_a_file_are_recorded_once(plan, demo, ledger):
    first = record(plan, demo)
    assert first[0] == "新增 276 条，已有 0 条，更正 0 条。"
    before = ledger.read_bytes()
    again = record(plan, demo)
    assert again[:2] == ["新增 0 条，已有 276 条，更正 0 条。", "没有新的内容，台账没有变动。"]
    assert head_of(again) == head_of(first)
    assert re.fullmatch("[0-9a-f]{64}", head_of(first))
    assert ledger.read_bytes() == before


def test_an_overlapping_export_adds_what_is_new_and_says_what_was_there(plan, demo, tmp_path):
    record(plan, part_of(demo, tmp_path / "一.csv", rows=slice(0, 100)))
    assert record(plan, part_of(demo, tmp_path / "二.csv", rows=slice(80, 130)))[0] == (
        "新增 30 条，已有 20 条，更正 0 条。"
    )


def test_a_correction_is_told_field_by_field_and_an_old_export_does_not_undo_it(plan, demo, tmp_path):
    record(plan, demo)
    lines = record(
        plan, part_of(demo, tmp_path / "改.csv", (",8000,", ",9000,"), ("PT-05;PT-08", "PT-05"), rows=slice(3))
    )
    assert lines[0] == "新增 0 条，已有 2 条，更正 1 条。"
    assert lines[2:5] == [
        "更正（原记录仍留在台账里）：",
        "  DEMO-2024-0001「检查人员」：PT-05、PT-08 → PT-05",
        "  DEMO-2024-0001「罚款(元)」：8000 → 9000",
    ]
    old = record(plan, demo)
    assert old[0] == "新增 0 条，已有 275 条，更正 0 条。"
    assert "1 条已经撤回，或是更正以前的旧内容，没有采用：DEMO-2024-0001。" in old[-1]
    assert record(plan, demo, restore=True)[0] == "新增 0 条，已有 275 条，更正 1 条。"


def test_every_problem_of_a_file_is_told_and_nothing_is_written(plan, demo, ledger, tmp_path):
    changes = [(",P01,", ",P99,"), ("2024-01-03", "2023-01-03"), ("PT-03;PT-04", "张三")]
    bad = part_of(demo, tmp_path / "坏.csv", *changes, rows=slice(10))
    with pytest.raises(InputError) as caught:
        record(plan, bad)
    told = str(caught.value)
    assert {"P99", "2023-01-03"} <= set(re.findall(r"P99|2023-01-03", told))
    assert "检查人员" in told
    assert "张三" not in told
    assert not ledger.exists()
    record(plan, part_of(demo, tmp_path / "好.csv", rows=slice(4)))
    before = ledger.read_bytes()
    with pytest.raises(InputError):
        record(plan, bad)
    assert ledger.read_bytes() == before


def test_a_date_after_today_is_refused(plan, demo, monkeypatch):
    monkeypatch.setattr(recording, "now", lambda: "2024-06-30T09:00:00+08:00")
    with pytest.raises(InputError, match="不晚于 2024-06-30 的日期"):
        record(plan, demo)


def test_a_file_without_records_makes_no_ledger(plan, demo, ledger, tmp_path):
    assert record(plan, part_of(demo, tmp_path / "空.csv", rows=slice(0))) == ["文件里没有记录，台账还没有建立。"]
    assert not ledger.exists()


def test_a_file_that_is_not_there_is_refused(plan, tmp_path, ledger):
    with pytest.raises(InputError):
        record(plan, tmp_path / "没有.csv")
    assert not ledger.exists()


def test_a_file_changed_while_it_is_read_is_refused(plan, demo, ledger, monkeypatch):
    read = read_visits

    def slowly(*arguments):
        found = read(*arguments)
        demo.write_text(demo.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        return found

    monkeypatch.setattr(recording, "read_visits", slowly)
    with pytest.raises(InputError, match="读的时候被改动"):
        record(plan, demo)
    assert not ledger.exists()


def test_a_ledger_that_was_tampered_with_takes_no_more(plan, demo, ledger, tmp_path):
    record(plan, part_of(demo, tmp_path / "一.csv", rows=slice(9)))
    with closing(sqlite3.connect(ledger)) as db:
        trigger = db.execute("SELECT sql FROM sqlite_master WHERE name = 'no_update'").fetchone()[0]
        db.execute("DROP TRIGGER no_update")
        db.execute("UPDATE entries SET fine_yuan = 1 WHERE seq = 2")
        db.execute(trigger)
        db.commit()
    before = ledger.read_bytes()
    for call in (lambda: record(plan, demo), lambda: verify_ledger(plan), lambda: open_year(plan)):
        with pytest.raises(InputError, match="第 2 笔 = 内容与链不符"):
            call()
    assert ledger.read_bytes() == before


# --- the exports of a bureau ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_an_export_in_the_bureaus_own_form_is_recorded_and_what_was_filled_in_is_told(plan, ledger, tmp_path, encoding):
    lines = record(plan, write(tmp_path / "导出.csv", BUREAU, encoding))
    assert lines[0] == "新增 2 条，已有 0 条，更正 0 条。"
    told = "\n".join(lines)
    assert "「记录完整」没有填写的 2 条，按 否 登记" in told
    assert "「处罚来源」没有填写的 1 条，按检查的起因登记" in told
    assert "「是否辖区内」没有填写的 2 条，按企业台账登记" in told
    assert "没有登记的列：序号、企业名称、检查类型、检查结果。" in told
    assert "合计行" in told
    one, two = read_ledger(ledger).records.to_dict("records")
    assert (one["task_id"], one["trigger"], one["penalty_basis"], one["fine_yuan"]) == ("P05", "", "inspection", 8000)
    assert (two["task_id"], two["trigger"], two["penalty_basis"], two["fine_yuan"]) == ("", "complaint", "", 0)
    assert record(plan, tmp_path / "导出.csv")[0] == "新增 0 条，已有 2 条，更正 0 条。"


def test_what_an_export_does_not_say_stays_as_the_ledger_has_it(plan, demo, ledger, tmp_path):
    record(plan, demo)
    table = read_tables_of(plan).records.iloc[[0]]
    row = table.iloc[0]
    text = (
        BUREAU.splitlines()[1]
        + f"\n1,{row.record_id},{row.unit_id},,{row.date},,{row.task_id},{'、'.join(row.officers)},{row.hazards_found},"
        + f"{row.major_hazards},{row.hazards_fixed},,{row.penalty},{row.fine_yuan},{row.inspection_code}\n"
    )
    lines = record(plan, write(tmp_path / "导出.csv", text))
    assert lines[0] == "新增 0 条，已有 1 条，更正 0 条。"
    assert "没有填写" not in "\n".join(lines)
    text = text.replace(f",{row.penalty},{row.fine_yuan},", ",,0,")
    lines = record(plan, write(tmp_path / "导出.csv", text))
    assert [line.split("「")[1][:4] for line in lines if " → " in line] == ["处罚」：", "处罚来源", "罚款(元"]
    assert read_ledger(ledger).records.iloc[0]["penalty_basis"] == ""


def read_tables_of(plan: Path):
    return read_tables(recording.read_plan(plan))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("重大隐患数", "备注", "有「重大隐患数」列"),
        ("PT-06、PT-07,2,0,1", "PT-06、PT-07,2,,1", "检查编号 N-1「重大隐患数」"),
        ("PT-05;PT-08", "", "检查编号 N-2「检查人员」"),
        ("投诉举报,", "其他,", "检查编号 N-2「触发原因」"),
        ("PT-06、PT-07", "张三", "检查人员"),
    ],
)
def test_what_nothing_settles_is_refused(plan, ledger, tmp_path, old, new, told):
    text = BUREAU.replace(",合计,,,,,,,3,0,1,,,8000,\n", "").replace(old, new, 1)
    with pytest.raises(InputError) as caught:
        record(plan, write(tmp_path / "导出.csv", text))
    assert told in str(caught.value)
    assert "张三" not in str(caught.value)
    assert not ledger.exists()


def test_a_penalty_after_an_accident_is_of_the_accident(plan, ledger, tmp_path):
    text = BUREAU.replace("投诉举报,,PT-05;PT-08,1,0,0,,,", "事故调查,,PT-05;PT-08,1,0,0,,罚款,5")
    record(plan, write(tmp_path / "导出.csv", text.replace("8000,\n", "8005,\n")))
    assert read_ledger(ledger).records["penalty_basis"].tolist() == ["inspection", "accident"]


def test_before_the_first_record_every_command_on_the_ledger_says_to_record_first(plan, tmp_path):
    calls = (
        lambda: verify_ledger(plan),
        lambda: export_ledger(plan, tmp_path / "台账.xlsx"),
        lambda: withdraw_records(plan, ["R1"], "重复"),
    )
    for call in calls:
        with pytest.raises(
            InputError,
            match=r"putuo-2024/ledger.sqlite\n.*还没有建立：应为 先登记一次：enforce record 记录文件 --plan ",
        ):
            call()
    assert not (tmp_path / "台账.xlsx").exists()


# --- withdrawing and verifying --------------------------------------------------------------------------------------


def test_records_are_withdrawn_and_the_ledger_is_told_whole(plan, demo):
    published = head_of(record(plan, demo))
    assert withdraw_records(plan, ["DEMO-2024-0005", "DEMO-2024-0007"], "重复登记")[0].startswith("撤回 2 条")
    lines = verify_ledger(plan, published)
    assert lines[:2] == [
        "台账完好：274 条记录有效，共 280 笔（写入 2 次，更正 0 条，撤回 2 条）。",
        "公布的链头在链上，其后又写入 3 笔。",
    ]
    assert len(verify_ledger(plan)) == 2
    with pytest.raises(InputError, match="不在链上"):
        verify_ledger(plan, "f" * 64)


# --- export ---------------------------------------------------------------------------------------------------------


def test_an_export_recorded_again_changes_nothing(plan, demo, ledger, tmp_path):
    record(plan, demo)
    record(plan, write(tmp_path / "导出.csv", BUREAU))
    withdraw_records(plan, ["DEMO-2024-0005"], "重复登记")
    before = ledger.read_bytes()
    lines = export_ledger(plan, tmp_path / "台账.xlsx")
    assert lines == ["已导出 277 条记录：台账.xlsx", head_line(check_ledger(ledger).head)]
    assert record(plan, tmp_path / "台账.xlsx")[:2] == [
        "新增 0 条，已有 277 条，更正 0 条。",
        "没有新的内容，台账没有变动。",
    ]
    assert ledger.read_bytes() == before


def test_an_export_recorded_into_an_empty_place_gives_the_same_records(plan, demo, ledger, tmp_path):
    record(plan, demo)
    sound = read_ledger(ledger).records
    export_ledger(plan, tmp_path / "台账.xlsx")
    ledger.unlink()
    record(plan, tmp_path / "台账.xlsx")
    pd.testing.assert_frame_equal(read_ledger(ledger).records, sound)


TRAPS = ["=1+1", "+86", "-5", "@甲", "0012", "1e5", "12", "2024-01-01", "小计", "'罚款", "A&B<br>", "是", "_x0041_"]
WORDS = st.sampled_from(TRAPS) | st.text("罚款警告甲乙丙丁0123456789ABab=+-@（）()、，。<>&'", min_size=1, max_size=12)


@trials(8, HealthCheck.function_scoped_fixture)
@given(st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=1, max_size=6), st.data())
def test_whatever_was_recorded_an_export_adds_nothing(plan, demo, ledger, texts, data):
    ledger.unlink(missing_ok=True)
    table = read_tables_of(plan).records.iloc[: len(texts)].copy()
    for name, values in zip(("inspection_code", "penalty", "source"), zip(*texts, strict=True), strict=True):
        table[name] = list(values)
    table["penalty_basis"] = "accident"
    table["officers"] = table["officers"].map(";".join)
    table = table.astype({"full_record": object, "in_district": object})
    table = table.assign(
        **{name: table[name].map({True: "是", False: "否"}) for name in ("full_record", "in_district")}
    )
    source = demo.with_name("试.csv")
    table.to_csv(source, index=False, encoding="utf-8-sig")
    try:
        record(plan, source)
    except InputError:  # a text the reader does not take
        assert not ledger.exists()
        return
    sound = ledger.read_bytes()
    export_ledger(plan, source.with_suffix(".xlsx"))
    lines = record(plan, source.with_suffix(".xlsx"))
    assert lines[0] == f"新增 0 条，已有 {len(texts)} 条，更正 0 条。"
    assert ledger.read_bytes() == sound


def test_the_export_is_a_workbook_with_the_head_and_no_name_of_an_officer(plan, demo, ledger, tmp_path):
    record(plan, demo)
    export_ledger(plan, tmp_path / "台账.xlsx")
    book = openpyxl.load_workbook(tmp_path / "台账.xlsx")
    assert book.sheetnames == ["检查记录", "说明"]
    notes = " ".join(str(cell) for row in book["说明"].iter_rows(values_only=True) for cell in row)
    assert check_ledger(ledger).head in notes
    officers = {row[5] for row in book["检查记录"].iter_rows(min_row=5, values_only=True) if row[5]}
    assert all(re.fullmatch(r"检查人员|PT-\d\d(;PT-\d\d)*", text) for text in officers)


def test_an_export_that_is_no_workbook_is_refused(plan, demo, tmp_path):
    record(plan, demo)
    with pytest.raises(InputError, match=r"以 .xlsx 结尾"):
        export_ledger(plan, tmp_path / "台账.csv")
    with pytest.raises(OutputError):
        export_ledger(plan, tmp_path / "没有" / "台账.xlsx")


@pytest.mark.parametrize("persistent", [False, True])
def test_r10_the_nth_failing_call_never_tears_an_export_nor_touches_the_ledger(
    plan, demo, ledger, tmp_path, persistent
):
    record(plan, part_of(demo, tmp_path / "一.csv", rows=slice(5)))
    sound, target, n = ledger.read_bytes(), tmp_path / "台账.xlsx", 0
    export_ledger(plan, target)
    new = target.read_bytes()
    while True:
        n += 1
        target.write_bytes(b"old")
        with pytest.MonkeyPatch.context() as patch:
            calls = FailingCalls(patch, n, persistent)
            try:
                export_ledger(plan, target)
                told = False
            except (OutputError, InputError, OSError):
                told = True
        assert target.read_bytes() in (b"old", new)
        assert told or target.read_bytes() == new
        assert ledger.read_bytes() == sound
        if calls.count < n:
            break
    assert n > 5


def test_r10_the_nth_failing_call_of_the_ledger_itself_records_all_or_nothing(plan, demo, ledger, tmp_path):
    failed, few = 0, part_of(demo, tmp_path / "一.csv", rows=slice(9))
    for n in range(1, 6):
        ledger.unlink(missing_ok=True)
        count = iter(range(1, 1000))

        def failing(call, n=n, count=count):
            def counted(*arguments, **options):
                if next(count) == n:
                    raise OSError(errno.EIO, "planned")
                return call(*arguments, **options)

            return counted

        with pytest.MonkeyPatch.context() as patch:
            for name in ("link", "fsync", "mkdir"):
                patch.setattr(os, name, failing(getattr(os, name)))
            try:
                record(plan, few)
                told = False
            except (InputError, OSError):
                told, failed = True, failed + 1
        assert told or check_ledger(ledger).records == 9
        if ledger.exists():
            assert check_ledger(ledger).records == 9
    assert failed


# --- the year -------------------------------------------------------------------------------------------------------


def test_with_a_ledger_the_year_counts_from_it_and_not_from_the_file(plan, demo, ledger):
    plain = open_year(plan)
    assert (plain.ledger_head, ledger in plain.inputs, demo in plain.inputs) == ("", False, True)
    head = head_of(record(plan, demo))
    demo.unlink()
    year = open_year(plan)
    assert year.ledger_head == head
    assert ledger in year.inputs
    assert demo not in year.inputs
    pd.testing.assert_frame_equal(year.tables.records, plain.tables.records)
    pd.testing.assert_frame_equal(summary(year).by_task, summary(plain).by_task)
    withdraw_records(plan, ["DEMO-2024-0005"], "重复登记")
    assert len(open_year(plan).tables.records) == 275
    assert year.ledger_head != open_year(plan).ledger_head


def test_opening_a_year_does_not_touch_the_ledger(plan, demo, ledger):
    record(plan, demo)
    before = (ledger.read_bytes(), ledger.stat().st_mtime_ns)
    open_year(plan)
    verify_ledger(plan)
    assert (ledger.read_bytes(), ledger.stat().st_mtime_ns) == before
    assert not list(ledger.parent.glob("*ledger.sqlite?*"))


def test_a_line_taken_out_of_the_plan_since_is_told_by_record(plan, demo):
    record(plan, demo)
    tasks = demo.with_name("tasks.csv")
    tasks.write_text(re.sub(r"(?m)^P09,.*\n", "", tasks.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_year(plan)
    assert re.search(r"检查编号 DEMO-2024-\d{4}「事项编号」 = P09", str(caught.value))


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 20])
def test_a_broken_ledger_stops_the_year_instead_of_being_passed_over(plan, ledger, content):
    ledger.write_bytes(content)
    with pytest.raises(InputError, match="不是检查台账"):
        open_year(plan)
    assert ledger.read_bytes() == content


# --- the commands ---------------------------------------------------------------------------------------------------


def call(*arguments: object) -> int:
    return command._run([str(argument) for argument in arguments])


def test_the_commands_record_withdraw_verify_and_export(plan, demo, tmp_path, capsys):
    assert call("record", demo, "--plan", plan) == 0
    assert "新增 276 条" in capsys.readouterr().out
    assert call("withdraw", "DEMO-2024-0001", "--plan", plan, "--reason", "重复登记") == 0
    assert call("record", demo, "--plan", plan, "--restore") == 0
    assert "「是否撤回」：是 → 否" in capsys.readouterr().out
    assert call("verify-ledger", "--plan", plan) == 0
    assert call("verify-ledger", "--plan", plan, "--head", "f" * 64) == 1
    assert "不在链上" in capsys.readouterr().err
    assert call("export-ledger", "--plan", plan, "--out", tmp_path / "台账.xlsx") == 0
    assert call("record", tmp_path / "台账.xlsx", "--plan", plan, "--sheet", "检查记录") == 0
    assert "台账没有变动" in capsys.readouterr().out
    assert call("record", tmp_path / "台账.xlsx", "--plan", plan, "--sheet", "没有") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["record", "x.csv"], "缺少 --plan 计划文件"),
        (["record", "--plan", "x.yaml"], "缺少 记录文件"),
        (["withdraw", "--plan", "x.yaml"], "缺少"),
        (["withdraw", "R1", "--plan", "x.yaml"], "缺少 --reason 原因"),
        (["export-ledger", "--plan", "x.yaml"], "缺少 --out 文件.xlsx"),
    ],
)
def test_what_is_missing_on_the_command_line_is_told(arguments, told, capsys):
    assert call(*arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("name", ["record", "withdraw", "verify-ledger", "export-ledger"])
def test_help_of_the_ledgers_commands_is_chinese(name, capsys):
    call(name, "--help")
    text = capsys.readouterr().out
    assert "用法：" in text
    known = {
        "python",
        "enforce",
        "plan",
        "yaml",
        "help",
        "sheet",
        "restore",
        "reason",
        "head",
        "out",
        "xlsx",
        "month",
        name,
    }
    assert set(re.findall(r"[A-Za-z][A-Za-z-]+", text)) <= known


def test_the_time_of_recording_is_that_of_china_and_stands_in_the_ledger_alone(plan, demo, ledger, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    record(plan, demo)
    with closing(sqlite3.connect(ledger)) as db:
        ((at, digest),) = db.execute("SELECT at, file_sha256 FROM entries WHERE kind = 'import'").fetchall()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", at)
    assert digest == file_digest(demo)
    assert read_ledger(ledger).entries == 277
