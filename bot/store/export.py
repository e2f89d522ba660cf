"""Reads every question that was due, for `stagebot export`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, or_, select

from bot.store import check_ins as check_ins_store
from bot.store import replies
from bot.store.database import Database
from bot.store.tables import check_ins, stages
from conversations.model import CheckIn, Reply, Role

_AT_ONCE = 500
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_CHECK_INS = (
    select(check_ins, stages.c.code, (stages.c.student == check_ins.c.participant).label("is_student"))
    .join(stages, check_ins.c.stage == stages.c.id)
    .where(
        or_(
            check_ins.c.due > bindparam("due"),
            and_(check_ins.c.due == bindparam("due"), check_ins.c.id > bindparam("last")),
        )
    )
    .order_by(check_ins.c.due, check_ins.c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One question that was due; `reply` is None where nothing was put (see the check-in's reason)."""

    check_in: CheckIn
    stage: str  # its code
    role: Role
    reply: Reply | None


async def rows(db: Database, since: datetime | None = None) -> AsyncIterator[Exported]:
    """Give the questions of all check-ins due since then, oldest first, in short transactions."""
    due, last = since or _BEGINNING, -1
    while True:
        async with db.reading() as tx:
            found = await tx.all(_CHECK_INS, {"due": due, "last": last, "most": _AT_ONCE})
            answers = await replies.of_check_ins(tx, [row.id for row in found])
            items = await check_ins_store.opened(tx, found)
        for row, item in zip(found, items, strict=True):
            role = Role.STUDENT if row.is_student else Role.TRAINER
            asked: Sequence[Reply | None] = answers.get(item.id) or [None]
            for reply in asked:
                yield Exported(check_in=item, stage=row.code, role=role, reply=reply)
        if len(found) < _AT_ONCE:
            return
        due, last = found[-1].due, found[-1].id
