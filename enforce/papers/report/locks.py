"""The lock (运行锁): one run at a time for each report folder."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from enforce.papers.report.folder import neighbour, write_json
from enforce.words.files import OutputError, output_errors


class Busy(OutputError):
    """Another run makes the same report; the text names its process, its computer and its start."""


def refuse_if_busy(target: Path) -> None:
    """Raise Busy at once when another run holds the report; writes nothing."""
    if neighbour(target, "lock").exists():
        with _locked(target):
            pass


@contextmanager
def run_lock(target: Path, started: str) -> Iterator[None]:
    """Lock a report for one run; `started` is the start that another run reads. Busy if another run has the lock."""
    with output_errors(target):
        os.makedirs(target.parent, exist_ok=True)
    with _locked(target):
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "started": started}
        write_json(neighbour(target, "lock.json"), holder)
        try:
            yield
        finally:
            neighbour(target, "lock.json").unlink(missing_ok=True)


@contextmanager
def _locked(target: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(neighbour(target, "lock"))
    with output_errors(neighbour(target, "lock")):
        try:
            lock.acquire(timeout=0)
        except Timeout:  # an OSError as well
            raise Busy(f"报告 {target.name} 正由另一次运行生成（{_holder(target)}）。请等它结束后再试。") from None
    try:
        yield
    finally:
        lock.release()


def _holder(target: Path) -> str:
    try:
        holder = json.loads(neighbour(target, "lock.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "对方的信息还没有写出"
    return f"进程号 {holder['pid']}，电脑 {holder['host']}，开始于 {holder['started']}"
