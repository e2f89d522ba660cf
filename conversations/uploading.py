"""A roster that a coordinator sends as a file, imported only after they saw what it changes (promise P6).

Here it is kept and decided upon; `bot.services.uploading` fetches, checks and imports it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations import answering, buttons, notes
from conversations.buttons import Does, Press
from conversations.desk import Decision
from conversations.dossier import Upload, UploadId, UploadState
from conversations.events import Pressed, Said, SentFile
from conversations.facts import ChatFacts
from conversations.messages import Acknowledge, Amend, Button, Buttons, Message, Say
from conversations.model import Role
from conversations.school import School

KINDS = (".csv", ".xlsx")
MOST_BYTES = 5_000_000  # as bot.roster.limits has it


def received(facts: ChatFacts, event: SentFile, school: School, now: datetime) -> Decision:
    """Keep a coordinator's roster, to be looked at outside the chat; of anybody else's file the words."""
    if Role.COORDINATOR not in facts.me.roles:
        return _unread(facts, event, school, now)
    if not event.name.lower().endswith(KINDS):
        return _say(facts, Say(id="uploading.other_kind"))
    if event.size > MOST_BYTES:
        return _say(facts, Say(id="uploading.too_big", values={"most": str(MOST_BYTES // 1_000_000)}))
    before = _open(facts)
    new = Upload(
        id=UploadId(facts.new_ids[0]), participant=facts.me.id, file=event.file, name=event.name, at=event.at
    )
    words = Say(id="uploading.looking_at_newer" if before else "uploading.looking")
    left = tuple(replace(one, state=UploadState.DONE) for one in before)
    return Decision((*left, new)) + _say(facts, words)


def pressed(facts: ChatFacts, event: Pressed, press: Press, _school: School, _now: datetime) -> Decision:
    """Import, or leave it: only a roster of one's own whose difference was shown."""
    upload = next((one for one in _open(facts) if one.id == press.number), None)
    if Role.COORDINATOR not in facts.me.roles:
        return answering.old_button(facts, event)
    match upload, press.parts[1]:
        case Upload(state=UploadState.SHOWN), "y":
            wanted = Decision((replace(upload, state=UploadState.WANTED),))
            return wanted + _acknowledged(facts, event, Say(id="uploading.importing"))
        case Upload(state=UploadState.WANTED), "y":  # a second tap
            return _acknowledged(facts, event, Say(id="uploading.importing"))
        case Upload(state=UploadState.SHOWN), "n":
            left = Decision((replace(upload, state=UploadState.DONE),))
            return left + _acknowledged(facts, event, None) + _say(facts, Say(id="uploading.left"))
        case _:
            return Decision((), (_toast(facts, event, Say(id="uploading.old_button")),))


def choice(upload: Upload) -> Buttons:
    """Give the buttons below the difference that an import would make."""
    number = buttons.base36(upload.id)
    return (
        (Button(label=Say(id="uploading.import"), data=buttons.encode(Does.UPLOAD, number, "y")),),
        (Button(label=Say(id="uploading.leave"), data=buttons.encode(Does.UPLOAD, number, "n")),),
    )


def _open(facts: ChatFacts) -> tuple[Upload, ...]:
    mine = (one for one in facts.uploads if one.participant == facts.me.id)
    return tuple(one for one in mine if one.state is not UploadState.DONE)


def _unread(facts: ChatFacts, event: SentFile, school: School, now: datetime) -> Decision:
    """Say that a file is not read; what somebody wrote beside it counts as typed."""
    unread = _say(facts, Say(id="notes.cannot_read"))
    if not event.caption.strip():
        return unread
    said = Said(message=event.message, text=event.caption, at=event.at, reply_to=event.reply_to)
    return unread + notes.said(facts, said, school, now)


def _acknowledged(facts: ChatFacts, event: Pressed, words: Say | None) -> Decision:
    """Acknowledge a press and take the buttons away."""
    done = _toast(facts, event, words)
    if event.message is None:
        return Decision((), (done,))
    return Decision((), (done, Amend(to=facts.me.id, message=event.message)))


def _toast(facts: ChatFacts, event: Pressed, words: Say | None) -> Acknowledge:
    return Acknowledge(to=facts.me.id, press=event.press, text=words)


def _say(facts: ChatFacts, words: Say) -> Decision:
    return Decision((), (Message(to=facts.me.id, pieces=(words,)),))
