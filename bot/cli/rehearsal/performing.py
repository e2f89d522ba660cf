"""Lets the cast live through all stages: the clock jumps to the next moment on which something happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop
from random import Random
from typing import Any

from bot.cli.playing import Play
from bot.cli.rehearsal import menus
from bot.cli.rehearsal.habits import COORDINATORS, STUDENTS, TEACHERS, TRAINERS, Habits
from bot.cli.rehearsal.people import Agenda, Person
from bot.cli.rehearsal.sheets import Sheets
from bot.cli.rehearsal.whims import fate_of, set_out
from conversations.joining import leading_role
from conversations.model import Participant, ParticipantId, Role

A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """A message of the bot on a phone; `by_itself` when the person had done nothing just before.

    `passed_on` when somebody else had.
    """

    participant: ParticipantId
    message: int
    at: datetime
    text: str
    by_itself: bool
    passed_on: bool
    changed: bool


@dataclass(slots=True)
class Cast:
    """Everybody in the rehearsal, and what their phones showed."""

    play: Play
    seed: int
    sheets: Sheets
    people: dict[int, Person] = field(default_factory=dict)  # by chat
    glimpses: list[Glimpse] = field(default_factory=list)
    _acting: set[int] = field(default_factory=set)
    _agenda: Agenda = field(default_factory=list)

    async def assemble(self) -> None:
        """Give everybody in the roster habits and a fate."""
        counts = dict.fromkeys(Role, 0)
        begun = self.play.clock()
        ends = {stage.code: stage.end for stage in await self.play.stages()}
        for number, invitation in enumerate(self.play.people):
            one = invitation.participant
            role = leading_role(one)
            until = max(ends[code] for code in invitation.stages) if invitation.stages else max(ends.values())
            person = self._person(one, number, counts[role], invitation.code or "", until)
            self.people[person.phone.user_id] = person
            set_out(person, fate_of(role, counts[role]), begun)
            if role is Role.COORDINATOR:
                self.sheets.plan(person, self._teams(one), begun)
            counts[role] += 1
        self.play.world.listeners.append(self._watch)

    async def perform(self) -> None:
        """Live until nobody has anything left to do, the bot included."""
        wake = await self.play.next_wake()
        while wake is not None or self._agenda:
            at = min(moment for moment in (wake, *(at for at, _ in self._agenda[:1])) if moment is not None)
            self.play.clock.jump(max(at, self.play.clock()))
            if wake is not None and wake <= at:
                wake = await self.play.rest()
            self._acting = {chat for chat in self._with_plans(at) if self.people[chat].live(at)}
            if self._acting:
                self._finish_saying(at)
                wake = await self.play.rest()
                self._acting = set()

    def _with_plans(self, at: datetime) -> list[int]:
        """Give the chats of those who planned something for this moment, always in the same order."""
        chats = set()
        while self._agenda and self._agenda[0][0] <= at:
            chats.add(heappop(self._agenda)[1])
        return sorted(chats)

    def _finish_saying(self, at: datetime) -> None:
        """Send second messages a second after the first, before the bot has seen either."""
        saying = [person for chat in sorted(self._acting) if (person := self.people[chat]).afterthoughts]
        if not saying:
            return
        self.play.clock.jump(max(self.play.clock(), at + A_SECOND))
        for person in saying:
            for act in person.afterthoughts:
                act(self.play.clock())
            person.afterthoughts.clear()
        self.play.clock.jump(self.play.clock() + A_SECOND)

    def _watch(self, event: dict[str, Any]) -> None:
        """See what a phone shows."""
        if event["kind"] != "message" or event["message"]["from"] != "bot":
            return
        person, view = self.people[event["user_id"]], event["message"]
        now = self.play.clock()
        self.glimpses.append(
            Glimpse(
                participant=person.me,
                message=view["message_id"],
                at=now,
                text=view["text"] or "",
                by_itself=event["user_id"] not in self._acting,
                passed_on=len(self._acting) > (event["user_id"] in self._acting),
                changed=view["message_id"] in person.screen,
            )
        )
        menus.saw(person, view, now.replace(second=0))

    def _teams(self, one: Participant) -> frozenset[str]:
        theirs = (held.teams for held in self.play.school.coordinators if held.name == one.name)
        return frozenset(team for teams in theirs for team in teams)

    def _person(self, one: Participant, number: int, of_role: int, code: str, until: date) -> Person:
        zone, role = self.play.school.calendar.zone, leading_role(one)
        return Person(
            me=one.id,
            number=number,
            role=role,
            phone=self.play.world.phone(self.play.chat_of(one.id)),
            code=code,
            habits=_habits(role, of_role),
            language=one.language,
            zone=zone,
            random=Random(f"{self.seed}/{number}"),  # noqa: S311 (a rehearsal can be repeated)
            until=datetime.combine(until, time(0), zone),
            agenda=self._agenda,
        )


def _habits(role: Role, number: int) -> Habits:
    everyone = {
        Role.STUDENT: STUDENTS,
        Role.TRAINER: TRAINERS,
        Role.TEACHER: TEACHERS,
        Role.COORDINATOR: COORDINATORS,
    }
    return everyone[role][number % len(everyone[role])]
