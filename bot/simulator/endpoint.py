"""The Bot API's own addresses: /bot<token>/<method> and /file/bot<token>/<path>."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.simulator.calls import read_parameters
from bot.simulator.checks import Checks, Params
from bot.simulator.delivery import Delivery
from bot.simulator.description import Method, bot_api
from bot.simulator.errors import ApiError
from bot.simulator.faults import Fault, FaultKind, Faults
from bot.simulator.limits import Limits
from bot.simulator.methods import LIMITED, METHODS
from bot.simulator.transcript import Call
from bot.simulator.world import World

_BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)
_PAGE = (
    b"<!DOCTYPE html>\r\n<html>\r\n<head><title>Sign in</title></head>\r\n<body>\r\n"
    b"<h1>Sign in to use this network</h1>\r\n</body>\r\n</html>\r\n"
)
_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a call came to: the answer's status and JSON, and whether it was carried out."""

    status: int
    body: bytes
    description: str | None = None
    chat_id: int | None = None
    message_id: int | None = None
    carried_out: bool = False


class BotEndpoint:
    """Answer the bot's calls, with the limits and the faults that were asked for."""

    def __init__(self, world: World, token: str, *, strict: bool, delivery: Delivery) -> None:
        self.limits: Limits | None = None
        self.faults = Faults()
        self.stopping = asyncio.Event()
        self._world = world
        self._token = token
        self._checks = Checks(world.findings, strict=strict)
        self._delivery = delivery
        self._api = bot_api()
        self._calls = 0

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer a call of a method."""
        try:
            self._check_token(request)
            method = self._find_method(request.match_info["method"])
        except ApiError as error:
            outcome = _refused(error)
            self._record(request.match_info["method"], outcome, outcome, None)
            return _response(outcome)
        fault = self.faults.strike(method.name)
        if fault is not None:
            return await self._faulty(request, method, fault)
        outcome = await self._outcome(request, method)
        self._record(method.name, outcome, outcome, None)
        return _response(outcome)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Answer with the bytes of a file."""
        try:
            self._check_token(request)
        except ApiError as error:
            return _response(_refused(error))
        content = self._world.files.download(request.match_info["path"])
        if content is None:
            return _response(_refused(ApiError(404, "Not Found")))
        return web.Response(body=content, content_type="application/octet-stream")

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if token != self._token:
            raise ApiError(401, "Unauthorized") if ":" in token else ApiError(404, "Not Found")

    def _find_method(self, name: str) -> Method:
        lowered = name.lower()
        method = self._api.methods.get(lowered)
        if method is not None:
            return method
        if lowered in self._api.known:
            known = self._api.known[lowered]
            raise ApiError(501, f"Not Implemented: the simulator does not offer method {known}")
        raise ApiError(404, "Not Found: method not found")

    async def _outcome(self, request: web.Request, method: Method, fault: Fault | None = None) -> Outcome:
        raw: Params = {}
        try:
            raw = await read_parameters(request)
            params = self._checks.read(method, raw)
            if self.limits is not None and method.name in LIMITED:
                self.limits.admit(params["chat_id"])
            result = await self._result(method, params)
        except ApiError as error:
            return _refused(error, raw)
        if fault is not None and fault.kind is FaultKind.AGAIN:
            result = [*self._world.updates.confirmed, *result]
        elif fault is not None and fault.kind is FaultKind.SHUFFLED:
            result = self.faults.shuffled(result)
        message = result if isinstance(result, dict) else params
        return Outcome(
            status=200,
            body=_encode({"ok": True, "result": result}).encode(),
            chat_id=_chat_id(params),
            message_id=message.get("message_id"),
            carried_out=True,
        )

    async def _result(self, method: Method, params: Params) -> Any:
        handler = METHODS.get(method.name)
        if handler is not None:
            return handler(self._world, params)
        match method.name:
            case "getUpdates":
                return await self._delivery.get_updates(params)
            case "setWebhook":
                return await self._delivery.set_webhook(params)
            case "deleteWebhook":
                return await self._delivery.delete_webhook(params)
        return self._delivery.webhook_info()

    async def _faulty(self, request: web.Request, method: Method, fault: Fault) -> web.StreamResponse:
        """Answer a call that goes wrong, or whose answer does."""
        if fault.kind is FaultKind.DELAY:
            await self._pause(fault.seconds)
        truth = Outcome(status=0, body=b"")
        if fault.after or fault.kind not in _BEFORE:
            truth = await self._outcome(request, method, fault)
        told = _told(fault, truth)
        self._record(method.name, truth, told, fault)
        match fault.kind:
            case FaultKind.BAD_GATEWAY:
                return web.Response(status=502, body=_BAD_GATEWAY, content_type="text/html")
            case FaultKind.PAGE:
                return web.Response(status=200, body=_PAGE, content_type="text/html")
            case FaultKind.HANG:
                await self.stopping.wait()
                return _reset(request)
            case FaultKind.RESET:
                return _reset(request)
            case FaultKind.TRUNCATED:
                return await _truncated(request, truth)
            case FaultKind.BROKEN:
                return web.Response(
                    status=truth.status, body=truth.body[:-2], content_type="application/json"
                )
        return _response(told or truth)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)

    def _record(self, method: str, truth: Outcome, told: Outcome | None, fault: Fault | None) -> None:
        self._calls += 1
        self._world.transcript.append(
            Call(
                number=self._calls,
                method=method,
                at=self._world.clock(),
                chat_id=truth.chat_id,
                ok=None if told is None else told.status == 200,
                code=None if told is None else told.status,
                description=None if told is None else told.description,
                took_effect=truth.carried_out,
                message_id=truth.message_id,
                fault=None if fault is None else fault.name,
            )
        )


