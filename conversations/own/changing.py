"""What a student does with an own answer: change it, take it away, choose who reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import asking, putting
from conversations.answering import old_button
from conversations.buttons import Does, Press, encode
from conversations.desk import Decision, lay_out
from conversations.dossier import Awaits, Expectation
from conversations.events import Pressed, Said, Spoke
from conversations.facts import ChatFacts, Entity
from conversations.messages import Button, Buttons, Message, Piece, Run, Say
from conversations.model import CheckInState, Reply, Share, Status
from conversations.own import listing
from conversations.own.listing import Entry
from conversations.pressing import in_place, noted
from conversations.question_set import Kind
from conversations.school import School
from conversations.visibility import Reads

Pieces = tuple[Piece, ...]


def pressed(facts: ChatFacts, event: Pressed, press: Press, school: School, now: datetime) -> Decision:
    """Do what was pressed in the list of own answers or below one of them."""
    number, question, what = int(press.parts[0], 36), press.parts[1], press.parts[2]
    if not any(m.stage.student == facts.me.id for m in facts.materials.values()):
        return old_button(facts, event)
    if (question, what) == (listing.NOTE, listing.LIST):
        return in_place(facts.me.id, event, *listing.page(facts, school, number))
    entry = listing.find(facts, school, number, question)
    if entry is None:
        return _gone_already(facts, event, number, question)
    match what:
        case listing.SHOW:
            return in_place(facts.me.id, event, *listing.detail(facts, school, entry))
        case listing.CHANGE | listing.WORDS:
            return _change(facts, event, entry, what, school, now)
        case listing.AWAY:
            return in_place(facts.me.id, event, *_sure(facts, entry))
        case listing.GONE:
            return _take_away(facts, event, entry, school, now)
        case _ if what in set(Share):
            return _share(facts, event, entry, Share(what), school)
        case _:
            return old_button(facts, event)


def said(facts: ChatFacts, event: Said | Spoke, school: School, now: datetime) -> Decision | None:
    """Put what was typed or spoken in place of an answer; None when that answer is no longer there."""
    number, _, question = facts.expectation.about.partition(":") if facts.expectation else ("", "", "")
    entry = listing.find(facts, school, int(number, 36), question) if number else None
    if entry is None:
        return None
    changed = _rewritten(entry, event, now)
    after = listing.after(facts, changed)
    place = event.message if entry.own.note is not None else entry.number
    again = listing.find(after, school, place, entry.question) or entry
    pieces, below = listing.detail(after, school, again)
    old = (Run(" "), Say(id="own.teacher_has_old")) if reached_teacher(facts, entry) else ()
    words = (Say(id="own.changed"), *old, Run("\n\n"), *pieces)
    done = Expectation(participant=facts.me.id, what=None, at=now)
    return Decision((done, *changed), (Message(to=facts.me.id, pieces=words, buttons=below),))


def reached_teacher(facts: ChatFacts, entry: Entry) -> bool:
    """Tell whether an answer went out with a digest or what was added to one."""
    material = facts.materials.get(entry.stage.id) if entry.stage else None
    if material is None or entry.own.reads is Reads.SCHOOL:
        return False
    out = [moment for d in material.digests if not d.missed for moment in (d.at, d.addendum_at) if moment]
    return any(entry.own.shown.at <= moment for moment in out)


# ---- changing -------------------------------------------------------------------------------------------


def _change(
    facts: ChatFacts, event: Pressed, entry: Entry, what: str, school: School, now: datetime
) -> Decision:
    """Ask for the new words, or put the buttons of the question again."""
    again = _put_again(facts, entry, school, now) if what == listing.CHANGE else None
    if again is not None:
        below = (*again.buttons, (listing.back(facts, school, entry),))
        return in_place(facts.me.id, event, again.pieces, below)
    awaits = Expectation(
        participant=facts.me.id,
        what=Awaits.NEW_ANSWER,
        at=now,
        stage=entry.stage.id if entry.stage else None,
        about=entry.place,
    )
    cancel = Button(label=Say(id="commands.cancel"), data=encode(Does.CANCEL))
    pieces = (*listing.whole(entry, facts.me.language), Run("\n\n"), Say(id="own.type_new"))
    return Decision((awaits,)) + in_place(facts.me.id, event, pieces, ((cancel,),))


def _put_again(facts: ChatFacts, entry: Entry, school: School, now: datetime) -> Message | None:
    """Put a question with buttons once more; None for one that is answered in words."""
    check_in = facts.check_in(entry.own.parts[0].check_in) if entry.own.parts else None
    if check_in is None:
        return None
    at = lay_out(facts, check_in.id, school, now)
    question, reply = at.question(entry.question), at.replies.get(entry.question)
    if question is None or reply is None or question.kind is Kind.TEXT:
        return None
    return putting.put(at, question, reply)


def _rewritten(entry: Entry, event: Said | Spoke, now: datetime) -> list[Entity]:
    """Give an answer or note with other words. What was added to it before goes with the old words."""
    text = event.text if isinstance(event, Said) else None
    voice = event.voice if isinstance(event, Spoke) else None
    note = entry.own.note
    if note is not None:
        new = replace(note, text=text or "", voice=voice, source=event.message, at=now)
        return [replace(note, gone=True, text="", voice=None), new]
    first, *others = entry.own.parts
    answered = now if first.has_answer else None
    written = None if first.has_answer else now
    first = replace(first, text=text, voice=voice, source=event.message, answered=answered, written=written)
    return [first, *(emptied(part) for part in others)]


def emptied(part: Reply) -> Reply:
    """Give a reply without anything of what was given."""
    return replace(
        part,
        status=Status.SKIPPED,
        answered=None,
        written=None,
        text=None,
        choices=(),
        draft=(),
        voice=None,
    )


# ---- taking away ----------------------------------------------------------------------------------------


def _sure(facts: ChatFacts, entry: Entry) -> tuple[Pieces, Buttons]:
    yes = Button(label=Say(id="own.away_yes"), data=entry.data(listing.GONE))
    no = Button(label=Say(id="own.away_no"), data=entry.data(listing.SHOW))
    pieces = (*listing.whole(entry, facts.me.language), Run("\n\n"), Say(id="own.sure"))
    return pieces, ((yes,), (no,))


def _take_away(facts: ChatFacts, event: Pressed, entry: Entry, school: School, now: datetime) -> Decision:
    """Empty an answer with all its parts, and say what is gone and what is not."""
    note = entry.own.note
    changed: tuple[Entity, ...] = (
        (replace(note, gone=True, text="", voice=None),)
        if note is not None
        else tuple(emptied(part) for part in _all_parts(facts, entry))
    )
    told = "own.teacher_has" if reached_teacher(facts, entry) else "own.teacher_gets_not"
    if entry.own.reads is Reads.SCHOOL:
        told = "own.school_counts_not"
    pieces: Pieces = (Say(id="own.removed"), Run(" "), Say(id=told))
    if entry.own.shown.texts or entry.own.shown.seconds is not None:
        pieces = (*pieces, Run(" "), Say(id="own.still_in_chat"))
    after = listing.after(facts, changed)
    gone = Decision(changed) + in_place(facts.me.id, event, pieces, ((listing.back(after, school),),))
    return gone + _go_on(after, entry, school, now)


def _all_parts(facts: ChatFacts, entry: Entry) -> tuple[Reply, ...]:
    """Give an answer's parts and its follow-ups that still wait."""
    check_in = entry.own.parts[0].check_in
    given = {part.question for part in entry.own.parts}
    waiting = (
        reply
        for reply in facts.replies_to(check_in).values()
        if reply.question not in given and reply.question.startswith(f"{entry.question}.")
    )
    return (*entry.own.parts, *waiting)


