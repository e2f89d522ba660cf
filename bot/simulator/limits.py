"""The rate limits of Telegram, measured in real time."""

import math
import time
from collections import deque
from collections.abc import Callable

from bot.simulator.errors import ApiError

_WINDOW = 1.0


class Limits:
    """Refuse sends that come too fast: overall in any one second, and in one chat.

    `overall` is the number of sends in any second, `per_chat` the number a second in one chat, with
    `burst` of them at once; None lifts a limit. With `halting` a refusal stops every send until its
    retry_after is over. `refused`, `early` (refused while retry_after was running) and `peak`, the most
    accepted in any second, tell what was seen.
    """

    def __init__(
        self,
        *,
        overall: int | None = 30,
        per_chat: float | None = 1.0,
        burst: int = 1,
        halting: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.overall = overall
        self.per_chat = per_chat
        self.burst = burst
        self.halting = halting
        self.refused = 0
        self.early = 0
        self.peak = 0
        self._monotonic = monotonic
        self._sent: deque[float] = deque()
        self._in_chat: dict[int | str, deque[float]] = {}
        self._halted_until = 0.0

    def admit(self, chat_id: int | str) -> None:
        """Count a send, or refuse it with 429."""
        now = self._monotonic()
        while self._sent and now - self._sent[0] >= _WINDOW:
            self._sent.popleft()
        wait = max(self._overall_wait(now), self._chat_wait(now, chat_id))
        if now < self._halted_until:
            self.early += 1
            if self.halting:
                wait = max(wait, self._halted_until - now)
        if wait > 0:
            raise self._refusal(now, wait)
        self._sent.append(now)
        self._in_chat.setdefault(chat_id, deque(maxlen=self.burst)).append(now)
        self.peak = max(self.peak, len(self._sent))

    def _overall_wait(self, now: float) -> float:
        if self.overall is None or len(self._sent) < self.overall:
            return 0.0
        return self._sent[-self.overall] + _WINDOW - now

    def _chat_wait(self, now: float, chat_id: int | str) -> float:
        sent = self._in_chat.get(chat_id)
        if self.per_chat is None or sent is None or len(sent) < self.burst:
            return 0.0
        return sent[0] + self.burst / self.per_chat - now

    def _refusal(self, now: float, wait: float) -> ApiError:
        self.refused += 1
        seconds = max(1, math.ceil(wait))
        self._halted_until = max(self._halted_until, now + seconds)
        return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
