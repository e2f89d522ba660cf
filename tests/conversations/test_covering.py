"""P2, K2b: one message with a button for each exam task; a tap gives a task its next state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config.texts import Texts
from conversations import asking, buttons
from conversations.buttons import LIMIT, Does
from conversations.choosing import choose
from conversations.desk import lay_out
from conversations.dialogue import decide
from conversations.events import Pressed
from conversations.messages import Acknowledge, Amend, Say
from conversations.model import (
    CheckInId,
    CheckInState,
    Key,
    ParticipantId,
    Quote,
    Reply,
    StageId,
    Status,
    Task,
    Wording,
)
from conversations.plan import Planned
from conversations.question_set import Cover, Occasion, covers
from conversations.school import School
from tests.conversations.chatting import SCHOOL, Chat, a_chat
from tests.conversations.stages import STUDENT, TRAINER, a_check_in, a_reply, at, the_facts

NOW = at("2026-10-22 16:30")
TEXTS = Texts.load()
NAMES = [task.id for task in SCHOOL.programmes["business-events"].tasks]
LIST = a_check_in(
    1,
    "week 7",
    "student/coverage",
    due=NOW,
    closes=NOW + timedelta(days=6),
    opened=None,
    state=CheckInState.QUEUED,
    room=2,
)


def asked(school: School = SCHOOL, taken: str = "") -> Chat:
    """Put the list to the student; `taken` is what was said before."""
    quotes = (Quote(place="gedaan", text=taken, source=0),) if taken else ()
    check_in = replace(LIST, quotes=quotes)
    chat = a_chat(STUDENT)
    chat.now = NOW
    chat.take(asking.open_round(chat.facts.with_changed((check_in,)), [check_in], school, NOW))
    return chat


def tap(chat: Chat, task: str, school: School = SCHOOL) -> list[object]:
    """Tap a task; give what goes out."""
    data = buttons.for_slot(Does.COVER, LIST.id, "coverage", task)
    return press(chat, data, school)


def ready(chat: Chat) -> list[object]:
    """Press [Klaar]."""
    return press(chat, buttons.for_slot(Does.READY, LIST.id, "coverage"), SCHOOL)


def press(chat: Chat, data: str, school: School) -> list[object]:
    """Press a button of the list."""
    decision = decide(chat.facts, Pressed(press="1", data=data, message=1, at=NOW), school, NOW)
    chat.take(decision)
    return list(decision.out)


def labels(chat: Chat) -> list[str]:
    """Give the buttons as they look now."""
    rows = chat.sent[-1].buttons
    return [TEXTS.render((button.label,), chat.facts.me)[0] for row in rows for button in row]


def answer(chat: Chat) -> Reply:
    """Give the answer to the list as it is stored."""
    return next(r for r in chat.facts.replies if r.question == "coverage")


def test_each_task_of_the_programme_has_a_button() -> None:
    """P2: one message, "nog niet" at first."""
    chat = asked()
    assert len(chat.sent) == 1
    assert labels(chat)[:2] == ["▫ gasten ontvangen en helpen", "▫ een zaal klaarmaken voor een evenement"]
    assert len([label for label in labels(chat) if label.startswith("▫")]) == len(NAMES)


def test_a_tap_gives_a_task_its_next_state_and_in_the_end_the_first() -> None:
    """P2: nog niet, met hulp, zelf, kan hier niet, nog niet."""
    chat, seen = asked(), list[str]()
    for _ in range(4):
        tap(chat, "welcome")
        seen.append(labels(chat)[0][0])
    assert seen == ["🤝", "✅", "✖", "▫"]
    assert answer(chat).status is Status.OPEN


def test_ready_takes_the_whole_list() -> None:
    """P2: "task=state" for every task of the programme."""
    chat = asked()
    tap(chat, "room")
    ready(chat)
    expected = tuple(f"{name}={'with_help' if name == 'room' else 'not_yet'}" for name in NAMES)
    assert (answer(chat).status, answer(chat).choices) == (Status.ANSWERED, expected)
    assert chat.facts.check_ins[0].state is CheckInState.DONE


def test_ready_without_a_tap_says_not_yet_of_all() -> None:
    """S2: who did nothing of the exam yet can say so."""
    chat = asked()
    ready(chat)
    assert set(covers(answer(chat).choices).values()) == {Cover.NOT_YET}


def test_a_list_that_nobody_touched_is_no_answer_when_it_expires() -> None:
    """What was filled in before is not said again by silence; what was tapped is."""
    untouched, touched = asked(taken="welcome=alone"), asked(taken="welcome=alone")
    tap(touched, "room")
    for chat in (untouched, touched):
        chat.take(asking.close(lay_out(chat.facts, LIST.id, SCHOOL, LIST.closes)))
    assert (answer(untouched).status, answer(untouched).choices) == (Status.EXPIRED, ())
    assert answer(touched).status is Status.ANSWERED
    assert list(covers(answer(touched).choices).values())[:2] == [Cover.ALONE, Cover.WITH_HELP]


def test_what_was_said_before_is_filled_in() -> None:
    """P2: a state of a task that is no longer in the programme is left out."""
    chat = asked(taken="welcome=alone gone=alone room=impossible plan=nonsense")
    assert [label[0] for label in labels(chat)[:3]] == ["✅", "✖", "▫"]
    ready(chat)
    assert "gone" not in covers(answer(chat).choices)


@pytest.mark.parametrize("task", ["gone", "welcome=x", "1"])
def test_a_task_that_is_not_in_the_list_is_refused(task: str) -> None:
    """P2: a forged or old button changes nothing."""
    chat = asked()
    before = chat.facts
    assert tap(chat, task) == [Acknowledge(to=STUDENT, press="1", text=Say(id="answering.old_button"))]
    assert chat.facts == before


def test_a_tap_below_another_kind_of_question_is_refused() -> None:
    """P2: the same letter on a question with choices."""
    chat = a_chat(STUDENT)
    check_in = replace(LIST, question_set="student/possibilities")
    chat.take(asking.open_round(chat.facts.with_changed((check_in,)), [check_in], SCHOOL, NOW))
    data = buttons.for_slot(Does.COVER, LIST.id, "possible", "welcome")
    assert press(chat, data, SCHOOL) == [
        Acknowledge(to=STUDENT, press="1", text=Say(id="answering.old_button"))
    ]


# ---- many tasks

MANY = tuple(
    Task(id=f"task_{n:07}", text=Wording(nl=f"taak nummer {n}", en=f"task {n}")) for n in range(1, 16)
)
LARGE = replace(
    SCHOOL,
    programmes={"business-events": replace(SCHOOL.programmes["business-events"], tasks=MANY)},
)


def test_more_than_ten_tasks_are_named_in_the_text_and_numbered_on_the_buttons() -> None:
    """P2: fifteen names on buttons would not fit on a phone."""
    chat = asked(LARGE)
    shown = chat.sent[-1]
    lines = TEXTS.render(shown.pieces, chat.facts.me)[0].split("\n")
    assert lines[1:3] == ["1. ▫ taak nummer 1", "2. ▫ taak nummer 2"]
    assert [len(row) for row in shown.buttons][:5] == [4, 4, 4, 3, 1]
    assert labels(chat)[0] == "▫ 1"


def test_a_tap_on_a_number_changes_the_text_too() -> None:
    """P2: the list in the message stays true."""
    chat = asked(LARGE)
    tap(chat, MANY[1].id, LARGE)
    shown = chat.sent[-1]
    lines = TEXTS.render(shown.pieces, chat.facts.me)[0].split("\n")
    assert isinstance(shown, Amend)
    assert lines[0].startswith("Deze taken horen bij je examen.")
    assert lines[1:3] == ["1. ▫ taak nummer 1", "2. 🤝 taak nummer 2"]
    assert labels(chat)[:2] == ["▫ 1", "🤝 2"]


def test_the_longest_ids_fit_on_a_button() -> None:
    """P2: 64 bytes, with a check-in as large as a database's."""
    check_in = replace(LIST, id=CheckInId(2**62))
    data = buttons.for_slot(Does.COVER, check_in.id, "twelve_chars", MANY[0].id)
    assert len(data.encode()) <= LIMIT
    assert buttons.decode(data) is not None


