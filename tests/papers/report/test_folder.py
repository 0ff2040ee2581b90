"""A report folder: whole or not at all, at every moment and at every failing call."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from enforce.papers.report import folder as report_folder
from enforce.papers.report import locks
from enforce.words.files import OutputError, digest, write_atomic
from tests.words.failing_calls import FailingCalls

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


def a_folder(path: Path, word: str, count: int = 3) -> Path:
    (path / "附件").mkdir(parents=True)
    for n in range(count):
        (path / f"{n}.txt").write_text(word * 5000, encoding="utf-8")
    (path / "附件" / "表.txt").write_text(word * 5000, encoding="utf-8")
    return path


def words_in(folder: Path) -> set[str]:
    return {word for name in report_folder.listing(folder) for word in set((folder / name).read_text(encoding="utf-8"))}


def is_whole(folder: Path, count: int = 3) -> bool:
    sizes = {(folder / name).stat().st_size for name in report_folder.listing(folder)}
    return len(words_in(folder)) == 1 and len(report_folder.listing(folder)) == count + 1 and len(sizes) == 1


# --- failing calls: R10 ---


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("exchange", [True, False], ids=["in one call", "by two moves"])
def test_r10_the_nth_failing_call_never_tears_a_report(tmp_path, persistent, exchange, monkeypatch):
    torn, silent, n = [], [], 0
    if not exchange:
        monkeypatch.setattr(report_folder, "_exchange", lambda staged, target: False)
    while n < 200:
        n += 1
        place = tmp_path / str(n)
        target, staged = a_folder(place / "报告", "旧"), a_folder(place / ".报告.new", "新")
        with pytest.MonkeyPatch.context() as patch:
            calls = FailingCalls(patch, n, persistent)
            try:
                report_folder.publish(staged, target)
                refused = False
            except OutputError:
                refused = True
        report_folder.recover(target)
        torn += [n] if not is_whole(target) else []
        silent += [n] if not refused and words_in(target) != {"新"} else []
        if calls.count < n:
            break
    assert (torn, silent) == ([], [])
    assert 20 < n < 200


def test_a_failing_removal_of_the_old_report_does_not_undo_the_new_one(tmp_path, monkeypatch):
    target, staged = a_folder(tmp_path / "报告", "旧"), a_folder(tmp_path / ".报告.new", "新")
    monkeypatch.setattr(report_folder.shutil, "rmtree", lambda path, ignore_errors: None)
    report_folder.publish(staged, target)
    monkeypatch.undo()
    assert words_in(target) == {"新"}
    report_folder.recover(target)
    assert [path.name for path in tmp_path.iterdir()] == ["报告"]


# --- a report folder: R6, R7 ---


@pytest.mark.parametrize("exchange", [True, False], ids=["in one call", "by two moves"])
def test_r7_a_report_is_changed_for_the_new_one_and_the_old_one_goes(tmp_path, exchange, monkeypatch):
    if not exchange:
        monkeypatch.setattr(report_folder, "_exchange", lambda staged, target: False)
    target = tmp_path / "报告"
    report_folder.publish(a_folder(tmp_path / ".报告.new", "旧"), target)
    report_folder.publish(a_folder(tmp_path / ".报告.new", "新"), target)
    assert words_in(target) == {"新"}
    assert [path.name for path in tmp_path.iterdir()] == ["报告"]


def test_r7_a_report_whose_move_is_refused_stays_where_it_was(tmp_path, monkeypatch):
    target, staged = a_folder(tmp_path / "报告", "旧"), a_folder(tmp_path / ".报告.new", "新")
    monkeypatch.setattr(report_folder, "_exchange", lambda staged, target: False)
    rename = os.rename

    def refuse_the_new_one(source, to):
        if Path(source) == staged:
            raise PermissionError(errno.EACCES, "in use")
        rename(source, to)

    monkeypatch.setattr(report_folder.os, "rename", refuse_the_new_one)
    with pytest.raises(OutputError, match="请关闭后再运行"):
        report_folder.publish(staged, target)
    assert words_in(target) == {"旧"}


def test_r6_a_run_stopped_between_two_moves_gets_its_report_back(tmp_path):
    target = tmp_path / "报告"
    a_folder(tmp_path / ".报告.old", "旧")
    a_folder(tmp_path / ".报告.new", "新")
    report_folder.recover(target)
    assert words_in(target) == {"旧"}
    assert [path.name for path in tmp_path.iterdir()] == ["报告"]


def test_an_unfinished_folder_is_cleared_before_the_next_run(tmp_path):
    a_folder(tmp_path / ".报告.new", "废")
    staged = report_folder.stage(tmp_path / "报告")
    assert staged.name == ".报告.new"
    assert list(staged.iterdir()) == []


PUBLISHER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    from enforce.papers.report import folder as report_folder
    if sys.argv[3] == "moves":
        report_folder._exchange = lambda staged, target: False
    target = Path(sys.argv[2])
    print("ready", flush=True)
    for n in range(100000):
        staged = report_folder.stage(target)
        (staged / "附件").mkdir()
        for name in ("0.txt", "1.txt", "2.txt", "附件/表.txt"):
            (staged / name).write_text("新旧"[n % 2] * 5000, encoding="utf-8")
        report_folder.publish(staged, target)
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("moves", [False, True], ids=["in one call", "by two moves"])
def test_r6_twenty_five_kills_leave_no_torn_report(tmp_path, moves):
    command = [sys.executable, "-c", textwrap.dedent(PUBLISHER), ROOT, tmp_path / "报告", "moves" if moves else ""]
    target, torn, chance = a_folder(tmp_path / "报告", "旧"), 0, random.Random(2024)
    for _ in range(25):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.wait()
        process.stdout.close()
        assert process.returncode == -signal.SIGKILL
        report_folder.recover(target)
        torn += not is_whole(target)
    assert torn == 0


# --- what is carried over ---


def test_a_planners_own_note_and_another_month_are_carried_over(tmp_path):
    report, staged = a_folder(tmp_path / "报告", "旧"), tmp_path / "新"
    staged.mkdir()
    (staged / "0.txt").write_text("新", encoding="utf-8")
    (report / "~$0.xlsx").write_text("lock", encoding="utf-8")
    carried = report_folder.carry_over(report, staged, {"0.txt": digest(report / "0.txt")})
    assert carried == ["1.txt", "2.txt", "附件/表.txt"]
    assert (staged / "0.txt").read_text(encoding="utf-8") == "新"


def test_a_file_changed_by_hand_is_kept_beside_the_new_one(tmp_path):
    report, staged = a_folder(tmp_path / "报告", "改", count=1), a_folder(tmp_path / "新", "新", count=1)
    table = (report / "附件" / "表.txt", "附件/表.txt")
    carried = report_folder.carry_over(report, staged, {"0.txt": "what the run wrote", table[1]: digest(table[0])})
    assert len(carried) == 1
    assert carried[0].startswith("0-手工改动-")
    assert set((staged / carried[0]).read_text(encoding="utf-8")) == {"改"}


def test_a_file_of_another_making_under_the_name_of_a_new_one_is_kept_beside_it(tmp_path):
    report, staged = a_folder(tmp_path / "报告", "别", count=1), a_folder(tmp_path / "新", "新", count=1)
    carried = report_folder.carry_over(report, staged, {})
    assert [name.partition("-手工改动-")[0] for name in carried] == ["0", "附件/表"]
    assert {(staged / name).read_text(encoding="utf-8")[0] for name in carried} == {"别"}


# --- receipts: R1 ---


def test_r1_a_receipt_is_read_back_with_the_digests_of_its_files(tmp_path):
    plan = write_atomic(tmp_path / "plan.yaml", b"name: x\n")
    write_atomic(tmp_path / "表.csv", b"1")
    report_folder.write_receipt(tmp_path, "annual_plan", ["表.csv"], plan)
    content = json.loads((tmp_path / "annual_plan.receipt.json").read_text(encoding="utf-8"))
    assert content["files"] == [{"file": "表.csv", "sha256": digest(tmp_path / "表.csv"), "bytes": 1}]
    assert report_folder.read_receipt(tmp_path, "annual_plan", plan) == ["表.csv"]


def test_r1_a_missing_receipt_a_changed_file_and_another_plan_are_refused(tmp_path):
    plan = write_atomic(tmp_path / "plan.yaml", b"name: x\n")
    table = write_atomic(tmp_path / "表.csv", b"1")
    with pytest.raises(OutputError, match="没有留下回执"):
        report_folder.read_receipt(tmp_path, "annual_plan", plan)
    report_folder.write_receipt(tmp_path, "annual_plan", [table], plan)
    write_atomic(table, b"2")
    with pytest.raises(OutputError, match=r"读回不一致或缺失：表\.csv"):
        report_folder.read_receipt(tmp_path, "annual_plan", plan)
    write_atomic(table, b"1")
    write_atomic(plan, b"name: y\n")
    with pytest.raises(OutputError, match="计划文件不符"):
        report_folder.read_receipt(tmp_path, "annual_plan", plan)


def test_p14_a_receipt_refuses_a_file_outside_its_folder(tmp_path):
    outside = write_atomic(tmp_path / "外.csv", b"1")
    (tmp_path / "in").mkdir()
    for file in (outside, "../外.csv", "没有.csv"):
        with pytest.raises(OutputError, match="不在输出文件夹里"):
            report_folder.write_receipt(tmp_path / "in", "annual_plan", [file], outside)


# --- the lock: R11 ---


HOLDER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from enforce.papers.report.locks import run_lock
    with run_lock(Path(sys.argv[1]), "2024-05-06 07:08:09"):
        print("held", flush=True)
        sys.stdin.read()
"""


def test_r11_a_second_run_is_refused_at_once_with_process_computer_and_start(tmp_path):
    target = tmp_path / "reports" / "报告"
    code = textwrap.dedent(HOLDER.format(root=str(ROOT)))
    process = subprocess.Popen([sys.executable, "-c", code, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        process.stdout.readline()
        for attempt in (lambda: locks.refuse_if_busy(target), locks.run_lock(target, "later").__enter__):
            with pytest.raises(locks.Busy, match=f"进程号 {process.pid}，电脑 .+，开始于 2024-05-06 07:08:09"):
                attempt()
    finally:
        process.kill()
        process.communicate()
    with locks.run_lock(target, "after a kill"):
        pass
    assert not report_folder.neighbour(target, "lock.json").exists()


def test_asking_whether_a_report_is_busy_writes_nothing(tmp_path):
    locks.refuse_if_busy(tmp_path / "reports" / "报告")
    assert list(tmp_path.iterdir()) == []
