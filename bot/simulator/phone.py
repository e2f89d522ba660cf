"""A person's phone: what the person does in the chat with the bot, and what the person sees."""

import mimetypes
import re
from typing import TYPE_CHECKING, Any

from bot.simulator.chat import Chat, button_data
from bot.simulator.entities import find_entities
from bot.simulator.errors import CannotDo

if TYPE_CHECKING:
    from bot.simulator.world import World

_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_VOICE = b"OggS simulated voice"
_PHOTO = b"\xff\xd8 simulated photo"
_STICKER = b"RIFF simulated sticker"


class Phone:
    """Do what a person can do in Telegram's app, and show what the person sees.

    What the app would not allow raises CannotDo.
    """

    def __init__(self, world: "World", chat: Chat) -> None:
        self._world = world
        self._chat = chat

    @property
    def user_id(self) -> int:
        """Give the person's numeric id."""
        return self._chat.id

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Give all messages of both sides as they look now, oldest first."""
        zone = self._world.zone
        return [self._chat.view(message_id, zone) for message_id in self._chat.messages]

    @property
    def commands(self) -> list[dict[str, Any]]:
        """Give the commands behind the menu button."""
        language = self._chat.person["language_code"]
        return self._world.profile.commands_seen_by(self.user_id, language)

    @property
    def is_started(self) -> bool:
        """Say whether the person has pressed START."""
        return self._chat.started

    @property
    def is_blocked(self) -> bool:
        """Say whether the person has blocked the bot."""
        return self._chat.blocked

    def start(self, payload: str | None = None) -> int:
        """Press START, also after blocking the bot, with the payload of the link that was followed."""
        if payload is not None and not _PAYLOAD.fullmatch(payload):
            raise CannotDo("a link holds 1-64 letters, digits, _ and -")
        self._refuse_if_deactivated()
        if self._chat.blocked:
            self._set_blocked(blocked=False)
        self._chat.started = True
        return self.text(f"/start {payload}" if payload else "/start")

    def text(self, text: str, reply_to: int | None = None) -> int:
        """Send a text, as an answer to a message where one is given; give the message_id."""
        text = self._sendable(text)
        entities = find_entities(text)
        return self._send({"text": text, **({"entities": entities} if entities else {})}, reply_to)

    def edit(self, message_id: int, text: str) -> None:
        """Change a text the person sent before."""
        self._refuse_if_unable()
        message = self._message(message_id)
        if message["from"]["is_bot"] or "text" not in message:
            raise CannotDo("only own texts can be changed")
        text = self._sendable(text)
        entities = find_entities(text)
        changed = {key: value for key, value in message.items() if key != "entities"}
        changed |= {"text": text, "edit_date": self._world.now()}
        if entities:
            changed["entities"] = entities
        self._chat.messages[message_id] = changed
        self._world.show(self._chat, message_id)
        self._world.updates.add("edited_message", changed)

    def press(self, message_id: int, data: str, *, forged: bool = False) -> str:
        """Press a button and give the callback query's id.

        The button may have been below the message at an earlier time; `forged` presses one that
        never was there, as a tampered app could.
        """
        self._refuse_if_unable()
        message = self._message(message_id)
        ever = button_data(message) | self._chat.earlier_buttons.get(message_id, set())
        if not forged and data not in ever:
            raise CannotDo("there is no such button below this message")
        return self._world.add_press(self._chat, message, data)

    def callback_answer(self, callback_id: str) -> dict[str, Any] | None:
        """Give the bot's answer to a press, None while there is none."""
        return self._world.presses[callback_id].answer

    def voice(self, duration: int, reply_to: int | None = None) -> int:
        """Send a voice message of so many seconds."""
        facts = self._world.files.add("voice", ".oga", _VOICE)
        return self._send({"voice": {"duration": duration, "mime_type": "audio/ogg", **facts}}, reply_to)

    def document(self, file_name: str, content: bytes, caption: str = "", reply_to: int | None = None) -> int:
        """Send a file, with words beside it where they are given."""
        if not content:
            raise CannotDo("an empty file can't be sent")
        if len(caption) > _LONGEST_CAPTION:
            raise CannotDo(f"the words beside a file have at most {_LONGEST_CAPTION} characters")
        facts = self._world.files.add("documents", _suffix(file_name), content)
        mime_type = mimetypes.guess_type(file_name)[0] or "application/octet-stream"
        words = {"caption": caption.strip()} if caption.strip() else {}
        document = {"file_name": file_name, "mime_type": mime_type, **facts}
        return self._send({"document": document, **words}, reply_to)

    def sticker(self) -> int:
        """Send a sticker."""
        facts = self._world.files.add("stickers", ".webp", _STICKER)
        look = {"width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular"}
        return self._send({"sticker": {**look, "emoji": "👍", **facts}})

    def photo(self) -> int:
        """Send a photo without words."""
        facts = self._world.files.add("photos", ".jpg", _PHOTO)
        return self._send({"photo": [{"width": 90, "height": 60, **facts}]})

    def block(self) -> None:
        """Block the bot."""
        if self._chat.started and not self._chat.blocked:
            self._set_blocked(blocked=True)

    def unblock(self) -> None:
        """Let the bot write again."""
        if self._chat.blocked:
            self._set_blocked(blocked=False)

    def deactivate(self) -> None:
        """Delete the person's own account at Telegram."""
        self._chat.deactivated = True

    def _send(self, content: dict[str, Any], reply_to: int | None = None) -> int:
        self._refuse_if_unable()
        if reply_to is not None:
            answered = self._message(reply_to)
            answered = {key: value for key, value in answered.items() if key != "reply_to_message"}
            content = {"reply_to_message": answered, **content}
        message = self._world.add_message(self._chat, self._chat.person, content)
        message_id: int = message["message_id"]
        self._world.show(self._chat, message_id)
        self._world.updates.add("message", message)
        return message_id

    def _message(self, message_id: int) -> dict[str, Any]:
        message = self._chat.messages.get(message_id)
        if message is None:
            raise CannotDo("there is no such message")
        return message

    def _sendable(self, text: str) -> str:
        """Give the text as the app sends it, without blanks around it."""
        text = text.strip()
        if not text or len(text) > _LONGEST_TEXT:
            raise CannotDo(f"a text has 1-{_LONGEST_TEXT} characters")
        return text

    def _refuse_if_unable(self) -> None:
        self._refuse_if_deactivated()
        if not self._chat.started:
            raise CannotDo("press START first")
        if self._chat.blocked:
            raise CannotDo("the bot is blocked")

    def _refuse_if_deactivated(self) -> None:
        if self._chat.deactivated:
            raise CannotDo("this account is deleted")

    def _set_blocked(self, *, blocked: bool) -> None:
        self._chat.blocked = blocked
        member, kicked = {"status": "member"}, {"status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        change = {
            "chat": self._chat.info,
            "from": self._chat.person,
            "date": self._world.now(),
            "old_chat_member": {"user": self._world.bot, **old},
            "new_chat_member": {"user": self._world.bot, **new},
        }
        self._world.updates.add("my_chat_member", change)


def _suffix(file_name: str) -> str:
    """Give the end of a file's name that its address gets too."""
    found = _SUFFIX.search(file_name)
    return found[0].lower() if found else ""
