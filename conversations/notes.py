"""Free text: which question it belongs to, or a note for the meeting when it belongs to none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import answering, asking, buttons, commands, which
from conversations.buttons import Does, Press
from conversations.calendar import to_local
from conversations.desk import Decision, Desk, lay_out
from conversations.dossier import Expectation
from conversations.events import Edited, Pressed, Said, Spoke
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Button, Buttons, Message, Run, Say
from conversations.milestones import last_day
from conversations.model import CheckInState, Note, Reply, Role, Share, Slot, Stage, StageId
from conversations.question_set import Kind
from conversations.schedule import planned_meetings
from conversations.school import School

LABEL = 30  # characters of a question that fit on a button
QUOTE = 80  # characters of a note that is shown again


def said(
    facts: ChatFacts,
    event: Said | Spoke,
    school: School,
    now: datetime,
    expected: Expectation | None = None,
) -> Decision:
    """Take a text or voice message: the answer to one open question, or to which, or a note.

    `expected` is what was asked for outside a check-in, where it could be that as well.
    """
    slot = facts.slots.get(event.reply_to) if event.reply_to is not None else None
    if slot is not None and facts.check_in(slot.check_in) is not None:
        return _answer(facts, slot, event, school, now)
    waiting = _waiting(facts, school, now)
    earlier = _in_one_breath(facts, event, now)
    if earlier is not None:
        return _answer(facts, Slot(earlier.check_in, earlier.question), event, school, now)
    if not waiting:
        return _note(facts, event, school, now)
    if expected is None and len(waiting) == 1:
        return _taken(*waiting[0], event)
    return _which(facts, event, waiting, expected)


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below a note."""
    note = next((n for n in facts.notes if n.source == press.own_message and not n.gone), None)
    if note is None:
        return answering.old_button(facts, event)
    if press.does is Does.BELONGS:
        return _belongs(facts, event, press, school, now)
    return _settle(facts, event, press.parts[1], note)


def edited(facts: ChatFacts, event: Edited) -> Decision:
    """Change the note that a text became; say so where the text is kept nowhere any more."""
    note = next((n for n in facts.notes if n.source == event.message), None)
    if note is None or note.gone:
        return Decision((), (Message(to=facts.me.id, pieces=(Say(id="notes.edit_lost"),)),))
    changed = Message(to=facts.me.id, pieces=(Say(id="notes.changed"),))
    return Decision((replace(note, text=event.text, at=event.at),), (changed,))  # new: the teacher sees it


