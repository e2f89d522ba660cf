"""The rules of handing over: one page before each meeting, one at a third and at the end, one a month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.cli.rehearsal.record import Broken, Heard, Record
from conversations.calendar import to_local
from conversations.handovers import STILL_GOOD, THIRD
from conversations.joining import leading_role
from conversations.model import Meeting, MeetingState, ParticipantId, Role, Stage, StageId
from conversations.schedule import digest_at

WORDS = 350
AT_ONCE = timedelta(minutes=1)
Pages = dict[tuple[StageId, int], list[Heard]]


def each_meeting_is_prepared(record: Record) -> Iterator[Broken]:
    """The teacher gets one page for each meeting, before it, of 350 words at most; again where it moved."""
    pages = _by_meeting(record)
    for stage in record.stages:
        for meeting in stage.meetings:
            here = pages[stage.id, meeting.number]
            if how := _wrong(record, stage, meeting, here):
                yield Broken(rule="one digest", where=f"{stage.code}, meeting {meeting.number}", how=how)
    for page in digests(record):
        yield from _too_long(record, page, "one digest")


def _wrong(record: Record, stage: Stage, meeting: Meeting, pages: list[Heard]) -> str | None:
    """Say what is wrong with the pages of a meeting: in time, and no more often than it moved."""
    if len(pages) > 1 + meeting.moved:
        return f"{len(pages)} pages for a meeting that moved {meeting.moved} times"
    if any(page.at >= meeting.at for page in pages):
        return "a page after the meeting"
    there = record.joined.get(stage.teacher)
    if meeting.state is MeetingState.CANCELLED or there is None or there > meeting.at:
        return None
    since = digest_at(meeting, record.school) - STILL_GOOD
    return None if any(page.at >= since for page in pages) else "no page before the meeting"


def other_pages_come_once(record: Record) -> Iterator[Broken]:
    """At one third and at the end comes a page or nothing; coordinators get one of a month. None is long."""
    handed = {(page.stage, page.page): page.at for page in record.pages}
    own: dict[StageId | None, list[Heard]] = defaultdict(list)
    for h in record.heard:
        if h.is_digest and not h.changed and h.stage and record.meeting_on(h) is None:
            own[h.stage].append(h)
    for (stage, page), at in handed.items():
        came = [h for h in own[stage] if _is_then(h, at) and not record.is_private_page(h.text)]
        if len(came) > 1:
            where = f"{record.stage(stage).code}, the page {page}"
            yield Broken(rule="one page", where=where, how=f"it came {len(came)} times")
        for heard in came if page == THIRD else ():
            yield from _too_long(record, heard, "one page")
    yield from _each_month(record)


def _each_month(record: Record) -> Iterator[Broken]:
    leads = {lead for lead in record.joined if leading_role(record.people[lead]) is Role.COORDINATOR}
    teams = Counter(month for _, month in record.monthly)
    pages: dict[ParticipantId, list[Heard]] = {lead: [] for lead in leads}
    for heard in record.heard:
        if heard.is_digest and heard.participant in pages:
            pages[heard.participant].append(heard)
    for lead in leads:
        theirs = pages[lead]
        titles = Counter(heard.text.partition("\n")[0] for heard in theirs)
        for many in (many for many in titles.values() if many > 1):
            yield Broken(rule="one page", where="a coordinator", how=f"a page of a month came {many} times")
        for heard in theirs:
            yield from _too_long(record, heard, "one page")
    given = sum(map(len, pages.values()))
    if given < teams.total():
        how = f"{given} pages of {teams.total()} that are recorded"
        yield Broken(rule="one page", where="coordinators", how=how)


def digests(record: Record) -> list[Heard]:
    """Give the pages that prepare a meeting: not the private messages, not what was added later."""
    return [heard for heard in record.heard if record.meeting_on(heard) is not None]


def monthly(record: Record) -> list[Heard]:
    """Give the pages that coordinators got of a month."""
    return [heard for heard in record.heard if heard.is_digest and heard.stage is None]


def _by_meeting(record: Record) -> Pages:
    pages: Pages = defaultdict(list)
    for heard in record.heard:
        number = record.meeting_on(heard)
        if number is not None and heard.stage is not None:
            pages[heard.stage, number].append(heard)
    return pages


def _too_long(record: Record, page: Heard, rule: str) -> Iterator[Broken]:
    words = sum(any(map(str.isalnum, word)) for word in page.text.split())
    if words > WORDS:
        day = to_local(record.school.calendar, page.at).date()
        where = record.stage(page.stage).code if page.stage else "a coordinator"
        yield Broken(rule=rule, where=f"{where}, {day}", how=f"{words} words")


def _is_then(heard: Heard, at: datetime) -> bool:
    return timedelta(0) <= heard.at - at < AT_ONCE
