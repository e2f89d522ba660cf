"""The statements of the outbox, made once so that they stay compiled."""

from __future__ import annotations

from sqlalchemy import (
    BindParameter,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)

from bot.store.tables import PENDING, outbox, participants
from conversations.messages import Lane
from conversations.model import Reach

_LANES = tuple(Lane)
_IDS = outbox.c.id.in_(bindparam("ids", expanding=True))
_ONE = outbox.c.id == bindparam("parcel")
_IS_QUESTION = and_(
    outbox.c.kind == "message", outbox.c.slot_check_in.is_not(None), outbox.c.participant.is_not(None)
)
_IS_PAGE = and_(
    outbox.c.kind == "message",
    outbox.c.lane == _LANES.index(Lane.DIGEST),
    outbox.c.stage.is_not(None),
    outbox.c.participant.is_not(None),
)
_TELL = case((or_(_IS_QUESTION, _IS_PAGE), true()))  # NULL where nobody has to know
_SENDING = outbox.c.state == literal_column("'sending'")
_CAN_REPEAT = and_(outbox.c.kind == "message", outbox.c.repeated.is_(False))
_BLANK = {"payload_sealed": None, "again_at": None, "unknown_at": None}

CHAT_LOOKUPS = select(participants.c.id, participants.c.chat_lookup).where(
    participants.c.id.in_(bindparam("ids", expanding=True))
)

# What was sent once may have arrived: it is not known to have expired.
EXPIRE = (
    update(outbox)
    .where(PENDING, outbox.c.expires_at <= bindparam("now"))
    .values(
        state=case((outbox.c.repeated, "unknown"), else_="expired"),
        tell=case((and_(_IS_QUESTION, outbox.c.repeated.is_(False)), true())),
        **_BLANK,
    )
)

IN_FLIGHT = select(outbox.c.chat_lookup).where(_SENDING, outbox.c.chat_lookup.is_not(None))
_earlier = outbox.alias("earlier")
_IS_BEHIND = and_(
    _earlier.c.chat_lookup == outbox.c.chat_lookup,
    _earlier.c.state == literal_column("'pending'"),
    _earlier.c.lane == outbox.c.lane,
    # Not "id < id": SQLite would walk the whole lane by it in place of looking up the chat.
    (_earlier.c.id - outbox.c.id) < 0,
)
_IS_HELD_UP = exists().where(_IS_BEHIND, _earlier.c.again_at > bindparam("now"))
_TO_SEND = [
    outbox.c[name]
    for name in (
        "id",
        "participant",
        "stage",
        "sealed_for",
        "chat_lookup",
        "chat_sealed",
        "kind",
        "lane",
        "payload_sealed",
        "slot_check_in",
        "slot_question",
        "attempts",
        "due_at",
        "expires_at",
        "repeated",
    )
]
CANDIDATES = (
    select(*_TO_SEND, participants.c.chat_sealed.label("person_chat"))
    .outerjoin(participants, outbox.c.participant == participants.c.id)
    .where(
        PENDING,
        outbox.c.due_at <= bindparam("now"),
        or_(outbox.c.again_at.is_(None), outbox.c.again_at <= bindparam("now")),
        outbox.c.chat_lookup.is_not(None),
        outbox.c.chat_lookup.not_in(bindparam("taken", expanding=True)),
        ~_IS_HELD_UP,
    )
    .order_by(outbox.c.lane, outbox.c.id)
    .limit(bindparam("most"))
    # On a server: what another transaction is busy with is not waited for. SQLite has one writer anyway.
    .with_for_update(skip_locked=True, of=outbox)
)
MARK_SENDING = update(outbox).where(_IDS).values(state="sending", again_at=None)
MARK_ERASED = update(outbox).where(_IDS).values(state="failed", detail="erased", tell=_TELL, **_BLANK)

SENT = (
    update(outbox)
    .where(_ONE)
    .values(
        state="sent",
        message_id=bindparam("message"),
        detail=bindparam("why"),
        attempts=outbox.c.attempts + 1,
        **_BLANK,
    )
)
AGAIN = (
    update(outbox)
    .where(_ONE)
    .values(
        state="pending",
        again_at=bindparam("again"),
        attempts=outbox.c.attempts + bindparam("more"),
        detail=bindparam("why"),
    )
)
UNKNOWN = (
    update(outbox)
    .where(_ONE)
    .values(
        state="unknown",
        # Once more after a minute, for which the payload is needed; never a third time.
        unknown_at=case((_CAN_REPEAT, bindparam("at", type_=outbox.c.unknown_at.type))),
        payload_sealed=case((_CAN_REPEAT, outbox.c.payload_sealed)),
        again_at=None,
        attempts=outbox.c.attempts + 1,
        detail=bindparam("why"),
    )
)
LOST = (
    update(outbox)
    .where(_ONE)
    .values(
        state=bindparam("to"), tell=_TELL, detail=bindparam("why"), attempts=outbox.c.attempts + 1, **_BLANK
    )
)

