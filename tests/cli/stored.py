"""Looks into an operator's database, to see that nothing changed there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from tests.cli.commands import Operator
from tests.databases import shared_server

Rows = list[dict[str, Any]]


def stored(operator: Operator) -> dict[str, list[Any]]:
    """Everything in the database but for who looked at it, and seals, which differ each time."""
    read = _on_server if operator.urls else _in_file
    found = read(operator)
    del found["access_log"]
    return {
        name: [
            [value for field, value in row.items() if not field.endswith("_sealed")] for row in found[name]
        ]
        for name in sorted(found)
    }


def _in_file(operator: Operator) -> dict[str, Rows]:
    with closing(sqlite3.connect(operator.data / "stagebot.sqlite3")) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 - our own
            for name in names
        }


def _on_server(operator: Operator) -> dict[str, Rows]:
    database, server = operator.databases[0].rpartition("/")[2], shared_server()
    names = server.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database)
    return {
        name: sorted((dict(row) for (row,) in server.run(_AS_JSON.format(name), database)), key=str)
        for (name,) in names
    }


_AS_JSON = "SELECT row_to_json({0}) FROM {0}"
