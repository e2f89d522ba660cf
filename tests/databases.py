"""Where the tests keep their databases: files of SQLite, or on a real server of PostgreSQL.

STAGEBOT_TEST_DATABASE=postgresql lets the same tests run on PostgreSQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from tests.postgres.server import Server, start

VARIABLE = "STAGEBOT_TEST_DATABASE"
KINDS = ("sqlite", "postgresql")


def on_postgresql() -> bool:
    """Say whether the tests run on PostgreSQL."""
    return os.environ.get(VARIABLE, KINDS[0]) == "postgresql"


@cache
def shared_server() -> Server:
    """Give the server that all tests share, started where the first needs it."""
    return start()


def close_shared_server() -> None:
    """Stop the server, where there is one."""
    if shared_server.cache_info().currsize:
        shared_server().close()
        shared_server.cache_clear()


@contextmanager
def elsewhere(like: tuple[str, str] | None = None) -> Iterator[tuple[str, str] | None]:
    """Give the addresses of two new databases on a server; None where the tests keep files of their own.

    They are empty, or hold what two others hold.
    """
    if not on_postgresql():
        yield None
        return
    with shared_server().pair(like=like) as pair:
        yield pair.main, pair.keys
