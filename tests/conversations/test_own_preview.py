"""What a student sees beforehand is what the teacher gets from them: no word more, no word less."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations import digest
from conversations.digest.building import late
from conversations.facts import Material
from conversations.model import MeetingState, Role, Share, Status
from conversations.own import Preview, preview
from conversations.own.preview import in_words, next_meeting, preview_of_rest
from conversations.visibility import Shown
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_stage, at
from tests.conversations.telling import SCHOOL, TEXTS, a_note, asked, sent, the_material
from tests.conversations.test_visibility import Told, stages

FIRST = a_stage().meetings[0]


def previewed(material: Material, now: datetime) -> Preview:
    """Give what the student sees at a moment, of the meeting that comes next."""
    meeting = next_meeting(material.stage, now)
    assert meeting is not None
    return preview(material, SCHOOL, meeting, now)


def words(shown: Preview, material: Material) -> list[str]:
    """Give the lines that the student reads."""
    pieces = in_words(shown, SCHOOL, material.people[STUDENT], material.people[TEACHER])
    return TEXTS.render(pieces, material.people[STUDENT])[0].split("\n")


def of_student(shown: tuple[Shown, ...] | list[Shown]) -> list[Shown]:
    """Keep what the student said."""
    return [one for one in shown if one.by is Role.STUDENT]


@settings(deadline=None)
@given(told=stages(), hours=st.integers(0, 60 * 24))
def test_the_preview_is_what_the_digest_holds_of_the_student(told: Told, hours: int) -> None:
    """At any moment before the digest goes: the same answers, word for word, 💬 and 🔒 apart."""
    now = at("2026-09-07 08:00") + timedelta(hours=hours)
    meeting = next_meeting(told.material.stage, now)
    assert meeting is not None
    material = replace(told.material, digests=tuple(d for d in told.material.digests if d.at <= now))
    material = replace(material, digests=tuple(d for d in material.digests if d.meeting != meeting.number))
    seen, page = previewed(material, now), digest.build(material, SCHOOL, meeting.number, now)
    assert list(seen.shared) == of_student(page.answers)
    assert list(seen.private) == of_student(page.private)
    count = page.header.counts[Role.STUDENT]
    assert seen.silent == count.asked - count.answered
    text = "\n".join(words(seen, material))
    assert [w for one in (*seen.shared, *seen.private) for w in one.texts if w not in text] == []
    assert [w for w in told.trainers if w in text] == []


@settings(deadline=None)
@given(told=stages())
def test_after_the_digest_went_the_preview_is_what_will_be_added(told: Told) -> None:
    """Late answers of the student, until the morning of the meeting."""
    now = FIRST.at - timedelta(hours=3)
    material = replace(told.material, digests=(sent(1, "2026-09-17 08:30"),))
    seen, added = previewed(material, now), late(material, SCHOOL, FIRST)
    assert (list(seen.shared), list(seen.private)) == tuple(map(of_student, added))
    assert seen.added


UNTOLD = {
    "one that never arrived": (FIRST, replace(sent(1, "2026-09-17 08:30"), undelivered=True)),
    "one of before the meeting moved": (
        replace(FIRST, at=at("2026-10-19 10:00"), moved=1),
        sent(1, "2026-09-17 08:30"),
    ),
}


@pytest.mark.parametrize("case", UNTOLD)
def test_a_digest_that_told_nothing_takes_nothing_off_the_preview(case: str) -> None:
    """What the teacher will get is all of it."""
    meeting, record = UNTOLD[case]
    said = asked("student/aha", "2026-09-10 16:30", {"aha": "Aan de balie"}, share=Share.PRIVATE)
    material = the_material(said, digests=(record,))
    material = replace(material, stage=replace(material.stage, meetings=(meeting,)))
    shown = previewed(material, at("2026-09-18 12:00"))
    assert ([one.texts for one in shown.private], shown.added) == ([("Aan de balie",)], False)


def test_silence_is_told_without_blame() -> None:
    """ "2 vragen zonder antwoord": skipped and not answered are the same to the reader."""
    material = the_material(
        asked("student/aha", "2026-09-10 16:30", {"aha": "Balie", "transfer": Status.SKIPPED}),
        asked("student/fits_me", "2026-09-11 16:30", {"fits": Status.OPEN}),
    )
    seen = previewed(material, at("2026-09-16 12:00"))
    assert seen.silent == 2
    assert words(seen, material)[-1] == "En: 2 vragen zonder antwoord. Dat mag."


def test_the_words_tell_apart_what_is_shared_and_what_is_not() -> None:
    """With the question as it was asked, the whole answer and the day; nothing of the trainer."""
    material = the_material(
        asked("student/aha", "2026-09-10 16:30", {"aha": "Ik kan de kassa alleen sluiten"}),
        asked("student/safety", "2026-09-11 16:30", {"steam": "Boos op de baas"}, share=Share.PRIVATE),
        asked("trainer/before_meeting", "2026-09-14 09:00", {"moment": "Zij sloot de kassa"}),
        notes=[
            a_note("Over mijn rooster", "2026-09-12 12:00"),
            a_note("Planning", "2026-09-12 12:00", participant=TRAINER),
        ],
    )
    assert words(previewed(material, at("2026-09-16 12:00")), material) == [
        "Dit krijgt Joost Bakker van jou, zoals het nu is",
        (
            "Je docent krijgt dit op donderdag 17 september. "
            "Op een volle bladzijde staan lange antwoorden korter."
        ),
        "",
        "💬 Mag in het stagegesprek",
        "• Noem één moment van deze week waarop je iets ineens snapte of kon. Wat gebeurde er?",
        "“Ik kan de kassa alleen sluiten” (10 sep)",
        "• Uit jezelf verteld",
        "“Over mijn rooster” (12 sep)",
        "",
        "🔒 Alleen voor je docent, in een apart bericht",
        "• Was er deze week iets waar je boos of moe van werd? Alleen je docent leest je antwoord.",
        "“Boos op de baas” (11 sep)",
    ]


def test_after_the_addendum_nothing_more_is_added() -> None:
    """What comes on the morning itself goes with the next digest."""
    material = the_material(
        asked("student/aha", "2026-09-21 08:30", {"aha": "Balie"}),
        digests=[sent(1, "2026-09-17 08:30", addendum_at=at("2026-09-21 08:00"))],
    )
    seen = previewed(material, at("2026-09-21 09:00"))
    assert (seen.shared, seen.private, seen.added) == ((), (), True)
    assert words(seen, material) == [
        "Joost Bakker heeft de voorbereiding voor dit gesprek al. Er komt van jou niets meer bij."
    ]


def test_the_meeting_that_comes_next_is_one_that_is_planned() -> None:
    """A meeting that was cancelled is passed over; after the last there is none."""
    first, second, third = a_stage().meetings
    stage = a_stage(meetings=(replace(first, state=MeetingState.CANCELLED), second, third))
    assert next_meeting(stage, at("2026-09-08 12:00")) == second
    assert next_meeting(stage, at("2027-01-20 12:00")) is None


def test_after_the_last_meeting_the_preview_is_what_goes_at_the_end() -> None:
    """What a digest told already is not told again; what is for the teacher alone stays apart."""
    material = the_material(
        asked("student/aha", "2026-09-10 16:30", {"aha": "Balie"}),
        asked("student/aha", "2027-01-21 16:30", {"aha": "Kassa"}),
        asked("student/safety", "2027-01-22 16:30", {"steam": "Boos"}),
        digests=[sent(3, "2027-01-14 08:30")],
    )
    seen = preview_of_rest(material, SCHOOL)
    assert [one.texts for one in (*seen.shared, *seen.private)] == [("Kassa",), ("Boos",)]
    assert words(seen, material)[:2] == [
        "Dit krijgt Joost Bakker van jou, zoals het nu is",
        "Er is geen stagegesprek meer gepland. Dit krijgt je docent na je laatste stagedag.",
    ]
