"""The people of a game, what they saw, and what they did."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.simulator.phone import Phone
from conversations.dossier import Urgency
from conversations.model import CheckInId, Role, Share, Slot


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of the bot as it first appeared on a phone."""

    chat: int
    text: str
    slot: Slot | None


@dataclass(slots=True)
class Person:
    """Somebody with a phone. Students write whatever comes up; trainers swipe, and skip questions."""

    phone: Phone
    code: str
    roles: frozenset[Role]
    invited: bool = False  # has seen "Ben jij dit?"
    joined: bool = False
    seen: set[int] = field(default_factory=set)
    asked: set[tuple[str, ...]] = field(default_factory=set)  # buttons that came in place of others
    last: tuple[int, str] | None = None  # the text written last, with its mark, that may be changed

    @property
    def is_student(self) -> bool:
        """Tell students from all others, who swipe and skip."""
        return Role.STUDENT in self.roles


@dataclass(slots=True)
class Done:
    """What people did, to be found again in the database."""

    texts: set[str] = field(default_factory=set)  # the mark of each, as it is since its last change
    voices: set[int] = field(default_factory=set)  # seconds: each has a length of its own
    bells: dict[int, Urgency] = field(default_factory=dict)  # by stage, as they were rung
    acknowledged: set[int] = field(default_factory=set)  # signals
    chosen: dict[Slot, tuple[str, ...]] = field(default_factory=dict)
    skipped: set[Slot] = field(default_factory=set)
    shared: dict[CheckInId, Share] = field(default_factory=dict)
    notes: dict[tuple[int, int], Share] = field(default_factory=dict)  # chat and own message
    joined: set[int] = field(default_factory=set)  # chats
    marks: int = 0
    presses: int = 0
    edits: int = 0
    commands: int = 0
    starts: int = 0

    @property
    def updates(self) -> int:
        """Count all that people did: one update each."""
        written = self.marks - self.edits + len(self.voices)
        return written + self.presses + self.edits + self.commands + self.starts
