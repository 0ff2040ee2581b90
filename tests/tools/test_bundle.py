"""The bundle for a computer without a network: complete for that computer, and what it starts works there.

The two bundles themselves are some 250 MB each to download: they are made where BUNDLE is set.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import free_port
from tools.bundle import menu
from tools.bundle.__main__ import ROOT, TOP, main, starts
from tools.bundle.lock import PLATFORMS, Target, entries, faults, requirements

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
WINDOWS = Target.of("win_amd64", "3.13")


def pins(target: Target) -> dict[str, str]:
    return {one.name: str(one.specifier) for one, _ in entries(requirements(LOCK, target))}


# --- what is asked for there ---


def test_the_markers_are_those_of_the_computer_the_bundle_is_for():
    windows, linux = pins(WINDOWS), pins(Target.of("linux_aarch64", "3.13"))
    assert {"colorama", "pywinpty"} <= set(windows)
    assert {"pexpect", "ptyprocess"} & set(windows) == set()
    assert {"pexpect", "ptyprocess"} <= set(linux)
    assert {"colorama", "pywinpty", "appnope"} & set(linux) == set()


def test_the_python_asked_for_decides_between_two_pins_of_one_name():
    old, new = pins(Target.of("win_amd64", "3.11.2")), pins(Target.of("win_amd64", "3.12"))
    assert (old["contourpy"], new["contourpy"]) == ("==1.3.3", "==1.4.0")
    assert (old["soupsieve"], new["soupsieve"]) == ("==2.10", "==4.1.2")
    assert "aiohttp" in new
    assert "aiohttp" not in pins(WINDOWS)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_pin_keeps_its_hashes_and_has_no_marker(platform):
    asked = entries(requirements(LOCK, Target.of(platform, "3.13")))
    assert len(asked) > 100
    assert all(hashes and one.marker is None for one, hashes in asked)


def test_old_and_new_names_of_a_linux_are_known_and_none_newer_than_promised():
    tags = Target.of("linux_x86_64", "3.13").tags
    assert {"manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"} <= set(tags)
    assert "manylinux_2_34_x86_64" not in tags


# --- whether the wheels are all of it ---


def test_what_is_missing_too_much_for_another_computer_or_changed_is_named(tmp_path):
    hashed = "--hash=sha256:" + "0" * 64
    lock = f"alpha==1.0 \\\n    {hashed}\nbeta==2.0 \\\n    {hashed}\ngamma-ray==3.0 \\\n    {hashed}\n"
    for name in ("beta-2.0-cp313-cp313-linux_x86_64", "gamma_ray-3.0-py3-none-any", "delta-4.0-py3-none-any"):
        (tmp_path / f"{name}.whl").write_bytes(b"")
    named = faults(lock, tmp_path, WINDOWS)
    assert named == [
        "alpha==1.0：应有 1 个安装文件，有 0 个",
        "beta-2.0-cp313-cp313-linux_x86_64.whl：不能装在64 位 Windows、Python 3.13 上",
        "beta-2.0-cp313-cp313-linux_x86_64.whl：内容与锁定的摘要不同",
        "gamma_ray-3.0-py3-none-any.whl：内容与锁定的摘要不同",
        "delta-4.0-py3-none-any.whl：锁定文件里没有",
    ]


# --- the start files ---


def bat() -> str:
    return starts(WINDOWS)["开始.bat"].decode("gbk")


def test_the_start_file_of_windows_ends_its_lines_as_windows_does():
    content = starts(WINDOWS)["开始.bat"]
    assert content.count(b"\n") == content.count(b"\r\n") > 40
    assert content.endswith(b"\r\n")


def test_no_character_of_it_has_a_second_byte_that_the_shell_takes_for_its_own():
    signs = [sign for sign in bat() if not sign.isascii()]
    assert signs
    assert [sign for sign in signs if len(sign.encode("gbk")) != 2 or sign.encode("gbk")[1:] in b"\\^|@`{}~[]_"] == []


def test_paths_with_spaces_are_quoted_and_none_is_in_a_block_that_a_parenthesis_ends():
    lines = [line for line in bat().splitlines() if not line.startswith(("rem ", "echo "))]
    for line in lines:
        for name in ("%~dp0", "%VENV%"):
            assert line.count(name) == line.count(f'"{name}"'), line
    assert not [line for line in lines if line.startswith(("if", "for", "else")) and line.rstrip().endswith("(")]
    assert "@" not in bat().removeprefix("@echo off")


def test_both_start_files_name_the_python_to_bring():
    assert "python-3.13.x-amd64.exe（Windows installer 64-bit）" in bat()
    shell = starts(Target.of("linux_x86_64", "3.12"))["开始.sh"].decode("utf-8")
    assert "64 位的 Python 3.12" in shell
    assert "\r" not in shell


linux = pytest.mark.skipif(sys.platform != "linux", reason="a shell of Linux")


def started(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    (folder / "开始.sh").write_bytes(starts(Target.of("linux_x86_64", here))["开始.sh"])
    call = ["/bin/sh", str(folder / "开始.sh"), *words]
    return subprocess.run(
        call, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False
    )


@linux
def test_where_python_is_missing_the_start_file_says_which_to_bring(tmp_path):
    for name in ("dirname", "rm"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    done = started(tmp_path, PATH=str(tmp_path))
    assert done.returncode == 1
    assert "没有找到能用的 Python：要 64 位的 Python 3." in done.stdout
    assert done.stderr == ""


@linux
def test_a_python_that_lies_in_the_bundle_is_used_first(tmp_path):
    folder = tmp_path / "文件 夹 (1)"
    (folder / "python" / "bin").mkdir(parents=True)
    inside = folder / "python" / "bin" / "python3"
    inside.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/asked"\n', encoding="utf-8")
    inside.chmod(0o700)
    done = started(folder, PATH=os.environ["PATH"])
    assert (folder / "asked").read_text(encoding="utf-8").splitlines()[-1] == "-m venv .venv"
    assert "环境没有建立成功" in done.stdout


# --- the menu ---


@pytest.fixture
def chosen(monkeypatch):
    """Choose from the menu; return the commands it ran."""

    def choose(*typed: str) -> list[list[str]]:
        answers, ran = iter(typed), []
        monkeypatch.setattr("builtins.input", lambda _: next(answers))
        monkeypatch.setattr(menu.subprocess, "run", lambda words, **_: ran.append(words) or Done())
        monkeypatch.setattr(menu.webbrowser, "open", lambda address: ran.append([address]))
        menu.main()
        return ran

    return choose


class Done:
    returncode = 0


def test_the_menu_runs_commands_and_takes_a_dragged_file_out_of_its_quotes(chosen):
    assert chosen("0") == []
    assert [words[1:] for words in chosen("2", "1", "9", "0")] == [["-m", "enforce", "explore", menu.DEMO]]
    assert [words[1:] for words in chosen("4", '"C:\\表 格\\a.xlsx"', "0")] == [
        ["-m", "enforce", "check", "C:\\表 格\\a.xlsx"]
    ]
    assert [words[1:] for words in chosen("5", "云溪县应急管理局", "2026", "0")] == [
        ["-m", "enforce", "new", "云溪县应急管理局", "--year", "2026"]
    ]
    assert chosen("3", "0")[0][1:3] == ["-m", "jupyterlab"]
    assert chosen("4", "", "0") == []


def test_the_menu_makes_a_report_and_opens_its_page(chosen):
    ran = chosen("1", "", "0")
    assert ran[0][1:] == ["-m", "enforce", "run", menu.DEMO]
    assert ran[1][0].startswith("file:")
    assert "reports/putuo-2024" in ran[1][0]


# --- whole bundles ---

whole = pytest.mark.skipif(not os.environ.get("BUNDLE"), reason="500 MB to download: set BUNDLE to make them")


@pytest.mark.slow
@whole
def test_the_bundle_for_windows_is_complete_though_nobody_ran_it_there(tmp_path):
    path = main(["--platform", "win_amd64", "--out", str(tmp_path)])
    with zipfile.ZipFile(path) as bundle:
        names = {name.removeprefix(f"{TOP}/") for name in bundle.namelist()}
    assert len([name for name in names if name.endswith(".whl")]) == len(pins(WINDOWS))
    assert {"开始.bat", "怎样带进去.txt", "enforce/__main__.py", "params/putuo-2024.yaml"} <= names
    assert any(name.startswith("wheels/pywinpty") for name in names)


#: Run without a network but this computer's own: makes a report, then opens the page of what-ifs.
WORKS = """
import fcntl, os, socket, struct, subprocess, sys
from urllib.request import urlopen
if sys.argv[2] == "alone":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 65))  # this computer's own addresses, of a new network
try:
    socket.create_connection(("198.51.100.1", 80), timeout=1)
