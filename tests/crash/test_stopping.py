"""`stagebot run` as an operator runs it: it stops when asked, under load too, and runs only once."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot.cli.playing import AT_FULL_SPEED
from bot.cli.stagebot import Connection, Stagebot, utc_now
from bot.services.inviting import invite
from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.phone import Phone
from bot.simulator.server import Simulator
from bot.store.database import Database
from config.texts import Texts
from conversations.model import Role
from tests.cli.commands import SAMPLE, TOKEN, Operator, end, line_of
from tests.crash import child, reckoning
from tests.crash.game import delivered

TO_STOP = 8.0  # seconds that stopping may take (docs/trust.md, 18)
TO_LEAVE = 2.0  # seconds that a second process may need to find out and leave (docs/trust.md, 9)
SLOW = Fault(kind=FaultKind.DELAY, method="sendMessage", probability=0.2, seconds=2)
LOST = Fault(kind=FaultKind.HANG, method="sendMessage", calls=frozenset({5}))


async def test_asked_to_stop_under_load_it_leaves_in_time_and_loses_nothing(
    operator: Operator, telegram: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGTERM with updates coming in, answers waiting, and a server that is slow and once silent.

    What was written is stored once, and nobody gets more than was sent (docs/trust.md, 18).
    """
    await operator.give("roster", "import", SAMPLE)
    phones = await join(operator, telegram)
    bot = await operator.start("run", token=TOKEN, api_url=telegram.url)
    await line_of(bot, "started")
    telegram.faults = Faults((SLOW, LOST), seed=1)
    marks = [write(phones, number) for number in range(300)]
    await until(lambda: len(telegram.world.updates) <= 150)
    await until(lambda: FaultKind.HANG in {call.fault for call in telegram.world.transcript})
    marks += [write(phones, number) for number in range(300, 350)]
    bot.terminate()
    asked = time.monotonic()
    said = await end(bot)
    took = time.monotonic() - asked
    assert took < TO_STOP
    assert said.code == 0
    telegram.faults = Faults()
    db = await child.open_database(operator.data)
    async with running(telegram, db):
        pass
    books = await reckoning.read(db, utc_now())
    await db.close()
    assert books.marks == dict.fromkeys(marks, 1)
    assert books.inbox == {"done": 350 + 2 * len(phones)}
    assert books.too_many(Counter(delivered(telegram.world).values())) == {}
    assert reckoning.faults_in(operator.data) == []
    with capsys.disabled():
        print(f"\nasked to stop under load: out after {took:.1f} s, lost 0, doubled 0", end=" ")


async def test_a_second_process_leaves_at_once_and_other_commands_work_beside_the_first(
    school: Operator, telegram: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear line within two seconds, before it calls Telegram; the first goes on (docs/trust.md, 9)."""
    first = await school.start("run", token=TOKEN, api_url=telegram.url)
    await line_of(first, "started")
    await until(lambda: len(telegram.world.transcript) > 0)
    calls, before, began = len(telegram.world.transcript), cpu_of_children(), time.monotonic()
    second = await school.give("run", token=TOKEN, api_url=telegram.url)
    used, took = cpu_of_children() - before, time.monotonic() - began
    called = {call.method for call in list(telegram.world.transcript)[calls:]}
    beside = await school.give("roster", "import", SAMPLE)
    first.terminate()
    said = await end(first)
    assert (second.code, second.out, second.err) == (
        1,
        [],
        [f"{school.data}/stagebot.sqlite3: in use by another stagebot; stop that one first"],
    )
    assert used < TO_LEAVE
    assert called <= {"getUpdates"}  # the first one's
    assert (beside.code, beside.out) == (0, ["0 new, 0 changed, 0 missing, 24 unchanged"])
    assert said.code == 0
    with capsys.disabled():
        print(f"\na second process: out after {took:.1f} s, of which {used:.1f} s at work", end=" ")


# ---- helpers --------------------------------------------------------------------------------------------


async def join(operator: Operator, telegram: Simulator) -> list[Phone]:
    """Let ten students join, by START and the button."""
    db = await child.open_database(operator.data)
    async with db.writing() as tx:
        invited = await invite(tx, utc_now(), days=60, renew=True)
    codes = [one.code for one in invited if Role.STUDENT in one.participant.roles][:10]
    phones = [telegram.world.person(1001 + number, "Iemand") for number in range(10)]
    for phone, code in zip(phones, codes, strict=True):
        phone.start(code)
    async with running(telegram, db):
        for phone in phones:
            welcome = phone.messages[-1]
            phone.press(welcome["message_id"], welcome["buttons"][0][0]["data"])
    async with running(telegram, db):
        pass
    await db.close()
    return phones


@asynccontextmanager
async def running(telegram: Simulator, db: Database) -> AsyncIterator[None]:
    """Run the bot in this process until it has come to rest, and again at the end."""
    to = Connection(token=TOKEN, api_url=telegram.url, pace=AT_FULL_SPEED)
    async with Stagebot.open(db, child.SCHOOL, Texts.load(), utc_now, to) as bot:
        work = asyncio.create_task(bot.run(beat=None))
        await rest(telegram, bot)
        yield
        await rest(telegram, bot)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def rest(telegram: Simulator, bot: Stagebot) -> None:
    """Wait until every update is handled and every answer sent."""
    await telegram.world.settled()
    while await bot.road.work():
        pass
    await bot.sender.rested()


def write(phones: list[Phone], number: int) -> str:
    """Let the next person write something; give its mark."""
    phones[number % len(phones)].text(f"Dit maakte ik vandaag mee #{number}#")
    return f"#{number}#"


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    async with asyncio.timeout(60):
        while not happened():  # noqa: ASYNC110 - it has no event here
            await asyncio.sleep(0.002)


def cpu_of_children() -> float:
    """Give the seconds that processes which have ended used: what a busy machine adds does not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
