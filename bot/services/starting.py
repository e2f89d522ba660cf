"""Has all stages looked at, and menus renewed, where what they follow from changed since the last start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import conversations
from bot.services.speaking import Speaker
from bot.store import outbox, people, stages, starts
from bot.store.database import Database
from bot.store.starts import What
from bot.store.transaction import Transaction, chunks
from conversations.commands import MENUS, menu_of
from conversations.messages import Lane, Menu
from conversations.model import ParticipantId, Reach
from conversations.school import School

AT_ONCE = 500  # people whose menus are queued together: answers get their turn in between
PLANS = Path(conversations.__file__).parent  # what computes the plans: a changed file may move a moment


async def look_again(tx: Transaction, school: School, now: datetime) -> bool:
    """Wake every running stage whose plan may be another since the last start; tell whether that was so.

    What came due while the bot was away needs no waking: it is due.
    """
    found = fingerprint(school, PLANS)
    if await starts.last(tx, What.PLANS) == found:
        return False
    await stages.wake_all(tx, now)
    await starts.keep(tx, What.PLANS, found, now)
    return True


async def renew_menus(db: Database, speaker: Speaker, now: datetime, *, at_once: int = AT_ONCE) -> int:
    """Show everybody who joined the commands there are now, where those changed; give how many people.

    They leave after everything else: nobody waits for an answer because of them. Each transaction keeps how
    far it came with the menus that it queued: what is cut off goes on there.
    """
    words = sorted(
        (name, str(text)) for name, text in speaker.texts.by_id.items() if name.startswith("command.")
    )
    found = sha256(f"{MENUS} {words}".encode()).hexdigest()
    async with db.reading() as tx:
        kept, _, until = (await starts.last(tx, What.MENUS) or "").partition(" ")
        if kept == found and not until:
            return 0
        joined = await people.joined_ids(tx)
    waiting = [person for person in joined if kept != found or person > int(until)]
    for some in chunks(waiting, at_once):
        async with db.writing() as tx:
            await _put_menus(tx, some, speaker, now)
            await starts.keep(tx, What.MENUS, f"{found} {some[-1]}", now)
    async with db.writing() as tx:
        await starts.keep(tx, What.MENUS, found, now)
    return len(waiting)


async def _put_menus(tx: Transaction, some: Iterable[ParticipantId], speaker: Speaker, now: datetime) -> None:
    there = {one.id: one for one in (await people.by_ids(tx, some)).values() if one.reach is Reach.JOINED}
    menus = [Menu(to=one.id, commands=menu_of(one)) for one in there.values()]
    parcels = [replace(one, lane=Lane.PROMPT) for one in speaker.parcels(menus, there, now)]
    await outbox.put(tx, parcels, now)


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
