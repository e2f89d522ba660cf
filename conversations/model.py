"""The words of stagebot as frozen data: people, stages, check-ins, replies, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

StageId = NewType("StageId", int)
ParticipantId = NewType("ParticipantId", int)
CheckInId = NewType("CheckInId", int)


class Role(StrEnum):
    """What somebody is in a stage or, for a coordinator, in a team."""

    STUDENT = "student"
    TRAINER = "trainer"
    TEACHER = "teacher"
    COORDINATOR = "coordinator"


class Language(StrEnum):
    """A language that every text for people exists in."""

    NL = "nl"
    EN = "en"


class Address(StrEnum):
    """How a Dutch trainer wants to be addressed; students are always "je"."""

    JE = "je"
    U = "u"


class Key(StrEnum):
    """The four keys of the article, the student's own agenda, safety, and the survey at the end.

    What is asked for SURVEY is for the school, counted and without a name: no teacher reads it.
    """

    LEARNING = "learning"
    POTENTIAL = "potential"
    JUDGEMENT = "judgement"
    GUIDANCE = "guidance"
    AGENDA = "agenda"
    SAFETY = "safety"
    SURVEY = "survey"


class Place(StrEnum):
    """Where a meeting takes place (promise K2a)."""

    COMPANY = "company"
    ONLINE = "online"
    PHONE = "phone"


class Track(StrEnum):
    """School-based (bol) or work-based (bbl)."""

    BOL = "bol"
    BBL = "bbl"


class Share(StrEnum):
    """Who may see a student's reply: only the teacher (🔒), or also spoken in the meeting (💬)."""

    PRIVATE = "private"
    MEETING = "meeting"


class Reach(StrEnum):
    """Whether the bot can write to a participant."""

    INVITED = "invited"
    JOINED = "joined"
    BLOCKED = "blocked"
    STOPPED = "stopped"


class CheckInState(StrEnum):
    """Where a check-in stands. QUEUED waits for another one of the same bundle."""

    QUEUED = "queued"
    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    NOT_ASKED = "not_asked"
    UNREACHABLE = "unreachable"


class Status(StrEnum):
    """What became of one question that was due (the words of `stagebot export`)."""

    OPEN = "open"
    ANSWERED = "answered"
    LATE = "late"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    NOT_ASKED = "not_asked"
    UNREACHABLE = "unreachable"
    FAILED = "failed"


class Reason(StrEnum):
    """Why something due was not asked, or could not be."""

    HOLIDAY = "holiday"  # every stage day of that week is a public or school holiday
    PAUSED = "paused"
    DOWNTIME = "downtime"  # the bot was away; one catch-up at most
    FULL_WEEK = "full_week"  # two questions were put in that week already
    NO_QUESTION = "no_question"  # no question set fits this moment
    OTHER_OPEN = "other_open"  # an earlier question of the check-in or bundle stayed open
    NOT_JOINED = "not_joined"
    BLOCKED = "blocked"
    STOPPED = "stopped"
    MEETING_PASSED = "meeting_passed"
    STAGE_ENDED = "stage_ended"
    HANDED_OVER = "handed_over"  # the trainer no longer guides this student
    NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One sentence per language; `nl_u` is the separately written polite form for trainers."""

    nl: str
    en: str
    nl_u: str | None = None

    def to(self, language: Language, address: Address = Address.JE) -> str:
        """Give the sentence for somebody's language and form of address."""
        if language is Language.EN:
            return self.en
        return self.nl_u if address is Address.U and self.nl_u is not None else self.nl


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When somebody likes to be asked: local wall time, on a weekday (0 is Monday) or on any."""

    time: time
    weekday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person in one or more roles; one chat, however many stages."""

    id: ParticipantId
    name: str
    roles: frozenset[Role]
    language: Language = Language.NL
    address: Address = Address.JE
    reach: Reach = Reach.INVITED
    moment: Moment | None = None
    paused_until: date | None = None  # local date on which questions start again

    @property
    def first_name(self) -> str:
        """Give the name the bot uses in chat."""
        return self.name.split(maxsplit=1)[0] if self.name.strip() else self.name


