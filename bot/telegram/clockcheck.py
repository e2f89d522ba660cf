"""Whether this machine's clock may be believed: Telegram says in each answer what time it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from bot.store.leading import clock

AHEAD = timedelta(hours=1)  # more than this and what is due is not believed

_log = structlog.get_logger(__name__)

Told = tuple[str | None, float]


class ClockCheck:
    """Compares the clock with the last answer's Date, and what ran since on a clock that nobody sets.

    A clock that runs ahead would record as missed what is still to come (docs/decisions/0019).
    """

    def __init__(self, told: Callable[[], Told | None]) -> None:
        self._told = told
        self._is_ahead = False

    def passes(self, now: datetime) -> bool:
        """Tell whether it is not later here than there; before the first answer nobody knows."""
        told = self._told()
        if told is None:
            return False
        at = _moment(told[0])
        is_ahead = at is not None and now - at - timedelta(seconds=clock() - told[1]) > AHEAD
        if is_ahead != self._is_ahead:
            self._is_ahead = is_ahead
            _log.error("clock_ahead") if is_ahead else _log.info("clock_right")
        return not is_ahead


def _moment(date: str | None) -> datetime | None:
    """Read a Date header; a server that sends none, or nonsense, tells nothing."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC) if date else None
    except (ValueError, OverflowError):
        return None
