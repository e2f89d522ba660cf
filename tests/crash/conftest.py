"""The operator and the simulated Telegram of the command line's tests, and where a game keeps its data."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import imported, operator, school, telegram
from tests.crash.child import DATABASES
from tests.databases import elsewhere

__all__ = ["imported", "operator", "school", "telegram"]


@pytest.fixture(autouse=True)
def on_a_server(tmp_path: Path) -> Iterator[None]:
    """Let the game in this folder use databases on a server where the tests run on PostgreSQL."""
    with elsewhere() as urls:
        if urls is not None:
            (tmp_path / DATABASES).write_text("\n".join(urls))
        yield
