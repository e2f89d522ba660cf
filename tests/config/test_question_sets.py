"""Question sets: what a school may write, and how it is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import config
from config import ConfigError
from conversations.model import Key, Role, Wording
from conversations.question_set import Choice, Condition, Kind, Occasion, Question, QuestionSet
from tests.config.writing import STUDENT, TRAINER, changed, told, with_file


def test_a_file_becomes_a_question_set(tmp_path: Path) -> None:
    """Every field of a file ends where it belongs; the version is a hash of the bytes."""
    text = changed(
        STUDENT,
        'occasion = "weekly"',
        'occasion = "weekly"\norder = 4\nfrom_week = 2\nuntil_week = 9\nevery = 3',
    )
    text = changed(text, 'id = "second"', 'id = "second"\nkey = "guidance"\nalways_private = true')
    text = changed(text, "Wat deed je?", "Wat deed je bij {taak}?")
    text = changed(text, "What did you do?", "What did you do: {taak}?")
    school = config.load(with_file(tmp_path, "question_sets/student/mine.toml", text))
    assert school.question_sets["student/mine"] == QuestionSet(
        name="student/mine",
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        role=Role.STUDENT,
        key=Key.LEARNING,
        occasion=Occasion.WEEKLY,
        questions=(
            Question(
                id="first",
                kind=Kind.CHOICE,
                key=Key.LEARNING,
                text=Wording(nl="Ging het goed?", en="Did it go well?"),
                choices=(
                    Choice(id="yes", label=Wording(nl="Ja", en="Yes")),
                    Choice(id="no", label=Wording(nl="Nee", en="No")),
                ),
            ),
            Question(
                id="second",
                kind=Kind.TEXT,
                key=Key.GUIDANCE,
                text=Wording(nl="Wat deed je bij {taak}?", en="What did you do: {taak}?"),
                after=Condition(question="first", choices=frozenset({"yes"})),
                always_private=True,
            ),
        ),
        from_week=2,
        until_week=9,
        order=4,
        every=3,
        uses_task=True,
    )


def test_after_may_be_the_id_alone(tmp_path: Path) -> None:
    """`after = "first"` asks after any answer to it."""
    text = changed(STUDENT, '{ question = "first", choices = ["yes"] }', '"first"')
    school = config.load(with_file(tmp_path, "question_sets/student/mine.toml", text))
    after = [question.after for question in school.question_sets["student/mine"].questions]
    assert after == [None, Condition(question="first")]


def test_a_school_adds_a_set_and_replaces_one(tmp_path: Path) -> None:
    """A file with the name of a shipped set replaces it; another name adds; the rest stays."""
    with_file(tmp_path, "question_sets/student/aha.toml", STUDENT)
    school = config.load(with_file(tmp_path, "question_sets/trainer/mine.toml", TRAINER))
    shipped = config.load()
    assert school.question_sets.keys() == shipped.question_sets.keys() | {"trainer/mine"}
    assert [q.id for q in school.question_sets["student/aha"].questions] == ["first", "second"]


def test_a_file_from_a_windows_editor_is_read(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends are no fault."""
    raw = b"\xef\xbb\xbf" + STUDENT.replace("\n", "\r\n").encode()
    school = config.load(with_file(tmp_path, "question_sets/student/mine.toml", raw))
    assert len(school.question_sets["student/mine"].questions) == 2