def _go_on(facts: ChatFacts, entry: Entry, school: School, now: datetime) -> Decision:
    """Go on with a check-in that waited for more about the answer that is gone."""
    check_in = facts.check_in(entry.own.parts[0].check_in) if entry.own.parts else None
    if check_in is None or check_in.state is not CheckInState.OPEN:
        return Decision()
    return asking.go_on(lay_out(facts, check_in.id, school, now))


def _gone_already(facts: ChatFacts, event: Pressed, number: int, question: str) -> Decision:
    """Say that an own answer was taken away before; of what never was theirs, only that the button is old."""
    mine = [r for m in facts.materials.values() for r in m.replies if r.participant == facts.me.id]
    notes = [n for n in facts.notes if n.gone and question == listing.NOTE]
    was_mine = (number, question) in {(r.check_in, r.question) for r in mine}
    if not was_mine and number not in {n.source for n in notes}:
        return old_button(facts, event)
    return noted(facts.me.id, event, Say(id="own.already_gone"))


# ---- who reads it ---------------------------------------------------------------------------------------


def _share(facts: ChatFacts, event: Pressed, entry: Entry, share: Share, school: School) -> Decision:
    """Choose who reads one answer with all its parts; what is always private stays so."""
    if entry.own.reads not in (Reads.PRIVATE, Reads.MEETING):
        return old_button(facts, event)
    note = entry.own.note
    changed: tuple[Entity, ...] = (
        (replace(note, share=share),)
        if note is not None
        else tuple(replace(part, share=share) for part in entry.own.parts if part.share is not share)
    )
    after = listing.after(facts, changed)
    again = listing.find(after, school, entry.number, entry.question) or entry
    pieces, below = listing.detail(after, school, again)
    toast = Say(id=f"answering.share_{share.value}")
    return Decision(changed) + in_place(facts.me.id, event, pieces, below, toast)
