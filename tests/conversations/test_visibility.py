"""Who may see what: nothing a student keeps with 🔒 gets further than the teacher's own message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import digest
from conversations.digest import attention, starting
from conversations.facts import Material
from conversations.model import Key, Language, Note, Quote, Reply, Role, Share, StageId, Status, Voice
from conversations.question_set import Kind, Question
from conversations.visibility import (
    Reads,
    agreements_for,
    example_for_student,
    for_self,
    for_teacher,
    own_answers,
)
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_stage, at
from tests.conversations.telling import (
    SCHOOL,
    Answer,
    Asked,
    a_digest,
    a_note,
    an_agreement,
    asked,
    messages,
    sent,
    the_material,
    words_of,
)

# Choices that may point to the separate message, or say to get in touch, without a word.
TELLING = {"none", "little_help", "no", "sometimes"}
HIDDEN = {Reads.PRIVATE, Reads.ALWAYS}
TASKS = [task.id for task in SCHOOL.programmes["business-events"].tasks]


def is_private(reply: Reply, question: Question) -> bool:
    """The rule as docs/product.md tells it, for a reply of the student."""
    always = question.always_private or reply.key is Key.SAFETY
    return reply.participant == STUDENT and (reply.share is Share.PRIVATE or always)


@dataclass(frozen=True)
class Told:
    """A stage in which everything said has a mark of its own: a word or a number of seconds."""

    material: Material
    private: tuple[str, ...]
    shared: tuple[str, ...]
    survey: tuple[str, ...]  # for the school, without a name
    trainers: tuple[str, ...]
    other: Material  # the same, with something else in every private answer


@st.composite
def stages(draw: st.DrawFn) -> Told:
    """Give any mix of sets, answers, shares and notes, before and after a digest went out."""
    names = draw(st.lists(st.sampled_from(sorted(SCHOOL.question_sets)), min_size=1, max_size=8))
    said = [draw(check_ins(name, number)) for number, name in enumerate(names)]
    notes = [draw(a_students_or_trainers_note(number)) for number in range(draw(st.integers(0, 3)))]
    digests = [sent(1, f"2026-09-{draw(st.integers(8, 20)):02} 08:30")] if draw(st.booleans()) else []
    material = the_material(*said, notes=notes, digests=digests)
    hidden = {(r.check_in, r.question) for r in material.replies if is_private(r, _question(material, r))}
    secret_notes = [n for n in notes if n.participant == STUDENT and n.share is Share.PRIVATE]
    said_by = {(r.check_in, r.question): r for r in material.replies if _mark(r)}
    survey = {slot for slot, r in said_by.items() if r.key is Key.SURVEY}
    marks = {slot: _mark(r) for slot, r in said_by.items() if slot not in survey}
    return Told(
        material=material,
        survey=tuple(_mark(said_by[slot]) for slot in survey),
        trainers=(
            *(_mark(r) for r in said_by.values() if r.participant == TRAINER),
            *(_note_mark(n) for n in notes if n.participant == TRAINER),
        ),
        private=(*(m for slot, m in marks.items() if slot in hidden), *map(_note_mark, secret_notes)),
        shared=(
            *(m for slot, m in marks.items() if slot not in hidden),
            *(_note_mark(n) for n in notes if n not in secret_notes),
        ),
        other=replace(
            material,
            replies=tuple(
                _otherwise(r, _question(material, r)) if (r.check_in, r.question) in hidden else r
                for r in material.replies
            ),
            notes=tuple(replace(n, text="anders") if n in secret_notes else n for n in notes),
        ),
    )


@st.composite
def check_ins(draw: st.DrawFn, name: str, number: int) -> Asked:
    """Give a set that was put on a day of its own, with any answers."""
    answers: dict[str, Answer] = {}
    for place, question in enumerate(q for q in SCHOOL.question_sets[name].questions if not q.gate):
        mark = number * 10 + place
        words = st.sampled_from([f"woord{mark}x", f"zin{mark}x en meer"])
        voice = st.just(Voice(file="v", seconds=9000 + mark))
        nothing = st.sampled_from([Status.SKIPPED, Status.EXPIRED, Status.OPEN])
        answers[question.id] = draw(st.one_of(words, voice, nothing, *map(st.just, _choices(question))))
    return asked(
        name,
        f"2026-09-{7 + number:02} 16:30",
        answers,
        share=draw(st.sampled_from(Share)),
        task=draw(st.sampled_from(TASKS)),
        quotes=tuple(Quote(place=p, text="citaat", source=1) for p in SCHOOL.question_sets[name].quotes),
        later=draw(st.sampled_from([timedelta(minutes=5), timedelta(days=6, hours=1)])),
    )


@st.composite
def a_students_or_trainers_note(draw: st.DrawFn, number: int) -> Note:
    """Give a note, of either, shared or not."""
    day = draw(st.integers(8, 20))
    who, share = draw(st.sampled_from([STUDENT, TRAINER])), draw(st.sampled_from(Share))
    return a_note(f"notitie{number}x", f"2026-09-{day:02} 12:00", participant=who, share=share)


def _choices(question: Question) -> Sequence[tuple[str, ...]]:
    """Give the answers by button that point to nothing: the others have tests of their own."""
    ids = [c.id for c in question.choices if c.id not in TELLING]
    return [(one,) for one in ids] + ([tuple(ids)] if question.kind is Kind.CHOICES else [])


def _question(material: Material, reply: Reply) -> Question:
    names = {c.id: c.question_set for c in material.check_ins}
    found = SCHOOL.question_sets[names[reply.check_in]].question(reply.question)
    assert found is not None
    return found


def _mark(reply: Reply) -> str:
    if reply.voice is not None:
        return f"{reply.voice.seconds} seconden"
    return reply.text.split()[0] if reply.text else ""


def _note_mark(note: Note) -> str:
    return note.text


def _otherwise(reply: Reply, question: Question) -> Reply:
    """Give a private reply with other content, of the same kind."""
    choices = [one for one in _choices(question) if one != reply.choices]
    text = "anders" if reply.text else None
    voice = replace(reply.voice, seconds=1) if reply.voice else None
    return replace(reply, text=text, voice=voice, choices=choices[0] if reply.choices else ())


def in_the_meeting(material: Material) -> list[str]:
    """Give all that may lie on the table: the page, every opening, the addendum, the data but `private`."""
    page = a_digest(material)
    data = digest.as_json(page)
    del data["private"]
    added = digest.addendum(material, SCHOOL, 1)
    return [
        messages(material)[0],
        words_of([*starting.openings(page), *attention.attention(page)], material),
        *(text for pieces in added if "🔒" not in (text := words_of(pieces, material))),
        json.dumps(data, ensure_ascii=False),
    ]


def seconds_in(text: str) -> str:
    """Give a voice mark as the data writes it."""
    return text.removesuffix(" seconden")


@settings(deadline=None)
@given(stages())
def test_no_private_word_lies_on_the_table(told: Told) -> None:
    """Neither words nor the length of a voice message."""
    tables = in_the_meeting(told.material)
    assert [m for m in told.private for text in tables if seconds_in(m) in text] == []


@settings(deadline=None)
@given(stages())
def test_what_is_private_changes_nothing_on_the_table(told: Told) -> None:
    """Other words, other buttons, another length: the page, the openings and the data stay the same."""
    assert in_the_meeting(told.other) == in_the_meeting(told.material)


@settings(deadline=None)
@given(stages())
def test_every_private_word_reaches_the_teacher(told: Told) -> None:
    """In the separate message, whole."""
    material = replace(told.material, digests=())
    found = [text for text in messages(material) if "🔒" in text]
    assert [m for m in told.private if m not in "".join(found)] == []
    assert len(found) == bool(for_teacher(material, SCHOOL).private)


@settings(deadline=None)
@given(stages())
def test_every_shared_word_is_in_the_data(told: Told) -> None:
    """The page chooses; the data holds all."""
    data = json.dumps(digest.as_json(a_digest(replace(told.material, digests=())))["answers"])
    assert [m for m in told.shared if seconds_in(m) not in data] == []


@settings(deadline=None)
@given(stages())
def test_no_word_of_the_survey_reaches_the_teacher(told: Told) -> None:
    """P8: it is for the school, without a name: not on a page, not in the separate message, not counted."""
    page = a_digest(told.material)
    added = [words_of(pieces, told.material) for pieces in digest.addendum(told.material, SCHOOL, 1)]
    read = [*messages(told.material), *added, json.dumps(digest.as_json(page))]
    assert [m for m in told.survey for text in read if seconds_in(m) in text] == []
    assert {mark.key for mark in for_teacher(told.material, SCHOOL).marks} & {Key.SURVEY} == set()


@settings(deadline=None)
@given(stages())
def test_the_students_own_view_holds_what_the_teacher_gets_from_them_and_nothing_of_the_trainer(
    told: Told,
) -> None:
    """Word for word the same; whatever the trainer wrote is no part of it."""
    own, teachers = for_self(told.material, SCHOOL), for_teacher(told.material, SCHOOL)
    view, theirs = [
        [[s for s in some if s.by is Role.STUDENT] for some in (seen.shared, seen.private)]
        for seen in (own, teachers)
    ]
    assert view == theirs
    assert [s for s in (*own.shared, *own.private) if s.by is not Role.STUDENT] == []
    words = " ".join(text for s in (*own.shared, *own.private) for text in s.texts)
    assert [m for m in told.trainers if m in words] == []


@settings(deadline=None)
@given(stages())
def test_the_list_of_own_answers_holds_each_own_word_once_and_none_of_the_trainer(told: Told) -> None:
    """With who reads it: what is for the school is there too."""
    listed = own_answers(told.material, SCHOOL)
    words = [" ".join([*one.shown.texts, f"{one.shown.seconds} seconden"]) for one in listed]
    every = {*told.private, *told.shared, *told.survey} - set(told.trainers)
    assert {m: sum(m in text for text in words) for m in every} == dict.fromkeys(every, 1)
    assert [m for m in told.trainers for text in words if m in text] == []
    secret = [f"{one.shown.texts}{one.shown.seconds} seconden" for one in listed if one.reads in HIDDEN]
    assert [m for m in told.private if not any(m in text for text in secret)] == []


@settings(deadline=None)
@given(stages())
def test_the_page_holds_350_words_at_most(told: Told) -> None:
    """Whatever was said."""
    assert len(messages(told.material)[0].split()) <= 350


# ---- one by one -----------------------------------------------------------------------------------------


def split(material: Material) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Give the texts that may be used in the meeting, and those that are the teacher's only."""
    visible = for_teacher(material, SCHOOL)
    return [s.texts for s in visible.shared], [s.texts for s in visible.private]


