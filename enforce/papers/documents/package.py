"""A package (打包): the parts of a Word file zipped so that the bytes depend on the contents alone."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

_DATED = (1980, 1, 1, 0, 0, 0)


def repeatable(made: BytesIO, change: Callable[[str, bytes], bytes] = lambda _, content: content) -> bytes:
    """Return a Word file with every part in order and dated alike; `change` may give a part another content."""
    packed = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(part, _DATED), change(part, old.read(part)), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
