"""S3: a trainer sees all students, hands one over, or stops; the teacher hears of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from conversations import buttons, guiding
from conversations.desk import Decision
from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.events import Pressed
from conversations.facts import ChatFacts
from conversations.messages import Lane, Message
from conversations.model import Meeting, ParticipantId, Place, Role, Stage, StageId
from tests.conversations.meeting import INGRID, KEES, NOW, SAMIRA, SCHOOL, is_refused, labels, read_by, toasts
from tests.conversations.stages import TRAINER, a_stage

MILAN = replace(SAMIRA, id=ParticipantId(9), name="Milan Bakker")
OTHER_SAMIRA = replace(SAMIRA, id=ParticipantId(9), name="Samira Visser")
SECOND = StageId(2)


@dataclass(slots=True)
class Trainer:
    """A trainer who presses; what is decided is applied."""

    facts: ChatFacts

    def commands(self) -> Decision:
        """Give /studenten."""
        return guiding.commanded(self.facts, SCHOOL, NOW)

    def presses(self, data: str) -> Decision:
        """Press a button below message 5."""
        press = buttons.decode(data)
        assert press is not None
        event = Pressed(press="1", data=data, message=5, at=NOW)
        decision = guiding.pressed(self.facts, event, press, SCHOOL, NOW)
        self.facts = self.facts.with_changed(decision.changed)
        return decision

    @property
    def stage(self) -> Stage:
        """Give the first stage as it is now."""
        return self.facts.stage(StageId(1))


def a_trainer(*others: Stage, me: frozenset[Role] = frozenset({Role.TRAINER}), **changes: Any) -> Trainer:
    """Give the trainer of Samira's stage, and of others."""
    ingrid = replace(INGRID, roles=me)
    people = {p.id: p for p in (SAMIRA, ingrid, KEES, MILAN)}
    stages = (a_stage(**changes), *others)
    return Trainer(ChatFacts(me=ingrid, stages=stages, people=people, slots={}))


def with_two(second: str = "Milan Bakker") -> Trainer:
    """Give a trainer of two students."""
    meetings: tuple[Meeting, ...] = ()
    trainer = a_trainer(a_stage(id=SECOND, code="BPV-2026-006", student=MILAN.id, meetings=meetings))
    people = {**trainer.facts.people, MILAN.id: replace(MILAN, name=second)}
    trainer.facts = replace(trainer.facts, people=people)
    return trainer


# ---- the list -------------------------------------------------------------------------------------------


def test_a_trainer_with_one_student_sees_all_and_can_change_it_at_once() -> None:
    """S3: period, company, next meeting with its place, and who the teacher is."""
    decision = a_trainer().commands()
    assert read_by(decision, INGRID) == [
        (
            "Uw studenten\n"
            "\n"
            "Samira El Amrani\n"
            "7 september 2026 – 29 januari 2027 · Congrescentrum Amstel\n"
            "Volgend stagegesprek: ma 21 sep 10:00, online\n"
            "Docent: Kees Wouters"
        )
    ]
    assert labels(decision, INGRID) == ["Iemand anders begeleidt Samira", "Ik stop met begeleiden"]


def test_a_trainer_with_several_students_chooses_one() -> None:
    """S3: every student has a button; a stage without a meeting says so."""
    trainer = with_two()
    decision = trainer.commands()
    assert (
        "Milan Bakker\n7 september 2026 – 29 januari 2027 · Congrescentrum Amstel\nEr is nu geen"
        in (read_by(decision, INGRID)[0])
    )
    assert labels(decision, INGRID) == ["Samira", "Milan"]
    assert labels(trainer.presses("d:2"), INGRID) == [
        "Iemand anders begeleidt Milan",
        "Ik stop met begeleiden",
    ]


def test_students_with_the_same_first_name_are_called_in_full() -> None:
    """S3: a trainer always knows whom a button is about."""
    assert labels(with_two(OTHER_SAMIRA.name).commands(), INGRID) == ["Samira El Amrani", "Samira Visser"]


def test_who_teaches_too_reads_which_list_this_is() -> None:
    """Both lists come; each says what it is."""
    both = frozenset({Role.TRAINER, Role.TEACHER})
    assert read_by(a_trainer(me=both).commands(), INGRID)[0].startswith("U begeleidt zelf\n")


def test_who_is_no_trainer_gets_no_list() -> None:
    """A teacher's own list is elsewhere."""
    assert a_trainer(me=frozenset({Role.TEACHER})).commands() == Decision()


def test_a_trainer_without_students_is_told_whom_to_call() -> None:
    """An ended stage is nobody's to guide."""
    assert read_by(a_trainer(ended=True).commands(), INGRID) == [
        "U begeleidt nu geen student met een lopende stage. Klopt dat niet? Bel of mail de school."
    ]


# ---- handing over and stopping --------------------------------------------------------------------------


