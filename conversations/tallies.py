"""Counts of a team, for its coordinator: plain numbers, never a word that somebody wrote (promise P6).

What is shown of them is decided in `conversations.overview`: no number of fewer than five people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from conversations.model import Reach, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A local month or school year as moments: from `begin` up to and without `end`."""

    name: str  # "2026-10", or for a school year "2026"
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of the questions that were put to people; follow-ups and gates do not count."""

    people: int = 0  # how many different people they were put to
    put: int = 0
    answered: int = 0
    skipped: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What became of the meetings that were planned in a month."""

    students: int = 0
    planned: int = 0
    held: int = 0
    moved: int = 0  # whatever became of it then
    missed: int = 0

    @property
    def unknown(self) -> int:
        """Count the meetings of which nobody said yet whether they were held."""
        return self.planned - self.held - self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCounts:
    """What happened in a team in one month. `handed` and `read` are digests."""

    month: str
    students: int = 0  # with a stage that ran in it
    asked: Mapping[Role, Asked] = field(default_factory=dict)
    met: Met = field(default_factory=Met)
    handed: int = 0
    read: int = 0
    signals: int = 0
    acknowledged: int = 0
    escalated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCount:
    """How often a question was put in a team this school year, to how many people, and answered."""

    question_set: str
    question: str
    people: int
    put: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyCount:
    """How many students of a company told of each learning possibility in a month."""

    company: str
    students: int  # who told anything
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """One answer to an end survey: the chosen buttons or the words, without whose it is.

    `person` only tells people apart, and `names` are words that must not stand in what is shown.
    """

    team: str
    year: str  # the school year that began in this year
    role: Role
    question_set: str
    question: str
    person: int
    at: datetime
    choices: tuple[str, ...] = ()
    text: str | None = field(default=None, repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Somebody whom the bot can't reach, and why: who is to be called is no count, but a name."""

    name: str = field(repr=False)
    role: Role
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCounts:
    """What a coordinator may know of a team. `months` are those since August of last school year."""

    team: str
    stages: int = 0
    students: int = 0
    joined: Mapping[Role, int] = field(default_factory=dict)
    not_joined: Mapping[Role, int] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()
    open_signals: int = 0
    months: tuple[MonthCounts, ...] = ()
    questions: tuple[QuestionCount, ...] = ()
    companies: tuple[CompanyCount, ...] = ()
    survey: tuple[Surveyed, ...] = ()
