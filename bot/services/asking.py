"""Carries out what stages have due: questions, reminders, closings, and what could not be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.services.preparing import Preparing
from bot.services.speaking import Speaker
from bot.store import access, decisions, outbox, replies, stage_facts, stages
from bot.store.ids import new_ids
from bot.store.records import Parcel
from bot.store.transaction import Transaction
from conversations import asking, meetings, signals
from conversations.desk import Decision, Desk, Seen, lay_out
from conversations.due import due, next_wake
from conversations.duties import (
    Addend,
    Ask,
    AskHeld,
    Close,
    Due,
    Escalate,
    HandOver,
    HandPage,
    MissDigest,
    Record,
    Remind,
    Wake,
    one_catch_up,
)
from conversations.facts import ChatFacts, Entity, StageFacts
from conversations.messages import Lane
from conversations.model import CheckIn, CheckInId, ParticipantId, Reply, StageId
from conversations.school import School

A_TICK = timedelta(minutes=5)  # rounds closer together belong to one tick


@dataclass(slots=True)
class Round:
    """What one tick changes, gathered before anything is written.

    `facts` hold the stages whose moment has come, and the other stages of the people who are asked.
    """

    facts: dict[StageId, StageFacts]
    stages_of: dict[ParticipantId, list[StageId]] = field(default_factory=dict)  # by person
    changed: list[Entity] = field(default_factory=list)
    made: set[CheckInId] = field(default_factory=set)  # not in the database yet
    parcels: list[Parcel] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)  # whose words were quoted to whom


@dataclass(frozen=True, slots=True)
class Asking:
    """The use case of the clock: what is due is asked, closed or handed over."""

    school: School
    speaker: Speaker
    preparing: Preparing
    _asked: dict[ParticipantId, datetime] = field(default_factory=dict)  # in the rounds of this tick

    async def tick(self, tx: Transaction, ids: Sequence[StageId], now: datetime) -> None:
        """Do what is due for these stages, and note when to look at them next."""
        this = Round(facts=await stage_facts.load(tx, ids))
        dues = self._one_catch_up(
            [d for facts in this.facts.values() for d in due(facts, self.school, now)], now
        )
        this.facts |= await _around(tx, this, dues)
        this.stages_of = _by_person(this.facts.values())
        await self._carry_out(tx, this, dues, now)
        owners = _owners(this)
        await decisions.save(tx, this.changed, made=this.made, owners=owners)
        await outbox.put(tx, this.parcels, now, owners.students)
        for seen in this.seen:
            await access.log(tx, now, seen.by, seen.what, seen.stage)
        await stages.wake(tx, self._next(this, ids, now))

    def forget(self) -> None:
        """Forget who was asked in this tick, where nothing came of it."""
        self._asked.clear()

    def _one_catch_up(self, dues: Sequence[Due], now: datetime) -> list[Due]:
        """Keep one catch-up a person, also when somebody's stages come up in several rounds of one tick."""
        for person in [p for p, at in self._asked.items() if abs(now - at) > A_TICK]:
            del self._asked[person]
        kept = one_catch_up(dues, self._asked.keys())
        self._asked.update({d.planned.participant: now for d in kept if isinstance(d, Ask)})
        return kept

    async def _carry_out(self, tx: Transaction, this: Round, dues: Sequence[Due], now: datetime) -> None:
        with_text = [d.check_in.id for d in dues if isinstance(d, Remind | Wake | Close)]
        full = await replies.of_check_ins(tx, with_text)
        for one in dues:
            match one:
                case Close(check_in=check_in, reason=reason):
                    self._do(this, check_in, full, now, partial(asking.close, reason=reason))
                case Remind(check_in=check_in):
                    self._do(this, check_in, full, now, asking.remind)
                case Wake(check_in=check_in):
                    self._do(this, check_in, full, now, asking.wake)
                case AskHeld(stage=stage, meeting=meeting):
                    decision = meetings.ask_held(this.facts[stage], meeting, self.school, now)
                    await self._tell(tx, this, stage, decision, now)
                case Escalate(signal=signal):
                    decision = signals.escalate(this.facts[signal.stage], signal, self.school, now)
                    await self._tell(tx, this, signal.stage, decision, now)
                case HandOver() | Addend() | MissDigest() | HandPage():
                    await decisions.save(tx, this.changed)  # a digest reads what closed just before it
                    facts = this.facts[one.stage]
                    changed, parcels = await self.preparing.carry_out(tx, facts, one, now)
                    self._note(this, one.stage, changed)
                    this.parcels += parcels
                case Ask() | Record():
                    pass
        self._open(this, [d for d in dues if isinstance(d, Ask | Record)], now)

    def _do(
        self,
        this: Round,
        check_in: CheckIn,
        full: Mapping[CheckInId, Sequence[Reply]],
        now: datetime,
        does: Callable[[Desk], Decision],
    ) -> None:
        facts = _chat(this, check_in.participant, full.get(check_in.id, ()))
        decision = does(lay_out(facts, check_in.id, self.school, now, Lane.PROMPT))
        self._take(this, facts, decision, now)

    async def _tell(
        self, tx: Transaction, this: Round, stage: StageId, decision: Decision, now: datetime
    ) -> None:
        """Note what was decided for staff of a stage."""
        self._note(this, stage, decision.changed)
        this.parcels += self.speaker.parcels(decision.out, this.facts[stage].people, now)
        for seen in decision.seen:
            await access.log(tx, now, seen.by, seen.what, seen.stage)

    def _open(self, this: Round, planned: Sequence[Ask | Record], now: datetime) -> None:
        """Make the check-ins of what is due, as they are once their first question was put."""
        asked: dict[ParticipantId, list[CheckIn]] = {}
        for new, one in zip(new_ids(now, len(planned)), planned, strict=True):
            check_in = one.check_in(CheckInId(new))
            this.made.add(check_in.id)
            if isinstance(one, Ask):
                asked.setdefault(check_in.participant, []).append(check_in)
            else:
                self._note(this, check_in.stage, (check_in,))
        for participant, check_ins in asked.items():
            facts = _chat(this, participant)
            decision = asking.open_round(facts, check_ins, self.school, now)
            self._take(this, facts, decision, now)

    def _take(self, this: Round, facts: ChatFacts, decision: Decision, now: datetime) -> None:
        after = (one for one in decision.changed if isinstance(one, CheckIn))
        stage_of = {c.id: c.stage for c in (*facts.check_ins, *after)}
        changed: dict[StageId, list[Entity]] = {}
        for entity in decision.changed:
            if isinstance(entity, CheckIn):
                changed.setdefault(entity.stage, []).append(entity)
            elif isinstance(entity, Reply):
                changed.setdefault(stage_of[entity.check_in], []).append(entity)
        for stage, entities in changed.items():
            self._note(this, stage, entities)
        this.parcels += self.speaker.parcels(decision.out, {facts.me.id: facts.me}, now)
        this.seen += decision.seen

    def _note(self, this: Round, stage: StageId, changed: Iterable[Entity]) -> None:
        new = tuple(changed)
        this.changed += new
        this.facts[stage] = this.facts[stage].with_changed(new)

    def _next(self, this: Round, ids: Sequence[StageId], now: datetime) -> dict[StageId, datetime | None]:
        touched = {one.stage for one in this.changed if isinstance(one, CheckIn)}
        return {
            stage: next_wake(this.facts[stage], self.school, now) if stage in this.facts else None
            for stage in touched.union(ids)
        }


