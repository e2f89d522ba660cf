"""The rules that hold in every chat, whatever people do and in whatever order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from conversations import buttons
from conversations.buttons import LIMIT, Does
from conversations.choosing import counts
from conversations.dialogue import decide
from conversations.dossier import Signal
from conversations.events import Edited, Pressed, Said
from conversations.facts import ChatFacts, Entity
from conversations.messages import Acknowledge, Amend, Lane, Message
from conversations.model import CheckIn, CheckInId, CheckInState, Participant, ParticipantId, Reply, Status
from conversations.question_set import Kind
from tests.conversations.chatting import SCHOOL, STUDENT, TRAINER, Chat, Step, a_chat, places_of, widened
from tests.conversations.stages import TEACHER

OFTEN = ["says"] * 4 + ["replies"] * 2 + ["edits"] * 2 + ["presses"] * 8 + ["ask"] * 2
DOING = st.sampled_from([*OFTEN, "close", "wait", "forges", "speaks", "commands", "sticker"])
DOINGS = st.builds(
    lambda first, then: [("ask", first), *then],
    st.integers(0, 9),
    st.lists(st.tuples(DOING, st.integers(0, 199)), min_size=10, max_size=40),
)
STAGES = st.sampled_from([1, 2])
CHATS = st.builds(a_chat, st.sampled_from([STUDENT, TRAINER]), stages=STAGES)
Doings = list[tuple[str, int]]
A_CRY: Doings = [("ask", 4), *[("says", 0)] * 7, ("presses", 5), ("presses", 0), ("presses", 195)]


@settings(max_examples=150, deadline=None)
@given(chat=CHATS, doings=DOINGS)
def test_every_press_is_acknowledged_exactly_once(chat: Chat, doings: Doings) -> None:
    """A press gets one answer, so that the button stops waiting; nothing else gets one."""
    steps = chat.play(doings)
    answers = [[one.press for one in s.decision.out if isinstance(one, Acknowledge)] for s in steps]
    assert answers == [[s.event.press] if isinstance(s.event, Pressed) else [] for s in steps]


@settings(max_examples=150, deadline=None)
@given(chat=CHATS, doings=DOINGS)
@example(chat=a_chat(STUDENT), doings=A_CRY)
def test_nothing_of_anybody_else_changes(chat: Chat, doings: Doings) -> None:
    """Only one's own things change and only oneself is told, but for a signal that one sends: the teacher
    hears of that.
    """
    steps = chat.play(doings)
    owners = {owner(one) for step in steps for one in step.decision.changed}
    told = {one.to for step in steps for one in step.decision.out if not tells_of_signal(step, one)}
    assert owners | told <= {chat.facts.me.id}


def tells_of_signal(step: Step, one: object) -> bool:
    """Tell whether this goes to a teacher because of a signal that was sent in this step."""
    sent = any(isinstance(changed, Signal) for changed in step.decision.changed)
    return sent and isinstance(one, Message) and one.lane is Lane.SIGNAL and one.to == TEACHER


@settings(max_examples=300, deadline=None)
@given(chat=CHATS, doings=DOINGS)
def test_whatever_a_person_writes_is_kept_in_one_place(chat: Chat, doings: Doings) -> None:
    """Every text, as it was changed last, is in one reply or one note, unless it was thrown away."""
    steps = chat.play(doings)
    places = [{text: places_of(text, step.after) for text in step.texts.values()} for step in steps]
    assert places == [dict.fromkeys(step.texts.values(), 1) for step in steps]


@settings(max_examples=150, deadline=None)
@given(chat=CHATS, doings=DOINGS)
def test_the_same_press_a_second_time_changes_nothing(chat: Chat, doings: Doings) -> None:
    """A button that is tapped twice does what it does once, but for a tick, which goes on and off."""
    steps = [step for step in chat.play(doings) if is_lasting(step)]
    a_second = timedelta(seconds=1)
    after = [widened(step.after, step.event) for step in steps]
    again = [
        decide(facts, step.event, SCHOOL, step.now + a_second)
        for facts, step in zip(after, steps, strict=True)
    ]
    pairs = zip(steps, again, strict=True)
    assert [
        s.event for s, more in pairs if things(s.after.with_changed(more.changed)) != things(s.after)
    ] == []
    assert [one for more in again for one in more.out if isinstance(one, Message)] == []


@settings(max_examples=150, deadline=None)
@given(chat=CHATS, doings=DOINGS)
def test_every_button_fits_and_can_be_read(chat: Chat, doings: Doings) -> None:
    """What the bot puts on a button is 64 bytes at most, and the bot understands it."""
    chat.play(doings)
    shown = [one for one in chat.sent if isinstance(one, Message | Amend)]
    data = {button.data for one in shown for row in one.buttons for button in row}
    assert {one for one in data if len(one.encode()) > LIMIT or buttons.decode(one) is None} == set()


@settings(max_examples=150, deadline=None)
@given(chat=CHATS, doings=DOINGS)
def test_an_edit_puts_no_question_and_answers_no_other(chat: Chat, doings: Doings) -> None:
    """A changed text changes one reply or note at most: the one that was made from that very text."""
    steps = [step for step in chat.play(doings) if isinstance(step.event, Edited)]
    changed = [one for step in steps for one in step.decision.changed]
    assert [one for one in changed if isinstance(one, Participant | CheckIn)] == []
    assert [step for step in steps if len(step.decision.changed) > 1] == []
    assert [step for step in steps if {source(one) for one in step.decision.changed} - {message(step)}] == []
    assert [one for step in steps for one in step.messages if one.slot is not None] == []


@settings(max_examples=150, deadline=None)
@given(stages=STAGES, doings=DOINGS)
def test_a_student_gets_two_questions_a_week_at_most(stages: int, doings: Doings) -> None:
    """However a student answers, skips or waits, no calendar week holds a third question."""
    chat = a_chat(STUDENT, stages=stages)
    chat.play(doings)
    sets = {c.id: SCHOOL.question_sets[c.question_set] for c in chat.facts.check_ins}
    asked = [reply.asked for reply in chat.facts.replies if counts(sets[reply.check_in], reply)]
    weeks = [moment.astimezone(SCHOOL.calendar.zone).isocalendar()[:2] for moment in asked]
    assert {week for week in weeks if weeks.count(week) > 2} == set()


@settings(max_examples=150, deadline=None)
@given(chat=CHATS, doings=DOINGS)
def test_a_text_never_answers_one_of_two_open_questions(chat: Chat, doings: Doings) -> None:
    """Where a text could answer two typed questions, it answers neither until the person says which."""
    steps = [step for step in chat.play(doings) if could_answer_two(step)]
    kept = [[note.source for note in s.after.notes if note.source == message(s)] for s in steps]
    assert kept == [[message(step)] for step in steps]


def owner(changed: Entity) -> ParticipantId | None:
    """Say whose it is; a digest is nobody's who chats."""
    if isinstance(changed, Signal):
        return changed.by
    return changed.id if isinstance(changed, Participant) else getattr(changed, "participant", None)


