"""A parcel becomes exactly the call that delivers it."""

from typing import Any

import pytest

from bot.telegram.errors import Unsendable
from bot.telegram.render import render
from tests.telegram.conftest import claimed

NO_PREVIEW = {"is_disabled": True}


def params(kind: str, payload: Any, *, plain: bool = False) -> tuple[str, dict[str, Any]]:
    call = render(claimed(1001, kind=kind, payload=payload), plain=plain)
    return call.method, call.params


def test_a_message_is_sent_as_it_is() -> None:
    """What looks like markup is text: no parse_mode, no preview of links."""
    text = "<b>*hoi*</b> [x](tg://user?id=1)"
    sent = {"chat_id": 1001, "text": text, "link_preview_options": NO_PREVIEW}
    assert params("message", {"text": text, "bold": [], "buttons": []}) == ("sendMessage", sent)


def test_bold_counts_as_telegram_counts() -> None:
    """Offsets and lengths are UTF-16 units: an emoji before or inside the run counts for two."""
    _, sent = params("message", {"text": "👍 ja 👍é", "bold": [[2, 2], [5, 2]]})
    bold = [{"type": "bold", "offset": 3, "length": 2}, {"type": "bold", "offset": 6, "length": 3}]
    assert sent["entities"] == bold


def test_a_page_that_goes_once_more_says_first_that_it_may_be_double() -> None:
    """In words that came with the page; the first time they are left out (docs/trust.md, 2)."""
    page = {"text": "Samira 👍", "bold": [[0, 6]], "if_again": "Mogelijk dubbel"}
    _, first = params("message", page)
    _, again = params("message", page | {"possibly_double": True})
    assert first["text"] == "Samira 👍"
    assert again["text"] == "Mogelijk dubbel\nSamira 👍"
    assert first["entities"] == [{"type": "bold", "offset": 0, "length": 6}]
    assert again["entities"] == [{"type": "bold", "offset": 16, "length": 6}]


def test_plain_leaves_out_bold_only() -> None:
    """The second attempt after refused markup has the same text and buttons."""
    payload = {"text": "ja", "bold": [[0, 2]], "buttons": [[{"text": "Ja", "data": "a"}]]}
    _, marked = params("message", payload)
    _, unmarked = params("message", payload, plain=True)
    assert unmarked | {"entities": marked["entities"]} == marked


def test_buttons_stand_in_their_rows() -> None:
    """Label and data of each button arrive, in rows."""
    rows = [[{"text": "Ja", "data": "a:1"}, {"text": "Nee", "data": "a:2"}], [{"text": "Later", "data": "l"}]]
    _, sent = params("message", {"text": "?", "buttons": rows})
    assert sent["reply_markup"]["inline_keyboard"] == [
        [{"text": "Ja", "callback_data": "a:1"}, {"text": "Nee", "callback_data": "a:2"}],
        [{"text": "Later", "callback_data": "l"}],
    ]


def test_an_amend_without_text_changes_the_buttons_only() -> None:
    """No buttons left means an empty keyboard."""
    sent = {"chat_id": 1001, "message_id": 5, "reply_markup": {"inline_keyboard": []}}
    assert params("amend", {"message": 5, "buttons": []}) == ("editMessageReplyMarkup", sent)


def test_an_amend_with_text_changes_both() -> None:
    """Text, bold and buttons are replaced together."""
    payload = {"message": 5, "text": "Ok", "bold": [[0, 2]], "buttons": [[{"text": "Ja", "data": "a"}]]}
    method, sent = params("amend", payload)
    assert method == "editMessageText"
    assert sent == {
        "chat_id": 1001,
        "message_id": 5,
        "text": "Ok",
        "link_preview_options": NO_PREVIEW,
        "entities": [{"type": "bold", "offset": 0, "length": 2}],
        "reply_markup": {"inline_keyboard": [[{"text": "Ja", "callback_data": "a"}]]},
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [(None, {}), ("", {}), ("Bewaard", {"text": "Bewaard"}), ("x" * 300, {"text": "x" * 200})],
)
def test_a_press_is_answered(text: str | None, shown: dict[str, str]) -> None:
    """With a short line, cut at what Telegram takes, or with nothing."""
    expected = {"callback_query_id": "77"} | shown
    assert params("acknowledge", {"press": "77", "text": text}) == ("answerCallbackQuery", expected)


def test_a_menu_is_set_for_one_chat() -> None:
    """Commands and their descriptions, in this order, for this chat only; none takes the menu away."""
    scope = {"type": "chat", "chat_id": 1001}
    commands = [{"command": "wie", "description": "Wie is wie"}, {"command": "hulp", "description": "Hulp"}]
    payload = {"commands": [["wie", "Wie is wie"], ["hulp", "Hulp"]]}
    assert params("menu", payload) == ("setMyCommands", {"commands": commands, "scope": scope})
    assert params("menu", {"commands": []}) == ("deleteMyCommands", {"scope": scope})


def test_a_button_may_carry_64_bytes() -> None:
    """Bytes count, not characters."""
    _, sent = params("message", {"text": "?", "buttons": [[{"text": "Ja", "data": "é" * 32}]]})
    assert sent["reply_markup"]["inline_keyboard"] == [[{"text": "Ja", "callback_data": "é" * 32}]]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("message", {"text": "GEHEIM", "buttons": [[{"text": "GEHEIM", "data": "é" * 32 + "x"}]]}),
        ("message", {"tekst": "GEHEIM"}),
        ("message", {"text": None}),
        ("message", {"text": "GEHEIM \ud800", "bold": [[0, 8]]}),
        ("message", {"text": "GEHEIM", "buttons": [[{"text": "GEHEIM"}]]}),
        ("amend", {"text": "GEHEIM"}),
        ("menu", {"commands": [["wie"]]}),
        ("GEHEIM", {"text": "GEHEIM"}),
    ],
)
def test_what_can_t_be_sent_is_named_without_its_content(kind: str, payload: dict[str, Any]) -> None:
    """The error names the parcel and the fault, and nothing of what is in it."""
    with pytest.raises(Unsendable) as caught:
        render(claimed(1001, number=42, kind=kind, payload=payload))
    assert caught.value.parcel == 42
    assert (caught.value.__context__, "GEHEIM" in str(caught.value)) == (None, False)
