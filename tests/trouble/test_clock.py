"""The clock: a whole year with both changes of the hour, and jumps in both directions (docs/trust.md, 8)."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, time, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot.cli.playing import SAMPLE, playing
from conversations.calendar import to_local
from conversations.model import CheckInState
from tests.crash import reckoning
from tests.crash.child import SCHOOL, SharedClock
from tests.crash.crowd import Crowd
from tests.crash.doing import Person
from tests.crash.game import STARTER, Game, game, until
from tests.trouble import ahead

A_MINUTE, HOUR, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=365)
A_FEW_BEATS = 1.0  # seconds
_WAITING = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') AND slot_question IS NOT NULL"
# One stage of the sample that goes on until the summer, with its meetings where they were.
_A_YEAR = {"2026-12-18": "2027-07-09", "2027-01-29": "2027-07-09"}
_CLOCKS_CHANGE = (
    datetime(2026, 10, 25, tzinfo=SCHOOL.calendar.zone),
    datetime(2027, 3, 28, tzinfo=SCHOOL.calendar.zone),
)


async def test_in_a_whole_year_each_occasion_comes_once_and_at_the_same_hour_of_the_day(
    tmp_path: Path,
) -> None:
    """Summer and winter time: what is planned is had, at its moment, and nothing is put twice."""
    async with playing(_roster(tmp_path)) as play:
        people = [
            Person(
                phone=play.world.phone(play.chat_of(one.participant.id)),
                code=one.code or "",
                roles=one.participant.roles,
            )
            for one in play.people
        ]
        crowd = Crowd(play.world, people, random.Random(1))  # noqa: S311 - repeatable on purpose
        for person in people:
            person.phone.start(person.code)
        await play.rest()
        for _ in people:
            crowd.act()
        await play.rest()
        await play.jump(datetime(2027, 7, 20, 12, tzinfo=SCHOOL.calendar.zone))
        books = await reckoning.read(play.db, play.clock())
    asked = sorted(to_local(SCHOOL.calendar, reply.asked) for reply in books.replies)
    student = next(f.stage.student for f in books.facts)
    hours = Counter(
        to_local(SCHOOL.calendar, c.due).time()
        for f in books.facts
        for c in f.check_ins
        if c.participant == student
        and c.occasion.startswith("week")
        and c.state is not CheckInState.NOT_ASKED
    )
    assert books.had == books.planned
    assert books.left_undone == []
    assert books.put_too_often(crowd.shown) == {}
    assert [[at < change for at in (asked[0], asked[-1])] for change in _CLOCKS_CHANGE] == [[True, False]] * 2
    assert hours.keys() == {time(17)}  # when the workday ends
    assert hours[time(17)] > 20


async def test_a_clock_that_jumps_there_and_back_sends_nothing_extra(tmp_path: Path) -> None:
    """An hour or a year, in both directions, while nothing is due: as if nothing had happened."""
    async with game(tmp_path, 1) as played:
        await played.gather()
        await played.rest_at(await first_questions(played) + A_MINUTE)
        await played.rest_at(played.clock() + 3 * A_MINUTE)
        before = played.per_chat
        bot = played.start()
        await played.called(2, seconds=20)
        seen = [await _there_and_back(played, far) for far in (-HOUR, HOUR, -YEAR, YEAR)]
        await played.stop(bot)
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
    assert seen == [(before, before)] * 4
    assert before.total() > len(played.crowd.people)
    assert books.put_too_often(played.crowd.shown) == {}


async def test_prompts_that_wait_while_the_clock_is_set_back_leave_once(tmp_path: Path) -> None:
    """Telegram is away when they are due, and the clock goes back an hour: they wait for it, and none is lost
    or doubled.
    """
    async with game(tmp_path, 1) as played:
        await played.gather()
        moment = await first_questions(played) + A_MINUTE
        await played.simulator.stop()
        bot = played.start()
        played.clock.jump(moment)
        await until(lambda: _pending(played) > 0)
        turn(played.clock, -HOUR)
        await played.simulator.start(port=played.simulator.port)
        await played.called(4, seconds=20)
        turn(played.clock, HOUR)
        await until(lambda: _pending(played) == 0)
        await played.stop(bot)
        await played.rest_at(moment + 2 * HOUR)
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
    put = {reply.check_in for reply in books.replies}
    assert len(put) > 0
    assert books.put_too_often(played.crowd.shown) == {}
    assert {shown.slot.check_in for shown in played.crowd.shown if shown.slot} == put
    assert books.outbox.keys() == {"sent"}


async def test_a_clock_that_runs_a_year_ahead_lets_nothing_of_that_year_pass(tmp_path: Path) -> None:
    """While it is later here than Telegram says, also after a new start, nothing is asked or written off; who
    writes is answered, and when the clock is right again everybody is asked as planned.
    """
    async with own_clock(tmp_path) as (played, own):
        before, known = played.per_chat, _known(played)
        moment = await first_questions(played) + A_MINUTE
        bot = _start(played)
        await played.called(4, seconds=20)
        turn(own, YEAR)
        await until(lambda: "clock_ahead" in _log(played))
        await played.stop(bot)
        bot = _start(played)
        played.crowd.people[0].phone.text("Hallo")
        await until(lambda: played.per_chat.total() > before.total())
        await asyncio.sleep(A_FEW_BEATS)
        there = set(played.per_chat - before), _known(played)
        turn(own, -YEAR)
        for clock in (own, played.clock):
            clock.jump(moment)
        await until(lambda: "clock_right" in _log(played) and _known(played) > known)
        await played.stop(bot)
        await played.rest_at(played.clock() + HOUR)
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
    assert there == ({played.crowd.people[0].phone.user_id}, known)
    assert books.had == books.planned
    assert set(books.outcomes.values()) == {"sent", "not_joined"}
    assert books.put_too_often(played.crowd.shown) == {}


# ---- helpers --------------------------------------------------------------------------------------------


async def _there_and_back(played: Game, far: timedelta) -> tuple[Counter[int], Counter[int]]:
    """Turn the clock, let the bot beat, and turn it back; give what had been sent both times."""
    turn(played.clock, far)
    await played.called(3, seconds=20)
    there = played.per_chat
    turn(played.clock, -far)
    await played.called(3, seconds=20)
    return there, played.per_chat


@asynccontextmanager
async def own_clock(folder: Path) -> AsyncIterator[tuple[Game, SharedClock]]:
    """Open a game whose bot has a clock of its own, right so far, beside Telegram's."""
    async with game(folder, 1) as played:
        await played.gather()
        await played.rest_at(played.clock() + A_MINUTE)
        played.simulator.date = played.clock
        own = SharedClock(folder / ahead.OWN_CLOCK)
        own.jump(played.clock())
        yield played, own
        own.close()


