"""P1, K4b: what came of an agreement and of an example of guidance, truthfully, side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conversations import digest
from conversations.dossier import Agreement
from conversations.model import Quote, Share, Status
from tests.conversations.stages import at
from tests.conversations.telling import (
    BEFORE,
    GUIDED,
    OPEN,
    Answer,
    Asked,
    a_digest,
    an_agreement,
    asked,
    block,
    example_of,
    messages,
    quoting,
    the_material,
    visited,
)

AGREED = "Afspraken van vorige keer"
RECEPTION = an_agreement("Samira staat elke dinsdag bij de receptie")
TEXT = "• “Samira staat elke dinsdag bij de receptie” (21 sep)"
EXAMPLE = "Bij de receptie liet ik haar een uur alleen staan"


def student_says(answer: Answer, about: Agreement = RECEPTION, **changes: Any) -> Asked:
    answers = {"agreement": answer}
    return asked("student/agreement", "2026-11-10 16:30", answers, quotes=(quoting(about),), **changes)


def trainer_says(answer: Answer) -> Asked:
    quotes = (quoting(RECEPTION),)
    return asked("trainer/before_meeting", "2026-11-09 16:00", {"agreement": answer}, quotes=quotes)


def agreed(*said: Asked, agreements: tuple[Agreement, ...] = (RECEPTION,)) -> list[str]:
    material = the_material(*said, stage=visited(), digests=[BEFORE], agreements=agreements)
    return block(material, AGREED, 2)


# ---- agreements -----------------------------------------------------------------------------------------


def test_an_agreement_stands_with_what_both_say_of_it() -> None:
    """P1: its text, its day, and whether it was done, by whom."""
    assert agreed(student_says(("partly",)), trainer_says(("yes",))) == [
        TEXT,
        "Gelukt? Samira: Deels · praktijkopleider: Ja",
    ]


def test_an_agreement_that_nobody_was_asked_about_says_so() -> None:
    """P1: not asked is not the same as not answered."""
    assert agreed() == [TEXT, "Gelukt? nog niet gevraagd"]


@pytest.mark.parametrize(
    ("became", "words"),
    [
        (Status.EXPIRED, "gevraagd, geen antwoord"),
        (Status.OPEN, "gevraagd, nog geen antwoord"),
        (Status.SKIPPED, "overgeslagen"),
    ],
)
def test_what_became_of_asking_is_told(became: Status, words: str) -> None:
    """P1: each side has its own words, and the silence of one is not that of the other."""
    assert agreed(student_says(became), trainer_says(("no",)))[1] == (
        f"Gelukt? Samira: {words} · praktijkopleider: Nee"
    )


def test_a_private_answer_stands_apart() -> None:
    """🔒: that there is one, not what it is; and nothing follows from it on the page."""
    material = the_material(
        student_says(("no",), share=Share.PRIVATE), stage=visited(), digests=[BEFORE], agreements=[RECEPTION]
    )
    assert block(material, AGREED, 2)[1] == (
        "Gelukt? Samira: staat in het aparte bericht · praktijkopleider: nog niet gevraagd"
    )
    page, apart = messages(material, 2)
    assert ("Nee" in page, "Nee (10 nov)" in apart) == (False, True)
    found = a_digest(material, 2)
    assert "digest.start_agreed" not in [say.id for say in found.starters]
    assert "digest.first_agreed" not in [say.id for say in found.first]


def test_an_agreement_that_did_not_work_out_comes_back() -> None:
    """P1: first this, and a starter; one that was kept asks for nothing."""
    failed = the_material(student_says(("no",)), stage=visited(), digests=[BEFORE], agreements=[RECEPTION])
    assert "• Een afspraak van vorige keer is niet of maar deels gelukt." in block(failed, "Eerst dit", 2)
    starter = "1. Jullie spraken af: “Samira staat elke dinsdag bij de…”. Wat is daar nog voor nodig?"
    assert block(failed, OPEN, 2)[1] == starter
    kept = the_material(student_says(("yes",)), stage=visited(), digests=[BEFORE], agreements=[RECEPTION])
    assert [line for line in block(kept, "Eerst dit", 2) if "afspraak" in line] == []


def test_whether_an_agreement_was_kept_is_no_wish_for_the_meeting() -> None:
    """It stands with the agreement, and the agenda says truthfully that nothing was asked."""
    material = the_material(student_says(("yes",)), stage=visited(), digests=[BEFORE], agreements=[RECEPTION])
    assert block(material, OPEN, 2)[0] == "– Wat Samira wil bespreken: niet gevraagd"


def test_only_the_last_agreements_are_shown_and_none_that_was_taken_back() -> None:
    """The third meeting looks back at the second."""
    second = an_agreement("Elke week een draaiboek", "2026-11-16 14:30", meeting=2)
    gone = an_agreement("Vergissing", "2026-11-16 14:31", meeting=2, gone=True)
    material = the_material(stage=visited(), agreements=[RECEPTION, second, gone])
    assert block(material, AGREED, 3) == ["• “Elke week een draaiboek” (16 nov)", "Gelukt? nog niet gevraagd"]


def test_a_first_meeting_has_no_agreements_to_look_back_at() -> None:
    """No heading over nothing."""
    assert block(the_material(stage=visited(), agreements=[RECEPTION]), AGREED, 1) == []


def test_the_second_agreement_has_the_answer_of_its_own_question() -> None:
    """Two agreements in one check-in are not mixed up."""
    other = an_agreement("Ingrid legt het draaiboek uit")
    both = asked(
        "student/agreement",
        "2026-11-10 16:30",
        {"agreement": ("yes",), "agreement_2": ("no",)},
        quotes=(quoting(RECEPTION), quoting(other, "afspraak_2")),
    )
    assert agreed(both, agreements=(RECEPTION, other)) == [
        TEXT,
        "Gelukt? Samira: Ja · praktijkopleider: nog niet gevraagd",
        "• “Ingrid legt het draaiboek uit” (21 sep)",
        "Gelukt? Samira: Nee · praktijkopleider: nog niet gevraagd",
    ]


# ---- an example of guidance -----------------------------------------------------------------------------


def chose(when: str = "2026-11-09 16:00", consent: Answer = ("yes",), text: str = EXAMPLE) -> Asked:
    answers: dict[str, Answer] = {"judgement": ("good",), "moment": "Bij de balie", "strategy": ("entrust",)}
    answers |= {"reason": "Ze keek vooruit", "guided": text, "consent": consent}
    return asked("trainer/before_meeting", when, answers, task="welcome")


def recognises(example: Quote, answer: Answer, when: str = "2026-11-11 16:30", **changes: Any) -> Asked:
    return asked("student/recognise", when, {"recognise": answer}, quotes=(example,), **changes)


def guided(*said: Asked) -> list[str]:
    return block(the_material(*said, stage=visited(), digests=[BEFORE]), GUIDED, 2)


def test_choice_judgement_example_and_whether_the_student_recognises_it() -> None:
    """K4b, K4c: the whole loop in four lines."""
    one = chose()
    assert guided(one, recognises(example_of(one), ("partly",)))[:4] == [
        "• Praktijkopleider koos: Werk toevertrouwen (9 nov) | oordeel: Goed",
        f"• Voorbeeld: “{EXAMPLE}”",
        "Herkent Samira dit? Een beetje",
        "• Waarom: “Ze keek vooruit”",
    ]


@pytest.mark.parametrize(
    ("consent", "words"),
    [
        (("no",), "niet gevraagd (dat wilde de praktijkopleider niet)"),
        (("yes",), "nog niet gevraagd"),
        (Status.EXPIRED, "niet gevraagd"),
    ],
)
def test_why_the_student_was_not_asked(consent: Answer, words: str) -> None:
    """K4b: without consent the student is not asked, and the page says so."""
    assert guided(chose(consent=consent))[2] == f"Herkent Samira dit? {words}"


def test_without_consent_the_example_is_not_read_out_in_the_meeting() -> None:
    """K4b: the page is for the teacher; a starter is said where the student hears it."""
    refused = the_material(chose(consent=("no",)), stage=visited(), digests=[BEFORE])
    assert [line for line in block(refused, OPEN, 2) if EXAMPLE[:20] in line] == []
    allowed = the_material(chose(), stage=visited(), digests=[BEFORE])
    assert [line for line in block(allowed, OPEN, 2) if EXAMPLE[:20] in line] != []


def test_a_private_answer_to_the_example_stands_apart() -> None:
    """🔒: the trainer never hears it from the page."""
    one = chose()
    secret = recognises(example_of(one), ("no",), share=Share.PRIVATE)
    assert guided(one, secret)[2] == "Herkent Samira dit? staat in het aparte bericht"


def test_an_example_of_before_comes_back_with_what_the_student_says_of_it() -> None:
    """K4b: given just before one meeting, recognised only after it."""
    old = chose("2026-09-14 16:00")
    lines = guided(old, recognises(example_of(old), ("yes",), "2026-09-24 16:30"))
    assert lines[:2] == [f"• Voorbeeld: “{EXAMPLE}” (14 sep)", "Herkent Samira dit? Ja"]


def test_an_answer_of_after_the_page_is_not_on_it() -> None:
    """Printed again it says what it said."""
    one = chose()
    late = recognises(example_of(one), ("yes",), "2026-11-11 16:30")
    sent_before = replace(BEFORE, meeting=2, at=at("2026-11-11 16:35"))
    material = the_material(one, late, stage=visited(), digests=[BEFORE, sent_before])
    assert block(material, GUIDED, 2)[2] == "Herkent Samira dit? gevraagd, nog geen antwoord"


def test_the_data_tell_the_same() -> None:
    """For programs: an answer, or why there is none."""
    one = chose(consent=("no",))
    material = the_material(
        one, student_says(("partly",)), stage=visited(), digests=[BEFORE], agreements=[RECEPTION]
    )
    data = digest.as_json(a_digest(material, 2))
    assert data["guidance"]["recognised"] == {"why": "no_consent"}
    (kept,) = data["agreed"]
    assert (kept["done"]["student"]["choices"], kept["done"]["trainer"]) == (
        ["partly"],
        {"why": "not_yet_asked"},
    )
