"""Participants: who they are, and which chat is theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, exists, select, update

from bot.store.tables import PENDING, invitations, outbox, participants, stages
from bot.store.tables import coordinators as coordinators_table
from bot.store.transaction import Transaction
from conversations.model import Address, Language, Moment, Participant, ParticipantId, Reach, Role

_SELECT = select(
    participants,
    exists().where(stages.c.student == participants.c.id).label("is_student"),
    exists().where(stages.c.trainer == participants.c.id).label("is_trainer"),
    exists().where(stages.c.teacher == participants.c.id).label("is_teacher"),
    exists().where(coordinators_table.c.participant == participants.c.id).label("is_coordinator"),
)
_BY_ID = _SELECT.where(participants.c.id.in_(bindparam("ids", expanding=True)))
_BY_CHAT = _SELECT.where(participants.c.chat_lookup.in_(bindparam("lookups", expanding=True)))
_ALL = _SELECT.order_by(participants.c.id)
_JOINED = (
    select(participants.c.id).where(participants.c.reach == Reach.JOINED.value).order_by(participants.c.id)
)
_FREE_CHAT = (
    update(participants)
    .where(participants.c.chat_lookup == bindparam("chat"), participants.c.id != bindparam("person"))
    .values(chat_lookup=None, chat_sealed=None, reach=Reach.INVITED.value)
)
_BIND = (
    update(participants)
    .where(participants.c.id == bindparam("person"))
    .values(chat_lookup=bindparam("chat"), chat_sealed=bindparam("sealed"), reach=Reach.JOINED.value)
)
_HOLD_PARCELS = (
    update(outbox)
    .where(
        outbox.c.chat_lookup == bindparam("chat"),
        PENDING,
        outbox.c.participant != bindparam("person"),
    )
    .values(chat_lookup=None)
)
_FREE_PARCELS = (
    update(outbox)
    .where(outbox.c.participant == bindparam("person"), PENDING)
    .values(chat_lookup=bindparam("chat"))
)
_COORDINATORS = (
    select(coordinators_table)
    .where(coordinators_table.c.team.in_(bindparam("teams", expanding=True)))
    .order_by(coordinators_table.c.team, coordinators_table.c.participant)
)
_UNBIND = (
    update(participants)
    .where(participants.c.id.in_(bindparam("people", expanding=True)))
    .values(chat_lookup=None, chat_sealed=None, reach=Reach.INVITED.value)
)
_HOLD_ALL_PARCELS = (
    update(outbox)
    .where(outbox.c.participant.in_(bindparam("people", expanding=True)), outbox.c.state == "pending")
    .values(chat_lookup=None)
)
_STAGE_CODES = select(stages.c.code, stages.c.student, stages.c.trainer, stages.c.teacher).order_by(
    stages.c.code
)
_OPEN_INVITATIONS = select(invitations.c.participant, invitations.c.expires_at).where(
    invitations.c.used_at.is_(None), invitations.c.revoked_at.is_(None)
)


_ROLES = (Role.STUDENT, Role.TRAINER, Role.TEACHER, Role.COORDINATOR)
# Looked up, not made: a tick reads thousands of people.
_LANGUAGES, _ADDRESSES = {one.value: one for one in Language}, {one.value: one for one in Address}
_REACHES = {one.value: one for one in Reach}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """A participant with what an invitation list shows; `invited_until` is set while a code is open."""

    participant: Participant
    stages: tuple[str, ...]
    invited_until: datetime | None


async def by_ids(tx: Transaction, ids: Iterable[ParticipantId]) -> dict[ParticipantId, Participant]:
    """Load participants by id; who does not exist is absent."""
    people = await opened(tx, await tx.all_in(_BY_ID, "ids", set(ids)))
    return {person.id: person for person in people}


async def by_chats(tx: Transaction, chats: Collection[int]) -> dict[int, Participant]:
    """Load participants by chat id; a chat of nobody is absent."""
    by_lookup = {tx.lookup("chat", chat): chat for chat in chats}
    rows = await tx.all_in(_BY_CHAT, "lookups", by_lookup)
    people = await opened(tx, rows)
    return {by_lookup[row.chat_lookup]: person for row, person in zip(rows, people, strict=True)}


async def chats_of(tx: Transaction, ids: Iterable[ParticipantId]) -> dict[ParticipantId, int]:
    """Give the chat ids of participants; who has none is absent."""
    rows = [row for row in await tx.all_in(_BY_ID, "ids", set(ids)) if row.chat_sealed is not None]
    await tx.prepare([row.id for row in rows])
    found = {ParticipantId(r.id): tx.text(r.id, "participants", r.id, "chat", r.chat_sealed) for r in rows}
    return {person: int(chat) for person, chat in found.items() if chat is not None}


async def joined_ids(tx: Transaction) -> list[ParticipantId]:
    """Name everybody who can be written to."""
    return [ParticipantId(row.id) for row in await tx.all(_JOINED)]


async def coordinators(tx: Transaction, teams: Collection[str]) -> dict[str, list[ParticipantId]]:
    """Say who coordinates each team; a team without one is absent."""
    leads: dict[str, list[ParticipantId]] = defaultdict(list)
    for row in await tx.all_in(_COORDINATORS, "teams", teams):
        leads[row.team].append(ParticipantId(row.participant))
    return dict(leads)


async def bind(tx: Transaction, participant: ParticipantId, chat: int) -> None:
    """Make this chat the participant's only one, and the participant the only one of this chat."""
    await tx.prepare([participant])
    values = {"person": participant, "chat": tx.lookup("chat", chat)}
    await tx.run(_FREE_CHAT, values)
    await tx.run(_HOLD_PARCELS, values)
    sealed = tx.seal(participant, "participants", participant, "chat", str(chat))
    await tx.run(_BIND, {**values, "sealed": sealed})
    await tx.run(_FREE_PARCELS, values)


