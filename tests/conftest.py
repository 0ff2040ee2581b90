"""Shared by every test: the project's root, a clean copy of it, and the report a newcomer's command makes there."""

import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from enforce.desk.year import Year, open_year

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(sys.prefix)
#: What takes seconds: commands run in a copy of the project, and the reports they make.
WHOLE = {"clone", "report"}
HANG = 3600  # seconds: a guard against what never ends, which no load reaches

# No test asserts a time: a busy machine is no fault, and neither are unlucky inputs.
settings.register_profile(
    "thorough", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
for profile, examples in {"whole": 40, "quick": 5}.items():
    settings.register_profile(profile, settings.get_profile("thorough"), max_examples=examples)
settings.load_profile("whole")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Collect with no garbage looked for, never look again at what is there then, which stays to the end, and look for
    more of it seldom: of seven hundred new things, as it is usual, nearly all are still in use."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes whole commands as slow, and put what is slow first, so that the last worker ends soon."""
    for item in items:
        if WHOLE & set(getattr(item, "fixturenames", ())) or item.path.suffix == ".ipynb":
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def _no_disk_awaited() -> Iterator[None]:
    """A call that waits for the disk is made and counted as ever, and fails as ever for what is not open; no test cuts
    the power, so in these processes none waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", os.fstat)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def year(root) -> Year:
    """The demo plan of Putuo 2024, opened once in a process; nothing changes it."""
    return open_year(root / "params/putuo-2024.yaml")


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
def command(clone):
    """The command that makes a target in the clone, with the environment that runs these tests, and its variables."""

    def words(*arguments: str, **environment: str) -> dict:
        ready = ["make", "--no-print-directory", "-o", f"{VENV}/.ready", f"VENV={VENV}", *arguments]
        places = {"PYTHONPATH": str(clone), "PYTHONIOENCODING": "utf-8"}
        return {"args": ready, "cwd": clone, "env": {**os.environ, **places, **environment}}

    return words


@pytest.fixture(scope="session")
def make(command):
    """Run a target of the Makefile in the clone."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
        call = command(*arguments, **environment)
        return subprocess.run(**call, capture_output=True, encoding="utf-8", timeout=HANG, check=False)

    return run


@pytest.fixture(scope="session")
def serving(command):
    """Run a target of the Makefile that serves pages until its first page answers; stop it afterwards."""

    @contextmanager
    def served(target: str, home: Path, **arguments: str):
        port = free_port()
        options = [f"{name}={value.format(port=port)}" for name, value in arguments.items()]
        places = {"JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data")}
        places["JUPYTER_TOKEN"] = "t"
        silent = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
        process = subprocess.Popen(**command(target, *options, **places), **silent, start_new_session=True)
        try:
            wait_for(f"http://127.0.0.1:{port}/static/favicons/favicon.ico?token=t", process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()

    return served


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(address: str, process: subprocess.Popen) -> None:
    while process.poll() is None:
        try:
            return urlopen(address).close()
        except HTTPError:  # it answers, if only that there is no such page
            return None
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"{address} ended before it answered")


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Make a folder once for all workers: the first makes it, the others wait and find it whole."""

    def made(name: str, make: Callable[[Path], object]) -> Path:
        base = tmp_path_factory.getbasetemp()
        place = (base if worker_id == "master" else base.parent) / name
        whole = place.with_name(f"{name}.whole")
        with FileLock(f"{place}.lock"):
            if not whole.exists():
                make(place)
                whole.touch()
        return place

    return made


@pytest.fixture(scope="session")
def report(clone, make, once) -> Path:
    """The report of the demo plan, made by `make report` once for all workers; each has a copy in its clone."""
    place = clone / "reports" / "putuo-2024"

    def run(shared: Path) -> None:
        done = make("report")
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.copytree(place, shared)

    shared = once("report", run)
    if not place.exists():
        shutil.copytree(shared, place)
    return place
