"""What a question may quote of somebody else: which words, to whom, when, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations.choosing import choose
from conversations.dossier import Agreement, AgreementId, ExtraQuestion
from conversations.facts import StageFacts
from conversations.model import (
    CheckInId,
    Key,
    MeetingState,
    ParticipantId,
    Quote,
    Reply,
    Role,
    Stage,
    StageId,
    Status,
    Wording,
)
from conversations.plan import Planned
from conversations.question_set import Kind, Occasion, Question, QuestionSet
from conversations.quoting import quotes_for
from tests.conversations.stages import (
    STUDENT,
    TRAINER,
    a_check_in,
    a_reply,
    a_school,
    a_set,
    a_stage,
    at,
    the_facts,
)

NOW = at("2026-11-05 16:30")  # eleven days before the second meeting
GUIDED = a_check_in(1, "meeting 1", "trainer/before_meeting", participant=TRAINER, due=at("2026-09-14 16:00"))
WORDS = "Ik liet haar een uur alleen bij de receptie"
BOTH = frozenset({Role.STUDENT, Role.TRAINER, Role.TEACHER})


def question(place: str) -> Question:
    """Give a question that quotes something."""
    text = f"Lees dit: {{{place}}}"
    words = Wording(nl=text, en=text)
    return Question(id=place, kind=Kind.TEXT, key=Key.GUIDANCE, text=words, quotes=frozenset({place}))


def set_of(*places: str) -> QuestionSet:
    """Give a set of questions that quote something."""
    questions = tuple(question(place) for place in places)
    return a_set(f"student/{places[0]}", Occasion.WEEKLY, Key.GUIDANCE, questions=questions)


SCHOOL = a_school(set_of("voorbeeld"), set_of("afspraak", "afspraak_2"), set_of("vraag"))


def planned(who: ParticipantId = STUDENT, kind: Occasion = Occasion.WEEKLY) -> Planned:
    """Give an occasion that is due now."""
    return Planned(
        stage=StageId(1),
        participant=who,
        occasion="week 9",
        kind=kind,
        due=NOW,
        closes=NOW + timedelta(days=6),
    )


def quoted(facts: StageFacts, one: Planned | None = None) -> list[tuple[str, str, int]]:
    """Give what may be quoted now: place, words, source."""
    return [(q.place, q.text, q.source) for q in quotes_for(facts, SCHOOL, one or planned(), NOW)]


def example(consent: str | None = "yes", **changes: Any) -> tuple[Reply, ...]:
    """Give a trainer's example, and whether the student may read it."""
    guided = replace(a_reply(GUIDED, question="guided", key=Key.GUIDANCE, text=WORDS), **changes)
    if consent is None:
        return (guided,)
    return (guided, a_reply(GUIDED, question="consent", key=Key.GUIDANCE, choices=(consent,)))


# ---- K4b: the trainer's example


def test_an_example_is_quoted_once_the_trainer_agreed() -> None:
    """K4b: the words themselves, with the check-in they come from."""
    facts = the_facts(check_ins=(GUIDED,), replies=example())
    assert quoted(facts) == [("voorbeeld", WORDS, GUIDED.id)]


@pytest.mark.parametrize("consent", ["no", None])
def test_an_example_without_consent_is_not_quoted(consent: str | None) -> None:
    """K4b: neither after a "nee" nor without an answer."""
    facts = the_facts(check_ins=(GUIDED,), replies=example(consent))
    assert quoted(facts) == []


def test_an_example_is_never_quoted_to_its_writer() -> None:
    """The trainer knows it."""
    facts = the_facts(check_ins=(GUIDED,), replies=example())
    assert quoted(facts, planned(TRAINER, Occasion.BEFORE_MEETING)) == []


def test_an_example_of_long_ago_is_not_quoted() -> None:
    """After sixty days nobody remembers the moment."""
    days = [NOW - timedelta(days=n) for n in (60, 61)]
    found = [quoted(the_facts(check_ins=(GUIDED,), replies=example(answered=moment))) for moment in days]
    assert found == [[("voorbeeld", WORDS, GUIDED.id)], []]