_BEFORE = frozenset(
    {
        FaultKind.TOO_MANY,
        FaultKind.SERVER_ERROR,
        FaultKind.BAD_GATEWAY,
        FaultKind.PAGE,
        FaultKind.RESET,
        FaultKind.HANG,
    }
)
"""The faults that keep a call from being carried out, unless they come after it."""


def _told(fault: Fault, truth: Outcome) -> Outcome | None:
    """Say what the bot is told; None where the answer is lost."""
    match fault.kind:
        case FaultKind.TOO_MANY:
            seconds = max(1, int(fault.seconds))
            text = f"Too Many Requests: retry after {seconds}"
            return _refused(ApiError(429, text, retry_after=seconds))
        case FaultKind.SERVER_ERROR:
            return _refused(ApiError(500, "Internal Server Error"))
        case FaultKind.BAD_GATEWAY:
            return Outcome(status=502, body=b"", description="Bad Gateway")
        case FaultKind.DELAY | FaultKind.AGAIN | FaultKind.SHUFFLED:
            return truth
    return None


def _refused(error: ApiError, params: Params | None = None) -> Outcome:
    answer: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.retry_after is not None:
        answer["parameters"] = {"retry_after": error.retry_after}
    chat_id = _chat_id(params) if params else None
    return Outcome(
        status=error.code, body=_encode(answer).encode(), description=error.description, chat_id=chat_id
    )


def _chat_id(params: Params) -> int | None:
    chat_id = params.get("chat_id")
    if isinstance(chat_id, str) and chat_id.isdecimal():
        return int(chat_id)
    return chat_id if isinstance(chat_id, int) else None


def _response(outcome: Outcome) -> web.Response:
    return web.Response(status=outcome.status, body=outcome.body, content_type="application/json")


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _truncated(request: web.Request, outcome: Outcome) -> web.StreamResponse:
    response = web.StreamResponse(status=outcome.status)
    response.content_type = "application/json"
    response.content_length = len(outcome.body)
    await response.prepare(request)
    await response.write(outcome.body[: len(outcome.body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
