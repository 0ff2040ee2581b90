"""An opened year (已读入的年度): what a run has read, checked and worked out, handed to its notebooks.

A notebook of a run opens the plan that the run itself has opened; it reads no table again where nothing was changed.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from enforce.words.files import digest

if TYPE_CHECKING:
    from enforce.desk.year import Year

#: The name of the environment's variable that says where a run has put the year it opened, and of that file.
PLACE, _FILE = "ENFORCE_OPENED", ".opened"


@contextmanager
def written_year(folder: Path, year: Year, **options: bool | str) -> Iterator[dict[str, str]]:
    """Lay an opened year into a folder while notebooks run; yield the environment in which they have it."""
    path = folder / _FILE
    inputs = {str(Path(file).resolve()): digest(file) for file in year.inputs}
    with open(path, "wb") as file:
        for part in (_key(year.plan.path, options), inputs, year):
            pickle.dump(part, file, protocol=pickle.HIGHEST_PROTOCOL)
    try:
        yield {PLACE: str(path)}
    finally:
        path.unlink(missing_ok=True)


def read_opened(plan: Path | str, **options: bool | str) -> Year | None:
    """Return the year that the run of this notebook opened, None outside of a run and for other options or contents.

    >>> read_opened("params/putuo-2024.yaml", quarantine=False) is None
    True
    """
    if not (place := os.environ.get(PLACE)):
        return None
    with open(place, "rb") as file:
        return None if _next(file) != _key(plan, options) or _changed(_next(file)) else _next(file)


def _next(file: IO[bytes]) -> object:
    """Return what stands next in the file, which the run that started this process has written."""
    return pickle.load(file)  # noqa: S301


def _key(plan: Path | str, options: dict[str, bool | str]) -> dict[str, object]:
    return {"plan": str(Path(plan).resolve()), **options}


def _changed(digests: dict[str, str]) -> bool:
    return any(not os.path.isfile(path) or digest(Path(path)) != before for path, before in digests.items())
