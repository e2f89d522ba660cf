"""A roster as frozen data: people by their identity at the school, stages by their code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from conversations.model import Address, Language, Meeting, Track

Kind = Literal["student", "trainer", "teacher"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a roster: `identity` is studentnummer, e-mail in lower case, or docent_code."""

    kind: Kind
    identity: str = field(repr=False)
    name: str = field(repr=False)
    language: Language = Language.NL
    address: Address = Address.JE


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One stage as a roster has it; student, trainer and teacher are identities."""

    code: str
    student: str = field(repr=False)
    trainer: str = field(repr=False)
    teacher: str = field(repr=False)
    team: str
    programme: str
    track: Track
    company: str
    city: str
    begin: date
    end: date
    days: frozenset[int]  # 0 is Monday
    workday_end: time  # local
    meetings: tuple[Meeting, ...]  # times in UTC
    through_holidays: bool = False
    language: Language = Language.NL  # the student's, as the roster says


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStage:
    """A stage as it is stored, with its three people as the roster last described them."""

    stage: StageRow
    student: Person
    trainer: Person
    teacher: Person
    ended: bool = False
