"""What a reader may see, as plain data: content, or a mark without content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from conversations.model import CheckInId, Key, Note, Reply, Role, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one person answered to a question, follow-ups included, or left as a note, for one reader.

    `labels` are the chosen buttons in the reader's language, `wording` is the question as it was asked (empty
    for a note), `seconds` the length of a voice message. `at` is since when the reader may see all of it,
    `on` the local day it was said on. `former` marks a trainer who was replaced since: their words never
    stand beside the name of the new one.
    """

    by: Role
    key: Key
    check_in: CheckInId | None
    question_set: str
    question: str
    wording: str
    task: str | None
    asked: datetime
    at: datetime
    on: date
    texts: tuple[str, ...]
    choices: tuple[str, ...]
    labels: tuple[str, ...]
    seconds: int | None
    late: bool
    former: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """That a question was put and what became of it: no word of what was answered."""

    by: Role
    key: Key
    asked: datetime
    on: date
    status: Status
    answered: datetime | None
    check_in: CheckInId
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """What the teacher of a stage may see: to use in the meeting (💬), and to read alone (🔒)."""

    shared: tuple[Shown, ...]
    private: tuple[Shown, ...]
    marks: tuple[Mark, ...]


class Reads(StrEnum):
    """Who reads what a student wrote, as the student sees it."""

    PRIVATE = "private"  # 🔒
    MEETING = "meeting"  # 💬
    ALWAYS = "always"  # 🔒, whatever was chosen
    SCHOOL = "school"  # counted, without a name: the survey at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a student gave: an answer with its parts, or a note, and who reads it."""

    shown: Shown
    reads: Reads
    parts: tuple[Reply, ...] = ()
    note: Note | None = None
