"""A meeting as it lies before its teacher: the stage around it, the school and the moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from conversations.desk import Decision
from conversations.dossier import Agreement, Awaits, Expectation
from conversations.facts import ChatFacts
from conversations.meetings import pages
from conversations.messages import Buttons, Message, Piece, Say
from conversations.model import Meeting, MeetingState, ParticipantId, Place, Stage
from conversations.naming import student_at
from conversations.school import School


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDesk:
    """A meeting of one of a teacher's own stages; `meeting` is None where it is not planned yet."""

    facts: ChatFacts
    stage: Stage
    number: int
    school: School
    now: datetime

    @property
    def meeting(self) -> Meeting | None:
        """Give the meeting itself."""
        return pages.find(self.stage, self.number)

    @property
    def me(self) -> ParticipantId:
        """Give the teacher."""
        return self.facts.me.id

    @property
    def is_to_come(self) -> bool:
        """Tell whether the meeting is planned and its time has not come."""
        meeting = self.meeting
        return meeting is not None and meeting.state is MeetingState.PLANNED and meeting.at > self.now

    @property
    def values(self) -> dict[str, str]:
        """Give what stands in the places {n} and {name} of a text: the number, and the student (S3)."""
        mine = [s for s in self.facts.stages if s.teacher == self.me and not s.ended]
        return {"n": str(self.number), "name": student_at(self.facts, self.stage, mine)}

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """Give what was agreed in this meeting, in the order in which it was typed."""
        dossier = self.facts.dossiers.get(self.stage.id)
        known = dossier.agreements if dossier else ()
        return tuple(a for a in known if a.meeting == self.number and not a.gone)

    def say(self, text: str) -> Say:
        """Give a text that names the meeting and the student."""
        return Say(id=f"meetings.{text}", values=self.values)

    def with_meeting(self, meeting: Meeting) -> MeetingDesk:
        """Give the desk with the meeting as it is now."""
        others = [m for m in self.stage.meetings if m.number != meeting.number]
        meetings = tuple(sorted([*others, meeting], key=lambda m: m.number))
        return replace(self, stage=replace(self.stage, meetings=meetings))


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a text is asked for: a meeting's number, the place of a new one, and the day once it is known."""

    number: int
    place: Place | None = None
    day: date | None = None

    def written(self) -> str:
        """Write it as an expectation keeps it."""
        day = self.day.isoformat() if self.day else ""
        return f"{self.number}:{self.place.value if self.place else ''}:{day}"

    @classmethod
    def read(cls, text: str) -> About:
        """Read what an expectation kept."""
        number, place, day = text.split(":")
        return cls(
            number=int(number),
            place=Place(place) if place else None,
            day=date.fromisoformat(day) if day else None,
        )


def expect(
    at: MeetingDesk, what: Awaits, about: About, question: tuple[Piece, ...], below: Buttons
) -> Decision:
    """Ask for a text about the meeting."""
    awaited = Expectation(participant=at.me, what=what, at=at.now, stage=at.stage.id, about=about.written())
    asked = Message(to=at.me, pieces=question, buttons=below, stage=at.stage.id)
    return Decision((awaited,), (asked,))


def expect_nothing(at: MeetingDesk) -> Decision:
    """Await no text any more."""
    return Decision((Expectation(participant=at.me, what=None, at=at.now),))
