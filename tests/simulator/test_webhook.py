"""The webhook: updates to the bot's own address until it takes them, several at a time."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import Api, until

ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Receiver:
    """A bot's own web server that answers as it is told."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.slow: set[str] = set()  # kinds of updates that take a while
        self.gone_on = asyncio.Event()
        self.open = self.most = 0
        self.seen: list[tuple[str | None, dict[str, Any]]] = []
        self.url = ""

    async def receive(self, request: web.Request) -> web.Response:
        """Note the update and its secret, and answer with the next status planned."""
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        update = await request.json()
        self.open += 1
        self.most = max(self.most, self.open)
        if not self.slow.isdisjoint(update):
            await self.gone_on.wait()
        self.open -= 1
        self.seen.append((secret, update))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for _, update in self.seen if "message" in update]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_go_to_the_webhook_in_order(
    api: Api, world: World, phone: Phone, receiver: Receiver
) -> None:
    """What waited goes first, with the secret in its header; then what is new."""
    await api.result("setWebhook", url=receiver.url, secret_token="geheim-1")
    assert await world.settled()
    phone.text("een")
    phone.text("twee")
    assert await world.settled()
    assert receiver.texts == ["/start", "een", "twee"]
    assert {secret for secret, _ in receiver.seen} == {"geheim-1"}


async def test_a_press_may_overtake_a_text_and_a_text_never_another(
    api: Api, world: World, phone: Phone, receiver: Receiver
) -> None:
    """What one person writes and what they press are delivered side by side, as Telegram does it."""
    keyboard = {"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]}
    sent = await api.result("sendMessage", chat_id=phone.user_id, text="?", reply_markup=keyboard)
    await api.updates(offset=-1)
    receiver.slow = {"message"}
    await api.result("setWebhook", url=receiver.url)
    phone.text("een")
    phone.text("twee")
    phone.press(sent["message_id"], "ja")
    await until(lambda: receiver.seen != [])
    receiver.gone_on.set()
    assert await world.settled()
    kinds = [next(key for key in update if key != "update_id") for _, update in receiver.seen]
    assert kinds == ["callback_query", "message", "message", "message"]
    assert receiver.texts[-2:] == ["een", "twee"]


async def test_no_more_deliveries_are_open_than_the_bot_allows(
    api: Api, world: World, receiver: Receiver
) -> None:
    """max_connections holds; the others wait their turn."""
    receiver.slow = {"message"}
    await api.result("setWebhook", url=receiver.url, max_connections=2)
    for number in range(5):
        world.person(2001 + number, "Iemand").start()
    await until(lambda: receiver.open == 2)
    for _ in range(50):
        await asyncio.sleep(0)
    most = receiver.most
    receiver.gone_on.set()
    assert await world.settled()
    assert (most, receiver.most, len(receiver.seen)) == (2, 2, 5)


async def test_a_server_that_comes_back_still_knows_the_webhook(
    api: Api, world: World, simulator: Simulator, phone: Phone, receiver: Receiver
) -> None:
    """Stopped and started again it goes on delivering."""
    await api.result("setWebhook", url=receiver.url)
    assert await world.settled()
    await simulator.stop()
    phone.text("een")
    await simulator.start()
    assert await world.settled()
    assert receiver.texts == ["/start", "een"]


async def test_an_update_is_repeated_until_it_is_taken(
    api: Api, world: World, phone: Phone, receiver: Receiver
) -> None:
    """A failure holds up what comes after it and is told by getWebhookInfo."""
    receiver.statuses = [500, 302]
    phone.text("een")
    await api.result("setWebhook", url=receiver.url)
    assert await world.settled()
    assert receiver.texts == ["/start", "/start", "/start", "een"]
    info = await api.result("getWebhookInfo")
    assert info == {
        "url": receiver.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
        "last_error_date": 1788760800,
        "last_error_message": "Wrong response from the webhook: 302 Found",
    }


@pytest.mark.usefixtures("phone")
async def test_a_webhook_that_nobody_serves_keeps_the_updates(api: Api) -> None:
    """The error is told, the update waits, and polling is refused until the webhook is gone."""
    await api.result("setWebhook", url="http://127.0.0.1:9/hook", max_connections=1)
    refusal = await api.refusal("getUpdates")
    assert refusal == (409, ACTIVE)
    await api.result("deleteWebhook")
    assert [update["message"]["text"] for update in await api.updates()] == ["/start"]
    assert (await api.result("getWebhookInfo"))["url"] == ""


@pytest.mark.usefixtures("phone")
async def test_waiting_updates_can_be_dropped(api: Api) -> None:
    """drop_pending_updates forgets what waits; without it nothing is lost."""
    await api.result("deleteWebhook")
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 1
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert await api.updates() == []


async def test_an_empty_address_removes_the_webhook(api: Api, receiver: Receiver, phone: Phone) -> None:
    """setWebhook with an empty url is deleteWebhook."""
    await api.result("setWebhook", url=receiver.url)
    await until(lambda: receiver.seen != [])
    await api.result("setWebhook", url="")
    phone.text("een")
    assert [update["message"]["text"] for update in await api.updates(offset=-1)] == ["een"]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"url": "ftp://x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://x", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(api: Api, params: dict[str, str], text: str) -> None:
    """Addresses without HTTP and secrets with blanks."""
    assert await api.refusal("setWebhook", **params) == (400, f"Bad Request: {text}")
