"""What nobody answered goes to the coordinators: after two workdays, never at night (P3, P4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.due import due, next_wake
from conversations.duties import Escalate
from conversations.facts import StageFacts
from conversations.model import Participant, ParticipantId, Reach, Role, StageId
from tests.conversations.stages import TEACHER, TRAINER, a_person, a_school, at, the_facts, wall

SCHOOL = a_school()
LEAD = ParticipantId(4)


def with_signal(when: str, *people: Participant, **changes: object) -> StageFacts:
    """Give the stage with a signal of the trainer, and a coordinator who joined."""
    values: dict[str, object] = {"kind": SignalKind.CONSULT, "text": "Hij komt steeds te laat"}
    signal = Signal(id=SignalId(7), stage=StageId(1), by=TRAINER, at=at(when), **(values | changes))  # type: ignore[arg-type]  # its fields
    lead = Participant(id=LEAD, name="lead", roles=frozenset({Role.COORDINATOR}), reach=Reach.JOINED)
    return replace(the_facts(None, lead, *people, signals=(signal,)), coordinators=(LEAD,))


def escalated(facts: StageFacts, *moments: str) -> list[bool]:
    """Tell for some wall times whether the signal is escalated then."""
    return [any(isinstance(one, Escalate) for one in due(facts, SCHOOL, at(now))) for now in moments]


@pytest.mark.parametrize(
    ("when", "before", "term"),
    [
        ("2026-09-08 15:10", "2026-09-10 15:09", "2026-09-10 15:10"),  # Tuesday: Thursday
        ("2026-09-11 15:10", "2026-09-15 15:09", "2026-09-15 15:10"),  # Friday: Tuesday, over the weekend
        ("2026-09-12 11:00", "2026-09-15 10:59", "2026-09-15 11:00"),  # Saturday: Tuesday
        ("2026-09-09 22:00", "2026-09-11 18:59", "2026-09-11 19:00"),  # late: before the evening of Friday
        ("2026-09-09 06:00", "2026-09-11 07:59", "2026-09-11 08:00"),  # early: the morning of Friday
        ("2026-10-08 15:10", "2026-10-19 15:09", "2026-10-19 15:10"),  # over the autumn holiday
    ],
)
def test_after_two_workdays_without_an_answer_the_coordinator_is_told(
    when: str, before: str, term: str
) -> None:
    """P3: weekends and school holidays are no workdays; nights are left alone."""
    assert escalated(with_signal(when), before, term) == [False, True]


def test_a_signal_that_waits_is_a_moment_of_the_stage() -> None:
    """P3: the stage is woken for it."""
    wake = next_wake(with_signal("2026-09-07 09:00"), SCHOOL, at("2026-09-07 09:00"))
    assert [wake and wall(wake)] == ["Wed 2026-09-09 09:00"]


@pytest.mark.parametrize("reach", [Reach.INVITED, Reach.BLOCKED, Reach.STOPPED])
def test_without_a_teacher_the_coordinator_is_told_at_once(reach: Reach) -> None:
    """P3: only the night is waited for."""
    by_day = with_signal("2026-09-08 15:10", a_person(TEACHER, reach=reach))
    by_night = with_signal("2026-09-08 22:00", a_person(TEACHER, reach=reach))
    assert escalated(by_day, "2026-09-08 15:10") == [True]
    assert escalated(by_night, "2026-09-08 22:00", "2026-09-09 07:59", "2026-09-09 08:00") == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("kind", [kind for kind in SignalKind if kind is not SignalKind.OFFER])
def test_every_signal_that_asks_for_a_person_is_escalated(kind: SignalKind) -> None:
    """P3, P4: the bell, a wish for contact, nobody to ask, a trainer who stops or hands over."""
    assert escalated(with_signal("2026-09-08 15:10", kind=kind), "2026-09-10 15:10") == [True]


def test_help_that_was_only_offered_goes_to_nobody() -> None:
    """A human was not asked for."""
    offered = with_signal("2026-09-08 15:10", kind=SignalKind.OFFER)
    assert escalated(offered, "2026-09-10 15:10", "2026-10-10 15:10") == [False, False]


@pytest.mark.parametrize("state", [SignalState.ACKNOWLEDGED, SignalState.ESCALATED, SignalState.KEPT])
def test_what_was_answered_or_told_is_not_told_again(state: SignalState) -> None:
    """P3: once."""
    assert escalated(with_signal("2026-09-08 15:10", state=state), "2026-09-10 15:10") == [False]


def test_where_no_coordinator_can_be_told_it_is_due_too() -> None:
    """P3: whoever sent it hears that nobody of the school could be reached."""
    nobody = replace(with_signal("2026-09-08 15:10"), coordinators=())
    assert escalated(nobody, "2026-09-10 15:10") == [True]
