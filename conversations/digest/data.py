"""Gives a digest as data for a program: the same facts, every text in full."""

from __future__ import annotations

from typing import Any

from conversations.coverage import Heard
from conversations.digest.page import BOTH, Agreed, Change, Digest, Guidance, Learning, Possibility, TaskView
from conversations.messages import Say
from conversations.visibility import Shown


def as_json(page: Digest) -> dict[str, Any]:
    """Give the digest as JSON holds it; only `private` is for the teacher alone."""
    return {
        **_header(page),
        "first": [_said(say) for say in page.first],
        "learning": _learning(page.learning),
        "chores": page.chores,
        "possibilities": [_possibility(one) for one in page.potential.possibilities],
        "wish": _one(page.potential.wish),
        "tasks": [_task(task) for task in page.tasks],
        "impressions": _each(page.judgement.impressions),
        "general": _change(page.judgement.general),
        "guidance": _guidance(page.guidance),
        "agreed": [_agreed(one) for one in page.agreed],
        "visit": [_said(say) for say in page.visit],
        "agenda": _each(page.agenda),
        "starters": [_said(say) for say in page.starters],
        "silence": [
            {"role": role.value, "key": key.value, "why": _why(say)}
            for (role, key), say in page.silence.items()
        ],
        "answers": _each(page.answers),
        "private": _each(page.private),
    }


def _header(page: Digest) -> dict[str, Any]:
    header = page.header
    counts = {role.value: {"answered": c.answered, "asked": c.asked} for role, c in header.counts.items()}
    return {
        "stage": page.stage.code,
        "meeting": header.meeting.number,
        "at": header.meeting.at.isoformat(),
        "place": header.meeting.place.value,
        "week": header.week,
        "weeks": header.weeks,
        "student": page.student.first_name,
        "company": page.stage.company,
        "answered": counts,
    }


def _learning(learning: Learning) -> dict[str, Any]:
    return {
        "quotes": _each(learning.quotes),
        "transfers": _each(learning.transfers),
        "feelings": _each(learning.feelings),
        "felt_before": _one(learning.felt_before),
        "fits": _change(learning.fits),
        "whys": _each(learning.whys),
    }


def _possibility(one: Possibility) -> dict[str, Any]:
    return {
        "id": one.id,
        "student": one.student,
        "trainer": one.trainer,
        "differs": one.differs,
        "old": one.is_old,
    }


def _guidance(guidance: Guidance) -> dict[str, Any]:
    names = ("choice", "judged", "example", "reason", "helped", "wanted", "who")
    return {name: _one(getattr(guidance, name)) for name in names} | {
        "recognised": _outcome(guidance.recognised) if guidance.recognised is not None else None
    }


def _agreed(one: Agreed) -> dict[str, Any]:
    return {
        "meeting": one.meeting,
        "text": one.text,
        "on": one.on.isoformat(),
        "done": {role.value: _outcome(answer) for role, answer in one.answers.items()},
    }


def _outcome(answer: Shown | Say) -> dict[str, Any]:
    return {"why": _why(answer)} if isinstance(answer, Say) else _shown(answer)


def _why(say: Say) -> str:
    return say.id.removeprefix("digest.silence_").removeprefix("digest.")


def _task(task: TaskView) -> dict[str, Any]:
    return {
        "id": task.id,
        "task": task.text,
        "progress": task.progress.value,
        "cover": {role.value: _heard(task.cover.by(role)) for role in BOTH},
        "judgement": _change(task.judgement),
        "self_view": _change(task.self_view),
        "gap": task.gap,
        "example": _one(task.example),
        "own_example": _one(task.own_example),
    }


def _heard(heard: Heard) -> dict[str, Any]:
    on = heard.on.isoformat() if heard.on else None
    return {"state": heard.state.value, "on": on, "source": heard.question_set or None}


def _change(change: Change) -> dict[str, Any]:
    return {"now": _one(change.now), "before": _one(change.before)}


def _said(say: Say) -> dict[str, str]:
    return {"id": say.id.removeprefix("digest."), **say.values}


def _each(shown: tuple[Shown, ...]) -> list[dict[str, Any]]:
    return [_shown(s) for s in shown]


def _one(shown: Shown | None) -> dict[str, Any] | None:
    return _shown(shown) if shown is not None else None


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "by": shown.by.value,
        "key": shown.key.value,
        "question": shown.question or None,
        "asked": shown.wording or None,
        "on": shown.on.isoformat(),
        "task": shown.task,
        "choices": list(shown.choices),
        "texts": list(shown.texts),
        "voice_seconds": shown.seconds,
        "late": shown.late,
    }
