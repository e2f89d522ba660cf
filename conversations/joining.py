"""Says who reads what, asks "Ben jij dit?", and welcomes whoever joins."""

from __future__ import annotations

from collections.abc import Mapping

from conversations import buttons
from conversations.buttons import Does
from conversations.commands import menu_of
from conversations.messages import Button, Menu, Message, Outgoing, Run, Say
from conversations.model import Participant, ParticipantId, Role, Stage
from conversations.school import School

NOBODY = ParticipantId(0)  # a chat that belongs to no participant yet


def welcome(
    me: Participant,
    stages: tuple[Stage, ...],
    people: Mapping[ParticipantId, Participant],
    school: School,
    code: str,
) -> Message:
    """Welcome somebody with a valid invitation, and ask whether it is theirs. Nothing is bound yet."""
    role = leading_role(me)
    values = {"school": school.name}
    if role in (Role.STUDENT, Role.TRAINER):
        values |= {"days": str(school.retention.text_days)}
    if role is Role.STUDENT:
        values |= {"teacher": people[stages[0].teacher].name}
    return Message(
        to=me.id,
        pieces=(
            Say(id=f"joining.welcome_{role.value}", values=values),
            Run("\n\n"),
            Say(id="joining.is_this_you", values={"name": me.name}),
        ),
        buttons=(
            (
                Button(label=Say(id="joining.yes"), data=buttons.encode(Does.JOIN, "y", code)),
                Button(label=Say(id="joining.no"), data=buttons.encode(Does.JOIN, "n", code)),
            ),
        ),
    )


def joined(
    me: Participant, stages: tuple[Stage, ...], people: Mapping[ParticipantId, Participant]
) -> tuple[Outgoing, ...]:
    """Say what happens next, and show the commands of the role."""
    role = leading_role(me)
    running = [s for s in stages if not s.ended]
    names = {
        Role.STUDENT: [s.company for s in running],
        Role.TRAINER: [people[s.student].first_name for s in running if s.trainer == me.id],
        Role.TEACHER: [people[s.student].first_name for s in running if s.teacher == me.id],
        Role.COORDINATOR: [],
    }[role]
    values = {} if role is Role.COORDINATOR else {"names": ", ".join(dict.fromkeys(names)) or "–"}
    words = Message(to=me.id, pieces=(Say(id=f"joining.joined_{role.value}", values=values),))
    return words, Menu(to=me.id, commands=menu_of(me))


def leading_role(me: Participant) -> Role:
    """Give the role whose welcome somebody gets: the first of student, trainer, teacher, coordinator."""
    return next((role for role in Role if role in me.roles), Role.STUDENT)
