"""What happens in a chat and what the bot does about it: one pure function."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from conversations import answering, buttons, commands, notes
from conversations.buttons import Does, Press
from conversations.desk import Decision, lay_out
from conversations.events import Commanded, Edited, Event, Left, Pressed, Returned, Said, SentOther, Spoke
from conversations.facts import ChatFacts
from conversations.messages import Message, Say
from conversations.model import CheckInId, Reach, Share
from conversations.school import School


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
            case Said(reply_to=int() as message) | Spoke(reply_to=int() as message):
                self.replied_to.add(message)
            case Edited(message=message):
                self.sources.add(message)
            case _:
                pass


def decide(facts: ChatFacts, event: Event, school: School, now: datetime) -> Decision:
    """Decide what an event changes and what goes out. Every press is acknowledged.

    Whoever was taken for unreachable and sends something is there again.
    """
    if facts.me.reach is Reach.BLOCKED and not isinstance(event, Left | Returned):
        back = Decision((replace(facts.me, reach=Reach.JOINED),))
        return back + _decide(facts.with_changed(back.changed), event, school, now)
    return _decide(facts, event, school, now)


def _decide(facts: ChatFacts, event: Event, school: School, now: datetime) -> Decision:
    match event:
        case Said() | Spoke():
            return notes.said(facts, event, school, now)
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


def _reach(facts: ChatFacts, before: Reach, after: Reach) -> Decision:
    """Note who left or came back; who stopped stays so until they press START themselves."""
    return Decision((replace(facts.me, reach=after),)) if facts.me.reach is before else Decision()


def _commanded(facts: ChatFacts, event: Commanded, school: School, now: datetime) -> Decision:
    """Do what a command asks; words behind a slash that is no command are kept as any other text."""
    if event.argument and event.name != "start" and event.name not in commands.menu_of(facts.me):
        said = Said(message=event.message, text=f"/{event.name} {event.argument}", at=event.at)
        return notes.said(facts, said, school, now)
    return commands.commanded(facts, event, school, now)


def _edited(facts: ChatFacts, event: Edited, school: School, now: datetime) -> Decision:
    reply = next((r for r in facts.replies if r.source == event.message), None)
    if reply is not None:
        return answering.edited(lay_out(facts, reply.check_in, school, now), reply, event.text)
    note = next((n for n in facts.notes if n.source == event.message and not n.gone), None)
    if note is not None:
        changed = Message(to=facts.me.id, pieces=(Say(id="notes.changed"),))
        return Decision((replace(note, text=event.text),), (changed,))
    return Decision()


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
        case Does.TICK:
            return answering.ticked(at, reply, press.parts[2], event)
        case Does.READY:
            return answering.ready(at, reply, event)
        case Does.SKIP:
            return answering.skipped(at, reply, event)
        case _:
            return answering.snoozed(at, reply, press.parts[2], event)
