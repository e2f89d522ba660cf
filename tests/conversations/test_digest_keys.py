"""The blocks of the four keys: what the page shows of what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.model import Quote, Share, Status, Voice
from tests.conversations.telling import (
    FIRST_WEEK,
    GUIDED,
    JUDGED,
    LEARNING,
    POSSIBLE,
    Asked,
    asked,
    of_student,
    of_trainer,
    shown,
)

# ---- key 1 ----------------------------------------------------------------------------------------------


def test_two_quotes_the_newest_moment_and_the_newest_of_the_rest() -> None:
    """K1a, K1b: with the question as it was asked, where else it can be used, and the day."""
    assert shown(
        LEARNING,
        of_student("aha", "2026-09-24 16:30", aha="Oud moment"),
        of_student("dilemma", "2026-10-01 16:30", dilemma="Gast zonder badge", question="Wie bestelt?"),
        of_student("aha", "2026-10-08 16:30", aha="Bel een dag eerder", transfer="Bij de open dag"),
    ) == [
        "• Noem één moment van deze week waarop je iets ineens snapte of kon. Wat gebeurde er?",
        "“Bel een dag eerder” (8 okt)",
        "Ook bij: “Bij de open dag”",
        "• Welke vraag over je werk wil je nog aan iemand stellen?",
        "“Wie bestelt?” (1 okt)",
    ]


def test_without_other_words_two_moments() -> None:
    """Two quotes where there are two."""
    lines = shown(
        LEARNING,
        of_student("aha", "2026-09-24 16:30", aha="Eerste"),
        of_student("aha", "2026-10-08 16:30", aha="Tweede"),
    )
    assert lines[1::2] == ["“Tweede” (8 okt)", "“Eerste” (24 sep)"]


def test_a_follow_up_stands_with_its_answer() -> None:
    """The short answer and the example are one quote."""
    one = of_student("aha", "2026-10-08 16:30", aha="De balie")
    more = replace(one.replies[0], question="aha.example", text="Ik mocht alleen staan")
    lines = shown(LEARNING, replace(one, replies=(*one.replies, more)))
    assert lines[1] == "“De balie / Ik mocht alleen staan” (8 okt)"


def test_a_voice_message_without_text_is_told_by_its_length() -> None:
    """Nobody listened to it: the page doesn't pretend to know what was said."""
    lines = shown(LEARNING, of_student("aha", "2026-10-08 16:30", aha=Voice(file="v", seconds=12)))
    assert lines[1] == "spraakbericht van 12 seconden (8 okt)"


def test_a_late_answer_is_marked() -> None:
    """Late answers count and are marked."""
    late = asked("student/aha", "2026-10-08 16:30", {"aha": "Toch nog"}, later=timedelta(days=7))
    assert shown(LEARNING, late)[1] == "“Toch nog” (15 okt, te laat)"


def test_feelings_over_time_with_the_one_of_last_time() -> None:
    """K1c: the change between meetings, and why the last one felt so; "nog niet gedaan" is no feeling."""
    assert shown(
        LEARNING,
        of_student("task_feeling", FIRST_WEEK, "welcome", feeling=("exciting",), why="Bang"),
        of_student("task_feeling", "2026-10-01 16:30", "room", feeling=("boring",), why="Stoelen"),
        of_student("task_feeling", "2026-10-22 16:30", "plan", feeling=("proud",), why="Het klopte"),
        of_student("task_feeling", "2026-10-29 16:30", "costs", feeling=("not_done",)),
    ) == [
        (
            "• Gevoel: Spannend (vorige keer) → Saai (1 okt, een zaal klaarmaken voor een evenement)"
            " → Trots (22 okt, een draaiboek maken)"
        ),
        "“Het klopte” (22 okt)",
    ]


def test_whether_the_work_suits_with_what_was_said_last_time() -> None:
    """K1c: a change, with the reason of now."""
    assert shown(
        LEARNING,
        of_student("fits_me", FIRST_WEEK, fits=("unsure",), why="Net begonnen"),
        of_student("fits_me", "2026-10-29 16:30", fits=("yes",), why="Ik hou van drukte"),
    ) == ["• Past het werk bij Samira? Ja (vorige keer: Weet ik niet)", "“Ik hou van drukte” (29 okt)"]


