"""The simulated world: people with phones, their chats with the bot, and the time."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from bot.simulator.chat import Chat
from bot.simulator.clock import Clock
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.files import Files
from bot.simulator.phone import Phone
from bot.simulator.profile import Profile
from bot.simulator.transcript import Call, Finding
from bot.simulator.updates import PRESS_KEPT, UpdateQueue

__all__ = ["Phone", "Press", "World"]

Listener = Callable[[dict[str, Any]], None]


@dataclass(slots=True, kw_only=True)
class Press:
    """A button press and the bot's answer to it, None while there is none."""

    stamp: float
    answer: dict[str, Any] | None = None
    answered: asyncio.Event | None = None


class World:
    """Hold everything that Telegram holds: people, chats, updates, files and the bot's settings.

    Updates and presses grow old by the world's clock, or, with `expire_by_clock=False`, by real time,
    so that a jump of the clock drops no press that was just made. `transcript` keeps every call of the
    bot, or the last `transcript_length`.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        bot_id: int = 7_000_000_001,
        bot_name: str = "stagebot",
        bot_username: str = "stagebot_demo_bot",
        zone: tzinfo | None = None,
        expire_by_clock: bool = True,
        transcript_length: int | None = None,
        seed: int | None = None,
    ) -> None:
        self.clock = clock
        self.zone = zone or ZoneInfo("Europe/Amsterdam")
        self.bot = {"id": bot_id, "is_bot": True, "first_name": bot_name, "username": bot_username}
        self.age: Callable[[], float] = (lambda: clock().timestamp()) if expire_by_clock else time.monotonic
        self.updates = UpdateQueue(clock, self.age, seed)
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.profile = Profile()
        self.presses: dict[str, Press] = {}
        self.transcript: deque[Call] = deque(maxlen=transcript_length)
        self.findings: list[Finding] = []
        self.listeners: list[Listener] = []
        self._phones: dict[int, Phone] = {}
        self._random = random.Random(seed)  # noqa: S311 - ids of a simulation are no secret
        self._last_message_id = 0

    def person(
        self,
        user_id: int,
        first_name: str,
        last_name: str = "",
        username: str | None = None,
        language_code: str = "nl",
    ) -> Phone:
        """Let a person with a phone into the world; raise ValueError for one who is there already."""
        if user_id in self.chats:
            raise ValueError(f"person {user_id} is in this world already")
        names = {"first_name": first_name, "last_name": last_name, "username": username}
        names = {key: value for key, value in names.items() if value}
        person = {"id": user_id, "is_bot": False, **names, "language_code": language_code}
        info = {"id": user_id, **names, "type": "private"}
        chat = Chat(person=person, info=info, instance=str(self._random.getrandbits(62)))
        self.chats[user_id] = chat
        phone = self._phones[user_id] = Phone(self, chat)
        return phone

    def phone(self, user_id: int) -> Phone:
        """Give a person's phone; raise KeyError for a person who is not there."""
        return self._phones[user_id]

    @property
    def phones(self) -> Iterator[Phone]:
        """Give everyone's phone."""
        return iter(self._phones.values())

    async def settled(self, within: float = 10.0) -> bool:
        """Wait until the bot has fetched and confirmed all updates; False if so many seconds pass first."""
        try:
            await asyncio.wait_for(self.updates.emptied(), within)
        except TimeoutError:
            return False
        return True

    async def answered(self, callback_id: str, within: float = 5.0) -> dict[str, Any] | None:
        """Wait for the bot's answer to a press; None if so many seconds pass first."""
        press = self.presses[callback_id]
        if press.answer is None:
            press.answered = press.answered or asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(press.answered.wait(), within)
        return press.answer

    def now(self) -> int:
        """Give the time as Telegram writes it: whole seconds since 1970."""
        return int(self.clock().timestamp())

    def reach(self, chat_id: int | str) -> Chat:
        """Give the chat the bot may write in, or refuse as the real server."""
        chat = self.find_chat(chat_id)
        if chat.deactivated:
            raise ApiError(403, "Forbidden: user is deactivated")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def find_chat(self, chat_id: int | str) -> Chat:
        """Give a chat that the bot has come to know, or refuse as the real server."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request("chat not found")
        if not chat.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def add_message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """Put a message in a chat and show it on the person's phone."""
        self._last_message_id += 1
        message = {
            "message_id": self._last_message_id,
            "from": sender,
            "chat": chat.info,
            "date": self.now(),
            **content,
        }
        chat.messages[self._last_message_id] = message
        return message

    def delete_message(self, chat: Chat, message_id: int) -> None:
        """Take a message out of a chat, on both sides."""
        chat.forget(message_id)
        self.tell({"kind": "deleted", "user_id": chat.id, "message_id": message_id})

    def add_press(self, chat: Chat, message: dict[str, Any], data: str) -> str:
        """Note that a button was pressed and queue it for the bot; give the callback query's id."""
        callback_id = str(self._random.getrandbits(62))
        query = {
            "id": callback_id,
            "from": chat.person,
            "message": dict(message),
            "chat_instance": chat.instance,
            "data": data,
        }
        self.presses[callback_id] = Press(stamp=self.age())
        self.updates.add("callback_query", query)
        return callback_id

    def answer_press(self, callback_id: str, answer: dict[str, Any]) -> None:
        """Show the bot's answer to a press; refuse one that is too late, unknown or repeated."""
        press = self.presses.get(callback_id)
        if press is None or press.answer is not None or self.age() - press.stamp > PRESS_KEPT:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        press.answer = answer
        if press.answered is not None:
            press.answered.set()

    def tell(self, event: dict[str, Any]) -> None:
        """Tell everyone who watches the phones."""
        for listener in tuple(self.listeners):
            listener(event)

    def show(self, chat: Chat, message_id: int) -> None:
        """Show a new or changed message to everyone who watches the phones."""
        chat.changed(message_id)
        if self.listeners:
            view = chat.view(message_id, self.zone)
            self.tell({"kind": "message", "user_id": chat.id, "message": view})

    def show_commands(self, chat_id: int) -> None:
        """Show everyone who watches the phones a person's commands now; chat 0 is everyone's."""
        if self.listeners:
            for phone in [self._phones[chat_id]] if chat_id else self._phones.values():
                self.tell({"kind": "commands", "user_id": phone.user_id, "commands": phone.commands})
