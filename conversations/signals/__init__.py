"""What needs a person: the bell, help, whom to ask, and words that suggest danger.

Everything here is fixed text. The bot judges nothing, tells a trainer nothing of a student, and gives a
teacher no word that a student wrote (docs/product.md, "When it is serious").
"""

from __future__ import annotations

from datetime import datetime

from conversations.buttons import Does, Press
from conversations.desk import Decision
from conversations.events import Commanded, Pressed, Said
from conversations.facts import ChatFacts
from conversations.school import School
from conversations.signals import acknowledging, bell, helping, whom
from conversations.signals.acknowledging import contact_buttons
from conversations.signals.escalating import escalate
from conversations.signals.holding import said_first
from conversations.signals.noticing import noticed

__all__ = ["commanded", "contact_buttons", "escalate", "noticed", "pressed", "said", "said_first"]


def commanded(facts: ChatFacts, event: Commanded, school: School) -> Decision:
    """Do /overleg, /hulp and /wie."""
    match event.name:
        case "overleg":
            return bell.rung(facts, event, school)
        case "hulp":
            return helping.asked(facts, event, school)
        case _:
            return whom.asked(facts, school)


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below a bell, help or a signal."""
    match press.does:
        case Does.BELL:
            return bell.pressed(facts, event, press, school, now)
        case Does.HELP:
            return helping.pressed(facts, event, press, school, now)
        case _:
            return acknowledging.pressed(facts, event, press, now)


def said(facts: ChatFacts, event: Said, school: School, now: datetime) -> Decision:
    """Take the line that somebody typed with a bell."""
    return bell.said(facts, event, school, now)
