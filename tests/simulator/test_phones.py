"""The page's own addresses: phones, events and the demo's clock."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, StreamReader
from yarl import URL

from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from tests.simulator.conftest import TOKEN, Api, until

KEYBOARD = {"inline_keyboard": [[{"text": "Ja", "callback_data": "ja"}]]}


class Page:
    """Do what the page does."""

    def __init__(self, session: ClientSession, root: str) -> None:
        self.session = session
        self.root = root

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.session.get(f"{self.root}{path}") as response:
            return response.status, await response.json()

    async def post(self, path: str, **body: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.root}{path}", json=body) as response:
            return response.status, await response.json()


class Script:
    """A director with one stage and a clock that knows one moment."""

    def __init__(self) -> None:
        self.now = "2026-09-07T08:00:00+02:00"

    async def stages(self) -> list[dict[str, object]]:
        return [{"stage": "BPV-1", "label": "Samira", "people": []}]

    async def moments(self, stage: str | None) -> dict[str, object]:
        return {"now": self.now, "stage": stage}

    async def jump(self, to: str, stage: str | None) -> dict[str, object]:
        if to < self.now:
            raise ValueError("the clock does not go back")
        self.now = to
        return await self.moments(stage)


@pytest.fixture
def page(api: Api) -> Page:
    return Page(api.session, api.simulator.url)


@pytest.fixture
async def demo(world: World) -> AsyncIterator[Page]:
    """A simulator with a director."""
    simulator = Simulator(world, token=TOKEN, director=Script(), heartbeat=0.01)
    await simulator.start()
    async with ClientSession() as session:
        yield Page(session, simulator.url)
    await simulator.stop()


async def event(stream: StreamReader) -> dict[str, Any]:
    """Give the next event, past comments and blank lines."""
    while not (line := (await stream.readline()).decode()).startswith("data: "):
        continue
    read: dict[str, Any] = json.loads(line.removeprefix("data: "))
    return read


async def test_a_chat_shows_messages_and_commands(page: Page, api: Api, phone: Phone) -> None:
    """The same that the phone gives in code."""
    command = {"command": "hulp", "description": "Hulp"}
    await api.result("setMyCommands", commands=[command])
    await api.result("sendMessage", chat_id=1001, text="Gaat het?", reply_markup=KEYBOARD)
    status, chat = await page.get("/client/1001/chat")
    assert (status, chat) == (200, {"messages": phone.messages, "commands": [command]})
    assert [message["from"] for message in chat["messages"]] == ["person", "bot"]


@pytest.mark.usefixtures("samira")
async def test_a_person_does_everything_from_the_page(page: Page, api: Api) -> None:
    """Each act becomes the same update as from the phone in code."""
    content = base64.b64encode(b"a;b").decode()
    assert await page.post("/client/1001/start", payload="CODE") == (200, {"message_id": 1})
    assert await page.post("/client/1001/text", text="Hoi", reply_to=1) == (200, {"message_id": 2})
    assert await page.post("/client/1001/edit", message_id=2, text="Hai") == (200, {"message_id": 2})
    assert await page.post("/client/1001/voice", duration=7) == (200, {"message_id": 3})
    assert await page.post("/client/1001/document", file_name="r.csv", content_base64=content) == (
        200,
        {"message_id": 4},
    )
    assert await page.post("/client/1001/block", blocked=True) == (200, {"blocked": True})
    updates = await api.updates()
    assert [list(update)[1] for update in updates] == [
        "message",
        "message",
        "edited_message",
        "message",
        "message",
        "my_chat_member",
    ]
    assert updates[4]["message"]["document"]["file_name"] == "r.csv"


@pytest.mark.usefixtures("phone")
async def test_a_press_waits_for_the_answer(page: Page, api: Api) -> None:
    """The page gets what the bot answered."""
    await api.result("sendMessage", chat_id=1001, text="Gaat het?", reply_markup=KEYBOARD)
    press = asyncio.create_task(page.post("/client/1001/press", message_id=2, data="ja"))
    await until(lambda: len(api.simulator.world.updates) == 2)
    _, update = await api.updates()
    await api.result("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Mooi")
    assert await press == (200, {"answer": {"text": "Mooi", "show_alert": False}})


@pytest.mark.usefixtures("phone")
@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/client/5/text", {"text": "x"}, 404, "there is no person 5"),
        ("/client/1001/text", {"text": " "}, 400, "a text has 1-4096 characters"),
        ("/client/1001/text", {}, 400, "text: Field required"),
        ("/client/1001/text", {"text": "x", "to": 1}, 400, "to: Extra inputs are not permitted"),
        (
            "/client/1001/press",
            {"message_id": 1, "data": "x"},
            400,
            "there is no such button below this message",
        ),
        ("/client/1001/start", {"payload": "a b"}, 400, "a link holds 1-64 letters, digits, _ and -"),
        (
            "/client/1001/document",
            {"file_name": "x", "content_base64": "?"},
            400,
            "content_base64 is no base64",
        ),
        ("/demo/clock", {"to": "next_moment"}, 404, "there is no demo: this is a bare simulator"),
    ],
)
async def test_what_can_not_be_done_is_one_clear_line(
    page: Page, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    """A status and {"error": ...}, nothing else."""
    assert await page.post(path, **body) == (status, {"error": error})


@pytest.mark.usefixtures("phone")
async def test_a_body_that_is_no_json_is_refused(page: Page) -> None:
    """400, not a crash."""
    async with page.session.post(f"{page.root}/client/1001/text", data=b"{") as response:
        assert (response.status, await response.json()) == (400, {"error": "the request is no JSON"})


async def test_without_a_director_there_is_no_demo(page: Page) -> None:
    """A bare simulator has phones only."""
    assert await page.get("/demo/stages") == (404, {"error": "there is no demo: this is a bare simulator"})
    assert await page.get("/demo/clock") == (404, {"error": "there is no demo: this is a bare simulator"})


async def test_the_director_leads_the_demo(demo: Page) -> None:
    """Stages, moments and jumps are the director's; a refusal is one clear line."""
    assert await demo.get("/demo/stages") == (200, [{"stage": "BPV-1", "label": "Samira", "people": []}])
    assert (await demo.get("/demo/clock?stage=BPV-1"))[1]["stage"] == "BPV-1"
    later = "2026-09-08T08:00:00+02:00"
    assert await demo.post("/demo/clock", to=later, stage="BPV-1") == (200, {"now": later, "stage": "BPV-1"})
    earlier = "2026-09-01T08:00:00+02:00"
    assert await demo.post("/demo/clock", to=earlier) == (400, {"error": "the clock does not go back"})


