"""Ids made here, so that a row's id is known before the row is sealed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from threading import Lock

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_LOW_BITS = 22  # milliseconds above them: 41 bits, until 2089
_MILLISECOND = timedelta(milliseconds=1)


class _Counter:
    """The last id given, so that ids only grow even when the clock stands still or goes back."""

    def __init__(self) -> None:
        self.last = 0
        self.lock = Lock()

    def take(self, milliseconds: int, count: int) -> range:
        # The random start keeps two processes apart that make ids in the same millisecond.
        fresh = (max(milliseconds, 0) << _LOW_BITS) | secrets.randbelow(1 << (_LOW_BITS - 1))
        with self.lock:
            first = max(fresh, self.last + 1)
            self.last = first + count - 1
        return range(first, first + count)


_counter = _Counter()


def new_ids(now: datetime, count: int) -> range:
    """Give consecutive new ids of 63 bits, in the order of time and always growing within a process."""
    return _counter.take((now - EPOCH) // _MILLISECOND, count)


def new_id(now: datetime) -> int:
    """Give one new id of 63 bits."""
    return new_ids(now, 1)[0]