async def _around(tx: Transaction, this: Round, dues: Sequence[Due]) -> dict[StageId, StageFacts]:
    """Load the other stages of people who are asked: two questions a week hold for all of them together."""
    asked = {one.planned.participant for one in dues if isinstance(one, Ask)}
    again = {one.check_in.participant for one in dues if isinstance(one, Remind | Wake | Close)}
    others = await stages.ids_of_people(tx, asked | again) - this.facts.keys()
    return await stage_facts.load(tx, others) if others else {}


def _owners(this: Round) -> decisions.Owners:
    """Hand on what was loaded: whose key seals what belongs to which stage."""
    replies_to = {one.check_in for one in this.changed if isinstance(one, Reply)}
    return decisions.Owners(
        students={stage: facts.stage.student for stage, facts in this.facts.items()},
        stages={c.id: c.stage for f in this.facts.values() for c in f.check_ins if c.id in replies_to},
    )


def _by_person(facts: Iterable[StageFacts]) -> dict[ParticipantId, list[StageId]]:
    found: dict[ParticipantId, list[StageId]] = {}
    for one in facts:
        for person in one.people:
            found.setdefault(person, []).append(one.stage.id)
    return found


def _chat(this: Round, participant: ParticipantId, full: Sequence[Reply] = ()) -> ChatFacts:
    return chat_facts((this.facts[stage] for stage in this.stages_of[participant]), participant, full)


def chat_facts(
    facts: Iterable[StageFacts], participant: ParticipantId, full: Sequence[Reply] = ()
) -> ChatFacts:
    """See the stages of a tick through the eyes of one participant; `full` replies replace the light ones."""
    theirs = [f for f in facts if participant in f.people]
    people = {person.id: person for f in theirs for person in f.people.values()}
    known = {(r.check_in, r.question) for r in full}
    light = (r for f in theirs for r in f.replies if (r.check_in, r.question) not in known)
    return ChatFacts(
        me=people[participant],
        stages=tuple(f.stage for f in theirs),
        people=people,
        check_ins=tuple(c for f in theirs for c in f.check_ins if c.participant == participant),
        replies=(*(r for r in light if r.participant == participant), *full),
        slots={},
    )
