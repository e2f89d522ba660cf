"""What became of an attempt follows from what is known about it; nobody is asked twice for nothing."""

from datetime import timedelta
from typing import Any

import pytest

from bot.store.records import Outcome, Sent
from bot.telegram.errors import (
    Ambiguous,
    BotApiError,
    Conflict,
    Gone,
    NeverSent,
    Refused,
    ServerError,
    TooMany,
    Unauthorized,
)
from bot.telegram.verdict import delivered, judge, pause_after
from tests.telegram.conftest import NOW, claimed


@pytest.mark.parametrize(
    ("result", "number"), [({"message_id": 9}, 9), (True, None), ({}, None), ({"message_id": "9"}, None)]
)
def test_what_was_delivered_counts_as_sent(result: Any, number: int | None) -> None:
    """With the message's id where the answer holds one; a strange answer to a send is still a send."""
    assert delivered(claimed(7), result) == Sent(id=1, outcome=Outcome.SENT, message_id=number)


@pytest.mark.parametrize(
    ("error", "kind", "outcome"),
    [
        (NeverSent("x"), "message", Outcome.RETRY),
        (TooMany(3), "message", Outcome.WAIT),
        (Unauthorized("401"), "message", Outcome.WAIT),
        (Gone("403"), "message", Outcome.UNREACHABLE),
        (Ambiguous("x"), "message", Outcome.UNKNOWN),
        (ServerError("502"), "message", Outcome.UNKNOWN),
        (Refused(400, "Bad Request: message text is empty"), "message", Outcome.FAILED),
        (Conflict("409"), "message", Outcome.FAILED),
        (Refused(400, "Bad Request: message is not modified: specified new"), "amend", Outcome.SENT),
        (Refused(400, "Bad Request: message to edit not found"), "amend", Outcome.FAILED),
        (Refused(400, "Bad Request: query is too old and response timeout"), "acknowledge", Outcome.SENT),
        (Ambiguous("x"), "amend", Outcome.RETRY),
        (ServerError("502"), "acknowledge", Outcome.RETRY),
        (Ambiguous("x"), "menu", Outcome.RETRY),
    ],
)
def test_every_error_has_its_outcome(error: BotApiError, kind: str, outcome: Outcome) -> None:
    """Only what may have reached a person and can't be undone is unknown."""
    assert judge(claimed(7, kind=kind), error, NOW, 1.0).outcome is outcome


def test_nothing_is_repeated_for_ever_on_an_unclear_answer() -> None:
    """After five attempts even what may be done twice is left be."""
    assert judge(claimed(7, kind="menu", attempts=5), Ambiguous("x"), NOW, 1.0).outcome is Outcome.UNKNOWN


def test_what_must_wait_waits_as_long_as_it_was_told() -> None:
    """Without spread: the server's own figure."""
    sent = judge(claimed(7), TooMany(35), NOW, 1.5)
    assert sent == Sent(id=1, outcome=Outcome.WAIT, again_at=NOW + timedelta(seconds=35), detail="TooMany")


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 1), (1, 2), (5, 32), (9, 300), (10_000, 300)])
def test_retries_come_ever_later(attempts: int, seconds: int) -> None:
    """Doubling up to five minutes, spread around it."""
    early, late = (judge(claimed(7, attempts=attempts), NeverSent("x"), NOW, spread) for spread in (0.5, 1.5))
    assert early.again_at == NOW + timedelta(seconds=seconds * 0.5)
    assert late.again_at == NOW + timedelta(seconds=seconds * 1.5)


def test_details_hold_nothing_of_what_was_said() -> None:
    """A refusal may quote the text; what is stored is the code."""
    error = Refused(400, "Bad Request: can't parse entities: GEHEIM")
    assert judge(claimed(7), error, NOW, 1.0).detail == "Refused 400"


@pytest.mark.parametrize(
    ("error", "failures", "seconds"),
    [
        (TooMany(35), 0, 35.0),
        (NeverSent("x"), 1, 2.0),
        (NeverSent("x"), 900, 30.0),
        (Ambiguous("x"), 3, 0.0),
        (Gone("403"), 3, 0.0),
    ],
)
def test_the_whole_sender_waits_where_nothing_would_get_through(
    error: BotApiError, failures: int, seconds: float
) -> None:
    """A limit and a lost connection concern everybody, other errors only the one parcel."""
    assert pause_after(error, failures) == seconds
