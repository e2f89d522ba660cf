"""What was agreed in a meeting: typed one a message, sent to who was there, asked about next time (P1)."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from conversations import days, pressing
from conversations.answering import old_button
from conversations.desk import Decision, Seen
from conversations.dossier import Agreement, AgreementId, Awaits
from conversations.events import Pressed, Said
from conversations.meetings import pages, telling
from conversations.meetings.desk import About, MeetingDesk, expect, expect_nothing
from conversations.messages import Button, Buttons, Message, Piece, Run, Say
from conversations.model import MeetingState, Participant

SHOWN = 120  # characters of an agreement in a list
LISTED = 15  # agreements in a list
ASKED = 2  # agreements that everybody is surely asked about before the next meeting
READY_WORDS = frozenset({"klaar", "done", "ready"})


def is_expected(at: MeetingDesk) -> bool:
    """Tell whether the teacher was asked to type agreements of this meeting."""
    awaited = at.facts.expectation
    return (
        awaited is not None
        and awaited.what is Awaits.AGREEMENT
        and awaited.stage == at.stage.id
        and About.read(awaited.about).number == at.number
    )


def ask(at: MeetingDesk) -> Decision:
    """Ask what was agreed."""
    return _expect(at, (at.say("what_agreed"),), ((_ready(at),),))


def show(at: MeetingDesk, event: Pressed) -> Decision:
    """Show what was agreed in a meeting, with what can be done about it."""
    if at.meeting is None or (at.meeting.state is not MeetingState.HELD and not at.agreements):
        return old_button(at.facts, event)
    add = pages.below(at.stage, at.number, "add")
    unsent = ((pages.below(at.stage, at.number, "done", label=Say(id="meetings.button_send")),),)
    rows: Buttons = ((add,), *(unsent if _unsent(at) else ()))
    words = (at.say("agreed_heading"), *_listed(at.agreements)) if at.agreements else (at.say("agreed_none"),)
    not_sent = (Run("\n\n"), Say(id="meetings.not_sent")) if _unsent(at) else ()
    seen = Seen(by=at.me, what=f"agreements {at.number}", stage=at.stage.id)
    return pressing.in_place(at.me, event, (*words, *not_sent), rows) + Decision(seen=(seen,))


def add(at: MeetingDesk, event: Pressed) -> Decision:
    """Ask for more agreements, of a meeting that was held."""
    if at.meeting is None or at.meeting.state is not MeetingState.HELD:
        return old_button(at.facts, event)
    noted = pressing.noted(at.me, event)
    return noted if is_expected(at) else noted + ask(at)


def typed(at: MeetingDesk, event: Said) -> Decision:
    """Keep an agreement, and show what there is so far. [Klaar] may be typed too."""
    if event.text.strip(" .!").casefold() in READY_WORDS:
        return _finished(at)
    new = Agreement(
        id=AgreementId(at.facts.new_ids[0]),
        stage=at.stage.id,
        meeting=at.number,
        text=event.text,
        at=at.now,
    )
    return Decision((new,)) + _so_far(at, (*_unsent(at), new))


def spoken(at: MeetingDesk) -> Decision:
    """Ask for a typed agreement where one was spoken: others are going to read it."""
    return _expect(at, (Say(id="meetings.type_agreement"),), ((_ready(at),),))


def undo(at: MeetingDesk, event: Pressed) -> Decision:
    """Take back the agreement that was typed last and not sent yet."""
    unsent = _unsent(at)
    if not unsent:
        return pressing.noted(at.me, event, Say(id="meetings.nothing_to_undo"))
    *left, last = unsent
    words: tuple[Piece, ...] = (
        Say(id="meetings.taken_back"),
        Run(f" “{_cut(last.text)}”\n"),
        *_list_of(at, left),
    )
    shown = pressing.in_place(at.me, event, (*words, Say(id="meetings.next_agreement")), _rows(at, left))
    return Decision((replace(last, gone=True),)) + shown


def done(at: MeetingDesk, event: Pressed) -> Decision:
    """Send what was agreed to who was there, once."""
    if at.meeting is None or not (_unsent(at) or is_expected(at)):
        return pressing.noted(at.me, event, Say(id="meetings.nothing_new"))
    return pressing.closed(at.me, event) + _finished(at)


def _finished(at: MeetingDesk) -> Decision:
    unsent = _unsent(at)
    meeting = at.meeting
    if meeting is None or not unsent:
        nothing = Message(to=at.me, pieces=(at.say("no_agreements"),))
        return expect_nothing(at) + Decision((), (nothing,))
    others = telling.others_of(at.facts, at.stage, meeting.present)
    sent = tuple(replace(agreement, sent=at.now) for agreement in unsent)
    out = tuple(_to_other(at, one, unsent) for one in others.told)
    seen = tuple(Seen(by=one.id, what=f"agreements {at.number}", stage=at.stage.id) for one in others.told)
    kept = "agreements_kept" if others.told else "agreements_kept_here"
    asked = _asks_next_time(at) if others.told else ()
    thanks = Message(to=at.me, pieces=(at.say(kept), *telling.who_hears(others), *asked), stage=at.stage.id)
    return Decision(sent, (thanks, *out), seen) + expect_nothing(at)


def _to_other(at: MeetingDesk, one: Participant, agreements: Sequence[Agreement]) -> Message:
    role = telling.role_in(at.stage, one)
    when = days.day_and_time(at.meeting.at, at.school.calendar, one.language) if at.meeting else {}
    values = telling.about(at.facts, at.stage, one) | {"day": when["day"]}
    lines = "".join(f"\n{n}. {agreement.text}" for n, agreement in enumerate(agreements, start=1))
    pieces = (Say(id=f"meetings.agreed_{role}", values=values), Run(lines))
    return telling.message(one, at.stage, pieces, at.school, at.now)


def _so_far(at: MeetingDesk, unsent: Sequence[Agreement]) -> Decision:
    words = (*_list_of(at, unsent), Say(id="meetings.next_agreement"))
    return _expect(at, words, _rows(at, unsent))


def _list_of(at: MeetingDesk, agreements: Sequence[Agreement]) -> tuple[Piece, ...]:
    return (at.say("so_far"), *_listed(agreements), Run("\n\n")) if agreements else ()


def _listed(agreements: Sequence[Agreement]) -> tuple[Piece, ...]:
    """List the last agreements, each cut to a line or two; they are kept and sent in full."""
    first = max(0, len(agreements) - LISTED)
    lines = [f"\n{n}. {_cut(a.text)}" for n, a in enumerate(agreements, start=1) if n > first]
    return (Run("\n…"), Run("".join(lines))) if first else (Run("".join(lines)),)


def _rows(at: MeetingDesk, unsent: Sequence[Agreement]) -> Buttons:
    undo_row = ((pages.below(at.stage, at.number, "undo"),),)
    return (*(undo_row if unsent else ()), (_ready(at),))


def _ready(at: MeetingDesk) -> Button:
    return pages.below(at.stage, at.number, "done")


def _expect(at: MeetingDesk, question: tuple[Piece, ...], below: Buttons) -> Decision:
    return expect(at, Awaits.AGREEMENT, About(number=at.number), question, below)


def _unsent(at: MeetingDesk) -> tuple[Agreement, ...]:
    return tuple(a for a in at.agreements if a.sent is None)


def _asks_next_time(at: MeetingDesk) -> tuple[Piece, ...]:
    """Say that it will be asked what came of it, where a meeting is to come (see `quoting`)."""
    if not any(m.number > at.number and m.state is MeetingState.PLANNED for m in at.stage.meetings):
        return ()
    text = "asks_next_time" if len(at.agreements) <= ASKED else "asks_some_next_time"
    return Run("\n"), Say(id=f"meetings.{text}")


def _cut(text: str) -> str:
    return textwrap.shorten(text, SHOWN, placeholder="…")
