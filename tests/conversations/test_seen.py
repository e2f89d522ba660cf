"""P5: the student sees that the teacher has read it; the teacher gets in touch, and may ask one question."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations.buttons import base36
from conversations.desk import Decision
from conversations.dialogue import decide
from conversations.dossier import Awaits, Expectation, ExtraQuestion
from conversations.events import Pressed, Said, Spoke
from conversations.facts import ChatFacts, DigestRecord, StageFacts
from conversations.messages import Acknowledge, Amend, Message, Say
from conversations.model import Key, Participant, Quote, Reach, Share, StageId, Status, Voice
from conversations.seen import below
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_stage, at
from tests.conversations.telling import PEOPLE, SCHOOL, TEXTS, Asked, a_note, asked, sent, the_material

NOW = at("2026-09-17 12:00")
NIGHT = at("2026-09-17 22:30")
TEACHERS = PEOPLE[2]
SENT = sent(1, "2026-09-17 08:30")
AHA = asked("student/aha", "2026-09-10 16:30", {"aha": "Balie"}, share=Share.PRIVATE)
MOMENT = asked("trainer/before_meeting", "2026-09-14 09:00", {"moment": "Zij deed de kassa"})


def the_chat(*said: Asked, record: DigestRecord = SENT, **changes: Any) -> ChatFacts:
    """Give the chat of the teacher, as it is loaded for a press below the digest of meeting 1."""
    stage, people = changes.pop("stage", a_stage()), changes.pop("people", ())
    extra, notes = changes.pop("extra", ()), changes.pop("notes", ())
    material = the_material(*said, stage=stage, people=people, notes=notes, digests=[record])
    dossier = StageFacts(
        stage=stage,
        people=material.people,
        coordinators=(),
        check_ins=material.check_ins,
        digests=(record,),
        extra_questions=extra,
    )
    values: dict[str, Any] = {
        "me": TEACHERS,
        "stages": (stage,),
        "people": material.people,
        "slots": {},
        "dossiers": {stage.id: dossier},
        "materials": {stage.id: material},
    }
    return ChatFacts(**(values | changes))


def press(facts: ChatFacts, what: str, now: Any = NOW, meeting: str = "1") -> Decision:
    """Press a button below the digest."""
    data = f"e:{base36(StageId(1))}:{meeting}:{what}"
    return decide(facts, Pressed(press="1", data=data, message=5, at=now), SCHOOL, now)


def told(decision: Decision) -> dict[int, str]:
    """Give the id of the text that everyone was told."""
    out = [one for one in decision.out if isinstance(one, Message)]
    return {one.to: piece.id for one in out for piece in one.pieces[-1:] if isinstance(piece, Say)}


def toast(decision: Decision) -> str | None:
    """Give the id of what pops up."""
    (text,) = [one.text for one in decision.out if isinstance(one, Acknowledge)]
    return text.id if isinstance(text, Say) else None


def labels(decision: Decision) -> list[str]:
    """Give the buttons below the digest as they are now."""
    rows = [row for one in decision.out if isinstance(one, Amend) for row in one.buttons]
    return [TEXTS.render((button.label,), TEACHERS)[0] for row in rows for button in row]


# ---- read -----------------------------------------------------------------------------------------------


def test_who_said_something_hears_that_it_was_read() -> None:
    """One line each; the button gets a mark."""
    decision = press(the_chat(AHA, MOMENT), "read")
    assert decision.changed == (replace(SENT, read_at=NOW),)
    assert told(decision) == {STUDENT: "seen.was_read_student", TRAINER: "seen.was_read_trainer"}
    assert labels(decision) == ["✓ Gelezen", "📞 Ik neem contact op", "❓ Eén vraag stellen"]


def test_who_said_nothing_hears_nothing() -> None:
    """A question that was skipped is no answer; an answer of after the digest was not read."""
    skipped = asked("student/aha", "2026-09-10 16:30", {"aha": Status.SKIPPED})
    later = asked("student/fits_me", "2026-09-17 11:00", {"fits": ("yes",)})
    decision = press(the_chat(skipped, later, MOMENT), "read")
    assert told(decision) == {TRAINER: "seen.was_read_trainer"}
    nobody = press(the_chat(skipped), "read")
    assert (told(nobody), toast(nobody)) == ({}, "seen.read_toast_nobody")


def test_a_note_is_something_too() -> None:
    """Whatever reached the teacher counts."""
    note = a_note("Mijn rooster", "2026-09-13 12:00", share=Share.PRIVATE)
    assert told(press(the_chat(notes=[note]), "read")) == {STUDENT: "seen.was_read_student"}


def test_what_was_asked_for_the_school_was_not_read_by_the_teacher() -> None:
    """P8: nobody hears that the teacher read the survey."""
    survey = replace(AHA, replies=tuple(replace(r, key=Key.SURVEY) for r in AHA.replies))
    assert told(press(the_chat(survey), "read")) == {}


def test_reading_twice_tells_nobody_twice() -> None:
    """A second tap only pops up a line."""
    facts = the_chat(AHA, record=replace(SENT, read_at=NOW))
    decision = press(facts, "read")
    assert (decision.changed, told(decision), toast(decision)) == ((), {}, "seen.read_already")


def test_at_night_the_line_waits_for_the_morning() -> None:
    """Quiet hours hold for what a teacher does too."""
    out = press(the_chat(AHA), "read", NIGHT).out
    waits = [one.not_before for one in out if isinstance(one, Message)]
    assert waits == [at("2026-09-18 08:00")]


def test_who_stopped_gets_no_line() -> None:
    """No message to who asked for none."""
    gone = replace(PEOPLE[0], reach=Reach.STOPPED)
    assert told(press(the_chat(AHA, MOMENT, people=[gone]), "read")) == {TRAINER: "seen.was_read_trainer"}


# ---- contact --------------------------------------------------------------------------------------------


def test_getting_in_touch_is_told_to_the_student_only() -> None:
    """The trainer hears nothing of it."""
    decision = press(the_chat(AHA, MOMENT), "contact")
    assert decision.changed == (replace(SENT, contact_at=NOW),)
    assert told(decision) == {STUDENT: "seen.gets_in_touch"}
    assert labels(decision) == ["👍 Gelezen", "✓ Ik neem contact op", "❓ Eén vraag stellen"]
    again = press(the_chat(record=replace(SENT, contact_at=NOW)), "contact")
    assert (again.changed, told(again)) == ((), {})


# ---- others ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["read", "contact", "extra", "onzin"])
@pytest.mark.parametrize("me", [PEOPLE[0], PEOPLE[1], a_person(TEACHER, name="Ander")])
def test_nobody_but_the_teacher_of_the_stage_can_press(what: str, me: Participant) -> None:
    """Not the student, not the trainer, not a teacher of another stage."""
    other = replace(me, id=me.id if me.name != "Ander" else TRAINER)
    decision = press(the_chat(AHA, me=other), what)
    assert (decision.changed, told(decision), toast(decision)) == ((), {}, "answering.old_button")


@pytest.mark.parametrize("meeting", ["2", "9", "x"])
def test_a_digest_that_never_went_out_is_not_read(meeting: str) -> None:
    """Only what was handed over has these buttons."""
    decision = press(the_chat(AHA), "read", meeting=meeting)
    assert (decision.changed, toast(decision)) == ((), "answering.old_button")


def test_a_missed_digest_was_not_read() -> None:
    """It was recorded, and never sent."""
    assert press(the_chat(AHA, record=replace(SENT, missed=True)), "read").changed == ()


# ---- one extra question ---------------------------------------------------------------------------------

WAITING = Expectation(participant=TEACHER, what=Awaits.EXTRA_QUESTION, at=NOW, stage=StageId(1), about="1")
QUESTION = ExtraQuestion(stage=StageId(1), meeting=1, text="Wie hielp je?", at=NOW)
PUT = replace(
    asked("student/aha", "2026-09-17 16:30", {"aha": "Balie"}),
    check_in=replace(
        AHA.check_in, quotes=(Quote(place="vraag", text="Wie hielp je?", source=1),), opened=NOW
    ),
)


def typed(facts: ChatFacts, text: str) -> Decision:
    """Type a question."""
    return decide(facts, Said(message=9, text=text, at=NOW), SCHOOL, NOW)


def test_the_question_that_was_typed_is_kept_for_the_next_questions() -> None:
    """With the day on which the student gets it; line breaks become spaces."""
    decision = typed(the_chat(AHA, expectation=WAITING), " Wie hielp\nje? ")
    ended = Expectation(participant=TEACHER, what=None, at=NOW)
    assert decision.changed == (ended, QUESTION)
    (message,) = decision.out
    assert isinstance(message, Message)
    assert TEXTS.render(message.pieces, TEACHERS)[0] == (
        "Goed. Ik stel je vraag bij de volgende vragen van Samira, op donderdag 17 september. "
        "Samira ziet dat de vraag van jou komt."
    )


def test_a_question_that_is_too_long_is_asked_again() -> None:
    """The bot waits on."""
    decision = typed(the_chat(expectation=WAITING), "Hoe " * 60)
    assert (decision.changed, told(decision)) == ((), {TEACHER: "seen.extra_too_long"})


def test_a_spoken_question_is_asked_to_be_typed() -> None:
    """The student reads the question; the bot waits on."""
    spoke = Spoke(message=9, voice=Voice(file="v", seconds=4), at=NOW)
    decision = decide(the_chat(expectation=WAITING), spoke, SCHOOL, NOW)
    assert (decision.changed, told(decision)) == ((), {TEACHER: "seen.extra_type"})


def test_a_second_tap_asks_nothing_twice() -> None:
    """The first question to type stands there already."""
    decision = press(the_chat(expectation=WAITING), "extra")
    assert (told(decision), toast(decision)) == ({}, "seen.extra_type")


def test_a_question_that_was_not_put_yet_is_replaced() -> None:
    """One a meeting; the teacher sees what was kept."""
    decision = press(the_chat(extra=(QUESTION,)), "extra")
    (message,) = [one for one in decision.out if isinstance(one, Message)]
    assert TEXTS.render(message.pieces, TEACHERS)[0].startswith("Je wilde dit vragen: “Wie hielp je?”.")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"said": PUT}, "seen.extra_was_put"),
        ({"stage": a_stage(ended=True)}, "seen.extra_over"),
        ({"stage": a_stage(end=a_stage().begin + timedelta(days=9))}, "seen.extra_over"),
        ({"people": [replace(PEOPLE[0], reach=Reach.STOPPED)]}, "seen.extra_unreachable"),
    ],
)
def test_where_no_question_can_be_put_the_teacher_hears_why(changes: dict[str, Any], said: str) -> None:
    """One a meeting, no more after the last questions, and not to who can't be reached."""
    put = [one for one in [changes.pop("said", None)] if one is not None]
    pressed = press(the_chat(*put, **changes), "extra")
    later = typed(the_chat(*put, expectation=WAITING, **changes), "Wie hielp je?")
    assert (told(pressed), told(later)) == ({TEACHER: said}, {TEACHER: said})
    assert [one for one in (*pressed.changed, *later.changed) if isinstance(one, ExtraQuestion)] == []


def test_the_buttons_fit_every_stage() -> None:
    """The data of the largest id is read back."""
    data = [button.data for row in below(StageId(2**62), 3) for button in row]
    assert [len(one) < 64 for one in data] == [True] * 3
