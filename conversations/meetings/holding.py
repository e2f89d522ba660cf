"""Whether a meeting was held, and who was there (promise P1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import days, pressing
from conversations.answering import old_button
from conversations.desk import Decision
from conversations.events import Pressed
from conversations.facts import StageFacts
from conversations.meetings import agreeing, pages
from conversations.meetings.desk import MeetingDesk, expect_nothing
from conversations.meetings.planning import offer_new_day
from conversations.messages import Lane, Message, Piece, Run, Say
from conversations.model import Meeting, MeetingState, Role, Stage
from conversations.school import School

EVERYBODY = frozenset({Role.STUDENT, Role.TRAINER, Role.TEACHER})


def ask_held(facts: StageFacts, meeting: Meeting, school: School, now: datetime) -> Decision:
    """Ask the teacher whether a meeting was held, and keep that this was asked."""
    stage = facts.stage
    language = facts.people[stage.teacher].language
    values = {
        "n": str(meeting.number),
        "name": facts.people[stage.student].name,
        "when": days.brief_moment(meeting.at, school.calendar, language),
    }
    yes = pages.below(stage, meeting.number, "held", label=Say(id="meetings.yes"))
    no = pages.below(stage, meeting.number, "missed", label=Say(id="meetings.no"))
    moved = pages.below(stage, meeting.number, "move", label=Say(id="meetings.moved"))
    question = Message(
        to=stage.teacher,
        pieces=(Say(id="meetings.was_held", values=values),),
        buttons=((yes,), (no,), (moved,)),
        lane=Lane.SIGNAL,
        stage=stage.id,
    )
    return Decision((_asked(stage, meeting, now),), (question,))


def _asked(stage: Stage, meeting: Meeting, now: datetime) -> Stage:
    meetings = (replace(m, asked=now) if m.number == meeting.number else m for m in stage.meetings)
    return replace(stage, meetings=tuple(meetings))


def held(at: MeetingDesk, event: Pressed) -> Decision:
    """Keep that a meeting was held, and ask who was there: all three, unless the teacher says otherwise.

    A trainer who handed the student over is not counted in.
    """
    meeting = at.meeting
    if meeting is None or meeting.at > at.now:
        return _not_yet(at, event)
    if meeting.state is MeetingState.HELD:
        return present(at, event)
    usual = EVERYBODY - ({Role.TRAINER} if at.stage.trainer_stopped else set())
    after = at.with_meeting(replace(meeting, state=MeetingState.HELD, present=usual))
    return Decision((after.stage,)) + expect_nothing(at) + present(after, event)


def missed(at: MeetingDesk, event: Pressed) -> Decision:
    """Keep that a meeting did not take place, and offer to plan a new day. A second time changes nothing."""
    meeting = at.meeting
    if meeting is None or meeting.at > at.now:
        return _not_yet(at, event)
    if at.agreements:
        return pressing.noted(at.me, event, Say(id="meetings.has_agreements"))
    shown = pressing.in_place(at.me, event, _missed_words(at), offer_new_day(at))
    if meeting.state in (MeetingState.MISSED, MeetingState.CANCELLED):
        return shown
    after = at.with_meeting(replace(meeting, state=MeetingState.MISSED, present=frozenset()))
    return Decision((after.stage,)) + expect_nothing(at) + shown


def present(at: MeetingDesk, event: Pressed) -> Decision:
    """Show who was there, to tick."""
    meeting = at.meeting
    if meeting is None or meeting.state is not MeetingState.HELD:
        return old_button(at.facts, event)
    rows = pages.present_rows(at.facts, at.stage, meeting)
    if not at.agreements:
        rows = (
            *rows,
            (pages.below(at.stage, at.number, "missed", label=Say(id="meetings.button_not_held")),),
        )
    return pressing.in_place(at.me, event, (at.say("who_was_there"),), rows)


def tick(at: MeetingDesk, event: Pressed, role: str) -> Decision:
    """Put somebody among those who were there, or take them out."""
    meeting = at.meeting
    known = role in {one.value for one in EVERYBODY}
    if meeting is None or meeting.state is not MeetingState.HELD or not known:
        return old_button(at.facts, event)
    after = at.with_meeting(replace(meeting, present=meeting.present ^ {Role(role)}))
    return Decision((after.stage,)) + present(after, event)


def ready(at: MeetingDesk, event: Pressed) -> Decision:
    """Take the ticks, and ask what was agreed."""
    meeting = at.meeting
    if meeting is None or meeting.state is not MeetingState.HELD:
        return old_button(at.facts, event)
    if not meeting.present:
        return pressing.noted(at.me, event, Say(id="meetings.nobody"))
    if agreeing.is_expected(at):
        return pressing.noted(at.me, event)
    people = ((Role.STUDENT, at.stage.student), (Role.TRAINER, at.stage.trainer), (Role.TEACHER, at.me))
    names = [at.facts.people[who].name for role, who in people if role in meeting.present]
    words: tuple[Piece, ...] = (at.say("is_held"), Run(f"\n{', '.join(names)}"))
    return pressing.in_place(at.me, event, words) + agreeing.ask(at)


def _missed_words(at: MeetingDesk) -> tuple[Piece, ...]:
    return at.say("was_missed"), Run("\n"), Say(id="meetings.new_day_wanted")


def _not_yet(at: MeetingDesk, event: Pressed) -> Decision:
    """Answer below a meeting that has moved on since: it is still to come."""
    if at.meeting is None:
        return old_button(at.facts, event)
    when = days.brief_moment(at.meeting.at, at.school.calendar, at.facts.me.language)
    return pressing.noted(at.me, event, Say(id="meetings.still_to_come", values={"when": when}))
