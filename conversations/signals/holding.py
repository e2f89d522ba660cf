"""What was noticed is said first, and where help is offered no question follows at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from conversations.desk import Decision
from conversations.facts import ChatFacts
from conversations.messages import Message, Piece, Say
from conversations.model import CheckIn, CheckInId, CheckInState, Reason, Reply, Slot, Status
from conversations.signals.noticing import is_offer

# What is said instead of thanks, by how the thanks begin.
SOBER = {"asking.thanks_student": "offer.kept", "asking.thanks_private": "offer.kept_private"}


def said_first(facts: ChatFacts, decision: Decision, noticed: Decision, now: datetime) -> Decision:
    """Put what was noticed before the other messages of a decision; `facts` are those of before it.

    Whoever is offered help gets no question with it, and no cheerful thanks: what was written stays the
    answer, and the check-in is done.
    """
    if any(is_offer(one) for one in noticed.changed):
        decision = _soberly(_without_question(facts, decision, now))
    messages = tuple(one for one in decision.out if isinstance(one, Message))
    quick = tuple(one for one in decision.out if not isinstance(one, Message))
    out = (*quick, *noticed.out, *messages)
    return Decision(decision.changed + noticed.changed, out, decision.seen + noticed.seen)


def _soberly(decision: Decision) -> Decision:
    """Say that an answer is kept, and leave out "Dat helpt, dank je"."""
    out = tuple(
        replace(one, pieces=tuple(map(_sober, one.pieces))) if isinstance(one, Message) else one
        for one in decision.out
    )
    return replace(decision, out=out)


def _sober(piece: Piece) -> Piece:
    if not isinstance(piece, Say):
        return piece
    return next((Say(id=sober) for thanks, sober in SOBER.items() if piece.id.startswith(thanks)), piece)


def _without_question(facts: ChatFacts, decision: Decision, now: datetime) -> Decision:
    me = facts.me.id
    held = {one.slot for one in decision.out if isinstance(one, Message) and one.to == me and one.slot}
    if not held:
        return decision
    after = facts.with_changed(decision.changed)
    known = {_slot(reply) for reply in facts.replies}
    changed = [one for one in decision.changed if not (isinstance(one, Reply) and _slot(one) in held - known)]
    settled = [_settled(r, now) for r in after.replies if _slot(r) in held & known]
    asked = {reply.check_in for reply in after.replies if _slot(reply) not in held - known}
    done = [_done(one, asked) for one in after.check_ins if one.id in {slot.check_in for slot in held}]
    out = [one for one in decision.out if not (isinstance(one, Message) and one.slot in held)]
    seen = tuple(one for one in decision.seen if one.by != me)  # a quote that is not shown after all
    return Decision((*changed, *settled, *done), tuple(out), seen)


def _slot(reply: Reply) -> Slot:
    return Slot(reply.check_in, reply.question)


def _settled(reply: Reply, now: datetime) -> Reply:
    """Take the words in place of a button as the answer: nobody is asked for the button now."""
    if reply.status is not Status.OPEN:
        return reply
    return replace(reply, status=Status.ANSWERED, answered=now, choices=reply.draft)


def _done(check_in: CheckIn, asked: Collection[CheckInId]) -> CheckIn:
    """Finish a check-in; one that this very question would have opened is not asked."""
    if check_in.id in asked:
        return replace(check_in, state=CheckInState.DONE, remind_at=None, snoozed_until=None)
    paused = replace(check_in, state=CheckInState.NOT_ASKED, reason=Reason.PAUSED)
    return replace(paused, opened=None, remind_at=None)
