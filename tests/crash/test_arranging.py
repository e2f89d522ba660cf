"""Meetings, agreements and bells take several steps; each comes about once, however often the bot dies."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from conversations.dossier import SignalKind
from conversations.model import MeetingState, Role
from tests.crash import reckoning
from tests.crash.arranging import MOVED, Arranged, Arranging
from tests.crash.child import SCHOOL
from tests.crash.game import STAGES, Game, game
from tests.crash.test_kill import KILLS, SEED

AFTER = datetime(2026, 9, 24, 17, 30, tzinfo=SCHOOL.calendar.zone)  # all first meetings are over
TOLD_OF = sorted(STAGES)[:4]  # two of each teacher, and four trainers
MARK = re.compile(r"#\d+#")
ROUNDS = max(1, KILLS // 100)


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
async def test_what_is_arranged_while_the_bot_is_killed_is_arranged_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    """Five taps on each button, texts once: held, agreed, moved, rung, each once (docs/trust.md, 1 and 4)."""
    async with game(tmp_path, seed) as played:
        await played.gather()
        await played.rest_at(AFTER)
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
        people = Arranging(played, [f.stage for f in books.facts if f.stage.code in TOLD_OF], books.chats)
        await killed_all_the_time(played, people)
        await played.come_to_rest()
        async with played.open() as db:
            books = await reckoning.read(db, played.clock())
    done, told = people.done, told_to(played)
    extra = sum((told - expected(done.agreements, done.lines)).values())
    assert agreed(books) == done.agreements
    assert first_meetings(books) == dict.fromkeys(done.held, "held") | dict.fromkeys(done.moved, "moved")
    assert rung(books) == sorted(done.lines.items())
    assert books.marks == dict.fromkeys(told, 1)
    assert told >= expected(done.agreements, done.lines)
    assert extra <= books.repeated
    assert books.inbox == {"done": played.crowd.done.updates + done.updates}
    assert books.too_many(played.per_chat) == {}
    assert reckoning.faults_in(tmp_path) == []
    assert reckoning.not_for_a_log(tmp_path, played.names) == []
    with capsys.disabled():
        print(figures(played, people.done, extra), end=" ")


def figures(played: Game, done: Arranged, extra: int) -> str:
    """Say in one line what was arranged, and how many tellings of it came twice."""
    agreed = sum(len(texts) for texts in done.agreements.values())
    bells = f"{len(done.lines)} bells; {extra} told twice"
    meetings = f"{len(done.held)} meetings held, {len(done.moved)} moved, {agreed} agreed"
    return f"\n{played.kills} kills, seed {played.seed}: {done.updates} updates, {meetings}, {bells}"


async def killed_all_the_time(played: Game, people: Arranging) -> None:
    """Kill the bot again and again until everybody has arranged what they had to."""
    arranging = asyncio.create_task(people.run())
    while not arranging.done():
        bot = played.start()
        await played.awake()
        await played.called(played.chance.randint(0, 60), seconds=1)
        await played.kill(bot)
    await arranging


def agreed(books: reckoning.Books) -> dict[str, list[str]]:
    """Give what was agreed and sent, by stage, in the order in which it was typed."""
    return {
        facts.stage.code: [one.text for one in sorted(facts.agreements, key=lambda a: a.id) if one.sent]
        for facts in books.facts
        if facts.agreements
    }


def first_meetings(books: reckoning.Books) -> dict[str, str]:
    """Say of which stages the first meeting was held, or moved to the new day."""
    first = {f.stage.code: f.stage.meetings[0] for f in books.facts if f.stage.code in TOLD_OF}
    moved = {code for code, m in first.items() if (m.at, m.state) == (MOVED, MeetingState.PLANNED)}
    states = {code: "moved" if code in moved else one.state.value for code, one in first.items()}
    return {code: state for code, state in states.items() if state != MeetingState.PLANNED}


def rung(books: reckoning.Books) -> list[tuple[str, str | None]]:
    """Give the stage and the line of each bell."""
    bells = [(f.stage.code, s) for f in books.facts for s in f.signals if s.kind is SignalKind.CONSULT]
    return sorted((code, signal.text) for code, signal in bells)


def expected(agreements: dict[str, list[str]], lines: dict[str, str]) -> Counter[str]:
    """Say how often each mark is to be read: agreements by student and trainer, a line by the teacher."""
    texts = [*(text for agreed in agreements.values() for text in agreed)] * 2 + [*lines.values()]
    return Counter(MARK.findall(" ".join(texts)))


def told_to(played: Game) -> Counter[str]:
    """Count how often each mark came: what was agreed to student and trainer, a line to the teacher."""
    found: Counter[str] = Counter()
    for person in played.crowd.people:
        texts = [m["text"] for m in person.phone.messages if m["from"] == "bot"]
        teaches = Role.TEACHER in person.roles
        found.update(mark for text in texts if ("Bel mij" in text) is teaches for mark in MARK.findall(text))
    return found
