"""A strict run of notebooks (笔记本): each from its first cell to its last, or with the reason why it stopped.

papermill runs them. Whether a run is complete is judged here, from counts and outputs and never from its
metadata, which says "completed" of a notebook whose kernel died.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING

from enforce.desk.run.logbook import LOG
from enforce.desk.run.templates import Job, passed
from enforce.papers.report.pages import INJECTED, heading_above, notebook_bytes
from enforce.words.files import OutputError, write_atomic

if TYPE_CHECKING:
    from nbformat import NotebookNode

WORKERS = 3
TIMEOUT = 600
SIZE_LIMIT = 8 * 2**20
#: How often a kernel is started: a port that was free when it was chosen may be taken before the kernel has it.
_STARTS = 3
#: Where IPython, Jupyter and matplotlib write: in the home folder, unless these say where.
_CACHES = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")

_REASONS = {
    "SystemExit": "笔记本在这里提前退出，后面的内容没有计算",
    "MemoryError": "内存不足",
    "StdinNotImplementedError": "批量运行时不能等人输入（input）",
    "KeyboardInterrupt": "计算被中断",
}
_PLAIN = frozenset({"InputError", "NoRecords", "OutputError", "Busy", "Unsolved", "Impossible"})
_MISSPELT = frozenset({"SyntaxError", "IndentationError", "TabError"})


@dataclass
class Done:
    """A notebook that was run: its cells, the one it stood at last, why it failed ('' if it did not), if it began."""

    job: Job
    notebook: NotebookNode
    at: int = 0
    fault: str = ""
    begun: bool = False


class RunError(OutputError):
    """Notebooks that did not come to their end; the text names all of them in Chinese."""


# --- the run ---


@dataclass
class Kernels:
    """The kernel processes of one run, so that they can be stopped from outside."""

    processes: list[subprocess.Popen] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Kill every kernel, and let none start any more."""
        self.stopped.set()
        for process in self.processes:
            with suppress(OSError):
                process.kill()


