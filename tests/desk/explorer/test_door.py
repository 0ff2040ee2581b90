"""The door of the explorer: a token, a name of this computer, and no kernel left where nobody looks any more."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.conftest import free_port

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
#: A server that looks every second for kernels whose page is gone, from when a file asks for that: before, the first
#: page of a busy machine would be such a one.
SERVE = """
from pathlib import Path
from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
from enforce.desk.explorer import door
cull = MappingKernelManager.cull_kernels
async def cull_when_asked(kernels):
    if Path("look").exists():
        await cull(kernels)
MappingKernelManager.cull_kernels = cull_when_asked
door.IDLE = door.LOOK = 1
door.serve(port={port}, browser={browser})
"""


def started(home: Path, port: int, environment: dict[str, str], browser: bool) -> tuple[subprocess.Popen, str]:
    """A server, and the address it says."""
    code = SERVE.format(port=port, browser=browser)
    process = subprocess.Popen([sys.executable, "-c", code], cwd=home, env=environment, stdout=subprocess.PIPE)
    return process, process.stdout.readline().decode("utf-8").strip().partition("：")[2]


@pytest.fixture(scope="module")
def door(root, tmp_path_factory):
    """A server with its own token; its process, its address, and what its browser was handed."""
    home, port = tmp_path_factory.mktemp("door"), free_port()
    browser = home / "browser"
    browser.write_text(f'#!/bin/sh\ncat "${{1#file://}}" > {home}/handed\necho "$1" > {home}/line\n', encoding="utf-8")
    browser.chmod(0o700)
    places = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    environment = {**os.environ, **places, "PYTHONPATH": str(root), "BROWSER": f"{browser} %s"}
    environment.pop("JUPYTER_TOKEN", None)
    process, address = started(home, port, environment, browser=True)
    try:
        assert address.startswith(f"http://127.0.0.1:{port}/?token=")
        yield process, address, home
    finally:
        process.terminate()
        process.wait()


def answer(address: str, **headers: str) -> tuple[int, str]:
    try:
        with urlopen(Request(address, headers=headers)) as page:
            return page.status, page.geturl()
    except HTTPError as error:
        return error.code, error.url


def kernels(process: subprocess.Popen) -> int:
    children = (Path(f"/proc/{process.pid}/task") / str(process.pid) / "children").read_text(encoding="ascii")
    return len(children.split())


def test_the_browser_is_handed_the_token_in_a_file_and_not_on_its_command_line(door):
    _, address, home = door
    while not (home / "line").exists():
        time.sleep(0.05)
    assert f"url={address}" in (home / "handed").read_text(encoding="utf-8")
    assert "token" not in (home / "line").read_text(encoding="utf-8")


def test_nothing_is_shown_and_nothing_runs_without_the_token_or_under_a_foreign_name(door):
    process, address, _ = door
    bare = address.partition("?")[0]
    assert "/login" in answer(bare)[1]
    assert "/login" in answer(f"{bare}?token=x")[1]
    for page in (address, f"{bare}login"):
        assert answer(page, Host="rebound.example")[0] == 403
        assert answer(page, Host="rebound.example:80")[0] == 403
    kernel = "api/kernels/00000000-0000-0000-0000-000000000000"
    assert answer(f"{bare}{kernel}")[0] == 403
    assert answer(f"{bare}voila/files/scenario_explorer.ipynb")[0] == 403
    assert kernels(process) == 0


def test_a_kernel_nobody_is_connected_to_is_given_back(door):
    process, address, home = door
    assert answer(address)[0] == 200
    assert answer(address, Host="localhost")[0] == 200
    assert kernels(process) > 0
    (home / "look").touch()
    while kernels(process):
        time.sleep(0.2)


def test_the_page_opens_where_no_home_can_be_written_and_names_of_files_are_ascii(root, tmp_path):
    apart = ("JUPYTER_", "XDG_", "LC_", "LANG", "PYTHONUTF8", "IPYTHONDIR", "MPLCONFIGDIR")
    machine = {name: text for name, text in os.environ.items() if not name.startswith(apart)}
    machine |= {"HOME": os.devnull, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    process, address = started(tmp_path, free_port(), machine | {"PYTHONPATH": str(root)}, browser=False)
    try:
        with urlopen(address) as page:
            text = page.read().decode("utf-8")
        assert "Traceback" not in text
        assert "情景" in text
    finally:
        process.terminate()
        process.wait()
