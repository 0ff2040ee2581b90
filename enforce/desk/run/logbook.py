"""The log (运行日志): what a run is doing, a line a step; on a terminal beside the bars of its notebooks.

A library call says nothing: only the command line shows the lines, and only where it is asked for are they kept.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

LOG = logging.getLogger("enforce.run")
LOG.setLevel(logging.DEBUG)
LOG.propagate = False

#: What the file of the lines is called in a report.
FILE = "运行日志.txt"


class _Terminal(logging.Handler):
    """Writes a line above the bars, if there are any."""

    def emit(self, record: logging.LogRecord) -> None:
        from tqdm import tqdm

        tqdm.write(self.format(record), file=sys.stderr)


class _Text(logging.StreamHandler):
    """Keeps every line with its time."""

    def __init__(self) -> None:
        super().__init__(StringIO())
        self.setFormatter(logging.Formatter("%(asctime)s %(message)s"))


@contextmanager
def steps_shown(*, every: bool = False) -> Iterator[None]:
    """Show the steps on stderr while a command runs; with `every`, each cell as well, and keep them for the report."""
    handlers = [_Terminal(logging.DEBUG if every else logging.INFO), *([_Text()] if every else [])]
    for handler in handlers:
        LOG.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            LOG.removeHandler(handler)


def steps_so_far() -> str:
    """Return the lines kept until now; '' where nobody asked for them."""
    return "".join(handler.stream.getvalue() for handler in LOG.handlers if isinstance(handler, _Text))
