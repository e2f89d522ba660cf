"""What to ask when something is due: the question set, the task it is about, and how much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, datetime

from conversations.calendar import SchoolCalendar, to_local, week_of
from conversations.facts import StageFacts
from conversations.model import CheckIn, CheckInId, ParticipantId, Reply, Role
from conversations.plan import Planned, plan_of
from conversations.question_set import Occasion, QuestionSet
from conversations.schedule import agendas
from conversations.school import School

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
    left = A_WEEK - given - _put_this_week(facts, school, planned.participant, now)
    if planned.kind is Occasion.AGENDA:
        return max(0, min(AGENDA_ROOM, left))
    left -= AGENDA_ROOM * _agendas_to_come(facts, school, now)
    return max(0, min(left, 1) if catch_up else left)


def choose(
    facts: StageFacts, school: School, planned: Planned, now: datetime
) -> tuple[QuestionSet, str | None] | None:
    """Choose the question set for an occasion and the task it is about, or None when no set fits.

    The key with the least material since the last digest comes first, then what was asked longest ago. The
    set of last time is passed over unless it is the only one.
    """
    past = _asked(facts, planned.participant)
    fitting = list(_fitting(facts, school, planned, past))
    if len(fitting) > 1 and past:
        fitting = [s for s in fitting if s.name != past[-1].question_set]
    if not fitting:
        return None
    material = _material(facts, planned.participant, now)
    turn = {check_in.question_set: n for n, check_in in enumerate(past, start=1)}
    chosen = min(fitting, key=lambda s: (material[s.key], turn.get(s.name, 0), s.order, s.name))
    return chosen, _task(facts, school, past, now, planned.participant) if chosen.uses_task else None


def _fitting(
    facts: StageFacts, school: School, planned: Planned, past: list[CheckIn]
) -> Iterable[QuestionSet]:
    role = Role.STUDENT if planned.participant == facts.stage.student else Role.TRAINER
    week = _week(facts, school.calendar, planned.due)
    has_tasks = bool(_tasks(facts, school))
    for s in school.question_sets.values():
        if s.role is not role or s.occasion is not planned.kind or (s.uses_task and not has_tasks):
            continue
        if s.from_week <= week <= (s.until_week or week) and _rested(facts, school, s, past, week):
            yield s


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


def _put_this_week(facts: StageFacts, school: School, student: ParticipantId, now: datetime) -> int:
    week = _iso_week(school.calendar, now)
    sets = {check_in.id: check_in.question_set for check_in in facts.check_ins}
    return sum(
        reply.participant == student
        and _counts(school, sets, reply)
        and _iso_week(school.calendar, reply.asked) == week
        for reply in facts.replies
    )


def _counts(school: School, sets: dict[CheckInId, str], reply: Reply) -> bool:
    questions = school.question_sets.get(sets.get(reply.check_in, ""))
    question = questions.question(reply.question) if questions else None
    return not reply.is_follow_up and not (question and question.gate)


def _agendas_to_come(facts: StageFacts, school: School, now: datetime) -> int:
    """Count the agenda questions of this calendar week that were not recorded yet."""
    had = {c.occasion for c in facts.check_ins if c.participant == facts.stage.student}
    week = _iso_week(school.calendar, now)
    plan = plan_of(facts.stage, facts.people, school)
    return sum(_iso_week(school.calendar, one.due) == week for one in agendas(plan, had))


def _iso_week(calendar: SchoolCalendar, moment: datetime) -> date:
    day = to_local(calendar, moment).date()
    return date.fromisocalendar(*day.isocalendar()[:2], 1)
