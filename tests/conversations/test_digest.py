"""The page for a meeting: what each block shows of what was said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conversations import digest
from conversations.model import Language, Place, Share, Status
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_stage
from tests.conversations.telling import (
    FIRST_WEEK,
    OPEN,
    POSSIBLE,
    a_digest,
    a_note,
    asked,
    block,
    messages,
    of_student,
    of_trainer,
    the_material,
    the_page,
    visited,
)

# ---- header ---------------------------------------------------------------------------------------------


def test_the_header_tells_who_where_and_when() -> None:
    """First name, company, meeting, weekday, place, week and what was answered of what was asked."""
    material = the_material(
        of_student("first_week", FIRST_WEEK, who=("yes",), first=Status.EXPIRED),
        of_trainer("2026-09-14 09:00", judgement=("good",), moment=Status.OPEN, more=("no",)),
        stage=visited(),
    )
    assert the_page(material)[:3] == [
        "Samira · Congrescentrum Amstel",
        "Stagegesprek 1 van 3: ma 21 sep 10:00, bij het leerbedrijf",
        "Week 3 van 21 · beantwoord: Samira 1/2, praktijkopleider 1/2",
    ]


@pytest.mark.parametrize(("place", "words"), [("online", "online"), ("phone", "telefonisch")])
def test_the_header_tells_the_place(place: str, words: str) -> None:
    """K2a: each place in words."""
    meetings = tuple(replace(m, place=Place(place)) for m in a_stage().meetings)
    line = the_page(the_material(stage=a_stage(meetings=meetings)), 3)[1]
    assert line == f"Stagegesprek 3 van 3: ma 18 jan 15:00, {words}"


def test_a_stage_with_one_meeting_says_so() -> None:
    """Not every stage has three."""
    material = the_material(stage=a_stage(meetings=visited().meetings[:1]))
    assert the_page(material)[1] == "Stagegesprek 1 van 1: ma 21 sep 10:00, bij het leerbedrijf"


def test_a_page_in_english() -> None:
    """A teacher who reads English."""
    reader = a_person(TEACHER, language=Language.EN)
    material = the_material(
        of_student("aha", FIRST_WEEK, aha="Badges op alfabet"), stage=visited(), people=[reader]
    )
    assert the_page(material)[:9] == [
        "Samira · Congrescentrum Amstel",
        "Meeting 1 of 3: Mon 21 Sep 10:00, at the company",
        "Week 3 of 21 · answered: Samira 1/1, trainer no question yet",
        "Nothing from the trainer yet: not asked",
        "",
        "Learning (key 1)",
        "• Noem één moment van deze week waarop je iets ineens snapte of kon. Wat gebeurde er?",
        "“Badges op alfabet” (10 Sep)",
        "",
    ]


# ---- opening the meeting --------------------------------------------------------------------------------


def test_what_they_want_to_discuss_stands_above_the_openings() -> None:
    """Answers to the agenda question, notes, and what a trainer typed, each by name."""
    material = the_material(
        of_student("agenda", "2026-09-16 16:30", agenda="Vaker bij de opbouw"),
        notes=[
            a_note("Mijn rooster", "2026-09-15 12:00"),
            a_note("De sleutel", "2026-09-14 12:00", participant=TRAINER),
        ],
    )
    assert block(material, OPEN)[:3] == [
        "• Ingrid Kuipers wil bespreken: “De sleutel” (14 sep)",
        "• Samira wil bespreken: “Mijn rooster” (15 sep)",
        "• Samira wil bespreken: “Vaker bij de opbouw” (16 sep)",
    ]


# ---- texts as they are ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<b>vet</b> & <script>alert(1)</script>",
        "[klik](tg://user?id=1) *ster* _streep_",
        "{naam} {0} %s {taak} {}",
        "شغل 👨‍👩‍👧 œ en meer dan dat",
    ],
)
def test_a_quote_is_verbatim(text: str) -> None:
    """Markup, links, places and emoji stand there as they were typed, in quotes and in openings."""
    material = the_material(of_student("aha", FIRST_WEEK, aha=text))
    assert f"“{text}” (10 sep)" in the_page(material)
    assert f"Vertel eens over “{text}”, Samira." in block(material, OPEN)[1]


def test_a_private_text_keeps_its_lines() -> None:
    """The separate message cuts nothing and changes nothing."""
    text = "Regel een\n\nRegel twee " + "x" * 5000
    private = asked("student/safety", FIRST_WEEK, {"steam": text})
    page, apart = messages(the_material(private))
    assert text in apart
    assert "Regel" not in page


def test_the_separate_message_has_its_heading_question_and_notes() -> None:
    """Headed so that nobody reads it aloud; there is none without anything private."""
    private = asked("student/guidance", FIRST_WEEK, {"helped": ("little_help",)}, share=Share.PRIVATE)
    note = a_note("Ik durf het niet", "2026-09-11 12:00", share=Share.PRIVATE)
    assert messages(the_material(private, notes=[note]))[1].split("\n") == [
        "🔒 Over Samira, alleen voor jou: niet noemen waar de praktijkopleider bij is",
        "• Wat deed je begeleider op je stage deze week het meest?",
        "Gaf weinig hulp (10 sep)",
        "• Uit zichzelf",
        "“Ik durf het niet” (11 sep)",
    ]
    assert len(messages(the_material())) == 1


# ---- as data --------------------------------------------------------------------------------------------


def test_the_data_hold_every_text_in_full() -> None:
    """What the page cuts, and what it has no room for."""
    long = "lang " * 200
    material = the_material(
        *(of_student("aha", f"2026-09-{day} 16:30", aha=f"{day} {long}") for day in range(10, 16)),
        asked("student/safety", "2026-09-16 16:30", {"steam": f"geheim {long}"}),
    )
    data = digest.as_json(a_digest(material))
    assert [answer["texts"][0] for answer in data["answers"]] == [f"{day} {long}" for day in range(10, 16)]
    assert data["private"][0]["texts"] == [f"geheim {long}"]
    assert json.loads(json.dumps(data)) == data


def test_the_data_name_rules_and_reasons() -> None:
    """Programs read ids, not sentences."""
    material = the_material(of_trainer("2026-09-14 09:00", judgement=("good",), general=("worried",)))
    data = digest.as_json(a_digest(material))
    assert data["first"][0] == {
        "id": "first_general",
        "trainer": "Ingrid Kuipers",
        "said": "Ik maak me zorgen",
    }
    assert data["answered"]["trainer"] == {"answered": 2, "asked": 2}
    assert data["tasks"][0]["judgement"]["now"]["choices"] == ["good"]
    assert {"role": "student", "key": "learning", "why": "not_asked"} in data["silence"]
    assert [starter["id"] for starter in data["starters"]] == ["start_task", "start_moment", "start_next"]


def test_an_empty_stage_gives_a_page_all_the_same() -> None:
    """Nothing asked, nothing said: who, when, what was not heard, and three openings."""
    assert the_page(the_material(stage=visited())) == [
        "Samira · Congrescentrum Amstel",
        "Stagegesprek 1 van 3: ma 21 sep 10:00, bij het leerbedrijf",
        "Week 3 van 21 · beantwoord: Samira nog geen vraag, praktijkopleider nog geen vraag",
        "Nog niets van Samira: niet gevraagd",
        "Nog niets van de praktijkopleider: niet gevraagd",
        "",
        "Mogelijkheden (sleutel 2)",
        (
            "• Examentaken nog niet genoemd: 8/8 (gasten ontvangen en helpen;"
            " een zaal klaarmaken voor een evenement; een draaiboek maken; en nog 5)"
        ),
        "",
        "Kijk op bezoek naar",
        "• wat Samira hier mag doen (nog niets over gehoord)",
        "• deze taak: gasten ontvangen en helpen (nog niets over gehoord)",
        "• deze taak: een zaal klaarmaken voor een evenement (nog niets over gehoord)",
        "",
        "Open het gesprek",
        "1. Wanneer komt deze taak aan de beurt: gasten ontvangen en helpen?",
        "2. Samira, welk moment van de laatste weken wil je laten zien?",
        "3. Wat wil Samira de komende weken zelf gaan doen?",
    ]


def test_a_programme_that_is_gone_leaves_the_tasks_out() -> None:
    """A stage of an opleiding that the school no longer has."""
    material = the_material(
        of_student("aha", FIRST_WEEK, aha="Balie"), stage=a_stage(programme="weg"), people=[a_person(STUDENT)]
    )
    assert a_digest(material).tasks == ()
    assert block(material, POSSIBLE) == ["– student: niet gevraagd"]
