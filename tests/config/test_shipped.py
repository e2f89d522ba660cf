"""What stagebot ships: nothing wrong with it, and it keeps the promises of the product page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

import config
from config.texts import Texts
from conversations.model import Key, Role, Wording
from conversations.question_set import Kind, Occasion, Question, QuestionSet
from conversations.school import School

PLACE = re.compile(r"\{[^}]*\}")
JE = re.compile(r"\b(je|jij|jou|jouw)\b", re.IGNORECASE)
U = re.compile(r"\b(u|uw)\b", re.IGNORECASE)
ROSTER = Path(config.__file__).parent / "samples" / "rooster-2026.csv"
FOUR = ("talk", "watch", "with_help", "alone", "none")


@pytest.fixture(scope="module", name="school")
def _school() -> School:
    return config.load()


def wordings(sets: Iterable[QuestionSet]) -> Mapping[str, Wording]:
    found: dict[str, Wording] = {}
    for s in sets:
        for q in s.questions:
            found[f"{s.name} {q.id}"] = q.text
            found |= {f"{s.name} {q.id} example": q.example} if q.example else {}
            found |= {f"{s.name} {q.id} {choice.id}": choice.label for choice in q.choices}
    return found


def of_role(school: School, role: Role) -> list[QuestionSet]:
    return [s for s in school.question_sets.values() if s.role is role]


def question(school: School, name: str, question_id: str) -> Question:
    return next(q for q in school.question_sets[name].questions if q.id == question_id)


def choices(school: School, name: str, question_id: str) -> tuple[str, ...]:
    return tuple(choice.id for choice in question(school, name, question_id).choices)


def test_check_finds_nothing() -> None:
    """Neither error nor warning: sets, texts, programmes, holidays and contacts."""
    assert config.check() == []


def test_every_language_has_the_same_places(school: School) -> None:
    """A translation neither drops nor adds the name, the task or the company."""
    found = {**wordings(school.question_sets.values()), **Texts.load().by_id}
    differing = {
        name
        for name, w in found.items()
        if len({frozenset(PLACE.findall(text)) for text in (w.nl, w.nl_u or w.nl, w.en)}) != 1
    }
    assert differing == set()


def test_trainers_are_addressed_as_they_want(school: School) -> None:
    """Every question to a trainer is written with u and with je, and the two are never mixed."""
    texts = wordings(of_role(school, Role.TRAINER))
    asked = {name: w for name, w in texts.items() if name.endswith("example") or name.count(" ") == 1}
    assert {name for name, w in asked.items() if w.nl_u is None} == set()
    assert {name for name, w in texts.items() if JE.search(w.nl_u or "")} == set()
    assert {name for name, w in texts.items() if U.search(w.nl)} == set()


def test_every_question_to_a_trainer_names_the_student(school: School) -> None:
    """A trainer with several students always knows whom a question is about (S3)."""
    asked = [q for s in of_role(school, Role.TRAINER) for q in s.questions]
    assert {q.id for q in asked if "{voornaam}" not in q.text.nl} == set()


def test_nobody_is_shouted_at(school: School) -> None:
    """No text has an exclamation mark."""
    found = {**wordings(school.question_sets.values()), **Texts.load().by_id}
    shouting = {name for name, w in found.items() if "!" in f"{w.nl}{w.nl_u}{w.en}"}
    assert shouting == set()


def test_the_scales_avoid_words_that_confuse(school: School) -> None:
    """Trainers found nooit, soms, vaak, altijd and onvoldoende confusing; "Voel je je veilig?" is none."""
    avoided = re.compile(r"\b(nooit|soms|vaak|altijd|onvoldoende)\b", re.IGNORECASE)
    asked = [q for s in school.question_sets.values() for q in s.questions if q.key is not Key.SAFETY]
    labels = {choice.label.nl for q in asked for choice in q.choices}
    assert {label for label in labels if avoided.search(label)} == set()


def test_students_get_every_key_every_occasion(school: School) -> None:
    """Each week can ask about each key; first week, agenda, a third and the end have their own."""
    asked = {
        (s.occasion, q.key)
        for s in of_role(school, Role.STUDENT)
        for q in s.questions
        if not s.urgent and q.key is not Key.SAFETY
    }
    assert asked == {
        (Occasion.WEEKLY, Key.LEARNING),
        (Occasion.WEEKLY, Key.POTENTIAL),
        (Occasion.WEEKLY, Key.JUDGEMENT),
        (Occasion.WEEKLY, Key.GUIDANCE),
        (Occasion.FIRST_WEEK, Key.GUIDANCE),
        (Occasion.FIRST_WEEK, Key.LEARNING),
        (Occasion.AGENDA, Key.AGENDA),
        (Occasion.THIRD, Key.POTENTIAL),
        (Occasion.END, Key.SURVEY),
    }


def test_student_and_trainer_choose_from_the_same_four(school: School) -> None:
    """K2b: the answers stand side by side, so ids and labels are the same."""
    asked = [
        question(school, name, "possible")
        for name in ("student/possibilities", "trainer/first_impression", "trainer/before_meeting")
    ]
    assert {tuple(choice.id for choice in q.choices) for q in asked} == {FOUR}
    assert len({q.choices for q in asked}) == 1
    assert [choice.alone for choice in asked[0].choices] == [False, False, False, False, True]


def test_the_scales_have_the_ids_that_the_digest_reads(school: School) -> None:
    """Judgement and self-view, strategy and help received, tasks and feelings."""
    assert choices(school, "trainer/before_meeting", "judgement") == (
        "not_seen",
        "practising",
        "sufficient",
        "good",
    )
    assert choices(school, "student/self_view", "self_view") == (
        "not_done",
        "practising",
        "sufficient",
        "good",
    )
    assert choices(school, "trainer/before_meeting", "strategy") == ("show", "take_part", "entrust")
    assert choices(school, "trainer/before_meeting", "consent") == ("yes", "no")
    assert choices(school, "student/recognise", "recognise") == ("yes", "partly", "no")
    assert choices(school, "student/agreement", "agreement") == ("yes", "partly", "no")
    assert choices(school, "trainer/before_meeting", "agreement") == ("yes", "partly", "no")
    assert choices(school, "student/guidance", "helped") == ("showed", "took_part", "own_work", "little_help")
    assert choices(school, "student/task_practised", "practised") == (
        "not_yet",
        "with_help",
        "alone",
        "impossible",
    )
    assert choices(school, "student/task_feeling", "feeling") == (
        "proud",
        "fun",
        "normal",
        "boring",
        "exciting",
        "annoying",
        "not_done",
    )


def test_a_trainer_is_done_after_three_taps_and_one_sentence(school: School) -> None:
    """K3b: without "Ja" at the first gate nothing more is asked."""
    asked = school.question_sets["trainer/before_meeting"]
    gates = {q.id for q in asked.questions if q.gate}
    always = [(q.id, q.kind) for q in asked.questions if q.after is None or q.after.question == "judgement"]
    behind = {q.id for q in asked.questions if q.after and q.after.question in {*gates, "guided"}}
    assert always == [
        ("judgement", Kind.CHOICE),
        ("moment", Kind.TEXT),
        ("strategy", Kind.CHOICE),
        ("more", Kind.CHOICE),
    ]
    assert {q.id for q in asked.questions} == {question_id for question_id, _ in always} | behind


def test_each_gate_offers_one_question_more(school: School) -> None:
    """ "Nog één vraag" is one; an example comes with the tap whether the student may read it, and says so."""
    asked = school.question_sets["trainer/before_meeting"].questions
    offered = {
        gate.id: [q.id for q in asked if not q.gate and q.after and q.after.question == gate.id]
        for gate in asked
        if gate.gate
    }
    assert offered == {
        "more": ["guided"],
        "more_2": ["reason"],
        "more_3": ["agreement"],
        "more_4": ["going"],
        "more_5": ["general"],
        "more_6": ["possible"],
    }
    words = {gate.id: gate.text.nl for gate in asked if gate.gate}
    usual = "Nog één vraag over {voornaam}?"
    assert words == dict.fromkeys(offered, usual) | {"more": f"{usual} Eén zin en één tik."}


def test_a_judgement_is_asked_for_a_moment_with_one_nudge(school: School) -> None:
    """K3a: who has not seen the task has no moment to tell."""
    moment = question(school, "trainer/before_meeting", "moment")
    assert moment.after is not None
    assert moment.after.choices == {"practising", "sufficient", "good"}
    assert moment.example is not None


def test_letting_off_steam_stays_with_the_teacher(school: School) -> None:
    """K1b: beside safety only this question is private whatever the student chooses, and it says so."""
    asked = [q for s in school.question_sets.values() for q in s.questions if q.key is not Key.SAFETY]
    private = {q.id: q.text.nl for q in asked if q.always_private}
    assert list(private) == ["steam"]
    assert "Alleen je docent leest" in private["steam"]


def test_the_sample_roster_is_covered(school: School) -> None:
    """Every opleiding and team of the shipped roster is in the shipped school."""
    header, *rows = [line.split(";") for line in ROSTER.read_text("utf-8-sig").splitlines()]
    programmes = {row[header.index("opleiding")] for row in rows}
    teams = {row[header.index("team")] for row in rows}
    assert programmes == set(school.programmes)
    assert teams == {team for coordinator in school.coordinators for team in coordinator.teams}


def test_tasks_stand_after_a_colon(school: School) -> None:
    """A school's own words for a task then fit in the question, whatever their form."""
    texts = [w for w in wordings(school.question_sets.values()).values() if "{taak}" in w.nl]
    assert {text.nl.count(": {taak}") for text in texts} == {1}
    assert {text.en.count(": {taak}") for text in texts} == {1}


def test_menu_lines_fit_in_a_menu() -> None:
    """A command's description is one line (Bot API: 256 characters)."""
    lines = {name: w for name, w in Texts.load().by_id.items() if name.startswith("command.")}
    assert lines.keys() >= {
        f"command.{name}"
        for name in ("vragen", "waarom", "pauze", "moment", "taal", "privacy", "stop", "help")
    }
    assert [name for name, w in lines.items() if max(map(len, (w.nl, w.nl_u or "", w.en))) > 60] == []
