"""Silence is told truthfully, for each person and key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.model import CheckInState, Key, Reach, Reason, Role, Share, Status, Voice
from tests.conversations.stages import STUDENT, TRAINER, a_person
from tests.conversations.telling import (
    Asked,
    a_digest,
    a_note,
    asked,
    block,
    messages,
    recorded,
    sent,
    the_material,
    the_page,
    visited,
)

ASKED = "2026-09-10 16:30"
LEARNING, JUDGED, OPEN = "Leren (sleutel 1)", "Hoe het gaat (sleutel 3)", "Open het gesprek"


def aha(became: Status, **changes: object) -> Asked:
    return asked("student/aha", ASKED, {"aha": became}, **changes)


def why(*said: Asked, key: Key = Key.LEARNING, role: Role = Role.STUDENT) -> str | None:
    """Give the reason for a silence, None where there is none."""
    found = a_digest(the_material(*said)).silence.get((role, key))
    return found.id.removeprefix("digest.silence_") if found else None


@pytest.mark.parametrize(
    ("became", "reason", "words"),
    [
        (Status.EXPIRED, "no_answer", "gevraagd, geen antwoord"),
        (Status.OPEN, "open", "gevraagd, nog geen antwoord"),
        (Status.SKIPPED, "skipped", "overgeslagen"),
        (Status.FAILED, "not_delivered", "gevraagd, niet aangekomen"),
        (Status.UNREACHABLE, "blocked", "niet bereikbaar (heeft de bot geblokkeerd)"),
    ],
)
def test_what_became_of_a_question(became: Status, reason: str, words: str) -> None:
    """Asked, and then."""
    assert why(aha(became)) == reason
    assert block(the_material(aha(became)), LEARNING) == [f"– Samira: {words}"]


WORDS = {
    Reason.HOLIDAY: "niet gevraagd (vakantie)",
    Reason.PAUSED: "niet gevraagd (pauze)",
    Reason.DOWNTIME: "niet gevraagd (de bot stond uit)",
    Reason.FULL_WEEK: "niet gevraagd (hooguit twee vragen per week)",
    Reason.OTHER_OPEN: "niet gevraagd (een eerdere vraag bleef open)",
    Reason.MEETING_PASSED: "niet gevraagd (het was te laat)",
    Reason.STAGE_ENDED: "niet gevraagd (het was te laat)",
    Reason.NO_QUESTION: "niet gevraagd",
    Reason.NOT_DELIVERED: "gevraagd, niet aangekomen",
    Reason.NOT_JOINED: "niet gevraagd (deed toen nog niet mee)",
    Reason.HANDED_OVER: "niet gevraagd (iemand anders begeleidt nu)",
    Reason.BLOCKED: "niet bereikbaar (heeft de bot geblokkeerd)",
    Reason.STOPPED: "niet bereikbaar (is gestopt)",
}


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_why_nothing_was_asked_has_words(reason: Reason) -> None:
    """Each reason that can be recorded; the agenda has an occasion of its own and a reason of its own."""
    agenda = recorded("agenda 1", ASKED, Reason.PAUSED)
    lines = the_page(the_material(recorded("week 1", ASKED, reason), agenda))
    assert {f"– Samira: {WORDS[reason]}", f"Nog niets van Samira: {WORDS[reason]}"} & set(lines) != set()


def test_one_reason_for_everything_is_told_once() -> None:
    """Above the blocks, with nothing more to read about that person below."""
    who_never_joined = [recorded("week 1", ASKED, Reason.NOT_JOINED, participant=TRAINER)]
    away = a_person(TRAINER, reach=Reach.INVITED)
    lines = the_page(the_material(*who_never_joined, aha(Status.EXPIRED), people=[away]))
    assert lines[3] == "Nog niets van de praktijkopleider: niet bereikbaar (doet nog niet mee)"
    assert [line for line in lines if line.startswith("– Praktijkopleider")] == []


def test_who_joined_late_is_not_called_out_of_reach() -> None:
    """The first weeks were not asked; today the trainer can be reached."""
    weeks = [recorded("week 1", ASKED, Reason.NOT_JOINED, participant=TRAINER)]
    lines = the_page(the_material(*weeks, aha(Status.EXPIRED)))
    assert lines[3] == "Nog niets van de praktijkopleider: niet gevraagd (deed toen nog niet mee)"


def test_a_stage_that_nobody_joined_is_told_in_short() -> None:
    """One line says it all; what to ask is still there, and no key is listed as empty."""
    people = [a_person(STUDENT, name="Samira", reach=Reach.INVITED), a_person(TRAINER, reach=Reach.INVITED)]
    weeks = [recorded("week 1", ASKED, Reason.NOT_JOINED)]
    lines = the_page(the_material(*weeks, people=people, stage=visited()))
    assert lines[3:] == [
        "Samira en de praktijkopleider doen nog niet mee. Geef de uitnodiging nog eens.",
        "",
        "Open het gesprek",
        "1. Wanneer komt deze taak aan de beurt: gasten ontvangen en helpen?",
        "2. Samira, welk moment van de laatste weken wil je laten zien?",
        "3. Wat wil Samira de komende weken zelf gaan doen?",
    ]


def test_a_different_reason_a_key_is_told_at_each_key() -> None:
    """Skipped here, no answer there."""
    material = the_material(
        aha(Status.SKIPPED),
        asked("student/self_view", "2026-09-11 16:30", {"self_view": Status.EXPIRED}, task="welcome"),
    )
    assert block(material, LEARNING) == ["– Samira: overgeslagen"]
    assert block(material, JUDGED) == ["– Samira: gevraagd, geen antwoord"]
    assert block(material, OPEN)[0] == "– Wat Samira wil bespreken: niet gevraagd"


def test_a_private_answer_is_no_silence_of_the_student() -> None:
    """It points to the separate message, also beside a question that was skipped."""
    secret = asked("student/aha", ASKED, {"aha": "geheim"}, share=Share.PRIVATE)
    assert why(secret, asked("student/dilemma", "2026-09-11 16:30", {"dilemma": Status.SKIPPED})) == "private"
    page, apart = messages(the_material(secret))
    assert "– Samira: staat in het aparte bericht" in page.split("\n")
    assert ("geheim" in page, "geheim" in apart) == (False, True)


def test_a_note_for_the_teacher_alone_is_no_answered_question() -> None:
    """What the student wants to discuss was written down, for the teacher only."""
    note = a_note("geheim", "2026-09-11 12:00", share=Share.PRIVATE)
    found = a_digest(the_material(notes=[note])).silence[Role.STUDENT, Key.AGENDA]
    assert found.id == "digest.silence_private"


@pytest.mark.parametrize("given", ["Balie", Voice(file="v", seconds=3)])
def test_whoever_said_something_is_not_silent(given: str | Voice) -> None:
    """In words or by voice."""
    assert why(asked("student/aha", ASKED, {"aha": given})) is None


def test_who_can_be_reached_again_goes_before_a_holiday() -> None:
    """The reason that a person can mend."""
    weeks = [recorded(f"week {n}", f"2026-09-{n:02} 16:30", Reason.HOLIDAY) for n in range(7, 10)]
    assert why(*weeks, recorded("week 4", ASKED, Reason.BLOCKED)) == "blocked"


def test_a_holiday_does_not_explain_what_was_never_chosen() -> None:
    """Two other questions were put and one week was a holiday: this key just had no turn."""
    put = [asked("student/guidance", f"2026-09-{day} 16:30", {"helped": ("showed",)}) for day in ("08", "09")]
    assert why(*put, recorded("week 3", ASKED, Reason.HOLIDAY)) == "not_asked"
    assert why(put[0], recorded("week 3", ASKED, Reason.HOLIDAY)) == "holiday"


def test_a_question_that_waited_behind_another_says_so() -> None:
    """The set asks about guidance too, but its first question was never answered."""
    one = asked("trainer/before_meeting", ASKED, {"judgement": Status.EXPIRED}, task="welcome")
    waited = replace(one, check_in=replace(one.check_in, state=CheckInState.EXPIRED))
    assert why(waited, key=Key.GUIDANCE, role=Role.TRAINER) == "other_open"
    assert why(waited, key=Key.JUDGEMENT, role=Role.TRAINER) == "no_answer"


def test_a_question_left_out_for_a_full_week_says_so() -> None:
    """The check-in was finished before its second key."""
    full = asked("student/first_week", ASKED, {"who": ("yes",)}, reason=Reason.FULL_WEEK)
    assert why(full) == "full_week"


def test_a_no_to_more_questions_is_not_a_question_left_open() -> None:
    """The trainer was done: what comes after "Nee, klaar" was not asked."""
    done = asked("trainer/before_meeting", ASKED, {"judgement": ("good",), "more": ("no",)}, task="welcome")
    assert why(done, key=Key.POTENTIAL, role=Role.TRAINER) == "not_asked"


def test_silence_of_an_earlier_time_is_not_told_again() -> None:
    """What nobody answered before the last meeting is past."""
    material = the_material(aha(Status.EXPIRED), digests=[sent(1, "2026-09-17 08:30")])
    assert block(material, LEARNING, 2) == []
    assert the_page(material, 2)[3] == "Nog niets van Samira: niet gevraagd"
