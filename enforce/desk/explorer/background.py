"""Later (稍后): what takes longer than a breath is computed beside the page, for the newest change only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Step = tuple[Callable[[], Any], Callable[[Any], None]]  # what is computed, and how its result is shown


class Later:
    """Runs steps one after another; a new `run` drops the steps of the last that were not shown yet.

    Where no event loop runs (a plain Python session, a test) they run at once. What fails is handed to `failed`.
    """

    def __init__(self, failed: Callable[[BaseException], None]):
        self._failed = failed
        self._turn = 0
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="explorer")
        self.under_way: set[asyncio.Task] = set()

    def run(self, steps: Iterable[Step]) -> None:
        """Start the steps of a new change."""
        self._turn += 1
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._at_once(steps)
            return
        task = loop.create_task(self._through(self._turn, steps))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    def _at_once(self, steps: Iterable[Step]) -> None:
        for compute, show in steps:
            try:
                show(compute())
            except Exception as error:  # every fault is shown in the page
                self._failed(error)
                return

    async def _through(self, turn: int, steps: Iterable[Step]) -> None:
        loop = asyncio.get_running_loop()
        for compute, show in steps:
            if turn != self._turn:
                return
            try:
                result = await loop.run_in_executor(self._pool, compute)
                if turn == self._turn:
                    show(result)
            except Exception as error:  # every fault is shown in the page
                if turn == self._turn:
                    self._failed(error)
                return
