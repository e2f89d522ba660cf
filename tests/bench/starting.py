"""How soon a process is at work."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench import chat, updates
from tests.bench.child import TOKEN
from tests.bench.figures import Figure, Part, at_most
from tests.bench.places import MASTER, prepared, working
from tests.bench.preparing import ASKED, STAGES, STAGES_QUICK, school, settle
from tests.bench.processes import cores, started, telegram

STARTS = 5


async def measure(*, quick: bool) -> Part:
    """Measure from the start of the process `stagebot run` to its first getUpdates."""
    count = STAGES_QUICK if quick else STAGES
    with working(await prepared("school", count, school)) as folder, working() as empty:
        await settle(folder)
        for place in (folder, empty):
            updates.write(place / "updates", (), ASKED)
        very_first = await _start(empty)
        full = [await _start(folder) for _ in range(STARTS)]
        none = [await _start(empty) for _ in range(STARTS)]
    return Part(
        name="start",
        figures=[
            _figure(f"from start to first poll, {count:,} stages", full, measured=True),
            _figure("from start to first poll, an empty database", none, measured=True),
            _figure("the very first start, which makes key and tables", [very_first], measured=False),
        ],
        measured={"stages": full, "empty": none, "very_first": very_first},
    )


def _figure(name: str, starts: Sequence[dict[str, float]], *, measured: bool) -> Figure:
    return Figure(
        name=name,
        unit="s",
        values=tuple(one["seconds"] for one in starts),
        target=at_most(1) if measured else None,
        how=f"CPU {min(one['cpu'] for one in starts):.2f} s",
    )


async def _start(folder: Path) -> dict[str, Any]:
    """Start it, wait for the first poll, and stop it."""
    async with telegram(folder / "updates", folder) as server:
        environment = {
            "STAGEBOT_TOKEN": TOKEN,
            "STAGEBOT_API_URL": server.url,
            "STAGEBOT_DATA_DIR": str(folder),
            "STAGEBOT_MASTER_KEY_FILE": str(folder / MASTER),
        }
        command = [str(Path(sys.executable).with_name("stagebot")), "run"]
        begun = time.monotonic()
        async with started(command, cores()[1], folder / "bot.log", environment=environment) as bot:
            polled = await server.within("polled", chat.LONGEST, bot)
            return {"seconds": polled["at"] - begun, "cpu": bot.cpu}
