"""The clock is believed while it is not ahead of what Telegram said (docs/trust.md, 8; decision 19)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.simulator.server import Simulator
from bot.store.leading import clock
from bot.telegram.client import Client
from bot.telegram.clockcheck import ClockCheck
from bot.telegram.errors import BotApiError
from tests.telegram.conftest import NOW, PlainServer

HOUR, A_MINUTE = timedelta(hours=1), timedelta(minutes=1)
WRITTEN = format_datetime(NOW, usegmt=True)


def said(date: str | None, seconds_ago: float = 0.0) -> Callable[[], tuple[str | None, float]]:
    return lambda: (date, clock() - seconds_ago)


@pytest.mark.parametrize(
    ("now", "passes"),
    [
        (NOW, True),
        (NOW + HOUR - A_MINUTE, True),
        (NOW + HOUR + A_MINUTE, False),
        (NOW + timedelta(days=365), False),
        (NOW - timedelta(days=365), True),
    ],
)
def test_only_a_clock_that_is_more_than_an_hour_ahead_is_not_believed(now: datetime, passes: bool) -> None:
    """One that is behind asks late at worst; one that is ahead would write off what is still to come."""
    assert ClockCheck(said(WRITTEN)).passes(now) is passes


def test_what_ran_since_the_answer_counts() -> None:
    """Telegram away for a day: the clock is a day later, and right."""
    check = ClockCheck(said(WRITTEN, seconds_ago=86_400))
    assert [check.passes(NOW + timedelta(days=days)) for days in (1, 2)] == [True, False]


@pytest.mark.parametrize("date", [None, "", "gisteren", "Tue, 99 Foo 2026 14:30:00 GMT"])
def test_a_date_that_says_nothing_holds_nothing_up(date: str | None) -> None:
    """A server that sends none, or nonsense."""
    assert ClockCheck(said(date)).passes(NOW)


def test_before_the_first_answer_nothing_is_believed() -> None:
    """With a clock a year ahead there is none: the certificate has expired by it."""
    assert not ClockCheck(lambda: None).passes(NOW)


@pytest.mark.parametrize("status", [200, 429, 502])
async def test_each_answer_tells_the_time(server: PlainServer, plain_client: Client, status: int) -> None:
    """Any answer does, whatever its status; the last one counts."""
    server.answer("getUpdates", '{"ok": true, "result": []}')
    server.answer("sendMessage", '{"ok": false}', status)
    assert plain_client.told() is None
    await plain_client.call("getUpdates", {})
    polled = plain_client.told()
    with suppress(BotApiError):
        await plain_client.call("sendMessage", {})
    sent = plain_client.told()
    assert polled is not None
    assert sent is not None
    assert polled[1] < sent[1] <= clock()
    assert ClockCheck(plain_client.told).passes(datetime.now(UTC))
    assert not ClockCheck(plain_client.told).passes(datetime.now(UTC) + 2 * HOUR)


async def test_the_simulator_says_what_time_it_is_there(simulator: Simulator, client: Client) -> None:
    """Where a test gives it a clock; else it is the machine's."""
    simulator.date = lambda: NOW
    await client.call("getMe", {})
    told = client.told()
    assert told is not None
    assert told[0] == WRITTEN
