"""The preparation of a meeting as it stands now, when the teacher asks for it: /voorbereiding."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import buttons, digest
from conversations.buttons import Does, base36
from conversations.calendar import to_local
from conversations.desk import Decision, Seen
from conversations.facts import ChatFacts, Material
from conversations.messages import Button, Buttons, Lane, Message, Run, Say
from conversations.model import Meeting, MeetingState, Stage
from conversations.overview.choosing import ALL, called, is_over, next_to_meet, say
from conversations.overview.standing import Pieces, day
from conversations.schedule import digest_at
from conversations.school import School

LAST = "l"  # what a button carries that asks for the page of the last meeting


def show(facts: ChatFacts, stage: Stage, school: School, now: datetime, *, last: bool) -> Decision:
    """Show the page of the next meeting, or of the last one where it was asked for."""
    name = called(facts, stage)
    if is_over(stage, to_local(school.calendar, now).date()):
        return say(facts, Say(id="overview.stage_over", values={"name": name}), below=_another())
    meeting = _last(stage, now) if last else next_to_meet(stage, now)
    if meeting is not None and stage.id in facts.materials:
        return _page(facts, stage, meeting, school, now)
    text = "overview.all_met" if _last(stage, now) else "overview.no_meetings"
    offer = (_button("overview.last_page", base36(stage.id), LAST),)
    below = (offer, *_another()) if _last(stage, now) else _another()
    return say(facts, Say(id=text, values={"name": name}), below=below)


def _page(facts: ChatFacts, stage: Stage, meeting: Meeting, school: School, now: datetime) -> Decision:
    material, me = _as_it_stands(facts.materials[stage.id], meeting, now), facts.me.id
    page = digest.build(material, school, meeting.number, now)
    pages = [replace(m, lane=Lane.ANSWER, buttons=()) for m in digest.messages(page, me)]
    if meeting.at <= now:
        since = digest.last(material, school, now) or ()
        pages += [Message(to=me, pieces=pieces, stage=stage.id) for pieces in since]
    pages[-1] = replace(pages[-1], buttons=_another())
    head = Message(to=me, pieces=_head(facts, stage, meeting, school, now))
    seen = Seen(by=me, what=f"preparation {meeting.number}", stage=stage.id)
    return Decision((), (head, *pages), (seen,))


def _as_it_stands(material: Material, meeting: Meeting, now: datetime) -> Material:
    """Leave out digests that never arrived, and the one of a meeting to come: it may have moved since."""
    arrived = (d for d in material.digests if not d.undelivered)
    kept = (d for d in arrived if d.meeting != meeting.number or meeting.at <= now)
    return replace(material, digests=tuple(kept))


def _head(facts: ChatFacts, stage: Stage, meeting: Meeting, school: School, now: datetime) -> Pieces:
    """Say that this is how it stands now, and when the page itself comes."""
    values = {"name": called(facts, stage)}
    comes = digest_at(meeting, school)
    if meeting.at <= now:
        return (Say(id="overview.as_it_was", values=values, bold=True),)
    stands = Say(id="overview.as_it_stands", values=values, bold=True)
    if comes <= now:
        return (stands,)
    local = to_local(school.calendar, comes)
    weekday, time = Say(id=f"overview.day_{local.weekday()}"), {"time": f"{local:%H:%M}"}
    on = (weekday, Run(" "), *day(local.date()), Run(" "), Say(id="overview.comes_at", values=time))
    return (stands, Run("\n"), Say(id="overview.comes"), Run(" "), *on)


def _last(stage: Stage, now: datetime) -> Meeting | None:
    """Give the last meeting that was, whatever became of it."""
    past = [m for m in stage.meetings if m.at <= now and m.state is not MeetingState.CANCELLED]
    return max(past, key=lambda meeting: meeting.at, default=None)


def _another() -> Buttons:
    return ((_button("overview.another", base36(ALL), "k0"),),)


def _button(label: str, *parts: str) -> Button:
    return Button(label=Say(id=label), data=buttons.encode(Does.PREPARE, *parts))
