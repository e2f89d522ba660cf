"""Whatever happens, no log holds the token, a text, a name or a chat id."""

import asyncio
import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import LogCapture

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import World
from bot.store.records import Outcome
from bot.telegram.client import Client
from bot.telegram.pacing import Pace
from bot.telegram.poller import Poller
from bot.telegram.runtime import run
from bot.telegram.sender import Sender
from tests.telegram.conftest import TOKEN, MemoryInbox, MemoryOutbox, parcel, until

CHAT = 987654321
CANARIES = (TOKEN, "SIMULATED", "KANARIE", str(CHAT))
TROUBLE = [
    FaultKind.RESET,
    FaultKind.BROKEN,
    FaultKind.BAD_GATEWAY,
    FaultKind.TRUNCATED,
    FaultKind.SERVER_ERROR,
    FaultKind.TOO_MANY,
]


@pytest.fixture
def events() -> Iterator[LogCapture]:
    """Everything written through structlog, at any level."""
    capture = LogCapture()
    structlog.configure(processors=[capture], cache_logger_on_first_use=False)
    yield capture
    structlog.reset_defaults()


async def test_no_log_at_debug_holds_a_secret(
    simulator: Simulator,
    world: World,
    inbox: MemoryInbox,
    outbox: MemoryOutbox,
    events: LogCapture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Every kind of trouble in both directions, every logger at DEBUG: 0 hits."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "telegram.Bot")
    asyncio.get_running_loop().set_debug(True)
    simulator.faults = Faults(
        [Fault(kind=kind, calls=frozenset({number + 2})) for number, kind in enumerate(TROUBLE)]
    )
    phone = world.person(CHAT, "KANARIE")
    phone.start()
    for number in range(12):
        phone.text(f"KANARIE {number}")
        outbox.put(parcel(CHAT, f"KANARIE {number}"))
    for _ in range(8):
        outbox.put(parcel(CHAT + 1, "KANARIE"))
    outbox.put(
        parcel(CHAT, payload={"text": "KANARIE", "buttons": [[{"text": "KANARIE", "data": "K" * 65}]]})
    )
    inbox.failures = outbox.failures = 1
    async with Client(TOKEN, api_url=simulator.url, read_timeout=1) as client:
        sender = Sender(client, outbox, clock=outbox.clock, pace=Pace(rate=100, chat_seconds=0))
        poller = Poller(client, inbox, recorded=sender.nudge, first_pause=0.01, limit=3)
        task = asyncio.create_task(run(poller, sender))
        await until(lambda: not outbox.waiting and not outbox.sending and len(inbox.stored) == 13)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    outcomes = {outcome for outcomes in outbox.outcomes.values() for outcome in outcomes}
    expected = {Outcome.SENT, Outcome.UNKNOWN, Outcome.FAILED, Outcome.UNREACHABLE, Outcome.WAIT}
    assert outcomes == expected
    written = [str(entry) for entry in events.entries]
    written += [logging.Formatter().format(record) for record in caplog.records]
    assert [line for line in written if any(canary in line for canary in CANARIES)] == []
    assert {"poller.state", "sender.state", "outbox.settled", "parcel.not_sent", "parcel.unsendable"} <= {
        entry["event"] for entry in events.entries
    }
