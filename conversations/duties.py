"""The things that can be due for a stage, as values that the service carries out."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from conversations.dossier import Signal
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Meeting,
    ParticipantId,
    Quote,
    Reason,
    StageId,
)
from conversations.plan import Planned
from conversations.question_set import QuestionSet

CANNOT_BE_REACHED = frozenset({Reason.NOT_JOINED, Reason.BLOCKED, Reason.STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Put a question set. A catch-up was missed while the bot was away: one a person, see `one_catch_up`."""

    planned: Planned
    question_set: QuestionSet
    task: str | None
    room: int | None
    remind_at: datetime | None
    quotes: tuple[Quote, ...] = ()
    catch_up: bool = False

    def check_in(self, new: CheckInId) -> CheckIn:
        """Make the check-in, queued until its first question is put."""
        return CheckIn(
            id=new,
            stage=self.planned.stage,
            participant=self.planned.participant,
            occasion=self.planned.occasion,
            question_set=self.question_set.name,
            version=self.question_set.version,
            due=self.planned.due,
            closes=self.planned.closes,
            state=CheckInState.QUEUED,
            room=self.room,
            task=self.task,
            quotes=self.quotes,
            remind_at=self.remind_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Keep that an occasion was due and was not asked, and why."""

    planned: Planned
    reason: Reason

    def check_in(self, new: CheckInId) -> CheckIn:
        """Make the check-in that says so."""
        unreachable = self.reason in CANNOT_BE_REACHED
        return CheckIn(
            id=new,
            stage=self.planned.stage,
            participant=self.planned.participant,
            occasion=self.planned.occasion,
            question_set="",
            version="",
            due=self.planned.due,
            closes=self.planned.closes,
            state=CheckInState.UNREACHABLE if unreachable else CheckInState.NOT_ASKED,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Remind once of an open check-in; carried out, it has no `remind_at` any more."""

    check_in: CheckIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Put a snoozed question again; carried out, it has no `snoozed_until` any more."""

    check_in: CheckIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Let an open or queued check-in expire; `reason` says why before its time."""

    check_in: CheckIn
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Hand the digest of a meeting to the teacher."""

    stage: StageId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Addend:
    """Look for what came in after the digest and send it, if anything; carried out, `addendum_at` is set."""

    stage: StageId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class MissDigest:
    """Keep that a meeting had passed before its digest could be handed over."""

    stage: StageId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPage:
    """Hand the teacher a page beside the digests: "third" or "end"; kept also where there is nothing to tell.

    One that is `late` is only recorded: its time had passed long before.
    """

    stage: StageId
    page: str
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHeld:
    """Ask the teacher once whether a meeting was held; carried out, the meeting has `asked`."""

    stage: StageId
    meeting: Meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Tell the coordinators that a signal got no answer; carried out, it is no longer open."""

    signal: Signal


Due = Ask | Record | Remind | Wake | Close | HandOver | Addend | MissDigest | HandPage | AskHeld | Escalate


def one_catch_up(dues: Iterable[Due], asked: AbstractSet[ParticipantId] = frozenset()) -> list[Due]:
    """Keep one catch-up a person over several stages: the newest, and none beside a question on time.

    `asked` are people who got a question elsewhere in the same tick. The others become DOWNTIME.
    """
    everything = list(dues)
    asks = [due for due in everything if isinstance(due, Ask)]
    taken = asked | {ask.planned.participant for ask in asks if not ask.catch_up}
    late = [ask for ask in asks if ask.catch_up and ask.planned.participant not in taken]
    newest = {ask.planned.participant: ask for ask in sorted(late, key=_age)}
    kept = {id(ask) for ask in newest.values()}
    return [
        Record(planned=due.planned, reason=Reason.DOWNTIME)
        if isinstance(due, Ask) and due.catch_up and id(due) not in kept
        else due
        for due in everything
    ]


def _age(ask: Ask) -> tuple[datetime, StageId]:
    return ask.planned.due, ask.planned.stage