def test_an_example_that_the_student_was_asked_about_does_not_come_back() -> None:
    """K4b: once; where the question was planned and not put, it still comes."""
    quote = Quote(place="voorbeeld", text=WORDS, source=GUIDED.id)
    earlier = a_check_in(2, "week 5", "student/voorbeeld", quotes=(quote,))
    put = (*example(), a_reply(earlier, question="voorbeeld", status=Status.EXPIRED, answered=None))
    found = [quoted(the_facts(check_ins=(GUIDED, earlier), replies=replies)) for replies in (put, example())]
    assert found == [[], [("voorbeeld", WORDS, GUIDED.id)]]


def test_the_newest_of_two_examples_is_quoted() -> None:
    """The one that is remembered best."""
    later = replace(GUIDED, id=CheckInId(5), due=at("2026-10-12 16:00"), opened=at("2026-10-12 16:00"))
    newer = (
        a_reply(later, question="guided", text="We bouwden samen op"),
        a_reply(later, question="consent", choices=("yes",)),
    )
    facts = the_facts(check_ins=(GUIDED, later), replies=(*newer, *example()))
    assert quoted(facts) == [("voorbeeld", "We bouwden samen op", 5)]


def test_a_very_long_example_is_cut() -> None:
    """A question stays on one screen."""
    facts = the_facts(check_ins=(GUIDED,), replies=example(text="woord " * 400))
    assert [len(text) for _, text, _ in quoted(facts)] == [500]


# ---- P1: what was agreed


def held(**changes: Any) -> Stage:
    """Give a stage of which the first meeting was held, with these people."""
    first, *others = a_stage().meetings
    first = replace(first, state=MeetingState.HELD, present=BOTH)
    return a_stage(meetings=(replace(first, **changes), *others))


def agreed(number: int, text: str, **changes: Any) -> Agreement:
    """Give an agreement of the first meeting that was sent to those present."""
    moment = at("2026-09-21 11:00")
    values: dict[str, Any] = {"meeting": 1, "sent": moment} | changes
    return Agreement(id=AgreementId(number), stage=StageId(1), text=text, at=moment, **values)


TWO = (agreed(7, "Samira plant een middag mee"), agreed(8, "Elke week een gesprek van tien minuten"))
FIRST, SECOND = (
    ("afspraak", "Samira plant een middag mee", 7),
    ("afspraak_2", "Elke week een gesprek van tien minuten", 8),
)


def test_student_and_trainer_are_asked_about_the_agreements_of_the_last_meeting() -> None:
    """P1: two at a time, in the two weeks before the next meeting."""
    facts = the_facts(held(), agreements=TWO)
    trainer = planned(TRAINER, Occasion.BEFORE_MEETING)
    assert [quoted(facts), quoted(facts, trainer)] == [[FIRST, SECOND], [FIRST, SECOND]]


def test_agreements_are_asked_about_only_shortly_before_the_next_meeting() -> None:
    """P1: the meeting is on 16 November: from the 2nd on."""
    facts = the_facts(held(), agreements=TWO)
    days = ("2026-11-02 09:00", "2026-11-02 14:00", "2026-11-16 14:00")
    found = [quoted(facts, replace(planned(), due=at(day))) for day in days]
    assert [len(quotes) for quotes in found] == [0, 2, 0]


@pytest.mark.parametrize(
    ("stage", "agreement"),
    [
        (held(), agreed(7, "Niet verstuurd", sent=None)),
        (held(), agreed(7, "Weggehaald", gone=True)),
        (held(state=MeetingState.MISSED), agreed(7, "Niet doorgegaan")),
        (held(present=frozenset({Role.TRAINER, Role.TEACHER})), agreed(7, "Zonder de student")),
    ],
)
def test_what_the_student_does_not_know_is_not_asked_about(stage: Stage, agreement: Agreement) -> None:
    """P1: only what was sent, of a meeting that was held and at which they were."""
    assert quoted(the_facts(stage, agreements=(agreement,))) == []


