"""Lets people in: an invitation code, "Ben jij dit?", and from then on this chat is theirs."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.services.incoming import Incoming
from bot.services.speaking import Speaker
from bot.store import invitations, people, stages
from bot.store.records import Parcel
from bot.store.transaction import Transaction
from conversations import buttons, joining
from conversations.buttons import Does
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Message, Outgoing, Say
from conversations.model import Language, Participant, ParticipantId, Stage, StageId
from conversations.school import School

TRIES, PER = 10, timedelta(hours=1)  # invitation codes a chat may try (docs/trust.md, 13)
WATCHED = 10_000  # chats whose tries are remembered

log = structlog.get_logger()


@dataclass(slots=True)
class Tries:
    """Counts the codes that a chat tries; the oldest chats are forgotten."""

    times: OrderedDict[int, deque[datetime]] = field(default_factory=OrderedDict)

    def allow(self, chat: int, now: datetime) -> bool:
        """Count one try and say whether it is within the limit."""
        times = self.times.setdefault(chat, deque(maxlen=TRIES))
        self.times.move_to_end(chat)
        if len(self.times) > WATCHED:
            self.times.popitem(last=False)
        if len(times) == TRIES and now - times[0] < PER:
            return False
        times.append(now)
        return True


@dataclass(slots=True)
class Doorman:
    """The use case of joining."""

    school: School
    speaker: Speaker
    tries: Tries = field(default_factory=Tries)

    def is_for(self, incoming: Incoming) -> bool:
        """Tell an event that is about an invitation, also where the chat is known already."""
        match incoming.event:
            case Commanded(name="start", argument=argument):
                return bool(argument)
            case Pressed(data=data):
                press = buttons.decode(data)
                return press is not None and press.does is Does.JOIN
            case _:
                return False

    async def receive(
        self,
        tx: Transaction,
        incoming: Incoming,
        known: ChatFacts | None,
        parcels: list[Parcel],
        wake: set[StageId],
        now: datetime,
    ) -> bool:
        """Answer at the door. Gives True when the chat belongs to somebody from now on."""
        code, yes = _code(incoming)
        invited = await self._invited(tx, incoming.chat, code, now)
        guest = _guest(incoming)
        if known is not None and (invited is None or invited == known.me.id):
            parcels += self._send(_known(known, incoming), known.me, incoming.chat, now)
            return False
        if known is not None:
            parcels += self._send(_refused(incoming, "joining.other"), known.me, incoming.chat, now)
            return False
        if invited is None:
            parcels += self._send(_refused(incoming, "joining.explanation"), guest, incoming.chat, now)
            return False
        if yes is None:
            parcels += await self._welcome(tx, invited, code, incoming.chat, now)
            return False
        if not yes:
            parcels += self._send(_refused(incoming, "joining.not_you"), guest, incoming.chat, now)
            return False
        return await self._bind(tx, invited, code, incoming, parcels, wake, now)

    async def _invited(self, tx: Transaction, chat: int, code: str, now: datetime) -> ParticipantId | None:
        if not code or not self.tries.allow(chat, now):
            return None
        found = await invitations.find(tx, code, now)
        return found.id if found and found.roles else None

    async def _welcome(
        self, tx: Transaction, invited: ParticipantId, code: str, chat: int, now: datetime
    ) -> list[Parcel]:
        me, their_stages, everyone = await _around(tx, invited)
        message = joining.welcome(me, their_stages, everyone, self.school, code)
        return self._send([message], me, chat, now)

    async def _bind(
        self,
        tx: Transaction,
        invited: ParticipantId,
        code: str,
        incoming: Incoming,
        parcels: list[Parcel],
        wake: set[StageId],
        now: datetime,
    ) -> bool:
        if not await invitations.use(tx, code, now):
            guest = _guest(incoming)
            parcels += self._send(_refused(incoming, "joining.explanation"), guest, incoming.chat, now)
            return False
        await people.bind(tx, invited, incoming.chat)
        me, their_stages, everyone = await _around(tx, invited)
        out = (*_acknowledged(incoming), *joining.joined(me, their_stages, everyone))
        parcels += self._send(out, me, incoming.chat, now)
        wake |= {stage.id for stage in their_stages}
        log.info("joined", participant=me.id, roles=sorted(me.roles))
        return True

    def _send(
        self, out: list[Outgoing] | tuple[Outgoing, ...], me: Participant, chat: int, now: datetime
    ) -> list[Parcel]:
        return self.speaker.to_chat(out, me, chat, now)


async def _around(
    tx: Transaction, invited: ParticipantId
) -> tuple[Participant, tuple[Stage, ...], dict[ParticipantId, Participant]]:
    """Load somebody with their stages and the people in those."""
    theirs = tuple(await stages.of_people(tx, [invited]))
    ids = {person for stage in theirs for person in (stage.student, stage.trainer, stage.teacher)}
    everyone = await people.by_ids(tx, ids | {invited})
    return everyone[invited], theirs, everyone


def _code(incoming: Incoming) -> tuple[str, bool | None]:
    """Give the invitation code of an event, and whether the person said it is theirs (None: not yet)."""
    match incoming.event:
        case Commanded(name="start", argument=argument):
            return argument.strip(), None
        case Pressed(data=data) if (press := buttons.decode(data)) and press.does is Does.JOIN:
            return press.parts[1], press.parts[0] == "y"
        case _:
            return "", None


def _guest(incoming: Incoming) -> Participant:
    return Participant(
        id=joining.NOBODY, name="", roles=frozenset(), language=incoming.language or Language.NL
    )


def _known(known: ChatFacts, incoming: Incoming) -> tuple[Outgoing, ...]:
    words = Message(to=known.me.id, pieces=(Say(id="joining.already"),))
    return (*_acknowledged(incoming), words)


def _refused(incoming: Incoming, text: str) -> tuple[Outgoing, ...]:
    return (*_acknowledged(incoming), Message(to=joining.NOBODY, pieces=(Say(id=text),)))


def _acknowledged(incoming: Incoming) -> tuple[Outgoing, ...]:
    """Acknowledge the press on "Ben jij dit?" and take its buttons away."""
    event = incoming.event
    if not isinstance(event, Pressed):
        return ()
    done = Acknowledge(to=joining.NOBODY, press=event.press)
    return (done,) if event.message is None else (done, Amend(to=joining.NOBODY, message=event.message))
