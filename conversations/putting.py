"""Makes the messages of a check-in: a question with its buttons, what comes before it, and the thanks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from conversations import covering, keyboards
from conversations.desk import Desk, heading
from conversations.facts import ChatFacts
from conversations.messages import Buttons, Lane, Message, Piece, Run, Say
from conversations.model import CheckIn, CheckInState, Key, Reply, Slot
from conversations.question_set import Kind, Question
from conversations.tone import varied


def put(at: Desk, question: Question, reply: Reply) -> Message:
    """Make the message that puts a question, in the words it was first put in."""
    return message(at, reply, words(at, question, reply), keyboards.below(at, question, reply))


def words(at: Desk, question: Question, reply: Reply) -> tuple[Piece, ...]:
    """Give a question as it was first put; a list of tasks with how each stands by now."""
    more = covering.legend(at, reply) if question.kind is Kind.COVERAGE else ()
    return (Run(reply.wording), *more)


def message(at: Desk, reply: Reply, pieces: Sequence[Piece], buttons: Buttons) -> Message:
    """Make a message that puts a question or a follow-up."""
    return Message(
        to=at.me.id,
        pieces=(*head(at), *pieces),
        buttons=buttons,
        lane=at.lane,
        slot=Slot(reply.check_in, reply.question),
        stage=at.stage.id,
        expires=at.check_in.closes if at.lane is Lane.PROMPT else None,
    )


def head(at: Desk) -> tuple[Piece, ...]:
    """Give the line above a question that names whom it is about."""
    name = heading(at)
    return (Run(f"{name}\n", bold=True),) if name else ()


def introduction(at: Desk, check_ins: Sequence[CheckIn]) -> tuple[Message, ...]:
    """Tell a trainer about whom questions come, where it is more than one student."""
    about = dict.fromkeys(c.stage for c in check_ins)
    if at.for_student or len(about) == 1:
        return ()
    names = [at.facts.people[at.facts.stage(stage).student].first_name for stage in about]
    said = Say(id="asking.round", values={"n": str(len(names)), "names": ", ".join(names)})
    return (Message(to=at.me.id, pieces=(said,), lane=at.lane, expires=at.check_in.closes),)


def thanks(at: Desk) -> Message:
    """Thank for a check-in that is done, ask who may use it, and say how many students are to come."""
    pieces = (Say(id=_thanks(at)), *_to_go(at))
    below = (*keyboards.share(at), *keyboards.preview(at))
    return Message(to=at.me.id, pieces=pieces, buttons=below, stage=at.stage.id)


def queued(facts: ChatFacts, now: datetime) -> list[CheckIn]:
    """Give the check-ins of a round that wait for their turn, in its order."""
    waiting = [c for c in facts.check_ins if c.state is CheckInState.QUEUED and c.closes > now]
    return sorted(waiting, key=lambda c: (c.due, c.id))


def _thanks(at: Desk) -> str:
    answered = [reply for reply in at.replies.values() if reply.has_answer]
    if not answered:
        return "asking.nothing"
    if any(reply.key is Key.SURVEY for reply in answered):
        return "asking.thanks_survey"
    if not at.for_student:
        return varied(at, "asking.thanks_trainer")
    return varied(at, "asking.thanks_student" if keyboards.share(at) else "asking.thanks_private")


def _to_go(at: Desk) -> tuple[Piece, ...]:
    """Say how many students are still to come, where a trainer has more in this round."""
    others = {c.stage for c in queued(at.facts, at.now)} - {at.stage.id}
    if at.for_student or not others:
        return ()
    one = len(others) == 1
    values = {} if one else {"n": str(len(others))}
    return (Run(" "), Say(id="asking.one_to_go" if one else "asking.to_go", values=values))
