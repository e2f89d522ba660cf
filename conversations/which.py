"""Asks which of several open questions a text belongs to, where it could be more than one."""

from __future__ import annotations

from collections.abc import Sequence

from conversations import buttons
from conversations.buttons import Does, Press
from conversations.desk import Desk
from conversations.dossier import Expectation
from conversations.facts import ChatFacts
from conversations.messages import Button, Message, Run, Say
from conversations.model import Reply, Share

LABEL = 30  # characters of a question that fit on a button
EXPECTED = ("0", "expected")  # in the place of check-in and question: what was asked for outside a check-in


def ask(
    facts: ChatFacts, message: int, waiting: Sequence[tuple[Desk, Reply]], expected: Expectation | None
) -> Message:
    """Ask about the person's own message, the question put last first; it may also be none of these."""
    rows = [_of_question(message, at, reply) for at, reply in reversed(waiting)]
    if expected is not None and expected.what is not None:
        name = Say(id=f"notes.expected_{expected.what.value}", values=_about(facts, expected))
        rows.append(Button(label=name, data=buttons.encode(Does.BELONGS, message, *EXPECTED)))
    to_note = buttons.encode(Does.NOTE, message, Share.PRIVATE.value)
    rows.append(Button(label=Say(id="notes.as_note"), data=to_note))
    return Message(to=facts.me.id, pieces=(Say(id="notes.which"),), buttons=tuple((row,) for row in rows))


def is_for_expected(press: Press) -> bool:
    """Tell whether a button says that a text is what was asked for outside a check-in."""
    return press.does is Does.BELONGS and press.parts[1:] == EXPECTED


def _of_question(message: int, at: Desk, reply: Reply) -> Button:
    data = buttons.encode(Does.BELONGS, message, buttons.base36(reply.check_in), reply.question)
    return Button(label=Run(_short(at, reply)), data=data)


def _short(at: Desk, reply: Reply) -> str:
    if not at.for_student:
        return at.facts.people[at.stage.student].name[:LABEL]
    return reply.wording if len(reply.wording) <= LABEL else f"{reply.wording[: LABEL - 1].rstrip()}…"


def _about(facts: ChatFacts, expected: Expectation) -> dict[str, str]:
    stage = facts.find_stage(expected.stage)
    student = facts.people[stage.student].first_name if stage is not None else facts.me.first_name
    return {"name": student[:LABEL]}