except OSError:
    pass
else:
    sys.exit("there is a network")
subprocess.run(["sh", "开始.sh"], input=b"0\\n", check=True)
python = [".venv/bin/python", "-m", "enforce"]
subprocess.run([*python, "run", "params/putuo-2024.yaml"], check=True)
words = [*python, "explore", "params/putuo-2024.yaml", "--no-browser", "--port", sys.argv[1]]
served = subprocess.Popen(words, stdout=subprocess.PIPE)
address = served.stdout.readline().decode().strip().partition("：")[2]
assert "widget-view+json" in urlopen(address).read().decode()
served.terminate()
served.wait()
"""


@pytest.mark.slow
@whole
@linux
def test_the_bundle_for_this_computer_installs_and_works_without_a_network(tmp_path):
    machine = f"linux_{os.uname().machine}"
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with zipfile.ZipFile(main(["--platform", machine, "--python", here, "--out", str(tmp_path)])) as bundle:
        bundle.extractall(tmp_path / "解开 的 (1)")
    folder = tmp_path / "解开 的 (1)" / TOP
    alone = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    places = {"PATH": f"{Path(sys.base_prefix) / 'bin'}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    call = [*(["unshare", "-rn"] if alone else []), sys.executable, "-c", WORKS, str(free_port())]
    done = subprocess.run(
        [*call, "alone" if alone else ""],
        cwd=folder,
        env=places if alone else {**places, **nowhere, "no_proxy": "127.0.0.1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / "reports/putuo-2024/annual_plan.html").exists()
