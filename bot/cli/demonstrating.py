"""`stagebot demo`: a school to play with, on phones in the browser."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import structlog
import typer

from bot.cli.playing import Play, playing
from bot.store import people, stage_facts, stages
from config.texts import Texts
from conversations.calendar import to_local
from conversations.due import due, next_wake
from conversations.duties import Addend, Ask, AskHeld, Due, Escalate, HandOver, HandPage, Record, Remind, Wake
from conversations.facts import StageFacts
from conversations.model import Language, ParticipantId, Reach, Role, Stage
from conversations.schedule import digest_at

STEPS = 60  # moments on which nothing is to be seen that "next moment" passes over, at most
SEEN = (Ask, Record, Remind, Wake, HandOver, HandPage, AskHeld, Escalate)


async def demo(host: str, port: int, roster: Path | None) -> None:
    """Serve the page with the phones until Ctrl-C."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with playing(roster, host=host, port=port) as play:
        play.clock.running = True
        play.simulator.direct(Stagehand(play))
        print(f"stagebot plays at  {play.simulator.url}  (Ctrl-C to stop)", flush=True)
        beat = asyncio.create_task(_beat(play))
        await stop.wait()
        beat.cancel()
    typer.echo("\nStopped. Nothing of this demo was kept.")


async def _beat(play: Play) -> None:
    """Look every second at what is due, as the running bot does every few seconds."""
    while True:
        await play.bot.road.tick()
        await asyncio.sleep(1)


class Stagehand:
    """Tells the page which stages there are and what time it is, and turns the clock."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._texts = Texts.load()

    async def stages(self) -> list[dict[str, object]]:
        """List the stages with their people and invitation codes."""
        found = await self._play.stages()
        known = {one.participant.id for one in self._play.people}
        if any(not {stage.student, stage.trainer, stage.teacher} <= known for stage in found):
            await self._play.invite()
        codes = {one.participant.id: one.code for one in self._play.people}
        return [await self._stage(stage, codes) for stage in found]

    async def moments(self, stage: str | None) -> dict[str, object]:
        """Tell the time, and what comes next in a stage."""
        found = {one.code: one for one in await self._play.stages()}
        chosen = found.get(stage or "")
        now = self._play.clock()
        to_come = [m for m in chosen.meetings if m.at > now] if chosen else []
        digests = [(digest_at(m, self._play.school), m.number) for m in to_come]
        return {
            "now": self._local(now).isoformat(timespec="seconds"),
            "next_moment": await self._next_moment(chosen) if chosen else None,
            "next_digest": next((self._at(at, n) for at, n in digests if at > now), None),
            "next_meeting": next((self._at(m.at, m.number) for m in to_come), None),
        }

    async def jump(self, to: str, stage: str | None) -> dict[str, object]:
        """Turn the clock to the next moment, digest or meeting of a stage, or to a date and time."""
        before = await self.moments(stage)
        if to == "next_moment" and stage is not None:
            await self._to_next_moment(stage)
        elif to in ("next_moment", "next_digest", "next_meeting"):
            target = before[to]
            if not isinstance(target, dict):
                raise ValueError("there is nothing left in this stage to jump to")
            await self._play.jump(datetime.fromisoformat(str(target["at"])))
        else:
            await self._play.jump(self._read(to))
        return await self.moments(stage)

    def _read(self, to: str) -> datetime:
        try:
            moment = datetime.fromisoformat(to)
        except ValueError:
            raise ValueError("expected a date and time such as 2026-09-17T08:30") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=self._play.school.calendar.zone)
        if moment < self._play.clock():
            raise ValueError("the clock does not go back")
        return moment

    async def _to_next_moment(self, stage: str) -> None:
        for _ in range(STEPS):
            facts = await self._facts(stage)
            at = next_wake(facts, self._play.school, self._play.clock()) if facts else None
            if facts is None or at is None:
                raise ValueError("there is nothing left in this stage to jump to")
            dues = due(facts, self._play.school, max(at, self._play.clock()))
            await self._play.jump(max(at, self._play.clock()))
            if any(isinstance(one, SEEN) for one in dues):
                return

    async def _next_moment(self, stage: Stage) -> dict[str, object] | None:
        facts = await self._facts(stage.code)
        at = next_wake(facts, self._play.school, self._play.clock()) if facts else None
        if facts is None or at is None:
            return None
        return {"at": self._local(at).isoformat(timespec="minutes"), "what": self._what(facts, at)}

    def _what(self, facts: StageFacts, at: datetime) -> str:
        told = (self._due(facts, one) for one in due(facts, self._play.school, at))
        return next((words for words in told if words), self._say("closing"))

    def _due(self, facts: StageFacts, one: Due) -> str | None:
        match one:
            case Ask(planned=planned) | Record(planned=planned):
                return self._say("check_in", name=facts.people[planned.participant].first_name)
            case Remind(check_in=check_in) | Wake(check_in=check_in):
                return self._say("reminder", name=facts.people[check_in.participant].first_name)
            case HandOver(meeting=meeting) | Addend(meeting=meeting):
                return self._say("digest", n=str(meeting.number))
            case AskHeld(meeting=meeting):
                return self._say("held", n=str(meeting.number))
            case HandPage(page=page, late=False):
                return self._say(page)
            case Escalate():
                return self._say("escalation")
            case _:
                return None

    def _say(self, what: str, **values: str) -> str:
        wording = self._texts.by_id[f"demo.{what}"]
        text = wording.to(Language.NL)
        for place, value in values.items():
            text = text.replace(f"{{{place}}}", value)
        return text

    async def _facts(self, code: str) -> StageFacts | None:
        async with self._play.db.reading() as tx:
            found = (await stages.by_codes(tx, [code])).get(code)
            return (await stage_facts.load(tx, [found.id]))[found.id] if found else None

    async def _stage(self, stage: Stage, codes: Mapping[ParticipantId, str | None]) -> dict[str, object]:
        async with self._play.db.reading() as tx:
            facts = (await stage_facts.load(tx, [stage.id]))[stage.id]
            known = await people.by_ids(tx, facts.people)
        roles = [(Role.STUDENT, stage.student), (Role.TRAINER, stage.trainer), (Role.TEACHER, stage.teacher)]
        roles += [(Role.COORDINATOR, one) for one in facts.coordinators[:1]]
        programme = self._play.school.programmes[stage.programme].name.to(Language.NL)
        return {
            "stage": stage.code,
            "label": f"{known[stage.student].name} · {stage.company} · {programme}",
            "people": [
                {
                    "user_id": self._play.chat_of(person),
                    "role": role.value,
                    "name": known[person].name,
                    "code": codes[person],
                    "joined": known[person].reach is Reach.JOINED,
                }
                for role, person in roles
            ],
        }

    def _local(self, moment: datetime) -> datetime:
        return to_local(self._play.school.calendar, moment)

    def _at(self, moment: datetime, number: int) -> dict[str, object]:
        return {"at": self._local(moment).isoformat(timespec="minutes"), "number": number}