FILES: dict[str, tuple[str, str | bytes, str]] = {
    "a folder that is no role": (
        "question_sets/teacher/mine.toml",
        STUDENT,
        "is in the wrong folder; expected question_sets/student/ or question_sets/trainer/",
    ),
    "no folder": (
        "question_sets/mine.toml",
        STUDENT,
        "is in the wrong folder; expected question_sets/student/ or question_sets/trainer/",
    ),
    "a file name that is no name": (
        "question_sets/student/Mijn set.toml",
        STUDENT,
        "has a file name that is not a name; expected 1 to 32 of a-z, 0-9 and _, a letter first",
    ),
    "more than a megabyte": (
        "question_sets/student/mine.toml",
        "#" * 1_000_001,
        "is 1000001 bytes; expected at most 1000000",
    ),
    "ten thousand questions": (
        "question_sets/student/mine.toml",
        STUDENT + '[[question]]\nid="a"\ntext.nl="x"\ntext.en="x"\n' * 9998,
        "question: has 10000 items; expected 1 to 500 [[question]] tables",
    ),
    "lists in lists in lists": (
        "question_sets/student/mine.toml",
        "a = " + "[" * 5000,
        "is nested too deeply; expected tables and lists of a few levels",
    ),
    "not UTF-8": (
        "question_sets/student/mine.toml",
        STUDENT.encode() + b"# caf\xe9",
        "line 26: is not UTF-8; expected a file saved as UTF-8",
    ),
    "a text that never ends": (
        "question_sets/student/mine.toml",
        STUDENT + 'x = """',
        "line 26: is not valid TOML: unterminated string",
    ),
}


@pytest.mark.parametrize("fault", FILES)
def test_each_fault_of_a_file_has_its_line(fault: str, tmp_path: Path) -> None:
    """A file that cannot be a question set is refused in one line, without reading what is in it."""
    name, content, line = FILES[fault]
    assert told(with_file(tmp_path, name, content)) == [f"{name}: {line}"]


def test_all_faults_are_told_and_not_only_the_first(tmp_path: Path) -> None:
    """Faults in the head, in a question and between questions are told in one go."""
    text = changed(STUDENT, '"learning"', '"leren"')
    text = changed(text, 'text.en = "Did it go well?"\n', "")
    text = changed(text, 'question = "first"', 'question = "third"')
    school_file = with_file(tmp_path, "question_sets/student/mine.toml", text)
    with_file(tmp_path, "question_sets/trainer/mine.toml", "")
    places = [(Path(finding.file).parent.name, finding.field) for finding in config.check(school_file)]
    assert places == [
        ("student", "key"),
        ("student", "question.first.text.en"),
        ("student", "question.second.after"),
        ("trainer", "role"),
        ("trainer", "key"),
        ("trainer", "occasion"),
        ("trainer", "question"),
    ]


def test_load_refuses_what_check_finds(tmp_path: Path) -> None:
    """The error carries the findings, and its message is their lines."""
    school_file = with_file(tmp_path, "question_sets/student/mine.toml", "role = 1")
    with pytest.raises(ConfigError) as caught:
        config.load(school_file)
    assert caught.value.findings == tuple(config.check(school_file))
    assert str(caught.value).splitlines() == [str(finding) for finding in config.check(school_file)]


def test_a_line_stays_one_line(tmp_path: Path) -> None:
    """Line ends and terminal codes in a value or a name can't forge a line."""
    text = changed(STUDENT, '"learning"', '"x\\n\\u001b[31m"')
    text = changed(text, 'id = "yes"', 'id = "y\\ns"')
    lines = told(with_file(tmp_path, "question_sets/student/mine.toml", text))
    assert [line.isprintable() for line in lines] == [True, True]


REPLACED = {
    "no agenda question": (
        "question_sets/student/agenda.toml",
        STUDENT,
        "student: has no question on the occasion 'agenda'; expected one, with key 'agenda'",
    ),
    "no weekly judgement": (
        "question_sets/student/self_view.toml",
        STUDENT,
        "student: has no weekly question with key 'judgement'; expected at least one",
    ),
    "no guidance from the trainer": (
        "question_sets/trainer/before_meeting.toml",
        TRAINER,
        "trainer: has no question with key 'guidance'; expected at least one",
    ),
}


@pytest.mark.parametrize("fault", REPLACED)
def test_a_key_that_is_left_without_questions_is_a_warning(fault: str, tmp_path: Path) -> None:
    """A school that replaces the only set of a key is told so."""
    name, content, line = REPLACED[fault]
    assert told(with_file(tmp_path, name, content)) == [f"warning: question_sets: {line}"]
