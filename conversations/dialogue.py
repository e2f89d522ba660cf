"""What happens in a chat and what the bot does about it: one pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from conversations import (
    answering,
    buttons,
    commands,
    explaining,
    guiding,
    meetings,
    notes,
    overview,
    own,
    seen,
    signals,
    uploading,
)
from conversations.buttons import Does, Press
from conversations.desk import Decision, lay_out
from conversations.dossier import Awaits
from conversations.events import (
    Commanded,
    Edited,
    Event,
    Left,
    Pressed,
    Returned,
    Said,
    SentFile,
    SentOther,
    Spoke,
)
from conversations.facts import ChatFacts
from conversations.messages import Message, Say
from conversations.model import CheckInId, Reach, Role, Share, StageId, Status
from conversations.school import School

FRESH = timedelta(hours=12)  # a text that was asked for longer ago is something else
JUST_NOW, A_MOMENT = timedelta(hours=1), timedelta(minutes=10)

Feature = Callable[[ChatFacts, Pressed, Press, School, datetime], Decision]
FEATURES: Mapping[Does, Feature] = {
    Does.BELL: signals.pressed,
    Does.HELP: signals.pressed,
    Does.SIGNAL: signals.pressed,
    Does.MEETING: meetings.pressed,
    Does.OWN_ANSWER: own.pressed,
    Does.OWN_PAGE: own.pressed,
    Does.PAGE: seen.pressed,
    Does.PREPARE: overview.pressed,
    Does.TEAM: overview.pressed,
    Does.GUIDE: guiding.pressed,
    Does.UPLOAD: uploading.pressed,
    Does.EXPLAIN: explaining.pressed,
}


@dataclass(slots=True)
class References:
    """What the events of one chat refer to, so that it can be loaded with the rest of the batch."""

    check_ins: set[CheckInId] = field(default_factory=set)
    replied_to: set[int] = field(default_factory=set)  # the bot's messages
    sources: set[int] = field(default_factory=set)  # the person's own messages

    def add(self, event: Event) -> None:
        """Note what an event refers to."""
        match event:
            case Pressed(data=data) if press := buttons.decode(data):
                if press.check_in is not None:
                    self.check_ins.add(press.check_in)
                if press.own_message is not None:
                    self.sources.add(press.own_message)
            case (
                Said(reply_to=int() as message)
                | Spoke(reply_to=int() as message)
                | SentFile(reply_to=int() as message)
            ):
                self.replied_to.add(message)
            case Edited(message=message):
                self.sources.add(message)
            case _:
                pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """What an event needs beside the facts of its chat, loaded for it alone (see `ChatFacts`)."""

    everyone: bool = False  # the dossiers of all running stages of this person
    dossiers: frozenset[StageId] = frozenset()
    own: bool = False  # the material of the stages of which this person is the student
    material: frozenset[StageId] = frozenset()
    teams: bool = False
    uploads: bool = False


COMMANDS_WANT = {
    "antwoorden": Wants(own=True),
    "gesprek": Wants(own=True, everyone=True),
    "studenten": Wants(everyone=True),
    "voorbereiding": Wants(everyone=True),
    "stand": Wants(teams=True),
}


def wants(facts: ChatFacts, event: Event) -> Wants | None:
    """Say what an event needs to be loaded beside the facts of its chat; None for most."""
    match event:
        case Commanded(name=name) if name in commands.menu_of(facts.me):
            return COMMANDS_WANT.get(name)
        case Said() | Spoke() if (expected := facts.expectation) is not None:
            stages = frozenset() if expected.stage is None else frozenset({expected.stage})
            return Wants(own=True, dossiers=stages)
        case SentFile():
            return Wants(uploads=True)
        case Pressed(data=data) if (press := buttons.decode(data)) is not None:
            return _press_wants(press)
        case _:
            return None


def _press_wants(press: Press) -> Wants | None:
    stage = frozenset() if press.stage is None else frozenset({StageId(press.stage)})
    match press.does:
        case Does.MEETING | Does.GUIDE:
            return Wants(dossiers=stage)
        case Does.PREPARE | Does.PAGE:
            return Wants(dossiers=stage, material=stage)
        case Does.OWN_ANSWER | Does.OWN_PAGE:
            return Wants(own=True, dossiers=stage)
        case Does.TEAM:
            return Wants(teams=True)
        case Does.UPLOAD:
            return Wants(uploads=True)
        case Does.BELL | Does.HELP | Does.SIGNAL:
            return Wants()
        case _:
            return None


def decide(facts: ChatFacts, event: Event, school: School, now: datetime) -> Decision:
    """Decide what an event changes and what goes out. Every press is acknowledged.

    Whoever was taken for unreachable and sends something is there again. What people write and choose is
    looked at once more, for what may need a person; that comes first (docs/product.md, "When it is serious").
    """
    back = Decision()
    if facts.me.reach is Reach.BLOCKED and not isinstance(event, Left | Returned):
        back = Decision((replace(facts.me, reach=Reach.JOINED),))
        facts = facts.with_changed(back.changed)
    decision = _decide(facts, event, school, now)
    noticed = signals.noticed(facts, decision.changed, school, now)
    return back + signals.said_first(facts, decision, noticed, now)


def _decide(facts: ChatFacts, event: Event, school: School, now: datetime) -> Decision:
    match event:
        case Said() | Spoke() if _is_expected(facts, event, now):
            return _expected(facts, event, school, now)
        case Said() | Spoke():
            return notes.said(facts, event, school, now)
        case SentFile():
            return uploading.received(facts, event, school, now)
        case Edited():
            return _edited(facts, event, school, now)
        case Pressed():
            return _pressed(facts, event, school, now)
        case Commanded():
            return _commanded(facts, event, school, now)
        case SentOther():
            return Decision((), (Message(to=facts.me.id, pieces=(Say(id="notes.cannot_read"),)),))
        case Left():
            return _reach(facts, Reach.JOINED, Reach.BLOCKED)
        case Returned():
            return _reach(facts, Reach.BLOCKED, Reach.JOINED)


def _is_expected(facts: ChatFacts, event: Said | Spoke, now: datetime) -> bool:
    """Tell whether a text is what was asked for: nothing was asked after it, and it answers nothing else.

    Whoever rang the bell a moment ago is typing about that student, whatever question came in between. And
    what comes long after [Veranderen] or [Eén vraag stellen] is something else.
    """
    expected = facts.expectation
    if expected is None or event.reply_to in facts.slots or now - expected.at > FRESH:
        return False
    just_now = now - expected.at <= JUST_NOW
    if expected.what is Awaits.BELL_TEXT and now - expected.at <= A_MOMENT:
        return True
    if expected.what in (Awaits.NEW_ANSWER, Awaits.EXTRA_QUESTION) and not just_now:
        return False
    return all(r.status is not Status.OPEN or r.asked <= expected.at for r in facts.replies)


def _expected(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Give a text to the feature that asked for it; a voice message only where that may come too."""
    awaited = facts.expectation.what if facts.expectation else None
    if awaited in (Awaits.NEW_ANSWER, Awaits.AGENDA):
        return own.said(facts, event, school, now)
    if awaited in (Awaits.MEETING_MOMENT, Awaits.AGREEMENT):
        return meetings.said(facts, event, school, now)
    if awaited is Awaits.EXTRA_QUESTION:
        return seen.said(facts, event, school, now)
    if awaited is Awaits.BELL_TEXT and isinstance(event, Said):
        return signals.said(facts, event, school, now)
    return notes.said(facts, event, school, now)


