"""What the bot can send, change and delete, and the words of every refusal."""

from datetime import timedelta
from typing import Any

import pytest

from bot.simulator.clock import JumpingClock
from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api

YES_NO = {
    "inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}, {"text": "Nee", "callback_data": "nee"}]]
}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


def button(**kind: Any) -> dict[str, Any]:
    """Make a keyboard of one button."""
    return {"inline_keyboard": [[{"text": "Kies", **kind}]]}


async def test_a_sent_message_comes_back_and_is_on_the_phone(api: Api, phone: Phone) -> None:
    """The answer is the message as Telegram keeps it, and the person sees it with its buttons."""
    sent = await api.result("sendMessage", chat_id=1001, text="Gaat het? Zie /hulp", reply_markup=YES_NO)
    assert sent == {
        "message_id": 2,
        "from": {"id": 7000000001, "is_bot": True, "first_name": "stagebot", "username": "stagebot_demo_bot"},
        "chat": {
            "id": 1001,
            "first_name": "Samira",
            "last_name": "El Amrani",
            "username": "samira",
            "type": "private",
        },
        "date": 1788760800,
        "text": "Gaat het? Zie /hulp",
        "entities": [{"offset": 14, "length": 5, "type": "bot_command"}],
        "reply_markup": YES_NO,
    }
    assert phone.messages[-1] == {
        "message_id": 2,
        "from": "bot",
        "date": "2026-09-07T08:00:00+02:00",
        "edited": False,
        "text": "Gaat het? Zie /hulp",
        "entities": [{"offset": 14, "length": 5, "type": "bot_command"}],
        "buttons": [[{"text": "Ja", "data": "ja"}, {"text": "Nee", "data": "nee"}]],
        "reply_to": None,
        "voice": None,
        "document": None,
        "placeholder": None,
        "reaction": None,
    }


@pytest.mark.usefixtures("phone")
async def test_a_text_of_4096_utf16_units_is_the_longest(api: Api) -> None:
    """Length is counted in UTF-16 code units: 2,048 emoji fit, one more does not."""
    assert (await api.result("sendMessage", chat_id=1001, text="😀" * 2048))["text"] == "😀" * 2048
    refusal = await api.refusal("sendMessage", chat_id=1001, text="😀" * 2048 + "x")
    assert refusal == (400, "Bad Request: message is too long")


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("text", ["", " \n "])
async def test_an_empty_text_is_refused(api: Api, text: str) -> None:
    """Nothing but blanks is no message."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text=text)
    assert refusal == (400, "Bad Request: message text is empty")


@pytest.mark.usefixtures("phone")
async def test_half_a_character_is_refused(api: Api) -> None:
    """A lone surrogate is not UTF-8."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text="\ud83d")
    assert refusal == (400, "Bad Request: strings must be encoded in UTF-8")


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize("chat_id", [5, "@iemand", -100])
async def test_an_unknown_chat_is_refused(api: Api, chat_id: int | str) -> None:
    """Only people of this world have a chat."""
    refusal = await api.refusal("sendMessage", chat_id=chat_id, text="Hoi")
    assert refusal == (400, "Bad Request: chat not found")


