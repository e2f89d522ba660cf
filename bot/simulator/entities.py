"""The formatted parts of a text: offsets and lengths in UTF-16 code units, as Telegram counts."""

import re
from typing import Any

from bot.simulator.errors import bad_request

_TYPES = frozenset(
    {
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    }
)
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?![\w/]))|(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)])"
)


def utf16_length(text: str) -> int:
    """Count a text in UTF-16 code units; refuse a text that is not proper Unicode."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def find_entities(text: str, given: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Give the entities with the commands and addresses that Telegram finds by itself, in order."""
    entities = list(given or ())
    if "/" in text:
        for match in _FOUND.finditer(text):
            offset, length = utf16_length(text[: match.start()]), utf16_length(match.group())
            if not any(_overlap(one, offset, length) for one in given or ()):
                entities.append({"offset": offset, "length": length, "type": match.lastgroup})
        entities.sort(key=lambda one: (one["offset"], -one["length"]))
    return entities


def check_entities(text: str, entities: list[dict[str, Any]]) -> None:
    """Refuse entities that do not lie within the text or that cut a character in two."""
    units = text.encode("utf-16-le")
    for entity in entities:
        kind, start, length = entity["type"], entity["offset"], entity["length"]
        if kind not in _TYPES:
            raise bad_request(f'can\'t parse entities: unsupported type "{kind}"')
        if start < 0 or length <= 0 or (start + length) * 2 > len(units):
            raise bad_request(
                f"can't parse entities: {kind} at {start} of length {length} is outside the text"
            )
        if _cuts(units, start) or _cuts(units, start + length):
            raise bad_request(f"can't parse entities: {kind} at {start} cuts a character in two")
        if kind == "text_link" and "url" not in entity:
            raise bad_request("can't parse entities: text_link without url")


def _cuts(units: bytes, at: int) -> bool:
    return at * 2 < len(units) and 0xDC <= units[at * 2 + 1] <= 0xDF


def _overlap(entity: dict[str, Any], offset: int, length: int) -> bool:
    start: int = entity["offset"]
    end: int = start + entity["length"]
    return start < offset + length and offset < end
