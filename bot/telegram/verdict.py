"""What an attempt to send came to, and what is to be done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.store.records import Claimed, Outcome, Sent
from bot.telegram.errors import (
    Ambiguous,
    BotApiError,
    Gone,
    NeverSent,
    Refused,
    TooMany,
    Unauthorized,
)

_LONGEST_BACKOFF = 300.0
_MOST_REPEATS = 5
_REFUSED_TOKEN_SECONDS = 30.0
# Doing these twice is the same as doing them once, so a lost answer is no reason to leave them be.
_REPEATABLE = ("amend", "acknowledge", "menu")
# There is nothing left to do: the message looks like this already, or the press is not waited for any more.
_DONE_ALREADY = ("message is not modified", "query is too old", "query id is invalid")


def delivered(claimed: Claimed, result: Any) -> Sent:
    """Say that it was sent, with the id of the message where there is one."""
    number = result.get("message_id") if isinstance(result, dict) else None
    return Sent(id=claimed.id, outcome=Outcome.SENT, message_id=number if isinstance(number, int) else None)


def judge(claimed: Claimed, error: BotApiError, now: datetime, spread: float) -> Sent:
    """Say what a failed attempt means; `spread`, between 0.5 and 1.5, keeps retries from coming together."""
    detail = type(error).__name__
    again = now + timedelta(seconds=_backoff(claimed.attempts) * spread)
    match error:
        case TooMany():
            again = now + timedelta(seconds=error.retry_after)
            return Sent(id=claimed.id, outcome=Outcome.WAIT, again_at=again, detail=detail)
        case Unauthorized():
            again = now + timedelta(seconds=_REFUSED_TOKEN_SECONDS)
            return Sent(id=claimed.id, outcome=Outcome.WAIT, again_at=again, detail=detail)
        case NeverSent():
            return Sent(id=claimed.id, outcome=Outcome.RETRY, again_at=again, detail=detail)
        case Ambiguous() if claimed.parcel.kind in _REPEATABLE and claimed.attempts < _MOST_REPEATS:
            return Sent(id=claimed.id, outcome=Outcome.RETRY, again_at=again, detail=detail)
        case Ambiguous():
            return Sent(id=claimed.id, outcome=Outcome.UNKNOWN, detail=detail)
        case Gone():
            return Sent(id=claimed.id, outcome=Outcome.UNREACHABLE, detail=detail)
        case Refused() if any(text in error.description.lower() for text in _DONE_ALREADY):
            return Sent(id=claimed.id, outcome=Outcome.SENT, detail=detail)
    return Sent(id=claimed.id, outcome=Outcome.FAILED, detail=f"{detail} {error.detail}")


def pause_after(error: BotApiError, failures: int) -> float:
    """Say for how many seconds nothing at all is sent; `failures` connections in a row could not be made."""
    match error:
        case TooMany():
            return float(error.retry_after)
        case Unauthorized():
            return _REFUSED_TOKEN_SECONDS
        case NeverSent():
            return min(2.0 ** min(failures, 5), 30.0)
    return 0.0


def _backoff(attempts: int) -> float:
    return min(2.0 ** min(attempts, 10), _LONGEST_BACKOFF)
