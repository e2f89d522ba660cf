"""The people of a roster: met in many rows, and the same in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.roster.model import Finding, Problem
from bot.roster.row import RosterRow
from conversations.model import Address, Language
from conversations.roster import Kind, Person


@dataclass(frozen=True, slots=True)
class _Met:
    """Somebody as the first row had them; `facts` holds, by column, what other rows must repeat."""

    row: int
    person: Person
    facts: dict[str, str | date]


@dataclass(slots=True)
class People:
    """Everybody met so far, by kind and identity."""

    _met: dict[tuple[Kind, str], _Met] = field(default_factory=dict, repr=False)

    def meet(self, number: int, row: RosterRow) -> Iterator[Finding]:
        """Take in the three people of a row; give where one differs from the row that had them first."""
        for identity_column, met in _people_of(number, row):
            key = (met.person.kind, met.person.identity)
            first = self._met.setdefault(key, met)
            for column, fact in met.facts.items():
                if fact != first.facts[column]:
                    yield Finding(
                        row=number,
                        column=column,
                        problem=Problem.PERSON_DIFFERS,
                        details={"other": first.row, "identity": identity_column},
                    )

    def all(self) -> tuple[Person, ...]:
        """Give everybody once, in the order of the file."""
        return tuple(met.person for met in self._met.values())


def _people_of(number: int, row: RosterRow) -> Iterator[tuple[str, _Met]]:
    """Give student, trainer and teacher, each with the column of their identity.

    Trainers and teachers start in Dutch: taal is the student's language.
    """
    student = Person(
        kind="student",
        identity=row.student,
        name=row.student_name,
        language=row.language,
        address=Address.JE,
    )
    trainer = Person(
        kind="trainer",
        identity=row.trainer,
        name=row.trainer_name,
        language=Language.NL,
        address=row.address,
    )
    teacher = Person(
        kind="teacher",
        identity=row.teacher,
        name=row.teacher_name,
        language=Language.NL,
        address=Address.JE,
    )
    yield (
        "studentnummer",
        _Met(
            number,
            student,
            {"student": row.student_name, "geboortedatum": row.birth, "taal": row.language},
        ),
    )
    yield (
        "praktijkopleider_email",
        _Met(number, trainer, {"praktijkopleider": row.trainer_name, "aanspreekvorm": row.address}),
    )
    yield "docent_code", _Met(number, teacher, {"docent": row.teacher_name})
