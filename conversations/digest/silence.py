"""Tells silence truthfully: not asked and why, asked without an answer, skipped, not reachable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from conversations.digest.said import Told
from conversations.messages import Say
from conversations.model import (
    CheckIn,
    CheckInState,
    Key,
    Participant,
    ParticipantId,
    Reach,
    Reason,
    Role,
    Stage,
    Status,
)
from conversations.visibility import Mark

KEYS = {
    Role.STUDENT: (Key.LEARNING, Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE, Key.AGENDA),
    Role.TRAINER: (Key.POTENTIAL, Key.JUDGEMENT, Key.GUIDANCE),
}
NOT_ASKED, PRIVATE = "digest.silence_not_asked", "digest.silence_private"
JOINED_LATE = "digest.silence_joined_late"
TOLD = {reason: f"digest.silence_{reason.value}" for reason in Reason} | {
    Reason.NO_QUESTION: NOT_ASKED,
    Reason.MEETING_PASSED: "digest.silence_too_late",
    Reason.STAGE_ENDED: "digest.silence_too_late",
}
BECAME = (
    (Status.EXPIRED, "digest.silence_no_answer"),
    (Status.OPEN, "digest.silence_open"),
    (Status.SKIPPED, "digest.silence_skipped"),
    (Status.UNREACHABLE, TOLD[Reason.BLOCKED]),
    (Status.FAILED, TOLD[Reason.NOT_DELIVERED]),
)
Asks = Mapping[str, AbstractSet[Key]]  # the keys that a question set asks about


def silence(
    told: Told,
    due: Sequence[CheckIn],
    stage: Stage,
    asks: Asks,
    everyone: Mapping[ParticipantId, Participant],
) -> dict[tuple[Role, Key], Say]:
    """Say for each person and key why there is nothing to read, where there is nothing to read."""
    people = {Role.STUDENT: stage.student, Role.TRAINER: stage.trainer}
    seen = {(shown.by, shown.key) for shown in told.shared}
    apart = {(shown.by, shown.key) for shown in told.private}
    found: dict[tuple[Role, Key], Say] = {}
    for role, keys in KEYS.items():
        for key in keys:
            marks = [m for m in told.marks if (m.by, m.key) == (role, key)]
            theirs = [c for c in due if c.participant == people[role] and _is_for(key, c)]
            away = everyone[people[role]].reach is Reach.INVITED
            silent = _became(marks) or _not_asked([_as_joined(c, away=away) for c in theirs], key, asks)
            if (role, key) not in seen:
                found[role, key] = Say(id=PRIVATE if (role, key) in apart else silent)
    return found


def _as_joined(check_in: CheckIn, *, away: bool) -> CheckIn:
    """Take it that somebody who joined since could not be asked then; they are not out of reach now."""
    joined_late = check_in.reason is Reason.NOT_JOINED and not away
    return replace(check_in, state=CheckInState.NOT_ASKED) if joined_late else check_in


def _became(marks: Sequence[Mark]) -> str | None:
    """Say what became of the questions that were put; None when none was."""
    statuses = {mark.status for mark in marks}
    return next((why for status, why in BECAME if status in statuses), None)


def _is_for(key: Key, check_in: CheckIn) -> bool:
    """Tell whether an occasion was one for this key: the agenda has occasions of its own."""
    return (key is Key.AGENDA) is check_in.occasion.startswith("agenda")


def _not_asked(due: Sequence[CheckIn], key: Key, asks: Asks) -> str:
    """Give what stood in the way: first what a person can mend, then what came most often.

    A reason counts only if it came at least as often as something was asked.
    """
    away = [c.reason for c in due if c.state is CheckInState.UNREACHABLE and c.reason]
    if away:
        return TOLD[_usual(away)]
    put = [c for c in due if c.opened is not None]
    cut_short = [c for c in put if key in asks.get(c.question_set, ())]
    if cut_short:
        waits = cut_short[-1].state in (CheckInState.OPEN, CheckInState.EXPIRED)
        return TOLD[cut_short[-1].reason or (Reason.OTHER_OPEN if waits else Reason.NO_QUESTION)]
    reasons = [c.reason for c in due if c.state is CheckInState.NOT_ASKED and c.reason]
    if not reasons or len(reasons) < len(put):
        return NOT_ASKED
    usual = _usual(reasons)
    return JOINED_LATE if usual is Reason.NOT_JOINED else TOLD[usual]


def _usual(reasons: Sequence[Reason]) -> Reason:
    return Counter(reasons).most_common(1)[0][0]