def things(facts: ChatFacts) -> set[object]:
    """Give all that a person has in a chat, in no order."""
    return {facts.me, *facts.check_ins, *facts.replies, *facts.notes}


def is_lasting(step: Step) -> bool:
    """Tell a press that does something: it does not go on and off, and does not only show a page."""
    press = buttons.decode(step.event.data) if isinstance(step.event, Pressed) else None
    return press is not None and press.does not in (Does.TICK, Does.COVER, Does.OWN_PAGE)


def message(step: Step) -> int | None:
    """Give the person's own message of a step."""
    return step.event.message if isinstance(step.event, Said | Edited) else None


def source(changed: Entity) -> int | None:
    """Give the person's own message that something was made from."""
    return getattr(changed, "source", None)


def could_answer_two(step: Step) -> bool:
    """Tell a text that comes while two check-ins wait for a typed answer.

    Not one that is swiped to a question, nor one that comes in the same breath as an answer.
    """
    if not isinstance(step.event, Said) or step.event.reply_to is not None:
        return False
    if any(reply.answered == step.now for reply in step.before.replies):
        return False
    return len({reply.check_in for reply in step.before.replies if waits_for_text(step.before, reply)}) > 1


def waits_for_text(facts: ChatFacts, reply: Reply) -> bool:
    """Tell whether a question is open for a typed answer."""
    check_in = facts.check_in(CheckInId(reply.check_in))
    if check_in is None or check_in.state is not CheckInState.OPEN or reply.status is not Status.OPEN:
        return False
    question = SCHOOL.question_sets[check_in.question_set].question(reply.question)
    return reply.is_follow_up or (question is not None and question.kind is Kind.TEXT)
