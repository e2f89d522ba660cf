"""Keeps the bench from rotting: that it still measures what it says. Nothing here looks at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.bench import chat, telling
from tests.bench.broadcast import most_in_a_second
from tests.bench.figures import Figure, Part, at_least, at_most
from tests.bench.processes import Broken


@pytest.mark.sqlite_only
async def test_every_answer_of_a_short_contest_is_stored_and_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real bot stores 200 answers word for word and answers each once (docs/trust.md, 1)."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (run,) = await chat.rounds(chat.Contest(answers=200, rounds=1, warm=20))
    assert run.facts == {
        "people": 220,
        "answered": 220,
        "messages": 220,
        "stored": 220,
        "word_for_word": 220,
        "updates_done": 220,
        "updates_not_done": 0,
    }


def _run(**facts: int) -> chat.Run:
    return chat.Run(who="PTB echo", answers=2, seconds=1, cpu=1, server=0, peak_memory=1, facts=facts)


def test_a_lost_answer_makes_a_speed_worth_nothing() -> None:
    """A contestant that answers one of two people is refused, however fast it was."""
    with pytest.raises(Broken, match="PTB echo"):
        chat.refuse_wrong([_run(people=2, answered=1, messages=1)])


def test_a_second_answer_to_one_person_makes_a_speed_worth_nothing() -> None:
    """A contestant that answers somebody twice is refused."""
    with pytest.raises(Broken, match="PTB echo"):
        chat.refuse_wrong([_run(people=2, answered=2, messages=3)])


def test_the_busiest_second_may_begin_anywhere() -> None:
    """Three sends lie within a second of each other, across a full second of the clock."""
    assert most_in_a_second([0.0, 0.6, 1.2, 1.5, 1.61]) == 3


def test_a_figure_is_judged_by_the_median_of_what_was_measured() -> None:
    """One slow round out of three does not decide, and a target may be a least or a most."""
    most = Figure(name="a", unit="ms", values=(1, 2, 9), target=at_most(2))
    least = Figure(name="b", unit="/s", values=(1, 2, 9), target=at_least(3))
    assert (most.reached, least.reached) == (True, False)


def _found(value: float) -> telling.Found:
    figure = Figure(name="answers", unit="/s", values=(value,), target=at_least(3))
    return telling.as_json([Part(name="chat", figures=[figure])], {}, {})


def test_the_table_in_a_document_is_renewed_between_its_marks(tmp_path: Path) -> None:
    """What stands around the table stays, and of the table nothing old remains."""
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{telling.BEGIN}\nold\n{telling.END}\nafter\n", encoding="utf-8")
    telling.write_into(document, _found(4))
    telling.write_into(document, _found(5))
    lines = document.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| answers")]
    assert (lines[0], lines[-1], rows) == ("before", "after", ["| answers | 5 /s | ≥ 3 | yes |  |"])


def test_a_document_without_marks_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written into a document that has no place for figures."""
    document = tmp_path / "readme.md"
    document.write_text("before\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"readme\.md"):
        telling.write_into(document, _found(4))
    assert document.read_text(encoding="utf-8") == "before\n"


def test_a_part_measured_again_replaces_only_itself() -> None:
    """The other parts of an earlier JSON stay as they were measured."""
    before = _found(4)
    before["parts"]["clock"] = {"figures": [], "measured": 7}
    found = telling.added(before, _found(5), ["clock", "chat"])
    assert list(found["parts"]) == ["clock", "chat"]
    assert (found["parts"]["clock"]["measured"], found["parts"]["chat"]["figures"][0]["median"]) == (7, 5)
