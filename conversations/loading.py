"""What is loaded before an event can be decided: what it refers to, and what it needs beside its chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from conversations import buttons, commands, which
from conversations.buttons import Does, Press
from conversations.dossier import Expectation
from conversations.events import Commanded, Edited, Event, Pressed, Said, SentFile, Spoke
from conversations.facts import ChatFacts
from conversations.model import CheckInId, StageId


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
        case Said() | Spoke() if facts.expectation is not None:
            return _typing_wants(facts.expectation)
        case SentFile():
            return Wants(uploads=True)
        case Pressed(data=data) if (press := buttons.decode(data)) is not None:
            if facts.expectation is not None and which.is_for_expected(press):
                return _typing_wants(facts.expectation)
            return _press_wants(press)
        case _:
            return None


def _typing_wants(expected: Expectation) -> Wants:
    return Wants(own=True, dossiers=frozenset() if expected.stage is None else frozenset({expected.stage}))


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
