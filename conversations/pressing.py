"""The answer to a press, in the message that the button was below."""

from __future__ import annotations

from conversations.desk import Decision
from conversations.events import Pressed
from conversations.messages import Acknowledge, Amend, Buttons, Message, Piece, Say
from conversations.model import ParticipantId


def noted(me: ParticipantId, event: Pressed, text: Say | None = None) -> Decision:
    """Answer a press with a line that pops up, or with nothing."""
    return Decision((), (Acknowledge(to=me, press=event.press, text=text),))


def closed(me: ParticipantId, event: Pressed, text: Say | None = None) -> Decision:
    """Answer a press, and take the buttons away from the message it was below."""
    amends = () if event.message is None else (Amend(to=me, message=event.message),)
    return noted(me, event, text) + Decision((), amends)


def in_place(
    me: ParticipantId,
    event: Pressed,
    pieces: tuple[Piece, ...],
    below: Buttons = (),
    text: Say | None = None,
) -> Decision:
    """Put other words and buttons in the message that was pressed, or in a new one out of its reach."""
    if event.message is None:
        return noted(me, event, text) + Decision((), (Message(to=me, pieces=pieces, buttons=below),))
    amend = Amend(to=me, message=event.message, pieces=pieces, buttons=below)
    return noted(me, event, text) + Decision((), (amend,))