async def test_events_tell_what_happens(page: Page, api: Api, phone: Phone) -> None:
    """New, edited and deleted messages, reactions and commands of everyone, as they happen."""
    async with page.session.get(f"{page.root}/client/events") as response:
        assert response.content_type == "text/event-stream"
        stream = response.content
        assert await stream.readline() == b": hello\n"
        sent = await api.result("sendMessage", chat_id=1001, text="Hoi")
        shown = phone.messages[-1]
        assert await event(stream) == {"kind": "message", "user_id": 1001, "message": shown}
        await api.result("editMessageText", chat_id=1001, message_id=sent["message_id"], text="Hai")
        assert (await event(stream))["message"] == shown | {"text": "Hai", "edited": True}
        thumb = [{"type": "emoji", "emoji": "👍"}]
        await api.result("setMessageReaction", chat_id=1001, message_id=1, reaction=thumb)
        assert (await event(stream))["message"]["reaction"] == "👍"
        await api.result("deleteMessage", chat_id=1001, message_id=sent["message_id"])
        assert await event(stream) == {"kind": "deleted", "user_id": 1001, "message_id": 2}
        command = {"command": "hulp", "description": "Hulp"}
        await api.result("setMyCommands", commands=[command])
        assert await event(stream) == {"kind": "commands", "user_id": 1001, "commands": [command]}
        phone.text("Dag")
        assert (await event(stream))["message"]["text"] == "Dag"


async def test_a_jump_is_told_to_every_page(demo: Page) -> None:
    """The clock's event carries the new time; a quiet stream has a heartbeat."""
    async with demo.session.get(f"{demo.root}/client/events") as response:
        lines = [await response.content.readline() for _ in range(3)]
        assert lines == [b": hello\n", b"\n", b": heartbeat\n"]
        later = "2026-09-08T08:00:00+02:00"
        await demo.post("/demo/clock", to=later)
        assert await event(response.content) == {"kind": "clock", "now": later}


async def test_only_the_pages_own_files_are_served(page: Page) -> None:
    """No way out of the page's folder."""
    for name in ("nothing.css", "..%2fserver.py", "%2e%2e", "%2fetc%2fpasswd", "%00"):
        async with page.session.get(URL(f"{page.root}/page/{name}", encoded=True)) as response:
            assert response.status == 404
