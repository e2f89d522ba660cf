"""What to ask when something is due: the question set, the task it is about, and how much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache

from conversations.calendar import DAY, WEEK, SchoolCalendar, to_local, to_utc, week_of
from conversations.facts import ChatFacts, StageFacts
from conversations.model import CheckIn, ParticipantId, Quote, Reply, Role, Stage
from conversations.plan import Planned, plan_of
from conversations.question_set import Occasion, QuestionSet, next_question
from conversations.quoting import is_before_meeting, quotes_for, taken
from conversations.schedule import agenda_moments, course_of
from conversations.school import School

SPECIAL = frozenset({Occasion.THIRD, Occasion.END})
A_WEEK = 2  # questions a student gets in one week, at most
AGENDA_ROOM = 1
PRACTISED = frozenset({"with_help", "alone", "practising", "sufficient", "good"})  # says: I did this task


def room(
    facts: StageFacts,
    school: School,
    planned: Planned,
    now: datetime,
    *,
    given: int = 0,
    catch_up: bool = False,
) -> int | None:
    """Say how many questions may be put without breaking two a week; None for a trainer.

    `given` is the room given just now to what is asked at the same time: weekly questions first, as they
    leave room for the agenda questions still to come that week. A catch-up takes one, so that it leaves room
    for the question of the week it lands in.
    """
    if planned.participant != facts.stage.student:
        return None
    left = A_WEEK - given - put_this_week(facts, planned.participant, school, now)
    if planned.kind is Occasion.AGENDA:
        return max(0, min(AGENDA_ROOM, left))
    left -= AGENDA_ROOM * _agendas_to_come(facts, school, now)
    return max(0, min(left, 1) if catch_up else left)


def choose(
    facts: StageFacts, school: School, planned: Planned, now: datetime
) -> tuple[QuestionSet, str | None, tuple[Quote, ...]] | None:
    """Choose the question set for an occasion, its task and what it quotes, or None when no set fits.

    Urgent sets come first. Then the key with the least material since the last digest, then what was asked
    longest ago. A set that is to come back (`every`) has its first time before the others of its key. In the
    second half of a stage what was never asked goes before all that, so that each set has its turn.

    The set of last time is passed over unless it is the only one. Where a student can't be asked
    what belongs to a third or to the end, the week is like any other. What belongs to a third gives way to
    what must be asked before a meeting, and is asked in the next week that has room for it.
    """
    past = _asked(facts, planned.participant)
    if planned.kind is Occasion.WEEKLY and _owes_third(facts, school, planned, past):
        planned = replace(planned, kind=Occasion.THIRD)
    return _choose(facts, school, planned, past, now)


def _choose(
    facts: StageFacts, school: School, planned: Planned, past: list[CheckIn], now: datetime
) -> tuple[QuestionSet, str | None, tuple[Quote, ...]] | None:
    quotes = quotes_for(facts, school, planned, now)
    fitting = _before_meeting(facts, school, planned, past, quotes) or list(
        _fitting(facts, school, planned, past, quotes)
    )
    if not fitting and planned.kind in SPECIAL and planned.participant == facts.stage.student:
        return _choose(facts, school, replace(planned, kind=Occasion.WEEKLY), past, now)
    if len(fitting) > 1 and past:
        fitting = [s for s in fitting if s.name != past[-1].question_set]
    if not fitting:
        return None
    material = _material(facts, planned.participant, now)
    turn = {check_in.question_set: n for n, check_in in enumerate(past, start=1)}

    in_second_half = gets_short(facts.stage, planned.kind, planned.due)

    def need(s: QuestionSet) -> tuple[bool, bool, int, bool, int, int, str]:
        if s.urgent:
            return (False, False, 0, False, 0, s.order, s.name)
        had = s.name in turn
        waits = s.every is not None and not had
        return (
            True,
            had and in_second_half,
            material[s.key],
            not waits,
            turn.get(s.name, 0),
            s.order,
            s.name,
        )

    chosen = min(fitting, key=need)
    task = _task(facts, school, past, now, planned.participant) if chosen.uses_task else None
    used = tuple(quote for quote in quotes if quote.place in chosen.quotes)
    return chosen, task, taken(facts, planned.participant) if chosen.covers_tasks else used


def enough(
    facts: StageFacts, questions: QuestionSet, planned: Planned, now: datetime, left: int | None
) -> int | None:
    """Say how many questions of a set are enough, where `left` may be put.

    In the second half of a stage a weekly set asks its first question only, unless there is no material on
    its key yet since the last digest. What is urgent is asked in full.
    """
    if not left or not gets_short(facts.stage, planned.kind, planned.due) or questions.urgent:
        return left
    return 1 if _material(facts, planned.participant, now)[questions.key] else left


def gets_short(stage: Stage, kind: Occasion, due: datetime) -> bool:
    """Tell whether an occasion is a weekly one in the second half of a stage."""
    return kind is Occasion.WEEKLY and due.date() - stage.begin > (stage.end - stage.begin) / 2


def _fitting(
    facts: StageFacts, school: School, planned: Planned, past: list[CheckIn], quotes: Iterable[Quote]
) -> Iterable[QuestionSet]:
    role = Role.STUDENT if planned.participant == facts.stage.student else Role.TRAINER
    week = _week(facts, school.calendar, planned.due)
    has_tasks = bool(_tasks(facts, school))
    places = {quote.place for quote in quotes}
    for s in school.sets_for(role, planned.kind):
        if (s.uses_task or s.covers_tasks) and not has_tasks:
            continue
        if not s.from_week <= week <= (s.until_week or week) or not s.questions[0].quotes <= places:
            continue
        if _rested(facts, school, s, past, week) and next_question(s, {}, places) is not None:
            yield s


def _before_meeting(
    facts: StageFacts, school: School, planned: Planned, past: list[CheckIn], quotes: Iterable[Quote]
) -> list[QuestionSet]:
    """Give the urgent sets before which a third gives way: those that quote, shortly before a meeting."""
    third = planned.kind is Occasion.THIRD and planned.participant == facts.stage.student
    if not third or not is_before_meeting(facts, planned):
        return []
    week = _fitting(facts, school, replace(planned, kind=Occasion.WEEKLY), past, quotes)
    return [s for s in week if s.urgent and s.quotes]


def _owes_third(facts: StageFacts, school: School, planned: Planned, past: list[CheckIn]) -> bool:
    """Tell whether a week that was for a third went to something else, and the third was not asked since."""
    weeks = course_of(plan_of(facts.stage, facts.people, school)).special.items()
    thirds = {f"week {week}" for week, kind in weeks if kind is Occasion.THIRD}
    found = [(c, school.question_sets.get(c.question_set)) for c in past if c.occasion != planned.occasion]
    third_at = [n for n, (_, s) in enumerate(found) if s and s.occasion is Occasion.THIRD]
    gave_way = [n for n, (c, s) in enumerate(found) if c.occasion in thirds and s and s.urgent]
    return max(gave_way, default=-1) > max(third_at, default=-1)


def _rested(facts: StageFacts, school: School, s: QuestionSet, past: list[CheckIn], week: int) -> bool:
    times = [check_in.due for check_in in past if check_in.question_set == s.name]
    return not s.every or not times or week - _week(facts, school.calendar, times[-1]) >= s.every


def _week(facts: StageFacts, calendar: SchoolCalendar, moment: datetime) -> int:
    return week_of(facts.stage, to_local(calendar, moment).date())


def _asked(facts: StageFacts, participant: ParticipantId) -> list[CheckIn]:
    """Give what somebody was really asked about the stage, oldest first."""
    asked = [c for c in facts.check_ins if c.participant == participant and c.opened is not None]
    return sorted(asked, key=lambda c: (c.opened or c.due, c.due))


def _material(facts: StageFacts, participant: ParticipantId, now: datetime) -> Counter[str]:
    since = _last_digest(facts, now)
    return Counter(
        reply.key
        for reply in facts.replies
        if reply.participant == participant and reply.has_answer and _is_since(reply, since)
    )


def _last_digest(facts: StageFacts, now: datetime) -> datetime | None:
    return max((digest.at for digest in facts.digests if digest.at <= now), default=None)


def _is_since(reply: Reply, since: datetime | None) -> bool:
    return since is None or (reply.answered is not None and reply.answered > since)


# ---- tasks ----------------------------------------------------------------------------------------------


def _tasks(facts: StageFacts, school: School) -> tuple[str, ...]:
    programme = school.programmes.get(facts.stage.programme)
    return tuple(task.id for task in programme.tasks) if programme else ()


def _task(
    facts: StageFacts, school: School, past: list[CheckIn], now: datetime, participant: ParticipantId
) -> str:
    """Give the task asked about least; for a trainer first among those the student did lately."""
    times = Counter(check_in.task for check_in in past)
    tasks = _tasks(facts, school)
    done = frozenset[str]() if participant == facts.stage.student else _done_lately(facts, now)
    return min(tasks, key=lambda task: (task not in done, times[task], tasks.index(task)))


def _done_lately(facts: StageFacts, now: datetime) -> AbstractSet[str]:
    since = _last_digest(facts, now)
    done = {
        reply.check_in
        for reply in facts.replies
        if reply.participant == facts.stage.student
        and reply.has_answer
        and not PRACTISED.isdisjoint(reply.choices)
        and _is_since(reply, since)
    }
    return {check_in.task for check_in in facts.check_ins if check_in.id in done and check_in.task}


# ---- two questions a week -------------------------------------------------------------------------------


def put_this_week(
    facts: StageFacts | ChatFacts, participant: ParticipantId, school: School, now: datetime
) -> int:
    """Count the questions put to a participant from Monday to Sunday, without follow-ups and gates."""
    begin, end = _bounds(school.calendar, to_local(school.calendar, now).date())
    put = [r for r in facts.replies if begin <= r.asked < end and r.participant == participant]
    if not put:
        return 0
    sets = {check_in.id: school.question_sets.get(check_in.question_set) for check_in in facts.check_ins}
    return sum(counts(sets.get(reply.check_in), reply) for reply in put)


def counts(questions: QuestionSet | None, reply: Reply) -> bool:
    """Tell a question that counts for the load from a follow-up or a gate."""
    question = questions.question(reply.question) if questions else None
    return not reply.is_follow_up and not (question and question.gate)


def _agendas_to_come(facts: StageFacts, school: School, now: datetime) -> int:
    """Count the agenda questions of this calendar week that were not recorded yet."""
    had = {c.occasion for c in facts.check_ins if c.participant == facts.stage.student}
    begin, end = _bounds(school.calendar, to_local(school.calendar, now).date())
    plan = plan_of(facts.stage, facts.people, school)
    return sum(begin <= due < end for due in agenda_moments(plan, had))


@lru_cache(maxsize=64)
def _bounds(calendar: SchoolCalendar, day: date) -> tuple[datetime, datetime]:
    """Give the moments at which the calendar week of a day begins and ends."""
    monday = day - day.weekday() * DAY
    return to_utc(calendar, monday, time(0)), to_utc(calendar, monday + WEEK, time(0))
