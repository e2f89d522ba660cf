"""Telegram's HTML: a text with tags becomes a plain text with entities."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.simulator.entities import utf16_length
from bot.simulator.errors import ApiError, bad_request

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "span": "spoiler",
}
_PART = re.compile(r"<|&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")


@dataclass(slots=True, kw_only=True)
class _Open:
    tag: str
    entity: dict[str, Any] | None


def parse_html(markup: str) -> tuple[str, list[dict[str, Any]]]:
    """Give the text without tags and its entities, or refuse the markup as the real server."""
    text: list[str] = []
    entities: list[dict[str, Any]] = []
    open_tags: list[_Open] = []
    at = length = 0
    while match := _PART.search(markup, at):
        plain = markup[at : match.start()] + ("" if match.group() == "<" else unescape(match.group()))
        text.append(plain)
        length += utf16_length(plain)
        at = match.end()
        if match.group() == "<":
            at = _tag(markup, match.start(), length, open_tags, entities)
    text.append(markup[at:])
    if open_tags:
        raise _refuse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1].tag}"')
    entities.sort(key=lambda one: (one["offset"], -one["length"]))
    return "".join(text), entities


def _tag(markup: str, at: int, length: int, open_tags: list[_Open], entities: list[dict[str, Any]]) -> int:
    """Read one tag and give the place behind it."""
    byte = len(markup[:at].encode())
    if markup.startswith("/", at + 1):
        return _end_tag(markup, at, byte, length, open_tags, entities)
    end = markup.find(">", at)
    if end < 0:
        raise _refuse(f"Unclosed start tag at byte offset {byte}")
    name = _matched(_NAME, markup, at + 1).lower()
    if name not in _SIMPLE:
        raise _refuse(f'Unsupported start tag "{name}" at byte offset {byte}')
    attributes = _attributes(markup[at + 1 + len(name) : end])
    open_tags.append(_Open(tag=name, entity=_entity(name, attributes, length, byte)))
    return end + 1


def _end_tag(
    markup: str, at: int, byte: int, length: int, open_tags: list[_Open], entities: list[dict[str, Any]]
) -> int:
    if not open_tags:
        raise _refuse(f"Unexpected end tag at byte offset {byte}")
    name = _matched(_NAME, markup, at + 2).lower()
    end = at + 2 + len(name)
    while end < len(markup) and markup[end].isspace():
        end += 1
    if not markup.startswith(">", end):
        raise _refuse(f"Unclosed end tag at byte offset {byte}")
    opened = open_tags.pop()
    if name not in ("", opened.tag):
        raise _refuse(
            f'Unmatched end tag at byte offset {byte}, expected "</{opened.tag}>", found "</{name}>"'
        )
    if opened.entity is not None and length > opened.entity["offset"]:
        opened.entity["length"] = length - opened.entity["offset"]
        entities.append(opened.entity)
    return end + 1


def _entity(name: str, attributes: dict[str, str], offset: int, byte: int) -> dict[str, Any] | None:
    entity: dict[str, Any] = {"offset": offset, "length": 0, "type": _SIMPLE[name]}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    if name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    if name == "a":
        if not attributes.get("href"):
            return None
        entity["url"] = attributes["href"]
    return entity


def _attributes(inside: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(inside)
    return {m.group(1).lower(): unescape(m.group(2) or m.group(3) or m.group(4) or "") for m in found}


def _matched(pattern: re.Pattern[str], markup: str, at: int) -> str:
    match = pattern.match(markup, at)
    return match.group() if match else ""


def _refuse(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")
