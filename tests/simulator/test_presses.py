"""Button presses: what the bot gets, and the rules for its answer."""

from datetime import timedelta

import pytest

from bot.simulator.clock import JumpingClock
from bot.simulator.errors import CannotDo
from bot.simulator.world import Phone
from tests.simulator.conftest import Api

KEYBOARD = {"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]}
TOO_OLD = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")


@pytest.fixture
async def asked(api: Api, phone: Phone) -> int:
    """A message with one button."""
    sent = await api.result("sendMessage", chat_id=phone.user_id, text="Gaat het?", reply_markup=KEYBOARD)
    message_id: int = sent["message_id"]
    return message_id


async def test_a_press_reaches_the_bot_with_its_message(api: Api, phone: Phone, asked: int) -> None:
    """The callback query carries the person, the data and the message with its buttons."""
    callback_id = phone.press(asked, "ja")
    query = (await api.updates())[-1]["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (callback_id, "ja", 1001)
    assert query["message"]["message_id"] == asked
    assert query["message"]["reply_markup"] == KEYBOARD
    assert query["chat_instance"].isdecimal()


async def test_an_answer_is_shown_to_the_person(api: Api, phone: Phone, asked: int) -> None:
    """Nothing before the answer; the text and the alert after it."""
    callback_id = phone.press(asked, "ja")
    assert phone.callback_answer(callback_id) is None
    await api.result("answerCallbackQuery", callback_query_id=callback_id, text="Bewaard", show_alert=True)
    assert phone.callback_answer(callback_id) == {"text": "Bewaard", "show_alert": True}


async def test_a_press_is_answered_once(api: Api, phone: Phone, asked: int) -> None:
    """A second answer and an answer to a press that never was are refused."""
    callback_id = phone.press(asked, "ja")
    await api.result("answerCallbackQuery", callback_query_id=callback_id)
    assert await api.refusal("answerCallbackQuery", callback_query_id=callback_id, text="2") == TOO_OLD
    assert await api.refusal("answerCallbackQuery", callback_query_id="12345") == TOO_OLD
    assert phone.callback_answer(callback_id) == {"text": None, "show_alert": False}


async def test_a_press_can_be_answered_for_150_seconds(
    api: Api, clock: JumpingClock, phone: Phone, asked: int
) -> None:
    """After that the query is too old."""
    in_time, too_late = phone.press(asked, "ja"), phone.press(asked, "ja")
    clock.jump(clock() + timedelta(seconds=150))
    await api.result("answerCallbackQuery", callback_query_id=in_time)
    clock.jump(clock() + timedelta(seconds=1))
    assert await api.refusal("answerCallbackQuery", callback_query_id=too_late) == TOO_OLD


async def test_an_answer_has_200_characters_at_most(api: Api, phone: Phone, asked: int) -> None:
    """One more is refused and leaves the press unanswered."""
    callback_id = phone.press(asked, "ja")
    refusal = await api.refusal("answerCallbackQuery", callback_query_id=callback_id, text="x" * 201)
    assert refusal == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert phone.callback_answer(callback_id) is None


async def test_an_old_button_can_still_be_pressed(api: Api, phone: Phone, asked: int) -> None:
    """A phone that has not seen the edit yet presses what was there before."""
    await api.result("editMessageText", chat_id=1001, message_id=asked, text="Klaar")
    phone.press(asked, "ja")
    query = (await api.updates())[-1]["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("ja", "Klaar")


async def test_a_button_that_never_was_can_only_be_forged(api: Api, phone: Phone, asked: int) -> None:
    """The app refuses it; a tampered app does not."""
    with pytest.raises(CannotDo, match="no such button"):
        phone.press(asked, "nee")
    phone.press(asked, "nee", forged=True)
    assert (await api.updates())[-1]["callback_query"]["data"] == "nee"
