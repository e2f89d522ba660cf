"""Makes updates of every shape that the Bot API describes.

`update_api.json` holds all objects that an update can hold, distilled from the same source as
bot/simulator/bot_api.json: see bot/simulator/README-bot-api.md for it and its licence.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from tests.fuzz import nasty

_FILE = Path(__file__).with_name("update_api.json")
_LIST = "Array of "
_DEEPEST = 4
_FEW = (0, 0, 1, 1, 2, 3, 6, 12)  # optional fields of an object
_CHATS = ("private", "group", "supergroup", "channel")
_PATCH = 0.7  # of the objects that are of a person of the school


@cache
def objects() -> dict[str, Any]:
    """Give the description of each object."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))["types"]
    return found


class Shapes:
    """Makes objects that follow the description; `people` are the users of the school."""

    def __init__(self, chance: random.Random, people: list[dict[str, Any]]) -> None:
        self._chance = chance
        self._people = people
        fields = objects()["Update"]["fields"]
        self._kinds = [(name, kind) for name, (kind, required) in fields.items() if not required]
        self.made: set[str] = set()  # kinds of updates
        self._known = {"message", "edited_message", "callback_query", "my_chat_member"}

    def update(self) -> dict[str, Any]:
        """Make an update of any kind, and half of the time of a kind that the bot asks for."""
        wanted = self._chance.random() < 0.5
        name, kind = self._chance.choice([k for k in self._kinds if not wanted or k[0] in self._known])
        self.made.add(name)
        return {name: self._of_a_person(self._make(kind, name, 0))}

    def _of_a_person(self, body: Any) -> Any:
        """Let somebody of the school be who did it, in their own chat with the bot."""
        if not isinstance(body, dict) or self._chance.random() > _PATCH:
            return body
        person = self._chance.choice(self._people)
        own = {"id": person["id"], "type": "private", "first_name": person["first_name"]}
        if "chat" in body:
            body["chat"] = own
        if isinstance(body.get("message"), dict) and "chat" in body["message"]:
            body["message"]["chat"] = own
        body["from"] = person
        return body

    def _make(self, kind: str, name: str, depth: int) -> Any:
        if kind.startswith(_LIST):
            count = self._chance.choice((0, 1, 2)) if depth < _DEEPEST else 0
            return [self._make(kind.removeprefix(_LIST), name, depth + 1) for _ in range(count)]
        match kind:
            case "Integer":
                return self._integer(name)
            case "String":
                return self._string(name)
            case "Boolean":
                return self._chance.random() < 0.3
            case "True":
                return True
            case "Float":
                return self._chance.uniform(-180, 180)
            case _:
                return self._object(kind, depth)

    def _object(self, kind: str, depth: int) -> Any:
        shape = objects()[kind]
        if "any_of" in shape:
            return self._object(self._chance.choice(shape["any_of"]), depth + 1)
        fields = shape.get("fields", {})
        optional = [name for name, (_, required) in fields.items() if not required]
        few = self._chance.choice(_FEW) if depth < _DEEPEST else 0
        chosen = set(self._chance.sample(optional, min(few, len(optional))))
        return {
            name: self._make(of, name, depth + 1)
            for name, (of, required) in fields.items()
            if required or name in chosen
        }

    def _integer(self, name: str) -> int:
        if name.endswith("date"):
            return self._chance.choice(nasty.STAMPS)
        number: int = self._chance.choice((*nasty.INTS, self._chance.randrange(10_000)))
        return max(number, 0) if name == "message_id" else number

    def _string(self, name: str) -> str:
        if name == "type":
            return self._chance.choice(_CHATS)
        return nasty.text(self._chance)


def spoil(chance: random.Random, value: Any) -> Any:
    """Damage an object somewhere: a field gone, of another type, far too large, or nested without end."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        name = chance.choice(list(value))
        rest = {key: held for key, held in value.items() if key != name}
        match chance.randrange(6):
            case 0:
                return rest
            case 1:
                return rest | {name: chance.choice(nasty.ODD)}
            case 2:
                return value | {nasty.text(chance): chance.choice(nasty.ODD)}
            case _:
                return rest | {name: spoil(chance, value[name])}
    if isinstance(value, list) and value and chance.random() < 0.8:
        return [spoil(chance, value[0]), *value[1:]]
    return chance.choice((*nasty.TOO_LARGE, *nasty.ODD, float("inf"), float("nan"), nasty.DEEP, nasty.HUGE))


def encode(update: Any) -> bytes:
    """Write an update as a server would, with half characters escaped and depth put in."""
    written = json.dumps(update)
    deep = "[" * 100_000 + "]" * 100_000
    return written.replace(f'"{nasty.DEEP}"', deep).replace(f'"{nasty.HUGE}"', "9" * 5000).encode()
