"""What goes out, as plain data: no channel, no language yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from conversations.model import ParticipantId, Slot, StageId, Wording


class Lane(StrEnum):
    """The order in which messages leave: an answer to a person before a signal, a digest, a prompt."""

    ANSWER = "answer"
    SIGNAL = "signal"
    DIGEST = "digest"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A text from config/texts by id, with the values for its {places}."""

    id: str
    values: Mapping[str, str] = field(default_factory=dict)
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of literal text in one style: what somebody wrote, or a heading."""

    text: str
    bold: bool = False


Piece = Say | Run | Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message: its label and the data it carries (64 bytes at most)."""

    label: Piece
    data: str


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A new message for a participant. Pieces are put one after the other, exactly as they are.

    Where they come to more than `words` words, the first of `shorter` that fits takes their place; it may be
    a sequence that makes each when it is looked at.
    """

    to: ParticipantId
    pieces: tuple[Piece, ...]
    buttons: Buttons = ()
    lane: Lane = Lane.ANSWER
    slot: Slot | None = None  # the question it puts: a swipe reply to it answers that question
    stage: StageId | None = None
    not_before: datetime | None = None
    expires: datetime | None = None
    words: int | None = None
    shorter: Sequence[tuple[Piece, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Other buttons, and other text where pieces are given, for an earlier message of the bot."""

    to: ParticipantId
    message: int
    buttons: Buttons = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """The answer to a press, with a short line that pops up or nothing."""

    to: ParticipantId
    press: str
    text: Piece | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """The commands that somebody sees, by name; the descriptions are texts "command.<name>"."""

    to: ParticipantId
    commands: tuple[str, ...]


Outgoing = Message | Amend | Acknowledge | Menu
