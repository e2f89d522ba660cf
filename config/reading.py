"""Reads TOML files that people write, and tells of each fault where it is and what was expected."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from config.findings import Faults

BIGGEST_FILE = 1_000_000  # bytes
SHORT_NAME = (
    "1 to 12 of a-z, 0-9 and _, a letter first"  # two of them and a check-in fit in a button's 64 bytes
)

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_NAMED_BY = ("id", "code", "name")
_TOO_LONG = 40  # characters of a wrong value that are shown

Table = dict[str, Any]
Location = tuple[int | str, ...]
M = TypeVar("M", bound=BaseModel)
ShortName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,11}$")]


class Entry(BaseModel):
    """A table in a file; unknown fields are refused. A field's description says what is expected."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def wrong(problem: str, expected: str) -> PydanticCustomError:
    """Make the error that a validator raises."""
    return PydanticCustomError("wrong", "{problem}", {"problem": problem, "expected": expected})


def unknown(problem: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    """Complete a problem with what somebody may have meant, or with what there is to choose from."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"{problem}, did you mean {close[0]!r}?", ""
    return problem, f"one of {', '.join(names)}" if names else "none"


# ---- files ----------------------------------------------------------------------------------------------


def read_bytes(path: Path, faults: Faults) -> bytes | None:
    """Read a whole file, unless it is too big to be written by a person."""
    try:
        if path.stat().st_size > BIGGEST_FILE:
            faults.error("", f"is {path.stat().st_size} bytes", f"at most {BIGGEST_FILE}")
            return None
        return path.read_bytes()
    except OSError as error:
        faults.error("", f"cannot be read ({error.strerror})", "a readable file")
        return None


def parse(raw: bytes, faults: Faults) -> Table | None:
    """Parse TOML, with or without a byte order mark; a syntax error names its line."""
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        faults.error(f"line {line}", "is not UTF-8", "a file saved as UTF-8")
    except tomllib.TOMLDecodeError as error:
        told = _AT_LINE.search(str(error))
        at = (told and told.group(1)) or raw.count(b"\n") + 1
        problem = _AT_LINE.sub("", str(error))
        faults.error(f"line {at}", f"is not valid TOML: {problem[:1].lower()}{problem[1:]}")
    except RecursionError:
        faults.error("", "is nested too deeply", "tables and lists of a few levels")
    return None


def read_toml(path: Path, faults: Faults) -> Table | None:
    """Read a TOML file; None when it has a fault, which is then among the faults."""
    raw = read_bytes(path, faults)
    return None if raw is None else parse(raw, faults)


def toml_files(folder: Path) -> list[Path]:
    """List the TOML files of a folder by name; an absent folder has none."""
    return sorted(folder.glob("*.toml"))


# ---- tables ---------------------------------------------------------------------------------------------


def validated(model: type[M], data: object, faults: Faults, prefix: str = "") -> M | None:
    """Make a model of a table, or note every fault that it has."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            where = ".".join(part for part in (prefix, path_of(detail["loc"], data)) if part)
            faults.error(where, *explain(detail, model))
        return None


def path_of(location: Location, data: object) -> str:
    """Write a place in a table as people would: list items by their id, or else by number from 1."""
    path = ""
    for part in location:
        if isinstance(part, int):
            data = data[part] if isinstance(data, list) and part < len(data) else None
            path += named(data, part)
        else:
            data = data.get(part) if isinstance(data, dict) else None
            path += f".{part}" if path else part
    return path


def named(item: object, index: int) -> str:
    """Give the part of a path that names one item of a list."""
    name = next((item[k] for k in _NAMED_BY if k in item), None) if isinstance(item, dict) else None
    return f".{name}" if isinstance(name, str) and 0 < len(name) <= _TOO_LONG else f"[{index + 1}]"


def explain(detail: ErrorDetails, model: type[BaseModel], *, secret: bool = False) -> tuple[str, str]:
    """Say what is wrong and what was expected; the value itself is left out of a secret's line."""
    place = detail["loc"]
    match detail["type"]:
        case "extra_forbidden":
            parent = _model_at(model, place[:-1])
            known = parent.model_fields if parent else ()
            return unknown("is unknown", str(place[-1]), known)
        case "wrong":
            return str(detail["ctx"]["problem"]), str(detail["ctx"]["expected"])
        case "missing":
            problem = "is missing"
        case "too_long" | "too_short":
            problem = f"has {detail['ctx']['actual_length']} items"
        case _:
            problem = "is not valid" if secret else f"is {brief(detail['input'])}"
    field = _field_at(model, place)
    return problem, (field and field.description) or ("a table" if not place else detail["msg"])


def brief(value: object) -> str:
    """Show a wrong value on one line; of a table or list only that it is one."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str | bool | int | float) else repr(str(value))
    return text if len(text) <= _TOO_LONG else f"{text[:_TOO_LONG]}…"


def _field_at(model: type[BaseModel], place: Sequence[int | str]) -> FieldInfo | None:
    names = [part for part in place if isinstance(part, str)]
    if not names:
        return None
    parent = _model_at(model, names[:-1])
    return parent.model_fields.get(names[-1]) if parent else None


def _model_at(model: type[BaseModel], place: Sequence[int | str]) -> type[BaseModel] | None:
    found: type[BaseModel] | None = model
    for name in (part for part in place if isinstance(part, str)):
        field = found.model_fields.get(name) if found else None
        found = _model_in(field.annotation) if field else None
    return found


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Find the model in `list[Model]`, `Model | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for inner in get_args(annotation) if (m := _model_in(inner))), None)
