"""What `stagebot rehearse` prints."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from rich.table import Table

from bot.cli.rehearsal.following import agreements_asked
from bot.cli.rehearsal.handing import digests, monthly
from bot.cli.rehearsal.record import Record
from conversations.buttons import Does
from conversations.calendar import to_local
from conversations.escalations import FOR_A_PERSON
from conversations.joining import leading_role
from conversations.model import MeetingState, ParticipantId, Role


def messages(record: Record) -> Table:
    """Count the messages that each person got: in all, and in their busiest week."""
    table = Table("Role", "Name", "Weeks", "Messages", "A week", "Busiest week", box=None)
    weeks: dict[ParticipantId, Counter[str]] = defaultdict(Counter)
    for heard in record.heard:
        if not heard.changed:
            day = to_local(record.school.calendar, heard.at).date()
            weeks[heard.participant][f"{day - timedelta(days=day.weekday()):%d-%m-%Y}"] += 1
    roles = list(Role)
    for person in sorted(record.people.values(), key=lambda p: (roles.index(leading_role(p)), p.name)):
        counts = weeks[person.id]
        if counts:
            (week, most), total = counts.most_common(1)[0], counts.total()
            row = (len(counts), total, f"{total / len(counts):.1f}", f"{most} (from {week})")
            table.add_row(leading_role(person).value, person.name, *map(str, row))
    return table


def pages(record: Record) -> Iterator[str]:
    """Give all pages as teachers and coordinators got them, additions and private messages too."""
    for heard in record.heard:
        if heard.is_digest and not heard.changed:
            local = to_local(record.school.calendar, heard.at)
            whose = "coordinator" if heard.stage is None else record.stage(heard.stage).code
            yield f"── {whose}, {local:%a %d-%m-%Y %H:%M} ──\n{heard.text}\n"


def outcomes(record: Record) -> Table:
    """Count what became of the questions that were due, for students and trainers."""
    table = Table("Outcome", "Reason", "Students", "Trainers", box=None)
    counts = Counter((line["status"], line["reason"] or "", line["role"]) for line in record.lines)
    for status, reason in sorted({(str(s), str(r)) for s, r, _ in counts}):
        both = (counts[status, reason, role.value] for role in (Role.STUDENT, Role.TRAINER))
        table.add_row(status, reason, *map(str, both))
    return table


def followed_up(record: Record) -> str:
    """Say in a few lines what became of signals, meetings, agreements and pages."""
    meetings = [meeting for stage in record.stages for meeting in stage.meetings]
    states = Counter(meeting.state for meeting in meetings)
    signals = [signal for signal in record.signals if signal.kind in FOR_A_PERSON]
    previews = sum(
        p.read is not None and p.read.does is Does.OWN_PAGE and p.read.parts[1] == "preview"
        for p in record.presses
    )
    return (
        f"{len(signals)} signals: {sum(s.acknowledged is not None for s in signals)} acknowledged, "
        f"{sum(s.escalated is not None for s in signals)} escalated; "
        f"help was offered {len(record.signals) - len(signals)} times.\n"
        f"{len(meetings)} meetings: {states[MeetingState.HELD]} held, {states[MeetingState.MISSED]} missed, "
        f"{states[MeetingState.CANCELLED]} cancelled, moved {sum(m.moved for m in meetings)} times; "
        f"{sum(a.sent is not None for a in record.agreements)} agreements sent, "
        f"{agreements_asked(record)} of them asked about.\n"
        f"{len(record.pages)} pages at a third or the end, {len(monthly(record))} of a month; "
        f"{previews} previews, {len(record.extra_questions)} extra questions."
    )


def summary(record: Record, seconds: float) -> str:
    """Say in one line how much was rehearsed, and how long that took."""
    return (
        f"{len(record.stages)} stages, {len(record.joined)} people, {len(record.check_ins)} check-ins, "
        f"{len(record.told)} texts and voice messages, {len(record.presses)} presses, "
        f"{len(digests(record))} digests in {seconds:.0f} s."
    )