async def unbind(tx: Transaction, people: Collection[ParticipantId]) -> None:
    """Take the chat away from participants; what waits for them waits until they join again."""
    await tx.run_in(_UNBIND, "people", people)
    await tx.run_in(_HOLD_ALL_PARCELS, "people", people)


async def invitees(tx: Transaction) -> list[Invitee]:
    """List all participants with stage codes, roles and whether they joined or hold an open invitation."""
    codes: dict[int, list[str]] = {}
    for code, *people in await tx.all(_STAGE_CODES):
        for person in set(people):
            codes.setdefault(person, []).append(code)
    until: dict[int, datetime] = {row.participant: row.expires_at for row in await tx.all(_OPEN_INVITATIONS)}
    return [
        Invitee(participant=p, stages=tuple(codes.get(p.id, ())), invited_until=until.get(p.id))
        for p in await opened(tx, await tx.all(_ALL))
    ]


async def opened(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Participant]:
    """Open rows of participants, in their order; a name whose key was erased is empty."""
    await tx.prepare([row.id for row in rows])
    return [_participant(tx, row) for row in rows]


def _participant(tx: Transaction, row: Row[Any]) -> Participant:
    moment = Moment(time=row.moment_time, weekday=row.moment_weekday) if row.moment_time is not None else None
    return Participant(
        id=ParticipantId(row.id),
        name=tx.text(row.id, "participants", row.id, "name", row.name_sealed) or "",
        roles=_roles(row),
        language=_LANGUAGES[row.language],
        address=_ADDRESSES[row.address],
        reach=_REACHES[row.reach],
        moment=moment,
        paused_until=row.paused_until,
    )


def _roles(row: Row[Any]) -> frozenset[Role]:
    return _roles_of(row.is_student, row.is_trainer, row.is_teacher, row.is_coordinator)


@cache
def _roles_of(*held: bool) -> frozenset[Role]:
    """Give the roles that are held, of all there are in their order."""
    return frozenset(role for role, has in zip(_ROLES, held, strict=True) if has)