async def test_the_bot_can_not_write_first(api: Api, samira: Phone) -> None:
    """Before START the bot has no chat; after it has."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Hoi")
    assert refusal == (403, "Forbidden: bot can't initiate conversation with a user")
    samira.start()
    assert (await api.result("sendMessage", chat_id=1001, text="Hoi"))["message_id"] == 2


async def test_a_person_who_blocked_the_bot_gets_nothing(api: Api, phone: Phone) -> None:
    """403 while blocked, and nothing on the phone."""
    phone.block()
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Hoi")
    assert refusal == (403, "Forbidden: bot was blocked by the user")
    assert [message["text"] for message in phone.messages] == ["/start"]
    phone.unblock()
    await api.result("sendMessage", chat_id=1001, text="Hoi")
    assert [message["text"] for message in phone.messages] == ["/start", "Hoi"]


async def test_a_deleted_account_gets_nothing(api: Api, phone: Phone) -> None:
    """403 with its own words."""
    phone.deactivate()
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Hoi")
    assert refusal == (403, "Forbidden: user is deactivated")


async def test_a_reply_names_the_message_it_answers(api: Api, phone: Phone) -> None:
    """The answered message comes along, one level deep; one that is gone is refused unless allowed."""
    first = await api.result("sendMessage", chat_id=1001, text="Op start", reply_parameters={"message_id": 1})
    reply = {"message_id": first["message_id"]}
    second = await api.result("sendMessage", chat_id=1001, text="Daarop", reply_parameters=reply)
    assert second["reply_to_message"]["text"] == "Op start"
    assert "reply_to_message" not in second["reply_to_message"]
    assert phone.messages[-1]["reply_to"] == first["message_id"]
    gone = {"message_id": 99}
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Waarop?", reply_parameters=gone)
    assert refusal == (400, "Bad Request: message to be replied not found")
    anyway = gone | {"allow_sending_without_reply": True}
    third = await api.result("sendMessage", chat_id=1001, text="Toch", reply_parameters=anyway)
    assert "reply_to_message" not in third


async def test_a_request_for_a_reply_shows_its_placeholder(api: Api, phone: Phone) -> None:
    """The placeholder is on the phone, not in the bot's answer; 64 characters at most."""
    force = {"force_reply": True, "input_field_placeholder": "Eén zin"}
    sent = await api.result("sendMessage", chat_id=1001, text="Typ het", reply_markup=force)
    assert "reply_markup" not in sent
    assert phone.messages[-1]["placeholder"] == "Eén zin"
    long = {"force_reply": True, "input_field_placeholder": "x" * 65}
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Typ het", reply_markup=long)
    assert refusal == (400, "Bad Request: INPUT_FIELD_PLACEHOLDER_INVALID")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (button(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (button(callback_data="é" * 33), "BUTTON_DATA_INVALID"),
        (button(callback_data=""), "BUTTON_DATA_INVALID"),
        (
            button(),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            button(callback_data="x", url="https://example.org"),
            "can't parse inline keyboard button: exactly one optional field must be used",
        ),
        (
            button(url="mailto:x"),
            "inline keyboard button URL 'mailto:x' is invalid: Wrong HTTP URL",
        ),
        (button(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (
            button(callback_data="x", style="purple"),
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (
            {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]},
            "can't parse inline keyboard button: Button text must be non-empty",
        ),
        ({"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 101]}, "REPLY_MARKUP_TOO_LONG"),
        ("[1", "object expected as reply markup"),
        ([], "object expected as reply markup"),
    ],
)
async def test_a_wrong_keyboard_is_refused(api: Api, phone: Phone, markup: object, text: str) -> None:
    """Each fault has the server's words, and nothing is sent."""
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Kies", reply_markup=markup)
    assert refusal == (400, f"Bad Request: {text}")
    assert len(phone.messages) == 1


async def test_button_data_of_64_bytes_fits(api: Api, phone: Phone) -> None:
    """64 bytes is the most."""
    await api.result("sendMessage", chat_id=1001, text="Kies", reply_markup=button(callback_data="é" * 32))
    assert phone.messages[-1]["buttons"] == [[{"text": "Kies", "data": "é" * 32}]]


@pytest.mark.usefixtures("phone")
async def test_a_reply_keyboard_is_not_served(api: Api) -> None:
    """The phones can't show one, so the simulator says so."""
    markup = {"keyboard": [[{"text": "Ja"}]]}
    refusal = await api.refusal("sendMessage", chat_id=1001, text="Kies", reply_markup=markup)
    assert refusal == (501, "Not Implemented: the simulator's phones show no reply keyboard")


async def test_an_edit_changes_text_and_takes_the_buttons_away(
    api: Api, clock: JumpingClock, phone: Phone
) -> None:
    """The message keeps its id and date, gets an edit date, and loses buttons that are not given again."""
    sent = await api.result("sendMessage", chat_id=1001, text="Gaat het?", reply_markup=YES_NO)
    clock.jump(clock() + timedelta(minutes=1))
    edited = await api.result("editMessageText", chat_id=1001, message_id=2, text="Gaat het? Ja")
    assert edited["edit_date"] - sent["date"] == 60
    assert (edited["message_id"], edited["date"], "reply_markup" in edited) == (2, sent["date"], False)
    shown = phone.messages[-1]
    assert (shown["text"], shown["edited"], shown["buttons"]) == ("Gaat het? Ja", True, [])


@pytest.mark.usefixtures("phone")
async def test_an_edit_that_changes_nothing_is_refused(api: Api) -> None:
    """Text, entities and buttons all the same: 400, also after an earlier edit."""
    await api.result("sendMessage", chat_id=1001, text="Gaat het?", reply_markup=YES_NO)
    same = {"chat_id": 1001, "message_id": 2, "text": "Gaat het?", "reply_markup": YES_NO}
    assert await api.refusal("editMessageText", **same) == (400, NOT_MODIFIED)
    await api.result("editMessageReplyMarkup", chat_id=1001, message_id=2)
    assert await api.refusal("editMessageReplyMarkup", chat_id=1001, message_id=2) == (400, NOT_MODIFIED)
    await api.result("editMessageReplyMarkup", chat_id=1001, message_id=2, reply_markup=YES_NO)
    assert await api.refusal("editMessageText", **same) == (400, NOT_MODIFIED)


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"chat_id": 1001, "message_id": 99}, "message to edit not found"),
        ({"chat_id": 1001, "message_id": 1}, "message can't be edited"),
        ({"chat_id": 1001}, "message identifier is not specified"),
        ({"message_id": 1}, "chat_id is empty"),
        (
            {"chat_id": 1001, "message_id": 1, "reply_markup": {"force_reply": True}},
            "inline keyboard expected",
        ),
    ],
)
async def test_what_can_not_be_edited_is_refused(api: Api, params: dict[str, Any], text: str) -> None:
    """Unknown messages, a person's message and a markup that can't be edited in."""
    assert await api.refusal("editMessageText", text="Nieuw", **params) == (400, f"Bad Request: {text}")


