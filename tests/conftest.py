"""Shared by every test: the project's root, a clean copy of it, and the report a newcomer's command makes there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(sys.prefix)

settings.register_profile("untimed", deadline=None)  # no test asserts a time: a busy machine is no fault
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def clone(tmp_path_factory) -> Path:
    """A copy that holds what a clone would hold: what git tracks or would track, and nothing else."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    copy = tmp_path_factory.mktemp("clone") / "workbook"
    for name in filter(None, listed.stdout.decode("utf-8").split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def make(clone):
    """Run a target of the Makefile in the clone, with the environment that runs these tests instead of a new one."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
        command = ["make", "--no-print-directory", "-o", f"{VENV}/.ready", f"VENV={VENV}", *arguments]
        places = {"PYTHONPATH": str(clone), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            command,
            cwd=clone,
            env={**os.environ, **places, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def report(clone, make) -> Path:
    """The report of the demo plan, made by `make report`."""
    done = make("report")
    assert done.returncode == 0, done.stdout + done.stderr
    return clone / "reports" / "putuo-2024"
