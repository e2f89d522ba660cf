"""The teacher's side of a meeting: its date and place, whether it was held, and what was agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from conversations import notes, pressing
from conversations.answering import old_button
from conversations.buttons import Press
from conversations.desk import Decision
from conversations.dossier import Agreement, Awaits, Expectation
from conversations.events import Pressed, Said, Spoke
from conversations.facts import ChatFacts
from conversations.meetings import agreeing, holding, pages, planning
from conversations.meetings.desk import About, MeetingDesk
from conversations.meetings.holding import ask_held
from conversations.messages import Buttons, Message, Piece, Say
from conversations.model import Meeting, Stage
from conversations.school import School

Doing = Callable[[MeetingDesk, Pressed], Decision]
Choosing = Callable[[MeetingDesk, Pressed, str], Decision]

DOINGS: Mapping[str, Doing] = {
    "move": planning.ask_moment,
    "place": planning.ask_place,
    "cancel": planning.ask_sure,
    "later": planning.leave,
    "plan": planning.ask_first_place,
    "held": holding.held,
    "missed": holding.missed,
    "present": holding.present,
    "ready": holding.ready,
    "list": agreeing.show,
    "add": agreeing.add,
    "undo": agreeing.undo,
    "done": agreeing.done,
}
CHOOSINGS: Mapping[str, Choosing] = {
    "place": planning.change_place,
    "cancel": planning.cancel,
    "plan": planning.ask_first_moment,
    "there": holding.tick,
}


def commanded(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Do /gesprek for a teacher: the list of students, or the meetings of the only one."""
    stages = pages.stages_of(facts, now)
    if len(stages) == 1:
        words, rows = _page(facts, stages[0], pages.at_hand(stages[0], now), school, now)
        return Decision((), (Message(to=facts.me.id, pieces=words, buttons=rows, stage=stages[0].id),))
    if not stages:
        return Decision((), (Message(to=facts.me.id, pieces=(Say(id="meetings.no_students"),)),))
    rows = pages.student_rows(facts, stages, school, now)
    words = pages.student_words(stages, now)
    return Decision((), (Message(to=facts.me.id, pieces=words, buttons=rows),))


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below a meeting; only the teacher of the stage can."""
    stage = facts.find_stage(press.stage)
    number = _number(press)
    if stage is None or stage.teacher != facts.me.id or stage.ended or number is None:
        return old_button(facts, event)
    at = MeetingDesk(facts=facts, stage=stage, number=number, school=school, now=now)
    match press.parts[2:]:
        case () if len(press.parts) == 1:
            return _opened(at, event)
        case ():
            return _chosen(at, event)
        case ("list",) if number == 0:
            return _more_students(at, event)
        case (what,) if (do := DOINGS.get(what)) is not None:
            return do(at, event)
        case (what, choice) if (choose := CHOOSINGS.get(what)) is not None:
            return choose(at, event, choice)
        case _:
            return old_button(facts, event)


def said(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Take a date or an agreement that the teacher typed; where it was spoken, ask to type it."""
    at = _expected_at(facts, school, now)
    awaited = facts.expectation
    if at is None or awaited is None:
        nothing = Expectation(participant=facts.me.id, what=None, at=now)
        return Decision((nothing,)) + notes.said(facts, event, school, now)
    is_agreement, about = awaited.what is Awaits.AGREEMENT, About.read(awaited.about)
    if isinstance(event, Spoke):
        return agreeing.spoken(at) if is_agreement else planning.spoken_moment(at, about)
    return agreeing.typed(at, event) if is_agreement else planning.typed_moment(at, about, event)


def _expected_at(facts: ChatFacts, school: School, now: datetime) -> MeetingDesk | None:
    """Give the meeting that a text was asked for, if it is still this teacher's."""
    awaited = facts.expectation
    stage = facts.find_stage(awaited.stage) if awaited else None
    if awaited is None or stage is None or stage.teacher != facts.me.id:
        return None
    number = About.read(awaited.about).number
    return MeetingDesk(facts=facts, stage=stage, number=number, school=school, now=now)


def _opened(at: MeetingDesk, event: Pressed) -> Decision:
    """Show a stage that was chosen from the list, below the list: it stays for the next one."""
    words, rows = _page(at.facts, at.stage, pages.at_hand(at.stage, at.now), at.school, at.now)
    page = Message(to=at.me, pieces=words, buttons=rows, stage=at.stage.id)
    return pressing.noted(at.me, event) + Decision((), (page,))


def _chosen(at: MeetingDesk, event: Pressed) -> Decision:
    """Show the page of a stage with another of its meetings chosen."""
    if at.meeting is None:
        return old_button(at.facts, event)
    words, rows = _page(at.facts, at.stage, at.meeting, at.school, at.now)
    return pressing.in_place(at.me, event, words, rows)


def _more_students(at: MeetingDesk, event: Pressed) -> Decision:
    """Show the students that come after those of the list above."""
    stages = pages.stages_of(at.facts, at.now)
    rest = stages[stages.index(at.stage) :]
    rows = pages.student_rows(at.facts, rest, at.school, at.now)
    more = Message(to=at.me, pieces=pages.student_words(rest, at.now), buttons=rows)
    return pressing.noted(at.me, event) + Decision((), (more,))


def _page(
    facts: ChatFacts, stage: Stage, chosen: Meeting | None, school: School, now: datetime
) -> tuple[tuple[Piece, ...], Buttons]:
    words = pages.page(facts, stage, chosen, school)
    return words, pages.page_rows(stage, chosen, _agreements(facts, stage, chosen), now)


def _agreements(facts: ChatFacts, stage: Stage, meeting: Meeting | None) -> tuple[Agreement, ...]:
    dossier = facts.dossiers.get(stage.id)
    if dossier is None or meeting is None:
        return ()
    return tuple(a for a in dossier.agreements if a.meeting == meeting.number)


def _number(press: Press) -> int | None:
    """Give the meeting's number that a button has; 0 where it is about the stage or the list."""
    if len(press.parts) == 1:
        return 0
    return int(press.parts[1]) if press.parts[1] in {str(n) for n in range(pages.MEETINGS + 1)} else None


__all__ = ["ask_held", "commanded", "pressed", "said"]
