"""Has all stages looked at where the program or the school's files changed since the last start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import conversations
from bot.store import stages, starts
from bot.store.transaction import Transaction
from conversations.school import School

PLANS = Path(conversations.__file__).parent  # what computes the plans: a changed file may move a moment


async def look_again(tx: Transaction, school: School, now: datetime) -> bool:
    """Wake every running stage whose plan may be another since the last start; tell whether that was so.

    What came due while the bot was away needs no waking: it is due.
    """
    found = fingerprint(school, PLANS)
    if await starts.last(tx) == found:
        return False
    await stages.wake_all(tx, now)
    await starts.keep(tx, found, now)
    return True


def fingerprint(school: School, program: Path) -> str:
    """Give a short text that changes with whatever a plan is computed from: program, calendar, questions."""
    digest = sha256()
    for file in sorted(program.rglob("*.py")):
        digest.update(file.read_bytes())
    for line in _lines(school):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _lines(school: School) -> Iterator[str]:
    """Write down what plans depend on, in an order that is the same every time."""
    calendar = school.calendar
    yield f"{calendar.zone.key} {calendar.quiet}"
    yield from sorted(map(str, calendar.public_holidays))
    yield from (f"{one.begin} {one.end}" for one in calendar.school_holidays)
    yield from sorted(f"{one.name} {one.version}" for one in school.question_sets.values())
    yield from sorted(f"{one.id} {[task.id for task in one.tasks]}" for one in school.programmes.values())
    yield from sorted(f"{one.code} {sorted(one.teams)}" for one in school.coordinators)
