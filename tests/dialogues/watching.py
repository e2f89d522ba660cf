"""What happens on the phones, as it happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.simulator.clock import Clock
from tests.dialogues.script import How


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Something the bot showed somebody, and when."""

    how: How
    chat: int
    text: str
    rows: tuple[tuple[str, ...], ...]
    at: datetime

    @property
    def labels(self) -> tuple[str, ...]:
        """Give the labels of all buttons."""
        return tuple(label for row in self.rows for label in row)


@dataclass(slots=True)
class Watch:
    """Sees every message of the bot and every change of one, and remembers buttons that have gone."""

    clock: Clock
    shown: list[Shown] = field(default_factory=list)
    _looks: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    _buttons: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)

    def see(self, event: dict[str, Any]) -> None:
        """Take an event of the simulated world."""
        if event["kind"] != "message" or event["message"]["from"] != "bot":
            return
        message, key = event["message"], (event["user_id"], event["message"]["message_id"])
        before = self._looks.get(key)
        self._looks[key] = message
        for row in message["buttons"]:
            for button in row:
                self._buttons.setdefault(key, {})[button["text"]] = button["data"]
        if before is None:
            self._note(How.BOT_SAYS, event["user_id"], message)
        elif before["text"] != message["text"]:
            self._note(How.BOT_EDITS, event["user_id"], message)
        elif before["buttons"] != message["buttons"]:
            self._note(How.BOT_BUTTONS, event["user_id"], message)

    def toast(self, chat: int, text: str) -> None:
        """Note what popped up at a press."""
        self.shown.append(Shown(how=How.BOT_TOASTS, chat=chat, text=text, rows=(), at=self.clock()))

    def take(self) -> list[Shown]:
        """Give what was shown since the last time, first what popped up."""
        taken, self.shown = self.shown, []
        return sorted(taken, key=lambda one: one.how is not How.BOT_TOASTS)

    def button(self, chat: int, label: str, about: str) -> tuple[int, str]:
        """Find the newest message that has a button, or once had it where the message is named."""
        for (owner, number), message in reversed(self._looks.items()):
            if owner != chat or about not in (message["text"] or ""):
                continue
            there = {b["text"]: b["data"] for row in message["buttons"] for b in row}
            known = self._buttons.get((owner, number), {}) | there if about else there
            if label in known:
                return number, known[label]
        raise LookupError(f"no button [{label}]")

    def message(self, chat: int, about: str) -> int:
        """Find the newest message of the bot that holds some words."""
        for (owner, number), message in reversed(self._looks.items()):
            if owner == chat and about in (message["text"] or ""):
                return number
        raise LookupError(f'no message with "{about}"')

    def _note(self, how: How, chat: int, message: dict[str, Any]) -> None:
        rows = tuple(tuple(button["text"] for button in row) for row in message["buttons"])
        text = message["text"] or ""
        self.shown.append(Shown(how=how, chat=chat, text=text, rows=rows, at=self.clock()))