_PEOPLE: BindParameter[int] = bindparam("people", expanding=True)
RECEIVERS = (
    select(outbox.c.participant)
    .join(participants, participants.c.id == outbox.c.participant)
    .where(_IDS, participants.c.reach == Reach.JOINED.value)
)
BLOCK = (
    update(participants)
    .where(participants.c.id.in_(_PEOPLE), participants.c.reach == Reach.JOINED.value)
    .values(reach=Reach.BLOCKED.value)
)
# No loop: what still waits for somebody unreachable is not tried one by one.
GIVE_UP = (
    update(outbox)
    .where(outbox.c.participant.in_(_PEOPLE), PENDING)
    .values(state="unreachable", detail="blocked", tell=_TELL, **_BLANK)
)
# A prompt that went out before and is to be repeated may have arrived: it is not known to be withdrawn.
WITHDRAW = (
    update(outbox)
    .where(outbox.c.participant.in_(_PEOPLE), PENDING, outbox.c.lane == _LANES.index(Lane.PROMPT))
    .values(
        state=case((outbox.c.repeated, "unknown"), else_="expired"),
        detail="withdrawn",
        **_BLANK,
    )
    .returning(outbox.c.participant, outbox.c.slot_check_in, outbox.c.slot_question, outbox.c.state)
)
UNTOLD = (
    select(
        outbox.c.id,
        outbox.c.participant,
        outbox.c.stage,
        outbox.c.slot_check_in,
        outbox.c.slot_question,
        outbox.c.due_at,
        outbox.c.state,
        outbox.c.detail,
    )
    .where(outbox.c.tell.is_not(None))
    .order_by(outbox.c.id)
)
MARK_TOLD = update(outbox).where(_IDS).values(tell=None)

DELIVERED = select(outbox.c.slot_check_in, outbox.c.slot_question).where(
    outbox.c.slot_check_in.in_(bindparam("ids", expanding=True)),
    outbox.c.state == "sent",
    outbox.c.kind == "message",
)

LEFT_SENDING = select(outbox.c.id, outbox.c.kind, outbox.c.attempts).where(_SENDING)
REPEAT = (
    update(outbox)
    .where(outbox.c.unknown_at <= bindparam("before"))
    .values(state="pending", repeated=True, unknown_at=None)
)
AGAIN_NOW = update(outbox).where(outbox.c.again_at > bindparam("latest")).values(again_at=bindparam("now"))
UNKNOWN_NOW = update(outbox).where(outbox.c.unknown_at > bindparam("now")).values(unknown_at=bindparam("now"))

# What waits for another parcel of its chat leaves when that one does: it has no moment of its own.
_DUE = (
    select(outbox.c.due_at)
    .where(
        PENDING,
        outbox.c.again_at.is_(None),
        outbox.c.chat_lookup.is_not(None),
        ~exists().where(_IS_BEHIND, _earlier.c.again_at.is_not(None)),
        ~exists().where(
            _earlier.c.chat_lookup == outbox.c.chat_lookup, _earlier.c.state == literal_column("'sending'")
        ),
    )
    .order_by(outbox.c.due_at)
    .limit(1)
)
_AGAIN = select(func.min(outbox.c.again_at)).where(outbox.c.again_at.is_not(None))
_EXPIRES = select(func.min(outbox.c.expires_at)).where(PENDING)
_UNKNOWN = select(func.min(outbox.c.unknown_at)).where(outbox.c.unknown_at.is_not(None))
NEXT = select(
    _DUE.scalar_subquery().label("due"),
    _AGAIN.scalar_subquery().label("again"),
    _EXPIRES.scalar_subquery().label("expires"),
    _UNKNOWN.scalar_subquery().label("unknown"),
)

_NAMED = case(
    (and_(outbox.c.state == "pending", outbox.c.attempts > 0), "retry"), else_=outbox.c.state
).label("named")
COUNTS = select(_NAMED, func.count().label("many")).group_by(_NAMED)
