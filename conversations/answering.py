"""Takes an answer, whatever its form: typed, spoken, a button, a change of an earlier one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import asking, covering, days, keyboards, putting
from conversations.calendar import to_local
from conversations.desk import Decision, Desk, label
from conversations.events import Pressed
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Message, Say
from conversations.model import CheckInState, Reason, Reply, Share, Slot, Status, Voice
from conversations.question_set import Kind, Question
from conversations.tone import varied

SHORT = 20  # characters; a shorter answer gets one follow-up (docs/product.md, "The people and their chat")


def typed(at: Desk, reply: Reply, text: str, source: int) -> Decision:
    """Take a typed text as the answer to a question that was put."""
    question = at.question(reply.question)
    if question is None:
        return _keep(at, replace(reply, text=text, source=source))
    if reply.status is not Status.OPEN and (reply.text or reply.voice):
        return _add(at, replace(reply, text=text, voice=None, source=source))
    if reply.is_follow_up or question.kind is Kind.TEXT:
        return _answered(at, replace(reply, text=text, source=source), question)
    chosen = _meant(at, question, text)
    if chosen is None:
        return _keep_and_ask_for_a_button(
            at, reply, replace(reply, text=text, voice=None, source=source), question
        )
    own = (
        reply.source if reply.text or reply.voice else source
    )  # an edit changes the words, where there are any
    draft = (chosen,) if question.kind is Kind.CHOICES else reply.draft
    return _answered(at, replace(reply, choices=(chosen,), draft=draft, source=own), question)


def spoken(at: Desk, reply: Reply, voice: Voice, source: int) -> Decision:
    """Keep a voice message as a reference, and ask for one typed line, which may be skipped, or a button."""
    question = at.question(reply.question)
    said = replace(reply, text=None, voice=voice, source=source)
    if question is not None and _takes_button(at, reply, question):
        return _keep_and_ask_for_a_button(at, reply, said, question)
    if reply.text or reply.voice:
        return _add(at, said)
    given = _given(at, replace(reply, voice=voice, source=source))
    if question is None or reply.status is not Status.OPEN or _late(at):
        return _keep(at, given)
    if reply.is_follow_up:
        return _answered(at, given, question)
    kept = Decision((given,))
    return kept + asking.follow_up(
        at.after(kept), given, "typed", Say(id="answering.voice_line"), reply.wording
    )


def chose(at: Desk, reply: Reply, choice: str, event: Pressed) -> Decision:
    """Take a button as the answer; pressing the same one again changes nothing."""
    question = at.question(reply.question)
    if question is None or all(c.id != choice for c in question.choices):
        return old_button(at.facts, event)
    if reply.has_answer and reply.choices == (choice,):
        return Decision((), (Acknowledge(to=at.me.id, press=event.press),))
    given = replace(reply, choices=(choice,))
    shown = _shown(at, question, replace(given, status=Status.ANSWERED), event)
    if reply.has_answer:
        return _changed(at, replace(given, status=reply.status), question, shown)
    return shown + _answered(at, given, question)


def ticked(at: Desk, reply: Reply, choice: str, event: Pressed) -> Decision:
    """Tick or untick one of several choices; "Niets hiervan" unticks the others."""
    question = at.question(reply.question)
    picked = next((c for c in question.choices if c.id == choice), None) if question else None
    if question is None or picked is None:
        return old_button(at.facts, event)
    alone = {c.id for c in question.choices if c.alone}
    if choice in reply.draft:
        wanted = set(reply.draft) - {choice}
    elif picked.alone:
        wanted = {choice}
    else:
        wanted = (set(reply.draft) | {choice}) - alone
    draft = tuple(c.id for c in question.choices if c.id in wanted)
    changed = replace(reply, draft=draft)
    return Decision((changed,)) + _shown(at, question, changed, event)


def covered(at: Desk, reply: Reply, task: str, event: Pressed) -> Decision:
    """Give a task in a list its next state; [Klaar] takes them as the answer."""
    question = at.question(reply.question)
    if question is None or question.kind is not Kind.COVERAGE or task not in covering.states(at, reply):
        return old_button(at.facts, event)
    changed = replace(reply, draft=covering.as_choices(at, reply, task))
    return Decision((changed,)) + _shown(at, question, changed, event)


def ready(at: Desk, reply: Reply, event: Pressed) -> Decision:
    """Take the ticks as the answer at [Klaar]; a list of tasks is an answer also where nobody tapped."""
    question = at.question(reply.question)
    if question is None:
        return old_button(at.facts, event)
    draft = covering.as_choices(at, reply) if question.kind is Kind.COVERAGE else reply.draft
    if not draft:
        return Decision(
            (), (Acknowledge(to=at.me.id, press=event.press, text=Say(id="answering.tick_first")),)
        )
    if reply.has_answer and reply.choices == draft:
        return Decision((), (Acknowledge(to=at.me.id, press=event.press),))
    given = replace(reply, choices=draft, draft=draft)
    shown = _shown(at, question, replace(given, status=Status.ANSWERED), event)
    if reply.has_answer:
        return _changed(at, given, question, shown)
    return shown + _answered(at, given, question)


def skipped(at: Desk, reply: Reply, event: Pressed) -> Decision:
    """Skip a question; what depends on it is not asked. Words in place of a button stay an answer."""
    if reply.status is not Status.OPEN:
        text = Say(id="answering.already" if reply.has_answer else _skipped_words(at, reply))
        return Decision((), (Acknowledge(to=at.me.id, press=event.press, text=text),))
    left = _given(at, reply) if reply.text or reply.voice else replace(reply, status=Status.SKIPPED)
    gone = Decision(
        (left,),
        (
            Acknowledge(to=at.me.id, press=event.press, text=Say(id=_skipped_words(at, reply))),
            *(() if event.message is None else (Amend(to=at.me.id, message=event.message),)),
        ),
    )
    if at.check_in.state is not CheckInState.OPEN:
        return gone
    return gone + asking.go_on(at.after(gone))


def snoozed(at: Desk, reply: Reply, when: str, event: Pressed) -> Decision:
    """Put a question again tonight or tomorrow, at a moment that is not quiet."""
    until = keyboards.snoozed_until(at, when)
    if reply.status is not Status.OPEN or at.check_in.state is not CheckInState.OPEN:
        return Decision((), (Acknowledge(to=at.me.id, press=event.press, text=Say(id="answering.already")),))
    if until is None:
        too_late = Say(id="answering.no_later")
        return Decision((), (Acknowledge(to=at.me.id, press=event.press, text=too_late),))
    asleep = Decision(
        (replace(at.check_in, snoozed_until=until, remind_at=None),),
        (
            Acknowledge(to=at.me.id, press=event.press, text=_later(at, until)),
            *(() if event.message is None else (Amend(to=at.me.id, message=event.message),)),
        ),
    )
    facts = at.facts.with_changed(asleep.changed)
    return asleep + asking.next_in_round(facts, at.school, at.now)


def shared(at: Desk, share: Share, event: Pressed) -> Decision:
    """Set who may use the answers of a check-in; what is always private stays so."""
    free = [r for r in at.replies.values() if (q := at.question(r.question)) and not q.always_private]
    changed = tuple(replace(reply, share=share) for reply in free if reply.share is not share)
    done = Acknowledge(to=at.me.id, press=event.press, text=Say(id=f"answering.share_{share.value}"))
    if event.message is None or not changed:
        return Decision(changed, (done,))
    below = (*keyboards.share_buttons(at.check_in.id, share), *keyboards.preview(at))
    return Decision(changed, (done, Amend(to=at.me.id, message=event.message, buttons=below)))


def edited(at: Desk, reply: Reply, text: str) -> Decision:
    """Change an answer whose message was edited. It answers no other question, and is new from now on."""
    question = at.question(reply.question)
    chosen = _meant(at, question, text) if question and reply.choices and reply.text is None else None
    changed = replace(reply, choices=(chosen,)) if chosen else replace(reply, text=text)
    if reply.has_answer:  # so that the teacher, who may have read it, gets to see the change
        changed = replace(changed, answered=at.now, written=None)
    elif changed.text:
        changed = replace(changed, written=at.now)
    return Decision((changed,), (Message(to=at.me.id, pieces=(Say(id="answering.changed"),)),))


def old_button(facts: ChatFacts, event: Pressed) -> Decision:
    """Answer a button whose question or choice is gone, or was never this person's."""
    gone = Acknowledge(to=facts.me.id, press=event.press, text=Say(id="answering.old_button"))
    return Decision((), (gone,))


