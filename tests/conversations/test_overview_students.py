"""S3, the teacher with twenty: /studenten fits a phone, and tells what stands out without blame."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

import pytest

from config.texts import Texts
from conversations import buttons
from conversations.buttons import Does, base36
from conversations.desk import Decision
from conversations.dialogue import decide
from conversations.dossier import Signal, SignalId, SignalKind, SignalState
from conversations.events import Commanded, Pressed
from conversations.facts import ChatFacts, DigestRecord, StageFacts
from conversations.messages import Acknowledge, Message
from conversations.model import (
    Language,
    Participant,
    ParticipantId,
    Reach,
    Role,
    Share,
    Stage,
    StageId,
    Status,
)
from conversations.overview.standing import silent_since, stands_out
from tests.conversations.stages import (
    STUDENT,
    TEACHER,
    TRAINER,
    a_check_in,
    a_meeting,
    a_person,
    a_reply,
    a_stage,
    at,
    the_facts,
)
from tests.conversations.telling import SCHOOL

TEXTS = Texts.load()
NOW = at("2026-10-05 12:00")
TWENTY = 20
LIMIT = 4096


def a_student(number: int) -> Participant:
    return replace(
        a_person(STUDENT, name=f"Student{number} van der Achternaam"), id=ParticipantId(100 + number)
    )


def a_teacher(count: int, **changes: Any) -> ChatFacts:
    """Give the chat of a teacher with so many stages, of which the last has the soonest meeting."""
    people = {100 + n: a_student(n) for n in range(count)} | {TRAINER: a_person(TRAINER)}
    me = a_person(TEACHER, **changes)
    stages = tuple(
        a_stage(
            id=StageId(10 + n),
            code=f"BPV-{n:03}",
            student=ParticipantId(100 + n),
            meetings=(a_meeting(2, f"{date(2026, 12, 1) - timedelta(days=n)} 10:00"),),
        )
        for n in range(count)
    )
    known = {ParticipantId(person): one for person, one in people.items()} | {me.id: me}
    dossiers = {s.id: StageFacts(stage=s, people=known, coordinators=()) for s in stages}
    return ChatFacts(me=me, stages=stages, people=known, slots={}, dossiers=dossiers)


def command(facts: ChatFacts, name: str, argument: str = "") -> Decision:
    event = Commanded(message=1, name=name, argument=argument, at=NOW)
    return decide(facts, event, SCHOOL, NOW)


def press(facts: ChatFacts, data: str) -> Decision:
    return decide(facts, Pressed(press="p", data=data, message=None, at=NOW), SCHOOL, NOW)


def texts(decision: Decision, language: Language = Language.NL) -> list[str]:
    reader = a_person(TEACHER, language=language)
    return [TEXTS.render(m.pieces, reader)[0] for m in decision.out if isinstance(m, Message)]


def labels(decision: Decision) -> list[str]:
    below = [m.buttons for m in decision.out if isinstance(m, Message)]
    flat = chain.from_iterable(chain.from_iterable(rows) for rows in below)
    return [TEXTS.render((button.label,), a_person(TEACHER))[0] for button in flat]


def test_twenty_students_are_one_message() -> None:
    """Two lines a student, those with a meeting soonest first, in a message that needs no cutting."""
    (page,) = texts(command(a_teacher(TWENTY), "studenten"))
    blocks = page.split("\n\n")
    assert blocks[0] == "Je studenten (20)"
    assert blocks[1].split("\n")[0] == "Student19 · week 5/21 · do 12 nov, online"
    assert blocks[20].split("\n")[0] == "Student0 · week 5/21 · di 1 dec, online"
    assert {block.count("\n") for block in blocks[1:]} == {1}
    assert len(page) < LIMIT
    assert labels(command(a_teacher(TWENTY), "studenten")) == ["Voorbereiding"]


def test_more_students_are_cut_between_two_students() -> None:
    """[Meer] goes on where the list stopped, and says how many there are."""
    facts = a_teacher(45)
    first = command(facts, "studenten")
    second = press(facts, buttons.encode(Does.PREPARE, "0", "m20"))
    third = press(facts, buttons.encode(Does.PREPARE, "0", "m40"))
    shown = [re.findall(r"^(Student\d+) ", texts(one)[0], re.MULTILINE) for one in (first, second, third)]
    assert [labels(one) for one in (first, second, third)] == [
        ["Voorbereiding", "Meer (25)"],
        ["Voorbereiding", "Meer (5)"],
        ["Voorbereiding"],
    ]
    assert list(chain.from_iterable(shown)) == [f"Student{n}" for n in range(44, -1, -1)]


def test_what_is_shown_of_whom_is_logged() -> None:
    """A line of the access log for each student on the page, without a word."""
    seen = command(a_teacher(3), "studenten").seen
    assert {(line.by, line.what, line.stage) for line in seen} == {
        (TEACHER, "students", StageId(10 + n)) for n in range(3)
    }


def test_two_students_of_one_first_name_get_their_whole_name() -> None:
    """So that a teacher never opens the wrong page."""
    facts = a_teacher(2)
    twin = replace(facts.people[ParticipantId(100)], name="Student1 Bakker")
    facts = replace(facts, people={**facts.people, twin.id: twin})
    (page,) = texts(command(facts, "studenten"))
    assert [line.split(" · ")[0] for line in page.split("\n")[2::3]] == [
        "Student1 van der Achternaam",
        "Student1 Bakker",
    ]


def test_a_stage_that_ended_or_that_is_past_is_not_in_the_list() -> None:
    """The list is about who is on a stage now."""
    facts = a_teacher(3)
    first, second, third = facts.stages
    facts = replace(facts, stages=(replace(first, ended=True), replace(second, end=date(2026, 10, 4)), third))
    (page,) = texts(command(facts, "studenten"))
    assert page.startswith("Je studenten (1)\n\nStudent2 · ")


def test_a_teacher_without_stages_is_told_so() -> None:
    """An empty list is a sentence with a way on."""
    for name in ("studenten", "voorbereiding"):
        (said,) = texts(command(a_teacher(0), name))
        assert said == "Je hebt nu geen lopende stages. Met /help zie je wat je hier kunt doen."


def test_answers_are_counted_since_the_last_digest() -> None:
    """Follow-ups and what another person answered do not count."""
    before, after = a_check_in(1, "week 2"), a_check_in(2, "week 4", due=at("2026-10-01 16:30"))
    trainer = a_check_in(3, "meeting 2", participant=TRAINER, due=at("2026-10-01 16:30"))
    facts = a_teacher(1)
    stage = replace(facts.stages[0], student=STUDENT)
    dossier = the_facts(
        stage,
        check_ins=(before, after, trainer),
        replies=(
            a_reply(before),
            a_reply(after, status=Status.SKIPPED, answered=None),
            a_reply(after, question="r"),
            a_reply(after, question="r.example"),
            a_reply(trainer),
        ),
        digests=(DigestRecord(stage=stage.id, meeting=1, at=at("2026-09-17 08:30")),),
    )
    people = {**facts.people, **dossier.people, TEACHER: facts.me}
    facts = replace(facts, stages=(stage,), people=people, dossiers={stage.id: dossier})
    (page,) = texts(command(facts, "studenten"))
    assert page.split("\n")[-1] == "1 van 2 beantwoord"


# ---- what stands out ------------------------------------------------------------------------------------


def asked(number: int, day: str, status: Status, **changes: Any) -> tuple[Any, Any]:
    check_in = a_check_in(number, f"week {number}", due=at(f"{day} 16:30"))
    answered = check_in.due if status in (Status.ANSWERED, Status.LATE) else None
    return check_in, a_reply(check_in, status=status, answered=answered, **changes)


def a_dossier(*held: tuple[Any, Any], people: tuple[Participant, ...] = (), **changes: Any) -> StageFacts:
    check_ins, replies = tuple(c for c, _ in held), tuple(r for _, r in held)
    return the_facts(a_stage(), *people, check_ins=check_ins, replies=replies, **changes)


def a_signal(kind: SignalKind, state: SignalState = SignalState.OPEN) -> Signal:
    return Signal(id=SignalId(1), stage=StageId(1), by=TRAINER, kind=kind, at=NOW, state=state, text="GEHEIM")


def chore(number: int, day: str, share: Share = Share.MEETING) -> tuple[Any, Any]:
    changes = {"question_set": "student/possibilities"}
    check_in = replace(a_check_in(number, f"week {number}", due=at(f"{day} 16:30")), **changes)  # type: ignore[arg-type]  # strings only
    return check_in, a_reply(check_in, question="possible", choices=("none",), share=share)


EXPIRED = (asked(4, "2026-09-17", Status.EXPIRED), asked(5, "2026-09-24", Status.EXPIRED))
LAST_SIGN = asked(3, "2026-09-10", Status.ANSWERED)
CHORES = (chore(1, "2026-09-10"), chore(2, "2026-09-17"))
AWAY = a_person(STUDENT, reach=Reach.INVITED)
TRAINER_AWAY = a_person(TRAINER, reach=Reach.BLOCKED)
OUTSTANDING = {
    "nothing": (a_dossier(LAST_SIGN), ""),
    "a signal first": (
        a_dossier(*EXPIRED, people=(AWAY,), signals=(a_signal(SignalKind.CONSULT),)),
        "praktijkopleider vraagt overleg",
    ),
    "an escalated one too": (
        a_dossier(signals=(a_signal(SignalKind.CONTACT, SignalState.ESCALATED),)),
        "vraagt om contact",
    ),
    "one that was dealt with is over": (
        a_dossier(signals=(a_signal(SignalKind.WHO, SignalState.ACKNOWLEDGED),)),
        "",
    ),
    "an offer of help is told to nobody": (
        a_dossier(signals=(a_signal(SignalKind.OFFER, SignalState.KEPT), a_signal(SignalKind.OFFER))),
        "",
    ),
    "not joined": (a_dossier(people=(AWAY, TRAINER_AWAY)), "doet nog niet mee"),
    "chores": (a_dossier(*CHORES, *EXPIRED), "vooral klusjes of weinig hulp"),
    "chores told to the teacher alone stay apart": (
        a_dossier(chore(1, "2026-09-10", Share.PRIVATE), chore(2, "2026-09-17", Share.PRIVATE)),
        "",
    ),
    "silent": (a_dossier(LAST_SIGN, *EXPIRED, people=(TRAINER_AWAY,)), "stil sinds 10 sep"),
    "silent from the start": (a_dossier(*EXPIRED), "stil sinds 17 sep"),
    "a pause is no silence": (
        a_dossier(*EXPIRED, people=(a_person(STUDENT, paused_until=date(2026, 10, 12)),)),
        "pauze tot 12 okt",
    ),
    "the trainer": (a_dossier(LAST_SIGN, people=(TRAINER_AWAY,)), "praktijkopleider niet te bereiken"),
}


def shown(dossier: StageFacts, now: datetime = NOW) -> str:
    return TEXTS.render(stands_out(dossier, SCHOOL, now), a_person(TEACHER))[0]


@pytest.mark.parametrize("case", OUTSTANDING)
def test_what_stands_out_most_is_said(case: str) -> None:
    """S2, P3: signal, absence, chores, silence, trainer; what is 🔒 or told to nobody is not there."""
    dossier, expected = OUTSTANDING[case]
    assert shown(dossier) == expected


def test_from_a_third_of_the_stage_tasks_that_nobody_did_stand_out() -> None:
    """P2: reported from one third on, not at the exam, and not in the first weeks."""
    assert shown(a_dossier(LAST_SIGN), at("2026-10-11 12:00")) == ""
    assert shown(a_dossier(LAST_SIGN), at("2026-10-20 12:00")) == "8 taken nog niet gedaan"


@pytest.mark.parametrize("language", Language)
def test_what_stands_out_is_at_most_five_words(language: Language) -> None:
    """Short enough for the second line on a phone."""
    groups = ("signal_", "student_", "trainer_", "chores", "paused", "silent", "one_gap", "gaps")
    ids = [name for name in TEXTS.by_id if name.removeprefix("overview.").startswith(groups)]
    more = {"overview.paused": 2, "overview.silent": 2}  # the day that follows
    words = {
        name: len(TEXTS.by_id[name].to(language).split()) + more.get(name, 0)
        for name in ids
        if name.startswith("overview.")
    }
    assert {name: count for name, count in words.items() if count > 5} == {}
    assert len(words) == 16


def test_one_question_that_passed_is_no_silence() -> None:
    """A week can be busy; a question that is open or was skipped is no silence either."""
    skipped = asked(6, "2026-10-01", Status.SKIPPED)
    assert silent_since(a_dossier(LAST_SIGN, EXPIRED[0])) is None
    assert silent_since(a_dossier(*EXPIRED, skipped)) is None
    assert silent_since(a_dossier(EXPIRED[0], asked(6, "2026-10-01", Status.OPEN))) is None


# ---- whose buttons these are ------------------------------------------------------------------------------

FOREIGN = [
    buttons.encode(Does.PREPARE, base36(999)),
    buttons.encode(Does.PREPARE, base36(999), "l"),
    buttons.encode(Does.PREPARE, base36(10), "zzz"),
    buttons.encode(Does.PREPARE, "0", "m9999"),
    buttons.encode(Does.PREPARE, "0", "m²"),
    buttons.encode(Does.PREPARE, "0", "x1"),
    buttons.encode(Does.PREPARE, "0"),
    buttons.encode(Does.TEAM, "who", 0),
    buttons.encode(Does.TEAM, "year"),
]


@pytest.mark.parametrize("data", FOREIGN)
def test_a_button_of_somebody_else_is_an_old_button(data: str) -> None:
    """Another's stage, a place that is none, and a coordinator's button change and show nothing."""
    done = press(a_teacher(2), data)
    assert (done.changed, done.seen) == ((), ())
    assert texts(done) == []
    assert [one.press for one in done.out if isinstance(one, Acknowledge)] == ["p"]


@pytest.mark.parametrize("role", [Role.STUDENT, Role.TRAINER])
@pytest.mark.parametrize(
    "data", [buttons.encode(Does.PREPARE, base36(1)), buttons.encode(Does.PREPARE, "0", "k0")]
)
def test_a_student_or_a_trainer_gets_no_preparation(role: Role, data: str) -> None:
    """The stage is theirs, and the page is not."""
    who = {Role.STUDENT: STUDENT, Role.TRAINER: TRAINER}[role]
    dossier = the_facts()
    facts = ChatFacts(
        me=dossier.people[who],
        stages=(dossier.stage,),
        people=dossier.people,
        slots={},
        dossiers={StageId(1): dossier},
    )
    done = press(facts, data)
    assert (texts(done), done.seen) == ([], ())


def test_a_teacher_who_is_trainer_elsewhere_sees_their_own_students_only() -> None:
    """A stage in which somebody has another role is not in the teacher's list."""
    facts = a_teacher(1)
    other: Stage = replace(facts.stages[0], id=StageId(77), teacher=ParticipantId(8), trainer=TEACHER)
    facts = replace(facts, stages=(*facts.stages, other))
    (page,) = texts(command(facts, "studenten"))
    assert page.split("\n")[0] == "Je studenten (1)"
    assert texts(press(facts, buttons.encode(Does.PREPARE, base36(77)))) == []
