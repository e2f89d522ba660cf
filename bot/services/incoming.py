"""What reaches the bot from a channel, in words that no channel owns."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.events import Event
from conversations.model import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One event in one chat; `update` is the id it is stored under, `language` what the app is set to."""

    update: int
    chat: int
    language: Language | None
    event: Event
