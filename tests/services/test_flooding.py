"""A budget a chat: what people do stays far below it, and what is over it costs nobody else anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

import config
from bot.services.flooding import BURST, LOOK_EVERY, MOST_WAITING, PAUSE, WATCHED, Flooding
from bot.services.speaking import Speaker
from bot.services.urgent import is_urgent
from bot.store import inbox, outbox, tables
from bot.store.database import Database
from bot.store.records import Parcel, RawUpdate
from config.texts import Texts
from conversations.events import Commanded, Event, Said
from conversations.messages import Lane
from tests.crash.child import open_database
from tests.services.school import School, from_bot
from tests.store.conftest import NOW

CHAT, OTHER = 1001, 1002
HELP = b'"help"'
SECOND = timedelta(seconds=1)
_IDS = count(10**12)
TOLD = "Er kwam in korte tijd heel veel van je binnen."


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """Give an open database that is empty."""
    opened = await open_database(tmp_path)
    yield opened
    await opened.close()


class Door:
    """Records updates as the road does, each with the next id."""

    def __init__(self, db: Database) -> None:
        self.db, self.now, self.last = db, NOW, 0
        self.flooding = Flooding(Speaker(Texts.load()), lambda update, _now: update.raw == HELP)

    async def send(self, many: int, chat: int | None = CHAT) -> tuple[int, int]:
        """Send updates together; give how many were kept and how many refused."""
        updates = [RawUpdate(id=self.last + n + 1, raw=b"{}", chat=chat) for n in range(many)]
        self.last += many
        return await self.record(updates)

    async def record(self, updates: list[RawUpdate]) -> tuple[int, int]:
        """Record updates; give how many were kept and how many refused."""
        async with self.db.writing() as tx:
            judged = await self.flooding.record(tx, updates, self.now)
        self.flooding.settle(judged, self.now)
        return len(judged.kept), len(judged.refused)


async def test_what_people_do_is_never_refused(db: Database) -> None:
    """A hundred forwarded photos, a hundred taps after that, then a line a second for an hour
    (docs/trust.md, 11)."""
    door = Door(db)
    together = [await door.send(100), await door.send(100)]
    slowly = []
    for _ in range(3600):
        door.now += SECOND
        slowly.append(await door.send(1))
    assert (together, set(slowly)) == ([(100, 0), (100, 0)], {(1, 0)})


async def test_what_is_over_the_budget_is_not_kept_until_the_pause_is_over(db: Database) -> None:
    """From the first one over it nothing is kept for five minutes, and then everything again."""
    door = Door(db)
    assert await door.send(BURST + 50) == (BURST, 50)
    door.now += PAUSE - SECOND
    assert await door.send(1) == (0, 1)
    door.now += SECOND
    assert await door.send(BURST) == (BURST, 0)
    async with db.reading() as tx:
        assert await inbox.counts(tx) == {"new": 2 * BURST, "refused": 51}
        held = await tx.all(select(tables.inbox).where(tables.inbox.c.state == "refused"))
    assert {(row.raw_sealed, row.chat_lookup) for row in held} == {(None, None)}


async def test_a_cry_for_help_is_kept_in_a_pause_five_times(db: Database) -> None:
    """A flood in which everything cries for help is a flood (docs/trust.md, 11)."""
    door = Door(db)
    await door.send(BURST + 1)
    cries = [RawUpdate(id=10**6 + n, raw=HELP, chat=CHAT) for n in range(7)]
    assert [await door.record(cries), await door.record(cries)] == [(5, 2), (5, 2)]


async def test_what_is_urgent_is_a_command_or_a_word_of_danger() -> None:
    """Who wants help, or to be left alone; what people say otherwise is not (docs/decisions/0020)."""
    school = config.load(None)
    events: list[Event] = [
        Commanded(message=1, name="stop", argument="", at=NOW),
        Commanded(message=1, name="hulp", argument="", at=NOW),
        Said(message=1, text="Ik wil niet meer leven", at=NOW),
        Said(message=1, text="Lekker gewerkt", at=NOW),
        Commanded(message=1, name="vragen", argument="", at=NOW),
    ]
    assert [is_urgent(one, school) for one in events] == [True, True, True, False, False]


async def test_a_flood_of_one_costs_another_nothing(db: Database) -> None:
    """Budgets are of a chat; what is of no chat is kept whatever happens."""
    door = Door(db)
    await door.send(1000)
    assert [await door.send(10, OTHER), await door.send(300, None)] == [(10, 0), (300, 0)]


async def test_the_same_updates_again_cost_nothing(db: Database) -> None:
    """Where confirming fails a poll brings them ten times: that is no flood, and changes no verdict."""
    door = Door(db)
    poll = [RawUpdate(id=n, raw=b"{}", chat=CHAT) for n in range(1, BURST + 2)]
    again = [await door.record(poll) for _ in range(10)]
    async with db.reading() as tx:
        counts = await inbox.counts(tx)
    assert (set(again), counts) == ({(BURST, 1)}, {"new": BURST, "refused": 1})


async def test_what_the_database_did_not_take_costs_nothing(db: Database) -> None:
    """Updates that come again after a full disk or a lock are counted once."""
    door = Door(db)
    poll = [RawUpdate(id=n, raw=b"{}", chat=CHAT) for n in range(1, BURST + 1)]
    with pytest.raises(OSError, match="full"):
        await _record_in_vain(door, poll)
    assert await door.record(poll) == (BURST, 0)


async def _record_in_vain(door: Door, poll: list[RawUpdate]) -> None:
    async with door.db.writing() as tx:
        await door.flooding.record(tx, poll, NOW)
        raise OSError("full")


async def test_a_clock_that_goes_back_shuts_nobody_out(db: Database) -> None:
    """Neither for an hour after a pause that began then, nor by refusing what was below the budget."""
    door = Door(db)
    await door.send(BURST + 1)
    door.now -= timedelta(hours=1)
    assert await door.send(1) == (1, 0)


async def test_answers_for_one_chat_do_not_grow_without_end(db: Database) -> None:
    """Where hundreds wait for somebody, who still sends below the budget, a pause begins."""
    door = Door(db)
    await door.send(LOOK_EVERY - 1)
    waiting = Parcel(to=None, chat=CHAT, kind="message", payload={"text": "x"}, lane=Lane.ANSWER)
    async with db.writing() as tx:
        await outbox.put(tx, [replace(waiting) for _ in range(MOST_WAITING + 1)], NOW)
    assert await door.send(1) == (0, 1)
    door.now += PAUSE
    assert await door.send(1) == (0, 1)  # they still wait


async def test_budgets_of_many_chats_take_little_room(db: Database) -> None:
    """Only the chats of lately are remembered."""
    door = Door(db)
    await door.record([RawUpdate(id=n + 1, raw=b"{}", chat=n) for n in range(WATCHED + 500)])
    assert len(door.flooding._accounts) == WATCHED


async def test_whoever_floods_is_told_once_in_their_own_words(school: School) -> None:
    """In a flood of several polls; and once more in a flood after the pause (docs/trust.md, 11)."""
    await school.join(school.student)
    for _ in range(2):
        for _ in range(3):
            await _poll(school, school.student.user_id)
        await school.play.rest()
        await school.wait(PAUSE)
    assert sum(text.startswith(TOLD) for text in from_bot(school.student)) == 2


async def test_a_stranger_or_a_group_that_floods_is_not_written_to(school: School) -> None:
    """Nothing is kept of them anyway, and the bot never writes in a group."""
    await _poll(school, -100_123)
    await _poll(school, 987_654)
    async with school.play.db.reading() as tx:
        counts, parcels = await inbox.counts(tx), await outbox.counts(tx)
    assert (counts["refused"], parcels) == (2 * 50, {})


async def _poll(school: School, chat: int) -> None:
    """Let a chat be over its budget in one poll."""
    updates = [RawUpdate(id=next(_IDS), raw=b'{"poll": {}}', chat=chat) for _ in range(BURST + 50)]
    await school.play.bot.road.record(updates)
