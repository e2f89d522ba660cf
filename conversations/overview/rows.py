"""What may be shown of a month, and of a school year: only months in which five people or more were counted.

A year is the sum of the months that may be shown, and nothing else: what is left out of a month is not in the
year either, so that it can't be found by subtracting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from conversations.messages import Piece, Run, Say
from conversations.model import Role
from conversations.overview.periods import in_year, month_before
from conversations.overview.privacy import LEAST
from conversations.tallies import Asked, Met, MonthCounts

T = TypeVar("T")
ASKED = (Role.STUDENT, Role.TRAINER)
NOTHING = "–"
OUTCOMES = ("put", "answered", "skipped", "expired")
FIELDS = {
    "asked_student": OUTCOMES,
    "asked_trainer": OUTCOMES,
    "pages": ("handed", "read"),
    "met": ("planned", "held", "missed", "unknown", "moved"),
    "signals": ("signals", "acknowledged", "escalated"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Digests handed to teachers, and read."""

    handed: int
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signalled:
    """Signals that a person was told of."""

    signals: int
    acknowledged: int
    escalated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The numbers of a month or a year that may be shown; None where they are of fewer than five people."""

    asked: Mapping[Role, Asked] = field(default_factory=dict)
    met: Met | None = None
    pages: Pages | None = None
    signalled: Signalled | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing may be shown."""
        return not self.asked and self.met is None and self.pages is None and self.signalled is None


def row(month: MonthCounts) -> Row:
    """Leave out of a month what is of fewer than five people."""
    students = month.asked.get(Role.STUDENT, Asked()).people
    told = Signalled(signals=month.signals, acknowledged=month.acknowledged, escalated=month.escalated)
    return Row(
        asked={role: a for role, a in month.asked.items() if a.people >= LEAST},
        met=month.met if month.met.students >= LEAST else None,
        pages=Pages(handed=month.handed, read=month.read) if month.handed >= LEAST else None,
        signalled=told if students >= LEAST else None,
    )


def year_to(months: Iterable[MonthCounts], last: str) -> tuple[Row, Row]:
    """Give this school year and the one before, both from August up to and with the same month."""
    shown = {month.month: row(month) for month in months}
    this = in_year(last)
    now = [r for name, r in shown.items() if in_year(name) == this and name <= last]
    until = month_before(last, 12)
    before = [r for name, r in shown.items() if in_year(name) == this - 1 and name <= until]
    return total(now), total(before)


def total(rows: Sequence[Row]) -> Row:
    """Add up what is shown."""
    roles = {role: [r.asked[role] for r in rows if role in r.asked] for role in ASKED}
    met = [r.met for r in rows if r.met is not None]
    pages = [r.pages for r in rows if r.pages is not None]
    told = [r.signalled for r in rows if r.signalled is not None]
    return Row(
        asked={role: _asked(held) for role, held in roles.items() if held},
        met=_met(met) if met else None,
        pages=Pages(handed=sum(p.handed for p in pages), read=sum(p.read for p in pages)) if pages else None,
        signalled=_signalled(told) if told else None,
    )


def lines(shown: Row) -> list[Piece]:
    """Put a month in words, a line for each thing; what is of fewer than five people is only named."""
    if shown.is_empty:
        return [Run("\n"), Say(id="team.too_few")]
    held: dict[str, object] = {f"asked_{role.value}": shown.asked.get(role) for role in ASKED}
    held |= {"pages": shown.pages, "met": shown.met, "signals": shown.signalled}
    said: list[Piece] = []
    for name, counted in held.items():
        if counted is not None:
            values = {part: str(getattr(counted, part)) for part in FIELDS[name]}
            said += [Run("\n"), Say(id=f"team.{name}", values=values)]
    few = [name for name, counted in held.items() if counted is None]
    for number, name in enumerate(few):
        said += [Run(", ")] if number else [Run("\n"), Say(id="team.few"), Run(" ")]
        said.append(Say(id=f"team.name_{name}"))
    return said


def beside(now: Row, before: Row) -> list[Piece]:
    """Put two years side by side, a line for each thing that was counted (promise P7)."""
    pairs: list[tuple[str, str, str]] = [
        (f"asked_{role.value}", _part(now.asked.get(role)), _part(before.asked.get(role))) for role in ASKED
    ]
    pairs.append(("pages", _read(now.pages), _read(before.pages)))
    pairs.append(("met", _held(now.met), _held(before.met)))
    pairs.append(("signals", _told(now.signalled), _told(before.signalled)))
    return [
        piece
        for name, one, other in pairs
        if (one, other) != (NOTHING, NOTHING)
        for piece in (Run("\n"), Say(id=f"team.year_{name}", values={"now": one, "before": other}))
    ]


def _part(asked: Asked | None) -> str:
    return f"{asked.answered}/{asked.put}" if asked else NOTHING


def _read(pages: Pages | None) -> str:
    return f"{pages.read}/{pages.handed}" if pages else NOTHING


def _held(met: Met | None) -> str:
    return f"{met.held}/{met.planned}" if met else NOTHING


def _told(told: Signalled | None) -> str:
    return f"{told.acknowledged}/{told.signals}" if told else NOTHING


def _asked(held: Sequence[Asked]) -> Asked:
    return Asked(
        people=max(a.people for a in held),
        put=sum(a.put for a in held),
        answered=sum(a.answered for a in held),
        skipped=sum(a.skipped for a in held),
        expired=sum(a.expired for a in held),
    )


def _met(held: Sequence[Met]) -> Met:
    return Met(
        students=max(m.students for m in held),
        planned=sum(m.planned for m in held),
        held=sum(m.held for m in held),
        moved=sum(m.moved for m in held),
        missed=sum(m.missed for m in held),
    )


def _signalled(held: Sequence[Signalled]) -> Signalled:
    return Signalled(
        signals=sum(s.signals for s in held),
        acknowledged=sum(s.acknowledged for s in held),
        escalated=sum(s.escalated for s in held),
    )
