"""One catch-up a person, however many stages they have."""

from __future__ import annotations

from conversations.duties import Ask, Close, Due, Record, one_catch_up
from conversations.model import ParticipantId, Reason, StageId
from conversations.plan import Planned
from conversations.question_set import Occasion
from tests.conversations.stages import STUDENT, TRAINER, a_check_in, a_set, at


def an_ask(stage: int, due: str, who: ParticipantId = TRAINER, *, catch_up: bool = True) -> Ask:
    """Give a question before a meeting of one of the stages of a trainer."""
    planned = Planned(
        stage=StageId(stage),
        participant=who,
        occasion="meeting 1",
        kind=Occasion.BEFORE_MEETING,
        due=at(due),
        closes=at("2026-09-18 08:30"),
    )
    question_set = a_set("trainer/judgement", Occasion.BEFORE_MEETING)
    return Ask(
        planned=planned, question_set=question_set, task=None, room=None, remind_at=None, catch_up=catch_up
    )


def missed(ask: Ask) -> Record:
    """Give what remains of a question that is not asked after downtime."""
    return Record(planned=ask.planned, reason=Reason.DOWNTIME)


def test_of_the_stages_of_one_trainer_the_newest_is_caught_up_with() -> None:
    """The others are recorded as missed by downtime, in their place."""
    early, late, middle = (
        an_ask(1, "2026-09-14 16:00"),
        an_ask(2, "2026-09-16 16:00"),
        an_ask(3, "2026-09-15 16:00"),
    )
    assert one_catch_up([early, late, middle]) == [missed(early), late, missed(middle)]


def test_a_question_on_time_leaves_no_catch_up_beside_it() -> None:
    """The trainer has enough with the one that is due now."""
    late, now = an_ask(1, "2026-09-14 16:00"), an_ask(2, "2026-09-16 16:00", catch_up=False)
    assert one_catch_up([late, now]) == [missed(late), now]


def test_questions_on_time_stay_however_many_there_are() -> None:
    """A bundle about three students is no catch-up."""
    bundle: list[Due] = [an_ask(n, "2026-09-14 16:00", catch_up=False) for n in (1, 2, 3)]
    assert one_catch_up(bundle) == bundle


def test_every_person_has_their_own_catch_up_and_everything_else_stays() -> None:
    """Closings are not counted."""
    dues: list[Due] = [
        an_ask(1, "2026-09-14 16:00"),
        an_ask(1, "2026-09-14 16:00", STUDENT),
        Close(check_in=a_check_in(1, "week 1")),
    ]
    assert one_catch_up(dues) == dues


def test_who_was_asked_elsewhere_in_the_same_tick_gets_no_catch_up() -> None:
    """A tick may look at stages in several batches."""
    late = an_ask(1, "2026-09-14 16:00")
    assert one_catch_up([late], asked=frozenset({TRAINER})) == [missed(late)]
