"""After an offer of help for something that can't wait, no ordinary question comes by itself that day."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.dossier import Signal, SignalId, SignalKind, SignalState, Urgency
from conversations.due import due, next_wake
from conversations.duties import Ask, Due, Record, Remind, Wake
from conversations.facts import StageFacts
from conversations.model import CheckInState, ParticipantId, Reason, StageId, Status
from tests.conversations.stages import (
    STUDENT,
    TRAINER,
    a_check_in,
    a_reply,
    a_school,
    at,
    on_record,
    the_facts,
    wall,
)

SCHOOL = a_school()
QUIET = on_record("week 1, meeting 1, meeting 2, meeting 3", participant=TRAINER)


def offered(when: str, urgency: Urgency = Urgency.TODAY, by: ParticipantId = STUDENT) -> Signal:
    return Signal(
        id=SignalId(7),
        stage=StageId(1),
        by=by,
        kind=SignalKind.OFFER,
        at=at(when),
        urgency=urgency,
        state=SignalState.KEPT,
    )


def before_week_1(*signals: Signal) -> StageFacts:
    return the_facts(check_ins=QUIET, signals=signals)


def to_student(dues: list[Due]) -> list[tuple[str, Reason | None]]:
    told = [(d.planned, getattr(d, "reason", None)) for d in dues if isinstance(d, Ask | Record)]
    return [(planned.occasion, reason) for planned, reason in told if planned.participant == STUDENT]


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        (offered("2026-09-10 12:00"), [("week 1", Reason.PAUSED)]),
        (offered("2026-09-10 00:00"), [("week 1", Reason.PAUSED)]),
        (offered("2026-09-09 23:59"), [("week 1", None)]),
        (offered("2026-09-10 12:00", Urgency.WEEK), [("week 1", None)]),
        (offered("2026-09-10 12:00", by=TRAINER), [("week 1", None)]),
    ],
)
def test_the_question_of_that_day_is_left_out(
    signal: Signal, expected: list[tuple[str, Reason | None]]
) -> None:
    """When it is serious: normal questions pause for the rest of that local day, and are on record so."""
    assert to_student(due(before_week_1(signal), SCHOOL, at("2026-09-10 16:30"))) == expected


def test_a_question_that_was_missed_does_not_come_that_day_either() -> None:
    """What is caught up on after the bot was away is an ordinary question too."""
    facts = before_week_1(offered("2026-09-11 08:55"))
    assert to_student(due(facts, SCHOOL, at("2026-09-11 09:00"))) == [("week 1", Reason.PAUSED)]


def opened(**changes: object) -> StageFacts:
    """Give a question that was put on Thursday, with help offered on Friday at noon."""
    check_in = replace(
        a_check_in(5, "week 1", state=CheckInState.OPEN, due=at("2026-09-10 16:30")),
        opened=at("2026-09-10 16:30"),
        closes=at("2026-09-17 16:00"),
        **changes,  # type: ignore[arg-type]  # its fields
    )
    reply = a_reply(check_in, status=Status.OPEN, answered=None)
    signals = (offered("2026-09-11 12:00"),)
    return the_facts(check_ins=(*QUIET, check_in), replies=(reply,), signals=signals)


def test_a_reminder_of_that_day_is_not_given() -> None:
    """A reminder is a question once more."""
    facts = opened(remind_at=at("2026-09-11 16:30"))
    calm = replace(facts, signals=())
    now = at("2026-09-11 16:30")
    reminders = [[one for one in due(f, SCHOOL, now) if isinstance(one, Remind)] for f in (facts, calm)]
    assert [len(found) for found in reminders] == [0, 1]


def test_a_question_that_was_put_off_comes_the_next_morning() -> None:
    """[Vanavond] waits for the next day, and the stage is woken for it then."""
    facts = opened(snoozed_until=at("2026-09-11 19:00"))
    evening = due(facts, SCHOOL, at("2026-09-11 19:00"))
    assert [one for one in evening if isinstance(one, Wake)] == []
    wake = next_wake(facts, SCHOOL, at("2026-09-11 19:00"))
    assert wake is not None
    assert wall(wake) == "Sat 2026-09-12 08:00"
    assert [type(one) for one in due(facts, SCHOOL, wake)] == [Wake]
