"""The rules of telling: what is private stays private, and each meeting is prepared by one page in time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.cli.rehearsal.record import Broken, Heard, Record
from conversations.buttons import Does
from conversations.calendar import to_local
from conversations.model import Meeting, ParticipantId, Share, Stage, StageId

WORDS = 350
_INVENTED = re.compile(r"\b[A-Z][a-z]{7}x\b")


Shares = dict[object, list[tuple[datetime, Share]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a word comes from: who wrote it, about which stage, and with what its share is chosen.

    A note may have had several stages one after the other: buttons below it say what it is about.
    """

    writer: ParticipantId
    stages: tuple[Stage, ...]
    chosen_with: object  # the check-in of a reply, or writer and message of a note
    always_private: bool


def private_stays_private(record: Record) -> Iterator[Broken]:
    """A student's 🔒 text is in their own chat and the teacher's separate message only.

    A trainer's text is in their own chat and with the teacher of that stage only.
    """
    sources, shares = _sources(record), _shares(record)
    for heard in record.heard:
        for word in set(_INVENTED.findall(heard.text)) & sources.keys():
            source = sources[word]
            how = None if source.writer == heard.participant else _leak(record, heard, source, shares)
            if how:
                where = source.stages[0].code if source.stages else "a text without a stage"
                yield Broken(rule="who may read what", where=where, how=f"{how}, {heard.at:%Y-%m-%d %H:%M}")


def _leak(record: Record, heard: Heard, source: Source, shares: Shares) -> str | None:
    if heard.participant not in {stage.teacher for stage in source.stages}:
        return "a text reached somebody else's chat"
    if source.writer not in {stage.student for stage in source.stages} or record.is_private_page(heard.text):
        return None
    before = [share for at, share in shares[source.chosen_with] if at <= heard.at]
    if source.always_private or not before or before[-1] is Share.PRIVATE:
        return "a 🔒 text stands outside the teacher's separate message"
    return None


def _sources(record: Record) -> dict[str, Source]:
    """Find for each invented word where its text is stored; the words before an edit belong there too."""
    replied, about = _replied(record), _about(record)
    found: dict[str, Source] = {}
    for told in record.told:
        own = (told.participant, told.message)
        note = Source(told.participant, tuple(about[own]), own, always_private=False)
        source = next((replied[word] for word in reversed(told.words) if word in replied), note)
        found |= dict.fromkeys(told.words, source)
    return found


def _replied(record: Record) -> dict[str, Source]:
    check_ins = {c.id: c for c in record.check_ins}
    found: dict[str, Source] = {}
    for reply in record.replies:
        check_in = check_ins[reply.check_in]
        questions = record.school.question_sets.get(check_in.question_set)
        question = questions.question(reply.question) if questions else None
        always = question is None or question.always_private
        place = Source(reply.participant, (record.stage(check_in.stage),), check_in.id, always_private=always)
        found |= dict.fromkeys(_INVENTED.findall(reply.text or ""), place)
    return found


def _about(record: Record) -> dict[tuple[ParticipantId, int], list[Stage]]:
    """Give the stages that each note is about, or was once."""
    about: dict[tuple[ParticipantId, int], list[Stage]] = defaultdict(list)
    for note in record.notes:
        if note.stage is not None:
            about[note.participant, note.source].append(record.stage(note.stage))
    stages = {str(stage.id): stage for stage in record.stages}
    for press in record.presses:
        read = press.read
        if read is not None and read.does is Does.NOTE and read.own_message and read.parts[1] in stages:
            about[press.participant, read.own_message].append(stages[read.parts[1]])
    return about


def _shares(record: Record) -> Shares:
    """Give what each pressed to choose who may read, per check-in or per note."""
    shares: Shares = defaultdict(list)
    for press in sorted(record.presses, key=lambda p: p.at):
        read = press.read
        if read is None or read.parts[-1] not in set(Share):
            continue
        if read.does is Does.SHARE:
            shares[read.check_in].append((press.at, Share(read.parts[1])))
        elif read.does is Does.NOTE:
            shares[press.participant, read.own_message].append((press.at, Share(read.parts[1])))
    return shares


# ---- digests --------------------------------------------------------------------------------------------


def each_meeting_is_prepared(record: Record) -> Iterator[Broken]:
    """The teacher gets one page for each meeting, before it, of 350 words at most."""
    pages: dict[StageId, list[Heard]] = defaultdict(list)
    for heard in digests(record):
        pages[heard.stage or StageId(0)].append(heard)
    for stage in record.stages:
        got = Counter(_meeting_of(stage, page.at) for page in pages[stage.id])
        for meeting in stage.meetings:
            if meeting.at > record.joined.get(stage.teacher, meeting.at) and got[meeting.number] != 1:
                how = f"{got[meeting.number]} pages before the meeting"
                yield Broken(rule="one digest", where=f"{stage.code}, meeting {meeting.number}", how=how)
        if got[None]:
            yield Broken(rule="one digest", where=stage.code, how="a page after the last meeting")
        for page in pages[stage.id]:
            words = sum(any(map(str.isalnum, word)) for word in page.text.split())
            if words > WORDS:
                day = to_local(record.school.calendar, page.at).date()
                yield Broken(rule="one digest", where=f"{stage.code}, {day}", how=f"{words} words")


def digests(record: Record) -> list[Heard]:
    """Give the pages that prepare a meeting: not the private messages, not what was added later."""
    handed = {(d.stage, d.at) for d in record.digests if not d.missed}
    return [
        heard
        for heard in record.heard
        if heard.is_digest
        and not record.is_private_page(heard.text)
        and any(
            stage == heard.stage and heard.at >= at and (heard.at - at).seconds < 60 for stage, at in handed
        )
    ]


def _meeting_of(stage: Stage, at: datetime) -> int | None:
    """Give the number of the first meeting after a moment."""
    to_come: list[Meeting] = [m for m in stage.meetings if m.at > at]
    return to_come[0].number if to_come else None
