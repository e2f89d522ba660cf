"""What is wrong in the configuration: one finding is one line that names file and field.

ConfigError          carries every finding
└── TextError        a text was asked for that is not there, or with the wrong values
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).parent


class Severity(StrEnum):
    """An error stops the program; a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong. `field` is a path such as "question.aha.text.nl", or "line 3"."""

    file: str
    field: str
    problem: str
    expected: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.file}: {self.field}" if self.field else self.file
        line = f"{where}: {self.problem}" + (f"; expected {self.expected}" if self.expected else "")
        line = line if self.severity is Severity.ERROR else f"warning: {line}"
        return "".join(c if c.isprintable() else "?" for c in line)


class ConfigError(Exception):
    """The configuration has errors; the message has one line for each."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class TextError(ConfigError):
    """A text was asked for that is not there, or with other values than it has places for."""

    def __init__(self, text_id: str, problem: str) -> None:
        self.text_id = text_id
        super().__init__([Finding(file="config/texts", field=text_id, problem=problem)])


@dataclass(slots=True)
class Faults:
    """Collects what is wrong in one file."""

    file: str
    found: list[Finding] = field(default_factory=list)

    def error(self, where: str, problem: str, expected: str = "") -> None:
        """Add an error."""
        self.found.append(Finding(file=self.file, field=where, problem=problem, expected=expected))

    def warn(self, where: str, problem: str, expected: str = "") -> None:
        """Add a warning."""
        self.found.append(
            Finding(
                file=self.file, field=where, problem=problem, expected=expected, severity=Severity.WARNING
            )
        )

    def among(self, file: Path) -> Faults:
        """Collect for another file into the same list."""
        return Faults(shown(file), self.found)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Tell whether something is wrong that stops the program."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def shown(path: Path) -> str:
    """Name a file as people know it: shipped files from the project's top folder."""
    return str(path.relative_to(HERE.parent)) if path.is_relative_to(HERE) else str(path)
