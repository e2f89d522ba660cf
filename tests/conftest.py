"""The databases of the tests: files of SQLite, or a real server of PostgreSQL (tests/databases.py)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, VARIABLE, close_shared_server, elsewhere, on_postgresql, shared_server
from tests.postgres.server import Pair, Server


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite's files where the tests run on PostgreSQL."""
    if os.environ.get(VARIABLE, KINDS[0]) not in KINDS:
        raise pytest.UsageError(f"{VARIABLE} is {' or '.join(KINDS)}")
    if on_postgresql():
        left_out = [item for item in items if item.get_closest_marker("sqlite_only")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish() -> None:
    """Leave no server behind."""
    close_shared_server()


@pytest.fixture(scope="session")
def postgres() -> Server:
    """A server of PostgreSQL for all tests."""
    return shared_server()


@pytest.fixture
def postgres_pair(postgres: Server) -> Iterator[Pair]:
    """Two new databases on the server, migrated and empty."""
    with postgres.pair() as pair:
        yield pair


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """The databases of a test: on PostgreSQL where the tests run on it, else files yet to be made."""
    with elsewhere() as urls:
        main, keys = urls or (f"sqlite:///{tmp_path}/stagebot.db", f"sqlite:///{tmp_path}/keys.db")
        yield Pair(main=main, keys=keys)
