"""The end survey in numbers and in words without a name (promises P8, P9), five people or more at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from conversations.messages import Piece, Run, Say
from conversations.model import Role, Wording
from conversations.overview.privacy import HIDDEN, in_fives, without_names
from conversations.question_set import Question
from conversations.school import School
from conversations.tallies import Surveyed

MOST_TEXTS = 10  # in a chat; the file has them all
LONGEST = 200  # characters of one of them
_PLACE = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one question of an end survey, in a team and a school year.

    `people` counts those whose answers are in it; 0 where they were fewer than five.
    """

    team: str
    year: str
    role: Role
    question_set: str
    question: str
    wording: Wording
    people: int
    choices: tuple[tuple[Wording, int], ...] = ()
    texts: tuple[str, ...] = field(default=(), repr=False)


def results(survey: Iterable[Surveyed], school: School) -> tuple[Result, ...]:
    """Count the answers to each question, by team, school year and role."""
    ordered = sorted(survey, key=lambda one: (*_group(one), one.at, one.person))
    return tuple(_result(list(held), school) for _, held in groupby(ordered, key=_group))


def told_lines(found: Iterable[Result], *, texts: bool) -> list[Piece]:
    """Put results in words; `texts` adds what people wrote."""
    said: list[Piece] = []
    for one in found:
        role = Say(id=f"team.survey_{one.role.value}")
        said += [Run("\n\n"), one.wording, Run(" ("), role, Run(", "), *_people(one), Run(")")]
        for label, number in one.choices:
            said += [Run("\n• "), label, Run(f": {number}")]
        if texts:
            said += [Run(f"\n• {_short(text)}") for text in one.texts[:MOST_TEXTS]]
            if more := len(one.texts) - MOST_TEXTS:
                said += [Run("\n"), Say(id="team.survey_more", values={"n": str(more)})] if more > 0 else []
    return said


def _people(one: Result) -> tuple[Piece, ...]:
    few = Say(id="team.survey_few")
    return (Say(id="team.survey_people", values={"n": str(one.people)}),) if one.people else (few,)


def _group(one: Surveyed) -> tuple[str, str, str, str, str]:
    return one.team, one.year, one.role.value, one.question_set, one.question


def _result(held: list[Surveyed], school: School) -> Result:
    shown = in_fives(held, lambda one: one.person)
    first = held[0]
    questions = school.question_sets.get(first.question_set)
    question = questions.question(first.question) if questions else None
    others = {name for one in held for name in one.names}
    written = (without_names(one.text, one.names, others) for one in shown if one.text and one.text.strip())
    return Result(
        team=first.team,
        year=first.year,
        role=first.role,
        question_set=first.question_set,
        question=first.question,
        wording=general(question.text) if question else Wording(nl=first.question, en=first.question),
        people=len({one.person for one in shown}),
        choices=_choices(Counter(choice for one in shown for choice in one.choices), question),
        texts=tuple(sorted(written, key=str.casefold)),  # by letter: no order tells whose is whose
    )


def _choices(counts: Mapping[str, int], question: Question | None) -> tuple[tuple[Wording, int], ...]:
    """Give each choice with how often it was made, in the order of the question."""
    known = {choice.id: choice.label for choice in question.choices} if question else {}
    others = [choice for choice in sorted(counts) if choice not in known]
    labels = known | {choice: Wording(nl=choice, en=choice) for choice in others}
    return tuple((label, counts.get(choice, 0)) for choice, label in labels.items() if counts)


def general(wording: Wording) -> Wording:
    """Give a question as it is put to anybody: without places for a name or a task, and its last sentence."""
    return Wording(nl=_general(wording.nl), en=_general(wording.en))


def _general(text: str) -> str:
    return _PLACE.sub(HIDDEN, text).rsplit(". ", maxsplit=1)[-1]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