@pytest.mark.usefixtures("phone")
async def test_a_message_that_asks_for_a_reply_can_not_be_edited(api: Api) -> None:
    """As at Telegram, only messages without or with an inline keyboard can be edited."""
    await api.result("sendMessage", chat_id=1001, text="Typ het", reply_markup={"force_reply": True})
    refusal = await api.refusal("editMessageText", chat_id=1001, message_id=2, text="Nieuw")
    assert refusal == (400, "Bad Request: message can't be edited")


async def test_a_message_can_be_deleted_for_48_hours(api: Api, clock: JumpingClock, phone: Phone) -> None:
    """Either side's, gone on both sides; older ones stay."""
    await api.result("sendMessage", chat_id=1001, text="Weg")
    clock.jump(clock() + timedelta(hours=48))
    assert await api.result("deleteMessage", chat_id=1001, message_id=1) is True
    assert [message["text"] for message in phone.messages] == ["Weg"]
    refusal = await api.refusal("deleteMessage", chat_id=1001, message_id=1)
    assert refusal == (400, "Bad Request: message to delete not found")
    clock.jump(clock() + timedelta(seconds=1))
    refusal = await api.refusal("deleteMessage", chat_id=1001, message_id=2)
    assert refusal == (400, "Bad Request: message can't be deleted for everyone")
    assert [message["text"] for message in phone.messages] == ["Weg"]


async def test_a_reaction_shows_on_the_phone(api: Api, phone: Phone) -> None:
    """One emoji, replaced or taken away; two are refused."""
    thumb, heart = {"type": "emoji", "emoji": "👍"}, {"type": "emoji", "emoji": "❤"}
    await api.result("setMessageReaction", chat_id=1001, message_id=1, reaction=[thumb])
    assert phone.messages[0]["reaction"] == "👍"
    refusal = await api.refusal("setMessageReaction", chat_id=1001, message_id=1, reaction=[thumb, heart])
    assert refusal == (400, "Bad Request: REACTION_INVALID")
    await api.result("setMessageReaction", chat_id=1001, message_id=1, reaction=[])
    assert phone.messages[0]["reaction"] is None
    refusal = await api.refusal("setMessageReaction", chat_id=1001, message_id=9, reaction=[thumb])
    assert refusal == (400, "Bad Request: message to react not found")


@pytest.mark.usefixtures("phone")
async def test_a_chat_action_needs_a_known_action(api: Api) -> None:
    """typing is one, dancing is not."""
    assert await api.result("sendChatAction", chat_id=1001, action="typing") is True
    refusal = await api.refusal("sendChatAction", chat_id=1001, action="dancing")
    assert refusal == (400, "Bad Request: wrong parameter action in request")


@pytest.mark.usefixtures("phone")
async def test_messages_are_numbered_over_all_chats(api: Api, world: World) -> None:
    """A message id belongs to one chat only: another chat's can't be edited or answered."""
    world.person(1002, "Daan").start()
    sent = await api.result("sendMessage", chat_id=1001, text="Voor Samira")
    assert sent["message_id"] == 3
    refusal = await api.refusal("editMessageText", chat_id=1002, message_id=3, text="Nieuw")
    assert refusal == (400, "Bad Request: message to edit not found")
