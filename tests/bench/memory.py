"""What the process holds after a day's work of a whole school."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from tests.bench import chat, updates
from tests.bench.child import SharedClock, stagebot
from tests.bench.figures import Figure, Part, at_most
from tests.bench.places import prepared, working
from tests.bench.preparing import ASKED, STAGES, STAGES_QUICK, school, settle
from tests.bench.processes import Broken, Server, cores, started, telegram

ANSWERING = 0.6  # of the students, on the day they are asked
FASTEST = 1_000  # messages a second: the day is played in a minute
QUIET = 12.0  # seconds without a message: two beats, so that what was due is done
LATER = tuple(timedelta(hours=hours) for hours in (4, 16, 24))  # evening, the next morning, that afternoon


async def measure(*, quick: bool) -> Part:
    """Measure what the process holds after a day in which everybody was asked and most answered."""
    count = STAGES_QUICK if quick else STAGES
    answers = int(count * ANSWERING)
    with working(await prepared("school", count, school)) as folder:
        await settle(folder)
        file = updates.write(folder / "updates", range(answers), ASKED)
        clock = SharedClock.make(folder / "clock", ASKED)
        async with telegram(file, folder) as server:
            command = stagebot(folder, server.url, FASTEST)
            async with started(command, cores()[1], folder / "bot.log") as bot:
                await server.within("polled", chat.LONGEST, bot)
                before = bot.memory
                sent = [await _settled(server)]
                server.do(do="release", count=answers)
                sent.append(await _settled(server))
                for later in LATER:
                    clock.set(ASKED + later)
                    sent.append(await _settled(server))
                after = bot.memory
        stored = await chat.stored(folder)
    if stored["updates_done"] != answers or sent[0] < count / 2 or sent[1] < sent[0] + answers:
        raise Broken(f"no day's work: sent {sent}, {stored}")
    told = f"{answers:,} answers in, {sent[-1]:,} messages out; peak {after[1]:.0f} MB"
    return Part(
        name="memory",
        figures=[
            Figure(
                name=f"memory at {count:,} stages, after a day's work",
                unit="MB",
                values=(after[0],),
                target=at_most(120) if count == STAGES else None,
                how=f"{told}; {before[0]:.0f} MB at the first poll",
            )
        ],
        measured={"before": before, "after": after, "sent": sent, **stored},
    )


async def _settled(server: Server) -> int:
    """Wait until no message has left for a while; give how many were sent so far."""
    before, at = -1, time.monotonic()
    while time.monotonic() - at < QUIET:
        await asyncio.sleep(1)
        now = len((await server.report())["sent"])
        if now != before:
            before, at = now, time.monotonic()
    return before