def _answered(at: Desk, given: Reply, question: Question) -> Decision:
    stored = _given(at, given)
    kept = Decision((stored,))
    others = (reply for question_id, reply in at.replies.items() if question_id != stored.question)
    waits = any(
        reply.status is Status.OPEN for reply in others
    )  # this is an older question, answered meanwhile
    if at.check_in.state is not CheckInState.OPEN or waits:
        return kept + Decision((), (Message(to=at.me.id, pieces=(Say(id=_kept_words(at)),)),))
    at = at.after(Decision((*kept.changed, replace(at.check_in, remind_at=None, snoozed_until=None))))
    kept = Decision((stored, at.check_in))
    if _wants_example(stored, question):
        return kept + asking.example(at, stored, question)
    return kept + asking.go_on(at)


def _wants_example(given: Reply, question: Question) -> bool:
    return (
        question.example is not None
        and not given.is_follow_up
        and given.text is not None
        and len(given.text.strip()) < SHORT
    )


def _changed(at: Desk, given: Reply, question: Question, shown: Decision) -> Decision:
    """Store another choice; where it opens a question that the earlier one had closed, put that."""
    kept = Decision((replace(given, answered=at.now, written=None),)) + shown
    later = at.after(kept)
    finished = at.check_in.state is CheckInState.DONE and not _late(at) and at.check_in.reason is None
    more = asking.coming(later)
    if not finished or more is None or more.after is None or more.after.question != question.id:
        return kept
    return kept + asking.open_check_in(later) if more.gate or asking.has_room(later) else kept


