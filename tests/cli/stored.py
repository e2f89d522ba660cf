"""Looks into a data folder, to see that nothing changed there."""

from __future__ import annotations

import sqlite3
from typing import Any

from tests.cli.commands import Operator


def stored(operator: Operator) -> dict[str, list[Any]]:
    """Everything in the database but for who looked at it, and seals, which differ each time."""
    connection = sqlite3.connect(operator.data / "stagebot.sqlite3")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    names.remove("access_log")
    found: dict[str, list[Any]] = {}
    for name in names:
        rows = connection.execute(f"SELECT * FROM {name}")  # noqa: S608 - our own tables
        unsealed = [i for i, column in enumerate(rows.description) if not column[0].endswith("_sealed")]
        found[name] = [[row[i] for i in unsealed] for row in rows]
    connection.close()
    return found