def test_the_same_as_last_time_is_said_in_short() -> None:
    """No change is worth knowing too."""
    assert shown(
        LEARNING,
        of_student("fits_me", FIRST_WEEK, fits=("yes",)),
        of_student("fits_me", "2026-10-29 16:30", fits=("yes",)),
    ) == ["• Past het werk bij Samira? Ja (vorige keer ook)"]


def test_what_was_said_only_before_makes_no_trend() -> None:
    """K1c: a change needs two words that somebody said; silence is not "the same"."""
    assert shown(
        LEARNING,
        of_student("task_feeling", FIRST_WEEK, "welcome", feeling=("exciting",), why="Bang"),
        of_student("fits_me", FIRST_WEEK, fits=("unsure",), why="Net begonnen"),
        of_student("task_feeling", "2026-10-01 16:30", "room", feeling=Status.EXPIRED),
        of_student("fits_me", "2026-10-08 16:30", fits=Status.SKIPPED),
    ) == ["– Samira: gevraagd, geen antwoord"]


def test_the_teachers_own_question_is_always_quoted() -> None:
    """P5: what the teacher asked goes before newer answers to other questions."""
    question = Quote(place="vraag", text="Hoe plan je je week?", source=1)
    extra = asked("student/extra", "2026-09-24 16:30", {"extra": "Met een lijstje"}, quotes=(question,))
    newer = of_student("dilemma", "2026-10-01 16:30", dilemma="Een gast zonder badge")
    assert shown(LEARNING, extra, newer) == [
        "• Je docent vraagt: Hoe plan je je week?",
        "“Met een lijstje” (24 sep)",
        "• Wanneer wist je deze week niet goed wat je moest doen? Vertel wat je toen koos.",
        "“Een gast zonder badge” (1 okt)",
    ]


# ---- key 2 ----------------------------------------------------------------------------------------------

WATCHED = of_student("possibilities", "2026-10-01 16:30", possible=("watch",), wish="Een draaiboek maken")
HELPED = of_student("possibilities", "2026-10-22 16:30", possible=("with_help",))


def test_the_four_possibilities_side_by_side_with_the_difference() -> None:
    """K2b: what the student could in any week beside what the trainer says."""
    lines = shown(
        POSSIBLE, WATCHED, HELPED, of_trainer("2026-11-09 09:00", possible=("talk", "watch", "with_help"))
    )
    assert lines[:6] == [
        "Samira | praktijkopleider",
        "Praten over het werk: nee | ja ← verschil",
        "Meekijken met iemand: ja | ja",
        "Werk doen met hulp: ja | ja",
        "Werk doen zonder hulp: nee | nee",
        "• Samira wil leren: “Een draaiboek maken” (1 okt)",
    ]


def test_the_trainers_answer_of_before_stands_beside_the_students() -> None:
    """K2b: the trainer is asked again only at the optional end; then the last answer says it is old."""
    lines = shown(POSSIBLE, HELPED, of_trainer("2026-09-14 09:00", possible=("alone",)))
    assert lines[0] == "Samira | praktijkopleider (vorige keer)"
    assert lines[4] == "Werk doen zonder hulp: nee | ja ← verschil"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (HELPED, "• Samira kon: Werk doen met hulp"),
        (
            of_trainer("2026-11-09 09:00", possible=("talk", "watch")),
            "• Kan volgens de praktijkopleider: Praten over het werk, Meekijken met iemand",
        ),
        (
            of_student("possibilities", "2026-10-22 16:30", possible=("none",)),
            "• Samira kon: niets van de vier mogelijkheden",
        ),
    ],
)
def test_one_side_alone_is_told_as_such(said: Asked, line: str) -> None:
    """Nothing is put beside a silence."""
    assert shown(POSSIBLE, said)[0] == line


