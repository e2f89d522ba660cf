"""What of a roster is somebody's own, where they may only import stages of their own teams."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.roster.columns import column_names, shown
from bot.roster.model import Finding, Problem, Roster, Table
from conversations.roster import Person, StoredStage


def own_part(
    roster: Roster, table: Table, stored: Sequence[StoredStage], teams: Collection[str]
) -> tuple[Roster, list[StoredStage]]:
    """Give a roster as the coordinator of these teams may import it, and the stored stages it is about.

    A row of another team is an error. Somebody who is in another team too keeps name, language and form of
    address: one team does not rename the people of another.
    """
    mine = [s for s in stored if s.stage.team in teams]
    others = [s for s in stored if s.stage.team not in teams]
    theirs = {(p.kind, p.identity): p for s in others for p in (s.student, s.trainer, s.teacher)}
    foreign = _foreign_rows(table, {s.stage.code for s in others}, teams)
    findings = sorted((*roster.findings, *foreign), key=lambda f: f.row)
    people = tuple(_kept(theirs.get((p.kind, p.identity)), p) for p in roster.people)
    return replace(roster, findings=tuple(findings), people=people), mine


def _kept(stored: Person | None, given: Person) -> Person:
    return given if stored is None else stored


def _foreign_rows(table: Table, taken: Collection[str], teams: Collection[str]) -> Iterator[Finding]:
    names = column_names(table)
    if "team" not in names or "stage" not in names:
        return
    details = {"teams": ", ".join(sorted(teams)) or "-"}
    for line in table.lines:
        cells = dict(zip(names, line.cells, strict=False))
        team, code = cells.get("team", ""), cells.get("stage", "")
        if team and team not in teams:
            value = shown("team", team)
            yield Finding(
                row=line.number, column="team", problem=Problem.OTHER_TEAM, value=value, details=details
            )
        elif code in taken:
            value = shown("stage", code)
            yield Finding(row=line.number, column="stage", problem=Problem.STAGE_OF_OTHER_TEAM, value=value)
