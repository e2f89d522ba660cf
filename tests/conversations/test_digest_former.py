"""A trainer who was replaced: their words are kept, and never stand beside the name of the new one."""

from __future__ import annotations

from dataclasses import replace

from conversations import digest
from conversations.facts import Material
from conversations.model import ParticipantId, Role
from tests.conversations.stages import at
from tests.conversations.telling import (
    BEFORE,
    GUIDED,
    JUDGED,
    OPEN,
    POSSIBLE,
    SCHOOL,
    Answer,
    Asked,
    a_digest,
    a_note,
    asked,
    block,
    messages,
    of_student,
    of_trainer,
    the_material,
    visited,
    words_of,
)

FORMER = ParticipantId(20)
EVERYTHING: dict[str, Answer] = {
    "judgement": ("good",),
    "moment": "Ze bleef rustig",
    "strategy": ("show",),
    "guided": "Ik deed de kassa één keer voor",
    "general": ("doubt",),
    "possible": ("talk",),
}
OLD = asked("trainer/before_meeting", "2026-10-09 09:00", EVERYTHING, task="welcome")


def of_former(one: Asked) -> Asked:
    """Let it be the trainer of before who said it."""
    replies = tuple(replace(reply, participant=FORMER) for reply in one.replies)
    return Asked(replace(one.check_in, participant=FORMER), replies)


def taken_over(*said: Asked) -> Material:
    """Give a stage in which Ingrid Kuipers took over from somebody who had said everything."""
    note = a_note("De sleutel is zoek", "2026-10-10 12:00", participant=FORMER)
    return the_material(of_former(OLD), *said, stage=visited(), digests=[BEFORE], notes=[note])


def test_the_new_trainers_name_stands_beside_none_of_it() -> None:
    """Not in a starter, not first, not at the agenda."""
    page = messages(taken_over(), 2)[0]
    assert [line for line in page.split("\n") if "Ingrid" in line] == []
    assert "kassa" in page


def test_what_the_former_trainer_said_is_marked() -> None:
    """It counts: the teacher reads who it came from."""
    material = taken_over()
    assert block(material, JUDGED, 2)[1:] == [
        "• gasten ontvangen en helpen: Goed (vorige praktijkopleider) | –",
        "Praktijkopleider: “Ze bleef rustig” (9 okt, vorige praktijkopleider)",
    ]
    assert block(material, GUIDED, 2)[0] == (
        "• Praktijkopleider koos: Werk laten zien (9 okt, vorige praktijkopleider) | oordeel: Goed"
    )
    assert block(material, "Eerst dit", 2)[0] == (
        "• De vorige praktijkopleider over hoe het ging: “Ik twijfel”."
    )
    assert block(material, OPEN, 2)[0] == (
        "• De vorige praktijkopleider wil bespreken: “De sleutel is zoek” (10 okt, vorige praktijkopleider)"
    )


def test_nobody_is_asked_to_tell_about_words_of_somebody_else() -> None:
    """The example is the former trainer's: no starter asks the new one about it."""
    starters = [say.id for say in a_digest(taken_over(), 2).starters]
    assert "digest.start_guidance" not in starters


def test_the_new_judgement_is_the_new_trainers() -> None:
    """Beside it, what the former one said."""
    now = of_trainer("2026-11-09 09:00", judgement=("good",), moment="Ze nam de leiding")
    lines = block(taken_over(now), JUDGED, 2)
    assert lines[2] == "Praktijkopleider: “Ze nam de leiding” (9 nov)"


def test_the_former_trainers_possibilities_say_so() -> None:
    """Beside the student's of now."""
    watched = of_student("possibilities", "2026-10-22 16:30", possible=("watch",))
    assert block(taken_over(watched), POSSIBLE, 2)[0] == (
        "Samira | praktijkopleider (vorige praktijkopleider)"
    )


def test_the_addendum_names_the_former_trainer_as_such() -> None:
    """The note and the answer came after the digest."""
    material = replace(taken_over(), digests=(replace(BEFORE, at=at("2026-10-01 08:30")),))
    (told,) = (words_of(pieces, material) for pieces in digest.addendum(material, SCHOOL, 1))
    starts = [line.split(":")[0] for line in told.split("\n") if line.startswith("•")]
    assert set(starts) == {"• Vorige praktijkopleider", "• De vorige praktijkopleider wil bespreken"}
    assert Role.TRAINER in {shown.by for shown in a_digest(material, 2).answers}
