"""Counts what happened in teams: by the database, without opening a word.

Opened are only the names of people who can't be reached, and what `tally_answers` counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select

from bot.store import people
from bot.store import tally_statements as sql
from bot.store.tables import coordinators, monthly_pages, participants
from bot.store.tally_answers import companies_of, survey_of
from bot.store.transaction import Transaction
from conversations.calendar import to_local
from conversations.model import ParticipantId, Reach, Role
from conversations.overview.periods import in_year, month_before, months
from conversations.school import School
from conversations.tallies import (
    Asked,
    Met,
    Missing,
    MonthCounts,
    Period,
    QuestionCount,
    TeamCounts,
)

_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_TEAMS_OF = (
    select(coordinators.c.team)
    .where(coordinators.c.participant == bindparam("person"))
    .order_by(coordinators.c.team)
)
_LEADS = (
    select(coordinators.c.team, coordinators.c.participant)
    .join(participants, coordinators.c.participant == participants.c.id)
    .where(participants.c.reach == Reach.JOINED.value)
    .order_by(coordinators.c.team, coordinators.c.participant)
)
_HAD = select(monthly_pages.c.team).where(monthly_pages.c.month == bindparam("month"))
_REACH = select(participants.c.id, participants.c.reach).where(participants.c.id.in_(_IDS))


async def of_coordinator(
    tx: Transaction, coordinator: ParticipantId, school: School, now: datetime
) -> list[TeamCounts]:
    """Count the teams of a coordinator, with the names of those who can't be reached."""
    teams = [row.team for row in await tx.all(_TEAMS_OF, {"person": coordinator})]
    counted = await of_teams(tx, teams, school, now, names=True)
    return [counted[team] for team in teams]


async def joined_leads(tx: Transaction) -> dict[str, list[ParticipantId]]:
    """Say which teams have a coordinator who joined, and who that is."""
    found: dict[str, list[ParticipantId]] = defaultdict(list)
    for row in await tx.all(_LEADS):
        found[row.team].append(ParticipantId(row.participant))
    return dict(found)


async def with_page(tx: Transaction, month: str) -> set[str]:
    """Name the teams of which the page about a month went out."""
    return {row.team for row in await tx.all(_HAD, {"month": month})}


async def claim_page(tx: Transaction, team: str, month: str, now: datetime) -> bool:
    """Claim the page of a team about a month; False when it was claimed before."""
    return bool(await tx.insert_new(monthly_pages, [{"team": team, "month": month, "at": now}]))


async def of_teams(
    tx: Transaction,
    teams: Collection[str],
    school: School,
    now: datetime,
    *,
    names: bool = False,
    companies_in: str | None = None,
) -> dict[str, TeamCounts]:
    """Count teams; `companies_in` is the month of which learning possibilities are counted too."""
    periods = months(school.calendar, now)
    today = to_local(school.calendar, now).date()
    rows = await tx.all_in(sql.STAGES, "teams", teams)
    by_team = {team: [row for row in rows if row.team == team] for team in teams}
    counted = await _months(tx, teams, by_team, periods, school)
    questions = await _questions(tx, teams, periods, school, today)
    survey = await survey_of(tx, teams, school)
    found = await _there(tx, by_team, today, names=names)
    open_signals = await tx.all_in(sql.OPEN_SIGNALS, "teams", teams)
    opened = {row.team: row.opened for row in open_signals}
    month = next((p for p in periods if p.name == companies_in), None)
    companies = await companies_of(tx, teams, month) if month else {}
    return {
        team: replace(
            found[team],
            open_signals=opened.get(team, 0),
            months=counted[team],
            questions=questions.get(team, ()),
            companies=companies.get(team, ()),
            survey=tuple(s for s in survey if s.team == team),
        )
        for team in teams
    }


# ---- who is there ---------------------------------------------------------------------------------------


async def _there(
    tx: Transaction, by_team: Mapping[str, Sequence[Row[Any]]], today: date, *, names: bool
) -> dict[str, TeamCounts]:
    """Count the stages that run and the people in them, and name who can't be reached."""
    current = {
        team: [row for row in rows if not row.ended and row.end_date >= today]
        for team, rows in by_team.items()
    }
    roles = {team: _roles(rows) for team, rows in current.items()}
    ids = {person for held in roles.values() for _, person in held}
    reach = {row.id: Reach(row.reach) for row in await tx.all_in(_REACH, "ids", ids)}
    away = {person for person in ids if reach.get(person) is not Reach.JOINED}
    known = await people.by_ids(tx, map(ParticipantId, away)) if names else {}
    return {
        team: TeamCounts(
            team=team,
            stages=sum(row.begin_date <= today for row in current[team]),
            students=len({row.student for row in current[team]}),
            joined=_count(held, lambda person: reach.get(person) is Reach.JOINED),
            not_joined=_count(held, lambda person: person in away),
            missing=tuple(
                Missing(name=known[ParticipantId(person)].name, role=role, reach=reach[person])
                for role, person in held
                if person in away and ParticipantId(person) in known
            ),
        )
        for team, held in roles.items()
    }


