"""Tells what was asked and said in a stage, in the words of the shipped sets, and reads its digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zlib import crc32

import config
from config.texts import Texts
from config.wordings import fill
from conversations import digest
from conversations.digest import Digest
from conversations.dossier import Agreement, AgreementId, Signal, SignalId, SignalKind
from conversations.facts import DigestRecord, Material
from conversations.messages import Piece
from conversations.model import (
    Address,
    CheckIn,
    CheckInId,
    CheckInState,
    Language,
    Note,
    Participant,
    Place,
    Quote,
    Reason,
    Reply,
    Role,
    Share,
    Stage,
    StageId,
    Status,
    Voice,
)
from conversations.school import School
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_stage, at

SCHOOL: School = config.load()
TEXTS = Texts.load()
Answer = str | tuple[str, ...] | Voice | Status
PEOPLE = (
    a_person(STUDENT, name="Samira Aziz"),
    a_person(TRAINER, name="Ingrid Kuipers"),
    a_person(TEACHER, name="Joost Bakker"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in with what became of its questions."""

    check_in: CheckIn
    replies: tuple[Reply, ...] = ()


def asked(name: str, when: str, answers: dict[str, Answer], **changes: Any) -> Asked:
    """Put a question set at a wall time; each answer comes ten minutes later unless `later` says otherwise.

    An answer is a text, the ids of choices, a voice message, or what became of a question without one.
    """
    due, later = at(when), changes.pop("later", timedelta(minutes=10))
    language, share = changes.pop("language", Language.NL), changes.pop("share", Share.MEETING)
    role = Role(name.split("/")[0])
    check_in = CheckIn(
        id=_id(name, when),
        stage=StageId(1),
        participant=STUDENT if role is Role.STUDENT else TRAINER,
        question_set=name,
        version="1",
        due=due,
        closes=due + timedelta(days=6),
        opened=due,
        **({"occasion": "week 1", "state": CheckInState.DONE} | changes),
    )
    replies = (_reply(check_in, q, a, language, share, later) for q, a in answers.items())
    return Asked(check_in, tuple(replies))


def _reply(
    check_in: CheckIn, question: str, answer: Answer, language: Language, share: Share, later: timedelta
) -> Reply:
    known = SCHOOL.question_sets[check_in.question_set].question(question)
    assert known is not None
    tasks = {task.id: task.text.to(language) for task in SCHOOL.programmes["business-events"].tasks}
    values = {"taak": tasks.get(check_in.task or "", ""), "voornaam": "Samira"}
    values |= {quote.place: quote.text for quote in check_in.quotes}
    reply = Reply(
        check_in=check_in.id,
        participant=check_in.participant,
        question=question,
        key=known.key,
        wording=fill(known.text.to(language, Address.JE), values),
        asked=check_in.due,
        share=share,
    )
    if isinstance(answer, Status):
        return replace(reply, status=answer)
    when = check_in.due + later
    given = replace(reply, answered=when, status=Status.LATE if when > check_in.closes else Status.ANSWERED)
    match answer:
        case str():
            return replace(given, text=answer)
        case tuple():
            return replace(given, choices=answer)
        case Voice():
            return replace(given, voice=answer)


def _id(*parts: str) -> CheckInId:
    return CheckInId(crc32(" ".join(parts).encode()))


def recorded(occasion: str, when: str, reason: Reason, **changes: Any) -> Asked:
    """Keep that something was due and was not asked, of the student unless `participant` says otherwise."""
    away = {Reason.NOT_JOINED, Reason.BLOCKED, Reason.STOPPED}
    values: dict[str, Any] = {
        "participant": STUDENT,
        "state": CheckInState.UNREACHABLE if reason in away else CheckInState.NOT_ASKED,
    }
    return Asked(
        CheckIn(
            id=_id(occasion, when),
            stage=StageId(1),
            occasion=occasion,
            question_set="",
            version="",
            due=at(when),
            closes=at(when) + timedelta(days=6),
            reason=reason,
            **(values | changes),
        )
    )


def a_note(text: str, when: str, **changes: Any) -> Note:
    """Give a note that the student left for the meeting."""
    values: dict[str, Any] = {"participant": STUDENT, "stage": StageId(1), "share": Share.MEETING}
    return Note(text=text, source=crc32(text.encode()), at=at(when), **(values | changes))


def sent(meeting: int, when: str, **changes: Any) -> DigestRecord:
    """Keep that the digest of a meeting was handed over."""
    return DigestRecord(stage=StageId(1), meeting=meeting, at=at(when), **changes)


