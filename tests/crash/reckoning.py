"""What the database holds in the end, set against what people did and saw."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from bot.store import inbox, outbox, people, replies, stage_facts, stages
from bot.store.database import Database
from bot.store.tables import notes as notes_table
from bot.store.tables import outbox as outbox_table
from bot.store.tables import replies as replies_table
from config.texts import Texts
from config.wordings import forms
from conversations.dossier import Agreement, SignalKind, SignalState, Urgency
from conversations.due import due
from conversations.facts import StageFacts
from conversations.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Note,
    Participant,
    ParticipantId,
    Reach,
    Reply,
    Share,
    Slot,
    Status,
)
from conversations.schedule import occasions
from tests.crash.child import DATABASES, SCHOOL, TOKEN
from tests.crash.crowd import WORDS
from tests.crash.doing import Shown

_MARK = re.compile(r"#\d+#")
# Texts before a question that is put again on purpose.
_AGAIN = (
    "asking.reminder_1",
    "asking.reminder_2",
    "asking.reminder_3",
    "answering.choose_too",
    "answering.choose_voice",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything stored, opened."""

    now: datetime
    facts: tuple[StageFacts, ...]
    replies: tuple[Reply, ...]
    notes: tuple[Note, ...]
    chats: dict[ParticipantId, int]
    lookups: dict[int, bytes]  # by chat, as the outbox names it
    messages: tuple[Row[Any], ...]
    inbox: dict[str, int]
    outbox: dict[str, int]

    @property
    def marks(self) -> Counter[str]:
        """Count how often the mark of each text is stored, as a reply or as a note."""
        texts = [*(r.text for r in self.replies), *(n.text for n in self.notes if not n.gone)]
        beside = [s.text for f in self.facts for s in f.signals] + [a.text for a in self.agreements]
        return Counter(mark for text in (*texts, *beside) for mark in _MARK.findall(text or ""))

    @property
    def voices(self) -> Counter[int]:
        """Count how often each voice message, known by its seconds, is stored."""
        held = [*(r.voice for r in self.replies), *(n.voice for n in self.notes if not n.gone)]
        return Counter(voice.seconds for voice in held if voice is not None)

    @property
    def bells(self) -> list[tuple[int, Urgency]]:
        """Give the stage and urgency of each bell, one for every time that one is stored."""
        rung = [s for f in self.facts for s in f.signals if s.kind is SignalKind.CONSULT]
        return sorted((s.stage, s.urgency) for s in rung)

    @property
    def acknowledged(self) -> set[int]:
        """Give the signals that the teacher has seen."""
        return {s.id for f in self.facts for s in f.signals if s.state is SignalState.ACKNOWLEDGED}

    @property
    def agreements(self) -> list[Agreement]:
        """Give what was agreed in meetings, but for what was taken back."""
        return [a for f in self.facts for a in f.agreements if not a.gone]

    def chosen(self, slots: Iterable[Slot]) -> dict[Slot, tuple[str, ...]]:
        """Give what is stored as the choice in these questions."""
        held = self._by_slot()
        return {slot: held[slot].choices for slot in slots}

    def still_open(self, slots: Iterable[Slot]) -> set[Slot]:
        """Give those of these questions that wait for an answer."""
        held = self._by_slot()
        return {slot for slot in slots if held[slot].status is Status.OPEN}

    def shares(self, check_ins: Iterable[CheckInId]) -> dict[CheckInId, set[Share]]:
        """Say who may see the replies of each check-in, but for what is private in any case."""
        sets = {c.id: c.question_set for facts in self.facts for c in facts.check_ins}
        found: dict[CheckInId, set[Share]] = {check_in: set() for check_in in check_ins}
        for reply in self.replies:
            if reply.check_in in found:
                question = SCHOOL.question_sets[sets[reply.check_in]].question(reply.question)
                found[reply.check_in] |= {reply.share} if question and not question.always_private else set()
        return found

    def note_shares(self, notes: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Share]:
        """Say who may see these notes, named by chat and message."""
        held = {(self.chats[note.participant], note.source): note.share for note in self.notes}
        return {note: held[note] for note in notes}

    @property
    def joined(self) -> set[int]:
        """Give the chats of everybody who joined."""
        known: dict[ParticipantId, Participant] = {}
        for facts in self.facts:
            known |= facts.people
        return {self.chats[one.id] for one in known.values() if one.reach is Reach.JOINED}

    @property
    def planned(self) -> dict[tuple[str, ParticipantId, str], datetime]:
        """Give each occasion that the schedule had until now, with its moment."""
        return {
            (facts.stage.code, one.participant, one.occasion): one.due
            for facts in self.facts
            for one in occasions(facts.stage, facts.people, SCHOOL)
            if one.due <= self.now
        }

    @property
    def had(self) -> dict[tuple[str, ParticipantId, str], datetime]:
        """Give each check-in that is stored, with its moment."""
        return {(f.stage.code, c.participant, c.occasion): c.due for f in self.facts for c in f.check_ins}

    @property
    def outcomes(self) -> dict[tuple[str, ParticipantId, str], str]:
        """Say of each check-in what became of it: its reason, or what became of its first message."""
        states: dict[int, set[str]] = defaultdict(set)
        for row in self.messages:
            states[row.slot_check_in].add(row.state)
        return {
            (f.stage.code, c.participant, c.occasion): _outcome(c, states[c.id])
            for f in self.facts
            for c in f.check_ins
        }

    @property
    def left_undone(self) -> list[Any]:
        """Give what is due and was not done."""
        return [one for facts in self.facts for one in due(facts, SCHOOL, self.now)]

    @property
    def sent(self) -> int:
        """Count the messages of which the bot knows that they arrived."""
        return sum(row.state == "sent" for row in self.messages)

    @property
    def repeated(self) -> int:
        """Count the messages that were sent once more, since nobody could know whether they had arrived."""
        return sum(row.repeated for row in self.messages)

    @property
    def believed(self) -> list[int]:
        """Give the ids of the messages of which the bot knows that they arrived."""
        return sorted(row.message_id for row in self.messages if row.state == "sent")

    def too_many(self, delivered: Counter[int]) -> dict[int, int]:
        """Give the chats that got more than was sent, and than the tries of which nobody can know."""
        sent = Counter(row.chat_lookup for row in self.messages if row.state == "sent")
        unsure = Counter(
            row.chat_lookup
            for row in self.messages
            for lost in (row.repeated, row.state == "unknown")
            if lost  # the first try, and the second
        )
        spare = {chat: delivered[chat] - sent[key] for chat, key in self.lookups.items()}
        return {chat: n for chat, n in spare.items() if not 0 <= n <= unsure[self.lookups[chat]]}

    def put_too_often(self, shown: Iterable[Shown]) -> dict[Slot, int]:
        """Give the questions that people saw more often than they were put, and once more where unknown."""
        again = {Slot(CheckInId(r.slot_check_in), r.slot_question) for r in self.messages if r.repeated}
        return {slot: count for slot, count in seen_twice(shown).items() if count > 1 + (slot in again)}

    def _by_slot(self) -> dict[Slot, Reply]:
        return {Slot(reply.check_in, reply.question): reply for reply in self.replies}


