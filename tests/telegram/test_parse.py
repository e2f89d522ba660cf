"""What people do is read from Telegram's updates; nothing they write is lost and nothing else gets in."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.services.incoming import Incoming
from bot.simulator.world import Phone, World
from bot.store.records import RawUpdate
from bot.telegram.errors import ParseFailed
from bot.telegram.fetched import sort_out
from bot.telegram.parse import parse
from conversations.events import Commanded, Edited, Event, Left, Pressed, Returned, Said, SentOther, Spoke
from conversations.model import Language, Voice
from tests.telegram.conftest import NOW

SENDER = {"id": 1001, "is_bot": False, "first_name": "Samira", "language_code": "nl"}
BOT = {"id": 7, "is_bot": True, "first_name": "stagebot"}
CHAT = {"id": 1001, "type": "private"}
AT = datetime(2026, 9, 8, 14, 0, tzinfo=UTC)
STAMP = int(AT.timestamp())


def read(kind: str, body: Any) -> Incoming | None:
    update = {"update_id": 5, kind: body}
    return parse(RawUpdate(id=5, raw=json.dumps(update).encode()), NOW)


def message(**content: Any) -> dict[str, Any]:
    return {"message_id": 12, "from": SENDER, "chat": CHAT, "date": STAMP} | content


def event(kind: str, body: Any) -> Event:
    incoming = read(kind, body)
    assert incoming is not None
    return incoming.event


def test_a_text_is_what_somebody_said() -> None:
    """With where, when, and what the app's language is."""
    said = Said(message=12, text="Ik mocht de kassa doen 👍", at=AT)
    expected = Incoming(update=5, chat=1001, language=Language.NL, event=said)
    assert read("message", message(text="Ik mocht de kassa doen 👍")) == expected


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("nl", Language.NL),
        ("nl-BE", Language.NL),
        ("EN-us", Language.EN),
        ("tr", None),
        (None, None),
        ("", None),
    ],
)
def test_the_language_of_the_app_is_told(code: str | None, language: Language | None) -> None:
    """A language without texts is none."""
    incoming = read("message", message(text="Hoi") | {"from": SENDER | {"language_code": code}})
    assert incoming is not None
    assert incoming.language == language


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [
        ("/vragen", "vragen", ""),
        ("/pauze tot 12 oktober", "pauze", "tot 12 oktober"),
        ("/start@stagebot_demo_bot AbC-_12", "start", "AbC-_12"),
        ("/Hulp\nnu  meteen ", "hulp", "nu  meteen"),
        ("/" + "a" * 32, "a" * 32, ""),
    ],
)
def test_a_command_has_a_name_and_an_argument(text: str, name: str, argument: str) -> None:
    """With or without the bot's name, in any case, over several lines."""
    assert event("message", message(text=text)) == Commanded(message=12, name=name, argument=argument, at=AT)


@pytest.mark.parametrize(
    "text", ["/", "/ hulp", "/hulpverlener: fijn", "/é", "zie /hulp", "/" + "a" * 33, "1/2"]
)
def test_what_only_looks_like_a_command_is_text(text: str) -> None:
    """Nothing that somebody wrote disappears into a command."""
    assert event("message", message(text=text)) == Said(message=12, text=text, at=AT)


@pytest.mark.parametrize(("sender", "reply_to"), [({"from": BOT}, 8), ({}, 8), ({"from": SENDER}, None)])
def test_a_swipe_reply_refers_to_the_bot_s_message(sender: dict[str, Any], reply_to: int | None) -> None:
    """A reply to one's own message refers to no question."""
    answered = {"message_id": 8, "chat": CHAT, "date": STAMP} | sender
    said = event("message", message(text="Ja", reply_to_message=answered))
    assert said == Said(message=12, text="Ja", at=AT, reply_to=reply_to)


