"""The parts of a Telegram update that the bot reads, checked as they enter.

Telegram adds fields and kinds of update all the time: what is not named here is left alone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def cleaned(value: object) -> object:
    """Mend what no database takes: NUL, and halves of characters outside the basic plane."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _moment(value: object) -> datetime:
    """Read Telegram's seconds since 1970."""
    if type(value) is not int or not 0 <= value < 2**37:
        raise ValueError("not a moment")
    return datetime.fromtimestamp(value, UTC)


Text = Annotated[str, BeforeValidator(cleaned)]
Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
MessageNumber = Annotated[int, Field(ge=0, lt=2**63)]
Stamp = Annotated[datetime, BeforeValidator(_moment)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True, hide_input_in_errors=True)


class User(_Part):
    """Who did something."""

    id: Number
    is_bot: bool = False
    language_code: Text | None = None


class Chat(_Part):
    """Where it happened."""

    id: Number
    type: Text = ""


class VoiceFile(_Part):
    """A voice message as Telegram keeps it."""

    file_id: Text
    duration: Number


class DocumentFile(_Part):
    """A file as Telegram keeps it; one without an id can't be fetched, and is no less a message."""

    file_id: Text = ""
    file_name: Text = ""
    file_size: Number = 0


class Answered(_Part):
    """The message that a swipe reply belongs to."""

    message_id: MessageNumber
    sender: User | None = Field(default=None, alias="from")


class ChatMessage(_Part):
    """A message from a person."""

    message_id: MessageNumber
    date: Stamp
    edit_date: Stamp | None = None
    chat: Chat
    sender: User | None = Field(default=None, alias="from")
    text: Text | None = None
    caption: Text | None = None
    voice: VoiceFile | None = None
    document: DocumentFile | None = None
    animation: Any = None  # comes with a document beside it
    reply_to_message: Answered | None = None
    forward_origin: Any = None
    forward_date: Any = None  # what older servers send in its place
    via_bot: Any = None


class PressedMessage(_Part):
    """The message a button is below; date 0 says that the bot can't reach it any more."""

    message_id: MessageNumber
    date: Number = 0
    chat: Chat


class Press(_Part):
    """A button press."""

    id: Text
    sender: User = Field(alias="from")
    message: PressedMessage | None = None
    inline_message_id: Any = None
    data: Text | None = None


class Membership(_Part):
    """What the bot is in a chat."""

    status: Text


class MembershipChange(_Part):
    """The bot was blocked or let in again."""

    chat: Chat
    sender: User = Field(alias="from")
    date: Stamp
    new_chat_member: Membership


class Update(_Part):
    """One update of a kind that the bot asks for."""

    message: ChatMessage | None = None
    edited_message: ChatMessage | None = None
    callback_query: Press | None = None
    my_chat_member: MembershipChange | None = None
