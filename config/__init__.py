"""Says: what a school edits (question sets, texts, programmes, its own file), and the readers of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from config import programmes, question_sets, safety_words, school, texts
from config.findings import ConfigError, Faults, Finding, Severity, TextError, has_errors, shown
from config.question_checks import check_keys
from conversations.question_set import QuestionSet
from conversations.school import School

__all__ = ["ConfigError", "Finding", "Severity", "TextError", "check", "load"]


def load(school_file: Path | None = None) -> School:
    """Read everything a school configures, the shipped example where no file is given.

    `question_sets/` and `programmes/` beside the school's file add to the shipped ones; a set or programme of
    the same name replaces the shipped one, and so does `safety_words.toml`. Raises ConfigError with every
    error.
    """
    faults = Faults(shown(school_file or school.SHIPPED))
    found = _read(school_file, faults)
    if found is None or has_errors(faults.found):
        raise ConfigError(finding for finding in faults.found if finding.severity is Severity.ERROR)
    return found


def check(school_file: Path | None = None) -> list[Finding]:
    """Find everything that is wrong in a school's files and the shipped ones, texts included."""
    faults = Faults(shown(school_file or school.SHIPPED))
    _read(school_file, faults)
    texts.read_folder(texts.SHIPPED, faults.among(texts.SHIPPED))
    return faults.found


def _read(school_file: Path | None, faults: Faults) -> School | None:
    path = school_file or school.SHIPPED
    own = school_file.parent if school_file and path.resolve() != school.SHIPPED else None
    sets = _question_sets(own / "question_sets" if own else None, faults)
    listed = programmes.read_programmes(own / "programmes" if own else None, faults)
    words = safety_words.read_safety_words(own / "safety_words.toml" if own else None, faults)
    found = school.read_school(path, sets, listed, faults)
    return replace(found, safety_words=words) if found else None


def _question_sets(own: Path | None, faults: Faults) -> Mapping[str, QuestionSet]:
    shipped = question_sets.read_folder(question_sets.SHIPPED, faults)
    added = question_sets.read_folder(own, faults) if own else {}
    sets = shipped | added
    if not has_errors(faults.found):
        check_keys(sets, faults.among(own or question_sets.SHIPPED))
    return sets