@contextmanager
def caches(place: Path | None = None, variables: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Give Jupyter and its kernels caches and settings of their own for a while, in a hidden folder of `place`.

    `variables` are more of their environment.

    A home folder may be one that nobody can write to, and fontconfig broken: our font needs neither.
    """
    before = dict(os.environ)
    with TemporaryDirectory(prefix=".caches-", dir=place, ignore_cleanup_errors=True) as folder:
        fonts = write_atomic(Path(folder) / "fonts.conf", b"<fontconfig/>")
        os.environ.update(dict.fromkeys(_CACHES, folder), FONTCONFIG_FILE=str(fonts), **variables)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def execute(
    templates: Mapping[Job, NotebookNode],
    values: Mapping[str, str | int],
    timeout: int = TIMEOUT,
    place: Path | None = None,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> list[Done]:
    """Run notebooks, at most three at once, in their own folder; each comes back with its fault, or ''.

    `timeout` is in seconds for one cell; in the folder `place` the kernels have their caches until they end, in their
    environment `variables`. A KeyboardInterrupt stops the kernels and is raised again.
    """
    kernels = Kernels()
    runs = [(Done(job, notebook), passed(notebook, values)) for job, notebook in templates.items()]
    _quieten()
    LOG.info(f"运行 {len(runs)} 本笔记本：{'、'.join(job.title for job in templates)}")
    with caches(place, variables), chdir(next(iter(templates)).template.parent), ThreadPoolExecutor(WORKERS) as pool:
        futures = [
            pool.submit(_execute_one, done, place, parameters, kernels, timeout)
            for place, (done, parameters) in enumerate(runs)
        ]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.stop()
            raise


def _quieten() -> None:
    for name in ("papermill", "papermill.utils", "papermill.translators", "traitlets", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _execute_one(done: Done, place: int, parameters: dict, kernels: Kernels, timeout: int) -> Done:
    error: Exception | None = None
    for _ in range(_STARTS):
        try:
            error, done.notebook = None, _papermill(done, place, parameters, kernels, timeout)
        except Exception as raised:  # one notebook that stops does not stop the others
            error = raised
        if not _never_started(error, done) or kernels.stopped.is_set():
            break
    done.fault = fault(done.notebook, timeout, done.at, error)
    LOG.info(f"《{done.job.title}》{f'没有算完：{done.fault}' if done.fault else '算完'}")
    return done


def _never_started(error: Exception | None, done: Done) -> bool:
    """Whether a notebook stopped before its first cell because its kernel did not start."""
    return type(error) is RuntimeError and not done.begun


def _papermill(done: Done, place: int, parameters: dict, kernels: Kernels, timeout: int) -> NotebookNode:
    import papermill

    return papermill.execute_notebook(
        done.notebook,
        None,
        parameters=parameters,
        kernel_name="python3",
        language="python",
        progress_bar=_progress(done.job.title, place),
        request_save_on_cell_execute=False,
        log_output=False,
        execution_timeout=timeout,
        start_timeout=TIMEOUT,
        iopub_timeout=TIMEOUT,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        config=_config(),
        kernel_manager_class=_kernel_class(kernels),
        on_notebook_start=lambda notebook: setattr(done, "notebook", notebook),
        on_cell_start=lambda cell, cell_index: _begin_cell(done, cell_index),
    )


def _begin_cell(done: Done, cell: int) -> None:
    done.at, done.begun = cell, True
    if done.notebook.cells[cell].cell_type == "code":
        LOG.debug(f"《{done.job.title}》{_cell_place(done.notebook, cell, '运行')}")


def _progress(title: str, place: int) -> dict[str, object]:
    shape = "{desc} {percentage:3.0f}%|{bar:24}| {n_fmt}/{total_fmt} 格"
    shown = {"desc": title, "position": place, "bar_format": shape, "leave": False}
    return shown | {"file": sys.stderr, "disable": not sys.stderr.isatty()}


def _config() -> object:
    from traitlets.config import Config

    config = Config()
    config.KernelManager.transport_encryption = "auto"
    return config


def _kernel_class(kernels: Kernels) -> type:
    from jupyter_client import AsyncKernelManager

    class Kernel(AsyncKernelManager):
        """A kernel that is known to its run and says nothing on the terminal."""

        async def start_kernel(self, **options: object) -> None:
            if kernels.stopped.is_set():
                raise RuntimeError("stopped")
            await super().start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
            kernels.processes.append(self.provisioner.process)

    return Kernel


# --- the judgement ---


def fault(notebook: NotebookNode, timeout: int = TIMEOUT, at: int = 0, error: Exception | None = None) -> str:
    """Return why a notebook that was run is not complete, with cell and heading; '' if it is.

    Complete means: every code cell ran, with counts 1 to n in order, no error and nothing on stderr (where
    warnings and the death of a thread go), and the file is not too large.
    """
    codes = [(n, cell) for n, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    stop = _stopped(error, timeout)
    if stop:
        return _cell_place(notebook, at, stop)
    for n, cell in codes:
        problem = _errors(cell) or _noise(cell)
        if problem:
            return _cell_place(notebook, n, problem)
    for count, (n, cell) in enumerate(codes, 1):
        if cell.execution_count != count:
            return _cell_place(notebook, n, "没有按顺序算到这一格")
    if error:
        return _cell_place(notebook, at, f"{type(error).__name__}：{_last_line(str(error))}")
    size = len(notebook_bytes(notebook))
    return f"结果太大：{size / 2**20:.1f} MB，应不超过 {SIZE_LIMIT // 2**20} MB" if size > SIZE_LIMIT else ""


def _stopped(error: Exception | None, timeout: int) -> str:
    kind = type(error).__name__
    if kind == "DeadKernelError":
        return "计算进程意外结束（内存用尽、被系统结束，或代码强行退出）"
    if kind == "CellTimeoutError" and "IOPub" in str(error):
        return "计算结果没有传回来（输出太多，或电脑太忙）"
    if kind == "CellTimeoutError":
        return f"超过 {timeout} 秒没有算完"
    return "计算进程没有启动成功" if kind == "RuntimeError" else ""


def _errors(cell: NotebookNode) -> str:
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            return _failure_reason(output.ename, output.evalue)
    return ""


def _failure_reason(kind: str, text: str) -> str:
    if kind in _PLAIN:
        return text
    if kind in _MISSPELT:
        return f"代码写法有误：{_last_line(text)}"
    return _REASONS.get(kind) or f"出错：{kind}：{_last_line(text)}"


def _noise(cell: NotebookNode) -> str:
    texts = [o.text for o in cell.get("outputs", []) if o.output_type == "stream" and o.name == "stderr"]
    return f"有警告或后台出错：{_last_line(''.join(texts))}" if texts else ""


def _cell_place(notebook: NotebookNode, index: int, reason: str) -> str:
    codes = (cell for cell in notebook.cells[: index + 1] if cell.cell_type == "code")
    number = sum(INJECTED not in cell.metadata.get("tags", []) for cell in codes)
    heading = heading_above(notebook, index)
    return f"第 {number} 个代码格{f'（“{heading}”下）' if heading else ''}：{reason}"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "没有说明"


def message(failed: Iterable[Done]) -> str:
    """Return the message on notebooks that failed, one line or more each."""
    return "\n".join(f"《{done.job.title}》{done.fault}" for done in failed)
