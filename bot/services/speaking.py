"""Turns what a decision says into parcels for the outbox: rendered in somebody's language, cut to size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from bot.store.records import Parcel
from config.texts import Texts
from conversations.messages import Acknowledge, Amend, Buttons, Lane, Menu, Message, Outgoing, Piece, Run, Say
from conversations.model import Participant, ParticipantId, Wording
from conversations.paging import LIMIT, split

PRESS_LIVES = timedelta(
    seconds=150
)  # a press that was not acknowledged by then is gone (measured; Telegram keeps presses about 150 s)
TOAST = 190  # characters of a line that pops up (Bot API: 200)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Knows the texts; knows no channel."""

    texts: Texts

    def parcels(
        self, out: Iterable[Outgoing], people: Mapping[ParticipantId, Participant], now: datetime
    ) -> list[Parcel]:
        """Render what goes out, in order, each in the language of whom it is for."""
        return [parcel for one in out for parcel in self._parcels(one, people[one.to], now, None)]

    def to_chat(self, out: Iterable[Outgoing], me: Participant, chat: int, now: datetime) -> list[Parcel]:
        """Render what goes to a chat that is not bound to a participant yet."""
        return [parcel for one in out for parcel in self._parcels(one, me, now, chat)]

    def counter(self, me: Participant) -> Callable[[Sequence[Piece]], int]:
        """Give what counts the words of a text as somebody would read it."""
        return lambda pieces: len(self.texts.render(pieces, me)[0].split())

    def _parcels(self, one: Outgoing, me: Participant, now: datetime, chat: int | None) -> list[Parcel]:
        match one:
            case Message():
                return self._message(one, me, chat)
            case Amend():
                return [self._parcel("amend", self._amend(one, me), me, chat)]
            case Acknowledge():
                text = self.texts.render((one.text,), me)[0][:TOAST] if one.text else None
                payload = {"press": one.press, "text": text}
                return [self._parcel("acknowledge", payload, me, chat, expires=now + PRESS_LIVES)]
            case Menu():
                commands = [[name, self._line(f"command.{name}", me)] for name in one.commands]
                return [self._parcel("menu", {"commands": commands}, me, chat)]

    def _message(self, one: Message, me: Participant, chat: int | None) -> list[Parcel]:
        again = {"if_again": self._line("digest.maybe_double", me)} if one.lane is Lane.DIGEST else {}
        pages = self._pages(one, me, LIMIT - sum(len(line) + 1 for line in again.values()))
        parcels = []
        for number, (text, bold) in enumerate(pages, start=1):
            last = number == len(pages)
            rows = self._rows(one.buttons, me) if last else []
            parcels.append(
                Parcel(
                    to=None if chat is not None else me.id,
                    chat=chat,
                    kind="message",
                    payload={"text": text, "bold": [list(span) for span in bold], "buttons": rows} | again,
                    lane=one.lane,
                    slot=one.slot if last else None,
                    stage=one.stage,
                    not_before=one.not_before,
                    expires=one.expires,
                )
            )
        return parcels

    def _pages(self, one: Message, me: Participant, most: int) -> list[tuple[str, list[tuple[int, int]]]]:
        """Cut what is longer than `most`; where it begins with a heading, each part does: "niet noemen"."""
        pieces = self._fitting(one, me)
        whole = split(*self.texts.render(pieces, me), most)
        first, rest = pieces[:1], pieces[1:]
        if len(whole) == 1 or isinstance(first[0], Wording) or not first[0].bold:
            return whole
        head, (text, bold) = self.texts.render(first, me)[0].rstrip(), self.texts.render(rest, me)
        lead = f"{head}\n"
        parts = split(text, bold, most - 2 * len(lead))
        return [
            (lead + part.lstrip("\n"), [(0, len(head)), *_moved(spans, part, len(lead))])
            for part, spans in parts
        ]

    def _fitting(self, one: Message, me: Participant) -> tuple[Piece, ...]:
        """Choose the fullest version that keeps to the number of words, or else the shortest."""
        if one.words is None or not one.shorter:
            return one.pieces
        words, most = self.counter(me), one.words
        versions = chain((one.pieces,), one.shorter)
        return next((pieces for pieces in versions if words(pieces) <= most), one.shorter[-1])

    def _amend(self, one: Amend, me: Participant) -> dict[str, Any]:
        payload: dict[str, Any] = {"message": one.message, "buttons": self._rows(one.buttons, me)}
        if one.pieces:
            text, bold = self.texts.render(one.pieces, me)
            payload |= {"text": text, "bold": [list(span) for span in bold]}
        return payload

    def _rows(self, buttons: Buttons, me: Participant) -> list[list[dict[str, str]]]:
        return [
            [{"text": self._label(button.label, me), "data": button.data} for button in row]
            for row in buttons
        ]

    def _label(self, label: Piece, me: Participant) -> str:
        return label.text if isinstance(label, Run) else self.texts.render((label,), me)[0]

    def _line(self, text: str, me: Participant) -> str:
        return self.texts.render((Say(id=text),), me)[0]

    def _parcel(
        self,
        kind: str,
        payload: dict[str, Any],
        me: Participant,
        chat: int | None,
        *,
        expires: datetime | None = None,
    ) -> Parcel:
        to = None if chat is not None else me.id
        return Parcel(to=to, chat=chat, kind=kind, payload=payload, lane=Lane.ANSWER, expires=expires)


def _moved(spans: list[tuple[int, int]], part: str, lead: int) -> list[tuple[int, int]]:
    """Move what is bold behind a heading; line breaks before the part are gone."""
    gone = len(part) - len(part.lstrip("\n"))
    return [(start - gone + lead, length) for start, length in spans]
