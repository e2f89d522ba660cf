"""Reading a call's parameters from an HTTP request, however they are sent."""

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.simulator.errors import bad_request
from bot.simulator.files import Upload

_ATTACHED = "attach://"


async def read_parameters(request: web.Request) -> dict[str, Any]:
    """Give the parameters of a query, an urlencoded form, a JSON object or a multipart form."""
    parameters: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.body_exists:
        return parameters
    kind = request.content_type
    if kind == "application/json":
        return parameters | _json(await request.read())
    if kind == "application/x-www-form-urlencoded":
        return parameters | _form(await request.read())
    if kind == "multipart/form-data":
        return parameters | await _multipart(request)
    return parameters


def _json(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body) if body else {}
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse JSON object")
    return parsed


def _form(body: bytes) -> dict[str, Any]:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


async def _multipart(request: web.Request) -> dict[str, Any]:
    try:
        parameters = await _parts(request)
    except ValueError:
        raise bad_request("can't parse multipart/form-data") from None
    attached = {
        name: value.removeprefix(_ATTACHED)
        for name, value in parameters.items()
        if isinstance(value, str) and value.startswith(_ATTACHED)
    }
    for name, part in attached.items():
        if part not in parameters:
            raise bad_request(f"there is no {name} in the request")
        parameters[name] = parameters[part]
    return {name: value for name, value in parameters.items() if name not in attached.values()}


async def _parts(request: web.Request) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise ValueError
        content = bytes(await part.read())
        if part.filename is None:
            parts[part.name] = content.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            parts[part.name] = Upload(file_name=part.filename, mime_type=kind, content=content)
    return parts
