"""Which of several processes leads: it alone fetches, decides, beats and sends (docs/decisions/0022).

On a server database several processes may run. A lock that lasts as long as a connection says who leads; a
term that each new leader raises is checked by every transaction that writes, so that one who lost the lead
and does not know it yet changes nothing. With a file the lock on it has seen to it that there is one process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, func, literal, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.errors import PASSING, LeadLost
from bot.store.tables import leader
from bot.store.transaction import Transaction

LEASE = 6  # seconds without a word from a leader after which the server ends its connection, and its lead
SURE = 4.5  # seconds since the last word in which a leader knows that it leads: less, as it measures itself
ROUND = 1.0  # seconds between two words of a leader, and between two tries of who would lead
_QUIET = 1.0  # seconds in which a new leader sends nothing: what the last one sent is of another second then
_LOCK = int.from_bytes(b"stagebot")
_BELL = "stagebot_inbox"
_PATIENCE = text(f"SET idle_session_timeout = '{LEASE}s'")
_TRY = select(func.pg_try_advisory_lock(_LOCK))
_ASK = select(func.max(leader.c.term))
_RAISE = (
    update(leader)
    .where(leader.c.id == 1)
    .values(term=leader.c.term + 1, since=bindparam("now"))
    .returning(leader.c.term)
)
# One statement for two things: a leader that is paused half-way lets go of its locks as well.
_FENCE = (
    select(
        func.set_config(literal("idle_in_transaction_session_timeout"), literal(f"{LEASE}s"), literal(True))
    )
    .select_from(leader)
    .where(leader.c.id == 1, leader.c.term == bindparam("term"))
    .with_for_update(read=True)
)
_RING = select(func.pg_notify(_BELL, ""))
# Seconds that pass while the machine sleeps, too, where there is such a clock.
_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

log = structlog.get_logger()


def clock() -> float:
    """Give seconds on a clock that nobody sets, and that goes on while a process or machine stands still."""
    return time.clock_gettime(_CLOCK)


class Lead:
    """The lead while it lasts: `db` is the database as only its leader may change it."""

    def __init__(self, db: Database, *, began: float = float("inf")) -> None:
        self.db = db
        self.term = 0
        self._sure_until = began + SURE
        self._lost = asyncio.Event()

    @property
    def quiet(self) -> float:
        """Give the seconds before the first message may leave: what the last leader sent may be so recent."""
        return _QUIET if self.term > 1 else 0.0

    def holds(self) -> bool:
        """Tell whether this process leads for certain; one that was paused for a while does not know."""
        return not self._lost.is_set() and clock() < self._sure_until

    async def until_lost(self) -> None:
        """Wait for the end of the lead, and raise LeadLost."""
        await self._lost.wait()
        raise LeadLost

    def lose(self, *_why: object) -> None:
        """Note that another process may lead from now on."""
        self._lost.set()

    def fence(self, term: int) -> None:
        """Let nothing be written from now on but in this term."""
        self.term = term
        self.db = self.db.beginning_with(self._check)

    async def keep(self, session: AsyncConnection) -> None:
        """Say a word every second, until there is no answer or somebody else leads."""
        try:
            while not self._lost.is_set():
                began = clock()
                async with asyncio.timeout(SURE):
                    term = (await session.execute(_ASK)).scalar_one_or_none()
                if self.term and term != self.term:
                    break
                self._sure_until = began + SURE
                await asyncio.sleep(ROUND)
        except (SQLAlchemyError, OSError) as error:
            log.debug("lead_session_failed", error=type(error).__name__)
        finally:
            self.lose()

    async def _check(self, tx: Transaction) -> None:
        if not await tx.all(_FENCE, {"term": self.term}):
            self.lose()
            raise LeadLost


@asynccontextmanager
async def lead(db: Database, now: Callable[[], datetime], arrived: Callable[[], None]) -> AsyncIterator[Lead]:
    """Wait until this process leads, and lead until the block ends or the lead is lost.

    `arrived` is called when another process has put something into the inbox. Raises LeadLost when the
    server can't be reached: try again.
    """
    if not db.shared:
        yield Lead(db)
        return
    async with AsyncExitStack() as stack:
        try:
            mine = await _won(db, now, arrived, stack)
        except PASSING as error:
            raise LeadLost from error
        yield mine


def ringing(db: Database) -> Database:
    """Give the database as those use it who only fill the inbox: each commit wakes the leader."""
    return db.beginning_with(_ring) if db.shared else db


async def _won(
    db: Database, now: Callable[[], datetime], arrived: Callable[[], None], stack: AsyncExitStack
) -> Lead:
    """Wait for the lock, and from then on keep it."""
    session = await stack.enter_async_context(db.session())
    await session.execute(_PATIENCE)
    began = await _lock(session)
    mine = Lead(db, began=began)
    driver: Any = (await session.get_raw_connection()).driver_connection
    driver.add_termination_listener(mine.lose)
    try:
        await driver.add_listener(_BELL, lambda *_: arrived())
    except Exception as error:  # of the driver, which nobody translates here
        raise LeadLost from error
    keeping = asyncio.create_task(mine.keep(session))
    stack.push_async_callback(_end, keeping)
    mine.fence(await _next_term(db, now()))
    return mine


async def _lock(session: AsyncConnection) -> float:
    """Try every second; give the moment at which the try began that got it."""
    is_told = False
    while True:
        began = clock()
        if (await session.execute(_TRY)).scalar_one():
            return began
        if not is_told:
            log.info("standing_by")
            is_told = True
        await asyncio.sleep(ROUND)


async def _next_term(db: Database, now: datetime) -> int:
    """Raise the term: what an earlier leader still begins comes to nothing."""
    async with db.writing() as tx:
        await tx.insert_or_ignore(leader, [{"id": 1, "term": 0, "since": now}])
        ((term,),) = await tx.all(_RAISE, {"now": now})
    return int(term)


async def _ring(tx: Transaction) -> None:
    await tx.all(_RING)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
