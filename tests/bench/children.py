"""The child processes (子进程) of the whole run: papermill's API on notebooks in a row, and kernels that only import.

`python -m tests.bench.children papermill JOBS.json` or `... kernels 3 [--at-once]`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

IMPORTS = "import pandas\nimport matplotlib.pyplot"


def papermill_in_a_row(jobs: Sequence[Mapping]) -> None:
    """Run notebooks by papermill's API, one after the other: each job has input, output, parameters, cwd."""
    import papermill

    for job in jobs:
        papermill.execute_notebook(
            job["input"], job["output"], parameters=job["parameters"], cwd=job["cwd"], progress_bar=False
        )


def kernels(count: int, at_once: bool) -> None:
    """Start kernels that import pandas and matplotlib and do nothing else, in a row or at once."""
    with ThreadPoolExecutor(count if at_once else 1) as pool:
        list(pool.map(_one_kernel, range(count)))


def _one_kernel(_: int) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(IMPORTS)])
    NotebookClient(notebook, kernel_name="python3").execute()


def main(what: str, *arguments: str) -> None:
    """Do what the command line says."""
    if what == "papermill":
        papermill_in_a_row(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    else:
        kernels(int(arguments[0]), "--at-once" in arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
