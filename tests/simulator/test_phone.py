"""What a person can do on the phone, and what the bot gets of it."""

from datetime import timedelta

import pytest

from bot.simulator.clock import JumpingClock
from bot.simulator.errors import CannotDo
from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api


async def test_start_follows_a_link(api: Api, samira: Phone) -> None:
    """The payload of the link comes behind /start."""
    samira.start("aB3_-x")
    (update,) = await api.updates()
    assert update["message"]["text"] == "/start aB3_-x"
    assert samira.is_started


async def test_an_edit_is_an_edited_message(api: Api, clock: JumpingClock, phone: Phone) -> None:
    """Same id and date, new text, an edit date; the phone shows the new text."""
    sent = phone.text("eerst /hulp")
    clock.jump(clock() + timedelta(seconds=9))
    phone.edit(sent, "dan niet")
    first, second, third = await api.updates()
    assert second["message"]["text"] == "eerst /hulp"
    edited = third["edited_message"]
    assert (edited["message_id"], edited["text"], "entities" in edited) == (sent, "dan niet", False)
    assert (edited["edit_date"] - edited["date"], edited["date"]) == (9, first["message"]["date"])
    assert (phone.messages[-1]["text"], phone.messages[-1]["edited"]) == ("dan niet", True)


async def test_a_swipe_reply_carries_the_message(api: Api, phone: Phone) -> None:
    """What is answered comes along, one level deep."""
    sent = await api.result("sendMessage", chat_id=1001, text="Vraag")
    first = phone.text("Antwoord", reply_to=sent["message_id"])
    phone.voice(7, reply_to=first)
    _, text, voice = await api.updates()
    assert text["message"]["reply_to_message"] == sent
    assert voice["message"]["reply_to_message"]["text"] == "Antwoord"
    assert "reply_to_message" not in voice["message"]["reply_to_message"]
    assert [message["reply_to"] for message in phone.messages[-2:]] == [sent["message_id"], first]


async def test_everything_else_a_person_can_send(api: Api, phone: Phone) -> None:
    """Voice, file, sticker and photo, each with a file the bot can name."""
    phone.voice(7)
    phone.document("rooster.csv", b"a;b")
    phone.sticker()
    phone.photo()
    voice, document, sticker, photo = [update["message"] for update in (await api.updates())[1:]]
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (7, "audio/ogg")
    assert (document["document"]["file_name"], document["document"]["file_size"]) == ("rooster.csv", 3)
    assert sticker["sticker"]["emoji"] == "👍"
    assert [size["width"] for size in photo["photo"]] == [90]
    assert phone.messages[1]["voice"] == {"duration": 7}
    assert phone.messages[2]["document"] == {"file_name": "rooster.csv", "size": 3}


async def test_blocking_and_unblocking_is_told(api: Api, phone: Phone) -> None:
    """Each is told once, however often it is done."""
    phone.block()
    phone.block()
    phone.unblock()
    phone.unblock()
    changes = [update["my_chat_member"] for update in (await api.updates())[1:]]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]
    assert [change["old_chat_member"]["status"] for change in changes] == ["member", "kicked"]
    assert changes[0]["new_chat_member"]["user"]["id"] == 7000000001
    assert changes[0]["from"]["id"] == changes[0]["chat"]["id"] == 1001


async def test_start_unblocks(api: Api, phone: Phone) -> None:
    """Pressing START again after blocking lets the bot back in first."""
    phone.block()
    phone.start("opnieuw")
    kinds = [list(update)[1] for update in await api.updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]
    assert not phone.is_blocked


def test_the_app_allows_nothing_before_start_or_while_blocked(samira: Phone) -> None:
    """Each attempt is refused with its reason and leaves nothing in the chat."""
    with pytest.raises(CannotDo, match="press START first"):
        samira.text("Hallo?")
    samira.start()
    samira.block()
    for attempt in (lambda: samira.text("x"), lambda: samira.voice(1), lambda: samira.press(1, "x")):
        with pytest.raises(CannotDo, match="the bot is blocked"):
            attempt()
    assert len(samira.messages) == 1


def test_the_app_refuses_what_can_not_be(phone: Phone, world: World) -> None:
    """Empty and too long texts, wrong links, other people's messages, replies to nothing."""
    theirs = world.add_message(world.chats[1001], world.bot, {"text": "Vraag"})["message_id"]
    with pytest.raises(CannotDo, match="1-4096"):
        phone.text("  ")
    with pytest.raises(CannotDo, match="1-4096"):
        phone.text("x" * 4097)
    with pytest.raises(CannotDo, match="1-64"):
        phone.start("x" * 65)
    with pytest.raises(CannotDo, match="only own texts"):
        phone.edit(theirs, "x")
    with pytest.raises(CannotDo, match="no such message"):
        phone.text("x", reply_to=99)
    with pytest.raises(CannotDo, match="no such message"):
        phone.press(99, "x")


def test_a_deleted_account_does_nothing(phone: Phone) -> None:
    """Not even START."""
    phone.deactivate()
    with pytest.raises(CannotDo, match="account is deleted"):
        phone.start()


def test_everyone_is_here_once(world: World, samira: Phone) -> None:
    """A number belongs to one person, and phones are found by it."""
    with pytest.raises(ValueError, match="1001 is in this world already"):
        world.person(1001, "Iemand")
    assert world.phone(1001) is samira
    assert list(world.phones) == [samira]


async def test_words_go_beside_a_file(api: Api, phone: Phone) -> None:
    """As its caption, and as an answer to a message; the file's address ends as its name does."""
    sent = await api.result("sendMessage", chat_id=1001, text="Welk rooster?")
    phone.document("Rooster 2026.CSV", b"a;b", " Dit ", reply_to=sent["message_id"])
    message = (await api.updates())[-1]["message"]
    assert (message["caption"], message["reply_to_message"]["message_id"]) == ("Dit", sent["message_id"])
    assert message["document"]["mime_type"] == "text/csv"
    found = await api.result("getFile", file_id=message["document"]["file_id"])
    assert found["file_path"].endswith(".csv")
    assert phone.messages[-1]["text"] == "Dit"


async def test_what_the_app_does_not_send(phone: Phone) -> None:
    """An empty file, and more words beside it than fit."""
    with pytest.raises(CannotDo, match="an empty file"):
        phone.document("leeg.csv", b"")
    with pytest.raises(CannotDo, match="at most 1024 characters"):
        phone.document("rooster.csv", b"a;b", "x" * 1025)
