"""Gives coordinators the page of their team about last month, once, on the first workday of a month."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

import structlog

from bot.services.speaking import Speaker
from bot.store import access, outbox, people, tallies
from bot.store.database import Database
from bot.store.transaction import Transaction
from conversations.model import ParticipantId
from conversations.overview.periods import page_month
from conversations.overview.team import monthly_page
from conversations.school import School
from conversations.tallies import TeamCounts

AT_ONCE = 20  # teams counted in one statement

log = structlog.get_logger()


@dataclass(slots=True)
class Counting:
    """The use case of the monthly page (promise P6). After downtime only last month's page goes out."""

    school: School
    speaker: Speaker
    _looked: str = field(default="")  # the hour in which it was last looked whether there is a page to give
    _empty: dict[str, date] = field(default_factory=dict)  # the day on which a team had nothing to tell

    async def beat(self, db: Database, now: datetime) -> int:
        """Look once an hour whether pages are due, and hand them over; say how many went out."""
        hour = f"{now:%Y-%m-%d %H}"
        if hour == self._looked:
            return 0
        self._looked = hour
        month = page_month(self.school.calendar, now)
        if month is None:
            return 0
        async with db.reading() as tx:
            leads = await tallies.joined_leads(tx)
            had = await tallies.with_page(tx, month)
        empty = {team for team, day in self._empty.items() if day == now.date()}  # counted again tomorrow
        waiting = sorted(leads.keys() - had - empty)
        return sum(
            [
                await self._give(db, waiting[start : start + AT_ONCE], leads, month, now)
                for start in range(0, len(waiting), AT_ONCE)
            ]
        )

    async def _give(
        self,
        db: Database,
        teams: Collection[str],
        leads: dict[str, list[ParticipantId]],
        month: str,
        now: datetime,
    ) -> int:
        """Count some teams, and claim and queue their pages together."""
        async with db.reading() as tx:
            counted = await tallies.of_teams(tx, teams, self.school, now, companies_in=month)
        async with db.writing() as tx:
            given = [await self._page(tx, team, leads[team.team], month, now) for team in counted.values()]
        log.info("monthly_pages", month=month, teams=sum(given))
        return sum(given)

    async def _page(
        self, tx: Transaction, team: TeamCounts, leads: list[ParticipantId], month: str, now: datetime
    ) -> bool:
        pages = [monthly_page(team, month, self.school, to) for to in leads]
        out = [page for page in pages if page is not None]
        if not out:
            self._empty[team.team] = now.date()
            return False
        if not await tallies.claim_page(tx, team.team, month, now):
            return False
        known = await people.by_ids(tx, leads)
        await outbox.put(tx, self.speaker.parcels(out, known, now), now)
        for lead in leads:
            await access.log(tx, now, None, f"monthly page {month}", lead)
        return True
