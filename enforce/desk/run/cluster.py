"""The cluster (集群): a Dask cluster that stands already works out the plans of a city, instead of this machine.

Only names are sent: plans and reports lie in a folder that every worker sees under the same path. Whatever keeps the
cluster from doing so is told before the first plan, and nobody waits for workers that do not come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from enforce.desk.run.batch import versions
from enforce.words.files import OutputError

if TYPE_CHECKING:
    from distributed import Client

One = TypeVar("One")
#: Seconds to wait for an answer, and between two looks whether anybody is still at work; how many looks without.
ANSWER, LOOK, LOOKS = 15, 5, 6
GONE = "集群断开，或已经没有 worker；再执行同一条命令，只算还没有算的"
#: What a worker must have alike besides what stands in a report: the cluster's, and the Chinese font of the charts.
_PACKAGES = ("dask", "distributed", "pylopdf-fonts-zh-cn")
_ONE_AT_A_TIME = Lock()


def run_on_cluster(
    address: str, run: Callable[..., str], waiting: Sequence[One], *folders: Path
) -> Generator[tuple[One, str], None, None]:
    """Run what waits on a cluster; yield each as it ends, with its fault or ''. A killed worker's goes to another.

    OutputError where the cluster is not there, has no worker, is of another version, or does not see the folders.
    """
    with _standing_cluster(address, folders) as client:
        futures = {client.submit(run_alone, run, one, *folders, pure=False): one for one in waiting}
        looks = 0
        while futures and looks < LOOKS:
            ended = _ended(list(futures))
            yield from ((futures.pop(future), _fault_of(future)) for future in ended)
            at_work = client.status == "running" and client.scheduler_info()["workers"]
            looks = 0 if ended or at_work else looks + 1
        client.cancel(list(futures), force=True) if futures and client.status == "running" else None
        yield from ((one, GONE) for one in futures.values())


def run_alone(run: Callable[..., str], *what: object) -> str:
    """Run one plan on a worker while no other runs in its process: a run sets folders and variables of the process."""
    with _ONE_AT_A_TIME:
        return run(*what)


def worker_facts(*folders: Path) -> dict[str, str]:
    """Return what a worker is: its versions, and the folders it does not see."""
    unseen = [str(folder) for folder in folders if not folder.is_dir()]
    return {**versions(*_PACKAGES), "unseen": "、".join(unseen)}


@contextmanager
def _standing_cluster(address: str, folders: Sequence[Path]) -> Iterator[Client]:
    """Connect with a cluster, and see that each of its workers can do what is asked; leave it as it stands."""
    try:
        from distributed import Client
    except ImportError:
        raise OutputError('没有装 dask.distributed：请先执行 pip install -e ".[dask]"，版本与集群上的相同。') from None
    try:
        asyncio.run(asyncio.wait_for(_knock(address), ANSWER))
        client = Client(address, timeout=ANSWER, set_as_default=False)
    except Exception as error:  # whatever another service or another version answers
        raise OutputError(f"连不上 Dask 集群 {address}（{type(error).__name__}）；请核对地址和版本。") from None
    try:
        _check_workers(client, address, folders)
        with client.as_current():
            yield client
    finally:
        client.close(timeout=ANSWER)


async def _knock(address: str) -> None:
    """See that a scheduler answers: a client waits for ever for a service that is silent."""
    from distributed.comm import connect

    comm = await connect(address, timeout=ANSWER)
    await comm.close()


def _check_workers(client: Client, address: str, folders: Sequence[Path]) -> None:
    """Raise OutputError with every worker that cannot do what is asked, and why."""
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except Exception:
        raise OutputError(f"Dask 集群 {address} 上没有 worker；请先启动 dask worker。") from None
    asked = {
        name: client.submit(worker_facts, *folders, pure=False, workers=[name])
        for name in client.scheduler_info(n_workers=-1)["workers"]
    }
    wrong = [f"{name}：{why}" for name, future in asked.items() if (why := _unfitness(future))]
    if wrong:
        raise OutputError("Dask 集群上有不能用的 worker：\n" + "\n".join(wrong))


def _unfitness(future: object) -> str:
    """Return why a worker cannot be used; '' where it can."""
    try:
        facts = future.result(timeout=ANSWER)
    except Exception as error:  # without the program it cannot even read what it is asked
        return f"没有回答，或没有装本程序（{type(error).__name__}）"
    ours = versions(*_PACKAGES)
    other = [f"{name} 是 {facts.get(name)}，这里是 {ours[name]}" for name in ours if facts.get(name) != ours[name]]
    return "；".join([*other, *([f"看不见文件夹 {facts['unseen']}"] if facts["unseen"] else [])])


def _ended(futures: list) -> list:
    """Return those that have ended, after a while at most."""
    from distributed import wait

    with suppress(TimeoutError, asyncio.CancelledError, CancelledError):  # the others: the scheduler has gone
        wait(futures, timeout=LOOK, return_when="FIRST_COMPLETED")
    return [future for future in futures if future.done()]


def _fault_of(future: object) -> str:
    """Return the fault of a plan that ended, '' where there is none."""
    if future.status == "finished":
        return future.result(timeout=ANSWER)
    if future.status == "error":
        return f"worker 没有算完（{type(future.exception(timeout=ANSWER)).__name__}），内存用尽或被结束"
    return GONE
