"""Turns a parcel into a call of the Bot API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.store.records import Claimed
from bot.telegram.errors import Unsendable

_LONGEST_DATA = 64  # bytes in callback_data
_LONGEST_NOTICE = 200  # characters that may pop up after a press


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method of the Bot API with its parameters."""

    method: str
    params: dict[str, Any]

    @property
    def has_entities(self) -> bool:
        """Tell whether the text is marked up, which a server can refuse."""
        return "entities" in self.params


def render(claimed: Claimed, *, plain: bool = False) -> Call:
    """Make the call that delivers a parcel; `plain` leaves out bold. Raises Unsendable."""
    make = _CALLS.get(claimed.parcel.kind)
    if make is None:
        raise Unsendable(claimed.id, "its kind is unknown")
    try:
        call = make(claimed)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        reason = type(error).__name__
    else:
        if plain:
            return Call(method=call.method, params={k: v for k, v in call.params.items() if k != "entities"})
        return call
    raise Unsendable(claimed.id, f"its payload is not what its kind asks for ({reason})")


def _message(claimed: Claimed) -> Call:
    payload = _marked(claimed.parcel.payload)
    params = {"chat_id": claimed.chat} | _text(payload)
    if payload.get("buttons"):
        params["reply_markup"] = _keyboard(claimed)
    return Call(method="sendMessage", params=params)


def _marked(payload: dict[str, Any]) -> dict[str, Any]:
    """Put above a page that goes once more that it may be double; what is bold moves along."""
    if not (payload.get("possibly_double") and payload.get("if_again")):
        return payload
    lead = f"{payload['if_again']}\n"
    bold = [[start + len(lead), length] for start, length in payload.get("bold") or ()]
    return payload | {"text": lead + payload["text"], "bold": bold}


def _amend(claimed: Claimed) -> Call:
    payload = claimed.parcel.payload
    params = {"chat_id": claimed.chat, "message_id": payload["message"], "reply_markup": _keyboard(claimed)}
    if payload.get("text") is None:
        return Call(method="editMessageReplyMarkup", params=params)
    return Call(method="editMessageText", params=params | _text(payload))


def _acknowledge(claimed: Claimed) -> Call:
    payload = claimed.parcel.payload
    params: dict[str, Any] = {"callback_query_id": payload["press"]}
    if payload.get("text"):
        params["text"] = payload["text"][:_LONGEST_NOTICE]
    return Call(method="answerCallbackQuery", params=params)


def _menu(claimed: Claimed) -> Call:
    commands = [{"command": name, "description": text} for name, text in claimed.parcel.payload["commands"]]
    scope = {"type": "chat", "chat_id": claimed.chat}
    if not commands:
        return Call(method="deleteMyCommands", params={"scope": scope})
    return Call(method="setMyCommands", params={"commands": commands, "scope": scope})


_CALLS: dict[str, Callable[[Claimed], Call]] = {
    "message": _message,
    "amend": _amend,
    "acknowledge": _acknowledge,
    "menu": _menu,
}


def _text(payload: dict[str, Any]) -> dict[str, Any]:
    """Give the text with its bold runs; never a parse_mode, which would read people's own words as markup."""
    text: str = payload["text"]
    text.encode()  # refuses halves of characters, which no server takes
    params: dict[str, Any] = {"text": text, "link_preview_options": {"is_disabled": True}}
    entities = [_bold(text, start, length) for start, length in payload.get("bold") or ()]
    if entities:
        params["entities"] = entities
    return params


def _bold(text: str, start: int, length: int) -> dict[str, Any]:
    """Mark characters as bold; Telegram counts UTF-16 units, so an emoji counts for two."""
    end = start + length
    return {"type": "bold", "offset": _units(text[:start]), "length": _units(text[start:end])}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _keyboard(claimed: Claimed) -> dict[str, Any]:
    rows = claimed.parcel.payload.get("buttons") or ()
    for button in (button for row in rows for button in row):
        if len(button["data"].encode()) > _LONGEST_DATA:
            raise Unsendable(claimed.id, f"a button carries more than {_LONGEST_DATA} bytes")
    keyboard = [[{"text": button["text"], "callback_data": button["data"]} for button in row] for row in rows]
    return {"inline_keyboard": keyboard}
