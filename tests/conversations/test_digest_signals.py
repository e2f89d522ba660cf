"""What asks for a person goes first on the page, without a word of what a student told about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conversations import digest
from conversations.dossier import Signal, SignalKind, SignalState
from conversations.model import Key, Role, Share
from tests.conversations.stages import TRAINER, at
from tests.conversations.telling import (
    SCHOOL,
    Answer,
    Asked,
    a_digest,
    a_signal,
    asked,
    block,
    messages,
    of_student,
    of_trainer,
    the_material,
    visited,
)

FIRST = "Eerst dit"
PERSONAL = "• Neem vóór het gesprek persoonlijk contact op met Samira."
CONSULT = "• De praktijkopleider vraagt om overleg. Bel vóór het gesprek."
WHEN = "2026-09-15 12:00"
CHORES = (
    of_student("possibilities", "2026-09-10 16:30", possible=("none",)),
    of_student("guidance", "2026-09-11 16:30", helped=("little_help",)),
)


def first(*said: Asked, signals: tuple[Signal, ...] = (), **changes: Any) -> list[str]:
    stage = replace(visited(), **changes)
    return block(the_material(*said, stage=stage, signals=signals), FIRST)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (SignalKind.CONTACT, PERSONAL),
        (SignalKind.WHO, PERSONAL),
        (SignalKind.CONSULT, CONSULT),
    ],
)
def test_an_open_signal_goes_first(kind: SignalKind, line: str) -> None:
    """P3, P4: before only chores and before any worry; none of its words."""
    signal = a_signal(kind, WHEN, text="Mijn chef scheldt mij uit")
    assert first(*CHORES, signals=(signal,))[0] == line
    material = the_material(stage=visited(), signals=[signal])
    assert [page for page in messages(material) if "scheldt" in page] == []


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (SignalState.OPEN, [PERSONAL]),
        (SignalState.ESCALATED, [PERSONAL]),
        (SignalState.ACKNOWLEDGED, []),
        (SignalState.KEPT, []),
    ],
)
def test_a_signal_stays_until_the_teacher_took_it(state: SignalState, lines: list[str]) -> None:
    """P3: what nobody answered is still there; what is told to nobody never is."""
    assert first(signals=(a_signal(SignalKind.CONTACT, WHEN, state=state),)) == lines


@pytest.mark.parametrize("kind", [SignalKind.OFFER, SignalKind.HAND_OVER, SignalKind.STOP])
def test_what_is_no_call_for_the_teacher_is_not_told(kind: SignalKind) -> None:
    """Help that was offered stays with the student; a handover has a message of its own."""
    assert first(signals=(a_signal(kind, WHEN, by=TRAINER),)) == []


def test_a_signal_of_after_the_page_is_not_on_it() -> None:
    """It reaches the teacher by itself."""
    assert first(signals=(a_signal(SignalKind.CONTACT, "2026-09-22 12:00"),)) == []


def test_who_said_in_the_open_to_know_nobody_has_a_line_of_its_own() -> None:
    """P4: shared, so it may be spoken of; the signal of the same "nee" adds nothing."""
    who = of_student("first_week", "2026-09-10 16:30", who=("no",))
    assert first(who, signals=(a_signal(SignalKind.WHO, WHEN),)) == [
        "• Samira weet niet aan wie je op de stage een vraag kunt stellen. Maak dat samen duidelijk."
    ]


def test_a_trainer_who_stopped_is_told() -> None:
    """Somebody must guide the student."""
    assert first(trainer_stopped=True) == [
        "• De praktijkopleider begeleidt Samira niet meer. Regel wie dat nu doet."
    ]


def test_only_chores_is_the_first_of_what_is_no_signal() -> None:
    """S2: before a worry and a gap, behind a call for a person."""
    worried = of_trainer("2026-09-14 09:00", judgement=("good",), general=("worried",))
    assert [line[:20] for line in first(*CHORES, worried)] == ["• Samira koos 2 keer", "• Ingrid Kuipers ove"]
    called = first(*CHORES, worried, signals=(a_signal(SignalKind.CONSULT, WHEN, by=TRAINER),))
    assert [line[:20] for line in called] == [CONSULT[:20], "• Samira koos 2 keer"]


# ---- feeling safe ---------------------------------------------------------------------------------------


def safe(choice: str) -> Asked:
    """Answer the monthly question; the share of such an answer is never more than 🔒."""
    return asked("student/safety", WHEN, {"safe": (choice,)}, share=Share.MEETING)


def choices() -> dict[str, str]:
    question = SCHOOL.question_sets["student/safety"].question("safe")
    return {choice.label.nl: choice.id for choice in question.choices} if question else {}


@pytest.mark.parametrize(
    ("label", "lines"),
    [("Ja", []), ("Soms niet", [PERSONAL]), ("Nee", [PERSONAL]), ("Zeg ik liever niet", [])],
)
def test_an_unsafe_answer_only_says_to_get_in_touch(label: str, lines: list[str]) -> None:
    """The answer itself stands in the separate message, also where it was marked for the meeting."""
    material = the_material(safe(choices()[label]), stage=visited())
    page, apart = messages(material)
    assert block(material, FIRST) == lines
    assert (f"{label} (15 sep)" in page, f"{label} (15 sep)" in apart) == (False, True)


# ---- the survey at the end ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("student/end_survey", {"grade": ("g3",)}),
        ("student/end_survey_2", {"better": "Luister eens naar ons"}),
        ("trainer/end_survey", {"grade": ("g2",), "better": "De school belt nooit"}),
    ],
)
def test_the_survey_reaches_no_teacher(name: str, answers: dict[str, Answer]) -> None:
    """P8: for the school, counted and without a name: not on a page, not in the data, not in a count."""
    material = the_material(asked(name, WHEN, answers), stage=visited())
    page = a_digest(material)
    assert messages(material) == messages(the_material(stage=visited()))
    assert (page.answers, page.private, page.others[Key.SURVEY]) == ((), (), ())
    assert page.header.counts[Role.STUDENT].asked == page.header.counts[Role.TRAINER].asked == 0
    assert digest.last(material, SCHOOL, at("2027-01-28 08:30")) is None
