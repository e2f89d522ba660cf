"""The ways in which a bot is killed: at any moment, and at those where it hurts most."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from typing import Any

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.world import World
from tests.crash.game import Game

START = 0.3  # seconds that a start takes at most, where nothing else keeps the machine busy
MOST_CALLS = 40  # that a bot may make before it is killed
MOST_MESSAGES = 15  # that it may send before it is killed at one of them
LONGEST = 1.5  # seconds that it may live after its start when nothing of the kind happens


async def as_it_starts(game: Game, _bot: ForkServerProcess) -> None:
    """Be killed at any moment of the start."""
    await asyncio.sleep(game.chance.uniform(0, START))


async def whenever(game: Game, _bot: ForkServerProcess) -> None:
    """Be killed at any moment of the work."""
    await game.awake()
    await game.called(game.chance.randint(0, MOST_CALLS), seconds=LONGEST)
    await asyncio.sleep(game.chance.uniform(0, 0.02))


async def for_a_while(game: Game, _bot: ForkServerProcess) -> None:
    """Live long enough to get something done in spite of everything."""
    await game.awake()
    await game.called(game.chance.randint(0, 3 * MOST_CALLS), seconds=2 * LONGEST)


async def as_a_message_arrives(game: Game, bot: ForkServerProcess) -> None:
    """Be killed when the server has delivered a message and the bot does not know yet."""
    await game.awake()
    left, dead = game.chance.randint(1, MOST_MESSAGES), asyncio.Event()

    def count(event: dict[str, Any]) -> None:
        nonlocal left
        left -= event["kind"] == "message" and event["message"]["from"] == "bot"
        if left <= 0 and not dead.is_set() and bot.pid is not None:
            os.kill(bot.pid, signal.SIGKILL)
            dead.set()

    game.world.listeners.append(count)
    with suppress(TimeoutError):
        await asyncio.wait_for(dead.wait(), LONGEST)
    game.world.listeners.remove(count)


async def as_a_message_leaves(game: Game, _bot: ForkServerProcess) -> None:
    """Be killed when a message is on its way and has not been delivered."""
    await game.awake()
    before, faults = len(game.world.transcript), game.simulator.faults
    number = game.chance.randint(1, MOST_MESSAGES)
    hang = Fault(kind=FaultKind.HANG, method="sendMessage", calls=frozenset({number}))
    game.simulator.faults = Faults((hang, *faults.faults))
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            while not _hangs(game.world, before):  # noqa: ASYNC110 - the transcript has no event
                await asyncio.sleep(0.005)
    game.simulator.faults = faults


def _hangs(world: World, since: int) -> bool:
    return any(call.fault == FaultKind.HANG for call in list(world.transcript)[since:])
