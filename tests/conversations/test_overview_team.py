"""P7, P8, P9: year beside year, questions that hardly anybody answers, and the end survey without a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.texts import Texts
from conversations import buttons
from conversations.buttons import Does
from conversations.desk import Decision
from conversations.dialogue import decide
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts
from conversations.messages import Message
from conversations.model import Language, ParticipantId, Reach, Role
from conversations.overview.surveys import results
from conversations.overview.team import hardly_answered, monthly_page
from conversations.tallies import Asked, Met, Missing, MonthCounts, QuestionCount, Surveyed, TeamCounts
from tests.conversations.stages import TEACHER, a_person, at
from tests.conversations.telling import SCHOOL

TEXTS = Texts.load()
NOW = at("2026-11-05 12:00")
VOS = replace(a_person(TEACHER, name="Jolanda Vos"), roles=frozenset({Role.COORDINATOR}))
TEAM = TeamCounts(team="Business Events", stages=6, students=6)
TRAINERS, STUDENTS = "trainer/end_survey", "student/end_survey"


def a_chat(*teams: TeamCounts) -> ChatFacts:
    return ChatFacts(me=VOS, stages=(), people={VOS.id: VOS}, slots={}, teams=teams)


def read(decision: Decision, language: Language = Language.NL) -> list[str]:
    reader = replace(VOS, language=language)
    return [TEXTS.render(m.pieces, reader)[0] for m in decision.out if isinstance(m, Message)]


def press(facts: ChatFacts, what: str, number: int | str = 0) -> list[str]:
    data = buttons.encode(Does.TEAM, what, number)
    return read(decide(facts, Pressed(press="p", data=data, message=None, at=NOW), SCHOOL, NOW))


def page_of(team: TeamCounts, month: str = "2026-10") -> str:
    page = monthly_page(team, month, SCHOOL, VOS.id)
    assert page is not None
    return TEXTS.render(page.pieces, VOS)[0]


def a_month(name: str, answered: int, put: int, **changes: object) -> MonthCounts:
    asked = {Role.STUDENT: Asked(people=6, put=put, answered=answered)}
    return MonthCounts(**({"month": name, "students": 6, "asked": asked} | changes))  # type: ignore[arg-type]  # as the test gives them


# ---- /stand -----------------------------------------------------------------------------------------------


def test_each_team_is_a_message_with_its_own_buttons() -> None:
    """A coordinator of two teams sees which button belongs to which."""
    event = Commanded(message=1, name="stand", argument="", at=NOW)
    facts = a_chat(TEAM, replace(TEAM, team="Zorg", stages=7))
    found = decide(facts, event, SCHOOL, NOW)
    assert [text.split("\n")[:2] for text in read(found)] == [
        ["Business Events", "Stages die nu lopen: 6"],
        ["Zorg", "Stages die nu lopen: 7"],
    ]
    assert press(facts, "survey", 1)[0].startswith("Zorg\n")


def test_without_a_running_stage_only_who_is_to_come_is_counted() -> None:
    """Nobody of nobody is no number: it says that no stage is running."""
    event = Commanded(message=1, name="stand", argument="", at=NOW)
    over = replace(TEAM, stages=0, joined={}, not_joined={})
    coming = replace(over, joined={Role.STUDENT: 2}, not_joined={Role.STUDENT: 4})
    found = read(decide(a_chat(over, coming), event, SCHOOL, NOW))
    assert [text.split("\n\n")[0].split("\n")[1:] for text in found] == [
        ["Er loopt nu geen stage."],
        ["Er loopt nu geen stage.", "Studenten die meedoen: 2 van 6"],
    ]


def test_a_coordinator_of_no_team_is_told_so() -> None:
    """A dead end says who can help."""
    event = Commanded(message=1, name="stand", argument="", at=NOW)
    (said,) = read(decide(a_chat(), event, SCHOOL, NOW))
    assert said == "Er is nog geen team met jou verbonden. Je school regelt dat in het bestand van de school."


@pytest.mark.parametrize(("what", "number"), [("who", 2), ("who", "x"), ("who", "²"), ("names", 0)])
def test_a_button_of_another_team_is_an_old_button(what: str, number: int | str) -> None:
    """A place that holds no team of theirs shows nothing."""
    assert press(a_chat(TEAM), what, number) == []


def test_who_is_no_coordinator_gets_nothing_from_these_buttons() -> None:
    """Also where the facts would hold a team."""
    facts = replace(a_chat(TEAM), me=replace(VOS, roles=frozenset({Role.TEACHER})))
    assert press(facts, "year") == []


def test_who_is_not_there_is_named_by_role_with_the_reason() -> None:
    """Whom to call is a name; forty of them fit a phone."""
    away = [Missing(name=f"Student {n:02}", role=Role.STUDENT, reach=Reach.INVITED) for n in range(44)]
    trainer = Missing(name="Ingrid Kuipers", role=Role.TRAINER, reach=Reach.STOPPED)
    (few,) = press(a_chat(replace(TEAM, missing=(trainer, away[0]))), "who")
    (many,) = press(a_chat(replace(TEAM, missing=(trainer, *away))), "who")
    assert few.split("\n")[2:4] == [
        "Student 00 (student): heeft de link nog niet geopend",
        "Ingrid Kuipers (praktijkopleider): is gestopt met de vragen",
    ]
    assert many.split("\n")[42] == "En nog 5."
    (nobody,) = press(a_chat(TEAM), "who")
    assert nobody == "Business Events\nIk kan iedereen in dit team bereiken."


# ---- year beside year -------------------------------------------------------------------------------------


def test_this_year_stands_beside_last_year_up_to_the_same_month() -> None:
    """P7: from August up to and with last month; what came after it last year is not in it."""
    months = (
        a_month("2025-09", 20, 30, met=Met(students=6, planned=6, held=5)),
        a_month("2025-10", 10, 30),
        a_month("2025-11", 900, 900),
        a_month("2026-09", 25, 40, met=Met(students=6, planned=7, held=7)),
        a_month("2026-10", 5, 20),
        a_month("2026-11", 700, 700),
    )
    (said,) = press(a_chat(replace(TEAM, months=months)), "year")
    assert said.split("\n") == [
        "Business Events",
        "Dit schooljaar en vorig schooljaar, t/m oktober 2026",
        "Beantwoord door studenten: 30/60 · vorig jaar 30/60",
        "Gesprekken geweest: 7/7 · vorig jaar 5/6",
        "Signalen opgepakt: 0/0 · vorig jaar 0/0",
    ]


def a_question(name: str, put: int, answered: int, people: int = 9) -> QuestionCount:
    return QuestionCount(question_set="student/aha", question=name, people=people, put=put, answered=answered)


def test_a_question_that_hardly_anybody_answers_is_found() -> None:
    """P7: put twenty times or more to five people or more, and answered less than once in four."""
    found = hardly_answered(
        (
            a_question("usual", 40, 10),
            a_question("rare", 19, 0),
            a_question("of few people", 40, 0, people=4),
            a_question("hard", 40, 9),
            a_question("hardest", 20, 0, people=5),
        )
    )
    assert [one.question for one in found] == ["hardest", "hard"]


def test_the_page_names_the_set_and_the_wording_and_no_number() -> None:
    """P7: what to change stands there; a number would tell of few people from one month to the next."""
    team = replace(TEAM, months=(a_month("2026-10", 5, 20),), questions=(a_question("transfer", 41, 3),))
    wording = SCHOOL.question_sets["student/aha"].question("transfer")
    assert wording is not None
    said = page_of(team).split("Vragen die bijna niemand beantwoordt\n")[1].split("\n\n")[0]
    assert said == f"student/aha: {wording.text.nl}"


# ---- the end survey ---------------------------------------------------------------------------------------


AGAIN = """Wil je na … weer een student begeleiden? (praktijkopleiders, 5 personen)
• Ja: 3
• Misschien: 1
• Nee: 1"""
BETTER = """Wat kan de school beter doen voor jou en een student als …? (praktijkopleiders, 5 personen)
• a
• b
• Bel vaker
• c
• d"""


def answers(
    question: str,
    given: list[str],
    question_set: str = TRAINERS,
    role: Role = Role.TRAINER,
    year: str = "2026",
) -> tuple[Surveyed, ...]:
    """Let so many people answer, one after the other: with a button where it is one, else in words."""
    asked = SCHOOL.question_sets[question_set].question(question)
    known = {choice.id for choice in asked.choices} if asked else set()
    return tuple(
        Surveyed(
            team="Business Events",
            year=year,
            role=role,
            question_set=question_set,
            question=question,
            person=n,
            at=NOW + timedelta(hours=n),
            choices=(one,) if one in known else (),
            text=None if one in known else one,
            names=("Samira El Amrani", "Ingrid Kuipers", "Kees Wouters", "Congrescentrum Amstel"),
        )
        for n, one in enumerate(given)
    )


def counts(survey: tuple[Surveyed, ...]) -> dict[str, int]:
    (found,) = results(survey, SCHOOL)
    return {label.nl: number for label, number in found.choices if number}


def test_marks_of_four_people_are_not_shown() -> None:
    """P8: a distribution begins with five."""
    (found,) = results(answers("grade", ["g7", "g8", "g8", "g9"]), SCHOOL)
    assert (found.people, found.choices, found.texts) == (0, (), ())


def test_marks_of_five_people_are() -> None:
    """P8: each mark with how often it was given; a sixth waits until there are ten."""
    five = ["g7", "g8", "g8", "g9", "g7"]
    assert counts(answers("grade", five)) == {"7": 2, "8": 2, "9": 1}
    assert counts(answers("grade", [*five, "g1"])) == {"7": 2, "8": 2, "9": 1}


def test_teams_years_and_roles_are_counted_apart() -> None:
    """P8: five answers of two groups are of no group."""
    grades = ["g7", "g8", "g9"]
    survey = (
        *answers("grade", grades),
        *answers("grade", grades, year="2025"),
        *answers("grade", grades, STUDENTS, Role.STUDENT),
    )
    assert [one.people for one in results(survey, SCHOOL)] == [0, 0, 0]


def test_what_trainers_wish_has_no_name_and_no_order() -> None:
    """P9: by letter, without the names of people and company; no order tells whose is whose."""
    wishes = [
        "Vaker bellen",
        "met kees was het goed",
        "eerder komen",
        "Samira was top",
        "Amstel is ver",
        "Meer",
    ]
    (found,) = results(answers("better", wishes), SCHOOL)
    assert found.texts == ("eerder komen", "met … was het goed", "Vaker bellen", "… is ver", "… was top")


def test_the_coordinator_reads_the_survey_below_stand() -> None:
    """P8, P9: numbers and words, five people or more; else only that there are too few."""
    survey = (
        *answers("again", ["yes", "yes", "maybe", "no", "yes"]),
        *answers("better", ["Bel\nvaker", "a", "b", "c", "d"]),
        *answers("grade", ["g7"], STUDENTS, Role.STUDENT),
    )
    (said,) = press(a_chat(replace(TEAM, survey=survey)), "survey")
    assert said.split("\n\n") == [
        "Business Events\nEindvragen 2026-2027",
        "Welk cijfer geef je je stage? (studenten, nog minder dan vijf personen, dus geen aantallen)",
        AGAIN,
        BETTER,
    ]


def test_the_monthly_page_has_the_numbers_and_not_the_words() -> None:
    """P8: what trainers wrote is for who asks for it; the page counts."""
    survey = (
        *answers("again", ["yes", "yes", "maybe", "no", "yes"]),
        *answers("better", ["GEHEIM", "a", "b", "c", "d"]),
    )
    page = page_of(replace(TEAM, months=(a_month("2026-10", 5, 20),), survey=survey))
    assert "weer een student begeleiden? (praktijkopleiders, 5 personen)\n• Ja: 3" in page
    assert "GEHEIM" not in page


def test_without_survey_the_coordinator_hears_when_it_comes() -> None:
    """An empty page says why."""
    (said,) = press(a_chat(TEAM), "survey")
    assert said.split("\n")[1].startswith("Nog niemand kreeg de eindvragen")


def test_everything_is_there_in_english() -> None:
    """A coordinator who reads English sees no Dutch."""
    team = replace(TEAM, months=(a_month("2026-10", 5, 20),))
    page = monthly_page(team, "2026-10", SCHOOL, ParticipantId(9))
    assert page is not None
    text = TEXTS.render(page.pieces, replace(VOS, language=Language.EN))[0]
    assert text.split("\n")[:3] == [
        "Business Events · October 2026",
        "Students on a stage: 6",
        "Questions to students: 20. Answered 5, skipped 0, expired 0",
    ]
