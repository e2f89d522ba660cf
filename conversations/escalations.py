"""When nobody answered a signal: the coordinators are told (promise P3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from conversations.calendar import SchoolCalendar, allowed_after, allowed_before, to_local, workdays_after
from conversations.dossier import Signal, SignalKind, SignalState
from conversations.duties import Escalate
from conversations.model import Reach
from conversations.view import View, morning

WORKDAYS = 2  # that a teacher has to answer
FOR_A_PERSON = frozenset(
    {SignalKind.CONSULT, SignalKind.CONTACT, SignalKind.WHO, SignalKind.HAND_OVER, SignalKind.STOP}
)


def escalations(view: View) -> Iterator[Escalate]:
    """Give the signals that waited too long, or that no teacher is there for; never in quiet hours."""
    if morning(view, view.now) == view.now:
        for signal, at in _waiting(view):
            if at <= view.now:
                yield Escalate(signal=signal)


def moments(view: View) -> Iterator[datetime]:
    """Give every moment at which a signal may have waited too long."""
    return (morning(view, max(view.now, at)) for _, at in _waiting(view))


def _waiting(view: View) -> list[tuple[Signal, datetime]]:
    """Give the open signals with their term."""
    has_teacher = view.facts.people[view.facts.stage.teacher].reach is Reach.JOINED
    return [
        (signal, _term(view.school.calendar, signal.at) if has_teacher else signal.at)
        for signal in view.facts.signals
        if signal.state is SignalState.OPEN and signal.kind in FOR_A_PERSON
    ]


def _term(calendar: SchoolCalendar, moment: datetime) -> datetime:
    """Give the same minute two workdays later, or where that is quiet, an hour of that day that is not."""
    local = to_local(calendar, moment)
    clock = local.time().replace(second=0, microsecond=0)
    day = workdays_after(calendar, local.date(), WORKDAYS)
    after = allowed_after(calendar, day, clock, resume=calendar.quiet.end)
    return after if to_local(calendar, after).date() == day else allowed_before(calendar, day, clock)
