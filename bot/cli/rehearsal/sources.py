"""Where each invented word comes from: who wrote it, as what, about which stage, and who may read it when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from bot.cli.rehearsal.record import OWN_NOTE, Record, Told
from bot.cli.rehearsal.wordings import INVENTED
from conversations.buttons import Does, Press
from conversations.model import CheckIn, Key, Note, ParticipantId, Reply, Share, Slot, Stage

Own = tuple[ParticipantId, int]  # a person and their message
EXAMPLE, CONSENT = "guided", "consent"  # as in config/question_sets/trainer/before_meeting.toml


class Origin(Enum):
    """What a text was stored as."""

    ANSWER = "an answer"
    NOTE = "a note"
    SIGNAL = "a signal"
    AGREEMENT = "an agreement"
    EXTRA = "an extra question"
    SURVEY = "a survey"
    NOTHING = "kept nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a word comes from. A note may have had several stages one after the other."""

    writer: ParticipantId
    origin: Origin
    stages: tuple[Stage, ...] = ()
    since: datetime | None = None  # when others of the stage were told
    always_private: bool = False
    shares: tuple[tuple[datetime, Share], ...] = ()  # what was chosen, and when
    consents: tuple[tuple[datetime, bool], ...] = ()  # of a trainer, for the student to read it

    def is_shared(self, at: datetime) -> bool:
        """Tell whether a student had chosen 💬 at a moment."""
        before = [share for chosen, share in self.shares if chosen <= at]
        return not self.always_private and bool(before) and before[-1] is Share.MEETING

    def is_allowed(self, at: datetime) -> bool:
        """Tell whether a trainer had said that the student may read it, before a moment."""
        return any(allowed and said <= at for said, allowed in self.consents)


