"""Accepting: all notebooks are replaced or none, whenever the command is killed."""

from __future__ import annotations

import os
from contextlib import suppress

import pytest

from enforce.desk.run import accept


@pytest.mark.parametrize("last", range(8))
def test_after_a_stop_at_any_step_and_one_further_command_all_are_new_or_all_are_old(tmp_path, monkeypatch, last):
    paths = [tmp_path / f"{name}.ipynb" for name in "abc"]
    for path in paths:
        path.write_bytes(b"old")
    steps = iter(range(last))

    def step(real):
        def call(*arguments):
            if next(steps, None) is None:
                raise KeyboardInterrupt
            return real(*arguments)

        return call

    monkeypatch.setattr(accept, "write_atomic", step(accept.write_atomic))
    monkeypatch.setattr(accept.os, "replace", step(os.replace))
    with suppress(KeyboardInterrupt):
        accept._replace(dict.fromkeys(paths, b"new"))
    monkeypatch.undo()
    accept.recover_accepted(tmp_path)
    assert {path.read_bytes() for path in paths} in ({b"old"}, {b"new"})
    assert sorted(tmp_path.iterdir()) == paths
