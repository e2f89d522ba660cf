"""Puts questions: opens a check-in, asks what comes next, reminds, and finishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from conversations import keyboards
from conversations.desk import Decision, Desk, counts, fill, heading, lay_out, put_this_week, wording
from conversations.facts import ChatFacts
from conversations.messages import Buttons, Lane, Message, Piece, Run, Say
from conversations.model import CheckIn, CheckInState, Reason, Reply, Slot, Status
from conversations.question_set import Question, next_question
from conversations.school import School

A_WEEK = 2  # questions a student gets in one week (PRODUCT.md, "The people and their chat")


def open_round(facts: ChatFacts, check_ins: Sequence[CheckIn], school: School, now: datetime) -> Decision:
    """Open what is due for one participant: one question now, the other check-ins of the round after it."""
    first, *others = sorted(check_ins, key=lambda c: (c.due, c.id))
    queued = tuple(replace(c, state=CheckInState.QUEUED, remind_at=None) for c in others)
    decision = Decision((first, *queued))
    at = lay_out(facts.with_changed(decision.changed), first.id, school, now, Lane.PROMPT)
    opening = _introduction(at, [first, *queued])
    return decision + opening + open_check_in(at)


def open_check_in(at: Desk) -> Decision:
    """Open a check-in: put its first question."""
    opened = Decision((replace(at.check_in, state=CheckInState.OPEN, opened=at.now),))
    return opened + go_on(at.after(opened))


def go_on(at: Desk) -> Decision:
    """Put the next question, or finish the check-in when there is none or no room this week.

    Nothing happens while a question of the check-in waits: it was an older one that got its answer.
    """
    if waiting_for(at) is not None:
        return Decision()
    question = next_question(at.questions, at.replies) if at.questions else None
    if question is None:
        return finish(at)
    if not question.gate and not _has_room(at):
        return finish(at, Reason.FULL_WEEK) if at.replies else _leave(at, Reason.FULL_WEEK)
    reply = Reply(
        check_in=at.check_in.id,
        participant=at.me.id,
        question=question.id,
        key=question.key,
        wording=wording(at, question),
        asked=at.now,
    )
    return Decision((reply,), (put(at, question, reply),))


def follow_up(at: Desk, base: Reply, suffix: str, words: Piece, text: str) -> Decision:
    """Ask once more about an answer just given: for an example, or for one typed line."""
    reply = Reply(
        check_in=base.check_in,
        participant=base.participant,
        question=f"{base.question}.{suffix}",
        key=base.key,
        wording=text,
        asked=at.now,
        share=base.share,
    )
    question = at.question(base.question)
    keys = keyboards.below(at, question, reply) if question else ()
    return Decision((reply,), (_message(at, reply, words, keys),))


def example(at: Desk, base: Reply, question: Question) -> Decision:
    """Ask for an example after a short answer."""
    text = fill(at, question.example.to(at.me.language, at.me.address)) if question.example else ""
    return follow_up(at, base, "example", Run(text), text)


def finish(at: Desk, reason: Reason | None = None) -> Decision:
    """Close a check-in that has had its questions, and go on to the next of the round."""
    done = replace(at.check_in, state=CheckInState.DONE, reason=reason, remind_at=None, snoozed_until=None)
    thanks = Message(
        to=at.me.id, pieces=(Say(id=_thanks(at)),), buttons=keyboards.share(at), stage=at.stage.id
    )
    decision = Decision((done,), (thanks,))
    return decision + next_in_round(at.facts.with_changed(decision.changed), at.school, at.now)


def _leave(at: Desk, reason: Reason) -> Decision:
    """Ask nothing of a check-in, and say nothing about it."""
    left = replace(at.check_in, state=CheckInState.NOT_ASKED, reason=reason, opened=None, remind_at=None)
    decision = Decision((left,))
    return decision + next_in_round(at.facts.with_changed(decision.changed), at.school, at.now)


def next_in_round(facts: ChatFacts, school: School, now: datetime) -> Decision:
    """Open the check-in that has waited longest, unless another one is still open."""
    if any(c.state is CheckInState.OPEN and c.snoozed_until is None for c in facts.check_ins):
        return Decision()
    waiting = [c for c in facts.check_ins if c.state is CheckInState.QUEUED and c.closes > now]
    if not waiting:
        return Decision()
    first = min(waiting, key=lambda c: (c.due, c.id))
    return open_check_in(lay_out(facts, first.id, school, now))


def put(at: Desk, question: Question, reply: Reply) -> Message:
    """Make the message that puts a question, in the words it was first put in."""
    return _message(at, reply, Run(reply.wording), keyboards.below(at, question, reply))


def put_again(at: Desk, *, reminder: bool = False) -> Decision:
    """Put the question that a check-in waits for once more."""
    reply = waiting_for(at)
    question = at.question(reply.question) if reply else None
    if reply is None or question is None:
        return Decision()
    message = put(at, question, reply)
    if reminder:
        message = replace(message, pieces=(Say(id="asking.reminder"), *message.pieces))
    return Decision((), (message,))


def waiting_for(at: Desk) -> Reply | None:
    """Give the reply that a check-in waits for, the one asked last."""
    waiting = [reply for reply in at.replies.values() if reply.status is Status.OPEN]
    return max(waiting, key=lambda reply: reply.asked, default=None)


def remind(at: Desk) -> Decision:
    """Remind once of a question that is open."""
    reminded = Decision((replace(at.check_in, remind_at=None),))
    return reminded + put_again(at.after(reminded), reminder=True)


def wake(at: Desk) -> Decision:
    """Put a snoozed question again."""
    awake = Decision((replace(at.check_in, snoozed_until=None),))
    return awake + put_again(at.after(awake))


def close(at: Desk) -> Decision:
    """Let a check-in expire. Ticks that were never confirmed with [Klaar] count as an answer."""
    changed: list[Reply] = []
    for reply in at.replies.values():
        if reply.status is Status.OPEN and (reply.draft or reply.text):
            given = replace(reply, status=Status.ANSWERED, answered=at.now, choices=reply.draft)
            changed.append(given)
        elif reply.status is Status.OPEN:
            changed.append(replace(reply, status=Status.EXPIRED))
    queued = at.check_in.state is CheckInState.QUEUED
    closed = replace(
        at.check_in,
        state=CheckInState.NOT_ASKED if queued else CheckInState.EXPIRED,
        reason=Reason.OTHER_OPEN if queued else None,
        remind_at=None,
        snoozed_until=None,
    )
    return Decision((closed, *changed))


def _has_room(at: Desk) -> bool:
    if at.check_in.room is None:
        return True
    here = sum(counts(at.facts, reply, at.school) for reply in at.replies.values())
    return here < at.check_in.room and put_this_week(at.facts, at.school, at.now) < A_WEEK


def _introduction(at: Desk, check_ins: Sequence[CheckIn]) -> Decision:
    if at.for_student or len(check_ins) == 1:
        return Decision()
    names = [at.facts.people[at.facts.stage(c.stage).student].first_name for c in check_ins]
    said = Say(id="asking.round", values={"n": str(len(names)), "names": ", ".join(names)})
    return Decision((), (Message(to=at.me.id, pieces=(said,), lane=at.lane, expires=at.check_in.closes),))


def _message(at: Desk, reply: Reply, words: Piece, buttons: Buttons) -> Message:
    head = heading(at)
    return Message(
        to=at.me.id,
        pieces=(*((Run(f"{head}\n", bold=True),) if head else ()), words),
        buttons=buttons,
        lane=at.lane,
        slot=Slot(reply.check_in, reply.question),
        stage=at.stage.id,
        expires=at.check_in.closes if at.lane is Lane.PROMPT else None,
    )


def _thanks(at: Desk) -> str:
    if not any(reply.has_answer for reply in at.replies.values()):
        return "asking.nothing"
    if not at.for_student:
        return "asking.thanks_trainer"
    return "asking.thanks_student" if keyboards.share(at) else "asking.thanks_private"
