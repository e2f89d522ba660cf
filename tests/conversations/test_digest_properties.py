"""What must hold for every digest, whatever was asked, answered, kept private or left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import digest
from conversations.dossier import SignalKind
from conversations.facts import Material
from conversations.model import Key, Language, Quote, Role, Share, Status
from conversations.question_set import Kind, Question
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person
from tests.conversations.telling import (
    BEFORE,
    SCHOOL,
    Answer,
    Asked,
    a_digest,
    a_note,
    a_signal,
    an_agreement,
    asked,
    messages,
    the_material,
    visited,
    words_of,
)

TASKS = [task.id for task in SCHOOL.programmes["business-events"].tasks]
STATES = ("not_yet", "with_help", "alone", "impossible")
AGREEMENTS = [an_agreement(f"{n} we spreken dit met elkaar af en doen het ook") for n in range(3)]
WORDS = ("Leuk", "a b c d e f g h " * 12, "We maakten samen de zaal klaar. " * 9, "Lang" * 100, "😀 " * 80)
SECRET, SURVEY = "geheim", "enquete"


def an_answer(draw: st.DrawFn, question: Question, share: Share, role: Role) -> Answer:
    """Answer in any way there is, also not at all; what may not be read aloud says so itself."""
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from((Status.EXPIRED, Status.SKIPPED, Status.OPEN)))
    if question.kind is Kind.COVERAGE:
        return tuple(f"{task}={draw(st.sampled_from(STATES))}" for task in TASKS)
    if question.choices:
        most = 1 if question.kind is Kind.CHOICE else 4
        ids = [choice.id for choice in question.choices]
        return tuple(draw(st.lists(st.sampled_from(ids), min_size=1, max_size=most, unique=True)))
    private = role is Role.STUDENT and (share is Share.PRIVATE or question.always_private)
    mark = SURVEY if question.key is Key.SURVEY else SECRET if private else ""
    return f"{mark} {draw(st.sampled_from(WORDS))}"


def a_check_in(draw: st.DrawFn, number: int) -> Asked:
    name = draw(st.sampled_from(sorted(SCHOOL.question_sets)))
    questions, share = SCHOOL.question_sets[name], draw(st.sampled_from(Share))
    quotes = (
        Quote(place="afspraak", text=AGREEMENTS[0].text, source=AGREEMENTS[0].id),
        Quote(place="afspraak_2", text=AGREEMENTS[1].text, source=AGREEMENTS[1].id),
        Quote(place="voorbeeld", text="Ik deed het voor", source=draw(st.integers(1, 3))),
        Quote(place="vraag", text="Hoe gaat het met plannen?", source=2),
    )
    answers = {q.id: an_answer(draw, q, share, questions.role) for q in questions.questions}
    kept = {q: a for q, a in answers.items() if draw(st.integers(0, 4))}
    day = timedelta(days=draw(st.integers(0, 54)), minutes=number)
    one = asked(name, "2026-09-18 12:00", kept, task=draw(st.sampled_from(TASKS)), share=share, quotes=quotes)
    return moved(one, day, number)


def moved(one: Asked, by: timedelta, number: int) -> Asked:
    """Let it be asked later, under an id of its own."""
    changes: dict[str, Any] = {"id": number, "due": one.check_in.due + by, "closes": one.check_in.closes + by}
    replies = tuple(
        replace(
            reply,
            check_in=changes["id"],
            asked=reply.asked + by,
            answered=reply.answered + by if reply.answered else None,
        )
        for reply in one.replies
    )
    return Asked(replace(one.check_in, **changes), replies)


@st.composite
def stages(draw: st.DrawFn) -> Material:
    said = [a_check_in(draw, number) for number in range(1, draw(st.integers(0, 40)) + 1)]
    people = [
        a_person(TEACHER, language=draw(st.sampled_from(Language))),
        a_person(STUDENT, name=draw(st.sampled_from(("Samira Aziz", "Anne-Fleur-Sophie", "Li")))),
        a_person(TRAINER, name=draw(st.sampled_from(("Ingrid Kuipers", "de heer van der Berg tot Laag")))),
    ]
    kinds = draw(st.lists(st.sampled_from(SignalKind), max_size=3, unique=True))
    return the_material(
        *said,
        stage=visited(),
        people=people,
        notes=[
            a_note(f"{SECRET} {text}", "2026-11-10 12:00", share=Share.PRIVATE)
            for text in draw(st.lists(st.sampled_from(WORDS), max_size=2, unique=True))
        ],
        digests=[BEFORE] * draw(st.integers(0, 1)),
        signals=[a_signal(kind, "2026-11-10 12:00", text=SECRET) for kind in kinds],
        agreements=AGREEMENTS,
    )


@settings(max_examples=60, deadline=None)
@given(stages())
def test_every_page_is_one_page_and_keeps_what_is_private(material: Material) -> None:
    """At most 350 words in either language; no 🔒 on the page; no survey anywhere; three starters."""
    page = messages(material, 2)[0]
    assert len(page.split()) <= 350
    assert SECRET not in page
    assert [text for text in messages(material, 2) if SURVEY in text] == []
    assert len(a_digest(material, 2).starters) == 3


@settings(max_examples=30, deadline=None)
@given(stages())
def test_every_page_says_in_its_messages_and_its_data_what_it_says(material: Material) -> None:
    """The fullest version that fits is the page, and the data keep 🔒 under their own name."""
    found = a_digest(material, 2)
    whole, *apart = digest.messages(found, TEACHER)
    versions = [words_of(pieces, material) for pieces in (whole.pieces, *whole.shorter)]
    fitting = [text for text in versions if len(text.split()) <= (whole.words or 0)]
    assert [fitting[0], *(words_of(one.pieces, material) for one in apart)] == messages(material, 2)
    data = digest.as_json(found)
    assert SECRET not in str(data | {"private": []})