def test_tasks_side_by_side_and_by_name_where_nobody_did_them() -> None:
    """P2: how many each says stand how, then not yet, impossible, private and nothing heard, by number."""
    secret = asked(
        "student/task_practised",
        "2026-10-15 16:30",
        {"practised": ("alone",)},
        task="safety",
        share=Share.PRIVATE,
    )
    lines = shown(
        POSSIBLE,
        of_trainer("2026-09-14 09:00", judgement=("practising",), moment="Balie"),
        of_student("task_practised", "2026-09-24 16:30", "room", practised=("with_help",)),
        of_student("task_practised", "2026-10-01 16:30", "plan", practised=("not_yet",)),
        of_student("task_practised", "2026-10-08 16:30", "costs", practised=("impossible",)),
        secret,
    )
    assert lines[:6] == [
        "• Examentaken: Samira | praktijkopleider",
        (
            "Met hulp: 1 | 1 · Nog niet: 1 | 0 · Kan hier niet: 1 | 0 · Apart bericht: 1 | 0"
            " · Niets gezegd: 4 | 7"
        ),
        "• Nog niet gedaan: 1/8 (een draaiboek maken)",
        "• Kan hier niet: 1/8 (de kosten van een evenement bijhouden)",
        (
            "• Examentaken nog niet genoemd: 3/8 (afspraken maken met leveranciers; eten en drinken regelen;"
            " een evenement nabespreken en verbeteringen noemen)"
        ),
    ]


# ---- key 3 ----------------------------------------------------------------------------------------------


def test_tasks_that_both_name_differently_are_named() -> None:
    """P2, K2b: with what each says of them."""
    lines = shown(
        POSSIBLE,
        asked("student/coverage", "2026-10-22 16:30", {"coverage": ("plan=not_yet", "room=alone")}),
        asked("trainer/coverage", "2026-10-22 16:00", {"coverage": ("plan=with_help", "room=alone")}),
    )
    assert lines[:3] == [
        "• Examentaken: Samira | praktijkopleider",
        "Zelf: 1 | 1 · Met hulp: 0 | 1 · Nog niet: 1 | 0 · Niets gezegd: 6 | 6",
        "• Verschil bij 1/8 (een draaiboek maken: Nog niet | Met hulp)",
    ]


def test_judgement_beside_self_view_with_both_examples_and_the_change() -> None:
    """K3a: verbatim, dated, with what both said last time."""
    lines = shown(
        JUDGED,
        of_trainer("2026-09-14 09:00", judgement=("practising",), moment="Toen"),
        of_student("self_view", FIRST_WEEK, "welcome", self_view=("practising",)),
        of_student("self_view", "2026-10-08 16:30", "welcome", self_view=("sufficient",), moment="40 gasten"),
        of_trainer("2026-11-09 09:00", judgement=("good",), moment="Bleef rustig", general=("good",)),
    )
    assert lines == [
        "Praktijkopleider | Samira",
        (
            "• gasten ontvangen en helpen: Goed (vorige keer: Oefent nog)"
            " | Voldoende (vorige keer: Ik oefen nog)"
        ),
        "Praktijkopleider: “Bleef rustig” (9 nov)",
        "Samira: “40 gasten” (8 okt)",
        "• In het algemeen: Goed",
    ]


def test_a_side_that_said_nothing_now_shows_what_it_said_before() -> None:
    """Old beside new, and named as old."""
    assert (
        shown(
            JUDGED,
            of_student("self_view", FIRST_WEEK, "welcome", self_view=("practising",)),
            of_trainer("2026-11-09 09:00", judgement=("good",), moment=Status.SKIPPED),
        )[1]
        == "• gasten ontvangen en helpen: Goed | vorige keer: Ik oefen nog"
    )


def test_a_judgement_without_a_moment_says_so() -> None:
    """K3a: "zonder voorbeeld", but not where nothing was seen, nor where the example was spoken."""
    without = of_trainer("2026-11-09 09:00", judgement=("good",), moment=Status.EXPIRED)
    assert shown(JUDGED, without)[2] == "Praktijkopleider: zonder voorbeeld"
    unseen = of_trainer("2026-11-09 09:00", judgement=("not_seen",))
    assert shown(JUDGED, unseen)[1:] == ["• gasten ontvangen en helpen: Nog niet gezien | –"]
    spoken = of_trainer("2026-11-09 09:00", judgement=("good",), moment=Voice(file="v", seconds=9))
    assert shown(JUDGED, spoken)[2] == "Praktijkopleider: spraakbericht van 9 seconden (9 nov)"


