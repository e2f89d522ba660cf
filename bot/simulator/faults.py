"""Faults on demand: what can go wrong between a bot and Telegram."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What goes wrong with one call."""

    TOO_MANY = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    PAGE = "page"
    DELAY = "delay"
    RESET = "reset"
    TRUNCATED = "truncated"
    BROKEN = "broken"
    HANG = "hang"
    AGAIN = "again"
    SHUFFLED = "shuffled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong, and with which calls.

    It strikes the `calls` with these numbers (1 is the first call of that method since the plan began),
    and any call with this `probability`. `after`: the call is carried out, but the bot does not learn
    it. `seconds` is the delay, or the retry_after of a 429. TRUNCATED closes the connection in the
    middle of the answer, BROKEN completes an answer that is no JSON; both follow a call that was carried
    out. BAD_GATEWAY and PAGE answer with HTML: PAGE with status 200, as something between the bot and
    Telegram may. AGAIN hands out updates that were confirmed before once more, SHUFFLED hands updates out in
    another order: only getUpdates knows these two.
    """

    kind: FaultKind
    method: str | None = None
    calls: frozenset[int] = frozenset()
    probability: float = 0.0
    after: bool = False
    seconds: float = 1.0

    @property
    def name(self) -> str:
        """Name the fault for the transcript."""
        return f"{self.kind} after" if self.after else str(self.kind)


class Faults:
    """A plan of faults; the same seed gives the same faults for the same calls."""

    def __init__(self, faults: Iterable[Fault] = (), *, seed: int = 0) -> None:
        self.faults = tuple(faults)
        self._random = random.Random(seed)  # noqa: S311 - faults are repeatable on purpose
        self._calls: Counter[str] = Counter()

    def strike(self, method: str) -> Fault | None:
        """Say what goes wrong with this call of the method, None if nothing does."""
        if not self.faults:
            return None
        self._calls[method] += 1
        number = self._calls[method]
        for fault in self.faults:
            if fault.method not in (None, method) or not _fits(fault, method):
                continue
            if number in fault.calls or (fault.probability and self._random.random() < fault.probability):
                return fault
        return None

    def shuffled(self, updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give updates in another order."""
        return self._random.sample(updates, len(updates))


def _fits(fault: Fault, method: str) -> bool:
    return method == "getUpdates" or fault.kind not in (FaultKind.AGAIN, FaultKind.SHUFFLED)