def _start(played: Game) -> ForkServerProcess:
    bot = STARTER.Process(target=ahead.live, args=(played.folder, played.simulator.url), daemon=True)
    bot.start()
    return bot


def turn(clock: SharedClock, by: timedelta) -> None:
    """Set the clock that all processes share, back too."""
    (ahead,) = struct.unpack("<q", os.pread(clock._file, 8, 0))
    clock._set(ahead + by // timedelta(microseconds=1))


async def first_questions(played: Game) -> datetime:
    """Give the moment at which the first weekly question is due."""
    async with played.open() as db:
        books = await reckoning.read(db, played.clock() + timedelta(days=14))
    return min(at for (_, _, occasion), at in books.planned.items() if occasion.startswith("week"))


def _pending(played: Game) -> int:
    """Count the questions that wait to be sent."""
    with closing(sqlite3.connect(f"file:{played.folder}/stagebot.sqlite3?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(_WAITING).fetchone()[0])
        except sqlite3.OperationalError:
            return -1


def _known(played: Game) -> int:
    """Count the occasions of which the outcome is underway or known."""
    with closing(sqlite3.connect(f"file:{played.folder}/stagebot.sqlite3?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM check_ins").fetchone()[0])


def _log(played: Game) -> str:
    return (played.folder / "log").read_text()


def _roster(folder: Path) -> Path:
    header, _, second, *_ = SAMPLE.read_text("utf-8").splitlines()
    for usual, other in _A_YEAR.items():
        second = second.replace(usual, other)
    file = folder / "year.csv"
    file.write_text(f"{header}\n{second}\n", "utf-8")
    return file
