"""A roster that was sent as a file: read and checked, and compared with what is stored of one's own teams."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from bot.roster.checking import check
from bot.roster.comparing import Difference, compare
from bot.roster.errors import RosterError
from bot.roster.model import Roster, Table
from bot.roster.reading import read
from bot.roster.report import difference_lines
from bot.roster.teams import own_part
from bot.store import people
from bot.store import roster as stored
from bot.store.transaction import Transaction
from conversations.model import ParticipantId
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that is a table, with all that was found in it."""

    table: Table = field(repr=False)
    roster: Roster = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a roster would change of the teams of whoever sent it, and what is wrong with it."""

    roster: Roster = field(repr=False)
    found: Difference = field(repr=False)

    @property
    def is_refused(self) -> bool:
        """Tell whether it can't be imported as it is."""
        return bool(self.roster.errors or self.found.other_student)

    @property
    def fingerprint(self) -> str:
        """Tell this difference from another: by what is shown of it, which holds nothing of a person."""
        return hashlib.sha256("\n".join(difference_lines(self.found)).encode()).hexdigest()


def read_sheet(data: bytes, name: str, school: School) -> Sheet | RosterError:
    """Read and check a file; gives the error of one that is no table. It takes a while: not for the loop."""
    teams = _teams(school)
    try:
        table = read(data, name)
    except RosterError as error:
        return error
    roster = check(table, school.programmes.keys(), teams, school.calendar.zone)
    return Sheet(table=table, roster=roster)


async def compared(tx: Transaction, sheet: Sheet, sender: ParticipantId, school: School) -> Compared:
    """Say what importing a sheet would change, as far as it is its sender's to change."""
    leads = await people.coordinators(tx, _teams(school))
    own = {team for team, coordinators in leads.items() if sender in coordinators}
    roster, mine = own_part(sheet.roster, sheet.table, await stored.stored_stages(tx), own)
    return Compared(roster=roster, found=compare(roster, mine, school.calendar.zone))


def _teams(school: School) -> Collection[str]:
    return {team for one in school.coordinators for team in one.teams}