class Sources:
    """Everything that people wrote, by its invented words."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._check_ins = {c.id: c for c in record.check_ins}
        self._stages = {stage.id: stage for stage in record.stages}
        self._replies = {Slot(r.check_in, r.question): r for r in record.replies}
        self._notes: dict[Own, Note] = {(n.participant, n.source): n for n in record.notes}
        self._about = self._stages_of_notes()
        self._presses: dict[tuple[ParticipantId, object], list[tuple[datetime, Press]]] = defaultdict(list)
        self._changed: dict[ParticipantId, list[tuple[datetime, Slot]]] = defaultdict(list)
        for press in sorted(record.presses, key=lambda p: p.at):
            if (read := press.read) is not None:
                for place in _places(read):
                    self._presses[press.participant, place].append((press.at, read))
                if read.does is Does.OWN_ANSWER and read.slot and read.parts[2] in ("change", "words"):
                    self._changed[press.participant].append((press.at, read.slot))
        self.by_word = dict(self._found())

    def _found(self) -> Iterator[tuple[str, Source]]:
        """Find for each word where its text is or was stored; the words before an edit belong there too."""
        stored = dict(self._stored())
        for told in self._record.told:
            known = next((stored[word] for word in reversed(told.words) if word in stored), None)
            source = known or self._was(told)
            yield from ((word, source) for word in told.words)

    def _stored(self) -> Iterator[tuple[str, Source]]:
        for reply in self._record.replies:
            yield from _each(reply.text, self._of_reply(reply))
        for signal in self._record.signals:
            stages = (self._stages[signal.stage],)
            yield from _each(
                signal.text, Source(writer=signal.by, origin=Origin.SIGNAL, stages=stages, since=signal.at)
            )
        for one in self._record.agreements:
            stage = self._stages[one.stage]
            agreed = Source(writer=stage.teacher, origin=Origin.AGREEMENT, stages=(stage,), since=one.sent)
            yield from _each(one.text, agreed)
        for extra in self._record.extra_questions:
            stage = self._stages[extra.stage]
            asked = Source(writer=stage.teacher, origin=Origin.EXTRA, stages=(stage,), since=extra.at)
            yield from _each(extra.text, asked)

    # ---- answers ----------------------------------------------------------------------------------------

    def _of_reply(self, reply: Reply) -> Source:
        return self._of_slot(reply.participant, self._check_ins[reply.check_in], reply.question, reply.key)

    def _of_slot(self, writer: ParticipantId, check_in: CheckIn, question: str, key: Key) -> Source:
        questions = self._record.school.question_sets.get(check_in.question_set)
        asked = questions.question(question) if questions else None
        base = question.partition(".")[0]
        shares = [
            (at, _chosen(press))
            for place in (check_in.id, Slot(check_in.id, base))
            for at, press in self._presses[writer, place]
            if press.does in (Does.SHARE, Does.OWN_ANSWER) and press.parts[-1] in set(Share)
        ]
        return Source(
            writer=writer,
            origin=Origin.SURVEY if key is Key.SURVEY else Origin.ANSWER,
            stages=(self._stages[check_in.stage],),
            always_private=asked is None or asked.always_private or key is Key.SAFETY,
            shares=tuple(sorted(shares, key=lambda one: one[0])),
            consents=tuple(self._consents(writer, check_in)) if base == EXAMPLE else (),
        )

    def _consents(self, writer: ParticipantId, check_in: CheckIn) -> Iterator[tuple[datetime, bool]]:
        slot = Slot(check_in.id, CONSENT)
        for at, press in self._presses[writer, slot]:
            if press.does is Does.ANSWER:
                yield at, press.parts[2] == "yes"
        reply = self._replies.get(slot)
        if reply is not None and reply.answered is not None and reply.choices:
            yield reply.answered, reply.choices == ("yes",)  # typed, perhaps

    # ---- notes, and what is gone ------------------------------------------------------------------------

    def _was(self, told: Told) -> Source:
        """Say where a text was stored that is stored no longer, or what note it is."""
        if told.was is None or told.was.question == OWN_NOTE:
            return self._of_note((told.participant, told.message))
        check_in, reply = self._check_ins[told.was.check_in], self._replies[told.was]
        return self._of_slot(told.participant, check_in, told.was.question, reply.key)

    def _of_note(self, own: Own) -> Source:
        stages, origins = self._about[own], (Origin.NOTHING, Origin.NOTE)
        shares = tuple(self._shares_of_note(own))
        return Source(writer=own[0], origin=origins[bool(stages)], stages=tuple(stages), shares=shares)

    def _shares_of_note(self, own: Own) -> Iterator[tuple[datetime, Share]]:
        """Give who may read a note; one that takes the place of another has its share."""
        writer, message = own
        note = self._notes.get(own)
        before = [slot for at, slot in self._changed[writer] if note is not None and at <= note.at]
        if before and before[-1].question == OWN_NOTE and before[-1].check_in != message:
            earlier = self._notes.get((writer, before[-1].check_in))
            if earlier is not None and earlier.gone:
                yield from self._shares_of_note((writer, earlier.source))
        for at, press in self._presses[writer, ("note", message)]:
            if press.parts[-1] in set(Share):
                yield at, _chosen(press)

    def _stages_of_notes(self) -> dict[Own, list[Stage]]:
        """Give the stages that each note is about, or was once."""
        about: dict[Own, list[Stage]] = defaultdict(list)
        for own, note in self._notes.items():
            if note.stage is not None:
                about[own].append(self._stages[note.stage])
        by_text = {str(stage): held for stage, held in self._stages.items()}
        for press in self._record.presses:
            read = press.read
            if read is not None and read.does is Does.NOTE and read.own_message and read.parts[1] in by_text:
                about[press.participant, read.own_message].append(by_text[read.parts[1]])
        return about


def _places(press: Press) -> Iterator[object]:
    """Give what a press is about: a check-in, a question, a note."""
    if press.does is Does.SHARE:
        yield press.check_in
    elif press.does is Does.NOTE:
        yield "note", press.own_message
    elif press.does is Does.OWN_ANSWER and press.slot and press.slot.question == OWN_NOTE:
        yield "note", int(press.slot.check_in)
    elif press.slot is not None:
        yield press.slot


def _chosen(press: Press) -> Share:
    return Share(press.parts[-1])


def _each(text: str | None, source: Source) -> Iterator[tuple[str, Source]]:
    return ((word, source) for word in INVENTED.findall(text or ""))
