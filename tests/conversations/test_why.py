"""/waarom: why a question came, who reads the answer, and when it closes. Nothing promised that is not so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conversations.dialogue import decide
from conversations.events import Commanded
from conversations.facts import ChatFacts
from conversations.messages import Message, Say
from conversations.model import Key, Participant, Quote, Status
from tests.conversations.stages import a_stage, at
from tests.conversations.telling import PEOPLE, SCHOOL, TEXTS, Asked, asked

NOW = at("2026-09-16 12:00")
STUDENT, TRAINER, _ = PEOPLE
EXAMPLE = Quote(place="voorbeeld", text="Ze deed de kassa", source=1)


def why(one: Asked, me: Participant = STUDENT, **changes: Any) -> list[str]:
    """Ask why the only question came; give the ids of the texts in the answer."""
    last = replace(one.replies[-1], **changes)
    facts = ChatFacts(
        me=me,
        stages=(a_stage(),),
        people={p.id: p for p in PEOPLE},
        slots={},
        check_ins=(one.check_in,),
        replies=(last,),
    )
    decision = decide(facts, Commanded(message=1, name="waarom", argument="", at=NOW), SCHOOL, NOW)
    (message,) = [out for out in decision.out if isinstance(out, Message)]
    assert TEXTS.render(message.pieces, me)[0].startswith(last.wording)
    return [piece.id for piece in message.pieces if isinstance(piece, Say)]


def student(name: str, question: str, **changes: Any) -> Asked:
    """Put a question to the student."""
    return asked(f"student/{name}", "2026-09-10 16:30", {question: Status.OPEN}, **changes)


def trainer(question: str) -> Asked:
    """Put a question to the trainer."""
    return asked("trainer/before_meeting", "2026-09-14 09:00", {question: Status.OPEN}, task="welcome")


@pytest.mark.parametrize(
    ("one", "reason", "readers"),
    [
        (student("aha", "aha"), "why.learning", "why.student_reads"),
        (student("safety", "steam"), "why.learning", "why.private_reads"),
        (student("recognise", "recognise", quotes=(EXAMPLE,)), "why.voorbeeld", "why.student_reads"),
        (
            student("extra", "extra", quotes=(Quote(place="vraag", text="Hoe ging het?", source=1),)),
            "why.vraag",
            "why.student_reads",
        ),
    ],
)
def test_a_student_hears_why_and_who_reads_it(one: Asked, reason: str, readers: str) -> None:
    """What is always 🔒 is not said to be shareable; a quote tells where it came from."""
    assert why(one) == [reason, readers, "why.closes"]


def test_the_safety_question_is_for_the_teacher_only() -> None:
    """V: whatever its file says."""
    assert why(student("aha", "aha"), key=Key.SAFETY) == ["why.safety", "why.private_reads", "why.closes"]


@pytest.mark.parametrize("me", [STUDENT, TRAINER])
def test_the_survey_is_for_the_school(me: Participant) -> None:
    """P8: without a name, and no teacher reads it."""
    one = student("fits_me", "fits") if me is STUDENT else trainer("moment")
    assert why(one, me, key=Key.SURVEY) == ["why.survey", "why.survey_reads", "why.closes"]


@pytest.mark.parametrize(
    ("question", "reason", "readers"),
    [
        ("moment", "why.judgement", "why.trainer_reads"),
        ("guided", "why.guidance", "why.example_reads"),
        ("consent", "why.guidance", "why.example_reads"),
    ],
)
def test_a_trainer_hears_what_the_student_may_read(question: str, reason: str, readers: str) -> None:
    """K4b: only the example, and only with consent."""
    assert why(trainer(question), TRAINER) == [reason, readers, "why.closes"]


def test_every_key_has_its_reason() -> None:
    """No question is left without one, in both languages."""
    assert [key for key in Key if f"why.{key.value}" not in TEXTS.by_id] == []


def test_an_agreement_of_the_last_meeting_is_named_as_one() -> None:
    """P1: also the second of the two that may be asked about."""
    quotes = tuple(
        Quote(place=place, text=text, source=1)
        for place, text in (("afspraak", "Vaker naar de balie"), ("afspraak_2", "Meer uitleg"))
    )
    one = student("aha", "aha", quotes=quotes)
    found = [why(one, wording=f"Jullie spraken af: {quote.text}. Is dit gelukt?") for quote in quotes]
    assert found == [["why.afspraak", "why.student_reads", "why.closes"]] * 2
