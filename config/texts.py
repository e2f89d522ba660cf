"""Reads what the bot says around its questions, and renders a message for one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.findings import HERE, ConfigError, Faults, TextError, has_errors, shown
from config.reading import Table, brief, read_toml, toml_files, validated
from config.wordings import WordingTable, check_places, fill, forms, places
from conversations.messages import Piece, Run, Say
from conversations.model import Address, Language, Participant, Wording

SHIPPED = HERE / "texts"
LONGEST = 4000  # characters: what fits in one message (Telegram: 4096), with room for values
Span = tuple[int, int]  # start and length in characters


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts by id: the group and the name in it, such as "asking.skip"."""

    by_id: Mapping[str, Wording]

    @classmethod
    def load(cls, folder: Path | None = None) -> Texts:
        """Read every file of a folder, or the shipped texts; raise ConfigError with every fault."""
        faults = Faults(shown(folder or SHIPPED))
        texts = read_folder(folder or SHIPPED, faults)
        if has_errors(faults.found):
            raise ConfigError(faults.found)
        return cls(texts)

    def say(self, text_id: str, language: Language, address: Address, values: Mapping[str, str]) -> str:
        """Give a text with its {places} filled; a value stands there literally.

        Raises TextError for an unknown id and for values other than the text has places for.
        """
        wording = self.by_id.get(text_id)
        if wording is None:
            raise TextError(text_id, "is unknown")
        text = wording.to(language, address)
        if places(text) != set(values):
            needed, given = sorted(places(text)), sorted(values)
            raise TextError(text_id, f"has places for {needed}, and values for {given}")
        return fill(text, values)

    def render(self, pieces: Sequence[Piece], participant: Participant) -> tuple[str, list[Span]]:
        """Put pieces one after the other in somebody's language; give the text and what is bold in it."""
        text, bold = "", []
        for piece in pieces:
            part = self._part(piece, participant)
            if not isinstance(piece, Wording) and piece.bold and part:
                bold.append((len(text), len(part)))
            text += part
        return text, bold

    def _part(self, piece: Piece, participant: Participant) -> str:
        match piece:
            case Say():
                return self.say(piece.id, participant.language, participant.address, piece.values)
            case Run():
                return piece.text
            case Wording():
                return piece.to(participant.language, participant.address)


def read_folder(folder: Path, faults: Faults) -> dict[str, Wording]:
    """Read the texts of every file in a folder, by id."""
    found: dict[str, Wording] = {}
    files = toml_files(folder)
    if not files:
        faults.error("", "has no texts", "files such as dialogue.toml")
    for path in files:
        at = faults.among(path)
        for text_id, wording in _read_file(path, at).items():
            if text_id in found:
                at.error(text_id, "is there twice, also in another file", "an id of its own")
            found[text_id] = wording
    return found


def _read_file(path: Path, faults: Faults) -> dict[str, Wording]:
    data = read_toml(path, faults) or {}
    return {
        f"{group}.{name}": wording
        for group, entries in data.items()
        for name, wording in _read_group(group, entries, faults).items()
    }


def _read_group(group: str, entries: object, faults: Faults) -> dict[str, Wording]:
    if not isinstance(entries, dict):
        faults.error(group, f"is {brief(entries)}", f"tables such as [{group}.thanks]")
        return {}
    found = {name: _read_text(f"{group}.{name}", entry, faults) for name, entry in entries.items()}
    return {name: wording for name, wording in found.items() if wording}


def _read_text(text_id: str, entry: Table, faults: Faults) -> Wording | None:
    table = validated(WordingTable, entry, faults, text_id)
    if table is None:
        return None
    wording = table.wording()
    check_places(wording, text_id, faults)
    for form, text in forms(wording).items():
        if len(text) > LONGEST:
            faults.error(f"{text_id}.{form}", f"has {len(text)} characters", f"at most {LONGEST}")
    return wording
