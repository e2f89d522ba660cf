"""The buttons below a question, as they should look at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from conversations import buttons, covering
from conversations.buttons import Does
from conversations.calendar import allowed_after
from conversations.desk import Desk, label
from conversations.messages import Button, Buttons, Run, Say
from conversations.model import CheckInId, Key, Participant, Reply, Share, Status
from conversations.question_set import Kind, Question

CHOSEN, TICKED, UNTICKED = "✓ ", "☑ ", "☐ "
EVENING = time(19)
EVENING_UNTIL = time(18)  # later than this, "vanavond" is too soon
NUMBERS_A_ROW = 5


def below(at: Desk, question: Question, reply: Reply) -> Buttons:
    """Give a question's buttons: choices, [Overslaan], [Later]; an answered choice keeps its choices."""
    if reply.is_follow_up:
        return () if reply.has_answer else (_skip(reply),)
    if question.gate:
        return _in_rows(_choices(question, reply, at.me), 2)
    rest: Buttons = () if reply.has_answer else (_skip(reply), *_later(at, reply))
    if question.kind is Kind.TEXT:
        return rest
    if question.kind is Kind.CHOICE:
        return (*_in_rows(_choices(question, reply, at.me), _width(question)), *rest)
    if question.kind is Kind.COVERAGE:
        return (*covering.rows(at, reply), (_ready(reply),), *rest)
    return (*_in_rows(_ticks(question, reply, at.me), 1), (_ready(reply),), *rest)


def share(at: Desk) -> Buttons:
    """Ask who may use the answers of a check-in, where anything may be shared at all."""
    open_to_choice = [r for r in at.replies.values() if r.has_answer and _may_be_shared(at, r)]
    if not at.for_student or not open_to_choice:
        return ()
    return share_buttons(at.check_in.id, open_to_choice[0].share)


def preview(at: Desk) -> Buttons:
    """Offer to see what the teacher will get, the day before it goes: when the agenda was asked about."""
    if not at.for_student or not at.check_in.occasion.startswith("agenda"):
        return ()
    data = buttons.encode(Does.OWN_PAGE, buttons.base36(at.stage.id), "preview")
    return ((Button(label=Say(id="own.preview_button"), data=data),),)


def share_buttons(check_in: CheckInId, chosen: Share) -> Buttons:
    """Give 🔒 and 💬 below a finished check-in, the present choice marked."""
    return tuple(
        (
            Button(
                label=Say(id=f"asking.share_{option.value}{'_chosen' if option is chosen else ''}"),
                data=buttons.encode(Does.SHARE, buttons.base36(check_in), option.value),
            ),
        )
        for option in Share
    )


def snoozed_until(at: Desk, when: str) -> datetime | None:
    """Give the moment of "vanavond" (e) or "morgen" (m); None when that would be too late or too soon."""
    local_now = at.now.astimezone(at.school.calendar.zone)
    if when == "e":
        wall, day = EVENING, local_now.date()
        if local_now.time() >= EVENING_UNTIL:
            return None
    else:
        usual = at.me.moment.time if at.me.moment else at.check_in.due.astimezone(local_now.tzinfo).time()
        wall, day = usual, local_now.date() + timedelta(days=1)
    moment = allowed_after(at.school.calendar, day, wall)
    return moment if moment < at.check_in.closes else None


def _may_be_shared(at: Desk, reply: Reply) -> bool:
    question = at.question(reply.question)
    return question is not None and not question.always_private and question.key is not Key.SURVEY


def _choices(question: Question, reply: Reply, me: Participant) -> Iterable[Button]:
    for choice in question.choices:
        mark = CHOSEN if choice.id in reply.choices else ""
        data = buttons.for_slot(Does.ANSWER, reply.check_in, reply.question, choice.id)
        yield Button(label=Run(mark + label(question, choice.id, me)), data=data)


def _ticks(question: Question, reply: Reply, me: Participant) -> Iterable[Button]:
    for choice in question.choices:
        mark = TICKED if choice.id in reply.draft else UNTICKED
        data = buttons.for_slot(Does.TICK, reply.check_in, reply.question, choice.id)
        yield Button(label=Run(mark + label(question, choice.id, me)), data=data)


def _ready(reply: Reply) -> Button:
    mark = "asking.ready" if reply.status is not Status.ANSWERED else "asking.ready_again"
    return Button(label=Say(id=mark), data=buttons.for_slot(Does.READY, reply.check_in, reply.question))


def _skip(reply: Reply) -> tuple[Button, ...]:
    data = buttons.for_slot(Does.SKIP, reply.check_in, reply.question)
    return (Button(label=Say(id="asking.skip"), data=data),)


def _later(at: Desk, reply: Reply) -> Buttons:
    row = tuple(
        Button(
            label=Say(id=f"asking.later_{name}"),
            data=buttons.for_slot(Does.LATER, reply.check_in, reply.question, when),
        )
        for when, name in (("e", "evening"), ("m", "tomorrow"))
        if snoozed_until(at, when) is not None
    )
    return (row,) if row else ()


def _width(question: Question) -> int:
    """Give how many buttons stand beside each other: two, or five where they are marks from 1 to 10."""
    return NUMBERS_A_ROW if all(choice.label.nl.isdecimal() for choice in question.choices) else 2


def _in_rows(items: Iterable[Button], width: int) -> Buttons:
    row = tuple(items)
    return tuple(row[i : i + width] for i in range(0, len(row), width))
