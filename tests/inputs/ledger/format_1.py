"""Ledgers of former formats, as they were made before there were draws and later columns in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from enforce.inputs.ledger import database
from enforce.inputs.ledger.chain import COLUMNS, LATER, quoted


def former_ledger(path: Path, content: bytes, version: int = 1) -> Path:
    """Write the ledger of some bytes as a former format had it, every entry and head as it was; return its path."""
    lacking = {name for name in LATER if name not in database.COLUMNS_OF[version]}
    names = ", ".join(quoted(name) for name in COLUMNS if name not in lacking)
    later = path.with_suffix(".later")
    later.write_bytes(content)
    with closing(sqlite3.connect(path)) as db:
        for statement in database.SCHEMAS[version]:
            db.execute(statement)
        db.execute("ATTACH ? AS later", (str(later),))
        db.execute(f"INSERT INTO entries ({names}) SELECT {names} FROM later.entries ORDER BY seq")
        db.commit()
        db.execute("DETACH later")
        db.execute(f"PRAGMA user_version={version}")
        db.execute(f"PRAGMA application_id={database.APPLICATION}")
        db.commit()
        assert not lacking & {row[1] for row in db.execute("PRAGMA table_info(entries)")}
    later.unlink()
    return path
