"""Checks of a call's parameters against the Bot API's description."""

import json
from collections.abc import Callable
from typing import Any

from bot.simulator.description import Field, Method, Shape, bot_api, element
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.files import Upload
from bot.simulator.transcript import Finding

Params = dict[str, Any]

_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "document": "there is no document in the request",
    "file_id": "file_id not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
_UNSERVED = frozenset(
    {
        "business_connection_id",
        "message_thread_id",
        "direct_messages_topic_id",
        "ephemeral_message_parameters",
        "suggested_post_parameters",
        "inline_message_id",
        "message_effect_id",
        "allow_paid_broadcast",
        "rich_message",
        "certificate",
    }
)


class Checks:
    """Read a call's parameters; note what the real server ignores, or refuse it when strict."""

    def __init__(self, findings: list[Finding], *, strict: bool) -> None:
        self._findings = findings
        self._strict = strict
        self._shapes = bot_api().shapes
        self._choices: dict[str, list[Shape]] = {}

    def read(self, method: Method, raw: dict[str, Any]) -> Params:
        """Give the parameters as the types the description names."""
        params: Params = {}
        for name, value in raw.items():
            field = method.fields.get(name)
            if field is None:
                self._note(method, name, "the Bot API has no such parameter")
            elif name in _UNSERVED:
                raise ApiError(501, f"Not Implemented: the simulator does not serve parameter {name}")
            elif value is not None and (value != "" or field.kind == "String"):
                params[name] = self._value(method, field, value)
        for name in method.required:
            if name not in params or (params[name] == "" and name in _MISSING):
                raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
        return params

    def _value(self, method: Method, field: Field, value: Any) -> Any:
        scalar = _SCALARS.get(field.kind)
        if scalar is not None:
            try:
                return scalar(value)
            except (TypeError, ValueError):
                raise bad_request(f'parameter "{field.name}" must be of type {field.kind}') from None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise bad_request(_no_object(field.name)) from None
        self._inspect(method, field.kind, value, field.name)
        return value

    def _inspect(self, method: Method, kind: str, value: Any, path: str) -> None:
        """Check a JSON value as deep as the description goes."""
        inner = element(kind)
        if inner is not None:
            if not isinstance(value, list):
                raise bad_request(f"can't parse {path}: expected an Array")
            for one in value:
                self._inspect(method, inner, one, path)
        elif kind in _JSON:
            if not isinstance(value, _JSON[kind]) or (kind == "Integer" and isinstance(value, bool)):
                raise bad_request(f"can't parse {path}: expected {kind}")
        elif not isinstance(value, dict):
            raise bad_request(_no_object(path))
        else:
            self._inspect_object(method, self._shape(kind, value), value, path)

    def _inspect_object(self, method: Method, shape: Shape, value: dict[str, Any], path: str) -> None:
        for name, inner in value.items():
            field = shape.fields.get(name)
            if field is None:
                self._note(method, f"{path}.{name}", "the Bot API has no such field")
            elif inner is not None:
                self._inspect(method, field.kind, inner, f"{path}.{name}")
        for name in shape.required:
            if value.get(name) is None:
                raise bad_request(_no_field(path, name))

    def _shape(self, kind: str, value: dict[str, Any]) -> Shape:
        """Choose, of the objects a value may be, the first that has its required fields and most others."""
        choices = self._choices.get(kind)
        if choices is None:
            names = [one for name in kind.split(" or ") for one in self._shapes[name].any_of or (name,)]
            choices = self._choices[kind] = [self._shapes[name] for name in names]
        if len(choices) == 1:
            return choices[0]
        fitting = [one for one in choices if one.required <= value.keys()] or choices
        return min(fitting, key=lambda one: len(value.keys() - one.fields.keys()))

    def _note(self, method: Method, parameter: str, text: str) -> None:
        self._findings.append(Finding(method=method.name, parameter=parameter, text=text))
        if self._strict:
            raise bad_request(f"strict simulator: {text}: {parameter} of {method.name}")


def _integer(value: Any) -> int:
    if isinstance(value, bool | float):
        raise TypeError
    return int(value)


def _chat(value: Any) -> int | str:
    if isinstance(value, str) and not value.lstrip("-").isdecimal():
        return value
    return _integer(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, str):
        return value.lower() in {"true", "yes", "1"}
    if not isinstance(value, bool | int):
        raise TypeError
    return bool(value)


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Upload):
        raise TypeError
    return json.dumps(value)


def _file(value: Any) -> Upload | str:
    if isinstance(value, Upload | str):
        return value
    raise TypeError


def _no_field(path: str, name: str) -> str:
    if path == "reply_markup":
        return "inline keyboard expected"
    return f'can\'t parse {path}: field "{name}" is missing'


def _no_object(name: str) -> str:
    if name == "reply_markup":
        return "object expected as reply markup"
    return f"can't parse {name} JSON object"


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "Integer": _integer,
    "Float": float,
    "Boolean": _boolean,
    "String": _string,
    "Integer or String": _chat,
    "InputFile": _file,
    "InputFile or String": _file,
}
_JSON: dict[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "Boolean": bool,
    "True": bool,
    "String": str,
    "Integer or String": (int, str),
}
