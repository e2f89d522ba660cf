"""Puts questions: opens a check-in, asks what comes next, reminds, and finishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from conversations import explaining, keyboards
from conversations.calendar import is_day_off, is_quiet, to_local
from conversations.choosing import A_WEEK, counts, gets_short, put_this_week
from conversations.desk import Decision, Desk, Seen, fill, lay_out, wording
from conversations.facts import ChatFacts
from conversations.messages import Lane, Message, Piece, Run, Say
from conversations.model import CheckIn, CheckInState, Reach, Reason, Reply, Status
from conversations.putting import introduction, message, put, queued, thanks
from conversations.question_set import Occasion, Question, next_question
from conversations.school import School
from conversations.tone import varied


def open_round(facts: ChatFacts, check_ins: Sequence[CheckIn], school: School, now: datetime) -> Decision:
    """Open what is due for one participant: one question now, the other check-ins of the round after it."""
    first, *others = sorted(check_ins, key=lambda c: (c.due, c.id))
    opened = replace(first, state=CheckInState.OPEN, opened=first.opened or now)
    waiting = tuple(replace(c, state=CheckInState.QUEUED, remind_at=None) for c in others)
    decision = Decision((opened, *waiting))
    at = lay_out(facts.with_changed(decision.changed), first.id, school, now, Lane.PROMPT)
    opening = Decision((), (*_card(at, [first, *others]), *introduction(at, [first, *others])))
    return decision + opening + go_on(at)


def open_check_in(at: Desk) -> Decision:
    """Open a check-in: put its first question."""
    since = at.check_in.opened or at.now
    opened = Decision((replace(at.check_in, state=CheckInState.OPEN, opened=since),))
    return opened + go_on(at.after(opened))


def go_on(at: Desk) -> Decision:
    """Put the next question, or finish the check-in when there is none or no room this week.

    Nothing happens while a question of the check-in waits: it was an older one that got its answer.
    """
    if waiting_for(at) is not None:
        return Decision()
    question = coming(at)
    if question is None:
        return finish(at) if at.replies else _leave(at, Reason.NO_QUESTION)
    if not question.gate and not has_room(at):
        return finish(at, _why_no_more(at)) if at.replies else _leave(at, Reason.FULL_WEEK)
    reply = Reply(
        check_in=at.check_in.id,
        participant=at.me.id,
        question=question.id,
        key=question.key,
        wording=wording(at, question),
        asked=at.now,
    )
    shown = f"quotes {', '.join(sorted(question.quotes))}"
    seen = (Seen(by=at.me.id, what=shown, stage=at.stage.id),) if question.quotes else ()
    return Decision((reply,), (put(at, question, reply),), seen)


def coming(at: Desk) -> Question | None:
    """Give the question of a check-in that comes next, room or no room."""
    return next_question(at.questions, at.replies, at.quoted) if at.questions else None


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
    return Decision((reply,), (message(at, reply, (words,), keys),))


def example(at: Desk, base: Reply, question: Question) -> Decision:
    """Ask for an example after a short answer."""
    text = fill(at, question.example.to(at.me.language, at.me.address)) if question.example else ""
    return follow_up(at, base, "example", Run(text), text)


def finish(at: Desk, reason: Reason | None = None) -> Decision:
    """Close a check-in that has had its questions, and go on to the next of the round."""
    done = replace(at.check_in, state=CheckInState.DONE, reason=reason, remind_at=None, snoozed_until=None)
    decision = Decision((done,), (thanks(at),))
    return decision + next_in_round(at.facts.with_changed(decision.changed), at.school, at.now)


def _leave(at: Desk, reason: Reason) -> Decision:
    """Ask nothing of a check-in, and say nothing about it."""
    left = replace(at.check_in, state=CheckInState.NOT_ASKED, reason=reason, opened=None, remind_at=None)
    decision = Decision((left,))
    return decision + next_in_round(at.facts.with_changed(decision.changed), at.school, at.now)


def next_in_round(facts: ChatFacts, school: School, now: datetime, lane: Lane = Lane.ANSWER) -> Decision:
    """Open the check-in that has waited longest, unless another one is still open."""
    if any(c.state is CheckInState.OPEN and c.snoozed_until is None for c in facts.check_ins):
        return Decision()
    waiting = queued(facts, now)
    if not waiting:
        return Decision()
    return open_check_in(lay_out(facts, waiting[0].id, school, now, lane))


def put_again(at: Desk, *, reminder: bool = False) -> Decision:
    """Put the question that a check-in waits for once more."""
    reply = waiting_for(at)
    question = at.question(reply.question) if reply else None
    if reply is None or question is None:
        return Decision()
    again = put(at, question, reply)
    if reminder:
        again = replace(again, pieces=(Say(id=varied(at, "asking.reminder")), *again.pieces))
    return Decision((), (again,))


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


def close(at: Desk, reason: Reason | None = None) -> Decision:
    """Let a check-in expire, for a reason where it is before its time, and go on to the next of the round.

    Ticks that were never confirmed with [Klaar] count as an answer.
    """
    changed: list[Reply] = []
    for reply in at.replies.values():
        if reply.status is Status.OPEN and (reply.draft or reply.text or reply.voice):
            given = replace(reply, status=Status.ANSWERED, answered=at.now, choices=reply.draft)
            changed.append(given)
        elif reply.status is Status.OPEN:
            changed.append(replace(reply, status=Status.EXPIRED))
    queued = at.check_in.state is CheckInState.QUEUED
    closed = replace(
        at.check_in,
        state=CheckInState.NOT_ASKED if queued else CheckInState.EXPIRED,
        reason=reason or (Reason.OTHER_OPEN if queued else None),
        remind_at=None,
        snoozed_until=None,
    )
    decision = Decision((closed, *changed))
    if queued or not _is_free(at):
        return decision
    return decision + next_in_round(at.facts.with_changed(decision.changed), at.school, at.now, Lane.PROMPT)


def has_room(at: Desk) -> bool:
    """Tell whether one more question may be put in this check-in and this week."""
    if at.check_in.room is None:
        return True
    here = sum(counts(at.questions, reply) for reply in at.replies.values())
    return here < at.check_in.room and _put_this_week(at) < A_WEEK


def _put_this_week(at: Desk) -> int:
    return put_this_week(at.facts, at.me.id, at.school, at.now)


def _why_no_more(at: Desk) -> Reason | None:
    """Say that the week was full, unless one question was enough: see `choosing.enough`."""
    occasion = at.questions.occasion if at.questions else Occasion.WEEKLY
    short = gets_short(at.stage, occasion, at.check_in.due) and _put_this_week(at) < A_WEEK
    return None if short else Reason.FULL_WEEK


def _is_free(at: Desk) -> bool:
    """Tell whether somebody may be written to now without having done anything."""
    local = to_local(at.school.calendar, at.now)
    calendar, today = at.school.calendar, local.date()
    off = is_day_off(calendar, at.stage, today) if at.for_student else today in calendar.public_holidays
    paused = at.me.paused_until is not None and today < at.me.paused_until
    return at.me.reach is Reach.JOINED and not (off or paused or is_quiet(calendar, today, local.time()))


def _card(at: Desk, check_ins: Sequence[CheckIn]) -> tuple[Message, ...]:
    """Explain how to guide, before the first questions that a trainer ever gets (promise K4a)."""
    new = {c.id for c in check_ins if _is_first_week(at, c)}
    had = any(c.opened is not None and _is_first_week(at, c) for c in at.facts.check_ins if c.id not in new)
    if at.for_student or not new or had:
        return ()
    return (explaining.card(at.me.id, lane=at.lane, expires=at.check_in.closes),)


def _is_first_week(at: Desk, check_in: CheckIn) -> bool:
    questions = at.school.question_sets.get(check_in.question_set)
    return questions is not None and questions.occasion is Occasion.FIRST_WEEK
