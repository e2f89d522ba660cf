"""Everything a school configures, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conversations.calendar import SchoolCalendar
from conversations.model import Programme, Role
from conversations.question_set import Occasion, QuestionSet
from conversations.safety_words import SafetyWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or a reporting point with how to reach it, as shown to people."""

    name: str
    phone: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinator:
    """The coordinator of some teams; a `code` that is a docent_code too makes them the same person."""

    code: str
    name: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept: text in days after the stage ends, digests until a day of the year."""

    text_days: int = 90
    digests_until: tuple[int, int] = (7, 31)  # month, day
    invitation_days: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The school's own file, completed with question sets and programmes."""

    name: str
    calendar: SchoolCalendar
    question_sets: Mapping[str, QuestionSet]
    programmes: Mapping[str, Programme]
    coordinators: tuple[Coordinator, ...] = ()
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    retention: Retention = field(default_factory=Retention)
    privacy_url: str = ""
    safety_words: SafetyWords = field(default_factory=SafetyWords)
    asked_on: Mapping[Role, frozenset[Occasion]] = field(init=False, repr=False, compare=False)
    _sets: Mapping[tuple[Role, Occasion], tuple[QuestionSet, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Note once which question sets there are for each role and occasion."""
        sets: dict[tuple[Role, Occasion], tuple[QuestionSet, ...]] = {}
        for one in self.question_sets.values():
            place = one.role, one.occasion
            sets[place] = (*sets.get(place, ()), one)
        asked_on = {role: frozenset(occasion for r, occasion in sets if r is role) for role in Role}
        object.__setattr__(self, "_sets", sets)
        object.__setattr__(self, "asked_on", asked_on)

    def sets_for(self, role: Role, occasion: Occasion) -> tuple[QuestionSet, ...]:
        """Give the question sets that may be put to a role on an occasion."""
        return self._sets.get((role, occasion), ())
