"""What a teacher does below a digest: read, get in touch, one extra question (promise P5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from conversations import days
from conversations.answering import old_button
from conversations.buttons import Does, Press, base36, encode
from conversations.calendar import allowed_after, to_local
from conversations.desk import Decision
from conversations.digest.said import Period, Told
from conversations.dossier import Awaits, Expectation, ExtraQuestion
from conversations.events import Pressed, Said, Spoke
from conversations.facts import ChatFacts, DigestRecord
from conversations.messages import Acknowledge, Amend, Button, Buttons, Message, Outgoing, Piece, Run, Say
from conversations.model import ParticipantId, Reach, Role, Stage, StageId
from conversations.plan import plan_of
from conversations.question_set import Occasion
from conversations.quoting import EXTRA
from conversations.school import School
from conversations.visibility import for_teacher
from conversations.weekly import weeks

READ, CONTACT, ASK = "read", "contact", "extra"
LONGEST = 200  # characters of one short question


def below(stage: StageId, meeting: int, record: DigestRecord | None = None) -> Buttons:
    """Give the buttons below the digest of a meeting; what was done already has a mark."""
    read = "seen.read_done" if record and record.read_at else "seen.read"
    contact = "seen.contact_done" if record and record.contact_at else "seen.contact"
    rows = ((read, READ), (contact, CONTACT), ("seen.extra", ASK))
    return tuple(
        (Button(label=Say(id=text), data=encode(Does.PAGE, base36(stage), meeting, what)),)
        for text, what in rows
    )


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed below a digest; only the teacher of the stage can."""
    stage, number, what = _mine(facts, press.stage), press.parts[1], press.parts[2]
    dossier = facts.dossiers.get(stage.id) if stage else None
    if stage is None or dossier is None or what not in (READ, CONTACT, ASK):
        return old_button(facts, event)
    record = next((d for d in dossier.digests if str(d.meeting) == number and not d.missed), None)
    if record is None:
        return old_button(facts, event)
    match what:
        case "read":
            return _read(facts, event, stage, record, school, now)
        case "contact":
            return _contact(facts, event, stage, record, school, now)
        case _:
            return _ask(facts, event, stage, record.meeting, school, now)


