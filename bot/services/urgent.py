"""What is kept even of somebody who sends far too much: a cry for help, and the wish to be left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.services.incoming import Incoming
from bot.store.records import RawUpdate
from conversations.events import Commanded, Edited, Event, Said
from conversations.school import School

Parse = Callable[[RawUpdate, datetime], Incoming | None]
URGENT = frozenset({"hulp", "stop"})  # commands


def is_urgent(event: Event, school: School) -> bool:
    """Tell whether something may not be lost in a flood: a command of these, or words that suggest danger."""
    match event:
        case Commanded(name=name):
            return name in URGENT
        case Said(text=text) | Edited(text=text):
            return school.safety_words.notice(text) is not None
        case _:
            return False


def looking(parse: Parse, school: School) -> Callable[[RawUpdate, datetime], bool]:
    """Give what tells of an update whether it is urgent; one that can't be read is not."""

    def _look(update: RawUpdate, now: datetime) -> bool:
        try:
            incoming = parse(update, now)
        except Exception:  # noqa: BLE001 (whatever was sent, the flood is not to stop the others)
            return False
        return incoming is not None and is_urgent(incoming.event, school)

    return _look
