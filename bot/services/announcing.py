"""What a coordinator reads about the roster they sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.roster.columns import shown
from bot.roster.comparing import Difference
from bot.roster.dutch import DUTCH
from bot.roster.errors import RosterError
from bot.roster.report import change_line
from bot.roster.words import ENGLISH, Words, finding_line
from bot.services.sheets import Compared
from conversations import uploading
from conversations.dossier import Upload
from conversations.messages import Message, Piece, Run, Say
from conversations.model import Language, Participant

MOST_LINES = 15
LONGEST_LINE = 300  # characters


def plain(to: Participant, upload: Upload, text: str) -> Message:
    """Say something about a file, by the id of a text that names it."""
    return _message(to, Say(id=f"uploading.{text}", values={"file": _name(upload)}))


def unreadable(to: Participant, upload: Upload, error: RosterError) -> Message:
    """Say why a file is no table."""
    values = {"file": _name(upload), "why": error.told(_words(to))}
    return _message(to, Say(id="uploading.unreadable", values=values))


def refused(to: Participant, upload: Upload, compared: Compared) -> Message:
    """Say row by row what is to be mended."""
    words = _words(to)
    codes = compared.found.other_student
    lines = [finding_line(one, words) for one in compared.roster.errors]
    lines += [words.other_student.format(code=code) for code in codes]
    values = {"file": _name(upload), "count": str(len(lines))}
    return _message(to, Say(id="uploading.faults", values=values), *_listed(lines), Say(id="uploading.mend"))


def difference(to: Participant, upload: Upload, compared: Compared, *, again: bool) -> Message:
    """Say what an import would change, with the choice to import; `again` where it was shown otherwise."""
    found, words = compared.found, _words(to)
    text = "uploading.difference_now" if again else "uploading.difference"
    pieces: list[Piece] = [Say(id=text, values={"file": _name(upload)}), _counts(found)]
    pieces += _listed([change_line(one, words) for one in found.changed])
    if compared.roster.warnings:
        pieces += [Say(id="uploading.warnings")]
        pieces += _listed([finding_line(one, words) for one in compared.roster.warnings])
    message = _message(to, *pieces, *_missing(found))
    return replace(message, buttons=uploading.choice(upload))


def nothing(to: Participant, upload: Upload, compared: Compared) -> Message:
    """Say that an import would change nothing."""
    values = {"file": _name(upload)}
    return _message(to, Say(id="uploading.nothing", values=values), *_missing(compared.found))


def imported(to: Participant, compared: Compared) -> Message:
    """Say what was imported, and how new people get in."""
    return _message(to, Say(id="uploading.imported"), _counts(compared.found), Say(id="uploading.invites"))


def _message(to: Participant, *pieces: Piece) -> Message:
    return Message(to=to.id, pieces=pieces)


def _counts(found: Difference) -> Say:
    held = {"new": found.new, "changed": found.changed, "unchanged": found.unchanged}
    return Say(id="uploading.counts", values={name: str(len(stages)) for name, stages in held.items()})


def _missing(found: Difference) -> Iterable[Piece]:
    if not found.missing:
        return ()
    return (Say(id="uploading.missing", values={"count": str(len(found.missing))}),)


def _listed(lines: Sequence[str]) -> list[Piece]:
    """Put the first lines below each other, and count the rest."""
    if not lines:
        return []
    pieces: list[Piece] = [Run(f"\n{_cut(line)}") for line in lines[:MOST_LINES]]
    rest = len(lines) - MOST_LINES
    more = [Say(id="uploading.more", values={"count": str(rest)})] if rest > 0 else []
    return [Run("\n"), *pieces, *more]


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"


def _name(upload: Upload) -> str:
    return shown("", upload.name)


def _words(to: Participant) -> Words:
    return DUTCH if to.language is Language.NL else ENGLISH