def test_voice_is_kept_as_a_reference() -> None:
    """The file's id and its length."""
    spoke = event("message", message(voice={"file_id": "AwAC", "duration": 7, "file_size": 9}))
    assert spoke == Spoke(message=12, voice=Voice(file="AwAC", seconds=7), at=AT)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": [{"file_id": "x"}]}, "photo"),
        ({"sticker": {}}, "sticker"),
        ({"document": {}, "animation": {}}, "animation"),
        ({"location": {}, "venue": {}}, "venue"),
        ({"video_note": {}}, "video_note"),
        ({"text": "/stop", "forward_origin": {"type": "user"}}, "forward"),
        ({"text": "doorgestuurd", "forward_date": STAMP}, "forward"),
        ({"text": "gif", "via_bot": BOT}, "forward"),
    ],
)
def test_other_things_are_named(content: dict[str, Any], kind: str) -> None:
    """So that the bot can say that it does not read them; forwarded words are not the sender's own."""
    assert event("message", message(**content)) == SentOther(message=12, kind=kind, at=AT)


@pytest.mark.parametrize(
    "content", [{"photo": []}, {"document": {}}, {"voice": {"file_id": "x", "duration": 1}}]
)
def test_a_caption_counts_as_written(content: dict[str, Any]) -> None:
    """What somebody wrote below a picture is not lost; a slash there is no command."""
    said = event("message", message(caption="/ zie foto", **content))
    assert said == Said(message=12, text="/ zie foto", at=AT)


def test_an_edit_is_never_something_new() -> None:
    """Not even when it looks like a command; it carries the id of the message that changed."""
    edited = event("edited_message", message(text="/stop", edit_date=STAMP + 60))
    assert edited == Edited(message=12, text="/stop", at=datetime(2026, 9, 8, 14, 1, tzinfo=UTC))
    assert read("edited_message", message(location={})) is None


def press(**fields: Any) -> dict[str, Any]:
    below = {"message_id": 8, "date": STAMP, "chat": CHAT, "from": BOT}
    return {"id": "77", "from": SENDER, "chat_instance": "1", "message": below, "data": "a:1:2"} | fields


@pytest.mark.parametrize(
    ("below", "number"),
    [
        ({"message_id": 8, "date": STAMP, "chat": CHAT}, 8),
        ({"message_id": 8, "date": 0, "chat": CHAT}, None),
        (None, None),
    ],
)
def test_a_press_tells_its_button_and_message(below: Any, number: int | None) -> None:
    """Where the message is too old to reach, there is none; the press still counts."""
    incoming = read("callback_query", press(message=below))
    pressed = Pressed(press="77", data="a:1:2", message=number, at=NOW)
    assert incoming == Incoming(update=5, chat=1001, language=Language.NL, event=pressed)


@pytest.mark.parametrize(("status", "expected"), [("kicked", Left(at=AT)), ("member", Returned(at=AT))])
def test_blocking_and_coming_back_are_told(status: str, expected: Event) -> None:
    """As changes of the bot's own membership in the private chat."""
    change = {"chat": CHAT, "from": SENDER, "date": STAMP, "new_chat_member": {"status": status, "user": BOT}}
    assert event("my_chat_member", change) == expected


GROUP = {"id": -100, "type": "supergroup", "title": "Klas"}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("message", message(text="Hoi", chat=GROUP)),
        ("message", message(text="/start abc", chat=GROUP)),
        ("message", message(text="Hoi") | {"from": BOT}),
        ("message", {"message_id": 1, "date": STAMP, "chat": CHAT, "text": "Hoi"}),
        ("message", message(pinned_message={"message_id": 8})),
        ("message", message(new_chat_members=[SENDER])),
        ("message", message(text="\0")),
        ("edited_message", message(text="Hoi", chat=GROUP)),
        ("channel_post", message(text="Hoi")),
        ("inline_query", {"id": "1", "from": SENDER, "query": "x"}),
        ("poll", {"id": "1"}),
        ("callback_query", press(message={"message_id": 8, "date": STAMP, "chat": GROUP})),
        ("callback_query", press(message=None, inline_message_id="x")),
        ("callback_query", press(data=None, game_short_name="x")),
        ("callback_query", press() | {"from": BOT}),
        (
            "my_chat_member",
            {"chat": GROUP, "from": SENDER, "date": STAMP, "new_chat_member": {"status": "kicked"}},
        ),
        (
            "my_chat_member",
            {"chat": CHAT, "from": SENDER, "date": STAMP, "new_chat_member": {"status": "left"}},
        ),
    ],
)
def test_the_rest_is_ignored(kind: str, body: Any) -> None:
    """Groups, channels, inline, other bots and service messages concern the bot in no way."""
    assert read(kind, body) is None


