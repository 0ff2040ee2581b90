"""A Dask cluster that stands takes the plans; one that is not there, or cannot do it, is told, and nobody waits."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from enforce.desk.district import district_figures
from enforce.desk.run import batch, city, cluster
from enforce.desk.run.cluster import GONE, run_on_cluster
from enforce.desk.year import open_year
from enforce.inputs.pack import json_bytes
from enforce.words.files import OutputError
from tests.bureaus import bare_project, write_any, write_plan_like
from tests.desk.run.conftest import content

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def distributed():
    """The library of clusters, which takes its time to load."""
    return pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def two_workers(distributed):
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as here:
        yield here


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A cluster that stands is waited for, and workers that come back, however busy the machine is."""
    for name, number in {"ANSWER": 120, "LOOKS": 1000}.items():
        monkeypatch.setattr(cluster, name, number)


@pytest.fixture
def short(patient, monkeypatch):
    """Who waits for what never comes waits shortly."""
    for name, number in {"LOOK": 1, "LOOKS": 2}.items():
        monkeypatch.setattr(cluster, name, number)


def name_of(one: str, *_: Path) -> str:
    return "" if one == "好" else f"{one} 出错"


def figures_of(plan: Path, folder: Path) -> str:
    """Write the figures of a plan."""
    (folder / f"{plan.stem}.json").write_bytes(json_bytes(district_figures(open_year(plan))))
    return ""


def dying(one: str, folder: Path) -> str:
    """End the process the first time, as a machine that goes off does."""
    mark = folder / one
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return ""


def always_dying(one: str, *_: Path) -> str:
    os._exit(1)


def sleeping(one: str, folder: Path) -> str:
    (folder / "begun").touch()
    time.sleep(600)
    return ""


def once_begun(folder: Path, do: Callable[[], object]) -> None:
    """Do something once a plan has begun."""

    def wait() -> None:
        while not (folder / "begun").exists():
            time.sleep(0.1)
        do()

    threading.Thread(target=wait, daemon=True).start()


def test_each_plan_comes_back_with_its_fault(two_workers, tmp_path):
    address = two_workers.scheduler_address
    assert dict(run_on_cluster(address, name_of, ["好", "坏"], tmp_path)) == {"好": "", "坏": "坏 出错"}


def test_what_a_killed_worker_had_goes_to_another(two_workers, tmp_path):
    assert dict(run_on_cluster(two_workers.scheduler_address, dying, ["甲", "乙"], tmp_path)) == {"甲": "", "乙": ""}


def test_sixteen_plans_lose_nothing_when_a_worker_is_killed_among_them(distributed, tmp_path):
    project = bare_project(tmp_path)
    plans = [write_any(project, seed) for seed in range(16)]
    folders = [tmp_path / name for name in ("集", "单")]
    for folder in folders:
        folder.mkdir()
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=None) as here:
        ends = run_on_cluster(here.scheduler_address, figures_of, plans, folders[0])
        first = next(ends)
        os.kill(next(iter(here.workers.values())).pid, signal.SIGKILL)
        ended = dict([first, *ends])
    assert ended == dict.fromkeys(plans, "")
    assert [figures_of(plan, folders[1]) for plan in plans] == [""] * 16
    made, alone = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert len(made) == 16
    assert made == alone


def test_a_plan_that_kills_every_worker_is_named(distributed, tmp_path):
    dask = pytest.importorskip("dask")
    once_more = dask.config.set({"distributed.scheduler.allowed-failures": 1})
    with once_more, distributed.LocalCluster(1, threads_per_worker=1, processes=True, dashboard_address=None) as here:
        (ended,) = run_on_cluster(here.scheduler_address, always_dying, ["甲"], tmp_path)
    assert ended[0] == "甲"
    assert ended[1]


def test_a_city_on_a_cluster_is_byte_for_byte_that_of_this_machine(two_workers, county):
    project, plans = county.plan.parents[1], [county.plan, write_plan_like(county.plan, "bing-2025")]
    (project / "data/bing-2025/tasks.csv").write_text("事项编号\nA1\n", encoding="utf-8")
    target, districts = city.run_city(plans, "试市", dask=two_workers.scheduler_address, out=project / "群")
    assert [(one.name, bool(one.fault)) for one in districts] == [("yunxi-2025", False), ("bing-2025", True)]
    assert "计划家次" in districts[1].fault
    assert content(target.parent / "yunxi-2025") == county.files


def test_a_cluster_that_is_not_there_or_is_something_else_is_told(distributed, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for address in (
            f"tcp://127.0.0.1:{port}",
            "tcp://127.0.0.1:1",
            "没有://这种",
            "tcp://no.such.host.invalid:8786",
        ):
            with pytest.raises(OutputError, match="连不上"):
                list(run_on_cluster(address, name_of, ["好"], tmp_path))


def test_a_cluster_without_workers_is_told(distributed, tmp_path, monkeypatch):
    wait = distributed.Client.wait_for_workers
    monkeypatch.setattr(distributed.Client, "wait_for_workers", lambda client, count, timeout: wait(client, count, 1))
    with distributed.LocalCluster(1, processes=False, dashboard_address=None) as empty:
        empty.scale(0)
        while empty.scheduler_info["workers"]:
            time.sleep(0.1)
        with pytest.raises(OutputError, match="没有 worker"):
            list(run_on_cluster(empty.scheduler_address, name_of, ["好"], tmp_path))


def test_workers_of_another_version_or_that_do_not_see_the_folder_are_named(two_workers, tmp_path, monkeypatch):
    ours = batch.versions(*cluster._PACKAGES)
    other = {"python": "2.7.18", "distributed": "2020.1.0", "pandas": "9.9", "pylopdf-fonts-zh-cn": "未安装"}
    monkeypatch.setattr(cluster, "versions", lambda *_: ours | other)
    with pytest.raises(OutputError) as error:
        list(run_on_cluster(two_workers.scheduler_address, name_of, ["好"], tmp_path, tmp_path / "没有"))
    for name, version in other.items():
        assert str(error.value).count(f"{name} 是 {ours[name]}，这里是 {version}") == 2
    assert str(error.value).count("看不见文件夹") == 2


def test_workers_that_all_go_leave_nobody_waiting(distributed, short, tmp_path):
    with distributed.LocalCluster(1, threads_per_worker=1, processes=True, dashboard_address=None) as here:
        ends = run_on_cluster(here.scheduler_address, sleeping, ["甲", "乙"], tmp_path)
        once_begun(tmp_path, lambda: here.scale(0))
        assert dict(ends) == {"甲": GONE, "乙": GONE}


def test_a_scheduler_that_goes_leaves_nobody_waiting(distributed, short, tmp_path):
    here = distributed.LocalCluster(1, threads_per_worker=1, processes=True, dashboard_address=None)
    once_begun(tmp_path, here.close)
    assert dict(run_on_cluster(here.scheduler_address, sleeping, ["甲"], tmp_path)) == {"甲": GONE}


def test_without_the_extra_what_to_install_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(OutputError, match=r"\.\[dask\]"):
        list(run_on_cluster("tcp://127.0.0.1:1", name_of, ["好"], tmp_path))
