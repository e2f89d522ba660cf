"""When the trainer is asked: after the first week, before meetings, at the thirds, and in the last week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from conversations.calendar import DAY, allowed_before, is_quiet_day, to_local, to_utc, week_of
from conversations.milestones import BEFORE_THIRD, last_day, occasions_of, third_days
from conversations.model import Role
from conversations.plan import Plan, Planned, company_days, open_moment, without_holidays
from conversations.question_set import Occasion

TRAINER_TIME = time(16)  # when a trainer is asked who chose no moment
TRAINER_OPEN = timedelta(days=7)  # what prepares no meeting
BEFORE_MEETING = timedelta(days=7)
BEFORE_DIGEST = timedelta(days=2)  # at least, for a trainer, where a holiday pulls the digest forward


def first_week(plan: Plan) -> Planned | None:
    """Give the occasion after the student's first days at the company."""
    numbers = range(1, week_of(plan.stage, plan.stage.end) + 1)
    there = (without_holidays(plan, company_days(plan, week)) for week in numbers)
    days = next((days for days in there if days), None)
    if days is None:
        return None
    return of_trainer(plan, "week 1", Occasion.FIRST_WEEK, _trainer_after(plan, days[-1]))


def before_meeting(plan: Plan, number: int, day: date, closes: datetime) -> Planned | None:
    """Give the occasion a week before a meeting, of which the digest goes out when it closes."""
    due = _trainer_before(
        plan, min(day - BEFORE_MEETING, to_local(plan.calendar, closes).date() - BEFORE_DIGEST)
    )
    if to_local(plan.calendar, due).date() < plan.stage.begin:
        return None
    return Planned(
        stage=plan.stage.id,
        participant=plan.stage.trainer,
        occasion=f"meeting {number}",
        kind=Occasion.BEFORE_MEETING,
        due=due,
        closes=closes,
        meeting=number,
    )


def thirds(plan: Plan) -> tuple[datetime, ...]:
    """Give the moments a week before one third and two thirds, where the school asks anything then."""
    if Occasion.THIRD not in occasions_of(plan, Role.TRAINER):
        return ()
    return tuple(_trainer_before(plan, day - BEFORE_THIRD) for day in third_days(plan.stage))


def looking_back(plan: Plan) -> Planned | None:
    """Give the occasion in the last week on which the trainer looks back."""
    if Occasion.END not in occasions_of(plan, Role.TRAINER):
        return None
    due = _trainer_before(plan, max(plan.stage.begin, last_day(plan.calendar, plan.stage) - DAY))
    if to_local(plan.calendar, due).date() < plan.stage.begin:
        return None
    return of_trainer(plan, "end", Occasion.END, due)


def of_trainer(plan: Plan, occasion: str, kind: Occasion, due: datetime) -> Planned:
    """Make an occasion of the trainer that prepares no meeting."""
    return Planned(
        stage=plan.stage.id,
        participant=plan.stage.trainer,
        occasion=occasion,
        kind=kind,
        due=due,
        closes=due + TRAINER_OPEN,
    )


def _trainer_after(plan: Plan, day: date) -> datetime:
    calendar, moment = plan.calendar, plan.trainer.moment
    if moment is None:
        return open_moment(plan, plan.stage.trainer, day, TRAINER_TIME)
    if moment.weekday is not None:
        day += (moment.weekday - day.weekday()) % 7 * DAY
    while _is_trainer_off(plan, day):
        day += DAY
    return to_utc(calendar, day, moment.time)


def _trainer_before(plan: Plan, day: date) -> datetime:
    calendar, moment = plan.calendar, plan.trainer.moment
    if moment is not None and moment.weekday is not None:
        wished = day - (day.weekday() - moment.weekday) % 7 * DAY
        day = wished if wished >= plan.stage.begin else day
    while _is_trainer_off(plan, day):
        day -= DAY
    if moment is not None:
        return to_utc(calendar, day, moment.time)
    return allowed_before(calendar, day, TRAINER_TIME)


def _is_trainer_off(plan: Plan, day: date) -> bool:
    moment = plan.trainer.moment
    chosen = moment is not None and moment.weekday == day.weekday()
    return day in plan.calendar.public_holidays or (is_quiet_day(plan.calendar, day) and not chosen)
