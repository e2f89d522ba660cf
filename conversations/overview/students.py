"""A teacher's students, two short lines each, those with a meeting soonest first (promise S3)."""

from __future__ import annotations

from datetime import datetime

from conversations import buttons
from conversations.buttons import Does, base36
from conversations.calendar import stage_week, to_local
from conversations.desk import Decision, Seen
from conversations.facts import ChatFacts, StageFacts
from conversations.messages import Button, Piece, Run, Say
from conversations.model import Reply, Stage
from conversations.overview.choosing import ALL, PAGE, called, more_row, next_to_meet, running, say
from conversations.overview.standing import day, last_digest, stands_out
from conversations.school import School

DOT = Run(" · ")


def page(facts: ChatFacts, school: School, now: datetime, begin: int = 0) -> Decision:
    """Show so many of a teacher's students as fit a phone, and a button for the next."""
    stages = running(facts, school, now)
    shown = [stage for stage in stages[begin : begin + PAGE] if stage.id in facts.dossiers]
    if not shown:
        return say(facts, Say(id="overview.no_students"))
    pieces: list[Piece] = [Say(id="overview.students", values={"n": str(len(stages))}, bold=True)]
    for stage in shown:
        pieces += [Run("\n\n"), *_student(facts, stage, school, now)]
    choose = Button(
        label=Say(id="overview.preparation"), data=buttons.encode(Does.PREPARE, base36(ALL), f"k{begin}")
    )
    rest = more_row("m", begin + PAGE, len(stages) - begin - len(shown))
    seen = tuple(Seen(by=facts.me.id, what="students", stage=stage.id) for stage in shown)
    return say(facts, *pieces, below=((choose,), *rest)) + Decision(seen=seen)


def _student(facts: ChatFacts, stage: Stage, school: School, now: datetime) -> list[Piece]:
    today = to_local(school.calendar, now).date()
    week, weeks = stage_week(stage, today)
    dossier = facts.dossiers[stage.id]
    line: list[Piece] = [Run(called(facts, stage), bold=True), DOT]
    line += [Say(id="overview.week", values={"x": str(week), "y": str(weeks)}), DOT]
    line += [*_meeting(stage, school, now), Run("\n")]
    answered, found = _answered(dossier, school), stands_out(dossier, school, now)
    if found and answered is None:
        return [*line, *found]
    line.append(answered or Say(id="overview.nothing_asked"))
    return [*line, DOT, *found] if found else line


def _meeting(stage: Stage, school: School, now: datetime) -> list[Piece]:
    meeting = next_to_meet(stage, now)
    if meeting is None:
        past = any(m.at <= now for m in stage.meetings)
        return [Say(id="overview.all_held" if past else "overview.no_meeting")]
    local = to_local(school.calendar, meeting.at)
    weekday = Say(id=f"overview.day_{local.weekday()}")
    return [weekday, Run(" "), *day(local.date()), Run(", "), Say(id=f"digest.place_{meeting.place.value}")]


def _answered(dossier: StageFacts, school: School) -> Piece | None:
    """Count what the student answered since the last digest, or ever before the first; None if not asked."""
    since = last_digest(dossier)
    asked = [r for r in dossier.replies if _counts(dossier, r, school) and (not since or r.asked > since)]
    if not asked:
        return None
    values = {"n": str(sum(r.has_answer for r in asked)), "m": str(len(asked))}
    return Say(id="overview.answered", values=values)


def _counts(dossier: StageFacts, reply: Reply, school: School) -> bool:
    if reply.participant != dossier.stage.student or reply.is_follow_up:
        return False
    check_in = next((c for c in dossier.check_ins if c.id == reply.check_in), None)
    questions = school.question_sets.get(check_in.question_set) if check_in else None
    question = questions.question(reply.question) if questions else None
    return question is None or not question.gate
