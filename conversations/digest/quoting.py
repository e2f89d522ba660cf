"""What came of the words that a question quoted: an agreement (P1), an example of guidance (K4b)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from conversations.calendar import to_local
from conversations.digest.page import BOTH, Agreed
from conversations.digest.said import Told
from conversations.digest.silence import BECAME, PRIVATE
from conversations.dossier import Agreement
from conversations.facts import Material
from conversations.messages import Say
from conversations.model import CheckIn, CheckInId, Quote, Reply, Role
from conversations.school import School
from conversations.visibility import Mark, Shown

AGREEMENT, EXAMPLE = "afspraak", "voorbeeld"  # the places that a question leaves open
GUIDED, CONSENT = "guided", "consent"
NOT_ASKED, NOT_YET_ASKED = Say(id="digest.silence_not_asked"), Say(id="digest.not_yet_asked")
NO_CONSENT = Say(id="digest.silence_no_consent")
WITHOUT = {"yes": NOT_YET_ASKED, "no": NO_CONSENT}  # by what the trainer said to "Mag … dit lezen?"
OPEN = Say(id="digest.silence_open")

Slot = tuple[CheckInId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """Finds what was asked about somebody's words, and what became of it up to a moment."""

    material: Material
    told: Told
    quotes: Mapping[Slot, Quote]  # by the question that holds it, in the order of asking
    answers: Mapping[Slot, Shown]
    private: frozenset[Slot]
    replies: Mapping[Slot, Reply]
    until: datetime

    @classmethod
    def of(cls, material: Material, school: School, told: Told, until: datetime) -> Quoting:
        """Look through what was asked in a stage."""
        asked = (c for c in material.check_ins if c.quotes and c.due <= until)
        return cls(
            material=material,
            told=told,
            quotes={slot: quote for check_in in asked for slot, quote in _places(check_in, school)},
            answers={(s.check_in, s.question): s for s in told.ever if s.check_in is not None},
            private=frozenset((s.check_in, s.question) for s in told.ever_private if s.check_in is not None),
            replies={(r.check_in, r.question): r for r in material.replies if r.asked <= until},
            until=until,
        )

    def agreed(self, number: int, school: School) -> tuple[Agreed, ...]:
        """Give what was agreed at the last meeting before this one at which anything was agreed."""
        known = [a for a in self.material.agreements if not a.gone and a.at <= self.until]
        before = [a for a in known if a.meeting < number]
        last = max((a.meeting for a in before), default=None)
        return tuple(self._agreed(a, school) for a in before if a.meeting == last)

    def recognised(self, example: Shown | None) -> Shown | Say | None:
        """Say whether the student recognises an example of guidance, or why nothing is known of it."""
        if example is None or example.check_in is None:
            return None
        found = self._became(Role.STUDENT, EXAMPLE, example.check_in)
        consent = self.answers.get((example.check_in, CONSENT))
        said = consent.choices if consent is not None else ()
        return found or next((WITHOUT[choice] for choice in said if choice in WITHOUT), NOT_ASKED)

    def example(self) -> Shown | None:
        """Give the trainer's last example; without a new one, that of which the student spoke since."""
        if (new := self.told.last(Role.TRAINER, GUIDED)) is not None:
            return new
        spoken = [s for s in self.told.shared if self._place(s) == EXAMPLE]
        sources = [self.quotes[s.check_in, s.question].source for s in spoken if s.check_in is not None]
        found = (self.answers.get((CheckInId(source), GUIDED)) for source in reversed(sources))
        return next((example for example in found if example is not None), None)

    def is_placed(self, one: Shown | Mark) -> bool:
        """Tell whether an answer stands beside the words that its question quoted."""
        return self._place(one) in (AGREEMENT, EXAMPLE)

    def rest(self) -> Told:
        """Give what was said and asked, without what stands beside the words that were quoted."""
        return replace(
            self.told,
            shared=[s for s in self.told.shared if not self.is_placed(s)],
            private=[s for s in self.told.private if not self.is_placed(s)],
            marks=[m for m in self.told.marks if not self.is_placed(m)],
        )

    def _place(self, one: Shown | Mark) -> str | None:
        quote = self.quotes.get((one.check_in, one.question)) if one.check_in is not None else None
        return _kind(quote) if quote is not None else None

    def _agreed(self, agreement: Agreement, school: School) -> Agreed:
        answers = {role: self._became(role, AGREEMENT, agreement.id) or NOT_YET_ASKED for role in BOTH}
        return Agreed(
            id=agreement.id,
            meeting=agreement.meeting,
            text=agreement.text,
            on=to_local(school.calendar, agreement.at).date(),
            answers=answers,
        )

    def _became(self, role: Role, place: str, source: int) -> Shown | Say | None:
        """Give the newest answer about something that was quoted to somebody, or what became of asking."""
        slots = [s for s, q in self.quotes.items() if (_kind(q), q.source) == (place, source)]
        asked = [slot for slot in slots if self._is_of(slot, role)]
        given = [self.answers[slot] for slot in asked if slot in self.answers]
        return given[-1] if given else self._silence(asked)

    def _is_of(self, slot: Slot, role: Role) -> bool:
        student = self.material.stage.student
        people = {c.id: c.participant for c in self.material.check_ins}
        return (people.get(slot[0]) == student) is (role is Role.STUDENT)

    def _silence(self, asked: Sequence[Slot]) -> Say | None:
        if not self.private.isdisjoint(asked):
            return Say(id=PRIVATE)
        put = [self.replies[slot] for slot in asked if slot in self.replies]
        if not put:
            return None
        why = dict(BECAME).get(put[-1].status)
        return Say(id=why) if why else OPEN  # answered, but after this digest


def _places(check_in: CheckIn, school: School) -> Iterator[tuple[Slot, Quote]]:
    """Find the question that holds the place of each quote."""
    questions = school.question_sets.get(check_in.question_set)
    for question in questions.questions if questions else ():
        for quote in check_in.quotes:
            if quote.place in question.quotes:
                yield (check_in.id, question.id), quote


def _kind(quote: Quote) -> str:
    """Give what is quoted: "afspraak_2" is a second agreement."""
    return quote.place.split("_", maxsplit=1)[0]
