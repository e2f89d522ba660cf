"""The student in charge: own answers, and the own page for a meeting."""

from __future__ import annotations

from datetime import datetime

from conversations import notes
from conversations.buttons import Does, Press
from conversations.desk import Decision
from conversations.dossier import Awaits, Expectation
from conversations.events import Commanded, Pressed, Said, Spoke
from conversations.facts import ChatFacts
from conversations.messages import Message
from conversations.own import changing, listing, meeting
from conversations.own.meeting import preview_button
from conversations.own.preview import Preview, preview
from conversations.school import School

__all__ = ["Preview", "commanded", "pressed", "preview", "preview_button", "said"]


def commanded(facts: ChatFacts, event: Commanded, school: School, now: datetime) -> Decision:
    """Do /antwoorden, and /gesprek for a student."""
    if event.name == "gesprek":
        return meeting.told(facts, school, now)
    pieces, below = listing.page(facts, school, 0)
    return Decision((), (Message(to=facts.me.id, pieces=pieces, buttons=below),))


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below an own answer or the own page."""
    if press.does is Does.OWN_PAGE:
        return meeting.pressed(facts, event, press, school, now)
    return changing.pressed(facts, event, press, school, now)


def said(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Take a changed answer or a wish for the agenda; nothing that comes is lost."""
    if facts.expectation is not None and facts.expectation.what is Awaits.AGENDA:
        return meeting.said(facts, event, school, now)
    changed = changing.said(facts, event, school, now)
    if changed is not None:
        return changed
    done = Decision((Expectation(participant=facts.me.id, what=None, at=now),))
    return done + notes.said(facts.with_changed(done.changed), event, school, now)
