"""The verifier an outsider runs agrees with ours, and says so when a record was touched."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from enforce.inputs.draws import commitment, draw_bytes
from enforce.papers.report.draw_page import draw_page
from tests.draws import record
from tools import verify_draw

VERIFIER = Path(verify_draw.__file__)


def verified(path: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, "-I", VERIFIER, path], capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout


def test_it_agrees_with_ours_on_a_thousand_random_draws():
    chance = random.Random(13)
    for _ in range(1000):
        made = record(chance)
        plain = json.loads(draw_bytes(made))
        assert verify_draw.digest(plain) == commitment(made)
        assert verify_draw.drawn(plain) == [unit.unit_id for unit in made.result if not unit.substitute]


@pytest.mark.parametrize("seed", range(3))
def test_it_reads_a_record_and_a_page_and_names_what_was_touched(seed, tmp_path):
    made = record(random.Random(seed))
    (tmp_path / "a.json").write_bytes(draw_bytes(made))
    assert verified(tmp_path / "a.json")[0] == 0
    (tmp_path / "a.html").write_bytes(draw_page("甲局", json.loads(draw_bytes(made)), {}))
    assert verified(tmp_path / "a.html")[0] == 0
    touched = made.model_copy(update={"result": made.result[1:]})
    (tmp_path / "b.json").write_bytes(draw_bytes(touched))
    status, text = verified(tmp_path / "b.json")
    assert status == 1
    assert "抽中的单位不一致" in text


def test_it_has_forty_lines_and_needs_the_standard_library_alone():
    lines = [line for line in VERIFIER.read_text(encoding="utf-8").splitlines()[1:] if line.strip()]
    assert len(lines) <= 40
    imports = {line.split()[1] for line in lines if line.startswith(("import", "from"))}
    assert imports <= sys.stdlib_module_names
