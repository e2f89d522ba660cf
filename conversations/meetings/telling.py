"""Tells student and trainer what changed about a meeting, each in their own language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from conversations import days
from conversations.calendar import allowed_after, to_local
from conversations.desk import Decision
from conversations.facts import ChatFacts
from conversations.messages import Lane, Message, Piece, Run, Say
from conversations.model import Meeting, Participant, Reach, Role, Stage
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """The student and the trainer of a stage: who can be told in the chat, and who can't."""

    stage: Stage
    told: tuple[Participant, ...]
    not_told: tuple[Participant, ...]


def others_of(facts: ChatFacts, stage: Stage, present: frozenset[Role] | None = None) -> Others:
    """Find whom to tell: all but the teacher, or those who were present; not a trainer who stopped."""
    roles = {Role.STUDENT: stage.student, Role.TRAINER: stage.trainer}
    if stage.trainer_stopped:
        del roles[Role.TRAINER]
    people = [facts.people[who] for role, who in roles.items() if present is None or role in present]
    return Others(
        stage=stage,
        told=tuple(p for p in people if p.reach is Reach.JOINED),
        not_told=tuple(p for p in people if p.reach is not Reach.JOINED),
    )


def moved(
    facts: ChatFacts, stage: Stage, before: Meeting, after: Meeting, school: School, now: datetime
) -> Decision:
    """Tell that a meeting moved; of one that did not go on, that there is a new day."""
    stood = before.at > now and before.state is after.state
    return _changed(facts, stage, after, "moved" if stood else "new_day", school, now, before)


def planned(facts: ChatFacts, stage: Stage, meeting: Meeting, school: School, now: datetime) -> Decision:
    """Tell that there is a meeting now."""
    return _changed(facts, stage, meeting, "new_day", school, now)


def placed(facts: ChatFacts, stage: Stage, meeting: Meeting, school: School, now: datetime) -> Decision:
    """Tell that a meeting is at another place."""
    return _changed(facts, stage, meeting, "placed", school, now)


def cancelled(facts: ChatFacts, stage: Stage, meeting: Meeting, school: School, now: datetime) -> Decision:
    """Tell that a meeting does not take place."""
    out = []
    for one in others_of(facts, stage).told:
        values = about(facts, stage, one) | days.day_and_time(meeting.at, school.calendar, one.language)
        said = Say(id=f"meetings.cancelled_{role_in(stage, one)}", values=values)
        out.append(message(one, stage, (said,), school, now, meeting.at))
    return Decision((), tuple(out))


def who_hears(others: Others) -> tuple[Piece, ...]:
    """Say who gets a message, and whom the teacher has to tell."""
    lines = (_names("told", others.told), _names("not_told", others.not_told))
    return tuple(piece for line in lines if line for piece in (Run("\n"), line))


def _names(text: str, people: tuple[Participant, ...]) -> Say | None:
    match people:
        case (one,):
            return Say(id=f"meetings.{text}_one", values={"name": one.name})
        case (one, other):
            return Say(id=f"meetings.{text}_both", values={"name": one.name, "other": other.name})
        case _:
            return None


def _changed(
    facts: ChatFacts,
    stage: Stage,
    meeting: Meeting,
    text: str,
    school: School,
    now: datetime,
    before: Meeting | None = None,
) -> Decision:
    first = min(meeting.at, before.at) if before is not None and before.at > now else meeting.at
    out = []
    for one in others_of(facts, stage).told:
        values = about(facts, stage, one)
        if text == "moved" and before is not None:
            both = {"before": before, "after": meeting}
            values |= {k: days.brief_moment(m.at, school.calendar, one.language) for k, m in both.items()}
        else:
            values |= days.day_and_time(meeting.at, school.calendar, one.language)
        role = role_in(stage, one)
        pieces = (
            Say(id=f"meetings.{text}_{role}", values=values),
            Run(" "),
            Say(id=f"meetings.there_{meeting.place.value}"),
            Run("\n"),
            Say(id=f"meetings.cannot_{role}", values={"teacher": facts.people[stage.teacher].name}),
        )
        out.append(message(one, stage, pieces, school, now, first))
    return Decision((), tuple(out))


def message(
    to: Participant,
    stage: Stage,
    pieces: tuple[Piece, ...],
    school: School,
    now: datetime,
    needed: datetime | None = None,
) -> Message:
    """Make a message that waits for quiet hours to end, unless it is needed before that."""
    local = to_local(school.calendar, now)
    free = allowed_after(school.calendar, local.date(), local.time(), school.calendar.quiet.end)
    not_before = free if now < free and (needed is None or free < needed) else None
    return Message(to=to.id, pieces=pieces, lane=Lane.SIGNAL, stage=stage.id, not_before=not_before)


def about(facts: ChatFacts, stage: Stage, one: Participant) -> dict[str, str]:
    """Name the company to the student, and the student to the trainer (S3)."""
    return {"about": stage.company if one.id == stage.student else facts.people[stage.student].name}


def role_in(stage: Stage, one: Participant) -> str:
    """Name the role of the student or the trainer of a stage."""
    return Role.STUDENT.value if one.id == stage.student else Role.TRAINER.value
