"""What happens in a chat and what the bot does about it: one pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
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
    which,
)
from conversations.buttons import Does, Press
from conversations.desk import Decision, lay_out
from conversations.dossier import Awaits, Expectation
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
from conversations.model import Reach, Role, Share, Status
from conversations.school import School

FRESH = timedelta(hours=12)  # a text that was asked for longer ago is something else
JUST_NOW = timedelta(hours=1)
SOON = frozenset({Awaits.NEW_ANSWER, Awaits.EXTRA_QUESTION})
TYPED_ONLY = frozenset({Awaits.EXTRA_QUESTION, Awaits.BELL_TEXT})

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
        case Said() | Spoke():
            return _said(facts, event, school, now)
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


def _said(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Take a text as what was asked for outside a check-in; where a question came since, ask which it is."""
    expected = facts.expectation
    if expected is None or event.reply_to in facts.slots or not _awaits(expected, now):
        return notes.said(facts, event, school, now)
    if any(r.status is Status.OPEN and r.asked > expected.at for r in facts.replies):
        typed = isinstance(event, Said) or expected.what not in TYPED_ONLY
        return notes.said(facts, event, school, now, expected if typed else None)
    return _expected(facts, event, school, now)


def _awaits(expected: Expectation, now: datetime) -> bool:
    """Tell whether a text may be what was asked for: long after [Veranderen] it is something else."""
    return now - expected.at <= (JUST_NOW if expected.what in SOON else FRESH)


def _expected(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Give a text to the feature that asked for it."""
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
        case Does.BELONGS if facts.expectation is not None and which.is_for_expected(press):
            return _belongs_to_expected(facts, facts.expectation, event, press, school, now)
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


def _belongs_to_expected(
    facts: ChatFacts, expected: Expectation, event: Pressed, press: Press, school: School, now: datetime
) -> Decision:
    """Take a text that was kept in doubt as what was asked for; whoever presses says that it still is."""
    kept, moved = notes.taken_out(facts, event, press)
    if kept is None:
        return moved
    awaited = facts.with_changed((*moved.changed, replace(expected, at=now)))
    return moved + _expected(awaited, kept, school, now)


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
