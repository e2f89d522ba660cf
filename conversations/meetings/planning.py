"""Plans, moves and cancels a meeting, and changes its place (promises P1 and K2a)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import days, pressing
from conversations.answering import old_button
from conversations.calendar import to_local, to_utc
from conversations.desk import Decision
from conversations.dossier import Awaits
from conversations.events import Pressed, Said
from conversations.meetings import checking, pages, telling
from conversations.meetings.desk import About, MeetingDesk, expect, expect_nothing
from conversations.meetings.moments import read
from conversations.messages import Buttons, Message, Piece, Run, Say
from conversations.model import Meeting, MeetingState, Place

NEVER_MIND = frozenset({"laat maar", "never mind"})

# ---- what is asked --------------------------------------------------------------------------------------


def ask_moment(at: MeetingDesk, event: Pressed) -> Decision:
    """Ask for the new day and time of a meeting that was not held."""
    if at.meeting is None or at.meeting.state is MeetingState.HELD:
        return old_button(at.facts, event)
    return pressing.noted(at.me, event) + _ask(at, About(number=at.number), (at.say("which_moment"),))


def ask_place(at: MeetingDesk, event: Pressed) -> Decision:
    """Ask where a meeting that is to come will be."""
    if at.meeting is None or not at.is_to_come:
        return old_button(at.facts, event)
    rows = pages.place_rows(at.stage, at.number, "place", at.meeting.place)
    return pressing.in_place(at.me, event, (at.say("which_place"),), (*rows, pages.cancel_row()))


def ask_sure(at: MeetingDesk, event: Pressed) -> Decision:
    """Ask whether a meeting is really off, since others hear of it."""
    if _is_off(at):
        return _off(at, event, Say(id="meetings.already_off"))
    if not at.is_to_come:
        return old_button(at.facts, event)
    yes = pages.below(at.stage, at.number, "cancel", "yes", label=Say(id="meetings.button_cancel_yes"))
    return pressing.in_place(at.me, event, (at.say("sure"),), ((yes,), pages.cancel_row()))


def ask_first_place(at: MeetingDesk, event: Pressed) -> Decision:
    """Begin to plan a meeting that there is not yet: first where."""
    if at.number != pages.not_planned(at.stage):
        return old_button(at.facts, event)
    rows = pages.place_rows(at.stage, at.number, "plan")
    return pressing.in_place(at.me, event, (at.say("which_place"),), (*rows, pages.cancel_row()))


def ask_first_moment(at: MeetingDesk, event: Pressed, place: str) -> Decision:
    """Go on planning a meeting: then when."""
    if at.number != pages.not_planned(at.stage) or place not in set(Place):
        return old_button(at.facts, event)
    about = About(number=at.number, place=Place(place))
    return pressing.noted(at.me, event) + _ask(at, about, (at.say("which_moment"),))


# ---- what is pressed ------------------------------------------------------------------------------------


def change_place(at: MeetingDesk, event: Pressed, place: str) -> Decision:
    """Set the place, tell the others, and warn when nobody comes to the company any more."""
    if at.meeting is None or not at.is_to_come or place not in set(Place):
        return old_button(at.facts, event)
    if at.meeting.place is Place(place):
        return pressing.noted(at.me, event, Say(id="meetings.already_there"))
    meeting = replace(at.meeting, place=Place(place))
    after = at.with_meeting(meeting)
    pieces = (*_as_it_is(after, meeting), *_hears(after), *_warning(after))
    rows = tuple(pages.meeting_rows(after.stage, meeting, at.now))
    shown = pressing.in_place(at.me, event, pieces, rows)
    told = telling.placed(at.facts, after.stage, meeting, at.school, at.now)
    return Decision((after.stage,)) + expect_nothing(at) + shown + told


def cancel(at: MeetingDesk, event: Pressed, sure: str) -> Decision:
    """Take a meeting off, tell the others, and offer to plan a new day. A second time changes nothing."""
    if _is_off(at):
        return _off(at, event, Say(id="meetings.already_off"))
    if at.meeting is None or not at.is_to_come or sure != "yes":
        return old_button(at.facts, event)
    after = at.with_meeting(replace(at.meeting, state=MeetingState.CANCELLED))
    told = telling.cancelled(at.facts, after.stage, at.meeting, at.school, at.now)
    shown = _off(after, event, hears=_hears(after))
    return Decision((after.stage,)) + expect_nothing(at) + shown + told


def leave(at: MeetingDesk, event: Pressed) -> Decision:
    """Leave a meeting without a new day for now."""
    return pressing.in_place(at.me, event, (at.say("left"),))


def offer_new_day(at: MeetingDesk) -> Buttons:
    """Give the buttons to plan a new day, or not now."""
    new_day = pages.below(at.stage, at.number, "move", label=Say(id="meetings.button_new_day"))
    return ((new_day, pages.below(at.stage, at.number, "later")),)


# ---- what is typed --------------------------------------------------------------------------------------


def typed_moment(at: MeetingDesk, about: About, event: Said) -> Decision:
    """Take a day and a time; what can't be is said plainly, and asked again. "Laat maar" may be typed too."""
    if event.text.strip(" .!").casefold() in NEVER_MIND:
        unchanged = Message(to=at.me, pieces=(Say(id="commands.cancelled"),))
        return expect_nothing(at) + Decision((), (unchanged,))
    typed = read(event.text, to_local(at.school.calendar, at.now).date())
    day = typed.day or about.day
    if day is None and typed.is_all and at.meeting is not None:
        day = to_local(at.school.calendar, at.meeting.at).date()  # only the hour changes
    if day is None:
        return _ask(at, about, (Say(id="meetings.no_day"),))
    if typed.clock is None:
        values = {"day": days.in_full(day, at.facts.me.language)}
        return _ask(at, replace(about, day=day), (Say(id="meetings.no_time", values=values),))
    moment = to_utc(at.school.calendar, day, typed.clock)
    reason = checking.objection(at, moment, typed.weekday if typed.day else None)
    if reason is not None:
        return _ask(at, replace(about, day=None), (reason,))
    return _settled(at, about, moment)


