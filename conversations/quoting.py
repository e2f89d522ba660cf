"""What a question may quote of somebody else: the trainer's example, an agreement, the teacher's question.

What may be shown to whom is decided in `visibility`; here is what is new, and still worth asking about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from conversations.facts import StageFacts
from conversations.model import CheckIn, Meeting, MeetingState, ParticipantId, Quote, Reply, Role
from conversations.plan import Planned
from conversations.question_set import Occasion, covers
from conversations.school import School
from conversations.visibility import agreements_for, example_for_student

EXAMPLE, EXTRA = "voorbeeld", "vraag"
AGREEMENT, SECOND_AGREEMENT = "afspraak", "afspraak_2"
TAKEN = "gedaan"  # no place in a text: what a list of tasks begins with
FRESH = timedelta(days=60)  # an older example is hard to remember
BEFORE_MEETING = timedelta(days=14)  # from when on it is asked whether agreements were kept
LONGEST = 500  # characters of an example or agreement in a question


def quotes_for(facts: StageFacts, school: School, planned: Planned, now: datetime) -> tuple[Quote, ...]:
    """Give what may be quoted to somebody on an occasion and was not quoted to them yet, one a place."""
    mine = [c for c in facts.check_ins if c.participant == planned.participant and c.quotes]
    put = [quote for check_in in mine for quote in _put(facts, school, check_in)]
    agreed = _agreements(facts, planned, put)
    if planned.participant != facts.stage.student:
        return agreed
    return (*_example(facts, put, now), *agreed, *_extra(facts, put))


def taken(facts: StageFacts, participant: ParticipantId) -> tuple[Quote, ...]:
    """Give how somebody said that the tasks stand: their last list, and tasks they were asked about alone."""
    check_ins = {c.id: c for c in facts.check_ins}
    states: dict[str, str] = {}
    given = (r for r in facts.replies if r.participant == participant and r.has_answer)
    for reply in sorted(given, key=lambda r: r.answered or r.asked):
        check_in = check_ins.get(reply.check_in)
        if check_in is not None and check_in.task and reply.question == "practised":
            states |= covers(f"{check_in.task}={choice}" for choice in reply.choices)
        states |= covers(reply.choices)
    text = " ".join(f"{task}={state}" for task, state in states.items())
    return (Quote(place=TAKEN, text=text, source=0),) if text else ()


def _put(facts: StageFacts, school: School, check_in: CheckIn) -> Iterable[Quote]:
    """Give what a check-in really quoted: a question may have been left out, for want of room or of time."""
    asked = {reply.question for reply in facts.replies if reply.check_in == check_in.id}
    questions = school.question_sets.get(check_in.question_set)
    left = {p for q in questions.questions if q.id not in asked for p in q.quotes} if questions else set()
    return (quote for quote in check_in.quotes if quote.place not in left)


def _example(facts: StageFacts, put: Iterable[Quote], now: datetime) -> tuple[Quote, ...]:
    """Give the newest example by the trainer of now that the student may read and was not asked about."""
    asked = _sources(put, EXAMPLE)
    replies = {(r.check_in, r.question): r for r in facts.replies if r.participant == facts.stage.trainer}
    guided = [r for (_, question), r in replies.items() if question == "guided" and _is_fresh(r, now)]
    for reply in sorted(guided, key=lambda r: r.answered or r.asked, reverse=True):
        text = example_for_student(reply, replies.get((reply.check_in, "consent")))
        if text is not None and reply.check_in not in asked:
            return (Quote(place=EXAMPLE, text=_cut(text), source=reply.check_in),)
    return ()


def _agreements(facts: StageFacts, planned: Planned, put: Iterable[Quote]) -> tuple[Quote, ...]:
    """Give two agreements at most of the last meeting that was held, shortly before the next."""
    role = Role.STUDENT if planned.participant == facts.stage.student else Role.TRAINER
    held = [m for m in facts.stage.meetings if m.state is MeetingState.HELD and m.at <= planned.due]
    if not held or not is_before_meeting(facts, planned):
        return ()
    last = max(held, key=lambda m: (m.at, m.number))
    asked = _sources(put, AGREEMENT) | _sources(put, SECOND_AGREEMENT)
    left = [
        one
        for one in sorted(agreements_for(role, facts.stage, facts.agreements), key=lambda a: a.id)
        if one.meeting == last.number and one.sent is not None and one.id not in asked
    ]
    pairs = zip((AGREEMENT, SECOND_AGREEMENT), left, strict=False)
    return tuple(Quote(place=place, text=_cut(one.text), source=one.id) for place, one in pairs)


def is_before_meeting(facts: StageFacts, planned: Planned) -> bool:
    """Tell whether an occasion is in the two weeks before a meeting."""
    if planned.kind is Occasion.BEFORE_MEETING:
        return True
    coming = [m.at for m in facts.stage.meetings if _is_to_come(m, planned.due)]
    return bool(coming) and min(coming) - planned.due <= BEFORE_MEETING


def _is_to_come(meeting: Meeting, moment: datetime) -> bool:
    return meeting.state is MeetingState.PLANNED and meeting.at > moment


def _extra(facts: StageFacts, put: Iterable[Quote]) -> tuple[Quote, ...]:
    """Give the teacher's oldest question that was not put yet."""
    asked = _sources(put, EXTRA)
    left = [one for one in facts.extra_questions if one.meeting not in asked]
    first = sorted(left, key=lambda one: one.at)[:1]
    return tuple(Quote(place=EXTRA, text=one.text, source=one.meeting) for one in first)


def _sources(put: Iterable[Quote], place: str) -> set[int]:
    return {quote.source for quote in put if quote.place == place}


def _is_fresh(reply: Reply, now: datetime) -> bool:
    return reply.answered is not None and now - reply.answered <= FRESH


def _cut(text: str) -> str:
    """Keep a quote on one screen of a phone."""
    text = text.strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
