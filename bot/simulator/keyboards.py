"""Checks of what can hang below a message: buttons, and the request for a reply."""

from typing import Any

from bot.simulator.entities import utf16_length
from bot.simulator.errors import ApiError, bad_request

_MOST_BUTTONS = 100
_LONGEST_DATA = 64
_LONGEST_PLACEHOLDER = 64
_LONGEST_COPY = 256
_STYLES = frozenset({"danger", "success", "primary"})
_LOOKS = frozenset({"text", "icon_custom_emoji_id", "style"})


def check_markup(markup: dict[str, Any]) -> None:
    """Refuse a reply_markup that the real server refuses, or that the simulator's phones can't show."""
    if "inline_keyboard" in markup:
        _check_inline(markup["inline_keyboard"])
    elif "keyboard" in markup:
        raise ApiError(501, "Not Implemented: the simulator's phones show no reply keyboard")
    elif "force_reply" in markup and len(markup.get("input_field_placeholder", "")) > _LONGEST_PLACEHOLDER:
        raise bad_request("INPUT_FIELD_PLACEHOLDER_INVALID")


def _check_inline(rows: list[list[dict[str, Any]]]) -> None:
    if sum(len(row) for row in rows) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            _check_button(button)


def _check_button(button: dict[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    utf16_length(button["text"])
    kinds = button.keys() - _LOOKS
    if not kinds:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(kinds) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one optional field must be used")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= _LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= _LONGEST_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.get("style", "primary") not in _STYLES:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
