"""Counts what people ticked and wrote: the learning possibilities per company, and the end survey."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from bot.store import people, replies
from bot.store import tally_statements as sql
from bot.store.transaction import Transaction
from conversations.calendar import to_local
from conversations.model import Key, Role
from conversations.overview.periods import school_year
from conversations.school import School
from conversations.tallies import CompanyCount, Period, Surveyed

POSSIBLE = "possible"  # the question about the four learning possibilities


async def companies_of(
    tx: Transaction, teams: Collection[str], month: Period
) -> dict[str, tuple[CompanyCount, ...]]:
    """Count per company how many students told of each possibility, each student at one company."""
    rows = await tx.all_in(
        sql.POSSIBILITIES, "teams", teams, question=POSSIBLE, begin=month.begin, end=month.end
    )
    company = {(row.team, row.participant): row.company for row in rows}  # the last one where there are two
    told: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    for row, reply in zip(rows, await replies.opened(tx, rows), strict=True):
        if company[(row.team, row.participant)] == row.company:
            told[(row.team, row.company, row.participant)].update(reply.choices)
    groups: dict[str, dict[str, list[set[str]]]] = defaultdict(lambda: defaultdict(list))
    for (team, name, _), choices in told.items():
        groups[team][name].append(choices)
    return {
        team: tuple(
            CompanyCount(
                company=name,
                students=len(said),
                counts={c: sum(c in one for one in said) for c in sorted(set().union(*said))},
            )
            for name, said in sorted(held.items())
        )
        for team, held in groups.items()
    }


async def survey_of(tx: Transaction, teams: Collection[str] | None, school: School) -> tuple[Surveyed, ...]:
    """Give the answers to the end survey of these teams, or of all, in the order in which they came."""
    rows = (
        await tx.all(sql.SURVEY_OF_ALL, {"key": Key.SURVEY.value})
        if teams is None
        else await tx.all_in(sql.SURVEY, "teams", teams, key=Key.SURVEY.value)
    )
    if not rows:
        return ()
    known = await people.by_ids(tx, {p for r in rows for p in (r.student, r.trainer, r.teacher)})
    found = []
    for row, reply in zip(rows, await replies.opened(tx, rows), strict=True):
        three = (known[p].name for p in (row.student, row.trainer, row.teacher) if p in known)
        found.append(
            Surveyed(
                team=row.team,
                year=str(school_year(to_local(school.calendar, reply.asked).date())),
                role=Role.STUDENT if row.participant == row.student else Role.TRAINER,
                question_set=row.question_set,
                question=reply.question,
                person=reply.participant,
                at=reply.answered or reply.asked,
                choices=reply.choices,
                text=reply.text,
                names=(*three, row.company),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.at, one.person)))
