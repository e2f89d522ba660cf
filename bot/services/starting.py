"""Has all stages looked at, and menus renewed, where what they follow from changed since the last start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import conversations
from bot.services.speaking import Speaker
from bot.store import outbox, people, stages, starts
from bot.store.starts import What
from bot.store.transaction import Transaction, chunks
from conversations.commands import MENUS, menu_of
from conversations.messages import Lane, Menu
from conversations.school import School

AT_ONCE = 500  # people of whom the menu is made together: for all of a big school it would take much memory
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


async def renew_menus(tx: Transaction, speaker: Speaker, now: datetime) -> int:
    """Show everybody who joined the commands there are now, where those changed; give how many people.

    They leave after everything else: nobody waits for an answer because of them.
    """
    words = sorted(
        (name, str(text)) for name, text in speaker.texts.by_id.items() if name.startswith("command.")
    )
    found = sha256(f"{MENUS} {words}".encode()).hexdigest()
    if await starts.last(tx, What.MENUS) == found:
        return 0
    joined = await people.joined_ids(tx)
    for some in chunks(joined, AT_ONCE):
        there = await people.by_ids(tx, some)
        menus = [Menu(to=one.id, commands=menu_of(one)) for one in there.values()]
        parcels = [replace(one, lane=Lane.PROMPT) for one in speaker.parcels(menus, there, now)]
        await outbox.put(tx, parcels, now)
    await starts.keep(tx, What.MENUS, found, now)
    return len(joined)


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
