"""P1, K2a: a teacher plans, moves and cancels meetings, and says where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations.dossier import Awaits, Expectation
from conversations.messages import Message
from conversations.model import MeetingState, ParticipantId, Place, Reach, Stage, StageId
from tests.conversations.meeting import (
    AFTER,
    INGRID,
    KEES,
    NOW,
    SAMIRA,
    STAGE,
    Teacher,
    a_teacher,
    awaited,
    data_of,
    in_english,
    is_refused,
    labels,
    read_by,
    toasts,
    visited,
)
from tests.conversations.stages import STUDENT, TEACHER, a_meeting, a_stage, at


def moving(number: int = 1, **changes: Any) -> Teacher:
    """Give a teacher who was asked to type a day."""
    teacher = a_teacher(**changes)
    teacher.presses(f"o:1:{number}:move")
    return teacher


# ---- what is shown --------------------------------------------------------------------------------------


def test_a_teacher_with_one_student_sees_the_meetings_at_once() -> None:
    """P1: number, day, time, place and state of each, and what can be done with the next."""
    decision = a_teacher().commands()
    assert read_by(decision, KEES) == [
        (
            "Samira El Amrani · Congrescentrum Amstel\n"
            "1. ma 21 sep 10:00 · online · gepland\n"
            "2. ma 16 nov 13:30 · online · gepland\n"
            "3. ma 18 jan 15:00 · online · gepland\n"
            "\n"
            "Let op: geen van de gesprekken met Samira is bij het leerbedrijf. "
            "Op de werkplek zie je wat Samira daar kan leren. Lukt het om één keer langs te gaan?\n"
            "\n"
            "Wat wil je doen met gesprek 1?"
        )
    ]
    assert labels(decision) == [
        "Andere dag of tijd",
        "Andere plek",
        "Gaat niet door",
        "Gesprek 2",
        "Gesprek 3",
    ]


def test_a_teacher_who_reads_english_gets_all_of_it_in_english() -> None:
    """Days, places and states are words too."""
    kees = in_english(KEES)
    teacher = a_teacher(kees, now=AFTER, meetings=visited(a_stage()))
    shown = teacher.commands()
    teacher.presses("o:1:2:move")
    moved = teacher.types("Wednesday 18 November half past two")
    assert [*read_by(shown, kees), *read_by(moved, kees)] == [
        (
            "Samira El Amrani · Congrescentrum Amstel\n"
            "1. Mon 21 Sep 10:00 · company · planned\n"
            "2. Mon 16 Nov 13:30 · online · planned\n"
            "3. Mon 18 Jan 15:00 · online · planned\n"
            "\n"
            "What do you want to do with meeting 1?"
        ),
        (
            "Meeting 2 with Samira is on Wednesday 18 November at 14:30, online.\n"
            "I let Samira El Amrani and Ingrid Kuipers know."
        ),
    ]


def test_a_student_with_two_stages_is_named_with_the_company() -> None:
    """S3: the teacher always knows which stage a question is about."""
    teacher = a_teacher()
    other = a_stage(id=StageId(2), code="BPV-2026-009", company="Hotel IJzicht")
    teacher.facts = replace(teacher.facts, stages=(*teacher.facts.stages, other))
    assert read_by(teacher.presses("o:2:1:move"), KEES)[0].startswith(
        "Wanneer is gesprek 1 met Samira (Hotel IJzicht)?"
    )


def test_a_question_mark_says_what_it_means() -> None:
    """P1: a meeting that passed and was not told of stands out in the list."""
    teacher = twenty()
    teacher.now = at("2026-09-10 12:00")
    decision = teacher.commands()
    assert read_by(decision, KEES)[0].endswith(
        "Bij een vraagteken weet ik nog niet of het gesprek is gehouden."
    )
    assert labels(decision)[0] == "Samira Visser · Hotel IJzicht · do 10 sep?"


def test_a_meeting_whose_time_has_come_can_be_told_of() -> None:
    """P1: held or not, or moved without the bot knowing."""
    decision = a_teacher(now=AFTER).commands()
    assert labels(decision) == [
        "Is gehouden",
        "Ging niet door",
        "Andere dag of tijd",
        "Gesprek 2",
        "Gesprek 3",
    ]


def test_another_meeting_is_chosen_in_the_same_message() -> None:
    """A teacher goes from meeting to meeting without scrolling."""
    decision = a_teacher().presses("o:1:3")
    assert read_by(decision, KEES)[0].endswith("Wat wil je doen met gesprek 3?")
    assert toasts(decision) == [None]


def twenty() -> Teacher:
    """Give a teacher with twenty-two students, of whom two have the same first name."""
    teacher = a_teacher()
    stages: list[Stage] = []
    for n in range(22):
        student = replace(SAMIRA, id=ParticipantId(100 + n), name=f"Student{n:02} Jansen")
        student = replace(student, name="Samira Visser") if n == 1 else student
        student = SAMIRA if n == 0 else student
        teacher.facts = replace(teacher.facts, people={**teacher.facts.people, student.id: student})
        when = f"2026-09-{9 + n:02} 10:00"
        company = "Hotel en Congrescentrum De Lange Naam" if n == 2 else "Hotel IJzicht"
        stages.append(
            a_stage(
                id=StageId(1 + n),
                code=f"BPV-{n:02}",
                student=student.id,
                company=company,
                meetings=() if n == 0 else (a_meeting(1, when),),
            )
        )
    teacher.facts = replace(teacher.facts, stages=tuple(stages))
    return teacher


def test_a_teacher_with_many_students_gets_a_button_each_that_fits_a_phone() -> None:
    """S3: by next meeting, the full name where first names are equal, twenty in one message."""
    teacher = twenty()
    first = labels(teacher.commands())
    assert first[:3] == [
        "Samira Visser · Hotel IJzicht · do 10 sep",
        "Student02 · Hotel en Congresc… · vr 11 sep",
        "Student03 · Hotel IJzicht · za 12 sep",
    ]
    assert (len(first), first[-1]) == (21, "Meer studenten")
    assert max(len(label) for label in first) <= 45


def test_the_rest_of_the_students_comes_after_a_press() -> None:
    """S3: nobody is out of reach; who has no meeting planned comes last."""
    teacher = twenty()
    more = teacher.presses(data_of(teacher.commands())["Meer studenten"])
    assert labels(more) == ["Student21 · Hotel IJzicht · wo 30 sep", "Samira El Amrani · Hotel IJzicht · –"]


def test_a_student_is_opened_below_the_list() -> None:
    """The list stays where it is, for the next student."""
    teacher = twenty()
    decision = teacher.presses("o:3")
    assert [type(one) for one in decision.out[1:]] == [Message]
    assert read_by(decision, KEES)[0].startswith("Student02 Jansen · Hotel en Congrescentrum De Lange Naam")


def test_a_teacher_without_students_is_told_whom_to_ask() -> None:
    """An ended stage has no meetings to plan."""
    assert read_by(a_teacher(ended=True).commands(), KEES) == [
        "Je hebt nu geen student met een lopende stage. Klopt dat niet? Vraag het de stagecoördinator."
    ]


# ---- moving ---------------------------------------------------------------------------------------------


def test_a_moved_meeting_is_told_to_everybody_in_their_own_words() -> None:
    """P1: the moment and how often it moved are kept; student and trainer read when it was and is."""
    teacher = moving()
    decision = teacher.types("donderdag 24 sept half elf")
    assert teacher.meeting(1) == replace(a_meeting(1, "2026-09-24 10:30"), moved=1)
    assert read_by(decision, KEES) == [
        (
            "Gesprek 1 met Samira is op donderdag 24 september om 10:30, online.\n"
            "Samira El Amrani en Ingrid Kuipers krijgen bericht van mij."
        )
    ]
    assert read_by(decision, SAMIRA) == [
        (
            "Het gesprek over je stage bij Congrescentrum Amstel is verzet. Het was op ma 21 sep 10:00. "
            "Het is nu op do 24 sep 10:30, online.\n"
            "Kun je dan niet? Zeg het tegen Kees Wouters."
        )
    ]
    assert read_by(decision, INGRID) == [
        (
            "Het stagegesprek over Samira El Amrani is verzet. Het was op ma 21 sep 10:00. "
            "Het is nu op do 24 sep 10:30, online.\n"
            "Kunt u dan niet? Bel of mail Kees Wouters, of typ /overleg."
        )
    ]
    assert awaited(decision) == [(None, "")]


def test_who_reads_english_gets_the_day_in_english() -> None:
    """The teacher's language is not the student's."""
    samira = in_english(SAMIRA)
    teacher = a_teacher(samira)
    teacher.presses("o:1:1:move")
    decision = teacher.types("24-9 10:30")
    assert read_by(decision, samira)[0].startswith(
        "The meeting about your stage at Congrescentrum Amstel was moved. It was on Mon 21 Sep 10:00. "
        "Now it is on Thu 24 Sep 10:30, online."
    )


def test_who_is_not_there_is_named_for_the_teacher_to_tell() -> None:
    """Nobody is written to who did not join, and the teacher knows it."""
    ingrid = replace(INGRID, reach=Reach.INVITED)
    teacher = a_teacher(ingrid)
    teacher.presses("o:1:1:move")
    decision = teacher.types("24-9 10:30")
    assert read_by(decision, KEES)[0].split("\n")[1:] == [
        "Samira El Amrani krijgt bericht van mij.",
        "Ingrid Kuipers kan ik niet bereiken. Laat je het zelf weten?",
    ]
    assert read_by(decision, ingrid) == []


def test_a_trainer_who_stopped_hears_nothing() -> None:
    """Somebody else guides the student by then."""
    decision = moving(trainer_stopped=True).types("24-9 10:30")
    assert (read_by(decision, INGRID), len(read_by(decision, SAMIRA))) == ([], 1)


def test_others_are_not_told_at_night_unless_it_can_not_wait() -> None:
    """Quiet hours hold for what a teacher does in the evening, but for a meeting early next day."""
    teacher = a_teacher(now=at("2026-09-20 21:00"))
    teacher.presses("o:1:2:move")
    tonight = teacher.types("17 november 10:00")
    teacher.presses("o:1:1:move")
    teacher.types("21 september 07:30")
    teacher.presses("o:1:1:cancel")
    early = teacher.presses("o:1:1:cancel:yes")
    waits = [
        [one.not_before for one in decision.out if isinstance(one, Message) and one.to == STUDENT]
        for decision in (tonight, early)
    ]
    assert waits == [[at("2026-09-21 08:00")], [None]]


def test_only_a_time_keeps_the_day() -> None:
    """P1: "11 uur" moves the meeting on its own day."""
    teacher = moving(2)
    teacher.types("11 uur")
    assert teacher.meeting(2).at == at("2026-11-16 11:00")


def test_a_day_without_a_time_is_remembered_while_the_time_is_asked() -> None:
    """P1: what was typed already is not asked twice."""
    teacher = moving()
    first = teacher.types("24 september")
    assert read_by(first, KEES) == [
        "Hoe laat is het op donderdag 24 september? Typ de tijd, bijvoorbeeld: 10:00"
    ]
    teacher.types("kwart over tien")
    assert teacher.meeting(1).at == at("2026-09-24 10:15")


def test_a_moment_is_wall_time_on_both_sides_of_the_clock_change() -> None:
    """The clocks go back on 25 October 2026: ten o'clock stays ten o'clock."""
    teacher = moving(2)
    teacher.types("23 oktober 10:00")
    before = teacher.meeting(2).at
    teacher.presses("o:1:2:move")
    teacher.types("26 oktober 10:00")
    assert (f"{before:%H:%M}", f"{teacher.meeting(2).at:%H:%M}") == ("08:00", "09:00")


WRONG = {
    "volgende maand ergens": "Ik herken geen dag in je bericht. Typ de dag en de tijd.",
    "7 september 15:00": "7 september is al voorbij. Typ een dag die nog komt.",
    "vandaag 11:00": "8 september is al voorbij. Typ een dag die nog komt.",
    "5 februari 10:00": "5 februari 2027 valt buiten de stage. De stage loopt van 7 september 2026 "
    "tot en met 29 januari 2027. Typ een andere dag.",
    "20 september 10:00": "20 september is een zondag. Typ een andere dag.",
    "13 oktober 10:00": "13 oktober is een feestdag of valt in een vakantie. Typ een andere dag.",
    "vrijdag 24 september 10:00": "24 september is een donderdag. Welke dag bedoel je? Typ de dag en de tijd "
    "nog een keer.",
    "17 november 10:00": "Dat is na gesprek 2 (ma 16 nov 13:30). "
    "Typ een eerdere dag, of verzet eerst gesprek 2.",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_can_not_be_is_said_plainly_and_asked_again(text: str) -> None:
    """P1: nothing changes, nobody is told, an example and a way out are given, and the next text counts."""
    teacher = moving()
    before = teacher.stage
    decision = teacher.types(text)
    assert read_by(decision, KEES) == [f"{WRONG[text]}\nBijvoorbeeld: 15 september 10:00"]
    assert labels(decision) == ["Laat maar"]
    assert (teacher.stage, read_by(decision, SAMIRA)) == (before, [])
    assert awaited(decision) == [("meeting_moment", "1::")]


def test_a_meeting_can_not_come_before_an_earlier_one() -> None:
    """What is asked before a meeting builds on the one before."""
    decision = moving(2).types("14 september 10:00")
    assert read_by(decision, KEES)[0].startswith("Dat is vóór gesprek 1 (ma 21 sep 10:00).")


def test_a_meeting_that_was_cancelled_is_in_nobodys_way() -> None:
    """Only what stands keeps its place in the order."""
    teacher = a_teacher()
    teacher.presses("o:1:1:cancel:yes")
    teacher.presses("o:1:2:move")
    teacher.types("14 september 10:00")
    assert teacher.meeting(2).at == at("2026-09-14 10:00")


def test_the_same_moment_again_changes_nothing() -> None:
    """Nobody is told of a change that is none."""
    teacher = moving()
    decision = teacher.types("21 september 10:00")
    assert read_by(decision, KEES) == [
        (
            "Zo stond het al. Er is niets veranderd.\n"
            "Gesprek 1 met Samira is op maandag 21 september om 10:00, online."
        )
    ]
    assert (teacher.meeting(1).moved, read_by(decision, SAMIRA)) == (0, [])


def test_a_meeting_that_was_asked_about_is_asked_about_again_after_it_moved() -> None:
    """P1: [Verzet] after a meeting gives it a new day, and a new question whether it was held."""
    meetings = (replace(a_meeting(1, "2026-09-21 10:00"), asked=AFTER),)
    teacher = a_teacher(now=AFTER, meetings=meetings)
    teacher.presses("o:1:1:move")
    decision = teacher.types("28 september 10:00")
    assert teacher.meeting(1) == replace(a_meeting(1, "2026-09-28 10:00"), moved=1)
    assert read_by(decision, SAMIRA)[0].startswith(
        "Er is een dag voor het gesprek over je stage bij Congrescentrum Amstel: "
        "maandag 28 september om 10:00, online."
    )


def test_never_mind_may_be_typed() -> None:
    """Not everybody uses the button."""
    teacher = moving()
    decision = teacher.types("Laat maar.")
    assert (read_by(decision, KEES), awaited(decision)) == (["Goed. Er is niets veranderd."], [(None, "")])
    assert teacher.meeting(1) == a_meeting(1, "2026-09-21 10:00")


def test_a_spoken_day_is_asked_for_in_words() -> None:
    """A voice message can't be read as a day; the question stays open."""
    decision = moving().speaks()
    assert read_by(decision, KEES) == [
        (
            "Een spraakbericht kan ik hier niet gebruiken. Wil je de dag en de tijd typen?\n"
            "Bijvoorbeeld: 15 september 10:00"
        )
    ]
    assert awaited(decision) == [("meeting_moment", "1::")]


