"""Says why a question came, who reads the answer, and when it closes."""

from __future__ import annotations

from conversations import days
from conversations.facts import ChatFacts
from conversations.messages import Piece, Run, Say
from conversations.model import CheckIn, Key, Reply
from conversations.school import School

QUOTED = frozenset({"voorbeeld", "afspraak", "vraag"})  # places that a question may quote in


def why(facts: ChatFacts, school: School) -> tuple[Piece, ...] | None:
    """Explain the question that was put last; None where none was put."""
    asked = [r for r in facts.replies if not r.is_follow_up]
    last = max(asked, key=lambda r: r.asked, default=None)
    check_in = facts.check_in(last.check_in) if last else None
    if last is None or check_in is None:
        return None
    return (
        Run(f"{last.wording}\n\n", bold=True),
        _reason(last, check_in),
        Run("\n"),
        _readers(facts, last, check_in, school),
        Run("\n"),
        Say(id="why.closes", values=days.day_and_time(check_in.closes, school.calendar, facts.me.language)),
    )


def _reason(asked: Reply, check_in: CheckIn) -> Say:
    """Say why a question came: for what it quotes, or else for its key."""
    quoted = (q.place.split("_")[0] for q in check_in.quotes if q.text and q.text in asked.wording)
    return Say(id=f"why.{next((place for place in quoted if place in QUOTED), asked.key.value)}")


def _readers(facts: ChatFacts, asked: Reply, check_in: CheckIn, school: School) -> Say:
    """Say who reads the answer to a question."""
    stage = facts.stage(check_in.stage)
    if asked.key is Key.SURVEY:
        return Say(id="why.survey_reads")
    values = {"teacher": facts.people[stage.teacher].name}
    if facts.me.id == stage.student:
        questions = school.question_sets.get(check_in.question_set)
        question = questions.question(asked.question) if questions else None
        private = asked.key is Key.SAFETY or question is None or question.always_private
        return Say(id="why.private_reads" if private else "why.student_reads", values=values)
    if asked.question in ("guided", "consent"):
        values["student"] = facts.people[stage.student].first_name
        return Say(id="why.example_reads", values=values)
    return Say(id="why.trainer_reads", values=values)
