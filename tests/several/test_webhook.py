"""The webhook before `stagebot run`: one process with a file, or several of which any may die."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.cli.stagebot import Hook
from bot.simulator.clock import JumpingClock
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.cli.commands import Operator, end
from tests.crash.child import TOKEN
from tests.crash.dying import whenever
from tests.crash.test_kill import figures, reckon
from tests.crash.test_stopping import TO_STOP, until
from tests.postgres.server import Pair
from tests.several.fleet import fleet, free_port
from tests.several.fronts import balancer
from tests.several.test_killed_leaders import KILLS, SEED

SECRET = "s-7_Q"


async def test_one_process_with_a_file_is_brought_its_updates(tmp_path: Path) -> None:
    """Set at the start with its secret, answered from there; without settings it polls again."""
    operator, port = Operator(tmp_path), free_port()
    telegram = Simulator(World(JumpingClock(datetime.now(UTC), running=True)), token=TOKEN)
    await telegram.start()
    phone = telegram.world.person(1001, "Iemand")
    url = f"http://127.0.0.1:{port}/telegram"
    hook = {"webhook_url": url, "webhook_secret": SECRET, "listen": f"127.0.0.1:{port}"}
    bot = await operator.start("run", token=TOKEN, api_url=telegram.url, **hook)
    phone.start()
    await until(lambda: phone.messages[-1]["from"] == "bot")
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        assert (answer.status, await answer.read()) == (200, b"")
    async with ClientSession() as session, session.post(url, json={"update_id": 1}) as answer:
        assert (answer.status, await answer.read()) == (404, b"")
    bot.terminate()
    said = await end(bot)
    polled = {call.method for call in telegram.world.transcript}
    bot = await operator.start("run", token=TOKEN, api_url=telegram.url)
    phone.text("Hallo?")
    await until(lambda: "getUpdates" in {call.method for call in telegram.world.transcript})
    assert await telegram.world.settled()
    bot.terminate()
    await end(bot)
    await telegram.stop()
    assert said.code == 0
    assert SECRET not in "".join(said.err)
    assert polled == {"setWebhook", "getWebhookInfo", "sendMessage"}


async def test_a_webhook_without_its_secret_does_not_start(tmp_path: Path) -> None:
    """One line that names the setting, before anything is opened (docs/trust.md, 14)."""
    said = await Operator(tmp_path).give("run", token=TOKEN, webhook_url="https://a.example/b")
    expected = "expected it, or webhook_secret_file, as webhook_url is given"
    assert (said.code, said.out) == (1, [])
    assert said.err == [f"environment: STAGEBOT_WEBHOOK_SECRET: is missing; {expected}"]


async def test_behind_three_processes_any_of_which_is_killed_nothing_is_lost_or_doubled(
    tmp_path: Path, postgres_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each takes updates; who dies has confirmed nothing that is not stored (docs/trust.md, 1, 14)."""
    listens = [f"127.0.0.1:{free_port()}" for _ in range(3)]
    async with balancer(listens) as front, fleet(tmp_path, postgres_pair, SEED) as played:
        played.hooks = [Hook(url=f"{front}/telegram", secret=SECRET, listen=one) for one in listens]
        await played.outlive(KILLS, [whenever], anybody=True)
        polls = [call for call in played.world.transcript if call.method == "getUpdates"]
        terms = [line["term"] for line in played.lines if line["event"] == "leading"]
        took = await played.leave()
        await played.come_to_rest()
        books = await reckon(played)
        others = played.rest_of_logs()
    with capsys.disabled():
        print(figures(played, books), end=" ")
    assert polls == []
    assert sorted(terms) == list(range(1, len(terms) + 1))
    assert others == ""
    assert took < TO_STOP
