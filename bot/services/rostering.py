"""Compares a checked roster with what is stored, and imports it: all of it or nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.roster.comparing import Difference, StoredStage, compare
from bot.roster.model import Person, Roster, StageRow
from bot.store import roster as stored
from bot.store.roster import CoordinatorRecord, PersonRecord, StageRecord
from bot.store.transaction import Transaction
from conversations.school import School


async def difference(tx: Transaction, roster: Roster, school: School) -> Difference:
    """Say what importing would change."""
    return compare(roster, await stages(tx), school.calendar.zone)


async def stages(tx: Transaction) -> list[StoredStage]:
    """Give the stored stages in the words of a roster."""
    return [
        StoredStage(
            stage=_row(s.stage),
            student=_person(s.student),
            trainer=_person(s.trainer),
            teacher=_person(s.teacher),
            ended=s.ended,
        )
        for s in await stored.stored_stages(tx)
    ]


async def import_(
    tx: Transaction, roster: Roster, found: Difference, ended: Collection[str], school: School, now: datetime
) -> None:
    """Store what is new or changed, and the coordinators of the school's own file."""
    changed = (*found.new, *(one.stage for one in found.changed))
    people = {person for stage in changed for person in _people_of(stage)}
    wanted = [_person_record(p) for p in roster.people if (p.kind, p.identity) in people]
    await stored.apply(tx, wanted, [_record(stage) for stage in changed], ended, now)
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


def _person(record: PersonRecord) -> Person:
    return Person(**{name: getattr(record, name) for name in Person.__slots__})


def _person_record(person: Person) -> PersonRecord:
    return PersonRecord(**{name: getattr(person, name) for name in PersonRecord.__slots__})


def _row(record: StageRecord) -> StageRow:
    return StageRow(**{name: getattr(record, name) for name in StageRow.__slots__})


def _record(row: StageRow) -> StageRecord:
    return StageRecord(**{name: getattr(row, name) for name in StageRecord.__slots__})
