"""The outbox where the clock ran ahead for a while and was set back (docs/trust.md, 8)."""

from __future__ import annotations

from datetime import timedelta

from bot.store import outbox
from bot.store.database import Database
from bot.store.records import Outcome
from conversations.messages import Lane
from tests.store.conftest import NOW, School
from tests.store.making import claimed, parcel, settled, texts

AHEAD = NOW + timedelta(days=365)
MINUTE = timedelta(minutes=1)
NIGHT = timedelta(hours=9)


async def test_an_answer_that_was_queued_by_a_clock_ahead_leaves_at_once(
    db: Database, school: School
) -> None:
    """Somebody waits for it; what was to wait for the morning still does, and a question for its moment."""
    async with db.writing() as tx:
        parcels = [
            parcel(school.samira, "antwoord", Lane.ANSWER),
            parcel(school.daan, "morgen", Lane.ANSWER, not_before=NOW + NIGHT),
            parcel(school.ingrid, "vraag"),
        ]
        await outbox.put(tx, parcels, AHEAD)
        assert await texts(tx) == ["antwoord"]
        assert await texts(tx, NOW + NIGHT) == ["morgen"]


async def test_another_attempt_does_not_wait_for_what_a_clock_ahead_said(
    db: Database, school: School
) -> None:
    """With a clock a year ahead no connection is trusted: all that failed then is tried again now."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "een"), parcel(school.daan, "twee")], NOW)
        failed, lost = await claimed(tx)
        await settled(tx, failed, Outcome.RETRY, again_at=AHEAD + MINUTE)
        await settled(tx, lost, Outcome.UNKNOWN, AHEAD)
        await outbox.retry_unknown(tx, NOW)
        assert await texts(tx) == ["een"]
        await outbox.retry_unknown(tx, NOW + MINUTE)
        assert await texts(tx, NOW + MINUTE) == ["twee"]


async def test_a_pause_that_telegram_asked_for_is_kept(db: Database, school: School) -> None:
    """What waits for less than an hour waits for as long as was said."""
    async with db.writing() as tx:
        await outbox.put(tx, [parcel(school.samira, "een")], NOW)
        (first,) = await claimed(tx)
        await settled(tx, first, Outcome.WAIT, again_at=NOW + 59 * MINUTE)
        await outbox.retry_unknown(tx, NOW)
        assert await claimed(tx, NOW + 58 * MINUTE) == []
        assert await texts(tx, NOW + 59 * MINUTE) == ["een"]