class MeetingState(StrEnum):
    """What became of a meeting (promise P1)."""

    PLANNED = "planned"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One of the three three-way conversations of a stage.

    `moved` counts the times the teacher moved it, `asked` is when the teacher was asked whether it was held.
    """

    number: int
    at: datetime  # UTC
    place: Place
    state: MeetingState = MeetingState.PLANNED
    moved: int = 0
    asked: datetime | None = None
    present: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One student at one company, first to last day, with trainer and teacher."""

    id: StageId
    code: str
    student: ParticipantId
    trainer: ParticipantId
    teacher: ParticipantId
    team: str
    programme: str
    track: Track
    company: str
    city: str
    begin: date
    end: date
    days: frozenset[int]  # stage days, 0 is Monday
    workday_end: time  # local
    meetings: tuple[Meeting, ...]
    through_holidays: bool = False  # works in school holidays too (S1)
    ended: bool = False
    trainer_stopped: bool = False  # the trainer handed this student over, or stopped guiding


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A work process of the qualification, in plain words, that the exam asks for."""

    id: str
    text: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """An opleiding with the tasks its exam asks for."""

    id: str
    name: Wording
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of somebody else that a question holds: {voorbeeld}, {afspraak} or {vraag}.

    `source` is the id of what it was taken from: a trainer's check-in, an agreement, a meeting's number.
    """

    place: str
    text: str = field(repr=False)
    source: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One question set put to one participant about one stage on one occasion.

    `occasion` is "week 7", "meeting 2" or "agenda 2": never a timestamp. `room` is how many questions may
    still be put without breaking two a week; None means no such limit (trainers).
    """

    id: CheckInId
    stage: StageId
    participant: ParticipantId
    occasion: str
    question_set: str  # "student/aha"; empty when nothing was asked
    version: str  # of the question set, as read from its file
    due: datetime  # UTC
    closes: datetime  # UTC; a reply after this is late
    state: CheckInState
    reason: Reason | None = None
    room: int | None = None
    task: str | None = None  # the task id that {taak} stands for
    quotes: tuple[Quote, ...] = ()  # for the other places; a question with a place left open is not asked
    opened: datetime | None = None
    remind_at: datetime | None = None  # None once reminded, or when it needs none
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice message, kept as a reference only."""

    file: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One question as it was put, and the answer to it once there is one.

    `question` is the id in the question set; a follow-up is a reply of its own: "aha.example" asks for an
    example after a short answer, "aha.typed" for one line after a voice message. `draft` holds ticks of a
    several-choices question before [Klaar].
    """

    check_in: CheckInId
    participant: ParticipantId
    question: str
    key: Key
    wording: str  # as asked, in the participant's language
    asked: datetime  # UTC
    status: Status = Status.OPEN
    share: Share = Share.PRIVATE
    answered: datetime | None = None
    text: str | None = None
    choices: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    voice: Voice | None = None
    source: int | None = None  # the person's own message, so that an edit finds its reply
    written: datetime | None = None  # when words came that waited for a button; `answered` is of the whole

    @property
    def is_follow_up(self) -> bool:
        """Tell a follow-up from a question that counts."""
        return "." in self.question

    @property
    def has_answer(self) -> bool:
        """Tell whether the person answered, in time or late."""
        return self.status in (Status.ANSWERED, Status.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Free text with no question open, or with two that it could answer: kept for the meeting.

    A note that its writer threw away, or that turned out to answer a question, is `gone`.
    """

    participant: ParticipantId
    stage: StageId | None  # None until the person says which stage it is about
    text: str
    source: int  # the person's own message id: unique in the chat
    at: datetime
    share: Share = Share.PRIVATE
    voice: Voice | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one question: what a button, a swipe reply or a message refers to."""

    check_in: CheckInId
    question: str
