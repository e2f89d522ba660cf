"""One person's private chat with the bot, as Telegram holds it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any


@dataclass(slots=True, kw_only=True)
class Chat:
    """The messages between one person and the bot, with what both sides set there."""

    person: dict[str, Any]
    info: dict[str, Any]
    instance: str
    started: bool = False
    blocked: bool = False
    deactivated: bool = False
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    placeholders: dict[int, str] = field(default_factory=dict)
    reply_keyboards: set[int] = field(default_factory=set)
    reactions: dict[int, str] = field(default_factory=dict)
    earlier_buttons: dict[int, set[str]] = field(default_factory=dict)
    views: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """Give the chat's id, which in a private chat is the person's."""
        chat_id: int = self.info["id"]
        return chat_id

    def view(self, message_id: int, zone: tzinfo) -> dict[str, Any]:
        """Show a message as the person's phone does."""
        view = self.views.get(message_id)
        if view is None:
            view = self.views[message_id] = self._look(self.messages[message_id], zone)
        return view

    def changed(self, message_id: int) -> None:
        """Forget how a message looked: it has changed or gone."""
        self.views.pop(message_id, None)

    def forget(self, message_id: int) -> None:
        """Remove a message with all that hangs on it."""
        del self.messages[message_id]
        for kept in (self.placeholders, self.reactions, self.earlier_buttons, self.views):
            kept.pop(message_id, None)
        self.reply_keyboards.discard(message_id)

    def _look(self, message: dict[str, Any], zone: tzinfo) -> dict[str, Any]:
        message_id = message["message_id"]
        reply = message.get("reply_to_message")
        voice, document = message.get("voice"), message.get("document")
        return {
            "message_id": message_id,
            "from": "bot" if message["from"]["is_bot"] else "person",
            "date": datetime.fromtimestamp(message["date"], UTC).astimezone(zone).isoformat(),
            "edited": "edit_date" in message,
            "text": message.get("text", message.get("caption")),
            "entities": message.get("entities", message.get("caption_entities", [])),
            "buttons": [[_button(one) for one in row] for row in keyboard(message)],
            "reply_to": reply["message_id"] if reply else None,
            "voice": {"duration": voice["duration"]} if voice else None,
            "document": {"file_name": document["file_name"], "size": document["file_size"]}
            if document
            else None,
            "placeholder": self.placeholders.get(message_id),
            "reaction": self.reactions.get(message_id),
        }


def keyboard(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Give the rows of buttons below a message."""
    rows: list[list[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def button_data(message: dict[str, Any]) -> set[str]:
    """Give what the buttons below a message send when pressed."""
    return {one["callback_data"] for row in keyboard(message) for one in row if "callback_data" in one}


def _button(button: dict[str, Any]) -> dict[str, Any]:
    if "callback_data" in button:
        return {"text": button["text"], "data": button["callback_data"]}
    return {"text": button["text"], "url": button.get("url", "")}