@pytest.mark.parametrize("kind", ["message", "edited_message", "callback_query"])
def test_a_message_below_zero_is_no_message(kind: str) -> None:
    """A button could not name it: writing it down once took for ever (docs/trust.md, 10)."""
    below = message(text="Hoi") | {"message_id": -1}
    with pytest.raises(ParseFailed):
        read(kind, press(message=below) if kind == "callback_query" else below)


def test_characters_that_no_database_takes_are_mended() -> None:
    """NUL goes, half a character becomes a replacement mark, and what is whole stays."""
    said = event("message", message(text="a\0b\ud83dc👍\udc4d"))
    assert said == Said(message=12, text="ab\ufffdc👍\ufffd", at=AT)
    pressed = event("callback_query", press(data="a:\0\ud800"))
    assert pressed == Pressed(press="77", data="a:\ufffd", message=8, at=NOW)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"message":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"message":{"message_id":"12"}}',
        b"\xff\xfe\x00",
        b'{"message":' + b"9" * 5000 + b"}",
        json.dumps({"message": message(text=7)}).encode(),
        json.dumps({"message": message(text="x", date=2**60)}).encode(),
        json.dumps({"message": message(text="x", date=True)}).encode(),
        json.dumps({"message": message(text="x", chat={"id": 2**70, "type": "private"})}).encode(),
    ],
)
def test_what_can_t_be_read_is_named_by_its_id_only(raw: bytes) -> None:
    """The error tells neither the content nor what is wrong with it, its causes included."""
    with pytest.raises(ParseFailed) as caught:
        parse(RawUpdate(id=31, raw=raw), NOW)
    assert (caught.value.update, str(caught.value)) == (31, "update 31 can't be read")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


FIELDS = st.sampled_from(
    [
        "message_id",
        "from",
        "chat",
        "date",
        "text",
        "caption",
        "voice",
        "id",
        "type",
        "data",
        "message",
        "is_bot",
        "file_id",
        "duration",
        "reply_to_message",
        "edit_date",
        "new_chat_member",
        "status",
        "language_code",
    ]
)
KEYS = st.text(max_size=4) | FIELDS
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from([STAMP, 1001, "private", "kicked", "/start"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)
KINDS = st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "other"])
WHOLE = {"message_id": 12, "from": SENDER, "chat": CHAT, "date": STAMP, "id": "1", "data": "x"}


def outcome(raw: bytes) -> type[object]:
    """Read an update and say how it ended; anything but ParseFailed goes through."""
    try:
        return type(parse(RawUpdate(id=1, raw=raw), NOW))
    except ParseFailed:
        return ParseFailed


@settings(max_examples=300)
@given(kind=KINDS, changes=st.dictionaries(FIELDS, JSON, max_size=4), junk=JSON)
@example(kind="message", changes={"text": "\udfff"}, junk={"\ud800": "\ud800"})
def test_no_json_breaks_it(kind: str, changes: dict[str, Any], junk: Any) -> None:
    """Whole updates with parts replaced by anything: read, ignored or refused, never a crash."""
    ends = {outcome(json.dumps(update).encode()) for update in ({kind: WHOLE | changes}, {kind: junk}, junk)}
    assert ends <= {Incoming, type(None), ParseFailed}


@given(raw=st.binary(max_size=200))
def test_no_bytes_break_it(raw: bytes) -> None:
    """Neither does what is no JSON at all."""
    assert outcome(raw) in {Incoming, type(None), ParseFailed}


def test_everything_a_phone_can_do_is_read(world: World, samira: Phone) -> None:
    """The simulator's own updates, as strict as Telegram's, come out as the events they stand for."""
    number = samira.text("Hoi")
    samira.edit(number, "Hoi!")
    samira.voice(7)
    samira.sticker()
    samira.block()
    samira.start("CODE")
    updates = sort_out(world.updates.take(0, 100)).updates
    read = [parse(update, NOW) for update in updates]
    assert [type(one.event) for one in read if one] == [
        Said,
        Edited,
        Spoke,
        SentOther,
        Left,
        Returned,
        Commanded,
    ]
    assert {one.chat for one in read if one} == {1001}