def test_handing_over_takes_one_more_tap_and_reaches_the_teacher() -> None:
    """S3: questions stop, a signal is kept, and the teacher can say that it was seen."""
    trainer = a_trainer()
    sure = trainer.presses("d:1:hand")
    assert (sure.changed, labels(sure, INGRID)) == ((), ["Ja, iemand anders", "Nee, er verandert niets"])
    decision = trainer.presses("d:1:handed")
    assert decision.changed == (
        replace(a_stage(), trainer_stopped=True),
        Signal(id=SignalId(1), stage=StageId(1), by=TRAINER, kind=SignalKind.HAND_OVER, at=NOW),
    )
    assert read_by(decision, INGRID) == [
        "Dank u. Ik stel u geen vragen meer over Samira. Kees Wouters krijgt bericht."
    ]
    assert labels(decision, INGRID) == ["Toch niet"]
    assert read_by(decision, KEES) == [
        (
            "Ingrid Kuipers zegt dat iemand anders Samira El Amrani begeleidt. Vraag wie, en laat de "
            "coördinator het rooster aanpassen. Tot dan stel ik geen vragen aan het leerbedrijf over "
            "Samira El Amrani."
        )
    ]
    told = [one for one in decision.out if isinstance(one, Message)]
    assert [(one.lane, one.buttons[0][0].data) for one in told] == [(Lane.SIGNAL, "c:1:seen")]
    assert read_by(decision, SAMIRA) == []


def test_stopping_is_another_message_to_the_teacher() -> None:
    """S3: nobody guides the student then, and the teacher acts on it."""
    trainer = a_trainer()
    assert "Stopt u met de begeleiding van Samira?" in read_by(trainer.presses("d:1:end"), INGRID)[0]
    decision = trainer.presses("d:1:ended")
    kinds = [one.kind for one in decision.changed if isinstance(one, Signal)]
    assert (kinds, trainer.stage.trainer_stopped) == ([SignalKind.STOP], True)
    assert read_by(decision, KEES)[0].startswith(
        "Ingrid Kuipers stopt met de begeleiding van Samira El Amrani."
    )


def test_the_other_student_is_not_touched() -> None:
    """S3: handing over one is not handing over all."""
    trainer = with_two()
    trainer.presses("d:2:handed")
    assert [s.trainer_stopped for s in trainer.facts.stages] == [False, True]
    assert read_by(trainer.commands(), INGRID)[0].count("U begeleidt deze student niet meer.") == 1


def test_a_change_of_mind_before_the_last_tap_changes_nothing() -> None:
    """The teacher hears nothing of it."""
    trainer = a_trainer()
    trainer.presses("d:1:hand")
    decision = trainer.presses("d:1:stay")
    assert decision.changed == ()
    assert read_by(decision, INGRID) == ["Goed. U begeleidt Samira gewoon verder."]


def test_handing_over_can_be_taken_back() -> None:
    """S3: questions go on, the signal is closed, and the teacher knows."""
    trainer = a_trainer()
    trainer.presses("d:1:handed")
    decision = trainer.presses("d:1:undo")
    signals = [one for one in decision.changed if isinstance(one, Signal)]
    assert [(one.state, one.acknowledged) for one in signals] == [(SignalState.ACKNOWLEDGED, NOW)]
    assert trainer.stage == a_stage()
    assert read_by(decision, KEES) == [
        "Ingrid Kuipers begeleidt Samira El Amrani toch zelf. Ik stel weer vragen aan het leerbedrijf."
    ]


def test_pressing_twice_tells_the_teacher_once() -> None:
    """A double tap is one signal; taking back twice is one message too."""
    trainer = a_trainer()
    trainer.presses("d:1:handed")
    again = [trainer.presses("d:1:handed"), trainer.presses("d:1:end")]
    trainer.presses("d:1:undo")
    again += [trainer.presses("d:1:undo")]
    assert [(decision.changed, read_by(decision, KEES)) for decision in again] == [((), [])] * 3


@pytest.mark.parametrize("data", ["d:3", "d:3:handed", "d:1:onzin", "d:1:c"])
def test_a_forged_button_changes_nothing(data: str) -> None:
    """A stage that is not there, a word that the bot never put."""
    decision = a_trainer().presses(data)
    assert (decision.changed, len(decision.out), is_refused(decision)) == ((), 1, True)


@pytest.mark.parametrize("data", ["d:1", "d:1:handed", "d:1:ended", "d:1:undo", "d:1:stay"])
@pytest.mark.parametrize("who", ["student", "teacher", "trainer that the roster replaced"])
def test_only_the_trainer_of_a_stage_has_these_buttons(who: str, data: str) -> None:
    """S3: nobody else hands a student over; a new trainer is not undone by the old one."""
    known = {"student": SAMIRA, "teacher": KEES, "trainer that the roster replaced": INGRID}
    trainer = a_trainer(trainer_stopped=True)
    replaced = replace(trainer.stage, trainer=ParticipantId(77))
    trainer.facts = replace(trainer.facts, me=known[who], stages=(replaced,))
    decision = trainer.presses(data)
    assert (decision.changed, len(decision.out), is_refused(decision)) == ((), 1, True)
    assert (toasts(decision) == [None], trainer.stage) == (False, replaced)


def test_a_stage_at_the_company_says_so() -> None:
    """The trainer sees when somebody is coming."""
    meeting = replace(a_stage().meetings[0], place=Place.COMPANY, at=NOW + timedelta(days=1))
    decision = a_trainer(meetings=(meeting,)).commands()
    assert "Volgend stagegesprek: wo 9 sep 12:00, leerbedrijf" in read_by(decision, INGRID)[0]
