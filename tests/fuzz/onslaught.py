"""A school in the middle of its stages, on the real road, that gets whatever the generators make."""

from __future__ import annotations

import json
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select

from bot.cli.playing import FIRST_CHAT, Play, playing
from bot.simulator.phone import Phone
from bot.store import tables
from bot.store.records import RawUpdate
from bot.telegram.fetched import salvage, sort_out
from conversations.model import Role
from tests.dialogues.scenery import write_roster
from tests.fuzz.aimed import Aims, Objects
from tests.fuzz.nasty import CANARY
from tests.fuzz.shapes import Shapes, encode, spoil

STAGES = "BPV-2026-001, BPV-2026-002, BPV-2026-003, BPV-2026-006"
WEEKS = timedelta(weeks=4)  # after the first morning: several questions are open, a first meeting was held
STRANGERS = range(5_000_001, 5_000_004)
BATCH = 60
TROUBLE = {"batch_failed", "update_failed", "work_failed", "tick_failed", "stage_failed", "clerk_failed"}


@dataclass(slots=True)
class Log:
    """What was written to any log: how often each event, and the events that held the canary."""

    events: Counter[str] = field(default_factory=Counter)
    leaks: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def take(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
        """Look at an event of structlog, and drop it."""
        name = str(event["event"])
        self.events[name] += 1
        if CANARY in str(event):
            self.leaks.add(name)
        if name in TROUBLE:
            self.failed.append(f"{name}: {event.get('error')}")
        raise structlog.DropEvent


class _Listener(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.DEBUG)
        self._log = log
        self._format = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        if CANARY in self._format.format(record):
            self._log.leaks.add(record.name)


@contextmanager
def listening() -> Iterator[Log]:
    """Hear every logger at DEBUG, and keep nothing of what it says."""
    log, root = Log(), logging.getLogger()
    handlers, level = root.handlers, root.level  # those of pytest would keep everything
    structlog.configure(processors=[log.take], cache_logger_on_first_use=False)
    root.handlers = [_Listener(log)]
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.handlers = handlers
        root.setLevel(level)
        structlog.reset_defaults()


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody waited, in seconds, and how many of those bot and server used (others share it)."""

    wall: float
    used: float


@dataclass(slots=True)
class Onslaught:
    """Updates without end for one school; the same seed gives the same updates."""

    play: Play
    chance: random.Random
    aims: Aims
    shapes: Shapes
    good: Phone
    next_id: int = 1
    well_formed: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)  # ids
    sent: set[int] = field(default_factory=set)

    def batch(self) -> list[RawUpdate]:
        """Make updates as a poll would bring them; some ids come again, and some are far off."""
        made = [encode(self._update()) for _ in range(BATCH)]
        payload = b'{"ok":true,"result":[' + b",".join(made) + b"]}"
        try:
            fetched = sort_out(json.loads(payload)["result"])
        except (ValueError, RecursionError):
            fetched = salvage(payload)
        self.sent |= {update.id for update in fetched.updates}
        return fetched.updates

    def _update(self) -> Any:
        self.next_id += self.chance.choice((1, 1, 1, 1, 7, 1_000))
        kind = self.chance.random()
        update = self.aims.update() if kind < 0.6 else self.shapes.update()
        number = self.next_id - (self.chance.random() < 0.03)
        if kind < 0.85:
            self.well_formed |= {number} - self.used  # of two with the same id the first counts
            self.used.add(number)
            return {"update_id": number, **update}
        self.used.add(number)
        spoiled = spoil(self.chance, update)
        return {"update_id": number, **spoiled} if isinstance(spoiled, dict) else spoiled

    async def look_around(self) -> None:
        """Learn what there is, so that buttons can name it."""
        found: list[int] = []
        async with self.play.db.reading() as tx:
            for table in (
                tables.stages,
                tables.check_ins,
                tables.signals,
                tables.participants,
                tables.uploads,
            ):
                found += [row.id for row in await tx.all(select(table.c.id))]
            questions = {row.question for row in await tx.all(select(tables.replies.c.question))}
        shown = [m for phone in self.play.world.phones for m in phone.messages[-40:]]
        data = {one["data"] for m in shown for row in m["buttons"] for one in row if "data" in one}
        codes = [one.code or "" for one in self.play.people]
        self.aims.objects = Objects(found, sorted(questions), sorted(data), codes)
        self.aims.stamp = int(self.play.clock().timestamp())

    async def good_update(self) -> Wait:
        """Let somebody who does nothing odd write, and give how long the answer took."""
        begin, used, mine = (
            time.monotonic(),
            time.process_time(),
            self.good.text("Ik mocht vandaag zelf de balie doen"),
        )
        while not any(m["from"] == "bot" and m["message_id"] > mine for m in self.good.messages[-5:]):
            await self.play.bot.road.work()
            await self.play.world.settled(0.01)
        return Wait(time.monotonic() - begin, time.process_time() - used)


@asynccontextmanager
async def onslaught(folder: Path, seed: int) -> AsyncIterator[Onslaught]:
    """Open a school where everybody joined; the last student is left in peace."""
    file = folder / "rooster.csv"
    write_roster(file, {"stage": STAGES})
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    async with playing(file) as play:
        for number, one in enumerate(play.people):
            phone = play.world.phone(FIRST_CHAT + number)
            phone.start(one.code)
            await play.rest()
            message = phone.messages[-1]
            phone.press(message["message_id"], message["buttons"][0][0]["data"])
            await play.rest()
        await play.jump(play.clock() + WEEKS)
        for stranger in STRANGERS:
            play.world.person(stranger, CANARY).start()
        await play.rest()
        last = [n for n, one in enumerate(play.people) if Role.STUDENT in one.participant.roles][-1]
        ids = [FIRST_CHAT + n for n in range(len(play.people)) if n != last] + list(STRANGERS)
        people = [{"id": one, "is_bot": False, "first_name": CANARY, "language_code": "nl"} for one in ids]
        aims = Aims(chance, people, int(play.clock().timestamp()))
        yield Onslaught(play, chance, aims, Shapes(chance, people), play.world.phone(FIRST_CHAT + last))