# ---- place ----------------------------------------------------------------------------------------------


def test_another_place_is_told_to_everybody() -> None:
    """K2a: the place is kept, and student and trainer read it."""
    teacher = a_teacher()
    assert labels(teacher.presses("o:1:1:place")) == [
        "Bij het leerbedrijf",
        "✓ Online",
        "Telefoon",
        "Laat maar",
    ]
    decision = teacher.presses("o:1:1:place:company")
    assert teacher.meeting(1).place is Place.COMPANY
    assert read_by(decision, KEES) == [
        (
            "Gesprek 1 met Samira is op maandag 21 september om 10:00, bij het leerbedrijf.\n"
            "Samira El Amrani en Ingrid Kuipers krijgen bericht van mij."
        )
    ]
    assert read_by(decision, INGRID)[0].startswith(
        "Het stagegesprek over Samira El Amrani is op een andere plek. "
        "Het is op maandag 21 september om 10:00, bij het leerbedrijf."
    )


def test_a_teacher_is_warned_kindly_when_no_meeting_is_at_the_company_any_more() -> None:
    """K2a: right there, where it can still be changed."""
    teacher = a_teacher(meetings=visited(a_stage()))
    decision = teacher.presses("o:1:1:place:phone")
    assert "Let op: geen van de gesprekken met Samira is bij het leerbedrijf." in read_by(decision, KEES)[0]
    assert "Andere plek" in labels(decision)


