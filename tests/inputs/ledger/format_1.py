"""Ledgers of format 1, as they were made before there were draws and later columns in them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from enforce.inputs.ledger import database
from enforce.inputs.ledger.chain import LATER


def former_ledger(path: Path, content: bytes) -> Path:
    """Write the ledger of some bytes as format 1 had it, every entry and head as it was; return its path."""
    later = path.with_suffix(".later")
    later.write_bytes(content)
    with closing(sqlite3.connect(path)) as db:
        for statement in database.SCHEMA_1:
            db.execute(statement)
        db.execute("ATTACH ? AS later", (str(later),))
        db.execute(f"INSERT INTO entries SELECT {database._ALL} FROM later.entries ORDER BY seq")
        db.commit()
        db.execute("DETACH later")
        db.execute("PRAGMA user_version=1")
        db.execute(f"PRAGMA application_id={database.APPLICATION}")
        db.commit()
        assert not {*LATER} & {row[1] for row in db.execute("PRAGMA table_info(entries)")}
    later.unlink()
    return path
