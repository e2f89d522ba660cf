"""The rules of keeping: whatever was due has an outcome, and whatever people gave is stored, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace

from bot.cli.rehearsal.record import OWN_NOTE, Broken, Kind, Record, Told
from bot.cli.rehearsal.wordings import INVENTED
from conversations.buttons import Does
from conversations.model import (
    CheckInState,
    MeetingState,
    Note,
    ParticipantId,
    Reply,
    Slot,
    Stage,
    StageId,
    Status,
)
from conversations.schedule import occasions

FINAL = frozenset({status.value for status in Status} - {Status.OPEN.value})
OPEN = frozenset({CheckInState.OPEN, CheckInState.QUEUED})


def due_is_the_sum_of_outcomes(record: Record) -> Iterator[Broken]:
    """Every occasion of the plan is recorded exactly once, has lines in the export, and none is open.

    The plan at the end knows no meeting that was held, and none that was taken off. What was held had to be
    prepared; what was taken off may have been, where that came later.
    """
    recorded = Counter((c.stage, c.participant, c.occasion) for c in record.check_ins)
    planned = _planned(record, MeetingState.CANCELLED)
    for key in sorted(planned - recorded.keys()):
        yield _wrong(record, key[0], key[2], "was due and is not recorded")
    for key in sorted(recorded.keys() - planned - _planned(record)):
        yield _wrong(record, key[0], key[2], "is recorded and was never due")
    for check_in in record.check_ins:
        if check_in.state in OPEN:
            yield _wrong(record, check_in.stage, check_in.occasion, f"is {check_in.state} after the end")
    yield from _lines(record)


def _planned(record: Record, *without: MeetingState) -> set[tuple[StageId, ParticipantId, str]]:
    """Give the occasions of a plan with all meetings to come, but those that came to an end in some way."""
    return {
        (stage.id, one.participant, one.occasion)
        for stage in record.stages
        for one in occasions(_to_come(stage, without), record.people, record.school)
        if one.due >= record.begun
    }


def _to_come(stage: Stage, without: Collection[MeetingState]) -> Stage:
    meetings = (m for m in stage.meetings if m.state not in without)
    return replace(stage, meetings=tuple(replace(m, state=MeetingState.PLANNED) for m in meetings))


def _lines(record: Record) -> Iterator[Broken]:
    told: Counter[tuple[object, object, object]] = Counter()
    for line in record.lines:
        told[line["stage"], line["participant"], line["occasion"]] += 1
        if line["status"] not in FINAL:
            where = f"{line['stage']}, {line['occasion']}"
            yield Broken(rule="due = outcomes", where=where, how=f"a line is {line['status']} after the end")
    for check_in in record.check_ins:
        if not told[record.stage(check_in.stage).code, check_in.participant, check_in.occasion]:
            yield _wrong(record, check_in.stage, check_in.occasion, "has no line in the export")


def nothing_is_lost(record: Record) -> Iterator[Broken]:
    """Every text, voice message and choice that somebody gave is stored, and stored once.

    But for what they threw away, took away or changed themselves.
    """
    replies: dict[ParticipantId, list[Reply]] = defaultdict(list)
    notes: dict[ParticipantId, list[Note]] = defaultdict(list)
    for reply in record.replies:
        replies[reply.participant].append(reply)
    for note in record.notes:
        if not note.gone:
            notes[note.participant].append(note)
    besides, away = _besides(record), _thrown_away(record)
    for told in record.told:
        if not told.stays:
            continue
        kept = _kept(told, replies[told.participant], notes[told.participant], besides)
        gone = told.was is not None or (told.participant, told.message) in away
        if kept > 1 or (kept == 0 and not gone and not _is_replaced(record, told, replies[told.participant])):
            how = f"a {told.kind.value} of {told.at:%Y-%m-%d %H:%M} is stored {kept} times"
            yield Broken(rule="nothing lost", where=record.who(told.participant), how=how)
    yield from _choices(record)


def _besides(record: Record) -> Counter[str]:
    """Count the words kept beside answers and notes: lines with a bell, agreements, extra questions."""
    signals = (signal.text or "" for signal in record.signals)
    texts = [*signals, *(a.text for a in record.agreements), *(e.text for e in record.extra_questions)]
    return Counter(word for text in texts for word in set(INVENTED.findall(text)))


def _kept(told: Told, replies: list[Reply], notes: list[Note], besides: Counter[str]) -> int:
    """Count where it is stored: by its word, by its message, or as the choice that its label stands for."""
    if told.kind is Kind.TEXT:
        word = told.words[-1]
        in_replies = sum(word in (reply.text or "") and reply.has_answer for reply in replies)
        return in_replies + sum(word in note.text for note in notes) + besides[word]
    sources = [*(reply.source for reply in replies), *(note.source for note in notes)]
    if told.kind is Kind.LABEL and told.message not in sources:
        return int(any(r.choices and r.asked <= told.at <= (r.answered or r.asked) for r in replies))
    return sources.count(told.message)


def _is_replaced(record: Record, told: Told, replies: list[Reply]) -> bool:
    """Tell whether somebody put a new answer in the place of a voice message, or took the answer away."""
    if told.kind is Kind.TEXT:
        return False
    stored = {Slot(reply.check_in, reply.question): reply for reply in replies}
    changed = (
        (press.at, stored[slot])
        for press in record.presses_of(told.participant)
        if (read := press.read) is not None
        and read.does is Does.OWN_ANSWER
        and read.parts[2] in ("change", "words", "gone")
        and (slot := read.slot) in stored
    )
    return any(reply.asked <= told.at <= at for at, reply in changed)


def _thrown_away(record: Record) -> set[tuple[ParticipantId, int]]:
    """Give the notes that their writer threw away, or put other words in the place of."""
    pressed = [(p.participant, p.read) for p in record.presses if p.read is not None]
    away = {(who, r.own_message) for who, r in pressed if r.own_message is not None and r.parts[1] == "away"}
    notes = [(who, r.parts) for who, r in pressed if r.does is Does.OWN_ANSWER and r.parts[1] == OWN_NOTE]
    return away | {(who, int(parts[0], 36)) for who, parts in notes if parts[2] in ("change", "gone")}


def _choices(record: Record) -> Iterator[Broken]:
    """Each choice pressed last is the one that is stored."""
    last: dict[Slot, str] = {}
    for press in sorted(record.presses, key=lambda p: p.at):
        read = press.read
        if read is None or read.slot is None:
            continue
        if read.does is Does.ANSWER:
            last[read.slot] = read.parts[2]
        elif read.does is Does.OWN_ANSWER and read.parts[2] == "gone":
            last.pop(read.slot, None)
    stored = {Slot(reply.check_in, reply.question): reply for reply in record.replies}
    for slot, choice in last.items():
        reply = stored.get(slot)
        if reply is None or not reply.has_answer or reply.choices != (choice,):
            check_in = record.check_in(slot.check_in)
            where = record.stage(check_in.stage).code if check_in else "a check-in that is gone"
            yield Broken(
                rule="nothing lost", where=f"{where}, {slot.question}", how="a choice is not what was pressed"
            )


def no_mishaps(record: Record) -> Iterator[Broken]:
    """The Bot API refused nothing but messages to those who left, and every press was answered."""
    for mishap in record.mishaps:
        yield Broken(rule="the Bot API", where="calls", how=mishap)
    silent = sum(not press.acknowledged for press in record.presses)
    if silent:
        yield Broken(rule="the Bot API", where="presses", how=f"{silent} presses were not answered")


def _wrong(record: Record, stage: StageId, occasion: str, how: str) -> Broken:
    return Broken(rule="due = outcomes", where=f"{record.stage(stage).code}, {occasion}", how=how)
