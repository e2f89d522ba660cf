"""Takes the answer to getUpdates apart into updates that can be stored, each as its own bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.store.records import RawUpdate

_LARGEST_ID = 2**63 - 1
_RESULT = re.compile(rb'"result"\s*:\s*\[')
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})\b')


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What one answer held: the updates that can be stored, and how many have no id to store them by."""

    updates: list[RawUpdate]
    nameless: int = 0


def sort_out(answer: Any) -> Fetched:
    """Take apart what the server answered; anything but a list holds nothing."""
    updates = answer if isinstance(answer, list) else []
    named = [update for update in updates if _has_id(update)]
    return Fetched(
        updates=[
            RawUpdate(id=update["update_id"], raw=json.dumps(update).encode(), chat=chat_of(update))
            for update in named
        ],
        nameless=len(updates) - len(named),
    )


def salvage(payload: bytes) -> Fetched:
    """Take the whole updates out of an answer that is no JSON, or too deep to read: none of them is lost."""
    found = [(_UPDATE_ID.search(raw), raw) for raw in _objects(payload)]
    return Fetched(
        updates=[
            RawUpdate(id=int(match[1]), raw=raw, chat=chat_of(_parsed(raw))) for match, raw in found if match
        ],
        nameless=sum(match is None for match, _ in found),
    )


def chat_of(update: Any) -> int | None:
    """Say whose update it is: the chat, and for a press who pressed; None where it can't be told."""
    bodies = update.values() if isinstance(update, dict) else ()
    body = next((body for body in bodies if isinstance(body, dict)), {})
    for holder in ("chat", "from"):
        found = body.get(holder)
        number = found.get("id") if isinstance(found, dict) else None
        if type(number) is int and abs(number) <= _LARGEST_ID:
            return number
    return None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _objects(payload: bytes) -> Iterator[bytes]:
    """Give the bytes of each object in the result list, as far as they are complete."""
    result = _RESULT.search(payload)
    if result is None:
        return
    depth, start = 0, 0
    for token in _STRING_OR_BRACKET.finditer(payload, result.end()):
        if token[0] in b"{[":
            start = token.start() if depth == 0 else start
            depth += 1
        elif token[0] in b"}]":
            depth -= 1
            if depth < 0:
                return
            if depth == 0:
                yield payload[start : token.end()]


def _has_id(update: Any) -> bool:
    number = update.get("update_id") if isinstance(update, dict) else None
    return type(number) is int and 0 <= number <= _LARGEST_ID