def aha(**changes: Share) -> Asked:
    return asked("student/aha", "2026-09-10 16:30", {"aha": "Balie"}, **changes)


def test_an_answer_is_private_until_the_student_shares_it() -> None:
    """🔒 is the default; 💬 is the student's choice."""
    assert split(the_material(aha(share=Share.PRIVATE))) == ([], [("Balie",)])
    assert split(the_material(aha(share=Share.MEETING))) == ([("Balie",)], [])


def test_letting_off_steam_is_private_whatever_was_chosen() -> None:
    """K1b: only the teacher can see it."""
    steam = asked("student/safety", "2026-09-10 16:30", {"steam": "Boos"}, share=Share.MEETING)
    assert split(the_material(steam)) == ([], [("Boos",)])


def test_a_private_follow_up_keeps_its_answer_private() -> None:
    """An answer and its example are one thing."""
    one = aha(share=Share.MEETING)
    example = replace(one.replies[0], question="aha.example", text="Met een boze gast", share=Share.PRIVATE)
    material = the_material(replace(one, replies=(*one.replies, example)))
    assert split(material) == ([], [("Balie", "Met een boze gast")])


def test_an_answer_to_a_question_that_is_gone_stays_private() -> None:
    """Nobody can tell any more whether it was always private."""
    material = the_material(aha(share=Share.MEETING))
    without = replace(SCHOOL, question_sets={})
    visible = for_teacher(material, without)
    assert [s.texts for s in visible.shared] == []
    assert [s.texts for s in visible.private] == [("Balie",)]