def test_a_visit_that_is_cancelled_leaves_no_visit() -> None:
    """K2a: a meeting that does not take place is no visit."""
    teacher = a_teacher(meetings=visited(a_stage()))
    decision = teacher.presses("o:1:1:cancel:yes")
    assert "Let op: geen van de gesprekken met Samira" in read_by(decision, KEES)[0]


def test_the_same_place_again_tells_nobody() -> None:
    """A press on the mark pops up, and that is all."""
    decision = a_teacher().presses("o:1:1:place:online")
    assert (decision.changed, toasts(decision), len(decision.out)) == ((), ["Dat is al de plek."], 1)


# ---- cancelling and planning ----------------------------------------------------------------------------


def test_cancelling_is_asked_once_more_and_told_to_everybody() -> None:
    """P1: a meeting that is off is kept as such, and a new day is offered."""
    teacher = a_teacher()
    assert labels(teacher.presses("o:1:1:cancel")) == ["Ja, het gaat niet door", "Laat maar"]
    decision = teacher.presses("o:1:1:cancel:yes")
    assert teacher.meeting(1).state is MeetingState.CANCELLED
    assert labels(decision) == ["Nieuwe dag plannen", "Nu niet"]
    assert read_by(decision, SAMIRA) == [
        (
            "Het gesprek over je stage bij Congrescentrum Amstel op maandag 21 september om 10:00 "
            "gaat niet door. Komt er een nieuwe dag? Dan hoor je het van mij."
        )
    ]


