"""A clock that can jump ahead: the simulated world's time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


class JumpingClock:
    """Tell the time of the simulated world; it jumps ahead, and never back.

    With `running` real time flows on from the moment set last; without it the clock stands still.
    """

    def __init__(
        self, start: datetime, *, running: bool = False, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._moment = _aware(start)
        self._monotonic = monotonic
        self._since = monotonic()
        self._running = running

    def __call__(self) -> datetime:
        """Tell the time, in UTC."""
        if not self._running:
            return self._moment
        return self._moment + timedelta(seconds=self._monotonic() - self._since)

    @property
    def running(self) -> bool:
        """Say whether real time flows on."""
        return self._running

    @running.setter
    def running(self, running: bool) -> None:
        self._set(self())
        self._running = running

    def jump(self, to: datetime) -> None:
        """Set the clock to a later moment; raise ValueError for an earlier one."""
        if _aware(to) < self():
            raise ValueError("the clock does not go back")
        self._set(to.astimezone(UTC))

    def _set(self, moment: datetime) -> None:
        self._moment = moment
        self._since = self._monotonic()


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the clock needs a moment with a time zone")
    return moment.astimezone(UTC)
