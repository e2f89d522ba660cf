"""Who may leave when: evenly spaced overall, one at a time in a chat, answers before prompts."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from bot.store.records import Claimed
from conversations.messages import Lane

_LANES = list(Lane)
_MANY_CHATS = 512
_SECOND = 1.015  # in which at most the rate begins: one call may take a little longer to arrive than another
_INSTANT = 0.001  # what a timer can tell apart; a call so much before its turn is on time


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast to send: calls a second overall, and seconds between two messages in one chat."""

    rate: int = 28
    chat_seconds: float = 1.0


class Pacer:
    """Spaces calls evenly and never lets more than `rate` begin in any one second."""

    def __init__(self, rate: int) -> None:
        self._interval = _SECOND / rate
        self._begun: deque[float] = deque(maxlen=rate)
        self._slot = 0.0

    @property
    def ready_at(self) -> float:
        """Say when the next call may begin."""
        turn = self._slot - _INSTANT
        full = len(self._begun) == self._begun.maxlen
        return max(turn, self._begun[0] + _SECOND) if full else turn

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
    """The claimed parcels that wait for their turn. A chat is busy until its last result is stored.

    Only the first of a chat stands in line, so no step depends on how many wait. A place in line that is no
    longer the first of its chat is left there and passed over.
    """

    def __init__(self, chat_seconds: float) -> None:
        self._chat_seconds = chat_seconds
        self._waiting: dict[int, list[_Place]] = {}  # by chat, as a heap
        self._many = 0
        self._number = 0
        self._underway: set[int] = set()
        self._free_at: dict[int, float] = {}
        self._remember = _MANY_CHATS
        # Who is first in a chat stands in one of two lines; the number of that place, by chat.
        self._standing: dict[int, int] = {}
        self._keeping: dict[int, int] = {}
        self._now: list[_Place] = []  # may leave
        self._later: list[tuple[float, _Place]] = []  # keep their distance until then

    def __len__(self) -> int:
        return self._many

    @property
    def busy(self) -> set[int]:
        """Give the chats that no more parcels are to be claimed for."""
        return self._underway | self._waiting.keys()

    def add(self, claimed: Claimed) -> None:
        """Line up a parcel: answers to presses first, then by lane, then as they came."""
        self._number += 1
        self._many += 1
        place = _Place(rank=_rank(claimed), number=self._number, claimed=claimed)
        heappush(self._waiting.setdefault(claimed.chat, []), place)
        self._line_up(claimed.chat)

    def ready(self, now: float) -> int:
        """Count the parcels that only wait for the overall pace."""
        self._move_up(now)
        return len(self._standing)

    def next_at(self) -> float | None:
        """Say when the first of all may leave; None while nothing may until something lands."""
        if self._standing:
            return 0.0
        while self._later and not _is_in(self._keeping, self._later[0][1]):
            heappop(self._later)
        return self._later[0][0] if self._later else None

    def pick(self, now: float) -> Claimed:
        """Take out whoever is first among those who may leave; only call this from `next_at` on."""
        self._move_up(now)
        place = heappop(self._now)
        while not _is_in(self._standing, place):
            place = heappop(self._now)
        chat = place.claimed.chat
        del self._standing[chat]
        heappop(self._waiting[chat])
        if not self._waiting[chat]:
            del self._waiting[chat]
        self._many -= 1
        self._underway.add(chat)
        return place.claimed

    def land(self, claimed: Claimed, now: float) -> None:
        """Note that a message came to an end, well or not: the next one in its chat keeps its distance."""
        if claimed.parcel.kind != "message" or self._chat_seconds == 0:
            return
        if len(self._free_at) > self._remember:
            self._free_at = {chat: at for chat, at in self._free_at.items() if at > now}
            self._remember = max(_MANY_CHATS, 2 * len(self._free_at))
        self._free_at[claimed.chat] = now + self._chat_seconds

    def free(self, chat: int) -> None:
        """Note that the result of a chat's last parcel is stored, or that the parcel lines up again."""
        self._underway.discard(chat)
        self._line_up(chat)

    def release(self) -> list[Claimed]:
        """Take out everything that waits."""
        places = sorted(place for places in self._waiting.values() for place in places)
        for held in (self._waiting, self._standing, self._keeping, self._now, self._later):
            held.clear()
        self._many = 0
        return [place.claimed for place in places]

    # ---- the two lines ---------------------------------------------------------------------------------

    def _line_up(self, chat: int) -> None:
        """Put the first parcel of a chat in line, unless the chat is underway or it stands there."""
        if chat in self._underway or chat not in self._waiting:
            return
        place = self._waiting[chat][0]
        if _is_in(self._standing, place) or _is_in(self._keeping, place):
            return
        self._standing.pop(chat, None)
        self._keeping.pop(chat, None)
        free_at = self._free_at.get(chat)
        if free_at is None or place.claimed.parcel.kind != "message":
            self._stand(place)
        else:
            self._keeping[chat] = place.number
            heappush(self._later, (free_at, place))

    def _move_up(self, now: float) -> None:
        """Let those leave who kept their distance long enough."""
        while self._later and self._later[0][0] <= now:
            _, place = heappop(self._later)
            if _is_in(self._keeping, place):
                del self._keeping[place.claimed.chat]
                self._stand(place)

    def _stand(self, place: _Place) -> None:
        self._standing[place.claimed.chat] = place.number
        heappush(self._now, place)


def _is_in(line: Mapping[int, int], place: _Place) -> bool:
    """Tell whether a place still counts: another parcel may have become the first of its chat."""
    return line.get(place.claimed.chat) == place.number


def _rank(claimed: Claimed) -> int:
    if claimed.parcel.kind == "acknowledge":
        return -1
    return _LANES.index(claimed.parcel.lane)
