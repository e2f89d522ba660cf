"""What can go wrong in the store.

StoreError
├── MasterKeyFault      the file with the master key
├── WrongMasterKey      the keys were wrapped by another master key
├── KeyErased           a person's key is gone, and with it their text
├── SealBroken          a sealed field that was changed or moved
├── InUse               another process has the database
├── LeadLost            another process leads
├── DatabaseMissing     nothing there to read
├── KeysMissing         the keys database is gone and what they sealed is not
├── KeysOfAnother       the keys belong to another main database
├── MainMissing         the main database is gone and its keys are not
├── DatabaseUnreachable it can't be opened: rights, disk, locked, no server
├── SameDatabase        main and keys are one
├── DatabaseBroken      damaged, or no database at all
├── SchemaOutdated      made by another version of stagebot
├── SchemaUnknown       made by a newer one
└── StudentChanged      a stage cannot move to another student
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree


class StoreError(Exception):
    """Anything the store refuses; the text is one line for the operator."""


class MasterKeyFault(StoreError):
    """The master key file cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path


class WrongMasterKey(StoreError):
    """The keys database belongs to another master key."""

    def __init__(self) -> None:
        super().__init__("the master key does not open this keys database: use the key file it was made with")


class KeyErased(StoreError):
    """The key of this person is gone: what it sealed can't be read any more, by anyone."""

    def __init__(self, person: int) -> None:
        super().__init__(f"the key of participant {person} was erased")
        self.person = person


class SealBroken(StoreError):
    """A sealed field does not belong to this place, or was changed."""

    def __init__(self, table: str, row: object, field: str) -> None:
        super().__init__(f"{table}.{field} of row {row} does not open: the data was changed or moved")
        self.table, self.row, self.field = table, row, field


class InUse(StoreError):
    """Another process holds the database."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: in use by another stagebot; stop that one first")
        self.path = path


class LeadLost(StoreError):
    """This process does not lead, or not any more: what it was about to write was not written."""

    def __init__(self) -> None:
        super().__init__("another stagebot leads")


class DatabaseMissing(StoreError):
    """There is no database file to read."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no database here yet; import a roster first")
        self.path = path


class KeysMissing(StoreError):
    """The keys database is gone: new keys would open nothing of what is stored."""

    def __init__(self, keys: str, main: str) -> None:
        super().__init__(f"{keys}: no keys here, and {main} can't be read without them; restore a backup")
        self.keys, self.main = keys, main


class KeysOfAnother(StoreError):
    """The keys open nothing of this main database: both come from different places."""

    def __init__(self, keys: str, main: str) -> None:
        super().__init__(f"{keys}: these keys do not belong to {main}; restore both from one backup")
        self.keys, self.main = keys, main


class MainMissing(StoreError):
    """There are keys of people and nothing that they sealed: an empty file is no new beginning."""

    def __init__(self, main: str, keys: str) -> None:
        super().__init__(
            f"{main}: nothing is stored here, and {keys} holds keys of people; restore a backup, "
            "or remove the keys too to begin anew"
        )
        self.main, self.keys = main, keys


class DatabaseUnreachable(StoreError):
    """The database can't be opened now."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place


class SameDatabase(StoreError):
    """The keys would lie beside what they sealed, in its backups too."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}: is the main database; the keys belong in another")
        self.place = place


class DatabaseBroken(StoreError):
    """The database is damaged; stagebot does not start on it."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}; restore a backup")
        self.place = place


class SchemaOutdated(StoreError):
    """The tables are of another version of stagebot."""

    def __init__(self, place: str, found: str | None, needed: str | None) -> None:
        super().__init__(
            f"{place}: tables of version {found or 'none'}, needed is {needed}; start stagebot run once"
        )
        self.place, self.found, self.needed = place, found, needed


class SchemaUnknown(StoreError):
    """The tables are of a version that this stagebot has never heard of."""

    def __init__(self, place: str, found: str | None, needed: str | None) -> None:
        super().__init__(f"{place}: tables of version {found}, known is {needed}; start a newer stagebot")
        self.place, self.found, self.needed = place, found, needed


class StudentChanged(StoreError):
    """A stage code came back with another student, whose key did not seal its replies."""

    def __init__(self, code: str) -> None:
        super().__init__(f"stage {code} belongs to another student: give the new stage its own code")
        self.code = code


# What ails the database and not the work: it heals, or a person mends it. Damage ends the program, and what
# was begun by one who does not lead any more is done by the one who does.
PASSING = (OperationalError, InterfaceError, NoneFree, OSError, LeadLost, DatabaseBroken)
