"""The updates that the server hands out: one person each, one answer each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

FIRST_UPDATE = 1000
FIRST_CHAT = 100_000


def words(number: int) -> str:
    """Give what the person with this number answers: no two write the same."""
    return f"Ik mocht vandaag zelf de balie doen en het ging goed, nummer {number}"


def update(number: int, person: int, at: datetime) -> dict[str, object]:
    """Give an update in which this person writes."""
    chat = FIRST_CHAT + person
    someone = {"id": chat, "first_name": "A", "language_code": "nl"}
    return {
        "update_id": FIRST_UPDATE + number,
        "message": {
            "message_id": 50 + number,
            "date": int(at.timestamp()),
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "from": someone | {"is_bot": False},
            "text": words(person),
        },
    }


def write(file: Path, people: Iterable[int], at: datetime) -> Path:
    """Write a file of updates, one answer by each of these people, in this order."""
    lines = (json.dumps(update(number, person, at)) for number, person in enumerate(people))
    file.write_text("\n".join(lines), encoding="utf-8")
    return file
