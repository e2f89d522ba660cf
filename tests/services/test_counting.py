"""P6: the monthly page reaches the coordinators who joined, once a team and month, also after downtime."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from bot.services.counting import Counting
from bot.services.speaking import Speaker
from bot.simulator.phone import Phone
from bot.store.tables import access_log
from config.texts import Texts
from conversations.model import Role
from tests.services.school import School, a_school, from_bot

STAGES = "BPV-2026-001, BPV-2026-003, BPV-2026-005, BPV-2026-007, BPV-2026-009"
OCTOBER = "2026-10-01 09:00"


def coordinator(school: School) -> Phone:
    """Give the phone of the coordinator of the first stage's team."""
    leads = [one.participant for one in school.play.people if Role.COORDINATOR in one.participant.roles]
    return school.play.world.phone(school.play.chat_of(leads[0].id))


def titles(school: School) -> list[str]:
    """Give the first line of every page that a coordinator got."""
    return [text.split("\n")[0] for text in from_bot(coordinator(school)) if text.startswith("Business")]


def counting(school: School) -> Counting:
    """Give the use case anew, as after a restart."""
    return Counting(school.play.school, Speaker(Texts.load()))


async def test_a_restart_gives_no_page_twice(tmp_path: Path) -> None:
    """The claim is in the database, not in memory."""
    async with a_school(tmp_path, STAGES) as school:
        await school.join(coordinator(school))
        await school.jump(OCTOBER)
        again = await counting(school).beat(school.play.db, school.play.clock())
        await school.jump("2026-10-20 12:00")
        assert (again, titles(school)) == (0, ["Business Events · september 2026"])


async def test_after_downtime_only_last_month_is_told(tmp_path: Path) -> None:
    """Who was away from September to December gets the page of November, and no other."""
    async with a_school(tmp_path, STAGES) as school:
        await school.join(coordinator(school))
        school.play.clock.jump(datetime(2026, 12, 3, 10, tzinfo=UTC))
        await school.play.rest()
        assert titles(school) == ["Business Events · november 2026"]


async def test_nobody_who_did_not_join_gets_a_page(tmp_path: Path) -> None:
    """The page waits for a coordinator who joins in the course of the month, and is then the same."""
    async with a_school(tmp_path, STAGES) as school:
        await school.jump("2026-10-05 12:00")
        assert titles(school) == []
        await school.join(coordinator(school))
        await school.jump("2026-10-06 12:00")
        assert titles(school) == ["Business Events · september 2026"]


async def test_a_page_is_in_the_access_log(tmp_path: Path) -> None:
    """docs/trust.md, 19: that it went out and to whom, without a word of it."""
    async with a_school(tmp_path, STAGES) as school:
        await school.join(coordinator(school))
        await school.jump(OCTOBER)
        async with school.play.db.reading() as tx:
            lines = [row.action for row in await tx.all(select(access_log))]
        assert "monthly page 2026-09" in lines


async def test_it_is_looked_at_once_an_hour(tmp_path: Path) -> None:
    """Between two hours a beat costs nothing."""
    async with a_school(tmp_path, STAGES) as school:
        use_case = counting(school)
        now = datetime(2026, 10, 1, 7, 30, tzinfo=UTC)
        given = [await use_case.beat(school.play.db, now) for _ in range(2)]
        await school.join(coordinator(school))
        given.append(await use_case.beat(school.play.db, now.replace(minute=59)))
        given.append(await use_case.beat(school.play.db, now.replace(hour=8)))
        assert given == [0, 0, 0, 1]
