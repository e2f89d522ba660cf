"""The statements that count: each for all teams at once, grouped by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Case,
    Column,
    ColumnElement,
    Join,
    Select,
    and_,
    bindparam,
    case,
    distinct,
    func,
    not_,
    or_,
    select,
)

from bot.store.tables import check_ins, digests, meetings, replies, signals, stages
from conversations.dossier import SignalState
from conversations.model import MeetingState, Status
from conversations.school import School
from conversations.tallies import Period

_TEAMS: BindParameter[str] = bindparam("teams", expanding=True)
_OF_TEAMS = stages.c.team.in_(_TEAMS)
_ANSWERED = (Status.ANSWERED.value, Status.LATE.value)
_NEVER_PUT = (Status.NOT_ASKED.value, Status.UNREACHABLE.value, Status.FAILED.value)
_IS_STUDENT = (check_ins.c.participant == stages.c.student).label("is_student")

STAGES = select(
    stages.c.team,
    stages.c.student,
    stages.c.trainer,
    stages.c.teacher,
    stages.c.begin_date,
    stages.c.end_date,
    stages.c.ended,
    stages.c.trainer_stopped,
).where(_OF_TEAMS)

OPEN_SIGNALS = (
    select(stages.c.team, func.count().label("opened"))
    .join(signals, signals.c.stage == stages.c.id)
    .where(_OF_TEAMS, signals.c.state.in_([SignalState.OPEN.value, SignalState.ESCALATED.value]))
    .group_by(stages.c.team)
)

_GIVEN = (
    select(
        replies,
        check_ins.c.question_set,
        stages.c.team,
        stages.c.company,
        stages.c.student,
        stages.c.trainer,
        stages.c.teacher,
    )
    .join(check_ins, replies.c.check_in == check_ins.c.id)
    .join(stages, check_ins.c.stage == stages.c.id)
    .where(replies.c.status.in_(_ANSWERED), replies.c.question.not_like("%.%"))
    .order_by(replies.c.asked, replies.c.check_in)
)
POSSIBILITIES = _GIVEN.where(
    _OF_TEAMS,
    check_ins.c.participant == stages.c.student,
    replies.c.question == bindparam("question"),
    replies.c.asked >= bindparam("begin", type_=replies.c.asked.type),
    replies.c.asked < bindparam("end", type_=replies.c.asked.type),
)
SURVEY_OF_ALL = _GIVEN.where(replies.c.key == bindparam("key"))
SURVEY = SURVEY_OF_ALL.where(_OF_TEAMS)


def asked(periods: Sequence[Period], school: School) -> Select[Any]:
    """Count the questions put, by team, month and role."""
    month = _month(replies.c.asked, periods)
    return (
        select(stages.c.team, month, _IS_STUDENT, *_outcomes())
        .select_from(_put())
        .where(_OF_TEAMS, *_counted(school), *_within(replies.c.asked, periods))
        .group_by(stages.c.team, "month", "is_student")
    )


def questions(periods: Sequence[Period], school: School) -> Select[Any]:
    """Count each question of these months, by team."""
    which = (stages.c.team, check_ins.c.question_set, replies.c.question)
    return (
        select(*which, *_outcomes())
        .select_from(_put())
        .where(_OF_TEAMS, *_counted(school), *_within(replies.c.asked, periods))
        .group_by(*which)
        .order_by(*which)
    )


def met(periods: Sequence[Period]) -> Select[Any]:
    """Count meetings, by team and the month they are in."""
    month = _month(meetings.c.at, periods)
    return (
        select(
            stages.c.team,
            month,
            func.count(distinct(stages.c.student)).label("students"),
            func.count().label("planned"),
            _sum(meetings.c.state == MeetingState.HELD.value, "held"),
            _sum(meetings.c.moved > 0, "moved"),
            _sum(meetings.c.state == MeetingState.MISSED.value, "missed"),
        )
        .join(meetings, meetings.c.stage == stages.c.id)
        .where(
            _OF_TEAMS,
            meetings.c.state != MeetingState.CANCELLED.value,
            *_within(meetings.c.at, periods),
        )
        .group_by(stages.c.team, "month")
    )


def handed(periods: Sequence[Period]) -> Select[Any]:
    """Count digests handed over and read, by team and month."""
    month = _month(digests.c.at, periods)
    return (
        select(
            stages.c.team,
            month,
            func.count().label("handed"),
            _sum(digests.c.read_at.is_not(None), "read"),
        )
        .join(digests, digests.c.stage == stages.c.id)
        .where(_OF_TEAMS, digests.c.missed.is_(False), *_within(digests.c.at, periods))
        .group_by(stages.c.team, "month")
    )


def signalled(periods: Sequence[Period]) -> Select[Any]:
    """Count the signals that somebody was told of, by team and month."""
    month = _month(signals.c.at, periods)
    return (
        select(
            stages.c.team,
            month,
            func.count().label("signals"),
            _sum(signals.c.acknowledged.is_not(None), "acknowledged"),
            _sum(signals.c.escalated.is_not(None), "escalated"),
        )
        .join(signals, signals.c.stage == stages.c.id)
        .where(_OF_TEAMS, signals.c.state != SignalState.KEPT.value, *_within(signals.c.at, periods))
        .group_by(stages.c.team, "month")
    )


def _put() -> Join:
    return stages.join(check_ins, check_ins.c.stage == stages.c.id).join(
        replies, replies.c.check_in == check_ins.c.id
    )


def _outcomes() -> tuple[ColumnElement[int], ...]:
    return (
        func.count(distinct(replies.c.participant)).label("people"),
        func.count().label("put"),
        _sum(replies.c.status.in_(_ANSWERED), "answered"),
        _sum(replies.c.status == Status.SKIPPED.value, "skipped"),
        _sum(replies.c.status == Status.EXPIRED.value, "expired"),
    )


def _counted(school: School) -> tuple[ColumnElement[bool], ...]:
    """Leave out follow-ups, gates, and what never reached anybody."""
    gates = [
        and_(check_ins.c.question_set == s.name, replies.c.question == q.id)
        for s in school.question_sets.values()
        for q in s.questions
        if q.gate
    ]
    usual = (replies.c.question.not_like("%.%"), replies.c.status.not_in(_NEVER_PUT))
    return (*usual, not_(or_(*gates))) if gates else usual


def _within(column: Column[Any], periods: Sequence[Period]) -> tuple[ColumnElement[bool], ...]:
    return (column >= periods[0].begin, column < periods[-1].end)


def _month(column: Column[Any], periods: Sequence[Period]) -> ColumnElement[str]:
    found: Case[str] = case(*((column < period.end, period.name) for period in periods))
    return found.label("month")


def _sum(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)
