"""A client library made for the real server finds nothing strange here."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import TOKEN


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Bot]:
    root = simulator.url
    async with Bot(TOKEN, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot") as bot:
        yield bot


async def test_a_round_of_calls_leaves_no_finding(bot: Bot, world: World, phone: Phone) -> None:
    """Send, press, answer, edit, react, commands, document, download, delete."""
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="ja")]])
    sent = await bot.send_message(
        1001,
        "<b>Gaat het?</b>",
        parse_mode="HTML",
        reply_markup=markup,
        reply_parameters=ReplyParameters(1),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    callback_id = phone.press(sent.message_id, "ja")
    start, press = await bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"])
    assert start.message is not None
    assert start.message.text == "/start"
    assert press.callback_query is not None
    assert press.callback_query.data == "ja"
    assert await bot.answer_callback_query(callback_id, "Mooi")
    await bot.edit_message_text("Gaat het? Ja", 1001, sent.message_id)
    assert await bot.set_message_reaction(1001, 1, "👍")
    scope = BotCommandScopeChat(1001)
    await bot.set_my_commands([BotCommand("hulp", "Hulp")], scope=scope, language_code="nl")
    assert await bot.get_my_commands(scope, "nl") == (BotCommand("hulp", "Hulp"),)
    document = (await bot.send_document(1001, b"x;y", filename="r.csv", caption="Lijst")).document
    assert document is not None
    assert bytes(await (await bot.get_file(document.file_id)).download_as_bytearray()) == b"x;y"
    await bot.send_message(1001, "Typ", reply_markup=ForceReply(input_field_placeholder="Eén zin"))
    assert (await bot.get_chat(1001)).first_name == "Samira"
    assert await bot.delete_message(1001, sent.message_id)
    assert world.findings == []
    assert [message["text"] for message in phone.messages] == ["/start", "Lijst", "Typ"]


async def test_errors_are_the_librarys_own(
    bot: Bot, simulator: Simulator, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each refusal becomes the exception that the library has for it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "Hoi")
    too_many = Fault(kind=FaultKind.TOO_MANY, method="sendMessage", calls=frozenset({1}), seconds=3)
    simulator.faults = Faults([too_many])
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "Hoi")
    phone.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "Hoi")
    await bot.set_webhook("http://127.0.0.1:9/hook")
    with pytest.raises(Conflict):
        await bot.get_updates()
    await bot.delete_webhook()
    with pytest.raises(InvalidToken):
        async with Bot("1:other", base_url=f"{simulator.url}/bot"):
            pass
