"""Tells silence truthfully: not asked and why, asked without an answer, skipped, not reachable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from conversations.model import CheckIn, CheckInState, Key, ParticipantId, Reason, Role, Say, Status
from conversations.visibility import Mark, Shown

KEYS = {
    Role.STUDENT: (Key.LEARNING, Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE, Key.AGENDA),
    Role.TRAINER: (Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE),
}


def silence(
    marks: Iterable[Mark],
    shared: Iterable[Shown],
    check_ins: Iterable[CheckIn],
    people: dict[Role, ParticipantId],
) -> dict[tuple[Role, Key], Say]:
    """Say for each person and key why there is nothing to read, where there is nothing to read."""
    put, had = list(marks), list(check_ins)
    seen = {(shown.by, shown.key) for shown in shared}
    return {
        (role, key): _why([m for m in put if (m.by, m.key) == (role, key)], had, people[role])
        for role, keys in KEYS.items()
        for key in keys
        if (role, key) not in seen
    }


def _why(marks: list[Mark], check_ins: list[CheckIn], person: ParticipantId) -> Say:
    if any(mark.answered for mark in marks):
        return Say(id="digest.silence_private")
    if not marks:
        return _not_asked([c for c in check_ins if c.participant == person])
    statuses = Counter(mark.status for mark in marks)
    if statuses[Status.EXPIRED] or statuses[Status.OPEN]:
        return Say(id="digest.silence_no_answer")
    if statuses[Status.SKIPPED]:
        return Say(id="digest.silence_skipped")
    return Say(id="digest.silence_not_delivered")


def _not_asked(check_ins: list[CheckIn]) -> Say:
    """Give the reason that stood in the way most often; a reason that a person can mend goes first."""
    away = [c.reason for c in check_ins if c.state is CheckInState.UNREACHABLE and c.reason]
    reasons = away or [c.reason for c in check_ins if c.state is CheckInState.NOT_ASKED and c.reason]
    if not reasons:
        return Say(id="digest.silence_not_asked")
    (reason, _), *_rest = Counter(reasons).most_common()
    known = reason if reason in REASONS else Reason.NO_QUESTION
    return Say(id=f"digest.silence_{known.value}")


REASONS = frozenset(
    {
        Reason.HOLIDAY,
        Reason.PAUSED,
        Reason.DOWNTIME,
        Reason.OTHER_OPEN,
        Reason.NOT_JOINED,
        Reason.BLOCKED,
        Reason.STOPPED,
        Reason.NO_QUESTION,
    }
)