def _add(at: Desk, given: Reply) -> Decision:
    """Keep a second text or voice message with the first: nothing a person gives is lost."""
    return Decision((_more(at, given),), (Message(to=at.me.id, pieces=(Say(id="answering.added"),)),))


def _more(at: Desk, given: Reply) -> Reply:
    base = given.question.split(".", maxsplit=1)[0]
    taken = sum(question.startswith(f"{base}.more") for question in at.replies)
    return _given(at, replace(given, question=f"{base}.more{taken + 1}", choices=(), draft=()))


def _keep(at: Desk, given: Reply) -> Decision:
    return Decision((_given(at, given),), (Message(to=at.me.id, pieces=(Say(id=_kept_words(at)),)),))


def _takes_button(at: Desk, reply: Reply, question: Question) -> bool:
    """Tell a question that waits for a button, and stays open whatever is said to it."""
    waits = reply.status is Status.OPEN and at.check_in.state is CheckInState.OPEN and not _late(at)
    return waits and question.kind is not Kind.TEXT and not reply.is_follow_up


def _keep_and_ask_for_a_button(at: Desk, before: Reply, given: Reply, question: Question) -> Decision:
    """Keep what was said in place of a button; put the question again, but only the first time."""
    if before.text or before.voice:
        slot = Slot(before.check_in, before.question)
        added = Message(to=at.me.id, pieces=(Say(id="answering.choose_still"),), slot=slot)
        return Decision((_more(at, replace(given, written=None)),), (added,))
    if before.status is not Status.OPEN:
        given = _given(at, given)  # it was skipped or expired, and nothing comes after it any more
    kept = Decision((replace(given, written=at.now),))
    again = putting.put(at.after(kept), question, before)
    said = Say(id="answering.choose_too" if given.voice is None else "answering.choose_voice")
    return kept + Decision((), (replace(again, pieces=(said, *again.pieces)),))


def _given(at: Desk, reply: Reply) -> Reply:
    return replace(reply, status=Status.LATE if _late(at) else Status.ANSWERED, answered=at.now)


def _late(at: Desk) -> bool:
    return at.now > at.check_in.closes or at.check_in.reason is Reason.STAGE_ENDED


def _kept_words(at: Desk) -> str:
    """Say that a late answer still reaches the teacher, but only where a meeting is to come."""
    to_come = any(meeting.at > at.now for meeting in at.stage.meetings)
    return "answering.kept_late" if _late(at) and to_come else "answering.kept"


def _meant(at: Desk, question: Question, text: str) -> str | None:
    wanted = text.strip().strip(".!").casefold()
    found = [c.id for c in question.choices if label(question, c.id, at.me).casefold() == wanted]
    return found[0] if found else None


def _shown(at: Desk, question: Question, reply: Reply, event: Pressed) -> Decision:
    """Show the choice on the buttons that were pressed."""
    acknowledged = Acknowledge(to=at.me.id, press=event.press)
    if event.message is None:
        return Decision((), (acknowledged,))
    below = keyboards.below(at, question, reply)
    numbered = question.kind is Kind.COVERAGE and covering.is_numbered(at)
    pieces = (*putting.head(at), *putting.words(at, question, reply)) if numbered else ()
    return Decision(
        (), (acknowledged, Amend(to=at.me.id, message=event.message, buttons=below, pieces=pieces))
    )


def _skipped_words(at: Desk, reply: Reply) -> str:
    return varied(at, "answering.skipped", skip=reply.question)


def _later(at: Desk, moment: datetime) -> Say:
    """Say when the question comes back: today, tomorrow or on a day."""
    local, today = (to_local(at.school.calendar, when).date() for when in (moment, at.now))
    written = days.day_and_time(moment, at.school.calendar, at.me.language)
    if (local - today).days > 1:
        return Say(id="answering.later_date", values=written)
    day = "today" if local == today else "tomorrow"
    return Say(id=f"answering.later_{day}", values={"time": written["time"]})
