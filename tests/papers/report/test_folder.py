"""Final files: whole or not at all, at every moment and at every failing call."""

from __future__ import annotations

import builtins
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
from hypothesis import given
from hypothesis import strategies as st

from enforce.papers.report import folder as report_folder
from enforce.papers.report import locks
from enforce.papers.report.folder import OutputError

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


# --- names: P14, R17 ---


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_p14_r17_any_text_becomes_one_legal_name_inside_the_folder(text):
    name = report_folder.safe_name(text, ".xlsx")
    assert len(name) <= 60
    assert name == Path(name).name
    assert not set(name) & set('<>:"/\\|?*{}')
    assert ".." not in name
    assert name.isprintable() or "\u3000" in name or any(c.isspace() for c in name)
    assert not name.startswith((".", " "))
    assert len(name.encode("utf-8")) < 255
    assert name[:-5] == report_folder.safe_name(name[:-5])


@pytest.mark.parametrize(
    "text",
    [
        "../../重点",
        "{月份}",
        "{name.__class__.__mro__}",
        "CON",
        "nul.txt",
        "a\nb",
        "甲\ud800乙",
        "\u202e倒",
        "长" * 90,
        "",
    ],
)
def test_p14_r17_a_name_that_cannot_be_is_changed_and_marked(text):
    name = report_folder.safe_name(text, ".csv")
    assert name != text + ".csv"
    assert name.encode("utf-8")
    assert name.split(".")[0].lower() not in {"con", "nul"}


def test_p14_two_texts_never_share_a_file():
    names = {report_folder.safe_name(text) for text in ("重点/一般", "重点\\一般", "重点_一般", "重点:一般")}
    assert len(names) == 4


def test_r17_composed_and_decomposed_forms_are_one_name():
    assert report_folder.safe_name("e\u0301") == report_folder.safe_name("\u00e9") == "\u00e9"


# --- one file: R9, R10 ---


def test_a_file_is_written_and_nothing_else_is_left(tmp_path):
    assert report_folder.write_atomic(tmp_path / "表.txt", b"new").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["表.txt"]


def test_r9_a_full_disk_leaves_the_old_file_and_says_so(tmp_path, monkeypatch):
    target = report_folder.write_atomic(tmp_path / "表.txt", b"old")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(report_folder.os, "fsync", full)
    with pytest.raises(OutputError, match=r"表\.txt：磁盘已满"):
        report_folder.write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_open_in_excel_is_told_as_such(tmp_path, monkeypatch):
    def held(source, target):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(report_folder.os, "replace", held)
    with pytest.raises(OutputError, match="正在 Excel、WPS 中打开"):
        report_folder.write_atomic(tmp_path / "表.xlsx", b"new")


class FailingCalls:
    """Counts the calls of folder.py to the system; the n-th raises, once or from then on."""

    NAMES = ("open", "close", "fsync", "replace", "rename", "unlink", "makedirs", "walk")

    def __init__(self, monkeypatch, n: int, persistent: bool):
        self.count, self.n, self.persistent = 0, n, persistent
        for name in self.NAMES:
            monkeypatch.setattr(report_folder.os, name, self.wrap(getattr(os, name)))
        monkeypatch.setattr(report_folder, "open", self.opened, raising=False)
        monkeypatch.setattr(report_folder, "_exchange", self.wrap(report_folder._exchange))

    def step(self) -> None:
        self.count += 1
        if self.count == self.n or (self.persistent and self.count > self.n):
            raise OSError(errno.EIO, "planned")

    def wrap(self, call):
        def counted(*arguments, **options):
            self.step()
            return call(*arguments, **options)

        return counted

    def opened(self, *arguments, **options):
        self.step()
        file = builtins.open(*arguments, **options)  # noqa: SIM115
        return CountedFile(file, self) if "w" in arguments[1] else file


