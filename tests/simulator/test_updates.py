"""How the bot fetches updates: long poll, confirmation, conflicts, ageing."""

import asyncio
from datetime import timedelta

import pytest

from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api, until

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_updates_stay_until_an_offset_confirms_them(api: Api, world: World, phone: Phone) -> None:
    """The same updates come again until an offset beyond them is asked for."""
    phone.text("een")
    first = await api.updates()
    assert await api.updates() == first
    assert [update["message"]["text"] for update in first] == ["/start", "een"]
    assert first[1]["update_id"] == first[0]["update_id"] + 1
    assert await api.updates(offset=first[0]["update_id"] + 1) == first[1:]
    assert await api.updates(offset=first[1]["update_id"] + 1) == []
    assert len(world.updates) == 0


@pytest.mark.usefixtures("phone")
async def test_a_message_looks_as_telegram_sends_it(api: Api) -> None:
    """Sender, chat, whole seconds and the command's entity are those of the real server."""
    (update,) = await api.updates()
    names = {"first_name": "Samira", "last_name": "El Amrani", "username": "samira"}
    assert update["message"] == {
        "message_id": 1,
        "from": {"id": 1001, "is_bot": False, **names, "language_code": "nl"},
        "chat": {"id": 1001, **names, "type": "private"},
        "date": 1788760800,
        "text": "/start",
        "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
    }


async def test_limit_and_negative_offset_cut_the_list(api: Api, phone: Phone) -> None:
    """A limit gives the oldest; a negative offset gives the newest and forgets the rest."""
    phone.text("een")
    phone.text("twee")
    assert [u["message"]["text"] for u in await api.updates(limit=1)] == ["/start"]
    assert [u["message"]["text"] for u in await api.updates(offset=-2)] == ["een", "twee"]
    assert [u["message"]["text"] for u in await api.updates()] == ["een", "twee"]


async def test_a_long_poll_ends_when_something_happens(api: Api, world: World, phone: Phone) -> None:
    """An open poll answers as soon as a person writes."""
    await api.updates(offset=-1)
    offset = (await api.updates())[0]["update_id"] + 1
    poll = asyncio.create_task(api.updates(offset=offset, timeout=50))
    await until(lambda: world.updates.awaited)
    phone.text("daar")
    assert [update["message"]["text"] for update in await poll] == ["daar"]


async def test_a_long_poll_ends_empty_in_time(api: Api, world: World) -> None:
    """A poll without updates ends after its timeout with an empty list."""
    assert await api.updates(timeout=1) == []
    assert not world.updates.awaited


async def test_a_second_poll_ends_the_first(api: Api, world: World, samira: Phone) -> None:
    """Two bots with one token: the open poll gets 409, the newer one the updates."""
    first = asyncio.create_task(api.refusal("getUpdates", timeout=50))
    await until(lambda: world.updates.awaited)
    second = asyncio.create_task(api.updates(timeout=50))
    assert await first == (409, CONFLICT)
    samira.start()
    assert [update["message"]["text"] for update in await second] == ["/start"]


async def test_only_the_kinds_that_were_asked_for_come(api: Api, phone: Phone) -> None:
    """allowed_updates holds from the call on until it is changed; an empty list is the default."""
    sent = phone.text("een")
    await api.updates(offset=-1, allowed_updates=["edited_message"])
    phone.text("twee")
    phone.edit(sent, "een!")
    phone.block()
    kinds = [list(update)[1] for update in await api.updates()]
    assert kinds == ["message", "edited_message"]
    await api.updates(offset=-1, allowed_updates=[])
    phone.unblock()
    assert [list(update)[1] for update in await api.updates()] == ["edited_message", "my_chat_member"]


async def test_updates_are_kept_for_a_day(api: Api, clock: JumpingClock, phone: Phone) -> None:
    """What the bot does not fetch within 24 hours is gone."""
    clock.jump(clock() + timedelta(hours=24))
    phone.text("net op tijd")
    assert len(await api.updates()) == 2
    clock.jump(clock() + timedelta(seconds=1))
    assert [update["message"]["text"] for update in await api.updates()] == ["net op tijd"]


async def test_a_press_is_kept_for_150_seconds(api: Api, clock: JumpingClock, phone: Phone) -> None:
    """A press that the bot does not fetch in time is gone, the texts around it are not."""
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]}
    sent = await api.result("sendMessage", chat_id=1001, text="Ja?", reply_markup=keyboard)
    phone.press(sent["message_id"], "ja")
    phone.text("en nog iets")
    clock.jump(clock() + timedelta(seconds=151))
    assert [update["message"]["text"] for update in await api.updates()] == ["/start", "en nog iets"]


async def test_a_jump_drops_no_press_when_real_time_counts(clock: JumpingClock) -> None:
    """With expire_by_clock off a press outlives a jump of the clock and can still be answered."""
    world = World(clock, expire_by_clock=False)
    phone = world.person(1, "Daan")
    phone.start()
    message = world.add_message(world.chats[1], world.bot, {"text": "Ja?"})
    callback_id = phone.press(message["message_id"], "ja", forged=True)
    clock.jump(clock() + timedelta(days=2))
    assert len(world.updates) == 2
    world.answer_press(callback_id, {"text": None, "show_alert": False})
    assert phone.callback_answer(callback_id) == {"text": None, "show_alert": False}


async def test_update_ids_start_anew_after_a_quiet_week(
    api: Api, clock: JumpingClock, world: World, phone: Phone
) -> None:
    """After seven days the next number is any; an offset from before then confirms nothing."""
    old = (await api.updates())[0]["update_id"]
    assert await api.updates(offset=old + 1) == []
    clock.jump(clock() + timedelta(days=7))
    phone.text("er weer")
    (update,) = await api.updates(offset=old + 1)
    assert abs(update["update_id"] - old) > 1_000_000
    assert await api.updates(offset=update["update_id"] + 1) == []
    assert len(world.updates) == 0


@pytest.mark.usefixtures("phone")
async def test_settled_says_whether_all_is_confirmed(api: Api, world: World) -> None:
    """Fetching alone is not enough: the world has settled when the offset is beyond the last update."""
    assert not await world.settled(within=0.01)
    (update,) = await api.updates()
    assert not await world.settled(within=0.01)
    await api.updates(offset=update["update_id"] + 1)
    assert await world.settled()


async def test_a_stop_ends_an_open_poll(api: Api, simulator: Simulator, world: World) -> None:
    """Stopping the server answers an open long poll with what there is: nothing."""
    poll = asyncio.create_task(api.updates(timeout=50))
    await until(lambda: world.updates.awaited)
    await simulator.stop()
    assert await poll == []
