"""Check a table against everything a roster must be, and give its stages and people."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.roster.columns import COLUMNS, OPTIONAL, REQUIRED, column_names, header_findings, shown
from bot.roster.model import Finding, Line, Problem, Roster, Table
from bot.roster.people import People
from bot.roster.row import ReadableRow, RosterRow
from bot.roster.rules import broken_rules, to_utc
from conversations.model import Meeting
from conversations.roster import StageRow

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_ORDER = {column: i for i, column in enumerate(REQUIRED + OPTIONAL)}


def check(
    table: Table, programmes: Collection[str], teams: Collection[str], zone: ZoneInfo = AMSTERDAM
) -> Roster:
    """Find all that is wrong with a table, row by row; `teams` are those with a coordinator."""
    wrong_header = header_findings(table)
    if wrong_header:
        return Roster(stages=(), people=(), findings=wrong_header, mentioned=frozenset())
    checker = _Checker(names=column_names(table), programmes=programmes, teams=teams, zone=zone)
    findings = list(_about_columns(checker.names, table))
    for line in table.lines:
        findings.extend(checker.row(line))
    findings.sort(key=lambda f: (f.row, _ORDER.get(f.column, -1)))
    return Roster(
        stages=tuple(checker.stages),
        people=checker.people.all(),
        findings=tuple(findings),
        mentioned=frozenset(checker.codes),
    )


def _about_columns(names: Collection[str], table: Table) -> Iterator[Finding]:
    if not table.lines:
        yield Finding(row=table.header_row, column="", problem=Problem.NO_ROWS)
    for column in ("gesprek_2", "gesprek_3"):
        if column not in names:
            yield Finding(row=table.header_row, column=column, problem=Problem.MEETING_NOT_PLANNED)


@dataclass(slots=True, kw_only=True)
class _Checker:
    """What the rows so far have shown: stage codes, people, teams."""

    names: tuple[str, ...]
    programmes: Collection[str]
    teams: Collection[str]
    zone: ZoneInfo
    stages: list[StageRow] = field(default_factory=list)
    people: People = field(default_factory=People)
    codes: dict[str, int] = field(default_factory=dict)  # to the first row
    warned: set[str] = field(default_factory=set)  # teams

    def row(self, line: Line) -> list[Finding]:
        cells = {name: cell for name, cell in zip(self.names, line.cells, strict=False) if cell}
        repeated = self._repeated(line.number, cells)
        if any(line.cells[len(self.names) :]):
            count: Mapping[str, str | int] = {"columns": len(self.names)}
            return [Finding(row=line.number, column="", problem=Problem.TOO_MANY_CELLS, details=count)]
        row, findings = _parse(line.number, cells)
        findings += self._broken_rules(line.number, cells, {f.column for f in findings})
        findings += repeated
        findings += self._warnings(line.number, cells)
        if row is not None:
            findings += self.people.meet(line.number, row)
        if row is not None and all(f.is_warning for f in findings):
            self.stages.append(_stage(row, self.zone))
        return findings

    def _broken_rules(self, number: int, cells: Mapping[str, str], faulty: set[str]) -> list[Finding]:
        readable = ReadableRow.model_validate({c: v for c, v in cells.items() if c not in faulty})
        return [
            _finding(number, broken.column, broken.problem, cells, broken.details)
            for broken in broken_rules(readable, self.programmes, self.zone)
            if broken.column not in faulty
        ]

    def _repeated(self, number: int, cells: Mapping[str, str]) -> list[Finding]:
        code = cells.get("stage")
        if code is None or self.codes.setdefault(code, number) == number:
            return []
        return [_finding(number, "stage", Problem.DUPLICATE_STAGE, cells, {"other": self.codes[code]})]

    def _warnings(self, number: int, cells: Mapping[str, str]) -> Iterator[Finding]:
        for n in ("2", "3"):
            if f"gesprek_{n}" in self.names and f"gesprek_{n}" not in cells:
                yield _finding(number, f"gesprek_{n}", Problem.MEETING_NOT_PLANNED, cells)
        team = cells.get("team")
        if team and team not in self.teams and team not in self.warned:
            self.warned.add(team)
            yield _finding(number, "team", Problem.TEAM_WITHOUT_COORDINATOR, cells)


def _parse(number: int, cells: Mapping[str, str]) -> tuple[RosterRow | None, list[Finding]]:
    """Read the cells of a row; the row is None where any of them is not what it should be."""
    findings = [
        _finding(number, f"plek_{n}", Problem.REQUIRED, cells)
        for n in ("2", "3")
        if f"gesprek_{n}" in cells and f"plek_{n}" not in cells
    ]
    row = None
    try:
        row = RosterRow.model_validate(cells)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            missing = fault["type"] == "missing"
            problem = Problem.REQUIRED if missing else Problem(fault["type"])
            findings.append(
                _finding(
                    number, str(fault["loc"][0]), problem, cells, {} if missing else fault.get("ctx", {})
                )
            )
    return row, findings


def _finding(
    number: int,
    column: str,
    problem: Problem,
    cells: Mapping[str, str],
    details: Mapping[str, str | int] | None = None,
) -> Finding:
    value = shown(column, cells.get(column, "")) if column in COLUMNS else None
    return Finding(row=number, column=column, problem=problem, value=value, details=details or {})


def _stage(row: RosterRow, zone: ZoneInfo) -> StageRow:
    return StageRow(
        code=row.code,
        student=row.student,
        trainer=row.trainer,
        teacher=row.teacher,
        team=row.team,
        programme=row.programme,
        track=row.track,
        company=row.company,
        city=row.city,
        begin=row.begin,
        end=row.end,
        days=row.days,
        workday_end=row.workday_end,
        meetings=tuple(Meeting(number=n, at=to_utc(at, zone), place=p) for n, at, p in row.meetings),
        through_holidays=row.through_holidays,
        language=row.language,
    )