def _reach(facts: ChatFacts, before: Reach, after: Reach) -> Decision:
    """Note who left or came back; who stopped stays so until they press START themselves."""
    return Decision((replace(facts.me, reach=after),)) if facts.me.reach is before else Decision()


def _commanded(facts: ChatFacts, event: Commanded, school: School, now: datetime) -> Decision:
    """Do what a command asks; words behind a slash that is no command are kept as any other text."""
    if event.argument and event.name != "start" and event.name not in commands.menu_of(facts.me):
        said = Said(message=event.message, text=f"/{event.name} {event.argument}", at=event.at)
        return notes.said(facts, said, school, now)
    if event.name not in commands.menu_of(facts.me):
        return commands.commanded(facts, event, school, now)
    match event.name:
        case "overleg" | "hulp" | "wie":
            return signals.commanded(facts, event, school)
        case "antwoorden" | "gesprek" if Role.STUDENT in facts.me.roles:
            return own.commanded(facts, event, school, now)
        case "gesprek":
            return meetings.commanded(facts, school, now)
        case "studenten":
            return overview.commanded(facts, event, school, now) + guiding.commanded(facts, school, now)
        case "voorbereiding" | "stand":
            return overview.commanded(facts, event, school, now)
        case "vragen":
            return notes.open_questions(facts, school, now)
        case "uitleg":
            return explaining.commanded(facts)
        case _:
            return commands.commanded(facts, event, school, now)


def _edited(facts: ChatFacts, event: Edited, school: School, now: datetime) -> Decision:
    reply = next((r for r in facts.replies if r.source == event.message), None)
    if reply is not None and reply.status is not Status.SKIPPED:  # that is: it was taken away
        return answering.edited(lay_out(facts, reply.check_in, school, now), reply, event.text)
    return notes.edited(facts, event)


def _pressed(facts: ChatFacts, event: Pressed, school: School, now: datetime) -> Decision:
    press = buttons.decode(event.data)
    if press is None:
        return answering.old_button(facts, event)
    match press.does:
        case Does.MOMENT | Does.PAUSE | Does.LANGUAGE:
            return commands.pressed(facts, event, press, school, now)
        case Does.NOTE | Does.BELONGS:
            return notes.pressed(facts, event, press, school, now)
        case Does.JOIN:
            return answering.old_button(facts, event)
        case Does.CANCEL:
            return commands.cancelled(facts, event, now)
        case _ if (feature := FEATURES.get(press.does)) is not None:
            return feature(facts, event, press, school, now)
        case _:
            return _pressed_below_question(facts, event, press, school, now)


def _pressed_below_question(
    facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime
) -> Decision:
    check_in = facts.check_in(press.check_in) if press.check_in is not None else None
    if check_in is None or check_in.participant != facts.me.id:
        return answering.old_button(facts, event)
    at = lay_out(facts, check_in.id, school, now)
    if press.does is Does.SHARE:
        if press.parts[1] not in set(Share):
            return answering.old_button(facts, event)
        return answering.shared(at, Share(press.parts[1]), event)
    reply = at.replies.get(press.parts[1])
    if reply is None:
        return answering.old_button(facts, event)
    match press.does:
        case Does.ANSWER:
            return answering.chose(at, reply, press.parts[2], event)
        case Does.COVER:
            return answering.covered(at, reply, press.parts[2], event)
        case Does.TICK:
            return answering.ticked(at, reply, press.parts[2], event)
        case Does.READY:
            return answering.ready(at, reply, event)
        case Does.SKIP:
            return answering.skipped(at, reply, event)
        case _:
            return answering.snoozed(at, reply, press.parts[2], event)