def test_a_second_agreement_for_which_there_was_no_room_comes_again() -> None:
    """P1: only the first was put; the third takes the other place."""
    quotes = tuple(Quote(place=p, text=t, source=n) for p, t, n in (FIRST, SECOND))
    earlier = a_check_in(2, "week 8", "student/afspraak", quotes=quotes)
    put = (a_reply(earlier, question="afspraak"),)
    third = agreed(9, "Rooster op tijd")
    facts = the_facts(held(), agreements=(*TWO, third), check_ins=(earlier,), replies=put)
    assert quoted(facts) == [("afspraak", SECOND[1], 8), ("afspraak_2", "Rooster op tijd", 9)]


# ---- P5: the teacher's question


def extra(meeting: int, text: str) -> ExtraQuestion:
    """Give a question that a teacher typed."""
    return ExtraQuestion(stage=StageId(1), meeting=meeting, text=text, at=NOW - timedelta(days=1))


def test_the_teacher_s_question_is_put_once_and_to_the_student_only() -> None:
    """P5: in the teacher's own words."""
    facts = the_facts(extra_questions=(extra(1, "Hoe ging het {voornaam}?"),))
    asked = a_check_in(
        2, "week 8", "student/vraag", quotes=(Quote(place="vraag", text="Hoe ging het?", source=1),)
    )
    later = replace(facts, check_ins=(asked,), replies=(a_reply(asked, question="vraag"),))
    trainer = planned(TRAINER, Occasion.BEFORE_MEETING)
    assert quoted(facts) == [("vraag", "Hoe ging het {voornaam}?", 1)]
    assert [quoted(later), quoted(facts, trainer)] == [[], []]


# ---- what is chosen with it


def test_a_set_of_which_the_first_question_can_t_be_filled_is_not_chosen() -> None:
    """Without an example there is nothing to recognise."""
    usual = a_set("student/usual", Occasion.WEEKLY, order=9)
    school = a_school(set_of("voorbeeld"), usual)
    assert choose(the_facts(), school, planned(), NOW) == (usual, None, ())


def test_a_chosen_set_gets_only_the_quotes_that_it_has_places_for() -> None:
    """The agreements don't travel with the example."""
    facts = the_facts(held(), agreements=TWO, check_ins=(GUIDED,), replies=example())
    found = choose(facts, a_school(set_of("voorbeeld")), planned(), NOW)
    assert found == (
        set_of("voorbeeld"),
        None,
        (Quote(place="voorbeeld", text=WORDS, source=GUIDED.id),),
    )


def test_an_urgent_set_goes_before_a_key_without_material() -> None:
    """Asking well: what waits for an answer comes first; of two urgent sets the one with the lower order."""
    school = a_school(
        a_set("student/new", Occasion.WEEKLY, Key.POTENTIAL),
        a_set("student/extra", Occasion.WEEKLY, urgent=True, order=2),
        a_set("student/first", Occasion.WEEKLY, urgent=True, order=1),
    )
    past = a_check_in(2, "week 8", "student/first")
    facts = the_facts(), the_facts(check_ins=(past,), replies=(a_reply(past),))
    found = [choose(f, school, planned(), NOW) for f in facts]
    assert [f and f[0].name for f in found] == ["student/first", "student/extra"]


def test_an_urgent_set_rests_as_often_as_it_says() -> None:
    """Every four weeks is not the next week."""
    school = a_school(
        a_set("student/new", Occasion.WEEKLY),
        a_set("student/safe", Occasion.WEEKLY, urgent=True, every=4),
    )
    past = tuple(
        a_check_in(n, f"week {n}", name, due=NOW - timedelta(weeks=9 - n))
        for n, name in ((7, "student/safe"), (8, "student/new"))
    )
    found = choose(the_facts(check_ins=past), school, planned(), NOW)
    assert found == (a_set("student/new", Occasion.WEEKLY), None, ())


@pytest.mark.parametrize("kind", [Occasion.THIRD, Occasion.END])
def test_a_special_week_without_its_set_is_like_any_other(kind: Occasion) -> None:
    """A programme without tasks has no list; the survey was answered already."""
    usual = a_set("student/usual", Occasion.WEEKLY)
    assert choose(the_facts(), a_school(usual), planned(kind=kind), NOW) == (usual, None, ())