def an_agreement(text: str, when: str = "2026-09-21 11:00", **changes: Any) -> Agreement:
    """Give what was agreed in the first meeting, unless `meeting` says otherwise."""
    values: dict[str, Any] = {"id": AgreementId(_id(text)), "stage": StageId(1), "meeting": 1}
    return Agreement(text=text, at=at(when), **(values | changes))


def quoting(agreement: Agreement, place: str = "afspraak") -> Quote:
    """Quote an agreement in a question."""
    return Quote(place=place, text=agreement.text, source=agreement.id)


def example_of(guided: Asked) -> Quote:
    """Quote a trainer's example of guidance in a question."""
    text = next(reply.text for reply in guided.replies if reply.question == "guided")
    return Quote(place="voorbeeld", text=text or "", source=guided.check_in.id)


def a_signal(kind: SignalKind, when: str, **changes: Any) -> Signal:
    """Give a signal of the student, unless `by` says otherwise."""
    values: dict[str, Any] = {"id": SignalId(_id(kind, when)), "stage": StageId(1), "by": STUDENT}
    return Signal(kind=kind, at=at(when), **(values | changes))


def the_material(
    *said: Asked,
    stage: Stage | None = None,
    people: Iterable[Participant] = (),
    notes: Sequence[Note] = (),
    digests: Sequence[DigestRecord] = (),
    signals: Sequence[Signal] = (),
    agreements: Sequence[Agreement] = (),
) -> Material:
    """Give all that was asked and said in a stage."""
    return Material(
        stage=stage or a_stage(),
        people={p.id: p for p in (*PEOPLE, *people)},
        check_ins=tuple(one.check_in for one in said),
        replies=tuple(reply for one in said for reply in one.replies),
        notes=tuple(notes),
        digests=tuple(digests),
        signals=tuple(signals),
        agreements=tuple(agreements),
    )


def a_digest(material: Material, number: int = 1, school: School = SCHOOL) -> Digest:
    """Build a meeting's digest as late as can be."""
    meeting = next(m for m in material.stage.meetings if m.number == number)
    return digest.build(material, school, number, meeting.at)


def words_of(pieces: Sequence[Piece], material: Material) -> str:
    """Give pieces as the teacher reads them."""
    return TEXTS.render(pieces, material.people[TEACHER])[0]


def messages(material: Material, number: int = 1, school: School = SCHOOL) -> list[str]:
    """Give the messages in which a teacher gets a digest."""
    found = digest.pages(
        a_digest(material, number, school), lambda pieces: len(words_of(pieces, material).split())
    )
    return [words_of(pieces, material) for pieces in found]


def the_page(material: Material, number: int = 1) -> list[str]:
    """Give the lines of the page that is used in the meeting."""
    return messages(material, number)[0].split("\n")


def block(material: Material, title: str, number: int = 1) -> list[str]:
    """Give the lines below one heading of the page; none where the block is absent."""
    blocks = messages(material, number)[0].split("\n\n")
    return next((b.split("\n")[1:] for b in blocks if b.split("\n")[0] == title), [])


# ---- what the tests of the page share -------------------------------------------------------------------

LEARNING, POSSIBLE = "Leren (sleutel 1)", "Mogelijkheden (sleutel 2)"
JUDGED, GUIDED, OPEN = "Hoe het gaat (sleutel 3)", "Begeleiding (sleutel 4)", "Open het gesprek"
BEFORE = sent(1, "2026-09-17 08:30", addendum_at=None)
FIRST_WEEK = "2026-09-10 16:30"


def visited() -> Stage:
    """Give a stage with every meeting at the company, so that nothing is said of that."""
    return a_stage(meetings=tuple(replace(m, place=Place.COMPANY) for m in a_stage().meetings))


def of_student(name: str, when: str, task: str | None = None, **answers: Answer) -> Asked:
    """Tell what the student was asked and answered."""
    return asked(f"student/{name}", when, answers, task=task)


def of_trainer(when: str, task: str | None = "welcome", **answers: Answer) -> Asked:
    """Tell what the trainer was asked before the first meeting."""
    return asked("trainer/before_meeting", when, answers, task=task, occasion="meeting 1")


def shown(title: str, *said: Asked, number: int = 2) -> list[str]:
    """Give a block of the second meeting's page; what was said before 17 September is of the first."""
    return block(the_material(*said, stage=visited(), digests=[BEFORE]), title, number)