def test_a_students_note_is_private_until_shared() -> None:
    """Free text follows the rule of an answer; a note that was thrown away is nowhere."""
    notes = (
        a_note("geheim", "2026-09-10 12:00", share=Share.PRIVATE),
        a_note("samen", "2026-09-11 12:00", share=Share.MEETING),
        a_note("weg", "2026-09-12 12:00", share=Share.MEETING, gone=True),
    )
    assert split(the_material(notes=notes)) == ([("samen",)], [("geheim",)])


def test_a_trainers_note_is_for_the_meeting() -> None:
    """Trainers write for the teacher and know it."""
    note = a_note("planning", "2026-09-10 12:00", participant=TRAINER, share=Share.PRIVATE)
    assert split(the_material(notes=(note,))) == ([("planning",)], [])


def gate(reply: Answer) -> Asked:
    return asked("trainer/before_meeting", "2026-09-14 09:00", {"strategy": ("show",), "more": reply})


def test_a_tap_on_a_gate_is_no_answer() -> None:
    """ "Nog vier vragen?" steers; it is neither shown nor counted."""
    visible = for_teacher(the_material(gate(("no",))), SCHOOL)
    assert [s.question for s in visible.shared] == ["strategy"]
    assert len(visible.marks) == 1


def test_what_was_typed_at_a_gate_is_kept_for_the_meeting() -> None:
    """Nothing a person writes is lost."""
    visible = for_teacher(the_material(gate("Bel me liever morgen")), SCHOOL)
    assert [(s.key, s.texts, s.labels) for s in visible.shared] == [
        (Key.AGENDA, ("Bel me liever morgen",), ()),
        (Key.GUIDANCE, (), ("Werk laten zien",)),
    ]


