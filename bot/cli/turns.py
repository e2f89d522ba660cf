"""Several processes at one database: one leads, the others stand by and, with a webhook, receive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from bot.cli.stagebot import Clock, Connection, Hook, Stagebot
from bot.services.road import Road
from bot.services.starting import look_again, renew_menus
from bot.store.database import Database
from bot.store.errors import PASSING, DatabaseBroken
from bot.store.leading import Lead, lead, ringing
from bot.telegram.parse import parse
from bot.telegram.ports import to_the_end
from bot.telegram.webhook import Webhook
from config.texts import Texts
from conversations.school import School

MENUS_AGAIN = 60.0  # seconds
AGAIN = 1.0  # seconds until a process that lost the lead, or its database, tries again

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class Turns:
    """One of the processes that run the bot of a school; where there is only one it always leads."""

    db: Database
    school: School
    texts: Texts
    clock: Clock
    to: Connection
    beat: float = 5  # seconds
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _is_away: bool = False

    async def run(self) -> None:
        """Receive, and lead whenever it is this process' turn, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self.to.hook is not None:
                tasks.create_task(self._receive(self.to.hook), name="webhook")
            tasks.create_task(self._lead(), name="lead")

    async def _receive(self, hook: Hook) -> None:
        """Put into the inbox what Telegram brings; whoever leads is woken by it."""
        road = Road.build(ringing(self.db), self.school, self.texts, self.clock, parse)
        road.arrived = self._arrived
        async with Webhook(road, url=hook.url, secret=hook.secret).serving(hook.listen):
            await asyncio.Event().wait()

    async def _lead(self) -> None:
        """Lead for good where nobody else can; else lead again and again, and stand by in between."""
        while self.db.shared:
            term = 0
            try:
                async with lead(self.db, self.clock, self._arrived.set) as mine:
                    term = mine.term
                    await self._serve(mine)
            except* DatabaseBroken:
                raise
            except* PASSING as errors:
                self._tell(term, errors)
            await asyncio.sleep(AGAIN)
        async with lead(self.db, self.clock, self._arrived.set) as mine:
            await self._serve(mine)

    def _tell(self, term: int, errors: BaseExceptionGroup[Exception]) -> None:
        """Say that the lead is lost, or once that the database can't be reached."""
        if term:
            log.warning("lead_lost", term=term)
        elif not self._is_away:
            causes = {type(one.__cause__ or one).__name__ for one in errors.exceptions}
            log.warning("database_away", error=", ".join(sorted(causes)))
        self._is_away = not term

    async def _serve(self, mine: Lead) -> None:
        """Do everything there is to do, for as long as this process leads."""
        self._is_away = False
        log.info("leading", term=mine.term)
        async with mine.db.writing() as tx:
            await look_again(tx, self.school, self.clock())
        opened = Stagebot.open(mine.db, self.school, self.texts, self.clock, self.to, lead=mine)
        async with opened as bot, asyncio.TaskGroup() as tasks:
            bot.road.arrived = self._arrived
            tasks.create_task(self._renew_menus(bot), name="menus")
            await bot.run(beat=self.beat)

    async def _renew_menus(self, bot: Stagebot) -> None:
        """Show everybody the commands of a new version, beside everything else; where it fails, once more."""
        while True:
            try:
                if await to_the_end(renew_menus(bot.road.db, bot.road.answering.speaker, self.clock())):
                    bot.sender.nudge()
            except Exception as error:  # noqa: BLE001 (menus may wait until the database can be written again)
                log.error("menus_failed", error=type(error).__name__)
                await asyncio.sleep(MENUS_AGAIN)
            else:
                return
