"""Compare a checked roster with what is stored: what is new, changed, missing, the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.roster.cells import ADDRESSES, LANGUAGES, PLACES, TRACKS, WEEKDAYS, YES_OR_NO
from bot.roster.checking import AMSTERDAM
from bot.roster.columns import PERSONAL
from bot.roster.model import Roster
from conversations.roster import Kind, Person, StageRow, StoredStage

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One column of a stage that differs; of a personal column neither value is told."""

    column: str
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedStage:
    """A stage with what differs. `reopened`: it had ended, and is in the roster again."""

    stage: StageRow
    changes: tuple[Change, ...]
    reopened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an import would do. A missing stage stays as it is unless it is ended on purpose.

    With any code in `other_student` nothing may be imported: a stage's replies belong to its student.
    """

    new: tuple[StageRow, ...]
    changed: tuple[ChangedStage, ...]
    missing: tuple[str, ...]  # stage codes in the store, not in the file, not ended yet
    unchanged: tuple[str, ...]
    other_student: tuple[str, ...] = ()  # codes that the store knows as somebody else's stage

    @property
    def is_empty(self) -> bool:
        """Tell whether an import would change nothing (but for ending what is missing)."""
        return not self.new and not self.changed


def compare(roster: Roster, stored: Sequence[StoredStage], zone: ZoneInfo = AMSTERDAM) -> Difference:
    """Say what a roster would change; a stage whose row has errors counts as there, not as missing."""
    known = {s.stage.code: s for s in stored}
    people = {(p.kind, p.identity): p for p in roster.people}
    new: list[StageRow] = []
    changed: list[ChangedStage] = []
    unchanged: list[str] = []
    other_student: list[str] = []
    for stage in roster.stages:
        before = known.get(stage.code)
        if before is None:
            new.append(stage)
        elif before.stage.student != stage.student:
            other_student.append(stage.code)
        elif (changes := _changes(before, _with_people(stage, people), zone)) or before.ended:
            changed.append(ChangedStage(stage=stage, changes=tuple(changes), reopened=before.ended))
        else:
            unchanged.append(stage.code)
    return Difference(
        new=tuple(new),
        changed=tuple(changed),
        missing=tuple(_missing(stored, roster.mentioned)),
        unchanged=tuple(unchanged),
        other_student=tuple(other_student),
    )


def _with_people(stage: StageRow, people: Mapping[tuple[Kind, str], Person]) -> StoredStage:
    return StoredStage(
        stage=stage,
        student=people["student", stage.student],
        trainer=people["trainer", stage.trainer],
        teacher=people["teacher", stage.teacher],
    )


def _missing(stored: Iterable[StoredStage], mentioned: frozenset[str]) -> Iterator[str]:
    return (s.stage.code for s in stored if not s.ended and s.stage.code not in mentioned)


def _changes(before: StoredStage, after: StoredStage, zone: ZoneInfo) -> list[Change]:
    old, new = _in_columns(before, zone), _in_columns(after, zone)
    return [
        Change(column=c) if c in PERSONAL else Change(column=c, old=old[c], new=new[c])
        for c in old
        if old[c] != new[c]
    ]


def _in_columns(stored: StoredStage, zone: ZoneInfo) -> dict[str, str]:
    """Write a stage as the columns of a roster, but for what is never stored (birth date, consent)."""
    stage = stored.stage
    return {
        "student": stored.student.name,
        "praktijkopleider": stored.trainer.name,
        "praktijkopleider_email": stage.trainer,
        "aanspreekvorm": _word(ADDRESSES, stored.trainer.address),
        "docent": stored.teacher.name,
        "docent_code": stage.teacher,
        "team": stage.team,
        "opleiding": stage.programme,
        "leerweg": _word(TRACKS, stage.track),
        "leerbedrijf": stage.company,
        "leerbedrijf_plaats": stage.city,
        "begindatum": stage.begin.isoformat(),
        "einddatum": stage.end.isoformat(),
        "stagedagen": ",".join(day for day, number in WEEKDAYS.items() if number in stage.days),
        "einde_werkdag": f"{stage.workday_end:%H:%M}",
        **_meetings_in_columns(stage, zone),
        "taal": _word(LANGUAGES, stage.language),
        "vakantie_door": _word(YES_OR_NO, stage.through_holidays),
    }


def _meetings_in_columns(stage: StageRow, zone: ZoneInfo) -> dict[str, str]:
    columns = {f"{name}_{n}": "" for n in (1, 2, 3) for name in ("gesprek", "plek")}
    for meeting in stage.meetings:
        columns[f"gesprek_{meeting.number}"] = f"{meeting.at.astimezone(zone):%Y-%m-%d %H:%M}"
        columns[f"plek_{meeting.number}"] = _word(PLACES, meeting.place)
    return columns


def _word(choices: Mapping[str, T], value: T) -> str:
    return next(word for word, choice in choices.items() if choice == value)