def test_ticks_without_ready_are_not_shown() -> None:
    """Only what was given counts; what was typed meanwhile does."""
    one = asked("student/possibilities", "2026-09-10 16:30", {"possible": Status.OPEN})
    ticking = replace(one.replies[0], draft=("talk",))
    assert split(the_material(replace(one, replies=(ticking,)))) == ([], [])
    typing = replace(ticking, text="alleen koffie")
    assert split(the_material(replace(one, replies=(typing,)))) == ([("alleen koffie",)], [])


@pytest.mark.parametrize(
    ("student", "teacher", "wording", "label"),
    [
        ("en", "nl", "Does the work at your company suit you?", "Weet ik niet"),
        ("nl", "en", "Past het werk op je stage bij jou?", "I don't know"),
    ],
)
def test_labels_are_in_the_readers_language_and_the_question_as_it_was_asked(
    student: str, teacher: str, wording: str, label: str
) -> None:
    """A student who reads English and a teacher who reads Dutch, and the other way round."""
    reader = a_person(TEACHER, language=Language(teacher))
    said = asked("student/fits_me", "2026-09-10 16:30", {"fits": ("unsure",)}, language=Language(student))
    (shown,) = for_teacher(the_material(said, people=[reader]), SCHOOL).shared
    assert (shown.wording, shown.labels) == (wording, (label,))


def test_late_and_on_which_day() -> None:
    """A reply after closing is late; the day is the local one."""
    late = asked("student/aha", "2026-09-10 23:30", {"aha": "Balie"}, later=timedelta(days=6, hours=1))
    (shown,) = for_teacher(the_material(late), SCHOOL).shared
    assert (shown.by, shown.late, shown.on.isoformat()) == (Role.STUDENT, True, "2026-09-17")
    assert shown.at == at("2026-09-17 00:30")


def test_words_that_waited_for_a_button_are_dated_by_the_day_they_were_written() -> None:
    """They count as new since the button, or the closing of the question; the day is that of the words."""
    one = asked(
        "student/possibilities", "2026-09-10 16:30", {"possible": ("watch",)}, later=timedelta(days=6)
    )
    words: dict[str, Any] = {"text": "vooral kijken", "written": at("2026-09-11 09:00")}
    waited = replace(one, replies=tuple(replace(r, **words) for r in one.replies))
    (shown,) = for_teacher(the_material(waited), SCHOOL).shared
    assert (shown.texts, shown.on.isoformat(), shown.at) == (
        ("vooral kijken",),
        "2026-09-11",
        at("2026-09-16 16:30"),
    )


def test_words_that_still_wait_for_a_button_are_new_since_they_were_written() -> None:
    """The teacher may read them at once: nothing a person writes is lost."""
    one = asked("student/possibilities", "2026-09-10 16:30", {"possible": Status.OPEN})
    words: dict[str, Any] = {"text": "vooral kijken", "written": at("2026-09-11 09:00")}
    waiting = replace(one, replies=tuple(replace(r, **words) for r in one.replies))
    (shown,) = for_teacher(the_material(waiting), SCHOOL).shared
    assert (shown.on.isoformat(), shown.at) == ("2026-09-11", at("2026-09-11 09:00"))


# ---- what is of others ----------------------------------------------------------------------------------