def said(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Take the extra question that the teacher typed; ask again where it is spoken, or too long to be one."""
    expected = facts.expectation
    stage = _mine(facts, expected.stage) if expected else None
    done = Decision((Expectation(participant=facts.me.id, what=None, at=now),))
    if expected is None or stage is None:
        return done + _tell(facts, "notes.not_kept")
    text = " ".join(event.text.split()) if isinstance(event, Said) else ""
    refused = _refused(facts, stage, int(expected.about), school, now)
    if refused is not None:
        return done + Decision((), (Message(to=facts.me.id, pieces=(refused,)),))
    if not text or len(text) > LONGEST:
        again = Say(id="seen.extra_too_long", values={"n": str(LONGEST)})
        if not text:
            again = Say(id="seen.extra_type", values=_name(facts, stage))
        return Decision((), (Message(to=facts.me.id, pieces=(again,), buttons=(_cancel(),)),))
    extra = ExtraQuestion(stage=stage.id, meeting=int(expected.about), text=text, at=now)
    words = _when(facts, stage, school, now)
    return done + Decision((extra,), (Message(to=facts.me.id, pieces=words),))


def _mine(facts: ChatFacts, stage: int | None) -> Stage | None:
    found = facts.find_stage(stage)
    return found if found is not None and found.teacher == facts.me.id else None


# ---- read, and in touch ---------------------------------------------------------------------------------


def _read(
    facts: ChatFacts, event: Pressed, stage: Stage, record: DigestRecord, school: School, now: datetime
) -> Decision:
    """Let those who said something know that it was read, once."""
    if record.read_at is not None:
        return _marked(facts, event, record, "seen.read_already")
    read = replace(record, read_at=now)
    out: list[Outgoing] = []
    for who, text in _who_said_something(facts, stage, record, school):
        out += _message(facts, who, Say(id=text), stage, school, now)
    toast = "seen.read_toast" if out else "seen.read_toast_nobody"
    return Decision((read,)) + _marked(facts, event, read, toast) + Decision((), tuple(out))


def _who_said_something(
    facts: ChatFacts, stage: Stage, record: DigestRecord, school: School
) -> list[tuple[ParticipantId, str]]:
    material = facts.materials.get(stage.id)
    if material is None:
        return []
    period = Period.of(material, record.meeting, record.addendum_at or record.at)
    told = Told.of(for_teacher(material, school), period)
    by = {shown.by for shown in (*told.shared, *told.private) if not shown.former}
    people = [(Role.STUDENT, stage.student)]
    people += [] if stage.trainer_stopped else [(Role.TRAINER, stage.trainer)]
    return [(who, f"seen.was_read_{role.value}") for role, who in people if role in by]


def _contact(
    facts: ChatFacts, event: Pressed, stage: Stage, record: DigestRecord, school: School, now: datetime
) -> Decision:
    """Tell the student, and nobody else, that the teacher gets in touch."""
    if record.contact_at is not None:
        return _marked(facts, event, record, "seen.contact_already")
    contacted = replace(record, contact_at=now)
    line = Say(id="seen.gets_in_touch", values={"teacher": facts.me.name})
    out = _message(facts, stage.student, line, stage, school, now)
    toast = "seen.contact_toast" if out else "seen.contact_toast_nobody"
    return Decision((contacted,)) + _marked(facts, event, contacted, toast) + Decision((), tuple(out))


def _message(
    facts: ChatFacts, who: ParticipantId, line: Say, stage: Stage, school: School, now: datetime
) -> list[Message]:
    """Write to somebody who can be reached, not at night."""
    if facts.people[who].reach is not Reach.JOINED:
        return []
    local = to_local(school.calendar, now)
    free = allowed_after(school.calendar, local.date(), local.time(), school.calendar.quiet.end)
    later = free if free - now > timedelta(minutes=1) else None
    return [Message(to=who, pieces=(line,), stage=stage.id, not_before=later)]


def _marked(facts: ChatFacts, event: Pressed, record: DigestRecord, toast: str) -> Decision:
    """Acknowledge a press, and show on the buttons what was done."""
    done = Acknowledge(to=facts.me.id, press=event.press, text=Say(id=toast))
    if event.message is None:
        return Decision((), (done,))
    buttons = below(record.stage, record.meeting, record)
    return Decision((), (done, Amend(to=facts.me.id, message=event.message, buttons=buttons)))


# ---- one extra question ---------------------------------------------------------------------------------


def _ask(
    facts: ChatFacts, event: Pressed, stage: Stage, meeting: int, school: School, now: datetime
) -> Decision:
    """Ask the teacher to type the question; say so where there is room for none."""
    done = Acknowledge(to=facts.me.id, press=event.press)
    refused = _refused(facts, stage, meeting, school, now)
    if refused is not None:
        return Decision((), (done, Message(to=facts.me.id, pieces=(refused,))))
    before = facts.expectation
    awaits = Expectation(
        participant=facts.me.id, what=Awaits.EXTRA_QUESTION, at=now, stage=stage.id, about=str(meeting)
    )
    if before is not None and replace(before, at=now) == awaits:
        typing = Say(id="seen.extra_type", values=_name(facts, stage))
        return Decision((awaits,), (replace(done, text=typing),))
    pieces: tuple[Piece, ...] = (Say(id="seen.extra_type", values=_name(facts, stage)),)
    dossier = facts.dossiers[stage.id]
    earlier = next((e for e in dossier.extra_questions if e.meeting == meeting), None)
    if earlier is not None:
        old = Say(id="seen.extra_replaces", values={"text": earlier.text})
        pieces = (old, Run("\n\n"), *pieces)
    return Decision((awaits,), (done, Message(to=facts.me.id, pieces=pieces, buttons=(_cancel(),))))


def _refused(facts: ChatFacts, stage: Stage, meeting: int, school: School, now: datetime) -> Say | None:
    """Say why no extra question can be asked: it was put already, or there is nobody to ask any more."""
    dossier = facts.dossiers.get(stage.id)
    put = {q.source for c in dossier.check_ins for q in c.quotes if q.place == EXTRA} if dossier else set()
    if meeting in put:
        return Say(id="seen.extra_was_put", values=_name(facts, stage))
    if facts.people[stage.student].reach is not Reach.JOINED:
        return Say(id="seen.extra_unreachable", values=_name(facts, stage))
    if stage.ended or not _days(facts, stage, school, now):
        return Say(id="seen.extra_over", values=_name(facts, stage))
    return None


def _when(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> tuple[Piece, ...]:
    """Say when the question will be put, as far as that is known: a pause comes in between."""
    pause = facts.people[stage.student].paused_until or date.min
    day = next((day for day in _days(facts, stage, school, now) if day >= pause), None)
    if day is None:
        return (Say(id="seen.extra_next", values=_name(facts, stage)),)
    values = {"day": days.in_full(day, facts.me.language), **_name(facts, stage)}
    return (Say(id="seen.extra_on", values=values),)


def _days(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> list[date]:
    """List the days to come on which the student gets the weekly questions."""
    dossier = facts.dossiers.get(stage.id)
    had = {c.occasion for c in dossier.check_ins if c.participant == stage.student} if dossier else set()
    return [
        to_local(school.calendar, one.due).date()
        for one in weeks(plan_of(stage, facts.people, school), had)
        if one.due > now and one.reason is None and one.kind is Occasion.WEEKLY
    ]


def _name(facts: ChatFacts, stage: Stage) -> dict[str, str]:
    return {"name": facts.people[stage.student].first_name}


def _cancel() -> tuple[Button, ...]:
    return (Button(label=Say(id="commands.cancel"), data=encode(Does.CANCEL)),)


def _tell(facts: ChatFacts, text: str) -> Decision:
    return Decision((), (Message(to=facts.me.id, pieces=(Say(id=text),)),))