def _roles(rows: Sequence[Row[Any]]) -> list[tuple[Role, int]]:
    """Give everybody who has a part in these stages, each once a role."""
    found = [
        *((Role.STUDENT, row.student) for row in rows),
        *((Role.TRAINER, row.trainer) for row in rows if not row.trainer_stopped),
        *((Role.TEACHER, row.teacher) for row in rows),
    ]
    return list(dict.fromkeys(found))


def _count(held: Sequence[tuple[Role, int]], fits: Callable[[int], bool]) -> dict[Role, int]:
    return {
        role: sum(fits(person) for one, person in held if one is role)
        for role in (Role.STUDENT, Role.TRAINER, Role.TEACHER)
    }


# ---- by month -------------------------------------------------------------------------------------------


async def _months(
    tx: Transaction,
    teams: Collection[str],
    by_team: Mapping[str, Sequence[Row[Any]]],
    periods: Sequence[Period],
    school: School,
) -> dict[str, tuple[MonthCounts, ...]]:
    asked = await _asked(tx, teams, periods, school)
    met = {(r.team, r.month): r for r in await tx.all_in(sql.met(periods), "teams", teams)}
    handed = {(r.team, r.month): r for r in await tx.all_in(sql.handed(periods), "teams", teams)}
    signals = {(r.team, r.month): r for r in await tx.all_in(sql.signalled(periods), "teams", teams)}
    running = {team: _running(by_team[team], periods) for team in teams}
    return {
        team: tuple(
            _month(team, period.name, running[team], asked, met, handed, signals) for period in periods
        )
        for team in teams
    }


def _running(rows: Sequence[Row[Any]], periods: Sequence[Period]) -> dict[str, int]:
    """Count the students with a stage that runs in each month."""
    names = [period.name for period in periods]
    there: dict[str, set[int]] = {name: set() for name in names}
    for row in rows:
        first, last = row.begin_date.isoformat()[:7], row.end_date.isoformat()[:7]
        for name in names[bisect_left(names, first) : bisect_right(names, last)]:
            there[name].add(row.student)
    return {name: len(students) for name, students in there.items()}


def _month(
    team: str,
    month: str,
    running: Mapping[str, int],
    asked: Mapping[tuple[str, str, Role], Asked],
    met: Mapping[tuple[str, str], Row[Any]],
    handed: Mapping[tuple[str, str], Row[Any]],
    signals: Mapping[tuple[str, str], Row[Any]],
) -> MonthCounts:
    at = (team, month)
    planned, page, signal = met.get(at), handed.get(at), signals.get(at)
    return MonthCounts(
        month=month,
        students=running[month],
        asked={role: asked[(*at, role)] for role in (Role.STUDENT, Role.TRAINER) if (*at, role) in asked},
        met=Met(
            students=planned.students,
            planned=planned.planned,
            held=planned.held,
            moved=planned.moved,
            missed=planned.missed,
        )
        if planned
        else Met(),
        handed=page.handed if page else 0,
        read=page.read if page else 0,
        signals=signal.signals if signal else 0,
        acknowledged=signal.acknowledged if signal else 0,
        escalated=signal.escalated if signal else 0,
    )


async def _asked(
    tx: Transaction, teams: Collection[str], periods: Sequence[Period], school: School
) -> dict[tuple[str, str, Role], Asked]:
    rows = await tx.all_in(sql.asked(periods, school), "teams", teams)
    return {
        (row.team, row.month, Role.STUDENT if row.is_student else Role.TRAINER): Asked(
            people=row.people, put=row.put, answered=row.answered, skipped=row.skipped, expired=row.expired
        )
        for row in rows
    }


async def _questions(
    tx: Transaction, teams: Collection[str], periods: Sequence[Period], school: School, today: date
) -> dict[str, tuple[QuestionCount, ...]]:
    """Count each question of the school year that last month was in."""
    current = in_year(month_before(f"{today:%Y-%m}"))
    year = [p for p in periods if in_year(p.name) == current]
    found: dict[str, list[QuestionCount]] = defaultdict(list)
    for row in await tx.all_in(sql.questions(year, school), "teams", teams):
        one = QuestionCount(
            question_set=row.question_set,
            question=row.question,
            people=row.people,
            put=row.put,
            answered=row.answered,
        )
        found[row.team].append(one)
    return {team: tuple(held) for team, held in found.items()}