def the_example(consent: Answer | None, **changes: Any) -> str | None:
    """Give what the student may read of a trainer's example, after this answer to "Mag Samira dit lezen?"."""
    answers: dict[str, Answer] = {"guided": "Ze deed de kassa en ik keek mee"}
    given = asked(
        "trainer/before_meeting",
        "2026-09-14 09:00",
        answers | ({"consent": consent} if consent is not None else {}),
    )
    replies = {r.question: r for r in given.replies}
    return example_for_student(replace(replies["guided"], **changes), replies.get("consent"))


@pytest.mark.parametrize("consent", [None, ("no",), Status.SKIPPED, Status.OPEN, Status.EXPIRED, "ja hoor"])
def test_without_a_yes_no_student_reads_a_trainers_example(consent: Answer | None) -> None:
    """K4b: only the button [Ja] is consent; no answer, a skip or a typed word is none."""
    assert the_example(consent) is None


def test_with_consent_the_student_reads_the_example() -> None:
    """K4b: word for word."""
    assert the_example(("yes",)) == "Ze deed de kassa en ik keek mee"


def test_nothing_but_the_example_is_shown_with_consent() -> None:
    """Not a reason, not a judgement, not an example that holds no words."""
    assert the_example(("yes",), question="reason") is None
    assert the_example(("yes",), text="  ") is None
    assert the_example(("yes",), text=None) is None


def test_words_changed_after_the_consent_are_not_the_ones_that_were_allowed() -> None:
    """K4b: the trainer is asked again first."""
    said: dict[str, Answer] = {"guided": "Ik liet haar zelf bellen", "consent": ("yes",)}
    told = asked("trainer/before_meeting", "2026-09-14 16:00", said)
    replies = {reply.question: reply for reply in told.replies}
    later = replace(replies["guided"], answered=at("2026-09-15 09:00"), text="Zij kan er niets van")
    assert example_for_student(later, replies["consent"]) is None


def test_consent_of_another_time_or_another_trainer_counts_for_nothing() -> None:
    """The yes belongs to the example of the same check-in."""
    before, after = (
        asked("trainer/before_meeting", when, {"guided": "Ze deed de kassa", "consent": ("yes",)})
        for when in ("2026-09-14 09:00", "2026-11-09 09:00")
    )
    guided, consent = before.replies[0], after.replies[1]
    assert example_for_student(guided, consent) is None
    other = replace(before.replies[1], participant=TEACHER)
    assert example_for_student(guided, other) is None


def test_agreements_are_for_those_who_were_present_and_the_teacher() -> None:
    """P1: who was not there does not get them; one that was taken back is nobody's."""
    first, *others = a_stage().meetings
    stage = a_stage(meetings=(replace(first, present=frozenset({Role.STUDENT})), *others))
    kept, gone = an_agreement("Vaker naar de balie"), an_agreement("Weg", gone=True)
    elsewhere = replace(kept, stage=StageId(2))
    seen = {role: agreements_for(role, stage, [kept, gone, elsewhere]) for role in Role}
    assert seen == {Role.STUDENT: (kept,), Role.TRAINER: (), Role.TEACHER: (kept,), Role.COORDINATOR: ()}


def test_safety_is_private_whatever_was_chosen() -> None:
    """V: only the teacher reads it, also where the file of the question does not say so."""
    one = aha(share=Share.MEETING)
    safe = replace(one, replies=tuple(replace(r, key=Key.SAFETY) for r in one.replies))
    assert split(the_material(safe)) == ([], [("Balie",)])


def test_a_list_of_tasks_is_written_out() -> None:
    """P2: who reads it sees the tasks by name, each with its mark."""
    answers: dict[str, Answer] = {"coverage": ("welcome=alone", "stage_plan=not_yet")}
    name = next(n for n, s in SCHOOL.question_sets.items() if s.covers_tasks and s.role is Role.STUDENT)
    question = SCHOOL.question_sets[name].questions[0].id
    listed = asked(name, "2026-10-10 16:30", {question: answers["coverage"]})
    (shown,) = for_teacher(the_material(listed), SCHOOL).shared
    names = {task.id: task.text.nl for task in SCHOOL.programmes["business-events"].tasks}
    assert shown.labels == (f"✅ {names['welcome']}", f"▫ {names.get('stage_plan', 'stage_plan')}")
