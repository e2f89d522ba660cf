"""What the database holds in the end, set against what people did and saw."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
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
from conversations.due import due
from conversations.facts import StageFacts
from conversations.model import (
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
from tests.crash.child import SCHOOL
from tests.crash.crowd import WORDS, Shown

_MARK = re.compile(r"#\d+#")
# Texts before a question that is put again on purpose.
_AGAIN = ("asking.reminder_1", "asking.reminder_2", "asking.reminder_3", "answering.choose_too")


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything stored, opened."""

    now: datetime
    facts: tuple[StageFacts, ...]
    replies: tuple[Reply, ...]
    notes: tuple[Note, ...]
    chats: dict[ParticipantId, int]
    messages: tuple[Row[Any], ...]
    inbox: dict[str, int]
    outbox: dict[str, int]

    @property
    def marks(self) -> Counter[str]:
        """Count how often the mark of each text is stored, as a reply or as a note."""
        texts = [*(r.text for r in self.replies), *(n.text for n in self.notes if not n.gone)]
        return Counter(mark for text in texts for mark in _MARK.findall(text or ""))

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
    def without_outcome(self) -> list[CheckInId]:
        """Give the check-ins of which nobody can say what became of them."""
        asked = {reply.check_in for reply in self.replies}
        waiting = [
            c for facts in self.facts for c in facts.check_ins if c.reason is None and c.id not in asked
        ]
        return [c.id for c in waiting if c.state is not CheckInState.QUEUED]

    @property
    def left_undone(self) -> list[Any]:
        """Give what is due and was not done."""
        return [one for facts in self.facts for one in due(facts, SCHOOL, self.now)]

    @property
    def sent(self) -> int:
        """Count the messages of which the bot knows that they arrived."""
        return sum(row.state == "sent" for row in self.messages)

    @property
    def ambiguous(self) -> int:
        """Count the messages of which the bot could not know whether they had arrived."""
        return len(self._unsure())

    def put_too_often(self, shown: Iterable[Shown]) -> dict[Slot, int]:
        """Give the questions that people saw more often than they were put, and once more where unknown."""
        texts = Texts.load().by_id
        again = tuple(text.strip() for one in _AGAIN for text in forms(texts[one]).values())
        puts = Counter(one.slot for one in shown if one.slot and not one.text.startswith(again))
        unsure = {Slot(CheckInId(row.slot_check_in), row.slot_question) for row in self._unsure()}
        return {slot: count for slot, count in puts.items() if count > 1 + (slot in unsure)}

    def _unsure(self) -> list[Row[Any]]:
        return [row for row in self.messages if row.repeated or row.state == "unknown"]

    def _by_slot(self) -> dict[Slot, Reply]:
        return {Slot(reply.check_in, reply.question): reply for reply in self.replies}


async def read(db: Database, now: datetime) -> Books:
    """Open everything that is stored."""
    async with db.reading() as tx:
        facts = await stage_facts.load(tx, [stage.id for stage in await stages.every(tx)])
        everyone = {person for one in facts.values() for person in one.people}
        return Books(
            now=now,
            facts=tuple(facts.values()),
            replies=tuple(await replies.opened(tx, await tx.all(select(replies_table)))),
            notes=tuple(await replies.opened_notes(tx, await tx.all(select(notes_table)))),
            chats=await people.chats_of(tx, everyone),
            messages=tuple(await tx.all(select(outbox_table).where(outbox_table.c.kind == "message"))),
            inbox=await inbox.counts(tx),
            outbox=await outbox.counts(tx),
        )


def faults_in(folder: Path) -> list[str]:
    """Ask SQLite itself what is wrong with the files."""
    found: list[str] = []
    for file in ("stagebot.sqlite3", "keys.sqlite3"):
        connection = sqlite3.connect(folder / file)
        found += [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        connection.close()
    return found


def not_for_a_log(folder: Path, names: Iterable[str]) -> list[str]:
    """Find in the log what has no place there: what went wrong unforeseen, texts, names."""
    log = (folder / "log").read_text()
    return [word for word in ("Traceback", WORDS, *names) if word in log]
