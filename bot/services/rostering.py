"""Compares a checked roster with what is stored, and imports it: all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.roster.comparing import Difference, compare
from bot.roster.model import Roster
from bot.store import roster as stored
from bot.store.errors import StudentChanged
from bot.store.roster import CoordinatorRecord
from bot.store.transaction import Transaction
from conversations.roster import StageRow
from conversations.school import School


async def difference(tx: Transaction, roster: Roster, school: School) -> Difference:
    """Say what importing would change."""
    return compare(roster, await stored.stored_stages(tx), school.calendar.zone)


async def import_(
    tx: Transaction, roster: Roster, found: Difference, ended: Collection[str], school: School, now: datetime
) -> None:
    """Store what is new or changed, and the coordinators of the school's own file.

    Raise StudentChanged, before anything is stored, where a code belongs to another student.
    """
    if found.other_student:
        raise StudentChanged(found.other_student[0])
    changed = (*found.new, *(one.stage for one in found.changed))
    concerned = {person for stage in changed for person in _people_of(stage)}
    people = [p for p in roster.people if (p.kind, p.identity) in concerned]
    await stored.apply(tx, people, changed, ended, now)
    await stored.set_coordinators(tx, coordinators(school), now)


def coordinators(school: School) -> list[CoordinatorRecord]:
    """Give the coordinators of the school's own file, one record a team."""
    return [
        CoordinatorRecord(team=team, code=one.code, name=one.name)
        for one in school.coordinators
        for team in one.teams
    ]


def _people_of(stage: StageRow) -> tuple[tuple[str, str], ...]:
    return ("student", stage.student), ("trainer", stage.trainer), ("teacher", stage.teacher)
