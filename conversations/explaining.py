"""Explains the three guidance strategies to trainers (promise K4a)."""

from __future__ import annotations

from datetime import datetime

from conversations import buttons
from conversations.buttons import Does, Press
from conversations.desk import Decision
from conversations.events import Pressed
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Button, Buttons, Lane, Message, Say
from conversations.model import ParticipantId, Role
from conversations.school import School

CARD = "card"
STRATEGIES = ("show", "take_part", "entrust")  # the choices of "Wat deed u het meest?"


def card(to: ParticipantId, lane: Lane = Lane.ANSWER, expires: datetime | None = None) -> Message:
    """Give the card of one minute, with a button for each strategy."""
    return Message(to=to, pieces=_pieces(CARD), buttons=_rows(CARD), lane=lane, expires=expires)


def commanded(facts: ChatFacts) -> Decision:
    """Do /uitleg."""
    return Decision((), (card(facts.me.id),))


def pressed(facts: ChatFacts, event: Pressed, press: Press, _school: School, _now: datetime) -> Decision:
    """Explain one strategy in the place of the card, or give the card back."""
    what = press.parts[0]
    if Role.TRAINER not in facts.me.roles or what not in (CARD, *STRATEGIES):
        gone = Say(id="answering.old_button")
        return Decision((), (Acknowledge(to=facts.me.id, press=event.press, text=gone),))
    done = Acknowledge(to=facts.me.id, press=event.press)
    pieces, rows = _pieces(what), _rows(what)
    if event.message is None:
        return Decision((), (done, Message(to=facts.me.id, pieces=pieces, buttons=rows)))
    return Decision((), (done, Amend(to=facts.me.id, message=event.message, pieces=pieces, buttons=rows)))


def _pieces(what: str) -> tuple[Say, ...]:
    return (Say(id=f"explaining.{what}_title", bold=True), Say(id=f"explaining.{what}"))


def _rows(shown: str) -> Buttons:
    """Give a button for each page but the one that is shown."""
    pages = (*STRATEGIES, CARD) if shown != CARD else STRATEGIES
    return tuple(
        (Button(label=Say(id=f"explaining.{page}_title"), data=buttons.encode(Does.EXPLAIN, page)),)
        for page in pages
        if page != shown
    )