def test_cancelling_twice_tells_nobody_twice() -> None:
    """P1: an old button says how it is, and still offers a new day."""
    teacher = a_teacher()
    teacher.presses("o:1:1:cancel:yes")
    again = [teacher.presses(data) for data in ("o:1:1:cancel", "o:1:1:cancel:yes")]
    assert [decision.changed for decision in again] == [(), ()]
    assert [toasts(decision) for decision in again] == [["Dit gesprek ging al niet door."]] * 2
    assert [read_by(decision, SAMIRA) for decision in again] == [[], []]
    assert labels(again[1]) == ["Nieuwe dag plannen", "Nu niet"]


def test_a_cancelled_meeting_gets_a_new_day() -> None:
    """P1: planned again, and counted as moved."""
    teacher = a_teacher()
    teacher.presses("o:1:1:cancel:yes")
    teacher.presses("o:1:1:move")
    teacher.types("24 september 10:00")
    assert teacher.meeting(1) == replace(a_meeting(1, "2026-09-24 10:00"), moved=1)


def test_not_now_says_how_to_do_it_later() -> None:
    """Every dead end has a way on."""
    teacher = a_teacher()
    teacher.presses("o:1:1:cancel:yes")
    assert read_by(teacher.presses("o:1:1:later"), KEES) == [
        "Goed. Met /gesprek plan je later een nieuwe dag voor gesprek 1 met Samira."
    ]


