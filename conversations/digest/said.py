"""What was said since the last digest, and how to find things in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from conversations.digest.page import Change
from conversations.facts import Material
from conversations.model import Key, Role, Status
from conversations.visibility import Mark, Shown, Visible

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time that one digest is about: from the digest before it (`since`) to its own (`until`).

    `read` is when the teacher had read all that came for the meeting before: with the addendum, if there was
    one. What was asked before `since` and answered after `read` is new; what the addendum told is not.
    """

    since: datetime
    read: datetime
    until: datetime

    @classmethod
    def of(cls, material: Material, number: int, now: datetime) -> Period:
        """Give the time of a meeting's digest, which is the same again after it was handed over."""
        sent = {d.meeting: d for d in material.digests if not d.missed}
        last = sent[max(earlier)] if (earlier := [m for m in sent if m < number]) else None
        return cls(
            since=last.at if last else BEGINNING,
            read=(last.addendum_at or last.at) if last else BEGINNING,
            until=min(sent[number].at, now) if number in sent else now,
        )

    def is_new(self, shown: Shown) -> bool:
        """Tell whether an answer belongs in the digest; a wish for the meeting before is past."""
        since = self.read if shown.key is Key.AGENDA else self.since
        return shown.at <= self.until and (shown.asked > since or shown.at > self.read)

    def counts(self, mark: Mark) -> bool:
        """Tell whether a question belongs in the digest."""
        late = mark.answered is not None and mark.answered > self.read
        since = self.read if mark.key is Key.AGENDA else self.since
        return mark.asked <= self.until and (mark.asked > since or late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the teacher may hear in this period and before it, oldest first."""

    shared: Sequence[Shown]
    earlier: Sequence[Shown]
    private: Sequence[Shown]
    private_before: Sequence[Shown]
    marks: Sequence[Mark]

    @classmethod
    def of(cls, visible: Visible, period: Period) -> Told:
        """Divide what is visible by time."""
        known, apart = (
            [s for s in some if s.at <= period.until] for some in (visible.shared, visible.private)
        )
        return cls(
            shared=[s for s in known if period.is_new(s)],
            earlier=[s for s in known if not period.is_new(s)],
            private=[s for s in apart if period.is_new(s)],
            private_before=[s for s in apart if not period.is_new(s)],
            marks=[_as_of(m, period.until) for m in visible.marks if period.counts(m)],
        )

    @property
    def ever(self) -> list[Shown]:
        """Give all that may be used in the meeting since the stage began."""
        return sorted([*self.earlier, *self.shared], key=lambda shown: shown.at)

    @property
    def ever_private(self) -> list[Shown]:
        """Give all that only the teacher may know since the stage began."""
        return sorted([*self.private_before, *self.private], key=lambda shown: shown.at)

    def by(self, role: Role, question: str) -> list[Shown]:
        """Give the answers to a question, oldest first."""
        return [s for s in self.shared if s.by is role and s.question == question]

    def last(self, role: Role, question: str) -> Shown | None:
        """Give the last answer to a question."""
        return next(reversed(self.by(role, question)), None)

    def change(self, role: Role, question: str, task: str | None = None) -> Change:
        """Give the last answer to a question now and before, about a task where one is named."""
        now, before = (
            [s for s in some if s.by is role and s.question == question and task in (None, s.task)]
            for some in (self.shared, self.earlier)
        )
        return Change(now=now[-1] if now else None, before=before[-1] if before else None)

    def beside(self, shown: Shown | None, question: str) -> Shown | None:
        """Give the answer to another question of the same check-in."""
        if shown is None or shown.check_in is None:
            return None
        found = (s for s in self.shared if (s.check_in, s.question) == (shown.check_in, question))
        return next(found, None)


def _as_of(mark: Mark, until: datetime) -> Mark:
    """Give a mark as it stood when the digest went out."""
    came_later = mark.answered is not None and mark.answered > until
    return replace(mark, answered=None, status=Status.OPEN) if came_later else mark
