"""At a start the stages are looked at again only where the program or the school's files changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import config
from bot.services.speaking import Speaker
from bot.services.starting import fingerprint, look_again, renew_menus
from bot.store import stages, starts
from config.texts import Texts
from conversations.school import School as Configured
from tests.services.school import School


async def test_a_start_looks_at_all_stages_only_where_something_changed(school: School) -> None:
    """The first start does, the second does not, and one with another holiday does again."""
    now = school.play.clock()
    calendar = school.play.school.calendar
    holiday = calendar.public_holidays | {date(2026, 9, 10)}
    other = replace(school.play.school, calendar=replace(calendar, public_holidays=holiday))
    found, waking = [], []
    async with school.play.db.writing() as tx:
        for hour, file in enumerate((school.play.school, school.play.school, other, other)):
            found.append(await look_again(tx, file, now + timedelta(hours=hour)))
            waking.append(await stages.next_at(tx))
    assert found == [True, False, True, False]
    assert waking == [now, now, now + timedelta(hours=2), now + timedelta(hours=2)]


async def test_who_joined_before_sees_new_commands_once(school: School) -> None:
    """The first start with these menus sends them, after whatever else waits; the second sends nothing."""
    await school.join(school.student, school.teacher)
    now = school.play.clock()
    speaker = Speaker(Texts.load())
    before = _menus(school)
    told = [await renew_menus(school.play.db, speaker, now) for _ in range(2)]
    school.play.bot.sender.nudge()
    await school.play.rest()
    assert (told, _menus(school) - before) == ([2, 0], 2)


async def test_menus_that_were_cut_off_go_on_where_they_were(school: School) -> None:
    """What a start leaves that ended after its first transaction: the next one queues the other two menus."""
    await school.join(school.student, school.trainer, school.teacher)
    now, speaker, before = school.play.clock(), Speaker(Texts.load()), _menus(school)
    first = await renew_menus(school.play.db, speaker, now, at_once=1)
    done = min(school.stage.student, school.stage.trainer, school.stage.teacher)
    async with school.play.db.writing() as tx:
        await starts.keep(tx, starts.What.MENUS, f"{await starts.last(tx, starts.What.MENUS)} {done}", now)
    told = [await renew_menus(school.play.db, speaker, now, at_once=1) for _ in range(2)]
    school.play.bot.sender.nudge()
    await school.play.rest()
    assert (first, told, _menus(school) - before) == (3, [2, 0], 5)


def _menus(school: School) -> int:
    return sum(call.method == "setMyCommands" for call in school.play.world.transcript)


def changed(school: Configured) -> list[Configured]:
    """Give the school with each thing changed that a plan is made of."""
    calendar = school.calendar
    name, a_set = next(iter(school.question_sets.items()))
    quiet = replace(calendar.quiet, begin=calendar.quiet.end)
    return [
        replace(school, calendar=replace(calendar, school_holidays=())),
        replace(school, calendar=replace(calendar, quiet=quiet)),
        replace(school, question_sets={**school.question_sets, name: replace(a_set, version="other")}),
        replace(school, programmes={}),
    ]


def test_whatever_a_plan_is_made_of_changes_the_fingerprint(tmp_path: Path) -> None:
    """Holidays, quiet hours, question sets, tasks, and the program itself."""
    school = config.load()
    (tmp_path / "plan.py").write_text("moment = 1", encoding="utf-8")
    first = fingerprint(school, tmp_path)
    others = [fingerprint(one, tmp_path) for one in changed(school)]
    same = fingerprint(config.load(), tmp_path)
    (tmp_path / "plan.py").write_text("moment = 2", encoding="utf-8")
    assert (same, len({first, *others, fingerprint(school, tmp_path)})) == (first, 6)
