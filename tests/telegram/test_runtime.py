"""Both directions run together and end together."""

import asyncio

import pytest

from bot.simulator.server import Simulator
from bot.simulator.world import Phone
from bot.store.records import Outcome
from bot.telegram.client import Client
from bot.telegram.errors import Unauthorized
from bot.telegram.poller import Poller
from bot.telegram.runtime import run
from bot.telegram.sender import Sender
from tests.telegram.conftest import TOKEN, MemoryInbox, MemoryOutbox, parcel, until


async def test_receiving_and_sending_go_on_together(
    client: Client, samira: Phone, inbox: MemoryInbox, outbox: MemoryOutbox
) -> None:
    """A message is stored and one is sent at the same time; cancelling ends both at once."""
    sender = Sender(client, outbox, clock=outbox.clock)
    task = asyncio.create_task(run(Poller(client, inbox, recorded=sender.nudge), sender))
    samira.text("Hoi")
    outbox.put(parcel(1001))
    sender.nudge()
    await until(lambda: len(inbox.stored) == 1 and len(outbox.sent) == 1)
    async with asyncio.timeout(2):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_a_token_that_does_not_count_ends_both(
    simulator: Simulator, inbox: MemoryInbox, outbox: MemoryOutbox
) -> None:
    """The error comes out by itself, in no group, and what could not be sent still waits."""
    outbox.put(parcel(1001))
    async with Client(TOKEN + "x", api_url=simulator.url) as client:
        sender = Sender(client, outbox, clock=outbox.clock)
        with pytest.raises(Unauthorized):
            await run(Poller(client, inbox, recorded=sender.nudge), sender)
    assert outbox.sending == {}
    assert {outcome for outcomes in outbox.outcomes.values() for outcome in outcomes} <= {Outcome.WAIT}
    assert list(outbox.waiting) == [1]
