"""Files are fetched whole, within bounds, from where they should be; and no error shows the token."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.services.fetching import FileAway, FileGone
from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.server import Simulator
from bot.simulator.world import Phone, World
from bot.telegram.client import Client
from bot.telegram.files import TelegramFiles
from tests.telegram.conftest import TOKEN

FOUND = {"file_id": "F", "file_unique_id": "U", "file_path": "documents/file_1.csv"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FileServer:
    """Answers getFile and downloads as a test wants, and counts the downloads."""

    def __init__(self) -> None:
        self.found: Any = FOUND
        self.handler: Handler = self._plain
        self.content = b"stage;student"
        self.downloads: list[str] = []
        self.url = ""

    async def get_file(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": self.found})

    async def download(self, request: web.Request) -> web.StreamResponse:
        self.downloads.append(request.path.replace(TOKEN, "TOKEN"))
        return await self.handler(request)

    async def _plain(self, _request: web.Request) -> web.StreamResponse:
        return web.Response(body=self.content)


@pytest.fixture
async def server() -> AsyncIterator[FileServer]:
    server = FileServer()
    application = web.Application()
    application.add_routes(
        [
            web.post("/bot{token}/{method}", server.get_file),
            web.get("/{path:.+}", server.download),
        ]
    )
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def files(server: FileServer) -> AsyncIterator[TelegramFiles]:
    async with Client(TOKEN, api_url=server.url) as client:
        yield TelegramFiles(client, within=0.3)


async def test_a_file_is_fetched_by_its_id(world: World, samira: Phone, client: Client) -> None:
    """From the simulator, as from Telegram: getFile says where it is, and then its bytes."""
    content = "stage;student\nBPV-1;Zoë\n".encode() * 1000
    samira.document("rooster.csv", content)
    document = world.updates.take(0, 100)[0]["message"]["document"]
    assert await TelegramFiles(client).fetch(document["file_id"], len(content)) == content
    with pytest.raises(FileGone):
        await TelegramFiles(client).fetch(document["file_id"], len(content) - 1)
    with pytest.raises(FileGone):
        await TelegramFiles(client).fetch("no-such-file", 100)


async def test_a_redirect_is_not_followed(server: FileServer, files: TelegramFiles) -> None:
    """Whoever sends us elsewhere gets neither a second request nor the token."""

    async def elsewhere(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": f"{server.url}/elsewhere"})

    server.handler = elsewhere
    with pytest.raises(FileAway):
        await files.fetch("F", 100)
    assert server.downloads == ["/file/botTOKEN/documents/file_1.csv"]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"ok": False, "error_code": 404, "description": "Not Found"}, FileGone),
        (400, {"ok": False, "error_code": 400, "description": "Bad Request: invalid file_id"}, FileGone),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, FileAway),
        (404, "<html>", FileAway),
        (429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 7}}, FileAway),
        (502, "<html>", FileAway),
        (204, "", FileAway),
    ],
)
async def test_an_answer_without_the_file_says_whether_asking_again_helps(
    server: FileServer, files: TelegramFiles, status: int, body: Any, error: type[Exception]
) -> None:
    """Gone is gone; whatever is uncertain is asked again later."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    server.handler = answer
    with pytest.raises(error):
        await files.fetch("F", 100)


async def test_how_long_to_wait_is_passed_on(server: FileServer, files: TelegramFiles) -> None:
    """Telegram's own number of seconds."""

    async def too_many(_request: web.Request) -> web.StreamResponse:
        body = {"ok": False, "error_code": 429, "parameters": {"retry_after": 7}}
        return web.json_response(body, status=429)

    server.handler = too_many
    with pytest.raises(FileAway) as caught:
        await files.fetch("F", 100)
    assert caught.value.seconds == 7


async def test_reading_stops_where_a_file_is_too_large(server: FileServer, files: TelegramFiles) -> None:
    """Whatever its length was said to be: an endless file, packed small or not, fills no memory."""
    written = []

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(65_536))
            written.append(1)

    server.handler = endless
    with pytest.raises(FileGone):
        await files.fetch("F", 100_000)
    assert len(written) < 200


async def test_a_slow_file_is_cut_off(server: FileServer, files: TelegramFiles) -> None:
    """A server that drips holds nobody up for longer than a file may take."""

    async def dripping(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.02)

    server.handler = dripping
    async with asyncio.timeout(5):
        with pytest.raises(FileAway):
            await files.fetch("F", 100_000)


async def test_half_a_file_is_no_file(server: FileServer, files: TelegramFiles) -> None:
    """A connection that breaks off is tried again, not read as a shorter roster."""

    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = 1000
        await response.prepare(request)
        await response.write(b"stage;student\n")
        assert request.transport is not None
        request.transport.close()
        return response

    server.handler = half
    with pytest.raises(FileAway):
        await files.fetch("F", 100_000)


@pytest.mark.parametrize(
    "found",
    [
        {**FOUND, "file_path": path}
        for path in ("../../getUpdates", "/etc/passwd", "a/../b", "a?x=1", "a#b", "http://x/y", "a\nb", "", 7)
    ]
    + [{"file_id": "F"}, [], None, "documents/file_1.csv"],
)
async def test_a_path_that_could_lead_elsewhere_is_not_asked_for(
    server: FileServer, files: TelegramFiles, found: Any
) -> None:
    """The token goes with every download, so the path is looked at first."""
    server.found = found
    with pytest.raises(FileGone):
        await files.fetch("F", 100)
    assert server.downloads == []


@pytest.mark.parametrize(
    "kind", [FaultKind.RESET, FaultKind.BAD_GATEWAY, FaultKind.BROKEN, FaultKind.TOO_MANY]
)
async def test_no_error_shows_the_token(
    simulator: Simulator, samira: Phone, world: World, client: Client, kind: FaultKind
) -> None:
    """Neither the error nor anything behind it, whichever of the two calls failed."""
    samira.document("rooster.csv", b"a;b")
    document = world.updates.take(0, 100)[0]["message"]["document"]
    simulator.faults = Faults([Fault(kind=kind, method="getFile", calls=frozenset({1}))])
    with pytest.raises(FileAway) as caught:
        await TelegramFiles(client).fetch(document["file_id"], 100)
    await simulator.stop()
    with pytest.raises(FileAway) as away:
        await TelegramFiles(client).fetch(document["file_id"], 100)
    told = "".join(traceback.format_exception(caught.value) + traceback.format_exception(away.value))
    assert TOKEN not in told
    assert "/file/bot" not in told
