"""Settles accounts after trouble: what people wrote, what the bot stored, and what the server delivered."""

from __future__ import annotations

import asyncio
import sqlite3
from asyncio.subprocess import Process
from contextlib import closing

from bot.cli.stagebot import utc_now
from bot.simulator.server import Simulator
from tests.cli.commands import TOKEN, Operator
from tests.crash import child, reckoning

PATIENCE = 90  # seconds; the machine may be busy, and a pause between two tries grows to half a minute
_LEFT = (
    "SELECT (SELECT count(*) FROM inbox WHERE state = 'new')"
    " + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') AND chat_lookup IS NOT NULL)"
)


async def polls_since(telegram: Simulator, many: int) -> None:
    """Wait until the bot has asked for updates so many times more."""
    async with asyncio.timeout(PATIENCE):
        before = _polls(telegram)
        while _polls(telegram) < before + many:  # noqa: ASYNC110 - the transcript has no event
            await asyncio.sleep(0.02)


async def started(operator: Operator, telegram: Simulator) -> Process:
    """Start `stagebot run`, and wait until it asks for updates."""
    before = _begun(telegram)
    bot = await operator.start("run", token=TOKEN, api_url=telegram.url)
    async with asyncio.timeout(PATIENCE):
        while _begun(telegram) == before:  # noqa: ASYNC110 - the transcript has no event
            await asyncio.sleep(0.02)
    return bot


async def at_rest(operator: Operator, telegram: Simulator) -> None:
    """Wait until a running bot has fetched, handled and answered everything, without any help."""
    async with asyncio.timeout(PATIENCE):
        await telegram.world.updates.emptied()
        while _left(operator) != 0:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def assert_all_once(operator: Operator, telegram: Simulator, marks: list[str], updates: int) -> None:
    """Set what is stored against what people wrote and what they were sent, while no bot runs."""
    db = await child.open_database(operator.data)
    books = await reckoning.read(db, utc_now())
    await db.close()
    delivered = [
        call for call in telegram.world.transcript if call.took_effect and call.method == "sendMessage"
    ]
    assert books.marks == dict.fromkeys(marks, 1)
    assert books.inbox == {"done": updates}
    assert [row.state for row in books.messages if row.repeated or row.state == "unknown"] == []
    assert len(delivered) == books.sent
    assert reckoning.faults_in(operator.data) == []


def _begun(telegram: Simulator) -> int:
    return sum(call.method == "deleteWebhook" for call in telegram.world.transcript)


def _polls(telegram: Simulator) -> int:
    return sum(call.method == "getUpdates" for call in telegram.world.transcript)


def _left(operator: Operator) -> int:
    """Count what still waits inside the bot; -1 where the database is taken at this moment."""
    with closing(sqlite3.connect(f"file:{operator.data}/stagebot.sqlite3?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(_LEFT).fetchone()[0])
        except sqlite3.OperationalError:
            return -1
