"""The rules of telling: the table "Who may see what" of docs/product.md, for every word on every phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.cli.rehearsal.record import Broken, Heard, Record
from bot.cli.rehearsal.sources import Origin, Source, Sources
from bot.cli.rehearsal.wordings import INVENTED
from conversations.model import ParticipantId, Role

RULE = "who may read what"


def private_stays_private(record: Record) -> Iterator[Broken]:
    """A student's 🔒 text is in their own chat and the teacher's separate message only; 💬 with the teacher.

    A trainer's text is in their own chat and with the teacher; with the student only the example for which
    the trainer said so, from then on. What the teacher wrote is with the people of that stage. Coordinators
    read no word of anybody, but those of the survey, and of nobody in another stage anybody reads anything.
    """
    sources = Sources(record)
    # What stood in a message before is judged by then: a page whose buttons change tells nothing anew.
    stood: dict[tuple[int, int], set[str]] = defaultdict(set)
    for heard in record.heard:
        before = stood[heard.participant, heard.message]
        words = set(INVENTED.findall(heard.text)) - before
        before |= words
        for word in words & sources.by_word.keys():
            source = sources.by_word[word]
            how = None if source.writer == heard.participant else _leak(record, heard, source)
            if how:
                where = source.stages[0].code if source.stages else "a text without a stage"
                yield Broken(rule=RULE, where=where, how=f"{how}, {heard.at:%Y-%m-%d %H:%M}")


def _leak(record: Record, heard: Heard, source: Source) -> str | None:
    """Say what is wrong with a word on the phone of somebody who did not write it."""
    reader = heard.participant
    match source.origin:
        case Origin.ANSWER | Origin.NOTE:
            return _of_answer(record, heard, source)
        case Origin.SURVEY:
            return None if _is_coordinator(record, reader) else "a text of the survey reached a person"
        case Origin.SIGNAL:
            allowed = {stage.teacher for stage in source.stages}
        case Origin.AGREEMENT:
            allowed = {one for stage in source.stages for one in (stage.student, stage.trainer)}
        case Origin.EXTRA:
            allowed = {stage.student for stage in source.stages}
        case _:
            allowed = set()
    if reader not in allowed:
        return f"{source.origin.value} reached somebody else's chat"
    if source.since is None or heard.at < source.since:
        return f"{source.origin.value} reached somebody before its time"
    return None


def _of_answer(record: Record, heard: Heard, source: Source) -> str | None:
    students = {stage.student for stage in source.stages}
    if heard.participant in {stage.teacher for stage in source.stages}:
        if source.writer not in students or record.is_private_page(heard.text) or source.is_shared(heard.at):
            return None
        return "a 🔒 text stands outside the teacher's separate message"
    if heard.participant in students and source.is_allowed(heard.at):
        return None
    return "a text reached somebody else's chat"


def _is_coordinator(record: Record, person: ParticipantId) -> bool:
    return Role.COORDINATOR in record.people[person].roles
