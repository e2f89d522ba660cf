"""What the teacher gets from a student before the next meeting, as the student may see it beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from conversations import days
from conversations.calendar import to_local
from conversations.digest.lines import BREAK, MARK, Line, dated, in_full, joined
from conversations.digest.said import BEGINNING, Period, Told
from conversations.facts import Material
from conversations.handovers import STILL_GOOD
from conversations.messages import Piece, Run, Say
from conversations.model import Meeting, MeetingState, Participant, Stage
from conversations.schedule import addendum_at, digest_at
from conversations.school import School
from conversations.visibility import Shown, for_self

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a student said that goes to the teacher: 💬, 🔒, and how many questions got no answer.

    `at` is when it goes, None where it goes after the last stage day. `added` tells that the digest went out,
    and that this comes in addition to it.
    """

    shared: tuple[Shown, ...]
    private: tuple[Shown, ...]
    silent: int
    at: datetime | None
    added: bool = False


def next_meeting(stage: Stage, now: datetime) -> Meeting | None:
    """Give the meeting that comes next."""
    to_come = [m for m in stage.meetings if m.at > now and m.state is MeetingState.PLANNED]
    return min(to_come, key=lambda m: m.at, default=None)


def preview(material: Material, school: School, meeting: Meeting, now: datetime) -> Preview:
    """Give what the next digest holds of the student, or what will be added to the one that went out."""
    material = _as_told(material, school, meeting)
    visible = for_self(material, school)
    record = next((d for d in material.digests if d.meeting == meeting.number and not d.missed), None)
    if record is None:
        told = Told.of(visible, Period.of(material, meeting.number, now))
        return Preview(
            shared=tuple(told.shared),
            private=tuple(told.private),
            silent=sum(mark.answered is None for mark in told.marks),
            at=max(digest_at(meeting, school), now),
        )
    if record.addendum_at is not None:  # what comes now goes with the digest of the meeting after this one
        return Preview(shared=(), private=(), silent=0, at=record.addendum_at, added=True)
    return Preview(
        shared=tuple(s for s in visible.shared if s.at > record.at),
        private=tuple(s for s in visible.private if s.at > record.at),
        silent=0,
        at=max(addendum_at(meeting, school), now),
        added=True,
    )


def _as_told(material: Material, school: School, meeting: Meeting) -> Material:
    """Leave out digests that never arrived, and one of long before this meeting, which moved since."""
    last = digest_at(meeting, school) - STILL_GOOD
    told = (d for d in material.digests if not d.undelivered)
    kept = (d for d in told if d.meeting != meeting.number or d.missed or d.at >= last)
    return replace(material, digests=tuple(kept))


def preview_of_rest(material: Material, school: School) -> Preview:
    """Give what goes after the last stage day, where no meeting is to come: all that no digest told."""
    read = [d.addendum_at or d.at for d in material.digests if not d.missed and not d.undelivered]
    since = max(read, default=BEGINNING)
    visible = for_self(material, school)
    return Preview(
        shared=tuple(s for s in visible.shared if s.at > since),
        private=tuple(s for s in visible.private if s.at > since),
        silent=0,
        at=None,
    )


def in_words(shown: Preview, school: School, me: Participant, teacher: Participant) -> Pieces:
    """Put a preview in words: what may be used in the meeting, and apart what is the teacher's only."""
    if shown.added and not shown.shared and not shown.private:
        return (Say(id="own.preview_no_more", values={"teacher": teacher.name}),)
    head = "own.preview_added" if shown.added else "own.preview"
    when = Say(id="own.preview_last")
    if shown.at is not None:
        day = days.in_full(to_local(school.calendar, shown.at).date(), me.language)
        when = Say(id="own.preview_at", values={"day": day})
    lines: list[Line] = [
        (Say(id=head, values={"teacher": teacher.name}, bold=True),),
        (when,),
        *((), (Say(id="own.preview_shared", bold=True),), *_each(shown.shared)),
        *((), (Say(id="own.preview_private", bold=True),), *_each(shown.private)),
    ]
    if shown.silent:
        lines += [(), (_silent(shown.silent),)]
    return joined(lines, "\n")


def _silent(count: int) -> Say:
    if count == 1:
        return Say(id="own.preview_silent_1")
    return Say(id="own.preview_silent", values={"n": str(count)})


def _each(shown: tuple[Shown, ...]) -> list[Line]:
    if not shown:
        return [(Say(id="own.preview_nothing"),)]
    return [(MARK, *_question(one), BREAK, *in_full(one), *dated(one)) for one in shown]


def _question(shown: Shown) -> Line:
    return (Run(shown.wording),) if shown.wording else (Say(id="own.note"),)