class CountedFile:
    """A file whose write and flush are counted; half of a failing write reaches the disk."""

    def __init__(self, file, calls: FailingCalls):
        self.file, self.calls = file, calls

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()

    def write(self, data):
        try:
            self.calls.step()
        except OSError:
            self.file.write(data[: len(data) // 2])
            raise
        return self.file.write(data)

    def flush(self):
        self.calls.step()
        self.file.flush()

    def fileno(self):
        return self.file.fileno()


@pytest.mark.parametrize("persistent", [False, True])
def test_r10_the_nth_failing_call_never_tears_a_file(tmp_path, persistent):
    target, torn, silent, n = tmp_path / "表.txt", [], [], 0
    while n < 200:
        n += 1
        target.write_bytes(b"old" * 1000)
        with pytest.MonkeyPatch.context() as patch:
            calls = FailingCalls(patch, n, persistent)
            try:
                report_folder.write_atomic(target, b"new" * 1000)
                told = False
            except OutputError:
                told = True
        content = target.read_bytes()
        torn += [n] if content not in (b"old" * 1000, b"new" * 1000) else []
        silent += [n] if not told and content != b"new" * 1000 else []
        if calls.count < n:
            break
    assert (torn, silent) == ([], [])
    assert 6 < n < 100


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
                told = False
            except OutputError:
                told = True
        report_folder.recover(target)
        torn += [n] if not is_whole(target) else []
        silent += [n] if not told and words_in(target) != {"新"} else []
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
    carried = report_folder.carry_over(report, staged, {"0.txt": report_folder.digest(report / "0.txt")})
    assert carried == ["1.txt", "2.txt", "附件/表.txt"]
    assert (staged / "0.txt").read_text(encoding="utf-8") == "新"


def test_a_file_changed_by_hand_is_kept_beside_the_new_one(tmp_path):
    report, staged = a_folder(tmp_path / "报告", "改", count=1), a_folder(tmp_path / "新", "新", count=1)
    carried = report_folder.carry_over(report, staged, {"0.txt": "what the run wrote"})
    assert len(carried) == 1
    assert carried[0].startswith("0-手工改动-")
    assert set((staged / carried[0]).read_text(encoding="utf-8")) == {"改"}


# --- receipts: R1 ---


def test_r1_a_receipt_is_read_back_with_the_digests_of_its_files(tmp_path):
    plan = report_folder.write_atomic(tmp_path / "plan.yaml", b"name: x\n")
    report_folder.write_atomic(tmp_path / "表.csv", b"1")
    report_folder.write_receipt(tmp_path, "annual_plan", ["表.csv"], plan)
    content = json.loads((tmp_path / "annual_plan.receipt.json").read_text(encoding="utf-8"))
    assert content["files"] == [{"file": "表.csv", "sha256": report_folder.digest(tmp_path / "表.csv"), "bytes": 1}]
    assert report_folder.read_receipt(tmp_path, "annual_plan", plan) == ["表.csv"]


def test_r1_a_missing_receipt_a_changed_file_and_another_plan_are_refused(tmp_path):
    plan = report_folder.write_atomic(tmp_path / "plan.yaml", b"name: x\n")
    table = report_folder.write_atomic(tmp_path / "表.csv", b"1")
    with pytest.raises(OutputError, match="没有留下回执"):
        report_folder.read_receipt(tmp_path, "annual_plan", plan)
    report_folder.write_receipt(tmp_path, "annual_plan", [table], plan)
    report_folder.write_atomic(table, b"2")
    with pytest.raises(OutputError, match=r"读回不一致或缺失：表\.csv"):
        report_folder.read_receipt(tmp_path, "annual_plan", plan)
    report_folder.write_atomic(table, b"1")
    report_folder.write_atomic(plan, b"name: y\n")
    with pytest.raises(OutputError, match="方案不符"):
        report_folder.read_receipt(tmp_path, "annual_plan", plan)


def test_p14_a_receipt_refuses_a_file_outside_its_folder(tmp_path):
    outside = report_folder.write_atomic(tmp_path / "外.csv", b"1")
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
    assert not report_folder.beside(target, "lock.json").exists()


def test_asking_whether_a_report_is_busy_writes_nothing(tmp_path):
    locks.refuse_if_busy(tmp_path / "reports" / "报告")
    assert list(tmp_path.iterdir()) == []