def spoken_moment(at: MeetingDesk, about: About) -> Decision:
    """Ask for a typed day and time where they were spoken."""
    return _ask(at, about, (Say(id="meetings.type_moment"),))


def _settled(at: MeetingDesk, about: About, moment: datetime) -> Decision:
    before = at.meeting
    if before is None and about.place is not None:
        meeting = Meeting(number=at.number, at=moment, place=about.place)
        after = at.with_meeting(meeting)
        told = telling.planned(at.facts, after.stage, meeting, at.school, at.now)
        return _changed(after, meeting, (*_hears(after), *_warning(after))) + told
    if before is None or before.state is MeetingState.HELD:
        return expect_nothing(at) + Decision((), (Message(to=at.me, pieces=(at.say("not_movable"),)),))
    if (before.at, before.state) == (moment, MeetingState.PLANNED):
        same = (Say(id="meetings.same_moment"), Run("\n"), *_as_it_is(at, before))
        return expect_nothing(at) + Decision((), (_answer(at, before, same),))
    meeting = _moved(before, moment)
    after = at.with_meeting(meeting)
    told = telling.moved(at.facts, after.stage, before, meeting, at.school, at.now)
    return _changed(after, meeting, _hears(after)) + told


def _moved(meeting: Meeting, moment: datetime) -> Meeting:
    return replace(
        meeting,
        at=moment,
        state=MeetingState.PLANNED,
        moved=meeting.moved + 1,
        asked=None,
        present=frozenset(),
    )


def _changed(after: MeetingDesk, meeting: Meeting, more: tuple[Piece, ...]) -> Decision:
    answer = _answer(after, meeting, (*_as_it_is(after, meeting), *more))
    return Decision((after.stage,), (answer,)) + expect_nothing(after)


def _ask(at: MeetingDesk, about: About, words: tuple[Piece, ...]) -> Decision:
    """Ask for day and time, with an example; for the time alone where the day is known."""
    example = () if about.day is not None else (Run("\n"), checking.example(at))
    below = (pages.cancel_row(),)
    return expect(at, Awaits.MEETING_MOMENT, about, (*words, *example), below)


# ---- what they share ------------------------------------------------------------------------------------


def _is_off(at: MeetingDesk) -> bool:
    return at.meeting is not None and at.meeting.state is MeetingState.CANCELLED


def _off(at: MeetingDesk, event: Pressed, text: Say | None = None, hears: tuple[Piece, ...] = ()) -> Decision:
    more = (*hears, *_warning(at))
    wanted = Say(id="meetings.new_day_wanted")
    pieces = (at.say("off"), *more, Run("\n\n" if more else "\n"), wanted)
    return pressing.in_place(at.me, event, pieces, offer_new_day(at), text)


def _answer(at: MeetingDesk, meeting: Meeting, pieces: tuple[Piece, ...]) -> Message:
    rows = tuple(pages.meeting_rows(at.stage, meeting, at.now))
    return Message(to=at.me, pieces=pieces, buttons=rows, stage=at.stage.id)


def _as_it_is(at: MeetingDesk, meeting: Meeting) -> tuple[Piece, ...]:
    """Say when and where a meeting is."""
    when = days.day_and_time(meeting.at, at.school.calendar, at.facts.me.language)
    place = Say(id=f"meetings.there_{meeting.place.value}")
    return Say(id="meetings.is_now", values=at.values | when), Run(" "), place


def _hears(at: MeetingDesk) -> tuple[Piece, ...]:
    return telling.who_hears(telling.others_of(at.facts, at.stage))


def _warning(at: MeetingDesk) -> tuple[Piece, ...]:
    return (Run("\n\n"), pages.no_visit(at.facts, at.stage)) if pages.is_never_visited(at.stage) else ()