def open_questions(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Do /vragen: ask about whom the notes are of which that is not known, and put open questions again."""
    loose = [note for note in facts.notes if note.stage is None and not note.gone]
    again = tuple(_about_whom(facts, note) for note in loose[-commands.AGAIN_AT_MOST :])
    found = Decision((), again) + commands.open_questions(facts, school, now)
    nothing = Message(to=facts.me.id, pieces=(Say(id="commands.no_questions"),))
    return found if found.out else Decision((), (nothing,))


def keep(
    facts: ChatFacts, event: Said | Spoke, stage: Stage | None, school: School, now: datetime
) -> Decision:
    """Keep as a note what somebody was asked for, about a stage of theirs."""
    running = [s for s in _stages_of(facts) if stage is not None and s.id == stage.id]
    return _note(facts, event, school, now, running or None)


def _about_whom(facts: ChatFacts, note: Note) -> Message:
    """Ask once more about whom a note is, with its first words."""
    text = note.text if len(note.text) <= QUOTE else f"{note.text[: QUOTE - 1].rstrip()}…"
    said = Say(id="notes.about_again", values={"text": text})
    if note.voice is not None:
        said = Say(id="notes.about_again_voice", values={"n": str(note.voice.seconds)})
    return replace(_offer(facts, note), pieces=(said,))


def _answer(facts: ChatFacts, slot: Slot, event: Said | Spoke, school: School, now: datetime) -> Decision:
    at = lay_out(facts, slot.check_in, school, now)
    reply = at.replies.get(slot.question)
    if reply is None:
        return _note(facts, event, school, now)
    return _taken(at, reply, event)


def _taken(at: Desk, reply: Reply, event: Said | Spoke) -> Decision:
    """Take a text or voice message as the answer to a question that was put."""
    if isinstance(event, Spoke):
        return answering.spoken(at, reply, event.voice, event.message)
    return answering.typed(at, reply, event.text, event.message)


def _waiting(facts: ChatFacts, school: School, now: datetime) -> list[tuple[Desk, Reply]]:
    """List the open questions a text could answer: typed ones, or else the button question put last."""
    desks = [lay_out(facts, c.id, school, now) for c in facts.check_ins if c.state is CheckInState.OPEN]
    found = [(at, reply) for at in desks if (reply := asking.waiting_for(at)) is not None]
    found.sort(key=lambda pair: pair[1].asked)
    for_text = [(at, reply) for at, reply in found if _takes_text(at, reply)]
    return for_text or found[-1:]


def _takes_text(at: Desk, reply: Reply) -> bool:
    question = at.question(reply.question)
    return reply.is_follow_up or question is None or question.kind is Kind.TEXT


def _in_one_breath(facts: ChatFacts, event: Said | Spoke, now: datetime) -> Reply | None:
    """Find the answer taken at this very moment: what comes with it was sent before the next question."""
    if isinstance(event, Spoke):
        return None
    here = {c.id for c in facts.check_ins}  # an answer of long ago may have been changed just now
    taken = [
        r
        for r in facts.replies
        if r.check_in in here and r.source is not None and r.text is not None and r.answered == now
    ]
    return max(taken, key=lambda r: r.source or 0, default=None)


def taken_out(facts: ChatFacts, event: Pressed, press: Press) -> tuple[Said | Spoke | None, Decision]:
    """Take a text out of the notes again, as it came; None where it is none any more."""
    note = next((n for n in facts.notes if n.source == press.own_message and not n.gone), None)
    if note is None:
        return None, answering.old_button(facts, event)
    moved = _acknowledged(facts, event, replace(note, gone=True, text="", voice=None), "notes.moved")
    if note.voice is None:
        return Said(message=note.source, text=note.text, at=note.at), moved
    return Spoke(message=note.source, voice=note.voice, at=note.at), moved


def _which(
    facts: ChatFacts, event: Said | Spoke, waiting: list[tuple[Desk, Reply]], expected: Expectation | None
) -> Decision:
    """Keep the text as a note and ask which question it answers, or whether it is what was expected."""
    about = {at.stage.id for at, _ in waiting} | ({expected.stage} if expected else set())
    note = _as_note(event, facts, stage=about.pop() if len(about) == 1 else None)
    return Decision((note,), (which.ask(facts, event.message, waiting, expected),))


def _note(
    facts: ChatFacts, event: Said | Spoke, school: School, now: datetime, about: list[Stage] | None = None
) -> Decision:
    """Keep free text for the meeting, and offer to choose who reads it or to throw it away."""
    stages = about or _stages_of(facts)
    if not stages:
        over = facts.me.roles & {Role.STUDENT, Role.TRAINER}
        words = "notes.stage_over" if over else "notes.not_kept"
        return Decision((), (Message(to=facts.me.id, pieces=(Say(id=words),)),))
    only = stages[0] if len(stages) == 1 else None
    note = _as_note(event, facts, stage=only.id if only else None)
    offer = _offer(facts, note)
    if only is not None and not any(meeting.at > now for meeting in planned_meetings(only)):
        today = to_local(school.calendar, now).date()
        last = today > last_day(school.calendar, only)
        offer = replace(offer, pieces=(Say(id="notes.no_meeting" if last else "notes.after_stage"),))
    elif about:
        offer = replace(offer, pieces=(Say(id="notes.kept_wish"),))
    return Decision((note,), (offer,))


def _offer(facts: ChatFacts, note: Note, *, placed: bool = False) -> Message:
    away = Button(label=Say(id="notes.away"), data=buttons.encode(Does.NOTE, note.source, "away"))
    if note.stage is None:
        rows: Buttons = tuple(
            (Button(label=Run(_about(facts, s)), data=buttons.encode(Does.NOTE, note.source, s.id)),)
            for s in _stages_of(facts)
        )
        words = "notes.about_where" if Role.STUDENT in facts.me.roles else "notes.about_whom"
        return Message(to=facts.me.id, pieces=(Say(id=words),), buttons=(*rows, (away,)))
    stage = facts.stage(note.stage)
    mine = facts.me.id == stage.student
    said = Say(id="notes.kept" if mine else "notes.kept_trainer")
    if placed:
        said = Say(
            id=f"notes.placed_{'student' if mine else 'trainer'}", values={"about": _about(facts, stage)}
        )
    rows = _share_rows(note) if mine else ()
    return Message(to=facts.me.id, pieces=(said,), buttons=(*rows, (away,)), stage=stage.id)


def _share_rows(note: Note) -> Buttons:
    return tuple(
        (
            Button(
                label=Say(id=f"asking.share_{option.value}{'_chosen' if option is note.share else ''}"),
                data=buttons.encode(Does.NOTE, note.source, option.value),
            ),
        )
        for option in Share
    )


def _settle(facts: ChatFacts, event: Pressed, choice: str, note: Note) -> Decision:
    if choice == "away":
        gone = replace(note, gone=True, text="", voice=None)
        return _acknowledged(facts, event, gone, "notes.thrown_away")
    if choice in {option.value for option in Share}:
        chosen = replace(note, share=Share(choice))
        if chosen.stage is None and len(_stages_of(facts)) == 1:
            chosen = replace(chosen, stage=_stages_of(facts)[0].id)
        if chosen.stage is None:
            return _placed(facts, event, chosen)
        if facts.me.id != facts.stage(chosen.stage).student:
            return _acknowledged(facts, event, chosen, "notes.moved")
        return _acknowledged(facts, event, chosen, f"answering.share_{choice}", _share_rows(chosen))
    stage = next((s for s in _stages_of(facts) if str(s.id) == choice), None)
    if stage is None:
        return answering.old_button(facts, event)
    return _placed(facts, event, replace(note, stage=stage.id))


def _placed(facts: ChatFacts, event: Pressed, note: Note) -> Decision:
    """Put what can be done with a note now in the message that was pressed, or in a new one."""
    done, offer = Acknowledge(to=facts.me.id, press=event.press), _offer(facts, note, placed=True)
    if event.message is None:
        return Decision((note,), (done, offer))
    here = Amend(to=offer.to, message=event.message, pieces=offer.pieces, buttons=offer.buttons)
    return Decision((note,), (done, here))


def _belongs(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    slot = press.slot
    if slot is None or facts.check_in(slot.check_in) is None:
        return answering.old_button(facts, event)
    again, moved = taken_out(facts, event, press)
    if again is None:
        return moved
    return moved + _answer(facts.with_changed(moved.changed), slot, again, school, now)


def _acknowledged(facts: ChatFacts, event: Pressed, note: Note, text: str, below: Buttons = ()) -> Decision:
    out: tuple[Acknowledge | Amend, ...] = (
        Acknowledge(to=facts.me.id, press=event.press, text=Say(id=text)),
    )
    if event.message is not None:
        out = (*out, Amend(to=facts.me.id, message=event.message, buttons=below))
    return Decision((note,), out)


def _as_note(event: Said | Spoke, facts: ChatFacts, *, stage: StageId | None) -> Note:
    return Note(
        participant=facts.me.id,
        stage=stage,
        text=event.text if isinstance(event, Said) else "",
        voice=event.voice if isinstance(event, Spoke) else None,
        source=event.message,
        at=event.at,
    )


def _stages_of(facts: ChatFacts) -> list[Stage]:
    """List the stages that somebody takes part in as student or trainer."""
    if not facts.me.roles & {Role.STUDENT, Role.TRAINER}:
        return []
    return [s for s in facts.stages if facts.me.id in (s.student, s.trainer) and not s.ended]


def _about(facts: ChatFacts, stage: Stage) -> str:
    return stage.company[:LABEL] if facts.me.id == stage.student else facts.people[stage.student].name[:LABEL]
