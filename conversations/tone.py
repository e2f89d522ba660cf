"""Which of three wordings is used where the same thing is said week after week."""

from __future__ import annotations

from datetime import timedelta

from conversations.calendar import to_local
from conversations.desk import Desk
from conversations.model import CheckIn, Status

WORDINGS = 3


def varied(at: Desk, text: str, *, skip: str | None = None) -> str:
    """Give the id of one of three wordings: "asking.reminder" becomes "asking.reminder_2".

    The calendar week fixes which, two further every week, and one further for each check-in of that week
    before this one and for each question of it that was skipped before. So a student never reads the same
    twice in a row.
    """
    turn = 2 * _week(at, at.check_in) + _before(at) + _skipped(at, skip)
    return f"{text}_{turn % WORDINGS + 1}"


def _week(at: Desk, check_in: CheckIn) -> int:
    day = to_local(at.school.calendar, check_in.opened or at.now).date()
    return (day - timedelta(days=day.weekday())).toordinal() // 7


def _before(at: Desk) -> int:
    here = (at.check_in.opened or at.now, at.check_in.id)
    return sum(
        c.participant == at.me.id
        and c.opened is not None
        and (c.opened, c.id) < here
        and _week(at, c) == _week(at, at.check_in)
        for c in at.facts.check_ins
    )


def _skipped(at: Desk, question: str | None) -> int:
    if question is None:
        return 0
    return sum(r.status is Status.SKIPPED and r.question != question for r in at.replies.values())
