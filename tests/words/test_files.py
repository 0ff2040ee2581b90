"""One file: whole or not at all at every failing call, never over another that must stay, and a legal name."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforce.words.files import (
    NameTaken,
    OutputError,
    draft_prefix,
    file_bytes,
    output_errors,
    read_json,
    safe_name,
    unreadable,
    write_atomic,
)
from tests.words.failing_calls import FailingCalls

# --- names: P14, R17 ---


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_p14_r17_any_text_becomes_one_legal_name_inside_the_folder(text):
    name = safe_name(text, ".xlsx")
    assert len(name) <= 60
    assert name == Path(name).name
    assert not set(name) & set('<>:"/\\|?*{}')
    assert ".." not in name
    assert name.isprintable() or "\u3000" in name or any(c.isspace() for c in name)
    assert not name.startswith((".", " "))
    assert len(name.encode("utf-8")) < 255
    assert name[:-5] == safe_name(name[:-5])


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
    name = safe_name(text, ".csv")
    assert name != text + ".csv"
    assert name.encode("utf-8")
    assert name.split(".")[0].lower() not in {"con", "nul"}


def test_p14_two_texts_never_share_a_file():
    names = {safe_name(text) for text in ("重点/一般", "重点\\一般", "重点_一般", "重点:一般")}
    assert len(names) == 4


def test_r17_composed_and_decomposed_forms_are_one_name():
    assert safe_name("e\u0301") == safe_name("\u00e9") == "\u00e9"


# --- one file: R9, R10 ---


def test_a_file_is_written_and_nothing_else_is_left(tmp_path):
    assert write_atomic(tmp_path / "表.txt", b"new").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["表.txt"]


def test_r9_a_full_disk_leaves_the_old_file_and_says_so(tmp_path, monkeypatch):
    target = write_atomic(tmp_path / "表.txt", b"old")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"表\.txt：磁盘已满"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_open_in_excel_is_told_as_such(tmp_path, monkeypatch):
    def in_use(source, target):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(os, "replace", in_use)
    with pytest.raises(OutputError, match="正在 Excel、WPS 中打开"):
        write_atomic(tmp_path / "表.xlsx", b"new")


def test_a_failure_is_told_by_its_reason_and_code(tmp_path):
    (tmp_path / "甲").write_bytes(b"")
    with pytest.raises(NameTaken, match="写不出 甲：已有同名的文件（系统代码 17）"), output_errors(tmp_path / "甲"):
        os.mkdir(tmp_path / "甲")
    with pytest.raises(OutputError, match="写不出 乙：读写出错（系统代码 5）"), output_errors(tmp_path / "乙"):
        raise OSError(errno.EIO, "planned")


def failures(path: Path, persistent: bool, **how: bool):
    """Yield n, whether the failure was reported, and what stands there, for the n-th failing call, until none fails."""
    for n in range(1, 100):
        with pytest.MonkeyPatch.context() as patch:
            calls = FailingCalls(patch, n, persistent)
            try:
                write_atomic(path, b"new" * 1000, **how)
                refused = False
            except OutputError:
                refused = True
        yield n, refused, path.read_bytes() if path.exists() else None
        if calls.count < n:
            return
    raise AssertionError("no end")


@pytest.mark.parametrize("persistent", [False, True], ids=["once", "from then on"])
def test_r10_the_nth_failing_call_never_tears_a_file(tmp_path, persistent):
    target, last = tmp_path / "表.txt", 0
    target.write_bytes(b"old" * 1000)
    for last, refused, content in failures(target, persistent):
        assert content in (b"old" * 1000, b"new" * 1000), last
        assert refused or content == b"new" * 1000, last
        target.write_bytes(b"old" * 1000)
    assert last > 6


# --- one new file ---


def no_links(source, target):
    raise OSError(errno.EPERM, "no hard links on this disk")


@pytest.mark.parametrize(
    ("persistent", "links"),
    [(False, True), (True, True), (False, False)],
    ids=["once", "from then on", "once on a disk without hard links"],
)
def test_the_nth_failing_call_leaves_no_part_of_a_new_file(tmp_path, persistent, links, monkeypatch):
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    target, last = tmp_path / "表.txt", 0
    for last, refused, content in failures(target, persistent, new=True):
        assert content in (None, b"new" * 1000), last
        assert refused or content == b"new" * 1000, last
        target.unlink(missing_ok=True)
    assert last > 6


@pytest.mark.parametrize("links", [True, False], ids=["by a link", "on a disk without hard links"])
def test_a_new_file_never_replaces_another(tmp_path, links, monkeypatch):
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    write_atomic(tmp_path / "表.txt", b"first", new=True)
    with pytest.raises(NameTaken):
        write_atomic(tmp_path / "表.txt", b"second", new=True)
    assert [path.read_bytes() for path in tmp_path.glob("[!.]*")] == [b"first"]


def test_a_new_file_has_no_name_before_it_is_whole_on_a_disk_without_hard_links(tmp_path, monkeypatch):
    def stopped(source, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "表.txt", b"whole", new=True)
    assert not (tmp_path / "表.txt").exists()


def test_what_a_killed_process_left_is_cleaned_by_the_next_write_and_what_a_living_one_writes_is_not(tmp_path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    prefix = draft_prefix().rpartition(str(os.getpid()))[0]
    (tmp_path / f"{prefix}{int(gone.stdout)}-1.tmp").write_bytes(b"half")
    (tmp_path / f"{prefix}{int(gone.stdout)}-abc").mkdir()
    (tmp_path / f"{prefix}{os.getpid()}-other.tmp").write_bytes(b"being written")
    write_atomic(tmp_path / "表.txt", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{prefix}{os.getpid()}-other.tmp", "表.txt"]


# --- what is no file ---


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among its files")
def test_a_pipe_is_told_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(OSError, match="Illegal seek") as refused:
        file_bytes(tmp_path / "a.csv")
    assert unreadable(refused.value) == "打不开，是管道或设备"
    assert read_json(tmp_path / "a.csv") is None


def test_a_folder_is_told_as_one(tmp_path):
    with pytest.raises(IsADirectoryError) as refused:
        file_bytes(tmp_path)
    assert unreadable(refused.value) == "打不开，是文件夹"


@pytest.mark.parametrize("content", [b'{"a": "\\ud800"}', b'["\\udfff"]', b"[" * 100_000, b"\xff", b"{"])
def test_what_is_no_json_or_holds_half_a_character_is_nothing(content, tmp_path):
    (tmp_path / "a.json").write_bytes(content)
    assert read_json(tmp_path / "a.json") is None


def test_a_name_the_system_cannot_take_is_told_with_the_way_out(tmp_path):
    with pytest.raises(OutputError, match="PYTHONUTF8=1"), output_errors(tmp_path / "表.txt"):
        "表".encode("ascii")
