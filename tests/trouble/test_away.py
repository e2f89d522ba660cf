"""Three days away, Telegram or the bot itself: one catch-up a person, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.simulator.faults import Fault, FaultKind, Faults
from bot.store.starts import What
from config.texts import Texts
from config.wordings import forms
from tests.crash import reckoning
from tests.crash.game import Game, game, until
from tests.trouble.test_clock import A_MINUTE, first_questions

DAYS, HALF_AN_HOUR = timedelta(days=3), timedelta(minutes=30)
Away = Callable[[Game], Awaitable[None]]
DOWN = Faults([Fault(kind=FaultKind.BAD_GATEWAY, probability=1)])


async def refused(played: Game) -> None:
    """Telegram refuses every connection."""
    await played.simulator.stop()
    await _live_through(played)
    await played.simulator.start(port=played.simulator.port)


async def ailing(played: Game) -> None:
    """Telegram answers with an error page."""
    played.simulator.faults = DOWN
    await _live_through(played)
    played.simulator.faults = Faults()


async def off(played: Game) -> None:
    """The bot does not run."""
    played.clock.jump(played.clock() + DAYS)


@pytest.mark.parametrize("away", [refused, ailing, off])
async def test_after_three_days_each_person_gets_one_catch_up_at_most_and_every_occasion_has_its_end(
    tmp_path: Path, away: Away
) -> None:
    """What was due meanwhile is asked once or kept as downtime, and nobody is asked anything twice
    (docs/trust.md, 3 and 6).
    """
    async with game(tmp_path, 1) as played:
        await played.gather()
        await played.rest_at(await first_questions(played) - HALF_AN_HOUR)
        seen = len(played.crowd.shown)
        await away(played)
        await played.come_to_rest()
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
    put = Counter(one.chat for one in played.crowd.shown[seen:] if one.slot and not _is_again(one.text))
    assert put.total() > 0
    assert max(put.values()) == 1
    assert books.had == books.planned
    assert books.left_undone == []
    assert books.put_too_often(played.crowd.shown) == {}
    assert reckoning.faults_in(played.folder) == []


async def test_a_press_that_telegram_dropped_is_offered_again_once(tmp_path: Path) -> None:
    """The bot was off for four days, in which the reminder fell: an open question that nobody did anything
    with comes once more, with its buttons (docs/trust.md, 6).
    """
    async with game(tmp_path, 1) as played:
        await played.gather()
        at = await first_questions(played)
        bot = played.start()
        played.clock.jump(at + A_MINUTE)
        await until(lambda: len(_questions(played)) > 0 and _is_noted(played))
        await played.stop(bot)
        before = Counter(_questions(played))
        played.clock.jump(played.clock() + timedelta(days=4))  # its reminder fell in the gap
        bot = played.start()
        await until(lambda: len(_questions(played)) > before.total())
        await played.called(6, seconds=20)
        await played.stop(bot)
        after = Counter(_questions(played))
    assert {slot: after[slot] - before[slot] for slot in before} == dict.fromkeys(before, 1)


# ---- helpers --------------------------------------------------------------------------------------------


async def _live_through(played: Game) -> None:
    """Let the bot run while hours go by, a quarter of a day at a time."""
    bot = played.start()
    for _ in range(12):
        await asyncio.sleep(0.3)
        played.clock.jump(played.clock() + DAYS / 12)
    await asyncio.sleep(0.3)
    await played.stop(bot)


def _is_noted(played: Game) -> bool:
    """Tell whether the bot wrote down when it heard Telegram last: each minute, and soon after its start."""
    main = f"file:{played.folder}/stagebot.sqlite3?mode=ro"
    with closing(sqlite3.connect(main, uri=True)) as connection, suppress(sqlite3.OperationalError):
        found = connection.execute("SELECT 1 FROM last_start WHERE id = ?", [What.HEARD.value])
        return found.fetchone() is not None
    return False


def _questions(played: Game) -> list[object]:
    """Give the question of each message that has buttons for one."""
    return [one.slot for one in played.crowd.shown if one.slot is not None]


def _is_again(text: str) -> bool:
    texts = Texts.load().by_id
    again = [form.strip() for n in (1, 2, 3) for form in forms(texts[f"asking.reminder_{n}"]).values()]
    return text.startswith(tuple(again))
