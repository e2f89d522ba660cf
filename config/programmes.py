"""Reads programmes (opleidingen): the tasks that the exam asks for, in plain words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from config.findings import HERE, Faults
from config.reading import SHORT_NAME, Entry, ShortName, read_toml, toml_files, validated
from config.wordings import WordingTable, check_places
from conversations.model import Programme, Task

SHIPPED = HERE / "programmes"
MOST_TASKS = 100
LONGEST_TASK = 80  # characters: it stands inside a question

_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class TaskTable(Entry):
    """[[task]]: one task."""

    id: ShortName = Field(description=SHORT_NAME)
    text: WordingTable = Field(description="text.nl and text.en")


class ProgrammeTable(Entry):
    """A whole file."""

    name: WordingTable = Field(description="name.nl and name.en")
    example: bool = Field(False, description="true or false")
    task: list[TaskTable] = Field(
        min_length=1, max_length=MOST_TASKS, description=f"1 to {MOST_TASKS} [[task]] tables"
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """A programme, and whether it is only an example."""

    programme: Programme
    example: bool


def read_programmes(own: Path | None, faults: Faults) -> dict[str, Programme]:
    """Read the shipped programmes and a school's own, which replace the examples."""
    shipped = read_folder(SHIPPED, faults)
    added = read_folder(own, faults) if own else {}
    kept = {name: one for name, one in shipped.items() if not (added and one.example)}
    return {name: one.programme for name, one in (kept | added).items()}


def read_folder(folder: Path, faults: Faults) -> dict[str, Listed]:
    """Read the programmes of a folder, by id: the file's name."""
    found = {}
    for path in toml_files(folder):
        at = faults.among(path)
        if not _FILE_NAME.fullmatch(path.stem):
            at.error("", "has a file name that is not a name", "a-z, 0-9 and -, as in the roster's opleiding")
        elif (one := _read_file(path, at)) is not None:
            found[path.stem] = one
    return found


def _read_file(path: Path, faults: Faults) -> Listed | None:
    data = read_toml(path, faults)
    table = None if data is None else validated(ProgrammeTable, data, faults)
    if table is None:
        return None
    for name, times in Counter(task.id for task in table.task).items():
        if times > 1:
            faults.error(f"task.{name}.id", f"is there {times} times", "an id of its own")
    tasks = tuple(Task(id=task.id, text=task.text.wording()) for task in table.task)
    for task in tasks:
        _check_text(task, faults)
    return Listed(Programme(id=path.stem, name=table.name.wording(), tasks=tasks), table.example)


def _check_text(task: Task, faults: Faults) -> None:
    check_places(task.text, f"task.{task.id}.text", faults, frozenset())
    for form, text in (("nl", task.text.nl), ("en", task.text.en)):
        if len(text) > LONGEST_TASK:
            where = f"task.{task.id}.text.{form}"
            faults.error(
                where, f"has {len(text)} characters", f"at most {LONGEST_TASK}: it stands in a question"
            )