def seen_twice(shown: Iterable[Shown]) -> dict[Slot, int]:
    """Give the questions that people saw more often than once, but for reminders and the like."""
    texts = Texts.load().by_id
    again = tuple(text.strip() for one in _AGAIN for text in forms(texts[one]).values())
    puts = Counter(one.slot for one in shown if one.slot and not one.text.startswith(again))
    return {slot: count for slot, count in puts.items() if count > 1}


def _outcome(check_in: CheckIn, states: set[str]) -> str:
    if check_in.reason is not None:
        return check_in.reason.value
    if check_in.state is CheckInState.QUEUED:
        return "waits for its turn"
    known = (
        one for one in ("sent", "unknown", "pending", "expired", "failed", "unreachable") if one in states
    )
    return next(known, "lost")


async def read(db: Database, now: datetime) -> Books:
    """Open everything that is stored."""
    async with db.reading() as tx:
        facts = await stage_facts.load(tx, [stage.id for stage in await stages.every(tx)])
        everyone = {person for one in facts.values() for person in one.people}
        chats = await people.chats_of(tx, everyone)
        return Books(
            now=now,
            facts=tuple(facts.values()),
            replies=tuple(await replies.opened(tx, await tx.all(select(replies_table)))),
            notes=tuple(await replies.opened_notes(tx, await tx.all(select(notes_table)))),
            chats=chats,
            lookups={chat: tx.lookup("chat", chat) for chat in chats.values()},
            messages=tuple(await tx.all(select(outbox_table).where(outbox_table.c.kind == "message"))),
            inbox=await inbox.counts(tx),
            outbox=await outbox.counts(tx),
        )


def faults_in(folder: Path) -> list[str]:
    """Ask SQLite itself what is wrong with the files; a server minds its own."""
    found: list[str] = []
    if (folder / DATABASES).exists():
        return found
    for file in ("stagebot.sqlite3", "keys.sqlite3"):
        connection = sqlite3.connect(folder / file)
        found += [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        connection.close()
    return found


def not_for_a_log(folder: Path, names: Iterable[str]) -> list[str]:
    """Find in the log what has no place there: what went wrong unforeseen, texts, names."""
    log = (folder / "log").read_text()
    marks = _MARK.findall(log)
    return marks + [word for word in ("Traceback", WORDS, TOKEN, *names) if word in log]
