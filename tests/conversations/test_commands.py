from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.commands import menu_of
from conversations.dates import read_date
from conversations.dialogue import decide
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Button, Menu, Message, Say
from conversations.model import Moment, Participant, Reach, Role
from tests.conversations.chatting import SCHOOL
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_stage, at, the_people

NOW = at("2026-09-08 12:00")
TODAY = date(2026, 9, 8)


def the_chat(me: Participant) -> ChatFacts:
    """Give the chat of somebody with one stage and nothing asked yet."""
    return ChatFacts(me=me, stages=(a_stage(),), people=the_people(me), slots={})


def commanded(me: Participant, name: str, argument: str = "") -> tuple[list[object], list[str]]:
    """Give a command; give what changed and the ids of the texts that were said."""
    event = Commanded(message=1, name=name, argument=argument, at=NOW)
    decision = decide(the_chat(me), event, SCHOOL, NOW)
    said = [one.pieces[0] for one in decision.out if isinstance(one, Message)]
    return list(decision.changed), [piece.id for piece in said if isinstance(piece, Say)]


def pressed(me: Participant, data: str) -> tuple[list[object], list[str], list[Button]]:
    """Press a button below a command's answer; give what changed, what it says now, and its buttons."""
    event = Pressed(press="1", data=data, message=5, at=NOW)
    decision = decide(the_chat(me), event, SCHOOL, NOW)
    amended = [one for one in decision.out if isinstance(one, Amend)]
    said = [piece.id for one in amended for piece in one.pieces if isinstance(piece, Say)]
    return list(decision.changed), said, [b for one in amended for row in one.buttons for b in row]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tot 12 oktober", date(2026, 10, 12)),
        ("12-10", date(2026, 10, 12)),
        ("12/10/2026", date(2026, 10, 12)),
        ("12 oct 2026", date(2026, 10, 12)),
        ("until 1 March", date(2027, 3, 1)),
        ("1 mrt", date(2027, 3, 1)),
        ("7 september", date(2027, 9, 7)),
        ("8 september", date(2026, 9, 8)),
        ("tot maandag", date(2026, 9, 14)),
        ("dinsdag", date(2026, 9, 15)),
        ("until Wednesday", date(2026, 9, 9)),
        ("maandag 12 oktober", date(2026, 10, 12)),
        ("maandagen", None),
        ("31 februari", None),
        ("12 13", None),
        ("12 blauw", None),
        ("volgende week", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, wanted: date | None) -> None:
    """A day with a month in digits, Dutch or English; without a year it is the next such day."""
    assert read_date(text, TODAY) == wanted


@given(text=st.text(max_size=200))
def test_whatever_is_written_for_a_day_is_read_or_refused(text: str) -> None:
    """No text makes the bot fail, and a day without a year is never in the past."""
    found = read_date(text, TODAY)
    assert found is None or found.year >= 1


def test_everybody_sees_the_commands_of_their_roles_once() -> None:
    """A teacher has no questions to see; somebody with two roles has the commands of both."""
    both = a_person(TEACHER, roles=frozenset({Role.TEACHER, Role.COORDINATOR}))
    assert menu_of(a_person(STUDENT))[:3] == ("vragen", "antwoorden", "gesprek")
    rest = ("taal", "privacy", "stop", "help")
    assert menu_of(a_person(TEACHER)) == ("studenten", "voorbereiding", "gesprek", *rest)
    assert menu_of(both) == ("studenten", "voorbereiding", "gesprek", *rest, "stand")
    assert "antwoorden" not in menu_of(a_person(TRAINER))


def test_a_command_of_another_role_is_unknown() -> None:
    """A teacher who asks for open questions gets the list of what is there."""
    assert commanded(a_person(TEACHER), "vragen") == ([], ["commands.unknown"])


def test_pausing_until_a_day_stores_that_day() -> None:
    """Questions start again on the day that was named."""
    me = a_person(STUDENT)
    changed, said = commanded(me, "pauze", "tot 12 oktober")
    assert [one.paused_until for one in changed if isinstance(one, Participant)] == [date(2026, 10, 12)]
    assert said == ["commands.paused"]


