"""K2a: before a visit the teacher reads what to look at, from what is still unknown."""

from __future__ import annotations

from dataclasses import replace

from conversations.digest import visiting
from conversations.model import Place
from tests.conversations.stages import a_stage
from tests.conversations.telling import (
    Asked,
    a_digest,
    asked,
    block,
    of_student,
    of_trainer,
    the_material,
    visited,
)

LOOK = "Kijk op bezoek naar"
BOTH = (
    of_student("possibilities", "2026-09-10 16:30", possible=("watch",)),
    of_trainer("2026-09-14 09:00", judgement=("good",), possible=("watch", "alone")),
)
UNHEARD = "• deze taak: gasten ontvangen en helpen (nog niets over gehoord)"
MAY = "• wat Samira hier mag doen"


def look(*said: Asked) -> list[str]:
    return block(the_material(*said, stage=visited()), LOOK)


def test_a_visit_looks_at_what_nobody_told() -> None:
    """Possibilities first, then tasks; three at most."""
    assert look() == [
        f"{MAY} (nog niets over gehoord)",
        UNHEARD,
        "• deze taak: een zaal klaarmaken voor een evenement (nog niets over gehoord)",
    ]


def test_it_says_who_has_not_told() -> None:
    """One side alone leaves the other to ask."""
    assert look(BOTH[0])[0] == f"{MAY} (nog niets gehoord van de praktijkopleider)"
    assert look(BOTH[1])[0] == f"{MAY} (nog niets gehoord van Samira)"


def test_it_names_where_the_two_differ() -> None:
    """On a possibility and on a task."""
    lists = [
        asked("student/coverage", "2026-09-15 16:30", {"coverage": ("plan=not_yet", "costs=impossible")}),
        asked("trainer/coverage", "2026-09-15 16:00", {"coverage": ("plan=alone",)}),
    ]
    page = a_digest(the_material(*BOTH, *lists, stage=visited()))
    assert [(say.id, *say.values.values()) for say in visiting.unknown(page)] == [
        ("digest.visit_unheard", "een zaal klaarmaken voor een evenement"),
        ("digest.visit_differs", "Werk doen zonder hulp"),
        ("digest.visit_task", "een draaiboek maken"),
        ("digest.visit_impossible", "de kosten van een evenement bijhouden"),
        ("digest.visit_unheard", "afspraken maken met leveranciers"),
    ]
    assert len(page.visit) == 3


def test_nothing_is_looked_at_from_afar() -> None:
    """Only where the next meeting is at the company."""
    assert block(the_material(stage=a_stage()), LOOK) == []
    mixed = a_stage(meetings=(a_stage().meetings[0], replace(a_stage().meetings[1], place=Place.COMPANY)))
    assert (block(the_material(stage=mixed), LOOK, 1), len(block(the_material(stage=mixed), LOOK, 2))) == (
        [],
        3,
    )


def test_where_all_is_known_there_is_nothing_to_look_at() -> None:
    """No heading over nothing."""
    tasks = ("welcome", "room", "plan", "suppliers", "catering", "costs", "safety", "review")
    done = asked("trainer/coverage", "2026-09-15 16:00", {"coverage": tuple(f"{t}=alone" for t in tasks)})
    agree = of_student("possibilities", "2026-09-12 16:30", possible=("alone",))
    assert look(*BOTH, agree, done) == []
