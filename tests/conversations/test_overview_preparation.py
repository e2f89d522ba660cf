"""/voorbereiding shows how it stands now, whatever was handed over before."""

from __future__ import annotations

from dataclasses import replace

from conversations.buttons import base36
from conversations.dialogue import decide
from conversations.events import Pressed
from conversations.facts import ChatFacts, StageFacts
from conversations.messages import Message
from conversations.model import Share
from tests.conversations.stages import TEACHER, at
from tests.conversations.telling import SCHOOL, TEXTS, asked, sent, the_material

SHARED = asked("student/aha", "2026-10-08 16:30", {"aha": "Zelf een groep naar de zaal gebracht"})
APART = asked("student/aha", "2026-10-09 16:30", {"aha": "Boos op mijn chef"}, share=Share.PRIVATE)


def test_a_meeting_that_moved_has_all_that_was_said_since_its_first_digest() -> None:
    """The digest of before it moved cuts nothing off, and 🔒 stands apart."""
    material = the_material(SHARED, APART, digests=(sent(1, "2026-09-17 08:30"),))
    first, *others = material.stage.meetings
    stage = replace(material.stage, meetings=(replace(first, at=at("2026-10-19 10:00"), moved=1), *others))
    material = replace(material, stage=stage)
    dossier = StageFacts(stage=stage, people=material.people, coordinators=(), digests=material.digests)
    facts = ChatFacts(
        me=material.people[TEACHER],
        stages=(stage,),
        people=material.people,
        slots={},
        materials={stage.id: material},
        dossiers={stage.id: dossier},
    )
    now = at("2026-10-13 12:00")
    event = Pressed(press="1", data=f"u:{base36(stage.id)}", message=5, at=now)
    said = [m for m in decide(facts, event, SCHOOL, now).out if isinstance(m, Message)]
    _, page, private = (TEXTS.render(m.pieces, material.people[TEACHER])[0] for m in said)
    assert "Zelf een groep naar de zaal gebracht" in page
    assert "Boos op mijn chef" not in page
    assert "Boos op mijn chef" in private
