"""An operator, one whose roster is imported already, and a Telegram that is simulated."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.cli.commands import SAMPLE, TOKEN, Operator, elsewhere_as_settings, environment
from tests.databases import elsewhere


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with elsewhere() as urls:
        yield Operator(tmp_path, urls)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """An operator who has imported the sample roster, made once."""
    folder = tmp_path_factory.mktemp("imported")
    with elsewhere() as urls:
        made = Operator(folder, urls)
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot.cli", "roster", "import", str(SAMPLE)],
            check=True,
            capture_output=True,
            cwd=folder,
            env=environment(data_dir=made.data, **elsewhere_as_settings(urls)),
        )
        yield made


@pytest.fixture
def school(tmp_path: Path, imported: Operator) -> Iterator[Operator]:
    """An operator whose data holds the sample roster."""
    with elsewhere(like=imported.urls) as urls:
        copy = Operator(tmp_path, urls)
        shutil.copytree(imported.data, copy.data)
        yield copy


@pytest.fixture
async def telegram() -> AsyncIterator[Simulator]:
    simulator = Simulator(World(JumpingClock(datetime.now(UTC), running=True)), token=TOKEN)
    await simulator.start()
    yield simulator
    await simulator.stop()
