"""Makes updates that aim at what the bot does: every command, every button, everybody's objects."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversations.buttons import Does, base36
from conversations.commands import MENUS
from tests.fuzz import nasty

COMMANDS = sorted({"start", "bestaatniet", *(name for names in MENUS.values() for name in names)})
_ARGUMENTS = ("", "", "12", "12 oktober", "morgen 10:00", "-1", "9" * 200, "vakantie", "0", "u")
_CHOICES = (
    "yes",
    "no",
    "1",
    "2",
    "3",
    "read",
    "contact",
    "extra",
    "private",
    "meeting",
    "away",
    "y",
    "n",
    "e",
    "m",
)
_MORE = (
    "today",
    "week",
    "held",
    "missed",
    "cancel",
    "1630",
    "0300",
    "x",
    "d",
    "7",
    "nl",
    "en",
    "je",
    "u",
)


@dataclass(frozen=True, slots=True)
class Objects:
    """What there is in the school, so that a forged button can name it."""

    numbers: Sequence[int]  # of check-ins, stages, signals, people, uploads
    questions: Sequence[str]
    buttons: Sequence[str]  # the data of buttons that the bot made
    codes: Sequence[str]  # invitations


class Aims:
    """Makes well-formed updates of people of the school; every message has a number of its own."""

    def __init__(self, chance: random.Random, people: list[dict[str, Any]], stamp: int) -> None:
        self._chance, self._people, self.stamp = chance, people, stamp
        self._message = 1_000_000
        self.commands: set[str] = set()  # that were given
        self.pressed: set[Does] = set()
        self.objects = Objects((), (), (), ())

    def update(self) -> dict[str, Any]:
        """Make something that a person could do, or a tampered app."""
        person = self._chance.choice(self._people)
        kinds = (self._text, self._command, self._press, self._press, self._edit, self._other, self._left)
        return self._chance.choice(kinds)(person)

    def _sent(self, person: dict[str, Any], **content: Any) -> dict[str, Any]:
        self._message += 1
        chat = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        stamp = self._chance.choice((self.stamp, self.stamp, *nasty.STAMPS))
        return {"message_id": self._message, "date": stamp, "chat": chat, "from": person} | content

    def _any_message(self) -> int:
        return self._chance.choice(
            (self._message - self._chance.randrange(50), self._chance.randrange(1, 400), 2**62)
        )

    def _text(self, person: dict[str, Any]) -> dict[str, Any]:
        content: dict[str, Any] = {"text": nasty.text(self._chance)}
        if self._chance.random() < 0.4:
            content["reply_to_message"] = self._sent(
                {**person, "is_bot": True}, message_id=self._any_message()
            )
        return {"message": self._sent(person, **content)}

    def _command(self, person: dict[str, Any]) -> dict[str, Any]:
        argument = self._chance.choice((*_ARGUMENTS, nasty.text(self._chance), *self.objects.codes[:3]))
        name = self._chance.choice(COMMANDS)
        self.commands.add(name)
        text = f"/{name} {argument}".strip()
        return {"message": self._sent(person, text=text)}

    def _edit(self, person: dict[str, Any]) -> dict[str, Any]:
        changed = {
            "message_id": self._any_message(),
            "edit_date": self.stamp,
            "text": nasty.text(self._chance),
        }
        return {"edited_message": self._sent(person, **changed)}

    def _other(self, person: dict[str, Any]) -> dict[str, Any]:
        file = {"file_id": nasty.text(self._chance), "file_unique_id": "x"}
        name = self._chance.choice(("rooster.csv", "rooster.xlsx", "../x.csv", nasty.text(self._chance)))
        content: dict[str, Any] = self._chance.choice(
            (
                {"voice": {"duration": self._chance.choice(nasty.INTS), **file}},
                {"document": {"file_name": name, "file_size": self._chance.choice(nasty.INTS), **file}},
                {"photo": [{"width": 1, "height": 1, **file}], "caption": nasty.text(self._chance)},
                {"sticker": {}},
                {"contact": {"phone_number": "1", "first_name": nasty.text(self._chance)}},
                {"text": nasty.text(self._chance), "forward_origin": {"type": "hidden_user"}},
            )
        )
        return {"message": self._sent(person, **content)}

    def _left(self, person: dict[str, Any]) -> dict[str, Any]:
        if self._chance.random() < 0.7:
            return self._text(person)
        member = {"user": person, "status": self._chance.choice(("kicked", "member", "left"))}
        change = self._sent(person, old_chat_member=member, new_chat_member=member)
        return {"my_chat_member": change}

    # ---- buttons ---------------------------------------------------------------------------------------

    def _press(self, person: dict[str, Any]) -> dict[str, Any]:
        message = self._sent(person, message_id=self._any_message(), **{"from": {"id": 7, "is_bot": True}})
        number = str(self._chance.getrandbits(60))
        press = {"id": number, "from": person, "chat_instance": "1", "data": self._data(), "message": message}
        return {"callback_query": press}

    def _data(self) -> str:
        made = self.objects.buttons
        if made and self._chance.random() < 0.5:
            return self._chance.choice(made)
        parts = [self._part() for _ in range(self._chance.randrange(5))]
        does = self._chance.choice(list(Does))
        self.pressed.add(does)
        return ":".join((does, *parts))

    def _part(self) -> str:
        kind = self._chance.random()
        if kind < 0.45 and self.objects.numbers:
            return base36(self._chance.choice(self.objects.numbers))
        if kind < 0.6 and self.objects.questions:
            return self._chance.choice(self.objects.questions)
        if kind < 0.95:
            return self._chance.choice(_CHOICES + _MORE)
        return nasty.text(self._chance)[:70]