@pytest.mark.parametrize("argument", ["8 september", "7 september 2026", "12 oktober 2028", "ooit"])
def test_a_pause_until_today_the_past_or_years_from_now_is_asked_again(argument: str) -> None:
    """A pause ends within a year; a day that was not understood changes nothing."""
    assert commanded(a_person(STUDENT), "pauze", argument) == ([], ["commands.no_date"])


def test_who_names_the_holiday_gets_its_dates() -> None:
    """No day is guessed; the buttons stay."""
    me = a_person(STUDENT)
    assert commanded(me, "pauze", "tot na de vakantie") == ([], ["commands.pause_holiday"])
    assert commanded(me, "pauze", "until after the holidays") == ([], ["commands.pause_holiday"])


def test_a_pause_can_be_ended_with_a_button() -> None:
    """[Nu weer beginnen] clears the day."""
    me = a_person(STUDENT, paused_until=date(2026, 10, 12))
    assert pressed(me, "z:0") == ([a_person(STUDENT)], ["commands.resumed"], [])


def test_a_moment_is_chosen_in_two_taps() -> None:
    """First the day, which changes nothing yet, then the time."""
    me = a_person(TRAINER)
    changed, said, below = pressed(me, "m:5")
    assert (changed, said, below[0].data) == ([], ["commands.which_time"], "m:5:1200")
    assert pressed(me, "m:5:2100") == (
        [a_person(TRAINER, moment=Moment(time=time(21), weekday=5))],
        ["commands.moment_5"],
        [],
    )


def test_any_day_and_the_usual_moment_can_be_chosen_too() -> None:
    """A moment may hold on every day, and be given up."""
    late = a_person(TRAINER, moment=Moment(time=time(21), weekday=None))
    assert pressed(a_person(TRAINER), "m:x:2100") == ([late], ["commands.moment_any"], [])
    assert pressed(late, "m:d") == ([a_person(TRAINER)], ["commands.moment_default"], [])


@pytest.mark.parametrize(
    "data", ["m:7", "m:1:0300", "m:1:9999", "z:3", "z:-7", "g:fr", "g:nl:sir", "j:y:code"]
)
def test_a_forged_choice_changes_nothing(data: str) -> None:
    """Only what was on a button can be chosen; the press is answered all the same."""
    event = Pressed(press="1", data=data, message=5, at=NOW)
    decision = decide(the_chat(a_person(TRAINER)), event, SCHOOL, NOW)
    assert decision.changed == ()
    assert decision.out == (Acknowledge(to=TRAINER, press="1", text=Say(id="answering.old_button")),)


def test_another_language_brings_the_commands_in_that_language() -> None:
    """The menu is sent again, to be described in the language that was chosen."""
    event = Pressed(press="1", data="g:en", message=5, at=NOW)
    decision = decide(the_chat(a_person(STUDENT)), event, SCHOOL, NOW)
    assert decision.changed == (a_person(STUDENT, language="en"),)
    assert [one for one in decision.out if isinstance(one, Menu)] == [
        Menu(to=STUDENT, commands=menu_of(a_person(STUDENT)))
    ]


def test_stop_ends_all_questions_and_start_begins_again() -> None:
    """Who stopped is not reached any more, until they press START."""
    stopped = a_person(STUDENT, reach=Reach.STOPPED)
    assert commanded(a_person(STUDENT), "stop") == ([stopped], ["commands.stopped"])
    assert commanded(stopped, "start") == ([a_person(STUDENT)], ["commands.welcome_back"])


def test_the_longest_pause_is_a_year() -> None:
    """A day a year from now may be named, and no day after it."""
    last = TODAY + timedelta(days=366)
    changed, _ = commanded(a_person(STUDENT), "pauze", f"{last.day}-{last.month}-{last.year}")
    beyond, _ = commanded(a_person(STUDENT), "pauze", f"{last.day + 1}-{last.month}-{last.year}")
    assert ([one.paused_until for one in changed if isinstance(one, Participant)], beyond) == ([last], [])
