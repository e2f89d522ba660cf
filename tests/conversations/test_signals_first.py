"""What is noticed comes first; where help is offered for today, no question comes with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import config
from conversations.desk import Decision
from conversations.dialogue import decide
from conversations.events import Said
from conversations.facts import ChatFacts
from conversations.messages import Message, Say
from conversations.model import CheckIn, CheckInState, Reason, Reply, Status, Voice
from tests.conversations.stages import STUDENT, a_check_in, a_reply, a_stage, at, the_people

SCHOOL = config.load()
NOW = at("2026-09-17 18:00")
ASKED = at("2026-09-17 16:30")


def chat(set_name: str, question: str, *more: CheckIn, **changes: Any) -> ChatFacts:
    check_in = a_check_in(5, "week 2", set_name, due=ASKED, state=CheckInState.OPEN, room=2)
    reply = a_reply(check_in, question=question, status=Status.OPEN, answered=None, **changes)
    people = the_people()
    return ChatFacts(
        me=people[STUDENT],
        people=people,
        stages=(a_stage(),),
        check_ins=(check_in, *more),
        replies=(reply,),
        slots={},
    )


def writes(facts: ChatFacts, text: str) -> tuple[Decision, ChatFacts]:
    decision = decide(facts, Said(message=101, text=text, at=NOW), SCHOOL, NOW)
    return decision, facts.with_changed(decision.changed)


def first_words(decision: Decision) -> list[object]:
    messages = [one for one in decision.out if isinstance(one, Message)]
    return [one.pieces[0].id if isinstance(one.pieces[0], Say) else "question" for one in messages]


def test_no_question_follows_words_of_distress() -> None:
    """When it is serious: the answer is kept, the check-in is done, and only the offer goes out."""
    decision, after = writes(chat("student/aha", "aha"), "kweet nie hoor, ik wil egt nie meer")
    assert first_words(decision) == ["help.bot"]
    assert [(r.question, r.status) for r in after.replies] == [("aha", Status.ANSWERED)]
    assert [(c.state, c.remind_at) for c in after.check_ins] == [(CheckInState.DONE, None)]


@pytest.mark.parametrize("text", ["ze pesten me en ik word gepest in de keuken", "hij slaat me"])
@pytest.mark.parametrize(
    ("set_name", "question"), [("student/aha", "aha"), ("student/possibilities", "possible")]
)
def test_no_question_follows_words_of_violence_or_bullying(set_name: str, question: str, text: str) -> None:
    """When it is serious: not "Welke knop past het best?", not the next question; only the offer."""
    decision, after = writes(chat(set_name, question), text)
    assert first_words(decision) == ["help.bot"]
    assert [(r.text, r.status) for r in after.replies] == [(text, Status.ANSWERED)]
    assert [c.state for c in after.check_ins] == [CheckInState.DONE]


def test_no_question_follows_when_such_words_come_again_that_day() -> None:
    """When it is serious: the second time brings no "Kun je iets meer vertellen?" either."""
    _, before = writes(chat("student/aha", "aha"), "ik wil niet meer leven")
    facts = replace(chat("student/aha", "aha"), signals=before.signals, new_ids=(8, 9))
    decision, after = writes(facts, "niks, ik wil dood")
    assert first_words(decision) == ["help.bot"]
    assert [c.state for c in after.check_ins] == [CheckInState.DONE]


def test_nobody_is_thanked_for_such_words() -> None:
    """When it is serious: what closes a check-in says that it is kept, without "Dat helpt, dank je"."""
    long = "mijn collega riep iets door de keuken waar iedereen bij stond en ik wil dood"
    facts = chat("student/aha", "aha")
    facts = replace(facts, check_ins=(replace(facts.check_ins[0], room=1),))
    decision, _ = writes(facts, long)
    ids = [p.id for one in decision.out if isinstance(one, Message) for p in one.pieces if isinstance(p, Say)]
    assert [one for one in ids if one.startswith("asking.thanks")] == []
    assert (ids[0], ids[-1]) == ("help.bot", "offer.kept")


def test_nobody_in_distress_is_asked_for_a_button() -> None:
    """Words in place of a button are the answer, as they would be with Overslaan."""
    decision, after = writes(chat("student/possibilities", "possible"), "ik wil niet meer leven")
    assert first_words(decision) == ["help.bot"]
    found: list[Reply] = list(after.replies)
    assert [(r.text, r.status, r.answered) for r in found] == [
        ("ik wil niet meer leven", Status.ANSWERED, NOW)
    ]
    assert [c.state for c in after.check_ins] == [CheckInState.DONE]


def test_the_next_check_in_of_a_round_is_not_opened_in_distress() -> None:
    """What waited for its turn counts as paused; the answer that came is not touched."""
    closes = NOW + timedelta(days=2)
    waits = a_check_in(
        6, "agenda 1", "student/agenda", state=CheckInState.QUEUED, opened=None, due=ASKED, closes=closes
    )
    decision, after = writes(chat("student/agenda", "agenda", waits), "ik wil niet meer leven")
    assert "question" not in first_words(decision)
    states = {c.occasion: (c.state, c.reason) for c in after.check_ins}
    assert states == {
        "week 2": (CheckInState.DONE, None),
        "agenda 1": (CheckInState.NOT_ASKED, Reason.PAUSED),
    }
    assert [r.check_in for r in after.replies] == [5]


def test_what_was_spoken_before_the_words_stays_with_the_answer() -> None:
    """What was spoken first is kept, the words are added to it, and no button is asked for."""
    facts = chat("student/possibilities", "possible", voice=Voice(file="f", seconds=9))
    decision, after = writes(facts, "ik wil niet meer leven")
    assert first_words(decision) == ["help.bot"]
    assert sorted((r.question, r.voice and r.voice.seconds, r.text, r.status) for r in after.replies) == [
        ("possible", 9, None, Status.ANSWERED),
        ("possible.more1", None, "ik wil niet meer leven", Status.ANSWERED),
    ]
