"""Gives a digest as data for a program: the same facts, every text in full."""

from __future__ import annotations

from typing import Any

from conversations.digest.page import Change, Digest, TaskView
from conversations.messages import Say
from conversations.visibility import Shown


def as_json(page: Digest) -> dict[str, Any]:
    """Give the digest as JSON holds it; only `private` is for the teacher alone."""
    return {
        "stage": page.stage.code,
        "meeting": page.meeting.number,
        "at": page.meeting.at.isoformat(),
        "place": page.meeting.place.value,
        "week": page.week,
        "weeks": page.weeks,
        "student": page.student.first_name,
        "company": page.stage.company,
        "answered": {
            role.value: {"answered": count.answered, "asked": count.asked}
            for role, count in page.counts.items()
        },
        "first": [_said(say) for say in page.first],
        "learning": {
            "quotes": _each(page.learning.quotes),
            "transfers": _each(page.learning.transfers),
            "feelings": _each(page.learning.feelings),
            "felt_before": _one(page.learning.felt_before),
            "fits": _change(page.learning.fits),
            "whys": _each(page.learning.whys),
        },
        "chores": page.chores,
        "possibilities": [
            {"id": p.id, "student": p.student, "trainer": p.trainer, "differs": p.differs, "old": p.is_old}
            for p in page.possibilities
        ],
        "wish": _one(page.wish),
        "tasks": [_task(task) for task in page.tasks],
        "impressions": _each(page.impressions),
        "general": _change(page.general),
        "guidance": {
            name: _one(getattr(page.guidance, name))
            for name in ("choice", "judged", "example", "reason", "helped", "wanted", "who")
        },
        "agenda": _each(page.agenda),
        "starters": [_said(say) for say in page.starters],
        "silence": [
            {"role": role.value, "key": key.value, "why": say.id.removeprefix("digest.silence_")}
            for (role, key), say in page.silence.items()
        ],
        "answers": _each(page.answers),
        "private": _each(page.private),
    }


def _task(task: TaskView) -> dict[str, Any]:
    return {
        "id": task.id,
        "task": task.text,
        "progress": task.progress.value,
        "judgement": _change(task.judgement),
        "self_view": _change(task.self_view),
        "gap": task.gap,
        "example": _one(task.example),
        "own_example": _one(task.own_example),
    }


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
