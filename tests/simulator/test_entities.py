"""Formatting: entities in UTF-16 code units, and Telegram's HTML."""

from typing import Any

import pytest

from bot.simulator.entities import find_entities
from bot.simulator.errors import ApiError
from bot.simulator.markup import parse_html
from bot.simulator.world import Phone
from tests.simulator.conftest import Api


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    """Make an entity."""
    return {"offset": offset, "length": length, "type": kind, **more}


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("gewoon", "gewoon", []),
        ("<b>vet</b> en <i>schuin</i>", "vet en schuin", [entity("bold", 0, 3), entity("italic", 7, 6)]),
        ("😀<strong>é</strong>", "😀é", [entity("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("1 &lt; 2 &amp; &quot;x&quot; &#33; &euro;", '1 < 2 & "x" ! &euro;', []),
        (
            '<a href="https://example.org/?a=1&amp;b=2">hier</a>',
            "hier",
            [entity("text_link", 0, 4, url="https://example.org/?a=1&b=2")],
        ),
        ("<blockquote expandable>lang</blockquote>", "lang", [entity("expandable_blockquote", 0, 4)]),
        ('<span class="tg-spoiler">geheim</span>', "geheim", [entity("spoiler", 0, 6)]),
        ("<b></b>leeg", "leeg", []),
    ],
)
def test_html_becomes_text_with_entities(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    """Tags go, entities point at what they held."""
    assert parse_html(markup) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("a <b>vet", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é <kbd>x</kbd>", 'Unsupported start tag "kbd" at byte offset 3'),
        ("5 < 6", "Unclosed start tag at byte offset 2"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused(markup: str, fault: str) -> None:
    """Each fault has the server's words and the byte it is at."""
    with pytest.raises(ApiError) as caught:
        parse_html(markup)
    assert caught.value.description == f"Bad Request: can't parse entities: {fault}"


def test_commands_and_addresses_are_found() -> None:
    """As Telegram does by itself: not within words or paths, not over other entities."""
    text = "😀 /hulp of a/b, https://example.org/x."
    assert find_entities(text) == [entity("bot_command", 3, 5), entity("url", 17, 21)]
    assert find_entities("/hulp", [entity("code", 0, 5)]) == [entity("code", 0, 5)]


async def test_entities_of_the_bot_arrive(api: Api, phone: Phone) -> None:
    """Entities that are given come back and are on the phone."""
    bold = entity("bold", 0, 2)
    sent = await api.result("sendMessage", chat_id=1001, text="😀 hoi", entities=[bold])
    assert sent["entities"] == [bold]
    assert phone.messages[-1]["entities"] == [bold]


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (entity("bold", 3, 4), "bold at 3 of length 4 is outside the text"),
        (entity("bold", 0, 0), "bold at 0 of length 0 is outside the text"),
        (entity("bold", -1, 2), "bold at -1 of length 2 is outside the text"),
        (entity("bold", 1, 2), "bold at 1 cuts a character in two"),
        (entity("fat", 0, 2), 'unsupported type "fat"'),
        (entity("text_link", 0, 2), "text_link without url"),
    ],
)
async def test_wrong_entities_are_refused(api: Api, wrong: dict[str, Any], fault: str) -> None:
    """Offsets outside the text or within a character, and types that do not exist."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text="😀 hoi", entities=[wrong])
    assert refusal == (400, f"Bad Request: can't parse entities: {fault}")


@pytest.mark.usefixtures("phone")
async def test_html_works_over_the_wire(api: Api) -> None:
    """parse_mode HTML gives entities; broken HTML is refused; Markdown is not served."""
    sent = await api.result("sendMessage", chat_id=1001, text="<b>Hoi</b>", parse_mode="HTML")
    assert (sent["text"], sent["entities"]) == ("Hoi", [entity("bold", 0, 3)])
    refusal = await api.refusal("sendMessage", chat_id=1001, text="<b>Hoi", parse_mode="HTML")
    assert refusal == (
        400,
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    )
    refusal = await api.refusal("sendMessage", chat_id=1001, text="*Hoi*", parse_mode="MarkdownV2")
    assert refusal == (400, "Bad Request: MarkdownV2 is not offered by the simulator")
