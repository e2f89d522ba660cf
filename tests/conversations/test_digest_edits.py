"""What is changed after a digest reaches the teacher all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conversations import answering, digest, notes
from conversations.desk import lay_out
from conversations.events import Edited
from conversations.facts import ChatFacts
from conversations.model import Note, Reply
from tests.conversations.stages import STUDENT, at
from tests.conversations.telling import SCHOOL, a_note, of_student, sent, the_material, words_of

TOLD = of_student("aha", "2026-09-10 16:30", aha="Ik mocht de kassa doen")
SENT = sent(1, "2026-09-17 08:30")
LATER = at("2026-09-18 12:00")


def in_chat(**facts: Any) -> ChatFacts:
    material = the_material(TOLD)
    student = material.people[STUDENT]
    return replace(
        ChatFacts(me=student, stages=(material.stage,), people=material.people, slots={}),
        check_ins=material.check_ins,
        replies=material.replies,
        **facts,
    )


def test_an_answer_that_was_edited_after_the_digest_is_in_the_addendum() -> None:
    """The teacher read the first words; these are the ones that count."""
    desk = lay_out(in_chat(), TOLD.check_in.id, SCHOOL, LATER)
    (changed,) = answering.edited(desk, TOLD.replies[0], "Ik mocht de kassa opmaken").changed
    assert isinstance(changed, Reply)
    material = the_material(replace(TOLD, replies=(changed,)), digests=[SENT])
    (added,) = (words_of(pieces, material) for pieces in digest.addendum(material, SCHOOL, 1))
    assert added.split("\n")[-1] == "“Ik mocht de kassa opmaken” (18 sep)"


def test_a_note_that_was_edited_after_the_digest_is_in_the_addendum() -> None:
    """The same for what was left for the meeting."""
    note = a_note("Mijn uren", "2026-09-15 12:00")
    edit = Edited(message=note.source, text="Mijn uren van augustus", at=LATER)
    (changed,) = notes.edited(in_chat(notes=(note,)), edit).changed
    assert isinstance(changed, Note)
    material = the_material(notes=[changed], digests=[SENT])
    (added,) = (words_of(pieces, material) for pieces in digest.addendum(material, SCHOOL, 1))
    assert added.split("\n")[-1] == "“Mijn uren van augustus” (18 sep)"


def test_what_was_not_touched_is_not_told_twice() -> None:
    """The addendum holds the change alone."""
    assert digest.addendum(the_material(TOLD, digests=[SENT]), SCHOOL, 1) == ()