def test_a_meeting_that_the_roster_did_not_plan_is_planned_in_the_chat() -> None:
    """P1: three meetings a stage, also where the roster has one; first the place, then the day."""
    teacher = a_teacher(meetings=(a_meeting(1, "2026-09-21 10:00"),))
    assert "Gesprek 2 plannen" in labels(teacher.commands())
    teacher.presses("o:1:2:plan")
    teacher.presses("o:1:2:plan:company")
    decision = teacher.types("16 november 13:30")
    assert teacher.meeting(2) == replace(a_meeting(2, "2026-11-16 13:30"), place=Place.COMPANY)
    assert read_by(decision, SAMIRA)[0].startswith("Er is een dag voor het gesprek over je stage bij")
    assert labels(teacher.commands())[-1] == "Gesprek 3 plannen"


def test_a_stage_without_a_meeting_offers_to_plan_the_first() -> None:
    """P1: a roster may leave all three open."""
    decision = a_teacher(meetings=()).commands()
    assert read_by(decision, KEES) == [
        "Samira El Amrani · Congrescentrum Amstel\nEr is nog geen stagegesprek gepland."
    ]
    assert labels(decision) == ["Gesprek 1 plannen"]


# ---- what is not theirs ---------------------------------------------------------------------------------

FORGED = (
    *("o:2", "o:2:1", "o:2:1:held", "o:1:4", "o:1:9:held", "o:1:x:held", "o:1:1:onzin", "o:1:1:place:maan"),
    *("o:1:1:cancel:misschien", "o:1:1:there:coordinator", "o:1:1:move:x", "o:1:1:plan", "o:1:1:plan:online"),
    *("o:1:0:held", "o:1:0:move", "o:1:0:plan", "o:1:1:ready", "o:1:1:add", "o:1:1:list", "o:1:1:present"),
)


