"""The list of own answers: five at a time, newest first, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from conversations import buttons, days
from conversations.buttons import Does
from conversations.digest.lines import answer, in_full, short
from conversations.facts import ChatFacts, Entity
from conversations.messages import Button, Buttons, Piece, Run, Say
from conversations.model import Language, Note, Reply, Share, Stage
from conversations.paging import split
from conversations.question_set import Kind, Question
from conversations.school import School
from conversations.visibility import Own, Reads, own_answers

PAGE = 5
NOTE = "~"  # stands where a question's id would: the number before it is that of the student's own message
LIST = "list"  # the number before it is how many newer answers there are
SHOW, CHANGE, WORDS, AWAY, GONE = "show", "change", "words", "away", "gone"
QUESTION, ANSWER = 60, 120  # characters in the list
FULL = 3000  # UTF-16 units of an answer that is shown alone: what fits in one message with the rest
Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An own answer with the stage it is about, and the place of its buttons."""

    own: Own
    stage: Stage | None  # None for a note about nobody says which stage
    number: int  # the check-in, or the own message of a note
    question: str  # the question's id, or NOTE

    def data(self, what: str) -> str:
        """Make the data of a button below this answer."""
        return buttons.encode(Does.OWN_ANSWER, buttons.base36(self.number), self.question, what)

    @property
    def place(self) -> str:
        """Give what an expectation is about."""
        return f"{buttons.base36(self.number)}:{self.question}"


def entries(facts: ChatFacts, school: School) -> list[Entry]:
    """List all that a student gave in all stages, newest first."""
    mine = [m for m in facts.materials.values() if m.stage.student == facts.me.id]
    if mine:  # a note that no stage was chosen for yet
        loose = tuple(note for note in facts.notes if note.stage is None and not note.gone)
        mine[0] = replace(mine[0], notes=(*mine[0].notes, *loose))
    found = [_entry(own, material.stage) for material in mine for own in own_answers(material, school)]
    return sorted(found, key=lambda entry: (entry.own.shown.at, entry.question), reverse=True)


def after(facts: ChatFacts, changed: Iterable[Entity]) -> ChatFacts:
    """Give the facts as they are after changes, with what a page is made from."""
    materials = dict(facts.materials)
    for entity in changed:
        for stage, material in materials.items():
            if isinstance(entity, Reply) and any(c.id == entity.check_in for c in material.check_ins):
                others = (r for r in material.replies if _slot(r) != _slot(entity))
                materials[stage] = replace(material, replies=(*others, entity))
            elif isinstance(entity, Note) and entity.stage == stage:
                kept = (n for n in material.notes if (n.participant, n.source) != _message(entity))
                materials[stage] = replace(material, notes=(*kept, entity))
    return replace(facts.with_changed(changed), materials=materials)


def _slot(reply: Reply) -> tuple[int, str]:
    return reply.check_in, reply.question


def _message(note: Note) -> tuple[int, int]:
    return note.participant, note.source


def find(facts: ChatFacts, school: School, number: int, question: str) -> Entry | None:
    """Find one of the student's own answers or notes."""
    return next((e for e in entries(facts, school) if (e.number, e.question) == (number, question)), None)


def _entry(own: Own, stage: Stage) -> Entry:
    if own.note is not None:
        about = stage if own.note.stage is not None else None
        return Entry(own=own, stage=about, number=own.note.source, question=NOTE)
    number = own.parts[0].check_in
    return Entry(own=own, stage=stage, number=number, question=own.shown.question)


# ---- the list -------------------------------------------------------------------------------------------


def page(facts: ChatFacts, school: School, begin: int) -> tuple[Pieces, Buttons]:
    """Give five answers from a place in the list, with a number and a button for each."""
    all_of_them = entries(facts, school)
    if not all_of_them:
        return (Say(id="own.none"),), ()
    begin = min(begin, len(all_of_them) - 1) // PAGE * PAGE
    here = list(enumerate(all_of_them[begin : begin + PAGE], start=begin + 1))
    several = len(facts.materials) > 1
    lines: list[Piece] = [Say(id="own.head", values={"n": str(len(all_of_them))}, bold=True)]
    for number, entry in here:
        lines += [Run(f"\n\n{number}. "), *_line(entry, facts.me.language, several=several)]
    lines += [Run("\n\n"), Say(id="own.press_a_number")]
    numbers = tuple(Button(label=Run(str(n)), data=entry.data(SHOW)) for n, entry in here)
    return tuple(lines), (numbers, *_turns(begin, len(all_of_them)))


