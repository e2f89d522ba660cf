"""Makes invitations: a code for everybody who has a role and has not joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.store import access, invitations, people, stages
from bot.store.people import Invitee
from bot.store.transaction import Transaction
from conversations.model import Participant, ParticipantId, Reach, Role, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Somebody's code; None where an earlier link still works and no new one was asked for."""

    participant: Participant
    stages: tuple[str, ...]
    code: str | None = field(repr=False)
    until: datetime | None


async def invite(tx: Transaction, now: datetime, *, days: int, renew: bool) -> list[Invitation]:
    """Invite everybody who has not joined; those with a link that works keep it, unless renewed."""
    waiting = [i for i in await people.invitees(tx) if _may_join(i)]
    new = [i.participant.id for i in waiting if renew or not _is_invited(i, now)]
    codes = await invitations.create(tx, new, now, days)
    return [
        Invitation(
            participant=i.participant,
            stages=i.stages,
            code=codes.get(i.participant.id),
            until=i.invited_until if i.participant.id not in codes else None,
        )
        for i in waiting
    ]


async def again(tx: Transaction, stage: Stage, role: Role, now: datetime, *, days: int) -> Invitation:
    """Invite one person of a stage anew: a new phone, or the wrong person joined. Their chat is let go."""
    person = {Role.STUDENT: stage.student, Role.TRAINER: stage.trainer, Role.TEACHER: stage.teacher}[role]
    await people.unbind(tx, [person])
    codes = await invitations.create(tx, [person], now, days)
    await stages.wake(tx, {stage.id: now})
    await access.log(tx, now, None, "invite again", person)
    known = await people.by_ids(tx, [person])
    return Invitation(participant=known[person], stages=(stage.code,), code=codes[person], until=None)


async def revoke(tx: Transaction, stage: str, now: datetime) -> int:
    """Make the links of everybody in a stage worthless, and say how many people that concerns."""
    concerned = [i for i in await people.invitees(tx) if stage in i.stages and _is_invited(i, now)]
    await invitations.revoke(tx, _ids(concerned), now)
    return len(concerned)


def _ids(concerned: Sequence[Invitee]) -> list[ParticipantId]:
    return [i.participant.id for i in concerned]


def _may_join(invitee: Invitee) -> bool:
    return bool(invitee.participant.roles) and invitee.participant.reach is Reach.INVITED


def _is_invited(invitee: Invitee, now: datetime) -> bool:
    return invitee.invited_until is not None and invitee.invited_until > now
