"""A stage at a moment: what was not recorded yet, and who may be written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations.calendar import allowed_after, is_quiet, to_local
from conversations.facts import StageFacts
from conversations.model import Meeting, ParticipantId, Reach
from conversations.plan import Plan, Planned, open_moment, plan_of
from conversations.schedule import Course, course_of, planned_meetings, streams
from conversations.school import School

CHOSEN = timedelta(hours=1)  # so long after a moment that somebody chose, quiet hours do not count


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A stage at a moment. `planned` is what was not recorded yet, up to the first to come of each stream."""

    facts: StageFacts
    school: School
    plan: Plan
    course: Course
    meetings: tuple[Meeting, ...]  # that are to be held, by moment
    planned: tuple[Planned, ...]
    now: datetime
    grace: timedelta

    def at(self, moment: datetime) -> View:
        """Give the same at another moment."""
        return View(
            facts=self.facts,
            school=self.school,
            plan=self.plan,
            course=self.course,
            meetings=self.meetings,
            planned=self.planned,
            now=moment,
            grace=self.grace,
        )

    def is_free(self, participant: ParticipantId, since: datetime) -> bool:
        """Tell whether somebody may be written to now about what waits since a moment.

        A moment that lies in quiet hours itself was chosen by the person, and may be kept.
        """
        local = to_local(self.school.calendar, self.now)
        if self.plan.is_off(participant, local.date()):
            return False
        if not is_quiet(self.school.calendar, local.date(), local.time()):
            return True
        return self.now - since < CHOSEN and self._is_quiet(since)

    def _is_quiet(self, moment: datetime) -> bool:
        local = to_local(self.school.calendar, moment)
        return is_quiet(self.school.calendar, local.date(), local.time())

    def free_from(self, participant: ParticipantId, moment: datetime) -> datetime:
        """Give the first moment, from now and from a moment on, that is neither quiet nor a holiday."""
        local = to_local(self.school.calendar, max(self.now, moment))
        morning = self.school.calendar.quiet.end
        return open_moment(self.plan, participant, local.date(), local.time(), morning)

    def can_ask(self, participant: ParticipantId) -> bool:
        """Tell whether somebody is there to be asked anything."""
        person = self.facts.people[participant]
        today = to_local(self.school.calendar, self.now).date()
        paused = person.paused_until is not None and today < person.paused_until
        return (
            self.is_asked(participant)
            and person.reach is Reach.JOINED
            and not paused
            and not self.facts.stage.ended
        )

    def is_asked(self, participant: ParticipantId) -> bool:
        """Tell whether somebody is the one to ask: no trainer who was replaced, or who stopped guiding."""
        stage = self.plan.stage
        return participant == stage.student or (participant == stage.trainer and not stage.trainer_stopped)


def look(facts: StageFacts, school: School, now: datetime, grace: timedelta) -> View:
    """Find what was not recorded yet, as far as it matters now and for the next moment."""
    plan = plan_of(facts.stage, facts.people, school)
    student = {c.occasion for c in facts.check_ins if c.participant == facts.stage.student}
    trainer = {c.occasion for c in facts.check_ins if c.participant == facts.stage.trainer}
    course = course_of(plan)
    planned: list[Planned] = []
    for stream in streams(plan, student, trainer, course):
        for one in stream:
            planned.append(one)
            if one.due > now:
                break
    planned.sort(key=lambda one: (one.due, one.participant, one.occasion))
    return View(
        facts=facts,
        school=school,
        plan=plan,
        course=course,
        meetings=tuple(planned_meetings(facts.stage)),
        planned=tuple(planned),
        now=now,
        grace=grace,
    )


def morning(view: View, moment: datetime) -> datetime:
    """Give the moment itself, or where that is quiet, the end of the quiet hours."""
    calendar = view.school.calendar
    local = to_local(calendar, moment)
    if not is_quiet(calendar, local.date(), local.time()):
        return moment
    return allowed_after(calendar, local.date(), local.time(), resume=calendar.quiet.end)
