"""What a button carries: a letter for what it does, and the place it belongs to, within 64 bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from conversations.model import CheckInId, Slot

LIMIT = 64  # bytes (Bot API: callback_data)
_BIGGEST = 2**63  # what a database can hold
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Does(StrEnum):
    """What pressing a button does."""

    ANSWER = "a"  # a:<check-in>:<question>:<choice>
    TICK = "t"  # t:<check-in>:<question>:<choice>
    READY = "k"  # k:<check-in>:<question>
    SKIP = "s"  # s:<check-in>:<question>
    LATER = "l"  # l:<check-in>:<question>:<e|m>
    SHARE = "v"  # v:<check-in>:<private|meeting>
    BELONGS = "p"  # p:<own message>:<check-in>:<question>: a text that could answer two questions
    NOTE = "n"  # n:<own message>:<private|meeting|away|stage id>
    MOMENT = "m"  # m:<weekday or x or d>[:<hhmm>]
    PAUSE = "z"  # z:<days>
    LANGUAGE = "g"  # g:<nl|en>[:<je|u>]
    JOIN = "j"  # j:<y|n>:<invitation code>
    COVER = "q"  # q:<check-in>:<question>:<task>: the next state of a task in a list
    BELL = "b"  # b:<stage>[:<what>]: /overleg
    HELP = "h"  # h:<what>[:<stage>]: /hulp
    SIGNAL = "c"  # c:<signal>:<what>: the teacher's answer to a signal
    MEETING = "o"  # o:<stage>[:<number>[:<what>[:<choice>]]]: the teacher's /gesprek
    OWN_ANSWER = "r"  # r:<check-in>:<question>:<what>: /antwoorden
    OWN_PAGE = "f"  # f:<stage>:<what>: the student's /gesprek
    PAGE = "e"  # e:<stage>:<meeting>:<read|contact|extra>: below a digest
    PREPARE = "u"  # u:<stage>[:<what>]: /voorbereiding and the teacher's /studenten
    GUIDE = "d"  # d:<stage>[:<what>]: the trainer's /studenten
    UPLOAD = "i"  # i:<upload>:<y|n>: a roster sent in the chat
    TEAM = "y"  # y:<what>[:<choice>]: /stand
    EXPLAIN = "w"  # w:<what>: /uitleg
    CANCEL = "x"  # x: what was asked to be typed is not needed any more


@dataclass(frozen=True, slots=True)
class Press:
    """A decoded button."""

    does: Does
    parts: tuple[str, ...]

    @property
    def slot(self) -> Slot | None:
        """Give the question that the button belongs to, where it has one."""
        parts = self.parts[1:] if self.does is Does.BELONGS else self.parts
        if self.does in _WITH_SLOT and len(parts) >= 2:
            return Slot(CheckInId(int(parts[0], 36)), parts[1])
        return None

    @property
    def check_in(self) -> CheckInId | None:
        """Give the check-in that the button belongs to, where it has one."""
        if self.does is Does.SHARE:
            return CheckInId(int(self.parts[0], 36))
        return self.slot.check_in if self.slot else None

    @property
    def stage(self) -> int | None:
        """Give the stage that the button belongs to, where its data begins with one."""
        return int(self.parts[0], 36) if self.does in WITH_STAGE else None

    @property
    def number(self) -> int | None:
        """Give the signal or upload that the button belongs to, where its data begins with one."""
        return int(self.parts[0], 36) if self.does in (Does.SIGNAL, Does.UPLOAD) else None

    @property
    def own_message(self) -> int | None:
        """Give the person's own message that the button is about, where it is about one."""
        return int(self.parts[0]) if self.does in (Does.BELONGS, Does.NOTE) else None


WITH_STAGE = frozenset({Does.BELL, Does.MEETING, Does.OWN_PAGE, Does.PAGE, Does.PREPARE, Does.GUIDE})
_WITH_SLOT = frozenset(
    {
        Does.ANSWER,
        Does.TICK,
        Does.READY,
        Does.SKIP,
        Does.LATER,
        Does.BELONGS,
        Does.COVER,
        Does.OWN_ANSWER,
    }
)
_LENGTHS = {
    Does.ANSWER: (3, 3),
    Does.TICK: (3, 3),
    Does.READY: (2, 2),
    Does.SKIP: (2, 2),
    Does.LATER: (3, 3),
    Does.SHARE: (2, 2),
    Does.BELONGS: (3, 3),
    Does.NOTE: (2, 2),
    Does.MOMENT: (1, 2),
    Does.PAUSE: (1, 1),
    Does.LANGUAGE: (1, 2),
    Does.JOIN: (2, 2),
    Does.COVER: (3, 3),
    Does.BELL: (1, 2),
    Does.HELP: (1, 2),
    Does.SIGNAL: (2, 2),
    Does.MEETING: (1, 4),
    Does.OWN_ANSWER: (3, 3),
    Does.OWN_PAGE: (2, 2),
    Does.PAGE: (3, 3),
    Does.PREPARE: (1, 2),
    Does.GUIDE: (1, 2),
    Does.UPLOAD: (2, 2),
    Does.TEAM: (1, 2),
    Does.EXPLAIN: (1, 1),
    Does.CANCEL: (0, 0),
}


def encode(does: Does, *parts: str | int) -> str:
    """Make the data of a button."""
    return ":".join((does.value, *map(str, parts)))


def for_slot(does: Does, check_in: CheckInId, question: str, *parts: str | int) -> str:
    """Make the data of a button that belongs to a question."""
    return encode(does, base36(check_in), question, *parts)


def decode(data: str) -> Press | None:
    """Read a button's data; None for whatever this bot did not make."""
    if not data or len(data.encode("utf-8", "replace")) > LIMIT:
        return None
    letter, *parts = data.split(":")
    try:
        press = Press(Does(letter), tuple(parts))
        least, most = _LENGTHS[press.does]
        if not least <= len(parts) <= most or not all(parts):
            return None
        numbers = (press.check_in or 0, press.own_message or 0, press.stage or 0, press.number or 0)
    except ValueError:
        return None
    return press if max(numbers) < _BIGGEST and min(numbers) >= 0 else None


@lru_cache(maxsize=256)  # all buttons of a question hold the same
def base36(number: int) -> str:
    """Write a positive number in the fewest characters that a button may hold."""
    if number < 0:
        raise ValueError("a button can't carry a negative number")
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
