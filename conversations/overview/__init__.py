"""Overviews: a teacher's students and preparations, and how a coordinator's team stands."""

from __future__ import annotations

from datetime import datetime

from conversations.answering import old_button
from conversations.buttons import Does, Press
from conversations.desk import Decision
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge
from conversations.model import Role
from conversations.overview.choosing import ALL, choice
from conversations.overview.preparation import LAST, show
from conversations.overview.students import page
from conversations.overview.team import more, stand
from conversations.school import School

__all__ = ["commanded", "pressed"]

MOST_DIGITS = 3  # of a place in a list of students


def commanded(facts: ChatFacts, event: Commanded, school: School, now: datetime) -> Decision:
    """Do /studenten for a teacher (nothing for who is none), /voorbereiding and /stand."""
    match event.name:
        case "studenten" if Role.TEACHER in facts.me.roles:
            return page(facts, school, now)
        case "voorbereiding":
            return choice(facts, school, now, wanted=event.argument)
        case "stand":
            return stand(facts, school, now)
        case _:
            return Decision()


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below an overview; what is not this person's own is an old button."""
    shown = _shown(facts, press, school, now)
    if shown is None:
        return old_button(facts, event)
    return Decision((), (Acknowledge(to=facts.me.id, press=event.press),)) + shown


def _shown(facts: ChatFacts, press: Press, school: School, now: datetime) -> Decision | None:
    if press.does is Does.TEAM:
        return more(facts, press, school, now) if Role.COORDINATOR in facts.me.roles else None
    if Role.TEACHER not in facts.me.roles:
        return None
    what = press.parts[1] if len(press.parts) > 1 else ""
    if press.stage == ALL:
        return _listed(facts, what, school, now)
    stage = facts.find_stage(press.stage)
    if stage is None or stage.teacher != facts.me.id or what not in ("", LAST):
        return None
    return show(facts, stage, school, now, last=what == LAST)


def _listed(facts: ChatFacts, what: str, school: School, now: datetime) -> Decision | None:
    """Go on with the list of students, or with the choice among them."""
    kind, begin = what[:1], what[1:]
    if not begin.isascii() or not begin.isdigit() or len(begin) > MOST_DIGITS:
        return None
    match kind:
        case "m":
            return page(facts, school, now, int(begin))
        case "k":
            return choice(facts, school, now, int(begin))
        case _:
            return None
