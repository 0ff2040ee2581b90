"""The parcel (交接包) of a run: the year it has read, checked and worked out, handed to its notebooks.

A notebook of a run opens the plan that the run itself has opened; it reads no table again where nothing was changed.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from enforce.words.files import digest, write_atomic

#: The environment of a run's notebooks: where its parcel lies, and the SHA-256 without which it is not opened.
PARCEL, SEAL = "ENFORCE_PARCEL", "ENFORCE_PARCEL_SHA256"


@contextmanager
def write_parcel(folder: Path, year: Any, **options: bool | str) -> Iterator[dict[str, str]]:
    """Lay an opened year into a folder while notebooks run; yield the environment in which they have it."""
    inputs = {str(Path(path).resolve()): digest(path) for path in year.inputs}
    content, path = pickle.dumps((_order_of(year.plan.path, options), inputs, year)), folder / ".parcel"
    write_atomic(path, content)
    try:
        yield {PARCEL: str(path), SEAL: hashlib.sha256(content).hexdigest()}
    finally:
        path.unlink(missing_ok=True)


def read_parcel(plan: Path | str, **options: bool | str) -> Any:
    """Return the year that the run of this notebook opened, None outside of a run and for other options or contents.

    >>> read_parcel("params/putuo-2024.yaml", quarantine=False) is None
    True
    """
    if not (place := os.environ.get(PARCEL)):
        return None
    content = Path(place).read_bytes()
    if hashlib.sha256(content).hexdigest() != os.environ.get(SEAL):
        return None
    order, inputs, year = pickle.loads(content)  # noqa: S301
    same = all(os.path.isfile(path) and digest(path) == before for path, before in inputs.items())
    return year if same and order == _order_of(plan, options) else None


def _order_of(plan: Path | str, options: dict[str, bool | str]) -> dict[str, object]:
    return {"plan": str(Path(plan).resolve()), **options}