@pytest.mark.parametrize("data", FORGED)
def test_a_forged_or_old_button_changes_nothing(data: str) -> None:
    """Another's stage, a number that is not there, a word the bot never put: refused, and acknowledged."""
    teacher = a_teacher()
    decision = teacher.presses(data)
    assert (decision.changed, len(decision.out)) == ((), 1)
    assert is_refused(decision)


@pytest.mark.parametrize(
    "data", ["o:1", "o:1:1", "o:1:1:move", "o:1:1:cancel:yes", "o:1:1:place:company", "o:1:1:held"]
)
@pytest.mark.parametrize("who", ["student", "trainer", "another teacher"])
def test_only_the_teacher_of_a_stage_has_these_buttons(who: str, data: str) -> None:
    """Not the student, not the trainer, not another teacher: nothing changes, and nobody is told."""
    me = {"student": SAMIRA, "trainer": INGRID, "another teacher": replace(KEES, id=ParticipantId(77))}[who]
    teacher = a_teacher()
    teacher.facts = replace(teacher.facts, me=me, people={**teacher.facts.people, me.id: me})
    decision = teacher.presses(data)
    assert (decision.changed, len(decision.out), is_refused(decision)) == ((), 1, True)


def test_a_day_typed_for_a_stage_that_got_another_teacher_is_no_day() -> None:
    """The roster changed meanwhile: nothing moves, and nothing is awaited any more."""
    teacher = moving()
    teacher.facts = replace(teacher.facts, stages=(replace(teacher.stage, teacher=ParticipantId(77)),))
    decision = teacher.types("24 september 10:00")
    assert teacher.meeting(1).at == at("2026-09-21 10:00")
    assert decision.changed[0] == Expectation(
        participant=TEACHER, what=None, at=teacher.now - timedelta(minutes=1)
    )


def test_a_meeting_held_meanwhile_does_not_move() -> None:
    """The day comes too late; the teacher is told where to look."""
    teacher = moving()
    held = replace(teacher.meeting(1), state=MeetingState.HELD, at=NOW)
    teacher.facts = replace(teacher.facts, stages=(replace(teacher.stage, meetings=(held,)),))
    decision = teacher.types("24 september 10:00")
    assert (teacher.meeting(1), read_by(decision, KEES)) == (
        held,
        ["Gesprek 1 met Samira kan niet meer verzet worden. Met /gesprek zie je hoe het ervoor staat."],
    )


def test_a_day_is_awaited_for_the_meeting_that_was_pressed() -> None:
    """The expectation names the stage and the meeting, and nothing of anybody."""
    decision = a_teacher().presses("o:1:3:move")
    assert decision.changed == (
        Expectation(participant=TEACHER, what=Awaits.MEETING_MOMENT, at=NOW, stage=STAGE, about="3::"),
    )
