"""Turns a stored update into what happened in a chat."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.services.incoming import Incoming
from bot.store.records import RawUpdate
from bot.telegram.errors import ParseFailed
from bot.telegram.updates import ChatMessage, DocumentFile, MembershipChange, Press, Update, User
from conversations.events import (
    Commanded,
    Edited,
    Event,
    Left,
    Pressed,
    Returned,
    Said,
    SentFile,
    SentOther,
    Spoke,
)
from conversations.model import Language, Voice

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.ASCII)
# What people send besides text and voice, the more particular before the more general: a venue also has a
# location, an animation also a document. Anything else in a message is Telegram's own notice.
_OTHER_KINDS = (
    "photo",
    "sticker",
    "animation",
    "document",
    "video",
    "video_note",
    "audio",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "checklist",
    "paid_media",
    "live_photo",
)


def parse(update: RawUpdate, now: datetime) -> Incoming | None:
    """Say what happened; None for what the bot ignores, such as groups, other bots and service messages.

    `now` is when a press counts as made: Telegram does not date presses. Raises ParseFailed, nothing else.
    """
    try:
        content = json.loads(update.raw)
        read = Update.model_validate(content)
    except (ValueError, RecursionError, ValidationError):
        read = None
    if read is None:
        raise ParseFailed(update.id)
    if read.message is not None:
        return _incoming(update.id, read.message, _said(read.message, content["message"]))
    if read.edited_message is not None:
        return _incoming(update.id, read.edited_message, _edited(read.edited_message))
    if read.callback_query is not None:
        return _pressed(update.id, read.callback_query, now)
    if read.my_chat_member is not None:
        return _moved(update.id, read.my_chat_member)
    return None


def _incoming(update: int, message: ChatMessage, event: Event | None) -> Incoming | None:
    sender = message.sender
    if event is None or message.chat.type != "private" or sender is None or sender.is_bot:
        return None
    return Incoming(update=update, chat=message.chat.id, language=_language(sender), event=event)


def _said(message: ChatMessage, content: dict[str, Any]) -> Event | None:
    number, at = message.message_id, message.date
    if message.forward_origin or message.forward_date or message.via_bot:
        return SentOther(message=number, kind="forward", at=at)
    text = message.text or message.caption
    if text and message.text and (command := _COMMAND.fullmatch(text)):
        argument = (command[2] or "").strip()
        return Commanded(message=number, name=command[1].lower(), argument=argument, at=at)
    if message.document is not None and message.document.file_id and message.animation is None:
        return _file(message, message.document)
    if text:
        return Said(message=number, text=text, at=at, reply_to=_reply_to(message))
    if message.voice is not None:
        voice = Voice(file=message.voice.file_id, seconds=message.voice.duration)
        return Spoke(message=number, voice=voice, at=at, reply_to=_reply_to(message))
    kind = next((kind for kind in _OTHER_KINDS if kind in content), None)
    return None if kind is None else SentOther(message=number, kind=kind, at=at)


def _file(message: ChatMessage, file: DocumentFile) -> SentFile:
    """Give a document, with the words beside it."""
    return SentFile(
        message=message.message_id,
        file=file.file_id,
        name=file.file_name,
        size=file.file_size,
        caption=message.caption or "",
        at=message.date,
        reply_to=_reply_to(message),
    )


def _reply_to(message: ChatMessage) -> int | None:
    """Give the bot's message that this one is a swipe reply to; replies to own messages refer to nothing."""
    answered = message.reply_to_message
    if answered is None or (answered.sender is not None and not answered.sender.is_bot):
        return None
    return answered.message_id


def _edited(message: ChatMessage) -> Event | None:
    text = message.text or message.caption
    if not text:
        return None
    return Edited(message=message.message_id, text=text, at=message.edit_date or message.date)


def _pressed(update: int, press: Press, now: datetime) -> Incoming | None:
    message = press.message
    if press.data is None or press.inline_message_id is not None or press.sender.is_bot:
        return None
    if message is not None and message.chat.type != "private":
        return None
    number = message.message_id if message is not None and message.date > 0 else None
    return Incoming(
        update=update,
        chat=press.sender.id,
        language=_language(press.sender),
        event=Pressed(press=press.id, data=press.data, message=number, at=now),
    )


def _moved(update: int, change: MembershipChange) -> Incoming | None:
    if change.chat.type != "private":
        return None
    event: Event
    match change.new_chat_member.status:
        case "kicked":
            event = Left(at=change.date)
        case "member":
            event = Returned(at=change.date)
        case _:
            return None
    return Incoming(update=update, chat=change.chat.id, language=_language(change.sender), event=event)


def _language(user: User) -> Language | None:
    code = (user.language_code or "").split("-")[0].lower()
    return Language(code) if code in set(Language) else None
