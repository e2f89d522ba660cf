"""The machine-readable description of the Bot API: which method takes which parameters."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("bot_api.json")
_LIST = "Array of "


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter of a method, or one field of an object."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The fields of an object, or the kinds of object it can be."""

    fields: dict[str, Field]
    any_of: tuple[str, ...]
    required: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method that the simulator offers."""

    name: str
    fields: dict[str, Field]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What the simulator knows of the Bot API; methods are found by their name in lower case."""

    version: str
    methods: dict[str, Method]
    shapes: dict[str, Shape]
    known: dict[str, str]


@cache
def bot_api() -> Description:
    """Read the description that comes with the simulator."""
    raw = json.loads(_FILE.read_text(encoding="utf-8"))
    methods = {name.lower(): _method(name, fields) for name, fields in raw["methods"].items()}
    return Description(
        version=raw["bot_api"],
        methods=methods,
        shapes={name: _shape(entry) for name, entry in raw["types"].items()},
        known={name.lower(): name for name in raw["known"]},
    )


@cache
def element(kind: str) -> str | None:
    """Give the kind of a list's elements; None for what is no list."""
    return kind.removeprefix(_LIST) if kind.startswith(_LIST) else None


def _method(name: str, entry: dict[str, Any]) -> Method:
    fields = _fields(entry)
    return Method(name=name, fields=fields, required=tuple(f.name for f in fields.values() if f.required))


def _shape(entry: dict[str, Any]) -> Shape:
    fields = _fields(entry.get("fields", {}))
    required = frozenset(f.name for f in fields.values() if f.required)
    return Shape(fields=fields, any_of=tuple(entry.get("any_of", ())), required=required)


def _fields(entry: dict[str, Any]) -> dict[str, Field]:
    return {name: Field(name=name, kind=kind, required=required) for name, (kind, required) in entry.items()}
