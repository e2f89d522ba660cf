"""The phones' own addresses: what the demo's page shows and does."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.simulator.errors import CannotDo, NotThere
from bot.simulator.events import EventStreams
from bot.simulator.phone import Phone
from bot.simulator.world import World

PAGE = Path(__file__).with_name("page")
"""The folder of the page's own files."""


class Director(Protocol):
    """The demo's facts and its clock, from whoever knows the bot."""

    async def stages(self) -> list[dict[str, object]]:
        """Give the stages that can be played, with their people."""

    async def moments(self, stage: str | None) -> dict[str, object]:
        """Give the time and the next moments of a stage."""

    async def jump(self, to: str, stage: str | None) -> dict[str, object]:
        """Jump there, let the bot come to rest and give the moments; raise ValueError with a clear line."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_AnyBody = TypeVar("_AnyBody", bound=_Body)


class _Start(_Body):
    payload: str | None = None


class _Text(_Body):
    text: str
    reply_to: int | None = None


class _Edit(_Body):
    message_id: int
    text: str


class _Press(_Body):
    message_id: int
    data: str


class _Voice(_Body):
    duration: int
    reply_to: int | None = None


class _Document(_Body):
    file_name: str
    content_base64: str
    caption: str = ""
    reply_to: int | None = None


class _Block(_Body):
    blocked: bool


class _Jump(_Body):
    to: str
    stage: str | None = None


class Phones:
    """Answer the page: its files, the people's chats and the demo's clock."""

    def __init__(self, world: World, director: Director | None, events: EventStreams) -> None:
        self._world = world
        self.director = director
        self._events = events

    def routes(self) -> list[web.RouteDef]:
        """Give the addresses with what answers them."""
        client = "/client/{user_id:[0-9]+}"
        return [
            web.get("/", _guarded(self._index)),
            web.get("/page/{file}", _guarded(self._file)),
            web.get("/demo/stages", _guarded(self._stages)),
            web.get("/demo/clock", _guarded(self._clock)),
            web.post("/demo/clock", _guarded(self._jump)),
            web.get("/client/events", self._events.serve),
            web.get(f"{client}/chat", _guarded(self._chat)),
            web.post(f"{client}/start", _guarded(self._start)),
            web.post(f"{client}/text", _guarded(self._text)),
            web.post(f"{client}/edit", _guarded(self._edit)),
            web.post(f"{client}/press", _guarded(self._press)),
            web.post(f"{client}/voice", _guarded(self._voice)),
            web.post(f"{client}/document", _guarded(self._document)),
            web.post(f"{client}/block", _guarded(self._block)),
        ]

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return _page_file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _page_file(request.match_info["file"])

    async def _stages(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(await self._directing().stages())

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(await self._directing().moments(request.query.get("stage")))

    async def _jump(self, request: web.Request) -> web.StreamResponse:
        director = self._directing()
        body = await _read(request, _Jump)
        try:
            moments = await director.jump(body.to, body.stage)
        except ValueError as error:
            raise CannotDo(str(error)) from error
        self._world.tell({"kind": "clock", "now": moments.get("now")})
        return web.json_response(moments)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        phone = self._phone(request)
        return web.json_response({"messages": phone.messages, "commands": phone.commands})

    async def _start(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Start)
        return _sent(self._phone(request).start(body.payload))

    async def _text(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Text)
        return _sent(self._phone(request).text(body.text, body.reply_to))

    async def _edit(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Edit)
        self._phone(request).edit(body.message_id, body.text)
        return _sent(body.message_id)

    async def _press(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Press)
        callback_id = self._phone(request).press(body.message_id, body.data)
        return web.json_response({"answer": await self._world.answered(callback_id)})

    async def _voice(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Voice)
        return _sent(self._phone(request).voice(body.duration, body.reply_to))

    async def _document(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Document)
        try:
            content = base64.b64decode(body.content_base64, validate=True)
        except binascii.Error as error:
            raise CannotDo("content_base64 is no base64") from error
        return _sent(self._phone(request).document(body.file_name, content, body.caption, body.reply_to))

    async def _block(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, _Block)
        phone = self._phone(request)
        if body.blocked:
            phone.block()
        else:
            phone.unblock()
        return web.json_response({"blocked": phone.is_blocked})

    def _phone(self, request: web.Request) -> Phone:
        user_id = int(request.match_info["user_id"])
        try:
            return self._world.phone(user_id)
        except KeyError:
            raise NotThere(f"person {user_id}") from None

    def _directing(self) -> Director:
        if self.director is None:
            raise NotThere("demo: this is a bare simulator")
        return self.director


def _guarded(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Turn what can't be done into an answer with one clear line."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NotThere as error:
            return web.json_response({"error": str(error)}, status=404)
        except CannotDo as error:
            return web.json_response({"error": error.reason}, status=400)

    return guarded


async def _read(request: web.Request, kind: type[_AnyBody]) -> _AnyBody:
    try:
        return kind.model_validate(json.loads(await request.read() or b"{}"))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise CannotDo(f"{where}: {fault['msg']}" if where else fault["msg"]) from error
    except ValueError as error:
        raise CannotDo("the request is no JSON") from error


def _page_file(name: str) -> web.StreamResponse:
    path = PAGE / name
    if path.parent != PAGE or not path.is_file():
        raise NotThere("such page")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


def _sent(message_id: int) -> web.Response:
    return web.json_response({"message_id": message_id})