def _line(entry: Entry, language: Language, *, several: bool) -> Iterable[Piece]:
    shown = entry.own.shown
    yield Run(days.brief(shown.on, language))
    if several and entry.stage is not None:
        yield Run(f" · {short(entry.stage.company, QUESTION)}")
    yield Run("\n")
    yield Run(short(shown.wording, QUESTION)) if shown.wording else Say(id="own.note")
    yield Run("\n")
    yield from answer(shown, ANSWER)
    yield Run(" ")
    yield Say(id=f"own.mark_{entry.own.reads.value}")


def _turns(begin: int, total: int) -> Buttons:
    newer = (_list_button("own.newer", begin - PAGE),) if begin else ()
    more = (_list_button("own.more", begin + PAGE),) if begin + PAGE < total else ()
    return ((*newer, *more),) if newer or more else ()


def _list_button(text: str, begin: int) -> Button:
    data = buttons.encode(Does.OWN_ANSWER, buttons.base36(begin), NOTE, LIST)
    return Button(label=Say(id=text), data=data)


# ---- one answer -----------------------------------------------------------------------------------------


def whole(entry: Entry, language: Language) -> Pieces:
    """Give an answer in full, with the question as it was asked and the day."""
    shown = entry.own.shown
    question: Piece = Run(shown.wording, bold=True) if shown.wording else Say(id="own.note", bold=True)
    words = tuple(_fitting(piece) if isinstance(piece, Run) else piece for piece in in_full(shown))
    return (question, Run(f"\n{days.brief(shown.on, language)}\n"), *words)


def _fitting(run: Run) -> Run:
    """Cut a text that is too long for one message; the rest stays where it is kept."""
    first, *rest = split(run.text, [], FULL)
    return Run(f"{first[0]}…") if rest else run


def detail(facts: ChatFacts, school: School, entry: Entry) -> tuple[Pieces, Buttons]:
    """Give an answer in full with who reads it, and what the student can do about it."""
    pieces = (*whole(entry, facts.me.language), Run("\n\n"), Say(id=f"own.reads_{entry.own.reads.value}"))
    change = tuple(_button(entry, text, what) for text, what in changes(entry, _question(school, entry)))
    away = _button(entry, "own.away", AWAY)
    return pieces, (*((one,) for one in change), *_share(entry), (away,), (back(facts, school, entry),))


def changes(entry: Entry, question: Question | None) -> list[tuple[str, str]]:
    """Say what can be changed: other buttons, or other words; both where both were given."""
    if question is None or question.kind is Kind.TEXT or entry.own.note is not None:
        return [("own.change", CHANGE)]
    words = [("own.change_words", WORDS)] if entry.own.shown.texts else []
    return [("own.change", CHANGE), *words]


def back(facts: ChatFacts, school: School, entry: Entry | None = None) -> Button:
    """Give the button that leads back to the list, where this answer stands in it."""
    places = [(e.number, e.question) for e in entries(facts, school)]
    place = (entry.number, entry.question) if entry else None
    return _list_button("own.back", places.index(place) // PAGE * PAGE if place in places else 0)


def _question(school: School, entry: Entry) -> Question | None:
    questions = school.question_sets.get(entry.own.shown.question_set)
    return questions.question(entry.question) if questions else None


def _share(entry: Entry) -> Buttons:
    """Offer the other of 🔒 and 💬, where there is a choice."""
    other = {Reads.PRIVATE: Share.MEETING, Reads.MEETING: Share.PRIVATE}.get(entry.own.reads)
    if other is None:
        return ()
    return ((Button(label=Say(id=f"asking.share_{other.value}"), data=entry.data(other.value)),),)


def _button(entry: Entry, text: str, what: str) -> Button:
    return Button(label=Say(id=text), data=entry.data(what))
