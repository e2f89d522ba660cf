"""A page that is handed over while the bot is killed comes once, or says that it may be double."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from bot.simulator.faults import Fault, FaultKind, Faults
from config.texts import Texts
from config.wordings import forms
from conversations.buttons import Does, decode
from conversations.model import Role
from tests.crash import reckoning
from tests.crash.child import SCHOOL
from tests.crash.doing import Person
from tests.crash.game import A_WHILE, STAGES, Game, game, until

HANDED_OVER = datetime(2026, 9, 17, 8, 31, tzinfo=SCHOOL.calendar.zone)  # two workdays before 21 September
TEACHERS = 1  # who get a page that morning
AGAIN = tuple(forms(Texts.load().by_id["digest.maybe_double"]).values())


@pytest.mark.parametrize(("delivered", "came"), [(True, ["", "again"]), (False, ["again"])])
async def test_a_page_in_flight_when_the_bot_is_killed_is_marked_as_possibly_double(
    tmp_path: Path, delivered: bool, came: list[str]
) -> None:
    """Whether it had arrived or not, the next one says so; all other pages come once (docs/trust.md, 2)."""
    async with game(tmp_path, 1) as played:
        await played.gather()
        await played.rest_at(HANDED_OVER - A_WHILE)
        await killed_in_flight(played, delivered=delivered)
        await played.come_to_rest()
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
    pages = [copies for teacher in teachers(played) for copies in pages_of(teacher).values()]
    in_flight = [copies for copies in pages if "again" in copies]
    assert len(pages) == len(STAGES)
    assert in_flight == [came] * TEACHERS
    assert [copies for copies in pages if copies not in in_flight] == [[""]] * (len(STAGES) - TEACHERS)
    assert books.too_many(played.per_chat) == {}
    assert reckoning.faults_in(tmp_path) == []


async def killed_in_flight(played: Game, *, delivered: bool) -> None:
    """Kill the bot when it has sent a page and waits for the answer."""
    hang = Fault(kind=FaultKind.HANG, method="sendMessage", probability=1, after=delivered)
    played.simulator.faults = Faults([hang])
    played.clock.jump(HANDED_OVER)
    bot = played.start()
    await until(lambda: sum(call.fault == hang.name for call in played.world.transcript) >= TEACHERS)
    await played.kill(bot)
    played.simulator.faults = Faults()
    played.clock.jump(played.clock() + A_WHILE)


def teachers(played: Game) -> list[Person]:
    """Give the teachers."""
    return [person for person in played.crowd.people if Role.TEACHER in person.roles]


def pages_of(teacher: Person) -> dict[int, list[str]]:
    """Give, for each stage, the pages of its first meeting that came: "again" for one that says so."""
    found: dict[int, list[str]] = defaultdict(list)
    for message in teacher.phone.messages:
        presses = [decode(button.get("data", "")) for row in message["buttons"] for button in row]
        if presses and presses[0] and presses[0].does is Does.PAGE:
            found[presses[0].stage or 0].append("again" if message["text"].startswith(AGAIN) else "")
    return dict(found)
