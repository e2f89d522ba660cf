"""A teacher's chat about meetings, and what everybody reads of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from config.texts import Texts
from conversations import buttons, meetings
from conversations.desk import Decision
from conversations.dossier import Agreement, AgreementId, Expectation
from conversations.events import Pressed, Said, Spoke
from conversations.facts import ChatFacts, StageFacts
from conversations.messages import Acknowledge, Amend, Message, Say
from conversations.model import (
    Address,
    Language,
    Meeting,
    Participant,
    Place,
    Stage,
    StageId,
    Voice,
)
from tests.conversations.stages import STUDENT, TEACHER, TRAINER, a_person, a_school, a_stage, at

SCHOOL = a_school()
TEXTS = Texts.load()
NOW = at("2026-09-08 12:00")  # a Tuesday, before the first meeting
AFTER = at("2026-09-21 12:00")  # just after the first meeting
STAGE = StageId(1)
SAMIRA = a_person(STUDENT, name="Samira El Amrani")
INGRID = a_person(TRAINER, name="Ingrid Kuipers", address=Address.U)
KEES = a_person(TEACHER, name="Kees Wouters")


@dataclass(slots=True)
class Teacher:
    """A teacher who presses and types; what is decided is applied, as the store would."""

    facts: ChatFacts
    now: datetime = NOW
    agreements: tuple[Agreement, ...] = ()
    count: int = 0

    def presses(self, data: str) -> Decision:
        """Press a button below message 5."""
        press = buttons.decode(data)
        assert press is not None
        event = Pressed(press="1", data=data, message=5, at=self.now)
        return self._take(meetings.pressed(self._facts(), event, press, SCHOOL, self.now))

    def types(self, text: str) -> Decision:
        """Type what was asked for."""
        event = Said(message=self.count, text=text, at=self.now)
        return self._take(meetings.said(self._facts(), event, SCHOOL, self.now))

    def speaks(self) -> Decision:
        """Send a voice message where a text was asked for."""
        event = Spoke(message=self.count, voice=Voice(file="f", seconds=7), at=self.now)
        return self._take(meetings.said(self._facts(), event, SCHOOL, self.now))

    def commands(self) -> Decision:
        """Give /gesprek."""
        return self._take(meetings.commanded(self._facts(), SCHOOL, self.now))

    @property
    def stage(self) -> Stage:
        """Give the first stage as it is now."""
        return self.facts.stage(STAGE)

    def meeting(self, number: int) -> Meeting:
        """Give a meeting of the first stage as it is now."""
        return next(m for m in self.stage.meetings if m.number == number)

    def _facts(self) -> ChatFacts:
        self.count += 1
        dossiers = {
            stage.id: StageFacts(
                stage=stage,
                people=self.facts.people,
                coordinators=(),
                agreements=tuple(a for a in self.agreements if a.stage == stage.id and not a.gone),
            )
            for stage in self.facts.stages
        }
        return replace(self.facts, dossiers=dossiers, new_ids=(self.count, self.count + 1000))

    def _take(self, decision: Decision) -> Decision:
        self.facts = self.facts.with_changed(decision.changed)
        for one in decision.changed:
            if isinstance(one, Agreement):
                self.agreements = (*(a for a in self.agreements if a.id != one.id), one)
        self.now += timedelta(minutes=1)
        return decision


def a_teacher(*people: Participant, now: datetime = NOW, **changes: Any) -> Teacher:
    """Give the teacher of Samira's stage; people and the stage may be otherwise."""
    known = {p.id: p for p in (SAMIRA, INGRID, KEES, *people)}
    stage = a_stage(**changes)
    return Teacher(ChatFacts(me=known[TEACHER], stages=(stage,), people=known, slots={}), now)


def visited(stage: Stage) -> tuple[Meeting, ...]:
    """Give a stage's meetings with the first at the company."""
    first, *others = stage.meetings
    return (replace(first, place=Place.COMPANY), *others)


def read_by(decision: Decision, who: Participant) -> list[str]:
    """Give what somebody reads: new messages, and messages that got other words."""
    mine = [one for one in decision.out if isinstance(one, Message | Amend) and one.to == who.id]
    return [TEXTS.render(one.pieces, who)[0] for one in mine if one.pieces]


def toasts(decision: Decision) -> list[str | None]:
    """Give what pops up at a press."""
    pressed = [one for one in decision.out if isinstance(one, Acknowledge)]
    return [TEXTS.render((one.text,), KEES)[0] if one.text else None for one in pressed]


def is_refused(decision: Decision) -> bool:
    """Tell whether a press was answered as an old button is."""
    return [one.text for one in decision.out if isinstance(one, Acknowledge)] == [
        Say(id="answering.old_button")
    ]


def labels(decision: Decision, who: Participant = KEES) -> list[str]:
    """Give the labels of all buttons that somebody gets."""
    mine = [one for one in decision.out if isinstance(one, Message | Amend) and one.to == who.id]
    return [TEXTS.render((b.label,), who)[0] for one in mine for row in one.buttons for b in row]


def data_of(decision: Decision) -> dict[str, str]:
    """Give the buttons that the teacher gets, by label."""
    mine = [one for one in decision.out if isinstance(one, Message | Amend) and one.to == TEACHER]
    return {TEXTS.render((b.label,), KEES)[0]: b.data for one in mine for row in one.buttons for b in row}


def awaited(decision: Decision) -> list[tuple[str | None, str]]:
    """Give what is awaited after a decision."""
    found = [one for one in decision.changed if isinstance(one, Expectation)]
    return [(one.what.value if one.what else None, one.about) for one in found]


def an_agreement(number: int, text: str, **changes: Any) -> Agreement:
    """Give an agreement of the first meeting."""
    values: dict[str, Any] = {"stage": STAGE, "meeting": 1, "at": AFTER}
    return Agreement(id=AgreementId(number), text=text, **(values | changes))


def in_english(person: Participant) -> Participant:
    """Give somebody who reads English."""
    return replace(person, language=Language.EN)