def test_the_widest_difference_comes_first() -> None:
    """Two minutes: the tasks to talk about are on top."""
    lines = shown(
        JUDGED,
        of_student("self_view", "2026-10-01 16:30", "room", self_view=("good",)),
        of_student("self_view", "2026-10-08 16:30", "plan", self_view=("good",)),
        of_trainer("2026-11-09 09:00", "plan", judgement=("practising",), moment="Vergat de catering"),
    )
    tasks = [line.split(":")[0] for line in lines if line.startswith("•")]
    assert tasks == ["• een draaiboek maken", "• een zaal klaarmaken voor een evenement"]


def test_first_impression_and_expectation_are_named() -> None:
    """The trainer's own criteria, in the first weeks."""
    first = asked(
        "trainer/first_impression",
        FIRST_WEEK,
        {"impression": "Helpt meteen", "expectation": "Draait zelf een bijeenkomst"},
    )
    assert shown(JUDGED, first, number=1)[:2] == [
        "• Eerste indruk: “Helpt meteen” (10 sep)",
        "• Verwacht aan het einde: “Draait zelf een bijeenkomst” (10 sep)",
    ]


def test_words_instead_of_a_button_are_shown() -> None:
    """Who typed at a question with buttons said something too."""
    lines = shown(JUDGED, of_trainer("2026-11-09 09:00", judgement="Lastig te zeggen", moment="Balie"))
    assert lines[1] == "• gasten ontvangen en helpen: “Lastig te zeggen” | –"


# ---- key 4 ----------------------------------------------------------------------------------------------


def test_choice_and_judgement_stand_on_one_line() -> None:
    """K4b, K4c: with example, reason and the student's side."""
    assert shown(
        GUIDED,
        of_student("guidance", "2026-10-01 16:30", helped=("took_part",), next=("own_work",)),
        of_trainer(
            "2026-11-09 09:00",
            judgement=("good",),
            moment="Balie",
            strategy=("entrust",),
            guided="Gaf haar de sleutel",
            reason="Ze keek vooruit",
        ),
    ) == [
        "• Praktijkopleider koos: Werk toevertrouwen (9 nov) | oordeel: Goed",
        "• Voorbeeld: “Gaf haar de sleutel”",
        "Herkent Samira dit? niet gevraagd",
        "• Waarom: “Ze keek vooruit”",
        "• Samira over de hulp: Liet mij meedoen",
        "• Samira wil vaker: Zelf doen",
    ]


def test_with_several_judgements_the_line_names_the_task() -> None:
    """K4c: which judgement the choice went with."""
    lines = shown(
        GUIDED,
        of_trainer("2026-10-09 09:00", "plan", judgement=("practising",), moment="Oud"),
        of_trainer("2026-11-09 09:00", judgement=("good",), moment="Balie", strategy=("show",)),
    )
    line = "• Praktijkopleider koos: Werk laten zien (9 nov) | oordeel: Goed (gasten ontvangen en helpen)"
    assert lines[0] == line


def test_whom_to_ask_is_told() -> None:
    """P4: "een beetje" stands in key 4; a "nee" goes first and is not repeated."""
    partly = of_student("first_week", FIRST_WEEK, who=("partly",))
    assert shown(GUIDED, partly, number=1)[0] == "• Weet Samira wie kan helpen? Een beetje"
    nobody = of_student("first_week", FIRST_WEEK, who=("no",))
    assert shown(GUIDED, nobody, number=1) == []


def test_a_question_of_the_schools_own_is_shown_as_it_was_asked() -> None:
    """A new question set is one file: its answers reach the page without code."""
    one = of_trainer("2026-11-09 09:00", strategy=("show",))
    own = replace(one.replies[0], question="better", wording="Wat kan beter?", text="Op tijd", choices=())
    lines = shown(GUIDED, replace(one, replies=(*one.replies, own)))
    assert lines[1:3] == ["• Wat kan beter?", "“Op tijd” (9 nov)"]
