"""The clerk takes up the rosters that coordinators sent: fetches, checks, shows what changes, imports.

What takes long happens outside any transaction. A file stays in its state until the transaction that answers
it, so that whatever cuts the clerk off, the work is taken up again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.roster import limits
from bot.roster.errors import RosterError
from bot.services import announcing, rostering
from bot.services.fetching import FileAway, FileGone, Files
from bot.services.sheets import Compared, Sheet, compared, read_sheet
from bot.services.speaking import Speaker
from bot.store import access, dossier, outbox, people
from bot.store.database import Database
from bot.store.errors import PASSING
from bot.store.transaction import Transaction
from conversations.dossier import Upload, UploadId, UploadState
from conversations.messages import Message
from conversations.model import Participant
from conversations.school import School

WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))  # before each new try

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often a file could not be handled, and when to try again."""

    times: int
    again_at: datetime


@dataclass(slots=True, kw_only=True)
class Clerk:
    """The use case of a roster sent in the chat."""

    db: Database
    school: School
    speaker: Speaker
    clock: Callable[[], datetime]
    files: Files
    nudge: Callable[[], None]  # something waits in the outbox
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _troubles: dict[UploadId, Trouble] = field(default_factory=dict)
    _at_work: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._arrived.set()  # what an earlier process left behind

    def look(self) -> None:
        """Know that a file may have arrived, or may have been chosen to be imported."""
        self._arrived.set()

    def next_at(self) -> datetime | None:
        """Say when a file is tried again; None when none waits for that."""
        return min((trouble.again_at for trouble in self._troubles.values()), default=None)

    async def wait(self) -> None:
        """Wait until there may be something to do."""
        at = self.next_at()
        seconds = None if at is None else max((at - self.clock()).total_seconds(), 0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), seconds)

    async def work(self) -> int:
        """Handle the files that wait, and say how many those were."""
        async with self._at_work:
            at = self.next_at()
            if not self._arrived.is_set() and (at is None or at > self.clock()):
                return 0
            self._arrived.clear()
            ready = await self._ready()
            for upload in ready:
                await self._handle(upload)
                self.nudge()
            return len(ready)

    async def _ready(self) -> list[Upload]:
        async with self.db.reading() as tx:
            waiting = await dossier.uploads_in(tx, UploadState.NEW, UploadState.WANTED)
        known = {upload.id for upload in waiting}
        self._troubles = {one: trouble for one, trouble in self._troubles.items() if one in known}
        late = {one for one, trouble in self._troubles.items() if trouble.again_at > self.clock()}
        return [upload for upload in waiting if upload.id not in late]

    async def _handle(self, upload: Upload) -> None:
        try:
            await self._check(upload)
        except FileGone:
            await self._tell(upload, UploadState.DONE, "gone")
        except FileAway as away:
            await self._again(upload, timedelta(seconds=away.seconds))
        except PASSING:
            self._arrived.set()
            raise  # the database is away for a while: no fault of the file
        except Exception as error:  # noqa: BLE001 (whatever is in a file, the next one gets its turn)
            log.warning("upload_failed", upload=upload.id, error=type(error).__name__)
            await self._again(upload, timedelta(0))
        else:
            self._troubles.pop(upload.id, None)

    async def _check(self, upload: Upload) -> None:
        data = await self.files.fetch(upload.file, limits.FILE_BYTES)
        sheet = await asyncio.to_thread(read_sheet, data, upload.name, self.school)
        if isinstance(sheet, RosterError):
            await self._answer(upload, sheet)
        elif upload.state is UploadState.WANTED:
            await self._import(upload, sheet)
        else:
            async with self.db.reading() as tx:
                found = await compared(tx, sheet, upload.participant, self.school)
            await self._answer(upload, found)

    async def _import(self, upload: Upload, sheet: Sheet) -> None:
        """Import what was shown: all of it or nothing. Where it would do something else now, show that."""
        async with self.db.writing() as tx:
            sender = await self._sender(tx, upload)
            if sender is None:
                return
            found = await compared(tx, sheet, upload.participant, self.school)
            if found.is_refused or found.fingerprint != upload.fingerprint:
                await self._put(tx, sender, *_shown(sender, upload, found))
                return
            now = self.clock()
            await rostering.import_(tx, found.roster, found.found, (), self.school, now)
            await access.log(tx, now, sender.id, "roster import", None)
            done = replace(upload, state=UploadState.DONE)
            await self._put(tx, sender, done, announcing.imported(sender, found))
        log.info("roster_imported", new=len(found.found.new), changed=len(found.found.changed))

    async def _answer(self, upload: Upload, found: Compared | RosterError) -> None:
        async with self.db.writing() as tx:
            if (sender := await self._sender(tx, upload)) is not None:
                await self._put(tx, sender, *_shown(sender, upload, found))

    async def _again(self, upload: Upload, least: timedelta) -> None:
        """Try again later, three times at most; the person is told the first and the last time."""
        before = self._troubles.get(upload.id)
        times = before.times if before else 0
        if times == len(WAITS):
            await self._tell(upload, UploadState.DONE, "given_up")
            return
        self._troubles[upload.id] = Trouble(times + 1, self.clock() + max(WAITS[times], least))
        if times == 0:
            await self._tell(upload, upload.state, "later")

    async def _tell(self, upload: Upload, state: UploadState, text: str) -> None:
        async with self.db.writing() as tx:
            if (sender := await self._sender(tx, upload)) is not None:
                message = announcing.plain(sender, upload, text)
                await self._put(tx, sender, replace(upload, state=state), message)

    async def _sender(self, tx: Transaction, upload: Upload) -> Participant | None:
        """Give who sent a file, where it still waits as it did: a newer file may have taken its place."""
        if upload not in await dossier.uploads_of(tx, [upload.participant]):
            return None
        return (await people.by_ids(tx, [upload.participant]))[upload.participant]

    async def _put(self, tx: Transaction, sender: Participant, upload: Upload, message: Message) -> None:
        now = self.clock()
        await dossier.save_uploads(tx, [upload])
        await outbox.put(tx, self.speaker.parcels([message], {sender.id: sender}, now), now)


def _shown(sender: Participant, upload: Upload, found: Compared | RosterError) -> tuple[Upload, Message]:
    """Say where a file stands after it was checked, and what its sender reads."""
    done = replace(upload, state=UploadState.DONE)
    if isinstance(found, RosterError):
        return done, announcing.unreadable(sender, upload, found)
    if found.is_refused:
        return done, announcing.refused(sender, upload, found)
    if found.found.is_empty:
        return done, announcing.nothing(sender, upload, found)
    shown = replace(upload, state=UploadState.SHOWN, fingerprint=found.fingerprint)
    again = upload.state is UploadState.WANTED
    return shown, announcing.difference(sender, upload, found, again=again)
