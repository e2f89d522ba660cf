"""A student's own meeting: when, where and with whom, what the teacher gets, and what to discuss."""

from __future__ import annotations

from datetime import datetime

from conversations import days, notes
from conversations.answering import old_button
from conversations.buttons import Does, Press, base36, encode
from conversations.desk import Decision, Seen
from conversations.digest.lines import MARK, Line, joined
from conversations.dossier import Agreement, Awaits, Expectation
from conversations.events import Pressed, Said, Spoke
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Button, Buttons, Message, Piece, Run, Say
from conversations.model import Meeting, Place, Role, Stage
from conversations.own import listing
from conversations.own.preview import in_words, next_meeting, preview, preview_of_rest
from conversations.school import School
from conversations.visibility import agreements_for

PREVIEW, WISH = "preview", "wish"
END = "end"  # the page after the last stage day
Pieces = tuple[Piece, ...]


def told(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Tell of each running stage when the next meeting is, and what was agreed in the last one."""
    stages = _mine(facts)
    if not stages:
        return Decision((), (Message(to=facts.me.id, pieces=(Say(id="own.stage_over"),)),))
    out = tuple(_about(facts, stage, school, now) for stage in stages)
    seen = tuple(
        Seen(by=facts.me.id, what=f"agreements {agreed[0].meeting}", stage=stage.id)
        for stage in stages
        if (agreed := _last_agreed(facts, stage, now))
    )
    return Decision((), out, seen)


def preview_button(stage: Stage) -> Button:
    """Give the button that shows a student what the teacher will get."""
    return _button(stage, "own.preview_button", PREVIEW)


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Show what the teacher will get, or ask what the student wants to discuss."""
    stage = next((s for s in _mine(facts) if s.id == press.stage), None)
    if stage is None:
        return old_button(facts, event)
    done = Decision((), (Acknowledge(to=facts.me.id, press=event.press),))
    match press.parts[1]:
        case "preview":
            return done + _preview(facts, stage, school, now)
        case "wish":
            return done + _ask_wish(facts, stage, now)
        case _:
            return old_button(facts, event)


def said(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision:
    """Keep what a student wants to discuss as a note, 🔒 until the student says otherwise."""
    expected = facts.expectation
    stage = facts.find_stage(expected.stage) if expected else None
    done = Decision((Expectation(participant=facts.me.id, what=None, at=now),))
    return done + notes.keep(facts, event, stage, school, now)


# ---- the page -------------------------------------------------------------------------------------------


def _mine(facts: ChatFacts) -> list[Stage]:
    return [s for s in facts.stages if s.student == facts.me.id and not s.ended and not _is_over(facts, s)]


def _is_over(facts: ChatFacts, stage: Stage) -> bool:
    """Tell whether the teacher had the last page: what is told now reaches nobody by itself."""
    dossier = facts.dossiers.get(stage.id)
    return dossier is not None and any(page.page == END for page in dossier.pages)


def _about(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> Message:
    meeting = next_meeting(stage, now)
    lines: list[Line] = [(Run(stage.company, bold=True),)] if len(_mine(facts)) > 1 else []
    lines += _when(facts, stage, meeting, school) if meeting else [(Say(id="own.no_meeting"),)]
    lines += _agreed(facts, stage, now)
    below: Buttons = ((preview_button(stage),), (_button(stage, "own.wish_button", WISH),))
    return Message(to=facts.me.id, pieces=joined(lines, "\n"), buttons=below, stage=stage.id)


def _when(facts: ChatFacts, stage: Stage, meeting: Meeting, school: School) -> list[Line]:
    values = {"n": str(meeting.number), "of": str(len(stage.meetings))}
    place: Line = (Say(id=f"own.place_{meeting.place.value}"),)
    if meeting.place is Place.COMPANY:
        place = (Say(id="own.place_company", values={"company": stage.company, "city": stage.city}),)
    teacher = facts.people[stage.teacher].name
    who = Say(id="own.with_teacher", values={"teacher": teacher})
    if not stage.trainer_stopped:
        names = {"teacher": teacher, "trainer": facts.people[stage.trainer].name}
        who = Say(id="own.with_both", values=names)
    return [
        (Say(id="own.meeting", values=values, bold=True),),
        (Run(days.brief_moment(meeting.at, school.calendar, facts.me.language)), Run(", "), *place),
        (who,),
    ]


def _agreed(facts: ChatFacts, stage: Stage, now: datetime) -> list[Line]:
    agreed: list[Line] = [(MARK, Run(one.text)) for one in _last_agreed(facts, stage, now)]
    return [(), (Say(id="own.agreed", bold=True),), *agreed] if agreed else []


def _last_agreed(facts: ChatFacts, stage: Stage, now: datetime) -> list[Agreement]:
    """Give what was agreed in the last meeting at which the student was."""
    dossier = facts.dossiers.get(stage.id)
    theirs = agreements_for(Role.STUDENT, stage, dossier.agreements) if dossier else ()
    past = {m.number: m.at for m in stage.meetings if m.at <= now}
    last = max((a.meeting for a in theirs if a.meeting in past), key=past.__getitem__, default=None)
    return [a for a in theirs if a.meeting == last]


def _preview(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> Decision:
    """Show what the teacher will get before the next meeting, or at the end of the stage."""
    material, dossier = facts.materials.get(stage.id), facts.dossiers.get(stage.id)
    meeting = next_meeting(stage, now)
    over = dossier is not None and any(record.page == "end" for record in dossier.pages)
    if material is None or (meeting is None and over):
        return _say(facts, "own.no_meeting")
    seen = preview(material, school, meeting, now) if meeting else preview_of_rest(material, school)
    pieces = in_words(seen, school, facts.me, facts.people[stage.teacher])
    below = ((_list_button(),), (_button(stage, "own.wish_button", WISH),))
    return Decision((), (Message(to=facts.me.id, pieces=pieces, buttons=below),))


def _ask_wish(facts: ChatFacts, stage: Stage, now: datetime) -> Decision:
    awaits = Expectation(participant=facts.me.id, what=Awaits.AGENDA, at=now, stage=stage.id)
    cancel = Button(label=Say(id="commands.cancel"), data=encode(Does.CANCEL))
    ask = Message(to=facts.me.id, pieces=(Say(id="own.ask_wish"),), buttons=((cancel,),))
    before = facts.expectation
    again = before is not None and (before.what, before.stage) == (Awaits.AGENDA, stage.id)
    return Decision((awaits,), () if again else (ask,))


def _say(facts: ChatFacts, text: str) -> Decision:
    return Decision((), (Message(to=facts.me.id, pieces=(Say(id=text),)),))


def _button(stage: Stage, text: str, what: str) -> Button:
    return Button(label=Say(id=text), data=encode(Does.OWN_PAGE, base36(stage.id), what))


def _list_button() -> Button:
    data = encode(Does.OWN_ANSWER, base36(0), listing.NOTE, listing.LIST)
    return Button(label=Say(id="own.change_something"), data=data)
