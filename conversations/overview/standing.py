"""What stands out in a stage, in at most five words: what is so, without blame. The first that holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from conversations.calendar import stage_week, to_local
from conversations.coverage import coverage
from conversations.digest.attention import CHORES, chores
from conversations.dossier import SignalKind, SignalState
from conversations.facts import Material, StageFacts
from conversations.messages import Piece, Run, Say
from conversations.model import ParticipantId, Reach, Reply, Status
from conversations.school import School
from conversations.visibility import for_teacher

Pieces = tuple[Piece, ...]
UNDONE = frozenset({SignalState.OPEN, SignalState.ESCALATED})
QUIET = 2  # questions that passed without an answer make a silence
SIGNS = frozenset({Status.ANSWERED, Status.LATE, Status.SKIPPED})


def stands_out(dossier: StageFacts, school: School, now: datetime) -> Pieces:
    """Say what stands out most; nothing where nothing does."""
    return next(_everything(dossier, school, now), ())


def last_digest(dossier: StageFacts) -> datetime | None:
    """Give the moment of the last digest that was handed over."""
    return max((d.at for d in dossier.digests if not d.missed), default=None)


def day(on: date) -> Pieces:
    """Write a day: "16 nov"."""
    return (Run(f"{on.day} "), Say(id=f"overview.month_{on.month}"))


def _everything(dossier: StageFacts, school: School, now: datetime) -> Iterator[Pieces]:
    today = to_local(school.calendar, now).date()
    yield from _signals(dossier)
    yield from _away(dossier, "student", dossier.stage.student)
    if _chores(dossier, school) >= CHORES:
        yield (Say(id="overview.chores"),)
    student = dossier.people[dossier.stage.student]
    if student.paused_until is not None and student.paused_until > today:
        yield (Say(id="overview.paused"), Run(" "), *day(student.paused_until))
    elif since := silent_since(dossier):
        yield (Say(id="overview.silent"), Run(" "), *day(to_local(school.calendar, since).date()))
    if not dossier.stage.trainer_stopped:
        yield from _away(dossier, "trainer", dossier.stage.trainer)
    if gaps := _gaps(dossier, school, now, today):
        yield (Say(id="overview.one_gap") if gaps == 1 else Say(id="overview.gaps", values={"n": str(gaps)}),)


def _signals(dossier: StageFacts) -> Iterator[Pieces]:
    for signal in dossier.signals:
        if signal.state in UNDONE and signal.kind is not SignalKind.OFFER:
            yield (Say(id=f"overview.signal_{signal.kind.value}"),)


def _away(dossier: StageFacts, who: str, person: ParticipantId) -> Iterator[Pieces]:
    reach = dossier.people[person].reach
    if reach is not Reach.JOINED:
        yield (Say(id=f"overview.{who}_{reach.value}"),)


def silent_since(dossier: StageFacts) -> datetime | None:
    """Give the last sign of a student, or the first question where there was none; None for no silence.

    Two questions must have passed since without an answer; skipping one is a sign too.
    """
    asked = [r for r in dossier.replies if r.participant == dossier.stage.student and not r.is_follow_up]
    signs = [r for r in asked if r.status in SIGNS]
    last = max((r.asked for r in signs), default=None)
    passed = [r.asked for r in asked if r.status is Status.EXPIRED and (last is None or r.asked > last)]
    if len(passed) < QUIET:
        return None
    return max(map(_sign, signs)) if signs else min(passed)


def _sign(reply: Reply) -> datetime:
    return reply.answered or reply.asked


def _chores(dossier: StageFacts, school: School) -> int:
    """Count since the last digest; only what the student lets be used in the meeting."""
    since = last_digest(dossier)
    shared = for_teacher(_material(dossier), school).shared
    return chores(s for s in shared if since is None or s.at > since)


def _gaps(dossier: StageFacts, school: School, now: datetime, today: date) -> int:
    """Count the exam tasks that nobody did, from one third of the stage on (promise P2)."""
    week, weeks = stage_week(dossier.stage, today)
    return len(coverage(_material(dossier), school, now).gaps) if week * 3 >= weeks else 0


def _material(dossier: StageFacts) -> Material:
    """See a stage as a page would, without a word of anybody: choices only."""
    return Material(
        stage=dossier.stage,
        people=dossier.people,
        check_ins=dossier.check_ins,
        replies=dossier.replies,
        notes=(),
        digests=dossier.digests,
    )
