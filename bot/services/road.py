"""The one road: record, load, decide, save, send. Whatever happens takes it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.services.answering import Answering
from bot.services.asking import Asking
from bot.services.counting import Counting
from bot.services.flooding import Flooding
from bot.services.incoming import Incoming
from bot.services.joining import Doorman
from bot.services.preparing import Preparing
from bot.services.reaching import Reaching
from bot.services.speaking import Speaker
from bot.services.urgent import looking
from bot.store import inbox, outbox, stages
from bot.store.database import Database
from bot.store.errors import PASSING
from bot.store.records import Claimed, RawUpdate, Sent
from config.texts import Texts
from conversations.model import StageId
from conversations.school import School

AT_ONCE = 200  # updates handled in one transaction
FULL = 100  # updates that a poll brings at most: as many, and more are waiting
NEXT_WITHIN = 0.05  # seconds for the next poll to bring them
STAGES_AT_ONCE = 250  # stages looked at in one transaction: short, so that answers get their turn
AGAIN = timedelta(hours=1)  # until a stage that failed is looked at again
TRIES = 3  # an update that fails so often is set aside
KEPT = timedelta(days=30)  # ids of updates, so that one that comes again is known (docs/trust.md, 10)

log = structlog.get_logger()

Clock = Callable[[], datetime]
Parse = Callable[[RawUpdate, datetime], Incoming | None]


class Unreadable:
    """An update that no parser understands."""


UNREADABLE = Unreadable()


@dataclass(slots=True)
class Road:
    """The services on one database, as the two ends of a channel and the heartbeat use them."""

    db: Database
    clock: Clock
    parse: Parse
    answering: Answering
    asking: Asking
    reaching: Reaching
    counting: Counting
    flooding: Flooding
    arrived: asyncio.Event = field(default_factory=asyncio.Event)  # something waits in the inbox
    nudge: Callable[[], None] = lambda: None  # something waits in the outbox
    _at_work: asyncio.Lock = field(default_factory=asyncio.Lock)  # one batch after the other, in order
    _complete: asyncio.Event = field(default_factory=asyncio.Event)  # no poll is to come for this batch
    _half: bool = False  # one full poll was stored, and a batch takes two

    def __post_init__(self) -> None:
        """Begin with nothing to wait for."""
        self._complete.set()

    @classmethod
    def build(cls, db: Database, school: School, texts: Texts, clock: Clock, parse: Parse) -> Road:
        """Put the use cases together."""
        speaker = Speaker(texts)
        reaching = Reaching(speaker)
        return cls(
            db=db,
            clock=clock,
            parse=parse,
            answering=Answering(school, speaker, Doorman(school, speaker), reaching),
            asking=Asking(school, speaker, Preparing(school, speaker)),
            reaching=reaching,
            counting=Counting(school, speaker),
            flooding=Flooding(speaker, looking(parse, school)),
        )

    # ---- the receiving end -----------------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """Tell whether nothing is being handled, and nothing came in since it was last looked."""
        return not self.arrived.is_set() and not self._at_work.locked()

    async def record(self, updates: list[RawUpdate]) -> None:
        """Keep updates; they may be confirmed to the channel once this returns."""
        now = self.clock()
        is_full = len(updates) >= FULL
        if is_full:
            self._complete.clear()
        async with self.db.writing(alone=False) as tx:  # it only adds: nobody waits for a batch of answers
            judged = await self.flooding.record(tx, updates, now)
        self.flooding.settle(judged, now)
        self._half = is_full and not self._half
        if not self._half:
            self._complete.set()
        self.arrived.set()
        if judged.shut:
            self.nudge()

    async def work(self) -> int:
        """Handle what waits in the inbox, and say how many updates those were."""
        async with self._at_work:
            await self._gather()
            self.arrived.clear()
            async with self.db.reading() as tx:
                updates = await inbox.take(tx, AT_ONCE)
            if updates:
                await self._handle(updates)
                self.nudge()
            if len(updates) == AT_ONCE:
                self.arrived.set()  # there may be more
            return len(updates)

    async def _gather(self) -> None:
        """After a full poll wait a moment for the next: two in one transaction cost less than one and one."""
        if not self._complete.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(NEXT_WITHIN):
                    await self._complete.wait()
            self._half = False
            self._complete.set()

    async def _handle(self, updates: Sequence[RawUpdate]) -> None:
        now = self.clock()
        read = {update: self._read(update, now) for update in updates}
        await self._set_aside([update.id for update, found in read.items() if found is UNREADABLE])
        readable = {update: found for update, found in read.items() if not isinstance(found, Unreadable)}
        for update, incoming in readable.items():
            if update.attempts:  # it may well fail again: not at the cost of a whole batch
                await self._handle_alone(update, incoming, now)
        batch = {update: incoming for update, incoming in readable.items() if not update.attempts}
        try:
            await self._answer(batch, now)
        except Exception as error:  # noqa: BLE001 (one bad update may not stop the others)
            log.warning("batch_failed", updates=len(updates), error=type(error).__name__)
            for update, incoming in batch.items():
                await self._handle_alone(update, incoming, now)

    async def _handle_alone(self, update: RawUpdate, incoming: Incoming | None, now: datetime) -> None:
        try:
            await self._answer({update: incoming}, now)
        except PASSING:
            raise  # the database is away for a while: no fault of the update
        except Exception as error:  # noqa: BLE001 (set aside after three times)
            log.warning("update_failed", update=update.id, error=type(error).__name__)
            async with self.db.writing() as tx:
                await inbox.failed(tx, [update.id])
            if update.attempts + 1 >= TRIES:
                await self._set_aside([update.id])

    async def _answer(self, batch: Mapping[RawUpdate, Incoming | None], now: datetime) -> None:
        incoming = [one for one in batch.values() if one is not None]
        async with self.db.writing() as tx:
            await self.answering.answer(tx, incoming, [update.id for update in batch], now)

    def _read(self, update: RawUpdate, now: datetime) -> Incoming | Unreadable | None:
        try:
            return self.parse(update, now)
        except Exception as error:  # noqa: BLE001 (whatever was sent, the next update must get its turn)
            log.warning("update_unreadable", update=update.id, error=type(error).__name__)
            return UNREADABLE

    async def _set_aside(self, ids: Sequence[int]) -> None:
        if ids:
            log.error("updates_set_aside", updates=list(ids))
            async with self.db.writing() as tx:
                await inbox.dead(tx, ids)

    # ---- the clock -------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Do what is due now, and say how many stages that concerned."""
        now = self.clock()
        async with self.db.reading() as tx:
            due = await stages.due(tx, now, STAGES_AT_ONCE)
        if due:
            await self._look_at(due, now)
            self.nudge()
        if await self.counting.beat(self.db, now):
            self.nudge()
        return len(due)

    async def _look_at(self, due: Sequence[StageId], now: datetime) -> None:
        try:
            await self._tick(due, now)
        except Exception as error:  # noqa: BLE001 (one stage may not keep the others waiting)
            log.warning("tick_failed", stages=len(due), error=type(error).__name__)
            self.asking.forget()
            for stage in due:
                await self._look_at_alone(stage, now)

    async def _look_at_alone(self, stage: StageId, now: datetime) -> None:
        try:
            await self._tick([stage], now)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 (looked at again later)
            log.error("stage_failed", stage=stage, error=type(error).__name__)
            async with self.db.writing() as tx:
                await stages.wake(tx, {stage: now + AGAIN})

    async def _tick(self, due: Sequence[StageId], now: datetime) -> None:
        async with self.db.writing() as tx:
            await self.asking.tick(tx, due, now)

    async def prune(self) -> None:
        """Forget the ids of updates handled long ago."""
        async with self.db.writing() as tx:
            await inbox.prune(tx, self.clock() - KEPT)

    # ---- the sending end -------------------------------------------------------------------------------

    async def claim(self, limit: int, busy: Collection[int]) -> list[Claimed]:
        """Take what may be sent now; it is marked as being sent before this returns."""
        async with self.db.writing() as tx:
            return await outbox.claim(tx, self.clock(), limit, busy)

    async def settle(self, results: Sequence[Sent]) -> None:
        """Keep what became of attempts, and act on what could not be delivered."""
        async with self.db.writing() as tx:
            settled = await outbox.settle(tx, results, self.clock())
            await self.reaching.react(tx, settled, self.clock())

    async def next_at(self) -> datetime | None:
        """Say when the next parcel may leave."""
        async with self.db.reading() as tx:
            return await outbox.next_at(tx)

    async def recover(self) -> None:
        """Mark what was being sent when the process ended as unknown."""
        async with self.db.writing() as tx:
            await outbox.recover(tx, self.clock())

    async def retry_unknown(self) -> None:
        """Send once more what may not have arrived."""
        async with self.db.writing() as tx:
            await outbox.retry_unknown(tx, self.clock())
