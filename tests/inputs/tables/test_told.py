"""What planners are told stays as it was read and found right: a changed word is seen in the difference."""

from __future__ import annotations

import pytest

from tests.inputs.tables.told import CASES, TOLD, text_of


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_is_word_for_word_what_was_read_and_found_right(case, tmp_path):
    assert text_of(case, tmp_path).splitlines() == (TOLD / f"{case}.txt").read_text(encoding="utf-8").splitlines()
