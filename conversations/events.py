"""What happens in a chat, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from conversations.model import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody typed a text; `reply_to` is the bot's message it was a swipe reply to."""

    message: int
    text: str
    at: datetime
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """Somebody changed a text they had sent before."""

    message: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """Somebody sent a voice message."""

    message: int
    voice: Voice
    at: datetime
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody pressed a button under the bot's message `message`; `press` is to be acknowledged."""

    press: str
    data: str
    message: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """Somebody gave a command, such as /pauze tot 12 oktober: name "pauze", argument "tot 12 oktober"."""

    message: int
    name: str
    argument: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOther:
    """Somebody sent something the bot does not read, such as a photo or a sticker."""

    message: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """Somebody sent a document: `file` is the channel's id of it, `size` is in bytes."""

    message: int
    file: str = field(repr=False)
    name: str = field(repr=False)
    size: int
    caption: str = field(default="", repr=False)
    at: datetime
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Somebody blocked the bot."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Somebody unblocked the bot."""

    at: datetime


Event = Said | Edited | Spoke | Pressed | Commanded | SentOther | SentFile | Left | Returned
