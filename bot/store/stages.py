"""Stages and their meetings, and when each is to be looked at next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from bot.store.tables import meetings, stages
from bot.store.transaction import Transaction
from conversations.model import Meeting, MeetingState, ParticipantId, Place, Role, Stage, StageId, Track

_SELECT = select(stages).order_by(stages.c.code)
_BY_ID = _SELECT.where(stages.c.id.in_(bindparam("ids", expanding=True)))
_BY_CODE = _SELECT.where(stages.c.code.in_(bindparam("codes", expanding=True)))
_BY_PERSON = _SELECT.where(
    or_(
        stages.c.student.in_(bindparam("people", expanding=True)),
        stages.c.trainer.in_(bindparam("people", expanding=True)),
        stages.c.teacher.in_(bindparam("people", expanding=True)),
    )
)
_IDS_BY_PERSON = _BY_PERSON.with_only_columns(stages.c.id).order_by(None)
_MEETINGS = (
    select(meetings)
    .where(meetings.c.stage.in_(bindparam("ids", expanding=True)))
    .order_by(meetings.c.stage, meetings.c.number)
)
_DUE = (
    select(stages.c.id)
    .where(stages.c.wake_at <= bindparam("now"))
    .order_by(stages.c.wake_at)
    .limit(bindparam("most"))
)
_NEXT = select(stages.c.wake_at).where(stages.c.wake_at.is_not(None)).order_by(stages.c.wake_at).limit(1)
_WAKE = update(stages).where(stages.c.id == bindparam("stage")).values(wake_at=bindparam("at"))
_WAKE_ALL = update(stages).where(stages.c.ended.is_(False)).values(wake_at=bindparam("at"))
_SAVE = update(stages).where(stages.c.id == bindparam("stage")).values(trainer_stopped=bindparam("stopped"))
_PLACES, _STATES = {one.value: one for one in Place}, {one.value: one for one in MeetingState}
_TRACKS = {one.value: one for one in Track}
_NOBODY = frozenset[Role]()
_STUDENTS = select(stages.c.id, stages.c.student).where(stages.c.id.in_(bindparam("ids", expanding=True)))


async def load(tx: Transaction, ids: Iterable[StageId]) -> dict[StageId, Stage]:
    """Load stages by id; one that does not exist is absent."""
    return {stage.id: stage for stage in await _opened(tx, await tx.all_in(_BY_ID, "ids", set(ids)))}


async def by_codes(tx: Transaction, codes: Iterable[str]) -> dict[str, Stage]:
    """Load stages by code; one that does not exist is absent."""
    return {stage.code: stage for stage in await _opened(tx, await tx.all_in(_BY_CODE, "codes", set(codes)))}


async def every(tx: Transaction) -> list[Stage]:
    """Load all stages, by code."""
    return await _opened(tx, await tx.all(_SELECT))


async def of_people(tx: Transaction, people: Collection[ParticipantId]) -> list[Stage]:
    """Load the stages that any of these has a role in, by code; ended ones too."""
    rows = {row.id: row for row in await tx.all_in(_BY_PERSON, "people", people)}
    return await _opened(tx, list(rows.values()))


async def ids_of_people(tx: Transaction, people: Collection[ParticipantId]) -> set[StageId]:
    """Name the stages that any of these has a role in; ended ones too."""
    return {StageId(row.id) for row in await tx.all_in(_IDS_BY_PERSON, "people", people)}


async def due(tx: Transaction, now: datetime, limit: int) -> list[StageId]:
    """Say which stages are to be looked at, the longest waiting first."""
    return [StageId(row.id) for row in await tx.all(_DUE, {"now": now, "most": limit})]


async def next_at(tx: Transaction) -> datetime | None:
    """Say when the first stage is to be looked at."""
    return next((row.wake_at for row in await tx.all(_NEXT)), None)


async def wake(tx: Transaction, moments: Mapping[StageId, datetime | None]) -> None:
    """Set when each stage is to be looked at next; None is never."""
    await tx.run_many(_WAKE, [{"stage": stage, "at": at} for stage, at in moments.items()])


async def wake_all(tx: Transaction, now: datetime) -> None:
    """Have every running stage looked at: for a changed calendar or changed question sets."""
    await tx.run(_WAKE_ALL, {"at": now})


async def save(tx: Transaction, items: Sequence[Stage]) -> None:
    """Keep what was decided about stages in a chat: their meetings, and a trainer who stopped."""
    await tx.run_many(_SAVE, [{"stage": s.id, "stopped": s.trainer_stopped} for s in items])
    rows = [meeting_row(stage.id, meeting) for stage in items for meeting in stage.meetings]
    await tx.upsert(meetings, rows, keep=("roster_at", "roster_place"))


async def students(tx: Transaction, ids: Iterable[int]) -> dict[int, int]:
    """Say whose key seals what belongs to each stage: its student's."""
    return {row.id: row.student for row in await tx.all_in(_STUDENTS, "ids", set(ids))}


async def _opened(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Stage]:
    held: dict[int, list[Meeting]] = {row.id: [] for row in rows}
    for row in await tx.all_in(_MEETINGS, "ids", held):
        held[row.stage].append(_meeting(row))
    return [_stage(row, tuple(held[row.id])) for row in rows]


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(
        number=row.number,
        at=row.at,
        place=_PLACES[row.place],
        state=_STATES[row.state],
        moved=row.moved,
        asked=row.asked,
        present=frozenset(Role(role) for role in row.present.split(",")) if row.present else _NOBODY,
    )


def meeting_row(stage: int, meeting: Meeting) -> dict[str, object]:
    """Write a row of meetings, without what the roster said of it."""
    return {
        "stage": stage,
        "number": meeting.number,
        "at": meeting.at,
        "place": meeting.place.value,
        "state": meeting.state.value,
        "moved": meeting.moved,
        "asked": meeting.asked,
        "present": ",".join(sorted(meeting.present)),
    }


def _stage(row: Row[Any], planned: tuple[Meeting, ...]) -> Stage:
    return Stage(
        id=StageId(row.id),
        code=row.code,
        student=ParticipantId(row.student),
        trainer=ParticipantId(row.trainer),
        teacher=ParticipantId(row.teacher),
        team=row.team,
        programme=row.programme,
        track=_TRACKS[row.track],
        company=row.company,
        city=row.city,
        begin=row.begin_date,
        end=row.end_date,
        days=days_from(row.days),
        workday_end=row.workday_end,
        meetings=planned,
        through_holidays=row.through_holidays,
        ended=row.ended,
        trainer_stopped=row.trainer_stopped,
    )


@cache
def days_from(digits: str) -> frozenset[int]:
    """Read stage days as stored: "034" is Monday, Thursday, Friday."""
    return frozenset(int(digit) for digit in digits)


def digits_from(days: frozenset[int]) -> str:
    """Write stage days as stored."""
    return "".join(str(day) for day in sorted(days))
