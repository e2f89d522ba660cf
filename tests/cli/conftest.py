"""An operator, one whose roster is imported already, and a Telegram that is simulated."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.cli.commands import SAMPLE, TOKEN, Operator, environment


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample roster, made once."""
    folder = tmp_path_factory.mktemp("imported")
    subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot.cli", "roster", "import", str(SAMPLE)],
        check=True,
        capture_output=True,
        cwd=folder,
        env=environment(data_dir=folder),
    )
    return folder


@pytest.fixture
def school(operator: Operator, imported: Path) -> Operator:
    """An operator whose data folder holds the sample roster."""
    shutil.copytree(imported, operator.data)
    return operator


@pytest.fixture
async def telegram() -> AsyncIterator[Simulator]:
    simulator = Simulator(World(JumpingClock(datetime.now(UTC), running=True)), token=TOKEN)
    await simulator.start()
    yield simulator
    await simulator.stop()
