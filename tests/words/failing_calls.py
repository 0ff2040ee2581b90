"""Calls to the system that fail on purpose, for everything that writes a file or a report."""

from __future__ import annotations

import builtins
import errno
import os

import pytest

from enforce.papers.report import folder
from enforce.words import files


class FailingCalls:
    """Counts the calls of files.py and folder.py to the system; the n-th raises, once or from then on."""

    NAMES = ("open", "close", "fsync", "replace", "link", "rename", "unlink", "makedirs", "walk")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, n: int, persistent: bool):
        self.count, self.n, self.persistent = 0, n, persistent
        for name in self.NAMES:
            monkeypatch.setattr(os, name, self.wrap(getattr(os, name)))
        monkeypatch.setattr(files, "open", self.opened, raising=False)
        monkeypatch.setattr(folder, "_exchange", self.wrap(folder._exchange))

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
        return CountedFile(file, self) if "r" not in arguments[1] else file


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