# ---- what is filled in


def third(who: ParticipantId = STUDENT) -> Planned:
    """Give the occasion of a third."""
    return Planned(
        stage=StageId(1),
        participant=who,
        occasion="third 1",
        kind=Occasion.THIRD,
        due=NOW,
        closes=NOW + timedelta(days=6),
    )


def test_the_last_list_and_later_answers_about_one_task_are_filled_in() -> None:
    """P2: the newest holds, and nobody gets what the other said."""
    days = [at(f"2026-{m}-{d} 16:30") for m, d in (("09", "17"), ("10", "01"), ("10", "08"), ("10", "15"))]
    one = a_check_in(2, "week 2", "student/task_practised", due=days[0], task="welcome")
    earlier = a_check_in(3, "week 4", "student/coverage", due=days[1])
    later = a_check_in(4, "week 5", "student/task_practised", due=days[2], task="room")
    trainer = a_check_in(5, "third 1", "trainer/coverage", due=days[3], participant=TRAINER)
    replies = (
        a_reply(one, question="practised", key=Key.POTENTIAL, choices=("impossible",)),
        a_reply(earlier, question="coverage", choices=("welcome=with_help", "plan=alone")),
        a_reply(later, question="practised", choices=("alone",)),
        a_reply(trainer, question="coverage", choices=("welcome=not_yet", "costs=alone")),
    )
    facts = the_facts(check_ins=(one, earlier, later, trainer), replies=replies)
    found = [choose(facts, SCHOOL, third(who), NOW) for who in (STUDENT, TRAINER)]
    assert [one and [(q.place, q.text) for q in one[2]] for one in found] == [
        [("gedaan", "welcome=with_help plan=alone room=alone")],
        [("gedaan", "welcome=not_yet costs=alone")],
    ]


def test_without_anything_said_before_nothing_is_filled_in() -> None:
    """P2: and without tasks there is no list at all."""
    bare = replace(SCHOOL, programmes={})
    found = choose(the_facts(), SCHOOL, third(), NOW)
    assert found == (SCHOOL.question_sets["student/coverage"], None, ())
    assert choose(the_facts(), bare, third(TRAINER), NOW) is None
