"""P6, P7, P8: what is counted of a team, by month and role, and that other teams are not in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import config
from bot.store import decisions, people, roster, stages, tallies
from bot.store.database import Database
from bot.store.roster import CoordinatorRecord
from bot.store.tally_answers import survey_of
from bot.store.transaction import Transaction
from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.facts import DigestRecord
from conversations.model import CheckIn, Key, MeetingState, ParticipantId, Reach, Role, Stage, Status
from conversations.roster import Person
from conversations.tallies import Asked, CompanyCount, Met, Missing, MonthCounts, QuestionCount, TeamCounts
from tests.store.conftest import INGRID, KEES, NOW, stage_record
from tests.store.making import asked, check_in, reply

SCHOOL = config.load()
OCTOBER = datetime(2026, 10, 6, 14, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 9, tzinfo=UTC)
STUDENTS = [Person(kind="student", identity=f"10842{n:02}", name=f"Student{n} Jansen") for n in range(7)]
TEAM, OTHER = "Business Events", "Zorg"


@pytest.fixture
async def team(db: Database) -> list[Stage]:
    """Give six stages of one team, and last a stage of another."""
    rows = [stage_record(f"BPV-{n}", student) for n, student in enumerate(STUDENTS)]
    rows[2] = replace(rows[2], company="Hotel IJzicht")
    rows[-1] = replace(rows[-1], team=OTHER)
    async with db.writing() as tx:
        await roster.apply(tx, [*STUDENTS, INGRID, KEES], rows, [], NOW)
        await roster.set_coordinators(tx, [CoordinatorRecord(team=TEAM, code="VOS", name="Jo Vos")], NOW)
        found = await stages.by_codes(tx, [row.code for row in rows])
        for number, row in enumerate(rows[:5]):
            await people.bind(tx, found[row.code].student, 100 + number)
    return [found[row.code] for row in rows]


async def counted(tx: Transaction, now: datetime = LATER, month: str = "2026-10") -> TeamCounts:
    return (await tallies.of_teams(tx, [TEAM], SCHOOL, now, companies_in=month))[TEAM]


def in_month(team: TeamCounts, month: str) -> MonthCounts:
    return next(one for one in team.months if one.month == month)


async def put(
    tx: Transaction, stage: Stage, who: ParticipantId, status: Status, at: datetime = OCTOBER, **other: object
) -> CheckIn:
    """Put a question; what else is given is of the reply."""
    where = {name: other.pop(name) for name in ("question_set",) if name in other}
    item = check_in(stage, who, f"week {at:%d-%m}", due=at, closes=at + timedelta(days=6), **where)
    answered = at if status is Status.ANSWERED else None
    return await asked(tx, item, reply(item, status=status, answered=answered, **other))  # type: ignore[arg-type]  # question is a name


async def test_questions_are_counted_by_month_and_role(db: Database, team: list[Stage]) -> None:
    """Answered, skipped and expired; follow-ups, gates and what never arrived are no questions."""
    async with db.writing() as tx:
        first = await put(tx, team[0], team[0].student, Status.ANSWERED)
        await decisions.save(tx, [reply(first, "aha.example", status=Status.ANSWERED, text="geheim")])
        await put(tx, team[1], team[1].student, Status.SKIPPED)
        await put(tx, team[2], team[2].student, Status.EXPIRED)
        await put(tx, team[2], team[2].student, Status.LATE, OCTOBER + timedelta(days=7))
        await put(tx, team[3], team[3].student, Status.UNREACHABLE)
        await put(tx, team[0], team[0].trainer, Status.OPEN)
        await put(tx, team[4], team[4].student, Status.ANSWERED, OCTOBER - timedelta(days=8))
        await put(tx, team[6], team[6].student, Status.ANSWERED)
        found = await counted(tx)
    assert in_month(found, "2026-10").asked == {
        Role.STUDENT: Asked(people=3, put=4, answered=2, skipped=1, expired=1),
        Role.TRAINER: Asked(people=1, put=1),
    }
    assert in_month(found, "2026-09").asked == {Role.STUDENT: Asked(people=1, put=1, answered=1)}


async def test_a_month_is_a_local_month(db: Database, team: list[Stage]) -> None:
    """What is asked at half past midnight on 1 October is October, where UTC still says September."""
    async with db.writing() as tx:
        await put(tx, team[0], team[0].student, Status.OPEN, datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
        found = await counted(tx)
    assert in_month(found, "2026-10").asked == {Role.STUDENT: Asked(people=1, put=1)}
    assert in_month(found, "2026-09").asked == {}


async def test_gates_are_no_questions(db: Database, team: list[Stage]) -> None:
    """ "Nog één vraag?" steers, and is counted nowhere."""
    gates = [(s.name, q.id) for s in SCHOOL.question_sets.values() for q in s.questions if q.gate]
    name, question = gates[0]
    async with db.writing() as tx:
        await put(tx, team[0], team[0].trainer, Status.ANSWERED, question_set=name, question=question)
        found = await counted(tx)
    assert (in_month(found, "2026-10").asked, found.questions) == ({}, ())


async def test_meetings_digests_and_signals_are_counted(db: Database, team: list[Stage]) -> None:
    """Held, moved and missed; a cancelled meeting is none. What is told to nobody is no signal."""
    first, second, third = team[0], team[1], team[2]
    states = {first.id: MeetingState.HELD, second.id: MeetingState.MISSED, third.id: MeetingState.CANCELLED}
    changed = [
        replace(s, meetings=(replace(s.meetings[0], state=states[s.id], moved=n), *s.meetings[1:]))
        for n, s in enumerate((first, second, third))
    ]
    digest = DigestRecord(stage=first.id, meeting=1, at=NOW, read_at=NOW)
    signal = Signal(
        id=SignalId(1), stage=first.id, by=first.trainer, kind=SignalKind.CONSULT, at=NOW, text="!"
    )
    offer = replace(signal, id=SignalId(2), kind=SignalKind.OFFER, state=SignalState.KEPT)
    done = replace(signal, id=SignalId(3), state=SignalState.ACKNOWLEDGED, acknowledged=NOW, escalated=NOW)
    strange = replace(signal, id=SignalId(4), stage=team[6].id)
    missed = DigestRecord(stage=second.id, meeting=1, at=NOW, missed=True)
    async with db.writing() as tx:
        await decisions.save(tx, [*changed, digest, missed, signal, offer, done, strange])
        found = await counted(tx)
    september = in_month(found, "2026-09")
    assert september.met == Met(students=5, planned=5, held=1, moved=1, missed=1)
    assert september.met.unknown == 3
    assert (september.handed, september.read) == (1, 1)
    assert (september.signals, september.acknowledged, september.escalated) == (2, 1, 1)
    assert found.open_signals == 1


@pytest.mark.usefixtures("team")
async def test_who_is_there_is_counted_and_who_is_not_is_named(db: Database) -> None:
    """The coordinator may know whom to call; a stage that is over or ended counts no more."""
    async with db.writing() as tx:
        vos = (await people.coordinators(tx, [TEAM]))[TEAM][0]
        (found,) = await tallies.of_coordinator(tx, vos, SCHOOL, LATER)
        (after,) = await tallies.of_coordinator(tx, vos, SCHOOL, datetime(2027, 3, 1, tzinfo=UTC))
    assert (found.team, found.stages, found.students) == (TEAM, 6, 6)
    assert found.joined == {Role.STUDENT: 5, Role.TRAINER: 0, Role.TEACHER: 0}
    assert found.not_joined == {Role.STUDENT: 1, Role.TRAINER: 1, Role.TEACHER: 1}
    assert found.missing == (
        Missing(name="Student5 Jansen", role=Role.STUDENT, reach=Reach.INVITED),
        Missing(name="Ingrid Kuipers", role=Role.TRAINER, reach=Reach.INVITED),
        Missing(name="Kees Wouters", role=Role.TEACHER, reach=Reach.INVITED),
    )
    assert (after.stages, after.students, after.missing) == (0, 0, ())


async def test_nobody_coordinates_what_is_not_theirs(db: Database, team: list[Stage]) -> None:
    """Who coordinates no team sees no team."""
    async with db.reading() as tx:
        assert await tallies.of_coordinator(tx, team[0].teacher, SCHOOL, LATER) == []


@pytest.mark.usefixtures("team")
async def test_the_page_for_everybody_holds_no_name(db: Database) -> None:
    """What goes on the monthly page is counted without opening a name."""
    async with db.reading() as tx:
        assert (await counted(tx)).missing == ()


async def test_possibilities_are_counted_per_company_and_student(db: Database, team: list[Stage]) -> None:
    """P6: each student counts once a possibility; what the trainer ticked and other months are not in it."""
    later = OCTOBER + timedelta(days=7)
    ticked: dict[str, Any] = {"question": "possible", "question_set": "student/possibilities"}
    async with db.writing() as tx:
        await put(tx, team[0], team[0].student, Status.ANSWERED, choices=("talk", "watch"), **ticked)
        await put(tx, team[0], team[0].student, Status.ANSWERED, later, choices=("talk",), **ticked)
        await put(tx, team[1], team[1].student, Status.ANSWERED, choices=("talk",), **ticked)
        await put(tx, team[2], team[2].student, Status.ANSWERED, choices=("none",), **ticked)
        await put(tx, team[3], team[3].student, Status.SKIPPED, **ticked)
        await put(tx, team[0], team[0].trainer, Status.ANSWERED, choices=("alone",), **ticked)
        await put(tx, team[4], team[4].student, Status.ANSWERED, NOW, choices=("alone",), **ticked)
        found = await counted(tx)
    assert found.companies == (
        CompanyCount(company="Congrescentrum Amstel", students=2, counts={"talk": 2, "watch": 1}),
        CompanyCount(company="Hotel IJzicht", students=1, counts={"none": 1}),
    )


async def test_each_question_is_counted_over_the_school_year(db: Database, team: list[Stage]) -> None:
    """P7: how often it was put, to how many people, and answered."""
    async with db.writing() as tx:
        await put(tx, team[0], team[0].student, Status.ANSWERED)
        await put(tx, team[0], team[0].student, Status.EXPIRED, NOW)
        await put(tx, team[1], team[1].student, Status.EXPIRED)
        found = await counted(tx)
    assert found.questions == (
        QuestionCount(question_set="student/aha", question="aha", people=2, put=3, answered=1),
    )


async def test_the_end_survey_is_read_with_its_school_year(db: Database, team: list[Stage]) -> None:
    """P8, P9: who answered is a number that only tells people apart; names are given to be taken out."""
    survey: dict[str, Any] = {"key": Key.SURVEY, "question_set": "trainer/end_survey", "question": "better"}
    async with db.writing() as tx:
        await put(
            tx,
            team[0],
            team[0].trainer,
            Status.ANSWERED,
            datetime(2027, 1, 20, tzinfo=UTC),
            text="Bellen",
            **survey,
        )
        await put(tx, team[1], team[1].trainer, Status.OPEN, **survey)
        await put(tx, team[2], team[2].student, Status.ANSWERED, text="geen eindvraag")
        (found,) = await survey_of(tx, [TEAM], SCHOOL)
        assert await survey_of(tx, [OTHER], SCHOOL) == ()
        assert await survey_of(tx, None, SCHOOL) == (found,)
    assert (found.team, found.year, found.role, found.text) == (TEAM, "2026", Role.TRAINER, "Bellen")
    assert found.names == ("Student0 Jansen", "Ingrid Kuipers", "Kees Wouters", "Congrescentrum Amstel")


async def test_a_page_is_claimed_once(db: Database) -> None:
    """P6: whoever comes second gets nothing, whatever the moment."""
    async with db.writing() as tx:
        first = await tallies.claim_page(tx, TEAM, "2026-10", LATER)
        again = await tallies.claim_page(tx, TEAM, "2026-10", LATER + timedelta(days=1))
        assert (first, again, await tallies.with_page(tx, "2026-10")) == (True, False, {TEAM})
