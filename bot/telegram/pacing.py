"""Who may leave when: evenly spaced overall, one at a time in a chat, answers before prompts."""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field

from bot.store.records import Claimed
from conversations.messages import Lane

_LANES = list(Lane)
_MANY_CHATS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast to send: calls a second overall, and seconds between two messages in one chat."""

    rate: int = 28
    chat_seconds: float = 1.0


class Pacer:
    """Spaces calls evenly and never lets more than `rate` begin in any one second."""

    def __init__(self, rate: int) -> None:
        self._interval = 1.0 / rate
        self._begun: deque[float] = deque(maxlen=rate)
        self._slot = 0.0

    @property
    def ready_at(self) -> float:
        """Say when the next call may begin."""
        full = len(self._begun) == self._begun.maxlen
        return max(self._slot, self._begun[0] + 1.0) if full else self._slot

    def take(self, now: float) -> None:
        """Note that a call begins. Being late by less than one interval does not slow down the rest."""
        self._begun.append(now)
        late = now - self._slot
        self._slot = (self._slot if late < self._interval else now) + self._interval


@dataclass(order=True, slots=True)
class _Place:
    rank: int
    number: int
    claimed: Claimed = field(compare=False)


class Queue:
    """The claimed parcels that wait for their turn. A chat is busy until its last result is stored."""

    def __init__(self, chat_seconds: float) -> None:
        self._chat_seconds = chat_seconds
        self._places: list[_Place] = []
        self._number = 0
        self._underway: set[int] = set()
        self._free_at: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._places)

    @property
    def busy(self) -> set[int]:
        """Give the chats that no more parcels are to be claimed for."""
        return self._underway | {place.claimed.chat for place in self._places}

    def add(self, claimed: Claimed) -> None:
        """Line up a parcel: answers to presses first, then by lane, then as they came."""
        self._number += 1
        insort(self._places, _Place(rank=_rank(claimed), number=self._number, claimed=claimed))

    def ready(self, now: float) -> int:
        """Count the parcels that only wait for the overall pace."""
        return sum(at <= now for at, _ in self._turns())

    def next_at(self) -> float | None:
        """Say when the first of all may leave; None while nothing may until something lands."""
        return min((at for at, _ in self._turns()), default=None)

    def pick(self, now: float) -> Claimed:
        """Take out whoever is first among those who may leave; only call this from `next_at` on."""
        place = next(place for at, place in self._turns() if at <= now)
        self._places.remove(place)
        self._underway.add(place.claimed.chat)
        return place.claimed

    def land(self, claimed: Claimed, now: float) -> None:
        """Note that a message came to an end, well or not: the next one in its chat keeps its distance."""
        if claimed.parcel.kind != "message" or self._chat_seconds == 0:
            return
        if len(self._free_at) > _MANY_CHATS:
            self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
        self._free_at[claimed.chat] = now + self._chat_seconds

    def free(self, chat: int) -> None:
        """Note that the result of a chat's last parcel is stored, or that the parcel lines up again."""
        self._underway.discard(chat)

    def release(self) -> list[Claimed]:
        """Take out everything that waits."""
        places, self._places = self._places, []
        return [place.claimed for place in places]

    def _turns(self) -> list[tuple[float, _Place]]:
        """Give the first parcel of each chat that is not underway, with the moment it may leave."""
        seen = set(self._underway)
        turns = []
        for place in self._places:
            chat = place.claimed.chat
            if chat in seen:
                continue
            seen.add(chat)
            is_message = place.claimed.parcel.kind == "message"
            turns.append((self._free_at.get(chat, 0.0) if is_message else 0.0, place))
        return turns


def _rank(claimed: Claimed) -> int:
    if claimed.parcel.kind == "acknowledge":
        return -1
    return _LANES.index(claimed.parcel.lane)
