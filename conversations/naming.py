"""What a student is called where several stand beside each other (S3)."""

from __future__ import annotations

from collections.abc import Iterable

from conversations.facts import ChatFacts
from conversations.model import Stage


def student_of(facts: ChatFacts, stage: Stage, among: Iterable[Stage]) -> str:
    """Give the first name of a stage's student, or the full name where another one has the same."""
    student = facts.people[stage.student]
    others = {s.student for s in among} - {student.id}
    same = any(facts.people[other].first_name == student.first_name for other in others)
    return student.name if same else student.first_name


def student_at(facts: ChatFacts, stage: Stage, among: Iterable[Stage]) -> str:
    """Give the same, with the company where the student has several of these stages."""
    stages = list(among)
    name = student_of(facts, stage, stages)
    several = sum(s.student == stage.student for s in stages) > 1
    return f"{name} ({stage.company})" if several else name
