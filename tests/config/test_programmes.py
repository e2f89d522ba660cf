"""Programmes: a school's own tasks, and what may be wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from conversations.model import Programme, Task, Wording
from tests.config.writing import PROGRAMME, changed, told, with_file


def test_a_schools_own_programmes_replace_the_examples(tmp_path: Path) -> None:
    """The examples are for a school that has none yet."""
    school = config.load(with_file(tmp_path, "programmes/bakker.toml", PROGRAMME))
    assert school.programmes == {
        "bakker": Programme(
            id="bakker",
            name=Wording(nl="Bakker", en="Baker"),
            tasks=(
                Task(id="bread", text=Wording(nl="brood bakken", en="baking bread")),
                Task(id="cake", text=Wording(nl="taart bakken", en="baking cake")),
            ),
        )
    }


FAULTS = {
    "no tasks": (
        PROGRAMME[PROGRAMME.index("[[task]]") :],
        "",
        "task: is missing; expected 1 to 100 [[task]] tables",
    ),
    "an id that is too long": (
        'id = "bread"',
        'id = "Bread"',
        "task.Bread.id: is 'Bread'; expected 1 to 12 of a-z, 0-9 and _, a letter first",
    ),
    "an id twice": (
        'id = "cake"',
        'id = "bread"',
        "task.bread.id: is there 2 times; expected an id of its own",
    ),
    "no English": (
        'text.en = "baking cake"',
        "",
        "task.cake.text.en: is missing; expected the English text",
    ),
    "a place in a task": (
        "taart bakken",
        "taart bakken bij {bedrijf}",
        "task.cake.text.nl: has the unknown place {bedrijf}; expected none",
    ),
    "a task that is a page": (
        "taart bakken",
        "taart " * 20,
        "task.cake.text.nl: has 120 characters; expected at most 80: it stands in a question",
    ),
    "an unknown field": ("[[task]]", "[[tasks]]", "tasks: is unknown, did you mean 'task'?"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_programme_has_its_line(fault: str, tmp_path: Path) -> None:
    """One fault gives exactly one line, with file, field, what is wrong and what was expected."""
    before, after, line = FAULTS[fault]
    school_file = with_file(tmp_path, "programmes/bakker.toml", changed(PROGRAMME, before, after))
    assert told(school_file) == [f"programmes/bakker.toml: {line}"]


def test_the_name_of_a_file_is_an_opleiding(tmp_path: Path) -> None:
    """A name that no roster can hold is refused."""
    expected = (
        "programmes/Bakker 3.toml: has a file name that is not a name; expected a-z, 0-9 and -, as in the"
    )
    assert told(with_file(tmp_path, "programmes/Bakker 3.toml", PROGRAMME)) == [
        f"{expected} roster's opleiding"
    ]
