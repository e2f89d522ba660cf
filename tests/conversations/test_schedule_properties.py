"""What must hold for every stage, whatever its days, moments and meetings, and however late we come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.calendar import is_day_off, is_quiet, is_workday, to_local, to_utc
from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.due import due, next_wake
from conversations.duties import Ask, AskHeld, Escalate, HandOver, HandPage, MissDigest, Remind
from conversations.facts import StageFacts
from conversations.model import (
    Key,
    Meeting,
    MeetingState,
    Moment,
    Participant,
    ParticipantId,
    Place,
    Reach,
    Reason,
    Role,
    Stage,
    StageId,
)
from conversations.question_set import Occasion
from conversations.schedule import digest_at, occasions
from tests.conversations.stages import (
    STUDENT,
    TEACHER,
    TRAINER,
    USUAL_SETS,
    a_person,
    a_school,
    a_set,
    a_stage,
    the_facts,
)
from tests.conversations.walking import Habit, Step, walk

SCHOOL = a_school(
    *USUAL_SETS,
    a_set("student/third", Occasion.THIRD, Key.POTENTIAL),
    a_set("trainer/third", Occasion.THIRD, Key.POTENTIAL),
    a_set("student/end", Occasion.END, Key.SURVEY),
    a_set("trainer/end", Occasion.END, Key.SURVEY),
)
CALENDAR = SCHOOL.calendar
EARLY = to_utc(CALENDAR, date(2026, 7, 1), time(12))
PATTERNS = st.sampled_from([{1, 2, 3}, {0, 1}, {0, 1, 2, 3, 4}, {0, 1, 2, 3}, {4, 5}, {5, 6}, {6}]) | st.sets(
    st.integers(0, 6), min_size=1
)
ENDS = st.sampled_from([time(15, 15), time(16, 30), time(20), time(22, 30), time(23), time(1, 30)])
CLOCKS = st.sampled_from([time(7), time(12), time(19, 59), time(21)])
MOMENTS = st.none() | st.builds(Moment, time=CLOCKS, weekday=st.none() | st.integers(0, 6))
PAUSES = st.none() | st.dates(date(2026, 9, 1), date(2027, 7, 1))
LEAD = ParticipantId(4)
STATES = st.sampled_from([MeetingState.PLANNED] * 7 + list(MeetingState))
SIGNALS = st.lists(
    st.builds(
        Signal,
        id=st.integers(1, 1000).map(SignalId),
        stage=st.just(StageId(1)),
        by=st.sampled_from([STUDENT, TRAINER]),
        kind=st.sampled_from(SignalKind),
        at=st.integers(0, 300 * 24).map(lambda hours: EARLY + timedelta(hours=hours)),
        state=st.sampled_from([SignalState.OPEN] * 3 + list(SignalState)),
    ),
    max_size=3,
    unique_by=lambda signal: signal.id,
)
REACH = st.sampled_from([Reach.JOINED] * 6 + [Reach.INVITED, Reach.BLOCKED, Reach.STOPPED])
HABITS = st.builds(
    Habit,
    answers=st.booleans(),
    snooze=st.none() | st.sampled_from([timedelta(hours=h) for h in (4, 9, 26, 90)]),
)
DELAYS = st.lists(
    st.sampled_from([0.0, 0.0, 0.0, 0.2, 3.0, 9.0, 30.0, 100.0, 700.0]), min_size=1, max_size=12
)


@st.composite
def stages(draw: st.DrawFn) -> Stage:
    """Draw a stage of 3 to 50 weeks, with three meetings on days in it."""
    begin, length = draw(st.dates(date(2026, 8, 24), date(2027, 6, 1))), draw(st.integers(21, 350))
    days = sorted(draw(st.sets(st.integers(0, length), min_size=3, max_size=3)))
    clock = draw(st.sampled_from([time(8, 15), time(10), time(15)]))
    moments = [to_utc(CALENDAR, begin + timedelta(days=day), clock) for day in days]
    return a_stage(
        begin=begin,
        end=begin + timedelta(days=length),
        days=frozenset(draw(PATTERNS)),
        workday_end=draw(ENDS),
        through_holidays=draw(st.booleans()),
        meetings=tuple(
            Meeting(number=n, at=at, place=Place.COMPANY) for n, at in enumerate(moments, start=1)
        ),
    )


@st.composite
def facts(draw: st.DrawFn) -> StageFacts:
    """Draw a stage, and the moments its student and trainer chose."""
    return the_facts(draw(stages()), *(a_person(who, moment=draw(MOMENTS)) for who in (STUDENT, TRAINER)))


@st.composite
def troubled(draw: st.DrawFn) -> StageFacts:
    """Draw a stage with people who may pause, stop or be out of reach, with signals, or that has ended."""
    people = [
        a_person(who, moment=draw(MOMENTS), paused_until=draw(PAUSES), reach=draw(REACH))
        for who in (STUDENT, TRAINER, TEACHER)
    ]
    rarely = st.sampled_from([False] * 9 + [True])
    stage = replace(draw(stages()), ended=draw(rarely), trainer_stopped=draw(rarely))
    states = draw(st.lists(STATES, min_size=3, max_size=3))
    meetings = tuple(replace(m, state=state) for m, state in zip(stage.meetings, states, strict=True))
    lead = Participant(id=LEAD, name="lead", roles=frozenset({Role.COORDINATOR}), reach=draw(REACH))
    found = the_facts(replace(stage, meetings=meetings), *people, lead, signals=tuple(draw(SIGNALS)))
    return replace(found, coordinators=(LEAD,))


def late_by(hours: list[float]) -> Callable[[datetime], datetime]:
    """Come later than planned, by each of some hours in turn."""
    turns = cycle(hours)
    return lambda moment: moment + timedelta(hours=next(turns))


def is_off(found: StageFacts, who: ParticipantId, moment: datetime) -> bool:
    """Tell whether a moment lies on a holiday for somebody."""
    day = to_local(CALENDAR, moment).date()
    return is_day_off(CALENDAR, found.stage, day) if who == STUDENT else day in CALENDAR.public_holidays


def is_night(moment: datetime) -> bool:
    """Tell whether a moment lies in quiet hours."""
    local = to_local(CALENDAR, moment)
    return is_quiet(CALENDAR, local.date(), local.time())


def asks(steps: list[Step]) -> list[tuple[datetime, Ask]]:
    """Give everything that was asked, with the moment."""
    return [(step.now, one) for step in steps for one in step.dues if isinstance(one, Ask)]


@settings(max_examples=150, deadline=None)
@given(facts())
def test_the_plan_names_each_occasion_once_and_in_order(found: StageFacts) -> None:
    """No name twice for a person; what is due closes later, and each week closes before the next is due."""
    plan = occasions(found.stage, found.people, SCHOOL)
    weekly = [one for one in plan if one.participant == STUDENT and one.meeting is None]
    assert set(Counter((one.participant, one.occasion) for one in plan).values()) <= {1}
    assert [one for one in plan if one.closes <= one.due] == []
    assert [(a, b) for a, b in pairwise(weekly) if a.closes > b.due] == []


@settings(max_examples=150, deadline=None)
@given(facts())
def test_nothing_is_planned_on_a_holiday_or_at_night_unless_it_was_chosen(found: StageFacts) -> None:
    """Only the hour that somebody chose may be quiet; no holiday is chosen away."""
    plan = [one for one in occasions(found.stage, found.people, SCHOOL) if one.reason is None]
    chose = {who for who, person in found.people.items() if person.moment}
    assert [one for one in plan if is_night(one.due) and one.participant not in chose] == []
    assert [one for one in plan if is_off(found, one.participant, one.due)] == []


@settings(max_examples=100, deadline=None)
@given(facts())
def test_agenda_and_trainer_come_before_the_digest_and_the_digest_before_the_meeting(
    found: StageFacts,
) -> None:
    """What prepares a meeting closes when its digest is made; one that is not to be held asks nothing."""
    digests = {meeting.number: digest_at(meeting, SCHOOL) for meeting in found.stage.meetings}
    plan = [one for one in occasions(found.stage, found.people, SCHOOL) if one.meeting]
    assert [one for one in plan if not one.due < one.closes == digests[one.meeting or 0]] == []
    assert [m for m in found.stage.meetings if digests[m.number] >= m.at] == []


@settings(max_examples=40, deadline=None)
@given(troubled(), HABITS)
def test_a_stage_on_time_has_every_occasion_at_its_moment_and_then_stops(
    found: StageFacts, habit: Habit
) -> None:
    """Walking through it records each occasion once, asks it when it is due, and comes to an end."""
    steps = list(walk(found, SCHOOL, EARLY, habit))
    after = steps[-1][1]
    plan = occasions(found.stage, found.people, SCHOOL)
    assert Counter((c.participant, c.occasion) for c in after.check_ins) == Counter(
        (one.participant, one.occasion) for one in plan
    )
    assert [(now, ask) for now, ask in asks([step for step, _ in steps]) if now != ask.planned.due] == []
    assert next_wake(after, SCHOOL, EARLY) is None


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS, HABITS)
def test_coming_late_loses_and_doubles_nothing_and_asks_one_thing_at_most(
    found: StageFacts, delays: list[float], habit: Habit
) -> None:
    """After hours or weeks every occasion is recorded once; one catch-up a person, none beside another."""
    steps = list(walk(found, SCHOOL, EARLY, habit, late_by(delays)))
    plan = occasions(found.stage, found.people, SCHOOL)
    assert Counter((c.participant, c.occasion) for c in steps[-1][1].check_ins) == Counter(
        (one.participant, one.occasion) for one in plan
    )
    for step, _ in steps:
        caught_up = Counter(ask.planned.participant for _, ask in asks([step]) if ask.catch_up)
        asked = Counter(ask.planned.participant for _, ask in asks([step]))
        assert {who: asked[who] for who in caught_up} == dict.fromkeys(caught_up, 1)


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS)
def test_coming_late_writes_to_nobody_at_night_or_on_a_holiday(
    found: StageFacts, delays: list[float]
) -> None:
    """What became due while the bot was away waits; a chosen quiet hour is kept for one hour."""
    steps = [step for step, _ in walk(found, SCHOOL, EARLY, Habit(answers=False), late_by(delays))]
    reminders = [
        (step.now, one.check_in.remind_at or step.now, one.check_in.participant)
        for step in steps
        for one in step.dues
        if isinstance(one, Remind)
    ]
    asked = [(now, ask.planned.due, ask.planned.participant) for now, ask in asks(steps)]
    written = [*asked, *reminders]
    assert [one for one in written if is_off(found, one[2], one[0])] == []
    chosen = [one for one in written if is_night(one[0])]
    assert [(now, since) for now, since, _ in chosen if now - since >= timedelta(hours=1)] == []
    assert [who for _, _, who in chosen if found.people[who].moment is None] == []


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS, HABITS)
def test_a_student_never_gets_more_than_two_questions_in_a_week(
    found: StageFacts, delays: list[float], habit: Habit
) -> None:
    """Weekly questions, the agenda and a catch-up share the two of a calendar week."""
    *_, (_, after) = walk(found, SCHOOL, EARLY, habit, late_by(delays))
    weeks = Counter(
        to_local(CALENDAR, reply.asked).isocalendar()[:2]
        for reply in after.replies
        if reply.participant == STUDENT
    )
    assert max(weeks.values(), default=0) <= 2


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS)
def test_every_meeting_has_one_digest_that_comes_in_time_or_is_recorded_as_missed(
    found: StageFacts, delays: list[float]
) -> None:
    """A digest is never handed over after its meeting, and never twice."""
    steps = [step for step, _ in walk(found, SCHOOL, EARLY, Habit(), late_by(delays))]
    digests = [
        (step.now, one) for step in steps for one in step.dues if isinstance(one, (HandOver, MissDigest))
    ]
    planned = [m.number for m in found.stage.meetings if m.state is MeetingState.PLANNED]
    assert sorted(one.meeting.number for _, one in digests) == planned
    assert [now for now, one in digests if isinstance(one, HandOver) is (now >= one.meeting.at)] == []


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS, st.lists(st.floats(0, 0.999), min_size=4, max_size=4), HABITS)
def test_between_now_and_the_next_moment_nothing_is_due(
    found: StageFacts, delays: list[float], parts: list[float], habit: Habit
) -> None:
    """`next_wake` and `due` agree: nothing before that moment, something at it, nothing after the last."""
    for step, after in walk(found, SCHOOL, EARLY, habit, late_by(delays)):
        wake = next_wake(after, SCHOOL, step.now)
        end = wake or step.now + timedelta(days=400)
        between = {step.now + part * (end - step.now) for part in parts} - {end}
        assert [due(after, SCHOOL, moment) for moment in between] == [[] for _ in between]
        assert [moment for moment in (wake,) if moment and not due(after, SCHOOL, moment)] == []


@settings(max_examples=40, deadline=None)
@given(troubled(), st.integers(0, 400))
def test_a_clock_that_jumps_back_gives_nothing_twice(found: StageFacts, days: int) -> None:
    """After a whole stage nothing is due at any moment of it."""
    *_, (_, after) = walk(found, SCHOOL, EARLY, Habit())
    assert due(after, SCHOOL, EARLY + timedelta(days=days, hours=5)) == []


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS, HABITS)
def test_each_page_is_handed_over_once_in_office_hours_and_nothing_is_asked_after_the_last(
    found: StageFacts, delays: list[float], habit: Habit
) -> None:
    """One third and the end (P2): at most one page of each name; the last comes when all else was had."""
    steps = [step for step, _ in walk(found, SCHOOL, EARLY, habit, late_by(delays))]
    pages = [(step.now, one) for step in steps for one in step.dues if isinstance(one, HandPage)]
    handed = [to_local(CALENDAR, now) for now, one in pages if not one.late]
    ended = [now for now, one in pages if one.page == "end" and not found.stage.ended]
    assert set(Counter(one.page for _, one in pages).values()) <= {1}
    assert [at for at in handed if not is_workday(CALENDAR, at.date()) or at.time() < time(8, 30)] == []
    assert [now for now, _ in asks(steps) for end in ended if now > end] == []


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS)
def test_a_teacher_is_asked_once_whether_a_planned_meeting_was_held(
    found: StageFacts, delays: list[float]
) -> None:
    """P1: from two hours after it, never at night or on a public holiday, and not of one that was settled."""
    steps = [step for step, _ in walk(found, SCHOOL, EARLY, Habit(), late_by(delays))]
    asked = [(step.now, one.meeting) for step in steps for one in step.dues if isinstance(one, AskHeld)]
    planned = {m.number for m in found.stage.meetings if m.state is MeetingState.PLANNED}
    assert set(Counter(meeting.number for _, meeting in asked).values()) <= {1}
    assert {meeting.number for _, meeting in asked} <= planned
    assert [now for now, meeting in asked if now < meeting.at + timedelta(hours=2)] == []
    assert [now for now, _ in asked if is_night(now) or is_off(found, TEACHER, now)] == []


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS)
def test_every_signal_for_a_person_is_escalated_once_and_never_at_night(
    found: StageFacts, delays: list[float]
) -> None:
    """P3: all that are open; an offer of help goes to nobody."""
    steps = [step for step, _ in walk(found, SCHOOL, EARLY, Habit(), late_by(delays))]
    told = [(step.now, one.signal) for step in steps for one in step.dues if isinstance(one, Escalate)]
    waiting = [
        signal.id
        for signal in found.signals
        if signal.state is SignalState.OPEN and signal.kind is not SignalKind.OFFER
    ]
    assert sorted(signal.id for _, signal in told) == sorted(waiting)
    assert [now for now, _ in told if is_night(now)] == []


@settings(max_examples=60, deadline=None)
@given(troubled(), DELAYS, HABITS)
def test_a_trainer_who_stopped_is_asked_nothing(found: StageFacts, delays: list[float], habit: Habit) -> None:
    """Every occasion is recorded as handed over."""
    stopped = replace(found, stage=replace(found.stage, trainer_stopped=True, ended=False))
    steps = list(walk(stopped, SCHOOL, EARLY, habit, late_by(delays)))
    reasons = {c.reason for c in steps[-1][1].check_ins if c.participant == TRAINER}
    assert [ask for _, ask in asks([step for step, _ in steps]) if ask.planned.participant == TRAINER] == []
    assert reasons <= {Reason.HANDED_OVER}
